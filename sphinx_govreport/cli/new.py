"""``sphinx-govreport new``: the next year's file, and its page."""

from __future__ import annotations

import argparse
from pathlib import Path

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.core.forms.form import form_in_force, of_kind
from sphinx_govreport.core.json import dumped
from sphinx_govreport.core.library.library import Library
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.schema import schema_of
from sphinx_govreport.exporters.next_page import next_page
from sphinx_govreport.exporters.year_file import SCHEMA, next_year_text

from .arguments import add_agencies, add_forms, add_keys, option, report_year
from .common import FINDINGS, SOUND, WrongUsage, file_name, load, no_form, page_text, refuse_taken, tell, write_all
from .streams import is_output, put, say, shown

NAME = "new"
HELP = text("create the next year file from last year's")
EXAMPLE = "2025 --from data/2024.yaml --page reports/2024.md"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    option(parser, text("year of the new report"), "year", type=report_year, metavar="YEAR")
    option(parser, text("year file of last year"), "--from", dest="last", required=True, metavar="FILE")
    about = text("page of last year: create the new page next to it, with last year's text as comments")
    option(parser, about, "--page", metavar="FILE")
    add_keys(parser, text("language of the keys (default: that of last year's file)"))
    add_forms(parser)
    add_agencies(parser)
    option(parser, text("output file (default: YEAR.yaml next to last year's file)"), "-o", "--output", metavar="FILE")


def run(options: argparse.Namespace) -> int:
    """Create a year file and, if requested, its page."""
    library = load([options.last], options.form, options.agencies)
    fails = tell(library.diagnostics)
    if len(library.entries) > 1:
        raise WrongUsage(text("There are several reports in “{name}”; specify one file.", name=options.last))
    key = next(iter(library.entries), None)
    last = library.report(*key) if key else None
    if key is None or last is None or fails:
        return FINDINGS
    if options.year == last.year:
        raise WrongUsage(text("“{name}” is the report for {year}.", name=options.last, year=last.year))
    name = file_name(key._replace(year=options.year))
    target = Path(options.output) if options.output else Path(options.last).with_name(name)
    keys = options.keys or last.keys
    try:
        files = {str(target): next_year_text(last, options.year, library.forms, keys)}
    except ValueError as error:
        raise no_form(options.year) from error
    refuse_taken(target, files[str(target)])
    is_printed, schema = is_output(options.output or ""), target.with_name(SCHEMA)
    if not is_printed and not schema.exists():
        files[str(schema)] = dumped(schema_of(library.forms, keys))
    if options.page:
        files |= _page(options, last, library)
    write_all(files)
    tell_name = say if is_printed else put
    for written in files:
        if not is_output(written):
            tell_name(shown(written))
    return SOUND


def _page(options: argparse.Namespace, last: Report, library: Library) -> dict[str, str]:
    """Return the page of the new report, next to the page of last year."""
    page, written = Path(options.page), page_text(options.page)
    renamed = page.stem.replace(str(last.year), str(options.year))
    target = page.with_stem(renamed if renamed != page.stem else str(options.year))
    before = last.form(library.forms)  # the year file keeps it while it is in force, although others may be, too
    form = form_in_force((before, *of_kind(library.forms.values(), before.kind)), options.year)
    body = next_page(written, last.year, form or before, options.year, is_markdown=page.suffix != ".rst")
    refuse_taken(target, body)
    return {str(target): body}
