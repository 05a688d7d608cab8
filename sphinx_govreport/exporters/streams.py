"""Exports of any number of reports: made a few reports at a time, written as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import BinaryIO, NamedTuple

from ..core.form import Form
from ..core.formats import dumped
from ..core.model import Report
from .parquet import parquet_part, write_parquet
from .records import csv_head, csv_lines, json_entries


class Stream(NamedTuple):
    """How an export is made in parts. Put together, they are what :data:`.EXPORTS` makes of all reports at once."""

    part: Callable[[Sequence[Report], Mapping[str, Form]], bytes]  #: a pure function, which workers can do
    write: Callable[[BinaryIO, Iterable[bytes]], None]


def _csv_part(reports: Sequence[Report], forms: Mapping[str, Form]) -> bytes:
    return csv_lines(reports, forms).encode()


def _write_csv(file: BinaryIO, parts: Iterable[bytes]) -> None:
    file.write(csv_head().encode())
    file.writelines(parts)


def _json_part(reports: Sequence[Report], forms: Mapping[str, Form]) -> bytes:
    return dumped(json_entries(reports, forms)).removeprefix("[").removesuffix("\n]\n").encode()


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
