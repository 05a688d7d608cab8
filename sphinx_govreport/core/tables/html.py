"""A table as HTML: well-formed as XML too, so that EPUB can have it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from sphinx_govreport.core.forms.grid import Cell
from sphinx_govreport.core.forms.layout import TableLayout
from sphinx_govreport.core.reports.figures import Figure, Status

from .table import MARK, Table, error_ident, figure_ident, heads_ident


def table_content(table: Table, number: int = 0) -> str:
    """What stands between ``<caption>`` and ``</table>``.

    ``number``: the table's on its page, from 1, after which its heads are called. Without one they are called after the
    table, for HTML that may stand on a page with whatever else.
    """
    heads = f"g{number}" if number else heads_ident(table.ident)
    parts = [_colgroups(table.layout)]
    several = len(table.layout.blocks) > 1
    for block in table.layout.blocks:
        if several:
            parts += _rows("tbody", block.head + block.body, table, heads)
        else:
            parts += _rows("thead", block.head, table, heads)
            parts += _rows("tbody", block.body, table, heads)
    return "".join(parts)


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


def _rows(tag: str, lines: tuple[tuple[Cell, ...], ...], table: Table, heads: str) -> Iterator[str]:
    yield f"<{tag}>\n"
    for line in lines:
        yield "<tr>"
        yield from (_cell(cell, table, heads) if cell.path else _head(cell, heads) for cell in line)
        yield "</tr>\n"
    yield f"</{tag}>\n"


def _cell(cell: Cell, table: Table, heads: str) -> str:
    ident, key = figure_ident(escape(table.ident), cell.path), f"{table.layout.name}.{cell.path}"
    attributes = f'id="{ident}"{_spans(cell)}{_headers(cell, heads)} data-gov-key="{key}"'
    return f"<td {attributes}{_figure(table, cell.path, table.figures[cell.path])}"


def _head(cell: Cell, heads: str) -> str:
    label = escape(cell.text).replace("\n", "<br />")
    kind = f"gov-row-head gov-level-{cell.column}" if cell.is_row_head else "gov-head"
    attributes = f'{_spans(cell)} scope="{cell.scope}"{_headers(cell, heads)}'
    return f'<th class="{kind}" id="{heads}-{cell.ident}"{attributes}>{label}</th>\n'


def _spans(cell: Cell) -> str:
    rowspan = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    colspan = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    return rowspan + colspan


def _headers(cell: Cell, heads: str) -> str:
    """``heads``: what the ids of the heads begin with. Nobody links to them, but each figure names several."""
    return f' headers="{" ".join(f"{heads}-{head}" for head in cell.headers)}"' if cell.headers else ""
