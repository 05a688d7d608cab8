"""The example site as a browser shows it and the validators judge it, in every theme that bureaus use.

Needs chromium, Java and the packages `axe-core` and `vnu-jar` in the folder that GOVREPORT_TOOLS names (`.ci/run` puts them there).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SITE = Path(__file__).parents[2] / "example_site"
THEMES = ("alabaster", "furo", "pydata_sphinx_theme", "sphinx_book_theme", "sphinx_rtd_theme")
REPORTS = ("reports/suqian-2024", "reports/suqian-2023", "reports/wendeng-2020")
PAGES = ("index", "reports/index", *REPORTS, "reports/suqian-2024-checks", "reports/suqian-compared", "reports/suqian-trend")
#: a page of the site with nothing of ours
PLAIN = "---\norphan: true\n---\n\n# 一页\n\n## 甲\n\n文字。\n\n## 乙\n\n文字。\n"
#: what a theme does on pages without our tables as well
THEMES_OWN_ERRORS = ("skipping 1 heading level",)
#: the table rules of axe, as it groups them, and those for what lies around a table
TABLE_RULES = (
    "empty-table-header", "scope-attr-valid", "table-duplicate-name", "table-fake-caption", "td-has-header", "td-headers-attr",
    "th-has-data-cells", "scrollable-region-focusable", "duplicate-id-aria", "aria-valid-attr-value", "region", "color-contrast",
)  # fmt: skip


def tool(*path: str) -> Path:
    found = Path(os.environ.get("GOVREPORT_TOOLS", "build/tools"), "node_modules", *path)
    assert found.is_file(), f"{found} is missing: npm install --prefix build/tools axe-core vnu-jar"
    return found


@pytest.fixture(scope="module", params=THEMES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(request.param)
    source, out = folder / "site", folder / "html"
    shutil.copytree(SITE, source, ignore=shutil.ignore_patterns("_build"))
    (source / "plain.md").write_text(PLAIN, "utf-8")
    command = [sys.executable, "-m", "sphinx", "-qnW", "-b", "html", "-D", f"html_theme={request.param}", str(source), str(out)]
    subprocess.run(command, check=True)
    return out


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # not there where only the quick tests run

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "these tests need chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


def opened(browser: Browser, path: Path, *, width: int = 1280, dark: bool = False) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
    page.goto(path.as_uri())
    return page


def audit(page: Page, rules: tuple[str, ...]) -> dict[str, Any]:
    page.add_script_tag(path=tool("axe-core", "axe.min.js"))
    options = {"runOnly": {"type": "rule", "values": list(rules)}}
    run = "([scope, options]) => axe.run(scope, options)"
    return page.evaluate(run, [{"include": ["table.gov-table"]}, options])  # type: ignore[no-any-return]


def named(results: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(result["id"], node["html"][:200]) for result in results for node in result["nodes"]]


def statutory(rule: str, html: str) -> bool:
    """Whether axe takes 第二十条第（一）项 for a caption: the form begins with a row that is as wide as the table."""
    return rule == "table-fake-caption" and "gov-proactive-disclosure" in html


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_the_tables(site: Path, browser: Browser, width: int, dark: bool) -> None:
    for name in REPORTS:
        page = opened(browser, site / f"{name}.html", width=width, dark=dark)
        assert page.locator("table.gov-table").count() == 3
        results = audit(page, TABLE_RULES)
        found = [(rule, html) for rule, html in named(results["violations"]) if not statutory(rule, html)]
        assert found == []
        assert page.locator("table.gov-table > caption").count() == 3
        assert [found for found in named(results["incomplete"]) if found[0] != "color-contrast"] == []
        assert {"td-headers-attr", "scope-attr-valid"} <= {rule["id"] for rule in results["passes"]}
        page.close()


def html_errors(paths: Iterable[Path]) -> list[str]:
    """What the HTML checker takes for an error."""
    command = [
        "java",
        "-jar",
        str(tool("vnu-jar", "build", "dist", "vnu.jar")),
        "--errors-only",
        "--format",
        "json",
        "--exit-zero-always",
    ]
    run = subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, text=True)
    return [message["message"] for message in json.loads(run.stderr)["messages"]]


def test_the_html_checker_finds_nothing(site: Path) -> None:
    errors = html_errors(site / f"{name}.html" for name in PAGES)
    assert [error for error in errors if not any(known in error for known in THEMES_OWN_ERRORS)] == []


@pytest.mark.parametrize("width", [1280, 768, 390])
def test_a_wide_table_scrolls_in_itself_and_not_the_page(site: Path, browser: Browser, width: int) -> None:
    page = opened(browser, site / "reports/suqian-2024.html", width=width)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    for box in page.locator(".gov-scroll").all():
        assert box.get_attribute("tabindex") == "0"
        box.focus()
        assert box.evaluate("node => document.activeElement === node")


def test_cells_have_borders_on_screen_and_in_print(site: Path, browser: Browser) -> None:
    page = opened(browser, site / "reports/suqian-2024.html")
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        styles = page.locator("table.gov-table th, table.gov-table td").evaluate_all(
            "cells => [...new Set(cells.map(cell => { const s = getComputedStyle(cell);"
            " return [s.borderTopStyle, s.borderLeftStyle, s.borderBottomWidth].join(' ') }))]"
        )
        assert styles == ["solid solid 1px"]
        assert page.locator(".gov-downloads").is_visible() is (media == "screen"), "nobody can follow a link on paper"


def test_axe_finds_on_pages_with_tables_only_what_the_theme_does_on_any_page(site: Path, browser: Browser) -> None:
    """All default rules of axe on whole pages; what is found on a page without any of our nodes is the theme's own."""
    run = "() => axe.run(document)"
    found: dict[str, set[str]] = {}
    for name in ("plain", *PAGES):
        page = opened(browser, site / f"{name}.html")
        page.add_script_tag(path=tool("axe-core", "axe.min.js"))
        found[name] = {violation["id"] for violation in page.evaluate(run)["violations"]}
        page.close()
    assert {name: rules - found["plain"] for name, rules in found.items() if rules - found["plain"]} == {}


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_chart_is_drawn_to_scale_and_can_be_read(site: Path, browser: Browser, width: int, dark: bool) -> None:
    page = opened(browser, site / "reports/suqian-trend.html", width=width, dark=dark)
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
    page.add_script_tag(path=tool("axe-core", "axe.min.js"))
    results = page.evaluate("() => axe.run({include: ['figure', 'details.gov-chart-data']})")
    assert named(results["violations"]) == []
    assert "svg-img-alt" in {rule["id"] for rule in results["passes"]}
    page.emulate_media(media="print")
    assert page.locator("details.gov-chart-data:visible").count() == 0, "paper cannot unfold it"
    page.emulate_media(media="screen")
    page.locator("details.gov-chart-data summary").first.press("Enter")
    assert page.locator("details.gov-chart-data table").first.is_visible(), "the keyboard opens the table"
    page.close()
