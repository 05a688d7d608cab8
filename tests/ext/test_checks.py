"""Checks in a site: warnings for CI, marks in the tables, explanations below them, the table of checks."""

from __future__ import annotations

import re
import subprocess
import sys
from textwrap import indent

import pytest
from lxml import html

from sphinx_govreport.cli import main
from sphinx_govreport.cli.rules import RULES
from tests.conftest import CONF, Build, Project
from tests.published import published, year_file

HONGZE = "淮安市洪泽区人民政府"


@pytest.fixture
def slips(project: Project) -> Project:
    """Hongze 2023: two totals of the reviews table are wrong."""
    project.report("huaian-hongze-2023")
    project.page("index.md", HONGZE, 2023)
    return project


def changed(project: Project, old: str, new: str, more: str = "") -> None:
    """Build Suqian 2024 with a change on the page, and 2023 before it."""
    text = year_file(published("suqian-2024"))
    assert old in text
    project.write("data/suqian-2024.yaml", text.replace(old, new, 1) + more)
    project.report("suqian-2023")
    project.page("index.md", "宿迁市", 2024)


def test_an_error_fails_the_build_and_names_file_and_line(slips: Project) -> None:
    command = [sys.executable, "-m", "sphinx", "-qW", "-b", "html", str(slips.folder), str(slips.folder / "out")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "data/huaian-hongze-2023.yaml:218:12: ERROR: " in run.stderr
    assert "填报的总计为 0（第 218 行），相差 11。" in run.stderr


def test_errors_are_reported_once_on_every_build_also_in_parallel(slips: Project) -> None:
    cold, warm, parallel = slips.build(), slips.build(), slips.build(out="parallel", jobs=2)
    assert warm.read == []
    assert len(cold.warnings) == 2
    assert cold.warnings == warm.warnings == parallel.warnings


def test_a_rule_can_be_suppressed_lowered_raised_and_switched_off(slips: Project) -> None:
    assert slips.build(suppress_warnings=["govreport.reviews-total"]).warnings == []
    for level in ("hint", "off"):
        assert slips.build(govreport_severity={"reviews-total": level}).warnings == []
    (first, _second) = slips.build(govreport_severity={"reviews-total": "warning"}).warnings
    assert "WARNING" in first


def test_a_wrong_severity_is_reported_at_conf_py(slips: Project) -> None:
    build = slips.build(govreport_severity={"review-total": "hint", "reviews-total": "silent", "jump": "off"})
    assert [line.split(": ")[0] for line in build.warnings[:2]] == ["conf.py:1:1"] * 2
    assert len(build.warnings) == 4


def test_figures_with_an_error_are_marked_in_text_and_described(slips: Project) -> None:
    page = html.fromstring(slips.build().text("index.html"))
    marked = page.xpath("//td[contains(@class, 'gov-error')]")
    assert [cell.get("id").rpartition("2023-reviews-")[2] for cell in marked] == [
        f"{branch}-{key}"
        for branch in ("reconsideration", "litigation-after-reconsideration")
        for key in ("upheld", "corrected", "other", "pending", "total")
    ]
    for cell, number in zip(marked, [1] * 5 + [2] * 5, strict=True):
        (about,) = page.xpath(f"//*[@id='{cell.get('aria-describedby')}']")
        assert cell.xpath("string(sup[@class='gov-mark'])") == f"※{number}"
        assert about.text_content().startswith(f"※{number} ")
        assert "相差" in about.text_content()
    assert marked[0].xpath("string(data)") == "10"
    unmarked = slips.build(govreport_mark_findings=False)
    assert "gov-error" not in unmarked.text("index.html")


def test_marks_follow_the_data(slips: Project) -> None:
    slips.build()
    text = year_file(published("huaian-hongze-2023"))
    right = text.replace("    total: 0\n  litigation", "    total: 11\n  litigation")
    assert right != text
    slips.write("data/huaian-hongze-2023.yaml", right)
    warm, clean = slips.build(), slips.build(out="clean")
    assert warm.text("index.html") == clean.text("index.html")
    assert warm.text("index.html").count('class="gov-error"') == 5


def test_a_change_of_last_year_reaches_this_years_page(project: Project) -> None:
    changed(project, "agency", "agency")
    assert project.build().warnings == []
    last = year_file(published("suqian-2023")).replace("    natural-person: 118\n", "    natural-person: 119\n")
    project.write("data/suqian-2023.yaml", last)
    build = project.build(govreport_severity={"carried-over": "error"})
    assert build.read == ["index"]
    assert build.text("index.html") == project.build(out="clean", govreport_severity={"carried-over": "error"}).text(
        "index.html"
    )


def test_a_reason_is_printed_under_its_table_in_every_format(project: Project) -> None:
    changed(
        project, "    in-force: 12\n", "    in-force: 11\n", "explanations: {in-force: 规章现行有效件数根据清理结果作了调整}\n"
    )
    build = project.build()
    assert build.warnings == []
    page = html.fromstring(build.text("index.html"))
    notes = page.xpath("//table[contains(@class, 'gov-proactive-disclosure')]/following::p[1]/text()")
    assert notes == ["说明：规章现行有效件数根据清理结果作了调整"]
    assert "说明：规章现行有效件数根据清理结果作了调整" in project.build("text").text("index.txt")


def test_an_explanation_of_nothing_is_not_printed(project: Project) -> None:
    changed(project, "agency", "agency", "explanations: {in-force: 规章现行有效件数根据清理结果作了调整}\n")
    build = project.build()
    (warning,) = build.warnings
    assert "[govreport.unused-explanation]" in warning
    assert "清理结果" not in build.text("index.html")


def test_the_check_table_tells_how_each_check_went(project: Project) -> None:
    changed(
        project, "    in-force: 12\n", "    in-force: 11\n", "explanations: {in-force: 规章现行有效件数根据清理结果作了调整}\n"
    )
    project.page("index.md", "宿迁市", 2024, "```{gov-check-table}\n:name: checks\n```\n\n{numref}`checks`\n")
    build = project.build()
    assert build.warnings == []
    page = html.fromstring(build.text("index.html"))
    rows = [[cell.text_content().strip() for cell in row.iter("th", "td")] for row in page.xpath("//table//tbody/tr")]
    results = {row[0]: row[1:] for row in rows}
    assert results["每行各类申请人之和等于总计"] == ["通过", "核对 25 项"]
    assert results["上年现行有效件数加本年制发、减本年废止，等于本年现行有效件数"] == [
        "已说明",
        "规章现行有效件数根据清理结果作了调整",
    ]
    assert results["没有增至上年 5 倍以上或降至五分之一以下、且相差 10 以上的数据"][0] == "请留意"
    assert page.xpath("string(//caption)").strip().startswith("宿迁市2024年度报告数据核对结果")
    project.page("index.md", "宿迁市", 2023, "```{gov-check-table}\n```\n")
    assert "没有上一年的数据" in project.build().text("index.html")
    for builder in ("text", "man", "latex", "texinfo", "epub"):
        assert project.build(builder, man_pages=[("index", "a", "a", "a", 1)], version="1", epub_copyright="甲").warnings == []


def test_the_check_table_names_what_failed(slips: Project) -> None:
    slips.page("index.md", HONGZE, 2023, "```{gov-check-table}\n```\n")
    page = html.fromstring(slips.build().text("index.html"))
    (row,) = [row for row in page.xpath("//tbody/tr") if "未通过" in row.text_content()]
    assert "行政复议·总计：各项结果合计为 11（10+1+0+0，第 214—217 行）" in row.text_content()


def test_the_site_is_still_fit_when_checks_are_configured(project: Project) -> None:
    project.write("conf.py", CONF + 'govreport_severity = {"carried-over": "error"}\n')
    changed(project, "agency", "agency")
    build = project.build()
    assert build.warnings == []
    assert project.build().read == []


PROSE = "# 报告\n\n## 一、总体情况\n\n全年情况如下：\n新收政府信息公开申请 3600 件。\n"
REST = (
    "## 二、主动公开政府信息情况\n\n```{gov-disclosure-table} 主动公开\n```\n\n## 三、收到和处理政府信息公开申请情况\n\n见上。\n\n"
    "## 四、政府信息公开行政复议、行政诉讼情况\n\n- 见上。\n\n## 五、存在的主要问题及改进情况\n\n公开的及时性和形式还可以改进。\n\n"
    "## 六、其他需要报告的事项\n\n没有收取信息处理费。\n"
)
TOP = "---\ngovreport-year: 2024\n---\n\n"


def test_a_sentence_is_compared_at_its_line_only_when_raised(project: Project) -> None:
    project.report("suqian-2024")
    project.write("index.md", TOP + PROSE + "\n" + REST)
    assert project.build().warnings == []
    for build in (project.build(govreport_severity={"prose-figure": "warning"}, out="raised"),) * 2:
        (warning,) = build.warnings
        assert warning.startswith(f"{project.folder}/index.md:10: WARNING: “新收政府信息公开申请 3600 件”写的是 3600")
        assert "data/suqian-2024.yaml 第 31 行" in warning


def test_code_of_html_on_a_page_is_not_read_as_text(project: Project) -> None:
    project.report("suqian-2024")
    coded = (PROSE + "\n" + REST).replace("3600", '<span style="font-size:16px">3600</span>')
    project.write("index.md", TOP + coded.replace("## 二、主动公开", "## 二、主动<br>公开"))
    (warning,) = project.build(govreport_severity={"prose-figure": "warning"}).warnings
    assert ":10: WARNING: “新收政府信息公开申请 3600 件”写的是 3600" in warning


@pytest.mark.parametrize("comment", ["% govreport-ignore: prose-figure\n\n", "<!-- 无关 -->\n\n"])
def test_a_comment_excuses_a_sentence(project: Project, comment: str) -> None:
    project.report("suqian-2024")
    project.write("index.md", TOP + PROSE.replace("全年", comment + "全年") + "\n" + REST)
    build = project.build(govreport_severity={"prose-figure": "warning"})
    assert len(build.warnings) == (0 if "govreport" in comment else 1)


def test_a_comment_excuses_a_page(project: Project) -> None:
    project.report("suqian-2024")
    rst = ":govreport-year: 2024\n\n.. govreport-ignore: prose-figure, section-missing\n\n报告\n====\n\n一、总体情况\n------------\n\n新收申请 3600 件。\n"
    project.write("index.rst", rst)
    assert project.build(govreport_severity={"prose-figure": "warning"}).warnings == []
    project.write("index.rst", rst.replace(".. govreport-ignore: prose-figure, section-missing\n\n", ""))
    assert len(project.build(govreport_severity={"prose-figure": "warning"}).warnings) == 2


def test_a_missing_section_is_reported_on_every_build(project: Project) -> None:
    project.report("suqian-2024")
    project.write("index.md", TOP + PROSE)
    first, second = project.build(), project.build()
    assert first.warnings == second.warnings
    assert "本页缺少：二、主动公开政府信息情况、" in first.warnings[0]
    project.write("index.md", TOP + PROSE + "\n" + REST)
    assert project.build().warnings == project.build().warnings == []


def test_the_command_finds_on_pages_what_the_build_finds(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project.report("suqian-2024")
    project.write("index.md", TOP + PROSE)
    build = project.build(govreport_severity={"prose-figure": "warning"})
    monkeypatch.chdir(project.folder)
    assert main(["--language", "zh_CN", "check", "data", "index.md", "--severity", "prose-figure=warning"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split(": ", 2)[2] for line in printed] == [
        re.sub(r"\[govreport\.(.*)\]$", lambda rule: f"[{RULES[rule[1]].chinese}]", line.split(": ", 2)[2])
        for line in build.warnings
    ]
    assert [line.split(":")[1] for line in printed] == [line.split(":")[1] for line in build.warnings]


@pytest.mark.parametrize("page", ["index.md", "index.rst"])
def test_a_section_with_a_directive_of_sphinx_is_not_empty_for_the_command(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    """The command reads a page without Sphinx; a comment is no content."""
    project.report("suqian-2024")
    name, empty = "五、存在的主要问题及改进情况", "四、政府信息公开行政复议、行政诉讼情况"
    words = "公开内容的更新还不够及时，下一步将每月检查一次。"
    if page.endswith(".md"):
        project.write(page, f"{TOP}# 报告\n\n## {empty}\n\n% 无\n\n## {name}\n\n:::{{only}} html\n{words}\n:::\n")
    else:
        lines = [f"{title}\n{'-' * 60}\n\n" for title in (empty, name)]
        project.write(
            page, f":govreport-year: 2024\n\n报告\n====\n\n{lines[0]}.. 无\n\n{lines[1]}.. only:: html\n\n   {words}\n"
        )
    build = project.build(suppress_warnings=["govreport.section-missing"])
    monkeypatch.chdir(project.folder)
    main(["--language", "zh_CN", "check", "data", page])
    printed = [line for line in capsys.readouterr().out.splitlines() if "没有内容" in line]
    assert [[re.findall("“(.*?)”", line)[0] for line in lines] for lines in (build.warnings, printed)] == [[empty], [empty]]


def test_a_text_that_is_last_years_is_reported_on_every_build(project: Project) -> None:
    changed(project, "agency", "agency")
    same = "".join(f"第{number}季度组织了{number * 7}次培训，" for number in range(40))
    for year in (2023, 2024):
        project.write(f"{year}.md", f"---\ngovreport-year: {year}\n---\n\n# 报告\n\n{same}\n")
    project.write("index.md", "# 首页\n\n```{toctree}\n2023\n2024\n```\n")
    raised = {"likeness": "warning"}
    cold, warm = project.build(govreport_severity=raised), project.build(govreport_severity=raised)
    assert warm.read == []
    (warning,) = cold.warnings
    assert warning.startswith(f"{project.folder}/2024.md:5: WARNING: 正文有 100% 与上一年的年报相同")
    assert warm.warnings == cold.warnings
    assert project.build(govreport_severity=raised, out="parallel", jobs=2).warnings == cold.warnings


def test_an_edit_leaves_the_order_of_the_pages_of_last_year(project: Project) -> None:
    changed(project, "agency", "agency")
    same = "".join(f"第{number}季度组织了{number * 7}次培训，" for number in range(40))
    for name, year in (("a", 2023), ("b", 2023), ("now", 2024)):
        project.write(f"{name}.md", f"---\ngovreport-year: {year}\n---\n\n# 报告\n\n{same}\n")
    project.write("index.md", "# 首页\n\n```{toctree}\na\nb\nnow\n```\n")
    raised = {"likeness": "warning"}
    first = project.build(govreport_severity=raised).warnings
    project.write("a.md", (project.folder / "a.md").read_text("utf-8") + "\n再加一句。\n")
    edited, clean = project.build(govreport_severity=raised), project.build(govreport_severity=raised, out="clean")
    assert edited.read == ["a"]
    assert edited.warnings == clean.warnings
    assert edited.text(".govreport-checks.json") == clean.text(".govreport-checks.json")
    assert [re.findall("（(.*)）", line) for line in (*first, *clean.warnings)] == [["a.md"], ["b.md"]] * 2


def test_a_text_is_compared_again_when_one_of_both_years_changes_and_the_environment_has_no_text(project: Project) -> None:
    changed(project, "agency", "agency")
    same = "".join(f"第{number}季度组织了{number * 7}次培训，" for number in range(40))
    other = "".join(f"{number}月新增{number * 3}个公开专题；" for number in range(40))
    raised = {"likeness": "warning"}

    def build(last: str, now: str) -> list[str]:
        for year, text in ((2023, last), (2024, now)):
            project.write(f"{year}.md", f"---\ngovreport-year: {year}\n---\n\n# 报告\n\n{text}\n")
        return [re.findall("正文有 (.*) 与上一年", warning)[0] for warning in project.build(govreport_severity=raised).warnings]

    project.write("index.md", "# 首页\n\n```{toctree}\n2023\n2024\n```\n")
    assert build(same, same) == ["100%"]
    environment = project.folder.parent / "_build/doctrees-html/environment.pickle"
    assert "季度组织了".encode() not in environment.read_bytes()
    assert build(other, same) == []
    assert build(other, other) == ["100%"]
    assert build(other, other[: len(other) // 2] + same) == []


CHART = "```{gov-trend-chart}\nrequests.received.total\n```\n"
OWN_TABLE = "| 年度 | 情况 |\n|---|---|\n| 2023年 | 2023年，新收政府信息公开申请3600件。 |\n"


@pytest.mark.parametrize("body", [CHART, f"````{{note}}\n{CHART}\n{OWN_TABLE}````\n", f"- 表\n\n{indent(OWN_TABLE, '  ')}"])
def test_tables_are_no_sentences_wherever_they_are(project: Project, body: str) -> None:
    """Headers of years, as below a chart, are about other years."""
    changed(project, "agency", "agency")
    project.page("index.md", "宿迁市", 2024, body + "\n\n新收申请 3600 件。\n")
    found = project.build(
        govreport_severity={"prose-year": "warning", "prose-figure": "warning", "carried-over": "off"}
    ).warnings
    assert [re.findall(r"govreport\.([a-z-]+)\]$", line) for line in found] == [["prose-figure"]]
    assert "“新收申请 3600 件”" in found[0]


def test_notes_and_explanations_are_no_sentences_of_the_page(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They compare years, and no comment on the page could excuse them."""
    reason = "2023年，新收政府信息公开申请3511件，件数因清理减少。"
    told = f"notes: {{requests: {reason}}}\nexplanations: {{in-force: {reason}}}\n"
    changed(project, "    in-force: 12\n", "    in-force: 11\n", told)
    project.write("index.md", TOP + "# 报告\n\n```{gov-disclosure-table}\n```\n\n新收申请 3600 件。\n")
    raised = {"prose-year": "warning", "prose-figure": "warning"}
    build = project.build(govreport_severity=raised)
    assert build.text("index.html").count(reason) == 2
    assert [re.findall(r"“(.*?)”", line)[0] for line in build.warnings] == ["新收申请 3600 件"]
    monkeypatch.chdir(project.folder)
    severities = [word for rule, level in raised.items() for word in ("--severity", f"{rule}={level}")]
    main(["--language", "zh_CN", "check", "data", "index.md", *severities])
    found = [line for line in capsys.readouterr().out.splitlines() if line.startswith("index.md:")]
    assert [re.findall(r"“(.*?)”", line)[0] for line in found] == ["新收申请 3600 件"]


def test_the_check_table_ends_with_what_is_odd_on_the_pages(project: Project) -> None:
    project.report("suqian-2024")
    project.write("conf.py", CONF + 'suppress_warnings = ["toc.not_included"]\ngovreport_severity = {"not-filled": "off"}\n')
    project.write("index.md", "# 首页\n\n```{gov-check-table}\n:agency: 宿迁市\n:year: 2024\n```\n")
    text = "本年新收政府信息公开申请3526件。\n"
    project.page("report.md", "宿迁市", 2024, f"```{{gov-disclosure-table}}\n```\n\n{text}")

    def lines(build: Build) -> list[list[str]]:
        (table,) = html.fromstring(build.text("index.html")).xpath("//table[contains(@class, 'gov-check-table')]")
        return [[cell.text_content().strip() for cell in row.iter("th", "td")] for row in table.iter("tr")]

    first = project.build()
    assert first.warnings == []
    *before, last = lines(first)
    assert last[0] == "正文中的数与表格一致"
    assert last[1] == "请留意"
    assert last[2].startswith("report.md:10 ")
    assert "3526" in last[2]
    assert "3525" in last[2]
    project.page("report.md", "宿迁市", 2024, f"```{{gov-disclosure-table}}\n```\n\n{text.replace('3526', '3525')}")
    second = project.build()
    assert second.read == ["report"], "the table is written again, not read again"
    assert lines(second) == before
    assert lines(project.build(out="clean")) == lines(second)
    assert lines(project.build(out="parallel", jobs=2)) == lines(second)
    assert "3526" not in project.build("text").text("index.txt")


def test_the_finding_of_a_page_names_its_year_file_where_it_is_now(project: Project) -> None:
    project.write("conf.py", f"{CONF}govreport_severity = {dict.fromkeys(('carried-over', 'section-missing'), 'off')}\n")
    project.report("suqian-2024")
    text = "## 六、其他需要报告的事项\n\n本年度未收取信息处理费。\n"
    project.page("index.md", "宿迁市", 2024, f"```{{gov-disclosure-table}}\n```\n\n{text}\n\n```{{gov-check-table}}\n```\n")
    first = project.build()
    assert first.warnings == []
    assert "（data/suqian-2024.yaml 第" in first.text("index.html")
    (project.folder / "data/old").mkdir()
    (project.folder / "data/suqian-2024.yaml").rename(project.folder / "data/old/suqian-2024.yaml")
    moved = project.build()
    assert "（data/old/suqian-2024.yaml 第" in moved.text("index.html")
    names = ("index.html", ".govreport-checks.json")
    assert [moved.text(name) for name in names] == [project.build(out="clean").text(name) for name in names]
