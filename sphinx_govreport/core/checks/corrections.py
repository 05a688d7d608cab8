"""Corrections of published figures: those in a year file, and changes without a correction."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Severity, Text, explained_rule, first_of, text
from sphinx_govreport.core.examples import PACKED
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.reports.figures import Figure, Status, says_the_same
from sphinx_govreport.core.reports.keys import TOP_KEYS, written_key, yaml_text
from sphinx_govreport.core.reports.quoting import figure_words
from sphinx_govreport.core.reports.report import Correction, Report, correction_lines

from .values import Outcome, RuleFamily, Subject, Verdict, effective_rule
from .years import FUTURE_YEAR

CORRECTION = explained_rule(
    "correction",
    "更正记录",
    text("A correction contradicts the figure, another correction of it, or the calendar."),
    text("Readers compare the correction with what they have read, and with the table above it."),
    text(
        "Write both numbers as they were published. Each correction begins with the number with which the previous one ended."
    ),
    title=text("Corrected figures agree with their corrections"),
    wrong="reviews: 0\n"
    "corrections:\n"
    "  - {date: 2025-03-10, figure: requests.received.natural-person, before: 4, after: 5, reason: 统计时漏计1件。}",
    right="reviews: 0",
)
SILENT_CHANGE = explained_rule(
    "silent-change",
    "变动未作更正",
    text("A figure differs from the published one, and there is no correction."),
    text("Published figures remain valid until they are publicly corrected."),
    text("Restore the published number, or add the correction at the end of the message, with the reason."),
    example=PACKED._replace(
        run="sed -i 's/received: .*/received: [3441, 75, 0, 1, 6, 3, 3526]/' data/2024.yaml\n"
        "sphinx-govreport check --against site.zip data"
    ),
)
WITHDRAWN_REPORT = explained_rule(
    "withdrawn-report",
    "已公布年报缺失",
    text("The year file of a published report is missing."),
    text("Its page, its figures and the links to them would disappear."),
    text("Restore the year file. If its agency or year was changed, it is a different report."),
    example=PACKED._replace(run="rm data/2024.yaml\nsphinx-govreport check --against site.zip data"),
    severity=Severity.WARNING,
)


# -- the corrections of a report -----------------------------------------------------------------------------------


def check_corrections(subject: Subject) -> Iterator[Outcome]:
    """Check the corrections of a report; yield nothing if it has none."""
    rule, corrections = effective_rule(CORRECTION, subject.levels), subject.report.corrections
    if not rule or not corrections:
        return
    findings = tuple(_problems(subject, rule))
    yield Outcome(rule, Verdict.FAILED if findings else Verdict.PASSED, len(corrections), findings)


def _problems(subject: Subject, rule: Rule) -> Iterator[Diagnostic]:
    report = subject.report
    by_figure: dict[tuple[str, str], list[Correction]] = defaultdict(list)
    for one in report.corrections:
        by_figure[one.table, one.path].append(one)
        for problem in _of_one(one, subject):
            yield Diagnostic(rule, Pos(report.path, one.line, one.column), *problem)
    for (table, path), corrections in by_figure.items():
        label = subject.layouts[table].indicators[path].label
        for earlier, later in pairwise(corrections):
            if not says_the_same(earlier.after, later.before):
                message = text(
                    "{label}: this correction begins with {before}, but that of {date} (line {line}) ended with {after}.",
                    label=label,
                    before=figure_words(later.before),
                    date=earlier.date.isoformat(),
                    line=earlier.line,
                    after=figure_words(earlier.after),
                )
                yield Diagnostic(rule, Pos(report.path, later.line, later.column), message, text("Correct one of the two."))
        newest, figure = corrections[-1], subject.figures[table][path]
        if figure.status is not Status.INVALID and not says_the_same(newest.after, figure):  # else it is reported already
            message = text(
                "{label} is {figure} (line {line}), but was corrected to {after}.",
                label=label,
                figure=figure_words(figure),
                line=figure.line,
                after=figure_words(newest.after),
            )
            pos = Pos(report.path, newest.line, newest.column)
            hint = text("Correct the figure, or add the missing correction.")
            yield Diagnostic(rule, pos, message, hint, (f"{table}.{path}",), (subject.pos(figure),))


def _of_one(one: Correction, subject: Subject) -> Iterator[tuple[Text, Text]]:
    """Yield the errors of a single correction, each with its hint."""
    year, today = subject.report.year, subject.today
    if says_the_same(one.before, one.after):
        message = text("Nothing is corrected: before and after are both {figure}.", figure=figure_words(one.after))
        yield message, text("Under “before”, write the number that was published.")
    first = year if FUTURE_YEAR.name in subject.report.explanations else year + 1  # when it can be published
    if one.date.year < first:
        message = text("The correction of {date} is older than any report for {year}.", date=str(one.date), year=year)
        yield message, text("Write the day on which the correction was published.")
    if today and one.date > today:
        message = text("The correction is dated {date}, but this date is in the future.", date=str(one.date))
        yield message, text("Write the day on which the correction was published.")


FAMILY = RuleFamily((CORRECTION,), check_corrections)


# -- changes of published figures ----------------------------------------------------------------------------------


def silent_changes(
    published: Mapping[str, Mapping[str, Figure]], report: Report, forms: Mapping[str, Form], today: datetime.date | None
) -> Iterator[Diagnostic]:
    """Yield the published figures that have changed without a correction.

    ``published`` has figures by table and key path. Notes, and units in which the amount is the same, do not count as changes.
    """
    for table, figures in published.items():
        now = report.figures.get(table, {})
        indicators = report.layout(table, forms).indicators if table in report.forms else {}
        lost = [f"{table}.{path}" for path, figure in figures.items() if path not in now and figure.status.is_known]
        if lost:
            message = text("Published figures are no longer in the report: {names}.", names=first_of(lost))
            hint = text("Restore them, with the form that was used for publication.")
            yield Diagnostic(SILENT_CHANGE, Pos(report.path, *report.year_at), message, hint)
        for path, before in figures.items():
            after = now.get(path)
            if after is None or after.status is Status.INVALID or says_the_same(before, after):
                continue
            chain = [one for one in report.corrections if (one.table, one.path) == (table, path)]  # ensured by CORRECTION
            if any(says_the_same(one.before, before) for one in chain) and says_the_same(chain[-1].after, after):
                continue
            message = text(
                "{label} was published as {before}, but is now {after}, without a correction.",
                label=indicators[path].label,
                before=figure_words(before),
                after=figure_words(after),
            )
            figure = report.figure_name(table, path, forms)
            entry = _entry(today.isoformat() if today else "…", figure, before, after, "…", report)
            hint = text("If the new figure is correct, add this entry, with the reason, under {entry}", entry=entry)
            yield Diagnostic(SILENT_CHANGE, Pos(report.path, after.line, after.column), message, hint, (f"{table}.{path}",))


def lost_corrections(published: Report, report: Report, forms: Mapping[str, Form]) -> Iterator[Diagnostic]:
    """Yield the published corrections that are no longer in the report."""
    told = set(map(_what_it_tells, report.corrections))
    for one in published.corrections:
        if _what_it_tells(one) not in told:
            message = text(
                "The correction of {label} from {before} to {after}, dated {date}, is no longer in the file.",
                label=published.layout(one.table, forms).indicators[one.path].label,
                before=figure_words(one.before),
                after=figure_words(one.after),
                date=str(one.date),
            )
            figure = published.figure_name(one.table, one.path, forms, report.keys)
            entry = _entry(str(one.date), figure, one.before, one.after, yaml_text(one.reason), report)
            hint = text("Restore it under {entry}", entry=entry)
            yield Diagnostic(SILENT_CHANGE, Pos(report.path, *report.year_at), message, hint)


def _what_it_tells(one: Correction) -> tuple[object, ...]:
    return one.date, one.table, one.path, figure_words(one.before), figure_words(one.after)


def _entry(date: str, figure: str, before: Figure, after: Figure, reason: str, report: Report) -> Text:
    """Return what to add to the file of a report for a correction."""
    lines = correction_lines(date, figure, before, after, reason, report.keys)
    return text("“{key}:”: {entry}", key=written_key("corrections", TOP_KEYS, report.keys), entry=f"- {{{', '.join(lines)}}}")


def withdrawn(agency: str, year: int, path: str) -> Diagnostic:
    """Return the finding of a report that was published in ``path`` and no longer exists."""
    message = text("The report of {agency} for {year} was published, but no longer exists.", agency=agency, year=year)
    return Diagnostic(WITHDRAWN_REPORT, Pos(path), message, text("Restore the year file."))
