"""A report as a fragment of HTML that can be pasted into another page.

Editors keep elements and merged cells; some keep styles, others only the old attributes: a fragment has both.
It contains nothing that any editor changes: wrappers, captions, several row groups, pictures, line breaks in its source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import TypeAlias
from urllib.parse import urlsplit

from sphinx_govreport.core.characters import without_breaks
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.tables.html import table_content
from sphinx_govreport.core.tables.table import report_title

from .document import pages_of

_LINE = "1px solid #333"
_BOX = "margin:1em 0;padding:0.5em 1em;border:1px solid #999;border-left:4px solid #666"

_OF_TAGS = {
    "table": f"border-collapse:collapse;border:{_LINE};line-height:1.4",
    "caption": "text-align:center;font-weight:bold",
    "th": f"border:{_LINE};padding:4px;vertical-align:middle;text-align:center;font-weight:bold",
    "td": f"border:{_LINE};padding:4px;vertical-align:middle;text-align:left",
    "figure": "text-align:center",
    "summary": "font-weight:bold",
    "pre": "padding:0.5em;border:1px solid #ccc;background:#f5f5f5;white-space:pre-wrap",
    "blockquote": "margin:1em 2em",
}
#: by class, or by element and class if a class has another meaning elsewhere
_OF_CLASSES = {
    "table.gov-table": "font-size:0.875em",
    "gov-row-head": "text-align:left;font-weight:normal",
    "stub": "text-align:left;font-weight:normal",
    "gov-compare": "font-size:0.875em",
    "gov-table-note": "font-size:0.875em",
    "gov-signature": "text-align:right",
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
_NUMBERS = frozenset(("gov-table", "gov-years"))

#: attributes of all tables, for editors that drop styles
_TABLE = {"border": "1", "cellspacing": "0", "cellpadding": "4", "width": "100%"}
_SIZES = frozenset(("width", "min-width", "max-width"))  # editors turn them into pixels
_INHERITED = ("text-align", "font-weight")  # properties of a dropped wrapper that its paragraphs keep
_BOLD = frozenset(("bold", "bolder", "700"))
#: properties that are also written as attributes
_ALIGN = frozenset(("left", "center", "right", "justify"))
_VALIGN = frozenset(("top", "middle", "bottom", "baseline"))


def _looks(tag: str, classes: Iterable[str], own: str, *, has_numbers: bool) -> dict[str, str]:
    """Return an element's declarations; later ones override: by its name, its context, its classes, and its own style."""
    declared = [_OF_TAGS.get(tag, "")]
    if tag == "td" and has_numbers:
        declared.append("text-align:right")
    declared += (_OF_CLASSES.get(name) or _OF_CLASSES.get(f"{tag}.{name}", "") for name in classes)
    if "url(" not in own.lower():  # such a style needs another file
        declared.append(own)
    parts = (part.partition(":") for written in declared for part in written.split(";"))
    return {name.strip().lower(): value.strip() for name, colon, value in parts if colon}


def _names(written: str) -> frozenset[str]:
    return frozenset(written.split())


