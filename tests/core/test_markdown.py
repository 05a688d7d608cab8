"""Front matter of pages: YAML reads each name as it was."""

from __future__ import annotations

import pytest
import yaml

from sphinx_govreport.core.markdown import front_matter


@pytest.mark.parametrize("name", ["某局", "某局（本级）", "No", "2024", "a: b", "甲 # 乙", "“甲”", '"甲"', "- 甲", "是"])
def test_a_name_is_quoted_unless_it_is_in_plain_chinese(name: str) -> None:
    written = front_matter(name, 2024, name, {"govreport-published": "2025-01-20"})
    _before, fields, after = written.split("---\n")
    assert after == ""
    assert yaml.safe_load(fields)["govreport-agency"] == yaml.safe_load(fields)["govreport-report-kind"] == name
    assert (f"govreport-agency: {name}\n" in written) == (name in ("某局", "是"))
