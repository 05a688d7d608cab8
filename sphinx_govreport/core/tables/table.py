"""A table: a report's figures in the cells of their form, ready to be printed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from sphinx_govreport.core.diagnostics import Diagnostic, Text, Translate, text, translator
from sphinx_govreport.core.forms.form import TABLES, Form
from sphinx_govreport.core.forms.grid import Cell
from sphinx_govreport.core.forms.layout import TableLayout, layout_of
from sphinx_govreport.core.reports.figures import Figure
from sphinx_govreport.core.reports.packed import Figures, places_of
from sphinx_govreport.core.reports.quoting import WORDS, change, figure_words
from sphinx_govreport.core.reports.report import Report, ReportKey

FORM_PREFIX = "格式："  #: what documents print before the notice that prescribes a table
NOTE_PREFIX = "注："  #: what published reports print before a note under a table
EXPLANATION_PREFIX = "说明："  #: before the reason for what a check found
CORRECTION_PREFIX = "更正："  #: before a correction of a figure
FORM_CLASS = "gov-form-"  #: what the class of a table begins with that tells its form
MARK = "※"  #: behind a figure that takes part in an error

_INTRODUCED = re.compile(r"[备附]?注\s*[：:]")
_CHANGE = "percent 1"  # how a change beside a figure is told


class Table(NamedTuple):
    """One table of one report."""

    layout: TableLayout
    figures: Mapping[str, Figure]  #: by key path, without the table
    ident: str  #: what its cells' ids begin with
    caption: str
    notes: tuple[str, ...]  #: printed under it
    zero: str = "0"  #: what is printed for the number 0
    errors: tuple[str, ...] = ()  #: what is wrong with its figures, in the reader's language
    comparisons: Mapping[str, str] = MappingProxyType({})  #: by key path: the comparison that is printed behind a figure
    marks: Mapping[str, int] = MappingProxyType({})  #: by key path: the number of the first error in which a figure takes part

    def marked(self, errors: Sequence[Diagnostic], translate: Translate) -> Table:
        """The same table with its errors."""
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
        """The same table with the figures of another year and the change beside those that sum a row up."""
        figures = last.figures[self.layout.name]
        told = {path: comparison(self.figures[path], figures[path], last.year) for path in self.layout.summary}
        return self._replace(comparisons={path: one.render(translate) for path, one in told.items()})

    def shown(self, cell: Cell) -> str:
        """What is printed in a cell."""
        return self._figure(cell.path) if cell.path else cell.text

    def _figure(self, path: str) -> str:
        figure = self.figures[path]
        return figure.shown(self.zero) + figure.remark() + self.comparisons.get(path, "")

    def text(self) -> str:
        """What a reader sees, a line for each cell that is not empty, from left to right and from top to bottom."""
        plain = Figures.of(self.figures, self.layout).plain
        is_bare = self.zero == "0" and not self.comparisons
        lines = [
            label or (is_bare and plain[at]) or self._figure(path).replace("\n", "") for label, path, at in _cells(self.layout)
        ]
        return "\n".join(filter(None, lines))


@lru_cache(maxsize=TABLES)
def _cells(layout: TableLayout) -> tuple[tuple[str, str, int], ...]:
    """Label, key path and place in statutory order of each cell; a label is on one line."""
    places = places_of(layout)
    cells = (cell for line in layout.lines for cell in line if cell.text or cell.path)
    return tuple((cell.text.replace("\n", ""), cell.path, places.get(cell.path, 0)) for cell in cells)


@lru_cache(maxsize=TABLES)
def labels(layout: TableLayout) -> tuple[str, ...]:
    """Each label of a table once, as in :meth:`Table.text`."""
    return tuple(dict.fromkeys(label for label, _path, _at in _cells(layout) if label))


def table_of(report: Report, forms: Mapping[str, Form], name: str, *, caption: str = "", zero: str = "0") -> Table:
    """The table ``name`` of a report."""
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
    """Return what is printed of a note under a table: it is introduced once, whatever the author has written before it."""
    return note if _INTRODUCED.match(note) else f"{NOTE_PREFIX}{note}"


def corrections_of(report: Report, forms: Mapping[str, Form], name: str) -> tuple[str, ...]:
    """Return what is printed under a table of the corrections of its figures, oldest first, without what introduces them."""
    indicators = report.layout(name, forms).indicators
    return tuple(
        f"{one.date.year}年{one.date.month}月{one.date.day}日，“{indicators[one.path].label}”由{_in_chinese(one.before)}"
        f"更正为{_in_chinese(one.after)}（{one.reason.rstrip('。.；;')}）。"
        for one in report.corrections
        if one.table == name
    )


def _in_chinese(figure: Figure) -> str:
    words = figure_words(figure)
    return words.render(translator("zh_CN")) if isinstance(words, Text) else words


def titled(agency: str, year: int, label: str) -> str:
    """Whose and which year's ``label`` is meant, as published reports write it."""
    return f"{agency}{year}年{label}"


def report_title(report: Report, forms: Mapping[str, Form]) -> str:
    """The title of a report."""
    return titled(report.published_by, report.year, report.form(forms).title)


def fits_comparison(report: Report, last: Report, forms: Mapping[str, Form], name: str) -> bool:
    """Whether two years of a table can stand side by side: one form for both, which does not tell changes itself."""
    form = report.forms[name]
    return form == last.forms.get(name) and not layout_of(forms[form].table(name)).tells_changes


def comparison(now: Figure, then: Figure, year: int) -> Text:
    """What is printed behind a figure: that of another year, and the change."""
    if not then.amount:
        return text("({year}: {then})", year=year, then=WORDS[then.status])
    written = then.text + then.unit
    if not now.amount:
        return text("({year}: {then})", year=year, then=written)
    return text("({year}: {then}, {change})", year=year, then=written, change=change(now.amount, then.amount, _CHANGE))


def form_class(form: str) -> str:
    """The class that tells a table's form in HTML: tables of two forms may look alike."""
    return f"{FORM_CLASS}{'-'.join(form.split())}"


def table_ident(report: ReportKey, name: str) -> str:
    """The table's id: ASCII, the same wherever and whenever the table is printed."""
    return f"{report_ident(report)}-{in_ascii(name)}"


def report_ident(report: ReportKey) -> str:
    """What a report is called where only ASCII is safe: in ids and in the names of files."""
    whose = "\n".join(filter(None, (report.agency, report.other_kind)))
    return f"gov-{hashlib.sha256(whose.encode()).hexdigest()[:6]}-{report.year}"


def figure_ident(table_ident: str, path: str) -> str:
    """The id of a figure's cell: the table's id and the key path."""
    return f"{table_ident}-{in_ascii(path).replace('.', '-')}"


def in_ascii(path: str) -> str:
    """A key path in which a short hash stands for each key that is not ASCII, or has spaces."""
    if path.isascii() and " " not in path:
        return path
    return ".".join(key if key.isascii() and " " not in key else f"k{_short(key)}" for key in path.split("."))


def _short(written: str) -> str:
    return hashlib.sha256(written.encode()).hexdigest()[:8]


def heads_ident(table_ident: str) -> str:
    """What the ids of a table's heads begin with where other tables may stand beside it."""
    return f"g{hashlib.sha256(table_ident.encode()).hexdigest()[:10]}"


def error_ident(table_ident: str, number: int) -> str:
    """The id of what is written about an error under the table."""
    return f"{table_ident}-error-{number}"
