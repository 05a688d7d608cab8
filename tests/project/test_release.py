"""``make release``: in a repository made for the test, without network."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from email.parser import Parser
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
import yaml

from sphinx_govreport.core.versions import __version__
from tests.release import __main__ as release

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
SHIPPED = ("pyproject.toml", "README.md", "LICENSE", ".ci/sphinx-govreport.cdx.json", "sphinx_govreport")
DEPENDENCIES = ("sphinx", "docutils", "pyyaml", "myst-parser")
DAY = datetime.date(2031, 2, 3)
OLD = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A new rule.\n- A new form.\n\n## [0.1.0] - 2030-01-01\n\n- The first.\n"
WORKFLOW: dict[Any, Any] = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text("utf-8"))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of the package, which is the working folder. Its version is 0.1.0."""
    folder = tmp_path / "project"
    for name in SHIPPED:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, target)
    versions = folder / release.VERSIONS
    versions.write_text(
        re.sub("^__version__ = .*$", '__version__ = "0.1.0"', versions.read_text("utf-8"), flags=re.MULTILINE), "utf-8"
    )
    (folder / "CHANGELOG.md").write_text(OLD, "utf-8")
    (folder / ".gitignore").write_text("build/\n", "utf-8")
    (tmp_path / "gitconfig").write_text("[user]\nname = A\nemail = a@example.org\n[init]\ndefaultBranch = main\n", "utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.chdir(folder)
    git("init", "--quiet")
    commit()
    return folder


@pytest.fixture
def python(tmp_path: Path) -> str:
    """An interpreter with the metadata of the dependencies that this one has."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    (packages,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    for name in DEPENDENCIES:
        info = packages / f"{name}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(distribution(name).read_text("METADATA") or "", "utf-8")
    return str(tmp_path / "venv/bin/python")


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout.strip()


def commit() -> None:
    git("add", "--all")
    git("commit", "--quiet", "--message", "Before")


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_a_release_is_one_commit_and_one_tag(project: Path, python: str, capsys: pytest.CaptureFixture[str]) -> None:
    release.prepare("0.2.0", "true", DAY, python)
    assert Path("CHANGELOG.md").read_text("utf-8") == OLD.replace(
        "## [Unreleased]\n", "## [Unreleased]\n\n## [0.2.0] - 2031-02-03\n"
    )
    assert release.current_version() == "0.2.0"
    assert release.section("0.2.0") == "### Added\n\n- A new rule.\n- A new form."
    assert git("log", "--format=%s") == "Release 0.2.0\nBefore"
    assert git("diff", "--name-only", "HEAD^").split() == [
        ".ci/sphinx-govreport.cdx.json",
        "CHANGELOG.md",
        "sphinx_govreport/core/versions.py",
    ]
    assert git("rev-parse", "v0.2.0^{commit}") == git("rev-parse", "HEAD")
    assert git("cat-file", "-t", "v0.2.0") == "tag"
    assert git("status", "--porcelain") == ""

    built = digests(release.FILES)
    assert set(built) == {"sphinx_govreport-0.2.0-py3-none-any.whl", "sphinx_govreport-0.2.0.tar.gz"}
    printed = capsys.readouterr().out
    assert all(f"{digest}  build/release/{name}\n" in printed for name, digest in built.items())
    assert printed.endswith("Tagged v0.2.0. To publish it: git push --atomic origin HEAD v0.2.0\n")

    with zipfile.ZipFile(release.FILES / "sphinx_govreport-0.2.0-py3-none-any.whl") as wheel:
        sbom = json.loads(wheel.read("sphinx_govreport-0.2.0.dist-info/sboms/sphinx-govreport.cdx.json"))
        metadata = Parser().parsestr(wheel.read("sphinx_govreport-0.2.0.dist-info/METADATA").decode())
    assert metadata["Version"] == sbom["metadata"]["component"]["version"] == "0.2.0"
    assert {one["name"].lower(): one["version"] for one in sbom["components"]} == {
        name: distribution(name).version for name in DEPENDENCIES
    }

    shutil.rmtree(release.FILES)
    release.build("v0.2.0")
    assert digests(release.FILES) == built, "anybody can build the same bytes again"


def test_the_sbom_is_the_same_at_every_time(project: Path, python: str, monkeypatch: pytest.MonkeyPatch) -> None:
    release.describe("0.1.0", python)
    first = release.SBOM.read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    release.describe("0.1.0", python)
    assert release.SBOM.read_bytes() == first


def test_the_committed_sbom_has_the_version_and_the_dependencies() -> None:
    sbom = json.loads((ROOT / release.SBOM).read_text("utf-8"))
    assert sbom["bomFormat"] == "CycloneDX"
    assert sbom["metadata"]["component"]["version"] == __version__
    names = {one["bom-ref"]: one["name"].lower() for one in sbom["components"]}
    (root,) = (one["dependsOn"] for one in sbom["dependencies"] if one["ref"] == "root-component")
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    assert {names[ref] for ref in root} == {re.split("[<>=]", one)[0] for one in dependencies}
    assert "serialNumber" not in sbom
    assert "timestamp" not in sbom["metadata"]


def change(path: str, before: str, after: str) -> None:
    text = Path(path).read_text("utf-8")
    assert before in text
    Path(path).write_text(text.replace(before, after, 1), "utf-8")
    commit()


@pytest.mark.parametrize("version", ["", "1.0", "v0.2.0", "0.2.0rc1"])
def test_a_version_has_three_numbers(version: str, project: Path) -> None:
    refused(version, f"“{version}” is not a version. Write three numbers: make release VERSION=0.2.0")


def test_changes_must_be_committed(project: Path) -> None:
    Path("README.md").write_text("changed", "utf-8")
    with pytest.raises(release.Refused, match=r"^There are changes that are not committed.*\n *M README.md$"):
        release.prepare("0.2.0", "true", DAY)
    assert Path("README.md").read_text("utf-8") == "changed"


def test_a_tag_is_made_once(project: Path) -> None:
    git("tag", "v0.2.0")
    refused("0.2.0", "The tag v0.2.0 already exists. A published version cannot be replaced: choose the next one.")


@pytest.mark.parametrize("version", ["0.1.0", "0.0.9"])
def test_a_version_is_newer_than_the_last(version: str, project: Path) -> None:
    refused(version, f"{version} is not newer than the last release, 0.1.0.")


def test_numbers_are_compared_as_numbers(project: Path) -> None:
    change("CHANGELOG.md", "0.1.0", "0.10.0")
    refused("0.9.0", "0.9.0 is not newer than the last release, 0.10.0.")


def test_the_first_release_may_have_the_version_of_the_checkout(project: Path) -> None:
    change("CHANGELOG.md", "\n## [0.1.0] - 2030-01-01\n", "")
    refused("0.0.9", "0.0.9 is older than the version in sphinx_govreport/core/versions.py, 0.1.0.")
    refused("0.1.0", "The checks failed: false", check="false")


def test_a_release_has_entries(project: Path) -> None:
    change("CHANGELOG.md", "- A new rule.\n- A new form.\n\n", "")
    refused("0.2.0", "CHANGELOG.md has no entries under “Unreleased”. List what users will notice.")


def test_the_changelog_of_the_project_can_be_released(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert release.section("Unreleased") or release.section(__version__)


def test_the_changelog_has_the_heading(project: Path) -> None:
    change("CHANGELOG.md", "## [Unreleased]", "## Next")
    refused("0.2.0", "CHANGELOG.md has no heading “Unreleased”.")


def test_checks_must_pass(project: Path) -> None:
    refused("0.2.0", "The checks failed: test 1 = 2", check="test 1 = 2")


HOOK = """
import os
from pathlib import Path
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

class Hook(BuildHookInterface):
    def initialize(self, version, build_data):
        Path(self.root, "sphinx_govreport/noise.txt").write_text(os.urandom(8).hex())
"""


def test_a_build_that_cannot_be_repeated_is_undone(project: Path, python: str) -> None:
    Path("hook.py").write_text(HOOK, "utf-8")
    change(
        "pyproject.toml",
        "[tool.hatch.version]",
        '[tool.hatch.build.targets.wheel.hooks.custom]\npath = "hook.py"\n\n[tool.hatch.version]',
    )
    change("pyproject.toml", 'include = ["/sphinx_govreport"', 'include = ["/hook.py", "/sphinx_govreport"')
    refused("0.2.0", "Two builds of one commit differ: sphinx_govreport-0.2.0-py3-none-any.whl", python=python)


def test_a_tag_must_be_that_of_the_version(project: Path) -> None:
    with pytest.raises(release.Refused, match=r"^The tag v0\.3\.0 is not that of the version in .*, 0\.1\.0\.$"):
        release.build("v0.3.0")


def refused(version: str, message: str, check: str = "true", python: str | None = None) -> None:
    """The release is refused with the whole message, and the repository is as before."""
    before = git("rev-parse", "HEAD")
    with pytest.raises(release.Refused) as error:
        release.prepare(version, check, DAY, python)
    assert str(error.value) == message
    assert git("rev-parse", "HEAD") == before
    assert git("status", "--porcelain") == ""
    assert git("tag", "--list", "--points-at", "HEAD") in ("", "v0.2.0")


def test_the_command_prints_the_notes_and_its_refusals(project: Path) -> None:
    done = command("notes")
    assert (done.returncode, done.stdout, done.stderr) == (0, "- The first.\n", "")
    done = command("prepare", "0.1.0")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "0.1.0 is not newer than the last release, 0.1.0.\n"


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import runpy; runpy.run_module('tests.release', run_name='__main__')"
    )
    return subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True)


def test_make_passes_version_and_checks() -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "-n", "release", "VERSION=0.2.0"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert re.search(r'python -m tests\.release prepare "0\.2\.0" --check "\S*make check package"\n$', done.stdout)


# the workflow -------------------------------------------------------------------------------------------------------


def test_tags_start_the_workflow() -> None:
    assert WORKFLOW[True] == {"push": {"tags": ["v*"]}}  # YAML reads “on” as true


def test_only_the_job_that_publishes_gets_an_identity() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    rights = {name: job["permissions"] for name, job in WORKFLOW["jobs"].items() if "permissions" in job}
    assert rights == {"publish": {"id-token": "write"}, "notes": {"contents": "write"}}
    assert "secrets." not in (ROOT / ".github/workflows/release.yml").read_text("utf-8")


def test_nothing_is_published_before_all_tests_pass() -> None:
    jobs = WORKFLOW["jobs"]
    assert jobs["tests"] == {"uses": "./.github/workflows/tests.yml"}
    assert set(jobs["publish"]["needs"]) == {"tests", "build"}
    assert jobs["notes"]["needs"] == "publish"
    called = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text("utf-8"))
    assert "workflow_call" in called[True]


def test_publishing_attests_the_files_of_the_build() -> None:
    jobs = WORKFLOW["jobs"]
    (publishes,) = (step for step in jobs["publish"]["steps"] if "pypa/" in step["uses"])
    assert publishes["with"] == {"packages-dir": "release/", "attestations": True}
    paths = jobs["build"]["steps"][-1]["with"]["path"].split()
    assert paths == [f"{release.FILES}/", "build/notes.md"]
    runs = [step["run"] for step in jobs["build"]["steps"] if "run" in step]
    assert 'python -m tests.release build --tag "$GITHUB_REF_NAME"' in runs
    assert f"python -m tests.release notes > {paths[1]}" in runs
