"""``check --against``: changes without a correction since a commit."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sphinx_govreport.cli import main
from tests.published import published, year_file

Run = Callable[..., tuple[int, str, str]]
SUQIAN = year_file(published("suqian-2024"))
LINE = SUQIAN.splitlines().index("    natural-person: 3440") + 1
RECEIVED = "本年新收政府信息公开申请数量"
ENTRY = "{{date: 2025-03-10, figure: requests.received.{}, before: {}, after: {}, reason: {}}}"


def git(*arguments: str) -> None:
    name = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *name, *arguments], check=True, capture_output=True)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A repository with two years of one agency, tagged ``v1``; runs ``check --against``."""
    folder = tmp_path / "网站[1]"  # the marks of a pattern
    (folder / "data").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1741564800")  # 2025-03-10
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    for variable in [name for name in os.environ if name.startswith("GIT_") and name != "GIT_CEILING_DIRECTORIES"]:
        monkeypatch.delenv(variable)
    for year in (2023, 2024):
        Path(f"data/{year}.yaml").write_text(year_file(published(f"suqian-{year}")), "utf-8")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "1")
    git("tag", "v1")

    def command(*arguments: str, against: str = "v1", language: str = "en") -> tuple[int, str, str]:
        off = [
            part
            for rule in ("carried-over", "jump", "row-total", "column-total", "balance")
            for part in ("--severity", f"{rule}=off")
        ]
        try:
            code = main(["--language", language, "check", *(arguments or ("data",)), "--against", against, *off])
        except SystemExit as stopped:
            code = int(str(stopped.code))
        out = capsys.readouterr()
        return code, out.out, out.err

    return command


def change(old: str, new: str, name: str = "data/2024.yaml") -> None:
    text = Path(name).read_text("utf-8")
    assert old in text
    Path(name).write_text(text.replace(old, new, 1), "utf-8")


def silent(label: str, before: str, after: str, entry: str) -> str:
    return (
        f"error: {label} was published as {before}, but is now {after}, without a correction. "
        f"If the new figure is correct, add this entry, with the reason, under “corrections:”: - {entry} [silent-change]\n"
    )


def test_what_is_as_it_was_is_no_finding(run: Run) -> None:
    assert run() == (0, "", "Compared with v1: 2 year files.\nChecked 2 reports: 0 errors, 0 warnings, 0 hints.\n")
    change("agency: 宿迁市", "# 换行\nagency:   宿迁市")
    assert run()[:2] == (0, ""), "the file was changed, but no figure"


def test_a_figure_that_was_changed_in_silence_is_named_with_both_numbers(run: Run) -> None:
    change("natural-person: 3440", "natural-person: 3441")
    change("total: 3525", "total: 3526")
    code, out, _err = run()
    assert code == 1
    assert out == f"data/2024.yaml:{LINE}:21: " + silent(
        f"{RECEIVED}·自然人", "3440", "3441", ENTRY.format("natural-person", 3440, 3441, "…")
    ) + f"data/2024.yaml:{LINE + 6}:12: " + silent(f"{RECEIVED}·总计", "3525", "3526", ENTRY.format("total", 3525, 3526, "…"))


def test_pasted_with_its_reason_the_hint_is_the_correction(run: Run) -> None:
    change("natural-person: 3440", "natural-person: 3441")
    change("total: 3525", "total: 3526")
    lines = re.findall(r"- \{.*\}", run()[1])
    text = Path("data/2024.yaml").read_text("utf-8")
    Path("data/2024.yaml").write_text("\n".join((f"{text}corrections:", *lines, "")), "utf-8")
    code, out, _err = run()
    assert (code, out.count("[bad-value]"), out.count("[silent-change]")) == (1, 2, 2), "a reason must be given"
    change("reason: …", "reason: 统计时漏计1件。")
    change("reason: …", "reason: 统计时漏计1件。")
    assert run()[:2] == (0, "")


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("natural-person: 3440", "natural-person:", "3440", "not filled in"),
        ("natural-person: 3440", "natural-person: /", "3440", "not applicable"),
        ("public-interest-organisation: 1", "public-interest-organisation: 0", "1", "0"),
        ("amount: 72701.2578", "amount: 72701.258", "72701.2578", "72701.258"),
    ],
)
def test_every_change_of_a_figure_counts(old: str, new: str, before: str, after: str, run: Run) -> None:
    change(old, new)
    code, out, _err = run()
    assert code == 1
    assert f"was published as {before}, but is now {after}, without a correction" in out


