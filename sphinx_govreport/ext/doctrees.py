"""Doctrees of a large site: read from disk again when their pages are written, instead of being kept in memory until then.

Sphinx keeps each from reading the page to writing it. They are most of what a build has in memory, and the garbage collector
goes over all of them whenever it looks for memory to be given back: from some hundred pages on it is quicker to read them
again. Builds by several processes always do so, and all builds with pages that an earlier one has read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_LARGE = 500  #: pages
_KEPT = ("_write_doc_doctree_cache", "_pickled_doctree_cache")  # not public: where there are none, nothing is forgotten


def is_large(app: Sphinx) -> bool:
    """Whether a site has so many pages that their memory counts."""
    return len(app.env.found_docs) >= _LARGE


def forget(app: Sphinx, *_event: object) -> None:
    """Forget the doctrees of pages that are read, or written: they are on disk."""
    if is_large(app):
        for name in _KEPT:
            getattr(app.env, name, {}).clear()


def setup(app: Sphinx) -> None:
    """Connect the handler."""
    app.connect("source-read", forget)
    app.connect("env-updated", forget)
    app.connect("doctree-resolved", forget)
