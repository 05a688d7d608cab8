"""What a document is made of, one thing below the other, whatever it is written as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypeAlias

from ..core.form import Form
from ..core.grid import Cell
from ..core.model import Report
from ..core.paper import Written, are_too_wide
from ..core.tables import Table, report_title
from .pages import pages_of


class Run(NamedTuple):
    """A piece of a line that looks the same throughout."""

    text: str
    strong: bool = False
    emphasis: bool = False
    raised: int = 0  #: 1 above the line, -1 below it
    url: str = ""  #: where it leads on the web


class Heading(NamedTuple):
    """A title; that of the document has level 1."""

    level: int
    text: str


class Paragraph(NamedTuple):
    """Lines of text; ``kind`` is ``text``, ``item``, ``note``, ``source``, ``caption`` or ``code``."""

    runs: tuple[Run, ...]
    kind: str = "text"


class Box(NamedTuple):
    """A cell; rows and columns count from 0."""

    row: int
    column: int
    rowspan: int
    colspan: int
    text: str
    is_row_head: bool
    is_figure: bool


class Grid(NamedTuple):
    """A table. Each line has the cells that begin in it."""

    widths: tuple[int, ...]
    lines: tuple[tuple[Box, ...], ...]
    heads: int  #: lines that are repeated on every page
    caption: str = ""

    @property
    def lies_across(self) -> bool:
        """Whether it needs the long side of the paper."""
        figures = (Written(box.column, box.colspan, box.text) for line in self.lines for box in line if box.is_figure)
        return are_too_wide(self.widths, figures)


class Picture(NamedTuple):
    """An image in a file."""

    path: Path
    description: str


class NewPage(NamedTuple):
    """What follows begins on a new page."""


Block: TypeAlias = Heading | Paragraph | Grid | Picture | NewPage


def plain(written: str, kind: str = "text") -> Paragraph:
    """A paragraph without anything special in it."""
    return Paragraph((Run(written),), kind)


def grid_of(table: Table) -> Grid:
    """A statutory table with the form's merges."""
    structure = table.structure
    alone = table._replace(beside={})
    lines = tuple(
        tuple(_box(one, alone.shown(one), table.beside.get(one.path, "")) for one in line) for line in structure.lines
    )
    return Grid(structure.widths, lines, len(structure.blocks[0].head) if len(structure.blocks) == 1 else 0)


def _box(cell: Cell, shown: str, beside: str) -> Box:
    """What stands beside a figure begins a line of its own: else programs part the figure."""
    written = f"{shown}\n{beside}" if beside else shown
    return Box(cell.row, cell.column, cell.rowspan, cell.colspan, written, cell.is_row_head, bool(cell.path))


def blocks_of(report: Report, forms: Mapping[str, Form]) -> Iterator[Block]:
    """A report without a page: title, headings, tables, notes."""
    yield Heading(1, report_title(report))
    for page in pages_of(report, forms):
        yield Heading(2, page.heading)
        yield plain(page.source, "source")
        yield grid_of(page.table)
        yield from (plain(note, "note") for note in page.notes)
