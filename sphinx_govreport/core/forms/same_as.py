"""Figures of different forms that count the same.

Two forms of one text, a form and another that extends it, count the same under the same key and the same words. For other
forms, a statement is required: a form's ``same-as`` lists the other form, the figure and the source. Figures that count the
same as a third count the same as each other, so that a series can continue through several forms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

from .equations import expand_pairs
from .form import Form
from .layout import layout_of

FigureKey: TypeAlias = tuple[str, str]  #: a table and a key path within it


def counterparts(here: Mapping[str, str], there: Mapping[str, str], forms: Mapping[str, Form]) -> Mapping[FigureKey, FigureKey]:
    """Return the counterpart of each figure of one report in another; both are given by the forms of their tables."""
    return _counterparts(tuple(here.items()), tuple(there.items()), tuple(forms.values()))


@lru_cache(maxsize=256)
def _counterparts(
    here: tuple[tuple[str, str], ...], there: tuple[tuple[str, str], ...], forms: tuple[Form, ...]
) -> Mapping[FigureKey, FigureKey]:
    groups = _groups(forms)
    of_here, of_there = dict(here), dict(there)
    found: dict[FigureKey, FigureKey] = {}
    for (form, table, path), group in groups.items():
        same = [(name, key) for other, name, key in group if of_there.get(name) == other]
        if of_here.get(table) == form and len(same) == 1:  # if two count the same as a third, it is unknown which is intended
            found[table, path] = same[0]
    return found


_Place: TypeAlias = tuple[str, str, str]  #: a form, a table of it, a key path


@lru_cache(maxsize=8)
def _groups(forms: tuple[Form, ...]) -> Mapping[_Place, tuple[_Place, ...]]:
    """Return the figures that count the same as each figure of all forms, itself included."""
    leader: dict[_Place, _Place] = {}
    words: dict[tuple[str, str, str, str], _Place] = {}
    for form in forms:
        for table in form.tables:
            for path, indicator in layout_of(table).indicators.items():
                place = (form.name, table.name, path)
                leader[place] = words.setdefault((form.edition or form.name, table.name, path, indicator.label), place)

    def leader_of(place: _Place) -> _Place:
        while leader[place] != place:
            place = leader[place]
        return place

    for form in forms:
        own = [f"{table}.{path}" for name, table, path in leader if name == form.name] if form.same_as else []
        for statement in form.same_as:
            for figure, other in expand_pairs(statement.figure, statement.other, own):
                one, two = _place(form.name, figure), _place(statement.form, other)
                if two in leader:  # a local form may have replaced the one intended
                    leader[leader_of(two)] = leader_of(one)
    groups: dict[_Place, list[_Place]] = defaultdict(list)
    for place in leader:
        groups[leader_of(place)].append(place)
    return {place: tuple(groups[leader_of(place)]) for place in leader}


def _place(form: str, figure: str) -> _Place:
    table, _, path = figure.partition(".")
    return form, table, path
