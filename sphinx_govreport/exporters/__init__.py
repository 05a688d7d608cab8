"""Reports as others want them: open data, documents, and year files as a person would write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..core.form import Form
from ..core.model import Report
from .fragment import fragment
from .plain import plain
from .records import csv_text, json_text
from .word import word
from .workbook import workbook
from .year_file import year_file_text

Export = Callable[[Sequence[Report], Mapping[str, Form]], str | bytes]

#: what ``sphinx-govreport export --to`` can write
EXPORTS: Mapping[str, Export] = {
    "csv": csv_text,
    "json": json_text,
    "xlsx": workbook,
    "docx": word,
    "html": fragment,
    "text": plain,
    "yaml": year_file_text,
}
