"""Tables without spans, as stock docutils nodes."""

from __future__ import annotations

from collections.abc import Sequence

from docutils import nodes


def simple_group(head: Sequence[str], lines: Sequence[Sequence[str]], widths: Sequence[int]) -> nodes.tgroup:
    """Cells without spans, the first of each line a head; without ``head`` there is no line of heads."""
    columns = [nodes.colspec("", colwidth=width) for width in widths]
    columns[0]["stub"] = 1
    group = nodes.tgroup("", *columns, cols=len(columns))
    if head:
        group += nodes.thead("", simple_row(head))
    group += nodes.tbody("", *(simple_row(line) for line in lines))
    return group


def simple_row(line: Sequence[str]) -> nodes.row:
    """A line of cells without spans."""
    return nodes.row("", *(nodes.entry("", *paragraphs(shown)) for shown in line))


def paragraphs(shown: str) -> list[nodes.paragraph]:
    """No source, so that gettext leaves the statutory words alone; no line breaks, since cells wrap by themselves."""
    return [nodes.paragraph("", shown.replace("\n", ""))] if shown else []
