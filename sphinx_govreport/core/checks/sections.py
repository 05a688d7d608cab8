"""The sections that the report's form requires: present, in order, not empty, long enough, and with a statement about fees.

A page with none of the sections is not the report itself (but a chart, a translation, a single table) and is not checked. The
fee in the text of a section (信息处理费) is unrelated to the fees of a table (行政事业性收费).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Severity, Text, explained_rule, listed, ntext, text
from sphinx_govreport.core.examples import Example, report_page
from sphinx_govreport.core.forms.form import Fees, Section, names_of

from .page import Page, PageSection
from .values import SeverityOverrides, Subject, effective_rule

SECTION_MISSING = explained_rule(
    "section-missing",
    "缺少部分",
    text("The page has some of the six statutory sections, but not all, or not with the prescribed headings."),
    text("The notice prescribes all of them, even if there is little to report."),
    text("Write the heading exactly as prescribed."),
    title=text("All statutory sections are present"),
    severity=Severity.WARNING,
    wrong="## 第六部分",
    right="## 六、其他需要报告的事项",
)
_SWAPPED = "## 六、其他需要报告的事项\n\n没有收取信息处理费。\n\n## 一、总体情况\n\n本年工作平稳。\n"
SECTION_ORDER = explained_rule(
    "section-order",
    "部分顺序",
    text("The sections are not in statutory order."),
    text("Readers and assessors expect each section in its place."),
    text("Put them in order."),
    title=text("The sections are in statutory order"),
    severity=Severity.WARNING,
    example=Example((("reports/2024.md", report_page(_SWAPPED)),)),
)
SECTION_EMPTY = explained_rule(
    "section-empty",
    "部分无内容",
    text("A section has a heading, but no content, or still contains a prompt in brackets."),
    text("An empty section looks as if it was forgotten."),
    text("Write what there is to report, or that there is nothing."),
    title=text("No section is empty"),
    severity=Severity.WARNING,
    wrong="## 一、总体情况",
    right="## 一、总体情况\n\n2024年，我局认真贯彻落实《政府信息公开条例》。",
)
PROBLEMS_EMPTY = explained_rule(
    "problems-empty",
    "存在问题过于简略",
    text("The section on problems has almost no content."),
    text("The section must describe problems and improvements; 无 suggests that nobody considered them."),
    text("Describe one problem of the year and what is done about it."),
    title=text("The section on problems has content"),
    severity=Severity.WARNING,
    wrong="无。",
    right="公开内容的更新还不够及时，下一步将每月检查一次。",
)
FEE_STATEMENT = explained_rule(
    "fee-statement",
    "未说明收费情况",
    text("The section that must report information fees does not mention them."),
    text("The notice requires every agency to state what it charged, even if it charged nothing."),
    text("Write how much was charged, or that nothing was charged."),
    title=text("The report states which information fees were charged"),
    severity=Severity.WARNING,
    wrong="没有其他需要报告的事项。",
    right="2024年没有收取信息处理费。",
)
FEE_PROCEDURE = explained_rule(
    "fee-procedure",
    "收费表述矛盾",
    text("The text denies fees, but the table counts requests closed because a fee was not paid."),
    text("Such a request can only be closed after a fee notice was sent."),
    text("Check whether fee notices were sent, and correct the text or the table."),
    title=text("Text and table agree on whether fees were charged"),
    severity=Severity.HINT,
    example=Example((("reports/2024.md", report_page("## 六、其他需要报告的事项\n\n本年度未收取信息处理费。\n")),)),
)


def check_sections(page: Page, subject: Subject) -> Iterator[Diagnostic]:
    """Yield the problems of the sections of a report's page."""
    levels = subject.levels
    sections = subject.report.form(subject.forms).sections
    found = [(section, there) for section in sections if (there := _find(section, page))]
    if not found:
        return
    there_are = {section.key for section, _there in found}
    others = page.sections if len(found) * 2 >= len(sections) else ()  # a page with fewer may be numbered otherwise
    missing = {section.title: _misnamed(section, others) for section in sections if section.key not in there_are}
    hint = text("Write the statutory headings exactly as prescribed.")
    if lacking := [title for title, there in missing.items() if not there]:
        message = text("The page lacks: {titles}.", titles=listed(lacking))
        yield from _finding(page, SECTION_MISSING, levels, page.sections[0].line, message, hint)
    for title, misnamed in missing.items():
        if misnamed:
            message = text("“{written}” must read “{title}”.", written=misnamed.title, title=title)
            yield from _finding(page, SECTION_MISSING, levels, misnamed.line, message, hint)
    for (_section, before), (_next, there) in pairwise(found):
        if there.line < before.line:
            message = text("“{title}” comes before a section that must precede it.", title=there.title)
            yield from _finding(page, SECTION_ORDER, levels, there.line, message, text("Put the sections in statutory order."))
    for section, there in found:
        prompts = tuple(_prompts_left(page, section, there))
        for line, prompt in () if subject.is_begun else prompts:
            message = text("“{title}” still contains the prompt “{prompt}”.", title=there.title, prompt=prompt)
            yield from _finding(page, SECTION_EMPTY, levels, line, message, text("Replace it with the text of the report."))
        if not prompts:  # otherwise, the words of a prompt would count as those of the report
            yield from _check_content(page, section, there, levels)
            if section.fees:
                yield from _check_fee_procedure(page, section.fees, there, subject)


