"""What a build knows of the files in its output, kept beside them: which are its own, and which only an earlier one wrote."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sphinx_govreport.core.library.summary import SUMMARY_NAME

from .archive import unsafe

RECORD_NAME = ".govreport-files.json"

#: what Sphinx, editors and systems leave in a folder and nobody wants on a server
LEFT_OUT = frozenset(
    {".doctrees", ".buildinfo", ".buildinfo.bak", SUMMARY_NAME, RECORD_NAME, ".git", ".DS_Store", "Thumbs.db", "desktop.ini"}
)


class OutputRecord(NamedTuple):
    """The files of an output folder, by their names in it, that a build accounts for."""

    own: Mapping[str, str] = {}  #: what this extension wrote, with its SHA-256
    state: frozenset[str] = frozenset()  #: what Sphinx writes for the pages and settings of that build
    other: frozenset[str] = frozenset()  #: what else was written in builds up to that one, such as by other extensions

    @property
    def names(self) -> frozenset[str]:
        """All of them."""
        return self.state | self.other | self.own.keys()


class FileMark(NamedTuple):
    """By what a file is known that was not written between two looks at it."""

    modified: int
    size: int
    inode: int


def read_record(folder: Path) -> OutputRecord | None:
    """What the last build noted in its output; None without a note, or if that is damaged."""
    try:
        body = json.loads((folder / RECORD_NAME).read_bytes())
        own, state, other = body["own"], body["state"], body["other"]
        texts = [*own, *own.values(), *state, *other]
        is_sound = isinstance(state, list) and isinstance(other, list) and all(isinstance(one, str) for one in texts)
        return OutputRecord(own, frozenset(state), frozenset(other)) if is_sound else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def record_text(record: OutputRecord) -> str:
    """The note of a build; the same for the same files."""
    body = {"own": dict(sorted(record.own.items())), "state": sorted(record.state), "other": sorted(record.other)}
    return json.dumps(body) + "\n"  # ASCII: names of files need not be UTF-8


def marks_of(folder: Path) -> dict[str, FileMark]:
    """All files below a folder by their names, but those that no pack has, and those of another site in it.

    Links are files. A folder that cannot be read has none: packing it says so.
    """
    marks = {}
    folders = [(os.fspath(folder), "")]
    for root, prefix in folders:  # it grows
        with suppress(OSError), os.scandir(root) as entries:
            for entry in entries:
                if entry.name in LEFT_OUT:
                    continue
                if not entry.is_dir(follow_symlinks=False):
                    found = entry.stat(follow_symlinks=False)
                    marks[f"{prefix}{entry.name}"] = FileMark(found.st_mtime_ns, found.st_size, found.st_ino)
                elif not os.path.exists(os.path.join(entry.path, RECORD_NAME)):
                    folders.append((entry.path, f"{prefix}{entry.name}/"))
    return marks


def built_names(folder: Path) -> frozenset[str] | None:
    """The files that the builds into a folder, and into those below it, account for; None if none says so."""
    record = read_record(folder)
    if record is None:
        return None
    names = set(record.names)
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        if RECORD_NAME in files and Path(root) != folder:
            prefix = Path(root).relative_to(folder).as_posix()
            names |= {f"{prefix}/{name}" for name in (read_record(Path(root)) or OutputRecord()).names}
    return frozenset(names)


def noted(folder: Path, names: Collection[str], known: Mapping[str, str]) -> dict[str, str]:
    """The SHA-256 of the files of these names, as far as they are there; ``known`` of some."""
    found = {}
    for name in names:
        if name in known:
            found[name] = known[name]
        elif digest := _digest(folder / name):
            found[name] = digest
    return found


def remove_own(folder: Path, own: Mapping[str, str]) -> None:
    """Remove files that an earlier build wrote, as far as they are still what it wrote.

    The note may be wrong, or made up: nothing is followed out of the folder, and what has other bytes is somebody else's.
    Raises :class:`OSError` if a file cannot be removed.
    """
    root = Path(os.path.realpath(folder))
    for name, digest in own.items():
        path = root / name
        if not unsafe(name) and os.path.realpath(path) == str(path) and _digest(path) == digest:
            path.unlink()


def _digest(path: Path) -> str:
    """The SHA-256 of a file; empty if there is none that can be read."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
