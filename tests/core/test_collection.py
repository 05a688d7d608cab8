"""Many year files: the same findings in the same order as for single files, for any executor and after any interruption."""

from __future__ import annotations

import contextlib
import io
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from sphinx_govreport import __version__
from sphinx_govreport.cli import main
from sphinx_govreport.core.batch.collection import Collection
from sphinx_govreport.core.batch.executors import BatchError, TaskRunner, batches, processes, this_process
from sphinx_govreport.core.batch.store import Store
from sphinx_govreport.core.checks.formats import as_text
from sphinx_govreport.core.diagnostics import in_order
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.checks import check_library
from sphinx_govreport.core.library.library import load_library
from tests.benchmarks import generated
from tests.draws import seeds
from tests.published import NAMES, published, year_file
from tests.terminal import InterruptedTerminal

PARTS = {"第0市": [generated.name_of(n) for n in range(20)], "测试市": ["甲", generated.name_of(1)]}
DATA = ("data", "data/bad/refused.yaml")  # a file given by name may be a link to anywhere
COMMAND = ["--language", "en", "check", *DATA, *(f"--parts={above}={','.join(names)}" for above, names in PARTS.items())]


def nothing(_done: int, _all: int) -> None:
    """Show no progress."""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sound files of two years, published ones with findings, and every possible problem of a file."""
    tmp_path = tmp_path_factory.mktemp("original")
    generated.write(tmp_path / "data", 60, range(2023, 2025))
    rng = random.Random(7)  # noqa: S311
    for path in sorted((tmp_path / "data").rglob("*.yaml"))[::5]:
        figure = rng.randrange(9)
        text = path.read_text("utf-8")
        path.write_text(re.sub(r"\[(\d+)", lambda m, extra=figure: f"[{int(m[1]) + extra}", text, count=3), "utf-8")
    for name in NAMES:
        (tmp_path / f"data/{name}.yaml").write_text(year_file(published(name)), "utf-8")
    above = generated.year_file(0, 2024).replace(generated.name_of(0), "第0市")
    (tmp_path / "data/above.yaml").write_text(above, "utf-8")
    bad = tmp_path / "data/bad"
    bad.mkdir()
    (bad / "gbk.yaml").write_bytes(above.encode("gbk"))
    (bad / "empty.yaml").write_bytes(b"")
    (bad / "deep.yaml").write_text("[" * 5000, "utf-8")
    (bad / "laughs.yaml").write_text("a: &a [0,0]\n" + "".join(f"b{n}: &b{n} [*a,*a]\n" for n in range(9)), "utf-8")
    (bad / "syntax.yaml").write_text("agency: [", "utf-8")
    (bad / "twice.yaml").write_text(generated.year_file(3, 2024), "utf-8")
    (bad / "slip.yaml").write_text(generated.year_file(99, 2024).replace("issued: ", "issued: 0", 1), "utf-8")
    (bad / "refused.yaml").symlink_to("/proc/self/mem")  # the file exists, but reading it fails
    (bad / "outside.yaml").symlink_to("/proc/self/mem")
    (bad / "folder.yaml").mkdir()
    return tmp_path


@pytest.fixture
def folder(tmp_path: Path, original: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the folder."""
    monkeypatch.chdir(shutil.copytree(original, tmp_path, symlinks=True, dirs_exist_ok=True))
    return tmp_path


class Checked(NamedTuple):
    """The findings in the folder, and the cache written with them."""

    said: str
    kept: bytes


