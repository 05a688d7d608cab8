"""The page on which a report is printed, as the checks of prose and of sections see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sphinx_govreport.core.characters import Joined, joined


class Paragraph(NamedTuple):
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
    paragraphs: tuple[Paragraph, ...]
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

    @property
    def text(self) -> str:
        """All running text, without spaces."""
        return "".join("".join(paragraph.text.split()) for section in self.sections for paragraph in section.paragraphs)

    def paragraphs(self, rule: str) -> Iterator[Paragraph]:
        """The running text that a rule looks at."""
        for section in self.sections:
            yield from (paragraph for paragraph in section.paragraphs if rule not in paragraph.excused)
