"""Installation: the page lists every extra with its libraries, and what is required."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.docs.editions import DOCS

pytestmark = pytest.mark.once

PAGE = (DOCS / "start/installation.md").read_text("utf-8")
PROJECT = tomllib.loads((DOCS.parent / "pyproject.toml").read_text("utf-8"))["project"]
#: what contributors install
OURS = {"test", "test-scale", "lint", "fuzz", "example", "docs", "mutation", "package", "browser", "dev"}


def name(requirement: str) -> str:
    return re.split(r"[<>=\[ ]", requirement)[0]


def test_every_extra_is_listed_with_its_libraries() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \|.*\| ([^|]*) \|$", PAGE, flags=re.MULTILINE)
    listed = {extra: set(re.findall(r"`(.+?)`", libraries)) for extra, libraries in rows}
    extras = {extra: needed for extra, needed in PROJECT["optional-dependencies"].items() if extra not in OURS}
    assert listed == {extra: {name(one) for one in needed} - {PROJECT["name"]} for extra, needed in extras.items()}


def test_the_required_packages_and_pythons_are_named() -> None:
    assert {name(one) for one in PROJECT["dependencies"]} == {"sphinx", "docutils", "pyyaml", "myst-parser"}
    assert "Sphinx, docutils, PyYAML and MyST-Parser are installed automatically." in PAGE
    pythons = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", line)]
    assert f"| Python | {', '.join(pythons[:-1])} or {pythons[-1]} |" in PAGE
