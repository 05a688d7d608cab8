"""A YAML file as it was written: text and positions, nothing converted, nothing executed.

PyYAML's *events* are read, not its node graph: they give the same marks at half the time, and its C composer
overruns the stack on deep nesting. Scalars stay text, so ``012`` is not 10 and ``no`` is not ``False``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple, NoReturn, TypeAlias

import yaml

from .diagnostics import Diagnostic, Pos, Rule, Text, text
from .slips import YAML_SYNTAX, code_of, control_character, syntax_errors

MAX_BYTES = 1_000_000  #: a full year file has about 5,000
MAX_NODES = 20_000  #: keys and values, aliases counted as often as they are used; a full year file has about 500
MAX_DEPTH = 20  #: a year file needs 5

ENCODING = Rule("encoding")
TOO_LARGE = Rule("too-large")
DUPLICATE_KEY = Rule("duplicate-key")
EMPTY_FILE = Rule("empty-file")

_TOO_DEEP = "maximum nesting depth"  # newer C parsers read ahead, and give up by themselves at 1,000 levels
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Scalar(NamedTuple):
    """A value or key as it was written."""

    text: str
    line: int
    column: int
    plain: bool = True  #: written without quotation marks


class Sequence(NamedTuple):
    """A list."""

    items: tuple[Node, ...]
    line: int
    column: int


class Mapping(NamedTuple):
    """Keys and values in their order; a key stands here once, the first time it was written."""

    entries: tuple[tuple[Scalar, Node], ...]
    line: int
    column: int

    def get(self, *names: str) -> Node | None:
        """The value under the first of ``names`` that is written."""
        return next((value for key, value in self.entries if key.text in names), None)


Node: TypeAlias = Scalar | Sequence | Mapping


class Source(NamedTuple):
    """One file: where it is, what it says, and what makes it unreadable."""

    path: str
    digest: str  #: SHA-256 of the bytes, in hexadecimal
    root: Node | None  #: None if the file cannot be read
    diagnostics: tuple[Diagnostic, ...] = ()

    def pos(self, node: Node) -> Pos:
        """Where ``node`` begins."""
        return Pos(self.path, node.line, node.column)


def digest_of(data: bytes) -> str:
    """What a file's content is known by."""
    return hashlib.sha256(data).hexdigest()


def read_source(path: str, data: bytes) -> Source:
    """Read the bytes of one YAML document. Whatever is wrong with them is among the source's diagnostics."""
    digest = digest_of(data)
    if len(data) > MAX_BYTES:
        message = text("The file has {size} bytes; a year file has at most {limit}.", size=len(data), limit=MAX_BYTES)
        return Source(path, digest, None, (Diagnostic(TOO_LARGE, Pos(path), message),))
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Source(path, digest, None, (_wrong_encoding(path, data, error),))
    builder = _Builder(path)
    try:
        root = builder.build(content)
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # one parser stumbles over escapes that mean no character
        if _TOO_DEEP in str(getattr(error, "problem", "")):
            return Source(path, digest, None, (_too_deep(path, error),))
        return Source(path, digest, None, tuple(syntax_errors(path, content, error)))
    except _RefusedError as refused:
        return Source(path, digest, None, (refused.diagnostic,))
    if root is None or (isinstance(root, Scalar) and root.plain and not root.text):
        empty = Diagnostic(EMPTY_FILE, Pos(path), text("The file is empty."), text("Delete it, or fill it in."))
        return Source(path, digest, None, (empty,))
    return Source(path, digest, root, tuple(builder.diagnostics))


class _RefusedError(Exception):
    """The document is of a kind that is not read at all."""

    def __init__(self, rule: Rule, pos: Pos, message: Text, hint: Text | None = None) -> None:
        super().__init__(message.template)
        self.diagnostic = Diagnostic(rule, pos, message, hint)


class _Open:
    """A list or mapping whose end has not been read yet."""

    __slots__ = ("anchor", "column", "is_mapping", "items", "line", "size_before")

    def __init__(self, event: Any, size_before: int) -> None:
        self.anchor: str | None = event.anchor
        self.is_mapping = isinstance(event, yaml.MappingStartEvent)
        self.items: list[Node] = []
        self.line: int = event.start_mark.line + 1
        self.column: int = event.start_mark.column + 1
        self.size_before = size_before


