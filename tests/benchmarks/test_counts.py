"""Counted work, which does not depend on the machine."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from docutils import nodes
from sphinx.search.en import SearchEnglish

import sphinx_govreport
from sphinx_govreport.core.checks.registry import severity_of
from sphinx_govreport.core.checks.run import Checked
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.checks import check_library
from sphinx_govreport.core.library.library import Entry, load_library
from sphinx_govreport.ext.nodes import gov_table
from sphinx_govreport.ext.search import SearchChinese
from tests.benchmarks.searches import Watched
from tests.conftest import Project
from tests.published import published, year_file

BODY = """\
```{gov-disclosure-table}
```

新收 {gov-figure}`requests.received.total` 件。
"""
COMPARISON = """
```{gov-comparison-table} requests-summary
```
"""


class Steps:
    """Counts executed lines of the extension's code by file; a loop counts each iteration."""

    folder = str(Path(sphinx_govreport.__file__).parent)

    def __init__(self) -> None:
        self.files: Counter[str] = Counter()

    @property
    def count(self) -> int:
        """The number of lines in all files."""
        return self.files.total()

    def __enter__(self) -> Steps:
        self._before = sys.gettrace()
        sys.settrace(self._trace)
        return self

    def __exit__(self, *_error: object) -> None:
        sys.settrace(self._before)

    def _trace(self, frame: FrameType, event: str, _argument: object) -> Any:
        name = frame.f_code.co_filename
        if not name.startswith(self.folder):
            return None
        if event == "line":
            self.files[name.removeprefix(f"{self.folder}/")] += 1
        return self._trace


def write_agencies(project: Project, count: int, body: str = BODY) -> None:
    """Write a site of ``count`` agencies, each with a report and a page; the figures are those of one report."""
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


def searches(project: Project, body: str) -> int:
    """Count the traversals of a page of prose when it is written, in a site whose other pages have ``body``, if any."""
    project.write("plain.md", "# 一页\n\n文字。\n")
    project.write("index.md", "# 首页\n\n```{toctree}\n:glob:\n\np*\n```\n")
    if body:
        write_agencies(project, 2, body)
    conf = (project.folder / "conf.py").read_text("utf-8")
    project.write("conf.py", f'{conf}extensions += ["tests.benchmarks.searches"]\n')
    Watched.searches.clear()
    assert project.build(out=f"_build{len(body)}").warnings == []
    return Watched.searches["plain"]


def test_no_page_is_searched_for_what_no_page_has(project: Project) -> None:
    """Lists, check tables, captions of charts, links to files and links of quotations; tables are looked for twice."""
    project.write("conf.py", 'extensions = ["myst_parser"]\n')
    without_us = searches(project, "")
    assert without_us > 10
    assert searches(project, "```{gov-disclosure-table}\n```\n") == without_us + 2
    assert searches(project, RARE) == without_us + 2 + 5


def test_what_all_lists_of_reports_need_is_worked_out_once(project: Project) -> None:
    """An additional list of one agency costs about the same, regardless of the number of reports."""

    def steps_for(lists: int, out: str) -> int:
        for number in range(lists):
            project.write(f"list{number}.md", f"# 年报\n\n```{{gov-report-list}}\n:agency: 第{number}区\n```\n")
        with Steps() as steps:
            build = project.build("dummy", out=out, govreport_downloads=["csv"])
        assert build.warnings == []
        return steps.files["ext/domain/domain.py"]

    agencies = 30
    write_agencies(project, agencies, "```{gov-disclosure-table} reviews\n```\n")
    few, many = steps_for(2, "few"), steps_for(12, "many")
    assert (many - few) / 10 < 5 * agencies


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
import json
import yaml
from sphinx.cmd.build import main

parsed = []

class Loader(yaml.CBaseLoader):
    def __init__(self, stream):
        super().__init__(stream)
        parsed.append(stream.partition("\\n")[0])

