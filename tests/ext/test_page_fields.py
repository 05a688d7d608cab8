"""Wrong fields at the top of pages are reported once, at their line, whatever else the page has."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_govreport.cli import main
from tests.conftest import Project

BODY = """\
# 年报

新收{gov-figure}`依申请公开.新收.总计`件，结转{gov-figure}`依申请公开.结转下年度.总计`件。

```{gov-disclosure-table} 依申请公开
```

```{gov-disclosure-table} 复议诉讼
```
"""
FIELDS = ["govreport-year: 2024", "govreport-agency: 宿迁市", "govreport-published: 2025-01-20", "govreport-signed:"]


@pytest.fixture
def site(project: Project) -> Project:
    project.write("index.md", "# 首页\n\n```{toctree}\na\n```\n")
    project.report("suqian-2024")
    return project


def page(*fields: str) -> str:
    return "\n".join(["---", *fields, "---", BODY])


@pytest.mark.parametrize(
    ("line", "written", "chinese", "english"),
    [
        (
            2,
            "govreport-year: 2024年",
            "“2024年”不是年度。请在页面开头写“govreport-year: 2024”，或者在指令中写“:year: 2024”，在角色中写“2024: …”。",
            "“2024年” is not a year. Write “govreport-year: 2024” at the top of the page, “:year: 2024” in a directive, or “2024: …” in a role.",
        ),
        (
            2,
            "govreport-year:",
            "没有指明是哪一年的年报。请在页面开头写“govreport-year: 2024”，或者在指令中写“:year: 2024”，在角色中写“2024: …”。",
            "The year of the report is not specified. Write “govreport-year: 2024” at the top of the page, "
            "“:year: 2024” in a directive, or “2024: …” in a role.",
        ),
        (
            2,
            "govreport-year: 2042",
            "没有宿迁市2042年的年报。已有的年度：2024。",
            "There is no report of 宿迁市 for 2042. There are reports for: 2024.",
        ),
        (
            3,
            "govreport-agency: 宿迁",
            "没有宿迁2024年的年报。已有的机关：宿迁市。",
            "There is no report of 宿迁 for 2024. There are reports of: 宿迁市.",
        ),
    ],
)
def test_a_report_that_a_page_does_not_find_is_told_once_at_its_field(
    site: Project, line: int, written: str, chinese: str, english: str
) -> None:
    fields = list(FIELDS)
    fields[line - 2] = written
    site.write("a.md", page(*fields))
    for language, message in (("zh_CN", chinese), ("en", english)):
        expected = [f"{site.folder / 'a.md'}:{line}: ERROR: {message} [govreport.unknown-report]"]
        assert site.build(language=language).warnings == expected
        assert site.build(language=language).warnings == expected
    assert site.build("text", out="text", jobs=2).warnings == [
        f"{site.folder / 'a.md'}:{line}: ERROR: {chinese} [govreport.unknown-report]"
    ]
    site.write("a.md", page(*FIELDS))
    assert site.build().warnings == []


def test_a_page_with_an_empty_agency_has_the_only_one(site: Project) -> None:
    site.write("a.md", page(FIELDS[0], "govreport-agency:", "govreport-published: 2024-01-20"))
    built = site.build(govreport_severity={"deadline": "warning"})
    (told,) = built.warnings
    assert "[govreport.deadline]" in told, "the page is checked"
    assert built.text("a.html").count("3525") >= 2


@pytest.mark.parametrize(
    ("line", "written", "message", "right"),
    [
        (2, "govreport-year：2024", "键名后面是全角冒号“：”。请改成半角冒号加一个空格“: ”。", "govreport-year: 2024"),
        (2, "govreport-year:2024", "冒号后面缺少空格。请写成“键: 值”，冒号后空一格。", "govreport-year: 2024"),
        (4, "  govreport-published: 2025-01-20", "这一行的缩进与上下各行不一致。", FIELDS[2]),
        (5, "govreport-signed：", "键名后面是全角冒号“：”。请改成半角冒号加一个空格“: ”。", "govreport-signed:"),
    ],
)  # fmt: skip
def test_front_matter_that_is_not_yaml_is_told_with_the_correct_line(
    site: Project,
    line: int,
    written: str,
    message: str,
    right: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fields = list(FIELDS)
    fields[line - 2] = written
    site.write("a.md", page(*fields))
    expected = f"{site.folder / 'a.md'}:{line}: ERROR: {message}写成：{right} [govreport.yaml-syntax]"
    for build in (site.build(suppress_warnings=["myst.topmatter"]), site.build(suppress_warnings=["myst.topmatter"])):
        assert build.warnings == [expected]
    monkeypatch.chdir(site.folder)
    assert main(["check", "data", "a.md", "--language", "zh_CN"]) == 1
    out = capsys.readouterr().out.splitlines()
    assert [one.partition(": ")[2] for one in out] == [f"错误: {message}写成：{right} [语法错误]"]


@pytest.mark.parametrize("wrong", ["govreport-year：2024", "govreport-year:2024", "govreport-year=2024", "govreport-year 2024"])
def test_front_matter_without_any_key_says_what_is_wrong_and_nothing_follows_from_it(site: Project, wrong: str) -> None:
    """It is valid YAML: a text."""
    site.write("a.md", page(wrong))
    (told,) = site.build(suppress_warnings=["myst.topmatter"]).warnings
    assert told.startswith(f"{site.folder / 'a.md'}:2: ERROR: ")
    assert told.endswith("写成：govreport-year: 2024 [govreport.yaml-syntax]")


def test_a_field_that_is_written_twice_is_told(site: Project) -> None:
    site.write("a.md", page(*FIELDS, "govreport-year: 2023"))
    assert (
        f"{site.folder / 'a.md'}:6: ERROR: “govreport-year”写了两次，第一次在第 2 行。请删去其中一个。 [govreport.duplicate-key]"
        in [line for line in site.build().warnings if "duplicate-key" in line]
    )


@pytest.mark.parametrize("day", ["2025-13-01", "2025-02-30"])
def test_an_impossible_date_is_told_and_nothing_follows_from_it(
    site: Project, day: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """YAML reads it as a date, and MyST then reads no field at all."""
    site.write("a.md", page(*FIELDS[:2], f"govreport-published: {day}"))
    for language, message in (
        ("zh_CN", f"“{day}”不是日期。请写成 2025-01-20 这样的形式。"),
        ("en", f"“{day}” is not a date. Write for example 2025-01-20."),
    ):
        expected = [f"{site.folder / 'a.md'}:4: ERROR: {message} [govreport.bad-value]"]
        assert site.build(language=language, suppress_warnings=["myst.topmatter"]).warnings == expected
    monkeypatch.chdir(site.folder)
    assert main(["check", "data", "a.md", "--language", "zh_CN"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"a.md:4:22: 错误: “{day}”不是日期。请写成 2025-01-20 这样的形式。 [内容类型不符]"
    ]


def test_a_field_that_a_comment_cuts_off_is_told(site: Project) -> None:
    fields = ["govreport-agency: 宿迁市 #全称", "govreport-published: 2025-01-20 # 定稿", "govreport-keywords: 年报 #3"]
    site.write("a.md", page(FIELDS[0], *fields))
    (told,) = site.build().warnings
    assert told.startswith(f"{site.folder / 'a.md'}:5: WARNING: “#”前面有空格，因此“#3”是注释，不会显示。")
    assert told.endswith("[govreport.cut-text]")


def test_front_matter_without_our_fields_is_not_ours(site: Project) -> None:
    site.write("a.md", "---\ntags：公告\ntitle: a\ntitle: b\n---\n# 公告\n")
    assert not any("govreport" in line for line in site.build().warnings)


@pytest.mark.parametrize(
    ("field", "chinese", "english"),
    [
        ("govreport-years: 2024", "“govreport-years”无法识别。是不是“govreport-year”？", "Unknown key “govreport-years”. Did you mean “govreport-year”?"),
        ("govreport-sign:", "“govreport-sign”无法识别。是不是“govreport-signed”？", "Unknown key “govreport-sign”. Did you mean “govreport-signed”?"),
    ],
)  # fmt: skip
def test_an_unknown_field_is_told_on_every_site(site: Project, field: str, chinese: str, english: str) -> None:
    site.write("a.md", page(*FIELDS[:3], field))
    for language, message in (("zh_CN", chinese), ("en", english)):
        expected = [f"{site.folder / 'a.md'}:5: ERROR: {message} [govreport.bad-field]"]
        assert site.build(language=language).warnings == site.build(language=language).warnings == expected


def test_the_command_says_which_pages_it_did_not_check(
    site: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(site.folder)
    told = {
        "govreport-yaer: 2024": "a.md：没有读到这个页面的年报，页面未经核对。",
        "govreport-year: 2042": "a.md：没有读到这个页面的年报，页面未经核对。",
    }
    for field, message in told.items():
        site.write("a.md", page(field))
        assert main(["check", "data", "a.md", "index.md", "--language", "zh_CN"]) == 0
        assert capsys.readouterr().err.splitlines()[0] == message
    site.write("a.md", page(*FIELDS))
    assert main(["check", "data", "a.md", "index.md", "--language", "zh_CN"]) == 0
    assert "未经核对" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("day", "chinese", "english"),
    [
        ("2024-01-20", "发布日期 2024-01-20 时，2024年尚未结束。请改正 govreport-published。", "Published on 2024-01-20, before 2024 was over. Correct govreport-published."),
        ("2025/1/20", "“2025/1/20”不是日期。请写成“govreport-published: 2025-01-20”的形式，也可以带时间：“2025-01-20 09:30”。", "“2025/1/20” is not a date. Write for example “govreport-published: 2025-01-20”, or with the time “2025-01-20 09:30”."),
    ],
)  # fmt: skip
def test_the_deadline_is_told_at_the_line_of_the_date(
    site: Project, day: str, chinese: str, english: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(site.folder)
    Path("a.md").write_text(page(*FIELDS[:2], f"govreport-published: {day}"), "utf-8")
    for language, message in (("zh_CN", f"提示: {chinese} [公布期限]"), ("en", f"hint: {english} [deadline]")):
        assert main(["check", "data", "a.md", "--language", language]) == 0
        assert capsys.readouterr().out.splitlines() == [f"a.md:4:1: {message}"]


def test_a_year_to_compare_with_that_is_none_is_told_for_that_option(site: Project) -> None:
    table = "```{gov-disclosure-table} 依申请公开\n:compare: 增减\n```\n"
    site.write("a.md", "\n".join(["---", *FIELDS[:2], "---", "# 年报", "", table]))
    built = site.build()
    message = "“增减”不是年度。请写成例如“:compare: 2023”；与上一年对比时不写年度。"
    assert built.warnings == [f"{site.folder / 'a.md'}:7: ERROR: {message} [govreport.bad-option]"]
    assert "3525" in built.text("a.html"), "the table is printed without a comparison"


SECTIONS = """\
---
govreport-year: 2024
---
# 宿迁市2024年政府信息公开工作年度报告

