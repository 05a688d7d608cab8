"""The statutory tables among a document's tables: which part of which grid is which table, by which form."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count, groupby, islice
from typing import NamedTuple, TypeAlias

from sphinx_govreport.core.forms.form import Form, FormTable, filled, is_open
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.tables.table import FORM_PREFIX, form_class
from sphinx_govreport.importers.document import Box, Document, Grid, GridCell, Paragraph, Part, grid_of, numbered
from sphinx_govreport.importers.labels import key_of, parts_of

from .figures import Piece, PiecesReader, Reading
from .layout import Shape, looks_like_figure, names_in, shape_of

_NOTICE = re.compile(rf"{FORM_PREFIX[:-1]}\s*[：:]")

Shapes: TypeAlias = Mapping[str, Sequence[Shape]]  # of each table, by its forms


def shapes_of(forms: Mapping[str, Sequence[Form]], year: int) -> Shapes:
    """Return by table the shapes to look for in a report for ``year``."""
    return {
        name: tuple(shape_of(form.name, form.notice, filled(form.table(name), year)) for form in of_name)
        for name, of_name in forms.items()
    }


def read_tables(path: str, document: Document, shapes: Shapes, foreign: frozenset[int] = frozenset()) -> dict[str, Reading]:
    """Read all tables of a document except ``foreign`` grids; of equally good shapes of a table, the first is used."""
    pieces = _pieces(document, shapes, foreign)
    readings = {}
    for name, own in shapes.items():
        of_name = tuple(pieces.get(name, ()))
        shape = _best(own, of_name)
        names: tuple[str, ...] = ()
        if is_open(shape.table):
            names = tuple(dict.fromkeys(found for piece in of_name for found in names_in(piece.grid, piece.rows, shape)))
            shape = shape_of(shape.form, shape.notice, filled(shape.table, names=names))
        readings[name] = Reading(path, shape, pieces=of_name, names=names)
        PiecesReader(readings[name]).read()
    return readings


# parts of grids and their tables -----------------------------------------------------------------------------


def _pieces(document: Document, shapes: Shapes, foreign: frozenset[int]) -> dict[str, list[Piece]]:
    words, listing = _own_words(shapes), _listing(shapes)
    found: dict[str, list[Piece]] = {}
    notice = ""
    headed: dict[int, str] = {}  # the table of the last grid, by its width, if it has no figures
    for part in document.parts:
        if isinstance(part, Grid):
            width, rows = max(map(len, part.rows), default=0), range(len(part.rows))
            are_figures = {looks_like_figure(cell.text) for row in part.cells for cell in row}
            runs = [] if id(part) in foreign else list(_runs(part, words, listing))
            if are_figures == {True} and width in headed:
                runs = [(headed[width], rows)]  # a page ended below column headers, and rows have none
            headed = {width: runs[-1][0]} if runs and True not in are_figures else {}
            for name, rows in runs:
                cited = (_NOTICE.match(cell.text) for row in rows for cell in part.cells[row])
                within = next((key_of(match.string[match.end() :]) for match in cited if match), "")
                found.setdefault(name, []).append(Piece(part, rows, within or notice))
            notice = ""
        elif match := _NOTICE.match(part.text):
            notice = key_of(part.text[match.end() :])
    return found


def _own_words(shapes: Mapping[str, Iterable[Shape]]) -> dict[str, frozenset[str]]:
    """Return the words of each table that no other table has."""
    words = {name: frozenset().union(*(shape.vocabulary for shape in of_name)) for name, of_name in shapes.items()}
    return {name: mine.difference(*(other for key, other in words.items() if key != name)) for name, mine in words.items()}


def _listing(shapes: Mapping[str, Iterable[Shape]]) -> frozenset[str]:
    """Return the tables with names as labels."""
    return frozenset(name for name, of_name in shapes.items() if any(is_open(shape.table) for shape in of_name))


def _runs(grid: Grid, own: Mapping[str, frozenset[str]], listing: Container[str]) -> Iterator[tuple[str, range]]:
    """Return the parts of a grid by the table of their labels; rows without a label belong to those above.

    In tables with names as labels, ``listing``, a row of figures does too: its name may be a label of another table.
    """
    votes = [_vote(cells, row, own) for row, cells in enumerate(grid.cells)]
    current = next(filter(None, votes), "")
    start = 0
    for row, vote in enumerate(votes):
        is_listed = current in listing and any(looks_like_figure(cell.text) for cell in grid.cells[row])
        if vote and vote != current and not is_listed:
            yield current, range(start, row)
            current, start = vote, row
    if current:
        yield current, range(start, len(votes))


def _vote(cells: Iterable[GridCell], row: int, own: Mapping[str, frozenset[str]]) -> str:
    keys = {part for cell in cells if cell.row == row for part in parts_of(cell.text)}
    counts = {name: len(keys & words) for name, words in own.items()}
    best = max(counts, key=counts.__getitem__, default="")
    return best if counts.get(best) else ""


def is_recognised(reading: Reading) -> bool:
    """Return whether figures were read and half of the table's labels were found: fewer may be words of another table."""
    return bool(reading.figures) and _seen(reading.shape, _keys(reading.pieces)) * 2 >= len(reading.shape.printed)


