"""Characters of a document that its readers do not see: they are left out, and that is said.

A number is another matter: where such a character turns the direction of writing, strikes a digit through or looks like
something that only the document's own font has, the cell stays as it is, and nobody takes it for a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..core.diagnostics import Diagnostic, Pos, Rule, Severity, text
from ..core.source import invisible
from ..core.unseen import cleaned, codes_in, is_clean
from .document import Cell, Document, Grid, Part

REMOVED = Rule("removed-character", Severity.WARNING)

#: what turns the direction of Chinese text and of digits
_TURNS = re.compile("[\u202b\u202e\u2067]")
#: what changes how a digit looks, and is not merely nothing
_CHANGES = re.compile(
    "[\u202b\u202e\u2067\u0334-\u0338\u20d2\u20d3\u20d8-\u20da\u20e5\u20ea\u20eb\ue000-\uf8ff\U000f0000-\U0010ffff]"
)
_DIGIT = re.compile(r"\d")


def seen_cell(written: str) -> str:
    """A cell as readers see it; one of which they see another number than is written, as it is written."""
    return written if _CHANGES.search(written) and _DIGIT.search(written) else cleaned(written)


def seen_document(path: str, document: Document) -> tuple[Document, list[Diagnostic]]:
    """The document as readers see it, and what was left out."""
    if all(map(is_clean, (*document.titles, *(written for written, _line in _texts(document.parts))))):
        return document, []
    told = list(_told(path, [*((written, 0) for written in document.titles), *_texts(document.parts)]))
    parts = tuple(
        _seen_grid(part) if isinstance(part, Grid) else part._replace(text=cleaned(part.text)) for part in document.parts
    )
    return replace(document, parts=parts, titles=tuple(map(cleaned, document.titles))), told


def removed(path: str, texts: Iterable[tuple[str, int]]) -> list[Diagnostic]:
    """What is said of texts, by their lines, out of which characters were left."""
    return list(_told(path, texts))


def _told(path: str, texts: Iterable[tuple[str, int]]) -> Iterator[Diagnostic]:
    """Each text that is turned round; the rest, of which a document may have thousands, once."""
    first: tuple[str, int] | None = None
    codes: dict[str, None] = {}
    for written, line in dict.fromkeys(texts):
        if is_clean(written) or seen_cell(written) == written:
            continue  # the reader of the figure says it
        if _TURNS.search(written):
            yield invisible(_pos(path, line), written, text("Look how it is read in the document, and write it so."))
            continue
        first = first or (written, line)
        codes.update(dict.fromkeys(codes_in(written).split(", ")))
    if first:
        message = text("Characters that readers do not see were left out ({codes}).", codes=", ".join(sorted(codes)))
        hint = text("Look whether names and notes are right; the first such text is “{quoted}”.", quoted=first[0].strip()[:40])
        yield Diagnostic(REMOVED, _pos(path, first[1]), message, hint)


def _pos(path: str, line: int) -> Pos:
    return Pos(path, line, 1 if line else 0)


def _texts(parts: Iterable[Part]) -> Iterator[tuple[str, int]]:
    for part in parts:
        if isinstance(part, Grid):
            yield from ((cell.text, cell.line) for row in part.cells for cell in row)
        else:
            yield part.text, part.line


def _seen_grid(grid: Grid) -> Grid:
    def seen(cell: Cell | None) -> Cell | None:
        return cell and cell._replace(text=seen_cell(cell.text))

    return replace(grid, rows=tuple(tuple(map(seen, row)) for row in grid.rows))
