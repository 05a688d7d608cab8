"""Pages under a strict Content-Security-Policy: what we write asks for nothing from elsewhere and needs no inline script or style."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.browser.conftest import Site

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

#: keeps what the browser refuses: the directive, what it was, and its first letters
LISTEN = """window.refused = [];
document.addEventListener("securitypolicyviolation", e => refused.push([e.effectiveDirective, e.blockedURI, e.sample]));"""
#: what Sphinx itself writes into every page of a Chinese site: a script that makes a function of the plural rule of its translations,
#: and the search box that a script shows (which needs none when its style is refused as well)
PLURAL = ("script-src", "eval", "(function anonymous(n\n) {\nreturn (0)\n})")
BOX = {
    ("style-src-attr", "inline", "display: none"),
    ("script-src-elem", "inline", "document.getElementById('searchbox').sty"),
}
STOCK = {"basic": {PLURAL, *BOX, ("style-src-attr", "inline", "margin-right: 10px")}, "alabaster": {PLURAL, *BOX}}

#: these themes say this under every policy and without one
OWN_WORDS = {"Got invalid theme mode: . Resetting to auto."}

LOOKS = """() => [...document.body.querySelectorAll(':not(script):not(link):not(style)')].map(element => {
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    const {display, visibility, color, backgroundColor, borderTopColor, fontFamily, fontSize, fontWeight, opacity} = style;
    return [element.tagName, box.x, box.y, box.width, box.height,
        display, visibility, color, backgroundColor, borderTopColor, fontFamily, fontSize, fontWeight, opacity];
})"""


class Seen(NamedTuple):
    """What happened while a page was loaded."""

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


def test_nothing_on_any_page_is_refused(any_site: Site, browser: Browser) -> None:
    for name in (*any_site.pages, "plain", "search", "genindex"):
        seen = load(browser, any_site, name)
        assert seen.refused == set(), name
        assert seen.errors - OWN_WORDS == set(), name
        assert seen.failed == []
        assert [url for url in seen.requests if not url.startswith((any_site.url, "data:"))] == []


def test_what_was_moved_into_files_does_what_it_did(any_site: Site, build: Callable[..., Site], browser: Browser) -> None:
    """Pages look as they do without policy and setting, menus and colour schemes included."""
    stock = build(any_site.theme, strict=False)
    for name in ("index", "reports/suqian-2024"):
        pages = [_opened(browser, any_site, name, False), _opened(browser, stock, name, True)]
        assert any(_look_alike(*pages) for _trial in range(20)), name  # fonts come when they come
        for page in pages:
            page.context.close()


def _opened(browser: Browser, site: Site, name: str, bypass: bool) -> Page:
    context = browser.new_context(bypass_csp=bypass, color_scheme="dark", viewport={"width": 1280, "height": 1600})
    page = context.new_page()
    page.goto(f"{site.url}/{name}.html", wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    return page


def _look_alike(page: Page, other: Page) -> bool:
    """Every element stands in the same place in the same colours; pixels of letters differ from time to time by themselves."""
    one, another = (one.evaluate(LOOKS) for one in (page, other))
    if one != another:
        page.wait_for_timeout(250)
    return bool(one == another and len(one) > 50)


def test_without_the_setting_only_the_theme_is_refused_anything(stock_site: Site, browser: Browser) -> None:
    plain = load(browser, stock_site, "plain")
    for name in stock_site.pages:
        seen = load(browser, stock_site, name)
        assert seen.failed == []
        assert [url for url in seen.requests if not url.startswith((stock_site.url, "data:"))] == []
        assert {one for one in seen.refused if not _is_page_name(one)} <= plain.refused, name
        assert {error for error in seen.errors if "Content Security Policy" not in error} <= plain.errors, name
        if stock_site.theme in STOCK:
            assert seen.refused == STOCK[stock_site.theme], "Sphinx has learnt more or less to do without"


def _is_page_name(refused: tuple[str, ...]) -> bool:
    """Whether a theme's script says on which page it is."""
    return refused[2].startswith("DOCUMENTATION_OPTIONS.pagename")


def test_a_table_looks_the_same_under_the_policy(one_site: Site, browser: Browser) -> None:
    """Its style sheet is all that it needs: widths of columns too."""
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
