"""What a run of all tests with coverage tells: which tests see a line, and how long each takes."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from coverage import CoverageData

_UNKNOWN = 5.0  # seconds, of a test whose name the report cannot hold


class Knowledge:
    """The tests of each line, the quickest first."""

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
        """The tests that run a line, no more of them than take ``seconds``.

        A line that is run while modules are imported belongs to no test: all tests of the module are taken.
        """
        measured = next(name for name in self._data.measured_files() if name.endswith(path))
        by_line = self._data.contexts_by_lineno(measured)
        found = set(by_line.get(line, ())) - {""}
        if not found:
            found = {test for tests in by_line.values() for test in tests} - {""}
        tests = {test.partition("|")[0] for test in found} - self._failing
        chosen, left = [], seconds
        for test in sorted(tests, key=lambda test: (self._time(test), test)):
            left -= self._time(test)
            if left < 0 and chosen:
                break
            chosen.append(test)
        return chosen

    def _time(self, test: str) -> float:
        return self._times.get(test, _UNKNOWN)


def files_of(tests: list[str]) -> list[str]:
    """The files in which tests stand, in order."""
    return [name for name in dict.fromkeys(test.partition("::")[0] for test in tests) if Path(name).is_file()]
