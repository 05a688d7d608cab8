"""``gov-rollup-table`` prints agencies and their sum; a site checks stated sums."""

from __future__ import annotations

import pytest
from lxml import html

from tests.conftest import CONF, Project
from tests.core.test_rollup import NEXT, SUQIAN, named


@pytest.fixture
def city(project: Project) -> Project:
    off = dict.fromkeys(("carried-over", "jump"), "off")
    project.write(
        "conf.py",
        f'{CONF}suppress_warnings = ["toc.not_included"]\ngovreport_severity = {off}\ngovreport_parts = {{"某市": ["甲", "乙"]}}\n',
    )
    project.write("data/a.yaml", named(SUQIAN, "甲"))
    project.write("data/b.yaml", named(NEXT, "乙"))
    body = "```{gov-rollup-table}\n新收 = requests.received.total\nrules.issued + rules.repealed\n```\n"
    project.page("index.md", "某市", 2024, body.replace("rules", "proactive-disclosure.rules"))
    return project


def cells(page: str) -> list[list[str]]:
    (table,) = html.fromstring(page).xpath('//table[contains(@class, "gov-rollup-table")]')
    return [[cell.text_content().strip() for cell in row.iter("th", "td")] for row in table.iter("tr")]


def test_agencies_stand_beside_their_sum(city: Project) -> None:
    build = city.build()
    assert build.warnings == []
    found = cells(build.text("index.html"))
    assert found[0][:2] == ["机关", "新收"]
    assert found[1:] == [["甲", "3525", "3"], ["乙", "3511", "2"], ["合计", "7036", "5"]]


def test_the_report_above_is_the_last_row_and_is_checked(city: Project) -> None:
    city.write("data/sum.yaml", named(SUQIAN, "某市"))
    build = city.build()
    assert cells(build.text("index.html"))[-1] == ["某市", "3525", "3"]
    (line, *more) = [line for line in build.warnings if "[govreport.parts]" in line]
    assert len(more) == 2, "one for each table"
    assert "规章·本年制发件数" in line


@pytest.mark.parametrize(("issued", "result"), [("2", "通过"), ("~", "无法核对")])
def test_the_checks_say_whether_all_figures_are_the_sum(city: Project, issued: str, result: str) -> None:
    conf = (city.folder / "conf.py").read_text("utf-8")
    city.write("conf.py", conf.replace('["甲", "乙"]', '["甲"]'))
    city.write("data/a.yaml", named(SUQIAN, "甲").replace("    issued: 2\n", f"    issued: {issued}\n", 1))
    city.write("data/sum.yaml", named(SUQIAN, "某市"))
    city.page("index.md", "某市", 2024, "```{gov-check-table}\n```\n")
    lines = html.fromstring(city.build().text("index.html")).xpath('//table[contains(@class, "gov-check-table")]//tr')
    (line,) = (line for line in lines if "所属部门" in line.text_content())
    assert line.text_content().split()[1] == result


def test_a_figure_that_is_not_known_makes_no_sum(city: Project) -> None:
    city.write("data/b.yaml", named(NEXT, "乙").replace("  rules:\n    issued: 2\n", "  rules:\n    issued: ~\n", 1))
    found = cells(city.build().text("index.html"))
    assert [row[1:] for row in found[1:]] == [["3525", "3"], ["3511", "未填报"], ["7036", "—"]]


def test_pages_follow_the_parts(city: Project) -> None:
    city.build()
    city.write("data/b.yaml", named(NEXT.replace("total: 3511", "total: 3512"), "乙"))
    again = city.build()
    assert again.read == ["index"]
    assert cells(again.text("index.html"))[3][1] == "7037"
    city.write("conf.py", (city.folder / "conf.py").read_text("utf-8").replace('["甲", "乙"]', '["甲"]'))
    assert len(cells(city.build().text("index.html"))) == 3


def test_without_parts_the_directive_says_what_to_write(city: Project) -> None:
    city.page("index.md", "甲", 2024, "```{gov-rollup-table} requests-summary\n```\n")
    (line,) = city.build().warnings
    assert "govreport_parts" in line
    assert "[govreport.no-parts]" in line
    city.page("index.md", "甲", 2024, "```{gov-rollup-table} requests-summary\n:parts: 甲、丁\n```\n")
    build = city.build()
    assert ["[govreport.unknown-report]" in line for line in build.warnings] == [True]
    assert cells(build.text("index.html"))[2] == ["合计", "—", "—", "—", "—"], "an agency is missing"


