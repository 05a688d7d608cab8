"""Reports as files beside their pages, and the lines that link to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_govreport.core.diagnostics import Pos, text, translator
from sphinx_govreport.core.extras import MissingExtra
from sphinx_govreport.core.forms.form import hint_for
from sphinx_govreport.core.json import dumped
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.exporters import EXPORTS
from sphinx_govreport.ext import log
from sphinx_govreport.ext.config import BAD_CONFIG
from sphinx_govreport.ext.doctree_document import page_document
from sphinx_govreport.ext.domain.domain import PDF, domain_of
from sphinx_govreport.ext.domain.outdated import write_output
from sphinx_govreport.ext.nodes import gov_downloads, gov_grid

from .links import FILES, file_name, find_pdfs, links_to

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder

    from sphinx_govreport.exporters.metadata import Resource

_NOTES = "gov-table-note"


class LinkDownloads(SphinxPostTransform):
    """HTML: the last table of each report on a page is followed by links, unless the author has placed them."""

    default_priority = 6  # before themes wrap tables

    def is_supported(self) -> bool:
        """Wherever there is something to load, or a place for it."""
        domain = domain_of(self.env)
        return bool(domain.kinds or domain.downloads)

    def run(self, **kwargs: Any) -> None:
        """Fill the places; without files to load, nothing stands there."""
        domain = domain_of(self.env)
        places = list(self.document.findall(gov_downloads))
        if domain.kinds:
            places += self._added({(place["agency"], place["year"]) for place in places})
        prefix = text("Download: ").render(translator(self.config.language))
        for place in places:
            kinds = domain.kinds_of(place["agency"], place["year"])
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


def choose_kinds(app: Sphinx) -> None:
    """What can be downloaded in this build, and once what is wrong with the setting.

    E-books and fragments have nothing beside a page.
    """
    known = [kind for kind in dict.fromkeys(app.config.govreport_downloads) if _is_usable(app, kind)]
    domain = domain_of(app.env)
    domain.kinds = tuple(known) if is_site(app.builder) else ()
    domain.pdfs = find_pdfs(app) if PDF in domain.kinds else {}


def is_site(builder: Builder) -> bool:
    """Whether a builder writes pages for a site, not for a book or another site."""
    return builder.format == "html" and not getattr(builder, "embedded", False)


def _is_usable(app: Sphinx, kind: str) -> bool:
    where = str(Pos("conf.py"))
    if kind == PDF:
        return True
    if kind not in EXPORTS:
        message = text("govreport_downloads: “{kind}” is not known.", kind=kind)
        log.report_on_page(BAD_CONFIG, message, hint_for(None, FILES), where, app.config.language)
        return False
    export = EXPORTS[kind]
    if export.module and find_spec(export.module) is None:
        missing = MissingExtra(export.suffix, export.title)
        log.report_on_page(BAD_CONFIG, missing.message, None, where, app.config.language)
        return False
    return True


def write_files(app: Sphinx, page: str, _template: str, _context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Write the files of the reports that a page prints, beside it."""
    domain = domain_of(app.env)
    if not domain.kinds or doctree is None:
        return
    folder = _folder(app, page)
    trees: dict[str, nodes.Node] = {}
    for file in doctree.findall(addnodes.start_of_file):  # singlehtml: pages in a page
        trees[file["docname"]] = file
    trees[page] = doctree
    for agency, year in sorted({key for one in trees for key in domain.downloadable(one)}):
        report = domain.library.report(agency, year)
        for kind in domain.kinds if report else ():
            assert report
            if kind != PDF:
                _write(app, folder / file_name(agency, year, kind), _body(app, kind, report, trees))


def _body(app: Sphinx, kind: str, report: Report, trees: Mapping[str, nodes.Node]) -> str | bytes:
    """What a file has in it. Word has all of the report's page, if that prints all tables."""
    domain = domain_of(app.env)
    page = domain.places.canonical_docname(report.agency, report.year, "", "")
    printed = domain.tables.get(page, {})
    is_whole = all((report.agency, report.year, table) in printed for table in report.forms)
    if kind == "docx" and page in trees and page in domain.pages and is_whole:
        return page_document(app.env, page, trees[page])
    return EXPORTS[kind]([report], domain.library.forms)


