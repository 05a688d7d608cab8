"""The statutory tables among a document's tables: which part of which grid is which table, by which form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from ..core.form import TABLES, Form
from ..core.tables import FORM_PREFIX, form_class
from .document import Cell, Document, Grid
from .labels import key_of, parts_of
from .reading import Piece, Reading, read_pieces
from .shape import Shape, shape_of

_NOTICE = re.compile(rf"{FORM_PREFIX[:-1]}\s*[：:]")


Shapes: TypeAlias = Mapping[str, Sequence[Shape]]  # of each table, by its forms


def shapes_of(forms: Mapping[str, Sequence[Form]]) -> Shapes:
    """What to look for, by table."""
    return {
        name: tuple(shape_of(form.name, form.notice, form.table(name)) for form in forms[name] if _has(form, name))
        for name in TABLES
    }


def read_tables(path: str, document: Document, shapes: Shapes) -> dict[str, Reading]:
    """Read all statutory tables of a document; of each table's shapes that fit alike, the first counts."""
    pieces = _pieces(document, shapes)
    readings = {}
    for name in TABLES:
        if shapes[name]:
            of_name = tuple(pieces.get(name, ()))
            shape = _named_form(shapes[name], of_name) or _best(shapes[name], of_name)
            readings[name] = Reading(path, shape, pieces=of_name)
            read_pieces(readings[name])
    return readings


def _has(form: Form, name: str) -> bool:
    return any(table.name == name for table in form.tables)


# -- which part of which grid is which table -----------------------------------------------------------------------


def _pieces(document: Document, shapes: Shapes) -> dict[str, list[Piece]]:
    words = {name: frozenset().union(*(shape.vocabulary for shape in of_name)) for name, of_name in shapes.items()}
    own = {name: mine.difference(*(other for key, other in words.items() if key != name)) for name, mine in words.items()}
    found: dict[str, list[Piece]] = {}
    notice = ""
    for part in document.parts:
        if isinstance(part, Grid):
            for name, rows in _runs(part, own):
                found.setdefault(name, []).append(Piece(part, rows, _notice_in(part, rows) or notice))
            notice = ""
        elif match := _NOTICE.match(part.text):
            notice = key_of(part.text[match.end() :])
    return found


def _notice_in(grid: Grid, rows: range) -> str:
    """What a sheet says above a table."""
    texts = (cell.text for row in rows for cell in grid.cells[row])
    return next((key_of(written[match.end() :]) for written in texts if (match := _NOTICE.match(written))), "")


def _runs(grid: Grid, own: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, range]]:
    """The parts of a grid by the table that their labels speak of; rows without a label go with those above."""
    votes = [_vote(cells, row, own) for row, cells in enumerate(grid.cells)]
    current = next(filter(None, votes), "")
    start = 0
    for row, vote in enumerate(votes):
        if vote and vote != current:
            yield current, range(start, row)
            current, start = vote, row
    if current:
        yield current, range(start, len(votes))


def _vote(cells: Iterable[Cell], row: int, own: Mapping[str, frozenset[str]]) -> str:
    keys = {part for cell in cells if cell.row == row for part in parts_of(cell.text)}
    counts = {name: len(keys & words) for name, words in own.items()}
    best = max(counts, key=counts.__getitem__, default="")
    return best if counts.get(best) else ""


def _named_form(shapes: Sequence[Shape], pieces: Iterable[Piece]) -> Shape | None:
    """The shape that a page of ours names."""
    classes = {piece.grid.form for piece in pieces if piece.grid.form}
    return next((shape for shape in shapes if form_class(shape.form) in classes), None)


def _best(shapes: Sequence[Shape], pieces: Sequence[Piece]) -> Shape:
    """The shape most of whose labels are there; of those that fit alike, the one whose notice is named, else the first."""
    keys = {
        part
        for piece in pieces
        for row in piece.rows
        for cell in piece.grid.cells[row]
        if cell.row == row
        for part in parts_of(cell.text)
    }
    notices = {piece.notice for piece in pieces}
    scores = [(sum(bool(names & keys) for names in shape.printed), key_of(shape.notice) in notices) for shape in shapes]
    return shapes[scores.index(max(scores))]
