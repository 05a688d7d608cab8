"""Which agencies are made up of which, so that nobody's report is added to those that it already counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from sphinx_govreport.core.diagnostics import Rule, RuleExplanation, Severity, text
from sphinx_govreport.core.examples import Example, year_file
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.layout import layout_of

from .report import Report

if TYPE_CHECKING:
    from .rollup import Sums

COUNTED_TWICE = Rule(
    "counted-twice",
    explanation=RuleExplanation(
        text("Reports are to be added up one of which already counts others."),
        text("Their figures would be in the sum twice."),
        text("Leave out the sum or its parts. An agency that only looks like a sum is named in the list of --expect."),
        example=Example(
            (
                ("data/district.yaml", year_file("某区", upheld="8")),
                ("data/east.yaml", year_file("东街道", upheld="3")),
                ("data/west.yaml", year_file("西街道", upheld="5")),
            ),
            run="sphinx-govreport rollup data --agency 某市",
        ),
    ),
)
NOT_ADDED = Rule(
    "not-added",
    Severity.WARNING,
    explanation=RuleExplanation(
        text("A report is the sum of others that are added up, and was left out."),
        text("Added to its parts, it would count them twice."),
        text("Nothing, if the message is right; otherwise correct the names after --parts or --agency."),
        example=Example(
            (
                ("data/city.yaml", year_file("某市", upheld="3")),
                ("data/east.yaml", year_file("东区", upheld="3")),
            ),
            run="sphinx-govreport rollup data --agency 某市",
        ),
    ),
)

Below: TypeAlias = Mapping[str, Sequence[str]]  #: the agencies below an agency, by its name

T = TypeVar("T")


class Sorted(NamedTuple):
    """Agencies that are to be added up."""

    parts: tuple[str, ...]  #: which can be added
    made_of: Mapping[str, tuple[str, ...]]  #: those that are made up of others of them, all of which are there
    torn: Mapping[str, tuple[str, ...]]  #: the same, but only these of their parts are there: there is no right sum


def sort_out(names: Iterable[str], below: Below) -> Sorted:
    """Tell parts from those that are made up of them. ``below`` may go over several levels."""
    there = dict.fromkeys(names)
    made_of: dict[str, tuple[str, ...]] = {}
    torn: dict[str, tuple[str, ...]] = {}
    for name in there:
        counted = members(name, below) if name in below else ()
        if parts := tuple(part for part in there if part in counted and part != name) or ((name,) if name in counted else ()):
            is_whole = _is_covered(name, there.keys() - {name}, below, frozenset())
            (made_of if is_whole else torn)[name] = parts
    return Sorted(tuple(name for name in there if name not in made_of and name not in torn), made_of, torn)


def counted_twice(agency: str, below: Below) -> tuple[str, ...]:
    """Those of the agencies below one that already count others of them, or the one itself."""
    names = below.get(agency, ())
    found = sort_out(names, below)
    return tuple(name for name in dict.fromkeys(names) if name not in found.parts or agency in {name, *members(name, below)})


def members(agency: str, below: Below) -> set[str]:
    """All agencies below one; itself among them if the names lead in a circle."""
    found = dict.fromkeys(below.get(agency, ()))
    to_do = list(found)
    for name in to_do:  # it grows
        new = [part for part in below.get(name, ()) if part not in found]
        found.update(dict.fromkeys(new))
        to_do += new
    return {*found}


def _is_covered(agency: str, there: Collection[str], below: Below, seen: frozenset[str]) -> bool:
    """Whether all that an agency is made up of is there, it or its parts."""
    if agency in seen:
        return False
    parts = below.get(agency, ())
    return bool(parts) and all(part in there or _is_covered(part, there, below, seen | {agency}) for part in parts)


def weight(report: Report) -> Decimal:
    """All numbers of a report together. A report has the weight of those that it is the sum of, whatever is counted in it."""
    figures = (figure for by_path in report.figures.values() for figure in by_path.values())
    return sum((figure.value for figure in figures if figure.value is not None and not figure.unit), Decimal(0))


def suspects(weights: Mapping[T, Decimal], paths: Mapping[T, str]) -> list[tuple[T, list[T]]]:
    """The reports that weigh as much as all others of a folder together, with these: they may be their sum.

    Folders are those where the files lie and all above them. Two of the others must have any figures at all: next to empty
    reports, any report is the sum of one that is like it.
    """
    groups: dict[str, list[T]] = {"": list(weights)}
    for key, path in paths.items():
        for folder in PurePosixPath(path).parents:
            groups.setdefault(str(folder), []).append(key)
    by_weight: dict[Decimal, list[list[T]]] = {}
    for group in {tuple(group): group for group in groups.values()}.values():
        by_weight.setdefault(sum((weights[key] for key in group), Decimal(0)), []).append(group)
    found = []
    for key, own in weights.items():
        within = [group for group in by_weight.get(own * 2, ()) if key in group]
        beside = [group for group in by_weight.get(own, ()) if key not in group]
        for group in (*within, *beside):
            others = [other for other in group if other != key]
            if sum(weights[other] > 0 for other in others) > 1:
                found.append((key, others))
    return found


def is_same(one: Sums, other: Sums, forms: Mapping[str, Form]) -> bool:
    """Whether two sums by the same forms have the same figures, as far as both know them, and any but 0."""
    paths = ((table, path) for table, form in one.forms.items() for path in layout_of(forms[form].table(table)).indicators)
    both = [(one.figure(*path), other.figure(*path)) for path in paths]
    known = [(here, there) for here, there in both if here.value is not None and there.value is not None]
    return any(here.value for here, _there in known) and all(
        here.value == there.value and (here.unit == there.unit or not here.value) for here, there in known
    )
