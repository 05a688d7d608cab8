"""A generator, and the files that all of them write."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks import pages


class Tools(NamedTuple):
    """The tools with which sites are built."""

    python: Path  #: of an environment with Sphinx, this extension and the peers that pip installs
    node_modules: Path  #: with the peers installed by npm

    def sphinx(self, source: Path, out: Path, jobs: int) -> list[str]:
        """Return the command that builds HTML with Sphinx."""
        return [str(self.python), "-m", "sphinx", "-q", "-W", "-b", "html", "-j", str(jobs), str(source), str(out)]


class Way(NamedTuple):
    """A method to add the tables to a site."""

    name: str
    about: str  #: how an author writes the tables
    write: Callable[[Path, int], None]  #: writes a project with a number of pages into a folder
    command: Callable[[Tools, Path, Path, int], list[str]] = Tools.sphinx
    peer: str = ""  #: the package to install
    edited: str = ""  #: the source file of page ``{number}``


def save(path: Path, text: str) -> None:
    """Write a file, creating its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def save_year_files(folder: Path, count: int) -> None:
    """Write the year file of each page; its number has five digits, because r2024 would be a file of that year."""
    for number in range(count):
        save(folder / f"r{number:05}.yaml", pages.year_file(number))


def sphinx_way(
    name: str,
    about: str,
    body: Callable[[int], str],
    page: Callable[[int, str], str],
    suffix: str,
    *,
    extensions: tuple[str, ...] = (),
    settings: str = "",
    has_data: bool = False,
    peer: str = "",
) -> Way:
    """Return a generator using Sphinx: ``body`` returns the tables of a page, ``page`` returns the whole page."""

    def write(folder: Path, count: int) -> None:
        names = [f"page{number}" for number in range(count)]
        conf = f'project = "bench"\nlanguage = "zh_CN"\nhtml_theme = "basic"\nextensions = {list(extensions)}\n{settings}'
        save(folder / "conf.py", conf)
        before, between, behind = _INDEX[suffix]
        save(folder / f"index.{suffix}", before + between.join(names) + behind)
        for number, name in enumerate(names):
            save(folder / f"{name}.{suffix}", page(number, body(number)))
        if has_data:
            save_year_files(folder / "data", count)

    return Way(name, about, write, peer=peer, edited="data/r{number:05}.yaml" if has_data else f"page{{number}}.{suffix}")


#: the text before, between and after the names of pages on the first page
_INDEX = {"rst": ("首页\n====\n\n.. toctree::\n\n   ", "\n   ", "\n"), "md": ("# 首页\n\n```{toctree}\n", "\n", "\n```\n")}


def rst_page(number: int, body: str) -> str:
    """Return a page in reStructuredText."""
    return (
        f":govreport-year: {pages.YEAR}\n:govreport-agency: {pages.agency(number)}\n\n"
        f"{pages.title(number)}\n{'=' * 60}\n\n{pages.OVERVIEW}\n\n统计表\n------\n\n{body}\n说明\n----\n\n{pages.REMARKS}\n"
    )


def markdown_page(number: int, body: str, front: str = "") -> str:
    """Return a page in Markdown."""
    head = front or f"govreport-year: {pages.YEAR}\ngovreport-agency: {pages.agency(number)}\n"
    return f"---\n{head}---\n# {pages.title(number)}\n\n{pages.OVERVIEW}\n\n## 统计表\n\n{body}\n## 说明\n\n{pages.REMARKS}\n"


rst_way = partial(sphinx_way, page=rst_page, suffix="rst")
myst_way = partial(sphinx_way, page=markdown_page, suffix="md")
