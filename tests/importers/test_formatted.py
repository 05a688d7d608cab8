"""Readers of a document see only some of its characters: the imported figure is the one they see."""

from __future__ import annotations

import io
import itertools
import re
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
import xlsxwriter

from sphinx_govreport.core.diagnostics import Problem
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.reports.figures import Status
from sphinx_govreport.importers.document import Box, Paragraph, Refused, grid_of, numbered
from sphinx_govreport.importers.markdown_page import page_text
from sphinx_govreport.importers.readers import read_document
from sphinx_govreport.importers.recognise.report import Imported, Wanted, import_documents
from sphinx_govreport.importers.values import read_value
from tests.benchmarks.test_counts import Steps
from tests.fuzz import pdf_text
from tests.importers import formatted, written
from tests.importers.formatted import MARK, UNSEEN, WAYS
from tests.importers.test_documents import figures_of, said
from tests.published import NAMES, Published, published

pytestmark = pytest.mark.usefixtures("read_here")

CASES = Path(__file__).parent / "cases"
FORMS = statutory_forms()
REPORT = published("suqian-2024")


def imported(file: str, data: bytes) -> Imported:
    return import_documents(file, data, FORMS, Wanted())[0]


def dressed(kind: str, way: str) -> formatted.Dress:
    """Return figures with invisible text before and after, with a mark after, or formatted as a whole."""

    def dress(text: str) -> list[formatted.Piece]:
        digits = text.strip("万元")
        if kind == UNSEEN:
            return [("9", way), (text, ""), ("8", way)]
        return [(text, ""), ("1", way)] if kind == MARK else [(digits, way), (text[len(digits) :], "")]

    return dress


@pytest.mark.parametrize(("file", "way"), [(file, way) for file, ways in WAYS.items() for way in ways])
def test_what_is_seen_is_read(file: str, way: str) -> None:
    kind = WAYS[file][way].kind
    found = imported(file, formatted.document(file, REPORT, dressed(kind, way)))
    assert figures_of(found.report) == REPORT.figures
    assert said(found) == ({"footnote-mark"} if kind == MARK else set())
    if kind == MARK:
        assert len(found.findings) == sum(map(len, REPORT.figures.values())), "each mark is said at its place"


