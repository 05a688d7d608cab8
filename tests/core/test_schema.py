"""The schema for editors says what the loader says: both accept, and refuse, the same files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from sphinx_govreport.cli import main
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import read_form, statutory_forms
from sphinx_govreport.core.reports.schema import schema_of
from sphinx_govreport.core.yaml.source import read_source
from tests.core.test_year_files import BAD_INPUTS, ZERO, read
from tests.published import NAMES, published, year_file

SCHEMA = schema_of(statutory_forms())
#: what YAML itself makes another value of, or loses, before a schema sees it; only the loader reads the text
LOST_IN_YAML = {"octal", "sexagesimal", "underscore", "hexadecimal", "plus"}
SITE = Path(__file__).parents[2] / "example_site"

CORRECTION = 'date: "2025-03-10", figure: requests.received.total, before: 1, after: 0, reason: 漏计'


def accepts(data: Any) -> bool:
    return jsonschema.Draft7Validator(SCHEMA).is_valid(data)


def test_it_is_a_valid_draft_07_schema_with_chinese_titles() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    text = json.dumps(SCHEMA, ensure_ascii=False)
    for title in (
        "属于国家秘密",
        "按顺序填写：自然人、商业企业、科研机构、社会公益组织、法律服务机构、其他、总计",
        "单位：万元",
        "国办公开办函〔2021〕30号",
    ):
        assert title in text


@pytest.mark.parametrize("name", NAMES)
def test_published_reports_are_accepted(name: str) -> None:
    assert accepts(yaml.safe_load(year_file(published(name))))


@pytest.mark.parametrize("path", sorted((SITE / "data").glob("*.yaml")), ids=lambda path: path.name)
def test_the_example_site_is_accepted(path: Path) -> None:
    assert accepts(yaml.safe_load(path.read_text("utf-8")))


@pytest.mark.parametrize("case", BAD_INPUTS, ids=lambda case: case["case"])
def test_what_the_loader_refuses_the_schema_refuses(case: dict[str, str]) -> None:
    try:
        data = yaml.safe_load(case["input"])
    except yaml.YAMLError:
        return  # no editor gets as far as the schema
    if accepts(data):
        assert case["case"] in LOST_IN_YAML or case["rule"] in ("duplicate-key", "missing-unit"), case["case"]


@pytest.mark.parametrize(
    "change",
    [
        ("reviews: 0", "reviews: {reconsideration: [1, 0, 0, 0], litigation: 0}"),
        ("reviews: 0", "复议诉讼: {行政复议: [1, 0, 0, 0, 1], 行政诉讼: {未经复议直接起诉: 0, 复议后起诉: 0}}"),
        ("form: 2021", "form: {default: 2021, requests: 2019}"),
        ("form: 2021", "格式: {默认: 2021, 依申请公开: 2019}"),
        ("agency: 甲", "机关: 甲"),
        ("reviews: 0", "reviews: 0\nnotes: {reviews: 含上年}\nexplanations: {in-force: 清理}"),
        ("reviews: 0", "reviews: {reconsideration: [{value: 1, note: 甲}, /, ~, 0], litigation: 0}"),
        ("reviews: 0", f"reviews: 0\ncorrections: [{{{CORRECTION}}}]"),
        (
            "reviews: 0",
            'reviews: 0\n更正: [{日期: "2025-03-10", 数据: 依申请公开.新收.总计, 更正前: /, 更正后: {数值: 0}, 更正原因: 漏}]',
        ),
        ("reviews: 0", f"reviews: 0\ncorrections: {{{CORRECTION}}}"),
        ("reviews: 0", f"reviews: 0\ncorrections: [{{{CORRECTION.replace(', reason: 漏计', '')}}}]"),
        ("reviews: 0", f"reviews: 0\ncorrections: [{{{CORRECTION.replace('03', '3')}}}]"),
        ("reviews: 0", f"reviews: 0\ncorrections: [{{{CORRECTION.replace('before: 1', 'before: 约1')}}}]"),
        ("reviews: 0", f"reviews: 0\ncorrections: [{{{CORRECTION}, by: 某人}}]"),
        ("reviews: 0", "reviews: 1"),
        ("reviews: 0", "reviews: {reconsideration: [1, 0, 0], litigation: 0}"),
        ("reviews: 0", "reviews: {reconsideration: 0}"),
        ("reviews: 0", "reviews: {reconsideration: 0, litigation: 0, more: 0}"),
        ("reviews: 0", "reviews: {reconsideration: 0, 行政复议: 0, litigation: 0}"),
        ("reviews: 0", "reviews: {reconsideration: [1.5, 0, 0, 0], litigation: 0}"),
        ("reviews: 0", "reviews: {reconsideration: [-1, 0, 0, 0], litigation: 0}"),
        ("form: 2021", "form: {requests: 2019}"),
        ("form: 2021", "form: 2020"),
        ("year: 2024", "year: 24"),
        ("agency: 甲\n", ""),
    ],
)
def test_both_judge_the_same(change: tuple[str, str]) -> None:
    assert change[0] in ZERO
    text = ZERO.replace(*change)
    assert accepts(yaml.safe_load(text)) == (not read(text).diagnostics)


def test_the_tables_follow_the_form() -> None:
    old = ZERO.replace("2021", "2019").replace(
        "requests: 0", "requests: {received: 0, carried-in: 0, results: {granted: 0, partly-granted: 0, refused: 0, unable: 0, "
        "not-processed: 0, other: [1, 0, 0, 0, 0, 0]}, carried-out: 0}",
    )  # fmt: skip
    for text in (
        old,
        old.replace("form: 2019", "form: 2021"),
        old.replace("form: 2019", "form: {default: 2021, requests: 2019}"),
    ):
        assert accepts(yaml.safe_load(text)) == (not read(text).diagnostics)


def test_a_local_form_is_in_the_schema_too() -> None:
    local = 'form: local\nextends: "2021"\nenglish: Local\nsource: {notice: 地方格式}\nadd-rows:\n  proactive-disclosure:\n    - {after: rules, key: more, label: 其他文件, english: More}\n'
    form, diagnostics = read_form(read_source("local.yaml", local.encode()), statutory_forms())
    assert form
    assert not diagnostics
    assert "其他文件" in json.dumps(schema_of({form.name: form}), ensure_ascii=False)


def test_the_command_writes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["schema"]) == 0
    assert json.loads((tmp_path / "govreport-year.schema.json").read_text("utf-8")) == SCHEMA
    assert main(["schema", "--output", "-"]) == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA
    (tmp_path / "bad.yaml").write_text("form: x\nextends: nothing\n", "utf-8")
    assert main(["schema", "--form", "bad.yaml"]) == 1
    assert "bad.yaml:" in capsys.readouterr().err


def test_each_figure_is_defined_once() -> None:
    """A key has up to six spellings on each of four levels: written out for each, the schema would be 85 MB large."""
    assert len(json.dumps(SCHEMA, ensure_ascii=False)) < 400_000
    figures = sum(len(layout_of(table).indicators) for form in statutory_forms().values() for table in form.tables)
    titled = [one for one in SCHEMA["definitions"].values() if str(one.get("description", "")).startswith("单位：")]
    assert len(titled) == figures


def test_a_form_whose_name_is_no_year_is_a_text() -> None:
    for name in ("9" * 5000, "２０２１", "20"):
        schema = schema_of({**statutory_forms(), name: statutory_forms()["2021"]._replace(name=name)})
        assert f'"{name}"' in json.dumps(schema, ensure_ascii=False)


def test_the_schema_says_what_a_figure_may_be() -> None:
    definitions = schema_of(statutory_forms())["definitions"]
    assert definitions["figure-件"]["anyOf"][0] == {"type": "integer", "maximum": 10**15 - 1, "minimum": 0}
    assert definitions["figure-decimal-万元"]["anyOf"][0]["type"] == "number"
    open_unit = next(
        name
        for name in definitions
        if name.startswith("figure-") and name.count("万元") and "元-" in name + "-" and "-元" in name
    )
    assert definitions[open_unit]["anyOf"][-1]["properties"]["unit"] == {"enum": ["万元", "元"]}
    tables = {
        name for name, one in definitions.items() if "description" in one and "title" in one and not name.partition(".")[2]
    }
    assert {
        f"{form}-{table}" for form in statutory_forms() for table in ("proactive-disclosure", "requests", "reviews")
    } <= tables
    assert "description" not in definitions["2021-requests.results"]
    assert len(schema_of(statutory_forms())["allOf"]) >= 6
