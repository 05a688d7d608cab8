"""How fast sites of reports are built, by this extension and by other generators: ``python -m tests.benchmarks.speed``.

Every generator has a separate project with the same pages and figures, and every figure of every page is checked after each
build. Complete processes are measured: CPU time is compared, because it depends least on the load; wall time is also shown.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.benchmarks.parts import PARTS, Section
from tests.benchmarks.peers import ROOT, equip
from tests.benchmarks.record import markdown, summary, write
from tests.benchmarks.sites import Bench
from tests.benchmarks.ways import WAYS


def main() -> None:
    """Make the requested measurements, print them and, with ``--write``, write the goals into a page of the documentation."""
    options = _parser().parse_args()
    folder: Path = options.folder.resolve()
    workshop = equip(folder, options.ways)
    for peer, why in workshop.missing.items():
        print(f"missing: {peer}: {why}")
    runs: dict[str, list[Section]] = {part: [] for part in options.part}
    for _run in range(options.runs):
        bench = Bench(workshop, folder / "sites", options.ways, options.rounds, options.limit)
        bench.warm_up()
        for part in options.part:
            runs[part].append(PARTS[part](bench, tuple(options.pages)))
    figures = "\n\n".join(f"## {part}\n\n{markdown(sections, options.rounds)}" for part, sections in runs.items())
    print(f"\n{figures}")
    goals = summary(runs, workshop.versions, workshop.missing, options.rounds)
    print(f"\n## goals\n\n{goals}")
    if options.write:
        write(options.write, goals, figures)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--part", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART", help=" ".join(PARTS))
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS), metavar="WAY", help=" ".join(WAYS))
    parser.add_argument(
        "--pages", nargs="+", type=int, default=[100, 1000], help="sizes of sites; parts with one size take the last"
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often each way takes its turn")
    parser.add_argument("--limit", type=float, default=30, help="a build that takes more CPU seconds is done once")
    parser.add_argument("--runs", type=int, default=1, help="how often all is measured anew, to see whether it repeats")
    parser.add_argument("--folder", type=Path, default=ROOT / "build/bench", help="where sites and tools are put")
    parser.add_argument(
        "--write", type=Path, help="the page into which the goals are put; a text file next to it gets all figures"
    )
    return parser


if __name__ == "__main__":
    main()
