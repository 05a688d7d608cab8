"""Reports as a Word document."""

from __future__ import annotations

import functools
import io
import itertools
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

from sphinx_govreport.core.checks.signature import Signature
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
    WIDTH,
    signature_indents,
)
from sphinx_govreport.core.tables.html import SIGNS

from . import CannotHold
from .document import (
    LANGUAGE,
    TOO_WIDE,
    Block,
    Heading,
    ImageBlock,
    NewPage,
    Run,
    TableBlock,
    TableCell,
    TextBlock,
    blocks_of,
    created,
    described,
    fits_word,
)
from .fit import PITCH, Fit, fit

try:
    import docx
    from docx.document import Document
    from docx.enum.section import WD_ORIENT
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_LINE_SPACING, WD_PARAGRAPH_ALIGNMENT
    from docx.image.image import Image
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.ns import nsdecls, qn
    from docx.section import Section
    from docx.shared import Emu, Mm, Pt, RGBColor
    from docx.text.paragraph import Paragraph as WordParagraph
    from docx.text.parfmt import ParagraphFormat
except ImportError as error:
    raise MissingExtra("docx", "docx") from error

FANG, KAI, HEI, SONG, TITLE = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"
_LATIN = "Times New Roman"
#: substitutes for a face, best first; the last ones are free
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
    """A paragraph style."""

    face: str
    size: float  #: points
    align: str = "justify"  #: justify, left, center, right
    indent: int = 0  #: of the first line, hundredths of a character
    pitch: float = 0  #: line pitch in points; 0: determined by the font
    space: float = 0  #: above and below, points
    tighter: int = 0
    keeps: bool = False  #: whether it stays on the page of the next paragraph


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
    "Report Signature": ParagraphStyle(FANG, _BODY, "right", pitch=_LINE, tighter=_TIGHTER),
    "Caption": ParagraphStyle(HEI, _NOTE, "center", pitch=18, space=3, keeps=True),
    "Report Cell": ParagraphStyle(SONG, TABLE_SIZE, "center", pitch=TABLE_SIZE * PITCH, space=1),
    "Report Row": ParagraphStyle(SONG, TABLE_SIZE, "left", pitch=TABLE_SIZE * PITCH, space=1),
    "Report Page": ParagraphStyle(SONG, _PAGE, "right"),
}


def word(reports: Sequence[Report], forms: Mapping[str, Form]) -> bytes:
    """Write title, headings, tables with the form's merges, and notes; each report begins on a new page.

    Raises :class:`.CannotHold` for a table with too many columns.
    """
    if not all(fits_word(report.forms, forms) for report in reports):
        raise CannotHold(TOO_WIDE)
    blocks: list[Block] = []
    for report in reports:
        blocks += [NewPage()] if blocks else []
        blocks += blocks_of(report, forms)
    return word_document(*described(reports, forms), blocks)


def word_document(title: str, author: str, blocks: Iterable[Block]) -> bytes:
    """Write a document of blocks."""
    document = docx.Document(io.BytesIO(_empty()))
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = title, author, author
    properties.created = properties.modified = created()
    properties.language, properties.comments = LANGUAGE, ""
    writer = _Writer(document)
    for block in blocks:
        writer.add(block)
    writer.end()
    return _saved(document)


def can_embed(picture: Path) -> bool:
    """Return whether Word can show a picture: the content of the file decides, not its name."""
    try:
        return all(Image.from_file(str(picture)).scaled_dimensions())
    except Exception:  # noqa: BLE001  (files that are damaged or missing cause many exceptions)
        return False


def _saved(document: Document) -> bytes:
    """Return the document's bytes, without the time of writing, and with our table of faces."""
    written, file = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = _face_table() if name == "word/fontTable.xml" else old.read(name)
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), body, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _face_table() -> bytes:
    """Return the part that names the substitutes for each face."""
    fonts = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(instead)}/></w:font>"
        for name, instead in _INSTEAD.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}\n<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()


# -- styles and pages ----------------------------------------------------------------------------------------------


