"""Series across forms, which continue if a form declares figures as the same and otherwise break; rates of a form."""

from __future__ import annotations

import re

import pytest
from lxml import etree, html

from sphinx_govreport.cli import main
from tests.conftest import CONF, Build, Project
from tests.core.test_rollup import NEXT, SUQIAN, named
from tests.published import published, year_file

AGENCY = "威海市文登区商务局"
#: a form of the years before the statutory ones; its figures are invented
LOCAL = """\
form: local-2018
english: Statistics of the province
source: {notice: 省政办〔2014〕1号}
years: {from: 2014, to: 2018}
same-as:
  - {figure: statistics.received.this-year, form: "2019", as: requests.received.total, source: 省信公办〔2020〕2号}
  - {figure: statistics.left.this-year, form: "2019", as: requests.carried-out.total, source: 省信公办〔2020〕2号}
tables:
  statistics:
    label: 政府信息公开情况统计表
    english: Statistics
    aliases: [统计表]
    source: 省政办〔2014〕1号
    unit: 件
    widths: [16, 12, 12]
    blocks:
      - corner: 指标名称
        columns:
          - {key: this-year, label: 本年度, english: This year}
          - {key: all-years, label: 历年累计, english: All years}
        rows:
          - {key: received, label: 受理申请总数, english: Received}
          - {key: answered, label: 答复总数, english: Answered}
          - {key: granted, label: 同意公开答复数, english: Granted}
          - {key: left, label: 年末未办结, english: Left}
"""
OLD = """\
agency: {agency}
year: {year}
form: local-2018
statistics:
  received: {{this-year: {received}, all-years: 40}}
  answered: {{this-year: {answered}, all-years: 38}}
  granted: {{this-year: {granted}, all-years: 20}}
  left: {{this-year: {left}, all-years: 2}}
"""
TOP = f"---\ngovreport-agency: {AGENCY}\ngovreport-year: 2021\n---\n# 页\n\n"


@pytest.fixture
def forms(project: Project) -> Project:
    """One agency's reports by three forms: 2018, 2020 as it was published, and 2021 with the figures of 宿迁 for 2023."""
    off = dict.fromkeys(("carried-over", "in-force", "not-filled", "jump", "form-year"), "off")
    project.write(
        "conf.py",
        f'{CONF}suppress_warnings = ["toc.not_included"]\ngovreport_severity = {off}\ngovreport_forms = ["local.yaml"]\n',
    )
    project.write("local.yaml", LOCAL)
    project.write("data/2018.yaml", OLD.format(agency=AGENCY, year=2018, received=8, answered=7, granted=3, left=1))
    project.report("wendeng-commerce-2020")
    text = year_file(published("suqian-2023")).replace("year: 2023", "year: 2021").replace("宿迁市", AGENCY)
    project.write("data/2021.yaml", text)
    return project


def build(project: Project, body: str, builder: str = "html") -> Build:
    project.write("index.md", TOP + body)
    built = project.build(builder)
    assert built.warnings == []
    return built


def page(project: Project, body: str) -> html.HtmlElement:
    return html.fromstring(build(project, body).text("index.html"))


def rows(tree: html.HtmlElement) -> list[list[str]]:
    (table,) = tree.xpath("//table[contains(@class, 'gov-years')]")
    return [[cell.text_content().strip() for cell in row.iter("th", "td")] for row in table.iter("tr")]


def notes(tree: html.HtmlElement) -> list[str]:
    return [note.text_content().replace("\n", "") for note in tree.xpath("//p[@class='gov-table-note']")]


BROKEN = (
    "2018年与2020年统计口径不同，不可比：同意公开答复数·本年度。表样由省政办〔2014〕1号改为国办公开办函〔2019〕60号，"
    "两种表样均未注明这些数据的口径相同。"
)


@pytest.mark.parametrize(
    "path", ["requests.received.total", "依申请公开.新收.总计", "statistics.received.this-year", "统计表.受理申请总数.本年度"]
)
def test_a_series_runs_through_three_forms_whichever_name_asks_for_it(forms: Project, path: str) -> None:
    tree = page(forms, f"```{{gov-comparison-table}}\n:change: amount\n\n新收 = {path}\n```\n")
    assert rows(tree) == [["项目", "2018年", "2020年", "2021年", "比2020年"], ["新收", "8", "0", "3511", "增加3511"]]
    assert notes(tree) == []
    assert tree.xpath("//*[contains(@class, 'gov-break')]") == []


