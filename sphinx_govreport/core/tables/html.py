"""A table as HTML: well-formed as XML too, so that EPUB can have it.

Blocks lie below each other as one table that the law prints, but the column heads of one are none of the next. Chromium gives a
figure all column heads above and below it, whatever its ``headers`` say. On pages, each block is therefore a table of its own
for assistive technology, by a role. Neither the element ``table`` nor rows and cells have roles: browsers that do not know such
blocks read one table as ever, and reading views of browsers drop what calls itself a presentation.
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

_IDENT, _HEADS = "\0", "\1"  # stand in a template for the table's id, and for what the ids of its heads begin with
SIGNS = re.compile(
    r"(?<=[0-9])(?=[+\-−][0-9])|(?<=[0-9a-z])(?=:[0-9])"
)  #: where lines may break: in sums, and before line and column
_FIGURE = re.compile("\2([^\2]*)\2")  # stands for the rest of a figure's cell; no text can hold any of them


def table_content(table: Table, number: int = 0) -> str:
    """What stands between ``<caption>`` and ``</table>``.

    ``number``: the table's on its page, from 1, after which its heads are called. Without one they are called after the
    table, for HTML that may stand on a page with whatever else, and blocks have no roles, of which editors keep some.
    """
    template = _template(table.layout, has_roles=number > 0)
    template = template.replace(_HEADS, f"g{number}" if number else heads_ident(table.ident))
    numbers = _numbers(table)
    return _FIGURE.sub(
        lambda place: numbers.get(place[1]) or _figure(table, place[1]), template.replace(_IDENT, escape(table.ident))
    )


def table_errors(table: Table) -> str:
    """What stands under the table about figures with an error; empty without one."""
    return "".join(
        f'<p class="gov-error-text" id="{escape(error_ident(table.ident, number))}">'
        f"{MARK}{number} {_breakable(escape(error))}</p>\n"
        for number, error in enumerate(table.errors, start=1)
    )


def _breakable(shown: str) -> str:
    """Let a line break before a sign between numbers: a long sum has no other place, and numbers are not to be broken."""
    return SIGNS.sub("<wbr />", shown)


def _numbers(table: Table) -> dict[str, str]:
    """The cells with nothing but a number, as most are, each as in :func:`_figure`."""
    if table.marks or table.comparisons:
        return {}
    zero, plain = escape(table.zero), Figures.of(table.figures, table.layout).plain
    return {
        path: f'><data value="{number.removeprefix("+")}">{zero if number == "0" else number}</data></td>\n'
        for path, number in zip(table.layout.indicators, plain, strict=True)
        if number is not None
    }


def _figure(table: Table, path: str) -> str:
    """A figure's cell behind its ``id`` and ``headers``, with all that can stand in it."""
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
    """A form's table as HTML, with places for ids and figures: it is the same in all reports."""
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
    """Nobody links to heads, but each figure names several."""
    return f' headers="{" ".join(f"{_HEADS}-{head}" for head in cell.headers)}"' if cell.headers else ""
