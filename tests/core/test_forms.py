"""The statutory forms: every cell and span as prescribed, labels exactly as in the regulation; local forms; broken forms."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml

from sphinx_govreport.core.diagnostics import translator
from sphinx_govreport.core.forms.equations import Term, expand
from sphinx_govreport.core.forms.form import Form, Keys, filled, form_in_force, table_key
from sphinx_govreport.core.forms.indicators import Branch
from sphinx_govreport.core.forms.layout import TableLayout, layout_of
from sphinx_govreport.core.forms.reader import CHINESE_KEYS, FORMS_DIR, main_kind, read_form, statutory_forms
from sphinx_govreport.core.reports.keys import DEFAULT_KEY, TOP_KEYS
from sphinx_govreport.core.reports.series import Series, series_of
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.yaml.source import read_source

REPO = Path(__file__).parents[2]
PEOPLE = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
OUTCOMES = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
REFUSED = """1.属于国家秘密 2.其他法律行政法规禁止公开 3.危及“三安全一稳定” 4.保护第三方合法权益 5.属于三类内部事务信息
6.属于四类过程性信息 7.属于行政执法案卷 8.属于行政查询事项""".split()
UNABLE = "1.本机关不掌握相关政府信息 2.没有现成信息需要另行制作 3.补正后申请内容仍不明确".split()
NOT_PROCESSED = """1.信访举报投诉类申请 2.重复申请 3.要求提供公开出版物 4.无正当理由大量反复申请
5.要求行政机关确认或重新出具已获取信息""".split()
OTHER = """1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请
2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请 3.其他""".split()


def layout(form: str, table: str) -> TableLayout:
    return layout_of(statutory_forms()[form].table(table))


def heads(table: TableLayout) -> list[list[tuple[str, int, int]]]:
    """Return the label, rowspan and colspan of the header cells in each row; rows of figures contain None."""
    return [
        [(cell.text, cell.rowspan, cell.colspan) for cell in line if not cell.path]
        for block in table.blocks
        for line in (*block.head, *block.body)
    ]


def figure_spans(table: TableLayout) -> list[list[int]]:
    return [[cell.colspan for cell in line if cell.path] for block in table.blocks for line in block.body]


@pytest.mark.parametrize(("form", "results", "rows"), [("2019", 20, 23), ("2021", 22, 25)])
def test_requests_layout(form: str, results: int, rows: int) -> None:
    def group(label: str, names: list[str]) -> list[list[tuple[str, int, int]]]:
        first, *rest = names
        return [[(label, len(names), 1), (first, 1, 1)], *([(name, 1, 1)] for name in rest)]

    expected = [
        [("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3), ("申请人情况", 1, 7)],
        [("自然人", 2, 1), ("法人或其他组织", 1, 5), ("总计", 2, 1)],
        [(name, 1, 1) for name in PEOPLE[1:-1]],
        [("一、本年新收政府信息公开申请数量", 1, 3)],
        [("二、上年结转政府信息公开申请数量", 1, 3)],
        [("三、本年度办理结果", results, 1), ("（一）予以公开", 1, 2)],
        [("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", 1, 2)],
        *group("（三）不予公开", REFUSED),
        *group("（四）无法提供", UNABLE),
        *group("（五）不予处理", NOT_PROCESSED),
        *(group("（六）其他处理", OTHER) if form == "2021" else [[("（六）其他处理", 1, 2)]]),
        [("（七）总计", 1, 2)],
        [("四、结转下年度继续办理", 1, 3)],
    ]
    table = layout(form, "requests")
    assert heads(table) == expected
    assert figure_spans(table) == [[1] * 7] * rows


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_reviews_layout(form: str) -> None:
    table = layout(form, "reviews")
    assert heads(table) == [
        [("行政复议", 1, 5), ("行政诉讼", 1, 10)],
        [*((name, 2, 1) for name in OUTCOMES), ("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
        [(name, 1, 1) for name in OUTCOMES * 2],
        [],
    ]
    assert figure_spans(table) == [[1] * 15]


def test_proactive_disclosure_layout_2021() -> None:
    table = layout("2021", "proactive-disclosure")
    assert heads(table) == [
        [("第二十条第（一）项", 1, 4)],
        [("信息内容", 1, 1), ("本年制发件数", 1, 1), ("本年废止件数", 1, 1), ("现行有效件数", 1, 1)],
        [("规章", 1, 1)],
        [("行政规范性文件", 1, 1)],
        [("第二十条第（五）项", 1, 4)],
        [("信息内容", 1, 1), ("本年处理决定数量", 1, 3)],
        [("行政许可", 1, 1)],
        [("第二十条第（六）项", 1, 4)],
        [("信息内容", 1, 1), ("本年处理决定数量", 1, 3)],
        [("行政处罚", 1, 1)],
        [("行政强制", 1, 1)],
        [("第二十条第（八）项", 1, 4)],
        [("信息内容", 1, 1), ("本年收费金额（单位：万元）", 1, 3)],
        [("行政事业性收费", 1, 1)],
    ]
    assert figure_spans(table) == [[1, 1, 1], [1, 1, 1], [3], [3], [3], [3]]


def test_proactive_disclosure_layout_2019() -> None:
    table = layout("2019", "proactive-disclosure")
    items = [("信息内容", 1, 1), ("上一年项目数量", 1, 1), ("本年增/减", 1, 2), ("处理决定数量", 1, 1)]
    assert heads(table) == [
        [("第二十条第（一）项", 1, 5)],
        [("信息内容", 1, 1), ("本年新\n制作数量", 1, 1), ("本年新\n公开数量", 1, 2), ("对外公开总数量", 1, 1)],
        [("规章", 1, 1)],
        [("规范性文件", 1, 1)],
        [("第二十条第（五）项", 1, 5)],
        items,
        [("行政许可", 1, 1)],
        [("其他对外管理服务事项", 1, 1)],
        [("第二十条第（六）项", 1, 5)],
        items,
        [("行政处罚", 1, 1)],
        [("行政强制", 1, 1)],
        [("第二十条第（八）项", 1, 5)],
        [("信息内容", 1, 1), ("上一年项目数量", 1, 2), ("本年增/减", 1, 2)],
        [("行政事业性收费", 1, 1)],
        [("第二十条第（九）项", 1, 5)],
        [("信息内容", 1, 1), ("采购项目数量", 1, 2), ("采购总金额", 1, 2)],
        [("政府集中采购", 1, 1)],
    ]
    assert figure_spans(table) == [[1, 2, 1]] * 6 + [[2, 2]] * 2


@pytest.mark.parametrize("form", ["2019", "2021"])
@pytest.mark.parametrize("table", ["proactive-disclosure", "requests", "reviews"])
def test_cells_fill_the_grid_without_overlap(form: str, table: str) -> None:
    made = layout(form, table)
    covered = [
        (row, column)
        for block in made.blocks
        for line in (*block.head, *block.body)
        for cell in line
        for row in range(cell.row, cell.row + cell.rowspan)
        for column in range(cell.column, cell.column + cell.colspan)
    ]
    rows = sum(len(block.head) + len(block.body) for block in made.blocks)
    assert sorted(covered) == [(row, column) for row in range(rows) for column in range(made.width)]


LOCAL = """\
form: wuhan-2019
extends: "2019"
english: Local form
source: {notice: 地方格式}
label-notes:
  proactive-disclosure:
    rows: {rules: （设区的市、自治州人民政府应提供相关数据）}
    columns: {change: （减用负值表示，如-8）}
