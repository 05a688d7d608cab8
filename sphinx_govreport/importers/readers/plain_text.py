"""Plain text of a published report: tables with one cell per line, or with tabs or ``|`` between, before or after cells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinx_govreport.importers.document import Box, Document, Paragraph, Part, grid_of, numbered

from .decoding import decoded

_Numbered = tuple[int, str]
_BARS = str.maketrans("｜│┃", "|||")
_RULE = re.compile(r"[\s|+:┌┬┐├┼┤└┴┘╞╪╡]*(?:[-=─━═]{3,}[\s|+:┌┬┐├┼┤└┴┘╞╪╡]*)+")  # drawn between rows


def read(data: bytes) -> Document:
    """Read a text. Word processors write a line for each cell, which begins with a tab; an empty line ends a row."""
    return Document(tuple(_parts(decoded(data).split("\n"))), has_lines=True)


def _parts(lines: list[str]) -> Iterator[Part]:
    tables = 0
    block: list[_Numbered] = []
    for number, line in enumerate([*lines, "end"], start=1):
        if _is_of_table(line, block):
            block.append((number, line))
            continue
        rows = _rows(block)
        if rows:
            tables += 1
            yield grid_of(numbered(tables), rows)
        block = []
        if line.strip() and number <= len(lines):
            yield Paragraph(line.strip().lstrip("#").strip(), 0, number)


def _is_of_table(line: str, block: list[_Numbered]) -> bool:
    """Return whether a line belongs to a table: it has cells, or it is inside a table."""
    if "\t" in line.rstrip(" ") or "|" in line.translate(_BARS):
        return True
    if _RULE.fullmatch(line):
        return bool(block) or line.lstrip().startswith("+")
    if not block:
        return False
    return not line.strip() or _is_cell_a_line(block[-1][1])


def _is_cell_a_line(line: str) -> bool:
    return line.startswith("\t") and line.count("\t") == 1


def _rows(block: list[_Numbered]) -> list[list[Box]]:
    lines = [(number, line.translate(_BARS)) for number, line in block if line.strip() and not _RULE.fullmatch(line)]
    if all(_is_cell_a_line(line) for _number, line in lines if "\t" in line or "|" in line):
        return list(_stacked(block))
    rows = [[Box(cell.strip(), line=number) for cell in line.split("|" if "|" in line else "\t")] for number, line in lines]
    for end in (0, -1):  # a mark before or after every cell, not only between them
        if all(len(row) > 1 and not row[end].text for row in rows):
            rows = [row[1:] if end == 0 else row[:-1] for row in rows]
    framed = [row for row in rows if len(row) > 2 and not row[0].text and not row[-1].text]
    rest = [row for row in rows if row not in framed]
    has_figures = any(cell.text.isdecimal() for row in rest for cell in row)
    if has_figures or any(len(row) == len(other) for row in framed for other in rest):
        return rows
    return [row[1:-1] if row in framed else row for row in rows]  # only a heading has no marks around it


def _stacked(block: list[_Numbered]) -> Iterator[list[Box]]:
    """Return rows with one cell per line; a line without a tab continues the cell above."""
    row: list[Box] = []
    for number, line in block:
        if line.startswith("\t"):
            row.append(Box(line.strip(), line=number))
        elif line.strip() and row:
            row[-1] = row[-1]._replace(text=f"{row[-1].text}\n{line.strip()}")
        elif row:
            yield row
            row = []
    if row:
        yield row
