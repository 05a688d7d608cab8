"""Form files: the statutory ones of the package and a site's local ones, read and checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

from sphinx_govreport.core.diagnostics import Diagnostic, Rule, RuleExplanation, Text, text
from sphinx_govreport.core.examples import Example
from sphinx_govreport.core.yaml.source import MappingNode, Node, ScalarNode, SequenceNode, Source, read_source

from .equations import expand, terms_of
from .form import (
    TABLES,
    Block,
    FigureSet,
    Form,
    FormTable,
    Identity,
    Item,
    Phrase,
    Section,
    chains,
    grid_width,
    key_path,
    names_of,
)
from .layout import layout_of
from .patterns import PatternError, pattern_of

BAD_FORM = Rule(
    "bad-form",
    explanation=RuleExplanation(
        text("A local form says something that a form cannot say."),
        text("Every table by this form would be printed wrong."),
        text("Look at the line that is named; begin with “extends” and the statutory form that yours adds to."),
        wrong="form: local\nextends: 2022",
        right="form: local\nextends: 2021",
        example=Example(
            (("local.yaml", 'form: city-2021\nextends: "2020"\n'),), run="sphinx-govreport check --form local.yaml data"
        ),
    ),
)


class ValueReader:
    """Reads values of one form file and collects what is wrong with them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []

    def report(self, node: Node, message: Text) -> None:
        self.diagnostics.append(Diagnostic(BAD_FORM, self.source.pos(node), message))

    def mapping(self, node: Node | None, known: Iterable[str], where: Node) -> dict[str, Node]:
        """The entries of a mapping whose keys must be among ``known``."""
        if not isinstance(node, MappingNode):
            self.report(node or where, text("Here a mapping is expected: {keys}.", keys=", ".join(known)))
            return {}
        for key, _value in node.entries:
            if key.text not in known:
                self.report(key, text("“{key}” is not known here; known are: {keys}.", key=key.text, keys=", ".join(known)))
        return {key.text: value for key, value in node.entries}

    def string(self, fields: dict[str, Node], key: str, where: Node, *, required: bool = True) -> str:
        node = fields.get(key)
        if isinstance(node, ScalarNode) and node.text.strip():
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
        return tuple(item.text for item in self.items(fields, key) if isinstance(item, ScalarNode))

    def items(self, fields: dict[str, Node], key: str) -> tuple[Node, ...]:
        node = fields.get(key)
        if node is None:
            return ()
        if isinstance(node, SequenceNode):
            return node.items
        self.report(node, text("“{key}” must be a list.", key=key))
        return ()

    def number(self, fields: dict[str, Node], key: str, default: int) -> int:
        node = fields.get(key)
        if node is None:
            return default
        if isinstance(node, ScalarNode) and re.fullmatch("[1-9][0-9]{0,3}", node.text):
            return int(node.text)
        self.report(node, text("“{key}” must be a whole number from 1 to 9999.", key=key))
        return default

    def flag(self, fields: dict[str, Node], key: str, yes: str = "true") -> bool:
        node = fields.get(key)
        if node is None:
            return False
        if isinstance(node, ScalarNode) and node.text == yes:
            return True
        self.report(node, text("“{key}” can only be “{value}”, or left out.", key=key, value=yes))
        return False


SHARES_OF = "results.total.total"  #: of the table of requests: what the shares of phrases are shares of
MAX_FIGURES = 5_000  #: of a table; the longest statutory one has 203

_ONE_ROW = Item("")


def check_keys(blocks: tuple[Block, ...]) -> Iterator[Text]:
    """Whether each key path names one figure or one group."""
    count = sum(_leaves(block.rows or (_ONE_ROW,)) * _leaves(block.columns) for block in blocks)
    if count > MAX_FIGURES:
        yield text("The table has {count} figures; at most {limit} can be.", count=count, limit=MAX_FIGURES)
        return
    paths = Counter(path for block in blocks for path in _key_paths(block))
    rows = {key_path(row, ()) for block in blocks for row in chains(block.rows)}
    twice = {path for path, times in paths.items() if times > 1} | (paths.keys() & _above(paths)) | (rows & _above(rows))
    for path in sorted(twice):
        yield text("“{key}” stands in the table twice.", key=path)


