"""Reports of many agencies added up: every figure, no unknown figures, and the check of a stated sum."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from sphinx_govreport.cli import main
from sphinx_govreport.core.checks.parts import PARTS
from sphinx_govreport.core.checks.run import check_report
from sphinx_govreport.core.diagnostics import Diagnostic
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.reader import read_form, statutory_forms
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.rollup import Parts, add_up, forms_of_most, merge, suspects
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.yaml.source import read_source
from tests.core.test_checks import report, untouched
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
    """Add up the parts one by one, and as two halves: the result is the same."""
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


@pytest.mark.broad
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
    figures = [values(part) for part in parts]
    for path, value in values(rolled).items():
        assert value == sum(figure[path] or 0 for figure in figures)


def test_what_is_not_known_is_left_out_and_named() -> None:
    blank = named(SUQIAN, "乙").replace("issued: 2\n", "issued: ~\n", 1)
    none = named(SUQIAN, "丙").replace("repealed: 1\n", "repealed: /\n", 1)
    rolled = roll_up("某市", 2024, [read(named(SUQIAN, "甲")), read(blank), read(none)], FORMS)
    figures = rolled.report.figures["proactive-disclosure"]
    assert not figures["rules.issued"].is_explicit
    assert figures["rules.repealed"].value == 2
    assert figures["rules.in-force"].value == 36
    assert [(f.rule.name, f.message.render(str)) for f in rolled.findings] == [
        ("unknown-part", "乙: 规章·本年制发件数 are not known; their sums are left out."),
        ("not-counted", "丙: 规章·本年废止件数 do not apply and are not counted."),
    ]


def test_several_unknown_figures_are_reported_at_the_first_of_them() -> None:
    blank = named(SUQIAN, "乙").replace("issued: 2\n", "issued: ~\n", 1).replace("in-force: 12\n", "in-force: ~\n", 1)
    (finding,) = roll_up("某市", 2024, [read(named(SUQIAN, "甲")), read(blank)], FORMS).findings
    assert finding.message.render(str) == "乙: 规章·本年制发件数, 规章·现行有效件数 are not known; their sums are left out."
    assert finding.pos.line == blank[: blank.index("issued: ~")].count("\n") + 1


def test_another_form_is_added_only_where_it_counts_the_same() -> None:
    hybrid = read(named(year_file(published("huaian-hongze-2023")).replace("year: 2023", "year: 2024"), "丙"))
    two = [read(named(SUQIAN, name)) for name in ("甲", "乙")]
    rolled = roll_up("某市", 2024, [*two, hybrid], FORMS)
    figures = rolled.report.figures["requests"]
    assert figures["received.total"].value == 2 * 3525 + 21
    assert not figures["results.other.overdue-payment.natural-person"].is_explicit, "one edition has one row for three"
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
    assert capsys.readouterr().err == "Added up 2 reports.\n"
    assert read((folder / "sum.yaml").read_text("utf-8")).figure("requests.received.total").value == 3525 + 3511
    assert main(["--language", "en", "rollup", "data", "--agency", "某市", "--expect", "list.txt"]) == 1
    out = capsys.readouterr()
    assert out.err.splitlines() == [
        "data/乙.yaml:1:1: warning: 乙 is not on the list, but is in the sum. [unexpected-agency]",
        "list.txt:2:1: error: There is no report of 丁; the sum does not include it. [absent-agency]",
        "Added up 2 reports.",
    ]
    assert "agency: 某市" in out.out
    (folder / "data/old.yaml").write_text(named(SUQIAN, "甲").replace("year: 2024", "year: 2023"), "utf-8")
    with pytest.raises(SystemExit):
        main(["rollup", "data", "--agency", "某市"])


def test_the_sum_has_the_keys_of_the_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "chinese").mkdir()
    for name in ("甲", "乙"):
        assert main(["export", f"data/{name}.yaml", "--to", "yaml", "--keys", "zh", "-o", f"chinese/{name}.yaml"]) == 0
    capsys.readouterr()
    for language in ("en", "zh_CN"):
        assert main(["--language", language, "rollup", "chinese", "--agency", "某市"]) == 0
        assert "\n机关: 某市\n" in capsys.readouterr().out
        assert main(["--language", language, "rollup", "data", "--agency", "某市"]) == 0
        assert "\nagency: 某市\n" in capsys.readouterr().out


def test_a_stated_sum_is_checked_against_its_parts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["rollup", "data", "--agency", "某市", "-o", "data/sum.yaml"])
    arguments = ["--language", "en", "check", "data", "--parts", "某市=甲，乙", "--severity", "jump=off"]
    capsys.readouterr()
    assert main([*arguments, "--strict"]) == 0
    assert "[parts]" not in capsys.readouterr().out
    text = (folder / "data/sum.yaml").read_text("utf-8")
    (folder / "data/sum.yaml").write_text(text.replace("issued: 4,", "issued: 5,"), "utf-8")
    assert main([*arguments, "--strict"]) == 1
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "[parts]" in line]
    assert line.startswith("data/sum.yaml:7:")
    assert "规章·本年制发件数 is 5, but the parts add up to 4." in line
    assert main(["--language", "zh_CN", *arguments[2:]]) == 0, "a warning fails only strictly"
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "[所属部门合计]" in line]
    assert line.endswith(
        "警告: 与所属部门和下级行政机关的汇总数不一致：规章·本年制发件数为 5，所属部门和下级行政机关合计 4。如果数据无误，请写明原因：“explanations: {parts: …}”。 [所属部门合计]"
    )
    assert main(["--language", "en", "check", "data", "--parts", "某市=甲,乙,丙", "--strict"]) == 1
    assert "There is no report of 丙; the parts cannot be added up." in capsys.readouterr().out
    (folder / "data/sum.yaml").write_text(
        text.replace("issued: 4,", "issued: 5,") + "explanations: {parts: 含市级。}\n", "utf-8"
    )
    assert main([*arguments, "--strict"]) == 0


@pytest.mark.parametrize(
    ("whole", "part", "found"),
    [("/", "2", "/ is not 4"), ("4", "/", "4 is not /"), ("/", "/", ""), ("/", "0", ""), ("0", "/", "")],
)
def test_what_does_not_apply_adds_nothing_to_a_sum(
    whole: str, part: str, found: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A city that has no such power cannot have districts with figures of it, nor the other way round."""
    main(["rollup", "data", "--agency", "某市", "-o", "data/sum.yaml"])
    for name, issued, written in (("sum", "4", whole), ("甲", "2", part), ("乙", "2", part)):
        (path,) = (path for path in (folder / "data").iterdir() if path.stem.endswith(name))
        text = path.read_text("utf-8")
        assert text.count(f"issued: {issued}") >= 1, text
        path.write_text(text.replace(f"issued: {issued}", f"issued: {written}", 1), "utf-8")
    capsys.readouterr()
    main(["--language", "en", "check", "data", "--parts", "某市=甲，乙"])
    lines = [line for line in capsys.readouterr().out.splitlines() if "[parts]" in line]
    stated, _, added = found.partition(" is not ")
    assert len(lines) == bool(found)
    assert all(f"规章·本年制发件数 is {stated}, but the parts add up to {added}." in line for line in lines)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "There is no report of 某是; it was not compared with its parts."),
        ("zh_CN", "没有某是的年报，未与所属部门和下级行政机关的汇总数核对。"),
    ],
)
def test_a_sum_that_does_not_exist_is_said(language: str, said: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["rollup", "data", "--agency", "某市", "-o", "data/sum.yaml"])
    capsys.readouterr()
    arguments = ["--language", language, "check", "data", "--severity", "jump=off", "--parts", "某市=甲,乙"]
    assert main(arguments) == 0
    assert said not in capsys.readouterr().err
    assert main([*arguments, "--parts", "某是=甲,乙"]) == 0
    assert capsys.readouterr().err.splitlines()[0] == said


