"""PDF, if its tables have lines: a best effort, whose figures are verified by the checks."""

from __future__ import annotations

import io
import itertools
import logging
import re
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, Any

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.core.extras import require
from sphinx_govreport.importers.document import Box, Document, Paragraph, Part, Picture, Refused, Runs, grid_of
from sphinx_govreport.importers.labels import key_of

from .isolated import read_isolated, refusing

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAX_PAGES = 200
_NEAR = 3.0  # points: lines closer than this are one
_BAR = 1.6  # points: thickness of a line that strikes out a character
_TINY = 1.5  # points: characters this small are unreadable
_ICON = 60  # points: smaller pictures are not tables
_SMALL, _SHIFT = 0.85, 0.08  # of a mark: its size relative to its neighbour, and its distance from the line
_ANOTHER_LINE = 0.8  # of a character's size: text farther away is on another line
_BASELINE = "tag"  # the attribute in which the library keeps additional information about a character
_NOT_DRAWN = (3, 7)  # text rendering modes
_SLOPE = 0.05  # of a line of text: less is as good as horizontal or vertical
_DEPTH = 0.2  # of a character's size: how far it extends below its baseline
_PADDING = 6  # points: at most this much is left free on each side of a cell
_TOGETHER = 2  # points: characters this close are one word
#: 12, - 12 -, 第12页, page 12, 12 / 30; next to words, a number alone may be a figure
_PAGE_NUMBER = re.compile(
    r"^\d{1,4}$|(?<=(?<!\d)[-—–―·•])\s?\d{1,4}(?=\s?[-—–―·•](?!\d))|(?<=第)\s?\d{1,4}(?=\s?页)|"
    r"(?<=page )\d{1,4}(?!\d)|(?<!\S)\d{1,4}(?=\s?/\s?\d+(?!\S))",
    re.IGNORECASE,
)
_ONLY_NUMBER = re.compile(r"(?=.*\0)(?:[\W\d_第页共]|page|of)*", re.IGNORECASE)
_STAND_IN = 0xF0000  # a private-use range with more characters than a page has
_Rectangle = tuple[float, float, float, float]  # left, top, right, bottom, in points
_Page = list[tuple[float, Part | None]]  # its parts, and how far each is from its top; None is a picture


def read(data: bytes) -> Document:
    """Read a PDF in a separate process: a few bytes can make drawing endless."""
    return read_isolated("pdf", "pdfplumber", "pdf", "PDF", data)


def read_here(data: bytes) -> Document:
    """Read the lines of text outside tables, and the tables with their merged cells, page by page."""
    pdfplumber = require("pdfplumber", "pdf", "PDF")
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it logs every odd number in a damaged file
    _leave_out_what_is_not_drawn()
    pages: list[_Page] = []
    with refusing(text("The PDF is damaged or has a password.")), pdfplumber.open(io.BytesIO(data)) as file:
        if len(file.pages) > _MAX_PAGES:
            raise Refused(text("The PDF has more than {limit} pages.", limit=_MAX_PAGES))
        for number, page in enumerate(file.pages, start=1):
            pages.append(_page(number, page))
            page.close()
    parts = _take_running_lines(pages)  # the only title may be above the pages
    pictures: list[Picture] = []
    for _top, part in itertools.chain.from_iterable(pages):
        if part is None:
            pictures.append(Picture(len(parts)))
        else:
            parts.append(part)
    if not any(isinstance(part, Paragraph) for part in parts):
        raise Refused(text("The PDF has no text, only pictures."), text("Ask for the original document."))
    return Document(tuple(parts), pictures=tuple(pictures), has_lines=True)


