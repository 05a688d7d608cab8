"""Check all reports of a library, each against the previous year; reports that were checked before are not checked again."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType

from sphinx_govreport.core.checks.registry import rule_plugins
from sphinx_govreport.core.checks.run import Checked, check_report
from sphinx_govreport.core.checks.values import SeverityOverrides
from sphinx_govreport.core.checks.years import is_over
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.library import Library
from sphinx_govreport.core.reports.report import Report, ReportKey
from sphinx_govreport.core.reports.rollup import Parts, add_up, counted_twice
from sphinx_govreport.core.yaml.source import digest_of


def check_library(
    library: Library,
    levels: SeverityOverrides,
    below: Mapping[str, Sequence[str]] = MappingProxyType({}),
    cache: Cache[Checked] | None = None,
    today: datetime.date | None = None,
) -> dict[ReportKey, Checked]:
    """Check all reports of a site, each against the previous year and the agencies ``below`` it.

    A report is not checked again if ``cache`` has its outcomes and all rules are ours.
    """
    if cache is None or rule_plugins().others:  # the version of a plug-in is unknown
        cache = Cache(None, "")
    weights = digest_of(repr((sorted(levels.items()), library.same_as_digest)).encode())
    below = library.declared.below(below.items())

    def check(key: ReportKey) -> Checked:
        report = library.opened(key)
        parts = _parts(library, below, report, key) if key.agency in below else None
        return check_report(report, library.report(*key.last_year), library.forms, levels, parts, today)

    checked = {}
    for key in library.entries:
        known_by = f"{weights}:{_fingerprint(library, key, below)}"
        if not is_over(key.year, today):  # the check of such a report depends on the year
            known_by += f":{today.year if today else ''}"
        if today and library.entries[key].corrected > today.isoformat():  # and that of a future correction on the date
            known_by += f":{today}"
        checked[key] = cache.get(known_by, partial(check, key))
    cache.save()
    return checked


def _fingerprint(library: Library, key: ReportKey, below: Mapping[str, Sequence[str]]) -> str:
    """Return a fingerprint of all reports that the checks of a report read, their positions in files included."""
    names = below.get(key.agency)
    wanted = (key, key.last_year, *(key._replace(agency=name) for name in names or ()))
    entries = map(library.entries.get, wanted)
    known = (
        (one.agency, entry.digest, entry.path, bool(entry.rival)) if entry else (one.agency, "", "", False)
        for one, entry in zip(wanted, entries, strict=True)
    )
    return digest_of(repr((names is None or counted_twice(key.agency, below), *known)).encode())


def _parts(library: Library, below: Mapping[str, Sequence[str]], above: Report, key: ReportKey) -> Parts | None:
    keys = [key._replace(agency=name) for name in below[above.agency]]
    there = [one for one in keys if one in library.entries]
    if any(library.entries[one].rival for one in there):
        return None
    absent = tuple(one.agency for one in keys if one not in library.entries)
    return Parts(add_up(map(library.opened, there), above.forms, library.forms), absent, counted_twice(above.agency, below))
