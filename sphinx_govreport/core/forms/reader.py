"""Form files: the statutory ones of the package and a site's local ones, read and checked."""

from __future__ import annotations

import datetime
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
    Block,
    Deadline,
    DueDay,
    Fees,
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
    newest,
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
MAX_FIGURES = 5_000  #: of a table; the longest statutory one has 203

FORMS_DIR = Path(__file__).parents[2] / "forms"
FormFiles: TypeAlias = tuple[tuple[str, bytes], ...]  #: names and bytes, as far as files can be read

_FORM_KEYS = ("form", "title", "english", "source", "years", "deadline", "share-base", "sections", "tables")
_LOCAL_KEYS = ("form", "extends", "english", "source", "label-notes", "add-rows")
_TABLE_KEYS = ("section", "label", "english", "aliases", "source", "unit", "widths", "blocks", "checks", "prose", "sets")
_ITEM_KEYS = ("key", "label", "english", "aliases", "span", "sum", "rule", "signed", "decimal", "unit", "units")
_KEY = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")
_NUMBER = re.compile("[1-9][0-9]{0,3}")
_RESERVED = ("agency", "year", "form", "notes", "explanations", "default", "table")  # keys of year files, and a class
_ONE_ROW = Item("")
_EMPTY = MappingNode((), 1, 1)


class FormFile(NamedTuple):
    """What a form file says: the form, or why there is none."""

    form: Form | None
    diagnostics: tuple[Diagnostic, ...]


def statutory_files() -> FormFiles:
    """Return the names and bytes of the statutory forms' files, oldest first."""
    return tuple((path.name, path.read_bytes()) for path in sorted(FORMS_DIR.glob("*.yaml")))


@cache
def statutory_forms() -> dict[str, Form]:
    """Return the statutory forms by name, oldest first."""
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
    reader = _FormReader(source)
    extends = isinstance(source.root, MappingNode) and source.root.get("extends") is not None
    form = reader.local_form(source.root, known) if extends else reader.form(source.root, known)
    return FormFile(None if reader.diagnostics else form, tuple(reader.diagnostics))


