"""Damaged and misleading documents: each has its message with a location, and no figure is read from a wrong cell."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from typing import NamedTuple

import pytest

from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.exporters.records import csv_text
from sphinx_govreport.importers import readers
from sphinx_govreport.importers.recognise.report import Imported, Wanted, import_documents
from tests.importers import formatted, written
from tests.importers.written import Cell, Rows, zipped
from tests.published import published

FORMS = statutory_forms()
REPORT = published("suqian-2024")
REQUESTS, PROACTIVE, REVIEWS = 28, 14, 4  # rows of the grids


class Case(NamedTuple):
    name: str
    file: str
    data: Callable[[], bytes]
    said: str  #: location and message, in English
    also: int = 0  #: number of additional messages caused by the same damage


def change(size: int, row: int, column: int, text: str, kind: str = "a.csv") -> Callable[[], bytes]:
    """Return a document in which one cell has another text; positions as in a table without merges."""

    def sloppy(rows: Rows) -> Rows:
        full = written.without_merges(rows)
        if len(rows) == size:
            full[row][column] = full[row][column]._replace(text=text)
        return full

    kinds = {"a.csv": written.csv_sheet, "a.html": written.html, "a.docx": written.word, "a.xlsx": written.workbook}
    return lambda: kinds[kind](REPORT, sloppy)


def reshape(size: int, how: Callable[[Rows], Rows], kind: str = "a.html") -> Callable[[], bytes]:
    def sloppy(rows: Rows) -> Rows:
        return how([list(row) for row in rows]) if len(rows) == size else rows

    kinds = {"a.html": written.html, "a.docx": written.word, "a.csv": written.csv_sheet}
    return lambda: kinds[kind](REPORT, sloppy)


def without_row(rows: Rows) -> Rows:
    del rows[6]
    return rows


def with_row(rows: Rows) -> Rows:
    rows.insert(4, [Cell("其他主动公开文件"), *[Cell("7", is_head=False)] * 3])
    return rows


def without_cell(rows: Rows) -> Rows:
    del rows[3][4]
    return rows


def with_column(rows: Rows) -> Rows:
    return [*rows[:1], [*rows[1], Cell("同比增长")], *([*row, Cell("9", is_head=False)] for row in rows[2:4]), *rows[4:]]


def merged_zero(rows: Rows) -> Rows:
    rows[3] = [rows[3][0], Cell("0", 1, 7, is_head=False)]
    return rows


def unlabelled(rows: Rows) -> Rows:
    rows[3][0] = rows[3][0]._replace(text="甲类")
    return rows


def strange_group(rows: Rows) -> Rows:
    """The group （三） is one row too short, so that its last row is next to （四）."""
    at = next(n for n, row in enumerate(rows) if row[0].text == "（三）不予公开")
    last = next(n for n, row in enumerate(rows) if row[0].text == "（四）无法提供")
    rows[at][0] = rows[at][0]._replace(rowspan=7)
    moved = rows[last].pop(0)
    rows[last - 1].insert(0, moved._replace(rowspan=4))
    return rows


def doubled(rows: Rows) -> Rows:
    return [*rows, *([cell._replace(text="99") if cell.text == "2" else cell for cell in row] for row in rows)]


def bomb() -> bytes:
    return zipped({"word/document.xml": "<a/>", **{f"word/media/{n}": b"0" * 30_000_000 for n in range(8)}})


def sheet_bomb() -> bytes:
    body = written.workbook(REPORT)
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
            new.writestr(name, part)
    return file.getvalue()


def entity() -> bytes:
    evil = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    return zipped({"word/document.xml": evil, "[Content_Types].xml": "<Types/>"})


def without_title() -> bytes:
    return written.csv_sheet(REPORT).split(b"\n", 1)[1]


def including(name: str) -> Callable[[], bytes]:
    """Return a Word document that includes another one in place of a figure."""
    other = f"<w:{name} xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships' r:id='rId99'/>"
    figure = "<w:r><w:t>1573179</w:t></w:r></w:p>"
    part = {"word/document.xml": lambda xml: xml.replace(figure, f"</w:p>{other}<w:p/>")}
    return lambda: formatted.changed(written.word(REPORT), part)


def half(kind: str) -> Callable[[], bytes]:
    body = {"docx": written.word, "xlsx": written.workbook}[kind]
    return lambda: body(REPORT)[:3000]


CASES = [
    # the content of a cell
    Case("a word", "a.csv", change(REQUESTS, 3, 3, "若干"), "a.csv:21:1: unread-figure: table 1, row 21, column 4: 本年新收政府信息公开申请数量·自然人: “若干” is not a number."),
    Case("a dash", "a.csv", change(REQUESTS, 3, 5, "-"), "a.csv:21:1: unread-figure: table 1, row 21, column 6: “-” may be 0, not applicable or not filled in."),
    Case("two numbers in one cell", "a.html", change(REQUESTS, 3, 3, "34 40", "a.html"), "a.html:1:1: unread-figure: table 2, row 4, column 4: 本年新收政府信息公开申请数量·自然人: “34 40” is not a number."),
    Case("decimals in a count", "a.docx", change(REQUESTS, 3, 3, "34.5", "a.docx"), "a.docx: unread-figure: table 2, row 4, column 4: 本年新收政府信息公开申请数量·自然人: “34.5” has decimals, but this figure is a count."),
    Case("less than nothing", "a.xlsx", change(REQUESTS, 3, 3, "-3", "a.xlsx"), "a.xlsx: unread-figure: sheet “年报”, row 22, column 4: 本年新收政府信息公开申请数量·自然人: “-3” has a sign, but this figure must not have one."),
    Case("a leading zero", "a.csv", change(REQUESTS, 3, 3, "034"), "a.csv:21:1: unread-figure: table 1, row 21, column 4: 本年新收政府信息公开申请数量·自然人: “034” is not a number."),
    Case("thousands apart", "a.html", change(PROACTIVE, 6, 1, "1,573,179", "a.html"), "a.html:1:1: read-as: table 1, row 7, column 2: “1,573,179” is read as 1573179."),
    Case("another unit", "a.csv", change(PROACTIVE, 13, 1, "72701元"), "a.csv:16:1: unread-figure: table 1, row 16, column 2: 72701 is in 元, but the form counts in 万元."),
    Case("another unit in brackets", "a.csv", change(PROACTIVE, 13, 1, "72701.2578（元）"), "a.csv:16:1: unread-figure: table 1, row 16, column 2: 72701.2578 is in 元, but the form counts in 万元."),
    Case("another unit as a note", "a.csv", change(PROACTIVE, 13, 1, "72701.2578（单位：元）"), "a.csv:16:1: unread-figure: table 1, row 16, column 2: 72701.2578 is in 元, but the form counts in 万元."),
    Case("another unit next to the label", "a.csv", change(PROACTIVE, 13, 0, "行政事业性收费（元）"), "a.csv:16:1: unread-figure: table 1, row 16, column 2: 72701.2578 is in 万元/元, but the form counts in 万元."),
    Case("another unit above the head", "a.csv", change(PROACTIVE, 11, 0, "第二十条第（八）项（单位：元）"), "a.csv:16:1: unread-figure: table 1, row 16, column 2: 72701.2578 is in 万元/元, but the form counts in 万元."),
    Case("thousands in the head", "a.csv", change(PROACTIVE, 12, 1, "本年收费金额（千元）"), "a.csv:16:1: unread-figure: table 1, row 16, column 2: 72701.2578 is in 千元, but the form counts in 万元."),
    Case("another unit with other words", "a.csv", change(PROACTIVE, 12, 1, "本年收费金额（人民币：元，保留两位小数）"), "a.csv:16:1: unread-figure: table 1, row 16, column 2: 72701.2578 is in 元, but the form counts in 万元."),
    Case("another unit in the head", "a.csv", change(PROACTIVE, 12, 1, "本年收费金额（单位：元）"), "a.csv:16:1: unread-figure: table 1, row 16, column 2: 72701.2578 is in 元, but the form counts in 万元."),
    Case("too many digits", "a.csv", change(REQUESTS, 3, 3, "1234567890123456789"), "a.csv:21:1: unread-figure: table 1, row 21, column 4: The number has more than 15 digits."),
    # rows and columns
    Case("a row that is missing", "a.html", reshape(PROACTIVE, without_row), "a.html: missing-row: The document has no row “行政许可”."),
    Case("a row of its own", "a.html", reshape(PROACTIVE, with_row), "a.html:1:1: unread-row: table 1, row 5, column 1: No row of the form is called “其他主动公开文件”; its figures are left out."),
    Case("a label with a typo", "a.csv", change(REQUESTS, 7, 2, "1.属于国家机密"), "a.csv:25:1: label: table 1, row 25, column 3: “1.属于国家机密” was read as “本年度办理结果·不予公开·属于国家秘密”."),
    Case("a label that is unknown but where it should be", "a.html", reshape(REQUESTS, unlabelled), "a.html:1:1: by-position: table 2, row 4, column 1: “甲类” is unknown; by its position it is “本年新收政府信息公开申请数量”."),
    Case("a header with a typo", "a.csv", change(PROACTIVE, 1, 2, "本年废除件数"), "a.csv:4:1: label: table 1, row 4, column 3: “本年废除件数” was read as “本年废止件数”."),
    Case("a head that is unknown but where it should be", "a.csv", change(PROACTIVE, 1, 2, "乙"), "a.csv:4:1: by-position: table 1, row 4, column 3: “乙” is unknown; by its position it is column 2."),
    Case("a column of its own", "a.html", reshape(PROACTIVE, with_column), "a.html:1:1: unread-column: table 1, row 2, column 5: No column of the form is called “同比增长”; its figures are left out."),
    Case("a cell that is missing", "a.html", reshape(REQUESTS, without_cell), "a.html:1:1: unread-row: table 2, row 4, column 1: The row has 6 cells under 7 column headers; its figures are left out."),
    Case("one zero for a row", "a.docx", reshape(REQUESTS, merged_zero, "a.docx"), "a.docx: unread-figure: table 2, row 4, column 4: “0” is one cell for several figures."),
    Case("a group that is too short", "a.html", reshape(REQUESTS, strange_group), "a.html:1:1: label: table 2, row 15, column 3: “本年度办理结果·不予公开·属于行政查询事项” is next to “（四）无法提供”; the row's own label is used."),
    Case("a table twice", "a.html", reshape(PROACTIVE, doubled), "a.html:1:1: read-twice: table 1, row 17, column 2: 规章·本年制发件数 appears here and in table 1 with different figures."),
    Case("a table that is missing", "a.html", reshape(REVIEWS, lambda _rows: []), "a.html: missing-table: The table 政府信息公开行政复议、行政诉讼情况 was not found in the document."),
    Case("no title", "a.csv", without_title, "a.csv: unknown-agency: The document does not state the agency of the report.", also=1),
    # documents that are not read
    Case("nothing", "a.html", lambda: b" \n", "a.html: refused-document: The document is empty."),
    Case("half a Word document", "a.docx", half("docx"), "a.docx: refused-document: The document is damaged or has a password."),
    Case("half a workbook", "a.xlsx", half("xlsx"), "a.xlsx: refused-document: The document is damaged or has a password."),
    Case("an old Word document", "a.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc: refused-document: This is an old Word document (.doc)."),
    Case("an old workbook that is damaged", "a.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls: refused-document: The workbook is damaged or has a password."),
    Case("a web archive", "a.mht", lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>", "a.mht: refused-document: This is a web archive (.mht)."),
    Case("a renamed Word document", "a.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "a.docx: refused-document: This is an old Word document (.doc)."),
    Case("rich text under another name", "a.doc", lambda: rb"{\rtf1\ansi\ansicpg936 2024}", "a.doc: refused-document: This is a document in Rich Text Format (.rtf)."),
    Case("a workbook in XML", "a.xls", lambda: b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "a.xls: refused-document: This is an XML document of Word or Excel."),
    Case("a picture", "a.jpg", lambda: b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\0" * 99, "a.jpg: refused-document: The type of this document is unknown."),
    Case("a year file", "a.yaml", lambda: b"year: 2024\n", "a.yaml: refused-document: The type of this document is unknown."),
    Case("neither UTF-8 nor GBK", "a.txt", lambda: b"\xff\xff\xff\xfa abc", "a.txt: refused-document: The text is neither UTF-8 nor GBK."),
    Case("a damaged PDF", "a.pdf", lambda: b"%PDF-1.7\n%%EOF", "a.pdf: refused-document: The PDF is damaged or has a password."),
    Case("a text document of another office", "a.odt", lambda: zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "a.odt: refused-document: This is an OpenDocument text (.odt)."),
    Case("formulas that nobody worked out", "a.xlsx", change(REQUESTS, 3, 9, "=D22+1", "a.xlsx"), "a.xlsx: refused-document: The workbook has formulas that were never computed."),
    Case("a document with a web page in a cell", "a.docx", including("altChunk"), "a.docx: refused-document: The Word document includes other documents, which are not read."),
    Case("a master document", "a.docx", including("subDoc"), "a.docx: refused-document: The Word document includes other documents, which are not read."),
    # attacks
    Case("a zip bomb", "a.docx", bomb, "a.docx: refused-document: The document unpacks to more than 200 MB."),
    Case("macros", "a.docx", lambda: zipped({"word/document.xml": "<a/>", "word/vbaProject.bin": b"x"}), "a.docx: refused-document: The document contains macros."),
    Case("entities", "a.docx", entity, "a.docx: refused-document: The document declares XML entities, which no office program does."),
    Case("a huge sheet", "a.xlsx", sheet_bomb, "a.xlsx: refused-document: A sheet is too large: 1048576 rows and 16384 columns."),
    Case("a huge merge", "a.html", lambda: written.html(REPORT).replace(b"</body>", b'<table><tr><td rowspan="65000" colspan="1000">1' + b"<tr>" * 60 + b"</table>"), "a.html: refused-document: A table has more than 50000 cells."),
    Case("a huge page", "a.html", lambda: b"<p>" * 11_000_000, "a.html: refused-document: The document is larger than 32 MB."),
]  # fmt: skip


def read(case: Case) -> Imported:
    return import_documents(case.file, case.data(), FORMS, Wanted())[0]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_is_wrong_is_said_once_and_where(case: Case) -> None:
    found = read(case)
    said = [f"{finding.pos}: {finding.rule.name}: {finding.message.render(str)}" for finding in found.findings]
    assert said[0] == case.said
    assert len(said) == 1 + case.also


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_no_figure_is_taken_from_a_wrong_cell(case: Case) -> None:
    report = read(case).report
    if report is None:
        return
    for table, figures in report.figures.items():
        for path, figure in figures.items():
            assert not figure.is_explicit or figure.text == REPORT.figures[table][path], path


def broken(what: str, encoding: str = "utf-8", make: Callable[..., bytes] = written.html) -> Imported:
    """Import a report in which the last character of a text has lost its last byte."""
    shown = make(REPORT).decode("utf-8" if make is written.html else "gb18030")
    before, _text, after = shown.partition(what)
    data = before.encode(encoding) + what.encode(encoding)[:-1] + after.encode(encoding)
    return import_documents("a.html" if make is written.html else "a.csv", data, FORMS, Wanted())[0]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("make", [written.html, written.csv_sheet])
def test_a_character_cut_in_half_costs_the_figures_next_to_it_only(encoding: str, make: Callable[..., bytes]) -> None:
    found = broken("不予公", encoding, make)
    assert {finding.rule.name for finding in found.findings} <= {"unread-row", "missing-row", "label"}
    found = broken("属于国家秘密", encoding, make)
    assert {finding.rule.name for finding in found.findings} == {"unread-row", "missing-row"}
    assert found.report
    assert found.report.agency == "宿迁市"
    for table, figures in found.report.figures.items():
        for path, figure in figures.items():
            is_beside = path.startswith("results.refused.state-secret")
            assert figure.is_explicit is not is_beside
            assert is_beside or figure.text == REPORT.figures[table][path]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_no_agency_is_read_from_a_title_with_a_character_cut_in_half(encoding: str) -> None:
    page = f"<h1>宿迁市水利局2024年政府信息公开工作年度报告</h1>{written.html(REPORT).decode().partition('</h1>')[2]}"
    before, name, after = page.partition("宿迁")
    data = before.encode(encoding) + name.encode(encoding)[:-1] + after.encode(encoding)
    found = import_documents("a.html", data, FORMS, Wanted())[0]
    assert not found.agency
    said = [f"{finding.pos}: {finding.rule.name}" for finding in found.findings]
    assert said[:3] == ["a.html: unknown-agency", "a.html: unknown-year", "a.html:1:1: broken-character"]


def test_no_unit_is_read_from_a_header_with_a_character_cut_in_half() -> None:
    """One of 万元 would be 元."""
    found = broken("收费金额（单位：万")
    assert found.report
    assert not found.report.figures["proactive-disclosure"]["fees.amount"].is_explicit
    said = [finding.message.render(str) for finding in found.findings]
    assert said == ["table 1, row 14, column 2: 72701.2578 is in �元, but the form counts in 万元."]


@pytest.mark.parametrize("hidden", [b'<meta name="description" content="\xe5\xae">', b"<!-- \xb9\xab -->"])
def test_a_broken_character_that_readers_do_not_see_is_no_finding(hidden: bytes) -> None:
    found = import_documents("a.html", written.html(REPORT).replace(b"</head>", hidden + b"</head>"), FORMS, Wanted())[0]
    assert found.findings == ()


def test_a_note_keeps_a_broken_character_and_its_line_is_reported() -> None:
    above, _text, below = written.html(REPORT).replace(b"<p>", b"\n<p>").rpartition("本年度没有其他情况。".encode())
    page = above + "注：含上年结".encode() + b"\xe8" + below
    found = import_documents("a.html", page, FORMS, Wanted())[0]
    assert found.report
    assert found.report.notes == {"reviews": ("含上年结�",)}
    line = page.partition("注：".encode())[0].count(b"\n") + 1
    assert [f"{one.pos}: {one.rule.name}: {one.message.render(str)}" for one in found.findings] == [
        f"a.html:{line}:1: broken-character: “注：含上年结�” has characters that could not be decoded."
    ]


def test_a_record_with_a_broken_character_is_not_read() -> None:
    report = import_documents("a.html", written.html(REPORT), FORMS, Wanted())[0].report
    assert report
    data = csv_text([report], FORMS).encode().replace("宿迁市".encode(), b"\xe5\xae\xbf\xe8\xbf\x81\xe5\xb8", 1)
    found = import_documents("a.csv", data, FORMS, Wanted())
    assert len(found) == 1
    assert [f"{one.pos}: {one.message.render(str)}" for one in found[0].findings] == [
        "a.csv:2:1: “宿迁�” has characters that could not be decoded."
    ]


@pytest.mark.parametrize("depth", [201, 300, 50_000])
def test_pages_that_are_nested_too_deep_are_refused_because_a_part_would_be_lost(depth: int) -> None:
    page = written.html(REPORT)
    deep = b"<span>" * depth + b"1573179" + b"</span>" * depth
    for body in (b"<div>" * depth + page, page.replace(b"1573179", deep)):
        found = import_documents("a.html", body, FORMS, Wanted(blank_as_zero=True))[0]
        assert found.report is None
        assert [finding.rule.name for finding in found.findings] == ["refused-document"]


@pytest.mark.parametrize("seed", range(200))
def test_documents_with_random_damage_never_break_the_reader(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    name, make = rng.choice(list(written.KINDS.items()))
    body = bytearray(make(REPORT, written.as_is))
    for _ in range(rng.randrange(1, 30)):
        start = rng.randrange(len(body))
        body[start : start + rng.randrange(40)] = rng.randbytes(rng.randrange(20))
    found = import_documents(name, bytes(body), FORMS, Wanted())[0]
    assert all(finding.message.render(str) for finding in found.findings)


def test_limits_are_those_that_the_documentation_names() -> None:
    assert (readers.MAX_BYTES, readers.MAX_UNPACKED) == (32_000_000, 200_000_000)


def with_formula(result: str) -> bytes:
    """Return a workbook with a formula that its program does not request the next one to compute again."""
    parts: dict[str, Callable[[str], str]] = {
        "xl/workbook.xml": lambda xml: xml.replace(' fullCalcOnLoad="1"', ""),
        "xl/worksheets/sheet1.xml": lambda xml: xml.replace("<f>D22+1</f><v>0</v>", f"<f>D22+1</f>{result}"),
    }
    return formatted.changed(change(REQUESTS, 3, 9, "=D22+1", "a.xlsx")(), parts)


def test_formulas_that_were_worked_out_count_by_what_was_saved() -> None:
    """A spreadsheet program saves the results of formulas; a library may save none."""
    without = import_documents("a.xlsx", with_formula(""), FORMS, Wanted())[0]
    assert [one.message.render(str) for one in without.findings] == ["The workbook has formulas that were never computed."]
    found = import_documents("a.xlsx", with_formula("<v>3525</v>"), FORMS, Wanted())[0]
    assert found.report
    assert found.report.figures["requests"]["received.total"].text == "3525"
    assert found.findings == ()


@pytest.mark.parametrize(("saved", "text"), [
    ("", None), (' office:value-type="float" office:value="3525"', "3525"), (' office:value-type="string"', ""),
])  # fmt: skip
def test_formulas_of_an_ods_count_by_what_was_saved(saved: str, text: str | None) -> None:
    formula = 'table:formula="of:=[.D22]+1"'
    data = formatted.changed(
        written.ods(REPORT),
        {"content.xml": lambda xml: xml.replace('office:value-type="float" office:value="3525"', formula + saved)},
    )
    found = import_documents("a.ods", data, FORMS, Wanted())[0]
    figures = found.report and found.report.figures["requests"]
    assert (figures and figures["received.total"].text) == text
    assert (text is None) == (
        "The workbook has formulas that were never computed." in [one.message.render(str) for one in found.findings]
    )
