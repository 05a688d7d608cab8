"""Reports of several kinds for one agency and year in one site.

The figures of licensing and of penalties are those of Qingyuan for 2024 (行政执法统计年报), those of the statutory report are Suqian's.
"""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest
from lxml import html
from sphinx.util.inventory import InventoryFile

from sphinx_govreport.api import ReportKey, load, table
from sphinx_govreport.cli import main
from tests.conftest import CONF, Build, Project
from tests.published import published, year_file

AGENCY, KIND, MAIN = "宿迁市", "行政执法统计年报", "政府信息公开"

FORM = f"""\
form: enforcement
kind: {KIND}
english: Statistics of law enforcement
source: {{notice: 国办发〔2018〕118号}}
years: {{from: 2019}}
deadline: {{date: 01-31, source: 国办发〔2018〕118号}}
tables:
  licensing:
    label: 行政许可实施情况统计表
    english: Licensing
    source: 国办发〔2018〕118号
    unit: 宗
    widths: [12, 12, 12, 12, 12]
    blocks:
      - columns:
          - {{key: applications, label: 申请数量, english: Applications}}
          - {{key: accepted, label: 受理数量, english: Accepted}}
          - {{key: granted, label: 许可数量, english: Granted}}
          - {{key: refused, label: 不予许可数量, english: Refused}}
          - {{key: revoked, label: 撤销许可数量, english: Revoked}}
    sets: [{{key: licences, label: 许可概况, figures: [applications, granted]}}]
  penalties:
    label: 行政处罚实施情况统计表
    english: Penalties
    source: 国办发〔2018〕118号
    unit: 宗
    widths: [12, 12, 12, 12]
    blocks:
      - columns:
          - {{key: warnings, label: 警告、通报批评, english: Warnings}}
          - {{key: fines, label: 罚款, english: Fines}}
          - {{key: other, label: 其他行政处罚, english: Other}}
          - {{key: total, label: 合计, english: Total, sum: siblings, rule: penalties-total}}
"""
PAGES_FORM = """\
form: pages
kind: 网站内容统计
english: Count of pages
source: {notice: 某办发〔2022〕3号}
years: {from: 2021}
tables:
  published:
    label: 网站发布情况
    english: Pages published
    source: 某办发〔2022〕3号
    unit: 条
    widths: [16, 12]
    blocks:
      - columns: [{key: count, label: 条数, english: Count}]
        rows: [{key: pages, label: 网站发布信息, english: Pages}]
"""
ENFORCEMENT = f"""\
agency: {AGENCY}
year: 2024
form: enforcement
licensing: [26569, 26569, 26462, 102, 5]
penalties: [12175, 94929, 1052, 108156]
"""
BEFORE = f"""\
agency: {AGENCY}
year: 2023
form: enforcement
licensing: [20000, 20000, 19900, 95, 5]
penalties: [12000, 94000, 1000, 107000]
"""
WEBSITE = f"agency: {AGENCY}\nyear: 2024\nform: pages\npublished: {{pages: {{count: 124}}}}\n"
SETTINGS = (
    'govreport_forms = ["enforcement.yaml", "pages.yaml"]\n'
    'govreport_severity = {"carried-over": "off", "not-filled": "off", "jump": "off"}\n'
)
PAGE = f"---\ngovreport-year: 2024\ngovreport-report-kind: {KIND}\n---\n# 执法年报\n\n```{{gov-disclosure-table}}\n```\n"


def write_main(project: Project) -> None:
    """Write a site with the statutory reports of two years, one of them on a page."""
    project.write("conf.py", CONF + 'suppress_warnings = ["toc.not_included"]\ngovreport_downloads = ["csv"]\n' + SETTINGS)
    project.write("enforcement.yaml", FORM)
    project.write("pages.yaml", PAGES_FORM)
    project.write("index.md", "# 首页\n")
    project.report("suqian-2024")
    project.report("suqian-2023")
    project.page("disclosure.md", AGENCY, 2024)


@pytest.fixture
def site(project: Project) -> Project:
    """The same site with reports of two other kinds."""
    write_main(project)
    project.write("data/zf-2024.yaml", ENFORCEMENT)
    project.write("data/zf-2023.yaml", BEFORE)
    project.write("data/web-2024.yaml", WEBSITE)
    project.write("enforcement.md", PAGE)
    return project


