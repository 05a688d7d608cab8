"""The public Python API. Everything else may change at any time.

Invalid year files never raise an exception: problems are in the ``diagnostics`` of the library, and in the findings of
:func:`check`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path

from sphinx_govreport.core import clock
from sphinx_govreport.core.checks.registry import severity_of
from sphinx_govreport.core.checks.run import Checked
from sphinx_govreport.core.checks.values import Outcome, Verdict
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Severity, translator
from sphinx_govreport.core.forms.form import table_spellings
from sphinx_govreport.core.forms.grid import Cell
from sphinx_govreport.core.forms.layout import TableLayout
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.checks import check_library
from sphinx_govreport.core.library.library import Library, load_library
from sphinx_govreport.core.reports.figures import Figure, Status
from sphinx_govreport.core.reports.report import Correction, Report, ReportKey
from sphinx_govreport.core.tables.table import Table, table_of
from sphinx_govreport.exporters import export

__all__ = [
    "Cell",
    "Checked",
    "Correction",
    "Diagnostic",
    "Figure",
    "Library",
    "Outcome",
    "Pos",
    "Report",
    "ReportKey",
    "Rule",
    "Severity",
    "Status",
    "Table",
    "TableLayout",
    "Verdict",
    "check",
    "export",
    "load",
    "table",
    "translator",
]  # fmt: skip


def load(
    *data: str | PathLike[str],
    root: str | PathLike[str] = ".",
    forms: Sequence[str | PathLike[str]] = (),
    agencies: str | PathLike[str] | Mapping[str, Mapping[str, str | Sequence[str]]] = "",
) -> Library:
    """Read year files. Problems in files raise no exception: they are in the ``diagnostics`` of the library.

    :param data: files, folders and globs.
    :param root: the folder to which all paths are relative.
    :param forms: files of local forms.
    :param agencies: former names and levels, in the format of ``govreport_agencies``, or the path of a file with them.
    """
    declared = agencies if isinstance(agencies, Mapping) else str(agencies)
    paths, local = list(map(str, data)), list(map(str, forms))
    return load_library(Path(root).absolute(), paths, local, Cache(None, ""), agencies=declared)


def check(
    library: Library,
    *,
    levels: Mapping[str, str] | None = None,
    parts: Mapping[str, Sequence[str]] | None = None,
    today: datetime.date | None = None,
) -> dict[ReportKey, Checked]:
    """Check every report of a library: separately, against the previous year, and against its parts.

    :param levels: severities by rule, as in ``govreport_severity``.
    :param parts: by the name of an agency, the agencies of which its figures are the sum.
    :param today: a report for a year that is not over, or a correction of a later date, is a finding; the default is
        ``SOURCE_DATE_EPOCH`` or the clock.
    :raises ValueError: a rule or a severity is unknown.
    """
    chosen = dict(severity_of(rule, level) for rule, level in (levels or {}).items())
    return check_library(library, chosen, parts or {}, today=today or clock.today())


def table(library: Library, agency: str, year: int, name: str, *, kind: str = "", caption: str = "", zero: str = "0") -> Table:
    """Return one table of one report.

    :param name: the name or the Chinese label of the table.
    :param kind: the kind of report; the default is that of the statutory forms, unless only a report of another kind has the
        table.
    :param caption: the caption; the default is agency, year and the statutory title.
    :param zero: the text for the number 0.
    :raises KeyError: there is no such report or table.
    """
    key = ReportKey(agency, year, kind or library.kind_of(agency, year=year, names=(name,)))
    report = library.report(*key)
    if report is None:
        raise KeyError(key)
    canonical = table_spellings(report.tables(library.forms).values()).get("".join(name.split()))
    if canonical is None:
        raise KeyError(name)
    return table_of(report, library.forms, canonical, caption=caption, zero=zero)
