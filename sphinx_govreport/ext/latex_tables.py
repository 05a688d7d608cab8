"""Tables of figures for LaTeX: commands of ``govreport-tables.sty`` keep each table within its page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.latex import LaTeXTranslator

from sphinx_govreport.core.tables.gbt9704 import ColumnFit, PrintedCell, fit_columns
from sphinx_govreport.core.tables.html import SIGNS

from .compat import latex_labels
from .nodes import ERROR, NOTE, QUOTE_CLASS, ancestors, cells_of, insert_code, with_notes

PACKAGE = "govreport-tables"
#: classes of tables that are printed with commands of the package
PRINTED = frozenset({"gov-table", "gov-comparison-table", "gov-chart-table", "gov-rollup-table", "gov-check-table"})
KEEP = "gov-keep"  #: class of a row that stays on one page with the next one
CHART = "gov-trend-chart"  #: class of a chart with its caption

_BREAK = "\\allowbreak{}"
_SIGN = "\\mbox{-}"  # without a line break behind it
_ACROSS = ("\\begin{landscape}", "\\end{landscape}")
_SENTENCE_END = re.compile(r"(?<=。)|(?<=\. )")
_LONG = 200  # characters
_ALIGN = {"row": "l", "column": "b", "figure": "c"}  # left, balanced, centred
_FIGURE = re.compile("[!-~]+[，。：；、）”]*")


class gov_latex_table(nodes.General, nodes.Element):  # noqa: N801  (doctree names are lower case)
    """A table: its caption, if it has one, and its rows."""


class gov_latex_caption(nodes.Part, nodes.TextElement):  # noqa: N801
    """The caption of a table or chart, including its number, if any: LaTeX counts none."""


class gov_latex_rows(nodes.Part, nodes.Element):  # noqa: N801
    """The rows of a table, with the widths of its columns."""


class gov_latex_row(nodes.Part, nodes.Element):  # noqa: N801
    """A row of a table."""


class gov_latex_cell(nodes.Part, nodes.TextElement):  # noqa: N801
    """A cell, in its first row."""


class gov_latex_figure(nodes.inline):  # noqa: N801
    """A number, reduced to the width of its cell if necessary."""


class gov_latex_chart(nodes.General, nodes.Element):  # noqa: N801
    """A chart with its caption at its place: LaTeX moves a figure behind what follows it, such as the table of its numbers."""


class gov_latex_note(nodes.Part, nodes.TextElement):  # noqa: N801
    """A text below a table."""


Code: TypeAlias = Callable[[LaTeXTranslator, Any], str]  #: the LaTeX code of a node
Handler: TypeAlias = Callable[[LaTeXTranslator, Any], None]


def _begin_rows(translator: LaTeXTranslator, node: gov_latex_rows) -> str:
    """Write the widths of columns and the font size."""
    labels = latex_labels(translator, node)
    before = f"\\phantomsection{labels}" if labels else ""
    fit: ColumnFit = node["fit"]
    edges = (f"{sum(fit.shares[:column]):.5f}" for column in range(len(fit.shares) + 1))
    sizes = ",".join(f"{size:g}" for size in fit.sizes)
    return f"{before}\\govreporttable{{{sizes}}}{{{','.join(edges)}}}{{{node['heads']}}}{{%\n"


def _begin_row(_translator: LaTeXTranslator, node: gov_latex_row) -> str:
    return "\\govreportkeep{%\n" if node["keeps"] else "\\govreportrow{%\n"


def _begin_cell(_translator: LaTeXTranslator, node: gov_latex_cell) -> str:
    return f"\\govreportcell{{{node['column']}}}{{{node['colspan']}}}{{{node['rowspan']}}}{{{_ALIGN[node['kind']]}}}{{"


def _handlers(begin: str | Code, end: str | Code) -> tuple[Handler, Handler]:
    """Return the visit and depart functions of a node."""

    def handler(code: str | Code) -> Handler:
        return lambda translator, node: translator.body.append(code if isinstance(code, str) else code(translator, node))

    return handler(begin), handler(end)


LATEX_NODES = (
    (gov_latex_table, *_handlers("\n\n", "\n\n")),
    (gov_latex_caption, *_handlers("\\govreportcaption{", lambda latex, node: f"}}{{{latex_labels(latex, node)}}}\n")),
    (gov_latex_rows, *_handlers(_begin_rows, "}\n")),
    (gov_latex_row, *_handlers(_begin_row, "}%\n")),
    (gov_latex_cell, *_handlers(_begin_cell, "}%\n")),
    (gov_latex_figure, *_handlers("\\govreportfigure{", "}")),
    (
        gov_latex_chart,
        *_handlers("\n\n\\medskip\\noindent\\begin{minipage}{\\linewidth}\\centering\n", "\\end{minipage}\\par\\bigskip\n\n"),
    ),
    (gov_latex_note, *_handlers("\n\n\\govreportnote{", "}\n\n")),
)


class PrintedTables(SphinxPostTransform):
    """LaTeX: replaces tables with figures and captions of charts by our nodes.

    The heading of a table that needs landscape moves with it.
    """

    default_priority = 700  # after Sphinx has moved footnotes out of captions and cells
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Replace the tables."""
        for table in list(self.document.findall(nodes.table)):
            if PRINTED.intersection(table["classes"]):
                if "gov-check-table" in table["classes"]:
                    _part_rows(table)
                printed, fit = _printed(table)
                table.replace_self(printed)
                if "gov-check-table" in table["classes"]:
                    insert_code(printed, _BREAK, "latex")
                # a page cannot be turned within a box or a list
                if fit.is_across and not _is_enclosed(printed):
                    _turn(printed)
        for figure in list(self.document.findall(nodes.figure)):
            if CHART in figure["classes"]:
                caption = figure[1]
                assert isinstance(caption, nodes.caption)
                caption.replace_self(gov_latex_caption("", "", *caption.children, ids=[*figure["ids"]]))
                figure.replace_self(gov_latex_chart("", *figure.children))
        for paragraph in list(self.document.findall(nodes.paragraph)):
            if NOTE in paragraph["classes"] or ERROR in paragraph["classes"]:
                note = gov_latex_note("", "", *paragraph.children, classes=paragraph["classes"])
                insert_code(note, _BREAK, "latex")
                paragraph.replace_self(note)
        quotes = [one for one in self.document.findall(nodes.inline) if QUOTE_CLASS in one["classes"]]
        for part in (*quotes, *self.document.findall(gov_latex_table), *self.document.findall(gov_latex_note)):
            insert_code(part, _SIGN, "latex", SIGNS)


