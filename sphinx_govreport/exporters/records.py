"""Records of reports as CSV and as JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from ..core.form import Form
from ..core.formats import dumped
from ..core.model import Report
from ..core.records import OWN_FIELDS, Record, records, records_of

_BOM = "\ufeff"  # spreadsheets take a file without it for another encoding
#: what spreadsheets take for the beginning of a formula, some of them the full-width marks as well
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "'")


def csv_text(reports: Sequence[Report], forms: Mapping[str, Form]) -> str:
    """CSV by RFC 4180 with a byte order mark. A text that a spreadsheet would take for a formula begins with ``'``."""
    return csv_head() + csv_lines(reports, forms)


def csv_head() -> str:
    """The byte order mark and the names of the columns."""
    return f"{_BOM}{','.join(Record._fields)}\r\n"


def csv_lines(reports: Sequence[Report], forms: Mapping[str, Form]) -> str:
    """A line for each record."""
    file = io.StringIO()
    writer = csv.writer(file)
    for record in records_of(reports, forms):
        writer.writerow(cell if name == "value" else _harmless(str(cell)) for name, cell in record._asdict().items())
    return file.getvalue()


def json_text(reports: Sequence[Report], forms: Mapping[str, Form]) -> str:
    """The same as a list of reports. Values stay texts, so that no reader rounds them."""
    return dumped(json_entries(reports, forms))


def json_entries(reports: Sequence[Report], forms: Mapping[str, Form]) -> list[dict[str, object]]:
    """An object for each report."""
    return [_entry(report, forms) for report in reports]


def _entry(report: Report, forms: Mapping[str, Form]) -> dict[str, object]:
    return {
        "agency": report.agency,
        "year": report.year,
        "forms": report.forms,
        "figures": [{name: getattr(record, name) for name in OWN_FIELDS} for record in records(report, forms)],
        "notes": {table: list(lines) for table, lines in report.notes.items()},
        "explanations": {rule: explanation.text for rule, explanation in report.explanations.items()},
    }


def _harmless(written: str) -> str:
    return f"'{written}" if written.startswith(_FORMULA) else written
