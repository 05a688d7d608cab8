"""The page of checks lists every check with its severity."""

from __future__ import annotations

import re
from pathlib import Path

from sphinx_govreport.core.checks.registry import CHECKS, PAGE_CHECKS


def test_every_check_has_its_line_in_the_documentation() -> None:
    written = (Path(__file__).parents[2] / "docs/reference/checks.md").read_text("utf-8")
    listed = re.findall(r"^\| `([a-z-]+)` \| (error|warning|hint) \|", written, flags=re.MULTILINE)
    assert dict(listed) == {rule.name: rule.severity.value for rule in (*CHECKS, *PAGE_CHECKS)}
