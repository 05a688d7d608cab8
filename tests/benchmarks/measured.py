"""The resources used by complete processes: time of all threads and children, and the peak memory of a single process."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

_CLOCK = str(Path(__file__).with_name("clock.py"))
COUNTER = "valgrind"  #: the program that counts instructions
_COUNTED = re.compile(r"^==\d+== I +refs: +([\d,]+)$", flags=re.MULTILINE)


class BuildError(Exception):
    """A command failed; the text is its output."""


class Used(NamedTuple):
    """The resources used by a process, or the medians of several."""

    cpu: float  #: seconds, in programs and in the system
    wall: float  #: seconds
    memory: float  #: the peak in MB
    rounds: int = 1


def run(command: Sequence[str], folder: Path) -> Used:
    """Run a command in a folder. Raises :class:`BuildError`."""
    ended = subprocess.run(
        [sys.executable, "-S", "-E", _CLOCK, *command],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    written, _, used = ended.stdout.rstrip().rpartition("\n")
    if ended.returncode:
        raise BuildError(written[-2000:])
    return Used(**json.loads(used))


def instructions(command: Sequence[str], folder: Path) -> int:
    """Return the instructions of a command, which hardly depend on the load. Raises :class:`BuildError`."""
    counter = [COUNTER, "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={os.devnull}"]
    ended = subprocess.run(
        [*counter, *command],
        cwd=folder,
        env=environment() | {"PYTHONHASHSEED": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    counted = _COUNTED.findall(ended.stdout)
    if ended.returncode or not counted:
        raise BuildError(ended.stdout[-2000:])
    return int(counted[-1].replace(",", ""))


def environment() -> dict[str, str]:
    """Return the environment. Without bytecode, each start would compile this extension, but not installed packages."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"LC_ALL": "C.UTF-8", "NODE_ENV": "production"}


def mean(builds: Sequence[Used]) -> Used:
    """Return the mean of each measure separately, as one round."""
    return _of_each_measure(statistics.fmean, builds)


def median(rounds: Sequence[Used]) -> Used:
    """Return the median of each measure separately."""
    return _of_each_measure(statistics.median, rounds)._replace(rounds=len(rounds))


def _of_each_measure(average: Callable[[Iterable[float]], float], several: Sequence[Used]) -> Used:
    cpu, wall, memory, _rounds = (average(values) for values in zip(*several, strict=True))
    return Used(cpu, wall, memory)
