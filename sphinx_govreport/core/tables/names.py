"""What a report, its tables and its figures are called wherever one can refer to them, on other sites too.

Such as ``宿迁市/2024``, ``宿迁市/2024:requests``, ``宿迁市/2024:requests.received.total``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.core.forms.form import Form, table_spellings
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.reports.quoting import Problem, named_figure, quote, unknown_name
from sphinx_govreport.core.reports.report import Report

from .table import figure_ident, table_ident, titled


class Target(NamedTuple):
    """What a reference means."""

    agency: str
    year: int
    table: str = ""  #: empty: the whole report
    path: str = ""  #: empty: the whole table

    @property
    def name(self) -> str:
        """What it is called everywhere."""
        report = f"{'_'.join(self.agency.split())}/{self.year}"
        return ":".join(filter(None, (report, ".".join(filter(None, (self.table, self.path))))))

    @property
    def anchor(self) -> str:
        """The id on its page; empty: the page itself."""
        if not self.table:
            return ""
        table = table_ident(self.agency, self.year, self.table)
        return figure_ident(table, self.path) if self.path else table


def title_of(target: Target, published_by: str, by_table: Mapping[str, str], forms: Mapping[str, Form]) -> str:
    """What is printed for a table or a figure where the author gives no words; ``by_table`` has each table's form.

    The report was ``published_by`` the agency of the target, maybe under a former name.
    """
    table = forms[by_table[target.table]].table(target.table)
    return layout_of(table).indicators[target.path].label if target.path else titled(published_by, target.year, table.label)


def resolve(kind: str, key: str, report: Report, forms: Mapping[str, Form]) -> Target | Problem:
    """The target that an author's words mean in a report, in English or Chinese, or why there is none."""
    whole = Target(report.agency, report.year)
    unknown = text("“{key}” is not known here.", key=key)
    if kind == "report":
        return whole if not key else Problem(unknown, text("Write the year, such as 2024."))
    if kind == "table":
        names = table_spellings(report.tables(forms).values())
        table = names.get("".join(key.split()))
        return whole._replace(table=table) if table else unknown_name(key, names, tuple(report.forms))
    found = quote(key, report, forms)
    if isinstance(found, Problem):
        return found
    if len(found.paths) != 1:
        return Problem(unknown, text("A reference leads to one figure."))
    return Target(report.agency, report.year, *found.paths[0])


def resolve_external(kind: str, key: str, agency: str, year: int, forms: Mapping[str, Form]) -> Target | None:
    """The figure that an author's words mean in a report of another site, whose form is one of those known here."""
    if kind != "figure":
        return None
    for form in forms.values():
        found = named_figure(key, dict.fromkeys(form.table_names, form.name), forms)
        if not isinstance(found, Problem):
            return Target(agency, year, *found)
    return None


def label_of(target: Target, forms: Mapping[str, Form]) -> str:
    """What is printed for a figure of another site; the newest form that knows it calls it so."""
    newest_first = (form for form in reversed(tuple(forms.values())) if target.table in form.table_names)
    indicators = (layout_of(form.table(target.table)).indicators for form in newest_first)
    return next(
        (titled(target.agency, target.year, known[target.path].label) for known in indicators if target.path in known), ""
    )
