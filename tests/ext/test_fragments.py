"""Pages as fragments for a CMS: complete, and the same for any kind of build."""

from __future__ import annotations

import os
import struct
import zlib

import pytest
from lxml import etree, html

from sphinx_govreport.importers.recognise.report import Wanted, import_documents
from tests.conftest import CONF, Build, Project
from tests.exporters.test_exports import read, said
from tests.exporters.test_paste import FORMS, check_looks
from tests.ext.test_charts import BODY as CHART
from tests.ext.test_output import expected_by_heads, figures_by_heads
from tests.published import NAMES, published, year_file

PROSE = """\
正文有**要点**、`代码`、脚注[^a]和[链接](https://www.gov.cn/)。

- 甲

  1. 乙
  2. 丙

> 引文

| 项目 | 数量 |
| --- | ---: |
| 甲 | 12 |

:::{warning}
小心。
:::

```python
print(1 < 2)
```

[^a]: 注文。
"""


def fragment(build: Build, name: str) -> str:
    return build.text(f"fragments/{name}.html")


def words(tree: html.HtmlElement) -> str:
    return "".join(tree.text_content().split())


def test_a_fragment_has_all_of_its_page_and_needs_nothing_else(reports: Project) -> None:
    built = reports.build("govfragment")
    pages = reports.build(html_permalinks=False)
    assert built.warnings == pages.warnings == []
    for name in NAMES:
        written = fragment(built, f"report-{name}")
        check_looks(written)
        (body,) = html.fromstring(pages.text(f"report-{name}.html")).xpath("//div[@class='body']")
        tree = html.fromstring(written)
        assert words(tree) == words(body)
        report = published(name)
        for table, found in zip(report.figures, tree.iter("table"), strict=True):
            assert figures_by_heads(found) == expected_by_heads(report, table), "heads are still named where editors keep that"
            assert {th.get("scope") for th in found.iter("th")} <= {"col", "colgroup", "row", "rowgroup"}


def test_fragments_can_be_pasted_into_one_page(reports: Project) -> None:
    built = reports.build("govfragment")
    pasted = html.fromstring("<div>" + "".join(fragment(built, f"report-{name}") for name in NAMES) + "</div>")
    ids = pasted.xpath("//th/@id")
    assert len(ids) == len(set(ids)) > 80 * len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_fragment_of_a_page_says_the_same(project: Project, name: str) -> None:
    project.write("conf.py", CONF + 'govreport_severity = {"reviews-total": "hint", "not-filled": "hint"}\n')
    report = published(name)
    project.report(name)
    project.page("index.md", report.agency, report.year)
    written = fragment(project.build("govfragment"), "index")
    check_looks(written)
    titles = [table.getprevious().text_content() for table in html.fromstring(written).iter("table")]
    assert len(titles) == 3
    assert all(f"{report.agency}{report.year}年" in title for title in titles)
    (found,) = import_documents("a.html", written.encode(), FORMS, Wanted())
    assert found.report
    assert said(found.report) == said(read(year_file(report)))


def test_what_stands_beside_a_figure_is_told_from_it_without_any_style(years: Project) -> None:
    years.write(
        "index.md",
        "---\ngovreport-agency: 宿迁市\ngovreport-year: 2024\n---\n# 页\n\n```{gov-disclosure-table} requests\n:compare:\n```\n",
    )
    written = fragment(years.build("govfragment"), "index")
    check_looks(written)
    (table,) = html.fromstring(written).iter("table")
    beside = [cell for cell in table.iter("td") if cell.find("br") is not None]
    assert len(beside) == 25
    assert [*beside[0].itertext()] == ["3525", "（2023年：3511，增长0.4%）"]


def test_prose_keeps_its_shape(years: Project) -> None:
    years.write("index.md", f"# 首页\n\n{PROSE}")
    build = years.build("govfragment")
    assert build.warnings == []
    written = fragment(build, "index")
    check_looks(written)
    tree = html.fragment_fromstring(written, create_parent="body")
    found = [one.text_content() for one in tree.xpath("//p/strong|//h1|//ul/li/ol/li|//blockquote")]
    assert found == ["首页", "要点", "乙", "丙", "引文", "警告"]
    assert tree.xpath("//pre")[0].text_content() == "print(1 < 2)"
    assert tree.xpath("//a[@href='https://www.gov.cn/']")[0].text == "链接"
    (box,) = tree.xpath("//div")
    assert box.text_content() == "警告小心。"
    assert "border-left:4px solid" in box.get("style")
    assert "[1] 注文。" in [one.text_content() for one in tree.iter("p")]
    assert [cell.get("align") for cell in tree.iter("td")] == ["left", "right"]


