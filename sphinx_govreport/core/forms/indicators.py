"""The indicators of a table, and the tree of names under which year files write their figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from .equations import Equation, Term
from .form import FormTable, HeaderPath, Item, Keys, chains, figure_columns, key_in, key_path, language_of

#: units of money, in the smallest of them
PER_UNIT = {"万元": Decimal("1E+4"), "元": Decimal(1)}  # a power of ten adds no decimals


class Indicator(NamedTuple):
    """The definition of a figure: its name and the values it may have."""

    path: str  #: key path, without the table
    label: str  #: Chinese, from the row to the column
    signed: bool
    decimal: bool
    unit: str  #: unit of the figure; with :attr:`units`, empty unless the figure states one
    units: tuple[str, ...]  #: units that may be stated
    parts: tuple[str, ...]  #: key paths of which it is the sum; empty if it is not a total
    is_column_total: bool = False  #: whether it is the total at the end of its row
    is_text: bool = False  #: whether it is a text instead of a figure
    english: str = ""  #: the label in English; empty if the form has none

    @property
    def head(self) -> str:
        """The innermost header of the label."""
        return self.label.rpartition("·")[2]

    @property
    def is_computed(self) -> bool:
        """Whether it can be omitted: it is computed from others, or a text."""
        return bool(self.parts or self.is_text)


@dataclass(frozen=True)
class Branch:
    """A level of the tree of names."""

    path: str  #: key path, without the table
    label: str
    children: dict[str, Branch | Indicator]  #: by canonical key, in statutory order
    names: dict[str, str]  #: every spelling of a child's name, with its canonical key
    chinese: dict[str, tuple[str, ...]]  #: candidates for the Chinese key of a child, by canonical key
    english: str = ""  #: the label in English; empty if the form has none

    @property
    def head(self) -> str:
        """The label, which is a single header."""
        return self.label

    @cached_property
    def figures(self) -> tuple[Indicator, ...]:
        """The children that are not branches."""
        return tuple(child for child in self.children.values() if isinstance(child, Indicator))

    @cached_property
    def numbers(self) -> tuple[Indicator, ...]:
        """The children that are neither branches nor texts."""
        return tuple(figure for figure in self.figures if not figure.is_text)

    @property
    def ends_with_total(self) -> bool:
        """Whether the last of its numbers is the total of the others, and may be left out of a list."""
        return any(figure.is_column_total for figure in self.numbers[-1:])

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """The canonical keys of the children that cannot be omitted."""
        return tuple(key for key, child in self.children.items() if not child.is_computed)

    @property
    def is_computed(self) -> bool:
        """Whether all figures below can be omitted."""
        return not self.needed

    def add(self, item: Item, child: Branch | Indicator) -> Branch | Indicator:
        """Return the child for an item; add ``child`` if there is none."""
        for name in (*item.names, *item.aliases):
            self.names.setdefault(name, item.key)
        self.names[item.key] = item.key
        self.chinese.setdefault(item.key, item.chinese)
        return self.children.setdefault(item.key, child)

    def key(self, child: str, keys: Keys) -> str:
        """Return how year files write the canonical key of a child in a language."""
        return key_in(keys, child, self.chinese[child], self.names)

    def keys(self, word: str) -> list[str]:
        """Return the keys of all children in the language of a ``word``."""
        return [self.key(child, language_of(word)) for child in self.children]

    def path_in(self, path: str, keys: Keys) -> str:
        """Return how year files write a key path below the branch in a language."""
        written = []
        part: Branch | Indicator = self
        for key in path.split("."):
            assert isinstance(part, Branch)
            written.append(part.key(key, keys))
            part = part.children[key]
        return ".".join(written)

    def indicators(self) -> Iterator[Indicator]:
        """Yield all figures below, in statutory order."""
        for child in self.children.values():
            yield from child.indicators() if isinstance(child, Branch) else (child,)


class IndicatorTree:
    """Builds the branches of a table and the equations of its totals."""

    def __init__(self, table: FormTable) -> None:
        self.table = table
        self.sums: list[Equation] = []
        self.root = Branch("", table.label, {}, {}, {}, table.english)
        for block in table.blocks:
            rows = list(chains(block.rows)) or [()]
            columns = figure_columns(block.columns)
            for row in rows:
                for column in columns:
                    self._plant(row, column, self._measure(row, column, rows, columns))

    def _plant(self, row: HeaderPath, column: HeaderPath, indicator: Indicator) -> None:
        *groups, leaf = (item for item in (*row, *column) if item.key)
        branch = self.root
        for item in groups:
            path = f"{branch.path}.{item.key}".strip(".")
            below = branch.add(item, Branch(path, item.names[-1], {}, {}, {}, item.english))
            assert isinstance(below, Branch)
            branch = below
        branch.add(leaf, indicator)

    def _measure(self, row: HeaderPath, column: HeaderPath, rows: list[HeaderPath], columns: list[HeaderPath]) -> Indicator:
        leaf = column[-1]
        lines = row[-1:]  # a table without row headers has none
        units = leaf.units or (() if leaf.unit or leaf.is_text else next((item.units for item in lines), ()))
        parts: list[str] = []
        for rule, parts in () if leaf.is_text else _sums(row, column, rows, columns):
            if parts:
                self.sums.append(Equation(rule, tuple(map(Term, parts)), (Term(key_path(row, column)),), is_total=True))
        own = leaf.unit or unit_of(self.table, row)
        return Indicator(
            path=key_path(row, column),
            label="·".join(item.names[-1] for item in (*row, *column) if item.key),
            signed=any(item.signed for item in (leaf, *lines)),
            decimal=any(item.decimal for item in (leaf, *lines)),
            unit="" if units or leaf.is_text else own,
            units=units,
            parts=tuple(parts),
            is_column_total=leaf.is_total,
            is_text=leaf.is_text,
            english="·".join(heads) if all(heads := [item.english for item in (*row, *column) if item.key]) else "",
        )


def _sums(
    row: HeaderPath, column: HeaderPath, rows: list[HeaderPath], columns: list[HeaderPath]
) -> Iterator[tuple[str, list[str]]]:
    """Yield the rule and the parts of each sum that a figure is the total of; groups of columns are no totals."""
    for item in row:
        if item.parts:
            yield item.rule, [_beside(part, row[:-1], column, is_column=False) for part in item.parts]
        elif item.is_total:
            yield item.rule, [key_path(other, column) for other in _siblings(row, rows)]
    leaf = column[-1]
    if leaf.parts:
        yield leaf.rule, [_beside(part, row, column[:-1], is_column=True) for part in leaf.parts]
    elif leaf.is_total:
        yield leaf.rule, [key_path(row, other) for other in _siblings(column, columns)]


def unit_of(table: FormTable, row: HeaderPath) -> str:
    """Return the unit of the figures of a row, if their columns have none."""
    return next((item.unit or "/".join(item.units) for item in row[-1:] if item.unit or item.units), table.unit)


def _siblings(total: HeaderPath, others: list[HeaderPath]) -> Iterator[HeaderPath]:
    """Return all other leaves of the total's group that have figures."""
    group = total[:-1]
    return (chain for chain in others if chain[: len(group)] == group and chain != total and not chain[-1].is_text)


def _beside(part: str, row: HeaderPath, column: HeaderPath, *, is_column: bool) -> str:
    """Return the key path of the figure called ``part`` in the group of a total."""
    keys = [key_path(row, column), part] if is_column else [key_path(row, ()), part, key_path((), column)]
    return ".".join(filter(None, keys))
