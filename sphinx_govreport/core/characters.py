"""Invisible characters: they hide in names, change the direction of text, or strike it through.

One list for all input: year files, forms, pages, settings, file names and imported documents are searched for them, and no
output has one. Spaces, even the full-width one, are not in it: they are visible. Variation selectors and joiners are not in it
where Unicode expects them: after an ideograph, in an emoji, in Mongolian.
"""

from __future__ import annotations

import json
import os
import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

_BREAKS = "\t\n\v\f\r\x85\u2028\u2029"  #: of lines and pages: invisible as well, except for the first, second and fifth

#: of category Cf, but visible: signs before or over numbers
_SEEN = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
#: planes reserved for ideographs: newer ones than Python knows are valid
_IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002fffd\U00030000-\U0003fffd"
#: letters and marks in Unicode that are invisible, or strike through the text before them
_PRINTABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0100-\U000e01ef"
    "\u0334-\u0338\u20d2\u20d3\u20d8-\u20da\u20e5\u20ea\u20eb]"
)

# Patterns with ideographs take milliseconds to compile, since Python marks each character of a class. They are strings, which
# the functions of ``re`` compile and cache at their first use. A build without changes uses none of them.

#: all but the usual characters, which need no closer check
_RARE = "[^\t\n\r\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u3000-\u303f\u3041-\u3096\u3400-\u9fff\uff01-\uff9f]"
#: where Unicode expects a selector or a joiner
_WANTED = (
    f"(?<=[{_IDEOGRAPHS}])[\ufe00-\ufe02\U000e0100-\U000e01ef]"  # a variant of an ideograph
    "|(?<=[\u3001\u3002\uff01\uff0c\uff0e\uff1a\uff1b\uff1f])[\ufe00\ufe01]"  # the position of a mark in its square
    "|(?<=[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff])\ufe0f"  # an emoji
    "|(?<=[0-9#*])\ufe0f(?=\u20e3)"  # a key
    "|(?<=[\u203c-\u3299\U0001f000-\U0001faff\ufe0f])\u200d(?=[\u203c-\u3299\U0001f000-\U0001faff])"  # several emoji in one
    "|(?<=[\u1820-\u18aa])[\u180b-\u180f]"  # the shape of a Mongolian letter
)


def unseen(written: str) -> Iterator[int]:
    """Yield the indices of invisible characters, except line breaks and tabs."""
    if written.isprintable() and not _PRINTABLE.search(written):  # as most texts are
        return
    found = [match.start() for match in re.finditer(_RARE, written) if _is_unseen(match[0])]
    wanted = {match.start() for match in re.finditer(_WANTED, written)} if found else ()
    yield from (at for at in found if at not in wanted)


def _is_unseen(character: str) -> bool:
    if character.isprintable():
        return _PRINTABLE.match(character) is not None
    from unicodedata import category  # rarely needed

    kind = category(character)
    if kind == "Cn":
        return not re.match(f"[{_IDEOGRAPHS}]", character)
    return kind != "Zs" and not _SEEN.match(character)  # spaces are the only others that Python does not print


def is_clean(written: str) -> bool:
    """Return whether all characters are visible."""
    return next(unseen(written), None) is None


def terminal_width(written: str) -> int:
    """Return the width of a text in columns of a terminal: two for each Chinese character."""
    from unicodedata import combining, east_asian_width  # only a table of the command needs it

    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in written)


def padded(written: str, width: int) -> str:
    """Return a text with spaces after it, as wide as a column of a terminal."""
    return written + " " * (width - terminal_width(written))


def codes_in(written: str) -> str:
    """Return the code points of the invisible characters of a text, each once: ``U+200B, U+202E``."""
    return ", ".join(dict.fromkeys(f"U+{ord(written[at]):04X}" for at in unseen(written)))


def cleaned(written: str) -> str:
    """Return the text without invisible characters."""
    return _replaced(written, set(unseen(written)), lambda _character: "")


def cleaned_line(written: str) -> str:
    """Return a text for a year file: on one line and without invisible characters."""
    return cleaned(re.sub(f"[{_BREAKS}]+", " ", written))


