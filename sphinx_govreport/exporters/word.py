"""Reports as a Word document."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..core.extras import require
from ..core.form import Form
from ..core.model import Report
from ..core.paper import TEXT_HEIGHT, TEXT_WIDTH, UNPARTED
from .blocks import Block, Box, Grid, Heading, NewPage, Paragraph, Picture, Run, blocks_of
from .pages import CREATED, described
from .word_style import HEI, KAI, set_page, set_up

if TYPE_CHECKING:
    from types import ModuleType

    from docx.document import Document
    from docx.table import Table as WordTable
    from docx.text.paragraph import Paragraph as WordParagraph

#: by the kind of a paragraph
_STYLES = {
    "text": "Normal",
    "item": "Report Item",
    "note": "Report Note",
    "source": "Report Source",
    "caption": "Report Caption",
    "code": "Report Code",
}
_HEADINGS = 4  # levels that have a style
_CELL_MARGIN = 0.75  # millimetres left and right of what is written in a cell


def word(reports: Sequence[Report], forms: Mapping[str, Form]) -> bytes:
    """Title, headings, tables with the form's merges, and notes; each report begins on a new page."""
    blocks: list[Block] = []
    for report in reports:
        blocks += [NewPage()] if blocks else []
        blocks += blocks_of(report, forms)
    return word_document(*described(reports), blocks)


def library() -> ModuleType:
    """The library for Word documents. Raises :class:`MissingExtra` where it is not installed."""
    return require("docx", "docx", "docx")


def word_document(title: str, author: str, blocks: Iterable[Block]) -> bytes:
    """A document of blocks. Raises :class:`MissingExtra` without the library for it."""
    document = library().Document()
    set_up(document)
    properties = document.core_properties
    properties.title, properties.author = title, author
    properties.created = properties.modified = CREATED
    properties.comments = ""
    writer = _Writer(document)
    for block in blocks:
        writer.add(block)
    return _saved(document)


class _Writer:
    """Writes block after block."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.is_across = False

    def add(self, block: Block) -> None:
        self._turn(across=isinstance(block, Grid) and block.lies_across)
        match block:
            case Heading():
                self.document.add_heading(block.text, min(block.level, _HEADINGS))
            case Paragraph():
                _fill_paragraph(self.document.add_paragraph(style=_STYLES[block.kind]), block.runs)
            case Grid():
                self._grid(block)
            case Picture():
                self._picture(block)
            case NewPage():
                self.document.add_page_break()  # type: ignore[no-untyped-call]

    def _turn(self, *, across: bool) -> None:
        """Begin a section where the paper is turned."""
        if across != self.is_across:
            set_page(self.document.add_section(), across=across)
            self.is_across = across

    def _grid(self, block: Grid) -> None:
        if block.caption:
            self.document.add_paragraph(block.caption, style=_STYLES["caption"])
        _table(self.document, block, TEXT_HEIGHT if self.is_across else TEXT_WIDTH)

    def _picture(self, block: Picture) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
        from docx.shared import Mm

        paragraph = self.document.add_paragraph(style=_STYLES["caption"])
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        shape = paragraph.add_run().add_picture(str(block.path))
        shape._inline.docPr.set("descr", block.description)
        if shape.width > Mm(TEXT_WIDTH):
            shape.height, shape.width = Mm(round(TEXT_WIDTH * shape.height / shape.width)), Mm(TEXT_WIDTH)


def _fill_paragraph(paragraph: WordParagraph, runs: Sequence[Run]) -> None:
    for run in runs:
        written = paragraph.add_run(run.text)
        if run.strong or run.emphasis:  # Chinese is neither bold nor slanted: it has another face
            fonts = written._r.get_or_add_rPr().get_or_add_rFonts()
            fonts.set(_qn("w:eastAsia"), HEI if run.strong else KAI)
            written.bold, written.italic = run.strong or None, run.emphasis or None
        if run.raised:
            written.font.superscript, written.font.subscript = run.raised > 0, run.raised < 0
        if run.url:
            _link(paragraph, written, run.url)


def _link(paragraph: WordParagraph, run: Any, url: str) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE

    ident = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = paragraph._p.makeelement(_qn("w:hyperlink"), {_qn("r:id"): ident})
    run._r.addprevious(link)
    link.append(run._r)


def _qn(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(name)


# -- tables --------------------------------------------------------------------------------------------------------


def _table(document: Document, block: Grid, room: int) -> None:
    from docx.shared import Mm

    table = document.add_table(len(block.lines), len(block.widths), style="Table Grid")
    table.autofit = False
    _set_margins(table)
    unit = room / sum(block.widths)
    for column, characters in zip(table.columns, block.widths, strict=True):
        column.width = Mm(unit * characters)
    covering = _covering(block.lines, len(block.widths))
    for number, (row, boxes) in enumerate(zip(table.rows, covering, strict=True)):
        _cells(row, number, boxes)
    _rows(table, block)


def _set_margins(table: WordTable) -> None:
    """Little room at the sides of a cell: fifteen columns stand beside each other."""
    from docx.shared import Mm

    properties: Any = table._tbl.tblPr
    margins = properties.makeelement(_qn("w:tblCellMar"), {})
    for side in ("left", "right"):
        size = str(round(Mm(_CELL_MARGIN).pt * 20))
        margins.append(margins.makeelement(_qn(f"w:{side}"), {_qn("w:w"): size, _qn("w:type"): "dxa"}))
    look = properties.find(_qn("w:tblLook"))
    look.addprevious(margins)  # the order is fixed


def _covering(lines: Sequence[Sequence[Box]], width: int) -> list[list[Box]]:
    """For each row of the grid, the cells that cover its columns; a wide one stands there as often as it is wide."""
    places: list[list[Box | None]] = [[None] * width for _line in lines]
    for line in lines:
        for box in line:
            for row in range(box.row, box.row + box.rowspan):
                places[row][box.column : box.column + box.colspan] = [box] * box.colspan
    return [[box for box in row if box] for row in places]


def _cells(row: Any, number: int, covering: Sequence[Box]) -> None:
    """Merge a row's cells as the form has it and fill those that begin in it. The library's merging is slow for many cells."""
    cells = list(row.cells)
    for column, (cell, box) in enumerate(zip(cells, covering, strict=True)):
        if column > box.column:
            cell._tc.getparent().remove(cell._tc)
            continue
        if box.colspan > 1:
            cell.width = sum(one.width for one in cells[column : column + box.colspan])
            cell._tc.grid_span = box.colspan
        if box.rowspan > 1:
            cell._tc.vMerge = "restart" if box.row == number else "continue"
        if box.row == number:
            _fill(cell, box)


def _fill(cell: Any, box: Box) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT

    paragraph = cell.paragraphs[0]
    paragraph._p.style = "ReportRow" if box.is_row_head else "ReportCell"  # an identifier: a name is looked for each time
    paragraph.add_run(box.text)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _rows(table: WordTable, block: Grid) -> None:
    """Repeat the heads on every page; keep each row on one, and all that fit on a page together."""
    from docx.oxml.parser import OxmlElement

    count = len(block.lines)
    kept = range(count - 1) if count <= UNPARTED else ()
    for number, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number < block.heads:
            properties.append(OxmlElement("w:tblHeader"))
        if number in kept:
            for paragraph in row._tr.iter(_qn("w:p")):
                paragraph.get_or_add_pPr().get_or_add_keepNext()


def _saved(document: Document) -> bytes:
    """The document's bytes, without the time at which they are written."""
    written, file = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED)
    return file.getvalue()
