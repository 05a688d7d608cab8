"""What the subcommands share."""

from __future__ import annotations

import argparse
import locale
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from .. import __version__
from ..core.diagnostics import Diagnostic, Severity, Text, Translate, text, translator
from ..core.formats import FORMATS
from ..core.library import Cache, Library, load_library

SOUND, FINDINGS = 0, 1  # argparse itself exits with 2 for wrong usage


class WrongUsage(Exception):  # noqa: N818  (it is what the user did, not a fault)
    """The command was called in a way that cannot be meant; it ends with exit code 2."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.template)
        self.message = message


Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

_MANY_FILES = 100  # from here on, progress is shown


def add_forms(parser: argparse.ArgumentParser) -> None:
    """The option for local forms."""
    parser.add_argument("--form", action="append", default=[], metavar="FILE", help="a local form; may be repeated")


def load(paths: Sequence[str], forms: Sequence[str]) -> Library:
    """Read year files, with progress where there are many."""
    return load_library(Path.cwd(), paths, forms, Cache(None, __version__), _progress)


def translate_for(options: argparse.Namespace) -> Translate:
    """The language of the messages: what was asked for, or the terminal's."""
    return translator(options.language or _language())


def tell(findings: Sequence[Diagnostic], options: argparse.Namespace) -> None:
    """Print findings where they do not get into the output."""
    sys.stderr.write(FORMATS["text"](findings, translate_for(options), __version__))


def has_errors(findings: Sequence[Diagnostic]) -> bool:
    """Whether one of them is an error."""
    return any(found.rule.severity is Severity.ERROR for found in findings)


def write(output: str, body: str | bytes) -> int:
    """Write to a file, or print for ``-``."""
    data = body.encode() if isinstance(body, str) else body
    if output == "-":
        sys.stdout.buffer.write(data) if isinstance(body, bytes) else sys.stdout.write(body)
        return SOUND
    try:
        Path(output).write_bytes(data)
    except OSError as error:
        raise not_written(output, error) from error
    return SOUND


def not_written(name: object, error: OSError) -> WrongUsage:
    """What is said of a file or folder that cannot be written."""
    return WrongUsage(text("“{name}” cannot be written: {reason}.", name=name, reason=error.strerror or str(error)))


def is_there(name: object) -> WrongUsage:
    """What is said before something would be overwritten."""
    return WrongUsage(text("“{name}” is there already; name another.", name=name))


def _progress(read: int, files: int) -> None:
    """A counter in one line of the terminal."""
    if files >= _MANY_FILES and sys.stderr.isatty():
        end = "\n" if read == files else ""
        print(f"\r{read}/{files}", end=end, file=sys.stderr, flush=True)


def _language() -> str:
    variables = ("LC_ALL", "LC_MESSAGES", "LANG")
    return next((os.environ[name] for name in variables if os.environ.get(name)), "") or locale.getlocale()[0] or ""
