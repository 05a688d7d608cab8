"""Readers in a process of their own: what a library takes in time and memory, a document decides, and here it is bounded."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from sphinx_govreport.core.diagnostics import Text, text
from sphinx_govreport.core.extras import MissingExtra
from sphinx_govreport.importers.document import Document, Refused

if TYPE_CHECKING:
    from types import ModuleType

_WAIT = 5  # times as long as the work may last, on a machine that is busy with other things


class Limits(NamedTuple):
    """What reading a document may take."""

    seconds: int = 60  #: of work; a report takes a few
    memory: int = 2_000_000_000  #: bytes


def read_isolated(
    kind: str,
    library: str,
    extra: str,
    documents: str,
    data: bytes,
    limits: Limits = Limits(),  # noqa: B008  (immutable)
) -> Document:
    """Read a document with the function ``read_here`` of a reader, and raise what that raises.

    Raises :class:`.Refused` if reading takes more than ``limits``.
    """
    if find_spec(library) is None:
        raise MissingExtra(extra, documents)
    command = [sys.executable, "-P", "-m", __name__, kind, library, *map(str, limits)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(  # noqa: S603  (our own command)
            command, input=data, env=environment, capture_output=True, timeout=_WAIT * limits.seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise _too_much(limits) from None
    if done.returncode or not done.stdout:
        raise _too_much(limits)
    document, message, missing = pickle.loads(done.stdout)  # noqa: S301  (what our own process wrote)
    if missing:
        raise MissingExtra(*missing)
    if message:
        raise Refused(*message)
    assert isinstance(document, Document)
    return document


def _too_much(limits: Limits) -> Refused:
    return Refused(
        text(
            "Reading the document takes more than {seconds} seconds or {memory} GB of memory.",
            seconds=limits.seconds,
            memory=limits.memory // 1_000_000_000,
        ),
        text("Save the report alone as a new document."),
    )


@contextmanager
def refusing(message: Text, hint: Text | None = None) -> Iterator[None]:
    """Refuse what a library fails at: a damaged document fails in many ways, all of them its own."""
    try:
        yield
    except (Refused, MemoryError):
        raise
    except Exception as error:
        if any(isinstance(one, MemoryError) for one in error.args):  # a library passes on that there was none
            raise MemoryError from error
        raise Refused(message, hint) from error


def _bound(limits: Limits) -> None:
    """Limit this process; where the system has no limits, the one who waits for it ends it."""
    try:
        resource: ModuleType = import_module("resource")
    except ImportError:
        return
    for limit, most in ((resource.RLIMIT_CPU, limits.seconds), (resource.RLIMIT_AS, limits.memory), (resource.RLIMIT_CORE, 0)):
        _soft, hard = resource.getrlimit(limit)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (most, most))


def main() -> int:
    """Read what comes in, and write the document, or why there is none."""
    kind, library, seconds, memory = sys.argv[1:]
    data, out = sys.stdin.buffer.read(), sys.stdout.buffer
    sys.stdout = sys.stderr  # what libraries print is no answer
    reader = import_module(f"{__package__}.{kind}")
    with suppress(ImportError):  # the reader says that it is missing
        import_module(library)  # a library for which there is no memory would seem to be missing
    _bound(Limits(int(seconds), int(memory)))
    document, message, missing = None, None, None
    try:
        document = reader.read_here(data)
    except Refused as refused:
        message = (refused.message, refused.hint)
    except MissingExtra as error:
        missing = (error.extra, error.kind)
    except MemoryError:
        return 1
    out.write(pickle.dumps((document, message, missing)))
    out.flush()
    return 0


if __name__ == "__main__":
    os._exit(main())  # what the document made need not be taken apart
