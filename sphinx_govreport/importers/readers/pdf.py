"""PDF, as far as its tables have lines: a best effort, whose figures the checks then judge."""

from __future__ import annotations

import io
import itertools
import logging
from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.core.extras import require
from sphinx_govreport.importers.document import Box, Document, Paragraph, Part, Picture, Refused, Runs, grid_of
from sphinx_govreport.importers.labels import key_of

from .isolated import read_isolated, refusing

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAX_PAGES = 200
_NEAR = 3.0  # points within which two lines are one
_BAR = 1.6  # points of a line that strikes a character out
_TINY = 1.5  # points of a character that nobody reads
_ICON = 60  # points of a picture that is no table
_SMALL, _SHIFT = 0.85, 0.08  # of a mark: its size beside its neighbour's, and how far from the line it is
_ANOTHER_LINE = 0.8  # of a character's size: what is farther away is another line of text
_BASELINE = "tag"  # where the library keeps what else is noted of a character
_NOT_DRAWN = (3, 7)  # modes of text
_STAND_IN = 0xF0000  # characters of private use, more than a page has
_Rectangle = tuple[float, float, float, float]  # left, top, right, bottom, in points


def read(data: bytes) -> Document:
    """Read a PDF in a process of its own: a few bytes can draw for ever."""
    return read_isolated("pdf", "pdfplumber", "pdf", "PDF", data)


def read_here(data: bytes) -> Document:
    """Read the lines of text outside tables and the tables with their merges, page by page."""
    pdfplumber = require("pdfplumber", "pdf", "PDF")
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it tells every odd number of a damaged file
    _leave_out_what_is_not_drawn()
    parts: list[Part] = []
    pictures: list[Picture] = []
    with refusing(text("The PDF is damaged or has a password.")), pdfplumber.open(io.BytesIO(data)) as file:
        if len(file.pages) > _MAX_PAGES:
            raise Refused(text("The PDF has more than {limit} pages.", limit=_MAX_PAGES))
        for number, page in enumerate(file.pages, start=1):
            for part in _page(number, page):
                if part is None:
                    pictures.append(Picture(len(parts)))
                else:
                    parts.append(part)
            page.close()
    if not any(isinstance(part, Paragraph) for part in parts):
        raise Refused(text("The PDF has no text, only pictures."), text("Ask for the original document."))
    return Document(tuple(parts), pictures=tuple(pictures), has_lines=True)


def _leave_out_what_is_not_drawn() -> None:
    """Make the library skip text of a mode that draws nothing, as under scanned pages, and note the line of each character.

    It passes on neither. The class is replaced in this process only, which reads one document and ends.
    """
    page: Any = require("pdfplumber.page", "pdf", "PDF")
    layout: Any = require("pdfminer.layout", "pdf", "PDF")
    stock: Any = page.PDFPageAggregatorWithMarkedContent

    class Drawn(stock):  # type: ignore[misc]
        cur_item: Any

        def render_string(self, textstate: Any, *rest: Any) -> None:
            whole, self.cur_item = self.cur_item, layout.LTContainer(self.cur_item.bbox)
            super().render_string(textstate, *rest)
            string, self.cur_item = self.cur_item, whole
            if textstate.render not in _NOT_DRAWN:
                for char in string:
                    setattr(char, _BASELINE, char.matrix[3] * textstate.rise + char.matrix[5])
                whole.extend(string)

    page.PDFPageAggregatorWithMarkedContent = Drawn


def _page(number: int, page: Any) -> Iterator[Part | None]:  # pdfplumber is not typed
    """Yield the parts of a page from above; ``None`` is a picture."""
    found: list[tuple[float, Part | None]] = []
    unseen = _struck(page) | {id(char) for char in page.chars if char["bottom"] - char["top"] < _TINY}
    seen = page.filter(lambda one: id(one) not in unseen)
    tables = seen.find_tables()
    rest = seen
    for count, table in enumerate(tables, start=1):
        name = text("page {page}, table {number}", page=number, number=count)
        found.append((table.bbox[1], grid_of(name, _rows(seen, [tuple(cell) for cell in table.cells]))))
        rest = rest.outside_bbox(table.bbox)
    for line in rest.extract_text_lines(return_chars=True):
        written = _runs(line["chars"]).shown if _marks(line["chars"]) else line["text"]
        found.append((line["top"], Paragraph(" ".join(written.split("\n")).strip())))
    found += [(image["top"], None) for image in page.images if min(image["width"], image["height"]) > _ICON]
    yield from (part for _top, part in sorted(found, key=lambda pair: pair[0]))


