"""What workers do to year files: pure functions of bytes, the same in one process, in many, and on a cluster.

Everything is a value that can be pickled. Local forms travel as the bytes of their files; each worker reads them once.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from sphinx_govreport.core.checks.rules import SeverityOverrides
from sphinx_govreport.core.checks.run import check_report
from sphinx_govreport.core.diagnostics import Diagnostic, Severity, in_order
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.reader import FormFiles
from sphinx_govreport.core.library.library import known_forms, read_entry
from sphinx_govreport.core.reports.hierarchy import weight
from sphinx_govreport.core.reports.packed import unpack
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.rollup import Parts, Sums, add_up

from .store import Head, Kept


class Opened(NamedTuple):
    """What was kept of a year file."""

    report: Report | None
    diagnostics: tuple[Diagnostic, ...]


class Checking(NamedTuple):
    """A year file to be checked."""

    own: int  #: number of its body
    is_checked: bool  #: False if its report is none, or there is another before it: only what reading found is told
    last: int | None = None  #: number of the body of the same agency's report for the year before
    parts: Parts | None = None  #: what the agencies below it come to


class CheckTask(NamedTuple):
    """Year files to be checked together; a body that several need is sent once."""

    files: tuple[Checking, ...]
    bodies: dict[int, bytes]


def read_files(local: FormFiles, files: Sequence[tuple[str, bytes]]) -> list[Kept]:
    """Read files by their names and bytes."""
    return [_read(path, data, known_forms(local).forms) for path, data in files]


def check_files(local: FormFiles, levels: SeverityOverrides, this_year: int | None, task: CheckTask) -> list[Diagnostic]:
    """What is wrong with the files, in their order. All workers are told the same year."""
    forms = known_forms(local).forms
    opened = {number: open_file(body, forms) for number, body in task.bodies.items()}
    findings: list[Diagnostic] = []
    for own, is_checked, last, parts in task.files:
        report, diagnostics = opened[own]
        found = diagnostics
        if report and is_checked:
            before = opened[last].report if last is not None else None
            found += check_report(report, before, forms, levels, parts, this_year).findings
        findings += in_order(found)
    return findings


def add_files(local: FormFiles, chosen: Mapping[str, str], bodies: Sequence[bytes]) -> Sums:
    """The sum of the files' reports, each table by the ``chosen`` form."""
    forms = known_forms(local).forms
    return add_up((report_in(body, forms) for body in bodies), chosen, forms)


def weigh_files(local: FormFiles, chosen: Mapping[str, str], bodies: Sequence[bytes]) -> tuple[Sums, list[Decimal]]:
    """The same, and how much each of the reports weighs."""
    forms = known_forms(local).forms
    reports = [report_in(body, forms) for body in bodies]
    return add_up(reports, chosen, forms), [weight(report) for report in reports]


def write_files(
    local: FormFiles, write: Callable[[Sequence[Report], Mapping[str, Form]], bytes], bodies: Sequence[bytes]
) -> bytes:
    """The files' reports as ``write`` has them."""
    forms = known_forms(local).forms
    return write([report_in(body, forms) for body in bodies], forms)


def open_file(body: bytes, forms: Mapping[str, Form]) -> Opened:
    """What was kept of a file."""
    report, diagnostics = _unpacked(body)
    return Opened(unpack(report, forms) if report else None, diagnostics)


def report_in(body: bytes, forms: Mapping[str, Form]) -> Report:
    """The report of a file that has one."""
    report = open_file(body, forms).report
    assert report
    return report


def diagnostics_in(body: bytes) -> tuple[Diagnostic, ...]:
    """What was wrong in reading a file."""
    return _unpacked(body)[1]


def _packed(report: bytes, diagnostics: tuple[Diagnostic, ...]) -> bytes:
    return zlib.compress(pickle.dumps((report, diagnostics), protocol=5), level=1)  # a quarter of the size, in no time


def _unpacked(body: bytes) -> tuple[bytes, tuple[Diagnostic, ...]]:
    report, diagnostics = pickle.loads(zlib.decompress(body))  # our own bytes  # noqa: S301
    return report, diagnostics


def _read(path: str, data: bytes, forms: dict[str, Form]) -> Kept:
    entry = read_entry(path, data, forms)
    has_errors = any(found.rule.severity is Severity.ERROR for found in entry.diagnostics)
    head = Head(path, entry.agency, entry.year, tuple(entry.forms.items()), len(entry.diagnostics), has_errors)
    return Kept(head, _packed(entry.packed, entry.diagnostics))
