"""How a Word document looks: the page, faces and sizes of GB/T 9704-2012. Word and its like replace a face that is not there
by the next that the document names for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import quoteattr

from ..core.paper import BOTTOM, HEIGHT, INNER, OUTER, TABLE_SIZE, TEXT_HEIGHT, TOP, WIDTH

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section

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


class Look(NamedTuple):
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
    "Normal": Look(FANG, _BODY, indent=_TWO_CHARACTERS, pitch=_LINE, tighter=_TIGHTER),
    "Heading 1": Look(TITLE, 22, "center", pitch=36, space=_LINE / 2, keeps=True),
    "Heading 2": Look(HEI, _BODY, "left", _TWO_CHARACTERS, _LINE, tighter=_TIGHTER, keeps=True),
    "Heading 3": Look(KAI, _BODY, "left", _TWO_CHARACTERS, _LINE, tighter=_TIGHTER, keeps=True),
    "Heading 4": Look(FANG, _BODY, "left", _TWO_CHARACTERS, _LINE, tighter=_TIGHTER, keeps=True),
    "Report Item": Look(FANG, _BODY, indent=_TWO_CHARACTERS, pitch=_LINE, tighter=_TIGHTER),
    "Report Code": Look(FANG, _NOTE, "left", pitch=16),
    "Report Note": Look(SONG, _NOTE, "justify", _TWO_CHARACTERS, 18),
    "Report Source": Look(SONG, _NOTE, "right", pitch=18, keeps=True),
    "Report Caption": Look(HEI, _NOTE, "center", pitch=18, space=3, keeps=True),
    "Report Cell": Look(SONG, TABLE_SIZE, "center", space=1),
    "Report Row": Look(SONG, TABLE_SIZE, "left", space=1),
    "Report Page": Look(SONG, _PAGE, "right"),
}


def set_up(document: Document) -> None:
    """Make all styles, the page and its number."""
    for name, look in LOOKS.items():
        _apply(_style(document, name), look)
    _name_faces(document)
    for language in document.styles.element.iter(_w("lang")):
        language.set(_w("eastAsia"), "zh-CN")  # else programs take the Japanese shapes of characters
    settings = document.settings
    settings.odd_and_even_pages_header_footer = True
    mirror = settings.element.makeelement(_w("mirrorMargins"), {})
    settings.element.insert(1, mirror)  # behind zoom: the order is fixed
    (section,) = document.sections
    set_page(section, across=False)
    _number(section.footer, "right")
    _number(section.even_page_footer, "left")


def set_page(section: Section, *, across: bool) -> None:
    """A4 with the margins of the standard; ``across``: the same paper, turned."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    width, height, top, right, bottom, left = WIDTH, HEIGHT, TOP, OUTER, BOTTOM, INNER
    if across:
        width, height, top, right, bottom, left = HEIGHT, WIDTH, INNER, TOP, OUTER, BOTTOM
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, (top, right, bottom, left))
    section.footer_distance = Mm(bottom - _FOOT)


def _style(document: Document, name: str) -> Any:
    from docx.enum.style import WD_STYLE_TYPE

    if name in document.styles:
        return document.styles[name]
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    return style


def _apply(style: Any, look: Look) -> None:
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt, RGBColor

    font, form = style.font, style.paragraph_format
    font.name, font.size, font.bold, font.italic = _LATIN, Pt(look.size), False, False
    font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(_w(name), None)
    latin = look.face if look.face in (HEI, SONG, TITLE) else _LATIN
    for name, face in (("ascii", latin), ("hAnsi", latin), ("eastAsia", look.face)):
        fonts.set(_w(name), face)
    _spacing(properties, look.tighter)
    form.alignment = _alignment(look.align)
    form.space_before = form.space_after = Pt(look.space)
    form.keep_with_next = look.keeps
    if look.pitch:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(look.pitch)
    else:
        form.line_spacing_rule = WD_LINE_SPACING.SINGLE
    indent = style.element.get_or_add_pPr().get_or_add_ind()
    indent.set(_w("firstLineChars"), str(look.indent))
    indent.set(_w("firstLine"), str(round(look.indent * look.size / 5)))


def _alignment(align: str) -> Any:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    return getattr(WD_ALIGN_PARAGRAPH, align.upper())


def _spacing(properties: Any, tighter: int) -> None:
    """The room between characters. Its place among the properties is fixed: before the size."""
    spacing = properties.makeelement(_w("spacing"), {_w("val"): str(tighter)})
    size = properties.find(_w("sz"))
    size.addprevious(spacing)


def _number(footer: Any, side: str) -> None:
    """— 1 —, one character in from the outer edge."""
    from docx.shared import Pt

    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.style = "Report Page"
    paragraph.alignment = _alignment(side)
    setattr(paragraph.paragraph_format, f"{side}_indent", Pt(_PAGE))
    paragraph.add_run("— ")
    field = paragraph._p.makeelement(_w("fldSimple"), {_w("instr"): "PAGE"})
    paragraph._p.append(field)
    field.append(paragraph.add_run("1")._r)
    paragraph.add_run(" —")


def _name_faces(document: Document) -> None:
    """Say in the table of faces what stands in for each."""
    fonts = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(instead)}/></w:font>"
        for name, instead in _INSTEAD.items()
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    for part in document.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = f'{head}\n<w:fonts xmlns:w="{space}">{fonts}</w:fonts>'.encode()


def _w(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(f"w:{name}")
