"""Open data in long form that was edited in a spreadsheet: the same figures, or a message at the line of the record."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import cache

import pytest

from sphinx_govreport.core.diagnostics import translator
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.exporters.records import csv_text
from sphinx_govreport.importers.recognise.report import Wanted, import_documents
from tests.importers import written
from tests.published import published

FORMS = statutory_forms()


@cache
def exported() -> str:
    report = import_documents("a.html", written.html(published("suqian-2024")), FORMS, Wanted())[0].report
    assert report
    return csv_text([report], FORMS)


def read(data: bytes, name: str = "a.csv") -> tuple[Report | None, list[str]]:
    found = import_documents(name, data, FORMS, Wanted())
    return found[0].report, [f"{one.pos}: {one.rule.name}: {one.message.render(str)}" for one in found[0].findings]


def figures(report: Report | None) -> dict[str, str]:
    assert report
    return {
        f"{table}.{path}": figure.text
        for table, own in report.figures.items()
        for path, figure in own.items()
        if figure.is_explicit
    }


def separated(by: str) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=by).writerows(csv.reader(io.StringIO(exported(), newline="")))
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("a.csv", lambda: exported().removeprefix("\ufeff").encode("gb18030")),
        ("a.csv", lambda: separated(";").encode()),
        ("a.csv", lambda: separated("\t").removeprefix("\ufeff").encode("utf-16")),
        ("a.tsv", lambda: separated("\t").encode()),
        ("a.csv", lambda: exported().replace("agency,year,form", "agency ,year, form", 1).encode()),
        ("a.csv", lambda: (exported() + ",,,,,,,,,,\r\n" * 3).encode()),
    ],
    ids=["GBK", "semicolons", "Unicode text", "tabs", "spaces in the header", "empty rows"],
)
def test_what_spreadsheets_save_is_read_whole(name: str, saved: Callable[[], bytes]) -> None:
    report, said = read(saved())
    assert said == []
    assert figures(report) == figures(read(exported().encode())[0])
    assert len(figures(report)) == 200


def test_a_value_in_a_record_that_was_blank_is_not_lost() -> None:
    """As after export, the value was filled in, but not the status; the author says which one is right."""
    line = "规章·本年制发件数,2,number"
    for status in ("blank", "not-applicable", "unknown"):
        report, said = read(exported().replace(line, f"规章·本年制发件数,2,{status}").encode())
        assert said == [f"a.csv:2:1: bad-record: The value is “2”, but the status is “{status}”."]
        assert "proactive-disclosure.rules.issued" not in figures(report)
    assert read(exported().replace(line, "规章·本年制发件数,/,not-applicable").encode())[1] == []


def test_records_behind_an_open_quotation_mark_are_reported_from_its_line_on() -> None:
    report, said = read(exported().replace("宿迁市,2024,2021,proactive-disclosure,rules.in-force", '"宿迁市').encode())
    assert said == ["a.csv:4:1: bad-record: Line 4 of the CSV cannot be read."]
    assert [*figures(report)] == ["proactive-disclosure.rules.issued", "proactive-disclosure.rules.repealed"]


def test_a_header_with_an_open_quotation_mark_is_reported() -> None:
    assert read(exported().replace("agency,", '"agency" ,', 1).encode()) == (
        None,
        ["a.csv:1:1: bad-record: Line 1 of the CSV cannot be read."],
    )


@pytest.mark.parametrize(("change", "message"), [
    (lambda csv: csv.replace("value", "数值", 1), "The header of the records lacks the columns value."),
    (lambda csv: csv.replace("key", "figure", 1).replace(",unit,", ",单位,", 1), "The header of the records lacks the columns key, unit."),
    (lambda csv: f"宿迁市2024年政府信息公开工作年度报告,,,\n{csv}", "The header of the records is in line 2, not in the first one."),
    (lambda csv: f"\n{csv}", "The header of the records is in line 2, not in the first one."),
])  # fmt: skip
def test_a_header_that_was_changed_or_moved_is_said(change: Callable[[str], str], message: str) -> None:
    (found,) = import_documents("a.csv", change(exported()).encode(), FORMS, Wanted())
    assert found.report is None
    (finding,) = found.findings
    assert finding.render(str) == (
        f"{message} In the first line, write these names above their columns: agency, year, form, table, key, value, status, unit, note."
    )


@pytest.mark.parametrize(
    "wanted", [{"agency": "某局"}, {"year": 2023}, {"forms": {"reviews": "2019"}}, {"blank_as_zero": True}]
)
def test_options_without_effect_on_records_are_refused(wanted: dict[str, object]) -> None:
    (found,) = import_documents("a.csv", exported().encode(), FORMS, Wanted(**wanted))  # type: ignore[arg-type]
    (finding,) = found.findings
    assert not found.report
    assert finding.render(str) == (
        "In a CSV of records, each record has its agency, year, form and value. "
        "Import it without --agency, --year, --form NAME and --blank-as-zero."
    )
    assert finding.render(translator("zh_CN")) == (
        "逐项记录的 CSV 中，每条记录都写明了机关、年度、表样和数值。导入时请不要使用 --agency、--year、--form 名称、--blank-as-zero。"
    )
