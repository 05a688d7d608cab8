"""Independent forms: Fujian's table of 2014 to 2018 with its published figures, and other yearly tables, in all features."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import jsonschema
import pdfplumber
import pytest
import yaml
from lxml import etree, html

from sphinx_govreport.cli import main
from tests.conftest import CONF, Build, Project
from tests.exporters.test_published import check_package
from tests.ext.test_paper import pdf

pytestmark = pytest.mark.usefixtures("read_here")

REPO = Path(__file__).parents[2]
FORMS = REPO / "tests/forms"
PINGTAN = "平潭综合实验区"
BEFORE = "平潭综合实验区管委会"  # its name in 2014
YEARS = range(2014, 2019)
FUJIAN = ("fujian-2017.yaml", "fujian-2014.yaml")


class Line(NamedTuple):
    """A row of the published table."""

    label: str
    unit: str
    figures: dict[int, tuple[str, str]]  #: by year: figure of the year, and of all years; missing years lack the row


def published_lines() -> list[Line]:
    lines = []
    for line in (REPO / "tests/reports/pingtan-2014-2018.txt").read_text("utf-8").splitlines():
        if line.count("|") == 6 and not line.startswith("#"):
            label, unit, *cells = (cell.strip() for cell in line.split("|"))
            pairs = {year: tuple(cell.split(",")) for year, cell in zip(YEARS, cells, strict=True) if cell != "-"}
            lines.append(Line(label, unit, pairs))  # type: ignore[arg-type]
    assert len(lines) == 16
    return lines


LINES = published_lines()


def printed_figures(year: int) -> list[str]:
    return [figure for line in LINES if year in line.figures for figure in line.figures[year]]


@pytest.fixture
def site(project: Project) -> Project:
    """The five years, with a page for each."""
    project.write("conf.py", f'{CONF}govreport_forms = ["{FUJIAN[0]}", "{FUJIAN[1]}"]\ngovreport_agencies = "agencies.yaml"\n')
    for name in FUJIAN:
        shutil.copy(REPO / "docs/forms" / name, project.folder / name)
    shutil.copy(REPO / "docs/agencies.yaml", project.folder / "agencies.yaml")
    (project.folder / "data").mkdir(exist_ok=True)
    for year in YEARS:
        shutil.copy(REPO / f"docs/data/pingtan-{year}.yaml", project.folder / f"data/{year}.yaml")
        project.page(f"{year}.md", PINGTAN, year)
    project.write("index.md", "# 首页\n\n```{toctree}\n:glob:\n\n20*\n```\n")
    return project


@pytest.fixture
def folder(site: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(site.folder)
    return site.folder


FORM_OPTIONS = [part for name in FUJIAN for part in ("--form", name)]
OPTIONS = [*FORM_OPTIONS, "--agencies", "agencies.yaml"]


# -- Fujian ----------------------------------------------------------------------------------------------------------


def test_every_published_figure_is_printed_under_its_headers(site: Project) -> None:
    build = site.build()
    assert build.warnings == []
    for year in YEARS:
        (table,) = html.fromstring(build.text(f"{year}.html")).xpath("//table")
        published_by = BEFORE if year == 2014 else PINGTAN
        assert table.xpath("string(./caption/span[@class='caption-text'])") == f"{published_by}{year}年政府信息公开情况统计表"
        head = [cell.text_content() for cell in table.xpath(".//thead//th")]
        assert head == ["指标名称", "计量单位", f"{year}年度", "历年累计"]
        rows = [[cell.text_content() for cell in row.xpath("./th|./td")] for row in table.xpath(".//tbody/tr")]
        assert rows == [[line.label, line.unit, *line.figures[year]] for line in LINES if year in line.figures]
        idents = {cell.get("id"): cell.text_content() for cell in table.xpath(".//th")}
        for row in table.xpath(".//tbody/tr"):
            own = row.xpath("./th")[0].text_content()
            headers = [[idents[one] for one in cell.get("headers").split()] for cell in row.xpath("./td")]
            assert headers == [[own, name] for name in head[1:]]
        assert all(ident.isascii() for ident in table.xpath(".//@id"))


@pytest.mark.parametrize("builder", ["text", "man", "texinfo", "xml", "latex"])
def test_every_builder_prints_them(site: Project, builder: str) -> None:
    files = site.build(builder).files()
    written = "".join(body.decode() for name, body in files.items() if name.endswith((".txt", ".xml", ".1", ".texi", ".tex")))
    for year in YEARS:
        assert f"{year}年度" in written
    for figure in ("78967", "81916", "85376", "10037", "12106", "2543", "2949", "3460", "2122", "2069"):
        assert figure in written
    assert "计量单位" in written


@pytest.mark.pdf
def test_the_pdf_has_every_figure_of_five_years(site: Project) -> None:
    conf = (site.folder / "conf.py").read_text("utf-8")
    site.write("conf.py", f'{conf}govreport_latex = "gbt9704"\nlatex_documents = [("index", "all.tex", "", "甲", "howto")]\n')
    with pdfplumber.open(pdf(site.build("latex"), "all")) as document:
        tables = [table for page in document.pages for table in page.extract_tables()]
    cells = [(cell or "").replace("\n", "") for table in tables for row in table for cell in row]
    assert [cell for cell in cells if cell.isdecimal()] == [figure for year in YEARS for figure in printed_figures(year)]
    assert [cells.count(unit) for unit in ("条", "件", "元")] == [5 * 12, 5 * 3, 3]


def test_the_break_of_2017_is_explained_and_printed(site: Project) -> None:
    shown = html.fromstring(site.build().text("2017.html")).text_content()
    assert "说明：2017年起历年累计重新统计，与以前年度不衔接。" in shown


def test_the_break_is_found_where_nothing_explains_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *OPTIONS, "data"]) == 0
    assert capsys.readouterr() == ("", "Checked 5 reports: 0 errors, 0 warnings, 0 hints.\n")
    path = folder / "data/2017.yaml"
    path.write_text(path.read_text("utf-8").partition("\n说明:")[0], "utf-8")
    assert main(["--language", "zh_CN", "check", *OPTIONS, "data"]) == 0  # it is a warning
    (warning,) = [line for line in capsys.readouterr().out.splitlines() if "[历年累计]" in line]
    assert warning.startswith(
        "data/2017.yaml:7:19: 警告: 不符合“历年累计等于上年历年累计加本年度”：主动公开文件数·历年累计为 10037（第 7 行），"
        "上一年年报的主动公开文件数·历年累计+主动公开文件数·本年度合计为 "
    )
    for figure in ("85376", "2122", "10037"):
        assert figure in warning


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("信函、传真申请数: [1, 1]", "信函、传真申请数: [2, 1]", "申请方式"),
        ("同意公开答复数: [1, 1]", "同意公开答复数: [0, 1]", "答复类型"),
        ("政府网站公开数: [2543, 78967]", "政府网站公开数: [2534, 78967]", "主动公开渠道"),
    ],
)
def test_one_figure_changed_is_found(folder: Path, old: str, new: str, rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "data/2014.yaml"
    written = path.read_text("utf-8")
    assert old in written
    path.write_text(written.replace(old, new), "utf-8")
    assert main(["check", *FORM_OPTIONS, "data/2014.yaml"]) == 1
    found = capsys.readouterr().out
    assert re.match(rf"data/2014\.yaml:\d+:\d+: error: .*\[{rule}\]", found)
    assert found.count(": error:") == 1


def test_five_years_side_by_side(site: Project) -> None:
    body = (
        "```{gov-comparison-table} main\n:change: amount\n```\n\n"
        "```{gov-trend-chart} main\n```\n\n{gov-change}`情况统计表.主动公开文件数.本年度 | amount`\n"
    )
    site.page("2018.md", PINGTAN, 2018, body)
    build = site.build(language="en")
    assert build.warnings == []
    tree = html.fromstring(build.text("2018.html"))
    (first,) = tree.xpath("//table[contains(@class, 'gov-comparison-table')]//tbody/tr[1]")
    cells = [cell.text_content().strip() for cell in first.xpath("./th|./td")]
    assert cells[1::2] == ["2543", "up 406", "up 511", "down 1338", "down 53"]
    assert cells[2::2] == ["2949", "3460", "2122", "2069"]
    assert len(tree.xpath("//*[local-name()='svg']")) == 1


@pytest.mark.parametrize("kind", ["xlsx", "docx", "html", "text", "csv"])
@pytest.mark.parametrize("year", YEARS)
def test_what_goes_out_comes_in_again(folder: Path, kind: str, year: int, capsys: pytest.CaptureFixture[str]) -> None:
    name = f"out.{'txt' if kind == 'text' else kind}"
    assert main(["export", *FORM_OPTIONS, f"data/{year}.yaml", "--to", kind, "--output", name]) == 0
    assert main(["import", *FORM_OPTIONS, name, "-o", "back.yaml"]) == 0
    assert main(["import", *FORM_OPTIONS, name, "--compare", f"data/{year}.yaml"]) == 0
    # in documents, the explanations of two years are below the table without the names of their checks
    known = ("[unread-explanation]", "[历年累计]", "[jump]")
    assert [line for line in capsys.readouterr().err.splitlines() if not line.endswith(known)] == ["0 differences."]


def page_of(year: int, numbering: str) -> str:
    """Return a page of a portal as these reports were published."""
    agency = BEFORE if year == 2014 else PINGTAN
    rows = "".join(
        f"<tr><td>{re.sub('(?<=[0-9])、', numbering, line.label)}</td><td>{line.unit}</td>"
        + "".join(f"<td>{figure}</td>" for figure in line.figures[year])
        + "</tr>"
        for line in LINES
        if year in line.figures
    )
    return (
        f"<html><head><meta charset='utf-8'><title>{agency}{year}年政府信息公开工作年度报告</title></head><body>"
        f"<h1>{agency}{year}年政府信息公开工作年度报告</h1><p>一、概述</p><p>本年度主动公开文件{LINES[0].figures[year][0]}条。</p>"
        f"<p>政府信息公开情况统计表</p><table><tr><th>指标名称</th><th>计量单位</th><th>{year}年度</th><th>历年累计</th></tr>"
        f"{rows}</table></body></html>"
    )


@pytest.mark.parametrize(("year", "numbering"), [(2014, "、"), (2015, "、"), (2016, "、"), (2017, "、"), (2018, ".")])
def test_a_page_as_published_gives_every_figure(
    folder: Path, year: int, numbering: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("page.html").write_text(page_of(year, numbering), "utf-8")
    assert main(["import", *FORM_OPTIONS, "page.html", "--compare", f"data/{year}.yaml"]) == 0
    assert main(["import", *FORM_OPTIONS, "page.html", "-o", "back.yaml"]) == 0
    said = [line for line in capsys.readouterr().err.splitlines() if "[历年累计]" not in line]  # without the breaks
    assert said == ["0 differences."]
    assert main(["export", *FORM_OPTIONS, "back.yaml", "--to", "json", "--output", "back.json"]) == 0
    (report,) = json.loads(Path("back.json").read_text("utf-8"))
    assert [figure["value"] for figure in report["figures"]] == printed_figures(year)
    assert [figure["unit"] for figure in report["figures"]] == [
        line.unit for line in LINES if year in line.figures for _column in range(2)
    ]


def test_without_its_form_nothing_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("page.html").write_text(page_of(2018, "."), "utf-8")
    assert main(["import", "page.html", "-o", "back.yaml"]) == 1
    assert "No form is known for reports of 2018" in capsys.readouterr().err
    assert not Path("back.yaml").exists()


def test_the_schema_says_what_the_reader_says(folder: Path) -> None:
    assert main(["schema", *FORM_OPTIONS, "--output", "year.json"]) == 0
    check = jsonschema.Draft7Validator(json.loads(Path("year.json").read_text("utf-8")))
    for year in YEARS:
        check.validate(yaml.safe_load(Path(f"data/{year}.yaml").read_text("utf-8")))
    wrong = yaml.safe_load(Path("data/2014.yaml").read_text("utf-8"))
    wrong["情况统计表"]["网上申请数"] = [0, 0, 0]
    assert not check.is_valid(wrong)


# -- other yearly tables -----------------------------------------------------------------------------------------------


class Case(NamedTuple):
    """A form, a year file by it, and expected results."""

    form: str
    data: str
    agency: str
    year: int
    figure: str  #: a figure, as in roles
    shown: str
    wrong: tuple[str, str]  #: a typo
    rule: str  #: the rule that reports it
    total: tuple[str, str]  #: a figure of the sum of two such agencies, as in the year file of the sum


#: Qingyuan's figures are published; of the others only the labels are, and their figures are invented
CASES = {
    "qingyuan": Case(
        "qingyuan-2024", "penalties: [12175, 94929, 235, 189, 101, 0, 11, 504, 12, 108156, 12345.67]\nlicences: [26569, 26569, 26462, 102, 5]\n",
        "清远市", 2024, "行政处罚实施情况统计表.罚款", "94929", ("94929", "94992"), "处罚种类合计", ("罚款", "189858"),
    ),
    "huangshi": Case(
        "huangshi-2023", "penalties: [31, 0, 54, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 151, 20.5]\n",
        "测试市甲局", 2023, "penalties.total", "151", ("151", "115"), "kinds-total", ("total", "302"),
    ),
    "yongchuan": Case(
        "yongchuan-2022",
        "penalties:\n"
        "  区公安局: [3, 0, 20, 1, 2, 0, 0, 0, 0, 0, 0, 5, 0, 31, 12.5, 20, 11, 11, 1, 2, 2, 含交警]\n"
        "  区城市管理局: [1, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0.8, 9, 1, 1, 0, 0, 0]\n"
        "  合计: [4, 0, 29, 1, 2, 0, 0, 0, 0, 0, 0, 5, 0, 41, 13.3, 29, 12, 12, 1, 2, 2]\n",
        "测试区", 2022, "penalties.区公安局.合计", "31", ("合计: [4, 0, 29", "合计: [4, 0, 92"), "各单位合计", ("合计", "82"),
    ),
    "three-public": Case(
        "three-public", "expenses: {total: 30.55, abroad: 0, cars: {total: 20.5, bought: 12, run: 8.5}, reception: 10.05}\n",
        "测试市乙局", 2023, "expenses.cars.total", "20.5", ("bought: 12", "bought: 21"), "公车小计", ("abroad", "0"),
    ),
}  # fmt: skip


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


def year_file(case: Case, agency: str = "") -> str:
    return f"机关: {agency or case.agency}\n年度: {case.year}\n格式: {case.form}\n{case.data}"


@pytest.fixture
def other(project: Project, case: Case, monkeypatch: pytest.MonkeyPatch) -> Project:
    project.write("conf.py", f'{CONF}govreport_forms = ["form.yaml"]\n')
    shutil.copy(FORMS / f"{case.form}.yaml", project.folder / "form.yaml")
    project.write("data/one.yaml", year_file(case))
    project.page(
        "index.md", case.agency, case.year, f"```{{gov-disclosure-table}}\n```\n\n共{{gov-figure}}`{case.figure}`件。\n"
    )
    monkeypatch.chdir(project.folder)
    return project


def numbers(case: Case) -> list[str]:
    """Return the figures of the year file in order."""
    return re.findall(r"(?<=[\[ ,])\d+(?:\.\d+)?(?=[],}])", case.data)


def test_it_is_printed_and_quoted(other: Project, case: Case) -> None:
    build: Build = other.build()
    assert build.warnings == []
    tree = html.fromstring(build.text("index.html"))
    assert tree.xpath("//td/data/@value") == numbers(case)
    assert f"共{case.shown}件" in tree.text_content()
    idents = tree.xpath("//@id")
    assert len(idents) == len(set(idents))
    assert all(ident.isascii() and " " not in ident for ident in idents)
    for cell in tree.xpath("//td"):
        assert set(cell.get("headers").split()) <= set(idents)


def test_its_sums_hold_and_a_slip_is_found(other: Project, case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--form", "form.yaml", "data"]) == 0
    other.write("data/one.yaml", year_file(case).replace(*case.wrong))
    assert main(["check", "--form", "form.yaml", "data"]) == 1
    assert f"[{case.rule}]" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["xlsx", "docx", "html", "text", "csv", "yaml"])
def test_it_goes_out_and_comes_in_again(other: Project, case: Case, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    name = f"out.{'txt' if kind == 'text' else kind}"
    assert main(["export", "--form", "form.yaml", "data/one.yaml", "--to", kind, "--output", name]) == 0
    back = name
    if kind != "yaml":
        back = "back.yaml"
        assert main(["import", "--form", "form.yaml", name, "-o", back]) == 0
        assert main(["import", "--form", "form.yaml", name, "--compare", "data/one.yaml"]) == 0
    assert capsys.readouterr().err in ("", "0 differences.\n")
    for source, target in (("data/one.yaml", "one.json"), (back, "two.json")):
        assert main(["export", "--form", "form.yaml", source, "--to", "json", "--output", target]) == 0
    assert json.loads(Path("one.json").read_text("utf-8")) == json.loads(Path("two.json").read_text("utf-8"))


def test_a_table_of_many_columns_lies_across_its_page_in_word(other: Project, tmp_path: Path) -> None:
    """It is at the end of the document: a section that ends with a table needs a paragraph after it to keep its page size."""
    case = CASES["yongchuan"]
    shutil.copy(FORMS / f"{case.form}.yaml", other.folder / "form.yaml")
    other.write("data/one.yaml", year_file(case))
    assert main(["export", "--form", "form.yaml", "data/one.yaml", "--to", "docx", "-o", "out.docx"]) == 0
    with ZipFile("out.docx") as document:
        body = etree.fromstring(document.read("word/document.xml"))[0]
    kinds = [etree.QName(element).localname for element in body]
    assert kinds[-3:] == ["tbl", "p", "sectPr"]
    assert body[-1].xpath("string(.//*[local-name()='pgSz']/@*[local-name()='orient'])") == "landscape"


def test_its_open_data_is_as_it_is_described(other: Project, case: Case) -> None:
    assert main(["schema", "--records", "--form", "form.yaml", "-o", "records.schema.json"]) == 0
    assert main(["export", "--form", "form.yaml", "data/one.yaml", "--to", "json", "-o", "records.json"]) == 0
    schema, records = (json.loads(Path(f"records{name}").read_text("utf-8")) for name in (".schema.json", ".json"))
    jsonschema.Draft202012Validator(schema).validate(records)
    assert main(["export", "--form", "form.yaml", "data/one.yaml", "--to", "datapackage", "-o", "package"]) == 0
    check_package(Path("package"))


def test_two_agencies_are_added_up(other: Project, case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    other.write("data/two.yaml", year_file(case, "另一局"))
    assert main(["rollup", "--form", "form.yaml", "--agency", "某省", "--year", str(case.year), "data"]) == 0
    other.write("sum.yaml", capsys.readouterr().out)
    assert main(["check", "--form", "form.yaml", "sum.yaml"]) == 0
    assert main(["export", "--form", "form.yaml", "--to", "yaml", "--keys", "en", "sum.yaml"]) == 0
    assert re.search(rf"\b{case.total[0]}: {case.total[1]}\b", capsys.readouterr().out)


def test_a_blank_year_and_a_new_site(other: Project, case: Case) -> None:
    assert main(["new", str(case.year + 1), "--from", "data/one.yaml", "--form", "form.yaml", "--output", "next.yaml"]) == 0
    begun = yaml.safe_load(Path("next.yaml").read_text("utf-8"))
    assert (begun.get("year") or begun["年度"]) == case.year + 1
    if "区公安局" in case.data:
        assert list(next(value for value in begun.values() if isinstance(value, dict))) == ["区公安局", "区城市管理局", "合计"]
    assert main(["new-site", "site", "--agency", "某局", "--year", str(case.year), "--form", "form.yaml"]) == 0
    build = Build(Path("site").absolute(), "html", other.folder.parent / "site-out", 1, {"language": "en"})
    assert all("[govreport.not-filled]" in warning for warning in build.warnings)
    assert html.fromstring(build.text(f"reports/{case.year}.html")).xpath("//table//td")
    assert (
        main(["export", "--form", "form.yaml", "--blank", "--year", str(case.year), "--to", "xlsx", "--output", "blank.xlsx"])
        == 0
    )


def test_the_rows_of_a_year_file_are_those_of_the_table(other: Project) -> None:
    """With different numbers; a name may not split a key path."""
    case = CASES["yongchuan"]
    shutil.copy(FORMS / f"{case.form}.yaml", other.folder / "form.yaml")
    other.write(
        "data/one.yaml", year_file(case).replace("区城市管理局", "区城市管理局（本级）").replace("  区公安局:", "  区.公安局:")
    )
    other.page("index.md", case.agency, case.year)
    (warning, *_more) = [line for line in other.build(language="en").warnings if "bad-value" in line]
    assert "one.yaml:5:3: ERROR: “区.公安局” cannot be the name of a row." in warning
