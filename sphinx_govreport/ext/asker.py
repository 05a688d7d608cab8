"""What directives and roles share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective, SphinxRole

from ..core.diagnostics import Pos, Rule, Text, text, translator
from ..core.model import Report
from ..core.source import invisible
from ..core.unseen import cleaned, is_clean
from .domain import domain_of
from .included import fields_at
from .log import report_on_page
from .pages import AGENCY_FIELD, YEAR_FIELD
from .simple_tables import simple_group

if TYPE_CHECKING:
    from docutils.nodes import Node, system_message
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

BAD_OPTION = Rule("bad-option")
UNKNOWN_FIGURE = Rule("unknown-figure")
UNKNOWN_REPORT = Rule("unknown-report")

#: what tables that a directive prints have in common
TABLE_OPTIONS = {
    "agency": directives.unchanged,
    "caption": directives.unchanged,
    "name": directives.unchanged,
    "class": directives.class_option,
}
C = TypeVar("C", bound=nodes.TextElement)

FIXED_WIDTHS = ("gov-check-table",)  #: kinds whose columns do not follow the length of their text


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


class RoleAsker(ReportAsker, SphinxRole):
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


class GovReportDirective(ReportAsker, SphinxDirective):
    """A directive that prints something of a report."""

    def __init__(self, *args: Any, **more: Any) -> None:
        """Read what the author has written as readers see it: no directive has another place before it runs."""
        super().__init__(*args, **more)
        self.arguments = [self.seen(argument) for argument in self.arguments]
        self.options = {
            name: self.seen(written) if isinstance(written, str) else written for name, written in self.options.items()
        }
        for number, line in enumerate(self.content.data):
            self.content.data[number] = self.seen(line)

    def place(self) -> str:
        """Path and line of the directive."""
        return self.get_location()

    def source(self) -> str:
        """The file of the directive."""
        return self.get_source_info()[0] or ""

    def page(self) -> nodes.document:
        """The page that is being read."""
        return self.state.document

    def report(self) -> Report | None:
        """The report named by the options, the page or the configuration."""
        return self.report_of(self.options.get("agency", ""), self.options.get("year", ""))

    def written_caption(self, kind: type[C]) -> C | None:
        """The caption of an author, who may write markup, and translators of the page translate it; None if there is none."""
        written = str(self.options.get("caption") or "").strip()
        if not written:
            return None
        parsed, messages = self.parse_inline(written)
        node = kind(written, "", *parsed, *messages)
        self.set_source_info(node)
        return node

    def caption_or(self, kind: type[C], shown: str) -> C:
        """That caption, or ``shown``, which goes without saying. It is in the site's language: no catalog needs it."""
        return self.written_caption(kind) or kind(shown, shown, translatable=False)

    def small_table(
        self, kind: str, title: nodes.title | None, lines: Sequence[Sequence[str]], widths: Sequence[int]
    ) -> nodes.table:
        """A stock table, which every builder can write: a line of heads, then lines that begin with a head."""
        node = nodes.table("", *filter(None, [title]), classes=[kind, *self.options.get("class", [])])
        if kind in FIXED_WIDTHS:
            node["classes"].append("colwidths-given")
        group = simple_group(lines[0], lines[1:], widths)
        node += group
        self.set_source_info(node)
        self.add_name(node)
        return node
