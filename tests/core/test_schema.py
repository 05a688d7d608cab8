"""The schema for editors agrees with the loader: both accept and reject the same files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from sphinx_govreport.cli import main
from sphinx_govreport.core.forms.form import Keys, table_key
from sphinx_govreport.core.forms.indicators import Branch
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import read_form, statutory_forms
from sphinx_govreport.core.reports.schema import schema_of
from sphinx_govreport.core.reports.year_file import TOP_KEYS
from sphinx_govreport.core.yaml.source import read_source
from tests.core.test_year_files import BAD_INPUTS, ZERO, read
from tests.published import NAMES, published, year_file

SCHEMA = schema_of(statutory_forms())
#: values that YAML changes or loses before a schema is applied; only the loader reads the text
LOST_IN_YAML = {"octal", "sexagesimal", "underscore", "hexadecimal", "plus"}
SITE = Path(__file__).parents[2] / "example_site"

CORRECTION = 'date: "2025-03-10", figure: requests.received.total, before: 1, after: 0, reason: 漏计'


def accepts(data: Any) -> bool:
    return jsonschema.Draft7Validator(SCHEMA).is_valid(data)


def in_language(keys: Keys) -> list[dict[str, Any]]:
    """Yield every part of the schema for files with the keys of a language."""
    parts = [SCHEMA["then" if keys == "zh" else "else"]]
    parts += [one for name, one in SCHEMA["definitions"].items() if name.startswith(keys)]
    found: list[dict[str, Any]] = []
    while parts:
        part = parts.pop()
        if isinstance(part, dict):
            found.append(part)
        parts += list(part.values()) if isinstance(part, dict) else part if isinstance(part, list) else []
    return found


def test_it_is_a_valid_draft_07_schema_in_both_languages() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    said = {keys: {part.get(key) for part in in_language(keys) for key in ("title", "description")} for keys in ("zh", "en")}
    applicants = "自然人、商业企业、科研机构、社会公益组织、法律服务机构、其他、总计"
    assert {
        "属于国家秘密",
        f"单位：件。按顺序填写：{applicants}。只写一个 0 表示各数均为 0，空着是未填报。",
        "单位：万元。0 是零，/ 是不适用，空着是未填报。",
        "单位：件。0 是零，/ 是不适用，空着是未填报。这是合计，可以不写。",
        "2019：国办公开办函〔2019〕60号；2021：国办公开办函〔2021〕30号",
    } <= said["zh"]
    assert {"State secret", "Unit: 件. 0 means zero, / means not applicable, empty means not filled in.", "Agency"} <= said[
        "en"
    ]


def test_only_short_keys_of_the_language_are_offered_and_asked_for() -> None:
    for keys, other in (("zh", "[A-Za-z]"), ("en", "[^\\x00-\\x7f]")):
        offered = {
            key for part in in_language(keys) for key in part.get("properties", {}) if isinstance(part["properties"], dict)
        }
        asked = {key for part in in_language(keys) if "errorMessage" in part for key in part.get("required", ())}
        assert asked <= offered
        assert not [key for key in offered if re.search(other, key)]
        assert {"zh": {"机关", "新收", "部分公开", "更正原因", "默认"}, "en": {"agency", "received", "reason", "default"}}[
            keys
        ] <= offered
    said = " ".join(
        str(part[key]) for part in in_language("zh") for key in ("title", "description", "errorMessage") if key in part
    )
    assert not re.search("[A-Za-z]{2}", said)


def begun(branch: Branch, keys: Keys, row: list[None] | None) -> dict[str, Any] | list[None] | None:
    """Return a branch with nothing filled in, each row written as ``row``."""
    below = {
        branch.key(key, keys): one for key, one in branch.children.items() if isinstance(one, Branch) and not one.is_computed
    }
    return {key: begun(one, keys, row) for key, one in below.items()} or row


@pytest.mark.parametrize("keys", ["zh", "en"])
@pytest.mark.parametrize("row", [None, [None] * 6], ids=["empty", "list"])
def test_a_begun_year_is_accepted(keys: Keys, row: list[None] | None) -> None:
    form = statutory_forms()["2021"]
    data: dict[str, Any] = {"agency": "某局", "year": 2024, "form": 2021}
    if keys == "zh":
        data = {TOP_KEYS[key]: value for key, value in data.items()}
    data |= dict.fromkeys(table_key(name, [form], keys) for name in form.table_names)
    data[table_key("requests", [form], keys)] = begun(layout_of(form.table("requests")).root, keys, row)
    assert accepts(data)
    assert not read(yaml.safe_dump(data, allow_unicode=True)).diagnostics


def test_every_spelling_is_accepted_in_files_of_both_languages() -> None:
    for text in (ZERO, ZERO.replace("agency", "机关").replace("year", "年度").replace("form", "格式")):
        for requests in ("requests", "依申请公开", "收到和处理政府信息公开申请情况"):
            for granted in ("partly-granted", "部分公开", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"):
                results = f"{{granted: 0, {granted}: 0, refused: 0, 无法提供: 0, not-processed: 0, other: 0}}"
                rows = f"{{received: 0, 上年结转: 0, results: {results}, 四、结转下年度继续办理: 0}}"
                for end in ("", "0"):  # a wrong key is rejected in each
                    written = yaml.safe_load(
                        text.replace("requests: 0", f"{requests}: {rows}".replace("received", "received" + end))
                    )
                    assert accepts(written) == (not end)


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
        return  # editors do not reach the schema
    if accepts(data):
        assert case["case"] in LOST_IN_YAML or case["rule"] in ("duplicate-key", "missing-unit"), case["case"]


QUOTE = '"'
PROACTIVE = (
    "proactive-disclosure: {{rules: 0, normative-documents: 0, licensing: 0, penalties: 0, coercive-measures: 0, "
    "fees: {{amount: {}}}}}"
)


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
        ("reviews: 0", 'reviews: {reconsideration: ["1", "0", "/", \'0\'], litigation: "0"}'),
        ("reviews: 0", 'reviews: {reconsideration: {upheld: {value: "1"}, corrected: 0, other: 0, pending: 0}, litigation: 0}'),
        ("reviews: 0", 'reviews: {reconsideration: ["01", 0, 0, 0], litigation: 0}'),
        ("reviews: 0", 'reviews: {reconsideration: ["+1", 0, 0, 0], litigation: 0}'),
        ("reviews: 0", 'reviews: {reconsideration: ["1.5", 0, 0, 0], litigation: 0}'),
        ("reviews: 0", 'reviews: "1"'),
        ("reviews: 0", f"reviews: 0\ncorrections: [{{{CORRECTION.replace('before: 1', 'before: `1`'.replace('`', QUOTE))}}}]"),
        ("proactive-disclosure: 0", PROACTIVE.format('"72701.2578"')),
        ("proactive-disclosure: 0", PROACTIVE.format('"-1"')),
        ("reviews: 0", "reviews: 0\nnotes:\nexplanations:\ncorrections: ~"),
        ("year: 2024", 'year: "2024"'),
        ("year: 2024", 'year: "202"'),
        ("form: 2021", "form: '2021'"),
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
    assert main(["schema", "--keys", "zh"]) == 0
    assert json.loads((tmp_path / "govreport-year.schema.json").read_text("utf-8")) == schema_of(statutory_forms(), "zh")
    assert main(["--language", "zh_CN", "schema"]) == 0
    assert json.loads((tmp_path / "govreport-year.schema.json").read_text("utf-8")) == schema_of(statutory_forms(), "zh")
    assert main(["schema", "--output", "-"]) == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA
    (tmp_path / "bad.yaml").write_text("form: x\nextends: nothing\n", "utf-8")
    assert main(["schema", "--form", "bad.yaml"]) == 1
    assert "bad.yaml:" in capsys.readouterr().err


def test_each_figure_is_defined_once() -> None:
    """A key has up to six spellings on each of four levels: a schema with all combinations would have 85 MB."""
    assert len(json.dumps(SCHEMA, ensure_ascii=False)) < 500_000
    labels = {
        one.label
        for form in statutory_forms().values()
        for table in form.tables
        for one in layout_of(table).indicators.values()
    }
    assert labels <= {one.get("title") for one in SCHEMA["definitions"].values()}


def test_a_form_whose_name_is_no_year_is_a_text() -> None:
    for name in ("9" * 5000, "２０２１", "20"):
        schema = schema_of({**statutory_forms(), name: statutory_forms()["2021"]._replace(name=name)})
        assert f'"{name}"' in json.dumps(schema, ensure_ascii=False)


def test_a_file_without_keys_is_offered_those_of_the_language_that_is_asked_for() -> None:
    for keys in ("zh", "en"):
        schema = schema_of(statutory_forms(), keys)
        for data, expected in (
            ({}, keys),
            ({"机关": "甲"}, "zh"),
            ({"agency": "甲"}, "en"),
            ({"机关": "甲", "year": 2024}, "zh"),
        ):
            is_chinese = jsonschema.Draft7Validator(schema["if"]).is_valid(data)
            assert is_chinese == (expected == "zh"), (keys, data)


def test_the_schema_says_what_a_figure_may_be() -> None:
    fees = ZERO.replace(
        "proactive-disclosure: 0",
        "proactive-disclosure: {rules: 0, normative-documents: 0, licensing: 0, penalties: 0, coercive-measures: 0, fees: {amount: N}}",
    )
    requests = ZERO.replace(
        "requests: 0", "requests: {received: [N, 0, 0, 0, 0, 0], carried-in: 0, results: 0, carried-out: 0}"
    )
    for text, figure, is_right in (
        (requests, "0", True), (requests, f"{10**15 - 1}", True), (requests, f"{10**15}", False), (requests, "1.5", False),
        (requests, "-1", False), (requests, "/", True), (requests, "—", False), (requests, "[1]", False), (requests, "true", False),
        (requests, "{value: 1, 备注: 含2件}", True), (requests, "{value: 1.5, note: 含2件}", False), (requests, "{note: 含2件}", False),
        (fees, "1.5", True), (fees, "{数值: 1.5, 单位: 万元}", True), (fees, "{value: 1.5, unit: 元}", False), (fees, "-1.5", False),
    ):  # fmt: skip
        data = yaml.safe_load(text.replace("N", figure))
        assert accepts(data) == is_right, figure
        assert bool(read(text.replace("N", figure)).diagnostics) != is_right, figure
    old = year_file(published("wendeng-commerce-2020"))
    assert accepts(yaml.safe_load(old))
