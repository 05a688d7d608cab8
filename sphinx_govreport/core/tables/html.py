"""A table as HTML: well-formed as XML too, so that EPUB can have it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from typing import NamedTuple

from sphinx_govreport.core.forms.grid import Cell
from sphinx_govreport.core.forms.layout import TableLayout
from sphinx_govreport.core.reports.figures import Figure, Status

from .table import MARK, Table, error_ident, heads_ident

_IDENT, _FIGURE = "\0", "\2"  # stand for the table's id and for the rest of a cell in a template; no text can hold them
_HEADS = "\1"  # stands for what the ids of its heads begin with: nobody links to them, but each figure names several
_BREAK = "<br />"

_PLACES = re.compile(f"([{_IDENT}{_FIGURE}])")
_IDENTS, _FIGURES = slice(1, None, 4), slice(3, None, 4)  # places among the parts of a template


def table_content(table: Table, number: int = 0) -> str:
    """What stands between ``<caption>`` and ``</table>``.

    ``number``: the table's on its page, from 1, after which its heads are called. Without one they are called after the
    table, for HTML that may stand on a page with whatever else.
    """
    template = _template(table.layout)
    parts = list(template.parts)
    parts[_IDENTS] = [escape(table.ident)] * len(template.figures)
    parts[_FIGURES] = [_figure(table, path, table.figures[path]) for path in template.figures]
    return "".join(parts).replace(_HEADS, f"g{number}" if number else heads_ident(table.ident))


def table_errors(table: Table) -> str:
    """What stands under the table about figures with an error; empty without one."""
    return "".join(
        f'<p class="gov-error-text" id="{escape(error_ident(table.ident, number))}">{MARK}{number} {escape(error)}</p>\n'
        for number, error in enumerate(table.errors, start=1)
    )


def _figure(table: Table, path: str, figure: Figure) -> str:
    """A figure's cell behind its ``id`` and ``headers``, with all that can stand in it."""
    error = table.marks.get(path, 0)
    attributes = ' class="gov-invalid"' if figure.status is Status.INVALID else ""
    if error:
        attributes = f' class="gov-error" aria-describedby="{escape(error_ident(table.ident, error))}"'
    shown = escape(figure.shown(table.zero))
    parts = [f'<data value="{figure.number}">{shown}</data>' if figure.status is Status.NUMBER else shown]
    if remark := figure.remark():
        parts.append(f'<span class="gov-note">{escape(remark)}</span>')
    if error:
        parts.append(f'<sup class="gov-mark">{MARK}{error}</sup>')
    if beside := table.beside.get(path):
        parts.append(f'<span class="gov-compare">{escape(beside)}</span>')
    return f"{attributes}>{''.join(parts)}</td>\n"


class _Template(NamedTuple):
    """A structure's HTML with places for ids and figures."""

    parts: tuple[str, ...]  #: for each figure: what stands before the table's id, the id, what stands behind it, the cell
    figures: tuple[str, ...]  #: their key paths


@cache
def _template(layout: TableLayout) -> _Template:
    rows = [_colgroups(layout)]
    several = len(layout.blocks) > 1
    for block in layout.blocks:
        if several:
            rows += _rows("tbody", block.head + block.body, layout.name)
        else:
            rows += _rows("thead", block.head, layout.name)
            rows += _rows("tbody", block.body, layout.name)
    figures = tuple(cell.path for line in layout.lines for cell in line if cell.path)
    return _Template(tuple(_PLACES.split("".join(rows))), figures)


def _colgroups(layout: TableLayout) -> str:
    stubs = layout.blocks[0].stubs
    html: list[str] = []
    column = 0
    for span in layout.colgroups:
        classes = ("gov-stub" if column + n < stubs else "gov-figures" for n in range(span))
        cols = "".join(f'<col class="{name}" />' for name in classes)
        html.append(f"<colgroup>{cols}</colgroup>\n")
        column += span
    return "".join(html)


def _rows(tag: str, lines: tuple[tuple[Cell, ...], ...], table: str) -> Iterator[str]:
    yield f"<{tag}>\n"
    for line in lines:
        yield "<tr>"
        yield from (_place(cell, table) if cell.path else _head(cell) for cell in line)
        yield "</tr>\n"
    yield f"</{tag}>\n"


def _place(cell: Cell, table: str) -> str:
    key = f' data-gov-key="{table}.{cell.path}"'
    return f'<td id="{_IDENT}-{cell.path.replace(".", "-")}"{_spans(cell)}{_headers(cell)}{key}{_FIGURE}'


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
