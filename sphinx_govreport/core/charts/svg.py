"""Drawings as SVG: static, without script or style, coloured by the page's style sheet and legible without it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from .layout import SIZE, Bar, Drawing, FrameLine, Label, Shape, Stroke, Swatch

DASHES = ("", "8 4", "2 4", "10 4 2 4", "5 2", "1 5")  #: of lines, by series
_FRAME = {
    "grid": 'stroke-opacity="0.18"',
    "base": 'stroke-opacity="0.8"',
    "break": 'stroke-opacity="0.8" stroke-dasharray="4 4"',
}
#: fill of the bars of the second and further series: lines that are distinguishable without colour
_PATTERNS = (
    "",
    '<path d="M0,8 L8,0" stroke="currentColor" stroke-width="2.5" />',
    '<circle cx="4" cy="4" r="1.8" fill="currentColor" />',
    '<path d="M0,4 H8" stroke="currentColor" stroke-width="2.5" />',
    '<path d="M0,0 L8,8 M0,8 L8,0" stroke="currentColor" stroke-width="1.4" />',
    '<path d="M4,0 V8" stroke="currentColor" stroke-width="2.5" />',
)
_MARKERS = (
    '<circle cx="{x}" cy="{y}" r="4" {fill} />',
    '<rect x="{left}" y="{top}" width="8" height="8" {fill} />',
    '<path d="M{x},{top} l5,8 h-10 z" {fill} />',
    '<path d="M{x},{top} l4.5,4.5 l-4.5,4.5 l-4.5,-4.5 z" {fill} />',
    '<circle cx="{x}" cy="{y}" r="3.5" {hollow} />',
    '<rect x="{left}" y="{top}" width="7" height="7" {hollow} />',
)
_FILL = 'fill="currentColor"'
_HOLLOW = 'fill="none" stroke="currentColor" stroke-width="2"'


def svg(drawing: Drawing, ident: str, title: str, description: str) -> str:
    """Return the drawing with its text for screen readers; ``ident`` begins its inner ids and must be unique on the page."""
    width, height = _number(drawing.width), _number(drawing.height)
    return (
        f'<svg class="gov-chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-labelledby="{ident}-title {ident}-desc" font-size="{_number(SIZE)}">\n'
        f'<title id="{ident}-title">{escape(title)}</title>\n<desc id="{ident}-desc">{escape(description)}</desc>\n'
        + "".join(_definitions(drawing, ident))
        + "".join(f"{_shape(shape, ident)}\n" for shape in drawing.shapes)
        + "</svg>\n"
    )


def _definitions(drawing: Drawing, ident: str) -> Iterator[str]:
    used = sorted({shape.series for shape in drawing.shapes if isinstance(shape, Bar) and shape.series})
    if used:
        yield "<defs>\n"
        for series in used:
            yield (
                f'<pattern id="{ident}-fill-{series}" width="8" height="8" patternUnits="userSpaceOnUse" '
                f'class="gov-series-{series + 1}">{_PATTERNS[series]}</pattern>\n'
            )
        yield "</defs>\n"


def _shape(shape: Shape, ident: str) -> str:
    match shape:
        case Bar():
            return _bar(shape.x, shape.y, shape.width, shape.height, shape.series, ident)
        case Stroke():
            return _stroke(shape)
        case FrameLine():
            ends = f'x1="{_number(shape.x1)}" y1="{_number(shape.y1)}" x2="{_number(shape.x2)}" y2="{_number(shape.y2)}"'
            return f'<line class="gov-chart-{shape.kind}" {ends} stroke="currentColor" {_FRAME[shape.kind]} />'
        case Label():
            return _label(shape)
        case Swatch():
            return _swatch(shape, ident)


def _bar(x: float, y: float, width: float, height: float, series: int, ident: str) -> str:
    fill = f"url(#{ident}-fill-{series})" if series else "currentColor"
    return (
        f'<rect class="gov-bar gov-series-{series + 1}" x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" '
        f'height="{_number(height)}" fill="{fill}" stroke="currentColor" />'
    )


def _stroke(shape: Stroke) -> str:
    dashes = f' stroke-dasharray="{DASHES[shape.series]}"' if DASHES[shape.series] else ""
    points = " ".join(f"{_number(x)},{_number(y)}" for x, y in shape.points)
    line = f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="2.5"{dashes} />'
    places = ({"x": _number(x), "y": _number(y), "left": _number(x - 4), "top": _number(y - 4)} for x, y in shape.points)
    markers = "".join(_MARKERS[shape.series].format(**place, fill=_FILL, hollow=_HOLLOW) for place in places)
    return f'<g class="gov-line gov-series-{shape.series + 1}">{line if len(shape.points) > 1 else ""}{markers}</g>'


def _label(shape: Label) -> str:
    x, y = _number(shape.x), _number(shape.y)
    turned = f' transform="rotate(-90 {x} {y})"' if shape.is_upright else ""
    return (
        f'<text class="gov-chart-{shape.kind}" x="{x}" y="{y}" text-anchor="{shape.anchor}" fill="currentColor"{turned}>'
        f"{escape(shape.text)}</text>"
    )


def _swatch(shape: Swatch, ident: str) -> str:
    if shape.kind == "bar":
        return _bar(shape.x + 0.5, shape.y + 3, 16, 14, shape.series, ident).replace("gov-bar", "gov-swatch")
    y = shape.y + 10
    return _stroke(Stroke(((shape.x + 5, y), (shape.x + 21, y)), shape.series)).replace("gov-line", "gov-swatch")


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
