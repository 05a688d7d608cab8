"""The report that a directive or a role is about, and findings at their line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from sphinx_govreport.core.characters import cleaned, is_clean
from sphinx_govreport.core.diagnostics import Pos, Rule, RuleExplanation, Text, text, translator
from sphinx_govreport.core.examples import Example
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.yaml.source import invisible
from sphinx_govreport.ext.domain.domain import domain_of
from sphinx_govreport.ext.log import report_on_page
from sphinx_govreport.ext.pages import AGENCY_FIELD, YEAR_FIELD, fields_at

if TYPE_CHECKING:
    from docutils.nodes import Node, system_message
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment


BAD_OPTION = Rule(
    "bad-option",
    explanation=RuleExplanation(
        text("An option of a directive has a value that it cannot have."),
        text("What the directive should print would be guessed."),
        text("Write one of the values that the message names."),
        wrong=":zero: /",
        right=":zero: 零",
        example=Example(
            (("bad-option.md", "# 页面\n\n```{gov-disclosure-table} requests\n:year: 2024\n:zero: /\n```\n"),), is_site=True
        ),
    ),
)


UNKNOWN_FIGURE = Rule(
    "unknown-figure",
    explanation=RuleExplanation(
        text("A quotation names a figure that the form of the report does not have."),
        text("The sentence would be published without its number."),
        text("Write the whole key path; the message names the nearest."),
        wrong="{gov-figure}`requests.received.sum`",
        right="{gov-figure}`requests.received.total`",
        example=Example(
            (("unknown-figure.md", "# 页面\n\n新收 {gov-figure}`2024: requests.recieved.total` 件。\n"),), is_site=True
        ),
    ),
)


UNKNOWN_REPORT = Rule(
    "unknown-report",
    explanation=RuleExplanation(
        text("A page asks for a report for which there is no year file."),
        text("The page would be published without its tables."),
        text("Look at govreport-year and govreport-agency at the top of the page; the message names the reports there are."),
        wrong="govreport-year: 2031",
        right="govreport-year: 2024",
        example=Example(
            (("unknown-report.md", "# 页面\n\n```{gov-disclosure-table} requests\n:year: 2034\n```\n"),), is_site=True
        ),
    ),
)


class ReportLookupMixin:
    """What directives and roles share: the page's report, and findings at their line."""

    env: BuildEnvironment
    config: Config

    def place(self) -> str:
        """Where the directive or role stands."""
        raise NotImplementedError

    def page(self) -> nodes.document:
        """The page that is being read."""
        raise NotImplementedError

    def source(self) -> str:
        """The file in which the directive or role stands: the page, or one that it includes."""
        raise NotImplementedError

    def fields(self) -> dict[str, str]:
        """The fields that hold there."""
        return fields_at(self.env, self.page(), self.source())

    def problem(self, rule: Rule, message: Text, hint: Text | None = None) -> None:
        """Report a finding of this page; the page is read again on each build until it is mended."""
        domain_of(self.env).faulty[self.env.docname] = True
        report_on_page(rule, message, hint, self.place(), self.config.language)

    def seen(self, written: str) -> str:
        """What an author has written, without characters that nobody sees; they are reported."""
        if not is_clean(written):
            found = invisible(Pos(""), written)
            self.problem(found.rule, found.message, found.hint)
        return cleaned(written)

    def say(self, said: str | Text) -> str:
        """A text in the site's language."""
        return said.render(translator(self.config.language)) if isinstance(said, Text) else said

    def page_year(self) -> str:
        """The year that the page names at its top; empty if it names none."""
        return self.fields().get(YEAR_FIELD, "").strip()

    def agency(self, named: str) -> str:
        """The agency that is named, by the page or the configuration where nothing is said; empty: the only one."""
        return self._agency(named, self.fields())

    def _agency(self, named: str, fields: Mapping[str, str]) -> str:
        return str(named or fields.get(AGENCY_FIELD, "")).strip() or str(self.config.govreport_agency)

    def report_of(self, agency: str, year: str) -> Report | None:
        """The report that is named, by the page or the configuration where nothing is said."""
        fields = self.fields()
        written = str(year or fields.get(YEAR_FIELD, "")).strip()
        agency = self._agency(agency, fields)
        if not re.fullmatch(r"[0-9]{4}", written):
            message = text("“{written}” is not a year.", written=written) if written else text("Which year's report is meant?")
            hint = text("Write “govreport-year: 2024” at the top of the page, or “:year: 2024” in the directive.")
            self.problem(UNKNOWN_REPORT, message, hint)
            return None
        report, problem, hint_or_none = domain_of(self.env).ask(self.env.docname, agency, int(written))
        if problem:
            self.problem(UNKNOWN_REPORT, problem, hint_or_none)
        return report


class ReportRole(ReportLookupMixin, SphinxRole):
    """A role that asks for a report."""

    def __call__(self, name: str, rawtext: str, text: str, *rest: Any, **more: Any) -> tuple[list[Node], list[system_message]]:
        """Read the text of the role as readers see it."""
        result = super().__call__(name, rawtext, cleaned(text), *rest, **more)
        self.seen(text)
        return result

    def place(self) -> str:
        """Path and line of the role."""
        return self.get_location()

    def source(self) -> str:
        """The file of the role."""
        return str(self.get_source_info()[0] or "")

    def page(self) -> nodes.document:
        """The page that is being read."""
        document: nodes.document = self.inliner.document
        return document
