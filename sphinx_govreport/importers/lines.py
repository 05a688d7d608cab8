"""Rows of a document's table: which are heads, which have figures, and which row of the form these are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .document import Cell, Grid
from .labels import key_of, misspelt, parts_of, plain
from .shape import Axis, Shape

_FIGURE = re.compile(
    r"(?:[+\-−–↑↓]|新增|增加|上升|增|减少|下降|减)?\d[\d,.，]*(?:万元|亿元|元|件|项|个|条|次|宗)?[↑↓]?(?:\(.*\))?|"
    r"/|[-‐‑‒–—―─━ー]+|一|无|不适用|n/a",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"[一二三四五六七八九十]+")


class Line(NamedTuple):
    """A row with figures."""

    grid: Grid
    row: int  #: of the grid
    label: Cell | None  #: the innermost row head
    values: tuple[Cell, ...]  #: the cells behind it
    item: int | None  #: the row of the form; None: not known
    heads: tuple[int, ...] = ()  #: the rows of heads above it
    typo: str = ""  #: the key of the label that its own is a slip of
    strange: str = ""  #: the group that it stands beside though it belongs to another
    is_by_position: bool = False  #: whether its place alone tells which row it is


def looks_like_figure(written: str) -> bool:
    """Whether a cell has what stands in figures' cells. An empty one does not tell."""
    return bool(_FIGURE.fullmatch(plain(written)))


def read_lines(grid: Grid, rows: range, shape: Shape) -> list[Line]:
    """All rows of figures in a part of a grid, with the heads above them."""
    found = list(_named(grid, rows, shape) if shape.has_row_heads else _unnamed(grid, rows, shape))
    with_figures = {line.row for line in found}
    done: list[Line] = []
    for line in found:
        start = line.row
        while start > rows.start and start - 1 in with_figures:
            start -= 1
        top = start
        while top > rows.start and top - 1 not in with_figures:
            top -= 1
        done.append(line._replace(heads=tuple(range(top, start))))
    return done


def _named(grid: Grid, rows: range, shape: Shape) -> Iterator[Line]:
    axis = shape.rows
    groups: tuple[str, ...] = ()
    for row in rows:
        cells = grid.cells[row]
        if any(key_of(cell.text) in shape.heads for cell in cells if cell.row == row):
            continue
        chain, at = _row_head(cells, axis)
        groups = tuple(key for key in chain if key in axis.groups) or groups
        if at is not None:
            item = axis.find(chain)
            if item is None:
                item = axis.find((*groups, chain[-1]))
            strange = "" if item is None or axis.belongs(item, chain[:-1]) else _group_text(cells[:at], axis)
            yield Line(grid, row, cells[at], cells[at + 1 :], item, strange=strange)
        elif line := _unknown(grid, row, cells, axis):
            yield line


def _row_head(cells: Sequence[Cell], axis: Axis) -> tuple[tuple[str, ...], int | None]:
    """The keys of a row's labels, and which cell has the innermost; None if no cell has a leaf."""
    chain: tuple[str, ...] = ()
    at = None
    for number, cell in enumerate(cells):
        parts = parts_of(cell.text)
        is_ordinal = looks_like_figure(cell.text) or _ORDINAL.fullmatch(plain(cell.text))
        if not cell.text.strip() or (not chain and is_ordinal):
            continue  # the rest of a lost merge, or the row's number
        if not parts or any(part not in axis.leaves and part not in axis.groups for part in parts):
            break
        if at is not None and parts[-1] in axis.leaves and number > at + 1:
            break  # a head of columns that is called like a row
        chain = (*chain, *parts)
        if parts[-1] in axis.leaves and parts[-1] not in axis.groups:
            at = number
    return (chain, at) if at is not None and at + 1 < len(cells) else (chain, None)


def _group_text(cells: Sequence[Cell], axis: Axis) -> str:
    return next((cell.text for cell in reversed(cells) if key_of(cell.text) in axis.groups), "")


def _unknown(grid: Grid, row: int, cells: Sequence[Cell], axis: Axis) -> Line | None:
    """A row with figures, or a slip of a label with empty cells behind it."""
    start = len(cells)
    while start and (not cells[start - 1].text.strip() or looks_like_figure(cells[start - 1].text)):
        start -= 1
    values = cells[start:]
    has_figures = any(looks_like_figure(cell.text) for cell in values)
    if not has_figures and not (start and values and misspelt(key_of(cells[start - 1].text), axis.leaves)):
        return None
    return Line(grid, row, cells[start - 1] if start else None, tuple(values), None)


def _unnamed(grid: Grid, rows: range, shape: Shape) -> Iterator[Line]:
    """The rows of a table that has no row heads: those below the last head."""
    heads = [row for row in rows if any(key_of(cell.text) in shape.vocabulary for cell in grid.cells[row] if cell.row == row)]
    below = [row for row in rows if not heads or row > heads[-1]]
    lines = [Line(grid, row, None, grid.cells[row], 0) for row in below if _has_mostly_figures(grid.cells[row])]
    filled = [line for line in lines if any(cell.text.strip() for cell in line.values)]
    return iter(filled or lines[:1])


def _has_mostly_figures(cells: Sequence[Cell]) -> bool:
    """Whether a row has figures; a cell among them that is none is said where it is read."""
    filled = [cell for cell in cells if cell.text.strip()]
    return len(cells) > 1 and sum(looks_like_figure(cell.text) for cell in filled) * 2 >= len(filled)


def complete(lines: Sequence[Line], shape: Shape) -> list[Line]:
    """The same with misspelt labels, and with rows whose place alone tells what they are."""
    matches = shape.rows.complete([(key_of(line.label.text) if line.label else "", line.item) for line in lines])
    return [
        line._replace(item=one.place, typo=one.typo, is_by_position=one.is_by_position)
        for line, one in zip(lines, matches, strict=True)
    ]
