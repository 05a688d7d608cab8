"""The compared sites, with two pages each: they build without a warning and contain every figure."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from sphinx_govreport.core.checks.years import year_of_name
from tests.benchmarks import pages
from tests.benchmarks.measured import BuildError, Used, instructions
from tests.benchmarks.parts import Goal, Section, growth, province, work
from tests.benchmarks.peers import Workshop
from tests.benchmarks.record import markdown, summary, write
from tests.benchmarks.sites import Bench, Clean, Site
from tests.benchmarks.ways import WAYS, Tools

OWN = [name for name, way in WAYS.items() if not way.peer]  #: those that need only Sphinx and this extension


def bench(folder: Path, ways: list[str], kind: type[Bench] = Bench) -> Bench:
    workshop = Workshop(Tools(Path(sys.executable), folder), {}, {"hugo": "there is none"})
    return kind(workshop, folder / "sites", ways, 1, 30)


@pytest.mark.slow
@pytest.mark.parametrize("name", OWN)
def test_a_way_is_built_and_edited(name: str, tmp_path: Path) -> None:
    ways = bench(tmp_path, [name])
    assert ways.clean([name], 2)[name].cpu > 0
    site = ways.built(name, 2)
    if name in ("plain", "directive"):
        site.edit(1)
        with pytest.raises(AssertionError, match="page 1"):
            site.verify()
        assert ways.build(site).memory > 10


@pytest.mark.slow
def test_a_lost_figure_is_noticed(tmp_path: Path) -> None:
    ways = bench(tmp_path, ["raw"])
    site = ways.built("raw", 1)
    page = site.out / "page0.html"
    page.write_text(page.read_text("utf-8").replace("72701.2578", "72701.26"), "utf-8")
    with pytest.raises(AssertionError, match="page 0 lacks figures"):
        site.verify()


def test_places_in_year_files_lead_to_the_figures() -> None:
    assert len(pages.expected()) == 200
    assert pages.written_at("requests", "received.enterprise") == ("requests", "received", 1)
    assert pages.written_at("reviews", "litigation.direct.total") == ("reviews", "litigation", "direct", 4)
    assert pages.written_at("proactive-disclosure", "fees.amount") == ("proactive-disclosure", "fees", "amount")


def test_no_year_file_of_thousands_has_a_year_in_its_name() -> None:
    assert year_of_name(WAYS["directive"].edited.format(number=2024)) == 0


def test_a_missing_peer_takes_no_part(tmp_path: Path) -> None:
    assert bench(tmp_path, ["plain", "hugo"]).ways == ["plain"]


def test_ways_and_sizes_take_turns(tmp_path: Path) -> None:
    built: list[str] = []

    class Turns(Bench):
        """Records the builds."""

        def build(self, site: Site, jobs: int = 1) -> Used:
            built.append(f"{site.source.name} -j {jobs}")
            return Used(len(built), len(built), 1)

    ways = bench(tmp_path, ["plain", "raw"], Turns)
    ways.rounds = 3
    wanted = [Clean(way, count) for count in (1, 2) for way in ("plain", "raw")]
    found = ways.cleans(wanted)
    assert built == ["plain-1 -j 1", "raw-1 -j 1", "plain-2 -j 1", "raw-2 -j 1"] * 3
    assert [found[one].cpu for one in wanted] == [5, 6, 7, 8]
    assert ways.clean(["raw"], 2) == {"raw": Used(8, 8, 1, 3)}
    assert len(built) == 12, "what was measured once is not measured again"
    ways.clean(["raw"], 2, jobs=2)
    assert built[12:] == ["raw-2 -j 2"] * 3


def test_growth_builds_small_sites_as_long_as_large_ones(tmp_path: Path) -> None:
    built: list[str] = []

    class Busy(Bench):
        """Each additional page takes a tenth of a second; every other build of a small site is slowed down."""

        def build(self, site: Site, jobs: int = 1) -> Used:
            busy = 3 if site.count < 4 and built.count(site.source.name) % 2 else 1
            built.append(site.source.name)
            return Used((1 + site.count) * busy / 10, 1, 60 + site.count)

    ways = bench(tmp_path, ["plain", "directive"], Busy)
    ways.rounds = 2
    found = growth(ways, (), (1, 2, 40))
    turn = [*["plain-1"] * 10, *["directive-1"] * 10, *["plain-2"] * 10, *["directive-2"] * 10, "plain-40", "directive-40"]
    assert built == turn * 2
    assert found.rows == (
        ("1", "0.40", "61", "0.40", "61", "2 × 10"),
        ("2", "0.60", "62", "0.60", "62", "2 × 10"),
        ("40", "4.10", "100", "4.10", "100", "2 × 1"),
    )
    time, memory = found.goals
    assert round(time.measured, 3) == round((41 - 6) / 38 / 2, 3)
    assert memory.measured == 1
    built.clear()
    growth(bench(tmp_path, ["plain", "directive"], Busy), (), (1, 10, 25, 50))
    assert [built.count(f"directive-{size}") for size in (1, 10, 25, 50)] == [10, 5, 2, 1]


def test_an_edit_of_a_large_site_is_compared_with_a_site_built_anew(tmp_path: Path) -> None:
    built: list[str] = []

    class Seen(Bench):
        """Builds a site in 40 seconds if there is none, and else in 10."""

        def build(self, site: Site, jobs: int = 1) -> Used:
            built.append(f"{site.way.name} {site.revision}")
            cpu = 10 if site.out.exists() else 40
            site.out.mkdir(exist_ok=True)
            return Used(cpu, cpu, 1)

    workshop = Workshop(Tools(Path(sys.executable), tmp_path), {}, {})
    found = province(Seen(workshop, tmp_path / "sites", ["directive", "hugo"], 2, 60), (), 2)
    assert built == ["directive 0", "directive 1", "hugo 0", "directive 2", "hugo 0"]
    assert [(goal.measured, goal.is_reached) for goal in found.goals] == [(0.25, True)]
    assert province(bench(tmp_path, ["directive", "hugo"]), ()).goals == ()


class Unseen(Site):
    """A site whose pages are not checked."""

    def verify(self) -> None: ...


class Unbuilt(Bench):
    """Measures sites without building them."""

    def site(self, way: str, count: int) -> Site:
        return Unseen(self._folder, WAYS[way], count)


def test_instructions_of_larger_sites_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, script in COUNTERS.items():
        counter = tmp_path / name / "valgrind"
        counter.parent.mkdir()
        counter.write_text(script, "utf-8")
        counter.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert work(bench(tmp_path, ["plain", "directive"], Unbuilt), ()).rows == (("valgrind", "a package of the system"),)
    assert work(bench(tmp_path, ["plain"], Unbuilt), ()).goals == ()
    monkeypatch.setenv("PATH", f"{tmp_path / 'counts'}:/usr/bin:/bin")
    found = work(bench(tmp_path, ["plain", "directive"], Unbuilt), (), (1, 2, 4))
    assert found.rows == (
        ("1", "1,007", "—", "1,001", "—"),
        ("2", "1,007", "0.0", "1,004", "3.0"),
        ("4", "1,007", "0.0", "1,016", "6.0"),
    )
    assert [(goal.measured, goal.is_reached) for goal in found.goals] == [(2.0, False)]
    assert "Counted once, the generators in turn" in markdown([found], 5)
    monkeypatch.setenv("PATH", f"{tmp_path / 'fails'}:/usr/bin:/bin")
    with pytest.raises(BuildError, match="no such option"):
        instructions(["true"], tmp_path)


#: The cost of pages is quadratic, that of a page without a report is zero; the arguments end with the output folder.
COUNTERS = {
    "counts": """#!/bin/sh
