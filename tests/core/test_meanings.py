"""Every rule is explained, in both languages, and its example is reported under its name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from sphinx_govreport.core.meanings import MEANINGS, checks, pages, year_files

import sphinx_govreport
from sphinx_govreport.cli import main
from sphinx_govreport.core.checks.registry import CHECKS, PAGE_CHECKS
from sphinx_govreport.core.checks.run import check_page, check_report
from sphinx_govreport.core.diagnostics import Diagnostic, Severity, translator
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.yaml.source import read_source
from sphinx_govreport.ext.standalone import read_page

SOUND = """\
agency: 某市某局
year: 2024
form: 2021
proactive-disclosure: 0
requests:
  received: [3, 1, 0, 0, 0, 0]
  carried-in: 0
  results:
    granted: [3, 1, 0, 0, 0, 0, 4]
    partly-granted: 0
    refused: 0
    unable: 0
    not-processed: 0
    other: 0
  carried-out: 0
reviews: 0
"""
PAGE = """\
---
govreport-year: 2024
govreport-published: 2025-01-20
---
# 某市某局2024年政府信息公开工作年度报告

## 一、总体情况

2024年，我局认真贯彻落实《政府信息公开条例》。

## 二、主动公开政府信息情况

见下表，共公布数据若干项。

## 三、收到和处理政府信息公开申请情况

本年新收政府信息公开申请4件，予以公开4件，占100%。

## 四、政府信息公开行政复议、行政诉讼情况

没有行政复议和行政诉讼。

## 五、存在的主要问题及改进情况

公开内容的更新还不够及时，下一步将每月检查一次。

## 六、其他需要报告的事项

2024年没有收取信息处理费。
"""
ALL = {rule.name: Severity.WARNING for rule in (*CHECKS, *PAGE_CHECKS)}
#: their examples need more than one file, or the other form: tests of their own make them
ELSEWHERE = {"no-files", "missing-unit", "bad-form", "previous-items", "total-disclosed", "amount-unit"}


def declared() -> set[str]:
    """The names of all rules that the package declares."""
    names = set()
    for path in Path(sphinx_govreport.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Rule" and node.args:
                name = node.args[0]
                names.update({name.value} if isinstance(name, ast.Constant) else ())
    return names


def test_every_rule_is_explained_and_no_other() -> None:
    assert MEANINGS.keys() == declared()


@pytest.mark.parametrize("rule", MEANINGS)
def test_an_explanation_is_whole_in_both_languages(rule: str) -> None:
    about = MEANINGS[rule]
    english, chinese = translator("en"), translator("zh_CN")
    for text in (about.meaning, about.reason, about.advice):
        assert text.render(english).endswith(".")
        assert text.render(chinese).endswith("。")
    assert bool(about.wrong) == bool(about.right)


def findings(changed: str) -> tuple[Report | None, list[Diagnostic]]:
    forms = statutory_forms()
    last, _ = read_report(read_source("2023.yaml", SOUND.replace("year: 2024", "year: 2023").encode()), forms)
    report, found = read_report(read_source("2024.yaml", changed.encode()), forms)
    checked = check_report(report, last, forms, ALL, this_year=2025).findings if report else ()
    return report, [*found, *checked]


WITHIN = [one for one in (*year_files.MEANINGS, *checks.MEANINGS) if one.wrong and one.rule not in ELSEWHERE]


@pytest.mark.parametrize("about", WITHIN, ids=lambda about: about.rule)
def test_the_example_of_a_year_file_is_reported_under_its_name(about: year_files.Meaning) -> None:
    key = about.right.partition(":")[0]  # where the example is put
    (line,) = (line for line in SOUND.splitlines() if line.partition(":")[0] == key)
    right, wrong = (SOUND.replace(line, text) for text in (about.right, about.wrong))
    assert about.rule not in {found.rule.name for found in findings(right)[1]}
    assert about.rule in {found.rule.name for found in findings(wrong)[1]}


@pytest.mark.parametrize("about", [one for one in pages.MEANINGS if one.wrong], ids=lambda about: about.rule)
def test_the_example_of_a_page_is_reported_under_its_name(about: pages.Meaning, tmp_path: Path) -> None:
    report, _ = findings(SOUND)
    assert report
    assert about.right in PAGE
    for text, is_wrong in ((PAGE, False), (PAGE.replace(about.right, about.wrong), True)):
        path = tmp_path / "a.md"
        path.write_text(text, "utf-8")
        page = read_page(path, "a.md")
        assert page
        found = {found.rule.name for found in check_page(page, report, statutory_forms(), ALL)}
        assert (about.rule in found) == is_wrong


def test_the_command_explains_in_the_users_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "zh_CN", "explain", "[govreport.balance]"]) == 0
    assert capsys.readouterr().out == (
        "balance\n=======\n"
        "表三某一列的第一项加第二项，不等于第三项总计加第四项。\n"
        "表头印有这个等式：每件申请要么办结，要么结转。\n\n"
        "怎么办：请查找漏计或重复计算的申请。\n"
        "级别：错误；可用 govreport_severity 或 --severity 另选。\n\n"
        "会报告的写法：\n\n      received: [4, 1, 0, 0, 0, 0]\n\n"
        "应当的写法：\n\n      received: [3, 1, 0, 0, 0, 0]\n"
    )
    assert main(["--language", "en", "explain", "duplicate-report", "label"]) == 0
    printed = capsys.readouterr().out
    assert "Delete one of the two" in printed
    assert "\nlabel\n=====\n" in printed
    assert "Level" not in printed


def test_the_command_lists_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "en", "explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "Year files and forms" in lines
    assert {line.split(" ")[0] for line in lines} >= MEANINGS.keys()


@pytest.mark.parametrize(
    ("written", "said"),
    [("balanc", "没有“balanc”这条规则。是不是“balance”？"), ("x", "没有“x”这条规则；“sphinx-govreport explain”列出全部。")],
)
def test_a_wrong_name_is_said(written: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--language", "zh_CN", "explain", written])
    assert stop.value.code == 2
    assert said in capsys.readouterr().err