def test_what_was_not_known_and_is_filled_in_counts_its_total_too(run: Run) -> None:
    change("natural-person: 3440", "natural-person:")
    change("    total: 3525\n", "")
    git("commit", "-qam", "2")
    change("natural-person:", "natural-person: 3440")
    code, out, _err = run(against="HEAD")
    assert code == 1
    assert [line.split(" was published as ")[1].split(",")[0] for line in out.splitlines()] == ["not filled in", "unknown"]
    assert out.count("before: ~, after: 3") == 2
    corrections = [ENTRY.format(name, "~", after, "漏填") for name, after in (("natural-person", 3440), ("total", 3525))]
    text = Path("data/2024.yaml").read_text("utf-8")
    Path("data/2024.yaml").write_text(text + "corrections:\n" + "".join(f"  - {one}\n" for one in corrections), "utf-8")
    assert run(against="HEAD")[:2] == (0, "")


def test_a_note_or_digits_that_say_the_same_are_no_change(run: Run) -> None:
    change("amount: 72701.2578", "amount: 72701.25780")
    change("natural-person: 3440", "natural-person: {value: 3440, note: 含代理}")
    assert run()[:2] == (0, "")


def test_a_correction_counts_from_the_number_that_was_published(run: Run) -> None:
    change("natural-person: 3440", "natural-person: 3442")
    said = "corrections:\n" + "".join(
        f"  - {ENTRY.format('natural-person', *one, '漏计。')}\n" for one in ((3440, 3441), (3441, 3442))
    )
    change("reviews:", f"{said}reviews:")
    assert run()[:2] == (0, ""), "two corrections lead from the one to the other"
    git("commit", "-qam", "2")
    git("tag", "v2")
    assert run(against="v2")[:2] == (0, "")
    change(
        said,
        said.replace("3441", "3439").splitlines(keepends=True)[0]
        + f"  - {ENTRY.format('natural-person', 3400, 3442, '漏计。')}\n",
    )
    code, out, _err = run()
    assert code == 1
    assert "was published as 3440, but is now 3442, without a correction" in out
    out = run(against="v2")[1]
    assert out.count("is no longer in the file. Restore it under “corrections:”: - {date: 2025-03-10,") == 2
    assert f"The correction of {RECEIVED}·自然人 from 3440 to 3441, dated 2025-03-10, is no longer in the file." in out


def test_figures_that_are_gone_are_named_together(run: Run) -> None:
    change("default: 2021", "default: 2019")
    change("rules:\n    issued: 2\n    repealed: 1\n    in-force: 12\n", "rules: 0\n")
    code, out, _err = run()
    assert code == 1
    assert (
        "data/2024.yaml:2:7: error: Published figures are no longer in the report: proactive-disclosure.rules.issued, " in out
    )


def test_entries_have_the_keys_of_the_file_as_it_is_now(run: Run) -> None:
    """The file was published with English keys, and is written again with Chinese ones."""
    change("natural-person: 3440", "natural-person: 3441")
    said = f"corrections:\n  - {ENTRY.format('natural-person', 3440, 3441, '漏计。')}\n"
    change("reviews:", f"{said}reviews:")
    git("commit", "-qam", "2")
    change(said, "")
    assert main(["export", "data/2024.yaml", "--to", "yaml", "--keys", "zh", "-o", "new.yaml"]) == 0
    Path("new.yaml").replace("data/2024.yaml")
    out = run(against="HEAD")[1]
    assert (
        "Restore it under “更正:”: - {日期: 2025-03-10, 数据: 依申请公开.新收.自然人, 更正前: 3440, 更正后: 3441, 更正原因: 漏计。}"
        in out
    )


