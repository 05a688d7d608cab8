"""``sphinx-govreport new``: the next year's file."""

from __future__ import annotations

import argparse
from pathlib import Path

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.exporters.year_file import next_year_text

from .common import (
    FINDINGS,
    Commands,
    WrongUsage,
    add_forms,
    load,
    no_form,
    refuse_taken,
    said,
    tell,
    write,
)
from .streams import put, shown


def add(commands: Commands) -> None:
    """Declare the subcommand."""
    parser = commands.add_parser("new", help=said(text("begin next year's file from last year's")))
    parser.add_argument("year", type=int, metavar="YEAR", help=said(text("the year of the new report")))
    parser.add_argument("--from", dest="last", required=True, metavar="FILE", help=said(text("last year's file")))
    add_forms(parser)
    parser.add_argument("--output", metavar="FILE", help=said(text("where to (default: YEAR.yaml beside last year's file)")))
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    library = load([options.last], options.form)
    fails = tell(library.diagnostics)
    if len(library.entries) > 1:
        raise WrongUsage(text("There are several reports in “{name}”; name one file.", name=options.last))
    last = library.report(*next(iter(library.entries), ("", 0)))
    if last is None or fails:
        return FINDINGS
    target = Path(options.output) if options.output else Path(options.last).with_name(f"{options.year}.yaml")
    refuse_taken(target)
    try:
        body = next_year_text(last, options.year, library.forms)
    except ValueError as error:
        raise no_form(options.year) from error
    code = write(str(target), body)
    put(shown(target))
    return code
