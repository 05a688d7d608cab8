"""A YAML file as it was written: text and positions, nothing converted, nothing executed.

Scalars stay text, so ``012`` is not 10 and ``no`` is not ``False``.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple, TypeAlias

from .diagnostics import Diagnostic, Pos, Rule, Text, text
from .unseen import codes_in, unseen

MAX_BYTES = 1_000_000  #: a full year file has about 5,000

ENCODING = Rule("encoding")
TOO_LARGE = Rule("too-large")
DUPLICATE_KEY = Rule("duplicate-key")
EMPTY_FILE = Rule("empty-file")
INVISIBLE = Rule("invisible-character")

_AROUND = 12  # characters that a message shows on each side of one that nobody sees


class ScalarNode(NamedTuple):
    """A value or key as it was written."""

    text: str
    line: int
    column: int
    plain: bool = True  #: written without quotation marks


class SequenceNode(NamedTuple):
    """A list."""

    items: tuple[Node, ...]
    line: int
    column: int


class MappingNode(NamedTuple):
    """Keys and values in their order; a key stands here once, the first time it was written, unless it is of a number."""

    entries: tuple[tuple[ScalarNode, Node], ...]
    line: int
    column: int

    def get(self, *names: str) -> Node | None:
        """The value under the first of ``names`` that is written."""
        return next((value for key, value in self.entries if key.text in names), None)


Node: TypeAlias = ScalarNode | SequenceNode | MappingNode


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
    from .yaml_tree import read_tree  # a build in which no file has changed needs no parser

    root, diagnostics = read_tree(path, content)
    if not diagnostics and (root is None or (isinstance(root, ScalarNode) and root.plain and not root.text)):
        empty = Diagnostic(EMPTY_FILE, Pos(path), text("The file is empty."), text("Delete it, or fill it in."))
        return Source(path, digest, None, (empty,))
    return Source(path, digest, root, diagnostics)


def duplicate_key(path: str, key: ScalarNode, first: ScalarNode) -> Diagnostic:
    """``key`` names what ``first`` has named already."""
    return Diagnostic(
        DUPLICATE_KEY,
        Pos(path, key.line, key.column),
        text("“{key}” is given twice; the first is in line {line}.", key=key.text, line=first.line),
        text("Delete one of the two."),
    )


def invisible(pos: Pos, written: str, hint: Text | None = None) -> Diagnostic:
    """A text has characters that nobody sees; whatever prints the message shows them as escapes."""
    at = next(unseen(written))
    start, end = max(0, at - _AROUND), at + _AROUND + 1
    quoted = ("…" if start else "") + written[start:end] + ("…" if end < len(written) else "")
    message = text("“{quoted}” has characters that readers do not see ({codes}).", quoted=quoted, codes=codes_in(written))
    return Diagnostic(INVISIBLE, pos, message, hint or text("Delete them, or type the text anew."))


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
