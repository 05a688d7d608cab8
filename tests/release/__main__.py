"""Make a release: check, set the version, describe the dependencies, build twice, compare, commit and tag.

``make release VERSION=x.y.z``. Nothing is published before the tag is pushed: then .github/workflows/release.yml builds the
tagged commit with the same functions.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

VERSIONS = Path("sphinx_govreport/core/versions.py")
CHANGELOG = Path("CHANGELOG.md")
SBOM = Path(".ci/sphinx-govreport.cdx.json")
FILES = Path("build/release")

#: of the environment: they would add a time, and the packages of another folder
_NOT_DESCRIBED = {"SOURCE_DATE_EPOCH", "PYTHONPATH"}
_VERSION = re.compile(r'^__version__ = "(.+)"$', flags=re.MULTILINE)
_UNRELEASED = "## [Unreleased]\n"


class Refused(Exception):  # noqa: N818  (the state of the checkout is the problem)
    """The release cannot be made; the message says why and what to do."""


def main() -> int:
    """Run a subcommand in the root of a checkout. Returns 1 if it is refused."""
    options = _options()
    try:
        if options.action == "prepare":
            prepare(options.version, options.check, datetime.datetime.now(datetime.UTC).date())
        elif options.action == "sbom":
            describe(current_version())
        elif options.action == "build":
            build(options.tag)
        else:
            print(section(current_version()))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.release", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    prepared = actions.add_parser("prepare", help="make the commit and the tag of a release")
    prepared.add_argument("version")
    prepared.add_argument("--check", default="true", help="command that must succeed first")
    actions.add_parser("sbom", help=f"write {SBOM} for the current version")
    built = actions.add_parser("build", help=f"build sdist and wheel of the last commit twice, compare, write to {FILES}")
    built.add_argument("--tag", help="refuse a tag that is not that of the version")
    actions.add_parser("notes", help="print the changelog of the current version")
    return parser.parse_args()


def prepare(version: str, check: str, today: datetime.date, python: str | None = None) -> None:
    """Make the commit and the tag of a release; if a step fails, restore the commit that was checked out.

    :param python: describe the packages of this interpreter, instead of those that pip chooses now
    """
    _refuse_wrong_state(version)
    if subprocess.run(shlex.split(check)).returncode:
        raise Refused(f"The checks failed: {check}")
    before = _git("rev-parse", "HEAD")
    try:
        VERSIONS.write_text(_VERSION.sub(f'__version__ = "{version}"', VERSIONS.read_text("utf-8")), "utf-8")
        heading = f"{_UNRELEASED}\n## [{version}] - {today.isoformat()}\n"
        CHANGELOG.write_text(CHANGELOG.read_text("utf-8").replace(_UNRELEASED, heading, 1), "utf-8")
        describe(version, python)
        _git("commit", "--quiet", "--message", f"Release {version}", "--", *map(str, (VERSIONS, CHANGELOG, SBOM)))
        build(f"v{version}")
        _git("tag", "--annotate", "--message", f"sphinx_govreport {version}", f"v{version}")
    except BaseException:
        _git("reset", "--quiet", "--hard", before)  # nothing is lost: there were no changes
        raise
    print(f"Tagged v{version}. To publish it: git push --atomic origin HEAD v{version}")


def _refuse_wrong_state(version: str) -> None:
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise Refused(f"“{version}” is not a version. Write three numbers: make release VERSION=0.2.0")
    if changes := _git("status", "--porcelain"):
        raise Refused(f"There are changes that are not committed. Commit or remove them:\n{changes}")
    if _git("tag", "--list", f"v{version}"):
        raise Refused(f"The tag v{version} already exists. A published version cannot be replaced: choose the next one.")
    text = CHANGELOG.read_text("utf-8")
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", text, flags=re.MULTILINE)
    newest = max(released, key=_numbers, default=None)
    if newest and _numbers(version) <= _numbers(newest):
        raise Refused(f"{version} is not newer than the last release, {newest}.")
    if _numbers(version) < _numbers(current_version()):
        raise Refused(f"{version} is older than the version in {VERSIONS}, {current_version()}.")
    if not re.search("^- ", section("Unreleased"), flags=re.MULTILINE):
        raise Refused(f"{CHANGELOG} has no entries under “Unreleased”. List what users will notice.")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def current_version() -> str:
    """Return the version of the checkout."""
    match = _VERSION.search(VERSIONS.read_text("utf-8"))
    assert match
    return match[1]


def section(version: str) -> str:
    """Return the entries of the changelog for a version, or of “Unreleased”."""
    found = re.search(
        rf"^## \[{re.escape(version)}\][^\n]*\n(.*?)(?=^## |\Z)", CHANGELOG.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    if not found:
        raise Refused(f"{CHANGELOG} has no heading “{version}”.")
    return found[1].strip()


def describe(version: str, python: str | None = None) -> None:
    """Write the software bill of materials: the dependencies and theirs, in the versions that pip chooses now.

    The wheel contains the committed file, so that a later build of the commit gives the same bytes.
    """
    text = Path("pyproject.toml").read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        if python is None:
            python = f"{folder}/venv/bin/python"
            _run(sys.executable, "-m", "venv", "--without-pip", f"{folder}/venv")
            dependencies = tomllib.loads(text)["project"]["dependencies"]
            _run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", *dependencies)
        project = Path(folder, "pyproject.toml")  # cyclonedx-py reads no dynamic version, and takes extras for dependencies
        text = re.sub(r"^\[project\.optional-dependencies\]\n.*?(?=^\[)", "", text, flags=re.MULTILINE | re.DOTALL)
        project.write_text(text.replace('dynamic = ["version"]', f'version = "{version}"'), "utf-8")
        options = ("--pyproject", str(project), "--mc-type", "library", "--output-reproducible", "-o", f"{folder}/sbom.json")
        environment = {name: value for name, value in os.environ.items() if name not in _NOT_DESCRIBED}
        _run(sys.executable, "-m", "cyclonedx_py", "environment", *options, python, env=environment)
        written = _without_addresses(json.loads(Path(folder, "sbom.json").read_text("utf-8")))
    SBOM.write_text(json.dumps(written, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")


def _without_addresses(value: Any) -> Any:
    """Leave out the home pages of projects: they change, and scanners identify packages by ``purl``."""
    if isinstance(value, dict):
        return {key: _without_addresses(item) for key, item in value.items() if key != "externalReferences"}
    return [_without_addresses(item) for item in value] if isinstance(value, list) else value


def build(tag: str | None = None) -> None:
    """Build sdist and wheel of the last commit in two places, and write them to :data:`FILES` if their bytes are the same."""
    if tag and tag != f"v{current_version()}":
        raise Refused(f"The tag {tag} is not that of the version in {VERSIONS}, {current_version()}.")
    with tempfile.TemporaryDirectory() as folder:
        first = _build(Path(folder, "a"), {})
        second = _build(Path(folder, "another folder"), {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "1"})
        if different := sorted(name for name in first | second if first.get(name) != second.get(name)):
            raise Refused(f"Two builds of one commit differ: {', '.join(different)}")
        shutil.rmtree(FILES, ignore_errors=True)
        shutil.copytree(Path(folder, "a/dist"), FILES)
    _run(sys.executable, "-m", "twine", "check", "--strict", *(str(FILES / name) for name in first))
    for name, digest in first.items():
        print(f"{digest}  {FILES / name}", flush=True)


def _build(folder: Path, environment: dict[str, str]) -> dict[str, str]:
    """Build a clone of the last commit, and return the SHA-256 of each file."""
    _git("clone", "--quiet", "--no-local", ".", str(folder))
    epoch = {"SOURCE_DATE_EPOCH": _git("log", "-1", "--format=%ct")}
    _run(sys.executable, "-m", "build", "--no-isolation", "--quiet", str(folder), env={**os.environ, **epoch, **environment})
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((folder / "dist").iterdir())}


def _run(*command: str, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise Refused(f"This command failed: {shlex.join(command)}\n{done.stdout}")


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True)
    if done.returncode:
        raise Refused(f"git {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
