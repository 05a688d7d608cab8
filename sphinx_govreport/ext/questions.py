"""What pages ask of the library, and what the answers are known by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..core.checks import Checked
from ..core.diagnostics import Text, text
from ..core.library import Library
from ..core.model import Report


class Question(NamedTuple):
    """What a page asks of the library: it is read again when the answer changes."""

    agency: str  #: empty: the only one
    year: int  #: 0 where all years are meant
    about: str  #: ``report``: all of it; ``forms``: which there are; ``years``: those of the agency's reports


class Answer(NamedTuple):
    """The report that a page asked for, or why there is none."""

    report: Report | None
    problem: Text | None = None
    hint: Text | None = None


def whose(library: Library, agency: str) -> str:
    """The agency that is meant: the only one where none is named."""
    agencies = library.agencies
    return agency or (agencies[0] if len(agencies) == 1 else "")


def answer(library: Library, agency: str, year: int) -> Answer:
    """The report that is asked for; ``agency`` is empty where it is not known which of several is meant."""
    report = library.report(agency, year)
    if report:
        return Answer(report)
    agencies = "、".join(library.agencies)
    if not agency and agencies:
        return Answer(None, text("Whose report for {year}?", year=year), text("Name one of: {names}.", names=agencies))
    years = "、".join(map(str, library.years(agency)))
    problem = (
        text("There is no report of {agency} for {year}.", agency=agency, year=year)
        if agency
        else text("There is no report for {year}.", year=year)
    )
    if years:
        hint = text("There are reports for: {years}.", years=years)
    elif agencies:
        hint = text("There are reports of: {names}.", names=agencies)
    else:
        hint = text("No year file could be read; look at govreport_data and at the messages above.")
    return Answer(None, problem, hint)


def known_by(question: Question, library: Library, checked: Mapping[tuple[str, int], Checked]) -> str:
    """What the answer to a question is known by."""
    agency, year = whose(library, question.agency), question.year
    if question.about == "years":
        return f"{agency}:{library.years(agency)}"
    report = library.digest(agency, year)
    if question.about == "forms":
        return f"{agency}:{report.partition('-')[2]}"
    checks = checked.get((agency, year))
    return f"{agency}:{report}:{checks.digest if checks else ''}"