def test_a_new_year_is_no_finding_and_a_report_that_is_gone_is_said(run: Run) -> None:
    Path("data/2025.yaml").write_text(year_file(published("test-city-2025")), "utf-8")
    assert "silent-change" not in run()[1]
    Path("data/2023.yaml").unlink()
    out = run()[1]
    gone = "The report of 宿迁市 for 2023 was published, but no longer exists. Restore the year file. [withdrawn-report]"
    assert f"data/2023.yaml:1:1: warning: {gone}\n" in out
    assert "withdrawn" not in run("data/2024.yaml")[1], "nobody asked for it"


def test_a_file_may_be_called_otherwise_and_lie_elsewhere(run: Run) -> None:
    Path("data/宿迁").mkdir()
    Path("data/2024.yaml").rename("data/宿迁/2024年.yml")
    change("natural-person: 3440", "natural-person: 3441", "data/宿迁/2024年.yml")
    code, out, _err = run()
    assert (code, out.count("\n")) == (1, 1)
    assert out.startswith(f"data/宿迁/2024年.yml:{LINE}:21: error: {RECEIVED}·自然人 was published as 3440")


@pytest.mark.parametrize(
    "named", ["data", "./data/", "data/2024.yaml", "data/*.yaml", "**/*.yaml", "d?ta/[!a]*4.yaml", "../网站[1]/data"]
)
def test_the_files_of_then_are_found_as_those_of_today(named: str, run: Run) -> None:
    change("natural-person: 3440", "natural-person: 3441")
    assert run(named)[1].count("[silent-change]") == 1


