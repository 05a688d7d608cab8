"""Explanations: an author says why a finding is no slip. The reason is printed under the table.

An error cannot be explained away; an explanation of nothing is itself a finding, since it would be printed for no reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Severity, text
from sphinx_govreport.core.forms.form import did_you_mean, hint_for

from .rules import CHECKS
from .values import Outcome, Subject, Verdict

UNKNOWN_RULE = Rule("unknown-rule")
NOT_EXPLAINABLE = Rule("not-explainable")
UNUSED_EXPLANATION = Rule("unused-explanation", Severity.WARNING)


def explained(subject: Subject, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """The outcomes, with those accepted that have a reason."""
    for outcome in outcomes:
        reason = subject.report.explanations.get(outcome.rule.name)
        if reason and outcome.rule.is_explainable and outcome.findings:
            yield outcome._replace(verdict=Verdict.EXPLAINED, explanation=reason.text)
        else:
            yield outcome


def idle_explanations(subject: Subject, outcomes: Iterable[Outcome]) -> Iterator[Diagnostic]:
    """What is wrong with the explanations themselves."""
    by_name = {outcome.rule.name: outcome for outcome in outcomes}
    known = {rule.name: rule for rule in CHECKS}
    for name, reason in subject.report.explanations.items():
        pos = Pos(subject.report.path, reason.line, reason.column)
        if name not in known and name not in by_name:
            explainable = [rule.name for rule in CHECKS if rule.is_explainable]
            hint = hint_for(did_you_mean(name, explainable), explainable)
            yield Diagnostic(UNKNOWN_RULE, pos, text("There is no check “{name}”.", name=name), hint)
        elif name in known and not known[name].is_explainable:
            message = text("An error of “{name}” cannot be explained away.", name=name)
            yield Diagnostic(NOT_EXPLAINABLE, pos, message, text("Correct the figures and delete the explanation."))
        elif name in by_name and by_name[name].verdict not in (Verdict.EXPLAINED, Verdict.NOT_CHECKABLE):
            message = text("The explanation of “{name}” explains nothing: the check finds nothing.", name=name)
            yield Diagnostic(UNUSED_EXPLANATION, pos, message, text("Delete it."))
