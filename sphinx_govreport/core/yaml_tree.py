"""The tree of a YAML text, of what its parser says one after the other.

PyYAML's *events* are read, not its node graph: they give the same marks at half the time, and its C composer overruns the
stack on deep nesting.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, NoReturn

import yaml

from .diagnostics import Diagnostic, Pos, Rule, Text, text
from .slips import YAML_SYNTAX, lines_of, syntax_errors
from .source import TOO_LARGE, MappingNode, Node, ScalarNode, SequenceNode, duplicate_key, invisible
from .unseen import cleaned, is_clean, unseen

MAX_NODES = 20_000  #: keys and values, aliases counted as often as they are used; a full year file has about 500
MAX_DEPTH = 20  #: a year file needs 5

_TOO_DEEP = "maximum nesting depth"  # newer C parsers read ahead, and give up by themselves at 1,000 levels
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Tree(NamedTuple):
    """What a text says, and what is wrong with it."""

    root: Node | None  #: None if it is empty or cannot be read
    diagnostics: tuple[Diagnostic, ...] = ()


def read_tree(path: str, content: str) -> Tree:
    """Read the text of one YAML document."""
    builder = _Builder(path)
    try:
        root = builder.build(content)
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # one parser stumbles over escapes that mean no character
        if _TOO_DEEP in str(getattr(error, "problem", "")):
            return Tree(None, (_too_deep(path, error),))
        return Tree(None, tuple(syntax_errors(path, content, error)))
    except _RefusedError as refused:
        return Tree(None, (refused.diagnostic,))
    if root and (builder.is_suspect or not is_clean(content)):  # of a comment nobody needs to know
        root = _Cleaner(path, content, builder.diagnostics).clean(root)
    return Tree(root, tuple(builder.diagnostics))


class _Cleaner:
    """Finds characters that nobody sees, and builds the tree without them, so that each is reported once and nothing else is
    wrong because of it."""

    def __init__(self, path: str, content: str, diagnostics: list[Diagnostic]) -> None:
        self.path = path
        self.lines = lines_of(content)
        self.diagnostics = diagnostics

    def clean(self, node: Node) -> Node:
        """The part of the tree without them."""
        if isinstance(node, SequenceNode):
            return node._replace(items=tuple(map(self.clean, node.items)))
        if isinstance(node, MappingNode):
            return node._replace(entries=tuple((self.scalar(key), self.clean(value)) for key, value in node.entries))
        return self.scalar(node)

    def scalar(self, scalar: ScalarNode) -> ScalarNode:
        """A text without them."""
        first = next(unseen(scalar.text), None)
        if first is None:
            return scalar
        at = self.lines[scalar.line - 1].find(scalar.text[first], scalar.column - 1)  # nowhere if it is written as an escape
        pos = Pos(self.path, scalar.line, at + 1 if at >= 0 else scalar.column)
        self.diagnostics.append(invisible(pos, scalar.text))
        return scalar._replace(text=cleaned(scalar.text))


class _RefusedError(Exception):
    """The document is of a kind that is not read at all."""

    def __init__(self, rule: Rule, pos: Pos, message: Text, hint: Text | None = None) -> None:
        super().__init__(message.template)
        self.diagnostic = Diagnostic(rule, pos, message, hint)


class _Open(NamedTuple):
    """A list or mapping whose end has not been read yet."""

    start: Any  #: the event with which it began
    size_before: int
    around: list[Node]  #: what has been read of that in which it stands


class _Builder:
    """Builds the tree from the parser's events with a stack of its own, so depth and size have limits."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.diagnostics: list[Diagnostic] = []
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Node, int] | None] = {}  # None: still open, an alias to it would be a circle
        self._items: list[Node] = []  # what has been read of the innermost list or mapping, at first of the document
        self._size = 0  # of what is closed
        self.is_suspect = False  #: whether an escape stands for a character that nobody sees

    def build(self, content: str) -> Node | None:
        loader = _LOADER(content)
        take = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._open,
            yaml.SequenceStartEvent: self._open,
            yaml.MappingEndEvent: self._close_mapping,
            yaml.SequenceEndEvent: self._close_sequence,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        next_event, scalar = loader.get_event, yaml.ScalarEvent
        try:
            while event := next_event():
                kind = type(event)  # neither parser has kinds of its own
                if kind is scalar and event.implicit[0] and not event.anchor:  # as most are: no call for each of them
                    mark = event.start_mark
                    self._items.append(ScalarNode(event.value, mark.line + 1, mark.column + 1, True))
                elif kind in take:
                    take[kind](event)
        finally:
            loader.dispose()
        return self._items[0] if self._items else None

    def _scalar(self, event: Any) -> None:
        """One that has what few have: a tag, quotation marks, a name."""
        self._refuse_tag(event)
        mark = event.start_mark
        scalar = ScalarNode(event.value, mark.line + 1, mark.column + 1, not event.style)
        self.is_suspect |= event.style == '"' and not is_clean(scalar.text)
        if event.anchor:
            self._anchors[event.anchor] = (scalar, 1)
        self._items.append(scalar)

    def _document(self, event: Any) -> None:
        if self._items:
            message = text("A second document begins here (“---”).")
            self._refuse(YAML_SYNTAX, event, message, text("Write one file for each report."))

    def _open(self, event: Any) -> None:
        self._refuse_tag(event)
        if len(self._stack) >= MAX_DEPTH:
            self._refuse(TOO_LARGE, event, text("More than {limit} levels of nesting.", limit=MAX_DEPTH))
        if event.anchor:
            self._anchors[event.anchor] = None
        self._stack.append(_Open(event, self._size, self._items))
        self._items = []

    def _close_mapping(self, _event: Any) -> None:
        start = self._stack[-1].start
        self._close(MappingNode(tuple(self._entries()), start.start_mark.line + 1, start.start_mark.column + 1))

    def _close_sequence(self, _event: Any) -> None:
        start = self._stack[-1].start
        self._close(SequenceNode(tuple(self._items), start.start_mark.line + 1, start.start_mark.column + 1))

    def _close(self, node: Node) -> None:
        done = self._stack.pop()
        self._grow(len(self._items), done.start)
        if done.start.anchor:
            self._anchors[done.start.anchor] = (node, self._size - done.size_before + 1)
        self._items = done.around
        self._items.append(node)

    def _alias(self, event: Any) -> None:
        known = self._anchors.get(event.anchor)
        if known is None:
            self._refuse(YAML_SYNTAX, event, text("“*{name}” refers to nothing that is written above.", name=event.anchor))
        node, size = known
        self._grow(size - 1, event)  # it is itself counted where it stands
        self._items.append(node)

    def _grow(self, size: int, event: Any) -> None:
        self._size += size
        if self._size > MAX_NODES:
            self._refuse(TOO_LARGE, event, text("More than {limit} keys and values.", limit=MAX_NODES))

    def _entries(self) -> Iterator[tuple[ScalarNode, Node]]:
        """Of a mapping: keys that are there for the first time, and their values."""
        seen: dict[str, ScalarNode] = {}
        for key, value in zip(self._items[::2], self._items[1::2], strict=True):
            if not isinstance(key, ScalarNode):
                pos = Pos(self.path, key.line, key.column)
                self.diagnostics.append(Diagnostic(YAML_SYNTAX, pos, text("A list or mapping cannot be a key.")))
            elif key.text in seen and _is_rest_of_number(key, value):
                yield key, value
            elif key.text in seen:
                first = seen[key.text]
                self.diagnostics.append(duplicate_key(self.path, key, first))
            else:
                seen[key.text] = key
                yield key, value

    def _refuse_tag(self, event: Any) -> None:
        if event.tag is not None and event.tag != "!":
            message = text("“{tag}” is a YAML tag; a year file has none.", tag=event.tag)
            self._refuse(YAML_SYNTAX, event, message, text("Delete it."))

    def _refuse(self, rule: Rule, event: Any, message: Text, hint: Text | None = None) -> NoReturn:
        mark = event.start_mark
        raise _RefusedError(rule, Pos(self.path, mark.line + 1, mark.column + 1), message, hint)


def _is_rest_of_number(key: ScalarNode, value: Node) -> bool:
    """``{a: 1,000,000}`` is the key ``000`` twice: who reads figures says what is wrong with it."""
    return key.text.isdecimal() and isinstance(value, ScalarNode) and not value.text


def _too_deep(path: str, error: Any) -> Diagnostic:
    mark = error.problem_mark
    message = text("More than {limit} levels of nesting.", limit=MAX_DEPTH)
    return Diagnostic(TOO_LARGE, Pos(path, mark.line + 1, mark.column + 1), message)