@pytest.mark.parametrize("file", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_every_report_with_every_way_at_once(name: str, file: str) -> None:
    report = published(name)
    ways = itertools.cycle((way.kind, name) for name, way in WAYS[file].items())
    found = imported(file, formatted.document(file, report, lambda text: dressed(*next(ways))(text)))
    assert found.report
    assert (found.report.agency, found.report.year) == (report.agency, report.year)
    assert figures_of(found.report) == report.figures
    assert said(found) == {"footnote-mark"}


# -- whole cells, rows, columns and sheets ---------------------------------------------------------------------------


def read_back(file: str, data: bytes) -> None:
    """Check that every figure is imported without a finding."""
    found = imported(file, data)
    assert figures_of(found.report) == REPORT.figures
    assert said(found) == set()


def of_workbook(how: Callable[[str], str], part: str = "xl/worksheets/sheet1.xml") -> bytes:
    return formatted.changed(written.workbook(REPORT), {part: how})


def rows_below(xml: str, attributes: str) -> str:
    """Return a sheet with an additional row, which has another number of licences."""
    cells = '<c r="A60" t="inlineStr"><is><t>行政许可</t></is></c><c r="B60"><v>777</v></c>'
    return xml.replace("</sheetData>", f'<row r="60" {attributes}>{cells}</row></sheetData>')


@pytest.mark.parametrize("attributes", ['hidden="1"', 'hidden="true"', 'ht="0" customHeight="1"'])
def test_hidden_rows_of_a_workbook_are_not_read(attributes: str) -> None:
    read_back("a.xlsx", of_workbook(lambda xml: rows_below(xml, attributes)))
    twice = imported("a.xlsx", of_workbook(lambda xml: rows_below(xml, 'ht="15"')))
    assert said(twice) == {"read-twice"}, "the row would be read"


@pytest.mark.parametrize("attributes", ['hidden="1"', 'width="0" customWidth="1"'])
def test_hidden_columns_of_a_workbook_are_not_read(attributes: str) -> None:
    def with_column(rows: written.Rows) -> written.Rows:
        full = written.without_merges(rows)
        return [
            [*row[:1], written.Cell("年份" if number == 1 else str(number), is_head=False), *row[1:]]
            for number, row in enumerate(full)
        ]

    data = written.workbook(REPORT, with_column)
    columns = f'<cols><col min="2" max="2" {attributes}/></cols><sheetData>'
    read_back("a.xlsx", formatted.changed(data, {"xl/worksheets/sheet1.xml": lambda xml: xml.replace("<sheetData>", columns)}))
    assert said(imported("a.xlsx", data)), "the column would be in the way"


def test_places_in_a_workbook_are_those_that_its_program_shows() -> None:
    def bad(xml: str) -> str:
        return xml.replace("<sheetData>", '<cols><col min="1" max="1" hidden="1"/></cols><sheetData><row r="2" hidden="1"/>')

    def with_column(rows: written.Rows) -> written.Rows:
        return [
            [written.Cell("隐"), *(cell._replace(text="若干") if cell.text == "1573179" else cell for cell in row)]
            for row in written.without_merges(rows)
        ]

    data = formatted.changed(written.workbook(REPORT, with_column), {"xl/worksheets/sheet1.xml": bad})
    found = import_documents("a.xlsx", data, FORMS, Wanted("宿迁市", 2024))[0]  # its title is in the hidden column
    (finding,) = found.findings
    assert finding.message.render(str) == "sheet “年报”, row 9, column 3: 行政许可·本年处理决定数量: “若干” is not a number."


@pytest.mark.parametrize("how", ["hide", "very_hidden"])
def test_hidden_sheets_are_not_read(how: str) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        other, main = book.add_worksheet("旧"), book.add_worksheet("新")
        main.activate()
        getattr(other, how)()
        other.write_row(0, 0, ["行政许可", 5])
        main.write_column(0, 0, [written.title(REPORT), "信息内容", "行政许可"])
        main.write_column(1, 1, ["本年处理决定数量", 7])
    report = imported("a.xlsx", file.getvalue()).report
    assert report
    assert report.figures["proactive-disclosure"]["licensing.decisions"].text == "7"


@pytest.mark.parametrize(("properties", "text"), [
    ({"font_strikeout": True}, ""), ({"font_script": 1}, None), ({"font_script": 2}, None), ({"num_format": ";;;"}, ""), ({"bold": True}, "7"),
])  # fmt: skip
def test_cells_of_a_workbook_by_their_format(properties: dict[str, object], text: str | None) -> None:
    """A struck-out or hidden cell is empty; a number that is raised as a whole is not a mark."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_column(0, 0, [written.title(REPORT), "信息内容", "行政许可"])
        sheet.write(1, 1, "本年处理决定数量")
        sheet.write(2, 1, 7, book.add_format(properties))
        sheet.write_column(3, 0, ["行政处罚", "行政强制"])
        sheet.write_column(3, 1, [8, 9])
    found = imported("a.xlsx", file.getvalue())
    assert found.report
    figure = found.report.figures["proactive-disclosure"]["licensing.decisions"]
    assert (figure.text if figure.is_explicit else None) == text
    assert ("unread-figure" in said(found)) == (text is None)


@pytest.mark.parametrize(("shown_as", "value", "text"), [
    ("0.00", 12.5, "12.50"), ("0.0000", 12.5, "12.5000"), ("0.0", 12.55, "12.55"), ("0.00", 12, "12"), ("General", 12.5, "12.5"),
])  # fmt: skip
def test_zeros_behind_a_decimal_are_read_as_they_are_shown(shown_as: str, value: float, text: str) -> None:
    """But not those of a whole number: a count stays a count in any format, and no stored digit is lost."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_column(0, 0, [written.title(REPORT), "信息内容", "行政事业性收费"])
        sheet.write(1, 1, "本年收费金额（单位：万元）")
        sheet.write(2, 1, value, book.add_format({"num_format": shown_as}))
    report = imported("a.xlsx", file.getvalue()).report
    assert report
    assert report.figures["proactive-disclosure"]["fees.amount"].text == text


#: formats of 727012578, and what is read; empty if there is a finding, because another number or another unit is shown
AMOUNT_FORMATS = {
    "General": "727012578", "#,##0": "727012578", "#,##0.00": "727012578", '"￥"#,##0.00_);[Red]("￥"#,##0.00)': "727012578", "0.0000_ ": "727012578",
    '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ': "727012578", '0"万元"': "727012578", 'G/通用格式"万元"': "727012578", "0.00E+00": "727012578",
} | dict.fromkeys(
    ['0!.0000', '0\\.0,', '0!.0,"万"', "0.00,", '0.0,,"百万"', "0%", "0.00%", '0"元"', '#,##0.00"元"', '0"万"', '[>=10000]0!.0,"万元";0', '[<10000]0;0!.0,"万元"'], ""
)  # fmt: skip


@pytest.mark.parametrize("shown_as", AMOUNT_FORMATS)
def test_a_format_that_shows_another_number_or_unit_is_not_passed_over(shown_as: str) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        style = book.add_format({"num_format": shown_as})
        sheet.write_column(0, 0, [written.title(REPORT), "信息内容", "行政事业性收费"])
        sheet.write_row(1, 1, ["本年收费金额（单位：万元）"])
        sheet.write(2, 1, 727012578, style)
    for value, text in (("727012578", AMOUNT_FORMATS[shown_as]), ("0", "0"), ("0.30000000000000004", "0.3")):
        part = {"xl/worksheets/sheet1.xml": lambda xml, value=value: xml.replace("727012578", value)}
        found = imported("a.xlsx", formatted.changed(file.getvalue(), part))
        assert found.report
        figure = found.report.figures["proactive-disclosure"]["fees.amount"]
        is_read = bool(AMOUNT_FORMATS[shown_as]) or value == "0"
        assert (figure.text, "unread-figure" in said(found)) == (text if is_read else "", not is_read)


#: formats, and whether they show a zero
ZEROS = dict.fromkeys(
    ["0;-0;;@", "0;-0;", "General;General;", "#", "#,###", "#.##", "???", '0;-0;"";@', '[=0]"";General', "[>0]0;;", ";;;"],
    False,
) | dict.fromkeys(
    ["General", "@", "0;-0", "0_);(0)", '0;-0;"-"', '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"??_ ;_ @_ ', "#,##0", "0%"], True
)


def zeros(shown_as: str, *, is_hidden: bool = False) -> bytes:
    """Return a workbook with 0 in a format, on a sheet that hides zeros or not."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_column(0, 0, [written.title(REPORT), "信息内容", "行政许可", "行政处罚"])
        sheet.write(1, 1, "本年处理决定数量")
        sheet.write_column(2, 1, [0, 9], book.add_format({"num_format": shown_as}))
        if is_hidden:
            sheet.hide_zero()
    return file.getvalue()


@pytest.mark.parametrize("shown_as", ZEROS)
def test_a_zero_that_a_workbook_hides_is_not_filled_in(shown_as: str) -> None:
    """Its readers see an empty cell, as for a formula that refers to one; it is 0 if they say that empty cells are."""
    for is_hidden in (False, True):
        data = zeros(shown_as, is_hidden=is_hidden)
        for blank_as_zero in (False, True):
            found = import_documents("a.xlsx", data, FORMS, Wanted(blank_as_zero=blank_as_zero))[0]
            assert found.report
            figures = found.report.figures["proactive-disclosure"]
            is_zero = blank_as_zero or (ZEROS[shown_as] and not is_hidden)
            assert figures["licensing.decisions"].text == ("0" if is_zero else "")
            if shown_as not in (";;;", "0%"):
                assert figures["penalties.decisions"].text == "9"


@pytest.mark.parametrize("name", ["zero-format.xls", "zero-option.xls", "zero-format.ods", "zero-option.ods"])
def test_other_workbooks_hide_zeros_too(name: str) -> None:
    """Saved by LibreOffice: one file of each kind with the format 0;-0;;@, one with the option not to show zeros."""
    found = imported(name, (CASES / name).read_bytes())
    assert found.report
    figures = found.report.figures["proactive-disclosure"]
    assert [figures[f"{row}.decisions"].text for row in ("licensing", "penalties")] == ["", "9"]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_an_error_of_a_formula_is_not_taken_for_an_empty_cell(kind: str) -> None:
    found = import_documents(f"a.{kind}", (CASES / f"error.{kind}").read_bytes(), FORMS, Wanted(blank_as_zero=True))[0]
    assert found.report
    figures = found.report.figures["proactive-disclosure"]
    assert not figures["licensing.decisions"].is_explicit
    assert figures["penalties.decisions"].text == "9"
    (message,) = (finding.message.render(str) for finding in found.findings if finding.rule.name == "unread-figure")
    assert message.endswith("row 3, column 2: 行政许可·本年处理决定数量: “#N/A” is not a number.")


@pytest.mark.parametrize(("value", "shown", "text"), [
    ("72701.2578", "72,701.26", "72701.2578"), ("72701.2578", "￥72701.2578", "72701.2578"), ("72701.2578", "", "72701.2578"), ("72701.2578", "72701.2578万元", "72701.2578"),
    ("727012578", "72701.2578", "72701.2578"), ("727012578", "72701.3万", ""), ("727012578", "727012578元", ""), ("0.05", "5%", ""), ("0", "0%", ""),
])  # fmt: skip
def test_a_number_of_an_ods_is_read_as_it_is_shown_but_not_rounded(value: str, shown: str, text: str) -> None:
    def change(xml: str) -> str:
        return re.sub(
            '(office:value=")72701.2578"([^>]*)/>', f'\\g<1>{value}"\\2><text:p>{shown}</text:p></table:table-cell>', xml
        )

    found = imported("a.ods", of_ods(change))
    assert found.report
    assert found.report.figures["proactive-disclosure"]["fees.amount"].text == text
    assert ("unread-figure" in said(found)) == (not text)


def of_ods(how: Callable[[str], str]) -> bytes:
    return formatted.changed(written.ods(REPORT), {"content.xml": how})


_ODS_ROW = "<table:table-row {}>" + "".join(map(written._ods_text, ("行政许可", "777"))) + "</table:table-row>"
_ODS_SHEET = '<table:table table:name="旧" table:style-name="ta">' + _ODS_ROW.format("") + "</table:table>"
_ODS_HIDDEN = (
    '<office:automatic-styles xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"><style:style style:name="ta" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body>'
)
_ODS_EXTRA = '<table:table-cell office:value-type="float" office:value="5"><text:p>5</text:p></table:table-cell>'


@pytest.mark.parametrize("how", [
    lambda xml: xml.replace("</table:table>", _ODS_ROW.format('table:visibility="collapse"') + "</table:table>"),
    lambda xml: xml.replace("</table:table>", _ODS_ROW.format('table:visibility="filter"') + "</table:table>"),
    lambda xml: xml.replace("</table:table>", '<table:table-row-group table:display="false">' + _ODS_ROW.format("") + "</table:table-row-group></table:table>"),
    lambda xml: xml.replace("<office:body>", _ODS_HIDDEN).replace("<office:spreadsheet>", f"<office:spreadsheet>{_ODS_SHEET}"),
    lambda xml: re.sub("(<table:table [^>]*>)", '\\1<table:table-column table:visibility="collapse"/>', xml).replace("<table:table-row>", f"<table:table-row>{_ODS_EXTRA}"),
], ids=["row", "filtered row", "group of rows", "sheet", "column"])  # fmt: skip
def test_what_is_hidden_in_an_ods_is_not_read(how: Callable[[str], str]) -> None:
    read_back("a.ods", of_ods(how))


def test_an_xls_is_read_as_it_is_shown() -> None:
    """A file with a hidden sheet, row and column, struck-out cells, cells whose format shows nothing, and rich text."""
    found = imported("a.xls", (CASES / "formatted.xls").read_bytes())
    assert figures_of(found.report) == REPORT.figures
    assert said(found) == {"footnote-mark"}


# -- Word --------------------------------------------------------------------------------------------------------------


def test_a_format_of_an_xls_that_shows_another_number_is_not_passed_over() -> None:
    found = imported("a.xls", (CASES / "formatted.xls").read_bytes().replace(b"General", b"0!.0000"))
    assert found.report
    shown = {figure.text for table in found.report.figures.values() for figure in table.values() if figure.is_explicit}
    assert "unread-figure" in said(found)
    assert "1573179" not in shown


def of_word(how: Callable[[str], str]) -> bytes:
    return formatted.changed(written.word(REPORT), {"word/document.xml": how})


def word_rows(properties: str, cell: str = "") -> str:
    cells = "".join(
        f"<w:tc><w:tcPr>{cell}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>" for text in ("行政许可", "777")
    )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr></w:tbl>"


_REVISED = 'w:id="7" w:author="x" w:date="2025-01-01T00:00:00Z"'


@pytest.mark.parametrize(
    "row", [word_rows("<w:hidden/>"), word_rows(f"<w:del {_REVISED}/>"), word_rows("", f"<w:cellDel {_REVISED}/>")]
)
def test_hidden_and_deleted_rows_of_word_are_not_read(row: str) -> None:
    read_back("a.docx", of_word(lambda xml: xml.replace("</w:tbl>", row, 1)))
    assert said(imported("a.docx", of_word(lambda xml: xml.replace("</w:tbl>", word_rows(""), 1)))), "the row would be read"


def test_rows_of_word_that_begin_further_right_keep_their_columns() -> None:
    """Instead of a cell that continues the one above, as if its border had been moved."""

    def shortened(xml: str) -> str:
        tables = xml.split("<w:tbl>")
        rows = tables[2].split("<w:tr>")
        for number, row in enumerate(rows):
            first, end, rest = row.partition("</w:tc>")
            if 7 <= number < 27 and "<w:vMerge/>" in first + end:
                rows[number] = f"<w:trPr><w:gridBefore w:val='1'/></w:trPr>{rest}"
        tables[2] = "<w:tr>".join(rows)
        return "<w:tbl>".join(tables)

    read_back("a.docx", of_word(shortened))


def test_a_table_in_a_text_box_and_tables_in_a_layout_table_are_read() -> None:
    def boxed(xml: str) -> str:
        start, end = xml.index("<w:tbl>"), xml.index("</w:tbl>") + len("</w:tbl>")
        box = f"<w:p><w:r><w:pict><w:txbxContent>{xml[start:end]}</w:txbxContent></w:pict></w:r></w:p>"
        return xml[:start] + box + xml[end:]

    def laid_out(xml: str) -> str:
        start, end = xml.index("<w:body>") + len("<w:body>"), xml.index("<w:sectPr")
        return f"{xml[:start]}<w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc>{xml[start:end]}<w:p/></w:tc></w:tr></w:tbl>{xml[end:]}"

    read_back("a.docx", of_word(boxed))
    read_back("a.docx", of_word(laid_out))


def test_a_text_box_at_a_cell_is_not_run_together_with_its_figure() -> None:
    box = "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>1</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    found = imported("a.docx", of_word(lambda xml: xml.replace("<w:t>1573179</w:t></w:r>", f"<w:t>1573179</w:t></w:r>{box}")))
    assert said(found) == {"unread-figure"}


def _field(code: str, *inner: str, result: str) -> str:
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    return f"{begin}<w:r><w:instrText>{code}</w:instrText></w:r>{''.join(inner)}{separate}{result}{end}"


@pytest.mark.parametrize(("run", "text"), [
    ("<w:r><w:noBreakHyphen/><w:t>8</w:t></w:r>", "-8"),
    ("<w:r><w:rPr><w:position w:val='6'/></w:rPr><w:t>8</w:t></w:r>", "8"),
    ('<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>8</m:t></m:r></m:oMath>', "8"),
    ('<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:f><m:num><m:r><m:t>8</m:t></m:r></m:num><m:den><m:r><m:t>3</m:t></m:r></m:den></m:f></m:oMath>', None),
    ('<w:r><w:t>8</w:t><w:instrText> eq \\o\\ac(○,1) </w:instrText></w:r>', None),
    (_field(" = ", _field(" MERGEFIELD a ", result="<w:r><w:t>3</w:t></w:r>"), "<w:r><w:instrText> + 5 </w:instrText></w:r>", result="<w:r><w:t>8</w:t></w:r>"), "8"),
    (_field(" = 4 ", result=_field(" = 4 ", result="<w:r><w:t>8</w:t></w:r>")), "8"),
    ('<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:listEntry w:val="8"/></w:ddList></w:ffData></w:fldChar></w:r>', None),
    ('<w:r><w:t>8</w:t><w:sym w:font="Wingdings" w:char="F081"/></w:r>', None),
    ('<w:bdo w:val="ltr"><w:r><w:t>18</w:t></w:r></w:bdo>', "18"), ('<w:bdo w:val="rtl"><w:r><w:t>18</w:t></w:r></w:bdo>', None),
])  # fmt: skip
def test_what_else_word_has_for_characters(run: str, text: str | None) -> None:
    report = published("wendeng-commerce-2020")
    figures = {**report.figures, "proactive-disclosure": {**report.figures["proactive-disclosure"], "licensing.change": "⟦⟧"}}
    data = written.word(report._replace(figures=figures))
    found = imported(
        "a.docx", formatted.changed(data, {"word/document.xml": lambda xml: xml.replace("<w:r><w:t>⟦⟧</w:t></w:r>", run)})
    )
    assert found.report
    figure = found.report.figures["proactive-disclosure"]["licensing.change"]
    assert (figure.text if figure.is_explicit else None) == text


def test_the_main_part_of_a_word_document_may_have_a_number() -> None:
    """As in documents that Word saves in browsers."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written.word(REPORT))) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            body = old.read(name).replace(b"word/document.xml", b"word/document2.xml")
            new.writestr(name.replace("document.xml", "document2.xml"), body)
    read_back("a.docx", file.getvalue())


@pytest.mark.parametrize(("file", "write"), [("a.docx", written.word), ("a.xlsx", written.workbook)])
def test_strict_open_xml_is_read_like_the_usual_one(file: str, write: Callable[[Published], bytes]) -> None:
    """The same content under other names, and with units at lengths: a raised 1 and a tiny 9 are still no digits."""

    def strict(xml: str) -> str:
        raised = '<w:r><w:rPr><w:position w:val="3pt"/></w:rPr><w:t>1</w:t></w:r>'
        tiny = '<w:r><w:rPr><w:sz w:val="1.5pt"/></w:rPr><w:t>9</w:t></w:r>'
        xml = xml.replace("<w:t>1573179</w:t></w:r>", f"<w:t>1573179</w:t></w:r>{raised}{tiny}")
        return re.sub(r"http://schemas\.openxmlformats\.org/(?!package)(\w+)/2006/", r"http://purl.oclc.org/ooxml/\1/", xml)

    data = write(REPORT)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
    found = imported(file, formatted.changed(data, dict.fromkeys(parts, strict)))
    assert figures_of(found.report) == REPORT.figures
    assert said(found) == ({"footnote-mark"} if file == "a.docx" else set())


# -- HTML --------------------------------------------------------------------------------------------------------------


def of_html(old: str, new: str) -> bytes:
    page = written.html(REPORT).decode()
    assert old in page
    return page.replace(old, new, 1).encode()


_LICENSING = "<tr><td><p><span>行政许可</span></p></td>"


@pytest.mark.parametrize("row", [
    "<tr hidden><td>行政许可<td>777", "<tr style='display:none'><td>行政许可<td>777", "<tr style='visibility:collapse'><td>行政许可<td>777",
    "<tr><td style='display:none'>行政许可<td style='display:none'>777", "<tbody class=off><tr><td>行政许可<td>777</tbody>",
])  # fmt: skip
def test_hidden_rows_of_a_page_are_not_read(row: str) -> None:
    style = b"<style>table tbody.off { display: none }</style></head>"
    read_back("a.html", of_html(_LICENSING, f"{row}</tr>{_LICENSING}").replace(b"</head>", style))


def test_a_hidden_cell_leaves_its_place_and_an_invisible_one_keeps_it() -> None:
    read_back("a.html", of_html(_LICENSING, _LICENSING.replace("<td>", "<td style='display:none'>9</td><td>")))
    found = imported("a.html", of_html("<span>1573179</span>", "<span style='visibility:hidden'>1573179</span>"))
    assert found.report
    assert found.report.figures["proactive-disclosure"]["licensing.decisions"].text == ""


@pytest.mark.parametrize(("written_as", "rows", "columns"), [
    ('colspan="5;"', 1, 5), ('colspan=" +3 "', 1, 3), ('colspan="0"', 1, 1), ('colspan="-2"', 1, 1), ('colspan="x"', 1, 1), ('colspan="2.9"', 1, 2),
    ('colspan="99999999999999999999"', 1, 1000), ('rowspan="0"', 3, 1), ('rowspan="9"', 3, 1), ('rowspan="2px"', 2, 1), ('rowspan="-1"', 1, 1), ('rowspan=""', 1, 1),
    ('colspan="３"', 1, 1),
])  # fmt: skip
def test_spans_are_read_as_browsers_read_them(written_as: str, rows: int, columns: int) -> None:
    page = f"<table><tbody><tr><td {written_as}>a<tr><td>b<tr><td>c</tbody><tbody><tr><td>d</tbody></table>"
    (grid,) = read_document("a.html", page.encode()).grids
    first = grid.rows[0][0]
    assert first
    assert (first.text, first.rowspan, first.colspan) == ("a", rows, columns)
    assert [cell.text for cell in grid.cells[3]] == ["d"], "no cell reaches into another group of rows"


def test_digits_that_are_shown_from_right_to_left_are_not_what_is_written() -> None:
    for cell in ("<bdo dir=rtl>1573179</bdo>", "<span style='unicode-bidi:bidi-override;direction:rtl'>1573179</span>"):
        assert said(imported("a.html", of_html("<span>1573179</span>", cell))) == {"unread-figure"}


def test_a_number_is_shown_as_a_word_only_if_it_is_zero() -> None:
    for cell in (
        "<data value=1573179></data>",
        "<data value=1573179>若干</data>",
        "<data value=1573179><del>1573178</del></data>",
    ):
        report = imported("a.html", of_html("<span>1573179</span>", cell)).report
        assert report
        assert report.figures["proactive-disclosure"]["licensing.decisions"].value is None


def test_a_page_with_far_too_many_styles_is_refused() -> None:
    style = "".join(f".a{number}{{display:none}}" for number in range(3000))
    (finding,) = imported("a.html", of_html("</head>", f"<style>{style}</style></head>")).findings
    assert finding.message.render(str) == "The page has too many styles."


def test_selectors_of_many_parts_are_compared_in_a_bounded_time() -> None:
    """Each of a hundred nested elements could match each part of such a selector."""
    style = "#none div div div div div div div span {display:none} main > div div > div span.off{display:none}"
    deep = "<main>" + "<div>" * 100 + "<span>7</span><span class=off>8</span>" + "</div>" * 100 + "</main>"
    parts = read_document("a.html", f"<html><head><style>{style}</style></head><body>{deep}".encode()).parts
    assert parts == (Paragraph("7", 0, 1),)
    many = "".join(f"main div div div div div div span.x{number}{{display:none}}" for number in range(400))
    spans = f"<span class='{' '.join(f'x{number}' for number in range(400))}'>7</span>" * 50
    with pytest.raises(Refused):
        read_document("a.html", f"<html><head><style>{many}</style></head><body>{f'<p>{spans}' * 15}".encode())


def test_style_rules_go_by_the_names_of_elements_that_are_raised() -> None:
    cell = '50<span class=x style="vertical-align:super">1<b>9</b></span>'
    (grid,) = read_document("a.html", f"<style>span.x b{{display:none}}</style><table><tr><td>{cell}</table>".encode()).grids
    first = grid.rows[0][0]
    assert first
    assert (first.text, [mark.text for mark in first.marks]) == ("50", ["¹"])


# -- marks -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cell", "text", "mark"), [
    ("50<sup>1</sup>", "50", "¹"), ("50<sup>[2]</sup>", "50", "[²]"), ("50<sup>（注3）</sup>", "50", "⁽注³⁾"), ("50<sup>*</sup>件", "50", "*"), ("<sup>1</sup>50", "50", "¹"),
    ("50①②", "50", "①②"), ("50①（其中2件②）", "50", "① ②"), ("50⑴", "50", "⑴"), ("50⒈", "50", "⒈"), ("/①", None, ""), ("5<sup>1</sup>0", None, ""), ("5①0", None, ""),
    ("<sup>50</sup>", None, ""), ("①", None, ""), ("<sup>1</sup>/<sub>2</sub>", None, ""), ("50<sup>.5</sup>", None, ""), ("50<sup>.</sup>", None, ""), ("50<sup>1111111111111111111111111111111111111111!</sup>", None, ""), ("50<sup>,000</sup>", None, ""),
    ("5<sup>万</sup>", None, ""), ("<sup>-</sup>50", None, ""), ("50<sup>%</sup>", None, ""), ("⒈5", None, ""), ("3⅓", None, ""), ("⅓", None, ""), ("Ⅲ", None, ""),
    ("５０", "50", ""), ("𝟝𝟘", "50", ""), ("9\u0336\u200950\u00a0", "50", ""),
])  # fmt: skip
def test_a_mark_is_said_or_the_cell_is_unread(cell: str, text: str | None, mark: str) -> None:
    found = imported("a.html", of_html("<span>1573179</span>", f"<span>{cell}</span>"))
    assert found.report
    figure = found.report.figures["proactive-disclosure"]["licensing.decisions"]
    assert (figure.text if figure.is_explicit else None) == text
    messages = [
        finding.message.render(str).partition(": ")[2] for finding in found.findings if finding.rule.name != "unread-figure"
    ]
    assert messages == ([f"“{mark}” next to 50 is a footnote mark, not part of the figure."] if mark else [])
    assert ("unread-figure" in said(found)) == (text is None)


