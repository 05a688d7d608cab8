"""The appearance of cells in an .xlsx: hidden rows and columns, fonts, runs of rich text, pictures."""

from __future__ import annotations

import posixpath
import re
import zipfile
from xml.etree.ElementTree import Element

from .cells import TINY, Look, Pieces, SheetLook, is_on, read_part, whole_number, with_format

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_SIZE = re.compile(r"[0-9]+(\.[0-9]+)?")
_MAX_COLUMNS = 16_384
_WORKBOOK = "xl/workbook.xml"
_ZERO = ("0", "0.0")
_BUILT_IN = {"2": "0.00", "9": "0%", "10": "0.00%"}  # formats that files may omit
_RAISED = {"superscript": "sup", "subscript": "sub"}


class Workbook:
    """The parts of a workbook."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {name.lower(): name for name in archive.namelist()}
        self._targets = self._related(_WORKBOOK)
        book = self._part(_WORKBOOK)
        self._sheets = {
            sheet.get("name", ""): self._targets.get(sheet.get("id", ""), ("", ""))[1] for sheet in book.iter("sheet")
        }
        # libraries that write workbooks store formulas with a 0 as result and leave the computation to spreadsheets
        self._is_worked_out = not any(is_on(one, "fullCalcOnLoad") for one in book.iter("calcPr"))
        self._looks = self._cell_looks()
        self._strings = [_pieces(one) for one in self._part(self._part_of_kind("sharedStrings")).iter("si")]

    def look(self, name: str) -> SheetLook:
        """Return the look of a sheet."""
        part = self._sheets.get(name, "")
        sheet = read_part(self._archive, self._names[part.lower()])
        found = SheetLook()
        row = column = -1
        for element in sheet.iter():
            if element.tag == "row":
                row, column = whole_number(element, "r", row + 2) - 1, -1
                if is_on(element, "hidden") or element.get("ht") in _ZERO:
                    found.hidden_rows.add(row)
            elif element.tag == "c":
                place = _CELL.fullmatch(element.get("r", ""))
                row, column = (int(place[2]) - 1, _column(place[1])) if place else (max(row, 0), column + 1)
                found.fill(row, column)
                look = self._looks.get(whole_number(element, "s", -1), Look())
                found.add(row, column, look, self._pieces_of(element), is_rich=element.get("t") == "e")
                has_result = self._is_worked_out and (element.find("v") is not None or element.get("t") == "str")
                found.has_results &= has_result or element.find("f") is None
            elif element.tag == "sheetView":
                found.hides_zeros = not is_on(element, "showZeros", "1")
            elif element.tag == "col" and (is_on(element, "hidden") or element.get("width") in _ZERO):
                first, last = whole_number(element, "min", 1), whole_number(element, "max", 0)
                found.hidden_columns.update(range(first - 1, min(last, _MAX_COLUMNS)))
        drawings = (target for kind, target in self._related(part).values() if kind == "drawing")
        found.has_picture = any(self._part(one).find(".//pic") is not None for one in drawings)
        return found

    def _pieces_of(self, cell: Element) -> Pieces:
        inline = cell.find("is")
        if inline is not None:
            return _pieces(inline)
        number = cell.findtext("v", "").strip()
        if cell.get("t") == "e":
            return [(number, None)]  # an error such as #REF!, which has no value
        is_shared = cell.get("t") == "s" and number.isdecimal() and int(number) < len(self._strings)
        return self._strings[int(number)] if is_shared else []

    def _part(self, name: str) -> Element:
        """Read a part; a missing part is empty."""
        return read_part(self._archive, self._names[name.lower()]) if name.lower() in self._names else Element("none")

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the related parts of a part: kind and name, by id."""
        folder, name = posixpath.split(part)
        found = {}
        for one in self._part(f"{folder}/_rels/{name}.rels").iter("Relationship"):
            target = one.get("Target", "").replace("\\", "/")
            whole = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[one.get("Id", "")] = (one.get("Type", "").rpartition("/")[2], whole)
        return found

    def _part_of_kind(self, kind: str) -> str:
        return next((part for one, part in self._targets.values() if one == kind), f"xl/{kind}.xml")

    def _cell_looks(self) -> dict[int, Look]:
        """Return the looks of cells by the number of their format."""
        styles = self._part(self._part_of_kind("styles"))
        fonts = [_look(font) for font in styles.findall("fonts/font")]
        codes = _BUILT_IN | {one.get("numFmtId", ""): one.get("formatCode", "") for one in styles.findall("numFmts/numFmt")}
        looks = {}
        for number, style in enumerate(styles.findall("cellXfs/xf")):
            font = whole_number(style, "fontId", 0)
            looks[number] = with_format(fonts[font] if font < len(fonts) else Look(), codes.get(style.get("numFmtId", ""), ""))
        return looks


def _pieces(rich: Element) -> Pieces:
    """Return the runs of a text, without phonetic ones."""
    found: Pieces = []
    for child in rich:
        if child.tag == "t":
            found.append((child.text or "", None))
        elif child.tag == "r":
            font = child.find("rPr")
            found += [(one.text or "", None if font is None else _look(font)) for one in child.findall("t")]
    return found


def _look(font: Element) -> Look:
    look = Look()
    for one in font:
        value = one.get("val", "1")
        is_tiny = one.tag == "sz" and _SIZE.fullmatch(value) and float(value) <= TINY
        if is_tiny or (one.tag == "strike" and value not in ("0", "false")):
            look = look._replace(is_unseen=True)
        elif one.tag == "vertAlign":
            look = look._replace(raised=_RAISED.get(value, ""))
    return look


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
