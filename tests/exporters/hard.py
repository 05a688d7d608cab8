"""A report that is hard to print: long numbers, notes in cells, blanks, “/”, a local row, a total that does not add up."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import read_form, statutory_forms
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.yaml.source import read_source

from .test_exports import read

LOCAL = (
    "form: local\nextends: '2021'\nenglish: Local\nsource: {notice: 某省政办函〔2024〕1号}\nadd-rows:\n  proactive-disclosure:\n"
    "    - {after: normative-documents, key: other-documents, label: 其他主动公开文件（含各类会议纪要、工作方案以及政策解读材料）,\n"
    "       english: Other documents}\n"
)
LONG_NOTE = (
    "本表所列“（七）总计”为本年度办理结果各项之和；因机构改革，原某某区某某局的申请自2024年7月1日起并入统计，与上年同期口径不完全一致，"
    "涉及跨年度办理的申请按照国务院办公厅有关规定计入结转数。"
)
ODD = {
    "requests.received.natural-person": "12345678901234",
    "requests.received.total": "12345678901300",  # not the sum
    "requests.carried-in.natural-person": "98765432109876",
    "requests.results.granted.enterprise": "{value: 31, note: 其中重复申请的按一件统计，合并答复}",
    "requests.results.partly-granted.other": "/",
    "requests.results.refused.state-secret.enterprise": "~",
    "reviews.reconsideration.upheld": "10000000000001",
    "reviews.reconsideration.pending": "~",
    "reviews.litigation.direct.upheld": "{value: 3, note: 含上年度结转2件}",
    "proactive-disclosure.fees.amount": "7270123456.1200",
    "proactive-disclosure.rules.in-force": "{value: 12, note: 其中修订1件}",
    "proactive-disclosure.other-documents.issued": "99999999999999",
    "proactive-disclosure.licensing.decisions": "123456789012",
    "proactive-disclosure.penalties.decisions": "~",
    "proactive-disclosure.coercive-measures.decisions": "/",
}


def hard_forms() -> dict[str, Form]:
    """Return the statutory forms and the local one."""
    forms = statutory_forms()
    form, problems = read_form(read_source("local.yaml", LOCAL.encode()), forms)
    assert form, problems
    return {**forms, form.name: form}


def hard_year_file(others: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the year file, with some figures replaced; most totals are left out."""
    odd = {**ODD, **others}
    form = hard_forms()["local"]
    lines = ["agency: 某某省某某自治州某某市", "year: 2024", "form: local"]
    for table in form.table_names:
        for number, (path, indicator) in enumerate(layout_of(form.table(table)).indicators.items()):
            key = f"{table}.{path}"
            if odd.get(key) or not indicator.parts:
                lines.append(f"{key}: {odd.get(key, number * 7 % 90)}")
    lines += [f"notes: {{requests: [{LONG_NOTE}], reviews: 备注：含上年度结转数量。}}"]
    return nested(lines)


def nested(lines: list[str]) -> str:
    """Return key paths as a nested mapping."""
    written: list[str] = []
    above: list[str] = []
    for line in lines:
        path, _, value = line.partition(": ")
        keys = path.split(".")
        same = next((n for n, (a, b) in enumerate(zip(above, keys, strict=False)) if a != b), 0)
        written += [f"{'  ' * depth}{key}:" for depth, key in enumerate(keys[:-1]) if depth >= same]
        written.append(f"{'  ' * (len(keys) - 1)}{keys[-1]}: {value}")
        above = keys
    return "\n".join(written) + "\n"


def hard_report(others: Mapping[str, str] = MappingProxyType({})) -> Report:
    """Return the report of that year file."""
    return read(hard_year_file(others), hard_forms())
