"""PDF that LaTeX has made of reports' pages: links to those that are there. HTML builds make none themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..core.diagnostics import Pos, Rule, Severity, text
from . import log

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PDF = "pdf"  #: the kind of download
MISSING_PDF = Rule("missing-pdf", Severity.WARNING)


def find_pdfs(app: Sphinx) -> dict[str, Path]:
    """By page: its PDF. What ``latex_documents`` makes of a page of its own but is not there is told."""
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