@pytest.fixture(scope="module")
def checked(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """The same result for each copy."""
    folder = shutil.copytree(original, tmp_path_factory.mktemp("checked"), symlinks=True, dirs_exist_ok=True)
    said = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(said):
        assert main([*COMMAND, "--cache", "kept"]) == 1
    return Checked(said.getvalue(), (folder / "kept").read_bytes())


def one_by_one(folder: Path) -> str:
    """Return the findings of a site for the same files."""
    library = load_library(folder, DATA, [], Cache(None, __version__))
    checked = check_library(library, {}, PARTS)
    findings = in_order((*library.diagnostics, *(found for one in checked.values() for found in one.findings)))
    return as_text(findings, str, __version__)


def check(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main([*COMMAND, *options]) == 1
    return capsys.readouterr().out


def test_a_collection_finds_what_a_site_finds_in_the_same_order(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = one_by_one(folder)
    rules = set(re.findall(r"\[([a-z-]+)\]$", expected, flags=re.MULTILINE))
    assert rules >= {
        "encoding",
        "duplicate-report",
        "unreadable-file",
        "outside-folder",
        "bad-number",
        "balance",
        "carried-over",
        "parts",
    }
    assert check(capsys) == expected
    assert check(capsys, "--jobs", "2") == expected
    assert check(capsys, "--cache", "kept") == expected
    assert check(capsys, "--cache", "kept") == expected, "what is kept says the same as what is read"


def collection(folder: Path, cache: Path | None) -> tuple[Collection, Store]:
    store = Store(cache)
    return Collection(folder, [], store, lambda _files: this_process()), store


def test_what_was_read_before_an_interruption_is_not_read_again(folder: Path) -> None:
    first, store = collection(folder, folder / "kept")

    def interrupt(done: int, _all: int) -> None:
        if done >= 64:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        first.read(DATA, interrupt)
    read = store.read
    assert read == 63, "the first batch, without the file that cannot be read"
    first.close()
    second, store = collection(folder, folder / "kept")
    second.read(DATA, nothing)
    files = len(second.files)
    assert store.read == files - read
    second.close()
    changed = folder / "data/above.yaml"
    changed.write_text(changed.read_text("utf-8") + "# 注\n", "utf-8")
    third, store = collection(folder, folder / "kept")
    third.read(DATA, nothing)
    assert store.read == 1
    third.close()
    with sqlite3.connect(folder / "kept") as rows:
        assert rows.execute("SELECT count(*) FROM year_files").fetchone() == (files,), (
            "a file is kept once, however often it changes"
        )
    rows.close()


def test_a_cache_that_is_none_is_left_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / "data/above.yaml").read_bytes()
    with pytest.raises(SystemExit) as ended:
        main(["--language", "en", "check", "data", "--cache", "data/above.yaml"])
    assert ended.value.code == 2
    assert "The cache “data/above.yaml” cannot be used: file is not a database." in capsys.readouterr().err
    assert (folder / "data/above.yaml").read_bytes() == before
    store = Store(folder / "kept")
    with pytest.raises(SystemExit):
        main(["--language", "en", "check", "data", "--cache", "kept"])
    assert "The cache “kept” cannot be used: database is locked." in capsys.readouterr().err
    store.close()


def test_an_interruption_ends_without_a_traceback(folder: Path) -> None:
    terminal = InterruptedTerminal()
    with contextlib.redirect_stderr(terminal):
        assert main(["check", *DATA]) == 130
    assert terminal.steps == 0
    assert "Traceback" not in terminal.getvalue()


@pytest.mark.parametrize("command", [["check", "data"], ["export", "--to", "csv", "data"], ["import", "data", "-o", "new"]])
@pytest.mark.parametrize("jobs", ["-1", "0"])
def test_a_number_of_processes_is_one_or_more(
    folder: Path, capsys: pytest.CaptureFixture[str], command: list[str], jobs: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--language", "en", *command, "--jobs", jobs])
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith("error: --jobs must be an integer of 1 or more.\n")


def double(number: int) -> int:
    return 2 * number


def die_once(task: tuple[Path, int]) -> int:
    """Kill the process that runs this, the first time."""
    mark, number = task
    if number == 20 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return double(number)


def die(_number: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.slow
def test_what_a_dead_process_did_is_done_again(tmp_path: Path) -> None:
    cores = processes(2)
    assert list(cores.map(die_once, ((tmp_path / "dead", number) for number in range(50)))) == [2 * n for n in range(50)]
    assert (tmp_path / "dead").exists()
    with pytest.raises(BatchError, match="crashed repeatedly"):
        list(cores.map(die, range(5)))
    cores.close()


@pytest.mark.parametrize("workers", [this_process(), processes(2)], ids=["one", "two"])
def test_tasks_are_taken_as_they_are_needed(workers: TaskRunner) -> None:
    taken: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    results = workers.map(double, tasks())
    assert [next(results) for _ in range(3)] == [0, 2, 4]
    assert len(taken) <= 10
    workers.close()


def test_nothing_heavy_is_imported_for_few_files(folder: Path) -> None:
    heavy = ("multiprocessing", "concurrent.futures.process", "distributed", "pyarrow", "xlsxwriter")
    code = (
        "import sys; from sphinx_govreport.cli import main; main(['check', 'data']);"
        f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}  # it imports some
    run = subprocess.run([sys.executable, "-c", code], env=unmeasured, capture_output=True, text=True, check=True)
    assert run.stderr.splitlines()[-1] == "[]"


def test_batches_hold_everything_once() -> None:
    assert list(batches(range(7), 3)) == [(0, 1, 2), (3, 4, 5), (6,)]
    assert list(batches([], 3)) == []


def _rows(path: Path, statement: str) -> None:
    rows = sqlite3.connect(path)
    with rows:
        rows.execute(statement)
    rows.close()


@pytest.mark.broad
@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE year_files SET body = substr(body, 1, 40)",
        "UPDATE year_files SET body = x'00'",
        "UPDATE year_files SET body = NULL",
        "UPDATE year_files SET body = 5, seal = ''",
        "UPDATE year_files SET body = 'text', seal = NULL",
        "UPDATE year_files SET head = x'5b5d'",
        "UPDATE year_files SET head = x'ff'",
        "UPDATE year_files SET head = CAST(x'ff' AS TEXT)",
        "UPDATE year_files SET head = replace(CAST(head AS TEXT), '2024', '2023')",
        "UPDATE year_files SET head = (SELECT head FROM year_files ORDER BY number DESC LIMIT 1)",
        "UPDATE year_files SET head = (SELECT head FROM year_files LIMIT 1), body = (SELECT body FROM year_files LIMIT 1)",
        "UPDATE year_files SET seal = x'00'",
        "UPDATE year_files SET seal = NULL",
        "UPDATE year_files SET seal = 1.5",
        "DELETE FROM year_files WHERE number % 2",
    ],
)
def test_a_damaged_row_of_a_cache_is_read_again(
    folder: Path, checked: Checked, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    (folder / "kept").write_bytes(checked.kept)
    _rows(folder / "kept", damage)
    for jobs in ("2", "1") if damage.startswith("DELETE") else ("1", "1"):  # processes take long to start
        assert check(capsys, "--cache", "kept", "--jobs", jobs) == checked.said


def test_a_row_that_is_damaged_while_it_is_in_use_is_said(folder: Path) -> None:
    store = Store(folder / "kept")
    with pytest.raises(BatchError) as raised:
        store.body("data/above.yaml")
    assert raised.value.message.render(str) == f"The cache “{folder / 'kept'}” is damaged; delete it."
    store.close()


def test_a_cache_of_another_kind_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _rows(folder / "kept", "CREATE TABLE year_files (number INTEGER)")
    (folder / "near").mkdir()
    for name, reason in (("kept", "no such column: head"), ("near", "unable to open database file")):
        with pytest.raises(SystemExit) as ended:
            main(["--language", "en", "check", "data", "--cache", name])
        assert ended.value.code == 2
        assert f"The cache “{name}” cannot be used: {reason}." in capsys.readouterr().err


@pytest.mark.parametrize("seed", seeds(20, 50))
def test_a_cache_with_damaged_bytes_is_read_again_or_said(
    folder: Path, checked: Checked, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    random_ = random.Random(seed)  # noqa: S311
    body = bytearray(checked.kept)
    for _time in range(random_.randrange(1, 20)):
        at = random_.randrange(len(body))
        body[at : at + random_.choice((1, 4, 4096))] = random_.randbytes(random_.choice((1, 4, 4096)))
    (folder / "kept").write_bytes(body[: random_.choice((len(body), random_.randrange(len(body))))])
    try:
        said = check(capsys, "--cache", "kept")
    except SystemExit as ended:
        said = str(ended.code), capsys.readouterr().err
    assert said == checked.said or (said[0] == "2" and "The cache “kept” " in said[1])


def test_nothing_is_written_of_a_report_that_two_files_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, year in (("a", 2024), ("b", 2024), ("c", 2023)):
        Path(f"{name}.yaml").write_text(year_file(published(f"suqian-{year}")), "utf-8")
    for kind in ("csv", "json", "html"):
        assert main(["export", "a.yaml", "b.yaml", "--to", kind, "-o", "none"]) == 1
        assert main(["export", "a.yaml", "b.yaml", "c.yaml", "--to", kind, "-o", kind]) == 1
        assert "2024" not in Path(kind).read_text("utf-8").replace("2024年", "")
    capsys.readouterr()
    assert main(["rollup", ".", "--agency", "江苏省", "--year", "2024", "-o", "city.yaml"]) == 1
    assert capsys.readouterr().err.endswith("[duplicate-report]\nNothing was written.\n")
    assert not any(Path(name).exists() for name in ("none", "city.yaml"))
    Path("c.yaml").unlink()
    assert main(["import", "a.yaml", "--compare", "."]) == 1


def test_a_report_that_two_files_have_is_compared_with_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = year_file(published("suqian-2023"))
    wrong = re.sub(r"(carried-out:\n    natural-person: )\d+", r"\g<1>7", text)
    files = {"a": wrong, "b": wrong, "c": year_file(published("suqian-2024")), "d": text.replace("宿迁市", "江苏省")}
    for name, body in files.items():
        Path(f"{name}.yaml").write_text(body, "utf-8")

    def rules() -> set[str]:
        main(["--language", "en", "check", ".", "--parts", "江苏省=宿迁市"])
        found = set(re.findall(r"\[([a-z-]+)\]$", capsys.readouterr().out, flags=re.MULTILINE))
        library = load_library(tmp_path, ["."], [], Cache(None, __version__))
        checked = check_library(library, {}, {"江苏省": ["宿迁市"]}).values()
        assert {one.rule.name for one in (*library.diagnostics, *(each for own in checked for each in own.findings))} == found
        return found & {"duplicate-report", "carried-over", "parts"}

    assert rules() == {"duplicate-report"}
    Path("b.yaml").unlink()
    assert rules() == {"carried-over", "parts"}
