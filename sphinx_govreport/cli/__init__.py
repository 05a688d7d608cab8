"""The command ``sphinx-govreport``: the core without a site. Each subcommand is a module."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from .. import __version__
from ..core.diagnostics import text
from ..core.extras import MissingExtra
from ..core.store import StoreError
from ..core.workers import NoWorkers
from . import check, explain, export, new, pack, read, rollup, schema
from .common import INTERRUPTED, WrongUsage
from .language import said, spoken, translate_for

COMMANDS = (check, explain, schema, read, export, new, rollup, pack)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns the exit code: 0 sound, 1 findings, 2 wrong usage, 130 interrupted."""
    with spoken(arguments):
        parser = command_parser()
        options = parser.parse_args(arguments)
        command: Callable[[argparse.Namespace], int] = options.run
        try:
            return command(options)
        except (MissingExtra, WrongUsage, StoreError, NoWorkers) as problem:
            parser.error(problem.message.render(translate_for(options)))
        except KeyboardInterrupt:
            return INTERRUPTED


def command_parser() -> argparse.ArgumentParser:
    """What the command understands, in the language that is spoken; its reference is made from this, too."""
    about = said(text("Annual reports on open government information."))
    parser = argparse.ArgumentParser(prog="sphinx-govreport", description=about)
    version = said(text("show the version and exit"))
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}", help=version)
    language = said(text("language of the messages: zh_CN or en (default: the terminal's)"))
    parser.add_argument("--language", metavar="CODE", help=language)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in COMMANDS:
        module.add(commands)
    return parser