@pytest.mark.parametrize("parts", [["某市=甲", "某市=乙"], ["某市=甲,乙,甲"], ["某市=甲", "旧市=旧乙,乙"]])
def test_parts_that_are_given_one_by_one_or_twice_are_added_once(
    parts: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["rollup", "data", "--agency", "某市", "-o", "data/sum.yaml"])
    (folder / "agencies.yaml").write_text("某市: {former: [旧市]}\n乙: {former: [旧乙]}\n", "utf-8")
    given = [argument for part in parts for argument in ("--parts", part)]
    capsys.readouterr()
    main(["--language", "en", "check", "data", "--agencies", "agencies.yaml", *given, "--severity", "jump=off"])
    assert "[parts]" not in capsys.readouterr().out
    text = (folder / "data/sum.yaml").read_text("utf-8")
    (folder / "data/sum.yaml").write_text(text.replace("issued: 4,", "issued: 5,"), "utf-8")
    main(["--language", "en", "check", "data", "--agencies", "agencies.yaml", *given, "--severity", "jump=off"])
    assert "规章·本年制发件数 is 5, but the parts add up to 4." in capsys.readouterr().out


@pytest.mark.parametrize(("wrong", "end"), [(3, "add up to 0. If"), (4, "add up to 0; and 1 more. If")])
def test_three_figures_of_a_stated_sum_are_named(
    wrong: int, end: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["rollup", "data", "--agency", "某市", "-o", "data/sum.yaml"])
    text = (folder / "data/sum.yaml").read_text("utf-8")
    row = "received: ["
    figures = text.partition(row)[2].partition("]")[0].split(", ")
    more = ", ".join(str(int(figure) + (at < wrong)) for at, figure in enumerate(figures))
    (folder / "data/sum.yaml").write_text(text.replace(", ".join(figures), more, 1), "utf-8")
    capsys.readouterr()
    main(["--language", "en", "check", "data", "--parts", "某市=甲,乙"])
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "[parts]" in line]
    assert line.count("but the parts add up to") == 3
    assert end in line


