"""The domain ``gov``: which page prints which report, and the library behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

from docutils import nodes
from sphinx.domains import Domain, ObjType
from sphinx.util.nodes import make_refnode

from ..core.checks import Checked
from ..core.checks.page import Page
from ..core.checks.rules import Levels
from ..core.diagnostics import Diagnostic, Rule, Text, in_order, text, translator
from ..core.library import Library
from ..core.model import Report
from ..core.references import Target, referables, title_of
from ..core.tables import Table, table_of

if TYPE_CHECKING:
    from sphinx.addnodes import pending_xref
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
    object_types: ClassVar[dict[str, ObjType]] = {kind: ObjType(kind, kind) for kind in ("report", "table", "figure")}
    data_version = 5
    initial_data: ClassVar[dict[str, Any]] = {
        "uses": {},
        "faulty": {},
        "pages": {},
        "tables": {},
        "quoted": {},
        "referred": {},
        "found": {},
        "checks": {},
        "lists": {},
    }

    library = Library({}, {}, ())
    checked: Mapping[tuple[str, int], Checked] = MappingProxyType({})  #: by agency and year
    levels: Levels = MappingProxyType({})
    alike: tuple[Diagnostic, ...] = ()  #: what the comparison of pages found, known when all are read
    builder: Builder  #: of this build
    _objects: tuple[tuple[str, str, str, str, str, int], ...] | None = None
    _places: Mapping[tuple[str, int, str], tuple[str, ...]] = MappingProxyType({})  #: known when all pages are read

    @property
    def is_html(self) -> bool:
        """Whether the builder writes HTML."""
        return self.builder.format == "html"

    @property
    def uses(self) -> dict[str, dict[tuple[str, int], str]]:
        """By page: the reports it asked for (agency, or "" for the only one; year) and what their content was.

        Year 0 is the list of all years, a year below 0 what its report's forms are.
        """
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

    @property
    def found(self) -> dict[str, tuple[Diagnostic, ...]]:
        """By page: what is odd in its sentences and sections, hints too."""
        return cast("dict[str, tuple[Diagnostic, ...]]", self.data["found"])

    @property
    def checks(self) -> dict[str, dict[tuple[str, int], tuple[Diagnostic, ...]]]:
        """By page: the reports whose checks it prints, and what was odd in their pages when it was written."""
        return cast("dict[str, dict[tuple[str, int], tuple[Diagnostic, ...]]]", self.data["checks"])

    def note_checks(self, docname: str, agency: str, year: int) -> None:
        """Remember that a page prints how the checks of a report went."""
        self.checks.setdefault(docname, {})[agency, year] = ()

    def page_findings(self, agency: str, year: int) -> tuple[Diagnostic, ...]:
        """What is odd in the pages of a report; known when all pages are read."""
        pages = {docname: page for docname, page in self.pages.items() if (page.agency, page.year) == (agency, year)}
        paths = {page.path for page in pages.values()}
        own = (one for docname in pages for one in self.found.get(docname, ()))
        return in_order((*own, *(one for one in self.alike if one.pos.path in paths)))

    @property
    def referred(self) -> dict[str, dict[tuple[str, int, str], bool]]:
        """By page: what it refers to, by agency, year and table."""
        return cast("dict[str, dict[tuple[str, int, str], bool]]", self.data["referred"])

    def note_reference(self, docname: str, agency: str, year: int, table: str) -> None:
        """Remember that a page refers to a table or, without one, a report; to nothing that is known, without a year."""
        self.referred.setdefault(docname, {})[agency, year, table] = True
        if year:
            self.note_quote(docname, agency, year, table)

    def page_of(self, agency: str, year: int, table: str, near: str) -> str:
        """The page that prints a table: ``near`` itself if it does, else the first; empty if none does.

        Without a table: the page of the report, which is one that names it at its top if there is one, and not ``near``.
        """
        pages = self._places.get((agency, year, table), ())
        return near if table and near in pages else next(iter(pages), "")

    def _find_places(self) -> dict[tuple[str, int, str], tuple[str, ...]]:
        """The pages that print each table and report, the best first."""
        found: dict[tuple[str, int, str], set[str]] = defaultdict(set)
        for docname, printed in self.tables.items():
            for agency, year, table in printed:
                found[agency, year, table].add(docname)
                found[agency, year, ""].add(docname)
        for docname, page in self.pages.items():
            found[page.agency, page.year, ""].add(docname)

        def rank(docname: str) -> tuple[bool, bool, str]:
            return docname not in self.pages, docname not in self.tables, docname

        return {key: tuple(sorted(pages, key=rank)) for key, pages in found.items()}

    def relinked(self) -> list[str]:
        """Pages whose quotations now lead elsewhere, or whose lists say something else, and so must be written again."""
        self._places = self._find_places()
        self._objects = None
        changed = []
        for docname, quoted in self.quoted.items():
            pages = {key: self._led_to(key, docname) for key in quoted}
            if pages != quoted:
                quoted.update(pages)
                changed.append(docname)
        for docname, referred in self.referred.items():
            if not all(self.page_of(*key, docname) for key in referred):
                changed.append(docname)  # so that what is missing is reported again
        for docname, checks in self.checks.items():
            findings = {key: self.page_findings(*key) for key in checks}
            if findings != checks:
                checks.update(findings)
                changed.append(docname)
        for docname, lists in self.lists.items():
            said = {agency: self.listed(agency) for agency in lists}
            if said != lists:
                lists.update(said)
                changed.append(docname)
        return sorted(set(changed))

    def _led_to(self, key: tuple[str, int, str], near: str) -> str:
        """A quotation's page, with its title if that is what is printed."""
        page = self.page_of(*key, near)
        return page if key[2] or not page else f"{page} {self.env.titles[page].astext()}"

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
        return self.library.years(self.whose(agency))

    def ask_forms(self, docname: str, agency: str, year: int) -> Report | None:
        """The report of which a page needs no figure: it is read again when the report comes, goes or changes its forms."""
        self.uses.setdefault(docname, {})[agency, -year] = self._digest(agency, -year)
        return self.library.report(self.whose(agency), year)

    def ask(self, docname: str, agency: str, year: int) -> Answer:
        """The report that a page prints; the page is read again when the answer changes."""
        self.uses.setdefault(docname, {})[agency, year] = self._digest(agency, year)
        whose = self.whose(agency)
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
        last = self.library.report(node["agency"], node["compare"]) if "compare" in node else None
        if last:
            table = table.compared(last, translator(self.env.config.language))
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

    def whose(self, agency: str) -> str:
        """The agency that is meant: the only one where none is named."""
        agencies = self.library.agencies
        return agency or (agencies[0] if len(agencies) == 1 else "")

    def _digest(self, agency: str, year: int) -> str:
        whose = self.whose(agency)
        if not year:
            return f"{whose}:{self.library.years(whose)}"
        if year < 0:
            return f"{whose}:{self.library.digest(whose, -year).partition('-')[2]}"
        checked = self.checked.get((whose, year))
        return f"{whose}:{self.library.digest(whose, year)}:{checked.digest if checked else ''}"

    # what Sphinx asks of a domain

    def clear_doc(self, docname: str) -> None:
        """Forget a page."""
        for kind in self.initial_data:
            self.data[kind].pop(docname, None)

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        """A link to the page of a report, to a table or to a figure's cell."""
        if "govtarget" not in node:
            return None
        known = Target(*node["govtarget"])
        docname = self.page_of(known.agency, known.year, known.table, fromdocname)
        report = self.library.report(known.agency, known.year)
        if not docname or report is None:
            return None
        if not node["refexplicit"]:
            title = title_of(known, report, self.library.forms) if known.table else env.titles[docname].astext()
            contnode = nodes.inline(title, title, classes=contnode.get("classes", []))
        return make_refnode(builder, fromdocname, docname, known.anchor, contnode)

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Names of reports mean nothing without their role."""
        return []

    def get_objects(self) -> Iterable[tuple[str, str, str, str, str, int]]:
        """All that other sites can link to; not for the search, which has the pages themselves."""
        if self._objects is None:  # Sphinx asks twice
            self._objects = tuple(self._find_objects())
        return self._objects

    def _find_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        for (agency, year, table), pages in sorted(self._places.items()):
            report = self.library.report(agency, year)
            if report is None:
                continue
            if not table:
                name = Target(agency, year).name
                yield name, self.env.titles[pages[0]].astext(), "report", pages[0], "", -1
                continue
            for one in referables(report, self.library.forms, table):
                yield one.name, one.title, one.kind, pages[0], one.anchor, -1

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
