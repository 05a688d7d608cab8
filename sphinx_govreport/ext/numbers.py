"""Numbers of tables and charts: none by default, as in the official form; on request, they are counted on each page.

Sphinx counts through the whole site and LaTeX through a document. Here the caption contains the number, so that 表 1 is the
same in pages, PDF, Word and e-books.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

from .compat import label_of
from .domain.domain import GovDomain, domain_of
from .domain.targets import is_printed
from .nodes import GETTEXT, NUMBER_CLASS, gov_figure, gov_small_table, gov_table

_KINDS: dict[type[nodes.Node], str] = {gov_table: "table", gov_small_table: "table", gov_figure: "figure"}


class _Captioned(NamedTuple):
    """A table or chart of ours."""

    node: nodes.Element
    kind: str  #: as in ``numfig_format``
    number: int  #: 0: no number


def _captioned(domain: GovDomain, document: nodes.Node) -> Iterator[_Captioned]:
    """Yield the tables and charts of a page, or of all pages of a document, in document order."""
    counts: Counter[tuple[nodes.Node, str]] = Counter()
    for node in document.findall(lambda node: type(node) in _KINDS):
        assert isinstance(node, nodes.Element)
        kind = _KINDS[type(node)]
        is_numbered = node["numbered"] and is_printed(domain, node)
        counts[_page(node), kind] += is_numbered
        yield _Captioned(node, kind, counts[_page(node), kind] if is_numbered else 0)


def _page(node: nodes.Node) -> nodes.Node:
    """Return the page of a node: if several are in one document, Sphinx keeps their nodes below the document of each."""
    while node.parent is not None and not isinstance(node, addnodes.start_of_file):
        node = node.parent
    return node


class NumberCaptions(SphinxPostTransform):
    """Every builder: writes the numbers into captions, and converts small tables and charts into stock nodes."""

    default_priority = 4  # before captions are copied and tables are searched

    def is_supported(self) -> bool:
        """Return whether the builder writes pages, and any of them has such a caption."""
        domain = domain_of(self.env)
        return domain.build.builder.name != GETTEXT and bool(domain.captioned)

    def run(self, **kwargs: Any) -> None:
        """Replace the nodes."""
        for node, kind, number in list(_captioned(domain_of(self.env), self.document)):
            if number:
                captions = (child for child in node.children if isinstance(child, (nodes.title, nodes.caption)))
                caption = node.title() if isinstance(node, gov_table) else next(captions)
                form = str(self.config.numfig_format.get(kind, "%s"))
                shown = f"{form.replace('%s', str(number))} "
                caption.insert(0, nodes.inline("", shown, classes=[NUMBER_CLASS], kind=kind, number=number))
            if isinstance(node, (gov_small_table, gov_figure)):
                node.replace_self(node.stock())


def resolve_numref(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, contnode: nodes.Element
) -> nodes.reference | None:
    """Return a reference by number to one of our tables or charts; by title if it has no number."""
    label = label_of(env, node["reftarget"]) if node["reftype"] == "numref" else None
    if label is None:
        return None
    docname, ident, title = label
    for target, kind, number in _captioned(domain_of(env), env.get_doctree(docname)):
        if ident in target["ids"]:
            form = contnode.astext() if node["refexplicit"] else str(env.config.numfig_format.get(kind, "%s"))
            shown = form.replace("{name}", title)
            if number:
                shown = shown.replace("%s", str(number)).replace("{number}", str(number))
            elif "%s" in form or "{number}" in form:
                shown = title
            text = nodes.inline(shown, shown, classes=["std", "std-numref"])
            return make_refnode(app.builder, node.get("refdoc", env.docname), docname, ident, text)
    return None
