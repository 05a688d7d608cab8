"""What checks are given and what they yield."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import islice
from typing import NamedTuple, TypeAlias

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Severity, Text, ntext, text
from sphinx_govreport.core.forms.form import Form, Keys
from sphinx_govreport.core.forms.layout import TableLayout
from sphinx_govreport.core.forms.same_as import FigureKey, counterparts
from sphinx_govreport.core.reports.figures import Figure, Status
from sphinx_govreport.core.reports.keys import TOP_KEYS, written_key
from sphinx_govreport.core.reports.packed import Figures
from sphinx_govreport.core.reports.quoting import WORDS
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.rollup import Parts

#: severities that a site has chosen, by rule; None: the check is off
SeverityOverrides: TypeAlias = Mapping[str, Severity | None]

_SHOWN = 3  # unknown figures that an outcome names


class Verdict(StrEnum):
    """How a check went."""

    PASSED = "passed"
    EXPLAINED = "explained"
    FAILED = "failed"
    NOT_CHECKABLE = "not-checkable"  #: a figure that takes part is not known
    COMPUTED = "computed"  #: all totals are left out, so that there is nothing to compare
    NOT_COMPARABLE = "not-comparable"  #: last year's form counts something else
    NO_LAST_YEAR = "no-last-year"  #: there is no report of last year to compare with


#: why a check was not done that would have needed more than the figures of one report
REMARKS = {
    Verdict.COMPUTED: text("The totals are left out and computed: there is nothing to compare."),
    Verdict.NOT_COMPARABLE: text("The forms of the two years count differently."),
    Verdict.NO_LAST_YEAR: text("There is no report for the year before."),
}


class Outcome(NamedTuple):
    """One check of one report."""

    rule: Rule
    verdict: Verdict
    checked: int = 0  #: how many sums or figures were looked at
    findings: tuple[Diagnostic, ...] = ()  #: what failed, explained or not
    explanation: str = ""
    computed: int = 0  #: how many totals were not compared, since they are computed
    obstacle: Text | None = None  #: why some or all of it could not be checked


class Unknown(NamedTuple):
    """A figure for which a sum cannot be checked."""

    label: str
    pos: Pos
    status: Status


class Numbers(NamedTuple):
    """The figures of a table as far as sums are made of them: most reports are right, and need no more."""

    values: Mapping[str, Decimal | None]  #: by key path; None for what is no number
    computed: Set[str]  #: the key paths of totals that are not written
    unknown: Set[str]  #: of what is blank, wrong in itself, or computed of such

    @classmethod
    def of(cls, figures: Figures) -> Numbers:
        """Those of a table."""
        return cls(figures.numbers, figures.computed, figures.unknown)


NO_NUMBERS = Numbers({}, frozenset(), frozenset())  #: of a year without a report


@dataclass(frozen=True)
class Subject:
    """A report to be checked, last year's beside it, and their forms worked out."""

    report: Report
    last: Report | None
    forms: Mapping[str, Form]
    levels: SeverityOverrides
    parts: Parts | None = None  #: the reports below it, where a site names them
    today: datetime.date | None = None  #: the day on which it is checked; None: nobody knows
    rules: Mapping[str, Rule] = field(default_factory=dict)  #: all rules of figures, by name

    @cached_property
    def figures(self) -> dict[str, Figures]:
        """The report's figures by table."""
        return {table: Figures.of(figures, self.layouts[table]) for table, figures in self.report.figures.items()}

    @cached_property
    def is_begun(self) -> bool:
        """Whether nothing is filled in yet but what last year's report tells."""
        return self.report.is_begun(self.forms)

    @cached_property
    def last_figures(self) -> dict[str, Figures]:
        """Last year's; none without a report."""
        last = self.last.figures if self.last else {}
        return {table: Figures.of(figures, self.last_layouts[table]) for table, figures in last.items()}

    @cached_property
    def numbers(self) -> dict[str, Numbers]:
        """What sums are made of, by table."""
        return {table: Numbers.of(figures) for table, figures in self.figures.items()}

    @cached_property
    def last_numbers(self) -> dict[str, Numbers]:
        """The same of last year, under the names that this year's forms have for them; none without a report."""
        return {table: self._numbers_of_last(table) for table in self.layouts} if self.last else {}

    def _numbers_of_last(self, table: str) -> Numbers:
        last = self.last
        if last and last.forms.get(table) == self.report.forms[table]:
            return Numbers.of(self.last_figures[table])
        numbers = {name: Numbers.of(figures) for name, figures in self.last_figures.items()}
        places = {path: place for path in self.layouts[table].indicators if (place := self.last_place(table, path))}
        return Numbers(
            {path: numbers[name].values[key] for path, (name, key) in places.items()},
            frozenset(path for path, (name, key) in places.items() if key in numbers[name].computed),
            frozenset(path for path, (name, key) in places.items() if key in numbers[name].unknown),
        )

    @cached_property
    def form_rules(self) -> dict[str, Rule]:
        """Return by name the rules that only the report's forms have."""
        equations = [equation for layout in self.layouts.values() for equation in layout.equations]
        return {
            one.rule: Rule(
                one.rule,
                Severity.WARNING if one.is_explainable else Severity.ERROR,
                text("{name}", name=one.title or one.rule),
                is_explainable=one.is_explainable,
            )
            for one in reversed(equations)
            if one.rule not in self.rules
        }

    @cached_property
    def layouts(self) -> dict[str, TableLayout]:
        """The report's tables."""
        return {name: self.report.layout(name, self.forms) for name in self.report.forms}

    @cached_property
    def last_layouts(self) -> dict[str, TableLayout]:
        """Last year's tables; none without a report."""
        last = self.last
        return {name: last.layout(name, self.forms) for name in last.forms} if last else {}

    def is_comparable(self, table: str, path: str) -> bool:
        """Whether last year's report has what counts the same as a figure of this year's."""
        return self.last_place(table, path) is not None

    def last_place(self, table: str, path: str) -> FigureKey | None:
        """Where last year's report has it: a table and a key path, as last year's forms call them."""
        if self.last is None or path not in self.layouts[table].indicators:
            return None
        if self.last.forms.get(table) == self.report.forms[table]:
            return (table, path) if path in self.last_layouts[table].indicators else None
        return self._counterparts.get((table, path))

    @cached_property
    def _counterparts(self) -> Mapping[FigureKey, FigureKey]:
        return counterparts(self.report.forms, self.last.forms, self.forms) if self.last else {}

    def last_figure(self, table: str, path: str) -> Figure:
        """Last year's figure that counts the same as one of this year's. Raises ``KeyError`` where there is none."""
        place = self.last_place(table, path)
        if place is None:
            raise KeyError(table, path)
        return self.last_figures[place[0]][place[1]]

    def figure(self, path: str) -> Figure | None:
        """The figure with a whole key path; None if the report has no such figure."""
        table, _, rest = path.partition(".")
        return self.figures[table].get(rest) if table in self.figures else None

    def pos(self, figure: Figure) -> Pos:
        """Where a figure of this report stands."""
        return Pos(self.report.path, figure.line, figure.column)

    def last_pos(self, figure: Figure) -> Pos:
        """Where a figure of last year's report stands."""
        return Pos(self.last.path if self.last else "", figure.line, figure.column)


