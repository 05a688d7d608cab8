"""Unknown figures stay unknown: no output prints a total with a blank or wrong part, and no check uses it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from functools import cache

import pytest
from docx import Document
from lxml import html
from python_calamine import CalamineWorkbook

from sphinx_govreport.core.checks.run import Checked, check_report
from sphinx_govreport.core.checks.values import Verdict
from sphinx_govreport.core.diagnostics import Diagnostic, translator
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.reports.figures import Status
from sphinx_govreport.core.reports.quoting import Quote, quote
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.rollup import add_up
from sphinx_govreport.core.reports.series import Series, series_of
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.tables.html import table_content
from sphinx_govreport.core.tables.table import table_of
from sphinx_govreport.core.yaml.source import read_source
from sphinx_govreport.exporters import EXPORTS
from tests.published import published, year_file

FORMS = statutory_forms()
NAMES = ("suqian-2024", "wendeng-commerce-2020")  # a report by each form


def without_totals(name: str) -> str:
    """Return the year file of a published report without its totals."""
    head, tables = year_file(published(name)).split("requests:\n  received", 1)
    kept = [head]
    depth = 99  # of the total that is being removed
    for line in f"requests:\n  received{tables}".splitlines(keepends=True):
        indent = len(line) - len(line.lstrip())
        depth = indent if line.lstrip().startswith("total:") else 99 if indent <= depth else depth
        if depth == 99:
            kept.append(line)
    return "".join(kept)


@cache
def figure_lines(name: str) -> dict[str, int]:
    """Return by key path with the table the line of each stated figure, from 0."""
    found = reading(without_totals(name))[0]
    return {
        f"{table}.{path}": figure.line - 1
        for table, figures in found.figures.items()
        for path, figure in figures.items()
        if figure.is_explicit
    }


def reading(text: str) -> tuple[Report, tuple[Diagnostic, ...]]:
    read = read_report(read_source("a.yaml", text.encode()), FORMS)
    assert read.report
    return read.report, read.diagnostics


def changed(name: str, path: str, written: str) -> tuple[Report, tuple[Diagnostic, ...]]:
    """Return the report with one figure changed."""
    lines = without_totals(name).splitlines()
    at = figure_lines(name)[path]
    lines[at] = re.sub(r":.*", f": {written}".rstrip(), lines[at])
    return reading("\n".join(lines) + "\n")


def checked(report: Report) -> Checked:
    return check_report(report, None, FORMS, {})


def values(report: Report) -> dict[str, object]:
    return {f"{table}.{path}": one.value for table, figures in report.figures.items() for path, one in figures.items()}


@cache
def totals_with(name: str, path: str) -> frozenset[str]:
    """Return the totals that include a figure: those that change with it."""
    figure = reading(without_totals(name))[0].figure(path)
    assert figure.value is not None
    unit = f", unit: {figure.unit}" if figure.unit else ""
    more, _ = changed(name, path, f"{{value: {figure.value + 1}{unit}}}")
    before, after = values(reading(without_totals(name))[0]), values(more)
    return frozenset(key for key in before if before[key] != after[key]) - {path}


ALL = [(name, path) for name in NAMES for path in figure_lines(name)]


@pytest.mark.broad
def test_nearly_two_hundred_figures_of_each_form_are_tried() -> None:
    assert [len(figure_lines(name)) for name in NAMES] == [166, 166]
    assert {len(totals_with(*one)) for one in ALL} == {0, 1, 3}


@pytest.mark.broad
@pytest.mark.parametrize("written", ["", pytest.param("1 2", marks=pytest.mark.slow)])
@pytest.mark.parametrize(("name", "path"), ALL)
def test_a_total_with_an_unknown_part_is_printed_nowhere(name: str, path: str, written: str) -> None:
    report, said = changed(name, path, written)
    unknown = totals_with(name, path)
    rows = csv.DictReader(io.StringIO(str(EXPORTS["csv"]([report], FORMS)).removeprefix("\ufeff")))
    by_key = {f"{row['table']}.{row['key']}": (row["status"], row["value"]) for row in rows}
    assert {key for key, (status, _value) in by_key.items() if status == "unknown"} == unknown
    assert {key for key, (_status, value) in by_key.items() if not value} == unknown | {path}
    (entry,) = json.loads(str(EXPORTS["json"]([report], FORMS)))
    assert {f"{one['table']}.{one['key']}" for one in entry["figures"] if one["status"] == "unknown"} == unknown
    empty = set()
    for table in report.figures:
        content = html.fromstring(f"<table>{table_content(table_of(report, FORMS, table))}</table>")
        empty |= {cell.get("data-gov-key") for cell in content.iterfind(".//td") if cell.find("data") is None}
    assert empty == unknown | {path}
    findings = [*said, *checked(report).findings]
    assert [(one.rule.name, one.pos.line) for one in findings] == [
        ("bad-number" if written else "not-filled", figure_lines(name)[path] + 1)
    ]


@pytest.mark.broad
@pytest.mark.parametrize(("name", "path"), ALL[::15])
def test_nor_in_a_workbook_or_a_document(name: str, path: str) -> None:
    report, _ = changed(name, path, "")
    unknown = totals_with(name, path)
    book = bytes(EXPORTS["xlsx"]([report], FORMS))
    whole = bytes(EXPORTS["xlsx"]([reading(without_totals(name))[0]], FORMS))
    assert gone(numbers_of_workbook(whole), numbers_of_workbook(book)) == 2 * (len(unknown) + 1), "in its table, and among all"
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        formulas = [re.findall("<f>", archive.read(part).decode()) for part in archive.namelist() if "sheets/sheet" in part]
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        before = [re.findall("<f>", archive.read(part).decode()) for part in archive.namelist() if "sheets/sheet" in part]
    assert sum(map(len, before)) - sum(map(len, formulas)) == len(unknown), "a formula would take what is blank for 0"
    document, before = (
        cells_of_document(bytes(EXPORTS["docx"]([one], FORMS))) for one in (report, reading(without_totals(name))[0])
    )
    assert gone(before, document) == len(unknown) + 1


def gone(before: list[str], after: list[str]) -> int:
    """Return the number of empty cells."""
    assert len(before) == len(after)
    return sum(bool(one) and not other for one, other in zip(before, after, strict=True))


def numbers_of_workbook(body: bytes) -> list[str]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    return [
        str(cell)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for cell in row
    ]


def cells_of_document(body: bytes) -> list[str]:
    tables = Document(io.BytesIO(body)).tables
    return [cell.text for table in tables for row in table.rows for cell in row.cells]


GRANTED = "requests.results.granted.natural-person"


def test_what_does_not_apply_adds_nothing() -> None:
    report, said = changed("suqian-2024", GRANTED, "/")
    total = report.figure("requests.results.granted.total")
    assert (said, total.status, total.text, total.is_explicit) == ((), Status.NUMBER, "23", False)


def quoted(written: str, report: Report) -> Quote:
    found = quote(written, report, FORMS)
    assert isinstance(found, Quote)
    return found


@pytest.mark.parametrize(
    ("written", "text", "status"),
    [
        ("", "not filled in", Status.BLANK),
        ("/", "21", Status.NUMBER),
        ("1 2", "not known", Status.INVALID),
        ("7", "28", Status.NUMBER),
    ],
)
def test_a_sum_in_a_sentence_is_known_if_all_its_parts_are(written: str, text: str, status: Status) -> None:
    report, _ = changed("suqian-2024", GRANTED, written)
    other = "requests.results.granted.enterprise"
    for found in (quoted(f"{GRANTED} + {other}", report), quoted(f"{other} + {GRANTED}", report)):
        shown = found.shown()
        assert (shown if isinstance(shown, str) else shown.template, found.status) == (text, status)


@pytest.mark.parametrize(("written", "text", "status"), [("", "unknown", Status.UNKNOWN), ("1408", "54.02%", Status.NUMBER)])
def test_a_rate_is_known_if_all_its_figures_are(written: str, text: str, status: Status) -> None:
    report, _ = changed("suqian-2024", GRANTED, written)
    found = quoted("requests.disclosure-rate", report)
    shown = found.shown()
    assert (shown if isinstance(shown, str) else shown.template, found.status) == (text, status)


def test_a_total_that_is_not_known_is_quoted_as_such() -> None:
    report, _ = changed("suqian-2024", GRANTED, "")
    shown = quoted("requests.results.total.total", report).shown()
    assert not isinstance(shown, str)
    assert shown.template == "unknown"


def test_a_series_has_a_gap_where_a_total_is_not_known() -> None:
    report, _ = changed("suqian-2024", GRANTED, "")
    last, _ = reading(year_file(published("suqian-2023")))
    series = series_of("requests.results.total.total", [last, report], FORMS)
    assert isinstance(series, Series)
    assert series.values == (last.figure("requests.results.total.total").value, None)
    assert series.unit == "件"
    assert series.changed(2024, "percent", 2) == "—"


def test_a_roll_up_knows_no_total_that_one_part_does_not_know() -> None:
    report, _ = changed("suqian-2024", GRANTED, "")
    other, _ = reading(without_totals("suqian-2024").replace("宿迁市", "某市"))
    sums = add_up([report, other], report.forms, FORMS)
    figures = sums.report("某省", 2024, FORMS)
    unknown = {
        f"{table}.{path}" for table, of in figures.figures.items() for path, one in of.items() if one.status is Status.UNKNOWN
    }
    assert unknown == totals_with("suqian-2024", GRANTED) | {GRANTED}
    (found,) = sums.findings
    assert found.rule.name == "unknown-part"
    rows = csv.DictReader(io.StringIO(str(EXPORTS["csv"]([figures], FORMS)).removeprefix("\ufeff")))
    assert {f"{row['table']}.{row['key']}" for row in rows if row["status"] == "unknown"} == unknown


def test_what_applies_to_no_part_of_a_roll_up_is_no_zero() -> None:
    report, _ = changed("suqian-2024", GRANTED, "/")
    sums = add_up([report, report], report.forms, FORMS)
    assert sums.figure("requests", GRANTED.partition(".")[2]).status is Status.NOT_APPLICABLE


def test_amounts_in_several_units_are_compared_and_added_in_one() -> None:
    of = {}
    for agency, amount in (("甲局", "{value: 30, unit: 万元}"), ("乙局", "{value: 300001, unit: 元}"), ("丙局", "7")):
        text = year_file(published("wendeng-commerce-2020"))
        text = re.sub("^agency: .*$", f"agency: {agency}", text, flags=re.MULTILINE)
        of[agency], _ = reading(re.sub(r"^    amount: .*$", f"    amount: {amount}", text, flags=re.MULTILINE))
    path = "proactive-disclosure.procurement.amount"
    series = series_of(path, [of["甲局"], of["乙局"]], FORMS)
    assert isinstance(series, Series)
    assert [str(value) for value in series.values] == ["300000", "300001"]
    assert (series.unit, [point.shown() for point in series.points]) == ("元", ["30万元", "300001元"])
    added = add_up([of["甲局"], of["乙局"]], of["甲局"].forms, FORMS).figure("proactive-disclosure", "procurement.amount")
    assert (added.text, added.unit) == ("600001", "元")
    without_unit = add_up([of["甲局"], of["丙局"]], of["甲局"].forms, FORMS)
    assert without_unit.figure("proactive-disclosure", "procurement.amount").status is Status.UNKNOWN


def test_sums_keep_every_digit_and_no_number_gets_an_exponent() -> None:
    text = year_file(published("wendeng-commerce-2020"))
    for amount, other, whole in (
        ("100000000000000", "0.00000000000001", "100000000000000.00000000000001"),
        ("0.0000001", "0.0000002", "0.0000003"),
    ):
        reports = [
            reading(re.sub(r"^    amount: .*$", f"    amount: {{value: {one}, unit: 元}}", text, flags=re.MULTILINE))[0]
            for one in (amount, other)
        ]
        added = add_up(reports, reports[0].forms, FORMS).figure("proactive-disclosure", "procurement.amount")
        assert added.text == whole
        path = "proactive-disclosure.procurement.amount"
        both = Quote((), tuple(report.figure(path) for report in reports))
        assert both.shown() == f"{whole}元"


# results of checks


def verdicts(report: Report) -> dict[str, tuple[Verdict, int, int, str]]:
    chinese = translator("zh_CN")
    return {
        one.rule.name: (one.verdict, one.checked, one.computed, one.obstacle.render(chinese) if one.obstacle else "")
        for one in checked(report).outcomes
    }


def test_a_check_that_compares_nothing_has_not_passed() -> None:
    found = verdicts(reading(without_totals("suqian-2024"))[0])
    assert found["row-total"] == (Verdict.COMPUTED, 0, 25, "")
    assert found["column-total"] == (Verdict.COMPUTED, 0, 7, "")
    assert found["reviews-total"] == (Verdict.COMPUTED, 0, 3, "")
    assert found["balance"] == (Verdict.PASSED, 6, 1, "")


def test_a_check_with_an_unknown_part_says_because_of_which_figure() -> None:
    report, _ = changed("suqian-2024", GRANTED, "")
    line = figure_lines("suqian-2024")[GRANTED] + 1
    why = f"无法完整核对：本年度办理结果·予以公开·自然人（第 {line} 行）未填报。"
    found = verdicts(report)
    assert found["row-total"] == (Verdict.NOT_CHECKABLE, 0, 23, why)
    assert found["column-total"] == (Verdict.NOT_CHECKABLE, 0, 5, why)
    assert found["balance"] == (Verdict.NOT_CHECKABLE, 5, 0, why)
    assert found["reviews-total"] == (Verdict.COMPUTED, 0, 3, "")


def test_many_unknown_figures_are_counted() -> None:
    text = without_totals("suqian-2024")
    report, _ = reading(re.sub(r"(?<=^  reconsideration:\n)(?:    \w+: \d+\n)+", nothing_in, text, flags=re.MULTILINE))
    why = verdicts(report)["reviews-total"][3]
    assert why.endswith("；另有 1 项未知。")


def nothing_in(lines: re.Match[str]) -> str:
    return re.sub(r"\d+", "", lines[0])


def test_a_stated_total_beside_a_blank_is_neither_right_nor_wrong() -> None:
    text = year_file(published("suqian-2024"))
    report, said = reading(text.replace("natural-person: 1408", "natural-person:", 1))
    (found,) = [*said, *checked(report).findings]
    assert found.rule.name == "not-filled"
    assert verdicts(report)["row-total"][:2] == (Verdict.NOT_CHECKABLE, 24)


def test_an_explanation_of_what_cannot_be_checked_is_no_second_finding() -> None:
    text = year_file(published("suqian-2024")) + "explanations: {carried-over: 上年数据已更正}\n"
    report, _ = reading(re.sub(r"(?<=carried-in:\n    natural-person: )\d+", "", text))
    last, _ = reading(year_file(published("suqian-2023")))
    found = check_report(report, last, FORMS, {})
    assert "unused-explanation" not in [one.rule.name for one in found.findings]
    (outcome,) = [one for one in found.outcomes if one.rule.name == "carried-over"]
    assert outcome.verdict is Verdict.NOT_CHECKABLE


@pytest.mark.parametrize("written", ["/", "''"])
def test_a_total_is_not_compared_with_what_does_not_apply(written: str) -> None:
    text = year_file(published("suqian-2024"))
    report, _ = reading(text.replace("total: 3525", f"total: {written}", 1))
    found = verdicts(report)["row-total"]
    word = "不适用" if written == "/" else "未填报"
    assert found[0] is Verdict.NOT_CHECKABLE
    assert found[3].startswith("无法完整核对：本年新收政府信息公开申请数量·总计（第 ")
    assert found[3].endswith(f"行）{word}。")


@pytest.mark.parametrize(("total", "errors"), [("5", ["row-total"]), ("0", []), ("/", [])])
def test_parts_that_do_not_apply_add_up_to_nothing(total: str, errors: list[str]) -> None:
    """The only finding in its row: the other checks of the row are off."""
    keys = ("natural-person", "enterprise", "research-institution", "public-interest-organisation", "legal-service", "other")
    row = "".join(f"    {key}: /\n" for key in keys) + f"    total: {total}\n"
    text = re.sub(r"(?<=^  carried-out:\n)(?:    .*\n){7}", row, year_file(published("suqian-2024")), flags=re.MULTILINE)
    found = check_report(reading(text)[0], None, FORMS, {"balance": None, "not-applicable": None})
    assert [one.rule.name for one in found.findings] == errors


def test_totals_written_as_not_filled_in_are_not_computed() -> None:
    body = year_file(published("suqian-2024"))
    lines = body.split("\n")
    start = lines.index("    total:", lines.index("  results:"))
    row = "\n".join(lines[start : start + 8])
    report, diagnostics = reading(body.replace(row, "    total: ~", 1))
    assert not diagnostics
    assert report.figures["requests"]["results.total.natural-person"].status is Status.BLANK
    whole = "\n".join(lines[lines.index("  results:") : start])
    report, _diagnostics = reading(body.replace(whole, "  results: ~", 1).replace(row, "", 1))
    assert report.figures["requests"]["results.granted.natural-person"].status is Status.BLANK
    assert report.figures["requests"]["results.total.natural-person"].status is Status.UNKNOWN
