"""Reports as a Word document."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

from sphinx_govreport.core.extras import MissingExtra
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.tables.gbt9704 import (
    BOTTOM,
    HEIGHT,
    INNER,
    OUTER,
    TABLE_SIZE,
    TEXT_HEIGHT,
    TEXT_WIDTH,
    TOP,
    UNPARTED,
    WIDTH,
)

from .document import CREATED, Block, Heading, ImageBlock, NewPage, Run, TableBlock, TableCell, TextBlock, blocks_of, described

try:
    import docx
    from docx.document import Document
    from docx.enum.section import WD_ORIENT
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_LINE_SPACING, WD_PARAGRAPH_ALIGNMENT
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.ns import nsdecls, qn
    from docx.section import Section
    from docx.shared import Mm, Pt, RGBColor
    from docx.text.paragraph import Paragraph as WordParagraph
except ImportError as error:
    raise MissingExtra("docx", "docx") from error

FANG, KAI, HEI, SONG, TITLE = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"
_LATIN = "Times New Roman"
#: what may stand in for a face, best first; the last ones are free
_INSTEAD = {
    FANG: "仿宋,FangSong,STFangsong,FandolFang,Noto Serif CJK SC",
    KAI: "楷体,KaiTi,STKaiti,FandolKai,Noto Serif CJK SC",
    HEI: "SimHei,FandolHei,Noto Sans CJK SC",
    SONG: "SimSun,FandolSong,Noto Serif CJK SC",
    TITLE: "FZXiaoBiaoSong-B05S,华文中宋,STZhongsong,宋体,SimSun,FandolSong,Noto Serif CJK SC",
}
_LINES = 22  # on a page
_PITCH = TEXT_HEIGHT / _LINES  # millimetres
_BODY, _NOTE, _PAGE = 16, 10.5, 14  # points: 三号, 五号, 四号
_TIGHTER = -5  # twentieths of a point between characters: 28 of them fit the line
_TWO_CHARACTERS = 200  # hundredths
_FOOT = 12  # millimetres from the text to the lower edge of the number of the page


class ParagraphStyle(NamedTuple):
    """A style of paragraphs."""

    face: str
    size: float  #: points
    align: str = "justify"  #: justify, left, center, right
    indent: int = 0  #: of the first line, hundredths of a character
    pitch: float = 0  #: from line to line in points; 0: as the letters need it
    space: float = 0  #: above and below, points
    tighter: int = 0
    keeps: bool = False  #: on the page of what follows


_LINE = _PITCH / 25.4 * 72
LOOKS = {
    "Normal": ParagraphStyle(FANG, _BODY, indent=_TWO_CHARACTERS, pitch=_LINE, tighter=_TIGHTER),
    "Heading 1": ParagraphStyle(TITLE, 22, "center", pitch=36, space=_LINE / 2, keeps=True),
    "Heading 2": ParagraphStyle(HEI, _BODY, "left", _TWO_CHARACTERS, _LINE, tighter=_TIGHTER, keeps=True),
    "Heading 3": ParagraphStyle(KAI, _BODY, "left", _TWO_CHARACTERS, _LINE, tighter=_TIGHTER, keeps=True),
    "Heading 4": ParagraphStyle(FANG, _BODY, "left", _TWO_CHARACTERS, _LINE, tighter=_TIGHTER, keeps=True),
    "Report Item": ParagraphStyle(FANG, _BODY, indent=_TWO_CHARACTERS, pitch=_LINE, tighter=_TIGHTER),
    "Report Code": ParagraphStyle(FANG, _NOTE, "left", pitch=16),
    "Report Note": ParagraphStyle(SONG, _NOTE, "justify", _TWO_CHARACTERS, 18),
    "Report Source": ParagraphStyle(SONG, _NOTE, "right", pitch=18, keeps=True),
    "Report Caption": ParagraphStyle(HEI, _NOTE, "center", pitch=18, space=3, keeps=True),
    "Report Cell": ParagraphStyle(SONG, TABLE_SIZE, "center", space=1),
    "Report Row": ParagraphStyle(SONG, TABLE_SIZE, "left", space=1),
    "Report Page": ParagraphStyle(SONG, _PAGE, "right"),
}


def word(reports: Sequence[Report], forms: Mapping[str, Form]) -> bytes:
    """Write title, headings, tables with the form's merges, and notes; each report begins on a new page."""
    blocks: list[Block] = []
    for report in reports:
        blocks += [NewPage()] if blocks else []
        blocks += blocks_of(report, forms)
    return word_document(*described(reports, forms), blocks)


