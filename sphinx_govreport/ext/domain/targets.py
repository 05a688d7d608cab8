"""What stands on pages, and what of it a builder prints: only that can be referred to, listed and offered.

Sphinx takes out what stands behind ``only`` and ``ifconfig`` when a page is written, so that two builders may print different
things of the same page. Pages are remembered with the conditions; which of them hold is worked out on each build.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.utils import Reporter

from sphinx_govreport.core.tables.table import table_ident
from sphinx_govreport.ext.nodes import gov_downloads, gov_table, index_entry

from .domain import Condition, GovDomain, domain_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_TODO, _CONFIG, _ONLY = "todo_node", "ifconfig", "only"
_CONDITIONAL = (_TODO, _CONFIG, _ONLY)


def note_places(app: Sphinx, doctree: nodes.document) -> None:
    """Remember the tables of a page, and the places for downloads, as they have come out of parsers and transforms."""
    domain, docname = domain_of(app.env), app.env.docname
    if docname not in domain.uses:
        return
    for node in doctree.findall(lambda node: isinstance(node, (gov_table, gov_downloads))):
        assert isinstance(node, nodes.Element)
        domain.note_place(docname, (node["agency"], node["year"], node.get("table", "")), tuple(conditions_of(node)))


def conditions_of(node: nodes.Node) -> Iterator[Condition]:
    """What must hold for a node to be printed."""
    parent = node.parent
    while parent is not None:
        if parent.tagname in _CONDITIONAL:
            yield parent.tagname, str(parent.get("expr", ""))
        parent = parent.parent


def unmet(app: Sphinx, conditions: Iterable[Condition]) -> frozenset[Condition]:
    """The conditions that do not hold in this build."""
    return frozenset(one for one in conditions if not _holds(app, *one))


def _holds(app: Sphinx, kind: str, expression: str) -> bool:
    if kind == _ONLY:
        with suppress(Exception):  # Sphinx says what is wrong, and prints it
            return bool(app.tags.eval_condition(expression))
        return True
    if kind == _TODO:
        return bool(getattr(app.config, "todo_include_todos", False))
    from sphinx.ext.ifconfig import ifconfig, process_ifconfig_nodes  # a page has one

    page = nodes.document(None, Reporter("", Reporter.SEVERE_LEVEL, Reporter.SEVERE_LEVEL))  # type: ignore[arg-type]
    page += ifconfig("", nodes.comment(), expr=expression)
    process_ifconfig_nodes(app, page, "")
    return any(isinstance(child, nodes.comment) for child in page.children)


def pages_of_output(app: Sphinx) -> frozenset[str]:
    """The pages that the output has. All pages in one are those that its tables of contents name."""
    if app.builder.name != "singlehtml":
        return frozenset(app.env.found_docs)
    found: set[str] = set()
    todo = [app.config.root_doc]
    while todo:
        docname = todo.pop()
        if docname not in found:
            found.add(docname)
            todo += app.env.toctree_includes.get(docname, ())
    return frozenset(found)


def settle(app: Sphinx, env: BuildEnvironment) -> None:
    """All pages are read: work out what this builder prints, and where."""
    domain = domain_of(env)
    conditions = {one for places in domain.placed.values() for place in places.values() for each in place for one in each}
    domain.settle(unmet(app, conditions), pages_of_output(app))
    _list_in_index(domain)


def _list_in_index(domain: GovDomain) -> None:
    """The general index has the tables that are printed."""
    entries = domain.env.get_domain("index").data["entries"]
    for docname, places in domain.placed.items():
        idents = {table_ident(*key) for key in places}
        others = [entry for entry in entries.get(docname, ()) if entry[2] not in idents]
        entries[docname] = [*others, *_entries(domain, docname)]


def _entries(domain: GovDomain, docname: str) -> Iterator[tuple[str, str, str, str, None]]:
    for agency, year, table in domain.tables.get(docname, ()):
        entry = domain.library.entries.get((agency, year))
        if entry:
            label = domain.library.forms[entry.forms[table]].table(table).label
            yield index_entry(agency, year, label, table_ident(agency, year, table))
