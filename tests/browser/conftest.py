"""The example site in every theme on a local server, with a strict policy, and a browser to read it.

Needs chromium, Java and the packages `axe-core` and `vnu-jar` in the folder GOVREPORT_TOOLS (installed by `.ci/run`);
screen readers' tests also need Firefox, Xvfb, and AT-SPI with its bindings for the system's Python.
Each worker has one browser and one server; a theme's site is built once for all its tests.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.browser import hard

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SITE = Path(__file__).parents[2] / "example_site"
THEMES = ("alabaster", "furo", "pydata_sphinx_theme", "sphinx_book_theme", "sphinx_rtd_theme")
#: a portal's policy; a report of a violation contains the first letters of a script or style
POLICY = "default-src 'self' 'report-sample'"
#: statutory tables of three reports
REPORTS = ("reports/suqian-2024", "reports/suqian-2023", "reports/wendeng-2020")

#: pages that the example site does not have: none of our content, several agencies, a report with a typo
PAGES = {
    "plain.md": "---\norphan: true\n---\n\n# 一页\n\n## 甲\n\n文字，[链接](guide.md)。\n\n## 乙\n\n文字。\n",
    "rollup.md": "---\norphan: true\ngovreport-year: 2024\ngovreport-agency: 宿迁市\n---\n\n# 汇总\n\n"
    "```{gov-rollup-table} requests-summary\n:parts: 宿迁市、某区\n```\n",
    "faulty.md": "---\norphan: true\ngovreport-year: 2024\ngovreport-agency: 某区\ngovreport-published: 2025-01-20 09:30\n---\n\n# 某区2024年\n\n"
    "```{gov-disclosure-table}\n```\n\n```{gov-check-table}\n```\n",
}
SLIP = ("[1408, 21, 0, 0, 2, 0, 1431]", "[1408, 21, 0, 0, 2, 0, 1432]")


class Site(NamedTuple):
    """The build of one theme: the folder and the address of its files."""

    theme: str
    folder: Path
    url: str

    @property
    def pages(self) -> list[str]:
        """All pages with our content or the authors', without suffix."""
        found = (path.relative_to(self.folder).with_suffix("").as_posix() for path in self.folder.rglob("*.html"))
        return sorted(name for name in found if name not in ("genindex", "search", "plain") and not name.startswith("_"))


def tool(*path: str) -> Path:
    """Return a file of an npm package."""
    found = Path(os.environ.get("GOVREPORT_TOOLS", "build/tools"), "node_modules", *path)
    assert found.is_file(), f"{found} is missing: .ci/run programs"
    return found


class StrictHandler(SimpleHTTPRequestHandler):
    """Serves files with the policy of a careful portal."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":  # requested by the browser itself
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def log_request(self, *args: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The served folder, with a folder for each theme."""
    return tmp_path_factory.mktemp("sites")


@pytest.fixture(scope="session")
def server(root: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(StrictHandler, directory=root)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def build(root: Path, server: str) -> Callable[..., Site]:
    @functools.cache
    def build(theme: str) -> Site:
        source, out = root / f"{theme}-source", root / theme
        shutil.copytree(SITE, source, ignore=shutil.ignore_patterns("_build"))
        for name, text in PAGES.items():
            (source / name).write_text(text, "utf-8")
        figures = (source / "data/suqian-2024.yaml").read_text("utf-8")
        assert SLIP[0] in figures
        faulty = figures.replace("agency: 宿迁市", "agency: 某区").replace(*SLIP)
        (source / "data/faulty.yaml").write_text(faulty, "utf-8")
        settings = ["-D", "suppress_warnings=govreport.missing-date,govreport.row-total"]
        run = [sys.executable, "-m", "sphinx", "-qnW", "-b", "html", *settings, str(source), str(out)]
        subprocess.run(run, check=True, env={**os.environ, "GOVREPORT_THEME": theme})
        return Site(theme, out, f"{server}/{theme}")

    return build


def grouped(themes: tuple[str, ...]) -> list[Any]:
    """Run the tests of a theme in one worker, which builds its site."""
    return [pytest.param(theme, marks=pytest.mark.xdist_group(theme)) for theme in themes]


@pytest.fixture(scope="session", params=grouped(THEMES))
def site(request: pytest.FixtureRequest, build: Callable[..., Site]) -> Site:
    """The site in each theme."""
    return build(request.param)


@pytest.fixture(scope="session", params=grouped(("basic", *THEMES)))
def any_site(request: pytest.FixtureRequest, build: Callable[..., Site]) -> Site:
    """The site in each theme, and in the base theme."""
    return build(request.param)


@pytest.fixture(scope="session", params=grouped(("alabaster",)))
def one_site(request: pytest.FixtureRequest, build: Callable[..., Site]) -> Site:
    """The site in one theme, for tests that do not depend on the theme."""
    return build(request.param)


@pytest.fixture(scope="session")
def build_hard(root: Path, server: str) -> Callable[[str], Site]:
    @functools.cache
    def build(theme: str) -> Site:
        source, out = root / f"hard-{theme}-source", root / f"hard-{theme}"
        hard.write(source)
        run = [sys.executable, "-m", "sphinx", "-qnW", "-b", "html", "-D", f"html_theme={theme}", str(source), str(out)]
        subprocess.run(run, check=True)
        return Site(theme, out, f"{server}/hard-{theme}")

    return build


@pytest.fixture(scope="session", params=grouped(THEMES))
def hard_site(request: pytest.FixtureRequest, build_hard: Callable[[str], Site]) -> Site:
    """A site of reports that are hard to print, in each theme."""
    return build_hard(request.param)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # not installed for the quick tests

    # the shell is the same browser without windows, which take longer to open than most pages
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "these tests need chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


Opener = Callable[..., "Page"]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Opener]:
    """Opens a page like a reader, including themes' scripts and styles; closes it after the test."""
    contexts = []

    def open_page(site: Site, name: str, *, width: int = 1280, height: int = 900, **settings: Any) -> Page:
        settings = {"bypass_csp": True, "viewport": {"width": width, "height": height}, **settings}
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{site.url}/{name.replace('#', '.html#') if '#' in name else f'{name}.html'}")
        return page

    yield open_page
    for context in contexts:
        context.close()
