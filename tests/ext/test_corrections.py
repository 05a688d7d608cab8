"""Corrections on a site: below their table in every output, in lists, files and descriptions."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import jsonschema
import pytest
from docx import Document
from lxml import html

from sphinx_govreport.core.forms.reader import main_kind, statutory_forms
from sphinx_govreport.core.reports.report import ReportKey
from sphinx_govreport.core.tables.table import report_ident
from sphinx_govreport.exporters.metadata import records_schema
from tests.conftest import CONF, Build, Project
from tests.published import published, year_file

NAME = report_ident(ReportKey("宿迁市", 2024, main_kind()))
CORRECTIONS = """\
notes: {requests: 含上年结转。}
corrections:
  - {date: 2025-03-10, figure: requests.received.natural-person, before: 3439, after: 3440, reason: 统计时漏计1件。}
  - {date: 2025-02-01, figure: requests.received.natural-person, before: ~, after: 3439, reason: 漏填}
  - {date: 2025-03-10, figure: proactive-disclosure.fees.amount, before: /, after: 72701.2578, reason: 漏填（单位：万元）。}
"""
RECEIVED = [
    "更正：2025年2月1日，“本年新收政府信息公开申请数量·自然人”由未填报更正为3439（漏填）。",
    "更正：2025年3月10日，“本年新收政府信息公开申请数量·自然人”由3439更正为3440（统计时漏计1件）。",
]
FEES = "更正：2025年3月10日，“行政事业性收费·本年收费金额”由不适用更正为72701.2578（漏填（单位：万元））。"


def fill(project: Project) -> Project:
    quiet = 'suppress_warnings = ["toc.not_included"]\ngovreport_severity = {"carried-over": "off", "not-filled": "off"}\n'
    project.write("conf.py", f"{CONF}{quiet}govreport_downloads = ['csv', 'json', 'xlsx', 'docx', 'html', 'text', 'yaml']\n")
    project.report("suqian-2023")
    project.write("data/suqian-2024.yaml", year_file(published("suqian-2024")) + CORRECTIONS)
    project.write("index.md", "# 首页\n\n```{gov-report-list}\n```\n\n```{toctree}\nr/2024\n```\n")
    project.page("r/2024.md", "宿迁市", 2024, "```{gov-disclosure-table}\n```\n\n```{gov-check-table}\n```\n")
    project.page("r/2023.md", "宿迁市", 2023)
    return project


@pytest.fixture
def site(project: Project) -> Project:
    """A site with a report that was corrected, and that of the year before."""
    return fill(project)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The site, built once for the tests that look at its pages and files."""
    return fill(Project(tmp_path_factory.mktemp("corrected") / "site")).build()


def notes(build: Build, name: str) -> dict[str, list[str]]:
    """Return the text below each table."""
    found: dict[str, list[str]] = {}
    table = ""
    for element in html.fromstring(build.text(name)).xpath(
        "//table[contains(@class, 'gov-table')] | //p[@class='gov-table-note']"
    ):
        if element.tag == "table":
            table = element.get("id").removeprefix(f"{NAME}-")
            found[table] = []
        else:
            found[table].append(element.text_content())
    return found


def test_a_correction_stands_under_its_table_behind_the_notes(built: Build) -> None:
    assert built.warnings == []
    assert notes(built, "r/2024.html") == {
        "proactive-disclosure": [FEES],
        "requests": ["注：含上年结转。", *RECEIVED],
        "reviews": [],
    }


@pytest.mark.parametrize("builder", ["text", "latex", "man", "texinfo", "xml", "epub", "govfragment", "govword"])
def test_every_builder_prints_it(builder: str, site: Project) -> None:
    build = site.build(builder)
    written = ""
    for name, body in build.files().items():
        if name.endswith(".docx"):
            written += "".join(one.text for one in Document(io.BytesIO(body)).paragraphs)
        elif not zipfile.is_zipfile(io.BytesIO(body)):
            written += body.decode(errors="replace")
    joined = "".join(written.split())
    assert all("".join(one.split()) in joined for one in (FEES, *RECEIVED))


