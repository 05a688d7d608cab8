"""What the domain remembers of pages: it is kept with Sphinx's environment, each kind declared once."""

from __future__ import annotations

from collections.abc import Mapping, Set
from types import MappingProxyType
from typing import Any, ClassVar, Generic, NamedTuple, TypeAlias, TypeVar, cast

from sphinx.domains import Domain

from ..core.checks.page import Page
from ..core.diagnostics import Diagnostic
from ..core.versions import SHAPE
from .places import Key
from .questions import Question

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


class PageMemory(Domain):
    """What pages used, print, quote, refer to and offer."""

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
    papers = PerPage[tuple[tuple[str, int], ...]]()
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
