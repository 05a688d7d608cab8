"""The figures of one statutory table of a document by key path, and findings about its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias

from sphinx_govreport.core.characters import without_breaks
from sphinx_govreport.core.diagnostics import Diagnostic, Problem, Rule, Severity, Text, first_of, ntext, text
from sphinx_govreport.core.forms.indicators import Indicator
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.importers import rules
from sphinx_govreport.importers.document import BROKEN, NO_TEXT, Grid, GridCell, place
from sphinx_govreport.importers.invisible import broken
from sphinx_govreport.importers.labels import key_of
from sphinx_govreport.importers.values import Value, head_unit, read_text, read_value, unit_of

from .layout import (
    Axis,
    ColumnHeader,
    ColumnHeaders,
    Row,
    Shape,
    ShapeBlock,
    complete,
    header_over,
    looks_like_figure,
    read_column_headers,
    read_rows,
    rows_of_years,
)


class Piece(NamedTuple):
    """Rows of a grid that belong to one statutory table."""

    grid: Grid
    rows: range
    notice: str = ""  #: key of the notice cited above the table


class FoundFigure(NamedTuple):
    """A figure and its position in the document."""

    value: Value
    grid: Grid
    cell: GridCell


_Places: TypeAlias = tuple[tuple[int, int], ...]  # the first grid column of each cell, and that after it
_FEW = 5  # figures of two tables that differ, reported one by one


@dataclass
class Reading:
    """The state of reading one statutory table."""

    path: str  #: of the document
    shape: Shape
    figures: dict[str, FoundFigure] = field(default_factory=dict)  #: by key path, without the table
    findings: list[Diagnostic] = field(default_factory=list)
    pieces: tuple[Piece, ...] = ()
    names: tuple[str, ...] = ()  #: of rows that only the document has
    heads: list[Grid] = field(default_factory=list)  #: tables with nothing but column headers of the next
    headed: dict[int, bool] = field(default_factory=dict)  #: by the id of a table: whether it has the label of a column

    @property
    def grids(self) -> Iterator[Grid]:
        """Yield the tables of the document with the figures, some of them many times."""
        yield from self.heads
        yield from (found.grid for found in self.figures.values())

    def has_headers(self, grid: Grid) -> bool:
        """Return whether any row of a table contains the label of a column."""
        if id(grid) not in self.headed:
            self.headed[id(grid)] = _has_headers(grid, range(len(grid.rows)), self.shape)
        return self.headed[id(grid)]

    def add(self, rule: Rule, grid: Grid, cell: GridCell, message: Text, hint: Text | None = None) -> None:
        """Add a finding about a cell."""
        row, column = grid.place(cell)
        where = text("{table}, row {row}, column {column}", table=grid.name, row=row, column=column)
        placed = text("{place}: {message}", place=where, message=message)
        self.findings.append(Diagnostic(rule, place(self.path, cell.line), placed, hint))


class PiecesReader:
    """Reads a table row by row, and remembers what can be reported only when all rows are read."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.shape = reading.shape
        self.add = reading.add
        grids = {id(piece.grid): piece.grid for piece in reading.pieces}  # a grid may have thousands of them
        of_years = {ident: {*rows_of_years(grid, self.shape)} for ident, grid in grids.items()}
        self.by_piece = [(piece, self._lines(piece, of_years[id(piece.grid)])) for piece in reading.pieces]
        self.lines = complete([line for _piece, of_piece in self.by_piece for line in of_piece], reading.shape)
        of_form = (line for line in self.lines if line.form_row is not None)
        self.over_rows = Counter(id(cell) for line in of_form for cell in line.values if cell.text.strip())
        self.places: dict[tuple[int, tuple[int, ...]], set[_Places]] = {}  # of figures, by grid and column headers
        for line in self.lines:
            self.places.setdefault((id(line.grid), line.header_rows), set()).add(_filled(line))
        self.known: dict[tuple[int, tuple[int, ...], int, ShapeBlock], ColumnHeaders] = {}
        self.last: dict[ShapeBlock, ColumnHeaders] = {}
        self.twice: dict[str, tuple[FoundFigure, FoundFigure]] = {}  # by key path: figures with two values in the document
        self.told: set[tuple[GridCell, Text]] = set()  # column headers that were reported
        self.shared: set[int] = set()  # identities of cells that were reported to have several figures
        self.reached: set[str] = set()  # paths whose columns the document has
        self.whole: list[tuple[Row, ShapeBlock]] = []  # rows below known headers only
        self.strangers: dict[tuple[GridCell | None, Text], tuple[Grid, list[GridCell]]] = {}  # cells in no column, by header

    def read(self) -> None:
        """Read the figures of all parts of the table, and report those that could not be read."""
        for line in self.lines:
            if line.form_row is None:
                self._tell_unknown(line)
            else:
                self._tell_line(line, line.form_row)
                self._line(line, line.form_row)
        self._tell_columns()
        self._tell_strangers()
        self._tell_twice()
        for path in self.twice:
            del self.reading.figures[path]
        if self.reading.figures:
            self._tell_missing()

    def _lines(self, piece: Piece, of_years: Container[int]) -> list[Row]:
        """Return the rows of a part of a grid; none if it only has words of the form in it, such as a portal's menu."""
        found = read_rows(piece.grid, piece.rows, self.shape)
        lines = [line for line in found if line.row not in of_years]
        if compared := [line for line in found if line.row in of_years]:
            message = text("The columns are years: this is a comparison, and its figures are left out.")
            first = compared[0].label or compared[0].values[0]
            self.add(replace(rules.UNREAD_COLUMN, severity=Severity.WARNING), piece.grid, first, message)
        has_figures = any(looks_like_figure(cell.text) for line in lines for cell in line.values)
        return lines if has_figures or _has_headers(piece.grid, piece.rows, self.shape) else []

    def _line(self, line: Row, form_row: int) -> None:
        block, paths = self.shape.block_of(form_row), self.shape.paths[form_row]
        headers = self._headers(line, block)
        merged = self._merged(line, headers)
        pairs = list(self._figures(line, headers, block, merged))
        beside = (cell for column, cell, _header in pairs if column is None or not paths[column])
        unit = next(filter(None, (unit_of(cell.text) for cell in beside)), "")
        for column, cell, header in pairs:
            if column is None:
                grid = header.grid if header else line.grid
                self.strangers.setdefault((header and header.cell, grid.name), (grid, []))[1].append(cell)
                continue
            path = paths[column]
            self.reached.add(path)
            if path and id(cell) not in self.shared:
                beside_it = unit if self.shape.has_unit_of_row(form_row, path) else ""
                self._keep(line, path, cell, header, beside_it)
        if len(headers.columns) == len(headers.headers) and any(column is not None for column, _cell, _header in pairs):
            self.whole.append((line, block))  # otherwise an unknown header is reported

    def _headers(self, line: Row, block: ShapeBlock) -> ColumnHeaders:
        """Return the column headers of a row, which may be on another page."""
        first = line.label.end if line.label else 0
        # including the block: the column headers between the rows of two blocks may be lost
        key = (id(line.grid), line.header_rows, first, block)
        if key not in self.known:
            self.known[key] = read_column_headers(line.grid, line.header_rows, first, block)
        headers = self.known[key]
        if not headers.columns and block in self.last:  # a table may be split over pages
            headers = self.last[block]
        elif not headers.columns:  # a page may end below the column headers
            for piece, lines in self.by_piece:
                start = max((one.row + 1 for one in lines), default=piece.rows.start)
                alone = read_column_headers(piece.grid, range(start, piece.rows.stop), first, block)
                if alone.columns:
                    headers = alone
                    break
            self.reading.heads += [header.grid for header in headers.headers[:1]]
        self.last[block] = headers
        return headers

    def _merged(self, line: Row, headers: ColumnHeaders) -> list[GridCell]:
        """Return the cells of a row that stand for several figures, and report them once."""
        alike = self.places[id(line.grid), line.header_rows]
        merged = [cell for cell in line.values if self.over_rows[id(cell)] > 1 or _is_over_columns(cell, line, headers, alike)]
        for cell in merged:
            if id(cell) not in self.shared:
                self.shared.add(id(cell))
                message = text("“{written}” is one cell for several figures.", written=cell.text.strip())
                hint = text("Ask what is intended, and write each figure.")
                self.add(rules.UNREAD_FIGURE, line.grid, cell, message, hint)
        return merged

    def _figures(
        self, line: Row, headers: ColumnHeaders, block: ShapeBlock, merged: Sequence[GridCell]
    ) -> Iterator[tuple[int | None, GridCell, ColumnHeader | None]]:
        """Yield each figure's column within the block, its cell and its header; column None for cells in no column of the form.

        ``merged`` cells cover several columns.
        """
        count = len(block.columns.header_paths)
        for cell in merged:
            below = [header for header in headers.headers if cell.column <= header.start and header.end <= cell.end]
            if headers.is_gridded and len(below) > 1:
                yield from ((header.column, cell, header) for header in below if header.column is not None)
                headers = headers._replace(headers=tuple(header for header in headers.headers if header not in below))
                line = line._replace(values=tuple(one for one in line.values if one is not cell))
            elif cell.colspan > 1:
                message = text("A cell of the row is merged over several figures; all of them are left out.")
                self.add(rules.UNREAD_ROW, line.grid, line.label or cell, message)
                return
        if not headers.headers and not line.values:
            return
        values = line.values if merged else _trimmed(line.values, len(headers.headers) or count)
        pairs = (_gridded(line, headers) or _below(line, headers)) if headers.is_gridded else None
        if pairs is None and headers.columns and len(values) == len(headers.headers):
            pairs = list(zip(headers.headers, values, strict=True))
        if pairs is None:
            yield from self._unpaired(line, headers, values, count)
            return
        for header, cell in pairs:
            self._tell_header(header, headers, block)
            yield header.column, cell, header
        paired = {id(cell) for _header, cell in pairs}
        yield from ((None, cell, None) for cell in line.values if id(cell) not in paired and cell.text.strip())

    def _unpaired(
        self, line: Row, headers: ColumnHeaders, values: Sequence[GridCell], count: int
    ) -> Iterator[tuple[int, GridCell, None]]:
        """Yield the figures of a row by their order if its headers are lost and it has as many as the form; else report it."""
        may_have_headers = headers.columns or self.reading.has_headers(line.grid)
        if len(values) == count and not may_have_headers:
            at = line.label or values[0]
            message = text("The column headers are unknown; figures are read by their order.")
            self.add(rules.BY_POSITION, line.grid, at, message)
            yield from ((column, cell, None) for column, cell in enumerate(values))
            return
        message = text(
            "The row has {cells} under {heads}; its figures are left out.",
            cells=ntext("{count} cell", "{count} cells", count=len(values)),
            heads=ntext("{count} column header", "{count} column headers", count=len(headers.headers) or count),
        )
        cell = line.label or line.values[0]
        self.add(rules.UNREAD_ROW, line.grid, cell, message, text("Look for a merged or missing cell."))

    def _keep(self, line: Row, path: str, cell: GridCell, header: ColumnHeader | None, beside: str) -> None:
        """Read a figure; ``beside`` is the unit in a cell next to it, or empty."""
        indicator = layout_of(self.shape.table).indicators[path]
        if indicator.is_text:
            value: Value | Problem = read_text(cell.text)
        else:
            value = read_value(cell.text, indicator, _unit_around(line, cell, header, beside, indicator), cell.marks)
        if BROKEN in cell.text or cell.text == NO_TEXT:
            alone = text("{label}: the cell has a picture or a field, but no text.", label=indicator.label)
            hint = text("Check the cell and type the figure into the year file.")
            value = Problem(broken(cell.text) if BROKEN in cell.text else alone, hint)
        if isinstance(value, Problem):
            self.add(rules.UNREAD_FIGURE, line.grid, cell, value.message, value.hint)
            return
        if value.marks:
            mark, figure = value.marks, value.written
            message = text("“{mark}” next to {figure} is a footnote mark, not part of the figure.", mark=mark, figure=figure)
            hint = text("To keep the note that it refers to, write {{value: {figure}, note: …}}.", figure=figure)
            self.add(rules.FOOTNOTE_MARK, line.grid, cell, message, hint)
        if value.remark:
            self.add(rules.READ_AS, line.grid, cell, value.remark)
        found = FoundFigure(value, line.grid, cell)
        before = self.reading.figures.get(path)
        if before and before.value != value:
            self.twice.setdefault(path, (before, found))
            return
        self.reading.figures[path] = found

    # findings about rows, column headers and figures

    def _tell_unknown(self, line: Row) -> None:
        cell = line.label or line.values[0]
        label = without_breaks(line.label.text) if line.label else ""
        if label:
            message = text("No row of the form is called “{label}”; its figures are left out.", label=label)
            hint = text("An additional row needs a local form: --form FILE.")
        else:
            message, hint = text("The row has figures but no label; they are left out."), None
        self.add(rules.UNREAD_ROW, line.grid, cell, message, hint)

    def _tell_line(self, line: Row, form_row: int) -> None:
        cell = line.label or line.values[0]
        official = _official(self.shape, form_row)
        if line.is_by_position:
            self.add(rules.BY_POSITION, line.grid, cell, _by_position(cell, self.shape.rows, official))
        elif line.typo:
            message = text("“{label}” was read as {official}.", label="".join(cell.text.split()), official=official)
            self.add(rules.LABEL, line.grid, cell, message)
        if line.strange:
            group = line.strange.strip()
            message = text("{official} is next to “{group}”; the row's own label is used.", official=official, group=group)
            self.add(rules.LABEL, line.grid, cell, message)

    def _tell_header(self, header: ColumnHeader, headers: ColumnHeaders, block: ShapeBlock) -> None:
        """Report once what is unusual about a header."""
        grid = header.grid
        if header.column is None or (header.cell, grid.name) in self.told:
            return  # an unknown one is reported when all its cells are known
        label = "".join(header.cell.text.split())
        if header.typo:
            official = min(block.columns.header_paths[header.column][-1], key=lambda key: key != header.typo)
            message = text("“{label}” was read as {official}.", label=label, official=f"“{official}”")
            self.add(rules.LABEL, grid, header.cell, message)
        elif header.strange:
            message = text("“{label}” is below “{group}”; its own label is used.", label=label, group=header.strange)
            self.add(
                rules.LABEL, grid, header.cell, message, text("Check whether headers and figures are in the same columns.")
            )
        elif headers.is_by_position and key_of(label) not in block.columns.header_paths[header.column][-1]:
            place = text("column {n}", n=header.column + 1)
            self.add(rules.BY_POSITION, grid, header.cell, _by_position(header.cell, block.columns, place))
        else:
            return
        self.told.add((header.cell, grid.name))

    def _tell_strangers(self) -> None:
        """Report what is left out: columns of figures, columns of texts, single texts; but not units and empty columns."""
        for (header, _name), (grid, cells) in self.strangers.items():
            label = "".join(header.text.split()) if header else ""
            if header and any(_may_be_figure(cell.text) for cell in cells):
                message = text("No column of the form is called “{label}”; its figures are left out.", label=label)
                self.add(rules.UNREAD_COLUMN, grid, header, message)
            elif header and any(cell.text.strip() and not unit_of(cell.text) for cell in cells):
                message = text("No column of the form is called “{label}”; its texts are left out.", label=label)
                self.add(rules.UNREAD_TEXT, grid, header, message)
            for cell in cells if header is None else ():
                if not unit_of(cell.text):
                    written = without_breaks(cell.text.strip())
                    message = text("“{written}” does not belong to a figure; it is left out.", written=written)
                    self.add(rules.UNREAD_TEXT, grid, cell, message)

    def _tell_columns(self) -> None:
        """Report once each column that the document does not have, not even in another table; totals can be computed."""
        indicators = layout_of(self.shape.table).indicators
        told: set[tuple[ShapeBlock, int]] = set()
        for line, block in self.whole:
            assert line.form_row is not None
            for column, path in enumerate(self.shape.paths[line.form_row]):
                if not path or path in self.reached or indicators[path].is_computed or (block, column) in told:
                    continue
                told.add((block, column))
                message = text("The document has no column “{label}”.", label=indicators[path].head)
                self.add(rules.MISSING_COLUMN, line.grid, line.label or line.values[0], message)

    def _tell_twice(self) -> None:
        """Report figures with two values: many in one table at once, because it is probably the table of another report."""
        indicators = layout_of(self.shape.table).indicators
        by_tables: dict[tuple[Text, Text], list[tuple[str, FoundFigure]]] = {}
        for path, (first, second) in self.twice.items():
            by_tables.setdefault((first.grid.name, second.grid.name), []).append((indicators[path].label, second))
        for (before, _table), found in by_tables.items():
            if len(found) > _FEW:
                labels = first_of([label for label, _figure in found])
                message = text("Different figures for {labels} are here and in {table}.", labels=labels, table=before)
                hint = text(
                    "None of them is used. Import each report from its own document; if it is one report, check which is "
                    "correct."
                )
                self.add(rules.READ_TWICE, found[0][1].grid, found[0][1].cell, message, hint)
                continue
            for label, one in found:
                message = text("{label} appears here and in {table} with different figures.", label=label, table=before)
                self.add(rules.READ_TWICE, one.grid, one.cell, message, text("Neither is used. Check which one is correct."))

    def _tell_missing(self) -> None:
        """Report rows that the document does not have; totals can be computed."""
        seen = {line.form_row for line in self.lines}
        indicators = layout_of(self.shape.table).indicators
        for form_row, paths in enumerate(self.shape.paths):
            if form_row not in seen and not all(indicators[path].is_computed for path in filter(None, paths)):
                message = text("The document has no row {official}.", official=_official(self.shape, form_row))
                self.reading.findings.append(Diagnostic(rules.MISSING_ROW, place(self.reading.path), message))


