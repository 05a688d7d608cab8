"""What happens when: the library is read before pages are, and pages know when they are out of date."""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.util import logging

from sphinx_govreport.core.checks.rules import SeverityError, SeverityOverrides, severity_of
from sphinx_govreport.core.checks.run import Checked, check_page, check_pages
from sphinx_govreport.core.checks.texts import check_fields
from sphinx_govreport.core.clock import this_year
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Severity, in_order, text, translator
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.checks import check_library
from sphinx_govreport.core.library.library import Entry, finds_files, load_library
from sphinx_govreport.core.tables.style import style_sheet
from sphinx_govreport.core.versions import KEPT_BY

from . import log
from .config import BAD_CONFIG, is_chinese
from .domain.domain import domain_of
from .domain.outdated import to_be_read, to_be_written, unwritten, write_output
from .domain.targets import settle
from .nodes import FRAGMENT
from .pages import is_own, page_of

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.search import SearchLanguage


_logger = logging.getLogger(__name__)


def located(app: Sphinx, setting: str, names: Iterable[str]) -> list[str]:
    """The files, folders and globs of a setting, from the folder of ``conf.py`` or, where that has them, of the pages."""
    names = list(names)
    pages, conf = Path(app.srcdir), Path(app.confdir)
    if pages == conf:
        return names
    return [_located(app, setting, name, pages, conf) for name in names]


def _located(app: Sphinx, setting: str, name: str, pages: Path, conf: Path) -> str:
    is_there, is_here = finds_files(conf, name), finds_files(pages, name)
    if Path(name).is_absolute() or not (is_there or is_here):
        return name
    read = text("{setting}: “{name}” is read from {folder}.", setting=setting, name=name, folder=pages if is_here else conf)
    left = text("It is not read from {folder}, the folder of conf.py.", folder=conf)
    said = [read, left] if is_here and is_there else [read]
    _logger.info(" ".join(part.render(translator(app.config.language)) for part in said))
    return Path(os.path.relpath(pages / name, conf)).as_posix() if is_here else name


STYLESHEET = "govreport.css"
CACHE_NAME = "govreport.pickle"
CHECKS_NAME = "govreport-checks.pickle"
FORMS_NAME = "govreport-forms.pickle"


class SearchRegistration:
    """Our Chinese in the search of one build. Sphinx keeps languages for the whole process, so it gets its own back."""

    def __init__(self) -> None:
        self._before: str | type[SearchLanguage] | None = None

    def begin(self, app: Sphinx, env: BuildEnvironment) -> None:
        """Take the place of Sphinx's Chinese, unless the site has another, or has jieba, with which Sphinx finds words."""
        if not is_chinese(app.config):
            return
        from sphinx.search import languages  # only for Chinese, as our own

        from .search import SearchChinese, search_language

        before = languages.get(SearchChinese.lang)
        if isinstance(before, str) and find_spec("jieba") is None:
            self._before = before
            app.add_search_language(search_language(lambda: domain_of(env).library.forms))

    def end(self, app: Sphinx, exception: Exception | None) -> None:
        """Give it back, also when the build fails."""
        if self._before is not None:
            from sphinx.search import languages

            languages["zh"] = self._before
            self._before = None


def read_library(app: Sphinx) -> None:
    """Read and check all year files: before workers fork, and also when no page is out of date."""
    domain = domain_of(app.env)
    domain.builder = app.builder
    folder = Path(app.doctreedir)
    files: Cache[Entry] = Cache(folder / CACHE_NAME, KEPT_BY)
    forms: Cache[bytes] = Cache(folder / FORMS_NAME, KEPT_BY)
    data = located(app, "govreport_data", app.config.govreport_data)
    local = located(app, "govreport_forms", app.config.govreport_forms)
    domain.library = load_library(Path(app.confdir), data, local, files, forms)
    levels, problems = _severity_overrides(app.config.govreport_severity)
    checks: Cache[Checked] = Cache(folder / CHECKS_NAME, KEPT_BY)
    domain.checked = check_library(domain.library, levels, app.config.govreport_parts, checks, this_year())
    domain.levels = levels
    findings = (found for one in domain.checked.values() for found in one.findings)
    log.report(in_order((*problems, *domain.library.diagnostics, *findings)), app.config.language)


def _severity_overrides(written: dict[str, str]) -> tuple[SeverityOverrides, list[Diagnostic]]:
    """The severities of ``conf.py``, without those that say nothing."""
    levels: dict[str, Severity | None] = {}
    problems = []
    for rule, level in written.items():
        try:
            levels[rule] = severity_of(rule, level)
        except SeverityError as error:
            message = text("govreport_severity: {problem}.", problem=error.message)
            problems.append(Diagnostic(BAD_CONFIG, Pos("conf.py"), message))
    return levels, problems


def copy_stylesheet(app: Sphinx) -> None:
    """Put the style sheet where pages look for it, before they are written (its checksum is in their links)."""
    if app.builder.format == "html" and app.builder.name != FRAGMENT:
        target = Path(app.outdir) / "_static" / STYLESHEET
        template = (Path(__file__).parent.parent / "static" / STYLESHEET).read_text("utf-8")
        write_output(app.builder, target, style_sheet(template, domain_of(app.env).library.forms.values()).encode())


def outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Pages whose reports have changed, by content, and those that a build has read but not written."""
    return sorted({*to_be_read(domain_of(env)), *unwritten(app)} & env.found_docs)


def add_stylesheet(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Link the style sheet on pages that have a table or a list of reports."""
    domain = domain_of(app.env)
    if domain.prints(page) or (app.builder.name == "singlehtml" and any(map(domain.prints, domain.uses))):
        app.add_css_file(STYLESHEET)


def check_read_page(app: Sphinx, doctree: nodes.document) -> None:
    """Compare the sentences and sections of a report's page with the report."""
    env = app.env
    docname = env.docname
    path = str(env.doc2path(docname))
    fields = {key.lower(): str(value) for key, value in env.metadata[docname].items()}
    page = page_of(doctree, path, fields, is_own(env, doctree))
    domain = domain_of(env)
    report = domain.ask(docname, page.agency or app.config.govreport_agency, page.year).report if page else None
    if page is None or report is None:  # a directive of the page has said so, or it prints nothing of the report
        for found in check_fields(path, fields):
            domain.faulty[docname] = True
            log.report_on_page(found.rule, found.message, found.hint, f"{path}:{found.pos.line}", app.config.language)
        return
    domain.pages[docname] = page._replace(agency=report.agency)
    domain.found[docname] = check_page(page, report, domain.library.forms, domain.levels)
    for found in domain.found[docname]:
        if found.rule.severity is not Severity.HINT:
            domain.faulty[docname] = True  # read again on the next build, so that it is reported again
        log.report_on_page(found.rule, found.message, found.hint, f"{page.path}:{found.pos.line}", app.config.language)


def compare_pages(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Compare reports with those of the year before, once all pages are read; write pages again whose links lead elsewhere."""
    domain = domain_of(env)
    domain.alike = check_pages(domain.pages.values(), domain.levels)
    for found in domain.alike:
        log.report_on_page(found.rule, found.message, found.hint, f"{found.pos.path}:{found.pos.line}", app.config.language)
    settle(app, env)
    return to_be_written(domain)
