"""Reports as others want them: open data, documents, and year files as a person would write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ..core.form import Form
from ..core.model import Report
from .fragment import fragment
from .plain import plain
from .records import csv_text, json_text
from .word import word
from .workbook import workbook
from .year_file import year_file_text


class Export(NamedTuple):
    """A kind of document that reports can be written as."""

    write: Callable[[Sequence[Report], Mapping[str, Form]], str | bytes]
    suffix: str  #: of the file
    title: str  #: what readers call it
    mimetype: str
    module: str = ""  #: the library that it needs; it comes with the extra that is called like the suffix

    def __call__(self, reports: Sequence[Report], forms: Mapping[str, Form]) -> str | bytes:
        """Write reports. Raises :class:`ValueError` if the kind cannot hold them, MissingExtra without its library."""
        return self.write(reports, forms)

    def encoded(self, reports: Sequence[Report], forms: Mapping[str, Form]) -> bytes:
        """The same as the bytes of a file."""
        body = self.write(reports, forms)
        return body.encode() if isinstance(body, str) else body


_OFFICE = "application/vnd.openxmlformats-officedocument"

#: what ``sphinx-govreport export --to`` can write
EXPORTS: Mapping[str, Export] = {
    "csv": Export(csv_text, "csv", "CSV", "text/csv"),
    "json": Export(json_text, "json", "JSON", "application/json"),
    "xlsx": Export(workbook, "xlsx", "Excel", f"{_OFFICE}.spreadsheetml.sheet", "xlsxwriter"),
    "docx": Export(word, "docx", "Word", f"{_OFFICE}.wordprocessingml.document", "docx"),
    "html": Export(fragment, "html", "HTML", "text/html"),
    "text": Export(plain, "txt", "TXT", "text/plain"),
    "yaml": Export(year_file_text, "yaml", "YAML", "application/yaml"),
}
