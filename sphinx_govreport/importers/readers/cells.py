"""How cells of a workbook are shown, as far as their values do not tell it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from sphinx_govreport.importers.document import Runs

TINY = 1.5  #: points of a letter that nobody reads


class Look(NamedTuple):
    """How a text is shown."""

    is_unseen: bool = False
    raised: str = ""  #: “sup”, “sub” or nothing


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
        if is_rich or any(own is not None for _text, own in pieces):
            self.texts[row, column] = _runs((text, look if own is None else own) for text, own in pieces)
        elif look != Look():
            self.looks[row, column] = look

    def runs(self, row: int, column: int, text: str) -> Runs:
        """Return a cell as it is shown; ``text`` is its value."""
        if (row, column) in self.texts:
            return self.texts[row, column]
        return _runs([(text, self.looks.get((row, column), Look()))])


def _runs(pieces: Iterable[tuple[str, Look]]) -> Runs:
    runs = Runs()
    for text, look in pieces:
        if not look.is_unseen:
            runs.add(text, look.raised)
    return runs


def hides_numbers(number_format: str) -> bool:
    """Whether a format such as ``;;;`` shows nothing."""
    return len(number_format) >= 2 and not number_format.strip(";")
