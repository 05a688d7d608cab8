"""A third-party builder: its translator only has visitors for the nodes of docutils and Sphinx, by their names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Set
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder


class Translator(nodes.NodeVisitor):
    """Rejects unknown nodes, like the translators of builders."""

    def dispatch_visit(self, node: nodes.Node) -> None:
        name = type(node).__name__
        if not hasattr(nodes, name) and not hasattr(addnodes, name):
            raise NotImplementedError(name)

    def dispatch_departure(self, node: nodes.Node) -> None:
        """Do nothing at the end of nodes."""


class StrangeBuilder(Builder):
    """Writes the content of each page as JSON."""

    name = format = "strange"
    allow_parallel = True

    def get_outdated_docs(self) -> Iterable[str]:
        return sorted(self.env.found_docs)

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return f"{docname}.strange"

    def prepare_writing(self, docnames: Set[str]) -> None:
        """Share nothing."""

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        toc = self.env.tocs[docname]
        translator = Translator(doctree)
        doctree.walkabout(translator)
        toc.walkabout(translator)
        found = {
            "text": doctree.astext(),
            "toc": toc.astext(),
            "links": [node["refuri"] for node in doctree.findall(nodes.reference) if "refuri" in node],
            "ids": [ident for node in doctree.findall(nodes.Element) for ident in node["ids"]],
            "tables": [
                [[entry.astext() for entry in row.children] for row in table.findall(nodes.row)]
                for table in doctree.findall(nodes.table)
            ],
            "merged": [
                entry.astext() for entry in doctree.findall(nodes.entry) if {"morerows", "morecols"} & entry.attributes.keys()
            ],
        }
        Path(self.outdir, f"{docname}.json").write_text(json.dumps(found))


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_builder(StrangeBuilder)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
