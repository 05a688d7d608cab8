"""Python's garbage collector, kept from what lives as long as the build.

A build begins with some 60,000 objects of modules, settings and year files, of which none becomes garbage before its end. The
collector goes over all of them several times a build: a tenth of the time of one with a hundred pages, and twice while what
Sphinx remembers of a thousand is unpickled. Workers, which are forked, share the memory of what it leaves alone.

What a page is made of dies when the page is done. A collector that looks after every 700 objects looks in the midst of a page,
takes what it sees for old, and has to search everything that is old for it later: a fifth of a build of a thousand pages.

When the process ends, Python collects four times everything that is still there: half of the time of a build of a thousand
pages in which nothing has changed. Once is enough, unless something waits for it, such as a file that nobody has closed.
"""

from __future__ import annotations

import atexit
import gc
import io
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from types import GeneratorType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

_LAST = 900  #: behind everything that other handlers make at the start
_OF_PYTHON = 1_000  #: Python 3.12 begins with some hundred objects that its collector leaves alone
_A_PAGE = 5_000  #: objects that are made before the collector looks at them: more than a page has at a time
_STANDARD = (0, 1, 2)  #: the streams that a process has from its start, which Python flushes in any case


def leave_alone(app: Sphinx, config: Config) -> None:
    """Keep the collector from modules while Sphinx reads what it remembers, and then from that and the year files too."""
    if gc.get_freeze_count() < _OF_PYTHON:  # else somebody does so already, and knows until when
        gc.freeze()
        app.connect("builder-inited", leave_more_alone, _LAST)
        app.connect("build-finished", give_back, _LAST)
    _wait_for_pages(app)
    _end_soon()


def leave_more_alone(app: Sphinx) -> None:
    """Keep the collector from what is there when pages begin to be read."""
    gc.freeze()


def give_back(app: Sphinx, exception: Exception | None) -> None:
    """Let the collector have everything again: the process may go on, and build more."""
    gc.unfreeze()


def _wait_for_pages(app: Sphinx) -> None:
    """Let the collector look at what is young once a page rather than in the midst of it, until the build ends."""
    young, *older = gc.get_threshold()
    if 0 < young < _A_PAGE:  # 0: somebody has switched it off
        gc.set_threshold(_A_PAGE, *older)
        app.connect("build-finished", lambda *_event: gc.set_threshold(young, *older), _LAST)


@cache
def _end_soon() -> None:
    """Once for all builds of a process."""
    atexit.register(end_soon)


def end_soon() -> None:
    """Collect once, and keep the collector from what is left if nothing in it has anything to do at the end."""
    gc.collect()
    if not any(_waits(one) for one in _with_last_words(gc.get_objects())):
        gc.freeze()


def _with_last_words(living: list[object]) -> Iterable[object]:
    """Those that Python would call when it finds them. Generators are none: files that they have open speak for themselves."""
    kinds = {kind for kind in set(map(type, living)) - {GeneratorType} if hasattr(kind, "__del__")}
    return (one for one in living if type(one) in kinds)


def _waits(one: object) -> bool:
    """Whether something is lost if it is not called: of streams only of those that write to a file of their own."""
    if isinstance(one, (io.StringIO, io.BytesIO)):
        return False
    if isinstance(one, io.IOBase):
        with suppress(OSError, ValueError):  # what is no file, or has lost it
            return not one.closed and one.writable() and one.fileno() not in _STANDARD
    return True


def setup(app: Sphinx) -> None:
    """Connect the handler."""
    app.connect("config-inited", leave_alone, _LAST)
