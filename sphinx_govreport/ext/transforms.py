"""Post-transforms of tables and quoted figures."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

from sphinx_govreport.core.diagnostics import translator
from sphinx_govreport.core.tables.html import table_errors
from sphinx_govreport.core.tables.style import digits_in, step_classes, years_classes
from sphinx_govreport.core.tables.table import Table, figure_ident, table_ident, table_of

from .compat import clean_astext
from .doctree_tables import KEEP_SPANS, KEEP_TEXT, flat_tables, protect, stock_nodes, widen
from .domain.domain import GovDomain, domain_of
from .domain.targets import is_printed
from .nodes import (
    CHINESE,
    FRAGMENT,
    GETTEXT,
    HTML_BREAK,
    QUOTE_CLASS,
    WORD,
    ancestors,
    gov_break,
    gov_grid,
    gov_quote,
    gov_scroll,
    gov_table,
    index_entry,
    insert_code,
    key_of,
    with_notes,
)

#: tables of stock cells that may be wider than a narrow screen
SMALL_TABLES = frozenset({"gov-check-table", "gov-comparison-table", "gov-chart-table", "gov-rollup-table"})
OWN_TABLES = SMALL_TABLES | {"gov-table"}
TEXT = "text"  #: the builder of plain text
_UNBROKEN = (nodes.table, nodes.figure, addnodes.hlist)  # LaTeX does not break their parts across pages

_CHINESE_WORD = re.compile("[\u4e00-\u9fff]")
_LETTERS = 6  # letters that fit into a column of years: 2024年 is no wider


class StockTables(SphinxPostTransform):
    """Converts each table into a stock one: with a leaf for HTML and Word, with stock cells for all other builders.

    Message catalogs contain only what authors can translate, which is the caption: it provides its messages itself.
    """

    default_priority = 5  # before captions, tables and links are processed

    def is_supported(self) -> bool:
        """Return whether the builder writes pages."""
        return domain_of(self.env).build.builder.name != GETTEXT

    def run(self, **kwargs: Any) -> None:
        """Replace the tables."""
        domain = domain_of(self.env)
        printed: set[str] = set()
        for leaf in list(self.document.findall(gov_table)):
            assert leaf.parent is not None
            if is_printed(domain, leaf):
                # the first printed table gets the table's own id, which another table that is not printed may have
                ident = table_ident(key_of(leaf), leaf["table"])
                if ident not in printed and ident not in leaf["ids"] and isinstance(self.document.ids.get(ident), gov_table):
                    leaf["ids"].append(ident)
                printed.add(ident)
                leaf.parent.replace(leaf, _stock(leaf, domain))
            else:
                leaf.parent.remove(leaf)


def _stock(leaf: gov_table, domain: GovDomain) -> list[nodes.Node]:
    """Return the nodes that replace a table, for the current builder."""
    build = domain.build
    table = _table(leaf, domain)
    stock = leaf.stock(table, build.library.entries[key_of(leaf)].forms[leaf["table"]])
    builder = build.builder.name
    if build.is_html or builder == WORD:
        return [stock]
    entry = index_entry(leaf["agency"], leaf["year"], table.layout.label, leaf["ids"][0])
    # a Chinese PDF with an index needs xindy, which few machines have, and the index would be of little use
    index = [] if builder == "latex" else [addnodes.index("", entries=[entry])]
    if builder not in KEEP_SPANS:
        return [*index, *flat_tables(stock, table, translator(domain.env.config.language))]
    return [*index, *stock_nodes(stock, table, builder)]


def _table(leaf: gov_table, domain: GovDomain) -> Table:
    """Return the table of a node, as this builder prints it."""
    library, config = domain.build.library, domain.env.config
    key = key_of(leaf)
    report = library.report(*key)
    if report is None:  # pages of a removed report have been read again without it
        raise KeyError(key)
    caption = leaf.get("rawcaption", leaf["caption"])  # in Chinese, unlike a translation
    table = table_of(report, library.forms, leaf["table"], caption=caption, zero=leaf["zero"])
    last = library.report(*key._replace(year=leaf["compare"])) if "compare" in leaf else None
    if last:
        table = table.compared(last, translator(config.language))
    if (domain.build.is_html or domain.build.builder.format == "latex") and config.govreport_mark_findings:
        return table.marked(domain.build.checked[key].errors(leaf["table"]), translator(config.language))
    return table


class FigureCells(SphinxPostTransform):
    """All builders except HTML, Word and catalogs: prevents broken, rounded or shifted figures in tables."""

    default_priority = 7  # when all tables have cells

    def is_supported(self) -> bool:
        """Return whether the builder's writer changes the content of cells, or may do so."""
        build = domain_of(self.env).build
        return not build.is_html and (build.builder.name == TEXT or build.builder.name not in {*KEEP_TEXT, WORD, GETTEXT})

    def run(self, **kwargs: Any) -> None:
        """Process our tables."""
        change = widen if domain_of(self.env).build.builder.name == TEXT else protect
        for table in self.document.findall(nodes.table):
            if OWN_TABLES.intersection(table["classes"]):
                for group in table.findall(nodes.tgroup):
                    change(group)