def rollup(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    """Run the command; return its output and its exit code."""
    capsys.readouterr()
    try:
        code = main(["--language", "en", "rollup", *arguments])
    except SystemExit as ended:
        code = int(str(ended.code))
    return code, [line.partition("error: “")[2] or line for line in capsys.readouterr().err.splitlines()]


ADDED = (0, ["Added up 2 reports."])


@pytest.mark.parametrize(
    "output", ["data/total.yaml", "{folder}/data/total.yaml", "data/../data/total.yaml", "link.yaml", "near/total.yaml"]
)
@pytest.mark.parametrize(
    "paths", [["data"], ["data/*.yaml"], ["data", "data/total.yaml"], ["link.yaml", "data"], ["hard.yaml", "data"]]
)
def test_a_sum_that_lies_among_its_parts_is_not_added(
    folder: Path, capsys: pytest.CaptureFixture[str], output: str, paths: list[str]
) -> None:
    assert rollup(capsys, "data", "--agency", "某市", "-o", "data/total.yaml") == ADDED
    first = (folder / "data/total.yaml").read_bytes()
    (folder / "link.yaml").symlink_to("data/total.yaml")
    (folder / "hard.yaml").hardlink_to("data/total.yaml")
    (folder / "near").symlink_to("data")
    output = output.format(folder=folder)
    assert rollup(capsys, *paths, "--agency", "某市", "-o", output) == ADDED
    assert (folder / "data/total.yaml").read_bytes() == first
    code, said = rollup(capsys, *paths, "--agency", "某市政府", "-o", output)
    assert (code, said[-1]) == (2, f"{output}” already exists; choose another name."), "nor under another name"
    assert (folder / "data/total.yaml").read_bytes() == first


@pytest.mark.parametrize("to", ["yaml", "csv", "json", "parquet"])
def test_the_same_sum_may_be_written_twice_and_no_other(folder: Path, capsys: pytest.CaptureFixture[str], to: str) -> None:
    arguments = ("data", "--agency", "某市", "--to", to, "-o", f"data/total.{to}")
    assert rollup(capsys, *arguments) == rollup(capsys, *arguments) == ADDED
    before = (folder / f"data/total.{to}").read_bytes()
    (folder / "data/丙.yaml").write_text(named(SUQIAN, "丙"), "utf-8")
    assert rollup(capsys, *arguments)[0] == 2
    assert (folder / f"data/total.{to}").read_bytes() == before


def test_the_report_of_the_agency_itself_is_left_out_and_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "data/own.yaml").write_text(named(SUQIAN, "某市"), "utf-8")
    said = "data/own.yaml:1:1: warning: 某市 is the sum of the others; its own report is not added. [not-added]"
    assert rollup(capsys, "data", "--agency", "某市", "-o", "sum.yaml") == (0, [said, *ADDED[1]])
    assert read((folder / "sum.yaml").read_text("utf-8")).figure("requests.received.total").value == 3525 + 3511


