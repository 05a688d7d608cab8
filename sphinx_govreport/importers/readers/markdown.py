"""Markdown: tables with ``|``, and embedded HTML tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from sphinx_govreport.importers.document import NO_TEXT, Box, Document, Paragraph, Part, Picture, grid_of, numbered

from .decoding import decoded
from .html import read_text

_PIPE = re.compile(r"(?<!\\)\|")
_ENDS = re.compile(r"^[>\s]*\|?|(?<!\\)\|$")  # of a row, also within a quotation


def read(data: bytes) -> Document:
    """Read headings, paragraphs and tables. A text with HTML is read as the page that it renders to."""
    markdown = MarkdownIt("commonmark").use(front_matter_plugin).enable(["table", "strikethrough"])
    written = decoded(data)
    tokens = list(_with_all_cells(markdown.parse(written), written.split("\n")))
    if any(one.type.startswith("html_") for token in tokens for one in (token, *(token.children or ()))):
        return replace(read_text(_page(markdown, tokens)), has_lines=True)
    parts: list[Part] = []
    pictures = tuple(_pictures(tokens, parts))
    return Document(tuple(parts), pictures=pictures, has_lines=True)


def _with_all_cells(tokens: list[Token], lines: list[str]) -> Iterator[Token]:
    """Yield the tokens with the cells of each row as written: the parser adds cells to short rows, and leaves out others."""
    cells: list[str] = []
    place = -1
    for token in tokens:
        if token.type == "tr_open":
            cells = _PIPE.split(_ENDS.sub("", lines[_line(token) - 1].strip()))
        elif token.type in ("th_open", "td_open"):
            place += 1
        elif token.type == "tr_close":
            for cell in cells[place + 1 :]:
                inline = Token("inline", "", 0, children=[Token("text", "", 0, content=cell.strip())])
                yield from (Token("td_open", "td", 1), inline, Token("td_close", "td", -1))
            cells, place = [], -1
        if place < len(cells):
            yield token


def _page(markdown: MarkdownIt, tokens: list[Token]) -> str:
    """Return the rendered page, with line numbers of the source where they exist."""
    written = ""
    lines = 0
    for token in tokens:
        if token.type == "front_matter":
            continue
        for child in token.children or ():
            child.type = "hardbreak" if child.type == "softbreak" else child.type
        piece = markdown.renderer.render([token], markdown.options, {})
        piece = piece if token.type in ("html_block", "fence", "code_block") else piece.replace("\n", "")
        missing = token.map[0] - lines if token.map else 0
        written += "\n" * missing + piece
        lines += max(missing, 0) + piece.count("\n")
    return written


def _pictures(tokens: list[Token], parts: list[Part]) -> Iterator[Picture]:
    """Add the parts of a text to ``parts``, and yield its pictures."""
    rows: list[list[Box]] | None = None
    level = tables = 0
    for token in tokens:
        has_picture = any(child.type == "image" for child in token.children or ())
        if has_picture:
            yield Picture(len(parts), _line(token))
        if token.type == "table_open":
            rows = []
        elif token.type == "tr_open" and rows is not None:
            rows.append([])
        elif token.type == "inline" and rows is not None:
            rows[-1].append(Box(_plain(token) or NO_TEXT * has_picture, line=_line(token)))
        elif token.type == "table_close" and rows is not None:
            tables += 1
            parts.append(grid_of(numbered(tables), rows))
            rows = None
        elif token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "inline":
            lines = enumerate(_plain(token).split("\n"), start=_line(token))
            parts += (Paragraph(line.strip(), level, number) for number, line in lines if line.strip())


def _plain(token: Token) -> str:
    """Return inline text without markup and without struck-out text."""
    written = ""
    struck = 0
    for child in token.children or ():
        struck += child.nesting if child.type.startswith("s_") else 0
        if not struck and child.type != "image":
            written += "\n" if child.type in ("softbreak", "hardbreak") else child.content
    return written.strip()


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0
