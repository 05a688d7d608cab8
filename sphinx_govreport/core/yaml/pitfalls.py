"""What people type that YAML does not understand: the slip is named where it was made, not where the parser gave up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sphinx_govreport.core.characters import codes_in
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, RuleExplanation, Text, text

if TYPE_CHECKING:
    import yaml

YAML_SYNTAX = Rule(
    "yaml-syntax",
    explanation=RuleExplanation(
        text("A line is written in a way that YAML does not understand."),
        text("Nothing behind such a place can be read for certain."),
        text("After a key write a half-width colon and a space; indent with spaces; close every bracket, half-width."),
        wrong="year：2024",
        right="year: 2024",
    ),
)

_WIDE_SPACES = "\u00a0\u2002-\u200a\u3000"  # of patterns: what looks like spaces and is none for YAML

# patterns, not compiled before something is wrong: most sites never need them
_INDENT_TAB = r" *(\t)"
_INDENT_WIDE = rf" *([{_WIDE_SPACES}]+)\s*[^\s:：]+(?:[:：]|\s*$)"
_FULL_WIDTH_COLON = r"\s*(?:- +)?[^\s:#\"'\[\]{}：]+(：)"
_NO_SPACE = r"\s*(?:- +)?[^\s:#\"'\[\]{}]+(:)[^\s:/]"
_LONE_DASH = r"\s*[^\s:#]+: +(-)\s*(?:#.*)?$"
_NOTHING_BETWEEN = r"[^#\"']*?[,\[]\s*(,)"
_LONE_QUESTION = r"[^#\"']*[\[{,]\s*(\?)\s*[,\]}]"
_FULL_WIDTH_FLOW = r"[^#\"']*?((?<=\d)[，、；](?=\s*\d)|[［］｛｝])"
_FULL_WIDTH_OPENING = r"[^#\"'：]*: *([［｛【])"

#: what is said, and the hint
FULL_WIDTH_COLON = (
    text("After the key stands a full-width colon “：”."),
    text("Write a half-width colon and a space “: ”."),
)
NO_SPACE = (
    text("After the colon a space is missing."),
    text("Write “key: value”, with a space."),
)
WIDE_INDENT = (
    text("The line is indented with a full-width or no-break space."),
    text("Indent with half-width spaces, two for each level."),
)

_SLIPS = (
    (
        _INDENT_TAB,
        text("The line is indented with a tab."),
        text("Indent with spaces, two for each level."),
    ),
    (_INDENT_WIDE, *WIDE_INDENT),
    (_FULL_WIDTH_COLON, *FULL_WIDTH_COLON),
    (_NO_SPACE, *NO_SPACE),
    (
        _LONE_DASH,
        text("“-” alone is not a value."),
        text("Write 0 for zero, “/” for not applicable, or leave it empty for not filled in."),
    ),
    (
        _FULL_WIDTH_OPENING,
        text("The bracket is full-width."),
        text("Write half-width brackets, such as “[1, 2]” or “{{key: 1}}”."),
    ),
)
_FLOW_SLIPS = (
    (
        _FULL_WIDTH_FLOW,
        text("Between the numbers stands a full-width mark."),
        text("Write half-width brackets and commas “[1, 2]”."),
    ),
    (
        _NOTHING_BETWEEN,
        text("Between two commas a value is missing."),
        text("Write 0 for zero, “/” for not applicable, or “~” for not filled in."),
    ),
    (
        _LONE_QUESTION,
        text("“?” alone is not a value."),
        text("Write 0 for zero, “/” for not applicable, or leave it empty for not filled in."),
    ),
)

#: what the two parsers of PyYAML say, each in words of its own, and what an author did
_SECOND_COLON = "mapping values are not allowed"
_NO_COLON = text("a key has no colon")
_UNFINISHED = "flow (?:sequence|mapping)|quoted scalar|simple key"
_MEANINGS: tuple[tuple[str, Text], ...] = (
    (_SECOND_COLON, text("a second colon stands in one line, or the line above has a value of its own")),
    (r"',' or '\]'", text("a bracket “[” is not closed, or a comma is missing")),
    (r"',' or '\}'", text("a brace is not closed, or a comma is missing")),
    ("expected key|<block end>", text("the indentation does not fit the lines above")),
    ("sequence entries are not allowed|'-' indicator", text("a “-” stands where no list can begin")),
    ("could not find expected ':'", _NO_COLON),
    ("end of stream", text("a quotation mark is not closed")),
    ("cannot start any token", text("a value begins with a character that must stand in quotation marks")),
    ("escape", text("a backslash stands in quotation marks")),
    ("alphabetic or numeric", text("after “&” or “*” stands no name")),
    ("undefined alias", text("“*” refers to a name that no “&” gives")),
    ("document", text("behind the end of the data stands something else")),
)


def syntax_errors(path: str, content: str, error: Exception) -> Iterator[Diagnostic]:
    """The slips that explain why the parser gave up, or what it says itself."""
    found = list(_slips(path, content))
    if found:
        yield from found
        return
    from yaml.reader import ReaderError  # the parser is there if it has given up

    if isinstance(error, ReaderError):
        yield _control_character(path, content)
        return
    said = str(getattr(error, "problem", None) or error)
    problem = next((meaning for pattern, meaning in _MEANINGS if re.search(pattern, said)), text("it is not well-formed"))
    pos = _begun(path, content, error)
    if _SECOND_COLON in said and (above := _without_colon(path, content, pos)):
        pos, problem = above, _NO_COLON
    message = text("YAML does not understand this place: {problem}.", problem=problem)
    hint = text("Look at brackets, quotation marks and indentation here and in the line above.")
    yield Diagnostic(YAML_SYNTAX, pos, message, hint)


def _begun(path: str, content: str, error: Exception) -> Pos:
    """Where the mistake is. A bracket, quotation mark or key that a parser misses the end of was written on an earlier line."""
    mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    if mark is None:
        return Pos(path)
    if context and context.line < mark.line and re.search(_UNFINISHED, str(getattr(error, "context", ""))):
        mark = context
    return _within(path, content, mark)


def _without_colon(path: str, content: str, pos: Pos) -> Pos | None:
    """The line above a key, if a key without its colon is in it."""
    lines = lines_of(content)[: pos.line]
    if re.search(r":(?: |$)", lines[-1][: pos.column - 1]):  # the line itself has two
        return None
    for number in range(len(lines) - 1, 0, -1):
        line = lines[number - 1]
        if match := re.match(r"\s*([^\s#])", line):
            return None if re.search(r":(?:\s|$)|^\s*- ", line) else Pos(path, number, match.start(1) + 1)
    return None


def _within(path: str, content: str, mark: yaml.Mark) -> Pos:
    """A parser's mark. One parser takes the end of a file without a last line break for a further line: it is in the last."""
    lines = lines_of(content)
    if mark.line < len(lines):
        return Pos(path, mark.line + 1, mark.column + 1)
    return Pos(path, len(lines), len(lines[-1]) + 1)


def lines_of(content: str) -> list[str]:
    """The lines as YAML counts them."""
    return re.split("\r\n|[\n\r\x85\u2028\u2029]", content)


def _slips(path: str, content: str) -> Iterator[Diagnostic]:
    for number, line in enumerate(lines_of(content), start=1):
        slips = (*_SLIPS, *_FLOW_SLIPS) if "[" in line or "{" in line else _SLIPS
        for pattern, message, hint in slips:
            if match := re.match(pattern, line):
                yield Diagnostic(YAML_SYNTAX, Pos(path, number, match.start(1) + 1), message, hint)
                break


#: what YAML does not take for text
_CONTROL = r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"


def _control_character(path: str, content: str) -> Diagnostic:
    match = re.search(_CONTROL, content)
    at = match.start() if match else 0
    lines = lines_of(content[:at])
    message = text("Here stands a character that no text has ({code}).", code=codes_in(content[at : at + 1]))
    return Diagnostic(
        YAML_SYNTAX, Pos(path, len(lines), len(lines[-1]) + 1), message, text("Delete it, or type the line anew.")
    )
