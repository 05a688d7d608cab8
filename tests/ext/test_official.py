"""Reports as official documents: the signature below them, the date of publication, and line breaks of titles between words."""

from __future__ import annotations

from pathlib import Path

import docx
import pdfplumber
import pytest
from docx.oxml.ns import qn
from lxml import html

from sphinx_govreport.cli import main
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.tables.gbt9704 import title_lines
from sphinx_govreport.exporters.next_page import next_page
from sphinx_govreport.importers.markdown_page import page_text
from sphinx_govreport.importers.recognise.report import Wanted, import_documents
from tests.conftest import Build, Project
from tests.exporters.test_exports import read, said
from tests.ext.test_paper import conf as paper
from tests.ext.test_paper import document, lines_of, near, pdf
from tests.published import published, year_file

FORMS = statutory_forms()
WENDENG = "威海市文登区商务局"
LONG = "国家税务总局某某蒙古族藏族自治州高新技术产业开发区税务局第一稽查局"  # longer than a line
TITLE = f"{WENDENG}2020年政府信息公开工作年度报告"
DAY = "2021年1月27日"
BODY = """\
## 一、总体情况

全年在政府网站公开信息 131 条。

## 二、主动公开政府信息情况

```{gov-disclosure-table} 主动公开
```

## 三、收到和处理政府信息公开申请情况

```{gov-disclosure-table} 依申请公开
```

## 四、政府信息公开行政复议、行政诉讼情况

```{gov-disclosure-table} 复议诉讼
```

## 五、存在的主要问题及改进情况

公开的及时性还可以改进。

## 六、其他需要报告的事项

没有收取信息处理费。
"""


def page(*fields: str, title: str = TITLE, body: str = BODY, agency: str = WENDENG, year: int = 2020) -> str:
    said = "".join(f"{field}\n" for field in fields)
    return f"---\ngovreport-year: {year}\ngovreport-agency: {agency}\n{said}---\n# {title}\n\n{body}"


@pytest.fixture
def site(project: Project) -> Project:
    project.quiet()
    project.report("wendeng-commerce-2020")
    project.write("index.md", "# 首页\n")
    return project


def signed(tree: html.HtmlElement) -> list[list[str]]:
    return [[line.text_content() for line in block] for block in tree.xpath("//div[@class='gov-signature']")]


@pytest.mark.parametrize(
    ("field", "lines"),
    [
        ("govreport-signed:", [WENDENG, "2021年2月3日"]),
        ("govreport-signed: true", [WENDENG, "2021年2月3日"]),
        ("govreport-signed: 是", [WENDENG, "2021年2月3日"]),
        ("govreport-signed: 2021-01-27", [WENDENG, DAY]),
        (f"govreport-signed: {DAY}", [WENDENG, DAY]),
        ("govreport-signed: 文登区商务局", ["文登区商务局", "2021年2月3日"]),
        ("govreport-signed: 文登区商务局 2021-01-27", ["文登区商务局", DAY]),
        (f"govreport-signed: 文登区商务局、文登区财政局，{DAY}", ["文登区商务局", "文登区财政局", DAY]),
    ],
)
def test_a_report_is_signed_by_whom_and_on_the_day_that_its_page_says(site: Project, field: str, lines: list[str]) -> None:
    site.write("a.md", page("govreport-published: 2021-02-03 09:30", field))
    built = site.build()
    assert built.warnings == []
    tree = html.fromstring(built.text("a.html"))
    assert signed(tree) == [lines]
    (block,) = tree.xpath("//div[@class='gov-signature']")
    assert block.getprevious().xpath("./h2/text()") == ["六、其他需要报告的事项"], "behind the text"
    day = "2021-01-27" if DAY in lines else "2021-02-03"
    assert [time.get("datetime") for time in block.iter("time")] == [day]


@pytest.mark.parametrize("field", ["", "govreport-signed: false", "govreport-signed: 否"])
def test_a_report_that_asks_for_no_signature_has_none(site: Project, field: str) -> None:
    site.write("a.md", page("govreport-published: 2021-02-03", *filter(None, [field])))
    built = site.build()
    assert built.warnings == []
    assert signed(html.fromstring(built.text("a.html"))) == []


