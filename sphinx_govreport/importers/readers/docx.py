"""Word documents (.docx)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.core.extras import require
from sphinx_govreport.importers.document import (
    MAX_CELLS,
    MAX_SPAN,
    NO_TEXT,
    Box,
    Document,
    Paragraph,
    Part,
    Picture,
    Refused,
    Runs,
    grid_of,
    numbered,
)

from .isolated import read_isolated, refusing

if TYPE_CHECKING:
    from lxml.etree import _Element


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TOGGLES = ("strike", "vanish")  # a second style undoes the first
_OFF = ("0", "false", "off", "none")
_TINY = 3  # half points: characters this small are unreadable
_MAX_STYLES = 50  # in a chain of base styles


class RunLook(NamedTuple):
    """The appearance of a run."""

    is_unseen: bool
    raised: str  #: “sup”, “sub” or nothing
    position: float  #: half points above the line


class WordStyles:
    """The styles of a document."""

    def __init__(self, root: _Element) -> None:
        self._styles = {str(style.get(f"{W}styleId")): style for style in root.iter(f"{W}style")}
        self._default = {
            str(style.get(f"{W}type")): str(style.get(f"{W}styleId"))
            for style in self._styles.values()
            if style.get(f"{W}default") in ("1", "true", "on")
        }
        self._document = next(iter(root.iter(f"{W}rPrDefault")), None)
        self._known: dict[str, dict[str, str]] = {}

    def look(self, run: _Element, paragraph: _Element, table: _Element | None) -> RunLook:
        """Return the appearance of a run of a paragraph in a table."""
        levels = [
            dict(self._properties(self._document)),
            self._of_style("table", table, "tblPr/tblStyle"),
            self._of_style("paragraph", paragraph, "pPr/pStyle"),
            self._of_style("character", run, "rPr/rStyle"),
        ]
        own = dict(self._properties(run))
        said: dict[str, str] = {}
        for level in (*levels, own):
            said |= level
        is_toggled = any(
            _is_on(own, name) if name in own else sum(_is_on(level, name) for level in levels) % 2 for name in _TOGGLES
        )
        is_tiny = 0 <= _half_points(said.get("sz", ""), _TINY + 1) <= _TINY
        raised = {"superscript": "sup", "subscript": "sub"}.get(said.get("vertAlign", ""), "")
        return RunLook(is_toggled or _is_on(said, "dstrike") or is_tiny, raised, _half_points(said.get("position", "")))

    def heading(self, paragraph: _Element) -> str:
        """Return the heading name of a paragraph's style."""
        style = self._styles.get(_value(paragraph, "pPr/pStyle"))
        return "" if style is None else _value(style, "name")

    def _of_style(self, kind: str, element: _Element | None, path: str) -> dict[str, str]:
        if element is None:
            return {}
        name = _value(element, path) or self._default.get(kind, "")
        if name not in self._known:
            properties: dict[str, str] = {}
            for style in reversed([*self._based(name)]):
                properties |= dict(self._properties(style))
                properties |= dict(self._properties(style.find(f"{W}tblStylePr[@{W}type='wholeTable']")))
            self._known[name] = properties
        return self._known[name]

    def _based(self, name: str) -> Iterator[_Element]:
        """Yield a style and its base styles."""
        for _ in range(_MAX_STYLES):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = _value(style, "basedOn")

    @staticmethod
    def _properties(element: _Element | None) -> Iterator[tuple[str, str]]:
        found = None if element is None else element.find(f"{W}rPr")
        for one in () if found is None else found:
            if isinstance(one.tag, str) and one.tag.startswith(W):
                yield one.tag[len(W) :], str(one.get(f"{W}val") or "1")


def _value(element: _Element, path: str) -> str:
    found = element.find("/".join(f"{W}{name}" for name in path.split("/")))
    return "" if found is None else str(found.get(f"{W}val") or "")


def _is_on(properties: Mapping[str, str], name: str) -> bool:
    return properties.get(name, "0") not in _OFF


def _half_points(written: str, default: float = 0) -> float:
    """Return a length, which has a unit in “Strict Open XML”."""
    match = re.fullmatch(r"(-?[0-9]{1,4}(?:\.[0-9]{1,9})?)(pt)?", written)
    return float(match[1]) * (2 if match[2] else 1) if match else default


_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": " ", f"{W}ptab": " ", f"{W}noBreakHyphen": "-"}
_TEXTS = frozenset((f"{W}t", f"{_M}t"))
_RAISED = {f"{_M}sup": "sup", f"{_M}sub": "sub", f"{W}rt": "sup"}
_REFERENCES = frozenset((f"{W}footnoteReference", f"{W}endnoteReference"))
#: text deleted or moved under revision, text shown only by some programs, and elements that are not text
_UNSEEN = frozenset((
    f"{W}del", f"{W}moveFrom", f"{W}rPr", f"{W}pPr", f"{W}sectPr", f"{W}tblPr", f"{W}trPr", f"{W}tcPr", f"{W}rubyPr",
    f"{W}sdtPr", f"{_MC}Fallback",
))  # fmt: skip
_PICTURES = frozenset((f"{W}drawing", f"{W}pict", f"{W}object"))
_FIELDS = frozenset((f"{W}fldChar", f"{W}fldSimple"))
_BOX = f"{W}txbxContent"
_WRAPPERS = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_EQUATION = re.compile(r"\s*eq\b", re.IGNORECASE)  # a Word field that draws circles around digits, and fractions


