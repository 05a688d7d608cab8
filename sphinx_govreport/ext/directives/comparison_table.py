"""Figures of several years (gov-comparison-table) or of several agencies (gov-rollup-table) next to each other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes

from sphinx_govreport.core.diagnostics import Problem, Text, bilingual, listed, text
from sphinx_govreport.core.forms.form import hint_about
from sphinx_govreport.core.reports.quoting import change_format
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.rollup import COUNTED_TWICE, Below, sort_out
from sphinx_govreport.core.reports.series import (
    NOT_COMPARABLE,
    Series,
    break_notes,
    formula_note,
    is_broken,
    series_of,
    sets_of,
    tables_of_line,
)
from sphinx_govreport.ext.domain.domain import ListQuery
from sphinx_govreport.ext.log import site_rule
from sphinx_govreport.ext.lookup import BAD_OPTION, KIND_OPTION, TABLE_OPTIONS, UNKNOWN_FIGURE, C, GovReportDirective, options
from sphinx_govreport.ext.nodes import BREAK_CLASS, NOTE

UNKNOWN_SET = site_rule(
    "unknown-set",
    "未知的数据组",
    text("A comparison specifies no figures, or a set of figures that no form has."),
    text("There is nothing to compare."),
    text("Write one key path per line, or one of the sets that the message lists."),
    page="# 页面\n\n```{gov-comparison-table} request-summary\n```\n",
    wrong="```{gov-comparison-table} summary\n```",
    right="```{gov-comparison-table} disclosure-summary\n```",
)

_FEW = 3  # number of cells with the full text “not comparable”; if there are more, the note below explains it


class YearsDirective(GovReportDirective):
    """Prints figures of several years: named sets, and those in the lines of the content."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    kind: str
    change: tuple[str, int] | None = None  #: the format of changes; None: there are none

    def caption(self, kind: type[C], reports: list[Report]) -> C:
        """Return the author's caption, or one with the compared figures, the agency and the years."""
        first, last = reports[0].year, reports[-1].year
        years = text("{year}", year=last) if first == last else text("{first}–{last}", first=first, last=last)
        told = {"agency": reports[0].agency, "years": years}
        sets = self.names_of_sets(reports[-1])
        title = text("{sets} of {agency}, {years}", sets=sets, **told) if sets else text("Figures of {agency}, {years}", **told)
        return self.caption_or(kind, self.render(title))

    def names_of_sets(self, newest: Report) -> str:
        """Return the names of the sets with all the figures; empty if an author chose others."""
        sets = sets_of(newest.tables(self.forms))
        names = listed(dict.fromkeys(sets[name].label for name in self._sets_named() if name in sets))
        return "" if any(line.strip() for line in self.content) else self.render(text("{parts}", parts=names))

    def table(self, series: list[Series], years: list[int], title: nodes.title | None) -> nodes.table:
        """Return a table with a row for each figure and a column for each year, and lines where the forms change."""
        lines = [self._head(years), *self._short([self._line(one, years) for one in series])]
        table = self.small_table(self.kind, title, lines, widths=(40, *(12 for _cell in lines[0][1:])))
        table["classes"].append("gov-years")
        self._mark_breaks(table, series, years)
        return table

    def _short(self, lines: list[list[str]]) -> list[list[str]]:
        """Return the lines with a short text if many cells are not comparable."""
        whole, short = self.render(NOT_COMPARABLE), self.render(text("no comparison"))
        if sum(line.count(whole) for line in lines) <= _FEW:
            return lines
        return [[short if cell == whole else cell for cell in line] for line in lines]

    def _mark_breaks(self, table: nodes.table, series: list[Series], years: list[int]) -> None:
        """Mark the cells before which a series breaks, and name the incomparable year in the column header."""
        head, *rows = (list(row.findall(nodes.entry)) for row in table.findall(nodes.row))
        column = 1
        for number, year in enumerate(years):
            before = years[number - 1] if number else year
            later = sorted(years).index(max(before, year))
            for one, row in zip(series, rows, strict=True):
                if number and is_broken(one, later):
                    row[column]["classes"] = [BREAK_CLASS]
                    head[column]["classes"] = [BREAK_CLASS]
                    head[column]["break"] = self.render(text("not all figures are comparable with {year}", year=before))
            column += 1 + self._has_change(year, years)

    def notes(self, series: list[Series], breaks: tuple[Text, ...] = ()) -> list[nodes.Node]:
        """Return the notes below: where forms change, and the formulas of rates."""
        formulas = dict.fromkeys(formula_note(one.label, one.formula) for one in series if one.formula)
        notes: list[nodes.Node] = []
        for note in (*breaks, *formulas):
            shown = self.render(note)
            notes.append(nodes.paragraph(shown, shown, classes=[NOTE], translatable=False))
        return notes

    def reports(self) -> list[Report]:
        """Return the reports of the requested years, oldest first."""
        agency = self.agency(self.options.get("agency", ""))
        kind = self._kind_of_reports(agency)
        known = self.domain.lookup_years(self.env.docname, agency, kind)
        query = ListQuery(years=self.years())
        years = {first for first, last in query.years if first == last} | set(filter(query.has, known))
        if known and not years:
            self.no_years(known, query)
        elif not years:
            name = self.domain.build.resolve_agency(agency)
            begun = max((key.year for key in self.library.entries if key.agency == name), default=0)
            self.report_of(agency, self.page_year() or f"{begun:04}", kind)  # reports why there are none
        return [report for report in (self.report_of(agency, str(year), kind) for year in sorted(years)) if report]

    def _kind_of_reports(self, agency: str) -> str:
        """Return the kind of report that is specified, or that has the requested sets and tables."""
        named = self.options.get(KIND_OPTION, "").strip()
        names = (*self.arguments, *(name for line in self.content if line.strip() for name in tables_of_line(line)))
        return self.domain.lookup_kind(self.env.docname, agency, self.report_kind(named), () if named else names)

    def series(self, reports: list[Report]) -> Iterator[Series]:
        """Yield the series of the requested figures, and report unknown figures."""
        for written in self._figures(reports[-1]):
            found = series_of(written, reports, self.forms)
            if isinstance(found, Problem):
                self.problem(UNKNOWN_FIGURE, found.message, found.hint)
            else:
                yield found

    def _figures(self, newest: Report) -> Iterator[str]:
        """Yield the figures of named sets, as defined in the newest report's forms, and the lines of the content."""
        sets = sets_of(newest.tables(self.forms))
        known = [bilingual("{key}", "{label}", key=one.key, label=one.label) for one in dict.fromkeys(sets.values())]
        for name in self._sets_named():
            if name in sets:
                yield from sets[name].figures
                continue
            self.problem(UNKNOWN_SET, text("There is no set of figures “{name}”.", name=name), hint_about(name, sets, known))
        lines = [line.strip() for line in self.content if line.strip()]
        for line in lines:
            yield from sets[line].figures if line in sets else (line,)
        if not self.arguments and not lines:
            message = text("No figures to compare are specified.")
            self.problem(UNKNOWN_SET, message, text("Write one figure per line, or a set: {names}.", names=listed(known)))

    def _sets_named(self) -> list[str]:
        return re.split(r"[\s,，、]+", self.arguments[0].strip()) if self.arguments else []

    def _head(self, years: list[int]) -> list[str]:
        cells = [self.render(text("Figure"))]
        for year in years:
            cells.append(self.render(text("{year}", year=year)))
            if self._has_change(year, years):
                cells.append(self.render(text("against {year}", year=year - 1)))
        return cells

    def _line(self, series: Series, years: list[int]) -> list[str]:
        by_year = {point.year: point for point in series.points}
        cells = [series.label]
        for year in years:
            cells.append(self.render(by_year[year].shown()))
            if self.change and self._has_change(year, years):
                cells.append(self.render(series.changed(year, *self.change)))
        return cells

    def _has_change(self, year: int, years: list[int]) -> bool:
        return self.change is not None and year - 1 in years


