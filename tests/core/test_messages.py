"""User-visible texts: each in Chinese and in English, all in the catalog, including those of argparse."""

from __future__ import annotations

import argparse
import ast
import gettext
import os
import re
import string
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import sphinx_govreport
from sphinx_govreport.cli import COMMANDS, main
from sphinx_govreport.core.characters import terminal_width
from sphinx_govreport.core.diagnostics import first_of, listed, ntext, text, translator
from sphinx_govreport.core.library.paths import unreadable
from tests.published import published, year_file

PACKAGE = Path(sphinx_govreport.__file__).parent
CATALOG = PACKAGE / "locale/zh_CN/LC_MESSAGES/sphinx_govreport.po"

#: Latin letters allowed in Chinese messages: names that are the same in every language, and input by users
SAME_IN_EVERY_LANGUAGE = set(
    "True False Windows CSV Dask Excel GB GBK HTML JPEG JSON MB Makefile Markdown OpenDocument PDF PNG PubDate SHA Schema Tab UTF Word XML XeLaTeX YAML "
    "DOCX XLSX SQLite bash zsh fish zip pip install git fetch PATH conf py sphinx_govreport reStructuredText latex_engine xelatex".split()
)
TYPED = set(
    "after amount bar before blocks compare error warning hint off line newest oldest note percent text unit value zh_CN zh en csv json parquet datapackage docx data "
    "doc mht rtf xls xlsb xlsx ods odt md rst yaml requests tcp host agency year form yml explain gov-figure gov-share "
    "proactive-disclosure reviews template_bridge html_extra_path".split()
)


#: messages used only for numbers greater than one
ALWAYS_SEVERAL = {
    "There are {count} reports; specify a folder: -o DIR.",
    "One caption cannot be used for {count} tables.",
    "{count} lines cannot be told apart in one chart.",
    "{label} is {written}, but {count} totals require {expected}: {workings}.",
    "The table has {count} figures; at most {limit} are allowed.",
}


def catalog() -> dict[str, str]:
    with CATALOG.open("rb") as file:
        return by_english(read_po(file))


def by_english(messages: Iterable[Message]) -> dict[str, str]:
    """Return the Chinese text of each English one; for numbers, English has two forms and Chinese one."""
    return {
        english: chinese
        for message in messages
        if message.id
        for chinese in (message.string if isinstance(message.string, str) else "|".join(message.string),)
        for english in _forms(message.id)
    }


def _forms(message: str | Sequence[str]) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else tuple(message)


@cache
def extracted() -> set[str]:
    """Return the English text of every call of ``text`` and ``ntext``."""
    found = extract_from_dir(str(PACKAGE), keywords={"text": None, "ntext": (1, 2)}, method_map=[("**.py", "python")])
    return {english for _file, _line, message, _comments, _context in found for english in _forms(message)}


def test_every_message_has_a_chinese_translation() -> None:
    translated = catalog()
    assert extracted() == translated.keys()
    assert [message for message, translation in translated.items() if not translation.strip()] == []


def test_no_translation_is_a_guess() -> None:
    with CATALOG.open("rb") as file:
        assert [message.id for message in read_po(file) if message.id and message.fuzzy] == []


def test_a_translation_has_the_same_places() -> None:
    assert {message for message, translation in catalog().items() if _places(message) != _places(translation)} == set()


