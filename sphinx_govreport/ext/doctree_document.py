"""Converts the doctree of a page into the blocks of a document, and into a Word document."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment

from sphinx_govreport.core.characters import LINE_END, NOT_IN_XML, blank
from sphinx_govreport.core.diagnostics import Severity, Text, text
from sphinx_govreport.core.tables.gbt9704 import title_lines
from sphinx_govreport.exporters.document import (
    MOST_COLUMNS,
    TITLE_LENGTH,
    TOO_WIDE,
    Block,
    Heading,
    ImageBlock,
    Run,
    TableBlock,
    TableCell,
    TextBlock,
    grid_of,
    plain,
)

from . import compat
from .domain.domain import domain_of
from .log import report_on_page, site_rule
from .nodes import HTML_BREAK, PUBLISHED_CLASS, cells_of, gov_chart, gov_download, gov_grid, gov_signature, is_number
from .pages import line_of

NOT_PRINTED = site_rule(
    "not-printed",
    "Word未收录",
    text("A part of the page cannot be written in a Word document."),
    text("It would be missing from the document without a message."),
    text("Replace it with text, or with a picture in PNG or JPEG."),
    page='---\ngovreport-year: 2024\n---\n\n# 页面\n\n<video src="open-day.mp4"></video>\n',
    severity=Severity.WARNING,
)

_BULLET = "· "
_RAISED = {nodes.superscript: 1, nodes.footnote_reference: 1, nodes.citation_reference: 1, nodes.subscript: -1}
_EMPHASIS = (nodes.emphasis, nodes.title_reference)
#: nodes that readers of a document need not see: they have no text or are for the web
_SILENT = (
    nodes.comment, nodes.target, nodes.substitution_definition, nodes.transition, nodes.colspec, nodes.system_message,
    nodes.docinfo, nodes.meta, nodes.pending, addnodes.index, addnodes.toctree, addnodes.highlightlang,
    addnodes.tabular_col_spec, gov_chart, gov_download,
)  # fmt: skip
_SENTENCE = 12  # characters: a column with longer cells contains sentences
_SEQUENCES = {"table": "表", "figure": "图"}  #: names of the sequences for captions in word processors
_NEW_LINE = "\ufdd0"  # replaces an author's line break while lines of the source are joined; Unicode reserves it for this
_CONTROLS = ("sd_tab_input",)  # of other extensions: elements for the web without content
#: text instead of code: an author's line break (MyST writes it also for LaTeX), the boxes of task lists, a decoration
_INSTEAD_OF_CODE = {
    r"<br\s*/?>": _NEW_LINE,
    HTML_BREAK: "",
    r"\\\\": "",
    r'<input\b(?=[^>]* checked)(?=[^>]* type="checkbox")[^>]*>': "☑ ",
    r'<input\b(?=[^>]* type="checkbox")[^>]*>': "☐ ",
    r'<svg\b[^>]* aria-hidden="true".*</svg>': "",
}


class DoctreeReader:
    """Reads one page; content that cannot be printed is reported with its line."""

    def __init__(self, env: BuildEnvironment, docname: str) -> None:
        self.env = env
        self.docname = docname
        self.left_out: set[tuple[str, str]] = set()  # an element of HTML has two codes, for its start and its end

    def blocks(self, node: nodes.Node, level: int = 0) -> Iterator[Block]:
        """Yield the blocks of ``node``; ``level`` is that of its section."""
        match node:
            case nodes.section():
                for child in node.children:
                    yield from self.blocks(child, level + 1)
            case nodes.title() if isinstance(node.parent, nodes.section):
                shown = _text(node)
                phrases = domain_of(self.env).title_phrases(self.docname, shown.replace("\n", "")) if level == 1 else ()
                yield Heading(level, "\n".join(title_lines(phrases)) or shown)
            case gov_signature():
                yield node["signed"]
            case nodes.paragraph():
                if {"gov-downloads", PUBLISHED_CLASS}.isdisjoint(node["classes"]):
                    yield from self._lines(node.children, "note" if "gov-table-note" in node["classes"] else "text")
            case nodes.table():
                for part in (*node.findall(nodes.image), *node.findall(nodes.raw)):
                    if _instead(part) is None:
                        self._report_left_out(part)
                for table in node.findall(nodes.table):  # itself, and those in its cells
                    yield from self._table(table)
            case nodes.bullet_list() | nodes.enumerated_list():
                yield from self._list(node, level)
            case nodes.image() | nodes.raw():
                yield from self._lines([node], "caption")
            case nodes.literal_block() | nodes.doctest_block() | nodes.math_block():
                yield plain(node.astext().rstrip(), "code")
            case nodes.line_block():
                yield TextBlock((Run("\n".join(_text(line) for line in node.findall(nodes.line))),), "item")
            case nodes.caption():
                yield TextBlock(self._caption("figure", node), "caption")
            case nodes.footnote() | nodes.citation():
                label, *rest = node.children
                yield from _marked(f"[{label.astext()}] ", self._all(rest, level))
            case nodes.Element(tagname=kind) if kind in compat.admonitionlabels:
                yield from _marked(f"{compat.admonitionlabels[kind]}：", self._all(node.children, level))
            case nodes.field() | nodes.option_list_item():
                yield from _marked(f"{_text(node[0])}：", self._all(node.children[1:], level))
            case _ if isinstance(node, _SILENT):
                pass
            case nodes.TextElement() if not isinstance(node, addnodes.versionmodified):  # which has paragraphs and tables
                yield from self._lines(node.children, "text", Run("", strong=True))
            case nodes.Element() if node.children or node.tagname in _CONTROLS:
                yield from self._all(node.children, level)
            case nodes.Element():
                self._report_left_out(node)

    def _all(self, children: Iterable[nodes.Node], level: int) -> Iterator[Block]:
        return itertools.chain.from_iterable(self.blocks(child, level) for child in children)

    def _list(self, node: nodes.Element, level: int) -> Iterator[Block]:
        """Yield the items, with numbers and bullets as text: they stay when lines are copied elsewhere."""
        number = node.get("start", 1)
        for item in node.children:
            mark = _BULLET
            if isinstance(node, nodes.enumerated_list):
                mark = f"{node.get('prefix', '')}{_counted(number, node.get('enumtype', 'arabic'))}{node.get('suffix') or '.'} "
                number += 1
            yield from _marked(mark, self._all(item.children, level))

    # -- lines ---------------------------------------------------------------------------------------------------------

    def _lines(self, children: Iterable[nodes.Node], kind: str, like: Run = Run("")) -> Iterator[Block]:  # noqa: B008  (never modified)
        """Yield text, and the pictures in it, which are printed between its lines."""
        runs: list[Run] = []
        for part in (*self._runs(children, like), None):
            if isinstance(part, Run):
                runs.append(part)
                continue
            shown = [at for at, run in enumerate(runs) if run.text.strip(_NEW_LINE)]
            own = runs[shown[0] : shown[-1] + 1] if shown else []  # line breaks next to a picture would be empty lines
            if any(run.text.strip() for run in own):
                yield TextBlock(_on_one_line(own), kind)
            if part:
                yield part
            runs = []

    def _runs(self, children: Iterable[nodes.Node], like: Run) -> Iterator[Run | ImageBlock]:
        for child in children:
            if isinstance(child, nodes.Text):
                yield like._replace(text=child.astext())
            elif isinstance(child, nodes.raw) and (instead := _instead(child)) is not None:
                yield like._replace(text=instead)
            elif isinstance(child, nodes.image) and (picture := self._picture(child)):
                yield picture
            elif isinstance(child, (nodes.raw, nodes.image)):
                self._report_left_out(child)
                if child.get("alt"):
                    yield like._replace(text=child["alt"])
            elif isinstance(child, nodes.Element) and not isinstance(child, _SILENT):
                yield from self._inline(child, like)

    def _picture(self, node: nodes.image) -> ImageBlock | None:
        """Return a picture, if Word can show it."""
        from sphinx_govreport.exporters.docx import can_embed  # requires the library for Word documents

        candidates: dict[str, str] = node.get("candidates", {})  # not ``uri``, which writers of HTML replace
        path = next(filter(can_embed, (Path(self.env.srcdir, name) for name in candidates.values())), None)
        outer = node.parent.parent if isinstance(node.parent, nodes.reference) else node.parent
        has_caption = any(isinstance(one, nodes.caption) for one in outer.children)
        return ImageBlock(path, node.get("alt", ""), has_caption) if path else None

    def _inline(self, node: nodes.Element, like: Run) -> Iterator[Run | ImageBlock]:
        kind = type(node)
        if isinstance(node, nodes.strong):
            like = like._replace(strong=True)
        elif isinstance(node, _EMPHASIS):
            like = like._replace(emphasis=True)
        elif kind in _RAISED:
            like = like._replace(raised=_RAISED[kind])
        elif isinstance(node, nodes.reference) and re.match("https?:|mailto:", node.get("refuri", "")):
            like = like._replace(url=node["refuri"])
        inner = self._runs(node.children, like)
        if isinstance(node, (nodes.footnote_reference, nodes.citation_reference)):
            inner = itertools.chain([like._replace(text="[")], inner, [like._replace(text="]")])
        yield from inner

    # -- tables --------------------------------------------------------------------------------------------------------

    def _table(self, node: nodes.table) -> Iterator[Block]:
        caption = self._caption("table", node[0]) if isinstance(node[0], nodes.title) else ()
        title = _unnumbered(node[0]) if caption else ""
        for child in node.children:
            if isinstance(child, gov_grid):
                yield from self._narrow(grid_of(child["printed"])._replace(caption=caption), node)
            elif isinstance(child, nodes.tgroup):
                yield from self._narrow(_grid(child)._replace(caption=caption, name=title), node)

    def _narrow(self, block: TableBlock, node: nodes.table) -> Iterator[Block]:
        """Yield a table if Word allows its number of columns."""
        if len(block.widths) <= MOST_COLUMNS:
            yield block
        else:
            self._report_left_out(node, TOO_WIDE)

    def _caption(self, kind: str, caption: nodes.Node) -> tuple[Run, ...]:
        """Return a caption with its number as on the page; for a number such as 2.3, the last part is the count."""
        title, own = _unnumbered(caption), caption.children[0]
        number: tuple[int, ...] | None = None
        if is_number(own):
            kind, number = own["kind"], (own["number"],)
        elif self.env.config.numfig and caption.parent is not None:
            number = compat.figure_number(self.env, self.docname, kind, caption.parent["ids"])
        form: str = self.env.config.numfig_format.get(kind, "")
        if number is None or "%s" not in form:
            return (Run(title),)
        before, _, behind = form.partition("%s")
        *outer, last = map(str, number)
        before += "".join(f"{part}." for part in outer)
        return (Run(before), Run(last, sequence=_SEQUENCES[kind]), Run(f"{behind}　{title}"))

    def _report_left_out(self, node: nodes.Element, hint: Text | None = None) -> None:
        name = str(node.get("uri") or node.get("format") or node.tagname)
        message = text("“{name}” cannot be printed in a Word document and is left out.", name=name)
        where = f"{self.env.doc2path(self.docname)}:{line_of(node)}"
        if (name, where) not in self.left_out:
            report_on_page(NOT_PRINTED, message, hint, where, self.env.config.language)
        self.left_out.add((name, where))


def _instead(code: nodes.Node) -> str | None:
    """Return the text that replaces code; None if it has content that a document lacks."""
    written = code.astext().strip()
    return next((shown for pattern, shown in _INSTEAD_OF_CODE.items() if re.fullmatch(f"(?is){pattern}", written)), None)


def _text(*parts: nodes.Node) -> str:
    """Return text as readers see it: without code for other formats, on one line except for an author's line breaks."""
    copied = nodes.inline("", "", *(part.deepcopy() for part in parts))
    for code in list(copied.findall(nodes.raw)):
        code.parent.replace(code, nodes.Text(_instead(code) or ""))
    return re.sub(LINE_END, blank, copied.astext()).replace(_NEW_LINE, "\n")


