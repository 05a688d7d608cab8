"""Our files in office programs: column widths in Word, numbers that fit their columns, pages that are filled."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.reports.figures import Status
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.exporters import EXPORTS
from sphinx_govreport.exporters.xlsx import blank_workbook
from sphinx_govreport.importers.recognise.report import Wanted, import_documents
from tests.exporters.hard import LONG_NOTE, hard_forms, hard_report
from tests.exporters.test_documents import converted
from tests.exporters.test_exports import printed, read
from tests.ext.test_own_forms import CASES
from tests.ext.test_own_forms import FORMS as OWN_FORMS
from tests.ext.test_own_forms import year_file as own_year_file
from tests.published import published, year_file

FORMS = hard_forms()
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WORD = {"w": W}
BOOK = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
NAMES = ("suqian-2024", "wendeng-commerce-2020", "shanghai-municipal-office-2019", "hard")
NUMBER = re.compile(r"[0-9][0-9.]*")
DIGIT = 0.65  # of the font size: the width of the digits of any substitute for 宋体


def report_of(name: str) -> Report:
    return hard_report() if name == "hard" else read(year_file(published(name)))


def written(kind: str, *reports: Report, forms: dict[str, Form] = FORMS) -> bytes:
    body = EXPORTS[kind](reports, forms)
    assert isinstance(body, bytes)
    return body


def part(body: bytes, name: str) -> Any:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return etree.fromstring(archive.read(name))


def val(element: Any, path: str, name: str = "val") -> str:
    """Return an attribute of the element at a path in a part of a Word document."""
    return str(element.xpath(f"string({path}/@w:{name})", namespaces=WORD))


def find(element: Any, path: str, names: dict[str, str] = WORD) -> list[Any]:
    found: list[Any] = element.xpath(path, namespaces=names)
    return found


# -- Word ----------------------------------------------------------------------------------------------------------


def widths(table: Any) -> list[int]:
    return [int(column.get(f"{{{W}}}w")) for column in find(table, "w:tblGrid/w:gridCol")]


def cells(table: Any) -> Iterator[tuple[Any, int, int]]:
    """Each cell with its first and last column."""
    for row in find(table, "w:tr"):
        column = 0
        for cell in find(row, "w:tc"):
            end = column + int(val(cell, "w:tcPr/w:gridSpan") or 1)
            yield cell, column, end
            column = end
        assert column == len(widths(table))


def text(element: Any) -> str:
    return "".join(one.text or "" for one in find(element, ".//w:t"))


@pytest.mark.parametrize("name", NAMES)
def test_word_is_told_the_widths_of_the_grid_cell_by_cell(name: str) -> None:
    """By ECMA-376 17.4.71 a table of fixed layout has the widths of its cells; those of the grid are only initial values."""
    tables = find(part(written("docx", report_of(name)), "word/document.xml"), "//w:tbl")
    assert len(tables) == 3
    for table in tables:
        grid = widths(table)
        assert val(table, "w:tblPr/w:tblLayout", "type") == "fixed"
        assert int(val(table, "w:tblPr/w:tblW", "w")) == sum(grid)
        assert sum(grid) == pytest.approx(156 / 25.4 * 1440, abs=1), "as wide as the text"
        for cell, start, end in cells(table):
            assert int(val(cell, "w:tcPr/w:tcW", "w")) == sum(grid[start:end])
            assert val(cell, "w:tcPr/w:tcW", "type") == "dxa"


@pytest.mark.parametrize("name", NAMES)
def test_no_number_is_wider_than_its_cell(name: str) -> None:
    body = written("docx", report_of(name))
    document, styles = part(body, "word/document.xml"), part(body, "word/styles.xml")
    sizes = {val(style, ".", "styleId"): int(val(style, "w:rPr/w:sz") or 0) / 2 for style in find(styles, "//w:style")}
    numbers = 0
    for table in find(document, "//w:tbl"):
        margins = sum(int(val(table, f"w:tblPr/w:tblCellMar/w:{side}", "w")) for side in ("left", "right"))
        for cell, _start, _end in cells(table):
            size = sizes[val(cell, "w:p/w:pPr/w:pStyle")]
            assert size >= 8
            for number in NUMBER.findall(text(cell)):
                numbers += 1
                room = (int(val(cell, "w:tcPr/w:tcW", "w")) - margins) / 20
                assert sum(DIGIT if char != "." else 0.5 for char in number) * size <= room, number
    assert numbers > 70


@pytest.mark.parametrize("name", NAMES)
def test_tables_of_word_say_what_they_are(name: str) -> None:
    report = report_of(name)
    tables = find(part(written("docx", report), "word/document.xml"), "//w:tbl")
    for table, of_report in zip(tables, report.forms, strict=True):
        rows = find(table, "w:tr")
        heads = len(find(table, "w:tr[w:trPr/w:tblHeader]"))
        assert heads == len(find(table, "w:tr[w:trPr/w:tblHeader][not(preceding-sibling::w:tr[not(w:trPr/w:tblHeader)])]"))
        assert heads == {"proactive-disclosure": 1}.get(of_report, 3)
        assert all(find(row, "w:trPr/w:cantSplit") for row in rows)
        for row in rows[:-1]:
            assert all(find(paragraph, "w:pPr/w:keepNext") for paragraph in find(row, ".//w:p")), "whole on one page"
        assert not find(rows[-1], ".//w:keepNext")
        label = report.layout(of_report, FORMS).label
        assert val(table, "w:tblPr/w:tblCaption") == f"{report.agency}{report.year}年{label}"
        columns = len(widths(table))
        assert val(table, "w:tblPr/w:tblDescription") == f"{len(rows)}行{columns}列，前{heads}行是表头。"


@pytest.mark.parametrize("epoch", ["1737331200", ""])
def test_documents_say_what_they_are(epoch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    moment = "2025-01-20T00:00:00Z" if epoch else "2020-01-01T00:00:00Z"
    for kind in ("docx", "xlsx"):
        body = written(kind, report_of("suqian-2024"))
        core = {etree.QName(one).localname: one.text for one in part(body, "docProps/core.xml")}
        assert core["title"] == "宿迁市2024年政府信息公开工作年度报告"
        assert (core["creator"], core["lastModifiedBy"]) == ("宿迁市", "宿迁市")
        assert (core["created"], core["modified"]) == (moment, moment)
        assert written(kind, report_of("suqian-2024")) == body
    body = written("docx", report_of("suqian-2024"))
    assert {etree.QName(one).localname: one.text for one in part(body, "docProps/core.xml")}["language"] == "zh-CN"
    assert val(part(body, "word/styles.xml"), "w:docDefaults/w:rPrDefault/w:rPr/w:lang", "eastAsia") == "zh-CN"
    settings = part(body, "word/settings.xml")
    assert val(settings, "w:themeFontLang", "eastAsia") == "zh-CN"
    assert val(settings, "w:compat/w:compatSetting[@w:name='compatibilityMode']") == "15"
    company = part(written("xlsx", report_of("suqian-2024")), "docProps/app.xml")
    assert "宿迁市" in [one.text for one in company]


def test_a_table_across_takes_its_heading_along_and_leaves_no_page_empty() -> None:
    """For two reports with such a table each: no more sections and page breaks than pages."""
    case = CASES["yongchuan"]
    form = (OWN_FORMS / f"{case.form}.yaml").read_text("utf-8")
    own = own_forms(form)
    reports = [read(own_year_file(case, agency), own) for agency in ("甲区", "乙区")]
    body = find(part(written("docx", *reports, forms=own), "word/document.xml"), "w:body")[0]
    assert [val(section, "w:pgSz", "orient") for section in find(body, ".//w:sectPr")] == ["landscape"]
    assert not find(body, ".//w:br[@w:type='page']")
    breaks = [text(paragraph) for paragraph in find(body, "w:p[w:pPr/w:pageBreakBefore]")]
    assert breaks == ["乙区2022年行政执法统计年报"]
    both = find(
        part(written("docx", reports[0], report_of("suqian-2024"), reports[1], forms=own), "word/document.xml"), "w:body"
    )[0]
    sections = find(both, ".//w:sectPr")
    assert [val(section, "w:pgSz", "orient") for section in sections] == ["landscape", "", "landscape"]
    assert not find(both, "w:p[w:pPr/w:pageBreakBefore]"), "a section begins on a new page"
    for paragraph in find(both, "w:p[not(.//w:t)]"):
        assert (val(paragraph, "w:pPr/w:spacing", "line"), val(paragraph, "w:pPr/w:spacing", "lineRule")) == ("20", "exact")
    before = [one.getprevious().getprevious() for one in find(both, "w:tbl")]
    assert all(val(one, "w:pPr/w:pStyle") == "Heading2" for one in before)
    assert len(find(both, "w:p[w:pPr/w:sectPr][following-sibling::*[1][self::w:p]]")) == 2, "no table without its heading"


def own_forms(form: str) -> dict[str, Form]:
    from sphinx_govreport.core.forms.reader import read_form
    from sphinx_govreport.core.yaml.source import read_source

    made, problems = read_form(read_source("form.yaml", form.encode()), FORMS)
    assert made, problems
    return {**FORMS, made.name: made}


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_hard_report_comes_back(kind: str) -> None:
    report = hard_report()
    (found,) = import_documents(f"a.{kind}", written(kind, report), FORMS, Wanted())
    assert found.findings == ()
    assert found.report
    assert printed(found.report) == printed(report)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hard", "suqian-2024"])
def test_libreoffice_prints_every_number_whole(name: str, tmp_path: Path) -> None:
    report = report_of(name)
    for kind in ("docx", "xlsx"):
        (tmp_path / f"a.{kind}").write_bytes(written(kind, report))
        with pdfplumber.open(io.BytesIO(converted(tmp_path, f"a.{kind}", "pdf"))) as document:
            words = [word for page in document.pages for word in page.extract_words(keep_blank_chars=False, x_tolerance=1)]
            assert all(word["x0"] > 0 and word["x1"] < max(page.width for page in document.pages) for word in words)
            shown = "\n".join(word["text"] for word in words)
            if kind == "docx":
                assert len(document.pages) == 3
            elif name == "suqian-2024":
                requests = document.pages[1]
                rows = [line["top"] for line in (*requests.rects, *requests.lines)]
                assert max(rows) > requests.height * 0.85, "the table fills its page"
        for figures in report.figures.values():
            for path, figure in figures.items():
                if figure.status is Status.NUMBER:
                    assert re.search(rf"(?<![0-9.]){re.escape(figure.text)}(?![0-9.])", shown), (kind, path)


# -- Excel ---------------------------------------------------------------------------------------------------------

NARROW, WIDE = (8.27 - 1.2) * 96, (11.69 - 1.2) * 96  # pixels of A4 within its margins


def sheets(body: bytes) -> list[Any]:
    names = [name for name in zipfile.ZipFile(io.BytesIO(body)).namelist() if name.startswith("xl/worksheets/sheet")]
    return [part(body, f"xl/worksheets/sheet{number}.xml") for number in range(1, len(names) + 1)]


def columns(sheet: Any) -> list[float]:
    """Return the widths of all columns, in pixels."""
    return [
        round(float(one.get("width")) * 7)
        for one in find(sheet, "m:cols/m:col", BOOK)
        for _ in range(int(one.get("min")), int(one.get("max")) + 1)
    ]


def heights(sheet: Any) -> list[float]:
    return [float(row.get("ht")) for row in find(sheet, "m:sheetData/m:row", BOOK)]


def merges(sheet: Any) -> dict[str, tuple[int, int, int, int]]:
    """Return first and last row and column of each merge, by its first cell."""
    found = {}
    for one in find(sheet, "m:mergeCells/m:mergeCell", BOOK):
        first, last = one.get("ref").split(":")
        (left, top), (right, bottom) = place(first), place(last)
        found[first] = (top, bottom, left, right)
    return found


def place(cell: str) -> tuple[int, int]:
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()  # type: ignore[union-attr]
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1, int(digits) - 1


def formats(body: bytes) -> list[str]:
    """Return the number format of each style."""
    styles = part(body, "xl/styles.xml")
    own = {one.get("numFmtId"): one.get("formatCode") for one in find(styles, "m:numFmts/m:numFmt", BOOK)}
    known = {"0": "General", "1": "0", "2": "0.00", **own}
    return [known[one.get("numFmtId")] for one in find(styles, "m:cellXfs/m:xf", BOOK)]


@pytest.mark.parametrize("name", NAMES)
def test_each_number_is_shown_with_all_its_digits(name: str) -> None:
    """Not as 1.2E+13, which the format General shows from 12 digits on, nor as ####, as in a narrow column."""
    report = report_of(name)
    body = written("xlsx", report)
    styles = formats(body)
    shown = []
    for sheet in sheets(body)[:3]:
        pixels, merged = columns(sheet), merges(sheet)
        for cell in find(sheet, "//m:c[not(@t='s')][m:v]", BOOK):
            code = styles[int(cell.get("s"))]
            column, row = place(cell.get("r"))
            _top, _bottom, left, right = merged.get(cell.get("r"), (row, row, column, column))
            value = f"{float(cell.findtext('m:v', namespaces=BOOK)):.{len(code.partition('.')[2])}f}"
            assert re.fullmatch(r"0(\.0+)?", code), value
            assert len(value) * 10 * 96 / 72 * DIGIT <= sum(pixels[left : right + 1]), value
            shown.append(value)
    numbers = [
        figure.text
        for figures in report.figures.values()
        for figure in figures.values()
        if figure.status is Status.NUMBER and not figure.remark()
    ]
    assert sorted(shown) == sorted(numbers), "decimals as they were written"


