"""Counted work, which does not depend on the machine."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from docutils import nodes
from sphinx.search.en import SearchEnglish
from sphinx.transforms.post_transforms import SphinxPostTransform

import sphinx_govreport
from sphinx_govreport.core.checks.registry import severity_of
from sphinx_govreport.core.checks.run import Checked
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.checks import check_library
from sphinx_govreport.core.library.library import Entry, load_library
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.tables.names import title_of
from sphinx_govreport.ext import events
from sphinx_govreport.ext.directives.check_table import AddPageFindings
from sphinx_govreport.ext.directives.downloads import LinkDownloads
from sphinx_govreport.ext.directives.report_list import FillLists
from sphinx_govreport.ext.directives.trend_chart import ChartsAsTables
from sphinx_govreport.ext.domain.domain import GovDomain
from sphinx_govreport.ext.nodes import gov_table
from sphinx_govreport.ext.transforms import LinkQuotes
from tests.conftest import Project
from tests.published import published, year_file

BODY = """\
```{gov-disclosure-table}
```

新收 {gov-figure}`requests.received.total` 件。
"""
COMPARISON = """
```{gov-comparison-table} requests.received.total
```
"""


def write_agencies(project: Project, count: int, body: str = BODY) -> None:
    """A site of so many agencies, each with a report and a page; the figures are those of one report."""
    project.quiet()
    found = published("suqian-2024")
    text = year_file(found)
    for number in range(count):
        project.write(f"data/{number}.yaml", text.replace(found.agency, f"第{number}区"))
        project.page(f"page{number}.md", f"第{number}区", found.year, body)
    project.write("index.md", "# 首页\n\n```{toctree}\n:glob:\n\npage*\n```\n")


def test_a_table_is_one_node_until_its_page_is_written(project: Project) -> None:
    found = published("suqian-2024")
    project.report("suqian-2024")
    project.page("index.md", found.agency, found.year)
    (section,) = project.build().env.get_doctree("index").findall(nodes.section)
    assert [type(node) for node in section] == [nodes.title, gov_table, gov_table, gov_table]
    assert not any(table.children for table in section.findall(gov_table))


RARE = """
```{gov-report-list}
```

```{gov-check-table}
```

```{gov-trend-chart} requests-summary
```

```{gov-downloads}
```

{gov-figure}`requests.received.total`
"""


def test_no_page_is_searched_for_what_no_page_has(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    for transform in (FillLists, AddPageFindings, ChartsAsTables, LinkDownloads, LinkQuotes):
        run = transform.run

        def noted(self: SphinxPostTransform, run: Any = run, **kwargs: Any) -> None:
            ran.append(type(self).__name__)
            run(self, **kwargs)

        monkeypatch.setattr(transform, "run", noted)
    write_agencies(project, 2, "```{gov-disclosure-table}\n```\n")
    project.build()
    assert ran == []
    write_agencies(project, 2, RARE)
    assert project.build().warnings == []
    assert sorted(set(ran)) == ["AddPageFindings", "ChartsAsTables", "FillLists", "LinkDownloads", "LinkQuotes"]


def test_what_all_lists_of_reports_need_is_worked_out_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []
    kinds = GovDomain.download_kinds

    def counted(domain: GovDomain, agency: str, year: int) -> tuple[str, ...]:
        asked.append((agency, year))
        return kinds(domain, agency, year)

    write_agencies(project, 6, "```{gov-disclosure-table} reviews\n```\n\n```{gov-report-list}\n```\n")
    for number in range(6):
        project.write(f"list{number}.md", f"# 年报\n\n```{{gov-report-list}}\n:agency: 第{number}区\n```\n")
    monkeypatch.setattr(GovDomain, "download_kinds", counted)
    build = project.build("dummy", govreport_downloads=["csv"])
    assert build.warnings == []
    assert sorted(asked) == [(f"第{number}区", 2024) for number in range(6)]


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


BUILD = """
import yaml
from sphinx.cmd.build import main

class Loader(yaml.CBaseLoader):
    parsed = False
    def __init__(self, stream):
        super().__init__(stream)
        Loader.parsed = True

