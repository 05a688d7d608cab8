"""Outdated pages: those to be read again, and those to be written again because other pages changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from sphinx_govreport.core.files import relative, remove_partial
from sphinx_govreport.core.yaml.source import digest_of
from sphinx_govreport.ext import compat
from sphinx_govreport.ext.files import write_output

from .domain import GovDomain, Key, domain_of

K = TypeVar("K")
V = TypeVar("V")


def outdated_pages(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Return pages whose reports have changed, pages with findings, and pages whose toctrees list removed pages.

    Sphinx does not read these again, and would print the removed pages in PDF and wherever pages are in one document.
    """
    return sorted({*_to_be_read(domain_of(env)), *compat.pages_that_list(env, removed)} & env.found_docs)


def _to_be_read(domain: GovDomain) -> Iterator[str]:
    yield from domain.faulty
    for docname, dependencies in domain.dependencies.items():
        if any(domain.build.fingerprint(one) != fingerprint for one, fingerprint in dependencies.items()):
            yield docname


def pages_to_write(app: Sphinx, domain: GovDomain) -> list[str]:
    """Return pages whose quotations have new targets, or whose lists have changed, and pages that were read but not written.

    Called when all pages have been read.
    """
    other = {
        *_update(domain.quotes, lambda docname, key: _quoted_page(domain, key, docname)),
        *_with_missing_targets(domain),
        *_with_other_pdfs(domain),
        *_update(domain.check_tables, lambda _docname, key: domain.page_findings(key)),
        *_update(domain.report_lists, lambda _docname, query: domain.list_entries(query)),
    }
    domain.note_content(_digests(domain))
    return sorted(other | {*_unwritten(app, domain.content)})


def _update(known: Mapping[str, dict[K, V]], now: Callable[[str, K], V]) -> Iterator[str]:
    """Update the recorded content, and yield the pages on which it changed."""
    for docname, shown in known.items():
        new = {key: now(docname, key) for key in shown}
        if new != shown:
            shown.update(new)
            yield docname


def _quoted_page(domain: GovDomain, key: Key, near: str) -> str:
    """Return the page that a quotation links to, including its title if the title is printed."""
    page = domain.placement.canonical_docname(*key, near)
    return page if key[1] or not page else f"{page} {domain.env.titles[page].astext()}"


def _with_missing_targets(domain: GovDomain) -> Iterator[str]:
    """Yield pages with missing targets, so that these are reported again."""
    for docname, references in domain.references.items():
        if not all(domain.placement.canonical_docname(*key, docname) for key in references):
            yield docname


def _with_other_pdfs(domain: GovDomain) -> Iterator[str]:
    """Update the PDF links of pages, and yield the pages on which they changed."""
    pdfs = domain.placement.pdfs
    for docname, keys in domain.placement.downloads.items() if domain.build.pdfs or domain.linked_pdfs else ():
        linked_pdfs = tuple(sorted(key for key in keys if key in pdfs))
        if linked_pdfs != domain.linked_pdfs.get(docname, ()):
            domain.linked_pdfs[docname] = linked_pdfs
            yield docname


# the output of the last complete build -----------------------------------------------------------------------------


def remove_partial_files(app: Sphinx) -> None:
    """Remove partial files of a killed build."""
    remove_partial(Path(app.doctreedir))


def note_written(app: Sphinx, exception: Exception | None) -> None:
    """Store the digests of pages at the end of a complete build."""
    digests = domain_of(app.env).content
    if exception is None and digests != _written(app):
        write_output(app.builder, _path(app), json.dumps([_stamp(digests), digests]).encode())


def _unwritten(app: Sphinx, digests: Mapping[str, str]) -> Iterator[str]:
    """Yield the pages whose content has changed since this builder's last complete build."""
    written = _written(app)
    return (docname for docname, digest in digests.items() if written.get(docname) != digest)


def _digests(domain: GovDomain) -> dict[str, str]:
    """Return, by page, a digest of its content about reports."""
    digests = {}
    for docname in domain.env.found_docs:
        shown = [part.get(docname) for part in (domain.dependencies, domain.quotes, domain.check_tables, domain.report_lists)]
        if any(shown):
            digests[docname] = digest_of(repr(shown).encode())[:16]
    return digests


def _written(app: Sphinx) -> dict[str, str]:
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
