"""Invisible characters: each is found in each place that can contain text, and none appears in output."""

from __future__ import annotations

import json
import os
import re
import shutil
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sphinx_govreport.cli import main
from sphinx_govreport.core.characters import cleaned, codes_in, is_clean, one_line, skeleton, visible
from sphinx_govreport.core.checks.formats import FORMATS
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, text
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.json import dumped
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.library import Library, load_library
from sphinx_govreport.exporters import EXPORTS
from tests.conftest import CONF, Build, Project
from tests.core.test_checks import untouched
from tests.importers import written
from tests.published import published, year_file

CASES = Path(__file__).parent / "cases"
FORMS = statutory_forms()
SUQIAN = year_file(published("suqian-2024"))

#: one of each kind
UNSEEN = {
    "control": "\x07",
    "escape": "\x1b",
    "next line": "\x85",
    "soft hyphen": "\xad",
    "grapheme joiner": "\u034f",
    "Arabic mark": "\u061c",
    "Hangul filler": "\u115f",
    "Khmer vowel": "\u17b4",
    "Mongolian selector": "\u180b",
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "right-to-left mark": "\u200f",
    "line separator": "\u2028",
    "left-to-right embedding": "\u202a",
    "right-to-left override": "\u202e",
    "word joiner": "\u2060",
    "invisible plus": "\u2064",
    "isolate": "\u2067",
    "braille blank": "\u2800",
    "wide Hangul filler": "\u3164",
    "private use": "\ue000",
    "variation selector": "\ufe0f",
    "byte order mark": "\ufeff",
    "narrow Hangul filler": "\uffa0",
    "annotation": "\ufff9",
    "noncharacter": "\uffff",
    "unassigned": "\u0378",
    "tag": "\U000e0041",
    "plane of private use": "\U000f0000",
    "stroke": "\u0338",
    "overlay": "\u20e5",
}
QUICK = ("zero-width space", "right-to-left override", "wide Hangul filler", "private use")
EACH = [pytest.param(one, id=name, marks=() if name in QUICK else pytest.mark.slow) for name, one in UNSEEN.items()]
SEEN = [
    "宿迁市", "㐀𠮷𰻞", "\U0002ebf0\U000323b0", "Café", "Cafe\u0301", "甲\u3000乙", "甲\xa0乙", "甲\u2009乙", "（一）", "①②",
    "葛\U000e0100城区", "神\ufe00社", "，\ufe00", "☎\ufe0f热线", "1\ufe0f\u20e3", "👨\u200d👩\u200d👧", "👩🏽\u200d⚕\ufe0f",
    "ᠮ\u180cᠣ", "ئۇيغۇر", "བོད་", "“甲”——乙……", "①~⑩", "㎡", "㊙", "\ufffd",
]  # fmt: skip


@pytest.mark.parametrize("character", UNSEEN.values(), ids=UNSEEN)
def test_each_kind_is_found_taken_out_and_shown(character: str) -> None:
    name = f"某{character}a"
    assert codes_in(name) == f"U+{ord(character):04X}"
    assert cleaned(name) == "某a"
    assert visible(name).isascii() or visible(name)[0] == "某"
    assert character not in visible(name)
    assert character not in one_line(name)
    assert json.loads(dumped({name: name})) == {name: name}
    assert character not in dumped(name)


@pytest.mark.parametrize("name", SEEN)
def test_what_real_names_have_is_no_false_alarm(name: str) -> None:
    assert is_clean(name)
    assert cleaned(name) == visible(name) == one_line(name) == name


def test_the_list_is_that_of_unicode() -> None:
    """Return all formats, controls, line separators, private use; unassigned characters except in the planes of ideographs."""
    seen_signs = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    for code in range(0x110000):
        kind = unicodedata.category(chr(code))
        if chr(code) in "\t\n\r" or code in seen_signs:
            assert is_clean(chr(code)), hex(code)
        elif kind in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"):
            assert not is_clean(chr(code)), hex(code)
        elif kind in ("Zs", "Nd", "Lu", "Ll", "Lm", "Pd", "Ps", "Pe", "Po", "Sc", "Sk"):
            assert is_clean(chr(code)), hex(code)


# -- places ----------------------------------------------------------------------------------------------------------


def escaped(character: str) -> str:
    """Return a text in double quotes of YAML."""
    return f"\\U{ord(character):08x}"


def in_agency(name: str) -> str:
    return SUQIAN.replace("agency: 宿迁市", f'agency: "{name}"', 1)


