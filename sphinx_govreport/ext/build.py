"""What one build works with: an immutable value, made when the builder is there and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

from sphinx.builders import Builder

from sphinx_govreport.core.checks.run import Checked
from sphinx_govreport.core.checks.values import SeverityOverrides
from sphinx_govreport.core.diagnostics import Text, text
from sphinx_govreport.core.library.library import Library
from sphinx_govreport.core.reports.report import Report

ReportKey: TypeAlias = tuple[str, int]  #: agency and year


class Dependency(NamedTuple):
    """A part of the year files that a page depends on: the page is read again when its fingerprint changes."""

    agency: str  #: empty: the only one
    year: int  #: 0 where all years are meant
    about: str  #: ``report``: all of it; ``forms``: which there are; ``years``: those of the agency's reports


class Lookup(NamedTuple):
    """A report, or why there is none."""

    report: Report | None
    problem: Text | None = None
    hint: Text | None = None


@dataclass(frozen=True)
class Build:
    """All year files, and what follows from the builder and from ``conf.py``."""

    builder: Builder
    library: Library
    severities: SeverityOverrides
    checked: Mapping[ReportKey, Checked]
    downloads: tuple[str, ...]  #: the kinds of files that this builder offers beside pages
    pdfs: Mapping[str, Path]  #: by page: the PDF that LaTeX has made of it
    site_tags: Mapping[str, str]  #: the contents of meta tags in ``govreport_site``; empty: pages get no meta tags

    @property
    def is_html(self) -> bool:
        """Whether the builder writes HTML."""
        return self.builder.format == "html"

    def resolve_agency(self, name: str) -> str:
        """Return ``name`` or, where it is empty, the only agency; empty if there are several."""
        agencies = self.library.agencies
        return name or (agencies[0] if len(agencies) == 1 else "")

    def report(self, agency: str, year: int) -> Report | None:
        """Return a report; ``agency`` may be empty if there is only one."""
        return self.library.report(self.resolve_agency(agency), year)

    def years(self, agency: str) -> tuple[int, ...]:
        """Return the years of an agency's reports."""
        return self.library.years(self.resolve_agency(agency))

    def lookup(self, agency: str, year: int) -> Lookup:
        """Return a report, or say why there is none."""
        agency = self.resolve_agency(agency)
        report = self.library.report(agency, year)
        if report:
            return Lookup(report)
        agencies = "、".join(self.library.agencies)
        if not agency and agencies:
            return Lookup(None, text("Whose report for {year}?", year=year), text("Name one of: {names}.", names=agencies))
        years = "、".join(map(str, self.library.years(agency)))
        problem = (
            text("There is no report of {agency} for {year}.", agency=agency, year=year)
            if agency
            else text("There is no report for {year}.", year=year)
        )
        if years:
            hint = text("There are reports for: {years}.", years=years)
        elif agencies:
            hint = text("There are reports of: {names}.", names=agencies)
        else:
            hint = text("No year file could be read; look at govreport_data and at the messages above.")
        return Lookup(None, problem, hint)

    def fingerprint(self, dependency: Dependency) -> str:
        """Return a text that changes when what a page depends on changes."""
        agency, year = self.resolve_agency(dependency.agency), dependency.year
        if dependency.about == "years":
            return f"{agency}:{self.library.years(agency)}"
        report = self.library.digest(agency, year)
        if dependency.about == "forms":
            return f"{agency}:{report.partition('-')[2]}"
        checks = self.checked.get((agency, year))
        return f"{agency}:{report}:{checks.digest if checks else ''}"
