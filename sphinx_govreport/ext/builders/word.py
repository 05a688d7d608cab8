"""The page of a report as a Word document, all of it: the builder ``govword``, and what HTML builders offer to load."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.builders import Builder
from sphinx.errors import ConfigError
from sphinx.util.osutil import ensuredir

from sphinx_govreport.core.diagnostics import translator
from sphinx_govreport.core.extras import MissingExtra, require
from sphinx_govreport.core.files import atomic_write
from sphinx_govreport.ext.doctree_document import page_document
from sphinx_govreport.ext.domain.domain import domain_of
from sphinx_govreport.ext.nodes import WORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Set

    from docutils import nodes


class WordBuilder(Builder):
    """Writes each page that names a report at its top."""

    name = WORD
    epilog = "The Word documents are in %(outdir)s."
    allow_parallel = True

    def init(self) -> None:
        """Look for the library before anything is read. Raises ``ConfigError`` with what to install."""
        try:
            require("docx", "docx", "docx")
        except MissingExtra as missing:
            raise ConfigError(missing.message.render(translator(self.config.language))) from None

    def get_outdated_docs(self) -> Iterator[str] | Iterable[str]:
        """All: a document is small."""
        return sorted(self.env.found_docs)

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Nothing leads from one document to the other."""
        return ""

    def prepare_writing(self, docnames: Set[str]) -> None:
        """Nothing is shared."""

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Write a report's page."""
        if docname in domain_of(self.env).pages:
            target = Path(self.outdir, f"{docname}.docx")
            ensuredir(target.parent)
            atomic_write(target, page_document(self.env, docname, doctree), Path(self.doctreedir))

    def finish(self) -> None:
        """Remove what only an earlier build wrote."""
        from sphinx_govreport.ext.output import settle

        settle(self, {f"{docname}.docx" for docname in domain_of(self.env).pages})
