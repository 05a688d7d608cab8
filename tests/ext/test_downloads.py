"""Reports as files next to their pages, linked from the tables and from the list of reports."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import docx
import pytest
from lxml import html

from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.tables.table import report_ident
from sphinx_govreport.importers.recognise.report import Wanted, import_documents
from tests.conftest import CONF, Project
from tests.exporters.test_exports import read, said
from tests.published import published, report_key, year_file

NAME = report_ident(report_key("宿迁市", 2024))
LINKS = '//p[@class="gov-downloads"]/a'


def conf(project: Project, kinds: str, more: str = "") -> None:
    project.write("conf.py", f'{CONF}suppress_warnings = ["toc.not_included"]\ngovreport_downloads = {kinds}\n{more}')


@pytest.fixture
def site(project: Project) -> Project:
    conf(project, '["csv", "json", "xlsx", "docx", "html", "text", "yaml"]', 'govreport_severity = {"carried-over": "off"}\n')
    project.report("suqian-2024")
    project.page(
        "reports/2024.md",
        "宿迁市",
        2024,
        "```{gov-disclosure-table} 主动公开\n```\n\n文字。\n\n```{gov-disclosure-table} requests\n```\n",
    )
    project.write("index.md", "# 首页\n\n```{gov-report-list}\n```\n\n```{toctree}\nreports/2024\n```\n")
    return project


def test_each_report_has_its_files_beside_its_page(site: Project) -> None:
    build = site.build()
    assert build.warnings == []
    links = html.fromstring(build.text("reports/2024.html")).xpath(LINKS)
    assert [link.text for link in links] == ["CSV", "JSON", "Excel", "Word", "HTML", "TXT", "YAML"]
    first = read(year_file(published("suqian-2024")))
    for link in links:
        assert "/" not in link.get("href")
        assert link.get("href").isascii()
        body = (build.out / "reports" / link.get("href")).read_bytes()
        assert link.get("download") == f"宿迁市-2024.{link.get('href').rpartition('.')[2]}"
        if link.text not in ("JSON", "YAML"):
            found = [one.report for one in import_documents(link.get("href"), body, statutory_forms(), Wanted()) if one.report]
            assert [said(report) for report in found] == [said(first)], link.text


def test_two_agencies_in_a_folder_have_files_of_their_own(site: Project) -> None:
    agencies = ("西湖镇水利局", "南北市应急管理局")  # hashes that begin alike
    for number, agency in enumerate(agencies):
        site.write(f"data/{number}.yaml", year_file(published("suqian-2024")).replace("agency: 宿迁市", f"agency: {agency}"))
        site.page(f"reports/{number}.md", agency, 2024)
    build = site.build(govreport_downloads=["csv"])
    for number, agency in enumerate(agencies):
        (link,) = html.fromstring(build.text(f"reports/{number}.html")).xpath(f"{LINKS}/@href")
        assert {line.split(",")[0] for line in build.text(f"reports/{link}").splitlines()[1:]} == {agency}


def test_the_links_stand_once_behind_the_last_table_and_its_notes(site: Project) -> None:
    data = year_file(published("suqian-2024")) + "notes: {requests: 含上年结转。}\n"
    site.write("data/suqian-2024.yaml", data)
    tree = html.fromstring(site.build().text("reports/2024.html"))
    (line,) = tree.xpath('//p[@class="gov-downloads"]')
    assert line.text == "下载："
    before = line.getprevious()
    assert before.text == "注：含上年结转。"


def test_an_author_can_place_the_links(site: Project) -> None:
    body = "```{gov-downloads}\n```\n\n文字。\n\n```{gov-disclosure-table}\n```\n"
    site.page("reports/2024.md", "宿迁市", 2024, body)
    site.page("data.md", "宿迁市", 2024, "```{gov-downloads}\n```\n")
    build = site.build()
    tree = html.fromstring(build.text("reports/2024.html"))
    (line,) = tree.xpath('//p[@class="gov-downloads"]')
    assert line.getnext().text == "文字。"
    assert (build.out / f"{NAME}.xlsx").exists(), "beside a page that prints no table too"


@pytest.mark.parametrize(("builder", "page", "folder"), [
    ("html", "index.html", "reports/"), ("dirhtml", "index.html", "reports/2024/"), ("singlehtml", "index.html", ""),
])  # fmt: skip
def test_the_list_of_reports_links_to_the_files(site: Project, builder: str, page: str, folder: str) -> None:
    build = site.build(builder)
    links = html.fromstring(build.text(page)).xpath('//span[@class="gov-downloads"]/a')
    assert [link.get("href") for link in links][:2] == [f"{folder}{NAME}.csv", f"{folder}{NAME}.json"]
    assert all((build.out / link.get("href")).is_file() for link in links)


@pytest.mark.parametrize("builder", ["text", "latex", "man", "texinfo", "xml", "gettext", "epub"])
def test_other_builders_neither_write_files_nor_speak_of_them(site: Project, builder: str) -> None:
    body = "```{gov-downloads}\n```\n\n```{gov-disclosure-table}\n```\n"
    site.page("reports/2024.md", "宿迁市", 2024, body)
    build = site.build(builder)
    assert [line for line in build.warnings if "conf value" not in line] == []
    assert not list(build.out.rglob(f"{NAME}.*"))
    assert not any("下载" in path.read_text("utf-8", "replace") for path in build.out.rglob("*.txt"))


def test_the_place_of_the_links_may_have_a_class_and_a_label(site: Project) -> None:
    body = "```{rst-class} wide\n```\n\n(files)=\n```{gov-downloads}\n```\n\n文字。\n\n```{gov-disclosure-table}\n```\n"
    site.page("reports/2024.md", "宿迁市", 2024, body)
    offered = site.build()
    (line,) = html.fromstring(offered.text("reports/2024.html")).xpath('//*[@id="files"]')
    assert next(line.iter("a")).text == "CSV"
    text = site.build("text")
    conf(site, "[]")
    nothing = site.build()
    assert offered.warnings == text.warnings == nothing.warnings
    assert "文字。" in text.text("reports/2024.txt")
    assert "文字。" in nothing.text("reports/2024.html")


@pytest.mark.parametrize("directive", ["{gov-downloads}", "{gov-report-list}\n    :agency: 无此机关"])
@pytest.mark.parametrize("builder", ["man", "text", "latex", "epub", "texinfo"])
def test_a_footnote_of_links_alone_says_that_there_are_none(site: Project, builder: str, directive: str) -> None:
    site.page("reports/2024.md", "宿迁市", 2024, f"下载[^a]。\n\n[^a]:\n    ```{directive}\n    ```\n")
    out = site.build(builder, man_pages=[("reports/2024", "a", "a", "a", 1)]).out
    assert any(
        "—" in path.read_text("utf-8", "replace")
        for path in out.rglob("*")
        if path.suffix in {".1", ".txt", ".tex", ".xhtml", ".texi"}
    )


def test_files_follow_the_data_and_the_setting(site: Project) -> None:
    site.build()
    data = year_file(published("suqian-2024")).replace("in-force: 12", "in-force: 13")
    site.write("data/suqian-2024.yaml", data)
    again = site.build()
    assert b",rules.in-force," in (again.out / f"reports/{NAME}.csv").read_bytes()
    assert "现行有效件数,13," in (again.out / f"reports/{NAME}.csv").read_text("utf-8-sig")
    clean = site.build(out="_clean")
    names = [f"reports/{NAME}.{suffix}" for suffix in ("csv", "json", "xlsx", "docx", "html", "txt", "yaml")]
    assert {name: again.files()[name] for name in names} == {name: clean.files()[name] for name in names}
    conf(site, "[]")
    off = site.build()
    assert "gov-downloads" not in off.text("reports/2024.html")
    assert "gov-downloads" not in off.text("index.html")


def test_without_the_setting_nothing_is_written(site: Project) -> None:
    conf(site, "[]")
    build = site.build()
    assert not list(build.out.rglob(f"{NAME}.*"))
    assert "gov-download" not in build.text("reports/2024.html")


def test_what_is_wrong_with_the_setting_is_said_once(site: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    conf(site, '["csv", "odt", "xlsx"]')
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    build = site.build()
    told = [line for line in build.warnings if "[govreport.bad-config]" in line]
    assert len(told) == 2
    assert "odt" in told[0]
    assert 'pip install "sphinx-govreport[xlsx]"' in told[1]
    assert [link.text for link in html.fromstring(build.text("reports/2024.html")).xpath(LINKS)] == ["CSV"]


@pytest.mark.slow
def test_parallel_builds_write_the_same_files(site: Project) -> None:
    for number in range(12):
        site.page(f"more/p{number}.md", "宿迁市", 2024)
    serial, parallel = site.build(out="_serial"), site.build(out="_parallel", jobs=2)
    ours = {name: body for name, body in serial.files().items() if NAME in Path(name).name}
    assert len(ours) == 14
    assert ours == {name: body for name, body in parallel.files().items() if NAME in Path(name).name}


def test_the_word_document_is_the_page_of_the_report_even_if_another_page_in_the_folder_prints_a_table(site: Project) -> None:
    site.page("reports/2024.md", "宿迁市", 2024, "全年情况。\n\n```{gov-disclosure-table}\n```\n")
    other = "# 另一页\n\n```{gov-disclosure-table} reviews\n:year: 2024\n:agency: 宿迁市\n```\n"
    for name in ("a", "z"):  # before and after it
        site.write(f"reports/{name}.md", other)
    name = f"reports/{NAME}.docx"
    first = site.build().files()[name]
    assert any("全年情况。" in paragraph.text for paragraph in docx.Document(io.BytesIO(first)).paragraphs)
    for page in ("a", "z"):
        site.write(f"reports/{page}.md", f"{other}\n文字。\n")
    assert site.build().files()[name] == first
    (site.folder / "reports/2024.md").unlink()
    assert site.build().files()[name] == site.build(out="clean").files()[name] != first
    site.page("reports/2024.md", "宿迁市", 2024, "全年情况。\n\n```{gov-disclosure-table}\n```\n")
    assert site.build(jobs=2).files()[name] == first
