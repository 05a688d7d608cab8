"""The command: exit codes, formats, and speed."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path
from urllib.parse import quote

import jsonschema
import pytest
from lxml import etree

from sphinx_govreport.cli import main
from sphinx_govreport.core.checks.formats import FORMATS
from sphinx_govreport.core.checks.run import check_report
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Severity, text
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.yaml.source import read_source
from tests.core.test_checks import report
from tests.core.test_explanations import SOUND
from tests.published import published, year_file
from tests.terminal import Terminal


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    return tmp_path


def put(folder: Path, name: str) -> None:
    (folder / "data" / f"{name}.yaml").write_text(year_file(published(name)), "utf-8")


def test_exit_codes_say_how_it_went(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "suqian-2023")
    assert main(["check"]) == 0
    put(folder, "shanghai-municipal-office-2019")
    assert main(["check", "data"]) == 0
    assert main(["check", "data", "--strict"]) == 1
    put(folder, "huaian-hongze-2023")
    assert main(["--language", "zh_CN", "check", "data"]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == "已核对 3 份年报：2 个错误，2 个警告，0 条提示。"
    assert main(["check", "data", "--severity", "reviews-total=hint"]) == 0
    for wrong in (["check", "nowhere"], ["check", "--severity", "x=error"], ["check", "--severity", "jump=loud"], ["chek"], []):
        with pytest.raises(SystemExit) as stop:
            main(wrong)
        assert stop.value.code == 2


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "junit"])
def test_nothing_that_was_checked_is_not_sound(folder: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An accidentally empty folder must not pass."""
    for more in ([], ["--strict"]):
        assert main(["check", "data", "--format", form, *more]) == 2
        assert capsys.readouterr().err.endswith("Nothing was checked: no year file was found.\n")
    put(folder, "suqian-2023")
    assert main(["check", "data", "--format", form]) == 0


@pytest.mark.parametrize("name", ["", "  ", "\u3000", "\n"])
@pytest.mark.parametrize(
    "command",
    [["new-site", "site"], ["rollup", "data", "-o", "sum.yaml"], ["import", "data/suqian-2024.yaml", "-o", "new"]],
    ids=lambda command: command[0],
)
def test_an_agency_without_a_name_is_refused(
    name: str, command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, "suqian-2024")
    for language, message in (
        ("en", "argument --agency: The name of the agency is missing.\n"),
        ("zh_CN", "参数 --agency：没有写机关名称。\n"),
    ):
        with pytest.raises(SystemExit) as stop:
            main(["--language", language, *command, "--agency", name])
        assert stop.value.code == 2
        assert capsys.readouterr().err.endswith(message)
    assert [path.name for path in folder.iterdir()] == ["data"]


@pytest.mark.parametrize("year", ["5", "99999", "-2024", "２０２４年"])
def test_a_year_that_no_report_can_have_is_refused(year: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "suqian-2024")
    with pytest.raises(SystemExit) as stop:
        main(["--language", "en", "import", "data/suqian-2024.yaml", "-o", "new", f"--year={year}"])
    assert stop.value.code == 2
    assert capsys.readouterr().err.endswith(f"argument --year: There is no report for the year {year}.\n")
    assert not Path("new").exists()