TWICE = "count them twice. Leave the file out; if 某区 is not their sum, add it to the list of --expect. [counted-twice]"


def test_a_year_without_reports_is_the_reason_why_nothing_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = ["There is no report for the year 2030.", "Nothing was written."]
    assert rollup(capsys, "data", "--agency", "某市", "--year", "2030") == (1, said)


def test_a_report_that_is_the_sum_of_the_others_is_not_added_to_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rollup(capsys, "data", "--agency", "某区", "-o", "data/某区.yaml") == ADDED
    said = "data/某区.yaml:1:1: error: Every figure of 某区 is the sum of those of 乙, 甲; adding it would "
    refused = (1, [f"{said}{TWICE}", "Nothing was written."])
    assert rollup(capsys, "data", "--agency", "某市", "-o", "sum.yaml") == refused
    assert rollup(capsys, "data", "--agency", "某市", "-o", "sum.yaml", "--jobs", "2") == refused
    (folder / "data/丁").mkdir()
    (folder / "data/丁/丁.yaml").write_text(named(SUQIAN, "丁"), "utf-8")
    assert rollup(capsys, "data", "--agency", "某市", "-o", "sum.yaml") == (0, ["Added up 4 reports."]), "not of all others"
    (folder / "data/丁/丁.yaml").rename(folder / "丁.yaml")
    assert rollup(capsys, "data", "丁.yaml", "--agency", "某市", "-o", "more.yaml") == refused, "of all in its folder"
    (folder / "list.txt").write_text("甲\n乙\n某区\n", "utf-8")
    assert rollup(capsys, "data", "--agency", "某市", "--expect", "list.txt", "-o", "all.yaml") == (
        0,
        ["Added up 3 reports."],
    )


