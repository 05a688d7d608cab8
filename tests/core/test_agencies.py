"""Former names and levels of agencies, in the command and in its output."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sphinx_govreport.api import check, load
from sphinx_govreport.cli import main
from sphinx_govreport.core.diagnostics import translator
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.library.agencies import read_agencies
from tests.published import published, year_file

NOW, THEN = "平潭综合实验区", "平潭综合实验区管委会"
AGENCIES = f"{NOW}:\n  曾用名: [{THEN}]\n  级别: 政府\n"


def text(name: str, agency: str) -> str:
    """The year file of a published report, as if another agency had published it."""
    found = published(name)
    return year_file(found).replace(f"agency: {found.agency}", f"agency: {agency}")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two years of one agency, the first under its former name, and the file that declares the name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data/2023.yaml").write_text(text("suqian-2023", THEN), "utf-8")
    (tmp_path / "data/2024.yaml").write_text(text("suqian-2024", NOW), "utf-8")
    (tmp_path / "agencies.yaml").write_text(AGENCIES, "utf-8")
    return tmp_path


def change(file: str, old: str, new: str) -> None:
    path = Path(file)
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    code = main(list(arguments))
    told = capsys.readouterr()
    return code, [*told.out.splitlines(), *told.err.splitlines()]


WITH = ("--agencies", "agencies.yaml")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_figures_are_carried_over_across_a_new_name(folder: Path, capsys: pytest.CaptureFixture[str], jobs: str) -> None:
    change("data/2024.yaml", "  carried-in:\n    natural-person: 118", "  carried-in:\n    natural-person: 117")
    _code, lines = run(capsys, "check", "--jobs", jobs, "--severity", "jump=off", *WITH)
    assert any("[carried-over]" in line and "data/2024.yaml" in line for line in lines), lines
    _code, lines = run(capsys, "check", "--severity", "jump=off")
    assert not any("[carried-over]" in line for line in lines), "without the declaration they are two agencies"


def test_two_files_of_one_year_under_both_names_are_one_report(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("data/2023.yaml").rename("data/again.yaml")
    change("data/again.yaml", "year: 2023", "year: 2024")
    code, lines = run(capsys, "check", *WITH)
    assert code == 1
    assert "data/again.yaml:1:1: error: There is another report of 平潭综合实验区 for 2024: data/2024.yaml." in lines[0]
    assert run(capsys, "check")[0] == 0


def test_names_that_are_declared_are_not_alike(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change("data/2023.yaml", THEN, "平潭 综合实验区")
    assert any("[alike-agencies]" in line for line in run(capsys, "check", *WITH)[1])
    change("agencies.yaml", THEN, "平潭 综合实验区")
    assert not any("[alike-agencies]" in line for line in run(capsys, "check", *WITH)[1])


@pytest.mark.parametrize(
    ("then", "told"),
    [
        ("平潭县", "data/2024.yaml:1:1: warning: “平潭县人民政府” and “平潭县” may be one agency: no year"),
        ("平潭县政府", "data/2023.yaml:1:1: warning: “平潭县政府” and “平潭县人民政府” may be one agency: no year"),
    ],
)
def test_a_name_with_and_without_government_is_probably_one_agency(
    folder: Path, capsys: pytest.CaptureFixture[str], then: str, told: str
) -> None:
    for year, name in ((2023, then), (2024, "平潭县人民政府")):
        Path(f"data/{year}.yaml").write_text(text(f"suqian-{year}", name), "utf-8")
    (line,) = (one for one in run(capsys, "check")[1] if "[alike-agencies]" in one)
    assert line.startswith(told)
    Path("data/also.yaml").write_text(text("suqian-2023", "平潭县人民政府"), "utf-8")
    assert not any("[alike-agencies]" in one for one in run(capsys, "check")[1]), "both have a report for 2023"


def test_the_file_may_lie_among_the_data(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "agencies.yaml").rename("data/agencies.yaml")
    code, lines = run(capsys, "check", "--severity", "jump=off", "--agencies", "data/agencies.yaml")
    assert (code, lines) == (0, ["Checked 2 reports: 0 errors, 0 warnings, 0 hints."])


def test_what_is_wrong_is_told_with_its_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "agencies.yaml").write_text(
        "平潭综合实验区:\n  fromer: 甲\n  former: [平潭综合实验区, 乙, 丙, [丁]]\n  level: 政付\n"
        "丙: {曾用名: 乙}\n戊:\n己: {级别: 乡镇}\n庚: {曾用名: ~}\n",
        "utf-8",
    )
    code, lines = run(capsys, "--language", "zh_CN", "check", *WITH, "--severity", "jump=off")
    assert code == 1
    assert [line for line in lines if line.startswith("agencies.yaml")] == [
        "agencies.yaml:2:3: 错误: 平潭综合实验区：“fromer”无法识别。是不是“former”？ [机关设置有误]",
        "agencies.yaml:3:12: 错误: “平潭综合实验区”是该机关的现用名。 [机关设置有误]",
        "agencies.yaml:3:24: 错误: “丙”本身又写成了一个机关。如为同一机关，请把所有曾用名写在其现用名之下。 [机关设置有误]",
        "agencies.yaml:3:27: 错误: 平潭综合实验区：曾用名应为一段文字。 [机关设置有误]",
        "agencies.yaml:4:10: 错误: 平潭综合实验区：没有一种表样有“政付”这一级别。这里可用的是：department、government、部门、政府部门、"
        "人民政府部门、政府、地方人民政府、人民政府。 [机关设置有误]",
        "agencies.yaml:5:10: 错误: “乙”已是平潭综合实验区的曾用名。否则无法判断是哪个机关的年报，请只保留一处。 [机关设置有误]",
        "agencies.yaml:6:3: 错误: “戊”之下应写曾用名和级别。写法例如：戊: {曾用名: […], 级别: …}。 [机关设置有误]",
        "agencies.yaml:7:9: 错误: 己：没有一种表样有“乡镇”这一级别。这里可用的是：department、government、部门、政府部门、"
        "人民政府部门、政府、地方人民政府、人民政府。 [机关设置有误]",
        "agencies.yaml:8:10: 错误: 庚：曾用名应为一段文字。 [机关设置有误]",
    ]


def test_a_file_that_is_not_there_or_has_no_mapping(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = run(capsys, "check", "--agencies", "agencis.yaml")
    assert code == 1
    assert lines[0].startswith("agencis.yaml:1:1: error: The file cannot be read")
    (folder / "agencies.yaml").write_text("- 平潭综合实验区\n", "utf-8")
    assert "[bad-agencies]" in run(capsys, "check", *WITH)[1][0]
    (folder / "agencies.yaml").write_text(json.dumps({NOW: {"former": THEN}}, ensure_ascii=False), "utf-8")
    assert run(capsys, "check", *WITH, "--severity", "jump=off")[0] == 0


def test_next_years_file_has_the_name_of_now(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "2025", "--from", "data/2023.yaml", "--output", "a.yaml", *WITH]) == 0
    assert Path("a.yaml").read_text("utf-8").splitlines()[1] == f"agency: {NOW}"
    assert main(["new", "2025", "--from", "data/2023.yaml", "--output", "b.yaml"]) == 0
    assert Path("b.yaml").read_text("utf-8").splitlines()[1] == f"agency: {THEN}"


def test_exports_keep_the_name_under_which_a_report_was_published(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for kind in ("csv", "json"):
        main(["export", "--to", kind, "--output", f"a.{kind}", "data", *WITH])
        main(["export", "--to", kind, "--output", f"b.{kind}", "data"])
        assert sorted(Path(f"a.{kind}").read_text("utf-8").splitlines()) == sorted(
            Path(f"b.{kind}").read_text("utf-8").splitlines()
        )
    main(["export", "--to", "yaml", "--output", "a.yaml", "data/2023.yaml", *WITH])
    assert f"agency: {THEN}\n" in Path("a.yaml").read_text("utf-8")
    main(["export", "--to", "text", "--output", "a.txt", "data/2023.yaml", *WITH])
    assert f"{THEN}2023年政府信息公开工作年度报告" in Path("a.txt").read_text("utf-8")
    main(["export", "--to", "datapackage", "--output", "package", "data", *WITH])
    package = json.loads(Path("package/datapackage.json").read_text("utf-8"))
    assert package["title"] == f"{NOW}政府信息公开工作年度报告（2023–2024年）"
    assert [one["title"] for one in package["resources"]] == [f"{THEN}2023年", f"{NOW}2024年"]


def test_a_page_is_written_whole_by_either_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("page.md").write_text(
        f"---\ngovreport-year: 2023\ngovreport-agency: {NOW}\n---\n# 年报\n\n```{{gov-disclosure-table}} requests\n```\n",
        "utf-8",
    )
    assert main(["export", "--to", "docx", "--page", "page.md", "--output", "a.docx", "data", *WITH]) == 0
    with zipfile.ZipFile("a.docx") as document:
        assert f"{THEN}2023年" in document.read("word/document.xml").decode()
    assert main(["export", "--to", "docx", "--page", "page.md", "--output", "b.docx", "data"]) == 1
    assert not Path("b.docx").exists()
    assert "[govreport.unknown-report]" in capsys.readouterr().err


def test_a_document_with_the_other_name_is_no_difference(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["export", "--to", "text", "--output", "old.txt", "data/2023.yaml"])
    change("data/2023.yaml", f"agency: {THEN}", f"agency: {NOW}")
    compare = ("import", "old.txt", "--compare", "data/2023.yaml")
    code, lines = run(capsys, *compare)
    assert code == 1
    assert f"“{THEN}” was published, but the year file has “{NOW}”" in lines[0]
    assert run(capsys, *compare, *WITH)[0] == 0


def test_imported_files_are_checked_beside_the_years_under_other_names(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change("data/2023.yaml", "  carried-out:\n    natural-person: 118", "  carried-out:\n    natural-person: 119")
    main(["export", "--to", "text", "--output", "new.txt", "data/2024.yaml"])
    Path("data/2024.yaml").unlink()
    capsys.readouterr()
    assert any("[carried-over]" in line for line in run(capsys, "import", "new.txt", "-o", "data/2024.yaml", *WITH)[1])
    Path("data/2024.yaml").unlink()
    assert not any("[carried-over]" in line for line in run(capsys, "import", "new.txt", "-o", "data/2024.yaml")[1])


def test_years_of_one_agency_are_imported_as_files_of_years(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for year in ("2023", "2024"):
        main(["export", "--to", "text", "--output", f"{year}.txt", f"data/{year}.yaml"])
    main(["import", "2023.txt", "2024.txt", "-o", "new", *WITH])
    assert sorted(path.name for path in Path("new").iterdir()) == ["2023.yaml", "2024.yaml"]
    main(["import", "2023.txt", "2024.txt", "-o", "apart"])
    assert sorted(path.name for path in Path("apart").iterdir()) == [f"{NOW}-2024.yaml", f"{THEN}-2023.yaml"]


def test_a_sum_knows_agencies_by_both_names(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change("data/2023.yaml", "year: 2023", "year: 2024")  # 平潭's figures of 2024 under the former name
    (folder / "data/2024.yaml").write_text(text("suqian-2024", "乙区"), "utf-8")
    (folder / "list.txt").write_text(f"{NOW}\n乙区\n", "utf-8")
    rollup = ("rollup", "data", "--agency", "某省", "--expect", "list.txt", "-o")
    code, lines = run(capsys, *rollup, "a.yaml", *WITH)
    assert (code, lines) == (0, ["Added up 2 reports."])
    code, lines = run(capsys, *rollup, "b.yaml")
    assert code == 1
    assert any("[absent-agency]" in line for line in lines)
    code, lines = run(capsys, "rollup", "data", "--agency", NOW, "-o", "c.yaml", *WITH)
    assert "Added up 1 report." in lines
    assert any(f"{NOW} is the sum of the others" in line for line in lines)
    code, lines = run(capsys, "check", "data", "--parts", f"乙区={NOW}", "--severity", "jump=off", *WITH)
    assert any("[parts]" in line and "do not add up" in line for line in lines)
    code, lines = run(capsys, "check", "data", "--parts", f"乙区={NOW}", "--severity", "jump=off")
    assert any("[parts]" in line and "There is no report of" in line for line in lines)


PAGE = "---\ngovreport-year: 2024\ngovreport-agency: {agency}\ngovreport-published: {day}\n---\n# 年报\n"


@pytest.mark.parametrize(
    ("level", "day", "said"),
    [
        ("政府", "2025-03-31", ""),
        ("government", "2025-04-01", "Published on 2025-04-01, after 31 March 2025. [deadline]"),
        ("部门", "2025-01-31", ""),
        ("department", "2025-02-01", "Published on 2025-02-01, after 31 January 2025. [deadline]"),
        ("", "2025-01-31", ""),
        (
            "",
            "2025-02-01",
            "Published on 2025-02-01: late for 部门 (01-31), in time for 政府 (03-31); the level of "
            "平潭综合实验区 is not declared. Declare the level of 平潭综合实验区 in govreport_agencies or in the file of --agencies: "
            "部门 (01-31), 政府 (03-31). [unknown-level]",
        ),
        (
            "",
            "2025-04-01",
            "Published on 2025-04-01, after 31 March 2025. Declare the level of 平潭综合实验区 in govreport_agencies or in the "
            "file of --agencies: 部门 (01-31), 政府 (03-31). [deadline]",
        ),
    ],
)
@pytest.mark.parametrize("agency", [NOW, THEN])
def test_the_deadline_is_that_of_the_level(
    folder: Path, capsys: pytest.CaptureFixture[str], level: str, day: str, said: str, agency: str
) -> None:
    change("agencies.yaml", "  级别: 政府\n", f"  级别: {level}\n" if level else "")
    Path("2024.md").write_text(PAGE.format(agency=agency, day=day), "utf-8")
    code, lines = run(capsys, "check", "data", "2024.md", "--severity", "jump=off", *WITH)
    assert code == 0
    assert [line for line in lines if line.startswith("2024.md")] == ([f"2024.md:4:1: hint: {said}"] if said else [])
    if "[unknown-level]" in said:  # a user who does not check the deadline need not declare a level
        _code, lines = run(capsys, "check", "data", "2024.md", "--severity", "deadline=off", *WITH)
        assert not any(line.startswith("2024.md") for line in lines)


OWN = """\
form: own
title: 工作报告
english: Own form
source: {{notice: 某办发〔2022〕3号}}
years: {{from: 2021}}
deadline: {deadline}
tables:
  published:
    label: 网站发布情况
    english: Pages published
    source: 某办发〔2022〕3号
    unit: 条
    widths: [16, 12]
    blocks:
      - columns: [{{key: pages, label: 条数, english: Pages}}]
        rows: [{{key: news, label: 动态, english: News}}]
