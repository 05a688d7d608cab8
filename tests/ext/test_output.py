"""Tables in the output: every figure is found by its headers, in every format."""

from __future__ import annotations

import re
import subprocess

import pytest
from lxml import etree, html

from sphinx_govreport.core.forms.form import names_of
from tests.conftest import Build, Project
from tests.published import NAMES, Published, form_of, published


def tables(page: str) -> list[html.HtmlElement]:
    return html.fromstring(page).xpath("//table[contains(concat(' ', @class, ' '), ' gov-table ')]")


def figures_by_heads(table: html.HtmlElement) -> dict[tuple[str, ...], str]:
    """Return each data cell by the labels of the headers it references."""
    heads = {th.get("id"): th.text_content().strip() for th in table.iter("th")}
    found = {}
    for cell in table.iter("td"):
        labels = tuple(heads[ident] for ident in cell.get("headers").split())
        assert labels not in found
        found[labels] = cell.text_content()
    return found


def expected_by_heads(report: Published, table: str) -> dict[tuple[str, ...], str]:
    """Return the expected result, from the form and the published figures."""
    form = form_of(report, table).table(table)
    values = iter(report.figures[table].values())
    found = {}
    for block in form.blocks:
        title = [block.title.replace("\n", "")] if block.title else []
        for row in _chains(block.rows) or [[]]:
            for column in _chains(block.columns):
                labels = [label.replace("\n", "") for label in (*row, *column)]
                found[tuple(title + labels)] = next(values)
    return found


def _chains(items: tuple) -> list[list[str]]:  # type: ignore[type-arg]
    return [
        [item.label, *rest] for item in items for rest in (_chains(item.items) if item.items else [[]])
    ]  # fmt: skip


@pytest.mark.parametrize("builder", ["html", "dirhtml", "epub"])
def test_every_figure_is_in_the_html(reports: Project, builder: str) -> None:
    build = reports.build(builder, epub_copyright="甲", version="1", epub_show_urls="no")
    assert build.warnings == []
    for name in NAMES:
        file = {"html": "report-{}.html", "dirhtml": "report-{}/index.html", "epub": "report-{}.xhtml"}[builder].format(name)
        text = build.text(file)
        if builder == "epub":
            etree.fromstring(text.encode())
            text = re.sub(r"^<\?xml.*?\?>", "", text)
        report = published(name)
        for table, found in zip(report.figures, tables(text), strict=True):
            assert figures_by_heads(found) == expected_by_heads(report, table)


def test_no_figure_is_marked_as_a_head_and_ids_are_unique(reports: Project) -> None:
    build = reports.build()
    for name in NAMES:
        page = html.fromstring(build.text(f"report-{name}.html"))
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))
        for table in tables(build.text(f"report-{name}.html")):
            assert not any(re.fullmatch(r"[\d.]+", th.text_content().strip()) for th in table.iter("th"))
            for cell in table.iter("th", "td"):
                assert set((cell.get("headers") or "").split()) <= {th.get("id") for th in table.iter("th")}
            assert not table.xpath(".//td//p | .//th//p")


def test_heads_of_all_reports_have_short_ids_of_their_own(reports: Project) -> None:
    page = html.fromstring(reports.build("singlehtml").text("index.html"))
    ids = page.xpath("//th/@id")
    assert len(ids) == len(set(ids)) > 80 * len(NAMES)
    assert {ident.partition("-")[0] for ident in ids} == {f"g{number}" for number in range(1, 3 * len(NAMES) + 1)}, (
        "each figure names several: with the table's own id they are a fifth of a page"
    )


def test_heads_are_called_by_the_place_of_their_table_on_its_page(project: Project) -> None:
    project.report("suqian-2024")
    project.page("index.md", "宿迁市", 2024, 2 * "```{gov-disclosure-table} reviews\n```\n\n")
    first, second = tables(project.build().text("index.html"))
    assert (first.xpath(".//th/@id")[0], second.xpath(".//th/@id")[0]) == ("g1-h1", "g2-h1")
    for table in (first, second):
        assert figures_by_heads(table) == expected_by_heads(published("suqian-2024"), "reviews")


def test_every_figure_has_an_id_and_an_exact_value(reports: Project) -> None:
    page = html.fromstring(reports.build().text("report-suqian-2024.html"))
    (cell,) = page.xpath("//td[@id='gov-1c08c4f9162d-2024-proactive-disclosure-fees-amount']")
    assert html.tostring(cell[0], encoding="unicode").strip() == '<data value="72701.2578">72701.2578</data>'
    assert page.xpath("//table[@id='gov-1c08c4f9162d-2024-requests']/caption//text()[contains(., '宿迁市2024年')]")


