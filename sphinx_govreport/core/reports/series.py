"""The same figures over several years, as far as the forms count the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from sphinx_govreport.core.diagnostics import Problem, Text, listed, text
from sphinx_govreport.core.forms.form import FigureSet, Form, FormTable

from .figures import in_one_unit
from .quoting import Quote, change, change_in_points, counterpart, digits_of, formula_of, plain_label, quote, tables_in
from .report import Report

_LABELLED = re.compile(r"(?P<label>[^=]+?)\s*=\s*(?P<figures>.+)")
NOT_COMPARABLE = text("not comparable")


class Point(NamedTuple):
    """The value of a series in a year."""

    year: int
    quote: Quote | None  #: None: the form of that year does not count the same

    def shown(self) -> str | Text:
        """Return its text."""
        return self.quote.shown() if self.quote else NOT_COMPARABLE


class Series(NamedTuple):
    """Figures of several years, oldest first."""

    label: str
    unit: str  #: unit of :attr:`values`; empty if its figures have different units
    points: tuple[Point, ...]
    formula: str = ""  #: the formula of a rate

    @property
    def values(self) -> tuple[Decimal | None, ...]:
        """The numbers of all points in one unit; None for points without a number."""
        alike = in_one_unit([point.quote.amount for point in self.points if point.quote and point.quote.amount])
        left = iter(alike or ())
        return tuple(next(left).value if alike and point.quote and point.quote.amount else None for point in self.points)

    def changed(self, year: int, kind: str, digits: int) -> str | Text:
        """Return the change from the previous year to ``year``, in words; empty if there is no previous year."""
        by_year = {point.year: point.quote for point in self.points}
        now, then = by_year.get(year), by_year.get(year - 1)
        if year - 1 not in by_year:
            return ""
        if now is None or then is None:
            return NOT_COMPARABLE
        if not now.amount or not then.amount:
            return "—"
        if now.fraction is not None and then.fraction is not None:
            return change_in_points(now.fraction, then.fraction, digits)
        return change(now.amount, then.amount, kind, digits)


def formula_note(label: str, formula: str) -> Text:
    """Return the note under a rate: no form asks for it, so that readers must know how it is computed."""
    return text("{label} = {formula} (computed from the table; not a statutory figure)", label=label, formula=formula)


def sets_of(tables: Mapping[str, FormTable]) -> dict[str, FigureSet]:
    """Return the figure sets of tables by name, by key and by Chinese label, with whole key paths."""
    sets = {}
    for name, table in tables.items():
        for one in table.sets:
            sets[one.key] = sets[one.label] = one._replace(figures=tuple(f"{name}.{path}" for path in one.figures))
    return sets


def tables_of_line(written: str) -> tuple[str, ...]:
    """Return the names of the tables in a line for :func:`series_of`."""
    match = _LABELLED.fullmatch(written.strip())
    return tables_in(match["figures"] if match else written)


def series_of(written: str, reports: Sequence[Report], forms: Mapping[str, Form]) -> Series | Problem:
    """Parse a line such as ``新收 = requests.received.total`` over ``reports``, oldest first; ``| 1`` sets decimals of a rate.

    The newest report whose form has the figures defines their meaning.
    """
    match = _LABELLED.fullmatch(written.strip())
    figures, mark, form = (match["figures"] if match else written.strip()).partition("|")
    problem: Problem | None = None
    for newest in reversed(reports):
        found = quote(figures.strip(), newest, forms)
        if isinstance(found, Problem):
            problem = problem or found
            continue
        if mark and not found.rate:
            return Problem(text("“{written}” is not a rate: it is printed as it is written.", written=figures.strip()), None)
        digits = digits_of(form.strip())
        if isinstance(digits, Problem):
            return digits
        found = found._replace(digits=digits)
        points = tuple(Point(report.year, counterpart(found, newest, report, forms)) for report in reports)
        label = match["label"].strip() if match else _label(found, newest, forms)
        formula = formula_of(found.rate, newest.layout(found.paths[0][0], forms)) if found.rate else ""
        return Series(label, _unit(found, points), points, formula)
    return problem or Problem(text("There is no report to take figures from."), None)


def _unit(found: Quote, points: Sequence[Point]) -> str:
    stated = in_one_unit([point.quote.amount for point in points if point.quote and point.quote.amount])
    if stated and stated[0].unit:
        return stated[0].unit
    return found.units[0] if len(found.units) == 1 else ""


def _label(found: Quote, report: Report, forms: Mapping[str, Form]) -> str:
    """Return the label of a quote, in the words of the form, with the unit of an amount; years may state different ones."""
    if found.rate:
        return found.rate.label
    layouts = [(report.layout(table, forms), path) for table, path in found.paths]
    is_amount = len(found.units) == 1 and any(layout.indicators[path].decimal for layout, path in layouts)
    return " + ".join(plain_label(*one) for one in layouts) + (f"（{found.units[0]}）" if is_amount else "")


# -- years from which forms do not count the same ------------------------------------------------------------------


def is_broken(series: Series, at: int) -> bool:
    """Return whether a series is interrupted between the point before ``at`` and that point."""
    return (series.points[at - 1].quote is None) != (series.points[at].quote is None)


def break_notes(all_series: Sequence[Series], reports: Sequence[Report], forms: Mapping[str, Form]) -> tuple[Text, ...]:
    """Return the notes about the years between which series over the same ``reports``, oldest first, are interrupted."""
    notes = []
    for at in range(1, len(reports)):
        broken = [one for one in all_series if is_broken(one, at)]
        if not broken:
            continue
        quotes = [point.quote for one in broken for point in one.points[at - 1 : at + 1] if point.quote]
        tables = dict.fromkeys(table for one in quotes for table, _path in one.paths)
        former, own = (_forms_of(report, tables) for report in reports[at - 1 : at + 1])
        shown = [dict.fromkeys(_shown(forms[name], former | own, forms) for name in names) for names in (former, own)]
        before, after = map(list, shown)
        labels = listed(one.label for one in broken)
        values = {"last": reports[at - 1].year, "year": reports[at].year, "labels": labels}
        note = text("{last} and {year} are not comparable: {labels}.", **values)
        if before != after:
            note = text(
                "{last} and {year} are not comparable: {labels}. The form changed from {former} to {forms}, and no form says "
                "that both count the same.",
                **values,
                former=listed(before),
                forms=listed(after),
            )
        notes.append(note)
    return tuple(notes)


def _forms_of(report: Report, tables: Iterable[str]) -> dict[str, None]:
    """Return the forms of some tables; if the report has none of these, the forms of all its tables."""
    return dict.fromkeys([report.forms[table] for table in tables if table in report.forms] or report.forms.values())


def _shown(form: Form, others: Iterable[str], forms: Mapping[str, Form]) -> str:
    """Return the notice that prescribes a form, with the form's name if the notice prescribes several."""
    is_alone = all(forms[name].notice != form.notice for name in others if name != form.name)
    return form.notice if is_alone else f"{form.notice}（{form.name}）"
