"""Characters of a document that its readers do not see are removed and reported; those that nobody can read are reported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sphinx_govreport.core.characters import cleaned, codes_in, is_clean, without_breaks
from sphinx_govreport.core.diagnostics import Diagnostic, Text, text
from sphinx_govreport.core.yaml.source import invisible
from sphinx_govreport.importers.document import BROKEN, Box, Document, Grid, GridCell, Paragraph, Part, place
from sphinx_govreport.importers.rules import BROKEN_CHARACTER, REMOVED

#: characters that change the direction of Chinese text and of digits
_TURNS = re.compile("[\u202b\u202e\u2067]")
#: characters that change how a digit looks and are not just invisible
_CHANGES = re.compile(
    "[\u202b\u202e\u2067\u0334-\u0338\u20d2\u20d3\u20d8-\u20da\u20e5\u20ea\u20eb\ue000-\uf8ff\U000f0000-\U0010ffff]"
)


def seen_cell(written: str) -> str:
    """Return a cell as readers see it; a cell in which they see another number than the text has stays as it is."""
    return written if _CHANGES.search(written) and any(map(str.isdecimal, written)) else cleaned(written)


def seen_document(path: str, document: Document) -> tuple[Document, list[Diagnostic]]:
    """Return the document as readers see it, and findings about what was removed."""
    said = [*map(Paragraph, document.titles), *_texts(document.parts)]
    lines = dict.fromkeys((one.line, one.text) for one in said if isinstance(one, Paragraph) and BROKEN in one.text)
    found = [Diagnostic(BROKEN_CHARACTER, place(path, line), broken(written)) for line, written in lines]
    if is_clean("\n".join([one.text for one in said])):
        return document, found
    titles, parts = tuple(map(cleaned, document.titles)), tuple(map(_seen, document.parts))
    return replace(document, parts=parts, titles=titles), [*found, *removed(path, said)]


def broken(written: str) -> Text:
    """Return the message about a text with characters that could not be decoded."""
    at = max(written.index(BROKEN) - 20, 0)
    return text("“{quoted}” has characters that could not be decoded.", quoted=without_breaks(written[at : at + 40]))


def removed(path: str, texts: Iterable[Paragraph | Box | GridCell]) -> Iterator[Diagnostic]:
    """Yield a finding for each text with reversed direction, and one for all the rest, which may be thousands."""
    first: Paragraph | Box | GridCell | None = None
    codes: set[str] = set()
    unlike: dict[str, Paragraph | Box | GridCell] = {}
    for said in texts:
        unlike.setdefault(said.text, said)
    for said in unlike.values():
        if is_clean(said.text) or (not isinstance(said, Paragraph) and seen_cell(said.text) == said.text):
            continue  # the reader of the figure reports such a cell
        if _TURNS.search(said.text):
            hint = text("Check how the document shows it, and write it in the same way.")
            yield invisible(place(path, said.line), said.text, hint)
            continue
        first = first or said
        codes.update(codes_in(said.text).split(", "))
    if first:
        message = text("Invisible characters were left out ({codes}).", codes=", ".join(sorted(codes)))
        hint = text(
            "Check that names and notes are correct; the first such text is “{quoted}”.", quoted=first.text.strip()[:40]
        )
        yield Diagnostic(REMOVED, place(path, first.line), message, hint)


def _texts(parts: Iterable[Part]) -> Iterator[Paragraph | GridCell]:
    for part in parts:
        yield from (cell for row in part.cells for cell in row) if isinstance(part, Grid) else (part,)


def _seen(part: Part) -> Part:
    if isinstance(part, Grid):
        return replace(part, rows=tuple(tuple(map(_seen_of, row)) for row in part.rows))
    return part._replace(text=cleaned(part.text))


def _seen_of(cell: GridCell | None) -> GridCell | None:
    if cell is None or (shown := seen_cell(cell.text)) == cell.text:
        return cell
    return cell._replace(text=shown, marks=tuple(mark._replace(at=len(cleaned(cell.text[: mark.at]))) for mark in cell.marks))
