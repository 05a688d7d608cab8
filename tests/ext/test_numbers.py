"""Numbers of tables and charts: none by default; on request the same in every output, counted on each page."""

from __future__ import annotations

import io
import re

import pytest
from docx import Document
from lxml import html

from tests.conftest import CONF, Build, Project

DISCLOSURE = "宿迁市2024年主动公开政府信息情况"
REQUESTS = "宿迁市2024年收到和处理政府信息公开申请情况"
REVIEWS = "宿迁市2024年政府信息公开行政复议、行政诉讼情况"
BODY = """\
见{numref}`out-requests`、{numref}`附表%s <cmp>`、{numref}`附{number}：{name} <cmp>`、{numref}`此表 <cmp>`、{numref}`fig`、{numref}`own`。

```{table} 自有
:name: own

| 甲 |
| --- |
| 1 |
```

```{gov-disclosure-table}
:name: out
```

```{gov-comparison-table} requests-summary
:caption: 对比
:name: cmp
```

```{gov-trend-chart} requests-summary
:caption: 图示
:name: fig
```
"""
SETTINGS = 'copyright = "某局"\nversion = "1"\nsuppress_warnings = ["toc.not_included"]\ngovreport_severity = {"carried-over": "off", "not-filled": "off"}\n'


@pytest.fixture
def site(years: Project) -> Project:
    """Two reports in one site: a count over the whole site would not begin with 1 on the second page."""
    years.write("conf.py", CONF + SETTINGS)
    for year in (2023, 2024):
        body = BODY if year == 2024 else "```{gov-disclosure-table}\n```\n"
        years.page(f"{year}.md", "宿迁市", year, body)
    years.write(
        "index.md", "# 首页\n\n第二张是{numref}`out-requests`，自有的是{numref}`own`。\n\n```{toctree}\n2023\n2024\n```\n"
    )
    return years


def of_html(build: Build, page: str) -> tuple[list[str], str]:
    """Return the captions of the year 2024, and the sentence that refers to them."""
    tree = html.fromstring(build.text(page))
    for link in tree.xpath("//a[@class='headerlink']"):
        link.drop_tree()
    captions = [" ".join(one.text_content().split()) for one in tree.xpath("//caption | //figcaption")]
    (told,) = (one.text_content().strip() for one in tree.xpath("//p") if one.text_content().startswith("见"))
    return captions[-6:], told


UNNUMBERED = (
    ["表 1 自有", DISCLOSURE, REQUESTS, REVIEWS, "对比", "图示"],
    f"见{REQUESTS}、对比、对比、此表、图示、表 1。",
)
NUMBERED = (
    ["表 1 自有", f"表 1 {DISCLOSURE}", f"表 2 {REQUESTS}", f"表 3 {REVIEWS}", "表 4 对比", "图 1 图示"],
    "见表 2、附表4、附4：对比、此表、图 1、表 1。",
)


@pytest.mark.parametrize(("builder", "page"), [("html", "2024.html"), ("singlehtml", "index.html"), ("epub", "2024.xhtml")])
def test_pages_and_e_books_have_no_numbers_unless_they_are_asked_for(site: Project, builder: str, page: str) -> None:
    build = site.build(builder)
    assert build.warnings == []
    assert of_html(build, page) == UNNUMBERED
    build = site.build(builder, govreport_numbered=True)
    assert build.warnings == []
    assert of_html(build, page) == NUMBERED


def test_another_page_says_the_same_number(site: Project) -> None:
    told = html.fromstring(site.build().text("index.html")).xpath("string(//p[starts-with(., '第二')])")
    assert told == f"第二张是{REQUESTS}，自有的是表 1。"
    build = site.build(govreport_numbered=True)
    sentence = html.fromstring(build.text("index.html")).xpath("//p[starts-with(., '第二')]")[0]
    assert sentence.text_content() == "第二张是表 2，自有的是表 1。"
    assert sentence.xpath(".//a/@href") == ["2024.html#out-requests", "2024.html#own"]


