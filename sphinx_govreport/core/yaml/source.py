"""YAML files as written: text and positions, nothing converted, nothing executed.

Scalars stay text, so ``012`` is not 10 and ``no`` is not ``False``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple, NoReturn, TypeAlias, TypeGuard

import yaml

from sphinx_govreport.core.characters import cleaned, codes_in, is_clean, unseen
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Severity, Text, explained_rule, text
from sphinx_govreport.core.examples import Example, year_file

from .pitfalls import CUT_OFF, YAML_SYNTAX, lines_of, syntax_errors

MAX_BYTES = 1_000_000  #: a full year file has about 5,000

ENCODING = explained_rule(
    "encoding",
    "文件编码",
    text("The file is not in UTF-8, but for example in GBK."),
    text("With the wrong encoding, names and notes would turn into other characters."),
    text("Save the file again and choose UTF-8 as its encoding."),
    example=Example((("data/2024.yaml", "agency: 某局\nyear: 2024\n"),), encoding="gbk"),
)
TOO_LARGE = explained_rule(
    "too-large",
    "文件过大",
    text("The file is larger, or nested deeper, than any year file."),
    text("A real report has a few kilobytes; this is a different file, or one intended to exhaust the computer."),
    text("Remove the file from the data folder."),
    example=Example((("data/2024.yaml", "agency: [[[[[[[[[[[[[[[[[[[[[[某局]]]]]]]]]]]]]]]]]]]]]]\n"),)),
)
DUPLICATE_KEY = explained_rule(
    "duplicate-key",
    "键重复",
    text("The same key appears twice in one place."),
    text("YAML would keep the last one and drop the other without a message."),
    text("Keep the right one and delete the other."),
    wrong="year: 2024\nyear: 2023",
    right="year: 2024",
)
EMPTY_FILE = explained_rule(
    "empty-file",
    "空文件",
    text("There is nothing in the file."),
    text("An empty file says nothing, not even that all figures are 0."),
    text("Fill it in, or delete it."),
    example=Example((("data/2025.yaml", "# 待填\n"),)),
)
CUT_TEXT = explained_rule(
    "cut-text",
    "文字被截断",
    text("A text without quotation marks contains “ #”: for YAML, a comment begins there."),
    text("The rest of the sentence would be lost without a message."),
    text("Put the whole text in quotation marks. A comment that is intended has two spaces before and one after “#”."),
    wrong="  reviews: 见附件 #3 的说明。",
    right='  reviews: "见附件 #3 的说明。"',
    example=Example((("data/2024.yaml", year_file("某局") + "notes:\n  reviews: 见附件 #3 的说明。\n"),)),
    severity=Severity.WARNING,
)
INVISIBLE = explained_rule(
    "invisible-character",
    "不可见字符",
    text(
        "A text contains an invisible or misleading character: one without width, one that reverses the direction of "
        "writing, one that strikes out another, or one that each font shows differently."
    ),
    text(
        "Such a character can show 3525 as 5253 on the page, or turn one name into "
        "two. A year file that contains one is not used."
    ),
    text("Delete it, or type the text again; the message shows it as an escape such as \\u202e."),
    wrong='agency: "某市某局\\u202e"',
    right="agency: 某市某局",
)

_AROUND = 12  # characters that a message quotes on each side of an invisible one


class ScalarNode(NamedTuple):
    """A value or key as written."""

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
    """Keys and values in their order; of equal keys only the first is kept, except for parts of numbers."""

    entries: tuple[tuple[ScalarNode, Node], ...]
    line: int
    column: int

    def get(self, *names: str) -> Node | None:
        """Return the value under the first of ``names`` that exists."""
        return next((value for key, value in self.entries if key.text in names), None)


Node: TypeAlias = ScalarNode | SequenceNode | MappingNode
BLANKS = ("", "~", "null")  #: what YAML reads as nothing


def is_text(node: Node | None) -> TypeGuard[ScalarNode]:
    """Return whether a value is a text with words; “~” and “null” are one only in quotation marks."""
    return isinstance(node, ScalarNode) and node.text.strip() not in (BLANKS if node.plain else ("",))


class Source(NamedTuple):
    """A file: its path, its content, and why it cannot be read."""

    path: str
    digest: str  #: SHA-256 of the bytes, in hexadecimal
    root: Node | None  #: None if the file cannot be read
    diagnostics: tuple[Diagnostic, ...] = ()
    content: str = ""  #: its text; with a :attr:`draft`, the text of the draft
    draft: Node | None = None  #: the content of an unreadable file without its known errors, only to search for more
    replaced: Mapping[int, str] = {}  #: original lines of the draft by their number

    def pos(self, node: Node) -> Pos:
        """Return the position where ``node`` begins."""
        return Pos(self.path, node.line, node.column)

    def cut_off(self, node: Node) -> Iterator[Diagnostic]:
        """Report a text that ends where a comment begins, unless the comment is written as one, with two spaces before it."""
        if not isinstance(node, ScalarNode) or not node.plain or not node.text:
            return
        words, first = node.text.split(), node.line - 1
        lines = lines_of(self.content)[first : first + len(words) + node.text.count("\n")]  # it cannot have more
        written = "\n".join(lines)[node.column - 1 :]
        pattern = r"\s+".join(map(re.escape, words)) + r"(?!  +# )[ \t]+(#.*)"
        if "#" in written and (match := re.match(pattern, written)):
            message, hint = CUT_OFF
            yield Diagnostic(CUT_TEXT, self.pos(node), message._replace(values=(("mark", match[1]),)), hint)


def digest_of(data: bytes) -> str:
    """Return the fingerprint of a file's content."""
    return hashlib.sha256(data).hexdigest()


