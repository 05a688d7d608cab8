"""A disturbed build, and the next one: it is equal to a clean build."""

from __future__ import annotations

import os
import pickle
import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sphinx_govreport.cli import main
from sphinx_govreport.core.files import PARTIAL
from sphinx_govreport.core.library.cache import Cache
from tests.conftest import CONF, Project
from tests.draws import seeds
from tests.fuzz import kills
from tests.fuzz.edits import files_of
from tests.published import published, year_file

BODY = (
    "```{gov-disclosure-table}\n```\n\n新收{gov-figure}`requests.received.total`件。\n\n```{gov-check-table}\n```\n\n"
    "```{gov-report-list}\n```\n\n```{gov-trend-chart} requests-summary\n```\n"
)
SUQIAN = year_file(published("suqian-2024"))


@pytest.fixture
def site(project: Project) -> Project:
    """Two reports with their files on several pages."""
    off = dict.fromkeys(("carried-over", "not-filled", "in-force"), "off")
    project.write(
        "conf.py",
        f'{CONF}govreport_severity = {off}\ngovreport_downloads = ["csv", "json", "html", "yaml"]\nhtml_last_updated_fmt = None\n',
    )
    project.report("suqian-2023")
    project.report("suqian-2024")
    names = [f"p{number}" for number in range(3)]
    for number, name in enumerate(names):
        project.page(f"{name}.md", "宿迁市", 2023 + number % 2, BODY)
    project.write("index.md", "# 首页\n\n```{toctree}\n" + "\n".join(names) + "\n```\n")
    return project


def change(project: Project, number: int) -> None:
    """Change a figure, so that pages and files are written again."""
    project.write("data/suqian-2024.yaml", SUQIAN.replace("issued: 2\n", f"issued: {number}\n", 1))


def is_right(project: Project) -> None:
    """Check that the next build has the warnings and files of a clean one."""
    next_one = project.build()
    clean = project.build(out="clean")
    assert next_one.warnings == clean.warnings
    assert files_of(next_one) == files_of(clean)
    shutil.rmtree(project.folder.parent / "clean")


def command(project: Project) -> list[str]:
    """Return the command of a build in a separate process, with the folders of :meth:`Project.build`."""
    out = project.folder.parent / "_build"
    folders = [str(project.folder), str(out / "html")]
    return [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-d", str(out / "doctrees-html"), *folders]


def whole_files(project: Project) -> Iterator[Path]:
    """Return our files in the output of a killed build; each must be complete."""
    for path in (project.folder.parent / "_build/html").rglob("gov*"):
        if path.is_file():
            yield path


# -- killed ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", seeds(0, 10))
def test_a_command_that_was_killed_is_made_good_by_the_next(seed: int) -> None:
    """More of them: ``python -m tests.fuzz kills``."""
    kills.check(kills.make(random.Random(f"kills:{seed}")))  # noqa: S311


def killed_before_pages_are_written(project: Project) -> None:
    """Run a build that ends after Sphinx has saved its environment, before it writes pages."""
    conf = (project.folder / "conf.py").read_text("utf-8")
    stop = (
        "\ndef setup(app):\n"
        "    def stop(app, *rest):\n        import os\n        os._exit(9)\n"
        "    app.connect('env-check-consistency', stop)\n"
    )
    project.write("stop/conf.py", conf)
    (project.folder / "conf.py").write_text(conf + stop, "utf-8")
    os.utime(project.folder / "conf.py")
    assert subprocess.run(command(project), capture_output=True, check=False).returncode == 9
    project.write("conf.py", conf)
    shutil.rmtree(project.folder / "stop")


def test_pages_of_a_build_that_was_killed_before_it_wrote_them_are_written(site: Project) -> None:
    site.build()
    change(site, 77)
    killed_before_pages_are_written(site)
    is_right(site)


def test_several_builders_with_one_environment_all_print_the_change(site: Project) -> None:
    doctrees = site.folder.parent / "doctrees"

    def build(builder: str) -> None:
        out = str(site.folder.parent / f"_build/{builder}")
        folders = ["-d", str(doctrees), str(site.folder), out]
        subprocess.run([sys.executable, "-m", "sphinx", "-q", "-b", builder, *folders], check=True, capture_output=True)

    for builder in ("html", "text"):
        build(builder)
    change(site, 77)
    for builder in ("text", "html"):
        build(builder)
    assert '<data value="77">77</data>' in (site.folder.parent / "_build/html/p1.html").read_text("utf-8")


# -- disks -----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("limit", [0, 1_000, 4_000, 10_000, 30_000, 60_000, 200_000])
def test_a_disk_without_space_leaves_no_half_file_and_is_made_good(site: Project, limit: int) -> None:
    """Limits the size of files: for a process, this is the same as a full disk."""
    site.build()
    change(site, 55)
    code = (
        f"import resource, signal, sys\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {resource.RLIM_INFINITY}))\n"
        f"from sphinx.cmd.build import main\nsys.exit(main({command(site)[3:]!r}))"
    )
    before = {path: path.read_bytes() for path in whole_files(site)}
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    after = {path: path.read_bytes() for path in whole_files(site)}
    assert after.keys() == before.keys()
    for path, body in after.items():
        assert len(body) >= len(before[path]) - 10, path
    is_right(site)


def test_output_that_cannot_be_written_is_said_and_made_good(site: Project) -> None:
    site.build()
    change(site, 66)
    out = site.folder.parent / "_build/html"
    (target,) = [path for path in out.glob("gov-*.csv") if "2024" in path.name]
    target.unlink()
    target.mkdir()  # not even root can write a file there
    done = subprocess.run(command(site), capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert f"“{target}”无法写入：这是文件夹。" in done.stderr
    assert not list((site.folder.parent / "_build").rglob(PARTIAL))
    target.rmdir()
    is_right(site)


@pytest.mark.parametrize(
    "arguments", [["export", "--to", "csv", "--output", "file/x.csv"], ["export", "--to", "datapackage", "--output", "file/x"]]
)
def test_the_command_says_where_it_cannot_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("2024.yaml").write_text(SUQIAN, "utf-8")
    Path("file").write_text("", "utf-8")
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "2024.yaml"])
    assert ended.value.code == 2
    assert "cannot be written" in capsys.readouterr().err


