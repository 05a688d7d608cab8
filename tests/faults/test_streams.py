"""Every command with standard streams that are closed, full, without a reader, or in an encoding that lacks characters."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml

from sphinx_govreport.cli import main
from tests.conftest import CONF
from tests.importers import written
from tests.published import published, year_file

SUQIAN = year_file(published("suqian-2024"))
COMMAND = [sys.executable, "-m", "sphinx_govreport"]
#: by name: the arguments, the exit code, and whether it prints to standard output
COMMANDS = {
    "check": (["check", "data"], 1, True),
    "check json": (["check", "--format", "json", "data"], 1, True),
    "check sarif": (["check", "--format", "sarif", "data"], 1, True),
    "check junit": (["check", "--format", "junit", "data"], 1, True),
    "check github": (["check", "--format", "github", "data"], 1, True),
    "check sound": (["check", "sound"], 0, False),
    "explain": (["explain"], 0, True),
    "explain one": (["explain", "jump"], 0, True),
    "schema": (["schema", "--output", "-"], 0, True),
    "import": (["import", "a.html", "-o", "new/2024.yaml"], 0, True),
    "export csv": (["export", "--to", "csv", "sound"], 0, True),
    "export json": (["export", "--to", "json", "sound"], 0, True),
    "export yaml": (["export", "--to", "yaml", "sound"], 0, True),
    "export html": (["export", "--to", "html", "sound"], 0, True),
    "export text": (["export", "--to", "text", "sound"], 0, True),
    "export xlsx": (["export", "--to", "xlsx", "sound"], 0, True),
    "export docx": (["export", "--to", "docx", "sound"], 0, True),
    "export parquet": (["export", "--to", "parquet", "sound"], 0, True),
    "new": (["new", "2025", "--from", "sound/2024.yaml"], 0, True),
    "new-site": (["new-site", "site", "--agency", "某局𠮷"], 0, True),
    "rollup": (["rollup", "sound", "--agency", "某省𠮷"], 0, True),
    "pack": (["pack", "html", "-o", "site.zip"], 0, True),
    "help": (["--help"], 0, True),
    "help of one": (["check", "--help"], 0, True),
    "version": (["--version"], 0, True),
    "wrong usage": (["check", "nowhere𠮷"], 2, False),
    "unknown option": (["check", "--nowhere𠮷"], 2, False),
}
#: each is a separate process: only some are quick
QUICK = ("check", "check json", "export csv", "new", "help", "unknown option")
NAMES = [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in COMMANDS]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All input files of the commands."""
    folder = tmp_path_factory.mktemp("built")
    for name, body in (
        ("data/甲𠮷.yaml", SUQIAN.replace("issued: 2\n", "issued: 甲𠮷\n", 1)),
        ("sound/2024.yaml", SUQIAN),
        ("source/conf.py", f'{CONF}govreport_severity = {{"carried-over": "off"}}\n'),
        ("source/data/2024.yaml", SUQIAN),
        ("source/index.md", "---\ngovreport-year: 2024\n---\n# 年报\n\n```{gov-disclosure-table}\n```\n"),
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, "utf-8")
    (folder / "a.html").write_bytes(written.html(published("suqian-2024")))
    subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-b", "html", "source", "html"], cwd=folder, check=True, capture_output=True
    )
    return folder


