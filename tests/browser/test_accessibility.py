"""The example site checked by validators, in every theme that agencies use."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import hard
from tests.browser.conftest import REPORTS, THEMES, Opener, Site, grouped, tool

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

#: messages of the checker about themes, on pages without our tables as well
THEMES_OWN_ERRORS = ("skipping 1 heading level",)
#: the table rules of axe, as it groups them, and those for content around a table
TABLE_RULES = (
    "empty-table-header", "scope-attr-valid", "table-duplicate-name", "table-fake-caption", "td-has-header", "td-headers-attr",
    "th-has-data-cells", "scrollable-region-focusable", "duplicate-id-aria", "aria-valid-attr-value", "region", "color-contrast",
)  # fmt: skip

#: our content; links in running text and lists are styled by the theme
OURS = ".gov-scroll, .gov-trend-chart, .gov-chart-data, .gov-downloads, data.gov-figure, .gov-table-note, .gov-error-text"
AUDIT = """async () => {
    const {violations} = await axe.run(document, {resultTypes: ["violations"]});
    return violations.flatMap(({id, nodes}) => nodes.map(({target, html}) => ({rule: id, target: target[0], html: html.slice(0, 200)})));
}"""
#: without the elements that pass, which are many: to pass them on takes longer than to check them
RESULTS = """async ([scope, options]) => {
    const {violations, incomplete, passes} = await axe.run(scope, options);
    return {violations, incomplete, passes: passes.map(({id}) => ({id}))};
}"""
WHOSE = "([target, ours]) => Boolean(document.querySelector(target).closest(ours))"


def audit(page: Page, rules: tuple[str, ...]) -> dict[str, Any]:
    page.evaluate(tool("axe-core", "axe.min.js").read_text("utf-8"))
    options = {"runOnly": {"type": "rule", "values": list(rules)}}
    return page.evaluate(RESULTS, [{"include": ["table.gov-table"]}, options])  # type: ignore[no-any-return]


def named(results: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(result["id"], node["html"][:200]) for result in results for node in result["nodes"]]


def statutory(rule: str, html: str) -> bool:
    """Return whether axe treats 第二十条第（一）项 as a caption: the form begins with a row as wide as the table."""
    return rule == "table-fake-caption" and "gov-proactive-disclosure" in html


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_in_the_tables(site: Site, open_page: Opener, width: int) -> None:
    """Includes rules that axe does not apply by default."""
    for name in REPORTS:
        page = open_page(site, name, width=width)
        assert page.locator("table.gov-table").count() == 3
        results = audit(page, TABLE_RULES)
        found = [(rule, html) for rule, html in named(results["violations"]) if not statutory(rule, html)]
        assert found == []
        assert page.locator("table.gov-table > caption").count() == 3
        assert [found for found in named(results["incomplete"]) if found[0] != "color-contrast"] == []
        assert {"td-headers-attr", "scope-attr-valid"} <= {rule["id"] for rule in results["passes"]}


def html_errors(paths: Iterable[Path | str]) -> list[str]:
    """Return the errors of the HTML checker. Java is to compile quickly, not well: it runs for seconds only."""
    quickly = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss8m"]  # with larger frames, which need a larger stack
    command = ["java", *quickly, "-jar", str(tool("vnu-jar", "build", "dist", "vnu.jar"))]
    options = ["--errors-only", "--format", "json", "--exit-zero-always"]
    run = subprocess.run([*command, *options, *map(str, paths)], check=True, capture_output=True, text=True)
    return [message["message"] for message in json.loads(run.stderr)["messages"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(site: Site, open_page: Opener, scheme: str) -> None:
    """Neither in our content nor around it: the example site fixes the few errors of themes."""
    script = tool("axe-core", "axe.min.js").read_text("utf-8")
    page = open_page(site, "plain", color_scheme=scheme)
    found = {}
    for name in ("plain", "search", "genindex", *site.pages):
        page.goto(f"{site.url}/{name}.html")
        page.evaluate(script)
        found[name] = page.evaluate(AUDIT)
    assert len(found) == 15
    assert {name: violations for name, violations in found.items() if violations} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_mending_axe_finds_only_what_the_theme_does_on_any_page(site: Site, open_page: Opener, scheme: str) -> None:
    """No error in our content, and around it no type of error that a page without it does not have."""
    script = tool("axe-core", "axe.min.js").read_text("utf-8")
    page = open_page(site, "plain", color_scheme=scheme)
    page.route("**/accessible.*", lambda route: route.abort())
    ours: list[tuple[str, ...]] = []
    kinds: dict[str, set[str]] = {}
    for name in ("plain", *REPORTS, "reports/suqian-compared", "faulty"):
        page.goto(f"{site.url}/{name}.html")
        page.evaluate(script)
        found = page.evaluate(AUDIT)
        kinds[name] = {one["rule"] for one in found}
        ours += [(name, one["rule"], one["html"]) for one in found if page.evaluate(WHOSE, [one["target"], OURS])]
    assert ours == []
    assert kinds["plain"] or site.theme == "pydata_sphinx_theme", "the site's own settings leave out what that theme does wrong"
    assert {name: more for name, rules in kinds.items() if (more := rules - kinds["plain"])} == {}


@pytest.mark.parametrize("theme", grouped(THEMES))
def test_the_html_checker_finds_nothing(theme: str, build: Callable[[str], Site], build_hard: Callable[[str], Site]) -> None:
    """In the pages of the example site and of hard reports, for which Java starts once."""
    site, hard_site = build(theme), build_hard(theme)
    pages = [*(site.folder / name for name in site.pages), *(hard_site.folder / name for name in hard.PAGES)]
    errors = html_errors(f"{page}.html" for page in pages)
    assert [error for error in errors if not any(known in error for known in THEMES_OWN_ERRORS)] == []


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_of_ours_in_hard_reports(hard_site: Site, open_page: Opener, width: int) -> None:
    """Blanks, notes, figures of 14 digits, rows of a local form, errors, seven years next to each other."""
    script = tool("axe-core", "axe.min.js").read_text("utf-8")
    page = open_page(hard_site, "index", width=width)
    ours = []
    for name in hard.PAGES:
        page.goto(f"{hard_site.url}/{name}.html")
        page.evaluate(script)
        found = page.evaluate(AUDIT)
        ours += [(name, one["rule"], one["html"]) for one in found if page.evaluate(WHOSE, [one["target"], OURS])]
    assert ours == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_chart_is_drawn_to_scale_and_can_be_read(site: Site, open_page: Opener, width: int, dark: bool) -> None:
    page = open_page(site, "reports/suqian-trend", width=width, color_scheme="dark" if dark else "light")
    chart = page.locator("figure svg.gov-chart").first
    heights = chart.locator("rect.gov-bar").evaluate_all("bars => bars.map(bar => bar.getBBox().height)")
    figures = [3511, 3525, 1191, 1431, 121, 125]
    assert all(abs(height - figure * heights[0] / figures[0]) < 0.5 for height, figure in zip(heights, figures, strict=True))
    box, room = chart.bounding_box(), page.evaluate("document.documentElement.clientWidth")
    assert box
    assert 0 <= box["x"] < box["x"] + box["width"] <= room
    inside = "(texts) => texts.every(t => { const b = t.getBBox(), v = t.ownerSVGElement.viewBox.baseVal;"
    assert chart.locator("text").evaluate_all(f"{inside} return b.x >= 0 && b.x + b.width <= v.width && b.y >= 0; }})")
    colors = chart.evaluate("svg => [getComputedStyle(svg).color, getComputedStyle(svg.querySelector('text')).fill]")
    assert colors[0] == colors[1], "letters have the colour of the text around them"
    page.evaluate(tool("axe-core", "axe.min.js").read_text("utf-8"))
    results = page.evaluate(RESULTS, [{"include": ["figure", "details.gov-chart-data"]}, {}])
    assert named(results["violations"]) == []
    assert "svg-img-alt" in {rule["id"] for rule in results["passes"]}
    page.emulate_media(media="print")
    assert page.locator("details.gov-chart-data td").first.is_visible(), "paper cannot unfold it"
    assert page.locator("details.gov-chart-data summary:visible").count() == 0
    page.emulate_media(media="screen")
    page.locator("details.gov-chart-data summary").first.press("Enter")
    assert page.locator("details.gov-chart-data table").first.is_visible(), "the keyboard opens the table"
