"""Figures of several years: their changes, and the years between which they are not comparable."""

from __future__ import annotations

import pytest

from sphinx_govreport.core.diagnostics import Text
from sphinx_govreport.core.forms.reader import read_form, statutory_forms
from sphinx_govreport.core.reports.figures import Status
from sphinx_govreport.core.reports.quoting import Quote, change, change_format, parse_role_text, quote
from sphinx_govreport.core.reports.series import Series, break_notes, series_of
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.yaml.source import read_source
from tests.core.test_checks import report, untouched

FORMS = statutory_forms()
BY_NAME = """\
form: own
kind: 处罚统计
source: {notice: 通知}
years: {from: 2021}
tables:
  units:
    label: 处罚
    unit: 件
    columns: [{label: 罚款}]
    rows: [{each: 单位名称}, {label: 合计, sum: siblings, rule: 各单位合计}]
"""


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        ("requests.received.total", "amount", "up 14"),
        ("requests.received.total", "percent 1", "up 0.4%"),
        ("proactive-disclosure.fees.amount", "amount", "up 13464.0129"),
        ("requests.received.enterprise", "amount", "down 24"),
        ("requests.received.enterprise", "", "down 24.24%"),
        ("requests.received.research-institution", "", "unchanged"),
        ("requests.received.research-institution", "amount", "up 0"),
        ("requests.results.refused.state-secret.natural-person", "", "base is 0"),
        ("requests.results.refused.state-secret.natural-person", "amount", "up 2"),
    ],
)
def test_a_change_is_that_of_the_two_years(path: str, form: str, said: str) -> None:
    reports = [untouched(f"suqian-{year}") for year in (2023, 2024)]
    series = series_of(path, reports, FORMS)
    assert isinstance(series, Series)
    wanted = change_format(form)
    assert isinstance(wanted, tuple)
    change = series.changed(2024, wanted[0], wanted[1])
    assert isinstance(change, Text)
    assert change.render(str) == said


def test_a_break_has_the_figures_that_no_form_continues() -> None:
    names = ("shanghai-municipal-office-2019", "wendeng-commerce-2020", "suqian-2023", "suqian-2024")
    reports = [untouched(name) for name in names]
    found = [series_of(f"{path}", reports, FORMS) for path in ("requests.received.total", "proactive-disclosure.rules.issued")]
    every = [one for one in found if isinstance(one, Series)]
    assert [one.values for one in every] == [(859, 0, 3511, 3525), (None, None, 2, 2)]
    note = (
        "2020 and 2023 are not comparable: 规章·本年制发件数. The form changed from 国办公开办函〔2019〕60号 to "
        "国办公开办函〔2021〕30号, and no form says that both count the same."
    )
    assert [one.render(str) for one in break_notes(every, reports, FORMS)] == [note]


@pytest.mark.parametrize(
    ("now", "form", "said"),
    [
        ("8", "percent", "up 200.00%"),
        ("-4", "percent", "up 50.00%"),
        ("-12", "percent", "down 50.00%"),
        ("8", "amount", "up 16"),
    ],
)
def test_a_change_of_a_figure_below_zero_has_no_sign_besides_its_word(now: str, form: str, said: str) -> None:
    path = "proactive-disclosure.licensing.change"
    then, later = (report("wendeng-commerce-2020", {path: one}) for one in ("-8", now))
    amounts = later.figure(path).amount, then.figure(path).amount
    assert amounts[0]
    assert amounts[1]
    assert change(amounts[0], amounts[1], form, 2).render(str) == said


@pytest.mark.parametrize(
    "written", ["2023: {}", "2023年：{}", "宿迁市/2023: {}", "2023：{}", "宿迁市／2023：{}", "宿迁市/2023/政府信息公开：{}"]
)
def test_a_year_before_a_figure_is_read_with_chinese_marks_too(written: str) -> None:
    """Whoever takes “2023：” for an unknown key and deletes it quotes the figure of another year."""
    wanted = parse_role_text(written.format("依申请公开.新收.总计"))
    assert wanted.year == 2023
    assert wanted.agency in ("", "宿迁市")
    assert wanted.kind in ("", "政府信息公开")
    found = quote(wanted.figures, untouched("suqian-2023"), FORMS)
    assert isinstance(found, Quote)
    assert found.shown() == "3511"


def test_a_row_of_a_name_that_one_year_does_not_have_is_unknown_there() -> None:
    """The forms do not differ: “not comparable” would be wrong."""
    form, problems = read_form(read_source("own.yaml", BY_NAME.encode()), FORMS)
    assert form, problems
    forms = {**FORMS, form.name: form}
    reports = []
    for year, rows in ((2022, "甲: [3]"), (2023, "甲: [4], 乙: [5]")):
        text = f"agency: 某局\nyear: {year}\nform: own\nunits: {{{rows}}}\n"
        found = read_report(read_source(f"{year}.yaml", text.encode()), forms)
        assert found.report, found.diagnostics
        reports.append(found.report)
    series = series_of("units.乙.罚款", reports, forms)
    assert isinstance(series, Series)
    assert [point.quote.status for point in series.points if point.quote] == [Status.UNKNOWN, Status.NUMBER]
    assert (series.changed(2023, "amount", 0), break_notes([series], reports, forms)) == ("—", ())