class ComparisonTable(YearsDirective):
    """A row for each figure and a column for each year; optionally the changes between years."""

    kind = "gov-comparison-table"
    option_spec = options("order", "change", "years", "numbered", *TABLE_OPTIONS)

    def run(self) -> list[nodes.Node]:
        """Return a stock table: it is small, and every builder can write it."""
        if "change" in self.options:
            form = change_format(self.options["change"])
            if isinstance(form, Problem):  # even if there is nothing to compare yet
                self.problem(BAD_OPTION, form.message, form.hint)
            else:
                self.change = form
        order, reports = self.order(), self.reports()
        series = list(self.series(reports)) if reports else []
        if not series:
            return []
        years = [report.year for report in reports]
        if order == "newest":
            years.reverse()
        breaks = break_notes(series, reports, self.forms)
        return [self.table(series, years, self.caption(nodes.title, reports)), *self.notes(series, breaks)]


NO_PARTS = site_rule(
    "no-parts",
    "未列明汇总机关",
    text("A roll-up does not specify which agencies it adds up."),
    text("There is nothing to add up."),
    text("List them in the option “parts”, or in govreport_parts."),
    page="# 页面\n\n```{gov-rollup-table} requests-summary\n:year: 2024\n```\n",
)


class RollupTable(YearsDirective):
    """A row for each agency, for their sum and for the report of the agency above them; a column for each figure."""

    kind = "gov-rollup-table"
    option_spec = options("year", "parts", "numbered", *TABLE_OPTIONS)

    def run(self) -> list[nodes.Node]:
        """Return a stock table, which every builder can write."""
        declared = self.library.declared
        agency = declared.now(self.agency(self.options.get("agency", "")))
        names = [declared.now(name) for name in re.split(r"[\s,，、]+", self.options.get("parts", "")) if name]
        below = declared.below(self.config.govreport_parts.items())
        written = names or list(below.get(agency, ()))
        if agency in names and not self.options.get("agency"):  # the page's agency is a part, not the sum
            agency = ""
        names, is_sound = self._parts(agency, written, below)
        if not written:
            message = text("No agencies to add up are specified.")
            self.problem(NO_PARTS, message, text("Write “:parts: 甲局、乙局”, or list them in govreport_parts."))
            return []
        self._kind_of_reports(agency)  # the page is read again when this agency has reports
        kind = self._kind_of_reports(next(filter(self.library.kinds, (agency, *names)), agency))
        parts = [report for report in [self.report_of(name, self.options.get("year", ""), kind) for name in names] if report]
        if not parts:
            return []
        year = parts[0].year
        above = self.domain.lookup_report(self.env.docname, agency, year, kind).report if agency else None
        reports = [*parts, *([above] if above else [])]
        series = list(self.series(reports))
        if not series:
            return []
        lines = [[self.render(text("Agency")), *(one.label for one in series)]]
        lines.extend(self._row(part.published_by, series, number) for number, part in enumerate(parts))
        lines.append(self._sum(series, len(parts), is_whole=is_sound and len(parts) == len(names)))
        if above:
            lines.append(self._row(above.published_by, series, len(parts)))
        sets = self.names_of_sets(reports[-1])
        summed = text("{sets}: agencies and their sum, {year}", sets=sets, year=year)
        title = self.render(summed if sets else text("Agencies and their sum, {year}", year=year))
        table = self.small_table(self.kind, self.caption_or(nodes.title, title), lines, widths=(30, *(14 for _one in series)))
        table["classes"].append("gov-years")
        return [table, *self.notes(series)]

    def _parts(self, agency: str, written: list[str], below: Below) -> tuple[list[str], bool]:
        """Return the agencies to add up, and whether these are all: agencies whose figures include others are left out."""
        names = [name for name in dict.fromkeys(written) if name != agency]
        found = sort_out(names, {**below, agency: names})
        left_out = [name for name in dict.fromkeys(written) if name not in found.parts]
        if left_out:
            message = text("{names} already include other parts and are left out.", names=listed(left_out))
            self.problem(COUNTED_TWICE, message, text("List only agencies that are not part of each other."))
        return list(found.parts), not found.torn

    def _row(self, name: str, series: list[Series], number: int) -> list[str]:
        return [name, *(self.render(one.points[number].shown()) for one in series)]

    def _sum(self, series: list[Series], count: int, *, is_whole: bool) -> list[str]:
        """Return the row of sums; a rate is computed from the sums of its figures; “—” if a figure is unknown."""
        cells = [self.render(text("Sum"))]
        for one in series:
            quotes = [point.quote for point in one.points[:count] if point.quote]
            figures = tuple(figure for quote in quotes for figure in quote.figures)
            whole = quotes[0]._replace(paths=(), figures=figures) if is_whole and len(quotes) == count else None
            cells.append(self.render(whole.shown()) if whole and whole.status.is_known else "—")
        return cells
