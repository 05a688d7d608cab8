"""The domain gov: the reports that pages use and print, stored in the environment, and the targets of references."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic, NamedTuple, TypeAlias, TypeVar, cast

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

from sphinx_govreport.core.checks.page import Page
from sphinx_govreport.core.checks.run import Checked
from sphinx_govreport.core.checks.values import SeverityOverrides
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Text, in_order, listed, text
from sphinx_govreport.core.forms.reader import main_form
from sphinx_govreport.core.library.library import Library
from sphinx_govreport.core.plugins import BAD_PLUGIN, PluginError
from sphinx_govreport.core.reports.report import Report, ReportKey
from sphinx_govreport.core.tables.names import Target, title_of
from sphinx_govreport.core.versions import SHAPE
from sphinx_govreport.exporters import EXPORTS, CannotHold, exports
from sphinx_govreport.exporters.document import fits_word
from sphinx_govreport.ext import log
from sphinx_govreport.ext.compat import clean_astext


class Dependency(NamedTuple):
    """A part of the year files that a page depends on: the page is read again when its fingerprint changes."""

    agency: str  #: empty: the only one
    year: int  #: 0: all years
    about: str  #: ``report``: all of it; ``forms``: its forms; ``years``: the years of the agency's reports
    kind: str = ""  #: empty: see :meth:`.Library.kind_of`
    names: tuple[str, ...] = ()  #: of tables and sets that its report has


class Lookup(NamedTuple):
    """A report, or the reason why there is none, unless a message about its file has said it."""

    report: Report | None
    problem: Text | None = None
    hint: Text | None = None


@dataclass(frozen=True)
class Build:
    """All year files, and data derived from the builder and from ``conf.py``."""

    builder: Builder
    library: Library
    severities: SeverityOverrides
    checked: Mapping[ReportKey, Checked]
    downloads: tuple[str, ...]  #: the file formats that this builder offers next to pages
    pdfs: Mapping[str, Path]  #: by page: its PDF made by LaTeX
    site_tags: Mapping[str, str]  #: the contents of meta tags in ``govreport_site``; empty: pages get no meta tags
    _writable: dict[tuple[str, ReportKey], bool] = field(default_factory=dict)

    @property
    def is_html(self) -> bool:
        """Whether the builder writes HTML."""
        return self.builder.format == "html"

    def can_write(self, kind: str, key: ReportKey) -> bool:
        """Return whether the exporter of another package can write a report's file; report once if it fails."""
        if kind in exports().keys() - EXPORTS.keys() and (kind, key) not in self._writable:
            report = self.library.report(*key)
            try:
                exports()[kind]([report] if report else [], self.library.forms)
                self._writable[kind, key] = True
            except (PluginError, CannotHold) as failed:
                self._writable[kind, key] = False
                found = Diagnostic(BAD_PLUGIN, Pos(self.library.entries[key].path), failed.message)
                log.report([found], self.builder.config.language)
                self.builder.events.emit(log.PROBLEM, found)
        return self._writable.get((kind, key), True)

    def resolve_agency(self, name: str) -> str:
        """Return the current name of ``name`` or, if it is empty, the only agency; empty if there are several."""
        agencies = self.library.agencies
        return self.library.declared.now(name) or (agencies[0] if len(agencies) == 1 else "")

    def key_of(self, agency: str, year: int, kind: str = "", names: tuple[str, ...] = ()) -> ReportKey:
        """Return the key of a report from incomplete information on a page. See :meth:`.Library.kind_of`."""
        agency = self.resolve_agency(agency)
        return ReportKey(agency, year, self.library.kind_of(agency, kind, year, names))

    def lookup(self, agency: str, year: int, kind: str = "", names: tuple[str, ...] = ()) -> Lookup:
        """Return a report, or the reason why there is none, unless a message about its file has said it.

        The year is 0 if an agency has no report of any year.
        """
        key = self.key_of(agency, year, kind, names)
        report = self.library.report(*key)
        if report:
            return Lookup(report)
        agency, agencies = key.agency, listed(self.library.agencies)
        if not agency and agencies:
            problem = text("The agency of the reports is not specified.")
            if year:
                problem = text("The agency of the report for {year} is not specified.", year=year)
            return Lookup(None, problem, text("Specify one of: {names}.", names=agencies))
        if self.library.has_failed(key):
            return Lookup(None)
        years = listed(map(str, self.library.years(agency, key.kind)))
        hint = text("There are reports for: {years}.", years=years) if years else None
        kinds = self.library.kinds(agency)
        if kinds and kinds != (key.kind,):
            problem = text(
                "There is no report of the kind “{kind}” of {agency} for {year}.", kind=key.kind, agency=agency, year=year
            )
            return Lookup(None, problem, hint or text("There are reports of the kinds: {kinds}.", kinds=listed(kinds)))
        problem = text("There is no report for {year}.", year=year)
        if agency:
            problem = text("There is no report of {agency}.", agency=agency)
        if agency and year:
            problem = text("There is no report of {agency} for {year}.", agency=agency, year=year)
        return Lookup(None, problem, hint or self.known_agencies())

    def known_agencies(self) -> Text:
        """Return a hint that names the agencies with reports."""
        if not self.library.agencies:
            return text("No year file could be read; check govreport_data and the messages above.")
        return text("There are reports of: {names}.", names=listed(self.library.agencies))

    def fingerprint(self, dependency: Dependency) -> str:
        """Return a text that changes when a dependency of a page changes."""
        key = self.key_of(dependency.agency, dependency.year, dependency.kind, dependency.names)
        known = f"{key.agency}:{key.kind}"
        if dependency.about == "years":
            return f"{known}:{self.library.years(key.agency, key.kind)}:{sorted(self.library.unusable)}"
        report = self.library.digest(key) or str(self.library.has_failed(key))
        if dependency.about == "forms":
            return f"{known}:{report.partition('-')[2]}"
        checks = self.checked.get(key)
        level = self.library.declared.level(key.agency)
        path = self.library.entries[key].path if checks else ""  # findings of pages name it
        return f"{known}:{path}:{report}:{checks.digest if checks else ''}:{self.library.same_as_digest}:{level}"