add-rows:
  proactive-disclosure:
    - {after: normative-documents, key: other-documents, label: 其他主动公开文件, english: Other documents}
"""


def test_a_local_form_adds_rows_and_notes() -> None:
    form, diagnostics = read_form(read_source("wuhan.yaml", LOCAL.encode()), statutory_forms())
    assert not diagnostics
    assert form
    table = layout_of(form.table("proactive-disclosure"))
    labels = [label for line in heads(table) for label, _rowspan, _colspan in line]
    assert labels[5:8] == ["规章（设区的市、自治州人民政府应提供相关数据）", "规范性文件", "其他主动公开文件"]
    assert labels.count("本年增/减（减用负值表示，如-8）") == 3
    assert len(table.indicators) == 22 + 3
    assert form.table("requests") is statutory_forms()["2019"].table("requests")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"2019"', '"2020"', (2, 10, "There is no such form; use one of: 2019, 2021.")),
        ("after: normative", "after: normal", (11, 15, "There is no row “normal-documents”.")),
        ("{rules:", "{ruls:", (7, 12, "The table has no “ruls”.")),
        ("key: other-documents", "key: rules", (11, 7, "“rules.made” appears twice in the table.")),
        ("form: wuhan-2019\n", "", (1, 1, "“form” must be a text.")),
        ("label: 其他主动公开文件, ", "", (11, 7, "“label” must be a text.")),
        (
            "add-rows",
            "add-row",
            (
                9,
                1,
                "Unknown key “add-row”; use one of: form, extends, title, title-parts, english, source, years, deadline, sections, label-notes, add-rows, same-as.",
            ),
        ),
    ],
)
def test_a_broken_form_says_what_is_wrong(old: str, new: str, expected: tuple[int, int, str]) -> None:
    form, diagnostics = read_form(read_source("wuhan.yaml", LOCAL.replace(old, new).encode()), statutory_forms())
    assert form is None
    assert expected in [(d.pos.line, d.pos.column, d.render(str)) for d in diagnostics]


def test_a_set_names_figures_of_its_table() -> None:
    text = (FORMS_DIR / "2021.yaml").read_text("utf-8")
    form, diagnostics = read_form(
        read_source("2021.yaml", text.replace("[received.total, carried-in", "[recieved.total, carried-in").encode()), {}
    )
    assert form is None
    assert [d.render(str) for d in diagnostics] == ["The table has no “recieved.total”."]


@pytest.mark.parametrize(("year", "name"), [(2018, None), (2019, "2019"), (2020, "2019"), (2021, "2021"), (2099, "2021")])
def test_a_form_is_in_force_for_its_years(year: int, name: str | None) -> None:
    found = form_in_force(statutory_forms().values(), year)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("宿迁市2024年政府信息公开工作年度报告", ("宿迁市", "2024年", "政府信息公开", "工作", "年度报告")),
        ("2024年政府信息公开工作年度报告", ("2024年", "政府信息公开", "工作", "年度报告")),
        ("宿迁市2024年政府信息公开工作年度报告（摘要）", ()),
        ("宿迁市2024年工作总结", ()),
    ],
)
def test_a_line_of_a_title_ends_only_between_its_parts(title: str, parts: tuple[str, ...]) -> None:
    assert statutory_forms()["2021"].phrases(title, 2024) == parts


def test_a_row_is_added_where_it_belongs_however_deep() -> None:
    text = (
        'form: local\nextends: "2021"\nenglish: Local\nsource: {notice: 地方}\nadd-rows:\n  requests:\n'
        "    - {after: results.refused.third-party-rights, key: fourth, label: 第四方, english: Fourth}\n"
    )
    form, diagnostics = read_form(read_source("local.yaml", text.encode()), statutory_forms())
    assert form
    assert diagnostics == ()
    rows = [path.rpartition(".")[0] for path in layout_of(form.table("requests")).indicators if path.endswith(".total")]
    at = rows.index("results.refused.fourth")
    assert rows[at - 1 : at + 2] == [
        "results.refused.third-party-rights", "results.refused.fourth", "results.refused.internal-affairs",
    ]  # fmt: skip
    assert (
        len(rows)
        == len([p for p in layout_of(statutory_forms()["2021"].table("requests")).indicators if p.endswith(".total")]) + 1
    )


BAD_FORMS = [
    ("unit: 件", "unit: []", "“unit” must be a text."),
    ("widths: [24, 16, 16, 16]", "widths: 24", "“widths” must be a list."),
    ("widths: [24, 16, 16, 16]", "widths: [24, 16, 16, [16]]", "Each item of “widths” must be a text."),
    ("unit: 件", "unit: ~", "“unit” must be a text."),
    ("widths: [24, 16, 16, 16]", "widths: [24, 16, 16]", "The block is 4 columns wide, but “widths” has 3."),
    ("years: {from: 2021}", "years: {from: 0}", "“from” must be a whole number from 1 to 9999."),
    ("years: {from: 2021}", "years: 2021", "A mapping is expected here: from, to."),
    (
        "{key: requests, title: 三、收到和处理政府信息公开申请情况}",
        "requests",
        "A mapping is expected here: key, title, aliases, prompts, least, fees.",
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


IN_CHINESE = """\
格式: 督查
报告种类: 督查
依据: {文件: 通知}
适用年度: {起: 2021}
表:
  督查:
    名称: 督查
    单位: 件
    列: [{名称: 本年}]
    行:
      - {名称: 已办}
      - {名称: 待办}
      - {名称: 合计, 合计: 同级, 核对名称: 督查合计}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("起: 2021", "起: 今年", "4: “起”应当是 1 到 9999 的整数。"),
        ("    列:", "    列宽: [8]\n    列:", "9: 这个分块有 2 列，但“列宽”写了 1 列。"),
        ("    列:", "    分块: []\n    列:", "10: 写了“分块”，列和行就写在各分块里。"),
        ("    列:", "    表头左上角: [甲, 乙]\n    列:", "9: 行表头有 1 级，“表头左上角”却有 2 项。"),
        ("    列: [{名称: 本年}]\n", "", "7: 缺少“列”。"),
        ("表:", "期限: {依据: 通知, 日期: 01-31, 级别: {省: 01-31}}\n表:", "5: 写了“级别”的，日期应分别写在各级别之下。"),
        ("表:", "期限: {依据: 通知, 级别: 省}\n表:", "5: 这里应当是一组键值：键: {名称, 日期}。"),
        ("    列:", "    正文表述: [{句式: '已办{n}', 数据: [已办.本年], 占比: 是}]\n    列:", "7: 缺少“占比基数”。"),
        ("适用年度: {起: 2021}\n", "", "1: 缺少“适用年度”。"),
        ("{起: 2021}", "2021年起", "4: 这里应当是一组键值：起、止。"),
        ("[{名称: 本年}]", "本年", "9: “列”应当是列表。"),
        ("{名称: 已办}", "已办", "11: 这里应当是一组键值：键、名称、英文名、简称、别名、占列数、合计、核对名称、带正负号、带小数、单位、可选单位、文字、显示、逐项、编号、行。"),
        ("{名称: 已办}", "{单位: 件}", "11: “名称”应当是文字。"),
        ("{名称: 已办}", "{名称: 已办, 文字: 是}", "11: 行不能写“文字”，只有列可以。"),
        ("合计: 同级", "合计: 全部", "13: “合计”只能写“同级”，或者不写。"),
        ("    单位", "    字体: 宋\n    单位", "8: “字体”无法识别；这里可用的是：章节序号、名称、英文名、简称、别名、依据、单位、列宽、分块、标题、表头左上角、列、行、勾稽关系、正文表述、数据组、比率。"),
    ],
)  # fmt: skip
def test_a_form_in_chinese_is_told_in_its_own_words(old: str, new: str, said: str) -> None:
    assert old in IN_CHINESE
    forms = statutory_forms()
    assert read_form(read_source("f.yaml", IN_CHINESE.encode()), forms).diagnostics == ()
    found = read_form(read_source("f.yaml", IN_CHINESE.replace(old, new, 1).encode()), forms).diagnostics
    assert said in [f"{one.pos.line}: {one.render(translator('zh_CN'))}" for one in found]
    assert len({one.pos for one in found}) == len(found), "each once"


