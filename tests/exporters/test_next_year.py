"""``sphinx-govreport new``: next year's file from last year's."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_govreport.cli import main
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.reports.figures import Status
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.yaml.source import read_source
from tests.published import NAMES, published, year_file

FORMS = statutory_forms()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def begun(folder: Path, name: str, year: int) -> str:
    (folder / "last.yaml").write_text(year_file(published(name)), "utf-8")
    assert main(["new", str(year), "--from", "last.yaml"]) == 0
    return (folder / f"{year}.yaml").read_text("utf-8")


def test_what_was_carried_out_is_carried_in(folder: Path) -> None:
    text = begun(folder, "suqian-2024", 2025)
    assert "\nagency: 宿迁市\nyear: 2025\nform: 2021\n" in text
    assert "  carried-in: [118, 5, 0, 0, 1, 1, 125]  # 上年结转政府信息公开申请数量（2024年：结转下年度继续办理）\n" in text
    received = (
        "  received:  # 本年新收政府信息公开申请数量（自然人、商业企业、科研机构、社会公益组织、法律服务机构、其他、总计）"
    )
    assert f"{received}；2024年：[3440, 75, 0, 1, 6, 3, 3525]\n" in text
    assert "    granted:  # 予以公开；2024年：[1408, 21, 0, 0, 2, 0, 1431]\n" in text, "heads stand there once"
    assert "  fees:  # 行政事业性收费（本年收费金额）；2024年：{amount: 72701.2578}\n" in text


@pytest.mark.parametrize("name", NAMES)
def test_all_that_is_left_is_asked_for_row_by_row(folder: Path, name: str) -> None:
    text = begun(folder, name, published(name).year + 1)
    report, problems = read_report(read_source("new.yaml", text.encode()), FORMS)
    assert report
    assert problems == ()
    lines = [*text.splitlines(), ""]
    indents = [len(line) - len(line.lstrip()) for line in lines]
    rows = [
        number
        for number, line in enumerate(lines[:-1], start=1)
        if line.split("  #")[0].endswith(":") and indents[number] <= indents[number - 1]
    ]
    figures = [figure for table in report.figures.values() for figure in table.values()]
    assert sorted({figure.line for figure in figures if figure.status is Status.BLANK}) == rows


def test_filled_in_it_is_sound(folder: Path) -> None:
    text = begun(folder, "suqian-2024", 2025)
    lines = []
    for line in text.splitlines():
        bare = line.split("  #")[0]
        row = line.partition("；2024年：")[2]
        lines.append(f"{bare} {row}" if row else line)
    assert "：" not in "".join(line.partition("#")[0] for line in lines)
    filled = "\n".join(lines).replace("118, 5, 0, 0, 1, 1, 125", "118, 3, 0, 0, 0, 0, 121", 1)
    (folder / "2025.yaml").write_text(filled, "utf-8")
    assert main(["--language", "en", "check", "2025.yaml"]) == 0


def test_another_form_asks_for_its_own_figures(folder: Path) -> None:
    text = begun(folder, "wendeng-commerce-2020", 2021)
    assert "\nform: 2021\n" in text
    assert "  carried-in: [0, 0, 0, 0, 0, 0, 0]" in text, "上年结转 means the same in both forms"
    assert "  rules:  # 规章（本年制发件数、本年废止件数、现行有效件数）\n" in text
    assert "；2020年" not in text, "what the old form counts stands nowhere"


def test_a_hybrid_goes_on_with_the_form_in_force(folder: Path) -> None:
    assert "\nform: 2021\n" in begun(folder, "huaian-hongze-2023", 2024)


def test_nothing_is_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begun(folder, "suqian-2024", 2025)
    (folder / "2025.yaml").write_text("mine", "utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["new", "2025", "--from", "last.yaml"])
    assert ended.value.code == 2
    assert (folder / "2025.yaml").read_text("utf-8") == "mine"
    with pytest.raises(SystemExit):
        main(["new", "2010", "--from", "last.yaml"])
    assert "No form is in force in 2010" in capsys.readouterr().err
    (folder / "2025.yaml").write_text(year_file(published("suqian-2023")), "utf-8")
    (folder / "bad.yaml").write_text("agency：甲\n", "utf-8")
    assert main(["new", "2026", "--from", "bad.yaml"]) == 1
    with pytest.raises(SystemExit):
        main(["new", "2026", "--from", "."])
    assert not (folder / "2026.yaml").exists()


def test_what_was_left_is_carried_in_where_a_form_says_that_it_is_the_same(folder: Path) -> None:
    """The form of the year before has another table and other keys; the figures are made up."""
    (folder / "local.yaml").write_text(
        "form: local-2020\nenglish: Local\nsource: {notice: 省政办〔2014〕1号}\nyears: {from: 2014, to: 2020}\nsame-as:\n"
        "  - {figure: requests.left.*, form: '2019', as: requests.carried-out.*, source: 省信公办〔2020〕2号}\ntables:\n  requests:\n"
        "    label: 统计表\n    english: Statistics\n    source: 省政办\n    unit: 件\n    widths: [9, 9, 9, 9, 9, 9, 9, 9]\n    blocks:\n"
        "      - columns:\n"
        + "".join(
            f"          - {{key: {key}, label: {key}, english: A}}\n"
            for key in (
                "natural-person", "enterprise", "research-institution", "public-interest-organisation", "legal-service", "other", "total",
            )
        )
        + "        rows: [{key: left, label: 年末未办结, english: Left}]\n",
        "utf-8",
    )  # fmt: skip
    (folder / "last.yaml").write_text(
        "agency: 某局\nyear: 2020\nform: local-2020\nrequests: {left: [4, 1, 0, 0, 0, 0, 5]}\n", "utf-8"
    )
    assert main(["new", "2021", "--from", "last.yaml", "--form", "local.yaml"]) == 0
    text = (folder / "2021.yaml").read_text("utf-8")
    assert "  carried-in: [4, 1, 0, 0, 0, 0, 5]  # 上年结转政府信息公开申请数量（2020年：年末未办结）\n" in text
