"""Bugs found by the long runs, fixed, each with a test."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal

import pytest
import yaml

from sphinx_govreport.core.forms.reader import FORMS_DIR, read_form, statutory_forms
from sphinx_govreport.core.reports.quoting import percent
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.yaml.source import read_source
from sphinx_govreport.exporters import EXPORTS
from sphinx_govreport.importers.recognise.report import Wanted, import_documents
from tests.conftest import Project
from tests.exporters.test_exports import read
from tests.importers import formatted, written
from tests.importers.formatted import Piece
from tests.importers.written import Cell, Rows
from tests.published import TABLES, published, year_file

FORMS = statutory_forms()


def said(text: str) -> list[str]:
    return [
        f"{found.pos}: {found.rule.name}: {found.render(str)}" for found in read_source("a.yaml", text.encode()).diagnostics
    ]


UNSEEN = {"\\0": "U+0000", "\\e": "U+001B", "\\x07": "U+0007", "\\x7f": "U+007F", "\\uffff": "U+FFFF"}
NOTHING = ("\\ud800", "\\U00110000", "\\UFFFFFFFF")
ESCAPED = {escape: f'year: 2024\nagency: "甲{escape}局"\n' for escape in (*UNSEEN, *NOTHING)}
WITHOUT_LIBYAML = """
import json, sys
sys.modules["yaml.cyaml"] = None
import yaml
from tests.fuzz.test_found import ESCAPED, said
assert not yaml.__with_libyaml__
print(json.dumps({escape: said(text) for escape, text in ESCAPED.items()}))
"""


@pytest.fixture(scope="module", params=["C", "Python"])
def said_of_escapes(request: pytest.FixtureRequest) -> dict[str, list[str]]:
    """The findings for each escape, from PyYAML with libyaml and from PyYAML without it."""
    if request.param == "C":
        assert yaml.__with_libyaml__
        return {escape: said(text) for escape, text in ESCAPED.items()}
    run = subprocess.run([sys.executable, "-c", WITHOUT_LIBYAML], check=True, capture_output=True, text=True)
    found: dict[str, list[str]] = json.loads(run.stdout)
    return found


# -- year files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("escape", "code"), UNSEEN.items())
def test_an_escape_for_a_character_that_no_text_has(said_of_escapes: dict[str, list[str]], escape: str, code: str) -> None:
    """It made Word files and workbooks invalid, and the null character also pages."""
    (line,) = said_of_escapes[escape]
    assert line.startswith("a.yaml:2:9: invisible-character: “甲\\")
    assert line.endswith(f"局” contains invisible characters ({code}). Delete them, or type the text again.")


@pytest.mark.parametrize("escape", NOTHING)
def test_an_escape_for_no_character_at_all(said_of_escapes: dict[str, list[str]], escape: str) -> None:
    (line,) = said_of_escapes[escape]
    assert "yaml-syntax" in line or "invisible-character" in line  # one parser turns the first into half a character


def test_a_mark_at_the_end_is_in_the_last_line() -> None:
    (line,) = said("year: 2024\nagency: {")
    assert line.startswith("a.yaml:2:10: yaml-syntax: This is not valid YAML")


def test_a_line_that_is_corrected_in_two_steps_is_reported_once() -> None:
    lines = said("    granted:\n    {  total:\n      deliberative-process:\n        enterprise: 1\n")
    assert sorted(line.split(" ")[0] for line in lines) == ["a.yaml:2:1:", "a.yaml:2:7:", "a.yaml:3:1:"]


@pytest.mark.parametrize("mark", ["\r", "\r\n", "\x85", "\u2028", "\u2029"])
def test_lines_are_counted_as_yaml_counts_them(mark: str) -> None:
    assert said(f"year: 2024{mark}agency：甲{mark}x")[0].startswith(
        "a.yaml:2:7: yaml-syntax: The key is followed by a full-width colon"
    )
    assert said(f"year: 2024{mark}agency: \x07")[0].startswith(
        "a.yaml:2:9: yaml-syntax: There is a character here that a text cannot contain"
    )


@pytest.mark.parametrize("text", ["---", "\n---", "--- \n# x", "~"[:0]])
def test_a_document_of_nothing_is_an_empty_file(text: str) -> None:
    assert said(text) == ["a.yaml:1:1: empty-file: The file is empty. Delete it, or fill it in."]


def test_a_file_of_nothing_but_an_error_has_no_further_one() -> None:
    found = read_report(read_source("a.yaml", b"\t---\n# 2024"), FORMS).diagnostics
    assert [f"{one.pos}: {one.render(str)}" for one in found] == [
        "a.yaml:1:1: The line is indented with a tab. Indent with spaces, two for each level."
    ]


# -- forms -----------------------------------------------------------------------------------------------------------

FORM = (FORMS_DIR / "2021.yaml").read_text("utf-8")
ROW = "form: x\nextends: '2021'\nenglish: x\nsource: {notice: x}\nadd-rows:\n  proactive-disclosure:\n    - {after: rules, label: x, english: x, %s}\n"


def problems(text: str) -> list[str]:
    form, found = read_form(read_source("a.yaml", text.encode()), FORMS)
    assert form is None
    return [one.message.render(str) for one in found]


@pytest.mark.parametrize("key", ['x" onclick="alert(1)', "a.b", "甲.乙", "甲 乙", "A", "a--b", "-a", "a_b"])
def test_a_key_of_a_form_is_nothing_but_a_key(key: str) -> None:
    """It is used in ids and anchors."""
    assert problems(ROW % f"key: '{key}'") == [
        f"“{key}” is not a valid key: use a-z, 0-9 and single hyphens, or Chinese characters."
    ]


@pytest.mark.parametrize("number", ["9" * 5000, "99999", "0", "-1", "１", "²"])
def test_a_number_of_a_form_has_a_limit(number: str) -> None:
    assert problems(ROW % f"key: x, span: {number}") == ["“span” must be a whole number from 1 to 9999."]


def test_a_width_of_a_form_that_is_no_number_is_said() -> None:
    widths = next(line for line in FORM.splitlines() if "widths:" in line)
    assert problems(FORM.replace(widths, widths.replace("[", f"[{'9' * 5000}, "), 1)) == [
        "“widths” must be a whole number from 1 to 9999."
    ]


@pytest.mark.parametrize("pattern", ["a{99999999999}", "(" * 5000 + ")" * 5000])
def test_a_pattern_that_cannot_be_read_is_said(pattern: str) -> None:
    at = FORM.index("pattern: ") + len("pattern: ")
    text = f"{FORM[:at]}'{pattern}', x: {FORM[at:]}"
    assert any(one.startswith("The pattern ") for one in problems(text))


def test_a_key_that_is_a_figure_and_a_group_is_said() -> None:
    row = "          - {key: rules, label: 规章, english: Rules}\n"
    group = "          - {key: licensing, label: x, english: x, rows: [{key: decisions, label: y, english: y}]}\n"
    assert "“licensing” appears twice in the table." in problems(FORM.replace(row, row + group))


def test_a_key_that_is_a_row_and_a_group_of_rows_is_said() -> None:
    row = (ROW % "key: results").replace("proactive-disclosure", "requests").replace("after: rules", "after: received")
    assert problems(row)[0] == "“results” appears twice in the table."


def test_a_form_without_a_table_is_said() -> None:
    at = FORM.index("\n  proactive-disclosure:")
    assert "The form has no tables." in problems(FORM[:at] + "\n")


def test_a_table_of_millions_of_figures_is_refused() -> None:
    row = "          - {key: rules, label: 规章, english: Rules}\n"
    many = "".join(f"          - {{key: k{number}, label: x, english: x}}\n" for number in range(1700))
    assert problems(FORM.replace(row, row + many)) == ["The table has 5110 figures; at most 5000 are allowed."]


# -- texts -----------------------------------------------------------------------------------------------------------


def test_a_percentage_of_the_largest_amount_of_the_smallest() -> None:
    assert percent(Decimal("999999999999999"), Decimal("0.00000000000001"), 9) == "9999999999999990000000000000000.000000000%"


def test_a_year_of_thousands_of_digits_is_no_year(years: Project) -> None:
    years.page("index.md", "宿迁市", 2024, f"```{{gov-comparison-table}} requests-summary\n:years: {'9' * 5000}\n```\n")
    (warning,) = years.build().warnings
    assert "不是年份" in warning or "年" in warning


# -- documents -------------------------------------------------------------------------------------------------------


def imported(name: str, data: bytes) -> tuple[list[str], list[Report]]:
    read_ones = import_documents(name, data, FORMS, Wanted())
    found = [f"{one.pos}: {one.rule.name}: {one.message.render(str)}" for each in read_ones for one in each.findings]
    return found, [each.report for each in read_ones if each.report]


def test_rows_of_two_blocks_that_have_lost_the_heads_between_them() -> None:
    """The headers of the first block were used for the second."""
    report = published("suqian-2024")

    def sloppy(rows: Rows) -> Rows:
        return [*rows[:4], *rows[6:]] if len(rows) == 14 else rows

    found, (read_one,) = imported("a.html", written.html(report, sloppy))
    assert found
    for path, figure in read_one.figures["proactive-disclosure"].items():
        assert not figure.is_explicit or figure.text == report.figures["proactive-disclosure"][path], path


def test_a_head_that_has_moved_into_another_column_is_said() -> None:
    """Two columns were exchanged in every row, so that all sums held, and nothing was reported."""
    report = published("test-city-2025")

    def sloppy(rows: Rows) -> Rows:
        full = written.without_merges(rows)
        if len(rows) == 28:
            full[1].insert(3, Cell("x"))
            full[1][3], full[1][4] = Cell("x"), Cell("自然人")
            full[2][3], full[2][4] = Cell("商业企业"), Cell("")
        return full

    found, _reports = imported("a.csv", written.csv_sheet(report, sloppy))
    assert [line.partition(": label: ")[2].partition(": ")[2] for line in found if ": label: " in line] == [
        "“商业企业” is below “x”; its own label is used."
    ]


def test_columns_that_the_document_does_not_have_are_said() -> None:
    """Markdown drops additional cells of a row: figures were lost, and nothing was reported."""
    lines = written.markdown(published("suqian-2024")).decode().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| 行政复议"))
    cut = [
        line if not start <= number < start + 5 else "|".join(line.split("|")[:13]) + "|" for number, line in enumerate(lines)
    ]
    found, _reports = imported("a.md", "\n".join(cut).encode())
    assert [line.partition("column 1: ")[2] for line in found] == [
        "The document has no column “其他结果”.",
        "The document has no column “尚未审结”.",
    ]


def csv_of(name: str = "suqian-2024") -> str:
    return str(EXPORTS["csv"]([read(year_file(published(name)))], FORMS))


def test_a_record_that_is_no_csv_ends_the_reading() -> None:
    lines = csv_of().splitlines()
    found, (report,) = imported("a.csv", "\n".join([*lines[:3], f'"{"x" * 200_000}",2024', *lines[3:]]).encode())
    assert found == ["a.csv:4:1: bad-record: Line 4 of the CSV cannot be read."]
    assert sum(figure.is_explicit for table in TABLES for figure in report.figures[table].values()) == 2


def test_a_record_in_another_unit_is_not_taken() -> None:
    """It was read as if it had the form's unit."""
    text = csv_of().replace("72701.2578,number,万元", "727012578,number,元")
    found, (report,) = imported("a.csv", text.encode())
    assert [line.partition(": ")[2] for line in found] == [
        "bad-record: 行政事业性收费·本年收费金额: the unit “元” is not allowed here."
    ]
    assert not report.figures["proactive-disclosure"]["fees.amount"].is_explicit