def _places(template: str) -> tuple[set[str], set[str]]:
    """Return the placeholders: ours, and those of argparse."""
    percent = re.findall(r"%(?:\(\w+\))?[srd]", template)
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(template) if name}, set(percent)


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("suqian-2023", 0, "Checked 1 report: 0 errors, 0 warnings, 0 hints."),
        ("shanghai-municipal-office-2019", 0, "Checked 1 report: 0 errors, 2 warnings, 0 hints."),
        ("huaian-hongze-2023", 1, "Checked 1 report: 2 errors, 0 warnings, 0 hints."),
    ],
)
def test_a_count_has_its_plural_form(
    name: str, code: int, said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(year_file(published(name)), "utf-8")
    assert main(["--language", "en", "check", "a.yaml"]) == code
    assert capsys.readouterr().err.splitlines()[-1] == said


def test_plural_forms_are_those_of_each_language() -> None:
    counted = [ntext("{count} report", "{count} reports", count=count) for count in (0, 1, 2)]
    assert [one.render(translator("en")) for one in counted] == ["0 reports", "1 report", "2 reports"]
    assert [one.render(translator("zh_CN")) for one in counted] == ["0 份年报", "1 份年报", "2 份年报"]


def test_no_count_stands_before_a_plural_of_its_own() -> None:
    """“1 reports” is not English: a number before a noun requires ``ntext``, unless it is always more than one."""
    counts = re.compile(r"\{(?:count|reports|files|documents|errors|figures|levels|width)\} (?:\w+ )?[a-z]+s\b")
    plain = {str(call.args[0].value) for _path, call in _calls("text") if isinstance(call.args[0], ast.Constant)}
    assert {message for message in plain if counts.search(message)} == ALWAYS_SEVERAL


def test_a_chinese_message_has_no_english_word() -> None:
    left = {translation: _english(translation) - SAME_IN_EVERY_LANGUAGE - TYPED for translation in catalog().values()}
    assert {translation: words for translation, words in left.items() if words} == {}


def _english(chinese: str) -> set[str]:
    """Return Latin words except placeholders, quotations, options, settings, and file names."""
    plain = re.sub(
        r"\{+[^{}]*\}+|%\(\w+\)[srd]|“[^”]*”|(?<![a-z])--?[a-z-]+|govreport[_-]\w+|sphinx-govreport|SOURCE_DATE_EPOCH|https?:\S+",
        " ",
        chinese,
    )
    return set(re.findall(r"[A-Za-z][A-Za-z_-]+[A-Za-z]|[A-Za-z]{2,}", plain))


def test_the_compiled_catalog_is_the_written_one() -> None:
    with CATALOG.with_suffix(".mo").open("rb") as mo:
        assert by_english(read_mo(mo)) == catalog()


@cache
def _all_calls() -> list[tuple[Path, ast.Call, str]]:
    """Return the calls of functions by their names: the modules are parsed once."""
    return [
        (path, node, node.func.id)
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]


def _calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    return ((path, call) for path, call, called in _all_calls() if called == name)


def test_no_message_is_put_together_where_the_catalog_cannot_see_it() -> None:
    found = extracted()
    for path, call in (*_calls("text"), *_calls("ntext")):
        for argument in call.args:
            assert isinstance(argument, ast.Constant), f"{path}:{call.lineno}"
            assert argument.value in found, (
                f"{path}:{call.lineno}: before Python 3.12, nothing is read of what stands in an f-string"
            )
    assert {path.name for path, _call in _calls("Text")} == {"diagnostics.py"}
    for path, call in _calls("WrongUsage"):
        assert isinstance(call.args[0], ast.Call | ast.Name), f"{path}:{call.lineno}"


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")


def _helped(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit):
        main([*arguments, "--help"])
    return capsys.readouterr().out


#: a choice that argparse does not wrap
LONGEST_CHOICES = "[--to {csv,json,parquet,xlsx,docx,html,text,yaml,datapackage}]"
NAMES = ("check", "explain", "forms", "schema", "import", "export", "new", "new-site", "rollup", "pack")


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("command", ["", *NAMES])
def test_help_is_in_chinese(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    printed = _helped(capsys, *filter(None, [command]))
    body, _heading, example = printed.partition("\n\n")[2].partition("示例：\n")  # after the line that contains only options
    assert example.startswith(f"  sphinx-govreport {command} ") if command else not example
    names = {word for name in NAMES for word in name.split("-")} | set(NAMES)
    words = {word for word in _english(body) if not word.isupper()}
    assert words - SAME_IN_EVERY_LANGUAGE - TYPED - names - {"github", "sarif", "junit", "html", "bash", "fish"} == set()
    assert printed.startswith("用法：sphinx-govreport")
    assert "显示本帮助" in printed


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("command", ["", *NAMES])
def test_help_fits_a_terminal_and_ends_with_an_example(
    language: str, command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = _helped(capsys, "--language", language, *filter(None, [command])).splitlines()
    assert [line for line in lines if terminal_width(line) > 80 and line.strip() != LONGEST_CHOICES] == []
    assert not command or lines[-1].startswith(f"  sphinx-govreport {command} ")


@pytest.mark.parametrize(
    "arguments", [["--language", "zh_CN", "check", "nowhere"], ["check", "nowhere", "--language", "zh_CN"]]
)
def test_the_language_may_be_named_anywhere(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert capsys.readouterr().err.endswith("sphinx-govreport check：错误：没有“nowhere”这个文件或文件夹。\n")


@pytest.mark.parametrize("command", ["schema", "export", "new", "new-site", "import", "rollup", "pack", "check"])
def test_where_to_write_is_named_alike(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert re.search(r"-o(?: [A-Z]+)?, --output [A-Z]+", _helped(capsys, command))


def test_help_is_there_for_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(COMMANDS) == len(NAMES)
    printed = _helped(capsys)
    assert re.findall(r"^    ([a-z-]+) +\S", printed, flags=re.MULTILINE) == list(NAMES[:3]) + list(NAMES[3:])
    assert printed.startswith("usage: ")


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "sphinx-govreport：错误：缺少以下参数：COMMAND"),
        (["check", "--format", "x"], "sphinx-govreport check：错误：参数 --format：没有 'x' 这个选择，可选："),
        (["check", "--jobs", "x"], "sphinx-govreport check：错误：参数 --jobs：'x' 不是整数（int）"),
        (["check", "--form"], "sphinx-govreport check：错误：参数 --form：后面缺少一个值"),
        (["--language"], "sphinx-govreport：错误：参数 --language：后面缺少一个值"),
        (["import"], "sphinx-govreport import：错误：缺少以下参数：PATH"),
        (["check", "--blank"], "sphinx-govreport check：错误：没有这样的参数：--blank"),
        (["check", "--strict=1"], "sphinx-govreport check：错误：参数 --strict：不接受值 '1'"),
        (["check", "--s"], "sphinx-govreport check：错误：选项 --s 不明确，可以是 --strict, --severity, --scheduler"),
        (["check", "--stict"], "sphinx-govreport check：错误：没有 --stict 这个选项；是不是 --strict？"),
        (["export", "--to", "csv", "--ouptut=a.csv", "data"], "没有 --ouptut=a.csv 这个选项；是不是 --output？"),
        (["chek", "data"], "sphinx-govreport：错误：没有 chek 这个子命令；是不是 check？"),
        (["check", "--severity", "jump=loud"], "sphinx-govreport check：错误：--severity jump=loud：没有“loud”这个级别，可用的是：error、warning、hint、off。"),
        (["check", "--severity", "leap=off"], "sphinx-govreport check：错误：--severity leap=off：没有“leap”这项核对，可用的是：年度尚未结束、文件名年度不符、表样与年度不符、申请人合计、"),
        (["check", "nowhere"], "sphinx-govreport check：错误：没有“nowhere”这个文件或文件夹。"),
        (["rollup", "data", "--agency", "甲市", "--expect", "nowhere"], "“nowhere”无法读取：没有这个文件。"),
    ],
)  # fmt: skip
def test_wrong_usage_is_told_in_chinese(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.yaml").write_text(year_file(published("suqian-2024")), "utf-8")
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    printed = capsys.readouterr().err
    assert said in printed.splitlines()[-1]


def test_the_option_counts_before_the_terminal_and_leaves_no_trace(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert _helped(capsys, "--language", "en").startswith("usage: ")
    assert _helped(capsys, "--language=en", "check").startswith("usage: ")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("LANGUAGE", "de")
    assert _helped(capsys, "--language", "zh_CN").startswith("用法：")
    assert (gettext.textdomain(), os.environ["LANGUAGE"]) == ("messages", "de")
    monkeypatch.delenv("LANGUAGE")
    _helped(capsys)
    assert "LANGUAGE" not in os.environ
    assert argparse.ArgumentParser().format_usage().startswith("usage: ")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FileNotFoundError(2, "No such file or directory"), "文件无法读取：没有这个文件。"),
        (PermissionError(13, "Permission denied"), "文件无法读取：没有权限。"),
        (OSError(28, "No space left on device"), "文件无法读取：磁盘已满。"),
        (OSError(1234, "Weather"), "文件无法读取：Weather。"),
        (OSError("Weather"), "文件无法读取：Weather。"),
    ],
)
def test_the_system_is_quoted_in_the_users_language(error: OSError, said: str) -> None:
    assert unreadable("a.yaml", error).render(translator("zh_CN")) == said


def test_a_list_is_written_as_each_language_does() -> None:
    few, many = text("{names}.", names=listed(["甲", "乙"])), text("{names}.", names=first_of(["甲", "乙", "丙", "丁", "戊"]))
    assert [one.render(translator("en")) for one in (few, many)] == ["甲, 乙.", "甲, 乙, 丙, and 2 more."]
    assert [one.render(translator("zh_CN")) for one in (few, many)] == ["甲、乙.", "甲、乙、丙等 5 项."]