class _FormReader:
    """Reads one form file and collects its problems."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []

    def report(self, node: Node, message: Text) -> None:
        self.diagnostics.append(Diagnostic(BAD_FORM, self.source.pos(node), message))

    # forms

    def form(self, root: Node, known: dict[str, Form]) -> Form:
        """Read a form with tables of its own. What it does not say of reports is as in the newest of the ``known`` forms."""
        other = newest(known.values()) if known else None
        fields = self.mapping(root, _FORM_KEYS, root)
        source = self.mapping(fields.get("source"), ("notice", "date"), root)
        years = self.mapping(fields.get("years"), ("from", "to"), root)
        form = Form(
            name=self.string(fields, "form", root),
            title=self.string(fields, "title", root, required=not other) or (other.title if other else ""),
            english=self.string(fields, "english", root),
            notice=self.string(source, "notice", root),
            date=self.string(source, "date", root, required=False),
            first_year=self.number(years, "from", 0),
            last_year=self.number(years, "to", 0) or None,
            tables=tuple(self.tables(fields.get("tables"), root)),
            digest=self.source.digest,
            sections=tuple(self.section(item) for item in self.items(fields, "sections")),
            deadline=self.deadline(fields["deadline"]) if "deadline" in fields else None,
            share_base=self.string(fields, "share-base", root, required=False) or (other.share_base if other else ""),
        )
        if not self.diagnostics:
            self.check_figures(form, fields, root)
            self.check_idents(form.tables, fields["tables"])
        return form

    def local_form(self, root: Node, known: dict[str, Form]) -> Form | None:
        """Read a form that extends one of the ``known`` forms; None if there is no such form."""
        fields = self.mapping(root, _LOCAL_KEYS, root)
        source = self.mapping(fields.get("source"), ("notice", "date"), root)
        base = known.get(self.string(fields, "extends", root))
        if base is None:
            self.report(fields["extends"], text("There is no such form; known are: {names}.", names=", ".join(known)))
            return None
        tables = {table.name: table for table in base.tables}
        for name, node in self.mapping(fields.get("add-rows", _EMPTY), tables, root).items():
            if not isinstance(node, SequenceNode):
                self.report(node, text("“{key}” must be a list.", key=name))
            elif name in tables:
                for row in node.items:
                    tables[name] = self.add_row(tables[name], row)
        for name, node in self.mapping(fields.get("label-notes", _EMPTY), tables, root).items():
            if name in tables:
                tables[name] = self.note_labels(tables[name], node)
        if not self.diagnostics:
            self.check_idents(tables.values(), root)
        return base._replace(
            name=self.string(fields, "form", root),
            english=self.string(fields, "english", root),
            notice=self.string(source, "notice", root),
            date=self.string(source, "date", root, required=False),
            tables=tuple(tables.values()),
            digest=f"{base.digest}{self.source.digest}",
        )

    def add_row(self, table: FormTable, node: Node) -> FormTable:
        """Return ``table`` with one more row, behind the row whose key path is ``after``."""
        fields = self.mapping(node, ("after", *_ITEM_KEYS), node)
        if not isinstance(node, MappingNode):
            return table
        after = self.string(fields, "after", node)
        entries = tuple((key, value) for key, value in node.entries if key.text != "after")
        row = self.item(node._replace(entries=entries), "rows")
        path = after.split(".")
        changed = replace(table, blocks=tuple(one._replace(rows=_with_row(one.rows, path, row)) for one in table.blocks))
        if changed.blocks == table.blocks:
            self.report(fields.get("after", node), text("There is no row “{key}”.", key=after))
        self.check_keys(changed.blocks, node)
        return changed

    def note_labels(self, table: FormTable, node: Node) -> FormTable:
        """Return ``table`` with remarks behind the labels of rows (by key path) and columns (by key)."""
        for kind, notes in self.mapping(node, ("rows", "columns"), node).items():
            if not isinstance(notes, MappingNode):
                self.report(notes, text("Here a mapping is expected: {keys}.", keys="key: （…）"))
                continue
            for key, note in notes.entries:
                if not isinstance(note, ScalarNode):
                    self.report(note, text("“{key}” must be a text.", key=key.text))
                    continue
                path = key.text.split(".")
                if kind == "rows":
                    blocks = tuple(block._replace(rows=_noted(block.rows, path, note.text)) for block in table.blocks)
                else:
                    blocks = tuple(block._replace(columns=_noted(block.columns, path, note.text)) for block in table.blocks)
                if blocks == table.blocks:
                    self.report(key, text("There is nothing called “{key}” in the table.", key=key.text))
                table = replace(table, blocks=blocks)
        return table

    # parts of a form

    def deadline(self, node: Node) -> Deadline:
        """Read the last day of publication: one ``date`` for all agencies, or one for each of the ``levels``."""
        fields = self.mapping(node, ("date", "levels", "source"), node)
        source = self.string(fields, "source", node)
        levels = fields.get("levels")
        if levels is None:
            return Deadline(source, (self.due_day(fields, node),))
        if "date" in fields:
            self.report(fields["date"], text("With “levels”, each level has its own date."))
        if not isinstance(levels, MappingNode) or not levels.entries:
            self.report(levels, text("Here a mapping is expected: {keys}.", keys="key: {label, date}"))
            return Deadline(source, ())
        days = []
        for key, value in levels.entries:
            if isinstance(value, ScalarNode):  # only its date
                fields = {"date": value}
            else:
                fields = self.mapping(value, ("label", "aliases", "date"), value)
            label = self.string(fields, "label", value, required=False) or key.text
            day = self.due_day(fields, value)
            days.append(day._replace(level=key.text, label=label, aliases=self.strings(fields, "aliases")))
        names = Counter(name for day in days for name in {day.level, day.label, *day.aliases})
        for name in (name for name, times in names.items() if times > 1):
            self.report(levels, text("“{name}” stands for two levels.", name=name))
        return Deadline(source, tuple(days))

    def due_day(self, fields: dict[str, Node], where: Node) -> DueDay:
        try:
            day = datetime.date.fromisoformat(f"2001-{self.string(fields, 'date', where)}")
        except ValueError:
            self.report(fields.get("date", where), text("“{key}” must be month and day, such as 03-31.", key="date"))
            day = datetime.date.min
        return DueDay(day.month, day.day)

    def section(self, node: Node) -> Section:
        fields = self.mapping(node, ("key", "title", "aliases", "prompts", "least", "fees"), node)
        title = self.string(fields, "title", node)
        return Section(
            key=self.string(fields, "key", node),
            title=title,
            names=(*names_of(title), *self.strings(fields, "aliases")),
            prompts=self.strings(fields, "prompts"),
            least=self.number(fields, "least", 0),
            fees=self.fees(fields["fees"]) if "fees" in fields else None,
        )

    def fees(self, node: Node) -> Fees:
        fields = self.mapping(node, ("mention", "denial", "unpaid"), node)
        return Fees(
            mention=self.string(fields, "mention", node),
            denial=self.pattern(fields, "denial", node) or "",
            unpaid=self.string(fields, "unpaid", node, required=False),
        )

    def tables(self, node: Node | None, root: Node) -> Iterator[FormTable]:
        if not isinstance(node, MappingNode) or not node.entries:
            self.report(node or root, text("The form has no tables."))
            return
        for key, value in node.entries:
            self.check_key(key)
            if key.text in _RESERVED:
                self.report(key, text("A table cannot be called “{key}”: it has another meaning.", key=key.text))
            yield self.table(key.text, value)

    def table(self, name: str, node: Node) -> FormTable:
        fields = self.mapping(node, _TABLE_KEYS, node)
        widths = tuple(int(width) for width in self.strings(fields, "widths") if _NUMBER.fullmatch(width))
        if len(widths) != len(self.items(fields, "widths")):
            self.report(fields["widths"], text("“{key}” must be a whole number from 1 to 9999.", key="widths"))
        blocks = tuple(self.block(block, len(widths)) for block in self.items(fields, "blocks"))
        if not blocks:
            self.report(node, text("The table has no blocks."))
        self.check_keys(blocks, node)
        table = FormTable(
            name=name,
            label=self.string(fields, "label", node),
            section=self.string(fields, "section", node, required=False),
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
            self.check_table(table, self.items(fields, "checks"), node)
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
        pattern = self.pattern(fields, "pattern", node)
        return Phrase(pattern, self.strings(fields, "figures"), self.flag(fields, "share")) if pattern is not None else None

    def figure_set(self, node: Node) -> FigureSet:
        fields = self.mapping(node, ("key", "label", "figures"), node)
        return FigureSet(self.string(fields, "key", node), self.string(fields, "label", node), self.strings(fields, "figures"))

    def block(self, node: Node, width: int) -> Block:
        """Read a block of a table whose ``widths`` are so many."""
        fields = self.mapping(node, ("title", "corner", "columns", "rows"), node)
        columns = tuple(self.item(item, "columns") for item in self.items(fields, "columns"))
        if not columns:
            self.report(node, text("“columns” is missing."))
        rows = tuple(self.item(item, "rows") for item in self.items(fields, "rows"))
        self.check_totals(columns, node)
        self.check_totals(rows, node)
        title = self.string(fields, "title", node, required=False)
        block = Block(columns, rows, title, self.string(fields, "corner", node, required=False))
        if (own := grid_width(block)) != width:
            self.report(node, text("The block is {width} columns wide, but “widths” has {count}.", width=own, count=width))
        return block

    def item(self, node: Node, kind: str) -> Item:
        """Read a header of rows or columns; ``kind`` is the key of the items below it."""
        fields = self.mapping(node, (*_ITEM_KEYS, kind), node)
        items = tuple(self.item(item, kind) for item in self.items(fields, kind))
        key = self.string(fields, "key", node, required=not items or kind == "rows")
        if key:
            self.check_key(fields["key"])
        item = Item(
            label=self.string(fields, "label", node),
            english=self.string(fields, "english", node),
            key=key,
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

    # checks of what was read

    def check_key(self, node: Node) -> None:
        """Check a part of a key path: equations, ids and anchors are made of it."""
        key = node.text if isinstance(node, ScalarNode) else ""
        if not _KEY.fullmatch(key):
            self.report(node, text("“{key}” is no key: it is made of a-z, 0-9 and single hyphens.", key=key))

    def check_keys(self, blocks: tuple[Block, ...], node: Node) -> None:
        """Check that each key path names one figure or one group."""
        count = sum(_count(block.rows or (_ONE_ROW,)) * _count(block.columns) for block in blocks)
        if count > MAX_FIGURES:
            self.report(node, text("The table has {count} figures; at most {limit} can be.", count=count, limit=MAX_FIGURES))
            return
        paths = Counter(path for block in blocks for path in _key_paths(block))
        rows = {key_path(row, ()) for block in blocks for row in chains(block.rows)}
        twice = {path for path, times in paths.items() if times > 1} | (paths.keys() & _groups(paths)) | (rows & _groups(rows))
        for path in sorted(twice):
            self.report(node, text("“{key}” stands in the table twice.", key=path))

    def check_totals(self, group: tuple[Item, ...], where: Node) -> None:
        if any(item.is_total for item in group[:-1]):
            self.report(where, text("A total must be the last of its group."))

    def check_table(self, table: FormTable, checks: tuple[Node, ...], where: Node) -> None:
        """Check that whatever names figures of the table names some that it has; ``checks`` are the equations' nodes."""
        paths = layout_of(table).indicators
        equations = [
            (node, one.equation, bool(expand(one.rule, one.equation, paths)))
            for one, node in zip(table.identities, checks, strict=True)
        ]
        equations += [(where, side, bool(terms_of(side, paths))) for phrase in table.phrases for side in phrase.figures]
        for node, equation, fits in equations:
            if not fits:
                self.report(node, text("The equation “{equation}” fits no figures of the table.", equation=equation))
        for path in (path for one in table.sets for path in one.figures if path not in paths):
            self.report(where, text("There is nothing called “{key}” in the table.", key=path))

    def check_figures(self, form: Form, fields: dict[str, Node], root: Node) -> None:
        """Check that the figures that the form itself names are there."""
        nodes = self.mapping(fields.get("tables"), form.table_names, root)
        known = {f"{table.name}.{path}" for table in form.tables for path in layout_of(table).indicators}
        for table in form.tables:
            if form.share_base not in known and any(phrase.is_share for phrase in table.phrases):
                base, _, path = form.share_base.partition(".")
                message = text("“share” needs the figure {path} in the table {table}.", path=path, table=base)
                self.report(nodes[table.name], message)
        for section, node in zip(form.sections, self.items(fields, "sections"), strict=True):
            if section.fees and section.fees.unpaid and section.fees.unpaid not in known:
                self.report(node, text("There is nothing called “{key}” in the form.", key=section.fees.unpaid))

    def check_idents(self, tables: Iterable[FormTable], where: Node) -> None:
        """Check that no two tables or figures have one id on pages, where the points of key paths are hyphens."""
        names: dict[str, str] = {}
        for table in tables:
            for name in (table.name, *(f"{table.name}.{path}" for path in layout_of(table).indicators)):
                other = names.setdefault(name.replace(".", "-"), name)
                if other != name:
                    message = text(
                        "“{one}” and “{other}” would have the same id on a page: rename one of them.", one=other, other=name
                    )
                    self.report(where, message)

    # values

    def mapping(self, node: Node | None, known: Iterable[str], where: Node) -> dict[str, Node]:
        """Return the entries of a mapping whose keys must be among ``known``."""
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

    def pattern(self, fields: dict[str, Node], key: str, where: Node) -> str | None:
        """Return a regular expression that cannot keep a check busy; None if there is none."""
        try:
            return pattern_of(self.string(fields, key, where))
        except PatternError as error:
            self.report(fields.get(key, where), error.message)
            return None

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
        if isinstance(node, ScalarNode) and _NUMBER.fullmatch(node.text):
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


