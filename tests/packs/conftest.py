"""A site, built, packed and unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sphinx_govreport.cli import main
from tests.conftest import Project

Run = Callable[..., tuple[int, str, str]]
PAGE = "reports/2024.html"


def site(folder: Path) -> Path:
    """A built site with one report. Returns the folder of its pages."""
    project = Project(folder)
    project.write("index.md", "# 首页\n\n```{toctree}\nreports/2024\n```\n")
    project.report("suqian-2024")
    project.page("reports/2024.md", "宿迁市", 2024)
    project.write("extra/附件　一.txt", "附件\n")
    project.write("extra/.well-known/security.txt", "Contact: mailto:a@example.org\n")
    return project.build(out=f"{folder.name}-built", html_extra_path=["extra"]).out


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a site; tests must not change them."""
    return site(tmp_path_factory.mktemp("built") / "site")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in an empty folder: exit code, output, messages."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)

    def command(*arguments: object, language: str = "en") -> tuple[int, str, str]:
        try:
            code = main(["--language", language, *map(str, arguments)])
        except SystemExit as stopped:
            code = int(str(stopped.code))
        out = capsys.readouterr()
        return code, out.out, out.err

    return command


@pytest.fixture
def pack(built: Path, run: Run) -> Path:
    """``site.zip`` in the test's folder."""
    assert run("pack", built)[0] == 0
    return Path("site.zip")


@pytest.fixture
def unpacked(pack: Path) -> Path:
    """The same, unpacked."""
    with zipfile.ZipFile(pack) as archive:
        archive.extractall("unpacked")
    return Path("unpacked")
