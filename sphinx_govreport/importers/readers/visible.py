"""What a browser shows of a page: its tree without what is hidden or struck out; what is raised is a ``sup`` or ``sub``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .styles import StyleSheet

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NEVER_SHOWN = frozenset((
    "script", "style", "noscript", "template", "head", "iframe", "object", "svg", "select", "button", "textarea",
    "input", "datalist", "audio", "video", "canvas", "map", "noembed", "noframes", "rp", "title", "param", "source",
    "track", "area",
))  # fmt: skip
_STRUCK = frozenset(("s", "strike", "del"))
_RAISED = {"sup": "sup", "sub": "sub", "rt": "sup", "rtc": "sup"}
_MATH = {
    "msup": ("sup",), "msub": ("sub",), "msubsup": ("sub", "sup"), "mover": ("sup",), "munder": ("sub",), "mroot": ("sup",),
}  # fmt: skip
_ODD = _NEVER_SHOWN | _STRUCK | _RAISED.keys() | {"mfrac", "dialog"}  # of which the name alone says something
_UNRAISED = frozenset((
    "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "col", "colgroup", "html", "body", "div", "p",
    "li", "h1", "h2", "h3", "h4", "h5", "h6", "img",
))  # fmt: skip
_NUMBER = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))(?:e[+-]?\d+)?([a-z%]*)")
#: pixels of a unit; those of print and of letters are large enough for what is asked here
_SCALES = {"em": 16.0, "rem": 16.0, "ex": 8.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78}
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FAR = -900.0  # pixels beyond which nothing is on the page
_TINY = 1.0  # pixels of a letter that nobody reads


class _Look(NamedTuple):
    """What an element inherits."""

    is_invisible: bool = False
    is_tiny: bool = False
    is_transparent: bool = False

    @property
    def is_unseen(self) -> bool:
        return any(self)


def show_only_seen(root: HtmlElement, own: frozenset[str]) -> None:
    """Take out of a tree what is not seen, and elements of the classes ``own``. Text keeps its place."""
    sheets = ["".join(map(str, style.itertext())) for style in root.iter("style") if "print" not in str(style.get("media", ""))]
    styles = StyleSheet(sheets)
    stack = [(root, _Look())]
    while stack:
        element, look = stack.pop()
        math = _MATH.get(str(element.tag), ())
        is_unseen = look.is_unseen
        for number, child in enumerate(list(element)):
            if not (sheets or is_unseen or math or child.attrib or child.tag in _ODD):  # as most are
                if len(child):
                    stack.append((child, look))
                continue
            if is_unseen:
                child.tail = None
            declared = styles.of(child) if isinstance(child.tag, str) and (child.attrib or sheets) else {}
            if _is_gone(child, declared, own):
                child.clear(keep_tail=True)
                child.tag = "wbr"
                continue
            inner = _look(look, declared) if declared else look
            if inner.is_unseen:
                child.text = None
            raised = math[number - 1] if 0 < number <= len(math) else _raised(child, declared)
            if raised:
                child.tag = raised
            if child.tag == "mfrac" and len(child) == 2:
                child[0].tail = "⁄"
            if (child.tag == "bdo" and child.get("dir") == "rtl") or _is_turned(declared):
                # digits that are shown from right to left are not what is written
                child.text = f"\u202e{_CONTROLS.sub('', child.text or '')}"
            stack.append((child, inner))


def _is_gone(element: HtmlElement, declared: dict[str, str], own: frozenset[str]) -> bool:
    """Whether nothing within an element is seen, whatever is said of what is within it."""
    tag = element.tag
    if not isinstance(tag, str) or tag in _NEVER_SHOWN or tag in _STRUCK:
        return True
    attributes = element.attrib
    if not attributes and not declared:
        return False
    if ("hidden" in attributes and declared.get("display", "none") == "none") or (tag == "dialog" and "open" not in attributes):
        return True
    return not own.isdisjoint(str(attributes.get("class", "")).split()) or (bool(declared) and _is_styled_away(declared, tag))


def _is_styled_away(declared: dict[str, str], tag: str) -> bool:
    said = declared.get
    if said("display") == "none" or _pixels(said("opacity")) == 0:
        return True
    if "line-through" in said("text-decoration", "") or "line-through" in said("text-decoration-line", ""):
        return said("text-decoration-line") != "none"
    if said("visibility") == "collapse" and tag in ("tr", "tbody", "thead", "tfoot", "col"):
        return True
    sides = (_pixels(said(side)) for side in ("left", "top", "right", "bottom"))
    if said("position") in ("absolute", "fixed") and (
        any(side is not None and side < _FAR for side in sides) or re.match(r"rect\(\s*[01](?:px)?[\s,]", said("clip", ""))
    ):
        return True
    if re.match(r"inset\(\s*(?:50|100)%", said("clip-path", "")):
        return True
    indent = _pixels(said("text-indent"))
    if indent is not None and indent < _FAR:
        return True
    sizes = (_pixels(said(size)) for size in ("width", "height", "max-width", "max-height"))
    return said("overflow", "").split(" ")[0] in ("hidden", "clip") and any(size == 0 for size in sizes)


def _look(above: _Look, declared: dict[str, str]) -> _Look:
    visibility, size, color = declared.get("visibility"), declared.get("font-size"), declared.get("color")
    is_tiny = above.is_tiny
    if size:
        pixels = _pixels(size)
        is_relative = size.endswith(("em", "%", "ex")) and not size.endswith("rem")
        is_tiny = (is_tiny and is_relative) or pixels == 0 or (not is_relative and pixels is not None and pixels <= _TINY)
    return _Look(
        visibility in ("hidden", "collapse") if visibility and visibility != "inherit" else above.is_invisible,
        is_tiny,
        color == "transparent" or bool(color and re.fullmatch(r"rgba\(.*,\s*0(?:\.0*)?%?\s*\)", color))
        if color and color != "inherit"
        else above.is_transparent,
    )


def _raised(element: HtmlElement, declared: dict[str, str]) -> str:
    """``sup`` or ``sub`` if the text of an element is raised or lowered."""
    tag = str(element.tag)
    if tag in _RAISED:
        return _RAISED[tag]
    if tag in _UNRAISED or not declared:
        return ""
    align = declared.get("vertical-align", "")
    pixels = _pixels(align)
    if align in ("super", "text-top") or (pixels or 0) > 0:
        return "sup"
    if align in ("sub", "text-bottom") or (pixels or 0) < 0:
        return "sub"
    if declared.get("position") == "relative" and "font-size" in declared:
        top = (_pixels(declared.get("top")) or 0) - (_pixels(declared.get("bottom")) or 0)
        return "sup" if top < 0 else "sub" if top > 0 else ""
    return ""


def _is_turned(declared: dict[str, str]) -> bool:
    return declared.get("direction") == "rtl" and "override" in declared.get("unicode-bidi", "")


def _pixels(value: str | None) -> float | None:
    """A length in pixels; None if it is none."""
    match = _NUMBER.fullmatch(value or "")
    if not match:
        return None
    return float(match[1]) * _SCALES.get(match[2], 1.0)
