"""Pages on which reports are printed, as the checks see them, and the check of their invisible characters.

Invisible characters can reverse a quoted figure, or hide in a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sphinx_govreport.core.characters import Joined, is_clean, joined
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, explained_rule, text
from sphinx_govreport.core.examples import Example, report_page
from sphinx_govreport.core.reports.report import ReportKey
from sphinx_govreport.core.yaml.pitfalls import YAML_SYNTAX
from sphinx_govreport.core.yaml.source import DUPLICATE_KEY, INVISIBLE, invisible, read_source

_HALF_WIDTH = text("Write half-width braces, “```” or “:::” before a directive, and “`” around the text of a role.")
UNREAD_MARKUP = explained_rule(
    "unread-markup",
    "未识别的标记",
    text("A page contains a directive or a role in a syntax that Markdown does not know, for example with full-width marks."),
    text("It is printed as text: the page would be published without its table or its number."),
    _HALF_WIDTH,
    example=Example((("reports/2024.md", report_page("：：：{gov-disclosure-table} requests\n：：：\n")),)),
)
#: ours in Markdown: blocks of code in a language, the correct syntax, code in a line, or only the name in its braces
_MARKUP = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,})[ \t]*(?:\{code|[^\s{｛`~])[^\n]*\n(?s:.*?)^[ \t>]*(?P=fence)[`~]*[ \t]*$"
    r"|^[ \t>]*(?:[-*+\d.]+[ \t]+)?(?:`{3,}|~{3,}|:{3,})[ \t]*\{gov-[a-z-]+\}(?=\s|$)"
    r"|\{gov[-:][a-z-]+\}(?=`)|(?<!`)`[^`\n]+`(?!`)|(?P<name>[{｛]gov[-:][a-z-]+[}｝])",
    re.MULTILINE,
)

_PREFIX = "govreport-"  # prefix of our fields
_FRONT_MATTER = re.compile(r"---[ \t]*(\n.*?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)


class PageParagraph(NamedTuple):
    """Running text."""

    text: str  #: with the line breaks of the source
    line: int  #: its first line, from 1
    excused: frozenset[str] = frozenset()  #: rules that skip it

    @property
    def joined(self) -> Joined:
        """The text on one line, as readers see it."""
        return joined(self.text)


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
    """Check that the front matter with our fields is valid YAML: otherwise the page has no fields at all."""
    match = _FRONT_MATTER.match(content)
    found = read_source(path, match[1].encode()).diagnostics if match and _PREFIX in match[1] else ()
    return tuple(one for one in found if one.rule in (YAML_SYNTAX, DUPLICATE_KEY))


def check_markup(path: str, content: str) -> Iterator[Diagnostic]:
    """Check the syntax of our directives and roles in a Markdown page; in others, names in braces are only text."""
    for match in _MARKUP.finditer(content) if "gov" in content and path.endswith((".md", ".markdown")) else ():
        if match["name"]:
            start = content.rfind("\n", 0, match.start()) + 1
            pos = Pos(path, content.count("\n", 0, start) + 1, match.start() - start + 1)
            yield Diagnostic(UNREAD_MARKUP, pos, text("“{written}” is printed as text.", written=match["name"]), _HALF_WIDTH)


def line_of_field(content: str, field: str) -> int:
    """Return the line of a field at the top of a page, from 1; 0 if the page does not have it."""
    written = re.compile(rf":?[\"']?{re.escape(field)}[\"']?\s*:", re.IGNORECASE)
    return next((number for number, line in enumerate(content.splitlines(), start=1) if written.match(line)), 0)
