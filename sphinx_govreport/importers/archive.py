"""Many documents: which files of a folder are read, and the reports in each of them, in one or several processes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sphinx_govreport.core.batch.executors import TaskRunner, batches
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Text, text
from sphinx_govreport.core.extras import MissingExtra
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import FormFiles
from sphinx_govreport.core.library.known_forms import known_forms
from sphinx_govreport.core.library.paths import NO_FILES, OUTSIDE_FOLDER, YEAR_FILE_SUFFIXES, shown_path, unreadable
from sphinx_govreport.core.plugins import reason_of
from sphinx_govreport.core.reports.packed import pack

from . import rules
from .document import Refused, place
from .readers import MAX_BYTES, import_plugins
from .recognise.report import Imported, Wanted, import_documents, refused_document

_HIDDEN = (".", "~$")  # the latter are lock files of open documents
_PAGES = (".md", ".markdown")
_OUR_PAGE = re.compile(rb"---\r?\n(?:(?!---).*\r?\n)*?govreport-(?:year|agency)\s*:")
_HEAD = 4096  # bytes at the start of a page that contain its front matter
_BATCH = 4  # documents in a task: reading one takes as long as sixty year files


class DocumentRead(NamedTuple):
    """The result of reading a document for one kind of report, as it is passed between processes."""

    path: str  #: as the user wrote it
    agency: str  #: empty: not known
    year: int  #: 0: not known
    kind: str  #: of report; empty if there is none
    forms: tuple[str, ...]  #: of the tables that were read, without duplicates
    read: int  #: how many figures were read
    figures: int  #: how many these forms have
    packed: bytes  #: the pickled report; empty without an agency, a year or a form
    findings: tuple[Diagnostic, ...]


def documents_in(root: Path, names: Iterable[str], diagnostics: list[Diagnostic]) -> list[Path]:
    """Return the documents that are given or are in given folders, sorted by path, without duplicates."""
    found: list[Path] = []
    for name in names:
        path = root / name
        if not path.is_dir():
            found.append(path)
            continue
        before = len(found)
        found += _in_folder(root, path, diagnostics)
        if len(found) == before:
            diagnostics.append(Diagnostic(NO_FILES, Pos(name), text("There are no documents in “{name}”.", name=name)))
    return sorted({os.path.realpath(path): path for path in reversed(found)}.values(), key=lambda path: str(path).split(os.sep))


def _in_folder(root: Path, top: Path, diagnostics: list[Diagnostic]) -> Iterator[Path]:
    """Yield the documents in a folder and its subfolders, without hidden files."""
    real_top = os.path.join(os.path.realpath(top), "")
    suffixes = {suffix for importer in (*import_plugins().others, *import_plugins().ours) for suffix in importer.suffixes}
    walk = os.walk(top, onerror=lambda error: diagnostics.append(unreadable(shown_path(Path(error.filename), root), error)))
    for folder, folders, names in walk:
        folders[:] = sorted(name for name in folders if not name.startswith(_HIDDEN))
        for name in sorted(names):
            path = Path(folder, name)
            if name.startswith(_HIDDEN):
                continue
            if path.is_symlink() and not os.path.realpath(path).startswith(real_top):
                message = text("The file is a link that leads out of its folder; it is not read.")
                hint = text("If this is intended, specify the file itself.")
                diagnostics.append(Diagnostic(OUTSIDE_FOLDER, Pos(shown_path(path, root)), message, hint))
            elif reason := _why_not(path, suffixes):
                diagnostics.append(Diagnostic(rules.SKIPPED_FILE, place(shown_path(path, root)), reason))
            else:
                yield path


def _why_not(path: Path, suffixes: set[str]) -> Text | None:
    """Return the reason why a file of a folder is not read; None for a document."""
    suffix = path.suffix.lower()
    if suffix in YEAR_FILE_SUFFIXES:
        return text("Year files are not imported.")
    if suffix not in suffixes or not path.is_file():
        return text("Documents of this type are not read.")
    return text("It is a page of a site without figures.") if suffix in _PAGES and _is_our_page(path) else None


def _is_our_page(path: Path) -> bool:
    with suppress(OSError), path.open("rb") as file:  # a file that cannot be read is reported later
        return bool(_OUR_PAGE.match(file.read(_HEAD)))
    return False


def read_all(
    root: Path, paths: Sequence[Path], local: FormFiles, wanted: Wanted, runner: TaskRunner
) -> Iterator[list[DocumentRead]]:
    """Yield the results of each document, in the order of ``paths``; for a document that cannot be read, the reason."""
    tasks = (tuple(opened(path, shown_path(path, root)) for path in batch) for batch in batches(paths, _BATCH))
    for results in runner.map(partial(read_batch, local, wanted), tasks):
        yield from results


def opened(path: Path, shown: str) -> tuple[str, bytes | Diagnostic]:
    """Return a document's name and bytes, no more of them than are needed to detect that it is too large."""
    try:
        with path.open("rb") as file:
            return shown, file.read(MAX_BYTES + 1)
    except OSError as error:
        return shown, unreadable(shown, error)


def read_batch(local: FormFiles, wanted: Wanted, files: Sequence[tuple[str, bytes | Diagnostic]]) -> list[list[DocumentRead]]:
    """Read documents, given their names and bytes."""
    forms = known_forms(local).forms
    return [[_summary(path, one, forms) for one in _read(path, data, forms, wanted)] for path, data in files]


def _read(path: str, data: bytes | Diagnostic, forms: Mapping[str, Form], wanted: Wanted) -> list[Imported]:
    if isinstance(data, Diagnostic):
        return [Imported(None, None, {}, (data,))]
    try:
        return import_documents(path, data, forms, wanted)
    except MissingExtra as missing:
        return [refused_document(path, Refused(missing.message))]
    except Exception as error:  # a bug of ours must not affect other documents  # noqa: BLE001
        return [refused_document(path, Refused(text("The document could not be read: {reason}.", reason=reason_of(error))))]


def _summary(path: str, imported: Imported, forms: Mapping[str, Form]) -> DocumentRead:
    report = imported.report
    if imported.readings:
        by_table = {name: reading.shape.form for name, reading in imported.readings.items() if reading.figures}
        read = sum(len(reading.figures) for reading in imported.readings.values())
        count = sum(len(layout_of(reading.shape.table).indicators) for reading in imported.readings.values())
    else:  # records of a CSV, or no report
        by_table = report.forms if report else {}
        figures = [figure for table in report.figures.values() for figure in table.values()] if report else []
        read, count = sum(figure.is_explicit for figure in figures), len(figures)
    return DocumentRead(
        path,
        imported.agency,
        imported.year,
        report.key(forms).kind if report else "",
        tuple(dict.fromkeys(by_table.values())),
        read,
        count,
        pack(report) if report else b"",
        imported.findings,
    )
