"""The possible mutations, and a fair sample of them."""

from __future__ import annotations

import ast
import random
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cosmic_ray import plugins
from cosmic_ray.ast import Visitor, get_ast
from cosmic_ray.mutating import mutate_code

from tests.mutation import places

#: operators that need arguments, or change nothing that affects Python
_LEFT_OUT = ("core/VariableReplacer", "core/VariableInserter")
_FAILING = "core/ExceptionReplacer"


class Mutant(NamedTuple):
    """One mutation in one module."""

    path: str  #: of the module, from the root of the repository
    line: int  #: from 1
    operator: str
    occurrence: int  #: index of the operator's occurrence in the module, from 0

    def code(self) -> str:
        """Return the mutated module."""
        changed = mutate_code(Path(self.path).read_text("utf-8"), _operator(self.operator), self.occurrence)
        assert changed is not None
        return changed

    def is_possible(self) -> bool:
        """Return whether the operator can make it: one that replaces exceptions fails at ``except (module.Error, …)``."""
        try:
            self.code()
        except AttributeError:
            return False
        return True

    def shown(self) -> tuple[str, str]:
        """Return the changed lines, before and after."""
        before, after = Path(self.path).read_text("utf-8").splitlines(), self.code().splitlines()
        start = next(at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other)
        until = next(at for at, (one, other) in enumerate(zip(before[::-1], after[::-1], strict=False)) if one != other)
        return (
            " ".join(line.strip() for line in before[start : len(before) - until]),
            " ".join(line.strip() for line in after[start : max(len(after) - until, start)]),
        )


def sample(folder: str, count: int, seed: int) -> list[Mutant]:
    """Return ``count`` mutations in the modules below ``folder``, fewer if an operator fails at some.

    Positions are drawn first, then one of the mutations possible there: a position with twelve mutations has the same weight
    as one with a single mutation.
    """
    by_place: dict[tuple[str, object], list[Mutant]] = defaultdict(list)
    for path in sorted(Path(folder).rglob("*.py")):
        for place, mutant in _mutants(path):
            by_place[path.as_posix(), place].append(mutant)
    chance = random.Random(seed)  # noqa: S311
    chosen = chance.sample(sorted(by_place, key=repr), min(count, len(by_place)))
    drawn = (chance.choice(by_place[place]) for place in chosen)
    return [mutant for mutant in drawn if mutant.operator != _FAILING or mutant.is_possible()]


def _mutants(path: Path) -> Iterator[tuple[object, Mutant]]:
    source = path.read_text("utf-8")
    unseen = places.without_effect(ast.parse(source))
    tree = get_ast(source)
    for name in plugins.operator_names():
        if name in _LEFT_OUT:
            continue
        collector = _Collector(name)
        collector.walk(tree)
        for occurrence, (start, end) in enumerate(collector.found):
            if not any(first <= start and end <= last for first, last in unseen):
                yield (start, end), Mutant(path.as_posix(), start[0], name, occurrence)


class _Collector(Visitor):  # type: ignore[misc]
    """Collects the positions that an operator can change."""

    def __init__(self, name: str) -> None:
        self.operator = _operator(name)
        self.found: list[tuple[tuple[int, int], tuple[int, int]]] = []

    def visit(self, node: object) -> object:
        self.found.extend(self.operator.mutation_positions(node))
        return node


@cache
def _operator(name: str) -> object:
    return plugins.get_operator(name)()
