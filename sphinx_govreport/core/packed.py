"""A report in as few bytes and objects as it needs: caches and large libraries hold thousands.

Key paths are left out, since the form has them in the same order, and numbers, since they are what the texts say. What is
unpacked makes a figure only when somebody asks for it: 200 objects a report are nothing that the garbage collector should
look at over and over.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from .figures import ZERO, Figure, Status
from .form import Form
from .model import Explanation, Report
from .structure import Structure, structure_of

_STATUSES = tuple(Status)
_NO_REMARK = ("", "")


def pack(report: Report) -> bytes:
    """The report as bytes; :func:`unpack` with the same forms makes it of them again."""
    tables = {name: tuple(_columns(figures)) for name, figures in report.figures.items()}
    explanations = {rule: tuple(reason) for rule, reason in report.explanations.items()}
    body = (report.agency, report.year, report.path, report.digest, report.forms, tables, report.notes, explanations)
    return pickle.dumps(body, protocol=5)


def unpack(packed: bytes, forms: Mapping[str, Form]) -> Report:
    """The report of bytes that :func:`pack` has made."""
    body = pickle.loads(packed)  # our own bytes  # noqa: S301
    agency, year, path, digest, by_table, tables, notes, explanations = body
    figures = {
        name: Figures(_places(structure_of(forms[by_table[name]].table(name))), _Columns(*columns))
        for name, columns in tables.items()
    }
    reasons = {rule: Explanation(*reason) for rule, reason in explanations.items()}
    return Report(agency, year, path, digest, by_table, figures, notes, reasons)


class _Columns(NamedTuple):
    """Figures by what is said of them, each in statutory order."""

    statuses: bytes
    texts: tuple[str, ...]
    lines: tuple[int, ...]
    columns: tuple[int, ...]
    remarks: Mapping[int, tuple[str, str]]  #: unit and note, of those that have one
    stated: bytes


class Figures(Mapping[str, Figure]):
    """The figures of a table by key path."""

    __slots__ = ("_columns", "_places")

    def __init__(self, places: Mapping[str, int], columns: _Columns) -> None:
        self._places = places
        self._columns = columns

    def __getitem__(self, path: str) -> Figure:
        """Make the figure. Raises ``KeyError``."""
        at = self._places[path]
        statuses, texts, lines, columns, remarks, stated = self._columns
        written = texts[at]
        value = None if statuses[at] else ZERO if written == "0" else Decimal(written)
        unit, note = remarks.get(at, _NO_REMARK)
        return Figure(_STATUSES[statuses[at]], value, written, lines[at], columns[at], unit, note, bool(stated[at]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _columns(figures: Mapping[str, Figure]) -> _Columns:
    statuses, _values, texts, lines, columns, _units, _notes, stated = zip(*figures.values(), strict=True)
    remarks = {at: (one.unit, one.note) for at, one in enumerate(figures.values()) if one.unit or one.note}
    return _Columns(bytes(statuses), texts, lines, columns, remarks, bytes(stated))


@cache
def _places(structure: Structure) -> Mapping[str, int]:
    return {path: at for at, path in enumerate(structure.measures)}
