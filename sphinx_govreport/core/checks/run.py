"""The checks of a report and of its page: what is checked becomes findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sphinx_govreport.core.checks.blanks import check_blanks
from sphinx_govreport.core.checks.explanations import explained, idle_explanations
from sphinx_govreport.core.checks.jumps import check_jumps
from sphinx_govreport.core.checks.page import Page
from sphinx_govreport.core.checks.parts import check_parts
from sphinx_govreport.core.checks.prose import check_prose
from sphinx_govreport.core.checks.publication import check_deadline, check_likeness
from sphinx_govreport.core.checks.rules import CHECKS, SeverityOverrides
from sphinx_govreport.core.checks.sections import check_sections
from sphinx_govreport.core.checks.sums import check_sums
from sphinx_govreport.core.checks.texts import check_fields, check_texts
from sphinx_govreport.core.checks.values import Outcome, Subject, Verdict
from sphinx_govreport.core.checks.years import check_year
from sphinx_govreport.core.diagnostics import Diagnostic, Severity, in_order
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.yaml.source import digest_of

if TYPE_CHECKING:
    from sphinx_govreport.core.reports.rollup import Parts


_CHECKS = (check_year, check_sums, check_blanks, check_jumps, check_parts)


@dataclass(frozen=True)
class Checked:
    """What the checks of one report found."""

    outcomes: tuple[Outcome, ...]  #: every check once
    findings: tuple[Diagnostic, ...]  #: what is not accepted, in the order of the file
    first_table: str  #: of the report

    def explanations(self, table: str) -> tuple[str, ...]:
        """The reasons that are printed under a table."""
        accepted = (outcome for outcome in self.outcomes if outcome.verdict is Verdict.EXPLAINED)
        return tuple(outcome.explanation for outcome in accepted if self._first_table(outcome) == table)

    def errors(self, table: str) -> tuple[Diagnostic, ...]:
        """The errors in which figures of a table take part."""
        errors = (finding for finding in self.findings if finding.rule.severity is Severity.ERROR)
        return tuple(finding for finding in errors if any(path.startswith(f"{table}.") for path in finding.figures))

    def _first_table(self, outcome: Outcome) -> str:
        figures = outcome.findings[0].figures if outcome.findings else ()
        return figures[0].partition(".")[0] if figures else self.first_table

    @cached_property
    def digest(self) -> str:
        """What can be seen of the checks on a page is known by this."""
        seen = [
            (outcome.rule.name, outcome.rule.severity.value, outcome.verdict.value, outcome.checked, *outcome[3:])
            for outcome in self.outcomes
        ]
        return digest_of(repr((seen, self.findings)).encode())[:16]


def check_report(
    report: Report,
    last: Report | None,
    forms: Mapping[str, Form],
    levels: SeverityOverrides,
    parts: Parts | None = None,
    this_year: int | None = None,
) -> Checked:
    """Check one report. ``last`` is the same agency's report for the year before, ``parts`` is what those of the
    agencies below come to, ``this_year`` is that of the check, if it matters."""
    subject = Subject(report, last, forms, levels, parts, this_year)
    found = [outcome for check in _CHECKS for outcome in check(subject)]
    order = {rule.name: place for place, rule in enumerate(CHECKS)}
    found.sort(key=lambda outcome: order.get(outcome.rule.name, len(order)))
    outcomes = tuple(explained(subject, found))
    findings = [finding for outcome in outcomes if outcome.verdict is Verdict.FAILED for finding in outcome.findings]
    findings.extend(idle_explanations(subject, outcomes))
    return Checked(outcomes, in_order(findings), next(iter(report.forms)))


def check_page(page: Page, report: Report, forms: Mapping[str, Form], levels: SeverityOverrides) -> tuple[Diagnostic, ...]:
    """Check the page on which a report is printed."""
    subject = Subject(report, None, forms, levels)
    of_figures = (*check_sections(page, subject), *check_prose(page, subject), *check_deadline(page, subject))
    return in_order((*of_figures, *check_fields(page.path, page.fields), *check_texts(page)))


def check_pages(pages: Iterable[Page], levels: SeverityOverrides) -> tuple[Diagnostic, ...]:
    """Check pages against those of the year before, in whatever order they were read."""
    named: dict[tuple[str, int], list[Page]] = defaultdict(list)
    for page in pages:
        named[page.agency, page.year].append(page)
    pairs = (
        (page, last) for (agency, year), own in named.items() for page in own for last in named.get((agency, year - 1), ())
    )
    return in_order(found for page, last in pairs for found in check_likeness(page, last, levels))
