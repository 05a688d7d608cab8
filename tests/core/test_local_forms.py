"""Local forms: given by files, folders and globs; none is ignored silently."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sphinx_govreport.cli import main
from sphinx_govreport.core.forms.reader import read_form, statutory_forms
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.library import load_library
from sphinx_govreport.core.reports.series import Series, series_of
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.yaml.source import read_source
from tests.core.test_explanations import SOUND

NOTICE = "某办发〔2022〕3号"
PAGES = f"""\
form: pages
title: 网站内容统计
english: Count of pages
source: {{notice: {NOTICE}, date: 2022-03-01}}
years: {{from: 2021, to: 2023}}
tables:
  published:
    label: 网站发布情况
    english: Pages published
    source: {NOTICE}
    unit: 条
    widths: [16, 12]
    blocks:
      - columns: [{{key: count, label: 条数, english: Count}}]
        rows: [{{key: pages, label: 网站发布信息, english: Pages}}]
"""
CITY = f'form: city\nextends: "2021"\nenglish: City\nsource: {{notice: {NOTICE}}}\n'
DISTRICT = CITY.replace("city", "district").replace('"2021"', "city")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "forms/more").mkdir(parents=True)
    (tmp_path / "forms/pages.yaml").write_text(PAGES, "utf-8")
    (tmp_path / "forms/more/city.yml").write_text(CITY, "utf-8")
    (tmp_path / "forms/a-district.yaml").write_text(DISTRICT, "utf-8")
    (tmp_path / "forms/notes.txt").write_text("不是表样", "utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/2024.yaml").write_text(SOUND, "utf-8")
    return tmp_path


def test_a_local_form_in_chinese_names_tables_and_rows_as_it_writes_all_else() -> None:
    english = CITY + (
        "add-rows:\n  proactive-disclosure: [{after: normative-documents, key: 其他文件, label: 其他文件}]\n"
        "  requests: [{after: results.refused.state-secret, key: 国家秘密之二, label: 国家秘密之二}]\n"
        "label-notes:\n  proactive-disclosure: {rows: {rules: （设区的市）}, columns: {issued: （件）}}\n"
    )
    chinese = f'格式: city\n扩展: "2021"\n英文名: City\n依据: {{文件: {NOTICE}}}\n' + (
        "增加行:\n  主动公开: [{位于其后: 行政规范性文件, 名称: 其他文件}]\n"
        "  依申请公开: [{位于其后: 办理结果.不予公开.属于国家秘密, 名称: 国家秘密之二}]\n"
        "名称附注:\n  主动公开政府信息情况: {行: {规章: （设区的市）}, 列: {本年制发件数: （件）}}\n"
    )
    one, other = (read_form(read_source("a.yaml", text.encode()), statutory_forms()) for text in (english, chinese))
    assert one.diagnostics == other.diagnostics == ()
    assert one.form
    assert other.form
    assert [table.blocks for table in one.form.tables] == [table.blocks for table in other.form.tables]
    assert [table.blocks for table in one.form.tables] != [table.blocks for table in statutory_forms()["2021"].tables]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("names", [["forms"], ["forms/**/*.y*ml"], ["forms/a-district.yaml", "forms/more", "forms/pages.yaml"]])
def test_forms_are_named_by_files_folders_and_globs(folder: Path, names: list[str]) -> None:
    library = load_library(folder, ["data"], names, Cache(None, ""))
    assert library.diagnostics == ()
    assert sorted(library.forms) == ["2019", "2021", "city", "district", "pages"], "whichever is read first"
    assert library.forms["district"].table_names == library.forms["2021"].table_names


def test_a_form_among_the_data_is_no_year_file_by_whatever_name_it_is_found(folder: Path) -> None:
    (folder / "data/forms").mkdir()
    (folder / "data/forms/city.yaml").write_text(CITY, "utf-8")
    for names in (["data/forms"], ["data/f*/*.yaml"], ["data/../data/forms/city.yaml", "data/forms"]):
        library = load_library(folder, ["data"], names, Cache(None, ""))
        assert (library.diagnostics, [*library.entries], [*library.forms]) == (
            (),
            [("某市某局", 2024, "政府信息公开")],
            ["2019", "2021", "city"],
        )


def test_a_link_among_forms_that_leads_out_is_not_read(folder: Path) -> None:
    (folder / "secret.yaml").write_text("word: hunter2\n", "utf-8")
    (folder / "forms/x.yaml").symlink_to("../secret.yaml")
    (found,) = load_library(folder, ["data"], ["forms"], Cache(None, "")).diagnostics
    assert (str(found.pos), found.rule.name) == ("forms/x.yaml:1:1", "outside-folder")
    assert "list the file itself in govreport_forms" in found.render(str)


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        (
            "forms/z.yaml",
            CITY,
            "forms/z.yaml:1:1: error: There is another form “city”: forms/more/city.yml. Give one of the two another name. "
            "[duplicate-form]",
        ),
        (
            "forms/z.yaml",
            CITY.replace("city", '"2021"'),
            "forms/z.yaml:1:1: hint: This form replaces the statutory form 2021. If this is not intended, give it another "
            "name. [replaced-form]",
        ),
        (
            "forms/a.yaml",
            DISTRICT.replace("city", "town"),
            "forms/a.yaml:2:10: error: There is no such form; use one of: 2019, 2021, city, district, pages. [bad-form]",
        ),
        ("forms/z.yaml", "", "forms/z.yaml:1:1: error: The file is empty."),
        ("forms/z.yaml", "form: [", "[yaml-syntax]"),
    ],
)
def test_what_is_odd_about_a_form_is_said_by_every_command(
    folder: Path, capsys: pytest.CaptureFixture[str], path: str, text: str, said: str
) -> None:
    (folder / path).write_text(text, "utf-8")
    is_hint = ": hint: " in said
    checked = run(capsys, "check", "--form", "forms")
    assert said in checked[1]
    assert checked[0] == (0 if is_hint else 1)
    listed = run(capsys, "forms", "forms")
    assert said in listed[2]
    assert listed[0] == (0 if is_hint else 1)
    assert (f"\n\n{path}: cannot be used\n" in listed[1]) is not is_hint
    for command in (
        ["schema", "--output", "s.json"],
        ["export", "--blank", "--to", "xlsx", "--output", "b.xlsx"],
        ["new-site", "site", "--agency", "甲"],
        ["import", "data/2024.yaml"],
    ):
        done = run(capsys, *command, "--form", "forms")
        assert said in done[2], command
        assert done[0] == (0 if is_hint and command[0] != "import" else 1), command


def test_the_first_of_two_forms_of_one_name_counts(folder: Path) -> None:
    (folder / "forms/b.yaml").write_text(DISTRICT.replace("City", "Second"), "utf-8")
    library = load_library(folder, [], ["forms"], Cache(None, ""))
    assert [found.pos.path for found in library.diagnostics] == ["forms/b.yaml"]
    assert library.forms["district"].english == "City", "although the form that it extends was read later"


def test_forms_are_listed_with_years_notice_tables_and_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "forms", "forms/pages.yaml")
    assert (code, err) == (0, "")
    assert out == (
        "2019  政府信息公开工作年度报告\n"
        "  Kind    政府信息公开\n"
        "  Years   2019–2020\n"
        "  Notice  国办公开办函〔2019〕60号 (2019-11-27)\n"
        "  Tables  proactive-disclosure  主动公开政府信息情况\n"
        "          requests              收到和处理政府信息公开申请情况\n"
        "          reviews               政府信息公开行政复议、行政诉讼情况\n"
        "  File    part of sphinx_govreport\n"
        "\n"
        "2021  政府信息公开工作年度报告\n"
        "  Kind    政府信息公开\n"
        "  Years   since 2021\n"
        "  Notice  国办公开办函〔2021〕30号 (2021-09-26)\n"
        "  Tables  proactive-disclosure  主动公开政府信息情况\n"
        "          requests              收到和处理政府信息公开申请情况\n"
        "          reviews               政府信息公开行政复议、行政诉讼情况\n"
        "  File    part of sphinx_govreport\n"
        "\n"
        "pages  网站内容统计\n"
        "  Kind    政府信息公开\n"
        "  Years   2021–2023\n"
        f"  Notice  {NOTICE} (2022-03-01)\n"
        "  Tables  published  网站发布情况\n"
        "  File    forms/pages.yaml\n"
    )
    chinese = run(capsys, "--language", "zh_CN", "forms", "--form", "forms/pages.yaml")[1]
    assert chinese.endswith(
        "\n"
        "pages  网站内容统计\n"
        "  种类      政府信息公开\n"
        "  适用年度  2021—2023年\n"
        f"  依据      {NOTICE}（2022-03-01）\n"
        "  表        published  网站发布情况\n"
        "  文件      forms/pages.yaml\n"
    ), "a Chinese character is two columns wide"


@pytest.mark.parametrize(
    ("years", "english", "chinese", "last"),
    [("{to: 2018}", "until 2018", "截至2018年", 2018), ("{}", "all years", "所有年度", None)],
)
def test_a_form_without_a_first_year_applies_to_all_before(
    folder: Path, capsys: pytest.CaptureFixture[str], years: str, english: str, chinese: str, last: int | None
) -> None:
    (folder / "forms/pages.yaml").write_text(PAGES.replace("years: {from: 2021, to: 2023}", f"years: {years}"), "utf-8")
    assert f"\n  Years   {english}\n" in run(capsys, "forms", "forms/pages.yaml")[1]
    assert f"\n  适用年度  {chinese}\n" in run(capsys, "--language", "zh_CN", "forms", "forms/pages.yaml")[1]
    told = json.loads(run(capsys, "forms", "forms/pages.yaml", "--format", "json")[1])["forms"][-1]
    assert (told["name"], told["from"], told["to"]) == ("pages", None, last)


@pytest.mark.parametrize(
    "name", ["jump", "与上年相比变动较大", "申请人合计", "balance, title: 不减", "balance, explainable: true"]
)
def test_a_check_of_a_form_does_not_take_the_severity_or_title_of_another(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    checks = f"    checks: [{{equation: 'pages.count <= last:pages.count', rule: {name}}}]\n"
    (folder / "forms/pages.yaml").write_text(PAGES + checks, "utf-8")
    said = f"“{name.partition(',')[0]}” is the name of another check; choose your own. [bad-form]\n"
    code, _out, err = run(capsys, "forms", "forms/pages.yaml")
    assert (code, err) == (1, f"forms/pages.yaml:16:66: error: {said}")
    (folder / "forms/pages.yaml").write_text((PAGES + checks).replace(name, "balance"), "utf-8")
    assert run(capsys, "forms", "forms/pages.yaml")[0] == 0, "a sum may be one of ours"


def test_what_a_form_does_not_change_is_followed_over_the_years(folder: Path) -> None:
    forms = load_library(folder, [], ["forms"], Cache(None, "")).forms
    texts = (SOUND.replace("2024", "2023"), SOUND.replace("form: 2021", "form: city"))
    read = [read_report(read_source("a.yaml", text.encode()), forms).report for text in texts]
    reports = [one for one in read if one]
    assert [one.forms["proactive-disclosure"] for one in reports] == ["2021", "city"]
    series = series_of("proactive-disclosure.rules.issued", reports, forms)
    assert isinstance(series, Series)
    assert series.values == (0, 0)


def test_a_form_file_that_is_not_there_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "forms", "missing.yaml", "none/*.yaml")
    assert code == 1
    assert out.endswith("\n\nmissing.yaml: cannot be used\n")
    assert err == (
        "missing.yaml:1:1: error: The file cannot be read: there is no such file. [unreadable-file]\n"
        "none/*.yaml:1:1: warning: There are no forms in “none/*.yaml”. In govreport_forms, paths are relative to the folder of "
        "conf.py; in a command, to the current folder. [no-files]\n"
    )


def test_forms_are_for_programs_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "forms/bad.yaml").write_text("form: bad\n", "utf-8")
    code, out, err = run(capsys, "forms", "forms", "--format", "json")
    assert (code, err) == (1, "")
    told = json.loads(out)
    assert [form["name"] for form in told["forms"]] == ["2019", "2021", "city", "district", "pages"]
    assert told["forms"][-1] == {
        "name": "pages",
        "kind": "政府信息公开",
        "title": "网站内容统计",
        "english": "Count of pages",
        "from": 2021,
        "to": 2023,
        "notice": NOTICE,
        "date": "2022-03-01",
        "file": "forms/pages.yaml",
        "tables": [{"name": "published", "label": "网站发布情况", "english": "Pages published", "unit": "条"}],
    }
    assert (told["forms"][1]["to"], told["forms"][1]["file"]) == (None, None)
    assert told["unusable"] == ["forms/bad.yaml"]
    assert {(found["path"], found["rule"]) for found in told["findings"]} == {("forms/bad.yaml", "bad-form")}


def test_import_and_new_site_take_folders_of_forms(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "2021").mkdir()
    (folder / "2021/x.yaml").write_text("form: x\n", "utf-8")
    assert run(capsys, "export", "--to", "text", "--output", "a.txt", "data")[0] == 0
    assert run(capsys, "import", "a.txt", "--form", "2021", "-o", "b/2024.yaml")[:2] == (0, "b/2024.yaml\n"), (
        "a form, not a folder"
    )
    assert run(capsys, "import", "a.txt", "--form", "forms", "--form", "city", "-o", "c/2024.yaml")[0] == 0
    assert "form: city\n" in (folder / "c/2024.yaml").read_text("utf-8")
    assert run(capsys, "new-site", "site", "--agency", "甲", "--year", "2022", "--form", "forms")[0] == 0
    assert sorted(path.name for path in (folder / "site/forms").iterdir()) == ["a-district.yaml", "city.yml", "pages.yaml"]
    (folder / "forms/more/pages.yaml").write_text(PAGES.replace("form: pages", "form: other"), "utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["new-site", "other", "--agency", "甲", "--form", "forms"])
    assert ended.value.code == 2
    assert "Two forms have files called “pages.yaml”; rename one of them." in capsys.readouterr().err
