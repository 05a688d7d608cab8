"""Cells without a number: not filled in and not applicable are not 0. No notice says which figures may be blank.

One finding for each table and kind: a bureau that leaves a whole column out did one thing, not thirty.
"""

from __future__ import annotations

from collections.abc import Iterator

from sphinx_govreport.core.diagnostics import Diagnostic, Rule, RuleExplanation, Severity, text
from sphinx_govreport.core.reports.figures import Status

from .values import Outcome, RuleFamily, Subject, Verdict, effective_rule, explain_hint

NOT_FILLED = Rule(
    "not-filled",
    Severity.WARNING,
    text("Every figure is filled in"),
    is_explainable=True,
    explanation=RuleExplanation(
        text("A figure is left empty."),
        text("Empty is not 0: readers cannot tell whether there was nothing or nobody counted."),
        text("Write 0 if there was nothing. If the cell is meant to be empty, say why under “explanations”."),
        wrong="  carried-out: ['', 0, 0, 0, 0, 0]",
        right="  carried-out: [0, 0, 0, 0, 0, 0]",
    ),
)
NOT_APPLICABLE = Rule(
    "not-applicable",
    Severity.WARNING,
    text("No figure is “/”"),
    is_explainable=True,
    explanation=RuleExplanation(
        text("A figure is written as “/”."),
        text("The forms ask for numbers; “/” means that the agency has no such power, which readers want explained."),
        text("Write 0 if the agency has the power but there was no case. Otherwise say why under “explanations”."),
        wrong="  carried-out: [/, 0, 0, 0, 0, 0]",
        right="  carried-out: [0, 0, 0, 0, 0, 0]",
    ),
)

_SHOWN = 3  # names that a message lists


def check_blanks(subject: Subject) -> Iterator[Outcome]:
    """Figures that are blank or “/”."""
    for status, kind in ((Status.BLANK, NOT_FILLED), (Status.NOT_APPLICABLE, NOT_APPLICABLE)):
        rule = effective_rule(kind, subject.levels)
        if not rule:
            continue
        findings = []
        for table, figures in subject.figures.items():
            paths = figures.having(status)
            if not paths:
                continue
            indicators = subject.layouts[table].indicators
            names = "、".join(indicators[path].label for path in paths[:_SHOWN]) + ("……" if len(paths) > _SHOWN else "")
            template = (
                text("Not filled in ({count}): {names}.", count=len(paths), names=names)
                if status is Status.BLANK
                else text("Written as “/” ({count}): {names}.", count=len(paths), names=names)
            )
            places = tuple(dict.fromkeys(subject.pos(figures[path]) for path in paths))
            keys = tuple(f"{table}.{path}" for path in paths)
            findings.append(Diagnostic(rule, places[0], template, explain_hint(rule), keys, places))
        count = sum(map(len, subject.figures.values()))
        yield Outcome(rule, Verdict.FAILED if findings else Verdict.PASSED, count, tuple(findings))


FAMILY = RuleFamily((NOT_FILLED, NOT_APPLICABLE), check_blanks)
