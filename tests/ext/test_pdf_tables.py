"""Tables in PDF, measured: every figure of hard reports is complete, in its cell and on its page; nothing else changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from sphinx_govreport.core.forms.form import FormTable
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import statutory_forms
from tests.conftest import CONF, Project
from tests.ext.test_paper import document, pdf
from tests.published import published, year_file

FORM = statutory_forms()["2021"]
OFFICIAL = 'govreport_latex = "gbt9704"\n'
QUIET = 'suppress_warnings = ["govreport", "toc.not_included"]\n'
SECTIONS = ("一、总体情况", "二、主动公开", "三、申请", "四、复议诉讼", "五、问题")
BODY = "".join(
    f"## {title}\n\n{text}\n\n"
    for title, text in zip(
        SECTIONS,
        (
            "全年情况良好。" * 40,
            "```{gov-disclosure-table} proactive-disclosure\n```",
            "```{gov-disclosure-table} requests\n:compare:\n```",
            "```{gov-disclosure-table} reviews\n:compare:\n```",
            "没有。",
        ),
        strict=True,
    )
)
NOTE = "含上年结转并于本年度内办结的各类事项"
MM = 72 / 25.4  #: points
HEADS = 3  #: rows of column headers of the requests and reviews tables
ROWS = 12  #: of the local form
LABEL = "某类依申请公开事项（按照本市有关规定由各区县各部门分别统计后汇总填报，不含上年结转）"
FIRST = "results.not-processed.confirmation"
LOCAL = (
    "form: city\nextends: '2021'\nenglish: City\nsource: {notice: 某市格式, date: 2022-01-05}\nadd-rows:\n  requests:\n"
    + "".join(
        f"    - {{after: {FIRST if not row else f'results.not-processed.own-{row - 1}'}, key: own-{row}, label: {LABEL}{row}, english: Own {row}}}\n"
        for row in range(ROWS)
    )
)


def with_notes(number: int) -> str:
    if number % 7 == 3:
        return ""
    return f"{{value: {number * 1234567}, note: {NOTE}{number}}}" if number % 11 == 5 else str(number * 37)


KINDS: dict[str, Callable[[int], str]] = {
    "notes": with_notes,
    "eight": lambda number: str(10_000_000 + number * 1234567) if number % 5 else "",
    "fourteen": lambda number: str(10**13 + number * 1234567),
}


def written(form: str, year: int, value: Callable[[int], str]) -> str:
    """Return a year file; local rows have small figures."""
    lines = [f"agency: 某市\nyear: {year}\nform: {form}"]
    for table in FORM.tables:
        lines.append(f"{table.name}:")
        open_keys: tuple[str, ...] = ()
        for number, path in enumerate(layout_of(table).indicators):
            *above, last = path.split(".")
            shared = 0
            while shared < min(len(above), len(open_keys)) and above[shared] == open_keys[shared]:
                shared += 1
            lines += [f"{'  ' * (depth + 1)}{key}:" for depth, key in enumerate(above) if depth >= shared]
            lines.append(f"{'  ' * (len(above) + 1)}{last}: {value(number)}".rstrip())
            open_keys = tuple(above)
    text = "\n".join(lines) + "\n"
    if form == "city":
        own = "".join(f"      own-{row}: [{', '.join(str(row * 7 + one) for one in range(7))}]\n" for row in range(ROWS))
        text = text.replace("    other:\n      overdue", f"{own}    other:\n      overdue")
    return text


def build(project: Project, kind: str, form: str = "2021", conf: str = OFFICIAL) -> Path:
    """Build the PDF of a hard report, in the folder of its log."""
    project.write("conf.py", f'{CONF}{QUIET}{conf}govreport_forms = ["forms"]\nlatex_documents = [{document("a")}]\n')
    project.write("forms/city.yaml", LOCAL)
    project.write("data/2024.yaml", written(form, 2024, KINDS[kind]))
    project.write("data/2023.yaml", written(form, 2023, lambda number: str(number * 31 + 7)))
    project.page("a.md", "某市", 2024, BODY)
    project.write("index.md", "# 首页\n")
    return pdf(project.build("latex"), "a")


def plain(text: str | None) -> str:
    return "".join((text or "").split())


def expected(value: Callable[[int], str], table: FormTable) -> list[str]:
    """Return each figure with its note, the text at the start of a cell."""
    found = []
    for number, _path in enumerate(layout_of(table).indicators):
        match = re.fullmatch(r"\{value: (\d+), note: (.*)\}", value(number))
        found.append(f"{match[1]}（{match[2]}）" if match else value(number))
    return found


def alone(text: str) -> str:
    """Return a cell's text without the mark of an error and the comparison."""
    return re.sub(r"(\*\d+)?(（2023年：.*)?$", "", text)


