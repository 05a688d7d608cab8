"""Other extensions on the same site: the text they read from our pages, and our tables inside their layouts."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import html

from tests.conftest import CONF, Project
from tests.ext.test_output import expected_by_heads, figures_by_heads, tables
from tests.ext.test_word import document
from tests.published import published, year_file

ADDRESS = "https://www.example.gov.cn/zfxxgk/"
OFF = dict.fromkeys(("carried-over", "not-filled", "in-force"), "off")
SETTINGS = f"""\
extensions += ["sphinxext.opengraph", "sphinx_sitemap", "sphinx_design", "sphinx_copybutton"]
govreport_severity = {OFF}
suppress_warnings = ["toc.not_included"]
html_baseurl = ogp_site_url = "{ADDRESS}"
ogp_social_cards = {{"enable": False}}
ogp_enable_meta_description = True
ogp_description_length = 2000
sitemap_url_scheme = "{{link}}"
sitemap_show_lastmod = False
"""
TABLE = ":::{gov-disclosure-table} requests\n:::\n"
LAYOUTS = {
    "card": "::::{card} 题\n" + TABLE + "::::\n",
    "dropdown": "::::{dropdown} 题\n" + TABLE + "::::\n",
    "grid": "::::::{grid} 1 1 2 2\n:::::{grid-item-card} 题\n" + TABLE + ":::::\n:::::{grid-item}\n文\n:::::\n::::::\n",
    "tabs": "::::::{tab-set}\n:::::{tab-item} 甲\n" + TABLE + ":::::\n:::::{tab-item} 乙\n文\n:::::\n::::::\n",
}
ALL = (
    "新收 {gov-figure}`requests.received.total` 件，{gov-change}`requests.received.total`，"
    "占 {gov-share}`requests.received.natural-person / requests.received.total`，见{gov:table}`requests`。\n\n"
    "```{gov-disclosure-table}\n:name: three\n```\n\n```{gov-comparison-table} requests-summary\n```\n\n"
    "```{gov-trend-chart} requests-summary\n```\n\n```{gov-report-list}\n:caption: 年报\n```\n\n```{gov-downloads}\n```\n\n"
    "```python\nprint(1)\n```\n"
)


@pytest.fixture
def site(years: Project) -> Project:
    years.write("conf.py", CONF + SETTINGS)
    years.write("index.md", "# 专栏\n\n```{toctree}\n:glob:\n\nr*\n```\n")
    return years


def build(site: Project, *more: str, builder: str = "html") -> Path:
    """Build like an author: the other extensions use deprecated features of Sphinx, which only our own tests must not do."""
    out = site.folder.parent / f"out-{builder}"
    run = [sys.executable, "-m", "sphinx", "-qnW", "-b", builder, *more, str(site.folder), str(out)]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return out


def metas(page: Path) -> dict[str, str]:
    """Return the meta tags of a page, and its title."""
    tree = html.fromstring(page.read_text("utf-8"))
    found = {meta.get("name") or meta.get("property"): meta.get("content") for meta in tree.xpath("//meta[@content]")}
    return {**found, "title": tree.xpath("string(//title)")}


@pytest.mark.parametrize("theme", ["alabaster", "basic"])
def test_meta_tags_say_what_readers_see(site: Project, theme: str) -> None:
    site.page("r2024.md", "宿迁市", 2024, "```{gov-disclosure-table} requests\n```\n\n结束。\n")
    out = build(site, "-D", f"html_theme={theme}")
    found = metas(out / "r2024.html")
    (table,) = tables((out / "r2024.html").read_text("utf-8"))
    cells = [" ".join(cell.text_content().split()) for cell in table.iter("th", "td")]
    caption = table.xpath("string(caption/span[@class='caption-text'])")
    said = re.sub(r"\s+", " ", f"{caption}: {' '.join(filter(None, cells))} 结束。")
    assert found["og:description"] == found["description"] == said
    assert found["og:title"] == "r2024.md"
    assert all("_gov" not in said and not re.search("_[0-9]", said) for said in found.values())


def test_nothing_of_ours_stands_in_any_meta_tag(site: Project) -> None:
    """For all our output, on all pages: no word that the page does not show."""
    site.page("r2024.md", "宿迁市", 2024, ALL)
    site.page(
        "r2023.md", "宿迁市", 2023, "```{gov-check-table}\n```\n\n```{gov-rollup-table} requests-summary\n:parts: 宿迁市\n```\n"
    )
    out = build(site, "-D", "govreport_downloads=csv,xlsx")
    for page in ("index", "r2023", "r2024"):
        tree = html.fromstring((out / f"{page}.html").read_text("utf-8"))
        for style in tree.xpath("//style | //script"):
            style.drop_tree()
        shown = "".join(tree.xpath("string(//body)").split())
        for name in ("og:description", "description"):
            said = metas(out / f"{page}.html").get(name, "")
            words = [word for word in re.split(r"[\s,.:：，。、；（）()/·+-]+", said) if word]
            assert [word for word in words if word not in shown] == []
            assert page == "index" or words


def test_the_sitemap_has_the_pages(site: Project) -> None:
    site.page("r2024.md", "宿迁市", 2024, ALL)
    out = build(site, "-D", "govreport_downloads=csv", "-D", "govreport_dataset=1")
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    listed = [loc.text for loc in ElementTree.parse(out / "sitemap.xml").iterfind(".//s:loc", space)]  # noqa: S314  (just written)
    assert sorted(map(str, listed)) == [f"{ADDRESS}{name}.html" for name in ("genindex", "index", "r2024", "search")]


@pytest.mark.parametrize("builder", ["html", "text", "latex"])
def test_tables_stand_in_what_sphinx_design_lays_out(site: Project, builder: str) -> None:
    report = year_file(published("suqian-2024"))
    for layout, body in LAYOUTS.items():
        site.write(f"data/{layout}.yaml", report.replace("agency: 宿迁市", f"agency: {layout}局"))
        body += "\n{gov:table}`requests` {gov-figure}`requests.received.total`\n"
        site.page(f"r-{layout}.md", f"{layout}局", 2024, body)
    out = build(site, "-D", "project=site", builder=builder)
    for layout in LAYOUTS if builder == "html" else ():
        page = (out / f"r-{layout}.html").read_text("utf-8")
        (table,) = tables(page)
        assert figures_by_heads(table) == expected_by_heads(published("suqian-2024"), "requests")
        tree = html.fromstring(page)
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert {link.rpartition("#")[2] for link in tree.xpath("//p//a[starts-with(@href, '#gov-')]/@href")} <= set(ids)
        assert tree.xpath("//div[contains(@class, 'sd-')]//table | //details[contains(@class, 'sd-')]//table")
    if builder == "text":
        for layout in LAYOUTS:
            written = (out / f"r-{layout}.txt").read_text("utf-8")
            assert all(figure in written for figure in ("3440", "3525", "1408"))
    if builder == "latex":
        written = (out / "site.tex").read_text("utf-8")
        for figure in ("3440", "3525", "1408"):
            assert written.count(figure) >= len(LAYOUTS)


@pytest.mark.parametrize("builder", ["html", "govword"])
def test_a_word_document_has_the_content_of_layouts_and_no_message_about_their_controls(site: Project, builder: str) -> None:
    """Tabs and dropdowns become radio buttons and arrows in HTML, from whose doctree the offered document is made."""
    site.write("conf.py", f'{CONF}{SETTINGS}myst_enable_extensions.append("tasklist")\ngovreport_downloads = ["docx"]\n')
    more = "\n- [ ] 未办\n- [x] 已办 {gov-figure}`requests.received.total`\n\n{octicon}`check` 文\n"
    tables = TABLE.replace("requests", "proactive-disclosure") + TABLE.replace("requests", "reviews")
    site.page("r2024.md", "宿迁市", 2024, "".join(LAYOUTS[name] for name in ("tabs", "dropdown")) + tables + more)
    out = build(site, builder=builder)
    (path,) = out.glob("*2024.docx")
    written = document(path.read_bytes())
    assert len(written.tables) == 4
    texts = [paragraph.text.strip() for paragraph in written.paragraphs]
    assert [text for text in texts if text in ("甲", "乙", "题", "文")] == ["甲", "乙", "文", "题", "文"]
    assert texts[-3:] == ["· ☐ 未办", "· ☑ 已办 3525", "文"]


def test_an_empty_list_in_a_tab_is_left_out_of_an_epub(site: Project) -> None:
    tabs = "::::{tab-set}\n:::{tab-item} 甲\n```{gov-report-list}\n```\n:::\n:::{tab-item} 乙\n文\n:::\n::::\n"
    site.write("index.md", f"# 专栏\n\n{tabs}")
    settings = ("version=1", "epub_copyright=甲", "suppress_warnings=epub.unknown_project_files")
    out = build(site, *(part for one in settings for part in ("-D", one)), builder="epub")
    assert "文" in (out / "index.xhtml").read_text("utf-8")


def test_copybutton_finds_code_and_nothing_of_ours(site: Project) -> None:
    site.page("r2024.md", "宿迁市", 2024, ALL)
    out = build(site)
    tree = html.fromstring((out / "r2024.html").read_text("utf-8"))
    selected = tree.xpath("//div[contains(concat(' ', @class, ' '), ' highlight ')]/pre")  # its selector: div.highlight pre
    assert [one.text_content().strip() for one in selected] == ["print(1)"]
    assert any("copybutton.js" in source for source in tree.xpath("//script/@src"))
