"""The nodes that docutils does not have, and how HTML builders write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count, product, takewhile
from typing import TypeAlias, TypeGuard, TypeVar

from docutils import nodes
from sphinx import addnodes
from sphinx.writers.html5 import HTML5Translator
from sphinx.writers.latex import LaTeXTranslator

from sphinx_govreport.core.charts.layout import draw
from sphinx_govreport.core.charts.svg import svg
from sphinx_govreport.core.charts.tikz import tikz
from sphinx_govreport.core.forms.reader import main_kind
from sphinx_govreport.core.reports.report import ReportKey
from sphinx_govreport.core.tables.html import LINE_BREAKS, table_content
from sphinx_govreport.core.tables.style import class_of
from sphinx_govreport.core.tables.table import Table, form_class, titled

from .compat import clean_astext

EPUB = "epub"  #: the builder of e-books
FRAGMENT = "govfragment"  #: the builder of fragments for a CMS
GETTEXT = "gettext"  #: the builder of catalogs
WORD = "govword"  #: the builder of Word documents
CHINESE = "zh-CN"  #: the language of statutory tables, in HTML notation
QUOTE_CLASS = "gov-figure"  #: of a figure in a sentence
NUMBER_CLASS = "caption-number"  #: of the number in a caption, the class used by Sphinx
PUBLISHED_CLASS = "gov-published"  #: of the line with the date of publication
BREAK_CLASS = "gov-break"  #: of a cell that is not comparable with the previous one
HTML_BREAK = "<wbr />"  #: where a line may be broken
NOTE, ERROR = "gov-table-note", "gov-error-text"  #: classes of paragraphs below a table

IndexEntry: TypeAlias = tuple[str, str, str, str, None]  #: kind, text, id of the target, and unused items


def key_attributes(report: ReportKey) -> dict[str, str | int]:
    """Return the attributes of a node about a report; XML prints them, so the kind is omitted if it is the default."""
    said = {"kind": report.kind} if report.other_kind else {}
    return {"agency": report.agency, "year": report.year, **said}


def key_of(node: nodes.Element) -> ReportKey:
    """Return the report of a node with such attributes."""
    return ReportKey(node["agency"], node["year"], node.get("kind") or main_kind())


def closing(code: str) -> Callable[[HTML5Translator, nodes.Element], None]:
    """Return the function that writes the end of an element."""
    return lambda translator, _node: translator.body.append(code)


class gov_download(nodes.inline):  # noqa: N801
    """A link to a file next to a page."""


def visit_download_html(self: HTML5Translator, node: gov_download) -> None:
    """Open the link; the file is saved with a readable name."""
    attributes = {"href": node["href"], "download": node["saved"], "type": node["mimetype"]}
    self.body.append(self.starttag(node, "a", "", CLASS="gov-download", **attributes))


class gov_downloads(nodes.General, nodes.Element):  # noqa: N801
    """The placeholder of download links placed by an author."""


class gov_report_list(nodes.General, nodes.Element):  # noqa: N801
    """The placeholder of a list, with its caption if it has one."""


class gov_time(nodes.inline):  # noqa: N801
    """A date for readers; its attribute ``datetime`` is for programs."""


def visit_time_html(self: HTML5Translator, node: gov_time) -> None:
    """Open ``<time>``."""
    self.body.append(self.starttag(node, "time", "", datetime=node["datetime"]))


class gov_signature(nodes.General, nodes.Element):  # noqa: N801
    """The placeholder of a signature until its page is written; then its lines, and for Word the signature itself."""


def visit_signature_html(self: HTML5Translator, node: gov_signature) -> None:
    """Open the block of the signature's lines."""
    self.body.append(self.starttag(node, "div", "", CLASS="gov-signature"))


class gov_chart(nodes.General, nodes.Element):  # noqa: N801
    """The picture of a chart: a leaf of a stock ``figure``."""


class gov_chart_data(nodes.General, nodes.Element):  # noqa: N801
    """The figures of a chart as a table; in HTML, it is collapsed below the chart."""


def visit_chart_html(self: HTML5Translator, node: gov_chart) -> None:
    """Write the picture into the page."""
    figure = node.parent
    assert isinstance(figure, nodes.figure)
    caption = figure[1]  # a translation may have replaced it
    assert isinstance(caption, nodes.caption)
    self.body.append(svg(draw(node["chart"]), node["ident"], clean_astext(caption), node["description"]))
    raise nodes.SkipNode