def read_source(path: str, data: bytes) -> Source:
    """Read the bytes of one YAML document. Its problems are in the source's diagnostics."""
    digest = digest_of(data)
    if len(data) > MAX_BYTES:
        message = text("The file has {size} bytes; a year file has at most {limit}.", size=len(data), limit=MAX_BYTES)
        return Source(path, digest, None, (Diagnostic(TOO_LARGE, Pos(path), message),))
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Source(path, digest, None, (wrong_encoding(path, data, error),))

    builder = _TreeBuilder(path)
    try:
        root = builder.build(content)
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # one parser fails at escapes that are not characters
        if _TOO_DEEP in str(getattr(error, "problem", "")):
            mark: Any = getattr(error, "problem_mark", None)
            message = text("More than {limit} levels of nesting.", limit=MAX_DEPTH)
            return Source(path, digest, None, (Diagnostic(TOO_LARGE, Pos(path, mark.line + 1, mark.column + 1), message),))
        return _corrected(path, digest, content, error)
    except _RefusedError as refused:
        return Source(path, digest, None, refused.args)
    if root and (builder.is_suspect or not is_clean(content)):  # in comments they are harmless
        lines = lines_of(content)

        def report(scalar: ScalarNode) -> ScalarNode:
            """Report invisible characters, and continue without them, so that they cause no further errors."""
            first = next(unseen(scalar.text), None)
            if first is None:
                return scalar
            at = lines[scalar.line - 1].find(scalar.text[first], scalar.column - 1)  # not found if it is written as an escape
            builder.diagnostics.append(invisible(Pos(path, scalar.line, at + 1 if at >= 0 else scalar.column), scalar.text))
            return scalar._replace(text=cleaned(scalar.text))

        root = _cleaned(root, report)
    if not builder.diagnostics and _is_empty(root):
        empty = Diagnostic(EMPTY_FILE, Pos(path), text("The file is empty."), text("Delete it, or fill it in."))
        return Source(path, digest, None, (empty,))
    return Source(path, digest, root, tuple(builder.diagnostics), content)