def labels_in(grids: Iterable[Grid], form: Form, table: FormTable, year: int) -> tuple[int, int]:
    """Return the number of labels of a form's table in ``grids``, and its total number of labels."""
    shape = shape_of(form.name, form.notice, filled(table, year))
    return _seen(shape, _keys(Piece(grid, range(len(grid.cells))) for grid in grids)), len(shape.printed)


def _keys(pieces: Iterable[Piece]) -> frozenset[str]:
    """Return the keys of all cells in parts of grids."""
    cells = (cell for piece in pieces for row in piece.rows for cell in piece.grid.cells[row] if cell.row == row)
    return frozenset(part for cell in cells for part in parts_of(cell.text))


def _seen(shape: Shape, keys: frozenset[str]) -> int:
    """Return the number of labels of a table among the keys of a document."""
    return sum(bool(names & keys) for names in shape.printed)


def without_rows_of(document: Document, own: Shapes, others: Iterable[Shapes]) -> tuple[Document, frozenset[int]]:
    """Return the document without rows of other reports' tables, and the identities of grids that only contain such rows."""
    kinds = {
        "own": [shape for of_name in own.values() for shape in of_name],
        "other": [shape for shapes in others for of_name in shapes.values() for shape in of_name],
    }
    words, listing = _own_words(kinds), _listing(kinds)
    parts: list[Part] = []
    foreign: set[int] = set()
    for part in document.parts:
        if isinstance(part, Grid):
            runs = list(_runs(part, words, listing))
            rows = [row for kind, run in runs for row in run if kind == "other"]
            if runs and len(rows) == sum(len(run) for _kind, run in runs):
                foreign.add(id(part))
            elif rows:
                left = ((None,) * len(cells) if number in rows else cells for number, cells in enumerate(part.rows))
                part = replace(part, rows=tuple(left))
        parts.append(part)
    return replace(document, parts=tuple(parts)), frozenset(foreign)


def _best(shapes: Sequence[Shape], pieces: Sequence[Piece]) -> Shape:
    """Return the shape marked in one of our pages, else that with the most labels, the cited notice, or the first."""
    marked = {piece.grid.form for piece in pieces}
    keys = _keys(pieces)
    notices = {piece.notice for piece in pieces}
    scores = [(form_class(one.form) in marked, _seen(one, keys), key_of(one.notice) in notices) for one in shapes]
    return shapes[scores.index(max(scores))]


