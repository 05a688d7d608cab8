"""Documents of every kind come in with every figure that was published."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import pytest

from sphinx_govreport.core.figures import Status
from sphinx_govreport.core.form_file import statutory_forms
from sphinx_govreport.core.model import Report
from sphinx_govreport.importers.documents import Imported, Wanted, import_document
from tests.importers import written
from tests.published import FOLDER, NAMES, published

FORMS = statutory_forms()


def imported(name: str, data: bytes, **wanted: object) -> Imported:
    return import_document(name, data, FORMS, Wanted(**wanted))  # type: ignore[arg-type]


def figures_of(report: Report | None) -> dict[str, dict[str, str]]:
    """What an imported report has in each cell, as it would be printed."""
    assert report
    return {
        table: {path: f"{figure.text}{figure.unit}" if figure.is_stated else "left out" for path, figure in figures.items()}
        for table, figures in report.figures.items()
    }


def said(found: Imported) -> set[str]:
    return {finding.rule.name for finding in found.findings}


def everything() -> Iterator[tuple[str, str, str]]:
    flat = {"report.docx", "report.xlsx", "report.ods", "report.md"}  # kinds whose rows cannot be of different lengths
    for name, kind, sloppy in itertools.product(NAMES, written.KINDS, written.SLOPPY):
        if (sloppy == "flattened" and kind in flat) or (kind == "report.xlsx" and sloppy == "stacked"):
            continue
        yield name, kind, sloppy


@pytest.mark.parametrize(("name", "kind", "sloppy"), list(everything()))
def test_every_published_report_comes_in_from_every_kind_of_document(name: str, kind: str, sloppy: str) -> None:
    report = published(name)
    found = imported(kind, written.KINDS[kind](report, written.SLOPPY[sloppy]))
    assert found.report
    assert (found.report.agency, found.report.year) == (report.agency, report.year)
    assert found.report.forms == report.forms
    assert figures_of(found.report) == report.figures
    assert said(found) == ({"label"} if sloppy == "typo" else set())


@pytest.mark.parametrize("name", NAMES)
def test_the_figures_as_they_were_written_down_come_in(name: str) -> None:
    """The text form: labels of a whole path in one cell, table 四 without heads of its own."""
    report = published(name)
    found = imported(f"{name}.txt", (FOLDER / f"{name}.txt").read_bytes(), agency=report.agency, year=report.year)
    assert figures_of(found.report) == report.figures
    assert said(found) == {"by-position"}


@pytest.mark.parametrize("seed", range(20))
def test_rows_and_columns_in_another_order_stay_what_their_labels_say(seed: int) -> None:
    report = published("suqian-2024")
    rng = random.Random(seed)  # noqa: S311

    def mixed(rows: written.Rows) -> written.Rows:
        if len(rows) != 28:
            return rows
        return written.mixed_up(rows, rng.sample(range(25), 25), rng.sample(range(7), 7), heads=3, stubs=3)

    for kind in ("page.html", "report.xlsx", "report.csv"):
        found = imported(kind, written.KINDS[kind](report, mixed))
        assert figures_of(found.report) == report.figures


def test_blanks_stay_blank_unless_they_are_said_to_mean_zero() -> None:
    report = published("shanghai-municipal-office-2019")
    page = written.html(report)
    blank = imported("a.html", page).report
    zero = imported("a.html", page, blank_as_zero=True).report
    assert blank
    assert zero
    assert blank.figures["requests"]["received.research-institution"].status is Status.BLANK
    assert zero.figures["requests"]["received.research-institution"].text == "0"
    total = zero.figures["requests"]["results.granted.total"]
    assert not total.is_stated, "a total that was left empty is not 0"
