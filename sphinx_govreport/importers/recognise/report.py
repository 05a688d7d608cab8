"""Turns a published document into a report: agency, year, forms, every figure, and findings about unread parts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from sphinx_govreport.core.characters import cleaned_line, without_breaks
from sphinx_govreport.core.diagnostics import Diagnostic, Severity, Text, in_order, listed, ntext, text
from sphinx_govreport.core.forms.form import YEAR, Form, filled
from sphinx_govreport.core.forms.indicators import Indicator
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.reports.figures import NOT_STATED, Figure, Status
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.importers import rules
from sphinx_govreport.importers.document import Document, Grid, Paragraph, Refused, place
from sphinx_govreport.importers.invisible import seen_document
from sphinx_govreport.importers.labels import key_of, plain
from sphinx_govreport.importers.readers import read_document, refuse_large
from sphinx_govreport.importers.readers.decoding import decoded
from sphinx_govreport.importers.records import read_records, separator_of

from .figures import FoundFigure, Reading
from .layout import looks_like_figure
from .tables import Shapes, is_recognised, labels_in, read_tables, shapes_of, with_flat_tables, with_whole_rows, without_rows_of
from .title import Titled, read_titles, titles_of

_REASON = re.compile(r"说明\s*[：:]\s*")
_CORRECTED = re.compile(r"更正\s*[：:]\s*")
_NOTE = re.compile(r"(?=[备附]注\s*[：:])|注\s*[：:]\s*")  # without the prefix that our documents write before each note
_SECTION = re.compile(r"[一二三四五六]、")


@dataclass(frozen=True)
class Wanted:
    """The user's specifications for a document; empty: determined from the document."""

    agency: str = ""
    year: int = 0
    forms: Mapping[str, str] = field(default_factory=dict)  #: by table
    blank_as_zero: bool = False
    remarks: frozenset[str] = frozenset()  #: explanations and corrections that need not be reported


@dataclass(frozen=True)
class Imported:
    """The result of importing one kind of report from a document."""

    report: Report | None  #: None without an agency, a year or a form
    document: Document | None  #: None if it was refused
    readings: Mapping[str, Reading]
    findings: tuple[Diagnostic, ...]
    agency: str = ""
    year: int = 0  #: 0: unknown


def import_documents(path: str, data: bytes, forms: Mapping[str, Form], wanted: Wanted) -> list[Imported]:
    """Read a published document: a report for each kind of table that it has, or all reports of a CSV in long form.

    Raises :class:`..core.extras.MissingExtra` if the library for its kind is not installed.
    """
    try:
        if path.lower().endswith((".csv", ".tsv")):
            refuse_large(data)
            if separator := separator_of(written := decoded(data)):
                if replace(wanted, remarks=frozenset()) != Wanted():
                    message = text("In a CSV of records, each record has its agency, year, form and value.")
                    raise Refused(message, text("Import it without --agency, --year, --form NAME and --blank-as-zero."))
                reports, findings = read_records(path, written, separator, forms)
                imported = [Imported(report, None, {}, (), report.agency, report.year) for report in reports]
                first, *others = imported or [Imported(None, None, {}, ())]
                return [replace(first, findings=findings), *others]
        document = read_document(path, data)
    except Refused as refused:
        return [refused_document(path, refused)]
    document, unseen = seen_document(path, document)
    labels = {table.label.removeprefix(f"{YEAR}年") for form in forms.values() for table in form.tables}
    titled = read_titles(document, labels, titles_of(forms.values()))
    names = dict.fromkeys(cleaned_line(without_breaks(name)).strip() for name in titled.agencies)
    titled = titled._replace(agencies=tuple(names))
    agency = wanted.agency or (titled.agencies[0] if len(titled.agencies) == 1 else "")
    year = wanted.year or (titled.years[0] if len(titled.years) == 1 else 0)
    imported = [
        _imported(path, document, one, agency, year, forms, wanted) for one in _kinds_in(path, document, forms, wanted, year)
    ]
    about_all = (*unseen, *_whose(path, agency, year, titled))
    return [replace(imported[0], findings=in_order((*about_all, *imported[0].findings))), *imported[1:]]


