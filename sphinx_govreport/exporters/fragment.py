"""A report as a piece of HTML, to be pasted into another page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from ..core.form import Form
from ..core.html import table_content
from ..core.model import Report
from ..core.tables import report_title
from .pages import Page, pages_of
from .paste import References, pasted


def fragment(reports: Sequence[Report], forms: Mapping[str, Form]) -> str:
    """Headings, tables and notes as editors take them. It is well-formed as XML too."""
    return pasted("".join(part for report in reports for part in _parts(report, forms)), References())


def _parts(report: Report, forms: Mapping[str, Form]) -> Iterator[str]:
    yield f"<h1>{escape(report_title(report))}</h1>\n"
    for page in pages_of(report, forms):
        yield f'<h2>{escape(page.heading)}</h2>\n<p class="gov-source">{escape(page.source)}</p>\n'
        yield f'<div class="gov-scroll">{_table(page)}</div>\n'
        yield from (f'<p class="gov-table-note">{escape(note)}</p>\n' for note in page.notes)


def _table(page: Page) -> str:
    table = page.table
    caption = f"<caption>{escape(table.caption)}</caption>\n"
    classes = f"gov-table gov-{table.structure.name}"
    return f'<table class="{classes}" id="{escape(table.ident)}">\n{caption}{table_content(table)}</table>\n'
