"""The nodes that docutils does not have, and how HTML builders write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias, TypeVar

from docutils import nodes
from sphinx import addnodes
from sphinx.writers.html5 import HTML5Translator
from sphinx.writers.latex import LaTeXTranslator

from sphinx_govreport.core.charts.layout import draw
from sphinx_govreport.core.charts.svg import svg
from sphinx_govreport.core.charts.tikz import tikz
from sphinx_govreport.core.forms.reader import main_kind
from sphinx_govreport.core.reports.report import ReportKey
from sphinx_govreport.core.tables.html import SIGNS, table_content
from sphinx_govreport.core.tables.style import class_of
from sphinx_govreport.core.tables.table import Table, form_class

from .compat import clean_astext

FRAGMENT = "govfragment"  #: the builder of fragments for a CMS
GETTEXT = "gettext"  #: the builder of catalogs
WORD = "govword"  #: the builder of Word documents
CHINESE = "zh-CN"  #: the language of statutory tables, as HTML writes it
QUOTE_CLASS = "gov-figure"  #: of a figure in a sentence
NUMBER_CLASS = "caption-number"  #: of the number in a caption, as Sphinx calls it
PUBLISHED_CLASS = "gov-published"  #: of the line with the day of publication
BREAK_CLASS = "gov-break"  #: of a cell that is not comparable with the one before it

IndexEntry: TypeAlias = tuple[str, str, str, str, None]  #: kind, text, the id that it leads to, and what we leave out


def key_attributes(report: ReportKey) -> dict[str, str | int]:
    """Return the attributes of a node that is about a report; XML prints them, so the kind only where it must be said."""
    said = {"kind": report.kind} if report.other_kind else {}
    return {"agency": report.agency, "year": report.year, **said}


def key_of(node: nodes.Element) -> ReportKey:
    """Return the report that a node with such attributes is about."""
    return ReportKey(node["agency"], node["year"], node.get("kind") or main_kind())


class gov_download(nodes.inline):  # noqa: N801
    """A link to a file beside a page."""


def visit_download_html(self: HTML5Translator, node: gov_download) -> None:
    """Open the link; the file is saved under a name that people understand."""
    attributes = {"href": node["href"], "download": node["saved"], "type": node["mimetype"]}
    self.body.append(self.starttag(node, "a", "", CLASS="gov-download", **attributes))


def depart_download_html(self: HTML5Translator, _node: gov_download) -> None:
    """Close it."""
    self.body.append("</a>")


class gov_downloads(nodes.General, nodes.Element):  # noqa: N801
    """The place where an author wants the links."""


class gov_report_list(nodes.General, nodes.Element):  # noqa: N801
    """The place of a list, with its caption if it has one."""


class gov_time(nodes.inline):  # noqa: N801
    """A day, for people; its attribute ``datetime`` is for programs."""


def visit_time_html(self: HTML5Translator, node: gov_time) -> None:
    """Open ``<time>``."""
    self.body.append(self.starttag(node, "time", "", datetime=node["datetime"]))


def depart_time_html(self: HTML5Translator, _node: gov_time) -> None:
    """Close it."""
    self.body.append("</time>")


class gov_signature(nodes.General, nodes.Element):  # noqa: N801
    """The place of a signature until its page is written; then its lines, and for Word the signature itself."""


def visit_signature_html(self: HTML5Translator, node: gov_signature) -> None:
    """Open the block of its lines."""
    self.body.append(self.starttag(node, "div", "", CLASS="gov-signature"))


def depart_signature_html(self: HTML5Translator, _node: gov_signature) -> None:
    """Close it."""
    self.body.append("</div>\n")


class gov_chart(nodes.General, nodes.Element):  # noqa: N801
    """The picture: a leaf of a stock ``figure``."""


class gov_chart_data(nodes.General, nodes.Element):  # noqa: N801
    """The figures of a picture as a table, in HTML folded up below it."""


def visit_chart_html(self: HTML5Translator, node: gov_chart) -> None:
    """Write the picture into the page."""
    figure = node.parent
    assert isinstance(figure, nodes.figure)
    caption = figure[1]  # as it may have been translated
    assert isinstance(caption, nodes.caption)
    title = clean_astext(caption)
    self.body.append(svg(draw(node["chart"]), node["ident"], title, node["description"]))
    raise nodes.SkipNode


def visit_chart_latex(self: LaTeXTranslator, node: gov_chart) -> None:
    """Draw the picture with TikZ."""
    self.body.append(f"\n{tikz(draw(node['chart']))}\n")
    raise nodes.SkipNode


def visit_data_html(self: HTML5Translator, node: gov_chart_data) -> None:
    """Fold the table up; it can be opened with the keyboard too."""
    self.body.append(self.starttag(node, "details", "", CLASS="gov-chart-data"))
    self.body.append(f"<summary>{self.encode(node['label'])}</summary>\n")


def depart_data_html(self: HTML5Translator, node: gov_chart_data) -> None:
    """Close it."""
    self.body.append("</details>\n")


class gov_figure(nodes.figure):  # noqa: N801
    """A chart with its caption until its page is written. Sphinx numbers stock figures."""

    def stock(self) -> nodes.figure:
        """Return what replaces it."""
        return _stock_copy(self, nodes.figure)


class gov_small_table(nodes.table):  # noqa: N801
    """A table of stock cells that has a caption, until its page is written. Sphinx numbers stock tables."""

    def stock(self) -> nodes.table:
        """Return what replaces it."""
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

    Sphinx keeps all pages of a site in memory until they are written, and goes over their nodes some forty times; this is
    the only one of a table, unless an author has written a caption: that is its child. A post-transform puts a stock ``table``
    in its place, with a :class:`gov_grid` for HTML and Word, with stock cells for all other builders.
    """

    def preserve_original_messages(self) -> None:
        """Do nothing: the caption is kept when a translation replaces it."""

    def apply_translated_message(self, original_message: str, translated_message: str) -> None:
        """Replace the default caption by a translation."""
        self["rawcaption"], self["caption"], self["translated"] = original_message, translated_message, True

    def extract_original_messages(self) -> Sequence[str]:
        """Return the default caption. One that an author has written is translated as any other text."""
        return [] if self.children else [self.get("rawcaption", self["caption"])]

    def title(self) -> nodes.title:
        """Return the caption, written by an author or not."""
        if not self.children:
            self.append(nodes.title(self["caption"], self["caption"]))
        title = self.children[0]
        assert isinstance(title, nodes.title)
        return title

    def stock(self, printed: Table, form: str) -> nodes.table:
        """Return what replaces it: a stock table with a caption and a grid."""
        grid = gov_grid("", printed=printed, **key_attributes(key_of(self)))
        title = self.title()
        table = nodes.table("", title, grid, classes=["gov-table", class_of(self["table"]), form_class(form)])
        for node in (table, title):
            node.source, node.line = self.source, self.line
        table.update_basic_atts(self)
        return table


