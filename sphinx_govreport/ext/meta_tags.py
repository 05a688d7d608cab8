"""The meta tags of government sites in the head of pages, and descriptions of reports for search engines."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from html import escape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urljoin

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from sphinx_govreport.core.characters import cleaned, unfolded
from sphinx_govreport.core.checks.page import line_of_field
from sphinx_govreport.core.checks.publication import DEADLINE, PUBLISHED_FIELD, day_of, not_a_day
from sphinx_govreport.core.checks.signature import SIGNED_FIELD
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Problem, Severity, Text, listed, text
from sphinx_govreport.core.reports.quoting import unknown_name
from sphinx_govreport.exporters.metadata import data_block, dataset

from .compat import is_site
from .config import report_bad_config
from .directives.downloads import file_kinds, file_name
from .domain.domain import GovDomain, domain_of
from .log import report_problem, site_rule
from .official import signature
from .pages import AGENCY_FIELD, YEAR_FIELD
from .pages import KIND_FIELD as REPORT_KIND_FIELD


class PageKind(StrEnum):
    """A kind of page. Each has the tags of the previous ones and additional ones."""

    HOME = "home"
    LIST = "list"
    ARTICLE = "article"


_KINDS = tuple(PageKind)
KIND_NAMES = {"home": PageKind.HOME, "list": PageKind.LIST, "article": PageKind.ARTICLE}
KIND_NAMES |= {"首页": PageKind.HOME, "栏目页": PageKind.LIST, "内容页": PageKind.ARTICLE}
KIND_FIELD = "govreport-kind"


class Tag(NamedTuple):
    """A meta tag, and the places where its content can be set."""

    name: str  #: as in the regulation; also its key in ``govreport_site``
    kind: PageKind  #: the first kind of page that has it
    in_site: bool = False  #: whether ``govreport_site`` may set it, for all pages
    field: str = ""  #: the field of a page that sets it
    is_needed: bool = False  #: whether ``govreport_site`` must set it
    is_words: bool = False  #: whether a list of words is allowed
    is_prose: bool = False  #: whether it consists of sentences


#: in the order of output; tags that cannot be set get their content from the page
TAGS = (
    Tag("SiteName", PageKind.HOME, in_site=True, is_needed=True),
    Tag("SiteDomain", PageKind.HOME, in_site=True, is_needed=True),
    Tag("SiteIDCode", PageKind.HOME, in_site=True, is_needed=True),
    Tag("ColumnName", PageKind.LIST, in_site=True, field="govreport-column-name", is_needed=True),
    Tag("ColumnDescription", PageKind.LIST, in_site=True, field="govreport-column-description", is_needed=True, is_prose=True),
    Tag("ColumnKeywords", PageKind.LIST, in_site=True, field="govreport-column-keywords", is_needed=True, is_words=True),
    Tag("ColumnType", PageKind.LIST, in_site=True, field="govreport-column-type", is_needed=True),
    Tag("ArticleTitle", PageKind.ARTICLE),
    Tag("PubDate", PageKind.ARTICLE, field=PUBLISHED_FIELD),
    Tag("ContentSource", PageKind.ARTICLE, in_site=True, field="govreport-source"),
    Tag("Keywords", PageKind.ARTICLE, in_site=True, field="govreport-keywords", is_words=True),
    Tag("Author", PageKind.ARTICLE, in_site=True, field="govreport-author"),
    Tag("Description", PageKind.ARTICLE, field="govreport-description", is_prose=True),
    Tag("Url", PageKind.ARTICLE),
)
_OF_SITE = {tag.name: tag for tag in TAGS if tag.in_site}
_OF_PAGE = {tag.field: tag for tag in TAGS if tag.field}
FIELDS = (YEAR_FIELD, AGENCY_FIELD, REPORT_KIND_FIELD, KIND_FIELD, SIGNED_FIELD, *_OF_PAGE)  #: all fields of pages
_CODE = "SiteIDCode"
_ID_CODE = re.compile(r"[0-9]{10}|bm[0-9]{8}")
_PREFIX = "govreport"  # of our fields

Values = Mapping[str, str]  #: contents by the names of tags


def read_site(written: Mapping[object, object]) -> tuple[Values, list[Problem]]:
    """Return the contents in ``govreport_site`` that are valid, and the problems of the others."""
    values: dict[str, str] = {}
    problems: dict[str, Problem | None] = {}
    for key, value in ((str(key), value) for key, value in written.items()):
        if tag := _OF_SITE.get(key):
            values[key], problems[key] = _content(tag, key, value)
        else:
            problems[key] = unknown_name(key, dict.fromkeys(_OF_SITE, ""), tuple(_OF_SITE))
    code = values.get(_CODE, "")
    if code and not _ID_CODE.fullmatch(code):
        values[_CODE] = ""
        message = text("{key} “{code}” is neither 10 digits nor “bm” followed by 8 digits.", key=_CODE, code=code)
        problems[_CODE] = Problem(message, None)
    missing = [tag.name for tag in TAGS if tag.is_needed and not values.get(tag.name) and not problems.get(tag.name)]
    if missing:
        problems[""] = Problem(text("There is no {names}.", names=listed(missing)), None)
    return {name: value for name, value in values.items() if value}, [one for one in problems.values() if one]


class PageTags(NamedTuple):
    """The values of the fields at the top of a page."""

    kind: PageKind | None  #: None: determined from the page
    values: dict[str, str]
    problems: tuple[tuple[str, Problem], ...]  #: with the field that has the problem


def _field_content(tag: Tag, written: str) -> tuple[str, Problem | None]:
    """Return the content of a tag from a field. Front matter that is not plain text arrives as JSON."""
    value: object = written
    if written.lstrip()[:1] in ("[", "{") or written.strip() == "null":
        with suppress(ValueError):  # for a text that begins with a bracket
            value = json.loads(written) or ""
    content, problem = _content(tag, tag.field, value)
    if tag.field == PUBLISHED_FIELD and content and not problem and not day_of(content):
        return "", Problem(*not_a_day(content))
    return content, problem


def _content(tag: Tag, key: str, value: object) -> tuple[str, Problem | None]:
    """Return a value as the content of a tag, on one line; empty if it has another type."""
    if isinstance(value, str):
        return unfolded(value) if tag.is_prose else " ".join(value.split()), None
    if not tag.is_words:
        return "", Problem(text("{key} must be a text.", key=key), _quotes(value))
    if isinstance(value, (list, tuple)) and all(isinstance(word, str) for word in value):
        return ",".join(" ".join(word.split()) for word in value), None
    return "", Problem(text("{key} must be a text or a list of texts.", key=key), _quotes(value))


def _quotes(value: object) -> Text | None:
    return text('Write it in quotes: "{value}".', value=value) if isinstance(value, int) else None


BAD_FIELD = site_rule(
    "bad-field",
    "页面字段有误",
    text("A field at the top of a page is unknown or has an invalid value."),
    text("The page would be published without what the field asks for."),
    text("Write it as the message says."),
    page="---\ngovreport-yaer: 2024\n---\n\n# 页面\n",
)
MISSING_DATE = site_rule(
    "missing-date",
    "缺少发布日期",
    text("The page of a report does not say when it was published."),
    text("The meta tag PubDate is prescribed for every article."),
    text("Write “govreport-published” at the top of the page."),
    page="---\ngovreport-year: 2024\ngovreport-kind: article\n---\n\n# 页面\n",
    wrong="govreport-year: 2024",
    right="govreport-year: 2024\ngovreport-published: 2025-01-20 09:30",
    severity=Severity.WARNING,
)


def tags_of_page(env: BuildEnvironment, docname: str) -> PageTags:
    """Return the values of the fields at the top of a page."""
    values: dict[str, str] = {}
    problems: list[tuple[str, Problem]] = []
    kind = None
    for name, raw in env.metadata[docname].items():
        field, content, problem = name.lower(), cleaned(str(raw)), None
        if tag := _OF_PAGE.get(field):
            values[tag.name], problem = _field_content(tag, content)
        elif field == KIND_FIELD:
            kind = KIND_NAMES.get(content.strip())
            problem = None if kind else _unknown_kind(env, content.strip())
        elif field.startswith(_PREFIX) and field not in FIELDS:
            problem = unknown_name(field, dict.fromkeys(FIELDS, ""), FIELDS)
        if problem:
            problems.append((field, problem))
    return PageTags(kind, {name: value for name, value in values.items() if value}, tuple(problems))


def _unknown_kind(env: BuildEnvironment, written: str) -> Problem:
    forms = domain_of(env).build.library.forms.values()
    if written in {form.kind for form in forms}:
        hint = text("Write “{field}: {kind}”.", field=REPORT_KIND_FIELD, kind=written)
        return Problem(text("“{kind}” is a kind of report, not of page.", kind=written), hint)
    return unknown_name(written, dict.fromkeys(KIND_NAMES, ""), _KINDS)


def _check_page(app: Sphinx, domain: GovDomain, docname: str) -> None:
    """Report problems with the fields of a page."""
    env = domain.env
    page = tags_of_page(env, docname)
    signed = signature(env, docname)
    is_undated = any(field == PUBLISHED_FIELD for field, _problem in page.problems)  # a signature may need that date
    is_unknown = docname in domain.faulty and docname not in domain.pages  # so is the agency that signs
    own = [(SIGNED_FIELD, signed)] if isinstance(signed, Problem) and not is_undated and not is_unknown else []
    found = domain.findings.get(docname, ())  # the check of the deadline reports an invalid date
    is_reported = any(one.rule.name == DEADLINE.name and one.rule.severity is not Severity.HINT for one in found)
    for field, problem in (*page.problems, *own):
        if field != PUBLISHED_FIELD or not is_reported:
            pos = _pos(env, docname, field)
            report_problem(app, Diagnostic(BAD_FIELD, pos, problem.message, problem.hint), f"{pos.path}:{pos.line}")
    if domain.build.site_tags and _lacks_date(domain, docname, page):
        message = text("The page does not say when it was published.")
        hint = text("Write “govreport-published: 2025-01-20 09:30” at its top.")
        pos = _pos(env, docname, KIND_FIELD if page.kind else YEAR_FIELD)
        report_problem(app, Diagnostic(MISSING_DATE, pos, message, hint), f"{pos.path}:{pos.line}")


def _lacks_date(domain: GovDomain, docname: str, page: PageTags) -> bool:
    """Return whether a report's own page, or a page declared as an article, lacks its date of publication."""
    if "PubDate" in page.values or any(field == PUBLISHED_FIELD for field, _problem in page.problems):
        return False
    is_report = (
        docname in domain.pages and docname in domain.placement.tables and _kind_of(domain, docname, page) is PageKind.ARTICLE
    )
    return is_report or page.kind is PageKind.ARTICLE


