"""What checks are given and what they yield."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ..diagnostics import Diagnostic, Pos, Rule, Text, text
from ..figures import Figure
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


@dataclass(frozen=True)
class Subject:
    """A report to be checked, last year's beside it, and their forms worked out."""

    report: Report
    last: Report | None
    forms: Mapping[str, Form]
    levels: Levels
    parts: Parts | None = None  #: the reports below it, where a site names them

    @cached_property
    def figures(self) -> dict[str, dict[str, Figure]]:
        """The report's figures, all of which are looked at more than once."""
        return {table: _whole(figures) for table, figures in self.report.figures.items()}

    @cached_property
    def last_figures(self) -> dict[str, dict[str, Figure]]:
        """Last year's; none without a report."""
        return {table: _whole(figures) for table, figures in self.last.figures.items()} if self.last else {}

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


def _whole(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    return figures.whole() if isinstance(figures, Figures) else dict(figures)


def explain_hint(rule: Rule) -> Text:
    """What to do about a finding that may be right."""
    return text("If it is right, say why: “explanations: {{{rule}: …}}”.", rule=rule.name)
