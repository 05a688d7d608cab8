"""Checks that are sums: every equation of the forms, worked out exactly.

A finding shows both sides with their figures and lines. A slip in one figure breaks every equation that the figure takes part
in; such equations are one finding, and if one figure alone explains them, it is named with the number that would be right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from ..diagnostics import Diagnostic, Pos, Text, text
from ..equations import Equation, Term
from ..figures import Figure
from .balance import right_sums
from .rules import rule_named
from .values import NO_NUMBERS, Numbers, Outcome, Subject, Verdict, explain_hint

_MANY = 7  # a side with more figures than a row has shows only those that are not 0


class Sum(NamedTuple):
    """An equation with its figures."""

    table: str
    equation: Equation
    left: Decimal
    right: Decimal

    @property
    def holds(self) -> bool:
        """Whether both sides agree."""
        return self.left <= self.right if self.equation.is_at_most else self.left == self.right


def check_sums(subject: Subject) -> Iterator[Outcome]:
    """Every equation of the report's forms, one outcome for each rule."""
    worked: list[Sum] = []
    counted: Counter[str] = Counter()
    verdicts: dict[str, Verdict] = {}
    for table, structure in subject.structures.items():
        right = right_sums(subject.figures[table], structure)
        counted.update(right)
        verdicts |= dict.fromkeys(right, Verdict.PASSED)
        for equation in structure.equations:
            if right and not equation.is_across_years:
                continue
            verdict = _obstacle(subject, table, equation)
            if verdict:
                verdicts.setdefault(equation.rule, verdict)
                continue
            found = list(_work(subject, table, equation))
            verdicts[equation.rule] = Verdict.PASSED
            counted[equation.rule] += len(found)
            worked += found
    failed = _findings(subject, worked)
    for name, verdict in verdicts.items():
        rule = rule_named(name, subject.levels)
        if rule:
            findings = tuple(failed.get(name, ()))
            yield Outcome(rule, Verdict.FAILED if findings else verdict, counted[name], findings)


def _obstacle(subject: Subject, table: str, equation: Equation) -> Verdict | None:
    """Why an equation across years cannot be worked out."""
    if not equation.is_across_years:
        return None
    if subject.last is None:
        return Verdict.NO_LAST_YEAR
    comparable = all(subject.is_comparable(table, term.path) for term in equation.terms if term.is_last)
    return None if comparable else Verdict.NOT_COMPARABLE


def _work(subject: Subject, table: str, equation: Equation) -> Iterator[Sum]:
    """The equation's sum, unless a side has no number or a figure is wrong in itself."""
    here, last = subject.numbers[table], subject.last_numbers.get(table, NO_NUMBERS)
    if here.computed and all(not term.is_last and term.path in here.computed for term in equation.right):
        return  # a total that was computed
    left, right = _side(equation.left, here, last), _side(equation.right, here, last)
    if left is not None and right is not None:
        yield Sum(table, equation, left, right)


def _side(terms: tuple[Term, ...], here: Numbers, last: Numbers) -> Decimal | None:
    """The sum of one side; what is not filled in adds nothing. None if no figure is a number, or one is unknown."""
    total: Decimal | None = None
    for path, sign, is_last in terms:
        numbers = last if is_last else here
        value = numbers.values[path]
        if value is not None:
            value = value if sign > 0 else -value
            total = value if total is None else total + value
        elif path in numbers.invalid:
            return None
    return total


def _figure(subject: Subject, table: str, term: Term) -> Figure:
    return (subject.last_figures if term.is_last else subject.figures)[table][term.path]


# -- findings ------------------------------------------------------------------------------------------------------


def _findings(subject: Subject, sums: list[Sum]) -> dict[str, list[Diagnostic]]:
    """What does not hold, by the rule under which it is reported."""
    found: dict[str, list[Diagnostic]] = defaultdict(list)
    broken = [one for one in sums if not one.holds and rule_named(one.equation.rule, subject.levels)]
    across: dict[tuple[str, str], list[Sum]] = defaultdict(list)
    within: list[Sum] = []
    for one in broken:
        if one.equation.is_across_years:
            across[one.equation.rule, one.table].append(one)
        else:
            within.append(one)
    for figure, together in _blamed(subject, within, sums):
        rule = together[0].equation.rule
        found[rule].append(_finding(subject, together, figure))
    for (rule, _table), together in across.items():
        found[rule].append(_finding(subject, together, None))
    return found


def _blamed(subject: Subject, broken: list[Sum], sums: list[Sum]) -> Iterator[tuple[str | None, list[Sum]]]:
    """Broken equations put together as far as one figure explains them, with that figure if there is but one."""
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


def _corrections(subject: Subject, sums: list[Sum]) -> dict[str, list[Sum]]:
    """Figures whose correction would mend every equation that they take part in, with those equations."""
    deltas: dict[tuple[str, str], set[Decimal]] = defaultdict(set)
    of: dict[tuple[str, str], list[Sum]] = defaultdict(list)
    for one in sums:
        if one.equation.is_across_years:
            continue
        for path, sign in _stated(subject, one):
            deltas[one.table, path].add((one.right - one.left) * sign)
            of[one.table, path].append(one)
    return {f"{key[0]}.{key[1]}": of[key] for key, delta in deltas.items() if len(delta) == 1 and delta != {0}}