def _count(items: Iterable[Item]) -> int:
    return sum(1 for item in items for _leaf in item.leaves())


def _key_paths(block: Block) -> Iterator[str]:
    for row in chains(block.rows) if block.rows else ((),):
        yield from (key_path(row, column) for column in chains(block.columns))


def _groups(paths: Iterable[str]) -> set[str]:
    """Return the groups that the paths lead through."""
    return {path[:at] for path in paths for at, mark in enumerate(path) if mark == "."}


def _with_row(items: tuple[Item, ...], path: list[str], new: Item) -> tuple[Item, ...]:
    """Return the items with a new one behind the item at ``path``."""
    result: list[Item] = []
    for item in items:
        is_here = item.key == path[0]
        result.append(item._replace(items=_with_row(item.items, path[1:], new)) if is_here and len(path) > 1 else item)
        if is_here and len(path) == 1:
            result.append(new)
    return tuple(result)


def _noted(items: tuple[Item, ...], path: list[str], note: str) -> tuple[Item, ...]:
    """Return the items with a remark behind the label of the item at ``path``; groups without a key are no part of it."""
    result: list[Item] = []
    for item in items:
        if item.key == path[0] and len(path) == 1:
            item = item._replace(label=item.label + note)
        elif item.key == path[0] or not item.key:
            item = item._replace(items=_noted(item.items, path[1:] if item.key else path, note))
        result.append(item)
    return tuple(result)
