"""Distribute the width of a page over the columns of a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Need(NamedTuple):
    """The total width that the columns of a cell need."""

    column: int
    colspan: int
    width: float


def least_widths(widths: Sequence[float], needs: Iterable[Need]) -> list[float]:
    """Return the least width of each column; the columns of a wide cell share its width."""
    least = [0.0] * len(widths)
    for need in sorted(needs, key=lambda one: one.colspan):
        span = range(need.column, need.column + need.colspan)
        missing = need.width - sum(least[column] for column in span)
        if missing > 0:
            share = sum(widths[column] for column in span)
            for column in span:
                least[column] += missing * widths[column] / share
    return least


def fitted(widths: Sequence[float], needs: Iterable[Need], room: float) -> list[float] | None:
    """Distribute ``room`` in proportion to ``widths``, but give each cell its least width; return None if it is too narrow."""
    least = least_widths(widths, needs)
    if sum(least) > room:
        return None
    narrow: set[int] = set()  # columns with exactly their least width
    while True:
        left = room - sum(least[column] for column in narrow)
        share = sum(width for column, width in enumerate(widths) if column not in narrow)
        found = [least[column] if column in narrow else left * width / share for column, width in enumerate(widths)]
        short = {column for column, width in enumerate(found) if width < least[column]}
        if not short:
            return found
        narrow |= short