def is_figure(text: str | None) -> bool:
    """Return whether a cell of the proactive disclosure table is a figure; blank cells are."""
    return text is not None and (not text or text[0].isdecimal())


def parts(made: pdfplumber.PDF, header: str) -> list[list[list[str | None]]]:
    """Return the rows of tables with such a cell in the first row, page by page; covered cells are None."""
    tables = [table for page in made.pages for table in page.extract_tables()]
    shown = [[[None if cell is None else plain(cell) for cell in row] for row in table] for table in tables]
    return [table for table in shown if header in table[0]]


def ink(char: dict[str, Any]) -> tuple[float, float]:
    """Return the left and right edge of a printed character: half of the width of punctuation is empty."""
    half = (char["x1"] - char["x0"]) / 2
    return char["x0"] + half * (char["text"] in "（“"), char["x1"] - half * (char["text"] in "，。：、）”")


def off_their_cells(made: pdfplumber.PDF) -> list[tuple[int, str, str]]:
    """Return the characters that extend beyond their cell, or the page."""
    found = []
    for page in made.pages:
        for char in page.chars:
            if char["x0"] < 0 or char["x1"] > page.width or char["top"] < 0 or char["bottom"] > page.height:
                found.append((page.page_number, char["text"], "page"))
        for table in page.find_tables():
            for char in page.crop(table.bbox).chars:
                x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
                cells = [cell for cell in table.cells if cell[0] < x < cell[2] and cell[1] < y < cell[3]]
                left, right = ink(char)
                if len(cells) != 1 or left < cells[0][0] - 0.2 or right > cells[0][2] + 0.2:
                    found.append((page.page_number, char["text"], "cell"))
    return found


CASES = [
    ("notes", "2021", OFFICIAL), ("eight", "2021", OFFICIAL), ("fourteen", "2021", OFFICIAL), ("notes", "city", OFFICIAL),
    ("notes", "2021", ""), ("fourteen", "2021", ""),
]  # fmt: skip


@pytest.mark.pdf
@pytest.mark.parametrize(("kind", "form", "conf"), CASES)
def test_every_figure_of_a_hard_report_is_whole_in_its_cell_and_on_its_page(
    project: Project, kind: str, form: str, conf: str
) -> None:
    made_of = {table.name: expected(KINDS[kind], table) for table in FORM.tables}
    own = [str(row * 7 + one) for row in range(ROWS) for one in range(7)] if form == "city" else []
    if own:
        at = 7 * ([path.rpartition(".")[0] for path in layout_of(FORM.table("requests")).indicators][::7].index(FIRST) + 1)
        made_of["requests"][at:at] = own
    with pdfplumber.open(build(project, kind, form, conf)) as made:
        assert off_their_cells(made) == []
        found = {
            "proactive-disclosure": [
                cell for part in parts(made, "第二十条第（一）项") for row in part for cell in row[1:] if is_figure(cell)
            ],
            "requests": [cell for part in parts(made, "申请人情况") for row in part[HEADS:] for cell in row[-7:]],
            "reviews": [cell for part in parts(made, "行政复议") for row in part[HEADS:] for cell in row],
        }
        for name, cells in found.items():
            assert [alone(cell or "") for cell in cells] == made_of[name], name
        pages = [plain(page.extract_text()) for page in made.pages]
        assert all(re.search("[一-龥]", page) for page in pages), "no page is blank"
        for title, first in zip(SECTIONS[1:4], ("第二十条第（一）项", "一、本年新收", "行政复议"), strict=True):
            (page,) = [page for page in pages if f"{title}某市" in page]
            assert first in page.partition(title)[2], "no heading is alone"