def _pos(env: BuildEnvironment, docname: str, field: str) -> Pos:
    """Return path and line of a field at the top of a page; Sphinx has removed its node from the page."""
    path = Path(env.doc2path(docname))
    content = ""
    with suppress(OSError):  # a page made by an extension
        content = path.read_text("utf-8-sig", errors="replace")
    return Pos(str(path), line_of_field(content, field) or 1)


def _kind_of(domain: GovDomain, docname: str, page: PageTags) -> PageKind:
    """Return the kind of a page: the one it sets, or else home page, list or article, depending on its content."""
    if page.kind:
        return page.kind
    if docname == domain.env.config.root_doc:
        return PageKind.HOME
    return PageKind.LIST if docname in domain.report_lists else PageKind.ARTICLE


def _default_values(domain: GovDomain, docname: str, context: dict[str, Any]) -> dict[str, str]:
    """Return the contents derived from the page and its report."""
    report = domain.pages.get(docname)
    source = domain.build.site_tags.get("ContentSource") or (
        domain.build.library.published_by(report.key) if report else domain.build.site_tags.get("SiteName", "")
    )
    known = {"ArticleTitle": domain.page_title(docname), "ContentSource": source, "Url": context.get("pageurl") or ""}
    return {tag: " ".join(content.split()) for tag, content in known.items() if content}