@pytest.mark.parametrize(
    ("fields", "line", "said"),
    [
        (["govreport-signed:"], 4, "The date of the signature is not known."),
        (["govreport-signed: 文登区商务局"], 4, "The date of the signature is not known."),
        (["govreport-signed: 文登区商务局 2021-02-30"], 4, "“文登区商务局 2021-02-30” does not contain a valid date."),
        (["govreport-signed: 2021/1/27"], 4, "“2021/1/27” does not contain a valid date."),
        (["govreport-signed: 文登区商务局 2021年1月"], 4, "“文登区商务局 2021年1月” does not contain a valid date."),
        (["govreport-signed:", "govreport-published: 20210127"], 5, "“20210127” is not a date."),
        (["govreport-published: 2021/02/03"], 4, "“2021/02/03” is not a date."),
    ],
)
@pytest.mark.parametrize("builder", ["html", "text"])
def test_what_cannot_be_known_is_reported_and_not_guessed(
    site: Project, fields: list[str], line: int, said: str, builder: str
) -> None:
    site.write("a.md", page(*fields))
    built = site.build(builder, language="en", suppress_warnings=["toc.not_included"])
    (warning,) = built.warnings
    assert f"a.md:{line}: " in warning
    assert said in warning
    assert "[govreport.bad-field]" in warning
    written = built.text(f"a.{'html' if builder == 'html' else 'txt'}")
    assert "gov-signature" not in written
    assert "gov-published" not in written


def test_a_page_of_no_report_cannot_have_the_agency_by_itself(site: Project) -> None:
    site.write("a.md", "---\ngovreport-signed: 2021-01-27\n---\n# 公告\n\n文字。\n")
    site.write("b.md", "---\ngovreport-signed: 文登区商务局 2021-01-27\n---\n# 公告\n\n文字。\n")
    built = site.build(language="en")
    (warning,) = built.warnings
    assert "a.md:2: " in warning
    assert "The agency that signs the report is not known." in warning
    assert signed(html.fromstring(built.text("b.html"))) == [["文登区商务局", DAY]]


def test_a_misspelt_field_is_named(site: Project) -> None:
    site.write("a.md", page("govreport-sigend: true", "govreport-published: 2021-01-27"))
    built = site.build(language="en", govreport_dataset=True)
    assert any("govreport-signed" in warning for warning in built.warnings)


def test_a_report_is_signed_under_the_name_of_its_year(project: Project) -> None:
    project.quiet()
    project.report("wendeng-commerce-2020")
    project.write("a.md", page("govreport-signed: 2021-01-27", agency="文登区商务和投资促进局"))
    project.write("index.md", "# 首页\n")
    agencies = {"文登区商务和投资促进局": {"former": [WENDENG]}}
    assert signed(html.fromstring(project.build(govreport_agencies=agencies).text("a.html"))) == [[WENDENG, DAY]]


def test_a_signature_stands_before_footnotes_and_is_no_part_of_the_text_that_is_checked(site: Project) -> None:
    rst = ":govreport-year: 2020\n:govreport-signed: 2021-01-27\n\n" + TITLE + "\n" + "=" * 60
    rst += "\n\n.. gov-disclosure-table::\n\n六、其他\n--------\n\n正文 [1]_。\n\n.. [1] 注。\n"
    site.write("a.rst", rst)
    site.write("b.md", page("govreport-signed: 2021-01-27", body="## 六、其他需要报告的事项\n\n"))
    built = site.build(language="en")
    tree = html.fromstring(built.text("a.html"))
    assert signed(tree) == [[WENDENG, DAY]]
    (block,) = tree.xpath("//div[@class='gov-signature']")
    assert block.getprevious().text_content().startswith("正文")
    assert any("is empty" in warning for warning in built.warnings), "a signature does not fill a section"


def test_every_builder_prints_the_signature(site: Project) -> None:
    site.write("a.md", page("govreport-signed: 2021-01-27"))
    site.write("index.md", "# 首页\n\n```{toctree}\na\n```\n")
    for builder, name in [("text", "a.txt"), ("xml", "a.xml"), ("singlehtml", "index.html"), ("dirhtml", "a/index.html")]:
        built = site.build(builder)
        assert built.warnings == []
        written = built.text(name)
        assert written.count(DAY) == 1, builder
        before = written[: written.index(DAY)]
        assert before.index("没有收取信息处理费") < before.rindex(WENDENG), builder
    assert site.build("text").text("a.txt").rstrip().endswith(f"{WENDENG}\n\n{DAY}")
    site.build("gettext")
    assert DAY not in "".join(path.read_text("utf-8") for path in (site.folder.parent / "_build" / "gettext").glob("*.pot"))


