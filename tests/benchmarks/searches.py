"""An extension that puts a node at the end of each page and counts how often somebody goes over it while pages are written."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform


class Watched(nodes.Element):
    """Whoever searches a page asks this node for its children."""

    searches: ClassVar[Counter[str]] = Counter()  #: by page

    docname = ""

    @property
    def children(self) -> list[nodes.Node]:
        """Nothing, but it is noted that somebody asked."""
        self.searches[self.docname] += 1
        return []

    @children.setter
    def children(self, _children: list[nodes.Node]) -> None: ...


class Watch(SphinxPostTransform):
    """Before all other transforms: they are what is counted."""

    default_priority = 0

    def run(self, **_options: Any) -> None:
        """Put the node at the end of the page."""
        watched = Watched()
        watched.docname = self.env.docname
        self.document.append(watched)


def skip(_translator: nodes.NodeVisitor, _node: nodes.Node) -> None:
    """Print nothing."""
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the node and what puts it on pages."""
    app.add_node(Watched, html=(skip, None))
    app.add_post_transform(Watch)
