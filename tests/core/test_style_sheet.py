"""The style sheet only uses features of browsers of 2018: many offices run browser kernels of that age."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import sphinx_govreport
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.tables.style import declarations_of, style_sheet

TEMPLATE = (Path(sphinx_govreport.__file__).parent / "static/govreport.css").read_text("utf-8")
CSS = style_sheet(TEMPLATE, statutory_forms().values())
NEW_SELECTORS = re.compile(r":(has|is|where|focus-visible|focus-within)\b|:not\([^)]*[ ,>]|:nth-child\([^)]* of |&")
LOGICAL = re.compile(r"(^|-)(inline|block)(-|$)|^inset|^gap$|^aspect-ratio$|^color-scheme$|^accent-color$")
NEW_VALUES = re.compile(
    r"\b(min|max|clamp|env|color-mix|light-dark|oklch|lab|lch|hwb)\(|\banywhere\b|\bCanvas|\d[dsl]v[hw]\b|\b\d+(ch|lh|cq[wh])\b"
)


class Rule(NamedTuple):
    """A rule: the at-rules around it, its selector, its declarations in their order."""

    around: tuple[str, ...]
    selector: str
    declarations: tuple[tuple[str, str], ...]


def rules(css: str) -> Iterator[Rule]:
    """Yield the rules of a sheet; strings are not parsed, because it has none."""
    around: list[str] = []
    for head, mark in re.findall(r"([^{};]*(?:;[^{}]*)?)([{}])", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        written = head.strip()
        if mark == "{":
            around.append(written)
        else:
            top = around.pop()
            if written or not top.startswith("@"):
                pairs = (one.split(":", 1) for one in written.split(";") if one.strip())
                yield Rule(tuple(around), top, tuple((name.strip(), value.strip()) for name, value in pairs))


def too_new(css: str) -> list[str]:
    """Return declarations that old browsers do not understand, unless an equivalent for them comes first.

    Rules in ``@supports`` are only for browsers that support them.
    """
    found: list[str] = []
    for rule in rules(css):
        if any(around.startswith("@supports ") for around in rule.around):
            continue
        found += [around for around in rule.around if not around.startswith("@media ")]
        if rule.selector.startswith("@") or NEW_SELECTORS.search(rule.selector):
            found.append(rule.selector)
        for at, (name, value) in enumerate(rule.declarations):
            is_told_before = any(name == before and not NEW_VALUES.search(said) for before, said in rule.declarations[:at])
            is_new = "var(" in value or NEW_VALUES.search(value)
            if LOGICAL.search(name) or name.startswith("--"):
                found.append(name)
            elif re.search(r"var\([^,()]*\)", value) or (is_new and not is_told_before):
                found.append(value)
    return found


def test_old_browsers_understand_the_style_sheet() -> None:
    assert sum(1 for _rule in rules(CSS)) > 50
    assert too_new(CSS) == []


def test_what_they_do_not_understand_is_found() -> None:
    new = {
        "a:has(b) { color: red }": ["a:has(b)"],
        "a { b { color: red } }": ["a"],
        "a { color: red; & b { color: red } }": ["a", "color: red; & b"],
        "@layer x { a { color: red } }": ["@layer x"],
        "@media print { :is(a, b) { color: red } }": [":is(a, b)"],
        "a { margin-inline-start: 0 }": ["margin-inline-start"],
        "a { inset: 0 }": ["inset"],
        "a { color: var(--x) }": ["var(--x)"],
        "a { color: var(--x, red) }": ["var(--x, red)"],
        "a { color: red; color: var(--x, red) }": [],
        "a { width: min(1em, 2vw) }": ["min(1em, 2vw)"],
        "a { width: 1em; width: min(1em, 2vw) }": [],
        "@supports (width: 1cqi) { a { --x: 1; width: 1cqi } }": [],
    }
    assert {css: too_new(css) for css in new} == new


def test_columns_of_equal_width_stay_equal_only_in_a_wide_table() -> None:
    declarations = declarations_of(statutory_forms().values())
    assert declarations == {
        "gov-requests": "min-width:44em",
        "gov-reviews": "min-width:44em;table-layout:fixed",
        "gov-proactive-disclosure": "min-width:24em",
    }


def test_it_asks_for_nothing_from_elsewhere() -> None:
    assert re.findall(r"url\(|@import|https?:", CSS) == []
