"""The measurements as Markdown: complete for the terminal, the goals for a page."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path

from tests.benchmarks.parts import Goal, Section

_MISSED = "**missed**"


def markdown(runs: list[Section], rounds: int) -> str:
    """Return a part's goals and figures. Several runs appear next to each other: ``1.02 / 1.03``."""
    goals = [_beside(*map(_goal, same)) for same in zip(*(run.goals for run in runs), strict=True)]
    rows = [_beside(*same) for same in zip_longest(*(run.rows for run in runs), fillvalue=())]
    parts = [_table(("goal", "limit", "measured", ""), goals)] if goals else []
    parts += [_table(runs[0].head, rows)] if rows else []
    when = runs[0].when or (f"Medians of {rounds} rounds" if rounds > 1 else "One round")
    return "\n\n".join((*parts, f"{when}, the generators in turn, on {machine()}."))


def _goal(goal: Goal) -> tuple[str, ...]:
    limit = "\u00a0".join(("≥" if goal.at_least else "≤", f"{goal.limit:g}", goal.unit))  # no line break within a limit
    return goal.what, limit, f"{goal.measured:.2f}", "reached" if goal.is_reached else _MISSED


def _beside(*rows: tuple[str, ...]) -> tuple[str, ...]:
    """Return rows of several runs, cell by cell; equal values appear once."""
    return tuple(" / ".join(dict.fromkeys(cells)) for cells in zip_longest(*rows, fillvalue="—"))


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def summary(parts: Mapping[str, list[Section]], found: Mapping[str, str], missing: Mapping[str, str], rounds: int) -> str:
    """Return all goals in one table, and a list of the tools below it."""
    rows = [_beside(*map(_goal, same)) for runs in parts.values() for same in zip(*(run.goals for run in runs), strict=True)]
    versions = ", ".join(f"{name} {version}" for name, version in found.items())
    absent = "".join(f" Missing: {peer} ({why})." for peer, why in missing.items())
    measured = f"Medians of {rounds} rounds, the generators in turn, on {machine()}; {versions}.{absent}"
    return f"{_table(('goal', 'to reach', 'measured', ''), rows)}\n\n{measured}"


def machine() -> str:
    """Return processor, number of cores and system."""
    described = Path("/proc/cpuinfo")
    text = described.read_text("utf-8") if described.exists() else ""
    model = re.search(r"^model name\s*: (.+)$", text, flags=re.MULTILINE)
    name = model[1] if model else platform.processor() or platform.machine()
    return f"{os.cpu_count()} cores of {name}, {platform.system()} {platform.release().partition('-')[0]}"


def write(page: Path, block: str, figures: str) -> None:
    """Write the goals between their markers, and all figures next to the page. Raises ``ValueError`` without markers."""
    text = page.read_text("utf-8")
    place = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- end of measured -->)", flags=re.DOTALL)
    if not place.search(text):
        raise ValueError(f"{page.name} has no place for what was measured")
    page.write_text(place.sub(lambda _match: f"\n{block}\n\n", text), "utf-8")
    page.with_suffix(".txt").write_text(f"{figures}\n", "utf-8")
