"""Small published documents, each of which once lost its title, a table or a sign."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.importers.recognise.report import Imported, Wanted, import_documents

FORMS = statutory_forms()
FOLDER = Path(__file__).parent / "cases"
REVIEWS = "25 3 8 0 36 3 3 0 0 6 3 0 0 0 3"


def read(name: str) -> Imported:
    return import_documents(name, (FOLDER / name).read_bytes(), FORMS, Wanted())[0]


def stated(found: Imported) -> dict[str, str]:
    assert found.report
    tables = found.report.figures.items()
    return {name: " ".join(f.text for f in figures.values() if f.is_explicit) for name, figures in tables}


@pytest.mark.parametrize(("name", "agency"), [
    ("01-title-two-lines.html", "某市某局"), ("01b-title-br.html", "某市某局"), ("02-title-year-inside.html", "某市司法局"),
    ("03-pipe-trailing.txt", "某市某局"), ("03-pipe-trailing.same-without-trailing-works.txt", "某市某局"), ("04-cell-a-line.txt", "某市某局"),
])  # fmt: skip
def test_reports_of_one_table(name: str, agency: str) -> None:
    found = read(name)
    assert found.report
    assert (found.report.agency, found.report.year, set(found.report.forms.values())) == (agency, 2025, {"2021"})
    assert stated(found) == {"proactive-disclosure": "", "requests": "", "reviews": REVIEWS}
    assert [finding.rule.name for finding in found.findings] == ["missing-table"] * 2


def test_signs_in_words() -> None:
    found = read("06-sign-in-words.html")
    assert found.report
    assert (found.report.agency, found.report.year) == ("某乡人民政府", 2019)
    assert stated(found)["proactive-disclosure"] == "0 0 0 0 0 0 10 -8 0 0 0 0 105 -45 0 0 0 0 0 0 0 0"
    assert [finding.rule.name for finding in found.findings] == ["missing-table"] * 2


def test_a_head_that_is_copied_from_its_neighbour() -> None:
    found = read("08-head-twice.html")
    assert stated(found)["proactive-disclosure"] == "0 0 0 13 11 11 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0"
    (by_position,) = [finding for finding in found.findings if finding.rule.name != "missing-table"]
    assert by_position.rule.name == "by-position"
    assert by_position.message.render(str) == (
        "table 1, row 2, column 3: “本年新制作数量” appears here a second time; by its position it is column 2."
    )


# -- one cell a line ---------------------------------------------------------------------------------------------------

HEADS = ["自然人", "法人或其他组织", "总计", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
ROWS = [
    ("一、本年新收政府信息公开申请数量", "3 1 0 0 0 0 4"),
    ("二、上年结转政府信息公开申请数量", "0 0 0 0 0 0 0"),
]


def cells_a_line(*rows: tuple[str, str], between: str = "") -> bytes:
    lines = ["某局2024年政府信息公开工作年度报告", "", "三、收到和处理政府信息公开申请情况", "申请人情况", *HEADS]
    for label, figures in rows:
        lines += [label, *figures.split(" "), *([between] if between else [])]
    return "\n".join([*lines, "", "四、政府信息公开行政复议、行政诉讼情况", ""]).encode()


def rows_of(data: bytes) -> tuple[list[str], list[str]]:
    """Return the figures of the first two rows, and the findings about rows."""
    found = import_documents("a.txt", data, FORMS, Wanted())[0]
    said = [finding.message.render(str) for finding in found.findings if finding.rule.name.startswith("unread")]
    return stated(found)["requests"].split(" "), said


def test_one_cell_a_line_is_read_by_the_heads_of_the_form() -> None:
    assert rows_of(cells_a_line(*ROWS)) == ("3 1 0 0 0 0 4 0 0 0 0 0 0 0".split(), [])


@pytest.mark.parametrize(("figures", "count"), [("3 1 0 0 0 4", 6), ("3 1 0 0 0 0 0 4", 8)])
def test_a_row_with_a_cell_less_or_more_is_said_and_left_out(figures: str, count: int) -> None:
    read, said = rows_of(cells_a_line((ROWS[0][0], figures), ROWS[1]))
    assert read == ["0"] * 7
    assert said == [
        f"table 1, row 4, column 1: The row has {count} cells under 7 column headers; its figures are left out. "[:-1]
    ]


def test_an_empty_line_is_an_empty_cell_where_nothing_else_is_between_cells() -> None:
    assert rows_of(cells_a_line((ROWS[0][0], "3  0 0 0 0 4"), ROWS[1])) == ("3  0 0 0 0 4 0 0 0 0 0 0 0".split(" "), [])
    assert rows_of(cells_a_line((ROWS[0][0], "3 1 0 0 0 0 "), ROWS[1])) == ("3 1 0 0 0 0  0 0 0 0 0 0 0".split(" "), [])


def test_an_empty_line_that_may_only_end_a_row_is_no_cell() -> None:
    """It is unknown which figure is missing in a row of six."""
    first, second = (ROWS[0][0], "3 1 0 0 0 4"), ROWS[1]
    read, said = rows_of(cells_a_line(first, second, between=" ").replace("其他\n一".encode(), "其他\n\n一".encode()))
    assert read == ["0"] * 7
    assert len(said) == 1


def test_the_last_row_takes_no_empty_line_that_ends_the_table() -> None:
    read, said = rows_of(cells_a_line(ROWS[0], (ROWS[1][0], "0 0 0 0 0 0")))
    assert read == "3 1 0 0 0 0 4".split()
    assert len(said) == 1
