"""Files that are written completely or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from .diagnostics import Text, text

PARTIAL = ".govreport-*.part"  #: names of files while they are written

_SPECIAL = (f"{os.sep}dev{os.sep}", f"{os.sep}proc{os.sep}")  # names of devices and open files, on systems that have them


def relative(path: str | os.PathLike[str], folder: str | os.PathLike[str]) -> str:
    """Return a path relative to a folder, with slashes; the whole path if it is on another drive of Windows."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return Path(path).as_posix()


def is_special(path: Path) -> bool:
    """Return whether a name means a device, a pipe or an open file: it is written to, and never replaced."""
    if os.path.abspath(path).startswith(_SPECIAL):
        return True
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


@contextmanager
def whole_file(path: Path, tmp_dir: Path | None = None) -> Iterator[BinaryIO]:
    """Open a file for writing: the old file is replaced in one step when all is written, and keeps its permissions.

    The target of a link is written, not the link. The new file is first written in ``tmp_dir``; without it, in the folder of
    the old file, under a name that replaces what a killed process has left. Raises :class:`OSError`.
    """
    if is_special(path):
        with path.open("wb") as file:
            yield file
        return
    target = Path(os.path.realpath(path)) if path.is_symlink() else path
    if target.is_symlink():  # a circular link
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    if target.is_dir():  # systems give various reasons
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    name = f"{os.getpid() if tmp_dir else 0}-{hashlib.sha256(os.fsencode(target.absolute())).hexdigest()[:16]}"
    partial = (tmp_dir or target.parent) / PARTIAL.replace("*", name)
    try:
        partial.unlink(missing_ok=True)
        with partial.open("xb") as file:
            _keep_permissions(target, partial)
            yield file
            is_ours = partial.exists() and os.path.samestat(partial.stat(), os.fstat(file.fileno()))
        if is_ours:  # else another process has begun to write the same file
            partial.replace(target)
    except BaseException:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def atomic_write(path: Path, data: bytes, tmp_dir: Path | None = None) -> None:
    """Write a file as :func:`whole_file` does; if ``tmp_dir`` is on another disk, write it first in the folder of ``path``."""
    try:
        with whole_file(path, tmp_dir) as file:
            file.write(data)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        atomic_write(path, data)


def _keep_permissions(target: Path, partial: Path) -> None:
    """Give the new file the permissions of the old one; without an old file, keep those that the system sets."""
    try:
        known = target.stat()
    except OSError:
        return
    with suppress(OSError, AttributeError):  # only the superuser may change the owner
        os.chown(partial, known.st_uid, known.st_gid)
    partial.chmod(stat.S_IMODE(known.st_mode))


def remove_partial(folder: Path) -> None:
    """Remove the partial files of a killed process."""
    for partial in folder.glob(PARTIAL):
        partial.unlink(missing_ok=True)


_REASONS = {
    errno.ENOENT: text("there is no such file"),
    errno.EACCES: text("permission is denied"),
    errno.EPERM: text("permission is denied"),
    errno.EISDIR: text("it is a folder"),
    errno.ENOTDIR: text("a part of its path is not a folder"),
    errno.EEXIST: text("it already exists"),
    errno.ENOSPC: text("the disk is full"),
    errno.EDQUOT: text("the disk is full"),
    errno.EROFS: text("the disk is read-only"),
    errno.ENAMETOOLONG: text("its name is too long"),
    errno.ELOOP: text("links form a loop"),
    errno.EIO: text("the disk is faulty"),
}


def reason_of(error: OSError) -> Text:
    """Return the message for an error of the system."""
    return _REASONS.get(error.errno or 0) or text("{reason}", reason=error.strerror or str(error))
