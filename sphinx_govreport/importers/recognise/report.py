"""A published document becomes a report: who, which year, which forms, every figure, and what could not be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from sphinx_govreport.core.characters import cleaned_line, without_breaks
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, in_order, text
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.reports.figures import NOT_STATED, Figure, Status
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.importers import rules
from sphinx_govreport.importers.document import Document, Grid, Paragraph, Refused
from sphinx_govreport.importers.invisible import seen_document
from sphinx_govreport.importers.labels import key_of, plain
from sphinx_govreport.importers.readers import read_document, refuse_large
from sphinx_govreport.importers.readers.decoding import decoded
from sphinx_govreport.importers.records import has_records, read_records

from .figures import Found, Reading
from .tables import read_tables, shapes_of, with_flat_tables
from .title import Titled, read_titles, titles_of

_REASON = re.compile(r"说明\s*[：:]\s*")
_CORRECTED = re.compile(r"更正\s*[：:]\s*")
_NOTE = re.compile(r"(?:备注|附注|注)\s*[：:]\s*")
_SECTION = re.compile(r"[一二三四五六]、")


@dataclass(frozen=True)
class Wanted:
    """What the user says about a document beforehand; empty: the document tells."""

    agency: str = ""
    year: int = 0
    forms: Mapping[str, str] = field(default_factory=dict)  #: by table
    blank_as_zero: bool = False


@dataclass(frozen=True)
class Imported:
    """What a document gives."""

    report: Report | None  #: None without an agency or a year
    document: Document | None  #: None if it was refused
    readings: Mapping[str, Reading]
    findings: tuple[Diagnostic, ...]


def import_documents(path: str, data: bytes, forms: Mapping[str, Form], wanted: Wanted) -> list[Imported]:
    """Read a published document, or all reports of a CSV in long form. See :func:`import_document`."""
    if path.lower().endswith(".csv"):
        try:
            refuse_large(data)
            written = decoded(data)
        except Refused as refused:
            return [_refused(path, refused)]
        if has_records(written):
            read = read_records(path, written, forms)
            first = Imported(None, None, {}, read.findings)
            return [first, *(Imported(report, None, {}, ()) for report in read.reports)]
    return [import_document(path, data, forms, wanted)]


def _refused(path: str, refused: Refused) -> Imported:
    return Imported(None, None, {}, (Diagnostic(rules.REFUSED, Pos(path, 0, 0), refused.message, refused.hint),))


def import_document(path: str, data: bytes, forms: Mapping[str, Form], wanted: Wanted) -> Imported:
    """Read a published document. Raises :class:`..core.extras.MissingExtra` where a library for its kind is not installed."""
    try:
        document = read_document(path, data)
    except Refused as refused:
        return _refused(path, refused)
    document, unseen = seen_document(path, document)
    labels = {table.label for form in forms.values() for table in form.tables}
    titled = read_titles(document, labels, titles_of(forms.values()))
    names = dict.fromkeys(cleaned_line(without_breaks(name)).strip() for name in titled.agencies)
    titled = titled._replace(agencies=tuple(names))
    agency = wanted.agency or (titled.agencies[0] if len(titled.agencies) == 1 else "")
    year = wanted.year or (titled.years[0] if len(titled.years) == 1 else 0)
    findings = [*unseen, *_whose(path, agency, year, titled)]
    is_told = any(wanted.forms.keys() >= set(form.table_names) for form in forms.values())
    if year and not is_told and not any(form.is_in_force(year) for form in forms.values()):
        return Imported(None, document, {}, in_order((*findings, _without_form(path, year, forms))))
    as_read = document
    newest_first = tuple(forms.values())[::-1]
    # of forms whose tables look alike, the one in force in the report's year is meant, else the newer
    trusted = sorted(newest_first, key=lambda form: not form.is_in_force(year))
    document, readings = _read(path, document, _candidates(trusted, forms, wanted), year)
    findings += (finding for reading in readings.values() for finding in reading.findings)
    findings += _missing(path, readings, as_read)
    lines = tuple(_under_tables(document, readings))
    findings += (*_explanations(path, lines), *_corrections(path, lines))
    report = None
    if agency and year:
        report = Report(
            agency=agency,
            year=year,
            path=path,
            digest="",
            forms={name: reading.shape.form for name, reading in readings.items()},
            figures={name: _figures(reading, blank_as_zero=wanted.blank_as_zero) for name, reading in readings.items()},
            notes=_notes(lines, readings),
            explanations={},
            rows={name: reading.names for name, reading in readings.items() if reading.names},
        )
    return Imported(report, document, readings, in_order(findings))


def _candidates(trusted: Sequence[Form], forms: Mapping[str, Form], wanted: Wanted) -> list[dict[str, list[Form]]]:
    """The tables that the document may have, each with its possible forms: those of one form, or of several with the same."""
    sets = list(dict.fromkeys(form.table_names for form in trusted))
    told = set(wanted.forms)
    sets = [names for names in sets if told == {*names}] or [names for names in sets if told <= {*names}] or [(*wanted.forms,)]
    return [
        {
            name: [forms[wanted.forms[name]]]
            if name in wanted.forms
            else [form for form in trusted if form.table_names == names]
            for name in names
        }
        for names in sets
    ]


def _read(
    path: str, document: Document, candidates: Sequence[Mapping[str, Sequence[Form]]], year: int
) -> tuple[Document, dict[str, Reading]]:
    """The document as it was read, and its tables: of the candidates those of which it has most figures, and misses least."""
    found, worth = [], []
    for by_table in candidates:
        shapes = shapes_of(by_table, year)
        flat = with_flat_tables(document, shapes)
        readings = read_tables(path, flat, shapes)
        found.append((flat, readings))
        counts = [len(reading.figures) for reading in readings.values()]
        worth.append((sum(counts), -counts.count(0) if any(counts) else 0))
    return found[worth.index(max(worth))]


def _whose(path: str, agency: str, year: int, titled: Titled) -> Iterator[Diagnostic]:
    """What is not known of whose report it is and for which year."""
    if not agency:
        message = text("The document does not say whose report it is.")
        if titled.agencies:
            message = text("The titles of the document name several agencies: {names}.", names="、".join(titled.agencies))
        yield Diagnostic(rules.UNKNOWN_AGENCY, Pos(path, 0, 0), message, text("Say it: --agency NAME."))
    if not year:
        message = text("The document does not say for which year it is.")
        if titled.years:
            message = text("The titles of the document name several years: {years}.", years="、".join(map(str, titled.years)))
        yield Diagnostic(rules.UNKNOWN_YEAR, Pos(path, 0, 0), message, text("Say it: --year YEAR."))


def _without_form(path: str, year: int, forms: Mapping[str, Form]) -> Diagnostic:
    """What is said of a report that no form is known for: by another year's form, its figures would mean something else."""
    known = "、".join(f"{form.name} ({form.first_year or ''}–{form.last_year or ''})" for form in forms.values())
    message = text("No form is known for reports of {year}; known are {forms}.", year=year, forms=known)
    return Diagnostic(
        rules.NO_FORM, Pos(path, 0, 0), message, text("Name the form: --form FORM, or --form FILE for a local one.")
    )


