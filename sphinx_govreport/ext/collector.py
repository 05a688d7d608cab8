"""Python's garbage collector, kept from what lives as long as the build.

A build begins with some 60,000 objects of modules, settings and year files, of which none becomes garbage before its end, and
while pages are read Sphinx keeps what they are made of. The collector goes over all of that again and again: a tenth of the
time of a build of a hundred pages, a fifth with a thousand, a third with five thousand. So it is shown only what is new.
Workers, which are forked, share the memory of what it leaves alone.

What a page is made of dies when the page is read, and again when it is written; some of it is old by then. A large site gets
that memory back before pages are written, and shows the collector only what is new again. The page that lists all others is
a quarter of all memory if there are thousands: the collector leaves it alone while it is written, and then gives it back.

When the process ends, Python collects four times everything that is still there: half of the time of a build of a thousand
pages in which nothing has changed. All memory is given back then anyway, so that it is spared the search, unless something
waits to be found, such as a file that nobody has closed.
"""

from __future__ import annotations

import atexit
import gc
import io
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from types import GeneratorType
from typing import TYPE_CHECKING, ClassVar

from .doctrees import is_large

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

_LAST = 900  #: behind everything that other handlers make at the start
_OF_PYTHON = 1_000  #: Python 3.12 begins with some hundred objects that its collector leaves alone
_READING = (5_000, 10, 1_000)  #: thresholds while pages are read: what is new is looked at every few pages, what is old never
_WRITING = (2_000, 10, 1_000)  #: while pages are written: their text is large
_LISTING = (1_000_000, 10, 1_000)  #: while the page that lists thousands is written: all of it lives until then
_HUGE = 2_000  #: pages of a site whose list counts
_BEHIND = 2  #: pages behind the list after which nothing has it any more: a writer may keep what it wrote last
_STANDARD = (0, 1, 2)  #: the streams that a process has from its start, which Python flushes in any case


def set_up(app: Sphinx, config: Config) -> None:
    """Keep the collector from modules while Sphinx reads what it remembers; unless somebody has given it orders already."""
    for unfinished in list(Rest.begun):  # of a Sphinx that never came to its build
        unfinished.end()
    if gc.get_freeze_count() < _OF_PYTHON and 0 < gc.get_threshold()[0] < _READING[0]:
        Rest(gc.get_threshold()).begin(app)
    _end_soon()


class Rest:
    """The collector's rest during a build. ``before``: the thresholds that it has otherwise."""

    begun: ClassVar[list[Rest]] = []  #: the one that has not ended, if any

    def __init__(self, before: tuple[int, int, int]) -> None:
        self._before = before
        self._behind = 0  # pages until the list of all pages is given back, if it was written

    def begin(self, app: Sphinx) -> None:
        """From the start of Sphinx to the end of the build."""
        self.begun[:] = [self]
        self._show_only_what_is_new()
        app.connect("builder-inited", lambda _app: self._show_only_what_is_new(), _LAST)
        app.connect("env-updated", self._write, _LAST)
        app.connect("doctree-resolved", self._give_back_list, _LAST)
        app.connect("build-finished", lambda *_event: self.end(), _LAST)

    def _show_only_what_is_new(self) -> None:
        gc.freeze()
        gc.set_threshold(*_READING)

    def _write(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        if is_large(app):
            gc.collect()
            gc.freeze()  # what is known of thousands of pages stays: it need not be gone over once more
        gc.set_threshold(*_WRITING)
        return []

    def _give_back_list(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        """Go over what the list of all pages is made of once, when nothing needs it any more, and not while it is made."""
        if docname == app.config.root_doc and len(app.env.found_docs) >= _HUGE:
            gc.set_threshold(*_LISTING)
            self._behind = _BEHIND
        elif self._behind:
            self._behind -= 1
            if not self._behind:
                gc.collect()
                gc.set_threshold(*_WRITING)

    def end(self) -> None:
        """Let the collector have everything again: the process may go on, and build more."""
        self.begun[:] = []
        gc.set_threshold(*self._before)
        gc.unfreeze()


@cache
def _end_soon() -> None:
    """Once for all builds of a process."""
    atexit.register(end_soon)


def end_soon() -> None:
    """Keep the collector from all that is left, if nothing in it has anything to do at the end; collect if something has."""
    if _is_waited_for():
        gc.collect()
        if _is_waited_for():
            return
    gc.freeze()


def _is_waited_for() -> bool:
    """Whether anything waits for its end. Without a collection: what nobody refers to any more is still among all objects."""
    return any(_waits(one) for one in _with_last_words(gc.get_objects()))


def _with_last_words(living: list[object]) -> Iterable[object]:
    """Those that Python would call when it finds them. Generators are none: files that they have open speak for themselves."""
    kinds = {kind for kind in set(map(type, living)) - {GeneratorType} if hasattr(kind, "__del__")}
    return (one for one in living if type(one) in kinds)


def _waits(one: object) -> bool:
    """Whether something is lost if it is not called: of streams only of those that write to a file of their own."""
    if isinstance(one, (io.StringIO, io.BytesIO)):
        return False
    if isinstance(one, io.IOBase):
        with suppress(Exception):  # what is no file, has lost it, or was never finished: its end is left to Python
            return not one.closed and one.writable() and one.fileno() not in _STANDARD
    return True


def setup(app: Sphinx) -> None:
    """Connect the handler."""
    app.connect("config-inited", set_up, _LAST)
