"""Outdated pages: those to be read again, and those to be written again because other pages changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from sphinx_govreport.core.files import relative
from sphinx_govreport.core.library.summary import SUMMARY_NAME
from sphinx_govreport.core.yaml.source import digest_of
from sphinx_govreport.ext import compat
from sphinx_govreport.ext.config import VALUES
from sphinx_govreport.ext.files import removing, write_output
from sphinx_govreport.ext.nodes import EPUB

from .domain import GovDomain, Key, domain_of

K = TypeVar("K")
V = TypeVar("V")


def outdated_pages(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Return pages whose reports have changed, pages with findings, and pages whose toctrees list removed pages.

    Sphinx does not read these again, and would print the removed pages in PDF and wherever pages are in one document.
    """
    domain = domain_of(env)
    other = {
        docname
        for docname, dependencies in domain.dependencies.items()
        if any(domain.build.fingerprint(one) != fingerprint for one, fingerprint in dependencies.items())
    }
    return sorted({*domain.faulty, *other, *compat.pages_that_list(env, removed)} & env.found_docs)


def _update(known: Mapping[str, dict[K, V]], now: Callable[[str, K], V]) -> None:
    """Update the recorded content of pages."""
    for docname, shown in known.items():
        shown.update({key: now(docname, key) for key in shown})


def _quoted_page(domain: GovDomain, key: Key, near: str) -> str:
    """Return the page that a quotation links to, including its title if the title is printed."""
    page = domain.placement.canonical_docname(*key, near)
    return page if key[1] or not page else f"{page} {domain.page_title(page)}"


def _with_missing_targets(domain: GovDomain) -> Iterator[str]:
    """Yield pages with missing targets, so that these are reported again."""
    for docname, references in domain.references.items():
        if not all(domain.placement.canonical_docname(*key, docname) for key in references):
            yield docname


class WrittenPages:
    """The pages that one build writes, compared with those of the builder's earlier builds."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}  # by page: a digest of the content about reports that this builder has written
        self._content: dict[str, str] = {}  # the same for this build
        self._left: set[str] = set()  # the pages to be written that are not written yet

    def due(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Return pages whose content about reports differs from what this builder has written, and pages with missing targets.

        Called when all pages have been read.
        """
        domain = domain_of(env)
        _update(domain.quotes, lambda docname, key: _quoted_page(domain, key, docname))
        _update(domain.check_tables, lambda _docname, key: domain.page_findings(key))
        _update(domain.report_lists, lambda _docname, query: domain.list_entries(query))
        self._known = _known(app)
        if app.builder.name == EPUB:  # Sphinx packs every file of the folder, so that withdrawn figures would stay in the book
            with removing(app.builder):
                for docname in self._known.keys() - env.found_docs:
                    compat.page_file(app.builder, docname).unlink(missing_ok=True)
        if not isinstance(app.builder.get_outdated_docs(), str):  # else it writes everything in each build
            self._content = _digests(domain)
            self._left = {docname for docname in env.found_docs if self._known.get(docname) != self._content.get(docname)}
        return sorted({*_with_missing_targets(domain), *self._left})

    def note(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        """Record a page that is written: a build may be asked for single pages."""
        self._left.discard(docname)

    def store(self, app: Sphinx, exception: Exception | None) -> None:
        """Store the digests of pages at the end of a complete build. A site with older pages cannot be packed."""
        known, content = self._known, self._content
        docnames = known.keys() | content.keys()
        digests = {name: digest for name in docnames if (digest := (known if name in self._left else content).get(name))}
        if exception is None and digests != known:
            write_output(app.builder, _path(app), json.dumps([_stamp(digests), digests]).encode())
        if self._left:
            with removing(app.builder):
                Path(app.outdir, SUMMARY_NAME).unlink(missing_ok=True)


def _digests(domain: GovDomain) -> dict[str, str]:
    """Return, by page, a digest of its content about reports, and of settings for which Sphinx reads pages again."""
    placement, config = domain.placement, domain.env.config
    settings = digest_of(repr([getattr(config, value.name) for value in VALUES if value.rebuild == "env"]).encode())
    digests = {}
    for docname in domain.env.found_docs:
        shown = [part.get(docname) for part in (domain.dependencies, domain.quotes, domain.check_tables, domain.report_lists)]
        if any(shown):
            offered = sorted(placement.downloads.get(docname, ()))
            kinds = {key: domain.download_kinds(key) for key in offered if key in domain.build.library.entries}
            files = [(key, kinds.get(key), placement.canonical_docname(key, "", "")) for key in offered]
            digests[docname] = digest_of(repr((shown, placement.tables.get(docname), files, settings)).encode())[:16]
    return digests


def _known(app: Sphinx) -> dict[str, str]:
    try:
        stamp, digests = json.loads(_path(app).read_bytes())
        return dict(digests) if stamp == _stamp(digests) else {}
    except (OSError, ValueError, TypeError, RecursionError):  # if it is missing or damaged, all pages are written
        return {}


def _stamp(digests: Mapping[str, str]) -> str:
    return digest_of(json.dumps(digests).encode())


def _path(app: Sphinx) -> Path:
    """Return a path for each output folder, because several builders may share an environment; a moved project keeps it."""
    output = relative(app.outdir, app.doctreedir)
    return Path(app.doctreedir) / f"govreport-written-{digest_of(output.encode())[:8]}.json"
