"""How cells of a workbook are shown, as far as their values do not tell it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from sphinx_govreport.importers.document import Runs


class Look(NamedTuple):
    """How a text is shown."""

    is_unseen: bool = False
    raised: str = ""  #: “sup”, “sub” or nothing


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
        """Say that a cell is filled."""
        self.height, self.width = max(self.height, row + 1), max(self.width, column + 1)

    def runs(self, row: int, column: int, written: str) -> Runs:
        """A cell as it is shown."""
        if (row, column) in self.texts:
            return self.texts[row, column]
        look = self.looks.get((row, column), Look())
        return runs_of([(written, look)])


def runs_of(pieces: Iterable[tuple[str, Look]]) -> Runs:
    """Pieces of a text as they are shown."""
    runs = Runs()
    for written, look in pieces:
        if not look.is_unseen:
            runs.add(written, look.raised)
    return runs


#: half points, or points in OpenDocument: a letter that nobody reads
TINY = 1.5


def hides_numbers(number_format: str) -> bool:
    """Whether a format such as ``;;;`` shows nothing."""
    return len(number_format) >= 2 and not number_format.strip(";")
