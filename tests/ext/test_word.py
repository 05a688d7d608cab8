"""Complete pages as Word documents: every figure, real merges, prose with roles, the page of the standard; no silent losses."""

from __future__ import annotations

import base64
import io
import re
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.shared import Mm, Pt
from lxml import html
from sphinx.cmd.build import build_main

from sphinx_govreport.cli import main
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.tables.table import report_ident
from sphinx_govreport.importers.recognise.report import Wanted, import_documents
from tests.conftest import CONF, Project
from tests.exporters.test_documents import cells_of, converted
from tests.exporters.test_exports import read, said
from tests.published import NAMES, published, report_key, year_file

FORMS = statutory_forms()
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
SIX = """\
## 一、总体情况

全年新收{gov-figure}`依申请公开.新收.总计`件，
比上年{gov-change}`依申请公开.新收.总计`，见{numref}`tab`。

## 二、主动公开政府信息情况

```{gov-disclosure-table} 主动公开
```

## 三、收到和处理政府信息公开申请情况

```{gov-disclosure-table} requests
:name: tab
```

## 四、政府信息公开行政复议、行政诉讼情况

```{gov-disclosure-table} reviews
```

## 五、存在的主要问题及改进情况

### （一）人手不足

1. 加强**培训**，见[网站](https://example.org/a)。
2. 抽查文书[^a]。

[^a]: 按季度。

| 单位 | 件数 |
| --- | --- |
| 甲 | 12 |

## 六、其他需要报告的事项

```{gov-comparison-table} requests-summary
```
"""
RST = """\
:govreport-year: 2024
:govreport-agency: 宿迁市

宿迁市2024年年报
================

新收 :gov-figure:`requests.received.total` 件。

.. gov-disclosure-table:: reviews
"""


def quiet(project: Project, more: str = "") -> None:
    off = dict.fromkeys(("carried-over", "reviews-total", "not-filled", "section-missing", "fee-statement"), "off")
    project.write("conf.py", f'{CONF}suppress_warnings = ["toc.not_included"]\ngovreport_severity = {off}\n{more}')


def document(body: bytes) -> Document:
    return docx.Document(io.BytesIO(body))


def texts(body: bytes) -> list[str]:
    return [paragraph.text for paragraph in document(body).paragraphs if paragraph.text]


@pytest.fixture
def six(years: Project) -> Project:
    """A report's page with the six sections, and last year's figures."""
    quiet(years)
    years.page("index.md", "宿迁市", 2024, SIX)
    return years


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two year files."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    for name in ("suqian-2023", "suqian-2024"):
        (tmp_path / f"data/{name}.yaml").write_text(year_file(published(name)), "utf-8")
    return tmp_path


def test_word_breaks_no_line_between_a_number_and_its_sign(project: Project) -> None:
    quiet(project)
    found = published("wendeng-commerce-2020")
    data = re.sub(r"(?m)^(  licensing:\n    previous: )0\n(    change: )0$", r"\g<1>20\n\g<2>-18", year_file(found))
    project.write("data/a.yaml", data)
    sentence = "许可{gov-figure}`proactive-disclosure.licensing.change`件（-2 件）；电话0631-8451070，2019-2020。"
    project.page("index.md", found.agency, 2020, f"{sentence}\n\n```{{gov-disclosure-table}} proactive-disclosure\n```\n")
    body = (project.build("govword").out / "index.docx").read_bytes()
    assert "许可-18件（-2 件）；电话0631-8451070，2019-2020。" in texts(body)
    assert len(document(body).element.xpath("//w:p/w:r/w:noBreakHyphen")) == 2
    assert "-18" in [cell.text for table in document(body).tables for row in table.rows for cell in row.cells]


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_and_merge_of_a_published_report_is_on_its_page(project: Project, name: str) -> None:
    quiet(project)
    project.report(name)
    found = published(name)
    project.page("index.md", found.agency, found.year)
    build = project.build("govword")
    assert build.warnings == []
    body = (build.out / "index.docx").read_bytes()
    report = read(year_file(found))
    for table, name_of in zip(document(body).tables, report.figures, strict=True):
        rows = [list(row.cells) for row in table.rows]
        for cell in cells_of(report, name_of):
            figure = report.figures[name_of].get(cell.path)
            places = [rows[cell.row + y][cell.column + x] for y in range(cell.rowspan) for x in range(cell.colspan)]
            assert len({place._tc for place in places}) == 1, "merged as the form has it"
            assert places[0].text == (figure.shown() + figure.remark() if figure else cell.text)
    titled = body_with_title(body, f"{found.agency}{found.year}年政府信息公开工作年度报告")
    again = [one.report for one in import_documents("a.docx", titled, FORMS, Wanted()) if one.report]
    assert [said(one) for one in again] == [said(report)]