class _Builder:
    """Builds the tree from the parser's events with a stack of its own, so depth and size have limits."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.diagnostics: list[Diagnostic] = []
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Node, int] | None] = {}  # None: still open, an alias to it would be a circle
        self._root: Node | None = None
        self._size = 0

    def build(self, content: str) -> Node | None:
        loader = _LOADER(content)
        take = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._open,
            yaml.SequenceStartEvent: self._open,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        next_event = loader.get_event
        try:
            while event := next_event():
                if kind := take.get(type(event)):  # neither parser has kinds of its own
                    kind(event)
        finally:
            loader.dispose()
        return self._root

    def _scalar(self, event: Any) -> None:
        if event.tag is not None:
            self._refuse_tag(event)
        style = event.style
        if style == '"' and (match := control_character(event.value)):
            message = text("An escape stands here for a character that no text has ({code}).", code=code_of(match[0]))
            self._refuse(YAML_SYNTAX, event, message, text("Delete it."))
        mark: Any = event.start_mark
        scalar = Scalar(event.value, mark.line + 1, mark.column + 1, not style)
        if event.anchor:
            self._anchors[event.anchor] = (scalar, 1)
        self._add(scalar, event)

    def _document(self, event: Any) -> None:
        if self._root is not None:
            message = text("A second document begins here (“---”).")
            self._refuse(YAML_SYNTAX, event, message, text("Write one file for each report."))

    def _open(self, event: Any) -> None:
        self._refuse_tag(event)
        if len(self._stack) >= MAX_DEPTH:
            self._refuse(TOO_LARGE, event, text("More than {limit} levels of nesting.", limit=MAX_DEPTH))
        if event.anchor:
            self._anchors[event.anchor] = None
        self._stack.append(_Open(event, self._size))

    def _close(self, event: Any) -> None:
        done = self._stack.pop()
        node: Node
        if done.is_mapping:
            node = Mapping(tuple(self._entries(done.items)), done.line, done.column)
        else:
            node = Sequence(tuple(done.items), done.line, done.column)
        if done.anchor:
            self._anchors[done.anchor] = (node, self._size - done.size_before + 1)
        self._add(node, event)

    def _alias(self, event: Any) -> None:
        known = self._anchors.get(event.anchor)
        if known is None:
            self._refuse(YAML_SYNTAX, event, text("“*{name}” refers to nothing that is written above.", name=event.anchor))
        node, size = known
        self._size += size - 1
        self._add(node, event)

    def _add(self, node: Node, event: Any) -> None:
        self._size += 1
        if self._size > MAX_NODES:
            self._refuse(TOO_LARGE, event, text("More than {limit} keys and values.", limit=MAX_NODES))
        if self._stack:
            self._stack[-1].items.append(node)
        else:
            self._root = node

    def _entries(self, items: list[Node]) -> Iterator[tuple[Scalar, Node]]:
        seen: dict[str, Scalar] = {}
        for key, value in zip(items[::2], items[1::2], strict=True):
            if not isinstance(key, Scalar):
                pos = Pos(self.path, key.line, key.column)
                self.diagnostics.append(Diagnostic(YAML_SYNTAX, pos, text("A list or mapping cannot be a key.")))
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


def duplicate_key(path: str, key: Scalar, first: Scalar) -> Diagnostic:
    """``key`` names what ``first`` has named already."""
    return Diagnostic(
        DUPLICATE_KEY,
        Pos(path, key.line, key.column),
        text("“{key}” is given twice; the first is in line {line}.", key=key.text, line=first.line),
        text("Delete one of the two."),
    )


def _too_deep(path: str, error: Any) -> Diagnostic:
    mark = error.problem_mark
    message = text("More than {limit} levels of nesting.", limit=MAX_DEPTH)
    return Diagnostic(TOO_LARGE, Pos(path, mark.line + 1, mark.column + 1), message)


def _wrong_encoding(path: str, data: bytes, error: UnicodeDecodeError) -> Diagnostic:
    encoding = "UTF-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else _guess(data)
    line_start = data.rfind(b"\n", 0, error.start) + 1
    column = len(data[line_start : error.start].decode("utf-8", "replace")) + 1
    pos = Pos(path, data.count(b"\n", 0, error.start) + 1, column)
    message = (
        text("The file is not in UTF-8; it seems to be in {encoding}.", encoding=encoding)
        if encoding
        else text("The file is not in UTF-8.")
    )
    return Diagnostic(ENCODING, pos, message, text("Save it again with the encoding UTF-8."))


def _guess(data: bytes) -> str:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "GBK"
