"""Meta tags: read from ``conf.py`` and the pages, and put into the heads of pages, where a site asks for them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx_govreport.core.characters import cleaned, unfolded
from sphinx_govreport.core.checks.publication import DEADLINE, PUBLISHED_FIELD, day_of, not_a_day
from sphinx_govreport.core.diagnostics import Pos, Rule, RuleExplanation, Severity, Text, text
from sphinx_govreport.core.examples import Example
from sphinx_govreport.core.reports.quoting import Problem, unknown_name

from . import log
from .config import BAD_CONFIG
from .domain.domain import GovDomain, domain_of
from .downloads.files import is_site
from .pages import AGENCY_FIELD, YEAR_FIELD

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


class Kind(StrEnum):
    """A kind of page. Each has the tags of those before it and more."""

    HOME = "home"
    LIST = "list"
    ARTICLE = "article"


_KINDS = tuple(Kind)
KIND_NAMES: Mapping[str, Kind] = {**{kind.value: kind for kind in Kind}} | dict(
    zip(("首页", "栏目页", "内容页"), Kind, strict=True)
)
KIND_FIELD = "govreport-kind"


class Tag(NamedTuple):
    """A meta tag, and where its content may be written."""

    name: str  #: as the rules write it; also its key in ``govreport_site``
    kind: Kind  #: the first kind of page that has it
    in_site: bool = False  #: whether ``govreport_site`` may say it, for all pages
    field: str = ""  #: of a page that says it
    is_needed: bool = False  #: whether ``govreport_site`` must say it
    is_words: bool = False  #: whether it may be written as a list of words
    is_prose: bool = False  #: whether it is made of sentences


#: in the order in which they are printed; the pages themselves know what is written nowhere
TAGS = (
    Tag("SiteName", Kind.HOME, in_site=True, is_needed=True),
    Tag("SiteDomain", Kind.HOME, in_site=True, is_needed=True),
    Tag("SiteIDCode", Kind.HOME, in_site=True, is_needed=True),
    Tag("ColumnName", Kind.LIST, in_site=True, field="govreport-column-name", is_needed=True),
    Tag("ColumnDescription", Kind.LIST, in_site=True, field="govreport-column-description", is_needed=True, is_prose=True),
    Tag("ColumnKeywords", Kind.LIST, in_site=True, field="govreport-column-keywords", is_needed=True, is_words=True),
    Tag("ColumnType", Kind.LIST, in_site=True, field="govreport-column-type", is_needed=True),
    Tag("ArticleTitle", Kind.ARTICLE),
    Tag("PubDate", Kind.ARTICLE, field=PUBLISHED_FIELD),
    Tag("ContentSource", Kind.ARTICLE, in_site=True, field="govreport-source"),
    Tag("Keywords", Kind.ARTICLE, in_site=True, field="govreport-keywords", is_words=True),
    Tag("Author", Kind.ARTICLE, in_site=True, field="govreport-author"),
    Tag("Description", Kind.ARTICLE, field="govreport-description", is_prose=True),
    Tag("Url", Kind.ARTICLE),
)
_OF_SITE = {tag.name: tag for tag in TAGS if tag.in_site}
_OF_PAGE = {tag.field: tag for tag in TAGS if tag.field}
_CODE = "SiteIDCode"
_ID_CODE = re.compile(r"[0-9]{10}|bm[0-9]{8}")
_PREFIX = "govreport"  # of the fields that are ours

Values = Mapping[str, str]  #: contents by the names of tags


def read_site(written: Mapping[object, object]) -> tuple[Values, list[Problem]]:
    """What ``govreport_site`` says, without what cannot be right, and what is wrong with it."""
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
        problems[_CODE] = Problem(
            text("{key} “{code}” is neither 10 digits nor “bm” and 8 digits.", key=_CODE, code=code), None
        )
    missing = [tag.name for tag in TAGS if tag.is_needed and not values.get(tag.name) and not problems.get(tag.name)]
    if missing:
        problems[""] = Problem(text("There is no {names}.", names="、".join(missing)), None)
    return {name: value for name, value in values.items() if value}, [one for one in problems.values() if one]


class PageSays(NamedTuple):
    """What the fields at the top of a page say for its tags."""

    kind: Kind | None  #: if the page says it
    values: Values
    problems: tuple[tuple[str, Problem], ...]  #: with the field that each is about


def read_fields(fields: Mapping[str, str], others: Sequence[str]) -> PageSays:
    """Read the fields of a page, by name in small letters. ``others`` are those of ours that are not for its tags."""
    values: dict[str, str] = {}
    problems: list[tuple[str, Problem]] = []
    kind = None
    known = dict.fromkeys((*others, KIND_FIELD, *_OF_PAGE), "")
    for field, written in fields.items():
        problem = None
        if tag := _OF_PAGE.get(field):
            values[tag.name], problem = _field_content(tag, written)
        elif field == KIND_FIELD:
            kind = KIND_NAMES.get(written.strip())
            problem = None if kind else unknown_name(written.strip(), dict.fromkeys(KIND_NAMES, ""), _KINDS)
        elif field.startswith(_PREFIX) and field not in known:
            problem = unknown_name(field, known, tuple(known))
        if problem:
            problems.append((field, problem))
    return PageSays(kind, {name: value for name, value in values.items() if value}, tuple(problems))


def tags_of(kind: Kind, values: Values) -> Iterator[tuple[str, str]]:
    """The tags of a page with their contents, in the order of the rules; those without a content are left out."""
    for tag in TAGS:
        if _KINDS.index(tag.kind) <= _KINDS.index(kind) and tag.name in values:
            yield tag.name, values[tag.name]


def as_meta(name: str, content: str) -> str:
    """A tag in HTML, the name first, as programs that inspect sites expect it."""
    return f'<meta name="{name}" content="{escape(content)}" />\n'


def _field_content(tag: Tag, written: str) -> tuple[str, Problem | None]:
    """Front matter that is no plain text arrives as JSON."""
    value: object = written
    if written.lstrip()[:1] in ("[", "{") or written.strip() == "null":
        try:
            value = json.loads(written) or ""
        except ValueError:  # a text that begins with a bracket
            value = written
    content, problem = _content(tag, tag.field, value)
    if tag.field == PUBLISHED_FIELD and content and not problem:
        try:
            day_of(content)
        except ValueError:
            return "", Problem(*not_a_day(content))
    return content, problem


def _content(tag: Tag, key: str, value: object) -> tuple[str, Problem | None]:
    """A value as the content of a tag, on one line; empty if it cannot be one."""
    if isinstance(value, str):
        return unfolded(value) if tag.is_prose else " ".join(value.split()), None
    if not tag.is_words:
        return "", Problem(text("{key} must be a text.", key=key), _quotes(value))
    if isinstance(value, (list, tuple)) and all(isinstance(word, str) for word in value):
        return ",".join(" ".join(word.split()) for word in value), None
    return "", Problem(text("{key} must be a text or a list of texts.", key=key), _quotes(value))


def _quotes(value: object) -> Text | None:
    return text('Write it in quotes: "{value}".', value=value) if isinstance(value, int) else None


BAD_FIELD = Rule(
    "bad-field",
    explanation=RuleExplanation(
        text("A field at the top of a page, which its meta tags need, has a value that it cannot have."),
        text("The rules for government sites prescribe how these tags are written."),
        text("Write it as the message says."),
        example=Example((("bad-field.md", "---\ngovreport-yaer: 2024\n---\n\n# 页面\n"),), is_site=True),
    ),
)
MISSING_DATE = Rule(
    "missing-date",
    Severity.WARNING,
    explanation=RuleExplanation(
        text("The page of a report does not say when it was published."),
        text("The meta tag PubDate is prescribed for every article."),
        text("Write “govreport-published” at the top of the page."),
        wrong="govreport-year: 2024",
        right="govreport-year: 2024\ngovreport-published: 2025-01-20 09:30",
        example=Example(
            (("missing-date.md", "---\ngovreport-year: 2024\ngovreport-kind: article\n---\n\n# 页面\n"),), is_site=True
        ),
    ),
)


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


def read_config(app: Sphinx) -> None:
    """Read ``govreport_site``; on every build, so that what is wrong is said on every build."""
    written = app.config.govreport_site
    if not written:
        domain_of(app.env).site = {}
        return

    domain_of(app.env).site, problems = read_site(written)
    for problem in problems:
        message = text("govreport_site: {problem}", problem=problem.message)
        log.report_on_page(BAD_CONFIG, message, problem.hint, str(Pos("conf.py")), app.config.language)


def check_fields(app: Sphinx, env: BuildEnvironment) -> None:
    """Say what is wrong at the tops of pages: all pages on every build, for it depends on ``conf.py`` too."""
    domain = domain_of(env)
    if not domain.site and not app.config.govreport_dataset:
        return

    for docname in sorted(env.found_docs & env.metadata.keys()):
        check_top(domain, docname)


def add_tags(app: Sphinx, name: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None) -> None:
    """Write the tags of a page into its head."""
    domain = domain_of(app.env)
    if not domain.site or not is_site(app.builder):
        return

    context["metatags"] = with_tags(domain, name, context)
