"""A table as stock docutils nodes, for every builder that does not write HTML."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from docutils import nodes

from sphinx_govreport.core.forms.grid import Cell, GridBlock
from sphinx_govreport.core.tables.gbt9704 import fits_page, lies_across
from sphinx_govreport.core.tables.table import Table


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


def paragraphs(shown: str) -> list[nodes.paragraph]:
    """Return the content of a cell: without a source, so that gettext ignores statutory words, and without line breaks."""
    return [nodes.paragraph("", shown.replace("\n", ""))] if shown else []


_NO_SPANS = ("man", "texinfo")  # their writers lose or refuse merged cells
_LATEX_BEFORE = r"\begingroup\footnotesize\setlength{\tabcolsep}{2pt}"  # 15 columns fit the width of A4
_LATEX_AFTER = r"\endgroup"
_SEPARATOR = " / "


def stock_nodes(stock: nodes.table, table: Table, builder: str, *, is_official: bool = False) -> list[nodes.Node]:
    """Return ``stock`` with cells in the place of its leaf, and what a builder needs around it.

    ``is_official``: LaTeX sets the page of GB/T 9704-2012.
    """
    title = stock[0]
    if builder in _NO_SPANS:
        return _plain_tables(stock, title, table)
    stock.clear()
    stock += [title, _grid(table)]
    if builder == "latex":
        stock["classes"] += ["standard", "nocolorrows", "colwidths-given"]
        before, after = _official(stock, table) if is_official else (_LATEX_BEFORE, _LATEX_AFTER)
        return [nodes.raw("", before, format="latex"), stock, nodes.raw("", after, format="latex")]
    return [stock]


def _official(stock: nodes.table, table: Table) -> tuple[str, str]:
    """Return what is before and after a table: the environments of the style file."""
    is_across = lies_across(table)
    names = ["govreportacross"] if is_across else []
    if fits_page(table, across=is_across):
        names.append("govreportwhole")
    else:
        names.append("govreportparted")
        stock["classes"].append("longtable")
    return "".join(f"\\begin{{{name}}}" for name in names), "".join(f"\\end{{{name}}}" for name in reversed(names))


# -- with merged cells ---------------------------------------------------------------------------------------------


def _grid(table: Table) -> nodes.tgroup:
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
        target.extend(_row(line, table) for line in block.head)
        body.extend(_row(line, table) for line in block.body)
    if head.children:
        group += head
    group += body
    return group


def _row(line: tuple[Cell, ...], table: Table) -> nodes.row:
    row = nodes.row()
    for cell in line:
        entry = nodes.entry("", *paragraphs(table.shown(cell)))
        if cell.rowspan > 1:
            entry["morerows"] = cell.rowspan - 1
        if cell.colspan > 1:
            entry["morecols"] = cell.colspan - 1
        row += entry
    return row


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
