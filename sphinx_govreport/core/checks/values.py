"""The input and output of checks."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import islice
from typing import NamedTuple, TypeAlias

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Severity, Text, joined, ntext, text
from sphinx_govreport.core.forms.form import Form, Keys
from sphinx_govreport.core.forms.layout import TableLayout
from sphinx_govreport.core.forms.same_as import FigureKey, counterparts
from sphinx_govreport.core.reports.figures import Figure, Status
from sphinx_govreport.core.reports.keys import TOP_KEYS, written_key
from sphinx_govreport.core.reports.packed import Figures
from sphinx_govreport.core.reports.quoting import WORDS
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.rollup import Parts

#: severities that a site has chosen, by rule; None: the rule is off
SeverityOverrides: TypeAlias = Mapping[str, Severity | None]

_SHOWN = 3  # unknown figures that an outcome lists


class Verdict(StrEnum):
    """The result of a check."""

    PASSED = "passed"  #: no finding
    EXPLAINED = "explained"  #: the author has explained the findings
    FAILED = "failed"  #: at least one finding is not explained
    NOT_CHECKABLE = "not-checkable"  #: a figure in it is unknown
    COMPUTED = "computed"  #: all totals are omitted, so that there is nothing to compare
    NOT_COMPARABLE = "not-comparable"  #: last year's form does not count the same
    NO_LAST_YEAR = "no-last-year"  #: there is no report of last year


#: why a check was skipped that needs more than the figures of one report
REMARKS = {
    Verdict.COMPUTED: text("The totals are left out and computed: there is nothing to compare."),
    Verdict.NOT_COMPARABLE: text("The forms of the two years count differently."),
    Verdict.NO_LAST_YEAR: text("There is no report for the year before."),
}


class Outcome(NamedTuple):
    """One check of one report."""

    rule: Rule  #: the rule that was checked
    verdict: Verdict  #: its result
    checked: int = 0  #: number of sums or figures that were checked
    findings: tuple[Diagnostic, ...] = ()  #: failures, explained or not
    explanation: str = ""  #: the author's reason, if the findings are explained
    computed: int = 0  #: number of totals that were not compared, since they are computed
    obstacle: Text | None = None  #: why the check was skipped or incomplete


class Unknown(NamedTuple):
    """A figure that prevents the check of a sum."""

    label: str
    pos: Pos
    status: Status


class Numbers(NamedTuple):
    """The figures of a table as the sums need them: most reports are correct and need no more."""

    values: Mapping[str, Decimal | None]  #: by key path; None where there is no number
    computed: Set[str]  #: the key paths of totals that are omitted
    unknown: Set[str]  #: the key paths of figures that are blank, invalid, or computed from such

    @classmethod
    def of(cls, figures: Figures) -> Numbers:
        """Return the numbers of a table."""
        return cls(figures.numbers, figures.computed, figures.unknown)


NO_NUMBERS = Numbers({}, frozenset(), frozenset())  #: of a year without a report


@dataclass(frozen=True)
class Subject:
    """A report to check, last year's report, and their tables."""

    report: Report
    last: Report | None
    forms: Mapping[str, Form]
    levels: SeverityOverrides
    parts: Parts | None = None  #: the sum of the reports below it, if the site lists these
    today: datetime.date | None = None  #: the date of the check; None if it is unknown
    rules: Mapping[str, Rule] = field(default_factory=dict)  #: all rules of figures, by name

    @cached_property
    def figures(self) -> dict[str, Figures]:
        """The report's figures by table."""
        return {table: Figures.of(figures, self.layouts[table]) for table, figures in self.report.figures.items()}

    @cached_property
    def is_begun(self) -> bool:
        """Whether only last year's figures are filled in yet."""
        return self.report.is_begun(self.forms)

    @cached_property
    def last_figures(self) -> dict[str, Figures]:
        """Last year's figures by table; empty without a report."""
        last = self.last.figures if self.last else {}
        return {table: Figures.of(figures, self.last_layouts[table]) for table, figures in last.items()}

    @cached_property
    def numbers(self) -> dict[str, Numbers]:
        """The numbers by table."""
        return {table: Numbers.of(figures) for table, figures in self.figures.items()}

    @cached_property
    def last_numbers(self) -> dict[str, Numbers]:
        """Last year's numbers under the key paths of this year's forms; empty without a report."""
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
        """The rules that only the report's forms have, by name."""
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
        """The report's tables by name."""
        return {name: self.report.layout(name, self.forms) for name in self.report.forms}

    @cached_property
    def last_layouts(self) -> dict[str, TableLayout]:
        """Last year's tables by name; empty without a report."""
        last = self.last
        return {name: last.layout(name, self.forms) for name in last.forms} if last else {}

    def is_comparable(self, table: str, path: str) -> bool:
        """Return whether last year's report has a figure that counts the same as one of this year's."""
        return self.last_place(table, path) is not None

    def last_place(self, table: str, path: str) -> FigureKey | None:
        """Return the table and key path of the same figure in last year's report; None if there is none."""
        if self.last is None or path not in self.layouts[table].indicators:
            return None
        if self.last.forms.get(table) == self.report.forms[table]:
            return (table, path) if path in self.last_layouts[table].indicators else None
        return self._counterparts.get((table, path))

    @cached_property
    def _counterparts(self) -> Mapping[FigureKey, FigureKey]:
        return counterparts(self.report.forms, self.last.forms, self.forms) if self.last else {}

    def last_figure(self, table: str, path: str) -> Figure:
        """Return last year's figure that counts the same as one of this year's. Raises ``KeyError`` if there is none."""
        place = self.last_place(table, path)
        if place is None:
            raise KeyError(table, path)
        return self.last_figures[place[0]][place[1]]

    def figure(self, path: str) -> Figure | None:
        """Return the figure at a whole key path; None if the report has no such figure."""
        table, _, rest = path.partition(".")
        return self.figures[table].get(rest) if table in self.figures else None

    def pos(self, figure: Figure) -> Pos:
        """Return the position of a figure of this report."""
        return Pos(self.report.path, figure.line, figure.column)

    def last_pos(self, figure: Figure) -> Pos:
        """Return the position of a figure of last year's report."""
        return Pos(self.last.path if self.last else "", figure.line, figure.column)


