"""Many year files: each is read once, by whatever workers there are, and kept outside of memory.

In memory is only a line for each file: where it is, who reports, for which year. What is done to the files is in :mod:`.tasks`.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial, reduce
from heapq import merge as merge_in_order
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar

from sphinx_govreport.core.checks.values import SeverityOverrides
from sphinx_govreport.core.clock import this_year
from sphinx_govreport.core.diagnostics import Diagnostic, in_order, place_of
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.library.library import alike, duplicate, known_forms, paths_of, read_bytes, read_forms, shown_path
from sphinx_govreport.core.reports.hierarchy import counted_twice
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.rollup import Parts, Sums, add_up, merge
from sphinx_govreport.core.versions import KEPT_BY

from .executors import Workers, batches
from .store import Head, Store
from .tasks import Checking, CheckTask, add_files, check_files, diagnostics_in, read_files, report_in, weigh_files, write_files

Key: TypeAlias = tuple[str, int]  # agency and year
Progress: TypeAlias = Callable[[int, int], None]  # how many files of how many

R = TypeVar("R")

_BATCH = 64  # files in a task: enough to outweigh sending it, few enough to share them out evenly


class _Asked(NamedTuple):
    """A file on its way."""

    path: str
    digest: bytes
    known: tuple[int, Head] | None  #: what is kept of it already


class Collection:
    """Year files by agency and year. ``workers_for`` is told how many files there are."""

    def __init__(self, root: Path, forms: Sequence[str], store: Store, workers_for: Callable[[int], Workers]) -> None:
        self.diagnostics: list[Diagnostic] = []  #: what is wrong beside what was found in each file
        self.numbers: dict[Key, int] = {}  #: the file of each report
        self.heads: dict[int, Head] = {}  #: of all files that can be read, by their numbers
        self._root = root
        self._form_names = forms
        self._local = read_forms(root, forms, self.diagnostics)
        self._known = known_forms(self._local)
        self.diagnostics += self._known.diagnostics
        self._store = store
        self._workers_for = workers_for
        self._workers: Workers | None = None

    @property
    def forms(self) -> dict[str, Form]:
        """The statutory forms and local ones."""
        return self._known.forms

    @property
    def agencies(self) -> tuple[str, ...]:
        """All agencies, in the order of their names."""
        return tuple(sorted({agency for agency, _year in self.numbers}))

    def head(self, key: Key) -> Head:
        """What is known of a report without opening it."""
        return self.heads[self.numbers[key]]

    def report(self, agency: str, year: int) -> Report | None:
        """One agency's report for one year."""
        number = self.numbers.get((agency, year))
        return report_in(self._store.body(number), self.forms) if number is not None else None

    def close(self) -> None:
        """Let go of workers and store."""
        if self._workers:
            self._workers.close()
        self._store.close()

    # reading

    def read(self, data: Iterable[str], progress: Progress, output: Path | None = None) -> None:
        """Read the files that ``data`` names: files, folders and globs. What is kept of them is not parsed again.

        The file of ``output`` is not read, by whatever name it is found.
        """
        paths = paths_of(self._root, data, self._form_names, self.diagnostics)
        if output and output.is_file():
            own = output.stat()
            paths = [path for path in paths if not (path.exists() and os.path.samestat(path.stat(), own))]
        self._workers = self._workers_for(len(paths))
        asked: deque[list[_Asked]] = deque()
        results = self._workers.map(partial(read_files, self._local), self._ask(paths, asked))
        for number, kept in enumerate(results, start=1):
            batch = asked.popleft()
            new = (one.digest for one in batch if not one.known)
            read = zip(self._store.put(zip(new, kept, strict=True)), (one.head for one in kept), strict=True)
            for one in batch:
                self._take(*(one.known or next(read)))
            progress(min(number * _BATCH, len(paths)), len(paths))
        self.diagnostics += alike({key: self.heads[number].path for key, number in self.numbers.items()})

    def _ask(self, paths: Sequence[Path], asked: deque[list[_Asked]]) -> Iterator[tuple[tuple[str, bytes], ...]]:
        """Batches of files that are new; ``asked`` is told of all."""
        for batch in batches(paths, _BATCH):
            on_their_way, new = [], []
            for path in batch:
                shown = shown_path(path, self._root)
                data = read_bytes(path, shown, self.diagnostics)
                if data is None:
                    continue
                digest = self._digest(data)
                known = self._store.head(shown, digest)
                on_their_way.append(_Asked(shown, digest, known))
                if not known:
                    new.append((shown, data))
            asked.append(on_their_way)
            yield tuple(new)

    def _digest(self, data: bytes) -> bytes:
        """What a file's content, read by these forms with this version, is known by."""
        return hashlib.sha256(f"{KEPT_BY}:{self._known.digest}:".encode() + data).digest()

    def _take(self, number: int, head: Head) -> None:
        self.heads[number] = head
        if not head.year:
            return
        first = self.numbers.setdefault(head.key, number)
        if first != number:
            self.diagnostics.append(duplicate(*head.key, head.path, self.heads[first].path))

    # what is done to all of them

    def problems(self, *more: Diagnostic) -> Iterator[Diagnostic]:
        """What is wrong in reading the files, and what else is, in the order of places."""
        numbers = (number for number in self._order() if self.heads[number].diagnostics)
        of_files = (found for number in numbers for found in diagnostics_in(self._store.body(number)))
        return merge_in_order(of_files, in_order((*self.diagnostics, *more)), key=place_of)

    def check(
        self, levels: SeverityOverrides, below: Mapping[str, Sequence[str]], more: Iterable[Diagnostic], progress: Progress
    ) -> Iterator[Diagnostic]:
        """The same, and what the checks find."""
        return merge_in_order(self._of_files(levels, below, progress), in_order((*self.diagnostics, *more)), key=place_of)

    def _order(self) -> list[int]:
        """All files by their names."""
        return sorted(self.heads, key=lambda number: self.heads[number].path)

    def _of_files(
        self, levels: SeverityOverrides, below: Mapping[str, Sequence[str]], progress: Progress
    ) -> Iterator[Diagnostic]:
        """What is wrong with each file: in reading it, and what the checks find."""
        assert self._workers
        parts = {key: self._parts(key, below) for key in self.numbers if key[0] in below}
        order = self._order()
        tasks = (self._check_task(batch, parts) for batch in batches(order, _BATCH))
        check = partial(check_files, self._local, levels, this_year())
        for batch, findings in enumerate(self._workers.map(check, tasks), start=1):
            yield from findings
            progress(min(batch * _BATCH, len(order)), len(order))

    def _check_task(self, numbers: Sequence[int], parts: Mapping[Key, Parts]) -> CheckTask:
        files = []
        for number in numbers:
            agency, year = key = self.heads[number].key
            last = self.numbers.get((agency, year - 1))
            files.append(Checking(number, self.numbers.get(key) == number, last, parts.get(key)))
        wanted = {number for file in files for number in (file.own, file.last) if number is not None}
        return CheckTask(tuple(files), {number: self._store.body(number) for number in wanted})

    def _parts(self, above: Key, below: Mapping[str, Sequence[str]]) -> Parts:
        """What the agencies below a report come to."""
        keys = [(name, above[1]) for name in dict.fromkeys(below[above[0]])]
        twice = counted_twice(above[0], below)
        absent = tuple(name for name, year in keys if (name, year) not in self.numbers)
        return Parts(self.add_up([key for key in keys if key in self.numbers], self.head(above).by_table), absent, twice)

    def add_up(self, keys: Sequence[Key], chosen: Mapping[str, str], progress: Progress = lambda _done, _all: None) -> Sums:
        """The sum of reports, each table by the ``chosen`` form."""
        sums = self._each(partial(add_files, self._local, chosen), keys, progress)
        return reduce(merge, sums, add_up((), chosen, self.forms))

    def weigh(self, keys: Sequence[Key], chosen: Mapping[str, str], progress: Progress) -> tuple[Sums, dict[Key, Decimal]]:
        """The same, and how much each report weighs."""
        sums, weights = add_up((), chosen, self.forms), []
        for part, more in self._each(partial(weigh_files, self._local, chosen), keys, progress):
            sums = merge(sums, part)
            weights += more
        return sums, dict(zip(keys, weights, strict=True))

    def write(
        self, keys: Sequence[Key], write: Callable[[Sequence[Report], Mapping[str, Form]], bytes], progress: Progress
    ) -> Iterator[bytes]:
        """Reports as ``write`` has them, a few at a time."""
        yield from self._each(partial(write_files, self._local, write), keys, progress)

    def _each(self, function: Callable[[Sequence[bytes]], R], keys: Sequence[Key], progress: Progress) -> Iterator[R]:
        """What a function makes of the reports, a batch at a time."""
        assert self._workers
        tasks = batches((self._store.body(self.numbers[key]) for key in keys), _BATCH)
        for batch, result in enumerate(self._workers.map(function, tasks), start=1):
            yield result
            progress(min(batch * _BATCH, len(keys)), len(keys))
