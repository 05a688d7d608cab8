"""An example of each message: files that give it, what is typed, and what is then said. All of them are run on each build.

``examples.yaml`` has an entry for each rule. ``before`` is typed first and not shown, ``change`` gives a line of a file another
text, ``write`` makes files, ``run`` is typed then; without it data and pages are checked. ``site`` stands for files that Sphinx
builds, all at once.
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
from typing import Any, NamedTuple

import yaml

from sphinx_govreport.cli import main

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "data"
FILES = ("2023.yaml", "2024.yaml")  #: of the documentation's own data, that every example begins with
CONF = HERE / "site_conf.py"
_BUILDERS = ("html", "govword")
_KEPT: list[tempfile.TemporaryDirectory[str]] = []  # until Python ends


class Shown(NamedTuple):
    """What the page prints of an example."""

    files: tuple[tuple[str, str], ...]  #: name, and what is written there
    typed: str
    said: str  #: empty: the example does not give its message


@cache
def examples(language: str) -> Mapping[str, Shown]:
    """All examples by rule, with their messages in one language; run in a process of their own, apart from Sphinx."""
    command = [sys.executable, __file__, language]
    plain = {**os.environ, "NO_COLOR": "1"}  # Sphinx takes every CI for a terminal with colours
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=plain)  # noqa: S603
    return {rule: Shown(*shown) for rule, shown in json.loads(done.stdout).items()}


def run_all(language: str) -> Mapping[str, Shown]:
    """The same, here."""
    wanted: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "examples.yaml").read_text("utf-8"))
    alone = {rule: one for rule, one in wanted.items() if "site" not in one}
    shown = {rule: _run(rule, one, language) for rule, one in alone.items()}
    return shown | _run_site({rule: one["site"] for rule, one in wanted.items() if "site" in one}, language)


def _run(rule: str, wanted: Mapping[str, Any], language: str) -> Shown:
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        shutil.copytree(_prepared(wanted.get("before", "")), name, dirs_exist_ok=True)
        if wanted.get("alone"):
            shutil.rmtree("data")
        files = [*_changed(wanted.get("change", {})), *wanted.get("write", {}).items()]
        for file, text in wanted.get("write", {}).items():
            _write(file, text, wanted.get("encoding", "utf-8"))
        pages = " ".join(file for file, _ in files if file.endswith(".md"))
        typed = wanted.get("run", f"sphinx-govreport check data {pages}").strip()
        said = "".join(_type(line, language) for line in typed.splitlines())
    return Shown(tuple(files), typed if "run" in wanted else "", _line(said, rule))


@cache
def _prepared(before: str) -> str:
    """A folder as an example finds it: several begin alike."""
    folder = tempfile.TemporaryDirectory()
    _KEPT.append(folder)
    with contextlib.chdir(folder.name):
        for file in FILES:
            _write(f"data/{file}", (DATA / file).read_text("utf-8"))
        for line in filter(None, before.splitlines()):
            _type(line, "en")
    return folder.name


def _changed(changes: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """Files with a text in the place of another; what is shown is the line."""
    shown = []
    for file, (old, new) in changes.items():
        text = Path(file).read_text("utf-8")
        if text.count(old) != 1:
            raise ValueError(f"{file} has {old!r} {text.count(old)} times")
        text = text.replace(old, new)
        _write(file, text)
        at = text.index(new)
        end = at + len(new)
        line = text[text.rfind("\n", 0, at) + 1 : (text.find("\n", end) + 1 or len(text) + 1) - 1]
        shown.append((file, line))
    return shown


def _write(name: str, text: str, encoding: str = "utf-8") -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding)


def _type(line: str, language: str) -> str:
    """What a line of the terminal prints. The command itself runs here, because starting Python takes longer than it does."""
    words = shlex.split(line)
    if words[0] == "sphinx-govreport":
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), contextlib.suppress(SystemExit):
            main(["--language", language, *words[1:]])
        return printed.getvalue()
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, env=environment, check=False)  # noqa: S603, S607
    return done.stdout + done.stderr


def _run_site(wanted: Mapping[str, Mapping[str, str]], language: str) -> dict[str, Shown]:
    """Build one site with everything that is wrong in sites."""
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
    """The first line that has the message, from its place if that is known."""
    lines = [line for line in said.splitlines() if re.search(rf"\[(govreport\.)?{re.escape(rule)}\]$", line)]
    here = [line for line in lines if line.startswith(place)]
    return (here or lines or [""])[0]


if __name__ == "__main__":
    json.dump(run_all(sys.argv[1]), sys.stdout)
