"""A table as HTML: well-formed as XML too, so that EPUB can have it."""

from __future__ import annotations

from functools import cache
from html import escape

from .figures import Figure, Status
from .structure import Cell, GridBlock, Structure
from .tables import MARK, Table, error_ident

_IDENT = "\0"  # stands for the table's id in a template; no text can hold it
_BREAK = "<br />"


def table_content(table: Table) -> str:
    """What stands between ``<caption>`` and ``</table>``."""
    parts = _template(table.structure)
    figures = table.figures
    zero = escape(table.zero)
    marks = table.marks
    beside = table.beside
    body = "".join(
        part
        if isinstance(part, str)
        else _figure(figures[part[0]], zero, marks.get(part[0], 0), beside.get(part[0], "") if beside else "")
        for part in parts
    )
    return body.replace(_IDENT, escape(table.ident))


def table_errors(table: Table) -> str:
    """What stands under the table about figures with an error; empty without one."""
    return "".join(
        f'<p class="gov-error-text" id="{escape(error_ident(table.ident, number))}">{MARK}{number} {escape(error)}</p>\n'
        for number, error in enumerate(table.errors, start=1)
    )


def _figure(figure: Figure, zero: str, error: int = 0, beside: str = "") -> str:
    """A figure's cell behind its ``id`` and ``headers``; ``error`` is the number of the error in which it takes part."""
    if beside:
        told = f'<span class="gov-compare">{escape(beside)}</span></td>'
        return _figure(figure, zero, error).replace("</td>", told)
    if error:
        about = f' class="gov-error" aria-describedby="{error_ident(_IDENT, error)}"'
        return about + _figure(figure, zero).replace("</td>", f'<sup class="gov-mark">{MARK}{error}</sup></td>')
    if figure.status is Status.NUMBER and not figure.unit and not figure.note:
        return f'><data value="{figure.number}">{zero if figure.text == "0" else figure.text}</data></td>\n'
    shown = escape(figure.shown())
    if figure.status is Status.NUMBER:
        remark = f'<span class="gov-note">{escape(figure.remark())}</span>'
        return f'><data value="{figure.number}">{zero if figure.text == "0" else shown}</data>{remark}</td>\n'
    kind = ' class="gov-invalid"' if figure.status is Status.INVALID else ""
    remark = f'<span class="gov-note">{escape(figure.remark())}</span>' if figure.remark() else ""
    return f"{kind}>{shown}{remark}</td>\n"


@cache
def _template(structure: Structure) -> tuple[str | tuple[str], ...]:
    """A structure's HTML with places for the figures, named by their key path."""
    parts: list[str | tuple[str]] = [_colgroups(structure)]
    several = len(structure.blocks) > 1
    for block in structure.blocks:
        if several:
            _rows(parts, "tbody", block.head + block.body, block)
        else:
            _rows(parts, "thead", block.head, block)
            _rows(parts, "tbody", block.body, block)
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


def _rows(parts: list[str | tuple[str]], tag: str, lines: tuple[tuple[Cell, ...], ...], block: GridBlock) -> None:
    parts.append(f"<{tag}>\n")
    for line in lines:
        parts.append("<tr>")
        for cell in line:
            if cell.path:
                parts.append(f'<td id="{_IDENT}-{cell.path.replace(".", "-")}"{_spans(cell)}{_headers(cell)}')
                parts.append((cell.path,))
            else:
                parts.append(_head(cell, block))
        parts.append("</tr>\n")
    parts.append(f"</{tag}>\n")


def _head(cell: Cell, block: GridBlock) -> str:
    label = escape(cell.text).replace("\n", _BREAK)
    kind = f"gov-row-head gov-level-{cell.column}" if cell.column < block.stubs and cell.scope == "row" else "gov-head"
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
