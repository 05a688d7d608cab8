"""A builder that knows nothing of us gets stock nodes with everything in them."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Project
from tests.published import published

SETTINGS = "extensions.append('tests.ext.strange_builder')\ngovreport_downloads = ['csv', 'xlsx']\n"
PARTS = {
    "a title": "## 新收 {gov-figure}`requests.received.total` 件\n",
    "a quotation": "*新收* {gov-figure}`requests.received.total` 件，{gov-change}`requests.received.total`\n",
    "a table": "```{gov-disclosure-table} requests\n:caption: 表 {gov-figure}`requests.received.total`\n```\n",
    "a table by its key": "```{gov-disclosure-table}\n:compare:\n```\n\n{gov:table}`requests` {gov:figure}`requests.received.total`\n",
    "a comparison": "```{gov-comparison-table} requests-summary\n```\n",
    "a chart": "```{gov-trend-chart} requests-summary\n:caption: 图 {gov-figure}`requests.received.total`\n:name: chart\n```\n\n{numref}`chart`\n",
    "a check table": "```{gov-check-table}\n```\n",
    "a list": "```{gov-report-list}\n:caption: 年报\n```\n",
    "downloads": "前\n\n```{gov-downloads}\n```\n\n后\n",
    "a rollup": "```{gov-rollup-table} requests-summary\n:parts: 宿迁市\n```\n",
}


@pytest.fixture
def site(years: Project) -> Project:
    years.write("conf.py", (years.folder / "conf.py").read_text("utf-8") + SETTINGS)
    return years


@pytest.mark.parametrize("jobs", [1, 2])
def test_nothing_of_ours_reaches_it(site: Project, jobs: int) -> None:
    for number, part in enumerate(PARTS.values()):
        site.page(f"p{number}.md", "宿迁市", 2024, part)
    site.write("index.md", "# 专栏\n\n```{toctree}\n:glob:\n\np*\n```\n")
    build = site.build("strange", jobs=jobs)
    assert build.warnings == []
    pages = {name: json.loads(build.text(f"p{number}.json")) for number, name in enumerate(PARTS)}
    assert "新收 3525 件" in pages["a title"]["text"]
    assert "新收 3525 件" in pages["a title"]["toc"]
    assert "新收 3525 件，增长0.40%" in pages["a quotation"]["text"]
    assert pages["a table"]["text"].count("3525") == 2  # caption and cell
    assert pages["a table by its key"]["links"] == []
    assert "gov-1c08c4-2024-requests" in pages["a table by its key"]["ids"]
    assert ["本年新收政府信息公开申请数量", "3511", "3525"] in pages["a comparison"]["tables"][0]
    assert ["本年新收政府信息公开申请数量", "3511", "3525"] in pages["a chart"]["tables"][0]
    assert "图 3525" in pages["a chart"]["text"]
    assert "chart" in pages["a chart"]["ids"]
    assert pages["a check table"]["tables"][0][0] == ["检查项目", "结果", "说明"]
    assert pages["a list"]["text"].startswith("p7.md\n\n年报\n\n2024年：p2.md")
    assert pages["a list"]["links"][:2] == ["p2.strange", "p3.strange"]
    assert "前\n\n后" in pages["downloads"]["text"]
    assert pages["a rollup"]["tables"][0][1][0] == "宿迁市"


def test_it_gets_every_figure_of_every_table(site: Project) -> None:
    site.page("index.md", "宿迁市", 2024)
    build = site.build("strange")
    assert build.warnings == []
    report = published("suqian-2024")
    for grid, figures in zip(json.loads(build.text("index.json"))["tables"], report.figures.values(), strict=True):
        cells = [cell for row in grid for cell in row]
        assert [cell for cell in cells if cell.replace(".", "").isdigit()] == list(figures.values())
