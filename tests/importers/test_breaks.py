"""A line that was broken only because it was full adds no space between Chinese characters."""

from __future__ import annotations

import re

import pytest

from sphinx_govreport.core.characters import without_breaks
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.importers.markdown_page import page_text
from sphinx_govreport.importers.recognise.report import Wanted, import_documents
from tests.fuzz.pdf_text import _file as pdf_file
from tests.fuzz.pdf_text import _page as pdf_page
from tests.fuzz.pdf_text import _text as text_in_pdf
from tests.fuzz.pdf_text import pdf
from tests.importers import written
from tests.importers.test_documents import figures_of
from tests.published import TABLES, published

FORMS = statutory_forms()
SENTENCE = (
    "本机关依法、及时、准确公开政府信息，全年通过门户网站发布各类信息131条，其中工作动态67条，办理 Sphinx 平台提出的建议5件，"
    "满意率为100%，“一网通办”事项全部公开，群众获取信息更加方便，各项工作的透明度进一步提高。"
)


@pytest.mark.parametrize(("raw", "shown"), [
    ("政府\n信息", "政府信息"), ("政府  \r\n  信息", "政府信息"), ("公开，\n信息", "公开，信息"), ("（一）\n信息", "（一）信息"), ("“公开”\n信息", "“公开”信息"),
    ("政府 信息", "政府 信息"), ("新收\n3525", "新收 3525"), ("3525\n件", "3525 件"), ("on\nopen", "on open"), ("在 Sphinx\n中", "在 Sphinx 中"), ("新收3525件", "新收3525件"),
])  # fmt: skip
def test_a_break_is_a_space_only_beside_what_is_not_chinese(raw: str, shown: str) -> None:
    assert without_breaks(raw) == shown


def wrapped(text: str, width: int = 24) -> list[str]:
    """Return lines as editors wrap Chinese: anywhere except before a mark, within a number or a word."""
    lines, line = [], ""
    for char in text:
        is_word = line[-1:].isascii() and char.isascii() and not char.isspace() and not line[-1:].isspace()
        if len(line) >= width and not is_word and char not in "，。、”%" and not line.endswith(("“", " ")) and char != " ":
            lines.append(line)
            line = ""
        line += char
    return [*lines, line]


def in_pdf(body: bytes, lines: list[str]) -> bytes:
    """Return a PDF with lines of text below the table of its first page."""
    drawn = "\n".join(
        f"BT /F 5 Tf 60 {640 - 8 * number} Td <{line.encode('utf-16-be').hex()}> Tj ET" for number, line in enumerate(lines)
    ).encode()

    def longer(match: re.Match[bytes]) -> bytes:
        return b"/Length %d >> stream\n%s\n" % (int(match[1]) + len(drawn) + 1, drawn)

    return re.sub(rb"/Length (\d+) >> stream\n", longer, body, count=1)


def page(kind: str, lines: list[str]) -> str:
    """Return the page of a report with a sentence, in lines, in its first section."""
    report = published("suqian-2024")
    body = written.KINDS[kind](report, written.as_is) if kind in written.KINDS else b""
    if kind == "report.pdf":
        data = in_pdf(
            pdf(written.title(report), [(written.heading(report, name), written.rows_of(report, name)) for name in TABLES]),
            lines,
        )
    elif kind == "page.html":
        data = body.replace("<p>本年工作照常。</p>".encode(), f"<p>{chr(10).join(lines)}</p>".encode())
    else:
        title = written.title(report).encode()
        data = body.replace(
            title, title + "\n\n一、总体情况\n\n".encode() + "\n".join(lines).encode() + "\n\n后一段。".encode(), 1
        )
    imported = import_documents(kind, data, FORMS, Wanted())[0]
    return page_text(imported, FORMS)


@pytest.mark.parametrize("width", [20, 24, 31, 40])
@pytest.mark.parametrize("kind", ["page.html", "report.md", "between.txt", "cells.txt", "report.pdf"])
def test_a_wrapped_sentence_is_one_sentence_of_the_page(kind: str, width: int) -> None:
    lines = wrapped(SENTENCE, width)
    assert len(lines) > 2
    shown = next(line for line in page(kind, lines).split("\n") if line.startswith("本机关依法"))
    joined = lines[0]
    for line in lines[1:]:
        is_chinese = not joined[-1].isascii() and not line[0].isascii()
        joined += line if is_chinese else f" {line}"
    assert shown == joined
    assert joined.replace(" ", "") == SENTENCE.replace(" ", "")


