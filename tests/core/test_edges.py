"""Small things that go wrong without being noticed: each of them was changed by hand, and no other test saw it."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from sphinx_govreport.core.checks.formats import FORMATS
from sphinx_govreport.core.checks.page import Page, PageSection, Paragraph
from sphinx_govreport.core.checks.parts import PARTS
from sphinx_govreport.core.checks.run import check_page, check_pages, check_report
from sphinx_govreport.core.checks.sums import CARRIED_OVER
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Severity, text
from sphinx_govreport.core.files import atomic_write
from sphinx_govreport.core.forms.equations import Term, expand
from sphinx_govreport.core.forms.form import form_in_force
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import FORMS_DIR, read_form, statutory_forms
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.library import load_library
from sphinx_govreport.core.library.summary import read_summary, summary_text
from sphinx_govreport.core.reports.figures import Figure, Status
from sphinx_govreport.core.reports.records import remarks
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.rollup import Parts, add_up, forms_of_most
from sphinx_govreport.core.reports.schema import schema_of
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.tables.gbt9704 import Written, are_too_wide, fits_page, lies_across
from sphinx_govreport.core.tables.html import table_content, table_errors
from sphinx_govreport.core.tables.table import Table, table_of
from sphinx_govreport.core.yaml.source import read_source
from sphinx_govreport.ext.meta_tags import TAGS
from tests.core.test_checks import report, untouched
from tests.core.test_explanations import SOUND
from tests.core.test_prose import ALL, made
from tests.published import published, year_file

FORMS = statutory_forms()


def read(text: str) -> tuple[Report | None, list[str]]:
    found, diagnostics = read_report(read_source("a.yaml", text.encode()), FORMS)
    return found, [f"{d.pos.line}:{d.pos.column} {d.rule.name}" for d in diagnostics]


# figures


@pytest.mark.parametrize(("written", "shown"), [("0", "零"), ("0.0", "0.0"), ("00", "00"), ("10", "10"), ("/", "/")])
def test_only_a_plain_0_has_another_word(written: str, shown: str) -> None:
    status = Status.NOT_APPLICABLE if written == "/" else Status.NUMBER
    figure = Figure(status, None if status else Decimal(written), written, 1, 1)
    assert figure.shown("零") == shown


@pytest.mark.parametrize(
    ("form", "old", "new", "said"),
    [
        ("2021", "fees: {amount: 1}", "fees: {amount: 22万元}", "Write only the number: 22."),
        ("2019", "amount: 1}", "amount: 22万元}", "Write {value: 22, unit: 万元}."),
        ("2019", "amount: 1}", "amount: 22件}", "Write only the number: 22."),
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
    text = SOUND.replace("form: 2021", f"form: {{default: {form}, requests: 2021}}")
    text = text.replace("proactive-disclosure: 0", table if form == "2021" else old_table)
    assert old in text
    _, diagnostics = read_report(read_source("a.yaml", text.replace(old, new).encode()), FORMS)
    assert [d.hint.render(str) for d in diagnostics if d.hint] == [said]


# year files


def test_keys_may_be_written_with_spaces() -> None:
    text = SOUND.replace("  received:", "  本年新收 政府信息 公开申请数量:").replace(
        "carried-in:", "上年结转 政府信息公开申请数量:"
    )
    found, diagnostics = read(text)
    assert diagnostics == []
    assert found
    assert found.figure("requests.received.total").text == "4"


@pytest.mark.parametrize(("year", "is_one"), [(2007, False), (2008, True), (2100, True), (2101, False)])
def test_years_have_a_first_and_a_last(year: int, is_one: bool) -> None:
    assert (read(SOUND.replace("2024", str(year)))[1] == []) == is_one


@pytest.mark.parametrize(
    ("row", "status", "text", "place"),
    [
        ("['', '', '', '', '', '']", Status.UNKNOWN, "", 32),
        ("[/, /, /, /, /, /]", Status.NOT_APPLICABLE, "/", 32),
        ("['', /, /, /, /, /]", Status.UNKNOWN, "", 33),
        ("['', /, 0, 3, /, '']", Status.UNKNOWN, "", 33),
        ("[/, /, 0, 3, /, 1]", Status.NUMBER, "4", 32),
    ],
)
def test_a_total_that_is_left_out_is_what_its_parts_are(row: str, status: Status, text: str, place: int) -> None:
    found, diagnostics = read(SOUND.replace("carried-in: 0", f"carried-in: {row}"))
    assert diagnostics == []
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


# libraries


def test_forms_and_other_files_beside_year_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a-form.yaml").write_text('form: local\nextends: "2021"\nenglish: Local\nsource: {notice: 地方}\n', "utf-8")
    (tmp_path / "b.yaml").write_text(SOUND, "utf-8")
    (tmp_path / "c.yml").write_text(SOUND.replace("2024", "2023"), "utf-8")
    (tmp_path / "c.md").write_text("# 页面\n", "utf-8")
    (tmp_path / "folder.yaml").mkdir()
    library = load_library(tmp_path, ["."], ["a-form.yaml"], Cache(None, ""))
    assert (library.diagnostics, sorted(library.entries)) == ((), [("某市某局", 2023), ("某市某局", 2024)])
    assert library.years("某市某局") == (2023, 2024)


# forms


@pytest.mark.parametrize(("year", "name"), [(2018, None), (2019, "2019"), (2020, "2019"), (2021, "2021"), (2099, "2021")])
def test_a_form_is_in_force_for_its_years(year: int, name: str | None) -> None:
    found = form_in_force(FORMS.values(), year)
    assert (found.name if found else None) == name


def test_a_row_is_added_where_it_belongs_however_deep() -> None:
    text = (
        'form: local\nextends: "2021"\nenglish: Local\nsource: {notice: 地方}\nadd-rows:\n  requests:\n'
        "    - {after: results.refused.third-party-rights, key: fourth, label: 第四方, english: Fourth}\n"
    )
    form, diagnostics = read_form(read_source("local.yaml", text.encode()), FORMS)
    assert form
    assert diagnostics == ()
    rows = [path.rpartition(".")[0] for path in layout_of(form.table("requests")).indicators if path.endswith(".total")]
    at = rows.index("results.refused.fourth")
    assert rows[at - 1 : at + 2] == [
        "results.refused.third-party-rights", "results.refused.fourth", "results.refused.internal-affairs",
    ]  # fmt: skip
    assert len(rows) == len([p for p in layout_of(FORMS["2021"].table("requests")).indicators if p.endswith(".total")]) + 1


BAD_FORMS = [
    ("unit: 件", "unit: []", "“unit” must be a text."),
    ("widths: [24, 16, 16, 16]", "widths: 24", "“widths” must be a list."),
    ("widths: [24, 16, 16, 16]", "widths: [24, 16, 16]", "The block is 4 columns wide, but “widths” has 3."),
    ("years: {from: 2021}", "years: {from: 0}", "“from” must be a whole number from 1 to 9999."),
    ("years: {from: 2021}", "years: 2021", "Here a mapping is expected: from, to."),
    (
        "{key: requests, title: 三、收到和处理政府信息公开申请情况}",
        "requests",
        "Here a mapping is expected: key, title, aliases, prompts, least, fees.",
    ),
    ("decimal: true", "decimal: yes", "“decimal” can only be “true”, or left out."),
]


@pytest.mark.parametrize(("old", "new", "said"), BAD_FORMS)
def test_a_form_that_is_wrong_says_so(old: str, new: str, said: str) -> None:
    text = (FORMS_DIR / "2021.yaml").read_text("utf-8")
    assert old in text
    form, diagnostics = read_form(read_source("f.yaml", text.replace(old, new, 1).encode()), {})
    assert form is None
    assert said in [d.render(str) for d in diagnostics]


SMALL = """\
form: small
english: Small
source: {notice: 通知}
years: {from: 2021}
tables:
  reviews:
    section: 四
    label: 复议
    english: Reviews
    source: 通知
    unit: 件
    widths: [8, 8, 8]
    blocks:
      - columns:
          - {key: upheld, label: 维持, english: Upheld}
          - {key: other, label: 其他, english: Other}
          - {key: total, label: 总计, english: Total, sum: siblings, rule: reviews-total}
    checks:
      - {rule: some, equation: upheld <= total, source: 通知}
    prose:
      - {pattern: '维持{n}', figures: [upheld]}
    sets:
      - {key: all, label: 全部, figures: [total]}
