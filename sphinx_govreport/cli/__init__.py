"""The command ``sphinx-govreport``, a module for each subcommand.

Imports everything else in the package.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from gettext import gettext
from typing import TYPE_CHECKING, NoReturn

from sphinx_govreport.core.characters import one_line
from sphinx_govreport.core.diagnostics import MessageError, text
from sphinx_govreport.core.versions import __version__

from . import check, explain, export, forms, import_report, new, new_site, pack, rollup, schema
from .common import INTERRUPTED, WRONG_USAGE, said, spoken
from .streams import READ_NO_MORE, NotPrinted, ended_by_signals, flush, print_of_parser, say

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

COMMANDS = (check, explain, forms, schema, import_report, export, new, new_site, rollup, pack)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns the exit code: 0 sound, 1 findings, 2 wrong usage, 130 interrupted, 141 read no more."""
    with ended_by_signals(), spoken(arguments):
        parser = command_parser()
        try:
            try:
                options = parser.parse_args(arguments)
                command: Callable[[argparse.Namespace], int] = options.run
                return command(options)
            finally:
                flush()
        except BrokenPipeError:
            return READ_NO_MORE
        except NotPrinted as lost:
            say(one_line(said(lost.message)))
            return WRONG_USAGE
        except MessageError as problem:
            parser.error(said(problem.message))
        except KeyboardInterrupt:
            return INTERRUPTED


class _Parser(argparse.ArgumentParser):
    """A parser whose words get through whatever stream there is."""

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """Print help."""
        print_of_parser(self.format_help(), file or sys.stdout)

    def error(self, message: str) -> NoReturn:
        """End with a message, which quotes arguments."""
        print_of_parser(self.format_usage(), sys.stderr)
        told = gettext("%(prog)s: error: %(message)s\n") % {"prog": self.prog, "message": one_line(message)}
        self.exit(WRONG_USAGE, told)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """End; without a stream for messages, argparse would take the other."""
        if message:
            print_of_parser(message, sys.stderr)
        sys.exit(status)


class _Version(argparse.Action):
    """Print the version as help is printed."""

    def __call__(self, parser: argparse.ArgumentParser, *_arguments: object) -> None:
        print_of_parser(f"{parser.prog} {__version__}\n", sys.stdout)
        parser.exit()


def command_parser() -> argparse.ArgumentParser:
    """What the command understands, in the language that is spoken; its reference is made from this, too."""
    about = said(text("Annual reports on open government information."))
    parser = _Parser(prog="sphinx-govreport", description=about)
    version = said(text("show the version and exit"))
    parser.add_argument("--version", action=_Version, nargs=0, default=argparse.SUPPRESS, help=version)
    language = said(text("language of the messages: zh_CN or en (default: the terminal's)"))
    parser.add_argument("--language", metavar="CODE", help=language)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in COMMANDS:
        module.add(commands)
    return parser
