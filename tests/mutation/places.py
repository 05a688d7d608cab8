"""Places of a module where a slip could have no effect: annotations, which nobody evaluates."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

Range: TypeAlias = tuple[tuple[int, int], tuple[int, int]]


def without_effect(tree: ast.Module) -> list[Range]:
    """Where annotations and aliases of types stand: lines from 1, columns from 0."""
    return [_range(node) for node in _annotations(tree)]


def _annotations(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            yield node.annotation
        if isinstance(node, ast.AnnAssign) and isinstance(node.annotation, ast.Name) and node.annotation.id == "TypeAlias":
            yield from (node.value,) if node.value else ()
        if isinstance(node, ast.FunctionDef) and node.returns:
            yield node.returns


def _range(node: ast.expr) -> Range:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
