"""Local forms of a site: a folder of them; findings about them are reported in each build."""

from __future__ import annotations

import pytest
from lxml import html

from tests.conftest import Project
from tests.core.test_local_forms import CITY, DISTRICT
from tests.published import published, year_file


@pytest.fixture
def site(project: Project) -> Project:
    project.quiet()
    project.page("index.md", "宿迁市", 2024, "```{gov-disclosure-table} reviews\n```\n")
    project.write("forms/a-district.yaml", DISTRICT + "label-notes:\n  reviews: {columns: {reconsideration: （甲）}}\n")
    project.write("forms/city.yaml", CITY)
    project.write("data/2024.yaml", year_file(published("suqian-2024")).replace("default: 2021", "default: district"))
    return project


@pytest.mark.parametrize("named", ["forms", ["forms/*.yaml"], ["forms/city.yaml", "forms"]])
def test_a_folder_or_a_glob_has_forms(site: Project, named: object) -> None:
    build = site.build(govreport_forms=named, govreport_data=["data", "forms"])
    assert build.warnings == []
    assert "行政复议（甲）" in build.text("index.html")


def test_a_form_is_found_when_it_is_put_into_the_folder(site: Project) -> None:
    (site.folder / "forms/city.yaml").unlink()
    lost = site.build(govreport_forms=["forms"])
    assert any("forms/a-district.yaml:2:10: ERROR" in line and "[govreport.bad-form]" in line for line in lost.warnings)
    site.write("forms/city.yaml", CITY)
    found = site.build(govreport_forms=["forms"])
    assert (found.warnings, found.read) == ([], ["index"])
    assert found.text("index.html") == site.build(out="clean", govreport_forms=["forms"]).text("index.html")


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("missing.yaml", "missing.yaml:1:1: ERROR: 文件无法读取：没有这个文件。 [govreport.unreadable-file]"),
        (
            "none",
            "none:1:1: ERROR: 文件无法读取：没有这个文件。 [govreport.unreadable-file]",
        ),
        (
            "data/*.yml",
            "data/*.yml:1:1: WARNING: “data/*.yml”中没有表样文件。govreport_forms 中的路径从 conf.py 所在文件夹写起，命令中的路径从当前文件夹写起。"
            " [govreport.no-files]",
        ),
        (
            "twice.yaml",
            "twice.yaml:1:1: ERROR: 另有一个名为“city”的表样：forms/city.yaml。请给其中一个换一个名称。 [govreport.duplicate-form]",
        ),
    ],
)
def test_what_cannot_be_used_is_reported_on_each_build(site: Project, named: str, said: str) -> None:
    site.write("twice.yaml", CITY)
    for _build in range(2):
        assert site.build(govreport_forms=["forms", named]).warnings == [said]


def test_a_form_in_the_place_of_a_statutory_one_is_no_problem_and_is_told(site: Project) -> None:
    site.write("forms/2021.yaml", CITY.replace("city", '"2021"'))
    for _build in range(2):
        build = site.build(govreport_forms=["forms"])
        assert build.warnings == []
        told = "forms/2021.yaml:1:1: 本表样取代法定表样 2021。如非有意，请给它换一个名称。"
        assert [line for line in build.status if "forms/2021.yaml" in line] == [told]


#: the beginning of a form with one table
ONE_TABLE = """\
form: hard
english: Hard
title: 某项工作年度报告
source: {notice: 某办发〔2022〕3号}
years: {from: 2021}
deadline: {date: 01-31, source: 《某市办法》第九条}
sections: [{key: work, title: 一、工作}]
tables:
  work:
    section: 一
    label: 工作情况
    english: Work
    source: 某办发〔2022〕3号
    unit: 件
"""
DIFFERENT_BLOCKS = (
    ONE_TABLE
    + """\
    widths: [10, 10, 10, 10]
    blocks:
      - corner: [类别, 内容]
        columns: [{key: site, label: 网站, english: Site}, {key: paper, label: 公报, english: Paper}]
        rows: [{key: texts, label: 文件, english: Texts, rows: [{key: rules, label: 规章, english: Rules}]}]
      - corner: 事项
        columns: [{key: count, label: 办件数, english: Count, span: 2}, {key: fee, label: 次数, english: Times}]
        rows: [{key: permits, label: 许可, english: Permits}]
      - columns: [{key: visits, label: 走访, english: Visits, span: 4}]
"""
)


def test_blocks_may_have_different_columns_of_row_headers(project: Project) -> None:
    project.write("form.yaml", DIFFERENT_BLOCKS)
    project.write(
        "data/own.yaml",
        "agency: 某局\nyear: 2022\nform: hard\nwork: {texts: {rules: [1, 22]}, permits: [8, 9], visits: 1234567}\n",
    )
    project.write("index.md", "---\ngovreport-year: 2022\n---\n# 年报\n\n```{gov-disclosure-table}\n```\n")
    build = project.build(govreport_forms=["form.yaml"])
    assert build.warnings == []
    cells = html.fromstring(build.text("index.html")).xpath("//table//td")
    assert [cell.text_content() for cell in cells] == ["1", "22", "8", "9", "1234567"]