@functools.cache
def _empty() -> bytes:
    """Return a document with all styles, the page and its number set up, which takes as long as writing a report."""
    document = docx.Document()
    for name, look in LOOKS.items():
        _set_style(document, name, look)
    spacing = document.styles["Report Signature"].element.pPr.find(qn("w:spacing"))
    for name in ("autoSpaceDE", "autoSpaceDN"):  # the date is right-aligned: no space may be added between its digits and 年
        spacing.addprevious(spacing.makeelement(qn(f"w:{name}"), {qn("w:val"): "0"}))
    settings = document.settings
    for language in (*document.styles.element.iter(qn("w:lang")), *settings.element.iter(qn("w:themeFontLang"))):
        language.set(qn("w:eastAsia"), LANGUAGE)  # else programs use the Japanese shapes of characters
    settings.odd_and_even_pages_header_footer = True
    mirror = settings.element.makeelement(qn("w:mirrorMargins"), {})
    settings.element.insert(1, mirror)  # after zoom: the order is fixed
    for zoom in settings.element.iter(qn("w:zoom")):
        zoom.set(qn("w:percent"), "100")  # required
    for setting in settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # for Word 2013 and later: older versions shift tables to the left of the margin
    compat = settings.element.find(qn("w:compat"))
    compat.insert(0, compat.makeelement(qn("w:doNotExpandShiftReturn"), {}))  # no wide spaces before an author's line break
    (section,) = document.sections
    _set_page(section, across=False)
    _number(section.footer, "right")
    _number(section.even_page_footer, "left")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _set_page(section: Section, *, across: bool) -> None:
    """Set A4 with the margins of the standard; ``across``: landscape."""
    width, height, top, right, bottom, left = WIDTH, HEIGHT, TOP, OUTER, BOTTOM, INNER
    if across:
        width, height, top, right, bottom, left = HEIGHT, WIDTH, INNER, TOP, OUTER, BOTTOM
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, (top, right, bottom, left))
    section.footer_distance = Mm(bottom - _FOOT)


def _set_style(document: Document, name: str, look: ParagraphStyle) -> Any:
    """Create a style or change an existing one, and return it."""
    if name not in document.styles:
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Normal"]
    style: Any = document.styles[name]
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
    return style


def _number(footer: Any, side: str) -> None:
    """Write — 1 —, one character from the outer edge."""
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

_STYLES = {"text": "Normal", "caption": "Caption"}  # of a kind of paragraph; of others, such as “note”, it is “Report Note”
_HEADINGS = 4  # levels that have a style
_CELL_MARGIN = 0.75  # millimetres left and right of a cell's text
_TWIP = 1 / 20  # points: the unit of widths


