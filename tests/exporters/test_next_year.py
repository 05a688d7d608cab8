"""``sphinx-govreport new``: next year's file from last year's."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sphinx_govreport.cli import main
from sphinx_govreport.core.checks.run import check_report
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.reports.figures import Status
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.yaml.source import read_source
from tests.published import NAMES, published, year_file

FORMS = statutory_forms()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def begun(folder: Path, name: str, year: int) -> str:
    (folder / "last.yaml").write_text(year_file(published(name)), "utf-8")
    assert main(["new", str(year), "--from", "last.yaml"]) == 0
    return (folder / f"{year}.yaml").read_text("utf-8")


def test_what_was_carried_out_is_carried_in(folder: Path) -> None:
    text = begun(folder, "suqian-2024", 2025)
    assert "\nagency: 宿迁市\nyear: 2025\nform: 2021\n" in text
    assert "  carried-in: [118, 5, 0, 0, 1, 1, 125]  # 上年结转政府信息公开申请数量（2024年：结转下年度继续办理）\n" in text
    received = "  received: [~, ~, ~, ~, ~, ~, ~]  # 本年新收政府信息公开申请数量"
    assert (
        f"{received}（自然人、商业企业、科研机构、社会公益组织、法律服务机构、其他、总计）；2024年：[3440, 75, 0, 1, 6, 3, 3525]\n"
        in text
    )
    assert "    granted: [~, ~, ~, ~, ~, ~, ~]  # 予以公开；2024年：[1408, 21, 0, 0, 2, 0, 1431]\n" in text, (
        "heads stand there once"
    )
    assert "  fees: {amount: ~}  # 行政事业性收费；2024年：{amount: 72701.2578}\n" in text


@pytest.mark.parametrize("year", [2023, 2026])
def test_nothing_is_carried_into_a_year_that_is_not_the_next(folder: Path, year: int) -> None:
    text = begun(folder, "suqian-2024", year)
    row = "  carried-in: [~, ~, ~, ~, ~, ~, ~]  # 上年结转政府信息公开申请数量；2024年：[118, 3, 0, 0, 0, 0, 121]\n"
    assert row in text


def test_a_new_report_is_not_for_the_year_of_the_last(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The new file would be a second report for that year: neither would be used."""
    (folder / "last.yaml").write_text(year_file(published("suqian-2024")), "utf-8")
    for language, said in (("zh_CN", "“last.yaml”就是2024年的年报。"), ("en", "“last.yaml” is the report for 2024.")):
        with pytest.raises(SystemExit) as ended:
            main(["--language", language, "new", "2024", "--from", "last.yaml"])
        assert ended.value.code == 2
        assert said in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["last.yaml"]


@pytest.mark.parametrize("year", ["20255", "99", "-1", "2O25"])
def test_a_year_without_reports_is_wrong_usage(folder: Path, year: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "last.yaml").write_text(year_file(published("suqian-2024")), "utf-8")
    commands = (
        ["new", "--from=last.yaml", "--", year],
        ["new-site", "site", "--agency=某局", f"--year={year}"],
        ["export", "--blank", "-o=blank.xlsx", f"--year={year}"],
        ["rollup", "last.yaml", "--agency=某市", f"--year={year}"],
    )
    for command in commands:
        with pytest.raises(SystemExit) as ended:
            main(["--language", "zh_CN", *command])
        assert ended.value.code == 2
        assert f"没有 {year} 年的年报。" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["last.yaml"]


@pytest.mark.parametrize("name", NAMES)
def test_all_that_is_left_is_asked_for_row_by_row(folder: Path, name: str) -> None:
    text = begun(folder, name, published(name).year + 1)
    report, problems = read_report(read_source("new.yaml", text.encode()), FORMS)
    assert report
    assert not problems
    assert report.is_begun(FORMS)
    (finding,) = check_report(report, None, FORMS, {}).findings
    assert (finding.rule.name, finding.rule.severity.value) == ("begun-year", "hint")
    blank = {
        (table, path)
        for table, figures in report.figures.items()
        for path, one in figures.items()
        if one.status is Status.BLANK
    }
    layouts = {table: report.layout(table, FORMS) for table in report.forms}
    carried = {
        (table, path) for table, layout in layouts.items() for path in layout.indicators if path.startswith("carried-in.")
    }
    parts = {(table, path) for table, layout in layouts.items() for path, one in layout.indicators.items() if not one.parts}
    assert parts - carried <= blank


