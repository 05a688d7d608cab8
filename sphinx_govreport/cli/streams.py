"""The standard streams, whatever they are: closed, full, read no more, in an encoding that lacks what is to be said.

What people read is printed in the encoding of their terminal, with escapes for what it lacks; what programs read is always in
UTF-8. Nobody needs to hear that a message could not be printed; of output that is lost, the command ends with a message.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NoReturn, TextIO

from sphinx_govreport.core.characters import visible
from sphinx_govreport.core.diagnostics import MessageError, Text, text
from sphinx_govreport.core.files import reason_of

TERMINATED, READ_NO_MORE = 128 + 15, 128 + 13  #: as shells call the end by these signals


class NotPrinted(MessageError):  # noqa: N818  (it is what the system did, not a fault)
    """Standard output takes nothing."""


def say(message: str, end: str = "\n") -> None:
    """Tell people something that does not get into the output."""
    _write(sys.stderr, message + end)


def put(message: str, end: str = "\n") -> None:
    """Print what people asked for. Raises :class:`NotPrinted`."""
    with _printing() as stream:
        _encode(stream, message + end)


def put_bytes(data: bytes) -> None:
    """Print what programs read. Raises :class:`NotPrinted`."""
    with output() as file:
        file.write(data)


@contextmanager
def output() -> Iterator[BinaryIO]:
    """Standard output, for bytes. Raises :class:`NotPrinted`."""
    with _printing() as stream:
        stream.flush()
        file = getattr(stream, "buffer", None)
        if file is None:  # a program catches what is printed, as text
            file = BytesIO()
            yield file
            stream.write(file.getvalue().decode(errors="backslashreplace"))
            return
        yield file
        file.flush()


def flush() -> None:
    """Print what is still kept. Raises :class:`NotPrinted`."""
    if sys.stdout is not None:
        with _printing() as stream:
            stream.flush()


def print_of_parser(message: str, file: object) -> None:
    """Print help or a message of argparse, which quotes arguments."""
    shown = visible(message, breaks="\r")
    if file is sys.stdout and file is not None:
        put(shown, end="")
    else:
        _write(sys.stderr, shown)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody looks at a stream."""
    return stream is not None and not stream.closed and stream.isatty()


def is_output(name: str) -> bool:
    """Whether a name means standard output."""
    return name == "-" or os.path.abspath(name) in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")


def shown(path: Path | str) -> str:
    """The name of a file that was written, for people."""
    return visible(str(path))


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let a signal that ends the command be an exception, so that nothing half-written stays behind."""
    names = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        names = []
    before = {number: signal.getsignal(number) for number in names}
    ours = [number for number, handler in before.items() if handler is signal.SIG_DFL]  # nohup ignores one
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
        yield stream
    except BrokenPipeError:  # its reader went away, as ``head`` does
        _let_go(stream)
        raise
    except OSError as error:
        _let_go(stream)
        raise NotPrinted(_lost(reason_of(error))) from error


def _lost(reason: Text) -> Text:
    return text("Standard output cannot be written: {reason}.", reason=reason)


def _let_go(stream: TextIO) -> None:
    """Keep Python from trying once more when it ends, with a traceback."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