_VOID = _names("area base br col embed hr img input link meta param source track wbr")
_HEADINGS = _names("h1 h2 h3 h4 h5 h6")
_TEXTS = _HEADINGS | {"p", "pre"}  # they contain no other block
_LISTS = _names("dl ol ul")
_ITEMS = _names("dd dt li")
_CELLS = _names("td th")
_ALIGNED = _HEADINGS | _CELLS | {"p"}  # elements that may have the attribute "align"
_ROW_GROUPS = _names("thead tbody tfoot")
#: blocks of which only the content is kept, or which become a box if they are styled as one
_WRAPPERS = _names(
    "address article aside center details div fieldset figcaption figure footer form header hgroup main menu nav search "
    "section summary"
)
_BLOCKS = _TEXTS | _ITEMS | _CELLS | _ROW_GROUPS | _WRAPPERS | _names("blockquote caption dl hr ol table tr ul")
#: inline elements that every editor keeps; of others, only the content is kept
_INLINE = _names("a abbr b bdi bdo br cite code del em i ins mark s small span strong sub sup u")
_SILENT = _names(
    "area base button canvas head input link meta noscript param script select source style template textarea title track wbr"
)
_SILENT_CLASSES = frozenset(("headerlink", "gov-mark", "gov-error-text"))  # elements that are for the people who edit the page
#: elements that show another file, and the attribute with its name
_MEDIA = {"img": "src", "video": "src", "audio": "src", "iframe": "src", "embed": "src", "object": "data"}
_PICTURES = _MEDIA.keys() | {"svg"}
_EVERYWHERE = frozenset(("id", "lang", "dir", "title"))
_ATTRIBUTES = {
    "a": frozenset(("href",)),
    "td": frozenset(("rowspan", "colspan", "headers")),
    "th": frozenset(("rowspan", "colspan", "headers", "scope", "abbr")),
    "col": frozenset(("span",)),
    "ol": frozenset(("start", "type", "reversed")),
    "li": frozenset(("value",)),
}
#: elements that a start tag closes implicitly, as in HTML
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
_MAX_DEPTH = 100  # of nested elements; of deeper ones only the content is kept
_SCHEMES = frozenset(("http", "https", "mailto", "tel"))
_NAME = re.compile(r"<([^\s/>]+)")
_NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'
_SPACES = re.compile(r"([ \t\n\r\f]+)")


class References:
    """The targets of a page's references after it is pasted elsewhere. By default, there are no other pages and no pictures."""

    def link(self, href: str) -> str:
        """Return the address for a relative link; empty: only its text stays."""
        return ""

    def instead(self, src: str, alt: str) -> str:
        """Return the text that replaces a picture, a video or a frame."""
        return alt

    def instead_of_drawing(self, svg: str, alt: str) -> str:
        """Return the text that replaces a drawing."""
        return alt


def pasted(html: str, references: References) -> str:
    """Return the same content without anything that editors drop or change, on one line; also well-formed as XML."""
    reader = _HtmlReader()
    reader.feed(html)
    reader.close()
    printer = _Printer()
    printer.write(_Rewriter(references).rewritten(reader.root))
    return f"{''.join(printer.parts)}\n"


