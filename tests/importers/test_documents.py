"""Documents of every kind are imported with every published figure."""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Iterator

import pytest
from _pytest.mark import ParameterSet

from sphinx_govreport.core.extras import MissingExtra
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.reports.figures import Status
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.importers.recognise.report import Imported, Wanted, import_documents
from tests.importers import written
from tests.published import FOLDER, NAMES, published

pytestmark = pytest.mark.usefixtures("read_here")

FORMS = statutory_forms()


def imported(name: str, data: bytes, **wanted: object) -> Imported:
    return import_documents(name, data, FORMS, Wanted(**wanted))[0]  # type: ignore[arg-type]


def figures_of(report: Report | None) -> dict[str, dict[str, str]]:
    """Return the content of each cell of an imported report, as printed."""
    assert report
    return {
        table: {path: f"{figure.text}{figure.unit}" if figure.is_explicit else "left out" for path, figure in figures.items()}
        for table, figures in report.figures.items()
    }


def said(found: Imported) -> set[str]:
    return {finding.rule.name for finding in found.findings}


#: empty cells of lost merges and empty figures are the same where a cell is a line
LOST = ("shanghai-municipal-office-2019", "cells.txt")


def everything() -> Iterator[ParameterSet]:
    """Yield every report in every kind: one of each form in all layouts, the others in some."""
    flat = {"report.docx", "report.xlsx", "report.ods", "report.md"}  # kinds whose rows must all have the same length
    for name, kind, sloppy in itertools.product(NAMES, written.KINDS, written.SLOPPY):
        if (sloppy == "flattened" and kind in flat) or (kind == "report.xlsx" and sloppy == "stacked"):
            continue
        if (name, kind) == LOST and sloppy in ("flattened", "without-merges"):
            continue
        is_quick = sloppy == "tidy" or name in ("suqian-2024", "wendeng-commerce-2020")
        yield pytest.param(name, kind, sloppy, marks=() if is_quick else pytest.mark.slow)


@pytest.mark.parametrize(("name", "kind", "sloppy"), list(everything()))
def test_every_published_report_comes_in_from_every_kind_of_document(name: str, kind: str, sloppy: str) -> None:
    report = published(name)
    found = imported(kind, written.KINDS[kind](report, written.SLOPPY[sloppy]))
    assert found.report
    assert (found.report.agency, found.report.year) == (report.agency, report.year)
    assert found.report.forms == report.forms
    assert figures_of(found.report) == report.figures
    assert said(found) == ({"label"} if sloppy == "typo" else set())


@pytest.mark.parametrize("sloppy", ["flattened", "without-merges"])
def test_empty_lines_that_nobody_can_tell_apart_are_never_guessed(sloppy: str) -> None:
    name, kind = LOST
    report = published(name)
    found = imported(kind, written.KINDS[kind](report, written.SLOPPY[sloppy]))
    figures = figures_of(found.report)
    read = {(table, path): text for table in figures for path, text in figures[table].items() if text != "left out"}
    assert read == {(table, path): report.figures[table][path] for table, path in read}
    assert said(found) & {"unread-row", "missing-table"}


@pytest.mark.parametrize("name", NAMES)
def test_the_figures_as_they_were_written_down_come_in(name: str) -> None:
    """The text format: a cell has the labels of a whole path, and the reviews table has no headers."""
    report = published(name)
    found = imported(f"{name}.txt", (FOLDER / f"{name}.txt").read_bytes(), agency=report.agency, year=report.year)
    assert figures_of(found.report) == report.figures
    assert said(found) == {"by-position"}


@pytest.mark.parametrize("seed", range(20))
def test_rows_and_columns_in_another_order_stay_what_their_labels_say(seed: int) -> None:
    report = published("suqian-2024")
    rng = random.Random(seed)  # noqa: S311

    def mixed(rows: written.Rows) -> written.Rows:
        if len(rows) != 28:
            return rows
        return written.mixed_up(rows, rng.sample(range(25), 25), rng.sample(range(7), 7), heads=3, stubs=3)

    for kind in ("page.html", "report.xlsx", "report.csv"):
        found = imported(kind, written.KINDS[kind](report, mixed))
        assert figures_of(found.report) == report.figures


def test_blanks_stay_blank_unless_they_are_said_to_mean_zero() -> None:
    report = published("shanghai-municipal-office-2019")
    page = written.html(report)
    blank = imported("a.html", page).report
    zero = imported("a.html", page, blank_as_zero=True).report
    assert blank
    assert zero
    assert blank.figures["requests"]["received.research-institution"].status is Status.BLANK
    assert zero.figures["requests"]["received.research-institution"].text == "0"
    total = zero.figures["requests"]["results.granted.total"]
    assert not total.is_explicit, "a total that was left empty is not 0"


def shuffled_reviews(rng: random.Random) -> written.Rows:
    """Return the reviews table with its groups, and the headers within them, in another order."""
    report = published("suqian-2024")
    figures = report.figures["reviews"]
    groups = rng.sample([("reconsideration", "行政复议", ""), ("litigation.direct", "行政诉讼", "未经复议直接起诉"),
                         ("litigation.after-reconsideration", "行政诉讼", "复议后起诉")], 3)  # fmt: skip
    heads = [
        ("upheld", "结果维持"),
        ("corrected", "结果纠正"),
        ("other", "其他结果"),
        ("pending", "尚未审结"),
        ("total", "总计"),
    ]
    top, middle, bottom, body = [], [], [], []
    for key, group, inner in groups:
        order = rng.sample(heads, 5)
        top.append(written.Cell(group, 1, 5))
        if inner:
            middle.append(written.Cell(inner, 1, 5))
            bottom += [written.Cell(label) for _key, label in order]
        else:
            middle += [written.Cell(label, 2) for _key, label in order]
        body += [written.Cell(figures[f"{key}.{name}"], is_head=False) for name, _label in order]
    return [top, middle, bottom, body]


