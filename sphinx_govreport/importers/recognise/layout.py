"""A form's table as the importer looks for it: paths of label keys for rows and columns, and the key path of each figure."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise, takewhile
from typing import NamedTuple

from sphinx_govreport.core.forms.form import TABLES, FormTable, Item, each_row, names_of
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.importers.document import BROKEN, Grid, GridCell
from sphinx_govreport.importers.labels import is_of_other_number, key_of, misspelt, parts_of, plain
from sphinx_govreport.importers.values import UNITS, unit_of

HeaderPath = tuple[frozenset[str], ...]  # for each level of a path, the keys of its label and aliases


class Match(NamedTuple):
    """The leaf of an axis that matches a label of a document."""

    place: int | None  #: None: unknown
    typo: str = ""  #: the key of the label of which it is a misspelling
    is_by_position: bool = False  #: whether only its position identifies it


@dataclass(frozen=True, eq=False)
class Axis:
    """The rows or the columns of a block."""

    header_paths: tuple[HeaderPath, ...]  #: from the outermost header to the leaf

    @cached_property
    def leaves(self) -> frozenset[str]:
        """The label keys of all leaves."""
        return frozenset().union(*(chain[-1] for chain in self.header_paths if chain))

    @cached_property
    def groups(self) -> frozenset[str]:
        """The label keys of all groups."""
        return frozenset().union(*(names for chain in self.header_paths for names in chain[:-1]))

    @cached_property
    def _by_leaf(self) -> dict[str, tuple[int, ...]]:
        found: dict[str, tuple[int, ...]] = {}
        for number, chain in enumerate(self.header_paths):
            for key in chain[-1] if chain else ():
                found[key] = (*found.get(key, ()), number)
        return found

    def find(self, chain: Sequence[str]) -> int | None:
        """Return the position of the leaf at the end of ``chain``; its groups decide if a leaf's label is not unique."""
        if not chain:
            return None
        candidates = self._by_leaf.get(chain[-1], ())
        if len(candidates) > 1:
            known = {key for key in chain[:-1] if key in self.groups}
            candidates = tuple(number for number in candidates if self.belongs(number, known)) if known else ()
        return candidates[0] if len(candidates) == 1 else None

    def belongs(self, number: int, groups: Iterable[str]) -> bool:
        """Return whether all groups of this axis among ``groups`` are groups of the leaf."""
        return frozenset().union(*self.header_paths[number][:-1]) >= self.groups.intersection(groups)

    def complete(self, found: Sequence[tuple[str, int | None]]) -> list[Match]:
        """Return the positions of leaves: unknown labels are matched as misspellings, then by position.

        ``found`` has the key and position of each, in the document's order. Order is used only if all positions agree with it.
        """
        claimed = {place for _key, place in found}
        free = {key for number, chain in enumerate(self.header_paths) if number not in claimed and chain for key in chain[-1]}
        done: list[Match] = []
        for key, place in found:
            typo = misspelt(key, free) if place is None else None
            if typo and any(leaf in key and leaf not in typo for leaf in self.leaves):
                typo = None  # also the label of another row, as where text of one runs into the next
            number = self.find((typo,)) if typo else place
            if typo and number is not None:
                free -= self.header_paths[number][-1]
                done.append(Match(number, typo))
            else:
                done.append(Match(place))
        is_other = any(
            one.place is None and (BROKEN in key or is_of_other_number(key, self.leaves))
            for one, (key, _) in zip(done, found, strict=True)
        )
        if len(done) == len(self.header_paths) and not is_other and all(_agrees(done, number) for number in range(len(done))):
            return [one if one.place == number else Match(number, is_by_position=True) for number, one in enumerate(done)]
        return done

    def children(self, groups: Sequence[str]) -> int:
        """Return the number of column headers below a group, given by the keys of its path; 0 if it is not a group."""
        level = len(groups)
        below = (
            chain for chain in self.header_paths
            if len(chain) > level and all(key in names for key, names in zip(groups, chain, strict=False))
        )  # fmt: skip
        return len({chain[level] for chain in below})


def _agrees(found: Sequence[Match], number: int) -> bool:
    """Return whether a leaf's label is compatible with its position: it is correct, unknown, or copied from its neighbour."""
    place = found[number].place
    if place in (None, number):
        return True
    return all(one.place != number for one in found) and abs(place - number) == 1 and found[place].place == place


@dataclass(frozen=True, eq=False)
class ShapeBlock:
    """A block with separate column headers."""

    columns: Axis
    first: int  #: the number of its first row within the table
    count: int  #: of its rows
    titles: frozenset[str]  #: keys of the text above and next to its column headers


