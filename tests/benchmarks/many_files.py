"""How fast many year files are checked, added up and exported, and how much memory this takes. Run by `make bench`.

Each line is a separate process; its memory is the peak of the largest process, as counted by the system.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks import generated
from tests.benchmarks.cluster import KILLING, cluster, damage, is_alive

YEARS = range(2021, 2026)  # five reports for each agency: the years of one form
MANY = 10_000  #: with more files, only typical commands are run
GROWTH = 32  #: maximum additional MB for ten times as many files
COMMAND = (sys.executable, "-m", "sphinx_govreport", "--language", "en")


class Run(NamedTuple):
    """One process."""

    seconds: float
    cpu: float  #: seconds of all its processes
    megabytes: float  #: maximum of its peak resident memory and those of its processes


_WAITING = """import json, os, subprocess, sys
with open("out", "wb") as out, open("err", "wb") as err:
    process = subprocess.Popen(sys.argv[1:], stdout=out, stderr=err)
    _pid, status, usage = os.wait4(process.pid, 0)
    print(json.dumps([os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]))
"""


def run(folder: Path, *arguments: str, command: Sequence[str] = COMMAND, code: int = 0) -> Run:
    """Run the command in a folder, with its output in the file ``out``. Raises ``SystemExit`` if it returns another code.

    A small separate process starts it: on Linux, the memory of the parent counts as memory of the child.
    """
    start = time.perf_counter()
    waiting = (sys.executable, "-c", _WAITING, *command, *arguments)
    found = subprocess.run(waiting, cwd=folder, stdout=subprocess.PIPE, text=True, check=True)
    returned, cpu, megabytes = json.loads(found.stdout)
    if returned != code:
        sys.exit(f"{arguments}: {(folder / 'err').read_text('utf-8')[-2000:]}")
    return Run(time.perf_counter() - start, cpu, megabytes)


def main() -> None:
    """Print a table, or compare the memory of 2,000 and 20,000 files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, nargs="+", default=[1_000])
    parser.add_argument("--memory", action="store_true", help="fail if memory grows with the number of files")
    parser.add_argument("--killed", action="store_true", help="fail if a cluster that loses a worker reports anything else")
    parser.add_argument("--folder", type=Path, help="where the files are, or are to be written (default: a temporary folder)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        if options.memory:
            _compare_memory(folder)
        elif options.killed:
            _compare_cluster(folder, options.files)
        else:
            _table(folder, options.files)


def _table(folder: Path, sizes: list[int]) -> None:
    names = ("PyYAML", "pyarrow")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    print(f"{os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}, {versions}\n")
    print("| files | command | s | files/s | CPU ms a file | peak MB |\n| ---: | --- | ---: | ---: | ---: | ---: |")
    for files in sizes:
        for name, one in _runs(_written(folder, files), files):
            rate, cpu = files / one.seconds, 1000 * one.cpu / files
            print(f"| {files:,} | {name} | {one.seconds:.1f} | {rate:.0f} | {cpu:.2f} | {one.megabytes:.0f} |", flush=True)


def _runs(folder: Path, files: int) -> Iterator[tuple[str, Run]]:
    cache = folder / "cache"
    cache.unlink(missing_ok=True)
    cached = ("--cache", "cache")
    bare = [("`check --jobs 1`", ("check", "data", "--jobs", "1")), ("`check --jobs 2`", ("check", "data", "--jobs", "2"))]
    for name, arguments in (
        *(bare if files <= MANY else []),
        ("`check --jobs 2 --cache`, empty", ("check", "data", "--jobs", "2", *cached)),
        ("`check --jobs 2 --cache`, full", ("check", "data", "--jobs", "2", *cached)),
        ("`rollup` of a fifth, full cache", ("rollup", "data", "--agency", "某省", "--year", "2024", *cached)),
        ("`export --to parquet`, full cache", ("export", "data", "--to", "parquet", "--output", "all", *cached)),
    ):
        yield name, run(folder, *arguments)


def _compare_memory(folder: Path) -> None:
    few, many = (run(_written(folder, files), "check", "data", "--jobs", "1").megabytes for files in (2_000, 20_000))
    print(f"check of 2,000 files: {few:.0f} MB, of 20,000: {many:.0f} MB")
    if many - few > GROWTH:
        sys.exit(f"ten times as many files take {many - few:.0f} MB more; {GROWTH} are allowed")


def _compare_cluster(folder: Path, sizes: list[int]) -> None:
    """Check damaged files in one process, and on a cluster of two workers of which one is killed at half of them."""
    for files in sizes:
        project = _written(folder / "damaged", files, damaged=True)
        print(f"{files:,} files", flush=True)
        alone = run(project, "check", "data", "--jobs", "1", code=1)
        said = (project / "out").read_bytes()
        print(f"in one process: {alone.seconds:.0f} s, CPU {alone.cpu:.0f} s, {alone.megabytes:.0f} MB", flush=True)
        with cluster(project, 2) as (address, _scheduler, workers):
            killing = (sys.executable, "-c", KILLING, str(workers[0]), "--language", "en")
            shared = run(project, "check", "data", "--scheduler", address, command=killing, code=1)
            is_left = [is_alive(worker) for worker in workers]
        print(f"on the cluster: {shared.seconds:.0f} s, CPU of the command {shared.cpu:.0f} s, {shared.megabytes:.0f} MB")
        if is_left != [False, True] or (project / "out").read_bytes() != said:
            sys.exit(f"workers left: {is_left}; the output differs: {(project / 'out').read_bytes() != said}")
        print(f"the same {len(said):,} bytes")


def _written(folder: Path, files: int, *, damaged: bool = False) -> Path:
    """Return a folder with this number of year files; it is written only once."""
    project = folder / str(files)
    if not project.exists():
        generated.write(project / "data", files // len(YEARS), YEARS)
        if damaged:
            damage(project / "data")
    return project


if __name__ == "__main__":
    main()
