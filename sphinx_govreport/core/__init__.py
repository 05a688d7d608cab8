"""The core: year file → source → report → findings → table → output, without Sphinx and docutils.

What is named in ``__all__`` is the public interface; see ``docs/reference/api.md``. Everything else may change at any time.
A name is imported when it is first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..exporters import export
    from .api import check, load, table
    from .checks import Checked
    from .checks.values import Outcome, Verdict
    from .diagnostics import Diagnostic, Pos, Rule, Severity, translator
    from .figures import Figure, Status
    from .grid import Cell
    from .library import Library
    from .model import Report
    from .structure import Structure
    from .tables import Table

__all__ = [
    "Cell", "Checked", "Diagnostic", "Figure", "Library", "Outcome", "Pos", "Report", "Rule", "Severity", "Status", "Structure",
    "Table", "Verdict", "check", "export", "load", "table", "translator",
]  # fmt: skip

#: where each name comes from. ``export`` belongs to the layer behind the core: this module is the door, no part of the house
_HOMES = {
    "..exporters": ("export",),
    ".api": ("check", "load", "table"),
    ".checks": ("Checked",),
    ".checks.values": ("Outcome", "Verdict"),
    ".diagnostics": ("Diagnostic", "Pos", "Rule", "Severity", "translator"),
    ".figures": ("Figure", "Status"),
    ".grid": ("Cell",),
    ".library": ("Library",),
    ".model": ("Report",),
    ".structure": ("Structure",),
    ".tables": ("Table",),
}


def __getattr__(name: str) -> object:
    """Import a public name when it is asked for."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home, __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