def test_a_sum_of_reports_with_a_single_case_each_is_found(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    others = "rules: 0, normative-documents: 0, penalties: 0, coercive-measures: 0, fees: 0"
    for agency, licences in (("甲", 1), ("乙", 1), ("某区", 2)):
        table = f"proactive-disclosure: {{{others}, licensing: [{licences}]}}"
        text = f"agency: {agency}\nyear: 2024\nform: 2021\nrequests: 0\nreviews: 0\n{table}\n"
        (folder / f"data/{agency}.yaml").write_text(text, "utf-8")
    code, said = rollup(capsys, "data", "--agency", "某市", "-o", "sum.yaml")
    assert (code, said[-1]) == (1, "Nothing was written.")
    assert said[0].endswith(f"Every figure of 某区 is the sum of those of 乙, 甲; adding it would {TWICE}")


def test_a_sum_beside_the_folder_of_its_parts_is_found(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rollup(capsys, "data", "--agency", "某区", "-o", "某区.yaml") == ADDED
    (folder / "丁.yaml").write_text(named(SUQIAN, "丁"), "utf-8")
    code, said = rollup(capsys, "data", "某区.yaml", "丁.yaml", "--agency", "某市", "-o", "sum.yaml")
    assert (code, len(said), said[1]) == (1, 2, "Nothing was written.")
    assert not (folder / "sum.yaml").exists()


def test_sums_of_many_digits_are_found() -> None:
    large, small = Decimal("100000000000000"), Decimal("0.00000000000005")
    whole = Decimal("100000000000000.00000000000005")
    weights = {"甲": large, "乙": small, "某市": whole}
    assert suspects(weights, {}) == [("某市", ["甲", "乙"])]


ROWS = """\
格式: f
报告种类: 收费
标题: 收费统计表
依据: {文件: 某办发〔2022〕3号}
适用年度: {起: 2010}
表:
  收费: {名称: 收费情况, 单位: 元, 列: [{名称: 数量}, {名称: 金额}], 行: [{逐项: 项目}]}
  处罚: {名称: 处罚情况, 单位: 件, 列: [{名称: 数量}], 行: [{逐项: 单位}, {名称: 合计, 合计: 同级, 核对名称: 各单位合计}]}
"""


def test_rows_of_reports_without_a_total_are_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "f.yaml").write_text(ROWS, "utf-8")
    for path in (folder / "data").iterdir():
        path.unlink()
    for name in ("甲局", "乙局"):
        text = f"机关: {name}\n年度: 2024\n格式: f\n收费: {{复印: [1, 2]}}\n处罚: {{一队: [5], 二队: [6]}}\n"
        (folder / f"data/{name}.yaml").write_text(text, "utf-8")
    assert main(["--language", "en", "rollup", "data", "--form", "f.yaml", "--agency", "某市", "-o", "sum.yaml"]) == 1
    said = "the rows of 收费情况 have no total, and are not added up. [not-counted]"
    assert capsys.readouterr().err.splitlines()[:2] == [
        f"data/{name}.yaml:1:1: error: {name}: {said}" for name in ("乙局", "甲局")
    ]
    assert "合计: {数量: 22}" in (folder / "sum.yaml").read_text("utf-8")


def test_two_reports_that_are_alike_are_no_sum_of_each_other(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = "agency: 丙\nyear: 2024\nform: 2021\nrequests: 0\nreviews: 0\nproactive-disclosure: 0\n"
    (folder / "data/丙.yaml").write_text(empty, "utf-8")
    (folder / "data/乙.yaml").write_text(named(SUQIAN, "乙"), "utf-8")
    code, said = rollup(capsys, "data", "--agency", "某市", "-o", "sum.yaml")
    assert (code, said[-1]) == (0, "Added up 3 reports."), said


def test_an_agency_that_is_known_to_be_made_up_of_others_is_left_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "data/区.yaml").write_text(named(SUQIAN, "某区"), "utf-8")  # with different figures: not an exact sum
    arguments = ("data", "--agency", "某市", "-o", "sum.yaml")
    said = "data/区.yaml:1:1: warning: 某区 is made up of 乙, 甲; only their reports are added. [not-added]"
    assert rollup(capsys, *arguments, "--parts", "某区=甲,乙") == (0, [said, *ADDED[1]])
    assert rollup(capsys, *arguments, "--parts", "某区=某街道", "--parts", "某街道=乙,甲") == (0, [said, *ADDED[1]]), (
        "two levels"
    )
    torn = (
        "data/区.yaml:1:1: error: 某区 already includes 甲, but not all of its parts have a report. "
        "Add the reports of all parts, or only that of 某区. [counted-twice]"
    )
    for parts in (("--parts", "某区=甲,丙"), ("--parts", "某区=甲,某街道", "--parts", "某街道=某区")):
        code, lines = rollup(capsys, "data", "--agency", "某市", "-o", "no.yaml", *parts)
        assert (code, lines[-1]) == (1, "Nothing was written.")
        assert lines[0] == torn
    assert not (folder / "no.yaml").exists()
    assert rollup(capsys, "data", "--agency", "某市", "-o", "all.yaml", "--parts", "某区=丙,丁") == (
        0,
        ["Added up 3 reports."],
    )


def test_parts_that_count_each_other_are_no_sum_to_be_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["rollup", "data", "--agency", "某区", "-o", "data/区.yaml"])
    main(["rollup", "data/甲.yaml", "data/乙.yaml", "--agency", "某市", "-o", "data/市.yaml"])
    for parts, twice in (
        (["某市=甲,乙,某区", "某区=甲,乙"], "某区"),
        (["某市=甲,乙,某市"], "某市"),
        (["某市=甲,乙,某区", "某区=某市"], "某区"),
    ):
        capsys.readouterr()
        options = [argument for one in parts for argument in ("--parts", one)]
        assert main(["--language", "en", "check", "data", "--strict", *options]) == 1
        lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("data/市.yaml") and "[parts]" in line]
        assert [line.partition(". ")[0] for line in lines] == [
            f"data/市.yaml:1:1: warning: {twice} already include other parts; the parts cannot be added up"
        ]


