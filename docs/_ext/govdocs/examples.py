"""An example of each message: its files, the command, and the output. All examples run in each build.

Each example is declared with its rule. All that need Sphinx are built in one site.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sphinx_govreport.cli import main
from sphinx_govreport.cli.rules import RULES
from sphinx_govreport.core.checks.registry import PAGE_CHECKS
from sphinx_govreport.core.diagnostics import Rule
from sphinx_govreport.core.examples import Example

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "data"
FILES = ("2023.yaml", "2024.yaml")  #: of the documentation's own data; every example begins with them
SOUND = (HERE / "sound.yaml").read_text("utf-8")
SOUND_PAGE = (HERE / "sound.md").read_text("utf-8")
CONF = HERE / "site_conf.py"
_BUILDERS = ("html", "govword")
_KEPT: list[tempfile.TemporaryDirectory[str]] = []  # until Python exits


class Shown(NamedTuple):
    """The parts of an example that the page prints."""

    files: tuple[tuple[str, str], ...]  #: name and content
    typed: str
    said: str  #: empty: the example does not produce its message


@cache
def examples(language: str) -> Mapping[str, Shown]:
    """Return all examples by rule, with messages in one language; they run in a separate process, apart from Sphinx."""
    command = [sys.executable, __file__, language]
    plain = {**os.environ, "NO_COLOR": "1"}  # Sphinx treats every CI as a terminal with colours
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=plain)  # noqa: S603
    return {rule: Shown(*shown) for rule, shown in json.loads(done.stdout).items()}


def run_all(language: str) -> Mapping[str, Shown]:
    """Run all examples in this process."""
    wanted = {rule.name: example_of(rule) for rule in RULES.values()}
    shown = {rule: _run(rule, one, language) for rule, one in wanted.items() if not one.is_site}
    return shown | _run_site({rule: dict(one.files) for rule, one in wanted.items() if one.is_site}, language)


def example_of(rule: Rule) -> Example:
    """Return the example of a rule: its own, or a sound file in which the correct text is replaced by the wrong one."""
    about = rule.explanation
    if about is None:
        raise ValueError(f"{rule.name} has no explanation")
    if about.example:
        return about.example
    last_year = ("data/2023.yaml", SOUND.replace("2024", "2023"))
    if rule in PAGE_CHECKS:
        files = (last_year, ("data/2024.yaml", SOUND), ("reports/2024.md", SOUND_PAGE))
        return Example(files, change=("reports/2024.md", about.right, about.wrong))
    key = about.right.partition(":")[0]
    (line,) = (line for line in SOUND.splitlines() if line.partition(":")[0] == key)
    files = (last_year, ("data/2024.yaml", SOUND.replace(line, about.right)))
    return Example(files, change=("data/2024.yaml", about.right, about.wrong))


def _run(rule: str, wanted: Example, language: str) -> Shown:
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        shutil.copytree(_prepared(wanted.before), name, dirs_exist_ok=True)
        files = dict(wanted.files)
        if any(file.startswith("data/") for file in files):
            shutil.rmtree("data")
        for file, text in files.items():
            _write(file, text, wanted.encoding)
        shown = [_changed(*wanted.change)] if wanted.change[0] else [*files.items()]
        pages = " ".join(file for file in files if file.endswith(".md"))
        typed = wanted.run or f"sphinx-govreport check data {pages}".strip()
        said = "".join(_type(line, language) for line in typed.splitlines())
    return Shown(tuple(shown), wanted.run, _line(said, rule))


@cache
def _prepared(before: str) -> str:
    """Return the path of a prepared folder; several examples begin with the same one."""
    folder = tempfile.TemporaryDirectory()
    _KEPT.append(folder)
    with contextlib.chdir(folder.name):
        for file in FILES:
            _write(f"data/{file}", (DATA / file).read_text("utf-8"))
        for line in filter(None, before.splitlines()):
            _type(line, "en")
    return folder.name


def _changed(file: str, old: str, new: str) -> tuple[str, str]:
    """Replace a text in a file; return the line to show."""
    text = Path(file).read_text("utf-8")
    if text.count(old) != 1:
        raise ValueError(f"{file} has {old!r} {text.count(old)} times")
    text = text.replace(old, new)
    _write(file, text)
    at = text.index(new)
    end = at + len(new)
    return file, text[text.rfind("\n", 0, at) + 1 : (text.find("\n", end) + 1 or len(text) + 1) - 1]


def _write(name: str, text: str, encoding: str = "utf-8") -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding)


def _type(line: str, language: str) -> str:
    """Return the output of a command line. The command itself runs in this process, because starting Python takes longer."""
    words = shlex.split(line)
    if words[0] == "sphinx-govreport":
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), contextlib.suppress(SystemExit):
            main(["--language", language, *words[1:]])
        return printed.getvalue()
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    line = line.replace("-m sphinx_govreport", f"-m sphinx_govreport --language {language}")
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, env=environment, check=False)  # noqa: S603, S607
    return done.stdout + done.stderr


def _run_site(wanted: Mapping[str, Mapping[str, str]], language: str) -> dict[str, Shown]:
    """Build one site with all the errors that can occur in sites."""
    conf = CONF.read_text("utf-8").replace("@language@", language)
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        for file in (*FILES, "wendeng-2020.yaml"):
            _write(f"data/{file}", (DATA / file).read_text("utf-8"))
        _write("index.md", "# Site\n\n```{toctree}\n:glob:\n\n*\n```\n")
        for files in wanted.values():
            for file, text in files.items():
                if file == "conf.py":
                    conf += text
                else:
                    _write(file, text)
        _write("conf.py", conf)
        said = "".join(_type(f"sphinx-build -q -b {builder} -d trees . _build/{builder}", language) for builder in _BUILDERS)
        said = said.replace(f"{os.getcwd()}/", "")
    return {rule: Shown(tuple(files.items()), "", _line(said, rule, next(iter(files)))) for rule, files in wanted.items()}


def _line(said: str, rule: str, place: str = "") -> str:
    """Return the first line with the message, from its location if that is known."""
    names = "|".join(map(re.escape, filter(None, (rule, RULES[rule].chinese))))
    lines = [line for line in said.splitlines() if re.search(rf"\[(govreport\.)?({names})\]$", line)]
    here = [line for line in lines if line.startswith(place)]
    return (here or lines or [""])[0]


if __name__ == "__main__":
    json.dump(run_all(sys.argv[1]), sys.stdout)
