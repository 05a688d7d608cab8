"""Documents in which some characters of figures are hidden, struck out, raised or lowered, in every way of a format."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from html import escape
from typing import NamedTuple

from tests.fuzz import pdf_text
from tests.importers import written
from tests.importers.written import Cell, Rows
from tests.published import Published

UNSEEN, MARK, SEEN = "unseen", "mark", "seen"


class Way(NamedTuple):
    """A method to write some characters."""

    kind: str  #: whether a reader sees the characters, or sees them as a mark next to a figure
    template: str  #: with ``{}`` for the characters


Piece = tuple[str, str]  # characters, and the name of the method; plain ones have none
Dress = Callable[[str], list[Piece]]  # returns the pieces of a figure's cell

_STYLES = (
    "<style media=screen>/* .x{display:none} */ .gone, td .gone2 { display : none !important } span.struck{text-decoration-line:line-through}\n"
    "@media print{.plain{display:none}} @media screen{#page em.high{vertical-align:super;font-size:60%}} span > i.low{vertical-align:sub}\n"
    ".plain:hover{display:none}</style>"
)
HTML = {
    "hidden": Way(UNSEEN, "<span hidden>{}</span>"),
    "display": Way(UNSEEN, '<span style="color:red; DISPLAY: none">{}</span>'),
    "visibility": Way(UNSEEN, '<span style="visibility:hidden">{}</span>'),
    "font-size": Way(UNSEEN, '<span style="font-size:0px"><b style="font-size:2em">{}</b></span>'),
    "opacity": Way(UNSEEN, '<span style="opacity:0.0">{}</span>'),
    "transparent": Way(UNSEEN, '<span style="color:transparent">{}</span>'),
    "away": Way(UNSEEN, '<span style="position:absolute;left:-9999px">{}</span>'),
    "clipped": Way(UNSEEN, '<span style="position:absolute;clip:rect(0,0,0,0)">{}</span>'),
    "squeezed": Way(UNSEEN, '<span style="display:inline-block;width:0;overflow:hidden">{}</span>'),
    "class": Way(UNSEEN, '<span class="a gone" style="display:inline">{}</span>'),
    "class within": Way(UNSEEN, "<span class=gone2>{}</span>"),
    "template": Way(UNSEEN, "<template>{}</template>"),
    "comment": Way(UNSEEN, "<!--{}-->"),
    "s": Way(UNSEEN, "<s>{}</s>"),
    "strike": Way(UNSEEN, "<strike>{}</strike>"),
    "del": Way(UNSEEN, "<del>{}</del>"),
    "line-through": Way(UNSEEN, '<span style="text-decoration: red line-through"><b>{}</b></span>'),
    "line-through by class": Way(UNSEEN, "<span class=struck>{}</span>"),
    "sup": Way(MARK, "<sup>{}</sup>"),
    "sub": Way(MARK, "<sub><a href=#n>{}</a></sub>"),
    "super": Way(MARK, '<span style="vertical-align:super">{}</span>'),
    "lower": Way(MARK, '<span style="vertical-align:-25%">{}</span>'),
    "class above": Way(MARK, "<em class=high>{}</em>"),
    "class below": Way(MARK, "<i class=low>{}</i>"),
    "by hand": Way(MARK, '<span style="position:relative;top:-.5em;font-size:75%">{}</span>'),
    "ruby": Way(MARK, "<ruby><rp>(</rp><rt>{}</rt><rp>)</rp></ruby>"),
    "math": Way(MARK, "<math><msup><mrow></mrow><mn>{}</mn></msup></math>"),
    "ins": Way(SEEN, "<ins>{}</ins>"),
    "shown again": Way(SEEN, '<span style="visibility:hidden"><b style="visibility:visible">{}</b></span>'),
    "not for print": Way(SEEN, "<span class=plain>{}</span>"),
    "small": Way(SEEN, '<small style="font-size:8px">{}</small>'),
}
_R = "<w:r><w:rPr>{}</w:rPr><w:t>{{}}</w:t></w:r>"
_REVISED = 'w:id="9" w:author="x" w:date="2025-01-01T00:00:00Z"'
_BOX = "<w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent>"
DOCX = {
    "vanish": Way(UNSEEN, _R.format("<w:vanish/>")),
    "strike": Way(UNSEEN, _R.format("<w:strike/>")),
    "dstrike": Way(UNSEEN, _R.format('<w:dstrike w:val="true"/>')),
    "tiny": Way(UNSEEN, _R.format('<w:sz w:val="2"/>')),
    "style that hides": Way(UNSEEN, _R.format('<w:rStyle w:val="TestHidden"/>')),
    "style that strikes": Way(UNSEEN, _R.format('<w:rStyle w:val="TestStruckToo"/>')),
    "deleted": Way(UNSEEN, f"<w:del {_REVISED}><w:r><w:delText>{{}}</w:delText></w:r></w:del>"),
    "moved away": Way(UNSEEN, f"<w:moveFrom {_REVISED}><w:r><w:t>{{}}</w:t></w:r></w:moveFrom>"),
    "fallback": Way(UNSEEN, "<w:r><mc:AlternateContent><mc:Choice Requires='wps'/><mc:Fallback><w:t>{}</w:t></mc:Fallback></mc:AlternateContent></w:r>"),
    "superscript": Way(MARK, _R.format('<w:vertAlign w:val="superscript"/>')),
    "subscript": Way(MARK, _R.format('<w:vertAlign w:val="subscript"/>')),
    "style that raises": Way(MARK, _R.format('<w:rStyle w:val="TestRaised"/>')),
    "position": Way(MARK, _R.format('<w:position w:val="6"/><w:sz w:val="12"/>')),
    "ruby": Way(MARK, "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>{}</w:t></w:r></w:rt><w:rubyBase/></w:ruby></w:r>"),
    "footnote": Way(MARK, '<w:r><w:footnoteReference w:id="{}"/></w:r>'),
    "inserted": Way(SEEN, f"<w:ins {_REVISED}><w:r><w:t>{{}}</w:t></w:r></w:ins>"),
    "moved here": Way(SEEN, f"<w:moveTo {_REVISED}><w:r><w:t>{{}}</w:t></w:r></w:moveTo>"),
    "choice": Way(SEEN, "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:t>{}</w:t></mc:Choice><mc:Fallback><w:t>7</w:t></mc:Fallback></mc:AlternateContent></w:r>"),
    "not struck": Way(SEEN, _R.format('<w:rStyle w:val="TestStruckToo"/><w:strike w:val="0"/>')),
    "control": Way(SEEN, "<w:sdt><w:sdtContent><w:r><w:t>{}</w:t></w:r></w:sdtContent></w:sdt>"),
}  # fmt: skip
_DOCX_STYLES = (
    '<w:style w:type="character" w:styleId="TestHidden"><w:name w:val="h"/><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="TestStruck"><w:name w:val="s"/><w:rPr><w:strike/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="TestStruckToo"><w:name w:val="t"/><w:basedOn w:val="TestStruck"/></w:style>'
    '<w:style w:type="character" w:styleId="TestRaised"><w:name w:val="r"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
)
_X = "<r><rPr>{}<rFont val='宋体'/></rPr><t>{{}}</t></r>"
XLSX = {
    "strike": Way(UNSEEN, _X.format("<strike/>")),
    "tiny": Way(UNSEEN, _X.format("<sz val='1'/>")),
    "superscript": Way(MARK, _X.format("<vertAlign val='superscript'/>")),
    "subscript": Way(MARK, _X.format("<vertAlign val='subscript'/>")),
    "phonetic": Way(UNSEEN, "<rPh sb='0' eb='1'><t>{}</t></rPh>"),
    "not struck": Way(SEEN, _X.format("<strike val='0'/><vertAlign val='baseline'/>")),
}
_O = '<text:span text:style-name="{}">{{}}</text:span>'
ODS = {
    "struck": Way(UNSEEN, _O.format("Ts")),
    "struck by parent": Way(UNSEEN, _O.format("Tp")),
    "hidden": Way(UNSEEN, _O.format("Th")),
    "tiny": Way(UNSEEN, _O.format("Tt")),
    "note": Way(UNSEEN, "</text:p><office:annotation><text:p>{}</text:p></office:annotation><text:p>"),
    "super": Way(MARK, _O.format("Tr")),
    "lower": Way(MARK, _O.format("Tl")),
    "ruby": Way(MARK, "<text:ruby><text:ruby-base/><text:ruby-text>{}</text:ruby-text></text:ruby>"),
    "bold": Way(SEEN, _O.format("Tb")),
}
_ODS_STYLES = "<office:automatic-styles>" + "".join(
    f'<style:style style:name="{name}" style:family="text"{parent}><style:text-properties {said}/></style:style>'
    for name, parent, said in (
        ("Ts", "", 'style:text-line-through-style="solid" style:text-line-through-type="single"'),
        ("Tp", ' style:parent-style-name="Ts"', 'fo:color="#ff0000"'),
        ("Th", "", 'text:display="none"'),
        ("Tt", "", 'fo:font-size="1pt"'),
        ("Tr", "", 'style:text-position="super 58%"'),
        ("Tl", "", 'style:text-position="-33% 58%"'),
        ("Tb", "", 'fo:font-weight="bold" style:text-position="0% 100%" style:text-line-through-style="none"'),
    )
) + "</office:automatic-styles>"  # fmt: skip
PDF = {name: Way(kind, name) for name, kind in (("bar", UNSEEN), ("thin box", UNSEEN), ("not drawn", UNSEEN), ("tiny", UNSEEN), ("raised", MARK), ("lowered", MARK), ("small", SEEN))}  # fmt: skip
MARKDOWN = {
    "tildes": Way(UNSEEN, "~~{}~~"),
    "del": Way(UNSEEN, "<del>{}</del>"),
    "hidden": Way(UNSEEN, '<span style="display:none">{}</span>'),
    "sup": Way(MARK, "<sup>{}</sup>"),
    "strong": Way(SEEN, "**{}**"),
}
_CIRCLED = dict(zip("0123456789", "⓪①②③④⑤⑥⑦⑧⑨", strict=True))
_RAISED = dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
_LOWERED = dict(zip("0123456789", "₀₁₂₃₄₅₆₇₈₉", strict=True))
_LETTERS: dict[str, tuple[str, Callable[[str], str]]] = {
    "circled": (MARK, lambda char: _CIRCLED[char]),
    "circle around": (MARK, lambda char: f"{char}\u20dd"),
    "superscript letters": (MARK, lambda char: _RAISED[char]),
    "subscript letters": (MARK, lambda char: _LOWERED[char]),
    "struck letters": (UNSEEN, lambda char: f"{char}\u0336"),
    "full-width": (SEEN, lambda char: chr(ord(char) + 0xFEE0)),
    "mathematical": (SEEN, lambda char: chr(ord(char) - ord("0") + 0x1D7CE)),
}
TEXT = {name: Way(kind, name) for name, (kind, _letters) in _LETTERS.items()}

WAYS: Mapping[str, Mapping[str, Way]] = {
    "page.html": HTML | TEXT, "report.docx": DOCX | TEXT, "report.xlsx": XLSX | TEXT, "report.ods": ODS | TEXT, "report.pdf": PDF | {name: TEXT[name] for name in ("circled", "full-width")},
    "report.md": MARKDOWN | TEXT, "tabbed.txt": TEXT, "report.csv": TEXT,
}  # fmt: skip


def document(file: str, report: Published, dress: Dress) -> bytes:
    """Return a report as a document with formatted figures; empty cells stay empty."""
    cells: list[str] = []

    def with_places(rows: Rows) -> Rows:
        return [[_placed(cell, cells) for cell in row] for row in rows]

    def filled(pattern: str, text: str, whole: Callable[[str], str]) -> str:
        return re.sub(pattern, lambda match: whole(drawn(file, dress(cells[int(match[1])]))), text)

    if file == "report.pdf":
        tables = [(written.heading(report, name), with_places(written.rows_of(report, name))) for name in report.figures]
        page = pdf_text.content(written.title(report), tables, lambda text: _pdf_pieces(text, cells, dress))
        return page
    body = written.KINDS[file](report, with_places)
    if file == "page.html":
        text = filled("⟦(\\d+)⟧", body.decode(), str)
        return text.replace("</head>", f"{_STYLES}</head>").replace("<body>", "<body id=page>").encode()
    if file == "tabbed.txt":
        return filled("⟦(\\d+)⟧", body.decode("utf-16"), str).encode("utf-16")
    if file == "report.csv":
        return filled("⟦(\\d+)⟧", body.decode("gb18030"), str).encode()
    if file == "report.md":
        return filled("⟦(\\d+)⟧", body.decode(), str).encode()
    if file == "report.docx":
        return changed(body, {
            "word/document.xml": lambda xml: filled(r"<w:r><w:t>⟦(\d+)⟧</w:t></w:r>", xml, str),
            "word/styles.xml": lambda xml: xml.replace("</w:styles>", f"{_DOCX_STYLES}</w:styles>"),
        })  # fmt: skip
    if file == "report.xlsx":
        return changed(body, {"xl/sharedStrings.xml": lambda xml: filled(r"<t>⟦(\d+)⟧</t>", xml, str)})
    return changed(body, {"content.xml": lambda xml: filled("⟦(\\d+)⟧", _ODS_ROOT.sub(_ods_root, xml), str)})


_ODS_ROOT = re.compile("<office:document-content [^>]*>")


def _ods_root(match: re.Match[str]) -> str:
    spaces = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (("style", "style"), ("fo", "xsl-fo-compatible"))
    )
    return f"{match[0][:-1]}{spaces}>{_ODS_STYLES}"


def _placed(cell: Cell, cells: list[str]) -> Cell:
    if cell.is_head or not cell.text:
        return cell
    cells.append(cell.text)
    return cell._replace(text=f"⟦{len(cells) - 1}⟧")


def changed(body: bytes, how: Mapping[str, Callable[[str], str]]) -> bytes:
    """Return a zipped document with some of its parts changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, how[name](part.decode()).encode() if name in how else part)
    return file.getvalue()


def drawn(file: str, pieces: list[Piece]) -> str:
    """Return pieces in the markup of a kind of document."""
    plain = {"report.docx": "<w:r><w:t>{}</w:t></w:r>", "report.xlsx": "<r><t>{}</t></r>"}.get(file, "{}")
    return "".join(_piece(text, WAYS[file][way].template if way else plain, way, plain) for text, way in pieces)


def _piece(text: str, template: str, way: str, plain: str) -> str:
    if way in _LETTERS:
        return plain.format("".join(_LETTERS[way][1](char) if char.isdigit() else char for char in text))
    return template.format(escape(text))


def _pdf_pieces(text: str, cells: list[str], dress: Dress) -> list[Piece]:
    match = re.fullmatch(r"⟦(\d+)⟧", text)
    pieces = dress(cells[int(match[1])]) if match else [(text, "")]
    return [
        ("".join(_LETTERS[way][1](char) if char.isdigit() else char for char in piece), "") if way in _LETTERS else (piece, way)
        for piece, way in pieces
    ]
