"""Links to the files of a report, and the names of these."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx.application import Sphinx

from sphinx_govreport.core.diagnostics import Pos, Rule, RuleExplanation, Severity, text
from sphinx_govreport.core.examples import Example
from sphinx_govreport.core.tables.table import report_ident
from sphinx_govreport.exporters import exports
from sphinx_govreport.ext import log
from sphinx_govreport.ext.domain.domain import PDF
from sphinx_govreport.ext.nodes import gov_download

MISSING_PDF = Rule(
    "missing-pdf",
    Severity.WARNING,
    explanation=RuleExplanation(
        text("A PDF is to be offered for download, but LaTeX has not made it."),
        text("The link would lead nowhere, and is left out."),
        text("Build it before the HTML: “make latexpdf”; govreport_pdf_folder says where it is."),
        example=Example(
            (
                (
                    "conf.py",
                    ('govreport_downloads = ["pdf"]\nlatex_documents = [("not-printed", "2024.tex", "", "", "howto")]\n'),
                ),
            ),
            is_site=True,
        ),
    ),
)


def find_pdfs(app: Sphinx) -> dict[str, Path]:
    """Return the PDF of each page that ``latex_documents`` names, and report those that are missing."""
    folder = Path(app.confdir, app.config.govreport_pdf_folder)
    found = {}
    for page, target, *_rest in app.config.latex_documents:
        path = folder / Path(target).with_suffix(".pdf").name
        if page == app.config.root_doc:  # the whole site
            continue
        if path.is_file():
            found[page] = path
        else:
            message = text("There is no {name} in govreport_pdf_folder.", name=path.name)
            hint = text("Build it before the HTML: “make latexpdf”.")
            log.report_on_page(MISSING_PDF, message, hint, str(Pos("conf.py")), app.config.language)
    return found


class FileKind(NamedTuple):
    """A kind of file beside a page."""

    suffix: str
    title: str  #: what readers call it
    mimetype: str


@cache
def file_kinds() -> dict[str, FileKind]:
    """Return what can stand beside a page, by its name in ``govreport_downloads``."""
    known = {kind: FileKind(one.suffix, one.title, one.mimetype) for kind, one in exports().items()}
    return known | {PDF: FileKind("pdf", "PDF", "application/pdf")}


def links_to(agency: str, year: int, kinds: tuple[str, ...], folder: str = "") -> Iterator[nodes.Node]:
    """Yield links to a report's files, separated by spaces; ``folder`` is that of the report's page, relative to this page."""
    for number, kind in enumerate(kinds):
        file = file_kinds()[kind]
        if number:
            yield nodes.Text(" ")
        yield gov_download(
            "",
            file.title,
            href=posixpath.join(folder, file_name(agency, year, kind)),
            saved=f"{agency}-{year}.{file.suffix}",
            mimetype=file.mimetype,
        )


def file_name(agency: str, year: int, kind: str) -> str:
    """Return the name of a report's file on the server."""
    return f"{report_ident(agency, year)}.{file_kinds()[kind].suffix}"
