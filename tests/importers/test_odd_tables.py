"""Unusual tables and cells: their figures are imported correctly, or there is a finding. Never another number."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from itertools import pairwise

import pytest

from sphinx_govreport.core.diagnostics import Severity, translator
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.exporters import EXPORTS
from sphinx_govreport.importers.recognise.report import Imported, Wanted, import_documents
from tests.exporters.test_exports import read as read_year_file
from tests.importers import written
from tests.importers.test_documents import figures_of, said
from tests.importers.written import Cell, Rows
from tests.published import NAMES, TABLES, Published, published, year_file

pytestmark = pytest.mark.usefixtures("read_here")

FORMS = statutory_forms()
REPORT = published("suqian-2024")
OLD = published("wendeng-commerce-2020")
REQUESTS, PROACTIVE, REVIEWS = 28, 14, 4  # rows of the grids of the edition of 2021
TEXTS = ("page.html", "word.html", "report.docx", "report.csv", "report.md", "tabbed.txt", "between.txt", "behind.txt")

FEW = ("word.html", "report.docx", "report.csv", "behind.txt")

# the content of a cell ----------------------------------------------------------------------------------------------------

#: spellings of 3440, and the finding if there is one
COUNTS = {
    "3440": "", "３４４０": "", " 3440 ": "", "3440件": "", "3440 件": "", "3440（其中网上3000件）": "", "3,440": "read-as", "3，440": "read-as", "３，４４０": "read-as",
} | dict.fromkeys([
    "3 440", "3\u00a0440", "3\u2009440", "3\u3000440", "34,40", "3.440", "3440.0", "3440.", "3440％", "约3440", "+3440", "-3440", "03440", "344O",
    "三千四百四十", "三四四〇", "3440+0", "3440/0", "增加3440", "3440万元", "0.344万", "3'440", "3440 0", "（3440）", "3440、", "=3440", "若干", "二",
], "unread-figure")  # fmt: skip
BROKEN = dict.fromkeys(["3\n440", "3440\n0"], "unread-figure")  # for kinds whose cells have several lines

#: for 72701.2578
AMOUNTS = {"72701.2578": "", "７２７０１．２５７８": "", "72,701.2578": "read-as", "72701.2578万元": ""} | dict.fromkeys([
    "72701。2578", "72701·2578", "72701,2578", "72701. 2578", "72 701.2578", "727012578元", "7.27012578亿元", "72701.\n2578", "7.27E4",
], "unread-figure")  # fmt: skip

#: a change; empty if there is a finding
CHANGES = dict.fromkeys(["+8", "＋8", "增加8", "增加 8", "增8", "上升8", "新增8", "↑8", "↑ 8", "8↑", "增加８", "增加8项"], "+8") | dict.fromkeys(
    ["-8", "－8", "−8", "–8", "减少8", "减少 8", "减8", "减\u30008", "下降8", "下降 8", "↓8", "↓ 8", "8↓", "减少8项"], "-8"
) | {"8": "8", "减少0": "0", "增加0": "0", "增加1,200": "+1200"} | dict.fromkeys(
    ["减少-8", "增减8", "增加8减少3", "同比8", "减少8%", "减少八", "持平", "- 8", "—8", "（8）", "少8", "一", "—"], ""
)  # fmt: skip

#: texts that may or may not be a number
SIGNS = {
    "一": "may be 1, or a dash",
    "－": "may be 0",
    "—": "may be 0",
    "―": "may be 0",
    "──": "may be 0",
    "ー": "may be 0",
    "无": "may be 0",
}


def read(kind: str, how: Callable[[Rows], Rows] = written.without_merges, report: Published = REPORT) -> Imported:
    return import_documents(kind, written.KINDS[kind](report, how), FORMS, Wanted())[0]


def respelt(report: Published, cells: dict[tuple[str, str], str]) -> Published:
    """Return the report with some figures written differently."""
    figures = {name: {path: cells.get((name, path), text) for path, text in of.items()} for name, of in report.figures.items()}
    return report._replace(figures=figures)


def assert_all_but(found: Imported, report: Published, cells: dict[tuple[str, str], str]) -> None:
    """Check that all figures are the published ones, with some exceptions."""
    wanted = respelt(report, {place: text or "left out" for place, text in cells.items()}).figures
    assert figures_of(found.report) == wanted


def told(found: Imported) -> list[str]:
    return sorted(finding.rule.name for finding in found.findings)


@pytest.mark.parametrize("kind", TEXTS)
def test_a_count_is_right_or_said(kind: str) -> None:
    """Return a table with every spelling in a separate cell."""
    spellings = COUNTS | (BROKEN if kind in ("page.html", "report.docx", "report.csv") else {})
    places = [("requests", path) for path in REPORT.figures["requests"]]
    cells = dict(zip(places, spellings, strict=False))
    found = read(kind, report=respelt(REPORT, cells))
    is_read = {place: spellings[cell] in ("", "read-as") for place, cell in cells.items()}
    assert_all_but(found, REPORT, {place: "3440" if is_read[place] else "" for place in cells})
    assert told(found) == sorted(filter(None, spellings.values()))
    assert found.report
    noted = {path: figure.note for path, figure in found.report.figures["requests"].items() if figure.note}
    assert noted == {path: "其中网上3000件" for (_table, path), cell in cells.items() if "（其" in cell}


@pytest.mark.parametrize("kind", ["page.html", "report.docx", "report.csv"])
@pytest.mark.parametrize("cell", AMOUNTS)
def test_an_amount_is_right_or_said(cell: str, kind: str) -> None:
    place = ("proactive-disclosure", "fees.amount")
    found = read(kind, report=respelt(REPORT, {place: cell}))
    assert_all_but(found, REPORT, {place: "72701.2578" if AMOUNTS[cell] in ("", "read-as") else ""})
    assert told(found) == [AMOUNTS[cell]] * bool(AMOUNTS[cell])


@pytest.mark.parametrize("kind", TEXTS)
def test_a_change_has_its_sign_or_is_said(kind: str) -> None:
    places = [("proactive-disclosure", path) for path in OLD.figures["proactive-disclosure"] if path.endswith(".change")]
    todo = list(CHANGES)
    while todo:
        cells = dict(zip(places, todo, strict=False))
        todo = todo[len(places) :]
        found = read(kind, report=respelt(OLD, cells))
        assert_all_but(found, OLD, {place: CHANGES[cell] for place, cell in cells.items()})
        assert told(found) == sorted(
            "unread-figure" if not CHANGES[cell] else "read-as" for cell in cells.values() if not CHANGES[cell] or "," in cell
        )


@pytest.mark.parametrize("kind", TEXTS)
def test_words_for_more_and_less_are_no_sign_where_the_form_has_none(kind: str) -> None:
    places = [("reviews", path) for path in REPORT.figures["reviews"]][:3]
    found = read(kind, report=respelt(REPORT, dict(zip(places, ["减少8", "增加 8", "↓8"], strict=True))))
    assert_all_but(found, REPORT, dict.fromkeys(places, ""))
    assert told(found) == ["unread-figure"] * 3


@pytest.mark.parametrize("kind", FEW)
@pytest.mark.parametrize(("table", "path"), [
    ("requests", "received.natural-person"), ("proactive-disclosure", "rules.issued"), ("proactive-disclosure", "licensing.decisions"),
    ("reviews", "reconsideration.corrected"), ("reviews", "reconsideration.upheld"),
])  # fmt: skip
def test_a_dash_that_nobody_understands_loses_no_table(table: str, path: str, kind: str) -> None:
    for cell, message in SIGNS.items():
        found = read(kind, report=respelt(REPORT, {(table, path): cell}))
        assert_all_but(found, REPORT, {(table, path): ""})
        (finding,) = found.findings
        assert (finding.rule.name, message in finding.message.render(str)) == ("unread-figure", True)


# the layout of a table -------------------------------------------------------------------------------------------


def only(size: int, how: Callable[[Rows], Rows]) -> Callable[[Rows], Rows]:
    return lambda rows: how([list(row) for row in rows]) if len(rows) == size else rows


def merged_across(rows: Rows) -> Rows:
    """The figures 75 and 0 of enterprises and research are one cell."""
    rows[3] = [*rows[3][:2], Cell("75", 1, 2, is_head=False), *rows[3][4:]]
    return rows


def merged_across_with_a_cell_more(rows: Rows) -> Rows:
    return [*merged_across(rows)[:3], [*rows[3], Cell("", is_head=False)], *rows[4:]]


def merged_across_without_heads_in_place(rows: Rows) -> Rows:
    """The same below headers whose merges are lost."""
    return [*written.flattened(rows)[:3], *merged_across_with_a_cell_more(rows)[3:]]


def merged_down(rows: Rows) -> Rows:
    """The zeros of three rows are one cell."""
    rows[7][-4] = Cell("0", 3, 1, is_head=False)
    for row in (8, 9):
        del rows[row][-4]
    return rows


def all_across(rows: Rows) -> Rows:
    rows[3] = [Cell("27", 1, 15, is_head=False)]
    return rows


ACROSS = {"received.enterprise", "received.research-institution"}
DOWN = {
    f"results.refused.{key}.public-interest-organisation" for key in ("state-secret", "prohibited-by-law", "endangers-security")
}


@pytest.mark.parametrize("kind", ["page.html", "word.html", "report.docx", "report.xlsx"])
@pytest.mark.parametrize(("how", "left_out"), [
    (merged_across, ACROSS), (merged_down, DOWN),
])  # fmt: skip
def test_a_cell_that_is_merged_over_figures_is_said(how: Callable[[Rows], Rows], left_out: set[str], kind: str) -> None:
    found = read(kind, only(REQUESTS, how))
    assert_all_but(found, REPORT, {("requests", path): "" for path in left_out})
    (finding,) = found.findings
    assert finding.rule.name == "unread-figure"
    assert finding.message.render(str).endswith("is one cell for several figures.")


@pytest.mark.parametrize("kind", ["page.html", "word.html"])
@pytest.mark.parametrize("how", [merged_across_with_a_cell_more, merged_across_without_heads_in_place])
def test_a_merged_cell_moves_no_figure_into_another_column(how: Callable[[Rows], Rows], kind: str) -> None:
    found = read(kind, only(REQUESTS, how))
    figures = figures_of(found.report)["requests"]
    row = {path for path in figures if path.startswith("received.")}
    assert {path: text for path, text in figures.items() if text != REPORT.figures["requests"][path]}.items() <= {
        (path, "left out") for path in row
    }
    assert {path for path, text in figures.items() if text == "left out"} >= ACROSS
    assert "unread-figure" in said(found)


def test_one_cell_for_all_reviews_is_said() -> None:
    found = read("page.html", only(REVIEWS, all_across))
    assert_all_but(found, REPORT, {("reviews", path): "" for path in REPORT.figures["reviews"]})
    assert said(found) == {"missing-table"}


def heads_copied(rows: Rows, row: int, column: int) -> Rows:
    rows[row][column] = rows[row][column]._replace(text=rows[row][column - 1].text)
    return rows


@pytest.mark.parametrize("kind", FEW)
@pytest.mark.parametrize(
    ("size", "row", "column"), [(PROACTIVE, 1, 2), (PROACTIVE, 1, 3), (REQUESTS, 2, 2), (REVIEWS, 1, 2), (REVIEWS, 2, 8)]
)
def test_a_head_that_is_copied_from_its_neighbour_is_taken_by_its_place_and_said(
    size: int, row: int, column: int, kind: str
) -> None:
    found = read(kind, only(size, lambda rows: heads_copied(rows, row, column)))
    assert figures_of(found.report) == REPORT.figures
    assert said(found) == {"by-position"}
    assert all("appears here a second time" in finding.message.render(str) for finding in found.findings)


@pytest.mark.parametrize("kind", TEXTS)
def test_a_row_label_that_is_copied_from_its_neighbour_is_taken_by_its_place_and_said(kind: str) -> None:
    def copied(rows: Rows) -> Rows:
        rows[3][0] = rows[3][0]._replace(text=rows[2][0].text)
        return rows

    found = read(kind, only(PROACTIVE, copied))
    assert figures_of(found.report) == REPORT.figures
    (finding,) = found.findings
    assert "“规章” appears here a second time; by its position it is “行政规范性文件”." in finding.message.render(str)


@pytest.mark.parametrize("kind", FEW)
def test_a_group_of_which_only_the_number_is_left_is_no_label(kind: str) -> None:
    """As in a PDF whose page ends in the label of a group, after its number."""

    def cut(rows: Rows) -> Rows:
        rows[15][0] = rows[15][0]._replace(text="（四）")
        return rows

    found = read(kind, only(REQUESTS, cut))
    assert figures_of(found.report) == REPORT.figures
    assert said(found) == set()


@pytest.mark.parametrize("kind", TEXTS)
def test_a_label_that_runs_into_the_next_row_is_no_misspelling_of_it(kind: str) -> None:
    """As in a PDF of a sheet whose rows are too low: the first row has the figures of 规章."""

    def run_together(rows: Rows) -> Rows:
        rows[2][0], rows[3][0] = rows[2][0]._replace(text="规章行政规范性"), rows[3][0]._replace(text="文件")
        return rows

    found = read(kind, only(PROACTIVE, run_together))
    assert figures_of(found.report) == REPORT.figures
    assert told(found) == ["by-position"] * 2


def columns_moved(order: list[int]) -> Callable[[Rows], Rows]:
    return only(REQUESTS, lambda rows: written.mixed_up(rows, list(range(25)), order, heads=3, stubs=3))


@pytest.mark.parametrize("kind", FEW)
@pytest.mark.parametrize("order", [[6, 0, 1, 2, 3, 4, 5], [1, 0, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1, 0]])
def test_a_total_in_front_and_columns_in_another_order_are_known_by_their_heads(order: list[int], kind: str) -> None:
    found = read(kind, columns_moved(order))
    assert figures_of(found.report) == REPORT.figures


@pytest.mark.parametrize("kind", ["page.html", "word.html"])
@pytest.mark.parametrize(("size", "row", "label", "spans"), [
    (REQUESTS, 0, "（本列数据", {"colspan": 1}), (REQUESTS, 0, "（本列数据", {"rowspan": 2}), (REQUESTS, 1, "法人或其他组织", {"colspan": 1}),
    (REQUESTS, 1, "法人或其他组织", {"colspan": 4}), (REQUESTS, 2, "法律服务机构", {"colspan": 2}), (REQUESTS, 1, "自然人", {"rowspan": 3}),
    (REQUESTS, 6, "（二）部分公开", {"rowspan": 2}), (REVIEWS, 0, "行政复议", {"colspan": 4}), (REVIEWS, 1, "结果维持", {"rowspan": 3}),
    (REVIEWS, 1, "总计", {"rowspan": 3}), (REVIEWS, 1, "未经复议直接起诉", {"colspan": 4}),
])  # fmt: skip
def test_a_header_with_a_wrong_merge_moves_no_figure(size: int, row: int, label: str, spans: dict[str, int], kind: str) -> None:
    """Also if most cells are blank, so that no figure is in the way of headers in wrong columns."""

    def merged(rows: Rows) -> Rows:
        at = next(number for number, cell in enumerate(rows[row]) if cell.text.startswith(label))
        rows[row][at] = rows[row][at]._replace(**spans)
        return rows

    for name in ("suqian-2024", "shanghai-municipal-office-2019"):
        report = published(name)
        sizes = [size, size - 2] if size == REQUESTS else [size]  # the edition of 2019 has two rows less
        found = read(
            kind, lambda rows, sizes=sizes: merged([list(one) for one in rows]) if len(rows) in sizes else rows, report
        )
        figures = figures_of(found.report)
        for table, of_table in report.figures.items():
            read_here = {path: text for path, text in figures[table].items() if text != "left out"}
            assert read_here.items() <= of_table.items()
            assert read_here == of_table or said(found) & {"unread-row", "unread-figure"}


def test_an_amount_below_a_header_of_another_width_is_not_read_for_its_empty_neighbour() -> None:
    """The header of 本年新公开数量 has one column and its figure two, and 本年新制作数量 is blank."""

    def narrow(rows: Rows) -> Rows:
        rows[1][2] = rows[1][2]._replace(colspan=1)
        return rows

    place = ("proactive-disclosure", "normative-documents.made")
    report = respelt(OLD, {place: ""})
    found = read("page.html", lambda rows: narrow([list(row) for row in rows]) if "本年新" in rows[1][1].text else rows, report)
    figures = figures_of(found.report)["proactive-disclosure"]
    read_here = {path: text for path, text in figures.items() if text != "left out"}
    assert read_here.items() <= report.figures["proactive-disclosure"].items()
    assert said(found) >= {"unread-row", "unread-figure"}


#: tables whose markup is wrong, so that a browser completes it
MARKUP: dict[str, Callable[[str], str]] = {
    "first row without its tag": lambda table: table.replace("<tr>", "", 1).replace("</tr>", "", 1),
    "form in each row": lambda table: table.replace("<tr>", "<tr><form><input type='hidden'>").replace("</tr>", "</form></tr>"),
    "block in each row": lambda table: table.replace("<tr>", "<tr><div>").replace("</tr>", "</div></tr>"),
    "a block without its end": lambda table: re.sub(r"<p><span>(1408|75|行政许可)</span></p></td>", r"<div>\1", table),
}


@pytest.mark.parametrize("markup", MARKUP)
def test_cells_are_in_the_rows_in_which_browsers_show_them(markup: str) -> None:
    page = written.html(REPORT).decode()
    for table in TABLES:
        whole = written.html_table(written.rows_of(REPORT, table))
        assert MARKUP[markup](whole) != whole or markup == "a block without its end"
        page = page.replace(whole, MARKUP[markup](whole))
    found = import_documents("a.html", page.encode(), FORMS, Wanted())[0]
    assert figures_of(found.report) == REPORT.figures
    assert said(found) == set()


@pytest.mark.parametrize("where", ["<body>", "<p>三、", "<p>四、", "<p>五、"])
@pytest.mark.parametrize("inserted", [
    "<html><head><title>导航</title></head><body><div>首页</div></body></html>", "</body></html>", "</BODY ></HTML>",
    f"<p><img src='data:image/png;base64,{'A' * 11_000_000}'></p>",
], ids=["page", "ends", "capital ends", "large picture"])  # fmt: skip
def test_nothing_is_lost_behind_another_page_in_a_page_or_a_large_picture(inserted: str, where: str) -> None:
    """As templates of portals include the pages of their head and foot."""
    page = written.html(REPORT).decode().replace(where, inserted + where, 1)
    found = import_documents("a.html", page.encode(), FORMS, Wanted())[0]
    assert figures_of(found.report) == REPORT.figures
    assert said(found) == set()


@pytest.mark.parametrize("cell", ["{}\t", "\t{}"])
def test_tabs_that_keep_numbers_as_text_do_not_part_the_cells_of_a_csv(cell: str) -> None:
    def kept(rows: Rows) -> Rows:
        return [[one if one.is_head else one._replace(text=cell.format(one.text)) for one in row] for row in rows]

    for name in ("suqian-2024", "huaian-hongze-2023"):
        report = published(name)
        found = import_documents("a.csv", written.csv_sheet(report, kept), FORMS, Wanted())[0]
        assert figures_of(found.report) == report.figures
        assert said(found) == set()


def note_within(rows: Rows) -> Rows:
    width = sum(cell.colspan for cell in rows[0])
    return [
        *rows[:2],
        [Cell("单位：件", 1, width)],
        *rows[2:4],
        [Cell("注：数据截至12月31日，含上年结转3件。", 1, width)],
        *rows[4:],
    ]


@pytest.mark.parametrize("kind", TEXTS)
def test_a_row_of_words_within_the_table_moves_nothing(kind: str) -> None:
    found = read(kind, only(PROACTIVE, note_within))
    assert figures_of(found.report) == REPORT.figures
    assert said(found) == set()


def with_units(rows: Rows) -> Rows:
    return [
        [
            cell._replace(text=f"{cell.text}（件）")
            if cell.is_head and cell.text in ("自然人", "总计", "本年制发件数")
            else cell
            for cell in row
        ]
        for row in rows
    ]


@pytest.mark.parametrize("kind", FEW)
def test_units_in_heads_do_not_matter_where_the_form_counts_in_them(kind: str) -> None:
    found = read(kind, with_units)
    assert figures_of(found.report) == REPORT.figures
    assert said(found) == set()


@pytest.mark.parametrize("at", [3, 6, 9])
@pytest.mark.parametrize("row", [3, 5, 7, 26])
def test_a_row_that_lacks_a_cell_moves_no_figure_into_an_empty_one(row: int, at: int) -> None:
    """The empty cells of lost merges before its figures are not one of them."""
    rows = written.without_merges(written.rows_of(REPORT, "requests"))
    short = [*rows[:row], [cell for number, cell in enumerate(rows[row]) if number != at], *rows[row + 1 :]]
    whole = written.html_table(written.rows_of(REPORT, "requests"))
    found = import_documents(
        "a.html", written.html(REPORT).decode().replace(whole, written.html_table(short)).encode(), FORMS, Wanted()
    )[0]
    layout = layout_of(FORMS["2021"].table("requests"))
    line = [line for block in layout.blocks for line in (*block.head, *block.body)][row]
    assert_all_but(found, REPORT, {("requests", cell.path): "" for cell in line if cell.path})
    (finding,) = found.findings
    assert "The row has 6 cells under 7 column headers; its figures are left out." in finding.message.render(str)


@pytest.mark.parametrize("html", ["", "<b>宿迁市</b>\n\n"])
@pytest.mark.parametrize(("cells", "count"), [("50 | 420", 2), ("50 | 227", 2), ("50 | 227 | 3 | 420", 4)])
def test_a_row_of_markdown_with_other_cells_than_headers_is_said(cells: str, count: int, html: str) -> None:
    """Programs add cells to short rows and leave out the rest of long ones, so that 420 was another figure."""
    page = written.markdown(REPORT).decode().replace("| 50 | 227 | 420 |", f"| {cells} |")
    found = import_documents("a.md", f"{html}{page}".encode(), FORMS, Wanted())[0]
    names = ("issued", "repealed", "in-force")
    assert_all_but(found, REPORT, {("proactive-disclosure", f"normative-documents.{name}"): "" for name in names})
    (finding,) = found.findings
    assert f"The row has {count} cells under 3 column headers; its figures are left out." in finding.message.render(str)


def over_pages(report: Published, at: int, heads: int) -> bytes:
    """Return the requests table cut after a row, with or without its header rows at the top of the next page."""
    page = written.html(report).decode()
    rows = re.findall(r"<tr>.*?</tr>", written.html_table(written.without_merges(written.rows_of(report, "requests"))))
    parts = [rows[:at], [*rows[:heads], *rows[at:]]]
    tables = "<p>— 3 —</p>".join(f"<table>{''.join(part)}</table>" for part in parts)
    whole = written.html_table(written.rows_of(report, "requests"))
    assert whole in page
    return page.replace(whole, tables).encode()


@pytest.mark.parametrize("heads", [0, 3])
@pytest.mark.parametrize("at", [4, 5, 7, 12, 16, 20, 23, 25])
@pytest.mark.parametrize("name", NAMES)
def test_a_table_that_is_cut_over_two_pages_is_one(name: str, at: int, heads: int) -> None:
    report = published(name)
    found = import_documents("a.html", over_pages(report, at, heads), FORMS, Wanted())[0]
    assert figures_of(found.report) == report.figures
    assert said(found) == set()


@pytest.mark.parametrize("name", NAMES)
def test_column_headers_alone_on_a_page_are_those_of_the_next(name: str) -> None:
    report = published(name)
    found = import_documents("a.html", over_pages(report, 3, 0), FORMS, Wanted())[0]
    assert figures_of(found.report) == report.figures
    assert said(found) == set()


@pytest.mark.parametrize("at", [2, 6, 9, 13, "reviews"])
def test_column_headers_that_end_a_page_are_those_of_the_next(at: int | str) -> None:
    """Of a table with several blocks, and of one without row headers, whose figures are alone on the next page."""
    name = at if isinstance(at, str) else "proactive-disclosure"
    rows = written.without_merges(written.rows_of(REPORT, name))
    parts = (rows[:at], rows[at:]) if isinstance(at, int) else (rows[:3], rows[3:])
    cut = "<p>— 3 —</p>".join(map(written.html_table, parts))
    page = written.html(REPORT).decode().replace(written.html_table(written.rows_of(REPORT, name)), cut)
    assert cut in page
    found = import_documents("a.html", page.encode(), FORMS, Wanted())[0]
    assert figures_of(found.report) == REPORT.figures
    assert said(found) == set()


@pytest.mark.parametrize("begins_early", [False, True])
def test_a_group_that_ends_or_begins_within_a_row_makes_no_second_row(begins_early: bool) -> None:
    """As where a browser has printed a table without collapsed borders over two pages."""
    rows = written.rows_of(REPORT, "requests")
    at = next(number for number, row in enumerate(rows) if any(cell.text.startswith("8.") for cell in row))
    group, *cells = rows[at + 1]
    taller = [cell._replace(rowspan=2) for cell in rows[at]]
    split = [*rows[:at], taller, [Cell("")], rows[at + 1], *rows[at + 2 :]]
    if begins_early:
        split = [*rows[:at], taller, [group._replace(rowspan=group.rowspan + 1)], cells, *rows[at + 2 :]]
    split = [
        [cell._replace(rowspan=cell.rowspan + 1) if cell.text.startswith("三、") else cell for cell in row] for row in split
    ]
    page = written.html(REPORT).decode().replace(written.html_table(rows), written.html_table(split))
    found = import_documents("a.html", page.encode(), FORMS, Wanted())[0]
    assert figures_of(found.report) == REPORT.figures
    assert said(found) == set()


@pytest.mark.parametrize("at", [3, 7])
def test_a_misspelt_header_is_reported_once_and_where_it_is(at: int) -> None:
    """Its table goes on on another page."""
    found = import_documents(
        "a.html", over_pages(REPORT, at, 0).replace("法律服务机构".encode(), "法律服务".encode()), FORMS, Wanted()
    )[0]
    assert figures_of(found.report) == REPORT.figures
    (finding,) = found.findings
    assert finding.message.render(str) == "table 2, row 3, column 8: “法律服务” was read as “法律服务机构”."


@pytest.mark.parametrize("name", NAMES)
def test_reviews_and_lawsuits_in_two_tables_lack_no_column(name: str) -> None:
    report = published(name)
    top, heads, below, figures = written.rows_of(report, "reviews")
    reviews = [top[:1], [cell._replace(rowspan=1) for cell in heads[:5]], figures[:5]]
    lawsuits = [top[1:], heads[5:], below, figures[5:]]
    page = (
        written.html(report)
        .decode()
        .replace(written.html_table([top, heads, below, figures]), "<p></p>".join(map(written.html_table, (reviews, lawsuits))))
    )
    found = import_documents("a.html", page.encode(), FORMS, Wanted())[0]
    assert figures_of(found.report) == report.figures
    assert said(found) == set()
    missing = import_documents("a.html", page.replace("复议后起诉", "").encode(), FORMS, Wanted())[0]
    assert said(missing) & {"missing-column", "unread-column", "unread-row"}


@pytest.mark.parametrize("at", range(3, 28))
def test_a_row_that_is_cut_by_the_end_of_a_page_is_one(at: int) -> None:
    """As in a PDF from Word: the rest of the label is alone on the next page, where its figures would be blank."""
    rows = written.without_merges(written.rows_of(REPORT, "requests"))
    place = max(number for number, cell in enumerate(rows[at]) if cell.is_head and cell.text)
    label, middle = rows[at][place].text, len(rows[at][place].text) * 4 // 5
    upper = [cell._replace(text=label[:middle]) if number == place else cell for number, cell in enumerate(rows[at])]
    lower = [cell._replace(text=label[middle:] if number == place else "") for number, cell in enumerate(rows[at])]
    halves = (written.html_table([*rows[:at], upper]), written.html_table([lower, *rows[at + 1 :]]))
    page = written.html(REPORT).decode()
    whole = written.html_table(written.rows_of(REPORT, "requests"))
    data = page.replace(whole, "<p>— 3 —</p>".join(halves)).encode()
    for blank_as_zero in (False, True):
        (found,) = import_documents("a.html", data, FORMS, Wanted(blank_as_zero=blank_as_zero))
        assert figures_of(found.report) == REPORT.figures
        assert said(found) == set()


def test_a_number_that_is_cut_by_the_end_of_a_page_is_said() -> None:
    """As in a PDF from Word, where 170 is broken in a narrow cell: 17 is at the end of the page, 0 on the next one."""
    rows = written.rows_of(REPORT, "reviews")
    upper = [cell._replace(text="17") if cell.text == "170" else cell for cell in rows[3]]
    lower = [cell._replace(text="0" if cell.text == "170" else "") for cell in rows[3]]
    whole, halves = written.html_table(rows), (written.html_table([*rows[:3], upper]), written.html_table([lower]))
    data = written.html(REPORT).decode().replace(whole, "<p>— 3 —</p>".join(halves)).encode()
    found = import_documents("a.html", data, FORMS, Wanted())[0]
    assert_all_but(found, REPORT, {("reviews", "reconsideration.total"): ""})
    assert told(found) == ["unread-figure"]


def turned(rows: Rows) -> Rows:
    """Return the table with rows and columns exchanged."""
    full = written.without_merges(rows)
    return [[row[column] for row in full] for column in range(len(full[0]))]


@pytest.mark.parametrize("kind", FEW)
@pytest.mark.parametrize("size", [PROACTIVE, REQUESTS, REVIEWS])
def test_a_table_that_is_turned_is_said(size: int, kind: str) -> None:
    found = read(kind, only(size, turned))
    names = {PROACTIVE: "proactive-disclosure", REQUESTS: "requests", REVIEWS: "reviews"}
    figures = figures_of(found.report)[names[size]]
    assert {path: text for path, text in figures.items() if text != "left out"}.items() <= REPORT.figures[names[size]].items()
    assert said(found) & {"missing-table", "missing-row", "unread-row", "unread-column", "missing-column"}


def test_last_years_row_beside_this_years_is_said() -> None:
    def with_last_year(rows: Rows) -> Rows:
        return [*rows, [cell._replace(text=str(int(cell.text) + 1)) for cell in rows[3]]]

    found = read("page.html", only(REVIEWS, with_last_year))
    assert_all_but(found, REPORT, {("reviews", path): "" for path in REPORT.figures["reviews"]})
    assert "read-twice" in said(found)


@pytest.mark.parametrize("kind", ["docx", "html", "xlsx"])
def test_two_reports_in_one_document_are_said_table_by_table(kind: str) -> None:
    years = [read_year_file(year_file(published(name))) for name in ("suqian-2023", "suqian-2024")]
    body = EXPORTS[kind](years, statutory_forms())
    data = body if isinstance(body, bytes) else body.encode()
    (found,) = import_documents(f"two.{kind}", data, statutory_forms(), Wanted(year=2024))
    twice = [one.render(translator("en")) for one in found.findings if one.rule.name == "read-twice"]
    assert len(twice) == 3
    assert (
        "Different figures for 规章·本年废止件数, 规章·现行有效件数, 行政规范性文件·本年制发件数, and 6 more are here and in "
        in twice[0]
    )
    assert found.report
    for table, figures in found.report.figures.items():
        for path, figure in figures.items():
            stated = {report.figures[table][path].value for report in years}
            assert figure.value == (stated.pop() if len(stated) == 1 else None), path


@pytest.mark.parametrize("seed", range(60))
def test_cells_that_are_lost_doubled_or_merged_by_chance_never_give_another_number(seed: int) -> None:
    """Damage at one to three cells of the body of a table; figures are read as published, or there is a finding."""
    rng = random.Random(seed)  # noqa: S311
    kind = rng.choice(["page.html", "word.html"])
    size = rng.choice([PROACTIVE, REQUESTS])

    def damaged(rows: Rows) -> Rows:
        for _ in range(rng.randint(1, 3)):
            row = rows[rng.choice([number for number, cells in enumerate(rows) if any(not cell.is_head for cell in cells)])]
            at = rng.choice([number for number, cell in enumerate(row) if not cell.is_head])
            how = rng.choice(["lost", "across", "word"])
            if how == "lost":
                del row[at]
            elif how == "across" and at + 1 < len(row):
                row[at] = row[at]._replace(colspan=row[at].colspan + row.pop(at + 1).colspan)
            else:
                row[at] = row[at]._replace(text=rng.choice(["一", "若干", "—", "见附件"]))
        return rows

    found = read(kind, only(size, damaged))
    table = "requests" if size == REQUESTS else "proactive-disclosure"
    figures = figures_of(found.report)
    assert {path: text for path, text in figures[table].items() if text != "left out"}.items() <= REPORT.figures[table].items()
    assert found.findings


def test_pairs_of_rows_that_share_a_cell_are_all_found() -> None:
    """Each pair of adjacent rows of figures, with one cell over both."""
    for upper, lower in pairwise(range(3, 28)):

        def shared(rows: Rows, upper: int = upper, lower: int = lower) -> Rows:
            rows[upper][-1] = rows[upper][-1]._replace(rowspan=2)
            del rows[lower][-1]
            return rows

        found = read("page.html", only(REQUESTS, shared))
        lost = {path for path, text in figures_of(found.report)["requests"].items() if text == "left out"}
        assert len(lost) == 2
        assert_all_but(found, REPORT, {("requests", path): "" for path in lost})
        assert said(found) == {"unread-figure"}


@pytest.mark.parametrize("year", ["20{}年", "20{}", "20{}年度"])
def test_a_comparison_of_years_is_no_table_of_the_report(year: str) -> None:
    years = "".join(f"<td>{year.format(one)}</td>" for one in range(18, 25))
    figures = "".join(f"<td>{one}</td>" for one in range(1, 8))
    labels = ("本年新收政府信息公开申请数量", "上年结转政府信息公开申请数量", "行政复议", "行政诉讼·复议后起诉")
    rows = "".join(f"<tr><td>{label}</td>{figures}</tr>" for label in labels)
    compared = f"<table><tr><td>项目</td>{years}</tr>{rows}</table>"
    page = written.html(published("suqian-2024")).decode()
    alone, both = (
        import_documents("a.html", data.encode(), FORMS, Wanted())[0]
        for data in (page, page.replace("<p>二、", f"{compared}<p>二、", 1))
    )
    assert figures_of(both.report) == figures_of(alone.report)
    said = "The columns are years: this is a comparison, and its figures are left out."
    for finding in both.findings:
        assert finding.message.render(str).partition(": ")[2] == said
        assert finding.rule.severity is Severity.WARNING
    assert both.findings
    title = "<h1>某市2024年政府信息公开工作年度报告</h1>"
    (none,) = import_documents("a.html", f"{title}{compared}".encode(), FORMS, Wanted())
    assert not any(reading.figures for reading in none.readings.values())
