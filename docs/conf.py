"""The documentation, built with the extension itself. ``DOCS_LANGUAGE=zh_CN`` builds the Chinese edition."""

import os
import sys
import tomllib
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "sphinx_govreport"
author = copyright = "sphinx_govreport contributors"
language = os.environ.get("DOCS_LANGUAGE", "en")
extensions = ["sphinx.ext.autodoc", "myst_parser", "sphinx_design", "sphinx_copybutton", "sphinx_govreport", "govdocs"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
autodoc_class_signature = "separated"  # the classes are made by the functions, not by readers
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
nitpick_ignore_regex = [  # types of Python itself, and types whose objects are only passed on
    ("py:class", r"(collections\.abc|datetime|decimal|os)\..*|Decimal"),
    ("py:(class|exc)", r"sphinx_govreport\.core\..*"),
]
exclude_patterns = ["_build", "_ext", "locale"]

govreport_data = ["data", "gallery/data"]
govreport_forms = ["forms/fujian-2017.yaml", "forms/fujian-2014.yaml", "gallery/forms"]
govreport_agencies = "agencies.yaml"
govreport_agency = "宿迁市"
govreport_parts = {"某市": ["某市甲区", "某市乙区"]}
govreport_downloads = ["csv", "json"]
suppress_warnings = [
    "govreport.reviews-total",  # the gallery shows an error on purpose, in gallery/data/bureau-2024.yaml
    "i18n.inconsistent_references",  # {term} is translated; a test compares all other references
]

locale_dirs = ["locale"]
gettext_compact = False
gettext_location = False

# without a Chinese font in the list, browsers show Chinese words on English pages in any font that they find
_fonts = '-apple-system, "Segoe UI", Helvetica, Arial, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
_code_fonts = 'Menlo, Consolas, "Liberation Mono", "Noto Sans Mono CJK SC", "Microsoft YaHei", monospace'
_urls = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"].get("urls", {})
html_theme = "furo"
html_theme_options = {"light_css_variables": {"font-stack": _fonts, "font-stack--monospace": _code_fonts}}
if "Repository" in _urls:
    html_theme_options |= {"source_repository": _urls["Repository"], "source_branch": "main", "source_directory": "docs/"}
html_title = "sphinx_govreport"
html_show_sourcelink = False
templates_path = ["_templates"]
html_static_path = ["_static"]
html_css_files = ["docs.css"]
html_logo = html_favicon = "_static/logo.svg"
_navigation = ("brand", "search", "scroll-start", "navigation", "scroll-end")
html_sidebars = {"**": [*(f"sidebar/{name}.html" for name in _navigation), "languages.html"]}

# a machine that reaches no other host checks the links between files only; what the examples name is nowhere
linkcheck_ignore = [r"https?://"] if os.environ.get("DOCS_OFFLINE") else [r"https://www\.example\.", r"http://127\.0\.0\.1"]
linkcheck_anchors = False


def setup(app: Sphinx) -> None:
    """Let pages have notes for one edition: ``only``."""
    app.tags.add(language)