@pytest.mark.parametrize(
    ("extends", "more", "found"),
    [
        ("[2021]", "", ["2: “扩展”应当是文字。"]),
        ("2022", "", ["2: 没有这个表样；可用的是：2019、2021。"]),
        ("2021", "增加行: {收费: 4}", ["4: “收费”无法识别；"]),
        ("2021", "增加行: {依申请公开: 3}", ["4: “依申请公开”应当是列表。"]),
    ],
)
def test_a_mistake_in_a_form_that_extends_another_is_told_once(extends: str, more: str, found: list[str]) -> None:
    text = f"格式: 本市\n扩展: {extends}\n依据: {{文件: 通知}}\n{more}\n"
    diagnostics = read_form(read_source("f.yaml", text.encode()), statutory_forms()).diagnostics
    told = [f"{one.pos.line}: {one.render(translator('zh_CN'))}" for one in diagnostics]
    assert [line[: len(start)] for line, start in zip(told, found, strict=True)] == found


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
#: these two have the minimum size of a table
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
        ("upheld <= total", "upheld total", "19: The equation “upheld total” does not match any figures of the table."),
        ("upheld <= total", "upheld <= sum", "19: The equation “upheld <= sum” does not match any figures of the table."),
        ("upheld <= total", "<= total", "19: The equation “<= total” does not match any figures of the table."),
        ("upheld <= total", "upheld - <= total", "19: The equation “upheld - <= total” does not match any figures of the table."),
        ("upheld <= total", "last.upheld = last.total", "19: The equation “last.upheld = last.total” does not match any figures of the table."),
        ("figures: [upheld]", "figures: [up]", "21: The equation “up” does not match any figures of the table."),
        ("figures: [upheld]", "figures: [upheld + up]", "21: The equation “upheld + up” does not match any figures of the table."),
        ("figures: [total]", "figures: [sum]", "23: The table has no “sum”."),
        ("'维持{n}'", "'维持{gap}{n})'", "21: The pattern is not a regular expression: check its character 11."),
        ("'维持{n}'", "'(维持{n}'", "21: The pattern is not a regular expression: check its character 1."),
        ("- {key: other,", "- {key: upheld,", "7: “upheld” appears twice in the table."),
        ("english: Other}", "english: Other, sum: siblings, rule: reviews-total}", "14: A total must be the last of its group."),
        ("english: Other}", "english: Other, sum: all, rule: reviews-total}", "16: “sum” can only be “siblings”, or left out."),
        ("rule: reviews-total}", "rule: reviews-total, columns: [{key: a, label: 甲, english: A}]}", "17: A group cannot be a total."),
        (", rule: reviews-total}", "}", "17: “rule” must be a text."),
        (SMALL[SMALL.index("      - columns") : SMALL.index("    checks")], "      []\n", "7: “blocks” is missing."),
        ("widths: [8, 8, 8]", "widths: [8, wide, 8]", "12: “widths” must be a whole number from 1 to 9999."),
        ("blocks: [{columns: [{key: all, label: 全部, english: All}]}]", "blocks: [{rows: []}]", "25: “columns” is missing."),
        (SMALL[SMALL.index("tables:") :], "", "1: The form has no tables."),
        (SMALL[SMALL.index("tables:") :], "tables: {}\n", "5: The form has no tables."),
    ],
)  # fmt: skip
def test_each_mistake_in_a_form_is_named_at_its_line(old: str, new: str, said: str) -> None:
    found = small(old, new)
    assert said in found


