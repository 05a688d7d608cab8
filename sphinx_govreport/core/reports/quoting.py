"""Figures in an author's sentences: ``requests.received.total``, ``2023: 依申请公开.新收.总计``, sums of them.

``agency/year/kind:`` may precede the figures; omitted parts are those of the page. Every key may be written in English or
Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import cycle, pairwise
from typing import NamedTuple

from sphinx_govreport.core.diagnostics import Problem, Text, listed, text
from sphinx_govreport.core.forms.equations import Ratio, Term
from sphinx_govreport.core.forms.form import Form, FormTable, Rate, hint_about, table_keys, table_spellings
from sphinx_govreport.core.forms.indicators import Branch, Indicator
from sphinx_govreport.core.forms.layout import TableLayout, layout_of
from sphinx_govreport.core.forms.same_as import FigureKey, counterparts

from .figures import NOT_STATED, ZERO, Amount, Figure, Status, exact_sum, in_digits, in_one_unit
from .report import Report

_PREFIX = re.compile(r"\s*(?:(?P<agency>[^/／:：]+)[/／])?(?P<year>[0-9]{4})年?(?:[/／](?P<kind>[^/／:：]+))?\s*[:：]")
_PLUS = re.compile(r"\s*[+＋]\s*")
_KEYS = re.compile("[.．·]")
_PRECISION = 60  # digits of a percentage: those of the largest amount over the smallest, and all decimals
_PLACES = 2  # default number of decimals of a percentage
_EXACT_PLACES = 20  # of one that is drawn instead of printed


#: the words for a figure without a number
WORDS = {
    Status.NOT_APPLICABLE: text("not applicable"),
    Status.BLANK: text("not filled in"),
    Status.INVALID: text("not known"),
    Status.UNKNOWN: text("unknown"),
    Status.TEXT: text("not a number"),
}


def figure_words(figure: Figure) -> str | Text:
    """Return the text of a figure in a sentence: the number with its unit, or why there is none."""
    return figure.text + figure.unit if figure.status is Status.NUMBER else WORDS[figure.status]


#: the text for a share of 0
NO_BASE = text("no share: the base is 0")


class Asked(NamedTuple):
    """The parsed text of a role."""

    agency: str  #: empty: the page's
    year: int  #: 0: the page's
    figures: str  #: key paths joined by ``+``
    base: str = ""  #: after `` / ``: the base of a share
    format: str = ""  #: after ``|``
    kind: str = ""  #: kind of report; empty: the page's

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables in it."""
        return (*tables_in(self.figures), *tables_in(self.base))


class Quote(NamedTuple):
    """One or more figures of a report, added up, or a rate computed from them."""

    paths: tuple[FigureKey, ...]
    figures: tuple[Figure, ...]
    rate: Rate | None = None
    ratio: Ratio | None = None  #: the terms of the rate that the figures are, in order and repeated for further reports
    digits: int = _PLACES  #: decimals of a rate
    units: tuple[str, ...] = ("%",)  #: the unit in which the form counts the figures, or those of which each states one

    @property
    def fraction(self) -> Fraction | None:
        """The exact value of a rate; None for other quotes, and unless :attr:`status` is NUMBER."""
        sums = self._sums() if self.rate else Status.UNKNOWN
        return Fraction(sums[0]) / Fraction(sums[1]) if isinstance(sums, tuple) and sums[1] else None

    def _sums(self) -> tuple[Decimal, Decimal] | Status:
        """Return numerator and denominator of a rate, or the status if there are none."""
        assert self.ratio
        if not all(figure.status.is_known for figure in self.figures):
            return Status.UNKNOWN
        alike = in_one_unit([figure.amount for figure in self.figures if figure.amount])
        if alike is None:
            return Status.UNKNOWN
        amounts = iter(alike)
        part: list[Decimal] = []
        base: list[Decimal] = []
        sides = [(part, term) for term in self.ratio.part] + [(base, term) for term in self.ratio.base]
        for (side, term), figure in zip(cycle(sides), self.figures, strict=False):  # those of several reports
            if figure.amount:
                side.append(next(amounts).value * term.sign)
        return (exact_sum(part), exact_sum(base)) if part and base else Status.NOT_APPLICABLE

    @property
    def amount(self) -> Amount | None:
        """The exact sum of the figures that apply, with their unit, or the percentage; None unless :attr:`status` is NUMBER."""
        if self.rate:
            fraction = self.fraction
            return None if fraction is None else Amount(Decimal(percent_of(fraction, _EXACT_PLACES).removesuffix("%")), "%")
        amounts = [figure.amount for figure in self.figures if figure.amount]
        alike = in_one_unit(amounts) if amounts and all(figure.status.is_known for figure in self.figures) else None
        return Amount(exact_sum(one.value for one in alike), alike[0].unit) if alike else None

    @property
    def status(self) -> Status:
        """NUMBER, or why there is no number: the status of the first unknown figure. A rate with base 0 does not apply."""
        if self.rate:
            sums = self._sums()
            return sums if isinstance(sums, Status) else Status.NUMBER if sums[1] else Status.NOT_APPLICABLE
        if self.amount:
            return Status.NUMBER
        if len(self.figures) == 1:
            return self.figures[0].status
        statuses = [figure.status for figure in self.figures]
        unknown = (status for status in statuses if not status.is_known)
        return next(unknown, Status.UNKNOWN if Status.NUMBER in statuses else Status.NOT_APPLICABLE)

    def shown(self) -> str | Text:
        """Return the text in a sentence: a number with the unit that it states, a rate as a percentage."""
        if self.rate:
            fraction = self.fraction
            if fraction is not None:
                return percent_of(fraction, self.digits)
            return WORDS[self.status] if isinstance(self._sums(), Status) else NO_BASE
        if len(self.figures) == 1:
            return self.figures[0].text if self.status is Status.TEXT else figure_words(self.figures[0])
        return in_digits(self.amount.value) + self.amount.unit if self.amount else WORDS[self.status]