def test_it_works_below_the_top_of_the_repository(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    change("natural-person: 3440", "natural-person: 3441")
    monkeypatch.chdir("data")
    assert run("2024.yaml")[1].startswith(f"2024.yaml:{LINE}:21: error: {RECEIVED}·自然人 was published as 3440")


def test_a_link_is_what_it_leads_to(run: Run) -> None:
    Path("old").mkdir()
    Path("data/2024.yaml").rename("old/2024.yaml")
    Path("data/2024.yaml").symlink_to("../old/2024.yaml")
    git("add", "-A")
    git("commit", "-qm", "2")
    change("natural-person: 3440", "natural-person: 3441", "old/2024.yaml")
    assert run("data/2024.yaml", against="HEAD")[1].count("[silent-change]") == 1


def test_a_local_form_is_read_as_it_was(run: Run) -> None:
    form = (
        "form: local\nextends: '2021'\nenglish: Local\nsource: {notice: 地方格式}\nadd-rows:\n  proactive-disclosure:\n"
        "    - {after: rules, key: more, label: 其他文件, english: More}\n"
    )
    Path("local.yaml").write_text(form, "utf-8")
    change("default: 2021", "default: local")
    change("rules:", "more: {issued: 7, repealed: 0, in-force: 7}\n  rules:")
    git("add", "-A")
    git("commit", "-qm", "2")
    Path("local.yaml").write_text(form.replace("key: more", "key: other"), "utf-8")
    change("more:", "other:")
    code, out, _err = run("data", "--form", "local.yaml", against="HEAD")
    assert code == 1
    names = ", ".join(f"proactive-disclosure.more.{name}" for name in ("issued", "repealed", "in-force"))
    assert f"Published figures are no longer in the report: {names}." in out


def test_a_file_of_then_that_cannot_be_read_is_said(run: Run) -> None:
    change("year: 2024", "year: 20x4")
    git("commit", "-qam", "2")
    change("year: 20x4", "year: 2024")
    code, _out, err = run(against="HEAD")
    assert code == 0
    assert "data/2024.yaml: no report could be read from this file in HEAD; it is not compared.\n" in err


def test_a_report_that_two_files_have_was_not_withdrawn(run: Run) -> None:
    for name in ("2024", "again"):
        Path(f"data/{name}.yaml").write_text(f"{SUQIAN}# {name}\n", "utf-8")
    code, out, _said = run()
    assert (code, re.findall(r"\[(.+)\]$", out, flags=re.MULTILINE)) == (1, ["duplicate-report"])


def test_a_report_that_cannot_be_read_today_was_not_withdrawn(run: Run) -> None:
    change("year: 2024", "year: 20x4")
    out = run()[1]
    assert "[bad-value]" in out
    assert "withdrawn" not in out


@pytest.mark.parametrize(
    ("against", "said"),
    [
        ("v2", "“v2” is neither a commit or tag of this repository nor a file."),
        ("HEAD:data", "“HEAD:data” is neither a commit or tag of this repository nor a file."),
        ("--all", "“--all” is neither a commit or tag of this repository nor a file."),
    ],
)
def test_an_unknown_commit_is_said(against: str, said: str, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--language", "en", "check", "data", f"--against={against}"])
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


def test_a_shallow_clone_names_its_cure(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git("commit", "--allow-empty", "-qm", "2")
    clone = tmp_path / "clone"
    git("clone", "-q", "--depth=1", "--no-tags", Path.cwd().as_uri(), str(clone))
    monkeypatch.chdir(clone)
    code, _out, err = run(against="v1")
    assert (code, "“v1” is not in this shallow clone. Run: git fetch --unshallow --tags" in err) == (2, True)
    git("fetch", "-q", "--unshallow", "--tags")
    assert run(against="v1")[0] == 0


def test_files_that_the_commit_does_not_have_are_said(run: Run) -> None:
    Path("new").mkdir()
    Path("new/2022.yaml").write_text(SUQIAN.replace("year: 2024", "year: 2022"), "utf-8")
    code, _out, err = run("new")
    assert code == 2
    assert "There are no year files of “new” in v1." in err


@pytest.mark.parametrize("year", [2023, 2024])
def test_a_file_that_the_clone_does_not_have_is_said(year: int, run: Run) -> None:
    blob = subprocess.run(["git", "rev-parse", f"v1:data/{year}.yaml"], check=True, capture_output=True).stdout.decode().strip()
    Path(".git/objects", blob[:2], blob[2:]).unlink()
    code, _out, err = run()
    assert code == 2
    assert f"git cannot read “v1”: {blob} missing." in err


def test_without_a_repository_or_git_it_is_said(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(tmp_path))
        code, _out, err = run()
        assert (code, "git is not installed or not on the PATH; without it, specify a pack." in err) == (2, True)
    (tmp_path / "elsewhere").mkdir()
    Path("data").rename(tmp_path / "elsewhere/data")
    monkeypatch.chdir(tmp_path / "elsewhere")
    code, _out, err = run()
    assert code == 2
    assert "“v1” is not a file, and git finds no repository here: " in err


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_repository_of_another_user_names_its_cure(run: Run, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    """As in the containers of CI, where git's reason is followed by an empty line and the command to run."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    for variable in ("HOME", "XDG_CONFIG_HOME"):  # their settings may allow every folder
        monkeypatch.setenv(variable, os.fspath(Path.cwd()))
    code, _out, err = run(language=language)
    assert code == 2
    assert "detected dubious ownership in repository at '" in err
    assert "call: git config --global --add safe.directory " in err


def test_findings_are_in_every_format(run: Run) -> None:
    change("natural-person: 3440", "natural-person: 3441")
    (found,) = json.loads(run("data", "--format", "json")[1])["findings"]
    assert (found["rule"], found["line"], found["figures"]) == ("silent-change", LINE, ["requests.received.natural-person"])
    (result,) = json.loads(run("data", "--format", "sarif")[1])["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("silent-change", "error")
    cases = ElementTree.fromstring(run("data", "--format", "junit")[1]).iter("testcase")  # noqa: S314
    (case,) = (case for case in cases if case.find("failure") is not None)
    assert case.get("name") == f"silent-change {LINE}:21"
    assert "::error file=data/2024.yaml" in run("data", "--format", "github")[1]


def test_the_repository_is_left_as_it_is(run: Run) -> None:
    index = Path(".git/index")
    before = index.read_bytes(), index.stat().st_mtime_ns
    change("natural-person: 3440", "natural-person: 3441")
    run()
    assert (index.read_bytes(), index.stat().st_mtime_ns) == before
