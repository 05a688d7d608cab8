"""Compares the published year files of a commit, or tables of a pack, with the year files of today."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar

from sphinx_govreport.core.batch.collection import Collection
from sphinx_govreport.core.characters import one_line, visible
from sphinx_govreport.core.checks.corrections import lost_corrections, silent_changes, withdrawn
from sphinx_govreport.core.clock import today
from sphinx_govreport.core.diagnostics import Diagnostic, listed, ntext, text
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.reader import main_kind
from sphinx_govreport.core.library.known_forms import known_forms
from sphinx_govreport.core.library.library import index_reports, read_entry
from sphinx_govreport.core.library.paths import form_paths_of, read_files, shown_path, split_glob
from sphinx_govreport.core.reports.figures import Figure, Status
from sphinx_govreport.core.reports.packed import unpack
from sphinx_govreport.core.reports.report import ReportKey
from sphinx_govreport.core.tables.table import in_ascii, report_ident
from sphinx_govreport.exporters.elements import Element, read_html
from sphinx_govreport.packs.archive import CHECKS_NAME
from sphinx_govreport.packs.verify import verify

from .common import WrongUsage, say_text, tell

T = TypeVar("T")


def changes_since(name: str, data: Sequence[str], collection: Collection, forms: Sequence[str]) -> Iterator[Diagnostic]:
    """Yield figures that changed without a correction since ``name``: the file of a pack, or else a commit or tag of git."""
    if os.path.isfile(name):
        yield from _since_pack(name, data, collection)
    else:
        yield from _since_commit(name, data, collection, forms)


# -- a commit ------------------------------------------------------------------------------------------------------


class _Commit(NamedTuple):
    """A commit of the repository in which the command is run."""

    name: str  #: as the user wrote it
    top: Path  #: the folder of the working tree
    ident: str

    def files(self) -> dict[Path, str]:
        """Return the blob id of each file, by the path that it would have today. A link has the blob of its target."""
        listed = self._told("ls-tree", "-r", "-z", "--full-tree", self.ident)
        files: dict[Path, str] = {}
        links: dict[Path, str] = {}
        for about, _tab, name in (line.partition(b"\t") for line in listed.split(b"\0") if line):
            mode, kind, blob = about.decode().split()
            if kind == "blob":
                found = links if mode == "120000" else files
                found[self.top / os.fsdecode(name)] = blob
        for path, target in self.read(links):
            there = Path(os.path.normpath(path.parent / os.fsdecode(target)))
            files |= {path: files[there]} if there in files else {}
        return files

    def read(self, blobs: Mapping[T, str]) -> Iterator[tuple[T, bytes]]:
        """Yield the keys of files with their content."""
        wanted = "".join(f"{blob}\n" for blob in blobs.values()).encode()
        body = self._told("cat-file", "--batch", given=wanted) if blobs else b""
        at = 0
        for key in blobs:
            start = body.index(b"\n", at) + 1
            said = body[at:start].decode().split()
            if len(said) < 3:  # "… missing", for example in a partial clone
                raise WrongUsage(text("git cannot read “{name}”: {reason}.", name=self.name, reason=" ".join(said)))
            at = start + int(said[2])
            yield key, body[start:at]
            at += 1  # for the line end

    def _told(self, *arguments: str, given: bytes = b"") -> bytes:
        """Return git's output for the commit."""
        done = _git("-C", str(self.top), *arguments, given=given)
        if done.returncode:
            raise WrongUsage(text("git cannot read “{name}”: {reason}.", name=self.name, reason=_reason(done)))
        return done.stdout


