"""Roll-ups: reports of several agencies added up, figure by figure, to that of the agency above them.

A figure is added only if both forms count the same (:mod:`~sphinx_govreport.core.forms.same_as`); the row 其他处理, which
is one row in one edition and three in another, is the sum of the three. Unknown figures are never taken for 0: a sum with a
missing part is not given.

Reports are added to :class:`Sums` in any order, and sums to each other: the result is the same in any number of processes.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from enum import Enum, auto
from pathlib import PurePosixPath
from typing import NamedTuple, TypeAlias, TypeVar

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Severity, Text, explained_rule, first_of, listed, text
from sphinx_govreport.core.examples import Example, year_file
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.indicators import Indicator
from sphinx_govreport.core.forms.layout import TableLayout, layout_of
from sphinx_govreport.core.forms.same_as import FigureKey, counterparts

from .figures import NOT_STATED, ZERO, Amount, Figure, Status, exact_sum, in_digits, in_one_unit
from .report import Report

UNKNOWN_PART = explained_rule(
    "unknown-part",
    "汇总数据不明",
    text("A figure of a part is not filled in or wrong, so its sum is unknown."),
    text("A sum that omits an agency without a message is wrong."),
    text("Ask the agency to fill in the figure: 0, or “/” for not applicable."),
    example=Example(
        (("agencies.txt", "东区\n"), ("data/east.yaml", year_file("东区", upheld="~"))),
        run="sphinx-govreport rollup data --agency 某市 --expect agencies.txt",
    ),
)
OTHER_FORM = explained_rule(
    "other-form",
    "表样不同",
    text("A part was reported with another form, which counts differently."),
    text("Figures that count different things have no sum."),
    text("Ask for the report with the form that most agencies use, or add it up by hand and say so in a note."),
    example=Example(
        (("data/east.yaml", year_file("东区", year=2020, form=2019)), ("data/west.yaml", year_file("西区", year=2020))),
        run="sphinx-govreport rollup data --agency 某市",
    ),
)
NOT_COUNTED = explained_rule(
    "not-counted",
    "不适用未计入",
    text("Figures of a part do not apply, or are in rows that only its report has, and add nothing to the sum."),
    text("Readers of the sum should know that it does not include all agencies."),
    text("Nothing, if the agency has no such power; otherwise ask it to write 0. Rows of reports need a total in the form."),
    example=Example(
        (("agencies.txt", "东区\n"), ("data/east.yaml", year_file("东区", upheld="/"))),
        run="sphinx-govreport rollup data --agency 某市 --expect agencies.txt",
    ),
    severity=Severity.WARNING,
)

_NO_TEXT = Figure(Status.BLANK, None, "", 0, 0, is_explicit=False)  # texts cannot be added


class Sums(NamedTuple):
    """Sums of reports, by table and key path."""

    forms: Mapping[str, str]  #: the form of each table of the sums
    amounts: Mapping[str, Mapping[str, Mapping[str, Decimal]]]  #: by table, key path and the unit that figures state
    unknown: frozenset[tuple[str, str]]  #: table and key path of figures with a missing part
    findings: tuple[Diagnostic, ...] = ()  #: the figures that could not be added

    def figure(self, table: str, path: str) -> Figure:
        """Return one figure; amounts in 元 and 万元 are added exactly, in 元. It is not stated if a part is unknown."""
        amounts = in_one_unit([Amount(value, unit) for unit, value in self.amounts[table][path].items()])
        if (table, path) in self.unknown or amounts is None:
            return NOT_STATED
        if not amounts:
            return Figure(Status.NOT_APPLICABLE, None, "/", 0, 0)
        value = exact_sum(amount.value for amount in amounts)
        written = str(int(value)) if value == value.to_integral_value() else in_digits(value)
        return Figure(Status.NUMBER, value, written, 0, 0, amounts[0].unit)

    def report(self, agency: str, year: int, forms: Mapping[str, Form]) -> Report:
        """Return the report of the agency above. Unknown figures are not stated."""
        figures = {
            table: {
                path: _NO_TEXT if indicator.is_text else self.figure(table, path)
                for path, indicator in _layout(forms[form], table).indicators.items()
            }
            for table, form in self.forms.items()
        }
        return Report(agency, year, "", "", dict(self.forms), figures, {}, {})


class Parts(NamedTuple):
    """The sums of the reports below an agency, for one year."""

    sums: Sums
    absent: tuple[str, ...] = ()  #: agencies below it without a report
    twice: tuple[str, ...] = ()  #: agencies below it that already include others of them


def forms_of_most(reports: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return the tables that most reports have, each with the form that most of these use; on a tie, the first."""
    counts: dict[tuple[str, ...], list[Mapping[str, str]]] = defaultdict(list)
    for forms in reports:
        counts[*forms].append(forms)
    most = max(counts.values(), key=len, default=[])
    return {table: Counter(forms[table] for forms in most).most_common(1)[0][0] for table in (most[0] if most else ())}


