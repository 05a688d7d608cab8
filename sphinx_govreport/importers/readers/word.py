"""Word documents (.docx)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ...core.diagnostics import text
from ...core.extras import require
from ..document import Box, Document, Paragraph, Part, Refused, grid_of, numbered

if TYPE_CHECKING:
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT, _BREAKS = f"{_W}t", {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": " "}
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)


def read(data: bytes) -> Document:
    """Read a document's body: paragraphs and tables. What was deleted under revision is left out."""
    docx = require("docx", "docx", "docx")
    try:
        document = docx.Document(io.BytesIO(data))
        styles = {style.style_id: style.name or "" for style in document.styles}
        body: _Element = document.element.body
        title = document.core_properties.title or ""
    except Exception as error:  # a damaged document fails in many ways, all of them its own
        raise Refused(text("The Word document is damaged."), text("Open it and save it anew.")) from error
    return Document(tuple(_parts(body, styles)), (title,) if title else ())


def _parts(body: _Element, styles: dict[str, str]) -> Iterator[Part]:
    tables = 0
    for element in _blocks(body):
        if element.tag == f"{_W}p":
            written = _text(element).strip()
            if written:
                yield Paragraph(written, _level(element, styles))
            continue
        tables += 1
        grid = grid_of(numbered(tables), _rows(element))
        if grid.rows:
            yield grid


def _blocks(element: _Element) -> Iterator[_Element]:
    """Paragraphs and tables, those in content controls and insertions too."""
    for child in element:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _blocks(child)


def _children(element: _Element, name: str) -> Iterator[_Element]:
    """Children called ``name``, those in content controls too."""
    for child in element:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _children(child, name)


def _text(element: _Element) -> str:
    parts = []
    for inner in element.iter():
        if inner.tag == _TEXT:
            parts.append(inner.text or "")
        elif inner.tag in _BREAKS and inner.getparent() is not None and inner.getparent().tag == f"{_W}r":  # type: ignore[union-attr]
            parts.append(_BREAKS[str(inner.tag)])
    return "".join(parts)


def _level(paragraph: _Element, styles: dict[str, str]) -> int:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    match = _HEADING.search(styles.get(str(style.get(f"{_W}val")), "")) if style is not None else None
    return int(match[1]) if match else 0


class _Merged:
    """A cell that may go on in the rows below."""

    def __init__(self, written: str, colspan: int) -> None:
        self.text = written
        self.colspan = colspan
        self.rowspan = 1

    def box(self) -> Box:
        return Box(self.text, self.rowspan, self.colspan)


def _rows(table: _Element) -> list[list[Box]]:
    """Rows of cells; what Word says cell by cell about merges is added up."""
    rows: list[list[_Merged]] = []
    above: dict[int, _Merged] = {}
    for row in _children(table, "tr"):
        begun: list[_Merged] = []
        below: dict[int, _Merged] = {}
        column = 0
        for cell in _cells(row):
            goes_on = _value(cell, "vMerge", "continue") == "continue" and cell.find(f"{_W}tcPr/{_W}vMerge") is not None
            span = int(_value(cell, "gridSpan", "1")) if _value(cell, "gridSpan", "1").isdecimal() else 1
            if goes_on and column in above:
                merged = above[column]
                merged.rowspan += 1
            else:
                merged = _Merged("\n".join(_text(inner) for inner in _children(cell, "p")), span)
                begun.append(merged)
            if cell.find(f"{_W}tcPr/{_W}vMerge") is not None:
                below[column] = merged
            column += span
        rows.append(begun)
        above = below
    return [[merged.box() for merged in row] for row in rows]


def _cells(row: _Element) -> Iterable[_Element]:
    return _children(row, "tc")


def _value(cell: _Element, name: str, default: str) -> str:
    found = cell.find(f"{_W}tcPr/{_W}{name}")
    return default if found is None else str(found.get(f"{_W}val") or default)
