"""The meta tags that the rules for government sites demand of each kind of page (国办发〔2017〕47号, annex)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from html import escape
from typing import NamedTuple

from .checks.publication import PUBLISHED_FIELD, day_of, not_a_day
from .diagnostics import Text, text
from .line_ends import unfolded
from .quote import Problem, unknown_name


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