Key: TypeAlias = tuple[ReportKey, str]  #: report and table; the whole report has an empty table
Condition: TypeAlias = tuple[str, str]  #: a directive and its expression: its content is printed only if it holds
ObjectEntry: TypeAlias = tuple[str, str, str, str, str, int]  #: in the format of Sphinx for the objects of a domain


@dataclass(frozen=True)
class Placement:
    """The tables and reports that the builder prints, and their pages."""

    holds: Callable[[Condition], bool] = bool  #: whether the builder prints content with this condition
    reports: Mapping[str, Page] = field(default_factory=dict)  #: by page of the output: its text, if it names a report
    tables: Mapping[str, tuple[Key, ...]] = field(default_factory=dict)  #: by page: the tables on it
    #: by page: the reports whose files are next to it, because it prints one of their tables or has a position for the links
    downloads: Mapping[str, frozenset[ReportKey]] = field(default_factory=dict)
    has_download_places: bool = False  #: whether a page has such a position
    pages: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)  #: of reports and tables, the canonical page first
    pdfs: Mapping[ReportKey, Path] = field(default_factory=dict)  #: the PDF of the first page that offers a report
    objects: Callable[[], tuple[ObjectEntry, ...]] = tuple  #: link targets for other sites; computed on first use
    findings: tuple[Diagnostic, ...] = ()  #: of comparing pages with each other

    def canonical_docname(self, report: ReportKey, table: str, near: str) -> str:
        """Return the page that prints a table: ``near`` itself if it does, else the first; empty if none does.

        Without a table, ignore ``near`` and return the first page of the report, preferably one that names it at its top.
        """
        pages = self.pages.get((report, table), ())
        return near if table and near in pages else next(iter(pages), "")


