"""What workers do to year files: pure functions of bytes, the same in one process, in many, and on a cluster.

Everything is a value that can be pickled. Local forms travel as the bytes of their files; each worker reads them once.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeVar

from sphinx_govreport.core.checks.run import check_report
from sphinx_govreport.core.checks.values import SeverityOverrides
from sphinx_govreport.core.diagnostics import Diagnostic, Severity, in_order
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.reader import FormFiles
from sphinx_govreport.core.library.library import known_forms, read_entry
from sphinx_govreport.core.reports.hierarchy import weight
from sphinx_govreport.core.reports.packed import unpack
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.rollup import Parts, Sums, add_up

from .store import FileInfo, FileRead

R = TypeVar("R")


class FileToCheck(NamedTuple):
    """A year file to be checked."""

    path: str
    is_checked: bool  #: False if it has no report, or another file has the same: only the problems of reading it are reported
    last: str | None = None  #: path of the same agency's report for the year before
    parts: Parts | None = None  #: the sums of the agencies below it


class CheckTask(NamedTuple):
    """Year files to be checked together; a body that several need is sent once."""

    files: tuple[FileToCheck, ...]
    bodies: dict[str, bytes]  #: by path


def read_batch(local: FormFiles, files: Sequence[tuple[str, bytes]]) -> list[FileRead]:
    """Read files by their names and bytes."""
    forms = known_forms(local).forms
    return [_read(path, data, forms) for path, data in files]


def _read(path: str, data: bytes, forms: dict[str, Form]) -> FileRead:
    entry = read_entry(path, data, forms)
    names = tuple(entry.forms.items())
    has_errors = any(found.rule.severity is Severity.ERROR for found in entry.diagnostics)
    info = FileInfo(path, entry.agency, entry.year, names, len(entry.diagnostics), has_errors)
    body = pickle.dumps((entry.packed, entry.diagnostics), protocol=5)
    return FileRead(info, zlib.compress(body, level=1))  # a quarter of the size, in no time


def check_files(local: FormFiles, levels: SeverityOverrides, this_year: int | None, task: CheckTask) -> list[Diagnostic]:
    """Return the problems and findings of the files, in their order. All workers get the same year."""
    forms = known_forms(local).forms
    opened = {path: _opened(body, forms) for path, body in task.bodies.items()}
    findings: list[Diagnostic] = []
    for path, is_checked, last, parts in task.files:
        report, found = opened[path]
        if report and is_checked:
            before = opened[last][0] if last is not None else None
            found += check_report(report, before, forms, levels, parts, this_year).findings
        findings += in_order(found)
    return findings


def call_with_reports(
    local: FormFiles, function: Callable[[Sequence[Report], Mapping[str, Form]], R], bodies: Sequence[bytes]
) -> R:
    """Call a function with the files' reports and all forms."""
    forms = known_forms(local).forms
    return function([report_in(body, forms) for body in bodies], forms)


def sums_of(chosen: Mapping[str, str], reports: Sequence[Report], forms: Mapping[str, Form]) -> Sums:
    """Add up reports, each table by the ``chosen`` form."""
    return add_up(reports, chosen, forms)


def sums_and_weights(
    chosen: Mapping[str, str], reports: Sequence[Report], forms: Mapping[str, Form]
) -> tuple[Sums, list[Decimal]]:
    """Add up reports, and return the weight of each of them too."""
    return add_up(reports, chosen, forms), [weight(report) for report in reports]


def report_in(body: bytes, forms: Mapping[str, Form]) -> Report:
    """Return the report of a file that has one."""
    report, _diagnostics = _opened(body, forms)
    assert report
    return report


def diagnostics_in(body: bytes) -> tuple[Diagnostic, ...]:
    """Return the problems of reading a file."""
    return _unpickled(body)[1]


def _opened(body: bytes, forms: Mapping[str, Form]) -> tuple[Report | None, tuple[Diagnostic, ...]]:
    packed, diagnostics = _unpickled(body)
    return unpack(packed, forms) if packed else None, diagnostics


def _unpickled(body: bytes) -> tuple[bytes, tuple[Diagnostic, ...]]:
    packed, diagnostics = pickle.loads(zlib.decompress(body))  # our own bytes  # noqa: S301
    return packed, diagnostics