@pytest.mark.broad
def test_no_character_turns_a_number_into_another() -> None:
    """Every character of Unicode, before and after a 5: the figure is the visible one, or it is unread."""
    indicator = layout_of(FORMS["2021"].table("proactive-disclosure")).indicators["licensing.decisions"]
    for code in range(0x80, sys.maxunicode + 1):
        char = chr(code)
        if char.isspace() or unicodedata.category(char) in ("Cn", "Co", "Cs"):
            continue
        for cell in (f"5{char}", f"{char}5"):
            ((placed,),) = grid_of(numbered(1), [[Box(cell)]]).cells
            value = read_value(placed.text, indicator, "", placed.marks)
            if isinstance(value, Problem) or value.number is None:
                continue
            is_digit = unicodedata.decomposition(char).startswith(("<wide>", "<font>"))
            digit = str(unicodedata.digit(char)) if is_digit else ""
            assert value.written == cell.replace(char, digit), (hex(code), cell, value.written)
            assert is_digit or value.marks or unicodedata.category(char) in ("Cf", "Lo", "Me", "Mn"), (hex(code), cell)


def test_marks_stay_in_sentences_and_in_other_tables(tmp_path: Path) -> None:
    page = of_html(
        "<p>本年工作照常。</p>",
        "<p>绿地50m<sup>2</sup>，新收3525<sup>1</sup>件<del>5件</del>。</p><table><tr><td>面积<td>5m<sup>2</sup><tr><td>户<td>7①</table>",
    )
    found = imported("a.html", page)
    text = page_text(found, FORMS)
    assert "绿地50m²，新收3525¹件。" in text
    assert "| 面积 | 5m² |" in text
    assert "| 户 | 7① |" in text