def test_a_fragment_has_it_at_the_right_and_neither_day_nor_parts_of_the_title(site: Project) -> None:
    site.write("a.md", page("govreport-signed: 2021-01-27", "govreport-published: 2021-02-03"))
    tree = html.fromstring(site.build("govfragment").text("fragments/a.html"))
    *_others, name, day = tree.iter("p")
    assert [line.text_content() for line in (name, day)] == [WENDENG, DAY]
    assert {line.get("align") for line in (name, day)} == {"right"}
    assert {line.get("style") for line in (name, day)} == {"text-align:right"}
    assert "2021年2月3日" not in tree.text_content()
    assert not list(tree.iter("span"))


# -- Word ----------------------------------------------------------------------------------------------------------


def word(folder: Path, written: str) -> docx.document.Document:
    (folder / "2020.yaml").write_text(year_file(published("wendeng-commerce-2020")), "utf-8")
    (folder / "a.md").write_text(written, "utf-8")
    target = folder / "a.docx"
    assert main(["export", str(folder / "2020.yaml"), "--to", "docx", "--page", str(folder / "a.md"), "-o", str(target)]) == 0
    return docx.Document(str(target))


@pytest.mark.parametrize(
    ("name", "free"),
    [
        (WENDENG, ("200", "250")),  # nine characters; the date, of 6.5, begins two after the name
        ("文登区", ("750", "200")),  # three: the date is longer
        (LONG, ("200", "1950")),  # two lines; the date has one
    ],
)
def test_word_places_the_signature_as_the_standard_does(tmp_path: Path, name: str, free: tuple[str, str]) -> None:
    made = word(tmp_path, page(f"govreport-signed: {name} 2021-01-27"))
    *_text, last, first, second = made.paragraphs
    assert [one.text for one in (last, first, second)] == ["没有收取信息处理费。", name, DAY]
    indents = [one.paragraph_format.element.pPr.ind.get(qn("w:rightChars")) for one in (first, second)]
    assert tuple(indents) == free
    assert {one.style.name for one in (first, second)} == {"Report Signature"}
    assert str(first.style.paragraph_format.alignment).startswith("RIGHT")
    assert first.paragraph_format.space_before.pt == pytest.approx(29, 0.01), "an empty line above it"
    assert [one.paragraph_format.keep_with_next for one in (last, first, second)] == [True, True, False]
    spaces = [made.styles["Report Signature"].element.pPr.find(qn(f"w:autoSpace{kind}")) for kind in ("DE", "DN")]
    assert [one.get(qn("w:val")) for one in spaces] == ["0", "0"]


def test_the_title_in_word_ends_its_lines_between_words(tmp_path: Path) -> None:
    made = word(tmp_path, page("govreport-signed: 2021-01-27", "govreport-published: 2021-02-03"))
    title = made.paragraphs[0]
    assert title.style.name == "Heading 1"
    assert title.text == f"{WENDENG}\n2020年政府信息公开工作年度报告"
    assert made.core_properties.title == TITLE
    assert not any("2021年2月3日" in one.text for one in made.paragraphs), "the day of publication is for the web"


# -- PDF -----------------------------------------------------------------------------------------------------------


@pytest.mark.pdf
def test_a_signature_in_the_pdf_is_not_wider_than_the_text(project: Project) -> None:
    paper(project, document("a"))
    project.report("wendeng-commerce-2020")
    project.write("a.md", page(f"govreport-signed: {LONG} 2021-01-27"))
    project.write("index.md", "# 首页\n")
    with pdfplumber.open(pdf(project.build("latex"), "a")) as made:
        last = made.pages[-1]
        text_left = (26 if len(made.pages) % 2 == 0 else 28) * 72 / 25.4
        *_text, first, rest, day = lines_of([char for char in last.chars if near(char["size"], 16, 0.1)]).values()
    assert ["".join(char["text"] for char in line).strip() for line in (first, rest, day)] == [LONG[:26], LONG[26:], DAY]
    assert near(first[0]["x0"], text_left, 1)
    assert near(day[0]["x0"], text_left + 32, 1)


