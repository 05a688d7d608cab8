"""Patterns of forms: none can block a check, whatever the text of a page is."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from sphinx_govreport.cli import main
from sphinx_govreport.core.forms.patterns import PatternError, pattern_of
from sphinx_govreport.core.forms.reader import statutory_files, statutory_forms
from tests.conftest import CONF, Project
from tests.published import published, year_file

CASES = Path(__file__).parent.parent / "security" / "cases"
FORM = dict(statutory_files())["2021.yaml"].decode().replace('form: "2021"', "form: own", 1)
FIRST = next(line for line in FORM.splitlines() if "pattern:" in line)

ENDLESS = "“{}” repeats without a limit; write the maximum, such as {{0,20}}."
STEPS = "The pattern can take more than 50000 steps at one place of a text; use fewer repetitions, and do not nest them."
UNUSABLE = "“{}” cannot be used in a pattern of a form."
BROKEN = "The pattern is not a regular expression: check its character {}."
REFUSED = {
    "(?:(?:一|一一)+)+x{n}": ENDLESS.format("+"),
    "a*": ENDLESS.format("*"),
    "a+?": ENDLESS.format("+?"),
    "[^，]*+b": ENDLESS.format("*+"),
    "a{3,}": ENDLESS.format("{3,}"),
    "a{,}": ENDLESS.format("{,}"),
    "(?=a*)b": ENDLESS.format("*"),
    "(a{0,20}){0,20}": STEPS,
    "(?:a|a){1,40}": STEPS,
    "(?:ab){0,40000}": STEPS,
    "(?:a|ab){1,40}": STEPS,
    "(?:a?){30}": STEPS,
    "(?:){99999999999}": STEPS,
    "[^a]{0,99}[^a]{0,99}[^a]{0,99}": STEPS,
    "(?!a)[^a]{0,99}[^a]{0,99}[^a]{0,99}": STEPS,
    r"(a)\1": UNUSABLE.format(r"\1"),
    "(?P<x>a)": UNUSABLE.format("(?P"),
    "(?i)a": UNUSABLE.format("(?i"),
    "(?>a)": UNUSABLE.format("(?>"),
    "[[a]": UNUSABLE.format("[[a]"),
    "(a": BROKEN.format(1),
    "a)": BROKEN.format(2),
    "a{2,1}": BROKEN.format(3),
    "(" * 5000: BROKEN.format(1),
}
TAKEN = [
    "新收{gap}{n}",
    "(?:收到|受理)(?!{gap}复议){gap}申请{gap}{n}",
    "[]a]{1,3}",
    r"[^]\]]b\(",
    "a{}",
    "a{x}",
    "(?:一|二|三){40}",
    "a{0,20}+b",
    "(?<=ab)c$",
    "",
]


@pytest.mark.parametrize(("pattern", "message"), REFUSED.items(), ids=lambda value: value[:20])
def test_a_pattern_that_could_take_long_is_refused(pattern: str, message: str) -> None:
    with pytest.raises(PatternError) as refused:
        pattern_of(pattern)
    assert refused.value.message.render(str) == message


@pytest.mark.parametrize("pattern", TAKEN)
def test_a_pattern_of_bounded_work_is_taken(pattern: str) -> None:
    re.compile(pattern_of(pattern))


def test_the_patterns_of_the_law_are_taken() -> None:
    assert sum(len(table.phrases) for form in statutory_forms().values() for table in form.tables) > 20


@pytest.mark.parametrize(
    ("written", "number"), [("3525件", "3525"), ("3,525 件", "3,525"), ("3，525件", "3，525"), ("0 \u3000件", "0")]
)
def test_a_number_is_found_as_before(written: str, number: str) -> None:
    match = re.search(pattern_of("新收{gap}{n}"), f"新收政府信息公开申请{written}")
    assert match
    assert match[1] == number


def test_of_a_number_of_more_digits_than_any_has_no_part_is_taken() -> None:
    assert re.search(pattern_of("{n}"), f"{'1' * 40}件") is None


@pytest.mark.parametrize("pattern", [one.pattern for table in statutory_forms()["2021"].tables for one in table.phrases])
@pytest.mark.parametrize("text", ["1" * 300_000, "收到" * 100_000, "申请" * 100_000, "，" * 300_000, "行政复议" * 50_000])
def test_no_text_keeps_a_pattern_of_the_law_busy(pattern: str, text: str) -> None:
    """The time grows with the length of the text, not with its square: otherwise this would take hours."""
    assert list(re.finditer(pattern, text)) == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "error: “+” repeats without a limit; write the maximum, such as {0,20}. [bad-form]"),
        ("zh_CN", "错误: “+”可以无限重复；请写明最多重复几次，例如 {0,20}。 [表样有误]"),
    ],
)
def test_the_check_of_a_page_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, said: str
) -> None:
    """It never did."""
    monkeypatch.chdir(tmp_path)
    for name in ("redos-form.yaml", "redos-year.yaml", "redos-page.md"):
        shutil.copyfile(CASES / name, name)
    assert main(["--language", language, "check", "--form", "redos-form.yaml", "redos-year.yaml", "redos-page.md"]) == 1
    assert capsys.readouterr().out.splitlines()[0] == f"redos-form.yaml:146:19: {said}"


def test_a_build_with_such_a_form_ends(project: Project) -> None:
    project.write("conf.py", f'{CONF}govreport_forms = ["form.yaml"]\n')
    project.write("form.yaml", (CASES / "redos-form.yaml").read_text("utf-8"))
    project.write("data/2024.yaml", (CASES / "redos-year.yaml").read_text("utf-8"))
    project.write("index.md", (CASES / "redos-page.md").read_text("utf-8"))
    said = "form.yaml:146:19: ERROR: “+”可以无限重复；请写明最多重复几次，例如 {0,20}。 [govreport.bad-form]"
    assert said in project.build().warnings


def test_a_share_of_nothing_is_said_of_the_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("form.yaml").write_text(
        FORM.replace("results", "outcomes").replace("base: requests.outcomes", "base: requests.results"), "utf-8"
    )
    Path("2024.yaml").write_text(year_file(published("suqian-2024")), "utf-8")
    assert main(["check", "--form", "form.yaml", "2024.yaml"]) == 1
    (found,) = capsys.readouterr().out.splitlines()
    line = Path("form.yaml").read_text("utf-8").partition("share-base")[0].count("\n") + 1
    assert found == f"form.yaml:{line}:13: error: The form has no “requests.results.total.total”. [bad-form]"


def test_a_page_of_two_forms_of_which_one_has_no_results_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A share in the table of one form, the requests by another without results: nothing can be compared."""
    monkeypatch.chdir(tmp_path)
    no_results = re.sub("^same-as:.*?(?=^sections:)", "", FORM, flags=re.DOTALL | re.MULTILINE)  # its figures differ
    no_results = no_results.replace("results", "outcomes").replace(", share: true", "")
    with_share = FORM.replace("form: own", "form: other", 1).replace(
        'pattern: "直接起诉{gap}{n}", figures: [litigation.direct.total]',
        'pattern: "直接起诉{gap}{n}", figures: [litigation.direct.total], share: true',
        1,
    )
    Path("own.yaml").write_text(no_results, "utf-8")
    Path("other.yaml").write_text(with_share, "utf-8")
    year = year_file(published("suqian-2024")).replace("  results:\n", "  outcomes:\n", 1)
    start, end = year.index("form:"), year.index("proactive-disclosure:\n")
    year = f"{year[:start]}form: {{default: other, requests: own}}\n{year[end:]}"
    Path("2024.yaml").write_text(year, "utf-8")
    Path("page.md").write_text("---\ngovreport-year: 2024\n---\n# 年报\n\n## 四、\n\n直接起诉25件，占5%。\n", "utf-8")
    main(["check", "--form", "own.yaml", "--form", "other.yaml", "2024.yaml", "page.md"])
    told = capsys.readouterr()
    assert "bad-form" not in told.out
    assert "Checked 1 report:" in told.err
