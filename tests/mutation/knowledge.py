"""Results of a run of all tests with coverage: the tests of each line, and the duration of each test."""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

#: steps between two lines that a test has run in a module; much faster than coverage's own interface, which reads them all
_ARCS = "FROM arc JOIN file ON file.id = file_id JOIN context ON context.id = context_id WHERE context != '' AND path LIKE ?"
_UNKNOWN = 5.0  # seconds, for a test whose name the report cannot represent


class Knowledge:
    """The tests of each line, the fastest first."""

    def __init__(self, data: str, junit: str) -> None:
        self._data = sqlite3.connect(data)
        self._times: dict[str, float] = {}
        self._failing: set[str] = set()
        for case in ElementTree.parse(junit).iter("testcase"):  # noqa: S314  # our own file
            name = f"{case.attrib['classname'].replace('.', '/')}.py::{case.attrib['name']}"
            self._times[name] = float(case.attrib["time"])
            if len(case):
                self._failing.add(name)

    def tests(self, path: str, line: int, seconds: float) -> list[str]:
        """Return the tests that run a line, then those whose file names the module, limited to ``seconds`` in total.

        A line that runs during import belongs to no test: those of the next line that belongs to any are returned. A line whose
        result is kept, such as that of reading a form, belongs only to the first test that needs it.
        """
        found, limit = self._tests_of(path, line), seconds
        if not found:
            limit /= 2
            (line,) = self._data.execute(f"SELECT min(tono) {_ARCS} AND tono > ?", (f"%/{path}", line)).fetchone()
            found = self._tests_of(path, line) if line else set()
        chosen = self._quickest(found, limit)
        near = {test for test in self._times if _names_module(test, path)}
        return chosen + self._quickest(near.difference(chosen), seconds - sum(map(self._time, chosen)))

    def _tests_of(self, path: str, line: int) -> set[str]:
        found = self._data.execute(f"SELECT DISTINCT context {_ARCS} AND ? IN (fromno, tono)", (f"%/{path}", line))
        return {context.partition("|")[0] for (context,) in found}

    def _quickest(self, tests: set[str], seconds: float) -> list[str]:
        chosen, left = [], seconds
        for test in sorted(tests - self._failing, key=lambda test: (self._time(test), test)):
            left -= self._time(test)
            if left < 0 and chosen:
                break
            chosen.append(test)
        return chosen

    def _time(self, test: str) -> float:
        return self._times.get(test, _UNKNOWN)


def _names_module(test: str, path: str) -> bool:
    """Return whether the file of a test imports from a module."""
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return f"from {module} import " in _text(test.partition("::")[0])


@cache
def _text(name: str) -> str:
    return Path(name).read_text("utf-8") if Path(name).is_file() else ""


def files_of(tests: list[str]) -> list[str]:
    """Return the files that contain tests, in order."""
    return [name for name in dict.fromkeys(test.partition("::")[0] for test in tests) if Path(name).is_file()]