class _Writer:
    """Writes one block after another."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.body: Any = document.element.body
        self.is_across = False
        self.is_new_page = False  # whether the next block begins on one
        self.waiting: list[Heading | TextBlock] = []  # blocks to be kept on the page of the next table
        self.counted: dict[str, int] = {}  # the last number of each kind of caption

    def add(self, block: Block) -> None:
        match block:
            case Heading() | TextBlock(kind="source"):
                self.waiting.append(block)
            case TableBlock():
                fitted = fit(block)
                self._turn(across=fitted.across)
                self._table(block, fitted)
            case NewPage():
                self._turn(across=self.is_across)
                self.is_new_page = True
            case _:
                self._turn(across=self.is_across and self._is_note_of_table(block))
                self._text(block)

    def end(self) -> None:
        """Write the waiting blocks. After a table, word processors add a full-height paragraph: we add a flat one instead."""
        self._turn(across=False if self.waiting else self.is_across)
        if self._ends_with_table():
            _flatten(self._paragraph("note").paragraph_format)

    def _turn(self, *, across: bool) -> None:
        """Begin a section where the orientation changes, and write the waiting blocks."""
        if across != self.is_across:
            if len(self.body) > 1:
                self.document.add_section()
                paragraph = self.body[-2]
                last = paragraph.getprevious()
                # the last paragraph of a section ends it: an additional one might not fit and would make an empty page
                if last.tag == qn("w:p") and not last.xpath("./w:pPr/w:sectPr"):
                    last.set_sectPr(paragraph.pPr.sectPr)
                    paragraph.getparent().remove(paragraph)
                else:
                    _flatten(ParagraphFormat(paragraph))
            _set_page(self.document.sections[-1], across=across)
            self.is_across, self.is_new_page = across, False  # a section begins on a new page
        waiting, self.waiting = self.waiting, []
        for block in waiting:
            self._text(block)

    def _is_note_of_table(self, block: Block) -> bool:
        is_note = isinstance(block, TextBlock) and block.kind == "note"
        return is_note and not self.waiting and self._ends_with_table(notes=True)

    def _ends_with_table(self, *, notes: bool = False) -> bool:
        """Return whether the document ends with a table, or with ``notes`` with a note below it."""
        last = self.body[-2] if len(self.body) > 1 else None
        while notes and last is not None and last.tag == qn("w:p") and last.style == _NOTE_STYLE:
            last = last.getprevious()
        return last is not None and last.tag == qn("w:tbl")

    def _paragraph(self, kind: str) -> WordParagraph:
        return self._on_its_page(self.document.add_paragraph(style=_STYLES.get(kind, f"Report {kind.title()}")))

    def _on_its_page(self, paragraph: WordParagraph) -> WordParagraph:
        paragraph.paragraph_format.page_break_before = self.is_new_page or None
        self.is_new_page = False
        return paragraph

    def _text(self, block: Heading | TextBlock | ImageBlock | Signature) -> None:
        match block:
            case Heading():
                self._on_its_page(self.document.add_heading(block.text, min(block.level, _HEADINGS)))
            case TextBlock():
                self._fill(self._paragraph(block.kind), block.runs)
            case ImageBlock():
                self._picture(block)
            case Signature():
                self._signature(block)

    def _signature(self, block: Signature) -> None:
        """Write the names and the date on the page of the text's last line, after an empty line."""
        last = self.document.paragraphs[-1:]
        if last and not self._ends_with_table():
            last[0].paragraph_format.keep_with_next = True
        of_names, of_day = signature_indents(block.names, block.day)
        lines = [*zip(block.names, of_names, strict=True), (block.day, of_day)]
        for number, (written, free) in enumerate(lines, start=1):
            paragraph = self._paragraph("signature")
            paragraph.add_run(written)
            form = paragraph.paragraph_format
            form.keep_with_next, form.keep_together = number < len(lines), True
            form.space_before = Pt(_LINE) if number == 1 else None
            form.right_indent = Pt(free * _BODY)
            paragraph.paragraph_format.element.get_or_add_pPr().get_or_add_ind().set(qn("w:rightChars"), str(round(free * 100)))

    def _fill(self, paragraph: WordParagraph, runs: Sequence[Run]) -> None:
        for run in runs:
            text, *behind_signs = SIGNS.split(run.text)
            written = paragraph.add_run(text)
            for text in behind_signs:
                _add(written.element, "noBreakHyphen")
                written.add_text(text)
            if run.strong or run.emphasis:  # Chinese is neither bold nor slanted: it gets another face
                written.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEI if run.strong else KAI)
                written.bold, written.italic = run.strong or None, run.emphasis or None
            if run.raised:
                written.font.superscript, written.font.subscript = run.raised > 0, run.raised < 0
            if run.url:
                ident = paragraph.part.relate_to(run.url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
                link = written.element.makeelement(qn("w:hyperlink"), {qn("r:id"): ident})
                written.element.addprevious(link)
                link.append(written.element)
            if run.sequence:
                self._count(written.element, run)

    def _count(self, written: Any, run: Run) -> None:
        """Make a number a field that counts captions; the count restarts where it does on the page."""
        before, number = self.counted.get(run.sequence, 0), int(run.text)
        self.counted[run.sequence] = number
        begins = "" if number == before + 1 else f"\\r {number} "
        written.addprevious(_field(written, "begin"))
        instruction = written.makeelement(qn("w:r"), {})
        _add(instruction, "instrText", f" SEQ {run.sequence} \\* ARABIC {begins}").set(_SPACE, "preserve")
        written.addprevious(instruction)
        written.addprevious(_field(written, "separate"))
        written.addnext(_field(written, "end"))

    def _table(self, block: TableBlock, fitted: Fit) -> None:
        if block.caption:
            self._fill(self._paragraph("caption"), block.caption)
        elif self.is_new_page or self._ends_with_table():  # word processors join adjacent tables
            _flatten(self._paragraph("note").paragraph_format)
        styles = {True: self._cell_style("Report Row", fitted.size), False: self._cell_style("Report Cell", fitted.size)}
        self.body.find(qn("w:sectPr")).addprevious(_table(self.body, block, fitted, styles))

    def _cell_style(self, name: str, size: float) -> str:
        """Return the identifier of a cell style; each font size has its own."""
        if size != TABLE_SIZE:
            look = LOOKS[name]._replace(size=size, pitch=size * PITCH)
            return str(_set_style(self.document, f"{name} {size:g}", look).style_id)
        return str(self.document.styles[name].style_id)

    def _picture(self, block: ImageBlock) -> None:
        paragraph = self._paragraph("caption")
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        paragraph.paragraph_format.keep_with_next = block.has_caption
        paragraph.alignment = WD_PARAGRAPH_ALIGNMENT.CENTER
        run = paragraph.add_run()
        shape = run.add_picture(str(block.path))
        for properties in run.element.iter(qn("wp:docPr")):
            properties.set("descr", block.description)
        scale = min(1, Mm(TEXT_WIDTH) / shape.width, Mm(TEXT_HEIGHT - 2 * _PITCH) / shape.height)  # a caption takes two lines
        shape.width, shape.height = Emu(round(shape.width * scale)), Emu(round(shape.height * scale))


_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_NOTE_STYLE = "ReportNote"  # identifier of the style


def _add(parent: Any, name: str, text: str | None = None, /, **attributes: object) -> Any:
    """Add a Word element, and return it."""
    element = parent.makeelement(qn(f"w:{name}"), {qn(f"w:{key}"): str(value) for key, value in attributes.items()})
    if text is not None:
        element.text = text
    parent.append(element)
    return element


def _field(beside: Any, kind: str) -> Any:
    """Return a mark for the start of a field, the end of its instruction, or the end of its result."""
    run = beside.makeelement(qn("w:r"), {})
    _add(run, "fldChar", fldCharType=kind)
    return run


def _flatten(form: ParagraphFormat) -> None:
    """Leave a paragraph almost no height."""
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)
    form.space_before = form.space_after = Pt(0)


