"""Fragments in use: copied from their page with a strict policy, pasted into an editor, published in a portal's article.

Needs chromium, Java, `vnu-jar` and editors in the folder GOVREPORT_TOOLS (installed by `.ci/run`).
"""

from __future__ import annotations

import base64
import functools
import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from lxml import html

from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.exporters import EXPORTS
from sphinx_govreport.importers.recognise.report import Wanted, import_documents
from tests.browser.conftest import REPORTS, SITE, THEMES, tool
from tests.browser.test_accessibility import html_errors
from tests.exporters.test_exports import made_up, printed, read, said
from tests.exporters.test_paste import check_looks

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

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
        """Log nothing."""


def build(folder: Path, theme: str = "alabaster") -> Path:
    shutil.copytree(SITE, folder / "site", ignore=shutil.ignore_patterns("_build"))
    run = [sys.executable, "-m", "sphinx", "-qnW", "-b", "govfragment", "-d", str(folder / "doctrees"), str(folder / "site")]
    subprocess.run([*run, str(folder / "out")], check=True, env={**os.environ, "GOVREPORT_THEME": theme})
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


def test_the_html_checker_finds_nothing_but_the_attributes_that_editors_keep(built: Path, tmp_path: Path) -> None:
    articles = [tmp_path / f"{number}.html" for number in range(len(PAGES))]
    for article, fragment in zip(articles, fragments(built).values(), strict=True):
        article.write_text(ARTICLE.format(fragment), "utf-8")
    found = set(html_errors([*articles, built / "index.html", *(built / f"copy/{name}.html" for name in PAGES)]))
    kept = {
        f"The “{name}” attribute on the “table” element is obsolete. Use CSS instead."
        for name in ("border", "cellpadding", "cellspacing", "width")
    }
    kept |= {
        f"The “{name}” attribute on the “{tag}” element is obsolete. Use CSS instead."
        for name in ("align", "valign")
        for tag in ("td", "th")
    }
    kept |= {"The “align” attribute on the “p” element is obsolete. Use CSS instead."}
    assert found <= kept


class Editor(NamedTuple):
    """A rich text editor of a CMS: how a page loads it, and the JavaScript for its content."""

    page: str
    begin: str  #: an expression that is true when the editor is ready with the cursor in it
    content: str
    draws_lines: bool = True


def _ueditor(folder: str, name: str) -> Editor:
    return Editor(
        f'<script>window.UEDITOR_HOME_URL = "/{folder}/"</script><script src="/{folder}/{name}.config.js"></script>'
        f'<script src="/{folder}/{name}.all.js"></script><script id="e" type="text/plain"></script>'
        '<script>UE.getEditor("e").ready(function () { editor = this })</script>',
        "editor && (editor.focus(), true)",
        "editor.getContent()",
    )


EDITORS = {
    "tinymce": Editor(
        '<textarea id="e"></textarea><script src="/tinymce/tinymce.min.js"></script><script>tinymce.init({selector: "#e", '
        'license_key: "gpl", plugins: "table", init_instance_callback: one => { editor = one }})</script>',
        "editor && (editor.focus(), true)",
        "editor.getContent()",
    ),
    "ckeditor4": Editor(
        '<textarea id="e"></textarea><script src="/ckeditor4/ckeditor.js"></script><script>CKEDITOR.replace("e", '
        '{versionCheck: false}).on("instanceReady", event => { editor = event.editor })</script>',
        "editor && (editor.focus(), true)",
        "editor.getData()",
    ),
    "wangeditor": Editor(
        '<div id="e" style="height: 400px"></div><script src="/@wangeditor/editor/dist/index.js"></script>'
        '<script>editor = wangEditor.createEditor({selector: "#e"})</script>',
        "editor && (editor.focus(), true)",
        "editor.getHtml()",
        draws_lines=False,  # it has no attribute for lines: they need the portal's style sheet
    ),
    "ueditor": _ueditor("ueditor/example/public/ueditor", "ueditor"),
    "neditor": _ueditor("@notadd/neditor", "neditor"),
}


class Quiet(SimpleHTTPRequestHandler):
    """Serves editors."""

    def log_message(self, *_arguments: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="module")
def editors() -> Iterator[str]:
    folder = tool("tinymce", "tinymce.min.js").parents[1]
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def pasted(context: BrowserContext, editors: str, editor: Editor, tables: int) -> str:
    """Return the content of an editor after Ctrl+V."""
    page = context.new_page()
    page.route(
        "**/editor",
        lambda route: route.fulfill(
            body=f"<!DOCTYPE html><body><script>var editor</script>{editor.page}", content_type="text/html; charset=utf-8"
        ),
    )
    page.route("**/*action=config*", lambda route: route.fulfill(body="{}"))  # requests for uploads to an editor's server
    page.goto(f"{editors}/editor")
    page.wait_for_function(editor.begin)
    page.keyboard.press("Control+V")
    page.wait_for_function(f"({editor.content}).split('</table>').length > {tables}")
    left: str = page.evaluate(editor.content)
    return left


def rows(written: str) -> list[list[list[tuple[str, str, str]]]]:
    """Return the cells of tables with their merges."""
    tree = html.fragment_fromstring(written, create_parent="body")
    return [
        [[("".join(cell.text_content().split()), cell.get("rowspan", "1"), cell.get("colspan", "1")) for cell in row.iter("td", "th")] for row in table.iter("tr")]
        for table in tree.iter("table")
    ]  # fmt: skip


