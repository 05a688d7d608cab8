"""Figures compared with last year's: jumps, figures in the wrong unit, and changes without meaning."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sphinx_govreport.cli import main
from sphinx_govreport.core.checks.run import check_report
from sphinx_govreport.core.checks.values import Verdict
from sphinx_govreport.core.diagnostics import Severity
from sphinx_govreport.core.forms.reader import statutory_forms
from tests.core.test_checks import report

CASES = Path(__file__).parent / "cases"
RULES = ("amount-unit", "jump")
FEES = "proactive-disclosure.fees.amount"
LICENCES = "proactive-disclosure.licensing.decisions"
BOUGHT = "proactive-disclosure.procurement.amount"
MORE = "proactive-disclosure.licensing.change"

#: figure, last year's, this year's, the rule that reports it
CHANGES = [
    (LICENCES, "1", "6", ""),
    (LICENCES, "3", "0", ""),
    (LICENCES, "1", "8", ""),
    (LICENCES, "1", "0", ""),
    (LICENCES, "9", "0", ""),
    (LICENCES, "1", "10", ""),
    (LICENCES, "10", "1", ""),
    (LICENCES, "0", "5000", ""),
    (LICENCES, "100", "499", ""),
    (LICENCES, "500", "101", ""),
    (LICENCES, "10", "0", "jump"),
    (LICENCES, "1", "11", "jump"),
    (LICENCES, "12", "2", "jump"),
    (LICENCES, "58", "3", "jump"),
    (LICENCES, "100", "500", "jump"),
    (LICENCES, "500", "100", "jump"),
    (LICENCES, "550", "9487", "jump"),
    (LICENCES, "5", "50000", "jump"),  # a count has no other unit
    (FEES, "72701.2578", "59237.2449", ""),
    (FEES, "0.5", "6.2", ""),
    (FEES, "0", "727012578", ""),
    (FEES, "72701.2578", "0", "jump"),
    (FEES, "72701.2578", "7.27", "amount-unit"),
    (FEES, "72701.2578", "727012578", "amount-unit"),
    (FEES, "7.27", "72701.2578", "amount-unit"),
    (FEES, "0.0012", "3.5", "amount-unit"),
    (FEES, "1", "2000", "jump"),
    (FEES, "1", "2001", "amount-unit"),
    (FEES, "1", "49999", "amount-unit"),
    (FEES, "1", "50000", "jump"),
    (FEES, "72701.2578", "727.012578", "jump"),
]
#: the same for the form of 2019, where figures state their units and may have signs
OF_2019 = [
    (BOUGHT, "{value: 350, unit: 万元}", "{value: 3500000, unit: 元}", ""),
    (BOUGHT, "{value: 3500000, unit: 元}", "{value: 350.5, unit: 万元}", ""),
    (BOUGHT, "{value: 350, unit: 万元}", "{value: 350, unit: 元}", "amount-unit"),
    (BOUGHT, "{value: 350, unit: 万元}", "{value: 3500000, unit: 万元}", "amount-unit"),
    (BOUGHT, "{value: 350, unit: 万元}", "{value: 50, unit: 万元}", "jump"),
    (MORE, "-100", "-100", ""),
    (MORE, "-8", "8", ""),
    (MORE, "-8", "-45", "jump"),
]


def rules(name: str, path: str, then: str, now: str, levels: dict[str, Severity | None] | None = None) -> list[str]:
    last, this = report(name, {path: then}), report(name, {path: now})
    found = check_report(this, last, statutory_forms(), levels or {}).findings
    return [one.rule.name for one in found if one.rule.name in RULES]


@pytest.mark.parametrize(("path", "then", "now", "rule"), CHANGES)
def test_a_change_is_reported_if_it_matters_and_once(path: str, then: str, now: str, rule: str) -> None:
    assert rules("suqian-2024", path, then, now) == ([rule] if rule else [])


@pytest.mark.parametrize(("path", "then", "now", "rule"), OF_2019)
def test_sizes_are_compared_in_one_unit_and_without_their_sign(path: str, then: str, now: str, rule: str) -> None:
    assert rules("wendeng-commerce-2020", path, then, now) == ([rule] if rule else [])


def test_an_amount_in_the_other_unit_has_jumped_where_nobody_asks_for_units() -> None:
    assert rules("suqian-2024", FEES, "72701.2578", "7.27", {"amount-unit": None}) == ["jump"]
    assert rules("suqian-2024", FEES, "72701.2578", "7.27", {"jump": None}) == ["amount-unit"]


@pytest.mark.parametrize(("now", "verdict"), [("6", Verdict.PASSED), ("600", Verdict.FAILED), ("", Verdict.NOT_CHECKABLE)])
def test_a_figure_that_is_not_known_has_not_stayed_as_it_was(now: str, verdict: Verdict) -> None:
    last, this = report("suqian-2024", {LICENCES: "5"}), report("suqian-2024", {LICENCES: now})
    (outcome,) = (one for one in check_report(this, last, statutory_forms(), {}).outcomes if one.rule.name == "jump")
    assert outcome.verdict is verdict


def test_small_figures_of_a_real_report_are_no_findings_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "zh_CN", "check", str(CASES / "jump-small")]) == 0
    said = capsys.readouterr().out
    assert re.findall(r"[^：；]+由 \d+ [增降]至 \d+", said) == [
        "行政规范性文件·本年废止件数由 3 增至 55",
        "行政强制·本年处理决定数量由 42 降至 0",
        "行政诉讼·未经复议直接起诉·总计由 12 降至 1",
    ], "not 结转下年度继续办理由 1 变为 0, nor any other figure below 10"
