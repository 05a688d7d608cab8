"""The version matrix: every supported Sphinx on a Python that it runs on."""

import os
import re
import shutil
import sys
from pathlib import Path

import nox

nox.options.error_on_missing_interpreters = True

MATRIX = [("3.11", "8.2.3"), ("3.11", "9.0.4"), ("3.12", "9.1.1"), ("3.13", "9.2.0"), ("3.14", "9.2.0")]
#: not all machines have it yet: without it, the matrix says so and tests the others
OPTIONAL = "3.14"
HERE = [one for one in MATRIX if one[0] != OPTIONAL or shutil.which(f"python{OPTIONAL}")]
if HERE != MATRIX:
    print(f"NOT TESTED: Python {OPTIONAL}, which this machine does not have.", file=sys.stderr)
#: Python and Sphinx of an environment in which all tests have passed already, such as “3.11 9.0.4”
TESTED = tuple(os.environ.get("TESTED", "").split())
#: tests that do not run in the matrix: those that never do by default, those whose result no version changes, and those that
#: try more figures on lines that other tests run too
LEFT_OUT = ("slow", "pdf", "browser", "once", "broad")


def with_sphinx() -> list[str]:
    """Return the tests that another Sphinx can change: those of the extension, and those elsewhere that build a site."""
    paths = (path for path in Path("tests").rglob("test_*.py") if "browser" not in path.parts)
    return sorted(str(path) for path in paths if path.parts[1] == "ext" or _builds(path))


def _builds(path: Path) -> bool:
    """Whether a file runs Sphinx or uses a site; the command ``sphinx-govreport`` is neither."""
    return re.search(r"\b(sphinx(?!-govreport\b)|[Pp]roject|[Bb]uild)\b", path.read_text("utf-8")) is not None


def all_tests_pass(python: str, sphinx: str) -> bool:
    """Whether all tests run before this, on this Python, or on an older one and a newer one.

    What an older Python has and a newer one does not warn of, the one between them has too: warnings are errors in tests.
    """
    before = [_number(cell[0]) for cell in (TESTED, *MATRIX[: MATRIX.index((python, sphinx))]) if cell]
    return bool(before) and min(before) <= _number(python) <= max(before)


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


@nox.session
@nox.parametrize(("python", "sphinx"), [one for one in HERE if one != TESTED])
def tests(session: nox.Session, sphinx: str) -> None:
    """Run the tests with one Sphinx; where all of them ran on others already, only those that Sphinx can change."""
    session.install(".[test]", f"sphinx=={sphinx}", "--quiet")
    chosen = session.posargs or (with_sphinx() if all_tests_pass(str(session.python), sphinx) else [])
    marked = " and ".join(f"not {mark}" for mark in LEFT_OUT)
    session.run("pytest", "-n", "auto", "--dist", "loadgroup", "-q", "-m", marked, *chosen)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation with warnings as errors."""
    session.install(".[docs]", "--quiet")
    session.run("sphinx-build", "-q", "-nW", "docs", f"{session.create_tmp()}/html")