def body_with_title(body: bytes, title: str) -> bytes:
    """Return the body of a document whose first heading is ``title``, on a page with another name."""
    made = document(body)
    made.paragraphs[0].text = title
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def test_prose_comes_out_with_its_figures_and_looks(six: Project) -> None:
    build = six.build("govword", govreport_numbered=True)
    assert build.warnings == []
    body = (build.out / "index.docx").read_bytes()
    written = texts(body)
    assert "全年新收3525件，比上年增长0.40%，见表 2。" in written, "no space where a line of Chinese ends"
    assert "表 2　宿迁市2024年收到和处理政府信息公开申请情况" in written
    assert "1. 加强培训，见网站。" in written
    assert "2. 抽查文书[1]。" in written
    assert "[1] 按季度。" in written
    made = document(body)
    levels = [(one.style.name, one.text) for one in made.paragraphs if one.style and one.style.name.startswith("Heading")]
    assert levels[0] == ("Heading 1", "index.md")
    assert ("Heading 2", "五、存在的主要问题及改进情况") in levels
    assert ("Heading 3", "（一）人手不足") in levels
    cells = [[cell.text for cell in row.cells] for table in made.tables for row in table.rows]
    assert ["甲", "12"] in cells
    assert ["本年新收政府信息公开申请数量", "3511", "3525"] in cells
    links = [relation.target_ref for relation in made.part.rels.values() if relation.is_external]
    assert links == ["https://example.org/a"]


def test_the_page_is_that_of_the_standard(six: Project) -> None:
    body = (six.build("govword").out / "index.docx").read_bytes()
    made = document(body)
    (section,) = made.sections
    assert [round(length.mm) for length in (section.page_width, section.page_height)] == [210, 297]
    assert [round(length.mm) for length in (section.top_margin, section.left_margin)] == [37, 28]
    assert round(section.page_width.mm - section.left_margin.mm - section.right_margin.mm) == 156
    assert round(section.page_height.mm - section.top_margin.mm - section.bottom_margin.mm) == 225
    normal = made.styles["Normal"]
    assert normal.font.size == Pt(16)
    assert round(normal.paragraph_format.line_spacing.pt * 22 / Mm(225).pt, 2) == 1.0
    faces = {name: made.styles[name].element.rPr.rFonts.get(f"{{{made.styles.element.nsmap['w']}}}eastAsia") for name in (
        "Normal", "Heading 1", "Heading 2", "Heading 3", "Heading 4")}  # fmt: skip
    assert list(faces.values()) == ["仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"]
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        fonts = archive.read("word/fontTable.xml").decode()
        footers = [archive.read(name).decode() for name in archive.namelist() if "footer" in name]
    for face in set(faces.values()):
        assert re.search(f'<w:font w:name="{face}"><w:altName w:val="[^"]*(?:Noto|Fandol)[^"]*"/>', fonts), face
    assert len(footers) == 2
    assert all('w:instr="PAGE"' in footer and "— " in footer for footer in footers)


def test_a_wide_table_lies_across_a_page_of_its_own(six: Project) -> None:
    row = " | ".join(["12345678901234"] * 6)
    table = f"| {row.replace('12345678901234', '件数')} |\n{'| --- ' * 6}|\n| {row} |\n"
    six.page("index.md", "宿迁市", 2024, f"前文。\n\n## 附表\n\n{table}\n后文。\n")
    made = document((six.build("govword").out / "index.docx").read_bytes())
    assert [section.page_width > section.page_height for section in made.sections] == [False, True, False]
    (first, second, _third) = [
        [one.text for one in section.iter_inner_content() if hasattr(one, "text")] for section in made.sections
    ]
    assert first == ["index.md", "前文。"]
    assert [text for text in second if text] == ["附表"], "the heading lies across too"
    assert all(cell.text for cell in made.tables[0].rows[-1].cells)


def test_a_comparison_stands_on_lines_of_its_own(six: Project) -> None:
    six.page("index.md", "宿迁市", 2024, "```{gov-disclosure-table} reviews\n:compare:\n```\n")
    made = document((six.build("govword").out / "index.docx").read_bytes())
    shown = [cell.text for cell in made.tables[0].rows[-1].cells]
    assert shown[4].split("\n")[0] == "170", "what stands beside a figure parts it from nothing"
    assert [len(cell.text.split("\n")) for cell in made.tables[0].rows[-1].cells] == [1, 1, 1, 1, 2] * 3


