"""The roles: figures, changes and shares in sentences, and references to reports, tables and figures."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_govreport.core.diagnostics import Problem, Severity, Text, text
from sphinx_govreport.core.forms.form import Keys, language_of
from sphinx_govreport.core.reports import quoting
from sphinx_govreport.core.reports.figures import in_digits
from sphinx_govreport.core.reports.report import Report, ReportKey
from sphinx_govreport.core.reports.series import NOT_COMPARABLE, formula_note
from sphinx_govreport.core.tables.names import Target, label_of, resolve, resolve_external
from sphinx_govreport.core.tables.table import figure_ident

from . import compat
from .domain.domain import GovDomain, domain_of
from .log import report_on_page, site_rule
from .lookup import UNKNOWN_FIGURE, ReportRole
from .nodes import QUOTE_CLASS, key_attributes


class FigureRole(ReportRole):
    """``gov-figure``: one figure as written, the exact sum of several, or a rate of the form (``| 1``: number of decimals)."""

    has_base = False

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the figure, or the text of the role if there is no such figure."""
        wanted = quoting.parse_role_text(self.text)
        report = self.report_of(wanted.agency, str(wanted.year or ""), wanted.kind, wanted.tables)
        if report and self.has_base and not wanted.base:
            hint = text("Write “figure / base”, such as “… / {base}”.", base=self._base(report, language_of(wanted.figures)))
            return [self._wrong(Problem(text("A share needs a base."), hint))], []
        found = self._quote(wanted.figures, report) if report else None
        if report is None or found is None:
            return [self._literal()], []
        if wanted.base and not self.has_base:
            written = f"{wanted.figures} / {wanted.base}"
            return [self._wrong(Problem(text("“{written}” is not a single figure.", written=written), None))], []
        return [self.print(wanted, report, found)], []

    def print(self, wanted: quoting.Asked, report: Report, found: quoting.Quote) -> nodes.Node:
        """Return the node of a figure."""
        if found.rate:
            return self._rate(wanted, report, found)
        if wanted.format:
            hint = text("Delete the part that begins with “|”: only rates have decimals.")
            return self._wrong(Problem(text("Unknown format “{format}”.", format=wanted.format), hint))
        node = self._node(found.shown())
        key = report.key(self.forms)
        if found.amount:
            node["value"] = in_digits(found.amount.value)
        if len(found.paths) == 1:
            table, path = found.paths[0]
            node.attributes.update(table=table, path=path, **key_attributes(key))
        for table in {table for table, _path in found.paths}:
            self.domain.note_quote(self.env.docname, key, table)
        return node

    def _rate(self, wanted: quoting.Asked, report: Report, found: quoting.Quote) -> nodes.Node:
        """Return the node of a rate, with its formula as tooltip."""
        digits = quoting.digits_of(wanted.format)
        if isinstance(digits, Problem):
            return self._wrong(digits)
        return self._with_formula(self._node(found._replace(digits=digits).shown()), report, found)

    def _with_formula(self, node: nodes.inline, report: Report, found: quoting.Quote) -> nodes.inline:
        if found.rate:
            table, _path = found.paths[0]
            formula = quoting.formula_of(found.rate, report.layout(table, self.forms))
            node["formula"] = self.render(formula_note(found.rate.label, formula))
            self.domain.note_quote(self.env.docname, report.key(self.forms), table)
        return node

    def _base(self, report: Report, keys: Keys) -> str:
        """Return the base of a share, or else the first figure of the report."""
        table, _, path = report.form(self.forms).share_base.partition(".")
        if table not in report.forms:
            table, path = next((table, next(iter(figures))) for table, figures in report.figures.items())
        return report.figure_name(table, path, self.forms, keys)

    def _quote(self, written: str, report: Report) -> quoting.Quote | None:
        found = quoting.quote(written, report, self.forms)
        if isinstance(found, Problem):
            self._wrong(found)
            return None
        return found

    def _node(self, shown: str | Text) -> nodes.inline:
        node = nodes.inline("", self.render(shown), classes=[QUOTE_CLASS])
        self.set_source_info(node)
        return node

    def _literal(self) -> nodes.Node:
        return nodes.literal(self.rawtext, self.text)

    def _wrong(self, found: Problem) -> nodes.Node:
        self.problem(UNKNOWN_FIGURE, found.message, found.hint)
        return self._literal()


class ChangeRole(FigureRole):
    """``gov-change``: the change from the previous year, as a percentage or (``| amount``) a number."""

    def print(self, wanted: quoting.Asked, report: Report, found: quoting.Quote) -> nodes.Node:
        """Return the node of a change."""
        form = quoting.change_format(wanted.format)
        last = self.report_of(report.agency, str(report.year - 1), report.form(self.forms).kind)
        if isinstance(form, Problem):
            return self._wrong(form)
        if last is None:
            return self._literal()
        then = quoting.counterpart(found, report, last, self.forms)
        if then is None:
            return self._node(NOT_COMPARABLE)
        if not found.amount or not then.amount:
            return self._node((then if found.amount else found).shown())
        if found.fraction is not None and then.fraction is not None:
            points = quoting.change_in_points(found.fraction, then.fraction, form[1])
            return self._with_formula(self._node(points), report, found)
        return self._node(quoting.change(found.amount, then.amount, *form))


