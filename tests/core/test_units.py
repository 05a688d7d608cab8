"""Amounts in 元 and 万元 in one table of a local form: totals, checks and years are computed in one unit."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_govreport.api import Library, check, load
from sphinx_govreport.cli import main
from sphinx_govreport.core.checks.corrections import lost_corrections
from sphinx_govreport.core.checks.values import Verdict
from sphinx_govreport.core.diagnostics import translator

FORM = """\
form: own
kind: 采购统计
source: {notice: 通知}
years: {from: 2019}
tables:
  bought:
    label: 采购情况
    unit: 项
    columns: [{key: projects, label: 项目数量}, {key: amount, label: 金额, decimal: true, units: [万元, 元]}, {label: 备注, text: true}]
    rows: [{key: goods, label: 货物}, {key: services, label: 服务}, {key: total, label: 合计, sum: siblings, rule: sum}]
    checks: [{rule: growing, equation: "last:goods.amount <= goods.amount"}]
"""
GOODS, SERVICES = "{value: 22.5, unit: 万元}", "{value: 251000, unit: 元}"


def library(folder: Path, years: dict[int, tuple[str, str, str]]) -> Library:
    """Read a year file for each year, with the amounts of goods and services, and the total if it is not empty."""
    (folder / "own.yaml").write_text(FORM, "utf-8")
    for year, (goods, services, total) in years.items():
        last = f"  total: {{projects: 5, amount: {total}}}\n" if total else ""
        (folder / f"{year}.yaml").write_text(
            f"agency: 某局\nyear: {year}\nform: own\nbought:\n  goods: {{projects: 3, amount: {goods}}}\n"
            f"  services: {{projects: 2, amount: {services}}}\n{last}",
            "utf-8",
        )
    return load(*(f"{year}.yaml" for year in years), root=folder, forms=["own.yaml"])


@pytest.mark.parametrize(
    ("goods", "services", "total"),
    [
        (GOODS, SERVICES, "476000元"),
        (GOODS, "{value: 0.55, unit: 万元}", "23.05万元"),
        (GOODS, "0", "22.5万元"),
        ("/", SERVICES, "251000元"),
        ("~", SERVICES, ""),
    ],
)
def test_an_omitted_total_is_in_a_unit_of_all_parts(goods: str, services: str, total: str, tmp_path: Path) -> None:
    report = library(tmp_path, {2020: (goods, services, "")}).report("某局", 2020)
    assert report
    figure = report.figure("bought.total.amount")
    assert figure.text + figure.unit == total


def test_an_omitted_total_of_amounts_without_a_common_unit_is_unknown(tmp_path: Path) -> None:
    found = library(tmp_path, {2020: ("22.5", SERVICES, "")})
    report = found.report("某局", 2020)
    assert report
    assert [one.rule.name for one in found.diagnostics] == ["missing-unit"]
    assert not report.figure("bought.total.amount").status.is_known


@pytest.mark.parametrize(
    ("total", "said"),
    [
        ("{value: 476000, unit: 元}", []),
        ("{value: 47.6, unit: 万元}", []),
        (
            "{value: 48, unit: 万元}",
            [
                "合计·金额: the parts add up to 476000元 (22.5万元+251000元, lines 5, 6), but the stated total is 48万元 (line 7); "
                "off by 4000元. Correct the wrong figure."
            ],
        ),
    ],
)
def test_a_stated_total_is_compared_in_one_unit(total: str, said: list[str], tmp_path: Path) -> None:
    (checked,) = check(library(tmp_path, {2020: (GOODS, SERVICES, total)})).values()
    assert [one.render(translator("en")) for one in checked.findings] == said


def test_a_sum_with_an_amount_without_unit_is_not_checked(tmp_path: Path) -> None:
    (checked,) = check(library(tmp_path, {2020: ("22.5", SERVICES, "{value: 47.6, unit: 万元}")})).values()
    outcomes = {one.rule.name: one for one in checked.outcomes}
    assert outcomes["sum"].verdict is Verdict.NOT_CHECKABLE
    assert outcomes["sum"].obstacle
    assert outcomes["sum"].obstacle.render(translator("en")) == "It cannot be checked in full: 货物·金额 (line 5) is unknown."
    assert checked.findings == ()


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        (SERVICES, "{value: 25.1, unit: 万元}", []),
        (SERVICES, "{value: 26, unit: 万元}", []),
        (
            SERVICES,
            GOODS,
            [
                "last year's 货物·金额 is 251000元 (2019.yaml line 5), but 货物·金额 is 22.5万元 (line 5); over by 26000元. "
                "Correct the wrong figure."
            ],
        ),
    ],
)
def test_the_amounts_of_two_years_are_compared_in_one_unit(then: str, now: str, said: list[str], tmp_path: Path) -> None:
    _last, checked = check(library(tmp_path, {2019: (then, "0", ""), 2020: (now, "0", "")})).values()
    assert [one.render(translator("en")) for one in checked.findings] == said
    jump = next(one for one in checked.outcomes if one.rule.name == "jump")
    assert jump.verdict is Verdict.PASSED, "texts are no figures that could have jumped"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "{label: 备注, text: true}",
            "{key: total, label: 合计, sum: siblings, rule: across}",
            "own.yaml:7:5: error: The figures of “goods.total” are not counted in one unit: 货物·项目数量（项）, 货物·金额（万元/元）. [bad-form]",
        ),
        (
            "last:goods.amount <= goods.amount",
            "goods.projects <= goods.amount",
            "own.yaml:11:14: error: The figures of “goods.projects <= goods.amount” are not counted in one unit: "
            "货物·项目数量（项）, 货物·金额（万元/元）. [bad-form]",
        ),
    ],
)
def test_a_form_cannot_add_or_compare_figures_of_different_units(
    old: str, new: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert old in FORM
    Path("own.yaml").write_text(FORM.replace(old, new), "utf-8")
    assert main(["--language", "en", "forms", "own.yaml"]) == 1
    output = capsys.readouterr()
    assert said in (output.out + output.err).splitlines()


def test_a_published_correction_cannot_change_its_unit(tmp_path: Path) -> None:
    reports = []
    for unit in ("万元", "元"):
        found = library(tmp_path, {2020: (GOODS, "0", "")})
        said = f"{{date: 2021-05-06, figure: bought.goods.amount, before: {{value: 21, unit: {unit}}}, after: {GOODS}, reason: 漏计}}"
        with (tmp_path / "2020.yaml").open("a", encoding="utf-8") as file:
            file.write(f"corrections: [{said}]\n")
        report = load("2020.yaml", root=tmp_path, forms=["own.yaml"]).report("某局", 2020)
        assert report
        reports.append(report)
    (lost,) = lost_corrections(*reports, found.forms)
    assert "The correction of 货物·金额 from 21万元 to 22.5万元, dated 2021-05-06, is no longer in the file." in lost.render(
        str
    )
    assert not [*lost_corrections(reports[0], reports[0], found.forms)]