def test_columns_of_sentences_begin_at_the_left(six: Project) -> None:
    """Figures, short words and column headers are centred, including those next to sentences."""
    own = "| 渠道 | 件数 | 说明 |\n| --- | --- | --- |\n| 网站 | 12 | 通过本机关门户网站提交的申请，全部按期答复。 |\n| 信函 | 3 | 无 |\n"
    body = f"```{{gov-check-table}}\n```\n\n{own}\n```{{gov-comparison-table}} requests-summary\n:change:\n```\n"
    six.page("index.md", "宿迁市", 2024, body)
    made = document((six.build("govword").out / "index.docx").read_bytes())
    looks = [
        [
            {cell.paragraphs[0].style.name.split()[1] for cell in column.cells[1:] if cell.paragraphs[0].style}
            for column in table.columns
        ]
        for table in made.tables
    ]
    assert looks == [[{"Row"}, {"Cell"}, {"Row"}], [{"Cell"}, {"Cell"}, {"Row"}], [{"Row"}, {"Cell"}, {"Cell"}, {"Cell"}]]


def test_every_table_of_a_page_has_its_widths_and_a_header_row(six: Project) -> None:
    """Comparison, Markdown and statutory tables: Word uses the widths of cells, screen readers the header row."""
    made = document((six.build("govword").out / "index.docx").read_bytes())
    assert len(made.tables) == 5
    for table in made.tables:
        grid = [column.width for column in table.columns]
        assert all(grid)
        for row in table._tbl.tr_lst:
            column = 0
            for cell in row.tc_lst:
                assert cell.width == sum(grid[column : column + cell.grid_span])
                column += cell.grid_span
            assert row.trPr is not None
            assert row.trPr.xpath("w:cantSplit")
        first = table._tbl.tr_lst[0].trPr
        assert first is not None
        assert first.xpath("w:tblHeader")
        assert table._tbl.tblPr.xpath("w:tblDescription")


def test_captions_count_as_word_counts(six: Project) -> None:
    """With fields, so that a list of tables can be made and a table inserted between two others."""
    six.write("first.md", "# 首页\n\n```{table} 甲\n| 乙 |\n| --- |\n| 1 |\n```\n\n```{toctree}\nindex\n```\n")
    quiet(six, 'root_doc = "first"\ngovreport_numbered = True\n')
    body = (six.build("govword").out / "index.docx").read_bytes()
    fields = re.findall(r"<w:instrText[^>]*>([^<]*)<", part_of(body, "word/document.xml"))
    assert fields == [f" SEQ 表 \\* ARABIC {more}" for more in ("", "", "", "")]
    assert [one.text for one in document(body).paragraphs if one.style and one.style.name == "Caption"] == [
        "表 1　宿迁市2024年主动公开政府信息情况",
        "表 2　宿迁市2024年收到和处理政府信息公开申请情况",
        "表 3　宿迁市2024年政府信息公开行政复议、行政诉讼情况",
        "表 4　宿迁市2023—2024年依申请公开概况对比",
    ]
    quiet(six, "")
    body = (six.build("govword").out / "index.docx").read_bytes()
    assert "instrText" not in part_of(body, "word/document.xml")
    assert "宿迁市2024年主动公开政府信息情况" in texts(body)