def site_tags(app: Sphinx) -> Values:
    """Read ``govreport_site`` and report problems, in each build."""
    if not app.config.govreport_site:
        return {}
    values, problems = read_site(app.config.govreport_site)
    for problem in problems:
        report_bad_config(app, "govreport_site", text("govreport_site: {problem}", problem=problem.message), problem.hint)
    return values


def check_fields(app: Sphinx, env: BuildEnvironment) -> None:
    """Report problems with the fields of all pages, in each build: they also depend on ``conf.py``."""
    for docname in sorted(env.found_docs & env.metadata.keys()):
        _check_page(app, domain_of(env), docname)


def add_tags(app: Sphinx, name: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None) -> None:
    """Add our tags to those of a page. Pages without a source, such as the index, have the tags of the site."""
    domain = domain_of(app.env)
    if not domain.build.site_tags or not is_site(app.builder):
        return
    kind, values = PageKind.HOME, dict(domain.build.site_tags)
    if name in app.env.found_docs:
        page = tags_of_page(app.env, name)
        kind = _kind_of(domain, name, page)
        values |= _default_values(domain, name, context) | page.values
    own: str = context.get("metatags") or "\n"  # an author's tags; the index and the search have none
    context["metatags"] = own
    for tag in TAGS:
        is_wanted = _KINDS.index(tag.kind) <= _KINDS.index(kind) and tag.name in values
        if is_wanted and f'name="{tag.name.lower()}"' not in own.lower():
            # the name comes first, as programs that inspect sites expect
            context["metatags"] += f'<meta name="{tag.name}" content="{escape(values[tag.name])}" />\n'


def check_license(app: Sphinx) -> None:
    """Report a licence that is not a URL."""
    written = app.config.govreport_license
    if written and not str(written).startswith(("http://", "https://")):
        message = text("govreport_license: “{written}” is not a web address.", written=written)
        report_bad_config(app, "govreport_license", message, text("Write the full address, beginning with “https://”."))


def add_dataset(app: Sphinx, name: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None) -> None:
    """Add a description of the report that a page names and prints; a page with all reports has none."""
    domain = domain_of(app.env)
    page = domain.pages.get(name)
    if not app.config.govreport_dataset or not is_site(app.builder) or app.builder.name == "singlehtml" or page is None:
        return
    report = domain.build.library.report(*page.key)
    if report is None or page.key not in domain.placement.downloads.get(name, ()):
        return
    values = tags_of_page(app.env, name).values
    url = context.get("pageurl") or ""
    known = file_kinds()
    files = {urljoin(url, file_name(page.key, kind)): known[kind] for kind in domain.download_kinds(page.key)}
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
