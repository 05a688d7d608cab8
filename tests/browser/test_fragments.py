"""Fragments as people use them: copied from their page under a strict policy, pasted into an editor, published in a portal's article.

Needs chromium, Java and `vnu-jar`, as `test_accessibility` does.
"""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import html

from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.importers.recognise.report import Wanted, import_documents
from tests.browser.conftest import REPORTS, SITE, THEMES
from tests.browser.test_accessibility import html_errors
from tests.exporters.test_exports import read, said
from tests.exporters.test_paste import check_looks
from tests.sanitiser import sanitised

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PAGES = tuple(sorted(path.relative_to(SITE).with_suffix("").as_posix() for path in (*SITE.rglob("*.md"), *SITE.rglob("*.rst"))))
DATA = ("suqian-2024", "suqian-2023", "wendeng-commerce-2020")
ARTICLE = (
    '<!DOCTYPE html>\n<html lang="zh-CN">\n<head><meta charset="utf-8"><title>文章</title></head>\n<body>\n{}</body>\n</html>\n'
)


class Strict(SimpleHTTPRequestHandler):
    """Serves files with the policy of careful portals."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def build(folder: Path, theme: str = "alabaster") -> Path:
    shutil.copytree(SITE, folder / "site", ignore=shutil.ignore_patterns("_build"))
    options = ["-qnW", "-b", "govfragment", "-D", f"html_theme={theme}", "-d", str(folder / "doctrees")]
    subprocess.run([sys.executable, "-m", "sphinx", *options, str(folder / "site"), str(folder / "out")], check=True)
    return folder / "out"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("fragments"))


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("theme", THEMES[1:])
def test_a_theme_changes_nothing(built: Path, tmp_path: Path, theme: str) -> None:
    assert files(build(tmp_path, theme)) == files(built)


@pytest.fixture(scope="module")
def served(built: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Strict, directory=str(built)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def fragments(built: Path) -> dict[str, str]:
    return {name: (built / f"fragments/{name}.html").read_text("utf-8") for name in PAGES}


def test_the_html_checker_finds_nothing(built: Path, tmp_path: Path) -> None:
    articles = []
    for number, fragment in enumerate(fragments(built).values()):
        for kind, written in (("pasted", fragment), ("left", sanitised(fragment))):
            articles.append(tmp_path / f"{number}-{kind}.html")
            articles[-1].write_text(ARTICLE.format(written), "utf-8")
    assert html_errors([*articles, built / "index.html", *(built / f"copy/{name}.html" for name in PAGES)]) == []


@pytest.mark.parametrize("number", range(3))
def test_what_is_copied_and_pasted_into_an_editor_says_the_same(served: str, browser: Browser, number: int) -> None:
    context = browser.new_context()
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.route("**/favicon.ico", lambda route: route.fulfill(body=b""))  # browsers ask for it
    page.goto(f"{served}/copy/{REPORTS[number]}.html")
    check_preview(page)
    button = page.get_by_role("button", name="复制")
    button.focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("status").text_content() == "已复制，请粘贴到编辑器。"
    assert button.evaluate("node => document.activeElement === node")
    assert problems == []

    editor = context.new_page()
    editor.set_content('<div id="editor" contenteditable></div><textarea></textarea>')
    for place in ("#editor", "textarea"):
        editor.locator(place).focus()
        editor.keyboard.press("Control+V")
    assert editor.locator("textarea").input_value() == page.locator("textarea").input_value(), "the source view gets the source"
    left = sanitised(editor.locator("#editor").inner_html())
    assert all("border" in cell.get("style", "") for cell in html.fromstring(left).iter("td", "th"))
    (found,) = import_documents("a.html", left.encode(), statutory_forms(), Wanted())
    assert found.report
    year_file = (SITE / "data" / f"{DATA[number]}.yaml").read_text("utf-8")
    assert said(found.report)["figures"] == said(read(year_file))["figures"]
    context.close()


def check_preview(page: Page) -> None:
    """The looks that the policy would block are there, and the page itself has none."""
    cells = page.locator("#govfragment-preview").locator("td, th")
    assert cells.count() > 270
    assert cells.evaluate_all("all => [...new Set(all.map(cell => getComputedStyle(cell).borderLeftStyle))]") == ["solid"]


def test_without_scripts_the_source_can_be_marked(served: str, built: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/index.html")
    page.get_by_role("link", name="宿迁市2024年政府信息公开工作年度报告").click()
    assert page.locator("textarea").input_value() == fragments(built)["reports/suqian-2024"]
    assert page.get_by_role("button").count() == 0
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_an_article_shows_lines_and_is_not_wider_than_the_screen(built: Path, browser: Browser, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    for name, fragment in fragments(built).items():
        check_looks(fragment)
        page.set_content(ARTICLE.format(sanitised(fragment)))
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
        widths = page.locator("td, th").evaluate_all("all => [...new Set(all.map(c => getComputedStyle(c).borderBottomWidth))]")
        assert widths in ([], ["1px"])
        assert page.locator("img").evaluate_all("all => all.every(one => one.naturalWidth > 0)")
    page.close()
