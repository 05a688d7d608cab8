"""Reads documents in this process: a process for each takes most of a long run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pdfplumber.page
import pytest

from sphinx_govreport.importers.readers import docx, pdf, workbook

READERS: tuple[Any, ...] = (docx, pdf, workbook)
REPLACED = "PDFPageAggregatorWithMarkedContent"  #: the class that the PDF reader replaces in its own process


@contextmanager
def reading_here() -> Iterator[None]:
    """Let the readers with a process of their own read in this one."""
    with pytest.MonkeyPatch.context() as patch:
        for reader in READERS:
            patch.setattr(reader, "read", reader.read_here)
        patch.setattr(pdfplumber.page, REPLACED, getattr(pdfplumber.page, REPLACED))
        yield
