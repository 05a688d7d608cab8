"""The one node that stock docutils cannot say, and how HTML builders write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from ..core.html import table_content, table_errors

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


WORD = "govword"  #: the builder of Word documents


class gov_grid(nodes.General, nodes.Element):  # noqa: N801  (doctree names are lower case)
    """All cells of a statutory table: one leaf of a stock ``table`` that refers to the report by agency and year.

    HTML and Word builders write it as it is; for all others a post-transform makes stock cells of it.
    """


class gov_scroll(nodes.General, nodes.Element):  # noqa: N801
    """What a wide table scrolls in, in HTML."""


class gov_quote(nodes.inline):  # noqa: N801
    """A figure in a sentence. Builders that do not write HTML take it for the inline text that it is."""


def visit_quote_html(self: HTML5Translator, node: gov_quote) -> None:
    """Open ``<data>`` with the exact number, if there is one."""
    value = {"value": node["value"]} if node.get("value") else {}
    self.body.append(self.starttag(node, "data" if value else "span", "", **value))


def depart_quote_html(self: HTML5Translator, node: gov_quote) -> None:
    """Close it."""
    self.body.append("</data>" if node.get("value") else "</span>")


def visit_grid_html(self: HTML5Translator, node: gov_grid) -> None:
    """Write heads and figures."""
    from .domain import domain_of  # the domain's tables are what this node refers to

    table = domain_of(self.builder.env).table(node)
    written: dict[str, int] = self.__dict__.setdefault("govreport_idents", {})
    written[table.ident] = count = written.get(table.ident, 0) + 1
    if count > 1:  # the same table twice in one output file
        table = table._replace(ident=f"{table.ident}-{count}")
    self.body.append(table_content(table))
    self.__dict__["govreport_errors"] = table_errors(table)
    raise nodes.SkipNode


def visit_scroll_html(self: HTML5Translator, node: gov_scroll) -> None:
    """Open the scroll container; it can have the focus, so that the keyboard can scroll it."""
    attributes = {"tabindex": "0", "role": "region", "aria-label": node["label"]}
    self.body.append(self.starttag(node, "div", "", CLASS="gov-scroll", **attributes))


def depart_scroll_html(self: HTML5Translator, node: gov_scroll) -> None:
    """Close the scroll container; what is wrong with the table stands below."""
    self.body.append("</div>\n" + self.__dict__.pop("govreport_errors", ""))


def setup(app: Sphinx) -> None:
    """Register the nodes."""
    app.add_node(gov_grid, html=(visit_grid_html, None))
    app.add_node(gov_quote, html=(visit_quote_html, depart_quote_html))
    app.add_node(gov_scroll, html=(visit_scroll_html, depart_scroll_html))
