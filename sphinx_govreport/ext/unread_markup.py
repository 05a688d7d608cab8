"""Finds directives and roles of ours that are printed as text because their syntax is wrong, whatever a page is written in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from docutils import nodes
from sphinx import addnodes

from sphinx_govreport.core.checks.page import MARKDOWN, unread_markup
from sphinx_govreport.core.diagnostics import Diagnostic, Pos

from .nodes import ancestors
from .pages import line_of

#: our directives and roles in the text of a page, by whether it is Markdown; code in it is written as its first mark
_UNREAD = {
    True: re.compile(r"[{｛]gov[-:][a-z-]+[}｝]|:gov[-:][a-z-]+:(?=`)|\.\. gov-[a-z-]+ ?::"),
    False: re.compile(r"(?:\{gov[-:][a-z-]+\}|:gov[-:][a-z-]+:)(?=`)"),
}
_ONLY_CODE = re.compile(r"^\{gov-[a-z-]+\}(?= )")  # a paragraph: a directive between two marks instead of three
_LANGUAGE = re.compile(r"^[{｛]?gov-[a-z-]+[}｝]?")  # of a block of code: a directive without braces, or space after them
_COMMENT = re.compile(r"^gov-[a-z-]+ ?[:：]+")  # in reStructuredText: a directive without its two colons
_CODE = (nodes.literal, nodes.math, nodes.problematic, nodes.title_reference, addnodes.desc_signature)


def check_markup(doctree: nodes.document, path: str, content: str) -> Iterator[Diagnostic]:
    """Yield a message about each of them."""
    is_markdown = path.endswith(MARKDOWN)
    lines_left = cache(lambda written: _lines_with(written, content))  # each line of the page has a message once
    for block in dict.fromkeys(map(_block_of, doctree.findall(_may_be_unread))):
        pattern, written = _marked(block, is_markdown)
        for match in pattern.finditer(written):
            source, line = block.source or path, line_of(block) + written.count("\n", 0, match.start())
            if source == path:  # comments have the line of what follows, cells that of their table
                line = _take_nearest(lines_left(match[0]), line)
            yield unread_markup(Pos(source, line), match[0], is_markdown=is_markdown)


def _may_be_unread(node: nodes.Node) -> bool:
    """Return whether to look at a node: its text, or the language of a block of code, whose text is not searched."""
    return isinstance(node, nodes.literal_block) or (isinstance(node, nodes.Text) and "gov" in node)


def _block_of(node: nodes.Node) -> nodes.Element:
    """Return the paragraph, title, comment or block of code of a text."""
    if isinstance(node, nodes.literal_block):
        return node
    return next(up for up in ancestors(node) if isinstance(up, nodes.raw) or not isinstance(up, nodes.Inline))


def _lines_with(written: str, content: str) -> list[int]:
    """Return the lines with this text, from 1; a line that has it twice is there twice."""
    counts = (line.count(written) for line in content.splitlines())
    return [number for number, count in enumerate(counts, start=1) for _ in range(count)]


def _take_nearest(lines: list[int], line: int) -> int:
    """Return the nearest of the lines, and remove it from them; the line itself if there are none."""
    nearest = min(lines, key=lambda other: abs(other - line), default=line)
    if lines:
        lines.remove(nearest)
    return nearest


def _marked(block: nodes.Element, is_markdown: bool) -> tuple[re.Pattern[str], str]:
    """Return the text in which markup can be found, and what it looks like there. Code in a sentence explains a syntax."""
    written = block.astext()
    if isinstance(block, nodes.comment):
        return _COMMENT, "" if is_markdown else written
    if isinstance(block, nodes.raw):  # in HTML, Markdown is not read
        return _UNREAD[is_markdown], "" if "<code" in written or "<!--" in written else written
    if isinstance(block, nodes.FixedTextElement):
        return _LANGUAGE, block.get("language", "".join(block["classes"]).removeprefix("code"))
    if [type(child) for child in block.children] == [nodes.literal]:
        return _ONLY_CODE, written
    return _UNREAD[is_markdown], _text_of(block)


def _text_of(node: nodes.Node) -> str:
    """Return the text of a paragraph or a title, with a mark in place of code."""
    texts = ("`" if isinstance(child, _CODE) else _text_of(child) for child in node.children)
    return node.astext() if isinstance(node, nodes.Text) else "".join(texts)