def with_whole_rows(document: Document, shapes: Shapes) -> Document:
    """Return the document with rows that a page ends in as one: the next table begins with the rest of their cells only."""
    leaves = frozenset().union(*(shape.rows.leaves for of_name in shapes.values() for shape in of_name))
    grids = [grid for grid in document.grids if grid.rows]
    for below in range(1, len(grids)):
        last, first = grids[below - 1].cells[-1], grids[below].cells[0]
        halves = [(cell, rest) for cell, rest in zip(last, first, strict=False) if rest.text.strip()]
        figures = sum(looks_like_figure(cell.text) for cell in last)
        for cell, rest in halves if len(last) == len(first) and _are_of_one_row(halves, figures, leaves) else ():
            whole = f"{cell.text}\n{rest.shown}"  # of a figure, this is not a number and is reported
            grids[below - 1] = _with(grids[below - 1], cell, cell._replace(text=whole))
            grids[below] = _with(grids[below], rest, rest._replace(text=whole) if rest.rowspan > 1 else None)
    left = iter(grids)
    parts = (next(left) if isinstance(part, Grid) and part.rows else part for part in document.parts)
    return replace(document, parts=tuple(parts))


def _are_of_one_row(halves: Sequence[tuple[GridCell, GridCell]], figures: int, leaves: frozenset[str]) -> bool:
    """Return whether cells and their rests have one label that neither has alone, or are digits of some of the ``figures``."""
    if labels := [half for half in halves if not looks_like_figure(half[1].text)]:
        texts = [cell.text for cell in labels[-1]]
        return leaves.isdisjoint(map(key_of, texts)) and key_of("".join(texts)) in leaves
    return len(halves) < max(2, figures) and all(looks_like_figure(cell.text) for cell, _rest in halves)


def _with(grid: Grid, old: GridCell, new: GridCell | None) -> Grid:
    return replace(grid, rows=tuple(tuple(new if cell == old else cell for cell in row) for row in grid.rows))


_TOLERATED = 5  # of this many headers, one may be different


class _Heads(NamedTuple):
    """The column headers of a block in sequence, row by row."""

    rows: tuple[tuple[frozenset[str], ...], ...]  #: by row: the keys of each header's label and aliases
    width: int  #: number of figures in a row


def with_flat_tables(document: Document, shapes: Mapping[str, Sequence[Shape]]) -> Document:
    """Return the document with tables in place of the paragraphs that are their cells."""
    blocks = [(shape, heads) for of_table in shapes.values() for shape in of_table for heads in _heads_of(shape)]
    names: dict[str, list[tuple[Shape, _Heads]]] = {}  # by the keys of the first header; the longest headers first
    for shape, heads in sorted(blocks, key=lambda pair: -sum(map(len, pair[1].rows))):
        for key in (key for row in heads.rows[:1] for key in row[0]):
            names.setdefault(key, []).append((shape, heads))
    numbers = count(1 + sum(1 for _grid in document.grids))
    parts: list[Part] = []
    for is_text, run in groupby(document.parts, key=lambda part: isinstance(part, Paragraph)):
        if is_text:
            parts += _laid_out([part for part in run if isinstance(part, Paragraph)], names, numbers)
        else:
            parts += run
    return replace(document, parts=tuple(parts))


def _heads_of(shape: Shape) -> Iterator[_Heads]:
    for block, of_shape in zip(layout_of(shape.table).blocks, shape.blocks, strict=True):
        names = {
            key: chain[level] for chain in of_shape.columns.header_paths for level in range(len(chain)) for key in chain[level]
        }
        rows = ([key_of(cell.text) for cell in line] for line in block.head)
        known = (tuple(names[key] for key in row if key in names and key not in of_shape.titles) for row in rows)
        yield _Heads(tuple(row for row in known if row), len(of_shape.columns.header_paths))


def _laid_out(
    lines: Sequence[Paragraph], names: Mapping[str, Sequence[tuple[Shape, _Heads]]], numbers: Iterator[int]
) -> Iterator[Part]:
    at = 0
    while at < len(lines):
        known = names.get(key_of(lines[at].text), ())
        rows, end = next(filter(None, (_block(lines, at, shape, heads) for shape, heads in known)), ([], at + 1))
        yield grid_of(numbered(next(numbers)), rows) if rows else lines[at]
        at = end