"""
#: these two are as small as a table can be
SMALL += "".join(
    f"  {name}:\n    {{section: 二, label: {name}, english: Small, source: 通知, unit: 件, widths: [8], "
    "blocks: [{columns: [{key: all, label: 全部, english: All}]}]}\n"
    for name in ("proactive-disclosure", "requests")
)


def small(old: str = "", new: str = "") -> list[str]:
    assert old in SMALL
    _form, diagnostics = read_form(read_source("f.yaml", SMALL.replace(old, new, 1).encode()), statutory_forms())
    return [f"{d.pos.line}: {d.render(str)}" for d in diagnostics]


def test_a_small_form_is_a_form() -> None:
    assert small() == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("upheld <= total", "upheld total", "19: The equation “upheld total” fits no figures of the table."),
        ("upheld <= total", "upheld <= sum", "19: The equation “upheld <= sum” fits no figures of the table."),
        ("upheld <= total", "<= total", "19: The equation “<= total” fits no figures of the table."),
        ("upheld <= total", "upheld - <= total", "19: The equation “upheld - <= total” fits no figures of the table."),
        ("upheld <= total", "last.upheld = last.total", "19: The equation “last.upheld = last.total” fits no figures of the table."),
        ("figures: [upheld]", "figures: [up]", "7: The equation “up” fits no figures of the table."),
        ("figures: [upheld]", "figures: [upheld + up]", "7: The equation “upheld + up” fits no figures of the table."),
        ("'维持{n}'", "'(维持{n}'", "21: The pattern is no regular expression: look at its character 1."),
        ("- {key: other,", "- {key: upheld,", "7: “upheld” stands in the table twice."),
        ("english: Other}", "english: Other, sum: siblings, rule: reviews-total}", "14: A total must be the last of its group."),
        ("english: Other}", "english: Other, sum: all, rule: reviews-total}", "16: “sum” can only be “siblings”, or left out."),
        ("rule: reviews-total}", "rule: reviews-total, columns: [{key: a, label: 甲, english: A}]}", "17: A group cannot be a total."),
        (", rule: reviews-total}", "}", "17: “rule” must be a text."),
        (SMALL[SMALL.index("      - columns") : SMALL.index("    checks")], "      []\n", "7: The table has no blocks."),
    ],
)  # fmt: skip
def test_each_mistake_in_a_form_is_named_at_its_line(old: str, new: str, said: str) -> None:
    found = small(old, new)
    assert said in found


def test_notes_on_labels_are_texts() -> None:
    head = 'form: local\nextends: "2021"\nenglish: Local\nsource: {notice: 地方}\n'
    for more, said in (
        ("label-notes: {reviews: {rows: 一}}\n", "5:31 Here a mapping is expected: key: （…）."),
        ("label-notes: {reviews: {columns: {reconsideration: []}}}\n", "5:52 “reconsideration” must be a text."),
        ("label-notes: {reviews: {cells: {}}}\n", "5:25 “cells” is not known here; known are: rows, columns."),
        ("add-rows: {requests: 1}\n", "5:22 “requests” must be a list."),
        ("add-rows: {requests: [1]}\n", "5:23 Here a mapping is expected: after"),
    ):
        form, diagnostics = read_form(read_source("f.yaml", (head + more).encode()), FORMS)
        assert form is None
        assert any(f"{d.pos.line}:{d.pos.column} {d.render(str)}".startswith(said) for d in diagnostics), diagnostics


# checks


def test_how_much_was_looked_at_is_counted() -> None:
    checked = check_report(untouched("suqian-2024"), untouched("suqian-2023"), FORMS, {})
    looked = {outcome.rule.name: outcome.checked for outcome in checked.outcomes}
    expected = {
        "row-total": 25, "column-total": 7, "balance": 7, "reviews-total": 3, "not-filled": 200, "not-applicable": 200,
        "carried-over": 7, "in-force": 2, "jump": 38,
    }  # fmt: skip
    assert {rule: looked[rule] for rule in expected} == expected


def test_a_finding_across_years_names_the_places_of_both_files() -> None:
    subject = report("suqian-2024", {"requests.carried-in.natural-person": "119", "requests.carried-in.total": "122"})
    (found,) = (one for one in check_report(subject, untouched("suqian-2023"), FORMS, {"balance": None}).findings
                if one.rule.name == CARRIED_OVER.name)  # fmt: skip
    here, there = (
        subject.figure("requests.carried-in.natural-person"),
        untouched("suqian-2023").figure("requests.carried-out.natural-person"),
    )
    assert Pos("suqian-2024.yaml", here.line, here.column) in found.places
    assert Pos("suqian-2023.yaml", there.line, there.column) in found.places
    assert {place.path for place in found.places} == {"suqian-2023.yaml", "suqian-2024.yaml"}
    assert Pos("suqian-2023.yaml", here.line, here.column) not in found.places


def parts_of(*reports: Report) -> Parts:
    return Parts(add_up(reports, forms_of_most(one.forms for one in reports), FORMS), ())


def wrong_parts(stated: Report, *parts: Report) -> list[Diagnostic]:
    checked = check_report(stated, None, FORMS, {}, parts_of(*parts))
    return [found for found in checked.findings if found.rule.name == PARTS.name]


AMOUNT = "proactive-disclosure.procurement.amount"


def test_a_sum_is_compared_with_its_unit() -> None:
    text = year_file(published("shanghai-municipal-office-2019"))
    line = next(line for line in text.splitlines() if "unit: " in line)

    def with_amount(written: str) -> Report:
        found, diagnostics = read_report(read_source("a.yaml", text.replace(line, f"    amount: {written}").encode()), FORMS)
        assert found
        assert not diagnostics
        return found

    for stated, part, is_wrong in (
        ("{value: 22, unit: 万元}", "{value: 22, unit: 万元}", False),
        ("{value: 22, unit: 元}", "{value: 22, unit: 万元}", True),
        ("{value: 22, unit: 万元}", "{value: 23, unit: 万元}", True),
        ("0", "0", False),
        ("{value: 0, unit: 元}", "{value: 0, unit: 万元}", False),
    ):
        found = wrong_parts(with_amount(stated), with_amount(part))
        assert [one.figures for one in found] == ([(AMOUNT,)] if is_wrong else []), (stated, part)


def test_wrong_parts_are_reported_at_the_first_of_them() -> None:
    keys = ["proactive-disclosure.rules.issued", "proactive-disclosure.licensing.decisions"]
    stated = report("suqian-2024", dict.fromkeys(keys, "99"))
    (found,) = wrong_parts(stated, untouched("suqian-2024"))
    assert found.figures == tuple(keys)
    assert found.pos.line == stated.figure(keys[0]).line


def page(*paragraphs: Paragraph, excused: frozenset[str] = frozenset()) -> Page:
    return Page("a.md", "某区", 2024, (PageSection("三、收到和处理政府信息公开申请情况", 3, paragraphs),), excused)


def test_a_share_of_nothing_is_not_worked_out_and_an_excused_one_not_reported() -> None:
    nothing, some = made(2024, 0, 0, 0), made(2024, 4, 0, 0, granted=4)
    for subject, written, excuse, said in (
        (nothing, "予以公开0件，占5%", frozenset(), []),
        (some, "予以公开4件，占90%", frozenset(), ["prose-share"]),
        (some, "予以公开4件，占90%", frozenset({"prose-share"}), []),
    ):
        for excused_page in (False, True):
            paragraph = Paragraph(written, 5, frozenset() if excused_page else excuse)
            of_page = page(paragraph, excused=excuse if excused_page else frozenset())
            assert [one.rule.name for one in check_page(of_page, subject, FORMS, ALL) if "prose" in one.rule.name] == said


@pytest.mark.parametrize(("length", "count"), [(199, 0), (200, 1)])
def test_a_short_text_is_not_compared_with_last_years(length: int, count: int) -> None:
    words = "".join(chr(0x4E00 + n) for n in range(length))
    pages = [page(Paragraph(words, 5, frozenset()))._replace(year=year) for year in (2023, 2024)]
    assert [len(one.text) for one in pages] == [length, length]
    assert len(check_pages(pages, ALL)) == count


# outputs


def test_a_hint_is_no_failure_to_other_programs() -> None:
    findings = [
        Diagnostic(Rule(severity.value, severity), Pos("a.yaml"), text("{parts}", parts=severity.value))
        for severity in Severity
    ]
    suite = etree.fromstring(FORMATS["junit"](findings, str, "1").encode())
    assert dict(suite.attrib) == {"name": "sphinx-govreport", "tests": "3", "failures": "2", "skipped": "1"}
    assert [child.tag for case in suite for child in case] == ["failure", "failure", "skipped"]


def test_only_what_is_wrong_is_marked_as_such() -> None:
    subject, _ = read(SOUND.replace("carried-out: 0", "carried-out: [01, 0, 0, 0, 0, 0]"))
    assert subject
    content = table_content(table_of(subject, FORMS, "requests"))
    assert content.count("gov-invalid") == 1  # the figure; the total that is made of it is not known
    rows = etree.HTML(f"<table>{content}</table>").xpath("//th[@rowspan]/@rowspan")
    assert sorted(map(int, rows), reverse=True)[0] > 20
    assert "1" not in rows


def shown(name: str, table: str, **changes: str) -> Table:
    found = table_of(untouched(name), FORMS, table)
    figures = {
        path: figure._replace(text=changes["text"]) if changes and not figure.unit else figure
        for path, figure in found.figures.items()
    }
    return found._replace(figures=figures)


@pytest.mark.parametrize(
    ("table", "text", "across", "fits"),
    [
        ("requests", "12", False, True),
        ("requests", "12", True, True),
        ("reviews", "12", False, True),
        ("requests", "123456789012345", False, False),
        ("reviews", "1" * 300, False, True),
        ("requests", "1" * 8, False, False),
        ("requests", "1" * 8, True, True),
        ("proactive-disclosure", "1" * 300, False, True),
        ("proactive-disclosure", "1" * 300, True, False),
        ("reviews", "1" * 900, False, False),
    ],
)
def test_a_table_fits_a_page_or_not(table: str, text: str, across: bool, fits: bool) -> None:
    assert fits_page(shown("suqian-2024", table, text=text), across=across) == fits


def test_a_table_lies_across_where_a_number_would_break() -> None:
    assert not lies_across(shown("suqian-2024", "reviews"))
    assert lies_across(shown("suqian-2024", "reviews", text="123456789012"))
    assert not are_too_wide((8, 8), [Written(0, 1, "甲" * 200)]), "a wide column may hold text of any length"
    assert are_too_wide((1, 10), [Written(0, 1, "甲" * 40)])
    assert not are_too_wide((1, 10), [Written(1, 1, "甲" * 40)])


def test_every_tag_that_the_rules_demand_is_demanded() -> None:
    assert {tag.name for tag in TAGS if tag.is_needed} == {
        "SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType",
    }  # fmt: skip


def test_the_schema_says_what_a_figure_may_be() -> None:
    definitions = schema_of(FORMS)["definitions"]
    assert definitions["figure-件"]["anyOf"][0] == {"type": "integer", "maximum": 10**15 - 1, "minimum": 0}
    assert definitions["figure-decimal-万元"]["anyOf"][0]["type"] == "number"
    open_unit = next(
        name
        for name in definitions
        if name.startswith("figure-") and name.count("万元") and "元-" in name + "-" and "-元" in name
    )
    assert definitions[open_unit]["anyOf"][-1]["properties"]["unit"] == {"enum": ["万元", "元"]}
    tables = {
        name for name, one in definitions.items() if "description" in one and "title" in one and not name.partition(".")[2]
    }
    assert {f"{form}-{table}" for form in FORMS for table in ("proactive-disclosure", "requests", "reviews")} <= tables
    assert "description" not in definitions["2021-requests.results"]
    assert len(schema_of(FORMS)["allOf"]) >= 6


def test_every_part_is_counted_that_is_compared() -> None:
    whole = untouched("suqian-2024")
    (outcome,) = (one for one in check_report(whole, None, FORMS, {}, parts_of(whole)).outcomes if one.rule.name == PARTS.name)
    numbers = [figure for figures in whole.figures.values() for figure in figures.values() if figure.value is not None]
    assert outcome.checked == len(numbers) == 200


def test_a_0_that_should_be_another_number_is_blamed_with_it() -> None:
    subject = report("suqian-2024", {"requests.results.granted.enterprise": "0"})
    (found,) = check_report(subject, None, FORMS, {}).findings
    assert "is 0, but 2 sums want 21: " in found.message.render(str)


def test_likeness_is_counted_in_runs_of_five_characters() -> None:
    def words(count: int, since: int) -> str:
        return "".join(chr(0x4E00 + since + n) for n in range(count))

    last = page(Paragraph(words(220, 0), 5))._replace(year=2023)
    now = page(Paragraph("".join(words(16, 22 * n) + words(6, 5000 + 6 * n) for n in range(10)), 5))
    (found,) = check_pages([last, now], ALL)
    assert found.message.render(str).startswith("56 per cent"), "10 times 12 runs of 216"


def test_a_sentence_is_compared_although_the_figure_of_another_is_unknown() -> None:
    text = year_file(published("suqian-2024")).replace("issued: 50", "issued: 05O").replace("repealed: 227", "repealed: 226")
    subject, diagnostics = read(text)
    assert subject
    assert len(diagnostics) == 1
    written = "制发行政规范性文件7件，废止行政规范性文件228件。"
    found = check_page(page(Paragraph(written, 5)), subject, FORMS, ALL)
    told = [one.figures for one in found if one.rule.name == "prose-figure"]
    assert told == [("proactive-disclosure.normative-documents.repealed",)]


def test_numbers_of_one_kind_in_a_paragraph_are_compared_one_by_one() -> None:
    subject = made(2024, 4, 0, 0, granted=4)
    found = check_page(page(Paragraph("予以公开4件。予以公开5件。予以公开6件。", 5)), subject, FORMS, ALL)
    assert [one.pos.column for one in found if one.rule.name == "prose-figure"] == [1, 1]


def test_a_rule_is_described_by_what_it_asks_or_else_by_what_it_means() -> None:

    asked = report("suqian-2024", {"requests.received.total": "1"})
    findings = check_report(asked, None, FORMS, {}).findings
    _, written = read_report(read_source("a.yaml", SOUND.replace("reviews: 0", "reviews: 5").encode()), FORMS)
    log = json.loads(FORMATS["sarif"]([*findings, *written], str, "1"))
    described = {rule["id"]: rule["shortDescription"]["text"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert described["row-total"] == "In each row, all applicants add up to the total"
    assert described["bad-value"].startswith("Something else stands here than belongs here")


def test_a_text_that_says_nothing_is_told() -> None:
    assert read(f"{SOUND}notes: {{reviews: ''}}\n")[1] == ["17:18 bad-value"]
    assert read(f"{SOUND}notes: {{reviews: [甲, [乙]]}}\n")[1] == ["17:22 bad-value"]


def test_a_part_that_is_not_applicable_is_not_compared() -> None:
    whole = untouched("suqian-2024")
    without = report("suqian-2024", {"proactive-disclosure.fees.amount": "/"})
    assert wrong_parts(without, whole) == []
    (outcome,) = (
        one for one in check_report(without, None, FORMS, {}, parts_of(whole)).outcomes if one.rule.name == PARTS.name
    )
    assert outcome.checked == 199


def test_equations_know_minus_and_at_most() -> None:
    (found,) = expand("balance", "a - last:b <= c", ["a", "b", "c"])
    assert found.left == (Term("a"), Term("b", -1, is_last=True))
    assert found.right == (Term("c"),)
    assert found.is_at_most
    assert not expand("balance", "a = c", ["a", "c"])[0].is_at_most
    for nothing in ("a b = c", "+ a = c", "a = ", "a < c", "a = b = c", "a = d"):
        assert expand("balance", nothing, ["a", "b", "c"]) == (), nothing


def test_heads_say_what_they_are_for() -> None:
    page = etree.HTML(f"<table>{table_content(shown('suqian-2024', 'requests'))}</table>")
    heads = {
        kind: len(page.xpath(f"//th[contains(concat(' ', @class, ' '), ' {kind} ')]")) for kind in ("gov-head", "gov-row-head")
    }
    scopes = {scope: len(page.xpath(f"//th[@scope='{scope}']")) for scope in ("col", "colgroup", "row", "rowgroup")}
    assert heads == {"gov-head": scopes["col"] + scopes["colgroup"], "gov-row-head": scopes["row"] + scopes["rowgroup"]}
    assert scopes == {"col": 9, "colgroup": 1, "row": 30, "rowgroup": 0}
    assert [col.get("class") for col in page.xpath("//col")] == ["gov-stub"] * 3 + ["gov-figures"] * 7
    assert not page.xpath("//*[@colspan='1' or @rowspan='1']")


def test_errors_under_a_table_are_counted_from_1() -> None:
    table = shown("suqian-2024", "reviews")._replace(errors=("甲", "乙"))
    first, second = table_errors(table).splitlines()
    assert f'id="{table.ident}-error-1">※1 甲<' in first
    assert f'id="{table.ident}-error-2">※2 乙<' in second


def test_json_is_for_people_too() -> None:
    finding = Diagnostic(Rule("a", Severity.ERROR), Pos("甲.yaml", 1, 2), text("{x}", x="乙"))
    written = FORMATS["json"]([finding], str, "1")
    assert "甲.yaml" in written
    assert "乙" in written
    assert re.search(r"^ \S", written, flags=re.MULTILINE)
    assert not re.search(r"^   \S", written.split("乙")[0].split("[")[0], flags=re.MULTILINE)


LOCAL = """\
form: city-2021
extends: "2021"
english: Form of the city
source: {notice: 某市年度报告格式, date: 2022-01-05}
label-notes:
  proactive-disclosure:
    rows: {rules: （设区的市提供）}
