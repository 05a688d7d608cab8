"""Building blocks of generated pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

Cell = nodes.Node | str | Sequence["nodes.Node | str"]

_logger = logging.getLogger(__name__)


class Generated(SphinxDirective):
    """A directive that prints information from the code."""

    def paragraph(self, written: str) -> nodes.paragraph:
        """Return a paragraph of English text from the code; it is translated like the text of the page."""
        node = nodes.paragraph(written, written)
        node.source, node.line = self.get_source_info()
        return node

    def fixed(self, written: str) -> nodes.paragraph:
        """Return a paragraph of text that is already in the page's language."""
        return nodes.paragraph("", written, translatable=False)

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[int]) -> nodes.table:
        """Return a table. Text in a cell is English and is translated; nodes are printed as they are."""
        group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in widths), cols=len(widths))
        group += nodes.thead("", self._row(heads))
        group += nodes.tbody("", *(self._row(row) for row in rows))
        return nodes.table("", group, classes=["colwidths-given"])

    def _row(self, cells: Sequence[Cell]) -> nodes.row:
        return nodes.row("", *(nodes.entry("", self._cell(cell)) for cell in cells))

    def _cell(self, cell: Cell) -> nodes.Node:
        if isinstance(cell, nodes.Node):
            return cell if isinstance(cell, nodes.paragraph) else nodes.paragraph("", "", cell, translatable=False)
        if isinstance(cell, str):
            return self.paragraph(cell)
        parts = (nodes.Text(part) if isinstance(part, str) else part for part in cell)
        return nodes.paragraph("", "", *parts, translatable=False)

    def named(self, kind: str, name: str) -> str:
        """Register ``name`` as a target on this page. Returns its id."""
        ident = f"{kind}-{name}"
        self.env.domains.standard_domain.note_hyperlink_target(ident, self.env.docname, ident, name)
        return ident

    def complain(self, message: str) -> None:
        """Warn that the code and the documentation do not agree."""
        _logger.warning(message, type="govdocs", location=self.get_location())


def code(written: str, ident: str = "") -> nodes.literal:
    """Return a literal: text that users type."""
    return nodes.literal(written, written, **({"ids": [ident]} if ident else {}))


def codes(words: Iterable[str], between: str = ", ") -> list[nodes.Node | str]:
    """Return several literals."""
    parts: list[nodes.Node | str] = []
    for word in words:
        parts += [between, code(word)] if parts else [code(word)]
    return parts


def link(kind: str, name: str, docname: str) -> addnodes.pending_xref:
    """Return a link to a target that :meth:`Generated.named` registered."""
    target = f"{kind}-{name}"
    xref = addnodes.pending_xref(
        "", refdomain="std", reftype="ref", reftarget=target, refexplicit=True, refwarn=True, refdoc=docname
    )
    xref += code(name)
    return xref
