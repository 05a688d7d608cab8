"""``sphinx-govreport export``: reports as open data and as documents."""

from __future__ import annotations

import argparse

from ..exporters import EXPORTS
from .common import FINDINGS, Commands, add_forms, has_errors, load, tell, write


def add(commands: Commands) -> None:
    """Declare the subcommand."""
    parser = commands.add_parser("export", help="write reports as open data, as documents, or as a tidy year file")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="year files, folders, globs")
    parser.add_argument("--to", choices=EXPORTS, required=True, help="csv and json have a record for each figure")
    add_forms(parser)
    parser.add_argument("--output", default="-", metavar="FILE", help="where to (default: printed)")
    parser.set_defaults(run=_run)


def _run(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    """Nothing is written of files that cannot be read whole."""
    library = load(options.paths, options.form)
    tell(library.diagnostics, options)
    if has_errors(library.diagnostics) or not library.entries:
        return FINDINGS
    reports = [report for key in sorted(library.entries) if (report := library.report(*key))]
    try:
        body = EXPORTS[options.to](reports, library.forms)
    except ValueError as error:
        parser.error(f"--to {options.to}: {error}")
    return write(parser, options.output, body)
