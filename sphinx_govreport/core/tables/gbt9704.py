"""The page that GB/T 9704-2012 prescribes for official documents, and which tables lie across it. Lengths are millimetres."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .table import Table

WIDTH, HEIGHT = 210, 297  #: A4
TOP, INNER = 37, 28  #: 天头, 订口
TEXT_WIDTH, TEXT_HEIGHT = 156, 225  #: 版心
BOTTOM, OUTER = HEIGHT - TOP - TEXT_HEIGHT, WIDTH - INNER - TEXT_WIDTH

TABLE_SIZE = 9  #: points: 小五, for the figures of the statutory tables
UNPARTED = 30  #: rows of a table that stand on one page
_POINT = 25.4 / 72
_PADDING = 1.5  # of a cell, both sides
_MOST_LINES = 3  # of a figure with what stands behind it
_LINE, _GAP = 12, 2.5  # points: of a line of a cell, and what a row needs besides
_SHRINKABLE = 1.15  # how much too tall a table may be: it is made smaller
_NARROW = 12  # characters; a wider column may hold text of any length

_UNBROKEN = re.compile("[!-~]+")


class Written(NamedTuple):
    """What is written in a cell."""

    column: int
    colspan: int
    text: str


def lies_across(table: Table) -> bool:
    """Whether a statutory table needs the long side of the paper."""
    figures = (Written(one.column, one.colspan, table.shown(one)) for line in table.layout.lines for one in line if one.path)
    return are_too_wide(table.layout.widths, figures)


def fits_page(table: Table, *, across: bool) -> bool:
    """Whether a statutory table stands on one page in letters that can be read."""
    layout = table.layout
    width, height = (TEXT_HEIGHT, TEXT_WIDTH) if across else (TEXT_WIDTH, TEXT_HEIGHT)
    unit = width / sum(layout.widths)
    needed = 0.0
    for line in layout.lines:
        lines = 1
        for one in line:
            room = _room(unit * sum(layout.widths[one.column : one.column + one.colspan]))
            lines = max(lines, math.ceil(_length(table.shown(one)) / room) if one.rowspan == 1 else 1)
        needed += (lines * _LINE + _GAP) * _POINT
    return len(layout.lines) <= UNPARTED and needed <= height * _SHRINKABLE


def are_too_wide(widths: Sequence[int], figures: Iterable[Written]) -> bool:
    """Whether a figure does not fit its column on the short side of the paper."""
    unit = TEXT_WIDTH / sum(widths)
    return any(_is_too_wide(unit * sum(widths[one.column : one.column + one.colspan]), one.text) for one in figures)


def _is_too_wide(width: float, written: str) -> bool:
    room = _room(width)
    longest = max((_length(part) for part in _UNBROKEN.findall(written)), default=0.0)
    return longest > room or (room < _NARROW and math.ceil(_length(written) / room) > _MOST_LINES)


def _room(width: float) -> float:
    """How many characters stand in a line of a cell."""
    return max((width - _PADDING) / (TABLE_SIZE * _POINT), 1.0)


def _length(written: str) -> float:
    """In characters of Chinese; all others are half as wide."""
    return sum(0.5 if char.isascii() else 1.0 for char in written)
