"""Tables as nodes: their captions, translations, references and entries in lists, and tables copied by other nodes."""

from __future__ import annotations

import re

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from lxml import html

from tests.conftest import CONF, Project
from tests.ext.test_output import expected_by_heads, figures_by_heads, tables
from tests.published import published

OWN = "宿迁市2024年收到和处理政府信息公开申请情况"
BODY = (
    "```{gov-disclosure-table} requests\n:name: tab\n```\n\n"
    "```{gov-disclosure-table} reviews\n:name: own\n:caption: *复议*诉讼\n```\n\n"
    "{numref}`tab`，{ref}`tab`，{ref}`own`\n"
)
ENGLISH = {OWN: "Requests in Suqian in 2024", "*复议*诉讼": "*Reviews* and lawsuits"}


@pytest.fixture
def site(project: Project) -> Project:
    project.quiet()
    project.report("suqian-2024")
    project.page("index.md", "宿迁市", 2024, BODY)
    return project


def translate(site: Project, texts: dict[str, str] = ENGLISH, page: str = "index") -> None:
    """Fill in the catalog of a page made by the gettext builder."""
    build = site.build("gettext")
    with (build.out / f"{page}.pot").open("rb") as file:
        catalog = read_po(file)
    for message in catalog:
        message.string = texts.get(str(message.id), "")
    path = site.folder / "locales/en/LC_MESSAGES" / f"{page}.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalog)


def test_catalogs_have_each_caption_once_with_its_place(site: Project) -> None:
    catalog = site.build("gettext").text("index.pot")
    assert re.findall(rf'#: (\S+)\nmsgid "{OWN}"', catalog) == ["../../site/index.md:7"]
    assert catalog.count(f'"{OWN}"') == catalog.count('"*复议*诉讼"') == 1
    assert "诉讼情况" not in catalog, "the statutory caption in whose place an author has written another"


@pytest.mark.parametrize("page", ["html", "singlehtml"])
def test_a_translated_caption_stands_everywhere(site: Project, page: str) -> None:
    translate(site)
    build = site.build(page, language="en", locale_dirs=["locales"], gettext_auto_build=False)
    assert build.warnings == []
    printed = html.fromstring(build.text("index.html"))
    shown = [" ".join(one.text_content().split()) for one in printed.xpath("//caption/span[@class='caption-text']")]
    assert shown == ["Requests in Suqian in 2024", "Reviews and lawsuits"]
    assert [one.get("aria-label") for one in printed.xpath("//div[contains(@class, 'gov-scroll')]")] == shown
    assert [link.text_content() for link in printed.xpath("//p/a[@href='#tab' or @href='#own']")] == [shown[0], *shown]
    assert (
        site.build("gettext", language="en", locale_dirs=["locales"], gettext_auto_build=False, out="again")
        .text("index.pot")
        .count(f'msgid "{OWN}"')
    ), "what is translated can still be asked for"


@pytest.mark.parametrize("option", ["", ":name: tab\n"])
def test_a_translated_caption_is_in_the_language_of_the_page(site: Project, option: str) -> None:
    site.page("index.md", "宿迁市", 2024, f"```{{gov-disclosure-table}} requests\n{option}```\n")
    (caption,) = html.fromstring(site.build(language="en").text("index.html")).xpath("//caption")
    assert caption.xpath("ancestor::*[@lang][1]/@lang") == ["zh-CN"]
    translate(site)
    build = site.build(language="en", out="translated", locale_dirs=["locales"], gettext_auto_build=False)
    (caption,) = html.fromstring(build.text("index.html")).xpath("//caption")
    assert caption.text_content().startswith("Requests in Suqian in 2024")
    assert caption.xpath("ancestor::*[@lang][1]/@lang") == ["en"]


def test_a_link_of_markdown_without_a_text_has_that_of_the_caption(site: Project) -> None:
    tables = "```{gov-disclosure-table} reviews requests\n:name: two\n```\n"
    site.page("index.md", "宿迁市", 2024, f"{BODY}\n{tables}\n[](#tab) [](#two-reviews) [](#own)\n")
    links = html.fromstring(site.build().text("index.html")).xpath("//p[last()]/a[@class='reference internal']")
    assert [(link.text_content(), link.get("href")) for link in links[-3:]] == [
        (OWN, "#tab"),
        ("宿迁市2024年政府信息公开行政复议、行政诉讼情况", "#two-reviews"),
        ("复议诉讼", "#own"),
    ]


