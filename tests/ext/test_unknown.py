"""A site with one blank figure: its totals are unknown on every page, and the table of checks reports it."""

from __future__ import annotations

import re

import pytest
from lxml import html

from tests.conftest import Build, Project
from tests.core.test_unknown import without_totals

PAGE = """\
# 宿迁市

办理{gov-figure}`requests.results.total.total`件，比上年{gov-change}`requests.results.total.total`，
其中予以公开占{gov-share}`requests.results.granted.total / requests.results.total.total`，
新收{gov-figure}`requests.received.total`件。

```{gov-disclosure-table}
```

```{gov-comparison-table}
:change:
requests.results.total.total
requests.received.total
```

```{gov-trend-chart}
requests.results.total.total
```

```{gov-rollup-table}
:parts: 宿迁市
requests.results.total.total
requests.received.total
```

```{gov-check-table}
```
"""
GRANTED = "    granted:\n      natural-person: 1408\n"


def site(project: Project, granted: str) -> Build:
    text = without_totals("suqian-2024")
    assert GRANTED in text
    project.quiet()
    project.report("suqian-2023")
    project.write("data/2024.yaml", text.replace(GRANTED, GRANTED.replace("1408", granted)))
    project.write("index.md", f"---\ngovreport-year: 2024\n---\n\n{PAGE}")
    return project.build()


def rows(page: html.HtmlElement, name: str) -> list[list[str]]:
    (table,) = page.xpath(f"//table[contains(@class, '{name}')]")
    return [["".join(cell.itertext()).strip() for cell in row] for row in table.iter("tr")]


def test_a_blank_figure_leaves_its_totals_unknown_everywhere(project: Project) -> None:
    build = site(project, "")
    assert build.warnings == []  # the check of blanks is off here
    page = html.fromstring(build.text("index.html"))
    prose = "".join(page.xpath("//p[contains(., '予以公开占')]")[0].itertext()).replace("\n", "")
    assert prose == "办理未知件，比上年未知，其中予以公开占未知，新收3525件。"
    assert rows(page, "gov-comparison-table")[1:] == [
        ["本年度办理结果·总计", "3486", "未知", "—"],
        ["本年新收政府信息公开申请数量", "3511", "3525", "增长0.40%"],
    ]
    assert rows(page, "gov-rollup-table")[-1] == ["合计", "—", "3525"]
    chart = "".join(page.xpath("//*[local-name() = 'svg']")[0].itertext())
    assert "3486" in chart
    assert "3521" not in build.text("index.html")
    checks = {line[0]: line[1:] for line in rows(page, "gov-check-table")}
    why = "无法完整核对：本年度办理结果·予以公开·自然人（第 40 行）未填报。"
    assert checks["每列各项办理结果之和等于（七）总计"] == ["无法核对", f"核对 0 项，另有 5 项自动计算，无须核对；{why}"]
    assert checks["第一项加第二项之和等于第三项加第四项之和"] == ["无法核对", f"核对 5 项；{why}"]


def test_a_check_of_totals_that_are_computed_does_not_pass(project: Project) -> None:
    page = html.fromstring(site(project, "1408").text("index.html"))
    checks = {line[0]: line[1:] for line in rows(page, "gov-check-table")}
    assert checks["每行各类申请人之和等于总计"] == ["自动计算", "合计未填报，由程序自动计算，没有可核对的数。"]


@pytest.mark.parametrize("builder", ["text", "latex", "epub", "man", "texinfo", "xml", "govfragment", "singlehtml", "dirhtml"])
def test_no_builder_prints_what_is_not_known(project: Project, builder: str) -> None:
    """3521 results, 1431 of them granted, 3440 and 1408 for natural persons: none of these numbers can be known."""
    site(project, "")
    build = project.build(builder, out="others")
    written = b"\n".join(body for name, body in build.files().items() if not name.startswith("_sources")).decode(
        "utf-8", "ignore"
    )
    assert "462" in written or builder == "epub"
    for total in ("3521", "1431"):
        assert not re.search(rf"(?<![0-9.]){total}(?![0-9])", written), total