def refused_document(path: str, refused: Refused) -> Imported:
    """Return the result for a document that cannot be read, with the reason."""
    return Imported(None, None, {}, (Diagnostic(rules.REFUSED, place(path), refused.message, refused.hint),))


def _imported(
    path: str, document: Document, found: _Found, agency: str, year: int, forms: Mapping[str, Form], wanted: Wanted
) -> Imported:
    """Import one kind of report; ``document`` is the original one, since its pictures refer to the number of its parts."""
    if year and not found.is_for_year:
        return Imported(None, document, {}, (_without_form(path, year, forms, document),), agency, year)
    readings = found.readings
    findings = [finding for reading in readings.values() for finding in reading.findings]
    findings += _missing(path, readings, document)
    lines = tuple(_under_tables(found.document, readings, found.foreign))
    findings += _unread(path, lines, wanted.remarks)
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
    return Imported(report, found.document, readings, in_order(findings), agency, year)


# -- which kinds of report, by which tables ------------------------------------------------------------------------


class _Found(NamedTuple):
    """The tables of one kind of report as they were read in a document."""

    document: Document  #: with tables in place of the paragraphs that are their cells
    shapes: Shapes
    readings: dict[str, Reading]
    is_for_year: bool  #: whether a form with these tables is for the year, or specified by the user
    foreign: frozenset[int] = frozenset()  #: identities of the grids that belong to another kind of report

    @property
    def worth(self) -> tuple[int, bool, int]:
        """Rank of a set of tables: most figures first, then a form for the year, then fewest missing tables."""
        counts = [len(reading.figures) for reading in self.readings.values()]
        return sum(counts), self.is_for_year, -counts.count(0) if any(counts) else 0


def _kinds_in(path: str, document: Document, forms: Mapping[str, Form], wanted: Wanted, year: int) -> list[_Found]:
    """Return the kinds of report in the document: the kind with the most figures, and others whose tables are recognised."""
    newest_first = tuple(forms.values())[::-1]
    # of forms with similar tables, the one in force in the report's year comes first, then the newer
    trusted = sorted(newest_first, key=lambda form: not form.is_in_force(year))
    by_kind: dict[str, list[Form]] = {}
    for form in trusted:
        by_kind.setdefault(form.kind, []).append(form)
    found = [_of_kind(path, document, of_kind, forms, wanted, year) for of_kind in by_kind.values()]
    most = max(found, key=lambda one: one.worth)
    chosen = [most, *(one for one in found if one is not most and any(map(is_recognised, one.readings.values())))]
    if len(chosen) == 1:
        return chosen
    done = []
    for one in chosen:  # without the rows that belong to the others
        own, foreign = without_rows_of(one.document, one.shapes, [other.shapes for other in chosen if other is not one])
        done.append(one._replace(document=own, readings=read_tables(path, own, one.shapes, foreign), foreign=foreign))
    return done


def _of_kind(
    path: str, document: Document, trusted: Sequence[Form], forms: Mapping[str, Form], wanted: Wanted, year: int
) -> _Found:
    """Return the best match for a kind of report among its sets of tables: those of one form, or of several equal ones."""
    sets = list(dict.fromkeys(form.table_names for form in trusted))
    told = {name: forms[form] for name, form in wanted.forms.items() if any(name in names for names in sets)}
    sets = (
        [names for names in sets if told.keys() == {*names}]
        or [names for names in sets if told.keys() <= {*names}]
        or [(*told,)]
    )
    found = []
    for names in sets:
        own = {
            name: [told[name]] if name in told else [form for form in trusted if form.table_names == names] for name in names
        }
        is_for_year = told.keys() >= {*names} or any(form.is_in_force(year) for of_table in own.values() for form in of_table)
        shapes = shapes_of(own, year)
        flat = with_whole_rows(with_flat_tables(document, shapes), shapes)
        found.append(_Found(flat, shapes, read_tables(path, flat, shapes), is_for_year))
    return max(found, key=lambda one: one.worth)


