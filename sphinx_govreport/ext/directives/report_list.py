"""``gov-report-list``: the list of reports; its entries are known when all pages have been read."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_govreport.core.checks.publication import day_of, shown_day
from sphinx_govreport.core.diagnostics import Text, bilingual, listed, rendered, text, translator
from sphinx_govreport.ext.domain.domain import ListEntry, ListQuery, domain_of
from sphinx_govreport.ext.lookup import KIND_OPTION, TABLE_OPTIONS, UNKNOWN_REPORT, GovReportDirective, options
from sphinx_govreport.ext.nodes import gov_report_list, gov_time, nothing_at

from .downloads import links_to


class Grouping(NamedTuple):
    """A grouping of lists; keys that are neither in the heading nor in the title of an entry are printed before its title."""

    words: tuple[str, ...]  #: the values of the option ``group``
    value: Callable[[ListEntry], str]
    label: Callable[[str], str | Text]  #: the text for readers


GROUPINGS = {
    "kind": Grouping(("kind", "报告种类"), lambda entry: entry.kind, str),
    "agency": Grouping(("agency", "机关"), lambda entry: entry.agency, str),
    "year": Grouping(("year", "年度", "年份"), lambda entry: str(entry.year), lambda year: text("{year}", year=year)),
}
_GROUP_WORDS = {word: name for name, one in GROUPINGS.items() for word in one.words} | {"none": "none", "不分组": "none"}


class ReportList(GovReportDirective):
    """All pages that name a report at their top: newest first for one agency, by year for several."""

    option_spec = options("group", "order", "years", *TABLE_OPTIONS) | {"gaps": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Return the placeholder of the list."""
        query = ListQuery(self._agencies(), self.years(), self.options.get(KIND_OPTION, "").strip())
        self._look_up(query)
        self.domain.report_lists.setdefault(self.env.docname, {})[query] = ()
        place = gov_report_list(
            "",
            query=query,
            group=self.choice("group", _GROUP_WORDS, text("Write year, agency, kind or none.")),
            order=self.order(),
            gaps="gaps" in self.options,
            css_classes=["gov-report-list", *self.options.get("class", [])],
        )
        caption = self.written_caption(nodes.rubric)
        if caption:
            caption["classes"].append("gov-list-caption")
            place += caption
        self.set_source_info(place)
        self.add_name(caption or place)
        return [place]

    def _agencies(self) -> tuple[str, ...]:
        """Return the specified agencies, in that order."""
        written = self.options.get("agency", "").strip()
        current_name = self.library.declared.now
        if current_name(written) in self.library.agencies:
            return (current_name(written),)
        names = filter(None, (part.strip() for part in re.split("[,，、]", written)))
        return tuple(dict.fromkeys(map(current_name, names)))

    def _look_up(self, query: ListQuery) -> None:
        """Report agencies and years without a report; the page is read again when that changes."""
        if query == ListQuery():
            return
        years: set[int] = set()
        library = self.library
        kinds = dict.fromkeys(kind for agency in library.agencies for kind in library.kinds(agency))
        if query.kind and kinds and query.kind not in kinds:
            message = text(
                "There is no report of the kind “{kind}”; available kinds: {kinds}.", kind=query.kind, kinds=listed(kinds)
            )
            self.problem(UNKNOWN_REPORT, message)
        for agency in query.agencies or library.agencies:
            wanted = [query.kind] if query.kind else library.kinds(agency) or [""]
            found = {year for kind in wanted for year in self.domain.lookup_years(self.env.docname, agency, kind)}
            years.update(found)
            if not found and agency in query.agencies and (not query.kind or query.kind in kinds):
                message = text("There is no report of {agency}.", agency=agency)
                self.problem(UNKNOWN_REPORT, message, self.domain.build.known_agencies())
        if years and not any(map(query.has, years)):
            self.no_years(years, query)


