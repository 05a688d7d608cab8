"""Pages printed by the browser: every figure is printed, with lines and headers, and no row is cut in two."""

from __future__ import annotations

import io
import itertools
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Opener, Site, grouped
from tests.published import published

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

REPORTS = {"reports/suqian-2024": "suqian-2024", "reports/wendeng-2020": "wendeng-commerce-2020"}
PAPERS = {"A4": {"format": "A4"}, "low": {"width": "297mm", "height": "120mm"}}
MARGIN = {"top": "15mm", "bottom": "15mm", "left": "15mm", "right": "15mm"}
COLUMNS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]


def printed(page: Page, paper: dict[str, str]) -> Iterator[list[list[list[str]]]]:
    """Return the tables of each page, by their lines: rows of cells without white space; covered cells are left out."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(page.pdf(margin=MARGIN, **paper))) as document:
        for sheet in document.pages:
            yield [[[_text(cell) for cell in row if cell is not None] for row in table] for table in sheet.extract_tables()]


def _text(cell: str) -> str:
    """Return text without line breaks, and with characters that fonts merge, such as ⼈ and 人, replaced."""
    return unicodedata.normalize("NFKC", "".join(cell.split()))


@pytest.mark.parametrize("paper", PAPERS)
def test_every_figure_is_on_paper(site: Site, open_page: Opener, paper: str) -> None:
    for name, source in REPORTS.items():
        sheets = list(printed(open_page(site, name), PAPERS[paper]))
        rows = [row for sheet in sheets for table in sheet for row in table]
        report = published(source)
        figures = list(report.figures["requests"].values())
        for start in range(0, len(figures), 7):
            row = figures[start : start + 7]
            assert any(found[-7:] == row for found in rows), (name, row)
        assert list(report.figures["reviews"].values()) in rows, name
        for figure in report.figures["proactive-disclosure"].values():
            assert any(figure in row for row in rows), (name, figure)


def test_heads_stand_above_figures_on_every_sheet(site: Site, open_page: Opener) -> None:
    """On pages so low that no table fits: rows are not cut, so each has all its figures on one page."""
    sheets = list(printed(open_page(site, "reports/suqian-2024"), PAPERS["low"]))
    lines = [[(row, _figures(row)) for row in table] for sheet in sheets for table in sheet]
    parts = [table for table in lines if any(figures for _row, figures in table)]
    assert len(parts) > 1, "the table is longer than a sheet"
    for table in parts:
        above = itertools.takewhile(lambda line: not line[1], table)
        assert set(COLUMNS) <= {cell for row, _figures in above for cell in row}
    expected = list(published("suqian-2024").figures["requests"].values())
    found = [figures for table in parts for _row, figures in table if figures]
    assert found == [expected[start : start + 7] for start in range(0, len(expected), 7)], "in their order, each once"


def test_a_title_stays_with_what_follows(site: Site, open_page: Opener) -> None:
    import pdfplumber

    for name in REPORTS:
        page = open_page(site, name)
        with pdfplumber.open(io.BytesIO(page.pdf(margin=MARGIN, **PAPERS["A4"]))) as document:
            ends = [_text(sheet.extract_text()).removesuffix("下载:CSVJSON") for sheet in document.pages]
        for title in (
            "二、主动公开政府信息情况",
            "三、收到和处理政府信息公开申请情况",
            "四、政府信息公开行政复议、行政诉讼情况",
        ):
            assert not any(end.endswith(title) for end in ends), (name, title)


@pytest.mark.parametrize("site", grouped(("pydata_sphinx_theme",)), indirect=True)  # the theme of the example site
def test_no_sheet_of_a_report_is_empty(site: Site, open_page: Opener) -> None:
    import pdfplumber

    for name in REPORTS:
        page = open_page(site, name)
        for margin in ({}, MARGIN):
            with pdfplumber.open(io.BytesIO(page.pdf(format="A4", margin=margin))) as document:
                assert all(sheet.extract_text().strip() for sheet in document.pages), (name, margin)


def _figures(row: list[str]) -> list[str]:
    """Return the seven figures of a row of the requests table; none in any other row."""
    found = row[-7:]
    return found if len(row) > 7 and not row[-8].isdigit() and all(cell.isdigit() for cell in found) else []
