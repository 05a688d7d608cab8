"""A form's table as an importer looks for it: chains of label keys for rows and columns, and the key path where they meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from ..core.form import FormTable, Item, names_of
from ..core.grid import GridBlock
from ..core.structure import structure_of
from .labels import key_of, misspelt, parts_of

Names = tuple[frozenset[str], ...]  # for each level of a chain, the keys of its label and aliases


class Match(NamedTuple):
    """Which leaf of an axis a label of a document is."""

    place: int | None  #: None: not known
    typo: str = ""  #: the key of the label that it is a slip of
    is_by_position: bool = False  #: whether its place alone tells


@dataclass(frozen=True, eq=False)
class Axis:
    """The rows or the columns of a block."""

    chains: tuple[Names, ...]  #: from the outermost head to the leaf

    @cached_property
    def leaves(self) -> frozenset[str]:
        """The keys of all leaves."""
        return frozenset().union(*(chain[-1] for chain in self.chains if chain))

    @cached_property
    def groups(self) -> frozenset[str]:
        """The keys of all groups."""
        return frozenset().union(*(names for chain in self.chains for names in chain[:-1]))

    @cached_property
    def _by_leaf(self) -> dict[str, tuple[int, ...]]:
        found: dict[str, tuple[int, ...]] = {}
        for number, chain in enumerate(self.chains):
            for key in chain[-1] if chain else ():
                found[key] = (*found.get(key, ()), number)
        return found

    def find(self, chain: Sequence[str]) -> int | None:
        """The place of the leaf that ``chain`` leads to; its groups decide where a leaf's label is not unique."""
        if not chain:
            return None
        candidates = self._by_leaf.get(chain[-1], ())
        if len(candidates) > 1:
            known = {key for key in chain[:-1] if key in self.groups}
            candidates = tuple(n for n in candidates if all(self._has_group(n, key) for key in known)) if known else ()
        return candidates[0] if len(candidates) == 1 else None

    def belongs(self, number: int, groups: Iterable[str]) -> bool:
        """Whether all groups of this axis among ``groups`` are groups of the leaf."""
        return all(self._has_group(number, key) for key in groups if key in self.groups)

    def complete(self, found: Sequence[tuple[str, int | None]]) -> list[Match]:
        """The places of leaves of which some are not found: slips are matched, then place alone tells.

        ``found`` has the key and the place of each, in the document's order. Order counts only if all places agree with it.
        """
        claimed = {place for _key, place in found}
        free = {key for number, chain in enumerate(self.chains) if number not in claimed and chain for key in chain[-1]}
        done: list[Match] = []
        for key, place in found:
            typo = misspelt(key, free) if place is None else None
            number = self.find((typo,)) if typo else place
            if typo and number is not None:
                free -= self.chains[number][-1]
                done.append(Match(number, typo))
            else:
                done.append(Match(place))
        if len(done) == len(self.chains) and all(_agrees(done, number) for number in range(len(done))):
            return [one if one.place == number else Match(number, is_by_position=True) for number, one in enumerate(done)]
        return done

    def children(self, groups: Sequence[str]) -> int:
        """How many heads stand below a group, which is named by its own and its outer groups' keys; 0 for no group."""
        level = len(groups)
        below = (
            chain for chain in self.chains
            if len(chain) > level and all(key in names for key, names in zip(groups, chain, strict=False))
        )  # fmt: skip
        return len({chain[level] for chain in below})

    def _has_group(self, number: int, key: str) -> bool:
        return any(key in names for names in self.chains[number][:-1])


def _agrees(found: Sequence[Match], number: int) -> bool:
    """Whether a leaf's label does not contradict its place: it is the right one, not known, or copied from its neighbour."""
    place = found[number].place
    if place in (None, number):
        return True
    is_free = all(one.place != number for one in found)
    return is_free and abs(place - number) == 1 and found[place].place == place


@dataclass(frozen=True, eq=False)
class ShapeBlock:
    """A block with column heads of its own."""

    columns: Axis
    first: int  #: the number of its first row within the table
    count: int  #: of its rows
    titles: frozenset[str]  #: keys of what is printed above and beside its heads


@dataclass(frozen=True, eq=False)
class Shape:
    """A table of a form."""

    form: str
    notice: str  #: that prescribes the form
    table: FormTable
    rows: Axis  #: of all blocks; a table without row heads has one row with an empty chain
    blocks: tuple[ShapeBlock, ...]
    paths: tuple[tuple[str, ...], ...]  #: by row: the key paths of its figures

    @property
    def has_row_heads(self) -> bool:
        """Whether rows are named at all."""
        return bool(self.rows.leaves)

    def block_of(self, row: int) -> ShapeBlock:
        """The block that a row is in."""
        return next(block for block in self.blocks if block.first <= row < block.first + block.count)

    @cached_property
    def heads(self) -> frozenset[str]:
        """The keys of column heads that no row is called by."""
        found = frozenset().union(*(block.columns.leaves | block.columns.groups for block in self.blocks))
        return found - self.rows.leaves - self.rows.groups

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """All keys that a printed table of this shape can have."""
        heads = (block.columns.leaves | block.columns.groups | block.titles for block in self.blocks)
        return frozenset().union(self.rows.leaves, self.rows.groups, *heads)

    @cached_property
    def printed(self) -> tuple[frozenset[str], ...]:
        """The labels that every table of this shape has, each as the keys that it may be written by."""
        leaves = (
            chain[-1] for axis in (self.rows, *(block.columns for block in self.blocks)) for chain in axis.chains if chain
        )
        return tuple(dict.fromkeys(leaves))


@cache
def shape_of(form: str, notice: str, table: FormTable) -> Shape:
    """Work out what to look for, once."""
    structure = structure_of(table)
    rows: list[Names] = []
    paths: list[tuple[str, ...]] = []
    blocks: list[ShapeBlock] = []
    for block, grid in zip(table.blocks, structure.blocks, strict=True):
        found = list(_chains(block.rows)) or [()]
        titles = frozenset(filter(None, (key_of(block.title), key_of(block.corner))))
        blocks.append(ShapeBlock(Axis(tuple(_chains(block.columns))), len(rows), len(found), titles))
        rows.extend(found)
        paths.extend(_paths(grid))
    return Shape(form, notice, table, Axis(tuple(rows)), tuple(blocks), tuple(paths))


def _paths(grid: GridBlock) -> Iterator[tuple[str, ...]]:
    return (tuple(cell.path for cell in line if cell.path) for line in grid.body)


def _chains(items: Iterable[Item], above: Names = ()) -> Iterator[Names]:
    for item in items:
        chain = (*above, _names(item))
        if item.items:
            yield from _chains(item.items, chain)
        else:
            yield chain


def _names(item: Item) -> frozenset[str]:
    """The keys by which a label is known. An alias that is part of another label's name is no label of a table."""
    written = (item.label, names_of(item.label)[-1], *item.aliases)
    return frozenset(key for name in written for key in parts_of(name)[-1:])
