"""Reports: one agency's figures for one year, typed by the form."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sphinx_govreport.core.forms.form import Form, FormTable, Keys, filled, newest, table_key
from sphinx_govreport.core.forms.layout import TableLayout, layout_of
from sphinx_govreport.core.forms.reader import main_kind

from .figures import Figure, Status
from .keys import CORRECTION_KEYS, written_key


class ReportKey(NamedTuple):
    """The identity of a report."""

    agency: str  #: its current name
    year: int  #: of the figures, not of the publication
    kind: str  #: kind of report, that of its forms

    @property
    def last_year(self) -> ReportKey:
        """The key for the previous year."""
        return self._replace(year=self.year - 1)

    @property
    def other_kind(self) -> str:
        """The kind if it must be shown: empty for that of the statutory forms."""
        return "" if self.kind == main_kind() else self.kind


class Explanation(NamedTuple):
    """The author's reason for a finding."""

    text: str
    line: int  #: of its key in the year file, from 1
    column: int


class Correction(NamedTuple):
    """A published figure and its correction."""

    date: datetime.date  #: the day on which the correction was published
    table: str  #: name of the figure's table
    path: str  #: key path of the figure, without the table
    before: Figure  #: as it was published
    after: Figure  #: as it is now
    reason: str  #: printed with the correction
    line: int  #: in the year file, from 1
    column: int  #: in the year file, in characters from 1


def correction_lines(date: str, figure: str, before: Figure, after: Figure, reason: str, keys: Keys) -> Iterator[str]:
    """Yield the keys of a correction with their values, as in a year file; ``reason`` is YAML."""
    figures = (each._replace(note="").as_yaml(keys) for each in (before, after))
    for key, value in zip(CORRECTION_KEYS, (date, figure, *figures, reason), strict=True):
        yield f"{written_key(key, CORRECTION_KEYS, keys)}: {value}"


@dataclass(frozen=True, slots=True)
class Report:
    """The content of one year file."""

    agency: str  #: its current name
    year: int  #: of the figures, not of the publication
    path: str  #: of the year file
    digest: str  #: of the file and, after a hyphen, of its forms
    forms: dict[str, str]  #: each table's form by name, in the order of the tables
    figures: Mapping[str, Mapping[str, Figure]]  #: by table and key path, in statutory order
    notes: dict[str, tuple[str, ...]]  #: printed under a table
    explanations: dict[str, Explanation]  #: by the rule's name
    year_at: tuple[int, int] = (1, 1)  #: line and column of the year in the year file
    corrections: tuple[Correction, ...] = ()  #: oldest first; those of one date in the order of the file
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: by table: the rows that the year file lists
    keys: Keys = "en"  #: language of the keys in the year file
    former_name: str = ""  #: of the agency, if the year file uses it

    @property
    def corrected(self) -> str:
        """The date of the newest correction, ``YYYY-MM-DD``; empty if there is none."""
        return self.corrections[-1].date.isoformat() if self.corrections else ""

    @property
    def published_by(self) -> str:
        """The agency as named in the year file: its name when the report was published."""
        return self.former_name or self.agency

    def of(self, agency: str) -> Report:
        """Return the report with the current name of its agency."""
        return self if agency == self.agency else replace(self, agency=agency, former_name=self.agency)

    def figure_name(self, table: str, path: str, forms: Mapping[str, Form], keys: Keys | None = None) -> str:
        """Return the whole key path of a figure in a language, by default as in the year file."""
        key = table_key(table, forms.values(), keys or self.keys)
        return f"{key}.{self.layout(table, forms).root.path_in(path, keys or self.keys)}"

    def figure(self, path: str) -> Figure:
        """Return the figure at a whole key path, such as ``requests.received.total``. Raises ``KeyError``."""
        table, _, rest = path.partition(".")
        return self.figures[table][rest]

    def tables(self, forms: Mapping[str, Form]) -> dict[str, FormTable]:
        """Return the tables of the report's forms by name."""
        return {
            table: filled(forms[form].table(table), self.year, self.rows.get(table, ())) for table, form in self.forms.items()
        }

    def layout(self, table: str, forms: Mapping[str, Form]) -> TableLayout:
        """Return the layout of a table. Raises ``KeyError``."""
        return layout_of(forms[self.forms[table]].table(table), self.year, self.rows.get(table, ()))

    def key(self, forms: Mapping[str, Form]) -> ReportKey:
        """Return the key of the report."""
        return ReportKey(self.agency, self.year, self.form(forms).kind)

    def is_begun(self, forms: Mapping[str, Form]) -> bool:
        """Return whether only last year's figures are filled in yet."""
        has_blanks = False
        for table, figures in self.figures.items():
            carried = {pair[1].path for one in self.layout(table, forms).equations if (pair := one.carried)}
            for path, figure in figures.items():
                if figure.status is Status.BLANK:
                    has_blanks = True
                elif figure.is_explicit and path not in carried:
                    return False
        return has_blanks

    def form(self, forms: Mapping[str, Form]) -> Form:
        """Return the newest of the report's forms: its title, sections and deadline are the report's."""
        return newest(forms[name] for name in self.forms.values())
