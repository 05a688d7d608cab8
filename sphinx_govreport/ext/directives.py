"""The directives. They ask the domain for a report and build nodes; they neither parse nor reckon."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes

from ..core.checks.values import Outcome, Verdict
from ..core.diagnostics import Rule, Severity, Text, text, translator
from ..core.form import TABLES, did_you_mean, table_names
from ..core.model import Report
from ..core.tables import EXPLANATION_PREFIX, NOTE_PREFIX, table_ident, table_of
from .asker import BAD_OPTION, INDEX_CLASS, TABLE_OPTIONS, GovReportDirective
from .chart import TrendChart
from .comparison import ComparisonTable
from .domain import domain_of
from .nodes import gov_grid
from .report_list import ReportList

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.util.typing import OptionSpec

UNKNOWN_TABLE = Rule("unknown-table")


class DisclosureTable(GovReportDirective):
    """One or several of a report's statutory tables, as their form prescribes; without an argument all three."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[OptionSpec] = {"year": directives.unchanged, "zero": directives.unchanged, **TABLE_OPTIONS}

    def run(self) -> list[Node]:
        """The tables, each with its notes behind it."""
        names = list(self._table_names())
        zero = self._zero()
        caption = self.options.get("caption", "").strip()
        if caption and len(names) > 1:
            message = text("One caption cannot serve {count} tables.", count=len(names))
            self.problem(BAD_OPTION, message, text("Write one directive for each table, or no caption."))
            caption = ""
        report = self.report()
        if report is None:
            return []
        return [node for name in names for node in self._table(report, name, caption, zero, single=len(names) == 1)]

    def _table_names(self) -> Iterator[str]:
        words = re.split(r"[\s,，、]+", self.arguments[0].strip()) if self.arguments else list(TABLES)
        known = table_names(domain_of(self.env).library.forms.values())
        whole = "".join(self.arguments[0].split()) if self.arguments else ""
        if whole in known:  # a title may have a comma in it
            words = [whole]
        for word in dict.fromkeys(filter(None, words)):
            if word in known:
                yield known[word]
                continue
            guess = did_you_mean(word, known)
            hint = (
                text("Did you mean “{guess}”?", guess=guess)
                if guess
                else text("Known here are: {names}.", names="、".join(TABLES))
            )
            self.problem(UNKNOWN_TABLE, text("There is no table “{name}”.", name=word), hint)

    def _zero(self) -> str:
        """What is printed for 0: anything that does not mean something else."""
        zero = str(self.options.get("zero", "0")).strip()
        if zero in ("", "/") or (zero != "0" and any(map(str.isdigit, zero))):
            message = text("“{written}” cannot be printed for 0: it means something else.", written=zero)
            self.problem(BAD_OPTION, message, text("Write a word such as 零, or leave the option out."))
            return "0"
        return zero

    def _table(self, report: Report, name: str, caption: str, zero: str, *, single: bool) -> Iterator[Node]:
        table = table_of(report, domain_of(self.env).library.forms, name, zero=zero)
        title = nodes.title(caption or table.caption, "", *self._caption(caption or table.caption))
        grid = gov_grid("", table=name, agency=report.agency, year=report.year, zero=zero, caption=table.caption)
        classes = ["gov-table", f"gov-{name}", *self.options.get("class", [])]
        node = nodes.table("", title, grid, classes=classes)
        self.set_source_info(node)
        self.set_source_info(title)
        label = self.options.get("name", "").strip()
        if label:
            self._name(node, label if single else f"{label}-{name}")
        self._stable_id(node, table_ident(report.agency, report.year, name))
        domain_of(self.env).note_table(self.env.docname, report.agency, report.year, name)
        entry = ("single", f"{report.agency}; {table.title}", node["ids"][0], "", None)
        yield addnodes.index("", entries=[entry], classes=[INDEX_CLASS])
        yield node
        explanations = domain_of(self.env).checked[report.agency, report.year].explanations(name)
        for prefix, notes in ((NOTE_PREFIX, table.notes), (EXPLANATION_PREFIX, explanations)):
            for note in notes:
                paragraph = nodes.paragraph(note, f"{prefix}{note}", classes=["gov-table-note"])
                paragraph.source, paragraph.line = node.source, node.line
                yield paragraph

    def _caption(self, caption: str) -> list[Node]:
        parsed, messages = self.parse_inline(caption)
        return [*parsed, *messages]

    def _name(self, node: nodes.table, label: str) -> None:
        node["names"].append(nodes.fully_normalize_name(label))
        self.state.document.note_explicit_target(node, node)

    def _stable_id(self, node: nodes.table, ident: str) -> None:
        """Give the table its own id too, so that a link to it never changes; the label's id comes first."""
        if ident not in self.state.document.ids:
            self.state.document.ids[ident] = node
            node["ids"].append(ident)
        elif not node["ids"]:
            self.state.document.note_implicit_target(node, node)


_VERDICTS = {
    Verdict.PASSED: text("passed"),
    Verdict.EXPLAINED: text("explained"),
    Verdict.FAILED: text("failed"),
    Verdict.NOT_COMPARABLE: text("not comparable"),
    Verdict.NO_LAST_YEAR: text("not checked"),
}
_TO_LOOK_AT = text("to be looked at")  # a hint


class CheckTable(GovReportDirective):
    """How the checks of a report went: passed, explained, failed, not comparable."""

    option_spec: ClassVar[OptionSpec] = {"year": directives.unchanged, **TABLE_OPTIONS}

    def run(self) -> list[Node]:
        """A stock table: it is small, and every builder can write it."""
        report = self.report()
        if report is None:
            return []
        checked = domain_of(self.env).checked[report.agency, report.year]
        lines = [(text("Check"), text("Result"), text("Details"))]
        lines += [(outcome.rule.title or text("Check"), _verdict(outcome), _details(outcome)) for outcome in checked.outcomes]
        translate = translator(self.config.language)
        shown_lines = [[cell.render(translate) for cell in line] for line in lines]
        caption = self.options.get("caption", "").strip()
        shown = caption or text("Checks of the report of {agency} for {year}", agency=report.agency, year=report.year).render(
            translate
        )
        return [self.small_table("gov-check-table", shown, shown_lines, widths=(40, 12, 48))]


def _verdict(outcome: Outcome) -> Text:
    if outcome.verdict is Verdict.FAILED and outcome.rule.severity is Severity.HINT:
        return _TO_LOOK_AT
    return _VERDICTS[outcome.verdict]


def _details(outcome: Outcome) -> Text:
    """The reason, the findings, or how much was looked at."""
    match outcome.verdict:
        case Verdict.EXPLAINED:
            return text("{parts}", parts=outcome.explanation)
        case Verdict.FAILED:
            return text("{parts}", parts=tuple(finding.message for finding in outcome.findings))
        case Verdict.NOT_COMPARABLE:
            return text("The forms of the two years count differently.")
        case Verdict.NO_LAST_YEAR:
            return text("There is no report for the year before.")
        case Verdict.PASSED:
            return text("Looked at: {count}", count=outcome.checked)


DIRECTIVES: dict[str, type[GovReportDirective]] = {
    "gov-disclosure-table": DisclosureTable,
    "gov-check-table": CheckTable,
    "gov-comparison-table": ComparisonTable,
    "gov-trend-chart": TrendChart,
    "gov-report-list": ReportList,
}


def setup(app: Sphinx) -> None:
    """Register the directives."""
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