@dataclass(slots=True, eq=False)
class _Element:
    """An element of HTML. A drawing has its source as its only child."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[_Element | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()


_Content: TypeAlias = "Iterable[_Element | str]"


def _has(content: _Content, tags: Set[str]) -> bool:
    """Return whether one of these elements occurs anywhere in the content."""
    elements = (one for one in content if isinstance(one, _Element) and not _is_silent(one))
    return any(one.tag in tags or _has(one.children, tags) for one in elements)


def _is_seen(content: _Content) -> bool:
    """Return whether the content has text or a picture."""
    return any(
        not _is_silent(one) and (one.tag in _PICTURES or _is_seen(one.children)) if isinstance(one, _Element) else one.strip()
        for one in content
    )


def _is_block(element: _Element) -> bool:
    return _has([element], _BLOCKS) or (element.tag in _PICTURES and not _is_silent(element))


def _is_silent(element: _Element) -> bool:
    is_icon = element.tag == "svg" and element.attributes["aria-hidden"] == "true"
    return is_icon or element.tag in _SILENT or not _SILENT_CLASSES.isdisjoint(element.classes)


class _HtmlReader(HTMLParser):
    """Reads HTML into elements."""

    def __init__(self) -> None:
        super().__init__()
        self.root = _Element("div")
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
        element = _Element(tag, attributes)
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
                _Element("svg", {"alt": " ".join(self.said), "aria-hidden": self.hidden}, ["".join(self.drawing)])
            )


class _Rewriter:
    """Rewrites the content of a page so that editors keep it."""

    def __init__(self, references: References) -> None:
        self.references = references
        self.has_numbers = False  #: whether this is a table of numbers
        self.idents: list[str] = []  #: of dropped elements: the next element gets the first of them
        self.aliases: dict[str, str] = {}
        self.links: list[_Element] = []

    def rewritten(self, root: _Element) -> list[_Element]:
        """Return a page's blocks."""
        blocks = self._flow(root.children, {})
        for link in self.links:
            ident = link.attributes["href"].removeprefix("#")
            if ident in self.aliases:
                link.attributes["href"] = f"#{self.aliases[ident]}"
        return blocks

    # blocks

    def _flow(self, content: _Content, inherited: Mapping[str, str]) -> list[_Element]:
        """Return content as blocks; inline text becomes paragraphs. ``inherited``: the style of all paragraphs."""
        found: list[_Element] = []
        run: list[_Element | str] = []

        def end_run() -> None:
            if _is_seen(run):
                found.append(self._text(_Element("p", {}, run.copy()), inherited))
            else:
                self._inline(run)  # for its ids
            run.clear()

        for one in content:
            if isinstance(one, str) or not _is_block(one):
                run.append(one)
                continue
            if one.tag == "p" and any(isinstance(other, _Element) and "label" in other.classes for other in run):
                one = _Element("p", one.attributes, [*run, " ", *one.children])  # the number of a footnote
                run.clear()
            end_run()
            found += self._block(one, inherited)
        end_run()
        return found

    def _block(self, element: _Element, inherited: Mapping[str, str]) -> list[_Element]:
        """Return a block, or its content if it is a wrapper."""
        tag = element.tag
        if _is_silent(element):
            return []
        if tag in _PICTURES:
            return self._block(_Element("p", {}, [self._picture(element)]), inherited)
        if tag in _HEADINGS or (tag in _TEXTS and not _has(element.children, _BLOCKS)):
            if _is_seen(element.children):
                return [self._text(element, inherited)]
            self._drop(element)
            self._inline(element.children)
            return []
        if tag == "table":
            return self._table(element)
        if tag in _LISTS or tag in ("blockquote", "hr"):
            return [self._container(element)]
        looks = self._looks(element)
        if tag in _WRAPPERS and "border" in looks and not _has(element.children, _PICTURES | _HEADINGS | {"table"}):
            return [self._container(element)]
        self._drop(element)
        return self._flow(element.children, {**inherited, **{name: looks[name] for name in _INHERITED if name in looks}})

    def _text(self, element: _Element, inherited: Mapping[str, str]) -> _Element:
        """Return a paragraph or a heading."""
        looks = {**inherited, **self._looks(element)}
        written = self._kept(element, looks)
        self._fill(written, self._inline(element.children), looks)
        return written

    def _container(self, element: _Element) -> _Element:
        """Return a list, a quotation, a box or a line, with the blocks in it."""
        written = self._kept(element, self._looks(element))
        within = self._items(element.children) if element.tag in _LISTS else self._flow(element.children, {})
        written.children = [*within]
        return written

    def _items(self, content: _Content) -> Iterator[_Element]:
        """Return the items of a list, including those in wrappers."""
        for one in content:
            if isinstance(one, _Element) and one.tag in _ITEMS:
                yield self._holder(one)
            elif isinstance(one, _Element) and one.tag in _WRAPPERS:
                self._drop(one)
                yield from self._items(one.children)
            else:
                yield from self._flow([one], {})

    def _holder(self, element: _Element) -> _Element:
        """Return an item of a list or a cell. A single paragraph becomes inline text, which has no margins."""
        looks = self._looks(element)
        written = self._kept(element, looks)
        if not any(isinstance(one, _Element) and _is_block(one) for one in element.children):
            self._fill(written, self._inline(element.children), looks)
            return written
        inherited = {"margin": "0", **({"font-weight": "bold"} if looks.get("font-weight") in _BOLD else {})}
        blocks = self._flow(element.children, inherited)
        content: list[_Element | str] = [*blocks]
        if blocks and blocks[0].attributes == {"style": "margin:0"}:
            others = blocks[1:]
            if not others or (element.tag in _ITEMS and all(one.tag in _LISTS for one in others)):
                content[:1] = blocks[0].children
        self._fill(written, content, {})
        return written

    # tables

    def _table(self, element: _Element) -> list[_Element]:
        """Return a table after its caption, with all rows below its header in one group."""
        outer, self.has_numbers = self.has_numbers, not _NUMBERS.isdisjoint(element.classes)
        looks = self._looks(element)
        written = self._kept(element, {name: value for name, value in looks.items() if name not in _SIZES})
        written.attributes = {**_TABLE, "width": looks.get("width") or _TABLE["width"], **written.attributes}
        groups: list[list[_Element | str]] = [[]]
        columns: list[_Element | str] = []
        header: list[_Element | str] = []
        before: list[_Element] = []
        for one in element.children:
            tag = one.tag if isinstance(one, _Element) else ""
            if isinstance(one, _Element) and tag == "thead" and not header and groups == [[]]:
                header += self._rows(one.children, before)
            elif isinstance(one, _Element) and tag in _ROW_GROUPS:
                self._drop(one)
                groups += [one.children, []]
            elif isinstance(one, _Element) and tag in ("col", "colgroup"):
                columns += self._columns(one)
            elif tag == "tr":
                groups[-1].append(one)
            else:  # the caption, and misplaced content
                before += self._flow([one], {})
        rows: list[_Element | str] = [row for group in groups for row in self._rows(group, before)]
        parts = {"colgroup": columns, "thead": header, "tbody": rows}
        written.children += [_Element(tag, {}, part) for tag, part in parts.items() if part or tag == "tbody"]
        self.has_numbers = outer
        return [*before, written]

    def _columns(self, element: _Element) -> Iterator[_Element]:
        for one in [one for one in element.children if isinstance(one, _Element)] or [element]:
            width = self._looks(one).get("width") or one.attributes.get("width")
            kept = {"span": one.attributes.get("span"), "width": width}
            yield _Element("col", {name: value for name, value in kept.items() if value})

    def _rows(self, group: _Content, misplaced: list[_Element]) -> Iterator[_Element]:
        """Return the rows of a group; no cell extends beyond it."""
        rows = [one for one in group if isinstance(one, _Element) and one.tag == "tr"]
        misplaced += self._flow([one for one in group if one not in rows], {})
        for number, row in enumerate(rows):
            written = self._kept(row, self._looks(row))
            for cell in row.children:
                if isinstance(cell, _Element) and cell.tag in _CELLS:
                    kept = self._holder(cell)
                    _clamp(kept, len(rows) - number)
                    written.children.append(kept)
                else:
                    misplaced += self._flow([cell], {})
            yield written

    # inline content

    def _inline(self, content: _Content) -> list[_Element | str]:
        """Return inline text as it is kept."""
        written: list[_Element | str] = []
        for one in content:
            if isinstance(one, str):
                written.append(one)
            elif _is_silent(one):
                continue
            elif one.tag in _PICTURES:
                written.append(self._picture(one))
            elif one.tag == "br":
                written.append(_Element("br"))
            elif one.tag in _BLOCKS:  # in a heading
                self._drop(one)
                written += [" ", *self._inline(one.children), " "]
            else:
                written += self._phrase(one)
        return written

    def _phrase(self, element: _Element) -> list[_Element | str]:
        if not _is_seen(element.children):
            self._drop(element)
            return self._inline(element.children)
        if "href" in element.attributes:
            element.attributes["href"] = self._address(element.attributes["href"])
        is_link = element.tag == "a" and element.attributes.get("href")
        tag = element.tag if is_link or element.tag in _INLINE - {"a"} else "span"
        kept = _kept_attributes(element, tag)
        if style := _style(self._looks(element)):
            kept["style"] = style
        content = self._inline(element.children)
        written = _Element(tag, kept, content)
        if is_link:
            self.links.append(written)
        begin = [_Element("br")] if "gov-compare" in element.classes else []
        return [*begin, *(content if tag == "span" and not kept else [written])]

    def _picture(self, element: _Element) -> str:
        alt = element.attributes.get("alt", "")
        if element.tag == "svg":
            return self.references.instead_of_drawing("".join(map(str, element.children)), alt)
        return self.references.instead(element.attributes.get(_MEDIA[element.tag], ""), alt)

    def _address(self, href: str) -> str:
        """Return the target of a link; empty: the link is dropped."""
        try:
            parts = urlsplit(href)
        except ValueError:
            return ""
        if href.startswith("#") or parts.scheme in _SCHEMES or (parts.netloc and not parts.scheme):
            return href
        return "" if parts.scheme else self.references.link(href)

    # kept parts of an element

    def _looks(self, element: _Element) -> dict[str, str]:
        return _looks(element.tag, element.classes, element.attributes.get("style", ""), has_numbers=self.has_numbers)

    def _kept(self, element: _Element, looks: Mapping[str, str]) -> _Element:
        """Return a block without its content, with the first id of the elements dropped before it."""
        tag = "div" if element.tag in _WRAPPERS else element.tag
        attributes = _kept_attributes(element, tag)
        if tag in _ALIGNED and looks.get("text-align") in _ALIGN:
            attributes["align"] = looks["text-align"]
        if tag in _CELLS and looks.get("vertical-align") in _VALIGN:
            attributes["valign"] = looks["vertical-align"]
        style = _style({name: value for name, value in looks.items() if name != "font-weight" or value not in _BOLD})
        if style:
            attributes["style"] = style
        written = _Element(tag, attributes)
        self._call(written)
        return written

    def _fill(self, written: _Element, content: list[_Element | str], looks: Mapping[str, str]) -> None:
        """Put content into a block; bold text becomes ``<strong>``, which is kept by editors that drop styles."""
        if looks.get("font-weight") in _BOLD and _is_seen(content):
            content = [_Element("strong", {}, content)]
        written.children = content
        self._call(written)

    def _drop(self, element: _Element) -> None:
        """Remember the id of an element that is not written."""
        if ident := element.attributes.get("id"):
            self.idents.append(ident)

    def _call(self, written: _Element) -> None:
        """Give an element the first of the waiting ids; links to the others lead to it."""
        if self.idents:
            first = written.attributes.setdefault("id", self.idents[0])
            self.aliases.update((ident, first) for ident in self.idents)
            self.idents.clear()


