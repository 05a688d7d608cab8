"""Pages on which reports are printed, as the checks see them, and the check of their invisible characters.

Invisible characters can reverse a quoted figure, or hide in a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sphinx_govreport.core.characters import Joined, is_clean, join_lines
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, explained_rule, text
from sphinx_govreport.core.examples import Example, report_page
from sphinx_govreport.core.reports.report import ReportKey
from sphinx_govreport.core.reports.year_file import BAD_VALUE, DAY, date_of
from sphinx_govreport.core.yaml.pitfalls import YAML_SYNTAX
from sphinx_govreport.core.yaml.source import DUPLICATE_KEY, INVISIBLE, MappingNode, ScalarNode, invisible, read_source

_IN_MARKDOWN = text(
    "In Markdown, write “```{{gov-…}}” on a new line, or “{{gov-…}}`…`” in a sentence, with half-width marks; "
    "“:::” needs {setting} in conf.py.",
    setting='myst_enable_extensions = ["colon_fence"]',
)
_IN_RST = text(
    "In reStructuredText, write “.. gov-…::” on a new line, or “:gov-…:`…`” in a sentence, with a space or “\\ ” on both sides."
)
UNREAD_MARKUP = explained_rule(
    "unread-markup",
    "未识别的标记",
    text("A page contains a directive or a role in a wrong syntax, for example with full-width marks."),
    text("It is printed as text: the page would be published without its table or its number."),
    text("Write it in the syntax of the page, Markdown or reStructuredText."),
    example=Example((("reports/2024.md", report_page("：：：{gov-disclosure-table} requests\n：：：\n")),)),
)

MARKDOWN = (".md", ".markdown")  #: suffixes of pages in Markdown
_PREFIX = "govreport-"  # prefix of our fields
_NOT_PROSE = ("govreport-year", "govreport-agency", "govreport-report-kind", "govreport-published", "govreport-kind")
_FRONT_MATTER = re.compile(r"---[ \t]*(\n.*?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)


class PageParagraph(NamedTuple):
    """Running text."""

    text: str  #: with the line breaks of the source
    line: int  #: its first line, from 1
    excused: frozenset[str] = frozenset()  #: rules that skip it

    @property
    def joined(self) -> Joined:
        """The text on one line, as readers see it."""
        return join_lines(self.text)


class PageSection(NamedTuple):
    """A heading and the content below it, up to the next heading."""

    title: str
    line: int
    paragraphs: tuple[PageParagraph, ...]
    has_more: bool = False  #: whether there is more than paragraphs: a table, a list, a picture


class Page(NamedTuple):
    """A page and the report that its front matter specifies."""

    path: str
    agency: str  #: empty: the site's only agency
    year: int
    sections: tuple[PageSection, ...]
    excused: frozenset[str] = frozenset()  #: rules that skip the page
    published: str = ""  #: ``YYYY-MM-DD`` or ``YYYY-MM-DD HH:MM``, if the page has the field
    line: int = 1  #: line of the first heading
    fields: Mapping[str, str] = {}  #: in its front matter, as written
    kind: str = ""  #: kind of report; empty: the agency's only kind, or that of the statutory forms
    published_line: int = 1  #: line of the field with the date of publication

    @property
    def key(self) -> ReportKey:
        """The key of its report."""
        return ReportKey(self.agency, self.year, self.kind)

    @property
    def text(self) -> str:
        """All running text, without spaces."""
        return "".join("".join(paragraph.text.split()) for section in self.sections for paragraph in section.paragraphs)

    def paragraphs(self, rule: str) -> Iterator[PageParagraph]:
        """Yield the running text that a rule checks."""
        for section in self.sections:
            yield from (paragraph for paragraph in section.paragraphs if rule not in paragraph.excused)


def check_texts(page: Page) -> Iterator[Diagnostic]:
    """Check headings and running text."""
    if INVISIBLE.name in page.excused:
        return
    for section in page.sections:
        lines = [(section.line, section.title)]
        for paragraph in section.paragraphs:
            if INVISIBLE.name not in paragraph.excused:
                lines += enumerate(paragraph.text.split("\n"), start=paragraph.line)
        yield from (invisible(Pos(page.path, line), written) for line, written in lines if not is_clean(written))


def check_fields(path: str, fields: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Check our fields in the front matter of the page."""
    for name, written in fields.items():
        if name.lower().startswith(_PREFIX) and not is_clean(written):
            yield invisible(Pos(path), f"{name}: {written}")


def check_front_matter(path: str, content: str) -> tuple[Diagnostic, ...]:
    """Check that front matter with our fields is valid YAML (otherwise the page has no fields), and that no text is cut off."""
    match = _FRONT_MATTER.match(content)
    written = match[1].encode() if match and _PREFIX in match[1] else b""
    source = read_source(path, written)
    if isinstance(source.root, ScalarNode):  # such as “govreport-year：2024”: with a key behind it, its syntax is wrong
        source = read_source(path, written + b"_: 0\n")
    found = [one for one in source.diagnostics if one.rule in (YAML_SYNTAX, DUPLICATE_KEY)]
    for key, value in source.root.entries if isinstance(source.root, MappingNode) else ():
        if isinstance(value, ScalarNode) and value.plain and DAY.fullmatch(value.text) and not date_of(value.text):
            message = text("“{written}” is not a date.", written=value.text)
            found.append(Diagnostic(BAD_VALUE, source.pos(value), message, text("Write for example {day}.", day="2025-01-20")))
        if key.text.startswith(_PREFIX) and key.text not in _NOT_PROSE:
            found += source.cut_off(value)
    return tuple(found)


def unread_markup(pos: Pos, written: str, *, is_markdown: bool) -> Diagnostic:
    """Return the message about a directive or a role that is printed as text."""
    message = text("“{written}” is not read as a directive or a role.", written=written)
    return Diagnostic(UNREAD_MARKUP, pos, message, _IN_MARKDOWN if is_markdown else _IN_RST)


def line_of_field(content: str, field: str) -> int:
    """Return the line of a field at the top of a page, from 1; 0 if the page does not have it."""
    written = re.compile(rf":?[\"']?{re.escape(field)}[\"']?\s*:", re.IGNORECASE)
    return next((number for number, line in enumerate(content.splitlines(), start=1) if written.match(line)), 0)
