"""The description of a report for search engines in a browser with a strict policy: it is not refused as a script."""

from __future__ import annotations

import json

import pytest

from tests.browser.conftest import REPORTS, Opener, Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", REPORTS)
def test_the_policy_lets_the_data_block_through(one_site: Site, open_page: Opener, name: str) -> None:
    page = open_page(one_site, name, bypass_csp=False)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.reload()
    (block,) = page.locator('script[type="application/ld+json"]').all_text_contents()
    described = json.loads(block)
    assert described["@type"] == "Dataset"
    assert described["temporalCoverage"] == f"{name[-4:]}-01-01/{name[-4:]}-12-31"
    assert [text for text in said if "ld+json" in text or "@context" in text] == []
