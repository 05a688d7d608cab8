"""Reports as a workbook: the statutory tables as they are printed, with formulas for totals."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sphinx_govreport.core.extras import require
from sphinx_govreport.core.forms.form import Form, each_row
from sphinx_govreport.core.forms.grid import Cell
from sphinx_govreport.core.forms.indicators import Indicator
from sphinx_govreport.core.forms.layout import TableLayout, layout_of
from sphinx_govreport.core.reports.figures import Figure, Status, exact_sum
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.tables.table import FORM_PREFIX, report_title

from .document import CREATED, described, pages_of

if TYPE_CHECKING:
    from sphinx_govreport.core.tables.table import Table

_NO_AGENCY = "（机关名称）"  # what is to be overwritten in an empty form

_TOP = 3  # rows above the grid: the report's title, the table's, its notice
_ROWS = 30  # that an empty form has where each report names its own
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_NARROW = 8  # characters that the narrowest column has room for
_LINE = 13  # points that a line of text needs
_A4, _WIDE = 9, 12  # paper; from this many columns on it is turned
_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True}
_FORMATS: Mapping[str, Mapping[str, object]] = {
    "title": {"font_size": 14, "bold": True, "align": "center", "locked": False},
    "heading": {"font_size": 12, "bold": True, "align": "center"},
    "source": {"font_size": 9, "font_color": "#595959", "align": "right"},
    "head": {"border": 1, "align": "center", "bg_color": "#F2F2F2"},
    "row": {"border": 1, "align": "left", "bg_color": "#F2F2F2"},
    "name": {"border": 1, "align": "left", "locked": False},
    "figure": {"border": 1, "align": "center", "locked": False},
    "total": {"border": 1, "align": "center"},
    "note": {"align": "left"},
}


def workbook(reports: Sequence[Report], forms: Mapping[str, Form]) -> bytes:
    """Write a sheet for each table of each report. A total is a formula where it is the sum of its parts, else as stated."""
    book = _Book(*described(reports, forms))
    for report in reports:
        prefix = f"{report.year}" if len(reports) > 1 else ""
        for page in pages_of(report, forms):
            sheet = _SheetWriter(book, f"{prefix}{page.heading}", page.table.layout)
            sheet.top((report_title(report, forms), page.heading, page.source))
            sheet.grid(page.table)
            sheet.notes(page.notes)
    return book.bytes()


def blank_workbook(form: Form, year: int) -> bytes:
    """Write an empty form for a year: only figures can be filled in, totals are computed once their parts are there."""
    book = _Book(form.title, "")
    for table in form.tables:
        each = each_row(table)
        names = tuple(f"（{each.label}{number}）" for number in range(1, _ROWS + 1)) if each else ()
        sheet = _SheetWriter(book, table.heading, layout_of(table, year, names))
        sheet.top((f"{_NO_AGENCY}{year}年{form.title}", table.heading, f"{FORM_PREFIX}{form.notice}"))
        sheet.empty_grid(names)
    return book.bytes()


class _Book:
    """A workbook that is written into memory."""

    def __init__(self, title: str, author: str) -> None:
        self.file = io.BytesIO()
        xlsxwriter = require("xlsxwriter", "xlsx", "xlsx")
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book: Any = xlsxwriter.Workbook(self.file, options)
        self.book.calc_on_load = False  # each formula is written with what it yields, and readers may trust that
        self.book.set_properties({"title": title, "author": author, "created": CREATED})
        self.formats = {name: self.book.add_format({**_FONT, **own}) for name, own in _FORMATS.items()}
        self.names: set[str] = set()

    def sheet(self, wanted: str) -> Any:
        """Add a sheet with that name as far as a workbook allows it."""
        base = _FORBIDDEN.sub(" ", wanted)[:31].strip("' ") or "~1"
        name, count = base, 1
        while name.lower() in self.names:
            count += 1
            name = f"{base[: 30 - len(str(count))]}~{count}"
        self.names.add(name.lower())
        return self.book.add_worksheet(name)

    def bytes(self) -> bytes:
        self.book.close()
        return self.file.getvalue()


class _SheetWriter:
    """One table."""

    def __init__(self, book: _Book, name: str, layout: TableLayout) -> None:
        self.layout = layout
        self.formats = book.formats
        self.sheet = book.sheet(name)
        self.places = {cell.path: (_TOP + cell.row, cell.column) for cell in _cells(layout) if cell.path}
        self._print_setup()

    def _print_setup(self) -> None:
        sheet, width = self.sheet, self.layout.width
        sheet.set_paper(_A4)
        sheet.set_margins(0.6, 0.6, 0.7, 0.7)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C第 &P 页 共 &N 页")
        if width > _WIDE:
            sheet.set_landscape()
        for column, characters in enumerate(self.layout.widths):
            sheet.set_column(column, column, max(_NARROW, characters))
        for row, height in enumerate(_heights(self.layout), start=_TOP):
            sheet.set_row(row, height)
        if len(self.layout.blocks) == 1:
            sheet.repeat_rows(_TOP, _TOP + len(self.layout.blocks[0].head) - 1)

    def top(self, lines: tuple[str, str, str]) -> None:
        """What stands above the grid."""
        for row, (name, line) in enumerate(zip(("title", "heading", "source"), lines, strict=True)):
            self._text(row, line, name)
        self.sheet.set_row(0, 28)

    def notes(self, lines: Iterable[str]) -> None:
        """What stands under the grid."""
        per_line = sum(self.layout.widths) / 2
        for row, line in enumerate(lines, start=_TOP + len(self.layout.lines)):
            self._text(row, line, "note")
            self.sheet.set_row(row, _LINE * (1 + int(len(line) / per_line)) + 2)

    def _text(self, row: int, line: str, name: str) -> None:
        if self.layout.width > 1:  # one cell cannot be merged
            self.sheet.merge_range(row, 0, row, self.layout.width - 1, "", self.formats[name])
        self.sheet.write_string(row, 0, line, self.formats[name])

    def grid(self, table: Table) -> None:
        """Write all headers and figures of a report."""
        numbers = {path: number for path, figure in table.figures.items() if (number := _number(figure)) is not None}
        for cell, indicator in self._headers_and_figures():
            if indicator.parts and _adds_up(table.figures[cell.path], indicator, table.figures, numbers):
                self._write(cell, self.sheet.write_formula, self._sum(indicator), value=numbers[cell.path])
            elif cell.path in numbers:
                self._write(cell, self.sheet.write_number, numbers[cell.path])
            elif shown := table.shown(cell):
                self._write(cell, self.sheet.write_string, shown)
            else:
                self._write(cell, self.sheet.write_blank, None)
        last = (_TOP + len(self.layout.lines) - 1, self.layout.width - 1)
        self.sheet.ignore_errors({"number_stored_as_text": _range((0, 0), last)})

    def empty_grid(self, names: Collection[str]) -> None:
        """Write the same without figures. What is no figure and no title cannot be overwritten by accident.

        ``names`` stand for those of rows; rows that are not needed stay empty, and leave a sum over rows known.
        """
        for cell, indicator in self._headers_and_figures(names):
            if indicator.parts:
                some = [part for part in indicator.parts if part.partition(".")[0] in names]
                formula = self._sum_of_filled(indicator) if some == [*indicator.parts] else self._sum_if_filled_in(indicator)
                self._write(cell, self.sheet.write_formula, formula, value="")
            else:
                self._write(cell, self.sheet.write_blank, None)
                if not indicator.is_text:
                    self._only_figures(cell, indicator)
        self.sheet.protect("", {"format_columns": True, "format_rows": True})

    def _headers_and_figures(self, names: Collection[str] = ()) -> Iterator[tuple[Cell, Indicator]]:
        """Write the headers and yield the figures' cells; ``names`` can be overwritten."""
        for cell in _cells(self.layout):
            if cell.path:
                yield cell, self.layout.indicators[cell.path]
            elif cell.text in names:
                self.sheet.write_string(_TOP + cell.row, cell.column, cell.text, self.formats["name"])
            else:
                self._write(cell, self.sheet.write_string, cell.text)

    def _write(self, cell: Cell, write: Any, content: object, **result: object) -> None:
        """Write into a cell, merged as the form has it; ``result`` is what a formula yields."""
        is_total = cell.path and self.layout.indicators[cell.path].parts
        name = "total" if is_total else "row" if cell.is_row_head else "head" if cell.scope else "figure"
        top, style = _TOP + cell.row, self.formats[name]
        if cell.rowspan * cell.colspan > 1:
            self.sheet.merge_range(top, cell.column, top + cell.rowspan - 1, cell.column + cell.colspan - 1, "", style)
        write(top, cell.column, content, style, **result)

    def _sum(self, indicator: Indicator) -> str:
        """The formula of a total, with ranges where its parts stand side by side or below each other."""
        return f"=SUM({','.join(_ranges([self.places[path] for path in indicator.parts]))})"

    def _sum_if_filled_in(self, indicator: Indicator) -> str:
        """The same, empty as long as a part is."""
        blanks = "+".join(f"COUNTBLANK({one})" for one in _ranges([self.places[path] for path in indicator.parts]))
        return f'=IF({blanks},"",{self._sum(indicator)[1:]})'

    def _sum_of_filled(self, indicator: Indicator) -> str:
        """The same over those that are filled in, empty as long as none is."""
        ranges = ",".join(_ranges([self.places[path] for path in indicator.parts]))
        return f'=IF(COUNT({ranges})=0,"",SUM({ranges}))'

    def _only_figures(self, cell: Cell, indicator: Indicator) -> None:
        """Refuse what cannot be a figure."""
        place = self.places[cell.path]
        here = _range(place, place)
        sign = "" if indicator.signed else f",{here}>=0"
        whole = "" if indicator.decimal else f",{here}=INT({here})"
        other = f',RIGHT({here},1)="元"' if indicator.units else ""
        rule = f'=IF(ISNUMBER({here}),AND(TRUE{sign}{whole}),OR({here}="/"{other}))'
        message = "请填数字；没有填 0，不适用填“/”。"
        options = {"validate": "custom", "value": rule, "error_title": self.sheet.get_name(), "error_message": message}
        self.sheet.data_validation(*place, *place, options)


