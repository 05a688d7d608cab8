"""What day it is: of the sources if the environment says so, as for every build that can be repeated, else of the computer."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping

EPOCH = "SOURCE_DATE_EPOCH"
_FIRST_YEAR = 2008  # of reports: an earlier moment, such as 0, was set to have any, and is no day on which they were written


def today(environment: Mapping[str, str] = os.environ) -> datetime.date | None:
    """The day of ``SOURCE_DATE_EPOCH`` in UTC, else that of the clock; None if the former cannot be the day of a report."""
    if not environment.get(EPOCH, ""):
        return datetime.date.today()
    moment = moment_of_sources(environment)
    return moment.date() if moment else None


def moment_of_sources(environment: Mapping[str, str] = os.environ) -> datetime.datetime | None:
    """The moment of ``SOURCE_DATE_EPOCH`` in UTC; None if there is none, or if it cannot be that of a report."""
    try:
        moment = datetime.datetime.fromtimestamp(int(environment.get(EPOCH, "")), datetime.UTC)
    except (ValueError, OverflowError, OSError):  # what cannot do without says so
        return None
    return moment if moment.year >= _FIRST_YEAR else None


def last_year() -> int:
    """The year for which reports are due."""
    return (today() or datetime.date.today()).year - 1
