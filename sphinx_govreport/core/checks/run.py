"""Run the checks of reports and pages.

An author may explain why a finding is not a mistake: the reason is printed under the table. An error cannot be explained away;
an explanation without a finding is itself a finding, since it would be printed for no reason.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from sphinx_govreport.core.checks.page import Page, check_fields, check_texts
from sphinx_govreport.core.checks.prose import check_prose
from sphinx_govreport.core.checks.publication import check_deadline, check_likeness, likeness
from sphinx_govreport.core.checks.registry import figure_rules, rule_plugins
from sphinx_govreport.core.checks.sections import check_sections
from sphinx_govreport.core.checks.values import Outcome, RuleFamily, SeverityOverrides, Subject, Verdict, rule_key
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Severity, explained_rule, in_order, listed, text
from sphinx_govreport.core.forms.form import Form, did_you_mean, hint_for
from sphinx_govreport.core.plugins import BAD_PLUGIN, reason_of
from sphinx_govreport.core.reports.report import Report, ReportKey
from sphinx_govreport.core.reports.rollup import Parts
from sphinx_govreport.core.yaml.source import digest_of

UNKNOWN_RULE = explained_rule(
    "unknown-rule",
    "未知的核对规则",
    text("An explanation names a check that does not exist."),
    text("It would not be printed anywhere."),
    text("Write the name that the finding shows in brackets."),
    wrong="reviews: 0\nexplanations: {carryover: 上年统计有误。}",
    right="reviews: 0",
)
NOT_EXPLAINABLE = explained_rule(
    "not-explainable",
    "不能用说明代替改正",
    text("An explanation is given for an error that cannot be explained."),
    text("A total that does not add up is wrong whatever the reason, and the public can check it."),
    text("Correct the figures and delete the explanation."),
    wrong="reviews: 0\nexplanations: {balance: 统计口径不同。}",
    right="reviews: 0",
)
UNUSED_EXPLANATION = explained_rule(
    "unused-explanation",
    "多余的说明",
    text("An explanation is given, but its check finds nothing."),
    text("It would be printed under a table that needs no explanation, or it was left over from last year."),
    text("Delete it."),
    wrong="reviews: 0\nexplanations: {not-filled: 未统计。}",
    right="reviews: 0",
    severity=Severity.WARNING,
)


@dataclass(frozen=True)
class Checked:
    """The results of the checks of one report."""

    outcomes: tuple[Outcome, ...]  #: each check once
    findings: tuple[Diagnostic, ...]  #: those that are not explained, in the order of the file
    first_table: str  #: the report's first table

    def explanations(self, table: str) -> tuple[str, ...]:
        """Return the explanations that are printed under a table."""
        accepted = (outcome for outcome in self.outcomes if outcome.verdict is Verdict.EXPLAINED)
        return tuple(outcome.explanation for outcome in accepted if self._first_table(outcome) == table)

    def errors(self, table: str) -> tuple[Diagnostic, ...]:
        """Return the errors in which figures of a table take part."""
        errors = (finding for finding in self.findings if finding.rule.severity is Severity.ERROR)
        return tuple(finding for finding in errors if any(path.startswith(f"{table}.") for path in finding.figures))

    def _first_table(self, outcome: Outcome) -> str:
        figures = outcome.findings[0].figures if outcome.findings else ()
        return figures[0].partition(".")[0] if figures else self.first_table

    @cached_property
    def digest(self) -> str:
        """The fingerprint of everything in the results that a page can show."""
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
    today: datetime.date | None = None,
) -> Checked:
    """Check one report. ``last`` is the agency's report for the previous year, ``parts`` the sums of the
    agencies below it, ``today`` the date of the check, if it is known."""
    subject = Subject(report, last, forms, levels, parts, today, figure_rules())
    families = rule_plugins()
    found = [outcome for family in families.ours if family.check for outcome in family.check(subject)]
    findings: list[Diagnostic] = []
    for family in families.others:
        found += _outcomes(subject, family, findings)
    order = {name: place for place, name in enumerate(subject.rules)}
    found.sort(key=lambda outcome: order.get(outcome.rule.name, len(order)))
    outcomes = tuple(_explained(subject, found))
    findings += (finding for outcome in outcomes if outcome.verdict is Verdict.FAILED for finding in outcome.findings)
    findings += _idle_explanations(subject, outcomes)
    return Checked(outcomes, in_order(findings), next(iter(report.forms)))


def _outcomes(subject: Subject, family: RuleFamily, findings: list[Diagnostic]) -> list[Outcome]:
    """Return the outcomes of a plug-in's check; add a failure of the check to ``findings``."""
    try:
        outcomes = list(family.check(subject)) if family.check else []
        for outcome in outcomes:
            if not isinstance(outcome, Outcome):
                raise TypeError(f"{type(outcome).__name__} is not Outcome")
    except Exception as error:  # an error of another package  # noqa: BLE001
        names = listed(rule.name for rule in family.rules)
        message = text("The check of {rules} has failed: {reason}.", rules=names, reason=reason_of(error))
        findings.append(Diagnostic(BAD_PLUGIN, Pos(subject.report.path), message))
        return []
    return outcomes


