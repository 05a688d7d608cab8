"""The archive of a pack: a zip whose bytes depend only on the files and one time, with the SHA-256 of every file.

Its files are not compressed: the output of compressors differs between versions, and an approved archive must be the same
wherever it is packed again. This also lets a verifier compare every byte, and no file can expand when it is read.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import time
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple, TypeAlias
from unicodedata import normalize

from sphinx_govreport.core.characters import visible
from sphinx_govreport.core.diagnostics import Diagnostic, MessageError, Pos, Text, explained_rule, text
from sphinx_govreport.core.examples import PACKED

# the manifest, in the format of ``sha256sum -c`` ----------------------------------------------------------------------

MANIFEST_NAME = "MANIFEST.sha256"
CHECKS_NAME = "CHECKS.json"  #: the results of the site's checks

BAD_MANIFEST = explained_rule(
    "bad-manifest",
    "清单有误",
    text("The manifest of the pack cannot be read."),
    text("Without it, nobody knows what was approved."),
    text("Do not publish it; fetch the pack again."),
    example=PACKED._replace(run="echo note >> public/MANIFEST.sha256\nsphinx-govreport pack --verify public"),
)
UNSAFE_NAME = explained_rule(
    "unsafe-name",
    "文件名不安全",
    text("The name of a file does not mean the same file on every system, or leads out of the folder."),
    text("Unpacked, it could overwrite something else."),
    text("Rename it; do not unpack a pack for which this is reported."),
    example=PACKED._replace(run="touch '_build/a\\b.txt'\nsphinx-govreport pack _build -o new.zip"),
)
CHANGED_FILE = explained_rule(
    "changed-file",
    "文件已改动",
    text("A file is not the one that was packed."),
    text("Somebody or a fault has changed an approved file."),
    text("Do not publish it; find out what has changed."),
    example=PACKED._replace(run="echo >> public/index.html\nsphinx-govreport pack --verify public"),
)
MISSING_FILE = explained_rule(
    "missing-file",
    "文件缺失",
    text("A file that was packed is missing."),
    text("A part of what was approved is missing."),
    text("Do not publish it; fetch the pack again."),
    example=PACKED._replace(run="rm public/search.html\nsphinx-govreport pack --verify public"),
)
ADDED_FILE = explained_rule(
    "added-file",
    "文件多出",
    text("There is a file that was not packed."),
    text("Nobody approved it."),
    text("Do not publish it; find out where it comes from."),
    example=PACKED._replace(run="touch public/shell.php\nsphinx-govreport pack --verify public"),
)

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_DRIVE = re.compile("[A-Za-z]:")
_SIGNS = '<>:"|?*'  # not allowed in names on Windows
#: a device of Windows with any suffix, such a sign, or an end that Windows drops
_NOT_ON_WINDOWS = re.compile(
    rf"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[1-9¹²³]) *(?:\..*)?|.*(?:[{_SIGNS}].*|[. ])", re.IGNORECASE
)


def unsafe(name: str) -> Text | None:
    """Return the reason why a name must not be unpacked; None if it is safe."""
    if visible(name) != name or "\\" in name:
        return text("The name contains characters that cannot be printed, or a backslash.")
    if _DRIVE.match(name) or any(part in ("", ".", "..") for part in name.split("/")):
        return text("The name leads out of the folder.")
    return None


def unportable(names: Iterable[str], place: str) -> Iterator[Diagnostic]:
    """Yield a finding for each file or folder that Windows cannot store, or that it or macOS does not distinguish from another
    in the same folder."""
    seen: dict[str, PurePosixPath] = {}
    for path in sorted({path for name in names for path in (PurePosixPath(name), *PurePosixPath(name).parents)}):
        if _NOT_ON_WINDOWS.fullmatch(path.name):
            message = text(
                "Windows cannot store this name: it is reserved, has one of {signs}, or ends in a dot or a space. Rename it.",
                signs=_SIGNS,
            )
            yield Diagnostic(UNSAFE_NAME, Pos(f"{place}/{path}", 0), message)
        other = seen.setdefault(normalize("NFC", str(path).casefold()), path)
        if other != path and other.parent == path.parent:
            message = text(
                "Some systems do not distinguish this name from “{name}”: they differ in case or composition only. Rename one.",
                name=other.name,
            )
            yield Diagnostic(UNSAFE_NAME, Pos(f"{place}/{path}", 0), message)


def read_manifest(data: bytes, place: str, findings: list[Diagnostic]) -> dict[str, str]:
    """Return the digests by name. Invalid lines are added to ``findings``, at their line of ``place``."""
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError:
        findings.append(Diagnostic(BAD_MANIFEST, Pos(place, 0), text("The manifest is not UTF-8.")))
        return {}
    digests: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        found = _LINE.fullmatch(line)
        if not found and (line or number < len(lines)):
            findings.append(Diagnostic(BAD_MANIFEST, Pos(place, number), text("This line is not “SHA-256, two spaces, name”.")))
        if found and (problem := unsafe(found[2])):
            findings.append(Diagnostic(UNSAFE_NAME, Pos(place, number), problem))
        elif found and found[2] in digests:
            message = text("“{name}” is listed a second time.", name=found[2])
            findings.append(Diagnostic(BAD_MANIFEST, Pos(place, number), message))
        elif found:
            digests[found[2]] = found[1]
    return digests


def compared(listed: Mapping[str, str], found: Mapping[str, str], place: str) -> Iterator[Diagnostic]:
    """Yield the differences between the manifest and the files."""
    for name in listed.keys() | found.keys():
        pos = Pos(f"{place}/{visible(name)}", 0)
        if name not in found:
            yield Diagnostic(MISSING_FILE, pos, text("The manifest lists this file, but it is missing."))
        elif name not in listed:
            yield Diagnostic(ADDED_FILE, pos, text("This file was added: the manifest does not list it."))
        elif listed[name] != found[name]:
            message = text(
                "This file was changed: its SHA-256 is {found}, in the manifest {listed}.",
                found=found[name],
                listed=listed[name],
            )
            yield Diagnostic(CHANGED_FILE, pos, message)


# -- the archive ----------------------------------------------------------------------------------------------------

Moment: TypeAlias = tuple[int, int, int, int, int, int]

ZIP_EPOCH, _ZIP_END = 315_532_800, 4_354_819_198  # 1980-01-01 and 2107-12-31, in Unix seconds
_CHUNK = 1 << 20


class ArchiveEntry(NamedTuple):
    """A file to be packed, or a file of a pack."""

    name: str  #: with ``/``
    size: int  #: in bytes
    open: Callable[[], IO[bytes]]

    @classmethod
    def of_path(cls, name: str, path: Path) -> ArchiveEntry:
        """Return the entry of a file on disk."""
        return cls(name, path.stat().st_size, lambda: path.open("rb"))

    @classmethod
    def of_bytes(cls, name: str, data: bytes) -> ArchiveEntry:
        """Return the entry of a file in memory."""
        return cls(name, len(data), partial(io.BytesIO, data))

    def digest(self) -> str:
        """Return the SHA-256 of the file. Raises the errors of reading it."""
        with self.open() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # any file is accepted


def moment_of(epoch: str) -> Moment:
    """Return the time of ``SOURCE_DATE_EPOCH`` in UTC, limited to the range of zip; the first such time if it is not set.

    Raises :class:`.MessageError` for anything but a number of seconds.
    """
    try:
        seconds = int(epoch or ZIP_EPOCH)
    except ValueError as error:
        raise MessageError(text("SOURCE_DATE_EPOCH is “{written}”; it must be a number of seconds.", written=epoch)) from error
    return time.gmtime(min(max(seconds, ZIP_EPOCH), _ZIP_END))[:6]


def write_archive(target: IO[bytes], entries: Sequence[ArchiveEntry], moment: Moment) -> str:
    """Write files by name, and the manifest after them. Returns the manifest."""
    digests = {}
    with zipfile.ZipFile(target, "w") as archive:
        for entry in sorted(entries, key=lambda entry: entry.name):
            digests[entry.name] = _add(archive, entry, moment)
        manifest = "".join(f"{digest}  {name}\n" for name, digest in digests.items())
        _add(archive, ArchiveEntry.of_bytes(MANIFEST_NAME, manifest.encode()), moment)
    return manifest


def _add(archive: zipfile.ZipFile, entry: ArchiveEntry, moment: Moment) -> str:
    """Copy a file into the archive. Returns its SHA-256."""
    info = zipfile.ZipInfo(entry.name, moment)
    info.create_system = 3  # Unix, on every system: only it has permissions
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    info.file_size = entry.size
    digest = hashlib.sha256()
    with entry.open() as source, archive.open(info, "w") as copy:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            copy.write(chunk)
    return digest.hexdigest()


# the files of a folder: of a built site, or of an unpacked pack ------------------------------------------

NOT_A_FILE = explained_rule(
    "not-a-file",
    "链接或设备",
    text("The folder contains a link or a device."),
    text("Its target could change after it was approved."),
    text("Replace it with the file itself."),
    example=PACKED._replace(run="ln -s /etc/hosts _build/hosts.txt\nsphinx-govreport pack _build -o new.zip"),
)
NO_FILE = text("This is a folder, a link or a device; a pack has files only.")


def entries_of(folder: Path, place: str, findings: list[Diagnostic], leave_out: Collection[str] = ()) -> list[ArchiveEntry]:
    """Return all files below a folder, except files and folders whose names are in ``leave_out``.

    Links, devices and unsafe names are findings. Raises :class:`OSError` if a folder cannot be read.
    """
    entries = []
    for path in sorted(_below(folder, leave_out)):
        name = path.relative_to(folder).as_posix()
        pos = Pos(f"{place}/{visible(name)}", 0)
        if not stat.S_ISREG(path.lstat().st_mode):
            findings.append(Diagnostic(NOT_A_FILE, pos, NO_FILE))
        elif problem := unsafe(name):
            findings.append(Diagnostic(UNSAFE_NAME, pos, problem))
        else:
            entries.append(ArchiveEntry.of_path(name, path))
    findings += unportable((entry.name for entry in entries), place)
    return entries


def _below(folder: Path, leave_out: Collection[str]) -> list[Path]:
    """Yield everything except folders; links are not followed."""

    def refuse(error: OSError) -> None:
        raise error

    found = []
    for root, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if name not in leave_out]
        links = [name for name in folders if os.path.islink(os.path.join(root, name))]
        found += [Path(root, name) for name in (*files, *links) if name not in leave_out]
    return found
