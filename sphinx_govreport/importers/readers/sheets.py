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
_ODS_REPEATED = re.compile(
    rb'table:number-(rows|columns)-repeated="(\d+)"(?=[^>]*>)(?:[^<]*)<(?:table:table-cell[^>]*office:value|text:p)'
)


def read(data: bytes) -> Document:
    """Read all visible sheets that are not huge. Formulas count by the value that was saved with them."""
    calamine = require("python_calamine", "xlsx", "xlsx, xls, ods")
    if data.startswith(b"PK"):
        _refuse_huge(data)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = [sheet.name for sheet in book.sheets_metadata if "Visible" in str(sheet.visible)]
        parts = [part for name in visible for part in _sheet(name, book.get_sheet_by_name(name))]
    except (calamine.CalamineError, OSError, ValueError) as error:
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


def _refuse_huge(data: bytes) -> None:
    """One cell in the last corner makes a sheet of billions of places, for which there is no memory."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
                body = archive.read(name)
                cells = [(_column(match[1]), int(match[2])) for match in _XLSX_CELL.finditer(body)]
                width = max((column for column, _row in cells), default=0)
                height = max((row for _column, row in cells), default=0)
            elif name == "content.xml":
                width = height = 1
                for match in _ODS_REPEATED.finditer(archive.read(name)):
                    width, height = (
                        (width * int(match[2]), height) if match[1] == b"columns" else (width, height * int(match[2]))
                    )
            else:
                continue
            if width * height > _MAX_SHEET:
                raise Refused(text("A sheet is {rows} rows by {columns} columns large.", rows=height, columns=width))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
