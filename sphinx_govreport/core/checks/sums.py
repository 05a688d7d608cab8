"""The check of sums: every equation of the forms, computed exactly.

A finding shows both sides with their figures and lines. A typo in one figure breaks every equation with the figure; such
equations are one finding, and if only one figure explains them, the finding names it and the correct number. Equations with
an unknown figure are skipped: the outcome names the figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, groupby
from typing import NamedTuple

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Severity, Text, explained_rule, joined, listed, ntext, text
from sphinx_govreport.core.examples import Example, year_file_2019
from sphinx_govreport.core.forms.equations import Equation, Term
from sphinx_govreport.core.forms.indicators import PER_UNIT
from sphinx_govreport.core.forms.same_as import FigureKey
from sphinx_govreport.core.reports.figures import ZERO, Amount, Figure, Status, exact_sum, in_digits, in_one_unit

from .values import (
    NO_NUMBERS,
    Outcome,
    RuleFamily,
    Subject,
    Unknown,
    Verdict,
    effective_rule,
    explain_hint,
    obstacle_of,
    unknown_in,
)

ROW_TOTAL = explained_rule(
    "row-total",
    "申请人合计",
    text("In a row of the requests table, the figures of all applicants do not add up to the stated total."),
    text("总计 is by definition the sum of the columns before it; readers can see that it is wrong."),
    text("Correct the wrong figure, or omit the total: then it is computed."),
    title=text("In each row, all applicants add up to the total"),
    wrong="    granted: [3, 1, 0, 0, 0, 0, 5]",
    right="    granted: [3, 1, 0, 0, 0, 0, 4]",
)
COLUMN_TOTAL = explained_rule(
    "column-total",
    "办理结果合计",
    text("In a column of the requests table, the results do not add up to the stated （七）总计."),
    text("（七）总计 is by definition the sum of the results above it."),
    text("Correct the wrong figure, or omit the total: then it is computed."),
    title=text("In each column, all results add up to the total"),
    wrong="    other: 0\n    total: [4, 1, 0, 0, 0, 0]",
    right="    other: 0",
)
BALANCE = explained_rule(
    "balance",
    "收办平衡",
    text("In a column, the requests received and carried in do not equal those handled and carried over."),
    text("The notice prints this equation in the header of the table: every request is either handled or carried over."),
    text("Look for a request that was counted twice or not at all."),
    title=text("Received and carried in add up to handled and carried over"),
    wrong="  received: [4, 1, 0, 0, 0, 0]",
    right="  received: [3, 1, 0, 0, 0, 0]",
)
REVIEWS_TOTAL = explained_rule(
    "reviews-total",
    "复议诉讼合计",
    text("In the reviews table, the outcomes do not add up to the stated total."),
    text("总计 is by definition the sum of the four outcomes before it."),
    text("Correct the wrong figure, or omit the total: then it is computed."),
    title=text("All outcomes of reviews add up to the total"),
    wrong="reviews:\n  reconsideration: [1, 0, 0, 0, 2]\n  litigation: 0",
    right="reviews:\n  reconsideration: [1, 0, 0, 0, 1]\n  litigation: 0",
)
CARRIED_OVER = explained_rule(
    "carried-over",
    "结转衔接",
    text("The figure carried over in last year's report differs from the figure carried in this year."),
    text("Both count the requests still open at year end."),
    text("Correct this year's figure. If last year's report was wrong, say so under “explanations”."),
    title=text("Last year's carried over and this year's carried in agree"),
    severity=Severity.WARNING,
    is_explainable=True,
    wrong="  carried-in: [1, 0, 0, 0, 0, 0]",
    right="  carried-in: 0",
)
_RULES = (
    "proactive-disclosure:\n  rules: {{issued: 1, repealed: 0, in-force: {}}}\n  normative-documents: 0\n  licensing: 0\n"
    "  penalties: 0\n  coercive-measures: 0\n  fees: 0"
)
IN_FORCE = explained_rule(
    "in-force",
    "现行有效件数衔接",
    text("Documents in force last year, plus issued, less repealed, do not equal those in force this year."),
    text("The number of documents in force changes only when documents are issued or repealed."),
    text("Correct the wrong figure. If the records were revised, say so under “explanations”."),
    title=text("Documents in force last year, plus issued, less repealed, equal those in force this year"),
    severity=Severity.WARNING,
    is_explainable=True,
    wrong=_RULES.format(0),
    right=_RULES.format(1),
)
_THEN = {"documents": "{made: 3, disclosed: 3, total: 10}", "licensing": "{previous: 20, change: 2, decisions: 5}"}
_NOW = {"documents": "{made: 2, disclosed: 2, total: 15}", "licensing": "{previous: 25, change: 0, decisions: 5}"}
_TWO_YEARS = Example(
    (("data/2019.yaml", year_file_2019(2019, **_THEN)), ("data/2020.yaml", year_file_2019(2020, **_NOW))),
)
PREVIOUS_ITEMS = explained_rule(
    "previous-items",
    "上年项目数量衔接",
    text("Last year's number of items plus its change does not equal the number with which this year begins (form 2019)."),
    text("Each report begins with the number with which the previous one ends."),
    text("Correct the wrong figure, or say under “explanations” why the items were counted again."),
    title=text("Last year's items and change add up to the items of the year before in this report"),
    severity=Severity.HINT,
    is_explainable=True,
    wrong="  licensing: {previous: 12, change: 0, decisions: 30}",
    right="  licensing: {previous: 10, change: 0, decisions: 30}",
    example=_TWO_YEARS,
)
TOTAL_DISCLOSED = explained_rule(
    "total-disclosed",
    "公开总数量衔接",
    text("The total disclosed is more than last year's total plus this year's newly disclosed (form 2019)."),
    text("Everything disclosed was disclosed in this year or an earlier one."),
    text("Check whether documents of earlier years were counted for the first time, and say so under “explanations”."),
    title=text("Last year's total and this year's disclosed cover the total disclosed"),
    severity=Severity.HINT,
    is_explainable=True,
    wrong="  rules: {made: 1, disclosed: 1, total: 9}",
    right="  rules: {made: 1, disclosed: 1, total: 6}",
    example=_TWO_YEARS,
)

#: what the sides of our equations with several figures are called; those of a local form are called by its labels
_SIDES = {
    ROW_TOTAL.name: (text("the applicants"),),
    COLUMN_TOTAL.name: (text("the results"),),
    REVIEWS_TOTAL.name: (text("the outcomes"),),
    BALANCE.name: (text("received and carried in"), text("handled and carried over")),
    IN_FORCE.name: (text("last year's figure plus issued less repealed"),),
    PREVIOUS_ITEMS.name: (text("last year's items and change"),),
    TOTAL_DISCLOSED.name: (text("last year's total and this year's disclosed"),),
}

_MANY = 7  # a side with more figures than a row has shows only those that are not 0


class Sum(NamedTuple):
    """An equation with the sums of its sides."""

    table: str
    equation: Equation
    left: Decimal
    right: Decimal
    unit: str  #: of both sides; empty unless figures state theirs

    @property
    def holds(self) -> bool:
        """Whether the equation is true."""
        return self.left <= self.right if self.equation.is_at_most else self.left == self.right


@dataclass
class _Tally:
    """The results of the equations of one rule."""

    compared: int = 0
    computed: int = 0
    unknown: dict[Unknown, None] = field(default_factory=dict)
    last_year: Verdict | None = None  #: why there is nothing to compare with

    @property
    def verdict(self) -> Verdict:
        """The verdict, provided that all compared equations are true."""
        if self.unknown:
            return Verdict.NOT_CHECKABLE
        if self.compared:
            return Verdict.PASSED
        return Verdict.COMPUTED if self.computed else self.last_year or Verdict.NOT_CHECKABLE


def check_sums(subject: Subject) -> Iterator[Outcome]:
    """Check every equation of the report's forms; yield one outcome for each rule."""
    worked: list[Sum] = []
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    for table, layout in subject.layouts.items():
        for equation in layout.equations:
            worked += _work(subject, table, equation, tallies[equation.rule])
    failed = _findings(subject, worked)
    for name, tally in tallies.items():
        if rule := _rule(subject, name):
            findings = tuple(failed.get(name, ()))
            verdict = Verdict.FAILED if findings else tally.verdict
            obstacle = obstacle_of(subject, tally.unknown) if tally.unknown or verdict is Verdict.NOT_CHECKABLE else None
            yield Outcome(rule, verdict, tally.compared, findings, computed=tally.computed, obstacle=obstacle)
    for kind in ACROSS_YEARS.rules:  # of other forms: shown only with an explanation, which is then reported as unused
        if kind.name in subject.report.explanations and kind.name not in tallies and (rule := _rule(subject, kind.name)):
            yield Outcome(rule, Verdict.PASSED)


