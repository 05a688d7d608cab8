"""Records of reports as CSV and as JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, BinaryIO, NamedTuple

from sphinx_govreport.core.extras import require
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.json import dumped
from sphinx_govreport.core.reports.figures import Figure, Status
from sphinx_govreport.core.reports.records import OWN_FIELDS, STATUS, Record, records, records_of
from sphinx_govreport.core.reports.report import Report

#: spreadsheets assume another encoding if a file has no byte order mark
_CSV_HEAD = f"\ufeff{','.join(Record._fields)}\r\n"
#: characters that spreadsheets treat as the beginning of a formula; some of them also treat full-width ones so
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "'")


def csv_text(reports: Sequence[Report], forms: Mapping[str, Form]) -> str:
    """Return CSV by RFC 4180 with a byte order mark. Texts that spreadsheets would treat as formulas begin with ``'``."""
    return _CSV_HEAD + _csv_part(reports, forms).decode()


def _csv_part(reports: Sequence[Report], forms: Mapping[str, Form]) -> bytes:
    """Return a line for each record."""
    file = io.StringIO()
    writer = csv.writer(file)
    for record in records_of(reports, forms):
        cells = record._asdict()
        for name, cell in cells.items():
            is_number = name == "value" and record.status == _NUMBER
            if not is_number and str(cell).startswith(_FORMULA):
                cells[name] = f"'{cell}"
        writer.writerow(cells.values())
    return file.getvalue().encode()


def json_text(reports: Sequence[Report], forms: Mapping[str, Form]) -> str:
    """Return the records as a list of reports. Values stay texts, so that no reader rounds them."""
    return dumped([_entry(report, forms) for report in reports])


def _entry(report: Report, forms: Mapping[str, Form]) -> dict[str, object]:
    return {
        "agency": report.published_by,
        "year": report.year,
        "forms": report.forms,
        "figures": [{name: getattr(record, name) for name in OWN_FIELDS} for record in records(report, forms)],
        "notes": {table: list(lines) for table, lines in report.notes.items()},
        "explanations": {rule: explanation.text for rule, explanation in report.explanations.items()},
        "corrections": [
            {
                "date": one.date.isoformat(),
                "table": one.table,
                "key": one.path,
                "before": _corrected(one.before),
                "after": _corrected(one.after),
                "reason": one.reason,
            }
            for one in report.corrections
        ],
    }


def _corrected(figure: Figure) -> dict[str, str]:
    """Return a figure before or after its correction, written like other figures."""
    return {"value": figure.stated, "status": STATUS[figure.status], "unit": figure.unit}


_NUMBER = STATUS[Status.NUMBER]
_DIGITS, _DECIMALS = 38, 15  # a figure has at most 15 digits on either side of the point; sums have 8 more
_ROWS = 120_000  # in a group of rows: readers open as many at once as they have cores


def parquet(reports: Sequence[Report], forms: Mapping[str, Form]) -> bytes:
    """Return a complete Parquet file."""
    file = io.BytesIO()
    write_parquet(file, [parquet_part(reports, forms)])
    return file.getvalue()


def parquet_part(reports: Sequence[Report], forms: Mapping[str, Form]) -> bytes:
    """Return reports for :func:`write_parquet`, in Arrow's stream format."""
    arrow = _arrow()
    rows = [*records_of(reports, forms)]
    columns = [[*column] for column in zip(*rows, strict=True)] if rows else [[] for _name in Record._fields]
    columns.append([Decimal(row.value) if row.status == _NUMBER else None for row in rows])
    schema = _schema(arrow)
    sink = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(sink, schema) as stream:
        stream.write(arrow.record_batch(columns, schema=schema))
    written: bytes = sink.getvalue().to_pybytes()
    return written


def write_parquet(file: BinaryIO, parts: Iterable[bytes]) -> None:
    """Write parts as they arrive."""
    arrow = _arrow()
    writer = require("pyarrow.parquet", "parquet", "Parquet").ParquetWriter(file, _schema(arrow), compression="zstd")
    with writer:
        for group in _groups(arrow, parts):
            writer.write_table(group, row_group_size=len(group))


def _groups(arrow: Any, parts: Iterable[bytes]) -> Iterator[Any]:
    """Yield the parts combined into row groups."""
    waiting: list[Any] = []
    for part in parts:
        waiting.append(arrow.ipc.open_stream(part).read_all())
        if sum(map(len, waiting)) >= _ROWS:
            yield arrow.concat_tables(waiting)
            waiting = []
    if waiting:
        yield arrow.concat_tables(waiting)


def _schema(arrow: Any) -> Any:
    kinds = {"year": arrow.int16()}
    fields = [arrow.field(name, kinds.get(name, arrow.string()), nullable=False) for name in Record._fields]
    return arrow.schema([*fields, arrow.field("number", arrow.decimal128(_DIGITS, _DECIMALS))])  # null where value is empty


def _arrow() -> Any:
    return require("pyarrow", "parquet", "Parquet")


class Stream(NamedTuple):
    """How an export is made in parts. Combined, they are the same as the result of :data:`.EXPORTS` for all reports."""

    part: Callable[[Sequence[Report], Mapping[str, Form]], bytes]  #: a pure function, which can run in workers
    write: Callable[[BinaryIO, Iterable[bytes]], None]


def _write_csv(file: BinaryIO, parts: Iterable[bytes]) -> None:
    file.write(_CSV_HEAD.encode())
    file.writelines(parts)


def _json_part(reports: Sequence[Report], forms: Mapping[str, Form]) -> bytes:
    return json_text(reports, forms).removeprefix("[").removesuffix("\n]\n").encode()


def _write_json(file: BinaryIO, parts: Iterable[bytes]) -> None:
    before = b"["
    for part in parts:
        file.write(before + part)
        before = b","
    file.write(b"\n]\n")


STREAMS: Mapping[str, Stream] = {
    "csv": Stream(_csv_part, _write_csv),
    "json": Stream(_json_part, _write_json),
    "parquet": Stream(parquet_part, write_parquet),
}