[ "$PYTHONHASHSEED" = 0 ] || exit 1
case "$*" in
    *directive-1-out*) millions=001 ;;
    *directive-2-out*) millions=004 ;;
    *directive-4-out*) millions=016 ;;
    *) millions=007 ;;
esac
echo "==12== I   refs:      1,$millions,000,000"
""",
    "fails": "#!/bin/sh\necho no such option\nexit 1\n",
}


def test_a_page_has_both_runs_side_by_side(tmp_path: Path) -> None:
    page = tmp_path / "speed.md"
    page.write_text("before\n\n<!-- measured -->\nold\n<!-- end of measured -->\n\nbehind\n", "utf-8")
    first, second = (
        Section((Goal("ours against raw", 1.05, measured),), ("way", "CPU s"), (("raw", cpu),))
        for measured, cpu in ((1.02, "1.10"), (1.08, "1.10"))
    )
    assert "| raw | 1.10 |" in markdown([first, second], 5)
    write(page, summary({"clean": [first, second]}, {"Python": "3.11.2"}, {"hugo": "no package"}, 5), "raw took 1.10 s")
    assert page.with_suffix(".txt").read_text("utf-8") == "raw took 1.10 s\n"
    text = page.read_text("utf-8")
    assert "old" not in text
    assert "| ours against raw | ≤\u00a01.05\u00a0× | 1.02 / 1.08 | reached / **missed** |" in text, "a limit is on one line"
    assert re.search(r"Medians of 5 rounds, .*; Python 3\.11\.2\. Missing: hugo \(no package\)\.", text)
    page.write_text("no markers", "utf-8")
    with pytest.raises(ValueError, match="no place"):
        write(page, "", "")
