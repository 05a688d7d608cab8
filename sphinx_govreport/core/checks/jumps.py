"""Figures that are more than five times, or less than a fifth of, last year's: often a slip of a digit, sometimes the truth.

Looked at are the figures of table 二 and the totals of the rows of tables 三 and 四, where both forms count the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics import Diagnostic, Pos, text
from ..form import TABLES
from .rules import JUMP, rule_named
from .values import Outcome, Subject, Verdict, explain_hint

_TIMES = 5


def check_jumps(subject: Subject) -> Iterator[Outcome]:
    """Figures that have changed out of all proportion, one finding for each table."""
    rule = rule_named(JUMP.name, subject.levels)
    if not rule:
        return
    if subject.last is None:
        yield Outcome(rule, Verdict.NO_LAST_YEAR)
        return
    findings: list[Diagnostic] = []
    count = 0
    for table in TABLES:
        jumped: list[str] = []
        parts: list[object] = []
        places: list[Pos] = []
        for path in _watched(subject, table):
            now, then = subject.figures[table][path], subject.last_figures[table][path]
            if now.value is None or then.value is None:
                continue
            count += 1
            if not then.value:  # from nothing to something is no proportion
                continue
            if then.value < now.value * _TIMES and now.value < then.value * _TIMES:
                continue
            label = subject.structures[table].measures[path].label
            parts += [text("; ")] if parts else []
            parts.append(
                text("{label} from {then} to {now} (line {line})", label=label, then=then.text, now=now.text, line=now.line)
            )
            jumped.append(f"{table}.{path}")
            places += [subject.pos(now), subject.last_pos(then)]
        if jumped:
            message = text("Out of all proportion to last year: {changes}.", changes=tuple(parts))
            findings.append(Diagnostic(rule, places[0], message, explain_hint(rule), tuple(jumped), tuple(places)))
    verdict = Verdict.FAILED if findings else Verdict.PASSED if count else Verdict.NOT_COMPARABLE
    yield Outcome(rule, verdict, count, tuple(findings))


def _watched(subject: Subject, table: str) -> Iterator[str]:
    return (path for path in subject.structures[table].summary if subject.is_comparable(table, path))