def _rule(subject: Subject, name: str) -> Rule | None:
    """Return the rule of an equation; None if it is off. A form may have additional rules."""
    return effective_rule(subject.rules.get(name) or subject.form_rules[name], subject.levels)


def _work(subject: Subject, table: str, equation: Equation, tally: _Tally) -> Iterator[Sum]:
    """Yield the sums of an equation, if they can be compared, and count it in ``tally``."""
    if equation.is_across_years and not all(subject.is_comparable(table, term.path) for term in equation.terms if term.is_last):
        tally.last_year = Verdict.NOT_COMPARABLE if subject.last else Verdict.NO_LAST_YEAR
        return
    here, last = subject.numbers[table], subject.last_numbers.get(table, NO_NUMBERS)
    has_unknown = here.unknown or last.unknown  # as few reports have
    if has_unknown and any(term.path in (last if term.is_last else here).unknown for term in equation.terms):
        causes = (unknown_in(subject, table, path, is_last=is_last) for path, _sign, is_last in equation.terms)
        tally.unknown |= dict.fromkeys(chain.from_iterable(causes))
        return
    if here.computed and all(not term.is_last and term.path in here.computed for term in equation.right):
        tally.computed += 1
        return
    values, unit = [(last if is_last else here).values[path] for path, _sign, is_last in equation.terms], ""
    if subject.layouts[table].has_units:
        figures = [_figure(subject, table, term) for term in equation.terms]
        alike = in_one_unit([figure.amount or Amount(ZERO, "") for figure in figures])
        if alike is None:
            tally.unknown |= dict.fromkeys(_obstacles(subject, table, equation, Status.NUMBER))
            return
        values, unit = [figure.value and one.value for figure, one in zip(figures, alike, strict=True)], alike[0].unit
    middle = len(equation.left)
    left, right = _side(equation.left, values[:middle]), _side(equation.right, values[middle:])
    if left is not None and right is not None:
        tally.compared += 1
        yield Sum(table, equation, left, right, unit)
    elif left is not right:  # a single “not applicable” against a number
        tally.unknown |= dict.fromkeys(_obstacles(subject, table, equation, Status.NOT_APPLICABLE))


