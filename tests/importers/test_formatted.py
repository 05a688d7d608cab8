"""Readers of a document see some of its characters and not others: the figure that comes in is the one that they see."""

from __future__ import annotations

import pytest

from sphinx_govreport.core.form_file import statutory_forms
from sphinx_govreport.importers.documents import Imported, Wanted, import_document
from tests.importers import formatted
from tests.importers.formatted import MARK, UNSEEN, WAYS
from tests.importers.test_documents import figures_of, said
from tests.published import published

FORMS = statutory_forms()
REPORT = published("suqian-2024")


def imported(file: str, data: bytes) -> Imported:
    return import_document(file, data, FORMS, Wanted())


def dressed(kind: str, way: str) -> formatted.Dress:
    """Something unseen before each figure and behind it, a mark behind it, or the figure itself in that way."""

    def dress(text: str) -> list[formatted.Piece]:
        digits = text.strip("万元")
        if kind == UNSEEN:
            return [("9", way), (text, ""), ("8", way)]
        return [(text, ""), ("1", way)] if kind == MARK else [(digits, way), (text[len(digits) :], "")]

    return dress


@pytest.mark.parametrize(("file", "way"), [(file, way) for file, ways in WAYS.items() for way in ways])
def test_what_is_seen_is_read(file: str, way: str) -> None:
    kind = WAYS[file][way].kind
    found = imported(file, formatted.document(file, REPORT, dressed(kind, way)))
    assert figures_of(found.report) == REPORT.figures
    assert said(found) == ({"footnote-mark"} if kind == MARK else set())
    if kind == MARK:
        assert len(found.findings) == sum(map(len, REPORT.figures.values())), "each mark is said at its place"
