"""Exports contain every figure, and a written year file has the same content as the one that was read."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from pathlib import Path
from typing import cast

import pytest

from sphinx_govreport.cli import main
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import read_form, statutory_forms
from sphinx_govreport.core.reports.figures import Status
from sphinx_govreport.core.reports.records import remarks
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.yaml.source import read_source
from sphinx_govreport.exporters import EXPORTS
from tests.core.test_explanations import SOUND
from tests.published import NAMES, published, year_file

FORMS = statutory_forms()


def read(text: str, forms: dict[str, Form] = FORMS) -> Report:
    report, problems = read_report(read_source("data/2024.yaml", text.encode()), forms)
    assert report
    assert [problem for problem in problems if problem.rule.severity == "error"] == []
    return report


def said(report: Report) -> dict[str, object]:
    """Return the content of a report, without positions."""
    figures = {
        f"{table}.{path}": (figure.status, figure.value, figure.text, figure.unit, figure.note)
        for table, of_table in report.figures.items()
        for path, figure in of_table.items()
    }
    reasons = {rule: reason.text for rule, reason in report.explanations.items()}
    return {
        "who": (report.agency, report.year),
        "forms": report.forms,
        "figures": figures,
        "notes": report.notes,
        "why": reasons,
        "corrections": [
            (
                str(one.date),
                one.table,
                one.path,
                *((f.status, f.value, f.text, f.unit) for f in (one.before, one.after)),
                one.reason,
            )
            for one in report.corrections
        ],
    }


def printed(report: Report) -> dict[str, object]:
    """Return the content visible in a document: without explanations' checks, reasons for empty cells, and corrections."""
    shown = said(report)
    figures = {
        key: (Status.BLANK if one[0] is Status.UNKNOWN else one[0], *one[1:])
        for key, one in cast("dict[str, tuple[object, ...]]", shown["figures"]).items()
    }
    return {**shown, "figures": figures, "why": {}, "corrections": []}


@pytest.mark.parametrize("name", NAMES)
def test_a_year_file_that_is_written_says_the_same(name: str) -> None:
    first = read(year_file(published(name)))
    written = EXPORTS["yaml"]([first], FORMS)
    second = read(written)
    assert said(second) == said(first)
    assert EXPORTS["yaml"]([second], FORMS) == written, "and is written the same again"
    assert len(written.splitlines()) < len(year_file(published(name)).splitlines()) / 2, "shorter than one figure a line"


def made_up(rng: random.Random, agency: str = "", known: dict[str, Form] = FORMS) -> str:
    """Return a year file with every kind of figure."""
    forms = {table: rng.choice([*known]) for table in ("proactive-disclosure", "requests", "reviews")}
    agency = agency or rng.choice(("宿迁市", "A: b #c", "-x", "null", "“引号”", "2024"))
    lines = [
        f"agency: {json.dumps(agency, ensure_ascii=False)}",
        "year: 2024",
    ]
    lines.append(f"form: {{default: 2021, {', '.join(f'{table}: {form}' for table, form in forms.items())}}}")
    for table, form in forms.items():
        whole = layout_of(known[form].table(table))
        lines.append(f"{table}:")
        above: list[str] = []
        for path, indicator in whole.indicators.items():
            if indicator.parts and rng.random() < 0.3:
                continue  # a total may be left out
            keys = path.split(".")
            same = next((n for n, (a, b) in enumerate(zip(above, keys, strict=False)) if a != b), 0)
            lines += [f"{'  ' * (depth + 1)}{key}:" for depth, key in enumerate(keys[:-1]) if depth >= same]
            lines.append(f"{'  ' * len(keys)}{keys[-1]}: {value(rng, indicator.units)}")
            above = keys
    if rng.random() < 0.5:
        lines.append('notes: {reviews: ["含上年: 结转", "- 二"], requests: 一}')
    if rng.random() < 0.5:
        lines.append('explanations: {carried-over: "年末: #核减"}')
    if rng.random() < 0.5:
        lines.append("corrections:")
        for table, form in forms.items():
            indicators = layout_of(known[form].table(table)).indicators
            path = rng.choice([*indicators])
            before, after = (re.sub(", note: .*}", "}", value(rng, indicators[path].units)) for _n in range(2))
            lines.append(
                f"  - {{date: 2025-0{rng.randrange(1, 10)}-10, figure: {table}.{path}, before: {before}, after: {after},"
            )
            lines.append(f"    reason: {json.dumps(rng.choice(('漏计1件。', '见: #1 → “更正”')), ensure_ascii=False)}}}")
    return "\n".join(lines) + "\n"


def value(rng: random.Random, units: tuple[str, ...]) -> str:
    number = rng.choice(("0", "0", "0", str(rng.randrange(1, 99999))))
    if units and number != "0":
        return f"{{value: {number}, unit: {rng.choice(units)}}}"
    if rng.random() < 0.03:
        return f"{{value: {number}, note: {json.dumps(rng.choice(('其中修订16件', '见: 附件#1', '“x”')), ensure_ascii=False)}}}"
    return rng.choice(("/", "~")) if rng.random() < 0.03 else number


@pytest.mark.parametrize("seed", range(200))
def test_made_up_reports_come_back_the_same(seed: int) -> None:
    first = read(made_up(random.Random(seed)))  # noqa: S311
    written = EXPORTS["yaml"]([first], FORMS)
    second = read(written)
    assert said(second) == said(first)
    assert EXPORTS["yaml"]([second], FORMS) == written


