"""A table as HTML: well-formed as XML too, so that EPUB can have it."""

from __future__ import annotations

from functools import cache
from html import escape

from .figures import Figure, Status
from .structure import Cell, Structure
from .tables import MARK, Table, error_ident

_IDENT = "\0"  # stands for the table's id in a template; no text can hold it
_BREAK = "<br />"


def table_content(table: Table) -> str:
    """What stands between ``<caption>`` and ``</table>``."""
    figures = table.figures
    zero = escape(table.zero)
    is_plain = not table.marks and not table.beside
    body = "".join(
        part
        if isinstance(part, str)
        else _plain(figure, zero)
        if _is_plain(figure := figures[part[0]]) and is_plain
        else _figure(table, part[0], figure, zero)
        for part in _template(table.structure)
    )
    return body.replace(_IDENT, escape(table.ident))


def table_errors(table: Table) -> str:
    """What stands under the table about figures with an error; empty without one."""
    return "".join(
        f'<p class="gov-error-text" id="{escape(error_ident(table.ident, number))}">{MARK}{number} {escape(error)}</p>\n'
        for number, error in enumerate(table.errors, start=1)
    )


def _is_plain(figure: Figure) -> bool:
    """Whether nothing but a number stands in the cell, as in most."""
    return figure.status is Status.NUMBER and not figure.unit and not figure.note


def _plain(figure: Figure, zero: str) -> str:
    """Such a cell behind its ``id`` and ``headers``."""
    return f'><data value="{figure.number}">{zero if figure.text == "0" else figure.text}</data></td>\n'


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


@cache
def _template(structure: Structure) -> tuple[str | tuple[str], ...]:
    """A structure's HTML with places for the figures, named by their key path."""
    parts: list[str | tuple[str]] = [_colgroups(structure)]
    several = len(structure.blocks) > 1
    for block in structure.blocks:
        if several:
            _rows(parts, "tbody", block.head + block.body, structure.name)
        else:
            _rows(parts, "thead", block.head, structure.name)
            _rows(parts, "tbody", block.body, structure.name)
    return tuple(_joined(parts))


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
    return f'<th class="{kind}" id="{_IDENT}-{cell.ident}"{attributes}>{label}</th>\n'


def _spans(cell: Cell) -> str:
    rowspan = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    colspan = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    return rowspan + colspan


def _headers(cell: Cell) -> str:
    return f' headers="{" ".join(f"{_IDENT}-{head}" for head in cell.headers)}"' if cell.headers else ""


def _joined(parts: list[str | tuple[str]]) -> list[str | tuple[str]]:
    """The same with neighbouring strings put together."""
    joined: list[str | tuple[str]] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return joined
