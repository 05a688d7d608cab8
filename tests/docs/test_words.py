"""The glossary: one word for each thing, in plain English and in official Chinese.

English: every message, help text, explanation and public docstring of the package, and every page outside ``docs/locale``.
Chinese: the catalogs of messages and documentation, the Chinese README, the files of a new site and the forms for issues.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import sphinx_govreport

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
PACKAGE = Path(sphinx_govreport.__file__).parent
SITE = PACKAGE / "exporters/site"
MESSAGES = PACKAGE / "locale/zh_CN/LC_MESSAGES/sphinx_govreport.po"
PAGES = ROOT / "docs/locale/zh_CN/LC_MESSAGES"
ISSUES = ROOT / ".github/ISSUE_TEMPLATE"
_CHINESE = "\u4e00-\u9fff"


class Said(NamedTuple):
    """A text that a reader sees, and its place."""

    place: str
    text: str


# -- English -------------------------------------------------------------------------------------------------------

#: words of other languages and other times; each with a right use, where there is one
ENGLISH = {
    "stands": r"\bstands\b(?! for)",
    "is said": r"\b(?:is|are) said\b",
    "is named": r"\b(?:is|are) named\b",
    "what is wrong": r"\bwhat is wrong\b",
    "heads for headers": r"(?<!\{)\bheads\b(?!\})",
    "slip": r"\bslips?\b",
    "ways": r"\bways\b",
    "mend": r"\bmend(?:s|ed|ing)?\b",
    "reckon": r"\breckon(?:s|ed|ing)?\b",
    "paper for PDF and Word": r"\bpaper\b(?! size)",
    "of its own": r"\bof (?:its|their) own\b",
    "no kind of": r"\bno kind of\b",
    "weigh for severity": r"\bweigh(?:s|ed)?\b",
    "want for require": r"\b(?:sums?|totals?) wants?\b",
    "to the letter": r"\bto the letter\b",
    "out of all proportion": r"\bout of all proportion\b",
    "one item in the plural": r"\b1 (?:reports|errors|warnings|hints|files|figures|documents|lines)\b",
}

#: Chinese marks in English sentences; pages also have lines in Chinese
MARKS = {
    "a Chinese comma": r"[A-Za-z0-9`\"”]、|、[A-Za-z`\"“]",
    "a Chinese stop": r"[A-Za-z0-9`][。，；]",
    "a Chinese ellipsis": "……",
}


def _messages() -> Iterator[Said]:
    """Yield the English text of every call of ``text`` and ``ntext``, as ``make locale`` extracts them."""
    found = extract_from_dir(str(PACKAGE), keywords={"text": None, "ntext": (1, 2)}, method_map=[("**.py", "python")])
    for file, line, message, _comments, _context in found:
        for english in (message,) if isinstance(message, str) else message:
            yield Said(f"{file}:{line}", english)


def _docstrings() -> Iterator[Said]:
    """Yield the docstrings of modules, and of public classes and functions."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (docstring := ast.get_docstring(node)):
                is_public = isinstance(node, ast.Module) or not node.name.startswith("_")
                yield from [Said(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}", docstring)] * is_public


def _prose(path: Path) -> Iterator[Said]:
    """Yield the lines of a page without its code and addresses."""
    is_code = False
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if re.match(r"\s*(?:`{3,}|~{3,})(?!\{)", line):
            is_code = not is_code
        elif not is_code:
            yield Said(f"{path.relative_to(ROOT)}:{number}", _without_code(line))


def _without_code(text: str) -> str:
    return re.sub(r"``.*?``|`[^`]*`|\]\([^)]*\)|https?:\S+", "`…`", text)


def _english_pages() -> Iterator[Said]:
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")):
        if path.name != "README.zh-CN.md" and "_build" not in path.parts:
            yield from _prose(path)
    for path in ISSUES.glob("*.yml"):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            yield Said(f"{path.name}:{number}", line.partition(" · ")[0])


def _findings(texts: Iterable[Said], banned: dict[str, str]) -> list[str]:
    patterns = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in banned.items()}
    return [
        f"{one.place}: {name}: {one.text[max(0, found.start() - 30) : found.end() + 30]}"
        for one in texts
        for name, pattern in patterns.items()
        if (found := pattern.search(one.text))
    ]


@pytest.mark.parametrize("texts", [_messages, _docstrings], ids=lambda texts: texts.__name__.strip("_"))
def test_english_of_the_program_is_plain(texts: Callable[[], Iterator[Said]]) -> None:
    assert _findings(texts(), ENGLISH | MARKS) == []


def test_english_pages_are_plain() -> None:
    assert _findings(_english_pages(), ENGLISH) == []


