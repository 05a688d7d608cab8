"""Readers: the bytes of a document become paragraphs and grids, a module for each format.

Imports ``core`` and ``importers.document``.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from functools import cache
from importlib import import_module
from itertools import chain
from pathlib import PurePath
from typing import NamedTuple

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.core.extras import MissingExtra
from sphinx_govreport.core.plugins import Plugins, plugins, reason_of
from sphinx_govreport.importers.document import Document, Refused

MAX_BYTES = 32_000_000  #: of a document
MAX_UNPACKED = 200_000_000  #: of all parts of a zip archive
MAX_PARTS = 5_000  #: of a zip archive


class Importer(NamedTuple):
    """A file format that can be read."""

    kind: str  #: its name
    read: Callable[[str, bytes], Document | None]  #: takes file name and content; None: another format. May raise Refused
    suffixes: tuple[str, ...] = ()  #: of such files in a folder, for example ``.html``


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXTS = {".csv": "csv", ".tsv": "csv", ".md": "markdown", ".markdown": "markdown"}
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|div|p)\b", re.IGNORECASE)
_KNOWN_KINDS = text("HTML, docx, xlsx, xls, ods, PDF, CSV, Markdown and plain text can be read.")
_HTML_SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")


def read_document(name: str, data: bytes) -> Document:
    """Read a document of any known kind. Raises :class:`.document.Refused`, and MissingExtra if a library is not installed."""
    refuse_large(data)
    if not data.strip():
        raise Refused(text("The document is empty."))
    others = (_read(importer, name, data) for importer in import_plugins().others)
    ours = (importer.read(name, data) for importer in import_plugins().ours)  # the last one reads or refuses the rest
    return next(document for document in chain(others, ours) if document)


def _read(importer: Importer, name: str, data: bytes) -> Document | None:
    """Return the result of a plug-in; None if the document is of another kind."""
    try:
        document = importer.read(name, data)
        if document is not None and not isinstance(document, Document):
            raise TypeError(f"{type(document).__name__} is not Document")
    except (Refused, MissingExtra):
        raise
    except Exception as error:  # a bug of another package
        reason = reason_of(error)
        raise Refused(text("The importer “{kind}” has failed: {reason}.", kind=importer.kind, reason=reason)) from error
    return document


@cache
def import_plugins() -> Plugins[Importer]:
    """Return our importers and those of other packages."""
    return plugins("sphinx_govreport.importers", Importer)


def _read_known(name: str, data: bytes) -> Document:
    """Read a document of a format that this package supports. Raises :class:`.document.Refused` for any other."""
    document: Document = import_module(f".{kind_of(name, data)}", __name__).read(data)
    return document


#: including those of documents that are refused with advice on how to convert them
_SUFFIXES = (
    *_HTML_SUFFIXES, ".mht", ".mhtml", *_TEXTS, ".txt", ".pdf",
    ".docx", ".docm", ".doc", ".wps", ".rtf", ".odt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods",
)  # fmt: skip
IMPORTER = Importer("published documents", _read_known, _SUFFIXES)


def refuse_large(data: bytes) -> None:
    """Refuse a document whose end may be missing."""
    if len(data) > MAX_BYTES:
        raise Refused(text("The document is larger than {limit} MB.", limit=MAX_BYTES // 1_000_000))


def kind_of(name: str, data: bytes) -> str:
    """Return the name of the reader for a document."""
    suffix = PurePath(name).suffix.lower()
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_zip(data)
    if data.startswith(_OLE):
        if suffix in (".doc", ".dot", ".wps") or (suffix != ".xls" and "WordDocument".encode("utf-16-le") in data):
            raise Refused(text("This is an old Word document (.doc)."), text("Open it and save it as .docx."))
        return "workbook"
    if data.startswith((b"MIME-Version:", b"From: ")):
        raise Refused(text("This is a web archive (.mht)."), text("Open it and save it as HTML."))
    if data.startswith(b"{\\rtf"):
        raise Refused(text("This is a document in Rich Text Format (.rtf)."), text("Open it and save it as .docx."))
    if b"<?mso-application" in data[:200]:
        raise Refused(text("This is an XML document of Word or Excel."), text("Open it and save it as .docx or .xlsx."))
    if data.startswith(b"%PDF-"):
        return "pdf"
    if suffix in _TEXTS:
        return _TEXTS[suffix]
    if suffix in _HTML_SUFFIXES or _HTML.search(data[:4096].replace(b"\0", b"")):
        return "html"
    is_binary = b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if is_binary or suffix in (".yaml", ".yml", ".json"):
        raise Refused(text("The type of this document is unknown."), _KNOWN_KINDS)
    return "plain_text"


def _kind_of_zip(data: bytes) -> str:
    """Return the kind of a zip archive, if it is harmless."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_harmful(archive)
            names = {*archive.namelist()}
            mimetype = archive.read("mimetype")[:80] if "mimetype" in names else b""
    except Refused:
        raise
    except Exception as error:  # damaged archives cause many exceptions, all of them the document's fault
        raise Refused(text("The document is damaged or has a password."), text("Open it and save it again.")) from error
    if any(re.fullmatch(r"word/document[0-9]*\.xml", name) for name in names):
        return "docx"
    if "xl/workbook.bin" in names:
        raise Refused(text("This is a binary workbook (.xlsb)."), text("Open it and save it as .xlsx."))
    if "xl/workbook.xml" in names or b"spreadsheet" in mimetype:
        return "workbook"
    if b"opendocument.text" in mimetype:
        raise Refused(text("This is an OpenDocument text (.odt)."), text("Open it and save it as .docx."))
    raise Refused(text("The type of this document is unknown."), _KNOWN_KINDS)


def _refuse_harmful(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that is too large, has macros or declares entities."""
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Refused(text("The document unpacks to more than {limit} MB.", limit=MAX_UNPACKED // 1_000_000))
    if any(part.filename.lower().endswith("vbaproject.bin") or part.filename.startswith("Basic/") for part in parts):
        raise Refused(text("The document contains macros."), text("Save it without macros: as .docx, .xlsx or .ods."))
    for part in parts:
        if not part.filename.endswith((".xml", ".rels")):
            continue
        with archive.open(part) as file:
            head = file.read(4096)
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:  # only attacks have these
            raise Refused(text("The document declares XML entities, which no office program does."))
