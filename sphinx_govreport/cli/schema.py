"""``sphinx-govreport schema``: what editors know year files by."""

from __future__ import annotations

import argparse

from ..core.diagnostics import text
from ..core.formats import dumped
from ..core.schema import schema_of
from ..exporters.published import records_schema
from .common import FINDINGS, Commands, add_forms, load, tell, write
from .language import said


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
        tell(library.diagnostics, options)
        return FINDINGS
    schema = records_schema() if options.records else schema_of(library.forms)
    return write(options.output, dumped(schema))
