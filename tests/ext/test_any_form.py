"""A form is defined by its file: one table with one figure, or five tables, in every output, check, import and command."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import jsonschema
import pytest
import yaml
from lxml import html

from sphinx_govreport.cli import main
from tests.conftest import CONF, Build, Project
from tests.published import published, year_file

pytestmark = pytest.mark.usefixtures("read_here")

AGENCY = "某市某局"

ONE = """\
form: one
title: 网站内容统计
english: Count of pages
source: {notice: 某办发〔2022〕3号, date: 2022-01-05}
years: {from: 2021}
deadline: {date: 01-31, source: 《某市办法》第九条}
sections:
  - {key: text, title: 一、说明, prompts: ["[写明统计口径和统计范围。]"], least: 10}
tables:
  published:
    label: 网站发布情况
    english: Pages published
    aliases: [发布情况]
    source: 某办发〔2022〕3号
    unit: 条
    widths: [16, 12]
    blocks:
      - corner: 项目
        columns: [{key: count, label: 条数, english: Count}]
        rows: [{key: pages, label: 网站发布信息, english: Pages}]
    prose: [{pattern: '发布信息{gap}(\\d{1,6})条', figures: [pages.count]}]
    sets: [{key: everything, label: 全部, figures: [pages.count]}]
"""

FIVE = """\
form: five
title: 政务公开季度工作报告
english: Work of the year
source: {notice: 某办发〔2022〕4号}
years: {from: 2021}
deadline: {date: 12-15, source: 《某市办法》第十条}
share-base: meetings.held.total
sections:
  - {key: meetings, title: 一、会议}
  - {key: training, title: 二、培训}
  - key: fees
    title: 三、收费
    prompts: ["全年开会{gov-figure}`meetings.held.total`次，没有收取复制费。"]
    fees: {mention: 复制费, denial: "没有收取", unpaid: fees.unpaid}
tables:
  meetings:
    section: 一
    label: 会议情况
    english: Meetings
    source: 某办发〔2022〕4号
    unit: 次
    widths: [12, 8, 8, 8]
    blocks:
      - corner: 会议
        columns:
          - {key: open, label: 公开, english: Open}
          - {key: closed, label: 不公开, english: Closed}
          - {key: total, label: 总计, english: Total, sum: siblings, rule: meetings-total}
        rows:
          - {key: held, label: 召开会议, english: Held}
          - {key: planned, label: 计划会议, english: Planned}
    checks: [{rule: plan, equation: held.* <= planned.*}]
    prose: [{pattern: '公开会议(\\d{1,6})次', figures: [held.open], share: true}]
    sets: [{key: meetings-summary, label: 会议概况, figures: [held.total, planned.total]}]
  training:
    section: 二
    label: 培训情况
    english: Training
    source: 某办发〔2022〕4号
    unit: 人
    widths: [10]
    blocks: [{columns: [{key: people, label: 培训人数, english: People}]}]
  staff:
    section: 二
    label: 人员情况
    english: Staff
    source: 某办发〔2022〕4号
    unit: 人
    widths: [10, 10, 10, 10]
    blocks:
      - columns:
          - {label: 人员, english: Staff, columns: [{key: full, label: 专职, english: Full}, {key: part, label: 兼职, english: Part}]}
          - {label: 学历, english: Degree, columns: [{key: master, label: 硕士, english: Master}, {key: other, label: 其他, english: Other}]}
  fees:
    section: 三
    label: 复制收费情况
    english: Fees
    source: 某办发〔2022〕4号
    unit: 件
    widths: [10, 10]
    blocks: [{columns: [{key: paid, label: 已缴费, english: Paid}, {key: unpaid, label: 未缴费, english: Unpaid}]}]
  letters:
    label: 来信情况
    english: Letters
    source: 某办发〔2022〕4号
    unit: 封
    widths: [6, 6, 12, 8]
    blocks:
      - columns: [{key: count, label: 件数, english: Count}]
        rows:
          - key: post
            label: 邮寄
            english: Post
            rows:
              - {key: land, label: 国内, english: Land, rows: [{key: a, label: 普通, english: Plain}, {key: b, label: 挂号, english: Registered}]}
              - {key: sea, label: 国外, english: Sea}