@pytest.mark.parametrize("keys", ["zh", "en"])
def test_a_begun_year_keeps_the_keys_of_last_year_unless_others_are_asked_for(folder: Path, keys: str) -> None:
    (folder / "last.yaml").write_text(year_file(published("suqian-2024")), "utf-8")
    assert main(["export", "last.yaml", "--to", "yaml", "--keys", keys, "-o", "2024.yaml"]) == 0
    assert main(["new", "2025", "--from", "2024.yaml"]) == 0
    other = {"zh": "en", "en": "zh"}[keys]
    assert main(["new", "2025", "--from", "2024.yaml", "--keys", other, "-o", "other.yaml"]) == 0
    carried = {"zh": "\n  上年结转: [118, 5, 0, 0, 1, 1, 125]", "en": "\n  carried-in: [118, 5, 0, 0, 1, 1, 125]"}
    assert carried[keys] in (folder / "2025.yaml").read_text("utf-8")
    assert carried[other] in (folder / "other.yaml").read_text("utf-8")
    both = [
        read_report(read_source("a.yaml", (folder / name).read_bytes()), FORMS).report for name in ("2025.yaml", "other.yaml")
    ]
    figures = [
        {key: [figure.text for figure in one.values()] for key, one in report.figures.items()} for report in both if report
    ]
    assert figures[0] == figures[1]


def test_totals_are_asked_for_where_last_year_stated_them(folder: Path) -> None:
    """In every row or in none: a 0 for a whole row states no total."""
    text = begun(folder, "suqian-2024", 2025)
    assert set(re.findall(r"^ +[a-z-]+: (\[~[~, ]*\])", text.partition("reviews:")[0], re.MULTILINE)) == {
        "[~, ~, ~, ~, ~, ~, ~]"
    }
    assert "\n    total:\n" not in text
    without = re.sub(r"\n +total: \d+", "", (folder / "last.yaml").read_text("utf-8"))
    (folder / "last.yaml").write_text(without, "utf-8")
    assert main(["new", "2025", "--from", "last.yaml", "-o", "other.yaml"]) == 0
    text = (folder / "other.yaml").read_text("utf-8").partition("reviews:")[0]
    assert set(re.findall(r"^ +[a-z-]+: (\[~[~, ]*\])", text, re.MULTILINE)) == {"[~, ~, ~, ~, ~, ~]"}


def test_its_schema_is_beside_it(folder: Path) -> None:
    begun(folder, "suqian-2024", 2025)
    schema = json.loads((folder / "govreport-year.schema.json").read_text("utf-8"))
    assert schema["title"] == "政府信息公开工作年度报告数据"
    (folder / "govreport-year.schema.json").write_text("mine", "utf-8")
    (folder / "2025.yaml").unlink()
    assert main(["new", "2025", "--from", "last.yaml"]) == 0
    assert (folder / "govreport-year.schema.json").read_text("utf-8") == "mine"


PAGE = """\
---
govreport-year: 2024
govreport-agency: 宿迁市
govreport-published: 2025-01-20 09:30
---
(report-2024)=
# 宿迁市2024年政府信息公开工作年度报告

本报告统计期限为2024年1月1日至12月31日。

## 一、总体情况

新收{gov-figure}`requests.received.total`件。

- 甲
  乙

## 三、收到和处理政府信息公开申请情况

```{gov-disclosure-table} requests
:compare: 2023
```

```{gov-comparison-table} requests-summary
:years: 2022, 2023, 2024
```

```{note}
说明。
```

## 五、存在的主要问题及改进情况

信息更新不够及时。
"""


