"""``sphinx-govreport pack``: a built site as one file that can be approved, published and verified."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
from collections.abc import Container, Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryFile

from sphinx_govreport.core.characters import one_line
from sphinx_govreport.core.checks.values import Verdict
from sphinx_govreport.core.clock import EPOCH
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, explained_rule, in_order, ntext, text
from sphinx_govreport.core.examples import PACKED
from sphinx_govreport.core.files import is_special, reason_of
from sphinx_govreport.core.library.summary import SUMMARY_NAME, Summary, read_summary
from sphinx_govreport.packs.archive import CHECKS_NAME, MANIFEST_NAME, ArchiveEntry, entries_of, moment_of, write_archive
from sphinx_govreport.packs.record import LEFT_OUT, built_names
from sphinx_govreport.packs.verify import verify

from .arguments import option
from .common import FINDINGS, SOUND, WrongUsage, opened, refuse_unused, said, say_text, tell
from .streams import is_output, put, say

TAKEN_NAME = explained_rule(
    "taken-name",
    "文件重名",
    text("The site has a file with a name that the pack reserves."),
    text("One of the two would be lost."),
    text("Rename the site's file."),
    example=PACKED._replace(run="touch _build/CHECKS.json\nsphinx-govreport pack _build -o new.zip"),
)
UNBUILT_FILE = explained_rule(
    "unbuilt-file",
    "非本次构建文件",
    text("The folder has a file that does not belong to the last build of the site."),
    text("It may be the page of a report that was withdrawn, or a file that nobody approved."),
    text("Build into an empty folder. Add other files to publish with the site through html_extra_path."),
    example=PACKED._replace(run="touch _build/2019.html\nsphinx-govreport pack _build -o new.zip"),
)

NAME = "pack"
HELP = text("pack a built site into a verifiable archive, or verify one")
EXAMPLE = "_build/html -o site.zip"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    about = text("folder of an HTML build; with --verify: a pack, or the folder it was unpacked to")
    option(parser, about, "path", metavar="PATH")
    option(parser, text("output file (default: %(default)s)"), "-o", "--output", default="site.zip", metavar="FILE")
    option(parser, text("verify a pack: list every file that was changed, added or removed"), "--verify", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Pack a site, or verify a pack."""
    if not os.path.isdir(options.path) and not os.path.isfile(options.path):
        raise WrongUsage(text("There is no file or folder “{path}”.", path=options.path))
    return _verify(options) if options.verify else _pack(options)


def _verify(options: argparse.Namespace) -> int:
    refuse_unused("--verify", output=options.output != options.parser.get_default("output"))
    verified = verify(Path(options.path), options.path.rstrip(f"/{os.sep}"))
    tell(verified.findings)
    if verified.findings or verified.summary is None:
        return FINDINGS
    _say(options.path, verified.files, verified.summary, verified.manifest, options)
    return SOUND


def _pack(options: argparse.Namespace) -> int:
    """Pack the site, but write nothing if its checks found an error."""
    folder, target = Path(options.path), Path(options.output)
    if target.resolve().is_relative_to(folder.resolve()):
        raise WrongUsage(text("“{name}” is in the folder to be packed; choose another place.", name=target))
    moment, place = moment_of(os.environ.get(EPOCH, "")), options.path.rstrip(f"/{os.sep}")
    try:
        checks = (folder / SUMMARY_NAME).read_bytes() if (folder / SUMMARY_NAME).is_file() else b""
        summary = read_summary(checks)
        built = built_names(folder)
        if summary is None or built is None:
            raise WrongUsage(text("“{name}” is not a finished HTML build with sphinx_govreport; build it first.", name=folder))
        findings = list(summary.errors)
        entries = entries_of(folder, place, findings, LEFT_OUT)
        for entry in entries:  # while the archive is written, an error would be blamed on the archive
            entry.open().close()
    except OSError as error:
        name = error.filename or folder
        raise WrongUsage(text("“{name}” cannot be read: {reason}.", name=name, reason=reason_of(error))) from error
    findings += _out_of_place([entry.name for entry in entries], built, place)
    if findings:
        tell(in_order(findings))
        say_text(text("Nothing was packed."))
        return FINDINGS
    is_special_place = is_output(options.output) or is_special(target)
    with opened(options.output) as file, TemporaryFile() if is_special_place else nullcontext(file) as archive:
        manifest = write_archive(archive, [*entries, ArchiveEntry.of_bytes(CHECKS_NAME, checks)], moment)
        if is_special_place:  # devices and pipes cannot seek, but writing a zip requires it
            archive.seek(0)
            shutil.copyfileobj(archive, file)
    _say(options.output, len(entries) + 1, summary, hashlib.sha256(manifest.encode()).hexdigest(), options)
    return SOUND


def _out_of_place(names: Iterable[str], built: Container[str], place: str) -> Iterator[Diagnostic]:
    """Yield a finding for each file that the pack cannot contain, because of its name or because the build does not have it."""
    for name in names:
        pos = Pos(f"{place}/{name}", 0)
        if name.casefold() in (CHECKS_NAME.casefold(), MANIFEST_NAME.casefold()):
            yield Diagnostic(TAKEN_NAME, pos, text("The pack reserves this file name; rename the site's file."))
        elif name not in built:
            message = text(
                "The last build of the site does not have this file: an earlier build or somebody else left it here."
            )
            hint = text("Build into an empty folder; add other files to publish with the site through html_extra_path.")
            yield Diagnostic(UNBUILT_FILE, pos, message, hint)


def _say(name: str, files: int, summary: Summary, manifest: str, options: argparse.Namespace) -> None:
    """Print the checksum of the manifest for programs, and a summary for people."""
    tell_program = say if is_output(options.output) else put
    tell_program(f"{manifest}  {MANIFEST_NAME}")
    summed_up = text(
        "{name}: {files}, {reports}; checks: {passed} passed, {explained} explained, {failed} failed, {unknown} not checkable.",
        name=name,
        files=ntext("{count} file", "{count} files", count=files),
        reports=ntext("{count} report", "{count} reports", count=summary.reports),
        passed=summary.counts[Verdict.PASSED],
        explained=summary.counts[Verdict.EXPLAINED],
        failed=summary.counts[Verdict.FAILED],
        unknown=summary.counts[Verdict.NOT_CHECKABLE],
    )
    say(one_line(said(summed_up)))
