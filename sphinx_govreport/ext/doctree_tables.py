"""A table as stock docutils nodes, for every builder that does not write HTML."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from docutils import nodes

from sphinx_govreport.core.forms.grid import Cell, GridBlock
from sphinx_govreport.core.tables.table import Table

from .latex_tables import ERROR, KEEP


def simple_group(head: Sequence[str], lines: Sequence[Sequence[str]], widths: Sequence[int]) -> nodes.tgroup:
    """Return cells without spans, the first of each row a row header; without ``head`` there are no column headers."""
    columns = [nodes.colspec("", colwidth=width) for width in widths]
    columns[0]["stub"] = 1
    group = nodes.tgroup("", *columns, cols=len(columns))
    if head:
        group += nodes.thead("", simple_row(head))
    group += nodes.tbody("", *(simple_row(line) for line in lines))
    return group


def simple_row(line: Sequence[str]) -> nodes.row:
    """Return a row of cells without spans."""
    return nodes.row("", *(nodes.entry("", *paragraphs(shown)) for shown in line))


def paragraphs(shown: str, *, keeps_lines: bool = False) -> list[nodes.paragraph]:
    """Return the content of a cell: without a source, so that gettext ignores statutory words.

    ``keeps_lines``: with a paragraph for each line of a label, otherwise without line breaks.
    """
    lines = shown.split("\n") if keeps_lines else [shown.replace("\n", "")]
    return [nodes.paragraph("", line) for line in lines if line]


_NO_SPANS = ("man", "texinfo")  # their writers lose or refuse merged cells
_SEPARATOR = " / "
_MARK = "*"  # in print, before the number of an error: faces have it, unlike the mark of HTML


def stock_nodes(stock: nodes.table, table: Table, builder: str) -> list[nodes.Node]:
    """Return ``stock`` with cells in the place of its leaf, and what a builder needs around it."""
    title = stock[0]
    if builder in _NO_SPANS:
        return _plain_tables(stock, title, table)
    stock.clear()
    if builder == "latex":
        stock += [title, _grid(table, is_printed=True)]
        return [stock, *_errors(table)]
    stock += [title, _grid(table)]
    return [stock]


def _errors(table: Table) -> list[nodes.Node]:
    """Return what is printed under a table about figures with an error."""
    lines = (f"{_MARK}{number} {error}" for number, error in enumerate(table.errors, start=1))
    return [nodes.paragraph("", line, classes=[ERROR]) for line in lines]


# -- with merged cells ---------------------------------------------------------------------------------------------


def _grid(table: Table, *, is_printed: bool = False) -> nodes.tgroup:
    """Return all cells. ``is_printed``: with what printing needs to know of them."""
    layout = table.layout
    stubs = layout.blocks[0].stubs
    group = nodes.tgroup("", cols=layout.width)
    for column, width in enumerate(layout.widths):
        spec = nodes.colspec("", colwidth=width)
        if column < stubs:
            spec["stub"] = 1
        group += spec
    head, body = nodes.thead(), nodes.tbody()
    for block in layout.blocks:
        target: nodes.Element = head if len(layout.blocks) == 1 else body
        rows = [_row(line, table, is_printed=is_printed) for line in block.head]
        for row in rows if is_printed else ():
            row["classes"].append(KEEP)
        target.extend(rows)
        body.extend(_row(line, table, is_printed=is_printed) for line in block.body)
    if head.children:
        group += head
    group += body
    return group


def _row(line: tuple[Cell, ...], table: Table, *, is_printed: bool) -> nodes.row:
    row = nodes.row()
    for cell in line:
        entry = _printed_entry(cell, table) if is_printed else nodes.entry("", *paragraphs(table.shown(cell)))
        if cell.rowspan > 1:
            entry["morerows"] = cell.rowspan - 1
        if cell.colspan > 1:
            entry["morecols"] = cell.colspan - 1
        row += entry
    return row


def _printed_entry(cell: Cell, table: Table) -> nodes.entry:
    """Return a cell with its kind, the lines of its label, and behind a figure the mark of an error and the comparison."""
    if cell.scope:
        return nodes.entry("", *paragraphs(cell.text, keeps_lines=True), kind="row" if cell.is_row_head else "column")
    figure = nodes.paragraph("", table._replace(beside={}).shown(cell))
    if error := table.marks.get(cell.path):
        figure += nodes.superscript("", f"{_MARK}{error}")
    return nodes.entry("", figure, *paragraphs(table.beside.get(cell.path, "")), kind="figure")


# -- without merged cells ------------------------------------------------------------------------------------------


def _plain_tables(stock: nodes.table, title: nodes.Node, table: Table) -> list[nodes.Node]:
    """Return a simple table for each run of blocks with the same column headers; the first keeps title, name and id."""
    result: list[nodes.Node] = []
    runs = itertools.groupby(table.layout.blocks, key=lambda block: block.columns if block.rows[0] else ())
    for _heads, blocks in runs:
        plain = nodes.table() if result else stock
        plain.clear()
        if not result:
            plain += title
        plain += _plain_group(list(blocks), table)
        result.append(plain)
    return result


def _plain_group(blocks: list[GridBlock], table: Table) -> nodes.tgroup:
    first = blocks[0]
    figures = [[table.shown(cell) for cell in line if not cell.scope] for block in blocks for line in block.body]
    columns = [_joined(chain) for chain in first.columns]
    rows = [_joined(chain) for block in blocks for chain in block.rows]
    if not first.rows[0]:  # one row without a head: every column is a line
        lines = [[head, figure] for head, figure in zip(columns, figures[0], strict=True)]
        return simple_group([], lines, (30, 10))
    lines = [[head, *line] for head, line in zip(rows, figures, strict=True)]
    return simple_group(["", *columns], lines, (30, *(10 for _column in columns)))


def _joined(chain: tuple[str, ...]) -> str:
    return _SEPARATOR.join(label.replace("\n", "") for label in chain)