def _unnumbered(caption: nodes.Node) -> str:
    """Return the text of a caption without its number."""
    return _text(*(child for child in caption.children if not is_number(child)))


def _on_one_line(runs: list[Run]) -> tuple[Run, ...]:
    """Join the lines of the source; a line may end at the end of a run."""
    whole = "".join(run.text for run in runs)
    shown = list(whole)
    for match in re.finditer(LINE_END, whole):
        shown[match.start() : match.end()] = [blank(match), *[""] * (match.end() - match.start() - 1)]
    result, start = [], 0
    for run in runs:
        result.append(run._replace(text="".join(shown[start : start + len(run.text)]).replace(_NEW_LINE, "\n")))
        start += len(run.text)
    return tuple(result)


def _marked(mark: str, blocks: Iterator[Block]) -> Iterator[Block]:
    """Insert a mark before the first block."""
    first = next(blocks, None)
    if isinstance(first, TextBlock):
        yield TextBlock((Run(mark), *first.runs), "item" if first.kind == "text" else first.kind)
    elif first is not None:
        yield plain(mark, "item")
        yield first
    yield from blocks


_ROMAN = {
    1000: "m", 900: "cm", 500: "d", 400: "cd", 100: "c", 90: "xc", 50: "l", 40: "xl", 10: "x", 9: "ix", 5: "v", 4: "iv", 1: "i",
}  # fmt: skip


