"""Figures: their text in a year file, its meaning, and its printed form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Context, Decimal
from enum import IntEnum
from functools import reduce
from typing import NamedTuple, TypeAlias

from sphinx_govreport.core.diagnostics import Problem, text
from sphinx_govreport.core.forms.form import Keys
from sphinx_govreport.core.forms.indicators import PER_UNIT, Indicator
from sphinx_govreport.core.yaml.pitfalls import FILL
from sphinx_govreport.core.yaml.source import BLANKS, ScalarNode

from .keys import FIGURE_KEYS, written_key, yaml_text

MAX_DIGITS = 15  #: the longest published figure has eight
ZERO = Decimal(0)
_EXACT = Context(prec=80)  # figures have 15 digits on either side of the point: no sum of them is ever rounded

_NUMBER = re.compile(r"([+-]?)(0|[1-9][0-9]*)(\.[0-9]+)?")
_COUNT = re.compile(rf"0|[1-9][0-9]{{0,{MAX_DIGITS - 1}}}")
_DASHES = ("-", "--", "—", "——", "－", "–", "／", "～", "无", "不适用", "未填报", "N/A", "n/a")
_GROUPED = re.compile(r"\d{1,3}(?:[,，' \u00a0]\d{3})+(?:\.\d+)?")
_WITH_UNIT = re.compile(r"([+-]?[\d.]+)\s*(万元|元|[件项个条次])")
_WITH_NOTE = re.compile(r"([+-]?[\d.]+)\s*[（(](.+)[）)]")
_WITH_COMMENT = re.compile(r"([+-]?[\d.]+)\s*//+\s*(.+)")
_IN_MARKS = re.compile(r"[“”\"‘’'￥¥]+\s*([\d.]+)[“”\"‘’']*")
_YAML_WORDS = ("yes", "no", "on", "off", "true", "false")


class Status(IntEnum):
    """The kind of a figure. Zero is a number like any other."""

    NUMBER = 0  #: a number, zero included
    NOT_APPLICABLE = 1  #: ``/``
    BLANK = 2  #: not filled in
    INVALID = 3  #: it has an error, which a diagnostic reports
    UNKNOWN = 4  #: an omitted total, of which a part is blank, invalid or unknown
    TEXT = 5  #: a text, in a column of the form for texts

    @property
    def is_known(self) -> bool:
        """Whether a sum with such a part is known: a figure that does not apply adds nothing."""
        return self in (Status.NUMBER, Status.NOT_APPLICABLE)


class Amount(NamedTuple):
    """A number and its unit, if that must be shown with it."""

    value: Decimal
    unit: str  #: empty if the form specifies the unit


class Figure(NamedTuple):
    """One number of a report, or the reason why there is none."""

    status: Status  #: whether there is a number, or why not
    value: Decimal | None  #: exact; None unless ``status`` is NUMBER
    text: str  #: as in the year file
    line: int  #: in the year file, from 1
    column: int  #: in the year file, in characters from 1
    unit: str = ""  #: only if the figure states it
    note: str = ""  #: printed in brackets after the number
    is_explicit: bool = True  #: False: an omitted total, which is computed

    @property
    def amount(self) -> Amount | None:
        """The number with its unit; None unless :attr:`status` is NUMBER."""
        return None if self.value is None else Amount(self.value, self.unit)

    @property
    def stated(self) -> str:
        """The number or text as in the year file; empty for other statuses."""
        return self.text if self.status in (Status.NUMBER, Status.TEXT) else ""

    @property
    def number(self) -> str:
        """The number for machines, without the sign ``+``; empty for other statuses."""
        return self.text.removeprefix("+") if self.status is Status.NUMBER else ""

    def shown(self, zero: str = "0") -> str:
        """Return the text in the cell before unit and note; ``zero`` is the text for the number 0."""
        return zero if self.status is Status.NUMBER and not self.value and self.text == "0" else self.text

    def remark(self) -> str:
        """Return the text in the cell after the number: unit and note."""
        return self.unit + (f"（{self.note}）" if self.note else "")

    def as_yaml(self, keys: Keys) -> str:
        """Return the number, with its unit and note, as in a year file."""
        written = self.text if self.status.is_known else "~"
        parts = {"value": written} | {key: yaml_text(said) for key, said in (("unit", self.unit), ("note", self.note)) if said}
        pairs = (f"{written_key(key, FIGURE_KEYS, keys)}: {part}" for key, part in parts.items())
        return f"{{{', '.join(pairs)}}}" if len(parts) > 1 else written


#: a figure without any statement in the report: year files leave it out
NOT_STATED = Figure(Status.UNKNOWN, None, "", 0, 0, is_explicit=False)


#: a figure as in a year file: a scalar is a number without unit and note, as most are, and becomes a figure only when needed
Written: TypeAlias = Figure | ScalarNode


def figure_of(written: Written) -> Figure:
    """Return the figure."""
    if isinstance(written, Figure):
        return written
    return Figure(Status.NUMBER, Decimal(written.text), written.text, written.line, written.column)


def exact_sum(values: Iterable[Decimal]) -> Decimal:
    """Return the exact sum."""
    return reduce(_EXACT.add, values, ZERO)


def in_one_unit(amounts: Sequence[Amount]) -> tuple[Amount, ...] | None:
    """Return the amounts in their common unit, or in 元 if they have several units; a 0 fits any unit.

    Return None if the unit of one of them is unknown.
    """
    units = {amount.unit for amount in amounts if amount.value}
    if len(units) < 2:
        unit = units.pop() if units else ""
        return tuple(Amount(amount.value, unit) for amount in amounts)
    if not units <= PER_UNIT.keys():
        return None
    return tuple(Amount(_EXACT.fma(amount.value, PER_UNIT.get(amount.unit, ZERO), ZERO), "元") for amount in amounts)


def says_the_same(one: Figure, other: Figure) -> bool:
    """Return whether both are the same amount, in any unit, both do not apply, or neither is known."""
    if one.amount and other.amount:
        alike = in_one_unit((one.amount, other.amount))
        return alike is not None and alike[0].value == alike[1].value
    return one.status is other.status or not (one.status.is_known or other.status.is_known)


def in_digits(value: Decimal) -> str:
    """Return a number without an exponent: ``0.0000001``, where Python writes ``1E-7``."""
    return format(value, "f")


def is_count(written: str) -> bool:
    """Return whether the text is a whole number, which is valid for any figure."""
    return _COUNT.fullmatch(written) is not None


def parse(written: str, indicator: Indicator, keys: Keys = "en") -> tuple[Status, Decimal | None, Problem | None]:
    """Parse the text of a figure by the grammar of numbers. Nothing is repaired: deviations are problems.

    ``keys`` is the language of the keys in hints.
    """
    if is_count(written):
        return Status.NUMBER, Decimal(written), None  # as for most figures
    if written == "/":
        return Status.NOT_APPLICABLE, None, None
    if written in BLANKS:
        return Status.BLANK, None, None
    match = _NUMBER.fullmatch(written)
    problem = _problem_of(match, indicator) if match else _explain(written, indicator, keys)
    return (Status.INVALID, None, problem) if problem else (Status.NUMBER, Decimal(written), None)


def _problem_of(match: re.Match[str], indicator: Indicator) -> Problem | None:
    written, sign, decimals = match[0], match[1], match[3]
    label = indicator.label
    if len(written) > MAX_DIGITS and sum(map(str.isdigit, written)) > MAX_DIGITS:
        message = text("The number has more than {limit} digits.", limit=MAX_DIGITS)
        return Problem(message, text("Check whether two numbers were joined."))
    if sign and not indicator.signed:
        message = text("{label}: “{written}” has a sign, but this figure must not have one.", label=label, written=written)
        if sign == "+":
            return Problem(message, text("Write {number}, or the correct figure.", number=written[1:]), written[1:])
        return Problem(message, text("A count or an amount cannot be less than 0."))
    if decimals and not indicator.decimal:
        message = text("{label}: “{written}” has decimals, but this figure is a count.", label=label, written=written)
        return Problem(message, text("Write a whole number."))
    return None


_LETTERS = str.maketrans("OoQlI", "00011")
_HAN = "〇一二三四五六七八九"
_TENS = re.compile(f"([{_HAN[1:]}])?十([{_HAN[1:]}])?")


def in_arabic(written: str) -> str:
    """Return full-width or Chinese digits as half-width ones; numbers above 99 only if they are written digit by digit.

    Return an empty text for any other text.
    """
    digits = re.sub(r"(?<=\d)。(?=\d)", ".", unicodedata.normalize("NFKC", written)).replace("零", "〇")
    digits = re.sub(r"^[−–](?=\d)", "-", digits)
    if match := _TENS.fullmatch(digits):
        return str(_HAN.index(match[1] or "一") * 10 + _HAN.index(match[2] or "〇"))
    if re.fullmatch(f"[{_HAN}]+", digits):
        digits = "".join(str(_HAN.index(one)) for one in digits)
    return digits if _NUMBER.fullmatch(digits) else ""


def _explain(written: str, indicator: Indicator, keys: Keys) -> Problem:
    """Return the probable reason why the text is not a number, and what was probably intended."""
    message = text("{label}: “{written}” is not a number.", label=indicator.label, written=written)
    instead, plain = "", in_arabic(written)
    if written in _DASHES:
        hint = FILL
    elif match := _WITH_NOTE.fullmatch(written):
        instead = Figure(Status.NUMBER, None, match[1], 0, 0, note=match[2]).as_yaml(keys)
        hint = text("Write {entry}.", entry=instead)
    elif match := _WITH_UNIT.fullmatch(written):
        is_open = match[2] in indicator.units
        instead = Figure(Status.NUMBER, None, match[1], 0, 0, match[2]).as_yaml(keys) if is_open else match[1]
        hint = text("Write {entry}.", entry=instead) if is_open else text("Write only the number: {number}.", number=match[1])
        if not is_open and match[2] in PER_UNIT and match[2] != indicator.unit:
            hint, instead = text("The amount is in {unit} here: convert the number.", unit=indicator.unit), ""
    elif match := _WITH_COMMENT.fullmatch(written):
        instead = f"{match[1]}  # {match[2]}"
        hint = text("A comment begins with “ # ”, not with “//”.")
    elif _GROUPED.fullmatch(written):
        instead = re.sub(r"[,，' \u00a0]", "", written)
        hint = text("Write the number without separators: {number}.", number=instead)
    elif plain and re.search(f"[十零{_HAN}]", written):
        instead, hint = plain, text("Write digits instead of Chinese numerals: {number}.", number=plain)
    elif plain and plain != written:
        instead, hint = plain, text("Write half-width digits: {number}.", number=plain)
    elif re.fullmatch(r"[+-]?0+\d+(?:\.\d+)?", written):
        instead = re.sub(r"^([+-]?)0+(?=\d)", r"\1", written)
        hint = text("Write it without the leading 0: {number}.", number=instead)
    elif _NUMBER.fullmatch(letters := written.translate(_LETTERS)):
        instead, hint = letters, text("A letter is used as a digit; write {number}.", number=letters)
    elif match := _IN_MARKS.fullmatch(written):
        instead, hint = match[1], text("Write only the number: {number}.", number=match[1])
    elif written.lower() in _YAML_WORDS:
        hint = text("YAML reads this word as yes or no; write the number.")
    elif re.search(r"[^\d\s][:：]|：", written):
        hint = text("Check the colon: write a half-width colon and a space “: ” after a key.")
    else:
        hint = text("Write digits only, such as 0, 12 or 72701.2578.")
    number = _NUMBER.fullmatch(instead)
    problem = _problem_of(number, indicator) if number else None  # then the number is not a correction
    return Problem(message, problem.hint) if problem else Problem(message, hint, instead)
