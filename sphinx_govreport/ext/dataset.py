"""Descriptions of reports for search engines: a data block that no browser runs, in the head of pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from docutils import nodes
from sphinx.application import Sphinx

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.exporters.metadata import Download, data_block, dataset

from .compat import is_site
from .config import report_bad_config
from .domain.domain import domain_of
from .downloads.links import file_kinds, file_name
from .meta_tags import tags_of_page


def check_license(app: Sphinx) -> None:
    """Report a licence that is not an address."""
    written = app.config.govreport_license
    if written and not str(written).startswith(("http://", "https://")):
        message = text("govreport_license: “{written}” is not an address.", written=written)
        hint = text("Write it from “https://” on.")
        report_bad_config(app.config, message, hint)


def add_dataset(app: Sphinx, name: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None) -> None:
    """Describe the report that a page names and prints; a page with all reports is not described."""
    domain = domain_of(app.env)
    page = domain.pages.get(name)
    if not app.config.govreport_dataset or not is_site(app.builder) or app.builder.name == "singlehtml" or page is None:
        return
    report = domain.build.library.report(page.agency, page.year)
    if report is None or (page.agency, page.year) not in domain.placement.downloads.get(name, ()):
        return
    values = tags_of_page(app.env, name).values
    url = context.get("pageurl") or ""
    known = file_kinds()
    files = tuple(
        Download(known[kind].title, urljoin(url, file_name(report.agency, report.year, kind)), known[kind].mimetype)
        for kind in domain.download_kinds(report.agency, report.year)
    )
    description = dataset(
        report,
        domain.build.library.forms,
        files,
        url=url,
        description=values.get("Description", ""),
        published=values.get("PubDate", ""),
        licence=app.config.govreport_license,
    )
    context["metatags"] += data_block(description)
