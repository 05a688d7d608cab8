"""The command ``import``: what it writes, what it says, how it ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from sphinx_govreport.cli import main
from tests.conftest import Project
from tests.exporters.test_exports import read, said
from tests.importers import written
from tests.importers.test_damaged import PROACTIVE, REQUESTS, change
from tests.published import published, year_file

Run = Callable[..., tuple[int, str, str]]


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


def test_several_documents_of_several_agencies_get_files_of_their_own(run: Run) -> None:
    for name in ("suqian-2023", "suqian-2024", "wendeng-commerce-2020"):
        Path(f"{name}.docx").write_bytes(written.word(published(name)))
    code, out, _err = run("import", "suqian-2023.docx", "suqian-2024.docx", "wendeng-commerce-2020.docx", "-o", "new")
    assert code == 0
    assert sorted(out.split()) == ["new/威海市文登区商务局-2020.yaml", "new/宿迁市-2023.yaml", "new/宿迁市-2024.yaml"]


def test_no_document_names_the_folder_that_is_written_to(run: Run, tmp_path: Path) -> None:
    report = published("suqian-2024")._replace(agency="../../etc/宿迁市")
    other = published("suqian-2023")
    Path("a.csv").write_bytes(written.csv_sheet(report))
    Path("b.csv").write_bytes(written.csv_sheet(other))
    code, out, _err = run("import", "a.csv", "b.csv", "--agency", "../../etc/宿迁市", "-o", "new")
    assert code == 0
    assert all(Path(line).resolve().is_relative_to(tmp_path / "new") for line in out.split())


def test_what_cannot_be_read_is_left_out_and_said_once(run: Run) -> None:
    Path("a.csv").write_bytes(change(REQUESTS, 3, 3, "若干")())
    code, out, err = run("import", "a.csv", language="zh_CN")
    assert code == 1
    assert out == "data/2024.yaml\n"
    lines = err.splitlines()
    assert lines == [
        "a.csv:21:1: 错误: 第 1 个表格第 21 行第 4 列：本年新收政府信息公开申请数量·自然人：“若干”不是数字。"
        " 请只写数字，例如 0、12 或 72701.2578。 [unread-figure]"
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
    code, _out, err = run("import", "other.html", "--compare", "data/2024.yaml")
    assert code == 1
    line = next(n for n, text in enumerate(year_file(report).splitlines(), start=1) if "in-force: 12" in text)
    assert err.splitlines() == [
        f"data/2024.yaml:{line}:15: error: 规章·现行有效件数: 13 was published, but the year file has 12. [differs]",
        "1 differences.",
    ]
    assert not list(Path().glob("*.yaml")), "nothing is written"


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
    """As a word processor saves it: agency, year, form 2019 and 198 figures."""
    Path("a.txt").write_bytes(written.stacked_text(published("wendeng-commerce-2020")))
    code, out, _err = run("import", "a.txt")
    assert (code, out) == (0, "data/2020.yaml\n")
    report = read(Path("data/2020.yaml").read_text("utf-8"))
    assert (report.agency, report.year, set(report.forms.values())) == ("威海市文登区商务局", 2020, {"2019"})
    assert sum(map(len, report.figures.values())) == 22 + 23 * 7 + 15