def test_a_number_of_more_digits_than_a_spreadsheet_keeps_is_a_text() -> None:
    fifteen, total = "999999999999999", "requests.received.total"
    numbers = {"requests.received.natural-person": fifteen, "requests.received.enterprise": fifteen, total: ""}
    report = hard_report(numbers)
    figure = report.figures["requests"]["received.total"]
    assert len(figure.text) == 16
    book = CalamineWorkbook.from_filelike(io.BytesIO(written("xlsx", report)))
    for sheet, row, column in (("三、收到和处理政府信息公开申请情况", 6, 9), ("数据明细", 1 + 13 + 6, 4)):
        assert book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)[row][column] == figure.text


@pytest.mark.parametrize("name", NAMES)
def test_sheets_are_set_up_for_the_screen_and_for_a4(name: str) -> None:
    report = report_of(name)
    body = written("xlsx", report)
    names = {
        (one.get("name"), one.get("localSheetId")): one.text
        for one in find(part(body, "xl/workbook.xml"), "//m:definedName", BOOK)
    }
    for number, (sheet, table) in enumerate(zip(sheets(body), (*report.forms, ""), strict=True)):
        (pane,) = find(sheet, "//m:pane", BOOK)
        layout = report.layout(table, FORMS) if table else None
        blocks = layout.blocks if layout else ()
        assert pane.get("state") == "frozen"
        assert int(pane.get("ySplit")) == (3 + (len(blocks[0].head) if len(blocks) == 1 else 0) if blocks else 1)
        assert int(pane.get("xSplit") or 0) == (blocks[0].stubs if blocks else 0)
        (page,) = find(sheet, "m:pageSetup", BOOK)
        assert page.get("paperSize") == "9"
        across = page.get("orientation") == "landscape"
        assert across == (not layout or layout.width > 12)
        last = max(place(cell.get("r"))[1] for cell in find(sheet, "//m:c", BOOK)) + 1
        assert names["_xlnm.Print_Area", str(number)].endswith(f"${'ABCDEFGHIJKLMNO'[len(columns(sheet)) - 1]}${last}")
        if len(blocks) < 2:
            assert ("_xlnm.Print_Titles", str(number)) in names
        assert page.get("fitToWidth") in (None, "1")
        if layout and name != "hard":
            assert sum(columns(sheet)) == pytest.approx(WIDE if across else NARROW, rel=0.02), "as wide as the page"
            assert page.get("fitToHeight") in (None, "1")


