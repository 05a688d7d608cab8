"""The recipes of the documentation: the shell script is run, the others have its commands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.packs.conftest import Run

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
CI = (ROOT / "docs/reference/ci.md").read_text("utf-8")


def recipe(kind: str, heading: str) -> str:
    """Return the block below a heading."""
    (section,) = (part for part in CI.split("\n## ") if part.startswith(f"{heading}\n"))
    return section.partition(f"```{kind}\n")[2].partition("```")[0]


SHELL = recipe("sh", "Shell")
#: the formats of findings, and files with them, are the only difference between the recipes
OWN = re.compile(r" --format \w+| > findings\.\w+")


def commands(lines: list[str]) -> list[str]:
    """Return the commands of a recipe for the site; the method to set the time differs."""
    ours = (line for line in lines if line.startswith(("sphinx-", "python -m zipfile")))
    return list(dict.fromkeys(OWN.sub("", line) for line in ours))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The example site as checked out by CI."""
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "example_site", folder, ignore=shutil.ignore_patterns("_build"))
    when = "2025-01-02T03:04:05+08:00"
    environment = {**os.environ, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for command in (("init", "-q"), ("add", "-A"), (*identity, "commit", "-qm", "Approve")):
        subprocess.run(["git", *command], cwd=folder, env=environment, check=True)
    return folder


def execute(checkout: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("SOURCE_DATE_EPOCH", None)
    return subprocess.run(["sh", "-c", SHELL], cwd=checkout, env=environment, capture_output=True, text=True)


def test_the_shell_recipe_publishes_the_example_site(checkout: Path, run: Run) -> None:
    done = execute(checkout)
    assert done.returncode == 0, done.stderr
    assert (checkout / "public/reports/suqian-2024.html").is_file()
    packed, verified = (line for line in done.stdout.splitlines() if line.endswith("  MANIFEST.sha256"))
    assert packed == verified
    assert run("pack", "--verify", checkout / "site.zip")[1] == f"{packed}\n"


def test_the_shell_recipe_stops_at_an_error(checkout: Path) -> None:
    data = checkout / "data/suqian-2024.yaml"
    data.write_text(data.read_text("utf-8").replace("3525]", "3526]", 1), "utf-8")
    done = execute(checkout)
    assert done.returncode == 1
    assert "[row-total]" in done.stdout
    assert not (checkout / "_build").exists()
    assert not (checkout / "public").exists()


def test_the_other_recipes_have_the_commands_of_the_shell() -> None:
    ours = commands(SHELL.splitlines())
    assert len(ours) == 5
    github: dict[str, Any] = yaml.safe_load(recipe("yaml", "GitHub Actions"))
    steps = [step for job in ("build", "publish") for step in github["jobs"][job]["steps"]]
    assert commands([step["run"] for step in steps if "run" in step]) == ours
    gitlab: dict[str, Any] = yaml.safe_load(recipe("yaml", "GitLab CI"))
    assert commands([*gitlab["site"]["script"], *gitlab["pages"]["script"]]) == ours
    assert gitlab["stages"] == [gitlab["site"]["stage"], gitlab["pages"]["stage"]]
    for job in github["jobs"].values():
        assert all(("uses" in step) != ("run" in step) for step in job["steps"])
    for kind in ("github", "sarif", "junit"):
        assert f"check --strict --format {kind} data" in CI


@pytest.mark.parametrize(("kind", "file"), [("sarif", "findings.sarif"), ("junit", "findings.xml")])
def test_the_formats_of_the_recipes_are_written_where_they_are_looked_for(kind: str, file: str, checkout: Path) -> None:
    (line,) = {part for part in re.findall(r"sphinx-govreport check .*", CI) if f"--format {kind} " in part}
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(["sh", "-c", line], cwd=checkout, env=environment, check=True, capture_output=True)
    assert "jump" in (checkout / file).read_text("utf-8")
    assert re.search(rf"(sarif_file|junit): {re.escape(file)}", CI)
