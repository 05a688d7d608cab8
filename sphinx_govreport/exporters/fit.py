"""How a table fits its page: column widths that break no number, page orientation and font size."""

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
PITCH = 1.25  #: line pitch in a cell, in font sizes
_SPACE = 2.5  # points that a row needs in addition to its lines
_ABOVE = 60  # points: heading, notice and caption
_MANY = 12  # characters: a wider column may hold text of any length
_MOST_LINES = (2, 3, 5)  # of a figure with the text after it: the number that makes the lowest table is used
_BESIDE, _ROW_HEAD, _HEAD = 4, 3, 2  # minimum characters per line: of a figure, a row header, a column header
_DIGIT, _LETTER = 0.65, 0.5  # width in Chinese characters; digits of some substitutes for 宋体 are that wide

_NUMBER = re.compile(r"[0-9][0-9.,]*")
#: text that stays on one line: punctuation with the characters it belongs to
_UNBROKEN = re.compile(r"[（〔《“‘「【]*(?:[!-~]+|[^\s])[）〕》”’」】，。、；：！？％]*")


class Fit(NamedTuple):
    """The layout of a printed table."""

    widths: tuple[float, ...]  #: points
    size: float  #: font size, points
    across: bool  #: landscape
    pages: float  #: approximate number of pages


def fit(block: TableBlock) -> Fit:
    """Return the layout of a table: on as few pages as legible letters allow, in the largest letters that break no number."""
    lengths = least_lengths(block)
    found: list[Fit] = []
    for size, across in _TRIED:
        found += _fit(block, lengths, size, across=across)
        if found and found[-1].pages == 1 and size >= _READABLE:
            return found[-1]
    return min(found, key=lambda one: (one.size < _READABLE, one.pages), default=None) or _squeezed(block)


_READABLE = 8  # points: smaller letters are only used if numbers would break otherwise
#: slightly smaller letters are tried before the other orientation
_TRIED = ((TABLE_SIZE, False), (_READABLE, False), *((size, True) for size in range(TABLE_SIZE, 4, -1)))


def _fit(block: TableBlock, lengths: Sequence[Sequence[Need]], size: float, *, across: bool) -> Iterator[Fit]:
    """Yield the lowest table with this font size and orientation, unless a number would break."""
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
    """Return the layout of a table that has more columns than fit on any page."""
    size, room = _TRIED[-1][0], TEXT_HEIGHT / _POINT
    return Fit(tuple(room * width / sum(block.widths) for width in block.widths), size, across=True, pages=2)


def least_lengths(block: TableBlock) -> list[list[Need]]:
    """Return the minimum line length of each cell, in characters: once with few lines for long texts, once with more."""
    cells = [cell for line in block.lines for cell in line]
    found: list[list[Need]] = []
    for lines in _MOST_LINES:
        needs = [Need(cell.column, cell.colspan, _least_length(cell, lines)) for cell in cells]
        found += [needs] if needs not in found else []
    return found


def _least_length(cell: TableCell, lines: int) -> float:
    longest = max(map(_unbroken_length, _UNBROKEN.findall(cell.text)), default=0.0)
    whole = max(map(length, cell.text.split("\n")))
    if cell.is_figure:
        return max(longest, min(_BESIDE, whole), min(_MANY, whole / lines))
    return max(longest, min(_ROW_HEAD if cell.begins_left else _HEAD, whole))


def _unbroken_length(piece: str) -> float:
    """Return the minimum length of text that stays on one line: only numbers may require a wide column."""
    return max(max(map(length, _NUMBER.findall(piece)), default=0.0), min(length(piece), _MANY))


def length(written: str) -> float:
    """Return the length of a text in Chinese characters, for faces with wide digits."""
    return sum(_DIGIT if char in "0123456789" else _LETTER if char.isascii() else 1.0 for char in written)


def _height(block: TableBlock, widths: Sequence[float], size: float) -> float:
    return sum(
        count * size * PITCH + _SPACE for count in line_counts(block.lines, [width / size for width in widths], _PADDING / size)
    )


def line_counts(lines: Sequence[Sequence[TableCell]], widths: Sequence[float], padding: float) -> list[int]:
    """Return the number of lines of text that each row needs; ``widths`` and ``padding`` are in characters."""
    counts = [1] * len(lines)
    for cell in sorted((cell for line in lines for cell in line), key=lambda one: one.rowspan):
        room = max(sum(widths[cell.column : cell.column + cell.colspan]) - padding, 1.0)
        needed = sum(lines_of(part, room) for part in cell.text.split("\n"))
        rows = range(cell.row, cell.row + cell.rowspan)
        counts[rows[-1]] += max(0, needed - sum(counts[row] for row in rows))
    return counts


def lines_of(written: str, room: float) -> int:
    """Return the number of lines that a text needs in a column with ``room`` for so many characters."""
    if len(written) <= room:
        return 1
    count, used = 1, 0.0
    room += 0.01  # for rounding, where a column is exactly as wide as its number
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
