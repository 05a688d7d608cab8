"""The record of a build, stored in its output: which files belong to it, and which were written by earlier builds only."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeAlias

from sphinx_govreport.core.library.summary import SUMMARY_NAME

from .archive import ArchiveEntry, unsafe

RECORD_NAME = ".govreport-files.json"

#: time, size and inode of a file, which show whether it was written between two points in time
FileMark: TypeAlias = tuple[int, int, int]

#: files of Sphinx, editors and systems that do not belong on a server
LEFT_OUT = frozenset(
    {".doctrees", ".buildinfo", ".buildinfo.bak", SUMMARY_NAME, RECORD_NAME, ".git", ".DS_Store", "Thumbs.db", "desktop.ini"}
)


class OutputRecord(NamedTuple):
    """The files of an output folder that belong to a build, by their names relative to it."""

    own: Mapping[str, str] = {}  #: files written by this extension, with their SHA-256
    state: frozenset[str] = frozenset()  #: files that Sphinx writes for the pages and settings of that build
    other: frozenset[str] = frozenset()  #: other files written in builds up to that one, for example by other extensions

    @property
    def names(self) -> frozenset[str]:
        """The names of all these files."""
        return self.state | self.other | self.own.keys()


def read_record(folder: Path) -> OutputRecord | None:
    """Return the record of the last build in the folder; None if it is missing or damaged."""
    try:
        body = json.loads((folder / RECORD_NAME).read_bytes())
        own, state, other = body["own"], body["state"], body["other"]
        texts = [*own, *own.values(), *state, *other]
        is_sound = isinstance(state, list) and isinstance(other, list) and all(isinstance(one, str) for one in texts)
        return OutputRecord(own, frozenset(state), frozenset(other)) if is_sound else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def record_text(record: OutputRecord) -> str:
    """Return the record of a build as text; the same for the same files."""
    body = {"own": dict(sorted(record.own.items())), "state": sorted(record.state), "other": sorted(record.other)}
    return json.dumps(body) + "\n"  # ASCII: file names need not be UTF-8


def marks_of(folder: Path) -> dict[str, FileMark]:
    """Return all files below a folder by name, except those that no pack has, and those of another site inside it.

    Links count as files. A folder that cannot be read is empty here: packing reports it.
    """
    marks = {}
    folders = [(os.fspath(folder), "")]
    for root, prefix in folders:  # the list grows in the loop
        with suppress(OSError), os.scandir(root) as entries:
            for entry in entries:
                if entry.name in LEFT_OUT:
                    continue
                if not entry.is_dir(follow_symlinks=False):
                    found = entry.stat(follow_symlinks=False)
                    marks[f"{prefix}{entry.name}"] = (found.st_mtime_ns, found.st_size, found.st_ino)
                elif not os.path.exists(os.path.join(entry.path, RECORD_NAME)):
                    folders.append((entry.path, f"{prefix}{entry.name}/"))
    return marks


def built_names(folder: Path) -> frozenset[str] | None:
    """Return the files of the builds into a folder and its subfolders; None if there is no record."""
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
    """Return the SHA-256 of those of these files that exist; ``known`` has some of them."""
    return {name: digest for name in names if (digest := known.get(name) or _digest(folder / name))}


def remove_own(folder: Path, own: Mapping[str, str]) -> None:
    """Remove files of an earlier build that have not been changed since.

    The record may be wrong or forged: no link out of the folder is followed, and files with other content are kept.
    Raises :class:`OSError` if a file cannot be removed.
    """
    root = Path(os.path.realpath(folder))
    for name, digest in own.items():
        path = root / name
        if not unsafe(name) and os.path.realpath(path) == str(path) and _digest(path) == digest:
            path.unlink()


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file; empty if it does not exist or cannot be read."""
    try:
        return ArchiveEntry.of_path("", path).digest() if stat.S_ISREG(path.lstat().st_mode) else ""
    except OSError:
        return ""