# -- pictures ----------------------------------------------------------------------------------------------------------

_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
_HEADINGS = ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况")
_SAID = [
    "The table 主动公开政府信息情况 is a picture in the document; figures are not read from pictures.",
    "The table 收到和处理政府信息公开申请情况 was not found in the document.",
    "The table 政府信息公开行政复议、行政诉讼情况 is a picture in the document; figures are not read from pictures.",
]


def pictured_html() -> bytes:
    two, three, four = (f"<h2>{heading}</h2>" for heading in _HEADINGS)
    icon, image = "<img src=i.png width=16 height=16>", "<p><img src=a.png></p>"
    return f"<h1>{written.title(REPORT)}</h1>{two}{image}{three}<p>无。{icon}</p>{four}<table><tr><td>{image}</table><h2>五、其他</h2>{image}".encode()


def pictured_markdown() -> bytes:
    two, three, four = (f"## {heading}\n\n" for heading in _HEADINGS)
    return (
        f"# {written.title(REPORT)}\n\n{two}![表](a.png)\n\n{three}无。\n\n{four}![](b.png)\n\n## 五\n\n![](c.png)\n".encode()
    )


def pictured_word() -> bytes:
    document = docx.Document()
    document.add_heading(written.title(REPORT), 0)
    for number, heading in enumerate(_HEADINGS):
        document.add_heading(heading, 1)
        if number != 1:
            document.add_picture(io.BytesIO(_PNG))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pictured_workbook() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for number, heading in enumerate(_HEADINGS):
            sheet = book.add_worksheet()
            sheet.write_column(0, 0, [written.title(REPORT), heading])
            if number != 1:
                sheet.insert_image(3, 0, "a.png", {"image_data": io.BytesIO(_PNG)})
    return file.getvalue()


