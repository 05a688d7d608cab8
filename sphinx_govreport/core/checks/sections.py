"""The sections of the report's form: there, in order, not empty; those that the form says so of say enough, and tell of fees.

A page with none of them is not the report itself (a chart, a translation, a single table) and is let alone. The fee that a
section tells of (信息处理费) has nothing to do with the fees of a table (行政事业性收费).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Text, text
from sphinx_govreport.core.forms.form import Fees, Section, names_of

from .page import Page, PageSection, Paragraph
from .rules import (
    FEE_PROCEDURE,
    FEE_STATEMENT,
    PROBLEMS_EMPTY,
    SECTION_EMPTY,
    SECTION_MISSING,
    SECTION_ORDER,
    SeverityOverrides,
    effective_rule,
)
from .values import Subject


def check_sections(page: Page, subject: Subject) -> Iterator[Diagnostic]:
    """What is wrong with the sections of a report's page."""
    levels = subject.levels
    sections = subject.report.form(subject.forms).sections
    found = [(section, there) for section in sections if (there := _find(section, page))]
    if not found:
        return
    there_are = {section.key for section, _there in found}
    missing = [section.title for section in sections if section.key not in there_are]
    first = page.sections[0].line
    if missing:
        message = text("The page lacks: {titles}.", titles="、".join(missing))
        yield from _finding(page, SECTION_MISSING, levels, first, message, text("Write the statutory headings to the letter."))
    for (_section, before), (_next, there) in pairwise(found):
        if there.line < before.line:
            message = text("“{title}” stands before the section that comes before it.", title=there.title)
            yield from _finding(page, SECTION_ORDER, levels, there.line, message, text("Put the sections in statutory order."))
    for section, there in found:
        yield from _check_content(page, section, there, levels)
        if section.fees:
            yield from _check_fee_procedure(page, section.fees, there, subject)


def _check_fee_procedure(page: Page, fees: Fees, there: PageSection, subject: Subject) -> Iterator[Diagnostic]:
    """Requests closed because a fee was not paid, while the text says that there were no fees."""
    closed = subject.figure(fees.unpaid)
    if closed and closed.value and re.search(fees.denial, _without_spaces(_written(page, there))):
        message = text(
            "“{title}” tells of no fee, but {count} requests were closed because a fee was not paid ({path} line {line}).",
            title=there.title,
            count=closed.value,
            path=subject.report.path,
            line=closed.line,
        )
        hint = text("Look whether fee notices were sent.")
        yield from _finding(page, FEE_PROCEDURE, subject.levels, there.line, message, hint)


def _check_content(page: Page, section: Section, there: PageSection, levels: SeverityOverrides) -> Iterator[Diagnostic]:
    shown = _written(page, there)
    written = _without_spaces(shown)
    has_more = any(below.has_more for below in _sections_below(page, there))
    if not written and not has_more:
        message = text("“{title}” is empty.", title=there.title)
        yield from _finding(page, SECTION_EMPTY, levels, there.line, message, text("Write what there is to report."))
    elif len(written) < section.least and not has_more:
        message = text("“{title}” says only “{written}”.", title=there.title, written=shown)
        yield from _finding(page, PROBLEMS_EMPTY, levels, there.line, message, text("Name problems and improvements."))
    elif section.fees and section.fees.mention not in written:
        message = text("“{title}” does not mention {fee}.", title=there.title, fee=section.fees.mention)
        yield from _finding(
            page, FEE_STATEMENT, levels, there.line, message, text("Write how much was charged, or that none was.")
        )


def _find(section: Section, page: Page) -> PageSection | None:
    return next((there for there in page.sections if set(names_of(there.title)) & set(section.names)), None)


def _sections_below(page: Page, there: PageSection) -> list[PageSection]:
    """A statutory section with its subsections: up to the next numbered 一、 二、 …"""
    start = page.sections.index(there)
    end = start + 1
    while end < len(page.sections) and not page.sections[end].title.lstrip()[:2].endswith("、"):
        end += 1
    return list(page.sections[start:end])


def _below(page: Page, there: PageSection) -> Iterator[Paragraph]:
    for section in _sections_below(page, there):
        yield from section.paragraphs


def _written(page: Page, there: PageSection) -> str:
    return "".join(paragraph.joined.text for paragraph in _below(page, there)).strip()


def _without_spaces(written: str) -> str:
    return "".join(written.split())


def _finding(page: Page, kind: Rule, levels: SeverityOverrides, line: int, message: Text, hint: Text) -> Iterator[Diagnostic]:
    rule = effective_rule(kind.name, levels)
    if rule and rule.name not in page.excused:
        yield Diagnostic(rule, Pos(page.path, line), message, hint)
