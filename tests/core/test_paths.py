"""Paths of other systems, and names with the marks of patterns."""

from __future__ import annotations

import json
import ntpath
import os
import unicodedata
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace
from typing import Any

import pytest

from sphinx_govreport.cli import main
from sphinx_govreport.core import files
from sphinx_govreport.core.checks.formats import as_github, as_sarif
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, text
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.library import load_library
from sphinx_govreport.core.library.paths import NO_FILES, shown_path, split_glob
from tests.published import published, report_key, year_file

SUQIAN = year_file(published("suqian-2024"))
KEY = report_key("宿迁市", 2024)


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The names of files as Windows reads them."""
    monkeypatch.setattr(files, "os", SimpleNamespace(path=ntpath))
    monkeypatch.setattr(files, "Path", PureWindowsPath)


# -- Windows ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("C:\\site\\data\\2024.yaml", "data/2024.yaml"),
        ("C:\\shared\\2024.yaml", "../shared/2024.yaml"),
        ("c:\\SITE\\data\\2024.yaml", "data/2024.yaml"),
        ("D:\\shared\\2024.yaml", "D:/shared/2024.yaml"),
        ("\\\\server\\share\\2024.yaml", "//server/share/2024.yaml"),
    ],
)
def test_a_file_of_windows_is_shown_with_slashes_and_on_another_drive_in_full(path: str, shown: str) -> None:
    root, file = PureWindowsPath("C:\\site"), PureWindowsPath(path)
    assert shown_path(file, root) == shown  # type: ignore[arg-type]
    assert files.relative(path, "C:\\site") == shown


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("data/2024 年.yaml", "data/2024%20%E5%B9%B4.yaml"),
        ("../a:b.yaml", "../a%3Ab.yaml"),
        ("D:/shared/2024 年.yaml", "file:///D:/shared/2024%20%E5%B9%B4.yaml"),
    ],
)
def test_the_drive_of_a_file_is_no_part_of_a_relative_address(path: str, uri: str) -> None:
    found = Diagnostic(NO_FILES, Pos(path, 12, 3), text("x"))
    (result,) = json.loads(as_sarif([found], str, "1"))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri
    assert str(found.pos) == f"{path}:12:3"
    assert "file=D%3A/shared" in as_github([found], str, "1") or not path.startswith("D")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("data\\*.yaml", ("C:\\site", "data/*.yaml", "data")),
        ("D:\\shared\\**\\*.yaml", ("D:\\", "shared/**/*.yaml", "shared")),
        ("D:\\shared\\2024.yaml", ("D:\\shared\\2024.yaml", "", "")),
        ("\\\\?\\D:\\shared\\*.yaml", ("\\\\?\\D:\\", "shared/*.yaml", "shared")),
    ],
)
def test_a_pattern_of_windows_begins_behind_its_drive(monkeypatch: pytest.MonkeyPatch, name: str, expected: Any) -> None:
    monkeypatch.setattr("sphinx_govreport.core.library.paths.Path", PureWindowsPath)
    path, pattern = split_glob(PureWindowsPath("C:\\site"), name)  # type: ignore[arg-type]
    root, whole, plain = expected
    assert path == PureWindowsPath(root, plain)
    assert pattern == whole.removeprefix(f"{plain}/")


# -- names -----------------------------------------------------------------------------------------------------------


def keys_of(root: Path, *names: str) -> list[object]:
    library = load_library(root, names, [], Cache(None, ""))
    assert [found.rule.name for found in library.diagnostics] == []
    return [*library.entries]


@pytest.mark.parametrize(
    "name", ["data", "data/*.yaml", "data/**/*.yaml", "data/2024.yaml", "../*/data/*.yaml", "{}/data/*.yaml"]
)
def test_a_folder_of_the_site_may_have_the_marks_of_a_pattern(tmp_path: Path, name: str) -> None:
    root = tmp_path / "[2024] a"
    (root / "data").mkdir(parents=True)
    (root / "data/2024.yaml").write_text(SUQIAN, "utf-8")
    assert keys_of(root, name.format(root)) == [KEY]


@pytest.mark.parametrize("name", ["data/2024[1].yaml", "data/[2]024*.yaml", "data/2024?1?.yaml"])
def test_a_file_may_have_brackets_in_its_name(tmp_path: Path, name: str) -> None:
    """Browsers call the second download of a file so."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/2024[1].yaml").write_text(SUQIAN, "utf-8")
    assert keys_of(tmp_path, name) == [KEY]


def test_a_pattern_in_brackets_is_still_one(tmp_path: Path) -> None:
    for year in (2023, 2024):
        (tmp_path / f"{year}.yaml").write_text(year_file(published(f"suqian-{year}")), "utf-8")
    assert len(keys_of(tmp_path, "202[34].yaml")) == 2


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_is_shown_as_the_disk_has_it(
    tmp_path: Path, form: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """MacOS has long stored accents as separate characters."""
    monkeypatch.chdir(tmp_path)
    name = unicodedata.normalize(form, "Ürümqi é")
    Path(name).mkdir()
    Path(name, "2024.yaml").write_text(SUQIAN.replace("issued: 2\n", "issued: 02\n", 1), "utf-8")
    assert main(["check", name]) == 1
    assert capsys.readouterr().out.startswith(f"{name}/2024.yaml:8:13: error: ")


# -- folders that cannot be read -------------------------------------------------------------------------------------


@pytest.mark.parametrize("locked", ["data", "data/某局"])
def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locked: str) -> None:
    """It was silently left out, or said to be empty."""
    (tmp_path / "data/某局").mkdir(parents=True)
    (tmp_path / "data/2024.yaml").write_text(SUQIAN, "utf-8")
    (tmp_path / "data/某局/2024.yaml").write_text(SUQIAN.replace("宿迁市", "某局", 1), "utf-8")
    scandir = os.scandir

    def refuse(path: str) -> object:  # permissions do not stop root, who may run the tests
        if os.fspath(path) == str(tmp_path / locked):
            raise PermissionError(13, "no", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    library = load_library(tmp_path, ["data"], [], Cache(None, ""))
    assert [(found.rule.name, found.pos.path) for found in library.diagnostics] == [("unreadable-file", locked)]
    assert [*library.entries] == ([] if locked == "data" else [KEY])
