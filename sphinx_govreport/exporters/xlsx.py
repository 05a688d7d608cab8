"""Reports as a workbook: the statutory tables in their printed form, with formulas for totals."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.core.extras import require
from sphinx_govreport.core.forms.form import Form, each_row, filled
from sphinx_govreport.core.forms.grid import Cell
from sphinx_govreport.core.forms.indicators import Indicator
from sphinx_govreport.core.forms.layout import TableLayout, layout_of
from sphinx_govreport.core.reports.figures import Figure, Status, exact_sum
from sphinx_govreport.core.reports.records import SHEET_COLUMNS, STATUS, records
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.tables.columns import fitted, least_widths
from sphinx_govreport.core.tables.table import FORM_PREFIX, report_title

from . import CannotHold
from .document import TableBlock, block_of, created, described, grid_of, pages_of
from .fit import least_lengths, line_counts, lines_of

if TYPE_CHECKING:
    from sphinx_govreport.core.tables.table import Table

_NO_AGENCY = "（机关名称）"  # placeholder in an empty form
_BLANK_FIGURE = "12345"  # determines the column width for figures

_TOP = 3  # rows above the grid: the report's title, the table's, its notice
_ROWS = 30  # in an empty form if the report lists the rows itself
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_MOST_ROWS = 1_048_576  # of a sheet: the library would drop others without a message
_A4 = 9  # the page size
_SIDE, _ABOVE = 0.6, 0.7  # inches: margins
_WIDE = 12  # columns: with more of them the page is landscape
_SMALLEST = 0.8  # the smallest scale for a table to fit on one page
_HIGHEST = 1.5  # the largest factor by which rows are raised to fill the page
_LETTER, _LINE = 10, 13.5  # points: font size and line pitch in the grid
_TITLES = {"title": 14, "heading": 12, "source": 9}  # points: font sizes above it
_MOST = 400  # points: a row can hardly be higher
#: the font whose digits are the unit of column widths: every computer has it, or another with the same widths
_MEASURE = {"font_name": "Arial", "font_size": 10}
_WIDTH = 1.9  # of a character of Chinese, in such digits
_GAP = 1.0  # digits: at the sides of a cell
_EXACT = 15  # digits of a number that spreadsheets keep
_SHEET = "数据明细"  # name of the sheet with a row for each figure
_COLUMN_WIDTHS = (24, 7, 36, 50, 20, 6, 9, 20)  # of its columns, in digits
_YEAR, _VALUE = SHEET_COLUMNS.index("年度"), SHEET_COLUMNS.index("数值")
_STATUS_WORDS = {
    STATUS[Status.NUMBER]: "数字",
    STATUS[Status.TEXT]: "文字",
    STATUS[Status.NOT_APPLICABLE]: "不适用",
    STATUS[Status.BLANK]: "未填报",
    STATUS[Status.INVALID]: "有误",
    STATUS[Status.UNKNOWN]: "不明",
}
_FONT = {"font_name": "宋体", "font_size": _LETTER, "valign": "vcenter", "text_wrap": True}
_FORMATS: Mapping[str, Mapping[str, object]] = {
    "title": {"font_size": _TITLES["title"], "bold": True, "align": "center", "locked": False},
    "heading": {"font_size": _TITLES["heading"], "bold": True, "align": "center"},
    "source": {"font_size": _TITLES["source"], "font_color": "#595959", "align": "right"},
    "head": {"border": 1, "align": "center", "bg_color": "#F2F2F2"},
    "row": {"border": 1, "align": "left", "bg_color": "#F2F2F2"},
    "name": {"border": 1, "align": "left", "locked": False},
    "figure": {"border": 1, "align": "center", "locked": False},
    "total": {"border": 1, "align": "center"},
    "note": {"align": "left", "valign": "top"},
    "item": {"border": 1, "align": "left"},
    "number": {"border": 1, "align": "right"},
}


def workbook(reports: Sequence[Report], forms: Mapping[str, Form]) -> bytes:
    """Write a sheet for each table of each report, and one with a row for each figure.

    A total is a formula where it is the sum of its parts, else as stated. Raises :class:`.CannotHold` for too many figures.
    """
    if sum(len(figures) for report in reports for figures in report.figures.values()) >= _MOST_ROWS:
        raise CannotHold(text("There are more figures than rows in a worksheet; export them as csv, json or parquet."))
    book = _Book(*described(reports, forms))
    has_agencies = len({report.agency for report in reports}) > 1
    for report in reports:
        prefix = f"{report.published_by if has_agencies else ''}{report.year}" if len(reports) > 1 else ""
        for page in pages_of(report, forms):
            sheet = _SheetWriter(book, f"{prefix}{page.heading}", page.table.layout)
            sheet.set_up(grid_of(page.table), (report_title(report, forms), page.heading, page.source), page.notes)
            sheet.grid(page.table)
    _write_items(book, reports, forms)
    return book.bytes()


def blank_workbook(form: Form, year: int) -> bytes:
    """Write an empty form for a year: only figures can be filled in, totals are computed when their parts are filled in."""
    book = _Book(form.title, "")
    for table in form.tables:
        each = each_row(table)
        names = tuple(f"（{each.label}{number}）" for number in range(1, _ROWS + 1)) if each else ()
        heading = filled(table, year).heading
        sheet = _SheetWriter(book, heading, layout_of(table, year, names))
        titles = (f"{_NO_AGENCY}{year}年{form.title}", heading, f"{FORM_PREFIX}{form.notice}")
        sheet.set_up(block_of(sheet.layout, lambda cell: cell.text or _BLANK_FIGURE), titles)
        sheet.empty_grid(names)
    return book.bytes()


class _Book:
    """A workbook that is written in memory."""

    def __init__(self, title: str, author: str) -> None:
        self.file = io.BytesIO()
        xlsxwriter = require("xlsxwriter", "xlsx", "xlsx")
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {**_MEASURE},  # the library modifies it
        }
        self.book: Any = xlsxwriter.Workbook(self.file, options)
        self.book.calc_on_load = False  # each formula is written with its result, which readers may trust
        self.book.set_properties({"title": title, "author": author, "company": author, "created": created()})
        self.formats: dict[tuple[str, str], Any] = {}
        self.names: set[str] = set()

    def format(self, name: str, number: str = "") -> Any:
        """Return a format; ``number`` is the number format."""
        decimals = number.partition(".")[2]
        shown = f"0.{'0' * len(decimals)}" if decimals else "0" if number else "General"
        if (name, shown) not in self.formats:
            self.formats[name, shown] = self.book.add_format({**_FONT, **_FORMATS[name], "num_format": shown})
        return self.formats[name, shown]

    def sheet(self, wanted: str) -> Any:
        """Add a sheet for A4 with this name, as far as workbooks allow it."""
        base = _FORBIDDEN.sub(" ", wanted)[:31].strip("' ") or "~1"
        name, count = base, 1
        while name.lower() in self.names:
            count += 1
            name = f"{base[: 30 - len(str(count))]}~{count}"
        self.names.add(name.lower())
        sheet = self.book.add_worksheet(name)
        sheet.set_paper(_A4)
        sheet.set_margins(_SIDE, _SIDE, _ABOVE, _ABOVE)
        sheet.center_horizontally()
        sheet.set_footer("&C第 &P 页 共 &N 页")
        return sheet

    def bytes(self) -> bytes:
        self.book.close()
        return self.file.getvalue()


def _write_items(book: _Book, reports: Sequence[Report], forms: Mapping[str, Form]) -> None:
    """Write the sheet with a row for each figure, for filtering and counting."""
    sheet = book.sheet(_SHEET)
    for column, (title, width) in enumerate(zip(SHEET_COLUMNS, _COLUMN_WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, book.format("head"))
    row = 0
    for report in reports:
        tables = report.tables(forms)
        for record in records(report, forms):
            row += 1
            heading, status = tables[record.table].heading, _STATUS_WORDS[record.status]
            texts = (record.agency, "", heading, record.label, record.value, record.unit, status, record.note)
            rooms = ((width - _GAP) / _WIDTH for width in _COLUMN_WIDTHS)
            sheet.set_row(row, min(_height(max(map(lines_of, texts, rooms))), _MOST))
            for column, written in enumerate(texts):
                sheet.write_string(row, column, written, book.format("item"))
            sheet.write_number(row, _YEAR, record.year, book.format("number", str(record.year)))
            number = _exact_number(record.value) if record.status == STATUS[Status.NUMBER] else None
            if number is None:
                sheet.write_string(row, _VALUE, record.value, book.format("number"))
            else:
                sheet.write_number(row, _VALUE, number, book.format("number", record.value))
    last = (row, len(SHEET_COLUMNS) - 1)
    sheet.ignore_errors({"number_stored_as_text": _range((0, 0), last)})
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, *last)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, *last)


class _SheetWriter:
    """One table."""

    def __init__(self, book: _Book, name: str, layout: TableLayout) -> None:
        self.layout = layout
        self.format = book.format
        self.sheet = book.sheet(name)
        self.places = {cell.path: (_TOP + cell.row, cell.column) for cell in _cells(layout) if cell.path}

    def set_up(self, block: TableBlock, titles: Sequence[str], notes: Sequence[str] = ()) -> None:
        """Set up the page, write the text above and below the grid, and make all columns and rows large enough."""
        across, widths = _column_widths(block)
        inches = (_SHORT if across else _LONG) - 2 * _ABOVE
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        room = sum(widths) / _WIDTH - _GAP
        scale = min(1.0, _shared_width(len(widths), across=across) / sum(widths))
        above = [
            _height(lines_of(title, room * _LETTER / size), size) for title, size in zip(titles, _TITLES.values(), strict=True)
        ]
        below = [_height(lines_of(note, room)) for note in notes]
        rows = [_height(count) for count in _line_counts(block, widths)]
        free = inches * 72 * 0.98 / scale - sum((*above, *below))  # points; a little is left, because programs round
        stretched = min(max(1.0, free / sum(rows)), _HIGHEST)
        for row, height in enumerate((*above, *(height * stretched for height in rows))):
            self.sheet.set_row(row, min(height, _MOST))
        for row, (name, title) in enumerate(zip(_TITLES, titles, strict=True)):
            self._text((row, row), title, name)
        row = _TOP + len(rows)
        for note, height in zip(notes, below, strict=True):
            count = math.ceil(height / _MOST)  # the height of a row is limited
            for one in range(row, row + count):
                self.sheet.set_row(one, height / count)
            self._text((row, row + count - 1), note, "note")
            row += count
        self._print_setup(row - 1, across=across, pages=1 if sum(rows) <= free / _SMALLEST else 0)

    def _print_setup(self, last: int, *, across: bool, pages: int) -> None:
        sheet, blocks = self.sheet, self.layout.blocks
        if across:
            sheet.set_landscape()
        sheet.fit_to_pages(1, pages)
        sheet.print_area(0, 0, last, self.layout.width - 1)
        body = _TOP
        if len(blocks) == 1:
            body += len(blocks[0].head)
            sheet.repeat_rows(_TOP, body - 1)
        sheet.freeze_panes(body, min(block.stubs for block in blocks))

    def _text(self, rows: tuple[int, int], line: str, name: str) -> None:
        first, last = rows
        if self.layout.width > 1 or last > first:  # a single cell cannot be merged
            self.sheet.merge_range(first, 0, last, self.layout.width - 1, "", self.format(name))
        self.sheet.write_string(first, 0, line, self.format(name))

    def grid(self, table: Table) -> None:
        """Write all headers and figures of a report."""
        numbers = {path: number for path, figure in table.figures.items() if (number := _number(figure)) is not None}
        for cell, indicator in self._headers_and_figures():
            number, shown = numbers.get(cell.path), table.shown(cell)
            if number is not None and indicator.parts and _adds_up(table.figures[cell.path], indicator, table.figures, numbers):
                self._write(cell, self.sheet.write_formula, self._sum(indicator), shown, value=number)
            elif number is not None:
                self._write(cell, self.sheet.write_number, number, shown)
            elif shown:
                self._write(cell, self.sheet.write_string, shown)
            else:
                self._write(cell, self.sheet.write_blank, None)
        last = (_TOP + len(self.layout.lines) - 1, self.layout.width - 1)
        self.sheet.ignore_errors({"number_stored_as_text": _range((0, 0), last)})

    def empty_grid(self, names: Collection[str]) -> None:
        """Write the same without figures. Cells other than figures and titles are protected.

        ``names`` replace those of rows; unused rows stay empty, and a sum over rows is still known.
        """
        for cell, indicator in self._headers_and_figures(names):
            if indicator.parts:
                some = [part for part in indicator.parts if part.partition(".")[0] in names]
                formula = self._sum_if_filled_in(indicator, needs_all=some != [*indicator.parts])
                self._write(cell, self.sheet.write_formula, formula, "" if indicator.decimal else "0", value="")
            else:
                self._write(cell, self.sheet.write_blank, None, "" if indicator.decimal or indicator.is_text else "0")
                if not indicator.is_text:
                    self._only_figures(cell, indicator)
        self.sheet.protect("", {"format_columns": True, "format_rows": True})

    def _headers_and_figures(self, names: Collection[str] = ()) -> Iterator[tuple[Cell, Indicator]]:
        """Write the headers and yield the cells of figures; ``names`` can be overwritten."""
        for cell in _cells(self.layout):
            if cell.path:
                yield cell, self.layout.indicators[cell.path]
            elif cell.text in names:
                self.sheet.write_string(_TOP + cell.row, cell.column, cell.text, self.format("name"))
            else:
                self._write(cell, self.sheet.write_string, cell.text)

    def _write(self, cell: Cell, write: Any, content: object, number: str = "", **result: object) -> None:
        """Write into a cell, merged as in the form; ``number`` is the shown number, ``result`` the result of a formula."""
        is_total = cell.path and self.layout.indicators[cell.path].parts
        name = "total" if is_total else "row" if cell.is_row_head else "head" if cell.scope else "figure"
        top, style = _TOP + cell.row, self.format(name, number)
        if cell.rowspan * cell.colspan > 1:
            self.sheet.merge_range(top, cell.column, top + cell.rowspan - 1, cell.column + cell.colspan - 1, "", style)
        write(top, cell.column, content, style, **result)

    def _sum(self, indicator: Indicator) -> str:
        """Return the formula of a total, with ranges where its parts are adjacent."""
        return f"=SUM({','.join(self._ranges(indicator))})"

    def _sum_if_filled_in(self, indicator: Indicator, *, needs_all: bool) -> str:
        """Return the formula of a total that is empty if all parts are empty, or with ``needs_all`` if any is."""
        ranges = [*self._ranges(indicator)]
        blank = "+".join(f"COUNTBLANK({one})" for one in ranges) if needs_all else f"COUNT({','.join(ranges)})=0"
        return f'=IF({blank},"",SUM({",".join(ranges)}))'

    def _ranges(self, indicator: Indicator) -> Iterator[str]:
        """Return the cells of a total's parts."""
        return _ranges([self.places[path] for path in indicator.parts])

    def _only_figures(self, cell: Cell, indicator: Indicator) -> None:
        """Reject input that cannot be a figure."""
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


