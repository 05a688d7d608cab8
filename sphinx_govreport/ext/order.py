"""The order in which pages of a large site are read: those that list others come last.

Before Sphinx reads a page it forgets what it knew of it, and for that goes over all pages that a table of contents has named
so far. The page that names all others is mostly one of the first by its name; each page behind it would take a step for
every page of the site.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .doctrees import is_large

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_INDEX = "index"


def put_lists_last(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Put the root of the site, and what stands for folders, behind the pages that they list."""
    if is_large(app):
        docnames.sort(key=lambda docname: docname == app.config.root_doc or docname.rpartition("/")[2] == _INDEX)


def setup(app: Sphinx) -> None:
    """Connect the handler."""
    app.connect("env-before-read-docs", put_lists_last)
