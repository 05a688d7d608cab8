"""Commands killed at random moments: no file is half written, and the same command again does what it would have done.

Half of them are killed after a random time; the others when they open, rename or remove their nth file, so that also the short
moments between two files are found.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory, mkdtemp
from typing import NamedTuple

from sphinx_govreport.core.files import PARTIAL
from tests.conftest import CONF, Project
from tests.fuzz.edits import different
from tests.importers import written
from tests.published import published, year_file

SECONDS = 600  #: for one input

_SPHINX = ["sphinx", "-q", "-d", "out/trees", "-b"]
_OURS = "sphinx_govreport"
#: by name: a module and its arguments
COMMANDS = {
    **{name: [*_SPHINX, name, "site", f"out/{name}"] for name in ("html", "dirhtml", "text", "epub", "latex", "govfragment", "govword")},
    "html parallel": [*_SPHINX, "html", "-j", "2", "site", "out/html"],
    "check": [_OURS, "check", "site/data", "--format", "sarif", "--output", "found.sarif", "--cache", "cache.db"],
    "check junit": [_OURS, "check", "site/data", "--format", "junit", "--output", "found.xml"],
    "import": [_OURS, "import", "published/suqian-2024.html", "-o", "new/2024.yaml", "--page", "new/2024.md"],
    "import many": [_OURS, "import", "published", "-o", "new"],
    "export csv": [_OURS, "export", "--to", "csv", "site/data", "--output", "out.csv"],
    "export parquet": [_OURS, "export", "--to", "parquet", "site/data", "--output", "out.parquet"],
    "export xlsx": [_OURS, "export", "--to", "xlsx", "site/data/suqian-2024.yaml", "--output", "out.xlsx"],
    "export docx": [_OURS, "export", "--to", "docx", "site/data/suqian-2024.yaml", "--output", "out.docx"],
    "export datapackage": [_OURS, "export", "--to", "datapackage", "site/data", "--output", "package"],
    "pack": [_OURS, "pack", "built", "-o", "site.zip"],
    "new": [_OURS, "new", "2025", "--from", "site/data/suqian-2024.yaml", "--output", "new/2025.yaml"],
    "new-site": [_OURS, "new-site", "new", "--agency", "某局", "--year", "2024"],
    "rollup": [_OURS, "rollup", "site/data/suqian-2024.yaml", "--agency", "某省", "-o", "sum.yaml"],
    "schema": [_OURS, "schema", "--output", "schema.json"],
}  # fmt: skip
_BESIDE = ("site/", "published/", "built/", "out/trees/", "cache.db")
#: files that Sphinx writes, also in part; the next build writes them again
_OF_SPHINX = re.compile(r"out/trees/|out/(?!.*(^|/)gov)")
_STOP = """\
import os, runpy, signal, sys
left = int(sys.argv.pop(1))
def count(event, arguments):
    global left
    if event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir") or (event == "open" and (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR)):
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
module = sys.argv.pop(1)
sys.addaudithook(count)
sys.argv.insert(0, module)
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""


class Killed(NamedTuple):
    """An input: a command, whether it ran before, and when it is killed: a share of its time, or at which file."""

    command: str
    is_again: bool
    share: float
    number: int


def make(rng: Random) -> Killed:
    """Return a command and a moment."""
    return Killed(
        rng.choice([*COMMANDS]),
        rng.random() < 0.5,
        rng.uniform(0.1, 1.05),
        rng.choice((0, rng.randrange(1, 12), rng.randrange(1, 80))),
    )


@cache
def prepared() -> Path:
    """Return a folder with everything that the commands read."""
    folder = Path(mkdtemp())
    project = Project(folder / "site")
    off = dict.fromkeys(("carried-over", "not-filled", "in-force"), "off")
    project.write(
        "conf.py",
        f'{CONF}govreport_severity = {off}\ngovreport_downloads = ["csv", "json", "html", "yaml"]\nhtml_last_updated_fmt = None\n',
    )
    body = "```{gov-disclosure-table}\n```\n\n```{gov-check-table}\n```\n\n```{gov-report-list}\n```\n\n```{gov-trend-chart} requests-summary\n```\n"
    (folder / "published").mkdir()
    for name in ("suqian-2023", "suqian-2024"):
        project.report(name)
        project.page(f"{name}.md", "宿迁市", published(name).year, body)
        (folder / f"published/{name}.html").write_bytes(written.html(published(name)))
    project.write("index.md", "# 首页\n\n```{toctree}\nsuqian-2023\nsuqian-2024\n```\n")
    _run(folder, "-m", *_SPHINX, "html", "site", "built")
    shutil.rmtree(folder / "out")
    return folder


def _run(folder: Path, *arguments: str) -> list[str]:
    """Run Python to the end. Return the warnings of a build."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    done = subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()[-2000:]
    return sorted(done.stderr.decode().replace(str(folder), "").splitlines()) if "sphinx" in arguments else []


def _change(folder: Path, number: int) -> None:
    """Change a figure, so that everything is written again."""
    text = year_file(published("suqian-2024")).replace("issued: 2\n", f"issued: {number}\n", 1)
    (folder / "site/data/suqian-2024.yaml").write_text(text, "utf-8")


def files_in(folder: Path) -> dict[str, bytes]:
    """Return what was written, but for the notes and caches of Sphinx and of the command. Sphinx's EPUB has the times of its files."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(_BESIDE) and not path.match(PARTIAL):
            found[name] = path.read_bytes()
            if name.endswith(".epub") and zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as book:
                    found[name] = repr([(one, book.read(one)) for one in book.namelist()]).encode()
    return found


def check(killed: Killed, *, thorough: bool = True) -> None:
    """Kill a command, look at its files, and run it again."""
    arguments = COMMANDS[killed.command]
    with TemporaryDirectory() as temporary:
        base, clean, place = (Path(temporary, name) for name in ("base", "clean", "place"))
        shutil.copytree(prepared(), base)
        if killed.is_again and not killed.command.startswith(("import", "new", "rollup")):  # those never write again
            _run(base, "-m", *arguments)
            _change(base, 3)
        before = files_in(base)
        shutil.copytree(base, clean)
        shutil.copytree(base, place)
        start = time.monotonic()
        warnings = _run(clean, "-m", *arguments)
        whole_time = time.monotonic() - start
        expected = files_in(clean)
        _kill(place, arguments, killed, whole_time)
        for name, body in files_in(place).items():
            assert _OF_SPHINX.match(name) or body in (before.get(name), expected.get(name)), f"{name} is half written"
        assert _run(place, "-m", *arguments) == warnings
        found = files_in(place)
        assert different(sorted(found), sorted(expected)) == [], killed
        for name, body in expected.items():
            assert different(found[name], body) == [], f"{name} after {killed}"


def _kill(folder: Path, arguments: list[str], killed: Killed, whole_time: float) -> None:
    """Run a command in a group of processes, all of which are killed; one that ends sooner does no harm."""
    how = ["-c", _STOP, str(killed.number), *arguments] if killed.number else ["-m", *arguments]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    process = subprocess.Popen(
        [sys.executable, *how],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    if not killed.number:
        time.sleep(whole_time * killed.share)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
