"""The keys of year files in their two languages, and the syntax of their texts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from sphinx_govreport.core.forms.form import Keys
from sphinx_govreport.core.yaml.source import BLANKS

#: the keys at the top level, with their Chinese names
TOP_KEYS = {"agency": "机关", "year": "年度", "form": "格式", "notes": "附注", "explanations": "说明", "corrections": "更正"}
#: the key of the form of all tables without their own
DEFAULT_KEY = {"default": "默认"}
#: the keys of one figure
FIGURE_KEYS = {"value": "数值", "note": "备注", "unit": "单位"}
#: the keys of a correction
CORRECTION_KEYS = {"date": "日期", "figure": "数据", "before": "更正前", "after": "更正后", "reason": "更正原因"}

_PLAIN = (
    r"[\u4e00-\u9fff][\u4e00-\u9fffA-Za-z0-9（）、，。；《》〔〕“”]*|[a-z][a-z0-9-]*|[1-9][0-9]*"  # needs no quotation marks
)


def written_key(key: str, names: Mapping[str, str], keys: Keys) -> str:
    """Return a canonical key in a language; ``names`` has the Chinese names."""
    return names[key] if keys == "zh" else key


def yaml_text(written: str) -> str:
    """Return a text as YAML: plain if that is unambiguous, else in quotation marks."""
    is_plain = re.fullmatch(_PLAIN, written) and written not in BLANKS
    return written if is_plain else json.dumps(written, ensure_ascii=False)
