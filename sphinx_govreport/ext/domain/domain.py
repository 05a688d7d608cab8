"""The domain ``gov``: the library of this build, and what pages and other sites are told of its reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TypeAlias, TypeVar, cast

from docutils import nodes
from sphinx.domains import Domain, ObjType
from sphinx.util.nodes import make_refnode

from sphinx_govreport.core.checks.page import Page
from sphinx_govreport.core.checks.rules import SeverityOverrides
from sphinx_govreport.core.checks.run import Checked
from sphinx_govreport.core.diagnostics import Diagnostic, Text, in_order, text, translator
from sphinx_govreport.core.forms.form import newest
from sphinx_govreport.core.library.library import Library
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.tables.names import Target, title_of
from sphinx_govreport.core.tables.table import Table, table_of
from sphinx_govreport.core.versions import SHAPE

from .places import Key, Places

if TYPE_CHECKING:
    from sphinx.addnodes import pending_xref
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from sphinx_govreport.ext.nodes import gov_table
if TYPE_CHECKING:
    pass


PDF = "pdf"  #: the kind of download


class Dependency(NamedTuple):
    """What a page asks of the library: it is read again when the answer changes."""

    agency: str  #: empty: the only one
    year: int  #: 0 where all years are meant
    about: str  #: ``report``: all of it; ``forms``: which there are; ``years``: those of the agency's reports


class Lookup(NamedTuple):
    """The report that a page asked for, or why there is none."""

    report: Report | None
    problem: Text | None = None
    hint: Text | None = None


def whose(library: Library, agency: str) -> str:
    """The agency that is meant: the only one where none is named."""
    agencies = library.agencies
    return agency or (agencies[0] if len(agencies) == 1 else "")


def answer(library: Library, agency: str, year: int) -> Lookup:
    """The report that is asked for; ``agency`` is empty where it is not known which of several is meant."""
    report = library.report(agency, year)
    if report:
        return Lookup(report)
    agencies = "、".join(library.agencies)
    if not agency and agencies:
        return Lookup(None, text("Whose report for {year}?", year=year), text("Name one of: {names}.", names=agencies))
    years = "、".join(map(str, library.years(agency)))
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


def fingerprint(question: Dependency, library: Library, checked: Mapping[tuple[str, int], Checked]) -> str:
    """What the answer to a question is known by."""
    agency, year = whose(library, question.agency), question.year
    if question.about == "years":
        return f"{agency}:{library.years(agency)}"
    report = library.digest(agency, year)
    if question.about == "forms":
        return f"{agency}:{report.partition('-')[2]}"
    checks = checked.get((agency, year))
    return f"{agency}:{report}:{checks.digest if checks else ''}"


T = TypeVar("T")

Condition: TypeAlias = tuple[str, str]  #: what stands behind it is printed only if it holds: its directive, its expression


class PerPage(Generic[T]):
    """A part of a domain's data: by page, a ``T``. Its name in the class is its name in the data."""

    def __set_name__(self, owner: type[Domain], name: str) -> None:
        self.name = name
        owner.initial_data[name] = {}

    def __get__(self, domain: Domain, owner: Any) -> dict[str, T]:
        return cast("dict[str, T]", domain.data[self.name])


class Listed(NamedTuple):
    """A page in a list of reports."""

    order: int  #: the newest year is the smallest
    docname: str
    agency: str
    title: str
    published: str  #: ``YYYY-MM-DD`` or ``YYYY-MM-DD HH:MM``, or empty
    kinds: tuple[str, ...]  #: what its report can be downloaded as beside it

    @property
    def year(self) -> int:
        """The year of the report."""
        return -self.order


