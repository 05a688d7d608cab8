"""A form's table worked out: the grid of cells that is printed, and the tree of names that is written.

Both follow from the heads alone: a group is as wide as its leaves, a leaf as deep as the deepest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import takewhile
from typing import NamedTuple

from .equations import Equation, Term, expand
from .form import Block, FormTable, Item, grid_width, names_of

_Chain = tuple[Item, ...]  # from the outermost group to the leaf


class Cell(NamedTuple):
    """A head or a figure of the grid; rows and columns count from 0."""

    row: int  #: within the table
    column: int
    rowspan: int
    colspan: int
    text: str = ""  #: the label of a head
    path: str = ""  #: the key path of a figure, without the table
    ident: str = ""  #: what a head is called within the table: ``h1``, ``h2`` …
    scope: str = ""  #: what a head is for: ``col``, ``colgroup``, ``row`` or ``rowgroup``
    headers: tuple[str, ...] = ()  #: the heads that are read out before the cell, outermost first

    @property
    def is_row_head(self) -> bool:
        """Whether it names a row or a group of rows."""
        return self.scope == "row"


class GridBlock(NamedTuple):
    """A block's rows of cells: those with column heads, then those with figures."""

    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    stubs: int  #: columns of row heads
    columns: tuple[tuple[str, ...], ...]  #: for each figure of a row, its column heads from the outermost
    rows: tuple[tuple[str, ...], ...]  #: for each row of figures, its row heads from the outermost


class Measure(NamedTuple):
    """What a figure is: its name and what may be written for it."""

    path: str  #: key path, without the table
    label: str  #: Chinese, from the row to the column
    signed: bool
    decimal: bool
    unit: str  #: what it counts; with :attr:`units`, there is no unit unless one is stated
    units: tuple[str, ...]  #: units that may be stated
    parts: tuple[str, ...]  #: key paths whose sum it is; none if it is no total
    is_column_total: bool = False  #: whether it is the total at the end of its row

    @property
    def head(self) -> str:
        """The innermost head of the label."""
        return self.label.rpartition("·")[2]


class Branch(NamedTuple):
    """A level of the tree in which figures are written."""

    path: str  #: key path, without the table
    label: str
    children: dict[str, Branch | Measure]  #: by canonical key, in statutory order
    names: dict[str, str]  #: every spelling of a child's name, to its canonical key

    @property
    def head(self) -> str:
        """Its label, which is one head."""
        return self.label

    def measures(self) -> Iterator[Measure]:
        """All figures below, in statutory order."""
        for child in self.children.values():
            if isinstance(child, Branch):
                yield from child.measures()
            else:
                yield child


@dataclass(frozen=True, eq=False, slots=True)  # eq=False: it is a key of caches, by identity
class Structure:
    """A table of a form, worked out."""

    name: str  #: of the table
    label: str
    widths: tuple[int, ...]
    blocks: tuple[GridBlock, ...]
    colgroups: tuple[int, ...]  #: widths of the outermost groups of grid columns, row heads first
    root: Branch
    measures: dict[str, Measure]  #: by key path, in statutory order
    equations: tuple[Equation, ...]  #: what must hold between the figures: totals, then the form's own checks

    @property
    def summary(self) -> tuple[str, ...]:
        """The figures that sum a row up, by key path; all figures where rows have no total."""
        totals = tuple(path for path, measure in self.measures.items() if measure.is_column_total)
        return totals or tuple(self.measures)

    @property
    def tells_changes(self) -> bool:
        """Whether the form itself asks for changes against the year before: such figures have a sign."""
        return any(measure.signed for measure in self.measures.values())

    @property
    def lines(self) -> tuple[tuple[Cell, ...], ...]:
        """All rows of the grid, of all blocks."""
        return tuple(line for block in self.blocks for line in (*block.head, *block.body))

    @property
    def width(self) -> int:
        """Columns of the grid."""
        return len(self.widths)


