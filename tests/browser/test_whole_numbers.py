"""A number is fully visible or hidden, at every width and scroll position and in print: a part looks like another number."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import hard
from tests.browser.conftest import Opener, Site, grouped
from tests.browser.test_paper import MARGIN
from tests.browser.test_reader import LARGE, SPACED

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PAGES = ("long", "local", "old", "years")
WIDTHS = (280, 320, 360, 390, 480, 640, 768, 1024, 1280)
#: the numbers of tables that are cut at an edge of their scroll container or by a sticky row header, broken over lines, or
#: wider than their cell, when all tables are scrolled to a fraction of their width; and the number of visible ones
CUT = r"""async part => {
    const scrolls = [...document.querySelectorAll(".gov-scroll")];
    for (const scroll of scrolls) scroll.scrollLeft = part * (scroll.scrollWidth - scroll.clientWidth);
    const positions = () => scrolls.map(one => one.scrollLeft).join();
    for (let before = null; before !== positions(); ) { before = positions(); await new Promise(done => setTimeout(done, 60)); }
    const bad = []; let seen = 0;
    for (const scroll of scrolls) {
        const port = scroll.getBoundingClientRect(), heads = [...scroll.querySelectorAll("th.gov-row-head, th.stub")];
        const staying = heads.filter(one => getComputedStyle(one).position === "sticky").map(one => one.getBoundingClientRect());
        const texts = document.createTreeWalker(scroll, NodeFilter.SHOW_TEXT);
        for (let text; (text = texts.nextNode()); ) {
            const cell = text.parentNode.closest("td");
            if (!cell) continue;
            for (const number of text.data.matchAll(/[+\-−]?[0-9][0-9.,]*[%‰]?/g)) {
                const range = document.createRange();
                range.setStart(text, number.index); range.setEnd(text, number.index + number[0].length);
                const box = range.getBoundingClientRect(), own = cell.getBoundingClientRect();
                if (!box.width) continue;
                const lines = new Set([...range.getClientRects()].filter(one => one.width).map(one => Math.round(one.top)));
                const beside = staying.filter(one => one.top < box.bottom - 1 && one.bottom > box.top + 1).map(one => one.right);
                const left = Math.max(port.left, ...beside), right = port.left + scroll.clientWidth;
                const inside = box.left >= left - 0.6 && box.right <= right + 0.6, outside = box.right <= left + 0.6 || box.left >= right - 0.6;
                if (lines.size > 1 || !(inside || outside) || box.left < own.left - 1 || box.right > own.right + 1)
                    bad.push([number[0], scroll.className, box.left - left, right - box.right]);
                seen += inside;
            }
        }
    }
    return [seen, bad];
}"""


@pytest.fixture(scope="session", params=grouped(("furo",)))
def one_theme(request: pytest.FixtureRequest, build_hard: Callable[[str], Site]) -> Site:
    """The site in a theme whose text does not float, since floats cannot start a page of another size."""
    return build_hard(request.param)


def opened(open_page: Opener, site: Site, name: str, style: str = "", **settings: Any) -> Page:
    page = open_page(site, name, **settings)
    page.evaluate("for (const one of document.querySelectorAll('details.gov-chart-data')) one.open = true")
    if style:
        page.add_style_tag(content=style)
    return page


@pytest.mark.parametrize("style", ["", SPACED], ids=["as-it-is", "spaced"])
def test_a_number_is_whole_or_not_seen(hard_site: Site, open_page: Opener, style: str) -> None:
    for name in PAGES:
        page = opened(open_page, hard_site, name, style)
        for width in WIDTHS if not style else (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            for part in (0, 0.4, 1):
                seen, bad = page.evaluate(CUT, part)
                assert bad == [], (name, width, part, bad[:5])
                assert seen or part < 1, (name, width)


def test_a_number_is_whole_or_not_seen_when_all_is_four_times_as_large(hard_site: Site, open_page: Opener) -> None:
    """As browsers zoom a window of 1280 by 900 pixels to 400 %."""
    for name in PAGES:
        page = opened(open_page, hard_site, name, width=320, height=225, device_scale_factor=4)
        for part in (0, 0.4, 1):
            seen, bad = page.evaluate(CUT, part)
            assert bad == [], (name, part, bad[:5])
            assert seen or part < 1, name


def test_a_number_of_usual_length_is_whole_in_large_letters(hard_site: Site, open_page: Opener) -> None:
    for name, widths in (("local", (320, 390, 640)), ("old", (390, 640))):
        page = opened(open_page, hard_site, name, LARGE)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            for part in (0, 0.4, 1):
                assert page.evaluate(CUT, part)[1] == [], (name, width, part)


def test_every_column_of_a_wide_table_can_be_reached(hard_site: Site, open_page: Opener) -> None:
    page = opened(open_page, hard_site, "long", width=320)
    region = page.locator(".gov-scroll", has=page.locator("table.gov-requests"))
    seen = set()
    region.focus()
    for _press in range(12):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(500)  # until it has scrolled
        seen |= set(
            region.evaluate("""one => { const port = one.getBoundingClientRect();
            return [...one.querySelectorAll("tbody tr:first-child td")].flatMap((cell, at) => { const box = cell.getBoundingClientRect();
            return box.left >= port.left - 1 && box.right <= port.right + 1 ? [at] : []; }); }""")
        )
    assert seen == set(range(7))


@pytest.mark.parametrize("name", ["local", "old", "long"])
def test_the_table_of_proactive_disclosure_fits_a_phone(hard_site: Site, open_page: Opener, name: str) -> None:
    for width in (320, 390):
        page = opened(open_page, hard_site, name, width=width)
        region = page.locator(".gov-scroll", has=page.locator("table.gov-proactive-disclosure"))
        assert region.evaluate("one => one.scrollWidth - one.clientWidth") == 0, width


def test_row_headers_stay_in_sight_and_brackets_are_not_torn(hard_site: Site, open_page: Opener) -> None:
    page = opened(open_page, hard_site, "local", width=320)
    region = page.locator(".gov-scroll", has=page.locator("table.gov-requests"))
    region.evaluate("one => { one.scrollLeft = one.scrollWidth }")
    heads = region.locator("th.gov-row-head").evaluate_all(
        "(all) => all.map(one => [one.getBoundingClientRect().left - one.closest('.gov-scroll').getBoundingClientRect().left, "
        "one.getBoundingClientRect().width])"
    )
    assert all(-1 <= left < left + width < 200 for left, width in heads)
    torn = region.locator("th.gov-row-head").evaluate_all(
        r"""all => all.filter(one => { const text = one.firstChild, match = /（.）/.exec(text.data || ""); if (!match) return false;
        const range = document.createRange(); range.setStart(text, match.index); range.setEnd(text, match.index + 3);
        return range.getClientRects().length > 1; }).map(one => one.textContent)"""
    )
    assert torn == []


def test_stripes_and_rules_of_the_theme_stay_out(hard_site: Site, open_page: Opener) -> None:
    """Cells of one kind look the same in every row, and have borders of one width and one colour."""
    page = opened(open_page, hard_site, "local")
    looks = page.locator("table.gov-table").evaluate_all("""tables => { const looks = {};
        for (const cell of tables.flatMap(table => [...table.querySelectorAll("th, td")])) {
            const style = getComputedStyle(cell), kind = cell.tagName + " " + cell.className.replace(/gov-level-[0-9]/, "");
            (looks[kind] = looks[kind] || new Set()).add([style.backgroundColor, style.color, style.borderRightColor, style.borderRightWidth,
                style.borderBottomColor, style.borderBottomWidth, style.borderBottomStyle, style.fontSize].join());
        }
        return Object.entries(looks).map(([kind, all]) => [kind, [...all]]); }""")
    assert {kind: len(all_looks) for kind, all_looks in looks if len(all_looks) > 1} == {}
    assert len({tuple(one.split("px", 1)[0].rsplit(",", 1)[1] for one in all_looks) for _kind, all_looks in looks}) == 1
    rows = page.locator("table.gov-table tr, table.gov-table thead, table.gov-table tbody").evaluate_all(
        "all => [...new Set(all.map(one => getComputedStyle(one).backgroundColor + getComputedStyle(one).borderBottomWidth))]"
    )
    assert rows == ["rgba(0, 0, 0, 0)0px"]


def printed(page: Page) -> Any:
    import pdfplumber

    return pdfplumber.open(io.BytesIO(page.pdf(format="A4", margin=MARGIN)))


def test_every_year_of_a_comparison_is_on_paper(hard_site: Site, open_page: Opener) -> None:
    """With every number complete, inside the page, in letters of at least 8 pt; including the figures of a chart."""
    page = open_page(hard_site, "years")
    with printed(page) as document:
        words = [word for sheet in document.pages for word in sheet.extract_words(extra_attrs=["size"])]
        assert all(word["x0"] >= 0 and word["x1"] <= document.pages[0].width for word in words)
        shown = "".join(word["text"] for word in words)
        for year in hard.YEARS:
            heads = [word for word in words if re.fullmatch(f"{year}年?", word["text"])]
            assert len(heads) >= 3, (year, "two tables and the figures of a chart")
        assert sum(word["text"].count(str(hard.LONG)) for word in words) >= 4, "two in the table, two under the chart"
        assert sum(word["text"] == str(hard.natural_persons(2019)) for word in words) >= 1
        tables = [word for word in words if re.fullmatch(r"[0-9.]{2,}", word["text"]) and word["size"] < 12]
        assert "图中数据" not in shown, "nothing to be unfolded on paper"
    in_table = page.locator("table.gov-years td, table.gov-years th")
    page.emulate_media(media="print")
    sizes = in_table.evaluate_all("all => [...new Set(all.map(one => parseFloat(getComputedStyle(one).fontSize)))]")
    assert tables
    assert min(sizes) >= 8 * 96 / 72 - 0.01


def test_every_number_of_a_hard_report_is_whole_on_paper(hard_site: Site, open_page: Opener) -> None:
    page = open_page(hard_site, "long")
    figures = page.locator("table.gov-table td data").evaluate_all("all => all.map(one => one.textContent)")
    with printed(page) as document:
        words = [word for sheet in document.pages for word in sheet.extract_words()]
        assert all(word["x0"] >= 0 and word["x1"] <= sheet.width for sheet in document.pages for word in sheet.extract_words())
        whole = [match for word in words for match in re.findall(r"[0-9][0-9.]*", word["text"])]
        sheets = [unicodedata.normalize("NFKC", sheet.extract_text()) for sheet in document.pages]
        assert not any(re.search("创建|构建", text) for text in sheets[:-1]), "no theme prints its footer over tables"
        assert not any("Skip to" in text for text in sheets), "nor its link for keyboards"
        (first,) = (text for text in sheets if "二、上年结转" in text)
        assert "1.属于国家秘密" in first, "a group of rows that is taller than a sheet fills what is left of this one"
    for figure in {one for one in figures if len(one) > 3}:
        assert whole.count(figure) >= figures.count(figure), figure
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 900})
    outside = page.locator("table.gov-table td data").evaluate_all(
        """all => all.filter(one => {
             const [own, cell] = [one, one.closest("td")].map(it => it.getBoundingClientRect());
             return own.left < cell.left || own.right > cell.right; }).map(one => one.textContent)"""
    )
    assert not outside, "a number that is printed over its neighbour"
    sizes = page.locator("table.gov-table :is(th, td, data, .gov-compare, .gov-mark)").evaluate_all(
        "all => Math.min(...all.map(one => parseFloat(getComputedStyle(one).fontSize)))"
    )
    assert sizes >= 8 * 96 / 72 - 0.01


def test_a_table_too_wide_for_a_sheet_lies_across_one(one_theme: Site, open_page: Opener) -> None:
    with printed(open_page(one_theme, "wide")) as document:
        across = [sheet.extract_text().count(str(hard.LONG)) for sheet in document.pages if sheet.width > sheet.height]
        assert all(word["x1"] <= sheet.width for sheet in document.pages for word in sheet.extract_words())
    assert sum(across) >= 7


def test_controls_are_large_enough_to_be_hit(site: Site, open_page: Opener) -> None:
    """24 by 24 pixels, by WCAG 2.2."""
    for name in ("reports/suqian-2024", "reports/suqian-trend", "reports/index"):
        page = open_page(site, name, width=390)
        small = page.locator("summary, .gov-downloads a").evaluate_all(
            """all => all.filter(one => one.closest(".gov-chart-data, .gov-downloads")).map(one => one.getBoundingClientRect())
            .filter(box => box.width < 24 || box.height < 24).map(box => [box.width, box.height])"""
        )
        assert small == [], name


def test_nothing_of_ours_moves(one_site: Site, open_page: Opener) -> None:
    page = open_page(one_site, "reports/suqian-trend")
    sheet = (one_site.folder / "_static/govreport.css").read_text("utf-8")
    assert not re.search(r"\b(animation|transition|scroll-behavior)\b", sheet)
    moving = page.locator(".gov-scroll, .gov-scroll *, .gov-trend-chart, .gov-chart-data").evaluate_all(
        "all => all.filter(one => getComputedStyle(one).animationName !== 'none').length"
    )
    assert moving == 0


def recipes() -> list[str]:
    """Return the style sheets of the how-to about themes."""
    text = (Path(__file__).parents[2] / "docs/guides/theming.md").read_text("utf-8")
    return re.findall(r"^```css\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


#: the effect of the how-to's recipes, in light and dark: colours of a line, of the headers' backgrounds, of a bar
LIGHT = ["rgb(179, 55, 47)", "rgb(246, 233, 231)", "rgb(251, 245, 244)"]
DARK = ["rgb(224, 138, 131)", "rgb(74, 36, 33)", "rgb(51, 32, 30)"]
LOOK = """page => { const style = selector => getComputedStyle(document.querySelector(selector));
    return [style("table.gov-requests td").borderRightColor, style("table.gov-requests th.gov-head:not(.gov-corner)").backgroundColor,
        style("table.gov-requests th.gov-row-head").backgroundColor]; }"""


def test_recipes_of_the_documentation_do_what_they_say(site: Site, open_page: Opener) -> None:
    sheet = "\n".join(recipes())
    page = open_page(site, "reports/suqian-2024")
    before = page.evaluate(LOOK)
    page.add_style_tag(content=sheet)
    after = page.evaluate(LOOK)
    assert after == LIGHT != before
    if site.theme in ("furo", "pydata_sphinx_theme", "sphinx_book_theme"):
        page.evaluate("""() => { document.body.dataset.theme = "dark"; document.documentElement.dataset.theme = "dark"; }""")
        page.wait_for_function(
            f"look => JSON.stringify(({LOOK})()) === look", arg=str(DARK).replace("', '", '","').replace("'", '"')
        )
    chart = open_page(site, "reports/suqian-trend")
    chart.add_style_tag(content=sheet)
    assert chart.locator(".gov-series-1").first.evaluate("one => getComputedStyle(one).color") == LIGHT[0]
    faulty = open_page(site, "faulty")
    faulty.add_style_tag(content=sheet)
    assert faulty.locator("td.gov-error").first.evaluate("one => getComputedStyle(one).outlineColor") == "rgb(138, 90, 0)"


def test_an_epub_is_sound_and_chinese(tmp_path: Path) -> None:
    """With the checker by the association that maintains the format, without errors in our content."""
    from zipfile import ZipFile

    source, out = tmp_path / "source", tmp_path / "out"
    hard.write(source)
    settings = [
        "-D",
        "epub_copyright=甲",
        "-D",
        "version=1",
        "-D",
        "epub_publisher=甲",
        "-D",
        "epub_author=甲",
        "-d",
        str(tmp_path / "doctrees"),
    ]
    subprocess.run([sys.executable, "-m", "sphinx", "-qnW", "-b", "epub", *settings, str(source), str(out)], check=True)
    (book,) = out.glob("*.epub")
    with ZipFile(book) as parts:
        assert "<dc:language>zh-CN</dc:language>" in parts.read("content.opf").decode()
    run = subprocess.run(
        ["java", "-jar", "/usr/share/java/epubcheck.jar", str(book)], capture_output=True, text=True, check=False
    )
    assert "0 errors" in run.stdout.replace("0 error ", "0 errors ") or "No errors" in run.stdout, run.stdout + run.stderr


@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml"])
def test_other_html_builders_have_the_same_tables(builder: str, tmp_path: Path, open_page: Opener) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    hard.write(source)
    subprocess.run([sys.executable, "-m", "sphinx", "-qnW", "-b", builder, str(source), str(out)], check=True)
    name = "long/index" if builder == "dirhtml" else "index"
    page = open_page(Site("alabaster", out, out.as_uri()), name, width=390)
    assert page.evaluate(CUT, 0.4)[1] == []
    names = page.locator("td[id], th[id]").evaluate_all("all => all.map(one => one.id)")
    assert len(names) == len(set(names))