def _leave_out_what_is_not_drawn() -> None:
    """Make the library skip invisible text, such as that under scanned pages, and record the baseline of each character.

    It provides neither. The class is replaced in this process only, which reads one document and ends.
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
                    across, up = map(abs, char.matrix[:2])
                    if min(across, up) > _SLOPE * max(across, up):
                        continue  # of a watermark: no other text is turned by such an angle
                    baseline = char.matrix[3] * textstate.rise + char.matrix[5]
                    setattr(char, _BASELINE, baseline)
                    if char.matrix[3] > up and char.size == char.height:  # fonts differ in their depth, also within a line
                        char.set_bbox((char.x0, baseline - char.size * _DEPTH, char.x1, baseline + char.size * (1 - _DEPTH)))
                    whole.add(char)

    page.PDFPageAggregatorWithMarkedContent = Drawn


def _page(number: int, page: Any) -> _Page:  # pdfplumber has no type annotations
    """Return the parts of a page from top to bottom."""
    found: _Page = []
    unseen = _struck(page) | {id(char) for char in page.chars if char["bottom"] - char["top"] < _TINY}
    seen = page.filter(lambda one: id(one) not in unseen)
    down = [edge for edge in seen.edges if edge["orientation"] == "v" and edge["height"] > _NEAR]
    ends = {min(edge["top"] for edge in down), max(edge["bottom"] for edge in down)} if down else ()
    tables = seen.find_tables({"explicit_horizontal_lines": [*ends]})  # browsers draw no line where a page divides a table
    rest = seen
    for count, table in enumerate(tables, start=1):
        name = text("page {page}, table {number}", page=number, number=count)
        found.append((table.bbox[1], grid_of(name, _rows(seen, [tuple(cell) for cell in table.cells]))))
        rest = rest.outside_bbox(table.bbox, strict=False)  # a table may be wider than the page
    for line in rest.extract_text_lines(return_chars=True):
        written = _runs(line["chars"]).shown if _marks(line["chars"]) else line["text"]
        found.append((line["top"], Paragraph(" ".join(written.split("\n")).strip())))
    found += [(image["top"], None) for image in page.images if min(image["width"], image["height"]) > _ICON]
    return sorted(found, key=lambda pair: pair[0])


def _take_running_lines(pages: Sequence[_Page]) -> list[Part]:
    """Remove page numbers, and all but one of equal lines that begin or end several pages. Return those that begin pages."""
    ends = {(page, at): line for page in range(len(pages)) for at in (-1, 0) if (line := _end(page, pages[page], at))}
    counts, last = Counter(ends.values()), {line: page for (page, _at), line in ends.items()}
    first: dict[tuple[int, int, str], Part | None] = {}
    for (page, at), line in ends.items():
        is_number = _ONLY_NUMBER.fullmatch(line[2])
        # the last of equal lines that end pages stays: no sentence continues behind it
        if counts[line] > 1 and pages[page] and (is_number or at == 0 or last[line] != page):
            _top, part = pages[page].pop(at)
            first.setdefault(line, None if is_number or at else part)
    return [part for part in first.values() if part]


def _end(number: int, page: _Page, at: int) -> tuple[int, int, str] | None:
    """Return an end of a page, the position of its line, and the line with NUL and an offset in place of the page's number."""
    top, part = page[at] if page else (0, None)
    written = _PAGE_NUMBER.sub(lambda match: f"\0{int(match[0]) - number}", part.text) if isinstance(part, Paragraph) else ""
    return (at, round(top), written) if written else None


def _struck(page: Any) -> set[int]:
    """Return the struck-out characters and the bars through them, which are not lines of a table."""
    lines = (*page.lines, *page.rects)
    middles = sorted(
        ((line["top"] + line["bottom"]) / 2, number)
        for number, line in enumerate(lines)
        if line["bottom"] - line["top"] < _BAR and line["x1"] - line["x0"] > _BAR
    )
    struck: dict[int, list[Any]] = {}
    for char in page.chars:
        height, across = char["bottom"] - char["top"], (char["x0"] + char["x1"]) / 2
        for middle, number in middles[bisect_left(middles, (char["top"] + height / 3, 0)) :]:
            if middle > char["bottom"] - height / 4:
                break
            if lines[number]["x0"] <= across <= lines[number]["x1"]:
                struck.setdefault(number, []).append(char)
    found: set[int] = set()
    for number, chars in struck.items():
        width = max(char["x1"] for char in chars) - min(char["x0"] for char in chars)
        if lines[number]["x1"] - lines[number]["x0"] < width + 2 * chars[0]["size"]:  # otherwise it is a line of the page
            found |= {id(lines[number]), *map(id, chars)}
    return found


def _rows(page: Any, cells: Sequence[_Rectangle]) -> list[list[Box]]:
    """Return the cells between the lines of a table; where a line is missing, one with the figure there."""
    lefts = _lines([edge for cell in cells for edge in (cell[0], cell[2])])
    tops = _lines([edge for cell in cells for edge in (cell[1], cell[3])])
    rows: list[list[tuple[int, Box]]] = [[] for _ in tops]
    holes = set(itertools.product(range(len(tops) - 1), range(len(lefts) - 1)))
    for cell in cells:
        left, right = _place(lefts, cell[0]), _place(lefts, cell[2])
        top, bottom = _place(tops, cell[1]), _place(tops, cell[3])
        holes -= set(itertools.product(range(top, bottom), range(left, right)))
        box = _box(page, cell)._replace(rowspan=max(1, bottom - top), colspan=max(1, right - left))
        rows[top].append((left, box))
    for top, left in holes:
        box = _box(page, (lefts[left], tops[top], lefts[left + 1], tops[top + 1]))
        rows[top].append((left, Box("") if key_of(box.text).isalpha() else box))
    return [[box for _left, box in sorted(row, key=lambda pair: pair[0])] for row in rows[:-1]]