def test_what_no_form_says_to_be_the_same_breaks_with_a_note(forms: Project) -> None:
    body = "```{gov-comparison-table}\n\nrequests.received.total\nstatistics.granted.this-year\n```\n"
    tree = page(forms, body)
    assert rows(tree)[1:] == [
        ["本年新收政府信息公开申请数量", "8", "0", "3511"],
        ["同意公开答复数·本年度", "3", "统计口径不同，不可比", "统计口径不同，不可比"],
    ]
    assert notes(tree) == [BROKEN]
    marked = tree.xpath("//tr/*[contains(@class, 'gov-break')]")
    assert [cell.text_content().strip() for cell in marked] == ["2020年", "统计口径不同，不可比"], "only the row that breaks"
    (mark,) = tree.xpath("//th[contains(@class, 'gov-break')]//span[@role='img']")
    assert mark.get("aria-label") == "部分数据与2018年统计口径不同，不可比"
    newest = page(forms, body.replace("}\n\n", "}\n:order: newest\n\n"))
    assert [cell.text_content().strip() for cell in newest.xpath("//tr/*[contains(@class, 'gov-break')]")] == ["2018年", "3"]


def test_many_cells_say_it_in_short(forms: Project) -> None:
    body = "```{gov-comparison-table}\n\nstatistics.granted.this-year\nproactive-disclosure.rules.in-force\n```\n"
    tree = page(forms, body)
    assert rows(tree)[1:] == [
        ["同意公开答复数·本年度", "3", "不可比", "不可比"],
        ["规章·现行有效件数", "不可比", "不可比", "11"],
    ]
    assert notes(tree)[0] == BROKEN
    assert notes(tree)[1].startswith(
        "2020年与2021年统计口径不同，不可比：规章·现行有效件数。表样由国办公开办函〔2019〕60号改为"
    )


@pytest.mark.parametrize("builder", ["text", "latex", "man", "texinfo", "epub", "xml"])
def test_every_builder_prints_the_break(forms: Project, builder: str) -> None:
    body = "```{gov-comparison-table}\n\nstatistics.granted.this-year\n```\n\n```{gov-trend-chart}\n\nrequests.disclosure-rate\n```\n"
    forms.write("index.md", TOP + body)
    built = forms.build(builder, copyright="示例", version="1")
    assert built.warnings == []
    names = [path for path in built.out.rglob("*") if path.suffix in (".txt", ".tex", ".1", ".texi", ".xhtml", ".xml")]
    written = "".join(re.sub(r"[\s|]|\\%|%", "", path.read_text("utf-8", "replace")) for path in names)
    assert "表样由省政办〔2014〕1号改为" in written
    assert "公开率=（本年度办理结果·予以公开+本年度办理结果·部分公开）÷" in written


def test_a_chart_is_interrupted_at_each_break(forms: Project) -> None:
    body = (
        "```{gov-trend-chart}\n:kind: line\n\n新收 = requests.received.total\n同意 = statistics.granted.this-year\n"
        "规章 = proactive-disclosure.rules.in-force\n```\n"
    )
    built = build(forms, body)
    written = built.text("index.html")
    match = re.search(r"<svg.*?</svg>", written, re.DOTALL)
    assert match
    svg = etree.fromstring(match[0])
    breaks = [node for node in svg.iter("{*}line") if node.get("class") == "gov-chart-break"]
    assert len(breaks) == 2
    years = {node.text: float(node.get("x", "")) for node in svg.iter("{*}text") if node.get("class") == "gov-chart-year"}
    first, second = (float(node.get("x1", "")) for node in breaks)
    assert years["2018年"] < first < years["2020年"] < second < years["2021年"]
    assert [node.text for node in svg.iter("{*}text") if node.get("class") == "gov-chart-note"][1:] == [
        "统计口径不同，不可比"
    ] * 2
    lines = [
        node.get("points", "").split()
        for node in svg.iter("{*}polyline")
        if node.getparent().get("class", "").startswith("gov-line")
    ]
    assert [len(points) for points in lines] == [3], "the requests run through; of the others each year is alone"
    (said,) = (node.text or "" for node in svg.iter("{*}desc"))
    assert "新收：2018年 8，2020年 0，2021年 3511。" in said
    assert "2018年与2020年统计口径不同，不可比：同意。" in said
    tree = html.fromstring(written)
    assert len(notes(tree)) == 2
    assert rows(tree)[2] == ["同意", "3", "不可比", "不可比"]
    latex = build(forms, body, "latex")
    (tex,) = latex.out.glob("*.tex")
    drawn = tex.read_text("utf-8")
    assert drawn.count(r"\draw[black!80,dash pattern=on 3pt off 3pt]") == 2
    assert drawn.count("{统计口径不同，不可比}") == 2


