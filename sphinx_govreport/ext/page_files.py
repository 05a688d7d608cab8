"""Pages read without a build, for the command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers import Parser
from docutils.parsers.rst import Directive, directives
from docutils.parsers.rst import Parser as RstParser
from sphinx.util.docutils import docutils_namespace

from ..core.checks.page import Page
from .directives import DIRECTIVES
from .pages import page_of, written_fields


def read_page(path: Path, shown: str) -> Page | None:
    """Read a Markdown or reStructuredText file; None if it names no report. Raises :class:`OSError`."""
    parser: Parser = RstParser()
    if path.suffix == ".md":
        from myst_parser.parsers.docutils_ import Parser as MystParser  # only now: it takes long to import

        parser = MystParser()
    overrides: dict[str, Any] = {
        "report_level": 5,  # directives and roles of Sphinx are unknown here
        "halt_level": 5,
        "file_insertion_enabled": False,
        "myst_enable_extensions": ["colon_fence"],
        "_disable_config": True,
        "warning_stream": False,
    }
    text = path.read_text("utf-8-sig", errors="replace")
    with docutils_namespace():  # what is registered here must not stay
        for name in DIRECTIVES:
            directives.register_directive(name, _Placeholder)
        doctree = publish_doctree(text, source_path=shown, parser=parser, settings_overrides=overrides)
    return page_of(doctree, shown, written_fields(doctree))


class _Placeholder(Directive):
    """Stands for a directive of ours: all that a reader of prose must know is that something is there."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = None

    def run(self) -> list[nodes.Node]:
        return [nodes.container()]