@dataclass(frozen=True, eq=False)
class Shape:
    """A table of a form."""

    form: str
    notice: str  #: that prescribes the form
    table: FormTable
    rows: Axis  #: of all blocks; a table without row headers has one row with an empty chain
    blocks: tuple[ShapeBlock, ...]
    paths: tuple[tuple[str, ...], ...]  #: by row: the key paths of its figures; empty for a cell with the row's unit
    units: tuple[str, ...]  #: by row: the text of that cell; empty if there is none

    def block_of(self, row: int) -> ShapeBlock:
        """Return the block that contains a row."""
        return next(block for block in self.blocks if block.first <= row < block.first + block.count)

    def has_unit_of_row(self, row: int, path: str) -> bool:
        """Return whether a figure is counted in the unit that the form prints next to its row, if it prints one."""
        indicator = layout_of(self.table).indicators[path]
        return self.units[row] in ("", indicator.unit or "/".join(indicator.units))

    @cached_property
    def column_labels(self) -> frozenset[str]:
        """The keys of column headers that are not labels of rows."""
        found = frozenset().union(*(block.columns.leaves | block.columns.groups for block in self.blocks))
        return found - self.rows.leaves - self.rows.groups

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """All keys that a printed table of this shape can have."""
        headers = (block.columns.leaves | block.columns.groups | block.titles for block in self.blocks)
        return frozenset().union(self.rows.leaves, self.rows.groups, *headers)

    @cached_property
    def printed(self) -> tuple[frozenset[str], ...]:
        """The labels that every table of this shape has, each as the set of its possible keys."""
        leaves = (
            chain[-1] for axis in (self.rows, *(block.columns for block in self.blocks)) for chain in axis.header_paths if chain
        )
        return tuple(dict.fromkeys(leaves))


@lru_cache(maxsize=TABLES)
def shape_of(form: str, notice: str, table: FormTable) -> Shape:
    """Return what to look for; cached."""
    layout = layout_of(table)
    rows: list[HeaderPath] = []
    paths: list[tuple[str, ...]] = []
    units: list[str] = []
    blocks: list[ShapeBlock] = []
    for block, grid in zip(table.blocks, layout.blocks, strict=True):
        # rows are not found by the numbers before their labels
        labelled = (one for row in block.rows for one in (row.items if row.items and not row.key else (row,)))
        found = list(_header_paths(labelled)) or [()]
        titles = frozenset(filter(None, map(key_of, (block.title, *block.corners))))
        blocks.append(ShapeBlock(Axis(tuple(_header_paths(block.columns))), len(rows), len(found), titles))
        rows.extend(found)
        paths.extend(tuple(cell.path for cell in line if not cell.scope) for line in grid.body)
        units.extend("".join(cell.text for cell in line if not cell.scope) for line in grid.body)
    return Shape(form, notice, table, Axis(tuple(rows)), tuple(blocks), tuple(paths), tuple(units))


def _header_paths(items: Iterable[Item], above: HeaderPath = ()) -> Iterator[HeaderPath]:
    for item in items:
        chain = (*above, _names(item))
        yield from _header_paths(item.items, chain) if item.items else (chain,)


def _names(item: Item) -> frozenset[str]:
    """Return the keys of a label; of a name from the document, the whole text, since names may differ only in a number or a
    remark. An alias that is part of another label's name does not identify a table.
    """
    if item.is_each:
        return frozenset((plain(item.label),))
    written = (item.label, names_of(item.label)[-1], item.name, *item.aliases)
    return frozenset(key for name in written for key in parts_of(name)[-1:])


_FIGURE = re.compile(
    rf"(?:[+\-−–↑↓]|新增|增加|上升|增|减少|下降|减)?\d[\d,.，]*(?:{UNITS})?[↑↓]?(?:\(.*\))?|"
    r"/|[-‐‑‒–—―─━ー]+|一|无|不适用|n/a",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"[一二三四五六七八九十]+")
_YEAR = re.compile("(?:19|20)[0-9]{2}(?:年度?)?")


class Row(NamedTuple):
    """A row with figures."""

    grid: Grid
    row: int  #: of the grid
    label: GridCell | None  #: the innermost row header
    values: tuple[GridCell, ...]  #: the cells after it
    form_row: int | None  #: the row of the form; None: unknown
    header_rows: tuple[int, ...] = ()  #: the rows of column headers above it
    typo: str = ""  #: the key of the label of which its label is a misspelling
    strange: str = ""  #: a group next to it to which it does not belong
    is_by_position: bool = False  #: whether only its position identifies the row


