"""Supported versions: the same in the metadata, in the matrix of CI and on the pages, and with a reason for each bound."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.project.test_ci import sessions

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "pyproject.toml").read_text("utf-8")
REQUIREMENTS = TEXT.split("[project.scripts]")[0]
PROJECT = tomllib.loads(TEXT)["project"]


def pythons() -> list[str]:
    """Return the versions of Python in the classifiers, oldest first."""
    found = [re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", name) for name in PROJECT["classifiers"]]
    return [match[1] for match in found if match]


def without_reason(text: str) -> list[str]:
    """Return the lines with a bound that have no comment, neither behind nor on the line before."""
    lines = text.splitlines()
    bounds = [number for number, line in enumerate(lines) if re.search(r'"[\w.-]+(\[[\w,-]+\])?[<>=!~]', line)]
    return [lines[number] for number in bounds if "# " not in lines[number] and not lines[number - 1].startswith("# ")]


def test_each_bound_has_a_reason() -> None:
    assert without_reason(REQUIREMENTS) == []
    assert len(re.findall(r'"[\w.-]+(?:\[[\w,-]+\])?>=', REQUIREMENTS)) > 30, "they are found"


def test_a_bound_without_a_reason_is_found() -> None:
    assert without_reason('a = 1\nb = ["sphinx<10", "x"]\n# why\nc = ["sphinx>=8"]\n') == ['b = ["sphinx<10", "x"]']
    assert without_reason('[\n  "sphinx>=8.2", # why\n  "docutils>=0.21",\n]') == ['  "docutils>=0.21",']


def test_classifiers_and_matrix_have_the_same_versions_of_python() -> None:
    assert PROJECT["requires-python"] == f">={pythons()[0]}"
    assert list(dict.fromkeys(python for python, _sphinx in sessions().MATRIX)) == pythons()


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("README.md", "Python {first} to {last} and Sphinx {oldest} to {newest}.x."),
        ("docs/project/maintenance.md", "| Python | {first} to {last} |"),
        ("docs/project/maintenance.md", "| Sphinx | {oldest} to {newest}.x |"),
        ("README.zh-CN.md", "支持 Python {first} 至 {last}、Sphinx {oldest} 至 {newest}.x。"),
    ],
)
def test_the_pages_have_the_versions_of_the_metadata(page: str, sentence: str) -> None:
    (bounds,) = (re.fullmatch(r"sphinx>=([\d.]+),<(\d+)", one) for one in PROJECT["dependencies"] if one.startswith("sphinx"))
    assert bounds
    first, *_others, last = pythons()
    assert sentence.format(first=first, last=last, oldest=bounds[1], newest=int(bounds[2]) - 1) in (ROOT / page).read_text(
        "utf-8"
    )
    versions = [sphinx for _python, sphinx in sessions().MATRIX]
    assert versions[0].startswith(f"{bounds[1]}.")
    assert versions[-1].split(".")[0] == str(int(bounds[2]) - 1)
