"""The Chinese edition shows year files with Chinese keys on the home page, in the tutorial and in the guides."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

from sphinx_govreport.core.forms.form import table_key
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.exporters.chinese_keys import with_chinese_keys

_PAGES = ("index", "start/", "guides/")
_PATH = re.compile(r"\b(proactive-disclosure|requests|reviews)((?:\.[a-z][a-z-]*)+)")
_TABLE = re.compile(r"((?:\{gov-disclosure-table\}|gov-disclosure-table::) )([a-z-]+)")
_RIGHT_LINE = re.compile(r"(?<=写成：)[a-z-]+: .*?(?= \[|$)", re.MULTILINE)
_PLACE = re.compile(r"^(\S+\.yaml:)(\d+):(\d+)(?=:)", re.MULTILINE)


class ChineseKeys(SphinxTransform):
    """Replaces keys in the examples of a page, and adjusts the columns in messages."""

    default_priority = 30  # after translations

    def apply(self, **_options: Any) -> None:
        if not (self.config.language.startswith("zh") and self.env.docname.startswith(_PAGES)):
            return
        moved: dict[int, int] = {}  # by line: how far the text after its key has moved
        for block in self.document.findall(nodes.literal_block):
            written = block.astext()
            shown = in_chinese(written, is_yaml=block.get("language") == "yaml")
            if block.get("language") == "yaml":
                first = int(block.get("highlight_args", {}).get("linenostart", 1))
                pairs = zip(written.split("\n"), shown.split("\n"), strict=True)
                moved.update((first + at, len(new) - len(old)) for at, (old, new) in enumerate(pairs))
            shown = _PLACE.sub(lambda at: f"{at[1]}{at[2]}:{int(at[3]) + moved.get(int(at[2]), 0)}", shown)
            if shown != written:
                block.rawsource = shown
                block.children = [nodes.Text(shown)]
        for literal in self.document.findall(nodes.literal):
            written = literal.astext()
            shown = in_chinese(written, is_yaml=re.match(r"[a-z-]+: ", written) is not None)
            if shown != written:
                literal.rawsource = shown
                literal.children = [nodes.Text(shown)]


def in_chinese(written: str, *, is_yaml: bool) -> str:
    """Return an example with Chinese keys, key paths and table names."""
    forms = statutory_forms()
    if is_yaml:
        written = with_chinese_keys(written, forms)
    written = _RIGHT_LINE.sub(lambda line: with_chinese_keys(line[0], forms), written)
    written = _TABLE.sub(lambda name: name[1] + table_key(name[2], forms.values(), "zh"), written)
    return _PATH.sub(_path, written)


def _path(match: re.Match[str]) -> str:
    forms = statutory_forms()
    for form in reversed(forms.values()):
        try:
            path = layout_of(form.table(match[1])).root.path_in(match[2][1:], "zh")
        except (KeyError, AssertionError):
            continue
        return f"{table_key(match[1], [form], 'zh')}.{path}"
    return match[0]
