"""Reports become open data, documents and year files, a module for each format.

Imports ``core``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pkgutil import resolve_name
from typing import NamedTuple

from sphinx_govreport.core.diagnostics import MessageError, Severity
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.library.library import Library
from sphinx_govreport.core.plugins import PluginError, Plugins, plugins
from sphinx_govreport.core.reports.report import Report


class CannotHold(MessageError, ValueError):  # noqa: N818  (a limit of the format; it is not a fault)
    """A format cannot hold these reports."""


Writer = Callable[[Sequence[Report], Mapping[str, Form]], str | bytes]


class Export(NamedTuple):
    """A document format that reports can be written in."""

    kind: str  #: its name in ``--to`` and ``govreport_downloads``
    writer: str  #: module and function; imported only when the document is requested
    suffix: str  #: of the file
    title: str  #: its name for readers
    mimetype: str
    module: str = ""  #: the library it needs; the extra that installs it has the name of the suffix

    def __call__(self, reports: Sequence[Report], forms: Mapping[str, Form]) -> str | bytes:
        """Write reports. Raises :class:`CannotHold` if the kind cannot hold them, MissingExtra without its library,
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
        """Return the document as bytes."""
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

#: our formats by name
EXPORTS = {one.kind: one for one in EXPORTERS}


@cache
def export_plugins() -> Plugins[Export]:
    """Return our formats and those of other packages."""
    return plugins("sphinx_govreport.exporters", Export, lambda one: (one.kind,), EXPORTS)


@cache
def exports() -> dict[str, Export]:
    """Return the formats of ``sphinx-govreport export --to`` by name."""
    return EXPORTS | {one.kind: one for one in export_plugins().others}


def export(library: Library, kind: str) -> bytes:
    """Return all reports of a library as one document: ``csv``, ``json``, ``xlsx`` or another format of the command ``export``.

    :raises KeyError: the format is unknown.
    :raises ValueError: a file has an error, or the format holds one report only.
    :raises sphinx_govreport.core.extras.MissingExtra: the format needs a library that is not installed.
    """
    error = next((found for found in library.diagnostics if found.rule.severity is Severity.ERROR), None)
    if error:
        raise ValueError(f"{error.pos}: {error.render(str)}")
    reports = [report for key in sorted(library.entries) if (report := library.report(*key))]
    return exports()[kind].encoded(reports, library.forms)
