"""A published document in the form that all readers return: paragraphs and grids of cells, in the order of the page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import NamedTuple, TypeAlias

from sphinx_govreport.core.diagnostics import MessageError, Pos, Text, text

MAX_CELLS = 50_000  #: of one grid, counted after merged cells are expanded; the longest statutory table has 280
MAX_SPAN = 1_000  #: the limit of HTML for columns
BROKEN = "\ufffd"  #: in place of bytes that could not be decoded
NO_TEXT = "[img]"  #: the text of a cell that only has a picture or a field of a form: it is not empty for its readers


class Refused(MessageError):  # noqa: N818  (a result, not a fault)
    """A document that cannot be read: damaged, dangerous or of an unknown kind."""

    def __init__(self, message: Text, hint: Text | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def place(path: str, line: int = 0) -> Pos:
    """Return a line of a document; 0: the whole document, or a place in one without lines."""
    return Pos(path, line, 1 if line else 0)


# superscripts and subscripts, circled numbers and letters, enclosed characters: those that Unicode has
_SIGNS = (
    "ª²³¹º\u02b0-\u02b8\u02e0-\u02e4\u1d2c-\u1d6a\u1d78\u1d9b-\u1dbf\u2070-\u209c\u2460-\u2473\u24b6-\u24ff"
    "\u2776-\u2793\u2c7c\u2c7d\u3192-\u319f\u3244-\u3247\u3251-\u325f\u3280-\u32bf\u32d0-\u32fe\U0001f10b\U0001f10c"
)
_AROUND, _BARS = "\u20dd-\u20e0\u20e2-\u20e4", "\u0335\u0336"  # added to a character, the latter to strike it out
_RAISED = rf"[{_SIGNS}]\ufe0f?|[^\s]\ufe0f?[{_AROUND}]"
_SPECIAL = re.compile(rf"(?P<raised>(?:{_RAISED})+)|(?P<struck>(?:[^\s][{_BARS}]+)+)")
_MAY_BE_SPECIAL = re.compile(f"[{_SIGNS}{_AROUND}{_BARS}]")  # much faster
_SUPERSCRIPT = str.maketrans("0123456789+-=()（）", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾⁽⁾")
_SUBSCRIPT = str.maketrans("0123456789+-=()（）", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₍₎")


class Mark(NamedTuple):
    """Raised, lowered or circled text next to a text, or above it: never part of a number."""

    at: int  #: index of the character of the text that follows it
    text: str  #: as Unicode's raised or lowered characters, where they exist


class Box(NamedTuple):
    """A cell in a row of a document."""

    text: str
    rowspan: int = 1
    colspan: int = 1
    line: int = 0  #: in the document, from 1; 0 if the format has no lines
    marks: tuple[Mark, ...] = ()


class Runs:
    """Collects a text as a reader sees it, one run at a time, and keeps its marks separately."""

    def __init__(self) -> None:
        self._runs: list[tuple[str, bool]] = []

    def add(self, written: str, raised: str = "") -> None:
        """Add a run; ``raised`` is “sup” or “sub” if it is higher or lower than the others."""
        if raised:
            self._runs.append((written.translate(_SUBSCRIPT if raised == "sub" else _SUPERSCRIPT), True))
            return
        end = 0
        for match in _SPECIAL.finditer(written):
            self._runs.append((written[end : match.start()], False))
            if match["raised"]:
                self._runs.append((match[0], True))
            end = match.end()
        self._runs.append((written[end:], False))

    @property
    def shown(self) -> str:
        """The text including its marks."""
        return "".join([written for written, _is_mark in self._runs])

    def box(self, rowspan: int = 1, colspan: int = 1, line: int = 0) -> Box:
        """Return the text as a cell, without its marks."""
        whole = ""
        marks: list[Mark] = []
        for written, is_mark in self._runs:
            if not is_mark:
                whole += written
            elif written.strip() and marks and marks[-1].at == len(whole):
                marks[-1] = Mark(len(whole), marks[-1].text + written.strip())
            elif written.strip():
                marks.append(Mark(len(whole), written.strip()))
        body = whole.strip()
        start = len(whole) - len(whole.lstrip())
        placed = (Mark(min(max(mark.at - start, 0), len(body)), mark.text) for mark in marks)
        return Box(body, rowspan, colspan, line, tuple(placed))


def _pieces(written: str, marks: Iterable[Mark]) -> Iterator[tuple[str, str]]:
    """Yield a text and its marks in order, each with “sup” for a mark."""
    end = 0
    for mark in marks:
        yield from ((written[end : mark.at], ""), (mark.text, "sup"))
        end = mark.at
    yield written[end:], ""


def with_marks(written: str, marks: Iterable[Mark]) -> str:
    """Return a text with its marks inserted."""
    return "".join(piece for piece, _raised in _pieces(written, marks))


def without_marks(written: str) -> str:
    """Return a text without Unicode's mark characters, and without text struck out by combining characters."""
    return _SPECIAL.sub("", written) if _MAY_BE_SPECIAL.search(written) else written