def add_up(reports: Iterable[Report], chosen: Mapping[str, str], forms: Mapping[str, Form]) -> Sums:
    """Return the sums of reports, each table by the ``chosen`` form."""
    amounts: dict[str, dict[str, dict[str, Decimal]]] = {
        table: {path: {} for path in _layout(forms[form], table).indicators} for table, form in chosen.items()
    }
    unknown: set[tuple[str, str]] = set()
    findings: list[Diagnostic] = []
    for report in reports:
        for table, form in chosen.items():
            wanted = _layout(forms[form], table)
            parts = _parts(report, table, form, wanted, forms)
            unknown.update((table, part.path) for part in parts if part.kind in (_Kind.UNKNOWN, _Kind.UNLIKE))
            for part in parts:
                if part.kind is _Kind.ADDED:
                    _add(amounts[table][part.path], part.figures)
            has_total = any(row.is_total for block in forms[form].table(table).blocks for row in block.rows)
            if report.forms.get(table) == form and report.rows.get(table) and not has_total:
                values = {"agency": report.published_by, "table": report.tables(forms)[table].heading}
                message = text("{agency}: the rows of {table} have no total, and are not added up.", **values)
                findings.append(Diagnostic(replace(NOT_COUNTED, severity=Severity.ERROR), Pos(report.path), message))
            if any(part.kind is not _Kind.ADDED for part in parts):
                findings += _findings(report, table, form, wanted, parts)
    return Sums(chosen, amounts, frozenset(unknown), tuple(findings))


def _layout(form: Form, table: str) -> TableLayout:
    """Return the layout of the sums: without the rows that each report lists itself."""
    return layout_of(form.table(table), names=())


def merge(one: Sums, other: Sums) -> Sums:
    """Return the total of two sums by the same forms."""
    amounts = {
        table: {path: _merged(by_unit, other.amounts[table][path]) for path, by_unit in by_path.items()}
        for table, by_path in one.amounts.items()
    }
    return Sums(one.forms, amounts, one.unknown | other.unknown, one.findings + other.findings)