@pytest.mark.pdf
@pytest.mark.parametrize("name", [WENDENG, "文登区"])
def test_the_pdf_places_the_signature_as_the_standard_does(project: Project, name: str) -> None:
    paper(project, document("a"))
    project.report("wendeng-commerce-2020")
    project.write("a.md", page(f"govreport-signed: {name} 2021-01-27"))
    project.write("index.md", "# 首页\n")
    with pdfplumber.open(pdf(project.build("latex"), "a")) as made:
        last = made.pages[-1]
        text_right = (28 + 156 if len(made.pages) % 2 else 26 + 156) * 72 / 25.4
        lines = list(lines_of([char for char in last.chars if near(char["size"], 16, 0.1)]).values())
    *_text, above, first, second = lines
    assert ["".join(char["text"] for char in line).strip() for line in (above, first, second)] == [
        "没有收取信息处理费。",
        name,
        DAY,
    ]
    longer = second if name != WENDENG else first
    assert near(longer[-1]["x1"], text_right - 32, 1), "two characters from the edge"
    assert near(second[0]["x0"], first[0]["x0"] + 32, 1), "the day begins two characters behind the name"
    pitch = first[0]["matrix"][5] - second[0]["matrix"][5]
    assert near(above[0]["matrix"][5] - first[0]["matrix"][5], 2 * pitch, 1), "an empty line above it"


@pytest.mark.pdf
@pytest.mark.parametrize("kind", ["howto", "manual"])
def test_the_title_in_the_pdf_ends_its_lines_between_words(project: Project, kind: str) -> None:
    paper(project, document("index" if kind == "manual" else "a").replace("howto", kind))
    project.report("wendeng-commerce-2020")
    project.write("a.md", page("govreport-signed: 2021-01-27"))
    project.write("index.md", "# 首页\n\n```{toctree}\na\n```\n")
    with pdfplumber.open(pdf(project.build("latex"), "index" if kind == "manual" else "a")) as made:
        titles = [
            line
            for one in made.pages
            for line in lines_of([char for char in one.chars if near(char["size"], 22, 0.1)]).values()
        ]
        said = ["".join(char["text"] for char in line).replace(" ", "") for line in titles]
        assert made.metadata["Title"] == (TITLE if kind == "howto" else "首页")
    assert said[-2:] == [WENDENG, "2020年政府信息公开工作年度报告"]


@pytest.mark.pdf
def test_other_pdf_have_the_signature_at_the_right_too(site: Project) -> None:
    site.write("a.md", page("govreport-signed: 2021-01-27"))
    built = site.build("latex", latex_documents=[("a", "a.tex", "", "甲", "howto")])
    with pdfplumber.open(pdf(built, "a")) as made:
        words = made.pages[-1].extract_words()
        middle = made.pages[-1].width / 2
    found = {word["text"]: word for word in words}
    assert found[WENDENG]["x0"] > middle
    assert found[WENDENG]["bottom"] < found[DAY]["bottom"]


# titles and dates on pages ----------------------------------------------------------------------------------------


def test_the_heading_of_a_report_ends_its_lines_between_words_and_is_the_same_text(site: Project) -> None:
    site.write("a.md", page("govreport-published: 2021-02-03"))
    site.write("b.md", page(title="2020年度报告的核对"))
    site.write("index.md", "# 首页\n\n```{toctree}\na\nb\n```\n")
    built = site.build(html_permalinks=False)
    assert built.warnings == []
    tree = html.fromstring(built.text("a.html"))
    (heading,) = tree.xpath("//div[@class='body']//h1")
    assert [part.text for part in heading.xpath("./span[@class='gov-phrase']")] == [
        WENDENG, "2020年", "政府信息公开", "工作", "年度报告",
    ]  # fmt: skip
    assert heading.text_content() == TITLE
    assert tree.xpath("string(//title)").startswith(TITLE)
    (link,) = html.fromstring(built.text("index.html")).xpath("//div[@class='body']//a[@href='a.html']")
    assert link.text_content() == TITLE
    assert not len(link.xpath(".//span"))
    assert "gov-phrase" not in built.text("b.html"), "another title is as it is written"
    assert ".gov-phrase { display: inline-block" in built.text("_static/govreport.css")


@pytest.mark.parametrize(
    ("title", "year", "lines"),
    [
        ("宿迁市2024年政府信息公开工作年度报告", 2024, ["宿迁市2024年政府信息公开工作年度报告"]),
        (TITLE, 2020, [WENDENG, "2020年政府信息公开工作年度报告"]),
        (
            "新疆生产建设兵团第十二师农业农村和生态环境保护局2024年政府信息公开工作年度报告",
            2024,
            ["新疆生产建设兵团第十二师农业农村和生态环境保护局", "2024年政府信息公开工作年度报告"],
        ),
    ],
)
def test_lines_of_titles(title: str, year: int, lines: list[str]) -> None:
    assert title_lines(FORMS["2021"].phrases(title, year)) == lines


