"""References to reports, tables and figures, on this site and from others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html
from sphinx.util.inventory import InventoryFile

from tests.conftest import Build, Project


@pytest.fixture
def site(project: Project) -> Project:
    project.quiet()
    project.report("suqian-2024")
    project.page("report.md", "宿迁市", 2024)
    return project


def links(build: Build, page: str = "index.html") -> list[tuple[str, str]]:
    found = html.fromstring(build.text(page)).xpath("//div[@class='body']//a[contains(@class, 'internal')]")
    return [(link.text_content(), link.get("href")) for link in found]


@pytest.mark.parametrize(
    ("role", "shown", "led"),
    [
        ("{gov:report}`2024`", "report.md", "report.html"),
        ("{gov:report}`宿迁市/2024`", "report.md", "report.html"),
        ("{gov:report}`去年的报告 <2024>`", "去年的报告", "report.html"),
        ("{gov:table}`2024:requests`", "宿迁市2024年收到和处理政府信息公开申请情况", "report.html#{table}"),
        ("{gov:table}`2024: 依申请公开`", "宿迁市2024年收到和处理政府信息公开申请情况", "report.html#{table}"),
        ("{gov:figure}`2024:依申请公开.新收.总计`", "本年新收政府信息公开申请数量·总计", "report.html#{table}-received-total"),
        ("{gov:figure}`见此 <宿迁市/2024:requests.received.total>`", "见此", "report.html#{table}-received-total"),
    ],
)
def test_a_reference_leads_to_its_target(site: Project, role: str, shown: str, led: str) -> None:
    site.write("index.md", f"# 首页\n\n{role}\n")
    build = site.build()
    assert build.warnings == []
    (table,) = [
        ident for ident in html.fromstring(build.text("report.html")).xpath("//table/@id") if ident.endswith("-requests")
    ]
    assert links(build) == [(shown, led.format(table=table))]
    target = led.format(table=table).partition("#")[2]
    assert not target or html.fromstring(build.text("report.html")).xpath(f"//*[@id='{target}']")


def test_what_is_left_out_is_the_pages(site: Project) -> None:
    site.page("index.md", "宿迁市", 2024, "{gov:table}`reviews`和{gov:figure}`requests.received.total`\n")
    build = site.build()
    assert build.warnings == []
    assert [text for text, _led in links(build)] == [
        "宿迁市2024年政府信息公开行政复议、行政诉讼情况",
        "本年新收政府信息公开申请数量·总计",
    ]


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("{gov:report}`2019`", "“宿迁市/2019”。请核对年度、机关是否写对，以及是否有页面显示它。"),
        ("{gov:table}`2024:request`", "“宿迁市/2024:request”。是不是“requests”？"),
        ("{gov:figure}`2024:requests.recieved.total`", "“宿迁市/2024:requests.recieved.total”。是不是“received”？"),
        (
            "{gov:figure}`requests.received.total`",
            "“requests.received.total”。请核对年度、机关是否写对，以及是否有页面显示它。",
        ),
        ("{gov:report}`2024:requests`", "“宿迁市/2024:requests”。请写年度，如 2024。"),
    ],
)
def test_a_reference_to_nothing_is_reported(site: Project, role: str, said: str) -> None:
    site.write("index.md", f"# 首页\n\n{role}\n")
    (warning,) = site.build().warnings
    assert site.build().warnings == [warning], "also when nothing is out of date"
    assert warning.endswith(f"index.md:3: WARNING: 本站没有任何页面显示{said} [govreport.unknown-reference]")


CHECK = "请核对年度、机关是否写对，以及是否有页面显示它。"


@pytest.mark.parametrize(
    ("role", "alone", "on_page"),
    [
        ("{gov:table}`2024 requests`", f"“2024 requests”。{CHECK}", "“宿迁市/2024:2024 requests”。是不是“requests”？"),
        (
            "{gov:table}`宿迁市/2024`",
            f"“宿迁市/2024”。{CHECK}",
            "“宿迁市/2024:宿迁市/2024”。这里可用的是：主动公开、依申请公开、复议诉讼。",
        ),
        (
            "{gov:figure}`宿迁市/2024/requests.received.total`",
            f"“宿迁市/2024/requests.received.total”。{CHECK}",
            "“宿迁市/2024:宿迁市/2024/requests.received.total”。是不是“requests”？",
        ),
        ("{gov:report}`24年`", f"“24年”。{CHECK}", "“宿迁市/2024:24年”。请写年度，如 2024。"),
        (
            "{gov:report}`宿迁市/2024 requests`",
            f"“宿迁市/2024 requests”。{CHECK}",
            "“宿迁市/2024:宿迁市/2024 requests”。请写年度，如 2024。",
        ),
    ],
)
def test_a_reference_without_its_colon_is_reported(site: Project, role: str, alone: str, on_page: str) -> None:
    site.write("index.md", f"# 首页\n\n{role}\n")
    (warning,) = site.build().warnings
    assert warning.endswith(f"index.md:3: WARNING: 本站没有任何页面显示{alone} [govreport.unknown-reference]")
    site.page("index.md", "宿迁市", 2024, f"{role}\n")
    (warning,) = site.build().warnings
    assert warning.endswith(f"index.md:7: WARNING: 本站没有任何页面显示{on_page} [govreport.unknown-reference]")


def test_the_year_and_the_colon_of_a_reference_may_be_chinese(site: Project) -> None:
    site.write("index.md", "# 首页\n\n{gov:table}`2024年：reviews` {gov:figure}`宿迁市/2024：requests.received.total`\n")
    build = site.build()
    assert build.warnings == []
    assert [text for text, _led in links(build)] == [
        "宿迁市2024年政府信息公开行政复议、行政诉讼情况",
        "本年新收政府信息公开申请数量·总计",
    ]


def test_a_reference_is_reported_as_it_is_written(site: Project) -> None:
    site.page("index.md", "宿迁市", 2024, "{gov:report}`去年`\n")
    (warning,) = site.build().warnings
    assert "本站没有任何页面显示“宿迁市/2024:去年”。" in warning


def test_references_follow_the_page_of_the_report(site: Project) -> None:
    site.write("index.md", "# 首页\n\n{gov:report}`2024` {gov:table}`2024:requests`\n")
    assert [led.partition("#")[0] for _text, led in links(site.build())] == ["report.html", "report.html"]
    (site.folder / "report.md").rename(site.folder / "year.md")
    site.write("year.md", (site.folder / "year.md").read_text("utf-8").replace("# report.md", "# 新标题"))
    moved = links(site.build())
    assert moved[0] == ("新标题", "year.html")
    assert moved[1][1].startswith("year.html#")
    site.write("year.md", (site.folder / "year.md").read_text("utf-8").replace("# 新标题", "# 又一标题"))
    assert links(site.build())[0] == ("又一标题", "year.html")


@pytest.mark.parametrize(("builder", "file", "link", "target"), [
    ("latex", "site.tex", r"hyperref\[\\detokenize\{([^}]*)", r"label\{\\detokenize\{([^}]*)"),
    ("xml", "index.xml", r' refid="([^"]*)', r' ids="([^"]*)'),
])  # fmt: skip
def test_where_cells_have_no_ids_a_reference_leads_to_the_table(
    site: Project, builder: str, file: str, link: str, target: str
) -> None:
    body = "{gov:figure}`requests.received.total`\n\n```{gov-disclosure-table} requests\n```\n"
    site.page("index.md", "宿迁市", 2024, body)
    text = site.build(builder).text(file)
    (led,) = (one for one in re.findall(link, text) if "requests" in one)
    assert led in " ".join(re.findall(target, text)).split(" ")
    assert "本年新收政府信息公开申请数量·总计" in text


def test_another_site_links_to_a_figure(site: Project, tmp_path: Path) -> None:
    site.write("index.md", "# 首页\n")
    first = site.build()
    inventory = InventoryFile.loads((first.out / "objects.inv").read_bytes(), uri="https://example.org")
    assert "gov:figure" not in inventory.data, "200 a report: their tables lead to them"
    assert sorted(inventory.data["gov:table"]) == [
        f"宿迁市/2024:{table}" for table in ("proactive-disclosure", "requests", "reviews")
    ]
    assert list(inventory.data["gov:report"]) == ["宿迁市/2024"]
    other = Project(tmp_path / "other")
    other.write(
        "conf.py",
        'extensions = ["myst_parser", "sphinx_govreport", "sphinx.ext.intersphinx"]\nlanguage = "zh_CN"\n'
        f'intersphinx_mapping = {{"city": ("https://example.org/", {str(first.out / "objects.inv")!r})}}\n',
    )
    other.write(
        "index.md",
        "# 别站\n\n{gov:figure}`新收 <宿迁市/2024:requests.received.total>`、{external+city:gov:report}`宿迁市/2024`、"
        "{external+city:gov:figure}`宿迁市/2024:依申请公开.新收.总计`、{external:gov:table}`表 <宿迁市/2024:reviews>`\n",
    )
    build = other.build()
    assert build.warnings == []
    found = html.fromstring(build.text("index.html")).xpath("//a[contains(@class, 'external')]")
    hrefs = [link.get("href") for link in found if "example.org" in link.get("href")]
    shown = [link.text_content() for link in found if "example.org" in link.get("href")]
    cells = [href.partition("#")[2] for href in hrefs]
    assert {href.partition("#")[0] for href in hrefs} == {"https://example.org/report.html"}
    assert first.text("report.html").count(f'id="{cells[0]}"') == 1
    assert cells[0].endswith("-2024-requests-received-total")
    assert cells[1] == ""
    assert cells[2] == cells[0]
    assert cells[3].endswith("-2024-reviews")
    assert shown == ["新收", "report.md", "宿迁市2024年本年新收政府信息公开申请数量·总计", "表"]


@pytest.mark.parametrize("key", ["宿迁市/2024:requests.recieved.total", "宿迁市/2023:requests.received.total"])
def test_what_no_other_site_prints_is_reported(site: Project, tmp_path: Path, key: str) -> None:
    site.write("index.md", "# 首页\n")
    first = site.build()
    other = Project(tmp_path / "other")
    other.write(
        "conf.py",
        'extensions = ["sphinx_govreport", "sphinx.ext.intersphinx"]\nlanguage = "zh_CN"\n'
        f'intersphinx_mapping = {{"city": ("https://example.org/", {str(first.out / "objects.inv")!r})}}\n',
    )
    other.write("index.rst", f"别站\n====\n\n:gov:figure:`{key}`\n")
    (warning,) = other.build().warnings
    assert f"本站没有任何页面显示“{key}”" in warning


def test_tables_stand_in_the_general_index(site: Project) -> None:
    site.write("index.md", "# 首页\n\n```{toctree}\nreport\n```\n")
    build = site.build()
    tree = html.fromstring(build.text("genindex.html"))
    entries = {link.text_content(): link.get("href") for link in tree.xpath("//table//a")}
    (led,) = [led for text, led in entries.items() if text == "2024年收到和处理政府信息公开申请情况"]
    page, _, ident = led.partition("#")
    assert html.fromstring(build.text(page)).xpath(f"//table[@id='{ident}']")
    assert "宿迁市" in tree.text_content()


def test_a_large_site_may_leave_its_tables_out_of_index_and_inventory(site: Project) -> None:
    site.write("index.md", "# 首页\n\n{gov:table}`2024:requests`\n\n```{toctree}\nreport\n```\n")
    full = site.build()
    build = site.build(govreport_index_tables=False)
    assert build.warnings == []
    inventory = InventoryFile.loads((build.out / "objects.inv").read_bytes(), uri="").data
    assert list(inventory["gov:report"]) == ["宿迁市/2024"]
    assert "gov:table" not in inventory
    assert "政府信息公开申请情况" not in html.fromstring(build.text("genindex.html")).text_content()
    assert build.text("index.html") == full.text("index.html"), "links within the site do not need them"


def test_two_processes_make_the_same_inventory(site: Project) -> None:
    site.write("index.md", "# 首页\n\n{gov:table}`2024:requests`\n")
    serial, parallel = site.build(), site.build(out="two", jobs=2)
    assert (serial.out / "objects.inv").read_bytes() == (parallel.out / "objects.inv").read_bytes()
    assert serial.text("index.html") == parallel.text("index.html")


def test_a_report_is_its_own_page_not_one_that_repeats_a_table(site: Project) -> None:
    site.write(
        "index.md",
        "# 首页\n\n```{gov-disclosure-table} requests\n:year: 2024\n```\n\n{gov:report}`2024` {gov:table}`2024:requests`\n",
    )
    build = site.build()
    assert build.warnings == []
    (report, table) = links(build)
    assert report == ("report.md", "report.html")
    assert table[1].startswith("#gov-"), "a table on the same page is nearest"
