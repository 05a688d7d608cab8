"""Replaces English keys in parts of year files by Chinese ones, for examples; the meaning stays the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from textwrap import dedent
from typing import NamedTuple, TypeAlias

from sphinx_govreport.core.checks.registry import check_rules
from sphinx_govreport.core.forms.form import Form, table_key
from sphinx_govreport.core.forms.indicators import Branch, Indicator
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.reports.keys import CORRECTION_KEYS, DEFAULT_KEY, FIGURE_KEYS, TOP_KEYS
from sphinx_govreport.core.yaml.source import DUPLICATE_KEY, MappingNode, Node, ScalarNode, SequenceNode, read_source


class _Key(NamedTuple):
    """The keys allowed below a key, and its Chinese name."""

    chinese: str
    below: _Keys


_Keys: TypeAlias = Mapping[str, "_Key"]


def with_chinese_keys(written: str, forms: Mapping[str, Form]) -> str:
    """Return a year file or a part of one with Chinese keys; unknown keys stay as they are."""
    plain = dedent(written)
    source = read_source("", plain.encode())
    root = source.root or source.draft
    if root is None:
        return written
    known = (
        keys for keys in _contexts(forms) if isinstance(root, MappingNode) and all(key.text in keys for key, _ in root.entries)
    )
    edits = (list(_edits(root, keys)) for keys in known)
    best = max(edits, key=lambda edits: len(edits) - 2 * edits.count(None), default=[])
    lines = written.split("\n")
    margin = len(lines[0]) - len(plain.split("\n", 1)[0])
    for key, chinese in sorted(filter(None, best), key=lambda edit: (edit[0].line, -edit[0].column)):
        line, at = lines[key.line - 1], key.column - 1 + margin
        if line.startswith(key.text, at):
            lines[key.line - 1] = f"{line[:at]}{chinese}{line[at + len(key.text) :]}"
    if any(found.rule == DUPLICATE_KEY for found in source.diagnostics):  # the second is not in the tree
        doubled = {key.text: chinese for key, chinese in filter(None, best)}
        lines = [re.sub(r"^(\s*)([\w-]+)(?=:)", lambda key: key[1] + doubled.get(key[2], key[2]), line) for line in lines]
    return "\n".join(lines)


def _contexts(forms: Mapping[str, Form]) -> Iterator[_Keys]:
    """Yield the possible keys of a part: those of a whole file first, then those below them."""
    newest = sorted(forms.values(), key=lambda form: form.name, reverse=True)
    files = [*map(_top, newest)]
    yield from files
    for form, keys in zip(newest, files, strict=True):
        yield from _within({name: keys[name] for name in (*form.table_names, "corrections")})


def _top(form: Form) -> dict[str, _Key]:
    tables = {table.name: _Key(table_key(table.name, [form], "zh"), _of_branch(layout_of(table).root)) for table in form.tables}
    names = {name: _Key(key.chinese, {}) for name, key in tables.items()}
    below: dict[str, _Keys] = {
        "form": _plain(DEFAULT_KEY) | names,
        "notes": names,
        "explanations": {rule.name: _Key(rule.chinese, {}) for rule in check_rules().values() if rule.chinese},
        "corrections": _plain(CORRECTION_KEYS),
    }
    return {key: _Key(chinese, below.get(key, {})) for key, chinese in TOP_KEYS.items()} | tables


def _plain(names: Mapping[str, str]) -> dict[str, _Key]:
    return {key: _Key(chinese, _FIGURE) for key, chinese in names.items()}


_FIGURE: _Keys = {key: _Key(chinese, {}) for key, chinese in FIGURE_KEYS.items()}


def _of_branch(part: Branch | Indicator) -> _Keys:
    if isinstance(part, Indicator):
        return _FIGURE
    return {key: _Key(part.key(key, "zh"), _of_branch(child)) for key, child in part.children.items()}


def _within(keys: _Keys) -> Iterator[_Keys]:
    for key in keys.values():
        if key.below:
            yield key.below
            yield from _within(key.below)


def _edits(node: Node, keys: _Keys) -> Iterator[tuple[ScalarNode, str] | None]:
    """Yield the keys to be written in Chinese; None for an unknown one."""
    if isinstance(node, MappingNode):
        for key, value in node.entries:
            known = keys.get(key.text)
            yield (key, known.chinese) if known else None
            yield from _edits(value, known.below if known else {})
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from _edits(item, keys)