_DOTS, _DOTS_OF_DIGIT, _EDGES = 96, 7, 5  # per inch; per digit in the font of a new workbook; at the sides of a column
_SHORT, _LONG = 8.27, 11.69  # inches: the sides of A4


def _shared_width(count: int, *, across: bool) -> float:
    """Return the width that ``count`` columns share between the margins: in digits, without the edges of each."""
    inches = (_LONG if across else _SHORT) - 2 * _SIDE
    return (inches * _DOTS - count * _EDGES) / _DOTS_OF_DIGIT


def _column_widths(block: TableBlock) -> tuple[bool, list[float]]:
    """Return whether a table is landscape, and its columns: together as wide as the page, each wide enough for its numbers."""
    count = len(block.widths)
    found: list[tuple[int, bool, list[float]]] = []
    for needs in least_lengths(block):
        wide = [need._replace(width=need.width * _WIDTH + _GAP) for need in needs]
        least = least_widths(block.widths, wide)
        across = count > _WIDE or sum(least) > _shared_width(count, across=False) / _SMALLEST
        widths = fitted(block.widths, wide, _shared_width(count, across=across)) or least
        found.append((sum(_line_counts(block, widths)), across, widths))
    _lines, across, widths = min(found)
    return across, widths


def _line_counts(block: TableBlock, widths: Sequence[float]) -> list[int]:
    return line_counts(block.lines, [width / _WIDTH for width in widths], _GAP / _WIDTH)


