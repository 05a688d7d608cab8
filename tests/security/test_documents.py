"""Documents that would exhaust memory or time, or crash a reader: each gets a message within a limited time."""

from __future__ import annotations

import contextlib
import io
import random
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.importers.document import Document, Refused
from sphinx_govreport.importers.readers import docx as word
from sphinx_govreport.importers.readers import pdf, workbook
from sphinx_govreport.importers.readers.isolated import Limits, read_isolated
from sphinx_govreport.importers.recognise.report import Imported, Wanted, import_documents
from tests.fuzz import pdf_text
from tests.importers import formatted, written
from tests.importers.test_documents import figures_of
from tests.published import published

FORMS = statutory_forms()
REPORT = published("suqian-2024")
CASES = Path(__file__).parent / "cases"
HUGE = "A sheet is too large: 1048576 rows and 16384 columns."


def imported(file: str, data: bytes) -> Imported:
    return import_documents(file, data, FORMS, Wanted())[0]


def refusal(file: str, data: bytes) -> str:
    """Return the finding for a document that is not read."""
    found = imported(file, data)
    assert found.report is None
    (finding,) = found.findings
    assert finding.rule.name == "refused-document"
    return finding.message.render(str)


# -- sizes of workbooks ------------------------------------------------------------------------------------------------

_FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
SHEET = "xl/worksheets/sheet1.xml"


def far(cell: str) -> Callable[[str], str]:
    return lambda xml: xml.replace("</sheetData>", cell)


