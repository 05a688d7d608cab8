"""A page's doctree as the checks see it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from docutils import nodes

from ..core.checks.page import Page, PageSection, Paragraph
from ..core.checks.publication import PUBLISHED_FIELD
from ..core.unseen import cleaned
from .nodes import QUOTE_CLASS

YEAR_FIELD = "govreport-year"
AGENCY_FIELD = "govreport-agency"
_OURS = "govreport-"

_IGNORE = re.compile(r"\s*govreport-ignore:\s*([a-z ,，、-]+)$")
_TEXT = (nodes.paragraph, nodes.comment, nodes.title, nodes.section, nodes.document, nodes.system_message, nodes.target)


IsOwn: TypeAlias = Callable[[nodes.Node], bool]  #: whether a node speaks of the page's report


def page_of(doctree: nodes.document, shown: str, fields: Mapping[str, str], is_own: IsOwn = lambda _node: True) -> Page | None:
    """The page that a doctree is, without what it includes of other reports; None if the fields at its top name no report."""
    seen = {name: cleaned(written) for name, written in fields.items()}
    year = seen.get(YEAR_FIELD, "").strip()
    if not re.fullmatch("[0-9]{4}", year):
        return None
    sections = tuple(_section(node, is_own) for node in doctree.findall(nodes.section) if is_own(node[0]))
    return Page(
        path=shown,
        agency=seen.get(AGENCY_FIELD, "").strip(),
        year=int(year),
        sections=sections,
        excused=_excused(doctree.children),
        published=seen.get(PUBLISHED_FIELD, "").strip(),
        line=sections[0].line if sections else 1,
        fields={name: written for name, written in fields.items() if name.startswith(_OURS)},
    )


def page_fields(document: nodes.document) -> dict[str, str]:
    """The field list or front matter at the top of a page, as readers see it."""
    return {name: cleaned(written) for name, written in written_fields(document).items()}


def written_fields(document: nodes.document) -> dict[str, str]:
    """The same as it is written."""
    index = document.first_child_not_matching_class((nodes.PreBibliographic,))  # type: ignore[arg-type]  # a mixin
    top: Any = document[index] if index is not None and index < len(document) else None
    if isinstance(top, nodes.field_list):
        return {field[0].astext().lower(): field[1].astext() for field in top if isinstance(field, nodes.field)}
    if isinstance(top, nodes.docinfo):
        return {field[0].astext().lower(): field[1].astext() for field in top.findall(nodes.field)}
    return {}


def _section(node: nodes.section, is_own: IsOwn) -> PageSection:
    title = node[0]
    own = [child for child in node.children if not isinstance(child, nodes.section)]
    more = any(not isinstance(child, _TEXT) for child in own)
    return PageSection(title.astext(), _line(title), tuple(_paragraphs(own, is_own)), more)


def _paragraphs(children: Iterable[nodes.Node], is_own: IsOwn) -> Iterator[Paragraph]:
    """Paragraphs, those of lists and quotations too; not those of tables. A comment excuses what follows it."""
    excused: frozenset[str] = frozenset()
    for child in children:
        if isinstance(child, nodes.comment):
            excused |= _ignored(child)
            continue
        if not isinstance(child, (nodes.table, nodes.title, nodes.system_message)):
            found = [child] if isinstance(child, nodes.paragraph) else child.findall(nodes.paragraph)
            yield from (Paragraph(_written(one), _line(one), excused) for one in found if is_own(one))
        excused = frozenset()


def _written(paragraph: nodes.Node) -> str:
    """The text without what a role has put in: it comes from the year file."""
    assert isinstance(paragraph, nodes.Element)
    if len(paragraph) == 1 and isinstance(paragraph[0], nodes.Text):  # as most are
        return paragraph[0].astext()
    parts = [node.astext() for node in paragraph.findall(nodes.Text) if QUOTE_CLASS not in _classes(node.parent)]
    return "".join(parts)


def _classes(node: Any) -> list[str]:
    return list(node.get("classes", ())) if isinstance(node, nodes.Element) else []


def _excused(children: Iterable[nodes.Node]) -> frozenset[str]:
    return frozenset().union(*(_ignored(child) for child in children if isinstance(child, nodes.comment)))


def _ignored(comment: nodes.comment) -> frozenset[str]:
    match = _IGNORE.match(comment.astext())
    return frozenset(re.split(r"[\s,，、]+", match[1].strip())) if match else frozenset()


def _line(node: nodes.Node) -> int:
    """Where a node stands; a title of reStructuredText knows it only from its section."""
    while node is not None and not node.line:
        node = node.parent
    return (node.line or 1) if node is not None else 1
