"""Links to the files of a report, and what those are called."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes

from ..core.tables import report_ident
from ..exporters import EXPORTS
from .pdf import PDF

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


class File(NamedTuple):
    """A kind of file beside a page."""

    suffix: str
    title: str  #: what readers call it
    mimetype: str


FILES = {kind: File(one.suffix, one.title, one.mimetype) for kind, one in EXPORTS.items()}
FILES[PDF] = File("pdf", "PDF", "application/pdf")


class gov_download(nodes.inline):  # noqa: N801
    """A link to a file beside a page."""


def visit_download_html(self: HTML5Translator, node: gov_download) -> None:
    """Open the link; the file is saved under a name that people understand."""
    attributes = {"href": node["href"], "download": node["saved"], "type": node["mimetype"]}
    self.body.append(self.starttag(node, "a", "", CLASS="gov-download", **attributes))


def depart_download_html(self: HTML5Translator, _node: gov_download) -> None:
    """Close it."""
    self.body.append("</a>")


def links_to(agency: str, year: int, kinds: tuple[str, ...], folder: str = "") -> Iterator[nodes.Node]:
    """Links to a report's files, with a space between them; ``folder`` is that of the report's page, from this page."""
    for number, kind in enumerate(kinds):
        file = FILES[kind]
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
    """What a report's file is called on the server."""
    return f"{report_ident(agency, year)}.{FILES[kind].suffix}"


def setup(app: Sphinx) -> None:
    """Register the node."""
    app.add_node(gov_download, html=(visit_download_html, depart_download_html))
