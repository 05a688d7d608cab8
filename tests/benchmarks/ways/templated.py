"""Sphinx extensions for arbitrary data: a template for reStructuredText, and items with a table of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

from sphinx_govreport.core.forms.grid import GridBlock
from sphinx_govreport.core.tables.table import Table
from tests.benchmarks import pages

from .rst import indented, list_tables
from .way import rst_way, save

TEMPLATE = "tables.rst.in"


def jinja(data: str) -> pages.Show:
    """Return a figure as a Jinja expression: ``data["requests"]["received"][0]``."""
    return lambda table, path: f"{{{{ {data}{''.join(f'[{key!r}]' for key in pages.written_at(table, path))} }}}}"


def _write_template(folder: Path, _pages: int) -> None:
    """Write one template for all pages; the loaded file is its variable ``data``."""
    caption = f"{{{{ data['agency'] }}}}{pages.YEAR}年"
    text = "".join(list_tables(table, jinja("data"), caption + table.layout.label) for table in pages.tables(0))
    save(folder / "_templates" / TEMPLATE, text)


class Kind:
    """A type of items: the rows of one block."""

    def __init__(self, table: Table, block: GridBlock, number: int) -> None:
        self.table = table
        self.name = f"row{number}"
        self.heads = [" ".join(heads).replace("\n", "") for heads in block.columns]
        self.rows = [
            (" ".join(heads).replace("\n", "") or table.layout.label, [cell.path for cell in line if cell.path])
            for heads, line in zip(block.rows or ((),), block.body, strict=True)
        ]

    def items(self, page: int) -> Iterator[str]:
        """Return an item for each row; only the table of items is shown."""
        for number, (title, paths) in enumerate(self.rows):
            fields = "".join(f":c{place}: {self.table.figures[path].text}\n" for place, path in enumerate(paths))
            ident = f"P{page:05}_{self.name.upper()}_{number:02}"
            yield f".. {self.name}:: {title}\n" + indented(f":id: {ident}\n:hide:\n{fields}") + "\n"

    def shown(self) -> str:
        """Return the table of the page's items."""
        columns = "; ".join(['title as "项目"', *(f'c{place} as "{head}"' for place, head in enumerate(self.heads))])
        options = f':filter: c.this_doc() and type == "{self.name}"\n:columns: {columns}\n:style: table\n:sort: id\n'
        return ".. needtable::\n" + indented(options) + "\n"


def _kinds(number: int) -> list[Kind]:
    numbers = count()
    return [Kind(table, block, next(numbers)) for table in pages.tables(number) for block in table.layout.blocks]


def _items(number: int) -> str:
    kinds = _kinds(number)
    return "".join(item for kind in kinds for item in kind.items(number)) + "".join(kind.shown() for kind in kinds)


def _item_settings() -> str:
    kinds = _kinds(0)
    types = [{"directive": kind.name, "title": kind.name, "prefix": "P", "color": "#fff", "style": "node"} for kind in kinds]
    text = {"schema": {"type": "string"}, "nullable": True}
    fields = {f"c{place}": text for place in range(max(len(kind.heads) for kind in kinds))}
    return f"needs_types = {types}\nneeds_fields = {fields}\n"


_DATATEMPLATES = rst_way(
    "datatemplates",
    "`datatemplate:yaml`, a Jinja template that prints `list-table`",
    lambda number: f".. datatemplate:yaml:: data/r{number:05}.yaml\n   :template: {TEMPLATE}\n",
    extensions=("sphinxcontrib.datatemplates",),
    settings='templates_path = ["_templates"]\n',
    has_data=True,
    peer="sphinxcontrib-datatemplates",
)


def _write_datatemplates(folder: Path, count: int) -> None:
    _DATATEMPLATES.write(folder, count)
    _write_template(folder, count)


WAYS = (
    _DATATEMPLATES._replace(write=_write_datatemplates),
    rst_way(
        "needs",
        "a need for each row, `needtable`",
        _items,
        extensions=("sphinx_needs",),
        settings=_item_settings(),
        peer="sphinx-needs",
    ),
)
