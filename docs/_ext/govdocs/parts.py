"""Building blocks of generated pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

Cell = nodes.Node | str | Sequence["nodes.Node | str"]

OPTION = "cmdoption"  #: Sphinx's name for the options of commands

_OPTIONS = re.compile(r"((?<![\w-])--?[a-z][a-z-]*)")  # smart quotes would make a dash of the hyphens
_logger = logging.getLogger(__name__)


class Generated(SphinxDirective):
    """A directive that prints information from the code."""

    def paragraph(self, written: str) -> nodes.paragraph:
        """Return a paragraph of English text from the code; it is translated like the text of the page."""
        node = nodes.paragraph(written, written)
        node.source, node.line = self.get_source_info()
        return node

    def fixed(self, written: str) -> nodes.paragraph:
        """Return a paragraph of text that is already in the page's language; options in it are code."""
        parts = (code(part) if at % 2 else nodes.Text(part) for at, part in enumerate(_OPTIONS.split(written)))
        return nodes.paragraph("", "", *parts, translatable=False)

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

    def field(self, name: str, body: Cell) -> nodes.field:
        """Return a field. Its name is English and is translated; its body is a cell of a table."""
        name_node = nodes.field_name(name, name)
        name_node.source, name_node.line = self.get_source_info()
        return nodes.field("", name_node, nodes.field_body("", self._cell(body)))

    def entry(
        self,
        kind: str,
        names: Sequence[str],
        ident: str,
        body: Iterable[nodes.Node],
        *,
        listed: str,
        shown: str = "",
        note: str = "",
    ) -> list[nodes.Node]:
        """Return the description of an object: each of its names is in the inventory and, as ``listed``, in the general index.

        The name of an option is preceded by its program.
        """
        domain = self.env.domains.standard_domain
        for name in names:
            if kind == OPTION:
                program, option = name.rsplit(" ", 1)
                domain.add_program_option(program.replace(" ", "-"), option, self.env.docname, ident)
            else:
                domain.note_object(kind, name, ident, location=self.get_location())
        parts = [addnodes.desc_name("", shown or names[0])]
        if note:
            parts.append(addnodes.desc_annotation("", f" {note}"))
        signature = addnodes.desc_signature("", "", *parts, ids=[ident])
        signature["_toc_parts"], signature["_toc_name"] = (), ""
        content = addnodes.desc_content("", *body)
        description = addnodes.desc("", signature, content, domain="std", objtype=kind, no_index=True, classes=[f"gov-{kind}"])
        entries = [("single", listed.format(*reversed(name.rsplit(" ", 1))), ident, "", None) for name in names]
        return [addnodes.index(entries=entries), description]

    def complain(self, message: str) -> None:
        """Warn that the code and the documentation do not agree."""
        _logger.warning(message, type="govdocs", location=self.get_location())


def code(written: str) -> nodes.literal:
    """Return a literal: text that users type."""
    return nodes.literal(written, written)


def codes(words: Iterable[str], between: str = ", ") -> list[nodes.Node | str]:
    """Return several literals."""
    parts: list[nodes.Node | str] = []
    for word in words:
        parts += [between, code(word)] if parts else [code(word)]
    return parts


def directive_link(name: str, docname: str) -> addnodes.pending_xref:
    """Return a link to the description of a directive."""
    xref = addnodes.pending_xref(
        "", refdomain="rst", reftype="dir", reftarget=name, refexplicit=True, refwarn=True, refdoc=docname
    )
    xref += code(name)
    return xref