def _stated(subject: Subject, one: Sum) -> Iterator[tuple[str, int]]:
    """The figures that were written, with their sign on the left side; a computed total stands for its parts."""
    measures = subject.structures[one.table].measures
    figures = subject.figures[one.table]

    def parts(path: str) -> Iterator[str]:
        if figures[path].is_stated:
            yield path
        else:
            for part in measures[path].parts:
                yield from parts(part)

    for side, terms in ((1, one.equation.left), (-1, one.equation.right)):
        for term in terms:
            yield from ((path, side * term.sign) for path in parts(term.path))


def _finding(subject: Subject, together: list[Sum], blamed: str | None) -> Diagnostic:
    first = together[0]
    rule = rule_named(first.equation.rule, subject.levels)
    assert rule
    assert rule.title
    workings = _joined(_working(subject, one) for one in together)
    hint = explain_hint(rule) if rule.is_explainable else text("Correct the figure that is wrong.")
    if blamed:
        figure = subject.report.figure(blamed)
        message = text(
            "{label} is {written}, but {count} sums want {expected}: {workings}.",
            label=subject.structures[first.table].measures[blamed.partition(".")[2]].label,
            written=figure.text,
            count=len(together),
            expected=_expected(subject, first, blamed),
            workings=workings,
        )
        pos = subject.pos(figure)
    else:
        message = text("{title}; here they do not: {workings}.", title=rule.title, workings=workings)
        pos = _place(subject, first)
    figures, places = _taking_part(subject, together)
    return Diagnostic(rule, pos, message, hint, figures, places)


def _expected(subject: Subject, one: Sum, blamed: str) -> Decimal:
    """What the blamed figure should be for the equation to hold."""
    path = blamed.partition(".")[2]
    sign = next(sign for other, sign in _stated(subject, one) if other == path)
    value = subject.report.figure(blamed).value or Decimal(0)
    return value + (one.right - one.left) * sign


def _place(subject: Subject, one: Sum) -> Pos:
    """Where a sum is reported: at this year's last figure, which is the total if there is one."""
    here = [term for term in one.equation.terms if not term.is_last]
    return subject.pos(_figure(subject, one.table, here[-1]))


def _taking_part(subject: Subject, together: list[Sum]) -> tuple[tuple[str, ...], tuple[Pos, ...]]:
    figures: dict[str, None] = {}
    places: dict[Pos, None] = {}
    for one in together:
        for term in one.equation.terms:
            figure = _figure(subject, one.table, term)
            places[subject.last_pos(figure) if term.is_last else subject.pos(figure)] = None
            if not term.is_last:
                figures[f"{one.table}.{term.path}"] = None
    return tuple(figures), tuple(places)


# -- the working, in words -----------------------------------------------------------------------------------------


def _working(subject: Subject, one: Sum) -> Text:
    label = subject.structures[one.table].measures[_named_by(one.equation).path].label
    left, right = _side_text(subject, one, one.equation.left), _side_text(subject, one, one.equation.right)
    template = (
        text(
            "{label}: {left} is more than {right} by {difference}",
            label=label,
            left=left,
            right=right,
            difference=one.left - one.right,
        )
        if one.equation.is_at_most
        else text(
            "{label}: {left}, but {right}; the difference is {difference}",
            label=label,
            left=left,
            right=right,
            difference=abs(one.left - one.right),
        )
    )
    return template


def _named_by(equation: Equation) -> Term:
    """The figure after which a sum is called: the first of the right side that is this year's, or of the left."""
    return next(term for term in (*equation.right, *equation.left) if not term.is_last)


def _side_text(subject: Subject, one: Sum, terms: tuple[Term, ...]) -> tuple[object, ...]:
    """``3440+75+1 (line 15) = 3516``: figures with their lines, a line once for neighbours; many zeros are only counted."""
    parts: list[object] = []
    shown = terms
    if len(terms) > _MANY:
        shown = tuple(term for term in terms if _figure(subject, one.table, term).value) or terms[:1]
    places = [_line(subject, one.table, term) for term in shown]
    for number, (term, place) in enumerate(zip(shown, places, strict=True)):
        figure = _figure(subject, one.table, term)
        written = figure.text or "0"
        parts.append(("−" if term.sign < 0 else "+" if number else "") + written)
        if number + 1 == len(shown) or places[number + 1] != place:
            parts.append(place)
    if len(shown) < len(terms):
        parts.append(text(" ({count} others are 0)", count=len(terms) - len(shown)))
    if len(terms) > 1:
        parts.append(f" = {one.left if terms is one.equation.left else one.right}")
    return tuple(parts)


def _line(subject: Subject, table: str, term: Term) -> Text:
    figure = _figure(subject, table, term)
    if term.is_last:
        assert subject.last
        return text(" ({path} line {line})", path=subject.last.path, line=figure.line)
    if not figure.is_stated:
        return text(" (computed)")
    return text(" (line {line})", line=figure.line)


def _joined(workings: Iterable[Text]) -> tuple[object, ...]:
    parts: list[object] = []
    for working in workings:
        parts += [text("; "), working] if parts else [working]
    return tuple(parts)
