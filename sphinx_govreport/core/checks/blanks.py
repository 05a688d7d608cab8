"""Cells without a number: “not filled in” and “not applicable” are not 0. No notice specifies which figures may be blank.

There is one finding for each table and kind: an agency that omits a whole column did one thing, not thirty.
"""

from __future__ import annotations

from collections.abc import Iterator

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Severity, explained_rule, first_of, ntext, text
from sphinx_govreport.core.examples import Example
from sphinx_govreport.core.reports.figures import Status
from sphinx_govreport.core.reports.report import Report

from .values import Outcome, RuleFamily, Subject, Verdict, effective_rule, explain_hint

NOT_FILLED = explained_rule(
    "not-filled",
    "未填报",
    text("A figure is left empty."),
    text("Empty does not mean 0: readers cannot tell whether there was nothing or nobody counted."),
    text("Write 0 if there was nothing. If the cell is intentionally empty, give the reason under “explanations”."),
    title=text("Every figure is filled in"),
    severity=Severity.WARNING,
    is_explainable=True,
    wrong="  carried-out: ['', 0, 0, 0, 0, 0]",
    right="  carried-out: [0, 0, 0, 0, 0, 0]",
)
BEGUN = explained_rule(
    "begun-year",
    "尚未填写",
    text("Only the figures known from last year's report are filled in."),
    text("The report is in progress. Comparison tables and lists omit the year; a page that shows it causes a warning."),
    text("Replace each “~” with the figure."),
    title=text("The report is filled in"),
    severity=Severity.HINT,
    example=Example(run="sphinx-govreport new 2025 --from data/2024.yaml\nsphinx-govreport check data"),
)
NOT_APPLICABLE = explained_rule(
    "not-applicable",
    "不适用",
    text("A figure is written as “/”."),
    text("The forms require numbers; “/” means that the agency has no such power, and readers need an explanation."),
    text("Write 0 if the agency has the power but there was no case. Otherwise give the reason under “explanations”."),
    title=text("No figure is “/”"),
    severity=Severity.WARNING,
    is_explainable=True,
    wrong="  carried-out: [/, 0, 0, 0, 0, 0]",
    right="  carried-out: [0, 0, 0, 0, 0, 0]",
)


def check_blanks(subject: Subject) -> Iterator[Outcome]:
    """Yield the figures that are blank or “/”; one finding for a report in which nothing is filled in yet."""
    if subject.is_begun:
        if rule := effective_rule(BEGUN, subject.levels):
            yield Outcome(rule, Verdict.FAILED, sum(map(len, subject.figures.values())), (begun(subject.report, rule),))
        return
    for status, kind in ((Status.BLANK, NOT_FILLED), (Status.NOT_APPLICABLE, NOT_APPLICABLE)):
        rule = effective_rule(kind, subject.levels)
        if not rule:
            continue
        findings = []
        for table, figures in subject.figures.items():
            paths = figures.having(status)
            if not paths:
                continue
            indicators = subject.layouts[table].indicators
            names = first_of([indicators[path].label for path in paths])
            message = text("Not filled in: {names}.", names=names)
            if status is Status.NOT_APPLICABLE:
                message = text("Written as “/”: {names}.", names=names)
            places = tuple(dict.fromkeys(subject.pos(figures[path]) for path in paths))
            keys = tuple(f"{table}.{path}" for path in paths)
            findings.append(Diagnostic(rule, places[0], message, explain_hint(rule, subject.report), keys, places))
        count = sum(map(len, subject.figures.values()))
        yield Outcome(rule, Verdict.FAILED if findings else Verdict.PASSED, count, tuple(findings))


def begun(report: Report, rule: Rule) -> Diagnostic:
    """Return the finding of a report in which nothing is filled in yet."""
    blank = sum(figure.status is Status.BLANK for figures in report.figures.values() for figure in figures.values())
    message = ntext(
        "The report for {year} is in progress; {count} figure is not filled in yet.",
        "The report for {year} is in progress; {count} figures are not filled in yet.",
        count=blank,
        year=report.year,
    )
    return Diagnostic(rule, Pos(report.path, *report.year_at), message, text("Replace each “~” with the figure."))


FAMILY = RuleFamily((BEGUN, NOT_FILLED, NOT_APPLICABLE), check_blanks)
