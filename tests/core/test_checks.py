"""Checks: every rule on real figures, with its message in both languages, and cases without a finding."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from sphinx_govreport.core.checks.publication import likeness
from sphinx_govreport.core.checks.registry import CHECKS
from sphinx_govreport.core.checks.run import Checked, check_report
from sphinx_govreport.core.checks.sums import CARRIED_OVER
from sphinx_govreport.core.checks.values import Verdict
from sphinx_govreport.core.diagnostics import Pos, Severity, translator
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import read_form, statutory_forms
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.yaml.source import read_source
from tests.published import NAMES, published, year_file

CASES = yaml.safe_load((Path(__file__).parent / "checks.yaml").read_text("utf-8"))


def report(name: str, changes: dict[str, str] | None = None, more: str = "") -> Report:
    """Return a published report with some figures changed, and additional lines at the end of its file."""
    found = published(name)
    figures = {table: dict(of) for table, of in found.figures.items()}
    for key, written in (changes or {}).items():
        table, _, path = key.partition(".")
        assert path in figures[table]
        figures[table][path] = str(written)
    text = year_file(found._replace(figures=figures)) + more
    read = read_report(read_source(f"{name}.yaml", text.encode()), statutory_forms())
    assert read.report
    assert not read.diagnostics
    return read.report


@cache
def untouched(name: str) -> Report:
    return report(name)


def checked(subject: Report, last: Report | None = None, levels: dict[str, Severity | None] | None = None) -> Checked:
    return check_report(subject, last, statutory_forms(), levels or {})


def run_case(case: dict[str, Any]) -> Checked:
    last = report(case["last"], case.get("last-changes")) if "last" in case else None
    levels = {rule: Severity(level) if level != "off" else None for rule, level in case.get("levels", {}).items()}
    return checked(report(case["report"], case.get("changes"), case.get("more", "")), last, levels)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_slip_is_found_and_shows_its_working(case: dict[str, Any]) -> None:
    found = run_case(case)
    chinese, english = translator("zh_CN"), translator("en")
    assert [
        {
            "place": f"{finding.pos.line}:{finding.pos.column}",
            "rule": finding.rule.name,
            "severity": finding.rule.severity.value,
            "zh_CN": finding.render(chinese),
            "en": finding.render(english),
        }
        for finding in found.findings
    ] == case["findings"]


def test_every_check_has_a_case_that_finds_and_one_that_is_silent() -> None:
    finding = {found["rule"] for case in CASES for found in case["findings"]}
    passed = {
        outcome.rule.name
        for case in CASES
        for outcome in run_case(case).outcomes
        if outcome.verdict is Verdict.PASSED and outcome.checked
    }
    alone = {rule.name for rule in CHECKS} - {
        "parts",
        "future-year",
        "file-year",
        "form-year",
        "begun-year",
    }  # see test_rollup, test_future_years, test_next_year
    assert finding >= alone
    assert passed >= alone


@pytest.mark.parametrize("name", NAMES)
def test_published_reports_give_the_judged_errors(name: str) -> None:
    errors = [found.rule.name for found in checked(untouched(name)).findings if found.rule.severity is Severity.ERROR]
    assert errors == (["reviews-total"] * 2 if name == "huaian-hongze-2023" else [])


def test_two_years_that_follow_each_other_balance() -> None:
    outcomes = checked(untouched("suqian-2024"), untouched("suqian-2023")).outcomes
    verdicts = {outcome.rule.name: (outcome.verdict, outcome.checked) for outcome in outcomes}
    assert verdicts["carried-over"] == (Verdict.PASSED, 7)
    assert verdicts["in-force"] == (Verdict.PASSED, 2)


def test_across_the_change_of_forms_only_requests_are_compared() -> None:
    outcomes = checked(untouched("suqian-2023"), untouched("wendeng-commerce-2020")).outcomes
    verdicts = {outcome.rule.name: outcome.verdict for outcome in outcomes}
    assert verdicts["carried-over"] is Verdict.FAILED  # another agency's report: the figures differ, but they can be compared
    assert verdicts["in-force"] is Verdict.NOT_COMPARABLE


def _figures_in_identities() -> Iterator[str]:
    found = untouched("suqian-2024")
    for table, form in found.forms.items():
        equations = layout_of(statutory_forms()[form].table(table)).equations
        yield from sorted({f"{table}.{term.path}" for one in equations for term in one.terms if not term.is_last})


@pytest.mark.parametrize("path", list(_figures_in_identities()))
def test_every_changed_figure_is_found_and_named_by_its_line(path: str) -> None:
    value = int(untouched("suqian-2024").figure(path).text)
    wrong = report("suqian-2024", {path: str(value + 1)})
    findings = [
        found for found in checked(wrong, untouched("suqian-2023")).findings if found.rule.severity is not Severity.HINT
    ]
    assert findings
    assert any(place.line == wrong.figure(path).line for found in findings for place in found.places)
    errors = [found for found in findings if found.rule.severity is Severity.ERROR]
    assert len(errors) == (0 if path.startswith("proactive") else 1)  # one error for one wrong figure
    in_several = sum(
        path in {f"requests.{term.path}" for term in one.terms}
        for one in layout_of(statutory_forms()["2021"].table("requests")).equations
        if not one.is_across_years
    )
    if in_several > 1:  # then the message names the figure itself
        assert errors[0].pos.line == wrong.figure(path).line
        assert f"填报 {value + 1}，" in errors[0].render(translator("zh_CN"))
        assert f"均应为 {value}：" in errors[0].render(translator("zh_CN"))


def test_a_slip_in_a_report_without_totals_is_one_error() -> None:
    whole = published("suqian-2024")
    lines = year_file(whole).splitlines(keepends=True)
    text = "".join(line for line in lines if not line.strip().startswith("total: ")).replace(
        "natural-person: 3440", "natural-person: 3441", 1
    )
    read = read_report(read_source("a.yaml", text.encode()), statutory_forms())
    assert read.report
    (found,) = checked(read.report).findings
    assert found.rule.name == "balance"


def test_an_explanation_is_kept_for_its_table() -> None:
    because = "explanations: {in-force: 本年度开展了清理工作}\n"
    changed = report("suqian-2024", {"proactive-disclosure.rules.in-force": "11"}, because)
    found = checked(changed, untouched("suqian-2023"))
    assert [finding.rule.name for finding in found.findings] == ["jump"]
    assert found.explanations("proactive-disclosure") == ("本年度开展了清理工作",)
    assert found.explanations("requests") == ()


def test_only_errors_are_marked_in_their_table() -> None:
    found = checked(untouched("huaian-hongze-2023"))
    assert found.errors("requests") == ()
    assert {path for error in found.errors("reviews") for path in error.figures} == {
        f"reviews.{branch}.{outcome}"
        for branch in ("reconsideration", "litigation.after-reconsideration")
        for outcome in ("upheld", "corrected", "other", "pending", "total")
    }


def test_how_much_was_looked_at_is_counted() -> None:
    checked = check_report(untouched("suqian-2024"), untouched("suqian-2023"), statutory_forms(), {})
    looked = {outcome.rule.name: outcome.checked for outcome in checked.outcomes}
    expected = {
        "row-total": 25, "column-total": 7, "balance": 7, "reviews-total": 3, "not-filled": 200, "not-applicable": 200,
        "carried-over": 7, "in-force": 2, "jump": 38,
    }  # fmt: skip
    assert {rule: looked[rule] for rule in expected} == expected


def test_a_finding_across_years_names_the_places_of_both_files() -> None:
    subject = report("suqian-2024", {"requests.carried-in.natural-person": "119", "requests.carried-in.total": "122"})
    (found,) = (one for one in check_report(subject, untouched("suqian-2023"), statutory_forms(), {"balance": None}).findings
                if one.rule.name == CARRIED_OVER.name)  # fmt: skip
    here, there = (
        subject.figure("requests.carried-in.natural-person"),
        untouched("suqian-2023").figure("requests.carried-out.natural-person"),
    )
    assert Pos("suqian-2024.yaml", here.line, here.column) in found.places
    assert Pos("suqian-2023.yaml", there.line, there.column) in found.places
    assert {place.path for place in found.places} == {"suqian-2023.yaml", "suqian-2024.yaml"}
    assert Pos("suqian-2023.yaml", here.line, here.column) not in found.places


def test_a_0_that_should_be_another_number_is_blamed_with_it() -> None:
    subject = report("suqian-2024", {"requests.results.granted.enterprise": "0"})
    (found,) = check_report(subject, None, statutory_forms(), {}).findings
    assert "is 0, but 2 totals require 21: " in found.message.render(str)


def test_a_text_is_compared_by_its_runs_of_five_characters() -> None:
    written = "".join(chr(0x4E00 + number) for number in range(200))  # none twice
    assert [likeness(written, last) for last in (written, written[:100], written[:5], written[:4])] == [100, 49, 1, 0]
    assert likeness(written[1:], written) == 0, "too short"


@pytest.mark.parametrize(
    ("equation", "said"),
    [
        ("'a + b = c'", "丙 is 7 (line 4), but 甲+乙 add up to 3 (1+2, line 4); off by 4. Correct the wrong figure."),
        ("'a - b = c'", "丙 is 7 (line 4), but 甲−乙 is -1 (1−2, line 4); off by 8. Correct the wrong figure."),
        (
            "a = c, source: 某办发〔2022〕3号, title: 甲等于丙",
            "Not met: “甲等于丙”. 甲 is 1 (line 4), but 丙 is 7 (line 4); off by 6. Prescribed by: 某办发〔2022〕3号. "
            "Correct the wrong figure.",
        ),
    ],
)
def test_an_equation_of_a_form_is_said_in_the_words_of_the_form(equation: str, said: str) -> None:
    text = (
        "form: own\nkind: 统计\nsource: {notice: 通知}\nyears: {from: 2021}\ntables:\n  units:\n    label: 情况\n    unit: 件\n"
        "    columns: [{label: 甲, key: a}, {label: 乙, key: b}, {label: 丙, key: c}]\n"
        f"    checks: [{{rule: own, equation: {equation}}}]\n"
    )
    form, problems = read_form(read_source("own.yaml", text.encode()), statutory_forms())
    assert form, problems
    written = "agency: 某局\nyear: 2024\nform: own\nunits: [1, 2, 7]\n"
    subject, _problems = read_report(read_source("a.yaml", written.encode()), {form.name: form})
    assert subject
    (found,) = check_report(subject, None, {form.name: form}, {}).findings
    assert (found.rule.name, found.render(translator("en"))) == ("own", said)


def test_a_reason_is_printed_below_the_table_that_it_explains() -> None:
    subject = report(
        "suqian-2024", {"requests.carried-in.natural-person": "119"}, "explanations: {carried-over: 上年数据已更正。}\n"
    )
    found = checked(subject, untouched("suqian-2023"))
    tables = ("proactive-disclosure", "requests", "reviews")
    assert [found.explanations(table) for table in tables] == [(), ("上年数据已更正。",), ()]
