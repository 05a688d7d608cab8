"""Style sheets of a page, as far as they affect visibility: simple selectors; properties that hide, strike or raise text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.importers.document import Refused

if TYPE_CHECKING:
    from lxml.etree import _Element

_PROPERTIES = frozenset((
    "display", "visibility", "opacity", "font-size", "text-decoration", "text-decoration-line", "vertical-align",
    "color", "position", "left", "top", "right", "bottom", "text-indent", "clip", "clip-path", "width", "height",
    "max-width", "max-height", "overflow", "unicode-bidi", "direction",
))  # fmt: skip
_MAX_RULES = 2_000  # with such properties; a portal's page has a few dozen
_MAX_STEPS = 1_000_000  # comparisons of elements with compounds
_MAX_PARTS = 8  # of a selector
_MAX_NESTED = 8  # nested at-rules
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_SEEN_MEDIA = re.compile(r"@media\s+(?:only\s+)?(?:all|screen)\s*|@supports\b.*|@layer\b.*", re.IGNORECASE | re.DOTALL)
_NAME = r"[\w\-\u0080-\uffff]+"
_SIMPLE = rf"[.#]{_NAME}|\[\s*([\w-]+)\s*(?:=\s*(\"[^\"]*\"|'[^']*'|{_NAME})\s*)?\]"
_COMPOUND = re.compile(rf"(?P<by>\s*>\s*|\s+)?(?P<tag>\*|{_NAME})?(?P<rest>(?:{_SIMPLE})*)")

Declaration = tuple[str, str, bool]  # property, value, and whether it is important


class _Compound(NamedTuple):
    """The conditions for one element."""

    tag: str
    identity: str
    classes: frozenset[str]
    attributes: tuple[tuple[str, str | None], ...]
    is_child: bool  #: of the element that the previous compound describes; else a descendant

    def fits(self, element: _Element) -> bool:
        """Return whether an element matches, regardless of its ancestors."""
        return (
            self.tag in ("", "*", element.tag)
            and self.identity in ("", element.get("id"))
            and self.classes <= _classes(element)
            and all(element.get(name) is not None and value in (None, element.get(name)) for name, value in self.attributes)
        )


class _StyleRule(NamedTuple):
    selector: tuple[_Compound, ...]
    weight: tuple[int, int, int, int]  #: ids, classes, tags, and the position in the page
    declared: tuple[Declaration, ...]


class StyleSheet:
    """The rules of a page, indexed by the last compound of their selector."""

    def __init__(self, sheets: Iterable[str]) -> None:
        self._steps = 0
        self._known: dict[tuple[int, int, _Element], bool] = {}  # by rule and count: whether it matches an ancestor
        self._rules: dict[str, list[_StyleRule]] = {}
        place = 0
        for selectors, body in (rule for sheet in sheets for rule in _rules(_COMMENT.sub("", sheet))):
            declared = tuple(declarations(body))
            for selector in filter(None, map(_selector, selectors.split(",") if declared else ())):
                place += 1
                last = selector[-1]
                key = f"#{last.identity}" if last.identity else f".{min(last.classes)}" if last.classes else last.tag
                weight = (
                    sum(bool(one.identity) for one in selector),
                    sum(len(one.classes) + len(one.attributes) for one in selector),
                    sum(one.tag not in ("", "*") for one in selector),
                    place,
                )
                self._rules.setdefault(key or "*", []).append(_StyleRule(selector, weight, declared))
        if place > _MAX_RULES:
            raise _too_many()

    def of(self, element: _Element) -> dict[str, str]:
        """Return the declarations for one element, without inherited ones."""
        style = element.get("style")
        if not self._rules and not style:
            return {}
        found: list[tuple[tuple[bool, bool, tuple[int, ...]], str, str]] = []
        for key in (f"#{element.get('id')}", *(f".{name}" for name in _classes(element)), str(element.tag), "*"):
            for rule in self._rules.get(key, ()):
                if self._fits(rule, len(rule.selector), element):
                    found += [((bang, False, rule.weight), name, value) for name, value, bang in rule.declared]
        found += [((bang, True, ()), name, value) for name, value, bang in declarations(style or "")]
        found.sort(key=lambda one: one[0])
        return {name: value for _weight, name, value in found}

    def _fits(self, rule: _StyleRule, count: int, element: _Element) -> bool:
        """Return whether the first compounds of a rule's selector match an element and its ancestors."""
        self._steps += count
        if self._steps > _MAX_STEPS:
            raise _too_many()
        compound = rule.selector[count - 1]
        if not compound.fits(element):
            return False
        if count == 1:
            return True
        if compound.is_child:
            parent = element.getparent()
            return parent is not None and self._fits(rule, count - 1, parent)
        return self._is_within(rule, count - 1, element)

    def _is_within(self, rule: _StyleRule, count: int, element: _Element) -> bool:
        """Return whether the first compounds match an ancestor of ``element``."""
        key = (rule.weight[-1], count, element)
        if key not in self._known:
            parent = element.getparent()
            is_above = parent is not None and (self._fits(rule, count, parent) or self._is_within(rule, count, parent))
            self._known[key] = is_above
        return self._known[key]


def _classes(element: _Element) -> set[str]:
    return set(str(element.get("class") or "").split())


def declarations(written: str) -> Iterator[Declaration]:
    """Yield the declarations that affect visibility."""
    for one in written.split(";"):
        name, _, value = one.partition(":")
        name, value = name.strip().lower(), value.strip().lower()
        if name in _PROPERTIES and value:
            bare = value.partition("!")[0].strip()
            yield name, bare, bare != value


def _too_many() -> Refused:
    return Refused(text("The page has too many styles."), text("Save only the report's part of the page."))


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield selectors and declarations, including those for screens within ``@media``."""
    opened: list[str] = []  # the text before each open bracket
    at = 0
    for bracket in re.finditer("[{}]", f"{sheet}}}"):
        if bracket[0] == "{" and opened and not opened[-1].startswith("@"):
            continue  # part of a declaration
        before = sheet[at : bracket.start()]
        if bracket[0] == "{":
            opened.append(before.rpartition(";")[2].strip())
        elif opened:
            prelude = opened.pop()
            is_seen = len(opened) <= _MAX_NESTED and all(map(_SEEN_MEDIA.fullmatch, opened))
            if is_seen and not prelude.startswith("@"):
                yield prelude, before
        at = bracket.end()


def _selector(written: str) -> tuple[_Compound, ...]:
    """Return the compounds of a selector; nothing if it is not a simple one, such as ``a:hover``."""
    written = written.strip()
    found: list[_Compound] = []
    at = 0
    while at < len(written):
        match = _COMPOUND.match(written, at)
        if not match or len(found) == _MAX_PARTS or not (match["tag"] or match["rest"]):
            return ()
        simple = list(re.finditer(_SIMPLE, match["rest"]))
        found.append(
            _Compound(
                (match["tag"] or "").lower(),
                next((one[0][1:] for one in simple if one[0][0] == "#"), ""),
                frozenset(one[0][1:] for one in simple if one[0][0] == "."),
                tuple((one[1].lower(), one[2] and one[2].strip("\"'")) for one in simple if one[1]),
                ">" in (match["by"] or ""),
            )
        )
        at = match.end()
    return tuple(found)
