"""``sphinx-govreport new-site``: the site of the first year."""

from __future__ import annotations

import argparse
from pathlib import Path

from sphinx_govreport.core.clock import last_year
from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.exporters.new_site import site_files, write_site

from .common import (
    FINDINGS,
    SOUND,
    Commands,
    WrongUsage,
    add_forms,
    load,
    no_form,
    not_written,
    said,
    seen,
    tell,
)
from .streams import put, shown


def add(commands: Commands) -> None:
    """Declare the subcommand."""
    parser = commands.add_parser("new-site", help=said(text("begin a site: settings, the report's page, data, Makefile, CI")))
    parser.add_argument("folder", metavar="DIR", help=said(text("where to")))
    parser.add_argument("--agency", required=True, type=seen, metavar="NAME", help=said(text("the agency that reports")))
    parser.add_argument(
        "--year", type=int, default=0, metavar="YEAR", help=said(text("the year of the first report (default: last year)"))
    )
    add_forms(parser)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    library = load([], options.form)
    if library.diagnostics:
        tell(library.diagnostics)
        return FINDINGS
    local = {Path(name).name: Path(name).read_text("utf-8-sig") for name in options.form}
    year = options.year or last_year()
    try:
        files = site_files(options.agency, year, library.forms, local)
        write_site(Path(options.folder), files)
    except ValueError as error:
        raise no_form(year) from error
    except FileExistsError as error:
        raise WrongUsage(text("“{name}” is there already; nothing was written.", name=str(error))) from error
    except OSError as error:
        raise not_written(options.folder, error) from error
    for name in sorted(files):
        put(shown(Path(options.folder) / name))
    return SOUND
