"""A report against the sum of the reports below it, if the site lists these."""

from __future__ import annotations

from collections.abc import Iterator

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Severity, Text, explained_rule, joined, listed, text
from sphinx_govreport.core.examples import Example, year_file
from sphinx_govreport.core.reports.figures import ZERO, Amount, Figure, Status, in_one_unit
from sphinx_govreport.core.reports.rollup import Parts, Sums

from .values import Outcome, RuleFamily, Subject, Unknown, Verdict, effective_rule, explain_hint, obstacle_of

PARTS = explained_rule(
    "parts",
    "所属部门合计",
    text("A stated figure is not the sum of the agencies below."),
    text("The report of a government is made up of those of its departments."),
    text("Check which department's report was late or was corrected; “sphinx-govreport rollup” prints the sum."),
    title=text("Every figure is the sum of the agencies below"),
    severity=Severity.WARNING,
    is_explainable=True,
    example=Example(
        (
            ("data/city.yaml", year_file("某市", upheld="5")),
            ("data/east.yaml", year_file("东区", upheld="3")),
            ("data/west.yaml", year_file("西区", upheld="1")),
        ),
        run="sphinx-govreport check --parts 某市=东区,西区 data",
    ),
)

_SHOWN = 3  # figures in one finding
_NONE = Amount(ZERO, "")  # what “/” adds to a sum


def check_parts(subject: Subject) -> Iterator[Outcome]:
    """Check every figure that all reports below have; skip the check if no agencies are listed."""
    rule = effective_rule(PARTS, subject.levels)
    if subject.parts is None or rule is None:
        return
    if subject.parts.twice or subject.parts.absent:
        finding = Diagnostic(rule, Pos(subject.report.path), _not_added(subject.parts), explain_hint(rule, subject.report))
        yield Outcome(rule, Verdict.FAILED, 0, (finding,))
        return
    findings: list[Diagnostic] = []
    checked = 0
    unknown: list[Unknown] = []
    for table in subject.layouts:
        wrong: list[tuple[str, Figure]] = []
        for path, label, figure, added in _pairs(subject, subject.parts.sums, table):
            if not added.status.is_known or not figure.status.is_known:
                status = Status.UNKNOWN if figure.status.is_known else figure.status
                unknown.append(Unknown(label, subject.pos(figure), status))
            elif added.amount or figure.amount:  # otherwise both are “/”
                checked += 1
                alike = in_one_unit((figure.amount or _NONE, added.amount or _NONE))
                if not alike or alike[0] != alike[1]:
                    wrong.append((path, added))
        if wrong:
            findings.append(_finding(subject, rule, table, wrong))
    verdict = Verdict.FAILED if findings else Verdict.NOT_CHECKABLE if unknown else Verdict.PASSED
    yield Outcome(rule, verdict, checked, tuple(findings), obstacle=obstacle_of(subject, unknown) if unknown else None)


def _pairs(subject: Subject, sums: Sums, table: str) -> Iterator[tuple[str, str, Figure, Figure]]:
    """Yield the key paths and labels of a table's figures, each with the stated figure and the sum of the parts."""
    for path, indicator in subject.layouts[table].indicators.items():
        if not indicator.is_text and path in sums.amounts[table]:  # else it is in a row that only this report has
            yield path, indicator.label, subject.figures[table][path], sums.figure(table, path)


def _not_added(parts: Parts) -> Text:
    """Return why the parts have no sum."""
    if parts.twice:
        return text("{names} already include other parts; the parts cannot be added up.", names=listed(parts.twice))
    return text("There is no report of {names}; the parts cannot be added up.", names=listed(parts.absent))


def _finding(subject: Subject, rule: Rule, table: str, wrong: list[tuple[str, Figure]]) -> Diagnostic:
    figures = subject.figures[table]
    shown = joined(_shown(subject, table, path, added) for path, added in wrong[:_SHOWN])
    more = text("; and {count} more", count=len(wrong) - _SHOWN) if len(wrong) > _SHOWN else ""
    values = {"figures": shown, "more": more}
    message = text("The figures of the agencies below do not add up to the stated figures: {figures}{more}.", **values)
    paths = tuple(f"{table}.{path}" for path, _added in wrong)
    return Diagnostic(rule, subject.pos(figures[wrong[0][0]]), message, explain_hint(rule, subject.report), paths)


def _shown(subject: Subject, table: str, path: str, added: Figure) -> Text:
    figure = subject.figures[table][path]
    return text(
        "{label} is {stated}, but the parts add up to {sum}",
        label=subject.layouts[table].indicators[path].label,
        stated=figure.text + figure.unit,
        sum=added.text + added.unit,
    )


FAMILY = RuleFamily((PARTS,), check_parts)
