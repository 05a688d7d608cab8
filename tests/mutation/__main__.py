"""Draw mutations, run the tests that could detect each, and list those that no test detects.

``make mutation MUTANTS=320 DRAW=2026``; needs the results of ``make coverage`` in ``build``.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from importlib.metadata import version
from pathlib import Path

from tests.mutation.knowledge import Knowledge
from tests.mutation.mutants import Mutant, sample
from tests.mutation.run import Result, Running, prepare

FOLDER = "sphinx_govreport/core"


def main() -> int:
    """Run the mutations. Returns 1 if fewer are killed than required."""
    options = _options()
    known = Knowledge(options.coverage, options.junit)
    mutants = sample(FOLDER, options.count, options.seed)
    prepare()
    _control(known, mutants, options.seconds)
    started = time.monotonic()
    results = _results(known, mutants, options)
    counts = Counter(results.values())
    killed = 100 * (1 - counts[Result.SURVIVED] / len(results))
    print(
        f"cosmic-ray {version('cosmic-ray')}, seed {options.seed}: {len(results)} mutants, {dict(counts)}, {killed:.1f} % killed"
    )
    print(f"{time.monotonic() - started:.0f} s")
    return killed < options.at_least


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=60, help="how long the tests of one mutant may take")
    parser.add_argument("--at-least", type=float, default=88, help="per cent")
    parser.add_argument("--coverage", default="build/coverage.db")
    parser.add_argument("--junit", default="build/tests.xml")
    parser.add_argument("--output", default="build/mutation.json", help="the results, and each survivor")
    return parser.parse_args()


def _control(known: Knowledge, mutants: list[Mutant], seconds: float) -> None:
    """Check that the tests pass without a mutation: otherwise every mutation would seem to be detected."""
    tests = {test for mutant in mutants[:5] for test in known.tests(mutant.path, mutant.line, seconds)}
    running = Running(None, sorted(tests), 10 * seconds + 600)
    while (result := running.poll()) is None:
        time.sleep(0.2)
    if result is not Result.SURVIVED:
        sys.exit("The tests do not pass as they are.")


def _results(known: Knowledge, mutants: list[Mutant], options: argparse.Namespace) -> dict[Mutant, Result]:
    waiting = mutants[::-1]
    running: list[Running] = []
    results: dict[Mutant, Result] = {}
    while waiting or running:
        while waiting and len(running) < options.jobs:
            mutant = waiting.pop()
            running.append(Running(mutant, known.tests(mutant.path, mutant.line, options.seconds), 10 * options.seconds + 120))
        for one in list(running):
            result = one.poll()
            if result and one.mutant:
                running.remove(one)
                results[one.mutant] = result
                print(
                    f"{len(results)}/{len(mutants)} {result.value} {one.mutant.path}:{one.mutant.line} {one.mutant.operator}",
                    flush=True,
                )
                _write(options.output, results)
        time.sleep(0.05)
    return results


def _write(output: str, results: dict[Mutant, Result]) -> None:
    entries = [
        mutant._asdict() | {"result": result.value} | dict(zip(("before", "after"), mutant.shown(), strict=True))
        for mutant, result in results.items()
        if result is Result.SURVIVED
    ]
    counts = Counter(result.value for result in results.values())
    Path(output).write_text(json.dumps({"counts": counts, "survived": entries}, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":  # workers started by tests also import this module
    sys.exit(main())
