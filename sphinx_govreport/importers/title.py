"""Whose report a document is and for which year: read from its title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from .document import Document, Grid
from .labels import plain

_HAN = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = r"20\d\d|二[〇○零][〇○零一二三四五六七八九]{2}"
_TITLE = re.compile(
    rf"(?P<before>[^，。；]*?)[(〔\[]?(?P<year>{_YEAR})[)〕\]]?(?:年度?|年?度)?(?P<between>[^，。；]*?)"
    r"(?:政府)?信息公开(?:工作)?(?:情况)?(?:的)?(?:年度工作报告|年度报告|年报)"
)
_LEAD = re.compile(r".*(?:title|标题|来源|关于|公布|发布|现将)[:：]?")
_WHOLE = re.compile(r"(?P<agency>[^>»|_/\\]+)(?P<year>20\d\d)年政府信息公开工作年度报告")
_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z0-9·（）()]{2,40}")
_TAIL = re.compile(r"[\u3400-\u9fffA-Za-z0-9·（）()]+$")
_NUMBER = r"(?:表|Table)\s*\d+(?:[.\-]\d+)*"  # of a table, before its caption
_CLEAN = "()（）[]【】〔〕《》:：#*-—_|“”\"' \t"


class Title(NamedTuple):
    """What a title says."""

    agency: str  #: empty if it says none
    year: int


def read_title(document: Document, labels: Iterable[str]) -> Title | None:
    """The first title of an annual report, with the agency of the line above it where it names none itself.

    Without a title, captions of tables may tell it, in which a table's label stands behind agency and year.
    """
    titles = [title for written in document.titles if (title := parse_title(written))]
    titles += _captions(document, labels)
    lines = list(_lines(document))
    own = None
    for number, line in enumerate(lines):
        own = parse_title(line)
        if own and not own.agency and number:
            own = own._replace(agency=_name(lines[number - 1]))
        if own:
            break
    found = [title for title in (own, *titles) if title]
    if not found:
        return None
    agency = next((title.agency for title in found if title.agency), "") or _signature(lines, found[0].year)
    return Title(agency, found[0].year)


def parse_title(written: str) -> Title | None:
    """Agency and year of a line that is the title of an annual report."""
    if "报" not in written and "報" not in written:
        return None
    whole = _WHOLE.fullmatch(written.strip())
    if whole and not _LEAD.match(whole["agency"]):
        return Title(whole["agency"], int(whole["year"]))
    line = "".join(written.split()) if len(written) < 200 else ""
    match = _TITLE.search(plain(line))
    if not match:
        return None
    shown = unicodedata.normalize("NFKC", line) if len(line) == len(unicodedata.normalize("NFKC", line)) else plain(line)
    before, between = (_agency(shown[match.start(part) : match.end(part)]) for part in ("before", "between"))
    return Title(before or between, int(match["year"].translate(_HAN)))


def _agency(written: str) -> str:
    """The name at the end of what stands before or behind the year."""
    match = _TAIL.search(_LEAD.sub("", written).strip(_CLEAN))
    name = match[0].strip(_CLEAN) if match else ""
    return f"{name}政府" if name.endswith("人民") else name


def _name(line: str) -> str:
    """A line that is nothing but a name."""
    name = "".join(line.split()).strip(_CLEAN)
    return name if _NAME.fullmatch(name) else ""


def _lines(document: Document) -> Iterator[str]:
    """Lines of text, and cells that are as long as a title in the order of the document."""
    for part in document.parts:
        if isinstance(part, Grid):
            yield from (cell.text for row in part.cells for cell in row if "信息" in plain(cell.text) and len(cell.text) > 12)
        else:
            yield part.text


def _captions(document: Document, labels: Iterable[str]) -> Iterator[Title]:
    caption = re.compile(rf"(?:{_NUMBER}\s*)?(?P<agency>.+)(?P<year>20\d\d)年(?:{'|'.join(map(re.escape, labels))})")
    for paragraph in document.paragraphs:
        if match := caption.fullmatch(paragraph.text.strip()):
            yield Title(match["agency"], int(match["year"]))


def _signature(lines: Sequence[str], year: int) -> str:
    """The name above the date at the end."""
    dates = re.compile(rf"{year + 1}年\d+月\d+日")
    for number in range(len(lines) - 1, 0, -1):
        if dates.fullmatch("".join(lines[number].split())):
            return _name(lines[number - 1])
    return ""
