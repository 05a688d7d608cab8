"""Lines that were broken only because they were full: Chinese is written without spaces, so the break was none either."""

from __future__ import annotations

import re

_CHINESE = "\u2e80-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003ffff"
_QUOTES = "“”‘’—…·"  # they are Chinese beside Chinese
_BREAK = re.compile(rf"(?<=[{_CHINESE}{_QUOTES}])[^\S\n]*\n\s*(?=[{_CHINESE}{_QUOTES}])")


def without_breaks(written: str) -> str:
    """The text on one line: a break between Chinese characters is nothing, every other space is one space."""
    return " ".join(_BREAK.sub("", written).split())
