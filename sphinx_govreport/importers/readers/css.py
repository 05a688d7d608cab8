"""Style sheets of a page, as far as they say what is seen: simple selectors, and the properties that hide, strike or raise."""

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
_MAX_RULES = 2_000  # with such properties; a portal's page has some dozens
_MAX_STEPS = 1_000_000  # comparisons of elements with parts of selectors
_MAX_PARTS = 8  # of a selector
_MAX_NESTED = 8  # at-rules within each other
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_SEEN_MEDIA = re.compile(r"@media\s+(?:only\s+)?(?:all|screen)\s*|@supports\b.*|@layer\b.*", re.IGNORECASE | re.DOTALL)
_NAME = r"[\w\-\u0080-\uffff]+"
_COMPOUND = re.compile(
    rf"(?P<by>\s*>\s*|\s+)?(?P<tag>\*|{_NAME})?(?P<rest>(?:[.#]{_NAME}|\[\s*[\w-]+\s*(?:=\s*(?:\"[^\"]*\"|'[^']*'|{_NAME})\s*)?\])*)"
)
_SIMPLE = re.compile(rf"[.#]{_NAME}|\[\s*([\w-]+)\s*(?:=\s*(\"[^\"]*\"|'[^']*'|{_NAME})\s*)?\]")


class _Compound(NamedTuple):
    """What one element must be."""

    tag: str
    identity: str
    classes: frozenset[str]
    attributes: tuple[tuple[str, str | None], ...]
    is_child: bool  #: of what stands before it; else somewhere within

    def fits(self, element: _Element, classes: frozenset[str]) -> bool:
        if self.tag not in ("", "*", element.tag):
            return False
        if self.identity and self.identity != element.get("id"):
            return False
        if not self.classes <= classes:
            return False
        return all(element.get(name) is not None and value in (None, element.get(name)) for name, value in self.attributes)


class _Rule(NamedTuple):
    selector: tuple[_Compound, ...]
    weight: tuple[int, int, int, int]  #: ids, classes, tags, and the place in the page
    declared: tuple[tuple[str, str, bool], ...]


def declarations(written: str) -> Iterator[tuple[str, str, bool]]:
    """Property, value and whether it is important."""
    for one in written.split(";"):
        name, _, value = one.partition(":")
        name, value = name.strip().lower(), value.strip().lower()
        if name in _PROPERTIES and value:
            bare = value.partition("!")[0].strip()
            yield name, bare, bare != value


_Begun = tuple[frozenset[int], frozenset[int]]
_NOTHING: _Begun = (frozenset(), frozenset())


