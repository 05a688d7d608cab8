"""Tables with figures: their HTML, and their size in print."""

from __future__ import annotations

import pytest
from lxml import etree

from sphinx_govreport.core.checks.run import check_report
from sphinx_govreport.core.diagnostics import Problem, translator
from sphinx_govreport.core.forms.reader import read_form, statutory_forms
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.tables.gbt9704 import ColumnFit, PrintedCell, fit_columns, title_lines
from sphinx_govreport.core.tables.html import table_content, table_errors
from sphinx_govreport.core.tables.names import Target, resolve
from sphinx_govreport.core.tables.style import step_classes, years_classes
from sphinx_govreport.core.tables.table import Table, table_of
from sphinx_govreport.core.yaml.source import read_source
from tests.core.test_checks import report, untouched
from tests.core.test_explanations import SOUND

FORMS = statutory_forms()


def shown(name: str, table: str, **changes: str) -> Table:
    found = table_of(untouched(name), FORMS, table)
    figures = {
        path: figure._replace(text=changes["text"]) if changes and not figure.unit else figure
        for path, figure in found.figures.items()
    }
    return found._replace(figures=figures)


def test_only_what_is_wrong_is_marked_as_such() -> None:
    text = SOUND.replace("carried-out: 0", "carried-out: [01, 0, 0, 0, 0, 0]")
    subject, _ = read_report(read_source("a.yaml", text.encode()), FORMS)
    assert subject
    content = table_content(table_of(subject, FORMS, "requests"))
    assert content.count("gov-invalid") == 1  # the figure; the total computed from it is unknown
    rows = etree.HTML(f"<table>{content}</table>").xpath("//th[@rowspan]/@rowspan")
    assert sorted(map(int, rows), reverse=True)[0] > 20
    assert "1" not in rows


def fit(table: Table) -> ColumnFit:
    cells = [
        PrintedCell(
            cell.column, cell.colspan, table.shown(cell), "row" if cell.is_row_head else "column" if cell.scope else "figure"
        )
        for line in table.layout.lines
        for cell in line
    ]
    return fit_columns(table.layout.widths, cells)


@pytest.mark.parametrize(
    ("table", "digits", "size", "is_across"),
    [
        ("requests", 2, 9, False),
        ("requests", 8, 9, False),
        ("requests", 9, 8.5, False),
        ("requests", 14, 9, True),
        ("reviews", 5, 9, False),
        ("reviews", 6, 8, False),
        ("reviews", 8, 9, True),
        ("proactive-disclosure", 14, 9, False),
    ],
)
def test_long_figures_make_letters_smaller_or_the_table_lie_across(
    table: str, digits: int, size: float, is_across: bool
) -> None:
    found = fit(shown("suqian-2024", table, text="1" * digits))
    assert (found.sizes[0], found.sizes[-1], found.is_across) == (size, 8, is_across)
    assert sum(found.shares) == pytest.approx(1)


def test_columns_have_the_widths_of_the_form_where_figures_are_short() -> None:
    table = shown("suqian-2024", "requests")
    widths = table.layout.widths
    assert fit(table).shares == pytest.approx([width / sum(widths) for width in widths])


def test_a_long_figure_takes_room_from_columns_that_have_it_to_spare() -> None:
    table = shown("suqian-2024", "requests")
    plain = fit(table).shares
    figures = {**table.figures, "received.total": table.figures["received.total"]._replace(text="12345678901234")}
    found = fit(table._replace(figures=figures))
    assert not found.is_across
    assert found.sizes[0] == 9
    assert found.shares[-1] > plain[-1] * 1.5
    assert all(one <= before for one, before in zip(found.shares[:-1], plain[:-1], strict=True))


def test_letters_become_as_small_as_they_must_where_nothing_else_helps() -> None:
    found = fit(shown("suqian-2024", "reviews", text="12345678901234"))
    assert found.is_across
    assert 4 < found.sizes[0] < 8


@pytest.mark.parametrize(("second", "lines"), [("乙" * 10, 1), ("乙" * 10 + "a", 2)])
def test_a_line_of_a_title_has_twenty_characters(second: str, lines: int) -> None:
    found = title_lines(("甲" * 10, second))
    assert (len(found), "".join(found)) == (lines, "甲" * 10 + second)


def test_a_title_has_no_waist() -> None:
    phrases = ("新疆生产建设兵团第一师阿拉尔市", "住房和城乡建设局", "2024年", "政府信息公开", "工作", "年度报告")
    assert title_lines(phrases) == ["新疆生产建设兵团第一师阿拉尔市", "住房和城乡建设局2024年政府信息公开", "工作年度报告"]


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
    page = etree.HTML(f"<table>{table_content(shown('suqian-2024', 'reviews'))}</table>")
    assert [col.get("class") for col in page.xpath("//col")] == ["gov-figures"] * 15


def test_row_headers_have_the_columns_of_the_first_block() -> None:
    """The second block of this form has figures below its headers alone."""
    text = (
        "form: own\nkind: 统计\nsource: {notice: 通知}\nyears: {from: 2021}\ntables:\n  units:\n    label: 情况\n    unit: 件\n"
        "    blocks:\n      - {columns: [{label: 甲, key: a}, {label: 乙, key: b}], rows: [{label: 行, key: r}]}\n"
        "      - {columns: [{label: 丙, key: c}, {label: 丁, key: d}, {label: 戊, key: e}]}\n"
    )
    form, problems = read_form(read_source("own.yaml", text.encode()), FORMS)
    assert form, problems
    written = "agency: 某局\nyear: 2024\nform: own\nunits: {r: [1, 2], c: 3, d: 4, e: 5}\n"
    subject, problems = read_report(read_source("a.yaml", written.encode()), {form.name: form})
    assert subject, problems
    page = etree.HTML(f"<table>{table_content(table_of(subject, {form.name: form}, 'units'))}</table>")
    assert [col.get("class") for col in page.xpath("//col")] == ["gov-stub", "gov-figures", "gov-figures"]