def test_the_page_is_begun_with_last_years_text_as_comments(folder: Path) -> None:
    (folder / "last.yaml").write_text(year_file(published("suqian-2024")), "utf-8")
    (folder / "reports").mkdir()
    (folder / "reports/2024.md").write_text(PAGE, "utf-8")
    assert main(["new", "2025", "--from", "last.yaml", "--page", "reports/2024.md"]) == 0
    page = (folder / "reports/2025.md").read_text("utf-8")
    kept = [line for line in page.split("\n") if line and not line.startswith("%")]
    assert kept == [
        "---", "govreport-year: 2025", "govreport-agency: 宿迁市", "---", "(report-2025)=", "# 宿迁市2025年政府信息公开工作年度报告",
        "## 一、总体情况",
        "\\[概述本年度主动公开、依申请公开、政府信息管理、政府信息公开平台建设、监督保障五个方面的情况。\\]",
        "本年度新收政府信息公开申请{gov-figure}`依申请公开.新收.总计`件，上年结转{gov-figure}`依申请公开.上年结转.总计`件，"
        "办结{gov-figure}`依申请公开.办理结果.总计.总计`件，结转下年度继续办理{gov-figure}`依申请公开.结转下年度.总计`件。",
        "## 三、收到和处理政府信息公开申请情况", "```{gov-disclosure-table} requests", ":compare: 2024", "```",
        "```{gov-comparison-table} requests-summary", ":years: 2022, 2023, 2024", "```",
        "## 五、存在的主要问题及改进情况", "\\[写明存在的主要问题和改进措施。\\]",
    ]  # fmt: skip
    comments = [line.removeprefix("%").strip() for line in page.split("\n") if line.startswith("%")]
    assert comments == [
        "本报告统计期限为2024年1月1日至12月31日。", "新收{gov-figure}`requests.received.total`件。", "- 甲", "乙",
        "```{note}", "说明。", "```", "信息更新不够及时。",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("## 2024年工作与2025年计划", "## 2025年工作与2026年计划"),
        ("## 2019年至2024年数据", "## 2019年至2025年数据"),
        (
            "```{gov-disclosure-table} requests\n:compare: 2023\n:caption: 2024年申请（与2023年对比）\n```",
            "```{gov-disclosure-table} requests\n:compare: 2024\n:caption: 2025年申请（与2024年对比）\n```",
        ),
        (
            "```{gov-comparison-table} requests-summary\n:caption: 2022—2024年申请\n```",
            "```{gov-comparison-table} requests-summary\n:caption: 2022—2025年申请\n```",
        ),
        (
            "```{gov-comparison-table} requests-summary\n:years: 2022, 2024\n:caption: 2024年与2022年\n:name: tab-2024\n```",
            "```{gov-comparison-table} requests-summary\n:years: 2022, 2024\n:caption: 2024年与2022年\n:name: tab-2025\n```",
        ),
        (
            "```{gov-comparison-table} requests-summary\n:years: 2019 2021-2024\n:caption: 2024年\n```",
            "```{gov-comparison-table} requests-summary\n:years: 2019 2021-2024\n:caption: 2024年\n```",
        ),
        (
            "```{gov-comparison-table} requests-summary\n:years: 2024\n:caption: 2024年\n```",
            "```{gov-comparison-table} requests-summary\n:years: 2025\n:caption: 2025年\n```",
        ),
        (
            "```{gov-comparison-table} requests-summary\n:caption: 2022、2023、2024年\n```",
            "```{gov-comparison-table} requests-summary\n:caption: 2022、2023、2024年\n```",
        ),
    ],
)
def test_captions_and_headings_have_the_years_of_what_is_below_them(folder: Path, before: str, after: str) -> None:
    (folder / "last.yaml").write_text(year_file(published("suqian-2024")), "utf-8")
    (folder / "2024.md").write_text(f"# 年报\n\n{before}\n", "utf-8")
    assert main(["new", "2025", "--from", "last.yaml", "--page", "2024.md"]) == 0
    assert (folder / "2025.md").read_text("utf-8") == f"# 年报\n\n{after}\n"


