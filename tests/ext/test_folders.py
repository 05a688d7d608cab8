"""The folder of data if ``conf.py`` is not next to the pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from tests.conftest import Build, Project
from tests.published import published, year_file

FORM = 'form: local\nextends: "2021"\nenglish: Local\nsource: {{notice: {}, date: 2022-01-05}}\n'


def received(build: Build) -> str:
    (value,) = html.fromstring(build.text("index.html")).xpath("//td[@data-gov-key='requests.received.total']/data/@value")
    return str(value)


def told(build: Build) -> list[str]:
    return [line for line in build.status if "govreport_" in line]


@pytest.fixture
def site(project: Project) -> Project:
    """The pages of an older version next to today's ``conf.py`` and data."""
    project.quiet()
    (project.folder / "old").mkdir()
    project.page("old/index.md", "宿迁市", 2024)
    return project


def data(site: Project, folder: str, total: int = 3525) -> None:
    text = year_file(published("suqian-2024"))
    assert text.count("total: 3525") == 1
    site.write(f"{folder}/suqian-2024.yaml", text.replace("total: 3525", f"total: {total}"))


def test_pages_take_the_data_beside_them(site: Project) -> None:
    data(site, "data")
    data(site, "old/data", 3524)
    build = site.build(source="old")
    old, conf = site.folder / "old", site.folder
    assert received(build) == "3524"
    assert told(build) == [f"govreport_data：“data”读自 {old}。没有读取 conf.py 所在文件夹 {conf}。"]
    assert {line.partition(":")[0] for line in build.warnings} == {"old/data/suqian-2024.yaml"}


def test_where_there_are_none_beside_pages_those_beside_conf_py_are_read(site: Project) -> None:
    data(site, "data")
    site.write("old/data/notes.txt", "不是数据文件")
    build = site.build(source="old")
    assert (received(build), build.warnings) == ("3525", [])
    assert told(build) == [f"govreport_data：“data”读自 {site.folder}。"]


def test_each_entry_is_looked_for_by_itself(site: Project, tmp_path: Path) -> None:
    data(site, "data")
    site.write("local.yaml", FORM.format("今"))
    site.write("old/local.yaml", FORM.format("昔"))
    build = site.build(source="old", govreport_data=["data/*.yaml"], govreport_forms=["local.yaml"])
    old, conf = site.folder / "old", site.folder
    assert told(build) == [
        f"govreport_data：“data/*.yaml”读自 {conf}。",
        f"govreport_forms：“local.yaml”读自 {old}。没有读取 conf.py 所在文件夹 {conf}。",
    ]
    assert build.warnings == []


def test_what_is_nowhere_is_told_as_ever(site: Project) -> None:
    build = site.build(source="old", govreport_data=["nothing"])
    assert told(build) == []
    assert any("[govreport.unreadable-file]" in line for line in build.warnings)


def test_a_site_with_conf_py_beside_its_pages_is_told_nothing(project: Project) -> None:
    project.quiet()
    data(project, "data")
    project.page("index.md", "宿迁市", 2024)
    assert told(project.build()) == []
    whole = str(project.folder / "data")
    (project.folder / "old").mkdir()
    project.page("old/index.md", "宿迁市", 2024)
    assert told(project.build(source="old", out="whole", govreport_data=[whole])) == [], "a whole path says where it is"
