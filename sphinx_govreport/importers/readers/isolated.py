"""Readers in a separate process: a document determines how much time and memory a library needs, and here they are limited."""

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

from sphinx_govreport.core.diagnostics import MessageError, Text, text
from sphinx_govreport.core.extras import MissingExtra
from sphinx_govreport.importers.document import Document, Refused

if TYPE_CHECKING:
    from types import ModuleType

_WAIT = 5  # factor of the time limit for waiting, on a busy machine
_SPARE = 64_000_000  # bytes: so many come from the system, not from what the process has freed


class Limits(NamedTuple):
    """The resources that reading a document may use."""

    seconds: int = 60  #: CPU time; a report takes a few
    memory: int = 2_000_000_000  #: bytes


LIMITS = Limits()


def read_isolated(kind: str, library: str, extra: str, documents: str, data: bytes, limits: Limits = LIMITS) -> Document:
    """Read a document with the function ``read_here`` of a reader; its exceptions are raised here.

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
        done = None
    if done is None or done.returncode or not done.stdout:
        message = text(
            "Reading the document takes more than {seconds} seconds or {memory} GB of memory.",
            seconds=limits.seconds,
            memory=limits.memory // 1_000_000_000,
        )
        raise Refused(message, text("Save the report alone as a new document."))
    result, error = pickle.loads(done.stdout)  # noqa: S301  (written by our own process)
    if error:
        raise error(*result)
    assert isinstance(result, Document)
    return result


@contextmanager
def refusing(message: Text, hint: Text | None = None) -> Iterator[None]:
    """Refuse documents at which a library fails: damaged documents cause many exceptions."""
    try:
        yield
    except (Refused, MemoryError):
        raise
    except Exception as error:
        if any(isinstance(one, MemoryError) for one in error.args):  # a library wraps the exception
            raise MemoryError from error
        bytes(_SPARE)  # raises MemoryError if the library had none left and said so in words of its own
        raise Refused(message, hint) from error


def _bound(limits: Limits) -> None:
    """Limit this process; on systems without limits, the waiting process ends it."""
    try:
        resource: ModuleType = import_module("resource")
    except ImportError:
        return
    for limit, most in ((resource.RLIMIT_CPU, limits.seconds), (resource.RLIMIT_AS, limits.memory), (resource.RLIMIT_CORE, 0)):
        _soft, hard = resource.getrlimit(limit)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (most, most))


def main() -> int:
    """Read a document from standard input, and write the result or the error."""
    kind, library, seconds, memory = sys.argv[1:]
    data, out = sys.stdin.buffer.read(), sys.stdout.buffer
    sys.stdout = sys.stderr  # output printed by libraries is not part of the answer
    reader = import_module(f"{__package__}.{kind}")
    with suppress(ImportError):  # the reader reports a missing library
        import_module(library)  # without enough memory for it, a library would seem to be missing
    _bound(Limits(int(seconds), int(memory)))
    answer: tuple[object, type[MessageError] | None]
    try:
        answer = (reader.read_here(data), None)
    except Refused as refused:
        answer = ((refused.message, refused.hint), Refused)
    except MissingExtra as missing:
        answer = ((missing.extra, missing.kind), MissingExtra)
    except MemoryError:
        return 1
    out.write(pickle.dumps(answer))
    out.flush()
    return 0


if __name__ == "__main__":
    os._exit(main())  # skips the deallocation of objects
