"""A report: one agency's figures for one year, typed by the form."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sphinx_govreport.core.forms.form import Form, FormTable, filled, newest
from sphinx_govreport.core.forms.layout import TableLayout, layout_of
from sphinx_govreport.core.forms.reader import main_kind

from .figures import Figure


class ReportKey(NamedTuple):
    """What one report is known by."""

    agency: str
    year: int
    kind: str  #: that of its forms

    @property
    def last_year(self) -> ReportKey:
        """The same for the year before."""
        return self._replace(year=self.year - 1)

    @property
    def other_kind(self) -> str:
        """The kind where it must be said: empty for that of the statutory forms."""
        return "" if self.kind == main_kind() else self.kind


class Explanation(NamedTuple):
    """The author's reason for a finding."""

    text: str
    line: int  #: of its key in the year file, from 1
    column: int


class Correction(NamedTuple):
    """A figure that was published, and what it was corrected to."""

    date: datetime.date
    table: str
    path: str  #: key path of the figure, without the table
    before: Figure
    after: Figure
    reason: str
    line: int  #: in the year file, from 1
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
    corrections: tuple[Correction, ...] = ()  #: oldest first; those of one day as they are written
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: by table: the rows that the year file names

    @property
    def corrected(self) -> str:
        """The day of the newest correction, ``YYYY-MM-DD``; empty if nothing was corrected."""
        return self.corrections[-1].date.isoformat() if self.corrections else ""

    def figure(self, path: str) -> Figure:
        """The figure with a whole key path, such as ``requests.received.total``. Raises ``KeyError``."""
        table, _, rest = path.partition(".")
        return self.figures[table][rest]

    def tables(self, forms: Mapping[str, Form]) -> dict[str, FormTable]:
        """Return the tables of the report's forms by name."""
        return {
            table: filled(forms[form].table(table), self.year, self.rows.get(table, ())) for table, form in self.forms.items()
        }

    def layout(self, table: str, forms: Mapping[str, Form]) -> TableLayout:
        """Return one of the tables, worked out. Raises ``KeyError``."""
        return layout_of(forms[self.forms[table]].table(table), self.year, self.rows.get(table, ()))

    def key(self, forms: Mapping[str, Form]) -> ReportKey:
        """Return what the report is known by."""
        return ReportKey(self.agency, self.year, self.form(forms).kind)

    def form(self, forms: Mapping[str, Form]) -> Form:
        """Return the newest of the report's forms: its title, sections and deadline are the report's."""
        return newest(forms[name] for name in self.forms.values())
