"""What must be so within a table of a form: keys that lead to one place each, and equations that fit its figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from .diagnostics import Text, text
from .equations import expand, terms_of
from .form import Block, FormTable, Item, chains, key_path
from .source import Node
from .structure import structure_of

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
    paths = structure_of(table).measures
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
    if requests is None or SHARES_OF in structure_of(requests).measures:
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
