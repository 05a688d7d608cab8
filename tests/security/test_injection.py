"""Whatever a text of the data says, it is printed: it never becomes an element, an attribute, a command or a formula."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest

from tests.conftest import Project
from tests.security import hostile

ATTACKS = {"html": hostile.HTML, "inline": hostile.INLINE, "latex": hostile.LATEX, "formula": hostile.FORMULA}


def skeleton(page: bytes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Elements and the names of their attributes."""
    for element in lxml.html.fromstring(page).iter():
        if isinstance(element.tag, str):
            yield element.tag, tuple(map(str, element.attrib))


def pages(folder: Path, attack: str) -> dict[str, bytes]:
    build = hostile.site(Project(folder / "site"), attack).build()
    return {name: body for name, body in build.files().items() if name.endswith(".html") and "gov-" not in name}


@pytest.mark.parametrize("name", ATTACKS)
def test_pages_are_made_of_the_same_elements_whatever_the_data_say(tmp_path: Path, name: str) -> None:
    harmless = pages(tmp_path / "harmless", hostile.HARMLESS)
    attacked = pages(tmp_path / "attacked", ATTACKS[name])
    assert attacked.keys() == harmless.keys()
    for page, body in attacked.items():
        assert list(skeleton(body)) == list(skeleton(harmless[page])), page
