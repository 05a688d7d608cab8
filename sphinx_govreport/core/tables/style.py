"""The part of a table's style that depends on its columns and figures: its least width, and the steps in which it scrolls.

A number that is cut at the edge of a screen reads as another number. The style sheet therefore shows a whole number of columns
of a scrolling table, each wide enough for the longest number. It must know the number of columns of a table and the length of
its numbers; since a strict Content-Security-Policy forbids styles in the page, classes contain them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from sphinx_govreport.core.forms.form import Form, FormTable, tables_of
from sphinx_govreport.core.reports.packed import Figures

from .table import Table, in_ascii

_LINE = 80  # characters of a line of text: a table that needs more has many narrow columns
_NARROW, _WIDE = 24, 44  # em; the widest tables have more, so that each column has room for its figures
_MOST_COLUMNS, _MOST_DIGITS = 60, 60  # the limits of the classes in the style sheet
_PHONE = 24  # digits that fit side by side on the narrowest phone
_SHEET = 500  # width in points of a table on A4 with usual margins
_DIGIT, _CELL, _LABELS = 4.8, 6, 60  # printed width in points of a digit, around a number, and of row headers
_NUMBER = re.compile(r"[+\-−]?[0-9][0-9.,]*[%‰]?")

_TABLES = "/* @tables */\n"
_STEPS = "/* @columns and digits */\n"


def declarations_of(forms: Iterable[Form]) -> Mapping[str, str]:
    """Return the CSS declarations of each table by its class, the widest table first; of one name, that of the newest form."""
    tables = {table.name: table for table in reversed(tuple(tables_of(forms)))}
    widest_first = sorted(tables.values(), key=lambda table: -sum(table.widths))
    return {class_of(table.name): ";".join(_declarations(table)) for table in widest_first}


def class_of(table: str) -> str:
    """Return the class of a table in HTML."""
    return f"gov-{in_ascii(table)}"


def style_sheet(template: str, forms: Iterable[Form]) -> str:
    """Return the style sheet with the rules of the forms' tables at its marks."""
    forms = tuple(forms)
    rules = (
        f"table.gov-table.{name} {{ {own.replace(':', ': ').replace(';', '; ')}; }}\n"
        for name, own in declarations_of(forms).items()
    )
    steps = (
        f".gov-{name}-{number} {{ --gov-{name}: {number}; }}\n"
        for name, most in (("columns", _MOST_COLUMNS), ("digits", _MOST_DIGITS))
        for number in range(1, most + 1)
    )
    return template.replace(_TABLES, "".join(rules)).replace(_STEPS, "".join(steps))


def step_classes(table: Table) -> list[str]:
    """Return the classes that define the steps in which a statutory table scrolls.

    Columns of several blocks are shown together if they fit on the narrowest phone, since a figure can span several.
    """
    layout = table.layout
    stubs = layout.blocks[0].stubs
    columns = layout.width - stubs
    digits = _digits(table)
    together = _together(digits, stubs, columns)
    if len(layout.blocks) > 1 and together <= _PHONE:
        classes = [*fit_classes(stubs, 1, together), "gov-blocks"]
    else:
        classes = fit_classes(stubs, columns, max(digits.values(), default=1))
    is_wide = together * _DIGIT + _LABELS * stubs > _SHEET
    is_uneven = max(digits.values(), default=1) * _DIGIT + _CELL > (_SHEET - _LABELS * stubs) / columns
    return [*classes, *(["gov-across"] if is_wide else []), *(["gov-uneven"] if is_uneven else [])]


def fit_classes(stubs: int, columns: int, digits: int) -> list[str]:
    """Return the classes of the element in which a table scrolls; ``digits`` is the length of its longest number."""
    steps = (f"gov-columns-{min(columns, _MOST_COLUMNS)}", f"gov-digits-{min(digits, _MOST_DIGITS)}")
    return ["gov-fit", f"gov-stubs-{min(stubs, 4)}", *steps]


def years_classes(columns: int, digits: int) -> list[str]:
    """Return the classes of a table of years or agencies, which continues below its first columns if a sheet is too narrow."""
    is_folded = columns * (digits * _DIGIT + _CELL) + _LABELS > _SHEET
    return [*fit_classes(1, columns, digits), *(["gov-folded"] if is_folded else [])]


def digits_in(shown: str) -> int:
    """Return the length of the longest number in a text."""
    return max(map(len, _NUMBER.findall(shown)), default=1)


def _digits(table: Table) -> dict[tuple[int, int], int]:
    """Return the length of the longest number by its first column and the number of its columns."""
    plain = dict(zip(table.layout.indicators, Figures.of(table.figures, table.layout).plain, strict=True))
    longest: dict[tuple[int, int], int] = {}
    for cell in (cell for line in table.layout.lines for cell in line if cell.path):
        number = plain[cell.path]
        digits = digits_in(table.shown(cell)) if number is None or table.comparisons else len(number)
        digits += 2 * (cell.path in table.marks)
        place = (cell.column, cell.colspan)
        longest[place] = max(digits, longest.get(place, 1))
    return longest


def _together(digits: Mapping[tuple[int, int], int], stubs: int, columns: int) -> int:
    """Return how many digits fit in all columns together; the margins of a cell are as wide as two digits."""
    begin = min((first for first, _span in digits), default=stubs)  # a later block may have fewer columns of row headers
    widths = dict.fromkeys(range(min(begin, stubs), stubs + columns), 1)
    for (first, span), needed in sorted(digits.items(), key=lambda one: one[0][1]):
        last = first + span - 1
        widths[last] += max(needed - sum(widths[at] + 2 for at in range(first, last)) - widths[last], 0)
    return sum(widths.values()) + 2 * (len(widths) - 1)


def _declarations(table: FormTable) -> Iterator[str]:
    width = sum(table.widths)
    least = max(_WIDE, width * 2 // 5) if width > _LINE else min(_NARROW, width // 2)
    yield f"min-width:{least}em"
    if width > _LINE and len(set(table.widths)) == 1:
        yield "table-layout:fixed"
