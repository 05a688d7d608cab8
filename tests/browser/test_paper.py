"""Pages printed by the browser: every figure is on paper, behind lines, under heads, with no row cut in two."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Opener, Site
from tests.published import published

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

REPORTS = {"reports/suqian-2024": "suqian-2024", "reports/wendeng-2020": "wendeng-commerce-2020"}
PAPERS = {"A4": {"format": "A4"}, "low": {"width": "297mm", "height": "120mm"}}
MARGIN = {"top": "15mm", "bottom": "15mm", "left": "15mm", "right": "15mm"}
COLUMNS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]


def printed(page: Page, paper: dict[str, str]) -> Iterator[list[list[list[str]]]]:
    """For each sheet its tables, as their lines frame them: rows of cells without white space; cells that others cover are left out."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(page.pdf(margin=MARGIN, **paper))) as document:
        for sheet in document.pages:
            yield [
                [["".join(cell.split()) for cell in row if cell is not None] for row in table] for table in sheet.extract_tables()
            ]


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
    """On sheets so low that no table fits on one: no row is cut, so each has all its figures on one sheet."""
    sheets = list(printed(open_page(site, "reports/suqian-2024"), PAPERS["low"]))
    with_requests = [table for sheet in sheets for table in sheet if any(len(row) >= 8 and row[-1].isdigit() for row in table)]
    assert len(with_requests) > 1, "the table is longer than a sheet"
    for table in with_requests:
        labels = [cell for row in table[:4] for cell in row]
        assert [label for label in labels if label in COLUMNS] == [COLUMNS[0], *COLUMNS[-1:], *COLUMNS[1:-1]], labels
    figures = list(published("suqian-2024").figures["requests"].values())
    rows = [row[-7:] for table in with_requests for row in table if len(row) >= 8 and all(cell.isdigit() for cell in row[-7:])]
    assert rows == [figures[start : start + 7] for start in range(0, len(figures), 7)], "in their order, each once"