def _since_commit(name: str, data: Sequence[str], collection: Collection, forms: Sequence[str]) -> Iterator[Diagnostic]:
    """Compare with the year files of a commit, which are found like those of today. Unchanged files are not read."""
    commit = _commit(name)
    files = commit.files()
    wanted = _wanted(data)
    form_paths = form_paths_of(Path.cwd(), forms, [])
    of_forms = {Path(os.path.realpath(path)): shown_path(path, Path.cwd()) for path in form_paths}
    named = (path for path in files if any(pattern.fullmatch(path.as_posix()) for pattern in wanted))
    found = {path: files[path] for path in named if path not in of_forms}
    if not found:
        raise WrongUsage(text("There are no year files of “{data}” in {name}.", data=listed(data), name=name))
    local_today = tuple(read_files(Path.cwd(), form_paths, []))
    forms_then = dict(commit.read({form: files[path] for path, form in of_forms.items() if path in files}))
    local = tuple((form, forms_then.get(form, body)) for form, body in local_today)  # those it lacks are as they are now
    published = known_forms(local).forms
    entries = []
    for path, body in commit.read(found):
        if local != local_today or _bytes_of(path) != body:
            entries.append(read_entry(shown_path(path, Path(os.path.realpath("."))), body, published))
    for entry in (one for one in entries if not one.key.year):
        say_text(
            text("{path}: no report could be read from this file in {name}; it is not compared.", path=entry.path, name=name)
        )
    broken = {file.path for file in collection.files if not file.key.year}  # their problems are reported
    for key, entry in index_reports(entries, []).items():
        before, report = unpack(entry.packed, published), collection.report(*key)
        if report:
            yield from silent_changes(before.figures, report, collection.forms, today())
            yield from lost_corrections(before, report, published)
        elif entry.path not in broken and not collection.have_rivals([key]):
            yield withdrawn(key.agency, key.year, entry.path)
    compared = ntext(
        "Compared with {name}: {count} year file.", "Compared with {name}: {count} year files.", name=name, count=len(found)
    )
    say_text(compared)


def _commit(name: str) -> _Commit:
    top = _git("rev-parse", "--show-toplevel")
    if top.returncode:
        message = text("“{name}” is not a file, and git finds no repository here: {reason}.", name=name, reason=_reason(top))
        raise WrongUsage(message)
    ident = _git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}") if not name.startswith("-") else None
    if ident is None or ident.returncode:
        message = text("“{name}” is neither a commit or tag of this repository nor a file.", name=name)
        if _git("rev-parse", "--is-shallow-repository").stdout.strip() == b"true":  # as most CI systems clone
            message = text("“{name}” is not in this shallow clone. Run: git fetch --unshallow --tags", name=name)
        raise WrongUsage(message)
    return _Commit(name, Path(os.path.realpath(os.fsdecode(top.stdout).rstrip("\r\n"))), ident.stdout.decode().strip())


