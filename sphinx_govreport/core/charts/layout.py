"""Charts of several years: figures become shapes at exact positions. The writers (SVG, TikZ) only write the shapes.

The baseline is always 0, so that the height of a bar is proportional to its figure.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple, TypeAlias

WIDTH = 520.0
SIZE = 14.0  #: font size


class Bar(NamedTuple):
    """A bar from the baseline."""

    x: float
    y: float
    width: float
    height: float
    series: int


class Stroke(NamedTuple):
    """A line through several points, or one point."""

    points: tuple[tuple[float, float], ...]
    series: int


class FrameLine(NamedTuple):
    """A straight line of the frame."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str  #: ``grid``, ``base`` or ``break``


class Label(NamedTuple):
    """A text; (x, y) is the start, middle or end of its baseline."""

    x: float
    y: float
    text: str
    anchor: str = "middle"  #: ``start``, ``middle`` or ``end``
    kind: str = "value"  #: ``value``, ``year``, ``tick``, ``name`` or ``note``
    is_upright: bool = False  #: read from below


class Swatch(NamedTuple):
    """A sample of how a series is drawn, before its name: a bar or a stroke."""

    x: float
    y: float
    series: int
    kind: str


Shape: TypeAlias = Bar | Stroke | FrameLine | Label | Swatch


class Drawing(NamedTuple):
    """All shapes, background first."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


def text_width(written: str) -> float:
    """Return the approximate width of a text: Chinese characters are square, others about half as wide."""
    return sum(SIZE if unicodedata.east_asian_width(one) in "WFA" else SIZE * 0.6 for one in written)


MAX_SERIES = 6  #: more are indistinguishable without colour

_PLOT = 220.0  # height of the area with bars or lines
_LINE = 22.0  # height of a line of text
_SWATCH = 24.0
_NAME = _SWATCH + 6  # from a swatch to the name behind it
_BASE = SIZE + 3  # from the top of a line to the baseline of its text
_WIDEST_BAR = 56.0
_FILLED = 0.76  # share of a year's band that bars fill
_ENDS = 28.0  # from the sides of the plot to the ends of a line
_WIDEST_NAME = 170.0  # a longer name is written above, not at the end of its line
_TICKS = 5
_TINY = 1e-9  # errors of binary fractions are smaller
_NOTHING = "—"  # for a year without a number


class ChartPoint(NamedTuple):
    """A year of a series."""

    year: int
    value: Decimal | None  #: None: there is no number, or the form does not count the same
    shown: str
    is_comparable: bool = True  #: False: the form of that year does not count the same


class ChartSeries(NamedTuple):
    """A line, or the bars of one series."""

    label: str
    points: tuple[ChartPoint, ...]  #: oldest first, the same years in every series


class Chart(NamedTuple):
    """The content of a chart, in the reader's language."""

    kind: str  #: ``bar`` or ``line``
    series: tuple[ChartSeries, ...]
    years: tuple[str, ...]  #: their labels below the chart
    unit: str  #: label over the scale; may be empty
    break_note: str  #: the note where forms change

    @property
    def breaks(self) -> tuple[int, ...]:
        """Indices of years before which the forms change what they count."""
        places = range(1, len(self.years))
        return tuple(
            n for n in places if any(one.points[n - 1].is_comparable != one.points[n].is_comparable for one in self.series)
        )


def draw(chart: Chart) -> Drawing:
    """Return the shapes of a chart."""
    return _Artist(chart).drawing()


def _round_scale(low: float, high: float, least: float) -> tuple[float, float, float]:
    """Extend a range to round steps, none smaller than ``least``."""
    low, high = min(0.0, low), max(0.0, high)
    if low == high:
        high = 1.0
    rough = (high - low) / _TICKS
    power = 10.0 ** _exponent(rough)
    step = max(least, next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999))
    return -step * math.ceil(-low / step - _TINY), step * math.ceil(high / step - _TINY), step


def _exponent(value: float) -> int:
    return Decimal(value).adjusted()


