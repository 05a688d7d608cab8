"""The tutorial, followed word for word in a fresh folder, in both languages of the documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docutils import nodes
from lxml import html

from tests.docs.editions import LANGUAGES, doctree_of
from tests.docs.reader import ROOT, Reader

PAGE = "start/tutorial"


def followed(language: str, tmp_path: Path, *, installs: bool) -> Reader:
    blocks = list(doctree_of(PAGE, language, tmp_path).findall(nodes.literal_block))
    assert len(blocks) > 15
    reader = Reader(tmp_path / "fresh", installs=installs)
    (tmp_path / "fresh/sphinx_govreport").symlink_to(ROOT)
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
    reader = followed(language, tmp_path, installs=True)
    assert not (reader.folder / ".venv").is_symlink()
    transcript = ROOT / f"build/tutorial/transcript-{language}.txt"
    transcript.parent.mkdir(parents=True, exist_ok=True)
    transcript.write_text("\n".join(reader.transcript), "utf-8")
