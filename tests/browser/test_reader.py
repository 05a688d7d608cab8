"""Reading a report: with the keyboard, by link, on screens of every width, with large text, in every colour scheme."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

from sphinx_govreport.core.tables.table import figure_ident, table_ident
from tests.browser.conftest import Opener, Site
from tests.published import report_key

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

REPORT = "reports/suqian-2024"
REQUESTS = table_ident(report_key("宿迁市", 2024), "requests")
#: readers' settings: double text size, and the spacing that WCAG 1.4.12 requires to be possible
LARGE = "html { font-size: 200% !important } body { font-size: 1rem !important }"
SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"

#: cells with overflowing text, and regions that are wider than the available width
MISFITS = """tables => tables.flatMap(table => {
    const misfits = [];
    for (const cell of table.querySelectorAll("th, td, caption")) {
        const box = cell.getBoundingClientRect(), range = document.createRange();
        range.selectNodeContents(cell);
        for (const text of range.getClientRects())
            if (text.width && (text.left < box.left - 1 || text.right > box.right + 1 || text.top < box.top - 1 || text.bottom > box.bottom + 1))
                { misfits.push(cell.textContent); break; }
    }
    const region = table.closest(".gov-scroll"), box = region.getBoundingClientRect(), room = region.parentNode.getBoundingClientRect();
    if (box.left < room.left - 1 || box.right > room.right + 1) misfits.push("region");
    return misfits;
})"""


def ident(path: str) -> str:
    return figure_ident(REQUESTS, path)


#: whether an element is within the window and neither its middle nor its edges are covered
SEEN = """id => {
    const element = document.getElementById(id), b = element.getBoundingClientRect();
    if (b.left < 0 || b.top < 0 || b.right > innerWidth || b.bottom > innerHeight) return false;
    return [b.left + 2, (b.left + b.right) / 2, b.right - 2].every(
        x => element.contains(document.elementFromPoint(x, (b.top + b.bottom) / 2)));
}"""


def follow(page: Page, element: str) -> None:
    """Go to an element of the page like a link does, and wait until it is visible."""
    page.evaluate("id => { document.documentElement.style.scrollBehavior = 'auto'; location.hash = id }", element)
    page.wait_for_function(SEEN, arg=element, timeout=5000)


def test_the_keyboard_reaches_and_scrolls_a_table(site: Site, open_page: Opener) -> None:
    page = open_page(site, REPORT, width=390)
    active = "document.activeElement"
    for _press in range(150):
        page.keyboard.press("Tab")
        if page.evaluate(f"{active}.matches('.gov-scroll') && Boolean({active}.querySelector('.gov-requests'))"):
            break
    else:
        pytest.fail("the table is not reached")
    assert page.evaluate(f"[{active}.getAttribute('role'), {active}.getAttribute('aria-label')]") == [
        "region",
        "宿迁市2024年收到和处理政府信息公开申请情况",
    ]
    outline = page.evaluate(
        f"(s => [s.outlineStyle, parseFloat(s.outlineWidth), s.outlineColor === s.color])(getComputedStyle({active}))"
    )
    assert outline == ["solid", 2, True]
    for _press in range(3):  # one column per key press: it stops between columns
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(400)
    page.wait_for_function(f"{active}.scrollLeft > 60")
    for _press in range(12):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(400)
    page.wait_for_function(f"{active}.scrollLeft + {active}.clientWidth > {active}.scrollWidth - 2")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "the page stays"
    head = page.evaluate(
        f"{active}.querySelector('th.gov-level-0').getBoundingClientRect().left - {active}.getBoundingClientRect().left"
    )
    assert abs(head) < 2, "the row heads stay in view"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_link_to_a_figure_shows_it(site: Site, open_page: Opener, width: int) -> None:
    page = open_page(site, REPORT, width=width, height=800)
    for column in ("total", "natural-person", "legal-service", "enterprise"):  # to the right and to the left, twice
        for row in ("received", "results.refused.enforcement-file", "carried-out"):
            follow(page, ident(f"{row}.{column}"))
    assert page.locator("td:target").evaluate("cell => getComputedStyle(cell).outlineStyle") == "double"


def test_a_link_from_elsewhere_shows_the_figure(site: Site, open_page: Opener) -> None:
    page = open_page(site, f"{REPORT}#{ident('carried-out.total')}", width=390, height=800)
    page.wait_for_function(SEEN, arg=ident("carried-out.total"), timeout=5000)


@pytest.mark.parametrize("width", [320, 390, 640])
def test_row_heads_leave_room_for_figures_however_large_the_letters(site: Site, open_page: Opener, width: int) -> None:
    page = open_page(site, REPORT, width=width, height=800)
    page.add_style_tag(content=LARGE)
    for column in ("legal-service", "natural-person"):
        follow(page, ident(f"carried-out.{column}"))


@pytest.mark.parametrize("style", ["", LARGE, SPACED], ids=["as-it-is", "large", "spaced"])
def test_text_fits_into_its_cell_from_phones_to_walls(site: Site, open_page: Opener, style: str) -> None:
    page = open_page(site, "plain")
    widths = (320, 390, 640, 1280, 3840)
    for name in (REPORT, "faulty", "rollup", "reports/suqian-compared", "reports/wendeng-2020"):
        page.goto(f"{site.url}/{name}.html")
        if style:
            page.add_style_tag(content=style)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            misfits = page.locator(".gov-scroll table").evaluate_all(MISFITS)
            assert misfits == [], (name, width, misfits)
            if not style:
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)


def contrast(one: Any, other: Any) -> float:
    """Return the WCAG contrast of two colours given as red, green, blue."""

    def luminance(colour: Any) -> float:
        parts = [part / 255 for part in colour[:3]]
        red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


SCHEMES: tuple[dict[str, Any], ...] = (
    {"color_scheme": "light"},
    {"color_scheme": "dark"},
    {"color_scheme": "light", "contrast": "more"},
    {"color_scheme": "light", "forced_colors": "active"},
    {"color_scheme": "dark", "forced_colors": "active"},
)
#: the left edges and the middles of the cells of a region, and the right edge of its row headers
EDGES = """region => {
    const from = region.getBoundingClientRect();
    const boxes = [...region.querySelectorAll("tbody th, tbody td")].map(cell => cell.getBoundingClientRect());
    const heads = [...region.querySelectorAll(".gov-row-head")].map(head => head.getBoundingClientRect().right - from.left);
    return [boxes.map(box => [box.left - from.left, (box.top + box.bottom) / 2 - from.top]), Math.max(...heads)];
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_borders_are_seen_in_every_colour_scheme(site: Site, open_page: Opener, width: int) -> None:
    """Checked with the pixels of a screenshot: there is a visible line at the left edge of every cell, also after scrolling."""
    from PIL import Image  # installed with the library that reads PDFs

    page = open_page(site, "faulty", width=width, height=3000)
    region = page.locator(".gov-scroll", has=page.locator("table.gov-requests"))
    for scheme in SCHEMES:
        page.emulate_media(**{"contrast": "no-preference", "forced_colors": "none", **scheme})
        page.reload()
        region.evaluate("region => { region.scrollLeft = 100 }")
        picture = Image.open(io.BytesIO(region.screenshot())).convert("RGB")
        edges, heads_end = region.evaluate(EDGES)
        seen = [(x, y) for x, y in edges if (0 <= x < 2 or x > heads_end) and x < picture.width - 4 and y < picture.height - 1]
        assert len(seen) > 25
        for left, middle in seen:
            at, y = round(left), round(middle)
            line = [picture.getpixel((x, y)) for x in range(max(at - 2, 0), at + 3)]
            ground = picture.getpixel((at + 4, y))
            assert max(contrast(pixel, ground) for pixel in line) >= 3, (scheme, left, middle, line, ground)


@pytest.mark.parametrize("width", [1280, 390])
def test_only_hidden_columns_have_a_shadow(site: Site, open_page: Opener, width: int) -> None:
    """Also if the width of the page is a fraction of a pixel: a grey line was beside captions of tables that fit."""
    from PIL import Image

    page = open_page(site, "reports/suqian-2023", width=width, height=4000)
    for number, region in enumerate(page.locator(".gov-scroll").all()):
        is_wide = region.evaluate("region => region.scrollWidth > region.clientWidth")
        picture = Image.open(io.BytesIO(region.screenshot())).convert("RGB")
        edge = [picture.getpixel((x, 3)) for x in range(picture.width - 4, picture.width)]  # above the text of the caption
        assert (max(contrast(pixel, (255, 255, 255)) for pixel in edge) > 1.05) == is_wide, (number, edge)


def test_an_error_is_told_by_more_than_colour(site: Site, open_page: Opener) -> None:
    for settings in ({}, {"color_scheme": "dark"}, {"forced_colors": "active"}):
        page = open_page(site, "faulty", **settings)
        cell = page.locator("td.gov-error", has_text="1432")
        assert cell.inner_text().replace("\n", "") == "1432※1"
        described = cell.get_attribute("aria-describedby") or ""
        assert "1431" in page.locator(f"#{described}").inner_text()
        assert cell.evaluate("cell => [getComputedStyle(cell).outlineStyle, getComputedStyle(cell).outlineWidth]") == [
            "solid",
            "2px",
        ]
        assert page.locator(f"#{described}").evaluate("text => getComputedStyle(text).borderLeftStyle") == "solid"


def test_results_of_checks_are_not_broken_and_rules_have_room(site: Site, open_page: Opener) -> None:
    """On a phone, too: a rule has at most four lines."""
    page = open_page(site, "reports/suqian-2024-checks", width=390)
    lines = "cells => cells.map(cell => { const range = document.createRange(); range.selectNodeContents(cell); \
        return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size; })"
    assert set(page.eval_on_selector_all(".gov-check-table tbody td:nth-child(2) p", lines)) == {1}
    assert max(page.eval_on_selector_all(".gov-check-table tbody tr > :first-child p", lines)) <= 4


def test_every_header_of_a_comparison_is_bold_and_its_rows_are_not(site: Site, open_page: Opener) -> None:
    page = open_page(site, "reports/suqian-compared")
    weights = "cells => cells.map(cell => Number(getComputedStyle(cell).fontWeight))"
    assert min(page.eval_on_selector_all(".gov-comparison-table thead th", weights)) >= 600
    assert set(page.eval_on_selector_all(".gov-comparison-table tbody th", weights)) == {400}


@pytest.mark.parametrize("name", ["suqian-2024", "suqian-2024-checks", "suqian-compared", "suqian-trend"])
def test_captions_are_upright(site: Site, open_page: Opener, name: str) -> None:
    """Chinese has no italics: a browser would slant its characters."""
    captions = open_page(site, f"reports/{name}").locator("table caption span, figcaption span")
    assert set(captions.evaluate_all("all => all.map(one => getComputedStyle(one).fontStyle)")) == {"normal"}
