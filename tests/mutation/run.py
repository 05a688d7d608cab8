"""Runs tests in a separate process, which imports the mutated module instead of the file."""

from __future__ import annotations

import importlib
import importlib.util
import os
import resource
import signal
import sys
import time
from collections.abc import Sequence
from enum import StrEnum
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType

import pytest

from tests.mutation.knowledge import files_of
from tests.mutation.mutants import Mutant

#: imported once, before processes are forked: none of it imports mutated modules
_SHARED = (
    "sphinx.application",
    "sphinx.builders.html",
    "myst_parser.sphinx_ext.main",
    "lxml.html",
    "babel.messages.pofile",
    "jsonschema",
)
_WITHOUT = "-p no:cacheprovider -p no:pytest_cov -p no:hypothesispytest".split()  # plugins that take a second to import
_CPU_SECONDS = 120
_MEMORY = 4 << 30


class Result(StrEnum):
    """The result of a mutation."""

    KILLED = "killed"
    TIMEOUT = "timeout"  #: also killed: the tests did not end
    SURVIVED = "survived"


class Running:
    """A process that runs tests with mutated code."""

    def __init__(self, mutant: Mutant | None, tests: Sequence[str], seconds: float) -> None:
        self.mutant = mutant
        self._end = time.monotonic() + seconds
        code = mutant.code() if mutant else ""
        self.pid = os.fork()
        if not self.pid:
            _run(mutant, code, tests)

    def poll(self) -> Result | None:
        """Return the result; None while it runs."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid:
            _kill_group(self.pid)  # processes started by the tests
            if os.WIFSIGNALED(status):
                return Result.TIMEOUT
            return (
                Result.SURVIVED
                if os.WEXITSTATUS(status) in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
                else Result.KILLED
            )
        if time.monotonic() > self._end:
            _kill_group(self.pid)
            os.waitpid(self.pid, 0)
            return Result.TIMEOUT
        return None


def prepare() -> None:
    """Import the modules shared by all runs."""
    for name in _SHARED:
        importlib.import_module(name)


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _run(mutant: Mutant | None, code: str, tests: Sequence[str]) -> None:
    """Run the tests and end this process."""
    status = 1
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        if mutant:
            sys.meta_path.insert(0, _Finder(mutant.path, code))
        options = ["-x", "-q", "-n", "0", *_WITHOUT, *files_of(list(tests))]
        status = int(pytest.main(options, plugins=[_Chosen(tests)]))
    finally:
        os._exit(status)


class _Chosen:
    """Selects the chosen tests, in the given order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self._order = {test: place for place, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((item for item in items if item.nodeid in self._order), key=lambda item: self._order[item.nodeid])


class _Finder:
    """Returns the mutated module when it is imported."""

    def __init__(self, path: str, code: str) -> None:
        self._path = Path(path)
        self._code = code
        parts = self._path.with_suffix("").parts
        self._name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name != self._name:
            return None
        file = str(self._path.resolve())
        folders = [str(self._path.resolve().parent)] if self._path.name == "__init__.py" else None
        loader = _Loader(name, file, self._code)
        return importlib.util.spec_from_file_location(name, file, loader=loader, submodule_search_locations=folders)


class _Loader(SourceFileLoader):
    def __init__(self, name: str, file: str, code: str) -> None:
        super().__init__(name, file)
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._code, self.path, "exec")
