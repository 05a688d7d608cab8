"""The domain ``gov``: what pages use and print of reports, kept with the environment, and the targets of references."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar, cast

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

from sphinx_govreport.core.checks.page import Page
from sphinx_govreport.core.diagnostics import Diagnostic, in_order
from sphinx_govreport.core.forms.form import newest
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.tables.names import Target, title_of
from sphinx_govreport.core.versions import SHAPE
from sphinx_govreport.ext.build import Build, Dependency, Lookup, ReportKey

from .placement import Condition, Key, ObjectEntry, Placement

PDF = "pdf"  #: the kind of download
T = TypeVar("T")


class PerPage(Generic[T]):
    """A part of a domain's data: by page, a ``T``. Its name in the class is its name in the data."""

    def __set_name__(self, owner: type[Domain], name: str) -> None:
        self.name = name
        owner.initial_data[name] = {}

    def __get__(self, domain: Domain, owner: Any) -> dict[str, T]:
        return cast("dict[str, T]", domain.data[self.name])


class ListEntry(NamedTuple):
    """A page in a list of reports."""

    year: int
    docname: str
    agency: str
    title: str
    published: str  #: ``YYYY-MM-DD`` or ``YYYY-MM-DD HH:MM``, or empty
    downloads: tuple[str, ...]  #: the kinds of files that are beside the page


