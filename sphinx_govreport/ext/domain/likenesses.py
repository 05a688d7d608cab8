"""The comparison of each page's text with that of the previous year.

The environment is loaded and stored at every edit. Therefore it has the text of a page only compressed, and the results of
earlier comparisons: only texts that have changed are unpacked.
"""

from __future__ import annotations

import zlib

from sphinx_govreport.core.checks.page import Page
from sphinx_govreport.core.checks.publication import likeness
from sphinx_govreport.core.checks.run import check_pages
from sphinx_govreport.core.diagnostics import Diagnostic
from sphinx_govreport.core.yaml.source import digest_of

from .domain import Compared, GovDomain, PackedText


def note_page(domain: GovDomain, docname: str, page: Page) -> None:
    """Record a page that is being read, with its text."""
    written = page.text.encode()
    domain.pages[docname] = page._replace(sections=(), fields={})
    domain.texts[docname] = PackedText(digest_of(written)[:16], zlib.compress(written))


def compare_texts(domain: GovDomain) -> tuple[Diagnostic, ...]:
    """Check pages against those of the previous year, when all pages have been read."""
    docnames = {page.path: docname for docname, page in domain.pages.items()}

    def likeness_of(page: Page, last: Page) -> int:
        docname = docnames[page.path]
        known = domain.likenesses.setdefault(docname, {})
        now, then = domain.texts[docname], domain.texts[docnames[last.path]]
        found = known.get(last.path)
        if found is None or (found.now, found.then) != (now.digest, then.digest):
            found = known[last.path] = Compared(now.digest, then.digest, likeness(_unpacked(now), _unpacked(then)))
        return found.percent

    return check_pages(domain.pages.values(), domain.build.severities, likeness_of)


def _unpacked(text: PackedText) -> str:
    return zlib.decompress(text.packed).decode()