def check_article(context: BrowserContext, left: str, *, has_lines: bool) -> None:
    """Check that an editor's output is rendered as an official table, on a page without any style."""
    page = context.new_page()
    page.set_content(ARTICLE.format(left))
    sides = "['Top', 'Right', 'Bottom', 'Left'].every(side => parseFloat(getComputedStyle(cell)[`border${side}Width`]) >= 1)"
    lines = page.locator("td, th").evaluate_all(f"all => all.map(cell => {sides})")
    assert set(lines) == {has_lines}
    widths = page.locator("table").evaluate_all("all => all.map(one => one.offsetWidth / document.body.clientWidth)")
    assert all(0.99 < width <= 1.01 for width in widths), widths
    page.close()


@pytest.mark.parametrize("editor", EDITORS)
@pytest.mark.parametrize("number", range(3))
def test_what_is_copied_and_pasted_into_an_editor_says_the_same(
    served: str, editors: str, browser: Browser, editor: str, number: int
) -> None:
    context = browser.new_context()
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.route("**/favicon.ico", lambda route: route.fulfill(body=b""))  # requested by browsers
    page.goto(f"{served}/copy/{REPORTS[number]}.html")
    check_preview(page)
    button = page.get_by_role("button", name="复制")
    button.focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("status").text_content() == "已复制，请粘贴到编辑器。"
    assert button.evaluate("node => document.activeElement === node")
    assert problems == []

    source = page.locator("textarea").input_value()
    left = pasted(context, editors, EDITORS[editor], 3)
    assert rows(left) == rows(source)
    check_article(context, left, has_lines=EDITORS[editor].draws_lines)
    year_file = (SITE / "data" / f"{DATA[number]}.yaml").read_text("utf-8")
    assert said(imported(left))["figures"] == said(read(year_file))["figures"]
    headings, kept = (html.fragment_fromstring(one, create_parent="body").xpath("//h1|//h2|//p") for one in (source, left))
    assert [(one.tag, one.text_content()) for one in kept if one.text_content().strip()] == [
        (one.tag, one.text_content()) for one in headings
    ]

    plain = context.new_page()
    plain.set_content("<textarea></textarea>")
    plain.locator("textarea").focus()
    plain.keyboard.press("Control+V")
    assert plain.locator("textarea").input_value() == source, "the source view gets the source"
    context.close()


def imported(written: str) -> Report:
    (found,) = import_documents("a.html", written.encode(), statutory_forms(), Wanted())
    assert found.report
    return found.report


def copy(page: Page, fragment: str) -> None:
    """Copy HTML, like any program."""
    page.set_content("<button>复制</button>")
    page.evaluate(
        "html => document.addEventListener('copy', event => { event.clipboardData.setData('text/html', html); event.preventDefault() })",
        fragment,
    )
    page.locator("button").evaluate("button => { button.onclick = () => document.execCommand('copy') }")
    page.locator("button").click()


@pytest.mark.parametrize("editor", EDITORS)
@pytest.mark.parametrize("seed", range(2))
def test_an_exported_report_says_the_same_after_it_was_pasted(editors: str, browser: Browser, editor: str, seed: int) -> None:
    report = read(made_up(random.Random(seed)))  # noqa: S311
    fragment = str(EXPORTS["html"]([report], statutory_forms()))
    context = browser.new_context()
    copy(context.new_page(), fragment)
    left = pasted(context, editors, EDITORS[editor], 3)
    assert rows(left) == rows(fragment)
    check_article(context, left, has_lines=EDITORS[editor].draws_lines)
    assert printed(imported(left)) == printed(report)
    context.close()


@pytest.mark.parametrize("editor", EDITORS)
def test_charts_keep_their_places_and_are_saved_as_pictures(
    served: str, built: Path, editors: str, browser: Browser, editor: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    copy(page, fragments(built)["reports/suqian-trend"])
    left = html.fragment_fromstring(pasted(context, editors, EDITORS[editor], 2), create_parent="body")
    names = [one.text_content() for one in left.iter("p") if "[" in one.text_content()]
    assert names == ["[此处插入图片：suqian-trend-1.svg]", "[此处插入图片：suqian-trend-2.svg]"]
    context.close()


@pytest.mark.parametrize("place", ["server", "disk"])
def test_charts_are_saved_as_pictures_for_uploads(served: str, built: Path, browser: Browser, place: str) -> None:
    page = browser.new_page()
    page.goto(f"{served if place == 'server' else built.as_uri()}/copy/reports/suqian-trend.html")
    with page.expect_download() as download:
        page.get_by_role("button", name="存为 PNG").first.click()
    assert download.value.suggested_filename == "suqian-trend-1.png"
    picture = base64.b64encode(download.value.path().read_bytes()).decode()
    page.close()
    page = browser.new_page()  # without a policy
    page.set_content("<canvas></canvas>")
    size, dark = page.evaluate(
        """async source => {
          const image = new Image();
          image.src = "data:image/png;base64," + source;
          await image.decode();
          const canvas = document.querySelector("canvas");
          [canvas.width, canvas.height] = [image.width, image.height];
          const context = canvas.getContext("2d");
          context.drawImage(image, 0, 0);
          const pixels = context.getImageData(0, 0, image.width, image.height).data;
          return [[image.width, image.height], pixels.filter((value, at) => at % 4 === 0 && value < 64).length / pixels.length * 4];
        }""",
        picture,
    )
    assert size == [1040, 640]
    assert 0.05 < dark < 0.5, "the chart is black on white"
    page.close()


def check_preview(page: Page) -> None:
    """Check that styles blocked by the policy are there, and that the page itself has none."""
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
        page.set_content(ARTICLE.format(fragment))
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
        widths = page.locator("td, th").evaluate_all("all => [...new Set(all.map(c => getComputedStyle(c).borderBottomWidth))]")
        assert widths in ([], ["1px"])
    page.close()
