"""Form files: the statutory ones of the package and a site's local ones, read and checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from .diagnostics import Diagnostic, Rule, Text, text
from .equations import expand, terms_of
from .form import TABLES, Block, FigureSet, Form, FormTable, Identity, Item, Phrase, Section, grid_width, names_of
from .source import Mapping, Node, Scalar, Sequence, Source, read_source
from .structure import structure_of

FORMS_DIR = Path(__file__).parent.parent / "forms"

BAD_FORM = Rule("bad-form")
MAX_FIGURES = 5_000  #: of a table; the longest statutory one has 203


class FormFile(NamedTuple):
    """What a form file says: the form, or why there is none."""

    form: Form | None
    diagnostics: tuple[Diagnostic, ...]


@cache
def statutory_forms() -> dict[str, Form]:
    """The forms of the law by name, oldest first."""
    forms: dict[str, Form] = {}
    for path in sorted(FORMS_DIR.glob("*.yaml")):
        form, diagnostics = read_form(read_source(path.name, path.read_bytes()), forms)
        if form is None:  # our own file: a mistake of ours, not of a user
            raise ValueError("; ".join(f"{d.pos}: {d.render(str)}" for d in diagnostics))
        forms[form.name] = form
    return forms


def read_form(source: Source, known: dict[str, Form]) -> FormFile:
    """Read and check a form file. A local form may extend one of the ``known`` forms."""
    if source.root is None or source.diagnostics:
        return FormFile(None, source.diagnostics)
    reader = _Reader(source)
    if isinstance(source.root, Mapping) and source.root.get("extends") is not None:
        form = reader.local_form(source.root, known)
    else:
        form = reader.form(source.root)
    return FormFile(None if reader.diagnostics else form, tuple(reader.diagnostics))


#: what stands for the number and for what may stand before it in the pattern of a phrase
_PLACES = {"{n}": r"(\d[\d,，]*)\s*(?:件|条|个|宗|份|项|部)", "{gap}": r"[^，,。；;：:、！？\d（(]{0,20}?"}
_ONE_ROW = Item("")
_ITEM_KEYS = ("key", "label", "english", "aliases", "span", "sum", "rule", "signed", "decimal", "unit", "units")


class _Reader:
    """Reads one form file and collects what is wrong with it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []

    def report(self, node: Node, message: Text) -> None:
        self.diagnostics.append(Diagnostic(BAD_FORM, self.source.pos(node), message))

    # values

    def mapping(self, node: Node | None, known: Iterable[str], where: Node) -> dict[str, Node]:
        """The entries of a mapping whose keys must be among ``known``."""
        if not isinstance(node, Mapping):
            self.report(node or where, text("Here a mapping is expected: {keys}.", keys=", ".join(known)))
            return {}
        for key, _value in node.entries:
            if key.text not in known:
                self.report(key, text("“{key}” is not known here; known are: {keys}.", key=key.text, keys=", ".join(known)))
        return {key.text: value for key, value in node.entries}

    def string(self, fields: dict[str, Node], key: str, where: Node, *, required: bool = True) -> str:
        node = fields.get(key)
        if isinstance(node, Scalar) and node.text.strip():
            return node.text
        if node is not None or required:
            self.report(node or where, text("“{key}” must be a text.", key=key))
        return ""

    def key(self, fields: dict[str, Node], where: Node, *, required: bool) -> str:
        """A part of a key path: equations, ids and anchors are made of it."""
        key = self.string(fields, "key", where, required=required)
        if key and not re.fullmatch("[a-z0-9]+(?:-[a-z0-9]+)*", key):
            self.report(fields["key"], text("“{key}” is no key: it is made of a-z, 0-9 and single hyphens.", key=key))
        return key

    def strings(self, fields: dict[str, Node], key: str) -> tuple[str, ...]:
        return tuple(item.text for item in self.items(fields, key) if isinstance(item, Scalar))

    def items(self, fields: dict[str, Node], key: str) -> tuple[Node, ...]:
        node = fields.get(key)
        if node is None:
            return ()
        if isinstance(node, Sequence):
            return node.items
        self.report(node, text("“{key}” must be a list.", key=key))
        return ()

    def number(self, fields: dict[str, Node], key: str, default: int) -> int:
        node = fields.get(key)
        if node is None:
            return default
        if isinstance(node, Scalar) and re.fullmatch("[1-9][0-9]{0,3}", node.text):
            return int(node.text)
        self.report(node, text("“{key}” must be a whole number from 1 to 9999.", key=key))
        return default

    def flag(self, fields: dict[str, Node], key: str, yes: str = "true") -> bool:
        node = fields.get(key)
        if node is None:
            return False
        if isinstance(node, Scalar) and node.text == yes:
            return True
        self.report(node, text("“{key}” can only be “{value}”, or left out.", key=key, value=yes))
        return False

    # parts of a form

    def form(self, root: Node) -> Form:
        fields = self.mapping(root, ("form", "english", "source", "years", "sections", "tables"), root)
        source = self.mapping(fields.get("source"), ("notice", "date"), root)
        years = self.mapping(fields.get("years"), ("from", "to"), root)
        tables = self.mapping(fields.get("tables"), TABLES, root)
        for name in (name for name in TABLES if tables and name not in tables):
            self.report(fields["tables"], text("The form has no table {name}.", name=name))
        first_year = self.number(years, "from", 0)
        return Form(
            name=self.string(fields, "form", root),
            english=self.string(fields, "english", root),
            notice=self.string(source, "notice", root),
            date=self.string(source, "date", root, required=False),
            first_year=first_year,
            last_year=self.number(years, "to", 0) or None,
            tables=tuple(self.table(name, tables[name]) for name in TABLES if name in tables),
            digest=self.source.digest,
            sections=tuple(self.section(item) for item in self.items(fields, "sections")),
        )

    def section(self, node: Node) -> Section:
        fields = self.mapping(node, ("key", "title", "aliases"), node)
        title = self.string(fields, "title", node)
        return Section(self.string(fields, "key", node), title, (*names_of(title), *self.strings(fields, "aliases")))

    def table(self, name: str, node: Node) -> FormTable:
        keys = ("section", "label", "english", "aliases", "source", "unit", "widths", "blocks", "checks", "prose", "sets")
        fields = self.mapping(node, keys, node)
        blocks = tuple(self.block(block) for block in self.items(fields, "blocks"))
        widths = tuple(int(width) for width in self.strings(fields, "widths") if re.fullmatch("[1-9][0-9]{0,3}", width))
        if len(widths) != len(self.items(fields, "widths")):
            self.report(fields["widths"], text("“{key}” must be a whole number from 1 to 9999.", key="widths"))
        if not blocks:
            self.report(node, text("The table has no blocks."))
        for block, block_node in zip(blocks, self.items(fields, "blocks"), strict=True):
            width = grid_width(block)
            if width != len(widths):
                message = text("The block is {width} columns wide, but “widths” has {count}.", width=width, count=len(widths))
                self.report(block_node, message)
        self.check_keys(blocks, node)
        table = FormTable(
            name=name,
            label=self.string(fields, "label", node),
            section=self.string(fields, "section", node),
            english=self.string(fields, "english", node),
            source=self.string(fields, "source", node),
            unit=self.string(fields, "unit", node),
            widths=widths,
            blocks=blocks,
            aliases=self.strings(fields, "aliases"),
            identities=tuple(self.identity(item) for item in self.items(fields, "checks")),
            phrases=tuple(filter(None, map(self.phrase, self.items(fields, "prose")))),
            sets=tuple(map(self.figure_set, self.items(fields, "sets"))),
        )
        if not self.diagnostics:
            self.check_identities(table, self.items(fields, "checks"), node)
        return table

    def identity(self, node: Node) -> Identity:
        fields = self.mapping(node, ("rule", "equation", "source"), node)
        return Identity(
            rule=self.string(fields, "rule", node),
            equation=self.string(fields, "equation", node),
            source=self.string(fields, "source", node, required=False),
        )

    def phrase(self, node: Node) -> Phrase | None:
        fields = self.mapping(node, ("pattern", "figures", "share"), node)
        written = self.string(fields, "pattern", node)
        for place, meaning in _PLACES.items():
            written = written.replace(place, meaning)
        try:
            pattern = re.compile(written)
        except (re.error, OverflowError, RecursionError) as error:
            at = getattr(error, "pos", None) or 0
            message = text("The pattern is no regular expression: look at its character {at}.", at=at + 1)
            self.report(fields.get("pattern", node), message)
            return None
        return Phrase(pattern, self.strings(fields, "figures"), self.flag(fields, "share"))

    def figure_set(self, node: Node) -> FigureSet:
        fields = self.mapping(node, ("key", "label", "figures"), node)
        return FigureSet(self.string(fields, "key", node), self.string(fields, "label", node), self.strings(fields, "figures"))

    def check_identities(self, table: FormTable, nodes: tuple[Node, ...], where: Node) -> None:
        paths = structure_of(table).measures
        for identity, node in zip(table.identities, nodes, strict=True):
            if not expand(identity.rule, identity.equation, paths):
                self.report(node, text("The equation “{equation}” fits no figures of the table.", equation=identity.equation))
        for phrase in table.phrases:
            for side in phrase.figures:
                if not terms_of(side, paths):
                    self.report(where, text("The equation “{equation}” fits no figures of the table.", equation=side))
        for path in (path for one in table.sets for path in one.figures if path not in paths):
            self.report(where, text("There is nothing called “{key}” in the table.", key=path))

    def block(self, node: Node) -> Block:
        fields = self.mapping(node, ("title", "corner", "columns", "rows"), node)
        columns = tuple(self.item(item, "columns") for item in self.items(fields, "columns"))
        if not columns:
            self.report(node, text("“columns” is missing."))
        rows = tuple(self.item(item, "rows") for item in self.items(fields, "rows"))
        self.check_totals(columns, node)
        self.check_totals(rows, node)
        return Block(
            columns=columns,
            rows=rows,
            title=self.string(fields, "title", node, required=False),
            corner=self.string(fields, "corner", node, required=False),
        )

    def item(self, node: Node, kind: str) -> Item:
        fields = self.mapping(node, (*_ITEM_KEYS, kind), node)
        items = tuple(self.item(item, kind) for item in self.items(fields, kind))
        item = Item(
            label=self.string(fields, "label", node),
            english=self.string(fields, "english", node),
            key=self.key(fields, node, required=not items or kind == "rows"),
            aliases=self.strings(fields, "aliases"),
            items=items,
            span=self.number(fields, "span", 1),
            is_total=self.flag(fields, "sum", "siblings"),
            rule=self.string(fields, "rule", node, required="sum" in fields),
            signed=self.flag(fields, "signed"),
            decimal=self.flag(fields, "decimal"),
            unit=self.string(fields, "unit", node, required=False),
            units=self.strings(fields, "units"),
        )
        self.check_totals(items, node)
        if item.is_total and items:
            self.report(node, text("A group cannot be a total."))
        return item

    def check_totals(self, group: tuple[Item, ...], where: Node) -> None:
        if any(item.is_total for item in group[:-1]):
            self.report(where, text("A total must be the last of its group."))

    def check_keys(self, blocks: tuple[Block, ...], where: Node) -> None:
        count = sum(_leaves(block.rows or (_ONE_ROW,)) * _leaves(block.columns) for block in blocks)
        if count > MAX_FIGURES:
            self.report(where, text("The table has {count} figures; at most {limit} can be.", count=count, limit=MAX_FIGURES))
            return
        paths = Counter(path for block in blocks for path in _key_paths(block))
        rows = {path[1:] for block in blocks for path in _paths(block.rows)}
        twice = {path for path, times in paths.items() if times > 1} | (paths.keys() & _above(paths)) | (rows & _above(rows))
        for path in sorted(twice):
            self.report(where, text("“{key}” stands in the table twice.", key=path))

    # local forms

    def local_form(self, root: Node, known: dict[str, Form]) -> Form | None:
        keys = ("form", "extends", "english", "source", "label-notes", "add-rows")
        fields = self.mapping(root, keys, root)
        source = self.mapping(fields.get("source"), ("notice", "date"), root)
        base = known.get(self.string(fields, "extends", root))
        if base is None:
            self.report(fields["extends"], text("There is no such form; known are: {names}.", names=", ".join(known)))
            return None
        tables = {table.name: table for table in base.tables}
        for name, node in self.mapping(fields.get("add-rows", Mapping((), 1, 1)), tables, root).items():
            if name in tables:
                for row in node.items if isinstance(node, Sequence) else ():
                    tables[name] = self.add_row(tables[name], row)
                if not isinstance(node, Sequence):
                    self.report(node, text("“{key}” must be a list.", key=name))
        for name, node in self.mapping(fields.get("label-notes", Mapping((), 1, 1)), tables, root).items():
            if name in tables:
                tables[name] = self.note_labels(tables[name], node)
        return base._replace(
            name=self.string(fields, "form", root),
            english=self.string(fields, "english", root),
            notice=self.string(source, "notice", root),
            date=self.string(source, "date", root, required=False),
            tables=tuple(tables.values()),
            digest=f"{base.digest}{self.source.digest}",
        )

    def add_row(self, table: FormTable, node: Node) -> FormTable:
        """``table`` with one more row, behind the row whose key path is ``after``."""
        fields = self.mapping(node, ("after", *_ITEM_KEYS), node)
        if not isinstance(node, Mapping):
            return table
        after = self.string(fields, "after", node)
        entries = tuple((key, value) for key, value in node.entries if key.text != "after")
        row = self.item(node._replace(entries=entries), "rows")
        blocks = tuple(block._replace(rows=_inserted(block.rows, after.split("."), row)) for block in table.blocks)
        if blocks == table.blocks:
            self.report(fields.get("after", node), text("There is no row “{key}”.", key=after))
        changed = replace(table, blocks=blocks)
        self.check_keys(changed.blocks, node)
        return changed

    def note_labels(self, table: FormTable, node: Node) -> FormTable:
        """``table`` with remarks behind the labels of rows (by key path) and columns (by key)."""
        for kind, notes in self.mapping(node, ("rows", "columns"), node).items():
            if not isinstance(notes, Mapping):
                self.report(notes, text("Here a mapping is expected: {keys}.", keys="key: （…）"))
                continue
            for key, note in notes.entries:
                if not isinstance(note, Scalar):
                    self.report(note, text("“{key}” must be a text.", key=key.text))
                    continue
                path = key.text.split(".")
                blocks = tuple(
                    block._replace(rows=_noted(block.rows, path, note.text))
                    if kind == "rows"
                    else block._replace(columns=_noted(block.columns, path, note.text))
                    for block in table.blocks
                )
                if blocks == table.blocks:
                    self.report(key, text("There is nothing called “{key}” in the table.", key=key.text))
                table = replace(table, blocks=blocks)
        return table