def test_characters_that_no_text_has_do_not_come_in() -> None:
    """A year file written from them could not be read."""
    body = written.tabbed_text(published("suqian-2024")).decode("utf-16")
    body = body.replace("本年度没有其他情况。", "").replace("\n\n三、", "\n\n注：甲\x07乙\u202e\n\n三、", 1)
    _found, (report,) = imported("a.txt", body.encode())
    assert report.notes == {"proactive-disclosure": ("甲乙",)}
    assert read(str(EXPORTS["yaml"]([report], FORMS))).notes == report.notes


def test_small_digits_next_to_raised_ones_of_their_size_are_not_one_number() -> None:
    """An unreadable text between them left a gap, so that they did not count as neighbours."""
    drawn: list[str] = []

    def dress(shown: str) -> list[Piece]:
        drawn.append(shown)
        return [("994", "raised"), ("20", "tiny"), (shown, "small")] if len(drawn) == 1 else [(shown, "")]

    data = formatted.document("report.pdf", published("suqian-2024"), dress)
    found = import_documents("report.pdf", data, FORMS, Wanted())[0]
    assert found.report
    path = next(iter(found.report.figures["proactive-disclosure"]))
    assert not found.report.figures["proactive-disclosure"][path].is_explicit
    assert [finding.rule.name for finding in found.findings] == ["unread-figure"]
