"""Tables as HTML that is also well-formed XML, so that EPUB can contain it.

Blocks are below each other in one table, as the law prints it, but the column headers of a block do not apply to the next.
Chromium assigns a figure all column headers above and below it, whatever its ``headers`` are. On pages, each block is therefore
a separate table for assistive technology, by a role. The element ``table``, its rows and cells have no roles: browsers that do
not support such blocks still read one table, and the reading views of browsers drop elements with the role ``presentation``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape

from sphinx_govreport.core.forms.form import TABLES
from sphinx_govreport.core.forms.grid import Cell
from sphinx_govreport.core.forms.layout import TableLayout
from sphinx_govreport.core.reports.figures import Status
from sphinx_govreport.core.reports.packed import Figures

from .table import MARK, Table, error_ident, figure_ident, heads_ident

_IDENT, _HEADS = "\0", "\1"  # placeholders in a template for the table's id and the prefix of its header ids
LINE_BREAKS = re.compile(
    r"(?<=[0-9])(?=[+\-−][0-9])|(?<=[0-9a-z])(?=:[0-9])|(?<=[（(])(?=[0-9]{10})"
)  #: where lines may break: in sums, before line and column, and between a bracket and a number that needs a line of its own
SIGNS = re.compile(r"(?<![0-9A-Za-z])-(?=[0-9])")  #: signs of numbers: PDF and Word would break lines behind them
_FIGURE = re.compile("\2([^\2]*)\2")  # placeholder of the rest of a figure's cell; no text can contain these characters


def table_content(table: Table, number: int = 0) -> str:
    """Return the HTML between ``<caption>`` and ``</table>``.

    ``number``: the table's number on its page, from 1, which begins its header ids. Without it the ids follow from the table,
    for HTML on pages with any other content, and blocks have no roles, since editors keep only some of them.
    """
    template = _template(table.layout, has_roles=number > 0)
    template = template.replace(_HEADS, f"g{number}" if number else heads_ident(table.ident))
    numbers = _numbers(table)
    return _FIGURE.sub(
        lambda place: numbers.get(place[1]) or _figure(table, place[1]), template.replace(_IDENT, escape(table.ident))
    )


def table_errors(table: Table) -> str:
    """Return the errors of figures below the table; empty if there are none."""
    return "".join(
        f'<p class="gov-error-text" id="{escape(error_ident(table.ident, number))}">'
        f"{MARK}{number} {LINE_BREAKS.sub('<wbr />', escape(error))}</p>\n"
        for number, error in enumerate(table.errors, start=1)
    )


def _numbers(table: Table) -> dict[str, str]:
    """Return the cells that contain only a number, as most do, each as in :func:`_figure`."""
    if table.marks or table.comparisons:
        return {}
    zero, plain = escape(table.zero), Figures.of(table.figures, table.layout).plain
    return {
        path: f'><data value="{number.removeprefix("+")}">{zero if number == "0" else number}</data></td>\n'
        for path, number in zip(table.layout.indicators, plain, strict=True)
        if number is not None
    }


def _figure(table: Table, path: str) -> str:
    """Return a figure's cell after its ``id`` and ``headers``, with all its parts."""
    figure = table.figures[path]
    error = table.marks.get(path, 0)
    kind = {Status.INVALID: "gov-invalid", Status.TEXT: "gov-text"}.get(figure.status)
    attributes = f' class="{kind}"' if kind else ""
    if error:
        attributes = f' class="gov-error" aria-describedby="{escape(error_ident(table.ident, error))}"'
    shown = escape(figure.shown(table.zero))
    parts = [f'<data value="{figure.number}">{shown}</data>' if figure.status is Status.NUMBER else shown]
    if remark := figure.remark():
        parts.append(f'<span class="gov-note">{escape(remark)}</span>')
    if error:
        parts.append(f'<sup class="gov-mark">{MARK}{error}</sup>')
    if comparison := table.comparisons.get(path):
        parts.append(f'<span class="gov-compare">{escape(comparison)}</span>')
    return f"{attributes}>{''.join(parts)}</td>\n"


@lru_cache(maxsize=TABLES)
def _template(layout: TableLayout, *, has_roles: bool) -> str:
    """Return a form's table as HTML with placeholders for ids and figures, which is the same for all reports."""
    parts = [_colgroups(layout)]
    for block in layout.blocks:
        if len(layout.blocks) > 1:
            name = f' aria-labelledby="{_HEADS}-{block.title}"' if block.title else ""
            attributes = f' role="table"{name}' if has_roles else ""
            parts += _rows("tbody", block.head + block.body, layout.name, block.stubs, attributes)
        else:
            parts += _rows("thead", block.head, layout.name, block.stubs)
            parts += _rows("tbody", block.body, layout.name, block.stubs)
    return "".join(parts)


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


def _rows(tag: str, lines: tuple[tuple[Cell, ...], ...], table: str, stubs: int, attributes: str = "") -> Iterator[str]:
    yield f"<{tag}{attributes}>\n"
    for line in lines:
        yield "<tr>"
        yield from (_head(cell, stubs) if cell.scope else _place(cell, table) if cell.path else _unit(cell) for cell in line)
        yield "</tr>\n"
    yield f"</{tag}>\n"


def _place(cell: Cell, table: str) -> str:
    attributes = f'id="{figure_ident(_IDENT, cell.path)}"{_spans(cell)}{_headers(cell)} data-gov-key="{table}.{cell.path}"'
    return f"<td {attributes}\2{cell.path}\2"


def _unit(cell: Cell) -> str:
    return f'<td class="gov-unit"{_spans(cell)}{_headers(cell)}>{escape(cell.text)}</td>\n'


def _head(cell: Cell, stubs: int) -> str:
    label = escape(cell.text).replace("\n", "<br />")
    kind = f"gov-row-head gov-level-{cell.column}" if cell.is_row_head else "gov-head"
    if cell.scope == "col" and cell.column + cell.colspan <= stubs:
        kind += f" gov-corner gov-level-{cell.column}"
    return f'<th class="{kind}" id="{_HEADS}-{cell.ident}"{_spans(cell)} scope="{cell.scope}"{_headers(cell)}>{label}</th>\n'


def _spans(cell: Cell) -> str:
    rowspan = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    colspan = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    return rowspan + colspan


def _headers(cell: Cell) -> str:
    """Return the ``headers`` attribute; header ids are short, since nobody links to them, but each figure lists several."""
    return f' headers="{" ".join(f"{_HEADS}-{head}" for head in cell.headers)}"' if cell.headers else ""
