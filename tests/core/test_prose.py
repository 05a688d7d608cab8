"""Sentences of real reports against their figures."""

from __future__ import annotations

import pytest

from sphinx_govreport.core.checks import check_page
from sphinx_govreport.core.checks.page import Page, PageSection, Paragraph
from sphinx_govreport.core.checks.rules import PAGE_CHECKS
from sphinx_govreport.core.diagnostics import Diagnostic, Severity, translator
from sphinx_govreport.core.form_file import statutory_forms
from sphinx_govreport.core.model import Report
from sphinx_govreport.core.source import read_source
from sphinx_govreport.core.year_file import read_report
from tests.core.test_checks import untouched

ALL = {rule.name: Severity.WARNING for rule in PAGE_CHECKS}


def made(year: int, received: int, carried_in: int, carried_out: int, *, reviews: str = "0", **results: int) -> Report:
    """A report of natural persons only."""

    def row(number: int) -> str:
        return f"[{number}, 0, 0, 0, 0, 0]"

    def branch(first: str, count: int, *others: str) -> str:
        return "{" + ", ".join([f"{first}: {row(count)}", *(f"{key}: 0" for key in others)]) + "}"

    of = {"granted": 0, "partly": 0, "refused": 0, "unable": 0, "not_processed": 0, "other": 0} | results
    refused = ("prohibited-by-law", "endangers-security", "third-party-rights", "internal-affairs", "deliberative-process")
    text = (
        f"agency: 某区\nyear: {year}\nform: 2021\nproactive-disclosure:\n  rules: 0\n"
        "  normative-documents: {issued: 6, repealed: 4, in-force: 18}\n"
        "  licensing: 0\n  penalties: 0\n  coercive-measures: 0\n  fees: 0\n"
        f"requests:\n  received: {row(received)}\n  carried-in: {row(carried_in)}\n  results:\n    granted: {row(of['granted'])}\n"
        f"    partly-granted: {row(of['partly'])}\n"
        f"    refused: {branch('state-secret', of['refused'], *refused, 'enforcement-file', 'administrative-inquiry')}\n"
        f"    unable: {branch('not-held', of['unable'], 'needs-creation', 'still-unclear')}\n"
        f"    not-processed: {branch('petition', of['not_processed'], 'repeated', 'publication', 'excessive', 'confirmation')}\n"
        f"    other: {branch('other', of['other'], 'overdue-correction', 'overdue-payment')}\n"
        f"  carried-out: {row(carried_out)}\nreviews: {reviews}\n"
    )
    found = read_report(read_source("data/a.yaml", text.encode()), statutory_forms())
    assert found.report
    assert not found.diagnostics
    return found.report


REVIEWS = "{reconsideration: [2, 0, 0, 0], litigation: {direct: [1, 0, 0, 0], after-reconsideration: 0}}"
REPORTS = {
    "changchun": made(2024, 95, 8, 5, granted=30, partly=12, refused=1, unable=49, other=6, reviews=REVIEWS),
    "wanyuan": made(2025, 54, 2, 1, granted=45, partly=4, refused=4, unable=2, reviews=REVIEWS.replace("[1,", "[0,")),
    "liyang": made(2025, 61, 0, 7, granted=54, reviews="{reconsideration: [7, 0, 0, 0], litigation: "
                   "{direct: 0, after-reconsideration: [1, 0, 0, 0]}}"),
    "yiwu": made(2023, 16, 1, 1, granted=16),
    "huize": made(2024, 42, 0, 0, granted=42),
    "district": made(2022, 1499, 30, 76, granted=966, partly=67, refused=81, unable=182, not_processed=61, other=96),
    "nothing": made(2024, 0, 0, 0),
    "suqian-2023": untouched("suqian-2023"),
    "suqian-2024": untouched("suqian-2024"),
    "shanghai": untouched("shanghai-municipal-office-2019"),
    "hongze": untouched("huaian-hongze-2023"),
}  # fmt: skip

