"""The domain ``gov``: which page prints which report, and the library behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

from sphinx.domains import Domain

from ..core.checks import Checked
from ..core.checks.page import Page
from ..core.checks.rules import Levels
from ..core.diagnostics import Rule, Text, text, translator
from ..core.library import Library
from ..core.model import Report
from ..core.tables import Table, table_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from .nodes import gov_grid

UNKNOWN_REPORT = Rule("unknown-report")


class Answer(NamedTuple):
    """The report that a page asked for, or why there is none."""

    report: Report | None
    problem: Text | None = None
    hint: Text | None = None


class Listed(NamedTuple):
    """A page in a list of reports."""

    order: int  #: the newest year is the smallest
    docname: str
    agency: str
    title: str
    published: str  #: ``YYYY-MM-DD``, or empty


class GovDomain(Domain):
    """Remembers what pages used; the library itself is not stored but read anew on each build."""

    name = "gov"
    label = "政府信息公开工作年度报告"
    data_version = 4
    initial_data: ClassVar[dict[str, Any]] = {"uses": {}, "faulty": {}, "pages": {}, "tables": {}, "quoted": {}, "lists": {}}

    library = Library({}, {}, ())
    checked: Mapping[tuple[str, int], Checked] = MappingProxyType({})  #: by agency and year
    levels: Levels = MappingProxyType({})
    builder: Builder  #: of this build

    @property
    def is_html(self) -> bool:
        """Whether the builder writes HTML."""
        return self.builder.format == "html"

    @property
    def uses(self) -> dict[str, dict[tuple[str, int], str]]:
        """By page: the reports it asked for (agency, or "" for the only one; year) and what their content was."""
        return cast("dict[str, dict[tuple[str, int], str]]", self.data["uses"])

    @property
    def faulty(self) -> dict[str, bool]:
        """Pages with a finding of their own: they are read again on each build, so that it is reported again."""
        return cast("dict[str, bool]", self.data["faulty"])

    @property
    def pages(self) -> dict[str, Page]:
        """Pages on which a report is printed, with their text."""
        return cast("dict[str, Page]", self.data["pages"])

    @property
    def tables(self) -> dict[str, dict[tuple[str, int, str], bool]]:
        """By page: the tables that it prints, by agency, year and name."""
        return cast("dict[str, dict[tuple[str, int, str], bool]]", self.data["tables"])

    @property
    def quoted(self) -> dict[str, dict[tuple[str, int, str], str]]:
        """By page: the tables that its sentences quote, and the page to which they were linked when it was written."""
        return cast("dict[str, dict[tuple[str, int, str], str]]", self.data["quoted"])

    def note_table(self, docname: str, agency: str, year: int, table: str) -> None:
        """Remember that a page prints a table."""
        self.tables.setdefault(docname, {})[agency, year, table] = True

    def note_quote(self, docname: str, agency: str, year: int, table: str) -> None:
        """Remember that a page quotes a figure."""
        self.quoted.setdefault(docname, {})[agency, year, table] = ""

    def page_of(self, agency: str, year: int, table: str, near: str) -> str:
        """The page that prints a table: ``near`` itself if it does, else the first; empty if none does."""
        pages = sorted(docname for docname, printed in self.tables.items() if (agency, year, table) in printed)
        return near if near in pages else next(iter(pages), "")

    def relinked(self) -> list[str]:
        """Pages whose quotations now lead elsewhere, or whose lists say something else, and so must be written again."""
        changed = []
        for docname, quoted in self.quoted.items():
            pages = {key: self.page_of(*key, docname) for key in quoted}
            if pages != quoted:
                quoted.update(pages)
                changed.append(docname)
        for docname, lists in self.lists.items():
            said = {agency: self.listed(agency) for agency in lists}
            if said != lists:
                lists.update(said)
                changed.append(docname)
        return sorted(set(changed))

    @property
    def lists(self) -> dict[str, dict[str, tuple[Listed, ...]]]:
        """By page: the lists of reports on it, by agency, and what they said when the page was written."""
        return cast("dict[str, dict[str, tuple[Listed, ...]]]", self.data["lists"])

    def note_list(self, docname: str, agency: str) -> None:
        """Remember that a page has a list of reports."""
        self.lists.setdefault(docname, {})[agency] = ()

    def listed(self, agency: str) -> tuple[Listed, ...]:
        """The pages that name a report, newest year first; those of one agency if one is given.

        Where one page prints the tables, others that only name the report (charts, checks) are left out.
        """
        titles = self.env.titles
        named = {doc: page for doc, page in self.pages.items() if doc in titles and (not agency or page.agency == agency)}
        printing = {(page.agency, page.year) for doc, page in named.items() if doc in self.tables}
        entries = (
            Listed(-page.year, doc, page.agency, titles[doc].astext(), page.published)
            for doc, page in named.items()
            if doc in self.tables or (page.agency, page.year) not in printing
        )
        return tuple(sorted(entries))

    def ask_years(self, docname: str, agency: str) -> tuple[int, ...]:
        """The years of an agency's reports; the page is read again when one is added or goes."""
        self.uses.setdefault(docname, {})[agency, 0] = self._digest(agency, 0)
        return self.library.years(self._resolve(agency))

    def ask(self, docname: str, agency: str, year: int) -> Answer:
        """The report that a page prints; the page is read again when the answer changes."""
        self.uses.setdefault(docname, {})[agency, year] = self._digest(agency, year)
        whose = self._resolve(agency)
        report = self.library.report(whose, year)
        if report:
            return Answer(report)
        agencies = "、".join(self.library.agencies)
        if not whose and agencies:
            return Answer(None, text("Whose report for {year}?", year=year), text("Name one of: {names}.", names=agencies))
        years = "、".join(map(str, self.library.years(whose)))
        problem = (
            text("There is no report of {agency} for {year}.", agency=whose, year=year)
            if whose
            else text("There is no report for {year}.", year=year)
        )
        if years:
            hint = text("There are reports for: {years}.", years=years)
        elif agencies:
            hint = text("There are reports of: {names}.", names=agencies)
        else:
            hint = text("No year file could be read; look at govreport_data and at the messages above.")
        return Answer(None, problem, hint)

    def table(self, node: gov_grid) -> Table:
        """The table that a node stands for."""
        report = self.library.report(node["agency"], node["year"])
        if report is None:  # pages with a lost report have been read again without it
            raise KeyError(node["agency"], node["year"])
        table = table_of(report, self.library.forms, node["table"], caption=node["caption"], zero=node["zero"])
        if not self.is_html or not self.env.config.govreport_mark_findings:
            return table
        return table.marked(
            self.checked[report.agency, report.year].errors(node["table"]), translator(self.env.config.language)
        )

    def outdated(self) -> Iterator[str]:
        """Pages whose reports are not what they were, and pages with findings."""
        yield from self.faulty
        for docname, uses in self.uses.items():
            if any(self._digest(*question) != digest for question, digest in uses.items()):
                yield docname

    def _resolve(self, agency: str) -> str:
        agencies = self.library.agencies
        return agency or (agencies[0] if len(agencies) == 1 else "")

    def _digest(self, agency: str, year: int) -> str:
        whose = self._resolve(agency)
        if not year:
            return f"{whose}:{self.library.years(whose)}"
        checked = self.checked.get((whose, year))
        return f"{whose}:{self.library.digest(whose, year)}:{checked.digest if checked else ''}"

    # what Sphinx asks of a domain

    def clear_doc(self, docname: str) -> None:
        """Forget a page."""
        for kind in self.initial_data:
            self.data[kind].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what a worker found out about ``docnames``."""
        for kind in self.initial_data:
            for docname in docnames & otherdata[kind].keys():
                self.data[kind][docname] = otherdata[kind][docname]


def domain_of(env: BuildEnvironment) -> GovDomain:
    """The domain of a build."""
    return cast("GovDomain", env.get_domain(GovDomain.name))


def setup(app: Sphinx) -> None:
    """Register the domain."""
    app.add_domain(GovDomain)
