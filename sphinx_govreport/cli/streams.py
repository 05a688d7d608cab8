"""The standard streams in any state: closed, full, with a reader that has gone, or with an encoding that lacks characters.

Text for people is printed in the encoding of their terminal, with escapes for missing characters; text for programs is always
in UTF-8. A message that cannot be printed is dropped silently; if output is lost, the command ends with a message.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import BinaryIO, NoReturn, TextIO

from sphinx_govreport.core.characters import visible
from sphinx_govreport.core.diagnostics import MessageError, Text, text
from sphinx_govreport.core.files import reason_of

TERMINATED, READ_NO_MORE = 128 + 15, 128 + 13  #: exit codes of shells for these signals


class NotPrinted(MessageError):  # noqa: N818  (the system's fault, not ours)
    """Standard output cannot be written."""


def say(message: str, end: str = "\n") -> None:
    """Print a message that does not get into the output."""
    _write(sys.stderr, message + end)


def put(message: str, end: str = "\n") -> None:
    """Print output for people. Raises :class:`NotPrinted`."""
    with _printing() as stream:
        _encode(stream, message + end)


@contextmanager
def output() -> Iterator[BinaryIO]:
    """Open standard output for bytes. Raises :class:`NotPrinted`."""
    with _printing() as stream:
        stream.flush()
        file = getattr(stream, "buffer", None)
        if file is None:  # a program captures printed text
            file = BytesIO()
            yield file
            stream.write(file.getvalue().decode(errors="backslashreplace"))
            return
        yield file
        file.flush()


def flush() -> None:
    """Flush standard output. Raises :class:`NotPrinted`."""
    if sys.stdout is not None:
        with _printing() as stream:
            stream.flush()


def print_of_parser(message: str, file: object) -> None:
    """Print help or a message of argparse, which may quote arguments."""
    shown = visible(message, breaks="\r")
    if file is sys.stdout and file is not None:
        put(shown, end="")
    else:
        _write(sys.stderr, shown)


def is_output(name: str) -> bool:
    """Return whether a name means standard output."""
    return name == "-" or os.path.abspath(name) in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")


def shown(path: Path | str) -> str:
    """Return the name of an output file, for messages."""
    return visible(str(path))


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Raise an exception when a signal ends the command, so that no partial file remains."""
    names = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        names = []
    before = {number: signal.getsignal(number) for number in names}
    ours = [number for number, handler in before.items() if handler is signal.SIG_DFL]  # nohup ignores one of them
    for number in ours:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number])


def _end(number: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + number)


def _write(stream: TextIO | None, message: str) -> None:
    with suppress(OSError, ValueError):
        if stream is not None:
            _encode(stream, message)
            stream.flush()


def _encode(stream: TextIO, message: str) -> None:
    encoding = stream.encoding or "utf-8"
    stream.write(message.encode(encoding, "backslashreplace").decode(encoding))


@contextmanager
def _printing() -> Iterator[TextIO]:
    stream = sys.stdout
    if stream is None or stream.closed:
        raise NotPrinted(_lost(text("it is closed")))
    try:
        if isinstance(getattr(stream, "buffer", None), RawIOBase):  # PYTHONUNBUFFERED: it writes a part, and raises nothing
            with open(stream.fileno(), "w", encoding=stream.encoding, errors=stream.errors, closefd=False) as whole:
                yield whole
        else:
            yield stream
    except BrokenPipeError:  # the reader has closed the pipe, as ``head`` does
        _let_go(stream)
        raise
    except OSError as error:
        _let_go(stream)
        raise NotPrinted(_lost(reason_of(error))) from error


def _lost(reason: Text) -> Text:
    return text("Standard output cannot be written: {reason}.", reason=reason)


def _let_go(stream: TextIO) -> None:
    """Prevent Python from flushing again at exit, which would print a traceback."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
