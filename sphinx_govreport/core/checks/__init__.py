"""Checks: a report, and last year's beside it, become findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..cache import Cache
from ..diagnostics import Diagnostic, Severity, in_order
from ..form import TABLES, Form
from ..library import Library
from ..model import Report
from ..source import digest_of
from .blanks import check_blanks
from .explanations import explained, idle_explanations
from .jumps import check_jumps
from .page import Page
from .parts import check_parts
from .prose import check_prose
from .publication import check_deadline, check_likeness
from .rules import CHECKS, Levels
from .sections import check_sections
from .sums import check_sums
from .texts import check_fields, check_texts
from .values import Outcome, Subject, Verdict
from .years import check_year, is_over

if TYPE_CHECKING:
    from ..rollup import Parts

_CHECKS = (check_year, check_sums, check_blanks, check_jumps, check_parts)


@dataclass(frozen=True)
class Checked:
    """What the checks of one report found."""

    outcomes: tuple[Outcome, ...]  #: every check once
    findings: tuple[Diagnostic, ...]  #: what is not accepted, in the order of the file

    def explanations(self, table: str) -> tuple[str, ...]:
        """The reasons that are printed under a table."""
        accepted = (outcome for outcome in self.outcomes if outcome.verdict is Verdict.EXPLAINED)
        return tuple(outcome.explanation for outcome in accepted if _first_table(outcome) == table)

    def errors(self, table: str) -> tuple[Diagnostic, ...]:
        """The errors in which figures of a table take part."""
        errors = (finding for finding in self.findings if finding.rule.severity is Severity.ERROR)
        return tuple(finding for finding in errors if any(path.startswith(f"{table}.") for path in finding.figures))

    @cached_property
    def digest(self) -> str:
        """What can be seen of the checks on a page is known by this."""
        seen = [
            (outcome.rule.name, outcome.rule.severity.value, outcome.verdict.value, outcome.checked, *outcome[3:])
            for outcome in self.outcomes
        ]
        return digest_of(repr((seen, self.findings)).encode())[:16]


def check_report(
    report: Report,
    last: Report | None,
    forms: Mapping[str, Form],
    levels: Levels,
    parts: Parts | None = None,
    this_year: int | None = None,
) -> Checked:
    """Check one report. ``last`` is the same agency's report for the year before, ``parts`` is what those of the
    agencies below come to, ``this_year`` is that of the check, if it matters."""
    subject = Subject(report, last, forms, levels, parts, this_year)
    found = [outcome for check in _CHECKS for outcome in check(subject)]
    order = {rule.name: place for place, rule in enumerate(CHECKS)}
    found.sort(key=lambda outcome: order.get(outcome.rule.name, len(order)))
    outcomes = tuple(explained(subject, found))
    findings = [finding for outcome in outcomes if outcome.verdict is Verdict.FAILED for finding in outcome.findings]
    findings.extend(idle_explanations(subject, outcomes))
    return Checked(outcomes, in_order(findings))


def check_library(
    library: Library,
    levels: Levels,
    below: Mapping[str, Sequence[str]] = MappingProxyType({}),
    cache: Cache[Checked] | None = None,
    this_year: int | None = None,
) -> dict[tuple[str, int], Checked]:
    """Check all reports of a site, each against the year before and those of the agencies ``below`` it.

    A report is not checked again if ``cache`` knows how its checks went.
    """
    cache = cache or Cache(None, "")
    weights = digest_of(repr(sorted(levels.items())).encode())
    checked = {}
    for agency, year in library.entries:
        key = f"{weights}:{_known_by(library, agency, year, below)}"
        if not is_over(year, this_year):  # only such a report looks different in another year
            key += f":{this_year}"
        found = cache.get(key)
        if found is None:
            report = library.report(agency, year)
            assert report
            parts = _parts(library, below, report) if agency in below else None
            found = check_report(report, library.report(agency, year - 1), library.forms, levels, parts, this_year)
            cache.put(key, found)
        checked[agency, year] = found
    cache.save()
    return checked


def _known_by(library: Library, agency: str, year: int, below: Mapping[str, Sequence[str]]) -> str:
    """By what all the reports are known that the checks of one look at, their places in files included."""
    names = below.get(agency)
    wanted = ((agency, year), (agency, year - 1), *((name, year) for name in names or ()))
    entries = map(library.entries.get, wanted)
    known = (
        (name, entry.digest, entry.pos.path) if entry else (name, "", "")
        for (name, _year), entry in zip(wanted, entries, strict=True)
    )
    return digest_of(repr((names is None or _twice(agency, below), *known)).encode())


def _twice(agency: str, below: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    from ..hierarchy import counted_twice  # only where agencies are named that are below another

    return counted_twice(agency, below)


def _parts(library: Library, below: Mapping[str, Sequence[str]], above: Report) -> Parts:
    from ..rollup import Parts, add_up

    reports = {name: library.report(name, above.year) for name in below[above.agency]}
    there = (report for report in reports.values() if report)
    absent = tuple(name for name, report in reports.items() if report is None)
    return Parts(add_up(there, above.forms, library.forms), absent, _twice(above.agency, below))


def check_page(page: Page, report: Report, forms: Mapping[str, Form], levels: Levels) -> tuple[Diagnostic, ...]:
    """Check the page on which a report is printed."""
    subject = Subject(report, None, forms, levels)
    of_figures = (*check_sections(page, subject), *check_prose(page, subject), *check_deadline(page, levels))
    return in_order((*of_figures, *check_fields(page.path, page.fields), *check_texts(page)))


def check_pages(pages: Iterable[Page], levels: Levels) -> tuple[Diagnostic, ...]:
    """Check pages against those of the year before, in whatever order they were read."""
    named: dict[tuple[str, int], list[Page]] = defaultdict(list)
    for page in pages:
        named[page.agency, page.year].append(page)
    pairs = (
        (page, last) for (agency, year), own in named.items() for page in own for last in named.get((agency, year - 1), ())
    )
    return in_order(found for page, last in pairs for found in check_likeness(page, last, levels))


def _first_table(outcome: Outcome) -> str:
    figures = outcome.findings[0].figures if outcome.findings else ()
    return figures[0].partition(".")[0] if figures else TABLES[0]