def _git(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run git, which changes nothing, with messages in English."""
    git = shutil.which("git")
    if git is None:
        raise WrongUsage(text("git is not installed or not on the PATH; without it, specify a pack."))
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    return subprocess.run([git, *arguments], input=given, capture_output=True, env=environment, check=False)  # noqa: S603


def _reason(failed: subprocess.CompletedProcess[bytes]) -> str:
    """Return git's last error, with the remedy that may follow on further lines."""
    words = failed.stderr.decode(errors="replace").rpartition("fatal: ")[2].split()
    return one_line(" ".join(words).rstrip(".")) or "?"


def _wanted(data: Sequence[str]) -> list[re.Pattern[str]]:
    """Return patterns for the paths of the year files that ``data`` specifies, whether they exist today or not."""
    patterns = []
    for name in data:
        path, pattern = split_glob(Path.cwd(), os.path.normpath(name))
        root = re.escape(Path(os.path.realpath(path)).as_posix())
        steps = "".join(map(_step, pattern.split("/"))) if pattern else r"(?:/.*\.(?i:ya?ml))?"
        patterns.append(re.compile(root + steps))
    return patterns


def _step(step: str) -> str:
    """Return a step of a path with wildcards as a regular expression."""
    if step == "**":
        return "(?:/[^/]+)*"
    marks = {"*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*|\?|\[!?[^\]]+\])", step)
    return "/" + "".join(
        marks.get(part) or (part.replace("[!", "[^", 1) if part.startswith("[") and part.endswith("]") else re.escape(part))
        for part in parts
    )


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


# -- a pack --------------------------------------------------------------------------------------------------------


#: figures by the ident of a report, by table and by key path
_Tables: TypeAlias = dict[str, dict[str, dict[str, Figure]]]


class _PackedReport(NamedTuple):
    """The entry of a report in a pack's list."""

    key: ReportKey
    path: str  #: of the year file
    digest: str  #: its SHA-256


def _since_pack(name: str, data: Sequence[str], collection: Collection) -> Iterator[Diagnostic]:
    """Compare with the tables on the pages of a pack. Pages of reports with unchanged year files are not read."""
    if tell(verify(Path(name), name).findings):
        raise _no_pack(name)
    with zipfile.ZipFile(name) as archive:
        try:
            listed = [
                _PackedReport(
                    ReportKey(str(one["agency"]), int(str(one["year"])), str(one.get("kind") or main_kind())),
                    str(one["path"]),
                    str(one["sha256"]),
                )
                for one in json.loads(archive.read(CHECKS_NAME))["reports"]
            ]
            changed = {report_ident(one.key): one for one in listed if one.digest != _digest_today(one, collection)}
        except (ValueError, LookupError, TypeError) as error:  # a forged pack may match its own manifest
            raise _no_pack(name) from error
        published = _tables_of(archive, changed, collection.forms)
    broken = {file.path for file in collection.files if not file.key.year}
    is_whole = any(os.path.isdir(one) or split_glob(Path.cwd(), one)[1] for one in data)
    for ident, figures in published.items():
        one = changed[ident]
        report = collection.report(*one.key)
        if report:
            yield from silent_changes(figures, report, collection.forms, today())
        elif is_whole and not (one.path in broken or collection.have_rivals([one.key])):
            yield withdrawn(one.key.agency, one.key.year, visible(one.path))
    compared = ntext(
        "Compared with {name}: {count} report.", "Compared with {name}: {count} reports.", name=name, count=len(listed)
    )
    say_text(compared)


def _no_pack(name: str) -> WrongUsage:
    return WrongUsage(text("“{name}” is not a pack, or was changed after packing; nothing was compared.", name=name))


def _digest_today(one: _PackedReport, collection: Collection) -> str:
    """Return the SHA-256 of a report's year file, or an empty string if there is none."""
    file = collection.reports.get(one.key)
    body = _bytes_of(Path(file.path)) if file else None
    return hashlib.sha256(body).hexdigest() if body is not None else ""


def _tables_of(archive: zipfile.ZipFile, reports: Mapping[str, _PackedReport], forms: Mapping[str, Form]) -> _Tables:
    """Return the figures that pages print, by the ident of a report; figures on no page were not published."""
    published: _Tables = {}
    marks = [f'id="{ident}-'.encode() for ident in reports]
    for name in archive.namelist():
        body = archive.read(name)
        if not any(mark in body for mark in marks):
            continue
        for cell in _cells(read_html(body.decode(errors="replace"))):
            key = cell.attributes["data-gov-key"]
            ident = cell.attributes.get("id", "").removesuffix(f"-{in_ascii(key).replace('.', '-')}")
            table, _, path = key.partition(".")
            if ident in reports:
                published.setdefault(ident, {}).setdefault(table, {})[path] = _printed(cell)
    return published


def _cells(element: Element) -> Iterator[Element]:
    """Yield the cells of figures in an element."""
    for child in element.children:
        if isinstance(child, str):
            continue
        if child.tag == "td" and child.attributes.get("data-gov-key"):
            yield child
        else:
            yield from _cells(child)


def _printed(cell: Element) -> Figure:
    """Return the figure of a cell; a text that is neither a number nor “/” is treated as unknown."""
    parts = [part for part in cell.children if isinstance(part, Element)]
    number = next((part.attributes.get("value", "") for part in parts if part.tag == "data"), "")
    if re.fullmatch(r"[+-]?[0-9]+(?:\.[0-9]+)?", number):  # Decimal also reads “sNaN”, which nothing can be compared with
        remark = next((_text(part) for part in parts if part.classes == ["gov-note"]), "")
        return Figure(Status.NUMBER, Decimal(number), number, 0, 0, remark.partition("（")[0])
    shown = _text(cell).strip()
    return Figure(Status.NOT_APPLICABLE if shown == "/" else Status.BLANK, None, shown, 0, 0)


def _text(element: Element) -> str:
    """Return an element's text, without that of the elements in it."""
    return "".join(part for part in element.children if isinstance(part, str))
