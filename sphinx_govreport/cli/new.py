"""``sphinx-govreport new``: the next year's file."""

from __future__ import annotations

import argparse
from pathlib import Path

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.exporters.year_file import next_year_text

from .arguments import Commands, add_agencies, add_forms, option, subcommand
from .common import FINDINGS, WrongUsage, file_name, load, no_form, refuse_taken, tell, write
from .streams import put, shown

NAME = "new"


def add(commands: Commands) -> None:
    """Declare the subcommand."""
    parser = subcommand(commands, NAME, text("create the next year file from last year's"), _run, "2025 --from data/2024.yaml")
    option(parser, text("year of the new report"), "year", type=int, metavar="YEAR")
    option(parser, text("year file of last year"), "--from", dest="last", required=True, metavar="FILE")
    add_forms(parser)
    add_agencies(parser)
    option(parser, text("output file (default: YEAR.yaml next to last year's file)"), "-o", "--output", metavar="FILE")


def _run(options: argparse.Namespace) -> int:
    library = load([options.last], options.form, options.agencies)
    fails = tell(library.diagnostics)
    if len(library.entries) > 1:
        raise WrongUsage(text("There are several reports in “{name}”; name one file.", name=options.last))
    key = next(iter(library.entries), None)
    last = library.report(*key) if key else None
    if key is None or last is None or fails:
        return FINDINGS
    name = file_name(key._replace(year=options.year))
    target = Path(options.output) if options.output else Path(options.last).with_name(name)
    refuse_taken(target)
    try:
        body = next_year_text(last, options.year, library.forms)
    except ValueError as error:
        raise no_form(options.year) from error
    code = write(str(target), body)
    put(shown(target))
    return code
