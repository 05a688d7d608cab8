"""Reports as files beside their pages, and the lines that link to them."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms.post_transforms import SphinxPostTransform

from ..core.diagnostics import Pos, text, translator
from ..core.extras import MissingExtra
from ..core.form import hint_for
from ..core.formats import dumped
from ..core.tables import report_ident
from ..exporters import EXPORTS
from ..exporters.published import PACKAGE_NAME, SCHEMA_NAME, Resource, data_package, records_schema
from . import log
from .asker import GovReportDirective
from .config import BAD_CONFIG
from .domain import domain_of
from .nodes import gov_grid

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.util.typing import OptionSpec
    from sphinx.writers.html5 import HTML5Translator

_NOTES = "gov-table-note"


class gov_downloads(nodes.General, nodes.Element):  # noqa: N801
    """Stands where an author wants the links."""


class gov_download(nodes.inline):  # noqa: N801
    """A link to a file beside a page."""


def visit_download_html(self: HTML5Translator, node: gov_download) -> None:
    """Open the link; the file is saved under a name that people understand."""
    attributes = {"href": node["href"], "download": node["saved"], "type": node["mimetype"]}
    self.body.append(self.starttag(node, "a", "", CLASS="gov-download", **attributes))


def depart_download_html(self: HTML5Translator, _node: gov_download) -> None:
    """Close it."""
    self.body.append("</a>")


class Downloads(GovReportDirective):
    """The links to a report's files, in a place of the author's own."""

    option_spec: ClassVar[OptionSpec] = {
        "year": directives.unchanged,
        "agency": directives.unchanged,
        "class": directives.class_option,
    }

    def run(self) -> list[Node]:
        """The place of the links."""
        report = self.report()
        if report is None:
            return []
        domain_of(self.env).note_downloads(self.env.docname, report.agency, report.year)
        return [gov_downloads("", agency=report.agency, year=report.year, looks=self.options.get("class", []))]


class LinkDownloads(SphinxPostTransform):
    """HTML: the last table of each report on a page is followed by links, unless the author has placed them."""

    default_priority = 6  # before themes wrap tables

    def run(self, **kwargs: Any) -> None:
        """Fill the places; without files to load, nothing stands there."""
        kinds = domain_of(self.env).kinds
        places = list(self.document.findall(gov_downloads))
        if kinds:
            places += self._added({(place["agency"], place["year"]) for place in places})
        prefix = text("Download: ").render(translator(self.config.language))
        for place in places:
            links = links_to(place["agency"], place["year"], kinds)
            line = nodes.paragraph("", "", nodes.Text(prefix), *links, classes=["gov-downloads", *place["looks"]])
            place.replace_self([line] if kinds else [])

    def _added(self, placed: set[tuple[str, int]]) -> Iterator[gov_downloads]:
        """A place behind the last table of each report that has none yet."""
        for (agency, year), table in self._last_tables().items():
            if (agency, year) not in placed:
                place = gov_downloads("", agency=agency, year=year, looks=[])
                _insert_behind(table, place)
                yield place

    def _last_tables(self) -> dict[tuple[str, int], nodes.Element]:
        return {(grid["agency"], grid["year"]): grid.parent for grid in self.document.findall(gov_grid) if grid.parent}


def _insert_behind(table: nodes.Element, node: nodes.Node) -> None:
    """Put a node behind a table and the notes under it."""
    parent = table.parent
    assert parent is not None
    index = parent.index(table) + 1
    while index < len(parent) and _NOTES in getattr(parent[index], "attributes", {}).get("classes", ()):
        index += 1
    parent.insert(index, node)


def links_to(agency: str, year: int, kinds: tuple[str, ...], folder: str = "") -> Iterator[nodes.Node]:
    """Links to a report's files, with a space between them; ``folder`` is that of the report's page, from this page."""
    for number, kind in enumerate(kinds):
        export = EXPORTS[kind]
        if number:
            yield nodes.Text(" ")
        yield gov_download(
            "",
            export.title,
            href=posixpath.join(folder, file_name(agency, year, kind)),
            saved=f"{agency}-{year}.{export.suffix}",
            mimetype=export.mimetype,
        )


def file_name(agency: str, year: int, kind: str) -> str:
    """What a report's file is called on the server."""
    return f"{report_ident(agency, year)}.{EXPORTS[kind].suffix}"


