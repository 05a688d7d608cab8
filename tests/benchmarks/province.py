"""The cost of a city's part of a province's site, and of references to it from another part. Run manually.

A city has 200 agencies with five years each, and a page for every report. Another part has one page with references to some
reports of cities through their `objects.inv`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks import generated

YEARS = range(2021, 2026)
CONF = """\
project = "part"
language = "zh_CN"
html_theme = "basic"
extensions = ["sphinx_govreport", "sphinx.ext.intersphinx"]
govreport_data = ["data"]
suppress_warnings = ["toc.not_included"]
"""


def main() -> None:
    """Build a city, then parts that refer to one and to several cities."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agencies", type=int, default=200, help="of a city (default: %(default)s)")
    parser.add_argument("--cities", type=int, nargs="+", default=[0, 1, 4])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        city = Path(folder) / "city"
        _write_city(city, options.agencies)
        print(f"city of {options.agencies * len(YEARS)} reports: {_build(city)}")
        inventory = city / "_build" / "objects.inv"
        size = sum(path.stat().st_size for path in (city / "_build").rglob("*.html"))
        print(f"HTML {size / 1e6:.0f} MB, objects.inv {inventory.stat().st_size / 1e3:.0f} KB")
        for cities in options.cities:
            part = Path(folder) / f"part{cities}"
            _write_part(part, inventory, cities)
            print(f"part that refers to {cities} cities: {_build(part)}")


def _write_city(folder: Path, agencies: int) -> None:
    generated.write(folder / "data", agencies, YEARS)
    (folder / "conf.py").write_text(CONF, "utf-8")
    (folder / "index.rst").write_text("城市\n====\n", "utf-8")
    for path, agency, year in generated.places(folder, agencies, YEARS):
        name = generated.name_of(agency)
        page = path.with_suffix(".rst")
        page.parent.mkdir(parents=True, exist_ok=True)
        head = f":govreport-year: {year}\n:govreport-agency: {name}\n\n{name}{year}\n{'=' * 40}\n\n"
        page.write_text(f"{head}.. gov-disclosure-table::\n", "utf-8")


def _write_part(folder: Path, inventory: Path, cities: int) -> None:
    folder.mkdir()
    mapping = {f"city{n}": (f"https://city{n}.example/", str(inventory)) for n in range(cities)}
    (folder / "conf.py").write_text(f"{CONF}intersphinx_mapping = {mapping!r}\n", "utf-8")
    generated.write(folder / "data", 1, YEARS)
    refer = "".join(f"* :external+city{n}:gov:report:`{generated.name_of(n)}/2024`\n" for n in range(cities))
    (folder / "index.rst").write_text(f"省\n==\n\n{refer}", "utf-8")


def _build(folder: Path) -> str:
    start = time.perf_counter()
    command = (sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", str(folder), str(folder / "_build"))
    process = subprocess.Popen(command)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{folder} was not built")
    seconds = time.perf_counter() - start
    return f"{seconds:.1f} s, CPU {usage.ru_utime + usage.ru_stime:.1f} s, peak {usage.ru_maxrss / 1024:.0f} MB"


if __name__ == "__main__":
    main()
