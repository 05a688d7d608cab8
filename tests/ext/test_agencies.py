"""Former names and levels of agencies in a site: years are combined, and each report keeps its published name."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from lxml import html

from tests.conftest import Build, Project
from tests.published import published, year_file

NOW, THEN = "平潭综合实验区", "平潭综合实验区管委会"
DECLARED = {NOW: {"former": [THEN], "level": "government"}}
QUIET = {"suppress_warnings": ["toc.not_included"], "govreport_severity": {"carried-over": "off", "not-filled": "off"}}


def text(name: str, agency: str) -> str:
    """The year file of a published report, as if another agency had published it."""
    found = published(name)
    return year_file(found).replace(f"agency: {found.agency}", f"agency: {agency}")


@pytest.fixture
def site(project: Project) -> Project:
    """Two years of one agency, the first under its former name, each on a page with the name of that year."""
    project.write("data/2023.yaml", text("suqian-2023", THEN))
    project.write("data/2024.yaml", text("suqian-2024", NOW))
    project.page("a2023.md", THEN, 2023)
    project.page("a2024.md", NOW, 2024)
    project.write("index.md", "# 首页\n\n:::{gov-report-list}\n:::\n")
    return project


def build(site: Project, declared: object = DECLARED, **more: object) -> Build:
    return site.build(**{**QUIET, **more, "govreport_agencies": declared})  # type: ignore[arg-type]


def texts(page: str, path: str) -> list[str]:
    return ["".join(node.text_content().split()) for node in html.fromstring(page).xpath(path)]


def test_captions_keep_the_name_of_then_and_the_list_has_one_agency(site: Project) -> None:
    site.write("own.md", f"# 清单\n\n:::{{gov-report-list}}\n:agency: {THEN}\n:::\n")
    site.write("refs.md", f"# 引用\n\n{{gov:table}}`{THEN}/2023:requests` {{gov:table}}`{NOW}/2023:requests`\n")
    built = build(site)
    assert built.warnings == []
    (caption, *_others) = texts(built.text("a2023.html"), "//caption/span[@class='caption-text'] | //caption")
    assert f"{THEN}2023年" in caption
    assert f"{NOW}2024年" in texts(built.text("a2024.html"), "//caption")[0]
    page = html.fromstring(built.text("index.html"))
    assert len(page.xpath("//ul[contains(@class, 'gov-report-list')]")) == 1, "one list: both years are of one agency"
    assert texts(built.text("index.html"), "//ul[contains(@class, 'gov-report-list')]//a") == ["a2024.md", "a2023.md"]
    assert texts(built.text("own.html"), "//ul[contains(@class, 'gov-report-list')]//a") == ["a2024.md", "a2023.md"]
    one, other = html.fromstring(built.text("refs.html")).xpath("//a[contains(@class, 'reference')][contains(@href, 'a2023')]")
    assert one.get("href") == other.get("href")
    assert one.text_content() == f"{THEN}2023年收到和处理政府信息公开申请情况"
    apart = build(site, "", out="apart").text("index.html")
    assert len(html.fromstring(apart).xpath("//ul[contains(@class, 'gov-report-list')]")) == 2


@pytest.mark.parametrize("named", [NOW, THEN])
def test_years_are_compared_across_the_new_name(site: Project, named: str) -> None:
    body = "```{gov-comparison-table} requests-summary\n:change: amount\n```\n\n```{gov-trend-chart}\n\nrequests.received.total\n```\n"
    site.page("compared.md", named, 2024, f"{body}\n比上年{{gov-change}}`requests.received.total | amount`。\n")
    site.page("beside.md", named, 2024, "```{gov-disclosure-table} requests\n:compare:\n```\n")
    built = build(site)
    assert built.warnings == []
    page = built.text("compared.html")
    rows = [
        [cell.text_content().strip() for cell in row.iter("th", "td")]
        for row in html.fromstring(page).xpath("//table[contains(@class, 'gov-comparison-table')]//tr")
    ]
    assert rows[:2] == [["项目", "2023年", "2024年", "比2023年"], ["本年新收政府信息公开申请数量", "3511", "3525", "增加14"]]
    assert f"{NOW}2023—2024年" in "".join(texts(page, "//table[contains(@class, 'gov-comparison-table')]/caption"))
    assert page.count("3511") > 1, "the chart has both years too"
    assert "增加14" in page.split("比上年")[1]
    assert "（2023年：3511" in built.text("beside.html").replace(" ", "")


def test_what_is_carried_over_is_checked_across_the_new_name(site: Project) -> None:
    file = site.folder / "data/2024.yaml"
    file.write_text(file.read_text("utf-8").replace("  carried-in:\n    natural-person: 118", "  carried-in:\n    natural-person: 117", 1), "utf-8")  # fmt: skip
    off = {"govreport_severity": dict.fromkeys(("not-filled", "balance", "row-total"), "off")}
    found = [line for line in build(site, **off).warnings if "[govreport.carried-over]" in line]
    assert len(found) == 1
    assert "data/2024.yaml" in found[0]
    site.write("checks.md", f"---\ngovreport-agency: {THEN}\n---\n# 核对\n\n```{{gov-check-table}}\n:year: 2023\n```\n")
    caption = texts(build(site, out="b", **off).text("checks.html"), "//table[contains(@class, 'gov-check-table')]/caption")
    assert caption[0].startswith(f"{THEN}2023年")
    assert not any("[govreport.carried-over]" in line for line in build(site, "", out="c", **off).warnings if "2024" in line)


def test_two_files_of_a_year_under_both_names_are_one_report_twice(site: Project) -> None:
    site.write("data/again.yaml", text("suqian-2024", THEN))
    (found,) = build(site).warnings
    assert "[govreport.duplicate-report]" in found
    assert f"{NOW}2024年" in found


def test_parts_are_known_by_both_names(site: Project) -> None:
    site.write("data/city.yaml", text("suqian-2023", "某市"))
    site.page("sum.md", "某市", 2023, "```{gov-rollup-table} requests-summary\n:agency: 某市\n```\n")
    for part in (NOW, THEN):
        built = build(site, govreport_parts={"某市": [part]}, out=f"_{part}")
        assert built.warnings == []
        rows = html.fromstring(built.text("sum.html")).xpath("//table[contains(@class, 'gov-rollup-table')]/tbody/tr")
        first, _sum, last = (row[0].text_content() for row in rows)
        assert (first, last) == (THEN, "某市"), "the table is of the year of the former name"
    file = site.folder / "data/city.yaml"
    file.write_text(re.sub(r"(received:\n    natural-person: )\d+", r"\g<1>1", file.read_text("utf-8"), count=1), "utf-8")
    off = {"govreport_severity": dict.fromkeys(("not-filled", "balance", "row-total", "jump", "carried-over"), "off")}
    assert any("[govreport.parts]" in line for line in build(site, govreport_parts={"某市": [NOW]}, out="x", **off).warnings)


def test_search_engines_read_the_name_of_then(site: Project) -> None:
    built = build(site, govreport_dataset=True, govreport_downloads=["csv"], html_baseurl="https://example.gov.cn/")
    (block,) = html.fromstring(built.text("a2023.html")).xpath("//script[@type='application/ld+json']")
    said = json.loads(block.text)
    assert said["creator"]["name"] == THEN
    assert said["name"] == f"{THEN}2023年政府信息公开工作年度报告"
    csv = [path for path in built.out.glob("gov-*.csv") if THEN in path.read_text("utf-8")]
    assert len(csv) == 1
    assert {line.split(",")[0] for line in csv[0].read_text("utf-8-sig").splitlines()[1:]} == {THEN}


def test_downloads_of_records_have_the_name_of_then(site: Project) -> None:
    correction = "{date: 2024-03-10, figure: requests.received.natural-person, before: 4, after: 5, reason: 统计时漏计1件。}"
    site.write("data/2023.yaml", f"{text('suqian-2023', THEN)}corrections:\n  - {correction}\n")
    built = build(site, govreport_downloads=["csv", "json"])
    entries = [entry for file in built.out.glob("gov-*.json") for entry in json.loads(file.read_text("utf-8"))]
    assert {entry["year"]: entry["agency"] for entry in entries} == {2023: THEN, 2024: NOW}
    (lines,) = (lines for lines in map(read_csv, built.out.glob("*.csv")) if lines[0]["year"] == "2023")
    assert {line["agency"] for line in lines} == {THEN}
    assert [line["note"] for line in lines if line["status"] == "correction"] == ["2024-03-10 4→5 统计时漏计1件。"]


def read_csv(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))


def test_the_declaration_may_be_a_file_and_pages_follow_it(site: Project) -> None:
    site.write("agencies.yaml", "{}\n")
    body = "```{gov-comparison-table} requests-summary\n```\n"
    site.page("compared.md", NOW, 2024, body)
    site.write("other.md", "# 其他\n")
    head = "//table[contains(@class, 'gov-comparison-table')]/thead/tr/*"
    built = build(site, "agencies.yaml")
    assert texts(built.text("compared.html"), head) == ["项目", "2024年"]
    site.write("agencies.yaml", f"{NOW}:\n  曾用名: {THEN}\n")
    built = build(site, "agencies.yaml")
    assert built.warnings == []
    assert texts(built.text("compared.html"), head) == ["项目", "2023年", "2024年"]
    assert "other" not in built.read
    assert len(html.fromstring(built.text("index.html")).xpath("//ul[contains(@class, 'gov-report-list')]")) == 1
    site.write("agencies.yaml", f"{NOW}:\n  曾用名: {THEN}\n  level: government\n")
    assert set(build(site, "agencies.yaml").read) >= {"a2023", "a2024"}, "a level decides on the deadline"
    assert build(site, "agencies.yaml").read == []
    site.write("agencies.yaml", f"{NOW}:\n  曽用名: {THEN}\n")
    found = [line for line in build(site, "agencies.yaml").warnings if "bad-agencies" in line]
    assert found == [f"agencies.yaml:2:3: ERROR: {NOW}：“曽用名”无法识别。是不是“曾用名”？ [govreport.bad-agencies]"]


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({NOW: {"fromer": THEN}}, f"ERROR: {NOW}：“fromer”无法识别。是不是“former”？ [govreport.bad-agencies]"),
        ({NOW: {"former": [THEN]}, THEN: {"level": "部门"}}, f"“{THEN}”本身又写成了一个机关。"),
        ({NOW: {"former": [THEN]}, "乙": {"former": THEN}}, f"“{THEN}”已是{NOW}的曾用名。"),
        (
            {NOW: {"former": THEN, "level": "政府部"}},
            "没有一种表样有“政府部”这一级别。是不是“政府部门”？ [govreport.bad-agencies]",
        ),
        ({NOW: {"level": ["政府"]}}, f"{NOW}：级别应为一段文字。 [govreport.bad-agencies]"),
        ({NOW: [THEN]}, "[govreport.bad-config]"),
        (["平潭"], "[govreport.bad-config]"),
        ("agencis.yaml", "ERROR: "),
    ],
)
def test_a_wrong_declaration_is_told(site: Project, declared: object, said: str) -> None:
    site.write("conf.py", (site.folder / "conf.py").read_text("utf-8") + f"govreport_agencies = {declared!r}\n")
    found = site.build(**QUIET).warnings  # type: ignore[arg-type]
    place = "agencis.yaml:1:1: " if declared == "agencis.yaml" else site.setting("govreport_agencies")
    assert any(line.startswith(place) and said in line for line in found), found


@pytest.mark.parametrize(
    ("level", "day", "row"),
    [
        ("government", "2025-03-20", []),
        (
            "government",
            "2025-04-01",
            ["在3月31日前发布（《政府信息公开条例》第四十九条）", "a2024.md:4发布日期2025-04-01晚于2025年3月31日。"],
        ),
        ("部门", "2025-01-31", []),
        (
            "部门",
            "2025-02-01",
            ["在1月31日前发布（《政府信息公开条例》第四十九条）", "a2024.md:4发布日期2025-02-01晚于2025年1月31日。"],
        ),
        ("", "2025-01-31", []),
        (
            "",
            "2025-03-20",
            [
                "发布期限因级别而不同时，已写明机关级别",
                "a2024.md:4发布日期2025-03-20：如为部门（01-31）则已逾期，如为政府（03-31）则没有逾期；"
                f"没有写明{NOW}属于哪一级别。",
            ],
        ),
        (
            "",
            "2025-04-01",
            [
                "在3月31日前发布（《政府信息公开条例》第四十九条；没有写明机关级别，按最晚的期限核对）",
                "a2024.md:4发布日期2025-04-01晚于2025年3月31日。",
            ],
        ),
    ],
)
def test_the_check_table_has_the_deadline_of_the_level(site: Project, level: str, day: str, row: list[str]) -> None:
    top = f"---\ngovreport-year: 2024\ngovreport-agency: {NOW}\ngovreport-published: {day}\n---\n"
    site.write("a2024.md", f"{top}# 年报\n\n```{{gov-disclosure-table}}\n```\n\n```{{gov-check-table}}\n```\n")
    declared = {NOW: {"former": THEN, **({"level": level} if level else {})}}
    built = build(site, declared)
    assert built.warnings == [], "no warning, whatever the level: it is a hint"
    lines = html.fromstring(built.text("a2024.html")).xpath("//table[contains(@class, 'gov-check-table')]/tbody/tr")
    cells = [["".join(cell.text_content().split()) for cell in line] for line in lines]
    found = [[cell[0], cell[2]] for cell in cells if "发布" in cell[0]]
    assert found == ([row] if row else [])