def pages_by_key(tables: Mapping[str, Iterable[Key]], reports: Mapping[str, Page]) -> dict[Key, tuple[str, ...]]:
    """Return the pages of each report and table; first those that name the report at their top and print its tables."""
    found: dict[Key, dict[str, None]] = {}
    for docname, keys in tables.items():
        for report, table in keys:
            found.setdefault((report, table), {})[docname] = None
            found.setdefault((report, ""), {})[docname] = None
    for docname, page in reports.items():
        found.setdefault((page.key, ""), {})[docname] = None

    def rank(docname: str) -> tuple[bool, bool, str]:
        return docname not in reports, docname not in tables, docname

    return {key: tuple(sorted(docnames, key=rank)) for key, docnames in found.items()}


PDF, DOCX = "pdf", "docx"  #: file formats of downloads that are not available for every report
T = TypeVar("T")


class PerPage(Generic[T]):
    """A part of a domain's data: a ``T`` by page. Its name in the class is the key in the data."""

    def __set_name__(self, owner: type[Domain], name: str) -> None:
        self.name = name
        owner.initial_data[name] = {}

    def __get__(self, domain: Domain, owner: Any) -> dict[str, T]:
        return cast("dict[str, T]", domain.data[self.name])


class PackedText(NamedTuple):
    """The text of a page, compressed: almost no build needs it."""

    digest: str
    packed: bytes


class Compared(NamedTuple):
    """The comparison of a page's text with that of the previous year."""

    now: str  #: digest of the text
    then: str  #: digest of last year's text
    percent: int  #: see :func:`.likeness`


class ListEntry(NamedTuple):
    """A page in a list of reports."""

    year: int
    docname: str
    agency: str
    title: str
    published: str  #: ``YYYY-MM-DD`` or ``YYYY-MM-DD HH:MM``, or empty
    downloads: tuple[str, ...]  #: the formats of the files next to the page
    kind: str  #: of report
    corrected: str = ""  #: the date of the newest correction, ``YYYY-MM-DD``, or empty

    @property
    def report(self) -> ReportKey:
        """The key of the report."""
        return ReportKey(self.agency, self.year, self.kind)


class ListQuery(NamedTuple):
    """The reports to be listed."""

    agencies: tuple[str, ...] = ()  #: in the order of the list; empty: all
    years: tuple[tuple[int, int], ...] = ()  #: the first and last year of each span; empty: all
    kind: str = ""  #: of report; empty: all

    def has(self, year: int) -> bool:
        """Return whether the list includes a year."""
        return not self.years or any(first <= year <= last for first, last in self.years)


