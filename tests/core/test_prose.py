"""Sentences of real reports against their figures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sphinx_govreport.cli import main
from sphinx_govreport.core.checks.page import Page, PageParagraph, PageSection
from sphinx_govreport.core.checks.registry import PAGE_CHECKS
from sphinx_govreport.core.checks.run import check_page, check_pages
from sphinx_govreport.core.diagnostics import Diagnostic, Severity, translator
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.yaml.source import read_source
from sphinx_govreport.exporters.year_file import next_year_text
from tests.core.test_checks import untouched
from tests.published import published, year_file

CASES = Path(__file__).parent / "cases"
ALL = {rule.name: Severity.WARNING for rule in PAGE_CHECKS}


def text_of(year: int, received: int, carried_in: int, carried_out: int, *, reviews: str = "0", **results: int) -> str:
    """Return a year file of natural persons only."""

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
    return text


def made(year: int, received: int, carried_in: int, carried_out: int, *, reviews: str = "0", **results: int) -> Report:
    """Return such a year file after reading."""
    text = text_of(year, received, carried_in, carried_out, reviews=reviews, **results)
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
    "baicheng": made(2025, 449, 0, 7, granted=442),
    "fushun": made(2025, 5, 11, 0, granted=16),
    "binjiang": made(2024, 1, 0, 1),
    "huize": made(2024, 42, 0, 0, granted=42),
    "district": made(2022, 1499, 30, 76, granted=966, partly=67, refused=81, unable=182, not_processed=61, other=96),
    "nothing": made(2024, 0, 0, 0),
    "suqian-2023": untouched("suqian-2023"),
    "suqian-2024": untouched("suqian-2024"),
    "shanghai": untouched("shanghai-municipal-office-2019"),
    "hongze": untouched("huaian-hongze-2023"),
}  # fmt: skip

#: agency, a sentence with the facts of its report, and the expected findings: (rule, quoted, expected)
SENTENCES: list[tuple[str, str, list[tuple[str, str, str]]]] = [
    ("changchun", "当年受理申请95件，加上上年度转结申请8件，答复申请98件，还有5件申请转结下年度。", []),
    ("changchun", "从结果看，予以公开及部分公开的42件，占42.86%；其他处理6件，占6.12%；不予公开的1件，占1.02%；无法提供的49件，占50%。", []),
    ("changchun", "行政复议2件、行政诉讼1件。", []),
    ("changchun", "共受理政府信息公开申请96件。", [("prose-figure", "受理政府信息公开申请96件", "95 / 103")]),
    ("changchun", "无法提供的49件，占51%。", [("prose-share", "无法提供的49件，占51%", "50.00%")]),
    ("changchun", "不予公开的２件，占１.02％。", [("prose-figure", "不予公开的2件", "是 1（")]),
    ("wanyuan", "上年结转2件，今年受理54件，按时办结54件，部分公开4件，予以公开45件，结转下年度办理1件，行政复议2件。", []),
    ("wanyuan", "制发行政规范性文件6个，现行有效规范性文件18个。", []),
    ("wanyuan", "制发行政规范性文件7个。", [("prose-figure", "制发行政规范性文件7个", "是 6（")]),
    ("liyang", "行政复议7件，复议后起诉1件；办理申请61件，其中办结54件，结转下一年办理7件。", []),
    ("yiwu", "受理16件，上年结转1件，共办结16件，结转至2024年1件。", []),
    ("yiwu", "受理16件，上年结转2件，共办结17件。", [("prose-figure", "上年结转2件", "是 1（"), ("prose-figure", "办结17件", "是 16（")]),
    ("baicheng", "本年受理449件，结转下年度继续办理7件。", []),
    ("fushun", "本年收到5件，上年结转11件，累计办理申请16件。", []),
    ("binjiang", "本年收到1件，已结转至下一年度办理。", []),
    ("wanyuan", "清理失效文件4个，现行有效18个。", []),
    ("suqian-2023", "予以公开1191件、部分公开328件、不予公开142件、无法提供1078件、不予处理406件。", []),
    ("huize", "收到42件，其中自然人41件，科研机构1件。", []),
    ("district", "收到1,499件；完成答复1453件，包括上年结转30件；予以公开966(66.48%)件；部分公开67件（占4.61%）；不予公开81件（5.57%）。", []),
    ("district", "无法提供182件（12.53%）；不予处理61件（4.20%）；其他处理96件（6.61%），结转下年度76件。", []),
    ("district", "无法提供183件。", [("prose-figure", "无法提供183件", "另行制作·总计 + …，")]),
    ("suqian-2023", "全市共收办政府信息公开申请3607件。", []),
    ("suqian-2023", "全年新收政府信息公开申请3511件，上年结转96件。", []),
    ("suqian-2023", "全年新收政府信息公开申请3607件。", [("prose-figure", "新收政府信息公开申请3607件", "是 3511（")]),
    ("suqian-2024", "全市政府信息公开行政复议案件134件、行政诉讼案件57件。",
     [("prose-figure", "行政复议案件134件", "是 170（"), ("prose-figure", "诉讼案件57件", "是 77（")]),
    ("shanghai", "予以公开及部分公开258件，无法提供265件。", []),  # its totals are blank, and so are some of their parts
    ("shanghai", "行政复议7件、诉讼9件。", []),
    ("hongze", "2023年受理政府信息公开申请21件。", []),
    ("nothing", "全年未收到政府信息公开申请，没有发生行政复议和诉讼案件。", []),
    ("suqian-2024", "全年未收到政府信息公开申请。", [("prose-figure", "未收到政府信息公开申请", "是 3525（")]),
    ("suqian-2024", "收到公民关于政府信息公开的申请3526件，受理要求公开政府信息的申请3526件。",
     [("prose-figure", "收到公民关于政府信息公开的申请3526件", "3525 / 3646"), ("prose-figure", "受理要求公开政府信息的申请3526件", "3525 / 3646")]),
    ("suqian-2024", "收到要求公开征地批文的申请1200件，收到关于征收的申请600件。", []),
    ("suqian-2024", "新收政府信息公开申请３，５２６件。", [("prose-figure", "新收政府信息公开申请3，526件", "是 3525（")]),
    ("suqian-2024", "2023年，新收申请3511件，办结3500件。",
     [("prose-figure", "新收申请3511件", "是 3525（"), ("prose-figure", "办结3500件", "是 3521（"), ("prose-year", "2023年", "2024 年度")]),
    ("suqian-2024", "与去年相比有所增加，全年新收政府信息公开申请3526件。",
     [("prose-figure", "新收政府信息公开申请3526件", "是 3525（")]),
    ("suqian-2024", "落实《2023年政务公开工作要点》，全年新收申请3526件。", [("prose-figure", "新收申请3526件", "是 3525（")]),
    ("suqian-2024", "予以公开1431件，占40.7%。", [("prose-share", "予以公开1431件，占40.7%", "40.64%")]),
    ("suqian-2024", "全年未收到行政复议申请。", [("prose-figure", "未收到行政复议", "是 170（")]),
    ("suqian-2024", "2024年新增，2025年将改进。", []),
    ("suqian-2024", "2025年，全市将继续改进。", []),
    ("suqian-2024", "2023年，全市认真贯彻条例。", [("prose-year", "2023年", "2024 年度的年报")]),
    ("suqian-2024", "关于政府信息公开申请，2024年共收到3526件。",
     [("prose-figure", "收到3526件", "352")]),
    ("suqian-2024", "依申请公开方面，全年收到3526件，办结3500件。",
     [("prose-figure", "收到3526件", "352"), ("prose-figure", "办结3500件", "352")]),
    ("suqian-2024", "积极推进政务公开和信访工作，全年新收申请3526件，办结3500件。",
     [("prose-figure", "新收申请3526件", "352"), ("prose-figure", "办结3500件", "352")]),
    ("suqian-2024", "行政复议方面，全年没有变化。依申请公开收到3526件。",
     [("prose-figure", "收到3526件", "352")]),
    ("suqian-2024", "行政复议方面，共收到170件；行政诉讼77件；公开申请收到3526件。",
     [("prose-figure", "收到3526件", "352")]),
    ("suqian-2024", "信访、投诉等事项不作为申请处理，2024年共收到3526件政府信息公开申请。",
     [("prose-figure", "收到3526件", "352")]),
    ("suqian-2024", "收到政府信息公开申请3525件，内容主要涉及征地补偿、行政处罚等方面，办结3520件。",
     [("prose-figure", "办结3520件", "352")]),
    ("suqian-2024", "有效防范行政复议、诉讼风险，全年共收到3526件。",
     [("prose-figure", "收到3526件", "352")]),
    ("suqian-2024", "规范登记、审核、答复流程，全年共收到3526件，办结3520件。",
     [("prose-figure", "收到3526件", "352"), ("prose-figure", "办结3520件", "352")]),
    ("suqian-2024", "2023年行政复议方面，共收到3件。", [("prose-year", "2023年", "2024 年度的年报")]),
    ("suqian-2024", "关于行政诉讼，直接起诉51件。", [("prose-figure", "直接起诉51件", "直接起诉")]),
    ("changchun", "予以公开：31件；部分公开（13件）；行政复议3起。",
     [("prose-figure", "予以公开：31件", "是 30（"), ("prose-figure", "部分公开（13件", "是 12（"), ("prose-figure", "行政复议3起", "是 2（")]),
    ("changchun", "上半年收到申请50件，全年收到申请96件；今年以来收到申请97件。",
     [("prose-figure", "收到申请96件", "95 / 103"), ("prose-figure", "收到申请97件", "95 / 103")]),
]  # fmt: skip


#: in a report with 3525 requests received, 170 reconsiderations and 77 lawsuits: numbers that are other figures, or no exact ones
OTHER_FIGURES = [
    # changes and what they start from
    "新收政府信息公开申请较上年增加14件，行政复议同比减少36件，行政诉讼案件比上年下降20件。",
    "收到政府信息公开申请比上年多14件，部分公开同比减少5件。",
    "新收申请由上年的3511件增加到3525件，行政复议数量由36件上升到170件。",
    "予以公开1431件，同比增长5.2%。",
    # last year's
    "去年受理申请3511件，今年受理申请3525件。",
    "上年度收到政府信息公开申请3511件，本年度收到3525件。",
    "2023年新收政府信息公开申请3511件，2024年新收3525件。",
    "2023年，全市新收申请3511件，办结3486件；2024年，全市新收申请3525件，办结3521件。",
    "2021年以来，全市累计收到政府信息公开申请13051件。",
    # estimates and other numbers
    "新收政府信息公开申请近3500件，行政复议约200件，办结超过3500件。",
    "新收政府信息公开申请3500余件，受理0.35万件。",
    "予以公开1431件，占比超过40%；部分公开471件，占13%左右。",
    "每收到一件答复一件。",
    # parts
    "收到申请3525件，其中通过网络收到申请2000件，信函收到申请1000件。",
    "2022年、2023年、2024年分别收到申请2000件、3511件、3525件，月均收到申请294件，市本级收到申请1000件。",
    "依法受理并答复依申请公开3521件。",
    "不予公开的申请中属于国家秘密2件，不予公开属于内部事务信息5件。",
    "无法提供的信息本机关不掌握900件，不予处理重复申请5件。",
    "行政复议结果维持88件，结果纠正18件；行政诉讼维持40件、败诉2件；直接起诉结果维持7件。",
    "行政复议和行政诉讼共247件，复议、诉讼247件。",
    "予以公开、部分公开、不予公开、无法提供分别为1431件、471件、92件、941件，行政复议、行政诉讼分别为170件、77件。",
    "答复政府信息公开申请（含上年结转）3521件，延期答复21件，按期办结3500件，每月平均收到申请294件。",
    "收到网上申请2000件，受理信访举报投诉类申请87件，收到涉及征地的申请1200件，本级制发规范性文件3件。",
    "因信访举报投诉类申请不予处理87件，对重复申请不予处理27件。",
    # a part of the year, or more than one
    "上半年收到申请50件，下半年收到申请45件，第一季度收到申请20件。",
    "2024年4月至6月收到申请25件，7月至9月收到申请30件。",
    "截至2024年11月底，共收到申请88件。",
    "“十四五”以来累计收到申请330件，专栏上线以来，已收到申请200件。",
    "2019年5月15日新条例施行后收到申请560件。",
    # a part of the requests, and requests of others
    "上年结转的8件申请中，予以公开3件，无法提供5件。",
    "本年新收申请中予以公开27件，上年结转申请中予以公开3件。",
    "收到同一申请人申请25件，未答复5件，答复书面申请95件。",
    "内部事务信息不予公开0件，过程性信息不予公开0件。",
    "指导街道办理申请20件，协助区政府办理政府信息公开申请15件，配合市政府答复申请6件。",
    "行政复议案件共170件，其中2024年新收150件。",
    "作为复议机关，全年受理政府信息公开行政复议申请18件。",
    "行政复议案件350件，其中涉及政府信息公开170件；行政诉讼120件，其中政府信息公开77件。",
    "涉及个人隐私部分公开4件，因第三方不同意公开而不予公开0件，由于过程性信息不予公开2件。",
    "全市行政复议机构收到复议申请1200件，受理1100件，审结1050件。",
    "办理行政复议案件350件，涉及信息公开170件。",
    "依法告知补正8件，补正后受理6件，延期后答复3件。",
    # answers of another kind, and other measure words
    "予以公开类答复1431件，复议机关维持原答复2件。",
    "公文公开属性认定为不予公开的8件，审核拟不予公开公文8件。",
    "作出予以公开答复1431件，部分公开答复471件，无法提供答复941件。",
    "收到公众意见35条，答复35条，抽取答复书60份，办结民生实事10件。",
    "受理群众咨询、投诉95件，办结95件。",
    "市长信箱收到来信350件，办结348件；工单办结1200件。",
    "收到网站留言120条，办结120件。",
    # documents by their attribute
    "全年印发文件120件，其中主动公开60件、依申请公开40件、不予公开20件。",
    "历史文件由不予公开转为主动公开5件。",
    # other matters
    "办结人大建议35件，答复政协提案20件，答复网民留言500条，办结行政许可9487件。",
    "受理行政许可申请9487件，办理不动产登记申请500件。",
    "未收到申请人补正的材料，没有收到要求更正信息的申请。",
    "没有发生行政复议被纠正或者撤销的情况。",
    "未发生被纠错的行政复议案件，行政复议机关办理行政复议结案1230件。",
    "对符合条件的予以公开行政处罚决定2676474件。",
    "行政诉讼一审50件、二审27件，抽查答复文书300件，答复群众诉求600件。",
    "平均答复时间为8个工作日，答复咨询200件次，收到12个月的通知，收到3部门的来函。",
    # the subject is named before a comma
    "关于行政复议，2024年共收到3件，均已办结。",
    "行政复议方面，全年收到170件。",
    "行政诉讼方面，2024年共收到77件。",
    "在信访工作方面，全年收到35件，办结35件。",
    "对人大代表建议，全年收到12件，全部办结。",
    "人大代表建议和政协提案方面，共办结25件，满意率100%。",
    "12345热线方面，受理工单，共收到3000件。",
    "投诉举报方面，全年受理8件，办结8件。",
    "行政许可方面，全年共受理1200件，办结1180件。",
    "政策咨询方面，全年答复300件。",
    "关于建议提案，2024年收到5件，答复5件。",
    "围绕领导信箱，全年收到来信220件，答复220件。",
    "至于法律援助，全年受理45件。",
    "行政处罚案件，全年办结45件。",
    "关于信息公开申请，收到3525件；关于行政复议，收到3件。",
    "我局高度重视网民留言，全年收到留言120条，答复120条。",
    "2024年，行政复议方面，收到3件。",
    "此外，行政复议方面，共收到3件。",
    "2024年度行政诉讼，共收到2件。",
    "（二）行政复议方面，全年收到3件。",
    "人大代表建议：2024年收到12件，办结12件。",
    "对行政处罚类投诉，受理12件，办结10件。",
]  # fmt: skip


@pytest.mark.parametrize("written", OTHER_FIGURES)
def test_a_number_that_is_not_the_figure_of_the_table_is_let_alone(written: str) -> None:
    assert [one.message.render(str) for one in findings("suqian-2024", written)] == []
    assert [one.message.render(str) for one in findings("suqian-2024", spaced(written))] == []


def findings(name: str, written: str, excused: frozenset[str] = frozenset()) -> tuple[Diagnostic, ...]:
    section = PageSection("概述", 1, (PageParagraph(written, 3, excused),))
    report = REPORTS[name]
    return check_page(Page("a.md", report.agency, report.year, (section,)), report, statutory_forms(), ALL)


@pytest.mark.parametrize(("name", "written", "expected"), SENTENCES)
def test_sentences_are_judged(name: str, written: str, expected: list[tuple[str, str, str]]) -> None:
    found = [(one.rule.name, one.render(translator("zh_CN"))) for one in findings(name, written)]
    assert [rule for rule, _message in found] == [rule for rule, _quoted, _known in expected]
    for (_rule, message), (_name, quoted, known) in zip(found, expected, strict=True):
        assert quoted in message
        assert known in message
    assert [one.rule.name for one in findings(name, spaced(written))] == [rule for rule, _quoted, _known in expected]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("宿迁市2023年政府信息公开工作年度报告", ["2023年"]),
        ("宿迁市政府信息公开工作年度报告（2022 年度）", ["2022 年"]),
        ("宿迁市2024年政府信息公开工作年度报告", []),
        ("宿迁市2025年政府信息公开工作年度报告", []),  # some count the year of publication
        ("宿迁市2023—2024年政府信息公开工作年度报告", []),
        ("宿迁市政府信息公开工作年度报告", []),
        ("2023年工作总结", []),
        ("一、总体情况（2023年）", []),
    ],
)
def test_the_title_of_a_page_has_the_year_of_its_report(title: str, found: list[str]) -> None:
    sections = (PageSection(title, 5, ()), PageSection("附：2023年政府信息公开工作年度报告", 9, ()))
    page = Page("a.md", "宿迁市", 2024, sections)
    years = [one for one in check_page(page, REPORTS["suqian-2024"], statutory_forms(), ALL) if one.rule.name == "prose-year"]
    assert [(one.pos.line, dict(one.message.values)["written"]) for one in years] == [(5, year) for year in found]
    excused = page._replace(excused=frozenset({"prose-year"}))
    rules = [one.rule.name for one in check_page(excused, REPORTS["suqian-2024"], statutory_forms(), ALL)]
    assert "prose-year" not in rules


def test_the_line_of_the_number_is_named_and_a_sentence_can_be_excused() -> None:
    (found,) = findings("suqian-2024", "全市情况如下：\n新收政府信息公开申请\n3600件。")
    assert found.pos.line == 4
    assert found.render(translator("en")).startswith("“新收政府信息公开申请3600件” says 3600, but the year file has 3525 (")
    assert findings("suqian-2024", "新收政府信息公开申请3600件。", frozenset({"prose-figure"})) == ()
    assert len(findings("suqian-2024", "新收政府信息公开申请3600件。", frozenset({"prose-year"}))) == 1


#: in a report for 2023
OF_ANOTHER_YEAR = [
    "办结177件（含2022年结转的3件）。",
    "2022年结转的申请已在年初全部办结。",
    "2022年度转结申请均已答复。",
    "与2021年相比，申请数量明显增加。",
    "较2022年增加5件，比2021年减少3件。",
    "申请数量较上年（2022年）增加5件。",
    "去年（2022年）受理申请5件。",
    "2022年同期只有5件。",
    "2022年收到申请5件，2023年收到申请8件。",
    "申请由2022年的5件增加到8件。",
    "2021年以来，平均每年办理申请40件。",
    "自2019年起，专栏每月更新2次。",
    "2021—2025年，计划建成公开专区20个。",
    "2021年至2022年合计收到申请90件。",
    "列入2021－2025年规划的项目有5项。",
    "2021年决算和部门决算全部公开。",
    "公开2022年度部门决算56份。",
    "力争到2025年建成标准化专区12个。",
    "2035年远景目标已在专栏公布。",
    "根据某办〔2021〕30号文件编制本报告。",
    "落实《2022年政务公开工作要点》5项任务。",
    "《某市2021年公开办法》规定了12项内容。",
    "按照2019年修订的《政府信息公开条例》办理。",
    "2021年印发的《某市公开指南》共5项内容，今年全部修订。",
    "本局成立于2018年。",
    "2018年3月组建的局机关有内设机构12个。",
    "2019年5月15日起施行的新条例规定了期限。",
    "在2022年度考核中获得优秀等次。",
    "吸收了2022年评估中提出的意见5条。",
    "2022年存在的主要问题已全部整改到位。",
    "2022年年度报告提出的3项问题均已完成整改。",
    "要求公开2015年批文的有86件。",
    "网站于2020年改版。",
    "依据2019年的机构改革方案调整了职责。",
    "2023年工作已完成，2024年继续改进。",
    "对2021年以前制发的文件22件进行清理。",
    "对2022年办结的40件申请进行复查，申请人2022年提出的申请8件已答复。",
    "2021年机构改革后，职能划转至我局。",
    "落实2022年省级督查反馈意见5条。",
]
#: the same, with the reported year
LEFT_OVER = [
    ("2022年，本局认真落实条例。", "2022年"),
    ("2022年度，全区公开工作平稳推进。", "2022年"),
    ("（一）2022年，新增专栏。", "2022年"),
    ("在2021年，本局组织了培训。", "2021年"),
    ("工作平稳。2022年全区共答复申请。", "2022年"),
    ("全年更新信息；2022年还举办了活动。", "2022年"),
    ("本局2022年制作信息5条。", "2022年"),
    ("全区2021年共举办培训12项。", "2021年"),
    ("统计时间为2022年1月1日至12月31日。", "2022年"),
    ("数据截至2022年12月31日。", "2022年"),
    ("截至2022年底，专栏全部更新。", "2022年"),
    ("２０２２年，本局认真落实条例。", "2022年"),
    ("2026年，本局认真落实条例。", "2026年"),
    ("2021年结转的申请已在年初全部办结。", "2021年"),
    ("2022年，自然资源和规划局牵头开展工作。", "2022年"),
    ("2022年区自然资源和规划局收到来信。", "2022年"),
    ("2022年，《某市公开办法》继续实施。", "2022年"),
    ("2022年，公开工作存在的主要问题是更新不及时。", "2022年"),
    ("2022年本局存在的问题有2项。", "2022年"),
]


def told_years(written: str) -> list[str]:
    found = [one for one in findings("yiwu", written) if one.rule.name == "prose-year"]
    return [one.message.render(str).rpartition(" says ")[2].rstrip(".") for one in found]


def spaced(written: str) -> str:
    """Return a sentence with spaces around its numbers, as many authors write them."""
    return re.sub(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])", " ", written)


@pytest.mark.parametrize("written", OF_ANOTHER_YEAR)
def test_a_year_is_let_alone_where_another_is_meant(written: str) -> None:
    assert told_years(written) == []
    assert told_years(spaced(written)) == []


@pytest.mark.parametrize(("written", "year"), LEFT_OVER)
def test_a_sentence_about_another_year_is_reported(written: str, year: str) -> None:
    assert told_years(written) == [year]
    assert told_years(spaced(written)) == [spaced(year)]


def test_many_years_in_one_long_sentence_take_no_time() -> None:
    assert told_years("甲" * 300 + "2022年，乙。") == []
    assert told_years("甲" * 300 + "。2022年，乙。") == ["2022年"]
    assert told_years("，2022年" * 50_000) == []
    assert findings("suqian-2024", "行政复议，收到3件。" * 20_000) == ()


WRAPPED = "2023年，新收政府信息公开申请96件，予以公开30件，占30.61%，不予公开1件，占1.10%。"


@pytest.mark.parametrize("at", range(1, len(WRAPPED)))
def test_it_does_not_matter_where_a_line_ends(at: int) -> None:
    whole, broken = (
        {one.rule.name: one.render(str) for one in findings("changchun", written)}
        for written in (WRAPPED, f"{WRAPPED[:at]} \n {WRAPPED[at:]}")
    )
    assert broken == whole
    assert list(whole) == ["prose-figure", "prose-share", "prose-year"]
    assert "“新收政府信息公开申请96件”" in whole["prose-figure"]
    assert "“不予公开1件，占1.10%”" in whole["prose-share"]


def test_the_line_is_that_in_which_a_finding_begins() -> None:
    found = findings("changchun", "2023年，新收\n政府信息公开\n申请96件，\n不予公开1\n件，占1.\n10%。")
    assert [(one.rule.name, one.pos.line) for one in found] == [("prose-figure", 3), ("prose-year", 3), ("prose-share", 7)]
    found = findings("changchun", "2024年\n，\n20\n23年我局培训3次。不予\n公开1件，\n占\n1.1%。")
    assert [(one.rule.name, one.pos.line) for one in found] == [("prose-share", 9)]


def test_the_words_of_other_languages_stay_apart_where_a_line_ends() -> None:
    (found,) = findings("changchun", "不予公开 the\nsecond 2件")
    assert "“不予公开 the second 2件”" in found.render(str)


SIX = ["一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况",
       "四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项"]  # fmt: skip
LONG = "公开的及时性和形式还可以改进。"


def page(titles: list[str], problems: str = LONG, other: str = "没有收取信息处理费。", empty: str = "") -> Page:
    texts = {"五": problems, "六": other}
    sections = [PageSection("年度报告", 1, ())]
    for number, title in enumerate(titles):
        written = texts.get(title[0], "情况如下。")
        paragraphs = (PageParagraph(written, 10 * number + 12),) if title != empty else ()
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
        (page([*SIX[:3], "四、行政复议情况", "五、存在的问题及改进措施"]),
         [("section-missing", 1, "本页缺少：六、其他需要报告的事项。"), ("section-missing", 40, "“四、行政复议情况”应写作“四、政府信息公开行政复议、行政诉讼情况”。"),
          ("section-missing", 50, "“五、存在的问题及改进措施”应写作“五、存在的主要问题及改进情况”。")]),
        (page([SIX[0], "二、工作亮点", "三、下一步打算"]), [("section-missing", 1, f"本页缺少：{'、'.join(SIX[1:])}。")]),
        (page(["第一部分 总体情况", *SIX[1:]]), [("section-missing", 10, "“第一部分 总体情况”应写作“一、总体情况”。")]),
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


@pytest.mark.parametrize("first", ["1、存在的问题", "（一）存在的问题", "1.存在的问题", "存在的问题"])
def test_the_text_below_numbered_headings_belongs_to_the_section_above_them(first: str) -> None:
    whole = page(SIX, empty=SIX[4])
    at = whole.sections.index(next(one for one in whole.sections if one.title == SIX[4])) + 1
    more = tuple(PageSection(title, 52, (PageParagraph(LONG, 53),)) for title in (first, "2、改进措施"))
    seen = whole._replace(sections=(*whole.sections[:at], *more, *whole.sections[at:]))
    assert [one.rule.name for one in check_page(seen, REPORTS["nothing"], statutory_forms(), {})] == []
    assert [one.rule.name for one in check_page(whole, REPORTS["nothing"], statutory_forms(), {})] == ["section-empty"]


PAID = "没有收取信息处理费。"


def test_closed_for_a_fee_and_no_fee_do_not_go_together() -> None:
    levels = {"fee-procedure": Severity.WARNING}
    (found,) = check_page(page(SIX, other=PAID), REPORTS["suqian-2024"], statutory_forms(), levels)
    assert (found.rule.name, found.pos.line) == ("fee-procedure", 60)
    assert "有 38 件申请因逾期未缴费，行政机关不再处理（suqian-2024.yaml 第 204 行）" in found.render(translator("zh_CN"))
    assert "38 requests were closed because a fee was not paid (suqian-2024.yaml line 204)" in found.render(translator("en"))
    charged = (
        "对 3 件申请收取信息处理费 2230 元。",
        "对3件申请收取信息处理费2230元，38件因申请人逾期未缴纳信息处理费不再处理。",
        "对无正当理由大量反复申请收取信息处理费2230元。",
    )
    for report, other in (*(("suqian-2024", other) for other in charged), ("nothing", PAID), ("shanghai", PAID)):
        assert check_page(page(SIX, other=other), REPORTS[report], statutory_forms(), levels) == ()


FEE_PROMPT = "[收取信息处理费的情况在此报告，没有收取的写明没有收取；以及其他需要报告的事项。]"


def test_a_prompt_that_nobody_replaced_is_no_text_of_the_report() -> None:
    seen = page(SIX, problems="[写明存在的主要问题和改进措施。]", other=f"{FEE_PROMPT}\n无。")
    found = check_page(seen, REPORTS["suqian-2024"], statutory_forms(), {})
    assert [(one.rule.name, one.pos.line) for one in found] == [("section-empty", 52), ("section-empty", 62)]
    assert found[1].render(translator("zh_CN")) == f"“六、其他需要报告的事项”还留有写作要求“{FEE_PROMPT}”。请换成年报的正文。"
    assert found[1].render(translator("en")) == (
        f"“六、其他需要报告的事项” still contains the prompt “{FEE_PROMPT}”. Replace it with the text of the report."
    )


def test_a_report_without_figures_may_have_prompts() -> None:
    text = next_year_text(REPORTS["suqian-2024"], 2025, statutory_forms(), "zh")
    begun = read_report(read_source("a.yaml", text.encode()), statutory_forms()).report
    assert begun
    assert check_page(page(SIX, other=FEE_PROMPT)._replace(year=2025), begun, statutory_forms(), {}) == ()


@pytest.mark.parametrize(
    ("day", "chinese", "english"),
    [
        ("2025-01-20", "", ""),
        ("2025-03-31", "", ""),
        ("2025-03-31 23:59", "", ""),
        ("", "", ""),
        ("2025-04-01", "发布日期 2025-04-01 晚于2025年3月31日。", "Published on 2025-04-01, after 31 March 2025."),
        (
            "1月20日",
            "“1月20日”不是日期。请写成“govreport-published: 2025-01-20”的形式，也可以带时间：“2025-01-20 09:30”。",
            "“1月20日” is not a date. Write for example “govreport-published: 2025-01-20”, or with the time “2025-01-20 09:30”.",
        ),
        ("2025-04-01 00:00", "发布日期 2025-04-01 晚于2025年3月31日。", "Published on 2025-04-01, after 31 March 2025."),
    ],
)
def test_the_deadline_of_governments_is_the_end_of_march(day: str, chinese: str, english: str) -> None:
    seen = page(SIX)._replace(published=day)
    found = check_page(seen, REPORTS["nothing"], statutory_forms(), {}, "government")
    assert [(one.rule.name, one.render(translator("zh_CN")), one.render(translator("en"))) for one in found] == (
        [("deadline", chinese, english)] if chinese else []
    )


@pytest.mark.parametrize(("name", "day", "is_late"), [("wanyuan", "2026-03-31", False), ("wanyuan", "2026-04-01", True)])
def test_the_deadline_is_in_the_year_after_that_of_the_report(name: str, day: str, is_late: bool) -> None:
    seen = page(SIX)._replace(year=REPORTS[name].year, published=day)
    found = check_page(seen, REPORTS[name], statutory_forms(), {}, "government")
    assert [one.rule.name for one in found] == ["deadline"] * is_late


def test_a_text_that_is_last_years_is_noticed() -> None:
    same = "".join(f"第{number}季度组织了{number * 7}次培训，" for number in range(40))
    other = "".join(f"{number}月新增{number * 3}个公开专题；" for number in range(40))

    def year(number: int, text: str) -> Page:
        return Page(f"{number}.md", "甲", number, (PageSection("一、总体情况", 5, (PageParagraph(text, 7),)),), line=5)

    (found,) = check_pages([year(2023, same), year(2024, same[: len(same) // 4 * 3] + other[:100])], {})
    assert (found.rule.name, found.pos.path, found.pos.line) == ("likeness", "2024.md", 5)
    assert "2023.md" in found.render(translator("zh_CN"))
    assert int(found.render(translator("en")).split(" ")[0]) > 50
    assert check_pages([year(2023, same), year(2024, other)], {}) == ()
    assert check_pages([year(2022, same), year(2024, same)], {}) == ()
    assert check_pages([year(2023, "短文。"), year(2024, "短文。")], {}) == ()


ENGLISH = {
    "section-missing": (
        page(SIX[:5]),
        "The page lacks: 六、其他需要报告的事项. Write the statutory headings exactly as prescribed.",
    ),
    "section-order": (
        page([SIX[1], SIX[0], *SIX[2:]]),
        "“二、主动公开政府信息情况” comes before a section that must precede it. Put the sections in statutory order.",
    ),
    "section-empty": (page(SIX, empty=SIX[0]), "“一、总体情况” is empty. Write what there is to report."),
    "problems-empty": (
        page(SIX, problems="无"),
        "“五、存在的主要问题及改进情况” says only “无”. Describe problems and improvements.",
    ),
    "fee-statement": (
        page(SIX, other="没有其他事项。"),
        "“六、其他需要报告的事项” does not mention 信息处理费. Write how much was charged, or that no fee was charged.",
    ),
}


@pytest.mark.parametrize("rule", ENGLISH)
def test_sections_are_explained_in_english_too(rule: str) -> None:
    seen, message = ENGLISH[rule]
    (found,) = check_page(seen, REPORTS["nothing"], statutory_forms(), {})
    assert (found.rule.name, found.render(translator("en"))) == (rule, message)


def test_sentences_are_explained_in_english_too() -> None:
    english = translator("en")
    excuse = "Correct one of the two; if both are correct, write the comment “govreport-ignore: {}” before the paragraph."
    (number,) = findings("yiwu", "上年结转2件。")
    assert number.render(english) == (
        "“上年结转2件” says 2, but the year file has 1 (上年结转政府信息公开申请数量·总计, data/a.yaml line 13). "
        + excuse.format("prose-figure")
    )
    (share,) = findings("changchun", "不予公开的1件，占1.03%。")
    assert share.render(english) == "“不予公开的1件，占1.03%” says 1.03 %, but 1 of 98 are 1.02 %. " + excuse.format(
        "prose-share"
    )
    (year,) = findings("yiwu", "2022年，各部门认真落实条例。")
    assert year.render(english) == "The report is for 2023, but this sentence says 2022年. " + excuse.format("prose-year")


def test_it_is_noticed_in_whatever_order_pages_are_read() -> None:
    same = "".join(f"第{number}季度组织了{number * 7}次培训，" for number in range(40))

    def page(number: int, path: str, text: str) -> Page:
        return Page(path, "甲", number, (PageSection("一、总体情况", 5, (PageParagraph(text, 7),)),), line=5)

    pages = [
        page(2023, "/srv/a/2023/index.md", same),
        page(2023, "/srv/a/2023/chart.md", "图。"),
        page(2024, "/srv/a/2024.md", same),
    ]
    (found,) = check_pages(pages, {})
    assert check_pages(reversed(pages), {}) == (found,)
    assert "（2023/index.md）" in found.render(translator("zh_CN")), "not the place of the site on this machine"


PAID_BROKEN = "没有收取信息\n处理\n费。"


def test_a_statement_on_fees_is_found_over_two_lines() -> None:
    levels = {"fee-procedure": Severity.WARNING}
    broken = page(SIX, other=PAID_BROKEN)
    assert check_page(broken, REPORTS["nothing"], statutory_forms(), {}) == ()
    (found,) = check_page(broken, REPORTS["suqian-2024"], statutory_forms(), levels)
    assert found.rule.name == "fee-procedure"


def test_what_is_quoted_of_a_broken_sentence_has_no_space_in_it() -> None:
    (found,) = check_page(page(SIX, problems="没有\n问题。"), REPORTS["nothing"], statutory_forms(), {})
    assert found.message.render(translator("zh_CN")) == "“五、存在的主要问题及改进情况”只写了“没有问题。”。"
    (found,) = check_page(page(SIX, problems="No\nrisk."), REPORTS["nothing"], statutory_forms(), {})
    assert found.message.render(str) == "“五、存在的主要问题及改进情况” says only “No risk.”."


def test_a_text_that_is_broken_elsewhere_is_as_like_as_before() -> None:
    same = "".join(f"第{number}季度组织了{number * 7}次培训，" for number in range(40))
    wrapped = "\n".join(same[at : at + 7] for at in range(0, len(same), 7))

    def year(number: int, text: str) -> Page:
        return Page(f"{number}.md", "甲", number, (PageSection("一、总体情况", 5, (PageParagraph(text, 7),)),), line=5)

    (found,) = check_pages([year(2023, same), year(2024, wrapped)], {})
    assert found.render(translator("en")).startswith("100 percent")


HEAD = {
    ".md": "---\ngovreport-year: 2023\n---\n# 某区2023年政府信息公开工作年度报告\n\n## 概述\n\n",
    ".rst": ":govreport-year: 2023\n\n某区2023年政府信息公开工作年度报告\n" + "=" * 40 + "\n\n概述\n----\n\n",
}


@pytest.mark.parametrize("suffix", HEAD)
def test_pages_are_read_as_they_are_wrapped(suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, data = tmp_path / f"page{suffix}", tmp_path / "data.yaml"
    data.write_text(text_of(2023, 180, 3, 6, granted=177), "utf-8")
    case = (CASES / "prose-year.md").read_text("utf-8")
    sentence = case.splitlines()[-1]
    assert "2022年结转的3件" in sentence
    arguments = ["--language", "zh_CN", "check", "--strict", str(data), str(page)]
    for at in range(3, len(sentence), 4):
        page.write_text(HEAD[suffix] + sentence[:at] + "\n" + sentence[at:] + "\n", "utf-8")
        assert main(arguments) == 0
        assert capsys.readouterr().out == ""
    line = HEAD[suffix].count("\n") + 2
    page.write_text(HEAD[suffix] + "全年新收政府信\n息公\n开申请1\n81件。\n", "utf-8")
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{page}:{line - 1}:1: ")
    assert "“新收政府信息公开申请181件”" in out


def test_a_message_quotes_a_wrapped_sentence_without_a_stray_space() -> None:
    """A phrase of the form may span several lines of the source."""
    report = REPORTS["changchun"]
    section = PageSection("一", 1, (PageParagraph("本机关收到政府\n信息公开申请\n96件。", 3),))
    (found,) = check_page(Page("a.md", report.agency, report.year, (section,)), report, statutory_forms(), ALL)
    assert found.render(str).startswith("“收到政府信息公开申请96件” says 96, but the year file has 95 / 103 ")


def page_on_requests(*paragraphs: PageParagraph, excused: frozenset[str] = frozenset()) -> Page:
    """Return a page whose section on requests has these paragraphs."""
    return Page("a.md", "某区", 2024, (PageSection("三、收到和处理政府信息公开申请情况", 3, paragraphs),), excused)


def test_a_share_of_nothing_is_not_worked_out_and_an_excused_one_not_reported() -> None:
    nothing, some = made(2024, 0, 0, 0), made(2024, 4, 0, 0, granted=4)
    for subject, written, excuse, said in (
        (nothing, "予以公开0件，占5%", frozenset(), []),
        (some, "予以公开4件，占90%", frozenset(), ["prose-share"]),
        (some, "予以公开4件，占90%", frozenset({"prose-share"}), []),
    ):
        for excused_page in (False, True):
            paragraph = PageParagraph(written, 5, frozenset() if excused_page else excuse)
            of_page = page_on_requests(paragraph, excused=excuse if excused_page else frozenset())
            assert [
                one.rule.name for one in check_page(of_page, subject, statutory_forms(), ALL) if "prose" in one.rule.name
            ] == said


@pytest.mark.parametrize(("length", "count"), [(199, 0), (200, 1)])
def test_a_short_text_is_not_compared_with_last_years(length: int, count: int) -> None:
    words = "".join(chr(0x4E00 + n) for n in range(length))
    pages = [page_on_requests(PageParagraph(words, 5, frozenset()))._replace(year=year) for year in (2023, 2024)]
    assert [len(one.text) for one in pages] == [length, length]
    assert len(check_pages(pages, ALL)) == count


def test_likeness_is_counted_in_runs_of_five_characters() -> None:
    def words(count: int, since: int) -> str:
        return "".join(chr(0x4E00 + since + n) for n in range(count))

    last = page_on_requests(PageParagraph(words(220, 0), 5))._replace(year=2023)
    now = page_on_requests(PageParagraph("".join(words(16, 22 * n) + words(6, 5000 + 6 * n) for n in range(10)), 5))
    (found,) = check_pages([last, now], ALL)
    assert found.message.render(str).startswith("56 percent"), "10 times 12 runs of 216"


def test_a_sentence_is_compared_although_the_figure_of_another_is_unknown() -> None:
    text = year_file(published("suqian-2024")).replace("issued: 50", "issued: 05O").replace("repealed: 227", "repealed: 226")
    subject, diagnostics = read_report(read_source("a.yaml", text.encode()), statutory_forms())
    assert subject
    assert len(diagnostics) == 1
    written = "制发行政规范性文件7件，废止行政规范性文件228件。"
    found = check_page(page_on_requests(PageParagraph(written, 5)), subject, statutory_forms(), ALL)
    told = [one.figures for one in found if one.rule.name == "prose-figure"]
    assert told == [("proactive-disclosure.normative-documents.repealed",)]


def test_numbers_of_one_kind_in_a_paragraph_are_compared_one_by_one() -> None:
    subject = made(2024, 4, 0, 0, granted=4)
    found = check_page(
        page_on_requests(PageParagraph("予以公开4件。予以公开5件。予以公开6件。", 5)), subject, statutory_forms(), ALL
    )
    assert [one.pos.column for one in found if one.rule.name == "prose-figure"] == [1, 1]
