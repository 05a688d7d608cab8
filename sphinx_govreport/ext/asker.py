"""What directives and roles share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..core.diagnostics import Rule, Text, text
from ..core.model import Report
from .domain import UNKNOWN_REPORT, domain_of
from .log import report_on_page
from .pages import AGENCY_FIELD, YEAR_FIELD, page_fields

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment


class ReportAsker:
    """What directives and roles share: the page's report, and findings at their line."""

    env: BuildEnvironment
    config: Config

    def place(self) -> str:
        """Where the directive or role stands."""
        raise NotImplementedError

    def page(self) -> nodes.document:
        """The page that is being read."""
        raise NotImplementedError

    def problem(self, rule: Rule, message: Text, hint: Text | None = None) -> None:
        """Report a finding of this page; the page is read again on each build until it is mended."""
        domain_of(self.env).faulty[self.env.docname] = True
        report_on_page(rule, message, hint, self.place(), self.config.language)

    def report_of(self, agency: str, year: str) -> Report | None:
        """The report that is named, by the page or the configuration where nothing is said."""
        fields = page_fields(self.page())
        written = str(year or fields.get(YEAR_FIELD, "")).strip()
        agency = str(agency or fields.get(AGENCY_FIELD, "")).strip() or self.config.govreport_agency
        if not re.fullmatch(r"[0-9]{4}", written):
            message = text("“{written}” is not a year.", written=written) if written else text("Which year's report is meant?")
            hint = text("Write “govreport-year: 2024” at the top of the page, or “:year: 2024” in the directive.")
            self.problem(UNKNOWN_REPORT, message, hint)
            return None
        report, problem, hint_or_none = domain_of(self.env).ask(self.env.docname, agency, int(written))
        if problem:
            self.problem(UNKNOWN_REPORT, problem, hint_or_none)
        return report