def _height(lines: int, size: float = _LETTER) -> float:
    """Return the height of a row: spreadsheets do not adjust rows with merged cells themselves."""
    return lines * _LINE * size / _LETTER + 4


def _number(figure: Figure) -> float | None:
    """Return a figure as a spreadsheet's number, if that shows exactly the written text."""
    return _exact_number(figure.text) if figure.status is Status.NUMBER and not figure.remark() else None


def _exact_number(written: str) -> float | None:
    """Return a number for spreadsheets; None if they would lose a digit, or the zeros of a number such as 5.00."""
    number = float(written)
    shown, point, decimals = format(Decimal(repr(number)), "f").removesuffix(".0").partition(".")
    if point:
        shown += point + decimals.ljust(len(written.partition(".")[2]), "0")
    return number if shown == written and len(written.replace(".", "").strip("-0")) <= _EXACT else None


def _adds_up(figure: Figure, indicator: Indicator, figures: Mapping[str, Figure], numbers: Mapping[str, float]) -> bool:
    """Return whether a formula gives the stated total: its parts are numbers or not applicable, and add up to it."""
    is_clear = all(path in numbers or figures[path].status is Status.NOT_APPLICABLE for path in indicator.parts)
    values = (figures[path].value for path in indicator.parts)
    return is_clear and exact_sum(value for value in values if value is not None) == figure.value


def _ranges(places: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield cells, by row and column, as few ranges in spreadsheet notation."""
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
