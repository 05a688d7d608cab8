"""A local form: a form that is known, with rows or remarks of its own."""

from __future__ import annotations

from dataclasses import replace

from .diagnostics import text
from .form import Form, FormTable, Item
from .form_checks import check_keys
from .form_parts import ITEM_KEYS, FormReader
from .source import MappingNode, Node, ScalarNode, SequenceNode


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
