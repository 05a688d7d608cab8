"""What an .ods says of its cells beside their values: hidden rows and columns, styles of cells and of runs, notes, pictures."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from .cells import TINY, Look, SheetLook, runs_of
from .xml_events import Event, events

_MAX_REPEATED = 1_000_000_000
_NOTES = frozenset(("annotation", "note", "frame", "custom-shape", "tracked-changes", "shapes"))
_PROPERTIES = ("text-line-through-style", "text-line-through-type", "text-position", "display", "font-size")


class _Style(NamedTuple):
    parent: str
    said: dict[str, str]


class Styles:
    """The styles of a document by family and name."""

    def __init__(self) -> None:
        self._styles: dict[tuple[str, str], _Style] = {}
        self._current: tuple[str, str] | None = None

    def take(self, event: Event) -> None:
        """Learn from an element of a style."""
        if event.kind == "start" and event.name == "style":
            self._current = (event.attributes.get("family", ""), event.attributes.get("name", ""))
            self._styles[self._current] = _Style(event.attributes.get("parent-style-name", ""), {})
        elif event.kind == "start" and event.name == "text-properties" and self._current:
            said = {name: event.attributes[name] for name in _PROPERTIES if name in event.attributes}
            self._styles[self._current].said.update(said)
        elif event.kind == "end" and event.name == "style":
            self._current = None

    def look(self, family: str, name: str) -> Look:
        """How a style shows its text."""
        said: dict[str, str] = {}
        for _ in range(50):
            style = self._styles.get((family, name))
            if style is None:
                break
            said = style.said | said
            name = style.parent
        is_struck = said.get("text-line-through-style", said.get("text-line-through-type", "none")) != "none"
        position = said.get("text-position", "").split(" ")[0]
        shift = float(position[:-1]) if re.fullmatch(r"-?[0-9.]{1,8}%", position) and position.count(".") < 2 else 0.0
        size = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(pt|px)", said.get("font-size", ""))
        is_tiny = bool(size) and size is not None and float(size[1]) <= TINY
        raised = "sup" if position == "super" or shift > 0 else "sub" if position == "sub" or shift < 0 else ""
        return Look(is_struck or said.get("display") == "none" or is_tiny, raised)


def sheet_looks(archive: zipfile.ZipFile) -> dict[str, SheetLook]:
    """How the sheets of a workbook are shown, by name."""
    styles = Styles()
    if "styles.xml" in archive.namelist():
        for event in _events(archive, "styles.xml"):
            styles.take(event)
    looks: dict[str, SheetLook] = {}
    sheet: _Sheet | None = None
    for event in _events(archive, "content.xml"):
        if sheet is not None:
            if sheet.take(event):
                looks.setdefault(sheet.name, sheet.look)
                sheet = None
        elif event.kind == "start" and event.name == "table":
            sheet = _Sheet(event.attributes.get("name", ""), styles)
        else:
            styles.take(event)
    return looks


def _events(archive: zipfile.ZipFile, part: str) -> Iterator[Event]:
    with archive.open(part) as file:
        yield from events(file)


class _Sheet:
    """A sheet while it is read."""

    def __init__(self, name: str, styles: Styles) -> None:
        self.name = name
        self.look = SheetLook()
        self._styles = styles
        self._depth = 1  # of tables
        self._hidden: list[bool] = []  # groups of rows or columns that are open
        self._columns: list[tuple[int, str]] = []  # up to which column, and the style of its cells
        self._row = self._column = 0
        self._row_count = self._cell_count = 1
        self._row_style = self._style = ""
        self._is_filled = self._has_value = False
        self._aside = 0  # how deep in notes and shapes
        self._has_aside = False  # whether the cell has any; its text is then read without them
        self._cell: list[tuple[str, Look | None]] | None = None
        self._looks: list[Look | None] = []
        self._paragraphs = 0

    def take(self, event: Event) -> bool:
        """Learn from an element; whether it ends the sheet."""
        if event.kind == "text":
            self._text(event.name)
        elif event.kind == "start":
            self._start(event)
        else:
            self._end(event.name)
        return not self._depth

    def _start(self, event: Event) -> None:
        name, said = event.name, event.attributes
        self._depth += name == "table"
        if name == "image":
            self.look.has_picture = True
        if self._aside or name in _NOTES:
            self._aside += 1
            self._has_aside = True
        elif name in ("table-row-group", "table-column-group"):
            self._hidden.append(said.get("display") == "false")
        elif name == "table-column":
            start = self._columns[-1][0] if self._columns else 0
            end = start + min(_count(event, "number-columns-repeated"), 16_384)
            self._columns.append((end, said.get("default-cell-style-name", "")))
            if said.get("visibility") in ("collapse", "filter") or any(self._hidden):
                self.look.hidden_columns.update(range(start, min(end, 16_384)))
        elif name == "table-row":
            self._row_count, self._column = _count(event, "number-rows-repeated"), 0
            self._row_style = said.get("default-cell-style-name", "")
            if said.get("visibility") in ("collapse", "filter") or any(self._hidden):
                self.look.hidden_rows.update(range(self._row, min(self._row + self._row_count, 1_048_576)))
        elif name in ("table-cell", "covered-table-cell"):
            self._cell_count = _count(event, "number-columns-repeated")
            self._style = said.get("style-name", "") or self._row_style or self._column_style()
            self._has_value = any(key in said for key in ("value", "date-value", "time-value", "boolean-value"))
            self._is_filled = self._has_value or "string-value" in said
            self._cell, self._looks, self._paragraphs, self._has_aside = [], [], 0, False
        elif self._cell is not None:
            self._inline(event)

    def _inline(self, event: Event) -> None:
        """What makes up the text of a cell."""
        assert self._cell is not None
        name = event.name
        own = self._looks[-1] if self._looks else None
        if name == "p":
            if self._paragraphs:
                self._cell.append(("\n", None))
            self._paragraphs += 1
        elif name == "s":
            self._cell.append((" " * min(_count(event, "c"), 100), own))
        elif name in ("tab", "line-break"):
            self._cell.append((" " if name == "tab" else "\n", own))
        elif name == "span":
            look = self._styles.look("text", event.attributes.get("style-name", ""))
            own = look if look != Look() or own is None else own
        elif name == "ruby-text":
            own = Look(raised="sup")
        self._looks.append(own)

    def _text(self, written: str) -> None:
        if self._cell is not None and self._looks and not self._aside:
            self._cell.append((written, self._looks[-1]))
            self._is_filled = self._is_filled or bool(written.strip())

    def _end(self, name: str) -> None:
        self._depth -= name == "table"
        if self._aside:
            self._aside -= 1
        elif name in ("table-row-group", "table-column-group") and self._hidden:
            self._hidden.pop()
        elif name == "table-row":
            self._row += self._row_count
        elif name in ("table-cell", "covered-table-cell"):
            self._fill()
            self._column += self._cell_count
            self._cell = None
        elif self._looks:
            self._looks.pop()

    def _fill(self) -> None:
        if not self._is_filled or self._cell is None:
            return
        self.look.fill(self._row + self._row_count - 1, self._column + self._cell_count - 1)
        look = self._styles.look("table-cell", self._style)
        is_rich = (self._has_aside and not self._has_value) or any(own not in (None, Look()) for _written, own in self._cell)
        if not is_rich and look == Look():
            return
        places = (
            (row, column)
            for row in range(self._row, min(self._row + self._row_count, self._row + 1_000))
            for column in range(self._column, min(self._column + self._cell_count, self._column + 1_000))
        )
        for place in places:
            if is_rich:
                self.look.texts[place] = runs_of((written, look if own is None else own) for written, own in self._cell)
            else:
                self.look.looks[place] = look

    def _column_style(self) -> str:
        return next((style for end, style in self._columns if self._column < end), "")


def _count(event: Event, name: str) -> int:
    written = event.attributes.get(name, "1")
    return max(1, min(int(written[:10]), _MAX_REPEATED)) if written.isascii() and written.isdecimal() else 1
