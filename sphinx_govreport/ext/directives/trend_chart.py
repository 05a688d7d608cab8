"""``gov-trend-chart``: figures of several years as a chart, with the same figures as a table."""

from __future__ import annotations

import hashlib
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_govreport.core.charts.layout import MAX_SERIES, Chart, ChartPoint, ChartSeries
from sphinx_govreport.core.diagnostics import Text, bilingual, sentences, text, translator
from sphinx_govreport.core.reports.quoting import different_units
from sphinx_govreport.core.reports.series import NOT_COMPARABLE, Series, break_notes
from sphinx_govreport.ext.compat import clean_astext
from sphinx_govreport.ext.domain.domain import domain_of
from sphinx_govreport.ext.log import site_rule
from sphinx_govreport.ext.lookup import BAD_OPTION, TABLE_OPTIONS, options
from sphinx_govreport.ext.nodes import EPUB, GETTEXT, gov_chart, gov_chart_data, gov_figure, is_number

from .comparison_table import YearsDirective

UNLIKE_FIGURES = site_rule(
    "unlike-figures",
    "数据单位不同",
    text("A chart contains figures that are counted in different units."),
    text("Their lengths could not be compared."),
    text("Write one chart for each unit."),
    page="# 页面\n\n```{gov-trend-chart}\nproactive-disclosure.fees.amount\nrequests.received.total\n```\n",
)


class TrendChart(YearsDirective):
    """Bars or lines by year. Builders that cannot show them print the table."""

    kind = "gov-chart-table"
    option_spec = options("kind", "alt", "years", "numbered", *TABLE_OPTIONS)

    def run(self) -> list[nodes.Node]:
        """Return a figure with the chart and its table."""
        kind = self.choice("kind", {"bar": "bar", "line": "line"}, text("Write bar or line.")) or "bar"
        reports = self.reports()
        series = list(self.series(reports)) if reports else []
        if not series or not self._fit(series):
            return []
        years = [report.year for report in reports]
        chart = self._chart(kind, series, years)
        breaks = break_notes(series, reports, self.forms)
        description = self.options.get("alt", "").strip() or self._description(chart, breaks)
        page = hashlib.sha256(self.env.docname.encode()).hexdigest()[:12]  # all pages may be merged into one
        ident = f"gov-chart-{page}-{self.env.new_serialno('gov-chart')}"
        drawing = gov_chart("", chart=chart, ident=ident, description=description)
        label = self.render(text("Figures of this chart"))
        classes = ["gov-trend-chart", *self.options.get("class", [])]
        figure = gov_figure("", drawing, self.caption(nodes.caption, reports), classes=classes, numbered=self.is_numbered)
        self.set_source_info(figure)
        self.domain.charts[self.env.docname] = True
        self.add_name(figure)  # removes the option: the table has no name
        table = self.table(series, years, None)  # the chart has the caption, and its number
        return [figure, gov_chart_data("", table, label=label), *self.notes(series, breaks)]

    def _fit(self, series: list[Series]) -> bool:
        """Return whether the figures fit into one chart."""
        if len(series) > MAX_SERIES:
            message = text("{count} lines cannot be told apart in one chart.", count=len(series))
            self.problem(BAD_OPTION, message, text("Write at most {limit} figures, or several charts.", limit=MAX_SERIES))
            return False
        units = {one.unit for one in series}
        if len(units) > 1:
            message = different_units((unit,) for unit in units if unit).message
            self.problem(UNLIKE_FIGURES, message, text("Write one chart for each unit."))
            return False
        return True

    def _chart(self, kind: str, series: list[Series], years: list[int]) -> Chart:
        lines = []
        for one in series:
            points = [
                ChartPoint(point.year, value, self.render(point.shown()), point.quote is not None)
                for point, value in zip(one.points, one.values, strict=True)
            ]
            lines.append(ChartSeries(one.label, tuple(points)))
        unit = series[0].unit
        return Chart(
            kind=kind,
            series=tuple(lines),
            years=tuple(self.render(text("{year}", year=year)) for year in years),
            unit=self.render(text("Unit: {unit}", unit=unit)) if unit else "",
            break_note=self.render(NOT_COMPARABLE),
        )

    def _description(self, chart: Chart, breaks: tuple[Text, ...]) -> str:
        """Return a text with all figures of a chart: a sentence for each series and each break."""
        told, comma = [], self.render(bilingual(", ", "，"))
        for one in chart.series:
            figures = comma.join(f"{year} {point.shown}" for year, point in zip(chart.years, one.points, strict=True))
            told.append(text("{label}: {figures}.", label=one.label, figures=figures))
        return sentences((*told, *breaks), translator(self.config.language))


class ChartsAsTables(SphinxPostTransform):
    """For builders without charts, keeps the table, with the name of the chart; LaTeX prints it below the chart."""

    default_priority = 6  # before numbers and references

    def is_supported(self) -> bool:
        """Return whether a page has a chart that the builder cannot show as HTML can; for catalogs, captions are kept."""
        domain = domain_of(self.env)
        builder = domain.build.builder
        shows = builder.format == "html" and builder.name != EPUB  # its manifest has no drawings
        return bool(domain.charts) and not shows and builder.name != GETTEXT

    def run(self, **kwargs: Any) -> None:
        """Remove what the builder cannot show."""
        for data in list(self.document.findall(gov_chart_data)):
            parent = data.parent
            figure = parent[parent.index(data) - 1]
            table = data[0]
            assert isinstance(figure, nodes.figure)
            assert isinstance(table, nodes.table)
            if domain_of(self.env).build.builder.format == "latex":
                words = nodes.caption("", "", *(one.deepcopy() for one in figure[1].children if not is_number(one)))
                table.insert(0, nodes.title("", clean_astext(words)))  # the chart, which has the number, may float away
            else:
                table["ids"] += figure["ids"]
                table["names"] += figure["names"]
                table.insert(0, nodes.title("", "", *figure[1].children))
                parent.remove(figure)
            data.replace_self(table)


def use_tikz(app: Sphinx, env: BuildEnvironment) -> None:
    """Load TikZ in LaTeX if there is a chart."""
    if app.builder.format == "latex" and domain_of(env).charts:
        app.add_latex_package("tikz")
