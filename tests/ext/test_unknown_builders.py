"""A third-party builder gets stock nodes with the complete content."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from lxml import etree, html

from tests.conftest import CONF, Project
from tests.ext.test_output import expected_by_heads
from tests.published import NAMES, published

SETTINGS = "extensions.append('tests.ext.strange_builder')\ngovreport_downloads = ['csv', 'xlsx']\n"
PARTS = {
    "a title": "## 新收 {gov-figure}`requests.received.total` 件\n",
    "a quotation": "*新收* {gov-figure}`requests.received.total` 件，{gov-change}`requests.received.total`\n",
    "a table": "```{gov-disclosure-table} requests\n:caption: 表 {gov-figure}`requests.received.total`\n```\n",
    "a table by its key": "```{gov-disclosure-table}\n:compare:\n```\n\n{gov:table}`requests` {gov:figure}`requests.received.total`\n",
    "a comparison": "```{gov-comparison-table} requests-summary\n```\n",
    "a chart": "```{gov-trend-chart} requests-summary\n:caption: 图 {gov-figure}`requests.received.total`\n:name: chart\n```\n\n{numref}`chart`\n",
    "a check table": "```{gov-check-table}\n```\n",
    "a list": "```{gov-report-list}\n:caption: 年报\n```\n",
    "downloads": "前\n\n```{gov-downloads}\n```\n\n后\n",
    "a rollup": "```{gov-rollup-table} requests-summary\n:parts: 宿迁市\n```\n",
}


@pytest.fixture
def site(years: Project) -> Project:
    years.write("conf.py", (years.folder / "conf.py").read_text("utf-8") + SETTINGS)
    return years


@pytest.mark.parametrize("jobs", [1, 2])
def test_nothing_of_ours_reaches_it(site: Project, jobs: int) -> None:
    for number, part in enumerate(PARTS.values()):
        site.page(f"p{number}.md", "宿迁市", 2024, part)
    site.write("index.md", "# 专栏\n\n```{toctree}\n:glob:\n\np*\n```\n")
    build = site.build("strange", jobs=jobs)
    assert build.warnings == []
    pages = {name: json.loads(build.text(f"p{number}.json")) for number, name in enumerate(PARTS)}
    assert "新收 3525 件" in pages["a title"]["text"]
    assert "新收 3525 件" in pages["a title"]["toc"]
    assert "新收 3525 件，增长0.40%" in pages["a quotation"]["text"]
    assert pages["a table"]["text"].count("3525") == 2  # caption and cell
    assert pages["a table by its key"]["links"] == []
    assert "gov-1c08c4f9162d-2024-requests" in pages["a table by its key"]["ids"]
    assert ["本年新收政府信息公开申请数量", "3511", "3525"] in pages["a comparison"]["tables"][0]
    assert ["本年新收政府信息公开申请数量", "3511", "3525"] in pages["a chart"]["tables"][0]
    assert "图 3525" in pages["a chart"]["text"]
    assert "chart" in pages["a chart"]["ids"]
    assert pages["a check table"]["tables"][0][0] == ["核对项目", "结果", "说明"]
    assert pages["a list"]["text"].startswith("p7.md\n\n年报\n\n2024年：p2.md")
    assert pages["a list"]["links"][:2] == ["p2.strange", "p3.strange"]
    assert "前\n\n后" in pages["downloads"]["text"]
    assert pages["a rollup"]["tables"][0][1][0] == "宿迁市"


def test_it_gets_every_figure_of_every_table(site: Project) -> None:
    site.page("index.md", "宿迁市", 2024)
    build = site.build("strange")
    assert build.warnings == []
    cells = [cell for grid in json.loads(build.text("index.json"))["tables"] for row in grid for cell in row]
    figures = [figure for table in published("suqian-2024").figures.values() for figure in table.values()]
    assert [cell for cell in cells if cell.replace(".", "").isdigit()] == figures


# -- the figures of flat tables ------------------------------------------------------------------------------------------

Rows = list[list[str]]
HARD = """\
agency: 难点市
year: 2024
form: {default: 2021, proactive-disclosure: 2019}
proactive-disclosure:
  rules: {made: 12345678901234, disclosed: {value: 22, note: "其中|修订16件"}, total: }
  normative-documents: {made: 0, disclosed: /, total: 7}
  licensing: {previous: 12345678901234, change: -3, decisions: 98765432109876}
  other-services: {previous: 1, change: +5, decisions: 0}
  penalties: 0
  coercive-measures: 0
  fees: 0
  procurement: {projects: 3, amount: {value: 1234567890.50, unit: 元}}