def _prompts_left(page: Page, section: Section, there: PageSection) -> Iterator[tuple[int, str]]:
    """Yield the prompts in brackets that the author has not replaced, each with its line."""
    for prompt in (one for one in section.prompts if one.startswith("[")):
        for paragraph in (one for below in _sections_below(page, there) for one in below.paragraphs):
            if _without_spaces(prompt) in _without_spaces(paragraph.text):
                yield paragraph.line, prompt


def _check_fee_procedure(page: Page, fees: Fees, there: PageSection, subject: Subject) -> Iterator[Diagnostic]:
    """Yield a finding if requests were closed because a fee was not paid, but the text denies that fees were charged."""
    closed = subject.figure(fees.unpaid)
    if closed and closed.value and re.search(fees.denial, _without_spaces(_written(page, there))):
        message = ntext(
            "“{title}” denies fees, but {count} request was closed because a fee was not paid ({path} line {line}).",
            "“{title}” denies fees, but {count} requests were closed because a fee was not paid ({path} line {line}).",
            title=there.title,
            count=int(closed.value),
            path=subject.report.path,
            line=closed.line,
        )
        hint = text("Check whether fee notices were sent.")
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
        yield from _finding(page, PROBLEMS_EMPTY, levels, there.line, message, text("Describe problems and improvements."))
    elif section.fees and section.fees.mention not in written:
        message = text("“{title}” does not mention {fee}.", title=there.title, fee=section.fees.mention)
        hint = text("Write how much was charged, or that no fee was charged.")
        yield from _finding(page, FEE_STATEMENT, levels, there.line, message, hint)


def _find(section: Section, page: Page) -> PageSection | None:
    return next((there for there in page.sections if set(names_of(there.title)) & set(section.names)), None)


def _misnamed(section: Section, others: Iterable[PageSection]) -> PageSection | None:
    """Return the heading that has the number of a section, but other words."""
    number = re.compile(rf"\s*第?{re.escape(section.title.partition('、')[0])}(?:部分)?[、.．，,：:\s]")
    return next((there for there in others if number.match(there.title)), None)


def _sections_below(page: Page, there: PageSection) -> list[PageSection]:
    """Return a statutory section with its subsections: up to the next numbered 一、 二、 …"""
    start = page.sections.index(there)
    end = start + 1
    while end < len(page.sections) and not re.match(r"\s*[一二三四五六七八九十]+、", page.sections[end].title):
        end += 1
    return list(page.sections[start:end])


def _written(page: Page, there: PageSection) -> str:
    below = (paragraph for section in _sections_below(page, there) for paragraph in section.paragraphs)
    return "".join(paragraph.joined.text for paragraph in below).strip()


def _without_spaces(written: str) -> str:
    return "".join(written.split())


def _finding(page: Page, kind: Rule, levels: SeverityOverrides, line: int, message: Text, hint: Text) -> Iterator[Diagnostic]:
    rule = effective_rule(kind, levels)
    if rule and rule.name not in page.excused:
        yield Diagnostic(rule, Pos(page.path, line), message, hint)
