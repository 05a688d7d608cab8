"""The outcomes of all checks of a site in one JSON object: the content of a pack's summary, and why there is no pack."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sphinx_govreport.core.characters import one_line
from sphinx_govreport.core.checks.formats import finding_objects
from sphinx_govreport.core.checks.run import Checked
from sphinx_govreport.core.checks.values import Verdict
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Severity, Translate, text
from sphinx_govreport.core.json import compact
from sphinx_govreport.core.reports.report import ReportKey

from .library import Library

#: its name in an HTML build; the dot keeps it off the server, like Sphinx's own ``.buildinfo``
SUMMARY_NAME = ".govreport-checks.json"

_MOST = 10**9  # of lines and of checks


class Summary(NamedTuple):
    """The parts of a summary that a pack needs."""

    reports: int
    counts: Mapping[Verdict, int]  #: of the checks of all reports
    errors: tuple[Diagnostic, ...]  #: the errors that make the site unfit for publication


def summary_text(
    library: Library, checked: Mapping[ReportKey, Checked], findings: Sequence[Diagnostic], translate: Translate, version: str
) -> str:
    """Return each report with the SHA-256 of its year file and the verdicts of its checks, all counts, and every finding."""
    verdicts = Counter(outcome.verdict for one in checked.values() for outcome in one.outcomes)
    reports = []
    for key, entry in sorted(library.entries.items()):
        outcomes = checked[key].outcomes
        reports.append(
            {
                "agency": key.agency,
                "year": key.year,
                **({"kind": key.kind} if key.other_kind else {}),
                "path": entry.path,
                "sha256": entry.digest.partition("-")[0],
                "checks": {outcome.rule.name: outcome.verdict.value for outcome in outcomes},
            }
        )
    return compact(
        {
            "version": version,
            "counts": {verdict.value: verdicts[verdict] for verdict in Verdict},
            "reports": reports,
            "findings": finding_objects(findings, translate),
            "labels": {found.rule.name: found.rule.label.render(translate) for found in findings},
        }
    )


def read_summary(data: bytes) -> Summary | None:
    """Read the output of :func:`summary_text`; return None for anything else."""
    try:
        body = json.loads(data)
        counts = {verdict: _whole(body["counts"].get(verdict.value, 0)) for verdict in Verdict}
        findings = [_diagnostic(item, body.get("labels", {})) for item in body["findings"]]
        reports = [item["sha256"] for item in body["reports"]]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    return Summary(len(reports), counts, tuple(found for found in findings if found.rule.severity is Severity.ERROR))


def _whole(number: object) -> int:
    """Return a count. Raises :class:`TypeError` for any other value: JSON also has Infinity and NaN."""
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < _MOST:
        raise TypeError
    return number


def _diagnostic(item: Mapping[str, object], labels: Mapping[object, object]) -> Diagnostic:
    """Return a finding to print again, in the language in which it was found. The file may be hostile."""
    pos = Pos(one_line(str(item["path"])), _whole(item["line"]), _whole(item["column"]))
    hint = text("{parts}", parts=str(item["hint"])) if item["hint"] else None
    label = one_line(str(labels.get(item["rule"], "")))
    rule = Rule(one_line(str(item["rule"])), Severity(str(item["severity"])), chinese=label)
    return Diagnostic(rule, pos, text("{parts}", parts=str(item["message"])), hint)
