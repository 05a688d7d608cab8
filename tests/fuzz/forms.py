"""Damaged form files: a form can be laid out, printed, exported and used for reading, or there is a finding."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random
from xml.etree import ElementTree as ET

from sphinx_govreport.core.checks.run import check_report
from sphinx_govreport.core.diagnostics import translator
from sphinx_govreport.core.forms.reader import FORMS_DIR, read_form, statutory_forms
from sphinx_govreport.core.reports.schema import schema_of
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.tables.html import table_content
from sphinx_govreport.core.tables.table import table_of
from sphinx_govreport.core.yaml.source import read_source
from sphinx_govreport.exporters import EXPORTS
from tests.fuzz import yaml_text
from tests.published import TABLES

LOCAL = """\
form: local
extends: '2021'
english: Local
source: {notice: 地方格式〔2022〕1号, date: 2022-01-01}
add-rows:
  proactive-disclosure:
    - {after: normative-documents, key: other-documents, label: 其他主动公开文件, english: Other documents}
  requests:
    - {after: results.other.other, key: moved, label: 4.移送, english: Moved}
label-notes:
  requests:
    rows: {received: （含邮件）}
    columns: {natural-person: （含港澳台）}
  reviews:
    columns: {litigation: （含再审）}
"""
_SCALARS = (
    "0", "1", "2", "99999999", "9" * 5000, "-1", "²", "１", "true", "siblings", "a.b", "a b", "total", "received", "'x\" onclick=\"alert(1)'", "''",
    "“<b>”", "((((", "(a+)+$", "'a{9999999999}'", "'{n}{n}'", "'(?P<n>{n})(?P<n>x)'", "[a]", "{}", "~", "'2019'", "results", "received.*",
    "'received.* = carried-in.*'", "'* = *'", "'a = '", "'received.total + last:received.total <= 1'", "''", "x/../..", "*x", "&x y",
    "'\\\\input{/etc/passwd}'", "甲" * 300,
)  # fmt: skip
_FLOW = re.compile(r"(?<=: )[^,{}\[\]\n]+")
_LINES = (
    "tables: {}", "extends: '2021'", "extends: none", "form: '2021'", "years: {from: 1, to: 0}", "  requests: {}", "  reviews:", "sections: []",
    "    - {after: rules, key: rules, label: x, english: x}", "    - {after: rules, key: total, label: x, english: x, rows: [{key: a, label: a, english: a}]}",
    "    - {after: x, key: y, label: z, english: z, sum: siblings, rule: x}", "        - {key: licensing, label: x, english: x, rows: [{key: x, label: x, english: x}]}",
    "add-rows: {requests: x}", "label-notes: {requests: {rows: x, cells: {}}}", "    sets: [{key: a, label: b, figures: [x]}]", "widths: [1]",
)  # fmt: skip
_KEYS = (
    "span: 3",
    "sum: siblings",
    "signed: true",
    "decimal: true",
    "unit: x",
    "units: [x]",
    "aliases: [x]",
    "span: 90000000",
    f"span: {'9' * 5000}",
    "rule: x",
    "key: x",
)


def seeds() -> Sequence[str]:
    """Return the statutory forms, and a local one more often."""
    return (LOCAL, LOCAL, LOCAL, *(path.read_text("utf-8") for path in sorted(FORMS_DIR.glob("*.yaml"))))


def make(rng: Random) -> bytes:
    """Return a damaged form file."""
    text = rng.choice(seeds())
    for _ in range(rng.choice((1, 1, 2, 3))):
        luck = rng.random()
        if luck < 0.3:
            text = yaml_text.replaced(rng, text, rng.choice((_FLOW, _FLOW, yaml_text.VALUE)), lambda _old: rng.choice(_SCALARS))
        elif luck < 0.5:
            lines = text.split("\n")
            lines.insert(rng.randrange(len(lines)), rng.choice(_LINES))
            text = "\n".join(lines)
        elif luck < 0.7:
            at = text.find("key:", rng.randrange(len(text)))
            text = text if at < 0 else f"{text[:at]}{rng.choice(_KEYS)}, {text[at:]}"
        elif luck < 0.75:
            wide = ", ".join(f"{{key: k{n}, label: k{n}, english: k}}" for n in range(rng.choice((40, 400, 3000))))
            name = rng.choice(("columns", "rows"))
            text = text.replace(f"{name}:", f"{name}: [{wide}]\n#", rng.choice((1, 2)))
        else:
            text = rng.choice(yaml_text.MUTATORS)(rng, text)
    return yaml_text.encoded(rng, text)


def check(data: bytes, *, thorough: bool = True) -> bool:
    """Read a form file and use the form in every way. Returns whether there is a form."""
    known = statutory_forms()
    form, diagnostics = read_form(read_source("local.yaml", data), known)
    for found in diagnostics:
        for language in ("en", "zh_CN"):
            assert found.render(translator(language)).strip()
    assert form or diagnostics, "no form, and nobody says why"
    if form is None or not thorough:
        return form is not None
    forms = {**known, form.name: form}
    schema_of(forms)
    body = f"agency: 甲局\nyear: 2024\nform: {form.name!r}\nproactive-disclosure: 0\nrequests: 0\nreviews: 0\n".encode()
    report, problems = read_report(read_source("a.yaml", body), forms)
    if report is None:  # YAML writes the name of the form differently
        assert problems
        return True
    check_report(report, report, forms, {})
    idents: list[str] = []
    for name in TABLES:
        table = ET.fromstring(f"<table>{table_content(table_of(report, forms, name))}</table>")  # noqa: S314
        for element in table.iter():
            assert set(element.attrib) <= {"id", "headers", "scope", "rowspan", "colspan", "class", "value", "data-gov-key"}
        idents += [element.attrib["id"] for element in table.iter() if "id" in element.attrib]
    assert len(set(idents)) == len(idents)
    for kind in ("csv", "json", "html", "text", "yaml"):
        EXPORTS[kind].encoded([report], forms)
    return True
