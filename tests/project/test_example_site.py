"""The example site has the pages of an agency: a landing page, a report, the list of years, a comparison and a chart."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree, html

EXAMPLE = Path(__file__).parents[2] / "example_site"
SECTIONS = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]


#: what Python, Sphinx or docutils will remove is an error; MyST-Parser uses some of it itself
STRICT = [
    part
    for one in ("error::DeprecationWarning", "error::PendingDeprecationWarning", "ignore:'myst_parser")
    for part in ("-W", one)
]


def build(builder: str, out: Path) -> None:
    command = [sys.executable, *STRICT, "-m", "sphinx", "-qnW", "-b", builder, "-d", f"{out}-trees", str(EXAMPLE), str(out)]
    subprocess.run(command, check=True, env={name: value for name, value in os.environ.items() if name != "GOVREPORT_THEME"})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("example")
    build("html", out)
    return out


@pytest.mark.slow
@pytest.mark.parametrize("builder", ["latex", "text", "epub"])
def test_other_builders_have_no_warning_and_use_nothing_that_will_be_removed(builder: str, tmp_path: Path) -> None:
    build(builder, tmp_path / "out")
    assert [*(tmp_path / "out").iterdir()]


def page(site: Path, name: str) -> etree._Element:
    tree = html.fromstring((site / f"{name}.html").read_bytes())
    for link in tree.xpath("//a[@class='headerlink']"):
        link.drop_tree()
    return tree


def test_a_whole_report_has_its_preamble_six_sections_five_parts_and_three_tables(site: Path) -> None:
    tree = page(site, "reports/wendeng-2020")
    assert [one.text_content() for one in tree.xpath("//article//h2")] == SECTIONS
    first = tree.xpath("//article//h2[1]")[0].getparent()
    assert [one.text_content()[:3] for one in first.xpath(".//h3")] == [f"（{number}）" for number in "一二三四五"]
    assert tree.xpath("//h1/following-sibling::p"), "before the first section"
    assert len(tree.xpath("//table[contains(@class, 'gov-table')]")) == 3
    assert not tree.xpath("//span[@class='caption-number']"), "as in the official form"
    assert [line.text_content() for line in tree.xpath("//*[contains(@class, 'gov-signature')]/p")] == [
        "威海市文登区商务局",
        "2021年1月27日",
    ]


def test_the_landing_page_leads_everywhere_and_shows_figures(site: Path) -> None:
    tree = page(site, "index")
    cards = tree.xpath("//div[contains(@class, 'cards')][1]//a/@href")
    assert cards[:6] == [
        "guide.html",
        "rules.html",
        "reports/index.html",
        "reports/suqian-compared.html",
        "reports/suqian-trend.html",
        "reports/suqian-2024-checks.html",
    ]
    assert [one.text_content() for one in tree.xpath("//div[contains(@class, 'numbers')]//li/p[1]")] == [
        "3525",
        "1431",
        "12",
        "420",
    ]
    assert tree.xpath("string(//*[@class='site-organizer'])") == "主办单位：示例网站"


def test_list_comparison_and_chart_have_their_pages(site: Path) -> None:
    listed = [
        one.text_content() for one in page(site, "reports/index").xpath("//article//*[contains(@class, 'gov-report-title')]")
    ]
    assert [one[-len("2024年政府信息公开工作年度报告") :][:4] for one in listed] == ["2024", "2023", "2020"]
    assert len(page(site, "reports/suqian-compared").xpath("//table[contains(@class, 'gov-comparison-table')]")) == 2
    assert len(page(site, "reports/suqian-trend").xpath("//figure//*[local-name()='svg']")) == 2