@pytest.mark.parametrize("kind", ["report.md", "between.txt"])
def test_lines_that_end_or_begin_something_stay_apart(kind: str) -> None:
    lines = [
        "（一）主动公开情况", "全年通过门户网站发布各类信息，依法公开本机关的各项职能。", "（二）依申请公开情况", "全年收到申请，均已依法按时办结并且答复了全部申请人",
        "1.加强学习，提高工作人员依法公开政府信息的意识和能力水平", "2.完善制度",
    ]  # fmt: skip
    shown = [line for line in page(kind, lines).replace("\\", "").split("\n") if line.removeprefix("### ") in lines]
    assert [line.removeprefix("### ") for line in shown] == lines


def test_what_runs_along_the_pages_of_a_pdf_is_not_part_of_the_text() -> None:
    """A sentence goes on over the number of a page and the line above the next one, and a table over its headers."""
    report = published("suqian-2024")
    sentence = "全年主动公开政府信息一万二千条以上，较上年有所增加，"
    pages = [[written.title(report), "一、总体情况", sentence], [f"{sentence}工作照常。"]]
    for name in TABLES:
        table = written.rows_of(report, name)
        heads = table[:3] if name == "requests" else []
        pages += [[written.heading(report, name), heads]] * bool(heads)
        pages.append(["续表" if heads else written.heading(report, name), table[len(heads) :]])
    drawn = []
    for number, lines in enumerate(pages, start=1):
        texts = [line for line in lines if isinstance(line, str)]
        rows = next((line for line in lines if isinstance(line, list)), None)
        body = [text_in_pdf(60, 1150 - 8 * at, line) for at, line in enumerate(texts)]
        body += [pdf_page("", "", rows, lambda text: [(text, "")])] if rows else []
        drawn.append("\n".join([text_in_pdf(500, 1190, "宿迁市文件"), *body, text_in_pdf(600, 20, f"— {number} —")]))
    imported = import_documents("a.pdf", pdf_file(drawn), FORMS, Wanted())[0]
    assert figures_of(imported.report) == report.figures
    assert [line for line in page_text(imported, FORMS).splitlines() if line][5:] == [
        "## 一、总体情况", f"{sentence}{sentence}工作照常。", "## 二、主动公开政府信息情况", "```{gov-disclosure-table} proactive-disclosure", "```",
        "## 三、收到和处理政府信息公开申请情况", "```{gov-disclosure-table} requests", "```", "续表", "## 四、政府信息公开行政复议、行政诉讼情况",
        "```{gov-disclosure-table} reviews", "```",
    ]  # fmt: skip


@pytest.mark.parametrize(("ends", "left"), [
    (["收到申请 12 件", "收到申请 13 件"], ["收到申请 12 件", "收到申请 13 件"]), (["收到申请 12 件"] * 2, ["收到申请 12 件"]), (["12", "12"], ["12", "12"]),
    (["-12", "-13"], ["-12", "-13"]), (["3.5", "3.5"], ["3.5"]), (["第3页", "第2页"], ["第3页", "第2页"]), (["2024-12-31"] * 2, ["2024-12-31"]),
    (["12", "13"], []), (["— 1 —", "— 2 —"], []), (["第12页 共30页", "第13页 共30页"], []), (["共30页 第 1 页", "共30页 第 2 页"], []), (["12 / 30", "13 / 30"], []),
    (["Page 1 of 2", "Page 2 of 2"], []), (["宿迁市 第1页", "宿迁市 第2页"], ["宿迁市 第2页"]), (["a.html 1/2", "a.html 2/2"], ["a.html 2/2"]),
])  # fmt: skip
def test_only_page_numbers_at_the_ends_of_pages_are_left_out(ends: list[str], left: list[str]) -> None:
    """Other lines may be sentences or figures: of equal ones, one stays."""
    report = published("suqian-2024")
    body = [[written.title(report), "一、总体情况"], ["工作照常。"]]
    drawn = [
        "\n".join([*(text_in_pdf(60, 1150 - 8 * at, line) for at, line in enumerate(lines)), text_in_pdf(600, 20, end)])
        for lines, end in zip(body, ends, strict=True)
    ]
    drawn += [
        pdf_page("", written.heading(report, name), written.rows_of(report, name), lambda text: [(text, "")]) for name in TABLES
    ]
    imported = import_documents("a.pdf", pdf_file(drawn), FORMS, Wanted())[0]
    shown = page_text(imported, FORMS).replace("\\", "").splitlines()
    assert [
        line for line in shown[shown.index("## 一、总体情况") : shown.index("## 二、主动公开政府信息情况")] if line in ends
    ] == left


