"""The grid of cells of a printed table.

It follows from the headers alone: a group is as wide as its leaves, a leaf as deep as the deepest.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

from .form import Block, FormTable, HeaderPath, Item, chains, key_path
from .indicators import unit_of


class Cell(NamedTuple):
    """A header or a figure of the grid; rows and columns count from 0."""

    row: int  #: within the table
    column: int  #: of the grid, from 0
    rowspan: int  #: number of rows that it covers
    colspan: int  #: number of columns that it covers
    text: str = ""  #: the label of a header, or the unit of a row
    path: str = ""  #: the key path of a figure, without the table
    ident: str = ""  #: id of a header within the table: ``h1``, ``h2`` …
    scope: str = ""  #: scope of a header: ``col``, ``colgroup`` or ``row``; empty: the cell is not a header
    headers: tuple[str, ...] = ()  #: the headers that are read out before the cell, outermost first

    @property
    def is_row_head(self) -> bool:
        """Whether it is the header of a row or a group of rows."""
        return self.scope == "row"


class GridBlock(NamedTuple):
    """A block's rows of cells: those with column headers, then those with figures."""

    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    stubs: int  #: number of columns of row headers
    columns: tuple[tuple[str, ...], ...]  #: for each cell of a row after its headers, its column headers from the outermost
    rows: tuple[tuple[str, ...], ...]  #: for each row of figures, its row headers from the outermost
    title: str  #: the ident of the header as wide as the block; empty if there is none


def blocks_of(table: FormTable) -> tuple[GridBlock, ...]:
    """Return the blocks of a table, from top to bottom."""
    return tuple(map(_GridBuilder(table).block, table.blocks))


def colgroups_of(table: FormTable) -> tuple[int, ...]:
    """Return the widths of the outermost groups of grid columns, row headers first."""
    if len(table.blocks) > 1:
        return (1,) * len(table.widths)
    (block,) = table.blocks
    return tuple(filter(None, (block.stubs, *(column.width for column in block.columns))))


class _GridBuilder:
    """Places the blocks below each other."""

    def __init__(self, table: FormTable) -> None:
        self.table = table
        self.row = 0
        self.heads = 0

    def block(self, block: Block) -> GridBlock:
        rows = list(chains(block.rows)) or [()]
        columns = list(chains(block.columns))
        head: list[tuple[Cell, ...]] = []
        above: tuple[str, ...] = ()
        if block.title:
            title = self._head(self.row, 0, 1, block.width, block.title, "col", ())
            head.append((title,))
            above = (title.ident,)
            self.row += 1
        lines, corner, column_heads = self._column_heads(block, above)
        head.extend(lines)
        body = self._body(rows, columns, block.stubs, corner or above, above, column_heads)
        return GridBlock(
            head=tuple(head),
            body=tuple(body),
            stubs=block.stubs,
            columns=tuple(tuple(item.label for item in chain) for chain in columns),
            rows=tuple(tuple(item.label for item in chain) for chain in rows),
            title="".join(above),
        )

    def _head(
        self, row: int, column: int, rowspan: int, colspan: int, label: str, scope: str, headers: tuple[str, ...]
    ) -> Cell:
        self.heads += 1
        return Cell(row, column, rowspan, colspan, label, ident=f"h{self.heads}", scope=scope, headers=headers)

    def _column_heads(
        self, block: Block, above: tuple[str, ...]
    ) -> tuple[list[tuple[Cell, ...]], tuple[str, ...], list[tuple[str, ...]]]:
        """Return their rows, the corner's idents, and for each column the idents of its headers."""
        depth = max(column.depth for column in block.columns)
        lines: list[list[Cell]] = [[] for _ in range(depth)]
        corner: tuple[str, ...] = ()
        if block.stubs:
            width = block.stubs if len(block.corners) == 1 else 1
            for column, label in enumerate(block.corners):
                lines[0].append(self._head(self.row, column, depth, width, label, "col", above))
            corner = tuple(cell.ident for cell in lines[0])
        idents: list[tuple[str, ...]] = []

        def place(items: tuple[Item, ...], level: int, column: int, outer: tuple[str, ...]) -> None:
            for item in items:
                rowspan = 1 if item.items else depth - level
                scope = "colgroup" if item.items and not level else "col"
                cell = self._head(self.row + level, column, rowspan, item.width, item.label, scope, above + outer)
                lines[level].append(cell)
                if item.items:
                    place(item.items, level + 1, column, (*outer, cell.ident))
                else:
                    idents.append((*outer, cell.ident))
                column += item.width

        place(block.columns, 0, block.stubs, ())
        self.row += depth
        return [tuple(line) for line in lines], corner, idents

    def _body(
        self,
        rows: list[HeaderPath],
        columns: list[HeaderPath],
        stubs: int,
        corner: tuple[str, ...],
        above: tuple[str, ...],
        column_heads: list[tuple[str, ...]],
    ) -> Iterator[tuple[Cell, ...]]:
        open_heads: list[tuple[Item, str]] = []  # the row headers that continue from the row above, with their idents
        for row in rows:
            line: list[Cell] = []
            shared = sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1][0], zip(row, open_heads, strict=False)))
            del open_heads[shared:]
            for level, item in enumerate(row[shared:], start=shared):
                rowspan = sum(1 for _ in item.leaves())
                colspan = 1 if item.items else stubs - level
                outer = tuple(ident for _item, ident in open_heads) or corner
                cell = self._head(self.row, level, rowspan, colspan, item.label, "row", outer)
                open_heads.append((item, cell.ident))
                line.append(cell)
            row_heads = tuple(ident for _item, ident in open_heads)
            column = stubs
            for chain, heads in zip(columns, column_heads, strict=True):
                headers = above + row_heads + heads
                shown, path = (unit_of(self.table, row), "") if chain[-1].shows_unit else ("", key_path(row, chain))
                line.append(Cell(self.row, column, 1, chain[-1].span, shown, path, headers=headers))
                column += chain[-1].span
            self.row += 1
            yield tuple(line)
