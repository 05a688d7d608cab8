"""Records of reports as CSV and as JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from ..core.form import Form
from ..core.formats import dumped
from ..core.model import Report
from ..core.records import Record, records, remarks

_BOM = "\ufeff"  # spreadsheets take a file without it for another encoding
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def csv_text(reports: Sequence[Report], forms: Mapping[str, Form]) -> str:
    """CSV by RFC 4180 with a byte order mark. A text that a spreadsheet would take for a formula begins with ``'``."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(Record._fields)
    for report in reports:
        for record in (*records(report, forms), *remarks(report, forms)):
            writer.writerow(cell if name == "value" else _harmless(str(cell)) for name, cell in record._asdict().items())
    return _BOM + file.getvalue()


def json_text(reports: Sequence[Report], forms: Mapping[str, Form]) -> str:
    """The same as a list of reports. Values stay texts, so that no reader rounds them."""
    return dumped([_entry(report, forms) for report in reports])


def _entry(report: Report, forms: Mapping[str, Form]) -> dict[str, object]:
    own = ("table", "key", "table_label", "label", "value", "status", "unit", "note")
    return {
        "agency": report.agency,
        "year": report.year,
        "forms": report.forms,
        "figures": [{name: getattr(record, name) for name in own} for record in records(report, forms)],
        "notes": {table: list(lines) for table, lines in report.notes.items()},
        "explanations": {rule: explanation.text for rule, explanation in report.explanations.items()},
    }


def _harmless(written: str) -> str:
    return f"'{written}" if written.startswith(_FORMULA) else written
