"""Matches labels in published documents with the official ones.

Spaces, line breaks, numbering, brackets, punctuation, full or half width and traditional characters do not matter.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

from .document import BROKEN, without_marks

# the traditional form of every character of the official labels that has one
_TRADITIONAL = (
    "計業維訟補罰數確舉爲機會萬強國護納題構於總決這據過轉費經後購訴區範議備號詢規審進獲續執億採許項請問單權繼穩內組"
    "復認糾廢條開體況訪辦務無繳類動祕織關結當對減額處發說報沒屬現為説製佈啟檔"
)
_SIMPLIFIED = (
    "计业维讼补罚数确举为机会万强国护纳题构于总决这据过转费经后购诉区范议备号询规审进获续执亿采许项请问单权继稳内组"
    "复认纠废条开体况访办务无缴类动秘织关结当对减额处发说报没属现为说制布启档"
)
_SIMPLER = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_NUMERALS = "一二三四五六七八九十"
_REMARK = re.compile(rf"\((?![{_NUMERALS}]+\))[^()]*\)")
_NUMBER = re.compile(
    rf"(?<!第)\([{_NUMERALS}]+\)|^[{_NUMERALS}]+(?=\()|(?:^|(?<=\)))[{_NUMERALS}]+[、.]|(?<!\d)\d{{1,2}}[.、)](?!\d)"
)
_OF_THESE = re.compile("^其中:?(?=.)")
_DIGITS = re.compile(r"\d+")
_MARKS = re.compile(r"""[、，,。.·:：;；“”"'‘’「」『』《》〈〉()\[\]—\-_*+/#※]""")
_CLOSE = 0.7  # minimum similarity of a label and its misspelling
_MARGIN = 0.1  # minimum distance to the similarity of the next label


@lru_cache(maxsize=8192)
def plain(written: str) -> str:
    """Return a text in simplified characters and half-width marks, without spaces."""
    half = _INVISIBLE.sub("", unicodedata.normalize("NFKC", without_marks(written)))
    return half.translate(_SIMPLER).replace("档案", "文件")  # the result of an automatic conversion of 文件


@lru_cache(maxsize=8192)
def parts_of(written: str) -> tuple[str, ...]:
    """Return the keys of the labels in a cell: usually one, several if it contains a whole path of labels."""
    whole = plain(written)
    bare, before = whole, ""
    while before != bare:  # also for nested brackets; numbers in brackets stay
        before, bare = bare, _REMARK.sub("", bare)
    return tuple(key for key in (_MARKS.sub("", part) for part in _NUMBER.split(_OF_THESE.sub("", bare or whole))) if key)


def is_of_other_number(key: str, names: Collection[str]) -> bool:
    """Return whether a key differs from one of ``names`` only in a number, such as the year: it has another meaning."""
    if key in names or not _DIGITS.search(key):
        return False
    masked = _DIGITS.sub("#", key)
    return any(_DIGITS.sub("#", name) == masked for name in names)


def key_of(written: str) -> str:
    """Return the key of a label, or an empty string if there is none."""
    return next(reversed(parts_of(written)), "")


def misspelt(key: str, names: Collection[str]) -> str | None:
    """Return the name of which ``key`` is a misspelling; None if none or several are similar."""
    if len(key) < 2 or BROKEN in key:
        return None
    numbers = _DIGITS.findall(key)
    names = [name for name in names if _DIGITS.findall(name) == numbers]  # another year is not a typo
    ratios = sorted(((difflib.SequenceMatcher(None, key, name, autojunk=False).ratio(), name) for name in names), reverse=True)
    (first, name), (second, _name) = [*ratios, (0.0, ""), (0.0, "")][:2]
    return name if first >= _CLOSE and first - second >= _MARGIN else None
