"""Several years: comparison tables, and the list of reports."""

from __future__ import annotations

import pytest
from lxml import html

from tests.conftest import Project
from tests.published import published, year_file


def rows(page: str) -> list[list[str]]:
    (table,) = html.fromstring(page).xpath("//table[contains(@class, 'gov-comparison-table')]")
    return [[cell.text_content().strip() for cell in row.iter("th", "td")] for row in table.iter("tr")]


def compare(project: Project, body: str, agency: str = "宿迁市") -> list[list[str]]:
    project.write("index.md", f"---\ngovreport-agency: {agency}\n---\n# 页\n\n{body}")
    build = project.build()
    assert build.warnings == []
    return rows(build.text("index.html"))


def test_a_named_set_stands_by_year(years: Project) -> None:
    assert compare(years, "```{gov-comparison-table} requests-summary\n```\n") == [
        ["项目", "2023年", "2024年"],
        ["本年新收政府信息公开申请数量", "3511", "3525"],
        ["上年结转政府信息公开申请数量", "96", "121"],
        ["本年度办理结果·总计", "3486", "3521"],
        ["结转下年度继续办理", "121", "125"],
    ]


def test_a_line_may_name_a_set_next_to_single_figures(years: Project) -> None:
    named = compare(years, "```{gov-comparison-table} requests-summary\n```\n")
    in_lines = "```{gov-comparison-table}\n\n依申请公开概况\nreviews.reconsideration.total\n```\n"
    assert compare(years, in_lines)[:-1] == named
    assert compare(years, in_lines)[-1] == ["行政复议", "440", "170"]


def test_chosen_figures_newest_first_with_changes(years: Project) -> None:
    body = (
        "```{gov-comparison-table}\n:order: 由新到旧\n:change: amount\n:caption: 对比\n:name: cmp\n\n新收 = 依申请公开.新收.总计\n"
        "requests.results.granted.total + requests.results.partly-granted.total\n主动公开.行政事业性收费.收费金额\n```\n\n{numref}`cmp`\n"
    )
    assert compare(years, body) == [
        ["项目", "2024年", "比2023年", "2023年"],
        ["新收", "3525", "增加14", "3511"],
        ["本年度办理结果·予以公开 + 本年度办理结果·部分公开", "1902", "增加383", "1519"],
        ["行政事业性收费·本年收费金额（万元）", "72701.2578", "增加13464.0129", "59237.2449"],
    ]
    percent = body.replace("amount", "percent 1")
    assert compare(years, percent)[1] == ["新收", "3525", "增长0.4%", "3511"]


def test_the_break_of_forms_is_told(years: Project) -> None:
    years.report("wendeng-commerce-2020")
    text = year_file(published("suqian-2023")).replace("year: 2023", "year: 2021").replace("宿迁市", "威海市文登区商务局")
    years.write("data/2021.yaml", text)
    body = "```{gov-comparison-table}\n:change: percent\n\nrequests.received.total\n主动公开.行政许可.处理决定数量\n```\n"
    assert compare(years, body, "威海市文登区商务局") == [
        ["项目", "2020年", "2021年", "比2020年"],
        ["本年新收政府信息公开申请数量", "0", "3511", "基数为0"],
        [
            "行政许可·本年处理决定数量",
            "统计口径不同，不可比",
            text.split("licensing:\n    decisions: ")[1].split("\n")[0],
            "统计口径不同，不可比",
        ],
    ]
    old = "```{gov-comparison-table}\n\nproactive-disclosure.rules.made\n```\n"
    assert compare(years, old, "威海市文登区商务局")[1] == ["规章·本年新制作数量", "0", "统计口径不同，不可比"]


