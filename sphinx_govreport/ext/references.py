"""References from this site's pages to reports, tables and figures."""

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

from sphinx_govreport.core.diagnostics import Rule, RuleExplanation, Severity, text
from sphinx_govreport.core.examples import Example
from sphinx_govreport.core.reports.quoting import parse_role_text
from sphinx_govreport.core.tables.names import Target, label_of, resolve, resolve_external
from sphinx_govreport.core.tables.table import figure_ident
from sphinx_govreport.ext import compat
from sphinx_govreport.ext.lookup import ReportRole

from .domain.domain import GovDomain, domain_of
from .log import report_on_page

UNKNOWN_REFERENCE = Rule(
    "unknown-reference",
    Severity.WARNING,
    explanation=RuleExplanation(
        text("A reference leads to a report or a table that no page of the site prints."),
        text("Readers would click on nothing."),
        text("Correct year and agency, or print the table on a page."),
        wrong="{gov:report}`宿迁市/2031`",
        right="{gov:report}`宿迁市/2024`",
        example=Example((("unknown-reference.md", "# 页面\n\n见{gov:table}`2034:requests`。\n"),), is_site=True),
    ),
)


class Reference(ReportRole, XRefRole):
    """``gov:report``, ``gov:table``, ``gov:figure``. What is left out of the name is the page's."""

    def process_link(
        self, env: BuildEnvironment, refnode: nodes.Element, has_explicit_title: bool, title: str, target: str
    ) -> tuple[str, str]:
        """Complete the name of the target; one that this site does not have may be another site's."""
        kind = refnode["reftype"]
        wanted = parse_role_text(f"{target}:" if kind == "report" and ":" not in target else target)
        year = str(wanted.year or self.page_year())
        domain = domain_of(env)
        if not re.fullmatch("[0-9]{4}", year):
            domain.note_unknown_reference(env.docname)
            return title, target
        agency = domain.build.resolve_agency(self.agency(wanted.agency))
        report = domain.lookup_forms(env.docname, agency, int(year))
        forms = domain.build.library.forms
        found = (
            resolve(kind, wanted.figures, report, forms)
            if report
            else resolve_external(kind, wanted.figures, agency, int(year), forms)
        )
        if isinstance(found, Target):
            domain.note_reference(env.docname, found.agency, found.year, found.table)
            refnode["govtarget"] = tuple(found)
            return title, found.name
        if found:
            refnode["govhint"] = found.hint
        domain.note_unknown_reference(env.docname)
        return title, ":".join(filter(None, (Target(agency, int(year)).name, wanted.figures)))


class FiguresElsewhere(SphinxPostTransform):
    """Link figures that another site prints. Its inventory has the tables; the id of a cell follows."""

    default_priority = compat.BEFORE_INTERSPHINX

    def run(self, **kwargs: Any) -> None:
        """Look in other sites for what this one does not print, or what an author wants from another."""
        if not hasattr(self.config, "intersphinx_mapping"):
            return
        placement = domain_of(self.env).placement
        for node in list(self.document.findall(addnodes.pending_xref)):
            target = Target(*node["govtarget"]) if node.get("refdomain") == GovDomain.name and "govtarget" in node else None
            if (
                target
                and target.path
                and ("intersphinx" in node or not placement.canonical_docname(*target[:3], self.env.docname))
            ):
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
    message = text("No page of this site prints “{target}”.", target=node["reftarget"])
    hint = node.get("govhint") or text("Look at year and agency, and whether a page prints it.")
    report_on_page(UNKNOWN_REFERENCE, message, hint, compat.location_of(node), app.config.language)
    return True
