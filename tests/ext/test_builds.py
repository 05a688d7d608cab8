"""Builds: messages, and which pages are read again."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import FrozenInstanceError
from pathlib import Path
from random import Random

import pytest
import yaml

from sphinx_govreport.cli import main
from sphinx_govreport.cli.rules import RULES
from sphinx_govreport.ext.domain.domain import GovDomain, domain_of
from tests.conftest import Project
from tests.draws import seeds
from tests.fuzz import edits
from tests.published import published, year_file

SUQIAN = year_file(published("suqian-2024"))
TYPO_FILES = Path(__file__).parents[1] / "core/typos"
LEVELS = {"ERROR": "错误", "WARNING": "警告"}


@pytest.fixture
def suqian(project: Project) -> Project:
    project.write("index.md", "# 首页\n\n```{toctree}\na\nb\n```\n")
    for name, report in (("a", "suqian-2024"), ("b", "suqian-2023")):
        project.report(report)
        project.page(f"{name}.md", "宿迁市", published(report).year)
    return project


def test_a_slip_is_reported_on_every_build_once(suqian: Project) -> None:
    suqian.write("data/suqian-2024.yaml", SUQIAN.replace("decisions: 1573179", "decisions: 1,573,179"))
    expected = [
        "data/suqian-2024.yaml:16:16: ERROR: 行政许可·本年处理决定数量：“1,573,179”不是数字。请去掉千位分隔符：1573179。"
        "写成：decisions: 1573179 [govreport.bad-number]"
    ]
    assert suqian.build().warnings == expected
    warm = suqian.build()
    assert (warm.read, warm.warnings) == ([], expected)
    assert suqian.build(out="parallel", jobs=2).warnings == expected
    assert suqian.build(suppress_warnings=["govreport.bad-number"]).warnings == []
    assert "1,573,179" in suqian.build().text("a.html")


def test_a_build_ends_with_where_its_findings_are_explained(suqian: Project) -> None:
    told = "含义和处理办法：sphinx-govreport explain "
    assert not any(line.startswith(told) for line in suqian.build().status)
    suqian.write("data/suqian-2024.yaml", SUQIAN.replace("decisions: 1573179", "decisions: 1,573,179"))
    for build in (suqian.build(), suqian.build()):
        assert [line for line in build.status if line.startswith(told)] == [f"{told}数字写法"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("```{gov-disclosure-table} request\n```\n", "没有“request”这张表。是不是“requests”？ [govreport.unknown-table]"),
        (
            "```{gov-disclosure-table} 三公\n```\n",
            "没有“三公”这张表。这里可用的是：主动公开、依申请公开、复议诉讼。 [govreport.unknown-table]",
        ),
        (
            "```{gov-disclosure-table}\n:year: 2031\n```\n",
            "没有宿迁市2031年的年报。已有的年度：2023、2024。 [govreport.unknown-report]",
        ),
        (
            "```{gov-disclosure-table}\n:agency: 宿千市\n```\n",
            "没有宿千市2024年的年报。已有的机关：宿迁市。 [govreport.unknown-report]",
        ),
        (
            "```{gov-disclosure-table}\n:zero: /\n```\n",
            "0 不能显示为“/”：它另有含义。请写“零”之类的字，或者不写这个选项。 [govreport.bad-option]",
        ),
        *(
            (
                f"```{{gov-disclosure-table}}\n:zero: {zero}\n```\n",
                f"0 不能显示为“{zero}”：它另有含义。请写“零”之类的字，或者不写这个选项。 [govreport.bad-option]",
            )
            for zero in ("／", "—", "-", "一", "十", "②", "1", "未填报", "不适用")
        ),
        (
            "```{gov-disclosure-table}\n:caption: 表\n```\n",
            "一个标题不能用于 3 张表。请每张表写一条指令，或者不写标题。 [govreport.bad-option]",
        ),
    ],
)
def test_a_wrong_directive_is_reported_until_it_is_mended(suqian: Project, body: str, expected: str) -> None:
    suqian.page("a.md", "宿迁市", 2024, body)
    for build in (suqian.build(), suqian.build()):
        assert build.warnings == [f"{suqian.folder}/a.md:7: ERROR: {expected}"]
    suqian.page("a.md", "宿迁市", 2024)
    assert suqian.build().warnings == []


def test_nothing_is_read_twice_without_a_change(suqian: Project) -> None:
    assert sorted(suqian.build().read) == ["a", "b", "index"]
    assert suqian.build().read == []


def test_exactly_the_pages_of_a_changed_file_are_read_again(suqian: Project) -> None:
    suqian.build()
    path = suqian.write("data/suqian-2024.yaml", SUQIAN.replace("issued: 2\n", "issued: 3\n", 1))
    os.utime(path, (0, 0))  # older than the last build, for example after a checkout
    build = suqian.build()
    assert build.read == ["a"]
    assert '-rules-issued" headers' in build.text("a.html")
    assert '<data value="3">3</data>' in build.text("a.html")
    os.utime(path)  # touched, not changed
    assert suqian.build().read == []


def test_a_lost_and_a_new_file_are_noticed(suqian: Project) -> None:
    suqian.build()
    (suqian.folder / "data/suqian-2024.yaml").unlink()
    lost = suqian.build()
    assert (lost.read, len(lost.warnings)) == (["a"], 1)
    suqian.write("data/again.yaml", SUQIAN)
    found = suqian.build()
    assert (found.read, found.warnings) == (["a"], [])


def test_a_changed_local_form_reads_its_pages_again(suqian: Project) -> None:
    form = 'form: local\nextends: "2021"\nenglish: Local\nsource: {notice: 地方}\nlabel-notes:\n  reviews: {columns: {reconsideration: （一）}}\n'
    suqian.write("forms/local.yaml", form)
    suqian.write("data/suqian-2024.yaml", SUQIAN.replace("default: 2021", "default: local"))
    settings = {"govreport_forms": ["forms/local.yaml"]}
    assert "行政复议（一）" in suqian.build(**settings).text("a.html")
    suqian.write("forms/local.yaml", form.replace("（一）", "（二）"))
    build = suqian.build(**settings)
    assert build.read == ["a"]
    assert "行政复议（二）" in build.text("a.html")


def test_of_two_files_for_one_report_neither_is_printed(suqian: Project) -> None:
    suqian.write("data/twice.yaml", SUQIAN.replace("natural-person: 3440", "natural-person: 3441"))
    build = suqian.build()
    assert build.warnings == [
        "data/twice.yaml:1:1: ERROR: 宿迁市2024年的年报另有一份：data/suqian-2024.yaml。请删去其中一份，或改正机关和年度。"
        " [govreport.duplicate-report]",
    ]
    assert "344" not in build.text("a.html")
    (suqian.folder / "data/suqian-2024.yaml").unlink()
    again = suqian.build()
    assert ("3441" in again.text("a.html"), [line for line in again.warnings if "report]" in line]) == (True, [])


EVERYWHERE = """
```{gov-disclosure-table} requests
:compare:
```