def _explained(subject: Subject, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Yield the outcomes; those with an explanation are accepted."""
    for outcome in outcomes:
        reason = subject.report.explanations.get(outcome.rule.name)
        if reason and outcome.rule.is_explainable and outcome.findings:
            yield outcome._replace(verdict=Verdict.EXPLAINED, explanation=reason.text)
        else:
            yield outcome


def _idle_explanations(subject: Subject, outcomes: Iterable[Outcome]) -> Iterator[Diagnostic]:
    """Yield the problems of the explanations themselves."""
    by_name = {outcome.rule.name: outcome for outcome in outcomes}
    known = subject.rules
    for name, reason in subject.report.explanations.items():
        pos = Pos(subject.report.path, reason.line, reason.column)
        own = rule_key(known[name], subject.report.keys) if name in known else name
        if name not in known and name not in by_name:
            explainable = [rule for rule in known.values() if rule.is_explainable]
            guess = did_you_mean(name, [each for rule in explainable for each in (rule.name, rule.chinese)])
            hint = hint_for(guess, [rule_key(rule, subject.report.keys) for rule in explainable])
            yield Diagnostic(UNKNOWN_RULE, pos, text("There is no check “{name}”.", name=name), hint)
        elif name in known and not known[name].is_explainable:
            message = text("An error of “{name}” must be corrected, not explained.", name=own)
            yield Diagnostic(NOT_EXPLAINABLE, pos, message, text("Correct the figures and delete the explanation."))
        elif name in by_name and by_name[name].verdict not in (Verdict.EXPLAINED, Verdict.NOT_CHECKABLE, Verdict.NO_LAST_YEAR):
            message = text("The explanation of “{name}” is unnecessary: the check finds nothing.", name=own)
            yield Diagnostic(UNUSED_EXPLANATION, pos, message, text("Delete it."))


def check_page(
    page: Page, report: Report, forms: Mapping[str, Form], levels: SeverityOverrides, agency_level: str = ""
) -> tuple[Diagnostic, ...]:
    """Check the page on which a report is printed; ``agency_level`` is the key of its agency's level, if known."""
    subject = Subject(report, None, forms, levels)
    of_figures = (*check_sections(page, subject), *check_prose(page, subject), *check_deadline(page, subject, agency_level))
    return in_order((*of_figures, *check_fields(page.path, page.fields), *check_texts(page)))


def check_pages(
    pages: Iterable[Page],
    levels: SeverityOverrides,
    likeness_of: Callable[[Page, Page], int] = lambda page, last: likeness(page.text, last.text),
) -> tuple[Diagnostic, ...]:
    """Check pages against those of the previous year, in any order; ``likeness_of`` may know results from an earlier build."""
    named: dict[ReportKey, list[Page]] = defaultdict(list)
    for page in sorted(pages, key=lambda page: page.path):
        named[page.key].append(page)
    pairs = ((page, last) for key, own in named.items() for page in own for last in named.get(key.last_year, ()))
    return in_order(found for page, last in pairs for found in check_likeness(page, last, likeness_of, levels))
