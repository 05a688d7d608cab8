"""A report against the sum of those below it, where a site says which these are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..diagnostics import Diagnostic, Pos, Rule, Text, text
from .rules import PARTS, rule_named
from .values import Outcome, Subject, Verdict, explain_hint

if TYPE_CHECKING:
    from ..rollup import Added, Parts

_SHOWN = 3  # figures in one finding


def check_parts(subject: Subject) -> Iterator[Outcome]:
    """Every figure that all reports below have; none if no agencies are named."""
    rule = rule_named(PARTS.name, subject.levels)
    if subject.parts is None or rule is None:
        return
    findings: list[Diagnostic] = []
    if subject.parts.twice or subject.parts.absent:
        message = _not_added(subject.parts)
        findings.append(Diagnostic(rule, Pos(subject.report.path), message, explain_hint(rule)))
        yield Outcome(rule, Verdict.FAILED, 0, tuple(findings))
        return
    checked = 0
    for table, structure in subject.structures.items():
        wrong: list[tuple[str, Added]] = []
        for path in structure.measures:
            added = subject.parts.sums.figure(table, path)
            figure = subject.figures[table][path]
            if added.value is not None and figure.value is not None:
                checked += 1
                if (figure.value, figure.unit if figure.value else "") != (added.value, added.unit if added.value else ""):
                    wrong.append((path, added))
        if wrong:
            findings.append(_finding(subject, rule, table, wrong))
    yield Outcome(rule, Verdict.FAILED if findings else Verdict.PASSED, checked, tuple(findings))


def _not_added(parts: Parts) -> Text:
    """Why the parts have no sum."""
    if parts.twice:
        return text("{names} already count others of the parts; they cannot be added up.", names="、".join(parts.twice))
    return text("There is no report of {names}; the parts cannot be added up.", names="、".join(parts.absent))


def _finding(subject: Subject, rule: Rule, table: str, wrong: list[tuple[str, Added]]) -> Diagnostic:
    figures = subject.figures[table]
    shown = tuple(
        part for number, (path, added) in enumerate(wrong[:_SHOWN]) for part in _shown(subject, table, path, added, number)
    )
    more = text(" and {count} more", count=len(wrong) - _SHOWN) if len(wrong) > _SHOWN else ""
    message = text("The agencies below do not add up to it: {figures}{more}.", figures=shown, more=more)
    paths = tuple(f"{table}.{path}" for path, _added in wrong)
    return Diagnostic(rule, subject.pos(figures[wrong[0][0]]), message, explain_hint(rule), paths)


def _shown(subject: Subject, table: str, path: str, added: Added, number: int) -> Iterator[str | Text]:
    if number:
        yield "；"
    figure = subject.figures[table][path]
    yield text(
        "{label} {stated}, but the parts come to {sum}",
        label=subject.structures[table].measures[path].label,
        stated=figure.text + figure.unit,
        sum=f"{added.value}{added.unit}",
    )
