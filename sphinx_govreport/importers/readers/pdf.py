"""PDF, as far as its tables have lines: a best effort, whose figures the checks then judge."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...core.diagnostics import text
from ...core.extras import require
from ..document import Box, Document, Paragraph, Part, Refused, grid_of
from ..labels import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAX_PAGES = 200
_NEAR = 3.0  # points within which two lines are one
_Rectangle = tuple[float, float, float, float]  # left, top, right, bottom, in points


def read(data: bytes) -> Document:
    """Read the lines of text outside tables and the tables with their merges, page by page."""
    pdfplumber = require("pdfplumber", "pdf", "PDF")
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it tells every odd number of a damaged file
    try:
        with pdfplumber.open(io.BytesIO(data)) as file:
            if len(file.pages) > _MAX_PAGES:
                raise Refused(text("The PDF has more than {limit} pages.", limit=_MAX_PAGES))
            parts = [part for number, page in enumerate(file.pages, start=1) for part in _page(number, page)]
    except Refused:
        raise
    except Exception as error:  # a damaged PDF fails in many ways, all of them the document's
        raise Refused(text("The PDF is damaged or has a password.")) from error
    if not any(isinstance(part, Paragraph) for part in parts):
        raise Refused(text("The PDF has no text, only pictures."), text("Ask for the document that it was made from."))
    return Document(tuple(parts), has_lines=True)


def _page(number: int, page: Any) -> Iterator[Part]:  # pdfplumber is not typed
    found: list[tuple[float, Part]] = []
    tables = page.find_tables()
    rest = page
    for count, table in enumerate(tables, start=1):
        name = text("page {page}, table {number}", page=number, number=count)
        found.append((table.bbox[1], grid_of(name, _rows(page, [tuple(cell) for cell in table.cells]))))
        rest = rest.outside_bbox(table.bbox)
    for line in rest.extract_text_lines():
        found.append((line["top"], Paragraph(line["text"].strip())))
    yield from (part for _top, part in sorted(found, key=lambda pair: pair[0]))


def _rows(page: Any, cells: Sequence[_Rectangle]) -> list[list[Box]]:
    """Cells by the lines that they lie between."""
    lefts = _lines([edge for cell in cells for edge in (cell[0], cell[2])])
    tops = _lines([edge for cell in cells for edge in (cell[1], cell[3])])
    rows: list[list[tuple[int, Box]]] = [[] for _ in tops]
    for cell in cells:
        left, right = _place(lefts, cell[0]), _place(lefts, cell[2])
        top, bottom = _place(tops, cell[1]), _place(tops, cell[3])
        written = _text([char for char in page.chars if _is_in(char, cell)])
        rows[top].append((left, Box(_joined(written), max(1, bottom - top), max(1, right - left))))
    return [[box for _left, box in sorted(row, key=lambda pair: pair[0])] for row in rows[:-1]]


def _is_in(char: Any, cell: _Rectangle) -> bool:
    """Whether the middle of a character is in a cell: in low rows, characters reach over the lines."""
    left, top, right, bottom = cell
    across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(left <= across < right and top <= down < bottom)


def _text(chars: list[Any]) -> str:
    utils = require("pdfplumber.utils", "pdf", "PDF")
    return str(utils.extract_text(chars, x_tolerance=2)) if chars else ""


def _joined(written: str) -> str:
    """A number that is broken over lines in a narrow cell is one number; labels do not mind."""
    return "".join(written.split()) if not key_of(written) or written.replace("\n", "").isdecimal() else written


def _lines(edges: list[float]) -> list[float]:
    merged: list[float] = []
    for edge in sorted(edges):
        if not merged or edge - merged[-1] > _NEAR:
            merged.append(edge)
    return merged


def _place(lines: list[float], edge: float) -> int:
    return min(range(len(lines)), key=lambda n: abs(lines[n] - edge))
