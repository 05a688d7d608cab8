"""What the garbage collector has to look at during a build, and after it."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from sphinx_govreport.ext import collector, doctrees
from tests.conftest import CONF, Project

WATCH = """
import gc, pathlib
def setup(app):
    app.connect("builder-inited", lambda app: pathlib.Path(app.confdir, "frozen-before").write_text(str(gc.get_freeze_count())), 1)
    app.connect("env-before-read-docs", lambda app, env, docnames: pathlib.Path(app.confdir, "frozen").write_text(str(gc.get_freeze_count())))
    app.connect("env-before-read-docs", lambda app, env, docnames: pathlib.Path(app.confdir, "young").write_text(str(gc.get_threshold()[0])))
    app.connect("doctree-resolved", lambda app, tree, docname: pathlib.Path(app.confdir, "frozen-after").write_text(str(gc.get_freeze_count())), 901)
    app.connect("doctree-resolved", lambda app, tree, docname: pathlib.Path(app.confdir, "later").write_text(str(gc.get_threshold()[0])))
"""


@pytest.fixture
def watched(project: Project) -> Project:
    project.write("watch.py", WATCH)
    path = f"import sys\nsys.path.insert(0, {str(project.folder)!r})\n"
    project.write("conf.py", f"{path}{CONF}extensions.append('watch')\n")
    project.write("index.md", "# 页\n")
    return project


def test_what_start_up_made_is_left_alone_until_the_end(watched: Project) -> None:
    watched.report("suqian-2024")
    watched.build()
    before, then, after = (int((watched.folder / name).read_text()) for name in ("frozen-before", "frozen", "frozen-after"))
    assert 10_000 < before < then, "modules while Sphinx reads what it remembers, then that and reports"
    assert after <= then, (
        "not pages: what is left alone keeps alive what is made for it, and pages die while others are written"
    )
    assert gc.get_freeze_count() == 0


@pytest.mark.parametrize(("large", "expected"), [(8, [0, 3]), (10, [0]), (30, [])])
def test_a_large_site_gets_memory_back_before_pages_are_written_and_behind_their_list(
    watched: Project, large: int, expected: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctrees, "_LARGE", large)
    monkeypatch.setattr(collector, "_HUGE", large + 2)
    pages = [f"page{number}" for number in range(9)]
    for page in pages:
        watched.write(f"{page}.md", f"---\norphan: true\n---\n# {page}\n")
    watched.write("conf.py", f"{(watched.folder / 'conf.py').read_text()}{COUNTING}")
    watched.build()
    full = watched.folder / "conf.py-full"
    found = [tuple(map(int, one.split())) for one in full.read_text().split(";")[:-1]] if full.exists() else []
    assert [written for written, _read, _resolved in found] == expected
    then, after = (int((watched.folder / name).read_text()) for name in ("frozen", "frozen-after"))
    assert (after > then) == bool(expected), "what is known of a large site's pages is left alone too while they are written"
    for written, read, resolved in found:
        assert read <= 1, "no doctree is kept from reading to writing; one Sphinx has the last in its parser"
        assert resolved <= min(written, 2), (
            "that of the page that is written, and of the one before, which one Sphinx's writer has"
        )


def test_the_list_of_thousands_of_pages_is_not_gone_over_while_it_is_written(
    watched: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collector, "_HUGE", 5)
    for number in range(4):
        watched.write(f"page{number}.md", f"---\norphan: true\n---\n# {number}\n")
    watched.write("conf.py", f"{(watched.folder / 'conf.py').read_text()}{THRESHOLDS}")

    def young() -> list[str]:
        return (watched.folder / "thresholds").read_text("utf-8").splitlines()

    watched.build()
    assert young() == ["index 1000000", "page0 1000000", "page1 2000", "page2 2000", "page3 2000"]
    (watched.folder / "thresholds").unlink()
    watched.write("page1.md", "---\norphan: true\n---\n# 又\n")
    watched.build()
    assert young() == ["page1 2000"], "nothing rests without the list"


THRESHOLDS = """
import gc, pathlib
def setup(app):
    app.connect('doctree-resolved', note, 902)
def note(app, tree, docname):
    with pathlib.Path(app.confdir, 'thresholds').open('a') as file:
        print(docname, gc.get_threshold()[0], file=file)
"""

COUNTING = """
import gc, weakref
read, resolved = [], []
def setup(app):
    app.connect('doctree-read', lambda app, tree: read.append(weakref.ref(tree)))
    app.connect('doctree-resolved', lambda app, tree, docname: resolved.append(weakref.ref(tree)))
    app.connect('env-before-read-docs', lambda *event: gc.callbacks.append(full))
    app.connect('build-finished', lambda *event: gc.callbacks.remove(full), 1)
def full(phase, info):
    if phase == 'stop' and info['generation'] == 2:
        living = [sum(tree() is not None for tree in trees) for trees in (read, resolved)]
        with open(f'{__file__}-full', 'a') as file:
            file.write(f'{len(resolved)} {living[0]} {living[1]};')