@pytest.mark.parametrize("parts", ["宿迁市", "宿迁市=", "宿迁市=,", "宿迁市：东区,西区", "宿迁市＝东区"])
@pytest.mark.parametrize("command", [["check", "data"], ["rollup", "data", "--agency", "某省"]], ids=lambda command: command[0])
def test_parts_that_name_no_part_are_refused(
    parts: str, command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, "suqian-2024")
    with pytest.raises(SystemExit) as stop:
        main(["--language", "en", *command, "--parts", parts])
    assert stop.value.code == 2
    message = f"argument --parts: “{parts}” is not AGENCY=PART,PART: an agency, “=”, and its parts with commas.\n"
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith(message)
    with pytest.raises(SystemExit):
        main(["--language", "en", *command, "--parts", "=东区,西区"])
    assert capsys.readouterr().err.endswith("argument --parts: The name of the agency is missing.\n")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("export data --to csv --keys zh", "--keys 与 --to csv 连用时不起作用。"),
        ("export --blank --keys zh --page a.md -o a.xlsx", "--page、--keys 与 --blank 连用时不起作用。"),
        ("export data --to csv --page a.md", "页面只能导出为 docx。"),
        ("schema --records --keys en", "--keys 与 --records 连用时不起作用。"),
        ("pack --verify data -o a.zip", "--output 与 --verify 连用时不起作用。"),
        ("import a.docx --roles", "--roles 只能与 --page 连用。"),
        (
            "import a.docx --compare data/suqian-2024.yaml --page a.md --roles -o b --keys zh --format json",
            "--output、--keys、--page、--format 与 --compare 连用时不起作用。",
        ),
        ("check data --scheduler tcp://127.0.0.1:9 --jobs 2", "--jobs 与 --scheduler 连用时不起作用。"),
        ("check data --cache -", "缓存不能写到标准输出，请在 --cache 后写文件名。"),
    ],
)
def test_an_option_without_effect_is_refused(command: str, said: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "suqian-2024")
    with pytest.raises(SystemExit) as ended:
        main(["--language", "zh", *command.split()])
    assert (ended.value.code, capsys.readouterr().err.splitlines()[-1].partition("错误：")[2]) == (2, said)
    assert [path.name for path in folder.iterdir()] == ["data"]


def test_text_names_file_line_and_rule(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "huaian-hongze-2023")
    main(["--language", "zh_CN", "check"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" ")[0] for line in lines] == [
        "data/huaian-hongze-2023.yaml:218:12:",
        "data/huaian-hongze-2023.yaml:231:14:",
    ]
    assert all("错误：" in line or "错误:" in line for line in lines)
    assert all(line.endswith("[复议诉讼合计]") for line in lines)


def test_json_gives_every_figure_that_takes_part(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "huaian-hongze-2023")
    main(["check", "--format", "json"])
    first = json.loads(capsys.readouterr().out)["findings"][0]
    assert (first["path"], first["line"], first["rule"], first["severity"]) == (
        "data/huaian-hongze-2023.yaml",
        218,
        "reviews-total",
        "error",
    )
    outcomes = ("upheld", "corrected", "other", "pending", "total")
    assert first["figures"] == [f"reviews.reconsideration.{key}" for key in outcomes]
    assert [place["line"] for place in first["places"]] == [214, 215, 216, 217, 218]


def test_findings_lead_to_what_they_mean(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "huaian-hongze-2023")
    put(folder, "shanghai-municipal-office-2019")
    main(["--language", "zh_CN", "check"])
    assert capsys.readouterr().err.splitlines()[-2] == "含义和处理办法：sphinx-govreport explain 复议诉讼合计 未填报"
    main(["--language", "zh_CN", "check", "--format", "json"])
    printed = capsys.readouterr()
    assert "explain" not in printed.err
    assert json.loads(printed.out)["rules"]["reviews-total"] == {
        "meaning": "复议诉讼表各种审理结果之和不等于所填的总计。",
        "reason": "总计就是前面四种结果之和。",
        "advice": "请改正填错的数；也可以不写总计，由程序自动计算。",
    }
    main(["--language", "zh_CN", "check", "--format", "sarif"])
    described = {rule["id"]: rule for rule in json.loads(capsys.readouterr().out)["runs"][0]["tool"]["driver"]["rules"]}
    assert described["reviews-total"]["fullDescription"] == {"text": "复议诉讼表各种审理结果之和不等于所填的总计。"}
    assert described["reviews-total"]["help"] == {
        "text": "总计就是前面四种结果之和。请改正填错的数；也可以不写总计，由程序自动计算。"
    }
    (folder / "data/huaian-hongze-2023.yaml").unlink()
    main(["check", "data", "--severity", "not-filled=off"])
    assert "explain" not in capsys.readouterr().err