class StyleSheet:
    """The rules of a page by what the last part of their selector asks for."""

    def __init__(self, sheets: Iterable[str]) -> None:
        self._steps = 0
        self._classes: dict[_Element, frozenset[str]] = {}
        self._known: dict[tuple[tuple[int, ...], _Element], _Begun] = {}
        self._rules: dict[str, list[_Rule]] = {}
        count = 0
        for selectors, body in (rule for sheet in sheets for rule in _rules(_COMMENT.sub("", sheet))):
            declared = tuple(declarations(body))
            for selector in map(_selector, selectors.split(",") if declared else ()):
                if not selector:
                    continue
                count += 1
                last = selector[-1]
                key = f"#{last.identity}" if last.identity else f".{min(last.classes)}" if last.classes else last.tag
                weight = (
                    sum(bool(part.identity) for part in selector),
                    sum(len(part.classes) + len(part.attributes) for part in selector),
                    sum(part.tag not in ("", "*") for part in selector),
                    count,
                )
                self._rules.setdefault(key or "*", []).append(_Rule(selector, weight, declared))
        if count > _MAX_RULES:
            raise _too_many()

    def of(self, element: _Element) -> dict[str, str]:
        """What styles say of one element, without what it inherits."""
        inline = str(element.get("style") or "")
        found: list[tuple[tuple[bool, bool, tuple[int, ...]], str, str]] = []
        if self._rules:
            for key in (f"#{element.get('id')}", *(f".{name}" for name in self._classes_of(element)), str(element.tag), "*"):
                for rule in self._rules.get(key, ()):
                    self._step(len(rule.selector))
                    if self._fits(rule, element):
                        found += [((bang, False, rule.weight), name, value) for name, value, bang in rule.declared]
        if inline:
            found += [((bang, True, ()), name, value) for name, value, bang in declarations(inline)]
        found.sort(key=lambda one: one[0])
        return {name: value for _weight, name, value in found}

    def _step(self, count: int) -> None:
        self._steps += count
        if self._steps > _MAX_STEPS:
            raise _too_many()

    def _classes_of(self, element: _Element) -> frozenset[str]:
        if element not in self._classes:
            self._classes[element] = frozenset(str(element.get("class") or "").split())
        return self._classes[element]

    def _fits(self, rule: _Rule, element: _Element) -> bool:
        """Whether a rule means an element."""
        last = rule.selector[-1]
        if not last.fits(element, self._classes_of(element)):
            return False
        if len(rule.selector) == 1:
            return True
        above = element.getparent()
        parent, further = self._begun(rule, above) if above is not None else _NOTHING
        return len(rule.selector) - 1 in (parent if last.is_child else further)

    def _begun(self, rule: _Rule, element: _Element) -> _Begun:
        """With how many of the first parts of a rule an element fits, and with how many it or one above it does."""
        path: list[_Element] = []
        at: _Element | None = element
        while at is not None and (rule.weight, at) not in self._known:
            path.append(at)
            at = at.getparent()
        begun = self._known[rule.weight, at] if at is not None else _NOTHING
        self._step(len(path) * len(rule.selector))
        for one in reversed(path):
            here = frozenset(
                count + 1
                for count, part in enumerate(rule.selector)
                if (not count or count in begun[not part.is_child]) and part.fits(one, self._classes_of(one))
            )
            begun = self._known[rule.weight, one] = (here, begun[1] | here)
        return begun


def _too_many() -> Refused:
    return Refused(text("The page has too many styles."), text("Save only the report's part of the page."))


def _rules(sheet: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Selectors and declarations, those for a screen within ``@media`` too."""
    at = 0
    while (start := sheet.find("{", at)) >= 0:
        prelude = sheet[at:start].rpartition(";")[2].strip()
        if not prelude.startswith("@"):
            end = sheet.find("}", start)
            end = len(sheet) if end < 0 else end
            yield prelude, sheet[start + 1 : end]
        else:
            end = _end(sheet, start)
            if _SEEN_MEDIA.fullmatch(prelude) and depth < _MAX_NESTED:
                yield from _rules(sheet[start + 1 : end], depth + 1)
        at = end + 1


def _end(sheet: str, start: int) -> int:
    """Where the bracket that opens at ``start`` closes."""
    depth = 0
    for match in re.compile(r"[{}]").finditer(sheet, start):
        depth += 1 if match[0] == "{" else -1
        if not depth:
            return match.start()
    return len(sheet)


def _selector(written: str) -> tuple[_Compound, ...] | None:
    """The parts of a selector; None if it is not a simple one, such as ``a:hover``."""
    written = written.strip()
    parts: list[_Compound] = []
    at = 0
    while at < len(written):
        match = _COMPOUND.match(written, at)
        if not match or match.end() == at or len(parts) == _MAX_PARTS or not (match["tag"] or match["rest"]):
            return None
        simple = list(_SIMPLE.finditer(match["rest"]))
        parts.append(
            _Compound(
                (match["tag"] or "").lower(),
                next((one[0][1:] for one in simple if one[0][0] == "#"), ""),
                frozenset(one[0][1:] for one in simple if one[0][0] == "."),
                tuple((one[1].lower(), one[2] and one[2].strip("\"'")) for one in simple if one[1]),
                ">" in (match["by"] or ""),
            )
        )
        at = match.end()
    return tuple(parts) or None
