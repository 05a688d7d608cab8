"""The domain ``gov``: the library of this build, and what pages and other sites are told of its reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, cast

from docutils import nodes
from sphinx.domains import ObjType
from sphinx.util.nodes import make_refnode

from ..core.checks import Checked
from ..core.checks.page import Page
from ..core.checks.rules import Levels
from ..core.diagnostics import Diagnostic, in_order, translator
from ..core.library import Library
from ..core.model import Report
from ..core.references import Target, title_of
from ..core.tables import TITLE, Table, table_of
from .memory import Condition, Listed, PageMemory
from .pdf import PDF
from .places import Places
from .questions import Answer, Question, answer, known_by, whose

if TYPE_CHECKING:
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from .nodes import gov_table


class GovDomain(PageMemory):
    """Answers pages from the library, which is not stored but read anew on each build."""

    name = "gov"
    label = TITLE
    object_types: ClassVar[dict[str, ObjType]] = {kind: ObjType(kind, kind) for kind in ("report", "table", "figure")}

    library = Library({}, {}, ())
    checked: Mapping[tuple[str, int], Checked] = MappingProxyType({})  #: by agency and year
    levels: Levels = MappingProxyType({})
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
        return answer(self.library, self.whose(agency), year)

    def known_by(self, question: Question) -> str:
        """What the answer to a question is known by in this build."""
        return known_by(question, self.library, self.checked)

    def _note_question(self, docname: str, question: Question) -> None:
        self.uses.setdefault(docname, {})[question] = self.known_by(question)

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

        A report has 200 figures: other sites find them by their tables, see :mod:`.references`. The inventory asks for them,
        and the search index too.
        """
        if self._objects is None:
            self._objects = tuple(self._named())
        return iter(self._objects)

    def _named(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        for agency, year, table in self.places:
            docname = self.places.best(agency, year, table, "")
            entry = self.library.entries.get((agency, year))
            if entry is None:
                continue
            target = Target(agency, year, table)
            title = title_of(target, entry.forms, self.library.forms) if table else self.env.titles[docname].astext()
            yield target.name, title, "table" if table else "report", docname, target.anchor, -1


def domain_of(env: BuildEnvironment) -> GovDomain:
    """The domain of a build."""
    return cast("GovDomain", env.get_domain(GovDomain.name))


def setup(app: Sphinx) -> None:
    """Register the domain."""
    app.add_domain(GovDomain)