@pytest.mark.parametrize("place", ["title", "corner", "column", "row"])
def test_a_table_names_the_year_of_its_report_wherever_its_form_does(place: str) -> None:
    names = dict.fromkeys(("title", "corner", "column", "row"), "甲") | {place: "{year}年"}
    text = (
        "form: own\nsource: {{notice: 通知}}\nyears: {{from: 2021}}\ntables:\n  units:\n    label: 情况\n    unit: 件\n"
        "    title: '{title}'\n    corner: '{corner}'\n    columns: [{{label: '{column}', key: a}}]\n"
        "    rows: [{{label: '{row}', key: b}}]\n"
    ).format(**names)
    form, diagnostics = read_form(read_source("own.yaml", text.encode()), statutory_forms())
    assert form, diagnostics
    for year, shown in ((2024, "2024年"), (0, "本年")):
        texts = [cell.text for line in layout_of(filled(form.table("units"), year)).lines for cell in line if not cell.path]
        assert texts == [shown if key == place else "甲" for key in names]


def test_notes_on_labels_are_texts() -> None:
    head = 'form: local\nextends: "2021"\nenglish: Local\nsource: {notice: 地方}\n'
    for more, said in (
        ("label-notes: {reviews: {rows: 一}}\n", "5:31 A mapping is expected here: key: （…）."),
        ("label-notes: {reviews: {columns: {reconsideration: []}}}\n", "5:52 “reconsideration” must be a text."),
        ("label-notes: {reviews: {cells: {}}}\n", "5:25 Unknown key “cells”; use one of: rows, columns."),
        ("add-rows: {requests: 1}\n", "5:22 “requests” must be a list."),
        ("add-rows: {requests: [1]}\n", "5:23 A mapping is expected here: after"),
    ):
        form, diagnostics = read_form(read_source("f.yaml", (head + more).encode()), statutory_forms())
        assert form is None
        assert any(f"{d.pos.line}:{d.pos.column} {d.render(str)}".startswith(said) for d in diagnostics), diagnostics


def test_notes_reach_labels_below_groups() -> None:
    text = (
        'form: local\nextends: "2021"\nenglish: Local\nsource: {notice: 地方}\n'
        "label-notes: {requests: {rows: {results.refused.state-secret: （甲）}}}\n"
    )
    form, diagnostics = read_form(read_source("local.yaml", text.encode()), statutory_forms())
    assert diagnostics == ()
    assert form
    texts = [cell.text for line in layout_of(form.table("requests")).lines for cell in line if "（甲）" in cell.text]
    assert len(texts) == 1
    assert texts[0].endswith("属于国家秘密（甲）")


@pytest.mark.parametrize("name", ["法人或其他组织", "申请人情况.法人或其他组织"])
def test_notes_reach_groups_without_a_key(name: str) -> None:
    text = (
        f'form: local\nextends: "2021"\nsource: {{notice: 地方}}\nlabel-notes: {{requests: {{columns: {{{name}: （甲）}}}}}}\n'
    )
    form, diagnostics = read_form(read_source("local.yaml", text.encode()), statutory_forms())
    assert diagnostics == ()
    assert form
    lines = layout_of(form.table("requests")).lines
    assert [cell.text for line in lines for cell in line if "（甲）" in cell.text] == ["法人或其他组织（甲）"]


def test_equations_know_minus_and_at_most() -> None:
    (found,) = expand("balance", "a - last:b <= c", ["a", "b", "c"])
    assert found.left == (Term("a"), Term("b", -1, is_last=True))
    assert found.right == (Term("c"),)
    assert found.is_at_most
    assert not expand("balance", "a = c", ["a", "c"])[0].is_at_most
    for nothing in ("a b = c", "+ a = c", "a = ", "a < c", "a = b = c", "a = d"):
        assert expand("balance", nothing, ["a", "b", "c"]) == (), nothing


