"""The command ``sphinx-govreport``, a module for each subcommand.

Imports everything else in the package.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import sys
from collections.abc import Callable, Sequence
from gettext import gettext
from typing import TYPE_CHECKING, NoReturn

from sphinx_govreport.core.characters import one_line
from sphinx_govreport.core.clock import EPOCH
from sphinx_govreport.core.diagnostics import MessageError, Text, text
from sphinx_govreport.core.extras import require
from sphinx_govreport.core.versions import __version__
from sphinx_govreport.packs.archive import moment_of

from . import check, explain, export, forms, import_report, new, new_site, pack, rollup, schema
from .arguments import Subcommand, add_language, add_subcommand, option
from .common import INTERRUPTED, WRONG_USAGE, said, spoken
from .streams import READ_NO_MORE, NotPrinted, ended_by_signals, flush, print_of_parser, put, say

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

COMMANDS: tuple[Subcommand, ...] = (check, explain, forms, schema, import_report, export, new, new_site, rollup, pack)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns the exit code: 0 sound, 1 findings, 2 wrong usage, 130 interrupted, 141 output pipe closed."""
    with ended_by_signals(), spoken(arguments):
        parser = command_parser()
        try:
            try:
                _suggest_command(arguments, parser)
                options, unknown = parser.parse_known_args(arguments)
                parser = options.parser
                if unknown:
                    parser.error(said(_not_known(unknown, parser)))
                moment_of(os.environ.get(EPOCH, ""))  # checks and files depend on it
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


def _suggest_command(arguments: Sequence[str] | None, parser: argparse.ArgumentParser) -> None:
    """Exit with a suggestion if the first word resembles the name of a subcommand."""
    words = iter(sys.argv[1:] if arguments is None else arguments)
    name = next((word for word in words if not word.startswith("-") or (word == "--language" and not next(words, ""))), "")
    names = [module.NAME for module in COMMANDS]
    if name not in names and (guess := difflib.get_close_matches(name, names, n=1)):
        parser.error(said(text("there is no subcommand {name}; did you mean {guess}?", name=name, guess=guess[0])))


def _not_known(arguments: Sequence[str], parser: argparse.ArgumentParser) -> Text:
    """Return the message for arguments that a subcommand does not know."""
    known = re.findall(r"(?<![\w-])--[a-z-]+", parser.format_help())
    for argument in arguments:
        if guess := difflib.get_close_matches(argument.partition("=")[0], known, n=1):
            return text("unknown option: {argument}; did you mean {guess}?", argument=argument, guess=guess[0])
    return text("unknown arguments: {arguments}", arguments=" ".join(arguments))


class _Parser(argparse.ArgumentParser):
    """A parser whose messages can be printed to any stream."""

    def format_help(self) -> str:
        """Return help. Python 3.11 itself does not translate the colon of a heading."""
        return re.sub(r"(?m)^(\S+):$", lambda line: gettext("%(heading)s:") % {"heading": line[1]}, super().format_help())

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """Print help."""
        print_of_parser(self.format_help(), file or sys.stdout)

    def error(self, message: str) -> NoReturn:
        """Exit with a message, which quotes arguments."""
        print_of_parser(self.format_usage(), sys.stderr)
        self.exit(WRONG_USAGE, gettext("%(prog)s: error: %(message)s\n") % {"prog": self.prog, "message": one_line(message)})

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Exit; if there is no stream for messages, argparse would use the other stream."""
        if message:
            print_of_parser(message, sys.stderr)
        sys.exit(status)


class _Version(argparse.Action):
    """Print the version in the same way as help."""

    def __call__(self, parser: argparse.ArgumentParser, *_arguments: object) -> None:
        print_of_parser(f"{parser.prog} {__version__}\n", sys.stdout)
        parser.exit()


class _Completion(argparse.Action):
    """Print the completion script for a shell: with a static script, pressing Tab does not start Python."""

    def __call__(self, parser: argparse.ArgumentParser, _namespace: object, shell: object, *_option: object) -> None:
        shtab = require("shtab", "completion", "--print-completion")
        put(shtab.complete(command_parser(), shell))  # declared again, now that shtab is imported: see ``option``
        parser.exit()


def command_parser() -> argparse.ArgumentParser:
    """Return the parser, in the language of the user; the reference is generated from it, too."""
    purpose = said(text("Check, import, export and publish annual reports on open government information."))
    parser = _Parser(prog="sphinx-govreport", description=purpose)
    option(parser, text("show the version and exit"), "--version", action=_Version, nargs=0, default=argparse.SUPPRESS)
    shells, about = ("bash", "zsh", "fish"), text("print the completion script for bash, zsh or fish and exit")
    option(parser, about, "--print-completion", action=_Completion, choices=shells, default=argparse.SUPPRESS, metavar="SHELL")
    add_language(parser)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in COMMANDS:
        add_subcommand(commands.add_parser, module)
    return parser
