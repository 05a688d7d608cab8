"""The page as a publication: how much of it is last year's text, and whether it came in time.

Likeness is the share of this year's runs of five characters that last year's page has too; assessments of departments take off
points above one half. The deadline is the form's, the last day that the law leaves anyone.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterator
from pathlib import Path

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Text, text

from .page import Page
from .rules import DEADLINE, LIKENESS, SeverityOverrides, effective_rule
from .values import Subject

PUBLISHED_FIELD = "govreport-published"  #: of a page: its day

_RUN = 5  # characters
_MONTHS = (
    text("January"), text("February"), text("March"), text("April"), text("May"), text("June"),
    text("July"), text("August"), text("September"), text("October"), text("November"), text("December"),
)  # fmt: skip
_SHORTEST = 200  # characters: less text says nothing
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?: (?:[01][0-9]|2[0-3]):[0-5][0-9])?")


def day_of(published: str) -> datetime.date:
    """The day of ``YYYY-MM-DD`` or ``YYYY-MM-DD HH:MM``. Raises :class:`ValueError` for anything else."""
    match = _MOMENT.fullmatch(published)
    if not match:
        raise ValueError(published)
    return datetime.date.fromisoformat(match[1])


def not_a_day(written: str) -> tuple[Text, Text]:
    """What is said of a time of publication that cannot be read, and the hint."""
    hint = text("Write it such as “govreport-published: 2025-01-20”, or with the time, “2025-01-20 09:30”.")
    return text("“{written}” is not a day.", written=written), hint


def check_deadline(page: Page, subject: Subject) -> Iterator[Diagnostic]:
    """A day of publication after the deadline of the report's form, or none that can be read."""
    rule = effective_rule(DEADLINE.name, subject.levels)
    deadline = subject.report.form(subject.forms).deadline
    if not rule or not deadline or not page.published or rule.name in page.excused:
        return
    month = _MONTHS[deadline.month - 1]
    title = text("Published by {day} {month} ({source})", day=deadline.day, month=month, source=deadline.source)
    rule = rule._replace(title=title)
    pos = Pos(page.path, page.line)
    try:
        day = day_of(page.published)
    except ValueError:
        yield Diagnostic(rule, pos, *not_a_day(page.published))
        return
    if day > (last := deadline.of(page.year)):
        message = text("Published on {day}, after {last} {month} {year}.", day=day, last=last.day, month=month, year=last.year)
        yield Diagnostic(rule, pos, message)


def check_likeness(page: Page, last: Page, levels: SeverityOverrides) -> Iterator[Diagnostic]:
    """A text that is mostly last year's."""
    rule = effective_rule(LIKENESS.name, levels)
    if not rule or rule.name in page.excused or len(page.text) < _SHORTEST:
        return
    now, then = _runs(page.text), _runs(last.text)
    percent = round(100 * len(now & then) / len(now))
    if percent > 50:
        message = text(
            "{percent} per cent of the text stands in last year's report too ({path}).",
            percent=percent,
            path=_from(page.path, last.path),
        )
        yield Diagnostic(rule, Pos(page.path, page.line), message, text("Write what happened this year."))


def _from(page: str, other: str) -> str:
    """Where another page is, seen from a page: what is printed must not tell the machine on which a site was built."""
    return Path(os.path.relpath(other, Path(page).parent)).as_posix()


def _runs(written: str) -> set[str]:
    return {written[at : at + _RUN] for at in range(len(written) - _RUN + 1)}
