"""What every document that is made of a report has: its title, its tables with headings, and what stands under them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from ..core.form import TABLES, Form
from ..core.model import Report
from ..core.tables import EXPLANATION_PREFIX, FORM_PREFIX, NOTE_PREFIX, Table, report_title, table_of

#: what documents say they were made at: the same report makes the same bytes whenever it is written
CREATED = datetime(2020, 1, 1)
TITLE_LENGTH = 250  #: of titles and authors: what office programs take


class Page(NamedTuple):
    """One statutory table as a document prints it."""

    table: Table
    form: Form
    heading: str  #: the statutory title with the number of its section
    notes: tuple[str, ...]  #: whole lines

    @property
    def source(self) -> str:
        """The line that says which notice prescribes the table."""
        return f"{FORM_PREFIX}{self.form.notice}"


def described(reports: Sequence[Report]) -> tuple[str, str]:
    """Title and author of a document, as far as office programs take them."""
    titles, agencies = (dict.fromkeys(map(say, reports)) for say in (report_title, lambda report: report.agency))
    return "、".join(titles)[:TITLE_LENGTH], "、".join(agencies)[:TITLE_LENGTH]


def pages_of(report: Report, forms: Mapping[str, Form]) -> Iterator[Page]:
    """The tables of a report in statutory order; the explanations stand under the last."""
    for name in TABLES:
        form = forms[report.forms[name]]
        table = table_of(report, forms, name)
        notes = [f"{NOTE_PREFIX}{note}" for note in table.notes]
        if name == TABLES[-1]:
            notes += [f"{EXPLANATION_PREFIX}{reason.text}" for reason in report.explanations.values()]
        yield Page(table, form, heading_of(form, name), tuple(notes))


def heading_of(form: Form, name: str) -> str:
    """The title of a table's section."""
    table = form.table(name)
    return f"{table.section}、{table.label}"
