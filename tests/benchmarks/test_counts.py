"""Counted work, which does not depend on the machine."""

from __future__ import annotations

import pytest
from docutils import nodes

from sphinx_govreport.core.checks import Checked, check_library
from sphinx_govreport.core.checks.rules import level_of
from sphinx_govreport.core.library import Cache, Entry, load_library
from sphinx_govreport.ext.nodes import gov_grid
from tests.conftest import Project
from tests.published import published


def test_a_table_is_two_nodes_and_its_caption(project: Project) -> None:
    found = published("suqian-2024")
    project.report("suqian-2024")
    project.page("index.md", found.agency, found.year)
    doctree = project.build().env.get_doctree("index")
    for table in doctree.findall(nodes.table):
        assert [type(node) for node in table] == [nodes.title, gov_grid]
        assert not table[1].children


def test_an_unchanged_file_is_parsed_once(project: Project) -> None:
    project.report("suqian-2024")
    project.report("suqian-2023")

    def parsed() -> int:
        cache: Cache[Entry] = Cache(project.folder / "cache.pickle", "1")
        library = load_library(project.folder, ["data"], [], cache)
        assert library.years("宿迁市") == (2023, 2024)
        return cache.added

    assert [parsed(), parsed()] == [2, 0]
    project.write("data/suqian-2024.yaml", (project.folder / "data/suqian-2024.yaml").read_text("utf-8") + "# 注\n")
    assert [parsed(), parsed()] == [1, 0]


def test_a_report_is_checked_again_only_if_it_or_the_year_before_changed(project: Project) -> None:
    for name in ("suqian-2024", "suqian-2023", "wendeng-commerce-2020"):
        project.report(name)

    def checked(severity: str = "warning") -> int:
        library = load_library(project.folder, ["data"], [], Cache(None, "1"))
        cache: Cache[Checked] = Cache(project.folder / "checks.pickle", "1")
        found = check_library(library, {"jump": level_of("jump", severity)}, {}, cache)
        assert found == check_library(library, {"jump": level_of("jump", severity)})
        return cache.added

    assert [checked(), checked()] == [3, 0]
    project.write("data/suqian-2023.yaml", (project.folder / "data/suqian-2023.yaml").read_text("utf-8") + "# 注\n")
    assert [checked(), checked()] == [2, 0]
    (project.folder / "data/suqian-2024.yaml").rename(project.folder / "data/renamed.yaml")
    assert [checked(), checked()] == [1, 0], "findings name the file"
    assert [checked("error"), checked("error")] == [3, 0]


def test_a_report_without_changes_is_not_unpacked(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    found = published("suqian-2024")
    project.report("suqian-2024")
    project.page("index.md", found.agency, found.year)
    first = project.build()
    monkeypatch.setattr("sphinx_govreport.core.library.unpack", None)
    assert project.build().warnings == first.warnings
