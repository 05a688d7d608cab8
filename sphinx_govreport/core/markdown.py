"""Texts in Markdown: escape titles, names and sentences so that they are read as plain text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from types import MappingProxyType

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$]|&(?=[#\w]))")  # anywhere in a line
_FIRST = re.compile(r"[%:=]|[-+](?=$|[\s+-])|\((?=.*\)=\s*$)")  # at its start: comments, fields, lists, rules, breaks, targets
_NUMBER = re.compile(r"(\d{1,9})(?=[.)](?:\s|$))")
_SPACES = re.compile(r"[ \t-\r\x1c-\x1f\x85\u2028\u2029]+")  # line ends of any standard, and white space of Markdown
_PLAIN = re.compile(r"[\u4e00-\u9fff]+")


def escaped(written: str) -> str:
    """Return a line of text in which no character has a meaning in Markdown."""
    line = _SPECIAL.sub(r"\\\1", " ".join(_SPACES.split(written)))
    if _FIRST.match(line):
        return f"\\{line}"
    return _NUMBER.sub(r"\1\\", line, count=1) if _NUMBER.match(line) else line


def front_matter(agency: str, year: int, kind: str = "", days: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the front matter of a report's page; ``kind`` is set if it must be written, ``days`` are dates by field."""
    said = f"govreport-report-kind: {_value(kind)}\n" if kind else ""
    said += "".join(f"{field}: {day}\n" for field, day in days.items())
    return f"---\ngovreport-year: {year}\ngovreport-agency: {_value(agency)}\n{said}---\n"


def table_directive(key: str) -> tuple[str, ...]:
    """Return the lines of a directive that prints a table of the page's report; ``key`` is the name of the table."""
    return (f"```{{gov-disclosure-table}} {key}", "```", "")


def _value(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)
