"""The fields of a year file: keys by any of their names, and texts."""

from __future__ import annotations

from .diagnostics import Diagnostic, Rule, Text, text
from .form import did_you_mean, hint_for
from .source import Mapping, Node, Scalar, Source, duplicate_key

UNKNOWN_KEY = Rule("unknown-key")
BAD_VALUE = Rule("bad-value")


class FieldReader:
    """Reads fields of one year file and collects what is wrong with them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []

    def add(self, rule: Rule, node: Node, message: Text, hint: Text | None = None) -> None:
        self.diagnostics.append(Diagnostic(rule, self.source.pos(node), message, hint))

    def named(self, mapping: Mapping, names: dict[str, str]) -> dict[str, Node]:
        """A mapping's values by canonical name; unknown and doubled keys are reported."""
        fields: dict[str, Node] = {}
        first: dict[str, Scalar] = {}
        for key, value in mapping.entries:
            name = names.get(key.text) or names.get("".join(key.text.split()))
            if name is None:
                self.unknown(key, names)
            elif name in fields:
                self.diagnostics.append(duplicate_key(self.source.path, key, first[name]))
            else:
                fields[name] = value
                first[name] = key
        return fields

    def unknown(self, key: Scalar, names: dict[str, str]) -> str | None:
        """Report a key that nothing is called by, and tell what it probably means."""
        guess = did_you_mean(key.text, names)
        hint = hint_for(guess, dict.fromkeys(names.values()))
        self.add(UNKNOWN_KEY, key, text("“{key}” is not known here.", key=key.text), hint)
        return names[guess] if guess else None

    def string(self, node: Node | None) -> str:
        if node is None:
            return ""
        if isinstance(node, Scalar) and node.text.strip():
            return node.text.strip()
        self.add(BAD_VALUE, node, text("Here a text is expected."))
        return ""


def spellings(keys: dict[str, str]) -> dict[str, str]:
    """Both names of each key, to the canonical one."""
    return {key: key for key in keys} | {chinese: key for key, chinese in keys.items()}


def colon_hint(node: Node) -> Text | None:
    """What is probably wrong where a text stands instead of keys: its colon."""
    if isinstance(node, Scalar) and ("：" in node.text or ":" in node.text):
        return text("Look at the colon: after a key stands a half-width colon and a space “: ”.")
    return None
