"""The list of reports: an archive of many years and agencies on one page."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html

from tests.conftest import Project
from tests.published import published, year_file

CITY, BUREAU, SCHOOLS = "宿迁市", "宿迁市公安局", "宿迁市教育局"


def put(project: Project, agency: str, year: int, published_on: str = "", title: str = "") -> None:
    """Write a report and its page into a site; the figures are those of the report of Suqian for 2023."""
    text = year_file(published("suqian-2023")).replace("agency: 宿迁市", f"agency: {agency}")
    name = f"{agency}-{year}"
    project.write(f"data/{name}.yaml", text.replace("year: 2023", f"year: {year}"))
    day = f"govreport-published: {published_on}\n" if published_on else ""
    top = f"---\ngovreport-year: {year}\ngovreport-agency: {agency}\n{day}---\n"
    title = title or f"{agency}{year}年政府信息公开工作年度报告"
    project.write(f"{name}.md", f"{top}# {title}\n\n```{{gov-disclosure-table}} reviews\n```\n")


def fill(project: Project) -> Project:
    """Write reports of three agencies: one with all years, one with a gap of two years, one with one year."""
    off = dict.fromkeys(("carried-over", "in-force", "not-filled"), "off")
    project.write(
        "conf.py",
        (project.folder / "conf.py").read_text("utf-8")
        + f'suppress_warnings = ["toc.not_included"]\ngovreport_severity = {off}\n',
    )
    for year in (2021, 2022, 2023, 2024):
        put(project, CITY, year, f"{year + 1}-01-2{year % 10}")
    for year in (2021, 2024):
        put(project, BUREAU, year, title="政府信息公开工作年度报告")
    put(project, SCHOOLS, 2024, "2025-01-09 09:30")
    return project


@pytest.fixture
def archive(project: Project) -> Project:
    """The archive, for a test that changes it."""
    return fill(project)


@pytest.fixture(scope="module")
def same_archive(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The archive, for tests that only list it: only their list is read again."""
    return fill(Project(tmp_path_factory.mktemp("archive") / "site"))


def listed(page: str) -> list[Any]:
    """Return the lists of a page: a group as its heading with its entries, an entry as its text."""
    found: list[Any] = []
    for item in html.fromstring(page).xpath("//div[@class='body']//ul[not(ancestor::li)]/li"):
        lines = [" ".join(line.text_content().split()) for line in item.xpath(".//p")]
        found.append((lines[0], lines[1:]) if item.xpath("./ul") else lines[0])
    return found


def shown(project: Project, options: str = "") -> list[Any]:
    project.write("index.md", f"# 历年年报\n\n:::{{gov-report-list}}\n{options}:::\n")
    build = project.build()
    assert build.warnings == []
    return listed(build.text("index.html"))


def test_several_agencies_are_listed_by_year_the_newest_first(same_archive: Project) -> None:
    by_year = [
        (
            "2024年",
            [
                "宿迁市2024年政府信息公开工作年度报告，2025年1月24日",
                "宿迁市公安局：政府信息公开工作年度报告",
                "宿迁市教育局2024年政府信息公开工作年度报告，2025年1月9日 09:30",
            ],
        ),
        ("2023年", ["宿迁市2023年政府信息公开工作年度报告，2024年1月23日"]),
        ("2022年", ["宿迁市2022年政府信息公开工作年度报告，2023年1月22日"]),
        ("2021年", ["宿迁市2021年政府信息公开工作年度报告，2022年1月21日", "宿迁市公安局：政府信息公开工作年度报告"]),
    ]
    assert shown(same_archive) == by_year
    assert shown(same_archive, ":group: 年度\n") == by_year
    assert shown(same_archive, ":order: 由旧到新\n") == by_year[::-1]


def test_one_agency_or_one_year_needs_no_groups(same_archive: Project) -> None:
    of_city = [f"宿迁市{year}年政府信息公开工作年度报告，{year + 1}年1月2{year % 10}日" for year in (2024, 2023, 2022, 2021)]
    assert shown(same_archive, ":agency: 宿迁市\n") == of_city
    assert shown(same_archive, ":agency: 宿迁市\n:order: oldest\n") == of_city[::-1]
    assert shown(same_archive, ":agency: 宿迁市公安局\n") == [
        "2024年：政府信息公开工作年度报告",
        "2021年：政府信息公开工作年度报告",
    ]
    assert shown(same_archive, ":agency: 宿迁市\n:group: year\n") == [(line[3:8], [line]) for line in of_city]
    assert shown(same_archive, ":years: 2024\n:agency: 宿迁市公安局、宿迁市\n") == [
        "宿迁市公安局：2024年：政府信息公开工作年度报告",
        of_city[0],
    ]


