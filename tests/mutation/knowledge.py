"""Results of a run of all tests with coverage: the tests of each line, and the duration of each test."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from coverage import CoverageData

_UNKNOWN = 5.0  # seconds, for a test whose name the report cannot represent


class Knowledge:
    """The tests of each line, the fastest first."""

    def __init__(self, data: str, junit: str) -> None:
        self._data = CoverageData(data)
        self._data.read()
        self._times: dict[str, float] = {}
        self._failing: set[str] = set()
        for case in ElementTree.parse(junit).iter("testcase"):  # noqa: S314  # our own file
            name = f"{case.attrib['classname'].replace('.', '/')}.py::{case.attrib['name']}"
            self._times[name] = float(case.attrib["time"])
            if len(case):
                self._failing.add(name)

    def tests(self, path: str, line: int, seconds: float) -> list[str]:
        """Return the tests that run a line, limited to ``seconds`` in total.

        A line that runs during import belongs to no test: the tests whose file names the module come first, then those of the
        next line that belongs to any.
        """
        measured = next(name for name in self._data.measured_files() if name.endswith(path))
        by_line = self._data.contexts_by_lineno(measured)
        found = _names(by_line.get(line, ()))
        if found:
            return self._quickest(found, seconds)
        after = next((tests for at in sorted(by_line) if at > line and (tests := _names(by_line[at]))), set())
        near = self._quickest({test for test in self._times if _names_module(test, path)}, seconds / 2)
        return list(dict.fromkeys((*near, *self._quickest(after, seconds / 2))))

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


def _names(contexts: Iterable[str]) -> set[str]:
    return {test.partition("|")[0] for test in contexts} - {""}


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