def _merged(one: Mapping[str, Decimal], other: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {unit: exact_sum(by[unit] for by in (one, other) if unit in by) for unit in {**one, **other}}


# -- one report ----------------------------------------------------------------------------------------------------


class _Kind(Enum):
    """How a figure of a report is treated."""

    ADDED = auto()
    UNKNOWN = auto()  #: it is not filled in, invalid, a sum of such, or an amount without its unit
    UNLIKE = auto()  #: the report's form does not have it
    LEFT_OUT = auto()  #: it does not apply


class _Part(NamedTuple):
    path: str  #: of the figure in the sums
    kind: _Kind
    figures: tuple[Figure, ...]


def _parts(report: Report, table: str, form: str, wanted: TableLayout, forms: Mapping[str, Form]) -> list[_Part]:
    """Return the parts of a report in each figure of a table of a ``form``."""
    if report.forms.get(table) == form:
        figures = report.figures[table]
        those_of = {path: tuple(figures[own] for own in (path,) if own in figures) for path in wanted.indicators}
    else:
        same = counterparts({table: form}, report.forms, forms)
        own = report.layout(table, forms) if table in report.forms and same else None
        those_of = {
            path: tuple(report.figures[name][key] for name, key in _counterparts(table, path, same, wanted, own))
            for path in wanted.indicators
        }
    return [
        _Part(path, _kind(those, wanted.indicators[path]), those)
        for path, those in those_of.items()
        if not wanted.indicators[path].is_text
    ]


def _kind(figures: tuple[Figure, ...], indicator: Indicator) -> _Kind:
    if not figures:
        return _Kind.UNLIKE
    lacks_unit = indicator.units and any(figure.value and not figure.unit for figure in figures)
    if lacks_unit or not all(figure.status.is_known for figure in figures):
        return _Kind.UNKNOWN
    return _Kind.ADDED if any(figure.status is Status.NUMBER for figure in figures) else _Kind.LEFT_OUT


def _add(amounts: dict[str, Decimal], figures: Iterable[Figure]) -> None:
    for figure in figures:
        if figure.value is not None:
            amounts[figure.unit] = exact_sum((amounts.get(figure.unit, ZERO), figure.value))


def _counterparts(
    table: str, path: str, same: Mapping[FigureKey, FigureKey], wanted: TableLayout, own: TableLayout | None
) -> Iterator[FigureKey]:
    """Yield the figures of a report that together count the same as one of another form; none if it has no such figures."""
    if (table, path) in same:
        yield same[table, path]
    elif own and path not in own.indicators:
        yield from ((table, key) for key in _divided(wanted.indicators[path], own))


def _divided(indicator: Indicator, own: TableLayout) -> Iterator[str]:
    """Yield the figures into which another edition divides a row of the same name."""
    row, _, column = indicator.path.rpartition(".")
    below = re.compile(rf"{re.escape(row)}\.[^.]+\.{re.escape(column)}")
    label, _, head = indicator.label.rpartition("·")
    for other, part in own.indicators.items():
        if below.fullmatch(other) and part.label.startswith(f"{label}·") and part.label.endswith(f"·{head}"):
            yield other


def _findings(report: Report, table: str, form: str, wanted: TableLayout, parts: Sequence[_Part]) -> Iterator[Diagnostic]:
    """Report the figures of a report's table that could not be added."""
    of = {kind: [part for part in parts if part.kind is kind] for kind in _Kind}
    agency = report.published_by

    def names(kind: _Kind) -> tuple[str | Text, ...]:
        return first_of([wanted.indicators[part.path].label for part in of[kind]])

    if unknown := of[_Kind.UNKNOWN]:
        message = text("{agency}: {names} are not known; their sums are left out.", agency=agency, names=names(_Kind.UNKNOWN))
        yield Diagnostic(UNKNOWN_PART, _pos(report, unknown[0]), message, text("Fill them in: 0, or “/” for not applicable."))
    if of[_Kind.UNLIKE] and report.forms.get(table) != form:
        own = report.forms.get(table) or listed(dict.fromkeys(report.forms.values()))
        message = text(
            "{agency}: form {own} does not count {names}; their sums are left out.",
            agency=agency,
            own=own,
            names=names(_Kind.UNLIKE),
        )
        yield Diagnostic(OTHER_FORM, Pos(report.path), message, text("Most reports use form {form}.", form=form))
    if left_out := of[_Kind.LEFT_OUT]:
        message = text("{agency}: {names} do not apply and are not counted.", agency=agency, names=names(_Kind.LEFT_OUT))
        yield Diagnostic(NOT_COUNTED, _pos(report, left_out[0]), message)


def _pos(report: Report, part: _Part) -> Pos:
    return Pos(report.path, part.figures[0].line, part.figures[0].column)


# -- composition of agencies: no report is added to those that already include it ------------------------------------------


COUNTED_TWICE = explained_rule(
    "counted-twice",
    "重复计入",
    text("One of the reports to be added up already includes others."),
    text("Their figures would be in the sum twice."),
    text("Leave out the sum or its parts. Add an agency that only looks like a sum to the list of --expect."),
    example=Example(
        (
            ("data/district.yaml", year_file("某区", upheld="8")),
            ("data/east.yaml", year_file("东街道", upheld="3")),
            ("data/west.yaml", year_file("西街道", upheld="5")),
        ),
        run="sphinx-govreport rollup data --agency 某市",
    ),
)
NOT_ADDED = explained_rule(
    "not-added",
    "合计年报未计入",
    text("A report is the sum of other reports that are added up, and was left out."),
    text("Adding it to its parts would count them twice."),
    text("Nothing, if the message is right; otherwise correct the names after --parts or --agency."),
    example=Example(
        (("data/city.yaml", year_file("某市", upheld="3")), ("data/east.yaml", year_file("东区", upheld="3"))),
        run="sphinx-govreport rollup data --agency 某市",
    ),
    severity=Severity.WARNING,
)

Below: TypeAlias = Mapping[str, Sequence[str]]  #: the agencies below an agency, by its name

T = TypeVar("T")


class Sorted(NamedTuple):
    """Agencies, sorted into parts and sums."""

    parts: tuple[str, ...]  #: those that can be added
    made_of: Mapping[str, tuple[str, ...]]  #: those that are sums of others of them, which are complete
    torn: Mapping[str, tuple[str, ...]]  #: those that are sums of others of them, which are incomplete: no total is correct


def sort_out(names: Iterable[str], below: Below) -> Sorted:
    """Separate parts from their sums. ``below`` may have several levels."""
    there = dict.fromkeys(names)
    made_of: dict[str, tuple[str, ...]] = {}
    torn: dict[str, tuple[str, ...]] = {}
    for name in there:
        counted = members(name, below) if name in below else ()
        parts = tuple(part for part in there if part in counted and part != name) or ((name,) if name in counted else ())
        if parts:
            sums = made_of if _is_covered(name, there.keys() - {name}, below, frozenset()) else torn
            sums[name] = parts
    return Sorted(tuple(name for name in there if name not in made_of and name not in torn), made_of, torn)


def counted_twice(agency: str, below: Below) -> tuple[str, ...]:
    """Return the agencies below one that already include others of them, or the one itself."""
    names = below.get(agency, ())
    found = sort_out(names, below)
    return tuple(name for name in dict.fromkeys(names) if name not in found.parts or agency in {name, *members(name, below)})


def members(agency: str, below: Below) -> set[str]:
    """Return all agencies below one, on all levels; itself among them if the names form a circle."""
    found = dict.fromkeys(below.get(agency, ()))
    to_do = list(found)
    for name in to_do:  # the list grows
        new = [part for part in below.get(name, ()) if part not in found]
        found.update(dict.fromkeys(new))
        to_do += new
    return {*found}


def _is_covered(agency: str, there: Collection[str], below: Below, seen: frozenset[str]) -> bool:
    """Return whether all parts of an agency are there, directly or through their parts."""
    if agency in seen:
        return False
    parts = below.get(agency, ())
    return bool(parts) and all(part in there or _is_covered(part, there, below, seen | {agency}) for part in parts)


def weight(report: Report) -> Decimal:
    """Return the sum of all numbers of a report, without those with a unit: a sum of reports has that of its parts."""
    figures = (figure for by_path in report.figures.values() for figure in by_path.values())
    return exact_sum(figure.value for figure in figures if figure.value is not None and not figure.unit)


def suspects(weights: Mapping[T, Decimal], paths: Mapping[T, str]) -> list[tuple[T, list[T]]]:
    """Return the reports that have the weight of all others of a folder together, with the others: they may be their sum.

    Folders are those of the files and all above them. At least two of the others must have figures: next to empty reports, any
    report is the sum of an equal one.
    """
    groups: dict[str, list[T]] = {"": list(weights)}
    for key, path in paths.items():
        for folder in PurePosixPath(path).parents:
            groups.setdefault(str(folder), []).append(key)
    by_weight: dict[Decimal, list[list[T]]] = {}
    for group in {tuple(group): group for group in groups.values()}.values():
        by_weight.setdefault(exact_sum(weights[key] for key in group), []).append(group)
    found = []
    for key, own in weights.items():
        within = [group for group in by_weight.get(exact_sum((own, own)), ()) if key in group]
        for group in (*within, *(group for group in by_weight.get(own, ()) if key not in group)):
            others = [other for other in group if other != key]
            if sum(weights[other] > 0 for other in others) > 1:
                found.append((key, others))
    return found


def is_same(one: Sums, other: Sums, forms: Mapping[str, Form]) -> bool:
    """Return whether two sums by the same forms have equal figures, where both are known, and one that is not 0."""
    paths = ((table, path) for table, form in one.forms.items() for path in _layout(forms[form], table).indicators)
    both = [(one.figure(*path), other.figure(*path)) for path in paths]
    known = [(here, there) for here, there in both if here.value is not None and there.value is not None]
    return any(here.value for here, _there in known) and all(
        here.value == there.value and (here.unit == there.unit or not here.value) for here, there in known
    )
