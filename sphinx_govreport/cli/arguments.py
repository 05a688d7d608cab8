"""Helpers that subcommands use to declare their arguments."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from typing import Any, Protocol

from sphinx_govreport.core.characters import codes_in, decoded
from sphinx_govreport.core.diagnostics import Text, text
from sphinx_govreport.core.reports.year_file import FIRST_YEAR, LAST_YEAR

from .common import said

_PARTS = "AGENCY=PART,PART"
_PATHS = ("PATH", "FILE", "YEARFILE", "DIR")  #: metavariables of arguments that are a file or folder


class Subcommand(Protocol):
    """What a module of a subcommand has."""

    NAME: str
    HELP: Text
    EXAMPLE: str  #: the text after its name in an example

    def add(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""

    def run(self, options: argparse.Namespace) -> int:
        """Run the subcommand. Returns the exit code."""


def add_subcommand(parser_of: Callable[..., argparse.ArgumentParser], module: Subcommand) -> None:
    """Declare a subcommand; ``parser_of`` is the method of the object that ``add_subparsers`` returns."""
    about, heading = said(module.HELP), said(text("Example:"))
    parser = parser_of(
        module.NAME,
        help=about,
        description=said(text("{sentence}.", sentence=about[:1].upper() + about[1:])),
        epilog=f"{heading}\n  sphinx-govreport {module.NAME} {module.EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=module.run, parser=parser)
    add_language(parser)
    module.add(parser)


def add_language(parser: argparse.ArgumentParser) -> None:
    """Declare the option for the language, which may appear before or after the name of a subcommand."""
    about = text("language of messages: zh_CN or en (default: that of the terminal)")
    option(parser, about, "--language", metavar="CODE", default=argparse.SUPPRESS)


def option(parser: argparse.ArgumentParser, help_: Text, *names: str, **settings: Any) -> None:
    """Declare an option or a positional argument."""
    action = parser.add_argument(*names, **settings, help=said(help_))
    if settings.get("metavar") in _PATHS and (shtab := sys.modules.get("shtab")):  # imported only for a completion script
        vars(action)["complete"] = shtab.FILE


def add_forms(parser: argparse.ArgumentParser) -> None:
    """Declare the option for local forms."""
    about = text("local form: a file, folder or glob; may be repeated")
    option(parser, about, "--form", action="append", default=[], metavar="FILE")


def add_agencies(parser: argparse.ArgumentParser) -> None:
    """Declare the option for former names and levels of agencies."""
    option(parser, text("file with former names and levels of agencies"), "--agencies", default="", metavar="FILE")


def add_keys(parser: argparse.ArgumentParser, help_: Text) -> None:
    """Declare the option for the language of keys."""
    option(parser, help_, "--keys", choices=("zh", "en"))


def add_year(parser: argparse.ArgumentParser, help_: Text) -> None:
    """Declare the option for the year of a report."""
    option(parser, help_, "--year", type=report_year, default=0, metavar="YEAR")


def add_workers(parser: argparse.ArgumentParser) -> None:
    """Declare the options for many files."""
    add_jobs(parser)
    option(parser, text("cache parsed year files in FILE (SQLite)"), "--cache", metavar="FILE")
    option(parser, text("Dask scheduler to run on, for example tcp://host:8786"), "--scheduler", metavar="ADDRESS")


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Declare the option for several processes."""
    about = text("number of processes (default: 1, or all cores if there are many files)")
    option(parser, about, "--jobs", type=int, metavar="N")


def add_parts(parser: argparse.ArgumentParser, help_: Text) -> None:
    """Declare the option for the parts of agencies."""
    option(parser, help_, "--parts", action="append", default=[], type=agency_and_parts, metavar=_PARTS)


def seen(argument: str) -> str:
    """Return the name of an agency without spaces around it; it must be visible to readers."""
    argument = decoded(argument).strip()
    if not argument:
        raise argparse.ArgumentTypeError(said(text("The name of the agency is missing.")))
    if codes := codes_in(argument):
        message = text("“{quoted}” contains invisible characters ({codes}).", quoted=argument, codes=codes)
        raise argparse.ArgumentTypeError(said(message))
    return argument


def agency_and_parts(argument: str) -> tuple[str, list[str]]:
    """Return an agency and those that add up to it."""
    agency, _, names = argument.partition("=")
    parts = [seen(name) for name in re.split("[,，、]", names) if name.strip()]
    if not parts:
        message = text("“{written}” is not {shape}: an agency, “=”, and its parts with commas.", written=argument, shape=_PARTS)
        raise argparse.ArgumentTypeError(said(message))
    return seen(agency), parts


def report_year(argument: str) -> int:
    """Return a year for which there can be a report."""
    if not argument.isdecimal() or not FIRST_YEAR <= int(argument) <= LAST_YEAR:
        raise argparse.ArgumentTypeError(said(text("There is no report for the year {year}.", year=argument)))
    return int(argument)