def _cells(layout: TableLayout) -> Iterator[Cell]:
    return (cell for line in layout.lines for cell in line)


def _heights(layout: TableLayout) -> list[float]:
    """Points that each row needs for its heads: a spreadsheet does not make merged rows higher by itself."""
    widths = [max(_NARROW, characters) for characters in layout.widths]
    lines = [1] * len(layout.lines)
    for cell in _cells(layout):
        per_line = max(1, int((sum(widths[cell.column : cell.column + cell.colspan]) - 1) / 2))
        needed = sum(-(-len(part) // per_line) for part in cell.text.split("\n"))
        if cell.rowspan == 1:
            lines[cell.row] = max(lines[cell.row], needed)
    return [_LINE * count + 5 for count in lines]


def _number(figure: Figure) -> float | None:
    """A figure as a spreadsheet's number, if that shows just what is written."""
    if figure.status is not Status.NUMBER or figure.remark():
        return None
    number = float(figure.text)
    return number if format(Decimal(repr(number)), "f").removesuffix(".0") == figure.text else None


def _adds_up(figure: Figure, indicator: Indicator, figures: Mapping[str, Figure], numbers: Mapping[str, float]) -> bool:
    """Whether a formula shows what is stated: its parts are numbers or do not apply, and their sum is the total."""
    parts = [figures[path] for path in indicator.parts]
    is_clear = all(path in numbers or figures[path].status is Status.NOT_APPLICABLE for path in indicator.parts)
    return (
        is_clear
        and figure.status is Status.NUMBER
        and not figure.remark()
        and exact_sum(part.value for part in parts if part.value is not None) == figure.value
    )


def _ranges(places: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield places, by row and column, as few ranges in the notation of spreadsheets."""
    start = last = places[0]
    for place in [*places[1:], (-1, -1)]:
        down, right = place[0] - start[0], place[1] - start[1]
        follows = place in ((last[0] + 1, last[1]), (last[0], last[1] + 1)) and not (down and right)
        if not follows:
            yield _range(start, last)
            start = place
        last = place


def _range(first: tuple[int, int], last: tuple[int, int]) -> str:
    return str(require("xlsxwriter.utility", "xlsx", "xlsx").xl_range(*first, *last))