## 二、主动公开政府信息情况

```{gov-disclosure-table} 主动公开
```

新收{gov-figure}`依申请公开.新收.总计`件。
"""


@pytest.mark.parametrize(
    ("right", "wrong", "line", "written"),
    [
        ("```{gov-disclosure-table} 主动公开\n```", "：：：{gov-disclosure-table} 主动公开\n：：：", 8, "{gov-disclosure-table}"),
        ("```{gov-disclosure-table} 主动公开\n```", "···{gov-disclosure-table} 主动公开\n···", 8, "{gov-disclosure-table}"),
        ("```{gov-disclosure-table} 主动公开\n```", "``{gov-disclosure-table} 主动公开``", 8, "{gov-disclosure-table}"),
        ("```{gov-disclosure-table} 主动公开\n```", ".. gov-disclosure-table:: 主动公开", 8, ".. gov-disclosure-table::"),
        ("```{gov-disclosure-table} ", "```{gov-disclosure-table}", 8, "{gov-disclosure-table}"),
        ("{gov-disclosure-table}", "｛gov-disclosure-table｝", 8, "｛gov-disclosure-table｝"),
        ("{gov-disclosure-table}", "gov-disclosure-table", 8, "gov-disclosure-table"),
        ("新收{gov-figure}`依申请公开.新收.总计`", "全年\n新收{gov-figure}·依申请公开.新收.总计·", 12, "{gov-figure}"),
        ("{gov-figure}`依申请公开.新收.总计`", "{gov-figure}“依申请公开.新收.总计”", 11, "{gov-figure}"),
        ("{gov-figure}`", "{gov-figure} `", 11, "{gov-figure}"),
        ("{gov-figure}", "｛gov-figure｝", 11, "｛gov-figure｝"),
        ("{gov-figure}", ":gov-figure:", 11, ":gov-figure:"),
        ("新收{gov-figure}`依申请公开.新收.总计`", "| 新收 |\n|---|\n| ｛gov-figure｝·a· |", 13, "｛gov-figure｝"),
        ("新收{gov-figure}`依申请公开.新收.总计`", "<p>{gov-figure}`依申请公开.新收.总计`</p>", 11, "{gov-figure}"),
    ],
)  # fmt: skip
def test_a_directive_or_role_that_would_be_printed_as_text_is_told(
    site: Project,
    right: str,
    wrong: str,
    line: int,
    written: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert right in SECTIONS
    site.write("a.md", SECTIONS.replace(right, wrong))
    message = f"“{written}”没有被识别为指令或角色。在 Markdown 中，指令另起一行写“```{{gov-…}}”，句子里写“{{gov-…}}`…`”，"
    expected = f"{site.folder / 'a.md'}:{line}: ERROR: {message}"
    for build in (site.build(), site.build()):
        (told,) = (told for told in build.warnings if "unread-markup" in told)
        assert told.startswith(expected)
    monkeypatch.chdir(site.folder)
    assert main(["check", "data", "a.md", "--language", "en"]) == 1
    english = f"a.md:{line}:1: error: “{written}” is not read as a directive or a role. In Markdown, write “```{{gov-…}}” "
    assert capsys.readouterr().out.count(english) == 1


def test_a_directive_between_colons_is_told_where_myst_does_not_read_colons(site: Project) -> None:
    site.write("a.md", SECTIONS.replace("```", ":::"))
    assert not [told for told in site.build().warnings if "unread-markup" in told]
    (told,) = (told for told in site.build(myst_enable_extensions=[]).warnings if "unread-markup" in told)
    assert told.startswith(f"{site.folder / 'a.md'}:8: ERROR: “{{gov-disclosure-table}}”没有被识别为指令或角色。")
    assert told.endswith('用“:::”的，要在 conf.py 中写 myst_enable_extensions = ["colon_fence"]。 [govreport.unread-markup]')


@pytest.mark.parametrize(
    "text",
    [
        "- ```{gov-disclosure-table} 主动公开\n  ```",
        "1) ```{gov-disclosure-table} 主动公开\n   ```",
        "```{rst:directive} .. gov-downloads::\n链接。\n```",
        "```{list-table}\n* - ```{gov-disclosure-table} 主动公开\n    ```\n  - > ```{gov-report-list}\n    > ```\n```",
        "````\n```{gov-disclosure-table} 主动公开\n```\n````",
        "```\n{gov-figure} 是角色\n```",
        "```md\n{gov-figure} 是角色\n```",
        "~~~~{code-block} md\n{gov-figure} 是角色\n~~~~",
        "```{code} md\n{gov-figure} 是角色\n```",
        "    {gov-figure} 是角色",
        "<pre><code>{gov-figure}</code></pre>",
        "<!-- {gov-figure}·依申请公开.新收.总计· -->",
        "% ｛gov-figure｝",
        ":::{gov-disclosure-table}\n:::",
        "角色写成 `` {gov-figure}`依申请公开.新收.总计` ``，名称是 `{gov-figure}`。",
        "`{gov-figure}`",
        "{gov:table}`2024:requests`",
        "页面上有文字 `:::{gov-disclosure-table} requests`。",
    ],
)
def test_correct_markup_and_code_are_not_reported(site: Project, text: str) -> None:
    site.write("a.md", f"{SECTIONS}\n{text}\n")
    assert not [told for told in site.build().warnings if "unread-markup" in told]


def test_restructuredtext_that_is_not_read_is_told(
    site: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In Chinese, words have no spaces around them, without which no role is read."""
    site.write(
        "a.rst",
        ":govreport-year: 2024\n\n年报\n====\n\n"
        "新收:gov-figure:`requests.received.total`件，结转 :gov-figure:`requests.carried-over.total` 件。\n\n"
        "在 Markdown 中写 {gov-figure} 和 ｛gov-figure｝，角色写成 ``:gov-figure:`…```。\n\n"
        "{gov-figure}`requests.received.total` 件\n\n"
        ".. gov-disclosure-table: requests\n\n.. gov-disclosure-table：： reviews\n\n.. govreport-ignore: prose-figure\n",
    )
    lines = [(6, ":gov-figure:"), (10, "{gov-figure}"), (12, "gov-disclosure-table:"), (14, "gov-disclosure-table：：")]
    (site.folder / "a.md").unlink(missing_ok=True)
    told = [told for told in site.build().warnings if "unread-markup" in told]
    hint = "在 reStructuredText 中，指令另起一行写“.. gov-…::”，句子里写“:gov-…:`…`”，前后各加一个空格或“\\ ”。"
    assert told == [
        f"{site.folder / 'a.rst'}:{line}: ERROR: “{written}”没有被识别为指令或角色。{hint} [govreport.unread-markup]"
        for line, written in lines
    ]
    monkeypatch.chdir(site.folder)
    assert main(["check", "data", "a.rst", "--language", "en"]) == 1
    printed = [line for line in capsys.readouterr().out.splitlines() if "unread-markup]" in line]
    assert [line.partition(" In re")[0] for line in printed] == [
        f"a.rst:{line}:1: error: “{written}” is not read as a directive or a role." for line, written in lines
    ]


