"""The files of a folder: of a built site, or of a pack that was unpacked."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection
from pathlib import Path

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, RuleExplanation, text
from sphinx_govreport.core.examples import PACKED

from .archive import ArchiveEntry
from .manifest import UNSAFE_NAME, shown, unsafe

NOT_A_FILE = Rule(
    "not-a-file",
    explanation=RuleExplanation(
        text("In the folder stands a link or a device."),
        text("What it leads to could change after it was approved."),
        text("Put the file itself in its place."),
        example=PACKED._replace(run="ln -s /etc/hosts _build/hosts.txt\nsphinx-govreport pack _build -o new.zip"),
    ),
)
NO_FILE = text("This is a folder, a link or a device; a pack has files only.")


def entries_of(folder: Path, place: str, findings: list[Diagnostic], leave_out: Collection[str] = ()) -> list[ArchiveEntry]:
    """All files below a folder, but those that are called, or lie in a folder called, like one of ``leave_out``.

    Links, devices and names that must not be unpacked are findings. Raises :class:`OSError` if a folder cannot be read.
    """
    entries = []
    for path in sorted(_below(folder, leave_out)):
        name = path.relative_to(folder).as_posix()
        pos = Pos(f"{place}/{shown(name)}", 0)
        if not stat.S_ISREG(path.lstat().st_mode):
            findings.append(Diagnostic(NOT_A_FILE, pos, NO_FILE))
        elif problem := unsafe(name):
            findings.append(Diagnostic(UNSAFE_NAME, pos, problem))
        else:
            entries.append(ArchiveEntry.of_path(name, path))
    return entries


def _below(folder: Path, leave_out: Collection[str]) -> list[Path]:
    """All that is no folder; links are not followed."""

    def refuse(error: OSError) -> None:
        raise error

    found = []
    for root, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if name not in leave_out]
        links = [name for name in folders if os.path.islink(os.path.join(root, name))]
        found += [Path(root, name) for name in (*files, *links) if name not in leave_out]
    return found
