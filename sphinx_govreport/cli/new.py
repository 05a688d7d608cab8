"""``sphinx-govreport new`` and ``new-site``: the next year's file, the first year's site."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from ..exporters.new_site import site_files, write_site
from ..exporters.next_year import next_year_text
from .common import FINDINGS, SOUND, Commands, add_forms, has_errors, load, tell, write


def add(commands: Commands) -> None:
    """Declare the subcommand."""
    parser = commands.add_parser("new", help="begin next year's file from last year's")
    parser.add_argument("year", type=int, metavar="YEAR", help="the year of the new report")
    parser.add_argument("--from", dest="last", required=True, metavar="FILE", help="last year's file")
    add_forms(parser)
    parser.add_argument("--output", metavar="FILE", help="where to (default: YEAR.yaml beside last year's file)")
    parser.set_defaults(run=_run)
    site = commands.add_parser("new-site", help="begin a site: settings, the report's page, data, Makefile, CI")
    site.add_argument("folder", metavar="DIR", help="where to")
    site.add_argument("--agency", required=True, metavar="NAME", help="the agency that reports")
    site.add_argument("--year", type=int, default=0, metavar="YEAR", help="the year of the first report (default: last year)")
    add_forms(site)
    site.set_defaults(run=_run_site)


def _run(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    library = load([options.last], options.form)
    tell(library.diagnostics, options)
    if len(library.entries) > 1:
        parser.error(f"--from {options.last}: there are several reports; name one file")
    last = library.report(*next(iter(library.entries), ("", 0)))
    if last is None or has_errors(library.diagnostics):
        return FINDINGS
    target = Path(options.output) if options.output else Path(options.last).with_name(f"{options.year}.yaml")
    if target.exists():
        parser.error(f"“{target}” is there already; name another with --output")
    try:
        body = next_year_text(last, options.year, library.forms)
    except ValueError as error:
        parser.error(str(error))
    code = write(parser, str(target), body)
    print(target)
    return code


def _run_site(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    library = load([], options.form)
    if library.diagnostics:
        tell(library.diagnostics, options)
        return FINDINGS
    try:
        files = site_files(options.agency, options.year or date.today().year - 1, library.forms)
        write_site(Path(options.folder), files)
    except ValueError as error:
        parser.error(str(error))
    except FileExistsError as error:
        parser.error(f"“{error}” is there already; nothing was written")
    except OSError as error:
        parser.error(f"“{options.folder}” cannot be written: {error.strerror}")
    print("\n".join(str(Path(options.folder) / name) for name in sorted(files)))
    return SOUND