def looks_like_figure(written: str) -> bool:
    """Return whether a text looks like the content of a figure cell; an empty text does not."""
    return bool(_FIGURE.fullmatch(plain(written)))


def read_rows(grid: Grid, rows: range, shape: Shape) -> list[Row]:
    """Return all rows of figures in a part of a grid, with the column headers above them."""
    found = list(_named(grid, rows, shape) if shape.rows.leaves else _unnamed(grid, rows, shape))
    with_figures = {line.row for line in found}
    done: list[Row] = []
    for line in found:
        start = line.row
        while start > rows.start and start - 1 in with_figures:
            start -= 1
        top = start
        while top > rows.start and top - 1 not in with_figures:
            top -= 1
        own = tuple(cell for cell in line.values if not top <= cell.row < start)  # a header may reach into its column
        done.append(line._replace(header_rows=tuple(range(top, start)), values=own))
    return done


def rows_of_years(grid: Grid, shape: Shape) -> Iterator[int]:
    """Yield the rows of a comparison of years: below column headers that are years which the form does not have."""
    is_below = False
    for row, cells in enumerate(grid.cells):
        texts = [plain(cell.text) for cell in cells if cell.row == row]
        keys = set(map(key_of, texts))
        years = {one for one in texts if _YEAR.fullmatch(one) and key_of(one) not in shape.vocabulary}
        are_all = len(years) == len(texts) - 1 and keys.isdisjoint(shape.vocabulary) and not looks_like_figure(texts[0])
        if len(years) > 1 and (are_all or any("年" in one for one in years)):  # 2024 alone may be a figure
            is_below = True
        elif keys & shape.column_labels and not any(map(looks_like_figure, texts)):
            is_below = False
        if is_below:
            yield row


def _named(grid: Grid, rows: range, shape: Shape) -> Iterator[Row]:
    axis = shape.rows
    groups: list[tuple[int, str]] = []  # with their columns
    for row in rows:
        cells = grid.cells[row]
        if any(key_of(cell.text) in shape.column_labels for cell in cells if cell.row == row):
            continue
        chain, at = _row_header(cells, row, axis)
        own = [(cell.column, key) for cell in cells for key in parts_of(cell.text) if key in chain and key in axis.groups]
        groups = [group for group in groups if not own or group[0] < own[0][0]] + own  # those before go on from rows above
        inner = cells[at:] if at is not None else [cell for cell in cells if key_of(cell.text) not in axis.groups]
        if all(cell.row < row or (at is None and not cell.text.strip()) for cell in inner):
            continue  # the row above goes on, next to where a group begins or ends
        if at is not None:
            form_row = axis.find(chain)
            if form_row is None:
                form_row = axis.find((*(key for _column, key in groups), chain[-1]))
            strange = ""
            if form_row is not None and not axis.belongs(form_row, chain[:-1]):
                strange = next((cell.text for cell in reversed(cells[:at]) if key_of(cell.text) in axis.groups), "")
            yield Row(grid, row, cells[at], cells[at + 1 :], form_row, strange=strange)
        elif line := _unknown(grid, row, cells, axis):
            yield line


def _row_header(cells: Sequence[GridCell], row: int, axis: Axis) -> tuple[tuple[str, ...], int | None]:
    """Return the keys of a row's labels, and the index of the innermost label's cell; None if no cell has a leaf."""
    chain: tuple[str, ...] = ()
    at = None
    for number, cell in enumerate(cells):
        parts = (plain(cell.text),) if plain(cell.text) in axis.leaves else parts_of(cell.text)
        is_ordinal = looks_like_figure(cell.text) or _ORDINAL.fullmatch(plain(cell.text))
        if key_of(cell.text) in ("", "其中") or (not chain and is_ordinal):
            continue  # the rest of a lost merge, a number such as （四）, 其中, or the row's number
        if any(part not in axis.leaves and part not in axis.groups for part in parts):
            break
        if at is not None and parts[-1] in axis.leaves and number > at + 1 and cells[at].row == row:
            break  # a column header with the label of a row
        chain = (*chain, *parts)
        if parts[-1] in axis.leaves and parts[-1] not in axis.groups:
            at = number
    return (chain, at) if at is not None and at + 1 < len(cells) else (chain, None)


def _unknown(grid: Grid, row: int, cells: Sequence[GridCell], axis: Axis) -> Row | None:
    """Return a row with figures, or with a misspelt label followed by empty cells."""
    start = len(cells)
    while start and (
        not cells[start - 1].text.strip() or looks_like_figure(cells[start - 1].text) or unit_of(cells[start - 1].text)
    ):
        start -= 1
    values = cells[start:]
    has_figures = any(looks_like_figure(cell.text) for cell in values)
    if not has_figures and not (start and values and misspelt(key_of(cells[start - 1].text), axis.leaves)):
        return None
    return Row(grid, row, cells[start - 1] if start else None, tuple(values), None)