def test_years_can_be_chosen_and_new_ones_appear(years: Project) -> None:
    body = "```{gov-comparison-table} reviews-summary\n```\n"
    chosen = body.replace("summary\n", "summary\n:years: 2024\n")
    assert compare(years, chosen)[0] == ["项目", "2024年"]
    assert compare(years, body)[0] == ["项目", "2023年", "2024年"]
    text = year_file(published("suqian-2024")).replace("year: 2024", "year: 2025")
    years.write("data/suqian-2025.yaml", text)
    off = {"carried-over": "off", "in-force": "off"}
    build = years.build(govreport_severity=off)
    assert build.read == ["index"]
    assert rows(build.text("index.html"))[0] == ["项目", "2023年", "2024年", "2025年"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2022-2024", ["2022年", "2023年", "2024年"]),
        ("2021 2023年至", ["2021年", "2023年", "2024年"]),
        ("-2022、2024", ["2021年", "2022年", "2024年"]),
        ("2019—2023", ["2021年", "2022年", "2023年"]),
    ],
)
def test_a_span_of_years_has_the_years_between(years: Project, written: str, expected: list[str]) -> None:
    for year in (2021, 2022):
        years.write(f"data/{year}.yaml", year_file(published("suqian-2023")).replace("year: 2023", f"year: {year}"))
    off = dict.fromkeys(("carried-over", "in-force"), "off")
    for directive in ("gov-comparison-table", "gov-trend-chart"):
        years.write("index.md", f"# 页\n\n```{{{directive}}} reviews-summary\n:years: {written}\n```\n")
        build = years.build(govreport_severity=off)
        assert build.warnings == []
        head = html.fromstring(build.text("index.html")).xpath("//table[contains(@class, 'gov-years')]/thead//th")
        assert [cell.text_content().strip() for cell in head] == ["项目", *expected]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("```{gov-comparison-table} request-summary\n```\n", "没有名为“request-summary”的数据组。是不是“requests-summary”？"),
        ("```{gov-comparison-table}\n```\n", "没有写明要比较哪些数据。请每行写一项，或写一个数据组：主动公开概况、依申请公开概况、复议诉讼概况。"),
        ("```{gov-comparison-table}\n\nrequests.recieved.total\n```\n", "“recieved”无法识别。是不是“received”？"),
        ("```{gov-comparison-table} reviews-summary\n:years: 2023 2031\n```\n", "没有宿迁市2031年的年报。"),
        ("```{gov-comparison-table} reviews-summary\n:years: 2010-2022\n```\n", "这些年份没有年报：2010-2022。已有的年度：2023、2024。"),
        ("```{gov-trend-chart} reviews-summary\n:years: 去年\n```\n", "“去年”既不是年份，也不是年份的范围。"),
        ("```{gov-comparison-table} reviews-summary\n:order: up\n```\n", "order：不能写“up”。"),
        ("```{gov-comparison-table} reviews-summary\n:change: pct\n```\n", "“pct”不是可用的写法。请写 amount、percent 或 percent 1。"),
        ("```{gov-comparison-table} reviews-summary\n:change: percent x\n```\n", "“percent x”不是可用的写法。请写 amount、percent 或 percent 1。"),
        ("```{gov-comparison-table} reviews-summary\n:change: 百分比\n```\n", "“百分比”不是可用的写法。请写 amount、percent 或 percent 1。"),
        ("```{gov-comparison-table}\n:change: percent 99\n\nrequests.received.total\nreviews.reconsideration.total\n```\n", "“percent 99”不是可用的写法。"),
        ("```{gov-comparison-table} reviews-summary\n:agency: 甲\n```\n", "没有甲的年报。已有的机关：宿迁市。"),
    ],
)  # fmt: skip
def test_a_wrong_comparison_is_reported_with_a_reason(years: Project, body: str, said: str) -> None:
    years.write("index.md", f"---\ngovreport-agency: 宿迁市\n---\n# 页\n\n{body}")
    first, second = years.build(), years.build()
    (warning,) = first.warnings
    assert f"index.md:6: ERROR: {said}" in warning
    assert second.warnings == first.warnings


def test_an_agency_without_years_is_reported_without_a_year(years: Project) -> None:
    """Not for the year 0; an agency whose first report is begun has its message."""
    years.write("data/begun.yaml", "agency: 某局\nyear: 2024\nform: 2021\nproactive-disclosure:\nrequests:\nreviews:\n")
    for option, said in (
        ("", "index.md:3: ERROR: 有多个机关的年报，没有指明是哪个机关。请指明其中之一："),
        (":agency: 某局\n", "data/begun.yaml:2:7: WARNING: 2024 年的数据尚未填写，"),
        (":agency: 某局\n:report-kind: 执法统计\n", "index.md:3: ERROR: 没有某局2024年的“执法统计”。"),
    ):
        years.write("index.md", f"# 页\n\n```{{gov-comparison-table}} reviews-summary\n{option}```\n")
        (warning,) = years.build(govreport_severity=dict.fromkeys(("carried-over", "in-force"), "off")).warnings
        assert said in warning


def test_all_wrong_options_are_reported_when_there_is_nothing_to_compare(years: Project) -> None:
    years.write("index.md", "# 页\n\n```{gov-comparison-table} reviews\n:years: 2024\n:order: up\n:change: pct\n```\n")
    told = sorted(warning.partition("ERROR: ")[2] for warning in years.build().warnings)
    for found, expected in zip(
        told, ["order：不能写“up”。", "“pct”不是可用的写法。", "没有名为“reviews”的数据组。"], strict=True
    ):
        assert found.startswith(expected)
    years.write("index.md", "# 页\n\n```{gov-trend-chart} reviews\n:years: 2024\n:kind: pie\n```\n")
    assert len(years.build().warnings) == 2
    years.write("index.md", "# 页\n\n```{gov-comparison-table} reviews-summary\n:years: 2024\n:change: pct\n```\n")
    (warning,) = years.build().warnings
    assert "index.md:3: ERROR: “pct”不是可用的写法。" in warning


