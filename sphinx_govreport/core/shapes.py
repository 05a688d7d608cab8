"""What a drawing is made of. Lengths are in pixels of a drawing that is 520 wide; y grows downwards."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple, TypeAlias

WIDTH = 520.0
SIZE = 14.0  #: of the letters


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
    """A text; (x, y) is where its baseline starts, has its middle, or ends."""

    x: float
    y: float
    text: str
    anchor: str = "middle"  #: ``start``, ``middle`` or ``end``
    kind: str = "value"  #: ``value``, ``year``, ``tick``, ``name`` or ``note``
    is_upright: bool = False  #: read from below


class Swatch(NamedTuple):
    """A sample of how a series is drawn, before its name; a bar or a stroke."""

    x: float
    y: float
    series: int
    kind: str


Shape: TypeAlias = Bar | Stroke | FrameLine | Label | Swatch


class Drawing(NamedTuple):
    """All shapes, those behind first."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


def text_width(written: str) -> float:
    """About how wide a text is in the drawing: Chinese characters are square, others about half of that."""
    return sum(SIZE if unicodedata.east_asian_width(one) in "WFA" else SIZE * 0.6 for one in written)
