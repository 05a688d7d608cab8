"""The page of a report as a Word document, all of it: the builder ``govword``, and what HTML builders offer to load."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.builders import Builder
from sphinx.errors import ConfigError
from sphinx.util.osutil import ensuredir

from ..core.diagnostics import translator
from ..core.extras import MissingExtra
from ..core.files import write_whole
from .domain import domain_of
from .nodes import WORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Set

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def page_document(env: BuildEnvironment, docname: str, tree: nodes.Node) -> bytes:
    """The document of a page whose references are resolved. Raises :class:`MissingExtra`."""
    from ..exporters.pages import TITLE_LENGTH
    from ..exporters.word import word_document  # most builds write none
    from .blocks import Reader

    page = domain_of(env).pages[docname]
    agency = domain_of(env).whose(page.agency)
    title = env.titles[docname].astext()
    return word_document(title[:TITLE_LENGTH], agency[:TITLE_LENGTH], Reader(env, docname).blocks(tree))


class WordBuilder(Builder):
    """Writes each page that names a report at its top."""

    name = WORD
    epilog = "The Word documents are in %(outdir)s."
    allow_parallel = True

    def init(self) -> None:
        """Look for the library before anything is read. Raises ``ConfigError`` with what to install."""
        from ..exporters.word import library  # most builds write none

        try:
            library()
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
            write_whole(target, page_document(self.env, docname, doctree), Path(self.doctreedir))

    def finish(self) -> None:
        """Remove what only an earlier build wrote."""
        from .output import settle

        settle(self, {f"{docname}.docx" for docname in domain_of(self.env).pages})


def setup(app: Sphinx) -> None:
    """Register the builder."""
    app.add_builder(WordBuilder)