@cache
def structure_of(table: FormTable) -> Structure:
    """Work out ``table``, once."""
    tree = _Tree(table)
    grid = _Grid(table)
    measures = {measure.path: measure for measure in tree.root.measures()}
    return Structure(
        name=table.name,
        label=table.label,
        widths=table.widths,
        blocks=tuple(grid.block(block) for block in table.blocks),
        colgroups=_colgroups(table),
        root=tree.root,
        measures=measures,
        equations=(*tree.sums, *(e for own in table.identities for e in expand(own.rule, own.equation, measures))),
    )


def _chains(items: tuple[Item, ...], above: _Chain = ()) -> Iterator[_Chain]:
    """The way to each leaf."""
    for item in items:
        if item.items:
            yield from _chains(item.items, (*above, item))
        else:
            yield (*above, item)


def _colgroups(table: FormTable) -> tuple[int, ...]:
    if len(table.blocks) > 1:
        return (1,) * len(table.widths)
    (block,) = table.blocks
    stubs = max((row.depth for row in block.rows), default=0)
    groups = [sum(leaf.span for leaf in column.leaves()) for column in block.columns]
    return (stubs, *groups) if stubs else tuple(groups)


# -- the tree ------------------------------------------------------------------------------------------------------


@dataclass
class _Level:
    """A branch while it grows."""

    label: str
    items: dict[str, tuple[Item, _Level | Measure]] = field(default_factory=dict)


class _Tree:
    def __init__(self, table: FormTable) -> None:
        self.table = table
        self.sums: list[Equation] = []
        top = _Level(table.label)
        for block in table.blocks:
            rows = list(_chains(block.rows)) or [()]
            columns = list(_chains(block.columns))
            for row in rows:
                for column in columns:
                    self._plant(top, row, column, rows, columns)
        self.root = self._branch(top, "")

    def _plant(self, top: _Level, row: _Chain, column: _Chain, rows: list[_Chain], columns: list[_Chain]) -> None:
        keyed = [item for item in (*row, *column) if item.key]
        level = top
        for item in keyed[:-1]:
            fresh = (item, _Level(names_of(item.label)[-1]))
            below = level.items.setdefault(item.key, fresh)[1]
            assert isinstance(below, _Level)
            level = below
        level.items[keyed[-1].key] = (keyed[-1], self._measure(row, column, rows, columns))

    def _measure(self, row: _Chain, column: _Chain, rows: list[_Chain], columns: list[_Chain]) -> Measure:
        leaf = column[-1]
        units = leaf.units
        parts: list[str] = []
        if row and row[-1].is_total:
            parts = [_path(other, column) for other in _siblings(row, rows)]
            self.sums.append(_total(row[-1].rule, _path(row, column), parts))
        if leaf.is_total:
            parts = [_path(row, other) for other in _siblings(column, columns)]
            self.sums.append(_total(leaf.rule, _path(row, column), parts))
        own = next((item.unit for item in (leaf, *row[::-1]) if item.unit), self.table.unit)
        return Measure(
            path=_path(row, column),
            label="·".join(names_of(item.label)[-1] for item in (*row, *column) if item.key),
            signed=leaf.signed,
            decimal=leaf.decimal,
            unit="" if units else own,
            units=units,
            parts=tuple(parts),
            is_column_total=leaf.is_total,
        )

    def _branch(self, level: _Level, path: str) -> Branch:
        children: dict[str, Branch | Measure] = {}
        names: dict[str, str] = {}
        for key, (item, below) in level.items.items():
            children[key] = below if isinstance(below, Measure) else self._branch(below, f"{path}.{key}".strip("."))
            for name in (*names_of(item.label), *item.aliases):
                names.setdefault(name, key)
        names |= {key: key for key in children}
        return Branch(path, level.label, children, names)


def _total(rule: str, path: str, parts: list[str]) -> Equation:
    return Equation(rule, tuple(map(Term, parts)), (Term(path),))


def _path(row: _Chain, column: _Chain) -> str:
    return ".".join(item.key for item in (*row, *column) if item.key)


def _siblings(total: _Chain, chains: list[_Chain]) -> Iterator[_Chain]:
    """All other leaves of the total's group."""
    group = total[:-1]
    return (chain for chain in chains if chain[: len(group)] == group and chain != total)


