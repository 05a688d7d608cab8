"""The appearance of cells in an .ods: hidden rows and columns, styles of cells and of runs, notes, pictures."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from itertools import product
from xml.etree.ElementTree import Element

from .cells import TINY, Look, Pieces, SheetLook, read_part, whole_number

_MAX_ROWS, _MAX_COLUMNS = 1_048_576, 16_384
_MAX_ALIKE = 1_000  # limit for repeated rows or columns whose looks are kept
_MAX_STYLES = 50  # in a chain of base styles
_CELLS = ("table-cell", "covered-table-cell")
_GROUPS = ("table-row-group", "table-column-group")
_NOTES = frozenset(("annotation", "note", "frame", "custom-shape", "tracked-changes", "shapes"))
_VALUES = ("value", "date-value", "time-value", "boolean-value")
_SEPARATORS = re.compile(r"[\s,+¥￥]")
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)(pt|px)")


class OdsStyles:
    """The styles of a document by family and name."""

    def __init__(self, parts: Iterable[Element]) -> None:
        self._styles = {
            (style.get("family", ""), style.get("name", "")): style for part in parts for style in part.iter("style")
        }

    def look(self, family: str, name: str) -> Look:
        """Return the look of a style's text."""
        said: dict[str, str] = {}
        for _ in range(_MAX_STYLES):
            style = self._styles.get((family, name))
            if style is None:
                break
            for properties in style.iter("text-properties"):
                said = properties.attrib | said
            name = style.get("parent-style-name", "")
        is_struck = said.get("text-line-through-style", said.get("text-line-through-type", "none")) != "none"
        position = said.get("text-position", "").split(" ")[0]
        shift = float(position[:-1]) if re.fullmatch(r"-?[0-9.]{1,8}%", position) and position.count(".") < 2 else 0.0
        size = _SIZE.fullmatch(said.get("font-size", ""))
        is_tiny = size is not None and float(size[1]) <= TINY
        raised = "sup" if position == "super" or shift > 0 else "sub" if position == "sub" or shift < 0 else ""
        return Look(is_struck or said.get("display") == "none" or is_tiny, raised)


def sheet_looks(archive: zipfile.ZipFile) -> dict[str, SheetLook]:
    """Return the looks of the sheets of a workbook, by name."""
    content = read_part(archive, "content.xml")
    others = [read_part(archive, "styles.xml")] if "styles.xml" in archive.namelist() else []
    styles = OdsStyles([*others, content])
    settings = read_part(archive, "settings.xml").iter("config-item") if "settings.xml" in archive.namelist() else ()
    hides_zeros = any(one.get("name") == "ShowZeroValues" and one.text == "false" for one in settings)
    looks: dict[str, SheetLook] = {}
    for table in content.iterfind(".//spreadsheet/table"):
        looks.setdefault(table.get("name", ""), _SheetReader(table, styles, hides_zeros=hides_zeros).look)
    return looks


class _SheetReader:
    """Reads a sheet."""

    def __init__(self, table: Element, styles: OdsStyles, *, hides_zeros: bool) -> None:
        self.look = SheetLook(has_picture=table.find(".//image") is not None, hides_zeros=hides_zeros)
        self._styles = styles
        self._columns: list[tuple[int, str]] = []  # the last column of each range, and the style of its cells
        self._row = 0
        self._walk(table, is_hidden=False)

    def _walk(self, element: Element, *, is_hidden: bool) -> None:
        for child in element:
            is_unseen = is_hidden or child.get("visibility") in ("collapse", "filter")
            if child.tag == "table-column":
                start = self._columns[-1][0] if self._columns else 0
                end = start + _count(child, "number-columns-repeated")
                self._columns.append((end, child.get("default-cell-style-name", "")))
                self.look.hidden_columns.update(range(start, min(end, _MAX_COLUMNS)) if is_unseen else ())
            elif child.tag == "table-row":
                end = self._row + _count(child, "number-rows-repeated")
                self.look.hidden_rows.update(range(self._row, min(end, _MAX_ROWS)) if is_unseen else ())
                self._cells(child, end)
                self._row = end
            elif child.tag not in _NOTES:
                self._walk(child, is_hidden=is_hidden or (child.tag in _GROUPS and child.get("display") == "false"))

    def _cells(self, row: Element, below: int) -> None:
        column = 0
        for cell in (child for child in row if child.tag in _CELLS):
            end = column + _count(cell, "number-columns-repeated")
            has_value = any(name in cell.attrib for name in _VALUES)
            pieces = self._pieces(cell)
            if has_value or "string-value" in cell.attrib or any(text.strip() for text, _look in pieces):
                self.look.fill(below - 1, end - 1)
                style = next((style for last, style in self._columns if column < last), "")
                style = cell.get("style-name") or row.get("default-cell-style-name") or style
                look = self._styles.look("table-cell", style)
                if pieces and not "".join(text for text, _look in pieces).strip():
                    look = look._replace(hides_zero=True)  # its text is saved as it is shown
                # a text is read without its notes, and a number as it is shown if another is: 5% for 0.05
                has_notes = not has_value and any(one.tag in _NOTES for one in cell.iter())
                is_error = not cell.get("string-value", "-")  # such as #REF!
                is_rich = has_notes or is_error or not _is_shown(cell.get("value"), "".join(text for text, _look in pieces))
                for place in product(_bounded(self._row, below), _bounded(column, end)):
                    self.look.add(*place, look, pieces, is_rich=is_rich)
            elif "formula" in cell.attrib and "value-type" not in cell.attrib:
                self.look.has_results = False
            column = end

    def _pieces(self, cell: Element) -> Pieces:
        found: Pieces = []
        for number, paragraph in enumerate(cell.findall("p")):
            found += [("\n", None)] if number else []
            self._collect(paragraph, None, found)
        return found

    def _collect(self, element: Element, look: Look | None, found: Pieces) -> None:
        """Add the runs of an element to ``found``."""
        found.append((element.text or "", look))
        for child in element:
            if child.tag == "s":
                found.append((" " * min(_count(child, "c"), 100), look))
            elif child.tag in ("tab", "line-break"):
                found.append((" " if child.tag == "tab" else "\n", look))
            elif child.tag not in _NOTES:
                self._collect(child, self._inner(child, look), found)
            found.append((child.tail or "", look))

    def _inner(self, element: Element, outer: Look | None) -> Look | None:
        if element.tag == "ruby-text":
            return Look(raised="sup")
        own = self._styles.look("text", element.get("style-name", "")) if element.tag == "span" else Look()
        return outer if own == Look() else own


def _is_shown(value: str | None, shown: str) -> bool:
    """Return whether a text shows a number unchanged or rounded, or nothing."""
    number = _SEPARATORS.sub("", shown)
    try:
        return value is None or not number or abs(Decimal(number) - Decimal(value)) < 1
    except InvalidOperation:
        return False


def _bounded(start: int, end: int) -> range:
    return range(start, min(end, start + _MAX_ALIKE))


def _count(element: Element, name: str) -> int:
    return max(1, whole_number(element, name, 1))
