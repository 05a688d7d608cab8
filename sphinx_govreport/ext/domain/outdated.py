"""Which pages are out of date: those to be read again, and those to be written again because of what others say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sphinx.errors import SphinxError

from sphinx_govreport.core.diagnostics import text, translator
from sphinx_govreport.core.files import atomic_write, remove_partial
from sphinx_govreport.core.yaml.source import digest_of

from .domain import domain_of
from .places import Key

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder

    from .domain import GovDomain


K = TypeVar("K")
V = TypeVar("V")


def to_be_read(domain: GovDomain) -> Iterator[str]:
    """Pages whose reports are not what they were, and pages with findings."""
    yield from domain.faulty
    for docname, uses in domain.uses.items():
        if any(domain.fingerprint(question) != digest for question, digest in uses.items()):
            yield docname


def to_be_written(domain: GovDomain) -> list[str]:
    """Pages whose quotations now lead elsewhere, or whose lists say something else; known when all pages are read."""
    return sorted(
        {
            *_renewed(domain.quoted, lambda docname, key: _led_to(domain, key, docname)),
            *_misled(domain),
            *_with_other_papers(domain),
            *_renewed(domain.checks, lambda _docname, key: domain.page_findings(*key)),
            *_renewed(domain.lists, lambda _docname, agency: domain.listed(agency)),
        }
    )


def page_digests(domain: GovDomain) -> Iterator[tuple[str, str]]:
    """By page: what everything is known by that it says of reports."""
    for docname in domain.env.found_docs:
        said = [kind.get(docname) for kind in (domain.uses, domain.quoted, domain.checks, domain.lists)]
        if any(said):
            yield docname, digest_of(repr(said).encode())[:16]


def _renewed(known: Mapping[str, dict[K, V]], now: Callable[[str, K], V]) -> Iterator[str]:
    """Remember what pages say now; those that said something else."""
    for docname, said in known.items():
        new = {key: now(docname, key) for key in said}
        if new != said:
            said.update(new)
            yield docname


def _led_to(domain: GovDomain, key: Key, near: str) -> str:
    """A quotation's page, with its title if that is what is printed."""
    page = domain.places.canonical_docname(*key, near)
    return page if key[2] or not page else f"{page} {domain.env.titles[page].astext()}"


def _misled(domain: GovDomain) -> Iterator[str]:
    """Pages that refer to what is missing: so that it is reported again."""
    for docname, referred in domain.referred.items():
        if not all(domain.places.canonical_docname(*key, docname) for key in referred):
            yield docname


def _with_other_papers(domain: GovDomain) -> Iterator[str]:
    """Remember which reports pages link to as PDF; those that linked to others."""
    if not domain.pdfs and not domain.linked_pdfs:
        return
    for docname in {*domain.tables, *domain.downloads}:
        linked_pdfs = tuple(sorted(key for key in domain.downloadable(docname) if domain.pdf_of(*key)))
        if linked_pdfs != domain.linked_pdfs.get(docname, ()):
            domain.linked_pdfs[docname] = linked_pdfs
            yield docname


def unwritten(app: Sphinx) -> Iterator[str]:
    """Pages that say something else than when this builder's last whole build ended."""
    written = _written(app)
    return (docname for docname, digest in page_digests(domain_of(app.env)) if written.get(docname) != digest)


def write_output(builder: Builder, target: Path, data: bytes) -> None:
    """Write a file of the output, which is never half there. Ends the build with a sentence if it cannot be written."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(target, data, Path(builder.doctreedir))
    except OSError as error:
        message = text("“{name}” cannot be written: {reason}.", name=target, reason=error.strerror or str(error))
        raise SphinxError(message.render(translator(builder.config.language))) from error


def tidy(app: Sphinx) -> None:
    """Remove what a killed build has left."""
    remove_partial(Path(app.doctreedir))


def note_written(app: Sphinx, exception: Exception | None) -> None:
    """Write down what the pages say, at the end of a whole build."""
    digests = dict(page_digests(domain_of(app.env)))
    if exception is None and digests != _written(app):
        write_output(app.builder, _path(app), json.dumps([_stamp(digests), digests]).encode())


def _written(app: Sphinx) -> dict[str, str]:
    try:
        stamp, digests = json.loads(_path(app).read_bytes())
        return dict(digests) if stamp == _stamp(digests) else {}
    except (OSError, ValueError, TypeError, RecursionError):  # without it, or if it is damaged, all pages are written
        return {}


def _stamp(digests: dict[str, str]) -> str:
    return digest_of(json.dumps(digests).encode())


def _path(app: Sphinx) -> Path:
    """One for each place of output: several builders may share an environment."""
    return Path(app.doctreedir) / f"govreport-written-{digest_of(str(app.outdir).encode())[:8]}.json"