def test_a_change_is_told_through_forms_that_count_the_same(forms: Project) -> None:
    old = (forms.folder / "data" / "2018.yaml").read_text("utf-8")
    forms.write("data/2019.yaml", old.replace("year: 2018", "year: 2019"))
    body = (
        "新收{gov-change}`2020: requests.received.total | amount`，同意{gov-change}`2020: requests.results.granted.total`。\n"
    )
    assert "新收减少8，同意统计口径不同，不可比。" in build(forms, body, "text").text("index.txt")


def test_the_pages_follow_what_a_third_form_says(forms: Project) -> None:
    """The reports of 2018 and 2021 are read by neither 2020's form nor the file with the declaration."""
    middle = 'form: middle\nextends: "2019"\nenglish: Middle\nsource: {notice: 市办〔2020〕1号}\n'
    said = "same-as:\n  - {figure: requests.results.granted.total, form: local-2018, as: statistics.granted.this-year, source: 市办}\n"
    forms.write("middle.yaml", middle)
    conf = (forms.folder / "conf.py").read_text("utf-8").replace('["local.yaml"]', '["local.yaml", "middle.yaml"]')
    forms.write("conf.py", conf)
    body = "```{gov-comparison-table}\n:years: 2018 2021\n\nrequests.results.granted.total\n```\n"
    assert rows(page(forms, body))[1][1:] == ["统计口径不同，不可比", "1191"]
    forms.write("middle.yaml", middle + said)
    again = forms.build()
    assert rows(html.fromstring(again.text("index.html")))[1][1:] == ["3", "1191"]


def test_checks_of_two_years_follow_the_same_statements(forms: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """The pending figures of the report of 2018 are carried over in that of 2019, though in another form and table."""
    report = year_file(published("wendeng-commerce-2020")).replace("year: 2020", "year: 2019")
    forms.write("data/2019.yaml", report)
    (forms.folder / "data" / "wendeng-commerce-2020.yaml").unlink()
    (forms.folder / "data" / "2021.yaml").unlink()
    arguments = ["--language", "en", "check", "--form", str(forms.folder / "local.yaml"), str(forms.folder / "data")]
    assert main([*arguments, "--strict"]) == 1
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "[carried-over]" in line]
    assert re.search(
        r"上年结转政府信息公开申请数量·总计 is 0 \(line \d+\), but last year's \S+ is 1 \(\S+2018.yaml line 8\); off by 1", line
    )
    forms.write("local.yaml", re.sub("^same-as:.*?(?=^tables:)", "", LOCAL, flags=re.DOTALL | re.MULTILINE))
    main([*arguments, "--strict"])
    assert "[carried-over]" not in capsys.readouterr().out, "nobody says that the figures are the same"


def test_two_forms_of_one_text_count_the_same_what_they_call_the_same(forms: Project) -> None:
    """A local form that extends 2021 has no declaration about 2019: those of its base apply."""
    forms.write(
        "city.yaml",
        'form: city\nextends: "2021"\nenglish: City\nsource: {notice: 市办〔2022〕1号}\nadd-rows:\n  proactive-disclosure:\n'
        "    - {after: normative-documents, key: other-documents, label: 其他主动公开文件, english: Others}\n",
    )
    conf = (forms.folder / "conf.py").read_text("utf-8").replace('["local.yaml"]', '["local.yaml", "city.yaml"]')
    forms.write("conf.py", conf)
    text = (forms.folder / "data" / "2021.yaml").read_text("utf-8").replace("year: 2021", "year: 2022")
    text = text.replace("default: 2021", "default: city").replace("requests: 2021", "requests: city")
    more = "  other-documents:\n    issued: 1\n    repealed: 0\n    in-force: 5\n  licensing:\n"
    forms.write("data/2022.yaml", text.replace("  licensing:\n", more, 1))
    tree = page(
        forms,
        "```{gov-comparison-table}\n\nrequests.received.total\n主动公开.规章.现行有效\n主动公开.其他主动公开文件.现行有效\n```\n",
    )
    assert [row[1:] for row in rows(tree)[1:]] == [
        ["8", "0", "3511", "3511"],
        ["不可比", "不可比", "11", "11"],
        ["不可比", "不可比", "不可比", "5"],
    ]
    assert "表样由国办公开办函〔2021〕30号改为市办〔2022〕1号" in notes(tree)[1]


