"""``gov-check-table``: the results of the checks of a report and of its pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_govreport.core.checks.values import REMARKS, Outcome, Verdict
from sphinx_govreport.core.diagnostics import Diagnostic, Rule, Severity, Text, text, translator
from sphinx_govreport.core.tables.table import report_title
from sphinx_govreport.ext.doctree_tables import simple_row
from sphinx_govreport.ext.domain.domain import domain_of
from sphinx_govreport.ext.lookup import TABLE_OPTIONS, GovReportDirective, options
from sphinx_govreport.ext.nodes import key_attributes, key_of

_VERDICTS = {
    Verdict.PASSED: text("passed"),
    Verdict.EXPLAINED: text("explained"),
    Verdict.FAILED: text("failed"),
    Verdict.NOT_CHECKABLE: text("not checkable"),
    Verdict.COMPUTED: text("computed"),
    Verdict.NOT_COMPARABLE: text("not comparable"),
    Verdict.NO_LAST_YEAR: text("not checked"),
}
_TO_LOOK_AT = text("to review")  # a hint


class CheckTable(GovReportDirective):
    """The results of a report's checks: passed, explained, failed, not comparable."""

    option_spec = options("year", "numbered", *TABLE_OPTIONS)

    def run(self) -> list[nodes.Node]:
        """Return a stock table: it is small, and every builder can write it."""
        report = self.report()
        if report is None:
            return []
        key = report.key(self.forms)
        checked = self.domain.build.checked[key]
        lines = [(text("Check"), text("Result"), text("Details"))]
        lines += [(outcome.rule.title or text("Check"), _verdict(outcome), _details(outcome)) for outcome in checked.outcomes]
        shown = [[self.render(cell) for cell in line] for line in lines]
        caption = text("Checks of the report of {agency} for {year}", agency=report.published_by, year=report.year)
        if key.other_kind:
            caption = text("Checks of the report: {title}", title=report_title(report, self.forms))
        title = self.caption_or(nodes.title, self.render(caption))
        table = self.small_table("gov-check-table", title, shown, widths=(36, 16, 48))
        table["classes"].append("colwidths-given")  # otherwise column widths would depend on the length of the text
        self.domain.check_tables.setdefault(self.env.docname, {})[key] = ()
        table.attributes.update(key_attributes(key))
        return [table]


class AddPageFindings(SphinxPostTransform):
    """Every builder: adds the findings in the sentences and sections of the report's pages to a check table."""

    default_priority = 5

    def is_supported(self) -> bool:
        """Return whether a page has a check table."""
        return bool(domain_of(self.env).check_tables)

    def run(self, **kwargs: Any) -> None:
        """Add a line for each check with findings."""
        domain = domain_of(self.env)
        for table in list(self.document.findall(nodes.table)):
            if "gov-check-table" in table["classes"] and "year" in table:
                (body,) = table.findall(nodes.tbody)
                body.extend(self._lines(domain.page_findings(key_of(table))))
                del table["year"]  # a list of to-dos copies the table with these lines

    def _lines(self, findings: Iterable[Diagnostic]) -> Iterator[nodes.row]:
        translate = translator(self.config.language)
        by_rule: dict[Rule, list[str]] = {}
        for one in findings:
            line = f"{Path(one.pos.path).name}:{one.pos.line} {one.message.render(translate)}"
            by_rule.setdefault(one.rule, []).append(line)
        for rule, parts in by_rule.items():
            verdict = _TO_LOOK_AT if rule.severity is Severity.HINT else _VERDICTS[Verdict.FAILED]
            yield simple_row([(rule.title or text("Check")).render(translate), verdict.render(translate), " ".join(parts)])


def _verdict(outcome: Outcome) -> Text:
    if outcome.verdict is Verdict.FAILED and outcome.rule.severity is Severity.HINT:
        return _TO_LOOK_AT
    return _VERDICTS[outcome.verdict]


def _details(outcome: Outcome) -> Text:
    """Return the explanation, the findings, or the number of checked items; and what could not be checked."""
    parts: list[object]
    if outcome.verdict is Verdict.EXPLAINED:
        parts = [outcome.explanation]
    elif outcome.verdict is Verdict.FAILED:
        parts = [finding.message for finding in outcome.findings]
    elif outcome.verdict in REMARKS:
        parts = [REMARKS[outcome.verdict]]
    else:
        parts = [_count(outcome), text("; ")] if outcome.obstacle else [_count(outcome)]
    return text("{parts}", parts=(*parts, outcome.obstacle) if outcome.obstacle else tuple(parts))


def _count(outcome: Outcome) -> Text:
    if outcome.computed:
        return text("Checked: {count}; computed: {computed}", count=outcome.checked, computed=outcome.computed)
    return text("Checked: {count}", count=outcome.checked)
