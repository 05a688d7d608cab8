"""The year files of a site."""

from __future__ import annotations

from pathlib import Path

from sphinx_govreport.core.checks.run import Checked
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.checks import check_library
from sphinx_govreport.core.library.library import load_library
from tests.core.test_explanations import SOUND
from tests.core.test_local_forms import PAGES
from tests.published import report_key


def test_forms_and_other_files_beside_year_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a-form.yaml").write_text('form: local\nextends: "2021"\nenglish: Local\nsource: {notice: 地方}\n', "utf-8")
    (tmp_path / "b.yaml").write_text(SOUND, "utf-8")
    (tmp_path / "c.yml").write_text(SOUND.replace("2024", "2023"), "utf-8")
    (tmp_path / "c.md").write_text("# 页面\n", "utf-8")
    (tmp_path / "folder.yaml").mkdir()
    library = load_library(tmp_path, ["."], ["a-form.yaml"], Cache(None, ""))
    assert (library.diagnostics, sorted(library.entries)) == ((), [report_key("某市某局", 2023), report_key("某市某局", 2024)])
    assert library.years("某市某局") == (2023, 2024)


def test_a_name_that_no_report_knows_belongs_to_the_main_kind(tmp_path: Path) -> None:
    (tmp_path / "a-form.yaml").write_text(PAGES.replace("form: pages", "form: pages\nkind: 网站"), "utf-8")
    (tmp_path / "b.yaml").write_text(SOUND, "utf-8")
    (tmp_path / "c.yaml").write_text("agency: 某市某局\nyear: 2023\nform: pages\npublished: {pages: 7}\n", "utf-8")
    library = load_library(tmp_path, ["b.yaml", "c.yaml"], ["a-form.yaml"], Cache(None, ""))
    kinds = {name: library.kind_of("某市某局", names=[name]) for name in ("requests", "published", "公布")}
    assert kinds == {"requests": "政府信息公开", "published": "网站", "公布": "政府信息公开"}


def test_only_the_report_that_changes_is_checked_again(tmp_path: Path) -> None:
    def checked() -> int:
        cache: Cache[Checked] = Cache(tmp_path / "kept", "1")
        check_library(load_library(tmp_path, ["."], [], Cache(None, "")), {}, cache=cache)
        return cache.added

    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(SOUND.replace("某市某局", f"{name}局"), "utf-8")
    assert checked() == 2
    (tmp_path / "b.yaml").write_text(SOUND.replace("某市某局", "b局") + "# 注\n", "utf-8")
    assert [checked(), checked()] == [1, 0]
