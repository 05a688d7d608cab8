"""The page of GB/T 9704-2012 for PDF: defaults that replace those of Sphinx, and that ``conf.py`` can override."""

from __future__ import annotations

import glob
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from sphinx_govreport.core.charts.tikz import in_latex
from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.core.forms.form import hint_for
from sphinx_govreport.core.tables.gbt9704 import BOTTOM, INNER, OUTER, TOP

from .config import report_bad_config
from .domain.domain import domain_of
from .latex_tables import PACKAGE
from .pages import AGENCY_FIELD, YEAR_FIELD, fields_of_text

PAGES = ("gbt9704",)
ENGINE = "xelatex"
TITLES_NAME = "govreport-titles.def"  #: the titles of reports with line breaks

_STYLE, _FACES = "govreport-gbt9704", "govreport-fonts"
_FOLDER = Path(__file__).parent.parent / "static" / "latex"
_AUTHOR = 3  # the position of the author in an entry of latex_documents
_ELEMENTS = {"papersize": "a4paper", "fncychap": "", "fontpkg": rf"\usepackage{{{_FACES}}}"}
_MARGINS = f"hmargin={{{INNER}mm,{OUTER}mm}},vmargin={{{TOP}mm,{BOTTOM}mm}},"


def latex_page(config: Config) -> str:
    """Return the page layout of the PDF; empty if it is Sphinx's."""
    page: str = config.govreport_latex
    return page if page in PAGES and config.latex_engine == ENGINE else ""


def set_defaults(app: Sphinx, config: Config) -> None:
    """Set defaults that ``conf.py`` does not set: the page, and the author of a document, which is the agency of its report."""
    if latex_page(config):
        own = config.latex_elements
        config.latex_elements = {**_ELEMENTS, **own, "sphinxsetup": _MARGINS + own.get("sphinxsetup", "")}
    documents = [_with_author(app, entry) for entry in config.latex_documents]
    if documents != list(config.latex_documents):
        config.latex_documents = documents


def _with_author(app: Sphinx, entry: Sequence[Any]) -> Sequence[Any]:
    """Return an entry with the agency of its page if the author is empty."""
    if len(entry) <= _AUTHOR or entry[_AUTHOR]:
        return entry
    return (*entry[:_AUTHOR], in_latex(_agency(app, str(entry[0]))), *entry[_AUTHOR + 1 :])


def _agency(app: Sphinx, page: str) -> str:
    """Return the agency of a report's page; empty if there is none. No page has been read yet."""
    file = Path(app.srcdir, page)
    for path in sorted(file.parent.glob(f"{glob.escape(file.name)}.*")):
        with suppress(OSError):
            fields = dict(fields_of_text(path.name, path.read_text("utf-8-sig", errors="replace")))
            if YEAR_FIELD in fields:
                return fields.get(AGENCY_FIELD, "") or str(app.config.govreport_agency)
    return ""


def use_style(app: Sphinx) -> None:
    """Report problems with the setting, and copy the files that LaTeX needs."""
    page, engine = app.config.govreport_latex, app.config.latex_engine
    if page and page not in PAGES:
        message = text("govreport_latex: unknown value “{page}”.", page=page)
        report_bad_config(app, "govreport_latex", message, hint_for(None, PAGES))
    if app.builder.format != "latex":
        return
    if page in PAGES and not latex_page(app.config):
        message = text("govreport_latex: this setting needs XeLaTeX, not {engine}.", engine=engine)
        report_bad_config(app, "govreport_latex", message, text('Write: latex_engine = "xelatex".'))
    packages = [_STYLE] if latex_page(app.config) else []
    if domain_of(app.env).build.library.entries:
        packages.insert(0, PACKAGE)
    Path(app.outdir).mkdir(parents=True, exist_ok=True)
    for name in [*packages, *([_FACES] if latex_page(app.config) else [])]:
        shutil.copyfile(_FOLDER / f"{name}.sty", Path(app.outdir) / f"{name}.sty")
    for name in packages:
        app.add_latex_package(name, after_hyperref=True)
