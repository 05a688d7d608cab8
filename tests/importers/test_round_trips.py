"""Exports can be imported without changes: workbook, Word, HTML, text, CSV, and the page built by Sphinx."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping

import pytest

from sphinx_govreport.core.checks.registry import CHECKS, PAGE_CHECKS
from sphinx_govreport.core.diagnostics import Problem
from sphinx_govreport.core.forms.form import Form, table_key
from sphinx_govreport.core.forms.reader import read_form, statutory_forms
from sphinx_govreport.core.reports.figures import Status
from sphinx_govreport.core.reports.quoting import Quote, quote
from sphinx_govreport.core.reports.records import records
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.tables.table import table_of
from sphinx_govreport.core.yaml.source import read_source
from sphinx_govreport.exporters import EXPORTS
from sphinx_govreport.exporters.year_file import next_year_text, year_file_text
from sphinx_govreport.importers.recognise.report import Wanted, import_documents
from tests.conftest import CONF, Project
from tests.draws import TIMES, seeds
from tests.exporters.test_exports import made_up, printed, read, said
from tests.published import NAMES, published, year_file

pytestmark = pytest.mark.usefixtures("read_here")

FORMS = statutory_forms()
FILES = {"csv": "a.csv", "xlsx": "a.xlsx", "docx": "a.docx", "html": "a.html", "text": "a.txt"}


def again(report: Report, kind: str, forms: Mapping[str, Form]) -> Report:
    """Return the report imported from the exported one."""
    body = EXPORTS[kind]([report], forms)
    imported = import_documents(FILES[kind], body if isinstance(body, bytes) else body.encode(), forms, Wanted())
    told = [finding for one in imported for finding in one.findings]
    unread = ["unread-explanation"] * len(report.explanations) + ["unread-correction"] * len(report.corrections)
    assert sorted(finding.rule.name for finding in told) == ([] if kind == "csv" else sorted(unread))
    (found,) = [one.report for one in imported if one.report]
    return found


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("name", NAMES)
def test_a_published_report_comes_back(name: str, kind: str) -> None:
    first = read(year_file(published(name)))
    assert said(again(first, kind, FORMS)) == said(first)


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("agency", ["某县“两河”流域管理局", "某市公安局 交通警察支队", "某市第1中学", "A市B区C街道"])
def test_the_name_of_an_agency_comes_back(agency: str, kind: str) -> None:
    first = read(year_file(published("suqian-2024")).replace("宿迁市", agency, 1))
    assert again(first, kind, FORMS).agency == agency


@pytest.mark.parametrize("kind", FILES)
def test_all_lines_of_a_note_come_back(kind: str) -> None:
    first = read(
        year_file(published("suqian-2024")) + "notes:\n  requests: |\n    含上年度结转数量。\n    其中信函申请12件。\n"
    )
    (note,) = again(first, kind, FORMS).notes["requests"]
    assert note == ("含上年度结转数量。\n其中信函申请12件。" if kind == "csv" else "含上年度结转数量。其中信函申请12件。")


@pytest.mark.broad
@pytest.mark.parametrize("seed", seeds(15, 100))
def test_made_up_reports_come_back(seed: int) -> None:
    """A report with notes, hybrids, figures that are not applicable and blanks, in every kind of document."""
    first = read(made_up(random.Random(seed)))  # noqa: S311
    for kind in FILES:
        told = said if kind == "csv" else printed
        assert told(again(first, kind, FORMS)) == told(first), kind


LOCAL = (
    "form: local\nextends: '2019'\nenglish: Local\nsource: {notice: 地方格式〔2020〕1号}\nadd-rows:\n  proactive-disclosure:\n"
    "    - {after: normative-documents, key: other-documents, label: 其他主动公开文件, english: Other documents}\n"
)


def with_local() -> dict[str, Form]:
    """Return the statutory forms and a local one."""
    form, problems = read_form(read_source("local.yaml", LOCAL.encode()), FORMS)
    if form is None:
        pytest.fail(f"{problems}")
    return {**FORMS, form.name: form}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("seed", range(10))
def test_made_up_reports_by_a_local_form_come_back(seed: int, kind: str) -> None:
    forms = with_local()
    first = read(made_up(random.Random(seed), "某局", forms), forms)  # noqa: S311
    assert printed(again(first, kind, forms)) == printed(first)


@pytest.mark.slow
def test_many_pages_that_sphinx_built_come_back(project: Project) -> None:
    """All of them in one site: notes, hybrids, local forms, figures that are wrong, blank or not applicable."""
    forms = with_local()
    off = dict.fromkeys((*(rule.name for rule in (*CHECKS, *PAGE_CHECKS)), "missing-unit"), "hint")
    off.pop("missing-unit")
    project.write("local.yaml", LOCAL)
    project.write(
        "conf.py",
        f'{CONF}suppress_warnings = ["toc.not_included"]\ngovreport_forms = ["local.yaml"]\ngovreport_severity = {off}\n',
    )
    project.write("index.md", "# 首页\n")
    texts = {}
    for seed in range(100 * TIMES):
        texts[seed] = made_up(random.Random(seed), f"第{seed}局", forms)  # noqa: S311
        project.write(f"data/{seed}.yaml", texts[seed])
        project.page(f"p{seed}.md", f"第{seed}局", 2024)
    build = project.build()
    for seed, text in texts.items():
        (found,) = import_documents("page.html", (build.out / f"p{seed}.html").read_bytes(), forms, Wanted())
        assert found.report, seed
        assert printed(found.report) == printed(read(text, forms)), seed


@pytest.mark.parametrize("kind", FILES)
def test_a_local_form_comes_back(kind: str) -> None:
    forms = with_local()
    body = (
        "agency: 甲局\nyear: 2020\nform: local\nreviews: 0\nrequests: 0\nproactive-disclosure:\n  rules: 0\n  licensing: 0\n"
        "  normative-documents: {made: 2, disclosed: 2, total: 19}\n  other-documents: {made: 186, disclosed: 86, total: 255}\n"
        "  other-services: 0\n  penalties: 0\n  coercive-measures: {previous: 4, change: +4, decisions: /}\n  fees: 0\n  procurement: 0\n"
    )
    first = read(body, forms)
    assert said(again(first, kind, forms)) == said(first)


def test_pages_that_sphinx_built_come_back(reports: Project) -> None:
    build = reports.build()
    for name in NAMES:
        page = (build.out / f"report-{name}.html").read_bytes()
        (found,) = import_documents("page.html", page, FORMS, Wanted())
        assert found.report
        assert said(found.report) == said(read(year_file(published(name))))


@pytest.mark.broad
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_figures_beside_those_of_last_year_come_back(language: str, project: Project) -> None:
    """A comparison after a figure belongs to the page: the other year has a separate file."""
    project.write("index.md", "# 首页\n")
    texts = {"宿迁市": year_file(published("suqian-2024"))}
    project.write("data/last.yaml", year_file(published("suqian-2023")))
    for seed in range(12):
        agency = f"第{seed}局"
        texts[agency] = made_up(random.Random(seed), agency)  # noqa: S311
        rng = random.Random(seed)  # noqa: S311
        last = re.sub(r"(?m)(?<=: )\d+$", lambda match: rng.choice((match[0], match[0][::-1], "7", "/", "~")), texts[agency])  # noqa: B023
        last = re.sub("(?m)^year: .*", "year: 2023", last)
        project.write(f"data/last-{seed}.yaml", last)
    for number, (agency, text) in enumerate(texts.items()):
        project.write(f"data/{number}.yaml", text)
        project.page(f"p{number}.md", agency, 2024, "```{gov-disclosure-table}\n:compare:\n```\n")
    off = dict.fromkeys((rule.name for rule in (*CHECKS, *PAGE_CHECKS)), "hint")
    settings = {"language": language, "govreport_severity": off}
    files = {"html": "p{}.html", "govfragment": "fragments/p{}.html", "govword": "p{}.docx"}
    for builder, file in files.items():
        build = project.build(builder, trees="trees", **settings)
        for number, (agency, text) in enumerate(texts.items()):
            name = file.format(number)
            (found,) = import_documents(name, (build.out / name).read_bytes(), FORMS, Wanted())
            assert found.report, (agency, builder)
            assert printed(found.report)["figures"] == printed(read(text))["figures"], (agency, builder)


def test_a_cell_of_nothing_but_comparisons_stops_no_import() -> None:
    """Ours prints one; whoever writes thousands gets a note, and the other figures are read."""
    first = read(year_file(published("suqian-2024")))
    body = EXPORTS["html"]([first], FORMS)
    assert isinstance(body, str)
    assert body.count(">3440<") == 2
    many = body.replace(">3440<", f">3440{'（2023年：1，与上年持平）' * 5000}<", 1)
    (found,) = import_documents("a.html", many.encode(), FORMS, Wanted())
    assert found.report
    figures, expected = (dict(report.figures["requests"]) for report in (found.report, first))
    assert {path for path, figure in figures.items() if figure.value != expected[path].value} == set()


UNITS = """\
form: units
kind: 处罚统计
source: {notice: 通知}
years: {from: 2021}
tables:
  units:
    label: "{year}年各单位处罚情况"
    unit: 件
    corner: [序号, 单位名称]
    columns: [{label: 警告}, {label: 其他}, {label: 合计, sum: siblings, rule: 处罚种类合计}, {label: 备注, text: true}]
    rows: [{each: 单位名称, numbered: true}, {label: 合计, sum: siblings, rule: 各单位合计}]
  cases:
    label: 案件
    unit: 宗
    columns: [{label: 立案}, {label: 结案}]
    rows: [{label: 督办}, {label: 大队}]