@pytest.fixture
def folder(site: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the site, for the command."""
    monkeypatch.chdir(site.folder)
    return site.folder


FORMS = ("--form", "enforcement.yaml", "--form", "pages.yaml")


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    try:
        code = main(["--language", "en", *map(str, arguments)])
    except SystemExit as stopped:
        code = int(str(stopped.code))
    out = capsys.readouterr()
    return code, out.out, out.err


def captions(build: Build, page: str) -> list[str]:
    found = html.fromstring(build.text(page)).xpath("//table//caption/*[@class='caption-text']")
    return ["".join(one.text_content().split()) for one in found]


def shown(build: Build, page: str) -> str:
    (body,) = html.fromstring(build.text(page)).xpath("//div[@role='main']")
    return " ".join(str(body.text_content()).split())


# -- tables --------------------------------------------------------------------------------------------------------


def test_each_page_prints_the_tables_of_its_report(site: Project) -> None:
    build = site.build()
    assert build.warnings == []
    assert captions(build, "enforcement.html") == [
        f"{AGENCY}2024年行政许可实施情况统计表",
        f"{AGENCY}2024年行政处罚实施情况统计表",
    ]
    assert len(captions(build, "disclosure.html")) == 3
    figures = html.fromstring(build.text("enforcement.html")).xpath("//td//text()")
    assert [figure.strip() for figure in figures if figure.strip()] == [
        "26569", "26569", "26462", "102", "5", "12175", "94929", "1052", "108156",
    ]  # fmt: skip


def test_the_statutory_report_is_printed_as_if_there_were_no_other(site: Project, tmp_path: Path) -> None:
    alone = Project(tmp_path / "alone")
    write_main(alone)
    first, second = alone.build(out="alone-built").files(), site.build().files()
    same = [name for name in first if re.search(r"disclosure|gov-[0-9a-f]{12}-", name) and "govreport-checks" not in name]
    assert len(same) == 3, "the page, its source and its CSV"
    assert {name: second[name] for name in same} == {name: first[name] for name in same}


@pytest.mark.parametrize("name", ["licensing", "行政许可实施情况统计表", "licensing, penalties"])
def test_a_table_that_only_another_kind_has_is_meant_where_no_kind_is_said(site: Project, name: str) -> None:
    site.write("index.md", f"# 首页\n\n```{{gov-disclosure-table}} {name}\n:year: 2024\n```\n")
    build = site.build()
    assert build.warnings == []
    assert captions(build, "index.html")[0] == f"{AGENCY}2024年行政许可实施情况统计表"


def test_the_option_names_a_kind(site: Project) -> None:
    site.write("index.md", f"# 首页\n\n```{{gov-disclosure-table}}\n:year: 2024\n:report-kind: {KIND}\n:compare:\n```\n")
    build = site.build()
    assert build.warnings == []
    assert len(captions(build, "index.html")) == 2
    assert "108156（2023年：107000，增长1.1%）" in shown(build, "index.html")


def test_the_only_kind_of_an_agency_need_not_be_named(site: Project) -> None:
    for name in ("suqian-2023", "suqian-2024", "web-2024"):
        (site.folder / f"data/{name}.yaml").unlink()
    (site.folder / "disclosure.md").unlink()
    site.write("index.md", "# 首页\n\n```{gov-disclosure-table}\n:year: 2024\n```\n")
    build = site.build()
    assert build.warnings == []
    assert len(captions(build, "index.html")) == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (":year: 2024\n:report-kind: 公报\n", f"没有宿迁市2024年的“公报”。已有的种类：{MAIN}、网站内容统计、{KIND}。"),
        (f":year: 2022\n:report-kind: {KIND}\n", f"没有宿迁市2022年的“{KIND}”。已有的年度：2023、2024。"),
        (":year: 2022\n", f"没有宿迁市2022年的“{MAIN}”。已有的年度：2023、2024。"),
    ],
)
def test_a_report_that_is_not_there_is_named_with_its_kind(site: Project, options: str, said: str) -> None:
    site.write("index.md", f"# 首页\n\n```{{gov-disclosure-table}}\n{options}```\n")
    (warning,) = site.build().warnings
    assert said in warning


def test_a_table_that_two_other_kinds_have_is_of_none_of_them(site: Project) -> None:
    site.write("pages.yaml", PAGES_FORM.replace("  published:", "  licensing:"))
    site.write("data/web-2024.yaml", WEBSITE.replace("published", "licensing"))
    site.write("index.md", "# 首页\n\n```{gov-disclosure-table} licensing\n:year: 2024\n```\n")
    (warning,) = site.build().warnings
    assert "没有“licensing”这张表" in warning


# -- figures in sentences, over the years, and references ------------------------------------------------------------------


def test_roles_find_the_report_that_has_the_table(site: Project) -> None:
    site.write(
        "disclosure.md",
        f"---\ngovreport-year: 2024\ngovreport-agency: {AGENCY}\n---\n# 公开年报\n\n"
        "申请 {gov-figure}`requests.received.total` 件、许可 {gov-figure}`licensing.granted` 宗、"
        f"上年 {{gov-figure}}`2023/{KIND}: licensing.granted` 宗，{{gov-change}}`licensing.applications`，"
        "占 {gov-share}`penalties.fines / penalties.total`。\n",
    )
    build = site.build()
    assert build.warnings == []
    assert "申请 3525 件、许可 26462 宗、上年 19900 宗，增长32.85%，占 87.77%。" in shown(build, "disclosure.html")
    links = html.fromstring(build.text("disclosure.html")).xpath("//*[contains(@class, 'gov-figure')]/a/@href")
    assert [link.partition("#")[0] for link in links] == ["enforcement.html"]
    ident = links[0].partition("#")[2]
    assert html.fromstring(build.text("enforcement.html")).xpath(f"//*[@id='{ident}']")[0].text_content().strip() == "26462"


@pytest.mark.parametrize("figures", ["licences", "许可概况", "", "\n许可 = licensing.granted\n"])
def test_years_are_compared_within_a_kind(site: Project, figures: str) -> None:
    argument, _, lines = figures.partition("\n")
    kind = "" if figures else f":report-kind: {KIND}\n"
    lines = lines or ("penalties.total\n" if not figures else "")
    site.write(
        "index.md",
        f"# 首页\n\n```{{gov-comparison-table}} {argument}\n:change:\n{kind}\n{lines}```\n\n"
        f"```{{gov-trend-chart}} {argument}\n:kind: line\n{kind}\n{lines}```\n",
    )
    build = site.build()
    assert build.warnings == []
    rows = html.fromstring(build.text("index.html")).xpath("//table[contains(@class, 'gov-comparison-table')]/tbody/tr")
    cells = [["".join(cell.text_content().split()) for cell in row] for row in rows]
    granted = ["19900", "26462", "增长32.97%"]
    if not figures:
        assert cells == [["合计", "107000", "108156", "增长1.08%"]]
    elif argument:
        assert cells == [["申请数量", "20000", "26569", "增长32.85%"], ["许可数量", *granted]]
    else:
        assert cells == [["许可", *granted]]
    assert "<svg" in build.text("index.html")


def test_references_and_inventory_name_other_kinds(site: Project, tmp_path: Path) -> None:
    site.write(
        "index.md",
        f"# 首页\n\n{{gov:report}}`2024` {{gov:report}}`2024/{KIND}` {{gov:table}}`2024:licensing` "
        f"{{gov:figure}}`2024/{KIND}:penalties.total`\n",
    )
    build = site.build()
    assert build.warnings == []
    links = html.fromstring(build.text("index.html")).xpath("//div[@role='main']//p/a")
    assert [(link.text_content(), link.get("href").partition("#")[0]) for link in links] == [
        ("disclosure.md", "disclosure.html"),
        ("执法年报", "enforcement.html"),
        (f"{AGENCY}2024年行政许可实施情况统计表", "enforcement.html"),
        ("合计", "enforcement.html"),
    ]
    inventory = InventoryFile.loads((build.out / "objects.inv").read_bytes(), uri="")
    assert sorted(inventory.data["gov:report"]) == [f"{AGENCY}/2024", f"{AGENCY}/2024/{KIND}"]
    assert f"{AGENCY}/2024:requests" in inventory.data["gov:table"]
    assert f"{AGENCY}/2024/{KIND}:penalties" in inventory.data["gov:table"]
    other = Project(tmp_path / "other")
    other.write("enforcement.yaml", FORM)
    other.write(
        "conf.py",
        'extensions = ["myst_parser", "sphinx_govreport", "sphinx.ext.intersphinx"]\nlanguage = "zh_CN"\n'
        'govreport_forms = ["enforcement.yaml"]\n'
        f'intersphinx_mapping = {{"city": ("https://example.org/", {str(build.out / "objects.inv")!r})}}\n',
    )
    other.write(
        "index.md",
        f"# 别站\n\n{{gov:report}}`{AGENCY}/2024/{KIND}` {{gov:figure}}`{AGENCY}/2024:penalties.total` "
        f"{{gov:figure}}`{AGENCY}/2024:requests.received.total`\n",
    )
    there = other.build()
    assert there.warnings == []
    hrefs = html.fromstring(there.text("index.html")).xpath("//a[contains(@class, 'external')]/@href")
    cells = [href.removeprefix("https://example.org/") for href in hrefs if "example.org" in href]
    assert [cell.partition("#")[0] for cell in cells] == ["enforcement.html", "enforcement.html", "disclosure.html"]
    assert cells[1] == links[3].get("href")


# -- checks --------------------------------------------------------------------------------------------------------


def test_each_report_is_checked_against_its_own_last_year(site: Project) -> None:
    site.write("conf.py", (site.folder / "conf.py").read_text("utf-8").replace('"jump": "off"', '"deadline": "off"'))
    site.write("data/zf-2023.yaml", BEFORE.replace("[20000, 20000, 19900, 95, 5]", "[20000, 20000, 19900, 95, 260000]"))
    site.write("data/zf-2024.yaml", ENFORCEMENT.replace("108156]", "108157]"))
    warnings = [line for line in site.build().warnings if "zf-" in line]
    assert [(line.split(":")[:2], line.split("[")[-1]) for line in warnings if "jump" not in line] == [
        (["data/zf-2024.yaml", "5"], "govreport.penalties-total]")
    ]


def test_the_command_checks_files_and_pages_of_all_kinds(
    folder: Path, site: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    site.write("enforcement.md", PAGE.replace("2024\n", "2024\ngovreport-published: 2025-03-02\n", 1))
    quiet = ("--severity", "carried-over=off", "--severity", "not-filled=off", "--severity", "jump=off")
    code, out, _err = run(capsys, "check", "data", "enforcement.md", "disclosure.md", *FORMS, *quiet)
    assert code == 0
    assert [line for line in out.splitlines() if "enforcement.md" in line and "after 31 January 2025" in line]
    levels = {"deadline": "warning", "carried-over": "off"}
    warnings = site.build(govreport_severity=levels).warnings
    assert [line for line in warnings if "enforcement.md" in line and "[govreport.deadline]" in line]


def test_a_check_table_is_that_of_its_kind(site: Project) -> None:
    site.write("enforcement.md", f"{PAGE}\n```{{gov-check-table}}\n```\n")
    build = site.build()
    assert build.warnings == []
    assert captions(build, "enforcement.html")[-1] == f"{AGENCY}2024年{KIND}数据核对结果"
    assert "penalties-total" not in shown(build, "disclosure.html")


def test_two_reports_of_one_kind_are_one_too_many(site: Project) -> None:
    site.write("enforcement.yaml", FORM.replace(f"kind: {KIND}\n", "title: 行政执法统计年报\n"))
    site.write("enforcement.md", "# 执法年报\n")
    (first, second) = (line for line in site.build(language="en").warnings if "[govreport.duplicate-report]" in line)
    for year, warning in (("2023", first), ("2024", second)):
        assert warning.startswith(f"data/zf-{year}.yaml:1:1: ERROR: There is another report of {AGENCY} for {year}: ")
        assert "If they are two kinds of report, a form must specify its “kind”." in warning
    site.write("enforcement.yaml", FORM)
    site.write("data/zz-2024.yaml", ENFORCEMENT)
    (warning,) = (line for line in site.build(language="en").warnings if "[govreport.duplicate-report]" in line)
    assert f"There is another {KIND} of {AGENCY} for 2024: data/zf-2024.yaml. Delete one of the two" in warning


def test_the_tables_of_a_report_are_of_one_kind(site: Project) -> None:
    text = ENFORCEMENT.replace("form: enforcement\n", "form:\n  default: enforcement\n  reviews: 2021\n") + "reviews: 0\n"
    site.write("data/zf-2024.yaml", text)
    site.write("enforcement.md", "# 执法年报\n")
    (warning,) = site.build(language="en").warnings
    assert warning.startswith(
        f"data/zf-2024.yaml:5:12: ERROR: The forms are of several kinds of report: {KIND}, {MAIN}. Write a year file for each kind."
    )


def test_a_wrong_form_is_compared_with_that_in_force_of_its_kind(site: Project) -> None:
    older = FORM.replace("form: enforcement", "form: older").replace("{from: 2019}", "{from: 2015, to: 2018}")
    site.write(
        "older.yaml",
        older.replace("          - {key: revoked, label: 撤销许可数量, english: Revoked}\n", "").replace(
            "[12, 12, 12, 12, 12]", "[12, 12, 12, 12]"
        ),
    )
    site.write("conf.py", (site.folder / "conf.py").read_text("utf-8").replace('"pages.yaml"]', '"pages.yaml", "older.yaml"]'))
    site.write("data/zf-2024.yaml", ENFORCEMENT.replace("form: enforcement", "form: older"))
    site.write("enforcement.md", "# 执法年报\n")
    (warning,) = site.build(language="en").warnings
    assert "zf-2024.yaml:3:7: ERROR: The tables are those of form enforcement, not of form older." in warning


@pytest.mark.parametrize("kind", ["执法/年报", '"a: b"', "[a]", "'a\n\n  b'"])
def test_a_kind_that_no_name_could_have_is_refused(site: Project, kind: str) -> None:
    site.write("enforcement.yaml", FORM.replace(f"kind: {KIND}", f"kind: {kind}"))
    site.write("enforcement.md", "# 执法年报\n")
    assert any("enforcement.yaml:2:" in line and "bad-form" in line for line in site.build().warnings)


@pytest.mark.parametrize("settings", [{}, {"govreport_dataset": True}])
def test_a_kind_of_report_in_the_field_of_a_kind_of_page_is_reported(site: Project, settings: dict[str, object]) -> None:
    site.write("enforcement.md", PAGE.replace("govreport-report-kind", "govreport-kind"))
    (warning,) = [line for line in site.build(language="en", **settings).warnings if "bad-field" in line]
    assert (
        f"enforcement.md:3: ERROR: “{KIND}” is a kind of report, not of page. Write “govreport-report-kind: {KIND}”." in warning
    )


# -- commands ------------------------------------------------------------------------------------------------------


def test_exported_reports_are_imported_as_two(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "export", "data", "--to", "csv", "--output", "all.csv", *FORMS)[0] == 0
    code, out, _err = run(capsys, "import", "all.csv", "-o", "again", *FORMS)
    assert code == 0
    names = [f"again/{name}.yaml" for name in (f"2023-{KIND}", "2023", f"2024-{KIND}", "2024-网站内容统计", "2024")]
    assert sorted(out.split()) == sorted(names)
    for name, source in ((f"2024-{KIND}", "zf-2024"), ("2024", "suqian-2024"), ("2024-网站内容统计", "web-2024")):
        run(capsys, "export", f"data/{source}.yaml", "--to", "csv", "--output", "ours.csv", *FORMS)
        run(capsys, "export", f"again/{name}.yaml", "--to", "csv", "--output", "theirs.csv", *FORMS)
        assert Path("ours.csv").read_bytes() == Path("theirs.csv").read_bytes()


def test_a_published_page_of_the_kind_is_imported_beside_the_statutory_report(
    folder: Path, site: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "export", "data/zf-2024.yaml", "--to", "html", "--output", "zf.html", *FORMS)[0] == 0
    run(capsys, "export", "data/suqian-2024.yaml", "--to", "html", "--output", "a.html")
    assert run(capsys, "import", "a.html", "-o", "again")[1].split() == ["again/2024.yaml"]
    code, out, err = run(capsys, "import", "zf.html", "-o", "again", "--form", "enforcement.yaml", "--page", "zf.md")
    assert (code, out.split(), err) == (0, [f"again/2024-{KIND}.yaml"], "")
    assert f"govreport-report-kind: {KIND}\n" in Path("zf.md").read_text("utf-8")
    run(capsys, "export", f"again/2024-{KIND}.yaml", "--to", "json", "--output", "again.json", *FORMS)
    run(capsys, "export", "data/zf-2024.yaml", "--to", "json", "--output", "first.json", *FORMS)
    assert Path("again.json").read_bytes() == Path("first.json").read_bytes()


def test_next_year_has_a_file_of_its_kind(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = run(capsys, "new", 2025, "--from", "data/zf-2024.yaml", *FORMS)
    assert (code, out.splitlines()) == (0, [f"data/2025-{KIND}.yaml", "data/govreport-year.schema.json"])
    assert "form: enforcement" in Path(out.splitlines()[0]).read_text("utf-8")
    code, out, _err = run(capsys, "new", 2025, "--from", "data/suqian-2024.yaml", *FORMS)
    assert (code, out.strip()) == (0, "data/2025.yaml")
    assert "form: 2021" in Path(out.strip()).read_text("utf-8")


def test_next_years_form_is_one_of_the_kind(folder: Path, site: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """The statutory form has no table ``penalties``, but another kind's form may have one."""
    site.write("enforcement.yaml", FORM.replace("{from: 2019}", "{from: 2019, to: 2024}"))
    site.write("pages.yaml", PAGES_FORM.replace("  published:", "  penalties:"))
    code, _out, err = run(capsys, "new", 2025, "--from", "data/zf-2024.yaml", *FORMS)
    assert (code, err.strip().rpartition(": ")[2]) == (2, "No form is in force in 2025.")


def test_rollup_adds_up_one_kind(folder: Path, site: Project, capsys: pytest.CaptureFixture[str]) -> None:
    site.write("data/east.yaml", ENFORCEMENT.replace(AGENCY, "东区"))
    site.write("data/east-2024.yaml", year_file(published("suqian-2024")).replace(AGENCY, "东区"))
    arguments = ("rollup", "data", "--agency", "某市", "--year", 2024, *FORMS)
    code, out, err = run(capsys, *arguments, "--report-kind", KIND)
    assert (code, err.splitlines()[-1]) == (0, "Added up 2 reports.")
    assert re.search(r"penalties: +\[24350, 189858, 2104, 216312\]", re.sub(r" *#.*", "", out))
    code, out, err = run(capsys, *arguments)
    assert (code, err.splitlines()[-1]) == (0, "Added up 2 reports.")
    assert "form: 2021" in out
    code, _out, err = run(capsys, *arguments, "--report-kind", "公报")
    assert (code, "There is no report of the kind “公报”; available kinds: " in err) == (2, True)


def test_parts_are_reports_of_the_same_kind(folder: Path, site: Project, capsys: pytest.CaptureFixture[str]) -> None:
    site.write("data/east.yaml", ENFORCEMENT.replace(AGENCY, "东区"))
    settings = (site.folder / "conf.py").read_text("utf-8")
    site.write("conf.py", f'{settings}govreport_parts = {{"{AGENCY}": ["东区"]}}\n')
    found = [line for line in site.build().warnings if "[govreport.parts]" in line]
    assert not [line for line in found if "zf-2024" in line]
    assert [line for line in found if "suqian-2024" in line]
    site.write("index.md", f"# 首页\n\n```{{gov-rollup-table}} licences\n:agency: {AGENCY}\n:year: 2024\n:parts: 东区\n```\n")
    build = site.build()
    assert not [line for line in build.warnings if "index.md" in line]
    assert "东区 26569 26462" in shown(build, "index.html")


def test_a_new_site_of_the_kind_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "new-site", "site", "--agency", AGENCY, "--year", 2024, "--form", "enforcement.yaml")[0] == 0
    page = Path("site/reports/2024.md").read_text("utf-8")
    assert f"govreport-report-kind: {KIND}\n" in page
    assert f"# {AGENCY}2024年{KIND}\n" in page


