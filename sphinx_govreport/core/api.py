"""What other programs are given: to read year files, to check them, to print a table. See :mod:`sphinx_govreport.core`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path

from . import clock
from .cache import Cache
from .checks import Checked, check_library
from .checks.rules import level_of
from .form import table_named
from .library import Library, load_library
from .tables import Table, table_of


def load(*data: str | PathLike[str], root: str | PathLike[str] = ".", forms: Sequence[str | PathLike[str]] = ()) -> Library:
    """Read year files: files, folders and globs, relative to ``root``; ``forms`` are files of local forms.

    Nothing that is wrong with a file raises: it is among the library's ``diagnostics``.
    """
    return load_library(Path(root).absolute(), list(map(str, data)), list(map(str, forms)), Cache(None, ""))


def check(
    library: Library,
    *,
    levels: Mapping[str, str] | None = None,
    parts: Mapping[str, Sequence[str]] | None = None,
    today: datetime.date | None = None,
) -> dict[tuple[str, int], Checked]:
    """Check all reports of a library, by agency and year: each in itself, against the year before, and against its parts.

    ``levels`` are severities by rule, as ``govreport_severity`` has them; ``parts`` the agencies below an agency, by its name.
    A report for a year that is not over ``today`` is a finding; without it, ``SOURCE_DATE_EPOCH`` or the clock tells the day.
    Raises :class:`ValueError` for an unknown rule or level.
    """
    chosen = {rule: level_of(rule, level) for rule, level in (levels or {}).items()}
    day = today or clock.today()
    return check_library(library, chosen, parts or {}, this_year=day.year if day else None)


def table(library: Library, agency: str, year: int, name: str, *, caption: str = "", zero: str = "0") -> Table:
    """One table of one report, by its name or Chinese label. Raises :class:`KeyError` if there is none."""
    report = library.report(agency, year)
    canonical = table_named(name, library.forms.values())
    if report is None:
        raise KeyError((agency, year))
    if canonical is None:
        raise KeyError(name)
    return table_of(report, library.forms, canonical, caption=caption, zero=zero)