class NestedTables(SphinxPostTransform):
    """For builders that cannot show tables within tables, moves ours below the outermost one; their captions stay there.

    The writers of text and manual pages fail, Markdown mixes up the cells, and LaTeX cuts what is longer than a page. In manual
    pages, captions become paragraphs: above all sections, the writer would name the page after the last one and print none.
    """

    default_priority = 8  # when all tables have cells and captions

    def is_supported(self) -> bool:
        """Return whether the builder is none of HTML, XML, Word and catalogs."""
        build = domain_of(self.env).build
        return not build.is_html and build.builder.name not in {"xml", "pseudoxml", WORD, GETTEXT}

    def run(self, **kwargs: Any) -> None:
        """Move the tables, each with its notes."""
        is_man = domain_of(self.env).build.builder.name == "man"
        for table in reversed([one for one in self.document.findall(nodes.table) if OWN_TABLES.intersection(one["classes"])]):
            titles = [child for child in table.children if isinstance(child, nodes.title)]
            if outer := [one for one in ancestors(table) if isinstance(one, _UNBROKEN)]:
                moved = with_notes(table)
                for note in moved[1:]:
                    note.parent.remove(note)
                table.parent.replace(table, [nodes.paragraph("", title.astext()) for title in titles])
                outer[-1].parent.insert(outer[-1].parent.index(outer[-1]) + 1, moved)
            for title in titles if is_man else ():
                table.remove(title)
                table.parent.insert(table.parent.index(table), nodes.paragraph("", "", *title.children))


