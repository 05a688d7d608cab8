"""What an .xlsx says of its cells beside their values: hidden rows and columns, fonts, runs of rich text, pictures."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.importers.document import Refused

from .cells import TINY, Look, SheetLook, hides_numbers, runs_of
from .xml_events import Event, events

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_MAX_COLUMNS = 16_384
_WORKBOOK = "xl/workbook.xml"

_Pieces = list[tuple[str, Look | None]]  # a text without a look of its own has its cell's


class Workbook:
    """The parts of a workbook."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {name.lower(): name for name in archive.namelist()}
        self._targets = self._related(_WORKBOOK)
        self.sheets: dict[str, str] = {}  #: the part of each sheet, by its name
        self.is_worked_out = True
        for event in self._events(_WORKBOOK):
            if event.kind == "start" and event.name == "sheet":
                self.sheets[event.attributes.get("name", "")] = self._targets.get(event.attributes.get("id", ""), ("", ""))[1]
            elif event.kind == "start" and event.name == "calcPr":
                # programs that write workbooks without a spreadsheet leave the formulas to it, and a 0 for what they yield
                self.is_worked_out = not event.is_on("fullCalcOnLoad")
        self._looks = self._cell_looks()
        self._strings = list(self._shared())

    def look(self, name: str) -> SheetLook:
        """Read a sheet."""
        part = self.sheets.get(name, "")
        found = SheetLook()
        row = column = -1
        kind = value = inside = ""
        pieces: _Pieces = []
        look = Look()
        has_formula = False
        reader = _Pieced()
        for event in self._events(part):
            if event.kind == "text":
                if inside == "v":
                    value += event.name
                elif inside == "is":
                    reader.text(event.name)
            elif event.kind == "end":
                if event.name == "c":
                    self._cell(found, row, column, kind, value, pieces, look)
                    kind, pieces, value, look = "", [], "", Look()
                elif event.name == "is":
                    pieces = reader.take()
                elif inside == "is":
                    reader.end(event.name)
                    continue
                inside = ""
            elif inside == "is":
                reader.start(event)
            elif event.name == "row":
                row = _number(event, "r", row + 2) - 1
                column = -1
                if event.is_on("hidden") or event.attributes.get("ht") in ("0", "0.0"):
                    found.hidden_rows.add(row)
            elif event.name == "c":
                place = _CELL.fullmatch(event.attributes.get("r", ""))
                row, column = (int(place[2]) - 1, _column(place[1])) if place else (max(row, 0), column + 1)
                found.fill(row, column)
                kind = event.attributes.get("t", "")
                style = event.attributes.get("s", "")
                look = self._looks[int(style)] if style.isdecimal() and int(style) < len(self._looks) else Look()
            elif event.name in ("v", "is"):
                inside = event.name
            elif event.name == "f":
                has_formula = True
            elif event.name == "col" and (event.is_on("hidden") or event.attributes.get("width") in ("0", "0.0")):
                first, last = _number(event, "min", 1), _number(event, "max", 0)
                found.hidden_columns.update(range(first - 1, min(last, _MAX_COLUMNS)))
            elif event.name in ("drawing", "picture"):
                found.has_picture = found.has_picture or self._has_picture(part)
        if has_formula and not self.is_worked_out:
            raise Refused(
                text("The workbook has formulas that were never worked out."),
                text("Open it in a spreadsheet program and save it: what its formulas yield is saved with them."),
            )
        return found

    def _cell(self, found: SheetLook, row: int, column: int, kind: str, value: str, pieces: _Pieces, look: Look) -> None:
        if kind == "s" and value.strip().isdecimal() and int(value) < len(self._strings):
            pieces = self._strings[int(value)]
        if any(own is not None for _written, own in pieces):
            found.texts[row, column] = runs_of((written, look if own is None else own) for written, own in pieces)
        elif look != Look():
            found.looks[row, column] = look

    def _events(self, part: str) -> Iterator[Event]:
        with self._archive.open(self._names[part.lower()]) as file:
            yield from events(file)

    def _has(self, part: str) -> bool:
        return part.lower() in self._names

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: kind and part, by id."""
        folder, name = posixpath.split(part)
        rels = f"{folder}/_rels/{name}.rels"
        found: dict[str, tuple[str, str]] = {}
        for event in self._events(rels) if self._has(rels) else ():
            if event.kind == "start" and event.name == "Relationship":
                target = event.attributes.get("Target", "").replace("\\", "/")
                whole = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                kind = event.attributes.get("Type", "").rpartition("/")[2]
                found[event.attributes.get("Id", "")] = (kind, whole)
        return found

    def _part_of_kind(self, kind: str, default: str) -> str:
        return next((part for one, part in self._targets.values() if one == kind), default)

    def _has_picture(self, part: str) -> bool:
        """Whether one of a sheet's drawings has a picture."""
        drawings = [target for kind, target in self._related(part).values() if kind == "drawing"]
        return any(
            event.kind == "start" and event.name == "pic" for one in drawings if self._has(one) for event in self._events(one)
        )

    def _cell_looks(self) -> list[Look]:
        """How cells are shown, by the number of their format."""
        part = self._part_of_kind("styles", "xl/styles.xml")
        fonts: list[Look] = []
        looks: list[Look] = []
        hidden: set[str] = set()
        inside = ""
        reader = _Pieced()
        for event in self._events(part) if self._has(part) else ():
            if event.kind == "start":
                if event.name in ("fonts", "cellXfs", "numFmts"):
                    inside = event.name
                elif event.name == "numFmt" and inside == "numFmts" and hides_numbers(event.attributes.get("formatCode", "")):
                    hidden.add(event.attributes.get("numFmtId", ""))
                elif event.name == "xf" and inside == "cellXfs":
                    font = _number(event, "fontId", 0)
                    look = fonts[font] if font < len(fonts) else Look()
                    looks.append(look._replace(is_unseen=look.is_unseen or event.attributes.get("numFmtId") in hidden))
                elif inside == "fonts":
                    if event.name == "font":
                        reader.begin()
                    reader.font(event)
            elif event.kind == "end" and event.name == inside:
                inside = ""
            elif event.kind == "end" and event.name == "font" and inside == "fonts":
                fonts.append(reader.look)
        return looks

    def _shared(self) -> Iterator[_Pieces]:
        """The texts that cells refer to; of those in one piece nothing is kept."""
        part = self._part_of_kind("sharedStrings", "xl/sharedStrings.xml")
        reader = _Pieced()
        for event in self._events(part) if self._has(part) else ():
            if event.kind == "text":
                reader.text(event.name)
            elif event.kind == "start":
                reader.start(event)
            elif event.name == "si":
                pieces = reader.take()
                yield pieces if any(own is not None for _written, own in pieces) else []
            else:
                reader.end(event.name)