@pytest.mark.parametrize("builder", ["text", "latex", "epub", "man"])
def test_every_builder_prints_it(city: Project, builder: str) -> None:
    build = city.build(builder)
    assert not [line for line in build.warnings if "conf value" not in line]
    names = [path for path in build.out.rglob("*") if path.suffix in (".txt", ".tex", ".xhtml", ".1")]
    assert any("7036" in path.read_text("utf-8") for path in names)


PAGE = "```{gov-rollup-table} requests-summary\n:agency: 某市\n%s```\n"
TWICE = "的数据已包含其他组成机关的数据，不计入。请只列出互不包含的机关。 [govreport.counted-twice]"


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    ("written", "parts", "agencies", "total", "left_out"),
    [
        (":parts: 甲、乙、甲\n", "{}", ["甲", "乙"], "7036", ""),
        (":parts: 某市、甲、乙\n", "{}", ["甲", "乙"], "7036", "某市"),
        ("", '{"某市": ["甲", "乙", "某市"]}', ["甲", "乙"], "7036", "某市"),
        ("", '{"某市": ["某区", "甲", "乙"], "某区": ["甲", "乙"]}', ["甲", "乙"], "7036", "某区"),
        (":parts: 某区、甲\n", '{"某区": ["甲"]}', ["甲"], "3525", "某区"),
        ("", '{"某市": ["某区", "甲"], "某区": ["甲", "乙"]}', ["甲"], "—", "某区"),
        ("", '{"某市": ["某区", "甲"], "某区": ["某市"]}', ["甲"], "—", "某区"),
    ],
)
def test_no_agency_is_added_to_those_that_it_counts(
    city: Project, jobs: int, written: str, parts: str, agencies: list[str], total: str, left_out: str
) -> None:
    city.write("data/sum.yaml", named(SUQIAN, "某市"))
    city.write("data/district.yaml", named(SUQIAN, "某区"))
    conf = (city.folder / "conf.py").read_text("utf-8").partition("govreport_parts")[0]
    severity = 'govreport_severity = {"parts": "off", "jump": "off", "carried-over": "off"}\n'
    city.write("conf.py", f"{conf}govreport_parts = {parts}\n{severity}")
    city.page("index.md", "某市", 2024, PAGE % written)
    for build in (city.build(jobs=jobs), city.build(jobs=jobs)):
        found = cells(build.text("index.html"))
        assert [row[0] for row in found[1:]] == [*agencies, "合计", "某市"]
        assert found[len(agencies) + 1][1] == total
        assert [line.partition("ERROR: ")[2] for line in build.warnings] == ([f"{left_out}{TWICE}"] if left_out else [])


def test_the_kind_is_that_of_the_parts_if_the_agency_above_has_no_report(city: Project) -> None:
    form = "form: pages\nkind: 网站统计\nsource: {notice: 某办发〔2022〕3号}\nyears: {from: 2021}\ntables:\n"
    city.write("pages.yaml", f"{form}  sites: {{label: 网站, unit: 条, columns: [{{key: count, label: 条数}}]}}\n")
    city.write("conf.py", (city.folder / "conf.py").read_text("utf-8") + 'govreport_forms = ["pages.yaml"]\n')
    for name, agency, count in (("a", "丙", 120), ("b", "丁", 4)):
        city.write(f"data/{name}-pages.yaml", f"agency: {agency}\nyear: 2024\nform: pages\nsites: [{count}]\n")
    rollup = "```{gov-rollup-table}\n:parts: 丙、丁\n条数 = sites.count\n```\n"
    city.page("index.md", "某省", 2024, rollup)
    build = city.build()
    assert build.warnings == []
    assert cells(build.text("index.html"))[1:] == [["丙", "120"], ["丁", "4"], ["合计", "124"]]
    city.write("data/c-pages.yaml", "agency: 某省\nyear: 2024\nform: pages\nsites: [125]\n")
    assert cells(city.build().text("index.html"))[1:] == [["丙", "120"], ["丁", "4"], ["合计", "124"], ["某省", "125"]]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh_CN", "govreport_parts: 没有某市的年报，未与所属部门和下级行政机关的汇总数核对。"),
        ("en", "govreport_parts: There is no report of 某市; it was not compared with its parts."),
    ],
)
def test_a_build_says_which_agency_with_parts_has_no_report(city: Project, language: str, told: str) -> None:
    assert [line for line in city.build(language=language).status if "govreport_parts" in line] == [told]
    city.write("data/sum.yaml", named(SUQIAN, "某市"))
    assert not [line for line in city.build(language=language).status if "govreport_parts" in line]
