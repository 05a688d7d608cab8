"""The worked examples of CONTRIBUTING.md, followed exactly in a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
NEEDED = ("sphinx_govreport", "tests", "docs", "example_site", "Makefile", "pyproject.toml", "README.md", "LICENSE")


class Step(NamedTuple):
    """A block of the page: a new file, a change to a file, or commands."""

    kind: str
    path: str  #: empty for commands
    body: str


def steps(heading: str) -> Iterator[Step]:
    """The blocks under a heading, in order."""
    (section,) = (
        part for part in (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("\n## ") if part.startswith(f"{heading}\n")
    )
    for match in re.finditer(
        r"(?:(?:New file|In) `([^`]+)`:\n\n)?^```(\w+)\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL
    ):
        yield Step(match[2], match[1] or "", match[3])


def copied(folder: Path) -> Path:
    """A checkout whose ``.venv`` is this Python."""
    project = folder / "project"
    project.mkdir()
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, project / name, ignore=shutil.ignore_patterns("_build", "__pycache__"))
        else:
            shutil.copy(source, project / name)
    python = project / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    for name in ("installed", "installed-test"):
        (project / ".venv" / name).touch()
    return project


def changed(text: str, diff: str) -> str:
    """Return a file with a change: lines with ``-`` and without a mark must occur exactly."""
    lines = [(line[:1] or " ", line[1:]) for line in diff.splitlines()]
    before, after = ("".join(f"{line}\n" for mark, line in lines if mark != other) for other in "+-")
    assert before
    assert text.count(before) == 1, f"stands {text.count(before)} times in the file:\n{before}"
    return text.replace(before, after)


def run(script: str, project: Path) -> None:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(project)}
    script = script.replace("/tmp/bureau", str(project / "bureau"))  # noqa: S108  (the path typed by a reader)
    done = subprocess.run(["sh", "-ec", script], cwd=project, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("heading", ["Add a form", "Add a rule", "Add an importer"])
def test_the_example_works_as_it_is_printed(heading: str, tmp_path: Path) -> None:
    project = copied(tmp_path)
    found = list(steps(heading))
    assert len(found) >= 4
    for step in found:
        path = project / step.path
        if step.kind == "sh":
            run(step.body, project)
        elif step.kind == "diff":
            path.write_text(changed(path.read_text("utf-8"), step.body), "utf-8")
        else:
            assert not path.exists()
            path.write_text(step.body, "utf-8")
