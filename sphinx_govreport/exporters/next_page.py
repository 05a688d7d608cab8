"""Next year's page, started from last year's: headings and directives stay, text becomes comments to be replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Literal, NamedTuple

from sphinx_govreport.core.checks.signature import SIGNED_DAY, SIGNED_FIELD
from sphinx_govreport.core.forms.form import Form, names_of
from sphinx_govreport.core.markdown import escaped

_PUBLISHED = re.compile(r":?govreport-published\s*:", re.IGNORECASE)
_DAY_SIGNED = re.compile(rf"(:?{SIGNED_FIELD}\s*:.*?)[ ,，]*{SIGNED_DAY}(?=[\"']?\s*$)", re.IGNORECASE)
_YEAR_OPTION = re.compile(r"(\s*:?(?:govreport-year|years?|compare)\s*:\s*)(\d{4})\s*", re.IGNORECASE)
_YEARS = re.compile(r"(?<!\d)\d{4}年?[、,，\s]\s*\d{4}(?!\d)")
_DIRECTIVE = re.compile(r"\{gov-")
_UNDERLINE = re.compile(r"([!-/:-@[-`{-~])\1{2,}\s*$")
_RST_KEPT = re.compile(r"\.\. (?:gov-[a-z-]+::|_[^ ]+:)|:[^:\s]+:")


class _PagePart(NamedTuple):
    """A part of a page."""

    kind: Literal["top", "title", "kept", "text"]
    lines: list[str]
    title: str = ""


def next_page(written: str, last: int, form: Form, year: int, *, is_markdown: bool) -> str:
    """Return the page for ``year``, based on that of the year ``last``; ``form`` has the prompts of its sections.

    The dates of publication and signature are left out, because those of the new report are not known.
    """
    lines: list[str] = []
    for block in _markdown_blocks(written) if is_markdown else _rst_blocks(written):
        if block.kind == "text":
            lines += _comment(block.lines, is_markdown=is_markdown)
        elif block.kind == "top":
            kept = [_DAY_SIGNED.sub(r"\1", line) for line in block.lines if not _PUBLISHED.match(line)]
            lines += [*_of_year(kept, last, year), ""]
        else:
            lines += [*_of_year(block.lines, last, year), ""]
        for prompt in _prompts(block.title, form):
            lines += [escaped(prompt) if prompt[0] == "[" else prompt, ""] if is_markdown else [_as_rst(prompt), ""]
    return "\n".join(lines).rstrip() + "\n"


def _of_year(lines: Sequence[str], last: int, year: int) -> Iterator[str]:
    """Replace the year and its neighbours (与2023年对比): in a field, an option, a name or before 年.

    Lists of years remain, and so do captions of what they select.
    """
    has_list = any(map(_YEARS.search, lines))
    texts = re.compile(rf"(?<!\d)(?:{last - 1}|{last}|{last + 1})(?=年(?![至到—–-]))")
    for line in lines:
        if option := _YEAR_OPTION.fullmatch(line):
            yield f"{option[1]}{int(option[2]) + year - last}"
        elif _YEARS.search(line):
            yield line
        else:
            named = re.sub(rf"(?<=[-_.]){last}(?![\d年])|^{last}$", str(year), line)
            yield named if has_list else texts.sub(lambda match: str(int(match[0]) + year - last), named)


def _prompts(title: str, form: Form) -> Sequence[str]:
    """Return the text that a new page has below a heading."""
    names = set(names_of(title)) if title else set()
    return next((section.prompts for section in form.sections if names & set(section.names)), ())


def _as_rst(prompt: str) -> str:
    return re.sub(r"\{(gov-[a-z]+)\}(`[^`]*`)", r"\\ :\1:\2\\ ", prompt)


def _comment(lines: Sequence[str], *, is_markdown: bool) -> list[str]:
    if is_markdown:
        return [*(line if line.startswith("%") else f"% {line}".rstrip() for line in lines), ""]
    return ["..", *(f"   {line}".rstrip() for line in lines), ""]


def _markdown_blocks(written: str) -> Iterator[_PagePart]:
    """Return the parts of a page in MyST, as its parser sees them."""
    from markdown_it import MarkdownIt  # MyST's own parser; only a page needs it
    from mdit_py_plugins.colon_fence import colon_fence_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin
    from mdit_py_plugins.myst_blocks import myst_block_plugin

    parser = MarkdownIt("commonmark").enable("table")
    for plugin in (front_matter_plugin, colon_fence_plugin, myst_block_plugin):
        parser.use(plugin)
    lines, tokens = written.splitlines(), parser.parse(written)
    for at, token in enumerate(tokens):
        if token.level or not token.map:
            continue
        block = "\n".join(lines[slice(*token.map)]).rstrip().split("\n")
        if token.type == "front_matter":
            yield _PagePart("top", block)
        elif token.type == "heading_open":
            yield _PagePart("title", block, tokens[at + 1].content)
        elif token.type == "myst_target" or _DIRECTIVE.match(token.info):
            yield _PagePart("kept", block)
        else:
            yield _PagePart("text", block)


def _rst_blocks(written: str) -> Iterator[_PagePart]:
    """Return the parts of a page in reStructuredText."""
    paragraphs = _paragraphs(written.splitlines())
    top = list(takewhile(lambda lines: re.match(r":[^:\s]+:", lines[0]), paragraphs))
    if top:
        yield _PagePart("top", [line for lines in top for line in lines])
    for lines in paragraphs[len(top) :]:
        titles = [line.strip() for line in lines if not _UNDERLINE.match(line)]
        if len(titles) == 1 < len(lines) <= 3:
            yield _PagePart("title", lines, titles[0])
        else:
            yield _PagePart("kept" if _RST_KEPT.match(lines[0]) else "text", lines)


def _paragraphs(lines: Sequence[str]) -> list[list[str]]:
    """Return the lines between blank ones; indented lines belong to the lines above."""
    found: list[list[str]] = []
    is_new = True
    for line in lines:
        if not line.strip():
            is_new = True
            continue
        if is_new and (line[0] != " " or not found):
            found.append([])
        elif is_new:
            found[-1].append("")
        found[-1].append(line)
        is_new = False
    return found