def test_the_statutory_forms_are_of_one_kind() -> None:
    assert {form.kind for form in statutory_forms().values()} == {main_kind()}


def test_keys_are_written_in_english_or_chinese() -> None:
    """Fujian's form, whose keys are Chinese, has the same content with English keys."""
    own = (REPO / "docs/forms/fujian-2017.yaml").read_text("utf-8")
    english = own
    for name, chinese in sorted(CHINESE_KEYS.items(), key=lambda pair: -len(pair[1])):
        english = re.sub(rf"(?<=[ {{\n]){chinese}(?=: )|(?<=[ \n]){chinese}(?=:\n)", name, english)
    english = english.replace("shows: 单位", "shows: unit").replace("explainable: 是", "explainable: true")
    assert "名称:" not in english
    one, _problems = read_form(read_source("a.yaml", own.encode()), statutory_forms())
    two, problems = read_form(read_source("a.yaml", english.encode()), statutory_forms())
    assert problems == ()
    assert one
    assert two
    assert one._replace(tables=(), digest="") == two._replace(tables=(), digest="")
    assert [asdict(table) for table in one.tables] == [asdict(table) for table in two.tables]


def test_the_reference_has_every_key_in_both_languages() -> None:
    written = (REPO / "docs/reference/forms.md").read_text("utf-8").partition("### Keys")[2]
    for name, chinese in CHINESE_KEYS.items():
        assert f"`{name}`" in written
        assert chinese in written


OWN = """\
form: own
source: {notice: 通知}
years: {from: 2021}
tables:
  units:
    label: 各单位情况
    unit: 件
    corner: [序号, 单位名称]
    columns:
      - {label: 甲}
      - {label: 乙, key: second}
      - {label: 合计, sum: siblings, rule: own-total}
      - {label: 备注, text: true}
    rows:
      - {each: 单位名称, numbered: true}
      - {label: 合计, sum: siblings, rule: own-total}
    checks:
      - {rule: whole, equation: 合计.* <= 合计.*}
"""


def filled_in(branch: Branch, keys: Keys, numbers: Iterator[int]) -> dict[str, Any]:
    """Return a mapping with a different number for every figure except totals, by keys in a language."""
    parts = {branch.key(child, keys): part for child, part in branch.children.items() if not part.is_computed}
    assert len(parts) == sum(1 for part in branch.children.values() if not part.is_computed), "two siblings share a key"
    return {key: filled_in(part, keys, numbers) if isinstance(part, Branch) else next(numbers) for key, part in parts.items()}


def every_form() -> dict[str, Form]:
    """Yield the statutory forms, and local ones: some extend these, some are independent."""
    forms = dict(statutory_forms())
    for path in sorted((*(REPO / "tests/forms").glob("*.yaml"), *(REPO / "docs/forms").glob("*.yaml")), reverse=True):
        form, diagnostics = read_form(read_source(path.name, path.read_bytes()), forms)
        assert form
        assert not diagnostics
        forms[form.name] = form
    return forms


@pytest.mark.parametrize("name", every_form())
def test_a_year_file_with_the_chinese_key_of_everything_is_read_as_one_with_the_keys(name: str) -> None:
    form = every_form()[name]
    year = form.first_year + 1
    read = []
    for keys in ("en", "zh"):
        roots = {table.name: layout_of(table, year, ("某局", "市局（本级）")).root for table in form.tables}
        tables = {table_key(one, [form], keys): filled_in(root, keys, count(1)) for one, root in roots.items()}
        top = {"agency": "某局", "year": year, "form": name} | tables
        if keys == "zh":
            top = {TOP_KEYS.get(key, key): value for key, value in top.items()}
        found, _diagnostics = read_report(read_source("f.yaml", yaml.safe_dump(top, allow_unicode=True).encode()), {name: form})
        assert found
        read.append(
            [
                (table, path, figure.value)
                for table in form.table_names
                for path, figure in found.figures[table].items()
                if figure.text
            ]
        )
        if keys == "zh":
            written = json.dumps(top, ensure_ascii=False).replace(name, "")
            assert not re.search("[a-z：#·]", written)
    assert read[0] == read[1]
    assert all(value is not None for _table, _path, value in read[0])


def test_chinese_keys_are_short_and_in_the_words_of_the_law() -> None:
    form = statutory_forms()["2021"]
    assert [table_key(name, [form], "zh") for name in form.table_names] == ["主动公开", "依申请公开", "复议诉讼"]
    assert table_key("requests", [form], "en") == "requests"
    root = layout_of(form.table("requests")).root
    assert {path: root.path_in(path, "zh") for path in ("received.total", "carried-in.legal-service", "carried-out.other")} == {
        "received.total": "新收.总计",
        "carried-in.legal-service": "上年结转.法律服务机构",
        "carried-out.other": "结转下年度.其他",
    }
    assert root.path_in("results.partly-granted.total", "zh") == "办理结果.部分公开.总计"
    assert root.path_in("results.refused.endangers-security.total", "zh") == "办理结果.不予公开.危及三安全一稳定.总计"
    assert root.path_in("results.other.overdue-payment.total", "en") == "results.other.overdue-payment.total"
    assert list(layout_of(form.table("proactive-disclosure")).root.children) == [
        "rules", "normative-documents", "licensing", "penalties", "coercive-measures", "fees",
    ]  # fmt: skip


def own(old: str = "", new: str = "") -> list[str]:
    assert old in OWN
    _form, diagnostics = read_form(read_source("f.yaml", OWN.replace(old, new, 1).encode()), statutory_forms())
    return [f"{d.pos.line}: {d.render(str)}" for d in diagnostics]