def visit_chart_latex(self: LaTeXTranslator, node: gov_chart) -> None:
    """Draw the picture with TikZ."""
    self.body.append(f"\n\\govreportfigure{{{tikz(draw(node['chart']))}}}\n")
    raise nodes.SkipNode


def visit_data_html(self: HTML5Translator, node: gov_chart_data) -> None:
    """Open a collapsed table; it can also be opened with the keyboard."""
    self.body.append(self.starttag(node, "details", "", CLASS="gov-chart-data"))
    self.body.append(f"<summary>{self.encode(node['label'])}</summary>\n")


class gov_figure(nodes.figure):  # noqa: N801
    """A chart with its caption until its page is written. Sphinx would number stock figures."""

    def stock(self) -> nodes.figure:
        """Return the stock node that replaces it."""
        return _stock_copy(self, nodes.figure)


class gov_small_table(nodes.table):  # noqa: N801
    """A table of stock cells with a caption, until its page is written. Sphinx would number stock tables."""

    def stock(self) -> nodes.table:
        """Return the stock node that replaces it."""
        return _stock_copy(self, nodes.table)


E = TypeVar("E", bound=nodes.Element)


def _stock_copy(node: nodes.Element, kind: type[E]) -> E:
    """Return a node of another kind with the same attributes and children."""
    attributes = {name: value for name, value in node.attributes.items() if name != "numbered"}
    result = kind(node.rawsource, *node.children, **attributes)
    result.source, result.line = node.source, node.line
    return result


class gov_table(nodes.General, nodes.Element, addnodes.translatable):  # noqa: N801  (doctree names are lower case)
    """A statutory table until its page is written: it refers to the report by agency and year.

    Sphinx keeps all pages of a site in memory until they are written, and traverses their nodes about forty times; a table has
    only this node, and a child if an author has written a caption. A post-transform replaces it by a stock ``table``, with a
    :class:`gov_grid` for HTML and Word, and with stock cells for all other builders.
    """

    def preserve_original_messages(self) -> None:
        """Do nothing: the caption is kept when a translation replaces it."""

    def apply_translated_message(self, original_message: str, translated_message: str) -> None:
        """Replace the default caption by a translation."""
        self["rawcaption"], self["caption"], self["translated"] = original_message, translated_message, True

    def extract_original_messages(self) -> Sequence[str]:
        """Return the default caption. A caption by an author is translated like any other text."""
        return [] if self.children else [self.get("rawcaption", self["caption"])]

    def title(self) -> nodes.title:
        """Return the author's caption, or the default one."""
        if not self.children:
            self.append(nodes.title(self["caption"], self["caption"]))
        title = self.children[0]
        assert isinstance(title, nodes.title)
        return title

    def stock(self, printed: Table, form: str) -> nodes.table:
        """Return the stock table that replaces it, with a caption and a grid."""
        grid = gov_grid("", printed=printed, **key_attributes(key_of(self)))
        title = self.title()
        table = nodes.table("", title, grid, classes=["gov-table", class_of(self["table"]), form_class(form)])
        for node in (table, title):
            node.source, node.line = self.source, self.line
        table.update_basic_atts(self)
        return table


def index_entry(agency: str, year: int, label: str, ident: str) -> IndexEntry:
    """Return the entry of a table in the general index. ``label``: the form's name of the table."""
    return ("single", titled(f"{agency}; ", year, label), ident, "", None)


def caption_of(node: nodes.Node) -> str:
    """Return the text of a reference to a :class:`gov_table`."""
    assert isinstance(node, gov_table)
    title = next(iter(node.children), None)
    return clean_astext(title) if isinstance(title, nodes.title) else str(node["caption"])


def is_number(node: nodes.Node) -> TypeGuard[nodes.inline]:
    """Return whether a node in a caption is its number."""
    return isinstance(node, nodes.inline) and NUMBER_CLASS in node["classes"]


class gov_grid(nodes.General, nodes.Element):  # noqa: N801
    """All cells of a statutory table: one leaf of a stock ``table``, with the :class:`~.core.tables.table.Table`."""


class gov_scroll(nodes.General, nodes.Element):  # noqa: N801
    """The container in which a wide table scrolls, in HTML."""