"""


def test_notes_reach_labels_below_groups() -> None:
    written = LOCAL.replace("rules: （设区的市提供）", "results.refused.state-secret: （甲）").replace(
        "proactive-disclosure:", "requests:", 1
    )
    form, problems = read_form(read_source("x.yaml", written.encode()), FORMS)
    assert not problems
    assert form
    texts = [cell.text for line in layout_of(form.table("requests")).lines for cell in line if "（甲）" in cell.text]
    assert len(texts) == 1
    assert texts[0].endswith("属于国家秘密（甲）")


def test_what_was_never_there_need_not_be_removed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as told:
        atomic_write(tmp_path / "none/there/a.txt", b"x")
    assert told.value.__context__ is None, "the first trouble is the one to be told of"


def test_only_errors_make_a_site_unfit_for_a_pack() -> None:
    findings = [Diagnostic(Rule(f"a-{severity}", severity), Pos("a.yaml"), text("x")) for severity in Severity]
    library = load_library(Path(), [], [], Cache(None, "1"))
    summary = read_summary(summary_text(library, {}, findings, str, "1").encode())
    assert summary
    assert [error.rule.name for error in summary.errors] == ["a-error"]


def test_nothing_is_counted_that_could_not_be_added() -> None:
    whole = untouched("suqian-2024")
    checked = check_report(whole, None, FORMS, {}, Parts(add_up([], forms_of_most([whole.forms]), FORMS), ("某区",)))
    (outcome,) = (one for one in checked.outcomes if one.rule.name == PARTS.name)
    assert outcome.checked == 0
    assert len(outcome.findings) == 1


def test_an_explanation_is_recorded_with_the_first_table() -> None:
    subject, _ = read(f"{SOUND}explanations: {{carried-over: 机构改革}}\n")
    assert subject
    assert [(one.table, one.note) for one in remarks(subject, FORMS)] == [("proactive-disclosure", "机构改革")]
