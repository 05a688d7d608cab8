"""A report as a piece of HTML, to be pasted into another page."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urlsplit

from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.tables.html import table_content
from sphinx_govreport.core.tables.style import class_of, declarations_of
from sphinx_govreport.core.tables.table import report_title

from .document import pages_of

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

#: classes of tables whose cells are numbers
NUMBERS = frozenset(("gov-table", "gov-years"))


def looks_of(
    tag: str, classes: Iterable[str], own: str, tables: Mapping[str, str], *, has_numbers: bool, is_in_cell: bool
) -> str:
    """The declarations of an element; later ones count: by its name, its place, its classes, and what it says itself.

    ``tables`` are the declarations of tables by class, as :func:`declarations_of` has them.
    """
    declared = [_OF_TAGS.get(tag, "")]
    if tag == "td" and has_numbers:
        declared.append("text-align:right")
    if tag == "p" and is_in_cell:  # a paragraph would make rows high
        declared.append("margin:0")
    of_tables = tables if tag == "table" else {}
    declared += (_OF_CLASSES.get(name) or _OF_CLASSES.get(f"{tag}.{name}") or of_tables.get(name, "") for name in classes)
    if "url(" not in own.lower():  # such a look is another file
        declared.append(own)
    parts = (part.partition(":") for written in declared for part in written.split(";"))
    looks = {name.strip(): value.strip() for name, colon, value in parts if colon}
    return ";".join(f"{name}:{value}" for name, value in looks.items())


def _names(written: str) -> frozenset[str]:
    return frozenset(written.split())


_VOID = _names("area base br col embed hr img input link meta param source track wbr")
#: what every editor keeps; of other elements it keeps the content alone, and so do we
_KEPT = _names(
    "a abbr address article aside b bdi bdo blockquote br caption cite code col colgroup dd del div dl dt em footer h1 h2 "
    "h3 h4 h5 h6 header hr i img ins li mark nav ol p pre s section small span strong sub sup table tbody td tfoot th thead "
    "tr u ul"
)
_BLOCKS = _names("details fieldset figcaption figure form hgroup main menu search summary")  # become a div
_SILENT = _names(
    "area base button canvas head input link meta noscript param script select source style template textarea title track wbr"
)
_SILENT_CLASSES = frozenset(("headerlink", "gov-mark", "gov-error-text"))  # for those who work on the page
#: what shows another file, and the attribute that names it
_MEDIA = {"img": "src", "video": "src", "audio": "src", "iframe": "src", "embed": "src", "object": "data"}
_EVERYWHERE = frozenset(("id", "lang", "dir", "title", "role", "aria-label", "tabindex"))
_ATTRIBUTES = {
    "a": frozenset(("href",)),
    "td": frozenset(("rowspan", "colspan", "headers")),
    "th": frozenset(("rowspan", "colspan", "headers", "scope", "abbr")),
    "col": frozenset(("span",)),
    "colgroup": frozenset(("span",)),
    "ol": frozenset(("start", "type", "reversed")),
    "li": frozenset(("value",)),
    "img": frozenset(("src", "alt", "width", "height")),
}
#: what the beginning of an element ends that its author left open, as in HTML
_ENDED = {
    **dict.fromkeys(("li", "dt", "dd"), _names("li dt dd")),
    **dict.fromkeys(("td", "th"), _names("td th")),
    "tr": _names("td th tr"),
    **dict.fromkeys(("tbody", "tfoot"), _names("td th tr thead tbody")),
    **dict.fromkeys(
        _names(
            "address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav "
            "ol p pre section table ul"
        ),
        _names("p"),
    ),
}
_SCHEMES = frozenset(("http", "https", "mailto", "tel"))
_NAME = re.compile(r"<([^\s/>]+)")
_NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'


class References:
    """Where the references of a page lead once it stands elsewhere. A page alone knows no other and has no picture."""

    def link(self, href: str) -> str:
        """The address that a relative link becomes; empty: only its text stays."""
        return ""

    def picture(self, src: str) -> str:
        """The data URI that a picture becomes; empty: a text stands in its place."""
        return ""

    def instead(self, src: str, alt: str) -> str:
        """What is written in the place of a picture, a film or a frame."""
        return alt


def pasted(html: str, references: References, forms: Mapping[str, Form]) -> str:
    """The same content without anything that editors drop; well-formed as XML too. ``forms`` tell how wide tables are."""
    rewriter = _Rewriter(references, declarations_of(forms.values()))
    rewriter.feed(html)
    rewriter.close()
    return "".join(rewriter.written)


def data_uri(mimetype: str, data: bytes) -> str:
    """A file as an address."""
    return f"data:{mimetype};base64,{b64encode(data).decode()}"


class _OpenElement(NamedTuple):
    """An element that is not closed yet, and what it means for those in it."""

    tag: str = ""
    written: str = ""  #: its name in what is written; empty if only its content is
    is_silent: bool = False  #: whether nothing of it is written
    is_drawn: bool = False  #: whether it belongs to a drawing
    is_cell: bool = False  #: whether it is a cell or in one
    has_numbers: bool = False  #: whether it is a table of numbers or in one


class _Rewriter(HTMLParser):
    """Writes while it reads."""

    def __init__(self, references: References, tables: Mapping[str, str]) -> None:
        super().__init__()
        self.tables = tables
        self.references = references
        self.written: list[str] = []
        self.open = [_OpenElement()]
        self.drawing: list[str] = []
        self.size: dict[str, str] = {}  # of the drawing
        self.said: list[str] = []  # what the drawing says of itself

    # what the parser calls

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        self._start(tag, attrs, is_empty=tag in _VOID)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An empty element of a drawing. In HTML, the slash says nothing."""
        self._start(tag, attrs, is_empty=tag in _VOID or self.open[-1].is_drawn)

    def handle_data(self, data: str) -> None:
        """Text."""
        last = self.open[-1]
        if last.is_drawn:
            self.drawing.append(escape(data, quote=False))
            if last.tag in ("title", "desc") and self.open[-2].tag == "svg":
                self.said.append(data.strip())
        elif not last.is_silent:
            self.written.append(escape(data, quote=False))

    def handle_endtag(self, tag: str) -> None:
        """End an element, and those that were left open in it."""
        if any(one.tag == tag for one in self.open):
            while self._end().tag != tag:
                pass

    def close(self) -> None:
        """End what was left open."""
        super().close()
        while len(self.open) > 1:
            self._end()

    # what it comes to

    def _start(self, tag: str, attrs: list[tuple[str, str | None]], *, is_empty: bool) -> None:
        while self.open[-1].tag in _ENDED.get(tag, ()) and not self.open[-1].is_drawn:
            self._end()
        last = self.open[-1]
        attributes = {name: name if value is None else value for name, value in attrs}
        if last.is_silent:
            opened = last._replace(tag=tag)
        elif last.is_drawn or tag == "svg":
            opened = self._draw(tag, attributes)
        else:
            opened = self._element(tag, attributes)
        if not is_empty:
            self.open.append(opened)

    def _end(self) -> _OpenElement:
        one = self.open.pop()
        if one.is_drawn:
            self.drawing.append(f"</{one.written}>")
            if not self.open[-1].is_drawn:
                uri = data_uri("image/svg+xml", "".join(self.drawing).encode())
                self._element("img", {"src": uri, "alt": " ".join(self.said), **self.size})
        elif one.written:
            self.written.append(f"</{one.written}>")
        return one

    def _element(self, tag: str, attributes: dict[str, str]) -> _OpenElement:
        """Write an element's beginning as far as it is kept."""
        classes = attributes.get("class", "").split()
        if tag in _SILENT or not _SILENT_CLASSES.isdisjoint(classes):
            return _OpenElement(tag, is_silent=True)
        if tag in _MEDIA and not (tag == "img" and self._embed(attributes)):
            instead = self.references.instead(attributes.get(_MEDIA[tag], ""), attributes.get("alt", ""))
            self.written.append(escape(instead, quote=False))
            return _OpenElement(tag, is_silent=True)
        if "href" in attributes:
            attributes["href"] = self._address(attributes["href"])
        last, is_table = self.open[-1], tag == "table"
        opened = _OpenElement(
            tag,
            tag if tag in _KEPT else "div" if tag in _BLOCKS else "span",
            is_cell=not is_table and (last.is_cell or tag in ("td", "th")),
            has_numbers=not NUMBERS.isdisjoint(classes) if is_table else last.has_numbers,
        )
        allowed = _EVERYWHERE | _ATTRIBUTES.get(tag, frozenset())
        kept = {name: value for name, value in attributes.items() if name in allowed and (value or name == "alt")}
        own = attributes.get("style", "")
        style = looks_of(tag, classes, own, self.tables, has_numbers=opened.has_numbers, is_in_cell=last.is_cell)
        if style:
            kept["style"] = style
        if tag == "a" and "href" not in kept:
            opened = opened._replace(written="span")
        if opened.written == "span" and not kept:  # it says nothing
            return opened._replace(written="")
        written = "".join(f' {key}="{escape(value)}"' for key, value in kept.items())
        self.written.append(f"<{opened.written}{written}{' /' if opened.written in _VOID else ''}>")
        return opened

    def _address(self, href: str) -> str:
        """What a link leads to; empty: it is none any more."""
        try:
            parts = urlsplit(href)
        except ValueError:
            return ""
        if href.startswith("#") or parts.scheme in _SCHEMES or (parts.netloc and not parts.scheme):
            return href
        return "" if parts.scheme else self.references.link(href)

    def _embed(self, attributes: dict[str, str]) -> bool:
        """Put a picture itself in the place of its address, if that can be."""
        src = attributes.get("src", "")
        uri = src if src.startswith("data:image/") else self.references.picture(src)
        if uri:
            attributes["src"] = uri
            attributes.setdefault("alt", "")
        return bool(uri)

    # drawings: editors know no SVG, but pictures

    def _draw(self, tag: str, attributes: dict[str, str]) -> _OpenElement:
        start = self.get_starttag_text() or ""
        match = _NAME.match(start)
        if not self.open[-1].is_drawn:
            self.drawing.clear()
            self.said.clear()
            self.size = {name: attributes[name] for name in ("width", "height") if attributes.get(name, "").isdecimal()}
            if "xmlns" not in attributes:
                start = start.replace("<svg", f"<svg {_NAMESPACE}", 1)
        self.drawing.append(start)
        return _OpenElement(tag, match[1] if match else tag, is_drawn=True)


def fragment(reports: Sequence[Report], forms: Mapping[str, Form]) -> str:
    """Headings, tables and notes as editors take them. It is well-formed as XML too."""
    return pasted("".join(part for report in reports for part in _parts(report, forms)), References(), forms)


def _parts(report: Report, forms: Mapping[str, Form]) -> Iterator[str]:
    yield f"<h1>{escape(report_title(report, forms))}</h1>\n"
    for page in pages_of(report, forms):
        yield f'<h2>{escape(page.heading)}</h2>\n<p class="gov-source">{escape(page.source)}</p>\n'
        classes = f"gov-table {class_of(page.table.layout.name)}"
        yield f'<div class="gov-scroll"><table class="{classes}" id="{escape(page.table.ident)}">\n'
        yield f"<caption>{escape(page.table.caption)}</caption>\n{table_content(page.table)}</table>\n</div>\n"
        yield from (f'<p class="gov-table-note">{escape(note)}</p>\n' for note in page.notes)