def _block(lines: Sequence[Paragraph], start: int, shape: Shape, heads: _Heads) -> tuple[list[list[Box]], int] | None:
    """Return the rows of a block whose headers begin at a line, and the line after it."""
    end = start + sum(map(len, heads.rows))
    if lines[start].is_in_grid or not _are_heads(lines[start:end], heads):
        return None
    boxes = map(_box, lines[start:end])
    rows = [list(islice(boxes, len(row))) for row in heads.rows]
    body = list(_body(lines, range(start, end), shape, heads.width))
    return ([*rows, *(row for row, _end in body)], body[-1][1]) if body else None


def _are_heads(lines: Sequence[Paragraph], heads: _Heads) -> bool:
    """Return whether the lines match the headers, with a few exceptions."""
    wanted = [names for row in heads.rows for names in row]
    if len(lines) < len(wanted):
        return False
    same = sum(key_of(line.text) in names for line, names in zip(lines, wanted, strict=True))
    return len(wanted) - same <= len(wanted) // _TOLERATED and not any(looks_like_figure(line.text) for line in lines)


def _body(lines: Sequence[Paragraph], heads: range, shape: Shape, width: int) -> Iterator[tuple[list[Box], int]]:
    """Yield the rows below the headers, each with the line after it."""
    depth = max(map(len, shape.rows.header_paths))  # maximum number of labels of a row
    has_blanks = _has_blanks(lines, heads, width)
    at = heads.stop
    while at < len(lines):
        first = at
        while at < len(lines) and not looks_like_figure(lines[at].text) and at - first <= depth:
            at += 1
            if has_blanks and at < len(lines) and _gap(lines, at) == width:
                break  # a row that was not filled in
        figures = at
        while at < len(lines) and looks_like_figure(lines[at].text):
            at += 1
        is_blank = has_blanks and at == figures and at < len(lines) and _gap(lines, at) == width
        if not (depth >= figures - first >= bool(depth)) or (at == figures and not is_blank):
            return
        cells = _with_blanks(lines, heads.stop, figures, at, shape, width) if has_blanks else []
        if len(cells) != width:
            cells = [_box(line) for line in lines[figures:at]]
        yield [*map(_box, lines[first:figures]), *cells], at
        if not depth:
            return


def _gap(lines: Sequence[Paragraph], at: int) -> int:
    """Return the number of empty lines before a line."""
    return lines[at].line - lines[at - 1].line - 1 if 0 < at < len(lines) else 0


def _has_blanks(lines: Sequence[Paragraph], heads: range, width: int) -> bool:
    """Return whether an empty line is an empty cell: the headers and the cells of complete rows have none between them."""
    if not lines[heads.start].line or any(_gap(lines, at) for at in range(heads.start + 1, heads.stop + 1)):
        return False
    at = heads.stop
    for is_figure, run in groupby(lines[at:], key=lambda line: looks_like_figure(line.text)):
        end = at + len(list(run))
        if is_figure and end - at == width and any(_gap(lines, number) for number in range(at, end)):
            return False
        at = end
    return True


def _with_blanks(lines: Sequence[Paragraph], body: int, start: int, end: int, shape: Shape, width: int) -> list[Box]:
    """Return the figures of a row with a cell for each empty line around them; ``body`` is the first line of the table."""
    cells: list[Box] = []
    for at in range(start, end):
        cells += [Box("", line=lines[at - 1].line + 1 + n) for n in range(min(_gap(lines, at), width))]
        cells.append(_box(lines[at]))
    behind = _gap(lines, end)
    if end >= len(lines) or key_of(lines[end].text) not in shape.rows.leaves | shape.rows.groups:
        is_kept = any(_gap(lines, at) for at in range(body, end))  # else the empty line may only end the table
        behind = min(behind, width - len(cells)) if is_kept else 0
    return [*cells, *(Box("", line=lines[end - 1].line + 1 + n) for n in range(behind))]


def _box(line: Paragraph) -> Box:
    return Box(line.text, line=line.line)