def _whose(path: str, agency: str, year: int, titled: Titled) -> Iterator[Diagnostic]:
    """Report an unknown agency or year, and a specified one if the titles name several."""
    agencies = text("The titles of the document name several agencies: {names}.", names=listed(titled.agencies))
    years = text("The titles of the document name several years: {years}.", years=listed(map(str, titled.years)))
    no_agency = text("The document does not state the agency of the report.")
    no_year = text("The document does not state the year of the report.")
    for rule, specified, found, several, none, hint in (
        (rules.UNKNOWN_AGENCY, agency, titled.agencies, agencies, no_agency, text("Specify it: --agency NAME.")),
        (rules.UNKNOWN_YEAR, str(year or ""), titled.years, years, no_year, text("Specify it: --year YEAR.")),
    ):
        if not specified:
            yield Diagnostic(rule, place(path), several if found else none, hint)
        elif len(found) > 1:
            check = text("Check that all tables are those of {name}.", name=specified)
            yield Diagnostic(replace(rule, severity=Severity.WARNING), place(path), several, check)


def _without_form(path: str, year: int, forms: Mapping[str, Form], document: Document) -> Diagnostic:
    """Return the finding for a report without a known form: by another year's form, its figures would have another meaning."""
    known = listed(f"{form.name} ({form.first_year or ''}–{form.last_year or ''})" for form in forms.values())
    message = text(
        "No form is known for reports of {year}; known forms: {forms}. {found}",
        year=year,
        forms=known,
        found=_what_is_in(document, forms.values(), year),
    )
    hint = text("Specify the form: --form FORM, or --form FILE for a local one.")
    return Diagnostic(rules.NO_FORM, place(path), message, hint)


_QUOTED = 4  # unknown labels to quote
_MAX_LABEL = 40  # characters; a longer text is a sentence in a layout table


def _what_is_in(document: Document, forms: Iterable[Form], year: int) -> Text:
    """Describe how many tables a document has, and which of their labels are known."""
    grids = [grid for grid in document.grids if any(looks_like_figure(cell.text) for row in grid.cells for cell in row)]
    if not grids:
        return text("The document has no table with figures.")
    known = []
    for form in forms:
        for table in form.tables:
            seen, count = labels_in(grids, form, table, year)
            if seen > 1:
                known.append((seen / count, filled(table, year).label, form.name, seen, count))
    best = {one[1]: one for one in sorted(known)}  # by label: the form that fits best
    if best:
        parts = [
            ntext(
                "{table} (form {form}: {seen} of {count} label)",
                "{table} (form {form}: {seen} of {count} labels)",
                table=label,
                form=form,
                seen=seen,
                count=count,
            )
            for _share, label, form, seen, count in sorted(best.values(), reverse=True)
        ]
        tables = listed(parts)
        return text("Tables with figures: {count}; recognised labels belong to {tables}.", count=len(grids), tables=tables)
    written = (" ".join(cell.text.split()) for grid in grids for row in grid.cells for cell in row)
    lengths = range(2, _MAX_LABEL)
    labels = [cleaned_line(one) for one in dict.fromkeys(written) if len(one) in lengths and not looks_like_figure(one)]
    quoted = listed(f"“{label}”" for label in labels[:_QUOTED])
    return text("Tables with figures: {count}; no form has labels such as {labels}.", count=len(grids), labels=quoted)