# -- rates -----------------------------------------------------------------------------------------------------------

#: computed manually: 2024 (1431 + 471) / 3521, 2023 (1191 + 328) / 3486; reviews of 2024 18 / (88 + 18 + 28), 0 / 57
RATES = {
    "{gov-figure}`requests.disclosure-rate`": "54.02%",
    "{gov-figure}`requests.disclosure-rate | 1`": "54.0%",
    "{gov-figure}`依申请公开.公开率|0`": "54%",
    "{gov-figure}`2023: 依申请公开.公开率 | 4`": "43.5743%",
    "{gov-figure}`复议诉讼.行政复议纠错率`": "13.43%",
    "{gov-figure}`reviews.litigation-correction-rate`": "0.00%",
    "{gov-change}`requests.disclosure-rate`": "上升10.44个百分点",
    "{gov-change}`requests.disclosure-rate | 1`": "上升10.4个百分点",
    "{gov-change}`reviews.litigation-correction-rate`": "下降1.02个百分点",
    "{gov-change}`requests.disclosure-rate | percent 3`": "上升10.444个百分点",
}


@pytest.mark.parametrize(("role", "printed"), list(RATES.items()))
def test_a_rate_is_quoted_as_a_percentage(years: Project, role: str, printed: str) -> None:
    years.write("index.md", TOP.replace(AGENCY, "宿迁市").replace("2021", "2024") + f"为{role}。\n")
    built = years.build("text")
    assert built.warnings == []
    assert f"为{printed}。" in built.text("index.txt")


def test_a_rate_changes_in_points_from_year_to_year(years: Project) -> None:
    """43.58 % and then 54.02 %: in per cent of itself it would have risen by 23.96."""
    years.write(
        "index.md", "# 页\n\n```{gov-comparison-table}\n:agency: 宿迁市\n:change: percent 1\n\n依申请公开.公开率\n```\n"
    )
    (cells,) = rows(html.fromstring(years.build().text("index.html")))[1:]
    assert cells[-1] == "上升10.4个百分点"


def test_who_points_at_a_rate_sees_its_formula(years: Project) -> None:
    years.write("index.md", TOP.replace(AGENCY, "宿迁市").replace("2021", "2024") + "为{gov-figure}`依申请公开.公开率`。\n")
    (span,) = html.fromstring(years.build().text("index.html")).xpath("//span[contains(@class, 'gov-figure')]")
    assert span.get("title") == (
        "公开率 = （本年度办理结果·予以公开 + 本年度办理结果·部分公开） ÷ 本年度办理结果·总计（由表中数据计算得出，不是法定统计指标）"
    )


def test_rates_stand_in_tables_and_charts_with_their_formula(forms: Project) -> None:
    body = "```{gov-comparison-table}\n:years: 2020 2021\n:change: percent 1\n\n依申请公开.公开率 | 1\n公开 = requests.disclosure-rate\n```\n"
    tree = page(forms, body)
    assert rows(tree) == [
        ["项目", "2020年", "2021年", "比2020年"],
        ["公开率", "基数为0，无法计算占比", "43.6%", "—"],
        ["公开", "基数为0，无法计算占比", "43.57%", "—"],
    ]
    assert [note.partition(" = ")[0] for note in notes(tree)] == ["公开率", "公开"]
    written = build(forms, "```{gov-trend-chart}\n\n公开率 = 依申请公开.公开率 | 1\n```\n").text("index.html")
    match = re.search(r"<svg.*?</svg>", written, re.DOTALL)
    assert match
    svg = etree.fromstring(match[0])
    shown = {
        kind: [node.text for node in svg.iter("{*}text") if node.get("class") == f"gov-chart-{kind}"]
        for kind in ("value", "note")
    }
    assert shown == {"value": ["—", "43.6%"], "note": ["单位：%", "统计口径不同，不可比"]}, "2018 has no such rows"


