"""Many year files: each is read once, on any executor, and kept outside of memory.

Memory holds only a few facts about each file: its path, the agency and the year. The functions that workers call on year
files are pure functions of picklable values: the results are the same in one process, in several, and on a cluster.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import pickle
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from heapq import merge as merge_in_order
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar

from sphinx_govreport.core.checks.run import check_report
from sphinx_govreport.core.checks.values import Outcome, SeverityOverrides
from sphinx_govreport.core.clock import today
from sphinx_govreport.core.diagnostics import Diagnostic, Severity, in_order, place_of
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.reader import FormFiles
from sphinx_govreport.core.library.agencies import Declaration, file_of
from sphinx_govreport.core.library.known_forms import known_forms
from sphinx_govreport.core.library.library import FileInfo, declared_agencies, default_kind, index_reports, read_entry
from sphinx_govreport.core.library.paths import form_paths_of, paths_of, read_files
from sphinx_govreport.core.reports.packed import unpack
from sphinx_govreport.core.reports.report import Report, ReportKey
from sphinx_govreport.core.reports.rollup import Parts, Sums, add_up, counted_twice, merge, weight
from sphinx_govreport.core.versions import KEPT_BY

from .executors import TaskRunner, batches
from .store import FileRead, Store

Progress: TypeAlias = Callable[[int, int], None]  # number of files done, and of all files
PathOutcome: TypeAlias = tuple[str, Outcome]  # a check of the file at this path

T = TypeVar("T")
R = TypeVar("R")

_BATCH = 64  # files in a task: enough to outweigh the cost of sending it, few enough to distribute them evenly


# -- what workers run; local forms are sent as the bytes of their files --------------------------------------------------


class FileToCheck(NamedTuple):
    """A year file to check."""

    path: str
    agency: str  #: its current name
    is_checked: bool  #: False if it has no report, or another file has the same: only the problems of reading it are reported
    last: str | None = None  #: path of the agency's report for the previous year
    parts: Parts | None = None  #: the sums of the agencies below it


class CheckTask(NamedTuple):
    """Year files to check together; a body that several of them need is sent once."""

    files: tuple[FileToCheck, ...]
    bodies: dict[str, bytes]  #: by path


def read_batch(local: FormFiles, files: Sequence[tuple[str, bytes]]) -> list[FileRead]:
    """Read files by their names and bytes."""
    read = []
    for path, data in files:
        entry = read_entry(path, data, known_forms(local).forms)
        has_errors = any(found.rule.severity is Severity.ERROR for found in entry.diagnostics)
        info = FileInfo(path, entry.key, entry.forms, len(entry.diagnostics), has_errors)
        body = pickle.dumps((entry.packed, entry.diagnostics), protocol=5)
        read.append(FileRead(info, zlib.compress(body, level=1)))  # a quarter of the size, in almost no time
    return read


def check_files(
    local: FormFiles, levels: SeverityOverrides, day: datetime.date | None, with_outcomes: bool, task: CheckTask
) -> tuple[list[Diagnostic], list[PathOutcome]]:
    """Return the problems and findings of the files, in their order, and the outcome of each check if outcomes are requested.

    All workers get the same date.
    """
    forms = known_forms(local).forms
    opened = {path: _opened(body, forms) for path, body in task.bodies.items()}
    findings: list[Diagnostic] = []
    outcomes: list[PathOutcome] = []
    for path, agency, is_checked, last, parts in task.files:
        report, found = opened[path]
        if report and is_checked:
            before = opened[last][0] if last is not None else None
            checked = check_report(report.of(agency), before and before.of(agency), forms, levels, parts, day)
            found += checked.findings
            outcomes += ((path, one._replace(findings=())) for one in checked.outcomes if with_outcomes)
        findings += in_order(found)
    return findings, outcomes


def call_with_reports(
    local: FormFiles, function: Callable[[Sequence[Report], Mapping[str, Form]], R], bodies: Sequence[bytes]
) -> R:
    """Call a function with the reports of the files and all forms."""
    forms = known_forms(local).forms
    return function([report_in(body, forms) for body in bodies], forms)


def sums_and_weights(
    chosen: Mapping[str, str], reports: Sequence[Report], forms: Mapping[str, Form]
) -> tuple[Sums, list[Decimal]]:
    """Add up reports, and return the weight of each report too."""
    return add_up(reports, chosen, forms), [weight(report) for report in reports]


def report_in(body: bytes, forms: Mapping[str, Form]) -> Report:
    """Return the report of a file that has one."""
    report, _diagnostics = _opened(body, forms)
    assert report
    return report


def _opened(body: bytes, forms: Mapping[str, Form]) -> tuple[Report | None, tuple[Diagnostic, ...]]:
    """Return the report of a file, if it has one, and the problems of reading it."""
    packed, diagnostics = pickle.loads(zlib.decompress(body))  # our own bytes  # noqa: S301
    return unpack(packed, forms) if packed else None, diagnostics


# -- many files ----------------------------------------------------------------------------------------------------


_File: TypeAlias = tuple[bytes, FileInfo | None]  # its fingerprint, and its facts in the store; None if it must be read


class Collection:
    """Year files by agency, year and kind. ``runner_for`` returns the runner of tasks for a number of files."""

    def __init__(
        self,
        root: Path,
        forms: Sequence[str],
        store: Store,
        runner_for: Callable[[int], TaskRunner],
        agencies: Declaration = "",
    ) -> None:
        self.diagnostics: list[Diagnostic] = []  #: problems of the collection; those of a file are in the store
        self.files: list[FileInfo] = []  #: all files that can be read
        self.reports: dict[ReportKey, FileInfo] = {}  #: the file of each report
        self._kinds: dict[str, set[str]] = {}  # of reports, by agency
        self._root = root
        self._form_paths = form_paths_of(root, forms, self.diagnostics)
        self._no_reports = (*self._form_paths, *(root / name for name in file_of(agencies)))
        self._local = tuple(read_files(root, self._form_paths, self.diagnostics))
        self._known = known_forms(self._local)
        self.forms = self._known.forms  #: the statutory and local forms
        self.diagnostics += self._known.diagnostics
        self.declared = declared_agencies(root, agencies, self.forms, self.diagnostics)
        self._store = store
        self._runner_for = runner_for
        self._runner: TaskRunner | None = None

    @property
    def agencies(self) -> tuple[str, ...]:
        """All agencies, sorted by name."""
        return tuple(sorted(self._kinds))

    def kind_of(self, agency: str = "") -> str:
        """Return the default kind of report of an agency; without an agency, that of all reports."""
        kinds = self._kinds.values() if not agency else [self._kinds.get(agency, set())]
        return default_kind(set().union(*kinds))

    def report(self, agency: str, year: int, kind: str = "") -> Report | None:
        """Return an agency's report for a year; None if no file has it, or two. Former names of the agency are valid too."""
        agency = self.declared.now(agency)
        file = self.reports.get(ReportKey(agency, year, kind or self.kind_of(agency)))
        return report_in(self._store.body(file.path), self.forms).of(file.key.agency) if file and not file.rival else None

    def have_rivals(self, keys: Iterable[ReportKey]) -> bool:
        """Return whether two files have one of these reports: it is not clear which is correct."""
        return any(file.rival for key in keys if (file := self.reports.get(self.declared.key_now(key))))

    def close(self) -> None:
        """Stop the workers and close the store."""
        if self._runner:
            self._runner.close()
        self._store.close()

    def _run(self, function: Callable[[T], R], tasks: Iterable[T], files: int, progress: Progress) -> Iterator[R]:
        """Yield the result of each task, which has a batch of the files."""
        assert self._runner
        for number, result in enumerate(self._runner.map(function, tasks), start=1):
            yield result
            progress(min(number * _BATCH, files), files)

    # reading

    def read(self, data: Iterable[str], progress: Progress, output: Path | None = None) -> None:
        """Read the files, folders and globs in ``data``. A file that the store has is not parsed again.

        The file of ``output`` is not read, even if it is found under another name.
        """
        paths = paths_of(self._root, data, self._no_reports, self.diagnostics)
        if output and output.is_file():
            own = output.stat()
            paths = [path for path in paths if not (path.exists() and os.path.samestat(path.stat(), own))]
        self._runner = self._runner_for(len(paths))
        submitted: deque[list[_File]] = deque()
        for read in self._run(partial(read_batch, self._local), self._read_tasks(paths, submitted), len(paths), progress):
            batch = submitted.popleft()
            self._store.put(zip((fingerprint for fingerprint, info in batch if not info), read, strict=True))
            new = (one.info for one in read)
            infos = (info or next(new) for _fingerprint, info in batch)
            self.files += (info._replace(key=self.declared.key_now(info.key), published_by=info.key.agency) for info in infos)
        self.reports = index_reports(self.files, self.diagnostics)
        for key in self.reports:
            self._kinds.setdefault(key.agency, set()).add(key.kind)
        self.files.sort(key=lambda file: file.path)

    def _read_tasks(self, paths: Sequence[Path], submitted: deque[list[_File]]) -> Iterator[tuple[tuple[str, bytes], ...]]:
        """Yield tasks with the files that the store does not have; append all files of each task to ``submitted``."""
        for batch in batches(paths, _BATCH):
            files, new = [], []
            for path, data in read_files(self._root, batch, self.diagnostics):
                fingerprint = hashlib.sha256(f"{KEPT_BY}:{self._known.digest}:".encode() + data).digest()
                info = self._store.info(path, fingerprint)
                files.append((fingerprint, info))
                if not info:
                    new.append((path, data))
            submitted.append(files)
            yield tuple(new)

    # operations on all files

    def problems(self, *more: Diagnostic) -> Iterator[Diagnostic]:
        """Yield the problems of reading the files, and others, sorted by place."""
        of_files = (
            found for file in self.files if file.diagnostics for found in _opened(self._store.body(file.path), self.forms)[1]
        )
        return merge_in_order(of_files, in_order((*self.diagnostics, *more)), key=place_of)

    def check(
        self,
        levels: SeverityOverrides,
        below: Mapping[str, Sequence[str]],
        more: Iterable[Diagnostic],
        progress: Progress,
        outcomes: list[PathOutcome] | None = None,
    ) -> Iterator[Diagnostic]:
        """Yield the problems of reading and the findings of the checks; add each check of each file to ``outcomes``."""
        parts = {key: self._parts(key, below) for key in self.reports if key.agency in below}
        tasks = (self._check_task(batch, parts) for batch in batches(self.files, _BATCH))
        check = partial(check_files, self._local, levels, today(), outcomes is not None)

        def of_files() -> Iterator[Diagnostic]:
            for findings, checked in self._run(check, tasks, len(self.files), progress):
                if outcomes is not None:
                    outcomes.extend(checked)
                yield from findings

        return merge_in_order(of_files(), in_order((*self.diagnostics, *more)), key=place_of)

    def _check_task(self, batch: Sequence[FileInfo], parts: Mapping[ReportKey, Parts | None]) -> CheckTask:
        files = []
        for file in batch:
            last = self.reports.get(file.key.last_year)
            is_checked = file.key in self.reports and self.reports[file.key].path == file.path
            last_path = last.path if last and not last.rival else None
            files.append(FileToCheck(file.path, file.key.agency, is_checked, last_path, parts.get(file.key)))
        paths = {path for file in files for path in (file.path, file.last) if path is not None}
        return CheckTask(tuple(files), {path: self._store.body(path) for path in paths})

    def _parts(self, above: ReportKey, below: Mapping[str, Sequence[str]]) -> Parts | None:
        """Add up the reports of the agencies below an agency; None if two files have one of them."""
        keys = [above._replace(agency=name) for name in dict.fromkeys(below[above.agency])]
        if self.have_rivals(keys):
            return None
        absent = tuple(key.agency for key in keys if key not in self.reports)
        sums = self.add_up([key for key in keys if key in self.reports], self.reports[above].forms)
        return Parts(sums, absent, counted_twice(above.agency, below))

    def add_up(self, keys: Sequence[ReportKey], chosen: Mapping[str, str]) -> Sums:
        """Add up reports, each table by the ``chosen`` form."""
        return self.weigh(keys, chosen, lambda _done, _all: None)[0]

    def weigh(
        self, keys: Sequence[ReportKey], chosen: Mapping[str, str], progress: Progress
    ) -> tuple[Sums, dict[ReportKey, Decimal]]:
        """Add up reports, and return the weight of each report too."""
        sums, weights = add_up((), chosen, self.forms), []
        for part, more in self.map_reports(partial(sums_and_weights, chosen), keys, progress):
            sums = merge(sums, part)
            weights += more
        return sums, dict(zip(keys, weights, strict=True))

    def map_reports(
        self, function: Callable[[Sequence[Report], Mapping[str, Form]], R], keys: Sequence[ReportKey], progress: Progress
    ) -> Iterator[R]:
        """Yield the results of ``function``, which workers call with a batch of reports and all forms."""
        tasks = batches((self._store.body(self.reports[key].path) for key in keys), _BATCH)
        yield from self._run(partial(call_with_reports, self._local, function), tasks, len(keys), progress)
