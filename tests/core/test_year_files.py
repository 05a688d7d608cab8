"""Year files: every figure of real reports, and the message for every kind of typo."""

from __future__ import annotations

import datetime
import random
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from sphinx_govreport.cli import main
from sphinx_govreport.core.checks.registry import rule_names
from sphinx_govreport.core.checks.run import check_report
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, translator
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.reports.figures import Figure, Status
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.year_file import ReportFile, read_report
from sphinx_govreport.core.yaml.source import read_source
from tests.core.test_explanations import SOUND as ZERO_REPORT
from tests.fuzz.limits import limited
from tests.published import NAMES, published, year_file

HEAD = "agency: 甲\nyear: 2024\nform: 2021\n"
ZERO = HEAD + "proactive-disclosure: 0\nrequests: 0\nreviews: 0\n"
BAD_INPUTS = yaml.safe_load((Path(__file__).parent / "bad_inputs.yaml").read_text("utf-8"))
TYPO_FILES = Path(__file__).parent / "typos"
SOUND = (TYPO_FILES / "sound.yaml").read_text("utf-8")
TYPOS = yaml.safe_load((TYPO_FILES / "typos.yaml").read_text("utf-8"))
BAD_BYTES = {
    "GBK": (ZERO.encode("gb18030"), Pos("data/2024.yaml", 1, 9), "encoding"),
    "UTF-16": (ZERO.encode("utf-16"), Pos("data/2024.yaml", 1, 1), "encoding"),
    "too large": (b"#" * 1_000_001, Pos("data/2024.yaml", 1, 1), "too-large"),
    "too deep": (b"[" * 900, Pos("data/2024.yaml", 1, 21), "too-large"),
    "circle": (b"a: &a [*a]\n", Pos("data/2024.yaml", 1, 8), "yaml-syntax"),
    "alias bomb": (
        "".join(f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 10 if n else '0' * 10)}]\n" for n in range(9)).encode(),
        Pos("data/2024.yaml", 5, 10),
        "too-large",
    ),
}


chinese, english = translator("zh_CN"), translator("en")


def read(data: str | bytes) -> ReportFile:
    data = data.encode() if isinstance(data, str) else data
    return read_report(read_source("data/2024.yaml", data), statutory_forms(), rule_names())


def report(data: str) -> Report:
    found, diagnostics = read(data)
    assert not diagnostics
    assert found
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_published_figure_is_read(name: str) -> None:
    expected = published(name)
    found = report(year_file(expected))
    shown = {
        table: {path: figure.shown() + figure.remark() for path, figure in figures.items()}
        for table, figures in found.figures.items()
    }
    assert shown == expected.figures
    assert sum(map(len, shown.values())) == {"2019": 22 + 161 + 15, "2021": 10 + 175 + 15}[found.forms["requests"]] - (
        12 if name.startswith("huaian") else 0
    )


@pytest.mark.parametrize("case", BAD_INPUTS, ids=lambda case: case["case"])
def test_a_slip_gives_one_message(case: dict[str, str]) -> None:
    (found,) = read(case["input"]).diagnostics
    assert (found.pos.line, found.pos.column, found.rule.name) == (case["line"], case["column"], case["rule"])
    assert found.render(translator("zh_CN")) == case["zh_CN"]
    assert found.render(translator("en")) == case["en"]


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("proactive-disclosure: 0", "proactive-disclosure: {rules: 0, normative-documents: 0, licensing: 0, penalties: 0, coercive-measures: 0, fees: {amount: 12元}}", "4:123", "The amount is in 万元 here: convert the number."),
        ("requests: 0", "requests: {received: [甲：1, 0, 0, 0, 0, 0], carried-in: 0, results: 0, carried-out: 0}", "5:23", "Check the colon: write a half-width colon and a space “: ” after a key."),
        ("reviews: 0", "reviews: 0\nexplanations: {jump: 一, 与上年相比变动较大: 二}", "7:25", "is given twice; the first is in line 7."),
        ("reviews: 0", "reviews: 0\ncorrections: [一]", "7:15", "A correction must have keys. Write"),
    ],
)  # fmt: skip
def test_one_mistake_has_a_hint_that_fits(old: str, new: str, place: str, said: str) -> None:
    assert old in ZERO
    (found,) = read_report(read_source("a.yaml", ZERO.replace(old, new).encode()), statutory_forms(), rule_names()).diagnostics
    assert f"{found.pos.line}:{found.pos.column}" == place
    assert said in found.render(english)


def findings(data: str | bytes) -> list[Diagnostic]:
    """Return the findings of reading and checking a year file, in 2025."""
    found, diagnostics = read(data)
    checked = check_report(found, None, statutory_forms(), {}, today=datetime.date(2025, 6, 1)).findings if found else ()
    return [*diagnostics, *checked]


@pytest.mark.parametrize("case", TYPOS, ids=lambda case: case["case"])
def test_a_typo_is_one_finding_where_it_is(case: dict[str, Any]) -> None:
    old, new = case["change"]
    assert old in SOUND
    assert [
        (f"{one.pos.line}:{one.pos.column}", one.rule.name, one.rule.severity.value, one.render(chinese), one.render(english))
        for one in findings(SOUND.replace(old, new, 1))
    ] == [(case["at"], case["rule"], case["severity"], case["zh_CN"], case["en"])]


