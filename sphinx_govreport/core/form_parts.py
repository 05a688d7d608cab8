"""The parts of a form, from the whole down to a head, as a form file has them."""

from __future__ import annotations

import re

from .diagnostics import text
from .form import TABLES, Block, FigureSet, Form, FormTable, Identity, Item, Phrase, Section, grid_width, names_of
from .form_checks import check_equations, check_keys, check_shares
from .form_patterns import PatternError, pattern_of
from .form_values import ValueReader
from .source import Node

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
