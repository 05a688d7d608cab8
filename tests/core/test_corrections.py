"""Corrections of published figures: read from the year file, compared with the figures, and with each other."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from sphinx_govreport.api import check, load
from sphinx_govreport.core.checks.run import Checked
from sphinx_govreport.core.checks.values import Verdict
from sphinx_govreport.core.diagnostics import translator
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.checks import check_library
from sphinx_govreport.core.library.library import Library
from tests.published import published, year_file

SUQIAN = year_file(published("suqian-2024"))
FIRST = len(SUQIAN.splitlines()) + 2  # the line of the first correction
WHOLE = {
    "date": "2025-03-10",
    "figure": "requests.received.natural-person",
    "before": "3439",
    "after": "3440",
    "reason": "漏计1件。",
}


def entry(**changed: str) -> str:
    """Return a correction, with other values; an empty value omits the key."""
    said = {key: value for key, value in (WHOLE | changed).items() if value}
    return f"  - {{{', '.join(f'{key}: {value}' for key, value in said.items())}}}"


def library(folder: Path, *entries: str, text: str = SUQIAN, head: str = "corrections:") -> Library:
    (folder / "a.yaml").write_text("\n".join((text.rstrip("\n"), head, *entries, "")), "utf-8")
    return load("a.yaml", root=folder)


def findings(folder: Path, *entries: str, today: str = "2026-01-01", **other: str) -> list[str]:
    """Return the findings in the year file, a line for each."""
    found = library(folder, *entries, **other)
    checked = check(found, today=datetime.date.fromisoformat(today))
    every = (*found.diagnostics, *(one for report in checked.values() for one in report.findings))
    return [
        f"{one.pos.line}: {one.render(translator('en'))} [{one.rule.name}]" for one in every if one.rule.severity == "error"
    ]


def test_a_correction_is_read_with_its_figure_its_day_and_both_numbers(tmp_path: Path) -> None:
    second = (
        "  - {日期: 2025-02-01, 数据: 依申请公开.本年度办理结果.予以公开.自然人, 更正前: ~, 更正后: 1408, 更正原因: 漏填}\n"
    )
    found = library(tmp_path, entry(), second)
    assert found.diagnostics == ()
    report = found.report("宿迁市", 2024)
    assert report
    assert [
        (str(one.date), one.table, one.path, one.before.text, one.after.text, one.reason) for one in report.corrections
    ] == [
        ("2025-02-01", "requests", "results.granted.natural-person", "", "1408", "漏填"),
        ("2025-03-10", "requests", "received.natural-person", "3439", "3440", "漏计1件。"),
    ], "oldest first"
    assert report.corrected == "2025-03-10"
    (checked,) = check(found, today=datetime.date(2026, 1, 1)).values()
    (outcome,) = (one for one in checked.outcomes if one.rule.name == "correction")
    assert (outcome.verdict, outcome.checked) == (Verdict.PASSED, 2)


def test_without_corrections_there_is_nothing_to_check(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SUQIAN, "utf-8")
    (checked,) = check(load("a.yaml", root=tmp_path)).values()
    assert "correction" not in {one.rule.name for one in checked.outcomes}


SLIPS = {
    "no list": ({}, "Corrections must be a list.", "bad-value"),
    "no reason": ({"reason": ""}, "The correction lacks reason.", "missing-key"),
    "no date": ({"date": ""}, "The correction lacks date.", "missing-key"),
    "another key": ({"by": "某人"}, "Unknown key “by”.", "unknown-key"),
    "a Chinese day": ({"date": "2025年3月1日"}, "“2025年3月1日” is not a date. Write for example 2025-03-01.", "bad-value"),
    "no such day": ({"date": "2025-02-29"}, "“2025-02-29” is not a date. Write for example 2025-03-10.", "bad-value"),
    "an empty date": ({"date": " "}, "“” is not a date. Write for example 2025-03-10.", "bad-value"),
    "a Chinese name that is no table": ({"figure": "申请.新收.总计"}, "Use one of: 主动公开, 依申请公开, 复议诉讼.", "unknown-key"),
    "a misspelt figure": ({"figure": "requests.recieved.total"}, "Unknown key “recieved”. Did you mean “received”?", "unknown-key"),
    "half a figure": ({"figure": "requests.received"}, "“requests.received” is not a single figure.", "unknown-key"),
    "no number": ({"before": "03439"}, "“03439” is not a number. Write it without the leading 0: 3439.", "bad-number"),
    "a note": ({"before": "{value: 3439, note: 约}"}, "a correction cannot have a note.", "bad-value"),
    "no reason but dots": ({"reason": "…"}, "“…” is not a reason. Say why the figure was wrong.", "bad-value"),
}  # fmt: skip


@pytest.mark.parametrize("case", SLIPS)
def test_a_slip_is_one_error_where_it_is(case: str, tmp_path: Path) -> None:
    changed, message, rule = SLIPS[case]
    line = entry(**changed) if changed else entry().replace("- ", "  ")
    (found,) = findings(tmp_path, line)
    assert found.startswith(f"{FIRST}: ")
    assert message in found
    assert found.endswith(f"[{rule}]")


def test_a_figure_with_a_unit_is_corrected_with_it(tmp_path: Path) -> None:
    text = year_file(published("wendeng-commerce-2020"))
    figure = "proactive-disclosure.procurement.amount"
    at = len(text.splitlines()) + 2
    right = entry(figure=figure, before="{value: 25, unit: 万元}", after="{value: 251000, unit: 元}")
    (amount,) = [line for line in text.splitlines() if "amount" in line]
    text = text.replace(amount, "    amount: {value: 25.1, unit: 万元}")
    assert findings(tmp_path, right, text=text) == [], "25.1万元 are 251000元"
    wrong = entry(figure=figure, before="{value: 25, unit: 万元}", after="{value: 251, unit: 元}")
    (found,) = findings(tmp_path, wrong, text=text)
    assert found == (
        f"{at}: 政府集中采购·采购总金额 is 25.1万元 (line {text.splitlines().index('    amount: {value: 25.1, unit: 万元}') + 1}), "
        "but was corrected to 251元. Correct the figure, or add the missing correction. [correction]"
    )


def test_the_figure_is_what_it_was_corrected_to(tmp_path: Path) -> None:
    line = SUQIAN.splitlines().index("    natural-person: 3440") + 1
    assert findings(tmp_path, entry(after="3441")) == [
        f"{FIRST}: 本年新收政府信息公开申请数量·自然人 is 3440 (line {line}), but was corrected to 3441. "
        "Correct the figure, or add the missing correction. [correction]"
    ]
    assert len(findings(tmp_path, entry(after="/"))) == 1
    assert len(findings(tmp_path, entry(after="~"))) == 1


def test_before_and_after_differ(tmp_path: Path) -> None:
    assert findings(tmp_path, entry(before="3440")) == [
        f"{FIRST}: Nothing is corrected: before and after are both 3440. "
        "Under “before”, write the number that was published. [correction]"
    ]


def test_corrections_of_one_figure_form_a_chain(tmp_path: Path) -> None:
    first, second = entry(date="2025-02-01", before="3400", after="3439"), entry()
    assert findings(tmp_path, first, second) == []
    assert findings(tmp_path, second, first) == [], "by their days, in whatever order they are written"
    assert findings(tmp_path, first, entry(before="3438")) == [
        f"{FIRST + 1}: 本年新收政府信息公开申请数量·自然人: this correction begins with 3438, but that of 2025-02-01 "
        f"(line {FIRST}) ended with 3439. Correct one of the two. [correction]"
    ]


def test_a_correction_is_of_a_day_on_which_it_can_have_been_published(tmp_path: Path) -> None:
    day = "Write the day on which the correction was published. [correction]"
    early = f"{FIRST}: The correction of 2024-12-31 is older than any report for 2024. {day}"
    late = f"{FIRST}: The correction is dated 2025-03-10, but this date is in the future. {day}"
    assert findings(tmp_path, entry(date="2024-12-31")) == [early]
    assert findings(tmp_path, entry(), today="2025-03-09") == [late]
    assert findings(tmp_path, entry(), today="2025-03-10") == []
    dissolved = f"{SUQIAN}explanations: {{future-year: 机构撤销。}}\n"
    assert findings(tmp_path, entry(date="2024-12-31"), text=dissolved) == [], "its report was published within the year"
    assert len(findings(tmp_path, entry(date="2023-12-31"), text=dissolved)) == 1


def test_what_is_kept_is_not_used_on_a_day_for_which_it_does_not_hold(tmp_path: Path) -> None:
    found = library(tmp_path, entry())

    def errors(day: str) -> int:
        cache: Cache[Checked] = Cache(tmp_path / "kept", "1")
        (checked,) = check_library(found, {}, cache=cache, today=datetime.date.fromisoformat(day)).values()
        return sum(one.rule.name == "correction" for one in checked.findings)

    assert [errors(day) for day in ("2025-03-09", "2025-03-10", "2025-03-09", "2026-03-10")] == [1, 0, 1, 0]


def test_a_figure_that_is_none_is_said_once(tmp_path: Path) -> None:
    wrong = SUQIAN.replace("    natural-person: 3440", "    natural-person: 03440", 1)
    (found,) = [one for one in findings(tmp_path, entry(), text=wrong) if "total" not in one]
    assert found.endswith("[bad-number]")


def test_with_the_wrong_form_nothing_is_said_of_corrections(tmp_path: Path) -> None:
    wrong = SUQIAN.replace("default: 2021", "default: 2019").replace("requests: 2021", "requests: 2019")
    assert not [one for one in findings(tmp_path, entry(), text=wrong) if one.startswith(f"{FIRST}:")]


def test_no_table_of_a_local_form_can_be_called_so(tmp_path: Path) -> None:
    local = (
        "form: x\nenglish: x\nsource: {notice: 甲}\ntables:\n  corrections: {label: 更正, english: x, unit: 件, blocks: []}\n"
    )
    (tmp_path / "x.yaml").write_text(local, "utf-8")
    assert any("corrections" in one.render(translator("en")) for one in load(root=tmp_path, forms=["x.yaml"]).diagnostics)


def test_only_figures_can_have_a_correction(tmp_path: Path) -> None:
    local = "form: x\nkind: 甲\nsource: {notice: 甲}\nyears: {from: 2021}\ntables:\n  cases: {label: 案件, unit: 件, columns: [{label: 立案}, {label: 备注, text: true}]}\n"
    (tmp_path / "x.yaml").write_text(local, "utf-8")
    correction = entry(figure="cases.备注", before="无", after="含网络")
    written = f"agency: 甲\nyear: 2024\nform: x\ncases: [1, 含网络]\ncorrections:\n{correction}\n"
    (tmp_path / "a.yaml").write_text(written, "utf-8")
    (found,) = load("a.yaml", root=tmp_path, forms=["x.yaml"]).diagnostics
    assert (found.rule.name, found.pos.line) == ("bad-value", 6)
    assert found.render(translator("en")).startswith("备注 is a text: only figures can have a correction.")
    assert found.render(translator("zh_CN")) == "备注是文字，更正只用于数据。请在表下的附注里写明更正。"