class FillLists(SphinxPostTransform):
    """Every builder: replaces the directive by a list of links, before links are resolved."""

    default_priority = 5

    def is_supported(self) -> bool:
        """Return whether a page has a list: few pages do, and searching each page would be slow."""
        return bool(domain_of(self.env).report_lists)

    def run(self, **kwargs: Any) -> None:
        """Fill the lists."""
        for place in list(self.document.findall(gov_report_list)):
            target = [nodes.target()] if place["ids"] or place["classes"] else []  # in tabs, Sphinx makes no EPUB with it
            place.replace_self([*place.children, *self._content(place)] or nothing_at(place) or target)

    def _content(self, place: gov_report_list) -> list[nodes.Node]:
        """Return a list, or a list of lists."""
        entries = list(domain_of(self.env).list_entries(place["query"]))
        if place["gaps"]:
            entries += _gaps(entries)
        ranks = {
            name: {value: at for at, value in enumerate(dict.fromkeys(map(one.value, entries)))}
            for name, one in GROUPINGS.items()
        }
        entries.sort(key=lambda entry: ranks["agency"][entry.agency])
        entries.sort(key=lambda entry: entry.year, reverse=place["order"] != "oldest")
        by = {"agency": lambda entry: ranks["agency"][entry.agency], "kind": lambda entry: entry.report.other_kind}
        chosen = place["group"]
        groups = ["kind"] if len(ranks["kind"]) > 1 and chosen != "none" else []
        if chosen in GROUPINGS:
            groups += [chosen] if chosen not in groups else []
        elif not chosen and len(ranks["agency"]) > 1 and len(ranks["year"]) > 1:
            groups.append("year")  # the reports of a year are published at the same time, and readers look for the newest
        for name in reversed([name for name in groups if name in by]):
            entries.sort(key=by[name])
        told = {*groups, *(name for name in ("agency", "kind") if len(ranks[name]) < 2)}
        return [self._grouped(place, entries, groups, told)] if entries else []

    def _grouped(
        self, place: gov_report_list, entries: Iterable[ListEntry], groups: Sequence[str], told: set[str]
    ) -> nodes.bullet_list:
        """Return a list with headings: one for each value of the first of the ``groups``, below it those of the next."""
        if not groups:
            return self._list(place, entries, told)
        grouping = GROUPINGS[groups[0]]
        items = []
        for value, members in groupby(entries, key=grouping.value):
            label = self._render(grouping.label(value))
            heading = nodes.paragraph("", "", nodes.strong(label, label))
            items.append(nodes.list_item("", heading, self._grouped(place, members, groups[1:], told)))
        return nodes.bullet_list("", *items, classes=["gov-report-groups"])

    def _list(self, place: gov_report_list, entries: Iterable[ListEntry], told: set[str]) -> nodes.bullet_list:
        """Return a list of links; ``told`` are the keys that a heading already shows."""
        items = (nodes.list_item("", nodes.paragraph("", "", *self._item(entry, told))) for entry in entries)
        return nodes.bullet_list("", *items, classes=list(place["css_classes"]))

    def _item(self, entry: ListEntry, told: set[str]) -> Iterator[nodes.Node]:
        """Yield a link to a page, its date and its files; for a gap, a sentence."""
        shown: str | Text = entry.title if entry.docname else text("not on this site")
        for name, grouping in reversed(GROUPINGS.items()):
            if name not in told and (value := grouping.value(entry)) not in entry.title:
                shown = text("{what}: {title}", what=grouping.label(value), title=shown)
        title = self._render(shown)
        if not entry.docname:
            yield nodes.inline(title, title, classes=["gov-gap"])
            return
        link = addnodes.pending_xref(
            "",
            nodes.inline(title, title),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{entry.docname}",
            refexplicit=True,
            refwarn=True,
            refdoc=self.env.docname,
        )
        yield nodes.inline("", "", link, classes=["gov-report-title"])
        if entry.published:
            yield from (self._comma(), self._date(entry.published))
        if corrected_on := day_of(entry.corrected):
            corrected = self._render(text("corrected on {date}", date=shown_day(corrected_on)))
            yield from (self._comma(), gov_time(corrected, corrected, datetime=entry.corrected, classes=["gov-corrected"]))
        yield from self._downloads(entry)

    def _date(self, published: str) -> nodes.inline:
        """Return a date of publication; an unreadable one is returned as it is written."""
        if not (day := day_of(published)):
            return nodes.inline(published, published, classes=["gov-date"])
        shown = " ".join([self._render(shown_day(day)), *published.split()[1:]])
        return gov_time(shown, shown, datetime=published, classes=["gov-date"])

    def _downloads(self, entry: ListEntry) -> list[nodes.Node]:
        """Return links to the files next to the report's page."""
        if not entry.downloads:
            return []
        builder = domain_of(self.env).build.builder
        folder = posixpath.dirname(builder.get_relative_uri(self.env.docname, entry.docname).partition("#")[0])
        links = links_to(entry.report, entry.downloads, self.config.language, folder)
        return [self._comma(), nodes.inline("", "", *links, classes=["gov-downloads"])]

    def _comma(self) -> nodes.inline:
        """Return the separator of the parts of an entry for output without columns."""
        comma = self._render(bilingual(", ", "，"))
        return nodes.inline(comma, comma, classes=["gov-separator"])

    def _render(self, shown: str | Text) -> str:
        return rendered(shown, translator(self.config.language))


def _gaps(entries: Sequence[ListEntry]) -> Iterator[ListEntry]:
    """Yield an entry without a page for each year that is missing between an agency's first and last."""
    years: dict[tuple[str, str], set[int]] = {}
    for entry in entries:
        years.setdefault((entry.agency, entry.kind), set()).add(entry.year)
    for (agency, kind), known in years.items():
        gaps = (year for year in range(min(known), max(known)) if year not in known)
        yield from (ListEntry(year, "", agency, "", "", (), kind) for year in gaps)
