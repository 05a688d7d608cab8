"""Figures at least five times, or at most a fifth of, last year's: often a typo, sometimes true.

The totals of rows are compared, and all figures of tables without totals, where both forms count the same. Small differences
are ignored: 1 request after 8 is as likely as 8 after 1. An amount about 10,000 times last year's, or a ten-thousandth of it,
was probably written in the other unit (元 or 万元): that is a separate finding.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from decimal import Decimal
from functools import partial

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Severity, Text, explained_rule, joined, text
from sphinx_govreport.core.examples import Example
from sphinx_govreport.core.forms.indicators import PER_UNIT
from sphinx_govreport.core.reports.figures import Figure, in_one_unit

from .values import Outcome, RuleFamily, Subject, Unknown, Verdict, effective_rule, explain_hint, obstacle_of, unknown_in

AMOUNT_UNIT = explained_rule(
    "amount-unit",
    "金额单位",
    text("An amount is about 10,000 times last year's, or about a ten-thousandth of it (between 2,000 and 50,000 times)."),
    text("元 was probably written for 万元, or 万元 for 元: one 万元 is 10,000 元."),
    text("Check the unit that the table prescribes. If the amount is correct, write under “explanations” what has changed."),
    title=text("No amount is about 10,000 times, or a ten-thousandth of, last year's (元 or 万元?)"),
    severity=Severity.WARNING,
    is_explainable=True,
    wrong="  fees: {amount: 727012578}",
    right="  fees: {amount: 72701.2578}",
    example=Example(change=("data/2024.yaml", "{amount: 72701.2578}", "{amount: 727012578}")),
)
JUMP = explained_rule(
    "jump",
    "与上年相比变动较大",
    text("A figure is at least five times last year's, or at most a fifth of it, and the difference is 10 or more."),
    text("Often a digit was typed twice or left out; sometimes the change is real. Smaller differences are never reported."),
    text("Check the digits. If the figure is correct, write under “explanations” what has changed."),
    title=text("No figure is 5 times, or a fifth of, last year's and differs from it by 10 or more"),
    severity=Severity.HINT,
    is_explainable=True,
    wrong="  received: [33, 1, 0, 0, 0, 0]",
    right="  received: [3, 1, 0, 0, 0, 0]",
)

_TIMES = 5
_SMALL = 10  # smaller differences are ignored
_SCALE = max(PER_UNIT.values())


def check_jumps(subject: Subject) -> Iterator[Outcome]:
    """Yield the figures that have changed too much, one finding for each table and rule."""
    rules = {kind: rule for kind in (JUMP, AMOUNT_UNIT) if (rule := effective_rule(kind, subject.levels))}
    for kind, rule in rules.items():
        yield _outcome(subject, kind, rule, rules) if subject.last else Outcome(rule, Verdict.NO_LAST_YEAR)


def _outcome(subject: Subject, kind: Rule, rule: Rule, rules: Container[Rule]) -> Outcome:
    """Return the outcome of one of the ``rules`` that are not off; ``rule`` is ``kind`` at the severity of the site."""
    findings: list[Diagnostic] = []
    unknown: list[Unknown] = []
    compared = 0
    for table, layout in subject.layouts.items():
        changed: list[str] = []
        for path in filter(partial(subject.is_comparable, table), layout.summary):
            indicator = layout.indicators[path]
            is_amount = indicator.unit in PER_UNIT or not PER_UNIT.keys().isdisjoint(indicator.units)
            if kind is AMOUNT_UNIT and not is_amount:
                continue
            now, then = subject.figures[table][path], subject.last_figure(table, path)
            if not (now.status.is_known and then.status.is_known):
                unknown += unknown_in(subject, table, path)
                unknown += unknown_in(subject, table, path, is_last=True)
            if values := _comparable(now, then):
                compared += 1
                sizes = (value.copy_abs() for value in values)
                if _broken(*sizes, may_be_unit=is_amount and AMOUNT_UNIT in rules) is kind:
                    changed.append(path)
        if changed:
            findings.append(_finding(subject, rule, table, changed))
    passed = Verdict.NOT_CHECKABLE if unknown else Verdict.PASSED if compared else Verdict.NOT_COMPARABLE
    obstacle = obstacle_of(subject, unknown) if unknown else None
    return Outcome(rule, Verdict.FAILED if findings else passed, compared, tuple(findings), obstacle=obstacle)


def _comparable(now: Figure, then: Figure) -> tuple[Decimal, Decimal] | None:
    """Return the values of both figures in one unit; None if there is no such unit."""
    alike = in_one_unit((now.amount, then.amount)) if now.amount and then.amount else None
    return (alike[0].value, alike[1].value) if alike else None


def _broken(now: Decimal, then: Decimal, *, may_be_unit: bool) -> Rule | None:
    """Return the rule that a change breaks; None if it is ordinary. The wrong unit explains a change better than a typo."""
    if not _is_out_of_proportion(now, then):
        return None
    if may_be_unit and _is_scaled(now, then):
        return AMOUNT_UNIT
    return JUMP if abs(now - then) >= _SMALL else None


def _is_out_of_proportion(now: Decimal, then: Decimal) -> bool:
    """Return whether the figures differ by the factor or more; an increase from 0 has no proportion."""
    return then > 0 and not (now < then * _TIMES and then < now * _TIMES)


def _is_scaled(now: Decimal, then: Decimal) -> bool:
    """Return whether one is about 10,000 times the other, so that they are in proportion once the unit is corrected."""
    small, large = sorted((now, then))
    return small > 0 and not _is_out_of_proportion(small * _SCALE, large)


def _finding(subject: Subject, rule: Rule, table: str, paths: list[str]) -> Diagnostic:
    """Return the finding of the figures at these key paths, which have changed too much."""
    parts: list[Text] = []
    places: list[Pos] = []
    for path in paths:
        now, then = subject.figures[table][path], subject.last_figure(table, path)
        label, sizes = subject.layouts[table].indicators[path].label, _comparable(now, then)
        values = {"label": label, "then": then.text + then.unit, "now": now.text + now.unit, "line": now.line}
        up = text("{label} up from {then} to {now} (line {line})", **values)
        down = text("{label} down from {then} to {now} (line {line})", **values)
        parts.append(up if sizes and sizes[0] > sizes[1] else down)
        places += (subject.pos(now), subject.last_pos(then))
    changes = {"changes": joined(parts)}
    message = text("Unusually large change from last year: {changes}.", **changes)
    if rule.name == AMOUNT_UNIT.name:
        message = text("About 10,000 times last year's amount, or a ten-thousandth of it (元 or 万元?): {changes}.", **changes)
    keys = tuple(f"{table}.{path}" for path in paths)
    return Diagnostic(rule, places[0], message, explain_hint(rule, subject.report), keys, tuple(places))


FAMILY = RuleFamily((AMOUNT_UNIT, JUMP), check_jumps)
