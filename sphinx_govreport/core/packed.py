"""A report in as few bytes as it needs: caches and large libraries hold thousands.

Key paths are left out, since the form has them in the same order, and numbers, since they are what the texts say.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from decimal import Decimal

from .figures import ZERO, Figure, Status
from .form import Form
from .model import Explanation, Report
from .structure import structure_of

_STATUSES = tuple(Status)


def pack(report: Report) -> bytes:
    """The report as bytes; :func:`unpack` with the same forms makes it of them again."""
    tables = {name: _columns(figures) for name, figures in report.figures.items()}
    explanations = {rule: tuple(reason) for rule, reason in report.explanations.items()}
    body = (report.agency, report.year, report.path, report.digest, report.forms, tables, report.notes, explanations)
    return pickle.dumps(body, protocol=5)


def unpack(packed: bytes, forms: Mapping[str, Form]) -> Report:
    """The report of bytes that :func:`pack` has made."""
    body = pickle.loads(packed)  # our own bytes  # noqa: S301
    agency, year, path, digest, by_table, tables, notes, explanations = body
    figures = {}
    for name, columns in tables.items():
        measures = structure_of(forms[by_table[name]].table(name)).measures
        figures[name] = dict(zip(measures, _figures(*columns), strict=True))
    reasons = {rule: Explanation(*reason) for rule, reason in explanations.items()}
    return Report(agency, year, path, digest, by_table, figures, notes, reasons)


_Columns = tuple[bytes, tuple[str, ...], tuple[int, ...], tuple[int, ...], dict[int, tuple[str, str]], bytes]


def _columns(figures: Mapping[str, Figure]) -> _Columns:
    statuses, _values, texts, lines, columns, _units, _notes, stated = zip(*figures.values(), strict=True)
    remarks = {at: (one.unit, one.note) for at, one in enumerate(figures.values()) if one.unit or one.note}
    return bytes(statuses), texts, lines, columns, remarks, bytes(stated)


def _figures(
    statuses: bytes,
    texts: tuple[str, ...],
    lines: tuple[int, ...],
    columns: tuple[int, ...],
    remarks: Mapping[int, tuple[str, str]],
    stated: bytes,
) -> Iterator[Figure]:
    for at, (status, written, line, column, is_stated) in enumerate(zip(statuses, texts, lines, columns, stated, strict=True)):
        unit, note = remarks.get(at, ("", ""))
        value = None if status else ZERO if written == "0" else Decimal(written)
        yield Figure(_STATUSES[status], value, written, line, column, unit, note, bool(is_stated))
