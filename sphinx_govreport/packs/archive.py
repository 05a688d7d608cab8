"""The archive: a zip in which every byte follows from the files and one time.

Its files are stored, not compressed: what a compressor writes differs between its versions, and an archive that was approved
must be the same wherever it is packed again. So a verifier can also compare every byte, and nothing can swell when it is read.
"""

from __future__ import annotations

import hashlib
import io
import stat
import time
import zipfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple, TypeAlias

from .manifest import MANIFEST_NAME, manifest_text

Moment: TypeAlias = tuple[int, int, int, int, int, int]

ZIP_EPOCH, _ZIP_END = 315_532_800, 4_354_819_198  # 1980-01-01 and 2107-12-31, in seconds of Unix
_CHUNK = 1 << 20


class ArchiveEntry(NamedTuple):
    """A file to be packed, or one of a pack."""

    name: str  #: with ``/``
    size: int  #: in bytes
    open: Callable[[], IO[bytes]]

    @classmethod
    def of_path(cls, name: str, path: Path) -> ArchiveEntry:
        """A file on disk."""
        return cls(name, path.stat().st_size, partial(_opened, path))

    @classmethod
    def of_bytes(cls, name: str, data: bytes) -> ArchiveEntry:
        """A file in memory."""
        return cls(name, len(data), partial(io.BytesIO, data))

    def digest(self) -> str:
        """The SHA-256 of its bytes. Raises what reading does."""
        with self.open() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # any file will do


def _opened(path: Path) -> IO[bytes]:
    return path.open("rb")


def moment_of(epoch: str) -> Moment:
    """The time of ``SOURCE_DATE_EPOCH`` in UTC, as near as a zip can say it; its first if there is none.

    Raises :class:`ValueError` for anything but a number of seconds.
    """
    seconds = int(epoch) if epoch else ZIP_EPOCH
    return time.gmtime(min(max(seconds, ZIP_EPOCH), _ZIP_END))[:6]


def write_archive(target: IO[bytes], entries: Sequence[ArchiveEntry], moment: Moment) -> str:
    """Write files by name and the manifest behind them. Returns the manifest."""
    digests = {}
    with zipfile.ZipFile(target, "w") as archive:
        for entry in sorted(entries, key=lambda entry: entry.name):
            digests[entry.name] = _add(archive, entry, moment)
        manifest = manifest_text(digests)
        _add(archive, ArchiveEntry.of_bytes(MANIFEST_NAME, manifest.encode()), moment)
    return manifest


def _add(archive: zipfile.ZipFile, entry: ArchiveEntry, moment: Moment) -> str:
    """Copy a file into the archive. Returns its SHA-256."""
    info = zipfile.ZipInfo(entry.name, moment)
    info.create_system = 3  # Unix, wherever it is packed: only there rights mean anything
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    info.file_size = entry.size
    digest = hashlib.sha256()
    with entry.open() as source, archive.open(info, "w") as copy:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            copy.write(chunk)
    return digest.hexdigest()