# -- tables --------------------------------------------------------------------------------------------------------


def _table(beside: Any, block: TableBlock, fitted: Fit, styles: Mapping[bool, str]) -> Any:
    """Return a table. The cells state their widths, because Word uses these and not those of the grid."""
    table = beside.makeelement(qn("w:tbl"), {})
    edges = [round(sum(fitted.widths[:column]) / _TWIP) for column in range(len(fitted.widths) + 1)]
    _set_table(table, block, edges[-1])
    grid = _add(table, "tblGrid")
    for left, right in itertools.pairwise(edges):
        _add(grid, "gridCol", w=right - left)
    kept = _kept(block, fitted)
    for number, cells in enumerate(_covering(block.lines, len(block.widths))):
        row = _add(table, "tr")
        properties = _add(row, "trPr")
        _add(properties, "cantSplit")
        if number < block.heads:
            _add(properties, "tblHeader")
        for cell in cells:
            _add_cell(row, cell, edges, number, styles[cell.begins_left], keeps=number in kept)
    return table


def _set_table(table: Any, block: TableBlock, width: int) -> None:
    """Set the width, the fixed layout and the name of a table for screen readers."""
    properties = _add(table, "tblPr")  # the order of these elements is fixed
    _add(properties, "tblStyle", val="TableGrid")
    _add(properties, "tblW", w=width, type="dxa")
    _add(properties, "jc", val="center")
    _add(properties, "tblLayout", type="fixed")
    margins = _add(properties, "tblCellMar")
    for side in ("left", "right"):
        _add(margins, side, w=round(Mm(_CELL_MARGIN).pt / _TWIP), type="dxa")
    _add(properties, "tblLook", val="04A0", firstRow=1, lastRow=0, firstColumn=1, lastColumn=0, noHBand=0, noVBand=1)
    if block.name:
        _add(properties, "tblCaption", val=block.name)
    heads = f"，前{block.heads}行是表头" if block.heads else ""
    _add(properties, "tblDescription", val=f"{len(block.lines)}行{len(block.widths)}列{heads}。")


def _kept(block: TableBlock, fitted: Fit) -> set[int]:
    """Return the rows kept on the page of the next row: all if the table fits a page, else headers and the rows of a block."""
    rows = range(len(block.lines) - 1)
    if fitted.pages == 1:
        return {*rows}
    if block.parts:
        return {row for row in rows if row + 1 not in block.parts}
    return {row for row in rows if row < block.heads}


def _covering(lines: Sequence[Sequence[TableCell]], width: int) -> list[list[TableCell]]:
    """Return for each row of the grid the cells that cover it, from left to right."""
    rows: list[dict[int, TableCell]] = [{} for _line in lines]
    for line in lines:
        for cell in line:
            for row in rows[cell.row : cell.row + cell.rowspan]:
                row[cell.column] = cell
    for number, row in enumerate(rows):  # a table on a page may have fewer cells in a row than columns
        taken = {column for cell in row.values() for column in range(cell.column, cell.column + cell.colspan)}
        row |= {column: TableCell(number, column, 1, 1, "", False, False) for column in {*range(width)} - taken}
    return [[row[column] for column in sorted(row)] for row in rows]


def _add_cell(row: Any, cell: TableCell, edges: Sequence[int], number: int, style: str, *, keeps: bool) -> None:
    """Add a cell to its row; for a cell that continues from above, add its part in this row."""
    element = _add(row, "tc")
    properties = _add(element, "tcPr")
    _add(properties, "tcW", w=edges[cell.column + cell.colspan] - edges[cell.column], type="dxa")
    if cell.colspan > 1:
        _add(properties, "gridSpan", val=cell.colspan)
    begins = cell.row == number
    if cell.rowspan > 1:
        _add(properties, "vMerge", val="restart" if begins else "continue")
    _add(properties, "vAlign", val="center")
    paragraph = _add(element, "p")
    look = _add(paragraph, "pPr")
    _add(look, "pStyle", val=style)
    if keeps:
        _add(look, "keepNext")
    if begins and cell.text:
        paragraph.add_r().text = cell.text
