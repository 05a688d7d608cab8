"""Tables: a report's figures in the cells of their form, ready for output."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from sphinx_govreport.core.diagnostics import Diagnostic, Text, Translate, rendered, text, translator
from sphinx_govreport.core.forms.form import TABLES, Form
from sphinx_govreport.core.forms.grid import Cell
from sphinx_govreport.core.forms.layout import TableLayout
from sphinx_govreport.core.reports.figures import Figure
from sphinx_govreport.core.reports.packed import Figures, places_of
from sphinx_govreport.core.reports.quoting import WORDS, change, figure_words
from sphinx_govreport.core.reports.report import Report, ReportKey

FORM_PREFIX = "格式："  #: before the notice that prescribes a table
NOTE_PREFIX = "注："  #: before a note under a table
EXPLANATION_PREFIX = "说明："  #: before the explanation of a finding
CORRECTION_PREFIX = "更正："  #: before a correction of a figure
FORM_CLASS = "gov-form-"  #: prefix of the class of a table's form
MARK = "※"  #: after a figure in an error

_INTRODUCED = re.compile(r"[备附]?注\s*[：:]")


class Table(NamedTuple):
    """One table of one report."""

    layout: TableLayout  #: headers and merged cells, from the form
    figures: Mapping[str, Figure]  #: by key path, without the table
    ident: str  #: prefix of the ids of its cells
    caption: str  #: printed above it
    notes: tuple[str, ...]  #: printed below it
    zero: str = "0"  #: text for the number 0
    errors: tuple[str, ...] = ()  #: errors of its figures, in the reader's language
    comparisons: Mapping[str, str] = MappingProxyType({})  #: by key path: the comparison after a figure
    marks: Mapping[str, int] = MappingProxyType({})  #: by key path: the number of a figure's first error

    def marked(self, errors: Sequence[Diagnostic], translate: Translate) -> Table:
        """Return the table with errors."""
        if not errors:
            return self
        marks: dict[str, int] = {}
        texts: list[str] = []
        for number, error in enumerate(errors, start=1):
            texts.append(error.message.render(translate))
            for path in error.figures:
                table, _, rest = path.partition(".")
                if table == self.layout.name:
                    marks.setdefault(rest, number)
        return self._replace(errors=tuple(texts), marks=marks)

    def compared(self, last: Report, translate: Translate) -> Table:
        """Return the table with the figures of another year, and the changes, next to the totals of rows that both have."""
        then = last.figures[self.layout.name]
        told = {path: comparison(self.figures[path], then[path], last.year) for path in self.layout.summary if path in then}
        return self._replace(comparisons={path: one.render(translate) for path, one in told.items()})

    def shown(self, cell: Cell) -> str:
        """Return the text of a cell."""
        return self._figure(cell.path) if cell.path else cell.text

    def _figure(self, path: str) -> str:
        figure = self.figures[path]
        return figure.shown(self.zero) + figure.remark() + self.comparisons.get(path, "")

    def text(self) -> str:
        """Return the text for readers, one line for each cell that is not empty, from left to right and from top to bottom."""
        plain = Figures.of(self.figures, self.layout).plain
        is_bare = self.zero == "0" and not self.comparisons
        lines = [
            label or (is_bare and plain[at]) or self._figure(path).replace("\n", "") for label, path, at in _cells(self.layout)
        ]
        return "\n".join(filter(None, lines))


@lru_cache(maxsize=TABLES)
def _cells(layout: TableLayout) -> tuple[tuple[str, str, int], ...]:
    """Return label, key path and place in statutory order of each cell; labels are on one line."""
    places = places_of(layout)
    cells = (cell for line in layout.lines for cell in line if cell.text or cell.path)
    return tuple((cell.text.replace("\n", ""), cell.path, places.get(cell.path, 0)) for cell in cells)


@lru_cache(maxsize=TABLES)
def labels(layout: TableLayout) -> tuple[str, ...]:
    """Return each label of a table once, as in :meth:`Table.text`."""
    return tuple(dict.fromkeys(label for label, _path, _at in _cells(layout) if label))


def table_of(report: Report, forms: Mapping[str, Form], name: str, *, caption: str = "", zero: str = "0") -> Table:
    """Return the table ``name`` of a report."""
    layout = report.layout(name, forms)
    return Table(
        layout=layout,
        figures=report.figures[name],
        ident=table_ident(report.key(forms), name),
        caption=caption or titled(report.published_by, report.year, layout.label),
        notes=report.notes.get(name, ()),
        zero=zero,
    )


def note_line(note: str) -> str:
    """Return a note under a table with its prefix, unless the author has written one."""
    return note if _INTRODUCED.match(note) else f"{NOTE_PREFIX}{note}"


def corrections_of(report: Report, forms: Mapping[str, Form], name: str) -> tuple[str, ...]:
    """Return the corrections of the figures of a table for the output below it, oldest first, without their prefix."""
    indicators = report.layout(name, forms).indicators
    return tuple(
        f"{one.date.year}年{one.date.month}月{one.date.day}日，“{indicators[one.path].label}”由{_in_chinese(one.before)}"
        f"更正为{_in_chinese(one.after)}（{one.reason.rstrip('。.；;')}）。"
        for one in report.corrections
        if one.table == name
    )


def _in_chinese(figure: Figure) -> str:
    return rendered(figure_words(figure), translator("zh_CN"))


def titled(agency: str, year: int, label: str) -> str:
    """Return a title with agency and year, as published reports write it; the label may begin with the year itself."""
    return f"{agency}{year}年{label.removeprefix(f'{year}年')}"


def report_title(report: Report, forms: Mapping[str, Form]) -> str:
    """Return the title of a report."""
    return titled(report.published_by, report.year, report.form(forms).title)


def fits_comparison(report: Report, last: Report, forms: Mapping[str, Form], name: str) -> bool:
    """Return whether two years of a table can be compared: by one form, which has no figures with a sign for changes itself."""
    indicators = report.layout(name, forms).indicators.values()
    return report.forms[name] == last.forms.get(name) and not any(indicator.signed for indicator in indicators)


def comparison(now: Figure, then: Figure, year: int) -> Text:
    """Return the text after a figure: that of another year, and the change."""
    if not then.amount:
        return text("({year}: {then})", year=year, then=WORDS[then.status])
    written = then.text + then.unit
    if not now.amount:
        return text("({year}: {then})", year=year, then=written)
    return text("({year}: {then}, {change})", year=year, then=written, change=change(now.amount, then.amount, "percent", 1))


def form_class(form: str) -> str:
    """Return the class of a table's form in HTML, since tables of two forms may look alike."""
    return f"{FORM_CLASS}{'-'.join(form.split())}"


