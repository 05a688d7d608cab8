"""Single pages of the documentation in its languages."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

DOCS = Path(__file__).parents[2] / "docs"
sys.path.insert(0, str(DOCS / "_ext"))
LANGUAGES = ("en", "zh_CN")
SETTINGS = {
    "extensions": ["myst_parser", "sphinx_design", "sphinx_govreport", "govdocs"],
    "myst_enable_extensions": ["colon_fence"],
    "locale_dirs": ["locale"],
    "gettext_compact": False,
    "govreport_search": False,  # it lasts until a build ends, and these only read
}


def doctree_of(page: str, language: str, folder: Path) -> nodes.document:
    """Return the doctree of a page of the documentation, translated, or of a page next to it."""
    source = folder / "source"
    for name in (f"{page}.md", f"locale/{language}/LC_MESSAGES/{page}.po"):
        file = DOCS / name if (DOCS / name).exists() else DOCS.parent / name
        if file.exists():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, source / name)
    settings = {**SETTINGS, "language": language, "root_doc": page}
    with patch_docutils(str(source)), docutils_namespace():
        app = Sphinx(source, None, folder / "out", folder / "trees", "dummy", confoverrides=settings, status=None, warning=None)
        app.builder.read()
        return app.env.get_doctree(page)