def test_a_row_that_year_files_list_is_followed_by_its_name() -> None:
    form, _problems = read_form(read_source("own.yaml", OWN.encode()), statutory_forms())
    assert form
    reports = []
    for year, rows in ((2022, "一局: [1, 2]"), (2023, "二局: [3, 4]"), (2024, "二局: [5, 6], 一局: [7, 8]")):
        text = f"agency: 某局\nyear: {year}\nform: own\nunits: {{{rows}}}\n"
        reports.append(read_report(read_source("a.yaml", text.encode()), {form.name: form}).report)
    series = series_of("units.一局.second", [one for one in reports if one], {form.name: form})
    assert isinstance(series, Series)
    assert series.values == (2, None, 8)
    assert [one.figure("units.合计.备注").is_explicit for one in reports if one] == [False] * 3, "texts may be left out"


def test_a_form_needs_no_english_no_widths_and_no_keys() -> None:
    assert own() == []
    form, _problems = read_form(read_source("f.yaml", OWN.encode()), statutory_forms())
    assert form
    table = form.table("units")
    assert list(layout_of(table, names=("一局", "二局")).indicators) == [
        f"{row}.{column}" for row in ("一局", "二局", "合计") for column in ("甲", "second", "合计", "备注")
    ]
    assert heads(layout_of(table))[0][:3] == [("序号", 1, 1), ("单位名称", 1, 1), ("甲", 1, 1)]
    assert (table.source, table.widths) == ("通知", (16, 16, 10, 10, 10, 10))
    assert {term.path for equation in layout_of(table, names=("一局",)).equations for term in equation.terms} == {
        f"{row}.{column}" for row in ("一局", "合计") for column in ("甲", "second", "合计")
    }  # texts are not part of sums


@pytest.mark.parametrize(
    ("units", "said"),
    [
        ("{一.局: [1, 2, 好]}", "4: “一.局” cannot be the name of a row."),
        ("{“一：局”: [1, 2, 3]}", "4: ““一：局”” cannot be the name of a row."),
        ("{一局: [1, 2, 3, [好]]}", "4: 一局·备注: a text is expected here."),
    ],
)
def test_each_mistake_in_the_rows_of_names_is_named_at_its_line(units: str, said: str) -> None:
    form, _problems = read_form(read_source("f.yaml", OWN.encode()), statutory_forms())
    assert form
    data = f"agency: 甲\nyear: 2024\nform: own\nunits: {units}\n"
    found = read_report(read_source("a.yaml", data.encode()), {form.name: form}).diagnostics
    assert any(f"{one.pos.line}: {one.render(str)}".startswith(said) for one in found), [one.render(str) for one in found]


@pytest.mark.parametrize("name", ["一.局", "一:局", "其中：一局", "一局/二局"])
def test_a_row_with_an_invalid_name_makes_no_sum_wrong(name: str) -> None:
    form, _problems = read_form(read_source("f.yaml", OWN.encode()), statutory_forms())
    assert form
    data = f"agency: 甲\nyear: 2024\nform: own\nunits:\n  {name}: [1, 2, 3]\n  三局: [1, 1]\n"
    report, found = read_report(read_source("a.yaml", data.encode()), {form.name: form})
    assert [f"{one.pos.line}:{one.pos.column} {one.render(str)}" for one in found] == [
        f"5:3 “{name}” cannot be the name of a row. A name must not contain these characters: . · + / | : *"
    ]
    assert report
    assert report.figure("units.合计.合计").value == 5


def test_a_column_of_units_within_a_group_has_no_figures() -> None:
    text = OWN.replace("{label: 甲}", "{label: 组, columns: [{label: 计量, shows: unit}, {label: 甲}]}")
    form, problems = read_form(read_source("f.yaml", text.encode()), statutory_forms())
    assert form, problems
    laid_out = layout_of(form.table("units"), names=("一局",))
    assert list(laid_out.indicators) == [
        f"{row}.{column}" for row in ("一局", "合计") for column in ("甲", "second", "合计", "备注")
    ]
    assert [cell.text for cell in laid_out.lines[2]][:3] == ["1", "一局", "件"]


def test_a_sum_of_named_rows_is_that_of_its_group() -> None:
    rows = "{label: 全市, rows: [{label: 东}, {label: 西}, {label: 北}, {label: 东西, sum: [东, 西], rule: own}]}"
    text = OWN[: OWN.index("    corner:")] + f"    columns: [{{label: 甲}}, {{label: 乙}}]\n    rows: [{rows}]\n"
    form, problems = read_form(read_source("f.yaml", text.encode()), statutory_forms())
    assert form, problems
    indicators = layout_of(form.table("units")).indicators
    assert indicators["全市.东西.乙"].parts == ("全市.东.乙", "全市.西.乙")


