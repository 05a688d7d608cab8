"""What a chart shows, in the site's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..core.chart import Chart, ChartPoint, ChartSeries
from ..core.diagnostics import Text, text
from ..core.series import Series

Say = Callable[[str | Text], str]


def chart_of(series: Sequence[Series], years: Sequence[int], kind: str, say: Say) -> Chart:
    """The chart of figures that are counted in one unit."""
    unit = series[0].unit
    return Chart(
        kind=kind,
        series=tuple(ChartSeries(one.label, tuple(_points(one, say))) for one in series),
        years=tuple(say(text("{year} (year)", year=year)) for year in years),
        unit=say(text("Unit: {unit}", unit=unit)) if unit else "",
        break_note=say(text("not comparable")),
    )


def description_of(chart: Chart, say: Say) -> str:
    """All figures in one sentence for each series: what a reader of the picture sees."""
    sentences = []
    for one in chart.series:
        figures = "，".join(f"{year} {point.shown}" for year, point in zip(chart.years, one.points, strict=True))
        sentences.append(say(text("{label}: {figures}.", label=one.label, figures=figures)))
    return " ".join(sentences)


def _points(series: Series, say: Say) -> list[ChartPoint]:
    return [
        ChartPoint(point.year, value, say(point.shown()), point.quote is not None)
        for point, value in zip(series.points, series.values, strict=True)
    ]
