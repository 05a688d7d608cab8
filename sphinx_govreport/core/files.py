"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

PARTIAL = ".govreport-*.part"  #: what files are called while they are written


def write_whole(path: Path, data: bytes, by_way_of: Path | None = None) -> None:
    """Write a file in one step: a reader sees all of it or what was there before, also if the process is killed.

    ``by_way_of`` is a folder where it may grow; on another disk, and without one, it grows beside its place.
    Raises :class:`OSError`.
    """
    try:
        _write(path, data, by_way_of or path.parent)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _write(path, data, path.parent)


def _write(path: Path, data: bytes, folder: Path) -> None:
    partial = folder / PARTIAL.replace("*", f"{path.name}-{os.getpid()}")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def remove_partial(folder: Path) -> None:
    """Remove what a killed process has left of its files."""
    for partial in folder.glob(PARTIAL):
        partial.unlink(missing_ok=True)
