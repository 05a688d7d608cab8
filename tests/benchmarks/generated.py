"""Year files of as many agencies as are wanted, made up from one published report so that everything adds up.

An agency's figures are the published ones times a number, so that all sums hold and neighbours are not alike. What is carried
over and in force is levelled out, so that every year follows on the one before: the checks find nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

ORIGINAL = Path(__file__).parents[2] / "example_site" / "data" / "suqian-2024.yaml"
AGENCIES_OF_A_CITY = 100

#: rows of the original, and what stands for them
_LEVEL = {
    "{issued: 2, repealed: 1,": "{issued: 2, repealed: 2,",
    "{issued: 50, repealed: 227,": "{issued: 50, repealed: 50,",
    "received: [3440, 75, 0, 1, 6, 3, 3525]": "received: [3440, 73, 0, 1, 5, 2, 3521]",
    "carried-out: [118, 5, 0, 0, 1, 1, 125]": "carried-out: [118, 3, 0, 0, 0, 0, 121]",
}
_FIGURES = re.compile(r"(?<=[\[ ])\d+(?:\.\d+)?(?=[],}]|  #)")


def year_file(agency: int, year: int) -> str:
    """The year file of an agency by its number, from 0."""
    head, body = _original()
    factor = factor_of(agency)
    scaled = _FIGURES.sub(lambda match: _times(match[0], factor), body)
    named = head.replace("agency: 宿迁市", f"agency: {name_of(agency)}").replace("year: 2024", f"year: {year}")
    return f"{named}\n\n{scaled}"


@cache
def _original() -> tuple[str, str]:
    """The top of the original and its tables."""
    text = ORIGINAL.read_text("utf-8")
    for written, level in _LEVEL.items():
        assert written in text
        text = text.replace(written, level)
    head, _, body = text.partition("\n\n")
    return head, body


def factor_of(agency: int) -> int:
    """How many times the published figures an agency has: few enough for the sum of 10,000 to have the digits of a figure."""
    return 1 + agency % 97


def name_of(agency: int) -> str:
    """What an agency is called."""
    return f"第{agency // AGENCIES_OF_A_CITY}市第{agency}局"


def write(folder: Path, agencies: int, years: range) -> None:
    """Year files by city and agency, as a province would keep them."""
    for path, agency, year in places(folder, agencies, years):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(year_file(agency, year), "utf-8")


def places(folder: Path, agencies: int, years: range) -> Iterator[tuple[Path, int, int]]:
    """Where which file is."""
    for agency in range(agencies):
        for year in years:
            yield folder / f"city-{agency // AGENCIES_OF_A_CITY:03}" / f"agency-{agency:06}" / f"{year}.yaml", agency, year


def _times(written: str, factor: int) -> str:
    return str(Decimal(written) * factor)