def test_a_form_says_between_which_words_its_title_may_end(project: Project) -> None:
    form = "form: city\nextends: '2019'\ntitle: 政务公开年报\n{}source: {{notice: 某办〔2021〕1号}}\n"
    project.quiet()
    project.write("data/2020.yaml", year_file(published("wendeng-commerce-2020")).replace(": 2019\n", ": city\n"))
    project.write("index.md", "# 首页\n")
    project.write("a.md", page(title=f"{WENDENG}2020年政务公开年报"))

    def built_with(said: str) -> Build:
        project.write("forms/city.yaml", form.format(said))
        return project.build(govreport_forms=["forms"], language="en")

    def phrases(said: str) -> list[str]:
        built = built_with(said)
        return [part.text for part in html.fromstring(built.text("a.html")).xpath("//h1/span[@class='gov-phrase']")]

    assert phrases("") == [WENDENG, "2020年", "政务公开年报"]
    assert phrases("title-parts: [政务公开, 年报]\n") == [WENDENG, "2020年", "政务公开", "年报"]
    assert phrases("标题分段: [政务, 公开年报]\n") == [WENDENG, "2020年", "政务", "公开年报"]
    warnings = built_with("title-parts: [政务, 年报]\n").warnings
    assert any("The parts of the title, “政务, 年报”, do not make up “政务公开年报”." in one for one in warnings)


@pytest.mark.parametrize(("written", "shown"), [("2021-02-03", "2021年2月3日"), ("2021-02-03 09:30", "2021年2月3日 09:30")])
def test_a_page_shows_when_it_was_published(site: Project, written: str, shown: str) -> None:
    site.write("a.md", page(f"govreport-published: {written}"))
    site.write("b.md", page())
    built = site.build()
    tree = html.fromstring(built.text("a.html"))
    (line,) = tree.xpath("//p[@class='gov-published']")
    assert line.text_content() == f"发布日期：{shown}"
    assert line.getprevious().tag == "h1"
    assert [time.get("datetime") for time in line.iter("time")] == [written]
    assert "gov-published" not in built.text("b.html")
    assert "发布日期" not in site.build("text").text("a.txt")


def test_a_site_whose_theme_shows_the_day_does_not_show_it_twice(site: Project) -> None:
    site.write("a.md", page("govreport-published: 2021-02-03"))
    assert "gov-published" not in site.build(govreport_show_published=False).text("a.html")


# -- read back -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["html", "govfragment", "govword"])
def test_a_signature_that_is_read_back_is_a_field_again(site: Project, kind: str) -> None:
    site.write("a.md", page("govreport-published: 2021-02-03 09:30", "govreport-signed: 2021-01-27"))
    built = site.build(kind)
    name = {"html": "a.html", "govfragment": "fragments/a.html", "govword": "a.docx"}[kind]
    (imported,) = import_documents(name, (built.out / name).read_bytes(), FORMS, Wanted())
    assert imported.report
    assert said(imported.report) == said(read(year_file(published("wendeng-commerce-2020"))))
    written = page_text(imported, FORMS)
    top, text = written.split("---\n")[1:]
    day = "govreport-published: 2021-02-03 09:30\n" if kind == "html" else ""
    assert top == f"govreport-year: 2020\ngovreport-agency: {WENDENG}\n{day}govreport-signed: 2021-01-27\n"
    assert text.startswith(f"\n# {TITLE}\n")
    assert not {DAY, "2021年2月3日", WENDENG} & set(text.split("\n"))
    assert "没有收取信息处理费。" in text


@pytest.mark.parametrize("end", [f"文登区政府办\n\n{DAY}", f"{WENDENG}\n\n2021年2月30日", f"{WENDENG}\n\n经办人\n\n{DAY}"])
def test_what_is_not_certainly_a_signature_stays_text(site: Project, end: str) -> None:
    site.write("a.md", page(body=f"{BODY}\n{end}\n"))
    (imported,) = import_documents("a.html", (site.build().out / "a.html").read_bytes(), FORMS, Wanted())
    written = page_text(imported, FORMS)
    assert "govreport-signed" not in written
    assert end in written


def test_the_next_year_is_signed_on_another_day() -> None:
    for field, kept in [
        (f"govreport-signed: {WENDENG} 2021-01-27", f"govreport-signed: {WENDENG}"),
        ("govreport-signed: 2021-01-27", "govreport-signed:"),
        (f"govreport-signed: {DAY}", "govreport-signed:"),
        ("govreport-signed: 是", "govreport-signed: 是"),
    ]:
        lines = next_page(page(field), 2020, FORMS["2021"], 2021, is_markdown=True).split("\n")
        assert lines[3] == kept
