"""A page's doctree as the checks see it, in a build or read by the command without one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers import Parser
from docutils.parsers.rst import Directive, directives
from docutils.parsers.rst import Parser as RstParser
from sphinx.util.docutils import docutils_namespace

from ..core.checks.page import Page, PageSection, Paragraph

YEAR_FIELD = "govreport-year"
AGENCY_FIELD = "govreport-agency"
SUFFIXES = (".md", ".rst")
DIRECTIVES = ("gov-disclosure-table", "gov-check-table")

_IGNORE = re.compile(r"\s*govreport-ignore:\s*([a-z ,，、-]+)$")
_TEXT = (nodes.paragraph, nodes.comment, nodes.title, nodes.section, nodes.document, nodes.system_message, nodes.target)


def read_page(path: Path, shown: str) -> Page | None:
    """Read a Markdown or reStructuredText file; None if it names no report. Raises :class:`OSError`."""
    parser: Parser = RstParser()
    if path.suffix == ".md":
        from myst_parser.parsers.docutils_ import Parser as MystParser  # only now: it takes long to import

        parser = MystParser()  # type: ignore[no-untyped-call]
    overrides: dict[str, Any] = {
        "report_level": 5,  # directives and roles of Sphinx are unknown here
        "halt_level": 5,
        "file_insertion_enabled": False,
        "raw_enabled": False,
        "myst_enable_extensions": ["colon_fence"],
        "_disable_config": True,
        "warning_stream": False,
    }
    text = path.read_text("utf-8-sig", errors="replace")
    with docutils_namespace():  # what is registered here must not stay
        for name in DIRECTIVES:
            directives.register_directive(name, _Placeholder)
        return page_of(publish_doctree(text, source_path=shown, parser=parser, settings_overrides=overrides), shown)


class _Placeholder(Directive):
    """Stands for a directive of ours: all that a reader of prose must know is that something is there."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = None

    def run(self) -> list[nodes.Node]:
        return [nodes.container()]


def page_of(doctree: nodes.document, shown: str) -> Page | None:
    """The page that a doctree is; None if it names no report at its top."""
    fields = page_fields(doctree)
    year = fields.get(YEAR_FIELD, "").strip()
    if not re.fullmatch("[0-9]{4}", year):
        return None
    sections = tuple(_section(node) for node in doctree.findall(nodes.section))
    return Page(shown, fields.get(AGENCY_FIELD, "").strip(), int(year), sections, _excused(doctree.children))


def page_fields(document: nodes.document) -> dict[str, str]:
    """The field list or front matter at the top of a page."""
    index = document.first_child_not_matching_class((nodes.PreBibliographic,))  # type: ignore[arg-type]  # a mixin
    top: Any = document[index] if index is not None and index < len(document) else None
    if isinstance(top, nodes.field_list):
        return {field[0].astext().lower(): field[1].astext() for field in top if isinstance(field, nodes.field)}
    if isinstance(top, nodes.docinfo):
        return {field[0].astext().lower(): field[1].astext() for field in top.findall(nodes.field)}
    return {}


def _section(node: nodes.section) -> PageSection:
    title = node[0]
    own = [child for child in node.children if not isinstance(child, nodes.section)]
    more = any(not isinstance(child, _TEXT) for child in own)
    return PageSection(title.astext(), _line(title), tuple(_paragraphs(own)), more)


def _paragraphs(children: Iterable[nodes.Node]) -> Iterator[Paragraph]:
    """Paragraphs, those of lists and quotations too; not those of tables. A comment excuses what follows it."""
    excused: frozenset[str] = frozenset()
    for child in children:
        if isinstance(child, nodes.comment):
            excused |= _ignored(child)
            continue
        if not isinstance(child, (nodes.table, nodes.title, nodes.system_message)):
            found = [child] if isinstance(child, nodes.paragraph) else child.findall(nodes.paragraph)
            yield from (Paragraph(_written(one), _line(one), excused) for one in found)
        excused = frozenset()


def _written(paragraph: nodes.Node) -> str:
    """The text without what a role has put in: it comes from the year file."""
    assert isinstance(paragraph, nodes.Element)
    parts = [node.astext() for node in paragraph.findall(nodes.Text) if "gov-figure" not in _classes(node.parent)]
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
