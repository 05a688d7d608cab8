"""What every document that is made of a report has: its title, its tables with headings, and what stands under them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, TypeAlias

from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.grid import Cell
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.tables.gbt9704 import Written, are_too_wide
from sphinx_govreport.core.tables.table import (
    CORRECTION_PREFIX,
    EXPLANATION_PREFIX,
    FORM_PREFIX,
    NOTE_PREFIX,
    Table,
    corrections_of,
    report_title,
    table_of,
)

#: what documents say they were made at: the same report makes the same bytes whenever it is written
CREATED = datetime(2020, 1, 1)
TITLE_LENGTH = 250  #: of titles and authors: what office programs take


class PrintedTable(NamedTuple):
    """One statutory table as a document prints it."""

    table: Table
    form: Form
    heading: str  #: the statutory title with the number of its section
    notes: tuple[str, ...]  #: whole lines

    @property
    def source(self) -> str:
        """The line that says which notice prescribes the table."""
        return f"{FORM_PREFIX}{self.form.notice}"


def described(reports: Sequence[Report], forms: Mapping[str, Form]) -> tuple[str, str]:
    """Title and author of a document, as far as office programs take them."""
    titles = dict.fromkeys(report_title(report, forms) for report in reports)
    agencies = dict.fromkeys(report.agency for report in reports)
    return "、".join(titles)[:TITLE_LENGTH], "、".join(agencies)[:TITLE_LENGTH]


def pages_of(report: Report, forms: Mapping[str, Form]) -> Iterator[PrintedTable]:
    """The tables of a report in statutory order; the explanations stand under the last, corrections under their own."""
    *_others, last = report.forms
    for name, form_name in report.forms.items():
        form = forms[form_name]
        table = table_of(report, forms, name)
        notes = [f"{NOTE_PREFIX}{note}" for note in table.notes]
        if name == last:
            notes += [f"{EXPLANATION_PREFIX}{reason.text}" for reason in report.explanations.values()]
        notes += [f"{CORRECTION_PREFIX}{one}" for one in corrections_of(report, forms, name)]
        yield PrintedTable(table, form, form.table(name).heading, tuple(notes))


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


class TextBlock(NamedTuple):
    """Lines of text; ``kind`` is ``text``, ``item``, ``note``, ``source``, ``caption`` or ``code``."""

    runs: tuple[Run, ...]
    kind: str = "text"


class TableCell(NamedTuple):
    """A cell; rows and columns count from 0."""

    row: int
    column: int
    rowspan: int
    colspan: int
    text: str
    is_row_head: bool
    is_figure: bool


class TableBlock(NamedTuple):
    """A table. Each line has the cells that begin in it."""

    widths: tuple[int, ...]
    lines: tuple[tuple[TableCell, ...], ...]
    heads: int  #: lines that are repeated on every page
    caption: str = ""

    @property
    def lies_across(self) -> bool:
        """Whether it needs the long side of the paper."""
        figures = (Written(box.column, box.colspan, box.text) for line in self.lines for box in line if box.is_figure)
        return are_too_wide(self.widths, figures)


class ImageBlock(NamedTuple):
    """An image in a file."""

    path: Path
    description: str


class NewPage(NamedTuple):
    """What follows begins on a new page."""


Block: TypeAlias = Heading | TextBlock | TableBlock | ImageBlock | NewPage


def plain(written: str, kind: str = "text") -> TextBlock:
    """A paragraph without anything special in it."""
    return TextBlock((Run(written),), kind)


def grid_of(table: Table) -> TableBlock:
    """A statutory table with the form's merges."""
    layout = table.layout
    alone = table._replace(beside={})
    lines = tuple(tuple(_box(one, alone.shown(one), table.beside.get(one.path, "")) for one in line) for line in layout.lines)
    return TableBlock(layout.widths, lines, len(layout.blocks[0].head) if len(layout.blocks) == 1 else 0)


def _box(cell: Cell, shown: str, beside: str) -> TableCell:
    """What stands beside a figure begins a line of its own: else programs part the figure."""
    written = f"{shown}\n{beside}" if beside else shown
    return TableCell(cell.row, cell.column, cell.rowspan, cell.colspan, written, cell.is_row_head, not cell.scope)


def blocks_of(report: Report, forms: Mapping[str, Form]) -> Iterator[Block]:
    """A report without a page: title, headings, tables, notes."""
    yield Heading(1, report_title(report, forms))
    for page in pages_of(report, forms):
        yield Heading(2, page.heading)
        yield plain(page.source, "source")
        yield grid_of(page.table)
        yield from (plain(note, "note") for note in page.notes)


def plain_text(reports: Sequence[Report], forms: Mapping[str, Form]) -> str:
    """Tables have a tab between cells; a merged cell stands in its first place, the others are empty."""
    return "\n\n".join("\n".join(_lines(report, forms)) for report in reports) + "\n"


def _lines(report: Report, forms: Mapping[str, Form]) -> Iterator[str]:
    yield report_title(report, forms)
    for page in pages_of(report, forms):
        yield from ("", page.heading, page.source, "")
        yield from _rows(page.table)
        yield from ("", *page.notes) if page.notes else ()


def _rows(table: Table) -> Iterator[str]:
    for line in table.layout.lines:
        places = [""] * table.layout.width
        for cell in line:
            places[cell.column] = table.shown(cell).replace("\n", "").replace("\t", " ")
        yield "\t".join(places)
