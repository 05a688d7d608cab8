"""The workflow of a public repository does the same as ``.ci/run``, and the matrix matches ``pyproject.toml``."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
JOBS: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text("utf-8"))["jobs"]


class Recorded:
    """A session of nox that keeps what it should run."""

    posargs: tuple[str, ...] = ()

    def __init__(self, python: str) -> None:
        self.python = python
        self.ran: tuple[str, ...] = ()

    def install(self, *_packages: str) -> None: ...

    def run(self, *command: str) -> None:
        self.ran = command


def sessions(tested: tuple[str, ...] = ()) -> ModuleType:
    """Return the sessions in which a cell has already passed all tests; with a stub of nox, which tests do not install."""
    nox = ModuleType("nox")
    vars(nox).update(
        Session=object,
        options=ModuleType("options"),
        session=lambda run: run,
        parametrize=lambda _names, _cells: lambda run: run,
    )
    spec = spec_from_file_location("noxfile", ROOT / "noxfile.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "nox", nox)
        patch.setenv("TESTED", " ".join(tested))
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def noxfile() -> ModuleType:
    return sessions()


def test_the_workflow_has_the_matrix(noxfile: ModuleType) -> None:
    assert [(cell["python"], cell["sphinx"]) for cell in JOBS["matrix"]["strategy"]["matrix"]["include"]] == noxfile.MATRIX


def test_the_workflow_has_every_step() -> None:
    (default,) = re.findall(r"\{\*:-(.*?)\}", (ROOT / ".ci/run").read_text("utf-8"))
    (run,) = (step["run"] for step in JOBS["checks"]["steps"] if "run" in step)
    assert [*run.split()[1:], "matrix"] == default.split()


def test_the_matrix_has_every_python_and_the_oldest_and_newest_sphinx(noxfile: ModuleType) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    promised = {name.rpartition(" ")[2] for name in project["classifiers"] if re.search(r"Python :: 3\.\d+$", name)}
    assert {python for python, _sphinx in noxfile.MATRIX} == promised
    oldest, below = re.fullmatch(r"sphinx>=([\d.]+),<(\d+)", project["dependencies"][0]).groups()  # type: ignore[union-attr]
    versions = [sphinx for _python, sphinx in noxfile.MATRIX]
    assert versions[0].startswith(f"{oldest}.")
    assert versions[-1].startswith(f"{int(below) - 1}.")


@pytest.mark.parametrize("is_there", [True, False])
def test_a_machine_without_the_newest_python_says_so_and_tests_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], is_there: bool
) -> None:
    if is_there:
        (tmp_path / "python3.14").touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = sessions()
    assert [python for python, _sphinx in found.HERE] == ["3.11", "3.11", "3.12", "3.13", *["3.14"] * is_there]
    assert ("NOT TESTED: Python 3.14" in capsys.readouterr().err) is not is_there
    assert vars(vars(found)["nox"].options)["error_on_missing_interpreters"], "all others must be there"


@pytest.mark.parametrize(("tested", "whole"), [
    ((), {"3.11", "3.12", "3.13", "3.14"}), (("3.13", "9.2.0"), {"3.11", "3.14"}), (("3.11", "8.2.3"), {"3.12", "3.13", "3.14"}), (("3.14", "9.2.0"), {"3.11"}),
])  # fmt: skip
def test_every_test_runs_once_on_each_python_that_does_not_lie_between_two_others(
    noxfile: ModuleType, tested: tuple[str, ...], whole: set[str]
) -> None:
    cells = [cell for cell in noxfile.MATRIX if cell != tested]
    all_tests_pass = sessions(tested).all_tests_pass
    ran = [python for python, sphinx in cells if not all_tests_pass(python, sphinx)]
    assert sorted(ran) == sorted(whole)


@pytest.mark.parametrize(("tested", "whole"), [((), True), (("3.11", "8.2.3"), False)])
def test_where_all_tests_ran_only_those_of_sphinx_run_again(
    monkeypatch: pytest.MonkeyPatch, tested: tuple[str, ...], whole: bool
) -> None:
    monkeypatch.chdir(ROOT)
    found = sessions(tested)
    session = Recorded("3.11")
    found.tests(session, "8.2.3")
    assert ("tests/ext/test_builds.py" in session.ran) is not whole


def test_tests_of_sites_run_with_every_sphinx(noxfile: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    chosen = noxfile.with_sphinx()
    assert {"tests/ext/test_builds.py", "tests/docs/test_tutorial.py", "tests/core/test_explanations.py"} <= set(chosen)
    assert "tests/core/test_checks.py" not in chosen
    for path in (ROOT / "tests").rglob("test_*.py"):
        if "browser" not in path.parts and path.relative_to(ROOT).as_posix() not in chosen:
            imported = re.findall(r"^(?:from|import) (\S+)", path.read_text("utf-8"), flags=re.MULTILINE)
            assert not any(
                name.split(".")[0] in {"sphinx", "docutils"} or name.startswith("sphinx_govreport.ext") for name in imported
            )


def test_tests_of_browsers_are_where_they_are_looked_for() -> None:
    marked = [path for path in (ROOT / "tests").rglob("test_*.py") if f"mark.{'browser'}" in path.read_text("utf-8")]
    assert {path.parent.relative_to(ROOT).as_posix() for path in marked} == {"tests/browser"}
    assert "-m browser tests/browser\n" in (ROOT / "Makefile").read_text("utf-8")


def test_the_matrix_leaves_out_what_runs_nowhere_by_default_and_what_one_run_shows(noxfile: ModuleType) -> None:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]
    never = [mark for mark in noxfile.LEFT_OUT if mark not in ("once", "broad")]
    assert options["addopts"][-1].split(" and ") == [f"not {mark}" for mark in never]
    (once,) = (mark for mark in options["markers"] if mark.startswith("once: "))
    assert once.endswith("the same with every version")
    (broad,) = (mark for mark in options["markers"] if mark.startswith("broad: "))
    assert broad.endswith("the matrix leaves it out")
    session = Recorded("3.12")
    noxfile.tests(session, "9.1.1")
    assert session.ran[session.ran.index("-m") + 1] == " and ".join(f"not {mark}" for mark in noxfile.LEFT_OUT)
