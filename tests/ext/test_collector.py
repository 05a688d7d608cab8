"""What the garbage collector has to look at during a build, and after it."""

from __future__ import annotations

import gc

import pytest

from tests.conftest import CONF, Project

WATCH = """
import gc, pathlib
def setup(app):
    app.connect("builder-inited", lambda app: pathlib.Path(app.confdir, "frozen-before").write_text(str(gc.get_freeze_count())), 1)
    app.connect("env-before-read-docs", lambda app, env, docnames: pathlib.Path(app.confdir, "frozen").write_text(str(gc.get_freeze_count())))
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
    before, then = (int((watched.folder / name).read_text()) for name in ("frozen-before", "frozen"))
    assert 10_000 < before < then, "modules while Sphinx reads what it remembers, then that and the reports too"
    assert gc.get_freeze_count() == 0


def test_a_build_that_fails_gives_everything_back(watched: Project) -> None:
    watched.write(
        "conf.py",
        f"{(watched.folder / 'conf.py').read_text()}def setup(app):\n    app.connect('env-updated', fail)\ndef fail(app, env):\n    raise ValueError\n",
    )
    with pytest.raises(Exception, match="env-updated"):
        watched.build()
    assert gc.get_freeze_count() == 0


def test_somebody_elses_order_is_kept(watched: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    gc.freeze()
    try:
        watched.build()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
