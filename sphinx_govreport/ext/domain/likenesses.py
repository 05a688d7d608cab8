"""The comparison of each page's text with that of the previous year.

The environment is loaded and stored at every edit. Therefore it has no text: each page's text is kept with its doctree, which
is loaded only to compare it with a page that was read.
"""

from __future__ import annotations

from docutils import nodes

from sphinx_govreport.core.checks.page import Page
from sphinx_govreport.core.checks.publication import likeness
from sphinx_govreport.core.checks.run import check_pages
from sphinx_govreport.core.diagnostics import Diagnostic

from .domain import GovDomain

_TEXT = "govreport_text"  #: attribute of a doctree, which no writer prints


def note_page(domain: GovDomain, doctree: nodes.document, page: Page) -> None:
    """Record the page that is being read, with its text."""
    docname = domain.env.docname
    domain.pages[docname] = page._replace(sections=(), fields={})
    domain.texts[docname] = page.text
    setattr(doctree, _TEXT, page.text)


def compare_texts(domain: GovDomain) -> tuple[Diagnostic, ...]:
    """Check pages against those of the previous year, when all pages have been read; compare only texts that may be new."""
    docnames = {page.path: docname for docname, page in domain.pages.items()}

    def text_of(docname: str) -> str:
        known = domain.texts.get(docname)
        return str(getattr(domain.env.get_doctree(docname), _TEXT)) if known is None else known

    def of(page: Page, last: Page) -> int:
        now, then = docnames[page.path], docnames[last.path]
        known = domain.likenesses.setdefault(now, {})
        if last.path not in known or not domain.texts.keys().isdisjoint((now, then)):
            known[last.path] = likeness(text_of(now), text_of(then))
        return known[last.path]

    findings = check_pages(domain.pages.values(), domain.build.severities, of)
    domain.texts.clear()
    return findings