def test_rows_for_each_name_need_no_numbers() -> None:
    text = OWN.replace("    corner: [序号, 单位名称]\n", "").replace(", numbered: true", "")
    form, problems = read_form(read_source("f.yaml", text.encode()), statutory_forms())
    assert form, problems
    laid_out = layout_of(form.table("units"), names=("一局", "二局"))
    assert [cell.text for line in laid_out.lines for cell in line if cell.is_row_head] == ["一局", "二局", "合计"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{label: 甲}", "{label: 甲.乙}", "10: “甲.乙” is not a valid key: use a-z, 0-9 and single hyphens, or Chinese characters."),
        ("{label: 甲}", "{label: 甲, short: 甲（乙）}", "10: “甲（乙）” is not a valid short name: use Chinese characters, digits and letters."),
        ("{label: 甲}", "{label: 甲, 名称: 丙}", "10: “名称” appears here twice."),
        ("{label: 甲}", "{label: 甲, each: 丙}", "10: Columns cannot be “each”, only rows."),
        ("rows:\n", "rows:\n      - {label: 丙, text: true}\n", "15: Rows cannot be “text”, only columns."),
        ("{each: 单位名称", "{each: 单位名称, label: 丙", "15: A row for each name must not have a label, a key, a sum or rows."),
        ("rows:\n", "rows:\n      - {each: 单位}\n", "6: A table can have rows for each name only once, and not within a group."),
        ("{each: 单位名称, numbered: true}", "{label: 各局, rows: [{each: 单位名称}]}", "6: A table can have rows for each name only once, and not within a group."),
        ("corner: [序号, 单位名称]", "corner: [单位名称]", "8: The rows have 2 levels of headers, but “corner” has 1."),
        ("second}", "second, sum: [甲, 丁], rule: x}", "6: The sum “*.second” has a part that is not in the table: *.丁."),
        ("second}", "second, sum: [second], rule: x}", "6: The sum “*.second” is a part of itself."),
        (
            "甲}\n      - {label: 乙, key: second}",
            "甲, sum: [second], rule: x}\n      - {label: 乙, key: second, sum: [甲], rule: x}",
            "6: The sum “*.甲” is a part of itself.",
        ),
        ("    columns:", "    blocks: []\n    columns:", "8: With “blocks”, columns and rows belong in the blocks."),
        ("text: true", "text: maybe", "13: “text” can only be “true”, or left out."),
    ],
)  # fmt: skip
def test_each_mistake_in_a_form_of_its_own_is_named_at_its_line(old: str, new: str, said: str) -> None:
    assert said in own(old, new)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("from: 2021", "from: 2021, to: 2020", "3: The last year, 2020, is before the first, 2021."),
        ("tables:", "share-base: units.合计.丙\ntables:", "4: The form has no “units.合计.丙”."),
        ("  units:", "  附注:", "5: A table cannot be called “附注”: this name has another meaning."),
        ("label: 各单位情况", "label: 各单位情况, 2\n    short: 说明", "5: A table cannot be called “说明”: this name has another meaning."),
        ("{label: 甲}", "{label: 合计}", "6: “*.合计” appears twice in the table."),
        ("{label: 甲}", "{label: 甲, unit: 元}", "6: The figures of “*.合计” are not counted in one unit: 单位名称·乙（件）, 单位名称·甲（元）."),
    ],
)  # fmt: skip
def test_each_mistake_in_a_form_of_its_own_is_told_once(old: str, new: str, said: str) -> None:
    assert own(old, new) == [said]


def test_no_table_has_the_name_of_another_key_of_year_files() -> None:
    for key in (*TOP_KEYS.values(), *DEFAULT_KEY.values()):
        assert own("  units:", f"  {key}:") == [f"5: A table cannot be called “{key}”: this name has another meaning."]


def test_a_table_without_columns_is_not_said_to_have_blocks() -> None:
    text = "form: own\nsource: {notice: 通知}\nyears: {from: 2021}\ntables: {units: {label: 情况, unit: 件, rows: [{label: 甲}]}}\n"
    assert problems(text) == ["4:17 “columns” is missing."]


def problems(text: str) -> list[str]:
    form, diagnostics = read_form(read_source("f.yaml", text.encode()), statutory_forms())
    assert form is None
    return [f"{d.pos.line}:{d.pos.column} {d.render(str)}" for d in diagnostics]


SAME = "same-as:\n  - {figure: reviews.total, form: '2019', as: reviews.reconsideration.total, source: 通知}\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("form: '2019'", "form: '2018'", "6:35 There is no such form; use one of: 2019, 2021."),
        ("form: '2019'", "form: small", "6:35 There is no such form; use one of: 2019, 2021."),
        ("figure: reviews.total", "figure: reviews.sum", "6:14 The form has no “reviews.sum”."),
        ("figure: reviews.total", "figure: total", "6:14 The form has no “total”."),
        (
            "reconsideration.total, s",
            "reconsideration.sum, s",
            "6:47 The form 2019 has no “reviews.reconsideration.sum”.",
        ),
        ("figure: reviews.total", "figure: reviews.*", "6:43 “reviews.*” and “reviews.reconsideration.total” must have the same number of “*”."),
        (
            "as: reviews.reconsideration.total",
            "as: proactive-disclosure.licensing.previous",
            "6:47 总计 is counted in 件 here, but in 项 in the form 2019.",
        ),
        (", source: 通知}", "}", "6:5 “source” must be a text."),
        ("figure: reviews.total, ", "", "6:5 “figure” must be a text."),
        (
            "source: 通知}\n",
            "source: 通知}\n  - {figure: reviews.total, form: '2019', as: reviews.litigation.direct.total, source: 通知}\n",
            "7:47 “reviews.total” is declared to be the same as two figures: remove one of them.",
        ),
        (
            "source: 通知}\n",
            "source: 通知}\n  - {figure: reviews.upheld, form: '2019', as: reviews.reconsideration.total, source: 通知}\n",
            "7:48 “reviews.reconsideration.total” is declared to be the same as two figures: remove one of them.",
        ),
    ],
)  # fmt: skip
def test_what_is_said_to_be_the_same_must_be_there_and_count_alike(old: str, new: str, said: str) -> None:
    head, tables = SMALL.split("tables:\n")
    assert small() == []
    assert old in SAME
    assert problems(f"{head}{SAME.replace(old, new, 1)}tables:\n{tables}") == [said]