def test_an_older_form_in_a_later_year_is_taken_as_it_is_named() -> None:
    older = year_file(published("wendeng-commerce-2020")).replace("year: 2020", "year: 2023")
    assert read(older).diagnostics == ()
    (found,) = read(older.replace("previous: 0", "previous: O", 1)).diagnostics
    assert found.rule.name == "bad-number"


FINE = {
    "as it is": SOUND,
    "byte order mark": "\ufeff" + SOUND,
    "lines of Windows": SOUND.replace("\n", "\r\n"),
    "lines of old Macs": SOUND.replace("\n", "\r"),
    "no end of the last line": SOUND.rstrip(),
    "comments": SOUND.replace("  received", "  # 新收\n\n  received").replace("form: 2021", "form: 2021  # 表样"),
    "quoted number": SOUND.replace("[3440,", "['3440',"),
    "comma at the end": SOUND.replace("3525]", "3525,]"),
    "tab between numbers": SOUND.replace("[3440, 75", "[3440,\t75"),
    "full-width space between numbers": SOUND.replace("[3440, 75", "[3440,　75"),
    "no total": SOUND.replace(", 3525]", "]"),
}


@pytest.mark.parametrize("data", FINE.values(), ids=FINE)
def test_what_is_no_typo_is_no_finding(data: str) -> None:
    assert findings(data) == []
    found, sound = report(data), report(SOUND)
    assert {table: [one.value for one in of.values()] for table, of in found.figures.items()} == {
        table: [one.value for one in of.values()] for table, of in sound.figures.items()
    }


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16", "utf-16-le"])
def test_a_file_in_another_encoding_is_one_finding(encoding: str) -> None:
    data = SOUND.translate({0x5BBF: "臺", 0x8FC1: "北"}) if encoding == "big5" else SOUND
    (found,) = findings(data.encode(encoding, "ignore"))
    assert found.rule.name == "encoding"
    assert found.pos.line == 1


@pytest.mark.parametrize(("data", "pos", "rule"), BAD_BYTES.values(), ids=BAD_BYTES)
def test_hostile_bytes_give_one_message(data: bytes, pos: Pos, rule: str) -> None:
    (found,) = read(data).diagnostics
    assert (found.pos, found.rule.name) == (pos, rule)


def test_a_slip_before_an_alias_bomb_is_found_too() -> None:
    found = read(b'agency: "\xe7\x94\xb2\n' + BAD_BYTES["alias bomb"][0]).diagnostics
    assert [(one.pos.line, one.rule.name) for one in found] == [(1, "yaml-syntax"), (6, "too-large")]


def test_a_file_of_the_greatest_size_is_read() -> None:
    data = ZERO.encode()
    assert report((data + b"#" * (1_000_000 - len(data))).decode()).year == 2024


def test_nesting_beyond_the_limit_of_the_parser_is_the_same_finding() -> None:
    (found,) = read("[" * 100_000).diagnostics
    assert found.rule.name == "too-large"
    assert found.pos in (Pos("data/2024.yaml", 1, 21), Pos("data/2024.yaml", 1, 1001)), "ours, or that of newer parsers"


def test_all_problems_come_at_once() -> None:
    data = ZERO.replace("reviews: 0", "reviews: 7").replace("requests: 0", "requests: 8") + "colour: red\nsize: 1\n"
    assert [(d.pos.line, d.rule.name) for d in read(data).diagnostics] == [
        (5, "bad-value"),
        (6, "bad-value"),
        (7, "unknown-key"),
        (8, "unknown-key"),
    ]


def test_a_byte_order_mark_does_not_matter() -> None:
    assert report("\ufeff" + ZERO).agency == "甲"


@pytest.mark.parametrize("blank", ["", "~", "null", '""'])
def test_an_empty_row_branch_or_table_is_not_filled_in(blank: str) -> None:
    begun = ZERO.replace(
        "requests: 0", f"requests:\n  received: {blank}\n  carried-in: 0\n  results: {blank}\n  carried-out: 0"
    )
    figures = report(begun.replace("reviews: 0", f"reviews: {blank}")).figures
    for table, path in (
        ("requests", "received.other"),
        ("requests", "results.granted.enterprise"),
        ("reviews", "litigation.direct.pending"),
    ):
        assert figures[table][path].status is Status.BLANK, path
    for table, path in (
        ("requests", "received.total"),
        ("requests", "results.total.total"),
        ("reviews", "reconsideration.total"),
    ):
        assert figures[table][path].status is Status.UNKNOWN, path
    row = "received: [3, 1, 0, 0, 0, 0]"
    as_list, as_row = (findings(ZERO_REPORT.replace(row, f"received: {one}")) for one in ("[~, ~, ~, ~, ~, ~]", blank))
    assert [one.render(english) for one in as_list] == [one.render(english) for one in as_row] != []


def test_zero_not_applicable_and_not_filled_in_stay_apart() -> None:
    data = ZERO.replace(
        "requests: 0", "requests:\n  received: [0, /, ~, 1, 0, 0]\n  carried-in: 0\n  results: 0\n  carried-out: 0"
    )
    figures = report(data).figures["requests"]
    found = [figures[f"received.{key}"] for key in ("natural-person", "enterprise", "research-institution", "total")]
    assert [(f.status, f.value, f.text) for f in found] == [
        (Status.NUMBER, Decimal(0), "0"),
        (Status.NOT_APPLICABLE, None, "/"),
        (Status.BLANK, None, ""),
        (Status.UNKNOWN, None, ""),
    ]