def _is_enclosed(node: nodes.Node) -> bool:
    """Return whether a node is in a box, a list or another element that LaTeX may keep on one page."""
    outer = (nodes.section, nodes.document, nodes.compound, addnodes.start_of_file)
    return not all(isinstance(one, outer) for one in ancestors(node))


def _turn(printed: nodes.Element) -> None:
    """Turn the page for a table, including the heading directly above it and the notes directly below."""
    parent = printed.parent
    assert isinstance(parent, nodes.Element)
    index = parent.index(printed)
    parent.insert(index + len(with_notes(printed)), nodes.raw("", _ACROSS[1], format="latex"))
    first: nodes.Element = printed
    if isinstance(parent, nodes.section) and all(isinstance(one, _ABOVE) for one in parent[:index]):
        first = parent
    assert isinstance(first.parent, nodes.Element)
    first.parent.insert(first.parent.index(first), nodes.raw("", _ACROSS[0], format="latex"))


_ABOVE = (nodes.title, nodes.target, nodes.comment, addnodes.index)


def _printed(table: nodes.table) -> tuple[gov_latex_table, ColumnFit]:
    """Return the LaTeX nodes of a stock table, and how its columns fit the page."""
    result = gov_latex_table("")
    rows = _rows(table)
    holder: nodes.Element = rows
    title = table[0]
    if isinstance(title, nodes.title):
        holder = gov_latex_caption("", "", *title.children)
        result += holder
    holder["ids"] = [*table["ids"]]
    result += rows
    # texts of footnotes, which Sphinx puts before the rows
    result += [one for body in table.findall(nodes.tbody) for one in body if not isinstance(one, nodes.row)]
    return result, rows["fit"]