@pytest.mark.parametrize(("builder", "file"), [("html", "report-{}.html"), ("epub", "report-{}.xhtml")])
def test_every_figure_says_its_key(reports: Project, builder: str, file: str) -> None:
    build = reports.build(builder, epub_copyright="甲", version="1", epub_show_urls="no")
    for name in NAMES:
        report = published(name)
        page = html.fromstring(build.text(file.format(name)).encode())
        printed = {cell.get("data-gov-key"): cell for cell in page.xpath("//table//td")}
        figures = {f"{table}.{path}": value for table, found in report.figures.items() for path, value in found.items()}
        assert list(printed) == list(figures)
        assert all(printed[key].text_content().startswith(value) for key, value in figures.items())
        assert all(cell.get("id").endswith(f"-{key.replace('.', '-')}") for key, cell in printed.items())
    assert "requests.results.granted.total" in printed


def test_a_blank_is_neither_zero_nor_text(reports: Project) -> None:
    page = html.fromstring(reports.build().text("report-shanghai-municipal-office-2019.html"))
    (cell,) = page.xpath("//td[contains(@id, '2019-requests-results-granted-total')]")
    assert (cell.text_content(), len(cell)) == ("", 0)
    (cell,) = page.xpath("//td[contains(@id, '-procurement-amount')]")
    assert cell.text_content() == "251000元"


def test_text_has_every_figure_in_its_row(reports: Project) -> None:
    build = reports.build("text")
    assert build.warnings == []
    for name in NAMES:
        rows = [re.findall(r"(?<=\|)[^|]*(?=\|)", line) for line in build.text(f"report-{name}.txt").splitlines()]
        printed = [[cell.strip() for cell in row] for row in rows]
        report = published(name)
        for start in range(0, len(report.figures["requests"]), 7):
            row = list(report.figures["requests"].values())[start : start + 7]
            assert any(line[-7:] == row for line in printed)
        assert list(report.figures["reviews"].values()) in printed


def test_text_has_the_labels_of_the_form_without_spaces_in_them(years: Project) -> None:
    years.page("index.md", "宿迁市", 2024, "```{gov-disclosure-table} requests\n```\n\n```{gov-check-table}\n```\n")
    written = years.build("text").text("index.txt")
    words = re.sub(" *\\| *| *\n *", "\n", written).splitlines()
    assert [word for word in words if re.search("[\u4e00-\u9fff，。、] +[\u4e00-\u9fff，。、）]", word)] == []


@pytest.mark.parametrize("builder", ["man", "texinfo", "xml", "pseudoxml", "latex", "gettext", "singlehtml", "dummy"])
def test_every_builder_is_silent(reports: Project, builder: str) -> None:
    build = reports.build(builder, man_pages=[("index", "site", "site", "me", 1)])
    assert build.warnings == []
    if builder == "man":
        text = build.text("site.1")
        assert all(
            label.split("\n")[0] in text
            for label in ("行政复议 / 结果维持", "72701.2578", "三、本年度办理结果 / （三）不予公开")
        )
    if builder == "gettext":
        assert not any("行政许可" in data.decode() for data in build.files().values())
    if builder == "singlehtml":
        ids = html.fromstring(build.text("index.html")).xpath("//table//@id")
        assert len(ids) == len(set(ids)) > 1000


def test_notes_units_and_zero_are_printed(project: Project) -> None:
    project.write(
        "data/a.yaml",
        "agency: 甲\nyear: 2020\nform: 2019\nrequests: 0\nreviews: 0\nnotes: {reviews: 含上年度结转数量。}\n"
        "proactive-disclosure:\n  rules: {made: {value: 22, note: 其中修订16件 <b>}, disclosed: /, total: }\n  normative-documents: 0\n"
        "  licensing: {previous: 8, change: +1036, decisions: 3}\n  other-services: 0\n  penalties: 0\n  coercive-measures: 0\n"
        "  fees: 0\n  procurement: {projects: 6, amount: {value: 251000, unit: 元}}\n",
    )
    project.page("index.md", "甲", 2020, "```{gov-disclosure-table}\n:zero: 零\n```\n")
    build = project.build(govreport_severity={"not-filled": "hint", "not-applicable": "hint"})
    assert build.warnings == []
    page = html.fromstring(build.text("index.html"))

    def cell(path: str) -> str:
        (found,) = page.xpath(f"//td[contains(@id, '{path}')]")
        return "".join(html.tostring(part, encoding="unicode").strip() for part in found) or found.text_content()

    note = '<span class="gov-note">（其中修订16件 &lt;b&gt;）</span>'
    assert cell("rules-made") == f'<data value="22">22</data>{note}'
    assert cell("rules-disclosed") == "/"
    assert cell("rules-total") == ""
    assert cell("licensing-change") == '<data value="1036">+1036</data>'
    assert cell("procurement-amount") == '<data value="251000">251000</data><span class="gov-note">元</span>'
    assert cell("fees-previous") == '<data value="0">零</data>'
    assert "注：含上年度结转数量。" in page.text_content()


