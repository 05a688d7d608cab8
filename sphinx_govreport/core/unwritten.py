"""Figures that are not written, and totals that are computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .figures import Figure, Status, Written, exact_sum, figure_of, in_digits
from .measures import Branch, Measure
from .source import Node
from .structure import Structure


def nothing(node: Node) -> Figure:
    """Stands where no figure could be read; a diagnostic has said why."""
    return Figure(Status.INVALID, None, "", node.line, node.column)


def nothings(part: Branch | Measure, node: Node) -> Iterator[tuple[str, Figure]]:
    """:func:`nothing` for each figure of the part, by key path."""
    for measure in part.measures() if isinstance(part, Branch) else (part,):
        yield measure.path, nothing(node)


def is_computed(part: Branch | Measure) -> bool:
    """Whether all figures of the part can be computed from others."""
    measures = part.measures() if isinstance(part, Branch) else iter((part,))
    return all(measure.parts for measure in measures)


def with_totals(structure: Structure, figures: Mapping[str, Written], node: Node) -> Mapping[str, Written]:
    """All figures; totals that were left out are computed."""
    if len(figures) == len(structure.measures):
        return figures
    known: dict[str, Written] = {}
    for path, measure in structure.measures.items():
        known[path] = figures.get(path) or _sum([figure_of(known[part]) for part in measure.parts], node)
    return known


def _sum(parts: Sequence[Figure], node: Node) -> Figure:
    """The total of what applies: unknown if a part is, not applicable if no part applies."""
    line, column = (parts[-1].line, parts[-1].column) if parts else (node.line, node.column)
    if not parts or not all(part.status.is_known for part in parts):
        return Figure(Status.UNKNOWN, None, "", line, column, is_stated=False)
    values = [part.value for part in parts if part.value is not None]
    if not values:
        return Figure(Status.NOT_APPLICABLE, None, parts[0].text, line, column, is_stated=False)
    total = exact_sum(values)
    return Figure(Status.NUMBER, total, in_digits(total), line, column, is_stated=False)