def _side(terms: tuple[Term, ...], values: list[Decimal | None]) -> Decimal | None:
    """Return the sum of one side, without figures that do not apply; None for a single figure that does not apply."""
    if values == [None]:
        return None
    return exact_sum(value if term.sign > 0 else -value for term, value in zip(terms, values, strict=True) if value is not None)


def _obstacles(subject: Subject, table: str, equation: Equation, status: Status) -> Iterator[Unknown]:
    """Yield the figures with a status that does not allow to compare them: numbers are of unknown or other units."""
    for term in equation.terms:
        figure = _figure(subject, table, term)
        if figure.status is status and figure.unit not in PER_UNIT:
            pos = subject.last_pos(figure) if term.is_last else subject.pos(figure)
            shown = Status.UNKNOWN if status is Status.NUMBER else status
            yield Unknown(subject.layouts[table].indicators[term.path].label, pos, shown)


def _figure(subject: Subject, table: str, term: Term) -> Figure:
    return subject.last_figure(table, term.path) if term.is_last else subject.figures[table][term.path]


# -- findings ------------------------------------------------------------------------------------------------------


def _findings(subject: Subject, sums: list[Sum]) -> dict[str, list[Diagnostic]]:
    """Return the findings of the equations that are not true, by the name of their rule."""
    found: dict[str, list[Diagnostic]] = defaultdict(list)
    broken = [one for one in sums if not one.holds and _rule(subject, one.equation.rule)]
    across: dict[tuple[str, str], list[Sum]] = defaultdict(list)
    within: list[Sum] = []
    for one in broken:
        if one.equation.is_across_years or one.unit:
            across[one.equation.rule, one.table].append(one)
        else:
            within.append(one)
    for figure, together in _blamed(subject, within, sums):
        rule = together[0].equation.rule
        found[rule].append(_finding(subject, together, figure))
    for (rule, _table), together in across.items():
        found[rule].append(_finding(subject, together, None))
    return found


