"""An extension that adds a node to the end of each page and counts its traversals while pages are written."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform


class Watched(nodes.Element):
    """A node whose children are requested by every search of a page."""

    searches: ClassVar[Counter[str]] = Counter()  #: by page

    docname = ""

    @property
    def children(self) -> list[nodes.Node]:
        """An empty list; the request is counted."""
        self.searches[self.docname] += 1
        return []

    @children.setter
    def children(self, _children: list[nodes.Node]) -> None: ...


class Watch(SphinxPostTransform):
    """Runs before all other transforms, which are counted."""

    default_priority = 0

    def run(self, **_options: Any) -> None:
        """Add the node to the end of the page."""
        watched = Watched()
        watched.docname = self.env.docname
        self.document.append(watched)


def skip(_translator: nodes.NodeVisitor, _node: nodes.Node) -> None:
    """Print nothing."""
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the node and its transform."""
    app.add_node(Watched, html=(skip, None))
    app.add_post_transform(Watch)