def test_sarif_has_what_code_scanning_asks_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "huaian-hongze-2023")
    main(["check", "--format", "sarif"])
    log = json.loads(capsys.readouterr().out)
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["reviews-total"]
    result = run["results"][0]
    place = result["locations"][0]["physicalLocation"]
    assert (result["ruleId"], result["level"], place["artifactLocation"]["uri"]) == (
        "reviews-total",
        "error",
        "data/huaian-hongze-2023.yaml",
    )
    assert place["region"] == {"startLine": 218, "startColumn": 12}
    assert len(result["relatedLocations"]) == 5


def test_github_and_junit_carry_the_same_findings(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "huaian-hongze-2023")
    main(["check", "--format", "github"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("::error file=data/huaian-hongze-2023.yaml,line=218,col=12,title=reviews-total::")
    main(["check", "--format", "junit"])
    suite = etree.fromstring(capsys.readouterr().out.encode())
    assert suite.get("failures") == "2" == str(len(lines)) == str(len(suite.findall("*/failure")))


def test_junit_lists_every_check_so_that_ci_shows_what_was_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "suqian-2024")
    put(folder, "huaian-hongze-2023")
    explained = (folder / "data/suqian-2024.yaml").read_text("utf-8") + "explanations: {jump: 上年受理 <大量> 反复申请。}\n"
    (folder / "data/suqian-2024.yaml").write_text(explained, "utf-8")
    put(folder, "suqian-2023")
    (folder / "a.md").write_text(
        "---\ngovreport-year: 2024\ngovreport-agency: 宿迁市\n---\n\n# 一、总体情况\n\n如下。\n", "utf-8"
    )
    (folder / "b.md").write_text((folder / "a.md").read_text("utf-8").replace("# 一、总体情况\n\n如下。", "无。"), "utf-8")
    main(["--language", "en", "check", "--format", "junit", "data", "a.md", "b.md"])
    suite = etree.fromstring(capsys.readouterr().out.encode())
    cases = {(case.get("classname"), case.get("name").partition(":")[0]): case for case in suite}
    assert len(cases) == len(suite) == int(suite.get("tests"))
    checks = ("row-total", "column-total", "balance", "reviews-total", "carried-over", "jump")
    told = {check: [child.tag for child in cases["data/suqian-2024.yaml", check]] for check in checks}
    assert told == {check: [] for check in checks[:5]} | {"jump": ["system-out"]}
    assert cases["data/suqian-2024.yaml", "jump"][0].text == "上年受理 <大量> 反复申请。"
    assert (
        cases["data/suqian-2024.yaml", "row-total"].get("name") == "row-total: In each row, all applicants add up to the total"
    )
    (skipped,) = cases["data/huaian-hongze-2023.yaml", "carried-over"]
    assert (skipped.tag, skipped.get("message")) == ("skipped", "There is no report for the year before.")
    assert ("data/huaian-hongze-2023.yaml", "reviews-total") not in cases, "its findings are cases"
    assert len(suite.findall("*/skipped")) == int(suite.get("skipped"))
    assert list(cases["b.md", "page"]) == []
    assert ("a.md", "page") not in cases, "a section is missing"
    main(["--language", "zh_CN", "check", "--format", "junit", "b.md"])
    assert 'classname="b.md" name="page: 未发现问题"' in capsys.readouterr().out
    main(["--language", "en", "check", "--format", "junit", "--jobs", "2", "data"])
    alone = etree.fromstring(capsys.readouterr().out.encode())
    without_pages = [case for case in suite if not case.get("classname").endswith(".md")]
    assert [case.get("name") for case in alone] == [case.get("name") for case in without_pages]


@pytest.mark.parametrize("form", FORMATS)
def test_findings_may_be_written_to_a_file_in_utf8(form: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "huaian-hongze-2023")
    check = ["--language", "zh_CN", "check", "--format", form]
    assert main(check) == 1
    printed = capsys.readouterr()
    assert main([*check, "-o", "findings"]) == 1
    assert capsys.readouterr() == ("", printed.err)
    assert (folder / "findings").read_bytes() == printed.out.encode()
    assert "总计" in printed.out or form == "junit"


SCHEMAS = Path(__file__).parent / "schemas"


@pytest.fixture
def faulty(folder: Path) -> Path:
    """A folder with errors, warnings and hints, of valid and invalid files, with names that are not URLs."""
    for name in ("suqian-2023", "suqian-2024", "huaian-hongze-2023", "shanghai-municipal-office-2019"):
        put(folder, name)
    (folder / "data/洪泽 区:2023.yaml").write_text("agency: 洪泽区\nyear: 2023\nform: [\n", "utf-8")
    (folder / "a.md").write_text(
        "---\ngovreport-year: 2024\ngovreport-agency: 宿迁市\n---\n\n# 一、总体情况\n\n如下。\n", "utf-8"
    )
    return folder


@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_sarif_and_junit_are_as_their_public_schemas_demand(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    check = ("--language", language, "check", "data", "a.md", "--format")
    assert main([*check, "sarif"]) == 1
    log = json.loads(capsys.readouterr().out)
    validator = jsonschema.Draft4Validator(json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text("utf-8")))
    assert [error.message for error in validator.iter_errors(log)] == []
    (run,) = log["runs"]
    assert {result["level"] for result in run["results"]} == {"error", "warning", "note"}
    places = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
    assert f"data/{quote('洪泽 区:2023')}.yaml" in places

    assert main([*check, "junit"]) == 1
    suite = etree.fromstring(capsys.readouterr().out.encode())
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))
    schema.assertValid(suite)
    assert {child.tag for case in suite for child in case} == {"failure", "skipped"}


