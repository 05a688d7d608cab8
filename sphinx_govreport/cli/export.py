"""``sphinx-govreport export``: reports as open data and as documents."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sphinx_govreport.core.characters import visible
from sphinx_govreport.core.clock import last_year
from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.core.extras import require
from sphinx_govreport.core.forms.form import Form, form_in_force
from sphinx_govreport.core.json import dumped
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.tables.table import report_ident
from sphinx_govreport.exporters import EXPORTS, export_plugins, exports
from sphinx_govreport.exporters.metadata import PACKAGE_NAME, Resource, data_package
from sphinx_govreport.exporters.records import STREAMS
from sphinx_govreport.exporters.xlsx import blank_workbook

from .arguments import add_agencies, add_forms, add_keys, add_workers, add_year, option
from .common import (
    FINDINGS,
    SOUND,
    WrongUsage,
    collected,
    forms_only,
    make_folder,
    no_form,
    opened,
    page_text,
    progress,
    refuse_unused,
    tell,
    write,
)
from .streams import is_output, say

NAME = "export"
HELP = text("export reports as open data, documents or a normalised year file")
EXAMPLE = "data --to xlsx -o reports.xlsx"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    option(parser, text("year files, folders or globs"), "paths", nargs="*", metavar="PATH")
    about = text("output format; csv, json and parquet have one record per figure")
    option(parser, about, "--to", choices=[*exports(), "datapackage"])
    option(parser, text("write a blank workbook of the form in force, to be filled in"), "--blank", action="store_true")
    add_year(parser, text("with --blank: the year of the report (default: last year)"))
    option(parser, text("with --to docx: export the whole page of the report (.md, .rst)"), "--page", metavar="FILE")
    add_keys(parser, text("with --to yaml: language of the keys (default: that of the file)"))
    add_forms(parser)
    add_agencies(parser)
    add_workers(parser)
    about = text("output file (default: standard output); for datapackage a folder")
    option(parser, about, "-o", "--output", default="-", metavar="FILE")


def run(options: argparse.Namespace) -> int:
    """Export the reports; files with errors are left out and listed."""
    if options.blank:
        refuse_unused("--blank", page=options.page, keys=options.keys)
        return _blank(options)
    if not options.paths or not options.to:
        raise WrongUsage(text("Specify year files and --to FORMAT, or --blank."))
    if options.year:
        raise WrongUsage(text("--year is only for --blank; to export one year, specify its year file."))
    if options.page and options.to != "docx":
        raise WrongUsage(text("A page can only be exported as docx."))
    refuse_unused(f"--to {options.to}", keys=options.to != "yaml" and options.keys)
    with collected(options.paths, options) as collection:
        fails = tell(collection.problems(*export_plugins().problems))
        keys = sorted(key for key, file in collection.reports.items() if not file.has_errors and not file.rival)
        if not keys:
            return FINDINGS
        if options.page:
            return FINDINGS if fails else _page(options)
        if stream := STREAMS.get(options.to):
            parts = collection.map_reports(stream.part, keys, progress(text("written")))
            with opened(options.output) as file:
                stream.write(file, parts)
        else:
            found = (report for key in keys if (report := collection.report(*key)))
            reports = [replace(report, keys=options.keys or report.keys) for report in found]
            if options.to == "datapackage":
                _package(options.output, reports, collection.forms)
            else:
                write(options.output, exports()[options.to](reports, collection.forms))
    return FINDINGS if fails else SOUND


def _page(options: argparse.Namespace) -> int:
    """Build a single page and write it as a whole. Problems are reported; an error means that a part is missing."""
    written = page_text(options.page)  # Sphinx would fail on a page that cannot be read
    require("docx", "docx", EXPORTS["docx"].title)
    from sphinx_govreport.ext.standalone import build_word  # Sphinx is imported only if there is a page

    built = build_word(Path(options.page), options.page, options.paths, options.form, options.agencies)
    for line in built.told:
        say(visible(line))
    if built.body is not None:
        write(options.output, built.body)
    elif not (built.has_errors and "govreport-year" in written):  # otherwise, an error says why there is no such report
        raise WrongUsage(
            text("“{name}” does not specify a report; add govreport-year and govreport-agency at its top.", name=options.page)
        )
    return FINDINGS if built.has_errors else SOUND


def _package(output: str, reports: Sequence[Report], forms: Mapping[str, Form]) -> None:
    """Write a folder with a CSV for each report and the files that describe them."""
    if is_output(output):
        raise WrongUsage(text("A data package consists of several files; specify a folder: --output DIR."))
    export = EXPORTS["csv"]
    resources = [
        Resource(f"{report_ident(report.key(forms))}.csv", export.encoded([report], forms), report) for report in reports
    ]
    folder = Path(output)
    make_folder(folder)
    for resource in resources:
        write(str(folder / resource.path), resource.body)
    write(str(folder / PACKAGE_NAME), dumped(data_package(resources, forms)))


def _blank(options: argparse.Namespace) -> int:
    """Write an empty form. A local form in force takes precedence over the statutory one."""
    library = forms_only(options.form)
    if library is None:
        return FINDINGS
    year = options.year or last_year()
    form = form_in_force(reversed(tuple(library.forms.values())), year)
    if form is None:
        raise no_form(year)
    if options.paths or options.to not in (None, "xlsx") or is_output(options.output):
        raise WrongUsage(text("A blank form is a workbook; specify --output FILE, no year files and no other format."))
    return write(options.output, blank_workbook(form, year))