def _seen(box: Box) -> Box:
    """Return the box with marks in its text moved to its marks."""
    if box.text.isascii() or not _SPECIAL.search(box.text):
        return box
    runs = Runs()
    for piece, raised in _pieces(box.text, box.marks):
        runs.add(piece, raised)
    return runs.box(box.rowspan, box.colspan, box.line)


class GridCell(NamedTuple):
    """A cell at its position; rows and columns count from 0."""

    text: str
    row: int
    column: int
    rowspan: int
    colspan: int
    line: int
    marks: tuple[Mark, ...] = ()

    @property
    def shown(self) -> str:
        """The text including its marks."""
        return with_marks(self.text, self.marks)

    @property
    def end(self) -> int:
        """The column after it."""
        return self.column + self.colspan


@dataclass(frozen=True)
class Grid:
    """A table of a document with expanded merged cells."""

    name: Text  #: for messages: its number or its sheet
    rows: tuple[tuple[GridCell | None, ...], ...]  #: a merged cell is at each of its positions; ``None`` is a hole
    form: str = ""  #: the class with which our own pages mark the form
    seen: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())  #: numbers of visible rows and columns, from 1, if some are hidden

    def place(self, cell: GridCell) -> tuple[int, int]:
        """Return row and column of a cell as the document counts them."""
        rows, columns = self.seen
        return rows[cell.row] if rows else cell.row + 1, columns[cell.column] if columns else cell.column + 1

    @cached_property
    def cells(self) -> tuple[tuple[GridCell, ...], ...]:
        """The cells of each row, each once, from left to right."""
        return tuple(tuple(dict.fromkeys(cell for cell in row if cell)) for row in self.rows)


class Paragraph(NamedTuple):
    """A line of text outside tables."""

    text: str
    level: int = 0  #: of a heading, from 1; 0 for running text
    line: int = 0
    is_in_grid: bool = False  #: whether it is also a row of a sheet


Part: TypeAlias = Paragraph | Grid


class Picture(NamedTuple):
    """A picture in a document; its content is not read, because that would be guessing."""

    after: int  #: number of parts before it
    line: int = 0


@dataclass(frozen=True)
class Document:
    """A document as a reader returns it."""

    parts: tuple[Part, ...]
    titles: tuple[str, ...] = ()  #: titles outside its text, such as metadata
    pictures: tuple[Picture, ...] = ()
    has_lines: bool = False  #: whether a paragraph is a single line, so that a sentence may continue in the next one

    @property
    def grids(self) -> Iterator[Grid]:
        """All tables."""
        return (part for part in self.parts if isinstance(part, Grid))


def grid_of(name: Text, rows: Iterable[Iterable[Box]]) -> Grid:
    """Expand merged cells as HTML does. Raises :class:`Refused` for a grid that is too large."""
    placed: defaultdict[int, dict[int, GridCell]] = defaultdict(dict)
    count = height = 0
    for number, boxes in enumerate(rows):
        height = number + 1
        column = 0
        for box in map(_seen, boxes):
            while column in placed[number]:
                column += 1
            colspan, rowspan = min(box.colspan, MAX_SPAN), min(box.rowspan, MAX_SPAN)
            cell = GridCell(box.text, number, column, rowspan, colspan, box.line, box.marks)
            count += colspan * rowspan
            if count > MAX_CELLS:
                raise Refused(text("A table has more than {limit} cells.", limit=MAX_CELLS))
            for row, place in product(range(number, number + rowspan), range(column, cell.end)):
                placed[row].setdefault(place, cell)
            column = cell.end
    rows_seen = [placed[number] for number in range(height)]
    width = max((max(row, default=-1) + 1 for row in rows_seen), default=0)
    return Grid(name, tuple(tuple(row.get(column) for column in range(width)) for row in rows_seen))


def numbered(number: int) -> Text:
    """Return a name for a table without one."""
    return text("table {number}", number=number)
