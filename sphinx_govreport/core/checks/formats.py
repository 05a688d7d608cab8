"""Formats of findings: lines of text, JSON, SARIF 2.1.0, GitHub's workflow commands, JUnit XML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import PureWindowsPath
from typing import TypeAlias
from urllib.parse import quote

from sphinx_govreport.core.characters import one_line, visible
from sphinx_govreport.core.checks.values import REMARKS, Outcome, Verdict
from sphinx_govreport.core.diagnostics import Diagnostic, Rule, Severity, Translate, sentences, text
from sphinx_govreport.core.json import dumped

_GITHUB_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "notice"}
Format: TypeAlias = Callable[[Sequence[Diagnostic], Translate, str], str]
SEVERITIES = {Severity.ERROR: text("error"), Severity.WARNING: text("warning"), Severity.HINT: text("hint")}


def as_text(findings: Sequence[Diagnostic], translate: Translate, _version: str) -> str:
    """Return a line for each finding, for people."""
    return "".join(
        one_line(f"{found.pos}: {SEVERITIES[found.rule.severity].render(translate)}: {found.render(translate)}")
        + f" [{one_line(found.rule.label.render(translate))}]\n"
        for found in findings
    )


def as_json(findings: Sequence[Diagnostic], translate: Translate, version: str) -> str:
    """Return an object with ``version``, ``findings`` and their ``rules``; lines and columns count from 1."""
    objects = {"findings": finding_objects(findings, translate), "rules": rule_objects(findings, translate)}
    return dumped({"version": version, **objects})


def rule_objects(findings: Iterable[Diagnostic], translate: Translate) -> dict[str, dict[str, str]]:
    """Return the rules of findings by name, as JSON objects."""
    return {found.rule.name: _about(found.rule, translate) for found in findings}


def _about(rule: Rule, translate: Translate) -> dict[str, str]:
    """Return the explanation of a rule; empty for a rule that only a local form has."""
    known = rule.explanation
    return {name: getattr(known, name).render(translate) for name in ("meaning", "reason", "advice")} if known else {}


def finding_objects(findings: Sequence[Diagnostic], translate: Translate) -> list[dict[str, object]]:
    """Return findings as JSON objects."""
    return [
        {
            "path": found.pos.path,
            "line": found.pos.line,
            "column": found.pos.column,
            "rule": found.rule.name,
            "severity": found.rule.severity.value,
            "message": found.message.render(translate),
            "hint": found.hint.render(translate) if found.hint else None,
            "figures": list(found.figures),
            "places": [place._asdict() for place in found.places],
        }
        for found in findings
    ]


def as_sarif(findings: Sequence[Diagnostic], translate: Translate, version: str) -> str:
    """Return a log of one run, for code scanning."""
    rules = {found.rule.name: found.rule for found in findings}
    results = []
    for found in findings:
        result: dict[str, object] = {
            "ruleId": found.rule.name,
            "level": "note" if found.rule.severity is Severity.HINT else found.rule.severity.value,
            "message": {"text": found.render(translate)},
            "locations": [_sarif_place(found.pos)],
        }
        if found.places:
            result["relatedLocations"] = [{"id": n} | _sarif_place(place) for n, place in enumerate(found.places)]
        results.append(result)
    described = [_sarif_rule(rule, translate) for _name, rule in sorted(rules.items())]
    driver = {"name": "sphinx-govreport", "version": version, "rules": described}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return dumped({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]})


def _sarif_rule(rule: Rule, translate: Translate) -> dict[str, object]:
    about = _about(rule, translate)
    title = rule.title.render(translate) if rule.title else about.get("meaning", rule.name)
    described: dict[str, object] = {"id": rule.name, "shortDescription": {"text": title}}
    if rule.explanation:
        described |= {
            "fullDescription": {"text": about["meaning"]},
            "help": {"text": sentences((rule.explanation.reason, rule.explanation.advice), translate)},
        }
    return described


def as_github(findings: Sequence[Diagnostic], translate: Translate, _version: str) -> str:
    """Return annotations that a workflow shows next to the line."""
    return "".join(
        f"::{_GITHUB_LEVELS[found.rule.severity]} file={_property(visible(found.pos.path))},line={found.pos.line},"
        f"col={found.pos.column},title={_property(one_line(found.rule.name))}::{_command(found.render(translate))}\n"
        for found in findings
    )


def as_junit(
    findings: Sequence[Diagnostic],
    translate: Translate,
    _version: str,
    outcomes: Iterable[tuple[str, Outcome]] = (),
    sound_pages: Iterable[str] = (),
) -> str:
    """Return a test suite with a case for each finding, check and page without one, by file; errors and warnings fail."""
    from xml.sax.saxutils import escape, quoteattr  # no build needs it

    cases: list[tuple[str, str, str]] = []  # path, name, and content of the element
    for found in findings:
        name = f"{found.rule.name} {found.pos.line}:{found.pos.column}"
        kind = "skipped" if found.rule.severity is Severity.HINT else f"failure type={quoteattr(found.rule.severity.value)}"
        cases.append((found.pos.path, name, f"<{kind} message={quoteattr(found.render(translate))} />"))
    for path, outcome in outcomes:
        if outcome.verdict is Verdict.FAILED:
            continue  # its findings are the cases
        name = f"{outcome.rule.name}: {outcome.rule.title.render(translate)}" if outcome.rule.title else outcome.rule.name
        remark = outcome.obstacle if outcome.verdict is Verdict.NOT_CHECKABLE else REMARKS.get(outcome.verdict)
        body = f"<skipped message={quoteattr(one_line(remark.render(translate)))} />" if remark else ""
        if outcome.verdict is Verdict.EXPLAINED:
            body = f"<system-out>{escape(one_line(outcome.explanation))}</system-out>"
        cases.append((path, name, body))
    sound = text("nothing was found").render(translate)
    cases += ((page, f"page: {sound}", "") for page in sound_pages)
    cases.sort(key=lambda case: case[0])
    lines = [
        f"  <testcase classname={quoteattr(visible(path))} name={quoteattr(one_line(name))}>{body}</testcase>\n"
        for path, name, body in cases
    ]
    failures, skipped = (sum(body.startswith(f"<{kind} ") for _path, _name, body in cases) for kind in ("failure", "skipped"))
    counts = f'tests="{len(cases)}" failures="{failures}" errors="0" skipped="{skipped}"'
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<testsuite name="sphinx-govreport" {counts}>\n{"".join(lines)}</testsuite>\n'
    )


FORMATS: dict[str, Format] = {"text": as_text, "json": as_json, "sarif": as_sarif, "github": as_github, "junit": as_junit}
BY_LINE = ("text", "github")  #: formats with a line for each finding, and no other lines


def _sarif_place(pos: tuple[str, int, int]) -> dict[str, object]:
    path, line, column = pos
    start = "file:///" if PureWindowsPath(path).drive.endswith(":") else ""
    place: dict[str, object] = {"artifactLocation": {"uri": start + quote(visible(path), safe="/:" if start else "/")}}
    if line:  # without a line, the finding is about the whole file
        place["region"] = {"startLine": line, "startColumn": column}
    return {"physicalLocation": place}


def _command(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _command(value).replace(":", "%3A").replace(",", "%2C")
