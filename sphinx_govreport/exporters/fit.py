"""How a table fits its page: columns wide enough that no number is broken, the side of the paper, the size of its letters."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sphinx_govreport.core.tables.columns import Need, fitted
from sphinx_govreport.core.tables.gbt9704 import TABLE_SIZE, TEXT_HEIGHT, TEXT_WIDTH

from .document import TableBlock, TableCell

_POINT = 25.4 / 72  # millimetres
_PADDING = 4.5  # points: of a cell, both sides, and its line
PITCH = 1.25  #: from line to line in a cell, in letters
_SPACE = 2.5  # points that a row needs besides its lines
_ABOVE = 60  # points: heading, notice and caption
_MANY = 12  # characters: a wider column may hold text of any length
_MOST_LINES = (2, 3, 5)  # of a figure with what stands behind it: what makes the lowest table is taken
_BESIDE, _ROW_HEAD, _HEAD = 4, 3, 2  # characters on a line at least: of a figure, of the header of a row, of a column
_DIGIT, _LETTER = 0.65, 0.5  # of a character of Chinese; digits of some faces that stand in for 宋体 are that wide

_NUMBER = re.compile(r"[0-9][0-9.,]*")
#: what stays on one line: punctuation with what it belongs to
_UNBROKEN = re.compile(r"[（〔《“‘「【]*(?:[!-~]+|[^\s])[）〕》”’」】，。、；：！？％]*")


class Fit(NamedTuple):
    """How a table is printed."""

    widths: tuple[float, ...]  #: points
    size: float  #: of its letters, points
    across: bool  #: on the long side of the paper
    pages: float  #: that it takes, about


def fit(block: TableBlock) -> Fit:
    """Return how a table is printed: on as few pages as letters allow that can be read, in the largest that break no number."""
    lengths = least_lengths(block)
    found: list[Fit] = []
    for size, across in _TRIED:
        found += _fit(block, lengths, size, across=across)
        if found and found[-1].pages == 1 and size >= _READABLE:
            return found[-1]
    return min(found, key=lambda one: (one.size < _READABLE, one.pages), default=None) or _squeezed(block)


_READABLE = 8  # points: smaller letters are for numbers that would break otherwise
#: letters a little smaller come before the other side of the paper
_TRIED = ((TABLE_SIZE, False), (_READABLE, False), *((size, True) for size in range(TABLE_SIZE, 4, -1)))


def _fit(block: TableBlock, lengths: Sequence[Sequence[Need]], size: float, *, across: bool) -> Iterator[Fit]:
    """Yield the lowest table in letters of that size on that side of the paper, unless a number would break."""
    room, height = (TEXT_HEIGHT, TEXT_WIDTH) if across else (TEXT_WIDTH, TEXT_HEIGHT)
    low: Fit | None = None
    for needs in lengths:
        wide = [need._replace(width=need.width * size + _PADDING) for need in needs]
        if widths := fitted(block.widths, wide, room / _POINT):
            one = Fit(tuple(widths), size, across, _height(block, widths, size) / (height / _POINT - _ABOVE))
            low = one if low is None or one.pages < low.pages else low
    if low:
        yield low._replace(pages=math.ceil(low.pages))


def _squeezed(block: TableBlock) -> Fit:
    """Return a table that has more columns than any paper has room for."""
    size, room = _TRIED[-1][0], TEXT_HEIGHT / _POINT
    return Fit(tuple(room * width / sum(block.widths) for width in block.widths), size, across=True, pages=2)


def least_lengths(block: TableBlock) -> list[list[Need]]:
    """Return how many characters of each cell must stand beside each other, if long ones take few lines, or more of them."""
    cells = [cell for line in block.lines for cell in line]
    found: list[list[Need]] = []
    for lines in _MOST_LINES:
        needs = [Need(cell.column, cell.colspan, _least_length(cell, lines)) for cell in cells]
        found += [needs] if needs not in found else []
    return found


def _least_length(cell: TableCell, lines: int) -> float:
    if cell.text.isdecimal() and cell.text.isascii():
        return len(cell.text) * _DIGIT
    longest = max(map(_unbroken_length, _UNBROKEN.findall(cell.text)), default=0.0)
    whole = max(map(length, cell.text.split("\n")))
    if cell.is_figure:
        return max(longest, min(_BESIDE, whole), min(_MANY, whole / lines))
    return max(longest, min(_ROW_HEAD if cell.begins_left else _HEAD, whole))


def _unbroken_length(piece: str) -> float:
    """Return the length of what stays on one line, as far as it must: only numbers are worth more than a wide column."""
    number = max(map(length, _NUMBER.findall(piece)), default=0.0)
    return max(number, min(length(piece), _MANY))


def length(written: str) -> float:
    """Return the length of a text in characters of Chinese, in faces that have wide digits."""
    return sum(_DIGIT if char in "0123456789" else _LETTER if char.isascii() else 1.0 for char in written)


def _height(block: TableBlock, widths: Sequence[float], size: float) -> float:
    return sum(
        count * size * PITCH + _SPACE for count in line_counts(block.lines, [width / size for width in widths], _PADDING / size)
    )


def line_counts(lines: Sequence[Sequence[TableCell]], widths: Sequence[float], padding: float) -> list[int]:
    """Return how many lines of text each row needs; ``widths`` and ``padding`` are in characters."""
    counts = [1] * len(lines)
    for cell in sorted((cell for line in lines for cell in line), key=lambda one: one.rowspan):
        room = max(sum(widths[cell.column : cell.column + cell.colspan]) - padding, 1.0)
        needed = sum(lines_of(part, room) for part in cell.text.split("\n"))
        rows = range(cell.row, cell.row + cell.rowspan)
        counts[rows[-1]] += max(0, needed - sum(counts[row] for row in rows))
    return counts


def lines_of(written: str, room: float) -> int:
    """Return how many lines a text needs that has room for so many characters."""
    if len(written) <= room:
        return 1
    count, used = 1, 0.0
    room += 0.01  # what was rounded away where a column is just as wide as its number
    for piece in _pieces(written):
        wide = length(piece)
        if used and used + wide > room:
            count, used = count + 1, 0.0
        used += wide
        if used > room:  # a word that is longer than a line
            count, used = count + math.ceil(used / room) - 1, used % room
    return count


def _pieces(written: str) -> Iterator[str]:
    end = 0
    for match in _UNBROKEN.finditer(written):
        yield written[end : match.end()]
        end = match.end()
