"""Drawings as TikZ, for LaTeX: lines and letters in black, series distinguished by shade and dashes."""

from __future__ import annotations

from collections.abc import Iterator

from .layout import Bar, Drawing, FrameLine, Label, Shape, Stroke, Swatch

_SCALE = 0.8  # printed points for a pixel of the drawing: 520 px are 416 pt, and A4 has 450 between its margins
_SHADES = (80, 0, 45, 15, 60, 30)
_DASHES = (
    "solid",
    "dash pattern=on 6pt off 3pt",
    "dash pattern=on 1.5pt off 3pt",
    "dash pattern=on 7pt off 3pt on 1.5pt off 3pt",
    "dash pattern=on 4pt off 1.5pt",
    "dash pattern=on 1pt off 4pt",
)
_FRAME = {"grid": "black!20", "base": "black!80", "break": "black!80,dash pattern=on 3pt off 3pt"}
_ANCHORS = {"start": "base west", "middle": "base", "end": "base east"}
_SPECIAL = str.maketrans(
    {char: f"\\{char}" for char in "#$%&_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


def in_latex(written: str) -> str:
    """Return a text that LaTeX prints literally."""
    return written.translate(_SPECIAL)


def tikz(drawing: Drawing) -> str:
    """Return the drawing as one picture."""
    head = rf"\begin{{tikzpicture}}[x={_SCALE}pt,y=-{_SCALE}pt,inner sep=0pt,font=\footnotesize]"
    return "\n".join((head, *(line for shape in drawing.shapes for line in _shape(shape)), r"\end{tikzpicture}"))


def _shape(shape: Shape) -> Iterator[str]:
    match shape:
        case Bar():
            yield _bar(shape.x, shape.y, shape.width, shape.height, shape.series)
        case Stroke():
            yield from _stroke(shape.points, shape.series)
        case FrameLine():
            yield rf"\draw[{_FRAME[shape.kind]}] {_at(shape.x1, shape.y1)} -- {_at(shape.x2, shape.y2)};"
        case Label():
            turned = ",rotate=90" if shape.is_upright else ""
            yield rf"\node[anchor={_ANCHORS[shape.anchor]}{turned}] at {_at(shape.x, shape.y)} {{{in_latex(shape.text)}}};"
        case Swatch(kind="bar"):
            yield _bar(shape.x, shape.y + 3, 16, 14, shape.series)
        case Swatch():
            yield from _stroke(((shape.x, shape.y + 10), (shape.x + 24, shape.y + 10)), shape.series)


def _bar(x: float, y: float, width: float, height: float, series: int) -> str:
    return rf"\filldraw[draw=black,fill=black!{_SHADES[series]}] {_at(x, y)} rectangle {_at(x + width, y + height)};"


def _stroke(points: tuple[tuple[float, float], ...], series: int) -> Iterator[str]:
    if len(points) > 1:
        yield rf"\draw[line width=1.2pt,{_DASHES[series]}] " + " -- ".join(_at(x, y) for x, y in points) + ";"
    yield from (rf"\fill {_at(x, y)} circle (2pt);" for x, y in points)


def _at(x: float, y: float) -> str:
    return f"({x:.2f},{y:.2f})"
