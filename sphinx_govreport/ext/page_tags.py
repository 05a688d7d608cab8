"""What pages say at their tops for their meta tags, and the HTML."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.checks.publication import PUBLISHED_FIELD
from ..core.checks.rules import DEADLINE
from ..core.diagnostics import Rule, Severity, text
from ..core.meta_tags import KIND_FIELD, Kind, PageSays, as_meta, read_fields, tags_of
from ..core.unseen import cleaned
from . import log
from .domain import GovDomain
from .pages import AGENCY_FIELD, YEAR_FIELD

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

BAD_FIELD = Rule("bad-field")
MISSING_DATE = Rule("missing-date", Severity.WARNING)


def says(env: BuildEnvironment, docname: str) -> PageSays:
    """What a page says at its top for its tags."""
    fields = {name.lower(): cleaned(str(written)) for name, written in env.metadata[docname].items()}
    return read_fields(fields, (YEAR_FIELD, AGENCY_FIELD))


def check_top(domain: GovDomain, docname: str) -> None:
    """Say what is wrong at the top of a page."""
    env = domain.env
    page = says(env, docname)
    for field, problem in page.problems:
        if field != PUBLISHED_FIELD or not _told(domain, docname):
            place = _place(env, docname, field)
            log.report_on_page(BAD_FIELD, problem.message, problem.hint, place, env.config.language)
    if domain.site and _lacks_date(domain, docname, page):
        message = text("The page does not say when it was published.")
        hint = text("Write “govreport-published: 2025-01-20 09:30” at its top.")
        place = _place(env, docname, KIND_FIELD if page.kind else YEAR_FIELD)
        log.report_on_page(MISSING_DATE, message, hint, place, env.config.language)


def _told(domain: GovDomain, docname: str) -> bool:
    """Whether the check of the deadline has said that the day cannot be read."""
    found = domain.found.get(docname, ())
    return any(one.rule.name == DEADLINE.name and one.rule.severity is not Severity.HINT for one in found)


def _lacks_date(domain: GovDomain, docname: str, page: PageSays) -> bool:
    """Whether a page must say when it was published, and does not: a report's own page, or one that says it is an article."""
    if "PubDate" in page.values or any(field == PUBLISHED_FIELD for field, _problem in page.problems):
        return False
    is_report = docname in domain.pages and docname in domain.tables and _kind_of(domain, docname, page) is Kind.ARTICLE
    return is_report or page.kind is Kind.ARTICLE


def _place(env: BuildEnvironment, docname: str, field: str) -> str:
    """Path and line of a field at the top of a page; Sphinx has taken its node out of the page."""
    path = Path(env.doc2path(docname))
    try:
        lines = path.read_text("utf-8-sig", errors="replace").splitlines()
    except OSError:  # a page that an extension has made
        lines = []
    written = re.compile(rf":?[\"']?{re.escape(field)}[\"']?\s*:", re.IGNORECASE)
    return f"{path}:{next((number for number, line in enumerate(lines, start=1) if written.match(line)), 1)}"


def _kind_of(domain: GovDomain, docname: str, page: PageSays) -> Kind:
    """The kind of a page: what it says, or else what it is. Whatever is neither home page nor list is an article."""
    if page.kind:
        return page.kind
    if docname == domain.env.config.root_doc:
        return Kind.HOME
    return Kind.LIST if docname in domain.lists else Kind.ARTICLE


def with_tags(domain: GovDomain, docname: str, context: dict[str, Any]) -> str:
    """The tags of a page behind those that it has already. Pages without a source, such as the index, have the site's."""
    kind, values = Kind.HOME, dict(domain.site)
    if docname in domain.env.found_docs:
        page = says(domain.env, docname)
        kind = _kind_of(domain, docname, page)
        values.update(_known(domain, docname, context))
        values.update(page.values)
    written: str = context.get("metatags") or "\n"  # an author's own tags; the index and the search have none
    own = written.lower()
    return written + "".join(as_meta(*tag) for tag in tags_of(kind, values) if f'name="{tag[0].lower()}"' not in own)


def _known(domain: GovDomain, docname: str, context: dict[str, Any]) -> dict[str, str]:
    """What need not be written for an article."""
    report = domain.pages.get(docname)
    source = domain.site.get("ContentSource") or (report.agency if report else domain.site.get("SiteName", ""))
    known = {
        "ArticleTitle": domain.env.titles[docname].astext(),
        "ContentSource": source,
        "Url": context.get("pageurl") or "",
    }
    return {tag: " ".join(content.split()) for tag, content in known.items() if content}
