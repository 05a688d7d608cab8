"""Reports for a year that is not over: a warning at the year, whatever the date on the test machine."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from sphinx_govreport.api import check, load
from sphinx_govreport.cli import main
from sphinx_govreport.core.checks.run import Checked
from sphinx_govreport.core.clock import last_year, today
from sphinx_govreport.core.diagnostics import Severity, translator
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.checks import check_library
from sphinx_govreport.core.library.library import Library

ZERO = "# 某局\nagency: 某局\nyear:  {year}\nform: 2021\nproactive-disclosure: 0\nrequests: 0\nreviews: 0\n"
REASON = "explanations:\n  future-year: 本局已于6月撤销。\n"
NOT_OVER = (
    "报告年度是 {} 年，但这一年尚未结束，数据不可能完整。请改正年度。如果年度无误，请写明原因：“explanations: {{future-year: …}}”。",
    "The report is for {}, but this year is not over: its figures cannot be complete. "
    "Correct the year. If it is correct, give the reason: “explanations: {{future-year: …}}”.",
)
TO_COME = (
    "报告年度是 {} 年，但这一年尚未开始。请改正年度。如果年度无误，请写明原因：“explanations: {{future-year: …}}”。",
    "The report is for {}, but this year is in the future. "
    "Correct the year. If it is correct, give the reason: “explanations: {{future-year: …}}”.",
)


def library(folder: Path, year: int, more: str = "") -> Library:
    (folder / "a.yaml").write_text(ZERO.format(year=year) + more, "utf-8")
    return load("a.yaml", root=folder)


@pytest.mark.parametrize(
    ("year", "day", "said"),
    [
        (2024, "2025-01-01", None),
        (2024, "2042-06-30", None),
        (2024, "2024-12-31", NOT_OVER),
        (2024, "2024-01-01", NOT_OVER),
        (2025, "2024-12-31", TO_COME),
        (2042, "2025-03-31", TO_COME),
    ],
)
def test_a_year_that_is_not_over_is_a_warning_at_its_place(
    year: int, day: str, said: tuple[str, str] | None, tmp_path: Path
) -> None:
    (checked,) = check(library(tmp_path, year), today=datetime.date.fromisoformat(day)).values()
    expected = [(3, 8, "future-year", Severity.WARNING, *(text.format(year) for text in said))] if said else []
    chinese, english = translator("zh_CN"), translator("en")
    assert [
        (one.pos.line, one.pos.column, one.rule.name, one.rule.severity, one.render(chinese), one.render(english))
        for one in checked.findings
    ] == expected


def test_a_reason_is_accepted_and_printed_in_later_years_too(tmp_path: Path) -> None:
    found = library(tmp_path, 2024, REASON)
    for day in (datetime.date(2024, 9, 1), datetime.date(2030, 9, 1)):
        (checked,) = check(found, today=day).values()
        assert checked.findings == ()
        assert checked.explanations("proactive-disclosure") == ("本局已于6月撤销。",)


def test_a_site_can_choose_another_level_or_none(tmp_path: Path) -> None:
    found = library(tmp_path, 2024)
    for level, expected in (("off", []), ("error", [Severity.ERROR])):
        (checked,) = check(found, today=datetime.date(2024, 9, 1), levels={"future-year": level}).values()
        assert [one.rule.severity for one in checked.findings] == expected


@pytest.mark.parametrize(
    ("epoch", "day"),
    [
        ("1735689599", datetime.date(2024, 12, 31)),
        ("1735689600", datetime.date(2025, 1, 1)),
        ("0", None),
        ("315532800", None),  # 1980, a value that some set for archives
        ("yesterday", None),
        ("9" * 30, None),
    ],
)
def test_the_day_is_that_of_the_sources(epoch: str, day: datetime.date | None) -> None:
    assert today({"SOURCE_DATE_EPOCH": epoch}) == day


def test_without_a_day_of_the_sources_the_clock_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    before, found, after = datetime.date.today(), today({}), datetime.date.today()
    assert found is not None
    assert before <= found <= after
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735689600")
    assert last_year() == 2024


def test_what_is_kept_is_not_used_in_a_year_for_which_it_does_not_hold(tmp_path: Path) -> None:
    path = tmp_path / "kept"

    def findings(year: int) -> tuple[list[str], int]:
        cache: Cache[Checked] = Cache(path, "1")
        found = library(tmp_path, 2024)
        (checked,) = check_library(found, {}, cache=cache, today=datetime.date(year, 6, 1)).values()
        return [one.render(translator("en")) for one in checked.findings], cache.added

    to_come, not_over = [TO_COME[1].format(2024)], [NOT_OVER[1].format(2024)]
    assert [findings(year) for year in (2023, 2024, 2024, 2025, 2026, 2024)] == [
        (to_come, 1), (not_over, 1), (not_over, 0), ([], 1), ([], 0), (not_over, 1),
    ]  # fmt: skip


def test_the_command_looks_at_the_day_of_the_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    library(tmp_path, 2024)
    monkeypatch.chdir(tmp_path)
    said = f"a.yaml:3:8: warning: {NOT_OVER[1].format(2024)} [future-year]\n"
    for epoch, expected, code in (("1735689599", said, 1), ("1735689600", "", 0)):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        assert main(["--language", "en", "check", "a.yaml", "--strict"]) == code
        assert capsys.readouterr().out == expected


@pytest.mark.parametrize("command", [["check", "a.yaml"], ["export", "a.yaml"], ["new-site", "site", "--agency", "某局"]])
def test_a_day_of_the_sources_that_is_no_number_is_wrong_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    library(tmp_path, 2024)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "2025-01-20")
    told = {
        "en": "SOURCE_DATE_EPOCH is “2025-01-20”; it must be a number of seconds.",
        "zh_CN": "SOURCE_DATE_EPOCH 是“2025-01-20”",
    }
    for language, message in told.items():
        with pytest.raises(SystemExit) as ended:
            main(["--language", language, *command])
        out = capsys.readouterr()
        assert (ended.value.code, out.out) == (2, "")
        assert message in out.err
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]


def test_a_new_site_is_for_the_year_that_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735689600")
    assert main(["new-site", str(tmp_path / "site"), "--agency", "某局"]) == 0
    assert (tmp_path / "site/data/2024.yaml").is_file()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("2024.yaml", False),
        ("2023.yaml", True),
        ("suqian-2023.yaml", True),
        ("年报2023.yml", True),
        ("suqian-2024.yaml", False),
        ("2023/a.yaml", False),
        ("某局2023年.yaml", True),
        ("2023年度.yaml", True),
        ("2023年第2期.yaml", False),
        ("2023-a.yaml", False),
        ("2023-2024.yaml", False),
        ("a-12023.yaml", False),
        ("a-1949.yaml", False),
        ("20231231.yaml", False),
    ],
)
def test_a_year_that_is_not_that_of_the_files_name_is_a_warning(name: str, said: bool, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(ZERO.format(year=2024), "utf-8")
    (checked,) = check(load(".", root=tmp_path), today=datetime.date(2026, 1, 1)).values()
    assert [(one.pos.line, one.pos.column, one.rule.name, one.render(translator("en"))) for one in checked.findings] == (
        [
            (
                3,
                8,
                "file-year",
                "The file name says 2023, but the year in the file is 2024. Change the year to 2023, or rename the file.",
            )
        ]
        if said
        else []
    )


def test_a_copied_file_with_last_years_year_says_so_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("2023", "2024"):
        (tmp_path / f"{name}.yaml").write_text(ZERO.format(year=2023), "utf-8")
    assert main(["--language", "zh_CN", "check", str(tmp_path)]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert "文件名是 2024 年，文件中的年度却是 2023 年。" in line
    assert line.endswith("[年报重复]")


ANOTHER_FORM = (
    "报告年度是 {0} 年，但表样 {1} 不适用于该年度。请改正年度或者表样。如果都无误，请写明原因：“explanations: {{form-year: …}}”。",
    "The report is for {0}, but form {1} does not apply to this year. "
    "Correct the year or the form. If both are correct, give the reason: “explanations: {{form-year: …}}”.",
)


@pytest.mark.parametrize(
    ("year", "form", "is_said"),
    [
        (2015, "2021", True),
        (2020, "2021", True),
        (2021, "2021", False),
        (2018, "2019", True),
        (2019, "2019", False),
        (2020, "2019", False),
        (2022, "2019", True),
        (2023, "{default: 2021, requests: 2019}", False),  # as Hongze published
        (2020, "{default: 2021, requests: 2019}", False),
    ],
)
def test_a_form_of_other_years_is_a_warning_at_the_year(year: int, form: str, is_said: bool, tmp_path: Path) -> None:
    text = ZERO.format(year=year).replace("form: 2021", f"form: {form}")
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    found = load("a.yaml", root=tmp_path)
    (checked,) = check(found, today=datetime.date(2025, 3, 1)).values()
    expected = [(3, 8, "form-year", *(said.format(year, form) for said in ANOTHER_FORM))] if is_said else []
    chinese, english = translator("zh_CN"), translator("en")
    assert [
        (one.pos.line, one.pos.column, one.rule.name, one.render(chinese), one.render(english)) for one in checked.findings
    ] == expected
    (tmp_path / "a.yaml").write_text(f"{text}explanations: {{form-year: 公布时采用的是原表样。}}\n", "utf-8")
    (checked,) = check(load("a.yaml", root=tmp_path), today=datetime.date(2025, 3, 1)).values()
    assert [one.rule.name for one in checked.findings] == ([] if is_said else ["unused-explanation"])
    assert checked.explanations("proactive-disclosure") == ("公布时采用的是原表样。",) * is_said


def test_a_local_form_says_itself_for_which_years_it_is(tmp_path: Path) -> None:
    form = 'form: local\nextends: "2021"\nenglish: Local\nsource: {notice: 某办〔2014〕3号}\nyears: {from: 2014}\n'
    (tmp_path / "form.yaml").write_text(form, "utf-8")
    for year, expected in ((2013, ["form-year"]), (2015, [])):
        (tmp_path / "a.yaml").write_text(ZERO.format(year=year).replace("form: 2021", "form: local"), "utf-8")
        (checked,) = check(load("a.yaml", root=tmp_path, forms=["form.yaml"]), today=datetime.date(2025, 3, 1)).values()
        assert [one.rule.name for one in checked.findings] == expected
