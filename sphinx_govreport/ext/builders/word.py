"""The page of a report as a Word document, all of it: the builder ``govword``, and what HTML builders offer to load."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
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
        """Check that the library is installed. Raises ``ConfigError`` with what to install."""
        try:
            require("docx", "docx", "docx")
        except MissingExtra as missing:
            raise ConfigError(missing.message.render(translator(self.config.language))) from None

    def get_outdated_docs(self) -> Iterator[str] | Iterable[str]:
        """Return all pages: a document is written fast."""
        return sorted(self.env.found_docs)

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return nothing: documents are not linked."""
        return ""

    def prepare_writing(self, docnames: Set[str]) -> None:
        """Do nothing: documents share nothing."""

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Write a report's page."""
        if docname in domain_of(self.env).pages:
            target = Path(self.outdir, f"{docname}.docx")
            write_output(self, target, page_document(self.env, docname, doctree))

    def finish(self) -> None:
        """Remove what only an earlier build wrote."""
        replace_output(self, {f"{docname}.docx" for docname in domain_of(self.env).pages})
