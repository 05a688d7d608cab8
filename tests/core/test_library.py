"""The year files of a site."""

from __future__ import annotations

from pathlib import Path

from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.library import load_library
from tests.core.test_explanations import SOUND
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
