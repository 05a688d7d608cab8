"""The domain ``gov``: which page prints which report, and the library behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from pathlib import Path
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
from ..core.references import Target, title_of
from ..core.source import digest_of
from ..core.tables import TITLE, Table, table_of
from ..core.versions import SHAPE
from .pdf import PDF
from .per_page import PerPage
from .places import Key, Places

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


class Question(NamedTuple):
    """What a page asks of the library: it is read again when the answer changes."""

    agency: str  #: empty: the only one
    year: int  #: 0 where all years are meant
    about: str  #: ``report``: all of it; ``forms``: which there are; ``years``: those of the agency's reports


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


class GovDomain(Domain):
    """Remembers what pages used; the library itself is not stored but read anew on each build."""

    name = "gov"
    label = TITLE
    object_types: ClassVar[dict[str, ObjType]] = {kind: ObjType(kind, kind) for kind in ("report", "table", "figure")}
    data_version = SHAPE
    initial_data: ClassVar[dict[str, Any]] = {}  #: filled by what is declared as :class:`PerPage`

    #: the reports it asked for, and what the answers are known by
    uses = PerPage[dict[Question, str]]()
    #: whether it has a finding of its own: it is read again on each build, so that it is reported again
    faulty = PerPage[bool]()
    #: its text, if it names a report
    pages = PerPage[Page]()
    #: what is odd in its sentences and sections, hints too
    found = PerPage[tuple[Diagnostic, ...]]()
    #: the tables that it prints
    tables = PerPage[dict[Key, bool]]()
    #: the tables that its sentences quote, and the page to which they were linked when it was written
    quoted = PerPage[dict[Key, str]]()
    #: what it refers to and must lead somewhere
    referred = PerPage[dict[Key, bool]]()
    #: the reports whose checks it prints, and what was odd in their pages when it was written
    checks = PerPage[dict[tuple[str, int], tuple[Diagnostic, ...]]]()
    #: its lists of reports by agency, and what they said when it was written
    lists = PerPage[dict[str, tuple[Listed, ...]]]()
    #: the reports whose files it offers in a place of its own
    downloads = PerPage[dict[tuple[str, int], bool]]()
    #: the reports that it links to as PDF
    papers = PerPage[tuple[tuple[str, int], ...]]()
    #: whether it has a chart
    charts = PerPage[bool]()

    library = Library({}, {}, ())
    checked: Mapping[tuple[str, int], Checked] = MappingProxyType({})  #: by agency and year
    levels: Levels = MappingProxyType({})
    alike: tuple[Diagnostic, ...] = ()  #: what the comparison of pages found, known when all are read
    builder: Builder  #: of this build
    kinds: tuple[str, ...] = ()  #: what reports can be downloaded as in this build
    site: Mapping[str, str] = MappingProxyType({})  #: what ``govreport_site`` says; empty: pages get no meta tags
    pdfs: Mapping[str, Path] = MappingProxyType({})  #: by page: the PDF that LaTeX has made of it, if it is wanted
    _pdf_of: Mapping[tuple[str, int], Path] = MappingProxyType({})  # by report; known when all pages are read
    places = Places({}, {})  #: known when all pages are read

    @property
    def is_html(self) -> bool:
        """Whether the builder writes HTML."""
        return self.builder.format == "html"

    def note_table(self, docname: str, agency: str, year: int, table: str) -> None:
        """Remember that a page prints a table."""
        self.tables.setdefault(docname, {})[agency, year, table] = True

    def note_quote(self, docname: str, agency: str, year: int, table: str) -> None:
        """Remember that a page quotes a figure."""
        self.quoted.setdefault(docname, {})[agency, year, table] = ""

    def note_checks(self, docname: str, agency: str, year: int) -> None:
        """Remember that a page prints how the checks of a report went."""
        self.checks.setdefault(docname, {})[agency, year] = ()

    def note_downloads(self, docname: str, agency: str, year: int) -> None:
        """Remember that a page offers the files of a report."""
        self.downloads.setdefault(docname, {})[agency, year] = True

    def downloadable(self, docname: str) -> set[tuple[str, int]]:
        """The reports whose files stand beside a page: those of which it prints a table or offers the files."""
        return {*self.downloads.get(docname, ()), *((agency, year) for agency, year, _table in self.tables.get(docname, ()))}

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

    def note_reference(self, docname: str, agency: str, year: int, table: str) -> None:
        """Remember that a page refers to a table or, without one, a report."""
        self.referred.setdefault(docname, {})[agency, year, table] = True
        self.note_quote(docname, agency, year, table)

    def note_unknown(self, docname: str) -> None:
        """Remember that a page refers to what this site does not know: it is written on each build, to be told again."""
        self.referred.setdefault(docname, {})["", 0, ""] = True

    def relinked(self) -> list[str]:
        """Pages whose quotations now lead elsewhere, or whose lists say something else, and so must be written again."""
        self.places = Places(self.tables, self.pages)
        changed = []
        for docname, quoted in self.quoted.items():
            pages = {key: self._led_to(key, docname) for key in quoted}
            if pages != quoted:
                quoted.update(pages)
                changed.append(docname)
        for docname, referred in self.referred.items():
            if not all(self.places.best(*key, docname) for key in referred):
                changed.append(docname)  # so that what is missing is reported again
        self._pdf_of = {key: path for page, path in sorted(self.pdfs.items(), reverse=True) for key in self.downloadable(page)}
        for docname in {*self.tables, *self.downloads} if self.pdfs or self.papers else ():
            papers = tuple(sorted(key for key in self.downloadable(docname) if self.pdf_of(*key)))
            if papers != self.papers.get(docname, ()):
                self.papers[docname] = papers
                changed.append(docname)
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
        page = self.places.best(*key, near)
        return page if key[2] or not page else f"{page} {self.env.titles[page].astext()}"

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

    def ask_years(self, docname: str, agency: str) -> tuple[int, ...]:
        """The years of an agency's reports; the page is read again when one is added or goes."""
        self._note_question(docname, Question(agency, 0, "years"))
        return self.library.years(self.whose(agency))

    def ask_forms(self, docname: str, agency: str, year: int) -> Report | None:
        """The report of which a page needs no figure: it is read again when the report comes, goes or changes its forms."""
        self._note_question(docname, Question(agency, year, "forms"))
        return self.library.report(self.whose(agency), year)

    def ask(self, docname: str, agency: str, year: int) -> Answer:
        """The report that a page prints; the page is read again when the answer changes."""
        self._note_question(docname, Question(agency, year, "report"))
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

    def prints(self, docname: str) -> bool:
        """Whether a page prints anything of a report, or offers its files."""
        return docname in self.lists or any(question.about != "forms" for question in self.uses.get(docname, ()))

    def outdated(self) -> Iterator[str]:
        """Pages whose reports are not what they were, and pages with findings."""
        yield from self.faulty
        for docname, uses in self.uses.items():
            if any(self._digest(question) != digest for question, digest in uses.items()):
                yield docname

    def digests(self) -> Iterator[tuple[str, str]]:
        """By page: what everything is known by that it says of reports."""
        for docname in self.env.found_docs:
            said = [kind.get(docname) for kind in (self.uses, self.quoted, self.checks, self.lists)]
            if any(said):
                yield docname, digest_of(repr(said).encode())[:16]

    def whose(self, agency: str) -> str:
        """The agency that is meant: the only one where none is named."""
        agencies = self.library.agencies
        return agency or (agencies[0] if len(agencies) == 1 else "")

    def _note_question(self, docname: str, question: Question) -> None:
        self.uses.setdefault(docname, {})[question] = self._digest(question)

    def _digest(self, question: Question) -> str:
        """What the answer to a question is known by."""
        whose, year = self.whose(question.agency), question.year
        if question.about == "years":
            return f"{whose}:{self.library.years(whose)}"
        report = self.library.digest(whose, year)
        if question.about == "forms":
            return f"{whose}:{report.partition('-')[2]}"
        checked = self.checked.get((whose, year))
        return f"{whose}:{report}:{checked.digest if checked else ''}"

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
        docname = self.places.best(known.agency, known.year, known.table, fromdocname)
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

        A report has 200 figures: other sites find them by their tables, see :mod:`.references`.
        """
        for agency, year, table in self.places:
            docname = self.places.best(agency, year, table, "")
            entry = self.library.entries.get((agency, year))
            if entry is None:
                continue
            target = Target(agency, year, table)
            title = title_of(target, entry.forms, self.library.forms) if table else self.env.titles[docname].astext()
            yield target.name, title, "table" if table else "report", docname, target.anchor, -1

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