CITY = """\
form: city
extends: "2021"
english: Form of the city
source: {notice: 某市格式}
sections:
  - {key: problems, title: 五、存在的主要问题及改进情况, prompts: ["[写明本市存在的主要问题。]"]}
"""


def test_the_page_has_the_prompts_of_the_form_of_the_new_year_file(folder: Path) -> None:
    """The statutory form is in force too."""
    (folder / "city.yaml").write_text(CITY, "utf-8")
    last = (
        year_file(published("suqian-2024"))
        .replace("default: 2021", "default: city")
        .replace("requests: 2021", "requests: city")
    )
    (folder / "last.yaml").write_text(last, "utf-8")
    (folder / "2024.md").write_text("# 2024年年报\n\n## 五、存在的主要问题及改进情况\n", "utf-8")
    assert main(["new", "2025", "--from", "last.yaml", "--form", "city.yaml", "--page", "2024.md"]) == 0
    assert "\nform: city\n" in (folder / "2025.yaml").read_text("utf-8")
    assert (folder / "2025.md").read_text("utf-8") == (
        "# 2025年年报\n\n## 五、存在的主要问题及改进情况\n\n\\[写明本市存在的主要问题。\\]\n"
    )


def test_a_page_in_restructuredtext_is_begun_too(folder: Path) -> None:
    (folder / "last.yaml").write_text(year_file(published("suqian-2024")), "utf-8")
    page = (
        ":govreport-year: 2024\n:govreport-published: 2025-01-20\n\n2024年年报\n==========\n\n一、总体情况\n------------\n\n"
        "新收 :gov-figure:`requests.received.total` 件，\n比上年多。\n\n* 甲\n\n  乙\n\n.. gov-disclosure-table:: requests\n   :compare: 2023\n"
    )
    (folder / "report.rst").write_text(page, "utf-8")
    assert main(["new", "2025", "--from", "last.yaml", "--page", "report.rst"]) == 0
    begun = (folder / "2025.rst").read_text("utf-8")
    assert begun.startswith(":govreport-year: 2025\n\n2025年年报\n==========\n\n一、总体情况\n------------\n\n[概述")
    assert "\\ :gov-figure:`依申请公开.新收.总计`\\ 件" in begun
    assert begun.endswith(
        "..\n   新收 :gov-figure:`requests.received.total` 件，\n   比上年多。\n\n..\n   * 甲\n\n     乙\n\n"
        ".. gov-disclosure-table:: requests\n   :compare: 2024\n"
    )


def test_a_page_may_end_in_markdown(folder: Path) -> None:
    begun(folder, "suqian-2024", 2025)
    (folder / "2024.markdown").write_text("# 2024年年报\n\n工作总体平稳。\n", "utf-8")
    assert main(["new", "2025", "--from", "last.yaml", "--page", "2024.markdown", "-o", "other.yaml"]) == 0
    assert "\n% 工作总体平稳。\n" in (folder / "2025.markdown").read_text("utf-8")


def test_a_page_that_cannot_be_read_is_told_and_nothing_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "last.yaml").write_text(year_file(published("suqian-2024")), "utf-8")
    (folder / "2024.md").write_bytes("# 年报".encode("gb18030"))
    (folder / "folder.md").mkdir()
    for page, told in (
        ("2024.md", "“2024.md” is not in UTF-8."),
        ("2023.md", "“2023.md” cannot be read: there is no such file."),
        ("last.yaml", "is not a page"),
        ("folder.md", "“folder.md” cannot be read: it is a folder."),
    ):
        for command in (["new", "2025", "--from", "last.yaml"], ["export", "last.yaml", "--to", "docx", "-o", "2025.docx"]):
            with pytest.raises(SystemExit) as ended:
                main([*command, "--page", page])
            assert ended.value.code == 2
            assert told in capsys.readouterr().err
    assert not [*folder.glob("2025.*")]