def test_a_local_form_names_those_that_are_read_before_it() -> None:
    head = 'form: local\nextends: "2021"\nenglish: Local\nsource: {notice: 地方}\n'
    statement = "same-as: [{figure: proactive-disclosure.licensing.decisions, form: '2019', source: 某省通知}]\n"
    form, diagnostics = read_form(read_source("local.yaml", (head + statement).encode()), statutory_forms())
    assert diagnostics == ()
    assert form
    assert (form.same_as[-1].other, form.same_as[-1].source) == ("proactive-disclosure.licensing.decisions", "某省通知")
    later = head + statement.replace("'2019'", "later")
    assert problems(later) == ["5:68 There is no such form; use one of: 2019, 2021."]


RATES = "    rates:\n      - {key: rate, label: 维持率, english: Rate, formula: upheld / total}\n"


@pytest.mark.parametrize(
    "formula",
    ["upheld / total", "(upheld) / (upheld + other)", "（upheld + other）/ total", "upheld / (total - other)", "'* / total'"],
)
def test_a_formula_of_a_rate_is_one_sum_over_another(formula: str) -> None:
    assert small("    sets:\n", RATES.replace("upheld / total", formula) + "    sets:\n") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        *(
            ("upheld / total", formula, f"23: “{formula}” is not a formula of a rate: write (a + b) / c with figures of the table.")
            for formula in (
                "upheld", "upheld / other / total", "upheld + other / total", "upheld / sum", "last:upheld / total", "/ total",
                "(upheld + other / total", "upheld / 2",
            )
        ),
        ("key: rate", "key: total", "23: “total” appears twice in the table."),
        ("key: rate", "key: Rate", "23: “Rate” is not a valid key: use a-z, 0-9 and single hyphens, or Chinese characters."),
        ("label: 维持率", "label: 维持", "23: “维持” appears twice in the table."),
        (", formula: upheld / total", "", "23: “formula” must be a text."),
        ("key: rate, ", "", "23: “key” must be a text."),
        ("english: Rate", "english: Rate, unit: 件", "23: Unknown key “unit”; use one of: key, label, english, aliases, formula."),
    ],
)  # fmt: skip
def test_a_wrong_rate_is_named_at_its_line(old: str, new: str, said: str) -> None:
    assert old in RATES
    assert said in small("    sets:\n", RATES.replace(old, new, 1) + "    sets:\n")


def test_a_rate_of_figures_in_two_units_is_refused() -> None:
    text = (FORMS_DIR / "2021.yaml").read_text("utf-8").replace('form: "2021"', "form: own", 1)
    rates = "    rates: [{key: rate, label: 率, english: Rate, formula: fees.amount / licensing.decisions}]\n    blocks:\n"
    assert [one.partition(" ")[2] for one in problems(text.replace("    blocks:\n", rates, 1))] == [
        "The figures of “fees.amount / licensing.decisions” are not counted in one unit: 行政事业性收费·本年收费金额（万元）, 行政许可·本年处理决定数量（件）."
    ]


def test_a_rate_of_texts_is_refused() -> None:
    columns = "[{label: 收件, key: received}, {label: 备注, key: remark, text: true}]"
    rates = "[{key: rate, label: 率, formula: 甲.remark / 甲.received}]"
    table = f"{{label: 情况, unit: 件, columns: {columns}, rows: [{{label: 甲}}], rates: {rates}}}"
    text = f"form: own\nsource: {{notice: 通知}}\nyears: {{from: 2021}}\ntables: {{units: {table}}}\n"
    (problem,) = problems(text)
    assert "“甲.remark / 甲.received” is not a formula of a rate" in problem


def test_a_set_may_name_a_rate() -> None:
    assert small("    sets:\n", RATES + "    sets:\n      - {key: rates, label: 比率, figures: [rate, total]}\n") == []


def test_groups_and_rows_pass_on_the_properties_of_figures() -> None:
    columns = """
      - {label: 计量单位, shows: unit}
      - {label: 经费, unit: 万元, decimal: true, columns: [{label: 上年}, {label: 增减, signed: true}, {label: 外币, unit: 美元}]}
      - {label: 数量}
      - {label: 说明, text: true, columns: [{label: 其一}, {label: 其二}]}"""
    rows = """
      - {label: 甲}
      - {label: 乙, unit: 元, decimal: true, rows: [{label: 东}, {label: 西, unit: 人}]}
      - {label: 丙, units: [元, 万元], signed: true}"""
    text = OWN[: OWN.index("    corner:")] + f"    columns:{columns}\n    rows:{rows}\n"
    form, problems = read_form(read_source("f.yaml", text.encode()), statutory_forms())
    assert form, problems
    layout = layout_of(form.table("units"))
    found = {path: (one.unit, one.units, one.decimal, one.signed) for path, one in layout.indicators.items() if not one.is_text}
    assert found == {
        "甲.上年": ("万元", (), True, False),
        "甲.增减": ("万元", (), True, True),
        "甲.外币": ("美元", (), True, False),
        "甲.数量": ("件", (), False, False),
        "乙.东.上年": ("万元", (), True, False),
        "乙.东.增减": ("万元", (), True, True),
        "乙.东.外币": ("美元", (), True, False),
        "乙.东.数量": ("元", (), True, False),
        "乙.西.上年": ("万元", (), True, False),
        "乙.西.增减": ("万元", (), True, True),
        "乙.西.外币": ("美元", (), True, False),
        "乙.西.数量": ("人", (), True, False),
        "丙.上年": ("万元", (), True, True),
        "丙.增减": ("万元", (), True, True),
        "丙.外币": ("美元", (), True, True),
        "丙.数量": ("", ("元", "万元"), False, True),
    }
    texts = [(path, one.unit) for path, one in layout.indicators.items() if one.is_text]
    assert texts == [(f"{row}.{column}", "") for row in ("甲", "乙.东", "乙.西", "丙") for column in ("其一", "其二")]
    units = [cell.text for line in layout.lines[2:] for cell in line if not cell.path and not cell.is_row_head]
    assert units == ["件", "元", "人", "元/万元"]