def parts_of(*reports: Report) -> Parts:
    return Parts(add_up(reports, forms_of_most(one.forms for one in reports), FORMS), ())


def wrong_parts(stated: Report, *parts: Report) -> list[Diagnostic]:
    checked = check_report(stated, None, FORMS, {}, parts_of(*parts))
    return [found for found in checked.findings if found.rule.name == PARTS.name]


AMOUNT = "proactive-disclosure.procurement.amount"


def test_a_sum_is_compared_with_its_unit() -> None:
    text = year_file(published("shanghai-municipal-office-2019"))
    line = next(line for line in text.splitlines() if "unit: " in line)

    def with_amount(written: str) -> Report:
        found, diagnostics = read_report(read_source("a.yaml", text.replace(line, f"    amount: {written}").encode()), FORMS)
        assert found
        assert not diagnostics
        return found

    for stated, part, is_wrong in (
        ("{value: 22, unit: 万元}", "{value: 22, unit: 万元}", False),
        ("{value: 22, unit: 元}", "{value: 22, unit: 万元}", True),
        ("{value: 22, unit: 万元}", "{value: 23, unit: 万元}", True),
        ("0", "0", False),
        ("{value: 0, unit: 元}", "{value: 0, unit: 万元}", False),
    ):
        found = wrong_parts(with_amount(stated), with_amount(part))
        assert [one.figures for one in found] == ([(AMOUNT,)] if is_wrong else []), (stated, part)


def test_wrong_parts_are_reported_at_the_first_of_them() -> None:
    keys = ["proactive-disclosure.rules.issued", "proactive-disclosure.licensing.decisions"]
    stated = report("suqian-2024", dict.fromkeys(keys, "99"))
    (found,) = wrong_parts(stated, untouched("suqian-2024"))
    assert found.figures == tuple(keys)
    assert found.pos.line == stated.figure(keys[0]).line


def test_every_part_is_counted_that_is_compared() -> None:
    whole = untouched("suqian-2024")
    (outcome,) = (one for one in check_report(whole, None, FORMS, {}, parts_of(whole)).outcomes if one.rule.name == PARTS.name)
    numbers = [figure for figures in whole.figures.values() for figure in figures.values() if figure.value is not None]
    assert outcome.checked == len(numbers) == 200


def test_a_figure_that_is_not_applicable_is_compared_with_its_parts() -> None:
    whole = untouched("suqian-2024")
    without = report("suqian-2024", {"proactive-disclosure.fees.amount": "/"})
    (finding,) = wrong_parts(without, whole)
    assert "行政事业性收费·本年收费金额 is /, but the parts add up to 72701.2578." in finding.message.render(str)
    (outcome,) = (
        one for one in check_report(without, None, FORMS, {}, parts_of(whole)).outcomes if one.rule.name == PARTS.name
    )
    assert outcome.checked == 200