requests:
  received: [12345678901234, 75, 0, 1, 6, 3]
  carried-in: [118, ~, 0, 0, 0, 1]
  results: 0
  carried-out: [118, 5, 0, 0, 1, 1]
reviews: 0
"""
OFF = "{name: 'off' for name in ('not-filled', 'not-applicable', 'balance', 'carried-over', 'reviews-total', 'row-total')}"


def figures(tables: list[Rows]) -> dict[tuple[str, ...], str]:
    """Return the figures of flat tables by the labels of their headers, from the outermost. Units are not figures."""
    found: dict[tuple[str, ...], str] = {}
    for head, *rows in tables:
        is_list = head[1:] == ["数值", "单位"]
        for row in rows:
            assert len(row) == len(head)
            for label, cell in zip(["数值"] if is_list else head[1:], row[1:], strict=not is_list):
                labels = (*row[0].split(" / "), *(() if is_list else label.split(" / ")))
                if row[0] != "单位":
                    assert labels not in found
                    found[labels] = cell
    return found


def expected(name: str) -> dict[tuple[str, ...], str]:
    report = published(name)
    return {labels: cell for table in report.figures for labels, cell in expected_by_heads(report, table).items()}


def tables_of_markdown(text: str) -> list[Rows]:
    """Return the tables of GitHub Flavored Markdown without their lines of dashes."""
    tables: list[Rows] = []
    above = ""
    for line in text.splitlines():
        if line.startswith("|"):
            if not above.startswith("|"):
                tables.append([])
            if not re.fullmatch(r"[|:-]+", line):
                tables[-1].append([cell.strip() for cell in line.strip("|").split("|")])
        above = line
    return tables


def test_an_unknown_builder_gets_every_figure_under_its_headers_in_cells_that_are_not_merged(reports: Project) -> None:
    reports.write("conf.py", (reports.folder / "conf.py").read_text("utf-8") + SETTINGS)
    build = reports.build("strange")
    assert build.warnings == []
    for name in NAMES:
        page = json.loads(build.text(f"report-{name}.json"))
        assert page["merged"] == []
        assert figures(page["tables"]) == expected(name)


@pytest.mark.filterwarnings("ignore:.*traverse")  # sphinx-llm calls what docutils has given another name
@pytest.mark.parametrize("builder", ["markdown", "llms-markdown"])
def test_markdown_has_every_figure(reports: Project, builder: str) -> None:
    if builder == "markdown":
        build = reports.build(builder)
        pages = {name: build.text(f"report-{name}.md") for name in NAMES}
    else:  # sphinx-llm builds the pages again, in a separate process, next to the HTML
        settings = 'extensions.append("sphinx_llm.txt")\nllms_txt_full_build = True\n'
        reports.write("conf.py", (reports.folder / "conf.py").read_text("utf-8") + settings)
        build = reports.build()
        pages = {name: build.text(f"report-{name}.html.md") for name in NAMES}
        whole = build.text("llms-full.txt")
        assert all(page.partition("####")[2] in whole for page in pages.values())
    assert build.warnings == []
    for name in NAMES:
        assert figures(tables_of_markdown(pages[name])) == expected(name)


def tables_of_man(text: str) -> list[Rows]:
    grids = re.findall(r"^\.TS\n(.*?)^\.TE", text.replace("\\-", "-"), re.DOTALL | re.MULTILINE)
    rows = ([re.findall(r"T\{\n(.*?)\n?T\}", row, re.DOTALL) for row in grid.split("\n_\n")] for grid in grids)
    return [[row for row in grid if row] for grid in rows]


def tables_of_texinfo(text: str) -> list[Rows]:
    grids = re.findall(r"^@multitable .*?\n(.*?)^@end multitable", text, re.DOTALL | re.MULTILINE)
    rows = (re.split(r"^@(?:head)?item$", grid, flags=re.MULTILINE)[1:] for grid in grids)
    return [[[cell.strip() for cell in row.split("@tab")] for row in grid] for grid in rows]


@pytest.mark.parametrize(
    ("builder", "file", "read"), [("man", "{}.1", tables_of_man), ("texinfo", "{}.texi", tables_of_texinfo)]
)
def test_manuals_have_every_figure(reports: Project, builder: str, file: str, read: Callable[[str], list[Rows]]) -> None:
    pages = [f"report-{name}" for name in NAMES]
    build = reports.build(
        builder,
        man_pages=[(page, page, "甲", "乙", 1) for page in pages],
        texinfo_documents=[(page, page, "甲", "乙", page, "丙", "丁") for page in pages],
    )
    assert build.warnings == []
    for name, page in zip(NAMES, pages, strict=True):
        assert figures(read(build.text(file.format(page)))) == expected(name)


Grid = dict[tuple[int, int], str]


def grid_of(rows: list[etree._Element], spans: Callable[[etree._Element], tuple[int, int]]) -> Grid:
    """Return the text at each position of a table; a merged cell is at all of its positions."""
    grid: Grid = {}
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (number, column) in grid:
                column += 1
            down, across = spans(cell)
            written = "".join(cell.itertext()).strip()
            grid |= {(number + y, column + x): written for y in range(down) for x in range(across)}
    return grid


def test_xml_has_the_merged_cells_of_html(reports: Project) -> None:
    build, pages = reports.build("xml"), reports.build("html")
    for name in NAMES:
        xml = etree.fromstring(build.text(f"report-{name}.xml").encode())
        page = html.fromstring(pages.text(f"report-{name}.html"))
        ours = [
            grid_of(one.xpath(".//row"), lambda cell: (int(cell.get("morerows", 0)) + 1, int(cell.get("morecols", 0)) + 1))
            for one in xml.iter("table")
        ]
        theirs = [
            grid_of(one.xpath(".//tr"), lambda cell: (int(cell.get("rowspan", 1)), int(cell.get("colspan", 1))))
            for one in page.xpath("//table[contains(@class, 'gov-table')]")
        ]
        assert ours == theirs


def hard(project: Project) -> None:
    project.write("conf.py", f"{CONF}govreport_severity = {OFF}\n")
    project.write("data/2024.yaml", HARD)
    written = (
        "proactive-disclosure.procurement.amount\nproactive-disclosure.licensing.decisions\nrequests.received.natural-person\n"
    )
    project.page("index.md", "难点市", 2024, f"```{{gov-disclosure-table}}\n```\n\n```{{gov-comparison-table}}\n{written}```\n")


FORM = """\
form: local
years: {from: 2020, to: 2030}
english: Local
title: 经费年报
source: {notice: 地方}
tables:
  money:
    section: 一
    label: 经费
    english: Money
    unit: 人
    widths: [10, 10]
    blocks:
      - columns:
          - {key: now, label: 本年, english: This year, decimal: true}
        rows:
          - {key: people, label: 人数, english: People}
          - {key: cost, label: 费用, english: Cost, unit: 万元}