def _struck(page: Any) -> set[int]:
    """The characters through whose middle a bar goes, and such bars: they are no lines of a table."""
    lines = (*page.lines, *page.rects)
    middles = sorted(
        ((line["top"] + line["bottom"]) / 2, number)
        for number, line in enumerate(lines)
        if line["bottom"] - line["top"] < _BAR and line["x1"] - line["x0"] > _BAR
    )
    struck: dict[int, list[Any]] = {}
    for char in page.chars:
        height, across = char["bottom"] - char["top"], (char["x0"] + char["x1"]) / 2
        first = bisect_left(middles, (char["top"] + height / 3, 0))
        for middle, number in middles[first:]:
            if middle > char["bottom"] - height / 4:
                break
            if lines[number]["x0"] <= across <= lines[number]["x1"]:
                struck.setdefault(number, []).append(char)
    found: set[int] = set()
    for number, chars in struck.items():
        width = max(char["x1"] for char in chars) - min(char["x0"] for char in chars)
        if lines[number]["x1"] - lines[number]["x0"] < width + 2 * chars[0]["size"]:  # else it is a line of the page
            found |= {id(lines[number]), *map(id, chars)}
    return found


def _rows(page: Any, cells: Sequence[_Rectangle]) -> list[list[Box]]:
    """Cells by the lines that they lie between."""
    lefts = _lines([edge for cell in cells for edge in (cell[0], cell[2])])
    tops = _lines([edge for cell in cells for edge in (cell[1], cell[3])])
    rows: list[list[tuple[int, Box]]] = [[] for _ in tops]
    for cell in cells:
        left, right = _place(lefts, cell[0]), _place(lefts, cell[2])
        top, bottom = _place(tops, cell[1]), _place(tops, cell[3])
        box = _runs([char for char in page.chars if _is_in(char, cell)], is_cell=True).box(
            max(1, bottom - top), max(1, right - left)
        )
        rows[top].append((left, box if box.marks else box._replace(text=_joined(box.text))))
    return [[box for _left, box in sorted(row, key=lambda pair: pair[0])] for row in rows[:-1]]


def _is_in(char: Any, cell: _Rectangle) -> bool:
    """Whether the middle of a character is in a cell: in low rows, characters reach over the lines."""
    left, top, right, bottom = cell
    across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(left <= across < right and top <= down < bottom)


def _runs(chars: list[Any], *, is_cell: bool = False) -> Runs:
    """Characters as a text, its marks apart. All of a cell is a mark if it cannot be told which of its digits are."""
    utils = require("pdfplumber.utils", "pdf", "PDF")
    marks = _marks(chars)
    if is_cell and _is_ragged(chars):
        marks = {id(char): "sup" for char in chars}
    kept = [chr(_STAND_IN + number) for number, _char in enumerate(chars)]  # the library gives only texts back
    stood = [{**char, "text": kept[n]} if id(char) in marks else char for n, char in enumerate(chars)]
    runs = Runs()
    for letter in str(utils.extract_text(stood, x_tolerance=2)) if chars else "":
        number = ord(letter) - _STAND_IN
        is_mark = 0 <= number < len(chars) and id(chars[number]) in marks
        runs.add(chars[number]["text"] if is_mark else letter, marks[id(chars[number])] if is_mark else "")
    return runs


def _marks(chars: list[Any]) -> dict[int, str]:
    """The characters that are raised or lowered: smaller than one beside them, and not on its line."""
    found: dict[int, str] = {}
    large = max((char["size"] for char in chars), default=0.0)
    for char in chars:
        if char["size"] > _SMALL * large:
            continue
        beside = [
            other
            for other in chars
            if char["size"] <= _SMALL * other["size"]
            and abs(_rise(char, other)) < _ANOTHER_LINE * other["size"]
            and min(abs(other["x1"] - char["x0"]), abs(char["x1"] - other["x0"])) < 2 * large
        ]
        if beside:
            nearest = min(beside, key=lambda other: abs((other["x0"] + other["x1"]) - (char["x0"] + char["x1"])))
            rise = _rise(char, nearest)
            if abs(rise) > _SHIFT * nearest["size"]:
                found[id(char)] = "sup" if rise > 0 else "sub"
    return found


def _is_ragged(chars: list[Any]) -> bool:
    """Whether digits beside each other are as large, but not on one line."""
    digits = sorted((char for char in chars if char["text"].isdigit()), key=lambda char: char["x0"])
    return any(
        one["size"] * _SMALL < other["size"]
        and other["size"] * _SMALL < one["size"]
        and abs(other["x0"] - one["x1"]) < one["size"] / 2
        and _SHIFT * 2 * one["size"] < abs(_rise(other, one)) < _ANOTHER_LINE * one["size"]
        for one, other in itertools.pairwise(digits)
    )


def _rise(char: Any, other: Any) -> float:
    """How much higher the line is that a character stands on than that of another."""
    return float(char[_BASELINE] - other[_BASELINE])


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