@pytest.mark.parametrize(
    ("amount", "obstacle"),
    [("7", ""), ("", "It cannot be checked in full: 行政事业性收费·本年收费金额 (line 22) is not filled in.")],
)
def test_what_prevents_the_check_of_a_sum_is_named(amount: str, obstacle: str) -> None:
    stated = report("suqian-2024", {"proactive-disclosure.fees.amount": amount})
    checked = check_report(stated, None, FORMS, {}, parts_of(untouched("suqian-2024")))
    (outcome,) = (one for one in checked.outcomes if one.rule.name == PARTS.name)
    assert (outcome.obstacle.render(str) if outcome.obstacle else "") == obstacle


def test_nothing_is_counted_that_could_not_be_added() -> None:
    whole = untouched("suqian-2024")
    checked = check_report(whole, None, FORMS, {}, Parts(add_up([], forms_of_most([whole.forms]), FORMS), ("某区",)))
    (outcome,) = (one for one in checked.outcomes if one.rule.name == PARTS.name)
    assert outcome.checked == 0
    assert len(outcome.findings) == 1


def test_a_figure_of_another_form_is_added_where_a_form_says_that_it_counts_the_same() -> None:
    """A table of another form, with other keys and invented figures."""
    text = (
        "form: local\nenglish: Local\nsource: {notice: 市办〔2022〕1号}\nyears: {from: 2021}\nsame-as:\n"
        "  - {figure: requests.got.all, form: '2021', as: requests.received.total, source: 市办}\ntables:\n  requests:\n"
        "    label: 申请\n    english: Requests\n    source: 市办\n    unit: 件\n    widths: [9, 9]\n    blocks:\n"
        "      - {columns: [{key: all, label: 总数, english: All}], rows: [{key: got, label: 收到, english: Got}]}\n"
    )
    form, problems = read_form(read_source("local.yaml", text.encode()), FORMS)
    assert form, problems
    forms = {**FORMS, form.name: form}
    other = read_report(
        read_source("b.yaml", "agency: 乙\nyear: 2024\nform: local\nrequests: {got: {all: 12}}\n".encode()), forms
    ).report
    assert other
    rolled = add_up([read(named(SUQIAN, "甲")), other], read(SUQIAN).forms, forms)
    assert rolled.figure("requests", "received.total").value == 3525 + 12
    assert not rolled.figure("requests", "received.natural-person").is_explicit
    assert {found.rule.name for found in rolled.findings} == {"other-form"}


def test_texts_and_rows_of_one_report_are_not_compared_with_parts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_texts = ROWS.replace("单位: 件, 列: [{名称: 数量}", "单位: 件, 列: [{名称: 数量}, {名称: 备注, 文字: 是}")
    (folder / "f.yaml").write_text(with_texts, "utf-8")
    for path in (folder / "data").iterdir():
        path.unlink()
    for name, row, count in (("甲局", "一队", 5), ("乙局", "二队", 6), ("某市", "全市", 12)):
        text = (
            f"机关: {name}\n年度: 2024\n格式: f\n收费: {{复印: [1, 2]}}\n处罚: {{{row}: [{count}, 有], 合计: [{count}, 共]}}\n"
        )
        (folder / f"data/{name}.yaml").write_text(text, "utf-8")
    arguments = ["--language", "en", "check", "data", "--form", "f.yaml", "--parts", "某市=甲局,乙局", "--format", "junit"]
    assert main([*arguments, "--strict"]) == 1
    assert "合计·数量 is 12, but the parts add up to 11." in capsys.readouterr().out
    (folder / "data/某市.yaml").write_text(text.replace("12", "11"), "utf-8")
    assert main([*arguments, "--strict"]) == 0
    assert "cannot be checked" not in capsys.readouterr().out
