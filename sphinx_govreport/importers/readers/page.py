"""HTML: a portal's article page, a fragment of one, a page of our own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ...core.diagnostics import text
from ...core.extras import require
from ...core.line_ends import without_breaks
from ...core.tables import FORM_CLASS
from ..document import MAX_SPAN, Box, Document, Grid, Paragraph, Part, Picture, Refused, Runs, grid_of, numbered
from .decoding import decoded
from .visible import show_only_seen

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

# what a page of ours adds to a report
_OWN = frozenset(("gov-mark", "gov-compare", "gov-error-text", "headerlink", "caption-number"))
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_TITLES = ("articletitle", "title", "og:title", "dc.title")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_MAX_DEPTH = 200  # of elements within each other; what is deeper is not a report


def read(data: bytes) -> Document:
    """Read a page. Hidden parts, scripts and what our own pages add to a report are left out."""
    return read_text(decoded(data))


def read_text(written: str) -> Document:
    """The same of a text."""
    root = parsed(written)
    titles = tuple(_titles(root))
    show_only_seen(root, _OWN)
    walk = _Walk()
    return Document(tuple(walk.parts(root)), titles, tuple(walk.pictures))


def parsed(written: str) -> HtmlElement:
    """The tree of a page."""
    html = require("lxml.html", "html", "HTML")
    etree = require("lxml.etree", "html", "HTML")
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root: HtmlElement = html.document_fromstring(_DECLARATION.sub("", written).replace("\0", ""), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise Refused(text("The page cannot be read as HTML.")) from error
    return root


def _titles(root: _Element) -> Iterator[str]:
    metas = {
        str(meta.get("name") or meta.get("property") or "").lower(): str(meta.get("content") or "")
        for meta in root.iter("meta")
    }
    yield from (metas[name] for name in _TITLES if metas.get(name))
    yield from ("".join(map(str, title.itertext())) for title in root.iter("title"))


class _Walk:
    """Collects running text until a block ends it."""

    def __init__(self) -> None:
        self.found: list[Part] = []
        self.pictures: list[Picture] = []
        self.tables = 0
        self.text = Runs()
        self.line = 0

    def parts(self, root: _Element) -> list[Part]:
        """Everything in the order of the page."""
        self._element(root, 0, 0)
        self._flush(0)
        return self.found

    def _element(self, element: _Element, level: int, depth: int, raised: str = "") -> None:
        tag = element.tag
        if depth > _MAX_DEPTH:
            return
        if tag == "table" and element.find(".//table") is None:  # a table with tables in it is a page's layout
            self._flush(level)
            self._table(element)
            return
        if tag == "img":
            self._picture(element)
        is_block = tag in _BLOCKS
        inner = _HEADINGS.get(str(tag), level)
        if is_block:
            self._flush(level)
        raised = str(tag) if tag in ("sup", "sub") else raised
        if element.text:
            self._add(element.text, element, raised)
        for child in element:
            self._element(child, inner, depth + 1, raised)
            if child.tail:
                self._add(child.tail, child, raised)
        if is_block:
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
        """Remember a picture that is not a portal's icon."""
        sizes = (str(element.get(name) or "").removesuffix("px") for name in ("width", "height"))
        if not any(size.isdecimal() and len(size) < 3 for size in sizes):
            self.pictures.append(Picture(len(self.found) + bool(self.line), _line(element)))

    def _table(self, table: _Element) -> None:
        for caption in table.iter("caption"):
            self.found.append(Paragraph(without_breaks(_runs(caption).shown), 0, _line(caption)))
        for element in table.iter("img"):
            self._picture(element)
        self.tables += 1
        grid: Grid = grid_of(numbered(self.tables), _rows(table))
        classes = str(table.get("class") or "").split()
        form = next((name for name in classes if name.startswith(FORM_CLASS)), "")
        if grid.rows:
            self.found.append(replace(grid, form=form))


def _rows(table: _Element) -> Iterator[list[Box]]:
    """The rows of a table by their groups, out of which no cell reaches."""
    groups: list[tuple[_Element | None, list[_Element]]] = []
    for row in table.iter("tr"):
        group = row.getparent()
        if not groups or groups[-1][0] is not group:
            groups.append((group, []))
        groups[-1][1].append(row)
    for _group, rows in groups:
        for number, row in enumerate(rows):
            yield [_box(cell, len(rows) - number) for cell in row if cell.tag in ("td", "th")]


def _box(cell: _Element, rows: int) -> Box:
    rowspan = _whole(cell, "rowspan", 1)
    return _runs(cell).box(min(rowspan, rows) or rows, min(_whole(cell, "colspan", 1) or 1, MAX_SPAN), _line(cell))


def _line(element: _Element) -> int:
    return element.sourceline if isinstance(element.sourceline, int) else 0


def _whole(cell: _Element, name: str, default: int) -> int:
    """A whole number as browsers read it: what stands behind the digits does not matter."""
    match = re.match(r"[ \t\n\f\r]*\+?([0-9]+)", str(cell.get(name) or ""))
    return int(match[1][:6]) if match else default


def _runs(element: _Element) -> Runs:
    """The text with a line break where a block or a ``<br>`` makes one; a zero that is shown as a word is a number."""
    runs = Runs()

    def walk(inner: _Element, depth: int, raised: str) -> None:
        if depth > _MAX_DEPTH:
            return
        if inner.tag in _BLOCKS:
            runs.add("\n")
        if inner.tag == "data" and inner.get("value") == "0":
            shown = "".join(map(str, inner.itertext()))
            if shown.strip() and not any(map(str.isdigit, shown)):
                runs.add("0")
                return
        raised = str(inner.tag) if inner.tag in ("sup", "sub") else raised
        runs.add(inner.text or "", raised)
        for child in inner:
            walk(child, depth + 1, raised)
            runs.add(child.tail or "", raised)

    walk(element, 0, "")
    return runs
