"""Event handlers: year files are read and checked before pages are read, and pages are compared afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from sphinx_govreport.core.checks.blanks import BEGUN, NOT_FILLED, begun
from sphinx_govreport.core.checks.page import check_fields, check_front_matter
from sphinx_govreport.core.checks.registry import SeverityError, rule_plugins, severity_of
from sphinx_govreport.core.checks.run import Checked, check_page
from sphinx_govreport.core.checks.sections import SECTION_EMPTY
from sphinx_govreport.core.checks.values import SeverityOverrides, effective_rule
from sphinx_govreport.core.clock import today
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Severity, in_order, sentences, text, translator
from sphinx_govreport.core.files import relative, remove_partial
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.checks import check_library
from sphinx_govreport.core.library.known_forms import REPLACED_FORM
from sphinx_govreport.core.library.library import Entry, Library, load_library
from sphinx_govreport.core.library.paths import finds_files
from sphinx_govreport.core.tables.style import style_sheet
from sphinx_govreport.core.versions import KEPT_BY
from sphinx_govreport.exporters import export_plugins

from . import log
from .config import BAD_CONFIG, CONF, pos_of
from .directives.downloads import find_pdfs, usable_kinds
from .domain.domain import PDF, Build, GovDomain, domain_of
from .domain.likenesses import note_page
from .domain.targets import place_tables
from .files import write_output
from .meta_tags import site_tags
from .nodes import FRAGMENT
from .pages import PageReading, is_own, page_of
from .unread_markup import check_markup

_logger = logging.getLogger(__name__)

STYLESHEET = "govreport.css"
CACHE_NAME = "govreport.pickle"
CHECKS_NAME = "govreport-checks.pickle"
FORMS_NAME = "govreport-forms.pickle"


def begin(app: Sphinx) -> None:
    """Prepare the data of this build: before workers fork, and even if no page is out of date."""
    remove_partial(Path(app.doctreedir))  # files of a killed build
    downloads = usable_kinds(app)
    pdfs = find_pdfs(app) if PDF in downloads else {}
    severities, problems = _severity_overrides(app)
    library = _read_library(app)
    for agency in sorted(library.declared.below(app.config.govreport_parts.items()).keys() - {*library.agencies}):
        unchecked = text("There is no report of {agency}; it was not compared with its parts.", agency=agency)
        _logger.info("govreport_parts: %s", unchecked.render(translator(app.config.language)))
    cache: Cache[Checked] = Cache(Path(app.doctreedir) / CHECKS_NAME, KEPT_BY)
    checked = check_library(library, severities, app.config.govreport_parts, cache, today())
    findings = (found for one in checked.values() for found in one.findings)
    read = (  # the core does not know where conf.py declares agencies
        replace(found, pos=pos_of(app, "govreport_agencies")) if found.pos == Pos(CONF) else found
        for found in library.diagnostics
    )
    problems += (*rule_plugins().problems, *export_plugins().problems)
    log.report(in_order((*problems, *read, *findings)), app.config.language)
    for problem in problems:
        app.emit(log.PROBLEM, problem)
    domain_of(app.env).begin(
        Build(
            builder=app.builder,
            library=library,
            severities=severities,
            checked=checked,
            downloads=downloads,
            pdfs=pdfs,
            site_tags=site_tags(app),
        )
    )


def _read_library(app: Sphinx) -> Library:
    folder = Path(app.doctreedir)
    files: Cache[Entry] = Cache(folder / CACHE_NAME, KEPT_BY)
    forms: Cache[bytes] = Cache(folder / FORMS_NAME, KEPT_BY)
    data = _located(app, "govreport_data", app.config.govreport_data)
    local = _located(app, "govreport_forms", app.config.govreport_forms)
    agencies = app.config.govreport_agencies
    if isinstance(agencies, str) and agencies:
        (agencies,) = _located(app, "govreport_agencies", [agencies])
    library = load_library(Path(app.confdir), data, local, files, forms, agencies)
    for found in library.diagnostics:
        if found.rule == REPLACED_FORM:  # a hint, but it changes all tables of the site
            _inform(app, found)
    return library


def _located(app: Sphinx, setting: str, names: Iterable[str]) -> list[str]:
    """Return the files, folders and globs of a setting, relative to the folder of ``conf.py``; pages may be elsewhere."""
    pages, conf = Path(app.srcdir), Path(app.confdir)
    return list(names) if pages == conf else [_locate(app, setting, name, pages, conf) for name in names]


def _locate(app: Sphinx, setting: str, name: str, pages: Path, conf: Path) -> str:
    is_there, is_here = finds_files(conf, name), finds_files(pages, name)
    if Path(name).is_absolute() or not (is_there or is_here):
        return name
    read = text("{setting}: “{name}” is read from {folder}.", setting=setting, name=name, folder=pages if is_here else conf)
    left = text("It is not read from {folder}, the folder of conf.py.", folder=conf)
    _logger.info(sentences([read, left] if is_here and is_there else [read], translator(app.config.language)))
    return relative(pages / name, conf) if is_here else name


def _severity_overrides(app: Sphinx) -> tuple[SeverityOverrides, list[Diagnostic]]:
    """Return the valid severities of ``conf.py``, and the problems of the others."""
    levels: dict[str, Severity | None] = {}
    problems = []
    for rule, level in app.config.govreport_severity.items():
        try:
            levels.update([severity_of(rule, level)])
        except SeverityError as error:
            message = text("govreport_severity: {problem}.", problem=error.message)
            problems.append(Diagnostic(BAD_CONFIG, pos_of(app, "govreport_severity"), message))
    return levels, problems


def copy_stylesheet(app: Sphinx) -> None:
    """Copy the style sheet before pages are written: its checksum is part of their links."""
    if app.builder.format == "html" and app.builder.name != FRAGMENT:
        target = Path(app.outdir) / "_static" / STYLESHEET
        template = (Path(__file__).parent.parent / "static" / STYLESHEET).read_text("utf-8")
        write_output(app.builder, target, style_sheet(template, domain_of(app.env).build.library.forms.values()).encode())


def add_stylesheet(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Link the style sheet on pages with a table or a list of reports."""
    domain = domain_of(app.env)
    if domain.prints(page) or (app.builder.name == "singlehtml" and any(map(domain.prints, domain.dependencies))):
        app.add_css_file(STYLESHEET)


