"""The page that GB/T 9704-2012 prescribes for official documents, and which tables lie across it. Lengths are millimetres."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .tables import Table

WIDTH, HEIGHT = 210, 297  #: A4
TOP, INNER = 37, 28  #: 天头, 订口
TEXT_WIDTH, TEXT_HEIGHT = 156, 225  #: 版心
BOTTOM, OUTER = HEIGHT - TOP - TEXT_HEIGHT, WIDTH - INNER - TEXT_WIDTH

TABLE_SIZE = 9  #: points: 小五, for the figures of the statutory tables
UNPARTED = 30  #: rows of a table that stand on one page
_POINT = 25.4 / 72
_PADDING = 1.5  # of a cell, both sides
_MOST_LINES = 3  # of a figure with what stands behind it
_NARROW = 12  # characters; a wider column may hold text of any length

_UNBROKEN = re.compile("[!-~]+")


class Written(NamedTuple):
    """What is written in a cell."""

    column: int
    colspan: int
    text: str


def lies_across(table: Table) -> bool:
    """Whether a statutory table needs the long side of the paper."""
    figures = (Written(one.column, one.colspan, table.shown(one)) for line in table.structure.lines for one in line if one.path)
    return are_too_wide(table.structure.widths, figures)


def are_too_wide(widths: Sequence[int], figures: Iterable[Written]) -> bool:
    """Whether a figure does not fit its column on the short side of the paper."""
    unit = TEXT_WIDTH / sum(widths)
    return any(_is_too_wide(unit * sum(widths[one.column : one.column + one.colspan]), one.text) for one in figures)


def _is_too_wide(width: float, written: str) -> bool:
    room = (width - _PADDING) / (TABLE_SIZE * _POINT)  # in characters
    longest = max((_length(part) for part in _UNBROKEN.findall(written)), default=0.0)
    return longest > room or (room < _NARROW and math.ceil(_length(written) / room) > _MOST_LINES)


def _length(written: str) -> float:
    """In characters of Chinese; all others are half as wide."""
    return sum(0.5 if char.isascii() else 1.0 for char in written)
