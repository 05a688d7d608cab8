"""Markdown: tables with ``|``, and HTML tables within it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from mdit_py_plugins.front_matter import front_matter_plugin

from ..document import Box, Document, Grid, Paragraph, Part, grid_of, numbered
from .decoding import decoded
from .page import read_text

if TYPE_CHECKING:
    from markdown_it.token import Token


def read(data: bytes) -> Document:
    """Read headings, paragraphs and tables."""
    tokens = MarkdownIt("commonmark").use(front_matter_plugin).enable("table").parse(decoded(data))
    return Document(tuple(_renamed(_parts(tokens))), has_lines=True)


def _parts(tokens: list[Token]) -> Iterator[Part]:
    rows: list[list[Box]] | None = None
    level = 0
    for token in tokens:
        if token.type == "table_open":
            rows = []
        elif token.type == "tr_open" and rows is not None:
            rows.append([])
        elif token.type == "inline" and rows is not None:
            rows[-1].append(Box(_plain(token), line=_line(token)))
        elif token.type == "table_close" and rows is not None:
            yield grid_of(numbered(0), rows)
            rows = None
        elif token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "inline":
            lines = enumerate(_plain(token).split("\n"), start=_line(token))
            yield from (Paragraph(line.strip(), level, number) for number, line in lines if line.strip())
        elif token.type == "html_block":
            yield from read_text(token.content).parts


def _renamed(parts: Iterator[Part]) -> Iterator[Part]:
    """Tables of both kinds counted together."""
    tables = 0
    for part in parts:
        if isinstance(part, Grid):
            tables += 1
            yield Grid(numbered(tables), part.rows)
        else:
            yield part


def _plain(token: Token) -> str:
    """Inline text without its markup."""
    breaks = {"softbreak": "\n", "hardbreak": "\n"}
    return "".join(
        breaks.get(child.type, "" if child.type == "html_inline" else child.content) for child in token.children or ()
    ).strip()


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0