YEAR_FILES: dict[str, Callable[[str], str]] = {
    "agency": in_agency,
    "note": lambda name: f'{SUQIAN}notes: {{reviews: "{name}"}}\n',
    "note of a figure": lambda name: SUQIAN.replace("issued: 2\n", f'issued: {{value: 2, note: "{name}"}}\n', 1),
    "explanation": lambda name: f'{SUQIAN}explanations: {{carried-over: "{name}"}}\n',
    "name of a rule": lambda name: f'{SUQIAN}explanations: {{"{name}": 好}}\n',
    "key": lambda name: SUQIAN.replace("agency:", f'"{name}": 1\nagency:', 1),
    "figure": lambda name: SUQIAN.replace("issued: 2\n", f'issued: "{name}"\n', 1),
    "form": lambda name: SUQIAN.replace("reviews: ", "reviews: ", 1).replace("form:", f'"{name}form":', 1),
}


@pytest.mark.parametrize("place", YEAR_FILES)
@pytest.mark.parametrize("character", EACH)
def test_a_year_file_with_one_is_refused_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], place: str, character: str
) -> None:
    monkeypatch.chdir(tmp_path)
    body = YEAR_FILES[place](f"某{escaped(character)}局")
    Path("2024.yaml").write_text(body, "utf-8")
    assert main(["check", "2024.yaml"]) == 1
    found = [line for line in capsys.readouterr().out.splitlines() if "invisible-character" in line]
    at = next(number for number, line in enumerate(body.splitlines(), start=1) if "\\U" in line)
    assert len(found) == 1
    assert found[0].startswith(f"2024.yaml:{at}:")
    assert f"(U+{ord(character):04X})" in found[0]
    assert is_clean(found[0])
    assert main(["export", "--to", "yaml", "2024.yaml"]) == 1
    assert capsys.readouterr().out == ""


def test_all_problems_of_a_year_file_are_said_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    body = SUQIAN.replace("agency: 宿迁市", "agency: 宿\u200b迁市", 1).replace("issued: 2\n", "issued: 2\u200b\n", 1)
    body = body.replace("repealed: 1\n", "repealed: x\n", 1)
    found = [(str(one.pos), one.rule.name) for one in library(body).diagnostics]
    assert found == [
        ("2024.yaml:1:10", "invisible-character"),
        ("2024.yaml:8:14", "invisible-character"),
        ("2024.yaml:9:15", "bad-number"),
    ]


def library(body: str) -> Library:
    Path("2024.yaml").write_text(body, "utf-8")
    return load_library(Path.cwd(), ["2024.yaml"], [], Cache(None, ""))


def test_a_comment_may_have_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert library(f"# 注\u200b\n{SUQIAN}").diagnostics == ()


@pytest.mark.parametrize("character", EACH)
def test_a_local_form_with_one_is_refused_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], character: str
) -> None:
    monkeypatch.chdir(tmp_path)
    row = f'{{after: fees, key: more, label: "其他{escaped(character)}", english: More}}'
    Path("form.yaml").write_text(
        f"form: local\nextends: '2021'\nenglish: x\nsource: {{notice: x}}\nadd-rows:\n  proactive-disclosure:\n  - {row}\n",
        "utf-8",
    )
    Path("2024.yaml").write_text(SUQIAN, "utf-8")
    assert main(["check", "--form", "form.yaml", "2024.yaml"]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("form.yaml:7:37: error: “其他")
    assert line.endswith(f"(U+{ord(character):04X}). Delete them, or type the text again. [invisible-character]")


# two names that look the same ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("甲市 乙局", "甲市乙局"),
        ("甲局（本级）", "甲局(本级)"),
        ("甲ABC局", "甲ＡＢＣ局"),
        ("Café", "Cafe\u0301"),
        ("甲\u3000局", "甲局"),
        ("葛局", "葛\U000e0100局"),
        ("頼局", "頼\ufe00局"),
    ],
)
@pytest.mark.parametrize("way", ["build", "check"])
def test_two_agencies_never_look_alike(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], one: str, other: str, way: str
) -> None:
    assert skeleton(one) == skeleton(other)
    project.quiet()
    project.write("index.md", "# 首页\n")
    for number, name in enumerate((one, other)):
        project.write(f"data/{number}.yaml", SUQIAN.replace("agency: 宿迁市", f'agency: "{name}"', 1))
    if way == "build":
        found = project.build().warnings
    else:
        monkeypatch.chdir(project.folder)
        main(["--language", "zh_CN", "check", "data"])
        found = capsys.readouterr().out.splitlines()
    (line,) = found
    assert "难以区分" in line
    assert line.endswith("[govreport.alike-agencies]" if way == "build" else "[机关名称相近]")
    assert one in line
    assert other in line


