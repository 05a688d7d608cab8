"""Reads the content of a figure cell in a published document."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from sphinx_govreport.core.characters import cleaned_line, without_breaks
from sphinx_govreport.core.diagnostics import Problem, Text, listed, text, translator
from sphinx_govreport.core.forms.indicators import Indicator
from sphinx_govreport.core.reports.figures import Figure, Status, parse
from sphinx_govreport.core.reports.quoting import WORDS
from sphinx_govreport.core.tables.table import comparison
from sphinx_govreport.importers.document import BROKEN, Mark, with_marks
from sphinx_govreport.importers.labels import plain

#: marks that refer to a note: 1, ①, [2], （注3）, a, *; a raised sign, decimal or unit would be part of the number
_FOOTNOTE = re.compile(
    r"(?:[\[(〔【]?(?:附?注|备注|脚注|尾注)?[::]?"
    r"(?:\d{1,3}|(?<![a-zA-Z])(?:[a-zA-Z]|[ivx]{1,5})(?![a-zA-Z])|[一二三四五六七八九十]{1,2}|[*※†‡#☆★△▲§])"
    r"[\])〕】]?){1,6}"
)
_MAX_MARK = 12  # characters
_NUMBERED = re.compile(r"([\u2474-\u249b\u3220-\u3229\U0001f100-\U0001f10a]+)$")  # ⑴ and ⒈ after a figure
_SAME_MEANING = ("<wide>", "<narrow>", "<small>", "<noBreak>", "<font>", "<vertical>")  # compatibility characters
_MINUS = str.maketrans("−–", "--")
_NOTED = re.compile(r"([^（(\d]*\d[^（(]*)[（(](.*)[）)]", re.DOTALL)
_COMPARED = re.compile(r"(.*)([（(](\d{4})(?:年：|: )([^，,（()）]*)(?:[，,][^（()）]*)?[）)])", re.DOTALL)
_AMOUNT = re.compile(r"([+-]?\d[\d.]*)(.*)")
_MONEY = f"(?:[十百千]?[万亿]?元|[十百千万亿]*{BROKEN}+元?)"
_COUNTS = ("件", "项", "个", "条", "次", "宗")  # counting units; none of them changes a number
UNITS = "|".join((_MONEY, *_COUNTS))
_UNIT = re.compile(rf"([+-]?\d[\d.,]*)\s?({UNITS})")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DASHES = re.compile(r"[-‐‑‒—―─━ー]+|无|不适用|n/a", re.IGNORECASE)
_UP, _DOWN = "新增|增加|上升|增|↑", "减少|下降|减|↓"
_IN_WORDS = re.compile(rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\s*(?P<number>\d.*)|(?P<before>\d.*?)\s*(?:(?P<rise>↑)|↓)")
_UNIT_ALONE = re.compile(rf"\(?(?:单位:?)?({UNITS})\)?")
_HEAD_UNIT = re.compile(
    rf"单位:?({UNITS})|\(({'|'.join(_COUNTS)})\)|"
    rf"\([^()]*?(?<![\d.十百千万亿])({_MONEY})(?=[^()\w]|计|\))|(?<![\d.十百千万亿单多])({_MONEY})$"
)


class Value(NamedTuple):
    """The value of a cell that was read."""

    status: Status
    number: Decimal | None
    written: str  #: as in a year file
    unit: str = ""
    note: str = ""
    remark: Text | None = None  #: information for the author about how it was read
    marks: str = ""  #: the marks next to it


@lru_cache(maxsize=1024)
def head_unit(label: str) -> str:
    """Return the unit in a header, or an empty string."""
    match = _HEAD_UNIT.search(plain(label))
    return next(filter(None, match.groups()), "") if match else ""


def unit_of(cell: str) -> str:
    """Return the unit in a cell, or an empty string if the cell contains anything else."""
    match = _UNIT_ALONE.fullmatch(plain(cell))
    return match[1] if match else ""


def read_text(cell: str) -> Value:
    """Read a cell of a column of texts."""
    written = cleaned_line(without_breaks(cell)).strip()
    return Value(Status.TEXT if written else Status.BLANK, None, written)


def read_value(cell: str, indicator: Indicator, unit_above: str = "", marks: Sequence[Mark] = ()) -> Value | Problem:
    """Read a cell; its header may give a unit. Nothing is guessed: ambiguous text is a problem."""
    if marks:
        return _read_marked(cell, indicator, unit_above, marks)
    if match := _NUMBERED.search(cell):
        return _read_marked(cell[: match.start()], indicator, unit_above, (Mark(match.start(), match[0]),))
    if match := _COMPARED.fullmatch(cell.strip()):
        value = _read_alone(match[1], indicator, unit_above)
        if isinstance(value, Value) and _is_comparison(match, value, indicator):
            return value
    return _read_alone(cell, indicator, unit_above)


def _read_alone(cell: str, indicator: Indicator, unit_above: str) -> Value | Problem:
    """Read a cell that contains nothing but a figure with its unit and note."""
    body, note = _without_note(cell)
    half = "".join(_half(body).translate(_MINUS).split("\u200b")).strip()
    if indicator.signed and (match := _IN_WORDS.fullmatch(half)):
        half = _with_sign(match)
    unit = unit_of(note)
    if match := _UNIT.fullmatch(half):
        half, unit = match[1], match[2]
    elif unit:
        note = ""
    if half == "一":
        message = text("“{written}” may be 1, or a dash for nothing.", written=half)
        return Problem(message, text("Ask the agency, and write 1, 0 or “/”, or leave it empty."))
    if _DASHES.fullmatch(half):
        message = text("“{written}” may be 0, not applicable or not filled in.", written=cell.strip())
        return Problem(message, text("Ask the agency, and write 0 or “/”, or leave it empty."))
    remark = None
    if _GROUPED.fullmatch(half):
        remark = text("“{written}” is read as {number}.", written=half, number=half.replace(",", ""))
        half = half.replace(",", "")
    status, number, problem = parse(half, indicator)
    if problem:
        return problem
    stated = _stated_unit(unit or (unit_above if number else ""), indicator, half) if status is Status.NUMBER else ""
    return stated if isinstance(stated, Problem) else Value(status, number, half, stated, note, remark)


def _read_marked(cell: str, indicator: Indicator, unit_above: str, marks: Sequence[Mark]) -> Value | Problem:
    """Read a cell with marks next to its text, if they can be distinguished from the number."""
    shown = with_marks(cell, marks).strip()
    hint = text("Check the cell and type the figure into the year file.")
    if not any(map(str.isdigit, cell)):
        return Problem(text("“{written}” is raised, lowered or circled text without a figure.", written=shown), hint)
    for mark in marks:
        is_within = bool(cell[: mark.at].strip()) and cell[mark.at :].strip()[:1].isdigit()
        letters = _letters(mark.text)
        if is_within or len(letters) > _MAX_MARK or not _FOOTNOTE.fullmatch(letters):
            message = text("“{mark}” in “{written}” may be part of the number.", mark=mark.text, written=shown)
            return Problem(message, hint)
    value = read_value(cell, indicator, unit_above)
    return value if isinstance(value, Problem) else value._replace(marks=" ".join(mark.text for mark in marks))


def _is_comparison(match: re.Match[str], value: Value, indicator: Indicator) -> bool:
    """Return whether the brackets after a figure contain that of another year, as our tables print it, and not a note."""
    now = Figure(value.status, value.number, value.written, 0, 0, value.unit)
    others = [Figure(status, None, "", 0, 0) for status in WORDS]
    if number := _AMOUNT.fullmatch(match[4]):
        others = [Figure(*parse(number[1], indicator)[:2], number[1], 0, 0, number[2])]
    printed = (comparison(now, then, int(match[3])) for then in others)
    return plain(match[2]) in {plain(one.render(translator(language))) for one in printed for language in ("zh_CN", "en")}


def _letters(mark: str) -> str:
    """Return a mark in plain letters and digits, without spaces and enclosing shapes."""
    half = unicodedata.normalize("NFKC", mark)
    return "".join(char for char in half if not char.isspace() and unicodedata.category(char) not in ("Me", "Mn")).rstrip(".")


def _half(written: str) -> str:
    """Return the text in half-width characters. Only characters with the same meaning are changed, but not ⅓ and ⒈."""
    return "".join(
        unicodedata.normalize("NFKC", char) if unicodedata.decomposition(char).startswith(_SAME_MEANING) else char
        for char in written
    )


def _without_note(cell: str) -> tuple[str, str]:
    match = _NOTED.fullmatch(cell.strip())
    return (match[1], cleaned_line(without_breaks(match[2])).strip()) if match else (cell, "")


def _with_sign(match: re.Match[str]) -> str:
    """Return a change such as 减少8 as it is written in a year file."""
    number = match["number"] or match["before"]
    sign = "+" if match["up"] or match["rise"] else "-"
    return number if number.strip("0.") == "" else sign + number


def _stated_unit(unit: str, indicator: Indicator, number: str) -> str | Problem:
    """Return the unit to write in the year file, or an empty string if the form has it."""
    if unit in indicator.units:
        return unit
    if not unit or unit == indicator.unit or (unit in _COUNTS and indicator.unit in _COUNTS):
        return ""
    wanted = indicator.unit or listed(indicator.units)
    message = text("{number} is in {unit}, but the form counts in {wanted}.", number=number, unit=unit, wanted=wanted)
    return Problem(message, text("Convert it and write the result yourself."))
