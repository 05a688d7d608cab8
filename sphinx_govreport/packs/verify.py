"""Verifies that a pack, or the folder into which it was unpacked, is unchanged. Either may be hostile."""

from __future__ import annotations

import hashlib
import stat
import struct
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

from sphinx_govreport.core.characters import visible
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Text, explained_rule, in_order, text
from sphinx_govreport.core.examples import PACKED
from sphinx_govreport.core.files import reason_of
from sphinx_govreport.core.library.paths import UNREADABLE_FILE
from sphinx_govreport.core.library.summary import Summary, read_summary

from .archive import (
    BAD_MANIFEST,
    CHANGED_FILE,
    CHECKS_NAME,
    MANIFEST_NAME,
    NO_FILE,
    NOT_A_FILE,
    UNSAFE_NAME,
    ArchiveEntry,
    compared,
    entries_of,
    read_manifest,
    unportable,
    unsafe,
    write_archive,
)

BAD_ARCHIVE = explained_rule(
    "bad-archive",
    "发布包有误",
    text("The file is not an archive, is damaged, or is not a valid pack."),
    text("It is not what was approved."),
    text("Do not publish it; fetch the pack again."),
    example=PACKED._replace(run="echo >> site.zip\nsphinx-govreport pack --verify site.zip"),
)
BAD_CHECKS = explained_rule(
    "bad-checks",
    "核对结果有误",
    text("The pack does not contain the results of the checks of the site, or they found errors."),
    text("What is published should have been checked."),
    text("Build the site again, correct what is reported, and pack it again."),
    example=PACKED._replace(
        run=("rm public/CHECKS.json\nsed -i /CHECKS.json/d public/MANIFEST.sha256\nsphinx-govreport pack --verify public")
    ),
)

_MAX_LIST = 64 << 20  # maximum bytes of a manifest or summary that are read into memory
_BLOCK = 1 << 16
#: exceptions of the library for deliberately damaged archives
_DAMAGE = (
    zipfile.BadZipFile, struct.error, EOFError, OSError, ValueError, RuntimeError, OverflowError,
)  # fmt: skip


class Verified(NamedTuple):
    """The result of a verification."""

    findings: tuple[Diagnostic, ...]  #: empty: the pack is unchanged
    manifest: str  #: the SHA-256 of the manifest, which identifies the whole content
    files: int
    summary: Summary | None


def verify(path: Path, place: str) -> Verified:
    """Compare every file with the manifest, and every byte of an archive with the output of packing its files."""
    findings: list[Diagnostic] = []
    with ExitStack() as stack:
        if path.is_dir():
            entries = _of_folder(path, place, findings)
            archive = None
        else:
            archive = _opened(path, place, findings, stack)
            entries = _of_archive(archive, path.stat().st_size, place, findings) if archive else []
        if findings and not entries:
            return Verified(in_order(findings), "", 0, None)
        verified = _verified(entries, place, findings)
        if archive and not verified.findings:
            verified = verified._replace(findings=tuple(_difference(path, archive, entries, place)))
    return verified


def _verified(entries: Sequence[ArchiveEntry], place: str, findings: list[Diagnostic]) -> Verified:
    """Read each file once, and the manifest and the summary."""
    digests = {}
    for entry in entries:
        try:
            digests[entry.name] = entry.digest()
        except _DAMAGE as error:
            findings.append(_unread(f"{place}/{entry.name}", error))
    by_name = {entry.name: entry for entry in entries if entry.name in digests}
    manifest = _small(by_name.get(MANIFEST_NAME))
    if manifest is None:
        message = text("There is no manifest; this is not a pack.")
        findings.append(Diagnostic(BAD_MANIFEST, Pos(f"{place}/{MANIFEST_NAME}", 0), message))
        return Verified(in_order(findings), "", 0, None)
    listed = read_manifest(manifest, f"{place}/{MANIFEST_NAME}", findings)
    unread = {found.pos.path for found in findings}
    there = {name: digest for name, digest in digests.items() if name != MANIFEST_NAME}
    findings += (found for found in compared(listed, there, place) if found.pos.path not in unread)
    summary = read_summary(_small(by_name.get(CHECKS_NAME)) or b"")
    if not any(found.pos.path == f"{place}/{CHECKS_NAME}" for found in findings):
        message = text("It does not contain the results of the checks, as a pack must.")
        findings += summary.errors if summary else (Diagnostic(BAD_CHECKS, Pos(f"{place}/{CHECKS_NAME}", 0), message),)
    return Verified(in_order(findings), hashlib.sha256(manifest).hexdigest(), len(there), summary)