def test_the_files_beside_the_page_have_it(built: Build) -> None:
    folder = built.out / "r"
    for suffix in ("html", "txt"):
        text = (folder / f"{NAME}.{suffix}").read_text("utf-8")
        assert all(one in text for one in (FEES, *RECEIVED))
    text = (folder / f"{NAME}.csv").read_text("utf-8-sig")
    assert (
        "received.natural-person,收到和处理政府信息公开申请情况,本年新收政府信息公开申请数量·自然人,,correction,,2025-02-01 ~→3439 漏填"
        in text
    )
    with zipfile.ZipFile(folder / f"{NAME}.xlsx") as book:
        assert all(one in book.read("xl/sharedStrings.xml").decode() for one in (FEES, *RECEIVED))
    word = "".join(one.text for one in Document(str(folder / f"{NAME}.docx")).paragraphs)
    assert all(one in word for one in (FEES, *RECEIVED))
    assert "  - date: 2025-03-10\n    figure: requests.received.natural-person\n    before: 3439\n" in (
        folder / f"{NAME}.yaml"
    ).read_text("utf-8")


def test_json_has_it_as_its_schema_says(built: Build) -> None:
    body: list[dict[str, Any]] = json.loads((built.out / f"r/{NAME}.json").read_text("utf-8"))
    schema = records_schema(statutory_forms())
    jsonschema.Draft202012Validator(schema).validate(body)
    first, *_others, last = body[0]["corrections"]
    assert first == {
        "date": "2025-02-01",
        "table": "requests",
        "key": "received.natural-person",
        "before": {"value": "", "status": "blank", "unit": ""},
        "after": {"value": "3439", "status": "number", "unit": ""},
        "reason": "漏填",
    }
    assert last["before"] == {"value": "", "status": "not-applicable", "unit": ""}
    del last["after"]
    assert not jsonschema.Draft202012Validator(schema).is_valid(body)


def test_the_list_says_when_a_report_was_corrected_last(built: Build) -> None:
    items = html.fromstring(built.text("index.html")).xpath("//ul[contains(@class, 'gov-report-list')]/li/p")
    assert [item.xpath("string(./time[@class='gov-corrected'])") for item in items] == ["更正于2025年3月10日", ""]


def test_the_page_and_the_list_change_with_a_correction(site: Project) -> None:
    site.build()
    path = site.folder / "data/suqian-2024.yaml"
    path.write_text(path.read_text("utf-8").replace("2025-03-10", "2025-03-11"), "utf-8")
    build = site.build()
    assert build.read == ["r/2024"]
    assert notes(build, "r/2024.html")["requests"][-1].startswith("更正：2025年3月11日，")
    assert "更正于2025年3月11日" in build.text("index.html")


def test_the_dataset_says_when_it_was_modified(site: Project) -> None:
    build = site.build(govreport_dataset=True)
    said = {}
    for year in (2023, 2024):
        (script,) = html.fromstring(build.text(f"r/{year}.html")).xpath('//script[@type="application/ld+json"]/text()')
        said[year] = json.loads(script).get("dateModified")
    assert said == {2023: None, 2024: "2025-03-10"}


def test_the_table_of_checks_has_a_line_for_it(built: Build) -> None:
    page = html.fromstring(built.text("r/2024.html"))
    rows = [
        [cell.text_content().strip() for cell in row.iter("th", "td")]
        for row in page.xpath("//table[contains(@class, 'gov-check-table')]//tr")
    ]
    assert ["更正与数据一致", "通过", "核对 3 项"] in rows


def test_a_wrong_correction_is_a_warning_at_its_line(site: Project) -> None:
    path = site.folder / "data/suqian-2024.yaml"
    text = path.read_text("utf-8").replace("after: 3440", "after: 3441")
    path.write_text(text, "utf-8")
    line = next(number for number, one in enumerate(text.splitlines(), start=1) if "after: 3441" in one)
    (warning,) = site.build().warnings
    assert warning.startswith(f"data/suqian-2024.yaml:{line}:5: ERROR: ")
    assert warning.endswith("[govreport.correction]")