def _kept_attributes(element: _Element, tag: str) -> dict[str, str]:
    allowed = _EVERYWHERE | _ATTRIBUTES.get(tag, frozenset())
    return {name: value for name, value in element.attributes.items() if name in allowed and value}


def _style(looks: Mapping[str, str]) -> str:
    return ";".join(f"{name}:{value}" for name, value in looks.items())


def _clamp(cell: _Element, rows: int) -> None:
    """End a cell at the end of its former group, which is now merged with others."""
    written = cell.attributes.pop("rowspan", "1")
    count = min(int(written) or rows, rows) if written.isdecimal() else 1
    if count > 1:
        cell.attributes = {"rowspan": str(count), **cell.attributes}


class _Printer:
    """Writes elements on one line. Spaces are reduced to one; a line break between Chinese characters is removed."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.last = ""  #: the last character of the inline text
        self.gap = ""  #: the spaces after it
        self.place = 0  #: the position of the gap among the parts
        self.is_verbatim = False

    def write(self, content: _Content) -> None:
        """Write elements and text."""
        for one in content:
            if isinstance(one, str):
                self._text(one)
                continue
            is_block = one.tag not in _INLINE or one.tag == "br"
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


def fragment(reports: Sequence[Report], forms: Mapping[str, Form]) -> str:
    """Return headings, tables and notes in a form that editors accept. It is also well-formed as XML."""
    return pasted("".join(part for report in reports for part in _parts(report, forms)), References())


def _parts(report: Report, forms: Mapping[str, Form]) -> Iterator[str]:
    yield f"<h1>{escape(report_title(report, forms))}</h1>\n"
    for page in pages_of(report, forms):
        yield f'<h2>{escape(page.heading)}</h2>\n<p class="gov-source">{escape(page.source)}</p>\n'
        yield f'<table class="gov-table" id="{escape(page.table.ident)}">\n'
        yield f"<caption>{escape(page.table.caption)}</caption>\n{table_content(page.table)}</table>\n"
        yield from (f'<p class="gov-table-note">{escape(note)}</p>\n' for note in page.notes)
