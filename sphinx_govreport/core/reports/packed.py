"""Reports in as few bytes and objects as possible, since caches and large libraries hold thousands.

Key paths are omitted, since the form has them in the same order, and numbers, since they follow from the texts. Unpacked
reports create a figure only when it is used, since the garbage collector would scan 200 objects for each report again and
again.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from sphinx_govreport.core.forms.form import TABLES, Form
from sphinx_govreport.core.forms.layout import TableLayout
from sphinx_govreport.core.yaml.source import ScalarNode

from .figures import ZERO, Figure, Status, Written, figure_of
from .report import Report

_STATUSES = tuple(Status)
_NO_REMARK = ("", "")


def pack(report: Report) -> bytes:
    """Return a report as bytes; :func:`unpack` with the same forms restores it."""
    tables = {name: tuple(_columns_of(figures)) for name, figures in report.figures.items()}
    return pickle.dumps((replace(report, figures={}), tables), protocol=5)


def unpack(packed: bytes, forms: Mapping[str, Form]) -> Report:
    """Return the report of bytes that :func:`pack` has returned."""
    report: Report
    report, tables = pickle.loads(packed)  # our own bytes  # noqa: S301
    figures = {name: Figures(places_of(report.layout(name, forms)), _Columns(*columns)) for name, columns in tables.items()}
    return replace(report, figures=figures)


class _Columns(NamedTuple):
    """The properties of figures, each in statutory order."""

    statuses: bytes
    texts: tuple[str, ...]
    lines: tuple[int, ...]
    columns: tuple[int, ...]
    remarks: Mapping[int, tuple[str, str]]  #: unit and note, of figures that have one
    stated: bytes


class Figures(Mapping[str, Figure]):
    """The figures of a table by key path."""

    __slots__ = ("_columns", "_places")

    def __init__(self, places: Mapping[str, int], columns: _Columns) -> None:
        self._places = places
        self._columns = columns

    @classmethod
    def of(cls, figures: Mapping[str, Written], layout: TableLayout) -> Figures:
        """Return the figures of a table, packed unless they are already."""
        if isinstance(figures, cls):
            return figures
        places = places_of(layout)
        return cls(places, _columns([figures[path] for path in places]))

    def __getitem__(self, path: str) -> Figure:
        """Return a new figure. Raises ``KeyError``."""
        at = self._places[path]
        statuses, texts, lines, columns, remarks, stated = self._columns
        unit, note = remarks.get(at, _NO_REMARK)
        value = _value(statuses[at], texts[at])
        return Figure(_STATUSES[statuses[at]], value, texts[at], lines[at], columns[at], unit, note, bool(stated[at]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    @property
    def numbers(self) -> Mapping[str, Decimal | None]:
        """The numbers by key path; None where there is no number."""
        return dict(zip(self._places, map(_value, self._columns.statuses, self._columns.texts), strict=True))

    @property
    def computed(self) -> frozenset[str]:
        """The key paths of totals that are omitted."""
        stated = self._columns.stated
        return frozenset(path for path, at in self._places.items() if not stated[at]) if 0 in stated else frozenset()

    @property
    def unknown(self) -> frozenset[str]:
        """The key paths of figures that make a sum unknown."""
        statuses = self._columns.statuses
        if not any(statuses):  # as most tables are
            return frozenset()
        return frozenset(path for path, at in self._places.items() if not _STATUSES[statuses[at]].is_known)

    def having(self, status: Status) -> tuple[str, ...]:
        """Return the key paths of stated figures with a status."""
        statuses, stated = self._columns.statuses, self._columns.stated
        if status not in statuses:  # as most tables are
            return ()
        return tuple(path for path, at in self._places.items() if statuses[at] == status and stated[at])

    @property
    def plain(self) -> Sequence[str | None]:
        """The texts in statutory order; None for figures that are no number or have a unit or note."""
        statuses, texts, _lines, _columns, remarks, _stated = self._columns
        if not remarks and not any(statuses):  # as most tables are
            return texts
        return [
            None if status or at in remarks else text for at, (status, text) in enumerate(zip(statuses, texts, strict=True))
        ]


def _value(status: int, written: str) -> Decimal | None:
    return None if status else ZERO if written == "0" else Decimal(written)


def _columns_of(figures: Mapping[str, Figure]) -> _Columns:
    return figures._columns if isinstance(figures, Figures) else _columns(list(figures.values()))


def _columns(written: Sequence[Written]) -> _Columns:
    if set(map(type, written)) == {ScalarNode}:
        texts, lines, columns, _plain = zip(*written, strict=True)
        statuses, stated = bytes([Status.NUMBER]) * len(texts), bytes([True]) * len(texts)
        return _Columns(statuses, texts, lines, columns, {}, stated)
    kinds, _values, texts, lines, columns, units, notes, is_explicit = zip(*map(figure_of, written), strict=True)
    remarks = {at: both for at, both in enumerate(zip(units, notes, strict=True)) if both != _NO_REMARK}
    return _Columns(bytes(kinds), texts, lines, columns, remarks, bytes(is_explicit))


@lru_cache(maxsize=TABLES)
def places_of(layout: TableLayout) -> Mapping[str, int]:
    """Return the place in statutory order of each figure, by key path."""
    return {path: at for at, path in enumerate(layout.indicators)}
