"""HTML as a tree of elements: read like browsers do, and written on one line that is also well-formed as XML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import TypeAlias

from sphinx_govreport.core.characters import without_breaks


def names(written: str) -> frozenset[str]:
    """Return the names in a text, such as those of elements."""
    return frozenset(written.split())


#: inline elements that every editor keeps; of others, only the content is kept
INLINE = names("a abbr b bdi bdo br cite code del em i ins mark s small span strong sub sup u")
_VOID = names("area base br col embed hr img input link meta param source track wbr")
#: elements that a start tag closes implicitly, as in HTML
_ENDED = {
    **dict.fromkeys(("li", "dt", "dd"), names("li dt dd")),
    **dict.fromkeys(("td", "th"), names("td th")),
    "tr": names("td th tr"),
    **dict.fromkeys(("tbody", "tfoot"), names("td th tr thead tbody")),
    **dict.fromkeys(
        names(
            "address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav "
            "ol p pre section table ul"
        ),
        names("p"),
    ),
}
_MAX_DEPTH = 100  # of nested elements; of deeper ones only the content is kept
_NAME = re.compile(r"<([^\s/>]+)")
_NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'
_SPACES = re.compile(r"([ \t\n\r\f]+)")


@dataclass(slots=True, eq=False)
class Element:
    """An element of HTML. A drawing has its source as its only child."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """The classes of the element."""
        return self.attributes.get("class", "").split()


Content: TypeAlias = "Iterable[Element | str]"


def read_html(html: str) -> Element:
    """Return the content of a page within one element."""
    reader = _HtmlReader()
    reader.feed(html)
    reader.close()
    return reader.root


def printed(content: Content) -> str:
    """Return elements and text as HTML on one line."""
    printer = _Printer()
    printer.write(content)
    return "".join(printer.parts)


class _HtmlReader(HTMLParser):
    """Reads HTML into elements."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("div")
        self.open = [self.root]
        self.drawn: list[tuple[str, str]] = []  # the open elements of a drawing: with their names in HTML, and in the source
        self.drawing: list[str] = []
        self.said: list[str] = []  # the accessible description of the drawing
        self.hidden = ""  # its aria-hidden attribute

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        attributes = {name: name if value is None else value for name, value in attrs}
        if self.drawn or tag == "svg":
            self._draw(tag, attributes)
            return
        while self.open[-1].tag in _ENDED.get(tag, ()):
            self.open.pop()
        element = Element(tag, attributes)
        self.open[-1].children.append(element)
        if tag not in _VOID and len(self.open) < _MAX_DEPTH:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Add an empty element of a drawing. In HTML, the slash has no meaning."""
        if self.drawn:
            self.drawing.append(self.get_starttag_text() or "")
        elif tag != "svg":  # it would be an empty drawing
            self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        """Add text."""
        if self.drawn:
            self.drawing.append(escape(data, quote=False))
            if self.drawn[-1][0] in ("title", "desc") and len(self.drawn) == 2:
                self.said.append(data.strip())
        else:
            self.open[-1].children.append(data)

    def handle_endtag(self, tag: str) -> None:
        """End an element, and those left open in it."""
        if self.drawn:
            self._end_drawn(tag)
        elif any(one.tag == tag for one in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def close(self) -> None:
        """End a drawing that was left open."""
        super().close()
        self._end_drawn("svg")

    def _draw(self, tag: str, attributes: dict[str, str]) -> None:
        start = self.get_starttag_text() or ""
        if not self.drawn:
            self.drawing.clear()
            self.said.clear()
            self.hidden = attributes.get("aria-hidden", "")
            if _NAMESPACE not in start:
                start = start.replace("<svg", f"<svg {_NAMESPACE}", 1)
        match = _NAME.match(start)
        self.drawing.append(start)
        self.drawn.append((tag, match[1] if match else tag))

    def _end_drawn(self, tag: str) -> None:
        if not any(name == tag for name, _written in self.drawn):
            return
        name = ""
        while name != tag:
            name, written = self.drawn.pop()
            self.drawing.append(f"</{written}>")
        if not self.drawn:
            self.open[-1].children.append(
                Element("svg", {"alt": " ".join(self.said), "aria-hidden": self.hidden}, ["".join(self.drawing)])
            )


class _Printer:
    """Writes elements on one line. Spaces are reduced to one; a line break between Chinese characters is removed."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.last = ""  #: the last character of the inline text
        self.gap = ""  #: the spaces after it
        self.place = 0  #: the position of the gap among the parts
        self.is_verbatim = False

    def write(self, content: Content) -> None:
        """Write elements and text."""
        for one in content:
            if isinstance(one, str):
                self._text(one)
                continue
            is_block = one.tag not in INLINE or one.tag == "br"
            if is_block:
                self._end_text()
            attributes = "".join(f' {name}="{escape(value)}"' for name, value in one.attributes.items())
            self.parts.append(f"<{one.tag}{attributes}{' /' if one.tag in _VOID else ''}>")
            if one.tag in _VOID:
                continue
            outer, self.is_verbatim = self.is_verbatim, self.is_verbatim or one.tag == "pre"
            self.write(one.children)
            self.is_verbatim = outer
            if one.tag == "pre":  # a line break at the end belongs to its last line
                self.parts[-1] = self.parts[-1].removesuffix("<br />")
            if is_block:
                self._end_text()
            self.parts.append(f"</{one.tag}>")

    def _text(self, written: str) -> None:
        if self.is_verbatim:
            self.parts.append(escape(written, quote=False).replace("\n", "<br />"))
            return
        for piece in filter(None, _SPACES.split(written)):
            if not _SPACES.match(piece):
                if self.gap:
                    self.parts[self.place] = without_breaks(f"{self.last}{self.gap}{piece[0]}")[1:-1]
                self.parts.append(escape(piece, quote=False))
                self.last, self.gap = piece[-1], ""
            elif self.last:
                if not self.gap:
                    self.place = len(self.parts)
                    self.parts.append("")
                self.gap += piece

    def _end_text(self) -> None:
        self.last = self.gap = ""