class GovDomain(Domain):
    """The data that Sphinx keeps for each page, the build, and data computed when all pages have been read."""

    name = "gov"
    label = "govreport"
    object_types: ClassVar[dict[str, ObjType]] = {kind: ObjType(kind, kind) for kind in ("report", "table", "figure")}
    data_version = SHAPE
    initial_data: ClassVar[dict[str, Any]] = {}  #: filled by the :class:`PerPage` declarations

    #: the parts of year files that a page uses, and their fingerprints
    dependencies = PerPage[dict[Dependency, str]]()
    #: if it has a finding, those of directives and roles: it is read again in each build, so that they are reported again
    faulty = PerPage[tuple[Diagnostic, ...]]()
    #: without its text, if it names a report
    pages = PerPage[Page]()
    #: the text of such a page
    texts = PerPage[PackedText]()
    #: by the path of last year's page: the comparison with its text
    likenesses = PerPage[dict[str, Compared]]()
    #: findings in its sentences and sections, including hints
    findings = PerPage[tuple[Diagnostic, ...]]()
    #: its tables and, with an empty table, its positions for links to files; for each occurrence, the conditions
    placed = PerPage[dict[Key, tuple[tuple[Condition, ...], ...]]]()
    #: the tables quoted in its sentences, and the page to which they were linked when it was written
    quotes = PerPage[dict[Key, str]]()
    #: its references, which must have a target
    references = PerPage[dict[Key, bool]]()
    #: the reports in its check tables, and the findings of their pages when it was written
    check_tables = PerPage[dict[ReportKey, tuple[Diagnostic, ...]]]()
    #: its lists of reports, and their entries when it was written
    report_lists = PerPage[dict[ListQuery, tuple[ListEntry, ...]]]()
    #: whether it has a chart
    charts = PerPage[bool]()
    #: whether captions are completed when all pages have been read: numbered ones, or those of non-statutory tables
    captioned = PerPage[bool]()
    #: whether a page is signed
    signed = PerPage[bool]()

    build: Build
    placement = Placement()
    listed: Mapping[str, tuple[ListEntry, ...]] = {}  #: by agency: the pages that may be listed, newest year first

    def get_type_name(self, type: ObjType, primary: bool = False) -> str:  # noqa: A002  (Sphinx's signature)
        """Return the name of an object's type in the search and indices: the title of reports."""
        return f"{main_form(self.build.library.forms.values()).title} {type.lname}"

    def begin(self, build: Build) -> None:
        """Set the data of this build; before pages are read."""
        self.build = build

    def place(self, placement: Placement) -> None:
        """Set the placement when all pages have been read."""
        self.placement = placement
        self.listed = self._listed() if self.report_lists else {}  # computed once: a site may have a list for each agency

    # while a page is read ------------------------------------------------------------------------------------------

    def lookup_report(self, docname: str, agency: str, year: int, kind: str = "", names: tuple[str, ...] = ()) -> Lookup:
        """Return a report that a page prints; the page is read again when the report changes."""
        self._note_dependency(docname, Dependency(agency, year, "report", kind, names))
        return self.build.lookup(agency, year, kind, names)

    def lookup_forms(self, docname: str, agency: str, year: int, kind: str = "", names: tuple[str, ...] = ()) -> Report | None:
        """Return a report for a reference: the page is read again only when the forms change or the report is removed."""
        self._note_dependency(docname, Dependency(agency, year, "forms", kind, names))
        return self.build.library.report(*self.build.key_of(agency, year, kind, names))

    def lookup_kind(self, docname: str, agency: str, kind: str = "", names: tuple[str, ...] = ()) -> str:
        """Return the kind of an agency's reports that a page prints; the page is read again when that changes."""
        self._note_dependency(docname, Dependency(agency, 0, "years", kind, names))
        return self.build.key_of(agency, 0, kind, names).kind

    def lookup_years(self, docname: str, agency: str, kind: str = "") -> tuple[int, ...]:
        """Return the years of an agency's reports; the page is read again when one is added or removed."""
        self._note_dependency(docname, Dependency(agency, 0, "years", kind))
        return self.build.library.years(self.build.resolve_agency(agency), kind)

    def _note_dependency(self, docname: str, dependency: Dependency) -> None:
        self.dependencies.setdefault(docname, {})[dependency] = self.build.fingerprint(dependency)

    def note_place(self, docname: str, key: Key, conditions: tuple[Condition, ...]) -> None:
        """Record a table of a page, or a position for links to files."""
        places = self.placed.setdefault(docname, {})
        places[key] = (*places.get(key, ()), conditions)

    def note_quote(self, docname: str, report: ReportKey, table: str) -> None:
        """Record that a page quotes a figure."""
        self.quotes.setdefault(docname, {})[report, table] = ""

    def note_reference(self, docname: str, report: ReportKey, table: str) -> None:
        """Record that a page refers to a table or, with an empty table, a report."""
        self.references.setdefault(docname, {})[report, table] = True
        self.note_quote(docname, report, table)

    def note_unknown_reference(self, docname: str) -> None:
        """Record that a page has an unknown reference: the page is written, and the error reported, in each build."""
        self.references.setdefault(docname, {})[ReportKey("", 0, ""), ""] = True

    def prints(self, docname: str) -> bool:
        """Return whether a page prints anything from a report, or offers its files."""
        return docname in self.report_lists or any(one.about != "forms" for one in self.dependencies.get(docname, ()))

    def page_title(self, docname: str) -> str:
        """Return a page's title as readers see it: without code for HTML."""
        return clean_astext(self.env.titles[docname])

    def title_phrases(self, docname: str, title: str) -> tuple[str, ...]:
        """Return a page's title in parts between which a line may break; empty if it is not the title of a report."""
        page, library = self.pages.get(docname), self.build.library
        report = library.report(*page.key) if page else None
        return report.form(library.forms).phrases(title, report.year) if report else ()

    # when all pages have been read ---------------------------------------------------------------------------------------

    def used_reports(self) -> set[ReportKey]:
        """Return the reports whose figures appear on pages."""
        used = {one for page in self.dependencies.values() for one in page if one.about == "report"}
        return {self.build.key_of(one.agency, one.year, one.kind, one.names) for one in used}

    def download_kinds(self, report: ReportKey) -> tuple[str, ...]:
        """Return the file formats available for a report: PDF only if its file exists, Word only if it can hold the tables,
        those of other packages only if they can be written."""
        library = self.build.library
        available = {PDF: report in self.placement.pdfs, DOCX: fits_word(library.entries[report].forms, library.forms)}
        return tuple(kind for kind in self.build.downloads if available.get(kind, True) and self.build.can_write(kind, report))

    def page_findings(self, report: ReportKey) -> tuple[Diagnostic, ...]:
        """Return the findings of the pages of a report."""
        docnames = [docname for docname in self.placement.pages.get((report, ""), ()) if docname in self.pages]
        paths = {self.pages[docname].path for docname in docnames}
        own = (one for docname in docnames for one in self.findings.get(docname, ()))
        return in_order((*own, *(one for one in self.placement.findings if one.pos.path in paths)))

    def _listed(self) -> dict[str, tuple[ListEntry, ...]]:
        """Return the pages that name a report, by agency in the order of names, newest year first.

        If a page prints the tables, pages that only name the report (charts, checks) are left out.
        """
        placement = self.placement
        pages = {docname: page for docname, page in placement.reports.items() if docname in self.env.titles}
        printed = {page.key for docname, page in pages.items() if docname in placement.tables}
        listed: dict[str, list[ListEntry]] = {}
        for docname, page in pages.items():
            key = page.key
            if docname in placement.tables or key not in printed:
                kinds = self.download_kinds(key) if key in placement.downloads.get(docname, ()) else ()
                title, entries = self.page_title(docname), self.build.library.entries
                corrected = entries[key].corrected if key in entries else ""
                entry = ListEntry(page.year, docname, page.agency, title, page.published, kinds, page.kind, corrected)
                listed.setdefault(page.agency, []).append(entry)
        return {agency: tuple(sorted(listed[agency], key=lambda entry: (-entry.year, entry))) for agency in sorted(listed)}

    def list_entries(self, query: ListQuery) -> tuple[ListEntry, ...]:
        """Return the entries of a list: agency by agency, newest year first."""
        agencies = query.agencies or self.listed
        return tuple(
            entry
            for agency in agencies
            for entry in self.listed.get(agency, ())
            if query.has(entry.year) and query.kind in ("", entry.kind)
        )

    # methods called by Sphinx ----------------------------------------------------------------------------------

    def clear_doc(self, docname: str) -> None:
        """Forget a page."""
        for part in self.initial_data:
            self.data[part].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Merge the data of ``docnames`` from a worker, which also has a copy of the other pages' data."""
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
        docname = self.placement.canonical_docname(wanted.report, wanted.table, fromdocname)
        report = self.build.library.report(*wanted.report)
        if not docname or report is None:
            return None
        if not node["refexplicit"]:
            title = self.page_title(docname)
            if wanted.table:
                title = title_of(wanted, report.published_by, report.tables(self.build.library.forms)[wanted.table])
            contnode = nodes.inline(title, title, classes=contnode.get("classes", []))
        target = wanted.anchor if self.build.is_html else wanted._replace(path="").anchor  # only in HTML, cells have ids
        return make_refnode(builder, fromdocname, docname, target, contnode)

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Return nothing: a name is only meaningful with its role."""
        return []

    def get_objects(self) -> Iterator[ObjectEntry]:
        """Yield all link targets for other sites, but not for the search, which has the pages themselves.

        A report has 200 figures: other sites find them through their tables, see :class:`.roles.FiguresElsewhere`.
        """
        yield from self.placement.objects()


def domain_of(env: BuildEnvironment) -> GovDomain:
    """Return the domain of a build."""
    return cast("GovDomain", env.get_domain(GovDomain.name))
