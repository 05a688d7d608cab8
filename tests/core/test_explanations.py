"""Every rule is explained, in both languages, and its example is reported under its name."""

from __future__ import annotations

import ast
import datetime
import re
import tomllib
from pathlib import Path

import pytest

import sphinx_govreport
from sphinx_govreport.cli import main
from sphinx_govreport.cli.explain import explained
from sphinx_govreport.cli.rules import GROUPS, RULES
from sphinx_govreport.core.checks.registry import CHECKS, PAGE_CHECKS
from sphinx_govreport.core.checks.run import check_page, check_report
from sphinx_govreport.core.diagnostics import Diagnostic, Rule, RuleExplanation, Severity, translator
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.plugins import OURS
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.yaml.source import read_source
from sphinx_govreport.ext.standalone import read_page

SAMPLES = (
    Path(__file__).parents[2] / "docs/_ext/govdocs"
)  # the documentation runs the same examples, and those with separate files
SOUND = (SAMPLES / "sound.yaml").read_text("utf-8")
PAGE = (SAMPLES / "sound.md").read_text("utf-8")
ALL = {rule.name: Severity.WARNING for rule in (*CHECKS, *PAGE_CHECKS)}


def declared() -> set[str]:
    """The names of all rules that the package declares."""
    names = set()
    for path in Path(sphinx_govreport.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("Rule", "explained_rule", "site_rule")
                and node.args
            ):
                name = node.args[0]
                names.update({name.value} if isinstance(name, ast.Constant) else ())
    return names


def test_every_rule_is_explained_and_no_other() -> None:
    assert sorted(rule.name for _heading, group in GROUPS for rule in group) == sorted(declared())


def about(rule: Rule) -> RuleExplanation:
    assert rule.explanation
    return rule.explanation


@pytest.mark.parametrize("rule", RULES)
def test_an_explanation_is_whole_in_both_languages(rule: str) -> None:
    explained = about(RULES[rule])
    english, chinese = translator("en"), translator("zh_CN")
    for text in explained[:3]:
        assert text.render(english).endswith(".")
        assert text.render(chinese).endswith("。")
    assert bool(explained.wrong) == bool(explained.right)
    assert explained.example or explained.wrong


def findings(changed: str) -> tuple[Report | None, list[Diagnostic]]:
    forms = statutory_forms()
    last, _ = read_report(read_source("2023.yaml", SOUND.replace("year: 2024", "year: 2023").encode()), forms)
    report, found = read_report(read_source("2024.yaml", changed.encode()), forms)
    checked = check_report(report, last, forms, ALL, today=datetime.date(2025, 6, 1)).findings if report else ()
    return report, [*found, *checked]


def with_parts_of_files(rules: list[Rule]) -> list[Rule]:
    """Return the rules whose example is part of a file: the documentation runs the others."""
    return [rule for rule in rules if not about(rule).example]


@pytest.mark.parametrize("rule", with_parts_of_files([*GROUPS[0][1], *GROUPS[1][1]]), ids=lambda rule: rule.name)
def test_the_example_of_a_year_file_is_reported_under_its_name(rule: Rule) -> None:
    key = about(rule).right.partition(":")[0]  # the position of the example
    (line,) = (line for line in SOUND.splitlines() if line.partition(":")[0] == key)
    right, wrong = (SOUND.replace(line, text) for text in (about(rule).right, about(rule).wrong))
    assert rule.name not in {found.rule.name for found in findings(right)[1]}
    assert rule.name in {found.rule.name for found in findings(wrong)[1]}


@pytest.mark.parametrize("rule", with_parts_of_files(list(PAGE_CHECKS)), ids=lambda rule: rule.name)
def test_the_example_of_a_page_is_reported_under_its_name(rule: Rule, tmp_path: Path) -> None:
    report, _ = findings(SOUND)
    assert report
    right, wrong = about(rule).right, about(rule).wrong
    assert right in PAGE
    for text, is_wrong in ((PAGE, False), (PAGE.replace(right, wrong), True)):
        path = tmp_path / "a.md"
        path.write_text(text, "utf-8")
        page, _of_markup = read_page(path, "a.md")
        assert page
        found = {found.rule.name for found in check_page(page, report, statutory_forms(), ALL)}
        assert (rule.name in found) == is_wrong


def test_every_check_has_its_line_in_the_documentation() -> None:
    written = (Path(__file__).parents[2] / "docs/reference/checks.md").read_text("utf-8")
    listed = re.findall(r"^\| `([a-z-]+)` \| (error|warning|hint) \|", written, flags=re.MULTILINE)
    assert dict(listed) == {rule.name: rule.severity.value for rule in (*CHECKS, *PAGE_CHECKS)}


def test_our_entry_points_are_declared_as_the_code_has_them() -> None:
    declared = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    assert declared == {group: {"sphinx-govreport": value} for group, value in OURS.items()}


def test_a_rule_of_a_plug_in_may_have_no_explanation() -> None:
    assert list(explained(Rule("label", Severity.ERROR), str)) == ["label", "====="]


def test_the_command_explains_in_the_users_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "zh_CN", "explain", "[govreport.balance]"]) == 0
    assert capsys.readouterr().out == (
        "收办平衡 balance\n================\n"
        "某一列中，本年新收与上年结转之和，不等于办理结果总计与结转下年度之和。\n"
        "表头印有这个等式：每件申请要么办结，要么结转。\n\n"
        "怎么办：请查找漏计或重复计算的申请。\n"
        "级别：错误；可用 govreport_severity 或 --severity 另选。\n\n"
        "错误示例：\n\n      新收: [4, 1, 0, 0, 0, 0]\n\n"
        "正确示例：\n\n      新收: [3, 1, 0, 0, 0, 0]\n"
    )
    assert main(["--language", "zh_CN", "explain", "收办平衡"]) == 0
    assert capsys.readouterr().out.startswith("收办平衡 balance\n")
    assert main(["--language", "en", "explain", "duplicate-report", "label"]) == 0
    printed = capsys.readouterr().out
    assert "Delete one of the two" in printed
    assert "\nlabel\n=====\n" in printed
    assert "Level" not in printed


def test_the_command_lists_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "en", "explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "Year files and forms" in lines
    assert {line.split(" ")[0] for line in lines} >= RULES.keys()


@pytest.mark.parametrize(
    ("written", "said"),
    [("balanc", "没有“balanc”这条规则。是不是“balance”？"), ("x", "没有“x”这条规则；“sphinx-govreport explain”列出全部。")],
)
def test_a_wrong_name_is_said(written: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--language", "zh_CN", "explain", written])
    assert stop.value.code == 2
    assert said in capsys.readouterr().err