def test_totals_left_out_are_the_stated_ones() -> None:
    whole = published("suqian-2024")
    lines = year_file(whole).splitlines(keepends=True)
    without = "".join(line for line in lines if not line.strip().startswith("total: "))
    stated, computed = report("".join(lines)), report(without)
    assert "total: " not in without
    for table, figures in stated.figures.items():
        assert {p: f.value for p, f in figures.items()} == {p: f.value for p, f in computed.figures[table].items()}
    assert not computed.figure("requests.results.total.total").is_explicit


def test_chinese_and_english_keys_mean_the_same() -> None:
    chinese = (
        "机关: 甲\n年度: 2024\n格式: 2021\n主动公开: 0\n依申请公开:\n  一、本年新收政府信息公开申请数量: [1, 0, 0, 0, 0, 0]\n"
        "  上年结转: 0\n  办理结果:\n    予以公开: 0\n    部分公开: 0\n    不予公开:\n      1.属于国家秘密: [1, 0, 0, 0, 0, 0]\n"
        "      其他法律行政法规禁止公开: 0\n      危及“三安全一稳定”: 0\n      保护第三方合法权益: 0\n      属于三类内部事务信息: 0\n"
        "      属于四类过程性信息: 0\n      属于行政执法案卷: 0\n      属于行政查询事项: 0\n    无法提供: 0\n    不予处理: 0\n"
        "    其他处理: 0\n  结转下年度: 0\n复议诉讼: 0\n"
    )
    figures = report(chinese).figures["requests"]
    assert figures["received.total"].value == figures["results.refused.state-secret.natural-person"].value == 1
    assert figures["results.total.total"].value == 1


def test_a_note_and_a_unit_are_kept_with_the_figure() -> None:
    data = ZERO.replace("2021", "2019").replace(
        "proactive-disclosure: 0",
        "proactive-disclosure:\n  rules: {made: {value: 22, note: 其中修订16件}, disclosed: 0, total: 0}\n"
        "  normative-documents: 0\n  licensing: {previous: 8, change: -5, decisions: 3}\n"
        "  other-services: {previous: 8, change: +1036, decisions: 3}\n  penalties: 0\n  coercive-measures: 0\n  fees: 0\n"
        "  procurement: {projects: 6, amount: {value: 0.10, unit: 万元}}",
    )
    figures = report(data).figures["proactive-disclosure"]
    shown = {path: (figures[path].value, figures[path].shown() + figures[path].remark()) for path in figures}
    assert shown["rules.made"] == (22, "22（其中修订16件）")
    assert shown["licensing.change"] == (-5, "-5")
    assert shown["other-services.change"] == (1036, "+1036")
    assert shown["procurement.amount"] == (Decimal("0.10"), "0.10万元")


def places(file: ReportFile) -> list[str]:
    """Return line, column and rule of each finding."""
    return [f"{found.pos.line}:{found.pos.column} {found.rule.name}" for found in file.diagnostics]


@pytest.mark.parametrize(("written", "shown"), [("0", "零"), ("0.0", "0.0"), ("00", "00"), ("10", "10"), ("/", "/")])
def test_only_a_plain_0_has_another_word(written: str, shown: str) -> None:
    status = Status.NOT_APPLICABLE if written == "/" else Status.NUMBER
    figure = Figure(status, None if status else Decimal(written), written, 1, 1)
    assert figure.shown("零") == shown


@pytest.mark.parametrize(
    ("form", "old", "new", "said"),
    [
        ("2021", "fees: {amount: 1}", "fees: {amount: 22万元}", "Write only the number: 22. Write: fees: {amount: 22}"),
        (
            "2019",
            "amount: 1}",
            "amount: 22万元}",
            "Write {value: 22, unit: 万元}. Write: procurement: {projects: 0, amount: {value: 22, unit: 万元}}",
        ),
        ("2019", "amount: 1}", "amount: 22件}", "Write only the number: 22. Write: procurement: {projects: 0, amount: 22}"),
    ],
)
def test_a_unit_behind_a_number_has_a_place_if_the_form_leaves_it_open(form: str, old: str, new: str, said: str) -> None:
    item = "{previous: 0, change: 0, decisions: 0}"
    old_table = (
        "proactive-disclosure:\n  rules: 0\n  normative-documents: 0\n"
        f"  licensing: {item}\n  other-services: {item}\n  penalties: {item}\n  coercive-measures: {item}\n"
        "  fees: {previous: 0, change: 0}\n  procurement: {projects: 0, amount: 1}"
    )
    table = (
        "proactive-disclosure:\n  rules: 0\n  normative-documents: 0\n  licensing: 0\n  penalties: 0\n"
        "  coercive-measures: 0\n  fees: {amount: 1}"
    )
    text = ZERO_REPORT.replace("form: 2021", f"form: {{default: {form}, requests: 2021}}")
    text = text.replace("proactive-disclosure: 0", table if form == "2021" else old_table)
    assert old in text
    _, diagnostics = read(text.replace(old, new))
    assert [d.hint.render(str) for d in diagnostics if d.hint] == [said]


