"""Reports of several agencies added up to that of the agency above them, figure by figure.

A figure is added only where both forms call it by the same words; the row 其他处理, which one edition has as one row and
another as three, is the sum of the three. Nothing that is not known is taken for 0: a sum that lacks a part is not given.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from .diagnostics import Diagnostic, Pos, Rule, Severity, text
from .figures import NOT_STATED, Figure, Status
from .form import TABLES, Form
from .model import Report
from .structure import Measure, Structure, structure_of

UNKNOWN_PART = Rule("unknown-part")
OTHER_FORM = Rule("other-form")
NOT_COUNTED = Rule("not-counted", Severity.WARNING)

_PER = {"万元": Decimal(10_000), "元": Decimal(1)}
_SHOWN = 3  # names of figures in one message


class Parts(NamedTuple):
    """The reports below one agency, for one year."""

    reports: tuple[Report, ...]
    absent: tuple[str, ...] = ()  #: agencies below it of which there is no report


class Added(NamedTuple):
    """A figure of several reports added up."""

    value: Decimal | None  #: None if a part of it is not known
    unit: str  #: only where figures state it
    unknown: tuple[Report, ...]  #: reports in which it is not filled in, or wrong in itself
    unlike: tuple[Report, ...]  #: reports whose form does not count it
    left_out: tuple[Report, ...]  #: reports to which it does not apply


class RolledUp(NamedTuple):
    """The sum of several reports, and what could not be added."""

    report: Report
    findings: tuple[Diagnostic, ...]


def add_up(table: str, path: str, form: Form, parts: Sequence[Report], forms: Mapping[str, Form]) -> Added:
    """One figure of ``form`` over all reports."""
    wanted = structure_of(form.table(table))
    unknown, unlike, left_out = [], [], []
    amounts: list[tuple[Decimal, str]] = []
    for report in parts:
        figures = _figures(report, table, path, wanted, structure_of(forms[report.forms[table]].table(table)))
        if not figures:
            unlike.append(report)
        elif any(figure.status in (Status.BLANK, Status.INVALID) for figure in figures):
            unknown.append(report)
        elif all(figure.status is Status.NOT_APPLICABLE for figure in figures):
            left_out.append(report)
        else:
            amounts += [(figure.value, figure.unit) for figure in figures if figure.value is not None]
    value, unit = _sum(amounts)
    return Added(None if unknown or unlike else value, unit, tuple(unknown), tuple(unlike), tuple(left_out))


def _figures(report: Report, table: str, path: str, wanted: Structure, has: Structure) -> list[Figure]:
    """The figure or figures of a report that are what a figure of another form counts; none if its form does not count it."""
    figures = report.figures[table]
    measure = has.measures.get(path)
    if measure is not None:
        return [figures[path]] if measure.label == wanted.measures[path].label else []
    row, _, column = path.rpartition(".")
    below = re.compile(rf"{re.escape(row)}\.[^.]+\.{re.escape(column)}")
    return [
        figures[other] for other, own in has.measures.items() if below.fullmatch(other) and _is_part(own, wanted.measures[path])
    ]


def _is_part(own: Measure, whole: Measure) -> bool:
    """Whether a row is one of those into which another edition divides a row of the same name."""
    row, _, column = whole.label.rpartition("·")
    return own.label.startswith(f"{row}·") and own.label.endswith(f"·{column}")


def _sum(amounts: Sequence[tuple[Decimal, str]]) -> tuple[Decimal, str]:
    """The sum; amounts in 元 and 万元 are added exactly, in 元."""
    units = {unit for value, unit in amounts if unit}
    if len(units) < 2:
        return sum((value for value, _unit in amounts), Decimal(0)), units.pop() if units else ""
    return sum((value * _PER.get(unit, Decimal(1)) for value, unit in amounts), Decimal(0)), "元"


def roll_up(agency: str, year: int, parts: Sequence[Report], forms: Mapping[str, Form]) -> RolledUp:
    """The report of ``agency`` as the sum of ``parts``, each table by the form that most of them use."""
    chosen = {table: Counter(report.forms[table] for report in parts).most_common(1)[0][0] for table in TABLES}
    sums = {
        table: {
            path: add_up(table, path, forms[form], parts, forms) for path in structure_of(forms[form].table(table)).measures
        }
        for table, form in chosen.items()
    }
    figures = {table: {path: _figure(added) for path, added in of_table.items()} for table, of_table in sums.items()}
    findings = tuple(finding for table in TABLES for finding in _findings(table, chosen[table], sums[table], parts, forms))
    return RolledUp(Report(agency, year, "", "", chosen, figures, {}, {}), findings)


def _figure(added: Added) -> Figure:
    if added.value is None:
        return NOT_STATED
    written = format(added.value.normalize() + 0, "f") if added.value == added.value.to_integral() else format(added.value, "f")
    return Figure(Status.NUMBER, added.value, written, 0, 0, added.unit if added.value else "")


def _findings(
    table: str, form: str, sums: Mapping[str, Added], parts: Sequence[Report], forms: Mapping[str, Form]
) -> Iterator[Diagnostic]:
    """For each report, what of a table could not be added."""
    measures = structure_of(forms[form].table(table)).measures
    for report in parts:
        figures = report.figures[table]
        unknown = [path for path, added in sums.items() if report in added.unknown]
        unlike = [path for path, added in sums.items() if report in added.unlike]
        left_out = [path for path, added in sums.items() if report in added.left_out]
        if unknown:
            first = next((figures[path] for path in unknown if path in figures), None)
            pos = Pos(report.path, first.line, first.column) if first else Pos(report.path)
            message = text(
                "{agency}: {names} are not known; their sums are left out.",
                agency=report.agency,
                names=_names(unknown, measures),
            )
            yield Diagnostic(UNKNOWN_PART, pos, message, text("Fill them in: 0, or “/” for not applicable."))
        if unlike:
            message = text(
                "{agency}: form {own} does not count {names}; their sums are left out.",
                agency=report.agency,
                own=report.forms[table],
                names=_names(unlike, measures),
            )
            yield Diagnostic(OTHER_FORM, Pos(report.path), message, text("Most reports use form {form}.", form=form))
        if left_out:
            message = text(
                "{agency}: {names} do not apply and are not counted.", agency=report.agency, names=_names(left_out, measures)
            )
            yield Diagnostic(NOT_COUNTED, Pos(report.path, figures[left_out[0]].line, figures[left_out[0]].column), message)


def _names(paths: Sequence[str], measures: Mapping[str, Measure]) -> str:
    listed = "、".join(measures[path].label for path in paths[:_SHOWN])
    return f"{listed}……（{len(paths)}）" if len(paths) > _SHOWN else listed
