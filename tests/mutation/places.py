"""Positions in a module where a mutation could have no visible effect.

Annotations, which are not evaluated; imports for type checkers; and guards against our own mistakes: ``frozen`` and ``slots``
of a dataclass, ``strict`` of ``zip``, caches that only save time.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

Range: TypeAlias = tuple[tuple[int, int], tuple[int, int]]

_GUARDS = ("frozen", "slots", "eq", "repr", "strict")
_CACHES = ("cache", "lru_cache")


def without_effect(tree: ast.Module) -> list[Range]:
    """Return such positions: lines from 1, columns from 0."""
    return [*map(_range, (*_annotations(tree), *_guards(tree))), *_caches(tree)]


def _annotations(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            yield node.annotation
        if isinstance(node, ast.AnnAssign) and isinstance(node.annotation, ast.Name) and node.annotation.id == "TypeAlias":
            yield from (node.value,) if node.value else ()
        if isinstance(node, ast.FunctionDef) and node.returns:
            yield node.returns


def _guards(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            yield node.test
        if isinstance(node, ast.Call):
            yield from (keyword.value for keyword in node.keywords if keyword.arg in _GUARDS)


def _caches(tree: ast.Module) -> Iterator[Range]:
    """Yield ranges from the ``@`` to the end of its line."""
    for node in ast.walk(tree):
        for one in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            if _name(one) in _CACHES:
                yield (one.lineno, 0), (one.lineno + 1, 0)


def _name(decorator: ast.expr) -> str:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return function.id if isinstance(function, ast.Name) else ""


def _range(node: ast.expr) -> Range:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