def test_a_finding_of_a_whole_file_has_no_line_in_sarif() -> None:
    finding = Diagnostic(Rule("a", Severity.ERROR), Pos("a.yaml", 0, 0), text("{x}", x="y"))
    log = json.loads(FORMATS["sarif"]([finding], str, "1"))
    assert log["runs"][0]["results"][0]["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "a.yaml"}}}]


def test_progress_is_shown_on_many_files_to_people_only(folder: Path) -> None:
    text = year_file(published("suqian-2024"))
    for number in range(100):
        (folder / "data" / f"{number}.yaml").write_text(text.replace("agency: 宿迁市", f"agency: {number}区"), "utf-8")
    shown, kept = Terminal(), io.StringIO()
    with contextlib.redirect_stderr(shown):
        assert main(["check", "data"]) == 0
    steps = shown.getvalue().splitlines()[:4]
    assert steps == ["64/100 read", "100/100 read", "64/100 checked", "100/100 checked"]
    assert "\x1b" not in shown.getvalue()
    assert "\r" not in shown.getvalue()
    with contextlib.redirect_stderr(kept):
        assert main(["check", "data"]) == 0
    assert "/100" not in kept.getvalue()


def test_pages_may_be_a_glob_and_one_that_cannot_be_read_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "suqian-2024")
    for name in ("a.md", "b.markdown"):
        (folder / name).write_text("---\ngovreport-year: 2024\n---\n\n# 一、总体情况\n\n情况如下。\n", "utf-8")
    assert main(["check", "data", "*.md", "*.markdown", "--strict"]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in printed if "[section-missing]" in line] == ["a.md", "b.markdown"]

    (folder / "a.md").unlink()
    (folder / "a.md").symlink_to("/proc/self/mem")  # the file exists, but reading it fails
    assert main(["check", "data", "a.md"]) == 1
    assert "a.md:1:1: " in capsys.readouterr().out


