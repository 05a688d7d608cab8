"""Workbooks: xlsx, xls and ods."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal

from ...core.diagnostics import text
from ...core.extras import require
from ..document import MAX_CELLS, Box, Document, Part, Refused, grid_of
from .delimited import with_lines

_MAX_SHEET = 1_000_000  # places of a sheet between its first and last filled cell
_XLSX_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_XLSX_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>]")
#: programs that write workbooks without a spreadsheet leave the formulas to it, and a 0 or nothing for what they yield
_XLSX_NOT_WORKED_OUT = re.compile(rb"<(?:\w+:)?calcPr\b[^>]*\bfullCalcOnLoad=[\"'](?:1|true)[\"']")
_ODS_TAG = re.compile(rb"<table:(?:(table)|(?:covered-)?table-(row|cell))(?=[\s>/])[^>]*>")
_ODS_REPEATED = re.compile(rb'table:number-(?:rows|columns)-repeated="(\d+)"')


def read(data: bytes) -> Document:
    """Read all visible sheets that are not huge. Formulas count by the value that was saved with them."""
    calamine = require("python_calamine", "xlsx", "xlsx, xls, ods")
    try:
        if data.startswith(b"PK"):
            _look_into(data)
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = [sheet.name for sheet in book.sheets_metadata if "Visible" in str(sheet.visible)]
        parts = [part for name in visible for part in _sheet(name, book.get_sheet_by_name(name))]
    except Refused:
        raise
    except Exception as error:  # a damaged workbook fails in many ways, all of them its own
        raise Refused(text("The workbook is damaged or has a password."), text("Open it and save it anew.")) from error
    return Document(tuple(parts))


def _sheet(name: str, sheet: object) -> Iterator[Part]:
    if sheet.height * sheet.width > MAX_CELLS:  # type: ignore[attr-defined]
        raise Refused(text("The sheet “{name}” has more than {limit} cells.", name=name, limit=MAX_CELLS))
    rows: Sequence[Sequence[object]] = sheet.to_python(skip_empty_area=False)  # type: ignore[attr-defined]
    merged = dict(_merged(sheet.merged_cell_ranges or ()))  # type: ignore[attr-defined]
    covered = {
        (row + down, column + right)
        for (row, column), (height, width) in merged.items()
        for down in range(height) for right in range(width) if down or right
    }  # fmt: skip
    boxes = (
        [Box(_written(cell), *merged.get((r, c), (1, 1))) for c, cell in enumerate(row) if (r, c) not in covered]
        for r, row in enumerate(rows)
    )
    yield from with_lines(grid_of(text("sheet “{name}”", name=name), boxes))


def _merged(ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """By first cell: rows and columns that a merge covers."""
    for (top, left), (bottom, right) in ranges:
        height, width = bottom - top + 1, right - left + 1
        if 0 < height * width <= MAX_CELLS:
            yield (top, left), (height, width)


def _written(cell: object) -> str:
    """A cell as it would be typed: a spreadsheet's numbers are binary, what they show is not."""
    if isinstance(cell, float):
        return format(Decimal(repr(cell)), "f").removesuffix(".0")
    return str(cell)


def _look_into(data: bytes) -> None:
    """Refuse what cannot be read to the end, or says what nobody has worked out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        is_worked_out, has_formulas = True, False
        for name in archive.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
                body = archive.read(name)
                _refuse_huge(*_size_of_xlsx(body))
                has_formulas = has_formulas or bool(_XLSX_FORMULA.search(body))
            elif name == "content.xml":
                _refuse_huge(*_size_of_ods(archive.read(name)))
            elif name == "xl/workbook.xml":
                is_worked_out = not _XLSX_NOT_WORKED_OUT.search(archive.read(name))
    if has_formulas and not is_worked_out:
        raise Refused(
            text("The workbook has formulas that were never worked out."),
            text("Open it in a spreadsheet program and save it: what its formulas yield is saved with them."),
        )


def _refuse_huge(height: int, width: int) -> None:
    """One cell in the last corner makes a sheet of billions of places, for which there is no memory."""
    if width * height > _MAX_SHEET:
        raise Refused(text("A sheet is {rows} rows by {columns} columns large.", rows=height, columns=width))


def _size_of_xlsx(body: bytes) -> tuple[int, int]:
    """Rows and columns up to the last cell."""
    cells = [(int(match[2]), _column(match[1])) for match in _XLSX_CELL.finditer(body)]
    return max((row for row, _column in cells), default=0), max((column for _row, column in cells), default=0)


def _size_of_ods(body: bytes) -> tuple[int, int]:
    """Rows and columns up to the last cell that is not empty; cells and rows may be there many times."""
    height = width = row = times = column = 0
    for tag in _ODS_TAG.finditer(body):
        repeated = _ODS_REPEATED.search(tag[0])
        count = int(repeated[1][:9]) if repeated else 1
        if tag[1]:
            row = times = 0  # another sheet
        if tag[2] != b"cell":
            row, times, column = row + times, 0 if tag[1] else count, 0
            continue
        column += count
        if not tag[0].endswith(b"/>") or b"office:value" in tag[0]:
            height, width = row + times, max(width, column)
    return height, width


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
