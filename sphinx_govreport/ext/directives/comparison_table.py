"""Figures of several years side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.typing import OptionSpec

from sphinx_govreport.core.diagnostics import Rule, RuleExplanation, text
from sphinx_govreport.core.examples import Example
from sphinx_govreport.core.forms.form import did_you_mean, hint_for
from sphinx_govreport.core.reports.quoting import Problem
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.series import Series, series_of, sets_of
from sphinx_govreport.ext.domain.domain import domain_of
from sphinx_govreport.ext.lookup import BAD_OPTION, UNKNOWN_FIGURE

from .base import TABLE_OPTIONS, C, GovReportDirective

UNKNOWN_SET = Rule(
    "unknown-set",
    explanation=RuleExplanation(
        text("A comparison names no figure, or a set of figures that no form has."),
        text("There is nothing to compare."),
        text("Write key paths one in each line, or one of the sets that the message names."),
        wrong="```{gov-comparison-table} summary\n```",
        right="```{gov-comparison-table} disclosure-summary\n```",
        example=Example((("unknown-set.md", "# 页面\n\n```{gov-comparison-table} request-summary\n```\n"),), is_site=True),
    ),
)


class YearsDirective(GovReportDirective):
    """Prints figures of several years: named sets of them, and those in the lines of the content."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[OptionSpec] = {"years": directives.unchanged, **TABLE_OPTIONS}
    kind: str

    def caption(self, kind: type[C], reports: list[Report]) -> C:
        """Return the author's caption, or one that names agency and years."""
        years = text(
            "Figures of {agency}, {first}–{last}", agency=reports[0].agency, first=reports[0].year, last=reports[-1].year
        )
        return self.caption_or(kind, self.render(years))

    def table(self, series: list[Series], years: list[int], title: nodes.title | None) -> nodes.table:
        """Return a table with a row for each figure and a column for each year."""
        lines = [self._head(years), *(self._line(one, years) for one in series)]
        table = self.small_table(self.kind, title, lines, widths=(40, *(12 for _cell in lines[0][1:])))
        table["classes"].append("gov-years")
        return table

    def reports(self) -> list[Report]:
        """Return the reports of the requested years, oldest first."""
        agency = self.agency(self.options.get("agency", ""))
        years = tuple(map(str, domain_of(self.env).lookup_years(self.env.docname, agency)))
        written = self.options.get("years", "").strip()
        if written:
            years = tuple(sorted(set(re.findall(r"[0-9]+", written))))
        elif not years:
            self.report_of(agency, self.page_year() or "0000")  # says what there is instead
        found = (self.report_of(agency, year) for year in years)
        return [report for report in found if report]

    def series(self, reports: list[Report]) -> Iterator[Series]:
        """Yield the requested figures, and report names of none."""
        forms = domain_of(self.env).build.library.forms
        for written in self._figures(reports[-1]):
            found = series_of(written, reports, forms)
            if isinstance(found, Problem):
                self.problem(UNKNOWN_FIGURE, found.message, found.hint)
            else:
                yield found

    def _figures(self, newest: Report) -> Iterator[str]:
        """Yield the figures of named sets, as the newest report's forms have them, and the lines of the content."""
        sets = sets_of(newest, domain_of(self.env).build.library.forms)
        listed = [name for name in sets if name.isascii()]
        for name in re.split(r"[\s,，、]+", self.arguments[0].strip()) if self.arguments else ():
            if name in sets:
                yield from sets[name]
                continue
            hint = hint_for(did_you_mean(name, sets), listed)
            self.problem(UNKNOWN_SET, text("There is no set of figures “{name}”.", name=name), hint)
        lines = [line.strip() for line in self.content if line.strip()]
        yield from lines
        if not self.arguments and not lines:
            message = text("Which figures are to be compared?")
            self.problem(UNKNOWN_SET, message, text("Write one in each line, or a set: {names}.", names="、".join(listed)))

    def _head(self, years: list[int]) -> list[str]:
        cells = [self.render(text("Figure"))]
        for year in years:
            cells.append(self.render(text("{year} (year)", year=year)))
            if self._has_change(year, years):
                cells.append(self.render(text("against {year}", year=year - 1)))
        return cells

    def _line(self, series: Series, years: list[int]) -> list[str]:
        by_year = {point.year: point for point in series.points}
        cells = [series.label]
        for year in years:
            cells.append(self.render(by_year[year].shown()))
            if self._has_change(year, years):
                changed = series.changed(year, self.options["change"].strip())
                if isinstance(changed, Problem):
                    self.problem(BAD_OPTION, changed.message, changed.hint)
                    changed = ""
                cells.append(self.render(changed))
        return cells

    def _has_change(self, year: int, years: list[int]) -> bool:
        return "change" in self.options and year - 1 in years


class ComparisonTable(YearsDirective):
    """A row for each figure and a column for each year; changes between years on request."""

    kind = "gov-comparison-table"
    option_spec: ClassVar[OptionSpec] = {
        "order": directives.unchanged,
        "change": directives.unchanged,
        **YearsDirective.option_spec,
    }

    def run(self) -> list[nodes.Node]:
        """Return a stock table: it is small, and every builder can write it."""
        reports = self.reports()
        if not reports:
            return []
        series = list(self.series(reports))
        if not series:
            return []
        years = [report.year for report in reports]
        if self._order() == "newest":
            years.reverse()
        return [self.table(series, years, self.caption(nodes.title, reports))]

    def _order(self) -> str:
        order = str(self.options.get("order", "oldest")).strip()
        if order not in ("oldest", "newest"):
            message = text("“{written}” is no order.", written=order)
            self.problem(BAD_OPTION, message, text("Write oldest or newest, whichever year comes first."))
        return order
