"""Slow tests: ten thousand agencies added up in little memory, and a cluster in which a worker is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from sphinx_govreport.core.reports.records import records
from tests.benchmarks import generated
from tests.benchmarks.cluster import KILLING, cluster, damage, is_alive
from tests.benchmarks.many_files import COMMAND, run
from tests.core.test_rollup import FORMS
from tests.exporters.test_exports import read

pytestmark = pytest.mark.slow

AGENCIES = 10_000
MEGABYTES = 512


def test_ten_thousand_agencies_add_up_to_what_a_database_says(tmp_path: Path) -> None:
    import duckdb  # installed with the dependencies of slow tests

    generated.write(tmp_path / "data", AGENCIES, range(2024, 2025))
    cached = ("--cache", "cache", "--jobs", "1")
    peaks = [
        run(tmp_path, "rollup", "data", "--agency", "某省", "--output", "sum.yaml", *cached).megabytes,
        run(tmp_path, "export", "data", "--to", "parquet", "--output", "all.parquet", *cached).megabytes,
    ]
    assert max(peaks) < MEGABYTES
    with duckdb.connect() as database:
        rows = database.read_parquet(str(tmp_path / "all.parquet"))
        counted = rows.aggregate("count(DISTINCT agency)").fetchall()
        sums = {(table, key): value for table, key, value in rows.aggregate('"table", key, sum(number)').fetchall()}
    assert counted == [(AGENCIES,)]
    report = read((tmp_path / "sum.yaml").read_text("utf-8"))
    written = {(record.table, record.key): Decimal(record.value) for record in records(report, FORMS)}
    assert written == sums
    factors = sum(map(generated.factor_of, range(AGENCIES)))
    assert written["proactive-disclosure", "fees.amount"] == Decimal("72701.2578") * factors


def test_a_cluster_that_loses_a_worker_says_the_same(tmp_path: Path) -> None:
    generated.write(tmp_path / "data", 500, range(2023, 2025))
    damage(tmp_path / "data")
    check = ("--language", "en", "check", "data")
    rollup = ("rollup", "data", "--agency", "某省", "--year", "2024")

    def says(*command: str) -> tuple[int, bytes]:
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=500)
        assert b"Traceback" not in done.stderr
        return done.returncode, done.stdout

    here = [says(*COMMAND, *check), says(*COMMAND, *rollup)]
    assert here[0][1].count(b"[row-total]") == 143
    with cluster(tmp_path, 2) as (address, _scheduler, workers):
        there = ("--scheduler", address)
        assert says(sys.executable, "-c", KILLING, str(workers[0]), *check, *there) == here[0]
        assert not is_alive(workers[0])
        assert is_alive(workers[1])
        assert says(*COMMAND, *rollup, *there) == here[1], "by the one that is left"
        os.kill(workers[1], signal.SIGKILL)
        code, _out = says(*COMMAND, *check, *there)
        assert code == 2


def test_a_scheduler_that_is_lost_is_named(tmp_path: Path) -> None:
    generated.write(tmp_path / "data", 500, range(2023, 2025))
    with cluster(tmp_path, 1) as (address, scheduler, _workers):
        command = (sys.executable, "-c", KILLING, str(scheduler), "--language", "en", "check", "data", "--scheduler", address)
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=500)
    assert done.returncode == 2
    assert (
        done.stderr.splitlines()[-1] == f"sphinx-govreport check: error: The scheduler at “{address}” is no longer available."
    )
    assert "Traceback" not in done.stderr


def test_a_scheduler_that_is_not_there_is_named(tmp_path: Path) -> None:
    generated.write(tmp_path / "data", 1, range(2024, 2025))
    command = (*COMMAND, "check", "data", "--scheduler", "tcp://127.0.0.1:9")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2
    assert "error: There is no scheduler at “tcp://127.0.0.1:9”: " in done.stderr
    assert "Traceback" not in done.stderr