def test_groups_by_agency_are_in_the_order_in_which_the_agencies_are_named(same_archive: Project) -> None:
    options = ":group: 机关\n:agency: 宿迁市公安局，宿迁市\n"
    of_bureau = ["2024年：政府信息公开工作年度报告", "2021年：政府信息公开工作年度报告"]
    of_city = [f"宿迁市{year}年政府信息公开工作年度报告，{year + 1}年1月2{year % 10}日" for year in (2024, 2023, 2022, 2021)]
    assert shown(same_archive, options) == [("宿迁市公安局", of_bureau), ("宿迁市", of_city)]
    assert shown(same_archive, f"{options}:order: oldest\n") == [("宿迁市公安局", of_bureau[::-1]), ("宿迁市", of_city[::-1])]
    assert shown(same_archive, ":group: none\n:years: 2021\n") == [
        of_city[-1],
        "宿迁市公安局：2021年：政府信息公开工作年度报告",
    ]


@pytest.mark.parametrize(
    ("written", "years"),
    [
        ("2022-2023", [2023, 2022]),
        ("2022 – 2023", [2023, 2022]),
        ("2022年至2023年", [2023, 2022]),
        ("2023-", [2024, 2023]),
        ("-2022", [2022, 2021]),
        ("2021、2023-2024", [2024, 2023, 2021]),
    ],
)
def test_years_and_spans_of_years_can_be_chosen(same_archive: Project, written: str, years: list[int]) -> None:
    assert [line[3:7] for line in shown(same_archive, f":agency: 宿迁市\n:years: {written}\n")] == list(map(str, years))


def test_a_site_may_ask_for_the_years_that_it_does_not_have(same_archive: Project) -> None:
    of_bureau = [
        "2024年：政府信息公开工作年度报告",
        "2023年：本站未收录",
        "2022年：本站未收录",
        "2021年：政府信息公开工作年度报告",
    ]
    assert shown(same_archive, ":agency: 宿迁市公安局\n:gaps:\n") == of_bureau
    assert shown(same_archive, ":gaps:\n")[1] == (
        "2023年",
        ["宿迁市2023年政府信息公开工作年度报告，2024年1月23日", "宿迁市公安局：本站未收录"],
    )
    assert shown(same_archive, ":gaps:\n:group: agency\n")[1] == ("宿迁市公安局", of_bureau)


def test_only_pages_with_a_year_file_are_listed_and_only_years_with_a_page(archive: Project) -> None:
    (archive.folder / f"{CITY}-2022.md").unlink()
    (archive.folder / f"data/{CITY}-2023.yaml").unlink()
    archive.write(f"{CITY}-2023.md", f"---\ngovreport-year: 2023\ngovreport-agency: {CITY}\n---\n# 2023\n")
    assert [line[:8] for line in shown(archive, ":agency: 宿迁市\n")] == ["宿迁市2024年", "宿迁市2021年"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (":group: 处室\n", "group：不能写“处室”。请写“年度”“机关”“报告种类”或“不分组”。"),
        (":order: up\n", "order：不能写“up”。"),
        (":years: 2024-2021\n", "“2024-2021”既不是年份，也不是年份的范围。写法例如：2008-2024、2019-，或 2022 2024。"),
        (":years: 上一年\n", "“上一年”既不是年份，也不是年份的范围。"),
        (":years: 2008-2018\n", "这些年份没有年报：2008-2018。已有的年度：2021、2022、2023、2024。"),
        (":agency: 宿迁市、宿迁市财政局\n", "没有宿迁市财政局的年报。已有的机关：宿迁市、宿迁市公安局、宿迁市教育局。"),
    ],
)
def test_an_option_that_cannot_be_is_reported_on_every_build(archive: Project, options: str, said: str) -> None:
    archive.write("index.md", f"# 历年年报\n\n:::{{gov-report-list}}\n{options}:::\n")
    first, second = archive.build(), archive.build()
    (warning,) = first.warnings
    assert f"index.md:3: ERROR: {said}" in warning
    assert second.warnings == first.warnings


