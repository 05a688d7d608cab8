"""CSV: a table saved by a spreadsheet."""

from __future__ import annotations

import csv
import io

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.importers.document import Box, Document, Grid, Paragraph, Part, Refused, grid_of, numbered

from .decoding import decoded


def read(data: bytes) -> Document:
    """Read a table whose rows may be titles, headers, figures and notes."""
    written = decoded(data).removeprefix("\ufeff")
    first = max(written[:4096].split("\n"), key=lambda line: sum(map(line.count, ",;\t")))
    mark = max(",;\t", key=lambda one: sum(map(bool, map(str.strip, first.split(one)))))  # a tab may end every cell
    reader = csv.reader(io.StringIO(written, newline=""), delimiter=mark)
    try:
        rows = [[Box(cell.strip(), line=reader.line_num) for cell in row] for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise Refused(text("Line {line} of the CSV cannot be read.", line=reader.line_num)) from error
    return Document(tuple(with_lines(grid_of(numbered(1), rows))))


def with_lines(grid: Grid) -> tuple[Part, ...]:
    """Return, as running text, the rows of a sheet with text in a single cell (titles and notes), then the sheet."""
    alone = ([cell for cell in row if cell.text.strip()] for row in grid.cells)
    lines = (Paragraph(row[0].shown.strip(), 0, row[0].line, is_in_grid=True) for row in alone if len(row) == 1)
    return (*dict.fromkeys(lines), grid) if grid.rows else ()