def _corrected(path: str, digest: str, content: str, error: Exception) -> Source:
    """Return the source of a file that the parser rejects, with a draft without the known errors."""

    def error_of(content: str) -> Exception | None:
        with suppress(_RefusedError):
            try:
                _TreeBuilder(path).build(content)
            except (yaml.YAMLError, ValueError, OverflowError) as error:
                return error
        return None

    diagnostics, content_of_draft, replaced = syntax_errors(path, content, error, error_of)
    source = Source(path, digest, None, diagnostics)
    if content_of_draft is None:
        return source
    builder = _TreeBuilder(path)
    try:
        draft = builder.build(content_of_draft)
    except _RefusedError as refused:
        return source._replace(diagnostics=(*diagnostics, *refused.args))
    return source._replace(
        diagnostics=(*diagnostics, *builder.diagnostics),
        content=content_of_draft,
        draft=None if _is_empty(draft) else draft,
        replaced=replaced,
    )


def _is_empty(root: Node | None) -> bool:
    return root is None or (isinstance(root, ScalarNode) and root.plain and not root.text)


def duplicate_key(path: str, key: ScalarNode, line: int) -> Diagnostic:
    """Return the diagnostic of ``key``, which repeats that in ``line``."""
    message = text("“{key}” is given twice; the first is in line {line}.", key=key.text, line=line)
    return Diagnostic(DUPLICATE_KEY, Pos(path, key.line, key.column), message, text("Delete one of the two."))


def invisible(pos: Pos, written: str, hint: Text | None = None) -> Diagnostic:
    """Return the diagnostic of a text with invisible characters, which the output of the message escapes."""
    at = next(unseen(written))
    start, end = max(0, at - _AROUND), at + _AROUND + 1
    quoted = ("…" if start else "") + written[start:end] + ("…" if end < len(written) else "")
    message = text("“{quoted}” contains invisible characters ({codes}).", quoted=quoted, codes=codes_in(written))
    return Diagnostic(INVISIBLE, pos, message, hint or text("Delete them, or type the text again."))


