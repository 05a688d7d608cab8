"""The values of a form file: each is what is expected in its place, or it is reported."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .diagnostics import Diagnostic, Rule, Text, text
from .source import MappingNode, Node, ScalarNode, SequenceNode, Source

BAD_FORM = Rule("bad-form")


class ValueReader:
    """Reads values of one form file and collects what is wrong with them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []

    def report(self, node: Node, message: Text) -> None:
        self.diagnostics.append(Diagnostic(BAD_FORM, self.source.pos(node), message))

    def mapping(self, node: Node | None, known: Iterable[str], where: Node) -> dict[str, Node]:
        """The entries of a mapping whose keys must be among ``known``."""
        if not isinstance(node, MappingNode):
            self.report(node or where, text("Here a mapping is expected: {keys}.", keys=", ".join(known)))
            return {}
        for key, _value in node.entries:
            if key.text not in known:
                self.report(key, text("“{key}” is not known here; known are: {keys}.", key=key.text, keys=", ".join(known)))
        return {key.text: value for key, value in node.entries}

    def string(self, fields: dict[str, Node], key: str, where: Node, *, required: bool = True) -> str:
        node = fields.get(key)
        if isinstance(node, ScalarNode) and node.text.strip():
            return node.text
        if node is not None or required:
            self.report(node or where, text("“{key}” must be a text.", key=key))
        return ""

    def key(self, fields: dict[str, Node], where: Node, *, required: bool) -> str:
        """A part of a key path: equations, ids and anchors are made of it."""
        key = self.string(fields, "key", where, required=required)
        if key and not re.fullmatch("[a-z0-9]+(?:-[a-z0-9]+)*", key):
            self.report(fields["key"], text("“{key}” is no key: it is made of a-z, 0-9 and single hyphens.", key=key))
        return key

    def strings(self, fields: dict[str, Node], key: str) -> tuple[str, ...]:
        return tuple(item.text for item in self.items(fields, key) if isinstance(item, ScalarNode))

    def items(self, fields: dict[str, Node], key: str) -> tuple[Node, ...]:
        node = fields.get(key)
        if node is None:
            return ()
        if isinstance(node, SequenceNode):
            return node.items
        self.report(node, text("“{key}” must be a list.", key=key))
        return ()

    def number(self, fields: dict[str, Node], key: str, default: int) -> int:
        node = fields.get(key)
        if node is None:
            return default
        if isinstance(node, ScalarNode) and re.fullmatch("[1-9][0-9]{0,3}", node.text):
            return int(node.text)
        self.report(node, text("“{key}” must be a whole number from 1 to 9999.", key=key))
        return default

    def flag(self, fields: dict[str, Node], key: str, yes: str = "true") -> bool:
        node = fields.get(key)
        if node is None:
            return False
        if isinstance(node, ScalarNode) and node.text == yes:
            return True
        self.report(node, text("“{key}” can only be “{value}”, or left out.", key=key, value=yes))
        return False
