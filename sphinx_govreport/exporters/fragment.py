"""A report as a fragment of HTML that can be pasted into another page.

Editors keep elements and merged cells; some keep styles, others only the old attributes: a fragment has both.
It contains nothing that any editor changes: wrappers, captions, several row groups, pictures, line breaks in its source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from html import escape
from urllib.parse import urlsplit

from sphinx_govreport.core.characters import NOT_IN_XML
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.tables.html import table_content
from sphinx_govreport.core.tables.table import report_title

from .document import pages_of
from .elements import INLINE, Content, Element, names, printed, read_html

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


_HEADINGS = names("h1 h2 h3 h4 h5 h6")
_TEXTS = _HEADINGS | {"p", "pre"}  # they contain no other block
_LISTS = names("dl ol ul")
_ITEMS = names("dd dt li")
_CELLS = names("td th")
_ALIGNED = _HEADINGS | _CELLS | {"p"}  # elements that may have the attribute "align"
_ROW_GROUPS = names("thead tbody tfoot")
#: blocks of which only the content is kept, or which become a box if they are styled as one
_WRAPPERS = names(
    "address article aside center details div fieldset figcaption figure footer form header hgroup main menu nav search "
    "section summary"
)
_BLOCKS = _TEXTS | _ITEMS | _CELLS | _ROW_GROUPS | _WRAPPERS | names("blockquote caption dl hr ol table tr ul")
_SILENT = names(
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
_SCHEMES = frozenset(("http", "https", "mailto", "tel"))


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
    root = read_html(NOT_IN_XML.sub(" ", html))
    return f"{printed(_Rewriter(references).rewritten(root))}\n"


def _has(content: Content, tags: Set[str]) -> bool:
    """Return whether one of these elements occurs anywhere in the content."""
    elements = (one for one in content if isinstance(one, Element) and not _is_silent(one))
    return any(one.tag in tags or _has(one.children, tags) for one in elements)


def _is_seen(content: Content) -> bool:
    """Return whether the content has text or a picture."""
    return any(
        not _is_silent(one) and (one.tag in _PICTURES or _is_seen(one.children)) if isinstance(one, Element) else one.strip()
        for one in content
    )


def _is_block(element: Element) -> bool:
    return _has([element], _BLOCKS) or (element.tag in _PICTURES and not _is_silent(element))


def _is_silent(element: Element) -> bool:
    is_icon = element.tag == "svg" and element.attributes["aria-hidden"] == "true"
    return is_icon or element.tag in _SILENT or not _SILENT_CLASSES.isdisjoint(element.classes)


class _Rewriter:
    """Rewrites the content of a page so that editors keep it."""

    def __init__(self, references: References) -> None:
        self.references = references
        self.has_numbers = False  #: whether this is a table of numbers
        self.idents: list[str] = []  #: of dropped elements: the next element gets the first of them
        self.aliases: dict[str, str] = {}
        self.links: list[Element] = []

    def rewritten(self, root: Element) -> list[Element]:
        """Return a page's blocks."""
        blocks = self._flow(root.children, {})
        for link in self.links:
            ident = link.attributes["href"].removeprefix("#")
            if ident in self.aliases:
                link.attributes["href"] = f"#{self.aliases[ident]}"
        return blocks

    # blocks

    def _flow(self, content: Content, inherited: Mapping[str, str]) -> list[Element]:
        """Return content as blocks; inline text becomes paragraphs. ``inherited``: the style of all paragraphs."""
        found: list[Element] = []
        run: list[Element | str] = []

        def end_run() -> None:
            if _is_seen(run):
                found.append(self._text(Element("p", {}, run.copy()), inherited))
            else:
                self._inline(run)  # for its ids
            run.clear()

        for one in content:
            if isinstance(one, str) or not _is_block(one):
                run.append(one)
                continue
            if one.tag == "p" and any(isinstance(other, Element) and "label" in other.classes for other in run):
                one = Element("p", one.attributes, [*run, " ", *one.children])  # the number of a footnote
                run.clear()
            end_run()
            found += self._block(one, inherited)
        end_run()
        return found

    def _block(self, element: Element, inherited: Mapping[str, str]) -> list[Element]:
        """Return a block, or its content if it is a wrapper."""
        tag = element.tag
        if _is_silent(element):
            return []
        if tag in _PICTURES:
            return self._block(Element("p", {}, [self._picture(element)]), inherited)
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

    def _text(self, element: Element, inherited: Mapping[str, str]) -> Element:
        """Return a paragraph or a heading."""
        looks = {**inherited, **self._looks(element)}
        written = self._kept(element, looks)
        self._fill(written, self._inline(element.children), looks)
        return written

    def _container(self, element: Element) -> Element:
        """Return a list, a quotation, a box or a line, with the blocks in it."""
        written = self._kept(element, self._looks(element))
        within = self._items(element.children) if element.tag in _LISTS else self._flow(element.children, {})
        written.children = [*within]
        return written

    def _items(self, content: Content) -> Iterator[Element]:
        """Return the items of a list, including those in wrappers."""
        for one in content:
            if isinstance(one, Element) and one.tag in _ITEMS:
                yield self._holder(one)
            elif isinstance(one, Element) and one.tag in _WRAPPERS:
                self._drop(one)
                yield from self._items(one.children)
            else:
                yield from self._flow([one], {})

    def _holder(self, element: Element) -> Element:
        """Return an item of a list or a cell. A single paragraph becomes inline text, which has no margins."""
        looks = self._looks(element)
        written = self._kept(element, looks)
        if not any(isinstance(one, Element) and _is_block(one) for one in element.children):
            self._fill(written, self._inline(element.children), looks)
            return written
        inherited = {"margin": "0", **({"font-weight": "bold"} if looks.get("font-weight") in _BOLD else {})}
        blocks = self._flow(element.children, inherited)
        content: list[Element | str] = [*blocks]
        if blocks and blocks[0].attributes == {"style": "margin:0"}:
            others = blocks[1:]
            if not others or (element.tag in _ITEMS and all(one.tag in _LISTS for one in others)):
                content[:1] = blocks[0].children
        self._fill(written, content, {})
        return written

    # tables

    def _table(self, element: Element) -> list[Element]:
        """Return a table after its caption, with all rows below its header in one group."""
        outer, self.has_numbers = self.has_numbers, not _NUMBERS.isdisjoint(element.classes)
        looks = self._looks(element)
        written = self._kept(element, {name: value for name, value in looks.items() if name not in _SIZES})
        written.attributes = {**_TABLE, "width": looks.get("width") or _TABLE["width"], **written.attributes}
        groups: list[list[Element | str]] = [[]]
        columns: list[Element | str] = []
        header: list[Element | str] = []
        before: list[Element] = []
        for one in element.children:
            tag = one.tag if isinstance(one, Element) else ""
            if isinstance(one, Element) and tag == "thead" and not header and groups == [[]]:
                header += self._rows(one.children, before)
            elif isinstance(one, Element) and tag in _ROW_GROUPS:
                self._drop(one)
                groups += [one.children, []]
            elif isinstance(one, Element) and tag in ("col", "colgroup"):
                columns += self._columns(one)
            elif tag == "tr":
                groups[-1].append(one)
            else:  # the caption, and misplaced content
                before += self._flow([one], {})
        rows: list[Element | str] = [row for group in groups for row in self._rows(group, before)]
        parts = {"colgroup": columns, "thead": header, "tbody": rows}
        written.children += [Element(tag, {}, part) for tag, part in parts.items() if part or tag == "tbody"]
        self.has_numbers = outer
        return [*before, written]

    def _columns(self, element: Element) -> Iterator[Element]:
        for one in [one for one in element.children if isinstance(one, Element)] or [element]:
            width = self._looks(one).get("width") or one.attributes.get("width")
            kept = {"span": one.attributes.get("span"), "width": width}
            yield Element("col", {name: value for name, value in kept.items() if value})

    def _rows(self, group: Content, misplaced: list[Element]) -> Iterator[Element]:
        """Return the rows of a group; no cell extends beyond it."""
        rows = [one for one in group if isinstance(one, Element) and one.tag == "tr"]
        misplaced += self._flow([one for one in group if one not in rows], {})
        for number, row in enumerate(rows):
            written = self._kept(row, self._looks(row))
            for cell in row.children:
                if isinstance(cell, Element) and cell.tag in _CELLS:
                    kept = self._holder(cell)
                    # a cell ends at the end of its former group, which is now merged with others
                    span, left = kept.attributes.pop("rowspan", "1"), len(rows) - number
                    count = min(int(span) or left, left) if span.isdecimal() else 1
                    if count > 1:
                        kept.attributes = {"rowspan": str(count), **kept.attributes}
                    written.children.append(kept)
                else:
                    misplaced += self._flow([cell], {})
            yield written

    # inline content

    def _inline(self, content: Content) -> list[Element | str]:
        """Return inline text as it is kept."""
        written: list[Element | str] = []
        for one in content:
            if isinstance(one, str):
                written.append(one)
            elif _is_silent(one):
                continue
            elif one.tag in _PICTURES:
                written.append(self._picture(one))
            elif one.tag == "br":
                written.append(Element("br"))
            elif one.tag in _BLOCKS:  # in a heading
                self._drop(one)
                written += [" ", *self._inline(one.children), " "]
            else:
                written += self._phrase(one)
        return written

    def _phrase(self, element: Element) -> list[Element | str]:
        if not _is_seen(element.children):
            self._drop(element)
            return self._inline(element.children)
        if "href" in element.attributes:
            element.attributes["href"] = self._address(element.attributes["href"])
        is_link = element.tag == "a" and element.attributes.get("href")
        tag = element.tag if is_link or element.tag in INLINE - {"a"} else "span"
        kept = _kept_attributes(element, tag)
        if style := _style(self._looks(element)):
            kept["style"] = style
        content = self._inline(element.children)
        written = Element(tag, kept, content)
        if is_link:
            self.links.append(written)
        begin = [Element("br")] if "gov-compare" in element.classes else []
        return [*begin, *(content if tag == "span" and not kept else [written])]

    def _picture(self, element: Element) -> str:
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

    def _looks(self, element: Element) -> dict[str, str]:
        """Return an element's declarations; later ones override: by its name, its context, its classes, and its own style."""
        tag, own = element.tag, element.attributes.get("style", "")
        declared = [_OF_TAGS.get(tag, "")]
        if tag == "td" and self.has_numbers:
            declared.append("text-align:right")
        declared += (_OF_CLASSES.get(name) or _OF_CLASSES.get(f"{tag}.{name}", "") for name in element.classes)
        if "url(" not in own.lower():  # such a style needs another file
            declared.append(own)
        parts = (part.partition(":") for written in declared for part in written.split(";"))
        return {name.strip().lower(): value.strip() for name, colon, value in parts if colon}

    def _kept(self, element: Element, looks: Mapping[str, str]) -> Element:
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
        written = Element(tag, attributes)
        self._call(written)
        return written

    def _fill(self, written: Element, content: list[Element | str], looks: Mapping[str, str]) -> None:
        """Put content into a block; bold text becomes ``<strong>``, which is kept by editors that drop styles."""
        if looks.get("font-weight") in _BOLD and _is_seen(content):
            content = [Element("strong", {}, content)]
        written.children = content
        self._call(written)

    def _drop(self, element: Element) -> None:
        """Remember the id of an element that is not written."""
        if ident := element.attributes.get("id"):
            self.idents.append(ident)

    def _call(self, written: Element) -> None:
        """Give an element the first of the waiting ids; links to the others lead to it."""
        if self.idents:
            first = written.attributes.setdefault("id", self.idents[0])
            self.aliases.update((ident, first) for ident in self.idents)
            self.idents.clear()


def _kept_attributes(element: Element, tag: str) -> dict[str, str]:
    allowed = _EVERYWHERE | _ATTRIBUTES.get(tag, frozenset())
    return {name: value for name, value in element.attributes.items() if name in allowed and value}


def _style(looks: Mapping[str, str]) -> str:
    return ";".join(f"{name}:{value}" for name, value in looks.items())


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
