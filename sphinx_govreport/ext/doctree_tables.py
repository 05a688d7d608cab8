"""A table as stock docutils nodes, for every builder that does not write HTML."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from docutils import nodes

from sphinx_govreport.core.diagnostics import Translate, text
from sphinx_govreport.core.forms.grid import Cell, GridBlock
from sphinx_govreport.core.tables.table import Table

from .latex_tables import KEEP
from .nodes import ERROR, cells_of


def simple_group(head: Sequence[str], lines: Sequence[Sequence[str]], widths: Sequence[int]) -> nodes.tgroup:
    """Return cells without spans: the first of each row is a row header, ``head`` are the column headers."""
    columns = [nodes.colspec("", colwidth=width) for width in widths]
    columns[0]["stub"] = 1
    header, body = nodes.thead("", simple_row(head)), nodes.tbody("", *map(simple_row, lines))
    return nodes.tgroup("", *columns, header, body, cols=len(columns))


def simple_row(line: Sequence[str]) -> nodes.row:
    """Return a row of cells without spans."""
    return nodes.row("", *(nodes.entry("", *paragraphs(shown)) for shown in line))


def paragraphs(shown: str, *, keeps_lines: bool = False) -> list[nodes.paragraph]:
    """Return the content of a cell, without a source, so that gettext ignores statutory text.

    ``keeps_lines``: with a paragraph for each line of a label, otherwise without line breaks.
    """
    lines = shown.split("\n") if keeps_lines else [shown.replace("\n", "")]
    return [nodes.paragraph("", line) for line in lines if line]


#: builders whose writers keep every merged cell in its position; all others get tables without merged cells
KEEP_SPANS = frozenset({"latex", "text", "xml", "pseudoxml"})
#: builders whose writers print cells unchanged, if there are no merged cells
KEEP_TEXT = KEEP_SPANS | {"man", "texinfo"}
_SEPARATOR = " / "
_MARK = "*"  # in print, before the number of an error: fonts have it, unlike the mark in HTML


def stock_nodes(stock: nodes.table, table: Table, builder: str) -> list[nodes.Node]:
    """Return ``stock`` with cells in place of its leaf, and additional nodes that a builder needs."""
    title = stock[0]
    stock.clear()
    if builder == "latex":
        stock += [title, _grid(table, is_printed=True)]
        errors = (f"{_MARK}{number} {error}" for number, error in enumerate(table.errors, start=1))
        return [stock, *(nodes.paragraph("", error, classes=[ERROR]) for error in errors)]
    stock += [title, _grid(table)]
    return [stock]


# -- with merged cells ---------------------------------------------------------------------------------------------


def _grid(table: Table, *, is_printed: bool = False) -> nodes.tgroup:
    """Return all cells. ``is_printed``: with the information needed for printing."""
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
    """Return a cell with its kind, the lines of its label, and after a figure the mark of an error and the comparison."""
    if cell.scope:
        return nodes.entry("", *paragraphs(cell.text, keeps_lines=True), kind="row" if cell.is_row_head else "column")
    figure = nodes.paragraph("", table._replace(comparisons={}).shown(cell))
    if error := table.marks.get(cell.path):
        figure += nodes.superscript("", f"{_MARK}{error}")
    return nodes.entry("", figure, *paragraphs(table.comparisons.get(cell.path, "")), kind="figure")


# -- without merged cells ------------------------------------------------------------------------------------------


def flat_tables(stock: nodes.table, table: Table, translate: Translate) -> list[nodes.Node]:
    """Return the table without merged cells: each row and column has all its headers in one cell.

    Blocks with the same column headers share a table; the first table is ``stock`` with its title, name and id.
    """
    title = stock[0]
    result: list[nodes.Node] = []
    for (corner, columns), blocks in itertools.groupby(table.layout.blocks, key=_headers):
        flat = nodes.table(classes=stock["classes"]) if result else stock
        flat.clear()
        if not result:
            flat += title
        if columns:
            flat += _flat_group(corner, columns, blocks, table, translate)
        else:
            flat += _flat_list(blocks, table, translate)
        result.append(flat)
    return result


def _headers(block: GridBlock) -> tuple[str, tuple[tuple[str, ...], ...]]:
    """Return the title above the row headers, and the column headers; nothing for a block without row headers."""
    line = next((line for line in block.head if not block.title or line[0].ident != block.title), ())
    corner = [cell.text for cell in line if cell.column < block.stubs]
    return (_joined(corner), block.columns) if block.rows[0] else ("", ())


def _flat_group(
    corner: str, columns: Sequence[tuple[str, ...]], blocks: Iterator[GridBlock], table: Table, translate: Translate
) -> nodes.tgroup:
    """Return a row for each row of figures; units of columns are in the first row, units of rows in the last column.

    A form that prints the units itself has a column for them.
    """
    head = [corner, *map(_joined, columns)]
    lines: list[list[str]] = []
    units: list[list[str]] = []
    prints_units = False
    for block in blocks:
        for labels, line in zip(block.rows, block.body, strict=True):
            figures = [cell for cell in line if not cell.scope]
            lines.append([_joined((*_title(block), *labels)), *map(table.shown, figures)])
            units.append([_unit(cell, table) for cell in figures])
            prints_units |= not all(cell.path for cell in figures)
    by_column = [] if prints_units else [_joined(dict.fromkeys(column)) for column in zip(*units, strict=True)]
    word = text("Unit").render(translate)
    if any(_SEPARATOR in unit for unit in by_column):
        head.append(word)
        lines = [[*line, _joined(dict.fromkeys(own))] for line, own in zip(lines, units, strict=True)]
    elif any(by_column):
        lines.insert(0, [word, *by_column])
    return simple_group(head, lines, (30, *(10 for _label in head[1:])))


def _flat_list(blocks: Iterator[GridBlock], table: Table, translate: Translate) -> nodes.tgroup:
    """Return a row for each figure of blocks without row headers."""
    lines = [
        [_joined((*_title(block), *labels)), table.shown(cell), _unit(cell, table)]
        for block in blocks
        for line in block.body
        for labels, cell in zip(block.columns, line, strict=True)
    ]
    return simple_group([word.render(translate) for word in (text("Figure"), text("Value"), text("Unit"))], lines, (30, 10, 10))


def _title(block: GridBlock) -> list[str]:
    return [block.head[0][0].text] if block.title else []


def _unit(cell: Cell, table: Table) -> str:
    """Return the unit of a figure that does not state its own."""
    return table.layout.indicators[cell.path].unit if cell.path and not table.figures[cell.path].unit else ""


def _joined(labels: Iterable[str]) -> str:
    return _SEPARATOR.join(label.replace("\n", "") for label in labels if label)


# changes to the content of cells for writers -----------------------------------------------------------------------


def widen(group: nodes.tgroup) -> None:
    """Make each column as wide as its longest number and unit: text output would break it into parts that look like numbers."""
    columns = list(group.findall(nodes.colspec))
    for cells in cells_of(group.findall(nodes.row)):
        for entry, column, _height, width in cells:
            words = re.findall(r"[!-~]+[^\W!-~]{0,2}", entry.astext())
            needed = max((len(word) + len(re.sub("[!-~]", "", word)) for word in words), default=0)  # Chinese is two wide
            missing = needed - sum(spec["colwidth"] for spec in columns[column : column + width])
            columns[column + width - 1]["colwidth"] += max(missing, 0)
            # the writer breaks lines of paragraphs before it breaks those of cells, with a space in Chinese words between them
            entry[:] = [nodes.line_block("", *(nodes.line("", "", *paragraph.children) for paragraph in entry.children))]


def protect(group: nodes.tgroup) -> None:
    """Change flat tables so that no writer shifts, rounds or shortens cells.

    Markdown ends a cell at ``|``. Some writers format columns of numbers with tabulate, which prints ``1573179`` as
    ``1.57318e+06`` if a number with decimals is below it: such numbers become literals, which tabulate leaves unchanged.
    """
    for part in group.findall(nodes.Text):
        if "|" in part:
            part.parent.replace(part, nodes.Text(part.replace("|", "｜")))
    rows = [list(row.findall(nodes.entry)) for row in group.findall(nodes.row)]
    for column in zip(*rows[1:], strict=True):
        shown = [entry for entry in column if entry.astext()]
        if all(_is_number(entry.astext()) for entry in shown):
            for entry in shown:
                if not re.fullmatch(r"[+-]?[0-9]+", entry.astext()):
                    entry[:] = [nodes.paragraph("", "", nodes.literal("", entry.astext()))]


def _is_number(shown: str) -> bool:
    """Return whether Python parses the text as a number, like tabulate does."""
    try:
        float(shown)
    except ValueError:
        return False
    return True
