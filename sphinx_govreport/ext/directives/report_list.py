"""``gov-report-list``: the list of reports, whose entries are known when all pages are read."""

from __future__ import annotations

import posixpath
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.ext.domain.domain import ListEntry, domain_of
from sphinx_govreport.ext.lookup import KIND_OPTION, TABLE_OPTIONS, UNKNOWN_REPORT, GovReportDirective, options
from sphinx_govreport.ext.nodes import gov_report_list

from .downloads import links_to


class ReportList(GovReportDirective):
    """All pages that name a report at their top, newest first, under the agency if there are several."""

    option_spec = options(*TABLE_OPTIONS)

    def run(self) -> list[nodes.Node]:
        """Return the place of the list."""
        wanted = (self.options.get("agency", "").strip(), self.options.get(KIND_OPTION, "").strip())
        self._look_up(wanted[1])
        domain_of(self.env).report_lists.setdefault(self.env.docname, {})[wanted] = ()
        place = gov_report_list("", wanted=wanted, css_classes=["gov-report-list", *self.options.get("class", [])])
        caption = self.written_caption(nodes.rubric)
        if caption:
            caption["classes"].append("gov-list-caption")
            place += caption
        self.set_source_info(place)
        self.add_name(caption or place)
        return [place]

    def _look_up(self, kind: str) -> None:
        """Report a kind of which there is no report; the page is read again when that changes."""
        domain = domain_of(self.env)
        library = domain.build.library
        if kind and not [agency for agency in library.agencies if domain.lookup_years(self.env.docname, agency, kind)]:
            kinds = "、".join(dict.fromkeys(one for agency in library.agencies for one in library.kinds(agency)))
            message = text("There is no report of the kind “{kind}”; there are {kinds}.", kind=kind, kinds=kinds)
            self.problem(UNKNOWN_REPORT, message)


class FillLists(SphinxPostTransform):
    """Every builder: a list of links in the place of the directive, before links are resolved."""

    default_priority = 5

    def is_supported(self) -> bool:
        """Whether a page has one: most sites have few, and each page would be searched for them."""
        return bool(domain_of(self.env).report_lists)

    def run(self, **kwargs: Any) -> None:
        """Fill the lists."""
        for place in list(self.document.findall(gov_report_list)):
            place.replace_self([*place.children, *self._lists(place)] or nodes.target())

    def _lists(self, place: gov_report_list) -> list[nodes.Node]:
        entries = domain_of(self.env).list_entries(*place["wanted"])
        groups = sorted({entry.report._replace(year=0) for entry in entries}, key=lambda key: (key.agency, key.other_kind))
        agencies, kinds = {group.agency for group in groups}, {group.kind for group in groups}
        result: list[nodes.Node] = []
        for group in groups:
            told = [group.agency] * (len(agencies) > 1) + [group.kind] * (len(kinds) > 1)
            if told:
                heading = " ".join(told)
                result.append(nodes.paragraph("", "", nodes.strong(heading, heading)))
            items = nodes.bullet_list(classes=list(place["css_classes"]))
            items += [self._item(entry) for entry in entries if entry.report._replace(year=0) == group]
            result.append(items)
        return result

    def _item(self, entry: ListEntry) -> nodes.list_item:
        title = nodes.inline(entry.title, entry.title)
        link = addnodes.pending_xref(
            "",
            title,
            refdomain="std",
            reftype="doc",
            reftarget=f"/{entry.docname}",
            refexplicit=True,
            refwarn=True,
            refdoc=self.env.docname,
        )
        paragraph = nodes.paragraph("", "", link)
        if entry.published:
            paragraph += [nodes.Text(" "), nodes.inline(entry.published, entry.published, classes=["gov-date"])]
        paragraph += self._downloads(entry)
        return nodes.list_item("", paragraph)

    def _downloads(self, entry: ListEntry) -> list[nodes.Node]:
        """Return links to the files beside the report's page."""
        if not entry.downloads:
            return []
        builder = domain_of(self.env).build.builder
        folder = posixpath.dirname(builder.get_relative_uri(self.env.docname, entry.docname).partition("#")[0])
        links = links_to(entry.report, entry.downloads, folder)
        return [nodes.Text(" "), nodes.inline("", "", *links, classes=["gov-downloads"])]