def test_a_year_file_that_is_printed_is_all_that_is_printed(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (folder / "last.yaml").write_text(year_file(published("suqian-2024")), "utf-8")
    (folder / "2024.md").write_text("# 2024年年报\n", "utf-8")
    (folder / "-").mkdir()
    assert main(["new", "2025", "--from", "last.yaml", "-o", "2025.yaml"]) == 0
    capfdbinary.readouterr()
    assert main(["new", "2025", "--from", "last.yaml", "--page", "2024.md", "-o", "-"]) == 0
    printed = capfdbinary.readouterr()
    assert printed.out == (folder / "2025.yaml").read_bytes()
    assert printed.err == b"2025.md\n"


def test_filled_in_it_is_sound(folder: Path) -> None:
    text = begun(folder, "suqian-2024", 2025)
    lines = []
    for line in text.splitlines():
        key = line.partition(":")[0]
        row = re.search(r"2024年：([\[{].*)", line)
        lines.append(f"{key}: {row[1]}" if row else line)
    assert "~" not in "".join(line.partition("#")[0] for line in lines)
    filled = "\n".join(lines).replace("118, 5, 0, 0, 1, 1, 125", "118, 3, 0, 0, 0, 0, 121", 1)
    (folder / "2025.yaml").write_text(filled, "utf-8")
    assert main(["--language", "en", "check", "2025.yaml"]) == 0


def test_another_form_asks_for_its_own_figures(folder: Path) -> None:
    text = begun(folder, "wendeng-commerce-2020", 2021)
    assert "\nform: 2021\n" in text
    assert "  carried-in: [0, 0, 0, 0, 0, 0, 0]" in text, "上年结转 means the same in both forms"
    assert "  rules: {issued: ~, repealed: ~, in-force: ~}  # 规章\n" in text
    assert "；2020年" not in text, "what the old form counts stands nowhere"


def test_a_hybrid_goes_on_with_the_form_in_force(folder: Path) -> None:
    assert "\nform: 2021\n" in begun(folder, "huaian-hongze-2023", 2024)


def test_what_a_killed_command_wrote_of_the_new_year_is_completed(folder: Path) -> None:
    (folder / "2024.md").write_text("---\ngovreport-year: 2024\n---\n# 2024\n", "utf-8")
    (folder / "2024.yaml").write_text(year_file(published("suqian-2024")), "utf-8")
    command = ["new", "2025", "--from", "2024.yaml", "--page", "2024.md"]
    assert main(command) == 0
    before = {path: path.read_bytes() for path in folder.iterdir()}
    for name in ("2025.yaml", "2025.md"):
        (folder / name).unlink()
        assert main(command) == 0
        assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_nothing_is_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begun(folder, "suqian-2024", 2025)
    (folder / "2025.yaml").write_text("mine", "utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["new", "2025", "--from", "last.yaml"])
    assert ended.value.code == 2
    assert (folder / "2025.yaml").read_text("utf-8") == "mine"
    with pytest.raises(SystemExit):
        main(["new", "2010", "--from", "last.yaml"])
    assert "No form is in force in 2010" in capsys.readouterr().err
    (folder / "2025.yaml").write_text(year_file(published("suqian-2023")), "utf-8")
    (folder / "bad.yaml").write_text("agency：甲\n", "utf-8")
    assert main(["new", "2026", "--from", "bad.yaml"]) == 1
    with pytest.raises(SystemExit):
        main(["new", "2026", "--from", "."])
    assert not (folder / "2026.yaml").exists()


def test_what_was_left_is_carried_in_where_a_form_says_that_it_is_the_same(folder: Path) -> None:
    """The form of the year before has another table and other keys; the figures are invented."""
    (folder / "local.yaml").write_text(
        "form: local-2020\nenglish: Local\nsource: {notice: 省政办〔2014〕1号}\nyears: {from: 2014, to: 2020}\nsame-as:\n"
        "  - {figure: requests.left.*, form: '2019', as: requests.carried-out.*, source: 省信公办〔2020〕2号}\ntables:\n  requests:\n"
        "    label: 统计表\n    english: Statistics\n    source: 省政办\n    unit: 件\n    widths: [9, 9, 9, 9, 9, 9, 9, 9]\n    blocks:\n"
        "      - columns:\n"
        + "".join(
            f"          - {{key: {key}, label: {key}, english: A}}\n"
            for key in (
                "natural-person", "enterprise", "research-institution", "public-interest-organisation", "legal-service", "other", "total",
            )
        )
        + "        rows: [{key: left, label: 年末未办结, english: Left}]\n",
        "utf-8",
    )  # fmt: skip
    (folder / "last.yaml").write_text(
        "agency: 某局\nyear: 2020\nform: local-2020\nrequests: {left: [4, 1, 0, 0, 0, 0, 5]}\n", "utf-8"
    )
    assert main(["new", "2021", "--from", "last.yaml", "--form", "local.yaml"]) == 0
    text = (folder / "2021.yaml").read_text("utf-8")
    assert "  carried-in: [4, 1, 0, 0, 0, 0, 5]  # 上年结转政府信息公开申请数量（2020年：年末未办结）\n" in text


REMARKS = """\
格式: own
依据: {文件: 通知}
适用年度: {起: 2021}
表:
  cases:
    名称: 案件
    单位: 件
    列: [{名称: 甲}, {名称: 乙}, {名称: 合计, 合计: 同级, 核对名称: 行合计}, {名称: 备注, 文字: 是}]
    行: [{名称: 结转}, {名称: 立案}, {名称: 结案}]
    勾稽关系: [{核对名称: 结转, 等式: "结转.* = last:结案.*"}]
  units:
    名称: 各单位
    单位: 件
    列: [{名称: 甲}, {名称: 乙}, {名称: （一）丙}, {名称: 丁}, {名称: 金额, 单位: 元}]
    行: [{逐项: 单位名称}]
"""


def test_last_years_figures_are_next_to_those_of_every_row(folder: Path) -> None:
    (folder / "own.yaml").write_text(REMARKS, "utf-8")
    rows = "cases: {结转: [1, 2, 3], 立案: [3, 4, 7, 含网络], 结案: [5, 6]}\nunits: {小 区: [1, 2, 3, 4, 5]}\n"
    (folder / "2024.yaml").write_text(f"机关: 某局\n年度: 2024\n格式: own\n{rows}", "utf-8")
    assert main(["new", "2025", "--from", "2024.yaml", "--form", "own.yaml"]) == 0
    assert (
        (folder / "2025.yaml").read_text("utf-8").partition("格式: own\n")[2]
        == """
案件:
  结转: [5, 6]  # （2024年：结案）
  立案: [~, ~, ~]  # （甲、乙、合计）；2024年：[3, 4, 7, 含网络]
  结案: [~, ~, ~]  # 2024年：[5, 6]

各单位:
  "小 区":
    甲: ~  # 2024年：1
    乙: ~  # 2024年：2
    丙: ~  # 2024年：3
    丁: ~  # 2024年：4
    金额: ~  # 2024年：5
"""
    )


def test_a_form_with_other_tables_goes_on_where_one_ends(folder: Path) -> None:
    same = "同口径: [{数据项: cases.结案.甲, 格式: old, 对应: penal.结转, 依据: 某函}]\n"
    old = "报告种类: 处罚\n依据: {文件: 旧}\n适用年度: {止: 2020}\n表:\n  penal: {名称: 处罚, 单位: 件, 列: [{名称: 立案}, {名称: 结转}]}\n"
    (folder / "a-old.yaml").write_text(f"格式: old\n{old}", "utf-8")
    (folder / "own.yaml").write_text(REMARKS.replace("依据:", f"报告种类: 处罚\n{same}依据:", 1), "utf-8")
    (folder / "2020.yaml").write_text("机关: 某局\n年度: 2020\n格式: old\npenal: {立案: 5, 结转: 3}\n", "utf-8")
    assert main(["new", "2021", "--from", "2020.yaml", "--form", "a-old.yaml", "--form", "own.yaml"]) == 0
    written = (folder / "2021-处罚.yaml").read_text("utf-8")
    assert "\n格式: own\n\n案件:\n  结转: [3, ~]  # （甲、乙）\n  立案: [~, ~]\n" in written
    assert "\n各单位:\n  单位名称:\n    甲: ~\n" in written, "to be renamed"