def _leaves(items: Iterable[Item]) -> int:
    return sum(1 for item in items for _leaf in item.leaves())


def _key_paths(block: Block) -> Iterator[str]:
    for row in _paths(block.rows) if block.rows else ("",):
        yield from (f"{row}{column}"[1:] for column in _paths(block.columns))


def _paths(items: Iterable[Item], path: str = "") -> Iterator[str]:
    """The keys down to each leaf, each with a point before it."""
    for item in items:
        below = f"{path}.{item.key}" if item.key else path
        yield from _paths(item.items, below) if item.items else (below,)


def _above(paths: Iterable[str]) -> set[str]:
    """The groups that the paths lead through."""
    return {path[:at] for path in paths for at, mark in enumerate(path) if mark == "."}


def _inserted(items: tuple[Item, ...], path: list[str], new: Item) -> tuple[Item, ...]:
    result: list[Item] = []
    for item in items:
        here = item.key == path[0]
        if here and len(path) > 1:
            item = item._replace(items=_inserted(item.items, path[1:], new))
        result.append(item)
        if here and len(path) == 1:
            result.append(new)
    return tuple(result)


def _noted(items: tuple[Item, ...], path: list[str], note: str) -> tuple[Item, ...]:
    result: list[Item] = []
    for item in items:
        if item.key == path[0] and len(path) == 1:
            item = item._replace(label=item.label + note)
        elif item.key == path[0] or not item.key:
            rest = path[1:] if item.key else path
            item = item._replace(items=_noted(item.items, rest, note))
        result.append(item)
    return tuple(result)
