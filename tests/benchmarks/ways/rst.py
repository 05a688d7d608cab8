"""Sphinx and reStructuredText: no table at all, ready-made HTML, this extension, and the tables of docutils."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinx_govreport.core.forms.grid import Cell, GridBlock
from sphinx_govreport.core.tables.table import Table
from tests.benchmarks import pages

from .way import rst_way


def indented(text: str, by: int = 3) -> str:
    """Return a text as the content of a directive."""
    return re.sub("^(?=.)", " " * by, text, flags=re.MULTILINE)


def cells(table: Table, block: GridBlock, show: pages.Show) -> Iterator[list[str]]:
    """Return a block's rows of texts. Covered cells of a merged cell are empty, because these tables have no merged cells."""
    places = [column.place for column in pages.columns(table.layout, block)]

    def text(cell: Cell) -> str:
        return show(table.layout.name, cell.path) if cell.path else cell.text.replace("\n", "")

    for line in (*block.head, *block.body):
        row = {cell.column: text(cell) for cell in line}
        yield [row.get(place, "") for place in places]


def options(table: Table, block: GridBlock) -> str:
    """Return a careful author's options of a table: header rows, row headers and column widths."""
    widths = " ".join(str(column.width) for column in pages.columns(table.layout, block))
    stubs = f"   :stub-columns: {block.stubs}\n" if block.stubs else ""
    return f"   :header-rows: {len(block.head)}\n{stubs}   :widths: {widths}\n\n"


def list_tables(table: Table, show: pages.Show, caption: str) -> str:
    """Return a table for each block, because header rows are at the top of a table only."""
    parts = []
    for number, block in enumerate(table.layout.blocks):
        rows = (
            "".join(f"   {'*' if not place else ' '} - {text}".rstrip() + "\n" for place, text in enumerate(row))
            for row in cells(table, block, show)
        )
        parts.append(
            f".. list-table:: {caption if not number else ''}".rstrip() + f"\n{options(table, block)}{''.join(rows)}\n"
        )
    return "".join(parts)


def figures_of(table: Table) -> pages.Show:
    """Return the figures themselves."""
    return lambda _table, path: table.figures[path].text


def _raw(number: int) -> str:
    return "".join(f".. raw:: html\n\n{indented(pages.raw_html(table))}\n" for table in pages.tables(number))


def _list_tables(number: int) -> str:
    return "".join(list_tables(table, figures_of(table), table.caption) for table in pages.tables(number))


def _csv_tables(number: int) -> str:
    return "".join(
        f".. csv-table:: {table.caption if not place else ''}".rstrip()
        + f"\n{options(table, block)}"
        + "".join(indented(",".join(f'"{text}"' for text in row)) + "\n" for row in cells(table, block, figures_of(table)))
        + "\n"
        for table in pages.tables(number)
        for place, block in enumerate(table.layout.blocks)
    )


WAYS = (
    rst_way("plain", "the pages without tables", lambda _number: ""),
    rst_way("raw", "ready-made HTML, `raw`", _raw),
    *(
        rst_way(
            name,
            about,
            lambda _number: ".. gov-disclosure-table::\n",
            extensions=extensions,
            settings='govreport_data = ["data"]\n',
            has_data=True,
        )
        for name, about, extensions in (
            ("directive", "`gov-disclosure-table`", ("sphinx_govreport",)),
            ("directive-large", "the same, with `large_sites`", ("sphinx_govreport", "sphinx_govreport.large_sites")),
        )
    ),
    rst_way("list-table", "`list-table`", _list_tables),
    rst_way("csv-table", "`csv-table`", _csv_tables),
)