def pictured_pdf() -> bytes:
    return pdf_text.with_pictures(written.title(REPORT), [(heading, number != 1) for number, heading in enumerate(_HEADINGS)])


@pytest.mark.parametrize(("file", "make"), [
    ("a.html", pictured_html), ("a.md", pictured_markdown), ("a.docx", pictured_word), ("a.xlsx", pictured_workbook), ("a.pdf", pictured_pdf),
])  # fmt: skip
def test_a_picture_in_the_place_of_a_table_is_said(file: str, make: Callable[[], bytes]) -> None:
    found = imported(file, make())
    messages = [finding.message.render(str) for finding in found.findings if finding.rule.name == "missing-table"]
    assert sorted(messages) == sorted(_SAID)


# -- cases -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("file", "rules"), [
    ("sup.html", {"footnote-mark"}), ("sup.docx", {"footnote-mark"}), ("01-sup.xlsx", {"footnote-mark"}), ("01-circled-footnote.html", {"footnote-mark"}),
    ("strike.html", set()), ("01-strike.docx", set()), ("hidden.docx", set()), ("layout-table.docx", set()),
])  # fmt: skip
def test_documents_in_which_a_figure_was_changed_by_its_format(file: str, rules: set[str]) -> None:
    found = imported(file, (CASES / file).read_bytes())
    assert figures_of(found.report) == REPORT.figures
    assert said(found) == rules
    assert len(found.findings) == len(rules)