# published files ---------------------------------------------------------------------------------------------


def test_downloads_and_packs_have_all_kinds(folder: Path, site: Project, capsys: pytest.CaptureFixture[str]) -> None:
    site.write("both.md", (
        "# 两种\n\n```{gov-disclosure-table} reviews\n:year: 2024\n```\n\n```{gov-disclosure-table} licensing\n:year: 2024\n```\n"
    ))  # fmt: skip
    build = site.build()
    assert build.warnings == []
    links = html.fromstring(build.text("both.html")).xpath("//a[contains(@class, 'gov-download')]")
    assert [link.get("download") for link in links] == [f"{AGENCY}-2024.csv", f"{AGENCY}-2024-{KIND}.csv"]
    first, second = (build.text(link.get("href")) for link in links)
    assert ("处罚实施" in first, "复议" in first) == (False, True)
    assert ("处罚实施" in second, "复议" in second) == (True, False)
    titles = [one["title"] for one in json.loads(build.text("datapackage.json"))["resources"]]
    assert sorted(titles) == [f"{AGENCY}2024年", f"{AGENCY}2024年{KIND}"]
    assert run(capsys, "pack", build.out, "-o", "../site.zip")[0] == 0
    assert run(capsys, "pack", "--verify", "../site.zip")[0] == 0
    with zipfile.ZipFile("../site.zip") as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("CHECKS.json"))
        listed = json.loads(archive.read(name))["reports"]
    assert [(one["year"], one.get("kind", "")) for one in listed] == [
        (2023, ""), (2023, KIND), (2024, ""), (2024, "网站内容统计"), (2024, KIND),
    ]  # fmt: skip