#: what is reported for, a sentence with the facts of that report, and what must be said about it: (rule, quoted, expected)
SENTENCES: list[tuple[str, str, list[tuple[str, str, str]]]] = [
    ("changchun", "共受理政府信息公开申请95件，答复政府信息公开申请98件(含上年度转结申请8件,另有5件申请转结下年度继续办理)。", []),
    ("changchun", "予以公开及部分公开的42件，占42.86%；不予公开的1件，占1.02%；因本机关不掌握等原因无法提供的49件，占50%；其他处理6件，占6.12%。", []),
    ("changchun", "行政复议2件、行政诉讼1件。", []),
    ("changchun", "共受理政府信息公开申请96件。", [("prose-figure", "受理政府信息公开申请96件", "95 / 103")]),
    ("changchun", "无法提供的49件，占51%。", [("prose-share", "无法提供的49件，占51%", "50.00%")]),
    ("changchun", "不予公开的２件，占１.02％。", [("prose-figure", "不予公开的2件", "是 1（")]),
    ("wanyuan", "受理54件，按时办结54件，办理上年结转2件。其中予以公开45件，部分公开4件，结转下年度办理1件，行政复议2件。", []),
    ("wanyuan", "制发行政规范性文件6个，现行有效规范性文件18个。", []),
    ("wanyuan", "制发行政规范性文件7个。", [("prose-figure", "制发行政规范性文件7个", "是 6（")]),
    ("liyang", "办理申请61件，办结54件，结转下一年办理7件，行政复议7件，复议后起诉1件。", []),
    ("yiwu", "受理16件，上年结转1件，共办结16件，结转至2024年1件。", []),
    ("yiwu", "受理16件，上年结转2件，共办结17件。", [("prose-figure", "上年结转2件", "是 1（"), ("prose-figure", "办结17件", "是 16（")]),
    ("huize", "收到42件，其中自然人41件，科研机构1件。", []),
    ("district", "收到1,499件；完成答复1453件，包括上年结转30件；予以公开966(66.48%)件；部分公开67件（占4.61%）；不予公开81件（5.57%）。", []),
    ("district", "无法提供182件（12.53%）；不予处理61件（4.20%）；其他处理96件（6.61%），结转下年度76件。", []),
    ("suqian-2023", "全市共收办政府信息公开申请3607件。", []),
    ("suqian-2023", "全年新收政府信息公开申请3511件，上年结转96件。", []),
    ("suqian-2023", "全年新收政府信息公开申请3607件。", [("prose-figure", "新收政府信息公开申请3607件", "是 3511（")]),
    ("suqian-2024", "全市政府信息公开行政复议案件134件、行政诉讼案件57件。",
     [("prose-figure", "行政复议案件134件", "是 170（"), ("prose-figure", "诉讼案件57件", "是 77（")]),
    ("shanghai", "予以公开及部分公开258件，无法提供265件。",
     [("prose-figure", "予以公开及部分公开258件", "是 275（"), ("prose-figure", "无法提供265件", "是 337（")]),
    ("shanghai", "行政复议7件、诉讼9件。", []),
    ("hongze", "2023年全区受理政府信息公开申请21件，均在法定期限答复。", []),
    ("nothing", "全年未收到政府信息公开申请，没有发生行政复议和诉讼案件。", []),
    ("suqian-2024", "全年未收到政府信息公开申请。", [("prose-figure", "未收到政府信息公开申请", "是 3525（")]),
    ("suqian-2024", "2024年新增，2025年将改进。", []),
    ("suqian-2024", "2023年，全市认真贯彻条例。", [("prose-year", "2023年", "2024 年度的报告")]),
]  # fmt: skip


def findings(name: str, written: str, excused: frozenset[str] = frozenset()) -> tuple[Diagnostic, ...]:
    section = PageSection("概述", 1, (Paragraph(written, 3, excused),))
    report = REPORTS[name]
    return check_page(Page("a.md", report.agency, report.year, (section,)), report, statutory_forms(), ALL)


@pytest.mark.parametrize(("name", "written", "expected"), SENTENCES)
def test_sentences_are_judged(name: str, written: str, expected: list[tuple[str, str, str]]) -> None:
    found = [(one.rule.name, one.render(translator("zh_CN"))) for one in findings(name, written)]
    assert [rule for rule, _message in found] == [rule for rule, _quoted, _known in expected]
    for (_rule, message), (_name, quoted, known) in zip(found, expected, strict=True):
        assert quoted in message
        assert known in message


def test_the_line_of_the_number_is_named_and_a_sentence_can_be_excused() -> None:
    (found,) = findings("suqian-2024", "全市情况如下：\n新收政府信息公开申请\n3600件。")
    assert found.pos.line == 4
    assert found.render(translator("en")).startswith("“新收政府信息公开申请\n3600件” says 3600, but the year file has 3525 (")
    assert findings("suqian-2024", "新收政府信息公开申请3600件。", frozenset({"prose-figure"})) == ()
    assert len(findings("suqian-2024", "新收政府信息公开申请3600件。", frozenset({"prose-year"}))) == 1


SIX = ["一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况",
       "四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项"]  # fmt: skip
LONG = "公开的及时性和形式还可以改进。"


def page(titles: list[str], problems: str = LONG, other: str = "没有收取信息处理费。", empty: str = "") -> Page:
    texts = {"五": problems, "六": other}
    sections = [PageSection("年度报告", 1, ())]
    for number, title in enumerate(titles):
        written = texts.get(title[0], "情况如下。")
        paragraphs = (Paragraph(written, 10 * number + 12),) if title != empty else ()
        sections.append(PageSection(title, 10 * number + 10, paragraphs))
    return Page("a.md", "", 2024, tuple(sections))


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (page(SIX), []),
        (page([*SIX[:4], "五、政府信息公开工作存在的主要问题及改进情况", SIX[5]]), []),
        (page([*SIX[:4], "五、存在问题及改进情况", SIX[5]]), []),
        (page(["图表", "链接"]), []),
        (page([*SIX[:2], *SIX[3:]]), [("section-missing", 1, "本页缺少：三、收到和处理政府信息公开申请情况。")]),
        (page([SIX[1], SIX[0], *SIX[2:]]), [("section-order", 10, "“二、主动公开政府信息情况”排到了前一部分的前面。")]),
        (page(SIX, empty=SIX[0]), [("section-empty", 10, "“一、总体情况”没有内容。")]),
        (page(SIX, problems="无"), [("problems-empty", 50, "“五、存在的主要问题及改进情况”只写了“无”。")]),
        (page(SIX, problems="没有问题。"), [("problems-empty", 50, "“五、存在的主要问题及改进情况”只写了“没有问题。”。")]),
        (page(SIX, other="没有其他事项。"), [("fee-statement", 60, "“六、其他需要报告的事项”没有提到信息处理费。")]),
    ],
)  # fmt: skip
def test_the_six_sections_are_looked_at(seen: Page, expected: list[tuple[str, int, str]]) -> None:
    found = check_page(seen, REPORTS["nothing"], statutory_forms(), {})
    chinese = translator("zh_CN")
    assert [(one.rule.name, one.pos.line, one.message.render(chinese)) for one in found] == expected
    assert check_page(seen._replace(excused=frozenset(ALL)), REPORTS["nothing"], statutory_forms(), {}) == ()
