"""Figures in sentences: printed as written, linked to their cells, up to date, and refused with a reason."""

from __future__ import annotations

import re

import pytest
from lxml import html

from tests.conftest import CONF, Project
from tests.published import published, year_file

TOP = "---\ngovreport-year: 2024\ngovreport-agency: 宿迁市\n---\n\n# 页\n\n"


@pytest.fixture
def suqian(project: Project) -> Project:
    project.write("conf.py", CONF + 'suppress_warnings = ["toc.not_included"]\n')
    project.report("suqian-2023")
    project.report("suqian-2024")
    project.page("report.md", "宿迁市", 2024)
    return project


PRINTED = {
    "{gov-figure}`requests.received.total`": "3525",
    "{gov-figure}`依申请公开.本年新收.总计`": "3525",
    "{gov-figure}`依申请公开.办理结果.（三）不予公开.属于国家秘密.自然人`": "2",
    "{gov-figure}`2023: requests.received.total`": "3511",
    "{gov-figure}`宿迁市/2023: 依申请公开.新收.总计`": "3511",
    "{gov-figure}`proactive-disclosure.fees.amount`": "72701.2578",
    "{gov-figure}`requests.results.granted.total + requests.results.partly-granted.total`": "1902",
    "{gov-change}`requests.received.total`": "增长0.40%",
    "{gov-change}`requests.received.total | amount`": "增加14",
    "{gov-change}`requests.received.total | percent 1`": "增长0.4%",
    "{gov-change}`proactive-disclosure.normative-documents.in-force`": "下降29.65%",
    "{gov-change}`proactive-disclosure.normative-documents.in-force|amount`": "减少177",
    "{gov-share}`requests.results.granted.total / requests.results.total.total`": "40.64%",
    "{gov-share}`requests.results.granted.total / requests.results.total.total | 0`": "41%",
    "{gov-share}`依申请公开.办理结果.予以公开.总计 ／ 依申请公开.办理结果.总计.总计｜1`": "40.6%",
    "{gov-share}`requests.results.granted.total + requests.results.partly-granted.total / requests.results.total.total | 1`": "54.0%",
    "{gov-share}`requests.results.granted.total / requests.results.not-processed.publication.total`": "基数为0，无法计算占比",
}


@pytest.mark.parametrize(("role", "printed"), list(PRINTED.items()))
def test_a_role_prints_the_figure(suqian: Project, role: str, printed: str) -> None:
    suqian.write("index.md", TOP + f"共{role}件。\n")
    build = suqian.build("text")
    assert build.warnings == []
    assert f"共{printed}件。" in build.text("index.txt")
    name, _, argument = role[1:].partition("}")
    suqian.write("index.rst", f":govreport-year: 2024\n:govreport-agency: 宿迁市\n\n页\n==\n\n共\\ :{name}:{argument}\\ 件。\n")
    (suqian.folder / "index.md").unlink()
    assert f"共{printed}件。" in suqian.build("text").text("index.txt")


def test_a_figure_in_the_text_of_a_link_keeps_the_link(suqian: Project) -> None:
    """Browsers end a link where the next one begins."""
    figure = "{gov-figure}`requests.received.total`"
    links = f"{figure} [新收{figure}件](https://www.gov.cn/) [新收{figure}件](#own)"
    suqian.write("index.md", TOP + f"```{{contents}}\n```\n\n{links}\n\n(own)=\n## 收到{figure}件\n")
    build = suqian.build()
    assert build.warnings == []
    links = re.findall(r"<a [^>]*>.*?</a>", build.text("index.html"))
    shown = [re.sub("<[^>]*>", "", link) for link in links if "3525" in link]
    assert shown == ["收到3525件", "3525", "新收3525件", "新收3525件", "收到3525件"]
    assert not any("<a " in link[1:] for link in links)


@pytest.mark.parametrize(
    ("last", "now", "role", "printed"),
    [
        ("0", "7", "{gov-change}`reviews.reconsideration.upheld`", "基数为0"),
        ("0", "7", "{gov-change}`reviews.reconsideration.upheld | amount`", "增加7"),
        ("7", "7", "{gov-change}`reviews.reconsideration.upheld`", "持平"),
        ("7", "7", "{gov-change}`reviews.reconsideration.upheld | amount`", "增加0"),
        ("8", "/", "{gov-change}`reviews.reconsideration.upheld`", "不适用"),
        ("", "3", "{gov-change}`reviews.reconsideration.upheld`", "未填报"),
        ("8", "/", "{gov-figure}`reviews.reconsideration.upheld`", "不适用"),
        ("8", "", "{gov-figure}`reviews.reconsideration.upheld + reviews.reconsideration.other`", "未填报"),
    ],
)
def test_nothing_is_silently_zero(project: Project, last: str, now: str, role: str, printed: str) -> None:
    for year, value in ((2023, last), (2024, now)):
        text = year_file(published(f"suqian-{year}"))
        start = text.index("  reconsideration:\n    upheld:")
        end = text.index("\n", start + 20)
        project.write(f"data/{year}.yaml", text[:start] + f"  reconsideration:\n    upheld: {value}".rstrip() + text[end:])
    project.write("index.md", TOP + f"共{role}件。\n")
    off = dict.fromkeys(("reviews-total", "not-filled", "not-applicable"), "off")
    build = project.build("text", govreport_severity=off)
    assert build.warnings == []
    assert f"共{printed}件。" in build.text("index.txt")