def test_a_text_for_one_is_in_the_singular() -> None:
    with MESSAGES.open("rb") as file:
        counted = [message.id[0] for message in read_po(file) if isinstance(message.id, tuple | list)]
    assert len(counted) > 10
    plural = re.compile(r"\b1 (?:\w+ )?(?!is\b|was\b|has\b)[a-z]+[^s\W]s\b")
    assert [text for text in counted if plural.search(text.replace("{count}", "1"))] == []


# -- Chinese -------------------------------------------------------------------------------------------------------

#: names that are not in the glossary, and marks that are not Chinese
CHINESE = {
    "第几张表（二、三、四是部分）": "第[二三四]张表(?!格)",
    "年度文件（数据文件）": "年度文件",
    "检查（核对）": "检查(?!工具)",
    "下级机关（下级行政机关）": "下级机关",
    "结案（不再处理）": "结案",
    "提示（提示只是级别；其余是消息）": "提示(?:信息|中列|所说|所指|了)|[照按据]提示|(?:上面|完整|以下)的提示",
    "百分比才增长、下降": r"(?:增长|下降)(?:了)? ?(?:\d+|\{\w+\}) ?(?:[件项份条]|个(?!百分点))",
    "中文标点之后的空格": rf"[。，、：；！？）] (?=[{_CHINESE}“（《])",
    "中文标点之前的空格": rf"[{_CHINESE}”》] +(?=[（，。、：；])",
    "汉字之间的半角标点": rf"(?<=[{_CHINESE}])[,;:!?](?=[{_CHINESE}])",
    "半角括号": rf"\([{_CHINESE}]+\)",
    "全新生成（完整构建）": "全新生成",
    "生成网站（构建）": "(?<!中)生成网站|每次生成|重新生成网站",
    "格式（表样）": "法定格式|地方格式|表格格式|格式文件",
    "公开的内容（公共接口）": "全部公开的内容|另外公开的还有",
    "系统（程序）": "由系统",
}

#: names that have another meaning in the documentation, and are one thing in messages
IN_MESSAGES = {
    "报告（年报）": "(?<!工作年度)(?<![年需])(?<!应当)报告(?!年度|种类|的内容)(?!数据核对)",
    "网页（页面）": "网页(?!存档|的样式|中的年报|无法按|带入|外还有)(?<!个网页)",
    "注、备注（附注）": "(?<![备附脚关批标题])注(?![意明册释])",
    "包（发布包）": "(?<![发布数据软件压缩解打])包(?:的清单|里|中|没有)",
    "数字（数据）": "(?:没有|这些|全部)数字",
}


def _entries(path: Path) -> Iterator[Said]:
    with path.open("rb") as file:
        for message in read_po(file):
            for chinese in [message.string] if isinstance(message.string, str) else message.string:
                if message.id:
                    yield Said(f"{path.name}: {message.id!s:.40}", _without_code(chinese))


def _chinese_pages() -> Iterator[Said]:
    for path in PAGES.rglob("*.po"):
        yield from _entries(path)
    yield from _prose(ROOT / "README.zh-CN.md")


def _files() -> Iterator[Said]:
    """Yield the lines of the files of a new site, and the Chinese half of those of the forms for issues."""
    for path in (*SITE.rglob("*.in"), *ISSUES.glob("*.yml")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            yield Said(f"{path.name}:{number}", _without_code(line.rpartition(" · ")[2]))


def test_chinese_messages_use_the_names_of_the_glossary() -> None:
    assert _findings(_entries(MESSAGES), CHINESE | IN_MESSAGES) == []


@pytest.mark.parametrize("texts", [_chinese_pages, _files], ids=lambda texts: texts.__name__.strip("_"))
def test_chinese_pages_use_the_names_of_the_glossary(texts: Callable[[], Iterator[Said]]) -> None:
    assert _findings(texts(), CHINESE) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The total stands in the last column.", "stands"),
        ("Checked 1 reports.", "one item in the plural"),
        ("Not filled in: a、b.", "a Chinese comma"),
    ],
)
def test_a_banned_english_word_is_found(text: str, name: str) -> None:
    (found,) = _findings([Said("here", text)], ENGLISH | MARKS)
    assert found.startswith(f"here: {name}: ")


def test_a_right_word_is_no_finding() -> None:
    right = "The heading of the paperwork: 0 stands for nothing; “甲局、乙局” always; {heads} of 1 report."
    assert _findings([Said("here", right)], ENGLISH | MARKS) == []
    assert _findings([Said("here", "核对 3 份年报：提示 1 条，减少177件，下降4.8%（2024年）。")], CHINESE | IN_MESSAGES) == []


@pytest.mark.parametrize(
    "text",
    [
        "第四张表的总计",
        "请照提示改正",
        "比上年下降177件",
        "没有填写。 请填写",
        "一致 （见下）",
        "甲,乙",
        "汇总多个机关的报告",
        "包里有",
    ],
)
def test_a_banned_chinese_word_is_found(text: str) -> None:
    assert len(_findings([Said("here", text)], CHINESE | IN_MESSAGES)) == 1
