"""Workbooks: xlsx, xls and ods."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sphinx_govreport.core.diagnostics import ntext, text
from sphinx_govreport.core.extras import require
from sphinx_govreport.core.reports.records import SHEET_COLUMNS
from sphinx_govreport.importers.document import MAX_CELLS, Box, Document, Part, Picture, Refused, grid_of

from . import ods, xls, xlsx
from .cells import SheetLook
from .csv import with_lines
from .isolated import read_isolated, refusing

_MAX_SHEET = 1_000_000  # cells of a sheet between its first and last filled cell


def read(data: bytes) -> Document:
    """Read the visible cells of a workbook in a separate process: one distant cell makes a sheet of billions of cells."""
    return read_isolated("workbook", "python_calamine", "xlsx", "xlsx, xls, ods", data)


def read_here(data: bytes) -> Document:
    """Read all visible sheets that are not huge. The saved results of formulas are used."""
    calamine = require("python_calamine", "xlsx", "xlsx, xls, ods")
    parts: list[Part] = []
    pictures: list[Picture] = []
    with refusing(text("The workbook is damaged or has a password."), text("Open it and save it again.")):
        look_of = _sheet_reader(data)
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in book.sheets_metadata:
            if sheet.visible == calamine.SheetVisibleEnum.Visible and sheet.typ == calamine.SheetTypeEnum.WorkSheet:
                look = look_of(sheet.name)
                if look.height * look.width > _MAX_SHEET:
                    message = text(
                        "A sheet is too large: {rows} and {columns}.",
                        rows=ntext("{count} row", "{count} rows", count=look.height),
                        columns=ntext("{count} column", "{count} columns", count=look.width),
                    )
                    raise Refused(message)
                if not look.has_results:
                    hint = text("Open it in a spreadsheet program and save it: the results of formulas are saved with them.")
                    raise Refused(text("The workbook has formulas that were never computed."), hint)
                parts += _sheet(sheet.name, look, book)
                pictures += [Picture(len(parts))] * look.has_picture
    return Document(tuple(parts), (), tuple(pictures))


def _sheet_reader(data: bytes) -> Callable[[str], SheetLook]:
    """Return the function that reads the look of a sheet, for any kind of workbook."""
    if not data.startswith(b"PK"):
        return xls.sheet_looks(data).__getitem__
    archive = zipfile.ZipFile(io.BytesIO(data))
    return ods.sheet_looks(archive).__getitem__ if "content.xml" in archive.namelist() else xlsx.Workbook(archive).look


def _sheet(name: str, look: SheetLook, book: Any) -> Iterator[Part]:
    sheet = book.get_sheet_by_name(name)
    if sheet.width == len(SHEET_COLUMNS) and tuple(sheet.to_python(nrows=1, skip_empty_area=False)[0]) == SHEET_COLUMNS:
        return  # it repeats the figures of the other sheets
    if sheet.height * sheet.width > MAX_CELLS:
        raise Refused(text("The sheet “{name}” has more than {limit} cells.", name=name, limit=MAX_CELLS))
    cells: Sequence[Sequence[object]] = sheet.to_python(skip_empty_area=False)
    rows = [row for row in range(len(cells)) if row not in look.hidden_rows]
    columns = [column for column in range(max(map(len, cells), default=0)) if column not in look.hidden_columns]
    grid = grid_of(text("sheet “{name}”", name=name), _rows(cells, rows, columns, look, sheet.merged_cell_ranges or ()))
    if len(rows) < len(cells) or look.hidden_columns:
        grid = replace(grid, seen=(tuple(row + 1 for row in rows), tuple(column + 1 for column in columns)))
    yield from with_lines(grid)


_Range = tuple[tuple[int, int], tuple[int, int]]  # first and last row and column


def _rows(
    cells: Sequence[Sequence[object]], rows: list[int], columns: list[int], look: SheetLook, merged: Sequence[_Range]
) -> Iterator[list[Box]]:
    """Yield the boxes of the visible rows. The visible part of a merged cell shows the value of its first cell."""
    ranges: dict[tuple[int, int], _Range] = {}
    for (top, left), (bottom, right) in merged:
        height, width = bottom - top + 1, right - left + 1
        if 0 < height * width <= MAX_CELLS:
            whole = ((top, left), (bottom, right))
            ranges |= {(row, column): whole for row in range(top, bottom + 1) for column in range(left, right + 1)}
    begun: set[_Range] = set()
    for row in rows:
        boxes: list[Box] = []
        for column in columns:
            merge = ranges.get((row, column))
            if merge in begun:
                continue
            (top, left), (bottom, right) = merge or ((row, column), (row, column))
            rowspan = colspan = 1
            if merge:
                begun.add(merge)
                rowspan, colspan = sum(top <= one <= bottom for one in rows), sum(left <= one <= right for one in columns)
            boxes.append(look.runs(top, left, look.written(top, left, cells[top][left])).box(rowspan, colspan))
        yield boxes