def test_a_dataset_is_that_of_its_page(site: Project) -> None:
    build = site.build(govreport_dataset=True, html_baseurl="https://example.org/")
    (block,) = html.fromstring(build.text("enforcement.html")).xpath("//script[@type='application/ld+json']/text()")
    said = json.loads(block)
    assert said["name"] == f"{AGENCY}2024年{KIND}"
    assert (build.out / said["distribution"][0]["contentUrl"].removeprefix("https://example.org/")).is_file()


def test_the_list_has_all_kinds_or_one(site: Project) -> None:
    site.write(
        "index.md", f"# 首页\n\n```{{gov-report-list}}\n```\n\n```{{gov-report-list}}\n:report-kind: {KIND}\n:class: one\n```\n"
    )
    page = html.fromstring(site.build().text("index.html"))
    assert [str(one.text_content()) for one in page.xpath("//p/strong")] == [MAIN, KIND]
    lists = page.xpath("//ul[contains(@class, 'gov-report-list')]")
    assert [one.xpath(".//li//a/@href")[0] for one in lists] == ["disclosure.html", "enforcement.html", "enforcement.html"]


def test_a_list_of_a_kind_without_reports_is_reported(site: Project) -> None:
    site.write("index.md", "# 首页\n\n```{gov-report-list}\n:report-kind: 网站内容统计\n```\n")
    assert site.build(language="en").warnings == []
    (site.folder / "data/web-2024.yaml").unlink()
    (warning,) = site.build(language="en").warnings
    assert f"There is no report of the kind “网站内容统计”; available kinds: {MAIN}, {KIND}." in warning


