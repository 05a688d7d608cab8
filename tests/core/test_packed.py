"""Packed reports are what they were."""

from __future__ import annotations

import pytest

from sphinx_govreport.core.form_file import statutory_forms
from sphinx_govreport.core.packed import Figures, pack, unpack
from sphinx_govreport.core.source import read_source
from sphinx_govreport.core.structure import structure_of
from sphinx_govreport.core.year_file import read_report
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
"""


@pytest.mark.parametrize("text", [*(year_file(published(name)) for name in NAMES), ODD], ids=[*NAMES, "odd"])
def test_a_packed_report_is_the_same(text: str) -> None:
    report = read_report(read_source("2024.yaml", text.encode()), FORMS).report
    assert report
    packed = pack(report)
    assert unpack(packed, FORMS) == report
    assert all(len(unpack(packed, FORMS).figures[table]) == len(figures) for table, figures in report.figures.items())
    assert len(packed) < 3_000, "libraries hold thousands"


def test_numbers_are_whole_only_where_each_is_written_and_has_no_decimals() -> None:
    def whole(text: str) -> dict[str, bool]:
        report = read_report(read_source("2024.yaml", text.encode()), FORMS).report
        assert report
        tables = {
            name: Figures.of(of, structure_of(FORMS[report.forms[name]].table(name))) for name, of in report.figures.items()
        }
        for figures in tables.values():
            assert figures.whole is None or list(map(str, figures.whole)) == list(figures.texts)
        return {name: figures.whole is not None for name, figures in tables.items()}

    found = published("suqian-2024")
    assert whole(year_file(found)) == {"proactive-disclosure": False, "requests": True, "reviews": True}  # a fee of 72701.2578
    assert whole(year_file(found).replace("    total: 3525\n", "")) == {
        "proactive-disclosure": False,
        "requests": False,  # a total is computed
        "reviews": True,
    }
    assert not any(whole(ODD.replace("requests: 0", "requests: /").replace("reviews: 0", "reviews: {litigation: /}")).values())