def wrong_encoding(path: str, data: bytes, error: UnicodeDecodeError) -> Diagnostic:
    """Return the diagnostic of a file that is not in UTF-8."""
    encoding = "UTF-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ""
    with suppress(UnicodeDecodeError):
        data.decode("gb18030")
        encoding = encoding or "GBK"
    column = len(data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")) + 1
    pos = Pos(path, data.count(b"\n", 0, error.start) + 1, column)
    message = text("The file is not in UTF-8.")
    if encoding:
        message = text("The file is not in UTF-8; it seems to be in {encoding}.", encoding=encoding)
    return Diagnostic(ENCODING, pos, message, text("Save it again in UTF-8."))


MAX_NODES = 20_000  #: keys and values; an alias counts each time it is used; a full year file has about 500
MAX_DEPTH = 20  #: a year file needs 5

_TOO_DEEP = "maximum nesting depth"  # newer C parsers read ahead, and stop by themselves at 1,000 levels
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def _cleaned(node: Node, report: Callable[[ScalarNode], ScalarNode]) -> Node:
    """Return the tree with each text replaced by the result of ``report``."""
    if isinstance(node, SequenceNode):
        return node._replace(items=tuple(_cleaned(item, report) for item in node.items))
    if isinstance(node, MappingNode):
        return node._replace(entries=tuple((report(key), _cleaned(value, report)) for key, value in node.entries))
    return report(node)


class _RefusedError(Exception):
    """The document is of a kind that is not read at all; the argument is the diagnostic."""


class _OpenNode(NamedTuple):
    """A list or mapping whose end is not yet read."""

    start: Any  #: the event of its start
    size_before: int
    around: list[Node]  #: the nodes of its parent so far


class _TreeBuilder:
    """Builds the tree from the parser's events with its own stack, so that depth and size are limited."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.diagnostics: list[Diagnostic] = []
        self._stack: list[_OpenNode] = []
        self._anchors: dict[str, tuple[Node, int] | None] = {}  # None: still open, an alias to it would be a cycle
        self._items: list[Node] = []  # nodes so far of the innermost list or mapping, initially of the document
        self._size = 0  # of closed nodes
        self.is_suspect = False  #: whether an escape is an invisible character

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
        try:
            while event := loader.get_event():
                if step := take.get(type(event)):  # neither parser has subclasses of events
                    step(event)
        finally:
            loader.dispose()
        return self._items[0] if self._items else None

    def _scalar(self, event: Any) -> None:
        self._refuse_tag(event)
        mark = event.start_mark
        scalar = ScalarNode(event.value, mark.line + 1, mark.column + 1, not event.style)
        if event.style == '"':
            self.is_suspect |= not is_clean(scalar.text)
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
        self._stack.append(_OpenNode(event, self._size, self._items))
        self._items = []

    def _close(self, event: Any) -> None:
        done = self._stack.pop()
        mark = done.start.start_mark
        node: Node
        if isinstance(event, yaml.MappingEndEvent):
            before = len(self.diagnostics)
            node = MappingNode(tuple(self._entries()), mark.line + 1, mark.column + 1)
            found = self.diagnostics[before:]
            is_item = bool(self._stack) and isinstance(self._stack[-1].start, yaml.SequenceStartEvent)
            if is_item and len(found) > 1 and {one.rule for one in found} == {DUPLICATE_KEY}:
                hint = text("If the next item of the list begins here, write “- ” before it; if not, delete one of the two.")
                self.diagnostics[before:] = [replace(found[0], hint=hint)]
        else:
            node = SequenceNode(tuple(self._items), mark.line + 1, mark.column + 1)
        self._grow(len(self._items), done.start)
        if done.start.anchor:
            self._anchors[done.start.anchor] = (node, self._size - done.size_before + 1)
        self._items = done.around
        self._items.append(node)

    def _alias(self, event: Any) -> None:
        known = self._anchors.get(event.anchor)
        if known is None:
            self._refuse(YAML_SYNTAX, event, text("“*{name}” refers to a name that is not defined above.", name=event.anchor))
        node, size = known
        self._grow(size - 1, event)  # the node itself counts in its parent
        self._items.append(node)

    def _grow(self, size: int, event: Any) -> None:
        self._size += size
        if self._size > MAX_NODES:
            self._refuse(TOO_LARGE, event, text("More than {limit} keys and values.", limit=MAX_NODES))

    def _entries(self) -> Iterator[tuple[ScalarNode, Node]]:
        """Yield the entries of a mapping with new keys."""
        seen: dict[str, ScalarNode] = {}
        for key, value in zip(self._items[::2], self._items[1::2], strict=True):
            if not isinstance(key, ScalarNode):
                pos = Pos(self.path, key.line, key.column)
                self.diagnostics.append(Diagnostic(YAML_SYNTAX, pos, text("A list or mapping cannot be a key.")))
            elif key.text in seen and not (key.text.isdecimal() and isinstance(value, ScalarNode) and not value.text):
                self.diagnostics.append(duplicate_key(self.path, key, seen[key.text].line))
            else:  # ``{a: 1,000,000}`` is the key ``000`` twice: the reader of figures reports it
                seen.setdefault(key.text, key)
                yield key, value

    def _refuse_tag(self, event: Any) -> None:
        if event.tag not in (None, "!"):
            message = text("“{tag}” is a YAML tag; a year file must not contain tags.", tag=event.tag)
            self._refuse(YAML_SYNTAX, event, message, text("Delete it."))

    def _refuse(self, rule: Rule, event: Any, message: Text, hint: Text | None = None) -> NoReturn:
        mark = event.start_mark
        raise _RefusedError(Diagnostic(rule, Pos(self.path, mark.line + 1, mark.column + 1), message, hint))