def _has_headers(grid: Grid, rows: Iterable[int], shape: Shape) -> bool:
    """Return whether some rows contain the label of a column."""
    leaves = frozenset().union(*(block.columns.leaves for block in shape.blocks)) & shape.column_labels
    return any(key_of(cell.text) in leaves for row in rows for cell in grid.cells[row])


def _filled(line: Row) -> _Places:
    """Return the places of the figures of a row: of its cells with text behind the label."""
    return tuple((cell.column, cell.end) for cell in line.values if cell.text.strip())


def _is_over_columns(cell: GridCell, line: Row, headers: ColumnHeaders, alike: Iterable[_Places]) -> bool:
    """Return whether a cell covers several figures: those of the headers, or of a row with more figures."""
    if cell.colspan == 1 or not cell.text.strip():
        return False
    of_headers = tuple((header.start, header.end) for header in headers.headers) if headers.is_gridded else ()
    rows = (row for row in (*alike, of_headers) if len(row) > len(_filled(line)))
    return any(sum(cell.column <= start and end <= cell.end for start, end in row) > 1 for row in rows)


def _gridded(line: Row, headers: ColumnHeaders) -> list[tuple[ColumnHeader, GridCell]] | None:
    """Return the column headers with the cells that cover the same grid columns; None unless all have one."""
    by_place = {(cell.column, cell.end): cell for cell in line.values}
    pairs = [
        (header, by_place[header.start, header.end]) for header in headers.headers if (header.start, header.end) in by_place
    ]
    return pairs if headers.columns and len(pairs) == len(headers.headers) and not _has_more_figures(line, pairs) else None


