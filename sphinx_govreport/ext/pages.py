"""Converts a page's doctree for the checks."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from sphinx_govreport.core.characters import cleaned
from sphinx_govreport.core.checks.page import MARKDOWN, Page, PageParagraph, PageSection, line_of_field
from sphinx_govreport.core.checks.publication import PUBLISHED_FIELD
from sphinx_govreport.core.checks.registry import rule_names
from sphinx_govreport.core.diagnostics import Text

from .compat import clean_astext, included_files
from .nodes import NOTE, QUOTE_CLASS, ancestors

YEAR_FIELD = "govreport-year"
AGENCY_FIELD = "govreport-agency"
KIND_FIELD = "govreport-report-kind"
_OURS = "govreport-"

_IGNORE = re.compile(r"\s*govreport-ignore\s*[:：](.+)$")
_TEXT = (nodes.paragraph, nodes.comment, nodes.title, nodes.section, nodes.document, nodes.target)

IsOwn: TypeAlias = Callable[[nodes.Node], bool]  #: whether a node belongs to the page's report


def page_of(
    doctree: nodes.document, shown: str, content: str, fields: Mapping[str, str], is_own: IsOwn = lambda _node: True
) -> Page | None:
    """Return the page for the checks, without included content about other reports; None if its fields name no report."""
    seen = {name: value_of(written) for name, written in fields.items()}
    year = seen.get(YEAR_FIELD, "")
    if not year:
        return None
    sections = tuple(_section(node, is_own) for node in doctree.findall(nodes.section) if is_own(node[0]))
    return Page(
        path=shown,
        agency=seen.get(AGENCY_FIELD, ""),
        year=int(year) if re.fullmatch("[0-9]{4}", year) else 0,  # no report has this year
        sections=sections,
        excused=frozenset().union(*(_ignored(child) for child in doctree.children if isinstance(child, nodes.comment))),
        published=seen.get(PUBLISHED_FIELD, ""),
        line=sections[0].line if sections else 1,
        fields={name: written for name, written in fields.items() if name.startswith(_OURS)},
        kind=seen.get(KIND_FIELD, ""),
        published_line=line_of_field(content, PUBLISHED_FIELD) or 1,
    )


def value_of(written: str) -> str:
    """Return the value of a field without invisible characters; an empty one, which MyST passes as null, is empty."""
    return re.sub("^null$", "", cleaned(written).strip())


def written_fields(document: nodes.document) -> dict[str, str]:
    """Return the field list or front matter at the top of a page, including invisible characters."""
    index = document.first_child_not_matching_class((nodes.PreBibliographic,))  # type: ignore[arg-type]  # a mixin
    top: Any = document[index] if index is not None and index < len(document) else None
    fields = top if isinstance(top, (nodes.field_list, nodes.docinfo)) else ()
    return {field[0].astext().lower(): field[1].astext() for field in fields if isinstance(field, nodes.field)}


def _section(node: nodes.section, is_own: IsOwn) -> PageSection:
    title = cast(nodes.Element, node[0])
    own = [child for child in node.children if not isinstance(child, nodes.section)]
    # a message stands for a directive that could not be read, such as all those of Sphinx in the command
    more = any(child["level"] > 1 if isinstance(child, nodes.system_message) else not isinstance(child, _TEXT) for child in own)
    return PageSection(clean_astext(title), line_of(title), tuple(_paragraphs(own, is_own)), more)


def _paragraphs(children: Iterable[nodes.Node], is_own: IsOwn) -> Iterator[PageParagraph]:
    """Yield paragraphs, also of lists and quotations, but not of tables and their notes. A comment excuses what follows it."""
    excused: frozenset[str] = frozenset()
    for child in children:
        if isinstance(child, nodes.comment):
            excused |= _ignored(child)
            continue
        found = (one for one in child.findall(nodes.paragraph) if is_own(one) and NOTE not in one["classes"])
        texts = (one for one in found if not any(isinstance(up, (nodes.table, nodes.system_message)) for up in ancestors(one)))
        yield from (PageParagraph(_written(one), line_of(one), excused) for one in texts)
        excused = frozenset()


def _written(paragraph: nodes.paragraph) -> str:
    """Return the text without code for HTML and without figures inserted by roles: they come from the year file."""
    texts: Iterator[Any] = (node for node in paragraph.findall(nodes.Text) if not isinstance(node.parent, nodes.raw))
    return "".join(node.astext() for node in texts if QUOTE_CLASS not in node.parent["classes"])


def _ignored(comment: nodes.comment) -> frozenset[str]:
    match = _IGNORE.match(comment.astext())
    written = re.split(r"[\s,，、]+", match[1].strip()) if match else ()
    return frozenset(rule_names().get(name, name) for name in written)


def line_of(node: nodes.Node) -> int:
    """Return the line of a node; in reStructuredText, a title has the line of its section."""
    return next((one.line for one in (node, *ancestors(node)) if one.line), 1)


_FIELDS = (YEAR_FIELD, AGENCY_FIELD, KIND_FIELD)
_WRITTEN = re.compile(rf"^:({'|'.join(_FIELDS)}):[ \t]*(.*?)[ \t]*$", re.IGNORECASE | re.MULTILINE)
_TRANSLATED = re.compile(":([0-9]+):<translated>$")  # after the path of the page, but with the line of an included file


class PageReading:
    """The files of a page while Sphinx reads it; the keys are real paths."""

    def __init__(self) -> None:
        self.text = ""  #: of the page, as passed to parsers
        self.parents: dict[str, str] = {}  #: by included file: the file that includes it
        self.left: dict[str, str] = {}  #: by file: its text without the names of files that it has included
        self.fields: dict[str, dict[str, str]] = {}  #: by file: the fields at its top
        self.used: dict[int, list[dict[str, str]]] = {}  #: by line of the page and included files: fields that apply
        self.told: set[tuple[Text, str]] = set()  #: the reported problems of directives and roles, with their locations

    @classmethod
    def of(cls, env: BuildEnvironment) -> PageReading:
        """Return the data of the page that is being read; Sphinx discards it after the page."""
        return cast("PageReading", env.current_document.setdefault("govreport", cls()))


def fields_of_line(env: BuildEnvironment, document: nodes.document, source: str | None, line: int | None) -> dict[str, str]:
    """Return the fields that apply to a directive or a role; none in a translation if files differ at its line."""
    used = PageReading.of(env).used
    translated = _TRANSLATED.search(source or "")
    if not translated:
        used.setdefault(line or 0, []).append(fields_at(env, document, source or ""))
        return used[line or 0][-1]
    found = used.get(int(translated[1])) or [*itertools.chain(*used.values()), fields_at(env, document, None)]
    return found[0] if all(one.get(field) == found[0].get(field) for one in found for field in _FIELDS) else {}


def fields_at(env: BuildEnvironment, document: nodes.document, source: str | None) -> dict[str, str]:
    """Return the fields that apply to a node in the file ``source``."""
    page = str(env.doc2path(env.docname))
    fields = {name: value_of(written) for name, written in written_fields(document).items()}
    if source in (page, None) and fields:
        return fields
    result = {**_fields_of(env, os.path.realpath(page)), **fields}
    for path in _chain(env, document, os.path.realpath(source or page)):
        result.update(_fields_of(env, path))
    return result


def is_own(env: BuildEnvironment, document: nodes.document) -> Callable[[nodes.Node], bool]:
    """Return a function that returns whether a node belongs to the page's report, and not to that of an included file."""
    if not PageReading.of(env).parents:  # true for most pages
        return lambda _node: True
    own = fields_at(env, document, None)
    known: dict[str | None, bool] = {None: True}

    def tells(node: nodes.Node) -> bool:
        if node.source not in known:
            there = fields_at(env, document, node.source)
            known[node.source] = all(there.get(field) == own.get(field) for field in _FIELDS)
        return known[node.source]

    return tells


