"""Equations between figures, as forms declare them: ``received.* + carried-in.* = results.total.* + carried-out.*``.

Terms are key paths within a table. ``*`` is one key, the same everywhere in the equation; ``last:`` before a path refers to
the figure of last year's report. The sides are joined by ``=`` or by ``<=`` (at most).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

_PART = r"(?:(?:[a-z0-9-]|[^\x00-\x7f])+|\*)"  # a key, English or Chinese
_TERM = re.compile(rf"([+-]?)\s*(last:)?({_PART}(?:\.{_PART})*)\s*")


class Term(NamedTuple):
    """A figure on one side of an equation."""

    path: str  #: key path, without the table
    sign: int = 1  #: 1 or -1
    is_last: bool = False  #: whether it is last year's figure


@dataclass(frozen=True)
class Equation:
    """Two sums that must be equal, or of which the left must not exceed the right."""

    rule: str
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    is_at_most: bool = False
    title: str = ""  #: the condition in words
    source: str = ""  #: the document that prescribes it
    is_explainable: bool = False
    is_total: bool = False  #: whether the right side is a total of the form and the left its parts

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """All terms, left side first."""
        return self.left + self.right

    @cached_property
    def is_across_years(self) -> bool:
        """Whether the equation needs last year's report."""
        return any(term.is_last for term in self.terms)

    @property
    def carried(self) -> tuple[Term, Term] | None:
        """Last year's figure and this year's that must equal it; None for any other equation."""
        if self.is_at_most or len(self.terms) != 2 or not self.is_across_years:
            return None
        then, now = sorted(self.terms, key=lambda term: not term.is_last)
        return then, now


class Ratio(NamedTuple):
    """The sums of a rate: one side over the other."""

    part: tuple[Term, ...]
    base: tuple[Term, ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms, the numerator first."""
        return self.part + self.base


def expand(rule: str, equation: str, paths: Iterable[str]) -> tuple[Equation, ...]:
    """Return the equation for each figure that ``*`` matches among ``paths``; nothing if it is invalid or matches none."""
    sides = re.split(r"\s(<?=)\s", equation)
    if len(sides) != 3:
        return ()
    left, right = _terms(sides[0]), _terms(sides[2])
    known = set(paths)
    here = [term for term in (*left, *right) if not term.is_last]
    if not left or not right or not here:
        return ()
    pattern = re.compile(re.escape(here[0].path).replace(r"\*", "([^.]+)"))
    found = []
    for path in paths:
        if match := pattern.fullmatch(path):
            star = match[1] if match.groups() else ""
            bound = Equation(rule, tuple(_bound(left, star)), tuple(_bound(right, star)), sides[1] == "<=")
            if all(term.is_last or term.path in known for term in bound.terms):
                found.append(bound)
    return tuple(found)


def terms_of(side: str, paths: Iterable[str]) -> tuple[Term, ...]:
    """Return the terms of one side, with all keys that ``*`` matches; nothing if one of its terms matches no figure."""
    found: list[Term] = []
    known = tuple(paths)
    for term in _terms(side):
        pattern = re.compile(re.escape(term.path).replace(r"\*", "[^.]+"))
        fitting = [term._replace(path=path) for path in known if pattern.fullmatch(path)]
        if not fitting:
            return ()
        found += fitting
    return tuple(found)


def ratio_of(formula: str, paths: Iterable[str]) -> Ratio | None:
    """Return the sides of a formula such as ``(granted + partly-granted) / total``; None if it is invalid or matches nothing.

    Brackets around a side of several terms are required, since ``a + b / c`` is ambiguous.
    """
    known = tuple(paths)
    sides = [side.strip() for side in formula.split("/")]
    bare = [re.fullmatch(r"[(（](.*)[)）]", side) for side in sides]
    if len(sides) != 2 or any(len(_terms(side)) > 1 for side, match in zip(sides, bare, strict=True) if not match):
        return None
    part, base = (terms_of(match[1] if match else side, known) for side, match in zip(sides, bare, strict=True))
    return None if not part or not base or any(term.is_last for term in (*part, *base)) else Ratio(part, base)


def expand_pairs(figure: str, other: str, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each path that ``figure`` matches, with its counterpart by ``other``: the first ``*`` is the same in both."""
    pattern = re.compile(re.escape(figure).replace(r"\*", "([^.]+)"))
    for path in paths:
        if match := pattern.fullmatch(path):
            first, *rest = other.split("*")
            yield path, first + "".join(key + part for key, part in zip(match.groups(), rest, strict=True))


def _terms(side: str) -> tuple[Term, ...]:
    terms = []
    at = 0
    side = side.strip()
    while at < len(side):
        match = _TERM.match(side, at)
        if not match or (at > 0) != bool(match[1]):
            return ()
        terms.append(Term(match[3], -1 if match[1] == "-" else 1, bool(match[2])))
        at = match.end()
    return tuple(terms)


def _bound(terms: tuple[Term, ...], star: str) -> Iterator[Term]:
    return (term._replace(path=term.path.replace("*", star)) for term in terms)