def test_the_numbers_need_no_numbers_of_sphinx(site: Project) -> None:
    site.page("2024.md", "宿迁市", 2024, BODY.replace("、{numref}`own`", ""))
    site.write("index.md", "# 首页\n")
    build = site.build(numfig=False, govreport_numbered=True)
    assert build.warnings == []
    captions, told = of_html(build, "2024.html")
    assert captions == ["自有", *NUMBERED[0][1:]]
    assert told == "见表 2、附表4、附4：对比、此表、图 1。"


def test_text_says_the_same(site: Project) -> None:
    """But there Sphinx writes no numbers for the site's other tables."""
    for is_numbered, (captions, told) in ((False, UNNUMBERED), (True, NUMBERED)):
        written = site.build("text", govreport_numbered=is_numbered).text("2024.txt")
        lines = written.splitlines()
        assert [line for line in lines if line in captions] == captions[1:]
        assert told.replace("表 1。", "表 %s。") in re.sub(r"\n(?=\S)", "", written).replace('"', "")


def test_word_says_the_same(site: Project) -> None:
    for is_numbered, (captions, told) in ((False, UNNUMBERED), (True, NUMBERED)):
        body = (site.build("govword", govreport_numbered=is_numbered).out / "2024.docx").read_bytes()
        paragraphs = Document(io.BytesIO(body)).paragraphs
        shown = [one.text.replace("　", " ") for one in paragraphs if one.style and one.style.name == "Caption"]
        assert shown == captions
        assert told in [one.text for one in paragraphs]


def test_latex_counts_nothing_of_ours(site: Project) -> None:
    for is_numbered, (captions, _told) in ((False, UNNUMBERED), (True, NUMBERED)):
        written = site.build(
            "latex", govreport_numbered=is_numbered, latex_documents=[("2024", "x.tex", "", "", "howto")]
        ).text("x.tex")
        found = re.findall(r"\\govreportcaption\{([^{}]*)\}", re.sub(r"\\DUrole\{caption-number\}\{([^}]*)\}", r"\1", written))
        assert [one for one in found if "图示" not in one] == captions[1:-1]
        assert [one for one in found if "图示" in one] == [captions[-1], "图示"], "its figures have no number of their own"
        assert re.findall(r"\\(?:sphinx)?caption(?:of)?\{\W*(\w+)", written) == ["自有"]
        assert "\\hyperref[\\detokenize{2024:out-requests}]{" in written
        assert "\\ref{\\detokenize{2024:out" not in written


def test_a_directive_asks_for_itself_alone(site: Project) -> None:
    site.page("2024.md", "宿迁市", 2024, BODY.replace(":name: cmp", ":name: cmp\n:numbered:"))
    captions, told = of_html(site.build(), "2024.html")
    assert captions == [*UNNUMBERED[0][:4], "表 1 对比", "图示"]
    assert told == f"见{REQUESTS}、附表1、附1：对比、此表、图示、表 1。"


def test_what_is_not_printed_does_not_count(site: Project) -> None:
    hidden = ":::{only} latex\n```{gov-comparison-table} requests-summary\n:caption: 纸上\n```\n:::\n\n"
    site.page("2024.md", "宿迁市", 2024, hidden + BODY)
    assert of_html(site.build(govreport_numbered=True), "2024.html") == NUMBERED
    tex = site.build("latex", govreport_numbered=True, latex_documents=[("2024", "x.tex", "", "", "howto")]).text("x.tex")
    assert re.findall(r"\\govreportcaption\{\W*DUrole\{caption-number\}\{(表 \d) ", tex) == [
        "表 1",
        "表 2",
        "表 3",
        "表 4",
        "表 5",
    ]


def test_a_site_says_how_a_number_is_written(site: Project) -> None:
    build = site.build(govreport_numbered=True, numfig_format={"table": "附表%s", "figure": "附图%s"})
    captions, told = of_html(build, "2024.html")
    assert captions[1:3] == [f"附表1 {DISCLOSURE}", f"附表2 {REQUESTS}"]
    assert told.startswith("见附表2、附表4、附4：对比、此表、附图1、")
