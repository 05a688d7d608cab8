"""A published document as all readers hand it on: paragraphs and grids of cells, in the order of the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

from ..core.diagnostics import Text, text

MAX_CELLS = 50_000  #: of one grid, counted after merges are spread; the longest statutory table has 280
MAX_SPAN = 1_000  #: what HTML allows for columns


class Refused(Exception):  # noqa: N818  (it is an answer, not a fault)
    """A document that is not read: damaged, dangerous or of an unknown kind."""

    def __init__(self, message: Text, hint: Text | None = None) -> None:
        super().__init__(message.template)
        self.message = message
        self.hint = hint


class Box(NamedTuple):
    """A cell as it stands in a document's row."""

    text: str
    rowspan: int = 1
    colspan: int = 1
    line: int = 0  #: in the document, from 1; 0 where it has no lines


class Cell(NamedTuple):
    """A cell in its place; rows and columns count from 0."""

    text: str
    row: int
    column: int
    rowspan: int
    colspan: int
    line: int

    @property
    def end(self) -> int:
        """The column behind it."""
        return self.column + self.colspan


@dataclass(frozen=True)
class Grid:
    """A table of a document with its merges spread out."""

    name: Text  #: what messages call it: its number or its sheet
    rows: tuple[tuple[Cell | None, ...], ...]  #: a merged cell stands in each of its places; ``None`` is a hole
    form: str = ""  #: the class by which our own pages tell the form

    @cached_property
    def cells(self) -> tuple[tuple[Cell, ...], ...]:
        """By row: the cells that cover it, each once, from left to right."""
        return tuple(tuple(dict.fromkeys(cell for cell in row if cell)) for row in self.rows)


class Paragraph(NamedTuple):
    """A line of text outside tables."""

    text: str
    level: int = 0  #: of a heading, from 1; 0 for running text
    line: int = 0
    is_in_grid: bool = False  #: whether it is a row of a sheet too


Part: TypeAlias = Paragraph | Grid


@dataclass(frozen=True)
class Document:
    """What a reader makes of a file."""

    parts: tuple[Part, ...]
    titles: tuple[str, ...] = ()  #: what the document calls itself apart from its text
    has_lines: bool = False  #: whether a paragraph is a line, so that a sentence may go on in the next

    @property
    def grids(self) -> Iterator[Grid]:
        """All tables."""
        return (part for part in self.parts if isinstance(part, Grid))

    @property
    def paragraphs(self) -> Iterator[Paragraph]:
        """All text outside tables."""
        return (part for part in self.parts if isinstance(part, Paragraph))


def grid_of(name: Text, rows: Iterable[Iterable[Box]]) -> Grid:
    """Spread merges out as HTML does. Raises :class:`Refused` for a grid that is too large."""
    placed: list[dict[int, Cell]] = []
    count = 0
    for number, boxes in enumerate(rows):
        while len(placed) <= number:
            placed.append({})
        column = 0
        for box in boxes:
            while column in placed[number]:
                column += 1
            colspan, rowspan = min(box.colspan, MAX_SPAN), min(box.rowspan, MAX_SPAN)
            cell = Cell(box.text, number, column, rowspan, colspan, box.line)
            count += colspan * rowspan
            if count > MAX_CELLS:
                raise Refused(text("A table has more than {limit} cells.", limit=MAX_CELLS))
            _place(placed, cell)
            column = cell.end
    rows_seen = placed[: number + 1] if placed else []
    width = max((max(row, default=-1) + 1 for row in rows_seen), default=0)
    return Grid(name, tuple(tuple(row.get(column) for column in range(width)) for row in rows_seen))


def _place(placed: list[dict[int, Cell]], cell: Cell) -> None:
    for row in range(cell.row, cell.row + cell.rowspan):
        while len(placed) <= row:
            placed.append({})
        for column in range(cell.column, cell.end):
            placed[row].setdefault(column, cell)


def numbered(number: int) -> Text:
    """The name of a table that has none."""
    return text("table {number}", number=number)