def parse_role_text(written: str) -> Asked:
    """Parse the text of a role."""
    body, _, form = written.replace("｜", "|").partition("|")
    match = _PREFIX.match(body)
    agency, year = ((match["agency"] or "").strip(), int(match["year"])) if match else ("", 0)
    kind = (match["kind"] or "").strip() if match else ""
    figures, _, base = body[match.end() if match else 0 :].replace(" ／ ", " / ").partition(" / ")
    return Asked(agency, year, figures.strip(), base.strip(), form.strip(), kind)


def tables_in(written: str) -> tuple[str, ...]:
    """Return the names of the tables of an author's figures."""
    return tuple(_KEYS.split(part)[0].strip() for part in _PLUS.split(written) if part.strip())


def quote(written: str, report: Report, forms: Mapping[str, Form]) -> Quote | Problem:
    """Return the figures, or the rate, in ``written``."""
    paths = []
    tables = report.tables(forms)
    parts = _PLUS.split(written)
    for part in parts:
        rate = _named_rate(part, report, tables)
        if rate and len(parts) == 1:
            return rate
        if rate:
            message = text("“{written}” is a rate: it cannot be added.", written=part)
            return Problem(message, text("Add up the figures instead."))
        found = named_figure(part, tables)
        if isinstance(found, Problem):
            return found
        paths.append(found)
    indicators = [layout_of(tables[table]).indicators[path] for table, path in paths]
    units = dict.fromkeys(one.units or (one.unit,) for one in indicators)
    if len(units) > 1:
        return different_units(units)
    return Quote(tuple(paths), _figures(report, paths), units=next(iter(units)))


def different_units(units: Iterable[tuple[str, ...]]) -> Problem:
    """Return the problem of figures in several units, which have no sum, no share and no common scale."""
    message = text("These figures are counted in different units: {units}.", units=listed(sorted(map("/".join, units))))
    return Problem(message, text("Write only figures with the same unit."))


def _named_rate(written: str, report: Report, tables: Mapping[str, FormTable]) -> Quote | None:
    """Return the rate called ``written`` in a report with these tables; None if there is none."""
    name, *rest = _keys(written)
    table = tables.get(table_spellings(tables.values()).get("".join(name.split()), ""))
    if table is None or len(rest) != 1:
        return None
    rate = next((rate for rate in table.rates if {rest[0], "".join(rest[0].split())} & {*rate.names}), None)
    ratio = layout_of(table).rates.get(rate.key) if rate else None
    if rate is None or ratio is None:
        return None
    paths = tuple((table.name, term.path) for term in ratio.terms)
    return Quote(paths, _figures(report, paths), rate, ratio)


def _keys(written: str) -> list[str]:
    return [key.strip() for key in _KEYS.split(written)]


def _figures(report: Report, paths: Iterable[FigureKey]) -> tuple[Figure, ...]:
    return tuple(report.figures[table].get(path, NOT_STATED) for table, path in paths)  # it may lack the row of a name


def named_figure(written: str, by_name: Mapping[str, FormTable]) -> FigureKey | Problem:
    """Return table and key path of the figure that ``written`` refers to in one of the tables."""
    keys = _keys(written)
    tables = table_spellings(by_name.values())
    table = tables.get("".join(keys[0].split()))
    if table is None:
        return unknown_name(keys[0], tables, table_keys(by_name.values(), keys[0]))
    form_table = by_name[table]
    branch: Branch | Indicator = layout_of(form_table).root
    path: list[str] = []
    for above, key in pairwise(keys):
        if not isinstance(branch, Branch):
            return Problem(text("“{key}” has nothing below it.", key=above), None)
        name = branch.names.get(key) or branch.names.get("".join(key.split()))
        if name is None:
            rates = () if path else form_table.rates
            names = branch.names | {name: rate.key for rate in rates for name in rate.names}
            if key in names:
                return Problem(text("“{key}” is a rate: it is computed from figures.", key=key), None)
            of_rates = (rate.key if written.isascii() else rate.label for rate in rates)
            return unknown_name(key, names, (*branch.keys(written), *of_rates))
        path.append(name)
        branch = branch.children[name]
    if isinstance(branch, Branch):
        hint = text("Continue with one of: {names}.", names=listed(branch.keys(written)))
        return Problem(text("“{written}” is not a single figure.", written=written), hint)
    return table, ".".join(path)