@pytest.fixture
def work(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of them, in which commands run."""
    folder = tmp_path / "work"
    shutil.copytree(built, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent.parent))
    return folder


def run(arguments: list[str], redirection: str = "", **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a shell, which may close its streams."""
    done = subprocess.run(
        ["bash", "-c", f'"$@" {redirection}', "bash", *COMMAND, *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in done.stdout + done.stderr, done.stderr.decode(errors="replace")
    assert b"Exception ignored" not in done.stderr
    return done


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("redirection", "reason"), [(">&-", "it is closed"), (">/dev/full", "the disk is full")], ids=["closed", "full"]
)
def test_output_that_is_lost_is_said(name: str, redirection: str, reason: str) -> None:
    arguments, code, prints = COMMANDS[name]
    done = run(arguments, redirection)
    if not prints:
        assert done.returncode == code
    elif redirection == ">&-" and name in ("help", "help of one", "version"):  # argparse prints to the other stream
        assert done.returncode == 0
    else:
        assert done.returncode == 2
        assert done.stderr.decode().splitlines()[-1] == f"Standard output cannot be written: {reason}."


@pytest.mark.usefixtures("work")
def test_it_is_said_in_chinese() -> None:
    done = run(["--language", "zh_CN", "explain"], ">/dev/full")
    assert done.stderr.decode() == "无法写入标准输出：磁盘已满。\n"


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full"], ids=["closed", "full"])
def test_messages_that_are_lost_change_nothing(name: str, redirection: str) -> None:
    arguments, code, prints = COMMANDS[name]
    done = run(arguments, redirection)
    assert done.returncode == code
    assert bool(done.stdout) == prints
    assert b"Checked " not in done.stdout  # messages are not part of the output
    assert b"usage: " not in done.stdout or "help" in name


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("name", NAMES)
def test_nothing_but_closed_streams(name: str) -> None:
    arguments, code, prints = COMMANDS[name]
    assert run(arguments, "<&- >&- 2>&-").returncode in ({code, 2} if prints else {code})


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("name", [name for name in NAMES if COMMANDS[str(name.values[0])][2]])
def test_a_reader_that_goes_away_is_no_fault(name: str) -> None:
    """Like ``head``; here the reader has gone before anything is printed."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*COMMAND, *COMMANDS[name][0]], stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert done.returncode == 141
    assert b"Standard output" not in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"BrokenPipe" not in done.stderr


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
def test_output_of_which_only_a_part_is_taken_is_lost(unbuffered: str) -> None:
    """Unbuffered, as in the usual images for containers, Python's streams write only what the system takes at once."""
    arguments = ["export", "--to", "html", "sound"]
    for redirection, code in (("| head -c 1; exit ${PIPESTATUS[0]}", 141), ("> whole.html", 0)):
        assert run(arguments, redirection, PYTHONUNBUFFERED=unbuffered).returncode == code
    assert Path("whole.html").read_bytes() == run([*arguments, "-o", "-"]).stdout
    limit = subprocess.run(
        ["bash", "-c", 'ulimit -f 32; "$@" > cut.html', "bash", *COMMAND, *arguments],
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        capture_output=True,
        check=False,
    )
    assert limit.returncode == 2
    assert limit.stderr.startswith(b"Standard output cannot be written: ")


ENCODINGS = {
    "gbk": {"PYTHONIOENCODING": "gbk"},
    "ascii": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
}


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_people_read_in_their_encoding(name: str, encoding: str) -> None:
    arguments, code, _prints = COMMANDS[name]
    done = run(["--language", "zh_CN", *arguments], **ENCODINGS[encoding])
    assert done.returncode == code
    done.stderr.decode(encoding)
    if name in ("check", "explain", "explain one", "help", "import", "new-site"):
        done.stdout.decode(encoding)
    for path in Path().rglob("*.yaml"):
        path.read_text("utf-8")


@pytest.mark.slow
@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_programs_read_utf_8(encoding: str) -> None:
    outputs = {
        name: run(COMMANDS[name][0], **ENCODINGS[encoding]).stdout for name in COMMANDS if " " in name or name == "rollup"
    }
    assert json.loads(outputs["check json"])["findings"][0]["message"].endswith("“甲𠮷” is not a number.")
    assert "甲𠮷" in json.loads(outputs["check sarif"])["runs"][0]["results"][0]["message"]["text"]
    assert "甲𠮷" in ET.tostring(ET.fromstring(outputs["check junit"]), "unicode")  # noqa: S314
    assert "甲𠮷" in outputs["check github"].decode()
    assert json.loads(outputs["export json"])[0]["agency"] == "宿迁市"
    assert outputs["export csv"].decode("utf-8-sig").splitlines()[1].startswith("宿迁市,2024")
    assert yaml.safe_load(outputs["export yaml"].decode())["agency"] == "宿迁市"
    assert yaml.safe_load(outputs["rollup"].decode())["agency"] == "某省𠮷"
    assert "宿迁市" in outputs["export html"].decode()
    assert "宿迁市" in outputs["export text"].decode()
    assert outputs["export xlsx"].startswith(b"PK")


@pytest.mark.slow
@pytest.mark.parametrize("redirection", [">&-", "2>&-", ">&- 2>&-"])
@pytest.mark.parametrize("variables", [{}, *ENCODINGS.values()], ids=["utf-8", *ENCODINGS])
def test_a_build_with_such_streams_is_the_same(work: Path, redirection: str, variables: dict[str, str]) -> None:
    """Our part of it: a data file with a finding, and a name that the terminal cannot print."""
    shutil.copyfile("data/甲𠮷.yaml", "source/data/甲𠮷.yaml")
    command = f'"{sys.executable}" -m sphinx -b html -E source out {redirection}'
    done = subprocess.run(["bash", "-c", command], env={**os.environ, **variables}, capture_output=True, check=False)
    assert b"sphinx_govreport" not in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("name", ["check json", "export csv", "explain one"])
def test_a_program_that_catches_what_is_printed_gets_it(name: str) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        assert main(COMMANDS[name][0]) == COMMANDS[name][1]
    assert printed.getvalue() == run(COMMANDS[name][0]).stdout.decode()