# -- the grid ------------------------------------------------------------------------------------------------------


class _Grid:
    """Lays the blocks below each other."""

    def __init__(self, table: FormTable) -> None:
        self.table = table
        self.row = 0
        self.heads = 0

    def block(self, block: Block) -> GridBlock:
        rows = list(_chains(block.rows)) or [()]
        columns = list(_chains(block.columns))
        stubs = max(len(chain) for chain in rows)
        head: list[tuple[Cell, ...]] = []
        above: tuple[str, ...] = ()
        if block.title:
            title = self._head(0, 1, grid_width(block), block.title, "rowgroup", ())
            head.append((title,))
            above = (title.ident,)
            self.row += 1
        lines, corner, column_heads = self._column_heads(block, columns, stubs, above)
        head.extend(lines)
        body = self._body(block, rows, columns, stubs, corner or above, above, column_heads)
        return GridBlock(
            head=tuple(head),
            body=tuple(body),
            stubs=stubs,
            columns=tuple(tuple(item.label for item in chain) for chain in columns),
            rows=tuple(tuple(item.label for item in chain) for chain in rows),
        )

    def _head(
        self, column: int, rowspan: int, colspan: int, label: str, scope: str, headers: tuple[str, ...], row: int = -1
    ) -> Cell:
        self.heads += 1
        row = self.row if row < 0 else row
        return Cell(row, column, rowspan, colspan, label, ident=f"h{self.heads}", scope=scope, headers=headers)

    def _column_heads(
        self, block: Block, columns: list[_Chain], stubs: int, above: tuple[str, ...]
    ) -> tuple[list[tuple[Cell, ...]], tuple[str, ...], list[tuple[str, ...]]]:
        """Their rows, the corner's ident, and for each column the idents of its heads."""
        depth = max(len(chain) for chain in columns)
        lines: list[list[Cell]] = [[] for _ in range(depth)]
        corner: tuple[str, ...] = ()
        if stubs:
            cell = self._head(0, depth, stubs, block.corner, "col", above)
            lines[0].append(cell)
            corner = (cell.ident,)
        idents: list[tuple[str, ...]] = []

        def place(items: tuple[Item, ...], level: int, column: int, outer: tuple[str, ...]) -> None:
            for item in items:
                width = sum(leaf.span for leaf in item.leaves())
                rowspan = 1 if item.items else depth - level
                scope = "colgroup" if item.items and not level else "col"
                cell = self._head(column, rowspan, width, item.label, scope, above + outer, self.row + level)
                lines[level].append(cell)
                if item.items:
                    place(item.items, level + 1, column, (*outer, cell.ident))
                else:
                    idents.append((*outer, cell.ident))
                column += width

        place(block.columns, 0, stubs, ())
        self.row += depth
        return [tuple(line) for line in lines], corner, idents

    def _body(
        self,
        block: Block,
        rows: list[_Chain],
        columns: list[_Chain],
        stubs: int,
        corner: tuple[str, ...],
        above: tuple[str, ...],
        column_heads: list[tuple[str, ...]],
    ) -> Iterator[tuple[Cell, ...]]:
        open_heads: list[tuple[Item, str]] = []  # those that the row above stood under, with their idents
        for row in rows:
            line: list[Cell] = []
            shared = sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1][0], zip(row, open_heads, strict=False)))
            del open_heads[shared:]
            for level, item in enumerate(row[shared:], start=shared):
                rowspan = sum(1 for _ in item.leaves())
                colspan = 1 if item.items else stubs - level
                outer = tuple(ident for _item, ident in open_heads) or corner
                cell = self._head(level, rowspan, colspan, item.label, "row", outer)
                open_heads.append((item, cell.ident))
                line.append(cell)
            row_heads = tuple(ident for _item, ident in open_heads)
            column = stubs
            for chain, heads in zip(columns, column_heads, strict=True):
                headers = above + row_heads + heads
                line.append(Cell(self.row, column, 1, chain[-1].span, path=_path(row, chain), headers=headers))
                column += chain[-1].span
            self.row += 1
            yield tuple(line)
