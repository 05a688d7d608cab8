"""Charts on pages: the picture, its table, and the output of every builder."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess

import pytest
from lxml import etree, html

from tests.conftest import Project
from tests.ext.test_nested import PNG

BODY = (
    "```{gov-trend-chart}\n:caption: 申请\n:name: fig\n\n新收 = 依申请公开.新收.总计\n予以公开 = requests.results.granted.total\n"
    "```\n\n见{numref}`fig`。\n"
)
NUMBERED = BODY.replace(":name:", ":numbered:\n:name:")
SVG = "{http://www.w3.org/2000/svg}"


def page(project: Project, body: str = BODY, agency: str = "宿迁市") -> str:
    project.write("index.md", f"---\ngovreport-agency: {agency}\n---\n# 页\n\n{body}")
    build = project.build()
    assert build.warnings == []
    return build.text("index.html")


def picture(written: str) -> etree._Element:
    match = re.search(r"<svg.*?</svg>", written, re.DOTALL)
    assert match
    return etree.fromstring(match[0])  # also well-formed as XML


def texts(svg: etree._Element, kind: str) -> list[str]:
    return [node.text or "" for node in svg.iter(f"{SVG}text") if node.get("class") == f"gov-chart-{kind}"]


def test_a_chart_stands_with_its_caption_number_and_table(years: Project) -> None:
    written = page(years, NUMBERED)
    svg = picture(written)
    bars = [node for node in svg.iter(f"{SVG}rect") if "gov-bar" in node.get("class", "")]
    heights = [float(bar.get("height", "")) for bar in bars]
    figures = [3511, 3525, 1191, 1431]
    assert all(abs(height - figure * heights[0] / figures[0]) < 0.5 for height, figure in zip(heights, figures, strict=True))
    assert texts(svg, "value") == [str(figure) for figure in figures]
    assert texts(svg, "year") == ["2023年", "2024年"]
    assert texts(svg, "name") == ["新收", "予以公开"]
    assert texts(svg, "note") == ["单位：件"]
    tree = html.fromstring(written)
    (figure,) = tree.xpath("//figure")
    assert figure.get("id") == "fig"
    assert figure.xpath(".//figcaption")[0].text_content().strip().startswith("图 1 申请")
    assert tree.xpath("//a[@href='#fig'][contains(@class, 'reference')]")[0].text_content() == "图 1"
    (table,) = tree.xpath("//details[summary='图中数据']//table")
    rows = [[cell.text_content().strip() for cell in row.iter("th", "td")] for row in table.iter("tr")]
    assert rows == [["项目", "2023年", "2024年"], ["新收", "3511", "3525"], ["予以公开", "1191", "1431"]]


WRAPS = """
from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

class Wrap(SphinxPostTransform):
    default_priority = 500

    def run(self, **kwargs):
        for table in list(self.document.findall(nodes.table)):
            wrapper = nodes.container("", classes=["table-wrapper"])
            table.replace_self(wrapper)
            wrapper += table

def setup(app):
    app.add_post_transform(Wrap)
