"""No text in the data can make a browser run a script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import Project
from tests.security import hostile

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

HOVER = """
  document.querySelectorAll('td, th, text, figcaption, caption').forEach(e => e.dispatchEvent(new MouseEvent('mouseover')))
"""
STRANGE = "td img, th img, caption img, svg script, table script, b"


@pytest.mark.parametrize("attack", [hostile.HTML, hostile.INLINE], ids=["html", "inline"])
def test_no_script_runs(tmp_path: Path, browser: Browser, attack: str) -> None:
    build = hostile.site(Project(tmp_path / "site"), attack).build()
    said: list[str] = []
    page = browser.new_page()
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    for path in sorted(build.out.rglob("*.html")):
        page.goto(path.as_uri())
        for element in page.query_selector_all("[onclick], [onerror], [onload], [onmouseover], a[href^='javascript:']"):
            said.append(f"{path.name}: {element.evaluate('e => e.outerHTML')}")
        page.evaluate(HOVER)
        assert page.locator(STRANGE).count() == 0
    page.close()
    assert said == []