def table_ident(report: ReportKey, name: str) -> str:
    """Return the table's id: ASCII, and the same in every output."""
    return f"{report_ident(report)}-{in_ascii(name)}"


def report_ident(report: ReportKey) -> str:
    """Return the report's name in ASCII, for ids and file names; long enough to be different for all agencies of a country."""
    whose = "\n".join(filter(None, (report.agency, report.other_kind)))
    return f"gov-{hashlib.sha256(whose.encode()).hexdigest()[:12]}-{report.year}"


def figure_ident(table_ident: str, path: str) -> str:
    """Return the id of a figure's cell: the table's id and the key path."""
    return f"{table_ident}-{in_ascii(path).replace('.', '-')}"


def in_ascii(path: str) -> str:
    """Return a key path with a short hash for each key that is not ASCII or has spaces."""
    if path.isascii() and " " not in path:
        return path
    keys = ((key, key.isascii() and " " not in key) for key in path.split("."))
    return ".".join(key if is_plain else f"k{hashlib.sha256(key.encode()).hexdigest()[:8]}" for key, is_plain in keys)


def heads_ident(table_ident: str) -> str:
    """Return the prefix of the ids of a table's headers, if other tables may be on the same page."""
    return f"g{hashlib.sha256(table_ident.encode()).hexdigest()[:10]}"


def error_ident(table_ident: str, number: int) -> str:
    """Return the id of the text of an error below the table."""
    return f"{table_ident}-error-{number}"
