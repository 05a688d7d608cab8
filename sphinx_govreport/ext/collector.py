"""Python's garbage collector, kept from what lives as long as the build.

A build begins with some 60,000 objects of modules, settings and year files, of which none becomes garbage before its end. The
collector goes over all of them several times a build: a tenth of the time of one with a hundred pages, and twice while what
Sphinx remembers of a thousand is unpickled. Workers, which are forked, share the memory of what it leaves alone.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

_LAST = 900  #: behind everything that other handlers make at the start
_OF_PYTHON = 1_000  #: Python 3.12 begins with some hundred objects that its collector leaves alone


def leave_alone(app: Sphinx, config: Config) -> None:
    """Keep the collector from modules while Sphinx reads what it remembers, and then from that and the year files too."""
    if gc.get_freeze_count() < _OF_PYTHON:  # else somebody does so already, and knows until when
        gc.freeze()
        app.connect("builder-inited", leave_more_alone, _LAST)
        app.connect("build-finished", give_back, _LAST)


def leave_more_alone(app: Sphinx) -> None:
    """Keep the collector from what is there when pages begin to be read."""
    gc.freeze()


def give_back(app: Sphinx, exception: Exception | None) -> None:
    """Let the collector have everything again: the process may go on, and build more."""
    gc.unfreeze()


def setup(app: Sphinx) -> None:
    """Connect the handler."""
    app.connect("config-inited", leave_alone, _LAST)
