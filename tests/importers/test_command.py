"""The command ``import``: its files, its messages and its exit codes."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from sphinx_govreport.cli import main
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.reader import FORMS_DIR, read_form, statutory_forms
from sphinx_govreport.core.yaml.source import read_source
from tests.conftest import Project
from tests.exporters.test_exports import read, said
from tests.importers import written
from tests.importers.test_damaged import PROACTIVE, REQUESTS, change
from tests.published import published, year_file

Run = Callable[..., tuple[int, str, str]]


def with_local(path: Path) -> dict[str, Form]:
    """Return the statutory forms and that in a file."""
    forms = statutory_forms()
    form, _problems = read_form(read_source(str(path), path.read_bytes()), forms)
    assert form
    return {**forms, form.name: form}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in an empty folder: exit code, output, messages."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str, language: str = "en") -> tuple[int, str, str]:
        try:
            code = main(["--language", language, *arguments])
        except SystemExit as stopped:
            code = int(str(stopped.code))
        out = capsys.readouterr()
        return code, out.out, out.err

    return command


def test_a_page_becomes_the_year_file_that_a_person_would_write(run: Run) -> None:
    report = published("suqian-2024")
    Path("page.html").write_bytes(written.html(report))
    code, out, err = run("import", "page.html")
    assert (code, out, err) == (0, "data/2024.yaml\n", "")
    body = Path("data/2024.yaml").read_text("utf-8")
    assert said(read(body)) == said(read(year_file(report)))
    assert body.startswith(
        "# yaml-language-server: $schema=./govreport-year.schema.json\nagency: 宿迁市\nyear: 2024\nform: 2021\n"
    )
    heads = "自然人、商业企业、科研机构、社会公益组织、法律服务机构、其他、总计"
    assert f"  received: [3440, 75, 0, 1, 6, 3, 3525]  # 本年新收政府信息公开申请数量（{heads}）\n" in body
    assert "  carried-in: [118, 3, 0, 0, 0, 0, 121]  # 上年结转政府信息公开申请数量\n" in body


def test_a_file_that_is_there_is_never_overwritten(run: Run) -> None:
    Path("page.html").write_bytes(written.html(published("suqian-2024")))
    Path("data").mkdir()
    Path("data/2024.yaml").write_text("mine", "utf-8")
    code, _out, err = run("import", "page.html")
    assert code == 2
    assert "data/2024.yaml" in err
    assert "--compare" in err
    assert Path("data/2024.yaml").read_text("utf-8") == "mine"


@pytest.mark.parametrize("lost", ["data/2024.yaml", "page.md"])
def test_what_a_killed_command_has_written_is_completed(run: Run, lost: str) -> None:
    Path("page.html").write_bytes(written.html(published("suqian-2024")))
    command = ("import", "page.html", "--page", "page.md")
    assert run(*command)[0] == 0
    before = Path(lost).read_bytes()
    Path(lost).unlink()
    assert run(*command)[0] == 0
    assert Path(lost).read_bytes() == before


def test_several_documents_of_several_agencies_get_files_of_their_own(run: Run) -> None:
    for name in ("suqian-2023", "suqian-2024", "wendeng-commerce-2020"):
        Path(f"{name}.docx").write_bytes(written.word(published(name)))
    code, out, _err = run("import", "suqian-2023.docx", "suqian-2024.docx", "wendeng-commerce-2020.docx", "-o", "new")
    assert code == 0
    files = sorted(line.split()[-1] for line in out.splitlines()[1:])
    assert files == ["new/威海市文登区商务局-2020.yaml", "new/宿迁市-2023.yaml", "new/宿迁市-2024.yaml"]


def test_no_document_names_the_folder_that_is_written_to(run: Run, tmp_path: Path) -> None:
    report = published("suqian-2024")._replace(agency="../../etc/宿迁市")
    other = published("suqian-2023")
    Path("a.csv").write_bytes(written.csv_sheet(report))
    Path("b.csv").write_bytes(written.csv_sheet(other))
    code, out, _err = run("import", "a.csv", "b.csv", "--agency", "../../etc/宿迁市", "-o", "new")
    assert code == 0
    files = [line.split()[-1] for line in out.splitlines()[1:]]
    assert len(files) == 2
    assert all(Path(file).resolve().is_relative_to(tmp_path / "new") and Path(file).is_file() for file in files)


@pytest.mark.parametrize(("keys", "expected"), [((), "机关: 宿迁市"), (("--keys", "en"), "agency: 宿迁市")])
def test_a_begun_file_keeps_its_keys_unless_others_are_asked_for(keys: tuple[str, ...], expected: str, run: Run) -> None:
    Path("a.docx").write_bytes(written.word(published("suqian-2024")))
    Path("2023.yaml").write_text(year_file(published("suqian-2023")), "utf-8")
    assert run("new", "2024", "--from", "2023.yaml", "--keys", "zh", "-o", "2024.yaml")[0] == 0
    assert run("import", "a.docx", "-o", "2024.yaml", *keys)[0] == 0
    text = Path("2024.yaml").read_text("utf-8")
    assert (expected in text, "3440" in text) == (True, True)


def test_what_cannot_be_read_is_left_out_and_said_once(run: Run) -> None:
    Path("a.csv").write_bytes(change(REQUESTS, 3, 3, "若干")())
    code, out, err = run("import", "a.csv", "--keys", "en", language="zh_CN")
    assert code == 1
    assert out == "data/2024.yaml\n"
    lines = err.splitlines()
    assert lines == [
        "a.csv:21:1: 错误: 第 1 个表格第 21 行第 4 列：本年新收政府信息公开申请数量·自然人：“若干”不是数字。"
        "请只写数字，例如 0、12 或 72701.2578。 [数据无法识别]"
    ]
    data = yaml.safe_load(Path("data/2024.yaml").read_text("utf-8"))
    assert "natural-person" not in data["requests"]["received"]
    assert data["requests"]["received"]["enterprise"] == 75


def test_the_result_is_checked_at_once(run: Run) -> None:
    Path("a.docx").write_bytes(written.word(published("huaian-hongze-2023")))
    code, _out, err = run("import", "a.docx")
    assert code == 1
    assert len(re.findall(r"^data/2023.yaml:\d+:\d+: error: .*\[reviews-total\]$", err, flags=re.MULTILINE)) == 2


def test_a_published_page_is_compared_with_the_year_file(run: Run) -> None:
    report = published("suqian-2024")
    Path("data").mkdir()
    Path("data/2024.yaml").write_text(year_file(report), "utf-8")
    Path("same.html").write_bytes(written.html(report))
    Path("other.html").write_bytes(change(PROACTIVE, 2, 3, "13", "a.html")())
    assert run("import", "same.html", "--compare", "data/2024.yaml") == (0, "", "0 differences.\n")
    Path("notice.html").write_text("<p>通知</p>", "utf-8")
    code, _printed, said = run("import", "notice.html", "--compare", "data/2024.yaml")
    assert code == 1
    assert said.splitlines()[-1] == "The document could not be read, so nothing was compared."
    code, _out, err = run("import", "other.html", "--compare", "data/2024.yaml")
    assert code == 1
    line = next(n for n, text in enumerate(year_file(report).splitlines(), start=1) if "in-force: 12" in text)
    assert err.splitlines() == [
        f"data/2024.yaml:{line}:15: error: 规章·现行有效件数: 13 was published, but the year file has 12. [differs]",
        "1 difference.",
    ]
    assert not list(Path().glob("*.yaml")), "nothing is written"


def test_explanations_and_corrections_that_the_year_file_has_are_no_findings_of_a_comparison(run: Run) -> None:
    Path("data").mkdir()
    corrected = (
        'explanations: {jump: "机构改革，职能划入。\\n见附件。"}\n'
        "corrections:\n"
        "- {date: 2025-03-10, figure: requests.results.granted.natural-person, before: 1407, after: 1408, reason: 漏计}\n"
    )
    Path("data/2024.yaml").write_text(year_file(published("suqian-2024")) + corrected, "utf-8")
    for kind in ("html", "text"):
        assert run("export", "data/2024.yaml", "--to", kind, "--output", f"old.{kind}")[0] == 0
        assert run("import", f"old.{kind}", "--compare", "data/2024.yaml") == (0, "", "0 differences.\n")
    page = Path("old.text").read_text("utf-8")
    Path("other.txt").write_text(page.replace("机构改革", "机构调整").replace("漏计", "重计"), "utf-8")
    code, _out, err = run("import", "other.txt", "--compare", "data/2024.yaml")
    assert code == 0
    assert re.findall(r"\[([a-z-]+)\]$", err, flags=re.MULTILINE) == ["unread-correction", "unread-explanation"]


def test_the_text_becomes_a_page_that_builds_and_quotes_figures(run: Run, project: Project) -> None:
    report = published("suqian-2024")
    said_in = "<p>2024年新收申请3525件，其中自然人3440件。全年*重点*公开[12]项，共72701.2578万元。</p>"
    page = written.html(report).replace("<p>本年工作照常。</p>".encode(), said_in.encode())
    footer = "<p>版权所有 ICP备1号</p><p>友情链接</p></body>".encode()
    Path("page.html").write_bytes(page.replace(b"</body>", footer))
    code, _out, err = run("import", "page.html", "--page", "report.md", "--roles")
    assert (code, err) == (0, "")
    text = Path("report.md").read_text("utf-8")
    assert text.startswith(
        "---\ngovreport-year: 2024\ngovreport-agency: 宿迁市\n---\n\n# 宿迁市2024年政府信息公开工作年度报告\n"
    )
    assert "新收申请{gov-figure}`requests.received.total`件" in text
    assert "{gov-figure}`proactive-disclosure.fees.amount`万元" in text
    assert "全年\\*重点\\*公开\\[12\\]项" in text
    assert text.count("```{gov-disclosure-table}") == 3
    assert text.index("## 二、主动公开政府信息情况") < text.index("```{gov-disclosure-table} proactive-disclosure")
    assert "版权所有" not in text
    assert "友情链接" not in text
    project.quiet()
    project.write("data/2024.yaml", Path("data/2024.yaml").read_text("utf-8"))
    project.write("index.md", text)
    build = project.build()
    assert [line for line in build.warnings if "govreport.section" not in line] == []
    assert "全年*重点*公开[12]项" in re.sub("<[^>]+>", "", build.text("index.html"))


def test_form_agency_and_year_can_be_said(run: Run) -> None:
    body = written.csv_sheet(published("suqian-2024")).split(b"\n", 1)[1]
    Path("a.csv").write_bytes(body)
    code, _out, err = run("import", "a.csv")
    assert code == 1
    assert "--agency" in err
    assert "--year" in err
    assert not Path("data").exists()
    code, out, _err = run("import", "a.csv", "--agency", "宿迁市", "--year", "2024", "--form", "reviews=2019", "-o", "a.yaml")
    assert (code, out) == (0, "a.yaml\n")
    assert read(Path("a.yaml").read_text("utf-8")).forms == {
        "proactive-disclosure": "2021", "requests": "2021", "reviews": "2019",
    }  # fmt: skip
    assert run("import", "a.csv", "--form", "2022")[0] == 2


def test_all_reports_of_a_long_csv_come_in(run: Run) -> None:
    Path("data").mkdir()
    for name in ("suqian-2023", "suqian-2024"):
        Path(f"data/{name}.yaml").write_text(year_file(published(name)), "utf-8")
    assert run("export", "data", "--to", "csv", "--output", "all.csv")[0] == 0
    code, out, err = run("import", "all.csv", "-o", "again")
    assert (code, out.split(), err) == (0, ["again/2023.yaml", "again/2024.yaml"], "")
    for year in (2023, 2024):
        assert said(read(Path(f"again/{year}.yaml").read_text("utf-8"))) == said(read(year_file(published(f"suqian-{year}"))))
    damaged = (
        Path("all.csv").read_text("utf-8").replace(",3440,number", ",34x40,number").replace("rules.issued", "rules.isued", 1)
    )
    Path("bad.csv").write_text(damaged, "utf-8")
    code, _out, err = run("import", "bad.csv", "-o", "third")
    assert code == 1
    assert re.findall(r"^bad.csv:(\d+):1: error: .*\[bad-record\]$", err, flags=re.MULTILINE) == ["2", "212", "373"]


def test_a_published_text_comes_in_whole(run: Run) -> None:
    """As saved by a word processor: agency, year, form 2019 and 198 figures."""
    Path("a.txt").write_bytes(written.stacked_text(published("wendeng-commerce-2020")))
    code, out, _err = run("import", "a.txt")
    assert (code, out) == (0, "data/2020.yaml\n")
    report = read(Path("data/2020.yaml").read_text("utf-8"))
    assert (report.agency, report.year, set(report.forms.values())) == ("威海市文登区商务局", 2020, {"2019"})
    assert sum(map(len, report.figures.values())) == 22 + 23 * 7 + 15


# -- where it writes ---------------------------------------------------------------------------------------------------

CASES = Path(__file__).parent / "cases"
WRONG_COLUMNS = [
    "本年度办理结果·总计·自然人: the results add up to",
    "本年度办理结果·总计·总计: the results add up to",
]


def spellings(folder: Path) -> dict[str, str]:
    """Return different spellings of a folder next to the current one."""
    (folder / "link").symlink_to(folder, target_is_directory=True)
    (folder / "out").mkdir()
    return {
        "relative": "out", "with a dot": "./out", "absolute": f"{folder}/out", "up and down": f"../{folder.name}/out",
        "absolute, up and down": f"{folder}/out/../out", "through a link": "link/out", "absolute through a link": f"{folder}/link/out",
    }  # fmt: skip


def test_what_was_written_is_checked_however_its_folder_is_written(run: Run, tmp_path: Path) -> None:
    page = str(CASES / "00-recheck-absolute-output.html")
    for how, folder in spellings(tmp_path).items():
        for name in (f"{folder}/a.yaml", folder, f"{folder}/new"):
            code, out, err = run("import", page, "-o", name)
            assert code == 1, how
            messages = [line.split(" error: ")[1] for line in err.splitlines()]
            assert [message[: message.index(" add up to ") + 10] for message in messages] == WRONG_COLUMNS, how
            assert err.count("[column-total]") == 2
            assert Path(out.strip()).is_file()
            assert all(os.path.samefile(line.split(":")[0], out.strip()) for line in err.splitlines()), (
                "the place can be opened"
            )
            Path(out.strip()).unlink()


@pytest.mark.broad
def test_every_command_finds_the_same_however_files_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out/data").mkdir(parents=True)
    (tmp_path / "out").rename(tmp_path / "kept")
    for name in ("suqian-2023", "huaian-hongze-2023", "suqian-2024"):
        (tmp_path / f"kept/data/{name}.yaml").write_text(year_file(published(name)), "utf-8")
    (tmp_path / "kept/page.md").write_text(
        "---\ngovreport-year: 2024\ngovreport-agency: 宿迁市\n---\n\n# 年报\n\n新收申请999件。\n", "utf-8"
    )
    found: dict[str, list[object]] = {}
    for how, folder in spellings(tmp_path).items():
        (tmp_path / "out").rmdir()
        shutil.copytree(tmp_path / "kept", tmp_path / "out")
        new = f"{folder}/data/2025.yaml"
        results = [
            run("check", f"{folder}/data", f"{folder}/page.md"),
            run("check", f"{folder}/data/*.yaml"),
            run("check", "--format", "json", f"{folder}/data"),
            run("export", f"{folder}/data", "--to", "csv"),
            run("rollup", f"{folder}/data", "--agency", "全市", "--year", "2023"),
            run("new", "2025", "--from", f"{folder}/data/suqian-2024.yaml", "--output", new),
            run("new-site", f"{folder}/site", "--agency", "某局", "--year", "2024"),
            run("check", f"{folder}/site/data"),
        ]
        found[how] = [(code, *(sorted(re.split(r"(?:[^\s\"“:]*/)?", text)) for text in texts)) for code, *texts in results]
        assert Path(new).is_file()
        shutil.rmtree(tmp_path / "out")
        (tmp_path / "out").mkdir()
    for how, results_of in found.items():
        assert results_of == found["relative"], how


def test_a_file_that_is_named_twice_is_one_file(run: Run, tmp_path: Path) -> None:
    folders = list(spellings(tmp_path).values())
    Path("out/2024.yaml").write_text(year_file(published("suqian-2024")), "utf-8")
    code, _out, err = run("check", *folders)
    assert (code, err.splitlines()[-1]) == (0, "Checked 1 report: 0 errors, 0 warnings, 0 hints.")


@pytest.mark.parametrize("name", ["-", "/dev/stdout"])
@pytest.mark.parametrize("option", [["-o"], ["-o", "new", "--page"]], ids=lambda option: option[-1])
def test_nothing_is_imported_to_standard_output(run: Run, option: list[str], name: str) -> None:
    """Where it would not be checked beside other years; and no folder gets this name."""
    Path("a.html").write_bytes(written.html(published("suqian-2024")))
    for language, message in (
        ("en", "Imported reports are checked in their files; specify a file or folder, not standard output."),
        ("zh_CN", "导入的年报写成文件后要核对，请写明文件或文件夹，不能用标准输出。"),
    ):
        for files in (["a.html"], ["a.html", "a.html"]):
            code, out, err = run("import", *files, *option, name, language=language)
            assert (code, out) == (2, "")
            assert err.endswith(f"{message}\n")
    assert os.listdir() == ["a.html"]


@pytest.mark.parametrize("page", ["pages/2024/report.md", "report.md"])
def test_a_page_gets_its_folder(run: Run, page: str, tmp_path: Path) -> None:
    Path("a.html").write_bytes(written.html(published("suqian-2024")))
    for name in (page, f"{tmp_path}/absolute/{page}"):
        assert run("import", "a.html", "-o", f"{name}.yaml", "--page", name)[0] == 0
        assert Path(name).read_text("utf-8").startswith("---\ngovreport-year: 2024\n")


@pytest.mark.parametrize(
    "page", ["a.html/report.md", "folder", "there.md", "new/2024.yaml", "./new/../new/2024.yaml", "n" * 300 + ".md"]
)
def test_a_page_that_cannot_be_written_leaves_nothing_behind(run: Run, page: str) -> None:
    Path("a.html").write_bytes(written.html(published("suqian-2024")))
    Path("there.md").write_text("mine", "utf-8")
    Path("folder").mkdir()
    before = sorted(map(str, Path().rglob("*")))
    code, out, err = run("import", "a.html", "-o", "new", "--page", page)
    assert (code, out) == (2, "")
    assert "“a.html” cannot be written" in err if page.startswith("a.html") else f"“{page}”" in err
    assert sorted(map(str, Path().rglob("*"))) == before
    assert Path("there.md").read_text("utf-8") == "mine"


def test_a_page_of_a_document_that_cannot_be_read_is_not_written_and_the_reason_is_said(run: Run) -> None:
    code, out, err = run("import", str(CASES / "05-year-before-2019.html"), "--page", "report.md")
    assert (code, out) == (1, "")
    assert err.endswith("[no-form]\n")
    assert not list(Path().iterdir())


# -- years without a form ----------------------------------------------------------------------------------------------


def test_a_year_for_which_no_form_is_known_is_said_and_nothing_is_written(run: Run) -> None:
    name = str(CASES / "05-year-before-2019.html")
    said = (
        "No form is known for reports of 2018; known forms: 2019 (2019–2020), 2021 (2021–). "
        "Tables with figures: 1; no form has labels such as “指标名称”, “计量单位”, “2018年度”, “历年累计”."
    )
    hint = "Specify the form: --form FORM, or --form FILE for a local one."
    assert run("import", name) == (1, "", f"{name}: error: {said} {hint} [no-form]\n")
    code, out, err = run("import", name, language="zh_CN")
    assert (code, out) == (1, "")
    assert "2018年年报没有已知的表样；已知的表样有：2019 (2019–2020)、2021 (2021–)。" in err
    assert not list(Path().iterdir())
    assert run("import", name, "--year", "2017")[1] == ""
    assert run("import", name, "--form", "2021")[1] == "data/2018.yaml\n", "who names a form knows why"


def test_the_forms_of_a_site_count(run: Run) -> None:
    form = (FORMS_DIR / "2019.yaml").read_text("utf-8")
    form = form.replace('form: "2019"', "form: local").replace("years: {from: 2019, to: 2020}", "years: {from: 2017, to: 2018}")
    Path("local.yaml").write_text(form, "utf-8")
    report = published("wendeng-commerce-2020")._replace(year=2018)
    Path("a.html").write_bytes(written.html(report))
    assert run("import", "a.html")[:2] == (1, "")
    code, out, err = run("import", "a.html", "--form", "local.yaml")
    assert (code, out, err) == (0, "data/2018.yaml\n", "")
    assert set(read(Path("data/2018.yaml").read_text("utf-8"), with_local(Path("local.yaml"))).forms.values()) == {"local"}
    report = report._replace(year=2016)
    Path("b.html").write_bytes(written.html(report))
    code, out, err = run("import", "b.html", "--form", "local.yaml")
    assert (code, out) == (1, "")
    assert "known forms: 2019 (2019–2020), 2021 (2021–), local (2017–2018)." in err
