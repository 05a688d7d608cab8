"""The names of reports, tables and figures in references, also from other sites.

Examples: ``宿迁市/2024``, ``宿迁市/2024:requests``, ``宿迁市/2024:requests.received.total``. Kinds other than that of the
statutory forms follow the year: ``宿迁市/2024/行政执法统计年报:penalties``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sphinx_govreport.core.diagnostics import Problem, text
from sphinx_govreport.core.forms.form import Form, FormTable, table_keys, table_spellings
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.reports.quoting import named_figure, quote, unknown_name
from sphinx_govreport.core.reports.report import Report, ReportKey

from .table import figure_ident, table_ident, titled


class Target(NamedTuple):
    """The target of a reference."""

    report: ReportKey
    table: str = ""  #: empty: the whole report
    path: str = ""  #: empty: the whole table

    @property
    def name(self) -> str:
        """The name in references."""
        agency, year, _kind = self.report
        report = "/".join("_".join(part.split()) for part in (agency, str(year), self.report.other_kind) if part)
        return ":".join(filter(None, (report, ".".join(filter(None, (self.table, self.path))))))

    @property
    def anchor(self) -> str:
        """The id on its page; empty: the page itself."""
        if not self.table:
            return ""
        table = table_ident(self.report, self.table)
        return figure_ident(table, self.path) if self.path else table


def title_of(target: Target, published_by: str, table: FormTable) -> str:
    """Return the text of a reference to a table or a figure without explicit text; ``table`` as the report has it.

    The report was ``published_by`` the agency of the target, possibly under a former name.
    """
    if target.path:
        return layout_of(table).indicators[target.path].label
    return titled(published_by, target.report.year, table.label)


def resolve(kind: str, key: str, report: Report, forms: Mapping[str, Form]) -> Target | Problem:
    """Return the target in a report of an author's words, in English or Chinese, or the problem if there is none."""
    whole = Target(report.key(forms))
    unknown = text("Unknown key “{key}”.", key=key)
    if kind == "report":
        return whole if not key else Problem(unknown, text("Write the year, such as 2024."))
    if kind == "table":
        tables = report.tables(forms).values()
        names = table_spellings(tables)
        table = names.get("".join(key.split()))
        return whole._replace(table=table) if table else unknown_name(key, names, table_keys(tables, key))
    found = quote(key, report, forms)
    if isinstance(found, Problem):
        return found
    if len(found.paths) != 1:
        return Problem(unknown, text("A reference must lead to one figure."))
    return Target(whole.report, *found.paths[0])


def resolve_external(kind: str, key: str, report: ReportKey, forms: Mapping[str, Form]) -> Target | None:
    """Return the target of an author's words in a report of another site that uses one of the forms known here.

    If no form of the report's kind has the figure, it is that of a report of another kind.
    """
    if kind != "figure":
        return None
    for form in sorted(forms.values(), key=lambda form: form.kind != report.kind):
        found = named_figure(key, {table.name: table for table in form.tables})
        if not isinstance(found, Problem):
            return Target(report._replace(kind=form.kind), *found)
    return None


def label_of(target: Target, forms: Mapping[str, Form]) -> str:
    """Return the text of a reference to a figure of another site, from the newest form that has it."""
    newest_first = (form for form in reversed(tuple(forms.values())) if target.table in form.table_names)
    indicators = (layout_of(form.table(target.table)).indicators for form in newest_first)
    agency, year, _kind = target.report
    return next((titled(agency, year, known[target.path].label) for known in indicators if target.path in known), "")
