"""The tables on pages, and which of them a builder prints: only those can be referred to, listed and offered.

Sphinx removes the content of ``only`` and ``ifconfig`` when a page is written, so two builders may print different parts of
the same page. The conditions are recorded when pages are read, and evaluated in each build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from functools import cache

from docutils import nodes
from sphinx.application import Sphinx

from sphinx_govreport.core.forms.form import filled
from sphinx_govreport.core.library.library import Library
from sphinx_govreport.core.reports.report import ReportKey
from sphinx_govreport.core.tables.names import Target, title_of
from sphinx_govreport.core.tables.table import table_ident
from sphinx_govreport.ext import compat
from sphinx_govreport.ext.nodes import (
    IndexEntry,
    ancestors,
    gov_downloads,
    gov_figure,
    gov_small_table,
    gov_table,
    index_entry,
    key_of,
)

from .domain import Condition, GovDomain, Key, ObjectEntry, Placement, domain_of, pages_by_key
from .likenesses import compare_texts

_TODO, _CONFIG, _ONLY = "todo_node", "ifconfig", "only"
_CONDITIONAL = (_TODO, _CONFIG, _ONLY)


def note_places(app: Sphinx, doctree: nodes.document) -> None:
    """Record the tables of a page, and the positions of downloads, after parsing and transforms."""
    domain, docname = domain_of(app.env), app.env.docname
    if docname not in domain.dependencies:
        return
    for node in doctree.findall(lambda node: isinstance(node, (gov_table, gov_downloads, gov_small_table, gov_figure))):
        assert isinstance(node, nodes.Element)
        if isinstance(node, (gov_table, gov_downloads)):
            domain.note_place(docname, (key_of(node), node.get("table", "")), tuple(conditions_of(node)))
        if node.get("numbered") or isinstance(node, (gov_small_table, gov_figure)):
            domain.captioned[docname] = True


def conditions_of(node: nodes.Node) -> Iterator[Condition]:
    """Yield the conditions for printing a node."""
    return ((one.tagname, str(one.get("expr", ""))) for one in ancestors(node) if one.tagname in _CONDITIONAL)


def is_printed(domain: GovDomain, node: nodes.Node) -> bool:
    """Return whether this builder prints a node."""
    return all(map(domain.placement.holds, conditions_of(node)))


def place_tables(app: Sphinx) -> None:
    """Determine what this builder prints, and on which pages, when all pages have been read."""
    domain = domain_of(app.env)
    placement = _placement(app, domain)
    domain.place(placement)
    _index_tables(domain, placement.tables if app.config.govreport_index_tables else {})


def _placement(app: Sphinx, domain: GovDomain) -> Placement:
    holds = cache(lambda condition: _holds(app, *condition))
    output = compat.pages_of_toctrees(app.env) if app.builder.name == "singlehtml" else app.env.found_docs
    printed = dict(_printed(domain, holds, output))
    tables = {docname: tuple(key for key in keys if key[1]) for docname, keys in printed.items()}
    tables = {docname: keys for docname, keys in tables.items() if keys}
    downloads = {docname: frozenset(report for report, _table in keys) for docname, keys in printed.items()}
    reports = {docname: page for docname, page in domain.pages.items() if docname in output}
    pages = pages_by_key(tables, reports)
    pdfs = sorted(domain.build.pdfs.items(), reverse=True)  # the first page of a report comes last and wins
    return Placement(
        holds=holds,
        reports=reports,
        tables=tables,
        downloads=downloads,
        has_download_places=any(not table for keys in printed.values() for _report, table in keys),
        pages=pages,
        pdfs={key: path for docname, path in pdfs for key in downloads.get(docname, ())},
        objects=cache(lambda: tuple(_objects(domain, pages))),  # only an inventory and a search index use them
        findings=compare_texts(domain),
    )


def _index_tables(domain: GovDomain, tables: Mapping[str, tuple[Key, ...]]) -> None:
    """Replace the entries of all tables in the general index by those of ``tables``."""
    library = domain.build.library
    for docname, places in domain.placed.items():
        targets = {table_ident(*key) for key in places}
        entries = [_index_entry(library, *key) for key in tables.get(docname, ()) if key[0] in library.entries]
        compat.replace_index_entries(domain.env, docname, targets, entries)


def _index_entry(library: Library, key: ReportKey, table: str) -> IndexEntry:
    form = library.forms[library.entries[key].forms[table]]
    return index_entry(key.agency, key.year, filled(form.table(table), key.year).label, table_ident(key, table))


def _printed(domain: GovDomain, holds: Callable[[Condition], bool], output: Set[str]) -> Iterator[tuple[str, list[Key]]]:
    """Yield the pages of the output that print something, with its keys."""
    for docname in sorted(domain.placed.keys() & output):
        keys = [key for key, places in domain.placed[docname].items() if any(all(map(holds, place)) for place in places)]
        if keys:
            yield docname, keys


def _holds(app: Sphinx, kind: str, expression: str) -> bool:
    if kind == _ONLY:
        return compat.tag_holds(app, expression)
    if kind == _TODO:
        return bool(getattr(app.config, "todo_include_todos", False))
    return compat.config_holds(app, expression)


def _objects(domain: GovDomain, pages: Mapping[Key, tuple[str, ...]]) -> Iterator[ObjectEntry]:
    library = domain.build.library
    for report, table in sorted(pages if domain.env.config.govreport_index_tables else (key for key in pages if not key[1])):
        docname = pages[report, table][0]
        entry = library.entries.get(report)
        if entry:
            target = Target(report, table)
            title = domain.page_title(docname)
            if table:
                title = title_of(target, entry.published_by, library.forms[entry.forms[table]].table(table))
            yield target.name, title, "table" if table else "report", docname, target.anchor, -1
