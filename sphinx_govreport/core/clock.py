"""The current date: that of the sources if the environment sets it, as for reproducible builds, else that of the computer."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping

EPOCH = "SOURCE_DATE_EPOCH"
_FIRST_YEAR = 2008  # of reports: an earlier moment, such as 0, is a placeholder and not the date of any report


def today(environment: Mapping[str, str] = os.environ) -> datetime.date | None:
    """Return the date of ``SOURCE_DATE_EPOCH`` in UTC, else that of the clock; None if no report can have the former."""
    if not environment.get(EPOCH, ""):
        return datetime.date.today()
    moment = moment_of_sources(environment)
    return moment.date() if moment else None


def moment_of_sources(environment: Mapping[str, str] = os.environ) -> datetime.datetime | None:
    """Return the moment of ``SOURCE_DATE_EPOCH`` in UTC; None if it is not set, or if no report can have it."""
    try:
        moment = datetime.datetime.fromtimestamp(int(environment.get(EPOCH, "")), datetime.UTC)
    except (ValueError, OverflowError, OSError):  # callers that need it report it
        return None
    return moment if moment.year >= _FIRST_YEAR else None


def last_year() -> int:
    """Return the year for which reports are due."""
    return (today() or datetime.date.today()).year - 1