class RuleFamily(NamedTuple):
    """Rules and the check that yields their outcomes."""

    rules: tuple[Rule, ...]  #: in the order of display
    check: Callable[[Subject], Iterable[Outcome]] | None = None  #: None: the check of another family yields their outcomes


def effective_rule(rule: Rule, levels: SeverityOverrides) -> Rule | None:
    """Return the rule at the severity that the site has chosen; None if it is off."""
    severity = levels.get(rule.name, rule.severity)
    if severity is rule.severity:
        return rule
    return replace(rule, severity=severity) if severity else None


def unknown_in(subject: Subject, table: str, path: str, *, is_last: bool = False) -> Iterator[Unknown]:
    """Yield the figures that make a figure unknown: itself, or its parts if it is a computed total.

    ``is_last``: the figure is last year's that counts the same.
    """
    place = subject.last_place(table, path) if is_last else (table, path)
    if place:
        yield from _unknown_in(subject, *place, is_last=is_last)


def _unknown_in(subject: Subject, table: str, path: str, *, is_last: bool) -> Iterator[Unknown]:
    """Yield the same for a key path of the report itself."""
    figure = (subject.last_figures if is_last else subject.figures)[table][path]
    indicator = (subject.last_layouts if is_last else subject.layouts)[table].indicators[path]
    if figure.status is Status.UNKNOWN:
        for part in indicator.parts:
            yield from _unknown_in(subject, table, part, is_last=is_last)
    elif not figure.status.is_known:
        yield Unknown(indicator.label, subject.last_pos(figure) if is_last else subject.pos(figure), figure.status)


def obstacle_of(subject: Subject, unknown: Collection[Unknown]) -> Text:
    """Return which figures prevent the check, or the check of some sums."""
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
    """Return the hint for a finding that may be correct."""
    return text("If it is correct, give the reason: {entry}.", entry=explain_entry(rule, report))
