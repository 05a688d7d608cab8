"""How Word shows a run of text, by what stands at the run and in the styles of its run, paragraph and table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TOGGLES = ("strike", "vanish")  # of which a second style undoes the first
_OFF = ("0", "false", "off", "none")
_TINY = 3  # half points: a letter that nobody reads
_MAX_STYLES = 50  # that a style is based on


class Look(NamedTuple):
    """How a run is shown."""

    is_unseen: bool
    raised: str  #: “sup”, “sub” or nothing
    position: int  #: half points above the line


class Styles:
    """The styles of a document."""

    def __init__(self, root: _Element) -> None:
        self._styles = {str(style.get(f"{W}styleId")): style for style in root.iter(f"{W}style")}
        self._default = {
            str(style.get(f"{W}type")): str(style.get(f"{W}styleId"))
            for style in self._styles.values()
            if style.get(f"{W}default") in ("1", "true", "on")
        }
        self._document = next(iter(root.iter(f"{W}rPrDefault")), None)
        self._known: dict[str, dict[str, str]] = {}

    def look(self, run: _Element, paragraph: _Element, table: _Element | None) -> Look:
        """How a run of a paragraph in a table is shown."""
        levels = [
            self._of_style("table", table, "tblPr/tblStyle"),
            self._of_style("paragraph", paragraph, "pPr/pStyle"),
            self._of_style("character", run, "rPr/rStyle"),
        ]
        said: dict[str, str] = dict(self._properties(self._document))
        toggled = {name: bool(said.get(name, "")) and said[name] not in _OFF for name in _TOGGLES}
        for level in levels:
            for name, value in level.items():
                if name in _TOGGLES:
                    toggled[name] ^= value not in _OFF
            said |= level
        own = dict(self._properties(run))
        said |= own
        is_on = {name: own[name] not in _OFF if name in own else toggled[name] for name in _TOGGLES}
        is_doubly_struck = said.get("dstrike", "0") not in _OFF
        size = said.get("sz", "")
        is_tiny = size.isascii() and size.isdecimal() and len(size) < 3 and int(size) <= _TINY
        position = said.get("position", "0")
        raised = {"superscript": "sup", "subscript": "sub"}.get(said.get("vertAlign", ""), "")
        return Look(any(is_on.values()) or is_doubly_struck or is_tiny, raised, _whole(position))

    def heading(self, paragraph: _Element) -> str:
        """The name of a paragraph's style."""
        style = self._styles.get(_value(paragraph, "pPr/pStyle"))
        return "" if style is None else _value(style, "name")

    def _of_style(self, kind: str, element: _Element | None, path: str) -> dict[str, str]:
        if element is None:
            return {}
        name = _value(element, path) or self._default.get(kind, "")
        if name not in self._known:
            properties: dict[str, str] = {}
            for style in reversed([*self._based(name)]):
                properties |= dict(self._properties(style))
                properties |= dict(self._properties(style.find(f"{W}tblStylePr[@{W}type='wholeTable']")))
            self._known[name] = properties
        return self._known[name]

    def _based(self, name: str) -> Iterator[_Element]:
        """A style and those that it is based on."""
        for _ in range(_MAX_STYLES):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = _value(style, "basedOn")

    @staticmethod
    def _properties(element: _Element | None) -> Iterator[tuple[str, str]]:
        found = None if element is None else element.find(f"{W}rPr")
        for one in () if found is None else found:
            if isinstance(one.tag, str) and one.tag.startswith(W):
                yield one.tag[len(W) :], str(one.get(f"{W}val") or "1")


def _value(element: _Element, path: str) -> str:
    found = element.find("/".join(f"{W}{name}" for name in path.split("/")))
    return "" if found is None else str(found.get(f"{W}val") or "")


def _whole(written: str) -> int:
    digits = written.removeprefix("-")
    return int(written) if digits.isascii() and digits.isdecimal() and len(digits) < 5 else 0