def choose_kinds(app: Sphinx) -> None:
    """What can be downloaded in this build, and once what is wrong with the setting.

    E-books and fragments have nothing beside a page.
    """
    known = [kind for kind in dict.fromkeys(app.config.govreport_downloads) if _is_usable(app, kind)]
    domain_of(app.env).kinds = tuple(known) if is_site(app.builder) else ()


def is_site(builder: Builder) -> bool:
    """Whether a builder writes pages for a site, not for a book or another site."""
    return builder.format == "html" and not getattr(builder, "embedded", False)


def _is_usable(app: Sphinx, kind: str) -> bool:
    where = str(Pos("conf.py"))
    if kind not in EXPORTS:
        message = text("govreport_downloads: “{kind}” is not known.", kind=kind)
        log.report_on_page(BAD_CONFIG, message, hint_for(None, EXPORTS), where, app.config.language)
        return False
    export = EXPORTS[kind]
    if export.module and find_spec(export.module) is None:
        missing = MissingExtra(export.suffix, export.title)
        log.report_on_page(BAD_CONFIG, missing.message, None, where, app.config.language)
        return False
    return True


def write_files(app: Sphinx, page: str, _template: str, _context: dict[str, Any], _doctree: nodes.document | None) -> None:
    """Write the files of the reports that a page prints, beside it."""
    domain = domain_of(app.env)
    if not domain.kinds:
        return
    pages = [*domain.tables, *domain.downloads] if app.builder.name == "singlehtml" else [page]
    folder = Path(app.builder.get_outfilename(page)).parent  # type: ignore[attr-defined]  # all HTML builders have it
    for agency, year in sorted({key for one in pages for key in domain.downloadable(one)}):
        report = domain.library.report(agency, year)
        for kind in domain.kinds if report else ():
            assert report
            _write(folder / file_name(agency, year, kind), EXPORTS[kind]([report], domain.library.forms))


def describe_files(app: Sphinx, exception: Exception | None) -> None:
    """Write at the site's root what the files are: a data package for all CSV, a schema for all JSON."""
    if exception is not None:
        return
    domain = domain_of(app.env)
    if "csv" in domain.kinds and (resources := list(_resources(app))):
        _write(Path(app.outdir) / PACKAGE_NAME, dumped(data_package(resources, domain.library.forms)))
    if "json" in domain.kinds:
        _write(Path(app.outdir) / SCHEMA_NAME, dumped(records_schema()))


def _resources(app: Sphinx) -> Iterator[Resource]:
    """All CSV files of the site, each once."""
    domain = domain_of(app.env)
    outdir = Path(app.outdir)
    seen: dict[str, Resource] = {}
    for page in sorted({*domain.tables, *domain.downloads}):
        shown = app.config.root_doc if app.builder.name == "singlehtml" else page
        folder = Path(app.builder.get_outfilename(shown)).parent  # type: ignore[attr-defined]
        for agency, year in sorted(domain.downloadable(page)):
            report = domain.library.report(agency, year)
            target = folder / file_name(agency, year, "csv")
            if report and target.is_file():
                path = target.relative_to(outdir).as_posix()
                seen[path] = Resource(path, target.read_bytes(), [report])
    yield from seen.values()


def _write(target: Path, body: str | bytes) -> None:
    """In one step: two pages may print the same report at the same time."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.{os.getpid()}")
    partial.write_bytes(body.encode() if isinstance(body, str) else body)
    partial.replace(target)


def setup(app: Sphinx) -> None:
    """Register all of it."""
    app.add_node(gov_downloads)
    app.add_node(gov_download, html=(visit_download_html, depart_download_html))
    app.add_post_transform(LinkDownloads)
    app.connect("builder-inited", choose_kinds)
    app.connect("html-page-context", write_files)
    app.connect("build-finished", describe_files)
