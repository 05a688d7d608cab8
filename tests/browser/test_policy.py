"""Pages with a strict Content-Security-Policy: our content makes no external requests and needs no inline script or style."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.browser.conftest import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

#: records violations: directive, type, and the first letters of the content
LISTEN = """window.refused = [];
document.addEventListener("securitypolicyviolation", e => refused.push([e.effectiveDirective, e.blockedURI, e.sample]));"""
#: inline content by Sphinx on every page of a Chinese site: a script with a function for the plural rule of translations,
#: and the search box that a script shows (it needs no style if its style is refused as well)
PLURAL = ("script-src", "eval", "(function anonymous(n\n) {\nreturn (0)\n})")
BOX = {
    ("style-src-attr", "inline", "display: none"),
    ("script-src-elem", "inline", "document.getElementById('searchbox').sty"),
}
STOCK = {"basic": {PLURAL, *BOX, ("style-src-attr", "inline", "margin-right: 10px")}, "alabaster": {PLURAL, *BOX}}


class Seen(NamedTuple):
    """The events while a page was loaded."""

    refused: set[tuple[str, ...]]
    errors: set[str]
    requests: list[str]
    failed: list[str]


def load(browser: Browser, site: Site, name: str) -> Seen:
    context = browser.new_context()
    context.add_init_script(LISTEN)
    page = context.new_page()
    errors: set[str] = set()
    requests: list[str] = []
    failed: list[str] = []
    page.on("console", lambda message: errors.add(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.add(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("response", lambda response: failed.append(response.url) if response.status >= 400 else None)
    page.goto(f"{site.url}/{name}.html")
    refused: Any = page.evaluate("refused")
    context.close()
    docname = name.rsplit("/", 1)[-1]
    return Seen(
        {tuple(part.replace(name, "plain").replace(docname, "plain") for part in one) for one in refused},
        errors,
        requests,
        failed,
    )


def test_only_the_theme_is_refused_anything(any_site: Site, browser: Browser) -> None:
    plain = load(browser, any_site, "plain")
    for name in any_site.pages:
        seen = load(browser, any_site, name)
        assert seen.failed == []
        assert [url for url in seen.requests if not url.startswith((any_site.url, "data:"))] == []
        assert {one for one in seen.refused if not _is_page_name(one)} <= plain.refused, name
        assert {error for error in seen.errors if "Content Security Policy" not in error} <= plain.errors, name
        if any_site.theme in STOCK:
            assert seen.refused == STOCK[any_site.theme], "Sphinx has learnt more or less to do without"


def _is_page_name(refused: tuple[str, ...]) -> bool:
    """Return whether a theme's script sets the name of the page."""
    return refused[2].startswith("DOCUMENTATION_OPTIONS.pagename")


def test_a_table_looks_the_same_under_the_policy(one_site: Site, browser: Browser) -> None:
    """It only needs its style sheet: column widths are in it, too."""
    boxes = []
    for bypass_csp in (False, True):
        context = browser.new_context(bypass_csp=bypass_csp)
        page = context.new_page()
        page.goto(f"{one_site.url}/faulty.html")
        script = "cells => cells.map(cell => { const b = cell.getBoundingClientRect(); return [b.x, b.width, b.height] })"
        boxes.append(page.locator(".gov-scroll th, .gov-scroll td").evaluate_all(script))
        context.close()
    assert boxes[0] == boxes[1]
    assert len(boxes[0]) > 300