class RuleFamily(NamedTuple):
    """Rules and the check that looks for them."""

    rules: tuple[Rule, ...]  #: in the order in which readers want them
    check: Callable[[Subject], Iterable[Outcome]] | None = None  #: None: the check of another family yields them


def effective_rule(rule: Rule, levels: SeverityOverrides) -> Rule | None:
    """Return the rule at the severity that the site has chosen, None if it is off."""
    severity = levels.get(rule.name, rule.severity)
    if severity is rule.severity:
        return rule
    return replace(rule, severity=severity) if severity else None


def joined(sentences: Iterable[Text]) -> tuple[Text, ...]:
    """One after the other."""
    return tuple(part for sentence in sentences for part in (text("; "), sentence))[1:]


def unknown_in(subject: Subject, table: str, path: str, *, is_last: bool = False) -> Iterator[Unknown]:
    """The figures because of which one is not known: itself, or those of its parts if it is a computed total.

    ``is_last``: last year's that counts the same.
    """
    place = subject.last_place(table, path) if is_last else (table, path)
    if place:
        yield from _unknown_in(subject, *place, is_last=is_last)


def _unknown_in(subject: Subject, table: str, path: str, *, is_last: bool) -> Iterator[Unknown]:
    """The same of a report's own names."""
    figure = (subject.last_figures if is_last else subject.figures)[table][path]
    indicator = (subject.last_layouts if is_last else subject.layouts)[table].indicators[path]
    if figure.status is Status.UNKNOWN:
        for part in indicator.parts:
            yield from _unknown_in(subject, table, part, is_last=is_last)
    elif not figure.status.is_known:
        yield Unknown(indicator.label, subject.last_pos(figure) if is_last else subject.pos(figure), figure.status)


def obstacle_of(subject: Subject, unknown: Collection[Unknown]) -> Text:
    """Because of which figures a check is not done, or not for all sums."""
    if not unknown:
        return text("None of its figures applies.")
    shown = [
        text("{label} (line {line}) is {status}", label=one.label, line=one.pos.line, status=WORDS[one.status])
        if one.pos.path == subject.report.path
        else text("{label} ({pos}) is {status}", label=one.label, pos=str(one.pos), status=WORDS[one.status])
        for one in islice(unknown, _SHOWN)
    ]
    if len(unknown) > _SHOWN:
        shown.append(ntext("{count} more is not known", "{count} more are not known", count=len(unknown) - _SHOWN))
    return text("It cannot be checked in full: {figures}.", figures=joined(shown))


def rule_key(rule: Rule, keys: Keys) -> str:
    """Return a rule's name as year files write it."""
    return rule.chinese if keys == "zh" and rule.chinese else rule.name


def explain_entry(rule: Rule, report: Report) -> str:
    """Return what an author writes to explain a finding of a report."""
    return f"“{written_key('explanations', TOP_KEYS, report.keys)}: {{{rule_key(rule, report.keys)}: …}}”"


def explain_hint(rule: Rule, report: Report) -> Text:
    """What to do about a finding that may be right."""
    return text("If it is correct, give the reason: {entry}.", entry=explain_entry(rule, report))
