"""The layers: the core and the command know nothing of Sphinx, and messages are all translated."""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import sphinx_govreport
from sphinx_govreport.core.checks.rules import CHECKS, PAGE_CHECKS

PACKAGE = Path(sphinx_govreport.__file__).parent
CATALOG = PACKAGE / "locale/zh_CN/LC_MESSAGES/sphinx_govreport.po"


def test_core_and_command_import_neither_sphinx_nor_docutils() -> None:
    code = (
        "import sys, sphinx_govreport.cli, sphinx_govreport.core.html;"
        "print([name for name in sys.modules if name.split('.')[0] in ('sphinx', 'docutils')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_core_imports_nothing_that_stands_on_it() -> None:
    for path in (PACKAGE / "core").rglob("*.py"):
        if path == PACKAGE / "core/__init__.py":
            continue  # the door for other programs: it imports a name of any layer when it is used
        depth = len(path.relative_to(PACKAGE / "core").parts)  # how many dots lead out of the core's own packages
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level > depth:
                assert node.module is None, f"{path}: {node.module}"
                assert [alias.name for alias in node.names] == ["__version__"], path


def test_every_message_has_a_chinese_translation() -> None:
    with CATALOG.open("rb") as file:
        catalog = read_po(file)
    found = extract_from_dir(str(PACKAGE), keywords={"text": None}, method_map=[("**.py", "python")])
    messages = {message for _file, _line, message, _comments, _context in found}
    translated = {message.id: message.string for message in catalog if message.id}
    assert messages == translated.keys()
    for message, translation in translated.items():
        assert _places(message) == _places(translation), message


def test_the_compiled_catalog_is_the_written_one() -> None:
    with CATALOG.open("rb") as po, CATALOG.with_suffix(".mo").open("rb") as mo:
        written = {m.id: m.string for m in read_po(po) if m.id}
        compiled = {m.id: m.string for m in read_mo(mo) if m.id}
    assert compiled == written


def _places(template: str) -> set[str | None]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(template)} - {None}


def test_every_check_has_its_line_in_the_documentation() -> None:
    written = (Path(__file__).parents[2] / "docs/reference/checks.md").read_text("utf-8")
    listed = re.findall(r"^\| `([a-z-]+)` \| (error|warning|hint) \|", written, flags=re.MULTILINE)
    assert dict(listed) == {rule.name: rule.severity.value for rule in (*CHECKS, *PAGE_CHECKS)}