yaml.CBaseLoader = Loader
assert main(["-q", "-W", ".", "out"]) == 0
print(Loader.parsed)
"""


def test_a_build_in_which_nothing_changed_parses_nothing(project: Project) -> None:
    found = published("wendeng-commerce-2020")
    project.report("wendeng-commerce-2020")
    project.write("conf.py", 'extensions = ["sphinx_govreport"]\ngovreport_data = ["data"]\ngovreport_forms = ["local.yaml"]\n')
    project.write(
        "index.rst", f":govreport-agency: {found.agency}\n:govreport-year: 2020\n\n页\n==\n\n.. gov-disclosure-table::\n"
    )
    form = 'form: local\nextends: "2021"\nenglish: Local\nsource: {notice: 地方}\n'

    def parsed() -> str:
        run = subprocess.run([sys.executable, "-c", BUILD], cwd=project.folder, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        return run.stdout.strip()

    project.write("local.yaml", form)
    assert [parsed(), parsed()] == ["True", "False"]
    project.write("local.yaml", form.replace("Local", "Ours"))
    assert [parsed(), parsed()] == ["True", "False"]
    project.write("data/wendeng-commerce-2020.yaml", f"{year_file(found)}# 注\n")
    assert parsed() == "True"


def test_a_report_is_checked_again_only_if_it_or_the_year_before_changed(project: Project) -> None:
    for name in ("suqian-2024", "suqian-2023", "wendeng-commerce-2020"):
        project.report(name)

    def checked(severity: str = "warning") -> int:
        library = load_library(project.folder, ["data"], [], Cache(None, "1"))
        cache: Cache[Checked] = Cache(project.folder / "checks.pickle", "1")
        found = check_library(library, {"jump": severity_of("jump", severity)}, {}, cache)
        assert found == check_library(library, {"jump": severity_of("jump", severity)})
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
    monkeypatch.setattr("sphinx_govreport.core.library.library.unpack", None)
    assert project.build().warnings == first.warnings


def test_each_file_is_parsed_once_in_a_build(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []

    def counted(source: Any, forms: Any) -> Any:
        parsed.append(source.path)
        return read_report(source, forms)

    monkeypatch.setattr("sphinx_govreport.core.library.library.read_report", counted)
    write_agencies(project, 5)
    project.build()
    assert sorted(parsed) == [f"data/{number}.yaml" for number in range(5)]
    parsed.clear()
    project.write("data/3.yaml", (project.folder / "data/3.yaml").read_text("utf-8") + "# 注\n")
    project.build()
    assert parsed == ["data/3.yaml"]


def test_one_edit_among_many_reads_one_page_again(project: Project) -> None:
    write_agencies(project, 30)
    assert len(project.build().read) == 31
    assert project.build().read == []
    path = project.folder / "data/17.yaml"
    path.write_text(path.read_text("utf-8").replace("decisions: 1573179", "decisions: 1573180"), "utf-8")
    build = project.build()
    assert build.read == ["page17"]
    assert "1573180" in build.text("page17.html")


def test_inventory_has_four_entries_for_a_report(project: Project) -> None:
    write_agencies(project, 10)
    *_head, body = (project.build().out / "objects.inv").read_bytes().split(b"\n", 4)
    entries = [line for line in zlib.decompress(body).decode().splitlines() if " gov:" in line]
    assert len(entries) == 4 * 10, "the report and its tables; figures are found by their tables"


def test_what_other_sites_may_link_to_is_worked_out_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    named = []

    def counted(target: Any, *others: Any) -> str:
        named.append(target)
        return title_of(target, *others)

    monkeypatch.setattr("sphinx_govreport.ext.domain.targets.title_of", counted)
    write_agencies(project, 5)
    project.build()
    assert len(named) == 3 * 5, "the inventory and the search index ask for the tables"


def test_numbers_are_not_stemmed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    stemmed: list[str] = []
    monkeypatch.setattr(SearchEnglish, "stem", lambda _self, word: stemmed.append(word) or word)
    write_agencies(project, 1, f"{BODY}\n共123456件 figures\n")
    build = project.build()
    assert "_123456" in build.text("searchindex.js")
    assert "figures" in stemmed
    assert not [word for word in stemmed if word[-1].isdigit()]


def test_start_needs_no_library_that_sphinx_has_not() -> None:
    start = Path(__file__).with_name("startup.py")
    ended = subprocess.run([sys.executable, str(start)], check=True, capture_output=True, text=True)
    assert json.loads(ended.stdout)["libraries"] == ["yaml"]


class Entries(dict[Any, Any]):
    """The year files of a library, and how often somebody went over all of them."""

    passes = 0

    def __iter__(self) -> Iterator[Any]:
        self.passes += 1
        return super().__iter__()

    def keys(self) -> Any:
        self.passes += 1
        return super().keys()

    def values(self) -> Any:
        self.passes += 1
        return super().values()

    def items(self) -> Any:
        self.passes += 1
        return super().items()


def test_no_page_goes_over_all_reports(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Entries] = []

    def load(*arguments: Any) -> Any:
        library = load_library(*arguments)
        found.append(Entries(library.entries))
        return replace(library, entries=found[-1])

    monkeypatch.setattr(events, "load_library", load)
    for count in (5, 25):
        write_agencies(project, count, BODY + COMPARISON)
        project.build(out=f"_build{count}")
    few, many = (entries.passes for entries in found)
    assert few == many, "passes over the library for 5 and for 25 pages"


class Steps:
    """How many lines of the extension's own code run; a loop counts each time round."""

    folder = str(Path(sphinx_govreport.__file__).parent)

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> Steps:
        sys.settrace(self._trace)
        return self

    def __exit__(self, *_error: object) -> None:
        sys.settrace(None)

    def _trace(self, frame: FrameType, event: str, _argument: object) -> Any:
        if event == "call" and not frame.f_code.co_filename.startswith(self.folder):
            return None
        self.count += event == "line"
        return self._trace


@pytest.mark.slow
def test_a_further_report_costs_as_many_steps_as_those_before(project: Project) -> None:
    counts = []
    for number in (1, 10, 20, 40):  # the first fills what is kept for all: structures, templates
        write_agencies(project, number)
        with Steps() as steps:
            project.build(out=f"_build{number}")
        counts.append(steps.count)
    _first, ten, twenty, forty = counts
    assert (forty - twenty) / 20 <= (twenty - ten) / 10 * 1.001, counts