@pytest.mark.parametrize(("agency", "rules"), [("“宿迁市”", ["bad-value"]), ("“宿迁”市", []), ("市“宿迁”", [])])
def test_only_a_whole_name_in_quotation_marks_is_a_mistake(agency: str, rules: list[str]) -> None:
    assert [found.rule.name for found in read(ZERO.replace("agency: 甲", f"agency: {agency}")).diagnostics] == rules


def test_keys_may_be_written_with_spaces() -> None:
    text = ZERO_REPORT.replace("  received:", "  本年新收 政府信息 公开申请数量:").replace(
        "carried-in:", "上年结转 政府信息公开申请数量:"
    )
    found, diagnostics = read(text)
    assert diagnostics == ()
    assert found
    assert found.figure("requests.received.total").text == "4"


@pytest.mark.parametrize(("year", "is_one"), [(2007, False), (2008, True), (2100, True), (2101, False)])
def test_years_have_a_first_and_a_last(year: int, is_one: bool) -> None:
    assert (not read(ZERO_REPORT.replace("2024", str(year))).diagnostics) == is_one


@pytest.mark.parametrize(
    ("row", "status", "text"),
    [
        ("['', '', '', '', '', '']", Status.UNKNOWN, ""),
        ("[/, /, /, /, /, /]", Status.NOT_APPLICABLE, "/"),
        ("['', /, /, /, /, /]", Status.UNKNOWN, ""),
        ("['', /, 0, 3, /, '']", Status.UNKNOWN, ""),
        ("[/, /, 0, 3, /, 1]", Status.NUMBER, "4"),
    ],
)
def test_a_total_that_is_left_out_is_what_its_parts_are(row: str, status: Status, text: str) -> None:
    found, diagnostics = read(ZERO_REPORT.replace("carried-in: 0", f"carried-in: {row}"))
    assert diagnostics == ()
    assert found
    figures = found.figures["requests"]
    total, last = figures["carried-in.total"], figures["carried-in.other"]
    assert (total.status, total.text, total.is_explicit) == (status, text, False)
    assert (total.line, total.column) == (last.line, last.column)


@pytest.mark.parametrize(("line", "column"), [(1, 9), (2, 4), (3, 1)])
def test_a_byte_of_another_encoding_is_placed_in_its_own_line(line: int, column: int) -> None:
    lines = ["agency: 甲", "xy: 乙", "丙: 1"]
    data = [one.encode() for one in lines]
    data[line - 1] = lines[line - 1].encode("gb18030")
    (found,) = read_source("a.yaml", b"\n".join(data)).diagnostics
    assert (found.rule.name, found.pos.line) == ("encoding", line)
    assert found.pos.column >= lines[line - 1].index(next(c for c in lines[line - 1] if not c.isascii())) + 1
    assert found.pos.column <= len(lines[line - 1]) + 1


def test_a_text_that_says_nothing_is_told() -> None:
    assert places(read(f"{ZERO_REPORT}notes: {{reviews: ''}}\n")) == ["17:18 bad-value"]
    assert places(read(f"{ZERO_REPORT}notes: {{reviews: [甲, [乙]]}}\n")) == ["17:22 bad-value"]


def test_with_an_unknown_form_nothing_is_said_of_the_keys_that_may_be_its_tables() -> None:
    found = [f"{one.pos.line} {one.rule.name}" for one in findings("agency: 甲\nyaer: 2024\nform: own\n督查: 0\n")]
    assert found == ["2 unknown-key", "3 unknown-form"]


SLIPS = yaml.safe_load((TYPO_FILES / "slips.yaml").read_text("utf-8"))


def with_changes(base: str, *changes: tuple[str, str]) -> str:
    """Return a sound file with a typo."""
    data = (TYPO_FILES / f"{base}.yaml").read_text("utf-8")
    for old, new in changes:
        assert old in data
        data = data.replace(old, new, 1)
    return data


@pytest.mark.parametrize("base", ["sound", "sound-zh"])
def test_the_file_is_sound_before_the_slip(base: str) -> None:
    assert findings(with_changes(base)) == []