def test_a_chart_becomes_a_file_with_its_table(years: Project) -> None:
    years.write("甲/index.md", f"---\ngovreport-agency: 宿迁市\n---\n# 页\n\n{CHART}")
    years.write("index.md", "# 首页\n\n```{toctree}\n甲/index\n```\n")
    build = years.build("govfragment", govreport_numbered=True)
    written = fragment(build, "甲/index")
    check_looks(written)
    tree = html.fragment_fromstring(written, create_parent="body")
    (table,) = tree.iter("table")
    rows = [[cell.text_content().strip() for cell in row.iter("th", "td")] for row in table.iter("tr")]
    assert rows == [["项目", "2023年", "2024年"], ["新收", "3511", "3525"], ["予以公开", "1191", "1431"]]
    paragraphs = [one.text_content() for one in tree.iter("p")]
    assert paragraphs == ["[此处插入图片：index-1.svg]", "图 1 申请", "图中数据", "见图 1。"]
    assert tree.xpath("//a/@href") == ["#fig"]
    assert tree.xpath("//*[@id='fig']")[0].text == "[此处插入图片：index-1.svg]"

    (item,) = html.fromstring(build.text("copy/甲/index.html")).iter("li")
    (link,) = item.iter("a")
    assert (link.get("href"), link.text) == ("../../charts/%E7%94%B2/index-1.svg", "index-1.svg")
    assert "新收：2023年 3511，2024年 3525。" in item.text_content()
    drawing = etree.fromstring(build.files()["charts/甲/index-1.svg"])
    assert drawing.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-CN"
    assert {"3511", "3525", "1191", "1431"} <= {one.text for one in drawing.iter("{http://www.w3.org/2000/svg}text")}


def test_charts_that_a_page_has_no_more_are_removed(years: Project) -> None:
    page = "---\ngovreport-agency: 宿迁市\n---\n# 页\n\n"
    years.write("index.md", page + CHART + CHART.replace(":name: fig\n", "", 1))
    first = years.build("govfragment", jobs=2).files()
    years.write("index.md", page + CHART)
    second = years.build("govfragment").files()
    assert [name for name in first if name.startswith("charts")] == ["charts/index-1.svg", "charts/index-2.svg"]
    assert [name for name in second if name.startswith("charts")] == ["charts/index-1.svg"]


def test_marks_of_errors_and_downloads_are_not_pasted(project: Project) -> None:
    project.write("conf.py", CONF + 'govreport_downloads = ["csv"]\n')
    data = year_file(published("suqian-2024")).replace(
        "received:\n    natural-person: 3440", "received:\n    natural-person: 3441"
    )
    project.write("data/a.yaml", data)
    project.page("index.md", "宿迁市", 2024)
    pages, build = project.build(), project.build("govfragment")
    assert "※" in pages.text("index.html")
    assert "gov-downloads" in pages.text("index.html")
    assert build.warnings == pages.warnings != []
    assert "※" not in fragment(build, "index")
    assert "CSV" not in fragment(build, "index")
    assert not [name for name in build.files() if name.endswith(".csv")]


def png(side: int) -> bytes:
    """Return a picture that cannot be compressed."""
    rows = b"".join(b"\0" + os.urandom(3 * side) for _row in range(side))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


PICTURES = """\
.. image:: ../章.png
   :alt: 公章

.. image:: ../大.png
   :alt: 大厅 "一"

.. image:: https://example.org/a.png
   :alt: 远

.. raw:: html

   <iframe src="https://example.org/b"></iframe><img src="data:image/png;base64,AA==" alt="图">
"""


def test_pictures_are_named_in_their_place_and_listed(years: Project) -> None:
    for name, side in (("章.png", 8), ("大.png", 300)):
        (years.folder / name).write_bytes(png(side))
    years.write("甲/index.rst", f"甲\n==\n\n{PICTURES}")
    years.write("index.md", "# 首页\n\n```{toctree}\n甲/index\n```\n")
    build = years.build("govfragment")
    assert build.warnings == []
    written = fragment(build, "甲/index")
    check_looks(written)
    assert [one.text for one in html.fromstring(written).iter("p")] == [
        "[此处插入图片：章.png]", "[此处插入图片：大.png]", "[此处插入图片：https://example.org/a.png]",
        "[此处插入图片：https://example.org/b]", "[此处插入图片：image.png]",
    ]  # fmt: skip
    page = html.fromstring(build.text("copy/甲/index.html"))
    items = page.xpath("//li")
    assert [item.text_content() for item in items] == [
        "章.png公章", '大.png大厅 "一"', "https://example.org/a.png远", "https://example.org/b", "image.png图",
    ]  # fmt: skip
    assert [item.find("a").get("href") for item in items] == [
        "../../_images/%E7%AB%A0.png", "../../_images/%E5%A4%A7.png", "https://example.org/a.png", "https://example.org/b",
        "data:image/png;base64,AA==",
    ]  # fmt: skip
    assert sorted(name for name in build.files() if name.endswith("png")) == ["_images/大.png", "_images/章.png"]
    assert "example.org" not in "".join(page.xpath("//@src"))


