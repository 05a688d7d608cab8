"""A second extension for sites with thousands of pages, which a site adds itself::

    extensions = ["myst_parser", "sphinx_govreport", "sphinx_govreport.large_sites"]

Two costs grow faster than the number of pages. Python's garbage collector traverses all objects of earlier pages again and
again: during a build, it only scans new objects, and all objects once between reading and writing. Before Sphinx reads a
page, it processes all pages that toctrees have listed so far: therefore pages that list others, the root and each
``index``, are read last. The output is the same. When the build ends or fails, the collector's settings are restored.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

_LATE = 900  #: after the handlers of other extensions
_BUILDING = (10_000, 10, 1_000)  #: thresholds: new objects are scanned every few pages, all objects never


class _Collector:
    """The settings of this process's garbage collector during one build."""

    def __init__(self) -> None:
        self._before: tuple[int, int, int] | None = None

    def rest(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Scan only new objects from now on, unless the process has its own thresholds."""
        if 0 < gc.get_threshold()[0] < _BUILDING[0]:
            self._before = gc.get_threshold()
            gc.set_threshold(*_BUILDING)

    def look(self, app: Sphinx, env: BuildEnvironment) -> None:
        """Free the objects left over from reading."""
        if self._before:
            gc.collect()

    def restore(self, app: Sphinx, exception: Exception | None) -> None:
        """Restore the thresholds of the process."""
        if self._before:
            gc.set_threshold(*self._before)
            self._before = None


def read_lists_last(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Move the root of the site, and the index of each folder, after the pages that they list."""
    docnames.sort(key=lambda docname: docname == app.config.root_doc or docname.rpartition("/")[2] == "index")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handlers."""
    collector = _Collector()
    app.connect("env-before-read-docs", read_lists_last, _LATE)
    app.connect("env-before-read-docs", collector.rest, _LATE)
    app.connect("env-updated", collector.look, _LATE)
    app.connect("build-finished", collector.restore, _LATE)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
