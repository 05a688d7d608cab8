"""Patterns of phrases: limited so that no text can block the check.

Python's regular expressions try every possible match, and a pattern such as ``(a+)+`` has too many of them. Patterns
therefore have neither unlimited repetitions nor backreferences, and the steps that one can take at one position of a text are
counted in advance: the time for a page is proportional to its length, whatever its text.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple, NoReturn

from sphinx_govreport.core.diagnostics import MessageError, text

MAX_STEPS = 50_000  #: at one position of a text; the longest statutory pattern takes a tenth

#: placeholders for the number and for the text before it, without words of a change, an estimate, a part, or one of several
PLACES = {
    "{n}": r"(?<![\d.由从])(?<![由从] )(\d[\d,，]{0,30}+)\s{0,9}+(?:[件条宗份项起例](?!次)|个(?!工作日|月|百分点)|部(?!门))",
    "{gap}": r"[^，,。；;：:、！？\d（(比较增减升降近约逾超中别）)]{0,20}?[：:（(]?+",
}
_GROUP = re.compile(r"\((?:\?(?::|=|!|<=|<!))?(?!\?)")
_TIMES = re.compile(r"(?:(?P<sign>[?*+])|\{(?P<least>\d*)(?P<comma>,?)(?P<most>\d*)\})(?P<kind>[?+]?)")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_IN_CLASS = re.compile(r"\[|--|&&|~~|\|\|")  # what future versions of Python may interpret as nested sets
_ESCAPE = re.compile(r"\\[dDsSwWbBnrt\W_]")


class PatternError(MessageError, ValueError):
    """The pattern cannot be used."""


class _Cost(NamedTuple):
    """The cost of a part of a pattern at one position."""

    ways: int  #: number of possible matches
    steps: int  #: to try them all
    words: str | None = None  #: its text, if it has no special characters


def pattern_of(written: str) -> str:
    """Return the regular expression of a phrase of a form. Raises :class:`PatternError`."""
    expression = _expanded(written)
    try:
        _Meter(expression).choice()
        re.compile(expression)
    except (re.error, OverflowError, RecursionError) as error:
        before = getattr(error, "pos", None) or 0
        at = next((end for end in range(1, len(written)) if len(_expanded(written[:end])) > before), len(written))
        raise PatternError(text("The pattern is not a regular expression: check its character {at}.", at=at)) from error
    return expression


def _expanded(written: str) -> str:
    for place, meaning in PLACES.items():
        written = written.replace(place, meaning)
    return written


class _Meter:
    """Counts the steps of a regular expression, and rejects what it cannot count; Python rejects invalid expressions."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def choice(self) -> _Cost:
        """Return the cost of the alternatives up to the end of their group. Raises :class:`PatternError` if it is too high."""
        costs = [self._sequence()]
        while self._next("|"):
            costs.append(self._sequence())
        steps = sum(cost.steps for cost in costs)
        words = sorted(cost.words for cost in costs if cost.words is not None)
        if len(words) < len(costs) or any(after.startswith(word) for word, after in pairwise(words)):
            return self._checked(_Cost(sum(cost.ways for cost in costs), steps))
        return self._checked(_Cost(1, steps, words[0] if len(words) == 1 else None))  # only one of the words can match

    def _sequence(self) -> _Cost:
        cost = _Cost(1, 0, "")
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            part = self._repeated(self._part())
            words = None if cost.words is None or part.words is None else cost.words + part.words
            cost = self._checked(_Cost(cost.ways * part.ways, cost.steps + cost.ways * part.steps, words))
        return cost

    def _part(self) -> _Cost:
        """Return the cost of a character, a class of characters, or a group."""
        character = self.pattern[self.at]
        if character == "(":
            return self._group()
        pattern = {"[": _CLASS, "\\": _ESCAPE}.get(character)
        if pattern is None:
            self.at += 1
            return _Cost(1, 1, character if character not in ".^$" else None)
        match = pattern.match(self.pattern, self.at)
        if not match or (character == "[" and _IN_CLASS.search(match[0], 1)):
            self._refuse(match[0] if match else self.pattern[self.at : self.at + 2])
        self.at = match.end()
        return _Cost(1, 1)

    def _group(self) -> _Cost:
        match = _GROUP.match(self.pattern, self.at)
        if not match:
            self._refuse(self.pattern[self.at : self.at + 3])
        self.at = match.end()
        cost = self.choice()
        self._next(")")
        return cost if match[0] in ("(", "(?:") else _Cost(1, cost.steps)  # a lookaround stops at its first match

    def _repeated(self, part: _Cost) -> _Cost:
        match = _TIMES.match(self.pattern, self.at)
        if not match or match[0] == "{}" or (match["comma"] == match["least"] == "" and not match["sign"]):
            return part  # a literal brace
        self.at = match.end()
        if match["sign"] in ("*", "+") or (match["comma"] and not match["most"]):
            message = text("“{written}” repeats without a limit; write the maximum, such as {{0,20}}.", written=match[0])
            raise PatternError(message)
        least = int(match["least"] or 0)
        most = 1 if match["sign"] else int(match["most"]) if match["comma"] else least
        if most > MAX_STEPS:
            self._checked(_Cost(1, most))
        ways = steps = 0
        reached = 1  # number of possible matches of so many repetitions
        for times in range(most + 1):
            ways += reached if times >= least else 0
            steps += reached * part.steps if times < most else 0
            self._checked(_Cost(ways, steps))
            reached *= part.ways
        return _Cost(1 if match["kind"] == "+" else ways, steps)

    def _next(self, mark: str) -> bool:
        is_there = self.pattern.startswith(mark, self.at)
        self.at += is_there
        return is_there

    def _checked(self, cost: _Cost) -> _Cost:
        if max(cost.ways, cost.steps) > MAX_STEPS:
            message = text(
                "The pattern can take more than {limit} steps at one place of a text; "
                "use fewer repetitions, and do not nest them.",
                limit=MAX_STEPS,
            )
            raise PatternError(message)
        return cost

    def _refuse(self, written: str) -> NoReturn:
        raise PatternError(text("“{written}” cannot be used in a pattern of a form.", written=written))
