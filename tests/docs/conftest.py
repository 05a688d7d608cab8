"""The documentation, built once for all tests of one process; DOCUMENTATION names the folder of one that was just built."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from lxml import html

from tests.docs.editions import DOCS

EDITIONS = {"en": "", "zh_CN": "zh_CN"}  #: the folder of each edition below that of the English one


class Documentation:
    """Both editions, where ``make docs`` puts them. Each is built when a test looks at it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.page = cache(self._page)
        self._edition = cache(self._build)

    def path(self, name: str, language: str = "en") -> Path:
        """Return the path of a file."""
        return self._edition(language) / name

    def _build(self, language: str) -> Path:
        if built := os.environ.get("DOCUMENTATION"):
            return DOCS.parent / built / EDITIONS[language]
        out = self.folder / "html" / EDITIONS[language]
        options = ["-q", "-nW", "-b", "html", "-d", self.folder / f"trees-{language}"]
        command = [sys.executable, "-m", "sphinx", *options, DOCS, out]
        done = subprocess.run(command, env={**os.environ, "DOCS_LANGUAGE": language}, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        return out

    def _page(self, name: str, language: str = "en") -> html.HtmlElement:
        return html.parse(str(self.path(f"{name}.html", language))).getroot()


@pytest.fixture(scope="session")
def documentation(tmp_path_factory: pytest.TempPathFactory) -> Documentation:
    return Documentation(tmp_path_factory.mktemp("documentation"))
