"""The tools with which the sites are built, installed into the benchmark's folder. Unavailable tools are reported."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.measured import environment
from tests.benchmarks.ways import WAYS, Tools

ROOT = Path(__file__).parents[2]
BASE = ("sphinx", "docutils", "myst-parser", "pyyaml", "sphinx-govreport")
PIP = {
    "sphinxcontrib-datatemplates": ("sphinxcontrib-datatemplates",),
    "sphinx-needs": ("sphinx-needs",),
    "mkdocs-macros-plugin": ("mkdocs", "mkdocs-macros-plugin"),
}
NPM = {"eleventy": ("@11ty/eleventy@3", "js-yaml@4")}


class Workshop(NamedTuple):
    """The tools, their versions, and missing tools."""

    tools: Tools
    versions: dict[str, str]
    missing: dict[str, str]  #: by peer: the reason


def equip(folder: Path, ways: Iterable[str]) -> Workshop:
    """Install the tools. All generators use the same Sphinx, so that none has a newer version."""
    peers = sorted({WAYS[name].peer for name in ways} - {""})
    tools = Tools(folder / "venv/bin/python", folder / "node_modules")
    if not tools.python.exists():
        _run([sys.executable, "-m", "venv", str(folder / "venv")])
    versions = {"Python": platform.python_version()} | _pip(tools.python, BASE, ["-e", str(ROOT)])
    missing: dict[str, str] = {}
    for peer in peers:
        try:
            versions |= _install(peer, tools)
        except (OSError, subprocess.CalledProcessError) as error:
            missing[peer] = _reason(error)
    return Workshop(tools, versions, missing)


def _install(peer: str, tools: Tools) -> dict[str, str]:
    if peer in PIP:
        return _pip(tools.python, PIP[peer], list(PIP[peer]))
    if peer in NPM:
        return _npm(tools.node_modules, NPM[peer])
    program = shutil.which(peer)
    if program is None:
        raise FileNotFoundError(f"there is no program “{peer}”; it is a package of the system")
    return {peer: _run([program, "version"]).split()[1]}


def _pip(python: Path, names: tuple[str, ...], wanted: list[str]) -> dict[str, str]:
    """Install packages and return their versions."""
    asked = f"from importlib.metadata import version\nfor name in {names}: print(version(name))"
    try:
        found = _run([str(python), "-c", asked])
    except subprocess.CalledProcessError:
        _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted])
        found = _run([str(python), "-c", asked])
    return dict(zip(names, found.split(), strict=True))


def _npm(node_modules: Path, wanted: tuple[str, ...]) -> dict[str, str]:
    names = [name.rpartition("@")[0] for name in wanted]
    described = [node_modules / name / "package.json" for name in names]
    if not all(path.exists() for path in described):
        quiet = ["--silent", "--no-fund", "--no-audit", "--no-save"]
        _run(["npm", "install", *quiet, "--prefix", str(node_modules.parent), *wanted])
    found = {name: json.loads(path.read_text("utf-8"))["version"] for name, path in zip(names, described, strict=True)}
    return {"Node.js": _run(["node", "--version"]).strip().lstrip("v")} | found


def _run(command: list[str]) -> str:
    return subprocess.run(command, check=True, env=environment(), capture_output=True, text=True).stdout


def _reason(error: OSError | subprocess.CalledProcessError) -> str:
    written = error.stderr if isinstance(error, subprocess.CalledProcessError) else str(error)
    return (written or str(error)).strip().splitlines()[-1]
