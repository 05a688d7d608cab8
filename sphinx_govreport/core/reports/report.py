"""A report: one agency's figures for one year, typed by the form."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from sphinx_govreport.core.forms.form import Form, FormTable, newest
from sphinx_govreport.core.forms.layout import TableLayout, layout_of

from .figures import ZERO, Figure, Status

_STATUSES = tuple(Status)
_NO_REMARK = ("", "")


class Explanation(NamedTuple):
    """The author's reason for a finding."""

    text: str
    line: int  #: of its key in the year file, from 1
    column: int


@dataclass(frozen=True, slots=True)
class Report:
    """One year file."""

    agency: str
    year: int
    path: str
    digest: str  #: of the file and, behind a hyphen, of the forms it is read by
    forms: dict[str, str]  #: the name of each table's form, in the order of the tables
    figures: Mapping[str, Mapping[str, Figure]]  #: by table and key path, in statutory order
    notes: dict[str, tuple[str, ...]]  #: what is printed under a table
    explanations: dict[str, Explanation]  #: by the rule's name
    year_at: tuple[int, int] = (1, 1)  #: line and column of the year in the year file

    def figure(self, path: str) -> Figure:
        """The figure with a whole key path, such as ``requests.received.total``. Raises ``KeyError``."""
        table, _, rest = path.partition(".")
        return self.figures[table][rest]

    def tables(self, forms: Mapping[str, Form]) -> dict[str, FormTable]:
        """Return the tables of the report's forms by name."""
        return {table: forms[form].table(table) for table, form in self.forms.items()}

    def layout(self, table: str, forms: Mapping[str, Form]) -> TableLayout:
        """Return one of the tables, worked out. Raises ``KeyError``."""
        return layout_of(forms[self.forms[table]].table(table))

    def form(self, forms: Mapping[str, Form]) -> Form:
        """Return the newest of the report's forms: its title, sections and deadline are the report's."""
        return newest(forms[name] for name in self.forms.values())


# -- packed: caches and large libraries hold thousands ---------------------------------------------------------------


class _Columns(NamedTuple):
    """Figures by what is said of them, each in statutory order."""

    statuses: bytes
    texts: tuple[str, ...]
    lines: tuple[int, ...]
    columns: tuple[int, ...]
    remarks: Mapping[int, tuple[str, str]]  #: unit and note, of those that have one
    stated: bytes


def pack(report: Report) -> bytes:
    """The report as bytes; :func:`unpack` with the same forms makes it of them again.

    Key paths are left out, since the form has them in the same order, and numbers, since they are what the texts say.
    """
    tables = {name: tuple(_columns(figures)) for name, figures in report.figures.items()}
    explanations = {rule: tuple(reason) for rule, reason in report.explanations.items()}
    head = (report.agency, report.year, report.path, report.digest, report.forms)
    return pickle.dumps((*head, tables, report.notes, explanations, report.year_at), protocol=5)


def unpack(packed: bytes, forms: Mapping[str, Form]) -> Report:
    """The report of bytes that :func:`pack` has made."""
    body = pickle.loads(packed)  # our own bytes  # noqa: S301
    agency, year, path, digest, by_table, tables, notes, explanations, year_at = body
    figures = {
        name: _figures(layout_of(forms[by_table[name]].table(name)), _Columns(*columns)) for name, columns in tables.items()
    }
    reasons = {rule: Explanation(*reason) for rule, reason in explanations.items()}
    return Report(agency, year, path, digest, by_table, figures, notes, reasons, year_at)


def _columns(figures: Mapping[str, Figure]) -> _Columns:
    kinds, _values, texts, lines, columns, units, notes, is_explicit = zip(*figures.values(), strict=True)
    remarks = {at: both for at, both in enumerate(zip(units, notes, strict=True)) if both != _NO_REMARK}
    return _Columns(bytes(kinds), texts, lines, columns, remarks, bytes(is_explicit))


def _figures(layout: TableLayout, packed: _Columns) -> dict[str, Figure]:
    figures = {}
    rows = zip(layout.indicators, packed.statuses, packed.texts, packed.lines, packed.columns, packed.stated, strict=True)
    for at, (path, status, text, line, column, stated) in enumerate(rows):
        unit, note = packed.remarks.get(at, _NO_REMARK)
        value = None if status else ZERO if text == "0" else Decimal(text)
        figures[path] = Figure(_STATUSES[status], value, text, line, column, unit, note, bool(stated))
    return figures