@pytest.mark.parametrize("case", SLIPS, ids=lambda case: case["case"])
def test_a_slip_is_named_with_the_right_line(
    case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data/2024.yaml").write_text(with_changes(case["in"], case["change"]), "utf-8")
    for language in ("zh_CN", "en"):
        assert main(["--language", language, "check"]) == case["exit"]
        assert capsys.readouterr().out.splitlines() == [case[language]]


@pytest.mark.parametrize("case", [case for case in SLIPS if " Write: " in case["en"]], ids=lambda case: case["case"])
def test_the_right_line_is_right(case: dict[str, Any]) -> None:
    data = with_changes(case["in"], case["change"])
    (found,) = findings(data)
    assert found.hint
    lines = data.split("\n")
    line = str(dict(found.hint.values)["line"])
    indent = lines[found.pos.line - 1].removesuffix(lines[found.pos.line - 1].lstrip())
    lines[found.pos.line - 1] = line if line.startswith(" ") else indent.replace("\u3000", " ") + line
    assert {one.rule.name for one in findings("\n".join(lines))} <= {"row-total", "balance", "carried-over", "jump"}, (
        "of checks"
    )


@pytest.mark.parametrize("sign", "－−–")
def test_a_sign_of_another_font_is_told_how_it_is_written(sign: str) -> None:
    data = year_file(published("wendeng-commerce-2020")).replace("change: 0", f"change: {sign}8", 1)
    (found,) = read(data).diagnostics
    assert found.render(english) == (
        f"行政许可·本年增/减: “{sign}8” is not a number. Write half-width digits: -8. Write: change: -8"
    )


@pytest.mark.parametrize("more", [-1, 1])
@pytest.mark.parametrize("base", ["sound", "sound-zh"])
def test_a_line_with_a_space_too_many_or_too_few_is_the_only_one_reported(base: str, more: int) -> None:
    """In a file with comments after keys, as ``new-site`` writes them."""
    lines = [f"{line}  # 注" if line.endswith(":") else line for line in with_changes(base).rstrip("\n").split("\n")]
    for at, line in enumerate(lines[:-1]):  # the only note may have any indent
        width = len(line) - len(line.lstrip()) + more
        if width < 0 or line.startswith("#"):
            continue
        (found,) = findings("\n".join([*lines[:at], " " * width + line.lstrip(), *lines[at + 1 :]]))
        assert found.pos.line == at + 1
        assert found.hint
        assert dict(found.hint.values).get("line", line) == line


@pytest.mark.parametrize("more", [-4, -3, -2, 2, 3])
@pytest.mark.parametrize("base", ["sound", "sound-zh"])
def test_a_line_of_a_wrong_level_is_never_corrected_wrongly(base: str, more: int) -> None:
    """Where another line could be the wrong one, no correct line is shown."""
    right = with_changes(base).rstrip("\n").split("\n")
    shown = set()
    for at, line in enumerate(right):
        width = len(line) - len(line.lstrip()) + more
        if width < 0 or line.startswith("#"):
            continue
        for found in findings("\n".join([*right[:at], " " * width + line.lstrip(), *right[at + 1 :]])):
            if found.rule.name == "yaml-syntax" and found.hint and "line" in dict(found.hint.values):
                shown.add((found.pos.line - 1, dict(found.hint.values)["line"]))
    assert {(at, right[at]) for at, _line in shown} == shown
    assert len(shown) > 20


THREE = {
    "the parser gives up at each": (
        ("year: 2024", "year：2024"),
        ("[3440, 75, 0, 1, 6, 3, 3525]", "[3440, 75, 0, 1, 6, 3, 3525]（含2件）"),
        ("[88, 18, 28, 36, 170]", "[88, 18, 28, 36, 170"),
    ),
    "the parser gives up at none": (
        ("agency: 宿迁市", "agency: “宿迁市”"),
        ("[3440, 75, 0, 1, 6, 3, 3525]", "[3440，75，0，1，6，3，3525]"),
        ("[88, 18, 28, 36, 170]", "[88, 十八, 28, 36, 170]"),
    ),
    "the parser gives up in between": (
        ("year: 2024", "year: 2024年"),
        ("  carried-in:", "　　carried-in:"),
        ("[118, 5, 0, 0, 1, 1, 125]", "【118，5，0，0，1，1，125】"),
    ),
}


@pytest.mark.parametrize("changes", THREE.values(), ids=THREE)
def test_three_slips_are_three_messages(changes: tuple[tuple[str, str], ...]) -> None:
    found = findings(with_changes("sound", *changes))
    alone = [one for change in changes for one in findings(with_changes("sound", change))]
    assert [(one.pos, one.render(chinese)) for one in found] == [(one.pos, one.render(chinese)) for one in alone]
    assert len(found) == 3
    assert all("写成：" in one.render(chinese) for one in found)


def test_the_same_slip_in_two_lines_is_two_messages() -> None:
    found = findings(with_changes("sound-zh", ("{本年制发: 2,", "{本年制发：2,"), ("{本年制发: 50,", "{本年制发：50,")))
    assert [(one.rule.name, one.pos.line) for one in found] == [("yaml-syntax", 6), ("yaml-syntax", 7)]


def test_two_slips_in_one_line_have_the_same_right_line() -> None:
    found = findings(with_changes("sound", ("received: [3440, 75,", "received：[3440, ７５,")))
    assert [(f"{one.pos.line}:{one.pos.column}", one.render(english).rpartition(" Write: ")[2]) for one in found] == [
        ("13:11", "received: [3440, 75, 0, 1, 6, 3, 3525]"),
        ("13:19", "received: [3440, 75, 0, 1, 6, 3, 3525]"),
    ]
    found = findings(with_changes("sound", ("received: [3440, 75,", "received: [3440, ７５,"), ("3525]", "3525]（含2件）")))
    assert [f"{one.pos.line}:{one.pos.column}" for one in found] == ["13:20", "13:41"]


@pytest.mark.parametrize(
    ("indent", "said"),
    [
        ("\t", "The line is indented with a tab."),
        ("\u3000", "The line is indented with a full-width or no-break space (U+3000)."),
        ("\u00a0\u00a0", "The line is indented with a full-width or no-break space (U+00A0)."),
    ],
    ids=["tab", "full-width space", "no-break spaces"],
)
def test_a_block_that_is_indented_in_the_wrong_way_is_named_line_by_line(indent: str, said: str) -> None:
    keys = SOUND.splitlines()[18:21]  # below “refused:”
    list_and_text = ("[88, 18, 28, 36, 170]", "[88, 18, 28, 36, 170]（含2件）")
    *found, last = findings(with_changes("sound", *((key, key.replace("  ", indent)) for key in keys), list_and_text))
    assert (last.pos.line, last.message.template) == (44, "The list is followed by text: “{mark}”.")
    what = "spaces" if indent == "\t" else "half-width spaces"
    assert [(one.pos.line, one.render(english)) for one in found] == [
        (line, f"{said} Indent with {what}, two for each level. Write: {right}") for line, right in enumerate(keys, start=19)
    ]


def test_the_right_line_above_such_a_block_is_shown_without_its_indent() -> None:
    first, *others = SOUND.splitlines()[18:22]
    found = findings(with_changes("sound", (first, f"{first}，"), *((key, key.replace("  ", "\t")) for key in others)))
    assert [one.pos.line for one in found] == [19, 20, 21, 22]
    assert found[0].render(english).endswith(f" Write: {first.strip()}")


BEGUN = "  received: ~\n  carried-in: [118, 3, 0, 0, 0, 0]\n  results: ~\n  carried-out: ~\n"


@pytest.mark.parametrize(
    ("old", "new", "is_begun"),
    [
        ("", "", True),
        ("received: ~", "received: ['', '', '', 1, '', '']", False),
        ("carried-in: [118, 3, 0, 0, 0, 0]", "carried-in: ~", True),
        ("reviews: ~", "reviews: 0", False),
    ],
)
def test_a_report_is_begun_until_a_figure_of_this_year_is_filled_in(old: str, new: str, is_begun: bool) -> None:
    text = f"{HEAD}proactive-disclosure: ~\nrequests:\n{BEGUN}reviews: ~\n"
    assert report(text.replace(old, new)).is_begun(statutory_forms()) == is_begun


def test_a_file_with_a_slip_is_no_report() -> None:
    found, diagnostics = read(with_changes("sound", ("year: 2024", "year：2024")))
    assert found is None
    assert len(diagnostics) == 1


def test_many_slips_at_once_raise_nothing_and_all_are_located() -> None:
    chance = random.Random(7)  # noqa: S311
    for _ in range(150):
        data = with_changes("sound-zh")
        for case in chance.sample([case for case in SLIPS if case["in"] == "sound-zh"], 6):
            old, new = case["change"]
            data = data.replace(old, new, 1)
        lines = data.split("\n")
        found = findings(data)
        assert found
        assert all(1 <= one.pos.line <= len(lines) for one in found)
        assert all(1 <= one.pos.column <= len(lines[one.pos.line - 1]) + 1 for one in found)


def test_a_long_hostile_line_costs_no_time() -> None:
    for hostile in ("[{" * 20_000, "{a: 1 " * 8_000, "a：" * 20_000, "received: " + "1 " * 20_000, "\t" * 40_000 + "a:"):
        with limited():
            assert read(f"{HEAD}requests:\n  {hostile}\n").diagnostics


CUT = (
    '“#”前面有空格，因此“{}”是注释，不会显示。如果属于正文，请给整段文字加上半角引号 "…"；如果是注释，请另起一行书写。',
    "“{}” is a comment and is not printed, because there is a space before “#”. "
    'Put the whole text in half-width quotation marks "…", or the comment on a separate line.',
)


@pytest.mark.parametrize(
    ("written", "line", "comment"),
    [
        ("notes:\n  reviews: 见附件 #3 的说明。\n", 8, "#3 的说明。"),
        ("notes:\n  reviews:\n  - 甲\n  - 见附件\n    第 #3 号。\n", 10, "#3 号。"),
        ("notes:\n  reviews: “见附件 #3 的说明。”\n", 8, "#3 的说明。”"),
        ("explanations:\n  row-total: 见附件 # 3\n", 8, "# 3"),
        (
            "corrections:\n- date: 2025-03-10\n  figure: requests.received.natural-person\n  before: 1 # 一\n  after: 0\n"
            "  reason: 见附件\t#3\n",
            12,
            "#3",
        ),
    ],
)
def test_a_text_that_a_comment_cuts_off_is_told(written: str, line: int, comment: str) -> None:
    found, diagnostics = read(ZERO + written)
    assert found, "it may be a comment"
    (told,) = diagnostics
    assert (told.pos.line, told.rule.name, told.rule.severity) == (line, "cut-text", "warning")
    assert (told.render(chinese), told.render(english)) == tuple(one.format(comment) for one in CUT)


@pytest.mark.parametrize(
    "written",
    [
        'notes:\n  reviews: "见附件 #3 的说明。" #好\n',
        "notes:\n  reviews: 见附件#3的说明。  # 已核\n",
        "notes:\n  reviews: |\n    见附件 #3 的说明。\n  #好\n",
        "notes:  #好\n  # 甲\n  reviews: 甲\n",
        "corrections: #好\n- date: 2025-03-10 # 一\n  figure: requests.received.natural-person # 一\n  before: 1 # 一\n"
        "  after: 0 #一\n  reason: 漏计  # 一\n",
    ],
)
def test_a_comment_that_cuts_nothing_off_is_none_of_our_business(written: str) -> None:
    assert not read(ZERO + written).diagnostics


@pytest.mark.parametrize(
    ("written", "column", "comment"),
    [
        ("notes: {reviews: 见附件 #3 的}", 22, "#3 的}"),
        ("notes: {requests: 甲, reviews: 见附件 #3 }", 35, "#3 }"),
        ("notes: {reviews: 见附件 #3, requests: 甲}", 22, "#3, requests: 甲}"),
        ("reviews: {reconsideration: [0, 0 #1, 0, 0, 0], litigation: 0}", 34, "#1, 0, 0, 0], litigation: 0}"),
    ],
)
def test_a_bracket_that_a_comment_swallows_has_no_wrong_correct_line(written: str, column: int, comment: str) -> None:
    (told,) = read((ZERO.replace("reviews: 0\n", "") if written.startswith("rev") else ZERO) + written + "\n").diagnostics
    assert (told.pos.column, told.rule.name) == (column, "yaml-syntax")
    assert told.render(chinese) == CUT[0].format(comment)
    assert told.render(english) == CUT[1].format(comment)


def test_texts_of_figures_are_not_cut_off_in_silence() -> None:
    text = SOUND.replace(
        "licensing: {decisions: 1573179}", "licensing:\n    decisions:\n      value: 1573179 #1\n      note: 见 #3"
    )
    (told,) = read(text).diagnostics
    assert told.render(english) == CUT[1].format("#3")


@pytest.mark.parametrize(
    "row",
    [
        "3440 75  1 6 3 3525",
        "3440 75 1 6 3 3525",
        "[3440 75  1 6 3 3525]",
        "[3440, 75 1, 6, 3, 3525]",
        "[3440，75，1，6，3，3525]",
        "[3440，75，，1，6，3，3525]",
        "3440, 75, 1, 6, 3, 3525",
        "3440, 75, , 1, 6, 3, 3525",
        "3440 75  0 1 6 3",
        "{3440, 75, 1, 6, 3, 3525}",
    ],
)
def test_a_row_in_which_a_cell_may_be_missing_has_no_correct_line(row: str) -> None:
    """The cell of research institutions was empty: without it, all figures behind it would be shifted."""
    (told,) = read(SOUND.replace("[3440, 75, 0, 1, 6, 3, 3525]", row)).diagnostics
    assert "写成" not in told.render(chinese)
    assert "Write: " not in told.render(english)


@pytest.mark.parametrize("row", ["3440   75    0  1 6 3 3525", "3440 75 0 1 6 3", "[3440 75 0 1 6 3]", "0 0 0 0 0 0"])
def test_a_row_in_which_no_cell_is_missing_has_a_correct_line(row: str) -> None:
    text = SOUND.replace("[3440, 75, 0, 1, 6, 3, 3525]", row)
    (told,) = read(text).diagnostics
    right = told.render(english).partition("Write: ")[2]
    assert right == f"received: [{', '.join(re.findall('[0-9]+', row))}]"


@pytest.mark.parametrize(
    ("written", "at", "right"),
    [
        ("notes:\n  reviews：见附件。\n", (8, 10), "reviews: 见附件。"),
        ("notes:\n  复议诉讼：见附件。\n", (8, 7), "复议诉讼: 见附件。"),
        ("explanations:\n  carried-over：清理。\n", (8, 15), "carried-over: 清理。"),
        ("explanations:\n  结转衔接：清理。\n", (8, 7), "结转衔接: 清理。"),
    ],
)
def test_a_wrong_colon_below_notes_and_explanations_is_named(written: str, at: tuple[int, int], right: str) -> None:
    (told,) = read(ZERO + written).diagnostics
    assert (told.pos.line, told.pos.column) == at
    assert told.render(chinese) == f"键名后面是全角冒号“：”。请改成半角冒号加一个空格“: ”。写成：{right}"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("notes: reviews：见附件。\n", "Notes must be grouped by table. Write “notes: {reviews: …}”."),
        (
            "explanations: carried-over：清理。\n",
            "Explanations must be grouped by rule. Write “explanations: {carried-over: …}”.",
        ),
    ],
)
def test_a_second_colon_in_a_line_has_no_wrong_correct_line(written: str, said: str) -> None:
    (told,) = read(ZERO + written).diagnostics
    assert told.render(english) == said
    (told,) = read(ZERO.replace("reviews: 0", "reviews: litigation：0")).diagnostics
    assert "Write: " not in told.render(english)


