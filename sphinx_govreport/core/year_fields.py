"""The fields of a year file: keys by any of their names, and texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .diagnostics import Diagnostic, Pos, Rule, Text, text
from .form import did_you_mean, hint_for
from .slips import FULL_WIDTH_COLON, NO_SPACE, WIDE_INDENT, YAML_SYNTAX
from .source import MappingNode, Node, ScalarNode, Source, duplicate_key

UNKNOWN_KEY = Rule("unknown-key")
BAD_VALUE = Rule("bad-value")

_COLON = re.compile("[:：]")


class FieldReader:
    """Reads fields of one year file and collects what is wrong with them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []

    def add(self, rule: Rule, node: Node, message: Text, hint: Text | None = None) -> None:
        self.diagnostics.append(Diagnostic(rule, self.source.pos(node), message, hint))

    def named(self, mapping: MappingNode, names: dict[str, str]) -> dict[str, Node]:
        """A mapping's values by canonical name; unknown and doubled keys are reported."""
        return self.fields(mapping, names, ())[0]

    def fields(self, mapping: MappingNode, names: dict[str, str], needed: Iterable[str]) -> tuple[dict[str, Node], list[str]]:
        """The same, and which of the ``needed`` names are missing, as :meth:`unknown` has them."""
        fields: dict[str, Node] = {}
        first: dict[str, ScalarNode] = {}
        unknown: list[ScalarNode] = []
        for key, value in mapping.entries:
            name = self.name_of(key, names)
            if name is None:
                unknown.append(key)
            elif name in fields:
                self.diagnostics.append(duplicate_key(self.source.path, key, first[name]))
            else:
                fields[name] = value
                first[name] = key
        return fields, self.unknown(unknown, names, [name for name in needed if name not in fields])

    def name_of(self, key: ScalarNode, names: dict[str, str]) -> str | None:
        """What a key is called, if it is known. Spaces in it do not matter, but are reported where they were to indent it."""
        name = names.get(key.text) or names.get("".join(key.text.split()))
        if name and is_indented_wide(key):
            self.add(YAML_SYNTAX, key, *WIDE_INDENT)
        return name

    def unknown(self, keys: Sequence[ScalarNode], names: dict[str, str], missing: list[str]) -> list[str]:
        """Report keys that nothing is called by, and tell what they probably mean.

        Returns what else is ``missing``: a misspelt key is one mistake, not two. One that is like no name may stand for any.
        """
        if not keys:
            return missing
        guesses = [self.glued(key, names) or did_you_mean(key.text, names) for key in keys]
        meant = {names[guess] for guess in guesses if guess}
        left = [name for name in missing if name not in meant]
        is_all = len(left) <= guesses.count(None)
        for key, guess in zip(keys, guesses, strict=True):
            if guess and self.glued(key, names):
                self.colon(key)
                continue
            hint = hint_for(guess, dict.fromkeys(names.values()))
            if not guess and left and is_all:
                hint = text("What is missing here: {names}.", names="、".join(left))
            self.add(UNKNOWN_KEY, key, text("“{key}” is not known here.", key=key.text), hint)
        return [] if is_all else left

    def glued(self, key: ScalarNode, names: dict[str, str]) -> str | None:
        """The name before the colon in a key that YAML has not told from its value."""
        name = "".join(_COLON.split(key.text, maxsplit=1)[0].split())
        return name if key.plain and name != key.text and name in names else None

    def colon(self, key: ScalarNode) -> None:
        """Report the colon in such a key."""
        match = _COLON.search(key.text)
        assert match
        pos = Pos(self.source.path, key.line, key.column + match.start())
        self.diagnostics.append(Diagnostic(YAML_SYNTAX, pos, *(FULL_WIDTH_COLON if match[0] == "：" else NO_SPACE)))

    def string(self, node: Node | None) -> str:
        if node is None:
            return ""
        if isinstance(node, ScalarNode) and node.text.strip():
            return node.text.strip()
        self.add(BAD_VALUE, node, text("Here a text is expected."))
        return ""


def spellings(keys: dict[str, str]) -> dict[str, str]:
    """Both names of each key, to the canonical one."""
    return {key: key for key in keys} | {chinese: key for key, chinese in keys.items()}


def is_indented_wide(key: ScalarNode) -> bool:
    """Whether a key begins with spaces: those that YAML does not take for an indent."""
    return key.plain and key.text.lstrip() != key.text


def shape_hint(node: Node) -> Text | None:
    """What is probably wrong where a text stands instead of keys or a list: its colon, or its brackets and commas."""
    if isinstance(node, ScalarNode) and re.search(r"\d\s*[,，、；;\s]\s*\d", node.text):
        return text("Write half-width brackets and commas “[1, 2]”.")
    if isinstance(node, ScalarNode) and ("：" in node.text or ":" in node.text):
        return text("Look at the colon: after a key stands a half-width colon and a space “: ”.")
    return None
