"""The pictures of the documentation, made anew by ``make pictures``: needs chromium. They are committed, and must be small."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

DOCS = Path(__file__).parents[1]
SITE = DOCS.parent / "example_site"
#: files that the tutorial lets its reader write; the first three are a site
_FILE = re.compile(r"```\{code-block\} \w+\n:caption: (\S+)\n\n(.*?)```", re.DOTALL)


class Picture(NamedTuple):
    """What is taken of which page."""

    name: str
    page: str
    selector: str  #: what is on the picture; empty: what the window shows
    width: int
    height: int = 900
    dark: bool = False


def build(source: Path, out: Path, theme: str) -> None:
    """Build a site in a theme."""
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-D", f"html_theme={theme}", str(source), str(out)]
    subprocess.run(command, check=True, env={**os.environ, "GOVREPORT_THEME": theme})  # noqa: S603


def take(browser: Browser, site: Path, picture: Picture) -> None:
    """Write one picture."""
    scheme = "dark" if picture.dark else "light"
    context = browser.new_context(viewport={"width": picture.width, "height": picture.height}, color_scheme=scheme)
    page = context.new_page()
    page.goto((site / picture.page).as_uri())
    target = page.locator(picture.selector).first if picture.selector else page
    target.screenshot(path=DOCS / "pictures" / f"{picture.name}.png")
    context.close()


def main() -> None:
    """Make all pictures."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        written = _FILE.findall((DOCS / "tutorial/first-report.md").read_text("utf-8"))
        for file, text in written[:3]:
            path = folder / "tutorial" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        build(folder / "tutorial", folder / "tutorial-html", "alabaster")
        take(browser, folder / "tutorial-html", Picture("tutorial", "index.html", "", 960, 720))
        build(SITE, folder / "html", "furo")
        table = ".gov-scroll:has(table.gov-requests)"
        take(browser, folder / "html", Picture("requests", "reports/suqian-2024.html", table, 1100))
        take(browser, folder / "html", Picture("phone", "reports/suqian-2024.html", "", 390, 700, dark=True))
        take(browser, folder / "html", Picture("chart", "reports/suqian-trend.html", ".gov-trend-chart", 900))
        year = folder / "wrong"
        shutil.copytree(SITE, year, ignore=shutil.ignore_patterns("_build"))
        data = year / "data/suqian-2024.yaml"
        data.write_text(data.read_text("utf-8").replace("[88, 18, 28, 36, 170]", "[88, 18, 28, 36, 171]"), "utf-8")
        build(year, folder / "wrong-html", "pydata_sphinx_theme")
        reviews = "section:not(:has(section)):has(table.gov-reviews)"
        take(browser, folder / "wrong-html", Picture("error", "reports/suqian-2024.html", reviews, 1500))
        browser.close()


if __name__ == "__main__":
    main()
