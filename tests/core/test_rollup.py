"""Reports of many agencies added up: every figure, nothing that is not known, and the check of a stated sum."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from sphinx_govreport.cli import main
from sphinx_govreport.core.diagnostics import Diagnostic
from sphinx_govreport.core.form import Form
from sphinx_govreport.core.form_file import statutory_forms
from sphinx_govreport.core.model import Report
from sphinx_govreport.core.rollup import add_up, forms_of_most, merge
from tests.exporters.test_exports import read
from tests.published import published, year_file

FORMS = statutory_forms()
SUQIAN = year_file(published("suqian-2024"))
NEXT = year_file(published("suqian-2023")).replace("year: 2023", "year: 2024")


def named(text: str, agency: str) -> str:
    return re.sub("^agency: .*$", f"agency: {agency}", text, flags=re.MULTILINE)


def values(report: Report) -> dict[str, Decimal | None]:
    return {f"{table}.{path}": figure.value for table, figures in report.figures.items() for path, figure in figures.items()}


class RolledUp(NamedTuple):
    report: Report
    findings: tuple[Diagnostic, ...]


def roll_up(agency: str, year: int, parts: Sequence[Report], forms: Mapping[str, Form]) -> RolledUp:
    """The parts added up one by one, and as two halves: it comes to the same."""
    chosen = forms_of_most(part.forms for part in parts)
    sums = add_up(parts, chosen, forms)
    half = len(parts) // 2
    halves = merge(add_up(parts[:half], chosen, forms), add_up(parts[half:], chosen, forms))
    assert halves == sums
    return RolledUp(sums.report(agency, year, forms), sums.findings)


def test_every_figure_is_the_sum_of_the_parts() -> None:
    parts = [read(named(text, name)) for name, text in (("甲", SUQIAN), ("乙", NEXT), ("丙", SUQIAN))]
    rolled = roll_up("某市", 2024, parts, FORMS)
    assert rolled.findings == ()
    one, two = values(parts[0]), values(parts[1])
    assert values(rolled.report) == {path: (one[path] or 0) * 2 + (two[path] or 0) for path in one}
    assert rolled.report.figure("proactive-disclosure.fees.amount").text == "204639.7605"


@pytest.mark.parametrize("seed", range(20))
def test_made_up_agencies_add_up_exactly(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    texts = [
        re.sub(r"(?<=: )\d+$", lambda _m: str(rng.randrange(9999)), named(SUQIAN, f"第{n}局"), flags=re.MULTILINE)
        for n in range(30)
    ]
    texts = [
        re.sub(
            r"^(year|  default|  requests): .*$",
            lambda m: f"{m[1]}: {'2024' if m[1] == 'year' else '2021'}",
            t,
            flags=re.MULTILINE,
        )
        for t in texts
    ]
    parts = [read(text) for text in texts]
    rolled = roll_up("某市", 2024, parts, FORMS).report
    for path, value in values(rolled).items():
        assert value == sum(values(part)[path] or 0 for part in parts)


def test_what_is_not_known_is_left_out_and_named() -> None:
    blank = named(SUQIAN, "乙").replace("issued: 2\n", "issued: ~\n", 1)
    none = named(SUQIAN, "丙").replace("repealed: 1\n", "repealed: /\n", 1)
    rolled = roll_up("某市", 2024, [read(named(SUQIAN, "甲")), read(blank), read(none)], FORMS)
    figures = rolled.report.figures["proactive-disclosure"]
    assert not figures["rules.issued"].is_stated
    assert figures["rules.repealed"].value == 2
    assert figures["rules.in-force"].value == 36
    assert [(f.rule.name, f.message.render(str)) for f in rolled.findings] == [
        ("unknown-part", "乙: 规章·本年制发件数 are not known; their sums are left out."),
        ("not-counted", "丙: 规章·本年废止件数 do not apply and are not counted."),
    ]


def test_another_form_is_added_only_where_it_counts_the_same() -> None:
    hybrid = read(named(year_file(published("huaian-hongze-2023")).replace("year: 2023", "year: 2024"), "丙"))
    two = [read(named(SUQIAN, name)) for name in ("甲", "乙")]
    rolled = roll_up("某市", 2024, [*two, hybrid], FORMS)
    figures = rolled.report.figures["requests"]
    assert figures["received.total"].value == 2 * 3525 + 21
    assert not figures["results.other.overdue-payment.natural-person"].is_stated, "one edition has one row for three"
    assert [f.rule.name for f in rolled.findings] == ["other-form"]
    other = roll_up("某市", 2024, [two[0], hybrid, read(named(year_file(published("huaian-hongze-2023")), "丁"))], FORMS)
    assert other.report.forms["requests"] == "2019"
    assert other.report.figure("requests.results.other.natural-person").value == 75 + 38 + 352
    assert other.findings == ()


def test_amounts_in_two_units_are_added_exactly() -> None:
    text = year_file(published("shanghai-municipal-office-2019"))
    parts = [read(named(text, "甲")), read(named(text.replace("value: 251000, unit: 元", "value: 12.345, unit: 万元"), "乙"))]
    figure = roll_up("某市", 2019, parts, FORMS).report.figure("proactive-disclosure.procurement.amount")
    assert (figure.value, figure.text, figure.unit) == (Decimal(251000) + Decimal("123450"), "374450", "元")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    for name, text in (("甲", SUQIAN), ("乙", NEXT)):
        (tmp_path / f"data/{name}.yaml").write_text(named(text, name), "utf-8")
    return tmp_path


def test_the_command_writes_the_sum_and_names_who_is_absent(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "list.txt").write_text("甲\n丁\n", "utf-8")
    assert main(["--language", "en", "rollup", "data", "--agency", "某市", "-o", "sum.yaml"]) == 0
    assert capsys.readouterr().err == "2 reports were added up.\n"
    assert read((folder / "sum.yaml").read_text("utf-8")).figure("requests.received.total").value == 3525 + 3511
    assert main(["--language", "en", "rollup", "data", "--agency", "某市", "--expect", "list.txt"]) == 1
    out = capsys.readouterr()
    assert out.err.splitlines() == [
        "data/乙.yaml:1:1: warning: 乙 is not on the list, but is in the sum. [unexpected-agency]",
        "list.txt:2:1: error: There is no report of 丁; the sum is without it. [absent-agency]",
        "2 reports were added up.",
    ]
    assert "agency: 某市" in out.out
    (folder / "data/old.yaml").write_text(named(SUQIAN, "甲").replace("year: 2024", "year: 2023"), "utf-8")
    with pytest.raises(SystemExit):
        main(["rollup", "data", "--agency", "某市"])


def test_a_stated_sum_is_checked_against_its_parts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["rollup", "data", "--agency", "某市", "-o", "data/sum.yaml"])
    arguments = ["--language", "en", "check", "data", "--parts", "某市=甲,乙", "--severity", "jump=off"]
    capsys.readouterr()
    assert main([*arguments, "--strict"]) == 0
    assert "[parts]" not in capsys.readouterr().out
    text = (folder / "data/sum.yaml").read_text("utf-8")
    (folder / "data/sum.yaml").write_text(text.replace("issued: 4,", "issued: 5,"), "utf-8")
    assert main([*arguments, "--strict"]) == 1
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "[parts]" in line]
    assert line.startswith("data/sum.yaml:7:")
    assert "规章·本年制发件数 5, but the parts come to 4." in line
    assert main(["--language", "zh_CN", *arguments[2:]]) == 0, "a warning fails only strictly"
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "[parts]" in line]
    assert line.endswith(
        "警告: 与下级机关汇总数不一致：规章·本年制发件数为 5，下级机关合计 4。 如果数据无误，请写明原因：“explanations: {parts: …}”。 [parts]"
    )
    assert main(["--language", "en", "check", "data", "--parts", "某市=甲,乙,丙", "--strict"]) == 1
    assert "There is no report of 丙; the parts cannot be added up." in capsys.readouterr().out
    (folder / "data/sum.yaml").write_text(
        text.replace("issued: 4,", "issued: 5,") + "explanations: {parts: 含市级。}\n", "utf-8"
    )
    assert main([*arguments, "--strict"]) == 0
