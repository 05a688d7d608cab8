"""The formats of JSON output."""

from __future__ import annotations

import json

from sphinx_govreport.core.characters import in_json


def dumped(value: object) -> str:
    """Return JSON for people: with Chinese letters, indented, with a line break at its end."""
    return in_json(json.dumps(value, ensure_ascii=False, indent=1)) + "\n"


def compact(value: object) -> str:
    """Return JSON for programs, on one line: ten times as fast to write."""
    return in_json(json.dumps(value, ensure_ascii=False)) + "\n"