def unknown_name(key: str, names: Mapping[str, str], known: Iterable[str]) -> Problem:
    """Return the problem of an unknown name; ``known`` are the valid ones."""
    return Problem(text("Unknown key “{key}”.", key=key), hint_about(key, names, known))


# -- changes and shares --------------------------------------------------------------------------------------------


def counterpart(found: Quote, report: Report, other: Report, forms: Mapping[str, Form]) -> Quote | None:
    """Return the same quote of another report; None if no form states that its figures count the same."""
    own, its = report.forms, other.forms
    same = (key if its.get(key[0]) == own[key[0]] else counterparts(own, its, forms).get(key) for key in found.paths)
    paths = tuple(filter(None, same))
    return found._replace(paths=paths, figures=_figures(other, paths)) if len(paths) == len(found.paths) else None


def change_format(written: str) -> tuple[str, int] | Problem:
    """Parse ``amount``, ``percent`` or ``percent N`` with N decimals; percent by default."""
    kind, _, decimals = written.strip().partition(" ")
    if kind not in ("amount", "percent"):
        kind, decimals = "percent", written
    digits = _digits(decimals)
    if digits is None:
        return Problem(text("Unknown format “{format}”.", format=written), text("Write amount, percent or percent 1."))
    return kind, digits


def change(now: Amount, then: Amount, kind: str, digits: int) -> Text:
    """Return a change in words; ``kind`` is ``amount`` or ``percent``."""
    alike = in_one_unit((now, then))
    if not alike:
        return WORDS[Status.UNKNOWN]
    (value, unit), (before, _unit) = alike
    difference = exact_sum((value, -before)).copy_abs()
    if kind == "percent":
        if not difference:
            return text("unchanged")
        if not before:
            return text("base is 0")
        share = percent(difference, before.copy_abs(), digits)
        return text("up {percent}", percent=share) if value > before else text("down {percent}", percent=share)
    amount = in_digits(difference or ZERO) + unit  # not 0.0000
    return text("down {amount}", amount=amount) if value < before else text("up {amount}", amount=amount)


def change_in_points(now: Fraction, then: Fraction, digits: int) -> Text:
    """Return a change of a rate in words."""
    if now == then:
        return text("unchanged")
    points = percent_of(abs(now - then), digits).removesuffix("%")
    if now > then:
        return text("up {points} percentage points", points=points)
    return text("down {points} percentage points", points=points)


def share(part: Amount, base: Amount, digits: int) -> str | Text:
    """Return a percentage, or why there is none."""
    alike = in_one_unit((part, base))
    if not alike:
        return WORDS[Status.UNKNOWN]
    (value, _unit), (whole, _unit) = alike
    return percent(value, whole, digits) if whole else NO_BASE


def percent(part: Decimal, base: Decimal, digits: int) -> str:
    """Return a percentage, rounded half up."""
    with localcontext(prec=_PRECISION):
        return f"{(part * 100 / base).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)}%"


def percent_of(fraction: Fraction, digits: int) -> str:
    """Return a percentage, rounded half up."""
    return percent(Decimal(fraction.numerator), Decimal(fraction.denominator), digits)


def digits_of(written: str) -> int | Problem:
    """Return the requested number of decimals."""
    digits = _digits(written)
    if digits is not None:
        return digits
    message = text("“{format}” is not a number of digits.", format=written)
    return Problem(message, text("Write a number from 0 to 9, such as “| 1”."))


def formula_of(rate: Rate, layout: TableLayout) -> str:
    """Return the formula of a rate, in the words of the form."""
    ratio = layout.rates[rate.key]
    return f"{_side(ratio.part, layout)} ÷ {_side(ratio.base, layout)}"


def _side(terms: Sequence[Term], layout: TableLayout) -> str:
    words = [("−" if term.sign < 0 else "+", plain_label(layout, term.path)) for term in terms]
    written = " ".join(part for sign, label in words for part in (sign, label)).removeprefix("+ ")
    return f"（{written}）" if len(terms) > 1 else written


def plain_label(layout: TableLayout, path: str) -> str:
    """Return the statutory label of a figure, without the total that every row ends with."""
    indicator = layout.indicators[path]
    row = indicator.label.rpartition("·")[0] if indicator.is_column_total else ""
    return row or indicator.label  # a table of one row has no row headers


def _digits(written: str) -> int | None:
    """Return the number of decimals; None if the text is invalid."""
    plain = written.strip()
    if not plain:
        return _PLACES
    return int(plain) if re.fullmatch("[0-9]", plain) else None
