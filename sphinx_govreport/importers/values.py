"""What stands in a figure's cell of a published document."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from ..core.breaks import without_breaks
from ..core.diagnostics import Text, one_line, text
from ..core.figures import Problem, Status, parse
from ..core.measures import Measure
from .labels import plain

_MINUS = str.maketrans("−–", "--")
_NOTED = re.compile(r"([^（(]*\d[^（(]*)[（(](.*)[）)]", re.DOTALL)
_UNIT = re.compile(r"([+-]?\d[\d.,]*)(万元|亿元|元|[件项个条次宗])")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DASHES = re.compile(r"[-‐‑‒—―─━ー]+|无|不适用|n/a", re.IGNORECASE)
_UP, _DOWN = "新增|增加|上升|增|↑", "减少|下降|减|↓"
_IN_WORDS = re.compile(rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\s*(?P<number>\d.*)|(?P<before>\d.*?)\s*(?:(?P<rise>↑)|↓)")
_HEAD_UNIT = re.compile(r"[(（](?:单位[:：]?)?(万元|亿元|元|件|项|个|条|次)[)）]|单位[:：]?(万元|亿元|元|件|项|个|条|次)")
_SAME = ("件", "项", "个", "条", "次", "宗")  # words that count; none of them changes a number


class Value(NamedTuple):
    """A cell that was understood."""

    status: Status
    number: Decimal | None
    written: str  #: as a year file writes it
    unit: str = ""
    note: str = ""
    remark: Text | None = None  #: what the author should know about how it was read


def head_unit(label: str) -> str:
    """The unit that a head names; empty if it names none."""
    match = _HEAD_UNIT.search(plain(label))
    return next(filter(None, match.groups()), "") if match else ""


def read_value(cell: str, measure: Measure, unit_above: str = "") -> Value | Problem:
    """Read a cell; its head may name a unit. Nothing is guessed: what could mean two things is a problem."""
    body, note = _without_note(cell)
    half = "".join(unicodedata.normalize("NFKC", body).translate(_MINUS).split("\u200b")).strip()
    if measure.signed and (match := _IN_WORDS.fullmatch(half)):
        half = _with_sign(match)
    half, unit = _without_unit(half)
    if half == "一":
        message = text("“{written}” may be 1, or a dash for nothing.", written=half)
        return Problem(message, text("Ask, and write 1, 0, “/” or nothing."))
    if _DASHES.fullmatch(half):
        message = text("“{written}” may be 0, not applicable or not filled in.", written=cell.strip())
        return Problem(message, text("Ask, and write 0, “/” or nothing."))
    remark = None
    if _GROUPED.fullmatch(half):
        remark = text("“{written}” is read as {number}.", written=half, number=half.replace(",", ""))
        half = half.replace(",", "")
    status, number, problem = parse(half, measure)
    if problem:
        return problem
    own = unit or (unit_above if number else "")
    stated = _stated_unit(own, measure, half) if status is Status.NUMBER else ""
    if isinstance(stated, Problem):
        return stated
    return Value(status, number, half, stated, note, remark)


def _without_note(cell: str) -> tuple[str, str]:
    match = _NOTED.fullmatch(cell.strip())
    return (match[1], one_line(without_breaks(match[2])).strip()) if match else (cell, "")


def _with_sign(match: re.Match[str]) -> str:
    """减少8 as a year file writes it."""
    number = match["number"] or match["before"]
    sign = "+" if match["up"] or match["rise"] else "-"
    return number if number.strip("0.") == "" else sign + number


def _without_unit(half: str) -> tuple[str, str]:
    match = _UNIT.fullmatch(half)
    return (match[1], match[2]) if match else (half, "")


def _stated_unit(unit: str, measure: Measure, number: str) -> str | Problem:
    """The unit that the year file must say; empty where the form says it."""
    if unit in measure.units:
        return unit
    if not unit or unit == measure.unit or (unit in _SAME and measure.unit in _SAME):
        return ""
    wanted = measure.unit or "、".join(measure.units)
    message = text("{number} is in {unit}, but the form counts in {wanted}.", number=number, unit=unit, wanted=wanted)
    return Problem(message, text("Reckon it over and write it yourself."))