```{gov-comparison-table} requests-summary
:years: 2024
```

```{gov-comparison-table} requests-summary
:years: 2024-
```

```{gov-report-list}
:years: 2024-
```

```{gov-check-table}
```

```{gov-downloads}
```

新收{gov-figure}`requests.received.total`件，比上年{gov-change}`requests.received.total`。见{gov:report}`宿迁市/2024`和{gov:table}`requests`。
"""


@pytest.mark.parametrize("named", ["suqian-2024.yaml", "宿迁市.yaml"])
@pytest.mark.parametrize("names", [("suqian-2024", "suqian-2023"), ("suqian-2024",)])
def test_a_file_that_cannot_be_used_is_one_mistake_on_no_page(project: Project, names: tuple[str, ...], named: str) -> None:
    for name in names:
        project.report(name)
    (project.folder / "data/suqian-2024.yaml").rename(project.folder / "data" / named)
    project.page("index.md", "宿迁市", 2024, EVERYWHERE)
    file = project.folder / "data" / named
    sound = file.read_text("utf-8")
    file.write_text(sound.replace("form:", "form: ["), "utf-8")
    (broken,) = project.build().warnings
    assert f"data/{named}" in broken
    assert project.build().warnings == [broken], "in every build"
    file.rename(file.with_name("spare"))  # nothing says any longer why there is no report
    lost = project.build().warnings
    assert lost == project.build(out="clean").warnings
    assert len(lost) > 5
    file.write_text(sound, "utf-8")
    assert not [line for line in project.build().warnings if "没有宿迁市2024年" in line or "reference]" in line]


def test_a_year_that_no_file_has_is_reported_beside_one_that_cannot_be_used(suqian: Project) -> None:
    suqian.write("data/suqian-2022.yaml", "agency: [")
    suqian.page("c.md", "宿迁市", 2021, "```{gov-disclosure-table} requests\n```\n")
    assert [line.partition(": ")[0] for line in suqian.build().warnings if "report]" in line] == [f"{suqian.folder / 'c.md'}:2"]


def test_a_damaged_cache_is_an_empty_one(suqian: Project) -> None:
    suqian.build()
    (cache,) = (suqian.folder.parent / "_build").glob("doctrees-html/govreport.pickle")
    cache.write_bytes(cache.read_bytes()[:-10])
    build = suqian.build()
    assert (build.read, build.warnings) == ([], [])


@pytest.mark.filterwarnings("ignore:'sphinx.environment.BuildEnvironment.app' is deprecated")  # MyST's include uses it
@pytest.mark.parametrize("seed", seeds(4, 40))
def test_incremental_builds_are_clean_builds(seed: int) -> None:
    """More of them: ``python -m tests.fuzz edits``."""
    edits.check(edits.make(Random(f"edits:{seed}")), thorough=not seed % 10)  # noqa: S311


def test_a_moved_output_folder_is_neither_read_nor_written_again(suqian: Project) -> None:
    first = suqian.build()
    (suqian.folder.parent / "_build").rename(suqian.folder.parent / "moved")
    index = suqian.folder.parent / "moved/html/index.html"
    before = index.stat().st_mtime_ns
    moved = suqian.build(out="moved")
    assert (moved.read, moved.warnings, index.stat().st_mtime_ns) == ([], first.warnings, before)
    (suqian.folder.parent / "moved/html").rename(suqian.folder.parent / "html")
    shutil.copytree(suqian.folder.parent / "moved", suqian.folder.parent / "trees")
    assert suqian.build(out=".", trees="trees/doctrees-html").read == []


def test_a_second_builder_writes_all_pages_and_reads_none(suqian: Project) -> None:
    suqian.build(trees="doctrees")
    second = suqian.build("text", trees="doctrees")
    assert second.read == []
    assert "3525" in second.text("a.txt")


@pytest.mark.parametrize("builder", ["html", "text"])
def test_after_a_build_of_single_pages_the_others_follow(suqian: Project, builder: str) -> None:
    suqian.page("b.md", "宿迁市", 2024)
    suqian.build(builder)
    suqian.write("data/suqian-2024.yaml", SUQIAN.replace("issued: 2\n", "issued: 9\n", 1))
    single = suqian.build(builder, pages=("a.md",))
    assert not (single.out / ".govreport-checks.json").exists(), "it cannot be packed: b is older"
    again, clean = suqian.build(builder), suqian.build(builder, out="clean")
    for page in ("a", "b"):
        (name,) = (name for name in clean.files() if name in (f"{page}.html", f"{page}.txt"))
        assert single.files()[name] == again.files()[name] == clean.files()[name]
        assert "9" in clean.text(name)
    assert (again.out / ".govreport-checks.json").exists() is (builder == "html")


@pytest.mark.parametrize("builder", ["dirhtml", "text", "xml"])
def test_a_second_builder_follows_what_the_first_has_read(suqian: Project, builder: str) -> None:
    pdf = {"govreport_downloads": ["pdf"], "govreport_pdf_folder": "pdf", "latex_documents": [("a", "a.tex", "a", "", "howto")]}
    suqian.page(
        "a.md", "宿迁市", 2024, "::::{only} draft\n```{gov-disclosure-table} requests\n```\n::::\n\n```{gov-downloads}\n```\n"
    )
    for name in ("html", builder):
        suqian.build(name, trees="trees")
    suqian.write("pdf/a.pdf", "%PDF-1.7")
    for settings in (
        pdf,
        {**pdf, "govreport_numbered": True},
        {**pdf, "tags": ("draft",)},
        {**pdf, "govreport_agency": "宿迁市"},
    ):
        suqian.build("html", trees="trees", **settings)  # type: ignore[arg-type]
        again = suqian.build(builder, trees="trees", **settings)  # type: ignore[arg-type]
        clean = suqian.build(builder, out="clean", **settings)  # type: ignore[arg-type]
        for page in ("a", "b"):
            (name,) = (name for name in clean.files() if name in (f"{page}/index.html", f"{page}.txt", f"{page}.xml"))
            assert again.text(name) == clean.text(name)


@pytest.mark.parametrize("builder", ["latex", "man", "singlehtml", "texinfo"])
def test_a_removed_page_that_a_toctree_still_lists_is_not_printed(suqian: Project, builder: str) -> None:
    suqian.page("a.md", "宿迁市", 2024, "```{gov-disclosure-table}\n```\n\n```{gov-report-list}\n```\n")
    suqian.build(builder, project="site")
    (suqian.folder / "a.md").unlink()
    (suqian.folder / "data/suqian-2024.yaml").unlink()
    again, clean = suqian.build(builder, project="site"), suqian.build(builder, out="clean", project="site")
    assert again.warnings == clean.warnings
    (name,) = (name for name in clean.files() if name in ("site.tex", "site.1", "index.html", "site.texi"))
    assert again.text(name) == clean.text(name)
    assert "3525" not in clean.text(name)


def test_the_domain_holds_one_value_of_the_build_and_one_of_where_things_are_printed(suqian: Project) -> None:
    domain = domain_of(suqian.build().env)
    held = vars(domain).keys() - vars(GovDomain(domain.env)).keys()
    assert held == {"build", "listed", "placement"}  # the entries of lists depend on where things are printed
    for value in (domain.build, domain.placement):
        with pytest.raises(FrozenInstanceError):
            value.pdfs = {}  # type: ignore[misc]


def test_the_build_and_the_command_say_the_same_of_every_slip(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slips = yaml.safe_load((TYPO_FILES / "slips.yaml").read_text("utf-8"))
    for number, case in enumerate(slips):
        old, new = case["change"]
        text = (TYPO_FILES / f"{case['in']}.yaml").read_text("utf-8").replace(old, new, 1)
        project.write(f"data/{number:02}/2024.yaml", text)
    project.write("index.md", "# 年报\n")
    monkeypatch.chdir(project.folder)
    assert main(["--language", "zh_CN", "check", "data"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert len({line.partition(":")[0] for line in said}) == len(slips)
    built = [
        re.sub(
            r": (ERROR|WARNING): (.*) \[govreport\.(.*)\]$",
            lambda m: f": {LEVELS[m[1]]}: {m[2]} [{RULES[m[3]].chinese}]",
            line,
        )
        for line in project.build().warnings
    ]
    assert sorted(built) == sorted(said)