def _blamed(subject: Subject, broken: list[Sum], sums: list[Sum]) -> Iterator[tuple[FigureKey | None, list[Sum]]]:
    """Yield groups of broken equations that one figure explains, with that figure if it is the only one."""
    corrections = _corrections(subject, sums) if broken else {}
    left = list(broken)
    while left:
        explained = {path: [one for one in left if one in of] for path, of in corrections.items()}
        most = max(map(len, explained.values()), default=0)
        if most < 2:
            yield from ((None, [one]) for one in left)
            return
        best = [path for path, of in explained.items() if len(of) == most]
        together = explained[best[0]]
        same = [path for path in best if explained[path] == together]
        yield (same[0] if len(same) == 1 else None), together
        left = [one for one in left if one not in together]


def _corrections(subject: Subject, sums: list[Sum]) -> dict[FigureKey, list[Sum]]:
    """Return the figures whose correction would fix every equation with them, with those equations."""
    deltas: dict[FigureKey, set[Decimal]] = defaultdict(set)
    of: dict[FigureKey, list[Sum]] = defaultdict(list)
    for one in sums:
        if one.equation.is_across_years or one.unit:
            continue
        for path, sign in _stated(subject, one):
            deltas[one.table, path].add(exact_sum((one.right, -one.left)) * sign)
            of[one.table, path].append(one)
    return {key: of[key] for key, delta in deltas.items() if len(delta) == 1 and delta != {0}}


def _stated(subject: Subject, one: Sum) -> Iterator[tuple[str, int]]:
    """Yield the stated figures with their signs on the left side; the parts take the place of a computed total."""
    indicators = subject.layouts[one.table].indicators
    figures = subject.figures[one.table]

    def parts(path: str) -> Iterator[str]:
        if figures[path].is_explicit:
            yield path
        else:
            for part in indicators[path].parts:
                yield from parts(part)

    for side, terms in ((1, one.equation.left), (-1, one.equation.right)):
        for term in terms:
            yield from ((path, side * term.sign) for path in parts(term.path))


def _finding(subject: Subject, together: list[Sum], blamed: FigureKey | None) -> Diagnostic:
    first = together[0]
    rule = _rule(subject, first.equation.rule)
    assert rule
    workings = joined(_working(subject, one) for one in together)
    hint = explain_hint(rule, subject.report) if rule.is_explainable else text("Correct the wrong figure.")
    if blamed:
        table, path = blamed
        figure = subject.figures[table][path]
        message = text(
            "{label} is {written}, but {count} totals require {expected}: {workings}.",
            label=subject.layouts[table].indicators[path].label,
            written=figure.text,
            count=len(together),
            expected=_expected(subject, first, path),
            workings=workings,
        )
        pos = subject.pos(figure)
    else:
        title, source = first.equation.title, first.equation.source
        message = text("{sentence}.", sentence=workings)
        if title:
            message = text("Not met: “{title}”. {workings}.", title=title, workings=workings)
        if source:
            message = text("{message} Prescribed by: {source}.", message=message, source=source)
        here = [term for term in first.equation.terms if not term.is_last]
        pos = subject.pos(_figure(subject, first.table, here[-1]))  # the total, if there is one
    figures: dict[str, None] = {}
    places: dict[Pos, None] = {}
    for one in together:
        for term in one.equation.terms:
            part = _figure(subject, one.table, term)
            places[subject.last_pos(part) if term.is_last else subject.pos(part)] = None
            if not term.is_last:
                figures[f"{one.table}.{term.path}"] = None
    return Diagnostic(rule, pos, message, hint, tuple(figures), tuple(places))


def _expected(subject: Subject, one: Sum, blamed: str) -> Decimal:
    """Return the value of the figure at a key path with which the equation is true."""
    sign = next(sign for path, sign in _stated(subject, one) if path == blamed)
    value = subject.figures[one.table][blamed].value or ZERO
    return exact_sum((value, one.right * sign, -one.left * sign))


# -- the calculation, in words -------------------------------------------------------------------------------------