def test_the_rate_of_a_sum_is_computed_of_summed_figures(project: Project) -> None:
    project.quiet()
    for name, text in (("甲", SUQIAN), ("乙", NEXT)):
        project.write(f"data/{name}.yaml", named(text, name))
    body = "```{gov-rollup-table}\n:parts: 甲、乙\n\nrequests.disclosure-rate\n复议诉讼.行政复议纠错率 | 1\n```\n"
    project.page("index.md", "甲", 2024, body)
    built = project.build()
    assert built.warnings == []
    tree = html.fromstring(built.text("index.html"))
    # (1902 + 1519) / (3521 + 3486), neither the sum nor the mean; (18 + 17) / (134 + 414)
    assert rows(tree) == [
        ["机关", "公开率", "行政复议纠错率"],
        ["甲", "54.02%", "13.4%"],
        ["乙", "43.57%", "4.1%"],
        ["合计", "48.82%", "6.4%"],
    ]
    assert len(notes(tree)) == 2
    project.write("data/乙.yaml", named(NEXT, "乙").replace("total: 1191\n", "total: ~\n", 1))
    assert [row[1] for row in rows(html.fromstring(project.build().text("index.html")))[1:]] == ["54.02%", "未知", "—"]


@pytest.mark.parametrize(
    ("figures", "printed"),
    [
        ("corrected: 1, total: 9, pending: 1", "13%"),  # 1 / 8 = 12.5 %
        ("corrected: 5, total: 8, pending: 0", "63%"),  # 62.5 %
        ("corrected: 5, total: 8, pending: /", "63%"),  # “not applicable” adds nothing
        ("corrected: 0, total: 8, pending: 1", "0%"),
        ("corrected: 0, total: 2, pending: 2", "基数为0，无法计算占比"),
        ("corrected: ~, total: 8, pending: 0", "未知"),
        ("corrected: 1, total: 8, pending: ~", "未知"),
        ("corrected: /, total: 8, pending: 0", "不适用"),
        ("corrected: /, total: /, pending: /", "不适用"),
    ],
)
def test_a_rate_is_rounded_half_up_and_unknown_where_a_part_is(project: Project, figures: str, printed: str) -> None:
    project.write(
        "own.yaml",
        "form: own\nenglish: Own\nsource: {notice: 某办〔2022〕1号}\nyears: {from: 2021}\ntables:\n  cases:\n    label: 复议情况\n"
        "    english: Cases\n    source: 某办\n    unit: 件\n    widths: [8, 8, 8]\n    blocks:\n      - columns:\n"
        + "".join(
            f"          - {{key: {key}, label: {label}, english: A}}\n"
            for key, label in (("corrected", "纠错"), ("total", "总数"), ("pending", "未结"))
        )
        + "    rates:\n      - {key: rate, label: 纠错率, english: Rate, formula: corrected / (total - pending)}\n",
    )
    project.write("data/2024.yaml", f"agency: 某局\nyear: 2024\nform: own\ncases: {{{figures}}}\n")
    project.write("index.md", "---\ngovreport-year: 2024\n---\n# 页\n\n为{gov-figure}`复议情况.纠错率 | 0`。\n")
    off = dict.fromkeys(("not-filled", "not-applicable"), "off")
    built = project.build("text", govreport_forms=["own.yaml"], govreport_severity=off)
    assert built.warnings == []
    assert f"为{printed}。" in built.text("index.txt")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{gov-figure}`requests.disclosure-rate + requests.received.total`", "“requests.disclosure-rate”是比率，不能相加。"),
        ("{gov-share}`requests.disclosure-rate / requests.received.total`", "比率本身就是占比。"),
        ("{gov-figure}`requests.disclosure-rate | x`", "“x”不是小数位数。"),
        ("{gov-change}`requests.disclosure-rate | much`", "“much”不是可用的写法。"),
        ("{gov-figure}`requests.disclosure-rates`", "“disclosure-rates”无法识别。是不是“disclosure-rate”？"),
        ("{gov-figure}`依申请公开.公开率.总计`", "“公开率”是比率，由数据计算得出。"),
        ("```{gov-comparison-table}\nrequests.received.total | 1\n```", "“requests.received.total”不是比率，"),
        ("```{gov-comparison-table}\nrequests.disclosure-rate | 12\n```", "“12”不是小数位数。"),
    ],
)
def test_what_a_rate_cannot_is_reported(years: Project, body: str, said: str) -> None:
    years.write("index.md", TOP.replace(AGENCY, "宿迁市").replace("2021", "2024") + body + "\n")
    (warning,) = years.build().warnings
    assert said in warning


def test_rates_are_no_records(years: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--to", "csv", str(years.folder / "data" / "suqian-2024.yaml")]) == 0
    assert "disclosure-rate" not in capsys.readouterr().out
