"""The search page of the built site, in the browser. That every supported Sphinx gives the same results is tested with node."""

from __future__ import annotations

import pytest

from tests.browser.conftest import REPORTS, Opener, Site

pytestmark = pytest.mark.browser

TRENDS, CHECKS = "reports/suqian-trend", "reports/suqian-2024-checks"
QUERIES = {
    "不予公开": {*REPORTS, "faulty", TRENDS, CHECKS},
    "行政许可": {*REPORTS, "faulty", "reports/suqian-compared"},
    "三类内部事务信息": {*REPORTS, "faulty"},
    "改进情况见该市公布的报告原文": {"reports/suqian-2023", "reports/suqian-2024"},
    "可以当面、来信或者在网上提出申请": {"guide"},
    "2822652": {"reports/suqian-2023", "reports/suqian-compared"},
    "59237.2449": {"reports/suqian-2023", "reports/suqian-compared"},
    "文登区 2020年": {"reports/index", "reports/wendeng-2020"},
}


def test_words_sentences_and_figures_are_found(site: Site, open_page: Opener) -> None:
    page = open_page(site, "search", service_workers="block")
    for query, expected in QUERIES.items():
        page.goto(f"{site.url}/search.html?q={query}")
        page.wait_for_selector("#search-results .search-summary, #search-results p")
        page.wait_for_function(
            "!document.querySelector('#search-progress')?.textContent || document.querySelector('ul.search li')"
        )
        page.wait_for_function(
            "document.querySelector('.search-summary, #search-results p')?.textContent.match(/[0-9]/)", timeout=5000
        )
        links = page.locator("#search-results ul.search > li > a").evaluate_all("links => links.map(a => a.pathname)")
        found = {link.removeprefix(f"/{site.theme}/").removesuffix(".html") for link in links}
        assert found == expected, query