def word_document(title: str, author: str, blocks: Iterable[Block]) -> bytes:
    """Write a document of blocks."""
    document = docx.Document()
    _set_up(document)
    properties = document.core_properties
    properties.title, properties.author = title, author
    properties.created = properties.modified = CREATED
    properties.comments = ""
    writer = _Writer(document)
    for block in blocks:
        writer.add(block)
    writer.end()
    return _saved(document)


def _saved(document: Document) -> bytes:
    """Return the document's bytes, without the time at which they are written, and with our table of faces."""
    written, file = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = _face_table() if name == "word/fontTable.xml" else old.read(name)
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), body, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _face_table() -> bytes:
    """Return the part that names what may stand in for each face."""
    fonts = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(instead)}/></w:font>"
        for name, instead in _INSTEAD.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}\n<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()


# -- styles and pages ----------------------------------------------------------------------------------------------


def _set_up(document: Document) -> None:
    """Make all styles, the page and its number."""
    for name, look in LOOKS.items():
        if name not in document.styles:
            document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Normal"]
        _apply(document.styles[name], look)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")  # else programs take the Japanese shapes of characters
    settings = document.settings
    settings.odd_and_even_pages_header_footer = True
    mirror = settings.element.makeelement(qn("w:mirrorMargins"), {})
    settings.element.insert(1, mirror)  # behind zoom: the order is fixed
    (section,) = document.sections
    _set_page(section, across=False)
    _number(section.footer, "right")
    _number(section.even_page_footer, "left")


def _set_page(section: Section, *, across: bool) -> None:
    """Set A4 with the margins of the standard; ``across``: the same paper, turned."""
    width, height, top, right, bottom, left = WIDTH, HEIGHT, TOP, OUTER, BOTTOM, INNER
    if across:
        width, height, top, right, bottom, left = HEIGHT, WIDTH, INNER, TOP, OUTER, BOTTOM
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, (top, right, bottom, left))
    section.footer_distance = Mm(bottom - _FOOT)


def _apply(style: Any, look: ParagraphStyle) -> None:
    font, form = style.font, style.paragraph_format
    font.name, font.size, font.bold, font.italic = _LATIN, Pt(look.size), False, False
    font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    latin = look.face if look.face in (HEI, SONG, TITLE) else _LATIN
    for name, face in (("ascii", latin), ("hAnsi", latin), ("eastAsia", look.face)):
        fonts.set(qn(f"w:{name}"), face)
    spacing = properties.makeelement(qn("w:spacing"), {qn("w:val"): str(look.tighter)})
    properties.find(qn("w:sz")).addprevious(spacing)  # the order is fixed
    form.alignment = WD_PARAGRAPH_ALIGNMENT[look.align.upper()]
    form.space_before = form.space_after = Pt(look.space)
    form.keep_with_next = look.keeps
    if look.pitch:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(look.pitch)
    else:
        form.line_spacing_rule = WD_LINE_SPACING.SINGLE
    indent = style.element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(look.indent))
    indent.set(qn("w:firstLine"), str(round(look.indent * look.size / 5)))


def _number(footer: Any, side: str) -> None:
    """Write — 1 —, one character in from the outer edge."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.style = "Report Page"
    paragraph.alignment = WD_PARAGRAPH_ALIGNMENT[side.upper()]
    setattr(paragraph.paragraph_format, f"{side}_indent", Pt(_PAGE))
    paragraph.add_run("— ")
    number = paragraph.add_run("1").element
    field = number.makeelement(qn("w:fldSimple"), {qn("w:instr"): "PAGE"})
    number.addprevious(field)
    field.append(number)
    paragraph.add_run(" —")


# -- paragraphs, pictures and tables -------------------------------------------------------------------------------

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


class _Writer:
    """Writes block after block."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.is_across = False

    def add(self, block: Block) -> None:
        self._turn(across=isinstance(block, TableBlock) and block.lies_across)
        match block:
            case Heading():
                self.document.add_heading(block.text, min(block.level, _HEADINGS))
            case TextBlock():
                _fill_paragraph(self.document.add_paragraph(style=_STYLES[block.kind]), block.runs)
            case TableBlock():
                if block.caption:
                    self.document.add_paragraph(block.caption, style=_STYLES["caption"])
                _add_table(self.document, block, TEXT_HEIGHT if self.is_across else TEXT_WIDTH)
            case ImageBlock():
                self._picture(block)
            case NewPage():
                self.document.add_page_break()  # type: ignore[no-untyped-call]

    def end(self) -> None:
        """End with a paragraph, of no height to speak of: behind a table, programs take the page of its section for granted."""
        if self.is_across:
            paragraph = self.document.add_paragraph(style=_STYLES["note"])
            paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
            paragraph.paragraph_format.line_spacing = Pt(1)

    def _turn(self, *, across: bool) -> None:
        """Begin a section where the paper is turned."""
        if across != self.is_across:
            _set_page(self.document.add_section(), across=across)
            self.is_across = across

    def _picture(self, block: ImageBlock) -> None:
        paragraph = self.document.add_paragraph(style=_STYLES["caption"])
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        paragraph.alignment = WD_PARAGRAPH_ALIGNMENT.CENTER
        run = paragraph.add_run()
        shape = run.add_picture(str(block.path))
        for properties in run.element.iter(qn("wp:docPr")):
            properties.set("descr", block.description)
        if shape.width > Mm(TEXT_WIDTH):
            shape.height, shape.width = Mm(round(TEXT_WIDTH * shape.height / shape.width)), Mm(TEXT_WIDTH)


