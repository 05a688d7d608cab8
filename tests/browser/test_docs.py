"""The documentation's own style sheet, on what its pages show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("curve", sorted(DOCS.glob("reference/*.svg")), ids=lambda path: path.stem)
def test_a_curve_is_seen_whole_on_a_phone(browser: Browser, curve: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.set_content(curve.read_text("utf-8"))
    assert page.evaluate("document.documentElement.scrollWidth") > 390, "by itself it is wider"
    page.add_style_tag(path=DOCS / "_static/docs.css")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    box = page.locator("svg").bounding_box()
    assert box
    assert 300 < box["width"] < 390
    assert box["height"] < box["width"], "its proportions are kept"
    page.close()
