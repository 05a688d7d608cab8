"""One page built without a site, for the command."""

from __future__ import annotations

import glob
import io
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers import Parser
from docutils.parsers.rst import Directive, directives
from docutils.parsers.rst import Parser as RstParser
from sphinx.application import Sphinx

from sphinx_govreport.core.checks.page import Page
from sphinx_govreport.core.checks.registry import CHECKS, PAGE_CHECKS
from sphinx_govreport.core.diagnostics import Diagnostic
from sphinx_govreport.ext.directives import DIRECTIVES

from .compat import docutils_namespace, patch_docutils, strip_colors
from .nodes import WORD
from .pages import page_of, written_fields
from .unread_markup import check_markup


def read_page(path: Path, shown: str) -> tuple[Page | None, list[Diagnostic]]:
    """Read a Markdown or reStructuredText file; None if it names no report. Its markup is checked too.

    Raises :class:`OSError`, UnicodeDecodeError.
    """
    parser: Parser = RstParser()
    if path.suffix != ".rst":
        from myst_parser.parsers.docutils_ import Parser as MystParser  # imported late: it takes long

        parser = MystParser()
    overrides: dict[str, Any] = {
        "report_level": 5,  # directives and roles of Sphinx are unknown here
        "halt_level": 5,
        "file_insertion_enabled": False,
        "myst_enable_extensions": ["colon_fence"],
        "_disable_config": True,
        "warning_stream": False,
    }
    text = path.read_text("utf-8-sig")
    with docutils_namespace():  # registrations here must not persist
        for name in DIRECTIVES:
            directives.register_directive(name, _Placeholder)
        doctree = publish_doctree(text, source_path=shown, parser=parser, settings_overrides=overrides)
    return page_of(doctree, shown, text, written_fields(doctree)), [*check_markup(doctree, shown, text)]


class _Placeholder(Directive):
    """Replaces one of our directives: the checks of prose only need to know that it is there."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = None

    def run(self) -> list[nodes.Node]:
        return [nodes.container()]


_EXTENSIONS = ["myst_parser", "sphinx_govreport"]
_SYNTAX = ["colon_fence", "deflist", "fieldlist", "strikethrough"]
_OF_YEAR_FILE = re.compile(r"(?:[A-Za-z]:)?[^:]*\.(?i:ya?ml):")  # a warning; Windows has a colon behind the drive
_LANGUAGE = "zh_CN"  # of roles and captions: the report is Chinese, whatever the language of the terminal


class Built(NamedTuple):
    """The result of building a page."""

    body: bytes | None  #: None if the page names no report
    told: tuple[str, ...]  #: problems of the page, one per line
    has_errors: bool


def build_word(page: Path, shown: str, data: Sequence[str], forms: Sequence[str], agencies: str = "") -> Built:
    """Build the page in its folder, so that it finds its images, with the given year files."""
    folder = page.parent.resolve()
    settings = {
        "extensions": _EXTENSIONS,
        "myst_enable_extensions": _SYNTAX,
        "root_doc": page.stem,
        "source_suffix": {page.suffix: "restructuredtext" if page.suffix == ".rst" else "markdown"},
        "include_patterns": [glob.escape(page.name)],
        "language": _LANGUAGE,
        "numfig": True,
        "govreport_data": [str(Path(name).resolve()) for name in data],
        "govreport_forms": [str(Path(name).resolve()) for name in forms],
        "govreport_agencies": str(Path(agencies).resolve()) if agencies else "",
        "suppress_warnings": [f"govreport.{rule.name}" for rule in (*CHECKS, *PAGE_CHECKS)],  # the command "check" reports them
    }
    warnings = io.StringIO()
    with tempfile.TemporaryDirectory() as made, patch_docutils(), docutils_namespace():
        out = Path(made)
        Sphinx(folder, None, out / "out", out / "doctrees", WORD, settings, status=None, warning=warnings).build()
        target = out / "out" / f"{page.stem}.docx"
        body = target.read_bytes() if target.exists() else None
    lines = strip_colors(warnings.getvalue()).splitlines()
    # the warnings about year files have been printed before
    of_page = (line for line in lines if not _OF_YEAR_FILE.match(line))
    told = tuple(line.replace(str(folder / page.name), shown, 1) for line in of_page)
    return Built(body, told, any(": ERROR: " in line for line in told))