def _fill_paragraph(paragraph: WordParagraph, runs: Sequence[Run]) -> None:
    for run in runs:
        written = paragraph.add_run(run.text)
        if run.strong or run.emphasis:  # Chinese is neither bold nor slanted: it has another face
            fonts = written.element.get_or_add_rPr().get_or_add_rFonts()
            fonts.set(qn("w:eastAsia"), HEI if run.strong else KAI)
            written.bold, written.italic = run.strong or None, run.emphasis or None
        if run.raised:
            written.font.superscript, written.font.subscript = run.raised > 0, run.raised < 0
        if run.url:
            ident = paragraph.part.relate_to(run.url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            link = written.element.makeelement(qn("w:hyperlink"), {qn("r:id"): ident})
            written.element.addprevious(link)
            link.append(written.element)


def _add_table(document: Document, block: TableBlock, room: int) -> None:
    table = document.add_table(len(block.lines), len(block.widths), style="Table Grid")
    table.autofit = False
    element: Any = next(document.element.body.iterchildren(qn("w:tbl"), reversed=True))
    _set_margins(element)
    unit = room / sum(block.widths)
    for column, characters in zip(table.columns, block.widths, strict=True):
        column.width = Mm(unit * characters)
    covering = _covering(block.lines, len(block.widths))
    is_kept_together = len(block.lines) <= UNPARTED
    for number, (row, properties, boxes) in enumerate(zip(table.rows, element.tr_lst, covering, strict=True)):
        _fill_row(list(row.cells), number, boxes)
        _set_row(properties, is_head=number < block.heads, keeps=is_kept_together and number < len(block.lines) - 1)


def _set_margins(table: Any) -> None:
    """Leave little room at the sides of a cell: fifteen columns stand beside each other."""
    margins = table.makeelement(qn("w:tblCellMar"), {})
    size = str(round(Mm(_CELL_MARGIN).pt * 20))
    for side in ("left", "right"):
        margins.append(margins.makeelement(qn(f"w:{side}"), {qn("w:w"): size, qn("w:type"): "dxa"}))
    table.tblPr.find(qn("w:tblLook")).addprevious(margins)  # the order is fixed


def _covering(lines: Sequence[Sequence[TableCell]], width: int) -> list[list[TableCell]]:
    """Return for each row of the grid the cells that cover its columns; a wide one as often as it is wide."""
    places: list[list[TableCell | None]] = [[None] * width for _line in lines]
    for line in lines:
        for box in line:
            for row in range(box.row, box.row + box.rowspan):
                places[row][box.column : box.column + box.colspan] = [box] * box.colspan
    return [[box for box in row if box] for row in places]


def _fill_row(cells: Sequence[Any], number: int, covering: Sequence[TableCell]) -> None:
    """Merge a row's cells as the form has it and fill those that begin in it. The library's merging is slow for many cells."""
    for column, (cell, box) in enumerate(zip(cells, covering, strict=True)):
        paragraph = cell.paragraphs[0]
        element = paragraph.paragraph_format.element.getparent()
        if column > box.column:
            element.getparent().remove(element)
            continue
        if box.colspan > 1:
            cell.width = sum(one.width for one in cells[column : column + box.colspan])
            element.grid_span = box.colspan
        if box.rowspan > 1:
            element.vMerge = "restart" if box.row == number else "continue"
        if box.row == number:
            # an identifier: a name is looked for each time
            paragraph.paragraph_format.element.style = "ReportRow" if box.is_row_head else "ReportCell"
            paragraph.add_run(box.text)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _set_row(row: Any, *, is_head: bool, keeps: bool) -> None:
    """Keep a row on one page, repeat it on every page if it is a head, and keep it on the page of the next."""
    properties = row.get_or_add_trPr()
    for name in ("cantSplit", "tblHeader") if is_head else ("cantSplit",):
        properties.append(properties.makeelement(qn(f"w:{name}"), {}))
    for paragraph in row.iter(qn("w:p")) if keeps else ():
        paragraph.get_or_add_pPr().get_or_add_keepNext()
