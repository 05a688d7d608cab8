"""Column heads of a document's table: which place in its rows is which column of the form.

Three ways are tried. By the grid: a head and the figures below it cover the same columns. By order: merges are sloppy, but a
row has as many figures as there are heads. By levels: merges are lost, and only the order of heads in each row is left.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from .document import Cell, Grid
from .labels import key_of, parts_of
from .lines import looks_like_figure
from .shape import Axis, ShapeBlock


class Head(NamedTuple):
    """A head above figures."""

    cell: Cell
    start: int  #: the first grid column below it
    end: int  #: the column behind its last
    column: int | None  #: of the form's block; None: not known
    typo: str = ""  #: the key of the label that it is a slip of
    strange: str = ""  #: what stands above it though the form knows nothing of that name


class Heads(NamedTuple):
    """The heads above a run of rows."""

    heads: tuple[Head, ...]  #: from left to right
    is_by_position: bool = False  #: whether some of them have no label that is known
    is_gridded: bool = True  #: whether places in the grid mean anything

    @property
    def is_whole(self) -> bool:
        """Whether every column is known."""
        return bool(self.heads) and all(head.column is not None for head in self.heads)

    @property
    def is_known(self) -> bool:
        """Whether any column is known."""
        return any(head.column is not None for head in self.heads)


def read_heads(grid: Grid, rows: Sequence[int], first: int, block: ShapeBlock) -> Heads:
    """The heads in ``rows`` of a grid; figures begin at the column ``first``."""
    rows = [row for row in rows if _may_be_heads(grid.cells[row], block)]
    by_grid = _completed(Heads(tuple(_by_grid(grid, rows, first, block))), block.columns)
    by_levels = _by_levels(grid, rows, block)
    whole = [heads for heads in (by_grid, by_levels) if heads.is_whole and _is_each_once(heads, block.columns)]
    return min(whole, key=lambda heads: heads.is_by_position, default=by_grid)


def _may_be_heads(cells: Sequence[Cell], block: ShapeBlock) -> bool:
    """Whether a row is neither of figures nor a remark among the heads, such as 单位：件."""
    filled = [cell for cell in cells if cell.text.strip()]
    if sum(looks_like_figure(cell.text) for cell in filled) * 2 > len(filled):
        return False
    names = block.columns.leaves | block.columns.groups | block.titles
    return len(filled) != 1 or filled[0].colspan == 1 or not names.isdisjoint(parts_of(filled[0].text))


def _is_each_once(heads: Heads, columns: Axis) -> bool:
    found = [head.column for head in heads.heads]
    return sorted(number for number in found if number is not None) == list(range(len(columns.chains)))


def _by_grid(grid: Grid, rows: Sequence[int], first: int, block: ShapeBlock) -> list[Head]:
    heads: list[Head] = []
    width = len(grid.rows[0]) if grid.rows else 0
    for column in range(first, width):
        own = [cell for row in rows if (cell := grid.rows[row][column]) and cell.text.strip()]
        if not own or key_of(own[-1].text) in block.titles:
            continue
        leaf = own[-1]
        if heads and heads[-1].cell == leaf and heads[-1].end == column:
            heads[-1] = heads[-1]._replace(end=column + 1)
            continue
        above = (_left_of(grid, row, column) for row in rows if row < leaf.row)
        chain = [part for cell in dict.fromkeys(above) if cell and cell != leaf for part in parts_of(cell.text)]
        strange = _strange(grid, [row for row in rows if row < leaf.row], column, block)
        heads.append(Head(leaf, column, column + 1, block.columns.find([*chain, *parts_of(leaf.text)]), strange=strange))
    return heads


def _strange(grid: Grid, rows: Sequence[int], column: int, block: ShapeBlock) -> str:
    """The text straight above a head that the form does not know, in a row in which it knows others: labels may have moved."""
    labels = block.columns.groups | block.columns.leaves
    for row in rows:
        cell = grid.rows[row][column]
        if not cell or not cell.text.strip() or any(part in labels | block.titles for part in parts_of(cell.text)):
            continue
        if any(key_of(other.text) in labels for other in grid.cells[row] if other.row == row):
            return cell.text.strip()
    return ""


def _left_of(grid: Grid, row: int, column: int) -> Cell | None:
    """The head of a group whose merge may be lost: the cell itself, or the next to the left that is not empty."""
    return next((cell for at in range(column, -1, -1) if (cell := grid.rows[row][at]) and cell.text.strip()), None)


def _by_levels(grid: Grid, rows: Sequence[int], block: ShapeBlock) -> Heads:
    """Heads whose merges are lost: each group takes as many heads of the next row as the form gives it."""
    columns = block.columns
    levels: list[deque[Cell]] = []
    for row in rows:
        starting = [cell for cell in grid.cells[row] if cell.row == row and cell.text.strip()]
        known = deque(cell for cell in starting if key_of(cell.text) not in block.titles)
        if known and (levels or any(key_of(cell.text) in columns.leaves | columns.groups for cell in known)):
            levels.append(known)
    if not levels:
        return Heads(())
    heads: list[Head] = []

    def take(level: int, count: int, groups: tuple[str, ...]) -> bool:
        for _ in range(count):
            if level >= len(levels) or not levels[level]:
                return False
            cell = levels[level].popleft()
            key = key_of(cell.text)
            below = columns.children((*groups, key)) if key in columns.groups else 0
            if below and not take(level + 1, below, (*groups, key)):
                return False
            if not below:
                heads.append(Head(cell, 0, 0, columns.find((*groups, key))))
        return True

    if not take(0, len(levels[0]), ()) or any(levels):
        return Heads(())
    return _completed(Heads(tuple(heads)), columns)._replace(is_gridded=False)


def _completed(heads: Heads, columns: Axis) -> Heads:
    """The same with misspelt heads, and with heads whose place alone tells what they are."""
    matches = columns.complete([(key_of(head.cell.text), head.column) for head in heads.heads])
    done = (head._replace(column=one.place, typo=one.typo) for head, one in zip(heads.heads, matches, strict=True))
    return Heads(tuple(done), is_by_position=any(one.is_by_position for one in matches))
