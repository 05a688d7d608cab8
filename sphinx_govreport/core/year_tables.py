"""The tables of a year file: the figures as they are written, by key, in a list, or as one 0 for all."""

from __future__ import annotations

import re
from collections.abc import Set
from itertools import pairwise

from .diagnostics import Diagnostic, Rule, Severity, text
from .figures import Figure, Status, Written, is_count, is_zero, parse
from .form import Form
from .measures import Branch, Measure
from .packed import Figures
from .source import MappingNode, Node, ScalarNode, SequenceNode, duplicate_key
from .structure import structure_of
from .unwritten import is_computed, nothing, nothings, with_totals
from .year_fields import BAD_VALUE, FieldReader, shape_hint, spellings

BAD_NUMBER = Rule("bad-number")
BAD_UNIT = Rule("bad-unit")
MISSING_UNIT = Rule("missing-unit", Severity.WARNING)
MISSING_FIGURE = Rule("missing-figure")
ROW_LENGTH = Rule("row-length")

#: what may be said of one figure, with its Chinese name
FIGURE_KEYS = {"value": "数值", "note": "备注", "unit": "单位"}


#: two numbers in the place of one: what stands between them is no comma that YAML knows
_RUN_TOGETHER = re.compile(r"\d+(?:(?:\s*[，、；;。]\s*|\s+)\d+)+")
_BEFORE_GROUP = re.compile("[1-9][0-9]{0,2}")
_THOUSANDS = re.compile(r"\d{1,3}(?:，\d{3})+")


