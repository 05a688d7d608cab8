"""Texts in Markdown: what a title, a name or a sentence must look like to be taken for nothing but text."""

from __future__ import annotations

import json
import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$])")
_LIST = re.compile(r"^([-+])(?=\s)|^(\d+)(?=[.)]\s)")
_PLAIN = re.compile(r"[\u4e00-\u9fff]+")


def escaped(written: str) -> str:
    """A line of text with nothing in it that Markdown has a meaning for."""
    return _LIST.sub(lambda match: f"\\{match[1]}" if match[1] else f"{match[2]}\\", _SPECIAL.sub(r"\\\1", written))


def front_matter(agency: str, year: int) -> str:
    """The top of a report's page."""
    name = agency if _PLAIN.fullmatch(agency) else json.dumps(agency, ensure_ascii=False)
    return f"---\ngovreport-year: {year}\ngovreport-agency: {name}\n---\n"
