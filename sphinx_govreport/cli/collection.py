"""What the subcommands share that work on many year files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sphinx_govreport.core.batch.collection import Collection, Progress
from sphinx_govreport.core.batch.executors import TaskRunner, dask_cluster, processes, this_process, usable_cores
from sphinx_govreport.core.batch.store import Store
from sphinx_govreport.core.diagnostics import Text, text

from .common import WrongUsage, said
from .streams import is_terminal, say

_MANY = 2_000  # from here on, further processes have read more than it costs to start them
_SHOWN = 100  # from here on, progress is shown
_WIDTH = 30


def below(settings: Sequence[str]) -> dict[str, list[str]]:
    """Return the agencies below an agency, by its name."""
    pairs = (setting.partition("=") for setting in settings)
    return {agency.strip(): [name.strip() for name in names.split(",") if name.strip()] for agency, _, names in pairs}


@contextmanager
def collected(paths: Sequence[str], options: argparse.Namespace, output: Path | None = None) -> Iterator[Collection]:
    """Read the year files, without that of ``output``; at the end, stop the workers."""
    store = Store(Path(options.cache) if options.cache else None)
    collection = Collection(Path.cwd(), options.form, store, lambda files: _runner(options, files))
    try:
        collection.read(paths, progress(text("read")), output)
        yield collection
    finally:
        collection.close()


def progress(what: Text) -> Progress:
    """Return what shows on a terminal, in one line, how much is done."""
    if not is_terminal(sys.stderr):
        return no_progress

    def show(done: int, files: int) -> None:
        if files >= _SHOWN:
            filled = _WIDTH * done // files
            end = "\n" if done == files else ""
            say(f"\r[{'#' * filled:{_WIDTH}}] {done}/{files} {said(what)}", end=end)

    return show


def no_progress(_done: int, _files: int) -> None:
    """Show nothing."""


def _runner(options: argparse.Namespace, files: int) -> TaskRunner:
    if options.jobs < 0:
        raise WrongUsage(text("--jobs is a number from 1 up."))
    if options.scheduler:
        return dask_cluster(options.scheduler)
    jobs = options.jobs or (usable_cores() if files >= _MANY else 1)
    return processes(jobs) if jobs > 1 else this_process()
