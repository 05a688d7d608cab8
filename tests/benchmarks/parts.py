"""The parts of the benchmark: what each measures, and its goals."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from sphinx_govreport import __version__
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.checks import check_library
from sphinx_govreport.core.library.library import load_library
from tests.benchmarks.measured import COUNTER, Used, environment
from tests.benchmarks.sites import Bench, Clean
from tests.benchmarks.ways import WAYS

OURS, PLAIN, RAW, HUGO = "directive", "plain", "raw", "hugo"
LARGE = "directive-large"
MYST = "myst-"
#: generator, generator to compare with, limit of the ratio for small sites and for others, whether larger is better
COMPARED = (
    (OURS, RAW, (0.95, 0.85), False),
    ("list-table", OURS, (6.0, 9.0), True),
    ("datatemplates", OURS, (5.0, 5.0), True),
    (f"{MYST}{OURS}", f"{MYST}{RAW}", (0.95, 0.85), False),
    (f"{MYST}{OURS}", "mkdocs-macros", (1.0, 1.0), False),
)
SMALL = 100  #: maximum number of pages of a small site
PROVINCE = 10_000  #: pages of the largest site
GROWTH = (100, 1000, 3000, 5000)  #: equal distances from the second on, so that linear growth is a straight line
OFTEN = 10  #: maximum number of builds of a small site in one turn, for the same number of pages as the largest
COUNTED = (100, 1000, 5000)  #: counting takes ten times as long as building
_STARTUP = Path(__file__).with_name("startup.py")


class Goal(NamedTuple):
    """A goal of a measurement."""

    what: str
    limit: float
    measured: float
    unit: str = "×"
    at_least: bool = False

    @property
    def is_reached(self) -> bool:
        """Whether the goal is reached, to the digits shown."""
        measured = round(self.measured, 2)
        return measured >= self.limit if self.at_least else measured <= self.limit


class Section(NamedTuple):
    """The results of a part."""

    goals: tuple[Goal, ...]
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    when: str = ""  #: how often, if not each time


def clean(bench: Bench, counts: tuple[int, ...]) -> Section:
    """Clean builds with all generators."""
    goals: list[Goal] = []
    rows: list[tuple[str, ...]] = []
    for count in counts:
        found = bench.clean(bench.ways, count)
        rows += [_clean_row(name, count, found) for name in found]
        rows += [_missing_row(name, count, bench) for name in WAYS if WAYS[name].peer in bench.workshop.missing]
        goals += [
            Goal(
                f"{count:,} pages: {what} against {of}",
                limits[count > SMALL],
                found[what].cpu / found[of].cpu,
                at_least=at_least,
            )
            for what, of, limits, at_least in COMPARED
            if {what, of} <= found.keys()
        ]
    head = ("way", "pages", "tables are written as", "CPU s", "wall s", "× raw", "peak MB", "rounds")
    return Section(tuple(goals), head, tuple(rows))


def _clean_row(name: str, count: int, found: dict[str, Used]) -> tuple[str, ...]:
    used, raw = found[name], found.get(RAW)
    ratio = f"{used.cpu / raw.cpu:.2f}" if raw else "—"
    figures = f"{used.cpu:.2f}", f"{used.wall:.2f}", ratio, f"{used.memory:.0f}", str(used.rounds)
    return (name, f"{count:,}", WAYS[name].about, *figures)


def _missing_row(name: str, count: int, bench: Bench) -> tuple[str, ...]:
    return (name, f"{count:,}", f"missing: {bench.workshop.missing[WAYS[name].peer]}", *"—" * 5)


def cost(bench: Bench, counts: tuple[int, ...]) -> Section:
    """The cost of a report in addition to its page, and the share of its year file."""
    count = counts[-1]
    rows: list[tuple[str, ...]] = []
    goals: list[Goal] = []
    for kind in ("", MYST):
        if bench.has(f"{kind}{PLAIN}", f"{kind}{OURS}"):
            ways = [f"{kind}{name}" for name in (PLAIN, OURS, RAW) if bench.has(f"{kind}{name}")]
            found = {name.removeprefix(kind): used.cpu for name, used in bench.clean(ways, count).items()}
            over = {name: (cpu - found[PLAIN]) * 1000 / count for name, cpu in found.items()}
            goals.append(Goal(f"a report over plain prose, {kind}{OURS}", 2, over[OURS], "ms"))
            if RAW in over:
                rows.append((f"the same tables as ready-made HTML, {kind}{RAW}", f"{over[RAW]:.2f}"))
                rows.append((f"a report against these, {kind}{OURS}", f"{over[OURS] / over[RAW]:.2f} ×"))
    if bench.has(OURS):
        times = [_year_files(bench.site(OURS, count).source, count) for _round in range(bench.rounds)]
        read, checked = (sorted(one)[len(one) // 2] for one in zip(*times, strict=True))
        goals.append(Goal("of which its year file, read and checked", 0.7, read + checked, "ms"))
        rows += [("a year file is read", f"{read:.2f}"), ("a year file is checked", f"{checked:.2f}")]
    return Section(tuple(goals), ("for comparison", "ms or ×"), tuple(rows))


def _year_files(folder: Path, count: int) -> tuple[float, float]:
    """Return the milliseconds for reading a year file, and for checking it, in this process."""
    start = time.process_time()
    library = load_library(folder, ["data"], [], Cache(None, __version__))
    read = time.process_time()
    checked = check_library(library, {})
    end = time.process_time()
    assert len(checked) == count
    return (read - start) * 1000 / count, (end - read) * 1000 / count


def noop(bench: Bench, counts: tuple[int, ...]) -> Section:
    """Builds after no change; no page is written."""

    def build(name: str, count: int) -> Used:
        site = bench.built(name, count)
        before = site.written()
        used = bench.build(site)
        assert site.written() == before, f"{name}: pages were written again"
        return used

    return _again(bench, counts[-1], "no-op build", 1.2, build)


def edit(bench: Bench, counts: tuple[int, ...]) -> Section:
    """Builds after a change of one year file or, for plain prose, one page; the new figure is on its page."""

    def build(name: str, count: int) -> Used:
        site = bench.built(name, count)
        site.edit(count // 2)
        return bench.build(site)

    return _again(bench, counts[-1], "build after one edit", 1.25, build)


def province(bench: Bench, _counts: tuple[int, ...], count: int = PROVINCE) -> Section:
    """One edit of a very large site, against the whole site built anew by Hugo."""
    names = [name for name in (OURS, LARGE) if bench.has(name)]
    if not names or not bench.has(HUGO):
        return Section(())

    def build(name: str) -> Used:
        if name == HUGO:
            return bench.anew(HUGO, count)
        site = bench.built(name, count)
        site.edit(count // 2)
        return bench.build(site)

    found = bench.turns(f"one edit of {count} pages, or Hugo anew", [*names, HUGO], build)
    goals = (
        Goal(f"one edit, {count:,} reports: {name} against {HUGO} anew", 1, found[name].cpu / found[HUGO].cpu) for name in names
    )
    rows = ((name, f"{one.cpu:.2f}", f"{one.wall:.2f}", f"{one.memory:.0f}") for name, one in found.items())
    return Section(tuple(goals), ("way", "CPU s", "wall s", "peak MB"), tuple(rows))


def _again(bench: Bench, count: int, what: str, limit: float, build: Callable[[str, int], Used]) -> Section:
    rows, goals = [], []
    for kind in ("", MYST):
        names = [f"{kind}{PLAIN}", f"{kind}{OURS}"]
        if not bench.has(*names):
            continue
        for name in names:
            bench.built(name, count)
        found = bench.turns(f"{what} of {count} pages", names, lambda name: build(name, count))
        rows += [(name, f"{one.cpu:.2f}", f"{one.wall:.2f}", f"{one.memory:.0f}") for name, one in found.items()]
        goals.append(Goal(f"{what}, {count:,} reports: {names[1]} against {names[0]}", limit, _ratio(found, names)))
    return Section(tuple(goals), ("way", "CPU s", "wall s", "peak MB"), tuple(rows))


def _ratio(found: dict[str, Used], names: list[str]) -> float:
    return found[names[1]].cpu / found[names[0]].cpu


def memory(bench: Bench, counts: tuple[int, ...]) -> Section:
    """Peak memory of a clean build."""
    count = counts[-1]
    rows, goals = [], []
    for kind in ("", MYST):
        if bench.has(f"{kind}{PLAIN}", f"{kind}{OURS}"):
            found = bench.clean((f"{kind}{PLAIN}", f"{kind}{OURS}"), count)
            ours, plain = found[f"{kind}{OURS}"].memory, found[f"{kind}{PLAIN}"].memory
            goals.append(Goal(f"peak memory, {count:,} reports: {kind}{OURS} against {kind}{PLAIN}", 1.2, ours / plain))
            rows += [(name, f"{used.memory:.0f}") for name, used in found.items()]
    return Section(tuple(goals), ("way", "peak MB"), tuple(rows))


def parallel(bench: Bench, counts: tuple[int, ...]) -> Section:
    """The speed-up of a clean build with two processes."""
    count = counts[-1]
    if not bench.has(PLAIN, OURS):
        return Section(())
    one, two = (bench.clean((PLAIN, OURS), count, jobs) for jobs in (1, 2))
    faster = {name: one[name].wall / two[name].wall for name in one}
    rows = [(name, f"{one[name].wall:.2f}", f"{two[name].wall:.2f}", f"{faster[name]:.2f}") for name in one]
    goal = Goal(f"speed-up by -j 2: {OURS} against {PLAIN}", 1, faster[OURS] / faster[PLAIN], at_least=True)
    return Section((goal,), ("way", "-j 1, wall s", "-j 2, wall s", "times as fast"), tuple(rows))


def growth(bench: Bench, _counts: tuple[int, ...], sizes: tuple[int, ...] = GROWTH) -> Section:
    """Time and memory of larger and larger sites: the cost of an additional page does not increase."""
    if not bench.has(PLAIN, OURS):
        return Section(())
    builds = {(name, size): Clean(name, size, times=_times(size, sizes)) for size in sizes for name in (PLAIN, OURS)}
    used = bench.cleans(list(builds.values()))
    found = {key: used[build] for key, build in builds.items()}
    rows = [_growth_row(size, _times(size, sizes), found[PLAIN, size], found[OURS, size]) for size in sizes]
    goals = []
    for kind, title in (("cpu", "time"), ("memory", "peak memory")):
        first, last = _slopes(sizes, [getattr(found[OURS, size], kind) for size in sizes])
        goals.append(Goal(f"a further report, {title} of a clean build: in the last step against the first", 1.1, last / first))
    head = ("pages", "plain, CPU s", "plain, peak MB", "directive, CPU s", "directive, peak MB", "builds")
    return Section(tuple(goals), head, tuple(rows))


def work(bench: Bench, _counts: tuple[int, ...], sizes: tuple[int, ...] = COUNTED) -> Section:
    """Instructions of larger and larger sites: their growth does not depend on the load of the machine."""
    if not bench.has(PLAIN, OURS):
        return Section(())
    if shutil.which(COUNTER) is None:
        return Section((), ("missing", ""), ((COUNTER, "a package of the system"),))
    found = {name: [bench.counted(name, size) / 1e6 for size in sizes] for name in (PLAIN, OURS)}
    columns = [column for name in (PLAIN, OURS) for column in _work_columns(sizes, found[name])]
    rows = [(f"{size:,}", *cells) for size, *cells in zip(sizes, *columns, strict=True)]
    first, last = _slopes(sizes, found[OURS])
    goal = Goal("a further report, instructions of a clean build: in the last step against the first", 1.1, last / first)
    head = ("pages", *(f"{name}, {what}" for name in (PLAIN, OURS) for what in ("millions", "for a further page")))
    return Section((goal,), head, tuple(rows), when="Counted once")


def _work_columns(sizes: tuple[int, ...], line: list[float]) -> tuple[list[str], list[str]]:
    """Return millions of instructions for each size, and for each additional page."""
    steps = pairwise(zip(sizes, line, strict=True))
    further = [f"{(more - less) / (larger - size):.1f}" for (size, less), (larger, more) in steps]
    return [f"{value:,.0f}" for value in line], ["—", *further]


def _times(size: int, sizes: tuple[int, ...]) -> int:
    """Return how often a site is built in one turn. Short builds would otherwise fall completely into quiet moments."""
    return min(OFTEN, max(sizes) // size)


def _growth_row(size: int, times: int, plain: Used, ours: Used) -> tuple[str, ...]:
    figures = (cell for used in (plain, ours) for cell in (f"{used.cpu:.2f}", f"{used.memory:.0f}"))
    return (f"{size:,}", *figures, f"{ours.rounds} × {times}")


def _slopes(sizes: tuple[int, ...], line: list[float]) -> tuple[float, float]:
    """Return the cost of an additional page in the first step and, on average, in all later ones."""
    first, *_more = pairwise(zip(sizes, line, strict=True))
    (size, value), (next_size, next_value) = first
    return (next_value - value) / (next_size - size), (line[-1] - next_value) / (sizes[-1] - next_size)


def startup(bench: Bench, _counts: tuple[int, ...]) -> Section:
    """The time that the extension adds to the start of Sphinx, and the libraries it loads."""
    command = [str(bench.workshop.tools.python), str(_STARTUP)]
    runs = [_started(command) for _round in range(bench.rounds)]
    times = sorted(one["ms"] for one in runs)
    rows = (
        ("libraries that Sphinx has not imported itself", "、".join(runs[0]["libraries"]) or "none"),
        ("modules of the extension", str(runs[0]["modules"])),
    )
    return Section((Goal("import and start of the extension", 25, times[len(times) // 2], "ms"),), ("at its start", ""), rows)


def _started(command: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        subprocess.run(command, check=True, env=environment(), capture_output=True, text=True).stdout
    )
    return found


PARTS: dict[str, Callable[[Bench, tuple[int, ...]], Section]] = {
    part.__name__: part for part in (clean, cost, noop, edit, province, memory, parallel, growth, work, startup)
}
