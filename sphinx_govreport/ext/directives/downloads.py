"""``gov-downloads``: the links to a report's files, where the author wants them."""

from __future__ import annotations

from typing import ClassVar

from docutils.nodes import Node
from docutils.parsers.rst import directives
from sphinx.util.typing import OptionSpec

from sphinx_govreport.ext.directives.base import GovReportDirective
from sphinx_govreport.ext.nodes import gov_downloads


class Downloads(GovReportDirective):
    """The links to a report's files, in a place of the author's own."""

    option_spec: ClassVar[OptionSpec] = {
        "year": directives.unchanged,
        "agency": directives.unchanged,
        "class": directives.class_option,
    }

    def run(self) -> list[Node]:
        """Return the place of the links."""
        report = self.report()
        if report is None:
            return []
        return [gov_downloads("", agency=report.agency, year=report.year, css_classes=self.options.get("class", []))]