def _below(line: Row, headers: ColumnHeaders) -> list[tuple[ColumnHeader, GridCell]] | None:
    """Return the column headers with the only filled cell below each, if merges are lost or differ from those of headers."""
    if not headers.is_whole:
        return None
    ends = [*(header.start for header in headers.headers[1:]), headers.headers[-1].end]
    pairs = []
    for header, end in zip(headers.headers, ends, strict=True):
        below = [cell for cell in line.values if header.start <= cell.column < end]
        filled = [cell for cell in below if cell.text.strip()] or below[:1]
        if len(filled) != 1:
            return None
        pairs.append((header, filled[0]))
    return None if _has_more_figures(line, pairs) else pairs


def _has_more_figures(line: Row, pairs: Iterable[tuple[ColumnHeader, GridCell]]) -> bool:
    """Return whether the row has figures below none of the headers; a text next to them belongs to no figure."""
    paired = {id(cell) for _header, cell in pairs}
    return any(_may_be_figure(cell.text) for cell in line.values if id(cell) not in paired)


def _may_be_figure(written: str) -> bool:
    return looks_like_figure(written) or any(map(str.isdigit, written))


def _trimmed(values: tuple[GridCell, ...], count: int) -> tuple[GridCell, ...]:
    """Return the cells without empty ones, the rest of a lost merge, before them, unless the last may be one too many."""
    filled = [number for number, cell in enumerate(values) if cell.text.strip()]
    is_known = filled and (filled[-1] == len(values) - 1 or len(values) <= count)
    return values[filled[0] :] if is_known else values


def _unit_around(line: Row, cell: GridCell, header: ColumnHeader | None, beside: str, indicator: Indicator) -> str:
    """Return the unit in a figure's header or row; of an amount of money, all units in the labels next to it and above it."""
    unit = (head_unit(header.cell.text) if header else "") or beside
    if not any(one.endswith("元") for one in (indicator.unit, *indicator.units)):
        return unit
    labels = (line.label, *(header_over(line.grid, row, cell.column) for row in line.header_rows))
    amounts = (own for one in labels if one and (own := head_unit(one.text)).endswith(("元", BROKEN)))
    return "/".join(dict.fromkeys(filter(None, (unit, *amounts))))


def _by_position(cell: GridCell, axis: Axis, official: str | Text) -> Text:
    label = "".join(cell.text.split())
    if key_of(label) in axis.leaves:
        return text("“{label}” appears here a second time; by its position it is {official}.", label=label, official=official)
    return text("“{label}” is unknown; by its position it is {official}.", label=label, official=official)


def _official(shape: Shape, form_row: int) -> str:
    indicator = layout_of(shape.table).indicators[next(filter(None, shape.paths[form_row]))]
    return f"“{indicator.label.rpartition('·')[0]}”"
