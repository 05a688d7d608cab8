"""Sites that are written once and built many times, the generators in turn, and checked after every build."""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from collections.abc import Callable, Hashable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from tests.benchmarks import pages
from tests.benchmarks.measured import Used, instructions, mean, median, run
from tests.benchmarks.peers import Workshop
from tests.benchmarks.ways import WAYS, Way

TABLELESS = ("plain", "myst-plain")  #: generators without figures
_Turn = TypeVar("_Turn", bound=Hashable)
_NUMBER = re.compile(r">\s*(\d+(?:\.\d+)?)\s*<")


class Site:
    """A generator's project with a number of pages."""

    def __init__(self, folder: Path, way: Way, count: int) -> None:
        self.way, self.count = way, count
        self.source, self.out = folder / f"{way.name}-{count}", folder / f"{way.name}-{count}-out"
        self.revision = 0  #: number of edits
        shutil.rmtree(self.source, ignore_errors=True)
        shutil.rmtree(self.out, ignore_errors=True)
        way.write(self.source, count)
        self._edited = -1
        self._seen: dict[int, bytes] = {}  # the content of each page when it was checked

    def edit(self, number: int) -> None:
        """Change a figure of one report or, if there are none, a word of one page; always the same one."""
        path = self.source / self.way.edited.format(number=number)
        text = path.read_text("utf-8")
        before = self._mark()
        self.revision += 1
        changed = text.replace(before, self._mark())
        assert changed != text
        path.write_text(changed, "utf-8")
        self._edited = number
        self._seen.pop(number, None)

    def verify(self) -> None:
        """Check that every page has its agency and all current figures in order."""
        for number in range(self.count):
            html = (self.out / f"page{number}.html").read_bytes()
            digest = hashlib.sha256(html).digest()
            if self._seen.get(number) != digest:
                self._verify_page(number, html.decode())
                self._seen[number] = digest

    def written(self) -> list[int]:
        """Return when each page was written."""
        return [(self.out / f"page{number}.html").stat().st_mtime_ns for number in range(self.count)]

    def _verify_page(self, number: int, html: str) -> None:
        name = f"{self.source.name}, page {number}"
        is_edited = number == self._edited
        assert pages.title(number) in html, f"{name} has another title"
        if self.way.name in TABLELESS:
            assert (self._mark() if is_edited else pages.REVISION) in html, f"{name} is old"
            return
        figures = pages.expected()
        if is_edited:
            figures = (self._figure(), *figures[1:])
        assert " ".join(figures) in " ".join(_NUMBER.findall(html)), f"{name} lacks figures"

    def _figure(self) -> str:
        """Return the first figure of the edited page: nothing else depends on it."""
        return str(7000 + self.revision) if self.revision else pages.expected()[0]

    def _mark(self) -> str:
        """Return the text that an edit changes in the source."""
        return f"第{self.revision}次修订" if self.way.name in TABLELESS else f"{{issued: {self._figure()}, repealed: 1,"


class Clean(NamedTuple):
    """A clean build."""

    way: str
    count: int  #: pages
    jobs: int = 1
    times: int = 1  #: in one turn; the mean is used

    def __str__(self) -> str:
        return f"{self.way}, {self.count} pages, -j {self.jobs}"


class Bench:
    """Measures sites; each measurement is made only once."""

    def __init__(self, workshop: Workshop, folder: Path, ways: Iterable[str], rounds: int, limit: float) -> None:
        self.workshop, self.rounds, self.limit = workshop, rounds, limit
        self.ways = [name for name in ways if WAYS[name].peer not in workshop.missing]
        self._folder = folder
        self._sites: dict[tuple[str, int], Site] = {}
        self._clean: dict[Clean, Used] = {}

    def has(self, *ways: str) -> bool:
        """Return whether all of these generators take part."""
        return set(ways) <= set(self.ways)

    def site(self, way: str, count: int) -> Site:
        """Return the site, written if necessary."""
        key = way, count
        if key not in self._sites:
            self._sites[key] = Site(self._folder, WAYS[way], count)
        return self._sites[key]

    def built(self, way: str, count: int) -> Site:
        """Return the site with its current output."""
        site = self.site(way, count)
        if not site.out.exists():
            self.build(site)
        return site

    def build(self, site: Site, jobs: int = 1) -> Used:
        """Build a site in its current state."""
        used = run(site.way.command(self.workshop.tools, site.source, site.out, jobs), site.source)
        site.verify()
        return used

    def clean(self, ways: Iterable[str], count: int, jobs: int = 1) -> dict[str, Used]:
        """Return clean builds of one size, by generator."""
        return {build.way: used for build, used in self.cleans([Clean(way, count, jobs) for way in ways]).items()}

    def cleans(self, wanted: Sequence[Clean]) -> dict[Clean, Used]:
        """Return clean builds. Sizes take turns like generators do: a machine that slows down for minutes affects them all."""
        self._clean |= self.turns("clean build", [build for build in wanted if build not in self._clean], self._from_nothing)
        return {build: self._clean[build] for build in wanted}

    def _from_nothing(self, build: Clean) -> Used:
        return mean([self.anew(build.way, build.count, build.jobs) for _time in range(build.times)])

    def anew(self, way: str, count: int, jobs: int = 1) -> Used:
        """Build a site from nothing."""
        return self.build(self._emptied(way, count), jobs)

    def _emptied(self, way: str, count: int) -> Site:
        site = self.site(way, count)
        shutil.rmtree(site.out, ignore_errors=True)
        return site

    def counted(self, way: str, count: int) -> int:
        """Return the instructions of a clean build."""
        site = self._emptied(way, count)
        counted = instructions(site.way.command(self.workshop.tools, site.source, site.out, 1), site.source)
        site.verify()
        print(f"instructions: {way}, {count} pages {counted / 1e9:.2f} thousand million", file=sys.stderr, flush=True)
        return counted

    def turns(self, what: str, names: Sequence[_Turn], indicator: Callable[[_Turn], Used]) -> dict[_Turn, Used]:
        """Return medians of all rounds; the names take turns. Measurements above the limit are made once."""
        found: dict[_Turn, list[Used]] = {name: [] for name in names}
        for number in range(self.rounds):
            for name in names:
                if number and found[name][0].cpu > self.limit:
                    continue
                used = indicator(name)
                found[name].append(used)
                print(f"{what}, round {number + 1}: {name} {used.cpu:.2f} s", file=sys.stderr, flush=True)
        return {name: median(rounds) for name, rounds in found.items()}

    def warm_up(self) -> None:
        """Build one page with each generator: bytecode is compiled, and errors are found before hours are spent."""
        for name in self.ways:
            self.build(Site(self._folder, WAYS[name], 1))