def _unnamed(grid: Grid, rows: range, shape: Shape) -> Iterator[Row]:
    """Yield the rows of a table without row headers: those below the last header."""
    headers = [row for row in rows if any(key_of(cell.text) in shape.vocabulary for cell in grid.cells[row] if cell.row == row)]
    ends = [row for row in headers if row + 1 not in headers] or [rows.start - 1]
    for start, end in pairwise([*(ends if len(shape.blocks) > 1 else ends[-1:]), rows.stop]):
        above = takewhile(headers.__contains__, range(start, rows.start - 1, -1))
        keys = {key_of(cell.text) for row in above for cell in grid.cells[row] if cell.row == row}
        block = max(shape.blocks, key=lambda block: len(block.columns.leaves & keys))
        columns = len(shape.paths[block.first])
        lines = [
            Row(grid, row, None, grid.cells[row], block.first)
            for row in range(start + 1, end)
            if row not in headers and _has_mostly_figures(grid.cells[row], columns)
        ]
        yield from [line for line in lines if any(cell.text.strip() for cell in line.values)] or lines[:1]


def _has_mostly_figures(cells: Sequence[GridCell], width: int) -> bool:
    """Return whether a row mostly consists of figures, ``width`` of them by the form; other cells are reported when read."""
    filled = [cell for cell in cells if cell.text.strip()]
    return len(cells) >= min(width, 2) and sum(looks_like_figure(cell.text) for cell in filled) * 2 >= len(filled)


def complete(lines: Sequence[Row], shape: Shape) -> list[Row]:
    """Return the rows with misspelt labels matched, and with rows that only their position identifies."""
    matches = shape.rows.complete([(key_of(line.label.text) if line.label else "", line.form_row) for line in lines])
    return [
        line._replace(form_row=one.place, typo=one.typo, is_by_position=one.is_by_position)
        for line, one in zip(lines, matches, strict=True)
    ]


def names_in(grid: Grid, rows: range, shape: Shape) -> Iterator[str]:
    """Yield the labels of rows that are not in the form: in tables with report-specific rows, they are names.

    The rows have figures, or at least a number, and are not those of a blank workbook without a name.
    """
    each = each_row(shape.table)
    for row in rows:
        cells = [cell for cell in grid.cells[row] if cell.row == row and cell.text.strip()]
        at = next((number for number, cell in enumerate(cells) if not looks_like_figure(cell.text)), len(cells))
        keys = {part for cell in cells[at + 1 :] for part in parts_of(cell.text)}  # a column may have the name, such as 其他
        keys |= {*parts_of(cells[at].text)} - shape.column_labels if at < len(cells) else set()
        is_name = shape.vocabulary.isdisjoint(keys) and BROKEN not in "".join(keys)
        is_blank = 0 < at == len(cells) - 1 and each and f"（{each.label}" not in cells[at].text
        if is_name and (is_blank or any(looks_like_figure(cell.text) for cell in cells[at + 1 :])):
            yield " ".join(cells[at].text.split())


class ColumnHeader(NamedTuple):
    """A header cell above figures."""

    grid: Grid
    cell: GridCell
    start: int  #: the first grid column below it
    end: int  #: the column after its last
    column: int | None  #: of the form's block; None: unknown
    typo: str = ""  #: the key of the label of which it is a misspelling
    strange: str = ""  #: unknown text above it


class ColumnHeaders(NamedTuple):
    """The column headers above a run of rows."""

    headers: tuple[ColumnHeader, ...]  #: from left to right
    is_by_position: bool = False  #: whether some of them have no known label
    is_gridded: bool = True  #: whether positions in the grid are meaningful

    @property
    def columns(self) -> list[int]:
        """The known columns."""
        return [header.column for header in self.headers if header.column is not None]

    @property
    def is_whole(self) -> bool:
        """Whether every column is known."""
        return bool(self.headers) and len(self.columns) == len(self.headers)