def index_entry(agency: str, year: int, label: str, ident: str) -> IndexEntry:
    """Return the entry of a table in the general index. ``label``: what its form calls the table."""
    return ("single", f"{agency}; {year}年{label}", ident, "", None)


def caption_of(node: nodes.Node) -> str:
    """Return the text of a reference to a :class:`gov_table`."""
    assert isinstance(node, gov_table)
    title = next(iter(node.children), None)
    return clean_astext(title) if isinstance(title, nodes.title) else str(node["caption"])


class gov_grid(nodes.General, nodes.Element):  # noqa: N801
    """All cells of a statutory table: one leaf of a stock ``table``, with the :class:`~sphinx_govreport.core.tables.Table`."""


class gov_scroll(nodes.General, nodes.Element):  # noqa: N801
    """The container in which a wide table scrolls, in HTML."""


class gov_quote(nodes.inline):  # noqa: N801
    """A figure in a sentence, in HTML. Pages have a stock ``inline`` until then, which every builder can write."""


def visit_quote_html(self: HTML5Translator, node: gov_quote) -> None:
    """Open ``<data>`` with the exact number, if there is one; a rate says its formula."""
    value = {"value": node["value"]} if node.get("value") else {}
    title = {"title": node["formula"]} if node.get("formula") else {}
    self.body.append(self.starttag(node, "data" if value else "span", "", **value, **title))


def depart_quote_html(self: HTML5Translator, node: gov_quote) -> None:
    """Close it."""
    self.body.append("</data>" if node.get("value") else "</span>")


class gov_break(nodes.General, nodes.Element):  # noqa: N801
    """In HTML, what a screen reader says in the header of a column that is not comparable with the one before it."""


def visit_break_html(self: HTML5Translator, node: gov_break) -> None:
    """Write it as the name of an empty mark: who copies the table gets the year alone."""
    self.body.append(f'<span class="gov-break-mark" role="img" aria-label="{self.attval(node["label"])}"></span>')
    raise nodes.SkipNode


def visit_grid_html(self: HTML5Translator, node: gov_grid) -> None:
    """Write header cells and figures."""
    content = table_content(node["printed"], node["number"])
    if "lang" in node:  # the page is in another language, and so is what compares two years
        content = re.sub(r"(<(?:thead|tbody))\b", rf'\1 lang="{node["lang"]}"', content)
        language = self.attval(self.config.language or "en").replace("_", "-")
        content = content.replace('<span class="gov-compare"', f'<span class="gov-compare" lang="{language}"')
    self.body.append(content)
    raise nodes.SkipNode


def visit_scroll_html(self: HTML5Translator, node: gov_scroll) -> None:
    """Open the scroll container; it can have the focus, so that the keyboard can scroll it."""
    label = self.attval(node["label"])
    classes = " ".join(("gov-scroll", *node["classes"]))
    language = f' lang="{node["lang"]}"' if node.get("lang") else ""
    self.body.append(f'<div aria-label="{label}" class="{classes}"{language} role="region" tabindex="0">')


def depart_scroll_html(self: HTML5Translator, node: gov_scroll) -> None:
    """Close the scroll container, and list the errors of the table below it."""
    self.body.append("</div>\n" + node.get("errors", ""))


def break_sums(element: nodes.Element, code: str, output_format: str) -> None:
    """Let lines break before the signs of a sum, so that they do not break its numbers; ``code`` is what allows it."""
    for words in list(element.findall(nodes.Text)):
        first, *rest = SIGNS.split(words)
        if rest and words.parent is not None:
            parts = (part for word in rest for part in (nodes.raw("", code, format=output_format), nodes.Text(word)))
            words.parent.replace(words, [nodes.Text(first), *parts])