"""


@pytest.mark.parametrize("builder", ["html", "singlehtml", "text", "latex"])
def test_a_large_site_is_built_as_a_small_one(reports: Project, builder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    small = reports.build(builder, out="small").files()
    monkeypatch.setattr(doctrees, "_LARGE", 1)
    assert reports.build(builder, out="large").files() == small


def test_a_build_that_fails_gives_everything_back(watched: Project) -> None:
    watched.write(
        "conf.py",
        f"{(watched.folder / 'conf.py').read_text()}def setup(app):\n    app.connect('env-updated', fail)\ndef fail(app, env):\n    raise ValueError\n",
    )
    with pytest.raises(Exception, match="env-updated"):
        watched.build()
    assert gc.get_freeze_count() == 0


def test_a_sphinx_that_never_builds_is_forgotten_by_the_next(watched: Project) -> None:
    before = gc.get_threshold()
    conf = (watched.folder / "conf.py").read_text()
    watched.write(
        "conf.py", f"{conf}def setup(app):\n    app.connect('builder-inited', fail)\ndef fail(app):\n    raise ValueError\n"
    )
    with pytest.raises(Exception, match="builder-inited"):
        watched.build()
    assert gc.get_freeze_count() > 0
    watched.write("conf.py", conf)
    watched.build()
    assert (gc.get_freeze_count(), gc.get_threshold()) == (0, before)


def test_somebody_elses_order_is_kept(watched: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    gc.freeze()
    try:
        watched.build()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_pages_are_not_looked_at_in_their_midst_and_others_find_the_collector_as_it_was(watched: Project) -> None:
    before = gc.get_threshold()
    watched.build()
    young, later = (int((watched.folder / name).read_text()) for name in ("young", "later"))
    assert young > later >= before[0]
    assert gc.get_threshold() == before


@pytest.mark.parametrize("young", [0, 9_000])
def test_somebody_elses_threshold_is_kept(watched: Project, young: int) -> None:
    before = gc.get_threshold()
    gc.set_threshold(young, *before[1:])
    try:
        watched.build()
        assert int((watched.folder / "young").read_text()) == young
    finally:
        gc.set_threshold(*before)


ENDING = """
import atexit, gc, sys
searched = []
atexit.register(lambda: print(len(searched), gc.get_freeze_count()))  # called last
from sphinx.cmd.build import main
failed = main(sys.argv[1:])
gc.callbacks.append(lambda phase, info: phase == "start" and searched.append(info))
sys.exit(failed)
"""
LEFT = {
    "nothing": ("None", True),
    "a file that only the collector finds": ("open(path, 'w')", False),
    "a file that is closed": ("open(path, 'w').close()", True),
    "a file that is read": ("open(__file__)", True),
    "a text in memory": ("io.StringIO()", True),
    "a stream without a file": ("io.TextIOWrapper(io.BytesIO())", False),
    "a stream that has lost its file": ("[stream := io.TextIOWrapper(open(path, 'wb')), stream.detach().close()]", False),
    "a stream that was never finished": ("gzip.GzipFile.__new__(gzip.GzipFile)", False),
    "an archive": ("zipfile.ZipFile(path, 'w')", False),
}


@pytest.mark.parametrize("left", LEFT)
def test_a_process_ends_without_a_search_unless_something_waits_to_be_found(project: Project, left: str) -> None:
    expression, is_soon = LEFT[left]
    project.write("left.py", f"{KEEPING}{expression}\n")
    project.write("conf.py", f"import sys\nsys.path.insert(0, {str(project.folder)!r})\n{CONF}extensions.append('left')\n")
    project.write("index.md", "# 页\n")
    command = [sys.executable, "-c", ENDING, "-q", str(project.folder), str(project.folder / "out")]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    searched, frozen = map(int, ended.stdout.split())
    assert (searched, frozen > 50_000) == ((0, True) if is_soon else (1, False)), "Python searches what is left four times"
    assert "Traceback" not in ended.stderr


def test_what_waits_but_belongs_to_nobody_has_its_last_word(project: Project) -> None:
    project.write("left.py", LAST_WORD)
    project.write("conf.py", f"import sys\nsys.path.insert(0, {str(project.folder)!r})\n{CONF}extensions.append('left')\n")
    project.write("index.md", "# 页\n")
    command = [sys.executable, "-c", ENDING, "-q", str(project.folder), str(project.folder / "out")]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    searched, frozen = map(int, ended.stdout.split())
    assert (project.folder / "left-open").read_text() == "written"
    assert (searched, frozen > 50_000) == (1, True), "then nothing is left that waits"


LAST_WORD = """
import gc, pathlib
class Kept:
    def __init__(self, path):
        self.path, self.itself = path, self
    def __del__(self):
        self.path.write_text("written")
def setup(app):
    app.connect("build-finished", leave, 1_000)
def leave(app, exception):
    gc.disable()  # else Python may find it before the end
    Kept(pathlib.Path(app.confdir, "left-open"))
"""
KEEPING = """
import gzip, io, pathlib, zipfile
class Kept:
    pass
def setup(app):
    path = pathlib.Path(app.confdir, "left-open")
    kept = app.kept = Kept()
    kept.itself = kept  # a cycle: only the collector finds it
    kept.left = """


def test_a_file_that_nobody_closes_is_written_as_without_us(project: Project) -> None:
    project.write("left.py", f"{KEEPING}open(path, 'w')\n    kept.left.write('written')\n")
    project.write("conf.py", f"import sys\nsys.path.insert(0, {str(project.folder)!r})\n{CONF}extensions.append('left')\n")
    project.write("index.md", "# 页\n")
    subprocess.run([sys.executable, "-m", "sphinx", "-q", str(project.folder), str(project.folder / "out")], check=True)
    assert (project.folder / "left-open").read_text() == "written"
