"""The appearance of a workbook's cells, as far as it differs from their values, and the XML that describes it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder, XMLParser

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.importers.document import Refused, Runs

_DECIMALS = re.compile(r"0\.(0{1,15})")
_SPACE = re.compile(r"\[[^\]]*\]|[_*].")  # colours, conditions, and signs that only take up space
_SCALE = re.compile(r"[0#?],+(?![0#?,])|[!\\]\.|%")  # 12345 is shown as 12, 1.2345 or 1234500
_BEHIND = re.compile(r".*(?:[0#?]|General|G/通用格式)([^;]*)", re.DOTALL | re.IGNORECASE)
TINY = 1.5  #: points: characters this small are unreadable


class Look(NamedTuple):
    """The appearance of a text."""

    is_unseen: bool = False
    raised: str = ""  #: “sup”, “sub” or nothing
    decimals: int = 0  #: of a number, if its format has them
    hides_zero: bool = False
    behind: str = ""  #: text that the format of a number shows after it, or the format if it shows another number


#: the runs of a cell's text; a run without a look has the look of the cell
Pieces = list[tuple[str, Look | None]]


@dataclass
class SheetLook:
    """The hidden parts of a sheet, and the cells that look different from their values."""

    height: int = 0  #: up to the last filled cell
    width: int = 0
    hidden_rows: set[int] = field(default_factory=set)  #: from 0
    hidden_columns: set[int] = field(default_factory=set)
    texts: dict[tuple[int, int], Runs] = field(default_factory=dict)  #: by row and column
    looks: dict[tuple[int, int], Look] = field(default_factory=dict)  #: of complete cells
    has_picture: bool = False
    hides_zeros: bool = False
    has_results: bool = True  #: whether all formulas have been computed

    def fill(self, row: int, column: int) -> None:
        """Count a filled cell."""
        self.height, self.width = max(self.height, row + 1), max(self.width, column + 1)

    def add(self, row: int, column: int, look: Look, pieces: Pieces, *, is_rich: bool = False) -> None:
        """Store the look of a cell; ``is_rich``: its text is read from ``pieces`` even if none has a look."""
        if is_rich or any(own is not None for _written, own in pieces):
            self.texts[row, column] = _runs((written, look if own is None else own) for written, own in pieces)
        elif look != Look():
            self.looks[row, column] = look

    def written(self, row: int, column: int, value: object) -> str:
        """Return a value as a user would type it: a spreadsheet stores binary numbers but shows 15 decimal digits of them."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return str(value)
        whole, point, decimals = format(Decimal(f"{value:.15g}"), "f").removesuffix(".0").partition(".")
        look = self.looks.get((row, column), Look())
        if not value and (look.hides_zero or self.hides_zeros):
            return ""
        return whole + point + decimals.ljust(look.decimals if point else 0, "0") + (look.behind if value else "")

    def runs(self, row: int, column: int, value: str) -> Runs:
        """Return a cell as it is shown; ``value`` is its content."""
        return self.texts.get((row, column)) or _runs([(value, self.looks.get((row, column), Look()))])


def _runs(pieces: Iterable[tuple[str, Look]]) -> Runs:
    runs = Runs()
    for written, look in pieces:
        if not look.is_unseen:
            runs.add(written, look.raised)
    return runs


def with_format(look: Look, number_format: str) -> Look:
    """Return the look of a number: ``;;;`` shows nothing, ``0.00`` last zeros, ``0"元"`` a unit, ``0.0,`` another number."""
    bare = _SPACE.sub("", number_format)
    decimals = _DECIMALS.fullmatch(number_format)
    behind = ""
    if _SCALE.search(bare):
        behind = f" [{number_format}]"
    elif match := _BEHIND.match(bare.partition(";")[0]):
        behind = re.sub(r'["!\\]', "", match[1]).strip()
    sections = (number_format or "General").split(";")
    zero = next((section for section in sections if "[=0]" in section), sections[2 if len(sections) > 2 else 0])
    return look._replace(
        is_unseen=look.is_unseen or (len(number_format) >= 2 and not number_format.strip(";")),
        decimals=len(decimals[1]) if decimals else 0,
        hides_zero=not _SPACE.sub("", zero).strip('"#?,. '),
        behind=behind,
    )


class _Builder(TreeBuilder):
    """Builds a tree in which names and attributes have no namespaces."""

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        return super().start(tag.rpartition("}")[2], {name.rpartition("}")[2]: value for name, value in attrs.items()})

    def end(self, tag: str, /) -> Element:
        return super().end(tag.rpartition("}")[2])

    def doctype(self, *_declared: object) -> None:
        raise Refused(text("The document declares XML entities, which no office program does."))


def read_part(archive: zipfile.ZipFile, name: str) -> Element:
    """Read a part of a document. Raises :class:`xml.etree.ElementTree.ParseError` if it is not XML."""
    parser = XMLParser(target=_Builder())  # noqa: S314  (expat limits entity expansion, and entities cannot be declared)
    parser.feed(archive.read(name))
    root: Element = parser.close()
    return root


def is_on(element: Element, name: str, default: str = "0") -> bool:
    """Return whether an attribute is true."""
    return element.get(name, default) in ("1", "true", "on")


def whole_number(element: Element, name: str, default: int) -> int:
    """Return an attribute of at most nine digits as a number."""
    written = element.get(name, "").strip()
    return int(written[:9]) if written.isascii() and written.isdecimal() else default
