"""What was found as Markdown and as drawings, put between the markers of a page."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path

from sphinx_govreport.core.charts.layout import Chart, ChartPoint, ChartSeries, draw
from sphinx_govreport.core.charts.svg import svg
from tests.benchmarks.parts import Curve, Goal, Section

_MISSED = "**not reached**"


def markdown(runs: list[Section], rounds: int) -> str:
    """A part's goals and figures. Several runs stand beside each other: ``1.02 / 1.03``."""
    goals = [_beside(*map(_goal, same)) for same in zip(*(run.goals for run in runs), strict=True)]
    rows = [_beside(*same) for same in zip_longest(*(run.rows for run in runs), fillvalue=())]
    parts = [_table(("goal", "to reach", "measured", ""), goals)] if goals else []
    parts += [_table(runs[0].head, rows)] if rows else []
    parts += [f"```{{raw}} html\n:file: {curve.name}.svg\n```" for curve in runs[0].curves]
    when = runs[0].when or (f"Medians of {rounds} rounds" if rounds > 1 else "One round")
    return "\n\n".join((*parts, f"{when}, the ways in turn, on {machine()}."))


def _goal(goal: Goal) -> tuple[str, ...]:
    sign = "≥" if goal.at_least else "≤"
    return goal.what, f"{sign} {goal.limit:g} {goal.unit}", f"{goal.measured:.2f}", "reached" if goal.is_reached else _MISSED


def _beside(*rows: tuple[str, ...]) -> tuple[str, ...]:
    """Rows of the same things, cell by cell; what is the same stands there once."""
    return tuple(" / ".join(dict.fromkeys(cells)) for cells in zip_longest(*rows, fillvalue="—"))


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def versions(found: Mapping[str, str], missing: Mapping[str, str]) -> str:
    """What was measured."""
    rows = [(name, version) for name, version in found.items()]
    return _table(("", "version"), rows + [(peer, f"missing: {why}") for peer, why in missing.items()])


def machine() -> str:
    """Processor, cores and system."""
    described = Path("/proc/cpuinfo")
    text = described.read_text("utf-8") if described.exists() else ""
    model = re.search(r"^model name\s*: (.+)$", text, flags=re.MULTILINE)
    name = model[1] if model else platform.processor() or platform.machine()
    return f"{os.cpu_count()} cores of {name}, {platform.system()} {platform.release().partition('-')[0]}"


def write(page: Path, blocks: Mapping[str, str], curves: tuple[Curve, ...]) -> None:
    """Put each block between its markers, and the drawings beside the page. Raises ``ValueError`` if the page has no such place."""
    text = page.read_text("utf-8")
    for name, block in blocks.items():
        place = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- end of {name} -->)", flags=re.DOTALL)
        if not place.search(text):
            raise ValueError(f"{page.name} has no place for {name}")
        text = place.sub(lambda _match, block=block: f"\n{block}\n\n", text)
    page.write_text(text, "utf-8")
    for curve in curves:
        page.with_name(f"{curve.name}.svg").write_text(drawing(curve), "utf-8")


def drawing(curve: Curve) -> str:
    """A curve as SVG; a screen reader says its figures."""
    series = tuple(
        ChartSeries(
            name,
            tuple(
                ChartPoint(size, Decimal(f"{value:.2f}"), f"{value:.0f}") for size, value in zip(curve.sizes, line, strict=True)
            ),
        )
        for name, line in curve.lines.items()
    )
    chart = Chart("line", series, tuple(f"{size:,}" for size in curve.sizes), f"{curve.title}: {curve.unit}, by pages", "")
    said = "; ".join(
        f"{one.label}: " + ", ".join(f"{point.shown} for {point.year:,} pages" for point in one.points) for one in series
    )
    return svg(draw(chart), curve.name, curve.title, f"{curve.unit}. {said}.")