def _part_rows(table: nodes.table) -> None:
    """Split rows between sentences if the text in their last cell may be taller than a page."""
    for row in [row for body in table.findall(nodes.tbody) for row in body.findall(nodes.row)]:
        entries = list(row.findall(nodes.entry))
        parts = [""]
        for sentence in _SENTENCE_END.split(entries[-1].astext()):
            if sentence and len(parts[-1]) > _LONG:
                parts.append("")
            parts[-1] += sentence
        for entry in entries:
            entry["kind"] = "row"  # aligned left
        entries[-1].clear()
        entries[-1] += nodes.paragraph("", parts[0])
        for entry in entries[:-1] if len(parts) > 1 else ():
            entry["morerows"] = len(parts) - 1
        row.replace_self([row, *[nodes.row("", nodes.entry("", nodes.paragraph("", part), kind="row")) for part in parts[1:]]])


def _rows(table: nodes.table) -> gov_latex_rows:
    (group,) = (child for child in table.children if isinstance(child, nodes.tgroup))
    specs = [child for child in group.children if isinstance(child, nodes.colspec)]
    stubs = {number for number, spec in enumerate(specs) if spec.get("stub")}
    head = [row for part in group.findall(nodes.thead) for row in part.findall(nodes.row)]
    lines = [*head, *(row for part in group.findall(nodes.tbody) for row in part.findall(nodes.row))]
    written: list[PrintedCell] = []
    result = gov_latex_rows("", heads=len(head))
    for number, cells in enumerate(cells_of(lines)):
        row = gov_latex_row("", keeps=KEEP in lines[number]["classes"])
        for entry, column, rowspan, colspan in cells:
            kind = entry.get("kind") or ("column" if number < len(head) else "row" if column in stubs else "figure")
            written.append(PrintedCell(column, colspan, "\n".join(one.astext() for one in entry.children), kind))
            row += gov_latex_cell("", "", *_content(entry, kind), column=column, rowspan=rowspan, colspan=colspan, kind=kind)
        result += row
    result["fit"] = fit_columns([int(spec["colwidth"]) for spec in specs], written)
    return result


def _content(entry: nodes.entry, kind: str) -> Iterator[nodes.Node]:
    """Yield the content of a cell, each paragraph on separate lines."""
    for number, paragraph in enumerate(entry.children):
        assert isinstance(paragraph, nodes.Element)
        if number:
            yield nodes.raw("", "\\par{}", format="latex")
        yield from _with_figure(paragraph) if kind == "figure" and not number else paragraph.children


def _with_figure(paragraph: nodes.Element) -> Iterator[nodes.Node]:
    """Yield the content of a paragraph, with its leading number and the mark directly after it in a node."""
    first, *rest = paragraph.children or [nodes.Text("")]
    match = _FIGURE.match(first.astext()) if isinstance(first, nodes.Text) else None
    if match is None:
        yield from paragraph.children
        return
    figure = gov_latex_figure("", match[0])
    behind = first.astext()[match.end() :]
    if not behind and rest and isinstance(rest[0], nodes.superscript):
        figure += rest.pop(0)
    yield figure
    if behind[:1].isalpha():  # a unit; TeX itself breaks lines before brackets, but not after a box
        yield nodes.raw("", _BREAK, format="latex")
    if behind:
        yield nodes.Text(behind)
    yield from rest