@pytest.mark.broad
@pytest.mark.parametrize("seed", range(20))
def test_groups_of_columns_in_another_order_stay_what_their_labels_say(seed: int) -> None:
    report = published("suqian-2024")
    rng = random.Random(seed)  # noqa: S311
    rows = shuffled_reviews(rng)

    def mixed(of_table: written.Rows) -> written.Rows:
        if len(of_table) == 4:
            return rows
        if len(of_table) == 14:
            return [
                of_table[n] for block in rng.sample([(0, 1, 3, 2), (4, 5, 6), (7, 8, 10, 9), (11, 12, 13)], 4) for n in block
            ]
        return of_table

    for kind in ("page.html", "report.docx", "report.csv", "tabbed.txt"):
        found = imported(kind, written.KINDS[kind](report, mixed))
        assert figures_of(found.report) == report.figures


def test_a_report_of_which_only_a_part_is_known() -> None:
    """Figures of 2025 as far as they are known, with a bar at the beginning of lines."""
    text = """
# title: 宿迁市2025年政府信息公开工作年度报告
二、主动公开政府信息情况
| 信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |
| 规章 | 3 | 0 | 15 |
| 行政规范性文件 | 61 | 59 | 422 |
三、收到和处理政府信息公开申请情况
| 一、本年新收政府信息公开申请数量 | 3746 | 63 | 0 | 0 | 19 | 2 | 3830 |
四、行政复议 | 未经复议直接起诉 | 复议后起诉
| 119 | 25 | 91 | 24 | 259 | 7 | 0 | 15 | 6 | 28 | 21 | 1 | 7 | 9 | 38 |
"""
    report = imported("a.txt", text.encode()).report
    assert report
    stated = {table: [f.text for f in figures.values() if f.is_explicit] for table, figures in report.figures.items()}
    assert stated == {
        "proactive-disclosure": "3 0 15 61 59 422".split(),
        "requests": "3746 63 0 0 19 2 3830".split(),
        "reviews": "119 25 91 24 259 7 0 15 6 28 21 1 7 9 38".split(),
    }


def test_traditional_characters_remarks_and_a_local_row() -> None:
    """As printed by a mirror in traditional characters, of a report whose labels contain instructions for filling them in."""
    text = """
武漢市生態環境局2020年政府信息公開工作年度報告
二、主動公開政府信息情況
第二十條第（一）項 | 本年新製作數量 | 本年新公開數量 | 對外公開總數量
規章(設區的市應提供) | 0 | 0 | 0
規範性檔案(一般為決定、公告、通告) | 2 | 2 | 19
其他主動公開檔案(含以本單位名義簽發的……) | 186 | 86 | 255
第二十條第（五）項 | 上一年項目數量(指2019年) | 本年增/減(減用負值表示，如-8) | 處理決定數量(指2020年)
行政許可 | 8 | 5 | 93
其他對外管理服務事項(含行政確認、行政獎勵) | 117 | 0 | 165
第二十條第（六）項 | 上一年項目數量(指2019年) | 本年增/減(減用負值表示，如-8) | 處理決定數量(指2020年)
行政處罰 | 90 | 0 | 22
行政強制 | 4 | 4 | -
第二十條第（八）項 | 上一年項目數量(指2019年) | 本年增/減
行政事業性收費 | |
"""
    found = imported("a.txt", text.encode())
    assert found.report
    assert (found.report.agency, found.report.year, found.report.forms["proactive-disclosure"]) == (
        "武漢市生態環境局",
        2020,
        "2019",
    )
    figures = {path: f for path, f in found.report.figures["proactive-disclosure"].items() if f.is_explicit}
    assert [f.text for f in figures.values()] == [*"0 0 0 2 2 19 8 5 93 117 0 165 90 0 22 4 4".split(), "", ""]
    said_of = [(finding.pos.line, finding.rule.name) for finding in found.findings if finding.pos.line]
    assert said_of == [(7, "unread-row"), (13, "unread-figure")]


def test_every_official_label_is_known_in_traditional_characters() -> None:
    from sphinx_govreport.importers import labels

    back = dict(zip(labels._SIMPLIFIED, labels._TRADITIONAL, strict=True))
    for name in ("wendeng-commerce-2020", "suqian-2024"):
        report = published(name)

        def traditional(rows: written.Rows) -> written.Rows:
            return [[cell._replace(text="".join(back.get(c, c) for c in cell.text)) for cell in row] for row in rows]

        found = imported("page.html", written.html(report, traditional))
        assert figures_of(found.report) == report.figures
        assert said(found) == set()


@pytest.mark.parametrize(("name", "module", "extra"), [
    ("page.html", "lxml.etree", "html"), ("report.docx", "docx", "docx"), ("report.xlsx", "python_calamine", "xlsx"),
])  # fmt: skip
def test_a_missing_library_is_named(name: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = written.KINDS[name](published("suqian-2024"), written.as_is)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra) as missing:
        imported(name, data)
    assert f'pip install "sphinx-govreport[{extra}]"' in missing.value.message.render(str)
    assert imported("stacked.txt", written.stacked_text(published("suqian-2024"))).report, "others are read without it"
