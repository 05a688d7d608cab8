"""Year files of any number of agencies, generated from one published report so that everything adds up.

An agency's figures are the published ones times a factor, so that all sums hold and neighbours differ. Figures carried over
and in force are kept equal, so that every year is consistent with the previous one: the checks find nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

ORIGINAL = Path(__file__).parents[2] / "example_site" / "data" / "suqian-2024.yaml"
AGENCIES_OF_A_CITY = 100

#: rows of the original, and their replacements
_LEVEL = {
    "{issued: 2, repealed: 1,": "{issued: 2, repealed: 2,",
    "{issued: 50, repealed: 227,": "{issued: 50, repealed: 50,",
    "received: [3440, 75, 0, 1, 6, 3, 3525]": "received: [3440, 73, 0, 1, 5, 2, 3521]",
    "carried-out: [118, 5, 0, 0, 1, 1, 125]": "carried-out: [118, 3, 0, 0, 0, 0, 121]",
}
_FIGURES = re.compile(r"(?<=[\[ ])\d+(?:\.\d+)?(?=[],}]|  #)")


def year_file(agency: int, year: int) -> str:
    """Return the year file of the agency with this number, from 0."""
    head, body = _original()
    factor = factor_of(agency)
    scaled = _FIGURES.sub(lambda match: _times(match[0], factor), body)
    named = head.replace("agency: 宿迁市", f"agency: {name_of(agency)}").replace("year: 2024", f"year: {year}")
    return f"{named}\n\n{scaled}"


@cache
def _original() -> tuple[str, str]:
    """Return the beginning of the original and its tables."""
    text = ORIGINAL.read_text("utf-8")
    for written, level in _LEVEL.items():
        assert written in text
        text = text.replace(written, level)
    head, _, body = text.partition("\n\n")
    return head, body


def factor_of(agency: int) -> int:
    """Return the factor for an agency: small enough that the sum of 10,000 agencies is a valid figure."""
    return 1 + agency % 97


def name_of(agency: int) -> str:
    """Return the name of an agency."""
    return f"第{agency // AGENCIES_OF_A_CITY}市第{agency}局"


def write(folder: Path, agencies: int, years: range) -> None:
    """Write year files by city and agency, as a province would store them."""
    for path, agency, year in places(folder, agencies, years):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(year_file(agency, year), "utf-8")


def places(folder: Path, agencies: int, years: range) -> Iterator[tuple[Path, int, int]]:
    """Return the paths of the files."""
    for agency in range(agencies):
        for year in years:
            yield folder / f"city-{agency // AGENCIES_OF_A_CITY:03}" / f"agency-{agency:06}" / f"{year}.yaml", agency, year


def _times(written: str, factor: int) -> str:
    return str(Decimal(written) * factor)