class _Artist:
    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        values = [float(point.value) for one in chart.series for point in one.points if point.value is not None]
        least = float(all(map(float.is_integer, values)))  # there is no half of a request
        self.low, self.high, self.step = _round_scale(min(values, default=0.0), max(values, default=0.0), least)
        decimals = max(0, -_exponent(self.step))
        self.tick = f"{{:,.{decimals}f}}"
        self.left = max(map(text_width, (self.tick.format(end) for end in (self.low, self.high)))) + 8
        names = [text_width(self._end_name(one)) for one in chart.series]
        self.names_at_end = chart.kind == "line" and len(chart.series) > 1 and max(names) <= _WIDEST_NAME
        self.right = WIDTH - (max(names) + 14 if self.names_at_end else 8)
        self.band = (self.right - self.left) / len(chart.years)
        self.bar = min(_WIDEST_BAR, self.band * _FILLED / len(chart.series))
        figures = (point.shown for one in chart.series for point in one.points if point.value is not None)
        widest = max(map(text_width, figures), default=0.0)
        self.ends = max(_ENDS, widest / 2) if len(chart.series) == 1 else _ENDS
        room = self.band if len(chart.series) == 1 else self.bar
        self.turned = chart.kind == "bar" and widest > room - 4
        self.says_figures = not self.turned or room >= SIZE  # bars that are too thin leave figures to the scale and the table
        self.years, self.years_turned = self._years(self._x(1) - self._x(0) - 4)
        self.year_width = max(map(text_width, self.years))
        self.legend = () if self.names_at_end else tuple(self._legend())
        names_height = max((shape.y - _BASE + _LINE for shape in self.legend if isinstance(shape, Label)), default=0.0)
        top = names_height + (_LINE if chart.unit else 0) + (widest if self.turned else _LINE) + 6
        self.top, self.bottom = top, top + _PLOT
        self.years_height = self.year_width + 6 if self.years_turned else _LINE
        self.unit_y = names_height + SIZE + 2
        self.break_labels = tuple(self._break_labels())
        self.marks = tuple(self._bars() if chart.kind == "bar" else self._lines())
        lowest = (shape.y for shape in self.marks if isinstance(shape, Label) and shape.kind == "value")
        self.foot: float = max((self.bottom, *lowest))  # figures may lie below a bar or a line

    def _years(self, room: float) -> tuple[tuple[str, ...], bool]:
        """Return the labels below the years: in words, else only the number, and upright if that is too long as well."""
        numbers = tuple(str(point.year) for point in self.chart.series[0].points)
        for years in (self.chart.years, numbers):
            if max(map(text_width, years)) <= room:
                return years, False
        return numbers, True

    def drawing(self) -> Drawing:
        below = self.years_height + _LINE * len({row for _middle, row in self.break_labels}) + 6
        shapes = (*self._frame(), *self.marks, *self._breaks(), *self.legend)
        return Drawing(WIDTH, round(self.foot + below, 1), tuple(shapes))

    def _x(self, place: float) -> float:
        """Return the middle of a year: of its bars, or on a line from side to side."""
        last = len(self.chart.years) - 1
        if self.chart.kind == "bar" or not last:
            return self.left + self.band * (place + 0.5)
        return self.left + self.ends + (self.right - self.left - 2 * self.ends) * place / last

    def _y(self, value: float) -> float:
        """Return the height of a figure."""
        return self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - self.top)

    def _legend(self) -> Iterator[Swatch | Label]:
        """Yield the names of the series from left to right, in as many rows as needed; a long name has several lines."""
        x, y = 0.0, 0.0
        for number, one in enumerate(self.chart.series):
            lines = _folded(one.label, WIDTH - _NAME)
            width = _NAME + max(map(text_width, lines)) + 18
            if x and (x + width > WIDTH or len(lines) > 1):
                x, y = 0.0, y + _LINE
            yield Swatch(x, y, number, self.chart.kind)
            for row, line in enumerate(lines):
                yield Label(x + _NAME, y + row * _LINE + _BASE, line, "start", "name")
            y += (len(lines) - 1) * _LINE
            x = WIDTH if len(lines) > 1 else x + width

    def _frame(self) -> Iterator[Shape]:
        for number in range(round((self.high - self.low) / self.step) + 1):
            value = self.low + number * self.step
            y = self._y(value)
            yield FrameLine(self.left, y, self.right, y, "base" if abs(value) < self.step / 2 else "grid")
            yield Label(self.left - 6, y + SIZE * 0.35, self.tick.format(value), "end", "tick")
        if self.chart.unit:
            yield Label(0, self.unit_y, self.chart.unit, "start", "note")
        for place, year in enumerate(self.years):
            if self.years_turned:
                yield Label(self._x(place) + SIZE * 0.35, self.foot + 8, year, "end", "year", is_upright=True)
            else:
                yield Label(self._x(place), self.foot + SIZE + 6, year, kind="year")

    def _breaks(self) -> Iterator[Shape]:
        foot = self.foot + self.years_height
        for place, (middle, row) in zip(self.chart.breaks, self.break_labels, strict=True):
            x = self._x(place - 0.5)
            yield FrameLine(x, self.top - 4, x, foot + row * _LINE + 2, "break")
            yield Label(middle, foot + row * _LINE + SIZE + 6, self.chart.break_note, kind="note")

    def _break_labels(self) -> Iterator[tuple[float, int]]:
        """Yield the middle and the row of the note at each break: two that are close to each other are in two rows."""
        half = text_width(self.chart.break_note) / 2
        ends: list[float] = []
        for place in self.chart.breaks:
            middle = min(max(self._x(place - 0.5), half), WIDTH - half)
            row = next((row for row, end in enumerate(ends) if end <= middle - half), len(ends))
            ends[row : row + 1] = [middle + half + SIZE]
            yield middle, row

    def _bars(self) -> Iterator[Shape]:
        base = self._y(0)
        count = len(self.chart.series)
        for number, one in enumerate(self.chart.series):
            for place, point in enumerate(one.points):
                x = self._x(place) + (number - count / 2) * self.bar
                y = self._y(float(point.value or 0))
                if point.value is not None:
                    yield Bar(x + 1, min(y, base), self.bar - 2, abs(y - base), number)
                if point.is_comparable and self.says_figures:
                    yield self._bar_label(x + self.bar / 2, y, point)

    def _bar_label(self, x: float, y: float, point: ChartPoint) -> Label:
        shown = point.shown if point.value is not None else _NOTHING
        if self.turned and point.value is not None:  # an upright dash would look like a figure
            return Label(x + SIZE * 0.35, min(y, self._y(0)) - 5, shown, "start", is_upright=True)
        is_below = point.value is not None and point.value < 0
        return Label(x, y + SIZE + 2 if is_below else y - 5, shown)

    def _lines(self) -> Iterator[Shape]:
        ends: list[tuple[float, str]] = []
        for number, one in enumerate(self.chart.series):
            places = [
                None if point.value is None else (self._x(place), self._y(float(point.value)))
                for place, point in enumerate(one.points)
            ]
            yield from (Stroke(run, number) for run in _runs(places))
            drawn = [at for at in places if at]
            if self.names_at_end:
                ends += [(drawn[-1][1], self._end_name(one))] if drawn else []
            elif len(self.chart.series) == 1:
                shown = zip(places, one.points, (None, *places[:-1]), (*places[1:], None), strict=True)
                yield from (_beside_line(*at, point.shown, near) for at, point, *near in shown if at)
        for (_y, name), y in zip(sorted(ends), _apart([y for y, _name in ends], self.bottom), strict=True):
            yield Label(self.right + 8, y + SIZE * 0.35, name, "start", "name")

    @staticmethod
    def _end_name(one: ChartSeries) -> str:
        """Return the name at the end of a line, with its last figure."""
        return " ".join((one.label, *[point.shown for point in one.points if point.value is not None][-1:]))