@pytest.mark.pdf
def test_headers_and_labels_of_groups_are_printed_again_on_the_next_page(project: Project) -> None:
    with pdfplumber.open(build(project, "notes", "city")) as made:
        found = parts(made, "申请人情况")
        assert len(found) > 3
        for part in found:
            assert [cell for cell in part[0] if cell][1:] == ["申请人情况"]
            assert [cell for cell in part[2] if cell] == ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
        for part in found[1:-1]:
            outer, inner, *_figures = part[HEADS]
            assert outer == "三、本年度办理结果"
            assert re.match("（[一二三四五六七]）", inner or "")
        labels = [row[-8] or "" for part in found for row in part[HEADS:]]
        assert [label for label in labels if label.startswith("某类")] == [f"{LABEL}{row}" for row in range(ROWS)]


@pytest.mark.pdf
@pytest.mark.parametrize("name", ["suqian-2024", "wendeng-commerce-2020"])
def test_cells_are_printed_as_the_official_form_has_them(project: Project, name: str) -> None:
    report = published(name)
    project.write("conf.py", f"{CONF}{QUIET}{OFFICIAL}latex_documents = [{document('a')}]\n")
    project.report(name)
    project.page("a.md", report.agency, report.year)
    project.write("index.md", "# 首页\n")
    with pdfplumber.open(pdf(project.build("latex"), "a")) as made:
        faces, offsets = set(), []
        lines: dict[str, int] = {}
        for page in made.pages:
            for table in page.find_tables():
                stubs = len(table.rows) > 20  # requests table: row headers are left-aligned
                for x0, top, x1, bottom in table.cells:
                    inside = [char for char in page.chars if x0 < char["x0"] + 1 < x1 and top < char["top"] + 3 < bottom]
                    if not inside:
                        continue
                    text = "".join(char["text"] for char in inside)
                    faces |= {char["fontname"].partition("+")[2] for char in inside if re.match("[一-龥]", char["text"])}
                    lines[plain(text)] = len({round(char["bottom"]) for char in inside})
                    is_label = plain(text) in LABELS[report.forms["reviews"]] or (
                        stubs and re.match("[一二三四（(1-9].*[、）).]", text)
                    )
                    if not is_label:
                        left, right = min(char["x0"] for char in inside), max(char["x1"] for char in inside)
                        offsets.append(abs((left - x0) - (x1 - right)))
                        assert (
                            abs((min(char["top"] for char in inside) - top) - (bottom - max(char["bottom"] for char in inside)))
                            < 5
                        )
        assert len(faces) == 1, "block titles, headers, labels and figures have one face"
        assert len(offsets) > 200
        assert max(offsets) < 6, "centred"
        for label, count in FORCED[report.forms["reviews"]].items():
            assert lines[label] == count, "line breaks of the form are kept"


LABELS = {
    "2021": {"规章", "行政规范性文件", "行政许可", "行政处罚", "行政强制", "行政事业性收费"},
    "2019": {
        "规章",
        "规范性文件",
        "行政许可",
        "其他对外管理服务事项",
        "行政处罚",
        "行政强制",
        "行政事业性收费",
        "政府集中采购",
    },
}
FORCED = {
    "2021": {"结果维持": 2, "尚未审结": 2, "总计": 1},
    "2019": {"本年新制作数量": 2, "本年新公开数量": 2, "对外公开总数量": 1},
}


def test_an_empty_author_is_the_agency_of_the_page(project: Project) -> None:
    entries = '("a", "a.tex", "", "", "howto"), ("a", "b.tex", "", "某科", "howto"), ("c", "c.tex", "", "", "howto"), ("d", "d.tex", "", "", "howto")'
    project.write("conf.py", f'{CONF}{QUIET}govreport_agency = "甲&乙"\nlatex_documents = [{entries}]\n')
    project.report("suqian-2024")
    project.page("a.md", "宿迁市", 2024)
    project.write("c.rst", ":govreport-year: 2024\n\n页\n==\n")
    project.write("d.md", "# 页\n")
    project.write("index.md", "# 首页\n")
    found = project.build("latex")
    authors = [re.findall(r"\\author\{(.*)\}", found.text(f"{name}.tex")) for name in "abcd"]
    assert authors == [["宿迁市"], ["某科"], [r"甲\&乙"], [""]]


