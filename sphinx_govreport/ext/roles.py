"""The roles: figures, changes and shares in sentences, from the year files."""

from __future__ import annotations

from docutils import nodes

from sphinx_govreport.core.diagnostics import Text, text
from sphinx_govreport.core.reports.figures import in_digits
from sphinx_govreport.core.reports.quoting import Asked, Problem, Quote, are_comparable, change, parse_role_text, quote, share
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.ext.lookup import UNKNOWN_FIGURE, ReportRole

from .domain.domain import domain_of
from .nodes import QUOTE_CLASS


class FigureRole(ReportRole):
    """``gov-figure``: one figure as it is written, or the exact sum of several."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the figure, or the text of the role if there is no such figure."""
        wanted = parse_role_text(self.text)
        report = self.report_of(wanted.agency, str(wanted.year or ""))
        found = self._quote(wanted.figures, report) if report else None
        if report is None or found is None:
            return [self._literal()], []
        return [self.print(wanted, report, found)], []

    def print(self, wanted: Asked, report: Report, found: Quote) -> nodes.Node:
        """Return the node of a figure."""
        node = self._node(found.shown())
        if found.value is not None:
            node["value"] = in_digits(found.value)
        if len(found.paths) == 1:
            table, path = found.paths[0]
            node.attributes.update(agency=report.agency, year=report.year, table=table, path=path)
        for table in {table for table, _path in found.paths}:
            domain_of(self.env).note_quote(self.env.docname, report.agency, report.year, table)
        return node

    def _quote(self, written: str, report: Report) -> Quote | None:
        found = quote(written, report, domain_of(self.env).build.library.forms)
        if isinstance(found, Problem):
            self.problem(UNKNOWN_FIGURE, found.message, found.hint)
            return None
        return found

    def _node(self, shown: str | Text) -> nodes.inline:
        node = nodes.inline("", self.render(shown), classes=[QUOTE_CLASS])
        self.set_source_info(node)
        return node

    def _literal(self) -> nodes.Node:
        return nodes.literal(self.rawtext, self.text)

    def _shown(self, result: Text | Problem) -> nodes.Node:
        if isinstance(result, Problem):
            self.problem(UNKNOWN_FIGURE, result.message, result.hint)
            return self._literal()
        return self._node(result)


class ChangeRole(FigureRole):
    """``gov-change``: up or down against the year before, as a percentage or (``| amount``) a number."""

    def print(self, wanted: Asked, report: Report, found: Quote) -> nodes.Node:
        """Return the node of a change."""
        last = self.report_of(report.agency, str(report.year - 1))
        if last is None:
            return self._literal()
        if not are_comparable(found, report, last, domain_of(self.env).build.library.forms):
            return self._node(text("not comparable"))
        then = Quote(found.paths, tuple(last.figures[table][path] for table, path in found.paths))
        if not found.amount or not then.amount:
            return self._node((then if found.amount else found).shown())
        return self._shown(change(found.amount, then.amount, wanted.format))


class ShareRole(FigureRole):
    """``gov-share``: the percentage that figures are of a base, ``figure / base``."""

    def print(self, wanted: Asked, report: Report, found: Quote) -> nodes.Node:
        """Return the node of a share."""
        if not wanted.base:
            message = text("A share needs a base.")
            return self._shown(Problem(message, text("Write “figure / base”, such as “… / {base}”.", base=self._base(report))))
        base = self._quote(wanted.base, report)
        if base is None:
            return self._literal()
        if not found.amount or not base.amount:
            return self._node((base if found.amount else found).shown())
        return self._shown(share(found.amount, base.amount, wanted.format))

    def _base(self, report: Report) -> str:
        """The figure that shares are shares of, or else the first of the report."""
        table, figures = next(iter(report.figures.items()))
        base = report.form(domain_of(self.env).build.library.forms).share_base
        return base if base.partition(".")[0] in report.forms else f"{table}.{next(iter(figures))}"


ROLES = {"gov-figure": FigureRole, "gov-change": ChangeRole, "gov-share": ShareRole}