class ScrollTables(SphinxPostTransform):
    """HTML: gives each table a scroll container, its text, and ids that are unique on the page."""

    default_priority = 800  # after themes have wrapped tables in containers
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Wrap the tables."""
        is_fragment = domain_of(self.env).build.builder.name == FRAGMENT  # several may be pasted into one page
        is_foreign = not is_fragment and not (self.config.language or "en").startswith("zh")
        idents: Counter[str] = Counter()
        names: Counter[str] = Counter()
        # a list of to-dos contains copies of tables with their container
        for table in [one for one in self.document.findall(nodes.table) if not isinstance(one.parent, gov_scroll)]:
            grid = table[-1]
            if isinstance(grid, gov_grid):
                printed: Table = grid["printed"]
                idents[printed.ident] += 1
                if idents[printed.ident] > 1:  # the same table twice on a page
                    grid["printed"] = printed = printed._replace(ident=f"{printed.ident}-{idents[printed.ident]}")
                grid["number"] = 0 if is_fragment else idents.total()
                grid += nodes.Text(printed.text())  # for the site search, and for extensions that read the text of pages
                scroll = self._wrap(table, printed.caption, [] if is_fragment else step_classes(printed), table_errors(printed))
                if is_foreign:
                    grid["lang"] = CHINESE
                    scroll["lang"] = CHINESE if scroll["label"] == printed.caption else ""
            elif SMALL_TABLES.intersection(table["classes"]):
                self._name_breaks(table)
                insert_code(table, HTML_BREAK, "html")
                for words in table.findall(nodes.paragraph) if is_foreign and "gov-years" in table["classes"] else ():
                    if _CHINESE_WORD.search(words.astext()):  # in a form's own words; docutils writes the class as ``lang``
                        words["classes"].append(f"language-{CHINESE}")
                label = next((str(one["label"]) for one in ancestors(table) if "label" in one), "")  # of a chart
                scroll = self._wrap(table, label, [] if is_fragment else _stock_step_classes(table))
                # widths are in the style sheet: a strict Content-Security-Policy would refuse inline styles
                table["classes"] = [name for name in table["classes"] if name != "colwidths-given"]
            else:
                continue
            name = scroll["label"]
            names[name] += 1
            if names[name] > 1:  # each is a landmark of the page and needs a unique name
                scroll["label"] = f"{name} ({names[name]})"

    def _name_breaks(self, table: nodes.table) -> None:
        """Add a text for screen readers to column headers before which forms change."""
        for entry in table.findall(nodes.entry):
            if "break" in entry:
                words = entry[0]
                assert isinstance(words, nodes.paragraph)
                words += gov_break("", label=entry["break"])

    def _wrap(self, table: nodes.table, caption: str, classes: list[str], errors: str = "") -> gov_scroll:
        parent = table.parent
        if isinstance(parent, nodes.container):  # a theme's wrapper that repeats the ids of the table
            parent["ids"] = [ident for ident in parent["ids"] if ident not in table["ids"]]
        title = clean_astext(table[0]) if isinstance(table[0], nodes.title) else caption
        scroll = gov_scroll("", label=title, errors=errors, classes=classes)
        parent.replace(table, scroll)
        scroll += table
        return scroll


def _stock_step_classes(table: nodes.table) -> list[str]:
    """Return the same classes for a table of figures by year or agency; a table of sentences does not scroll."""
    if "gov-years" not in table["classes"]:
        return []
    cells = [clean_astext(entry) for row in table.findall(nodes.row) for entry in list(row.findall(nodes.entry))[1:]]
    return years_classes(len(list(table.findall(nodes.colspec))) - 1, max(max(map(digits_in, cells)), _LETTERS))


class LinkQuotes(SphinxPostTransform):
    """HTML: adds the exact number to a figure in a sentence, and a link to its cell if a page prints the table."""

    default_priority = 800
    formats = ("html",)

    def is_supported(self) -> bool:
        """Return whether a page quotes a figure."""
        return super().is_supported() and bool(domain_of(self.env).quotes)

    def run(self, **kwargs: Any) -> None:
        """Link the figures."""
        domain = domain_of(self.env)
        here = self.env.docname
        for inline in list(self.document.findall(nodes.inline)):
            if QUOTE_CLASS not in inline["classes"] or isinstance(inline, gov_quote):  # a copy in a list of to-dos
                continue
            quote = gov_quote(inline.rawsource, "", *inline.children, **inline.attributes)
            inline.replace_self(quote)
            is_in_link = any("refuri" in up or "refid" in up for up in ancestors(quote))  # HTML has no link within a link
            if "path" not in quote or is_in_link:  # a sum or a change has no cell
                continue
            key = (key_of(quote), quote["table"])
            if target := domain.placement.canonical_docname(*key, here):
                ident = figure_ident(table_ident(*key), quote["path"])
                link = make_refnode(domain.build.builder, here, target, ident, list(quote.children))
                quote.clear()
                quote += link