class _Pieced:
    """A text of which each run may have a font of its own."""

    def __init__(self) -> None:
        self._pieces: _Pieces = []
        self._is_text = self._is_phonetic = self._has_font = False
        self.look = Look()

    def begin(self) -> None:
        self.look, self._has_font = Look(), False

    def start(self, event: Event) -> None:
        if event.name == "r":
            self.begin()
        elif event.name == "rPr":
            self._has_font = True
        elif event.name == "rPh":
            self._is_phonetic = True
        elif event.name == "t":
            self._is_text = not self._is_phonetic
        else:
            self.font(event)

    def font(self, event: Event) -> None:
        """A property of the run's font."""
        value = event.attributes.get("val", "1")
        is_tiny = event.name == "sz" and bool(re.fullmatch(r"[0-9]+(\.[0-9]+)?", value)) and float(value) <= TINY
        if is_tiny or (event.name == "strike" and value not in ("0", "false")):
            self.look = self.look._replace(is_unseen=True)
        elif event.name == "vertAlign":
            self.look = self.look._replace(raised={"superscript": "sup", "subscript": "sub"}.get(value, ""))

    def text(self, written: str) -> None:
        if self._is_text:
            self._pieces.append((written, self.look if self._has_font else None))

    def end(self, name: str) -> None:
        if name == "t":
            self._is_text = False
        elif name == "rPh":
            self._is_phonetic = False
        elif name == "r":
            self.begin()

    def take(self) -> _Pieces:
        pieces, self._pieces = self._pieces, []
        self.begin()
        return pieces


def _number(event: Event, name: str, default: int) -> int:
    written = event.attributes.get(name, "").strip()
    return int(written[:9]) if written.isascii() and written.isdecimal() else default


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
