"""A report as plain text, to be pasted into a mail or a word processor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.tables.table import Table, report_title

from .document import pages_of


def plain(reports: Sequence[Report], forms: Mapping[str, Form]) -> str:
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
