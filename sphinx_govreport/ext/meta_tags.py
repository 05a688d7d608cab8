"""Meta tags: read from ``conf.py`` and the pages, and put into the heads of pages, where a site asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.diagnostics import Pos, text
from . import log
from .config import BAD_CONFIG
from .domain import domain_of
from .downloads import is_site

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def read_config(app: Sphinx) -> None:
    """Read ``govreport_site``; on every build, so that what is wrong is said on every build."""
    written = app.config.govreport_site
    if not written:
        domain_of(app.env).site = {}
        return
    from ..core.meta_tags import read_site

    domain_of(app.env).site, problems = read_site(written)
    for problem in problems:
        message = text("govreport_site: {problem}", problem=problem.message)
        log.report_on_page(BAD_CONFIG, message, problem.hint, str(Pos("conf.py")), app.config.language)


def check_fields(app: Sphinx, env: BuildEnvironment) -> None:
    """Say what is wrong at the tops of pages: all pages on every build, for it depends on ``conf.py`` too."""
    domain = domain_of(env)
    if not domain.site and not app.config.govreport_dataset:
        return
    from .page_tags import check_top

    for docname in sorted(env.found_docs & env.metadata.keys()):
        check_top(domain, docname)


def add_tags(app: Sphinx, name: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None) -> None:
    """Write the tags of a page into its head."""
    domain = domain_of(app.env)
    if not domain.site or not is_site(app.builder):
        return
    from .page_tags import with_tags

    context["metatags"] = with_tags(domain, name, context)


def setup(app: Sphinx) -> None:
    """Connect the handlers."""
    app.connect("builder-inited", read_config)
    app.connect("env-updated", check_fields)
    app.connect("html-page-context", add_tags)