def read(data: bytes) -> Document:
    """Read a document in a separate process: its parts may unpack to far more data than a report needs."""
    return read_isolated("docx", "docx", "docx", "docx", data)


def read_here(data: bytes) -> Document:
    """Read the visible content of a document's body: paragraphs and tables, including those in text boxes and layout tables."""
    docx = require("docx", "docx", "docx")
    with refusing(text("The Word document is damaged."), text("Open it and save it again.")):
        document = docx.Document(_ordinary(data))
        if any(True for _ in document.element.body.iter(f"{W}altChunk", f"{W}subDoc")):
            hint = text("Open it in Word, copy everything into a new document and save that as .docx.")
            raise Refused(text("The Word document includes other documents, which are not read."), hint)
        body = _Body(document.element.body, WordStyles(document.styles.element))
        title = str(document.core_properties.title or "")
    return Document(tuple(body.found), (title,) if title else (), tuple(body.pictures))


def _ordinary(data: bytes) -> io.BytesIO:
    """Return a document with the usual names of its namespaces; “Strict Open XML” has others for the same content."""
    done = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(done, "w") as copy:
        if not _STRICT.search(archive.read("_rels/.rels")):
            return io.BytesIO(data)
        for name in archive.namelist():
            copy.writestr(name, _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", archive.read(name)))
    return done


@dataclass
class _Merged:
    """A cell that may continue in the rows below."""

    runs: Runs
    colspan: int
    rowspan: int = 1


class _Body:
    """Collects the parts of a document."""

    def __init__(self, body: _Element, styles: WordStyles) -> None:
        self.found: list[Part] = []
        self.pictures: list[Picture] = []
        self._styles = styles
        self._tables = 0
        self._references: dict[str, int] = {}
        self._cells = 0
        self._in_codes: list[bool] = []  # whether the code of each open field follows, in which other fields may have results
        self._blocks(body)

    def _blocks(self, element: _Element) -> None:
        """Add paragraphs and tables."""
        for child in _shown(element):
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._table(child)

    def _paragraph(self, paragraph: _Element) -> None:
        runs = Runs()
        self._collect(paragraph, runs, None)
        written = runs.shown.strip()
        if written:
            match = _HEADING.search(self._styles.heading(paragraph))
            self.found.append(Paragraph(written, int(match[1]) if match else 0))
        self._aside(paragraph)

    def _aside(self, element: _Element) -> None:
        """Add pictures, and the content of text boxes."""
        for inner in _inside(element):
            if inner.tag == _BOX:
                self._blocks(inner)
            elif inner.tag in _PICTURES and not any(one.tag == _BOX for one in inner.iter()):
                self.pictures.append(Picture(len(self.found)))

    def _table(self, table: _Element) -> None:
        rows = [row for row in _children(table, "tr") if not _has(row, "trPr", "hidden", "del")]
        cells = [cell for row in rows for cell in _children(row, "tc")]
        if any(True for cell in cells for _ in _children(cell, "tbl")):  # a table that contains tables is a page layout
            for cell in cells:
                self._blocks(cell)
            return
        self._tables += 1
        grid = grid_of(numbered(self._tables), self._rows(table, rows))
        for cell in cells:
            self._aside(cell)
        if grid.rows:
            self.found.append(grid)

    def _rows(self, table: _Element, rows: list[_Element]) -> list[list[Box]]:
        """Return rows of cells; merged cells, which Word describes cell by cell, are combined."""
        found: list[list[_Merged]] = []
        above: dict[int, _Merged] = {}
        for row in rows:
            column = _number(row, "trPr/gridBefore")  # the row begins further right
            begun = [_Merged(Runs(), column)] if column else []
            below: dict[int, _Merged] = {}
            for cell in _children(row, "tc"):
                if _has(cell, "tcPr", "cellDel"):
                    continue
                span = max(1, _number(cell, "tcPr/gridSpan"))
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                goes_on = merge is not None and merge.get(f"{W}val") in (None, "", "continue")
                merged = above.get(column) if goes_on else None
                if merged:
                    merged.rowspan += 1
                else:
                    merged = _Merged(self._cell(cell, table), span)
                    begun.append(merged)
                if merge is not None:
                    below[column] = merged
                column += span
                self._cells += span
                if self._cells > 4 * MAX_CELLS:
                    raise Refused(text("A table has more than {limit} cells.", limit=MAX_CELLS))
            found.append(begun)
            above = below
        return [[cell.runs.box(cell.rowspan, cell.colspan) for cell in row] for row in found]

    def _cell(self, cell: _Element, table: _Element) -> Runs:
        runs = Runs()
        for number, paragraph in enumerate(_children(cell, "p")):
            if number:
                runs.add("\n")
            self._collect(paragraph, runs, table)
            for inner in _inside(paragraph):  # text in a box is not joined with the text of its cell
                for boxed in inner.iter(f"{W}p") if inner.tag == _BOX else ():
                    runs.add("\n")
                    self._collect(boxed, runs, table)
        if not runs.shown.strip() and any(one.tag != _BOX for one in _inside(cell)):
            runs.add(NO_TEXT)
        return runs

    def _collect(self, paragraph: _Element, runs: Runs, table: _Element | None) -> None:
        """Add the text of a paragraph, one run after another."""
        self._in_codes = []
        looks = {run: self._styles.look(run, paragraph, table) for run in paragraph.iter(f"{W}r")}
        with_text = (run for run in looks if any((one.text or "").strip() for one in run.iter(f"{W}t")))
        positions = {looks[run].position for run in with_text}
        if 0 not in positions or len(positions) == 1:  # all of it is raised, or none
            looks = {run: look._replace(position=0) for run, look in looks.items()}
        self._walk(paragraph, runs, looks, "")

    def _walk(self, element: _Element, runs: Runs, looks: Mapping[_Element, RunLook], raised: str) -> None:
        """Add the text within an element."""
        for child in _shown(element):
            tag = str(child.tag)
            if tag == f"{W}r":
                look = looks[child]
                by_position = "sup" if look.position > 0 else "sub" if look.position < 0 else ""
                if not look.is_unseen:
                    self._walk(child, runs, looks, raised or look.raised or by_position)
            elif tag in _TEXTS:
                runs.add("" if any(self._in_codes) else child.text or "", raised)
            elif tag == f"{W}fldChar":
                kind = child.get(f"{W}fldCharType")
                outer = self._in_codes if kind == "begin" else self._in_codes[:-1]
                self._in_codes = outer if kind == "end" else [*outer, kind == "begin"]
                self._walk(child, runs, looks, raised)
            elif tag == f"{W}ddList":
                runs.add(NO_TEXT)
            elif tag in _BREAKS:
                runs.add(_BREAKS[tag], raised if tag == f"{W}noBreakHyphen" else "")
            elif tag in _RAISED:
                self._walk(child, runs, looks, _RAISED[tag])
            elif tag in _REFERENCES:
                ident = f"{tag} {child.get(f'{W}id')}"
                runs.add(str(self._references.setdefault(ident, len(self._references) + 1)), "sup")
            elif tag == f"{W}instrText" and _EQUATION.match(child.text or ""):
                runs.add((child.text or "").strip(), "sup")
            elif tag == f"{W}sym":
                runs.add(f"{child.get(f'{W}font')} {child.get(f'{W}char')}", "sup")
            elif tag not in _PICTURES and tag != _BOX:
                is_turned = tag == f"{W}bdo" and child.get(f"{W}val") == "rtl"  # the digits shown are not those in the source
                runs.add("\u202e" if is_turned else "⁄" if tag == f"{_M}den" else "", raised)
                self._walk(child, runs, looks, raised)


def _shown(element: _Element) -> Iterator[_Element]:
    """Yield the visible children, also in content controls and insertions; of alternatives for some programs, the first."""
    for child in element:
        if child.tag == f"{_MC}AlternateContent":
            choices = [one for one in child if one.tag == f"{_MC}Choice"] or list(child)
            for choice in choices[:1]:
                yield from _shown(choice)
        elif child.tag in _WRAPPERS:
            yield from _shown(child)
        elif isinstance(child.tag, str) and child.tag not in _UNSEEN:
            yield child


def _inside(element: _Element) -> Iterator[_Element]:
    """Yield the text boxes, pictures and fields anywhere in an element, without looking into text boxes."""
    for child in _shown(element):
        if child.tag == _BOX:
            yield child
            continue
        if child.tag in _PICTURES or child.tag in _FIELDS:
            yield child
        yield from _inside(child)


def _children(element: _Element, name: str) -> Iterator[_Element]:
    """Return the visible children called ``name``."""
    return (child for child in _shown(element) if child.tag == f"{W}{name}")


def _has(element: _Element, properties: str, *names: str) -> bool:
    """Return whether an element has one of the properties, not switched off."""
    found = (element.find(f"{W}{properties}/{W}{name}") for name in names)
    return any(one is not None and one.get(f"{W}val") not in ("0", "false", "off") for one in found)


def _number(element: _Element, path: str) -> int:
    """Return a number of columns; 0 if there is none."""
    written = _value(element, path)
    if not (written.isascii() and written.isdecimal()):
        return 0
    if len(written.lstrip("0")) > 4 or int(written) > MAX_SPAN:
        raise Refused(text("A cell covers more than {limit} columns.", limit=MAX_SPAN))
    return int(written)
