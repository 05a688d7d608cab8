"""Whether all sums of a table are right: those of most are, and nothing more needs to be known of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import itemgetter, mul
from types import MappingProxyType
from typing import NamedTuple

from ..packed import Figures, places_of
from ..structure import Structure

_NOTHING: Mapping[str, int] = MappingProxyType({})


class _Balance(NamedTuple):
    """A sum of one year with both sides on the left."""

    figures: Callable[[Sequence[int]], tuple[int, ...]]  #: those of the table's that take part
    signs: tuple[int, ...]
    is_at_most: bool


def right_sums(figures: Figures, structure: Structure) -> Mapping[str, int]:
    """How many sums of the year there are of each rule, if all are right; nothing if one is not, or is not known to be.

    Only tables whose figures are all written, as whole numbers, are looked at.
    """
    numbers = figures.whole
    if numbers is None:
        return _NOTHING
    for of, signs, is_at_most in _balances(structure):
        difference = sum(map(mul, signs, of(numbers)))
        if difference > 0 or (difference < 0 and not is_at_most):
            return _NOTHING
    return _counted(structure)


@cache
def _counted(structure: Structure) -> Mapping[str, int]:
    return Counter(one.rule for one in structure.equations if not one.is_across_years)


@cache
def _balances(structure: Structure) -> tuple[_Balance, ...]:
    places = places_of(structure)
    return tuple(
        _Balance(
            itemgetter(*(places[term.path] for term in one.terms)),
            (*(term.sign for term in one.left), *(-term.sign for term in one.right)),
            one.is_at_most,
        )
        for one in structure.equations
        if not one.is_across_years
    )