def test_agencies_that_differ_are_no_finding(tmp_path: Path) -> None:
    for number, name in enumerate(("甲局", "乙局", "甲分局", "甲局")):
        (tmp_path / f"{number}.yaml").write_text(SUQIAN.replace("宿迁市", name, 1).replace("2024", f"202{number}", 1), "utf-8")
    found = load_library(tmp_path, ["."], [], Cache(None, "")).diagnostics
    assert [one for one in found if one.rule.name == "alike-agencies"] == []


# -- pages -----------------------------------------------------------------------------------------------------------

PAGES = {
    "field": ("govreport-agency: 宿迁市{}", ""),
    "other field": ("govreport-source: 甲{}局", ""),
    "option": ("", "```{{gov-disclosure-table}} requests\n:caption: 表{}一\n```\n"),
    "argument": ("", "```{{gov-disclosure-table}} req{}uests\n```\n"),
    "content": ("", "```{{gov-comparison-table}}\n收{}到 = requests.received.total\n```\n"),
    "role": ("", "收{{gov-figure}}`requests.{}received.total`件\n"),
    "reference": ("", "{{gov:table}}`表{}一 <requests>`\n\n```{{gov-disclosure-table}}\n```\n"),
    "heading": ("", "## 二、主{}动\n"),
    "sentence": ("", "本年{}收到3525件\n"),
}


@pytest.mark.parametrize("place", PAGES)
@pytest.mark.parametrize("character", ["\u200b", "\u202e", "\u3164", "\ue000", "\u2067"], ids=ascii)
def test_a_page_with_one_is_said_once_at_its_line(project: Project, place: str, character: str) -> None:
    project.quiet()
    project.write("data/2024.yaml", SUQIAN)
    field, body = PAGES[place]
    top = f"---\ngovreport-year: 2024\n{field.format(character)}\n---\n# 年报\n\n"
    project.write("index.md", top + body.format(character))
    build = project.build()
    (found,) = build.warnings
    assert "[govreport.invisible-character]" in found
    assert f"（U+{ord(character):04X}）" in found
    assert re.search(r"index\.md:[1-9]", found)
    assert is_clean(found)
    if place not in ("heading", "sentence", "other field"):
        assert character not in build.text("index.html")
    assert project.build().warnings == [found]


@pytest.mark.parametrize("place", ["field", "heading", "sentence"])
def test_the_command_finds_it_on_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("2024.yaml").write_text(SUQIAN, "utf-8")
    field, body = (part.format("\u202e") for part in PAGES[place])
    Path("page.md").write_text(f"---\ngovreport-year: 2024\n{field}\n---\n# 年报\n\n{body}", "utf-8")
    assert main(["check", "2024.yaml", "page.md"]) == 1
    found = [line for line in capsys.readouterr().out.splitlines() if "invisible-character" in line]
    assert len(found) == 1
    assert found[0].startswith("page.md:1:1" if place == "field" else "page.md:7:1")


def test_a_comment_excuses_a_page(project: Project) -> None:
    project.quiet()
    project.write("data/2024.yaml", SUQIAN)
    project.write(
        "index.md", "---\ngovreport-year: 2024\n---\n# 年报\n\n% govreport-ignore: invisible-character\n\n甲\u200b乙\n"
    )
    assert project.build().warnings == []


def test_a_name_that_turns_the_page_round_is_refused(tmp_path: Path) -> None:
    """The agency had a character after which 3525 was printed as 5253."""
    shutil.copytree(CASES / "bidi", tmp_path / "site")
    build = Build(
        tmp_path / "site",
        "html",
        tmp_path / "out",
        1,
        {"suppress_warnings": ["govreport.unknown-report", "govreport.unknown-reference"]},
    )
    assert build.warnings == [
        "data/2024.yaml:1:9: ERROR: “宿迁市\\u202e”中有读者看不见的字符（U+202E）。请删除这些字符，或者重新键入这段文字。 [govreport.invisible-character]"
    ]
    assert "\u202e" not in build.text("index.html")


# -- settings, names of files, arguments -----------------------------------------------------------------------------