"""


def test_levels_are_those_of_the_form(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    levels = "{source: 某省办法, levels: {乡镇: 02-15, city: {label: 设区的市, aliases: [地级市], date: 03-01}}}"
    Path("own.yaml").write_text(OWN.format(deadline=levels), "utf-8")
    for path in Path("data").iterdir():
        path.unlink()
    Path("data/2024.yaml").write_text(f"agency: {NOW}\nyear: 2024\nform: own\npublished: {{news: {{pages: 5}}}}\n", "utf-8")
    arguments = ("check", "data", "2024.md", "--form", "own.yaml", *WITH)

    def told(level: str, day: str) -> str:
        Path("agencies.yaml").write_text(f"{NOW}: {{level: {level}}}\n", "utf-8")
        Path("2024.md").write_text(PAGE.format(agency=NOW, day=day), "utf-8")
        return " ".join(line for line in run(capsys, *arguments)[1] if ".md" in line or "agencies.yaml" in line)

    assert told("乡镇", "2025-02-15") == ""
    assert "after 15 February 2025. [deadline]" in told("乡镇", "2025-02-16")
    assert told("地级市", "2025-03-01") == ""
    assert "after 1 March 2025. [deadline]" in told("设区的市", "2025-03-02")
    assert "late for 乡镇 (02-15), in time for 设区的市 (03-01)" in told("政府", "2025-02-20"), "a level of another form"
    assert "“设区" in told("设区市", "2025-01-20")


@pytest.mark.parametrize(
    ("deadline", "said"),
    [
        ("{source: 某法, levels: {乡镇: 02-30}}", "own.yaml:6:37: error: “date” must be month and day, such as 03-31."),
        ("{source: 某法, levels: {}}", "own.yaml:6:32: error: A mapping is expected here: key: {label, date}."),
        (
            "{source: 某法, date: 03-31, levels: {乡镇: 02-15}}",
            "own.yaml:6:30: error: With “levels”, each level has its own date.",
        ),
        (
            "{source: 某法, levels: {a: {date: 02-15, label: 乡}, b: {date: 02-16, aliases: [乡]}}}",
            "“乡” is used for two levels.",
        ),
        (
            "{source: 某法, levels: {a: {date: 02-15, lable: 乡}}}",
            "Unknown key “lable”; use one of: label, aliases, date.",
        ),
    ],
)
def test_a_deadline_that_cannot_be_is_told(folder: Path, capsys: pytest.CaptureFixture[str], deadline: str, said: str) -> None:
    Path("own.yaml").write_text(OWN.format(deadline=deadline), "utf-8")
    code, lines = run(capsys, "check", "data", "--form", "own.yaml")
    assert code == 1
    assert any(said in line and "[bad-form]" in line for line in lines), lines


@pytest.mark.parametrize(("city", "part"), [("某市", THEN), ("旧市", NOW)])
def test_a_library_knows_parts_by_both_names(folder: Path, city: str, part: str) -> None:
    Path("data/city.yaml").write_text(text("suqian-2023", "某市"), "utf-8")
    change("data/city.yaml", "  received:\n    natural-person: ", "  received:\n    natural-person: 1")
    library = load("data", agencies={NOW: {"former": [THEN]}, "某市": {"former": ["旧市"]}})
    (said,) = [
        found.render(str)
        for key, one in check(library, parts={city: [part]}).items()
        for found in one.findings
        if (key.agency, found.rule.name) == ("某市", "parts")
    ]
    assert "do not add up to the stated figures" in said


@pytest.mark.parametrize("name", [NOW, THEN])
def test_a_library_lists_years_and_kinds_by_both_names(folder: Path, name: str) -> None:
    library = load("data", agencies={NOW: {"former": [THEN]}})
    assert (library.years(name), library.kinds(name)) == ((2023, 2024), ("政府信息公开",))
    assert all(library.report(name, year) for year in library.years(name))


@pytest.mark.parametrize("declared", [["甲局"], {"甲局": ["former"]}, {"甲局": {"level": ["市"]}}])
def test_a_declaration_in_conf_py_has_no_line_of_its_own(declared: Any) -> None:
    (found,) = read_agencies(None, declared, statutory_forms().values())[1]
    assert str(found.pos) == "conf.py:1:1"


MERGED = (
    "丙局2023年的年报另有一份：a.yaml。如果是几个机关合并为丙局，曾用名只写由其延续的那一个；否则请删去其中一份。",
    "There is another report of 丙局 for 2023: a.yaml. If two agencies were merged into 丙局, declare only the one that it continues as its "
    "former name; otherwise delete one of the two.",
)


def test_nobody_is_told_to_delete_a_report_of_an_agency_that_was_merged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, agency in (("a", "甲局"), ("b", "乙局")):
        Path(f"{name}.yaml").write_text(
            f"agency: {agency}\nyear: 2023\nform: 2021\nproactive-disclosure: 0\nrequests: 0\nreviews: 0\n", "utf-8"
        )
    Path("agencies.yml").write_text("丙局: {曾用名: [甲局, 乙局]}\n", "utf-8")
    (found,) = load("a.yaml", "b.yaml", agencies="agencies.yml").diagnostics
    assert (found.pos.path, found.rule.name) == ("b.yaml", "duplicate-report")
    assert tuple(found.render(translator(language)) for language in ("zh_CN", "en")) == MERGED
    assert main(["--language", "en", "check", "a.yaml", "b.yaml", "--agencies", "agencies.yml"]) == 1
    assert f"b.yaml:1:1: error: {MERGED[1]} [duplicate-report]" in capsys.readouterr().out
    Path("agencies.yml").write_text("丙局: {曾用名: [甲局]}\n", "utf-8")
    assert load("a.yaml", "b.yaml", agencies="agencies.yml").diagnostics == ()