def test_a_name_of_pages_that_finds_none_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "suqian-2024")
    (folder / "a[1].md").write_text("---\ngovreport-year: 2024\n---\n\n# 一、总体情况\n\n情况如下。\n", "utf-8")
    assert main(["--language", "en", "check", "data", "a[1].md", "page/*.md", "--strict"]) == 1
    missing, none = capsys.readouterr().out.splitlines()
    assert missing.startswith("a[1].md:5:1: warning: The page lacks: ")
    assert none == "page/*.md:1:1: warning: There are no pages in “page/*.md”. [no-files]"


def test_a_page_in_another_encoding_is_not_checked_as_if_it_were_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "suqian-2024")
    page = "---\ngovreport-year: 2024\ngovreport-agency: 宿迁市\n---\n\n# 一、总体情况\n\n情况如下。\n"
    for encoding, told in (("gb18030", "a.md:3:19: 错误: 文件编码不是 UTF-8，可能是 GBK。"), ("utf-16", "a.md:1:1: 错误: ")):
        (folder / "a.md").write_bytes(page.encode(encoding))
        assert main(["--language", "zh_CN", "check", "data", "a.md"]) == 1
        (line,) = capsys.readouterr().out.splitlines()
        assert line.startswith(told)
        assert line.endswith("[文件编码]")


def test_a_page_without_its_report_is_not_silently_unchecked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "suqian-2024")
    (folder / "index.md").write_text("# 首页\n", "utf-8")
    for year in ("2042", "2024年", "２０２４", ""):
        (folder / "a.md").write_text(f"---\ngovreport-year: {year}\n---\n\n# 一、总体情况\n", "utf-8")
        assert main(["--language", "zh_CN", "check", "data", "*.md"]) == 0
        told = capsys.readouterr().err.splitlines()
        assert told[0] == "a.md：没有读到这个页面的年报，页面未经核对。"
        assert "index.md" not in "".join(told)


def test_headings_of_chinese_help_end_in_a_chinese_colon(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ([], ["export"]):
        with pytest.raises(SystemExit):
            main(["--language", "zh_CN", *command, "--help"])
        lines = capsys.readouterr().out.splitlines()
        assert {"参数：", "选项："} <= {*lines}
        assert not [line for line in lines if line.endswith(":")]


def test_a_hint_is_no_failure_to_other_programs() -> None:
    findings = [
        Diagnostic(Rule(severity.value, severity), Pos("a.yaml"), text("{parts}", parts=severity.value))
        for severity in Severity
    ]
    suite = etree.fromstring(FORMATS["junit"](findings, str, "1").encode())
    assert dict(suite.attrib) == {"name": "sphinx-govreport", "tests": "3", "failures": "2", "errors": "0", "skipped": "1"}
    assert [child.tag for case in suite for child in case] == ["failure", "failure", "skipped"]


def test_a_rule_is_described_by_what_it_asks_or_else_by_what_it_means() -> None:
    asked = report("suqian-2024", {"requests.received.total": "1"})
    findings = check_report(asked, None, statutory_forms(), {}).findings
    _, written = read_report(read_source("a.yaml", SOUND.replace("reviews: 0", "reviews: 5").encode()), statutory_forms())
    log = json.loads(FORMATS["sarif"]([*findings, *written], str, "1"))
    described = {rule["id"]: rule["shortDescription"]["text"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert described["row-total"] == "In each row, all applicants add up to the total"
    assert described["bad-value"].startswith("A value has the wrong type")


def test_json_is_for_people_too() -> None:
    finding = Diagnostic(Rule("a", Severity.ERROR), Pos("甲.yaml", 1, 2), text("{x}", x="乙"))
    written = FORMATS["json"]([finding], str, "1")
    assert "甲.yaml" in written
    assert "乙" in written
    assert re.search(r"^ \S", written, flags=re.MULTILINE)
    assert not re.search(r"^   \S", written.split("乙")[0].split("[")[0], flags=re.MULTILINE)
