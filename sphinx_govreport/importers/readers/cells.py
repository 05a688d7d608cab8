"""How cells of a workbook are shown, as far as their values do not tell it, and the XML that says so."""

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
TINY = 1.5  #: points of a letter that nobody reads


class Look(NamedTuple):
    """How a text is shown."""

    is_unseen: bool = False
    raised: str = ""  #: “sup”, “sub” or nothing
    decimals: int = 0  #: of a number, where its format tells


#: the runs of a cell's text; a run without a look has that of the cell
Pieces = list[tuple[str, Look | None]]


@dataclass
class SheetLook:
    """What is hidden in a sheet, and the cells that are shown otherwise than their values are written."""

    height: int = 0  #: up to the last cell that is filled
    width: int = 0
    hidden_rows: set[int] = field(default_factory=set)  #: from 0
    hidden_columns: set[int] = field(default_factory=set)
    texts: dict[tuple[int, int], Runs] = field(default_factory=dict)  #: by row and column
    looks: dict[tuple[int, int], Look] = field(default_factory=dict)  #: of whole cells
    has_picture: bool = False

    def fill(self, row: int, column: int) -> None:
        """Count a filled cell."""
        self.height, self.width = max(self.height, row + 1), max(self.width, column + 1)

    def add(self, row: int, column: int, look: Look, pieces: Pieces, *, is_rich: bool = False) -> None:
        """Keep how a cell is shown; ``is_rich``: its text is read from ``pieces`` even if none has a look."""
        if is_rich or any(own is not None for _written, own in pieces):
            self.texts[row, column] = _runs((written, look if own is None else own) for written, own in pieces)
        elif look != Look():
            self.looks[row, column] = look

    def written(self, row: int, column: int, value: object) -> str:
        """Return a value as it would be typed: a spreadsheet's numbers are binary, what they show is not."""
        if not isinstance(value, float):
            return str(value)
        whole, point, decimals = format(Decimal(repr(value)), "f").removesuffix(".0").partition(".")
        look = self.looks.get((row, column), Look())
        return whole + point + decimals.ljust(look.decimals if point else 0, "0")

    def runs(self, row: int, column: int, value: str) -> Runs:
        """Return a cell as it is shown; ``value`` is what it says."""
        if (row, column) in self.texts:
            return self.texts[row, column]
        return _runs([(value, self.looks.get((row, column), Look()))])


def _runs(pieces: Iterable[tuple[str, Look]]) -> Runs:
    runs = Runs()
    for written, look in pieces:
        if not look.is_unseen:
            runs.add(written, look.raised)
    return runs


def decimals_of(number_format: str) -> int:
    """Return how many decimals a format such as ``0.00`` shows, including zeros at the end."""
    match = _DECIMALS.fullmatch(number_format)
    return len(match[1]) if match else 0


def hides_numbers(number_format: str) -> bool:
    """Whether a format such as ``;;;`` shows nothing."""
    return len(number_format) >= 2 and not number_format.strip(";")


class _Builder(TreeBuilder):
    """Builds a tree whose names and attributes have no namespaces."""

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        return super().start(tag.rpartition("}")[2], {name.rpartition("}")[2]: value for name, value in attrs.items()})

    def end(self, tag: str, /) -> Element:
        return super().end(tag.rpartition("}")[2])

    def doctype(self, *_declared: object) -> None:
        raise Refused(text("The document declares XML entities, which no office program does."))


def read_part(archive: zipfile.ZipFile, name: str) -> Element:
    """Read a part of a document. Raises :class:`xml.etree.ElementTree.ParseError` where it is no XML."""
    parser = XMLParser(target=_Builder())  # noqa: S314  (expat bounds what entities expand to, and none may be declared)
    parser.feed(archive.read(name))
    root: Element = parser.close()
    return root


def is_on(element: Element, name: str) -> bool:
    """Whether an attribute says yes."""
    return element.get(name) in ("1", "true", "on")


def whole_number(element: Element, name: str, default: int) -> int:
    """Return an attribute of nine digits at most."""
    written = element.get(name, "").strip()
    return int(written[:9]) if written.isascii() and written.isdecimal() else default