class GovDomain(Domain):
    """What Sphinx keeps of each page, this build, and what is known when all pages are read."""

    name = "gov"
    label = "govreport"
    object_types: ClassVar[dict[str, ObjType]] = {kind: ObjType(kind, kind) for kind in ("report", "table", "figure")}
    data_version = SHAPE
    initial_data: ClassVar[dict[str, Any]] = {}  #: filled by what is declared as :class:`PerPage`

    #: the parts of year files that it uses, and their fingerprints
    dependencies = PerPage[dict[Dependency, str]]()
    #: whether it has a finding: it is read again on each build, so that it is reported again
    faulty = PerPage[bool]()
    #: its text, if it names a report
    pages = PerPage[Page]()
    #: findings in its sentences and sections, hints too
    findings = PerPage[tuple[Diagnostic, ...]]()
    #: its tables and, without a table, its places for links to files; for each time that one is on it, the conditions
    placed = PerPage[dict[Key, tuple[tuple[Condition, ...], ...]]]()
    #: the tables that its sentences quote, and the page to which they were linked when it was written
    quotes = PerPage[dict[Key, str]]()
    #: what it refers to and must lead somewhere
    references = PerPage[dict[Key, bool]]()
    #: the reports of its check tables, and the findings of their pages when it was written
    check_tables = PerPage[dict[ReportKey, tuple[Diagnostic, ...]]]()
    #: its lists of reports by agency, and their entries when it was written
    report_lists = PerPage[dict[str, tuple[ListEntry, ...]]]()
    #: the reports that it links to as PDF
    linked_pdfs = PerPage[tuple[ReportKey, ...]]()
    #: whether it has a chart
    charts = PerPage[bool]()

    build: Build
    placement = Placement()

    def get_type_name(self, type: ObjType, primary: bool = False) -> str:  # noqa: A002  (Sphinx's signature)
        """Return what the search and indices call an object: by the title of reports."""
        return f"{newest(self.build.library.forms.values()).title} {type.lname}"

    def begin(self, build: Build) -> None:
        """Take what this build works with; before pages are read."""
        self.build = build

    def place(self, placement: Placement) -> None:
        """Take what is known when all pages are read."""
        self.placement = placement

    # -- while a page is read ------------------------------------------------------------------------------------------

    def lookup_report(self, docname: str, agency: str, year: int) -> Lookup:
        """Return a report that a page prints; the page is read again when the report changes."""
        self._note_dependency(docname, Dependency(agency, year, "report"))
        return self.build.lookup(agency, year)

    def lookup_forms(self, docname: str, agency: str, year: int) -> Report | None:
        """Return a report whose figures a page does not need: it is read again when the forms change or the report goes."""
        self._note_dependency(docname, Dependency(agency, year, "forms"))
        return self.build.report(agency, year)

    def lookup_years(self, docname: str, agency: str) -> tuple[int, ...]:
        """Return the years of an agency's reports; the page is read again when one is added or removed."""
        self._note_dependency(docname, Dependency(agency, 0, "years"))
        return self.build.years(agency)

    def _note_dependency(self, docname: str, dependency: Dependency) -> None:
        self.dependencies.setdefault(docname, {})[dependency] = self.build.fingerprint(dependency)

    def note_place(self, docname: str, key: Key, conditions: tuple[Condition, ...]) -> None:
        """Note a table of a page, or a place for links to files."""
        places = self.placed.setdefault(docname, {})
        places[key] = (*places.get(key, ()), conditions)

    def note_quote(self, docname: str, agency: str, year: int, table: str) -> None:
        """Note that a page quotes a figure."""
        self.quotes.setdefault(docname, {})[agency, year, table] = ""

    def note_reference(self, docname: str, agency: str, year: int, table: str) -> None:
        """Note that a page refers to a table or, without one, a report."""
        self.references.setdefault(docname, {})[agency, year, table] = True
        self.note_quote(docname, agency, year, table)

    def note_unknown_reference(self, docname: str) -> None:
        """Note that a page refers to what this site does not have: it is written, and reported, on each build."""
        self.references.setdefault(docname, {})["", 0, ""] = True

    def prints(self, docname: str) -> bool:
        """Whether a page prints anything of a report, or offers its files."""
        return docname in self.report_lists or any(one.about != "forms" for one in self.dependencies.get(docname, ()))

    # -- when all pages are read ---------------------------------------------------------------------------------------

    def download_kinds(self, agency: str, year: int) -> tuple[str, ...]:
        """Return the kinds of files of a report; PDF only if there is one."""
        return tuple(kind for kind in self.build.downloads if kind != PDF or (agency, year) in self.placement.pdfs)

    def page_findings(self, agency: str, year: int) -> tuple[Diagnostic, ...]:
        """Return the findings of the pages of a report."""
        docnames = [docname for docname in self.placement.pages.get((agency, year, ""), ()) if docname in self.pages]
        paths = {self.pages[docname].path for docname in docnames}
        own = (one for docname in docnames for one in self.findings.get(docname, ()))
        return in_order((*own, *(one for one in self.placement.findings if one.pos.path in paths)))

    def list_entries(self, agency: str) -> tuple[ListEntry, ...]:
        """Return the pages that name a report, newest year first; those of one agency if one is given.

        Where one page prints the tables, others that only name the report (charts, checks) are left out.
        """
        titles, placement = self.env.titles, self.placement
        pages = {
            docname: page
            for docname, page in placement.reports.items()
            if docname in titles and (not agency or page.agency == agency)
        }
        printed = {(page.agency, page.year) for docname, page in pages.items() if docname in placement.tables}
        entries = []
        for docname, page in pages.items():
            key = (page.agency, page.year)
            if docname in placement.tables or key not in printed:
                kinds = self.download_kinds(*key) if key in placement.downloads.get(docname, ()) else ()
                entries.append(ListEntry(page.year, docname, page.agency, titles[docname].astext(), page.published, kinds))
        return tuple(sorted(entries, key=lambda entry: (-entry.year, entry)))

    # -- what Sphinx asks of a domain ----------------------------------------------------------------------------------

    def clear_doc(self, docname: str) -> None:
        """Forget a page."""
        for part in self.initial_data:
            self.data[part].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what a worker found out about ``docnames``; it also has a copy of our own data."""
        for part in self.initial_data:
            for docname in docnames & otherdata[part].keys():
                self.data[part][docname] = otherdata[part][docname]

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
        """Return a link to the page of a report, to a table or to a figure's cell."""
        if "govtarget" not in node:
            return None
        wanted = Target(*node["govtarget"])
        docname = self.placement.canonical_docname(wanted.agency, wanted.year, wanted.table, fromdocname)
        report = self.build.library.report(wanted.agency, wanted.year)
        if not docname or report is None:
            return None
        if not node["refexplicit"]:
            title = title_of(wanted, report.forms, self.build.library.forms) if wanted.table else env.titles[docname].astext()
            contnode = nodes.inline(title, title, classes=contnode.get("classes", []))
        return make_refnode(builder, fromdocname, docname, wanted.anchor, contnode)

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Return nothing: a name means something only with its role."""
        return []

    def get_objects(self) -> Iterator[ObjectEntry]:
        """Yield all that other sites can link to, but not for the search, which has the pages themselves.

        A report has 200 figures: other sites find them by their tables, see :mod:`.references`.
        """
        yield from self.placement.objects


def domain_of(env: BuildEnvironment) -> GovDomain:
    """Return the domain of a build."""
    return cast("GovDomain", env.get_domain(GovDomain.name))
