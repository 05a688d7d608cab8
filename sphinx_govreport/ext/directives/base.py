"""What directives and roles share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.ext.doctree_tables import simple_group
from sphinx_govreport.ext.lookup import ReportLookupMixin

#: what tables that a directive prints have in common
TABLE_OPTIONS: OptionSpec = {
    "agency": directives.unchanged,
    "caption": directives.unchanged,
    "name": directives.unchanged,
    "class": directives.class_option,
}
C = TypeVar("C", bound=nodes.TextElement)


class GovReportDirective(SphinxDirective, ReportLookupMixin):
    """A directive that prints something of a report."""

    def __init__(self, *args: Any, **more: Any) -> None:
        """Remove invisible characters from all that the author has written."""
        super().__init__(*args, **more)
        self.arguments = [self.clean(argument) for argument in self.arguments]
        self.options = {name: self.clean(value) if isinstance(value, str) else value for name, value in self.options.items()}
        for number, line in enumerate(self.content.data):
            self.content.data[number] = self.clean(line)

    def page(self) -> nodes.document:
        """Return the page that is being read."""
        return self.state.document

    def report(self) -> Report | None:
        """Return the report named by the options, the page or the configuration."""
        return self.report_of(self.options.get("agency", ""), self.options.get("year", ""))

    def written_caption(self, kind: type[C]) -> C | None:
        """Return the author's caption, which may have markup and is translated with the page; None if there is none."""
        written = str(self.options.get("caption") or "").strip()
        if not written:
            return None
        parsed, messages = self.parse_inline(written)
        node = kind(written, "", *parsed, *messages)
        self.set_source_info(node)
        return node

    def caption_or(self, kind: type[C], shown: str) -> C:
        """Return that caption or ``shown``, which is in the site's language, so that no catalog needs it."""
        return self.written_caption(kind) or kind(shown, shown, translatable=False)

    def small_table(
        self, kind: str, title: nodes.title | None, lines: Sequence[Sequence[str]], widths: Sequence[int]
    ) -> nodes.table:
        """Return a stock table, which every builder can write: column headers, then rows that begin with a row header."""
        node = nodes.table("", *filter(None, [title]), classes=[kind, *self.options.get("class", [])])
        node += simple_group(lines[0], lines[1:], widths)
        self.set_source_info(node)
        self.add_name(node)
        return node