def test_every_builder_prints_the_comparison_and_the_list(years: Project) -> None:
    years.page("report.md", "宿迁市", 2024)
    years.write(
        "index.md", "# 页\n\n```{gov-comparison-table} reviews-summary\n:agency: 宿迁市\n```\n\n```{gov-report-list}\n```\n"
    )
    settings = {"man_pages": [("index", "a", "a", "a", 1)], "version": "1", "epub_copyright": "甲"}
    for builder in ("text", "man", "latex", "texinfo", "epub", "xml", "gettext", "singlehtml", "dirhtml"):
        assert years.build(builder, **settings).warnings == []
    assert "3" in years.build("text").text("index.txt")


def links(page: str) -> list[tuple[str, str]]:
    items = html.fromstring(page).xpath("//ul[contains(@class, 'gov-report-list')]/li")
    return [(item.text_content().strip(), item.xpath("string(.//a/@href)")) for item in items]


def test_reports_are_listed_newest_first_with_their_date(years: Project) -> None:
    years.write("index.md", "# 年报\n\n```{gov-report-list}\n```\n")
    years.page("a.md", "宿迁市", 2023)
    years.page("b.md", "宿迁市", 2024)
    years.page("checks.md", "宿迁市", 2024, "```{gov-check-table}\n```\n")
    page = (years.folder / "b.md").read_text("utf-8").replace("---\n#", "govreport-published: 2025-01-20\n---\n#")
    years.write("b.md", page)
    build = years.build()
    assert build.warnings == []
    assert links(build.text("index.html")) == [("2024年：b.md，2025年1月20日", "b.html"), ("2023年：a.md", "a.html")]


def test_the_list_follows_titles_dates_and_pages(years: Project) -> None:
    years.write("index.md", "# 年报\n\n```{gov-report-list}\n:agency: 宿迁市\n```\n")
    years.page("a.md", "宿迁市", 2023)
    years.build()
    years.page("b.md", "宿迁市", 2024)
    added = years.build()
    assert added.read == ["b"]
    assert [text for text, _href in links(added.text("index.html"))] == ["2024年：b.md", "2023年：a.md"]
    (years.folder / "a.md").unlink()
    removed = years.build()
    assert [text for text, _href in links(removed.text("index.html"))] == ["2024年：b.md"]
    assert removed.text("index.html") == years.build(out="clean").text("index.html")
    years.report("wendeng-commerce-2020")
    years.page("w.md", "威海市文登区商务局", 2020)
    years.write("index.md", "# 年报\n\n```{gov-report-list}\n```\n")
    both = years.build()
    assert html.fromstring(both.text("index.html")).xpath("//p/strong/text()") == ["2024年", "2020年"]
    assert both.text("index.html") == years.build(out="parallel", jobs=2).text("index.html")


def test_exactly_the_pages_that_print_a_figure_of_a_changed_year_are_read_again(years: Project) -> None:
    table, top = "```{gov-disclosure-table} requests\n", "---\ngovreport-agency: 宿迁市\n---\n# 页\n\n"
    printing = {
        "table": f"{table}:year: 2023\n```\n",
        "compare": f"{table}:year: 2024\n:compare:\n```\n",
        "role": "{gov-figure}`2023: requests.received.total`\n",
        "change": "{gov-change}`2024: requests.received.total`\n",
        "share": "{gov-share}`2023: requests.received.total / requests.results.total.total`\n",
        "comparison": "```{gov-comparison-table} requests-summary\n```\n",
        "chart": "```{gov-trend-chart} requests-summary\n```\n",
        "checks": "```{gov-check-table}\n:year: 2023\n```\n",
    }
    others = {
        "later": f"{table}:year: 2024\n```\n",
        "quote": "{gov-figure}`2024: requests.received.total`\n",
        "two": "```{gov-comparison-table} requests-summary\n:years: 2024\n```\n",
        "refer": "{gov:report}`2023` {gov:table}`2023:requests` {gov:figure}`2023:requests.received.total`\n",
        "list": "```{gov-report-list}\n```\n",
        "plain": "文字。\n",
    }
    years.write("index.md", "# 首页\n")
    for name, body in {**printing, **others}.items():
        years.write(f"{name}.md", top + body)
    assert years.build().warnings == []
    path = years.folder / "data" / "suqian-2023.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("amount: 59237.2449", "amount: 59237.245"), "utf-8")
    build = years.build()
    assert set(build.read) == printing.keys()
    assert build.files() == years.build(out="clean").files()


def test_a_set_is_the_forms_own_and_has_a_chinese_name(years: Project) -> None:
    assert compare(years, "```{gov-comparison-table} 复议诉讼概况\n```\n") == compare(
        years, "```{gov-comparison-table} reviews-summary\n```\n"
    )
    years.report("wendeng-commerce-2020")
    lines = compare(years, "```{gov-comparison-table} disclosure-summary\n```\n", "威海市文登区商务局")
    assert [line[0] for line in lines] == [
        "项目", "规章·对外公开总数量", "规范性文件·对外公开总数量", "行政许可·处理决定数量", "行政处罚·处理决定数量",
        "行政强制·处理决定数量", "政府集中采购·采购总金额",
    ]  # fmt: skip
