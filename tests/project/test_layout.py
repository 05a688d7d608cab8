"""CONTRIBUTING.md prints the actual layout of the package."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "sphinx_govreport"


def printed() -> dict[str, str]:
    """Return the packages listed on the page, with their descriptions."""
    (block,) = re.findall(
        r"```text\nsphinx_govreport/\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), flags=re.DOTALL
    )
    found: dict[str, str] = {}
    parents: list[str] = []
    for line in block.splitlines():
        name, about = re.fullmatch(r"( +\S+/) +(\S.*)", line).groups()  # type: ignore[union-attr]
        depth = (len(name) - len(name.lstrip())) // 2
        parents[depth - 1 :] = [name.strip(" /")]
        found["/".join(parents)] = about
    return found


def actual() -> dict[str, str]:
    """Return the existing packages, with the first line of their docstrings."""
    files = (path for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE)
    docs = {
        path.parent.relative_to(PACKAGE).as_posix(): ast.get_docstring(ast.parse(path.read_text("utf-8"))) for path in files
    }
    return {name: (doc or "").splitlines()[0] for name, doc in docs.items()}


#: folders, and the usual files
TOP = {
    "docs", "example_site", "sphinx_govreport", "tests", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md",
    "README.zh-CN.md", "SECURITY.md", "noxfile.py", "pyproject.toml",
}  # fmt: skip


def test_nothing_else_is_at_the_top() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.splitlines()
    there = {name.partition("/")[0] for name in listed} or {path.name for path in ROOT.iterdir()} - {"PKG-INFO", "__pycache__"}
    assert {name for name in there if not name.startswith(".")} == TOP


def test_the_layout_is_the_one_that_is_printed() -> None:
    assert {name: about for name, about in printed().items() if (PACKAGE / name / "__init__.py").exists()} == actual()


def test_folders_of_data_are_printed_too() -> None:
    assert {name for name in printed() if name not in actual()} == {"forms", "locale", "static"}


def test_packages_say_what_they_import() -> None:
    for path in PACKAGE.rglob("__init__.py"):
        if path.parent != PACKAGE:
            assert "\nImports " in (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""), path


def test_no_two_classes_have_one_name() -> None:
    homes: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name.lstrip("_"), []).append(path.relative_to(PACKAGE).as_posix())
    assert {name: places for name, places in homes.items() if len(places) > 1} == {}
