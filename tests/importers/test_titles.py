"""The agency and year of a document: every layout of a title is understood, or it is reported as ambiguous."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import NamedTuple

import docx
import pytest

from sphinx_govreport.core.diagnostics import Severity
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.importers.recognise.report import Wanted, import_documents
from sphinx_govreport.importers.recognise.title import Title, parse_title
from tests.importers import written
from tests.published import Published, published

FORMS = statutory_forms()


class Layout(NamedTuple):
    name: str
    lines: tuple[str, ...]  #: ``#`` begins a heading, ``<title>`` the title in the metadata
    agency: str
    year: int
    said: tuple[str, ...] = ()


NO_AGENCY = "The document does not state the agency of the report."
NO_YEAR = "The document does not state the year of the report."
TWO_YEARS = "The titles of the document name several years: {}."
TWO_AGENCIES = "The titles of the document name several agencies: {}."

LAYOUTS = [
    Layout("one line", ("某市某局2025年政府信息公开工作年度报告",), "某市某局", 2025),
    Layout("broken behind the year", ("某市某局2025年", "政府信息公开工作年度报告"), "某市某局", 2025),
    Layout("broken before the year", ("某市某局", "2025年政府信息公开工作年度报告"), "某市某局", 2025),
    Layout("broken before 年", ("某市某局2025", "年政府信息公开工作年度报告"), "某市某局", 2025),
    Layout("broken within the year", ("某市某局20", "25年政府信息公开工作年度报告"), "某市某局", 2025),
    Layout("broken within 政府信息", ("某市某局2025年政府", "信息公开工作年度报告"), "某市某局", 2025),
    Layout("broken before 年度报告", ("某市某局2025年政府信息公开工作", "年度报告"), "某市某局", 2025),
    Layout("broken before 报告", ("某市某局2025年政府信息公开工作年度", "报告"), "某市某局", 2025),
    Layout("broken behind a place", ("某市", "司法局2025年政府信息公开工作年度报告"), "某市司法局", 2025),
    Layout("a heading broken within the agency", ("# 某市公共资源<br>交易中心2025年政府信息公开工作年度报告",), "某市公共资源交易中心", 2025),
    Layout("a heading broken before a part of the agency", ("# 某市司法<br>局2025年政府信息公开工作年度报告",), "某市司法局", 2025),
    Layout("over three lines", ("某市某局", "2025年", "政府信息公开工作年度报告"), "某市某局", 2025),
    Layout("over three lines, broken within words", ("某市某局2025年政", "府信息公开工作年", "度报告"), "某市某局", 2025),
    Layout("year inside", ("某市司法局政府信息公开2021年度报告",), "某市司法局", 2021),
    Layout("year inside behind 工作", ("某市司法局政府信息公开工作2021年年度报告",), "某市司法局", 2021),
    Layout("year inside, two lines", ("某市司法局", "政府信息公开2021年度报告"), "某市司法局", 2021),
    Layout("year behind in brackets", ("某市司法局政府信息公开工作年度报告（2021年）",), "某市司法局", 2021),
    Layout("year behind in brackets, two lines", ("某市司法局政府信息公开工作年度报告", "（2021年度）"), "某市司法局", 2021),
    Layout("year inside and behind", ("某市司法局2021年度政府信息公开工作年度报告（2021年）",), "某市司法局", 2021),
    Layout("关于", ("某市司法局关于2021年度政府信息公开工作情况的报告",), "某市司法局", 2021),
    Layout("关于 in front", ("关于某市司法局2021年度政府信息公开工作情况的报告",), "某市司法局", 2021),
    Layout("behind the words of a catalogue", ("名称：某市司法局2021年政府信息公开工作年度报告",), "某市司法局", 2021),
    Layout("a browser's line above a printed page", ("11/30/26, 5:01 PM 某市司法局2021年政府信息公开工作年度报告_某市门户网站",), "某市司法局", 2021),
    Layout("the same in Chinese", ("2026/11/30 17:01 某市司法局2021年政府信息公开工作年度报告_某市门户网站",), "某市司法局", 2021),
    Layout("year in front", ("2021年度某市司法局政府信息公开工作年度报告",), "某市司法局", 2021),
    Layout("year in brackets", ("某市司法局（2021年）政府信息公开工作年度报告",), "某市司法局", 2021),
    Layout("year in Chinese digits", ("某市司法局二〇二一年政府信息公开工作年度报告",), "某市司法局", 2021),
    Layout("year in full-width digits", ("某市司法局２０２１年政府信息公开工作年度报告",), "某市司法局", 2021),
    Layout("工作报告", ("某市司法局2021年政府信息公开工作报告",), "某市司法局", 2021),
    Layout("年度 and 工作报告", ("某市司法局2021年度政府信息公开工作报告",), "某市司法局", 2021),
    Layout("年度工作报告", ("某市司法局2021年政府信息公开年度工作报告",), "某市司法局", 2021),
    Layout("年报", ("某市司法局2021年政府信息公开年报",), "某市司法局", 2021),
    Layout("工作情况报告", ("某市司法局2021年政府信息公开工作情况报告",), "某市司法局", 2021),
    Layout("a government of which 政府 is written once", ("某县人民政府信息公开工作年度报告（2021年）",), "某县人民政府", 2021),
    Layout("a government", ("某县人民政府2021年政府信息公开工作年度报告",), "某县人民政府", 2021),
    Layout("year between place and government", ("某县2021年人民政府信息公开工作年度报告",), "某县人民政府", 2021),
    Layout("an inner bracket", ("某市科学技术局（外国专家局）2021年政府信息公开工作年度报告",), "某市科学技术局（外国专家局）", 2021),
    Layout("a bracket at the end, behind the year", ("2021年某市科学技术局（外国专家局）政府信息公开工作年度报告",), "某市科学技术局（外国专家局）", 2021),
    Layout("a bracket at the end, before 年报", ("某市科学技术局（外国专家局）2021年政府信息公开年报",), "某市科学技术局（外国专家局）", 2021),
    Layout("a bracket at the end, before the year inside", ("某市科学技术局（外国专家局）政府信息公开工作2021年度报告",), "某市科学技术局（外国专家局）", 2021),
    Layout("a bracket at the end, 关于", ("某市科学技术局（外国专家局）关于2021年政府信息公开工作情况的报告",), "某市科学技术局（外国专家局）", 2021),
    Layout("a bracket at the end, and marks around", ("《某市科学技术局（外国专家局）二〇二一年政府信息公开工作年度报告》",), "某市科学技术局（外国专家局）", 2021),
    Layout("a bracket at the end, on a line of its own", ("某市科学技术局（外国专家局）", "2021年政府信息公开年报"), "某市科学技术局（外国专家局）", 2021),
    Layout("a bracket at the end, in the signature", ("2021年政府信息公开工作年度报告", "一、总体情况", "某市科学技术局（外国专家局）", "2022年1月20日"), "某市科学技术局（外国专家局）", 2021),
    Layout("a bracket in the middle", ("2021年中国（某省）自由贸易试验区管理委员会政府信息公开工作年度报告",), "中国（某省）自由贸易试验区管理委员会", 2021),
    Layout("a half-width bracket", ("2021年某市科学技术局(外国专家局)政府信息公开工作年度报告",), "某市科学技术局(外国专家局)", 2021),
    Layout("a name with a word that leads to titles", ("2021年某市预警信息发布中心政府信息公开工作年度报告",), "某市预警信息发布中心", 2021),
    Layout("such a word in front of a name", ("现发布某市预警中心2021年政府信息公开工作年度报告",), "某市预警中心", 2021),
    Layout("traditional characters", ("某市商務局2021年政府信息公開工作年度報告",), "某市商務局", 2021),
    Layout("spaces", ("某 市 某 局 2025 年 政府信息公开工作 年度报告",), "某市某局", 2025),
    Layout("a portal's heading above", ("# 政府信息公开年报", "某市某局2025年政府信息公开工作年度报告"), "某市某局", 2025),
    Layout("a portal's heading above two lines", ("# 政府信息公开年报", "某市某局2025年", "政府信息公开工作年度报告"), "某市某局", 2025),
    Layout("a portal's heading above agency and year", ("# 政府信息公开年报", "某市某局", "2025年政府信息公开工作年度报告"), "某市某局", 2025),
    Layout("a portal's heading of a year above", ("# 2025年政府信息公开年报", "某市某局2025年政府信息公开工作年度报告"), "某市某局", 2025),
    Layout("the year in which it was published above", ("# 2026年政府信息公开年报", "某市某局2025年政府信息公开工作年度报告"), "某市某局", 2025),
    Layout("a portal's path above", ("首页 > 政府信息公开 > 政府信息公开年报", "某市某局2025年政府信息公开工作年度报告"), "某市某局", 2025),
    Layout("a portal's path in front", ("当前位置：首页 > 政府信息公开年报 > 某市某局2025年政府信息公开工作年度报告",), "某市某局", 2025),
    Layout("the page calls itself by the title", ("<title>某市某局2025年政府信息公开工作年度报告-某市门户网站",), "某市某局", 2025),
    Layout("the page calls itself otherwise", ("<title>政府信息公开年报", "某市某局2025年政府信息公开工作年度报告"), "某市某局", 2025),
    Layout("other years in a list at the side", ("<title>某市某局2025年政府信息公开工作年度报告", "某市某局2023年政府信息公开工作年度报告",
           "某市某局2024年政府信息公开工作年度报告", "# 某市某局2025年政府信息公开工作年度报告"), "某市某局", 2025),
    Layout("other years in a list, and a heading", ("某市某局2023年政府信息公开工作年度报告", "某市某局2024年政府信息公开工作年度报告",
           "# 某市某局2025年政府信息公开工作年度报告"), "某市某局", 2025),
    Layout("last year's report in a link", ("某市某局2025年政府信息公开工作年度报告", "上一篇：某市某局2024年政府信息公开工作年度报告"), "某市某局", 2025),
    Layout("last year's report as an attachment", ("附件：某市某局2024年政府信息公开工作年度报告", "某市某局2025年政府信息公开工作年度报告"), "某市某局", 2025),
    Layout("last year's report in a sentence", ("某市某局2025年政府信息公开工作年度报告", "与2024年政府信息公开工作年度报告相比，各项工作更实。"), "某市某局", 2025),
    Layout("only in a sentence", ("现公布某市某局2025年度政府信息公开工作年度报告，欢迎监督。",), "某市某局", 2025),
    Layout("the signature", ("2025年政府信息公开工作年度报告", "一、总体情况", "某市某局", "2026年1月20日"), "某市某局", 2025),
    Layout("a date in front", ("2026年1月20日某市某局2025年政府信息公开工作年度报告",), "某市某局", 2025),
    Layout("marks around it", ("《某市某局2025年政府信息公开工作年度报告》",), "某市某局", 2025),
    # ambiguous
    Layout("no title", ("某市某局", "一、总体情况"), "", 0, (NO_AGENCY, NO_YEAR)),
    Layout("only a portal's heading", ("政府信息公开年报",), "", 0, (NO_AGENCY, NO_YEAR)),
    Layout("no agency, a menu above", ("首页", "2025年政府信息公开工作年度报告"), "", 2025, (NO_AGENCY,)),
    Layout("no agency, the words of a portal above", ("信息公开目录", "2025年政府信息公开工作年度报告"), "", 2025, (NO_AGENCY,)),
    Layout("no year", ("某市某局政府信息公开工作年度报告",), "", 0, (NO_AGENCY, NO_YEAR)),
    Layout("a range of years", ("某市某局2008-2018年政府信息公开工作年度报告",), "", 0, (NO_AGENCY, NO_YEAR)),
    Layout("two years", ("某市某局2024年政府信息公开工作年度报告", "某市某局2025年政府信息公开工作年度报告"),
           "某市某局", 0, (TWO_YEARS.format("2024, 2025"),)),
    Layout("page and heading for two years", ("<title>某市某局2025年政府信息公开工作年度报告", "# 某市某局2024年政府信息公开工作年度报告"),
           "某市某局", 0, (TWO_YEARS.format("2025, 2024"),)),
    Layout("two agencies", ("某市甲局2025年政府信息公开工作年度报告", "某市乙局2025年政府信息公开工作年度报告"),
           "", 2025, (TWO_AGENCIES.format("某市甲局, 某市乙局"),)),
    Layout("page and heading of two agencies", ("<title>某市甲局2025年政府信息公开工作年度报告", "# 某市乙局2025年政府信息公开工作年度报告"),
           "", 2025, (TWO_AGENCIES.format("某市乙局, 某市甲局"),)),
    Layout("a place before the year and a bureau behind it", ("某市2021年司法局政府信息公开工作年度报告",), "", 2021, (NO_AGENCY,)),
]  # fmt: skip


def page(lines: tuple[str, ...]) -> bytes:
    head = "".join(f"{line}</title>" for line in lines if line.startswith("<title>"))
    body = "".join(
        f"<h1>{line[2:]}</h1>" if line.startswith("# ") else f"<p>{line}</p>"
        for line in lines
        if not line.startswith("<title>")
    )
    return f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'.encode()


@pytest.mark.parametrize("layout", LAYOUTS, ids=[layout.name for layout in LAYOUTS])
def test_a_title_tells_agency_and_year_or_the_doubt_is_said(layout: Layout) -> None:
    found = import_documents("a.html", page(layout.lines), FORMS, Wanted())[0]
    said = tuple(
        finding.message.render(str) for finding in found.findings if finding.rule.name in ("unknown-agency", "unknown-year")
    )
    assert said == layout.said
    if not said:
        assert found.report
        assert (found.report.agency, found.report.year) == (layout.agency, layout.year)
    else:
        assert found.report is None


@pytest.mark.parametrize("layout", LAYOUTS, ids=[layout.name for layout in LAYOUTS])
def test_what_the_user_says_counts(layout: Layout) -> None:
    found = import_documents("a.html", page(layout.lines), FORMS, Wanted(agency="某区某局", year=2022))[0]
    assert found.report
    assert (found.report.agency, found.report.year) == ("某区某局", 2022)


def word_of(reports: list[Published], metadata: str, level: int | None) -> bytes:
    """Return reports below each other, as Word saves them; without a level, the titles are no headings."""
    document = docx.Document()
    document.core_properties.title = metadata
    for report in reports:
        document.add_paragraph(written.title(report), "Normal" if level is None else f"Heading {level}")
        for name in written.TABLES:
            document.add_paragraph(written.heading(report, name))
            written._word_table(document, written.rows_of(report, name))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def page_of(reports: list[Published], metadata: str, level: int | None) -> bytes:
    tag = f"h{level}" if level else "p"
    body = "".join(
        f"<{tag}>{written.title(report)}</{tag}>"
        + "".join(written.html_table(written.rows_of(report, name)) for name in written.TABLES)
        for report in reports
    )
    return f'<html><head><meta charset="utf-8"><title>{metadata}</title></head><body>{body}</body></html>'.encode()


CITY, YEAR_BEFORE = published("suqian-2024"), published("suqian-2023")
WATER, CIVIL = (CITY._replace(agency=f"宿迁市{name}") for name in ("水利局", "民政局"))


@pytest.mark.parametrize("level", [1, None])
@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize(("name", "write"), [("a.docx", word_of), ("a.html", page_of)])
@pytest.mark.parametrize(("reports", "doubt"), [
    ([YEAR_BEFORE, CITY], "several years: "), ([WATER, CIVIL], "several agencies: "), ([CITY, WATER], "several agencies: "),
])  # fmt: skip
def test_of_two_reports_in_a_document_none_is_chosen_by_its_metadata(
    reports: list[Published], doubt: str, name: str, write: Callable[..., bytes], first: int, level: int | None
) -> None:
    found = import_documents(name, write(reports, written.title(reports[first]), level), FORMS, Wanted())[0]
    said = [one.message.render(str) for one in found.findings if one.rule.name in ("unknown-agency", "unknown-year")]
    assert len(said) == 1
    assert doubt in said[0]
    assert all((one.agency if "agencies" in doubt else str(one.year)) in said[0] for one in reports)
    assert found.report is None


@pytest.mark.parametrize(("reports", "wanted", "said"), [
    ([YEAR_BEFORE, CITY], Wanted(year=2024), [(TWO_YEARS.format("2023, 2024"), "Check that all tables are those of 2024.")]),
    ([WATER, CIVIL], Wanted(agency="宿迁市水利局"), [
        (TWO_AGENCIES.format("宿迁市水利局, 宿迁市民政局"), "Check that all tables are those of 宿迁市水利局.")
    ]),
    ([WATER], Wanted(agency="宿迁市水务局", year=2024), []),
])  # fmt: skip
def test_a_specified_report_of_several_is_doubted(
    reports: list[Published], wanted: Wanted, said: list[tuple[str, str]]
) -> None:
    found = import_documents("a.html", page_of(reports, written.title(reports[0]), 1), FORMS, wanted)[0]
    doubts = [one for one in found.findings if one.rule.name in ("unknown-agency", "unknown-year")]
    assert [(one.message.render(str), one.hint and one.hint.render(str)) for one in doubts] == said
    assert all(one.rule.severity is Severity.WARNING for one in doubts)
    assert found.report is not None


def test_a_figure_is_not_the_year_of_a_title() -> None:
    row = "政府信息公开工作年度报告的写法</tr><tr><td>2022<td>宿迁市水利局政府信息公开工作年度报告</tr>"
    page = page_of([CITY], "门户网站", None).replace(b"<body>", f"<body><table><tr><td>2023<td>{row}</table>".encode())
    found = import_documents("a.html", page, FORMS, Wanted())[0]
    assert (found.agency, found.year) == ("宿迁市", 2024)


def test_a_list_of_other_reports_beside_a_report_is_no_doubt() -> None:
    others = "".join(f"<li>宿迁市{year}年政府信息公开工作年度报告</li>" for year in (2022, 2023))
    page = page_of([CITY], written.title(CITY), None)
    title = written.title(CITY)
    banner = page_of([CITY], title, 1).replace(f"{title}</h1>".encode(), f"{title}</h1><ul>{others}</ul>".encode())
    for beside in (
        banner,
        page.replace(b"<body>", f"<body><ul>{others}</ul>".encode()),
        page.replace(b"</body>", f"{others}</body>".encode()),
    ):
        found = import_documents("a.html", beside, FORMS, Wanted())[0]
        assert (found.agency, found.year, found.findings) == ("宿迁市", 2024, ())


@pytest.mark.parametrize(
    "line", ["某市某局2024年行政执法统计年报", "某市某局 2024 年行政执法统计年报", "某市某局2024年度 行政执法统计年报"]
)
def test_the_title_of_a_local_form_may_have_spaces_around_the_year(line: str) -> None:
    """As in PDF, where Chinese text is set apart from numbers."""
    found = parse_title(line, frozenset(("行政执法统计年报", "政府信息公开工作年度报告")))
    assert found == Title("某市某局", 2024)
