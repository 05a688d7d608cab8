"""Documents with formatting: hidden, struck-out, raised or otherwise changed characters, anywhere in the digits of figures.

The result is exactly the number that a reader of the document sees, or nothing: never another number.
"""

from __future__ import annotations

from contextlib import nullcontext
from random import Random
from typing import NamedTuple

from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.importers.recognise.report import Wanted, import_documents
from tests.fuzz.here import reading_here
from tests.importers import formatted
from tests.importers.formatted import MARK, SEEN, UNSEEN, WAYS, Piece
from tests.published import NAMES, published

_LIGHT = ("page.html", "report.md", "tabbed.txt", "report.csv")
_HEAVY = ("report.docx", "report.xlsx", "report.ods", "report.pdf")
_LEFT_OUT = ("note", "strong")  # the first breaks a line, and two adjacent ones of the second are not valid markup


class Made(NamedTuple):
    """A document, and the pieces of each figure's cell in order."""

    file: str
    name: str  #: of the report
    data: bytes
    pieces: tuple[tuple[Piece, ...], ...]


def make(rng: Random) -> Made:
    """Return a report with some of its figures formatted randomly."""
    name = rng.choice(NAMES)
    file = rng.choice(_LIGHT if rng.random() < 0.7 else _HEAVY)
    ways: dict[str, list[str]] = {
        kind: [name for name, way in WAYS[file].items() if way.kind == kind and name not in _LEFT_OUT]
        for kind in (UNSEEN, MARK, SEEN)
    }
    most = 100 if file == "report.pdf" else 1000  # there, longer pieces would extend over the next cell
    drawn: list[tuple[Piece, ...]] = []

    def dress(text: str) -> list[Piece]:
        pieces = _pieces(rng, text, ways, most) if rng.random() < 0.5 else [(text, "")]
        drawn.append(tuple(pieces))
        return pieces

    data = formatted.document(file, published(name), dress)
    return Made(file, name, data, tuple(drawn))


def _pieces(rng: Random, text: str, ways: dict[str, list[str]], most: int) -> list[Piece]:
    number = text.rstrip("万元")
    cuts = sorted(rng.sample(range(len(number) + 1), rng.randrange(min(3, len(number) + 1))))
    parts = [number[start:end] for start, end in zip([0, *cuts], [*cuts, len(number)], strict=True)]
    pieces: list[Piece] = []
    for part in parts:
        if rng.random() < 0.4:
            pieces.append((str(rng.randrange(1, most)), rng.choice(ways[UNSEEN if rng.random() < 0.6 else MARK])))
        if part:
            pieces.append((part, rng.choice(ways[SEEN]) if rng.random() < 0.3 and part.isdecimal() else ""))
    pieces.append((text[len(number) :], ""))
    if rng.random() < 0.4:
        pieces.append((str(rng.randrange(1, most)), rng.choice(ways[UNSEEN if rng.random() < 0.6 else MARK])))
    return [piece for piece in pieces if piece[0]]


def check(made: Made, *, thorough: bool = True) -> None:
    """Read the document and compare each figure with the visible one. Raises :class:`AssertionError`.

    Only ``thorough`` checks read in a separate process as the product does.
    """
    report = published(made.name)
    with nullcontext() if thorough else reading_here():
        found = import_documents(made.file, made.data, statutory_forms(), Wanted())[0]
    assert found.report, [finding.message.render(str) for finding in found.findings]
    drawn = iter(made.pieces)
    marked = unread = 0
    for table, figures in report.figures.items():
        for path, text in figures.items():
            if not text:
                continue
            pieces = next(drawn)
            figure = found.report.figures[table][path]
            has_mark = any(way and WAYS[made.file][way].kind == MARK for _text, way in pieces)
            marked += has_mark and figure.is_explicit
            unread += not figure.is_explicit
            may_be_unread = has_mark or (len(pieces) > 1 and made.file == "report.pdf")  # omitted content leaves a gap there
            assert figure.is_explicit or may_be_unread, (path, text, pieces)
            assert not figure.is_explicit or f"{figure.text}{figure.unit}" == text, (path, text, figure.text, pieces)
    names = [finding.rule.name for finding in found.findings]
    assert (names.count("footnote-mark"), names.count("unread-figure")) == (marked, unread)