def test_an_agency_without_reports_any_more_is_reported(archive: Project) -> None:
    shown(archive, ":agency: 宿迁市、宿迁市教育局\n")
    assert archive.build().warnings == []
    (archive.folder / f"data/{SCHOOLS}-2024.yaml").unlink()
    (archive.folder / f"{SCHOOLS}-2024.md").unlink()
    (warning,) = archive.build().warnings
    assert "index.md:3: ERROR: 没有宿迁市教育局的年报。" in warning


def test_no_list_of_what_there_is_is_empty(project: Project) -> None:
    """“已有的机关：。” helps nobody; why nothing was read is said once, by another message."""
    project.write("data/2024.txt", "agency: 宿迁市\n")
    lists = "".join(f":::{{gov-report-list}}\n{options}:::\n\n" for options in (":agency: 宿迁市\n", ":report-kind: 年报\n"))
    project.write("index.md", f"# 历年年报\n\n{lists}")
    no_files, warning = project.build().warnings
    assert "[govreport.no-files]" in no_files
    assert "没有宿迁市的年报。没有读到任何数据文件；请查看 govreport_data 和上面的消息。" in warning


def test_days_are_for_people_and_for_programs(archive: Project) -> None:
    put(archive, CITY, 2020, "2021年1月", "2020")
    archive.write("index.md", "# 历年年报\n\n:::{gov-report-list}\n:::\n")
    page = html.fromstring(archive.build().text("index.html"))
    times = [(time.get("datetime"), time.text) for time in page.xpath("//ul//time")]
    assert times[:2] == [("2025-01-24", "2025年1月24日"), ("2025-01-09 09:30", "2025年1月9日 09:30")]
    assert page.xpath("//ul//span[contains(@class, 'gov-date')]//text()") == ["2021年1月"], "what is no day stays as it is"
    english = html.fromstring(archive.build(out="english", language="en").text("index.html"))
    assert english.xpath("(//ul//time)[1]/text()") == ["24 January 2025"]
    assert english.xpath("//ul/li/p/strong/text()") == ["2024", "2023", "2022", "2021", "2020"]


def test_the_groups_are_lists_in_a_list_in_every_builder(archive: Project) -> None:
    archive.write("index.md", "# 历年年报\n\n:::{gov-report-list}\n:years: 2021 2024\n:::\n")
    archive.write("2024.md", "---\norphan: true\n---\n# 页\n")
    text = archive.build("text").text("index.txt")
    assert text.splitlines()[3:7] == [
        "* **2024年**",
        "",
        "  * 宿迁市2024年政府信息公开工作年度报告，2025年1月24日",
        "",
    ]
    settings = {"man_pages": [("index", "a", "a", "a", 1)], "version": "1", "epub_copyright": "甲"}
    for builder in ("man", "latex", "texinfo", "epub", "xml", "gettext", "singlehtml", "dirhtml", "govfragment", "govword"):
        assert archive.build(builder, **settings).warnings == []
    page = html.fromstring(archive.build().text("index.html"))
    assert (
        len(page.xpath("//ul[contains(@class, 'gov-report-groups')]/li/ul[contains(@class, 'gov-report-list')]/li/p//a")) == 5
    )


def test_an_incremental_build_and_a_parallel_one_are_as_a_clean_one(archive: Project) -> None:
    archive.write(
        "index.md", "# 历年年报\n\n:::{gov-report-list}\n:gaps:\n:::\n\n:::{gov-report-list}\n:agency: 宿迁市公安局\n:::\n"
    )
    archive.build()
    put(archive, BUREAU, 2022, "2023-01-31")
    (archive.folder / f"{CITY}-2021.md").unlink()
    warm = archive.build()
    assert f"{BUREAU}-2022" in warm.read
    page = warm.text("index.html")
    assert "宿迁市公安局2022年政府信息公开工作年度报告" in page
    assert "宿迁市2021年" not in page
    assert page == archive.build(out="clean").text("index.html") == archive.build(out="parallel", jobs=2).text("index.html")
