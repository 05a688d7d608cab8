"""Mutators that know YAML: each changes a text, or its bytes, like a typo or an attack."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

SCALARS = (
    "0", "7", "12", "012", "1_000", "1,000", "1，000", "0x10", "1e3", "1:30", "1.5", ".5", "5.", "-3", "+4", "--1", "~", "null", "/", "no",
    "１２", "٣", "1２", "²", "Ⅳ", "〇", "O", "l2", "1 2", "12件", "12万元", "12（其中3件）", "NaN", ".inf", "-0", "00", "999999999999999",
    "9999999999999999", "9" * 400, "9" * 5000, "0." + "3" * 60, "1e999999999", "-", "——", "无", "''", '""', "' 12 '", '"\\x31\\u0032"',
    '"\\0"', '"\\e[31m"', '"\\ud800"', '"\\U00110000"', '"\\uffff"', '"\\N\\L\\P"', '"1\\\n  2"', "!!int 12", "!!python/name:os.system", "! 12",
    "!<tag:yaml.org,2002:str> 3", "&a 12", "*a", "*z", "&a [*a]", "[1, 2]", "[]", "{}", "{value: 5}", "{value: 5, note: x, unit: 元}",
    "{value: 5, value: 6}", "{value: [1]}", "{value: }", "{数值: 12, 备注: 注}", "[[[[1]]]]", "{a: {b: {c: 1}}}", "|\n        12", ">-\n        1\n        2",
    "? 12", "12 # x", "12#x", "@12", "`12`", "%12", "12: 13", "2024-01-01", "<script>", "{{x}}", "{x}", "%(x)s", "\u200b12", "\ufeff12", "12\u00a0",
    "a" * 3000,
)  # fmt: skip
LOOKALIKES = {
    "0": "０Oо〇٠", "1": "１lI١", "2": "２２", ":": "：ː∶", ",": "，､", "-": "－–—−‐", " ": "\u00a0\u3000\u2003\u200b\t", "[": "［", "]": "］",
    "{": "｛", "}": "｝", "a": "а", "e": "е", "o": "о", "#": "＃", "'": "’", '"': "”“", "\n": "\r\x85\u2028\u2029\x0b\x0c\x1c",
}  # fmt: skip
LINES = (
    "---", "...", "%YAML 9.9", "%TAG ! tag:x,2000:", "  <<: *a", "<<: {agency: 甲}", "? [a, b]", ": x", "- 1", "agency: 乙局", "year: 2023",
    "form: 2019", "form: {default: 2021, requests: 2019}", "reviews: 0", "requests: 0", "proactive-disclosure: 0", "复议诉讼: 0", "notes: 注",
    "notes: {reviews: [一, 二]}", "explanations: {carried-over: x}", "explanations: [1]", "\t", "  \tx: 1", "key", "key:", "  : ", "&a a: &b b",
    "*a : 1", '"agency": x', "机关: 丙局", "agency : 丁局", "results: 0", "  results: 0", "    granted: [1,2,3,4,5,6]", "# 注释", "\u2028", "}", "]",
)  # fmt: skip
VALUE = re.compile(r"(?<=: )[^\n]+|(?<=[\[,] )?\b\d+\b")
_KEY = re.compile(r"[^\s:#\[\]{},]{1,40}(?=:)")  # limited, so that this pattern cannot hang

Mutate = Callable[[Random, str], str]


def _lines(text: str) -> list[str]:
    return text.split("\n")


def replaced(rng: Random, text: str, pattern: re.Pattern[str], new: Callable[[str], str]) -> str:
    """Return ``text`` with one match of ``pattern`` replaced."""
    start = rng.randrange(len(text) + 1)
    match = pattern.search(text, start) or pattern.search(text)
    return text[: match.start()] + new(match[0]) + text[match.end() :] if match else text


def scalar(rng: Random, text: str) -> str:
    return replaced(rng, text, VALUE, lambda _old: rng.choice(SCALARS))


def digit(rng: Random, text: str) -> str:
    return replaced(rng, text, re.compile(r"\d"), lambda _old: rng.choice("0123456789.-+_ ,"))


def lookalike(rng: Random, text: str) -> str:
    wanted = rng.choice([*LOOKALIKES])
    return replaced(rng, text, re.compile(re.escape(wanted)), lambda old: rng.choice(LOOKALIKES[old]))


def quoted(rng: Random, text: str) -> str:
    mark = rng.choice("'\"")
    return replaced(rng, text, VALUE, lambda old: f"{mark}{old}{mark}")


def anchored(rng: Random, text: str) -> str:
    """Give a value an anchor, and refer to it with an alias."""
    text = replaced(rng, text, VALUE, lambda old: f"&a {old}")
    return replaced(rng, text, VALUE, lambda old: old if old.startswith("&") else "*a")


def nested(rng: Random, text: str) -> str:
    depth = rng.choice((2, 19, 21, 60, 2000))
    opening, closing = rng.choice((("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("[", "")))
    return replaced(rng, text, VALUE, lambda old: opening * depth + old + closing * depth)


def laughs(rng: Random, text: str) -> str:
    """Return aliases of aliases, which grow with each level."""
    levels = rng.randrange(2, 30)
    lines = ["x0: &x0 [1, 1]", *(f"x{n}: &x{n} [*x{n - 1}, *x{n - 1}, *x{n - 1}]" for n in range(1, levels))]
    return "\n".join((*lines, replaced(rng, text, VALUE, lambda _old: f"*x{levels - 1}")))


def key(rng: Random, text: str) -> str:
    keys = _KEY.findall(text) or ["a"]
    return replaced(
        rng, text, _KEY, lambda _old: rng.choice((rng.choice(keys), f'"{rng.choice(keys)}"', "total", "合计", "总 计", "<<"))
    )


def line_moved(rng: Random, text: str) -> str:
    lines = _lines(text)
    line = lines.pop(rng.randrange(len(lines)))
    lines.insert(rng.randrange(len(lines) + 1), line)
    return "\n".join(lines)


def line_doubled(rng: Random, text: str) -> str:
    lines = _lines(text)
    lines.insert(rng.randrange(len(lines)), rng.choice(lines))
    return "\n".join(lines)


def line_lost(rng: Random, text: str) -> str:
    lines = _lines(text)
    del lines[rng.randrange(len(lines))]
    return "\n".join(lines)


def line_added(rng: Random, text: str) -> str:
    lines = _lines(text)
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(LINES))
    return "\n".join(lines)


def indented(rng: Random, text: str) -> str:
    lines = _lines(text)
    at = rng.randrange(len(lines))
    lines[at] = rng.choice(("", " ", "  ", "    ", "\t", "- ", "\u3000")) + lines[at].removeprefix(rng.choice(("", " ", "  ")))
    return "\n".join(lines)


def newlines(rng: Random, text: str) -> str:
    mark = rng.choice(("\r", "\r\n", "\x85", "\u2028", "\u2029", "\n\n"))
    if rng.random() < 0.5:
        return text.replace("\n", mark)
    return replaced(rng, text, re.compile("\n"), lambda _old: mark)


def cut(rng: Random, text: str) -> str:
    return text[: rng.randrange(len(text) + 1)]


def character(rng: Random, text: str) -> str:
    at = rng.randrange(len(text) + 1)
    code = rng.choice(
        (rng.randrange(0x20), rng.randrange(0x80), rng.randrange(0x80, 0x3000), rng.randrange(0x4E00, 0xD7FF), 0xFFFE, 0x1F600)
    )
    return text[:at] + chr(code) + text[at + rng.randrange(2) :]


MUTATORS: Sequence[Mutate] = (
    scalar, scalar, scalar, digit, digit, lookalike, lookalike, quoted, anchored, nested, laughs, key, key, line_moved, line_doubled,
    line_lost, line_added, line_added, indented, newlines, cut, character,
)  # fmt: skip


def encoded(rng: Random, text: str) -> bytes:
    """Return the text as bytes, sometimes in another encoding or damaged."""
    luck = rng.random()
    if luck < 0.9:
        return text.encode("utf-8", "surrogatepass")
    if luck < 0.95:
        return text.encode(rng.choice(("utf-16", "utf-8-sig", "gb18030", "utf-32", "utf-16-be")), "replace")
    body = bytearray(text.encode("utf-8", "replace"))
    for _ in range(rng.randrange(1, 6)):
        at = rng.randrange(len(body) + 1)
        body[at : at + rng.randrange(3)] = bytes(rng.randrange(256) for _ in range(rng.randrange(3)))
    return bytes(body)


def mutated(rng: Random, text: str) -> bytes:
    """Return ``text`` with one to six changes."""
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4, 6))):
        text = rng.choice(MUTATORS)(rng, text)
    return encoded(rng, text)
