"""Which report a page refers to: fields at its top, fields at the top of an included file, and ``eval-rst``."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lxml import html

from tests.conftest import CONF, Build, Project
from tests.ext.test_captions import translate

#: MyST's include uses something that will be removed in Sphinx 11
pytestmark = pytest.mark.filterwarnings("ignore:'sphinx.environment.BuildEnvironment.app' is deprecated")

TABLE = "```{gov-disclosure-table} requests\n```\n"
FIGURE = "新收 {gov-figure}`requests.received.total` 件。\n"
RST_TABLE = ".. gov-disclosure-table:: requests\n\n新收 :gov-figure:`requests.received.total` 件。\n"


def top(year: int, *more: str) -> str:
    return "\n".join(["---", f"govreport-year: {year}", *more, "---", "", ""])


def printed(build: Build, page: str = "r2024") -> list[str]:
    """Return the captions of tables and the quoted figures of a page, in order."""
    tree = html.fromstring(build.text(f"{page}.html"))
    found = tree.xpath("//caption/span[@class='caption-text'] | //data[contains(@class, 'gov-figure')]")
    return [re.sub("收到和处理政府信息公开申请情况$", "", one.text_content()) for one in found]


@pytest.fixture
def site(years: Project) -> Project:
    years.write("index.md", "# 专栏\n\n```{toctree}\n:glob:\n\nr*\n```\n")
    return years


def test_an_included_page_keeps_the_report_that_it_names(site: Project) -> None:
    site.write("r2023.md", f"{top(2023)}# 宿迁市2023年年报\n\n{FIGURE}\n{TABLE}\n共 {{gov:table}}`requests`\n")
    site.write(
        "r2024.md",
        f"{top(2024)}# 宿迁市2024年年报\n\n{TABLE}\n## 附：上年年报\n\n```{{include}} r2023.md\n:heading-offset: 1\n```\n\n{FIGURE}",
    )
    build = site.build()
    assert build.warnings == []
    assert printed(build) == ["宿迁市2024年", "3511", "宿迁市2023年", "3525"]
    links = html.fromstring(build.text("r2024.html")).xpath("//p//a[contains(@href, '2023-requests')]")
    assert [link.text_content() for link in links] == ["3511", "宿迁市2023年收到和处理政府信息公开申请情况"]
    assert printed(site.build(out="two", jobs=2)) == printed(build)
    assert site.build().read == []
    site.write("r2023.md", (site.folder / "r2023.md").read_text("utf-8").replace("year: 2023", "year: 2024"))
    again = site.build()
    assert printed(again) == ["宿迁市2024年", "3525", "宿迁市2024年", "3525"]


def test_what_is_included_without_a_top_takes_the_pages_report(site: Project) -> None:
    site.write("conf.py", f"{(site.folder / 'conf.py').read_text('utf-8')}exclude_patterns = ['parts']\n")
    site.write("parts/snippet.md", f"{FIGURE}\n{TABLE}")
    site.write("r2023.md", f"{top(2023)}# 甲\n\n```{{include}} parts/snippet.md\n```\n")
    site.write("r2024.md", f"{top(2024)}# 乙\n\n```{{include}} parts/snippet.md\n```\n")
    build = site.build()
    assert build.warnings == []
    assert printed(build, "r2023") == ["3511", "宿迁市2023年"]
    assert printed(build, "r2024") == ["3525", "宿迁市2024年"]


@pytest.mark.parametrize("fence", ["```", "eval-rst"])
def test_what_an_included_page_includes_is_that_pages(site: Project, fence: str) -> None:
    site.write("conf.py", f"{(site.folder / 'conf.py').read_text('utf-8')}exclude_patterns = ['parts']\n")
    inner = f"{FIGURE}\n{TABLE}" if fence == "```" else f"```{{eval-rst}}\n{RST_TABLE}```\n"
    site.write("parts/snippet.md", inner)
    site.write("parts/middle.md", f"{top(2023)}前\n\n```{{include}} parts/snippet.md\n```\n")
    site.write(
        "r2024.md",
        f"{top(2024)}# 乙\n\n```{{include}} parts/middle.md\n```\n\n```{{include}} parts/snippet.md\n```\n",
    )
    build = site.build()
    assert build.warnings == []
    assert sorted(printed(build)[:2]) == ["3511", "宿迁市2023年"]
    assert sorted(printed(build)[2:]) == ["3525", "宿迁市2024年"]


@pytest.mark.parametrize("name", ["r", "part", "middle"])
def test_files_of_the_same_name_are_told_apart(site: Project, name: str) -> None:
    """MyST passes only the name of the file that includes another, without its folder."""
    site.write("conf.py", f"{(site.folder / 'conf.py').read_text('utf-8')}exclude_patterns = ['parts', 'common.md']\n")
    common = "```{include} /common.md\n```\n\n"
    site.write("index.md", f"# 专栏\n\n```{{toctree}}\n{name}\n```\n")
    site.write("common.md", f"{FIGURE}\n")
    site.write("parts/middle/middle.md", f"{top(2023)}内\n\n{common}")
    site.write("parts/part.md", f"{top(2023)}前\n\n{common}```{{include}} /parts/middle/middle.md\n```\n\n{common}")
    site.write(f"{name}.md", f"{top(2024)}# 乙\n\n{common}```{{include}} parts/part.md\n```\n\n{common}")
    build = site.build()
    assert build.warnings == []
    assert printed(build, name) == ["3525", "3511", "3511", "3511", "3525"]


def test_an_included_page_of_another_agency(project: Project) -> None:
    """The agency is that of the file; the year is that of the page if the file has none."""
    project.quiet()
    for name in ("suqian-2024", "suqian-2023"):
        project.report(name)
    text = (project.folder / "data/suqian-2024.yaml").read_text("utf-8")
    project.write("data/other.yaml", text.replace("agency: 宿迁市", "agency: 某区"))
    project.write(
        "part.md",
        "---\norphan: true\ngovreport-agency: 某区\n---\n# 区\n\n" + "```{gov-check-table}\n:year: 2024\n```\n\n" + TABLE,
    )
    project.page("index.md", "宿迁市", 2024, "```{include} part.md\n:heading-offset: 1\n```\n\n" + TABLE)
    build = project.build()
    assert printed(build, "index")[-2:] == ["某区2024年", "宿迁市2024年"]
    assert [line for line in build.warnings if "index.md" in line] == []


@pytest.mark.parametrize("line", [0, 1])
@pytest.mark.parametrize("suffix", ["md", "rst"])
def test_a_translation_of_included_text_has_the_figures_of_the_original(site: Project, suffix: str, line: int) -> None:
    """Sphinx passes each translation with the path of the page, and the line of the included file: two files may have it."""
    before, figure, include = "---\ngovreport-year: {}\n---\n\n", "{gov-figure}`requests.received.total`", "```{include} "
    if suffix == "rst":
        before, figure, include = ":govreport-year: {}\n\n", ":gov-figure:`requests.received.total`", ".. include:: "
    name = f"parts/old.{suffix}"
    site.write("conf.py", f"{(site.folder / 'conf.py').read_text('utf-8')}exclude_patterns = ['parts']\n")
    site.write(name, before.format(2023) + "旧\n\n" + "\n" * line + f"去年 {figure} 件。\n")
    end = "\n```\n" if suffix == "md" else "\n"
    site.write(f"r2024.{suffix}", f"{before.format(2024)}甲\n==\n\n今年 {figure} 件。\n\n{include}{name}{end}")
    translate(site, {f"{one} {figure} 件。": f"{one} {figure} requests." for one in ("今年", "去年")}, "r2024")
    build = site.build(language="en", locale_dirs=["locales"], gettext_auto_build=False)
    shown = html.fromstring(build.text("r2024.html")).xpath("//p[contains(., 'requests.')]")
    texts = [" ".join(one.text_content().split()) for one in shown]
    if not line:
        assert texts == ["今年 3525 requests.", "去年 3511 requests."]
        assert build.warnings == []
    else:  # unknown, and no guess
        assert not re.search("[0-9]{4}", "".join(texts))
        assert [warning.split("<translated>:")[1] for warning in build.warnings] == [
            "1: ERROR: The year of the report is not specified. Write “govreport-year: 2024” at the top of the page, "
            "“:year: 2024” in a directive, or “2024: …” in a role. [govreport.unknown-report]"
        ]


def test_included_restructuredtext(site: Project) -> None:
    site.write("conf.py", f"{(site.folder / 'conf.py').read_text('utf-8')}exclude_patterns = ['parts']\n")
    site.write("parts/inner.rst", RST_TABLE)
    site.write("parts/outer.rst", ":govreport-year: 2023\n\n.. include:: parts/inner.rst\n")
    site.write(
        "r2024.rst",
        f":govreport-year: 2024\n\n乙\n==\n\n.. include:: parts/outer.rst\n\n.. include:: parts/inner.rst\n\n{RST_TABLE}",
    )
    build = site.build()
    assert build.warnings == []
    assert printed(build) == ["宿迁市2023年", "3511", "宿迁市2024年", "3525", "宿迁市2024年", "3525"]


def test_sentences_of_an_included_report_are_not_compared_with_the_pages(years: Project) -> None:
    """A number that is wrong for one of the two is a finding of that page only."""
    years.write(
        "conf.py", CONF + 'govreport_severity = {"carried-over": "off", "not-filled": "off", "prose-figure": "warning"}\n'
    )
    years.write("index.md", "# 专栏\n\n```{toctree}\n:glob:\n\nr*\n```\n")
    prose = "{year}年，新收申请 {count} 件。\n"
    years.write("r2023.md", f"{top(2023)}# 甲\n\n{prose.format(year=2023, count=3511)}")
    years.write(
        "r2024.md",
        f"{top(2024)}# 乙\n\n{prose.format(year=2024, count=3600)}\n```{{include}} r2023.md\n:heading-offset: 1\n```\n",
    )
    found = years.build().warnings
    assert [Path(line.partition(": ")[0]).name for line in found] == ["r2024.md:7"]
    assert found[0].endswith("[govreport.prose-figure]")


@pytest.mark.parametrize("more", [[], ["govreport-agency: 宿迁市"]])
def test_the_pages_fields_hold_in_eval_rst(site: Project, more: list[str]) -> None:
    site.write(
        "r2024.md",
        f"{top(2024, *more)}# 宿迁市2024年年报\n\n```{{eval-rst}}\n{RST_TABLE}\n本年 :gov:table:`requests`\n```\n",
    )
    build = site.build()
    assert build.warnings == []
    assert printed(build) == ["宿迁市2024年", "3525"]
    assert site.build("text").warnings == []


def test_the_page_as_other_extensions_have_made_it(site: Project) -> None:
    """The text passed to parsers: a page may be a template."""
    site.write(
        "conf.py",
        f"{(site.folder / 'conf.py').read_text('utf-8')}\n\ndef fill(app, docname, content):\n"
        "    content[0] = content[0].replace('YEAR', '2024')\n\n\ndef setup(app):\n    app.connect('source-read', fill)\n",
    )
    site.write("r2024.md", f"---\ngovreport-year: YEAR\n---\n# 年报\n\n```{{eval-rst}}\n{RST_TABLE}```\n")
    assert printed(site.build()) == ["宿迁市2024年", "3525"]


def test_findings_of_an_included_file_keep_their_order_in_parallel_builds(project: Project) -> None:
    project.report("suqian-2024")
    project.write("parts/part.md", "```{gov-disclosure-table} reviews\n:year: 2023\n```\n")
    agencies = [f"{letter}局" for letter in "甲乙丙丁戊己庚"]
    for number, agency in enumerate(agencies):
        project.page(f"p{number}.md", agency, 2024, "```{include} /parts/part.md\n```\n")
    project.write("index.md", "# 首页\n\n```{toctree}\n:glob:\n\np*\n```\n")
    slow = (
        "import time\n\ndef setup(app):\n    app.connect('source-read', lambda _app, name, _text: time.sleep(name == 'p0'))\n"
    )
    project.write("conf.py", f'{CONF}exclude_patterns = ["parts"]\n{slow}')
    serial, parallel = (project.build(out=f"jobs-{jobs}", jobs=jobs).text(".govreport-checks.json") for jobs in (1, 2))
    assert serial == parallel
    told = [one["message"] for one in json.loads(serial)["findings"] if one["path"] == "parts/part.md"]
    assert told == [f"没有{agency}2023年的年报。" for agency in agencies]
