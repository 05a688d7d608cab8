"""The page on which a report is printed, as checks see it; and its characters that nobody sees.

Such characters can turn a quoted figure round, or hide in a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sphinx_govreport.core.characters import Joined, is_clean, joined
from sphinx_govreport.core.diagnostics import Diagnostic, Pos
from sphinx_govreport.core.reports.report import ReportKey
from sphinx_govreport.core.yaml.source import INVISIBLE, invisible

_PREFIX = "govreport-"  # of the fields that are ours


class PageParagraph(NamedTuple):
    """Running text."""

    text: str  #: line breaks as in the source
    line: int  #: of its beginning, from 1
    excused: frozenset[str] = frozenset()  #: rules that do not look at it

    @property
    def joined(self) -> Joined:
        """The text as readers see it, on one line."""
        return joined(self.text)


class PageSection(NamedTuple):
    """A heading and what stands below it, up to the next."""

    title: str
    line: int
    paragraphs: tuple[PageParagraph, ...]
    has_more: bool = False  #: whether there is more than paragraphs: a table, a list, a picture


class Page(NamedTuple):
    """A page and the report that it names at its top."""

    path: str
    agency: str  #: empty: the site's only one
    year: int
    sections: tuple[PageSection, ...]
    excused: frozenset[str] = frozenset()  #: rules that do not look at the page
    published: str = ""  #: ``YYYY-MM-DD`` or ``YYYY-MM-DD HH:MM``, if the page says it
    line: int = 1  #: of the first heading
    fields: Mapping[str, str] = {}  #: at its top, as they are written
    kind: str = ""  #: of report; empty: the only one of the agency, or that of the statutory forms

    @property
    def key(self) -> ReportKey:
        """What its report is known by."""
        return ReportKey(self.agency, self.year, self.kind)

    @property
    def text(self) -> str:
        """All running text, without spaces."""
        return "".join("".join(paragraph.text.split()) for section in self.sections for paragraph in section.paragraphs)

    def paragraphs(self, rule: str) -> Iterator[PageParagraph]:
        """The running text that a rule looks at."""
        for section in self.sections:
            yield from (paragraph for paragraph in section.paragraphs if rule not in paragraph.excused)


def check_texts(page: Page) -> Iterator[Diagnostic]:
    """Headings and running text."""
    if INVISIBLE.name in page.excused:
        return
    for section in page.sections:
        lines = [(section.line, section.title)]
        for paragraph in section.paragraphs:
            if INVISIBLE.name not in paragraph.excused:
                lines += enumerate(paragraph.text.split("\n"), start=paragraph.line)
        yield from (invisible(Pos(page.path, line), written) for line, written in lines if not is_clean(written))


def check_fields(path: str, fields: Mapping[str, str]) -> Iterator[Diagnostic]:
    """The fields at the top of a page that are ours."""
    for name, written in fields.items():
        if name.lower().startswith(_PREFIX) and not is_clean(written):
            yield invisible(Pos(path), f"{name}: {written}")
