"""The appearance of cells in an .xls: hidden rows and columns, fonts, runs of rich text."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

from sphinx_govreport.core.extras import require

from .cells import TINY, Look, Pieces, SheetLook, with_format

_RAISED = {1: "sup", 2: "sub"}
_TWIPS = 20  # of a point


def sheet_looks(data: bytes) -> dict[str, SheetLook]:
    """Return the looks of the sheets of a workbook, by name."""
    xlrd = require("xlrd", "xlsx", "xls")
    book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    return {sheet.name: _look(xlrd, book, sheet) for sheet in book.sheets()}


def _look(xlrd: Any, book: Any, sheet: Any) -> SheetLook:  # xlrd has no type annotations
    found = SheetLook(sheet.nrows, sheet.ncols, hides_zeros=not sheet.show_zero_values)
    found.hidden_rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden or info.height == 0}
    found.hidden_columns = {column for column, info in sheet.colinfo_map.items() if info.hidden or info.width == 0}
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            cell = sheet.cell(row, column)
            if cell.value == "":
                continue
            style = book.xf_list[cell.xf_index]
            look = with_format(_of_font(book, style.font_index), book.format_map[style.format_key].format_str)
            pieces = _pieces(book, cell.value, look, sheet.rich_text_runlist_map.get((row, column)))
            error = xlrd.error_text_from_code.get(cell.value, "") if cell.ctype == xlrd.XL_CELL_ERROR else ""
            found.add(row, column, look, [(error, None)] if error else pieces, is_rich=bool(error))
    return found


def _pieces(book: Any, text: Any, look: Look, runs: list[tuple[int, int]] | None) -> Pieces:
    """Split a rich text where its font changes; ``runs`` has the positions and the font numbers."""
    if not runs:
        return []
    changes = [(0, look), *((start, _of_font(book, font)) for start, font in runs), (len(text), look)]
    return [(text[start:end], own) for (start, own), (end, _next) in pairwise(changes)]


def _of_font(book: Any, number: int) -> Look:
    font = book.font_list[number]
    return Look(bool(font.struck_out) or 0 < font.height <= TINY * _TWIPS, _RAISED.get(font.escapement, ""))