def read_column_headers(grid: Grid, rows: Sequence[int], first: int, block: ShapeBlock) -> ColumnHeaders:
    """Return the column headers in ``rows`` of a grid; figures begin at the column ``first``."""
    rows = [row for row in rows if _may_be_headers(grid.cells[row], block)]
    by_grid = _completed(ColumnHeaders(tuple(_by_grid(grid, rows, first, block))), block.columns)
    by_levels = _by_levels(grid, rows, block)
    every = list(range(len(block.columns.header_paths)))
    whole = [headers for headers in (by_grid, by_levels) if sorted(headers.columns) == every and headers.is_whole]
    cells = [cell for row in rows for cell in grid.cells[row]]
    is_merged = any(cell.column >= first and cell.colspan * cell.rowspan > 1 for cell in cells)
    if len(whole) == 2 and is_merged and by_grid.columns != by_levels.columns:
        return by_levels  # a wrong merge has moved headers away from their group
    if not whole and any(cell.end <= first and key_of(cell.text) in block.columns.leaves - block.titles for cell in cells):
        return ColumnHeaders(())  # headers above the labels of rows: all of them are in wrong columns
    return min(whole, key=lambda headers: headers.is_by_position, default=by_grid)


def _may_be_headers(cells: Sequence[GridCell], block: ShapeBlock) -> bool:
    """Return whether a row can be a header row: it has no figures and is not a remark such as 单位：件."""
    filled = [cell for cell in cells if cell.text.strip()]
    if sum(looks_like_figure(cell.text) for cell in filled) * 2 > len(filled):
        return False
    names = block.columns.leaves | block.columns.groups | block.titles
    return len(filled) != 1 or filled[0].colspan == 1 or not names.isdisjoint(parts_of(filled[0].text))


def _by_grid(grid: Grid, rows: Sequence[int], first: int, block: ShapeBlock) -> list[ColumnHeader]:
    headers: list[ColumnHeader] = []
    for column in range(first, len(grid.rows[0]) if grid.rows else 0):
        own = [cell for row in rows if (cell := grid.rows[row][column]) and cell.text.strip()]
        if not own or key_of(own[-1].text) in block.titles:
            continue
        leaf = own[-1]
        if headers and headers[-1].cell == leaf and headers[-1].end == column:
            headers[-1] = headers[-1]._replace(end=column + 1)
            continue
        above = (header_over(grid, row, column) for row in rows if row < leaf.row)
        chain = [part for cell in dict.fromkeys(above) if cell and cell != leaf for part in parts_of(cell.text)]
        strange = _strange(grid, [row for row in rows if row < leaf.row], column, block)
        headers.append(
            ColumnHeader(grid, leaf, column, column + 1, block.columns.find([*chain, *parts_of(leaf.text)]), strange=strange)
        )
    return headers


def _strange(grid: Grid, rows: Sequence[int], column: int, block: ShapeBlock) -> str:
    """Return the text directly above a header that is not in the form, in a row with other known labels."""
    labels = block.columns.groups | block.columns.leaves
    for row in rows:
        cell = grid.rows[row][column]
        if not cell or not cell.text.strip() or any(part in labels | block.titles for part in parts_of(cell.text)):
            continue
        if any(key_of(other.text) in labels for other in grid.cells[row] if other.row == row):
            return cell.text.strip()
    return ""


def header_over(grid: Grid, row: int, column: int) -> GridCell | None:
    """Return the header of a group whose merge may be lost: the cell itself, or the next filled cell to the left."""
    return next((cell for at in range(column, -1, -1) if (cell := grid.rows[row][at]) and cell.text.strip()), None)


def _by_levels(grid: Grid, rows: Sequence[int], block: ShapeBlock) -> ColumnHeaders:
    """Return headers whose merges are lost: each group gets as many column headers of the next row as it has in the form."""
    columns = block.columns
    levels: list[deque[GridCell]] = []
    for row in rows:
        starting = [cell for cell in grid.cells[row] if cell.row == row and cell.text.strip()]
        known = deque(cell for cell in starting if key_of(cell.text) not in block.titles)
        if known and (levels or any(key_of(cell.text) in columns.leaves | columns.groups for cell in known)):
            levels.append(known)
    if not levels:
        return ColumnHeaders(())
    headers: list[ColumnHeader] = []

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
                headers.append(ColumnHeader(grid, cell, 0, 0, columns.find((*groups, key))))
        return True

    if not take(0, len(levels[0]), ()) or any(levels):
        return ColumnHeaders(())
    return _completed(ColumnHeaders(tuple(headers)), columns)._replace(is_gridded=False)


def _completed(headers: ColumnHeaders, columns: Axis) -> ColumnHeaders:
    """Return the headers with misspelt ones matched, and with those that only their position identifies."""
    matches = columns.complete([(key_of(header.cell.text), header.column) for header in headers.headers])
    done = (header._replace(column=one.place, typo=one.typo) for header, one in zip(headers.headers, matches, strict=True))
    return ColumnHeaders(tuple(done), is_by_position=any(one.is_by_position for one in matches))
