"""Reports become open data, documents and year files, a module for each format.

Imports ``core``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pkgutil import resolve_name
from typing import NamedTuple

from sphinx_govreport.core.diagnostics import Severity
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.library.library import Library
from sphinx_govreport.core.plugins import PluginError, Plugins, plugins
from sphinx_govreport.core.reports.report import Report

Writer = Callable[[Sequence[Report], Mapping[str, Form]], str | bytes]


class Export(NamedTuple):
    """A kind of document that reports can be written as."""

    kind: str  #: what ``--to`` and ``govreport_downloads`` call it
    writer: str  #: a module and its function; imported only when somebody wants the document
    suffix: str  #: of the file
    title: str  #: what readers call it
    mimetype: str
    module: str = ""  #: the library that it needs; it comes with the extra that is called like the suffix

    def __call__(self, reports: Sequence[Report], forms: Mapping[str, Form]) -> str | bytes:
        """Write reports. Raises :class:`ValueError` if the kind cannot hold them, MissingExtra without its library,
        PluginError if another package's function fails."""
        try:
            write: Writer = resolve_name(self.writer)
            body = write(reports, forms)
            if not isinstance(body, str | bytes):
                raise TypeError(f"{type(body).__name__} is not str or bytes")
        except Exception as error:
            if self in EXPORTERS:
                raise
            raise PluginError(self.writer, error) from error
        return body

    def encoded(self, reports: Sequence[Report], forms: Mapping[str, Form]) -> bytes:
        """The same as the bytes of a file."""
        body = self(reports, forms)
        return body.encode() if isinstance(body, str) else body


_OFFICE = "application/vnd.openxmlformats-officedocument"

EXPORTERS = (
    Export("csv", f"{__name__}.records:csv_text", "csv", "CSV", "text/csv"),
    Export("json", f"{__name__}.records:json_text", "json", "JSON", "application/json"),
    Export("parquet", f"{__name__}.records:parquet", "parquet", "Parquet", "application/vnd.apache.parquet", "pyarrow"),
    Export("xlsx", f"{__name__}.xlsx:workbook", "xlsx", "Excel", f"{_OFFICE}.spreadsheetml.sheet", "xlsxwriter"),
    Export("docx", f"{__name__}.docx:word", "docx", "Word", f"{_OFFICE}.wordprocessingml.document", "docx"),
    Export("html", f"{__name__}.fragment:fragment", "html", "HTML", "text/html"),
    Export("text", f"{__name__}.document:plain_text", "txt", "TXT", "text/plain"),
    Export("yaml", f"{__name__}.year_file:year_file_text", "yaml", "YAML", "application/yaml"),
)

#: our kinds by name
EXPORTS = {one.kind: one for one in EXPORTERS}


def export_plugins() -> Plugins[Export]:
    """Return our kinds and those of other packages."""
    return plugins("sphinx_govreport.exporters", Export)


@cache
def exports() -> dict[str, Export]:
    """Return what ``sphinx-govreport export --to`` can write, by name."""
    return EXPORTS | {one.kind: one for one in export_plugins().others if one.kind not in EXPORTS}


def export(library: Library, kind: str) -> bytes:
    """All reports of a library as one document: ``csv``, ``json``, ``xlsx`` and what else :func:`exports` names.

    Raises :class:`KeyError` for another kind, :class:`ValueError` if a file has an error or the kind cannot hold the reports,
    :class:`..core.extras.MissingExtra` without the library that the kind needs.
    """
    error = next((found for found in library.diagnostics if found.rule.severity is Severity.ERROR), None)
    if error:
        raise ValueError(f"{error.pos}: {error.render(str)}")
    reports = [report for key in sorted(library.entries) if (report := library.report(*key))]
    return exports()[kind].encoded(reports, library.forms)