@pytest.mark.parametrize(
    "written",
    [
        "# 甲\nnotes:\n  reviews:\n" + "  - 说明。\n" * 9_000,
        "corrections:\n" + "- {date：2025-03-10}\n" * 4_000,
    ],
)
def test_many_texts_and_colons_cost_little_time_each(written: str) -> None:
    """The lines of the file are not searched from its beginning for each of them."""
    with limited(5):
        assert read(ZERO + written)[0]


CORRECTION = "date: 2025-03-10\n  figure: reviews.reconsideration.upheld\n  before: 1\n  after: 0\n  reason: 笔误\n"


@pytest.mark.parametrize("times", [2, 3])
def test_items_without_dash_give_one_message(times: int) -> None:
    (told,) = read(f"{ZERO}corrections:\n- {'  '.join([CORRECTION] * times)}").diagnostics
    assert (told.pos.line, told.pos.column, told.rule.name) == (13, 3, "duplicate-key")
    assert told.render(chinese) == (
        "“date”写了两次，第一次在第 8 行。如果从这里起是列表的下一项，请在前面加“- ”；如果不是，请删去其中一个。"
    )
    assert told.render(english).endswith(
        "If the next item of the list begins here, write “- ” before it; if not, delete one of the two."
    )
    (told,) = read(f"{ZERO}corrections:\n- {CORRECTION}  before: 1\n").diagnostics
    assert told.render(english) == "“before” is given twice; the first is in line 10. Delete one of the two."


