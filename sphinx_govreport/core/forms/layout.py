"""The layout of a form's table: the grid of cells for printing, and the tree of names for year files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from .equations import Equation, Ratio, expand, ratio_of
from .form import TABLES, FormTable, filled
from .grid import Cell, GridBlock, blocks_of, colgroups_of
from .indicators import Branch, Indicator, IndicatorTree


@dataclass(frozen=True, eq=False, slots=True)  # eq=False: it is a key of caches, by identity
class TableLayout:
    """The layout of a form's table."""

    name: str  #: of the table
    label: str  #: the statutory title
    widths: tuple[int, ...]
    blocks: tuple[GridBlock, ...]
    colgroups: tuple[int, ...]  #: widths of the outermost groups of grid columns, row headers first
    root: Branch
    indicators: dict[str, Indicator]  #: by key path, in statutory order
    equations: tuple[Equation, ...]  #: conditions between the figures: totals, then the form's own checks
    rates: dict[str, Ratio]  #: the sums of the form's rates, by their keys
    has_units: bool  #: whether figures may state their units, as in few tables

    @property
    def summary(self) -> tuple[str, ...]:
        """The key paths of the figures that are totals of rows; all figures, without texts, if rows have no total."""
        totals = tuple(path for path, indicator in self.indicators.items() if indicator.is_column_total)
        return totals or tuple(path for path, indicator in self.indicators.items() if not indicator.is_text)

    @property
    def lines(self) -> tuple[tuple[Cell, ...], ...]:
        """All rows of the grid, of all blocks."""
        return tuple(line for block in self.blocks for line in (*block.head, *block.body))

    @property
    def width(self) -> int:
        """Number of grid columns."""
        return len(self.widths)


def layout_of(table: FormTable, year: int = 0, names: tuple[str, ...] | None = None) -> TableLayout:
    """Return the layout of ``table`` in reports for ``year``, with rows for ``names``: see :func:`.form.filled`."""
    return _layout(filled(table, year, names))


@lru_cache(maxsize=TABLES)
def _layout(table: FormTable) -> TableLayout:
    tree = IndicatorTree(table)
    indicators = {indicator.path: indicator for indicator in tree.root.indicators()}
    numbers = [path for path, indicator in indicators.items() if not indicator.is_text]
    return TableLayout(
        name=table.name,
        label=table.label,
        widths=table.widths,
        blocks=blocks_of(table),
        colgroups=colgroups_of(table),
        root=tree.root,
        indicators=indicators,
        equations=(
            *tree.sums,
            *(
                replace(one, title=own.title, source=own.source, is_explainable=own.is_explainable)
                for own in table.identities
                for one in expand(own.rule, own.equation, numbers)
            ),
        ),
        rates={rate.key: ratio for rate in table.rates if (ratio := ratio_of(rate.formula, numbers))},
        has_units=any(indicator.units for indicator in indicators.values()),
    )