SETTINGS = {
    "govreport_agency": "宿迁市{}",
    "govreport_data": ["data{}"],
    "govreport_severity": {"jump{}": "off"},
    "govreport_parts": {"宿迁市": ["甲{}"]},
    "govreport_site": {
        "SiteName": "甲{}",
        "SiteDomain": "x",
        "SiteIDCode": "1234567890",
        "ColumnName": "x",
        "ColumnDescription": "x",
        "ColumnKeywords": "x",
        "ColumnType": "x",
    },
    "govreport_license": "https://x.invalid/{}",
}


@pytest.mark.parametrize("character", EACH)
def test_a_setting_with_one_is_said(project: Project, character: str) -> None:
    """All settings in one build: each is said once."""
    project.write("index.md", "# 首页\n")
    project.report("suqian-2024")
    quiet = {"suppress_warnings": ["govreport.carried-over", "govreport.parts"]}
    values = {name: repr(value).replace("{}", ascii(character)[1:-1]) for name, value in SETTINGS.items()}
    project.write(
        "conf.py",
        CONF.replace("govreport_data = ", "data = ") + "".join(f"{name} = {value}\n" for name, value in values.items()),
    )
    found = project.build(**quiet).warnings
    assert len(found) == len(SETTINGS), found
    for name in SETTINGS:
        (line,) = (line for line in found if f"请去掉 {name} 中的这些字符。 [govreport.invisible-character]" in line)
        assert f"（U+{ord(character):04X}）" in line
        assert is_clean(line)
        assert line.startswith(f"{project.setting(name)}ERROR: ")


NAMES = {
    "line break": b"a\n::error::b.yaml",
    "escape": b"a\x1b[2Jb.yaml",
    "turned": "a\u202eb.yaml".encode(),
    "bytes": b"a\xff\xd0b.yaml",
    "zero width": "a\u200bb.yaml".encode(),
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("form", FORMATS)
def test_a_name_of_a_file_is_said_and_reaches_no_terminal_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes], name: bytes, form: str
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkdir("data")
    Path(os.fsdecode(b"data/" + name)).write_text(SUQIAN.replace("issued: 2\n", "issued: x\n", 1), "utf-8")
    assert main(["check", "--format", form, "data"]) == 1
    captured = capsysbinary.readouterr()
    out = captured.out.decode()
    shown = visible(os.fsdecode(name))
    assert "bad-number" in out
    assert all(is_clean(line) for line in (*out.splitlines(), *captured.err.decode().splitlines()))
    assert len([line for line in out.splitlines() if "bad-number" in line and "error" in line]) <= 2
    if form == "json":
        paths = {found["path"] for found in json.loads(out)["findings"]}
        assert paths == {f"data/{shown}"}
    if form in ("text", "github"):
        lines = out.splitlines()
        assert len(lines) == (1 if name == NAMES["line break"] else 2)
        assert name != NAMES["bytes"] or r"a\xff\xd0b.yaml" in lines[0]
    if name != NAMES["line break"]:
        assert "invisible-character" in out


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_build_says_it_of_a_name(project: Project, name: bytes) -> None:
    project.quiet()
    project.page("index.md", "宿迁市", 2024)
    (project.folder / "data").mkdir()
    Path(os.fsdecode(os.fsencode(project.folder / "data") + b"/" + name)).write_text(SUQIAN, "utf-8")
    build = project.build()
    assert all(is_clean(line) for line in build.warnings)
    shown = visible(os.fsdecode(name))
    if name == NAMES["line break"]:
        assert build.warnings == []
    else:
        (line,) = build.warnings
        assert line.startswith(f"data/{shown}:1:1: ERROR: ")
    assert "3525" in build.text("index.html")


