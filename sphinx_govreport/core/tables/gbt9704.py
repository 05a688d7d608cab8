"""The page that GB/T 9704-2012 prescribes for official documents, and the layout of tables on it. Lengths are millimetres."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from .columns import Need, fitted, least_widths

WIDTH, HEIGHT = 210, 297  #: A4
TOP, INNER = 37, 28  #: 天头, 订口
TEXT_WIDTH, TEXT_HEIGHT = 156, 225  #: 版心
BOTTOM, OUTER = HEIGHT - TOP - TEXT_HEIGHT, WIDTH - INNER - TEXT_WIDTH

TITLE_CHARACTERS = 20  #: of 二号 in a line of the title
_CHARACTERS = 28  # of 三号 in a line of the text
TABLE_SIZE = 9  #: points: 小五, for the figures of the statutory tables
_POINT = 25.4 / 72
_PADDING = 1.5  # of a cell, both sides
_MOST_LINES = 3  # of a figure with the text after it
_NARROW = 12  # characters; wider columns may have texts of any length

_SIZES = (TABLE_SIZE, 8.5, 8.0)  # font sizes of a table, in points: smaller ones are hard to read
_STEP = 0.25  # points, between font sizes that are even smaller
_LABEL = 0.6  # share of its width in the form that is enough for a column of row headers
_HEADER = 2  # characters in a line of a column header

_WITH_MARKS = re.compile("[（“]?[!-~]+[，。：；、）”]*")  # no line begins or ends with these marks


class PrintedCell(NamedTuple):
    """The text of a cell and its position."""

    column: int
    colspan: int
    text: str
    kind: str = "figure"  #: ``figure``, ``row`` for a row header, ``column`` for a column header


class ColumnFit(NamedTuple):
    """The layout of a table's columns on the page."""

    shares: tuple[float, ...]  #: of the line width, for each column
    sizes: tuple[float, ...]  #: font sizes with which all figures fit, in points; the first is best
    is_across: bool  #: whether that needs landscape format


def fit_columns(widths: Sequence[int], cells: Sequence[PrintedCell]) -> ColumnFit:
    """Return widths with which each figure fits its column.

    They are those of the form if possible. Otherwise columns with short figures leave room to those with long ones, then
    the font is smaller, then the table is in landscape format, and then the font is as small as necessary.
    """
    for most_lines in (_MOST_LINES, 0):
        for room in (TEXT_WIDTH, TEXT_HEIGHT):
            for size in _SIZES:
                if found := fitted(widths, _needs(widths, cells, size, most_lines), room):
                    smaller = tuple(one for one in _SIZES if one <= size)
                    return ColumnFit(tuple(width / room for width in found), smaller, room > TEXT_WIDTH)
    size = _SIZES[-1]
    while sum(least := least_widths(widths, _needs(widths, cells, size, 0))) > TEXT_HEIGHT and size > _STEP:
        size -= _STEP
    return ColumnFit(tuple(width / sum(least) for width in least), (size,), is_across=True)


def _needs(widths: Sequence[int], cells: Iterable[PrintedCell], size: float, most_lines: int) -> Iterator[Need]:
    """Yield the least width of each column and cell. ``most_lines``: of a figure with the text after it; 0 is any number."""
    letter = size * _POINT
    yield from (Need(column, 1, _PADDING + letter) for column in range(len(widths)))
    for one in cells:
        whole = _length(one.text)
        if one.kind == "figure":
            room = max((_length(part) for part in _WITH_MARKS.findall(one.text)), default=0.0)
            room = max(room, min(math.ceil(whole / most_lines), _NARROW)) if most_lines else room
        elif one.kind == "column":
            lines = one.text.split("\n")
            room = max(map(_length, lines)) if len(lines) > 1 else min(_HEADER * one.colspan, whole)
        else:
            formal = TEXT_WIDTH * sum(widths[one.column : one.column + one.colspan]) / sum(widths)
            room = min(whole, (_LABEL * formal - _PADDING) / letter)
        yield Need(one.column, one.colspan, room * letter + _PADDING)


def title_lines(phrases: Sequence[str]) -> list[str]:
    """Return the lines of a title: as few as possible, each ending with a phrase, in the shape of a trapezoid or a diamond."""
    if not phrases:
        return []
    for count in range(1, len(phrases) + 1):
        ends = ((0, *inner, len(phrases)) for inner in itertools.combinations(range(1, len(phrases)), count - 1))
        found = [["".join(phrases[start:end]) for start, end in itertools.pairwise(cuts)] for cuts in ends]
        fitting = [lines for lines in found if max(map(_length, lines)) <= TITLE_CHARACTERS]
        if fitting:
            return min(fitting, key=_unevenness)
    # a name that is longer than a line is broken at its end
    at = next(at for at, phrase in enumerate(phrases) if _length(phrase) > TITLE_CHARACTERS)
    return [*title_lines(phrases[:at]), phrases[at], *title_lines(phrases[at + 1 :])]


def _unevenness(lines: Sequence[str]) -> tuple[bool, float]:
    """Return a sort key: the standard forbids rectangles and waists; of other shapes, the least difference is best."""
    lengths = [_length(line) for line in lines]
    steps = [second - first for first, second in itertools.pairwise(lengths)]
    return any(first < 0 < second for first, second in itertools.pairwise(steps)) or not all(steps), max(lengths) - min(lengths)


def signature_indents(names: Sequence[str], day: str) -> tuple[list[float], float]:
    """Return the free characters to the right of each name, and of the date, in a signature without a seal.

    The longest name ends two characters from the edge, and the date begins two characters after the names. If the date is
    longer than the names, it ends there instead, and the names move to the left. A name may take several lines.
    """
    lengths, of_day = [min(_length(name), _CHARACTERS - 2) for name in names], _length(day)
    longest = max(lengths)
    free = 2.0 if of_day <= longest else 4 + of_day - longest
    return [free + longest - length for length in lengths], free + longest - 2 - of_day


def _length(written: str) -> float:
    """Return the length in Chinese characters; all others are half as wide."""
    return sum(0.5 if char.isascii() else 1.0 for char in written)