def test_other_errors_of_an_item_are_not_left_out_for_its_dash() -> None:
    told = [one.render(english) for one in read(f"{ZERO}corrections:\n- {{[1]: 2, date: 1, date: 2}}\n").diagnostics]
    assert told[1:] == [
        "A list or mapping cannot be a key.",
        "“date” is given twice; the first is in line 8. Delete one of the two.",
    ]


@pytest.mark.parametrize(
    ("written", "line", "right"),
    [
        ("notes:\n  reviews:\n  - 甲\n  乙\n", 10, "- 乙"),
        ("notes:\n  reviews:\n    - 甲\n      乙\n\n    丙\n    - 丁\n", 12, "- 丙"),
        (f"corrections:\n  - {CORRECTION.replace('  ', '    ')}  {CORRECTION.replace('  ', '    ')}", 13, "- date: 2025-03-10"),
    ],
)
def test_a_missing_dash_is_told_with_the_correct_line(written: str, line: int, right: str) -> None:
    (told,) = read(ZERO + written).diagnostics
    assert told.pos.line == line
    assert told.render(chinese).endswith(f"列表的这一项前面缺少“-”。写成：{right}")
    assert told.render(english).endswith(f"The “-” before an item of a list is missing. Write: {right}")


@pytest.mark.parametrize("indent", ["", "  "])
@pytest.mark.parametrize(("key", "line"), [("办理结果", 15), ("不予公开", 18), ("无法提供", 27)])
def test_a_heading_that_lost_its_indent_is_told_at_its_line(key: str, line: int, indent: str) -> None:
    """The parser stops only where the block below the heading ends."""
    right = re.search(f"^ *{key}:\n", with_changes("sound-zh"), re.MULTILINE)[0]  # type: ignore[index]
    if indent + key == right.rstrip(":\n"):
        indent = ""
    (told,) = findings(with_changes("sound-zh").replace(right, f"{indent}{key}:\n"))
    assert (told.pos.line, told.rule.name) == (line, "yaml-syntax")
    assert told.render(chinese) == f"这一行的缩进与上下各行不一致。写成：{right.rstrip()}"