def test_a_chinese_name_is_read_where_the_system_is_set_to_ascii(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = load_library(
        tmp_path, [os.fsencode("甲局.yaml").decode("ascii", "surrogateescape")], [], Cache(None, "")
    ).diagnostics
    assert [(str(one.pos), one.rule.name) for one in found] == [("甲局.yaml:1:1", "unreadable-file")]


@pytest.mark.parametrize(
    "arguments",
    [
        ["new-site", "x", "--agency", "甲\u200b局"],
        ["import", "x.html", "--agency", "甲\u202e局"],
        ["rollup", "data", "--agency", "甲\u3164局"],
        ["check", "--parts", "甲\u200b局=乙局"],
    ],
    ids=lambda arguments: arguments[0],
)
@pytest.mark.parametrize(("language", "said"), [("en", "contains invisible characters"), ("zh_CN", "中有读者看不见的字符")])
def test_an_agency_on_the_command_line_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    language: str,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["--language", language, *arguments])
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert said in told
    assert all(map(is_clean, told.splitlines()))
    assert os.listdir() == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "\x1bcx\nerror: y"],
        ["explain", "\x1b[2J\n::error::x"],
        ["check", "--severity", "\x1b[2J=off"],
        ["check", "--x\x1b[2J\n::error::x"],
        ["\x1b[2J\u202e"],
        ["import", "a.html", "--form", "\x1b\u202e"],
        ["pack", "\x1b[2J"],
        ["export", "--page", "\x1b[2J.md", "--to", "docx", "2024.yaml"],
    ],
    ids=ascii,
)
def test_no_argument_steers_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("2024.yaml").write_text(SUQIAN, "utf-8")
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    told = capsys.readouterr().err.splitlines()
    assert all(map(is_clean, told))
    assert not any(line.startswith(("::", "error:")) for line in told)


@pytest.mark.parametrize("form", FORMATS)
def test_a_message_and_a_rule_of_a_form_reach_no_report_as_they_are(form: str) -> None:
    name = "甲\n::error::x\x1b[2J\u202e\udcff"
    found = Diagnostic(Rule(name), Pos(name), text("{name}", name=name), text("{name}", name=name))
    said = FORMATS[form]([found], str, "1")
    said.encode()
    assert all(map(is_clean, said.splitlines()))
    assert not any(line.startswith("::error::x") for line in said.splitlines())


# -- imported documents ----------------------------------------------------------------------------------------------


def imported(name: str, body: bytes, capsys: pytest.CaptureFixture[str]) -> tuple[list[str], str]:
    """Return the messages, and the year file."""
    Path(name).write_bytes(body)
    main(["import", name, "-o", "out.yaml"])
    said = [line for line in capsys.readouterr().err.splitlines() if "-character]" in line]
    made = Path("out.yaml")
    return said, made.read_text("utf-8") if made.exists() else ""


def test_an_agency_with_an_unseen_character_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    said, made = imported("a.html", (CASES / "zero-width-agency.html").read_bytes(), capsys)
    assert said == [
        "a.html:1:1: warning: Invisible characters were left out (U+200B). Check that names and notes are correct; "
        "the first such text is “宿\\u200b迁市2024年政府信息公开工作年度报告”. [removed-character]"
    ]
    assert "agency: 宿迁市\n" in made


KINDS: dict[str, Callable[[str], bytes]] = {
    "a.html": lambda name: written.html(published("suqian-2024")._replace(agency=name)),
    "a.docx": lambda name: written.word(published("suqian-2024")._replace(agency=name)),
    "a.txt": lambda name: written.tabbed_text(published("suqian-2024")._replace(agency=name)),
    "a.md": lambda name: written.markdown(published("suqian-2024")._replace(agency=name)),
    "a.xlsx": lambda name: written.workbook(published("suqian-2024")._replace(agency=name)),
    "a.csv": lambda name: EXPORTS["csv"].encoded([replace(untouched("suqian-2024"), agency=name)], FORMS),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("character", ["\u200b", "\u202e", "\ufeff", "\xad", "\u3164", "\U000e0041"], ids=ascii)
def test_no_kind_of_document_brings_one_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str, character: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said, made = imported(kind, KINDS[kind](f"宿迁{character}市"), capsys)
    assert "agency: 宿迁市\n" in made
    assert all(map(is_clean, made.splitlines()))
    assert said
    assert all(f"U+{ord(character):04X}" in line and is_clean(line) for line in said)
    assert all("[invisible-character]" in line for line in said) == (character == "\u202e")


@pytest.mark.parametrize("character", ["\u202e", "\u0338", "\ue000"], ids=ascii)
def test_a_number_that_looks_like_another_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], character: str
) -> None:
    monkeypatch.chdir(tmp_path)
    body = written.html(published("suqian-2024")).decode()
    assert body.count(">3440<") > 0
    Path("a.html").write_text(body.replace(">3440<", f">34{character}40<", 1), "utf-8")
    assert main(["import", "a.html", "-o", "out.yaml"]) == 1
    assert "unread-figure" in capsys.readouterr().err
    assert "received: [3440" not in Path("out.yaml").read_text("utf-8")