def visible(written: str, *, breaks: str = _BREAKS) -> str:
    """Return the text with each invisible character escaped, so that it cannot control a terminal.

    The line breaks in ``breaks`` are escaped, too; a byte of a file name that is not UTF-8 becomes ``\\xff``.
    """
    written = decoded(written)
    found = set(unseen(written)).union(at for at, character in enumerate(written) if character in breaks)
    return _replaced(written, found, _escaped)


def _escaped(character: str) -> str:
    if "\udc80" <= character <= "\udcff":  # Python's escape for a byte that it cannot decode
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")


def decoded(name: str) -> str:
    """Decode a name whose bytes a system set to ASCII has kept: as UTF-8 if they are valid."""
    if name.isprintable():
        return name
    try:
        return os.fsencode(name).decode()
    except UnicodeError:
        return name


def one_line(message: str) -> str:
    """Return a message on one line with invisible characters escaped, since it quotes input."""
    return message if message.isprintable() and is_clean(message) else visible(re.sub(f"[{_BREAKS}]+", " ", message), breaks="")


def in_json(written: str) -> str:
    """Return JSON with invisible characters escaped as JSON does, so that its meaning is the same."""
    return _replaced(written, set(unseen(written)), lambda character: json.dumps(character)[1:-1])


def _replaced(written: str, places: Collection[int], by: Callable[[str], str]) -> str:
    """Return the text with the characters at some indices replaced."""
    if not places:
        return written
    return "".join(by(character) if at in places else character for at, character in enumerate(written))


def skeleton(name: str) -> str:
    """Return a key that names have in common if they look alike, whatever their spaces, width and encoding of characters."""
    from unicodedata import normalize

    return "".join(re.sub("[\ufe00-\ufe0f\U000e0100-\U000e01ef]", "", normalize("NFKC", name)).split())


#: Chinese characters and punctuation: a line that ends next to one is joined without a space
_CHINESE = "\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003ffff"
_SPACE_BETWEEN = rf"(?<=[{_CHINESE}])\s+(?=[{_CHINESE}])|(?<=[、。，；：（）])\s+|\s+(?=[、。，；：（）])"
NOT_IN_XML = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  #: such as the line breaks of Word
#: the end of a line with the spaces around it
LINE_END = rf"(?P<han>(?<=[{_CHINESE}])\s*\n\s*|\s*\n\s*(?=[{_CHINESE}]))|\s*\n\s*"
_IN_NUMBER = re.compile(
    r"(?:(?<=[0-9])(?=\s*[0-9%]|\s*[.,][0-9])|(?<=[0-9]\.)(?=\s*[0-9]+\s*%)|(?<=[0-9],)(?=\s*[0-9]{3}(?![0-9])))"
)


def blank(match: re.Match[str]) -> str:
    """Return what replaces a line end: nothing next to Chinese, else a space."""
    return "" if match["han"] else " "


def unfolded(written: str) -> str:
    """Join lines of Chinese prose that YAML or a field list has broken, also where a line end has become a space."""
    return " ".join(re.sub(_SPACE_BETWEEN, "", join_lines(written).text).split())


_QUOTES = "“”‘’—…·"  # Chinese next to Chinese
_BREAK = rf"(?<=[{_CHINESE}{_QUOTES}])[^\S\n]*\n\s*(?=[{_CHINESE}{_QUOTES}])"


def without_breaks(written: str) -> str:
    """Return a document's text on one line: a break between Chinese characters is removed, other white space is one space."""
    return " ".join((re.sub(_BREAK, "", written) if "\n" in written else written).split())


class Joined(NamedTuple):
    """A text on one line, and where the lines of its source begin in it."""

    text: str
    starts: tuple[int, ...]  #: of each line but the first

    def line(self, at: int) -> int:
        """Return the source line, from 0, of an index."""
        return bisect_right(self.starts, at)


def join_lines(written: str) -> Joined:
    """Join lines, even those that break a number."""
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
