"""HTML: a portal's article page, a fragment of one, a page of our own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ...core.breaks import without_breaks
from ...core.diagnostics import text
from ...core.extras import require
from ...core.tables import FORM_CLASS
from ..document import Box, Document, Grid, Paragraph, Part, Refused, grid_of, numbered
from .decoding import decoded

if TYPE_CHECKING:
    from lxml.etree import _Element

_SKIPPED = frozenset(
    ["script", "style", "noscript", "template", "head", "iframe", "object", "svg", "select", "button", "textarea", "input"]
)
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
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_TITLES = ("articletitle", "title", "og:title", "dc.title")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_MAX_DEPTH = 200  # of elements within each other; what is deeper is not a report


def read(data: bytes) -> Document:
    """Read a page. Hidden parts, scripts and what our own pages add to a report are left out."""
    return read_text(decoded(data))


def read_text(written: str) -> Document:
    """The same of a text."""
    root = parsed(written)
    return Document(tuple(_Walk().parts(root)), tuple(_titles(root)))


def parsed(written: str) -> _Element:
    """The tree of a page."""
    html = require("lxml.html", "html", "HTML")
    etree = require("lxml.etree", "html", "HTML")
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root: _Element = html.document_fromstring(_DECLARATION.sub("", written).replace("\0", ""), parser=parser)
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
        self.tables = 0
        self.text: list[str] = []
        self.line = 0

    def parts(self, root: _Element) -> list[Part]:
        """Everything in the order of the page."""
        self._element(root, 0, 0)
        self._flush(0)
        return self.found

    def _element(self, element: _Element, level: int, depth: int) -> None:
        tag = element.tag
        if depth > _MAX_DEPTH or _is_left_out(element):
            return
        if tag == "table" and element.find(".//table") is None:  # a table with tables in it is a page's layout
            self._flush(level)
            self._table(element)
            return
        is_block = tag in _BLOCKS
        inner = _HEADINGS.get(str(tag), level)
        if is_block:
            self._flush(level)
        if element.text:
            self._add(element.text, element)
        for child in element:
            self._element(child, inner, depth + 1)
            if child.tail:
                self._add(child.tail, child)
        if is_block:
            self._flush(inner)

    def _add(self, written: str, element: _Element) -> None:
        if not self.text:
            if written.isspace():
                return
            self.line = _line(element)
        self.text.append(written)

    def _flush(self, level: int) -> None:
        if self.text:
            self.found.append(Paragraph(without_breaks("".join(self.text)), level, self.line))
            self.text.clear()

    def _table(self, table: _Element) -> None:
        for caption in table.iter("caption"):
            self.found.append(Paragraph(without_breaks(_text(caption)), 0, _line(caption)))
        self.tables += 1
        rows = ([_box(cell) for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr"))
        grid: Grid = grid_of(numbered(self.tables), rows)
        classes = str(table.get("class") or "").split()
        form = next((name for name in classes if name.startswith(FORM_CLASS)), "")
        if grid.rows:
            self.found.append(replace(grid, form=form))


def _box(cell: _Element) -> Box:
    return Box(_text(cell).strip(), _span(cell, "rowspan"), _span(cell, "colspan"), _line(cell))


def _line(element: _Element) -> int:
    return element.sourceline if isinstance(element.sourceline, int) else 0


def _span(cell: _Element, name: str) -> int:
    written = str(cell.get(name) or "1").strip()
    return max(1, int(written[:6])) if written[:6].isascii() and written[:6].isdecimal() else 1


def _text(element: _Element) -> str:
    """The text with a line break where a block or a ``<br>`` makes one; a number that is shown as a word is a number."""
    parts: list[str] = []

    def walk(inner: _Element, depth: int) -> None:
        if _is_left_out(inner) or depth > _MAX_DEPTH:
            return
        if inner.tag in _BLOCKS:
            parts.append("\n")
        shown = "".join(map(str, inner.itertext())) if inner.tag == "data" else ""
        if inner.tag == "data" and not any(map(str.isdigit, shown)):
            parts.append(str(inner.get("value") or shown))
            return
        parts.append(inner.text or "")
        for child in inner:
            walk(child, depth + 1)
            parts.append(child.tail or "")

    walk(element, 0)
    return "".join(parts)


def _is_left_out(element: _Element) -> bool:
    if element.tag in _SKIPPED or not isinstance(element.tag, str):
        return True
    attributes = element.attrib
    if not attributes:
        return False
    if "hidden" in attributes or _HIDDEN.search(str(attributes.get("style", ""))):
        return True
    return not _OWN.isdisjoint(str(attributes.get("class", "")).split())
