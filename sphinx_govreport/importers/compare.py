"""Compares a published document with the year file of the same report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Text, listed, text
from sphinx_govreport.core.forms.form import Form, filled
from sphinx_govreport.core.library.agencies import Agencies
from sphinx_govreport.core.reports.figures import NOT_STATED, Figure, Status
from sphinx_govreport.core.reports.quoting import WORDS
from sphinx_govreport.core.reports.report import Report

from .recognise.report import Imported
from .rules import DIFFERS


def differences(imported: Imported, report: Report, forms: Mapping[str, Form], declared: Agencies) -> Iterator[Diagnostic]:
    """Yield a finding for every figure that differs between the document and the year file, at its position in the year file.

    A former name of the agency is not a difference if it is ``declared``.
    """
    published = imported.report
    assert published
    top = Pos(report.path)
    is_same = declared.now(published.agency) == report.agency
    for what, ours, theirs in (
        (text("agency"), report.published_by, report.published_by if is_same else published.agency),
        (text("year"), report.year, published.year),
    ):
        if ours != theirs:
            message = text(
                "{what}: “{theirs}” was published, but the year file has “{ours}”.", what=what, theirs=theirs, ours=ours
            )
            yield Diagnostic(DIFFERS, top, message)
    for table in dict.fromkeys((*report.forms, *published.forms)):
        # of a report without this table, all its forms
        own, other = (
            [one.forms[table]] if table in one.forms else sorted({*one.forms.values()}) for one in (report, published)
        )
        if own != other:
            form = report.forms.get(table) or published.forms[table]
            message = text(
                "{table}: form {theirs} was published, but the year file has form {ours}.",
                table=filled(forms[form].table(table), report.year).label,
                theirs=listed(other),
                ours=listed(own),
            )
            yield Diagnostic(DIFFERS, top, message)
        else:
            yield from _of_table(table, published, report, forms)


def _of_table(table: str, published: Report, report: Report, forms: Mapping[str, Form]) -> Iterator[Diagnostic]:
    own, other = report.rows.get(table, ()), published.rows.get(table, ())
    top = Pos(report.path)
    for name in other:
        if name not in own:
            yield Diagnostic(DIFFERS, top, text("The row “{name}” was published, but is not in the year file.", name=name))
    for name in own:
        if name not in other:
            yield Diagnostic(DIFFERS, top, text("The row “{name}” is in the year file, but was not published.", name=name))
    for path, indicator in report.layout(table, forms).indicators.items():
        ours, theirs = report.figures[table][path], published.figures[table].get(path, NOT_STATED)
        if ours.status is Status.UNKNOWN:  # a difference of its parts is reported instead
            continue
        if theirs.is_explicit and _said(ours) != _said(theirs):
            message = text(
                "{label}: {theirs} was published, but the year file has {ours}.",
                label=indicator.label,
                theirs=_shown(theirs),
                ours=_shown(ours),
            )
            yield Diagnostic(DIFFERS, Pos(report.path, ours.line, ours.column), message, None, (f"{table}.{path}",))


def _said(figure: Figure) -> tuple[object, ...]:
    said = figure.text if figure.status is Status.TEXT else figure.value
    return (figure.status, said, figure.unit, figure.note)


def _shown(figure: Figure) -> str | Text:
    return figure.stated + figure.remark() if figure.stated else WORDS[figure.status]
