"""The page that GB/T 9704-2012 prescribes for official documents, and which tables lie across it. Lengths are millimetres."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .table import Table

WIDTH, HEIGHT = 210, 297  #: A4
TOP, INNER = 37, 28  #: 天头, 订口
TEXT_WIDTH, TEXT_HEIGHT = 156, 225  #: 版心
BOTTOM, OUTER = HEIGHT - TOP - TEXT_HEIGHT, WIDTH - INNER - TEXT_WIDTH

TITLE_CHARACTERS = 20  #: of 二号 in a line of the title
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


def title_lines(phrases: Sequence[str]) -> list[str]:
    """The lines of a title: as few as can be, each ending where a phrase does, in the shape of a trapezoid or a diamond."""
    if not phrases:
        return []
    for count in range(1, len(phrases) + 1):
        ends = itertools.combinations(range(1, len(phrases)), count - 1)
        found = [_joined(phrases, (0, *inner, len(phrases))) for inner in ends]
        fitting = [lines for lines in found if max(map(_length, lines)) <= TITLE_CHARACTERS]
        if fitting:
            return min(fitting, key=_unevenness)
    # a name is longer than a line: it is broken where that is full
    at = next(at for at, phrase in enumerate(phrases) if _length(phrase) > TITLE_CHARACTERS)
    return [*title_lines(phrases[:at]), phrases[at], *title_lines(phrases[at + 1 :])]


def _joined(phrases: Sequence[str], ends: Iterable[int]) -> list[str]:
    return ["".join(phrases[start:end]) for start, end in itertools.pairwise(ends)]


def _unevenness(lines: Sequence[str]) -> tuple[bool, float]:
    """The standard wants neither a rectangle nor a waist; of the other shapes, that with the least difference is taken."""
    lengths = [_length(line) for line in lines]
    steps = [second - first for first, second in itertools.pairwise(lengths)]
    has_waist = any(first < 0 < second for first, second in itertools.pairwise(steps))
    return has_waist or not all(steps), max(lengths) - min(lengths)


def signature_indents(names: Sequence[str], day: str) -> tuple[list[float], float]:
    """How many characters stay free at the right of each name, and of the day, in a signature without a seal.

    The longest name ends two characters from the edge, and the day begins two characters behind the names. A day that is longer
    than they are ends there instead, and the names move to the left.
    """
    lengths, of_day = [_length(name) for name in names], _length(day)
    longest = max(lengths)
    free = 2.0 if of_day <= longest else 4 + of_day - longest
    return [free + longest - length for length in lengths], free + longest - 2 - of_day


def _room(width: float) -> float:
    """How many characters stand in a line of a cell."""
    return max((width - _PADDING) / (TABLE_SIZE * _POINT), 1.0)


def _length(written: str) -> float:
    """In characters of Chinese; all others are half as wide."""
    return sum(0.5 if char.isascii() else 1.0 for char in written)
