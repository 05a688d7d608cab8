"""The configuration values, each declared once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..core.diagnostics import Rule

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config, _ConfigRebuild


BAD_CONFIG = Rule("bad-config")


class Value(NamedTuple):
    """A configuration value."""

    name: str
    default: Any
    rebuild: _ConfigRebuild  #: what Sphinx does anew when it changes; pages see changed data by themselves
    types: frozenset[type]
    description: str


VALUES = (
    Value("govreport_data", [], "", frozenset({list, tuple}), "Year files, folders and globs, from the folder of conf.py."),
    Value("govreport_agency", "", "env", frozenset({str}), "The agency whose report is meant where none is named."),
    Value("govreport_forms", [], "", frozenset({list, tuple}), "Files of local forms, from the folder of conf.py."),
    Value("govreport_severity", {}, "env", frozenset({dict}), "How much checks weigh: error, warning, hint or off."),
    Value("govreport_parts", {}, "env", frozenset({dict}), "The agencies below an agency, by its name: they must add up."),
    Value("govreport_mark_findings", True, "html", frozenset({bool}), "Whether figures with an error are marked in HTML."),
    Value("govreport_downloads", [], "html", frozenset({list, tuple}), "What reports can be downloaded as: csv, json, pdf …"),
    Value("govreport_site", {}, "html", frozenset({dict}), "What the meta tags of government sites say, by their names."),
    Value("govreport_dataset", False, "html", frozenset({bool}), "Whether pages of reports describe them for search engines."),
    Value("govreport_license", "", "html", frozenset({str}), "The address of the licence of the reports' data."),
    Value(
        "govreport_pdf_folder", "_build/latex", "html", frozenset({str}), "Where LaTeX put the PDF, from the folder of conf.py."
    ),
    Value("govreport_latex", "", "", frozenset({str}), "The page of the PDF: empty, or gbt9704 for that of GB/T 9704-2012."),
    Value("govreport_search", True, "html", frozenset({bool}), "Whether Chinese text is indexed for the site search."),
)


def is_chinese(config: Config) -> bool:
    """Whether the site search is our own, which parts Chinese."""
    return config.govreport_search and (config.html_search_language or config.language or "").startswith("zh")


def setup(app: Sphinx) -> None:
    """Register the values."""
    for value in VALUES:
        app.add_config_value(value.name, value.default, value.rebuild, value.types, value.description)
