"""Parquet has the same content as CSV, with exact decimals, for any executor."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet
import pytest

from sphinx_govreport.cli import main
from sphinx_govreport.core.reports.figures import MAX_DIGITS
from sphinx_govreport.exporters import EXPORTS
from tests.benchmarks import generated
from tests.core.test_rollup import SUQIAN, named
from tests.exporters.test_exports import FORMS, read
from tests.published import NAMES, published, year_file
from tests.terminal import InterruptedTerminal


def rows(path: Path) -> list[dict[str, object]]:
    table: list[dict[str, object]] = pyarrow.parquet.read_table(path).to_pylist()
    return table


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    generated.write(tmp_path / "data", 70, range(2023, 2025))
    return tmp_path


def test_parquet_says_what_csv_says(folder: Path) -> None:
    for name in NAMES:
        remarks = "notes: {reviews: 含上年。}\nexplanations: {carried-over: 已核对。}\ncorrections:\n"
        remarks += "  - {date: 2026-03-10, figure: requests.received.total, before: 1, after: 2, reason: 漏计1件。}\n"
        (folder / f"data/{name}.yaml").write_text(year_file(published(name)) + remarks, "utf-8")
    assert main(["export", "data", "--to", "parquet", "--output", "all.parquet"]) == 0
    assert main(["export", "data", "--to", "csv", "--output", "all.csv"]) == 0
    found = rows(folder / "all.parquet")
    numbers = [row.pop("number") for row in found]
    written = [*csv.DictReader(io.StringIO((folder / "all.csv").read_text("utf-8-sig"), newline=""))]
    assert [{name: str(value) for name, value in row.items()} for row in found] == written
    assert numbers == [Decimal(row["value"]) if row["value"] else None for row in written]
    assert {row["status"] for row in written} == {"number", "blank", "table-note", "explanation", "correction"}
    assert Decimal("72701.2578") in numbers
    assert {path.name for path in folder.iterdir()} == {"data", "all.parquet", "all.csv"}


def test_the_longest_numbers_keep_every_digit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    longest = ["9" * MAX_DIGITS, f"0.{'9' * (MAX_DIGITS - 1)}"]
    for number, written in enumerate(longest):
        Path(f"{number}.yaml").write_text(named(SUQIAN, f"{number}局").replace("72701.2578", written), "utf-8")
    assert main(["export", ".", "--to", "parquet", "--output", "all.parquet"]) == 0
    fees = [row["number"] for row in rows(Path("all.parquet")) if row["key"] == "fees.amount"]
    assert fees == [Decimal(written) for written in longest]
    assert main(["rollup", ".", "--agency", "某市", "--to", "parquet", "--output", "sum.parquet"]) == 0
    (total,) = [row for row in rows(Path("sum.parquet")) if row["key"] == "fees.amount"]
    assert total["number"] == Decimal("999999999999999.99999999999999")
    assert total["agency"] == "某市"


@pytest.mark.parametrize("kind", ["csv", "json"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_parts_put_together_are_the_whole(kind: str, jobs: str, folder: Path) -> None:
    reports = [
        read(generated.year_file(agency, year))
        for _name, agency, year in sorted((generated.name_of(a), a, y) for a in range(70) for y in (2023, 2024))
    ]
    assert main(["export", "data", "--to", kind, "--output", "all", "--jobs", jobs]) == 0
    assert (folder / "all").read_bytes() == EXPORTS[kind].encoded(reports, FORMS)


def test_a_bad_file_is_left_out_and_the_rest_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = folder / "data/city-000/agency-000003/2024.yaml"
    bad.write_text(bad.read_text("utf-8").replace("in-force: 48", "in-force: 048"), "utf-8")
    (folder / "data/worse.yaml").write_bytes(b"\xff")
    assert main(["--language", "en", "export", "data", "--to", "json", "--output", "all.json"]) == 1
    there = {(report["agency"], report["year"]) for report in json.loads((folder / "all.json").read_text("utf-8"))}
    assert len(there) == 139
    assert (generated.name_of(3), 2024) not in there
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(": ")[0] for line in lines] == ["data/city-000/agency-000003/2024.yaml:7:45", "data/worse.yaml:1:1"]


def test_a_sum_that_lacks_a_part_has_no_number(folder: Path) -> None:
    bad = folder / "data/city-000/agency-000003/2024.yaml"
    bad.write_text(bad.read_text("utf-8").replace("in-force: 48", "in-force: ~"), "utf-8")
    options = ("--agency", "某市", "--year", "2024", "--output", "sum.parquet")
    assert main(["rollup", "data", *options, "--to", "parquet"]) == 1
    keys = {(row["table"], row["key"]): (row["status"], row["number"]) for row in rows(folder / "sum.parquet")}
    assert keys["proactive-disclosure", "rules.in-force"] == ("unknown", None)
    assert keys["proactive-disclosure", "rules.issued"] == ("number", 2 * sum(range(1, 71)))


@pytest.mark.parametrize("step", range(1, 7))
def test_what_is_there_is_not_lost_when_nothing_comes(folder: Path, step: int) -> None:
    """Three steps of reading 140 files, and three of writing their reports."""
    (folder / "all.csv").write_text("old", "utf-8")
    terminal = InterruptedTerminal(step)
    with contextlib.redirect_stderr(terminal):
        assert main(["export", "data", "--to", "csv", "--output", "all.csv", "--jobs", "1"]) == 130
    assert terminal.steps == 0
    assert (folder / "all.csv").read_text("utf-8") == "old"
    assert {path.name for path in folder.iterdir()} == {"data", "all.csv"}