def test_a_local_form_comes_back_the_same() -> None:
    text = (
        "form: local\nextends: '2019'\nenglish: Local\nsource: {notice: 地方格式}\nadd-rows:\n  proactive-disclosure:\n"
        "    - {after: normative-documents, key: other-documents, label: 其他主动公开文件, english: Other documents}\n"
    )
    form, problems = read_form(read_source("local.yaml", text.encode()), FORMS)
    if form is None:
        pytest.fail(f"{problems}")
    forms = {**FORMS, form.name: form}
    body = "agency: 甲\nyear: 2024\nform: local\nproactive-disclosure: 0\nreviews: 0\nrequests: 0\n"
    first = read_report(read_source("a.yaml", body.encode()), forms).report
    assert first
    second = read_report(read_source("a.yaml", EXPORTS["yaml"]([first], forms).encode()), forms).report
    assert second
    assert said(second) == said(first)


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("name", NAMES)
def test_csv_and_json_have_every_figure(name: str) -> None:
    report = published(name)
    first = read(year_file(report))
    expected = {(table, path): written for table, of_table in report.figures.items() for path, written in of_table.items()}
    by_key = {(row["table"], row["key"]): row for row in rows(EXPORTS["csv"]([first], FORMS))}
    assert by_key.keys() == expected.keys()
    for key, row in by_key.items():
        assert row["form"] == report.forms[key[0]]
        assert (row["agency"], row["year"]) == (report.agency, str(report.year))
        assert row["value"] == (expected[key].removesuffix("元") if row["status"] == "number" else "")
        assert row["status"] == {"": "blank", "/": "not-applicable"}.get(expected[key], "number")
    (entry,) = json.loads(EXPORTS["json"]([first], FORMS))
    assert {(one["table"], one["key"]): one["value"] for one in entry["figures"]} == {k: r["value"] for k, r in by_key.items()}


def test_labels_units_and_notes_come_along() -> None:
    text = year_file(published("suqian-2024")).replace("in-force: 12", "in-force: {value: 12, note: 其中修订1件}")
    (row,) = [row for row in rows(EXPORTS["csv"]([read(text)], FORMS)) if row["key"] == "rules.in-force"]
    assert list(row.values()) == [
        "宿迁市", "2024", "2021", "proactive-disclosure", "rules.in-force", "主动公开政府信息情况", "规章·现行有效件数",
        "12", "number", "件", "其中修订1件",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_no_text_is_a_formula_for_a_spreadsheet(text: str) -> None:
    written = year_file(published("suqian-2024")).replace("agency: 宿迁市", f"agency: {json.dumps(text)}")
    for row in rows(EXPORTS["csv"]([read(written)], FORMS)):
        assert row["agency"] == f"'{text}"
        assert row["value"].lstrip("-")[:1].isdigit()


def test_a_text_in_a_column_of_texts_is_no_formula_either() -> None:
    source = (Path(__file__).parents[1] / "forms/yongchuan-2022.yaml").read_bytes()
    form, _problems = read_form(read_source("form.yaml", source), FORMS)
    assert form
    remark = '=HYPERLINK("http://x.invalid")'
    year = f"机关: 永川区\n年度: 2022\n格式: {form.name}\npenalties:\n  区公安局: [3, {'0, ' * 20}{json.dumps(remark)}]\n"
    forms = {**FORMS, form.name: form}
    values = {row["key"]: row["value"] for row in rows(EXPORTS["csv"]([read(year, forms)], forms))}
    assert values["区公安局.备注"] == f"'{remark}"
    assert values["区公安局.警告"] == "3"


def test_the_command_writes_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("data").mkdir()
    for name in ("suqian-2023", "suqian-2024"):
        Path(f"data/{name}.yaml").write_text(year_file(published(name)), "utf-8")
    assert main(["export", "data", "--to", "csv", "--output", "all.csv"]) == 0
    written = Path("all.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbfagency,")
    assert len(rows(written.decode())) == 2 * (10 + 25 * 7 + 15)
    assert main(["export", "data", "--to", "json"]) == 0
    assert [entry["year"] for entry in json.loads(capsys.readouterr().out)] == [2023, 2024]
    assert main(["export", "data/suqian-2024.yaml", "--to", "yaml", "--output", "new.yaml"]) == 0
    assert main(["--language", "zh", "check", "new.yaml"]) == 0
    for wrong in (["--to", "yaml"], ["--to", "csv", "--year", "2024"]):  # several reports; no option is ignored
        with pytest.raises(SystemExit) as ended:
            main(["export", "data", *wrong])
        assert ended.value.code == 2


def test_a_file_that_cannot_be_read_whole_is_not_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.yaml").write_text(year_file(published("suqian-2024")).replace("in-force: 12", "in-force: 012"), "utf-8")
    assert main(["--language", "zh", "export", "bad.yaml", "--to", "csv", "--output", "bad.csv"]) == 1
    assert not Path("bad.csv").exists()
    assert "bad.yaml:10:15" in capsys.readouterr().err


def test_an_explanation_is_recorded_with_the_first_table() -> None:
    subject = read(f"{SOUND}explanations: {{carried-over: 机构改革}}\n")
    assert [(one.table, one.note) for one in remarks(subject, FORMS)] == [("proactive-disclosure", "机构改革")]