def _unread(path: str, error: Exception) -> Diagnostic:
    """Return the finding for a file that cannot be read, because of the system or because its checksum is wrong."""
    if isinstance(error, OSError):
        return Diagnostic(UNREADABLE_FILE, Pos(path, 0), text("The file cannot be read: {reason}.", reason=reason_of(error)))
    message = text("This file was changed: its bytes do not match the checksum of the archive.")
    return Diagnostic(CHANGED_FILE, Pos(path, 0), message)


def _small(entry: ArchiveEntry | None) -> bytes | None:
    """Return the content of a file; None if it does not exist or is too large for its purpose."""
    if entry is None or entry.size > _MAX_LIST:
        return None
    with entry.open() as file:
        return file.read(_MAX_LIST)


def _of_folder(path: Path, place: str, findings: list[Diagnostic]) -> list[ArchiveEntry]:
    try:
        return entries_of(path, place, findings)
    except OSError as error:
        findings.append(_unread(visible(error.filename or place), error))
        return []


def _opened(path: Path, place: str, findings: list[Diagnostic], stack: ExitStack) -> zipfile.ZipFile | None:
    try:
        return stack.enter_context(zipfile.ZipFile(path))
    except PermissionError as error:
        findings.append(_unread(place, error))
    except _DAMAGE:
        findings.append(Diagnostic(BAD_ARCHIVE, Pos(place, 0), text("The file is damaged, or is not an archive.")))
    return None


def _of_archive(archive: zipfile.ZipFile, size: int, place: str, findings: list[Diagnostic]) -> list[ArchiveEntry]:
    """Return the files of an archive that may be read. Stored files cannot be larger than the archive, all together."""
    infos = archive.infolist()
    if sum(info.file_size for info in infos) > size:
        message = text("Its files claim to be larger than the archive; files in a pack are not compressed. Nothing was read.")
        findings.append(Diagnostic(BAD_ARCHIVE, Pos(place, 0), message))
        return []
    times = Counter(info.orig_filename for info in infos)
    entries = []
    for info in infos:
        name = info.orig_filename
        found = _refused(info, times[name])
        if found:
            findings.append(Diagnostic(found[0], Pos(f"{place}/{visible(name)}", 0), found[1]))
        else:
            entries.append(ArchiveEntry(name, info.file_size, partial(archive.open, info)))
    findings += unportable((entry.name for entry in entries), place)
    return entries


def _refused(info: zipfile.ZipInfo, times: int) -> tuple[Rule, Text] | None:
    """Return the reason why a file of an archive is not read."""
    if info.orig_filename.endswith("/") or stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        return NOT_A_FILE, NO_FILE
    if problem := unsafe(info.orig_filename):
        return UNSAFE_NAME, problem
    if times > 1:
        return BAD_ARCHIVE, text("The archive has {times} files with this name.", times=times)
    if info.flag_bits & 1 or info.compress_type != zipfile.ZIP_STORED:
        return BAD_ARCHIVE, text("The file is compressed or encrypted; files in a pack are neither.")
    return None


def _difference(path: Path, archive: zipfile.ZipFile, entries: Sequence[ArchiveEntry], place: str) -> Iterator[Diagnostic]:
    """Yield a finding if the archive differs from the output of packing its files: times, permissions, order, extra bytes."""
    moment = archive.infolist()[0].date_time
    with tempfile.TemporaryFile() as again, path.open("rb") as given:
        write_archive(again, [entry for entry in entries if entry.name != MANIFEST_NAME], moment)
        again.seek(0)
        at = _first_difference(again, given)
    if at is not None:
        before = [info for info in archive.infolist() if info.header_offset <= at < archive.start_dir]
        name = f"/{max(before, key=lambda info: info.header_offset).filename}" if before else ""
        message = text("The files are those that were packed, but the archive was changed: byte {at} is different.", at=at)
        yield Diagnostic(BAD_ARCHIVE, Pos(f"{place}{name}", 0), message)


def _first_difference(one: IO[bytes], other: IO[bytes]) -> int | None:
    """Return the index of the first byte in which two files differ."""
    at = 0
    while True:
        here, there = one.read(_BLOCK), other.read(_BLOCK)
        if here != there:
            same = next((n for n, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), min(len(here), len(there)))
            return at + same
        if not here:
            return None
        at += len(here)
