"""``gov-report-list``: the list of reports, whose entries are known when all pages are read."""

from __future__ import annotations

import posixpath
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_govreport.core.diagnostics import text, translator
from sphinx_govreport.ext.domain.domain import ListEntry, domain_of
from sphinx_govreport.ext.lookup import TABLE_OPTIONS, GovReportDirective, options
from sphinx_govreport.ext.nodes import gov_report_list

from .downloads import links_to


class ReportList(GovReportDirective):
    """All pages that name a report at their top, newest first, under the agency if there are several."""

    option_spec = options(*TABLE_OPTIONS)

    def run(self) -> list[nodes.Node]:
        """Return the place of the list."""
        agency = self.options.get("agency", "").strip()
        domain_of(self.env).report_lists.setdefault(self.env.docname, {})[agency] = ()
        place = gov_report_list("", agency=agency, css_classes=["gov-report-list", *self.options.get("class", [])])
        caption = self.written_caption(nodes.rubric)
        if caption:
            caption["classes"].append("gov-list-caption")
            place += caption
        self.set_source_info(place)
        self.add_name(caption or place)
        return [place]


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
        entries = domain_of(self.env).list_entries(place["agency"])
        agencies = sorted({entry.agency for entry in entries})
        result: list[nodes.Node] = []
        for agency in agencies:
            if len(agencies) > 1:
                result.append(nodes.paragraph("", "", nodes.strong(agency, agency)))
            items = nodes.bullet_list(classes=list(place["css_classes"]))
            items += [self._item(entry) for entry in entries if entry.agency == agency]
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
        if entry.corrected:
            corrected = text("corrected on {date}", date=entry.corrected).render(translator(self.config.language))
            paragraph += [nodes.Text(" "), nodes.inline(corrected, corrected, classes=["gov-corrected"])]
        paragraph += self._downloads(entry)
        return nodes.list_item("", paragraph)

    def _downloads(self, entry: ListEntry) -> list[nodes.Node]:
        """Return links to the files beside the report's page."""
        if not entry.downloads:
            return []
        builder = domain_of(self.env).build.builder
        folder = posixpath.dirname(builder.get_relative_uri(self.env.docname, entry.docname).partition("#")[0])
        links = links_to(entry.agency, entry.year, entry.downloads, folder)
        return [nodes.Text(" "), nodes.inline("", "", *links, classes=["gov-downloads"])]
