"""YAML pitfalls: typical errors are reported where they were made, not where the parser stopped.

A line with a known error is corrected in memory, so that the next error is found in the same run. No figure is ever taken from
a corrected line: the author has to correct the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice
from typing import NamedTuple

from sphinx_govreport.core.characters import codes_in
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Text, explained_rule, text

YAML_SYNTAX = explained_rule(
    "yaml-syntax",
    "语法错误",
    text("A line is not valid YAML."),
    text("Nothing after this place can be read reliably."),
    text("Write a half-width colon and a space after a key; indent with spaces; close every bracket with a half-width one."),
    wrong="year：2024",
    right="year: 2024",
)

_WIDE_SPACES = "\u00a0\u2002-\u200a\u3000"  # in patterns: characters that look like spaces, but are not for YAML

# patterns that are compiled only when there is an error: most sites never need them
_KEY = r"[^\s:：=＝#\"'\[\]{},，]+"
_INDENT_TAB = r"( *\t[ \t]*)"
_INDENT_WIDE = rf"( *[{_WIDE_SPACES}]\s*)[^\s:：]+(?:[:：]|\s*$)"
_INDENT = r"( *)[^\s#\-]"
_FULL_WIDTH_COLON = r"\s*(?:- +)?[^\s:#\"'\[\]{}：]+(：[ 　]*)"
_NO_SPACE = r"\s*(?:- +)?[^\s:#\"'\[\]{}]+(:)[^\s:/]"
_NO_COLON_KEY = rf"\s*{_KEY}( +)(?:[\[{{【［｛]|\d+\s*$)"
_OTHER_MARK = rf"\s*{_KEY}( *[=＝;；] *)"
_OTHER_MARK_FLOW = rf"[^#\"']*?[{{,]\s*{_KEY}( *[=＝] *)"
_DASH_BEFORE_KEY = rf"\s*(- +){_KEY}:(?:\s|$)"
_LONE_DASH = r"\s*[^\s:#]+: +(-)\s*(?:#.*)?$"
_NOTHING_BETWEEN = r"[^#\"']*?[,\[]\s*(,)"
_LONE_QUESTION = r"[^#\"']*[\[{,]\s*(\?)\s*[,\]}]"
_FULL_WIDTH_FLOW = r"[^#\"']*?((?<=\d)[，、；](?=\s*\d)|[［］【】｛｝])"
_WIDE_MARK = rf"[^#\"']*?[\[{{][^#\"']*?(\s*[，、；;])\s*{_KEY}\s*[:：=]"
_FULL_WIDTH_OPENING = r"[^#\"'：]*: *([［｛【])"
_BEHIND = r"\s*[^\s:#]+:\s*(?:\[[^\[\]{}#\u4e00-\u9fff]*\]|\{[^{}#]*\})\s*"
_MARK_BEHIND = rf"{_BEHIND}([,，;；、。.\]}}】]+)\s*(?:#.*)?$"
_TEXT_BEHIND = rf"(?![^\[]*\[[^\[\],，、；;。\s]*\]\S{{4}}){_BEHIND}((?:[^\s\w,，:\[\]{{}}#]|[^\W\d_])[^#]*?)\s*(?:#.*)?$"
_NO_COMMA = rf"[^#\"']*?\{{[^{{}}#]*?:\s*[\d.]+(\s+){_KEY}\s*:\s"
_NO_END_LIST = (
    r"[^#\"'\[]*\[(?:[^\[\]{}#［］【】()（）]|[(（][^()（）]*[)）])*(?<![\s,\[:，])([)）}]?)\s*(?:(?<=  )#.*|#[^\]]*)?$"
)
_NO_END_BRACES = r"[^#\"'{]*\{[^\[\]{}#｛｝]*[^\s,\[\]{}#:，｛｝]()\s*(?:(?<=  )#.*|#[^}]*)?$"
_CUT_OFF = r"[^#\"']*[\[{][^#\"']*(?<![ \t])(?!  +# )[ \t]+(#[^\"']*[\]}])\s*$"
_APOSTROPHE = r"[^#\"']*?[\[,:]\s*(')[\d.]+\s*(?:[,\]}]|$)"
_NO_END_QUOTE = r"\s*[^\s:#]+:\s+(\"[^\"“”\[\]{}:#]*[“”＂]?)\s*$"

_plain: Callable[[str], str] = partial(re.sub, r"(?<!\s)\s+(?:#.*)?$|^#.*", "")  #: returns a line without its comment

#: message and hint
FULL_WIDTH_COLON = (text("The key is followed by a full-width colon “：”."), text("Write a half-width colon and a space “: ”."))
NO_SPACE = (text("A space is missing after the colon."), text("Write “key: value”, with a space."))
WIDE_INDENT = (
    text("The line is indented with a full-width or no-break space ({mark})."),
    text("Indent with half-width spaces, two for each level."),
)
OTHER_MARK = (text("The key is followed by “{mark}” instead of a colon."), text("Write a half-width colon and a space “: ”."))
CUT_OFF = (
    text("“{mark}” is a comment and is not printed, because there is a space before “#”."),
    text('Put the whole text in half-width quotation marks "…", or the comment on a separate line.'),
)
COMMENT = text("A comment begins with “ # ” and is not printed; write a note next to its figure, or under “notes”.")
_WIDE_COMMA = (text("The numbers are separated by a full-width mark."), text("Write half-width brackets and commas “[1, 2]”."))
_DASH = text("There is a “-” before the key, as before the items of a list.")
_NOT_INDENTED = text("The line is not indented like the lines around it.")
_NO_DASH = text("The “-” before an item of a list is missing.")
_ONLY_IF_IT_HELPS = (_DASH, _NO_DASH, _NOT_INDENTED)  # messages about lines that may be right
_NO_END = text("The bracket is not closed.")
#: the hint about a figure that only the author knows
FILL = text("Write 0 for zero, “/” for not applicable, or “~” for not filled in.")

_FULL_TO_HALF = str.maketrans("，、；：［］【】｛｝（）", ",,,:[][]{}()") | {0xFF10 + digit: str(digit) for digit in range(10)}


class _Lines(NamedTuple):
    """A wrong line and its position."""

    all: Sequence[str]
    at: int  #: from 0

    @property
    def line(self) -> str:
        """The line itself."""
        return self.all[self.at]


def half_width(written: str) -> str:
    """Return half-width brackets, commas, colons and digits, with a space after converted commas and colons."""
    return re.sub(r"[，、；：]\s*|.", lambda one: one[0][0].translate(_FULL_TO_HALF) + " " * (one[0][0] in "，、；："), written)


def _flow_half_width(lines: _Lines, _match: re.Match[str]) -> str:
    value, remark, rest = lines.line.partition("#")
    return half_width(value).rstrip() + (f"  {remark}{rest}" if remark else "")


def _indented(lines: _Lines, match: re.Match[str]) -> str | None:
    """Return the line with the indent of its neighbours; None if that is not certain."""
    all_above = list(filter(None, map(_plain, lines.all[: lines.at])))
    indents = [len(line) - len(line.lstrip(" \t\u3000-")) for line in all_above] or [0]
    before, is_opened = indents[-1], bool(all_above) and all_above[-1].endswith(":")
    below = next(filter(None, map(_plain, lines.all[lines.at + 1 :])), "")
    after = len(below) - len(below.lstrip(" ")) if re.match(r" *\S", below) else None  # None: it is indented in the same way
    if all_above and (not below or below.lstrip().startswith("- ")):  # the block ends with this line
        after = before
    width = sum(2 if one in "\t\u3000" else 1 for one in match[1])
    if _plain(lines.line).endswith(":") and after is not None and after <= before:
        if width in indents or width >= after:  # the lines below may belong to this one, or it may be blank
            return None
        return " " * next((one for one in reversed(indents) if one < after), 0) + lines.line[match.end(1) :]
    level = before + 2 if is_opened else indents[-2:][0]
    if match[1] == " " * level and level > before:  # it is right, or the one above it
        return None
    if is_opened:
        return " " * (after if after is not None and after > before else level) + lines.line[match.end(1) :]
    is_sure = before == (width if after is None else after) and indents[-2:][0] <= before  # the line above may be the wrong one
    return " " * before + lines.line[match.end(1) :] if is_sure else None


def _as_item(lines: _Lines, match: re.Match[str]) -> str | None:
    """Return the line with a “-”, if that with the same indent above has one; between two keys, that may be too much."""
    mark, above = f"{match[1]}- ", [*filter(None, map(_plain, lines.all[: lines.at]))]
    first = next((one for one in reversed(above) if not one.startswith(f"{match[1]} ")), "")
    is_sure = first.startswith(mark) and (":" not in lines.line or above[-1] != first)
    return mark + lines.line[match.end(1) :] if is_sure else None


def _as_comment(lines: _Lines, match: re.Match[str]) -> str:
    remark = " ".join([match[1].strip("/＃ "), *lines.line[match.end(1) :].split()])
    return f"{lines.line[: match.start(1)].rstrip()}  # {remark}"


def _unquoted(lines: _Lines, match: re.Match[str]) -> str:
    return lines.line[: match.start(1)] + match[1].strip('"“”＂ ')


class _Pitfall(NamedTuple):
    """A typical error: the group of the pattern is the wrong text."""

    pattern: str
    message: Text
    hint: Text | None
    #: what replaces the group, or a function that returns the correct line
    correction: str | Callable[[_Lines, re.Match[str]], str | None]


_PITFALLS = (
    _Pitfall(_INDENT_TAB, text("The line is indented with a tab."), text("Indent with spaces, two for each level."), _indented),
    _Pitfall(_INDENT_WIDE, *WIDE_INDENT, _indented),
    _Pitfall(_FULL_WIDTH_COLON, *FULL_WIDTH_COLON, ": "),
    _Pitfall(_NO_SPACE, *NO_SPACE, ": "),
    _Pitfall(_OTHER_MARK, *OTHER_MARK, ": "),
    _Pitfall(_NO_COLON_KEY, text("The colon is missing after the key."), NO_SPACE[1], ": "),
    _Pitfall(_LONE_DASH, text("“-” alone is not a value."), FILL, "~"),
    _Pitfall(_FULL_WIDTH_OPENING, text("The bracket is full-width."), None, _flow_half_width),
    _Pitfall(_MARK_BEHIND, text("The list is followed by “{mark}”."), None, ""),
    _Pitfall(_TEXT_BEHIND, text("The list is followed by text: “{mark}”."), COMMENT, _as_comment),
    _Pitfall(_FULL_WIDTH_FLOW, *_WIDE_COMMA, _flow_half_width),
    _Pitfall(_WIDE_MARK, text("Two keys are separated by “{mark}” instead of a half-width comma."), None, _flow_half_width),
    _Pitfall(_OTHER_MARK_FLOW, *OTHER_MARK, ": "),
    _Pitfall(_NO_COMMA, text("A comma is missing between two keys."), None, ", "),
    _Pitfall(_NOTHING_BETWEEN, text("A value is missing between two commas."), FILL, "~,"),
    _Pitfall(_LONE_QUESTION, text("“?” alone is not a value."), FILL, "~"),
    _Pitfall(_CUT_OFF, *CUT_OFF, lambda *_: None),
    _Pitfall(_NO_END_LIST, _NO_END, None, "]"),
    _Pitfall(_NO_END_BRACES, _NO_END, None, "}"),
    _Pitfall(_APOSTROPHE, text("There is an apostrophe before the number, as in Excel."), None, ""),
    _Pitfall(_NO_END_QUOTE, text("A quotation mark is not closed."), None, _unquoted),
    _Pitfall(_DASH_BEFORE_KEY, _DASH, None, ""),
    _Pitfall(_INDENT, _NO_DASH, None, _as_item),
    _Pitfall(_INDENT, _NOT_INDENTED, None, _indented),
)

#: messages of the two parsers of PyYAML, which differ, and the probable cause
_SECOND_COLON = "mapping values are not allowed"
_NO_COLON = text("a key has no colon")
_UNFINISHED = "flow (?:sequence|mapping)|quoted scalar|simple key"
_MEANINGS: tuple[tuple[str, Text], ...] = (
    (_SECOND_COLON, text("the line above already has a value, or the line has a second colon; put texts in quotation marks")),
    (r"',' or '\]'", text("a bracket “[” is not closed, or a comma is missing")),
    (r"',' or '\}'", text("a brace is not closed, or a comma is missing")),
    ("expected key|<block end>|'-' indicator", text("the indentation does not fit the lines above")),
    ("sequence entries are not allowed", text("there is a “-” where no list can begin")),
    ("comment or (?:a )?line break", text("the text after “|” or “>” must begin on the next line")),
    ("could not find expected ':'", _NO_COLON),
    ("end of stream", text("a quotation mark is not closed")),
    ("cannot start any token|alphabetic or numeric", text("a value begins with a character that must be in quotation marks")),
    ("escape", text("there is a backslash in quotation marks")),
    ("undefined alias", text("“*” refers to a name that no “&” defines")),
    ("document", text("there is something else after the end of the data")),
)

_MOST_SLIPS = 20  #: in one file
_MOST_TRIALS = 100  #: of the parser; a file with more wrong lines must be checked by a person anyway
_LONGEST = 50_000  #: characters; a year file has about 5,000
_LONGEST_LINE = 500


class Corrected(NamedTuple):
    """An unreadable file: its errors, and its content without them, to search for more."""

    diagnostics: tuple[Diagnostic, ...]
    content: str | None  #: None if not everything could be corrected
    replaced: Mapping[int, str] = {}  #: original lines by their number


def syntax_errors(path: str, content: str, error: Exception, error_of: Callable[[str], Exception | None]) -> Corrected:
    """Find the errors at which the parser stops, one after the other; ``error_of`` returns the parser's error for a content.

    A correction counts if the parser then gets further. If there is none, the parser's message is the last diagnostic.
    """
    lines, ends = list(lines_of(content)), re.findall(_LINE_END, content)
    found: list[Diagnostic] = []
    replaced: dict[int, str] = {}
    trials = _MOST_TRIALS if len(content) <= _LONGEST else 0
    following: Exception | None = error
    while following and len(found) < _MOST_SLIPS:
        unsure = None
        for at, diagnostic, line in islice(_mistakes(path, lines, following), max(trials, 0)):
            trials -= 1
            if line is None:
                unsure = unsure or diagnostic
                continue
            whole = _joined([*lines[:at], line, *lines[at + 1 :]], ends)
            after = error_of(whole)
            if after is None or _place(after) > _place(following):
                found.append(diagnostic)
                replaced.setdefault(at + 1, lines[at])
                lines[at], content, following = line, whole, after
                break
            if at >= _place(following)[0] - 1 and diagnostic.message not in _ONLY_IF_IT_HELPS:
                unsure = unsure or diagnostic
        else:
            several = list(lines)
            together = tuple(_mistakes_above(path, several, following)) if trials > 0 else ()
            whole = _joined(several, ends)
            after = error_of(whole) if together else following
            if after is None or _place(after) > _place(following):  # such as a block with a wrong indent
                found += together
                replaced = {one.pos.line: lines[one.pos.line - 1] for one in together} | replaced
                lines, content, following = several, whole, after
                continue
            found += (unsure,) if unsure else _parser_error(path, content, following)
            break
    written = {number: was for number, was in replaced.items() if lines[number - 1] != was}
    diagnostics = (with_line(one, written.get(one.pos.line), lines[one.pos.line - 1]) for one in found)
    # a line that was corrected in two steps is one mistake
    return Corrected(tuple(dict.fromkeys(diagnostics)), None if following else content, written)


def with_line(diagnostic: Diagnostic, was: str | None, line: str) -> Diagnostic:
    """Return the diagnostic with the correct line in its hint, if that is known; ``was`` is the wrong one."""
    if was is None or diagnostic.hint == FILL:
        return diagnostic
    if line.removesuffix(line.lstrip()) == was.removesuffix(was.lstrip()):
        line = line.strip()
    hint = diagnostic.hint
    more = text("{hint} Write: {line}", hint=hint, line=line) if hint else text("Write: {line}", line=line)
    return replace(diagnostic, hint=more)


def with_more(diagnostic: Diagnostic, was: str, line: str) -> Diagnostic:
    """Return the diagnostic with ``line`` as the correct line in its hint, in place of ``was``."""
    if not diagnostic.hint or was == line:
        return diagnostic
    values = tuple(
        (name, str(value).replace(was.strip(), line.strip()) if name == "line" else value)
        for name, value in diagnostic.hint.values
    )
    return replace(diagnostic, hint=diagnostic.hint._replace(values=values))


def _place(error: Exception) -> tuple[int, int]:
    """Return the position that the parser has reached."""
    mark = getattr(error, "problem_mark", None)
    return (mark.line, mark.column) if mark else (-1, -1)


def _joined(lines: Sequence[str], ends: Sequence[str]) -> str:
    return "".join(line + end for line, end in zip(lines, (*ends, ""), strict=True))


def _parser_error(path: str, content: str, error: Exception) -> Iterator[Diagnostic]:
    from yaml.reader import ReaderError  # imported already if the parser has failed

    if isinstance(error, ReaderError):
        yield _control_character(path, content)
        return
    said = str(getattr(error, "problem", None) or error)
    problem = next((meaning for pattern, meaning in _MEANINGS if re.search(pattern, said)), text("it is not well-formed"))
    pos = _begun(path, content, error)
    if _SECOND_COLON in said and (above := _without_colon(path, content, pos)):
        pos, problem = above, _NO_COLON
    message = text("This is not valid YAML: {problem}.", problem=problem)
    hint = text("Check brackets, quotation marks and indentation here and in the line above.")
    yield Diagnostic(YAML_SYNTAX, pos, message, hint)


def _begun(path: str, content: str, error: Exception) -> Pos:
    """Return the position of the error. An unclosed bracket, quotation mark or key was written on an earlier line."""
    mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    if mark is None:
        return Pos(path)
    if context and context.line < mark.line and re.search(_UNFINISHED, str(getattr(error, "context", ""))):
        mark = context
    lines = lines_of(content)
    if mark.line < len(lines):
        return Pos(path, mark.line + 1, mark.column + 1)
    return Pos(path, len(lines), len(lines[-1]) + 1)  # one parser counts a line after a last one without line break


def _without_colon(path: str, content: str, pos: Pos) -> Pos | None:
    """Return the position of a line above that is a key without colon, if there is one."""
    lines = lines_of(content)[: pos.line]
    if re.search(r":(?: |$)", lines[-1][: pos.column - 1]):  # the line itself has two colons
        return None
    for number in range(len(lines) - 1, 0, -1):
        line = lines[number - 1]
        if match := re.match(r"\s*([^\s#])", line):
            return None if re.search(r":(?:\s|$)|^\s*- ", line) else Pos(path, number, match.start(1) + 1)
    return None


_LINE_END = "\r\n|[\n\r\x85\u2028\u2029]"


@lru_cache(maxsize=1)
def lines_of(content: str) -> tuple[str, ...]:
    """Return the lines as YAML counts them; they are asked for several times while a file is read."""
    return tuple(re.split(_LINE_END, content))


def _mistakes(path: str, lines: Sequence[str], error: Exception) -> Iterator[tuple[int, Diagnostic, str | None]]:
    """Yield candidates for the error at which the parser stopped, nearest first: line from 0, and the correct line if known."""
    last = min(_place(error)[0], len(lines) - 1)
    yield from _dedented(path, lines, last)
    for at in range(last, -1, -1):
        near = at >= last - 1
        yield from (one for one in _mistakes_of(path, lines, at, is_near=near) if near or one[2] is not None)


def _dedented(path: str, lines: Sequence[str], at: int) -> Iterator[tuple[int, Diagnostic, str | None]]:
    """Yield a line above that has lost a level of its indent: several lines below it are indented more than the last one."""
    indent = " " * (len(lines[at]) - len(lines[at].lstrip(" ")))
    above = [number for number in range(at) if _plain(lines[number]) and not lines[number].startswith(indent)]
    number = above[-1] if above else at
    below = [*filter(None, map(_plain, lines[number + 1 : at]))]
    is_block = len(below) > 1 and all(one.startswith(f"{indent} ") for one in below) and not below[0].endswith(":")
    if is_block and _plain(lines[number]).endswith(":"):
        yield number, Diagnostic(YAML_SYNTAX, Pos(path, number + 1), _NOT_INDENTED), indent + lines[number].lstrip()


def _mistakes_of(
    path: str, lines: Sequence[str], at: int, *, is_near: bool = False
) -> Iterator[tuple[int, Diagnostic, str | None]]:
    if len(lines[at]) > _LONGEST_LINE:
        return
    for pitfall in _PITFALLS if is_near else _PITFALLS[:-2]:  # the last two match every line
        if match := re.match(pitfall.pattern, lines[at]):
            line = _corrected(pitfall, _Lines(lines, at), match)
            if line != lines[at] and (line is not None or pitfall.message not in _ONLY_IF_IT_HELPS):
                has_mark = "{mark}" in pitfall.message.template
                said = pitfall.message._replace(values=(("mark", shown(match[1])),)) if has_mark else pitfall.message
                yield at, Diagnostic(YAML_SYNTAX, Pos(path, at + 1, match.start(1) + 1), said, pitfall.hint), line


def _mistakes_above(path: str, lines: list[str], error: Exception) -> Iterator[Diagnostic]:
    """Correct all lines up to the position where the parser stopped, each by those above it."""
    for at in range(min(_place(error)[0] + 1, len(lines))):
        for found, diagnostic, line in _mistakes_of(path, lines, at):
            if line is not None:
                lines[found] = line
                yield diagnostic
                break


def _corrected(pitfall: _Pitfall, lines: _Lines, match: re.Match[str]) -> str | None:
    if callable(pitfall.correction):
        return pitfall.correction(lines, match)
    return lines.line[: match.start(1)] + pitfall.correction + lines.line[match.end(1) :]


def shown(mistake: str) -> str:
    """Return a wrong text for a message: spaces as their codes."""
    return mistake.strip() or ", ".join(dict.fromkeys(f"U+{ord(one):04X}" for one in mistake if one not in " \t"))


#: characters that YAML does not accept in text
_CONTROL = r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"


def _control_character(path: str, content: str) -> Diagnostic:
    match = re.search(_CONTROL, content)
    at = match.start() if match else 0
    lines = lines_of(content[:at])
    pos = Pos(path, len(lines), len(lines[-1]) + 1)
    message = text("There is a character here that a text cannot contain ({code}).", code=codes_in(content[at : at + 1]))
    return Diagnostic(YAML_SYNTAX, pos, message, text("Delete it, or type the line again."))
