"""Reports for a year that is not over: a typo in the year, or figures that cannot be complete.

An agency that is dissolved reports before the year ends, and says so. Its reason is printed in later years, too: what a page
says must not change with the calendar.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, RuleExplanation, Severity, text

from .values import Outcome, RuleFamily, Subject, Verdict, effective_rule

FUTURE_YEAR = Rule(
    "future-year",
    Severity.WARNING,
    text("The year of the report is over"),
    is_explainable=True,
    explanation=RuleExplanation(
        text("The report is for a year that is not over."),
        text("Often the year was mistyped. If it was not, the figures of the year cannot be complete."),
        text("Correct the year. An agency that is dissolved before the end of the year says so under “explanations”."),
        wrong="year: 2042",
        right="year: 2024",
    ),
)


def is_over(year: int, today: datetime.date | None) -> bool:
    """Whether a year is over, as far as anybody knows."""
    return today is None or year < today.year


def check_year(subject: Subject) -> Iterator[Outcome]:
    """The year of a report; nothing if it is over."""
    rule, year = effective_rule(FUTURE_YEAR, subject.levels), subject.report.year
    if not rule or (is_over(year, subject.today) and rule.name not in subject.report.explanations):
        return
    message = (
        text("The report is for {year}, but this year is still to come.", year=year)
        if subject.today and year > subject.today.year
        else text("The report is for {year}, but this year is not over: its figures cannot be complete.", year=year)
    )
    hint = text("Correct the year. If it is right, say why: “explanations: {{{rule}: …}}”.", rule=rule.name)
    pos = Pos(subject.report.path, *subject.report.year_at)
    yield Outcome(rule, Verdict.FAILED, 1, (Diagnostic(rule, pos, message, hint),))


FAMILY = RuleFamily((FUTURE_YEAR,), check_year)
