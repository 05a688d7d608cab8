"""Characters that readers do not see: they hide in names, turn the direction of writing, or strike a text through.

One list for everything: year files, forms, pages, settings, names of files and imported documents are searched for them, and
nothing that is printed has one in it. Spaces are no part of it, not even the full-width one: they are seen. Nor are variation
selectors and joiners where Unicode wants them: behind an ideograph, in an emoji, in Mongolian.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

_BREAKS = "\t\n\v\f\r\x85\u2028\u2029"  #: of lines and pages: unseen as well, except for the first, second and fifth

#: general categories of Unicode: controls, formats, breaks, surrogates, private use, unassigned
_CATEGORIES = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})
#: of category Cf, and yet seen: signs that stand over or before numbers
_SEEN = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
#: planes that are kept for ideographs: newer ones than Python knows are no mistake
_IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002fffd\U00030000-\U0003fffd"
#: what Unicode takes for letters and marks, and yet nobody sees, or it strikes through what stands before it
_PRINTABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0100-\U000e01ef"
    "\u0334-\u0338\u20d2\u20d3\u20d8-\u20da\u20e5\u20ea\u20eb]"
)

# Patterns with ideographs take milliseconds to compile, since Python marks each character of a class: they stay texts, which
# the functions of ``re`` compile when they are first used, and keep. A build in which nothing changed uses none of them.

#: all that is not among the usual characters, which need no second look
_RARE = "[^\t\n\r\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u3000-\u303f\u3041-\u3096\u3400-\u9fff\uff01-\uff9f]"
#: where Unicode wants a selector or a joiner
_WANTED = (
    f"(?<=[{_IDEOGRAPHS}])[\ufe00-\ufe02\U000e0100-\U000e01ef]"  # a variant of an ideograph
    "|(?<=[\u3001\u3002\uff01\uff0c\uff0e\uff1a\uff1b\uff1f])[\ufe00\ufe01]"  # the place of a mark in its square
    "|(?<=[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff])\ufe0f"  # an emoji
    "|(?<=[0-9#*])\ufe0f(?=\u20e3)"  # a key
    "|(?<=[\u203c-\u3299\U0001f000-\U0001faff\ufe0f])\u200d(?=[\u203c-\u3299\U0001f000-\U0001faff])"  # several emoji in one
    "|(?<=[\u1820-\u18aa])[\u180b-\u180f]"  # the shape of a Mongolian letter
)


def unseen(written: str) -> Iterator[int]:
    """Where characters stand that nobody sees; line breaks and tabs are none."""
    if written.isprintable() and not _PRINTABLE.search(written):  # as most texts are
        return
    found = [match.start() for match in re.finditer(_RARE, written) if _is_unseen(match[0])]
    wanted = {match.start() for match in re.finditer(_WANTED, written)} if found else ()
    yield from (at for at in found if at not in wanted)


def _is_unseen(character: str) -> bool:
    if character.isprintable():
        return _PRINTABLE.match(character) is not None
    from unicodedata import category  # hardly ever needed

    kind = category(character)
    if kind == "Cn":
        return not re.match(f"[{_IDEOGRAPHS}]", character)
    return kind in _CATEGORIES and not _SEEN.match(character)


def is_clean(written: str) -> bool:
    """Whether all of it is seen."""
    return next(unseen(written), None) is None


def terminal_width(written: str) -> int:
    """How many columns of a terminal a text takes: two for each Chinese character."""
    from unicodedata import combining, east_asian_width  # only a table of the command needs it

    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in written)


def padded(written: str, width: int) -> str:
    """Return a text with spaces behind it, as wide as a column of a terminal."""
    return written + " " * (width - terminal_width(written))


def codes_in(written: str) -> str:
    """What the unseen characters of a text are called, each once: ``U+200B, U+202E``."""
    return ", ".join(dict.fromkeys(f"U+{ord(written[at]):04X}" for at in unseen(written)))


def cleaned(written: str) -> str:
    """The text without what nobody sees."""
    return _replaced(written, set(unseen(written)), lambda _character: "")


def cleaned_line(written: str) -> str:
    """A text that goes into a year file: on one line, and without what nobody sees."""
    return cleaned(re.sub(f"[{_BREAKS}]+", " ", written))


def visible(written: str, *, breaks: str = _BREAKS) -> str:
    """The text with an escape for each character that is not seen, so that it steers no terminal and reads as it is.

    A line break is one of them, unless it is not among ``breaks``; a byte of a file's name that is no UTF-8 is ``\\xff``.
    """
    written = decoded(written)
    found = set(unseen(written)).union(at for at, character in enumerate(written) if character in breaks)
    return _replaced(written, found, _escaped)


def _escaped(character: str) -> str:
    if "\udc80" <= character <= "\udcff":  # how Python keeps a byte that it cannot decode
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")


def decoded(name: str) -> str:
    """A name of which a system that is set to ASCII has kept the bytes: they are UTF-8 if they can be."""
    if name.isprintable():
        return name
    try:
        return os.fsencode(name).decode()
    except UnicodeError:
        return name


def one_line(message: str) -> str:
    """A message on one line, with what is not seen escaped: it quotes what files say."""
    return message if message.isprintable() and is_clean(message) else visible(re.sub(f"[{_BREAKS}]+", " ", message), breaks="")


def first_of(names: Sequence[str], most: int = 3) -> str:
    """The first of several names for a message, and how many there are."""
    listed = "、".join(names[:most])
    return f"{listed}……（{len(names)}）" if len(names) > most else listed


def in_json(written: str) -> str:
    """A text of JSON with JSON's own escapes for what is not seen, so that it says the same."""
    return _replaced(written, set(unseen(written)), _units)


