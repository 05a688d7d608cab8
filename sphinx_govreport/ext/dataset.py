"""Pages of reports describe themselves to search engines, as a data block that no browser runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from sphinx_govreport.core.diagnostics import Pos, text

from . import log
from .config import BAD_CONFIG
from .domain.domain import domain_of
from .downloads.files import is_site
from .downloads.links import FILES, file_name

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx


def check_license(app: Sphinx) -> None:
    """Say what is wrong with the address of the licence."""
    written = app.config.govreport_license
    if written and not str(written).startswith(("http://", "https://")):
        message = text("govreport_license: “{written}” is not an address.", written=written)
        hint = text("Write it from “https://” on.")
        log.report_on_page(BAD_CONFIG, message, hint, str(Pos("conf.py")), app.config.language)


def add_dataset(app: Sphinx, name: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None) -> None:
    """Describe the report that a page names and prints. One page for all reports is no report's page."""
    domain = domain_of(app.env)
    page = domain.pages.get(name)
    if not app.config.govreport_dataset or not is_site(app.builder) or app.builder.name == "singlehtml" or page is None:
        return
    report = domain.library.report(page.agency, page.year)
    if report is None or (page.agency, page.year) not in domain.downloadable(name):
        return
    from sphinx_govreport.exporters.metadata import Download, data_block, dataset  # only where it is asked for

    from .meta_tags import says

    values = says(app.env, name).values
    url = context.get("pageurl") or ""
    files = tuple(
        Download(FILES[kind].title, urljoin(url, file_name(report.agency, report.year, kind)), FILES[kind].mimetype)
        for kind in domain.kinds_of(report.agency, report.year)
    )
    description = dataset(
        report,
        domain.library.forms,
        files,
        url=url,
        description=values.get("Description", ""),
        published=values.get("PubDate", ""),
        licence=app.config.govreport_license,
    )
    context["metatags"] += data_block(description)
