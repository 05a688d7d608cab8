"""Records as Parquet, for those who reckon with them: values as they were written, and as exact decimals."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, BinaryIO

from ..core.extras import require
from ..core.form import Form
from ..core.model import Report
from ..core.records import Record, records_of

NUMBER = "number"  #: the column of exact decimals; empty where :attr:`Record.value` is
DIGITS, DECIMALS = 38, 15  # a figure has 15 digits on either side of the point; its sums have 8 more

_ROWS = 120_000  # in a group of rows: readers open as many at once as they have cores


def parquet(reports: Sequence[Report], forms: Mapping[str, Form]) -> bytes:
    """A whole file."""
    file = io.BytesIO()
    write_parquet(file, [parquet_part(reports, forms)])
    return file.getvalue()


def parquet_part(reports: Sequence[Report], forms: Mapping[str, Form]) -> bytes:
    """Reports for :func:`write_parquet`, in Arrow's format of streams."""
    arrow = _arrow()
    rows = [*records_of(reports, forms)]
    columns = [[*column] for column in zip(*rows, strict=True)] if rows else [[] for _name in Record._fields]
    columns.append([Decimal(row.value) if row.value else None for row in rows])
    schema = _schema(arrow)
    sink = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(sink, schema) as stream:
        stream.write(arrow.record_batch(columns, schema=schema))
    written: bytes = sink.getvalue().to_pybytes()
    return written


def write_parquet(file: BinaryIO, parts: Iterable[bytes]) -> None:
    """Write parts as they come."""
    arrow = _arrow()
    writer = require("pyarrow.parquet", "parquet", "Parquet").ParquetWriter(file, _schema(arrow), compression="zstd")
    with writer:
        for group in _groups(arrow, parts):
            writer.write_table(group, row_group_size=len(group))


def _groups(arrow: Any, parts: Iterable[bytes]) -> Iterator[Any]:
    """Parts put together to groups of rows."""
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
    return arrow.schema([*fields, arrow.field(NUMBER, arrow.decimal128(DIGITS, DECIMALS))])


def _arrow() -> Any:
    return require("pyarrow", "parquet", "Parquet")
