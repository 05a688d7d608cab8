"""The page as a publication: the share of last year's text in it, and whether it was published on time.

Similarity is the share of this year's runs of five characters that are in last year's page, too; assessments of departments
deduct points above one half. The deadline is that of the form for the agency's level; if that is unknown, the latest.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Severity, Text, explained_rule, listed, text
from sphinx_govreport.core.examples import Example, report_page
from sphinx_govreport.core.files import relative
from sphinx_govreport.core.forms.form import DueDay
from sphinx_govreport.core.reports.year_file import date_of

from .page import Page
from .values import SeverityOverrides, Subject, effective_rule
from .years import FUTURE_YEAR

_COPIED = (
    "本机关认真贯彻落实政府信息公开条例，坚持以公开为常态、不公开为例外，及时准确公开政府信息，规范办理依申请公开，\n"
    "加强政府信息管理和平台建设，健全监督保障机制，组织业务培训，开展年度考核，主动接受社会监督，各项工作有序推进，\n"
    "全年没有发生因政府信息公开引起的责任事件，公众满意度稳步提升，为建设法治政府、服务型政府提供了有力支撑。下一步将\n"
    "继续完善制度、提高质量、加强培训、改进服务，使公开工作更加规范、更加便民，更好地服务经济社会发展大局和人民群众。\n"
)
LIKENESS = explained_rule(
    "likeness",
    "与上年正文雷同",
    text("More than half of the text is also in last year's report."),
    text("Assessments deduct points for a copied report."),
    text("Write what happened this year."),
    title=text("Less than half of the text is from last year's report"),
    severity=Severity.HINT,
    example=Example((("reports/2023.md", report_page(_COPIED, year=2023)), ("reports/2024.md", report_page(_COPIED)))),
)
DEADLINE = explained_rule(
    "deadline",
    "公布期限",
    text("The page was published after the deadline or before the year was over, or its date of publication cannot be read."),
    text("The law sets a deadline for agencies of each level; if the level is not declared, the latest deadline applies."),
    text("Correct govreport-published at the top of the page, or the level in govreport_agencies, if it is wrong."),
    title=text("Published by the deadline of the form"),
    severity=Severity.HINT,
    wrong="govreport-published: 2025-04-20",
    right="govreport-published: 2025-01-20",
)
UNKNOWN_LEVEL = explained_rule(
    "unknown-level",
    "机关级别不明",
    text("The page was published in time for agencies of one level, but not for those of another."),
    text("It is not known whether it is late: the level of the agency is not declared."),
    text("Declare the level, in govreport_agencies or in the file of --agencies."),
    title=text("The level of the agency is declared where the deadline depends on it"),
    severity=Severity.HINT,
    wrong="govreport-published: 2025-02-20",
    right="govreport-published: 2025-01-20",
)

PUBLISHED_FIELD = "govreport-published"  #: field of a page: its date of publication

_RUN = 5  # characters
_MONTHS = (
    text("January"), text("February"), text("March"), text("April"), text("May"), text("June"),
    text("July"), text("August"), text("September"), text("October"), text("November"), text("December"),
)  # fmt: skip
_SHORTEST = 200  # characters: shorter texts are not compared
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?: (?:[01][0-9]|2[0-3]):[0-5][0-9])?")


def day_of(published: str) -> datetime.date | None:
    """Return the date of ``YYYY-MM-DD`` or ``YYYY-MM-DD HH:MM``; None for anything else."""
    match = _MOMENT.fullmatch(published)
    return date_of(match[1]) if match else None


def shown_day(day: datetime.date) -> Text:
    """Return a date as official texts write it."""
    return text("{day} {month} {year}", day=day.day, month=_MONTHS[day.month - 1], year=day.year)


def not_a_day(written: str) -> tuple[Text, Text]:
    """Return the message and the hint for an invalid time of publication."""
    hint = text("Write for example “govreport-published: 2025-01-20”, or with the time “2025-01-20 09:30”.")
    return text("“{written}” is not a date.", written=written), hint


def check_deadline(page: Page, subject: Subject, level: str = "") -> Iterator[Diagnostic]:
    """Yield a finding if the page was published after the deadline for agencies of ``level``, or its date is invalid."""
    rule = effective_rule(DEADLINE, subject.levels)
    deadline = subject.report.form(subject.forms).deadline
    if not rule or not deadline or not page.published or rule.name in page.excused:
        return
    due, days = deadline.due(level), deadline.in_order()
    last = (due or days[-1]).of(page.year)
    due_by = {"day": last.day, "month": _MONTHS[last.month - 1], "source": deadline.source}
    title = text("Published by {day} {month} ({source})", **due_by)
    agency, hint = subject.report.agency, None
    if not due:
        title = text(
            "Published by {day} {month}, the latest deadline, because the level of the agency is not declared ({source})",
            **due_by,
        )
        hint = text(
            "Declare the level of {agency} in govreport_agencies or in the file of --agencies: {levels}.",
            agency=agency,
            levels=_labels(days),
        )
    rule = replace(rule, title=title)
    pos = Pos(page.path, page.published_line)
    day = day_of(page.published)
    if not day:
        yield Diagnostic(rule, pos, *not_a_day(page.published))
        return
    if day.year <= page.year and FUTURE_YEAR.name not in subject.report.explanations:
        message = text("Published on {day}, before {year} was over.", day=day.isoformat(), year=page.year)
        yield Diagnostic(rule, pos, message, text("Correct {field}.", field=PUBLISHED_FIELD))
        return
    if day > last:
        message = text("Published on {day}, after {last}.", day=day.isoformat(), last=shown_day(last))
        yield Diagnostic(rule, pos, message, hint)
        return
    missed = [one for one in days if day > one.of(page.year)]
    rule = effective_rule(UNKNOWN_LEVEL, subject.levels)
    if not due and missed and rule and rule.name not in page.excused:
        message = text(
            "Published on {day}: late for {late}, in time for {in_time}; the level of {agency} is not declared.",
            day=day.isoformat(),
            late=_labels(missed),
            in_time=_labels(days[len(missed) :]),
            agency=agency,
        )
        yield Diagnostic(rule, pos, message, hint)


def _labels(days: Iterable[DueDay]) -> tuple[str | Text, ...]:
    """Return the levels with their dates, as in forms."""
    return listed(text("{name} ({label})", name=one.label, label=f"{one.month:02}-{one.day:02}") for one in days)


def likeness(written: str, last: str) -> int:
    """Return the percentage of a text that is also in last year's; 0 for a text that is too short to tell."""
    if len(written) < _SHORTEST:
        return 0
    now = _runs(written)
    return round(100 * len(now & _runs(last)) / len(now))


def check_likeness(
    page: Page, last: Page, likeness_of: Callable[[Page, Page], int], levels: SeverityOverrides
) -> Iterator[Diagnostic]:
    """Yield a finding if the text is mostly last year's; ``likeness_of`` is called only if the rule applies."""
    rule = effective_rule(LIKENESS, levels)
    if rule and rule.name not in page.excused and (percent := likeness_of(page, last)) > 50:
        message = text(
            "{percent} percent of the text is also in last year's report ({path}).",
            percent=percent,
            path=relative(last.path, Path(page.path).parent),  # print no path of the machine
        )
        yield Diagnostic(rule, Pos(page.path, page.line), message, text("Write what happened this year."))


def _runs(written: str) -> set[str]:
    return {written[at : at + _RUN] for at in range(len(written) - _RUN + 1)}