@pytest.mark.parametrize(
    ("name", "page"),
    [
        (
            "index.md",
            "---\ngovreport-year: 2024\n---\n# 页\n\n:::{gov-disclosure-table} 依申请公开\n:name: tab\n:::\n\n{numref}`tab`\n",
        ),
        (
            "index.md",
            "---\ngovreport-year: 2024\n---\n# 页\n\n```{gov-disclosure-table} requests\n:name: tab\n```\n\n{numref}`tab`\n",
        ),
        (
            "index.rst",
            ":govreport-year: 2024\n\n页\n==\n\n.. gov-disclosure-table:: requests\n   :name: tab\n\n:numref:`tab`\n",
        ),
        (
            "index.rst",
            "页\n==\n\n.. gov-disclosure-table:: requests\n   :year: 2024\n   :agency: 宿迁市\n   :name: tab\n\n:numref:`tab`\n",
        ),
    ],
)
def test_markdown_and_restructuredtext_give_the_same_table(project: Project, name: str, page: str) -> None:
    project.report("suqian-2024")
    project.write(name, page)
    build = project.build()
    assert build.warnings == []
    (table,) = tables(build.text("index.html"))
    assert figures_by_heads(table) == expected_by_heads(published("suqian-2024"), "requests")
    assert table.get("id") == "tab"
    assert "宿迁市2024年收到和处理政府信息公开申请情况" in html.fromstring(build.text("index.html")).xpath("string(//p/a)")


def test_english_and_chinese_sites_print_the_same_labels(project: Project) -> None:
    project.report("suqian-2024")
    project.page("index.md", "宿迁市", 2024)
    chinese, english = project.build(), project.build(out="english", language="en")
    for first, second in zip(tables(chinese.text("index.html")), tables(english.text("index.html")), strict=True):
        assert figures_by_heads(first) == figures_by_heads(second)


def test_the_style_sheet_is_only_on_pages_with_tables(reports: Project) -> None:
    build = reports.build()
    assert "govreport.css" not in build.text("index.html")
    assert "govreport.css" in build.text("report-suqian-2024.html")
    assert (build.out / "_static/govreport.css").is_file()


def test_tables_do_without_inline_styles(years: Project) -> None:
    """A strict Content-Security-Policy refuses inline styles."""
    names = ("gov-disclosure-table", "gov-check-table", "gov-comparison-table", "gov-trend-chart", "gov-report-list")
    bodies = {"gov-comparison-table": "requests-summary", "gov-trend-chart": "requests-summary"}
    body = "".join(f"```{{{name}}} {bodies.get(name, '')}\n```\n" for name in names)
    years.page("index.md", "宿迁市", 2024, body)
    build = years.build()
    assert build.warnings == []
    (main,) = html.fromstring(build.text("index.html")).xpath("//div[@class='body']")
    assert len(main.xpath(".//table")) == 6
    assert main.xpath(".//@style | .//script | .//style | .//@*[starts-with(name(), 'on')]") == []
    assert "govreport.css" in build.text("index.html")


def test_parallel_builds_are_the_serial_one(reports: Project) -> None:
    serial, parallel = reports.build(), reports.build(out="parallel", jobs=2)
    assert _without_build_info(parallel) == _without_build_info(serial)


def _without_build_info(build: Build) -> dict[str, bytes]:
    return {name: data for name, data in build.files().items() if not name.startswith(".buildinfo")}


@pytest.mark.pdf
def test_every_figure_is_in_the_pdf(reports: Project) -> None:
    fonts = r"\usepackage{xeCJK}\setCJKmainfont{FandolSong-Regular.otf}"
    build = reports.build("latex", latex_elements={"fontpkg": fonts, "papersize": "a4paper"})
    tex = next(build.out.glob("*.tex"))
    subprocess.run(
        ["latexmk", "-xelatex", "-interaction=nonstopmode", tex.name], cwd=build.out, check=True, capture_output=True
    )
    run = ["pdftotext", "-layout", tex.with_suffix(".pdf").name, "-"]
    text = subprocess.run(run, cwd=build.out, check=True, capture_output=True, text=True).stdout
    lines = [line.split() for line in text.splitlines()]
    for name in NAMES:
        report = published(name)
        figures = list(report.figures["requests"].values())
        for start in range(0, len(figures), 7):
            row = [figure for figure in figures[start : start + 7] if figure]
            assert not row or any(line[-len(row) :] == row for line in lines), (name, row)
        reviews = [figure for figure in report.figures["reviews"].values() if figure]
        assert reviews in lines, name
        for written in report.figures["proactive-disclosure"].values():
            assert any(written in "".join(line) for line in lines), (name, written)  # the unit is separate


def test_plain_names_drop_numbering_and_remarks() -> None:
    assert names_of("（二）部分公开（区分处理的，只计这一情形，不计其他情形）")[-1] == "部分公开"
    assert names_of("1.属于国家秘密")[-1] == "属于国家秘密"
    assert names_of("本年新\n制作数量")[0] == "本年新制作数量"
