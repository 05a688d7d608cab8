"""Documents made from reports: every figure in its cell, the form's merges, formulas that give the stated total."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from lxml import etree, html
from python_calamine import CalamineWorkbook

from sphinx_govreport.cli import main
from sphinx_govreport.core.forms.grid import Cell
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.exporters import EXPORTS
from sphinx_govreport.exporters.xlsx import blank_workbook
from sphinx_govreport.importers.recognise.report import Wanted, import_documents
from tests.exporters.test_exports import read
from tests.published import NAMES, published, year_file

FORMS = statutory_forms()
TOP = 3  # rows above the grid
ODD = (
    'agency: "=1+1&\\"<b"\nyear: 2024\nform: 2021\nproactive-disclosure: 0\nrequests: 0\nreviews: 0\nnotes: {reviews: "=1+1"}\n'
)


def bytes_of(kind: str, report: Report) -> bytes:
    body = EXPORTS[kind]([report], FORMS)
    return body if isinstance(body, bytes) else body.encode()


def cells_of(report: Report, table: str) -> Iterator[Cell]:
    layout = layout_of(FORMS[report.forms[table]].table(table))
    return (cell for block in layout.blocks for line in (*block.head, *block.body) for cell in line)


@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_has_every_figure_in_its_cell_and_the_merges_of_the_form(name: str) -> None:
    report = read(year_file(published(name)))
    book = CalamineWorkbook.from_filelike(io.BytesIO(bytes_of("xlsx", report)))
    *names, _all_figures = book.sheet_names
    for sheet_name, table in zip(names, report.figures, strict=True):
        sheet = book.get_sheet_by_name(sheet_name)
        rows = sheet.to_python(skip_empty_area=False)
        for cell in cells_of(report, table):
            shown = rows[TOP + cell.row][cell.column]
            if cell.path:
                figure = report.figures[table][cell.path]
                is_plain = figure.value is not None and not figure.unit
                assert shown == (float(figure.text) if is_plain else figure.text + figure.unit), cell.path
            else:
                assert shown == cell.text
        merged = {((a, b), (c, d)) for (a, b), (c, d) in sheet.merged_cell_ranges or () if a >= TOP}
        assert merged == {
            ((TOP + cell.row, cell.column), (TOP + cell.row + cell.rowspan - 1, cell.column + cell.colspan - 1))
            for cell in cells_of(report, table)
            if cell.rowspan * cell.colspan > 1
        }


def formulas(body: bytes) -> dict[int, dict[str, str]]:
    """Return by sheet the formula of each cell."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        sheets = [archive.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2, 3)]
    return {
        number: dict(re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f>([^<]+)</f>', sheet))
        for number, sheet in enumerate(sheets, start=1)
    }


def test_totals_are_formulas_where_they_add_up_and_what_was_stated_where_not() -> None:
    sound = formulas(bytes_of("xlsx", read(year_file(published("suqian-2024")))))
    assert sound[1] == {}
    assert sound[2]["J7"] == "SUM(D7:I7)", "the row 一"
    assert sound[2]["D30"] == "SUM(D9:D29)", "the column under 自然人"
    assert len(sound[2]) == 25 + 7 - 1
    assert sound[3] == {"E7": "SUM(A7:D7)", "J7": "SUM(F7:I7)", "O7": "SUM(K7:N7)"}
    slips = formulas(bytes_of("xlsx", read(year_file(published("huaian-hongze-2023")))))
    assert slips[3] == {"J7": "SUM(F7:I7)"}, "10+1+0+0 was published as 0, and 5+0+0+0 too"
    blanks = formulas(bytes_of("xlsx", read(year_file(published("shanghai-municipal-office-2019")))))
    assert {"J7", "J8", "J9"}.isdisjoint(blanks[2]), "a total beside empty cells stays what was stated, or empty"


@pytest.mark.parametrize("name", NAMES)
def test_a_word_document_has_the_cells_of_the_form(name: str) -> None:
    report = read(year_file(published(name)))
    document = docx.Document(io.BytesIO(bytes_of("docx", report)))
    assert len(document.tables) == 3
    for table, name_of in zip(document.tables, report.figures, strict=True):
        rows = [list(row.cells) for row in table.rows]
        for cell in cells_of(report, name_of):
            figure = report.figures[name_of].get(cell.path)
            places = [
                rows[cell.row + down][cell.column + right] for down in range(cell.rowspan) for right in range(cell.colspan)
            ]
            assert len({place._tc for place in places}) == 1, "merged as the form has it"
            assert places[0].text == (figure.shown() + figure.remark() if figure else cell.text)
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0].replace("\n", "") == f"{report.agency}{report.year}年政府信息公开工作年度报告", (
        "its lines end between words"
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_fragment_of_html_is_well_formed_and_has_every_figure(name: str) -> None:
    report = read(year_file(published(name)))
    body = bytes_of("html", report).decode()
    etree.fromstring(f"<body>{body}</body>")
    tree = html.fragment_fromstring(body, create_parent="body")
    for table, figures in report.figures.items():
        (found,) = tree.xpath(f'//table[contains(@id, "-{table}")]')
        shown = [cell.text_content() for cell in found.iter("td")]
        assert shown == [figure.shown() + figure.remark() for figure in figures.values()]


@pytest.mark.parametrize("kind", ["xlsx", "docx", "html", "text", "csv"])
def test_names_that_look_like_markup_or_formulas_stay_text(kind: str) -> None:
    report = read(ODD)
    body = bytes_of(kind, report)
    if kind == "html":
        assert b'"<b' not in body
    if kind == "xlsx":
        assert all("1+1" not in formula for sheet in formulas(body).values() for formula in sheet.values())
    if kind != "csv":
        found = import_documents(f"a.{kind.replace('text', 'txt')}", body, FORMS, Wanted())[0].report
        assert found
        assert found.agency == report.agency
        assert found.notes == report.notes


def test_the_sheets_of_several_agencies_have_their_names() -> None:
    reports = [read(year_file(published(name))) for name in ("suqian-2024", "wendeng-commerce-2020")]
    body = EXPORTS["xlsx"](reports, FORMS)
    assert isinstance(body, bytes)
    assert CalamineWorkbook.from_filelike(io.BytesIO(body)).sheet_names == [
        "宿迁市2024二、主动公开政府信息情况",
        "宿迁市2024三、收到和处理政府信息公开申请情况",
        "宿迁市2024四、政府信息公开行政复议、行政诉讼情况",
        "威海市文登区商务局2020二、主动公开政府信息情况",
        "威海市文登区商务局2020三、收到和处理政府信息公开申请情况",
        "威海市文登区商务局2020四、政府信息公开行政复议、行政诉讼情",
        "数据明细",
    ]


@pytest.mark.parametrize("kind", EXPORTS)
def test_the_same_report_makes_the_same_bytes(kind: str) -> None:
    report = read(year_file(published("suqian-2024")))
    assert bytes_of(kind, report) == bytes_of(kind, report)


@pytest.mark.parametrize("kind", ["xlsx", "docx", "html", "text", "csv", "json"])
def test_several_years_stand_in_one_document(kind: str) -> None:
    reports = [read(year_file(published(name))) for name in ("suqian-2023", "suqian-2024")]
    body = EXPORTS[kind](reports, FORMS)
    if kind == "xlsx":
        assert isinstance(body, bytes)
        *names, all_figures = CalamineWorkbook.from_filelike(io.BytesIO(body)).sheet_names
        assert all_figures == "数据明细"
        assert [name[:6] for name in names] == ["2023二、", "2023三、", "2023四、", "2024二、", "2024三、", "2024四、"]
    elif isinstance(body, str):
        assert "2823652" not in body
        assert "2822652" in body
        assert "2676474" in body


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_an_empty_form_reckons_its_totals_and_locks_what_is_law(form: str, tmp_path: Path) -> None:
    year = {"2019": 2020, "2021": 2024}[form]
    body = blank_workbook(FORMS[form], year)
    sheets = formulas(body)
    assert sheets[2]["J7"] == 'IF(COUNTBLANK(D7:I7),"",SUM(D7:I7))', "nothing that is not filled in is added up"
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    assert "<sheetProtection" in sheet
    assert 'type="custom"' in sheet
    target = tmp_path / "form.xlsx"
    assert main(["export", "--blank", "--year", str(year), "--output", str(target)]) == 0
    assert target.read_bytes() == body


def test_an_empty_form_is_a_workbook_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for others in (["--to", "docx"], ["data"], ["--to", "csv"]):
        with pytest.raises(SystemExit) as ended:
            main(["export", "--blank", "--output", "a.docx", *others])
        assert ended.value.code == 2
        assert not Path("a.docx").exists()


@pytest.mark.parametrize(("kind", "module", "extra"), [("xlsx", "xlsxwriter", "xlsx"), ("docx", "docx", "docx")])
def test_a_missing_library_is_named_with_what_to_type(
    kind: str, module: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "2024.yaml"
    data.write_text(year_file(published("suqian-2024")), "utf-8")
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, f"sphinx_govreport.exporters.{kind}", raising=False)
    with pytest.raises(SystemExit) as stopped:
        main(["--language", "en", "export", str(data), "--to", kind, "--output", str(tmp_path / "out")])
    assert stopped.value.code == 2
    assert f"sphinx-govreport[{extra}]" in capsys.readouterr().err


def converted(folder: Path, name: str, kind: str) -> bytes:
    """Return a document as LibreOffice saves it after opening and recalculating it.

    ``folder`` is that of the test; all tests of a process share a profile beside it, as a new one takes long to make.
    """
    office = shutil.which("soffice")
    assert office, "LibreOffice is needed for this test"
    profile = f"-env:UserInstallation={(folder.parent / 'office-profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", kind, "--outdir", str(folder / "out"), str(folder / name)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return (folder / "out" / f"{Path(name).stem}.{kind}").read_bytes()


@pytest.mark.slow
def test_libreoffice_reckons_the_totals_that_are_stated_and_reads_every_kind(tmp_path: Path) -> None:
    report = read(year_file(published("suqian-2024")))
    body = bytes_of("xlsx", report)
    without_values = io.BytesIO()  # so that the total can only come from the formula
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(without_values, "w") as new:
        for part in old.namelist():
            new.writestr(part, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", old.read(part)))
    (tmp_path / "a.xlsx").write_bytes(without_values.getvalue())
    (tmp_path / "b.docx").write_bytes(bytes_of("docx", report))
    for name, kind in (("a.xlsx", "ods"), ("a.xlsx", "xls"), ("a.xlsx", "pdf"), ("b.docx", "pdf"), ("b.docx", "html")):
        found = import_documents(f"x.{kind}", converted(tmp_path, name, kind), FORMS, Wanted())[0]
        assert [finding.message.template for finding in found.findings] == [], (name, kind)
        assert found.report
        for table, figures in report.figures.items():
            assert {path: figure.value for path, figure in found.report.figures[table].items()} == {
                path: figure.value for path, figure in figures.items()
            }, (name, kind)


@pytest.mark.slow
def test_an_empty_form_that_colleagues_filled_in_comes_in(tmp_path: Path) -> None:
    report = read(year_file(published("suqian-2024")))
    filled = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blank_workbook(FORMS["2021"], 2024))) as old, zipfile.ZipFile(filled, "w") as new:
        for part in old.namelist():
            body = old.read(part).decode()
            if part == "xl/sharedStrings.xml":
                body = body.replace("（机关名称）", "宿迁市")
            for number, (table, figures) in enumerate(report.figures.items(), start=1):
                if part == f"xl/worksheets/sheet{number}.xml":
                    for cell in cells_of(report, table):
                        place = f"{'ABCDEFGHIJKLMNO'[cell.column]}{TOP + cell.row + 1}"
                        value = figures[cell.path].text if cell.path else ""
                        body = re.sub(rf'<c r="{place}" (s="\d+")/>', rf'<c r="{place}" \1><v>{value}</v></c>', body)
            new.writestr(part, re.sub(r"(</f>)<v>[^<]*</v>", r"\1", body))
    (tmp_path / "form.xlsx").write_bytes(filled.getvalue())
    found = import_documents("form.ods", converted(tmp_path, "form.xlsx", "ods"), FORMS, Wanted())[0]
    assert found.report
    assert (found.report.agency, found.report.year, found.findings) == ("宿迁市", 2024, ())
    for table, figures in report.figures.items():
        assert {path: figure.value for path, figure in found.report.figures[table].items()} == {
            path: figure.value for path, figure in figures.items()
        }