def test_the_name_of_a_kind_is_text(site: Project) -> None:
    kind = '<b id="x">执法&统计'
    site.write("enforcement.yaml", FORM.replace(f"kind: {KIND}", f"kind: '{kind}'"))
    site.write("enforcement.md", PAGE.replace(KIND, f"'{kind}'") + "\n```{gov-check-table}\n```\n")
    site.write("index.md", "# 首页\n\n```{gov-report-list}\n```\n")
    build = site.build(govreport_dataset=True, html_baseurl="https://example.org/")
    assert build.warnings == []
    for name in ("index.html", "enforcement.html"):
        page = html.fromstring(build.text(name))
        assert page.xpath("//*[@id='x']") == []
        assert kind in page.text_content()
    (link,) = html.fromstring(build.text("enforcement.html")).xpath("//a[contains(@class, 'gov-download')]")
    assert link.get("download") == f"{AGENCY}-2024-{kind}.csv"


# -- builds --------------------------------------------------------------------------------------------------------


def test_a_second_kind_comes_and_goes(site: Project) -> None:
    path = site.folder / "data/zf-2024.yaml"
    path.unlink()
    site.write("enforcement.md", "# 无\n")
    site.write("index.md", "# 首页\n\n```{gov-disclosure-table} licensing\n:year: 2024\n```\n")
    assert any("没有“licensing”这张表" in line for line in site.build().warnings)
    site.write("data/zf-2024.yaml", ENFORCEMENT)
    build = site.build()
    assert (build.warnings, "26569" in shown(build, "index.html")) == ([], True)
    site.write("data/zf-2024.yaml", ENFORCEMENT.replace("26569, 26569", "26570, 26570"))
    build = site.build()
    assert build.read == ["index"]
    clean = site.build(out="clean")
    # Sphinx keeps words of no page in an index that it updates
    index = {"searchindex.js": b""}
    assert build.files() | index == clean.files() | index
    path.unlink()
    assert any("没有“licensing”这张表" in line for line in site.build().warnings)


