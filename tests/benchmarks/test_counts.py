"""Counted work, which does not depend on the machine."""

from __future__ import annotations

from docutils import nodes

from sphinx_govreport.core.library import Cache, load_library
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
        cache = Cache(project.folder / "cache.pickle", "1")
        library = load_library(project.folder, ["data"], [], cache)
        assert library.years("宿迁市") == (2023, 2024)
        return cache.parsed

    assert [parsed(), parsed()] == [2, 0]
    project.write("data/suqian-2024.yaml", (project.folder / "data/suqian-2024.yaml").read_text("utf-8") + "# 注\n")
    assert [parsed(), parsed()] == [1, 0]