def _replaced(written: str, places: Collection[int], by: Callable[[str], str]) -> str:
    """The text with something else for the characters at some places."""
    if not places:
        return written
    return "".join(by(character) if at in places else character for at, character in enumerate(written))


def _units(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def skeleton(name: str) -> str:
    """What two names have in common that look alike: spaces, width and ways to encode a character do not matter."""
    from unicodedata import normalize

    return "".join(re.sub("[\ufe00-\ufe0f\U000e0100-\U000e01ef]", "", normalize("NFKC", name)).split())


#: Chinese characters and punctuation: no space is written beside them where a line of their text ends
_CHINESE = "\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003ffff"
_SPACE_BETWEEN = rf"(?<=[{_CHINESE}])\s+(?=[{_CHINESE}])|(?<=[、。，；：（）])\s+|\s+(?=[、。，；：（）])"
#: the end of a line with the spaces around it
LINE_END = rf"(?P<han>(?<=[{_CHINESE}])\s*\n\s*|\s*\n\s*(?=[{_CHINESE}]))|\s*\n\s*"
_IN_NUMBER = re.compile(
    r"(?:(?<=[0-9])(?=\s*[0-9%]|\s*[.,][0-9])|(?<=[0-9]\.)(?=\s*[0-9]+\s*%)|(?<=[0-9],)(?=\s*[0-9]{3}(?![0-9])))"
)


def blank(match: re.Match[str]) -> str:
    """What stands for the end of a line: nothing beside Chinese."""
    return "" if match["han"] else " "


def unfolded(written: str) -> str:
    """Chinese prose on one line; a line of YAML or of a field list may have ended where a space is now."""
    return " ".join(re.sub(_SPACE_BETWEEN, "", joined(written).text).split())


_QUOTES = "“”‘’—…·"  # they are Chinese beside Chinese
_BREAK = rf"(?<=[{_CHINESE}{_QUOTES}])[^\S\n]*\n\s*(?=[{_CHINESE}{_QUOTES}])"


def without_breaks(written: str) -> str:
    """A document's text on one line: a break between Chinese characters is nothing, every other space is one space."""
    return " ".join(re.sub(_BREAK, "", written).split())


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
    for match in re.finditer(LINE_END, written):
        parts += [written[end : match.start()], "" if _IN_NUMBER.match(written, match.start()) else blank(match)]
        length += len(parts[-2]) + len(parts[-1])
        end = match.end()
        starts += [length] * match[0].count("\n")
    return Joined("".join((*parts, written[end:])), tuple(starts))
