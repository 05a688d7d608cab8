"""``sphinx-govreport new-site``: the site of the first year."""

from __future__ import annotations

import argparse
from pathlib import Path

from sphinx_govreport.core.clock import last_year
from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.core.library.paths import form_paths_of
from sphinx_govreport.exporters.new_site import site_files

from .arguments import add_forms, add_keys, add_year, option, seen
from .common import FINDINGS, SOUND, WrongUsage, forms_only, no_form, refuse_taken, write_all
from .streams import is_output, put, shown

NAME = "new-site"
HELP = text("create a site: settings, report page, year file, Makefile and CI")
EXAMPLE = "site --agency 某市某局 --year 2024"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    option(parser, text("folder of the site"), "folder", nargs="?", default="", metavar="DIR")
    option(parser, text("folder of the site"), "-o", "--output", default="", metavar="DIR")
    option(parser, text("agency that publishes the report"), "--agency", required=True, type=seen, metavar="NAME")
    add_year(parser, text("year of the first report (default: last year)"))
    add_keys(parser, text("language of the keys of the year file (default: zh)"))
    add_forms(parser)


def run(options: argparse.Namespace) -> int:
    """Create the files of a site."""
    target = options.output or options.folder
    if not target or (options.output and options.folder):
        raise WrongUsage(text("Specify the folder of the site once: DIR or --output DIR."))
    if is_output(target):
        raise WrongUsage(text("A site consists of several files; specify a folder: --output DIR."))
    library = forms_only(options.form)
    if library is None:
        return FINDINGS
    local: dict[str, str] = {}
    for path in form_paths_of(Path.cwd(), options.form, []):
        if path.name in local:
            raise WrongUsage(text("Two forms have files called “{name}”; rename one of them.", name=path.name))
        local[path.name] = path.read_text("utf-8-sig")
    year = options.year or last_year()
    try:
        bodies = site_files(options.agency, year, library.forms, local, options.keys or "zh")
    except ValueError as error:
        raise no_form(year) from error
    files = {str(Path(target, name)): body for name, body in bodies.items()}
    for name, body in files.items():
        refuse_taken(Path(name), body)
    write_all(files)
    for name in sorted(files):
        put(shown(name))
    return SOUND