"""


def test_the_table_of_a_chart_has_a_name_also_where_the_theme_wraps_it(years: Project) -> None:
    years.write("conf.py", (years.folder / "conf.py").read_text("utf-8") + WRAPS)
    (table,) = html.fromstring(page(years, BODY)).xpath("//div[contains(@class, 'gov-scroll')]")
    assert "table-wrapper" in table.getparent().get("class")
    assert table.get("aria-label") == "图中数据"


def test_a_class_is_on_the_chart(years: Project) -> None:
    tree = html.fromstring(page(years, BODY.replace(":name:", ":class: green\n:name:")))
    assert [figure.get("id") for figure in tree.find_class("green") if figure.tag == "figure"] == ["fig"]


def test_a_screen_reader_is_told_what_is_seen(years: Project) -> None:
    svg = picture(page(years))
    names = {node.get("id"): node.text for node in (*svg.iter(f"{SVG}title"), *svg.iter(f"{SVG}desc"))}
    assert svg.get("role") == "img"
    assert [names[one] for one in svg.get("aria-labelledby", "").split()] == [
        "申请",
        "新收：2023年 3511，2024年 3525。予以公开：2023年 1191，2024年 1431。",
    ]
    english = picture(years.build(language="en").text("index.html"))
    assert next(english.iter(f"{SVG}desc")).text == "新收: 2023 3511, 2024 3525. 予以公开: 2023 1191, 2024 1431."
    (described,) = picture(page(years, BODY.replace(":name: fig", ":name: fig\n:alt: 两年持平"))).iter(f"{SVG}desc")
    assert described.text == "两年持平"


def test_nothing_but_markup_draws_the_chart(years: Project) -> None:
    written = page(
        years, BODY + "\n" + BODY.replace("fig", "two").replace("```{gov-trend-chart}", "```{gov-trend-chart}\n:kind: line")
    )
    match = re.findall(r"<svg.*?</svg>", written, re.DOTALL)
    assert len(match) == 2
    for one in match:
        assert "style" not in one
        assert "script" not in one
        assert "href" not in one
        assert not re.search(r"#[0-9a-f]{3,6}\b", one), "the style sheet has the colours"
    ids = re.findall(r' id="([^"]+)"', written)
    assert len(ids) == len(set(ids))


def test_a_break_of_forms_is_drawn(years: Project) -> None:
    project = years
    project.report("wendeng-commerce-2020")
    text = (project.folder / "data" / "suqian-2024.yaml").read_text("utf-8")
    moved = text.replace("宿迁市", "威海市文登区商务局").replace("year: 2024", "year: 2021")
    project.write("data/wendeng-2021.yaml", moved)
    body = (
        "```{gov-trend-chart}\n\n新收 = requests.received.total\n规章 = proactive-disclosure.rules.in-force\n```\n\n"
        "```{gov-comparison-table}\n\n规章 = proactive-disclosure.rules.in-force\n```\n"
    )
    written = page(project, body, "威海市文登区商务局")
    svg = picture(written)
    assert [node.get("class") for node in svg.iter(f"{SVG}line") if "break" in node.get("class", "")] == ["gov-chart-break"]
    assert "统计口径不同，不可比" in texts(svg, "note")
    assert texts(svg, "value") == ["0", "3525", "12"], "the figure of the old form is not drawn"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "```{gov-trend-chart} requests-summary\n:kind: pie\n```\n",
            "kind：不能写“pie”。请写 bar（柱形图）或 line（折线图）。 [govreport.bad-option]",
        ),
        (
            "```{gov-trend-chart} requests-summary, reviews-summary\n```\n",
            "一张图里有7组数据，无法分辨。最多写6组，或者分成几张图。 [govreport.bad-option]",
        ),
        (
            "```{gov-trend-chart}\n\nrequests.received.total\nproactive-disclosure.fees.amount\n```\n",
            "这些数据的计量单位不同：万元、件。每种单位各用一张图。 [govreport.unlike-figures]",
        ),
        (
            "```{gov-trend-chart}\n\n合计 = requests.received.total + proactive-disclosure.fees.amount\n```\n",
            "这些数据的计量单位不同：万元、件。请只写单位相同的数据。 [govreport.unknown-figure]",
        ),
        (
            "```{gov-trend-chart}\n\nrequests.recieved.total\n```\n",
            "“recieved”无法识别。是不是“received”？ [govreport.unknown-figure]",
        ),
    ],
)
def test_a_wrong_chart_is_reported_with_a_reason(years: Project, body: str, said: str) -> None:
    years.write("index.md", f"# 页\n\n{body}")
    (warning,) = years.build().warnings
    assert warning.endswith(said)


def test_builders_without_pictures_print_the_table(years: Project) -> None:
    page(years)
    built = {}
    for builder in ("text", "man", "texinfo", "xml", "gettext", "epub"):
        built[builder] = years.build(builder, copyright="示例", version="1")
        assert built[builder].warnings == [], builder
    text = built["text"].text("index.txt")
    assert re.findall(r"新收 +\| 3511 +\| 3525", text)
    assert text.count("申请\n") == 1
    epub = built["epub"].text("index.xhtml")
    assert "3511" in epub
    assert "<svg" not in epub


def test_a_chart_is_read_again_when_a_year_changes_or_comes(years: Project) -> None:
    years.write("other.md", "# 别页\n")
    page(years)
    data = years.folder / "data" / "suqian-2023.yaml"
    data.write_text(data.read_text("utf-8").replace("3511", "3512"), "utf-8")
    build = years.build()
    assert build.read == ["index"]
    assert "3512" in texts(picture(build.text("index.html")), "value")
    data.unlink()
    assert texts(picture(years.build().text("index.html")), "year") == ["2024年"]


@pytest.mark.pdf
def test_the_chart_is_in_the_pdf(years: Project) -> None:
    page(years, BODY + BODY.replace("fig", "two").replace("```{gov-trend-chart}", "```{gov-trend-chart}\n:kind: line"))
    build = years.build("latex")
    assert build.warnings == []
    assert shutil.which("latexmk")
    folder = build.out
    (tex,) = folder.glob("*.tex")
    written = tex.read_text("utf-8")
    assert written.count(r"\begin{tikzpicture}") == 2
    heights = [
        float(y2) - float(y1)
        for y1, y2 in re.findall(r"black!\d+\] \([\d.]+,([\d.]+)\) rectangle \([\d.]+,([\d.]+)\)", written)
    ]
    bars = [height for height in heights if height != 14]
    assert bars[0] / bars[2] == pytest.approx(3511 / 1191, rel=0.01)
    subprocess.run(["latexmk", "-xelatex", "-interaction=nonstopmode", tex.name], cwd=folder, check=True, capture_output=True)
    run = ["pdftotext", "-layout", tex.with_suffix(".pdf").name, "-"]
    printed = subprocess.run(run, cwd=folder, check=True, capture_output=True, text=True).stdout
    assert re.search(r"3511\s+3525", printed)
    assert re.search(r"予以公开 1431", printed), "the name at the end of its line"


@pytest.mark.pdf
def test_a_chart_is_printed_where_it_is_written(years: Project) -> None:
    """Not behind its table and the sentences after it if the sheet has no room left."""
    page(years, "本机关受理申请。\n\n" * 30 + BODY + "以上为全部。\n")
    build = years.build("latex")
    subprocess.run(
        ["latexmk", "-xelatex", "-interaction=nonstopmode", "site.tex"], cwd=build.out, check=True, capture_output=True
    )
    run = ["pdftotext", "site.pdf", "-"]
    printed = subprocess.run(run, cwd=build.out, check=True, capture_output=True, text=True).stdout
    order = [printed.index(text) for text in ("4,000", "项目", "以上为全部")]
    assert order == sorted(order)


@pytest.mark.pdf
def test_a_chart_is_drawn_in_the_pdf_wherever_it_is(years: Project) -> None:
    """LaTeX allows no figure in a footnote, nor in another figure, and leaves those in columns out."""
    chart = ".. gov-trend-chart:: requests-summary"
    places = (
        f"文。[#]_\n\n.. [#] 注\n\n   {chart}\n",
        f".. figure:: a.png\n\n   图\n\n   {chart}\n",
        f".. hlist::\n\n   * {chart}\n   * 乙\n",
        f".. danger::\n\n   {chart}\n",
        f"甲\n   * 项\n\n     {chart}\n",
    )
    (years.folder / "a.png").write_bytes(base64.b64decode(PNG))
    fields = ":govreport-agency: 宿迁市\n\n"
    years.write("index.rst", f"{fields}页\n==\n\n" + "\n".join(places))
    build = years.build("latex", latex_elements={"papersize": "a5paper"})
    assert build.warnings == []
    subprocess.run(
        ["latexmk", "-xelatex", "-interaction=nonstopmode", "site.tex"], cwd=build.out, check=True, capture_output=True
    )
    run = ["pdftotext", "site.pdf", "-"]
    printed = subprocess.run(run, cwd=build.out, check=True, capture_output=True, text=True).stdout
    assert printed.count("4,000") == len(places), "at the axis of each chart"
    assert printed.split().count("3525") == 2 * len(places), "in each chart and in its table"
    assert r"Overfull \hbox" not in (build.out / "site.log").read_text("utf-8", errors="replace")


def test_latex_asks_for_tikz_only_where_there_is_a_chart(years: Project) -> None:
    page(years, "文字。\n")
    plain = years.build("latex")
    assert "tikz" not in next(plain.out.glob("*.tex")).read_text("utf-8")
    page(years)
    for _build in ("first", "warm"):
        drawn = years.build("latex")
        assert r"\usepackage{tikz}" in next(drawn.out.glob("*.tex")).read_text("utf-8")
