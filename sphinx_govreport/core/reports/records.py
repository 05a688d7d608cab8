"""Reports in long form: one record for each figure and each remark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sphinx_govreport.core.forms.form import Form

from .figures import Figure, Status
from .report import Report

#: the name of a figure's status
STATUS = {status: status.name.lower().replace("_", "-") for status in Status}
REMARKS = ("table-note", "explanation", "correction")  #: the status of records without a figure
#: the columns of the worksheet with a row for each figure, by which an import recognizes the workbook
SHEET_COLUMNS = ("机关", "年度", "部分", "指标", "数值", "单位", "状态", "备注")


class Record(NamedTuple):
    """One figure with everything that is needed to understand it."""

    agency: str
    year: int
    form: str
    table: str
    key: str  #: key path within the table
    table_label: str
    label: str
    value: str  #: the number or text as in the year file; empty for other statuses
    status: str  #: ``number``, ``text``, ``not-applicable`` or ``blank``; for remarks one of :data:`REMARKS`
    unit: str
    note: str


#: the fields of a record that are not the same for its whole report
OWN_FIELDS = tuple(name for name in Record._fields if name not in ("agency", "year", "form"))


def records(report: Report, forms: Mapping[str, Form]) -> Iterator[Record]:
    """Yield all figures in statutory order."""
    for table, form in report.forms.items():
        layout = report.layout(table, forms)
        for path, figure in report.figures[table].items():
            indicator = layout.indicators[path]
            yield Record(
                agency=report.published_by,
                year=report.year,
                form=form,
                table=table,
                key=path,
                table_label=layout.label,
                label=indicator.label,
                value=figure.stated,
                status=STATUS[figure.status],
                unit=figure.unit or indicator.unit,
                note=figure.note,
            )


def remarks(report: Report, forms: Mapping[str, Form]) -> Iterator[Record]:
    """Yield the remarks of a report, so that nothing is lost: notes, explanations under their rule's name, corrections."""
    for table, lines in report.notes.items():
        form, label = report.forms[table], report.layout(table, forms).label
        yield from (
            Record(report.published_by, report.year, form, table, "", label, "", "", REMARKS[0], "", line) for line in lines
        )
    table, form = next(iter(report.forms.items()))
    for rule, reason in report.explanations.items():
        yield Record(report.published_by, report.year, form, table, rule, "", "", "", REMARKS[1], "", reason.text)

    for one in report.corrections:
        form, layout = report.forms[one.table], report.layout(one.table, forms)
        label = layout.indicators[one.path].label
        note = f"{one.date} {_in_one_word(one.before)}→{_in_one_word(one.after)} {one.reason}"
        yield Record(report.published_by, report.year, form, one.table, one.path, layout.label, label, "", REMARKS[2], "", note)


def _in_one_word(figure: Figure) -> str:
    """Return a figure without spaces: ``1408``, ``251000元``, ``/``, or ``~`` if it is not filled in."""
    return figure.text + figure.unit if figure.status.is_known else "~"


def records_of(reports: Iterable[Report], forms: Mapping[str, Form]) -> Iterator[Record]:
    """Yield all records of the reports, one report after the other."""
    for report in reports:
        yield from records(report, forms)
        yield from remarks(report, forms)