class ShareRole(FigureRole):
    """``gov-share``: figures as a percentage of a base, ``figure / base``."""

    has_base = True

    def print(self, wanted: quoting.Asked, report: Report, found: quoting.Quote) -> nodes.Node:
        """Return the node of a share."""
        base = self._quote(wanted.base, report)
        if base is None:
            return self._literal()
        if found.rate or base.rate:
            message = text("A rate is a share already.")
            return self._wrong(Problem(message, text("Quote it with gov-figure, or write figures on both sides.")))
        if found.units != base.units:
            return self._wrong(quoting.different_units((found.units, base.units)))
        digits = quoting.digits_of(wanted.format)
        if isinstance(digits, Problem):
            return self._wrong(digits)
        if not found.amount or not base.amount:
            return self._node((base if found.amount else found).shown())
        return self._node(quoting.share(found.amount, base.amount, digits))


ROLES = {"gov-figure": FigureRole, "gov-change": ChangeRole, "gov-share": ShareRole}

UNKNOWN_REFERENCE = site_rule(
    "unknown-reference",
    "链接无目标",
    text("A reference leads to a report or a table that no page of the site prints."),
    text("The link would lead nowhere."),
    text("Correct year and agency, or print the table on a page."),
    page="# 页面\n\n见{gov:table}`2034:requests`。\n",
    wrong="{gov:report}`宿迁市/2031`",
    right="{gov:report}`宿迁市/2024`",
    severity=Severity.WARNING,
)


class Reference(ReportRole, XRefRole):
    """``gov:report``, ``gov:table``, ``gov:figure``. Omitted parts of the name are taken from the page."""

    def process_link(
        self, env: BuildEnvironment, refnode: nodes.Element, has_explicit_title: bool, title: str, target: str
    ) -> tuple[str, str]:
        """Complete the name of the target; a target that this site does not have may be on another site."""
        kind = refnode["reftype"]
        wanted = quoting.parse_role_text(f"{target}:" if kind == "report" and ":" not in target else target)
        year = str(wanted.year or self.page_year())
        domain = self.domain
        if not re.fullmatch("[0-9]{4}", year):
            domain.note_unknown_reference(env.docname)
            return title, target
        agency = domain.build.resolve_agency(self.agency(wanted.agency))
        of_kind = self.report_kind(wanted.kind)
        names = () if wanted.kind or kind == "report" else wanted.tables
        report = domain.lookup_forms(env.docname, agency, int(year), of_kind, names)
        key = domain.build.key_of(agency, int(year), of_kind, names)
        forms = self.forms
        refnode["govkey"] = tuple(key)
        found = resolve(kind, wanted.figures, report, forms) if report else resolve_external(kind, wanted.figures, key, forms)
        if isinstance(found, Target):
            domain.note_reference(env.docname, found.report, found.table)
            refnode["govtarget"] = tuple(found)
            return title, found.name
        if found:
            refnode["govhint"] = found.hint
        domain.note_unknown_reference(env.docname)
        return title, ":".join(filter(None, (Target(key).name, wanted.figures.removesuffix(":"))))


class FiguresElsewhere(SphinxPostTransform):
    """Links figures that another site prints. Its inventory has the tables; the id of a cell is appended."""

    default_priority = compat.BEFORE_INTERSPHINX

    def run(self, **kwargs: Any) -> None:
        """Look up figures in other sites if this one does not print them, or if the author specifies another site."""
        if not hasattr(self.config, "intersphinx_mapping"):
            return
        placement = domain_of(self.env).placement
        for node in list(self.document.findall(addnodes.pending_xref)):
            target = Target(*node["govtarget"]) if node.get("refdomain") == GovDomain.name and "govtarget" in node else None
            if target is None or not target.path:
                continue
            if "intersphinx" in node or not placement.canonical_docname(*target[:2], self.env.docname):
                self._lead(node, target)

    def _lead(self, node: addnodes.pending_xref, target: Target) -> None:
        shown = node.astext() if node["refexplicit"] else label_of(target, domain_of(self.env).build.library.forms)
        words = nodes.inline(shown, shown, classes=node["classes"])
        table = addnodes.pending_xref(
            "", refdomain=GovDomain.name, reftype="table", reftarget=target._replace(path="").name, refexplicit=True
        )
        link = compat.resolve_in_inventories(self.env, node, table, words)
        if link is not None:
            link["refuri"] += figure_ident("", target.path)
            node.replace_self(link)


def report_missing(app: Sphinx, domain: Domain | None, node: nodes.Element) -> bool | None:
    """Report in the site's language that a reference has no target."""
    if domain is None or domain.name != GovDomain.name:
        return None
    if "govkey" in node and domain_of(app.env).build.library.has_failed(ReportKey(*node["govkey"])):
        return True
    message = text("No page of this site prints “{target}”.", target=node["reftarget"])
    hint = node.get("govhint") or text("Check year and agency, and whether a page prints it.")
    report_on_page(UNKNOWN_REFERENCE, message, hint, compat.get_node_location(node) or "", app.config.language)
    return True