def part_of(body: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return archive.read(name).decode()


@pytest.mark.parametrize(("body", "told", "kept"), [
    ("```{raw} html\n<b>x</b>\n```\n", "“html”", "甲"),
    ("甲<u>乙</u>丙<u>丁</u>\n", "“html”", "甲乙丙丁"),
    ("```{image} a.svg\n:alt: 图样\n```\n", "“a.svg”", "图样"),
])  # fmt: skip
def test_what_cannot_be_printed_is_named_with_its_place(six: Project, body: str, told: str, kept: str) -> None:
    six.write("a.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    six.page("index.md", "宿迁市", 2024, f"甲\n\n{body}")
    build = six.build("govword")
    (line,) = build.warnings
    assert f"{told}不能印在 Word 文档里，已略去。 [govreport.not-printed]" in line
    assert re.search(r"index\.md:\d+: WARNING", line)
    assert kept in texts((build.out / "index.docx").read_bytes())


def write_wide(folder: Path, columns: int) -> None:
    """Write a form with so many columns, and a report of it."""
    listed = "".join(f"      - {{key: c{number}, label: 第{number}项}}\n" for number in range(1, columns))
    table = f"  w:\n    label: 统计表\n    english: W\n    unit: 件\n    columns:\n{listed}    rows: [{{key: a, label: 甲}}]\n"
    head = "form: wide\nkind: 统计\ntitle: 统计\nenglish: Wide\nsource: {notice: 某办〔2014〕3号}\nyears: {from: 2012}\n"
    (folder / "wide.yaml").write_text(f"{head}tables:\n{table}", "utf-8")
    figures = ", ".join(map(str, range(1, columns)))
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data/wide.yaml").write_text(f"agency: 某市\nyear: 2024\nform: wide\nw: {{a: [{figures}]}}\n", "utf-8")


def test_a_table_with_more_columns_than_word_allows_is_not_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    command = ["export", "data", "--form", "wide.yaml", "--to", "docx", "-o"]
    write_wide(tmp_path, 63)
    assert main([*command, "63.docx"]) == 0
    assert [len(table.columns) for table in document(Path("63.docx").read_bytes()).tables] == [63]
    write_wide(tmp_path, 64)
    for language, message in (
        ("en", "Word allows 63 columns in a table; export the report as xlsx.\n"),
        ("zh_CN", "Word 的表格最多 63 列，请将年报导出为 xlsx。\n"),
    ):
        with pytest.raises(SystemExit) as stop:
            main(["--language", language, *command, "64.docx"])
        assert stop.value.code == 2
        assert capsys.readouterr().err.endswith(message)
    assert not Path("64.docx").exists()


def test_a_site_leaves_out_a_table_with_more_columns_than_word_allows(project: Project) -> None:
    write_wide(project.folder, 64)
    quiet(project, 'govreport_forms = ["wide.yaml"]\ngovreport_downloads = ["docx", "csv"]\n')
    front = "---\ngovreport-year: 2024\ngovreport-agency: 某市\n---\n# 页\n\n"
    project.write("index.md", f"{front}新收64件。\n\n```{{gov-disclosure-table}} w\n```\n")
    build = project.build("govword")
    (line,) = build.warnings
    assert line.endswith(
        "index.md:9: WARNING: “table”不能印在 Word 文档里，已略去。Word 的表格最多 63 列，请将年报导出为 xlsx。 [govreport.not-printed]"
    )
    body = (build.out / "index.docx").read_bytes()
    assert "新收64件。" in texts(body)
    assert not document(body).tables
    part = "```{gov-comparison-table}\n\nw.a.c1\n```\n\n```{gov-downloads}\n```\n\n```{gov-report-list}\n```\n"
    for out, written in (("whole", "```{gov-disclosure-table} w\n```\n"), ("part", part)):
        write_wide(project.folder, 63)
        project.write("index.md", f"{front}{written}")
        narrow = project.build(out=out)
        assert any(narrow.out.rglob("*.docx"))
        assert ">Word</a>" in narrow.text("index.html")
        write_wide(project.folder, 64)
        wide = project.build(out=out)
        (line,) = wide.warnings
        assert line.endswith("WARNING: Word 的表格最多 63 列，请将年报导出为 xlsx。 [govreport.not-printed]")
        assert not any(wide.out.rglob("*.docx")), "also the one with the figures before"
        assert ">Word</a>" not in wide.text("index.html")
        assert ">CSV</a>" in wide.text("index.html")


@pytest.mark.parametrize(("cell", "told", "shown"), [
    (".. image:: a.png\n          :alt: 图样", "“a.png”", "图样"), (".. raw:: html\n\n          <b>丙</b>", "“html”", ""),
])  # fmt: skip
def test_what_cannot_be_printed_in_a_cell_is_named(six: Project, cell: str, told: str, shown: str) -> None:
    (six.folder / "a.png").write_bytes(base64.b64decode(PNG))
    six.page("index.md", "宿迁市", 2024, f"```{{eval-rst}}\n.. list-table::\n\n   * - 甲\n     - {cell}\n```\n")
    build = six.build("govword")
    (line,) = build.warnings
    assert f"{told}不能印在 Word 文档里，已略去。 [govreport.not-printed]" in line
    (table,) = document((build.out / "index.docx").read_bytes()).tables
    assert [cell.text for cell in table.rows[0].cells] == ["甲", shown]


def test_sums_in_a_check_table_of_a_download_have_no_marks_for_browsers(years: Project) -> None:
    quiet(years, 'govreport_downloads = ["docx"]\n')
    path = years.folder / "data/suqian-2024.yaml"
    path.write_text(path.read_text("utf-8").replace("3440", "3441"), "utf-8")
    years.page("index.md", "宿迁市", 2024, "```{gov-disclosure-table}\n```\n\n```{gov-check-table}\n```\n")
    build = years.build()
    (download,) = build.out.glob("*.docx")
    cells = [cell.text for row in document(download.read_bytes()).tables[-1].rows for cell in row.cells]
    assert any("3441+75+0+1+6+3" in text for text in cells)
    assert not any("<" in text for text in cells)
    assert not any("not-printed" in line for line in build.warnings)


def test_tables_in_the_cells_of_another_are_all_there(project: Project) -> None:
    project.report("suqian-2024")
    tables = (
        "   * - requests\n\n       .. gov-disclosure-table:: requests\n\n     - 右侧说明\n\n"
        "   * - reviews\n\n       * .. gov-disclosure-table:: reviews\n\n     - 右侧说明\n\n"
    )
    fields = ":govreport-year: 2024\n:govreport-agency: 宿迁市\n"
    project.write(
        "index.rst", f"{fields}\n标题\n====\n\n.. list-table::\n   :header-rows: 1\n\n   * - 表\n     - 说明\n\n{tables}"
    )
    document = docx.Document(str(project.build("govword").out / "index.docx"))
    layout, requests, reviews = document.tables
    assert [[cell.text for cell in row.cells] for row in layout.rows] == [
        ["表", "说明"], ["requests", "右侧说明"], ["reviews", "右侧说明"],
    ]  # fmt: skip
    for table, name in ((requests, "requests"), (reviews, "reviews")):
        seen = {cell.text for row in table.rows for cell in row.cells}
        assert {figure for figure in published("suqian-2024").figures[name].values() if figure} <= seen


@pytest.mark.parametrize(
    "around", [".. versionchanged:: 2024\n\n   {}\n", ".. list-table::\n\n   * - .. note::\n\n          {}\n"]
)
def test_tables_in_boxes_and_in_boxes_of_cells_are_tables(years: Project, around: str) -> None:
    years.write("index.md", "# 专栏\n")
    for number, directive in enumerate(("disclosure-table:: reviews", "comparison-table:: requests-summary")):
        fields = ":govreport-year: 2024\n:govreport-agency: 宿迁市\n"
        years.write(f"p{number}.rst", f"{fields}\n标题\n====\n\n{around.format(f'.. gov-{directive}')}")
    build = years.build("govword")
    reviews, requests = (document((build.out / f"p{number}.docx").read_bytes()) for number in range(2))
    figures = [cell.text for cell in reviews.tables[-1].rows[-1].cells]
    assert figures == list(published("suqian-2024").figures["reviews"].values())
    assert [cell.text for cell in requests.tables[-1].rows[1].cells] == ["本年新收政府信息公开申请数量", "3511", "3525"]
    others = [cell.text for table in requests.tables[:-1] for row in table.rows for cell in row.cells]
    assert not any("3525" in text for text in (*others, *(one.text for one in requests.paragraphs)))


def test_items_are_counted_as_browsers_count(project: Project) -> None:
    project.report("suqian-2024")
    fields = ":govreport-year: 2024\n:govreport-agency: 宿迁市\n"
    lists = "xxxix. 甲\nxl. 乙\n\n文字。\n\nCDXCIX. 甲\nD. 乙\n\n文字。\n\na) 甲\n" + "#) 乙\n" * 27
    project.write("index.rst", f"{fields}\n标题\n====\n\n{lists}\n\n.. gov-disclosure-table:: reviews\n")
    document = docx.Document(str(project.build("govword").out / "index.docx"))
    shown = [paragraph.text for paragraph in document.paragraphs if paragraph.text[-1:] in ("甲", "乙")]
    assert [line.split()[0] for line in shown] == [
        "xxxix.", "xl.", "CDXCIX.", "D.", *(f"{letter})" for letter in "abcdefghijklmnopqrstuvwxyz"), "aa)", "ab)",
    ]  # fmt: skip


def test_a_picture_and_a_chart_have_their_place(six: Project) -> None:
    (six.folder / "a.png").write_bytes(base64.b64decode(PNG))
    chart = "```{gov-trend-chart}\nrequests.received.total\n```\n"
    six.page("index.md", "宿迁市", 2024, f"```{{image}} a.png\n:alt: 图样\n```\n\n{chart}")
    build = six.build("govword")
    assert build.warnings == []
    made = document((build.out / "index.docx").read_bytes())
    assert len(made.inline_shapes) == 1
    assert [[cell.text for cell in row.cells][1:] for row in made.tables[0].rows][-1] == ["3511", "3525"]


def picture(width: int, height: int) -> bytes:
    """Return a PNG of this size: only its first part is read."""
    head = base64.b64decode(PNG)
    return head[:16] + width.to_bytes(4) + height.to_bytes(4) + head[24:]


def test_pictures_in_sentences_are_printed_between_them(six: Project) -> None:
    (six.folder / "a.png").write_bytes(base64.b64decode(PNG))
    page = "![图样](a.png)\n\n新收3525件![图章](a.png)结转125件。\n\n- [![链接](a.png)](https://example.org)\n"
    six.page("index.md", "宿迁市", 2024, page)
    build = six.build("govword")
    assert build.warnings == []
    made = document((build.out / "index.docx").read_bytes())
    assert [one._inline.docPr.get("descr") for one in made.inline_shapes] == ["图样", "图章", "链接"]
    assert [one.text or "图" for one in made.paragraphs][1:6] == ["图", "新收3525件", "图", "结转125件。", "· "]
    assert not made.paragraphs[1].paragraph_format.keep_with_next, "pictures need not share a page with the text below"


def test_a_picture_is_on_the_page_of_its_caption(six: Project) -> None:
    (six.folder / "a.png").write_bytes(base64.b64decode(PNG))
    six.page("index.md", "宿迁市", 2024, "```{figure} a.png\n办理流程\n```\n")
    made = document((six.build("govword").out / "index.docx").read_bytes())
    _title, shown, caption = made.paragraphs
    assert (caption.text, shown.paragraph_format.keep_with_next) == ("图 1　办理流程", True)


def test_a_picture_with_a_link_is_on_the_page_of_its_caption_and_one_without_a_caption_need_not_share_it(six: Project) -> None:
    (six.folder / "a.png").write_bytes(base64.b64decode(PNG))
    page = "```{figure} a.png\n:target: https://example.org\n\n办理流程\n```\n\n```{figure} a.png\n```\n\n新收3525件。\n"
    six.page("index.md", "宿迁市", 2024, page)
    made = document((six.build("govword").out / "index.docx").read_bytes())
    kept = [one.paragraph_format.keep_with_next for one in made.paragraphs if not one.text]
    assert kept == [True, False]


def test_line_breaks_next_to_a_picture_are_no_empty_lines(six: Project) -> None:
    (six.folder / "a.png").write_bytes(base64.b64decode(PNG))
    six.page("index.md", "宿迁市", 2024, "新收3525件<br>![图](a.png)<br>\n结转125件。<br>\n\n![图](a.png)\\\n![图](a.png)\n")
    made = document((six.build("govword").out / "index.docx").read_bytes())
    assert [one.text or "图" for one in made.paragraphs[1:]] == ["新收3525件", "图", "结转125件。", "图", "图"]


@pytest.mark.parametrize("page", ["新收3525件。\n\n![](a.svg)\n", "新收3525件。\n\n结转125件。![](a.svg)\n"])
def test_a_picture_that_is_left_out_is_named_at_its_line(six: Project, page: str) -> None:
    six.write("a.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    six.page("index.md", "宿迁市", 2024, page)
    (line,) = six.build("govword").warnings
    assert "index.md:9: WARNING: “a.svg”" in line


def test_a_picture_is_not_higher_than_its_page(six: Project) -> None:
    (six.folder / "a.png").write_bytes(picture(400, 3000))
    six.page("index.md", "宿迁市", 2024, "![长图](a.png)\n")
    (shape,) = document((six.build("govword").out / "index.docx").read_bytes()).inline_shapes
    assert Mm(150) < shape.height < Mm(225)
    assert shape.height / shape.width == pytest.approx(7.5, rel=0.01)


@pytest.mark.parametrize("body", [b"RIFF\x1a\0\0\0WEBPVP8L", b"", base64.b64decode(PNG)[:20], picture(1, 0)])
def test_a_file_that_is_no_picture_that_word_can_show_is_named(six: Project, body: bytes) -> None:
    (six.folder / "a.png").write_bytes(body)
    six.page("index.md", "宿迁市", 2024, "新收3525件。\n\n```{image} a.png\n:alt: 图样\n```\n")
    build = six.build("govword")
    (line,) = build.warnings
    assert line.endswith("WARNING: “a.png”不能印在 Word 文档里，已略去。 [govreport.not-printed]")
    assert texts((build.out / "index.docx").read_bytes())[-2:] == ["新收3525件。", "图样"]


def test_line_breaks_of_the_author_stay(six: Project) -> None:
    page = "新收3525件  \n上年结转121件\\\n共3646件<br>\n无\n\n| 受理 | 办结 |\n| --- | --- |\n| 3525<br/>3511 | 甲<BR>乙 |\n"
    six.page("index.md", "宿迁市", 2024, page)
    build = six.build("govword")
    assert build.warnings == []
    body = (build.out / "index.docx").read_bytes()
    assert "新收3525件\n上年结转121件\n共3646件\n无" in texts(body)
    (table,) = document(body).tables
    assert [cell.text for cell in table.rows[1].cells] == ["3525\n3511", "甲\n乙"]
    assert "<w:doNotExpandShiftReturn/>" in part_of(body, "word/settings.xml"), "characters of a short line are not spread"


def test_control_characters_of_a_page_do_not_end_the_build(six: Project) -> None:
    head = "---\ngovreport-year: 2024\ngovreport-agency: 宿迁市\n---\n# 政务\x0b年报\n\n"
    six.write("index.md", f"{head}新收\x0b3525件。\n\n| 收\x0c办 |\n| --- |\n| 3525\x0b3511 |\n\n```\na\x01b\n```\n")
    build = six.build("govword")
    assert {line.rpartition("[")[2] for line in build.warnings} == {"govreport.invisible-character]"}
    made = document((build.out / "index.docx").read_bytes())
    assert made.core_properties.title == "政务 年报"
    assert [one.text for one in made.paragraphs] == ["政务 年报", "新收 3525件。", "a b"]
    assert [row.cells[0].text for row in made.tables[0].rows] == ["收 办", "3525 3511"]


def test_code_of_html_is_not_printed_in_titles(six: Project) -> None:
    (six.folder / "a.png").write_bytes(base64.b64decode(PNG))
    head = "---\ngovreport-year: 2024\ngovreport-agency: 宿迁市\n---\n# 政务公开<br>年报\n\n"
    six.write("index.md", f"{head}## 二、<b>主动公开</b>\n\n```{{figure}} a.png\n办理<br>流程\n```\n")
    made = document((six.build("govword").out / "index.docx").read_bytes())
    assert made.core_properties.title == "政务公开年报"
    assert [one.text for one in made.paragraphs] == ["政务公开\n年报", "二、主动公开", "", "图 1　办理\n流程"]


def test_the_download_is_the_whole_page_and_the_same_as_the_builder_writes(six: Project) -> None:
    quiet(six, 'govreport_downloads = ["docx"]\n')
    (six.folder / "a.png").write_bytes(base64.b64decode(PNG))
    six.write("b.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    (six.folder / "b.png").write_bytes(base64.b64decode(PNG))
    six.page("index.md", "宿迁市", 2024, f"![甲](a.png)\n\n![乙](b.*)\n\n{SIX}")
    first = six.build("govword")
    assert len(document((first.out / "index.docx").read_bytes()).inline_shapes) == 2
    build = six.build("html")
    assert build.warnings == []
    name = f"{report_ident(report_key('宿迁市', 2024))}.docx"
    body = (build.out / name).read_bytes()
    assert texts(body) == texts((first.out / "index.docx").read_bytes())
    single = six.build("singlehtml")
    assert texts((single.out / name).read_bytes()) == texts(body)
    six.page("index.md", "宿迁市", 2024, SIX.replace("按季度", "按月"))
    assert "[1] 按月。" in texts((six.build("html").out / name).read_bytes())


def test_a_page_that_prints_only_a_part_offers_all_tables(six: Project) -> None:
    quiet(six, 'govreport_downloads = ["docx"]\n')
    six.page("index.md", "宿迁市", 2024, "```{gov-disclosure-table} reviews\n```\n")
    body = (six.build("html").out / f"{report_ident(report_key('宿迁市', 2024))}.docx").read_bytes()
    assert len(document(body).tables) == 3


def test_a_pdf_is_offered_where_there_is_one(six: Project) -> None:
    more = 'govreport_downloads = ["csv", "pdf"]\nlatex_documents = [("reports/a", "a.tex", "", "甲", "howto")]\n'
    quiet(six, f'{more}govreport_pdf_folder = "made"\n')
    six.page("reports/a.md", "宿迁市", 2024)
    six.write("index.md", "# 首页\n\n```{gov-report-list}\n```\n")
    build = six.build()
    (told,) = build.warnings
    assert "govreport_pdf_folder 里没有 a.pdf。请在构建 HTML 之前运行“make latexpdf”" in told
    assert links(build.text("reports/a.html")) == ["CSV"]
    six.write("made/a.pdf", "%PDF one")
    build = six.build()
    assert build.warnings == []
    assert build.read == []
    name = f"{report_ident(report_key('宿迁市', 2024))}.pdf"
    assert links(build.text("reports/a.html")) == ["CSV", "PDF"]
    assert links(build.text("index.html")) == ["CSV", "PDF"]
    assert (build.out / "reports" / name).read_text() == "%PDF one"
    six.write("made/a.pdf", "%PDF two")
    assert (six.build().out / "reports" / name).read_text() == "%PDF two", "also when no page is written again"
    (six.folder / "made/a.pdf").unlink()
    assert links(six.build().text("reports/a.html")) == ["CSV"]


def links(page: str) -> list[str]:
    return [link.text for link in html.fromstring(page).xpath('//a[@class="gov-download"]')]


@pytest.mark.parametrize(("name", "page"), [("a.md", SIX), ("a.markdown", SIX), ("a.rst", RST)])
def test_the_command_writes_a_page_without_a_site(
    folder: Path, name: str, page: str, capfd: pytest.CaptureFixture[str]
) -> None:
    head = "---\ngovreport-year: 2024\ngovreport-agency: 宿迁市\n---\n# 年报\n\n" if name != "a.rst" else ""
    (folder / name).write_text(head + page, "utf-8")
    assert main(["export", "data", "--to", "docx", "--page", name, "--output", "a.docx"]) == 0
    told = [line for line in capfd.readouterr().err.splitlines() if name in line]
    assert told == []
    written = "".join(texts((folder / "a.docx").read_bytes()))
    assert "3525" in written
    assert len(document((folder / "a.docx").read_bytes()).tables) == (1 if name == "a.rst" else 5)
    assert {path.name for path in folder.iterdir()} == {name, "a.docx", "data"}, "nothing else is left"


def test_a_page_of_a_report_that_is_not_there_is_said_once(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "a.md").write_text(
        "---\ngovreport-year: 2030\n---\n# 年报\n\n新收{gov-figure}`requests.received.total`件。\n", "utf-8"
    )
    assert main(["--language", "zh", "export", "data", "--to", "docx", "--page", "a.md", "--output", "a.docx"]) == 1
    (line,) = [line for line in capfd.readouterr().err.splitlines() if "a.md" in line]
    assert line.startswith("a.md:2: ERROR: 没有宿迁市2030年的年报。")
    assert not Path("a.docx").exists()


def test_the_command_writes_the_results_of_checks(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    page = "# 年报\n\n## 四、政府信息公开行政复议、行政诉讼情况\n\n```{gov-disclosure-table} reviews\n```\n\n```{gov-check-table}\n```\n"
    (folder / "a.md").write_text(f"---\ngovreport-year: 2024\n---\n{page}", "utf-8")
    assert main(["export", "data", "--to", "docx", "--page", "a.md", "--output", "a.docx"]) == 0
    _reviews, table = document((folder / "a.docx").read_bytes()).tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert ["每行各类申请人之和等于总计", "通过", "核对 25 项"] in rows
    assert [row[:2] for row in rows if "本页缺少" in row[2]] == [["法定的各部分齐全", "未通过"]]
    assert "section-missing" not in capfd.readouterr().err, "the command check reports it"


@pytest.mark.parametrize(("arguments", "told"), [
    (["--to", "docx", "--page", "none.md"], "none.md"),
    (["--to", "csv", "--page", "a.md"], "exported as docx"),
    (["--to", "docx", "--page", "a.html"], "Markdown (.md) or reStructuredText (.rst)"),
    (["--to", "docx", "--page", "plain.md"], "does not specify a report"),
])  # fmt: skip
def test_a_page_that_cannot_be_written_is_wrong_usage(
    folder: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.md", "a.html", "plain.md"):
        (folder / name).write_text("# 页\n", "utf-8")
    with pytest.raises(SystemExit) as stopped:
        main(["--language", "en", "export", "data", *arguments, "--output", "out.docx"])
    assert stopped.value.code == 2
    assert told in capsys.readouterr().err
    assert not (folder / "out.docx").exists()


def test_what_is_wrong_with_a_page_is_told_with_its_place(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    page = "---\ngovreport-year: 2024\n---\n# 年报\n\n甲{gov-figure}`依申请公开.新收.总和`\n\n```{unknown} x\n```\n"
    (folder / "a.md").write_text(page, "utf-8")
    assert main(["export", "data", "--to", "docx", "--page", "a.md", "--output", "a.docx"]) == 1
    told = capfd.readouterr().err
    assert "a.md:6: ERROR: “总和”无法识别。" in told
    assert "a.md:8: WARNING: Unknown directive type" in told
    assert str(folder) not in told


@pytest.mark.slow
def test_libreoffice_opens_a_page_with_every_figure(six: Project, tmp_path: Path) -> None:
    body = (six.build("govword").out / "index.docx").read_bytes()
    title = "宿迁市2024年政府信息公开工作年度报告"
    (tmp_path / "a.docx").write_bytes(body_with_title(body, title))
    found = import_documents("a.pdf", converted(tmp_path, "a.docx", "pdf"), FORMS, Wanted())
    (report,) = [one.report for one in found if one.report]
    first = read(year_file(published("suqian-2024")))
    for table, figures in first.figures.items():
        assert {path: one.value for path, one in report.figures[table].items()} == {
            path: one.value for path, one in figures.items()
        }


@pytest.mark.parametrize(("language", "said"), [("zh_CN", "缺少"), ("en", "is missing; install it")])
def test_without_its_library_the_builder_says_what_to_install(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, said: str
) -> None:
    project.report("suqian-2024")
    project.page("index.md", "宿迁市", 2024)
    monkeypatch.setitem(sys.modules, "docx", None)
    options = ["-q", "-b", "govword", "-D", f"language={language}", str(project.folder), str(project.folder / "out")]
    assert build_main(options) == 2
    error = capsys.readouterr().err
    assert said in error
    assert 'pip install "sphinx-govreport[docx]"' in error
    assert "MissingExtra" not in error
    assert not list((project.folder / "out").rglob("*.doctree")), "nothing is read in vain"
