"""A table as HTML: well-formed as XML too, so that EPUB can have it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cache, lru_cache
from html import escape
from typing import NamedTuple

from .figures import Figure, Status
from .grid import Cell
from .packed import Figures, places_of
from .structure import Structure
from .tables import MARK, Table, error_ident, heads_ident

_IDENT = "\0"  # stands for the table's id in a template; no text can hold it
_HEADS = "\1"  # stands for what the ids of its heads begin with: nobody links to them, but each figure names several
_BREAK = "<br />"


def table_content(table: Table, number: int = 0) -> str:
    """What stands between ``<caption>`` and ``</table>``.

    ``number``: the table's on its page, from 1, after which its heads are called. Without one they are called after the
    table, for HTML that may stand on a page with whatever else.
    """
    template = _template(table.structure)
    between = _numbered(table.structure, number) if number else template.between
    zero = escape(table.zero)
    plain = Figures.of(table.figures, table.structure).plain
    is_bare = not table.marks and not table.beside
    cells = [
        _number(written, zero)
        if is_bare and (written := plain[at]) is not None
        else _figure(table, path, table.figures[path], zero)
        for path, at in template.figures
    ]
    body = "".join(itertools.chain.from_iterable(zip(between, (*cells, ""), strict=True)))
    if not number:
        body = body.replace(_HEADS, heads_ident(table.ident))
    return body.replace(_IDENT, escape(table.ident))


def table_errors(table: Table) -> str:
    """What stands under the table about figures with an error; empty without one."""
    return "".join(
        f'<p class="gov-error-text" id="{escape(error_ident(table.ident, number))}">{MARK}{number} {escape(error)}</p>\n'
        for number, error in enumerate(table.errors, start=1)
    )


@lru_cache(maxsize=4096)
def _number(written: str, zero: str) -> str:
    """A cell with nothing but a number, behind its ``id`` and ``headers``: most cells of a site look alike."""
    return f'><data value="{written.removeprefix("+")}">{zero if written == "0" else written}</data></td>\n'


def _figure(table: Table, path: str, figure: Figure, zero: str) -> str:
    """A figure's cell behind its ``id`` and ``headers``, with all that can stand in it."""
    error = table.marks.get(path, 0)
    attributes = ' class="gov-invalid"' if figure.status is Status.INVALID else ""
    if error:
        attributes = f' class="gov-error" aria-describedby="{error_ident(_IDENT, error)}"'
    shown = zero if figure.text == "0" else escape(figure.shown())
    parts = [f'<data value="{figure.number}">{shown}</data>' if figure.status is Status.NUMBER else shown]
    if remark := figure.remark():
        parts.append(f'<span class="gov-note">{escape(remark)}</span>')
    if error:
        parts.append(f'<sup class="gov-mark">{MARK}{error}</sup>')
    if beside := table.beside.get(path):
        parts.append(f'<span class="gov-compare">{escape(beside)}</span>')
    return f"{attributes}>{''.join(parts)}</td>\n"


class _Template(NamedTuple):
    """A structure's HTML with places for the figures."""

    between: tuple[str, ...]  #: what stands before each figure, and behind the last
    figures: tuple[tuple[str, int], ...]  #: key path and place in statutory order


@lru_cache(maxsize=16)
def _numbered(structure: Structure, number: int) -> tuple[str, ...]:
    """What stands between the figures, with the ids of heads: most pages have three tables in the same order."""
    return tuple(part.replace(_HEADS, f"g{number}") for part in _template(structure).between)


@cache
def _template(structure: Structure) -> _Template:
    parts: list[str | tuple[str]] = [_colgroups(structure)]
    several = len(structure.blocks) > 1
    for block in structure.blocks:
        if several:
            _rows(parts, "tbody", block.head + block.body, structure.name)
        else:
            _rows(parts, "thead", block.head, structure.name)
            _rows(parts, "tbody", block.body, structure.name)
    places = places_of(structure)
    figures = tuple((part[0], places[part[0]]) for part in parts if not isinstance(part, str))
    return _Template(tuple(_between(parts)), figures)


def _colgroups(structure: Structure) -> str:
    stubs = structure.blocks[0].stubs
    html: list[str] = []
    column = 0
    for span in structure.colgroups:
        classes = ("gov-stub" if column + n < stubs else "gov-figures" for n in range(span))
        cols = "".join(f'<col class="{name}" />' for name in classes)
        html.append(f"<colgroup>{cols}</colgroup>\n")
        column += span
    return "".join(html)


def _rows(parts: list[str | tuple[str]], tag: str, lines: tuple[tuple[Cell, ...], ...], table: str) -> None:
    parts.append(f"<{tag}>\n")
    for line in lines:
        parts.append("<tr>")
        for cell in line:
            if cell.path:
                key = f' data-gov-key="{table}.{cell.path}"'
                parts.append(f'<td id="{_IDENT}-{cell.path.replace(".", "-")}"{_spans(cell)}{_headers(cell)}{key}')
                parts.append((cell.path,))
            else:
                parts.append(_head(cell))
        parts.append("</tr>\n")
    parts.append(f"</{tag}>\n")


def _head(cell: Cell) -> str:
    label = escape(cell.text).replace("\n", _BREAK)
    kind = f"gov-row-head gov-level-{cell.column}" if cell.is_row_head else "gov-head"
    attributes = f'{_spans(cell)} scope="{cell.scope}"{_headers(cell)}'
    return f'<th class="{kind}" id="{_HEADS}-{cell.ident}"{attributes}>{label}</th>\n'


def _spans(cell: Cell) -> str:
    rowspan = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    colspan = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    return rowspan + colspan


def _headers(cell: Cell) -> str:
    return f' headers="{" ".join(f"{_HEADS}-{head}" for head in cell.headers)}"' if cell.headers else ""


def _between(parts: list[str | tuple[str]]) -> Iterator[str]:
    """The strings, put together from figure to figure."""
    strings: list[str] = []
    for part in parts:
        if isinstance(part, str):
            strings.append(part)
        else:
            yield "".join(strings)
            strings = []
    yield "".join(strings)
