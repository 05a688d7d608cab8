"""A site of reports that are hard to print: blanks, notes, 14-digit figures, local rows, errors, seven years in one table."""

from __future__ import annotations

from pathlib import Path

CONF = """\
project = "某县"
language = "zh_CN"
extensions = ["myst_parser", "sphinx_govreport"]
govreport_data = ["data"]
govreport_forms = ["forms"]
suppress_warnings = ["govreport"]
html_show_sourcelink = False
"""
FORM = """\
form: city-2021
extends: "2021"
english: Form of the city
source: {notice: 某市年度报告格式, date: 2022-01-05}
add-rows:
  proactive-disclosure:
    - {after: normative-documents, key: other-documents, label: 其他文件www.example.gov.cn/zfxxgk/fdzdgknr/qtzdgkwj, english: Other documents}
label-notes:
  proactive-disclosure:
    rows: {rules: （设区的市提供）}
"""
DISCLOSURE_2021 = """\
  rules: {issued: {value: 2, note: 其中修订1件}, repealed: 1, in-force: 12}
  normative-documents: {issued: 50, repealed: , in-force: 420}
  other-documents: {issued: 12, repealed: 0, in-force: /}
  licensing: {decisions: %s}
  penalties: {decisions: 2676474}
  coercive-measures: {decisions: 29351}
  fees: {amount: 72701.2578}
"""
DISCLOSURE_2019 = """\
  规章: {本年新制作数量: 2, 本年新公开数量: 2, 对外公开总数量: 12}
  规范性文件: 0
  行政许可: {上一年项目数量: 31, 本年增/减: -3, 处理决定数量: 1573179}
  其他对外管理服务事项: 0
  行政处罚: 0
  行政强制: 0
  行政事业性收费: 0
  政府集中采购: {采购项目数量: 2331, 采购总金额: {value: 123456.7891, unit: 万元}}
"""
OTHER_2021 = "{overdue-correction: [1, 0, 0, 0, 0, 0, 1], overdue-payment: 0, other: [352, 2, 0, 0, 0, 0, 354]}"
OTHER_2019 = "[352, 2, 0, 0, 0, 0, 354]"
REST = """\
requests:
  received: [{n}, 75, 0, 1, 6, 3, 3525]
  carried-in: [118, 3, 0, 0, 0, 0, 121]
  results:
    granted: [{n}, 9, 0, 0, 2, 0, 1431]
    partly-granted: [462, ~, 0, 0, {{value: 7, note: 含上年结转}}, 0, 471]
    refused: {{state-secret: [2, 0, 0, 0, 0, 0, 2], prohibited-by-law: 0, endangers-security: 0, third-party-rights: [16, 1, 0, 0, 0, 0, 17],
      internal-affairs: 0, deliberative-process: 0, enforcement-file: [21, 2, 0, 0, 0, 0, 23], administrative-inquiry: 0}}
    unable: {{not-held: [859, 33, 0, 0, 3, 2, 897], needs-creation: 0, still-unclear: 0}}
    not-processed: 0
    other: {other}
    total: [{n}, 73, 0, 1, 5, 2, 3521]
  carried-out: [118, 5, 0, 0, 1, 1, 125]
reviews:
  reconsideration: [88, 18, 28, 36, 170]
  litigation: {{direct: [{m}, 0, 11, 7, 25], after-reconsideration: [33, 0, 6, 13, 52]}}
notes: {{reviews: 行政复议、行政诉讼数量含上年度结转数量。}}
"""
LONG = 12345678901234
PAGES = {
    "index": "# 某县\n\n```{toctree}\nlong\nlocal\nold\nyears\nwide\n```\n",
    "long": "---\ngovreport-agency: 某县\ngovreport-year: 2025\n---\n# 某县2025\n\n```{gov-disclosure-table}\n:compare:\n```\n\n"
    "```{gov-check-table}\n```\n",
    "local": "---\ngovreport-agency: 某县\ngovreport-year: 2023\n---\n# 某县2023\n\n```{gov-disclosure-table}\n```\n",
    "old": "---\ngovreport-agency: 某县\ngovreport-year: 2020\n---\n# 某县2020\n\n```{gov-disclosure-table}\n```\n",
    "wide": "---\ngovreport-agency: 某市\ngovreport-year: 2025\n---\n# 某市2025\n\n```{gov-disclosure-table} requests\n```\n",
    "years": "---\ngovreport-agency: 某县\n---\n# 历年\n\n```{gov-comparison-table} requests-summary\n:change: percent 1\n```\n\n"
    "```{gov-comparison-table} disclosure-summary\n:order: newest\n:change: amount\n```\n\n"
    "```{gov-trend-chart}\n新收 = requests.received.natural-person\n予以公开 = requests.results.granted.total\n```\n",
}
YEARS = range(2019, 2026)


def natural_persons(year: int) -> int:
    """Return the number of requests of natural persons in a year's report."""
    return LONG if year > 2023 else 3000 + year


def write(source: Path) -> None:
    """Write the source of the site into a folder."""
    for folder in ("data", "forms"):
        (source / folder).mkdir(parents=True)
    (source / "conf.py").write_text(CONF, "utf-8")
    (source / "forms/city.yaml").write_text(FORM, "utf-8")
    for year in YEARS:
        is_new = year > 2020
        form = "city-2021" if is_new else "2019"
        count = natural_persons(year)
        disclosure = DISCLOSURE_2021 % (LONG if count == LONG else 1573179) if is_new else DISCLOSURE_2019
        rest = REST.format(n=count, m=LONG if count == LONG else 7, other=OTHER_2021 if is_new else OTHER_2019)
        head = f"agency: 某县\nyear: {year}\nform: {form}\nproactive-disclosure:\n"
        (source / f"data/{year}.yaml").write_text(head + disclosure + rest, "utf-8")
    wide = (source / "data/2025.yaml").read_text("utf-8").replace("agency: 某县", "agency: 某市")
    long = ", ".join([str(LONG)] * 7)
    (source / "data/wide.yaml").write_text(wide.replace(f"{LONG}, 75, 0, 1, 6, 3, 3525", long), "utf-8")
    for name, text in PAGES.items():
        (source / f"{name}.md").write_text(text, "utf-8")