def test_a_line_of_thousands_of_digits_is_no_page_number() -> None:
    ends = ["9" * 5000, "8" * 5000]
    drawn = [
        "\n".join(
            [
                text_in_pdf(60, 1150, "宿迁市2024年政府信息公开工作年度报告"),
                text_in_pdf(60, 1100, "工作照常。"),
                text_in_pdf(600, 20, line),
            ]
        )
        for line in ends
    ]
    assert all(end in page_text(import_documents("a.pdf", pdf_file(drawn), FORMS, Wanted())[0], FORMS) for end in ends)


def open_at_its_ends(drawn: str, *, is_first: bool, is_last: bool) -> str:
    """Return a drawn table without the line above its first row, or below its last one."""
    boxes = re.compile(r"([\d.]+) (\d+) ([\d.]+) 30 re S")
    bottoms = [int(match[2]) for match in boxes.finditer(drawn)]

    def lines(match: re.Match[str]) -> str:
        left, bottom, width = float(match[1]), int(match[2]), float(match[3])
        right, top = left + width, bottom + 30
        sides = [f"{x:.1f} {bottom} m {x:.1f} {top} l S" for x in (left, right)]
        sides += [] if bottom == min(bottoms) and not is_last else [f"{left} {bottom} m {right:.1f} {bottom} l S"]
        sides += [] if bottom == max(bottoms) and not is_first else [f"{left} {top} m {right:.1f} {top} l S"]
        return "\n".join(sides)

    return boxes.sub(lines, drawn)


@pytest.mark.parametrize("cuts", [(2, 3, 3), (3, 4, 3), (6, 12, 3), (13, 20, 3), (8, 27, 3)])
def test_rows_beside_which_a_browser_draws_no_line_are_read(cuts: tuple[int, ...]) -> None:
    """Where it prints a table over two pages, only the lines between columns reach the ends of the pages."""
    report = published("suqian-2024")
    drawn = []
    for name, cut in zip(TABLES, cuts, strict=True):
        rows = written.without_merges(written.rows_of(report, name))
        upper = pdf_page(written.title(report), written.heading(report, name), rows[:cut], lambda text: [(text, "")])
        lower = pdf_page("", "", rows[cut:], lambda text: [(text, "")])
        drawn += [open_at_its_ends(upper, is_first=True, is_last=False), open_at_its_ends(lower, is_first=False, is_last=True)]
    imported = import_documents("a.pdf", pdf_file(drawn), FORMS, Wanted())[0]
    assert figures_of(imported.report) == report.figures
    assert [finding.message.render(str) for finding in imported.findings] == []


def above_pages(title: str, *pages: list[str]) -> bytes:
    """Return a PDF with a title above all pages but the first, which is a picture."""
    report = published("suqian-2024")
    drawn = [""]
    for number, lines in enumerate(pages):
        running = [text_in_pdf(400, 1190, title), text_in_pdf(600, 20, f"{number}")]
        drawn.append("\n".join([*running, *(text_in_pdf(60, 1150 - 8 * at, line) for at, line in enumerate(lines))]))
    drawn += [
        pdf_page("", written.heading(report, name), written.rows_of(report, name), lambda text: [(text, "")]) for name in TABLES
    ]
    return pdf_file(drawn)


OVER_PAGES = (["一、总体情况", "全年主动公开政府信息一万二千条以上，较上年有所增加，"], ["工作照常。"])


def test_a_title_that_is_only_above_the_pages_of_a_pdf_is_read() -> None:
    """The lines above the pages come between no sentences."""
    report = published("suqian-2024")
    imported = import_documents("a.pdf", above_pages(written.title(report), *OVER_PAGES), FORMS, Wanted())[0]
    assert imported.report
    assert (imported.report.agency, imported.report.year) == (report.agency, report.year)
    assert figures_of(imported.report) == report.figures
    page = page_text(imported, FORMS)
    assert "较上年有所增加，工作照常。" in page
    assert page.count(written.title(report)) == 1


def test_a_title_above_the_pages_of_a_pdf_is_not_preferred_to_another_one() -> None:
    """As in a collection of the reports of several agencies."""
    own = "宿迁市水利局2024年政府信息公开工作年度报告"
    data = above_pages(written.title(published("suqian-2024")), [own, *OVER_PAGES[0]], OVER_PAGES[1])
    imported = import_documents("a.pdf", data, FORMS, Wanted())[0]
    assert imported.report is None
    assert any("宿迁市, 宿迁市水利局" in one.message.render(str) for one in imported.findings)