def check_read_page(app: Sphinx, doctree: nodes.document) -> None:
    """Check the sentences and sections of a report's page against the report."""
    env = app.env
    docname = env.docname
    path = str(env.doc2path(docname))
    fields = {key.lower(): str(value) for key, value in env.metadata[docname].items()}
    reading = PageReading.of(env)
    page = page_of(doctree, path, reading.text, fields, is_own(env, doctree))
    domain = domain_of(env)
    agency = page.agency or app.config.govreport_agency if page else ""
    report = domain.lookup_report(docname, agency, page.year, page.kind).report if page else None
    if page and report:
        library = domain.build.library
        forms, level = library.forms, library.declared.level(report.agency)
        note_page(domain, docname, page._replace(agency=report.agency, kind=report.form(forms).kind))
        found = check_page(page, report, forms, domain.build.severities, level)
        if reading.told:  # the output of a directive is missing
            found = tuple(one for one in found if one.rule.name != SECTION_EMPTY.name)
        domain.findings[docname] = found
    else:  # a directive of the page has reported it, or the page prints nothing of the report
        found = tuple(check_fields(path, fields))
    if any("gov" in written for written in reading.left.values()):  # most pages of a site contain nothing of ours
        found = (*check_front_matter(path, reading.text), *check_markup(doctree, path, reading.text), *found)
    if any(one.rule.severity is not Severity.HINT for one in found):
        unread = (one for one in found if one not in domain.findings.get(docname, ()))
        domain.faulty[docname] = (*domain.faulty.get(docname, ()), *unread)
    _report_on_pages(app, found)


def compare_pages(app: Sphinx, env: BuildEnvironment) -> None:
    """Determine printed tables, and compare pages with those of the year before."""
    place_tables(app)
    domain = domain_of(env)
    _report_begun(app, domain)
    _report_on_pages(app, domain.placement.findings)


def _report_begun(app: Sphinx, domain: GovDomain) -> None:
    """Warn of reports on pages that are not filled in yet; for others, only a message is shown."""
    build = domain.build
    rule = effective_rule(NOT_FILLED, build.severities)
    keys = [key for key, entry in build.library.entries.items() if entry.is_begun and not entry.rival]
    used = domain.used_reports() if keys else ()
    for key in keys:
        report = build.library.opened(key)
        if rule and key in used:
            log.report((begun(report, rule),), app.config.language)
        else:
            _inform(app, begun(report, BEGUN))


def _inform(app: Sphinx, found: Diagnostic) -> None:
    """Show a finding as a message that no build fails for."""
    _logger.info("%s: %s", found.pos, found.render(translator(app.config.language)))


def _report_on_pages(app: Sphinx, findings: Iterable[Diagnostic]) -> None:
    for found in findings:
        log.report_on_page(found.rule, found.message, found.hint, f"{found.pos.path}:{found.pos.line}", app.config.language)