@pytest.mark.pdf
def test_the_document_says_what_and_whose_it_is(project: Project) -> None:
    project.write("conf.py", f'{CONF}{QUIET}{OFFICIAL}latex_documents = [("a", "a.tex", "", "", "howto")]\n')
    project.report("suqian-2024")
    text = BODY.replace(":compare:\n", "")
    project.write("a.md", f"---\ngovreport-year: 2024\ngovreport-agency: 宿迁市\n---\n# 宿迁市2024年年报\n\n{text}")
    project.write("index.md", "# 首页\n")
    with pdfplumber.open(pdf(project.build("latex"), "a")) as made:
        assert (made.metadata["Title"], made.metadata["Author"]) == ("宿迁市2024年年报", "宿迁市")
        assert made.doc.catalog["Lang"] == b"zh-CN"
        assert [title for _level, title, *_target in made.doc.get_outlines()] == [*SECTIONS]


def placed(page: Any) -> list[tuple[Any, ...]]:
    """Return characters with their font, size and position, and lines."""
    chars = [(char["text"], char["fontname"].partition("+")[2], char["size"], char["x0"], char["top"]) for char in page.chars]
    return [*chars, *((line["x0"], line["top"], line["x1"], line["bottom"]) for line in page.rects)]


@pytest.mark.pdf
def test_nothing_else_of_a_document_changes(project: Project) -> None:
    other = "# 手册\n\n## 甲\n\n文字。\n\n```{list-table} 表\n:header-rows: 1\n* - 甲\n  - 乙\n* - 1\n  - 2\n```\n\n```{note}\n注意。\n```\n"
    project.write("other.md", other)
    project.write("index.md", "# 首页\n")
    shown = []
    for extensions in ('["myst_parser", "sphinx_govreport"]', '["myst_parser"]'):
        conf = CONF.replace('["myst_parser", "sphinx_govreport"]', extensions)
        project.write("conf.py", f'{conf}{QUIET}latex_documents = [("other", "other.tex", "", "甲", "howto")]\n')
        if "govreport" in extensions:
            project.report("suqian-2024")
        found = project.build("latex", out=f"out-{len(shown)}")
        if not shown:
            assert r"\usepackage{govreport-tables}" in found.text("other.tex")
        with pdfplumber.open(pdf(found, "other")) as made:
            shown.append([placed(page) for page in made.pages])
    assert shown[0] == shown[1]


@pytest.mark.pdf
def test_tables_in_notes_and_lists_and_cells_stay_on_their_page(project: Project) -> None:
    table = "```{gov-disclosure-table} requests\n:caption: 标题[^a]有脚注\n```\n"
    cell = "```{list-table}\n* - 甲\n  - 乙\n* - 丙\n  - :::{gov-disclosure-table} reviews\n    :::\n```\n"
    body = f"::::{{note}}\n{table}::::\n\n- 项\n\n  {table.replace(chr(10), chr(10) + '  ')}\n\n{cell}\n[^a]: 这是脚注。\n"
    project.write("conf.py", f"{CONF}{QUIET}{OFFICIAL}govreport_mark_findings = False\nlatex_documents = [{document('a')}]\n")
    project.write("data/2024.yaml", written("2021", 2024, KINDS["fourteen"]))
    project.page("a.md", "某市", 2024, body)
    project.write("index.md", "# 首页\n")
    with pdfplumber.open(pdf(project.build("latex"), "a")) as made:
        text = "".join(char["text"] for page in made.pages for char in page.chars)
        outside = [
            char["text"] for page in made.pages for char in page.chars
            if char["x0"] < 0 or char["x1"] > page.width or char["top"] < 0 or char["bottom"] > page.height
        ]  # fmt: skip
    assert outside == []
    assert "这是脚注" in plain(text)
    for table_, times in ((FORM.table("requests"), 2), (FORM.table("reviews"), 1)):
        for figure in expected(KINDS["fourteen"], table_):
            assert text.count(figure) >= times, figure