def test_a_workbook_with_a_hidden_sheet() -> None:
    found = imported("a.xlsx", (CASES / "02-hidden-sheet.xlsx").read_bytes())
    assert [finding.message.render(str) for finding in found.findings] == [
        "The table 主动公开政府信息情况 was not found in the document."
    ]
    assert found.report
    assert not any(figure.is_explicit for figure in found.report.figures["proactive-disclosure"].values())
    assert figures_of(found.report)["requests"] == REPORT.figures["requests"]


def test_a_page_whose_tables_are_pictures() -> None:
    found = imported("a.html", (CASES / "07-tables-are-pictures.html").read_bytes())
    assert sorted(finding.message.render(str) for finding in found.findings) == sorted(_SAID)


def test_a_mark_behind_an_unseen_character_stays_where_it_stands() -> None:
    """“5¹0”: without its zero-width space the text is shorter, but the mark is still within the number."""
    page = written.html(REPORT).decode().replace(">3440<", ">3440\u200b<sup>1</sup>0<", 1)
    found = imported("a.html", page.encode())
    assert "unread-figure" in said(found)
    assert found.report
    assert found.report.figure("requests.received.natural-person").value is None


PICTURED_CELLS = [
    "<img src=a.png>", '<p><img src="a.png" alt="1573179"></p>', '<input value="1573179">', '<input type="text" value="1573179">', "<textarea>1573179</textarea>",
    "<select><option>1573179</option></select>", "<picture><source srcset=a.webp><img src=a.png></picture>", "<svg><text>1573179</text></svg>",
    "<button>1573179</button>", "<object data=a.svg></object>", "<meter value=3>1573179</meter>",
]  # fmt: skip


