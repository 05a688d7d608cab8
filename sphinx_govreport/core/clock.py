"""What day it is: of the sources if the environment says so, as for every build that can be repeated, else of the computer."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping

EPOCH = "SOURCE_DATE_EPOCH"
_FIRST_YEAR = 2008  # of reports: an earlier moment, such as 0, was set to have any, and is no day on which they were written


def today(environment: Mapping[str, str] = os.environ) -> datetime.date | None:
    """The day of ``SOURCE_DATE_EPOCH`` in UTC, else that of the clock; None if the former cannot be the day of a report."""
    epoch = environment.get(EPOCH, "")
    if not epoch:
        return datetime.date.today()
    try:
        day = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date()
    except (ValueError, OverflowError, OSError):  # what asks for the moment itself says so
        return None
    return day if day.year >= _FIRST_YEAR else None


def last_year() -> int:
    """The year for which reports are due."""
    return (today() or datetime.date.today()).year - 1
