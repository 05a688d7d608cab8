"""Author input on pages: the texts of roles, the lines and options of directives."""

from __future__ import annotations

from functools import cache
from random import Random

from sphinx_govreport.core.diagnostics import Problem, Text, translator
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.reports.quoting import Quote, change, change_format, digits_of, parse_role_text, quote, share
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.series import series_of
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.tables.names import resolve
from sphinx_govreport.core.yaml.source import read_source
from tests.fuzz import yaml_text
from tests.published import published, year_file

ROLE_TEXTS = (
    "requests.received.total", "依申请公开.本年新收政府信息公开申请数量.总计", "2023 requests.received.total", "宿迁市 2023 requests.received.total",
    "requests.received.natural-person + requests.received.enterprise", "requests.results.granted.total / requests.results.total.total",
    "requests.received.total | amount", "requests.received.total | percent 3", "proactive-disclosure.fees.amount", "requests.received",
    "requests.results.total.total / proactive-disclosure.fees.amount | 9", "新收 = requests.received.total", "x = y = z",
)  # fmt: skip
_PARTS = (
    ".", "..", " / ", "/", "|", " | ", "+", " + ", "=", "·", "2023", "9999", "0" * 5000, "9" * 5000, "٢٠٢٣", "宿迁市 ", "percent", "percent 99", "percent -1",
    "amount", "²", " ", "\t", "\u3000", "total", "*", "x" * 500, "<b>", "`", "{", "}", "%s", "\\", "\u200b", "received", "本年新收", "fees.amount",
)  # fmt: skip


def make(rng: Random) -> str:
    """Return the text of a role or a line of a directive."""
    text = rng.choice(ROLE_TEXTS)
    for _ in range(rng.randrange(4)):
        luck = rng.random()
        at = rng.randrange(len(text) + 1)
        if luck < 0.6:
            text = text[:at] + rng.choice(_PARTS) + text[at + rng.randrange(3) :]
        elif luck < 0.8:
            text = yaml_text.character(rng, text)
        else:
            other = rng.choice(ROLE_TEXTS)
            text = text[:at] + other[rng.randrange(len(other)) :]
    return text


@cache
def reports() -> tuple[Report, ...]:
    """Return reports of three years; the last has the smallest and the largest amounts allowed in a year file."""
    texts = [year_file(published(name)) for name in ("suqian-2023", "suqian-2024")]
    extreme = texts[1].replace("72701.2578", "0.00000000000001").replace("year: 2024", "year: 2025")
    texts.append(extreme.replace("natural-person: 3440", "natural-person: 999999999999999"))
    assert "0.00000000000001" in texts[2]
    assert "999999999999999" in texts[2]
    found = [read_report(read_source("a.yaml", text.encode()), statutory_forms()).report for text in texts]
    return tuple(report for report in found if report)


def check(written: str, *, thorough: bool = True) -> None:
    """Check that every text gives figures or a message with the reason."""
    forms = statutory_forms()
    wanted = parse_role_text(written)
    for kind in ("report", "table", "figure"):
        target = resolve(kind, written, reports()[-1], forms)
        assert not isinstance(target, Problem) or _said(target)
    found = quote(wanted.figures, reports()[-1], forms)
    base = quote(wanted.base, reports()[-1], forms)
    if isinstance(found, Problem):
        assert _said(found)
    elif found.amount:
        then = Quote(found.paths, tuple(reports()[0].figures[table][path] for table, path in found.paths))
        form, digits = change_format(wanted.format), digits_of(wanted.format)
        if isinstance(form, Problem):
            assert _said(form)
        else:
            assert _said(change(found.amount, then.amount or found.amount, *form))
            assert _said(change(then.amount or found.amount, found.amount, *form))
        if isinstance(digits, Problem):
            assert _said(digits)
        elif isinstance(base, Quote) and base.amount:
            assert share(found.amount, base.amount, digits)
    series = series_of(written, reports(), forms)
    if isinstance(series, Problem):
        assert _said(series)
    elif thorough:
        for year in (2023, 2024, 2025):
            changed = series.changed(year, "percent", 1)
            assert isinstance(changed, str) or _said(changed)


def _said(what: Text | Problem) -> str:
    message = what.message if isinstance(what, Problem) else what
    return message.render(translator("zh_CN"))