@pytest.mark.parametrize(("file", "data"), [
    *(("a.html", of_html("<span>1573179</span>", cell)) for cell in PICTURED_CELLS),
    ("a.md", written.markdown(REPORT).replace(b"1573179", b"![1573179](a.png)")),
    ("a.docx", of_word(lambda xml: xml.replace("<w:t>1573179</w:t>", "<w:drawing/>"))),
    ("a.docx", of_word(lambda xml: xml.replace("<w:t>1573179</w:t>", "<w:object/>"))),
    ("a.docx", of_word(lambda xml: xml.replace("<w:r><w:t>1573179</w:t></w:r>", _field(" =SUM(ABOVE) ", result="")))),
    ("a.docx", of_word(lambda xml: xml.replace("<w:r><w:t>1573179</w:t></w:r>", '<w:fldSimple w:instr=" DOCPROPERTY a "/>'))),
])  # fmt: skip
def test_a_figure_that_is_a_picture_or_a_field_is_not_taken_for_an_empty_cell(file: str, data: bytes) -> None:
    found = import_documents(file, data, FORMS, Wanted(blank_as_zero=True))[0]
    assert found.report
    assert not found.report.figures["proactive-disclosure"]["licensing.decisions"].is_explicit
    assert said(found) == {"unread-figure"}
    message = found.findings[0].message.render(str)
    assert message.endswith("行政许可·本年处理决定数量: the cell has a picture or a field, but no text.")


@pytest.mark.parametrize(
    "cell",
    [
        '<input type=hidden value="1573179">',
        '<input hidden value="1573179">',
        '<input style="display:none" value="1573179">',
        '<img src=a.png style="display:none">',
        '<p hidden><input value="1573179"></p>',
        "<svg hidden><text>1573179</text></svg>",
        "",
    ],
)
def test_a_cell_in_which_nothing_is_seen_is_empty(cell: str) -> None:
    found = imported("a.html", of_html("<span>1573179</span>", cell))
    assert found.report
    assert found.report.figures["proactive-disclosure"]["licensing.decisions"].status is Status.BLANK
    assert said(found) == set()


@pytest.mark.parametrize(("width", "lines", "text"), [
    (40, ["157317", "9"], "1573179"), (30, ["157", "317", "9"], "1573179"), (20, ["1", "2"], "12"), (40, ["1573179"], "1573179"),
    (40, ["50", "227"], ""), (40, ["2", "1"], ""), (1080, ["3440", "118"], ""), (60, ["12", "13"], ""),
])  # fmt: skip
def test_lines_of_digits_in_a_pdf_are_one_number_only_if_they_fill_the_cell(width: int, lines: list[str], text: str) -> None:
    """The line between two rows may be missing, so that two numbers are in one cell."""
    rows = (("信息内容", ["本年处理决定数量"]), ("行政许可", lines), ("行政处罚", ["9"]), ("行政强制", ["8"]))
    drawn = [pdf_text._text(60, 1150, written.title(REPORT))]
    for down, (label, cell) in enumerate(rows):
        y = 1000 - 40 * down
        drawn += [f"60 {y} 100 40 re S", f"160 {y} {width} 40 re S", pdf_text._text(65, y + 30, label)]
        size = 5 if down else min(5, width / 10)
        drawn += [pdf_text._text(162, y + 30 - 6 * number, line, size) for number, line in enumerate(cell)]
    found = imported("a.pdf", pdf_text._file(["\n".join(drawn)]))
    assert found.report
    figures = found.report.figures["proactive-disclosure"]
    assert figures["licensing.decisions"].text == text
    assert figures["penalties.decisions"].text == "9"
    assert ("unread-figure" in said(found)) == (not text)


@pytest.mark.parametrize(("place", "text"), [
    ("1 0 0 1 165 980", "1523"), ("0 1 -1 0 180 965", ""), ("0 -1 1 0 180 990", ""), ("-1 0 0 -1 190 980", ""), ("1 0 0 1 247 980", ""), ("1 0 0 1 148 980", ""),
])  # fmt: skip
def test_turned_digits_and_digits_across_a_line_of_a_pdf_are_not_guessed(place: str, text: str) -> None:
    """Upright; turned left, right and upside down; across the line on the right and on the left."""
    drawn = [pdf_text._text(60, 1150, written.title(REPORT))]
    for down, cells in enumerate((["信息内容", "本年处理决定数量"], ["行政许可", ""], ["行政处罚", "9"], ["行政强制", "8"])):
        y = 1000 - 40 * down
        drawn += [f"{60 + 100 * right} {y} 100 40 re S" for right in range(3)]
        drawn += [pdf_text._text(65 + 100 * right, y + 30, cell) for right, cell in enumerate(cells)]
    drawn.append(f"BT /F 5 Tf {place} Tm <{'1523'.encode('utf-16-be').hex()}> Tj ET")
    found = imported("a.pdf", pdf_text._file(["\n".join(drawn)]))
    assert found.report
    figures = found.report.figures["proactive-disclosure"]
    assert [figures[f"{name}.decisions"].text for name in ("licensing", "penalties", "coercive-measures")] == [text, "9", "8"]
    assert figures["licensing.decisions"].is_explicit == bool(text)
    assert (
        text
        or said(found) & {"unread-figure", "unread-row"}
        or "行政许可" in str([one.message.render(str) for one in found.findings])
    )


@pytest.mark.parametrize(("matrix", "above", "shown"), [
    ("0 -1 1 0", 38, ["规章内容行", "行政许可项", "行政处罚项"]),
    ("0 1 -1 0", 2, ["行容内章规", "项可许政行", "项罚处政行"]),  # the library reads from top to bottom
])  # fmt: skip
def test_turned_labels_of_a_pdf_stay_in_their_rows(matrix: str, above: int, shown: list[str]) -> None:
    drawn = [pdf_text._text(60, 1150, written.title(REPORT))]
    for down, label in enumerate(("规章内容行", "行政许可项", "行政处罚项")):
        y = 1000 - 40 * down
        drawn += [f"60 {y} 30 40 re S", f"90 {y} 100 40 re S", pdf_text._text(95, y + 30, str(down))]
        drawn.append(f"BT /F 7.2 Tf {matrix} 70 {y + above} Tm <{label.encode('utf-16-be').hex()}> Tj ET")
    (grid,) = read_document("a.pdf", pdf_text._file(["\n".join(drawn)])).grids
    assert [[cell.text for cell in row] for row in grid.cells] == [[label, str(down)] for down, label in enumerate(shown)]


