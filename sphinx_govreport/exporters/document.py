"""What every document that is made of a report has: its title, its tables with headings, and what stands under them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TypeAlias

from sphinx_govreport.core.checks.signature import Signature
from sphinx_govreport.core.clock import EPOCH
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.grid import Cell
from sphinx_govreport.core.forms.layout import TableLayout
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.tables.gbt9704 import title_lines
from sphinx_govreport.core.tables.table import (
    CORRECTION_PREFIX,
    EXPLANATION_PREFIX,
    FORM_PREFIX,
    Table,
    corrections_of,
    note_line,
    report_title,
    table_of,
)

#: what documents say they were made at where nothing tells: the same report makes the same bytes whenever it is written
_CREATED = datetime(2020, 1, 1)
LANGUAGE = "zh-CN"  #: of documents
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


def created() -> datetime:
    """Return when a document was made: the moment of ``SOURCE_DATE_EPOCH`` in UTC, else always the same."""
    try:
        return datetime.fromtimestamp(int(os.environ.get(EPOCH, "")), UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        return _CREATED


def described(reports: Sequence[Report], forms: Mapping[str, Form]) -> tuple[str, str]:
    """Title and author of a document, as far as office programs take them."""
    titles = dict.fromkeys(report_title(report, forms) for report in reports)
    agencies = dict.fromkeys(report.published_by for report in reports)
    return "、".join(titles)[:TITLE_LENGTH], "、".join(agencies)[:TITLE_LENGTH]


def pages_of(report: Report, forms: Mapping[str, Form]) -> Iterator[PrintedTable]:
    """The tables of a report in statutory order; the explanations stand under the last, corrections under their own."""
    *_others, last = report.forms
    for name, form_name in report.forms.items():
        form = forms[form_name]
        table = table_of(report, forms, name)
        notes = [note_line(note) for note in table.notes]
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
    sequence: str = ""  #: what it counts, if it is the number in a caption: ``表`` or ``图``


class Heading(NamedTuple):
    """A title; that of the document has level 1, and may have several lines."""

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
    begins_left: bool  #: as row headers and sentences do; the others are centred
    is_figure: bool


class TableBlock(NamedTuple):
    """A table. Each line has the cells that begin in it."""

    widths: tuple[int, ...]
    lines: tuple[tuple[TableCell, ...], ...]
    heads: int  #: lines that are repeated on every page
    caption: tuple[Run, ...] = ()
    name: str = ""  #: what the table is called by those who do not see it
    parts: tuple[int, ...] = ()  #: lines with which a block of it begins, but for the first


class ImageBlock(NamedTuple):
    """An image in a file."""

    path: Path
    description: str


class NewPage(NamedTuple):
    """What follows begins on a new page."""


Block: TypeAlias = Heading | TextBlock | TableBlock | ImageBlock | NewPage | Signature


def plain(written: str, kind: str = "text") -> TextBlock:
    """A paragraph without anything special in it."""
    return TextBlock((Run(written),), kind)


def grid_of(table: Table) -> TableBlock:
    """A statutory table with the form's merges."""
    alone = table._replace(comparisons={})

    def written(cell: Cell) -> str:
        """What stands beside a figure begins a line of its own: else programs part the figure."""
        shown, comparison = alone.shown(cell), table.comparisons.get(cell.path, "")
        return f"{shown}\n{comparison}" if comparison else shown

    return block_of(table.layout, written)._replace(name=table.caption)


def block_of(layout: TableLayout, written: Callable[[Cell], str]) -> TableBlock:
    """A form's table in whose cells stands what ``written`` tells."""
    lines = tuple(tuple(_box(cell, written(cell)) for cell in line) for line in layout.lines)
    first, *others = layout.blocks
    heads = len(first.head)
    if others:  # a column of the first block does not head those of the others: only its title may stand above them
        heads = max((cell.row + cell.rowspan for cell in lines[0]), default=0) if heads else 0
    parts = tuple(block.head[0][0].row for block in others if block.head and block.head[0])
    return TableBlock(layout.widths, lines, heads, parts=parts)


def _box(cell: Cell, written: str) -> TableCell:
    return TableCell(cell.row, cell.column, cell.rowspan, cell.colspan, written, cell.is_row_head, not cell.scope)


def blocks_of(report: Report, forms: Mapping[str, Form]) -> Iterator[Block]:
    """A report without a page: title, headings, tables, notes."""
    title = report_title(report, forms)
    yield Heading(1, "\n".join(title_lines(report.form(forms).phrases(title, report.year) or (title,))))
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
