"""The public interface behaves as its page documents."""

from __future__ import annotations

import doctest
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sphinx_govreport.api as facade
from sphinx_govreport.api import Severity, check, export, load, table
from tests.published import published, report_key, year_file

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "reference/api.md"


def test_the_examples_of_the_page_are_what_python_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(DOCS / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text("utf-8").replace("```\n", "\n")  # otherwise a fence would belong to the expected output
    examples = doctest.DocTestParser().get_doctest(text, {}, PAGE.name, str(PAGE), 0)
    result = doctest.DocTestRunner().run(examples)
    assert result.failed == 0
    assert result.attempted > 10


def test_the_page_names_all_that_is_public_and_nothing_else() -> None:
    named = re.findall(r"^\.\. auto(?:function|class):: (\w+)", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    assert sorted(named) == sorted(facade.__all__)


def test_every_public_field_and_method_is_described() -> None:
    blocks = re.findall(r"^\.\. autoclass:: (\w+)\n   :members:(.*)\n", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    assert len(blocks) > 10
    described = (DOCS / "locale/zh_CN/LC_MESSAGES/reference/api.po").read_text("utf-8")
    for name, members in blocks:
        cls = getattr(facade, name)
        assert (cls.__doc__ or "").partition("\n")[0] in described.replace("\\", ""), name
        known = {*dir(cls), *getattr(cls, "__annotations__", {})}
        assert set(re.findall(r"\w+", members)) - known == set(), name


def test_programs_need_no_sphinx() -> None:
    code = "import sys, sphinx_govreport.api; print('sphinx' in sys.modules, 'docutils' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False False"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("suqian-2023", "suqian-2024", "huaian-hongze-2023"):
        (tmp_path / f"{name}.yaml").write_text(year_file(published(name)), "utf-8")
    return tmp_path


def test_files_are_named_from_the_root(folder: Path) -> None:
    library = load("suqian-*.yaml", Path("huaian-hongze-2023.yaml"), root=folder)
    assert sorted(library.entries) == [
        report_key("宿迁市", 2023), report_key("宿迁市", 2024), report_key("淮安市洪泽区人民政府", 2023),
    ]  # fmt: skip
    assert [entry.path for entry in library.entries.values()] == [
        "huaian-hongze-2023.yaml", "suqian-2023.yaml", "suqian-2024.yaml",
    ]  # fmt: skip
    (problem,) = load("nowhere.yaml", root=folder).diagnostics
    assert (problem.rule.name, problem.pos.path) == ("unreadable-file", "nowhere.yaml")


def test_a_local_form_is_named_by_its_file(folder: Path) -> None:
    form = 'form: local\nextends: "2021"\nenglish: Local\nsource: {notice: 地方}\nlabel-notes:\n  reviews: {columns: {reconsideration: （一）}}\n'
    (folder / "local.yaml").write_text(form, "utf-8")
    path = folder / "suqian-2024.yaml"
    path.write_text(path.read_text("utf-8").replace("default: 2021", "default: local"), "utf-8")
    library = load("suqian-2024.yaml", root=folder, forms=["local.yaml"])
    assert library.diagnostics == ()
    reviews = table(library, "宿迁市", 2024, "行政复议、行政诉讼")
    assert "行政复议（一）" in {reviews.shown(cell) for line in reviews.layout.lines for cell in line}


def test_levels_and_parts_are_those_of_the_settings(folder: Path) -> None:
    library = load(".", root=folder)
    key = report_key("淮安市洪泽区人民政府", 2023)
    assert {found.rule.name for found in check(library)[key].findings} == {"reviews-total"}
    assert check(library, levels={"reviews-total": "off"})[key].findings == ()
    (first, *_) = check(library, levels={"reviews-total": "hint"})[key].findings
    assert first.rule.severity is Severity.HINT
    below = check(library, parts={"宿迁市": ["淮安市洪泽区人民政府"]})[report_key("宿迁市", 2023)]
    assert "parts" in {found.rule.name for found in below.findings}
    for levels, said in (({"jump": "loud"}, "loud"), ({"leap": "off"}, "leap")):
        with pytest.raises(ValueError, match=said):
            check(library, levels=levels)


def test_what_is_not_there_raises(folder: Path) -> None:
    library = load(".", root=folder)
    for agency, year, name in (("宿迁市", 2022, "reviews"), ("宿千市", 2024, "reviews"), ("宿迁市", 2024, "review")):
        with pytest.raises(KeyError):
            table(library, agency, year, name)
    with pytest.raises(KeyError):
        export(library, "pptx")
    with pytest.raises(ValueError, match="one report"):
        export(library, "yaml")
    (folder / "bad.yaml").write_text("agency：甲\n", "utf-8")
    with pytest.raises(ValueError, match=r"bad\.yaml:1:1: A year file begins with keys such as agency"):
        export(load(".", root=folder), "csv")


def test_zero_and_caption_are_printed(folder: Path) -> None:
    library = load(".", root=folder)
    shown = table(library, "宿迁市", 2024, "reviews", caption="表四", zero="零")
    assert shown.caption == "表四"
    assert "零" in {shown.shown(cell) for cell in shown.layout.lines[-1]}
    assert "0" not in {shown.shown(cell) for cell in shown.layout.lines[-1]}