def of_pdf(report: Published, how: Callable[[str], str]) -> bytes:
    """Return a PDF of a report with its first page drawn differently."""
    tables = [(written.heading(report, name), written.rows_of(report, name)) for name in report.figures]
    pages = [pdf_text._page("", heading, rows, lambda text: [(text, "")]) for heading, rows in tables]
    title = pdf_text._text(60, 1150, written.title(report))
    return pdf_text._file([f"{title}\n{how(pages[0])}", *map(how, pages[1:])])


@pytest.mark.parametrize("name", ["suqian-2024", "shanghai-municipal-office-2019"])
def test_a_watermark_across_the_tables_of_a_pdf_changes_nothing(name: str) -> None:
    """Its digits are in blank cells, and the lines of the table go through its characters."""
    report = published(name)
    mark = f"0.5 g BT /F 90 Tf 0.87 0.5 -0.5 0.87 {{}} Tm <{'20242024政府'.encode('utf-16-be').hex()}> Tj ET 0 g"
    found = imported("a.pdf", of_pdf(report, lambda page: "\n".join([mark.format("100 500"), page, mark.format("500 300")])))
    assert found.report
    assert (found.report.agency, found.report.year) == (report.agency, report.year)
    assert figures_of(found.report) == report.figures
    assert said(found) == set()


def test_digits_of_another_font_stay_in_the_line_of_a_pdf() -> None:
    """One font has a depth in its description and the other has none, as is common for digits between Chinese characters."""
    size, pieces = 22, [("F", "宿迁市"), ("Flat", "2024"), ("F", "年政府信息公开工作年度报告")]
    drawn, x = "", 60.0
    for font, text in pieces:
        drawn += pdf_text._text(x, 1150, text, size).replace("/F ", f"/{font} ") + "\n"
        x += size * len(text)
    body = of_pdf(REPORT, str).decode("latin-1")
    title = pdf_text._text(60, 1150, written.title(REPORT))
    found = imported("a.pdf", body.replace(title, drawn).encode("latin-1"))
    assert figures_of(found.report) == REPORT.figures
    assert said(found) == set()


def test_a_figure_in_a_cell_of_a_pdf_without_a_line_is_read() -> None:
    def without_line(page: str) -> str:
        """Leave out the cell at the end of the row of 3525."""
        before, cell, behind = page.rpartition("re S\n" + (text := _of("3525", page)))
        return f"{before[: before.rindex(chr(10))]}\n{text}{behind}" if cell else page

    found = imported("a.pdf", of_pdf(REPORT, without_line))
    assert figures_of(found.report) == REPORT.figures
    assert said(found) == set()


def _of(text: str, page: str) -> str:
    """Return how a page draws a text."""
    found = re.search(rf"BT [^<]*<{text.encode('utf-16-be').hex()}> Tj ET", page)
    return found[0] if found else "-"


def test_a_page_of_figures_in_a_pdf_is_hardly_more_work_than_one_of_letters() -> None:
    """A document of many such pages would need more time than it may take."""
    counted = []
    for letters in ("abcdefghij", "0123456789"):
        drawn = [pdf_text._text(60, 1190, written.title(REPORT))]
        for row, column in itertools.product(range(12), range(20)):
            x, y = 50 + 55 * column, 1140 - 37 * row
            shown = str(10000 + 20 * row + column).translate(str.maketrans("0123456789", letters))
            drawn += [f"{x} {y} 55 37 re S", pdf_text._text(x + 15, y + 20, shown, 5)]
        with Steps() as steps:
            (grid,) = read_document("a.pdf", pdf_text._file(["\n".join(drawn)])).grids
        counted.append(steps.count)
    assert [cell.text for cell in grid.cells[11]] == [str(10220 + column) for column in range(20)]
    assert counted[1] < 2.5 * counted[0], counted


@pytest.mark.parametrize("at", range(160, 240, 3))
def test_a_number_of_a_pdf_that_is_wider_than_its_cell_is_not_cut(at: int) -> None:
    """The cell next to it is blank."""
    drawn = [pdf_text._text(60, 1150, written.title(REPORT))]
    heads = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]
    for down, cells in enumerate((heads, ["规章", "", "", "7"], ["行政规范性文件", "4", "5", "6"])):
        y = 1000 - 40 * down
        drawn += [f"{60 + 100 * right} {y} 100 40 re S" for right in range(4)]
        drawn += [pdf_text._text(65 + 100 * right, y + 30, cell) for right, cell in enumerate(cells)]
    drawn.append(pdf_text._text(at, 980, "123456", 20))
    found = imported("a.pdf", pdf_text._file(["\n".join(drawn)]))
    assert found.report
    figures = found.report.figures["proactive-disclosure"]
    read = [figures[f"rules.{name}"].text for name in ("issued", "repealed", "in-force")]
    assert read in (["123456", "", "7"], ["", "123456", "7"], ["", "", "7"])
    assert "123456" in read or "unread-figure" in said(found)


APART = ["<p>15</p>73179", "<div>15</div>73179", "<ul><li>15</li></ul>73179", "<details><summary>15</summary>73179</details>",
         '15<span style="display:block">73179</span>', '<b class="row">15</b><b class="row">73179</b>']  # fmt: skip


@pytest.mark.parametrize("cell", APART)
def test_two_lines_of_a_page_are_not_joined_to_one_number(cell: str) -> None:
    found = imported("a.html", of_html("<span>1573179</span>", f"<style>.row {{display: block}}</style>{cell}"))
    assert found.report
    assert not found.report.figures["proactive-disclosure"]["licensing.decisions"].is_explicit
    assert found.findings[0].message.render(str).endswith("行政许可·本年处理决定数量: “15\n73179” is not a number.")


@pytest.mark.parametrize("hidden", ["<dialog>9</dialog>", "<span popover>9</span>"])
def test_what_a_page_shows_only_on_demand_is_not_read(hidden: str) -> None:
    found = imported("a.html", of_html("<span>1573179</span>", f"{hidden}<span>1573179</span>"))
    assert (figures_of(found.report), found.findings) == (REPORT.figures, ())
