"""The same figures over several years, as far as the forms count them the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from sphinx_govreport.core.diagnostics import Text, text
from sphinx_govreport.core.forms.form import Form, FormTable, names_of

from .figures import in_one_unit
from .quoting import Problem, Quote, are_comparable, change, quote, tables_in
from .report import Report

_LABELLED = re.compile(r"(?P<label>[^=]+?)\s*=\s*(?P<figures>.+)")


class Point(NamedTuple):
    """A year's value of a series."""

    year: int
    quote: Quote | None  #: None: that year's form counts something else

    def shown(self) -> str | Text:
        """What is printed for it, with the unit where each year states its own."""
        if not self.quote:
            return text("not comparable")
        shown = self.quote.shown()
        return shown + self.quote.amount.unit if isinstance(shown, str) and self.quote.amount else shown


class Series(NamedTuple):
    """Figures of several years, oldest first."""

    label: str
    unit: str  #: what :attr:`values` count; empty if its figures count different things
    points: tuple[Point, ...]

    @property
    def values(self) -> tuple[Decimal | None, ...]:
        """The numbers of all points in one unit; None where there is none."""
        alike = in_one_unit([point.quote.amount for point in self.points if point.quote and point.quote.amount])
        left = iter(alike or ())
        return tuple(next(left).value if alike and point.quote and point.quote.amount else None for point in self.points)

    def changed(self, year: int, form: str) -> str | Text | Problem:
        """The change from the year before to ``year``, in words; empty if there is nothing to compare with."""
        by_year = {point.year: point.quote for point in self.points}
        now, then = by_year.get(year), by_year.get(year - 1)
        if year - 1 not in by_year:
            return ""
        if now is None or then is None:
            return text("not comparable")
        if not now.amount or not then.amount:
            return "—"
        return change(now.amount, then.amount, form)


def sets_of(report: Report, forms: Mapping[str, Form]) -> dict[str, tuple[str, ...]]:
    """The sets of figures that the report's forms know, by key and by Chinese label: whole key paths."""
    return sets_of_tables(report.tables(forms))


def sets_of_tables(tables: Mapping[str, FormTable]) -> dict[str, tuple[str, ...]]:
    """Return the same of tables by name."""
    sets = {}
    for name, table in tables.items():
        for one in table.sets:
            sets[one.key] = sets[one.label] = tuple(f"{name}.{path}" for path in one.figures)
    return sets


def tables_of_line(written: str) -> tuple[str, ...]:
    """Return the names of the tables of such a line as :func:`series_of` takes."""
    match = _LABELLED.fullmatch(written.strip())
    return tables_in(match["figures"] if match else written)


def series_of(written: str, reports: Sequence[Report], forms: Mapping[str, Form]) -> Series | Problem:
    """One line such as ``新收 = requests.received.total``, over ``reports``, oldest first.

    The newest report whose form knows the figures says what is meant.
    """
    match = _LABELLED.fullmatch(written.strip())
    figures = match["figures"] if match else written.strip()
    problem: Problem | None = None
    for newest in reversed(reports):
        found = quote(figures, newest, forms)
        if isinstance(found, Problem):
            problem = problem or found
            continue
        points = tuple(Point(report.year, _of(figures, found, newest, report, forms)) for report in reports)
        label = match["label"].strip() if match else _label(found, newest, forms)
        return Series(label, _unit(found, points, newest, forms), points)
    return problem or Problem(text("There is no report to take figures from."), None)


def _of(figures: str, meant: Quote, newest: Report, report: Report, forms: Mapping[str, Form]) -> Quote | None:
    if not are_comparable(meant, newest, report, forms):
        return None
    found = quote(figures, report, forms)
    return found if isinstance(found, Quote) and found.paths == meant.paths else None


def _unit(found: Quote, points: Sequence[Point], report: Report, forms: Mapping[str, Form]) -> str:
    stated = in_one_unit([point.quote.amount for point in points if point.quote and point.quote.amount])
    if stated and stated[0].unit:
        return stated[0].unit
    units = {report.layout(table, forms).indicators[path].unit for table, path in found.paths}
    return units.pop() if len(units) == 1 else ""


def _label(found: Quote, report: Report, forms: Mapping[str, Form]) -> str:
    """The statutory words, without the total that every row ends with."""
    labels = []
    for table, path in found.paths:
        indicator = report.layout(table, forms).indicators[path]
        row = indicator.label.rpartition("·")[0] if indicator.is_column_total else ""
        label = row or indicator.label  # a table of one row has no row headers
        labels.append(names_of(label)[-1])
    return " + ".join(labels)
