"""Characters that nobody sees on the page of a report: they can turn a quoted figure round, or hide in a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sphinx_govreport.core.characters import is_clean
from sphinx_govreport.core.diagnostics import Diagnostic, Pos
from sphinx_govreport.core.yaml.source import INVISIBLE, invisible

from .page import Page

_PREFIX = "govreport-"  # of the fields that are ours


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