"""


class Case(NamedTuple):
    """A form with two years of figures."""

    form: str
    name: str
    title: str
    tables: tuple[str, ...]
    data: str  #: with ``{n}`` for a figure of a year
    figure: str  #: the key path of that figure
    chinese: str  #: the same in Chinese
    set: str
    figures: int

    def year(self, year: int) -> str:
        return f"agency: {AGENCY}\nyear: {year}\nform: {self.name}\n" + self.data.replace("{n}", str(year - 2000))


CASES = {
    "one": Case(
        ONE, "one", "网站内容统计", ("published",), "published: {pages: {count: {n}}}\n",
        "published.pages.count", "发布情况.网站发布信息.条数", "everything", 1,
    ),
    "five": Case(
        FIVE, "five", "政务公开季度工作报告", ("meetings", "training", "staff", "fees", "letters"),
        "meetings: {held: [{n}, 5], planned: [90, 9]}\ntraining: {people: 7}\nstaff: {full: 1, part: 2, master: 3, other: 4}\n"
        "fees: {paid: 3, unpaid: 2}\nletters: {post: {land: {a: {count: 1}, b: {count: 2}}, sea: {count: 3}}}\n",
        "meetings.held.open", "会议情况.召开会议.公开", "会议概况", 16,
    ),
}  # fmt: skip


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture
def site(project: Project, case: Case) -> Project:
    """Two years by the form, and a page for each."""
    kinds = ["csv", "json", "xlsx", "docx", "html", "text", "yaml"]
    project.write(
        "conf.py",
        f'{CONF}govreport_forms = ["form.yaml"]\ngovreport_downloads = {kinds}\nsuppress_warnings = ["toc.not_included"]\n',
    )
    project.write("form.yaml", case.form)
    for year in (2023, 2024):
        project.write(f"data/{year}.yaml", case.year(year))
        project.page(f"{year}.md", AGENCY, year)
    project.write("index.md", "# 首页\n\n```{gov-report-list}\n```\n\n```{toctree}\n:glob:\n\n20*\n```\n")
    return project


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: Case) -> Path:
    """The same two years for commands."""
    monkeypatch.chdir(tmp_path)
    Path("form.yaml").write_text(case.form, "utf-8")
    Path("data").mkdir()
    for year in (2023, 2024):
        Path(f"data/{year}.yaml").write_text(case.year(year), "utf-8")
    return tmp_path


def printed(build: Build, page: str) -> list[str]:
    """The key paths of the figures on a page."""
    return html.fromstring(build.text(page)).xpath("//td/@data-gov-key")  # type: ignore[no-any-return]


# -- the site --------------------------------------------------------------------------------------------------------


def test_a_directive_without_an_argument_prints_all_tables(site: Project, case: Case) -> None:
    build = site.build()
    assert build.warnings == []
    tree = html.fromstring(build.text("2024.html"))
    assert [one.get("class").split()[1] for one in tree.xpath("//table")] == [f"gov-{name}" for name in case.tables]
    keys = printed(build, "2024.html")
    assert len(keys) == case.figures
    assert case.figure in keys
    assert tree.xpath(f"//td[@data-gov-key='{case.figure}']/data/@value") == ["24"]


def test_each_header_cell_of_a_figure_is_there(site: Project) -> None:
    tree = html.fromstring(site.build().text("2024.html"))
    idents = set(tree.xpath("//@id"))
    for cell in tree.xpath("//td"):
        assert set((cell.get("headers") or "").split()) <= idents


def test_the_style_sheet_knows_the_tables(site: Project, case: Case) -> None:
    style = site.build().text("_static/govreport.css")
    for name in case.tables:
        assert re.search(rf"table\.gov-table\.gov-{name} \{{ min-width: \d+em;", style)


def test_the_columns_of_a_table_are_told(site: Project, case: Case) -> None:
    """By classes: the scroll steps depend on them."""
    page = html.fromstring(site.build().text("2024.html"))
    for region in page.xpath("//div[contains(@class, 'gov-fit')]"):
        heads = region.xpath("count(.//col[@class='gov-stub'])")
        figures = region.xpath("count(.//col[@class='gov-figures'])")
        assert f"gov-stubs-{min(int(heads), 4)}" in region.get("class").split()
        assert "gov-blocks" in region.get("class") or f"gov-columns-{int(figures)}" in region.get("class").split()


def test_one_table_by_each_of_its_names(site: Project, case: Case) -> None:
    table, label = case.tables[0], case.chinese.partition(".")[0]
    site.page(
        "2024.md", AGENCY, 2024, f"```{{gov-disclosure-table}} {table}\n```\n\n```{{gov-disclosure-table}} {label}\n```\n"
    )
    build = site.build()
    assert build.warnings == []
    assert len(html.fromstring(build.text("2024.html")).xpath("//table")) == 2


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "There is no table “requests”. Use one of: {names}. [govreport.unknown-table]"),
        ("zh_CN", "没有“requests”这张表。这里可用的是：{names}。 [govreport.unknown-table]"),
    ],
)
def test_a_statutory_table_is_no_table_of_it(site: Project, case: Case, language: str, said: str) -> None:
    site.page("2024.md", AGENCY, 2024, "```{gov-disclosure-table} requests\n```\n")
    (warning,) = site.build(language=language).warnings
    assert warning.endswith(said.format(names=(", " if language == "en" else "、").join(case.tables)))


def test_comparison_chart_and_checks(site: Project, case: Case) -> None:
    body = (
        f"```{{gov-comparison-table}} {case.set}\n:change: amount\n```\n\n"
        f"```{{gov-trend-chart}} {case.set}\n```\n\n```{{gov-check-table}}\n```\n\n```{{gov-disclosure-table}}\n:compare:\n```\n"
    )
    site.page("2024.md", AGENCY, 2024, body)
    build = site.build(language="en")
    assert build.warnings == []
    tree = html.fromstring(build.text("2024.html"))
    row = tree.xpath("//table[contains(@class, 'gov-comparison-table')]//tbody/tr[1]//text()[normalize-space()]")
    first, second = (23, 24) if case.name == "one" else (28, 29)
    assert row[1:] == [str(first), str(second), "up 1"]
    assert len(tree.xpath("//*[local-name()='svg']")) == 1
    checks = tree.xpath("//table[contains(@class, 'gov-check-table')]//tbody/tr/*[1]//text()[normalize-space()]")
    assert {"Every figure is filled in"} <= set(checks)
    assert ("plan" in checks) == (case.name == "five")
    assert "(2023: 23" in "".join(tree.xpath(f"//td[@data-gov-key='{case.figure}']//text()")) or case.name == "five"


def test_roles_and_references(site: Project, case: Case) -> None:
    roles = [
        f"{{gov-figure}}`{case.figure}`",
        f"{{gov-figure}}`2023: {case.chinese}`",
        f"{{gov-change}}`{case.figure} | amount`",
        f"{{gov-share}}`{case.figure} / {case.figure}`",
        f"{{gov:figure}}`一个数 <{case.figure}>`",
        f"{{gov:table}}`{case.tables[0]}`",
        "{gov:report}`2023`",
    ]
    site.page("2024.md", AGENCY, 2024, "；".join(roles) + "\n\n```{gov-disclosure-table}\n```\n")
    build = site.build()
    tree = html.fromstring(build.text("2024.html"))
    (line,) = tree.xpath("//p[contains(., '；')]")
    assert line.text_content().startswith("24；23；增加1；100.00%；一个数；")
    targets = line.xpath(".//a/@href")
    idents = set(tree.xpath("//@id"))
    assert {target.partition("#")[2] for target in targets if target.startswith("#")} <= idents
    assert [warning for warning in build.warnings if "gov:report" not in warning] == []


@pytest.mark.parametrize(("language", "said"), [("en", "such as “… / {base}”."), ("zh_CN", "例如“… / {base}”。")])
def test_a_share_without_a_base_is_told_the_forms_own(site: Project, case: Case, language: str, said: str) -> None:
    site.page("2024.md", AGENCY, 2024, f"{{gov-share}}`{case.figure}`\n\n```{{gov-disclosure-table}}\n```\n")
    (warning,) = site.build(language=language).warnings
    base = {"one": "published.pages.count", "five": "meetings.held.total"}[case.name]
    assert said.format(base=base) in warning


def test_the_list_of_reports_and_the_downloads(site: Project, case: Case) -> None:
    build = site.build()
    links = html.fromstring(build.text("index.html")).xpath("//ul[contains(@class, 'gov-report-list')]//a/@href")
    assert {"2024.html", "2023.html"} <= set(links)
    files = html.fromstring(build.text("2024.html")).xpath("//p[@class='gov-downloads']/a/@href")
    assert len(files) == 7
    package = json.loads(build.text("datapackage.json"))
    assert package["title"] == f"{AGENCY}{case.title}（2023–2024年）"
    count = {"one": "一", "five": "五"}[case.name]
    assert package["description"] == f"{case.title}{count}张法定表格的全部数据，每条记录一项数据。"
    columns = {one["name"]: one for one in package["resources"][0]["schema"]["fields"]}
    assert columns["table"]["constraints"]["enum"] == [*case.tables]
    jsonschema.validate(
        json.loads(build.text(next(name for name in files if name.endswith(".json")))),
        json.loads(build.text("govreport-records.schema.json")),
    )


def test_a_roll_up_of_two_agencies(site: Project, case: Case) -> None:
    site.write("data/other.yaml", case.year(2024).replace(AGENCY, "某市另局"))
    site.page("sum.md", "某市", 2024, f"```{{gov-rollup-table}} {case.set}\n:parts: {AGENCY}、某市另局\n```\n")
    build = site.build(language="en")
    cells = html.fromstring(build.text("sum.html")).xpath(
        "//table[contains(@class, 'gov-rollup-table')]//tbody/tr[last()]//text()"
    )
    total = 48 if case.name == "one" else 58
    assert [cell for cell in cells if cell.strip()][:2] == ["Sum", str(total)]


@pytest.mark.parametrize("builder", ["latex", "text", "govfragment", "govword", "man", "singlehtml"])
def test_every_builder_prints_the_tables(site: Project, case: Case, builder: str) -> None:
    build = site.build(builder)
    assert build.warnings == []
    files = {name: body for name, body in build.files().items() if "2024" in name or builder in ("latex", "man", "singlehtml")}
    if builder == "govword":
        assert any(name.endswith(".docx") for name in files)
        return
    body = b"".join(body for name, body in files.items() if name.endswith((".tex", ".txt", ".html", ".1"))).decode()
    assert case.chinese.split(".")[1] in body
    if builder == "govfragment":
        assert 'width="100%"' in body


def test_the_page_of_the_report_is_checked_by_its_form(site: Project, case: Case) -> None:
    text = {
        "one": "## 一、说明\n\n发布信息25条。\n",
        "five": "## 一、会议\n\n公开会议24次，占50%。\n\n## 三、收费\n\n没有收取。\n\n## 二、培训\n\n培训了人员。\n",
    }[case.name]
    body = f"```{{gov-check-table}}\n```\n\n{text}"
    site.page("2024.md", AGENCY, 2024, body)
    page = site.folder / "2024.md"
    page.write_text(
        page.read_text("utf-8").replace("govreport-year", "govreport-published: 2025-12-20\ngovreport-year"), "utf-8"
    )
    said = "\n".join(site.build(language="en").status + site.build(language="en", out="again").warnings)
    tree = html.fromstring((site.folder.parent / "_build/html/2024.html").read_text("utf-8"))
    rows = [row.text_content() for row in tree.xpath("//table[contains(@class, 'gov-check-table')]//tr")]
    joined = "\n".join(rows)
    if case.name == "one":
        assert "“一、说明” says only “发布信息25条。”" in said
        assert "“发布信息25条” says 25, but the year file has 24" in joined
        assert "Published on 2025-12-20, after 31 January 2025." in joined
        assert "Published by 31 January (《某市办法》第九条)" in joined
    else:
        assert "“三、收费” does not mention 复制费." in said
        assert "“三、收费” comes before a section that must precede it." in said
        assert "says 50 %, but 24 of 29 are 82.76 %." in joined
        assert "but 2 requests were closed because a fee was not paid" in joined
        assert "Published on 2025-12-20, after 15 December 2025." in joined


def test_a_report_by_it_stands_beside_a_statutory_one(site: Project, case: Case) -> None:
    site.write("data/suqian.yaml", year_file(published("suqian-2024")))
    site.page("suqian.md", "宿迁市", 2024)
    site.write("conf.py", f'{(site.folder / "conf.py").read_text("utf-8")}govreport_severity = {{"carried-over": "off"}}\n')
    build = site.build()
    assert build.warnings == []
    assert len(html.fromstring(build.text("suqian.html")).xpath("//table")) == 3
    assert len(html.fromstring(build.text("2024.html")).xpath("//table")) == len(case.tables)
    titles = html.fromstring(build.text("index.html")).xpath("//ul[contains(@class, 'gov-report-list')]//a")
    assert titles


# -- commands --------------------------------------------------------------------------------------------------------


def test_a_year_file_has_the_tables_of_its_form(folder: Path, case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--form", "form.yaml", "data"]) == 0
    year = Path("data/2024.yaml")
    year.write_text(year.read_text("utf-8") + "requests: 0\n", "utf-8")
    capsys.readouterr()
    assert main(["check", "--form", "form.yaml", "data"]) == 1
    assert "Unknown key “requests”." in capsys.readouterr().out
    assert main(["--language", "zh_CN", "check", "--form", "form.yaml", "data"]) == 1
    assert "“requests”" in capsys.readouterr().out


def test_a_missing_table_is_named(folder: Path, case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    Path("data/2024.yaml").write_text(f"agency: {AGENCY}\nyear: 2024\nform: {case.name}\n", "utf-8")
    assert main(["check", "--form", "form.yaml", "data"]) == 1
    said = capsys.readouterr().out
    assert [f"If all its figures are 0, write “{name}: 0”." in said for name in case.tables] == [True] * len(case.tables)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Form 2021 has no table {table}. Its tables are: proactive-disclosure, requests, reviews."),
        ("zh_CN", "表样 2021 没有 {table} 表。它的表有：proactive-disclosure、requests、reviews。"),
    ],
)
def test_a_table_has_a_form_that_has_it(
    folder: Path, case: Case, capsys: pytest.CaptureFixture[str], language: str, said: str
) -> None:
    table = case.tables[0]
    year = case.year(2024).replace(f"form: {case.name}", f"form: {{default: {case.name}, {table}: 2021}}")
    Path("data/2024.yaml").write_text(year, "utf-8")
    assert main(["--language", language, "check", "--form", "form.yaml", "data"]) == 1
    assert said.format(table=table) in capsys.readouterr().out


def test_a_report_may_have_tables_of_several_forms(folder: Path, case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    table = case.tables[0]
    own = case.data if case.name == "one" else case.data.splitlines(keepends=True)[0]
    year = f"agency: {AGENCY}\nyear: 2024\nform: {{default: 2021, {table}: {case.name}}}\n{own.replace('{n}', '24')}"
    Path("data/2024.yaml").write_text(year + "proactive-disclosure: 0\nrequests: 0\nreviews: 0\n", "utf-8")
    Path("data/2023.yaml").unlink()
    assert main(["check", "--form", "form.yaml", "data"]) == 0
    assert main(["export", "--form", "form.yaml", "--to", "csv", "--output", "a.csv", "data"]) == 0
    records = list(csv.DictReader(io.StringIO(Path("a.csv").read_text("utf-8-sig"))))
    assert list(dict.fromkeys(record["table"] for record in records)) == ["proactive-disclosure", "requests", "reviews", table]
    assert main(["import", "--form", "form.yaml", "a.csv", "-o", "back.yaml"]) == 0
    assert yaml.safe_load(Path("back.yaml").read_text("utf-8"))["form"] == {"default": 2021, table: case.name}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "docx", "html", "text"])
def test_what_goes_out_comes_in_again(folder: Path, case: Case, kind: str) -> None:
    name = f"a.{'txt' if kind == 'text' else kind}"
    assert main(["export", "--form", "form.yaml", "--to", kind, "--output", name, "data/2024.yaml"]) == 0
    assert main(["import", "--form", "form.yaml", name, "-o", "back/2024.yaml"]) == 0
    assert main(["import", "--form", "form.yaml", name, "--compare", "data/2024.yaml"]) == 0
    back = yaml.safe_load(Path("back/2024.yaml").read_text("utf-8"))
    assert (back["agency"], back["year"], back["form"]) == (AGENCY, 2024, case.name)
    assert [key for key in back if key in case.tables] == [*case.tables]


@pytest.mark.parametrize("kind", ["json", "yaml", "parquet"])
def test_other_exports_have_all_figures(folder: Path, case: Case, kind: str) -> None:
    assert main(["export", "--form", "form.yaml", "--to", kind, "--output", "a", "data/2024.yaml"]) == 0
    if kind == "json":
        (report,) = json.loads(Path("a").read_text("utf-8"))
        assert len(report["figures"]) == case.figures
        assert list(report["forms"]) == [*case.tables]
    elif kind == "yaml":
        assert yaml.safe_load(Path("a").read_text("utf-8"))["form"] == case.name


def test_a_page_is_made_of_a_document(folder: Path, case: Case) -> None:
    assert main(["export", "--form", "form.yaml", "--to", "docx", "--output", "a.docx", "data/2024.yaml"]) == 0
    assert main(["import", "--form", "form.yaml", "a.docx", "-o", "back.yaml", "--page", "page.md", "--roles"]) == 0
    page = Path("page.md").read_text("utf-8")
    assert f"# {AGENCY}2024年{case.title}\n" in page
    assert re.findall(r"\{gov-disclosure-table\} (\S+)", page) == [*case.tables]


def test_the_schemas_say_what_the_reader_says(folder: Path, case: Case) -> None:
    assert main(["schema", "--form", "form.yaml", "--output", "year.json"]) == 0
    validator = jsonschema.Draft7Validator(json.loads(Path("year.json").read_text("utf-8")))
    year = yaml.safe_load(case.year(2024))
    assert validator.is_valid(year)
    assert validator.is_valid(yaml.safe_load(year_file(published("suqian-2024"))))
    assert not validator.is_valid(year | {"requests": 0})
    assert not validator.is_valid(year | {"form": 2021})
    assert not validator.is_valid({key: value for key, value in year.items() if key != case.tables[-1]})
    assert main(["schema", "--form", "form.yaml", "--records", "--output", "records.json"]) == 0
    assert main(["export", "--form", "form.yaml", "--to", "json", "--output", "a.json", "data"]) == 0
    jsonschema.validate(json.loads(Path("a.json").read_text("utf-8")), json.loads(Path("records.json").read_text("utf-8")))


def test_next_years_file(folder: Path, case: Case) -> None:
    assert main(["new", "2025", "--from", "data/2024.yaml", "--form", "form.yaml"]) == 0
    new = yaml.safe_load(Path("data/2025.yaml").read_text("utf-8"))
    assert list(new) == ["agency", "year", "form", *case.tables]
    assert new["form"] == case.name


def test_a_new_site_builds(folder: Path, case: Case) -> None:
    assert main(["new-site", "site", "--agency", AGENCY, "--year", "2024", "--form", "form.yaml", "--keys", "en"]) == 0
    page = Path("site/reports/2024.md").read_text("utf-8")
    assert f"# {AGENCY}2024年{case.title}\n" in page
    assert sorted(re.findall(r"\{gov-disclosure-table\} (\S+)", page)) == sorted(case.tables)
    site = Path("site").resolve()
    build = Build(site, "html", folder / "_build", 1, {})
    assert all("[govreport.not-filled]" in warning for warning in build.warnings)
    assert len(html.fromstring(build.text("reports/2024.html")).xpath("//table")) == len(case.tables)


def test_a_blank_workbook_is_filled_in_and_imported(folder: Path, case: Case) -> None:
    assert main(["export", "--form", "form.yaml", "--blank", "--year", "2024", "--output", "blank.xlsx"]) == 0
    assert main(["export", "--form", "form.yaml", "data/2024.yaml", "--to", "xlsx", "--output", "full.xlsx"]) == 0
    filled = 0
    with ZipFile("blank.xlsx") as blank, ZipFile("full.xlsx") as full, ZipFile("filled.xlsx", "w") as target:
        for part in blank.namelist():
            xml = blank.read(part).decode()
            assert "政府信息公开" not in xml
            if part == "xl/sharedStrings.xml":
                assert xml.count("（机关名称）2024年") == 1
                xml = xml.replace("（机关名称）", AGENCY)
            if part.startswith("xl/worksheets/"):
                figures = dict(re.findall(r'<c r="(\w+)"[^>]*>(?:<f>.*?</f>)?(<v>.*?</v>)</c>', full.read(part).decode()))
                for place, style, formula in re.findall(r'<c r="(\w+)"([^>]*?)(?:/>|>(<f>.*?</f>)(?:<v>.*?</v>)?</c>)', xml):
                    if place in figures:  # including totals: a program that fills in a form computes them
                        filled += 1
                        whole = f'<c r="{place}"{style}>{formula}{figures[place]}</c>'
                        xml = re.sub(rf'<c r="{place}"[^>]*?(/>|>.*?</c>)', lambda _old, whole=whole: whole, xml, count=1)
            target.writestr(part, xml)
    assert filled == case.figures
    assert main(["import", "--form", "form.yaml", "filled.xlsx", "-o", "back.yaml", "--agency", AGENCY, "--year", "2024"]) == 0
    assert main(["import", "--form", "form.yaml", "filled.xlsx", "--compare", "data/2024.yaml"]) == 0


def test_the_sum_of_two_agencies(folder: Path, case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    Path("data/other.yaml").write_text(case.year(2024).replace(AGENCY, "某市另局"), "utf-8")
    assert main(["rollup", "--form", "form.yaml", "--agency", "某市", "--year", "2024", "data"]) == 0
    added = yaml.safe_load(capsys.readouterr().out)
    assert added["form"] == case.name
    assert [key for key in added if key in case.tables] == [*case.tables]


def test_a_sum_of_reports_by_other_forms_is_not_given(folder: Path, case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    Path("data/2023.yaml").unlink()
    Path("data/other.yaml").write_text(case.year(2024).replace(AGENCY, "某市另局"), "utf-8")
    Path("data/suqian.yaml").write_text(year_file(published("suqian-2024")), "utf-8")
    main(["rollup", "--form", "form.yaml", "--agency", "某市", "--year", "2024", "data"])
    told = capsys.readouterr()
    assert "宿迁市: form 2021 does not count" in told.err
    assert f"form: {case.name}" in told.out


def test_a_pack_of_a_site(site: Project, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    build = site.build()
    monkeypatch.chdir(site.folder.parent)
    assert main(["pack", str(build.out), "-o", "site.zip"]) == 0
    assert main(["pack", "--verify", "site.zip"]) == 0


# -- form files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "line", "english", "chinese"),
    [
        ("01-31", "31 January", 6, "“date” must be month and day, such as 03-31.", "“date”应当是月和日，例如 03-31。"),
        ("01-31", "02-30", 6, "“date” must be month and day, such as 03-31.", "“date”应当是月和日，例如 03-31。"),
        ("least: 10", "fees: {mention: 费, denial: '(a+)+', unpaid: x}", 8, "“+” repeats without a limit", "“+”可以无限重复"),
        ("least: 10", "fees: {mention: 费, denial: 无, unpaid: published.x}", 8,
         "The form has no “published.x”.", "表样中没有“published.x”。"),
        ("  published:", "  Published:", 10, "“Published” is not a valid key", "“Published”"),
        (ONE[ONE.index("  published:"):], "", 9, "The form has no tables.", "表样没有表。"),
    ],
)  # fmt: skip
def test_a_wrong_form_is_told_by_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    old: str, new: str, line: int, english: str, chinese: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("form.yaml").write_text(ONE.replace(old, new, 1), "utf-8")
    Path("2024.yaml").write_text(CASES["one"].year(2024), "utf-8")
    for language, said in (("en", english), ("zh_CN", chinese)):
        assert main(["--language", language, "check", "--form", "form.yaml", "2024.yaml"]) == 1
        assert re.search(rf"^form.yaml:{line}:\d+: .*{re.escape(said)}", capsys.readouterr().out, flags=re.MULTILINE)


def test_a_table_is_not_called_like_another_key_of_a_year_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("form.yaml").write_text(ONE.replace("  published:", "  notes:"), "utf-8")
    Path("2024.yaml").write_text(CASES["one"].year(2024), "utf-8")
    assert main(["check", "--form", "form.yaml", "2024.yaml"]) == 1
    assert "form.yaml:10:3: error: A table cannot be called “notes”" in capsys.readouterr().out


def test_no_two_figures_have_one_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("form.yaml").write_text(FIVE.replace("  staff:", "  fees-paid:"), "utf-8")
    Path("local.yaml").write_text(
        "form: local\nextends: '2021'\nenglish: Local\nsource: {notice: 某办发〔2025〕1号}\n"
        "add-rows: {requests: [{after: received, key: results-granted, label: 又予以公开, english: Again}]}\n",
        "utf-8",
    )
    Path("2024.yaml").write_text(CASES["five"].year(2024), "utf-8")
    for language, said in (
        ("en", "would have the same id on a page: rename one of them."),
        ("zh_CN", "在页面上的标识相同，请改其中一个的名称。"),
    ):
        main(["--language", language, "check", "--form", "form.yaml", "--form", "local.yaml", "2024.yaml"])
        lines = [line for line in capsys.readouterr().out.splitlines() if said in line]
        pairs = [re.findall("“(.*?)”", line) for line in lines]
        assert pairs[0] == ["fees-paid", "fees.paid"]
        assert len(pairs) == 1 + 7
        assert all(one != other and one.replace(".", "-") == other.replace(".", "-") for one, other in pairs)
