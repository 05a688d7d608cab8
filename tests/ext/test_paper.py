"""The PDF by GB/T 9704-2012: its page is measured, every cell of every table is compared, and conf.py can override it."""

from __future__ import annotations

import itertools
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.tables.gbt9704 import TEXT_HEIGHT, TEXT_WIDTH
from sphinx_govreport.core.tables.table import table_of
from tests.conftest import CONF, Build, Project
from tests.exporters.test_exports import read
from tests.published import NAMES, published, year_file

FORMS = statutory_forms()
MM = 72 / 25.4
CHARACTERS, LINES = 28, 22
PROSE = (
    "全年主动公开政府信息情况良好各单位依法依规办理政府信息公开申请按时答复没有超期" * 40
)  # no punctuation, which would be compressed


def conf(project: Project, documents: str = "", more: str = "") -> None:
    listed = f"latex_documents = [{documents}]\n" if documents else ""
    quiet = 'suppress_warnings = ["toc.not_included"]\ngovreport_severity = dict.fromkeys(("reviews-total", "not-filled", "section-missing", "carried-over"), "hint")\n'
    project.write("conf.py", f'{CONF}{quiet}govreport_latex = "gbt9704"\n{listed}{more}')


def document(page: str) -> str:
    return f'("{page}", "{page}.tex", "", "甲", "howto"),'


def pdf(build: Build, name: str) -> Path:
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"]
    run = subprocess.run(command, cwd=build.out, capture_output=True)
    assert run.returncode == 0, (build.out / f"{name}.log").read_text("utf-8", "replace")[-3000:]
    return build.out / f"{name}.pdf"


def near(measured: float, expected: float, tolerance: float = 0.5) -> bool:
    return abs(measured - expected) <= tolerance


def lines_of(chars: list[dict[str, Any]]) -> dict[float, list[dict[str, Any]]]:
    """Return characters by their height on the page."""
    lines: dict[float, list[dict[str, Any]]] = {}
    for char in chars:
        lines.setdefault(round(char["matrix"][5], 1), []).append(char)
    return dict(sorted(lines.items(), reverse=True))


@pytest.mark.pdf
def test_the_page_is_that_of_the_standard(project: Project) -> None:
    conf(project, document("a"))
    project.report("suqian-2024")
    text = "第二条结论。**要点**与*说明*。"
    body = f"## 一、总体情况\n\n{PROSE}\n\n### （一）分项\n\n{text}\n\n#### 1.细目\n\n{text}\n"
    project.page("a.md", "宿迁市", 2024, body)
    project.write("index.md", "# 首页\n")
    build = project.build("latex")
    assert build.warnings == []
    with pdfplumber.open(pdf(build, "a")) as document_:
        first, second = document_.pages[:2]
        assert (near(first.width, 210 * MM), near(first.height, 297 * MM)) == (True, True)
        inner, outer = 28 * MM, 26 * MM
        for page, left in ((first, inner), (second, outer)):
            body_chars = [char for char in page.chars if near(char["size"], 16, 0.1)]
            lines = lines_of(body_chars)
            full = [line for line in lines.values() if len(line) == CHARACTERS]
            assert len(full) > 3
            for line in full:
                assert near(line[0]["x0"], left, 1)
                assert near(line[-1]["x1"], left + TEXT_WIDTH * MM, 1)
            heights = list(lines)
            assert all(near(a - b, TEXT_HEIGHT / LINES * MM, 0.11) for a, b in itertools.pairwise(heights))
        top = max(char["top"] for char in first.chars if near(char["size"], 22, 0.1))
        assert near(top, 37 * MM, 6), "the title begins where the type area does"
        faces = {char["fontname"].partition("+")[2] for char in first.chars if near(char["size"], 22, 0.1)}
        assert len(faces) <= 2
        by_size = Counter(round(char["size"], 1) for page in document_.pages for char in page.chars)
        assert set(by_size) == {16.0, 22.0, 14.0}
        colours = {str(char["non_stroking_color"]) for page in document_.pages for char in page.chars}
        assert colours <= {"(0,)", "(0.0,)", "None", "0"}, "all is black"
        for page, is_right in ((first, True), (second, False)):
            number = [char for char in page.chars if near(char["size"], 14, 0.1)]
            assert any(char["text"] == str(page.page_number) for char in number)
            left = inner if is_right else outer
            edge = left + TEXT_WIDTH * MM - 14 if is_right else left + 14
            assert near(number[-1]["x1"] if is_right else number[0]["x0"], edge, 1.5), "one character in from the outer edge"
            dash = (number[0]["matrix"][5], (37 + TEXT_HEIGHT) * MM)
            assert near(page.height - dash[0] - dash[1], 7 * MM + 5, 3), "7 mm below the type area"