def test_two_processes_build_the_same(site: Project) -> None:
    for number in range(8):
        site.write(f"p{number}.md", f"# {number}\n\n{{gov-figure}}`2024: licensing.granted`\n\n```{{gov-report-list}}\n```\n")
    one, two = site.build(), site.build(out="two", jobs=2)
    assert (one.warnings, two.warnings) == ([], [])
    assert one.files() == two.files()


@pytest.mark.parametrize("builder", ["xml", "text", "latex", "singlehtml", "govfragment"])
def test_other_builders_print_both(site: Project, builder: str) -> None:
    site.write("index.md", "# 首页\n\n```{toctree}\ndisclosure\nenforcement\n```\n")
    build = site.build(builder)
    assert build.warnings == []
    body = b"".join(body for name, body in build.files().items() if name.endswith((".xml", ".txt", ".tex", ".html"))).decode()
    assert "26569" in body
    assert "3525" in body


def test_reststructuredtext_names_the_kind_in_its_fields(site: Project) -> None:
    (site.folder / "enforcement.md").unlink()
    site.write(
        "enforcement.rst",
        f":govreport-year: 2024\n:govreport-report-kind: {KIND}\n\n执法年报\n========\n\n.. gov-disclosure-table::\n",
    )
    build = site.build()
    assert build.warnings == []
    assert len(captions(build, "enforcement.html")) == 2