def test_an_unchanged_amount_has_no_decimals(project: Project) -> None:
    for year in (2023, 2024):
        text = re.sub("amount: 72701.2578|amount: 59237.2449", "amount: 72701.2578", year_file(published(f"suqian-{year}")))
        project.write(f"data/{year}.yaml", text)
    project.write("index.md", TOP + "收费比上年{gov-change}`proactive-disclosure.fees.amount | amount`。\n")
    build = project.build("text", govreport_severity=dict.fromkeys(("reviews-total", "carried-over", "in-force"), "off"))
    assert build.warnings == []
    assert "收费比上年增加0。" in build.text("index.txt")


def test_an_amount_is_printed_with_the_unit_that_its_year_states(project: Project) -> None:
    """Who writes 元 in a sentence would publish the next year's 万元 as 元."""
    project.report("shanghai-municipal-office-2019")
    text = year_file(published("shanghai-municipal-office-2019")).replace("year: 2019", "year: 2020")
    assert "value: 251000, unit: 元" in text
    project.write("data/2020.yaml", text.replace("value: 251000, unit: 元", "value: 30.5, unit: 万元"))
    amount = "proactive-disclosure.procurement.amount"
    project.write(
        "index.md",
        "---\ngovreport-year: 2020\n---\n# 页\n\n"
        f"采购{{gov-figure}}`{amount}`，上年{{gov-figure}}`2019: {amount}`，比上年{{gov-change}}`{amount} | amount`。\n",
    )
    built = project.build("text", govreport_severity=dict.fromkeys(("carried-over", "in-force", "not-filled", "jump"), "off"))
    assert "采购30.5万元，上年251000元，比上年增加54000元。" in built.text("index.txt")


def test_figures_of_two_forms_are_not_compared(project: Project) -> None:
    project.report("wendeng-commerce-2020")
    text = year_file(published("suqian-2023")).replace("year: 2023", "year: 2021").replace("宿迁市", "威海市文登区商务局")
    project.write("data/2021.yaml", text)
    top = TOP.replace("2024", "2021").replace("宿迁市", "威海市文登区商务局")
    project.write(
        "index.md",
        top + "许可{gov-change}`主动公开.行政许可.处理决定数量`，新收{gov-change}`requests.received.total | amount`。\n",
    )
    build = project.build("text", govreport_severity={"carried-over": "off"})
    assert build.warnings == []
    assert "许可统计口径不同，不可比，新收增加3511。" in build.text("index.txt")


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("{gov-figure}`request.received.total`", "“request”无法识别。是不是“requests”？"),
        ("{gov-figure}`requests.recieved.total`", "“recieved”无法识别。是不是“received”？"),
        ("{gov-figure}`requests.received`", "“requests.received”不是单个的数。请接着写下面的一项：natural-person、"),
        ("{gov-figure}`requests.received.total.total`", "“total”下面没有别的项。"),
        ("{gov-figure}`申请.新收.总计`", "“申请”无法识别。这里可用的是：主动公开、依申请公开、复议诉讼。"),
        ("{gov-figure}`依申请公开.转`", "“转”无法识别。这里可用的是：新收、上年结转、办理结果、结转下年度、公开率。"),
        ("{gov-figure}`依申请公开.新收`", "“依申请公开.新收”不是单个的数。请接着写下面的一项：自然人、"),
        ("{gov-figure}`依申请公开.新收.自然人.总计`", "“自然人”下面没有别的项。"),
        ("{gov-figure}`2031: requests.received.total`", "没有宿迁市2031年的年报。"),
        ("{gov-figure}`甲/2024: requests.received.total`", "没有甲2024年的年报。"),
        ("{gov-figure}`requests.received.total + x`", "“x”无法识别。"),
        ("{gov-change}`2023: requests.received.total`", "没有宿迁市2022年的年报。"),
        ("{gov-change}`requests.received.total | much`", "“much”不是可用的写法。请写 amount、percent 或 percent 1。"),
        ("{gov-figure}`requests.received.total | 万`", "“万”不是可用的写法。"),
        (
            "{gov-figure}`requests.received.total / reviews.reconsideration.total`",
            "“requests.received.total / reviews.reconsideration.total”不是单个的数。",
        ),
        (
            "{gov-change}`requests.received.total / requests.carried-in.total`",
            "“requests.received.total / requests.carried-in.total”不是单个的数。",
        ),
        (
            "{gov-share}`requests.received.total`",
            "占比需要写明基数。请写成“数据项 / 基数”，例如“… / requests.results.total.total”。",
        ),
        (
            "{gov-share}`依申请公开.新收.总计`",
            "占比需要写明基数。请写成“数据项 / 基数”，例如“… / 依申请公开.办理结果.总计.总计”。",
        ),
        ("{gov-share}`requests.received.total／requests.results.total.total`", "占比需要写明基数。请写成“数据项 / 基数”"),
        ("{gov-figure}`requests.received.total | 1`", "“1”不是可用的写法。请删去“|”及其后面的部分：只有比率才有小数位数。"),
        ("{gov-share}`requests.received.total / requests.recieved.total`", "“recieved”无法识别。"),
        ("{gov-share}`requests.received.total / requests.received.total | x`", "“x”不是小数位数。"),
        (
            "{gov-figure}`主动公开.行政事业性收费.收费金额 + requests.received.total`",
            "这些数据的计量单位不同：万元、件。请只写单位相同的数据。",
        ),
        ("{gov-share}`proactive-disclosure.fees.amount / requests.results.total.total`", "这些数据的计量单位不同：万元、件。"),
    ],
)
def test_a_wrong_role_is_reported_at_its_line_until_it_is_mended(suqian: Project, role: str, said: str) -> None:
    suqian.write("index.md", TOP + f"共{role}件。\n")
    for build in (suqian.build(), suqian.build()):
        (warning,) = build.warnings
        assert warning.startswith(f"{suqian.folder}/index.md:8: ERROR: {said}")
    assert role.split("`")[1] in html.fromstring(build.text("index.html")).text_content()


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("{gov-change}`2024: requests.received.total | much`", "“much”不是可用的写法。"),
        ("{gov-share}`2023: requests.received.total / requests.results.total.total | x`", "“x”不是小数位数。"),
    ],
)
def test_a_wrong_format_is_reported_before_the_figure_is_known(suqian: Project, role: str, said: str) -> None:
    data = suqian.folder / "data" / "suqian-2023.yaml"
    data.write_text(data.read_text("utf-8").replace("total: 3511", "total: ~"), "utf-8")
    suqian.write("index.md", TOP + f"共{role}件。\n")
    (warning,) = suqian.build("text", govreport_severity={"not-filled": "off"}).warnings
    assert f"index.md:8: ERROR: {said}" in warning