# -- year files ------------------------------------------------------------------------------------------------------


def lose(project: Project) -> None:
    """Delete a year file during the build, when its pages are read."""
    conf = (project.folder / "conf.py").read_text("utf-8")
    lost = str(project.folder / "data/suqian-2024.yaml")
    hook = f"\ndef setup(app):\n    app.connect('env-before-read-docs', lambda *_: __import__('os').path.exists({lost!r}) and __import__('os').unlink({lost!r}))\n"
    project.write("conf.py", conf + hook)
    project.build()
    project.write("conf.py", conf)


def test_a_year_file_that_vanishes_during_a_build(site: Project) -> None:
    site.build()
    change(site, 44)
    lose(site)
    is_right(site)
    change(site, 45)
    is_right(site)


def test_a_year_file_that_cannot_be_read_is_said_and_made_good(site: Project) -> None:
    site.build()
    path = site.folder / "data/suqian-2024.yaml"
    path.unlink()
    path.symlink_to("nowhere.yaml")
    site.write(
        "conf.py",
        (site.folder / "conf.py").read_text("utf-8").replace('["data"]', '["data/suqian-2023.yaml", "data/suqian-2024.yaml"]'),
    )
    assert [line for line in site.build().warnings if "unreadable-file" in line] == [
        "data/suqian-2024.yaml:1:1: ERROR: 文件无法读取：没有这个文件。 [govreport.unreadable-file]"
    ]
    path.unlink()
    change(site, 46)
    is_right(site)


# -- caches and clocks -----------------------------------------------------------------------------------------------


def damage(rng: random.Random, path: Path) -> None:
    body = bytearray(path.read_bytes())
    match rng.randrange(4):
        case 0:
            del body[rng.randrange(len(body)) :]
        case 1:
            body[rng.randrange(len(body))] ^= 1 << rng.randrange(8)
        case 2:
            body[:] = rng.randbytes(rng.randrange(2000))
        case _:
            body += b"\0"
    path.write_bytes(bytes(body))


CACHES = (
    "govreport.pickle",
    "govreport-checks.pickle",
    "govreport-forms.pickle",
    "environment.pickle",
    "govreport-written-*.json",
)


@pytest.mark.parametrize("seed", seeds(2, 6))
def test_damaged_caches_and_environments_are_made_good(site: Project, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    site.build()
    change(site, 33)
    for name in CACHES:
        (path,) = (site.folder.parent / "_build/doctrees-html").glob(name)
        if name != "environment.pickle" or not seed % 4:
            damage(rng, path)
        elif not seed % 2:
            path.write_bytes(path.read_bytes()[: rng.randrange(1000)])
    is_right(site)


@pytest.mark.parametrize("body", [b"", b"[" * 100_000, b"{}", b"[1, 2]", b"[NaN, {}]", b"null", b"\xff", b'["", {"a": []}]'])
def test_a_note_of_what_was_written_that_is_damaged_is_made_good(site: Project, body: bytes) -> None:
    site.build()
    change(site, 34)
    (path,) = (site.folder.parent / "_build/doctrees-html").glob("govreport-written-*.json")
    path.write_bytes(body)
    is_right(site)


class Evil:
    """An object with which an attacker would replace a cache."""

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return pytest.fail, ("the pickle was loaded",)


@pytest.mark.parametrize("stamp", [b"", b"0" * 64])
def test_a_cache_is_not_loaded_before_its_checksum_fits(tmp_path: Path, stamp: bytes) -> None:
    path = tmp_path / "cache"
    path.write_bytes(stamp + pickle.dumps({"a": Evil()}))
    assert Cache[object](path, "1").get("a", lambda: "read again") == "read again"


def test_a_cache_of_another_version_is_an_empty_one(tmp_path: Path) -> None:
    first: Cache[int] = Cache(tmp_path / "cache", "1")
    assert first.get("a", lambda: 1) == 1
    first.save()
    assert Cache[int](tmp_path / "cache", "1").get("a", lambda: 2) == 1
    assert Cache[int](tmp_path / "cache", "2").get("a", lambda: 2) == 2


def test_a_cache_of_something_else_is_an_empty_one(tmp_path: Path) -> None:
    first: Cache[int] = Cache(tmp_path / "cache", "1")
    body = pickle.dumps(["a"])
    (tmp_path / "cache").write_bytes(first._stamp(body) + body)
    assert Cache[int](tmp_path / "cache", "1").get("a", lambda: 2) == 2


def test_a_cache_that_cannot_be_saved_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    cache: Cache[int] = Cache(tmp_path / "file/cache", "1")
    assert cache.get("a", lambda: 1) == 1
    cache.save()
    assert cache.get("a", lambda: 2) == 2


def test_a_clock_that_was_set_back_changes_nothing(site: Project) -> None:
    site.build()
    change(site, 22)
    for path in (site.folder / "data").iterdir():
        os.utime(path, (1, 1))
    is_right(site)
