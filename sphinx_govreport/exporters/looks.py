"""How pasted elements look: declarations that each of them carries with it, since no style sheet comes along."""

from __future__ import annotations

from collections.abc import Iterable

_LINE = "1px solid #333"
_BOX = "margin:1em 0;padding:0.5em 1em;border:1px solid #999;border-left:4px solid #666"

_OF_TAGS = {
    "table": f"width:100%;border-collapse:collapse;border:{_LINE};line-height:1.4",
    "caption": "caption-side:top;padding:0.5em 0;text-align:center;font-weight:bold",
    "th": f"border:{_LINE};padding:0.35em 0.4em;vertical-align:middle;text-align:center;font-weight:bold",
    "td": f"border:{_LINE};padding:0.35em 0.4em;vertical-align:middle;text-align:left",
    "img": "max-width:100%;height:auto",
    "figure": "margin:1em 0;text-align:center",
    "summary": "font-weight:bold",
    "pre": "padding:0.5em;border:1px solid #ccc;background:#f5f5f5;white-space:pre-wrap",
    "blockquote": "margin:1em 2em",
}
#: by class, or by element and class where a class means something else elsewhere
_OF_CLASSES = {
    "gov-scroll": "max-width:100%;overflow-x:auto;margin:1em 0",
    "table.gov-table": "font-size:0.875em",
    "table.gov-requests": "min-width:44em",
    "table.gov-reviews": "min-width:44em;table-layout:fixed",
    "table.gov-proactive-disclosure": "min-width:24em",
    "table.gov-check-table": "min-width:30em",
    "gov-row-head": "text-align:left;font-weight:normal",
    "stub": "text-align:left;font-weight:normal;min-width:6em",
    "gov-compare": "display:block;font-size:0.875em",
    "gov-table-note": "font-size:0.875em",
    "gov-source": "font-size:0.875em;text-align:right",
    "admonition": _BOX,
    "topic": _BOX,
    "sidebar": _BOX,
    "admonition-title": "margin:0;font-weight:bold",
    "topic-title": "margin:0;font-weight:bold",
    "sidebar-title": "margin:0;font-weight:bold",
    "rubric": "font-weight:bold",
    "text-left": "text-align:left",
    "text-center": "text-align:center",
    "text-right": "text-align:right",
    "align-left": "text-align:left",
    "align-center": "text-align:center",
    "align-right": "text-align:right",
    "centered": "text-align:center",
}
_NUMBER = "text-align:right"
_IN_CELL = {"p": "margin:0"}  # a paragraph would make rows high

#: classes of tables whose cells are numbers
NUMBERS = frozenset(("gov-table", "gov-years"))


def looks_of(tag: str, classes: Iterable[str], own: str, *, has_numbers: bool, is_in_cell: bool) -> str:
    """The declarations of an element; later ones count: by its name, its place, its classes, and what it says itself."""
    declared = [_OF_TAGS.get(tag, "")]
    if tag == "td" and has_numbers:
        declared.append(_NUMBER)
    if is_in_cell:
        declared.append(_IN_CELL.get(tag, ""))
    declared += (_OF_CLASSES.get(name) or _OF_CLASSES.get(f"{tag}.{name}", "") for name in classes)
    if "url(" not in own.lower():  # such a look is another file
        declared.append(own)
    parts = (part.partition(":") for written in declared for part in written.split(";"))
    looks = {name.strip(): value.strip() for name, colon, value in parts if colon}
    return ";".join(f"{name}:{value}" for name, value in looks.items())
