"""``sphinx-govreport schema``: the JSON Schema of year files, for editors."""

from __future__ import annotations

import argparse

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.core.json import dumped
from sphinx_govreport.core.reports.schema import schema_of
from sphinx_govreport.exporters.metadata import records_schema

from .arguments import add_forms, add_keys, option
from .common import FINDINGS, forms_only, refuse_unused, spoken_keys, write

NAME = "schema"
HELP = text("write a JSON Schema of year files for editors")
EXAMPLE = "-o data/govreport-year.schema.json"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_forms(parser)
    add_keys(parser, text("language of the keys offered in a file without keys (default: your language)"))
    option(parser, text("write the schema of exported JSON instead"), "--records", action="store_true")
    about = text("output file (default: %(default)s); - for standard output")
    option(parser, about, "-o", "--output", default="govreport-year.schema.json", metavar="FILE")


def run(options: argparse.Namespace) -> int:
    """Write a schema."""
    refuse_unused("--records", keys=options.records and options.keys)
    library = forms_only(options.form)
    if library is None:
        return FINDINGS
    schema = records_schema(library.forms) if options.records else schema_of(library.forms, options.keys or spoken_keys())
    return write(options.output, dumped(schema))
