"""The lines of a source as one line: where an author's editor has broken a sentence, readers see no space between Chinese."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

_HAN = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
_SPACE_BETWEEN = re.compile(rf"(?<={_HAN})\s+(?={_HAN})|(?<=[、。，；：（）])\s+|\s+(?=[、。，；：（）])")
#: the end of a line with the spaces around it
LINE_END = re.compile(rf"(?P<han>(?<={_HAN})\s*\n\s*|\s*\n\s*(?={_HAN}))|\s*\n\s*")
_IN_NUMBER = re.compile(
    r"(?:(?<=[0-9])(?=\s*[0-9%]|\s*[.,][0-9])|(?<=[0-9]\.)(?=\s*[0-9]+\s*%)|(?<=[0-9],)(?=\s*[0-9]{3}(?![0-9])))"
)


def blank(match: re.Match[str]) -> str:
    """What stands for the end of a line: nothing beside Chinese."""
    return "" if match["han"] else " "


def unfolded(written: str) -> str:
    """Chinese prose on one line; a line of YAML or of a field list may have ended where a space is now."""
    return " ".join(_SPACE_BETWEEN.sub("", joined(written).text).split())


_CHINESE = "\u2e80-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003ffff"
_QUOTES = "“”‘’—…·"  # they are Chinese beside Chinese
_BREAK = re.compile(rf"(?<=[{_CHINESE}{_QUOTES}])[^\S\n]*\n\s*(?=[{_CHINESE}{_QUOTES}])")


def without_breaks(written: str) -> str:
    """A document's text on one line: a break between Chinese characters is nothing, every other space is one space."""
    return " ".join(_BREAK.sub("", written).split())


class Joined(NamedTuple):
    """A text on one line, and where the lines of its source begin in it."""

    text: str
    starts: tuple[int, ...]  #: of each line but the first

    def line(self, at: int) -> int:
        """The line of the source, from 0, in which a place is."""
        return bisect_right(self.starts, at)


def joined(written: str) -> Joined:
    """Put lines together, those too that a number is broken over."""
    if "\n" not in written:
        return Joined(written, ())
    parts: list[str] = []
    starts: list[int] = []
    length = end = 0
    for match in LINE_END.finditer(written):
        parts += [written[end : match.start()], "" if _IN_NUMBER.match(written, match.start()) else blank(match)]
        length += len(parts[-2]) + len(parts[-1])
        end = match.end()
        starts += [length] * match[0].count("\n")
    return Joined("".join((*parts, written[end:])), tuple(starts))