class gov_quote(nodes.inline):  # noqa: N801
    """A figure in a sentence, in HTML. Until then, pages have a stock ``inline``, which every builder can write."""


def visit_quote_html(self: HTML5Translator, node: gov_quote) -> None:
    """Open ``<data>`` with the exact number, if there is one; a rate has its formula as title."""
    value = {"value": node["value"]} if node.get("value") else {}
    title = {"title": node["formula"]} if node.get("formula") else {}
    self.body.append(self.starttag(node, "data" if value else "span", "", **value, **title))


def depart_quote_html(self: HTML5Translator, node: gov_quote) -> None:
    """Close it."""
    self.body.append("</data>" if node.get("value") else "</span>")


class gov_break(nodes.General, nodes.Element):  # noqa: N801
    """In HTML, a text for screen readers in the header of a column that is not comparable with the previous one."""


def visit_break_html(self: HTML5Translator, node: gov_break) -> None:
    """Write it as the name of an empty mark, so that copies of the table contain only the year."""
    self.body.append(f'<span class="gov-break-mark" role="img" aria-label="{self.attval(node["label"])}"></span>')
    raise nodes.SkipNode


def visit_grid_html(self: HTML5Translator, node: gov_grid) -> None:
    """Write header cells and figures."""
    content = table_content(node["printed"], node["number"])
    if "lang" in node:  # the page is in another language, and so is the comparison of two years
        content = re.sub(r"(<(?:thead|tbody))\b", rf'\1 lang="{node["lang"]}"', content)
        language = self.attval(self.config.language or "en").replace("_", "-")
        content = content.replace('<span class="gov-compare"', f'<span class="gov-compare" lang="{language}"')
    self.body.append(content)
    raise nodes.SkipNode


def visit_scroll_html(self: HTML5Translator, node: gov_scroll) -> None:
    """Open the scroll container; it is focusable, so that the keyboard can scroll it."""
    label = self.attval(node["label"])
    classes = " ".join(("gov-scroll", *node["classes"]))
    language = f' lang="{node["lang"]}"' if node.get("lang") else ""
    self.body.append(f'<div aria-label="{label}" class="{classes}"{language} role="region" tabindex="0">')


def depart_scroll_html(self: HTML5Translator, node: gov_scroll) -> None:
    """Close the scroll container, and list the errors of the table below it."""
    self.body.append("</div>\n" + node.get("errors", ""))


def ancestors(node: nodes.Node) -> Iterator[nodes.Element]:
    """Yield the ancestors of a node, the closest first."""
    while node.parent is not None:
        node = node.parent
        yield node


def nothing_at(place: nodes.Element) -> list[nodes.Node]:
    """Return what replaces a place without content: in a footnote a dash, because manual pages need text."""
    is_footnote = isinstance(place.parent, nodes.footnote) and len(place.parent) == 2  # number and place
    return [nodes.paragraph("", "—")] if is_footnote else []


def cells_of(rows: Iterable[nodes.Node]) -> Iterator[list[tuple[nodes.entry, int, int, int]]]:
    """Yield the cells of each row of a table, with their columns and the numbers of rows and columns that they cover."""
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        cells: list[tuple[nodes.entry, int, int, int]] = []
        column = 0
        for entry in (one for one in row.children if isinstance(one, nodes.entry)):
            column = next(free for free in count(column) if (number, free) not in taken)
            height, width = entry.get("morerows", 0) + 1, entry.get("morecols", 0) + 1
            taken |= set(product(range(number, number + height), range(column, column + width)))
            cells.append((entry, column, height, width))
        yield cells


def with_notes(table: nodes.Element) -> list[nodes.Node]:
    """Return a table and the paragraphs about it directly below."""
    below = table.parent[table.parent.index(table) + 1 :]
    return [table, *takewhile(lambda node: isinstance(node, nodes.paragraph) and {NOTE, ERROR} & {*node["classes"]}, below)]


def insert_code(element: nodes.Element, code: str, output_format: str, at: re.Pattern[str] = LINE_BREAKS) -> None:
    """Insert code in place of what ``at`` matches; by default where lines may break, so that they do not break in numbers."""
    for words in list(element.findall(nodes.Text)):
        first, *rest = at.split(words)
        if rest and words.parent is not None:
            parts = (part for word in rest for part in (nodes.raw("", code, format=output_format), nodes.Text(word)))
            words.parent.replace(words, [nodes.Text(first), *parts])
