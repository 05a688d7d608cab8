"""The Chinese edition shows examples with Chinese keys on the home page, in the tutorial, in the guides and in the gallery."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

from sphinx_govreport.core.forms.form import table_key
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.exporters.chinese_keys import with_chinese_keys

_PAGES = ("index", "start/", "guides/", "gallery/")
_PATH = re.compile(r"\b(proactive-disclosure|requests|reviews)((?:\.[a-z][a-z-]*)+)")
_NAMES = re.compile(r"(?<=\bgov-)([a-z]+-(?:table|chart)(?:\}|::) )([a-z][a-z -]*)")  # of tables and sets, in arguments
_TABLE = re.compile(r"(\bgov:table(?:\}|:)`[^`:]*:? ?)\b(proactive-disclosure|requests|reviews)\b(?=[`>])")
_RIGHT_LINE = re.compile(r"(?<=写成：)[a-z-]+: .*?(?= \[|$)", re.MULTILINE)
_CORRECTION = re.compile(r"“corrections:”(之下：- )(\{.*?\})(?= \[|$)", re.MULTILINE)
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
    written = _CORRECTION.sub(lambda one: f"“更正:”{one[1]}{with_chinese_keys(one[2], forms)}", written)
    written = _NAMES.sub(lambda names: names[1] + " ".join(map(_name, names[2].split())), written)
    written = _TABLE.sub(lambda name: name[1] + _name(name[2]), written)
    return _PATH.sub(_path, written)


def _name(name: str) -> str:
    """Return the Chinese name of a table or of a set of figures."""
    forms = statutory_forms().values()
    sets = {one.key: one.label for form in forms for table in form.tables for one in table.sets}
    return sets.get(name) or table_key(name, forms, "zh")


def _path(match: re.Match[str]) -> str:
    for form in reversed(statutory_forms().values()):
        table, key = form.table(match[1]), match[2][1:]
        rates = {rate.key: rate.label for rate in table.rates}
        try:
            path = rates.get(key) or layout_of(table).root.path_in(key, "zh")
        except (KeyError, AssertionError):
            continue
        return f"{table_key(match[1], [form], 'zh')}.{path}"
    return match[0]
