"""The page of GB/T 9704-2012 for PDF: defaults that replace those of Sphinx, and that ``conf.py`` can override."""

from __future__ import annotations

import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.core.forms.form import hint_for
from sphinx_govreport.core.tables.gbt9704 import BOTTOM, INNER, OUTER, TOP

from .config import report_bad_config

PAGES = ("gbt9704",)
ENGINE = "xelatex"
TITLES_NAME = "govreport-titles.tex"  #: the titles of reports with the ends of their lines

_STYLE = "govreport-gbt9704"
_FOLDER = Path(__file__).parent.parent / "static" / "latex"
_ELEMENTS = {"papersize": "a4paper", "fncychap": "", "fontpkg": r"\usepackage{govreport-fonts}"}
_MARGINS = f"hmargin={{{INNER}mm,{OUTER}mm}},vmargin={{{TOP}mm,{BOTTOM}mm}},"


def latex_page(config: Config) -> str:
    """Return the page of the PDF; empty if that is Sphinx's own."""
    page: str = config.govreport_latex
    return page if page in PAGES and config.latex_engine == ENGINE else ""


def set_defaults(_app: Sphinx, config: Config) -> None:
    """Fill in what ``conf.py`` leaves open."""
    if latex_page(config):
        own = config.latex_elements
        config.latex_elements = {**_ELEMENTS, **own, "sphinxsetup": _MARGINS + own.get("sphinxsetup", "")}


def use_style(app: Sphinx) -> None:
    """Report what is wrong with the setting, and copy the files that LaTeX needs."""
    page, engine = app.config.govreport_latex, app.config.latex_engine
    if page and page not in PAGES:
        message = text("govreport_latex: “{page}” is not known.", page=page)
        report_bad_config(app.config, message, hint_for(None, PAGES))
    if app.builder.name != "latex" or page not in PAGES:
        return
    if not latex_page(app.config):
        message = text("govreport_latex: it needs XeLaTeX, not {engine}.", engine=engine)
        report_bad_config(app.config, message, text('Write: latex_engine = "xelatex".'))
        return
    Path(app.outdir).mkdir(parents=True, exist_ok=True)
    for path in sorted(_FOLDER.glob("*.sty")):
        shutil.copyfile(path, Path(app.outdir) / path.name)
    app.add_latex_package(_STYLE, after_hyperref=True)