class TableReader(FieldReader):
    """Reads tables of one year file."""

    misspelt: Set[str] = frozenset()  #: keys at the top of the file that are missing, because another was written: that is said

    def table(self, name: str, form: Form, node: Node | None, root: Node) -> Figures:
        structure = structure_of(form.table(name))
        if node is None and name in self.misspelt:
            return self.unread(form, name, root)
        if node is None or _is_blank(node):
            message = text("The table {name} ({label}) is missing.", name=name, label=structure.label)
            hint = text("If all its figures are 0, write “{name}: 0”.", name=name)
            self.add(MISSING_FIGURE, node or root, message, hint)
            return self.unread(form, name, node or root)
        written: dict[str, Written] = {}
        self.branch(structure.root, node, name, written)
        return Figures.of(with_totals(structure, written, node), structure)

    def unread(self, form: Form, name: str, node: Node) -> Figures:
        """A table of which no figure could be read."""
        structure = structure_of(form.table(name))
        return Figures.of(dict.fromkeys(structure.measures, nothing(node)), structure)

    def branch(self, branch: Branch, node: Node, name: str, into: dict[str, Written]) -> None:
        """Read the figures below a branch, however it is written: keys, a list, or one 0 for all."""
        if isinstance(node, MappingNode):
            self.mapping(branch, node, name, into)
        elif isinstance(node, SequenceNode):
            self.row(branch, node, name, into)
        elif is_zero(node.text):
            into.update(dict.fromkeys((measure.path for measure in branch.measures()), node))
        else:
            self.not_a_branch(branch, node, name)
            into.update(nothings(branch, node))

    def not_a_branch(self, branch: Branch, node: ScalarNode, name: str) -> None:
        if _is_blank(node):
            message = text("{name} ({label}) has no figures.", name=name, label=branch.label)
            is_row = len(branch.figures) == len(branch.children)
            hint = (
                text("Write [ ] with the figures in this order: {order}. If they are all 0, write 0.", order=_order(branch))
                if is_row
                else text("If they are all 0, write 0.")
            )
            self.add(MISSING_FIGURE, node, message, hint)
            return
        message = text(
            "“{written}” cannot stand for all of {name} ({label}).", written=node.text, name=name, label=branch.label
        )
        hint = shape_hint(node) or text("Only 0 can stand for all figures of a branch; otherwise write them one by one.")
        self.add(BAD_VALUE, node, message, hint)

    def mapping(self, branch: Branch, node: MappingNode, name: str, into: dict[str, Written]) -> None:
        unknown: list[ScalarNode] = []
        seen: dict[str, ScalarNode] = {}
        first = len(self.diagnostics)
        for key, value in node.entries:
            child = self.name_of(key, branch.names)
            if child is None:
                unknown.append(key)
            elif child in seen:
                self.diagnostics.append(duplicate_key(self.source.path, key, seen[child]))
            else:
                seen[child] = key
                below = branch.children[child]
                if isinstance(below, Branch):
                    self.branch(below, value, f"{name}.{child}", into)
                else:
                    into[below.path] = self.figure(below, value)
        if unknown and len(entries := _rejoined(node)) < len(node.entries):
            del self.diagnostics[first:]
            self.mapping(branch, node._replace(entries=entries), name, into)
            return
        missing = [child for child in branch.children if child not in seen]
        lost = [child for child in missing if not is_computed(branch.children[child])]
        if unexplained := self.unknown(unknown, branch.names, lost):
            self.missing(branch, node, name, unexplained)
        for child in lost:
            into.update(nothings(branch.children[child], node))

    def missing(self, branch: Branch, node: Node, name: str, missing: list[str]) -> None:
        listed = "、".join(f"{child}（{branch.children[child].head}）" for child in missing)
        message = text("{name} lacks {missing}.", name=name, missing=listed)
        self.add(MISSING_FIGURE, node, message, text("Write each figure, also 0."))

    def row(self, branch: Branch, node: SequenceNode, name: str, into: dict[str, Written]) -> None:
        """Read a list in statutory order, with or without the total at its end."""
        measures = branch.figures
        if len(measures) < len(branch.children):
            message = text("{name} ({label}) cannot be a list: it has branches.", name=name, label=branch.label)
            hint = text("Write its keys: {names}.", names="、".join(branch.children))
            self.add(BAD_VALUE, node, message, hint)
            into.update(nothings(branch, node))
            return
        plain = measures[:-1] if measures[-1].is_column_total else measures
        lengths = (len(measures), len(plain))
        first = len(self.diagnostics)
        if len(node.items) in lengths:
            for measure, item in zip(measures, node.items, strict=False):
                into[measure.path] = self.figure(measure, item)
            if len(self.diagnostics) == first:  # as most are
                return
        if problem := self.keys_in_list(branch, node, name) or self.run_together(branch, node, lengths):
            self.diagnostics[first:] = [problem]
        elif len(node.items) in lengths:
            return
        else:
            self.row_length(branch, node, name, len(plain), len(measures))
        into.update(nothings(branch, node))

    def keys_in_list(self, branch: Branch, node: SequenceNode, name: str) -> Diagnostic | None:
        """What is said of a list of keys with their values; None if it is another list."""
        keys = {key.text for item in node.items if isinstance(item, MappingNode) for key, _value in item.entries}
        if keys.isdisjoint(branch.names):
            return None
        message = text("{name} ({label}) cannot be a list of keys.", name=name, label=branch.label)
        hint = text("Write the keys without “-” or “[ ]”, or in braces “{{key: 1, key: 2}}”.")
        return Diagnostic(BAD_VALUE, self.source.pos(node), message, hint)

    def run_together(self, branch: Branch, node: SequenceNode, lengths: tuple[int, int]) -> Diagnostic | None:
        """What is said of the first item that is several numbers, if commas would make the list as long as it should be.

        Which of the other numbers belongs where is not known then.
        """
        texts = [item.text.strip() if isinstance(item, ScalarNode) else "" for item in node.items]
        found = [(item, written) for item, written in zip(node.items, texts, strict=True) if _RUN_TOGETHER.fullmatch(written)]
        numbers = [re.findall(r"\d+", written) for _item, written in found]
        if not found or len(node.items) + sum(map(len, numbers)) - len(found) not in lengths:
            return None
        if len(node.items) in lengths and all(_THOUSANDS.fullmatch(written) for _item, written in found):
            return None  # a list that is long enough has separators of thousands, if they can be some
        message = text("{label}: “{written}” is more than one number.", label=branch.label, written=found[0][1])
        hint = text("Between two numbers a half-width comma is missing: {numbers}.", numbers=", ".join(numbers[0]))
        return Diagnostic(BAD_NUMBER, self.source.pos(found[0][0]), message, hint)

    def row_length(self, branch: Branch, node: Node, name: str, plain: int, whole: int) -> None:
        assert isinstance(node, SequenceNode)
        message = text("{name} ({label}) has {count} figures.", name=name, label=branch.label, count=len(node.items))
        order = _order(branch)
        hint = (
            text("Write {plain}, or {whole} with the total, in this order: {order}.", plain=plain, whole=whole, order=order)
            if plain != whole
            else text("Write {plain}, in this order: {order}.", plain=plain, order=order)
        )
        texts = [item.text if isinstance(item, ScalarNode) else "" for item in node.items]
        groups = sum(_BEFORE_GROUP.fullmatch(one) is not None and len(two) == 3 for one, two in pairwise(texts))
        if any(len(texts) - count in (plain, whole) for count in range(1, groups + 1)):
            hint = text("Write numbers without separators of thousands: 3440, not 3,440.")
        self.add(ROW_LENGTH, node, message, hint)

    # one figure

    def figure(self, measure: Measure, node: Node) -> Written:
        if isinstance(node, ScalarNode):
            is_plain = is_count(node.text) and (not measure.units or is_zero(node.text))
            return node if is_plain else self.scalar(measure, node)
        if isinstance(node, MappingNode):
            return self.noted(measure, node)
        message = text("{label}: a list stands where one number belongs.", label=measure.label)
        self.add(BAD_VALUE, node, message, text("Write one number."))
        return nothing(node)

    def scalar(self, measure: Measure, node: ScalarNode, unit: str = "", note: str = "") -> Figure:
        written = node.text.strip()
        status, value, problem = parse(written, measure)
        if problem:
            self.add(BAD_NUMBER, node, *problem)
        elif value and measure.units and not unit:
            message = text("{label}: the amount has no unit.", label=measure.label)
            units = "、".join(measure.units)
            hint = text("Write {{value: {number}, unit: …}} with one of: {units}.", number=written, units=units)
            self.add(MISSING_UNIT, node, message, hint)
        shown = "" if status is Status.BLANK else written
        return Figure(status, value, shown, node.line, node.column, unit, note)

    def noted(self, measure: Measure, node: MappingNode) -> Figure:
        """A figure with a note or a unit."""
        names = spellings(FIGURE_KEYS)
        fields, missing = self.fields(node, names, ("value",))
        value = fields.get("value")
        if not isinstance(value, ScalarNode) and (value or missing):
            message = text("{label}: “value” is missing.", label=measure.label)
            self.add(MISSING_FIGURE, node, message, text("Write {{value: 22, note: …}}."))
        note = self.string(fields.get("note"))
        unit = self.string(fields.get("unit"))
        if unit and unit not in (measure.units or (measure.unit,)):
            allowed = "、".join(measure.units or (measure.unit,))
            message = text("{label}: the unit “{unit}” does not belong here.", label=measure.label, unit=unit)
            self.add(BAD_UNIT, fields["unit"], message, text("The unit is: {units}.", units=allowed))
        printed = unit if measure.units else ""  # elsewhere the head of the column says it
        return self.scalar(measure, value, printed, note) if isinstance(value, ScalarNode) else nothing(node)


def _is_blank(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.text.strip() in ("", "~", "null")


def _rejoined(node: MappingNode) -> tuple[tuple[ScalarNode, Node], ...]:
    """Keys and values. ``{decisions: 1,573,179}`` is three keys for YAML: the number is put together again, to be reported."""
    entries: list[tuple[ScalarNode, Node]] = []
    for key, value in node.entries:
        before = entries[-1][1] if entries else None
        if _is_rest(key, value) and isinstance(before, ScalarNode) and before.plain:
            entries[-1] = entries[-1][0], before._replace(text=f"{before.text},{key.text}")
        else:
            entries.append((key, value))
    return tuple(entries)


def _is_rest(key: ScalarNode, value: Node) -> bool:
    return (
        key.plain and re.fullmatch(r"\d+(?:\.\d+)?", key.text) is not None and isinstance(value, ScalarNode) and not value.text
    )


def _order(branch: Branch) -> str:
    return "、".join(child.head for child in branch.children.values())