"""


def by_unit() -> tuple[Report, dict[str, Form]]:
    """Return a report with rows whose names differ only in a number or a remark, or are those of a column and of another row."""
    form, problems = read_form(read_source("units.yaml", UNITS.encode()), FORMS)
    assert form, problems
    forms = {**FORMS, form.name: form}
    units = ("开发区（东）", "开发区（西）", "一、大队", "（一）大队", "大队", "12345热线", "小 区", "其他", "A & B")
    rows = "".join(f"  {json.dumps(name)}: [{number}, 2, {number + 2}, 甲]\n" for number, name in enumerate(units))
    return read(f"机关: 某市\n年度: 2024\n格式: units\nunits:\n{rows}cases: {{督办: [1, 2], 大队: [3, 4]}}\n", forms), forms


@pytest.mark.parametrize("kind", FILES)
def test_rows_whose_names_are_alike_come_back(kind: str) -> None:
    first, forms = by_unit()
    assert len(first.rows["units"]) == 9
    assert printed(again(first, kind, forms)) == printed(first)


def test_rows_whose_names_are_alike_have_different_labels_and_names() -> None:
    first, forms = by_unit()
    layout = first.layout("units", forms)
    labels = {path: indicator.label for path, indicator in layout.indicators.items() if path.endswith(".警告")}
    assert labels == {path: path.replace(".", "·") for path in labels}
    found = {name: quote(f"units.{name}.警告", first, forms) for name in (*first.rows["units"], "小区", "开发区")}
    assert not isinstance(found["小区"], Problem)
    assert isinstance(found.pop("开发区"), Problem), "no figure is chosen"
    numbers = [one.shown() for one in found.values() if isinstance(one, Quote)]
    assert numbers == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "6"]


def test_the_year_is_in_the_label_of_a_table() -> None:
    first, forms = by_unit()
    table = first.tables(forms)["units"]
    assert table_of(first, forms, "units").caption == "某市2024年各单位处罚情况"
    assert (table.heading, table_key("units", [forms["units"]], "zh")) == ("2024年各单位处罚情况", "本年各单位处罚情况")
    assert {row.table_label for row in records(first, forms)} == {"2024年各单位处罚情况", "案件"}
    for name in ("units", "本年各单位处罚情况", "2024年各单位处罚情况"):
        assert isinstance(quote(f"{name}.大队.警告", first, forms), Quote), name
    assert "\n\n本年各单位处罚情况:  # 2025年各单位处罚情况\n" in next_year_text(first, 2025, forms, "zh")
    for kind in ("html", "text"):
        assert "2024年各单位处罚情况" in str(written := EXPORTS[kind]([first], forms))
        assert "year}" not in str(written)


@pytest.mark.parametrize("kind", ["xlsx", "docx", "html", "text"])
def test_a_unit_without_figures_is_kept_and_an_empty_remark_is_no_figure(kind: str) -> None:
    _report, forms = by_unit()
    first = read("机关: 某市\n年度: 2024\n格式: units\nunits:\n  甲局: [1, 2, 3]\n  乙局:\ncases: 0\n", forms)
    found = again(first, kind, forms)
    assert found.rows["units"] == ("甲局", "乙局")
    assert [found.figures["units"][f"{unit}.警告"].status for unit in ("甲局", "乙局")] == [Status.NUMBER, Status.BLANK]
    assert not found.figures["units"]["甲局.备注"].is_explicit
    body = EXPORTS[kind]([first], forms)
    data = body if isinstance(body, bytes) else body.encode()
    (zero,) = import_documents(FILES[kind], data, forms, Wanted(blank_as_zero=True))
    assert zero.report
    assert "  甲局: [1, 2, 3]  # （警告、其他、合计）\n  乙局: 0\n" in year_file_text([zero.report], forms)


def test_a_row_of_zeros_with_the_remark_left_out_is_one_zero() -> None:
    _report, forms = by_unit()
    first = read("机关: 某市\n年度: 2024\n格式: units\nunits: {甲局: [0, 0], 乙局: [0, 0, 0, 撤销]}\ncases: 0\n", forms)
    assert "  甲局: 0\n  乙局: [0, 0, 0, 撤销]  # （警告、其他、合计）\n" in year_file_text([first], forms)


SHAPES = """\
格式: f
报告种类: 统计
标题: 某某统计表
依据: {文件: 某办发〔2022〕3号}
适用年度: {起: 2010}
表:
  支出:
    名称: 支出情况
    单位: 件
    列:
      - {名称: 计量单位, 显示: 单位}
      - {名称: 上年数, 键: last}
      - {名称: 单价, 单位: 元, 带小数: 是, 列: [{名称: 最低, 键: low}, {名称: 最高, 键: high}]}
      - {名称: 总额, 键: sum, 可选单位: [元, 万元], 带小数: 是}
    行: [{名称: 会议, 单位: 次}, {名称: 采购, 单位: 万元, 带小数: 是}]
  办理:
    名称: 办理情况
    单位: 件
    列: [{名称: 本年}, {名称: 累计}]
    行:
      - 名称: 第一类
        行:
          - {名称: 甲项, 行: [{名称: 申请}, {名称: 办结}]}
          - {名称: 乙项, 行: [{名称: 申请}, {名称: 办结}]}
      - 名称: 第二类
        行:
          - {名称: 甲项, 行: [{名称: 申请}, {名称: 办结}]}
          - {名称: 乙项, 行: [{名称: 申请}, {名称: 办结}]}
"""


@pytest.mark.parametrize("kind", FILES)
def test_units_of_columns_and_three_levels_of_rows_come_back(kind: str) -> None:
    form = read_form(read_source("f.yaml", SHAPES.encode()), FORMS).form
    assert form
    first = read(
        "机关: 某市\n年度: 2024\n格式: f\n"
        "支出: {会议: [3, 5.50, 7, {value: 8, unit: 元}], 采购: [1.50, 2, 3.10, {value: 0.5, unit: 万元}]}\n"
        "办理: {第一类: {甲项: {申请: [1, 2], 办结: [3, 4]}, 乙项: {申请: [5, 6], 办结: [7, 8]}}, "
        "第二类: {甲项: {申请: [9, 10], 办结: [11, 12]}, 乙项: {申请: [13, 14], 办结: [15, 16]}}}\n",
        forms := {**FORMS, "f": form},
    )
    assert said(again(first, kind, forms)) == said(first)
