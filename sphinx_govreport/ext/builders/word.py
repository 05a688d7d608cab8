"""A complete report page as a Word document: the builder ``govword``, and the downloads of HTML builders."""

from __future__ import annotations

from collections.abc import Iterable, Set
from pathlib import Path

from docutils import nodes
from sphinx.builders import Builder
from sphinx.errors import ConfigError

from sphinx_govreport.core.diagnostics import translator
from sphinx_govreport.core.extras import MissingExtra, require
from sphinx_govreport.ext.doctree_document import page_document
from sphinx_govreport.ext.domain.domain import domain_of
from sphinx_govreport.ext.files import write_output
from sphinx_govreport.ext.nodes import WORD
from sphinx_govreport.ext.output import replace_output


class WordBuilder(Builder):
    """Writes each page that names a report at its top."""

    name = WORD
    epilog = "The Word documents are in %(outdir)s."
    allow_parallel = True

    def init(self) -> None:
        """Check that the library is installed. Raises ``ConfigError`` with installation instructions."""
        try:
            require("docx", "docx", "docx")
        except MissingExtra as missing:
            raise ConfigError(missing.message.render(translator(self.config.language))) from None

    def get_outdated_docs(self) -> Iterable[str]:
        """Return all pages: documents are written quickly."""
        return sorted(self.env.found_docs)

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return an empty string: documents are not linked."""
        return ""

    def prepare_writing(self, docnames: Set[str]) -> None:
        """Do nothing: documents share no data."""

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Write a report's page."""
        if docname in domain_of(self.env).pages:
            write_output(self, Path(self.outdir, f"{docname}.docx"), page_document(self.env, docname, doctree))

    def finish(self) -> None:
        """Remove files that only an earlier build wrote."""
        replace_output(self, {f"{docname}.docx" for docname in domain_of(self.env).pages})
