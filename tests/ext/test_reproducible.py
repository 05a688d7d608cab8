"""Reproducible builds: one commit gives the same bytes regardless of place, time and method of the build."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from sphinx_govreport.exporters import EXPORTS
from tests.published import NAMES, published, year_file

EXAMPLE = Path(__file__).parents[2] / "example_site"
COMMITTED = "1700000000"  # SOURCE_DATE_EPOCH of both builds

#: ``python -c SHIFTED SECONDS MODULE …`` runs a module with a clock that is this much fast
SHIFTED = """
import datetime, runpy, sys, time
shift, (now, gmtime, localtime) = int(sys.argv.pop(1)), (time.time, time.gmtime, time.localtime)
time.time = lambda: now() + shift
time.gmtime = lambda seconds=None: gmtime(time.time() if seconds is None else seconds)
time.localtime = lambda seconds=None: localtime(time.time() if seconds is None else seconds)
strftime = time.strftime
time.strftime = lambda form, when=None: strftime(form, time.localtime() if when is None else when)
class datetime_(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)
    today = utcnow = now
class date_(datetime.date):
    @classmethod
    def today(cls):
        return cls.fromtimestamp(time.time())
datetime.datetime, datetime.date = datetime_, date_
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""
YEARS = 400 * 86400  # seconds after which day, month and year are different


class Place(NamedTuple):
    """The place, time and method of running a program."""

    folder: str
    shift: int
    seed: str
    jobs: str
    zone: str

    def run(self, root: Path, module: str, *arguments: str) -> None:
        environment = {**os.environ, "PYTHONHASHSEED": self.seed, "TZ": self.zone, "SOURCE_DATE_EPOCH": COMMITTED}
        command = [sys.executable, "-c", SHIFTED, str(self.shift), module, *arguments]
        subprocess.run(command, cwd=root / self.folder, env=environment, check=True, capture_output=True)


HERE = Place("one", 0, "0", "1", "UTC")
THERE = Place("another/and/deeper", YEARS, "4711", "2", "Asia/Shanghai")


def site(root: Path, place: Place) -> Path:
    """Write a fresh copy of the example site with all kinds of files, reports and features."""
    folder = root / place.folder
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("_build"))
    settings = (
        f"govreport_downloads = {list(EXPORTS)}\ncopyright = '2020-%Y, 宿迁市'\nhtml_last_updated_fmt = '%Y-%m-%d %H:%M'\n"
    )
    with (folder / "conf.py").open("a", encoding="utf-8") as file:
        file.write(settings)
    for name in NAMES:
        report = published(name)
        if not name.startswith(("suqian", "wendeng")):
            (folder / f"data/{name}.yaml").write_text(year_file(report), "utf-8")
    text = "".join(f"第{number}项，本机关认真贯彻落实条例，扎实推进政府信息公开工作。" for number in range(20))
    for year in (2023, 2024):  # so similar that the check table of the second reports it
        head = f"---\ngovreport-year: {year}\ngovreport-agency: 宿迁市\n---\n\n# 宿迁市{year}\n\n## 一、总体情况\n\n{text}\n\n"
        (folder / f"reports/alike-{year}.md").write_text(head + "```{gov-check-table}\n```\n", "utf-8")
    return folder


def built(root: Path, place: Place, builder: str) -> dict[str, bytes]:
    """Return every file of a clean build; for an e-book, the files inside."""
    out = root / place.folder / "_build" / builder
    place.run(root, "sphinx", "-q", "-j", place.jobs, "-b", builder, "-d", "_build/doctrees", ".", str(out))
    files = {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
    for name in [name for name in files if name.endswith(".epub")]:
        with zipfile.ZipFile(out / name) as archive:  # its container has the times at which Sphinx wrote its files
            files |= {f"{name}/{part.filename}": archive.read(part) for part in archive.infolist()}
        del files[name]
    return files


def differing(root: Path, builder: str) -> list[str]:
    here, there = built(root, HERE, builder), built(root, THERE, builder)
    assert len(here) > 0
    return sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name))


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    for place in (HERE, THERE):
        site(tmp_path, place)
    return tmp_path


def test_two_builds_of_a_site_are_the_same_bytes(sites: Path) -> None:
    assert differing(sites, "html") == []
    pages = sites / HERE.folder / "_build/html"
    assert "2020-2023, 宿迁市" in (pages / "index.html").read_text("utf-8"), "the commit's year, not the clock's"
    for kind in EXPORTS.values():
        assert len(list(pages.rglob(f"gov-*-2024.{kind.suffix}"))) == 1
    assert (pages / "reports/alike-2024.html").read_text("utf-8").count("alike-2023.md") == 1
    for path in pages.rglob("*"):
        if path.is_file():
            assert str(sites).encode() not in path.read_bytes(), f"{path.name} tells where it was built"


@pytest.mark.slow
@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml", "epub", "latex", "text", "man", "gettext"])
def test_two_builds_of_every_kind_are_the_same_bytes(sites: Path, builder: str) -> None:
    assert differing(sites, builder) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*EXPORTS, "datapackage", "blank"])
def test_two_exports_are_the_same_bytes(kind: str, tmp_path: Path) -> None:
    written = []
    for place in (HERE, THERE):
        folder = tmp_path / place.folder
        (folder / "data").mkdir(parents=True)
        names = NAMES[:1] if kind == "yaml" else NAMES
        for name in names:
            (folder / "data" / f"{name}.yaml").write_text(year_file(published(name)), "utf-8")
        how = ["--blank", "--year", "2024"] if kind == "blank" else ["data", "--to", kind]
        place.run(tmp_path, "sphinx_govreport", "export", *how, "--output", "out")
        out = folder / "out"
        files = [out] if out.is_file() else sorted(out.iterdir())
        written.append({path.name: path.read_bytes() for path in files})
    assert written[0] == written[1] != {}
