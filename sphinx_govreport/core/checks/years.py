"""Reports for a year that is not over, for another year than that of the file name or the form: a typo, or incomplete figures.

An agency that is dissolved reports before the year ends, and explains why. The explanation is still printed in later years,
since the content of a page must not change with the calendar.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import PurePath

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Severity, Text, explained_rule, listed, text
from sphinx_govreport.core.examples import Example

from .values import Outcome, RuleFamily, Subject, Verdict, effective_rule, explain_entry

_ZERO = "agency: 某市某局\nyear: {year}\nform: 2021\nproactive-disclosure: 0\nrequests: 0\nreviews: 0\n"

FUTURE_YEAR = explained_rule(
    "future-year",
    "年度尚未结束",
    text("The report is for a year that is not over."),
    text("Often the year was mistyped. If it was not, the figures of the year cannot be complete."),
    text("Correct the year. If the agency was dissolved before the end of the year, say so under “explanations”."),
    title=text("The year of the report is over"),
    severity=Severity.WARNING,
    is_explainable=True,
    wrong="year: 2042",
    right="year: 2024",
    example=Example((("data/2042.yaml", _ZERO.format(year=2042)),)),
)

FILE_YEAR = explained_rule(
    "file-year",
    "文件名年度不符",
    text("The year in the name of the file is not the year of the report in it."),
    text("Often last year's file was copied, and its year was not changed."),
    text("Correct the year in the file, or the name of the file."),
    title=text("The year of the report is that in the name of its file"),
    severity=Severity.WARNING,
    wrong="year: 2023",
    right="year: 2024",
    example=Example((("data/2024.yaml", _ZERO.format(year=2023)),)),
)

FORM_YEAR = explained_rule(
    "form-year",
    "表样与年度不符",
    text("The report is for a year to which none of its forms applies."),
    text("Often the year was mistyped. If it was not, the report does not have the tables that were prescribed."),
    text("Correct the year or the form. If the report was published with this form, say so under “explanations”."),
    title=text("The form is in force for the year of the report"),
    severity=Severity.WARNING,
    is_explainable=True,
    wrong="year: 2015",
    right="year: 2024",
    example=Example((("data/2015.yaml", _ZERO.format(year=2015)),)),
)

_YEARS = re.compile("(?<![0-9])20[0-9]{2}(?![0-9])")


def year_of_name(path: str) -> int:
    """Return the year that a file name is or ends with; 0 if there is none, or more than one."""
    stem = PurePath(path).stem
    years = set(_YEARS.findall(stem))
    return int(years.pop()) if len(years) == 1 and re.search("20[0-9]{2}(?:年度?)?$", stem) else 0


def is_over(year: int, today: datetime.date | None) -> bool:
    """Return whether a year is over, or True if the date is unknown."""
    return today is None or year < today.year


def check_year(subject: Subject) -> Iterator[Outcome]:
    """Check the year of a report against the file name, the forms and the date; only the first mistake is reported."""
    pos = Pos(subject.report.path, *subject.report.year_at)
    mistakes = list(_mistakes(subject))
    for rule, message, hint in mistakes[:1]:
        yield Outcome(rule, Verdict.FAILED, 1, (Diagnostic(rule, pos, message, hint),))
    form_year = effective_rule(FORM_YEAR, subject.levels)
    if form_year and not mistakes and form_year.name in subject.report.explanations and _is_read(subject):
        yield Outcome(form_year, Verdict.PASSED, 1)  # shown only with an explanation, which is then reported as unused


def _is_read(subject: Subject) -> bool:
    """Return whether any figure of the report could be read; if none could, its form is reported."""
    return any(len(figures.unknown) < len(figures) for figures in subject.figures.values())


def _mistakes(subject: Subject) -> Iterator[tuple[Rule, Text, Text]]:
    report, year = subject.report, subject.report.year
    named, rule = year_of_name(report.path), effective_rule(FILE_YEAR, subject.levels)
    if rule and named not in (0, year):
        message = text("The file name says {named}, but the year in the file is {year}.", named=named, year=year)
        yield rule, message, text("Change the year to {named}, or rename the file.", named=named)
    rule, names = effective_rule(FORM_YEAR, subject.levels), dict.fromkeys(report.forms.values())
    if rule and _is_read(subject) and not any(subject.forms[name].is_in_force(year) for name in names):
        values = {"year": year, "forms": listed(names)}
        message = text("The report is for {year}, but form {forms} does not apply to this year.", **values)
        entry = explain_entry(rule, report)
        yield rule, message, text("Correct the year or the form. If both are correct, give the reason: {entry}.", entry=entry)
    rule, today = effective_rule(FUTURE_YEAR, subject.levels), subject.today
    if rule and not subject.is_begun and (not is_over(year, today) or rule.name in report.explanations):
        message = text("The report is for {year}, but this year is not over: its figures cannot be complete.", year=year)
        if today and year > today.year:
            message = text("The report is for {year}, but this year is in the future.", year=year)
        entry = explain_entry(rule, report)
        yield rule, message, text("Correct the year. If it is correct, give the reason: {entry}.", entry=entry)


FAMILY = RuleFamily((FUTURE_YEAR, FILE_YEAR, FORM_YEAR), check_year)