def test_a_figure_carries_its_value_and_leads_to_its_cell(suqian: Project) -> None:
    suqian.write("index.md", TOP + "收费{gov-figure}`主动公开.行政事业性收费.收费金额`万元。\n")
    page = html.fromstring(suqian.build().text("index.html"))
    (data,) = page.xpath("//p/data")
    (link,) = data.xpath("a")
    target, _, ident = link.get("href").partition("#")
    assert (data.get("value"), data.text_content(), target) == ("72701.2578", "72701.2578", "report.html")
    (cell,) = html.fromstring(suqian.build().text("report.html")).xpath(f"//td[@id='{ident}']")
    assert cell.text_content() == "72701.2578"
    for builder in ("latex", "man", "texinfo", "epub", "xml", "gettext", "singlehtml"):
        settings = {"man_pages": [("index", "a", "a", "a", 1)], "version": "1", "epub_copyright": "甲"}
        assert suqian.build(builder, **settings).warnings == []


def test_links_follow_the_page_that_prints_the_table(suqian: Project) -> None:
    suqian.write("index.md", TOP + "新收{gov-figure}`requests.received.total`件。\n")
    assert 'href="report.html#gov-' in suqian.build().text("index.html")
    (suqian.folder / "report.md").rename(suqian.folder / "annual.md")
    moved = suqian.build()
    assert 'href="annual.html#gov-' in moved.text("index.html")
    (suqian.folder / "annual.md").unlink()
    gone = suqian.build()
    assert "href" not in html.tostring(html.fromstring(gone.text("index.html")).xpath("//p/data")[0], encoding="unicode")
    assert gone.text("index.html") == suqian.build(out="clean").text("index.html")


def test_exactly_the_pages_that_print_a_changed_year_are_read_again(suqian: Project) -> None:
    suqian.write("index.md", TOP + "新收{gov-figure}`requests.received.total`件。\n")
    suqian.write("quote.md", TOP + "上年{gov-figure}`2023: requests.received.total`件。\n")
    suqian.write("change.md", TOP + "新收{gov-change}`requests.received.total`。\n")
    suqian.write("other.md", "# 页\n")
    suqian.build()
    text = year_file(published("suqian-2023")).replace("decisions: 1", "decisions: 2", 1)
    suqian.write("data/suqian-2023.yaml", text)
    assert sorted(suqian.build().read) == ["change", "quote"]