LINKS = "见{doc}`乙 </b>`、{ref}`第二节 <er>`、{ref}`本页 <yi>`、{gov:figure}`宿迁市/2024:requests.received.total`。\n\n(yi)=\n## 一\n"


def test_links_lead_to_the_published_site_or_are_text(years: Project) -> None:
    years.page("专栏/a.md", "宿迁市", 2023, LINKS)
    years.page("b.md", "宿迁市", 2024, "(er)=\n## 二\n\n```{gov-disclosure-table} requests\n```\n")
    years.write("index.md", "# 首页\n\n```{toctree}\n专栏/a\nb\n```\n")
    without = html.fromstring(fragment(years.build("govfragment"), "专栏/a"))
    assert without.xpath("//a/@href") == ["#yi"]
    assert without.xpath("//p")[0].text_content().startswith("见乙、第二节、本页、本年新收政府信息公开申请数量·总计。")
    build = years.build("govfragment", html_baseurl="https://www.example.gov.cn/zwgk/")
    assert html.fromstring(fragment(build, "专栏/a")).xpath("//a/@href")[:3] == [
        "https://www.example.gov.cn/zwgk/b.html", "https://www.example.gov.cn/zwgk/b.html#er", "#yi",
    ]  # fmt: skip
    first = html.fromstring(fragment(build, "index")).xpath("//a/@href")[0]
    assert first == "https://www.example.gov.cn/zwgk/%E4%B8%93%E6%A0%8F/a.html"


def test_each_page_can_be_copied_and_all_are_listed(reports: Project) -> None:
    build = reports.build("govfragment")
    listed = html.fromstring(build.text("index.html"))
    assert listed.get("lang") == "zh-CN"
    assert listed.xpath("//li/a/@href") == ["copy/index.html", *(f"copy/report-{name}.html" for name in sorted(NAMES))]
    for docname in ("index", *(f"report-{name}" for name in NAMES)):
        page = html.fromstring(build.text(f"copy/{docname}.html"))
        (source,) = page.iter("textarea")
        assert source.text == fragment(build, docname)
        assert page.xpath("//@style|//style|//script[not(@src)]|//@*[starts-with(name(), 'on')]") == [], (
            "a strict policy lets it run"
        )
        assert page.xpath("//link/@href|//script/@src") == ["../govfragment.css", "../govfragment.js"]
        assert page.xpath("//button")[0].text == "复制"
        assert page.xpath("//a/@href") == ["../index.html", f"../fragments/{docname}.html"]
    assert {name.partition("/")[0] for name in build.files()} == {
        ".govreport-files.json", "copy", "fragments", "govfragment.css", "govfragment.js", "index.html",
    }  # fmt: skip


def test_an_incremental_build_is_a_clean_one(years: Project) -> None:
    body = "```{image} 章.png\n```\n\n```{image} 大.png\n```\n\n" + LINKS + "\n{gov-figure}`2024:requests.received.total`\n"
    for name, side in (("章.png", 8), ("大.png", 300)):
        (years.folder / name).write_bytes(png(side))
    years.page("a.md", "宿迁市", 2023, body)
    years.page("b.md", "宿迁市", 2024, "(er)=\n## 二\n\n```{gov-disclosure-table}\n```\n")
    years.page("c.md", "宿迁市", 2024, "```{gov-comparison-table} requests-summary\n```\n")
    years.write("index.md", "# 首页\n\n```{toctree}\n:glob:\n*\n```\n")
    first = years.build("govfragment").files()

    data = (years.folder / "data/suqian-2024.yaml").read_text("utf-8")
    os.utime(years.write("data/suqian-2024.yaml", data.replace("issued: 2\n", "issued: 3\n", 1)), (0, 0))  # as after a checkout
    for name, side in (("章.png", 300), ("大.png", 8)):
        (years.folder / name).write_bytes(png(side))
    os.utime(years.folder / "章.png", (0, 0))
    (years.folder / "c.md").unlink()
    years.page("d.md", "宿迁市", 2023, "文字。\n")
    incremental, clean = years.build("govfragment"), years.build("govfragment", out="clean")
    assert incremental.warnings == clean.warnings
    assert incremental.files() == clean.files()
    assert first.keys() - clean.files().keys() == {"fragments/c.html", "copy/c.html"}
    assert years.build("govfragment", out="parallel", jobs=3).files() == clean.files()


def test_only_what_the_builder_wrote_is_removed(project: Project) -> None:
    project.write("index.md", "# 首页\n")
    build = project.build("govfragment")
    own = build.out / "fragments/notes.html"
    own.write_text("甲", "utf-8")
    project.build("govfragment")
    assert own.read_text("utf-8") == "甲"
