"""In which order the pages of a site are read."""

from __future__ import annotations

import pytest

from sphinx_govreport.ext import doctrees
from tests.conftest import CONF, Project

NAMES = ("about", "index", "2024/a", "2024/index", "2024/z", "home", "zoo")
NOTING = """
import pathlib
def setup(app):
    app.connect("source-read", note)
def note(app, docname, source):
    named = len(app.env.files_to_rebuild)
    with pathlib.Path(app.confdir, "read.txt").open("a") as file:
        file.write(f"{docname} {named}\\n")
"""


@pytest.fixture
def site(project: Project) -> Project:
    project.write("noting.py", NOTING)
    for name in NAMES:
        project.write(f"{name}.md", f"# {name}\n")
    project.write("home.md", "# home\n\n```{toctree}\n:glob:\n\n*\n2024/index\n```\n")
    project.write("2024/index.md", "# 2024\n\n```{toctree}\n:glob:\n\n*\n```\n")
    conf = f"import sys\nsys.path.insert(0, {str(project.folder)!r})\n{CONF}"
    project.write("conf.py", f"{conf}extensions.append('noting')\nroot_doc = 'home'\n")
    return project


def read(site: Project) -> list[tuple[str, int]]:
    """The pages in the order in which they were read, with the number of pages that toctrees had named by then."""
    lines = (site.folder / "read.txt").read_text().splitlines()
    return [(name, int(named)) for name, named in map(str.split, lines)]


def test_pages_of_a_large_site_are_read_before_those_that_list_them(site: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctrees, "_LARGE", len(NAMES))
    site.build()
    found = read(site)
    assert [name for name, _named in found] == ["2024/a", "2024/z", "about", "zoo", "2024/index", "home", "index"]
    assert [named for _name, named in found] == [0, 0, 0, 0, 0, 2, 6], "what Sphinx goes over before it reads a page"


def test_a_small_site_is_read_as_sphinx_reads_it(site: Project) -> None:
    site.build()
    assert [name for name, _named in read(site)] == sorted(NAMES)


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_order_makes_no_difference_to_what_is_written(site: Project, jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    small = site.build(out="small").files()
    monkeypatch.setattr(doctrees, "_LARGE", 1)
    assert site.build(out="large", jobs=jobs).files() == small
