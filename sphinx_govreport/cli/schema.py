"""``sphinx-govreport schema``: what editors know year files by."""

from __future__ import annotations

import argparse

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.core.json import dumped
from sphinx_govreport.core.reports.schema import schema_of
from sphinx_govreport.exporters.metadata import records_schema

from .common import FINDINGS, Commands, add_forms, load, said, tell, write


def add(commands: Commands) -> None:
    """Declare the subcommand."""
    parser = commands.add_parser("schema", help=said(text("write a JSON Schema of year files, for editors")))
    add_forms(parser)
    parser.add_argument("--records", action="store_true", help=said(text("the schema of exported JSON instead")))
    parser.add_argument(
        "--output",
        default="govreport-year.schema.json",
        metavar="FILE",
        help=said(text("where to (default: %(default)s); - prints it")),
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    library = load([], options.form)
    if library.diagnostics:
        tell(library.diagnostics)
        return FINDINGS
    schema = records_schema(library.forms) if options.records else schema_of(library.forms)
    return write(options.output, dumped(schema))
