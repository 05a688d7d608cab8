"""Packed reports are restored unchanged."""

from __future__ import annotations

import pytest

from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.reports.packed import pack, unpack
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.yaml.source import read_source
from tests.published import NAMES, published, year_file

FORMS = statutory_forms()
ODD = """\
agency: 某局
year: 2024
form: {default: 2021, requests: 2019}
proactive-disclosure:
  rules: {issued: {value: 22, note: 其中修订16件}, repealed: /, in-force: }
  normative-documents: [1, 2]
  licensing: 12a
  penalties: 0
  coercive-measures: 0
  fees: {amount: 0.10}
requests: 0
reviews: 0
notes: {reviews: [一, 二]}
explanations: {carried-over: 说明}
corrections:
  - {date: 2025-03-10, figure: proactive-disclosure.rules.issued, before: ~, after: 22, reason: 漏填。}
"""


@pytest.mark.parametrize("text", [*(year_file(published(name)) for name in NAMES), ODD], ids=[*NAMES, "odd"])
def test_a_packed_report_is_the_same(text: str) -> None:
    report = read_report(read_source("2024.yaml", text.encode()), FORMS).report
    assert report
    packed = pack(report)
    assert unpack(packed, FORMS) == report
    assert all(len(unpack(packed, FORMS).figures[table]) == len(figures) for table, figures in report.figures.items())
    assert len(packed) < 3_000, "libraries hold thousands"