def test_an_authors_caption_keeps_its_markup_and_links(site: Project) -> None:
    site.page(
        "index.md",
        "宿迁市",
        2024,
        BODY.replace("*复议*", "*复议* {ref}`甲 <tab>` {gov-figure}`reviews.reconsideration.total` "),
    )
    build = site.build()
    assert build.warnings == []
    caption = html.fromstring(build.text("index.html")).xpath("//table[@id='own']/caption")[0]
    assert caption.xpath(".//em/text()") == ["复议"]
    assert caption.xpath(".//a[@href='#tab']//text()") == ["甲"]
    assert caption.xpath(".//data/@value")


@pytest.mark.parametrize(
    ("builder", "name", "is_listed"), [("texinfo", "site.texi", True), ("xml", "index.xml", True), ("latex", "site.tex", False)]
)
def test_indexes_of_other_outputs_have_the_tables(site: Project, builder: str, name: str, is_listed: bool) -> None:
    build = site.build(builder, project="site")
    assert ("2024年收到和处理政府信息公开申请情况" in build.text(name).replace(OWN, "")) == is_listed


def test_the_site_search_has_no_index_entries(site: Project) -> None:
    assert '"indexentries":{}' in site.build().text("searchindex.js")


def test_classes_of_author_and_page_stand_behind_those_of_the_form(site: Project) -> None:
    site.write("conf.py", CONF + 'govreport_severity = {"not-filled": "hint", "carried-over": "hint"}\n')
    site.write(
        "index.rst",
        ":govreport-year: 2024\n\n页\n==\n\n.. rst-class:: wide\n\n.. gov-disclosure-table:: requests\n   :class: mine\n",
    )
    (site.folder / "index.md").unlink()
    (table,) = html.fromstring(site.build().text("index.html")).xpath("//table[contains(@class, 'gov-table')]")
    assert table.get("class").split() == [
        "gov-table",
        "gov-requests",
        "gov-form-2021",
        "mine",
        "wide",
        "docutils",
        "align-default",
    ]


CAPTIONED = {
    "gov-disclosure-table": " requests",
    "gov-comparison-table": " requests-summary",
    "gov-trend-chart": " requests-summary",
    "gov-check-table": "",
    "gov-report-list": "",
    "gov-rollup-table": " requests-summary\n:parts: 宿迁市",
}


@pytest.fixture(params=CAPTIONED)
def captioned(project: Project, request: pytest.FixtureRequest) -> Project:
    """A site with one directive that has a caption and a name."""
    project.quiet()
    project.report("suqian-2024")
    kind = request.param
    refer = "{ref}`own`" if kind == "gov-report-list" else "{numref}`own` {ref}`own`"
    directive = f"{kind}}}{CAPTIONED[kind]}\n:name: own\n:caption: *复议*诉讼 {{gov-figure}}`reviews.reconsideration.total`"
    project.page("index.md", "宿迁市", 2024, f"```{{{directive}\n```\n\n{refer}\n")
    return project


def shown_captions(page: str) -> tuple[list[str], list[str]]:
    """Return the captions of a page with their numbers, as HTML, and the texts of the references to them."""
    printed = html.fromstring(page)
    found = printed.xpath("//caption | //figcaption/p | //p[contains(@class, 'gov-list-caption')]")
    for link in printed.xpath("//a[@class='headerlink'] | //span[@class='caption-number']"):
        link.drop_tree()
    captions = [" ".join("".join(html.tostring(one, encoding="unicode", with_tail=False)).split()) for one in found]
    references = printed.xpath("//a[@href='#own']")
    return [re.sub(r"</?(p|span|caption|figcaption|a|data)\b[^>]*>", "", one).strip() for one in captions], [
        link.text_content() for link in references
    ]


def test_a_caption_means_the_same_in_every_directive(captioned: Project, request: pytest.FixtureRequest) -> None:
    kind = request.node.callspec.params["captioned"]
    number = {"gov-report-list": [], "gov-trend-chart": ["图 1"]}.get(kind, ["表 1"])
    build = captioned.build(govreport_numbered=True)
    assert build.warnings == []
    page = build.text("index.html")
    assert shown_captions(page) == (["<em>复议</em>诉讼 170"], [*number, "复议诉讼 170"])
    assert html.fromstring(page).xpath("//*[@id='own']")
    assert html.fromstring(page).xpath("count(//caption | //figcaption)") == (kind != "gov-report-list")