def test_the_library_tells_kinds_apart(folder: Path) -> None:
    library = load("data", forms=["enforcement.yaml", "pages.yaml"])
    assert library.kinds(AGENCY) == (MAIN, "网站内容统计", KIND)
    assert library.years(AGENCY, KIND) == (2023, 2024)
    report = library.report(AGENCY, 2024)
    assert report
    assert report.key(library.forms) == ReportKey(AGENCY, 2024, MAIN)
    assert table(library, AGENCY, 2024, "penalties").caption == f"{AGENCY}2024年行政处罚实施情况统计表"
    with pytest.raises(KeyError):
        table(library, AGENCY, 2024, "penalties", kind=MAIN)


def test_the_kind_of_a_report_is_found_under_a_former_name(folder: Path) -> None:
    library = load("data/zf-2024.yaml", forms=["enforcement.yaml"], agencies={AGENCY: {"former": ["旧市"]}})
    assert table(library, "旧市", 2024, "penalties") == table(library, AGENCY, 2024, "penalties")


def test_sets_of_figures_with_braces_in_their_names_are_listed(site: Project) -> None:
    site.write("enforcement.yaml", FORM.replace("许可概况", '"许可（{一}）"'))
    site.write("index.md", f"# 首页\n\n```{{gov-comparison-table}} none\n:report-kind: {KIND}\n```\n")
    (said,) = site.build().warnings
    assert "许可（{一}）" in said


def test_the_how_to_works_as_it_is_written(project: Project) -> None:
    text = (Path(__file__).parents[2] / "docs/guides/second-kind.md").read_text("utf-8")
    form, settings, data, page, other = re.findall(r"^(?:````markdown|```\w+)\n(.*?)^````?\n", text, re.MULTILINE | re.DOTALL)
    project.write("conf.py", CONF + 'suppress_warnings = ["toc.not_included"]\n' + settings)
    project.write("forms/enforcement.yaml", form)
    project.write("data/enforcement-2024.yaml", data)
    project.write("data/enforcement-2023.yaml", data.replace("2024", "2023").replace("26462", "26000"))
    project.write("data/2024.yaml", year_file(published("suqian-2024")).replace("宿迁市", "清远市"))
    project.write("enforcement.md", page)
    project.write("index.md", f"---\ngovreport-year: 2024\n---\n# 公开年报\n\n{other}")
    build = project.build()
    assert [line for line in build.warnings if "suqian" not in line and "2024.yaml" not in line] == []
    assert captions(build, "enforcement.html") == ["清远市2024年行政许可实施情况统计表"]
    assert "全年办理行政许可 26462 宗，增长1.78%； 见 行政执法统计年报。" in shown(build, "index.html")
