"""``gov-rollup-table``: agencies side by side, with their sum."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from sphinx_govreport.core.diagnostics import Rule, RuleExplanation, text
from sphinx_govreport.core.examples import Example
from sphinx_govreport.core.reports.quoting import Quote
from sphinx_govreport.core.reports.rollup import COUNTED_TWICE, sort_out
from sphinx_govreport.core.reports.series import Point, Series
from sphinx_govreport.ext.domain.domain import domain_of

from .comparison_table import YearsDirective

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.util.typing import OptionSpec

    from sphinx_govreport.core.reports.report import Report

NO_PARTS = Rule(
    "no-parts",
    explanation=RuleExplanation(
        text("A roll-up does not say which agencies it adds up."),
        text("There is nothing to add up."),
        text("Name them in the option “parts”, or in govreport_parts."),
        example=Example(
            (("no-parts.md", "# 页面\n\n```{gov-rollup-table} requests-summary\n:year: 2024\n```\n"),), is_site=True
        ),
    ),
)


class RollupTable(YearsDirective):
    """A row for each agency, one for their sum, and one for the report of the agency above them; a column for each figure."""

    kind = "gov-rollup-table"
    option_spec: ClassVar[OptionSpec] = {
        "year": directives.unchanged,
        "parts": directives.unchanged,
        **{name: take for name, take in YearsDirective.option_spec.items() if name != "years"},
    }

    def run(self) -> list[Node]:
        """Return a stock table, which every builder can write."""
        agency = self.agency(self.options.get("agency", ""))
        names = [name for name in re.split(r"[\s,，、]+", self.options.get("parts", "")) if name]
        written = names or list(self.config.govreport_parts.get(agency, ()))
        if agency in names and not self.options.get("agency"):  # the page's agency beside others, not above them
            agency = ""
        names, is_sound = self._parts(agency, written)
        if not written:
            message = text("Which agencies are to be added up?")
            self.problem(NO_PARTS, message, text("Write “:parts: 甲局、乙局”, or name them in govreport_parts."))
            return []
        found = [self.report_of(name, self.options.get("year", "")) for name in names]
        parts = [report for report in found if report]
        if not parts:
            return []
        above = self._above(agency, parts[0].year)
        series = list(self.series([*parts, *([above] if above else [])]))
        if not series:
            return []
        lines = [self._heads(series), *(self._row(part.agency, series, number) for number, part in enumerate(parts))]
        lines.append(self._sum(series, len(parts), is_whole=is_sound and len(parts) == len(names)))
        if above:
            lines.append(self._row(above.agency, series, len(parts)))
        title = self.caption_or(nodes.title, self.render(text("Agencies and their sum, {year}", year=parts[0].year)))
        table = self.small_table(self.kind, title, lines, widths=(30, *(14 for _one in series)))
        table["classes"].append("gov-years")
        return [table]

    def _parts(self, agency: str, written: list[str]) -> tuple[list[str], bool]:
        """Return the agencies that can be added up, and whether that is all: those that include others are left out."""
        names = [name for name in dict.fromkeys(written) if name != agency]
        found = sort_out(names, {**self.config.govreport_parts, agency: names})
        left_out = [name for name in dict.fromkeys(written) if name not in found.parts]
        if left_out:
            message = text("{names} already count others of the parts; they are left out.", names="、".join(left_out))
            self.problem(COUNTED_TWICE, message, text("Name only agencies of which none is a part of another."))
        return list(found.parts), not found.torn

    def _above(self, agency: str, year: int) -> Report | None:
        """Return the report of the agency above, if there is one."""
        return domain_of(self.env).lookup_report(self.env.docname, agency, year).report if agency else None

    def _heads(self, series: list[Series]) -> list[str]:
        return [self.render(text("Agency")), *(one.label for one in series)]

    def _row(self, name: str, series: list[Series], number: int) -> list[str]:
        return [name, *(self.render(one.points[number].shown()) for one in series)]

    def _sum(self, series: list[Series], count: int, *, is_whole: bool) -> list[str]:
        """Return the row of sums; “—” where a figure is unknown."""
        cells = [self.render(text("Sum"))]
        for one in series:
            quotes = [point.quote for point in one.points[:count]]
            whole = Quote((), tuple(figure for quote in quotes if quote for figure in quote.figures))
            is_known = is_whole and None not in quotes and whole.status.is_known
            cells.append(self.render(Point(0, whole).shown()) if is_known else "—")
        return cells