def test_on_a_page_each_block_is_a_table_of_its_own() -> None:
    """Not in other outputs: editors keep some roles and drop others."""
    table = shown("suqian-2024", "proactive-disclosure")
    page = etree.HTML(f"<table>{table_content(table, number=2)}</table>")
    names = [page.xpath(f"//th[@id='{block.get('aria-labelledby')}']/text()") for block in page.xpath("//tbody[@role='table']")]
    assert names == [[f"第二十条第（{item}）项"] for item in "一五六八"]
    assert [head.get("scope") for head in page.xpath("//th[@colspan=4]")] == ["col"] * 4
    assert "role=" not in table_content(table)
    assert "role=" not in table_content(shown("suqian-2024", "requests"), number=2)


@pytest.mark.parametrize(("columns", "digits", "is_folded"), [(17, 4, False), (18, 4, True), (6, 12, False), (7, 12, True)])
def test_a_table_of_years_is_folded_if_a_sheet_is_too_narrow(columns: int, digits: int, is_folded: bool) -> None:
    assert ("gov-folded" in years_classes(columns, digits)) == is_folded


@pytest.mark.parametrize(
    ("table", "digits", "classes"),
    [
        ("proactive-disclosure", 6, "gov-stubs-1 gov-columns-1 gov-digits-22 gov-blocks"),
        ("proactive-disclosure", 7, "gov-stubs-1 gov-columns-3 gov-digits-7"),
        ("requests", 7, "gov-stubs-3 gov-columns-7 gov-digits-7"),
        ("requests", 8, "gov-stubs-3 gov-columns-7 gov-digits-8 gov-across"),
        ("reviews", 5, "gov-stubs-0 gov-columns-15 gov-digits-5"),
        ("reviews", 6, "gov-stubs-0 gov-columns-15 gov-digits-6 gov-across gov-uneven"),
    ],
)
def test_columns_fit_on_a_phone_together_or_scroll_and_a_sheet_is_turned_for_what_is_wider(
    table: str, digits: int, classes: str
) -> None:
    assert " ".join(step_classes(shown("suqian-2024", table, text="1" * digits))) == f"gov-fit {classes}"


def test_a_figure_that_spans_several_columns_has_the_room_of_all() -> None:
    table = shown("suqian-2024", "proactive-disclosure", text="1")
    long = table.figures["licensing.decisions"]._replace(text="1" * 16)
    assert "gov-digits-16" in step_classes(table._replace(figures={**table.figures, "licensing.decisions": long}))


def test_figures_are_marked_with_the_errors_of_their_table() -> None:
    wrong = report("suqian-2024", {"requests.received.total": "3526"})
    errors = [found for found in check_report(wrong, None, FORMS, {}).findings if found.rule.name == "row-total"]
    marks = {name: table_of(wrong, FORMS, name).marked(errors, str).marks for name in ("requests", "reviews")}
    assert "received.total" in marks["requests"]
    assert marks == {"requests": dict.fromkeys(marks["requests"], 1), "reviews": {}}


def test_errors_under_a_table_are_counted_from_1() -> None:
    table = shown("suqian-2024", "reviews")._replace(errors=("甲", "乙"))
    first, second = table_errors(table).splitlines()
    assert f'id="{table.ident}-error-1">※1 甲<' in first
    assert f'id="{table.ident}-error-2">※2 乙<' in second


def test_a_reference_leads_to_one_figure() -> None:
    subject = untouched("suqian-2024")
    one = resolve("figure", "复议诉讼.行政复议.总计", subject, FORMS)
    assert one == Target(subject.key(FORMS), "reviews", "reconsideration.total")
    two = resolve("figure", "reviews.reconsideration.total + reviews.reconsideration.other", subject, FORMS)
    assert isinstance(two, Problem)
    assert two.hint
    assert two.hint.render(str) == "A reference must lead to one figure."


def test_rows_that_only_one_year_has_are_not_compared_and_neither_are_texts() -> None:
    text = (
        "form: own\nkind: 统计\nsource: {notice: 通知}\nyears: {from: 2021}\ntables:\n  units:\n    label: 情况\n    unit: 件\n"
        "    columns: [{label: 收件, key: received}, {label: 备注, key: remark, text: true}]\n    rows: [{each: 单位名称}]\n"
    )
    form, problems = read_form(read_source("own.yaml", text.encode()), FORMS)
    assert form, problems
    years = []
    for year, rows in ((2023, "一局: [16, 含结转], 二局: [1, ]"), (2024, "一局: [20, 含结转], 三局: [4, ]")):
        written = f"agency: 某局\nyear: {year}\nform: own\nunits: {{{rows}}}\n"
        subject, problems = read_report(read_source("a.yaml", written.encode()), {form.name: form})
        assert subject, problems
        years.append(subject)
    table = table_of(years[1], {form.name: form}, "units").compared(years[0], translator("zh_CN"))
    assert table.comparisons == {"一局.received": "（2023年：16，增长25.0%）"}
