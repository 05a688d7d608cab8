"""Converts open data in long form, one record for each figure, back into reports."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping

from sphinx_govreport.core.characters import cleaned, cleaned_line, is_clean
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Problem, listed, text
from sphinx_govreport.core.forms.form import Form, FormTable, is_open, table_order
from sphinx_govreport.core.forms.indicators import Indicator
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.reports.figures import NOT_STATED, Figure, Status
from sphinx_govreport.core.reports.records import REMARKS, STATUS, Record
from sphinx_govreport.core.reports.report import Correction, Explanation, Report, ReportKey
from sphinx_govreport.core.reports.year_file import date_of
from sphinx_govreport.importers.document import BROKEN, Box, Refused
from sphinx_govreport.importers.invisible import broken, removed, seen_cell
from sphinx_govreport.importers.rules import BAD_RECORD
from sphinx_govreport.importers.values import Value, read_text, read_value

FIELDS = tuple(name for name in Record._fields if not name.endswith("label"))  #: without these columns it is another CSV
_FIRST = 20  # lines in which a header may be misplaced
_NOTE, _EXPLANATION, _CORRECTION = REMARKS
_CORRECTED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) (\S+)→(\S+) (.+)", re.DOTALL)
_WORDS = {STATUS[Status.NOT_APPLICABLE]: "/", STATUS[Status.BLANK]: "", STATUS[Status.UNKNOWN]: ""}


def separator_of(written: str) -> str:
    """Return what separates the columns of such a CSV; empty for another. Raises Refused if its header is not as exported."""
    for number, line in enumerate(written.removeprefix("\ufeff").split("\n")[:_FIRST]):
        for mark in ",;\t":
            names = {name.strip(' "\ufeff') for name in line.split(mark)}
            missing = [name for name in FIELDS if name not in names]
            if not number and not missing:
                return mark
            if 2 * len(missing) < len(FIELDS):
                elsewhere = text("The header of the records is in line {line}, not in the first one.", line=number + 1)
                lacking = text("The header of the records lacks the columns {names}.", names=listed(missing))
                hint = text("In the first line, write these names above their columns: {names}.", names=listed(FIELDS))
                raise Refused(lacking if missing else elsewhere, hint)
    return ""


def read_records(
    path: str, written: str, separator: str, forms: Mapping[str, Form]
) -> tuple[list[Report], tuple[Diagnostic, ...]]:
    """Read all reports of a CSV, oldest first by agency, and return them with the findings."""
    reader = csv.DictReader(io.StringIO(written.removeprefix("\ufeff"), newline=""), delimiter=separator, strict=True)
    drafts: dict[ReportKey, _Draft] = {}
    findings: list[Diagnostic] = []
    texts: list[Box] = []
    for record in _records(reader, path, findings):
        pos = Pos(path, reader.line_num)
        # without the apostrophe that prevents spreadsheets from treating a cell as a formula
        cells = {name: (record.get(name) or "").removeprefix("'") for name in FIELDS}
        texts += (Box(one, line=pos.line) for one in cells.values() if not is_clean(one))
        fields = {name: cleaned_line(one).strip() for name, one in cells.items()}
        fields["value"] = seen_cell(cells["value"]).strip()
        fields["note"] = "\n".join(map(cleaned, cells["note"].strip().splitlines()))
        try:
            _add(drafts, fields, forms, pos)
        except Refused as refused:
            findings.append(Diagnostic(BAD_RECORD, pos, refused.message, refused.hint))
    findings += removed(path, texts)
    return [drafts[key].report(key.agency, key.year, path, forms) for key in sorted(drafts)], tuple(findings)


def _records(reader: csv.DictReader[str], path: str, findings: list[Diagnostic]) -> Iterator[dict[str, str]]:
    """Yield the records up to the first one that is not CSV, without the empty rows that spreadsheets add."""
    try:
        reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
        yield from (record for record in reader if any(record.get(name) for name in FIELDS))
    except csv.Error:
        line = reader.line_num + 1  # after the last complete record
        message = text("Line {line} of the CSV cannot be read.", line=line)
        hint = text("All lines from here on are left out. Look for a quotation mark without its second one.")
        findings.append(Diagnostic(BAD_RECORD, Pos(path, line), message, hint))


class _Draft:
    """A report whose records are being read."""

    def __init__(self) -> None:
        self.forms: dict[str, str] = {}
        self.figures: dict[str, dict[str, Figure]] = {}
        self.notes: dict[str, tuple[str, ...]] = {}
        self.explanations: dict[str, Explanation] = {}
        self.rows: dict[str, dict[str, None]] = {}
        self.corrections: list[Correction] = []

    def report(self, agency: str, year: int, path: str, forms: Mapping[str, Form]) -> Report:
        default = forms[next(iter(self.forms.values()))]
        by_table = dict.fromkeys(default.table_names, default.name) | self.forms
        names = {
            table: by_table[table] for table in table_order(map(forms.__getitem__, by_table.values())) if table in by_table
        }
        rows = {table: tuple(own) for table, own in self.rows.items()}
        layouts = {table: layout_of(forms[name].table(table), year, rows.get(table, ())) for table, name in names.items()}
        figures = {
            table: {path: self.figures.get(table, {}).get(path, NOT_STATED) for path in layout.indicators}
            for table, layout in layouts.items()
        }
        notes = {table: self.notes[table] for table in names if table in self.notes}
        corrections = tuple(sorted(self.corrections, key=lambda one: one.date))
        return Report(agency, year, path, "", names, figures, notes, self.explanations, corrections=corrections, rows=rows)


def _add(drafts: dict[ReportKey, _Draft], fields: Mapping[str, str], forms: Mapping[str, Form], pos: Pos) -> None:
    if damaged := next((one for one in fields.values() if BROKEN in one), ""):
        raise Refused(broken(damaged))
    year = fields["year"]
    if not fields["agency"] or not (year.isascii() and year.isdecimal()):
        raise Refused(text("The record has no agency or no year."), text("Every record must have both."))
    form = forms.get(fields["form"])
    if form is None:
        message = text("There is no form “{name}”.", name=fields["form"])
        raise Refused(message, text("Use one of: {names}.", names=listed(forms)))
    if fields["table"] not in form.table_names:
        message = text("There is no table “{name}”.", name=fields["table"])
        raise Refused(message, text("Use one of: {names}.", names=listed(form.table_names)))
    draft = drafts.setdefault(ReportKey(fields["agency"], int(year[:9]), form.kind), _Draft())
    if draft.forms.setdefault(fields["table"], form.name) != form.name:
        raise Refused(text("A table must have one form, but this record has another."), text("Correct the column “form”."))
    if fields["status"] == _NOTE:
        draft.notes[fields["table"]] = (*draft.notes.get(fields["table"], ()), fields["note"])
    elif fields["status"] == _EXPLANATION:
        draft.explanations[fields["key"]] = Explanation(fields["note"], pos.line, 1)
    elif fields["status"] == _CORRECTION:
        draft.corrections.append(_correction(fields, _indicators(draft, fields, form.table(fields["table"])), pos))
    else:
        _add_figure(draft, fields, _indicators(draft, fields, form.table(fields["table"])), pos)


def _indicators(draft: _Draft, fields: Mapping[str, str], table: FormTable) -> Mapping[str, Indicator]:
    """Return the figures that the table can have; rows that are not in the form are report-specific rows."""
    name = fields["key"].partition(".")[0]
    if is_open(table) and name and name not in layout_of(table, names=()).root.children:
        draft.rows.setdefault(table.name, {})[name] = None
        return layout_of(table, names=(name,)).indicators
    return layout_of(table, names=()).indicators


def _add_figure(draft: _Draft, fields: Mapping[str, str], indicators: Mapping[str, Indicator], pos: Pos) -> None:
    indicator = _indicator(fields, indicators)
    if fields["value"] not in ("", _WORDS.get(fields["status"], fields["value"])):
        message = text("The value is “{value}”, but the status is “{status}”.", value=fields["value"], status=fields["status"])
        raise Refused(message, text("Write the status “number”, or delete the value."))
    if fields["status"] == STATUS[Status.UNKNOWN]:  # a total that was not stated
        return
    written = _WORDS.get(fields["status"], fields["value"] or "?")
    value = read_text(written) if indicator.is_text else _value(written, indicator)
    figures = draft.figures.setdefault(fields["table"], {})
    if fields["key"] in figures:
        message = text("{label} appears here a second time.", label=indicator.label)
        raise Refused(message, text("Delete one of the two records."))
    allowed = indicator.units or (indicator.unit,)
    if fields["unit"] and fields["unit"] not in allowed:
        message = text("{label}: the unit “{unit}” is not allowed here.", label=indicator.label, unit=fields["unit"])
        raise Refused(message, text("The unit is: {units}.", units=listed(allowed)))
    unit = fields["unit"] if indicator.units else ""
    figures[fields["key"]] = Figure(value.status, value.number, value.written, pos.line, 1, unit, fields["note"])


def _indicator(fields: Mapping[str, str], indicators: Mapping[str, Indicator]) -> Indicator:
    indicator = indicators.get(fields["key"])
    if indicator is None:
        raise Refused(text("There is no figure “{name}” in the form.", name=fields["key"]), text("Correct the column “key”."))
    return indicator


def _correction(fields: Mapping[str, str], indicators: Mapping[str, Indicator], pos: Pos) -> Correction:
    """Return a correction from its note, such as ``2025-03-10 1408→1409 统计时漏计1件。``."""
    indicator = _indicator(fields, indicators)
    found = _CORRECTED.fullmatch(fields["note"])
    day = date_of(found[1]) if found else None
    if not found or not day:
        hint = text("Write for example “2025-03-10 1408→1409 …”; write “~” for a figure that was not filled in.")
        raise Refused(text("The note of a correction is not “DATE BEFORE→AFTER REASON”."), hint)
    values = (_value("" if word == "~" else word, indicator) for word in found.group(2, 3))
    before, after = (Figure(one.status, one.number, one.written, pos.line, 1, one.unit) for one in values)
    return Correction(day, fields["table"], indicator.path, before, after, found[4], pos.line, 1)


def _value(written: str, indicator: Indicator) -> Value:
    value = read_value(written, indicator)
    if isinstance(value, Problem):
        raise Refused(value.message, value.hint)
    return value