yaml.CBaseLoader = Loader
assert main(["-q", "-W", ".", "out"]) == 0
print(json.dumps(parsed))
"""


def first_lines_parsed(project: Project) -> list[str]:
    """Return the first line of each YAML text parsed by a build, in order."""
    run = subprocess.run([sys.executable, "-c", BUILD], cwd=project.folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    found: list[str] = json.loads(run.stdout)
    return found


def test_a_build_in_which_nothing_changed_parses_nothing(project: Project) -> None:
    found = published("wendeng-commerce-2020")
    project.report("wendeng-commerce-2020")
    project.write("conf.py", 'extensions = ["sphinx_govreport"]\ngovreport_data = ["data"]\ngovreport_forms = ["local.yaml"]\n')
    project.write(
        "index.rst", f":govreport-agency: {found.agency}\n:govreport-year: 2020\n\n页\n==\n\n.. gov-disclosure-table::\n"
    )
    form = 'form: local\nextends: "2021"\nenglish: Local\nsource: {notice: 地方}\n'

    def parsed() -> bool:
        return bool(first_lines_parsed(project))

    project.write("local.yaml", form)
    assert [parsed(), parsed()] == [True, False]
    project.write("local.yaml", form.replace("Local", "Ours"))
    assert [parsed(), parsed()] == [True, False]
    project.write("data/wendeng-commerce-2020.yaml", f"{year_file(found)}# 注\n")
    assert parsed()


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


def test_a_report_without_changes_is_not_unpacked(project: Project) -> None:
    write_agencies(project, 2)
    counted = []
    for _build in range(2):
        with Steps() as steps:
            assert project.build().warnings == []
        counted.append(steps.files["core/reports/packed.py"])
    packed, without_changes = counted
    assert packed
    assert without_changes == 0


def test_each_file_is_parsed_once_in_a_build(project: Project) -> None:
    write_agencies(project, 5)
    agencies = [f"agency: 第{number}区" for number in range(5)]
    assert sorted(line for line in first_lines_parsed(project) if line.startswith("agency: ")) == agencies
    project.write("data/3.yaml", (project.folder / "data/3.yaml").read_text("utf-8") + "# 注\n")
    assert first_lines_parsed(project) == ["agency: 第3区", ""], "and the front matter of its page"


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


def test_what_other_sites_may_link_to_is_worked_out_once_and_only_if_somebody_asks(project: Project) -> None:
    write_agencies(project, 5)
    domain = project.build("text").env.get_domain("gov")  # writes no inventory and no search index
    counted = []
    for _time in range(2):
        with Steps() as steps:
            assert len(list(domain.get_objects())) == 4 * 5
        counted.append(steps.count)
    first, again = counted
    assert first > 4 * 5
    assert again < 5


def test_numbers_are_not_stemmed(project: Project) -> None:
    write_agencies(project, 1, f"{BODY}\n共123456件 figures\n")
    assert "_123456" in project.build().text("searchindex.js")
    stemmed: list[str] = []

    class Noted(SearchEnglish):
        """Records the text that Chinese passes to English."""

        def stem(self, word: str) -> str:
            stemmed.append(word)
            return super().stem(word)

    class Search(SearchChinese, Noted):
        """Chinese with the recording English."""

    search = Search({})
    assert [search.stem(word) for word in search.split("共123456件 figures")] == ["共", "_123456", "件", "figur"]
    assert stemmed == ["figures"]


def test_start_needs_no_library_that_sphinx_has_not() -> None:
    start = Path(__file__).with_name("startup.py")
    ended = subprocess.run([sys.executable, str(start)], check=True, capture_output=True, text=True)
    assert json.loads(ended.stdout)["libraries"] == ["yaml"]


def test_no_page_goes_over_all_reports(project: Project) -> None:
    """If each did this in one line, the last six pages would cost 72 steps more than the six before."""
    counted = []
    for number in (3, 9, 15):
        write_agencies(project, number, BODY + COMPARISON)
        with Steps() as steps:
            assert project.build(out=f"_build{number}").warnings == []
        counted.append(steps.files)
    few, some, many = counted
    assert many["ext/search.py"] > some["ext/search.py"] > few["ext/search.py"]
    more = {file: many[file] - some[file] - (some[file] - few[file]) for file in many}
    assert {file: steps for file, steps in more.items() if steps > 10} == {}


@pytest.mark.slow
def test_a_further_report_costs_as_many_steps_as_those_before(project: Project) -> None:
    counts = []
    for number in (1, 10, 20, 40):  # the first page fills caches: structures, templates
        write_agencies(project, number)
        with Steps() as steps:
            project.build(out=f"_build{number}")
        counts.append(steps.count)
    _first, ten, twenty, forty = counts
    assert (forty - twenty) / 20 <= (twenty - ten) / 10 * 1.001, counts