@pytest.mark.parametrize("key", ["notes", "explanations", "corrections", "附注", "说明", "更正"])
def test_a_key_below_which_nothing_is_left_is_no_error(key: str) -> None:
    for value in ("", " ~", "  # 无"):
        found, diagnostics = read(f"{ZERO}{key}:{value}\n")
        assert (found and found.notes, diagnostics) == ({}, ())


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("注意: 乙", "the line above already has a value, or the line has a second colon; put texts in quotation marks"),
        ("*甲", "a value begins with a character that must be in quotation marks"),
        ("&甲 乙", "a value begins with a character that must be in quotation marks"),
        ("@甲", "a value begins with a character that must be in quotation marks"),
    ],
)
def test_a_text_that_needs_quotation_marks_is_told_so(written: str, said: str) -> None:
    (told,) = read(f"{ZERO}notes:\n  reviews: {written}\n").diagnostics
    assert (told.pos.line, f": {said}." in told.render(english)) == (8, True)
    assert "引号" in told.render(chinese).partition("。")[0]


@pytest.mark.parametrize("written", ["[甲] 乙", "[甲]。"])
def test_a_text_in_brackets_is_no_list_with_a_comment(written: str) -> None:
    (told,) = read(f"{ZERO}notes:\n  reviews: {written}\n").diagnostics
    assert told.pos.line == 8
    assert "Write: " not in told.render(english)


@pytest.mark.parametrize("written", ["／", "～", "未填报"])
def test_marks_for_no_number_are_told_in_half_width(written: str) -> None:
    (told,) = read(SOUND.replace("decisions: 1573179", f"decisions: {written}")).diagnostics
    assert told.render(chinese) == (f"行政许可·本年处理决定数量：“{written}”不是数字。零写 0，不适用写“/”，未填报写“~”。")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("  received: [3440, 75, 0, 1, 6, 3, 3525]", "  received: [3440, 75, 0, 1, 6, 3, 3525"),
        ("  rules: {issued: 2, repealed: 1, in-force: 12}", "  rules: {issued: 2, repealed: 1, in-force: 12"),
    ],
)
def test_a_bracket_in_a_comment_is_not_swallowed_by_it(right: str, wrong: str) -> None:
    """The command ``new`` writes last year's figures next to each row."""
    comment = "  # 2023: [1, 2], {issued: 1}"
    (told,) = read(SOUND.replace(right, wrong + comment)).diagnostics
    assert told.render(english) == f"The bracket is not closed. Write: {right.strip()}{comment}"