def test_no_figure_is_lost_at_the_end_of_a_sheet() -> None:
    report = report_of("suqian-2024")
    with pytest.raises(ValueError, match="more figures than rows in a worksheet; export them as csv"):
        EXPORTS["xlsx"]([report] * 5243, FORMS)


def test_the_table_of_requests_fills_a_page() -> None:
    for body in (written("xlsx", report_of("suqian-2024")), blank_workbook(statutory_forms()["2021"], 2024)):
        requests = sheets(body)[1]
        assert 0.9 < sum(heights(requests)) / ((11.69 - 1.4) * 72) < 1.05, (
            "as near as a page can be filled without letters that are much smaller"
        )


def test_notes_have_rows_that_are_high_enough() -> None:
    report = hard_report()
    body = written("xlsx", report)
    strings = [text_of(one) for one in find(part(body, "xl/sharedStrings.xml"), "m:si", BOOK)]
    seen = 0
    for sheet in sheets(body)[:3]:
        pixels, points, merged = columns(sheet), heights(sheet), merges(sheet)
        for cell in find(sheet, "//m:c[@t='s']", BOOK):
            shown = strings[int(cell.findtext("m:v", namespaces=BOOK))]
            column, row = place(cell.get("r"))
            top, bottom, left, right = merged.get(cell.get("r"), (row, row, column, column))
            if row < 3:
                continue
            per_line = (sum(pixels[left : right + 1]) - 4) // (10 * 96 / 72)  # characters of 10 points
            lines = sum(-(-len(line) // max(per_line, 1)) for line in shown.split("\n"))
            assert sum(points[top : bottom + 1]) >= lines * 12, shown
            seen += shown == f"注：{LONG_NOTE}"
    assert seen == 1


def text_of(string: Any) -> str:
    return "".join(one.text or "" for one in find(string, ".//m:t", BOOK))


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_has_a_row_for_each_figure(name: str) -> None:
    report = report_of(name)
    book = CalamineWorkbook.from_filelike(io.BytesIO(written("xlsx", report)))
    head, *rows = book.get_sheet_by_name("数据明细").to_python()
    assert head == ["机关", "年度", "部分", "指标", "数值", "单位", "状态", "备注"]
    expected = []
    words = {Status.NUMBER: "数字", Status.NOT_APPLICABLE: "不适用", Status.BLANK: "未填报", Status.UNKNOWN: "不明"}
    for table, figures in report.figures.items():
        heading = FORMS[report.forms[table]].table(table).heading
        indicators = report.layout(table, FORMS).indicators
        for path, figure in figures.items():
            value = float(figure.text) if figure.status is Status.NUMBER else ""
            unit = figure.unit or indicators[path].unit
            row = [report.agency, report.year, heading, indicators[path].label, value, unit, words[figure.status], figure.note]
            expected.append(row)
    assert rows == expected
    assert len(rows) >= 10 + 7 * 20 + 15


def test_the_rows_of_several_reports_stand_in_one_sheet_that_is_not_read_as_a_table() -> None:
    reports = [report_of("suqian-2024"), hard_report()]
    book = CalamineWorkbook.from_filelike(io.BytesIO(written("xlsx", *reports)))
    assert book.sheet_names[-1] == "数据明细"
    rows = book.get_sheet_by_name("数据明细").to_python()[1:]
    assert [agency for agency, following in pairwise([*(row[0] for row in rows), ""]) if agency != following] == [
        report.agency for report in reports
    ]
    for report in reports:
        (found,) = import_documents("a.xlsx", written("xlsx", report), FORMS, Wanted())
        assert found.findings == ()
        assert found.document
        assert len(list(found.document.grids)) == 3


def test_a_note_is_introduced_once() -> None:
    report = hard_report()
    for kind in ("docx", "xlsx", "html", "text"):
        body = EXPORTS[kind]([report], FORMS)
        shown = body if isinstance(body, str) else "".join(part_texts(body))
        assert shown.count("备注：") == 1, kind
        assert "注：备注" not in shown
        assert f"注：{LONG_NOTE}" in shown


def part_texts(body: bytes) -> Sequence[str]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return [
            "".join(etree.fromstring(archive.read(name)).itertext())
            for name in archive.namelist()
            if name in ("word/document.xml", "xl/sharedStrings.xml")
        ]
