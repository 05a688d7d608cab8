"""Completion in real shells, on a terminal: subcommands, options, choices and files. CI installs all three shells."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sphinx_govreport.cli import main

SHELLS = {
    "bash": ("bash", "--norc", "--noprofile", "-i"),
    "zsh": ("zsh", "-f", "-i"),
    "fish": ("fish", "--no-config"),
}
#: the text typed before Tab, and the resulting line
COMPLETED = {
    "sphinx-govreport pac": "sphinx-govreport pack ",
    "sphinx-govreport pack --ver": "sphinx-govreport pack --verify ",
    "sphinx-govreport check --format ju": "sphinx-govreport check --format junit ",
    "sphinx-govreport check dat": "sphinx-govreport check data/",
}


class Shell:
    """A shell on a terminal, and its output."""

    def __init__(self, command: tuple[str, ...], folder: Path) -> None:
        self.shown = ""
        self.terminal, other_end = pty.openpty()
        environment = {**os.environ, "TERM": "dumb", "HOME": str(folder), "LC_ALL": "C.UTF-8", "PS1": "$ "}
        self.process = subprocess.Popen(
            ["setsid", "--ctty", "--wait", *command],
            cwd=folder,
            env=environment,
            stdin=other_end,
            stdout=other_end,
            stderr=other_end,
        )
        os.close(other_end)

    def types(self, keys: str, until: str) -> None:
        """Type, and wait until a text appears after that."""
        before = len(self.shown)
        os.write(self.terminal, keys.encode())
        end = time.monotonic() + 30
        while until not in self.shown[before:]:
            assert time.monotonic() < end, self.shown[before:]
            if select.select([self.terminal], [], [], 0.1)[0]:
                read = os.read(self.terminal, 4096).decode(errors="replace")
                self.shown += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r|\x07", "", read)

    def close(self) -> None:
        os.write(self.terminal, b"\x15exit\n")
        self.process.wait(timeout=30)
        os.close(self.terminal)


@pytest.fixture
def script(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    """A shell and its completion script, as printed by the command."""
    name: str = request.param
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    (tmp_path / "data").mkdir()
    printed = subprocess.run(
        [sys.executable, "-m", "sphinx_govreport", "--language", "zh_CN", "--print-completion", name],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    (tmp_path / "script").write_bytes(printed.stdout)
    return name, tmp_path


@pytest.mark.parametrize("script", ["bash", "zsh"], indirect=True)
def test_the_tabulator_key_completes_subcommands_options_choices_and_files(script: tuple[str, Path]) -> None:
    name, folder = script
    shell = Shell(SHELLS[name], folder)
    try:
        if name == "zsh":
            shell.types("autoload -U compinit; compinit -u -D\n", "$ ")
        shell.types('eval "$(cat script)"; echo re""ady\n', "ready")
        for typed, line in COMPLETED.items():
            shell.types(f"\x15{typed}\t", line)  # after Ctrl-U, which clears the line
    finally:
        shell.close()


@pytest.mark.parametrize("script", ["fish"], indirect=True)
def test_fish_completes_the_same_and_tells_what_it_is(script: tuple[str, Path]) -> None:
    name, folder = script
    for typed, line in COMPLETED.items():
        asked = subprocess.run(
            [*SHELLS[name], "-c", f"source script; complete -C '{typed}'"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(folder)},
        )
        word, _tab, about = asked.stdout.rstrip("\n").partition("\t")
        assert word == line.split()[-1]
        assert "--" not in word or about == "核验发布包：列出被改动、增加或缺失的每个文件"


def test_without_the_library_it_is_told_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    with pytest.raises(SystemExit) as stop:
        main(["--language", "en", "--print-completion", "bash"])
    assert stop.value.code == 2
    said = 'A library for --print-completion is missing; install it: pip install "sphinx-govreport[completion]".'
    assert capsys.readouterr().err.splitlines()[-1] == f"sphinx-govreport: error: {said}"
