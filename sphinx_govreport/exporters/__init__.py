"""Reports become open data, documents and year files, a module for each format.

Imports ``core``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import NamedTuple

from sphinx_govreport.core.diagnostics import Severity
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.library.library import Library
from sphinx_govreport.core.reports.report import Report

Writer = Callable[[Sequence[Report], Mapping[str, Form]], str | bytes]


class Export(NamedTuple):
    """A kind of document that reports can be written as."""

    writer: str  #: module and function of this package; imported only when somebody wants the document
    suffix: str  #: of the file
    title: str  #: what readers call it
    mimetype: str
    module: str = ""  #: the library that it needs; it comes with the extra that is called like the suffix

    def __call__(self, reports: Sequence[Report], forms: Mapping[str, Form]) -> str | bytes:
        """Write reports. Raises :class:`ValueError` if the kind cannot hold them, MissingExtra without its library."""
        module, _, function = self.writer.partition(":")
        write: Writer = getattr(import_module(f".{module}", __name__), function)
        return write(reports, forms)

    def encoded(self, reports: Sequence[Report], forms: Mapping[str, Form]) -> bytes:
        """The same as the bytes of a file."""
        body = self(reports, forms)
        return body.encode() if isinstance(body, str) else body


_OFFICE = "application/vnd.openxmlformats-officedocument"

#: what ``sphinx-govreport export --to`` can write
EXPORTS: Mapping[str, Export] = {
    "csv": Export("records:csv_text", "csv", "CSV", "text/csv"),
    "json": Export("records:json_text", "json", "JSON", "application/json"),
    "parquet": Export("records:parquet", "parquet", "Parquet", "application/vnd.apache.parquet", "pyarrow"),
    "xlsx": Export("xlsx:workbook", "xlsx", "Excel", f"{_OFFICE}.spreadsheetml.sheet", "xlsxwriter"),
    "docx": Export("docx:word", "docx", "Word", f"{_OFFICE}.wordprocessingml.document", "docx"),
    "html": Export("fragment:fragment", "html", "HTML", "text/html"),
    "text": Export("plain_text:plain", "txt", "TXT", "text/plain"),
    "yaml": Export("year_file:year_file_text", "yaml", "YAML", "application/yaml"),
}


def export(library: Library, kind: str) -> bytes:
    """All reports of a library as one document: ``csv``, ``json``, ``xlsx`` and what else :data:`EXPORTS` names.

    Raises :class:`KeyError` for another kind, :class:`ValueError` if a file has an error or the kind cannot hold the reports,
    :class:`..core.extras.MissingExtra` without the library that the kind needs.
    """
    error = next((found for found in library.diagnostics if found.rule.severity is Severity.ERROR), None)
    if error:
        raise ValueError(f"{error.pos}: {error.render(str)}")
    reports = [report for key in sorted(library.entries) if (report := library.report(*key))]
    return EXPORTS[kind].encoded(reports, library.forms)
