"""Why the system refuses a file, in the user's language: what it says itself is in the language of its own settings."""

from __future__ import annotations

import errno

from .diagnostics import Text, text

_REASONS = {
    errno.ENOENT: text("there is no such file"),
    errno.EACCES: text("permission is denied"),
    errno.EPERM: text("permission is denied"),
    errno.EISDIR: text("it is a folder"),
    errno.ENOTDIR: text("a part of its path is no folder"),
    errno.EEXIST: text("it is there already"),
    errno.ENOSPC: text("the disk is full"),
    errno.EDQUOT: text("the disk is full"),
    errno.EROFS: text("the disk can only be read"),
    errno.ENAMETOOLONG: text("its name is too long"),
    errno.ELOOP: text("links lead in a circle"),
    errno.EIO: text("the disk has a fault"),
}


def reason_of(error: OSError) -> Text:
    """What is said of an error of the system."""
    known = _REASONS.get(error.errno or 0)
    return known or text("{reason}", reason=error.strerror or str(error))