def test_a_section_whose_directive_failed_is_not_called_empty(site: Project) -> None:
    site.write(
        "a.md", SECTIONS.replace("} 主动公开", "} 主动公开表").replace("新收{gov-figure}`依申请公开.新收.总计`件。\n", "")
    )
    for build in (site.build(), site.build()):
        told = [line for line in build.warnings if "section-missing" not in line]
        message = "没有“主动公开表”这张表。是不是“主动公开”？ [govreport.unknown-table]"
        assert told == [f"{site.folder / 'a.md'}:8: ERROR: {message}"]
    site.write("a.md", "\n".join(SECTIONS.split("\n")[:6]) + "\n")
    assert [line for line in site.build().warnings if "section-empty" in line] != []


@pytest.mark.parametrize("top", [":govreport-year: 2023\n\n", "```rst\n:govreport-year: 2023\n```\n\n"])
def test_a_field_list_in_markdown_is_no_field_of_the_page(site: Project, top: str) -> None:
    """It is text or code: the table of that year must not be printed in silence."""
    site.report("suqian-2023")
    site.write("a.md", f"{top}{BODY}")
    built = site.build(govreport_severity={"carried-over": "off", "in-force": "off"})
    message = "没有指明是哪一年的年报。请在页面开头写“govreport-year: 2024”，或者在指令中写“:year: 2024”，在角色中写“2024: …”。"
    line = top.splitlines().index(":govreport-year: 2023") + 1
    told = [one for one in built.warnings if "[govreport." in one]
    assert told == [f"{site.folder / 'a.md'}:{line}: ERROR: {message} [govreport.unknown-report]"]
    assert "<table" not in built.text("a.html")
    site.write("a.md", f"---\ngovreport-year: 2024\n---\n{top}{BODY}")
    assert "2024年政府信息公开" in site.build(govreport_severity={"carried-over": "off", "in-force": "off"}).text("a.html")
