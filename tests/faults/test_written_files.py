"""Output files of the command: devices, pipes and links are kept, permissions are kept, and no partial file remains."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sphinx_govreport.cli import main
from sphinx_govreport.core.files import atomic_write, whole_file
from tests.published import published, year_file

SUQIAN = year_file(published("suqian-2024"))
OLD = b"old"
EXPORT = ["export", "2024.yaml", "--to"]
#: commands that write a file with this name
WRITERS = {
    "export csv": [*EXPORT, "csv", "--output"],
    "export json": [*EXPORT, "json", "--output"],
    "export yaml": [*EXPORT, "yaml", "--output"],
    "export xlsx": [*EXPORT, "xlsx", "--output"],
    "export parquet": [*EXPORT, "parquet", "--output"],
    "blank": ["export", "--blank", "--output"],
    "schema": ["schema", "--output"],
}
REFUSING = {
    "rollup": ["rollup", "2024.yaml", "--agency", "某省", "-o"],
    "new": ["new", "2025", "--from", "2024.yaml", "--output"],
}


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("2024.yaml").write_text(SUQIAN, "utf-8")
    return tmp_path


def shell(line: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["bash", "-c", line], capture_output=True, check=False)


def called(arguments: list[str]) -> str:
    return " ".join(f"'{part}'" for part in (sys.executable, "-m", "sphinx_govreport", *arguments))


PRINTING = {name: command for name, command in {**WRITERS, **REFUSING}.items() if name != "blank"}  # it needs a file


@pytest.mark.parametrize("command", PRINTING.values(), ids=PRINTING)
def test_a_device_stays_a_device(command: list[str]) -> None:
    assert main([*command, "/dev/null"]) == 0
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    link = os.readlink("/dev/stdout")
    done = shell(f"{called([*command, '/dev/stdout'])} | cat")
    assert done.returncode == 0
    assert len(done.stdout) > 100
    assert os.readlink("/dev/stdout") == link


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "-"])
def test_standard_output_by_any_name_is_one_file(name: str) -> None:
    """After the text that a shell has written."""
    Path("log").write_bytes(b"before\n")
    assert shell(f"{called([*EXPORT, 'csv', '--output', name])} >> log").returncode == 0
    assert Path("log").read_bytes().startswith((b"before\nagency", b"before\n\xef\xbb\xbfagency"))


@pytest.mark.parametrize("command", {**WRITERS, **REFUSING}.values(), ids={**WRITERS, **REFUSING})
def test_a_pipe_is_written_to(command: list[str]) -> None:
    os.mkfifo("pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(Path("pipe").read_bytes()))
    reader.start()
    assert main([*command, "pipe"]) == 0
    reader.join()
    assert len(read[0]) > 100
    assert stat.S_ISFIFO(os.stat("pipe").st_mode)


@pytest.mark.parametrize("command", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("is_there", [True, False])
def test_of_a_link_the_target_is_written(command: list[str], is_there: bool) -> None:
    Path("folder").mkdir()
    if is_there:
        Path("folder/target").write_bytes(OLD)
    Path("link").symlink_to("folder/target")
    assert main([*command, "link"]) == 0
    assert os.readlink("link") == "folder/target"
    assert len(Path("folder/target").read_bytes()) > 100
    assert sorted(os.listdir("folder")) == ["target"]


@pytest.mark.parametrize("command", WRITERS.values(), ids=WRITERS)
def test_permissions_stay(command: list[str]) -> None:
    Path("out").write_bytes(OLD)
    os.chmod("out", 0o600)
    assert main([*command, "out"]) == 0
    assert stat.S_IMODE(os.stat("out").st_mode) == 0o600
    assert Path("out").read_bytes() != OLD


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_a_new_file_has_those_of_the_system(umask: int) -> None:
    before = os.umask(umask)
    try:
        assert main([*WRITERS["schema"], "out"]) == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE(os.stat("out").st_mode) == 0o666 & ~umask


def test_a_name_as_long_as_can_be_is_written() -> None:
    name = "x" * 255
    atomic_write(Path(name), b"new")
    assert Path(name).read_bytes() == b"new"


def test_a_link_that_leads_in_a_circle_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    Path("link").symlink_to("link")
    with pytest.raises(SystemExit) as ended:
        main([*WRITERS["schema"], "link"])
    assert ended.value.code == 2
    assert "“link” cannot be written" in capsys.readouterr().err
    assert {path.name for path in Path().iterdir()} == {"2024.yaml", "link"}


@pytest.mark.parametrize(("name", "reason"), [
    ("none/a.csv", "所在的文件夹不存在"), ("folder", "这是文件夹"), (".", "这是文件夹"), ("", "这是文件夹"),
    ("2024.yaml/a.csv", "路径中有一段不是文件夹"),
])  # fmt: skip
def test_a_place_where_no_file_can_be_is_said(name: str, reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("folder").mkdir()
    with pytest.raises(SystemExit) as ended:
        main(["--language", "zh", *WRITERS["export csv"], name])
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith(f"“{name}”无法写入：{reason}。\n")
    assert {path.name for path in Path().iterdir()} == {"2024.yaml", "folder"}


# killed -----------------------------------------------------------------------------------------------------------

_SLOW = """\
import os, signal, sys
from sphinx_govreport.core import files
number = int(sys.argv.pop(1))
# as at a terminal: tests that run in the background inherit that signals are ignored
if number != signal.SIGKILL:  # which nothing can handle
    signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