def _box(page: Any, cell: _Rectangle) -> Box:
    chars = [char for char in page.chars if _is_in(char, cell)]
    box = _runs(chars, is_cell=True).box()
    shown = box.text if box.marks else _joined(box.text, chars, cell[2] - cell[0])
    return box._replace(text=f"{shown}…" if _is_doubtful(page, chars, cell) else shown)


def _is_in(char: Any, cell: _Rectangle) -> bool:
    """Return whether the middle of a character is in a cell: in low rows, characters extend over the lines."""
    left, top, right, bottom = cell
    across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(left <= across < right and top <= down < bottom)


def _runs(chars: list[Any], *, is_cell: bool = False) -> Runs:
    """Return characters as text, with marks apart. All of a cell is a mark if its digits cannot be told apart."""
    utils = require("pdfplumber.utils", "pdf", "PDF")
    marks = {id(char): "sup" for char in chars} if is_cell and _is_ragged(chars) else _marks(chars)
    kept = [chr(_STAND_IN + number) for number, _char in enumerate(chars)]  # the library returns only text
    stood = [{**char, "text": kept[n]} if id(char) in marks else char for n, char in enumerate(chars)]
    runs = Runs()
    for letter in str(utils.extract_text(stood, x_tolerance=_TOGETHER)) if chars else "":
        number = ord(letter) - _STAND_IN
        is_mark = 0 <= number < len(chars) and id(chars[number]) in marks
        runs.add(chars[number]["text"] if is_mark else letter, marks[id(chars[number])] if is_mark else "")
    return runs


def _marks(chars: list[Any]) -> dict[int, str]:
    """Return the raised or lowered characters: they are smaller than a neighbour and not on its baseline."""
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
    """Return whether adjacent digits have the same size but different baselines."""
    digits = sorted((char for char in chars if char["text"].isdigit()), key=lambda char: char["x0"])
    return any(
        one["size"] * _SMALL < other["size"]
        and other["size"] * _SMALL < one["size"]
        and abs(other["x0"] - one["x1"]) <= max(one["size"] / 2, _TOGETHER)
        and _SHIFT * 2 * one["size"] < abs(_rise(other, one)) < _ANOTHER_LINE * one["size"]
        for one, other in itertools.pairwise(digits)
    )


def _rise(char: Any, other: Any) -> float:
    """Return how much higher the baseline of a character is than that of another."""
    return float(char[_BASELINE] - other[_BASELINE])


def _is_doubtful(page: Any, chars: list[Any], cell: _Rectangle) -> bool:
    """Return whether digits are turned, so that their order is unknown, reach into the next cell or continue in it."""
    digits = [char for char in chars if char["text"].isdigit()]
    if any(char["matrix"][0] <= 0 for char in digits):
        return True
    ends = [char for char in digits if _room(char, cell) < char["width"]]  # few, because the search is slow
    beside = [char for char in page.chars if char["text"].isdigit() and not _is_in(char, cell)] if ends else []
    return any(_room(char, cell) < -char["width"] / 4 or any(_touches(char, other) for other in beside) for char in ends)


def _room(char: Any, cell: _Rectangle) -> float:
    """Return the distance of a character from the nearest side of its cell; negative if it reaches out of it."""
    return float(min(char["x0"] - cell[0], cell[2] - char["x1"]))


def _touches(char: Any, other: Any) -> bool:
    """Return whether another character continues the number that a character belongs to."""
    gap = max(other["x0"] - char["x1"], char["x0"] - other["x1"])
    return bool(gap < char["width"] / 10 and abs(_rise(other, char)) < char["size"] / 2)


def _joined(written: str, chars: list[Any], width: float) -> str:
    """Join a number that is broken over lines because the cell is narrow; labels are not affected by line breaks."""
    digits = sorted((char for char in chars if char["text"].isdigit()), key=lambda char: -char[_BASELINE])
    lines = [list(line) for _baseline, line in itertools.groupby(digits, key=lambda char: round(char[_BASELINE]))]
    room = (width - max(one["x1"] for one in line) + min(one["x0"] for one in line) for line in lines[:-1])
    is_full = all(free < 2 * _PADDING + digits[0]["width"] for free in room)  # otherwise they are two numbers
    return "".join(written.split()) if not key_of(written) or (is_full and written.replace("\n", "").isdecimal()) else written


def _lines(edges: list[float]) -> list[float]:
    merged: list[float] = []
    for edge in sorted(edges):
        if not merged or edge - merged[-1] > _NEAR:
            merged.append(edge)
    return merged


def _place(lines: list[float], edge: float) -> int:
    return min(range(len(lines)), key=lambda n: abs(lines[n] - edge))