def _chain(env: BuildEnvironment, document: nodes.document, innermost: str) -> Iterator[str]:
    """Yield the files that include one another, outermost first. Only reStructuredText keeps a log of them."""
    log = [os.path.realpath(path) for path in included_files(document)]
    inner = log if innermost in log else [innermost]
    parents = PageReading.of(env).parents
    outer: list[str] = []
    path = parents.get(inner[0])
    while path and path not in outer:
        outer.insert(0, path)
        path = parents.get(path)
    yield from outer
    yield from inner


def _fields_of(env: BuildEnvironment, path: str) -> dict[str, str]:
    """Return the fields at the top of a file; none if there is no such file."""
    reading = PageReading.of(env)
    if path not in reading.fields:
        text = reading.text
        if path != os.path.realpath(env.doc2path(env.docname)):
            text = ""
            with suppress(OSError):  # for docstrings, the source is not a file
                text = Path(path).read_text("utf-8-sig", errors="replace")
        reading.fields[path] = dict(fields_of_text(path, text))
    return reading.fields[path]


def fields_of_text(path: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield the fields at the top of a page that specify its report; field lists in Markdown are text or code."""
    if not text.startswith("---"):
        found = () if path.endswith(MARKDOWN) else _WRITTEN.findall(text)
        yield from ((name.lower(), value) for name, value in found)
        return
    from myst_parser.config.main import TopmatterReadError, read_topmatter  # only for Markdown

    with suppress(TopmatterReadError):  # MyST reports it when it reads the page itself
        top = read_topmatter(text) or {}
        values = {str(name).lower(): "" if value is None else str(value).strip() for name, value in top.items()}
        yield from ((name, values[name]) for name in _FIELDS if name in values)


def note_text(app: Sphinx, docname: str, content: list[str]) -> None:
    """Store the text of the page that is being read."""
    reading = PageReading.of(app.env)
    reading.text = content[0].removeprefix("\ufeff")
    reading.left[os.path.realpath(app.env.doc2path(docname))] = reading.text


def note_included(app: Sphinx, relative: Path, parent: str, content: list[str]) -> None:
    """Record which file includes another: MyST passes the name of that file without its suffix, Sphinx that of the page.

    Several files may have this name: the innermost one is meant that mentions the file and has not yet included it.
    """
    reading = PageReading.of(app.env)
    path = os.path.realpath(Path(app.srcdir, relative))
    named = [known for known in reading.left if Path(known).stem == parent] or list(reading.left)[:1]
    by = next((known for known in reversed(named) if relative.name in reading.left[known]), named[-1])
    reading.left[by] = reading.left[by].replace(relative.name, "", 1)
    reading.parents[path] = by
    reading.left.pop(path, None)  # the newest comes last
    reading.left[path] = content[0]
