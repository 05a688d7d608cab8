"""What checks are given and what they yield."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ..diagnostics import Diagnostic, Pos, Rule, Text, text
from ..figures import Figure, Status
from ..form import TABLES, Form
from ..model import Report
from ..packed import Figures
from ..structure import Structure, structure_of
from .rules import Levels

if TYPE_CHECKING:
    from ..rollup import Parts


class Verdict(StrEnum):
    """How a check went."""

    PASSED = "passed"
    EXPLAINED = "explained"
    FAILED = "failed"
    NOT_COMPARABLE = "not-comparable"  #: last year's form counts something else
    NO_LAST_YEAR = "no-last-year"  #: there is no report of last year to compare with


class Outcome(NamedTuple):
    """One check of one report."""

    rule: Rule
    verdict: Verdict
    checked: int = 0  #: how many sums or figures were looked at
    findings: tuple[Diagnostic, ...] = ()  #: what failed, explained or not
    explanation: str = ""


class Numbers(NamedTuple):
    """The figures of a table as far as sums are made of them: most reports are right, and need no more."""

    values: Mapping[str, Decimal | None]  #: by key path; None for what is no number
    computed: Set[str]  #: the key paths of totals that are not written
    invalid: Set[str]  #: of what is wrong in itself

    @classmethod
    def of(cls, figures: Figures) -> Numbers:
        """Those of a table."""
        return cls(figures.numbers, figures.computed, frozenset(figures.having(Status.INVALID)))


NO_NUMBERS = Numbers({}, frozenset(), frozenset())  #: of a year without a report


@dataclass(frozen=True)
class Subject:
    """A report to be checked, last year's beside it, and their forms worked out."""

    report: Report
    last: Report | None
    forms: Mapping[str, Form]
    levels: Levels
    parts: Parts | None = None  #: the reports below it, where a site names them
    this_year: int | None = None  #: the year in which it is checked; None: nobody knows

    @cached_property
    def figures(self) -> dict[str, Figures]:
        """The report's figures by table."""
        return {table: Figures.of(figures, self.structures[table]) for table, figures in self.report.figures.items()}

    @cached_property
    def last_figures(self) -> dict[str, Figures]:
        """Last year's; none without a report."""
        last = self.last.figures if self.last else {}
        return {table: Figures.of(figures, self.last_structures[table]) for table, figures in last.items()}

    @cached_property
    def numbers(self) -> dict[str, Numbers]:
        """What sums are made of, by table."""
        return {table: Numbers.of(figures) for table, figures in self.figures.items()}

    @cached_property
    def last_numbers(self) -> dict[str, Numbers]:
        """The same of last year; none without a report."""
        return {table: Numbers.of(figures) for table, figures in self.last_figures.items()}

    @cached_property
    def structures(self) -> dict[str, Structure]:
        """The report's tables."""
        return {name: structure_of(self.forms[self.report.forms[name]].table(name)) for name in TABLES}

    @cached_property
    def last_structures(self) -> dict[str, Structure]:
        """Last year's tables; none without a report."""
        last = self.last
        return {name: structure_of(self.forms[last.forms[name]].table(name)) for name in TABLES} if last else {}

    def is_comparable(self, table: str, path: str) -> bool:
        """Whether a figure of last year counts the same as this year's: the form calls it by the same words."""
        here, there = self.structures[table].measures.get(path), self.last_structures[table].measures.get(path)
        return here is not None and there is not None and here.label == there.label

    def pos(self, figure: Figure) -> Pos:
        """Where a figure of this report stands."""
        return Pos(self.report.path, figure.line, figure.column)

    def last_pos(self, figure: Figure) -> Pos:
        """Where a figure of last year's report stands."""
        return Pos(self.last.path if self.last else "", figure.line, figure.column)


def explain_hint(rule: Rule) -> Text:
    """What to do about a finding that may be right."""
    return text("If it is right, say why: “explanations: {{{rule}: …}}”.", rule=rule.name)