whole = files.whole_file
import sphinx_govreport.cli.common as common
from contextlib import contextmanager
@contextmanager
def interrupted(path, tmp_dir=None):
    with whole(path, tmp_dir) as file:
        file.write(b"half")
        file.flush()
        os.kill(os.getpid(), number)
        yield file
common.whole_file = interrupted
from sphinx_govreport.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("command", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_in_the_midst_leaves_the_old_file_whole_and_nothing_else(command: list[str], number: int, code: int) -> None:
    Path("out").write_bytes(OLD)
    before = set(os.listdir())
    done = subprocess.run([sys.executable, "-c", _SLOW, str(int(number)), *command, "out"], capture_output=True, check=False)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    assert set(os.listdir()) == before
    assert Path("out").read_bytes() == OLD


@pytest.mark.parametrize("command", WRITERS.values(), ids=WRITERS)
def test_what_a_killed_command_left_is_gone_after_the_next(command: list[str]) -> None:
    before = set(os.listdir())
    for _twice in range(2):
        subprocess.run(
            [sys.executable, "-c", _SLOW, str(int(signal.SIGKILL)), *command, "out"], capture_output=True, check=False
        )
        assert len(set(os.listdir()) - before) == 1
    assert main([*command, "out"]) == 0
    assert set(os.listdir()) == before | {"out"}


def test_of_two_commands_that_write_one_file_the_later_counts() -> None:
    with whole_file(Path("out")) as first:
        first.write(b"first")
        with whole_file(Path("out")) as later:
            later.write(b"later")
    assert (Path("out").read_bytes(), sorted(os.listdir())) == (b"later", ["2024.yaml", "out"])


@pytest.mark.parametrize("command", WRITERS.values(), ids=WRITERS)
def test_a_full_disk_leaves_the_old_file_whole_and_nothing_else(command: list[str]) -> None:
    """Limits the size of files to a few bytes: for a process, this is the same as a full disk."""
    Path("out").write_bytes(OLD)
    before = set(os.listdir())

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50, resource.RLIM_INFINITY))

    done = subprocess.run(
        [sys.executable, "-m", "sphinx_govreport", *command, "out"], capture_output=True, check=False, preexec_fn=limited
    )
    assert done.returncode == 2
    assert "“out” cannot be written" in done.stderr.decode()
    assert set(os.listdir()) == before
    assert Path("out").read_bytes() == OLD


def test_nobody_elses_handlers_are_touched() -> None:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)}
    main(["explain", "jump"])
    assert {number: signal.getsignal(number) for number in handlers} == handlers


def test_what_was_never_there_need_not_be_removed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as told:
        atomic_write(tmp_path / "none/there/a.txt", b"x")
    assert told.value.__context__ is None, "the first trouble is the one to be told of"