@pytest.mark.pdf
def test_twenty_two_lines_stand_on_a_page(project: Project) -> None:
    conf(project, document("a"))
    project.report("suqian-2024")
    project.page("a.md", "宿迁市", 2024, f"{PROSE}\n")
    project.write("index.md", "# 首页\n")
    with pdfplumber.open(pdf(project.build("latex"), "a")) as made:
        lines = lines_of([char for char in made.pages[1].chars if near(char["size"], 16, 0.1)])
    assert len(lines) == LINES
    assert Counter(map(len, lines.values())) == {CHARACTERS: LINES}


@pytest.mark.pdf
def test_no_line_ends_between_a_number_and_its_sign(project: Project) -> None:
    conf(project, document("a"))
    found = published("wendeng-commerce-2020")
    data = re.sub(r"(?m)^(  licensing:\n    previous: )0\n(    change: )0$", r"\g<1>20000000\n\g<2>-12345678", year_file(found))
    project.write("data/a.yaml", f"{data}\nnotes: {{proactive-disclosure: {'甲' * 28}-12345678。}}\n")
    figure = "{gov-figure}`proactive-disclosure.licensing.change`"
    body = "\n\n".join("甲" * count + figure + "件。" for count in range(14, 30))
    project.page("a.md", found.agency, 2020, body + "\n\n```{gov-disclosure-table} proactive-disclosure\n```\n")
    project.write("index.md", "# 首页\n")
    with pdfplumber.open(pdf(project.build("latex"), "a")) as made:
        lines = "\n".join(page.extract_text() for page in made.pages)
    assert lines.count("-12345678") == 16 + 1 + 1, "in sentences, in the note and in the table"


@pytest.mark.pdf
def test_each_heading_has_its_face(project: Project) -> None:
    conf(project, document("a"))
    project.report("suqian-2024")
    project.page("a.md", "宿迁市", 2024, "## 一二三四五\n\n### 六七八九十百\n\n#### 上下左右东西南\n\n甲乙丙丁戊己庚辛\n")
    project.write("index.md", "# 首页\n")
    with pdfplumber.open(pdf(project.build("latex"), "a")) as made:
        lines = lines_of([char for char in made.pages[0].chars if near(char["size"], 16, 0.1)])
        faces = {len(line): {char["fontname"].partition("+")[2] for char in line} for line in lines.values()}
        starts = {round(line[0]["x0"], 1) for line in lines.values()}
    hei, kai, fang, body = (faces[count] for count in (5, 6, 7, 8))
    assert [len(one) for one in (hei, kai, fang, body)] == [1, 1, 1, 1]
    assert fang == body
    assert len({*hei, *kai, *fang}) == 3
    assert len(starts) == 1, "all begin two characters in"


def grids(path: Path) -> Iterator[tuple[Any, list[list[str | None]]]]:
    with pdfplumber.open(path) as made:
        for page in made.pages:
            for table in page.extract_tables():
                yield page.page_number, table


@pytest.mark.pdf
def test_every_cell_of_every_table_is_where_the_form_has_it(reports: Project) -> None:
    conf(reports)
    build = reports.build("latex")
    assert build.warnings == []
    found = iter(list(grids(pdf(build, "site"))))
    for name in sorted(NAMES):
        report = read(year_file(published(name)))
        for table in map(lambda one, of=report: table_of(of, FORMS, one), report.figures):
            page, rows = next(found)
            layout = table.layout
            assert (len(rows), {len(row) for row in rows}) == (len(layout.lines), {layout.width}), (name, page)
            cells = {(cell.row, cell.column): table.shown(cell) for line in layout.lines for cell in line}
            for row, line in enumerate(rows):
                for column, written in enumerate(line):
                    expected = cells.get((row, column))
                    assert _plain(written) == _plain(expected), (name, layout.name, row, column)
    assert next(found, None) is None


def _size(char: dict[str, Any]) -> float:
    """Return the size of a letter, rotated or not."""
    return float(max(map(abs, char["matrix"][:4]))) * (char["size"] if char["upright"] else char["width"])


def _plain(written: str | None) -> str:
    return "".join((written or "").split())


def long(figure: re.Match[str]) -> str:
    """Return the text with a figure of fourteen digits in place of another."""
    return f": 1{figure[1]:0>13}"