def _working(subject: Subject, one: Sum) -> Text:
    """Return both sides with their figures, lines and difference."""
    equation, indicators = one.equation, subject.layouts[one.table].indicators
    left, right = _side_text(subject, one, equation.left, one.left), _side_text(subject, one, equation.right, one.right)
    difference = in_digits(abs(one.left - one.right)) + one.unit
    if equation.is_at_most:
        return text("{left}, but {right}; over by {difference}", left=left, right=right, difference=difference)
    if len(equation.left) > 1 and len(equation.right) == 1 and not equation.is_total:
        left, right = right, left  # the single figure first: it says what the sentence is about
    working = text("{left}, but {right}; off by {difference}", left=left, right=right, difference=difference)
    if len(equation.right) > 1 < len(equation.left) or equation.is_total:
        return text("{label}: {working}", label=indicators[equation.right[0].path].label, working=working)
    return working


def _side_text(subject: Subject, one: Sum, terms: tuple[Term, ...], value: Decimal) -> Text:
    """Return ``the applicants add up to 3516 (3440+75+1, line 15)``; many zeros are only counted."""
    name = _name(subject, one, terms)
    shown = terms
    if len(terms) > _MANY:
        shown = tuple(term for term in terms if _figure(subject, one.table, term).value) or terms[:1]
    places = _places(subject, one.table, shown)
    figures_shown = [_figure(subject, one.table, term) for term in shown]
    written = [figure.text + figure.unit for figure in figures_shown]
    if len(terms) == 1:
        return text("{name} is {value} ({places})", name=name, value=written[0] or value, places=places)
    signs = ("−" if term.sign < 0 else "+" if number else "" for number, term in enumerate(shown))
    figures = "".join(sign + (figure or "0") for sign, figure in zip(signs, written, strict=True))
    others = len(terms) - len(shown)
    rest = ntext("; {count} other is 0", "; {count} others are 0", count=others) if others else ""
    values = {"name": name, "value": in_digits(value) + one.unit, "figures": figures, "places": places, "rest": rest}
    if all(term.sign > 0 for term in terms):
        return text("{name} add up to {value} ({figures}, {places}{rest})", **values)
    return text("{name} is {value} ({figures}, {places}{rest})", **values)


def _name(subject: Subject, one: Sum, terms: tuple[Term, ...]) -> object:
    """Return what a side is called: the words of our rules, or the labels of the form."""
    is_left, words = terms is one.equation.left, _SIDES.get(one.equation.rule)
    if one.equation.is_total:
        parts_name = words[0] if words else text("the parts")
        return parts_name if is_left else text("the stated total")
    if len(terms) > 1 and words:
        return words[0 if is_left else -1]
    indicators = subject.layouts[one.table].indicators
    parts: list[object] = []
    for term in terms:
        label = indicators[term.path].label
        parts += ["−" if term.sign < 0 else "+"] if parts or term.sign < 0 else []
        parts.append(text("last year's {label}", label=label) if term.is_last else label)
    return tuple(parts)


def _places(subject: Subject, table: str, terms: tuple[Term, ...]) -> tuple[object, ...]:
    """Return the lines of figures in their order: ``lines 12, 13; 2023.yaml line 14; computed``."""
    figures = ((term.is_last, _figure(subject, table, term)) for term in terms)
    placed = [(is_last, figure.line if is_last or figure.is_explicit else None) for is_last, figure in figures]
    parts: list[object] = []
    for (is_last, is_computed), group in groupby(placed, key=lambda place: (place[0], place[1] is None)):
        parts += [text("; ")] if parts else []
        if is_computed:
            parts.append(text("computed"))
            continue
        if subject.last and any(term.is_last for term in terms):
            parts.append(f"{subject.last.path if is_last else subject.report.path} ")
        lines = list(dict.fromkeys(line for _is_last, line in group if line))
        first, last = lines[0], lines[-1]
        if len(lines) > 2 and lines == list(range(first, last + 1)):
            parts.append(text("lines {first}–{last}", first=first, last=last))
        else:
            parts.append(ntext("line {lines}", "lines {lines}", count=len(lines), lines=listed(map(str, lines))))
    return tuple(parts)


WITHIN_A_YEAR = RuleFamily((ROW_TOTAL, COLUMN_TOTAL, BALANCE, REVIEWS_TOTAL), check_sums)
ACROSS_YEARS = RuleFamily((CARRIED_OVER, IN_FORCE, PREVIOUS_ITEMS, TOTAL_DISCLOSED))  # the same check finds them
