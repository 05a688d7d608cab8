"""Reports as a Word document."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..core.extras import require
from ..core.form import Form
from ..core.model import Report
from ..core.structure import Cell
from ..core.tables import Table, report_title
from .pages import CREATED, described, pages_of

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table as WordTable
    from docx.text.paragraph import Paragraph

_FONT = "宋体"
_WIDTH, _HEIGHT, _MARGIN = 210, 297, 20  # A4, in millimetres
_WIDE = 10  # from more columns than this on, letters are smaller
#: styles of cells, by whether the table is wide and whether it is a row head
_STYLES = {
    (False, False): "Report Cell",
    (False, True): "Report Row",
    (True, False): "Report Small Cell",
    (True, True): "Report Small Row",
}


def word(reports: Sequence[Report], forms: Mapping[str, Form]) -> bytes:
    """Title, headings, tables with the form's merges, and notes; each report begins on a new page."""
    document = require("docx", "docx", "docx").Document()
    _set_up(document, reports)
    for number, report in enumerate(reports):
        if number:
            document.add_page_break()
        _report(document, report, forms)
    return _saved(document)


def _set_up(document: Document, reports: Sequence[Report]) -> None:
    from docx.shared import Mm

    for section in document.sections:
        section.page_width, section.page_height = Mm(_WIDTH), Mm(_HEIGHT)
        section.left_margin = section.right_margin = Mm(_MARGIN)
    for style in ("Normal", "Title", "Heading 1", "Heading 2"):
        _font(document.styles[style])
    _add_styles(document)
    properties = document.core_properties
    properties.title, properties.author = described(reports)
    properties.created = properties.modified = CREATED
    properties.comments = ""


def _add_styles(document: Document) -> None:
    """Styles for the cells, so that a whole report can be changed in one place."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    for (is_wide, is_left), name in _STYLES.items():
        style: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.font.size = Pt(8 if is_wide else 9)
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT if is_left else WD_ALIGN_PARAGRAPH.CENTER
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(2)


def _font(style: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    style.font.name = _FONT
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:eastAsia", "w:ascii", "w:hAnsi"):
        fonts.set(qn(name), _FONT)
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)


def _report(document: Document, report: Report, forms: Mapping[str, Form]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document.add_heading(report_title(report), 1).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for page in pages_of(report, forms):
        document.add_heading(page.heading, 2)
        source = _small(document.add_paragraph(page.source))
        source.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _table(document, page.table)
        for note in page.notes:
            _small(document.add_paragraph(note))


def _small(paragraph: Paragraph) -> Paragraph:
    from docx.shared import Pt

    paragraph.paragraph_format.space_after = Pt(3)
    for run in paragraph.runs:
        run.font.size = Pt(9)
    return paragraph


def _table(document: Document, table: Table) -> None:
    from docx.shared import Mm

    structure = table.structure
    grid = document.add_table(len(structure.lines), structure.width, style="Table Grid")
    grid.autofit = False
    unit = (_WIDTH - 2 * _MARGIN) / sum(structure.widths)
    for column, characters in zip(grid.columns, structure.widths, strict=True):
        column.width = Mm(unit * characters)
    is_wide = structure.width > _WIDE
    for number, (row, covering) in enumerate(zip(grid.rows, _covering(structure.lines, structure.width), strict=True)):
        _cells(row, number, covering, table.shown, is_wide=is_wide)
    _rows(grid, len(structure.blocks[0].head) if len(structure.blocks) == 1 else 0)


def _covering(lines: Sequence[Sequence[Cell]], width: int) -> list[list[Cell]]:
    """For each row of the grid, the cells that cover its columns; a wide one stands there as often as it is wide."""
    places: list[list[Cell | None]] = [[None] * width for _line in lines]
    for line in lines:
        for cell in line:
            for row in range(cell.row, cell.row + cell.rowspan):
                places[row][cell.column : cell.column + cell.colspan] = [cell] * cell.colspan
    return [[cell for cell in row if cell] for row in places]


def _cells(row: Any, number: int, covering: Sequence[Cell], shown: Callable[[Cell], str], *, is_wide: bool) -> None:
    """Merge a row's cells as the form has it and fill those that begin in it. The library's merging is slow for many cells."""
    boxes = list(row.cells)
    for column, (box, cell) in enumerate(zip(boxes, covering, strict=True)):
        if column > cell.column:
            box._tc.getparent().remove(box._tc)
            continue
        if cell.colspan > 1:
            box.width = sum(one.width for one in boxes[column : column + cell.colspan])
            box._tc.grid_span = cell.colspan
        if cell.rowspan > 1:
            box._tc.vMerge = "restart" if cell.row == number else "continue"
        if cell.row == number:
            _fill(box, shown(cell), _STYLES[is_wide, cell.is_row_head])


def _fill(cell: Any, written: str, style: str) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT

    paragraph = cell.paragraphs[0]
    paragraph._p.style = style.replace(" ", "")  # by its identifier: by its name, it is looked for each time
    paragraph.add_run(written)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _rows(grid: WordTable, heads: int) -> None:
    """Repeat the heads on every page, and keep each row on one."""
    from docx.oxml.parser import OxmlElement

    for number, row in enumerate(grid.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number < heads:
            properties.append(OxmlElement("w:tblHeader"))


def _saved(document: Document) -> bytes:
    """The document's bytes, without the time at which they are written."""
    written, file = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED)
    return file.getvalue()