def test_a_caption_is_translated_in_every_directive(captioned: Project, request: pytest.FixtureRequest) -> None:
    kind = request.node.callspec.params["captioned"]
    written = "*复议*诉讼 {gov-figure}`reviews.reconsideration.total`"
    catalog = captioned.build("gettext").text("index.pot")
    assert catalog.count(f'msgid "{written}"') == 1
    assert re.findall(rf'#: (\S+)\nmsgid "{re.escape(written)}"', catalog) == ["../../site/index.md:7"]
    translate(captioned, {written: "*Reviews* {gov-figure}`reviews.reconsideration.total`"})
    build = captioned.build(language="en", locale_dirs=["locales"], gettext_auto_build=False, govreport_numbered=True)
    assert build.warnings == []
    number = {"gov-report-list": [], "gov-trend-chart": ["Fig. 1"]}.get(kind, ["Table 1"])
    page = build.text("index.html")
    assert shown_captions(page) == (["<em>Reviews</em> 170"], [*number, "Reviews 170"])
    assert html.fromstring(page).xpath("string(//*[local-name()='svg']/*[local-name()='title'])") in ("", "Fig. 1 Reviews 170")


def test_a_mistake_in_a_translation_is_reported_once(captioned: Project) -> None:
    """Sphinx parses translations twice."""
    written = "*复议*诉讼 {gov-figure}`reviews.reconsideration.total`"
    translate(captioned, {written: "*Reviews* {gov-figure}`reviews.reconsideraton.total`"})
    build = captioned.build(language="en", locale_dirs=["locales"], gettext_auto_build=False)
    (warning,) = build.warnings
    assert "index.md:" in warning
    assert "ERROR: Unknown key “reconsideraton”. Did you mean “reconsideration”? [govreport.unknown-figure]" in warning


@pytest.mark.parametrize("kind", ["gov-disclosure-table", "gov-comparison-table", "gov-trend-chart"])
def test_the_name_of_a_table_or_picture_is_the_text_of_its_caption(site: Project, kind: str) -> None:
    """For screen readers: without the HTML of an author's markup."""
    site.page("index.md", "宿迁市", 2024, f"```{{{kind}}}{CAPTIONED[kind]}\n:caption: 甲<br/>*乙*\n```\n")
    page = html.fromstring(site.build().text("index.html"))
    names = page.xpath(
        "//div[contains(@class, 'gov-scroll')]/@aria-label | //*[local-name()='svg']/*[local-name()='title']/text()"
    )
    assert names[0] == "甲乙"


def test_each_table_of_a_page_has_a_name_of_its_own(site: Project) -> None:
    """Required for landmarks: includes tables printed twice, data of charts, comparisons without a named set."""
    lines = "新收 = requests.received.total"
    parts = [
        "{gov-disclosure-table} reviews",
        *(f"{{{kind}}}\n{lines}" for kind in ("gov-comparison-table", "gov-trend-chart")),
    ]
    site.page("index.md", "宿迁市", 2024, "\n".join(f"```{part}\n```\n" for part in (*parts, *parts, "{gov-check-table}")))
    for language, shown in (("zh_CN", "图中数据"), ("en", "Figures of this chart")):
        names = html.fromstring(site.build(language=language).text("index.html")).xpath("//div[@role='region']/@aria-label")
        assert len(names) == len(set(names)) == 7
        assert [name for name in names if shown in name] == [shown, f"{shown} (2)"]


def test_what_goes_without_saying_is_in_the_sites_language_and_needs_no_catalog(site: Project) -> None:
    parts = [f"```{{{kind}}}{rest}\n```\n" for kind, rest in CAPTIONED.items() if kind != "gov-disclosure-table"]
    site.page("index.md", "宿迁市", 2024, "\n".join(parts))
    catalog = site.build("gettext").text("index.pot")
    assert re.findall('msgid "(.*)"', catalog) == ["", "index.md"]
    printed = html.fromstring(site.build(language="en").text("index.html"))
    assert [" ".join(one.text_content().replace("¶", "").split()) for one in printed.xpath("//caption | //figcaption")] == [
        "依申请公开概况 of 宿迁市, 2024",
        "依申请公开概况 of 宿迁市, 2024",
        "Checks of the report of 宿迁市 for 2024",
        "依申请公开概况: agencies and their sum, 2024",
    ]


