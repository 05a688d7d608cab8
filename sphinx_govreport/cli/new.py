"""``sphinx-govreport new`` and ``new-site``: the next year's file, the first year's site."""

from __future__ import annotations

import argparse
from pathlib import Path

from sphinx_govreport.core.clock import last_year
from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.exporters.new_site import site_files, write_site
from sphinx_govreport.exporters.year_file import next_year_text

from .common import (
    FINDINGS,
    SOUND,
    Commands,
    WrongUsage,
    add_forms,
    has_errors,
    load,
    not_written,
    refuse_taken,
    said,
    seen,
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
    site = commands.add_parser("new-site", help=said(text("begin a site: settings, the report's page, data, Makefile, CI")))
    site.add_argument("folder", metavar="DIR", help=said(text("where to")))
    site.add_argument("--agency", required=True, type=seen, metavar="NAME", help=said(text("the agency that reports")))
    site.add_argument(
        "--year", type=int, default=0, metavar="YEAR", help=said(text("the year of the first report (default: last year)"))
    )
    add_forms(site)
    site.set_defaults(run=_run_site)


def _run(options: argparse.Namespace) -> int:
    library = load([options.last], options.form)
    tell(library.diagnostics, options)
    if len(library.entries) > 1:
        raise WrongUsage(text("There are several reports in “{name}”; name one file.", name=options.last))
    last = library.report(*next(iter(library.entries), ("", 0)))
    if last is None or has_errors(library.diagnostics):
        return FINDINGS
    target = Path(options.output) if options.output else Path(options.last).with_name(f"{options.year}.yaml")
    refuse_taken(target)
    try:
        body = next_year_text(last, options.year, library.forms)
    except ValueError as error:
        raise _no_form(options.year) from error
    code = write(str(target), body)
    put(shown(target))
    return code


def _run_site(options: argparse.Namespace) -> int:
    library = load([], options.form)
    if library.diagnostics:
        tell(library.diagnostics, options)
        return FINDINGS
    local = {Path(name).name: Path(name).read_text("utf-8-sig") for name in options.form}
    year = options.year or last_year()
    try:
        files = site_files(options.agency, year, library.forms, local)
        write_site(Path(options.folder), files)
    except ValueError as error:
        raise _no_form(year) from error
    except FileExistsError as error:
        raise WrongUsage(text("“{name}” is there already; nothing was written.", name=str(error))) from error
    except OSError as error:
        raise not_written(options.folder, error) from error
    for name in sorted(files):
        put(shown(Path(options.folder) / name))
    return SOUND


def _no_form(year: int) -> WrongUsage:
    return WrongUsage(text("No form is in force in {year}.", year=year))
