"""``gov-trend-chart``: figures of several years as a picture, with the same figures as a table."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import clean_astext

from ..core.diagnostics import Rule, text
from .asker import BAD_OPTION
from .comparison import YearsDirective
from .domain import domain_of
from .nodes import GETTEXT

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import OptionSpec
    from sphinx.writers.html5 import HTML5Translator
    from sphinx.writers.latex import LaTeXTranslator

    from ..core.series import Series

UNLIKE_FIGURES = Rule("unlike-figures")
KINDS = ("bar", "line")
NO_PICTURES = ("epub",)  #: an EPUB must declare drawings in its list of files, which Sphinx does not


class gov_chart(nodes.General, nodes.Element):  # noqa: N801
    """The picture: a leaf of a stock ``figure``."""


class gov_chart_data(nodes.General, nodes.Element):  # noqa: N801
    """The figures of a picture as a table, in HTML folded up below it."""


class TrendChart(YearsDirective):
    """Bars or lines by year. Builders that cannot show them print the table."""

    kind = "gov-chart-table"
    option_spec: ClassVar[OptionSpec] = {
        "kind": directives.unchanged,
        "alt": directives.unchanged,
        **YearsDirective.option_spec,
    }

    def run(self) -> list[Node]:
        """A stock figure with the picture and its table."""
        from .picture import chart_of, description_of  # only where there is a chart

        reports = self.reports()
        series = list(self.series(reports)) if reports else []
        if not series or not self._fit(series):
            return []
        years = [report.year for report in reports]
        chart = chart_of(series, years, self._kind(), self.say)
        description = self.options.get("alt", "").strip() or description_of(chart, self.say)
        drawing = gov_chart("", chart=chart, ident=self._ident(), description=description)
        label = self.say(text("Figures of this chart"))
        figure = nodes.figure("", drawing, self.caption(nodes.caption, reports), classes=["gov-trend-chart"])
        self.set_source_info(figure)
        domain_of(self.env).charts[self.env.docname] = True
        self.add_name(figure)  # takes the option away: the table has no name
        table = self.table(series, years, None)  # the picture has the caption, and its number
        return [figure, gov_chart_data("", table, label=label)]

    def _fit(self, series: list[Series]) -> bool:
        """Whether the figures can stand in one picture."""
        from ..core.chart import MAX_SERIES

        if len(series) > MAX_SERIES:
            message = text("{count} lines cannot be told apart in one chart.", count=len(series))
            self.problem(BAD_OPTION, message, text("Write at most {limit} figures, or several charts.", limit=MAX_SERIES))
            return False
        units = sorted({one.unit for one in series})
        if len(units) > 1:
            message = text("These figures are counted in different units: {units}.", units="、".join(filter(None, units)))
            self.problem(UNLIKE_FIGURES, message, text("Write one chart for each unit."))
            return False
        return True

    def _kind(self) -> str:
        kind = str(self.options.get("kind", "bar")).strip()
        if kind in KINDS:
            return kind
        self.problem(BAD_OPTION, text("“{written}” is no kind of chart.", written=kind), text("Write bar or line."))
        return "bar"

    def _ident(self) -> str:
        """Unique also where all pages are one."""
        page = hashlib.sha256(self.env.docname.encode()).hexdigest()[:6]
        return f"gov-chart-{page}-{self.env.new_serialno('gov-chart')}"


class ChartsAsTables(SphinxPostTransform):
    """Builders without pictures print the table, with the name of the picture; LaTeX prints only the picture."""

    default_priority = 6  # before numbers and references

    def is_supported(self) -> bool:
        """Wherever a page has a chart, unless its caption is wanted for a catalog."""
        domain = domain_of(self.env)
        return bool(domain.charts) and domain.builder.name != GETTEXT

    def run(self, **kwargs: Any) -> None:
        """Leave what the builder can show."""
        builder = domain_of(self.env).builder
        for data in list(self.document.findall(gov_chart_data)):
            parent = data.parent
            figure = parent[parent.index(data) - 1]
            assert isinstance(figure, nodes.figure)
            if builder.format == "latex":
                parent.remove(data)
            elif builder.format != "html" or builder.name in NO_PICTURES:
                table = data[0]
                assert isinstance(table, nodes.table)
                table["ids"] += figure["ids"]
                table["names"] += figure["names"]
                table.insert(0, nodes.title("", "", *figure[1].children))
                parent.remove(figure)
                data.replace_self(table)


def visit_chart_html(self: HTML5Translator, node: gov_chart) -> None:
    """Write the picture into the page."""
    from ..core.chart import draw
    from ..core.svg import svg

    figure = node.parent
    assert isinstance(figure, nodes.figure)
    caption = figure[1]  # as it may have been translated
    assert isinstance(caption, nodes.caption)
    title = clean_astext(caption)
    self.body.append(svg(draw(node["chart"]), node["ident"], title, node["description"]))
    raise nodes.SkipNode


def visit_chart_latex(self: LaTeXTranslator, node: gov_chart) -> None:
    """Draw the picture with TikZ."""
    from ..core.chart import draw
    from ..core.tikz import tikz

    self.body.append(f"\n{tikz(draw(node['chart']))}\n")
    raise nodes.SkipNode


def visit_data_html(self: HTML5Translator, node: gov_chart_data) -> None:
    """Fold the table up: everybody can open it, with the keyboard too."""
    self.body.append(self.starttag(node, "details", "", CLASS="gov-chart-data"))
    self.body.append(f"<summary>{self.encode(node['label'])}</summary>\n")


def depart_data_html(self: HTML5Translator, node: gov_chart_data) -> None:
    """Close it."""
    self.body.append("</details>\n")


def use_tikz(app: Sphinx, env: BuildEnvironment) -> None:
    """Ask LaTeX for TikZ where there is something to draw."""
    if app.builder.format == "latex" and domain_of(env).charts:
        app.add_latex_package("tikz")


def setup(app: Sphinx) -> None:
    """Register nodes and transform."""
    app.add_node(gov_chart, html=(visit_chart_html, None), latex=(visit_chart_latex, None))
    app.add_node(gov_chart_data, html=(visit_data_html, depart_data_html))
    app.add_post_transform(ChartsAsTables)
    app.connect("env-updated", use_tikz)