"""
FIGURES = {
    ("第二十条第（一）项", "规章", "本年新制作数量"): "12345678901234",
    ("第二十条第（一）项", "规章", "本年新公开数量"): "22（其中｜修订16件）",
    ("第二十条第（一）项", "规章", "对外公开总数量"): "",
    ("第二十条第（一）项", "规范性文件", "本年新公开数量"): "/",
    ("第二十条第（五）项", "行政许可", "本年增/减"): "-3",
    ("第二十条第（五）项", "行政许可", "处理决定数量"): "98765432109876",
    ("第二十条第（五）项", "其他对外管理服务事项", "本年增/减"): "+5",
    ("第二十条第（九）项", "政府集中采购", "采购总金额"): "1234567890.50元",
    ("一、本年新收政府信息公开申请数量", "申请人情况", "自然人"): "12345678901234",
    ("二、上年结转政府信息公开申请数量", "申请人情况", "法人或其他组织", "商业企业"): "",
    ("二、上年结转政府信息公开申请数量", "申请人情况", "总计"): "",
}


def test_figures_that_are_hard_to_write_are_the_same_in_markdown(project: Project) -> None:
    hard(project)
    build = project.build("markdown")
    assert build.warnings == []
    *statutory, comparison = tables_of_markdown(build.text("index.md"))
    found = figures(statutory)
    assert {labels: found[labels] for labels in FIGURES} == FIGURES
    assert statutory[1][:2] == [["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"], ["单位", "项", "项", "件"]]
    assert [row[1] for row in comparison] == ["2024年", "1234567890.50元", "98765432109876", "12345678901234"]


def test_numbers_with_decimals_are_not_rounded_in_markdown(years: Project) -> None:
    written = "proactive-disclosure.fees.amount\nproactive-disclosure.licensing.decisions\n"
    body = f"```{{gov-comparison-table}}\n{written}```\n\n```{{gov-rollup-table}}\n:parts: 宿迁市\n{written}```\n"
    years.page("index.md", "宿迁市", 2024, f"{body}\n```{{gov-trend-chart}}\n{written.splitlines()[0]}\n```\n")
    build = years.build("markdown")
    assert build.warnings == []
    comparison, rollup, chart = tables_of_markdown(build.text("index.md"))
    assert [row[1:] for row in comparison[1:]] == [["`59237.2449`", "`72701.2578`"], ["1808595", "1573179"]]
    assert [row[1:] for row in rollup[1:]] == 2 * [["`72701.2578`", "1573179"]]
    assert chart[1][1:] == ["`59237.2449`", "`72701.2578`"]


def test_rows_with_units_of_their_own_have_a_column_of_units(project: Project) -> None:
    project.write("forms/local.yaml", FORM)
    project.write("conf.py", f"{CONF}govreport_forms = ['forms/*.yaml']\n")
    project.write("data/2024.yaml", "agency: 甲\nyear: 2024\nform: local\nmoney: {people: {now: 3}, cost: {now: 12.50}}\n")
    project.page("index.md", "甲", 2024)
    build = project.build("markdown")
    assert build.warnings == []
    assert tables_of_markdown(build.text("index.md")) == [
        [["", "本年", "单位"], ["人数", "3", "人"], ["费用", "`12.50`", "万元"]]
    ]


def test_no_number_is_broken_in_plain_text(project: Project) -> None:
    hard(project)
    build = project.build("text")
    assert build.warnings == []
    cells = {cell.strip() for line in build.text("index.txt").splitlines() for cell in line.split("|")}
    assert cells > {"12345678901234", "98765432109876", "1234567890.50元", "-3", "+5", "/"}
    rows = [[cell.strip() for cell in line.split("|")] for line in build.text("index.txt").splitlines()]
    assert [row[2] for row in rows if row[1:2] in (["政府集中采购·采购总金额"], ["行政许可·处理决定数量"])] == [
        "1234567890.50元",
        "98765432109876",
    ]


@pytest.mark.parametrize("builder", ["xml", "pseudoxml", "man", "texinfo"])
def test_no_number_is_broken_or_lost_elsewhere(project: Project, builder: str) -> None:
    hard(project)
    build = project.build(builder, man_pages=[("index", "site", "site", "me", 1)])
    assert build.warnings == []
    (text,) = (body.decode() for name, body in build.files().items() if name.startswith(("index.", "site.")))
    if builder == "xml":
        etree.fromstring(text.encode())
    for figure in ("12345678901234", "98765432109876", "1234567890.50元"):
        assert text.count(figure) >= 2  # in the statutory table and in the comparison