class GovDomainData(Domain):
    """What pages used, print, quote, refer to and offer."""

    data_version = SHAPE
    initial_data: ClassVar[dict[str, Any]] = {}  #: filled by what is declared as :class:`PerPage`

    #: the reports it asked for, and what the answers are known by
    uses = PerPage[dict[Dependency, str]]()
    #: whether it has a finding of its own: it is read again on each build, so that it is reported again
    faulty = PerPage[bool]()
    #: its text, if it names a report
    pages = PerPage[Page]()
    #: what is odd in its sentences and sections, hints too
    found = PerPage[tuple[Diagnostic, ...]]()
    #: the tables that stand on it and, without a table, the places for the files of a report; each with the conditions behind
    #: which it stands there, once or several times
    placed = PerPage[dict[Key, tuple[tuple[Condition, ...], ...]]]()
    #: the tables that its sentences quote, and the page to which they were linked when it was written
    quoted = PerPage[dict[Key, str]]()
    #: what it refers to and must lead somewhere
    referred = PerPage[dict[Key, bool]]()
    #: the reports whose checks it prints, and what was odd in their pages when it was written
    checks = PerPage[dict[tuple[str, int], tuple[Diagnostic, ...]]]()
    #: its lists of reports by agency, and what they said when it was written
    lists = PerPage[dict[str, tuple[Listed, ...]]]()
    #: the reports that it links to as PDF
    linked_pdfs = PerPage[tuple[tuple[str, int], ...]]()
    #: whether it has a chart
    charts = PerPage[bool]()

    #: by page: the tables that this builder prints; known when all pages are read
    tables: Mapping[str, Mapping[Key, bool]] = MappingProxyType({})
    #: by page: the reports whose files it offers in a place of its own; known when all pages are read
    downloads: Mapping[str, Mapping[tuple[str, int], bool]] = MappingProxyType({})

    def note_place(self, docname: str, key: Key, conditions: tuple[Condition, ...]) -> None:
        """Remember what stands on a page."""
        places = self.placed.setdefault(docname, {})
        places[key] = (*places.get(key, ()), conditions)

    def printed(self, unmet: Set[Condition], pages: Set[str]) -> None:
        """Work out what is printed on these ``pages``, where some conditions do not hold."""
        tables: dict[str, dict[Key, bool]] = {}
        downloads: dict[str, dict[tuple[str, int], bool]] = {}
        for docname in self.placed.keys() & pages:
            for key, places in self.placed[docname].items():
                if not unmet or any(unmet.isdisjoint(conditions) for conditions in places):
                    if key[2]:
                        tables.setdefault(docname, {})[key] = True
                    else:
                        downloads.setdefault(docname, {})[key[:2]] = True
        self.tables, self.downloads = tables, downloads

    def note_quote(self, docname: str, agency: str, year: int, table: str) -> None:
        """Remember that a page quotes a figure."""
        self.quoted.setdefault(docname, {})[agency, year, table] = ""

    def note_reference(self, docname: str, agency: str, year: int, table: str) -> None:
        """Remember that a page refers to a table or, without one, a report."""
        self.referred.setdefault(docname, {})[agency, year, table] = True
        self.note_quote(docname, agency, year, table)

    def note_unknown(self, docname: str) -> None:
        """Remember that a page refers to what this site does not know: it is written on each build, to be told again."""
        self.referred.setdefault(docname, {})["", 0, ""] = True

    def note_checks(self, docname: str, agency: str, year: int) -> None:
        """Remember that a page prints how the checks of a report went."""
        self.checks.setdefault(docname, {})[agency, year] = ()

    def note_list(self, docname: str, agency: str) -> None:
        """Remember that a page has a list of reports."""
        self.lists.setdefault(docname, {})[agency] = ()

    def downloadable(self, docname: str) -> set[tuple[str, int]]:
        """The reports whose files stand beside a page: those of which it prints a table or offers the files."""
        return {*self.downloads.get(docname, ()), *((agency, year) for agency, year, _table in self.tables.get(docname, ()))}

    def prints(self, docname: str) -> bool:
        """Whether a page prints anything of a report, or offers its files."""
        return docname in self.lists or any(question.about != "forms" for question in self.uses.get(docname, ()))

    def clear_doc(self, docname: str) -> None:
        """Forget a page."""
        for kind in self.initial_data:
            self.data[kind].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what a worker found out about ``docnames``."""
        for kind in self.initial_data:
            for docname in docnames & otherdata[kind].keys():
                self.data[kind][docname] = otherdata[kind][docname]


class GovDomain(GovDomainData):
    """Answers pages from the library, which is not stored but read anew on each build."""

    name = "gov"
    label = "govreport"
    object_types: ClassVar[dict[str, ObjType]] = {kind: ObjType(kind, kind) for kind in ("report", "table", "figure")}

    library = Library({}, {}, ())
    checked: Mapping[tuple[str, int], Checked] = MappingProxyType({})  #: by agency and year
    levels: SeverityOverrides = MappingProxyType({})
    alike: tuple[Diagnostic, ...] = ()  #: what the comparison of pages found, known when all are read
    builder: Builder  #: of this build
    kinds: tuple[str, ...] = ()  #: what reports can be downloaded as in this build
    site: Mapping[str, str] = MappingProxyType({})  #: what ``govreport_site`` says; empty: pages get no meta tags
    pdfs: Mapping[str, Path] = MappingProxyType({})  #: by page: the PDF that LaTeX has made of it, if it is wanted
    _pdf_of: Mapping[tuple[str, int], Path] = MappingProxyType({})  # by report; known when all pages are read
    unmet: frozenset[Condition] = frozenset()  #: what stands behind them is not printed; known when all pages are read
    named: Mapping[str, Page] = MappingProxyType({})  #: of the pages that the output has, those that name a report
    places = Places({}, {})  #: known when all pages are read
    _objects: tuple[tuple[str, str, str, str, str, int], ...] | None = None  # worked out when all pages are read

    @property
    def is_html(self) -> bool:
        """Whether the builder writes HTML."""
        return self.builder.format == "html"

    def get_type_name(self, type: ObjType, primary: bool = False) -> str:  # noqa: A002  (Sphinx's signature)
        """What the search and indices call an object: by the title of reports."""
        return f"{newest(self.library.forms.values()).title} {type.lname}"

    def settle(self, unmet: frozenset[Condition], pages: frozenset[str]) -> None:
        """All pages are read: work out where things are printed, and which PDF is whose.

        ``unmet``: the conditions that do not hold in this build. ``pages``: those that the output has.
        """
        self.unmet = unmet
        self.printed(unmet, pages)
        self.named = {docname: page for docname, page in self.pages.items() if docname in pages}
        self.places = Places(self.tables, self.named)
        self._objects = None
        self._pdf_of = {key: path for page, path in sorted(self.pdfs.items(), reverse=True) for key in self.downloadable(page)}

    def kinds_of(self, agency: str, year: int) -> tuple[str, ...]:
        """What a report can be downloaded as: as PDF only where there is one."""
        return tuple(kind for kind in self.kinds if kind != PDF or self.pdf_of(agency, year))

    def pdf_of(self, agency: str, year: int) -> Path | None:
        """The PDF of the first page that offers a report."""
        return self._pdf_of.get((agency, year))

    def page_findings(self, agency: str, year: int) -> tuple[Diagnostic, ...]:
        """What is odd in the pages of a report; known when all pages are read."""
        docnames = [docname for docname in self.places.all(agency, year) if docname in self.pages]
        paths = {self.pages[docname].path for docname in docnames}
        own = (one for docname in docnames for one in self.found.get(docname, ()))
        return in_order((*own, *(one for one in self.alike if one.pos.path in paths)))

    def listed(self, agency: str) -> tuple[Listed, ...]:
        """The pages that name a report, newest year first; those of one agency if one is given.

        Where one page prints the tables, others that only name the report (charts, checks) are left out.
        """
        titles = self.env.titles
        named = {doc: page for doc, page in self.named.items() if doc in titles and (not agency or page.agency == agency)}
        printing = {(page.agency, page.year) for doc, page in named.items() if doc in self.tables}
        entries = (
            Listed(
                -page.year,
                doc,
                page.agency,
                titles[doc].astext(),
                page.published,
                self.kinds_of(page.agency, page.year) if (page.agency, page.year) in self.downloadable(doc) else (),
            )
            for doc, page in named.items()
            if doc in self.tables or (page.agency, page.year) not in printing
        )
        return tuple(sorted(entries))

    def whose(self, agency: str) -> str:
        """The agency that is meant: the only one where none is named."""
        return whose(self.library, agency)

    def lookup_years(self, docname: str, agency: str) -> tuple[int, ...]:
        """The years of an agency's reports; the page is read again when one is added or goes."""
        self._note_question(docname, Dependency(agency, 0, "years"))
        return self.library.years(self.whose(agency))

    def lookup_forms(self, docname: str, agency: str, year: int) -> Report | None:
        """The report of which a page needs no figure: it is read again when the report comes, goes or changes its forms."""
        self._note_question(docname, Dependency(agency, year, "forms"))
        return self.library.report(self.whose(agency), year)

    def ask(self, docname: str, agency: str, year: int) -> Lookup:
        """The report that a page prints; the page is read again when the answer changes."""
        self._note_question(docname, Dependency(agency, year, "report"))
        return answer(self.library, self.whose(agency), year)

    def fingerprint(self, question: Dependency) -> str:
        """What the answer to a question is known by in this build."""
        return fingerprint(question, self.library, self.checked)

    def _note_question(self, docname: str, question: Dependency) -> None:
        self.uses.setdefault(docname, {})[question] = self.fingerprint(question)

    def table(self, node: gov_table) -> Table:
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

    # what Sphinx asks of a domain

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
        docname = self.places.canonical_docname(known.agency, known.year, known.table, fromdocname)
        report = self.library.report(known.agency, known.year)
        if not docname or report is None:
            return None
        if not node["refexplicit"]:
            title = title_of(known, report.forms, self.library.forms) if known.table else env.titles[docname].astext()
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

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """All that other sites can link to; not for the search, which has the pages themselves.

        A report has 200 figures: other sites find them by their tables, see :mod:`.references`. The inventory asks for them,
        and the search index too.
        """
        if self._objects is None:
            self._objects = tuple(self._named())
        return iter(self._objects)

    def _named(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        for agency, year, table in self.places:
            docname = self.places.canonical_docname(agency, year, table, "")
            entry = self.library.entries.get((agency, year))
            if entry is None:
                continue
            target = Target(agency, year, table)
            title = title_of(target, entry.forms, self.library.forms) if table else self.env.titles[docname].astext()
            yield target.name, title, "table" if table else "report", docname, target.anchor, -1


def domain_of(env: BuildEnvironment) -> GovDomain:
    """The domain of a build."""
    return cast("GovDomain", env.get_domain(GovDomain.name))