def check_equations(table: FormTable, nodes: tuple[Node, ...], where: Node) -> Iterator[tuple[Node, Text]]:
    """Whether all that names figures of the table names some that it has; ``nodes`` are those of its identities."""
    paths = layout_of(table).indicators
    for identity, node in zip(table.identities, nodes, strict=True):
        if not expand(identity.rule, identity.equation, paths):
            yield node, text("The equation “{equation}” fits no figures of the table.", equation=identity.equation)
    for phrase in table.phrases:
        for side in phrase.figures:
            if not terms_of(side, paths):
                yield where, text("The equation “{equation}” fits no figures of the table.", equation=side)
    for path in (path for one in table.sets for path in one.figures if path not in paths):
        yield where, text("There is nothing called “{key}” in the table.", key=path)


def check_shares(tables: tuple[FormTable, ...]) -> Iterator[tuple[str, Text]]:
    """Whether there is something that shares are shares of, by the table that has some."""
    requests = next((table for table in tables if table.name == "requests"), None)
    if requests is None or SHARES_OF in layout_of(requests).indicators:
        return
    for table in tables:
        if any(phrase.is_share for phrase in table.phrases):
            yield table.name, text("“share” needs the figure {path} in the table {table}.", path=SHARES_OF, table="requests")


def _leaves(items: Iterable[Item]) -> int:
    return sum(1 for item in items for _leaf in item.leaves())


def _key_paths(block: Block) -> Iterator[str]:
    for row in chains(block.rows) if block.rows else ((),):
        yield from (key_path(row, column) for column in chains(block.columns))


def _above(paths: Iterable[str]) -> set[str]:
    """The groups that the paths lead through."""
    return {path[:at] for path in paths for at, mark in enumerate(path) if mark == "."}


#: what is said of a head of rows or columns
ITEM_KEYS = ("key", "label", "english", "aliases", "span", "sum", "rule", "signed", "decimal", "unit", "units")


