"""Tables in cells of other tables and in other boxes: only HTML, XML and Word documents can show them there."""

from __future__ import annotations

import base64
import re
import subprocess

import pytest

from tests.conftest import Build, Project
from tests.published import published

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
FIELDS = ":govreport-year: 2024\n:govreport-agency: 宿迁市\n"
OURS = {
    "a table": (".. gov-disclosure-table:: reviews", "宿迁市2024年政府信息公开行政复议、行政诉讼情况", "170"),
    "a table in parts": (".. gov-disclosure-table:: proactive-disclosure", "宿迁市2024年主动公开政府信息情况", "72701.2578"),
    "a comparison": (".. gov-comparison-table:: requests-summary", "宿迁市2023—2024年依申请公开概况对比", "3511"),
    "a chart": (".. gov-trend-chart:: requests-summary", "宿迁市2023—2024年依申请公开概况对比", "3511"),
    "a check table": (".. gov-check-table::", "宿迁市2024年度报告数据核对结果", "通过"),
    "a rollup": (
        ".. gov-rollup-table:: requests-summary\n             :parts: 宿迁市",
        "2024年依申请公开概况（各机关及合计）",
        "3525",
    ),
}
CELLS = {
    "list-table": ".. list-table::\n\n   * - 甲\n\n     - 乙\n   * - 丙\n\n     - 前\n\n       {}\n\n       后\n\n尾\n",
    "box": ".. list-table::\n\n   * - 前\n\n       * 项\n\n         .. note::\n\n          {}\n\n       后\n\n尾\n",
}


def built(years: Project, builder: str, body: str, **settings: object) -> tuple[Build, str]:
    years.quiet()
    years.write("index.rst", f"{FIELDS}\n年报\n====\n\n{body}")
    build = years.build(builder, man_pages=[("index", "site", "说明", "", 1)], **settings)
    assert build.warnings == []
    name = {"text": "index.txt", "man": "site.1", "latex": "site.tex", "texinfo": "site.texi"}[builder]
    return build, build.text(name)


@pytest.mark.parametrize("builder", ["text", "man", "texinfo", "latex"])
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("ours", OURS)
def test_a_table_in_a_cell_is_printed_below_and_its_caption_in_the_cell(
    years: Project, builder: str, cell: str, ours: str
) -> None:
    directive, caption, figure = OURS[ours]
    _build, text = built(years, builder, CELLS[cell].format(directive))
    drawing = re.compile(r"\\begin\{tikzpicture}.*?\\end\{tikzpicture}", re.DOTALL)  # has the figures too
    before, _, below = drawing.sub("", text).partition("后")
    assert figure not in before
    assert re.sub(r"[\s|]", "", caption) in re.sub(r"[\s|]", "", before.partition("前")[2])
    table, _, _rest = below.partition("尾")
    assert figure in table


@pytest.mark.parametrize("ours", OURS)
@pytest.mark.parametrize("section", ["", "一、情况\n----------\n\n"])
def test_manual_pages_have_the_captions_and_their_own_name(years: Project, ours: str, section: str) -> None:
    """Above all sections, the writer takes the caption of a table for the title of the page, and elsewhere for a section."""
    directive, caption, figure = OURS[ours]
    _build, text = built(years, "man", f"{section}前\n\n{directive}\n\n后\n".replace("\n             :", "\n   :"))
    assert "\n.SH NAME\nsite \\- 说明\n" in text
    lines = text.replace("\\-", "-").splitlines()
    before, after = lines[: lines.index(caption)], lines[lines.index(caption) :]
    assert not any(figure in line for line in before)
    assert any(figure in line for line in after)


def test_several_tables_keep_their_order_and_their_notes(years: Project) -> None:
    years.write("data/a.yaml", "agency: 甲局\nyear: 2024\nform: 2021\nrequests: 0\nreviews: 0\nproactive-disclosure: 0\n"
        "notes: {reviews: 含上年度结转数量。, proactive-disclosure: 乙注。}\n")  # fmt: skip
    body = "+--------------------------------+\n| .. gov-disclosure-table::      |\n|    :agency: 甲局               |\n"
    _build, text = built(years, "text", body + "+--------------------------------+\n\n尾\n")
    parts = ["行政许可", "注：乙注。", "申请人情况", "行政复议 ", "注：含上年度结转数量。", "尾"]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_other_tables_in_cells_stay_where_they_are(years: Project) -> None:
    years.quiet()
    cell = "   * - .. list-table::\n\n          * - 内\n\n     - .. gov-disclosure-table:: reviews\n"
    years.write("index.rst", f"{FIELDS}\n年报\n====\n\n.. list-table::\n\n{cell}")
    tables = years.build("xml").text("index.xml")
    assert re.search("<entry>\\s*<table[^>]*>.*?内", tables, re.DOTALL)
    assert re.search("<entry>.*?<table[^>]*gov-table", tables, re.DOTALL)


@pytest.mark.pdf
@pytest.mark.parametrize("around", [
    ".. list-table::\n\n   * - 甲\n\n     - .. gov-disclosure-table::\n",
    ".. figure:: a.png\n\n   图\n\n   .. gov-disclosure-table::\n",
])  # fmt: skip
def test_nothing_is_cut_in_the_pdf(years: Project, around: str) -> None:
    (years.folder / "a.png").write_bytes(base64.b64decode(PNG))
    fonts = r"\usepackage{xeCJK}\setCJKmainfont{FandolSong-Regular.otf}"
    build, _tex = built(years, "latex", around, latex_elements={"fontpkg": fonts, "papersize": "a4paper"})
    subprocess.run(
        ["latexmk", "-xelatex", "-interaction=nonstopmode", "site.tex"], cwd=build.out, check=True, capture_output=True
    )
    run = ["pdftotext", "-layout", "site.pdf", "-"]
    words = subprocess.run(run, cwd=build.out, check=True, capture_output=True, text=True).stdout.split()
    figures = [figure for table in published("suqian-2024").figures.values() for figure in table.values() if figure]
    assert {*figures} - {*words} == set()
