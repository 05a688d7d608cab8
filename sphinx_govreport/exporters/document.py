"""The parts of every document made from a report: its title, its tables with headings, and the text below them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, TypeAlias

from sphinx_govreport.core.characters import without_breaks
from sphinx_govreport.core.checks.signature import Signature
from sphinx_govreport.core.clock import moment_of_sources
from sphinx_govreport.core.diagnostics import text
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

#: creation time of documents if none is given, so that the same report always makes the same bytes
_CREATED = datetime(2020, 1, 1)
LANGUAGE = "zh-CN"  #: of documents
TITLE_LENGTH = 250  #: of titles and authors: the limit of office programs


class PrintedTable(NamedTuple):
    """One statutory table as a document prints it."""

    table: Table
    form: Form
    heading: str  #: the statutory title with the number of its section
    notes: tuple[str, ...]  #: whole lines

    @property
    def source(self) -> str:
        """Return the line that says which notice prescribes the table."""
        return f"{FORM_PREFIX}{self.form.notice}"


def created() -> datetime:
    """Return the creation time of a document: ``SOURCE_DATE_EPOCH`` in UTC, else a fixed time."""
    moment = moment_of_sources()
    return moment.replace(tzinfo=None) if moment else _CREATED


def described(reports: Sequence[Report], forms: Mapping[str, Form]) -> tuple[str, str]:
    """Return title and author of a document, shortened to the limit of office programs."""
    titles = dict.fromkeys(report_title(report, forms) for report in reports)
    return "、".join(titles)[:TITLE_LENGTH], "、".join(dict.fromkeys(report.published_by for report in reports))[:TITLE_LENGTH]


def pages_of(report: Report, forms: Mapping[str, Form]) -> Iterator[PrintedTable]:
    """Yield the tables of a report in statutory order: explanations below the last, corrections below their own tables."""
    *_others, last = report.forms
    for name, form_name in report.forms.items():
        form = forms[form_name]
        table = table_of(report, forms, name)
        notes = [note_line(note) for note in table.notes]
        if name == last:
            notes += [f"{EXPLANATION_PREFIX}{reason.text}" for reason in report.explanations.values()]
        notes += [f"{CORRECTION_PREFIX}{one}" for one in corrections_of(report, forms, name)]
        yield PrintedTable(table, form, report.tables(forms)[name].heading, tuple(notes))


class Run(NamedTuple):
    """A piece of a line with one style."""

    text: str
    strong: bool = False
    emphasis: bool = False
    raised: int = 0  #: 1 above the line, -1 below it
    url: str = ""  #: target of the link
    sequence: str = ""  #: the kind of number, if it is the number in a caption: ``表`` or ``图``


class Heading(NamedTuple):
    """A title; the title of the document has level 1, and may have several lines."""

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
    begins_left: bool  #: true for row headers and sentences; the others are centred
    is_figure: bool


MOST_COLUMNS = 63  #: that Word allows in a table
TOO_WIDE = text("Word allows {limit} columns in a table; export the report as xlsx.", limit=MOST_COLUMNS)


def fits_word(tables: Mapping[str, str], forms: Mapping[str, Form]) -> bool:
    """Return whether Word can hold a report; ``tables`` are the forms of its tables by name."""
    return all(len(forms[form].table(name).widths) <= MOST_COLUMNS for name, form in tables.items())


class TableBlock(NamedTuple):
    """A table. Each line contains the cells that begin in it."""

    widths: tuple[int, ...]
    lines: tuple[tuple[TableCell, ...], ...]
    heads: int  #: number of header lines repeated on every page
    caption: tuple[Run, ...] = ()
    name: str = ""  #: name of the table for screen readers
    parts: tuple[int, ...] = ()  #: the first line of each block except the first block


class ImageBlock(NamedTuple):
    """An image in a file."""

    path: Path
    description: str
    has_caption: bool = False  #: whether the next block is its caption


class NewPage(NamedTuple):
    """Starts a new page."""


Block: TypeAlias = Heading | TextBlock | TableBlock | ImageBlock | NewPage | Signature


def plain(written: str, kind: str = "text") -> TextBlock:
    """Return a plain paragraph."""
    return TextBlock((Run(written),), kind)


def grid_of(table: Table) -> TableBlock:
    """Return a statutory table with the form's merges."""
    alone = table._replace(comparisons={})

    def written(cell: Cell) -> str:
        """Return a cell's text with the comparison on a separate line: otherwise programs would break the figure."""
        shown, comparison = alone.shown(cell), table.comparisons.get(cell.path, "")
        return f"{shown}\n{comparison}" if comparison else shown

    return block_of(table.layout, written)._replace(name=table.caption)


def block_of(layout: TableLayout, written: Callable[[Cell], str]) -> TableBlock:
    """Return a form's table whose cells contain the text returned by ``written``."""
    lines = tuple(tuple(_box(cell, written(cell)) for cell in line) for line in layout.lines)
    first, *others = layout.blocks
    heads = len(first.head)
    if others:  # column headers of the first block do not apply to the others: only its title may be repeated
        heads = max(cell.row + cell.rowspan for cell in lines[0])
    parts = tuple(block.head[0][0].row for block in others)
    return TableBlock(layout.widths, lines, heads, parts=parts)


def _box(cell: Cell, written: str) -> TableCell:
    return TableCell(cell.row, cell.column, cell.rowspan, cell.colspan, written, cell.is_row_head, not cell.scope)


def blocks_of(report: Report, forms: Mapping[str, Form]) -> Iterator[Block]:
    """Yield a report without a page: title, headings, tables, notes."""
    title = report_title(report, forms)
    yield Heading(1, "\n".join(title_lines(report.form(forms).phrases(title, report.year) or (title,))))
    for page in pages_of(report, forms):
        yield Heading(2, page.heading)
        yield plain(page.source, "source")
        yield grid_of(page.table)
        yield from (plain(note, "note") for note in page.notes)


def plain_text(reports: Sequence[Report], forms: Mapping[str, Form]) -> str:
    """Return tables as text with a tab between cells; a merged cell is at its first position, the others are empty."""
    return "\n\n".join("\n".join(_lines(report, forms)) for report in reports) + "\n"


def _lines(report: Report, forms: Mapping[str, Form]) -> Iterator[str]:
    yield report_title(report, forms)
    for page in pages_of(report, forms):
        yield from ("", page.heading, page.source, "")
        yield from _rows(page.table)
        yield from ("", *map(without_breaks, page.notes)) if page.notes else ()


def _rows(table: Table) -> Iterator[str]:
    for line in table.layout.lines:
        places = [""] * table.layout.width
        for cell in line:
            places[cell.column] = table.shown(cell).replace("\n", "").replace("\t", " ")
        yield "\t".join(places)
