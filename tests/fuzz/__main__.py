"""Long manual runs: ``python -m tests.fuzz year-files --count 1000000 --seed 1``, or ``--atheris`` for coverage guidance.

Every input is made from its number, so that ``--only NUMBER`` reproduces a failing one. Failures are printed, and written to
``--keep``; the exit code is 1 if there were any. ``edits`` and ``kills`` are of builds and take seconds each: ``edits --count 300``.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.limits import SECONDS, HangError, limited

#: modules with ``make``, a random input, and ``check``, its conditions; of how many inputs one is checked thoroughly
TARGETS = {"year-files": 20, "forms": 1, "documents": 1, "formatted": 50, "texts": 1, "edits": 10, "kills": 1}


def _target(name: str) -> tuple[Callable[[Random], Any], Callable[..., object], float]:
    module = import_module(f"tests.fuzz.{name.replace('-', '_')}")
    return module.make, module.check, getattr(module, "SECONDS", SECONDS)


def run(name: str, numbers: range, keep: Path, budget: float) -> int:
    """Try inputs by number until ``budget`` seconds are over. Returns the number of failures."""
    make, check, seconds = _target(name)
    every = TARGETS[name]
    start = told = time.monotonic()
    failures: Counter[str] = Counter()
    done = 0
    for number in numbers:
        rng = Random(f"{name}:{number}")  # noqa: S311
        made: object = None
        try:
            with limited(seconds):
                made = make(rng)
                check(made, thorough=number % every == 0)
        except (Exception, HangError) as error:  # noqa: BLE001  (all are failures)
            frame = traceback.extract_tb(error.__traceback__)[-2 if isinstance(error, HangError) else -1]  # not the alarm's own
            kind = f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"
            failures[kind] += 1
            if failures[kind] <= 3:
                print(f"FAILED {number}: {kind}: {str(error)[:300]!r}", flush=True)
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{name}-{number}").write_text(f"{made!r}\n\n{traceback.format_exc()}", "utf-8", errors="replace")
        done += 1
        now = time.monotonic()
        if now - told > 60:
            print(f"{done} inputs in {now - start:.0f} s, {sum(failures.values())} failed", flush=True)
            told = now
        if budget and now - start > budget:
            break
    print(f"{name}: {done} inputs from {numbers.start} in {time.monotonic() - start:.0f} s: {dict(failures) or 'none failed'}")
    return sum(failures.values())


class _Fed(Random):
    """A random source with a fuzzer's bytes, so that coverage can guide its choices."""

    def __init__(self, data: bytes) -> None:
        super().__init__(0)
        self._data = data
        self._at = 0

    def getrandbits(self, count: int, /) -> int:
        size = -(-count // 8)
        taken = self._data[self._at : self._at + size]
        self._at += size
        return int.from_bytes(taken.ljust(size, b"\0")) >> (size * 8 - count)

    def random(self) -> float:
        return self.getrandbits(53) / (1 << 53)


def run_atheris(name: str, arguments: list[str]) -> None:
    """Let atheris choose the inputs. ``arguments`` are for libFuzzer, such as ``-runs=100000`` and a corpus folder."""
    import atheris

    with atheris.instrument_imports(include=["sphinx_govreport", "yaml"]):
        make, check, seconds = _target(name)

    def one(data: bytes) -> None:
        with limited(seconds):
            check(make(_Fed(data)), thorough=True)

    atheris.Setup([sys.argv[0], "-max_len=4096", *arguments], one)
    atheris.Fuzz()


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--count", type=int, default=10_000, help="how many inputs")
    parser.add_argument("--seed", type=int, default=0, help="number of the first input")
    parser.add_argument("--seconds", type=float, default=0, help="stop after that long")
    parser.add_argument("--only", type=int, help="one input, by its number")
    parser.add_argument("--keep", type=Path, default=Path("build/fuzz"), help="folder for what failed")
    parser.add_argument("--atheris", action="store_true", help="be led by coverage; what follows -- is for libFuzzer")
    options, rest = parser.parse_known_args()
    if options.atheris:
        run_atheris(options.target, [argument for argument in rest if argument != "--"])
        return 0
    start, count = (options.only, 1) if options.only is not None else (options.seed, options.count)
    return 1 if run(options.target, range(start, start + count), options.keep, options.seconds) else 0


if __name__ == "__main__":
    sys.exit(main())