@pytest.mark.pdf
def test_comparison_tables_and_charts_print_every_year_in_the_order_of_the_author(project: Project) -> None:
    years = range(2021, 2036)
    project.write("conf.py", f"{CONF}{QUIET}{OFFICIAL}latex_documents = [{document('a')}]\n")
    for year in years:
        project.write(f"data/{year}.yaml", written("2021", year, lambda number, year=year: str(number * 31 + year)))
    tables = "".join(
        f"```{{gov-comparison-table}} requests-summary\n{options}```\n\n"
        for options in (":change: percent 1\n", ":order: newest\n", ":years: 2031-2033\n")
    )
    chart = (
        "```{gov-trend-chart}\n:kind: line\n:caption: 新收和结转\nrequests.received.total\nrequests.carried-out.total\n```\n"
    )
    project.write("a.md", f"---\ngovreport-agency: 某市\n---\n# 对比\n\n文字。\n\n{tables}{chart}")
    project.write("index.md", "# 首页\n")
    with pdfplumber.open(pdf(project.build("latex"), "a")) as made:
        assert off_their_cells(made) == []
        changes, newest, few, data = parts(made, "项目")
        texts = [plain(page.extract_text()) for page in made.pages]
        smallest = min(char["size"] for page in made.pages for char in page.chars if char["upright"])
    received = {year: str(6 * 31 + year) for year in years}
    assert [cell for cell in changes[1] if cell in received.values()] == [*received.values()]
    assert len(changes[0]) == 1 + len(years) + len(years) - 1
    assert newest[1][1:] == [*received.values()][::-1]
    assert few[1][1:] == [received[year] for year in (2031, 2032, 2033)]
    assert data[1][1:] == [*received.values()]
    assert "".join(texts).count("新收和结转") == 2, "the picture and its figures have the same name"
    assert smallest >= 8


@pytest.mark.pdf
def test_the_unit_of_an_amount_stays_in_its_cell(project: Project) -> None:
    """A figure is a box; TeX itself would not break the line after it."""
    project.write("conf.py", f"{CONF}{QUIET}latex_documents = [{document('a')}]\n")
    for year in range(2019, 2031):
        text = year_file(published("shanghai-municipal-office-2019")).replace("year: 2019", f"year: {year}")
        project.write(f"data/{year}.yaml", text.replace("value: 251000, unit: 元", f"value: {251000 + year}, unit: 元"))
    project.write("a.md", "# 对比\n\n```{gov-comparison-table}\n\nproactive-disclosure.procurement.amount\n```\n")
    project.write("index.md", "# 首页\n")
    with pdfplumber.open(pdf(project.build("latex"), "a")) as made:
        assert off_their_cells(made) == []
        (table,) = parts(made, "项目")
    assert table[1][1:] == [f"{251000 + year}元" for year in range(2019, 2031)]


@pytest.mark.pdf
def test_a_check_table_with_much_to_say_goes_on_on_the_next_page(project: Project) -> None:
    project.write("conf.py", f"{CONF}{QUIET}{OFFICIAL}latex_documents = [{document('a')}]\n")
    project.write("data/2024.yaml", written("2021", 2024, KINDS["fourteen"]))
    project.page("a.md", "某市", 2024, "```{gov-check-table}\n```\n")
    project.write("index.md", "# 首页\n")
    found = project.build("latex")
    with pdfplumber.open(pdf(found, "a")) as made:
        assert off_their_cells(made) == []
        shown = "".join(
            plain(cell) for page in made.pages for table in page.extract_tables() for row in table for cell in row[-1:]
        )
        sizes = {round(char["size"]) for page in made.pages for char in page.chars}
        assert len(made.pages) > 2
    text = plain(html_of(project, "a"))
    numbers = re.findall("[0-9]{14,}", text)
    assert len(numbers) > 100
    assert sorted(re.findall("[0-9]{14,}", shown)) == sorted(numbers)
    assert min(sizes) >= 9


