"""The layers: the core and the command know nothing of Sphinx, and the core nothing of what stands on it."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import sphinx_govreport

PACKAGE = Path(sphinx_govreport.__file__).parent


def test_core_and_command_import_neither_sphinx_nor_docutils() -> None:
    code = (
        "import sys, sphinx_govreport.cli, sphinx_govreport.core.tables.html;"
        "print([name for name in sys.modules if name.split('.')[0] in ('sphinx', 'docutils')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_extension_imports_what_few_builds_need_only_for_them() -> None:
    few = "core.chart core.meta_tags core.paper core.rollup core.series core.svg exporters.paste exporters.published ext.search"
    names = {"yaml", *(f"sphinx_govreport.{name}" for name in few.split())}
    assert all(map(find_spec, names))
    code = "import sys, sphinx_govreport.ext; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert names.intersection(run.stdout.split()) == set()


def test_the_core_imports_nothing_that_stands_on_it() -> None:
    for path in (PACKAGE / "core").rglob("*.py"):
        if path == PACKAGE / "core/__init__.py":
            continue  # the door for other programs: it imports a name of any layer when it is used
        depth = len(path.relative_to(PACKAGE / "core").parts)  # how many dots lead out of the core's own packages
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level > depth:
                assert node.module is None, f"{path}: {node.module}"
                assert [alias.name for alias in node.names] == ["__version__"], path
