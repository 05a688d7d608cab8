"""The signature below a report: agency and date, as GB/T 9704-2012 (7.3.5) prescribes for documents without a seal."""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

from sphinx_govreport.core.diagnostics import Problem, text
from sphinx_govreport.core.reports.year_file import date_of

from .publication import PUBLISHED_FIELD

SIGNED_FIELD = "govreport-signed"  #: field of a page: whether, by whom and when its report is signed

_YES, _NO = ("", "null", "true", "是"), ("false", "否")
#: a date as pages write it
SIGNED_DAY = r"[0-9]{4}(?:-[0-9]{1,2}-[0-9]{1,2}|年[0-9]{1,2}月[0-9]{1,2}日)"
_BEGUN = re.compile(r"[0-9]{4}\s*[-/.年]|[0-9]+\s*[月日]")  # text that is intended as a date
_JOINT = "、"  # separates the agencies of a joint report


class Signature(NamedTuple):
    """A signature below a report."""

    names: tuple[str, ...]  #: of the agencies, each on a separate line
    date: datetime.date

    @property
    def day(self) -> str:
        """The date in digits, without leading zeros."""
        return f"{self.date.year}年{self.date.month}月{self.date.day}日"


def read_date(written: str) -> datetime.date | None:
    """Return the date written in one of the two formats; None if there is none."""
    return date_of("{:0>4}-{:0>2}-{:0>2}".format(*re.findall("[0-9]+", written))) if re.fullmatch(SIGNED_DAY, written) else None


def signature_of(written: str, agency: str, published: datetime.date | None) -> Signature | Problem | None:
    """Return the signature that a page's field requests; ``agency`` and ``published`` are the defaults."""
    written = " ".join(written.split())
    if written.lower() in _NO:
        return None
    name, date = "" if written.lower() in _YES else written, None
    if found := re.search(rf"{SIGNED_DAY}$", name):
        name, date = name[: found.start()].rstrip(" ，,"), read_date(found[0])
    if _BEGUN.search(name) or (found and not date):
        hint = text("Write for example “{field}: {example}”.", field=SIGNED_FIELD, example=f"{agency or '某市某局'} 2025-01-20")
        return Problem(text("“{written}” does not contain a valid date.", written=written), hint)
    names = tuple(filter(None, (part.strip() for part in (name or agency).split(_JOINT))))
    if not names:
        hint = text("Write the agency after “{field}:”.", field=SIGNED_FIELD)
        return Problem(text("The agency that signs the report is not known."), hint)
    day = date or published
    if not day:
        hint = text("Write it after “{field}:”, or write “{published}:”.", field=SIGNED_FIELD, published=PUBLISHED_FIELD)
        return Problem(text("The date of the signature is not known."), hint)
    return Signature(names, day)