@pytest.mark.pdf
def test_sums_of_long_numbers_stay_within_the_text(project: Project) -> None:
    """A finding below a table, and in the check table, breaks its lines before signs, so that numbers are complete."""
    project.write("conf.py", f"{CONF}{QUIET}{OFFICIAL}latex_documents = [{document('a')}]\n")
    row = ", ".join(str(10**13 + column) for column in range(7))
    text = written("2021", 2024, KINDS["fourteen"])
    project.write("data/2024.yaml", re.sub(r"(?m)^  received:\n(?:    .*\n)+", f"  received: [{row}]\n", text))
    project.page("a.md", "某市", 2024, "```{gov-disclosure-table} requests\n```\n\n```{gov-check-table}\n```\n")
    project.write("index.md", "# 首页\n")
    outside, lines = [], []
    with pdfplumber.open(pdf(project.build("latex"), "a")) as made:
        assert off_their_cells(made) == []
        for page in made.pages:
            if page.width > page.height:
                continue  # there is only the table
            inner, outer = 28 * MM, 26 * MM  # margins of the standard
            left, right = (inner, outer) if page.page_number % 2 else (outer, inner)
            lines += [line.strip() for line in page.extract_text().splitlines()]
            for char in page.chars:
                if char["text"].isalnum() and (char["x0"] < left - 1 or char["x1"] > page.width - right + 1):
                    outside.append((page.page_number, char["text"]))
    assert outside == []
    assert "+".join(str(10**13 + column) for column in range(6)) in "".join(lines)
    assert [pair for pair in pairwise(lines) if re.search(r"\d\n\d", "\n".join(pair))] == [], "no number is cut"


def html_of(project: Project, page: str) -> str:
    return re.sub("<[^>]*>", "", project.build("html").text(f"{page}.html"))


@pytest.mark.pdf
def test_a_table_whose_first_row_is_tall_begins_on_the_next_page(project: Project) -> None:
    project.write("conf.py", f"{CONF}{QUIET}{OFFICIAL}latex_documents = [{document('a')}]\n")
    note = "说明" * 200
    project.write(
        "data/2024.yaml", written("2021", 2024, lambda number: f"{{value: {number}, note: {note}}}" if number == 1 else "5")
    )
    project.page("a.md", "某市", 2024, f"{'文字。' * 80}\n\n```{{gov-disclosure-table}} requests\n```\n")
    project.write("index.md", "# 首页\n")
    with pdfplumber.open(pdf(project.build("latex", govreport_mark_findings=False), "a")) as made:
        assert off_their_cells(made) == []
        first, second, *_others = (plain(page.extract_text()) for page in made.pages)
        assert min(char["size"] for page in made.pages for char in page.chars) >= 8
    assert "一、本年新收" not in first
    assert second.count("说明") == 200


@pytest.mark.pdf
@pytest.mark.parametrize("lines", [14, 18])
def test_a_table_leaves_room_for_a_figure_that_moves_to_its_page(project: Project, lines: int) -> None:
    project.write("conf.py", f'{CONF}{QUIET}latex_engine = "xelatex"\nlatex_documents = [{document("a")}]\n')
    for year in (2023, 2024):
        project.report(f"suqian-{year}")
    chart = "```{gov-trend-chart} requests-summary\n```\n\n"
    project.page("a.md", "宿迁市", 2024, "文。\n\n" * lines + chart + "```{gov-disclosure-table} requests\n:compare:\n```\n")
    project.write("index.md", "# 首页\n")
    with pdfplumber.open(pdf(project.build("latex", govreport_mark_findings=False), "a")) as made:
        text = "".join(plain(page.extract_text()) for page in made.pages)
        lowest = [max(page.chars, key=lambda char: char["bottom"])["text"] for page in made.pages]
    assert lowest == [str(number) for number in range(1, len(lowest) + 1)], "nothing is below or on the page number"
    assert text.count("（2023年：") == 25, "each row has its comparison"