def _folder(app: Sphinx, page: str) -> Path:
    """Where a page is written."""
    return Path(app.builder.get_outfilename(page)).parent  # type: ignore[attr-defined]  # all HTML builders have it


def copy_pdfs(app: Sphinx, exception: Exception | None) -> None:
    """Put each PDF beside the pages of its report: it may be newer than they are."""
    for path, target in _pdfs(app) if exception is None else ():
        _write(app, target, path.read_bytes())


def describe_files(app: Sphinx, exception: Exception | None) -> None:
    """Write at the site's root what the files are: a data package for all CSV, a schema for all JSON."""
    domain = domain_of(app.env)
    if exception is not None or not domain.kinds:
        return
    from sphinx_govreport.exporters.metadata import (  # only for downloads
        PACKAGE_NAME,
        SCHEMA_NAME,
        data_package,
        records_schema,
    )

    if "csv" in domain.kinds and (resources := list(_resources(app))):
        _write(app, Path(app.outdir) / PACKAGE_NAME, dumped(data_package(resources, domain.library.forms)))
    if "json" in domain.kinds:
        _write(app, Path(app.outdir) / SCHEMA_NAME, dumped(records_schema(domain.library.forms)))


def report_files(app: Sphinx) -> set[str]:
    """All files that this site has of reports, by their names in the output, written by this build or an earlier one."""
    domain = domain_of(app.env)
    if not domain.kinds:
        return set()
    from sphinx_govreport.exporters.metadata import PACKAGE_NAME, SCHEMA_NAME  # only for downloads

    outdir = Path(app.outdir)
    kinds = [kind for kind in domain.kinds if kind != PDF]
    files = {folder / file_name(*key, kind) for folder, key in _offered(app) for kind in kinds}
    files |= {outdir / PACKAGE_NAME} if "csv" in kinds and files else set()
    files |= {outdir / SCHEMA_NAME} if "json" in kinds else set()
    files |= {target for _path, target in _pdfs(app)}
    return {file.relative_to(outdir).as_posix() for file in files}


def _resources(app: Sphinx) -> Iterator[Resource]:
    """All CSV files of the site, each once."""
    from sphinx_govreport.exporters.metadata import Resource

    domain = domain_of(app.env)
    outdir = Path(app.outdir)
    seen: dict[str, Resource] = {}
    for folder, (agency, year) in _offered(app):
        report = domain.library.report(agency, year)
        target = folder / file_name(agency, year, "csv")
        if report and target.is_file():
            path = target.relative_to(outdir).as_posix()
            seen[path] = Resource(path, target.read_bytes(), [report])
    yield from seen.values()


def _offered(app: Sphinx) -> Iterator[tuple[Path, tuple[str, int]]]:
    """The reports whose files stand beside pages, with the folder of these."""
    domain = domain_of(app.env)
    pages = {*domain.tables, *domain.downloads}
    for page in sorted(pages & _in_toctree(app) if app.builder.name == "singlehtml" else pages):
        folder = _page_folder(app, page)
        yield from ((folder, key) for key in sorted(domain.downloadable(page)) if key in domain.library.entries)


def _pdfs(app: Sphinx) -> Iterator[tuple[Path, Path]]:
    """The PDF that are offered, and where they stand."""
    domain = domain_of(app.env)
    for page, linked_pdfs in domain.linked_pdfs.items() if domain.pdfs else ():
        folder = _page_folder(app, page)
        for agency, year in linked_pdfs:
            path = domain.pdf_of(agency, year)
            assert path
            yield path, folder / file_name(agency, year, PDF)


def _page_folder(app: Sphinx, page: str) -> Path:
    return _folder(app, app.config.root_doc if app.builder.name == "singlehtml" else page)


def _in_toctree(app: Sphinx) -> set[str]:
    """The pages that one page for all has in it."""
    found = {app.config.root_doc}
    to_do = [app.config.root_doc]
    for page in to_do:  # it grows
        to_do += (below for below in dict.fromkeys(app.env.toctree_includes.get(page, ())) if below not in found)
        found.update(to_do)
    return found


def _write(app: Sphinx, target: Path, body: str | bytes) -> None:
    """In one step: two pages may print the same report at the same time."""
    write_output(app.builder, target, body.encode() if isinstance(body, str) else body)