def _missing(path: str, readings: Mapping[str, Reading], document: Document) -> Iterator[Diagnostic]:
    """Report the tables without figures; ``document`` is the original, since its pictures refer to the number of its parts."""
    labels = {name: layout_of(reading.shape.table).label for name, reading in readings.items()}
    pictures = dict(_pictures(document, labels)) if document.pictures else {}
    for name, label in labels.items():
        if readings[name].figures:
            continue
        line = pictures.get(name, 0)
        message, hint = text("The table {label} was not found in the document.", label=label), None
        if name in pictures:
            message = text("The table {label} is a picture in the document; figures are not read from pictures.", label=label)
            hint = text("Type its figures into the year file, or ask for the original document.")
        yield Diagnostic(rules.MISSING_TABLE, place(path, line), message, hint)


def _pictures(document: Document, labels: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Yield the tables that have a picture below their heading, and the line of the picture."""
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
    """Return all figures of the form; those that were not read are not stated."""
    indicators = layout_of(reading.shape.table).indicators
    return {
        path: _figure(reading.figures.get(path), indicator, blank_as_zero=blank_as_zero)
        for path, indicator in indicators.items()
    }


def _figure(found: FoundFigure | None, indicator: Indicator, *, blank_as_zero: bool) -> Figure:
    if found is None or (indicator.is_text and found.value.status is Status.BLANK):
        return NOT_STATED
    value, line = found.value, found.cell.line
    if value.status is Status.BLANK and blank_as_zero:
        return Figure(Status.NUMBER, Decimal(0), "0", line, 1, is_explicit=not indicator.parts)
    return Figure(value.status, value.number, value.written, line, 1, value.unit, value.note)


class _Under(NamedTuple):
    """A line under a table."""

    table: str
    text: str
    line: int


def _under_tables(document: Document, readings: Mapping[str, Reading], foreign: frozenset[int]) -> Iterator[_Under]:
    """Yield the lines below the tables: rows of a sheet with a single filled cell, and paragraphs up to the next section.

    Lines below a ``foreign`` grid belong to another kind of report.
    """
    for name, reading in readings.items():
        for piece in reading.pieces:
            for row in piece.rows:
                alone = [cell for cell in piece.grid.cells[row] if cell.text.strip()]
                if len(alone) == 1 and alone[0].row == row:
                    yield _Under(name, alone[0].shown.strip(), alone[0].line)
    tables = {id(grid): name for name, reading in readings.items() for grid in reading.grids}
    table = ""
    for part in document.parts:
        if isinstance(part, Grid):
            table = "" if id(part) in foreign else tables.get(id(part), table)
        elif not table or part.is_in_grid:
            continue
        elif part.level or _SECTION.match(plain(part.text)):
            table = ""
        else:
            yield _Under(table, part.text, part.line)


def _notes(lines: Sequence[_Under], tables: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return by table the notes below it, without the word that introduces them."""
    notes: dict[str, dict[str, None]] = {}
    for under in lines:
        if match := _NOTE.match(under.text):
            notes.setdefault(under.table, {})[cleaned_line(without_breaks(under.text[match.end() :])).strip()] = None
    return {name: tuple(notes[name]) for name in tables if name in notes}


def _unread(path: str, lines: Sequence[_Under], known: Collection[str]) -> Iterator[Diagnostic]:
    """Report explanations and corrections below a table: only their author knows for which check or figure they are."""
    for under in dict.fromkeys(lines):
        match = _REASON.match(under.text) or _CORRECTED.match(under.text)
        remark = without_breaks(under.text[match.end() :]) if match else ""
        if not match or remark in known:
            continue
        rule, message = rules.UNREAD_EXPLANATION, text("There is an explanation here: “{reason}”.", reason=remark)
        hint = text("Write it under “explanations”, with the name of the check that it is for.")
        if match.re is _CORRECTED:
            rule, message = rules.UNREAD_CORRECTION, text("There is a correction here: “{correction}”.", correction=remark)
            hint = text("Write it under “corrections”, with date, figure, before, after and reason.")
        yield Diagnostic(rule, place(path, under.line), message, hint)
