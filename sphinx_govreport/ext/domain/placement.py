"""Where things of reports are printed: an immutable value, made when all pages are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from sphinx_govreport.core.checks.page import Page
from sphinx_govreport.core.diagnostics import Diagnostic
from sphinx_govreport.ext.build import ReportKey

Key: TypeAlias = tuple[str, int, str]  #: agency, year and table; the whole report has an empty table
Condition: TypeAlias = tuple[str, str]  #: a directive and its expression: what is behind it is printed only if it holds
ObjectEntry: TypeAlias = tuple[str, str, str, str, str, int]  #: as Sphinx wants the objects of a domain


@dataclass(frozen=True)
class Placement:
    """What the builder prints of reports, and on which pages."""

    unmet_conditions: frozenset[Condition] = frozenset()  #: what is behind them is not printed
    reports: Mapping[str, Page] = field(default_factory=dict)  #: by page of the output: its text, if it names a report
    tables: Mapping[str, tuple[Key, ...]] = field(default_factory=dict)  #: by page: the tables on it
    #: by page: the reports whose files are beside it, since it prints a table of theirs or has a place for the links
    downloads: Mapping[str, frozenset[ReportKey]] = field(default_factory=dict)
    has_download_places: bool = False  #: whether a page has such a place
    pages: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)  #: the pages of reports and tables, the best first
    pdfs: Mapping[ReportKey, Path] = field(default_factory=dict)  #: the PDF of the first page that offers a report
    objects: tuple[ObjectEntry, ...] = ()  #: what other sites can link to
    findings: tuple[Diagnostic, ...] = ()  #: of pages compared with one another

    def canonical_docname(self, agency: str, year: int, table: str, near: str) -> str:
        """Return the page that prints a table: ``near`` itself if it does, else the first; empty if none does.

        Without a table, return the page of the report, which is one that names it at its top if there is one, and not ``near``.
        """
        pages = self.pages.get((agency, year, table), ())
        return near if table and near in pages else next(iter(pages), "")


def pages_by_key(tables: Mapping[str, Iterable[Key]], reports: Mapping[str, Page]) -> dict[Key, tuple[str, ...]]:
    """Return the pages of each report and table; the best is one that names the report at its top and prints its tables."""
    found: dict[Key, dict[str, None]] = {}
    for docname, keys in tables.items():
        for agency, year, table in keys:
            found.setdefault((agency, year, table), {})[docname] = None
            found.setdefault((agency, year, ""), {})[docname] = None
    for docname, page in reports.items():
        found.setdefault((page.agency, page.year, ""), {})[docname] = None

    def rank(docname: str) -> tuple[bool, bool, str]:
        return docname not in reports, docname not in tables, docname

    return {key: tuple(sorted(docnames, key=rank)) for key, docnames in found.items()}
