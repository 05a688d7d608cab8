"""How all checks of a site went, in one JSON object: what a pack says about itself, and why there is none."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..diagnostics import Diagnostic, Pos, Rule, Severity, Translate, text
from ..formats import compact, finding_objects
from ..library import Library
from . import Checked
from .values import Verdict

#: what an HTML build calls it; the dot keeps it off the server, like Sphinx's own ``.buildinfo``
SUMMARY_NAME = ".govreport-checks.json"


class Summary(NamedTuple):
    """What a summary says, as far as a pack needs it."""

    reports: int
    counts: Mapping[Verdict, int]  #: of the checks of all reports
    errors: tuple[Diagnostic, ...]  #: what makes the site unfit to be published


def summary_text(
    library: Library,
    checked: Mapping[tuple[str, int], Checked],
    findings: Sequence[Diagnostic],
    translate: Translate,
    version: str,
) -> str:
    """Each report with the SHA-256 of its year file and the verdict of each check, the counts of all, and every finding."""
    verdicts = Counter(outcome.verdict for one in checked.values() for outcome in one.outcomes)
    reports = []
    for (agency, year), entry in sorted(library.entries.items()):
        outcomes = checked[agency, year].outcomes
        reports.append(
            {
                "agency": agency,
                "year": year,
                "path": entry.pos.path,
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
        }
    )


def read_summary(data: bytes) -> Summary | None:
    """Read what :func:`summary_text` wrote; None if it is anything else."""
    try:
        body = json.loads(data)
        counts = {verdict: int(body["counts"].get(verdict.value, 0)) for verdict in Verdict}
        findings = [_diagnostic(item) for item in body["findings"]]
        reports = [item["sha256"] for item in body["reports"]]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    return Summary(len(reports), counts, tuple(found for found in findings if found.rule.severity is Severity.ERROR))


def _diagnostic(item: Mapping[str, str]) -> Diagnostic:
    """A finding as far as it is printed again, in the language in which it was found."""
    pos = Pos(str(item["path"]), int(item["line"]), int(item["column"]))
    hint = text("{parts}", parts=str(item["hint"])) if item["hint"] else None
    return Diagnostic(
        Rule(str(item["rule"]), Severity(item["severity"])), pos, text("{parts}", parts=str(item["message"])), hint
    )