def _missing(path: str, readings: Mapping[str, Reading], document: Document) -> Iterator[Diagnostic]:
    """The tables of which nothing was read; ``document`` as it was read, since its pictures count its parts."""
    labels = {name: layout_of(reading.shape.table).label for name, reading in readings.items()}
    pictures = dict(_pictures(document, labels)) if document.pictures else {}
    for name, label in labels.items():
        if readings[name].figures:
            continue
        if name in pictures:
            line = pictures[name]
            message = text("The table {label} is a picture in the document; figures are not read from pictures.", label=label)
            hint = text("Type its figures into the year file, or ask for the document that the picture was made from.")
            yield Diagnostic(rules.MISSING_TABLE, Pos(path, line, 1 if line else 0), message, hint)
        else:
            yield Diagnostic(
                rules.MISSING_TABLE, Pos(path, 0, 0), text("The table {label} was not found in the document.", label=label)
            )


def _pictures(document: Document, labels: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """The tables under whose heading a picture stands, and the line of the picture."""
    keys = {key_of(label): name for name, label in labels.items()}
    table = ""
    at = 0
    for picture in document.pictures:
        for part in document.parts[at : picture.after]:
            if isinstance(part, Paragraph):
                key = key_of(part.text)
                named = next((name for label, name in keys.items() if key.endswith(label)), "")
                table = named or ("" if part.level or _SECTION.match(plain(part.text)) else table)
        at = picture.after
        if table:
            yield table, picture.line


def _figures(reading: Reading, *, blank_as_zero: bool) -> dict[str, Figure]:
    """All figures of the form; those that were not read are not stated."""
    indicators = layout_of(reading.shape.table).indicators
    return {
        path: _figure(reading.figures.get(path), blank_as_zero=blank_as_zero, is_total=bool(indicator.parts))
        for path, indicator in indicators.items()
    }


def _figure(found: Found | None, *, blank_as_zero: bool, is_total: bool) -> Figure:
    if found is None:
        return NOT_STATED
    value, line = found.value, found.cell.line
    if value.status is Status.BLANK and blank_as_zero:
        return Figure(Status.NUMBER, Decimal(0), "0", line, 1, is_explicit=not is_total)
    return Figure(value.status, value.number, value.written, line, 1, value.unit, value.note)


class _Under(NamedTuple):
    """A line under a table."""

    table: str
    text: str
    line: int


def _under_tables(document: Document, readings: Mapping[str, Reading]) -> Iterator[_Under]:
    """Lines under the tables: rows of a sheet that have but one cell, and paragraphs up to the next section."""
    for name, reading in readings.items():
        for piece in reading.pieces:
            for row in piece.rows:
                alone = [cell for cell in piece.grid.cells[row] if cell.text.strip()]
                if len(alone) == 1 and alone[0].row == row:
                    yield _Under(name, alone[0].shown.strip(), alone[0].line)
    tables = {id(found.grid): name for name, reading in readings.items() for found in reading.figures.values()}
    table = ""
    for part in document.parts:
        if isinstance(part, Grid):
            table = tables.get(id(part), table)
        elif not table or part.is_in_grid:
            continue
        elif part.level or _SECTION.match(plain(part.text)):
            table = ""
        else:
            yield _Under(table, part.text, part.line)


def _notes(lines: Sequence[_Under], tables: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """By table: the notes under it, without the word that introduces them."""
    notes: dict[str, dict[str, None]] = {}
    for under in lines:
        if match := _NOTE.match(under.text):
            notes.setdefault(under.table, {})[cleaned_line(without_breaks(under.text[match.end() :])).strip()] = None
    return {name: tuple(notes[name]) for name in tables if name in notes}


def _explanations(path: str, lines: Sequence[_Under]) -> Iterator[Diagnostic]:
    """Reasons that are printed under a table: which check they are for, only their author knows."""
    for under in dict.fromkeys(lines):
        if match := _REASON.match(under.text):
            pos = Pos(path, under.line, 1 if under.line else 0)
            message = text("Here stands an explanation: “{reason}”.", reason=without_breaks(under.text[match.end() :]))
            hint = text("Write it under “explanations”, with the name of the check that it is for.")
            yield Diagnostic(rules.UNREAD_EXPLANATION, pos, message, hint)


def _corrections(path: str, lines: Sequence[_Under]) -> Iterator[Diagnostic]:
    """Corrections that are printed under a table: a sentence need not name the figure, the day and both numbers."""
    for under in dict.fromkeys(lines):
        if match := _CORRECTED.match(under.text):
            pos = Pos(path, under.line, 1 if under.line else 0)
            message = text("Here stands a correction: “{correction}”.", correction=without_breaks(under.text[match.end() :]))
            hint = text("Write it under “corrections”, with date, figure, before, after and reason.")
            yield Diagnostic(rules.UNREAD_CORRECTION, pos, message, hint)