class FormReader(ValueReader):
    """Reads a form that stands alone, or the parts of one that does not."""

    def form(self, root: Node) -> Form:
        fields = self.mapping(root, ("form", "english", "source", "years", "sections", "tables"), root)
        source = self.mapping(fields.get("source"), ("notice", "date"), root)
        years = self.mapping(fields.get("years"), ("from", "to"), root)
        tables = self.mapping(fields.get("tables"), TABLES, root)
        for name in (name for name in TABLES if tables and name not in tables):
            self.report(fields["tables"], text("The form has no table {name}.", name=name))
        first_year = self.number(years, "from", 0)
        built = tuple(self.table(name, tables[name]) for name in TABLES if name in tables)
        if not self.diagnostics:
            for name, message in check_shares(built):
                self.report(tables[name], message)
        return Form(
            name=self.string(fields, "form", root),
            english=self.string(fields, "english", root),
            notice=self.string(source, "notice", root),
            date=self.string(source, "date", root, required=False),
            first_year=first_year,
            last_year=self.number(years, "to", 0) or None,
            tables=built,
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
        for message in check_keys(blocks):
            self.report(node, message)
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
            for place, message in check_equations(table, self.items(fields, "checks"), node):
                self.report(place, message)
        return table

    def identity(self, node: Node) -> Identity:
        fields = self.mapping(node, ("rule", "equation", "source"), node)
        return Identity(
            rule=" ".join(self.string(fields, "rule", node).split()),
            equation=self.string(fields, "equation", node),
            source=self.string(fields, "source", node, required=False),
        )

    def phrase(self, node: Node) -> Phrase | None:
        fields = self.mapping(node, ("pattern", "figures", "share"), node)
        written = self.string(fields, "pattern", node)
        try:
            pattern = pattern_of(written)
        except PatternError as error:
            self.report(fields.get("pattern", node), error.message)
            return None
        return Phrase(pattern, self.strings(fields, "figures"), self.flag(fields, "share"))

    def figure_set(self, node: Node) -> FigureSet:
        fields = self.mapping(node, ("key", "label", "figures"), node)
        return FigureSet(self.string(fields, "key", node), self.string(fields, "label", node), self.strings(fields, "figures"))

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
        fields = self.mapping(node, (*ITEM_KEYS, kind), node)
        items = tuple(self.item(item, kind) for item in self.items(fields, kind))
        item = Item(
            label=self.string(fields, "label", node),
            english=self.string(fields, "english", node),
            key=self.key(fields, node, required=not items or kind == "rows"),
            aliases=self.strings(fields, "aliases"),
            items=items,
            span=self.number(fields, "span", 1),
            is_total=self.flag(fields, "sum", "siblings"),
            rule=" ".join(self.string(fields, "rule", node, required="sum" in fields).split()),
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


def read_local_form(reader: FormReader, root: Node, known: dict[str, Form]) -> Form | None:
    """The form that extends one of the ``known`` forms, or None if there is no such form."""
    keys = ("form", "extends", "english", "source", "label-notes", "add-rows")
    fields = reader.mapping(root, keys, root)
    source = reader.mapping(fields.get("source"), ("notice", "date"), root)
    base = known.get(reader.string(fields, "extends", root))
    if base is None:
        reader.report(fields["extends"], text("There is no such form; known are: {names}.", names=", ".join(known)))
        return None
    tables = {table.name: table for table in base.tables}
    for name, node in reader.mapping(fields.get("add-rows", MappingNode((), 1, 1)), tables, root).items():
        if name in tables:
            for row in node.items if isinstance(node, SequenceNode) else ():
                tables[name] = _add_row(reader, tables[name], row)
            if not isinstance(node, SequenceNode):
                reader.report(node, text("“{key}” must be a list.", key=name))
    for name, node in reader.mapping(fields.get("label-notes", MappingNode((), 1, 1)), tables, root).items():
        if name in tables:
            tables[name] = _note_labels(reader, tables[name], node)
    return base._replace(
        name=reader.string(fields, "form", root),
        english=reader.string(fields, "english", root),
        notice=reader.string(source, "notice", root),
        date=reader.string(source, "date", root, required=False),
        tables=tuple(tables.values()),
        digest=f"{base.digest}{reader.source.digest}",
    )


def _add_row(reader: FormReader, table: FormTable, node: Node) -> FormTable:
    """``table`` with one more row, behind the row whose key path is ``after``."""
    fields = reader.mapping(node, ("after", *ITEM_KEYS), node)
    if not isinstance(node, MappingNode):
        return table
    after = reader.string(fields, "after", node)
    entries = tuple((key, value) for key, value in node.entries if key.text != "after")
    row = reader.item(node._replace(entries=entries), "rows")
    blocks = tuple(block._replace(rows=_inserted(block.rows, after.split("."), row)) for block in table.blocks)
    if blocks == table.blocks:
        reader.report(fields.get("after", node), text("There is no row “{key}”.", key=after))
    changed = replace(table, blocks=blocks)
    for message in check_keys(changed.blocks):
        reader.report(node, message)
    return changed


def _note_labels(reader: FormReader, table: FormTable, node: Node) -> FormTable:
    """``table`` with remarks behind the labels of rows (by key path) and columns (by key)."""
    for kind, notes in reader.mapping(node, ("rows", "columns"), node).items():
        if not isinstance(notes, MappingNode):
            reader.report(notes, text("Here a mapping is expected: {keys}.", keys="key: （…）"))
            continue
        for key, note in notes.entries:
            if not isinstance(note, ScalarNode):
                reader.report(note, text("“{key}” must be a text.", key=key.text))
                continue
            path = key.text.split(".")
            blocks = tuple(
                block._replace(rows=_noted(block.rows, path, note.text))
                if kind == "rows"
                else block._replace(columns=_noted(block.columns, path, note.text))
                for block in table.blocks
            )
            if blocks == table.blocks:
                reader.report(key, text("There is nothing called “{key}” in the table.", key=key.text))
            table = replace(table, blocks=blocks)
    return table


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


FormFiles: TypeAlias = tuple[tuple[str, bytes], ...]  #: names and bytes, as far as files can be read

FORMS_DIR = Path(__file__).parents[2] / "forms"


class FormFile(NamedTuple):
    """What a form file says: the form, or why there is none."""

    form: Form | None
    diagnostics: tuple[Diagnostic, ...]


def statutory_files() -> FormFiles:
    """The files of the law's forms, oldest first."""
    return tuple((path.name, path.read_bytes()) for path in sorted(FORMS_DIR.glob("*.yaml")))


@cache
def statutory_forms() -> dict[str, Form]:
    """The forms of the law by name, oldest first."""
    forms: dict[str, Form] = {}
    for name, data in statutory_files():
        form, diagnostics = read_form(read_source(name, data), forms)
        if form is None:  # our own file: a mistake of ours, not of a user
            raise ValueError("; ".join(f"{d.pos}: {d.render(str)}" for d in diagnostics))
        forms[form.name] = form
    return forms


def read_form(source: Source, known: dict[str, Form]) -> FormFile:
    """Read and check a form file. A local form may extend one of the ``known`` forms."""
    if source.root is None or source.diagnostics:
        return FormFile(None, source.diagnostics)
    reader = FormReader(source)
    if isinstance(source.root, MappingNode) and source.root.get("extends") is not None:
        form = read_local_form(reader, source.root, known)
    else:
        form = reader.form(source.root)
    return FormFile(None if reader.diagnostics else form, tuple(reader.diagnostics))
