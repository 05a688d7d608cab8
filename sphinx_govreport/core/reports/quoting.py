"""Figures as an author names them in a sentence: ``requests.received.total``, ``2023: 依申请公开.新收.总计``, sums of them.

``agency/year:`` may stand before the figures; what is left out is the page's. Every key may be written in English or Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import NamedTuple

from sphinx_govreport.core.diagnostics import Text, text
from sphinx_govreport.core.forms.form import Form, FormTable, did_you_mean, hint_for, table_spellings
from sphinx_govreport.core.forms.indicators import Branch
from sphinx_govreport.core.forms.layout import layout_of

from .figures import Amount, Figure, Status, exact_sum, in_digits, in_one_unit
from .report import Report

_PREFIX = re.compile(r"\s*(?:(?P<agency>[^/:]+)/)?(?P<year>[0-9]{4})\s*:")
_PRECISION = 60  # digits of a percentage: those of the largest amount over the smallest, and all behind the point
_PLACES = 2  # digits behind the point of a percentage, unless others are asked for


#: what is printed for a figure that is no number
WORDS = {
    Status.NOT_APPLICABLE: text("not applicable"),
    Status.BLANK: text("not filled in"),
    Status.INVALID: text("not known"),
    Status.UNKNOWN: text("unknown"),
    Status.TEXT: text("not a number"),
}


def figure_words(figure: Figure) -> str | Text:
    """Return how a sentence calls a figure: the number with its unit, or why there is none."""
    return figure.text + figure.unit if figure.status is Status.NUMBER else WORDS[figure.status]


class Asked(NamedTuple):
    """What stands in a role."""

    agency: str  #: empty: the page's
    year: int  #: 0: the page's
    figures: str  #: key paths joined by ``+``
    base: str = ""  #: behind `` / ``: what a share is a share of
    format: str = ""  #: behind ``|``


class Quote(NamedTuple):
    """One or several figures of a report."""

    paths: tuple[tuple[str, str], ...]  #: table and key path within it
    figures: tuple[Figure, ...]

    @property
    def value(self) -> Decimal | None:
        """The exact sum of what applies; None unless :attr:`status` is NUMBER."""
        return self.amount.value if self.amount else None

    @property
    def amount(self) -> Amount | None:
        """The same with the unit that the figures state."""
        amounts = [figure.amount for figure in self.figures if figure.amount]
        alike = in_one_unit(amounts) if amounts and all(figure.status.is_known for figure in self.figures) else None
        return Amount(exact_sum(one.value for one in alike), alike[0].unit) if alike else None

    @property
    def status(self) -> Status:
        """NUMBER, or why there is none: the status of the first figure that is not known."""
        if self.amount:
            return Status.NUMBER
        if len(self.figures) == 1:
            return self.figures[0].status
        statuses = [figure.status for figure in self.figures]
        unknown = (status for status in statuses if not status.is_known)
        return next(unknown, Status.UNKNOWN if Status.NUMBER in statuses else Status.NOT_APPLICABLE)

    def shown(self) -> str | Text:
        """What is printed in a sentence: a single figure as it is written."""
        if len(self.figures) == 1 and self.status in (Status.NUMBER, Status.TEXT):
            return self.figures[0].text
        return WORDS[self.status] if self.value is None else in_digits(self.value)


class Problem(NamedTuple):
    """Why a quotation means nothing."""

    message: Text
    hint: Text | None


def parse_role_text(written: str) -> Asked:
    """Take the text of a role apart."""
    body, _, form = written.partition("|")
    match = _PREFIX.match(body)
    agency, year = ((match["agency"] or "").strip(), int(match["year"])) if match else ("", 0)
    figures, _, base = body[match.end() if match else 0 :].partition(" / ")
    return Asked(agency, year, figures.strip(), base.strip(), form.strip())


def quote(written: str, report: Report, forms: Mapping[str, Form]) -> Quote | Problem:
    """The figures that ``written`` names."""
    paths = []
    tables = report.tables(forms)
    for part in re.split(r"\s*[+＋]\s*", written):
        found = named_figure(part, tables)
        if isinstance(found, Problem):
            return found
        paths.append(found)
    return Quote(tuple(paths), tuple(report.figures[table][path] for table, path in paths))


def named_figure(written: str, by_name: Mapping[str, FormTable]) -> tuple[str, str] | Problem:
    """Table and key path of the figure that ``written`` names in one of the tables."""
    keys = [key.strip() for key in re.split(r"[.．·]", written)]
    tables = table_spellings(by_name.values())
    table = tables.get("".join(keys[0].split()))
    if table is None:
        return unknown_name(keys[0], tables, tuple(by_name))
    branch: object = layout_of(by_name[table]).root
    path: list[str] = []
    for key in keys[1:]:
        if not isinstance(branch, Branch):
            return Problem(text("“{key}” has nothing below it.", key=path[-1]), None)
        name = branch.names.get(key) or branch.names.get("".join(key.split()))
        if name is None:
            return unknown_name(key, branch.names, tuple(branch.children))
        path.append(name)
        branch = branch.children[name]
    if isinstance(branch, Branch):
        known = "、".join(branch.children)
        return Problem(
            text("“{written}” is not one figure.", written=written), text("Go on with one of: {names}.", names=known)
        )
    return table, ".".join(path)


def unknown_name(key: str, names: Mapping[str, str], listed: tuple[str, ...]) -> Problem:
    """What is said of a name that nothing is called by; ``listed`` are those to choose from."""
    return Problem(text("“{key}” is not known here.", key=key), hint_for(did_you_mean(key, names), listed))


# -- changes and shares --------------------------------------------------------------------------------------------


def are_comparable(found: Quote, report: Report, last: Report, forms: Mapping[str, Form]) -> bool:
    """Whether both reports count the figures the same: their forms call them by the same words."""
    for table, path in found.paths:
        here = report.layout(table, forms).indicators[path]
        there = last.layout(table, forms).indicators.get(path) if table in last.forms else None
        if there is None or there.label != here.label:
            return False
    return True


def change(now: Amount, then: Amount, form: str) -> Text | Problem:
    """A change in words. ``form`` is ``amount``, ``percent`` or ``percent N`` with N digits; percent by default."""
    kind, _, written = (form.strip() or "percent").partition(" ")
    digits = _digits(written)
    if kind not in ("amount", "percent") or digits is None:
        return Problem(
            text("“{format}” is no way to print a change.", format=form), text("Write amount, percent or percent 1.")
        )
    alike = in_one_unit((now, then))
    if not alike:
        return WORDS[Status.UNKNOWN]
    (value, unit), (before, _unit) = alike
    if value == before:
        return text("unchanged")
    if kind == "percent" and not before:
        return text("0 the year before")
    difference = exact_sum((value, -before)).copy_abs()
    amount = in_digits(difference) + unit if kind == "amount" else percent(difference, before, digits)
    return text("up {amount}", amount=amount) if value > before else text("down {amount}", amount=amount)


def share(part: Amount, base: Amount, form: str) -> Text | Problem:
    """A percentage. ``form`` is the number of digits behind the point."""
    digits = _digits(form)
    if digits is None:
        return Problem(
            text("“{format}” is no number of digits.", format=form), text("Write a number from 0 to 9, such as “| 1”.")
        )
    alike = in_one_unit((part, base))
    if not alike:
        return WORDS[Status.UNKNOWN]
    (value, _unit), (whole, _unit) = alike
    if not whole:
        return text("no share: the base is 0")
    return text("{percent}", percent=percent(value, whole, digits))


def percent(part: Decimal, base: Decimal, digits: int = _PLACES) -> str:
    """Rounded half up, as clerks do."""
    with localcontext(prec=_PRECISION):
        return f"{(part * 100 / base).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)}%"


def _digits(written: str) -> int | None:
    """How many digits stand behind the point; None if that is not what is written."""
    plain = written.strip()
    if not plain:
        return _PLACES
    return int(plain) if re.fullmatch("[0-9]", plain) else None
