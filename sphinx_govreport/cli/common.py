"""What the subcommands share."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeAlias

from .. import __version__
from ..core.cache import Cache
from ..core.diagnostics import Diagnostic, Severity, Text, text
from ..core.files import is_special, whole_file
from ..core.formats import FORMATS
from ..core.library import Library, load_library
from ..core.reasons import reason_of
from ..core.unseen import codes_in, decoded
from . import streams
from .language import said, translate_for

SOUND, FINDINGS, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


class WrongUsage(Exception):  # noqa: N818  (it is what the user did, not a fault)
    """The command was called in a way that cannot be meant; it ends with exit code 2."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.template)
        self.message = message


Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_forms(parser: argparse.ArgumentParser) -> None:
    """The option for local forms."""
    parser.add_argument("--form", action="append", default=[], metavar="FILE", help=said(text("a local form; may be repeated")))


def load(paths: Sequence[str], forms: Sequence[str]) -> Library:
    """Read a few year files."""
    return load_library(Path.cwd(), paths, forms, Cache(None, __version__))


def tell(findings: Iterable[Diagnostic], options: argparse.Namespace) -> bool:
    """Print findings where they do not get into the output; returns whether there is an error among them."""
    fails = False
    for found in findings:
        streams.say(FORMATS["text"]([found], translate_for(options), __version__), end="")
        fails |= found.rule.severity is Severity.ERROR
    return fails


def has_errors(findings: Sequence[Diagnostic]) -> bool:
    """Whether one of them is an error."""
    return any(found.rule.severity is Severity.ERROR for found in findings)


def write(output: str, body: str | bytes) -> int:
    """Write to a file, or print for ``-``."""
    with opened(output) as file:
        file.write(body.encode() if isinstance(body, str) else body)
    return SOUND


@contextmanager
def opened(output: str) -> Iterator[BinaryIO]:
    """A file to be written a piece at a time, or ``-``. What is there is replaced only by a whole file."""
    if streams.is_output(output):
        with streams.output() as file:
            yield file
        return
    try:
        with whole_file(Path(output)) as file:
            yield file
    except OSError as error:
        raise not_written(output, error) from error


def refuse_taken(target: Path) -> None:
    """Refuse to overwrite a file; a device and a pipe are there to be written to."""
    if os.path.exists(target) and not is_special(target):
        raise is_there(target)


def seen(argument: str) -> str:
    """An argument that readers will read: it has no characters that they do not see."""
    argument = decoded(argument)
    if codes := codes_in(argument):
        raise argparse.ArgumentTypeError(
            said(text("“{quoted}” has characters that readers do not see ({codes}).", quoted=argument, codes=codes))
        )
    return argument


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, where they are not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_written(folder, error) from error


def not_written(name: object, error: OSError) -> WrongUsage:
    """What is said of a file or folder that cannot be written."""
    return WrongUsage(text("“{name}” cannot be written: {reason}.", name=name, reason=reason_of(error)))


def is_there(name: object) -> WrongUsage:
    """What is said before something would be overwritten."""
    return WrongUsage(text("“{name}” is there already; name another.", name=name))
