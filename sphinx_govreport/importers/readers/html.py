"""HTML: a portal's article page, a fragment of one, or a page built with this extension."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from sphinx_govreport.core.characters import NOT_IN_XML, without_breaks
from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.core.extras import require
from sphinx_govreport.core.tables.table import FORM_CLASS
from sphinx_govreport.importers.document import (
    MAX_SPAN,
    NO_TEXT,
    Box,
    Document,
    Paragraph,
    Part,
    Picture,
    Refused,
    Runs,
    grid_of,
    numbered,
)

from .css import StyleSheet
from .decoding import decoded

if TYPE_CHECKING:
    from lxml.etree import _Element


#: what a reader sees in place of text
_FIELDS = frozenset((
    "input", "select", "textarea", "button", "meter", "progress", "iframe", "object", "svg", "canvas", "video",
))  # fmt: skip
_NEVER_SHOWN = _FIELDS | frozenset((
    "script", "style", "noscript", "template", "head", "datalist", "audio", "map", "noembed", "noframes", "rp", "title",
    "param", "area", "s", "strike", "del",  # what is struck out counts as not shown
))  # fmt: skip
_RAISED = {"sup": "sup", "sub": "sub", "rt": "sup", "rtc": "sup"}
_MATH = {
    "msup": ("sup",), "msub": ("sub",), "msubsup": ("sub", "sup"), "mover": ("sup",), "munder": ("sub",), "mroot": ("sup",),
}  # fmt: skip
_ODD = _NEVER_SHOWN | _RAISED.keys() | {"mfrac", "dialog"}  # elements that matter even without attributes
_TELLING = frozenset(("style", "class", "hidden", "popover", "dir"))  # attributes that may matter on any element
_UNRAISED = frozenset((
    "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "col", "colgroup", "html", "body", "div", "p",
    "li", "h1", "h2", "h3", "h4", "h5", "h6", "img",
))  # fmt: skip
_INLINE = frozenset(("span", "a", "b", "i", "em", "strong", "font", "small", "label", "u"))
_DISPLAYED_BLOCKS = ("block", "flex", "grid", "table", "list-item", "flow-root")
_NUMBER = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))(?:e[+-]?\d+)?([a-z%]*)")
#: pixels per unit; units of print and of font size are so large that their exact size does not matter
_SCALES = {"em": 16.0, "rem": 16.0, "ex": 8.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78}
_FAR = -900.0  # pixels beyond which nothing is on the page
_TINY = 1.0  # pixels: characters this small are unreadable


class _ElementLook(NamedTuple):
    """The inherited properties of an element."""

    is_invisible: bool = False
    is_tiny: bool = False
    is_transparent: bool = False

    @property
    def is_unseen(self) -> bool:
        return any(self)


def show_only_seen(root: _Element, own: frozenset[str]) -> None:
    """Remove invisible elements and elements of the classes ``own`` from a tree. The text after them keeps its position."""
    sheets = ["".join(map(str, style.itertext())) for style in root.iter("style") if "print" not in str(style.get("media", ""))]
    styles = StyleSheet(sheets)
    marks: list[tuple[_Element, str]] = []  # renamed at the end: style rules depend on the names of elements
    stack = [(root, _ElementLook())]
    while stack:
        element, look = stack.pop()
        math = _MATH.get(str(element.tag), ())
        is_unseen = look.is_unseen
        for number, child in enumerate(list(element)):
            is_odd = sheets or is_unseen or math or child.tag in _ODD
            if not is_odd and _TELLING.isdisjoint(child.keys()):  # the usual case
                if len(child):
                    stack.append((child, look))
                continue
            if is_unseen:
                child.tail = None
            declared = styles.of(child) if isinstance(child.tag, str) and (child.attrib or sheets) else {}
            if _is_gone(child, declared, own):
                is_field = child.tag in _FIELDS and child.get("type") != "hidden"
                is_field = is_field and not (is_unseen or "hidden" in child.attrib or _is_styled_away(declared, child.tag))
                child.clear(keep_tail=True)  # type: ignore[call-arg]  # unknown to the stubs
                child.tag = "field" if is_field else "wbr"
                continue
            inner = _look(look, declared) if declared else look
            if inner.is_unseen:
                child.text = None
            raised = math[number - 1] if 0 < number <= len(math) else _raised(child, declared)
            if raised:
                marks.append((child, raised))
            elif declared.get("display", "").startswith(_DISPLAYED_BLOCKS) and child.tag in _INLINE:
                marks.append((child, "div"))
            if child.tag == "mfrac" and len(child) == 2:
                child[0].tail = "⁄"
            is_turned = declared.get("direction") == "rtl" and "override" in declared.get("unicode-bidi", "")
            if is_turned or (child.tag == "bdo" and child.get("dir") == "rtl"):
                # digits shown from right to left are not the digits in the source
                child.text = f"\u202e{NOT_IN_XML.sub('', child.text or '')}"
            stack.append((child, inner))
    for element, raised in marks:
        element.tag = raised


def _is_gone(element: _Element, declared: dict[str, str], own: frozenset[str]) -> bool:
    """Return whether an element hides all its content, whatever the content declares."""
    tag = element.tag
    if not isinstance(tag, str) or tag in _NEVER_SHOWN:
        return True
    attributes = element.attrib
    if tag == "dialog" and "open" not in attributes:
        return True
    if not attributes and not declared:
        return False
    if "popover" in attributes or ("hidden" in attributes and declared.get("display", "none") == "none"):
        return True
    return not own.isdisjoint(str(attributes.get("class", "")).split()) or (bool(declared) and _is_styled_away(declared, tag))


def _is_styled_away(declared: dict[str, str], tag: str) -> bool:
    said = declared.get
    if said("display") == "none" or _pixels(said("opacity")) == 0:
        return True
    if "line-through" in said("text-decoration", "") or "line-through" in said("text-decoration-line", ""):
        return said("text-decoration-line") != "none"
    if said("visibility") == "collapse" and tag in ("tr", "tbody", "thead", "tfoot", "col"):
        return True
    sides = (_pixels(said(side)) for side in ("left", "top", "right", "bottom"))
    if said("position") in ("absolute", "fixed") and (
        any(side is not None and side < _FAR for side in sides) or re.match(r"rect\(\s*[01](?:px)?[\s,]", said("clip", ""))
    ):
        return True
    if re.match(r"inset\(\s*(?:50|100)%", said("clip-path", "")):
        return True
    indent = _pixels(said("text-indent"))
    if indent is not None and indent < _FAR:
        return True
    sizes = (_pixels(said(size)) for size in ("width", "height", "max-width", "max-height"))
    return said("overflow", "").split(" ")[0] in ("hidden", "clip") and any(size == 0 for size in sizes)


def _look(above: _ElementLook, declared: dict[str, str]) -> _ElementLook:
    visibility, size, color = declared.get("visibility"), declared.get("font-size"), declared.get("color")
    is_invisible, is_tiny, is_transparent = above
    if visibility and visibility != "inherit":
        is_invisible = visibility in ("hidden", "collapse")
    if size:
        pixels = _pixels(size)
        is_relative = size.endswith(("em", "%", "ex")) and not size.endswith("rem")
        is_tiny = (is_tiny and is_relative) or pixels == 0 or (not is_relative and pixels is not None and pixels <= _TINY)
    if color and color != "inherit":
        is_transparent = color == "transparent" or re.fullmatch(r"rgba\(.*,\s*0(?:\.0*)?%?\s*\)", color) is not None
    return _ElementLook(is_invisible, is_tiny, is_transparent)


def _raised(element: _Element, declared: dict[str, str]) -> str:
    """Return ``sup`` or ``sub`` if the text of an element is raised or lowered."""
    tag = str(element.tag)
    if tag in _RAISED:
        return _RAISED[tag]
    if tag in _UNRAISED or not declared:
        return ""
    align = declared.get("vertical-align", "")
    pixels = _pixels(align)
    if align in ("super", "text-top") or (pixels or 0) > 0:
        return "sup"
    if align in ("sub", "text-bottom") or (pixels or 0) < 0:
        return "sub"
    if declared.get("position") == "relative" and "font-size" in declared:
        top = (_pixels(declared.get("top")) or 0) - (_pixels(declared.get("bottom")) or 0)
        return "sup" if top < 0 else "sub" if top > 0 else ""
    return ""


def _pixels(value: str | None) -> float | None:
    """Return a length in pixels; None if it is not a length."""
    match = _NUMBER.fullmatch(value or "")
    return float(match[1]) * _SCALES.get(match[2], 1.0) if match else None


# parts that our pages add to a report
_OWN = frozenset(("gov-mark", "gov-compare", "gov-error-text", "headerlink", "caption-number"))
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html",
    "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "ul",
))  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_TITLES = ("articletitle", "title", "og:title", "dc.title")
#: the declaration of XML, and ends behind which the library drops the rest, as of a page that includes other pages
_NOT_READ = re.compile(r"^\s*<\?xml[^>]*\?>|</(?:body|html)[ \t]*>", re.IGNORECASE)
_MAX_DEPTH = 200  # of nested elements; deeper content is not a report


def read(data: bytes) -> Document:
    """Read a page. Hidden parts, scripts and parts that our own pages add to a report are left out."""
    return read_text(decoded(data))


def read_text(written: str) -> Document:
    """Read a page given as text."""
    root = parsed(written)
    titles = tuple(_titles(root))
    show_only_seen(root, _OWN)
    walk = _Walk()
    return Document(tuple(walk.parts(root)), titles, tuple(walk.pictures))


def parsed(written: str) -> _Element:
    """Return the parsed tree of a page."""
    etree = require("lxml.etree", "html", "HTML")
    parser = etree.HTMLParser(no_network=True, huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root: _Element | None = etree.fromstring(_NOT_READ.sub("", written).replace("\0", ""), parser=parser)
    except (etree.LxmlError, ValueError):
        root = None
    # a page without a root only has comments; of a deeper one, the library drops the rest without a word
    if root is None or root.xpath("/*" * (_MAX_DEPTH + 1)):
        raise Refused(text("The page cannot be read as HTML."), text("Save only the report's part of the page."))
    return root


def _titles(root: _Element) -> Iterator[str]:
    metas = {
        str(meta.get("name") or meta.get("property") or "").lower(): str(meta.get("content") or "")
        for meta in root.iter("meta")
    }
    yield from (metas[name] for name in _TITLES if metas.get(name))
    yield from ("".join(map(str, title.itertext())) for title in root.iter("title"))


class _Walk:
    """Collects inline text until a block ends it."""

    def __init__(self) -> None:
        self.found: list[Part] = []
        self.pictures: list[Picture] = []
        self.tables = 0
        self.text = Runs()
        self.line = 0

    def parts(self, root: _Element) -> list[Part]:
        """Return all content in the order of the page."""
        self._element(root, 0)
        self._flush(0)
        return self.found

    def _element(self, element: _Element, level: int, raised: str = "") -> None:
        tag = element.tag
        if tag == "table" and element.find(".//table") is None:  # a table that contains tables is a page layout
            self._flush(level)
            self._table(element)
            return
        if tag == "img":
            self._picture(element)
        is_block = tag in _BLOCKS
        inner = _HEADINGS.get(str(tag), level)
        if is_block and self.line:
            self._flush(level)
        raised = str(tag) if tag in ("sup", "sub") else raised
        if written := element.text:
            self._add(written, element, raised)
        for child in element:
            self._element(child, inner, raised)
            if written := child.tail:
                self._add(written, child, raised)
        if is_block and self.line:
            self._flush(inner)

    def _add(self, written: str, element: _Element, raised: str) -> None:
        if not self.line:
            if written.isspace():
                return
            self.line = _line(element) or -1
        self.text.add(written, raised)

    def _flush(self, level: int) -> None:
        if self.line:
            self.found.append(Paragraph(without_breaks(self.text.shown), level, max(self.line, 0)))
            self.text, self.line = Runs(), 0

    def _picture(self, element: _Element) -> None:
        """Store a picture unless it is an icon of a portal."""
        sizes = (str(element.get(name) or "").removesuffix("px") for name in ("width", "height"))
        if not any(size.isdecimal() and len(size) < 3 for size in sizes):
            self.pictures.append(Picture(len(self.found) + bool(self.line), _line(element)))

    def _table(self, table: _Element) -> None:
        self.found += [Paragraph(without_breaks(_runs(one).shown), 0, _line(one)) for one in table.iter("caption")]
        for element in table.iter("img"):
            self._picture(element)
        self.tables += 1
        grid = grid_of(numbered(self.tables), _rows(table))
        form = next((name for name in str(table.get("class") or "").split() if name.startswith(FORM_CLASS)), "")
        if grid.rows:
            self.found.append(replace(grid, form=form))


def _rows(table: _Element) -> Iterator[list[Box]]:
    """Yield the rows of a table by their groups; no cell extends beyond its group. Cells without a row form one."""
    groups = groupby(table.iter("tr", "td", "th"), lambda one: next(one.iterancestors("thead", "tbody", "tfoot", "table")))
    for _group, elements in groups:
        by_row = groupby(elements, lambda one: one if one.tag == "tr" else next(one.iterancestors("tr", "table")))
        rows = [[one for one in row if one.tag != "tr"] for _row, row in by_row]
        for number, cells in enumerate(rows):
            yield [_box(cell, len(rows) - number) for cell in cells]


def _box(cell: _Element, rows: int) -> Box:
    rowspan = _whole(cell, "rowspan", 1)
    runs = _runs(cell)
    if not runs.shown.strip() and any(True for _ in cell.iter("img", "field")):
        runs.add(NO_TEXT)
    return runs.box(min(rowspan, rows) or rows, min(_whole(cell, "colspan", 1) or 1, MAX_SPAN), _line(cell))


def _line(element: _Element) -> int:
    return element.sourceline if isinstance(element.sourceline, int) else 0


def _whole(cell: _Element, name: str, default: int) -> int:
    """Return a whole number as browsers read it: text after the digits is ignored."""
    written = cell.get(name)
    match = re.match(r"[ \t\n\f\r]*\+?([0-9]+)", written) if written else None
    return int(match[1][:6]) if match else default


def _runs(element: _Element) -> Runs:
    """Return the text with a line break for each block or ``<br>``; a zero shown as a word is a number."""
    runs = Runs()

    def walk(inner: _Element, raised: str) -> None:
        tag = inner.tag
        if tag in _BLOCKS:
            runs.add("\n")
        if tag == "data" and inner.get("value") == "0":
            shown = "".join(map(str, inner.itertext()))
            if shown.strip() and not any(map(str.isdigit, shown)):
                runs.add("0")
                return
        raised = str(tag) if tag in ("sup", "sub") else raised
        if written := inner.text:
            runs.add(written, raised)
        for child in inner:
            if child.tag not in ("tr", "td", "th"):  # cells within a cell, whose parser did not see its end, are beside it
                walk(child, raised)
            if written := child.tail:
                is_below = child.tag in _BLOCKS and child.tag != "br" and not written.isspace()
                runs.add(f"\n{written}" if is_below else written, raised)

    walk(element, "")
    return runs
