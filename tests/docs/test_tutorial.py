"""The tutorial, followed word for word in a fresh folder, in both languages of the documentation.

A block in ``sh`` is run; a block in ``text`` after it is its output. A block with a caption is a file; with ``lineno-start`` it
replaces the lines of the file from there; in ``text`` it is text on a page.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from docutils import nodes
from lxml import html

from tests.docs.editions import LANGUAGES, doctree_of

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[2]
PAGE = "start/tutorial"


class Reader:
    """A reader who follows the page."""

    def __init__(self, folder: Path, *, installs: bool) -> None:
        self.folder = folder
        self.installs = installs
        self.printed = ""
        self.transcript: list[str] = []

    def run(self, commands: str) -> None:
        """Run commands in the terminal, which keeps the directory set by ``cd``."""
        if not self.installs:
            commands = "\n".join(line for line in commands.splitlines() if "pip" not in line and "venv .venv" not in line)
        script = f"set -e\n{commands}\npwd > {self.folder.parent / 'where'}"
        done = subprocess.run(["sh", "-c", script], cwd=self.folder, capture_output=True, text=True, env=environment())
        self.transcript += [*(f"$ {line}" for line in commands.splitlines()), done.stdout + done.stderr]
        assert done.returncode == 0, "\n".join(self.transcript)
        self.printed = done.stdout + done.stderr
        self.folder = Path((self.folder.parent / "where").read_text("utf-8").strip())
        if not self.installs and not (self.folder / ".venv").exists():
            (self.folder / ".venv").symlink_to(BIN.parent)

    def write(self, name: str, text: str, line: int) -> None:
        """Write a file, or replace its lines from ``line`` on."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        if line:
            old, new = path.read_text("utf-8").splitlines(), text.splitlines()
            assert line <= len(old)
            text = "\n".join([*old[: line - 1], *new, *old[line - 1 + len(new) :]])
        path.write_text(f"{text}\n", "utf-8")

    def follow(self, block: nodes.literal_block) -> None:
        """Follow one block."""
        container = block.parent if isinstance(block.parent, nodes.container) else None
        name = container.next_node(nodes.caption).astext() if container else ""
        text = block.astext()
        if block["language"] == "sh":
            self.run(text)
        elif block["language"] == "text" and not name:
            assert self.printed.strip() == text.strip()
        elif block["language"] == "text":
            page = html.parse(str(self.folder / name)).getroot().text_content()
            assert " ".join(text.split()) in " ".join(page.split())
        else:
            self.write(name, text, int(block.get("highlight_args", {}).get("linenostart", 0)))


def environment() -> dict[str, str]:
    """Return the environment of a separate terminal. pip finds this package, and all others as usual."""
    return {
        **os.environ,
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        "PIP_FIND_LINKS": str(ROOT / "build/tutorial"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def followed(language: str, tmp_path: Path, *, installs: bool) -> Reader:
    blocks = list(doctree_of(PAGE, language, tmp_path).findall(nodes.literal_block))
    assert len(blocks) > 15
    folder = tmp_path / "fresh"
    folder.mkdir()
    reader = Reader(folder, installs=installs)
    for block in blocks:
        reader.follow(block)
    return reader


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_the_tutorial_says_comes_true(language: str, tmp_path: Path) -> None:
    reader = followed(language, tmp_path, installs=False)
    assert "[3, 1, 0, 0, 0, 0, 4]" in (reader.folder / "data/2024.yaml").read_text("utf-8")
    assert (reader.folder / "2024.csv").read_text("utf-8-sig").startswith("agency,")
    carried = {"en": "carried-in: [1, 0, 0, 0, 0, 0]", "zh_CN": "上年结转: [1, 0, 0, 0, 0, 0]"}[language]
    assert carried in (reader.folder / "data/2025.yaml").read_text("utf-8")
    page = html.parse(str(reader.folder / "_build/index.html"))
    assert [table.xpath("count(.//td)") for table in page.xpath("//table")] == [25 * 7]
    links = page.xpath("//a[@download]/@href")
    assert sorted(Path(link).suffix for link in links) == [".csv", ".json"]
    assert all((reader.folder / "_build" / link).is_file() for link in links)


@pytest.mark.parametrize("page", [PAGE, "index", "guides/new-year", "guides/correct-figure"])
def test_the_chinese_edition_has_chinese_keys(page: str, tmp_path: Path) -> None:
    english, chinese = ([*doctree_of(page, one, tmp_path / one).findall(nodes.literal_block)] for one in LANGUAGES)
    assert [block["language"] for block in chinese] == [block["language"] for block in english]
    files = [(one.astext(), other.astext()) for one, other in zip(english, chinese, strict=True) if one["language"] == "yaml"]
    assert files
    keys = r"(?<![\w-])([a-z][a-z-]*): "
    assert all(re.search(keys, one) and not re.search(keys, other) for one, other in files)
    assert not [block.astext() for block in chinese if re.search(r"requests\.|\} requests", block.astext())]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_also_the_installation(language: str, tmp_path: Path) -> None:
    wheels = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(ROOT / "build/tutorial"), str(ROOT)]
    subprocess.run(wheels, check=True, capture_output=True)
    reader = followed(language, tmp_path, installs=True)
    assert not (reader.folder / ".venv").is_symlink()
    transcript = ROOT / f"build/tutorial/transcript-{language}.txt"
    transcript.write_text("\n".join(reader.transcript), "utf-8")
