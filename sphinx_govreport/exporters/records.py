"""The long form of reports: one record for each figure, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ..core.figures import Status
from ..core.form import TABLES, Form
from ..core.model import Report
from ..core.structure import structure_of

#: what kind of thing stands in a figure's cell
STATUS = {
    Status.NUMBER: "number",
    Status.NOT_APPLICABLE: "not-applicable",
    Status.BLANK: "blank",
    Status.INVALID: "invalid",
}
REMARKS = ("table-note", "explanation")  #: the status of records without a figure
_BOM = "\ufeff"  # spreadsheets take a file without it for another encoding
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


class Record(NamedTuple):
    """One figure with all that one must know to understand it."""

    agency: str
    year: int
    form: str
    table: str
    key: str  #: key path within the table
    table_label: str
    label: str
    value: str  #: the number as it was written; empty unless there is one
    status: str  #: ``number``, ``not-applicable`` or ``blank``; ``table-note`` or ``explanation`` for a record without a figure
    unit: str
    note: str


def records(report: Report, forms: Mapping[str, Form]) -> Iterator[Record]:
    """All figures in statutory order."""
    for table in TABLES:
        structure = structure_of(forms[report.forms[table]].table(table))
        for path, figure in report.figures[table].items():
            measure = structure.measures[path]
            yield Record(
                agency=report.agency,
                year=report.year,
                form=report.forms[table],
                table=table,
                key=path,
                table_label=structure.label,
                label=measure.label,
                value=figure.text if figure.status is Status.NUMBER else "",
                status=STATUS[figure.status],
                unit=figure.unit or measure.unit,
                note=figure.note,
            )


def remarks(report: Report, forms: Mapping[str, Form]) -> Iterator[Record]:
    """What a report says beside its figures, so that nothing is lost: notes under tables, explanations by their rule's name."""
    for table, lines in report.notes.items():
        form = report.forms[table]
        label = forms[form].table(table).label
        yield from (Record(report.agency, report.year, form, table, "", label, "", "", REMARKS[0], "", line) for line in lines)
    for rule, reason in report.explanations.items():
        table = TABLES[0]
        form = report.forms[table]
        yield Record(report.agency, report.year, form, table, rule, "", "", "", REMARKS[1], "", reason.text)


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
    return json.dumps([_entry(report, forms) for report in reports], ensure_ascii=False, indent=1) + "\n"


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
