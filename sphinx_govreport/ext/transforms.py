"""What happens to tables on their way to a builder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

from ..core.tables import figure_ident, labels, labels_mark, table_ident
from .asker import INDEX_CLASS
from .config import is_chinese
from .domain import domain_of
from .latex import latex_page
from .nodes import WORD, gov_grid, gov_quote, gov_scroll

if TYPE_CHECKING:
    from sphinx.application import Sphinx


#: tables of stock cells that may be wider than a narrow screen
SMALL_TABLES = frozenset({"gov-check-table", "gov-comparison-table", "gov-chart-table", "gov-rollup-table"})


def _tables(document: nodes.document) -> Iterator[tuple[nodes.table, gov_grid]]:
    for grid in list(document.findall(gov_grid)):
        table = grid.parent
        assert isinstance(table, nodes.table)
        yield table, grid


class ScrollTables(SphinxPostTransform):
    """HTML: each table gets a container to scroll in, and its words for the site search."""

    default_priority = 800  # behind the themes that wrap tables in containers of their own
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Wrap the tables."""
        domain = domain_of(self.env)
        is_short = is_chinese(self.config)
        for table, grid in _tables(self.document):
            printed = domain.table(grid)
            heads = labels_mark(printed.structure) if is_short else labels(printed.structure)
            grid += nodes.Text(" ".join((heads, *printed.words())))
            self._wrap(table, grid["caption"])
        for table in list(self.document.findall(nodes.table)):
            if SMALL_TABLES.intersection(table["classes"]):
                self._wrap(table, table.parent.get("label", ""))
                # the style sheet has the widths: as styles in the page a strict Content-Security-Policy would refuse them
                table["classes"] = [name for name in table["classes"] if name != "colwidths-given"]

    def _wrap(self, table: nodes.table, caption: str) -> None:
        parent = table.parent
        if isinstance(parent, nodes.container):  # a theme's wrapper that repeats the ids of the table
            parent["ids"] = [ident for ident in parent["ids"] if ident not in table["ids"]]
        title = table[0].astext() if isinstance(table[0], nodes.title) else caption
        scroll = gov_scroll("", label=title)
        parent.replace(table, scroll)
        scroll += table


class ForgetIndexEntries(SphinxPostTransform):
    """HTML: the general index has our entries by now. The site search would lose them on pages that are not written again.

    LaTeX: a PDF in Chinese with an index needs xindy, which few machines have; without an index it needs nothing more.
    """

    default_priority = 800
    formats = ("html", "latex")

    def run(self, **kwargs: Any) -> None:
        """Take the entries out."""
        for index in list(self.document.findall(addnodes.index)):
            if INDEX_CLASS in index.get("classes", ()):
                index.parent.remove(index)


class LinkQuotes(SphinxPostTransform):
    """HTML: a figure in a sentence leads to its cell, where a page prints the table."""

    default_priority = 800
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Link the figures."""
        domain = domain_of(self.env)
        here = self.env.docname
        for quote in self.document.findall(gov_quote):
            if "path" not in quote:  # a sum or a change has no cell of its own
                continue
            key = (quote["agency"], quote["year"], quote["table"])
            target = domain.places.best(*key, here)
            if target:
                ident = figure_ident(table_ident(*key), quote["path"])
                link = make_refnode(domain.builder, here, target, ident, list(quote.children))
                quote.children = []
                quote += link


class StockTables(SphinxPostTransform):
    """All builders that cannot write the leaf: each table gets stock cells."""

    default_priority = 100  # before builders look at the cells of tables

    def is_supported(self) -> bool:
        """Whatever does not write the leaf itself, as HTML and Word do."""
        domain = domain_of(self.env)
        return not domain.is_html and domain.builder.name != WORD

    def run(self, **kwargs: Any) -> None:
        """Put stock cells in the place of the leaf."""
        from .stock import stock_nodes  # no HTML build needs it

        domain = domain_of(self.env)
        is_official = bool(latex_page(self.config))
        for table, grid in _tables(self.document):
            table.replace_self(stock_nodes(table, domain.table(grid), domain.builder.name, is_official=is_official))


def setup(app: Sphinx) -> None:
    """Register the transforms."""
    app.add_post_transform(ScrollTables)
    app.add_post_transform(ForgetIndexEntries)
    app.add_post_transform(LinkQuotes)
    app.add_post_transform(StockTables)