def moved(target: str) -> bytes:
    """Return the archive with a huge sheet under an unusual part name."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written.workbook(REPORT))) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            if name == SHEET:
                name, part = target, far(_FAR)(part)
            new.writestr(name, part.replace("worksheets/sheet1.xml", target.removeprefix("xl/")))
    return file.getvalue()


def prefixed(xml: str) -> str:
    """Return XML with a prefix for every element, which simple patterns would not match."""
    xml = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", far(_FAR)(xml))
    return xml.replace(" xmlns=", " xmlns:x=", 1)


@pytest.mark.parametrize("make", [
    lambda: (CASES / "05-huge-single-quotes.xlsx").read_bytes(),
    lambda: formatted.changed(written.workbook(REPORT), {SHEET: far(_FAR.replace("XFD", "xfd"))}),
    lambda: formatted.changed(written.workbook(REPORT), {SHEET: far(_FAR.replace("<c r=", "<c\n t='n'\n r  =\t"))}),
    lambda: formatted.changed(written.workbook(REPORT), {SHEET: far(_FAR.replace("XFD", "X&#70;D"))}),
    lambda: formatted.changed(written.workbook(REPORT), {SHEET: prefixed}),
    lambda: moved("xl/other/place.xml"), lambda: moved("xl/worksheets/sheet1.XML"),
], ids=["single quotes", "small letters", "spaces", "character reference", "prefix", "another folder", "another case"])  # fmt: skip
def test_the_size_of_a_sheet_is_what_its_reader_reads(make: Callable[[], bytes]) -> None:
    assert refusal("a.xlsx", make()) == HUGE


def test_cells_that_do_not_say_where_they_are_are_counted() -> None:
    cells = '<row r="400000">' + "<c><v>1</v></c>" * 4 + "</row></sheetData>"
    data = formatted.changed(written.workbook(REPORT), {SHEET: far(cells)})
    assert refusal("a.xlsx", data) == "A sheet is too large: 400000 rows and 15 columns."


@pytest.mark.parametrize("repeated", ['table:number-rows-repeated="1048575"', "table:number-rows-repeated='1048575'"])
def test_a_row_that_is_there_a_million_times(repeated: str) -> None:
    row = f"<table:table-row {repeated}>{written._ods_text('x')}</table:table-row></table:table>"
    data = formatted.changed(written.ods(REPORT), {"content.xml": lambda xml: xml.replace("</table:table>", row)})
    assert "too large" in refusal("a.ods", data)


def test_binary_workbooks_are_not_read() -> None:
    assert refusal("a.xlsb", written.zipped({"xl/workbook.bin": "x"})) == "This is a binary workbook (.xlsb)."


@pytest.mark.parametrize("declared", ["<!DOCTYPE x>", "<!DOCTYPE x [<!ENTITY y 'z'>]>"])
def test_declarations_far_behind_the_beginning_are_refused(declared: str) -> None:
    how = {SHEET: lambda xml: re.sub(r"(<\?xml[^>]*>\s*)", rf"\1<!--{'x' * 9000}-->{declared}", xml)}
    message = "The document declares XML entities, which no office program does."
    assert refusal("a.xlsx", formatted.changed(written.workbook(REPORT), how)) == message


# -- another process ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reader", "library", "data"),
    [
        (word, "docx", written.word(REPORT)),
        (workbook, "python_calamine", written.workbook(REPORT)),
        (pdf, "pdfplumber", pdf_text.pdf("年报", [("申请", written.rows_of(REPORT, "requests"))])),
    ],
    ids=["docx", "workbook", "pdf"],
)
def test_another_process_reads_what_this_one_does(reader: ModuleType, library: str, data: bytes) -> None:
    """Most tests read documents in their own process."""
    kind = reader.__name__.rpartition(".")[2]
    assert read_isolated(kind, library, "", "", data) == reader.read_here(data)


# -- time and memory ---------------------------------------------------------------------------------------------------


def test_a_pdf_that_draws_for_ever_is_refused() -> None:
    message = "Reading the document takes more than 2 seconds or 2 GB of memory."
    data = (CASES / "06-pdf-bomb-39kB.pdf").read_bytes()
    with pytest.raises(Refused) as refused:
        read_isolated("pdf", "pdfplumber", "pdf", "PDF", data, Limits(seconds=2))
    assert refused.value.message.render(str) == message


def test_a_document_that_takes_all_memory_is_refused() -> None:
    pytest.importorskip("resource")
    rows = "".join(
        f"<row r='{row}'><c r='A{row}' t='inlineStr'><is><t>{row:099d}</t></is></c></row>" for row in range(900, 60_000)
    )
    long = formatted.changed(written.workbook(REPORT), {SHEET: far(f"{rows}</sheetData>")})
    with pytest.raises(Refused) as refused:
        read_isolated("workbook", "python_calamine", "xlsx", "xlsx, xls, ods", long, Limits(memory=1))
    assert "GB of memory" in refused.value.message.render(str)
    assert "more than 50000 cells" in refusal("a.xlsx", long)


# -- time --------------------------------------------------------------------------------------------------------------

TITLE = "宿迁市2024年政府信息公开工作年度报告"
CELL = f"<td>{'1 ' * 6000}</td>"
ROWS = f"<tr><td>（一）予以公开</td>{'<td>1</td>' * 7}</tr>" * 5000
RUNS = "<tr><td>规章</td><td>1</td></tr><tr><td>（一）予以公开</td><td>2</td></tr>" * 2500  # parts of two tables in turn
MERGED = "<tr><td>规章</td><td colspan=2>1</td><td>3</td></tr>" * 5000
ROW = f"<tr><td>一、本年新收政府信息公开申请数量</td>{CELL * 7}</tr>"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", f"<h1>{TITLE * 4000}</h1>"),
        ("a.html", f"<style>{'a{' * 1_000_000}</style>"),
        ("a.html", f"<h1>{TITLE}</h1><table>{ROW * 4}</table>"),
        ("a.html", f"<h1>{TITLE}</h1><table>{ROWS}</table>"),
        ("a.html", f"<h1>{TITLE}</h1><table>{RUNS}</table>"),
        ("a.html", f"<h1>{TITLE}</h1><table>{MERGED}</table>"),
        ("a.txt", f"{TITLE}\n" * 20_000),
        ("a.txt", "".join(f"{chr(0x4E00 + n // 200)}{chr(0x4E00 + n % 200)}市{TITLE[3:]}\n" for n in range(20_000))),
    ],
    ids=["title", "style", "digits", "rows", "parts", "merged", "titles", "agencies"],
)
def test_long_texts_do_not_take_the_square_of_the_time(name: str, text: str) -> None:
    """Each of them took half a minute or more."""
    before = time.process_time()
    imported(name, text.encode())
    assert time.process_time() - before < 15


# -- Word --------------------------------------------------------------------------------------------------------------


def test_a_span_of_five_thousand_digits_is_refused() -> None:
    message = "A cell covers more than 1000 columns."
    assert refusal("a.docx", (CASES / "07-gridspan-5000-digits.docx").read_bytes()) == message


@pytest.mark.parametrize("span", ["", "0", "-1", "x", "²", "٣", "1.5", " 3"])
def test_spans_that_are_no_numbers_are_one_column(span: str) -> None:
    def spanned(xml: str) -> str:
        return xml.replace(
            '<w:tcPr><w:tcW w:type="dxa" w:w="', f'<w:tcPr><w:gridSpan w:val="{span}"/><w:tcW w:type="dxa" w:w="'
        )

    data = formatted.changed(written.word(REPORT, written.without_merges), {"word/document.xml": spanned})
    assert figures_of(imported("a.docx", data).report) == REPORT.figures


_ODD = (
    "<w:p/>", "<w:tbl/>", "<w:tbl><w:tr/></w:tbl>", "<w:tr/>", "<w:tc/>", "<w:tc><w:tbl><w:tr><w:tc/></w:tr></w:tbl></w:tc>", "<w:sdt/>", "<w:rPr/>", "<w:r><w:rPr/></w:r>",
    '<w:r><w:rPr><w:rStyle w:val="nothing"/><w:sz w:val="²"/><w:position w:val="--1"/><w:vertAlign/></w:rPr><w:t>9</w:t></w:r>', "<w:vMerge/>", '<w:vMerge w:val="x"/>',
    "<mc:AlternateContent/>", "<mc:AlternateContent><mc:Choice/></mc:AlternateContent>", "<w:txbxContent/>", "<w:drawing/>", "<w:ruby/>", "<w:del/>", "<!--x-->", "<?x y?>",
    "<w:tblPr><w:tblStyle/></w:tblPr>", '<w:pPr><w:pStyle w:val="x"/></w:pPr>', "<w:instrText/>", "<w:sym/>", "<w:footnoteReference/>", "&#9;", "&amp;", "<a xmlns='b'/>",
)  # fmt: skip


WORD = written.word(REPORT)


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml"])
@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_odd_in_a_word_document_gets_a_message(part: str, seed: int) -> None:
    """Elements misplaced, missing, doubled or renamed; invalid numbers; no end. Tests the reader without its process."""
    rng = random.Random(f"{part}{seed}")  # noqa: S311

    def odd(xml: str) -> str:
        for _ in range(rng.randrange(1, 6)):
            tags = [match.span() for match in re.finditer(r"<[^>]*>", xml)]
            start, end = rng.choice(tags)
            luck = rng.random()
            if luck < 0.5:
                xml = xml[:end] + rng.choice(_ODD) + xml[end:]
            elif luck < 0.7:
                xml = re.sub(
                    r'(?<=w:val=")[^"]*',
                    lambda _old: rng.choice(("", "-1", "9" * 30, "x", "²")),
                    xml,
                    count=rng.randrange(1, 40),
                )
            elif luck < 0.9:
                name = rng.choice(re.findall(r"<(w:\w+)", xml))
                xml = (
                    xml.replace(f"<{name}", f"<{rng.choice(('w:x', 'w:p', 'w:tc', 'w:r'))}")
                    if rng.random() < 0.2
                    else xml.replace(f"<{name}/>", "")
                )
            else:
                xml = xml[:start]
        return xml

    with contextlib.suppress(Refused):
        assert isinstance(word.read_here(formatted.changed(WORD, {part: odd})), Document)