def _folded(written: str, room: float) -> list[str]:
    """Return a text as lines of at most a width, which end after a space or within a word that is too long itself."""
    lines = [""]
    for word in re.findall(r"\S+\s*", written):
        for part in [word] if text_width(word) <= room else word:
            if text_width(lines[-1] + part.rstrip()) > room:
                lines.append("")
            lines[-1] += part
    return [line.rstrip() for line in lines]


def _beside_line(x: float, y: float, shown: str, near: Sequence[tuple[float, float] | None]) -> Label:
    """Return the figure of a point where the lines to those ``near`` it do not cross it: they would hide a minus sign."""
    is_higher, is_lower = ([at is not None and (at[1] - y) * side > 0 for at in near] for side in (-1, 1))
    if any(is_higher) and any(is_lower):
        return Label(x, y - 9, shown, "start" if is_higher[0] else "end")
    return Label(x, y + SIZE + 6 if any(is_higher) else y - 9, shown)


def _runs(places: Sequence[tuple[float, float] | None]) -> Iterator[tuple[tuple[float, float], ...]]:
    """Yield runs of neighbouring points; a line does not cross a year without a number."""
    for _is_point, run in groupby(places, key=bool):
        if points := tuple(filter(None, run)):
            yield points


def _apart(heights: list[float], bottom: float) -> list[float]:
    """Return the heights from top to bottom, moved so that a line of text fits between any two."""
    gap = SIZE + 3
    placed = sorted(heights)
    for n in range(1, len(placed)):
        placed[n] = max(placed[n], placed[n - 1] + gap)
    limit = bottom
    for n in reversed(range(len(placed))):
        placed[n] = min(placed[n], limit)
        limit = placed[n] - gap
    return placed