def test_a_list_without_a_report_keeps_its_caption_and_its_name(project: Project) -> None:
    project.report("suqian-2024")
    project.write(
        "index.md",
        "# 页\n\n```{gov-report-list}\n:caption: 年报\n:name: one\n```\n\n```{gov-report-list}\n:name: two\n```\n\n"
        "{ref}`one`、{ref}`二 <two>`\n",
    )
    build = project.build()
    assert [line for line in build.warnings if "index.md" in line] == []
    page = html.fromstring(build.text("index.html"))
    assert [(link.text_content(), link.get("href")) for link in page.xpath("//p/a[@class='reference internal']")] == [
        ("年报", "#one"),
        ("二", "#two"),
    ]
    assert page.xpath("//*[@id='one']/text()") == ["年报"]
    assert page.xpath("//*[@id='two']")


FIGURES = ["3440", "3525", "72701.2578"]


@pytest.mark.parametrize(
    ("builder", "name"),
    [
        ("html", "list.html"),
        ("singlehtml", "index.html"),
        ("latex", "site.tex"),
        ("text", "list.txt"),
        ("man", "site.1"),
        ("texinfo", "site.texi"),
    ],
)
def test_a_list_of_to_dos_repeats_the_table_in_one(project: Project, builder: str, name: str) -> None:
    """Such lists contain copies of nodes, for which Sphinx is asked to resolve references."""
    project.quiet()
    project.report("suqian-2024")
    conf = (project.folder / "conf.py").read_text()
    project.write("conf.py", f"{conf}extensions.append('sphinx.ext.todo')\ntodo_include_todos = True\n")
    project.page("page.md", "宿迁市", 2024, "::::{todo}\n:::{gov-disclosure-table}\n:::\n::::\n")
    project.write("list.md", "# 待办\n\n```{todolist}\n```\n")
    project.write("index.md", "# 首页\n\n```{toctree}\nlist\npage\n```\n")
    build = project.build(builder, project="site", man_pages=[("index", "site", "site", "me", 1)])
    assert build.warnings == []
    written = build.text(name)
    if builder == "html":
        report = published("suqian-2024")
        for table, found in zip(report.figures, tables(written), strict=True):
            assert figures_by_heads(found) == expected_by_heads(report, table)
    assert all(written.count(figure) >= (1 if name.startswith("list") else 2) for figure in FIGURES)


@pytest.mark.parametrize("at", ["a", "z"])
def test_a_list_of_to_dos_repeats_everything_once(project: Project, at: str) -> None:
    """Its copies are made before or after the pages of the to-dos are written."""
    project.quiet()
    project.report("suqian-2024")
    conf = (project.folder / "conf.py").read_text()
    project.write("conf.py", f"{conf}extensions.append('sphinx.ext.todo')\ntodo_include_todos = True\n")
    body = "新收申请3600件，见{gov-figure}`requests.received.total`。\n\n```{gov-check-table}\n```\n\n```{gov-disclosure-table} requests\n```\n"
    project.page("page.md", "宿迁市", 2024, f"````{{todo}}\n{body}````\n")
    project.write(f"{at}.md", "# 待办\n\n```{todolist}\n```\n")
    project.write("index.md", f"# 首页\n\n```{{toctree}}\npage\n{at}\n```\n")
    build = project.build()
    assert build.warnings == []
    ours, copied = (
        html.fromstring(build.text(page)).xpath("//div[contains(@class, 'admonition-todo')]")[0]
        for page in ("page.html", f"{at}.html")
    )
    for name in ("p/data/a", "div[@class='gov-scroll']/table//tr", "div[contains(@class, 'gov-scroll')]/table//td"):
        assert [one.text_content() for one in copied.xpath(name)] == [one.text_content() for one in ours.xpath(name)] != []
    assert "3600" in copied.text_content()
    assert not copied.xpath(".//a//a | .//div[@role='region']//div[@role='region']")