@pytest.mark.pdf
def test_a_wide_table_lies_across_and_the_page_keeps_its_number(years: Project) -> None:
    conf(years, document("a"), "govreport_mark_findings = False\n")
    path = years.folder / "data/suqian-2024.yaml"
    before, name, rest = path.read_text("utf-8").partition("requests:\n  received:")
    path.write_text(before + name + re.sub(r": (\d+)$", long, rest, flags=re.MULTILINE), "utf-8")
    body = (
        "前文。\n\n```{gov-disclosure-table} reviews\n```\n\n## 三、申请\n\n```{gov-disclosure-table} requests\n```\n\n后文。\n"
    )
    years.page("a.md", "宿迁市", 2024, body)
    years.write("index.md", "# 首页\n")
    with pdfplumber.open(pdf(years.build("latex"), "a")) as made:
        turned = [page for page in made.pages if page.width > page.height]
        assert [page.page_number for page in turned] == list(range(2, made.pages[-1].page_number))
        assert len(turned) == 3, "the long table goes on"
        assert "三、申请" in _plain(turned[1].extract_text()), "with its heading"
        for page in made.pages:
            number = [char for char in page.chars if char["text"] == str(page.page_number) and near(_size(char), 14, 0.1)]
            assert [char["upright"] for char in number] == [page not in turned]
        rows = [
            [_plain(cell) for cell in row if cell] for page in turned[1:] for table in page.extract_tables() for row in table
        ]
    for figures in (("3440", "75", "0", "1", "6", "3"), ("118", "5", "0", "0", "1", "1")):
        assert any(tuple(row[-7:-1]) == tuple(f"1{one:0>13}" for one in figures) for row in rows), figures
    heads = [row for row in rows if row and row[-1] == "申请人情况"]
    assert len(heads) == len(turned) - 1, "its heads are on every page"


def test_make_finds_nothing_but_documents(project: Project) -> None:
    """The makefile of Sphinx makes a PDF of each ``.tex`` file."""
    project.report("suqian-2024")
    project.page("index.md", "宿迁市", 2024)
    conf(project)
    out = project.build("latex").out
    assert [path.name for path in out.glob("*.tex")] == ["site.tex"]
    assert (out / "govreport-titles.def").is_file()


def test_what_the_site_says_itself_stays(project: Project) -> None:
    project.report("suqian-2024")
    project.page("index.md", "宿迁市", 2024)
    conf(project, more='latex_elements = {"fontpkg": "% mine", "preamble": "% last", "sphinxsetup": "hmargin=1cm"}\n')
    build = project.build("latex")
    tex = build.text("site.tex")
    assert "% mine" in tex
    assert "govreport-fonts" not in tex
    assert tex.index(r"\usepackage{govreport-gbt9704}") < tex.index("% last")
    assert tex.index("hmargin={28mm,26mm}") < tex.index("hmargin=1cm")
    assert "a4paper" in tex
    assert build.env.config.latex_elements["fontpkg"] == "% mine"


def test_without_the_setting_the_pdf_is_that_of_sphinx(project: Project) -> None:
    project.report("suqian-2024")
    project.page("index.md", "宿迁市", 2024)
    project.quiet()
    build = project.build("latex")
    assert re.findall("govreport-[a-z0-9]+", build.text("site.tex")) == ["govreport-tables"]
    assert [path.name for path in build.out.glob("govreport*")] == ["govreport-tables.sty"]


def test_a_site_without_year_files_asks_latex_for_nothing(project: Project) -> None:
    project.write("index.md", "# 页\n")
    build = project.build("latex", govreport_data=[])
    assert "govreport" not in build.text("site.tex")
    assert not list(build.out.glob("govreport*"))


@pytest.mark.parametrize("builder", ["html", "latex"])
def test_the_setting_makes_nothing_be_read_again(project: Project, builder: str) -> None:
    project.report("suqian-2024")
    project.page("index.md", "宿迁市", 2024)
    conf(project)
    assert project.build(builder).read == ["index"]
    assert project.build(builder).read == []


@pytest.mark.parametrize(("more", "told"), [
    ('govreport_latex = "gb9704"\n', "govreport_latex：没有“gb9704”这种版面。"),
    ('latex_engine = "pdflatex"\n', "govreport_latex：需要 XeLaTeX，而不是 pdflatex。"),
])  # fmt: skip
def test_what_is_wrong_with_the_setting_is_said_once(project: Project, more: str, told: str) -> None:
    project.report("suqian-2024")
    project.page("index.md", "宿迁市", 2024)
    conf(project, more=more)
    build = project.build("latex")
    (line,) = build.warnings
    assert told in line
    assert "conf.py" in line
    assert "govreport-gbt9704" not in build.text("site.tex")


def test_errors_of_a_turned_table_are_on_its_page_and_so_are_its_notes(project: Project) -> None:
    figures = "[12345678901234, 98765432109876, 12345678901234, 98765432109876, 222222222222220]"
    project.write(
        "data/a.yaml",
        "agency: 甲局\nyear: 2024\nform: 2021\nrequests: 0\nproactive-disclosure: 0\nnotes: {reviews: 含上年度结转数量。}\n"
        f"reviews: {{reconsideration: 0, litigation: {{direct: {figures}, after-reconsideration: 0}}}}\n",
    )
    project.page("index.md", "甲局", 2024, "```{gov-disclosure-table} reviews\n```\n")
    text = project.build("latex", govreport_mark_findings=True).text("site.tex")
    turned = text.partition(r"\begin{landscape}")[2].partition(r"\end{landscape}")[0]
    assert "govreportnote{*1 行政诉讼·未经复议直接起诉" in turned
    assert "注：含上年度结转数量。" in turned