def _counted(number: int, kind: str) -> str:
    """Return the number of an item, counted like browsers do."""
    shown = str(number)
    if kind.endswith("alpha"):
        shown = ""
        while number > 0:
            number, letter = divmod(number - 1, 26)
            shown = chr(ord("a") + letter) + shown
    elif kind.endswith("roman"):
        shown = ""
        for value, sign in _ROMAN.items():
            shown += sign * (number // value)
            number %= value
    return shown.upper() if kind.startswith("upper") else shown


def _cell_text(entry: nodes.entry) -> str:
    """Return the text of a cell without nested tables."""
    copied = entry.deepcopy()
    for table in list(copied.findall(nodes.table)):
        table.parent.remove(table)
    return "\n".join(filter(None, map(_text, copied.children)))


def _grid(group: nodes.tgroup) -> TableBlock:
    """Return a table of stock cells, with merged cells. A nested table is not part of it: it follows separately."""
    specs = [child for child in group.children if isinstance(child, nodes.colspec)]
    parts = [child for child in group.children if isinstance(child, (nodes.thead, nodes.tbody))]
    heads = sum(len(part) for part in parts if isinstance(part, nodes.thead))
    lines = []
    for number, cells in enumerate(cells_of(row for part in parts for row in part.children)):
        line = []
        for entry, column, height, width in cells:
            is_head = number >= heads and bool(specs[column].get("stub"))
            line.append(TableCell(number, column, height, width, _cell_text(entry), is_head, number >= heads and not is_head))
        lines.append(line)
    if "gov-years" not in group.parent["classes"]:  # cells of those are figures, or say why there is none
        sentences = {cell.column for line in lines for cell in line if cell.is_figure and len(cell.text) > _SENTENCE}
        lines = [
            [cell._replace(begins_left=(cell.is_figure and cell.column in sentences) or cell.begins_left) for cell in line]
            for line in lines
        ]
    return TableBlock(tuple(int(spec["colwidth"]) for spec in specs), tuple(map(tuple, lines)), heads)


def page_document(env: BuildEnvironment, docname: str, tree: nodes.Node) -> bytes:
    """Return the document of a page with resolved references. Raises :class:`MissingExtra`."""
    from sphinx_govreport.exporters.docx import word_document  # requires the library for Word documents

    domain = domain_of(env)
    agency = domain.build.resolve_agency(domain.pages[docname].agency)
    for part in [one for one in tree.findall(nodes.Text) if NOT_IN_XML.search(one)]:
        part.parent.replace(part, nodes.Text(NOT_IN_XML.sub(" ", part)))
    title = NOT_IN_XML.sub(" ", domain.page_title(docname))
    return word_document(title[:TITLE_LENGTH], agency[:TITLE_LENGTH], DoctreeReader(env, docname).blocks(tree))
