"""Reports as files next to their pages: the files, the links to them, and gov-downloads, the position of the links."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.nodes import Node
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_govreport.core.diagnostics import Severity, bilingual, text, translator
from sphinx_govreport.core.extras import MissingExtra
from sphinx_govreport.core.forms.form import hint_for
from sphinx_govreport.core.json import dumped
from sphinx_govreport.core.reports.report import Report, ReportKey
from sphinx_govreport.core.tables.table import report_ident
from sphinx_govreport.exporters import CannotHold, Export, exports
from sphinx_govreport.exporters.metadata import PACKAGE_NAME, SCHEMA_NAME, Resource, data_package, records_schema
from sphinx_govreport.ext import compat, log
from sphinx_govreport.ext.config import pos_of, report_bad_config
from sphinx_govreport.ext.doctree_document import NOT_PRINTED, page_document
from sphinx_govreport.ext.domain.domain import DOCX, PDF, domain_of
from sphinx_govreport.ext.files import write_output
from sphinx_govreport.ext.log import site_rule
from sphinx_govreport.ext.lookup import KIND_OPTION, GovReportDirective, options
from sphinx_govreport.ext.nodes import gov_download, gov_downloads, gov_grid, key_attributes, key_of, nothing_at, with_notes

MISSING_PDF = site_rule(
    "missing-pdf",
    "缺少PDF",
    text("A PDF is to be offered for download, but LaTeX has not built it."),
    text("The link would be broken, and is left out."),
    text("Build it before the HTML: “make latexpdf”; govreport_pdf_folder says where it is."),
    files=(("conf.py", ('govreport_downloads = ["pdf"]\nlatex_documents = [("not-printed", "2024.tex", "", "", "howto")]\n')),),
    severity=Severity.WARNING,
)


def find_pdfs(app: Sphinx) -> dict[str, Path]:
    """Return the PDF of each page in ``latex_documents``, and report missing ones."""
    folder = Path(app.confdir, app.config.govreport_pdf_folder)
    found = {}
    for page, target, *_rest in app.config.latex_documents:
        path = folder / Path(target).with_suffix(".pdf").name
        if page == app.config.root_doc:  # the whole site
            continue
        if path.is_file():
            found[page] = path
        else:
            message = text("There is no {name} in govreport_pdf_folder.", name=path.name)
            hint = text("Build it before the HTML: “make latexpdf”.")
            log.report_on_page(MISSING_PDF, message, hint, str(pos_of(app, "latex_documents")), app.config.language)
    return found


@cache
def file_kinds() -> dict[str, Export]:
    """Return the available file formats by their names in ``govreport_downloads``; LaTeX writes the PDF."""
    return exports() | {PDF: Export(PDF, "", "pdf", "PDF", "application/pdf")}


def links_to(report: ReportKey, kinds: tuple[str, ...], language: str | None, folder: str = "") -> Iterator[nodes.Node]:
    """Yield links to a report's files; ``folder`` is that of the report's page, relative to this page."""
    separator = bilingual(", ", "、").render(translator(language))
    for number, kind in enumerate(kinds):
        file = file_kinds()[kind]
        if number:
            yield nodes.Text(separator)
        yield gov_download(
            "",
            file.title,
            href=posixpath.join(folder, file_name(report, kind)),
            saved=f"{'-'.join(filter(None, (report.agency, str(report.year), report.other_kind)))}.{file.suffix}",
            mimetype=file.mimetype,
        )


def file_name(report: ReportKey, kind: str) -> str:
    """Return the name of a report's file on the server."""
    return f"{report_ident(report)}.{file_kinds()[kind].suffix}"


class LinkDownloads(SphinxPostTransform):
    """HTML: adds links after the last table of each report on a page, unless the author has placed them."""

    default_priority = 6  # before themes wrap tables

    def is_supported(self) -> bool:
        """Return whether there are files, or positions for links."""
        domain = domain_of(self.env)
        return bool(domain.build.downloads or domain.placement.has_download_places)

    def run(self, **kwargs: Any) -> None:
        """Fill the positions with links; if there are no files, remove them."""
        domain = domain_of(self.env)
        places = list(self.document.findall(gov_downloads))
        if domain.build.downloads:
            places += self._added(set(map(key_of, places)))
        prefix = text("Download: ").render(translator(self.config.language))
        for place in places:
            kinds = domain.download_kinds(key_of(place))
            links = links_to(key_of(place), kinds, self.config.language)
            line = nodes.paragraph("", "", nodes.Text(prefix), *links, classes=["gov-downloads", *place["css_classes"]])
            if kinds:
                place.replace_self(line)
            else:
                place.parent.replace(place, nothing_at(place))  # its class and labels go, which nothing else can have

    def _added(self, placed: set[ReportKey]) -> Iterator[gov_downloads]:
        """Yield a position after the last table of each report that has none yet."""
        grids = (grid for grid in self.document.findall(gov_grid) if grid.parent)
        for key, table in {key_of(grid): grid.parent for grid in grids}.items():
            if key not in placed:
                place = gov_downloads("", css_classes=[], **key_attributes(key))
                last = with_notes(table)[-1]
                last.parent.insert(last.parent.index(last) + 1, place)
                yield place


def usable_kinds(app: Sphinx) -> tuple[str, ...]:
    """Return the file formats that this build offers, and report problems with the setting.

    E-books and fragments have no files next to pages.
    """
    known = tuple(kind for kind in dict.fromkeys(app.config.govreport_downloads) if _is_usable(app, kind))
    return known if compat.is_site(app.builder) else ()


def _is_usable(app: Sphinx, kind: str) -> bool:
    if kind == PDF:
        return True
    if kind not in exports():
        message = text("govreport_downloads: unknown value “{kind}”.", kind=kind)
        report_bad_config(app, "govreport_downloads", message, hint_for(None, file_kinds()))
        return False
    export = exports()[kind]
    if export.module and find_spec(export.module) is None:
        report_bad_config(app, "govreport_downloads", MissingExtra(export.suffix, export.title).message)
        return False
    return True


def write_files(app: Sphinx, page: str, _template: str, _context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Write the files of the reports that a page prints, next to the page."""
    domain = domain_of(app.env)
    build = domain.build
    if not build.downloads or doctree is None:
        return
    folder = compat.page_file(app.builder, page).parent
    trees: dict[str, nodes.Node] = {file["docname"]: file for file in doctree.findall(addnodes.start_of_file)}  # of singlehtml
    trees[page] = doctree
    for key in sorted({key for one in trees for key in domain.placement.downloads.get(one, ())}):
        report = build.library.report(*key)
        own = domain.placement.canonical_docname(key, "", "")  # if it is in this folder, only it writes the Word document
        has_own = own not in trees and key in domain.placement.downloads.get(own, ()) and _page_folder(app, own) == folder
        for kind in build.downloads:
            if report and kind != PDF and build.can_write(kind, key) and not (kind == DOCX and has_own):
                try:
                    _write(app, folder / file_name(key, kind), _body(app, kind, report, trees))
                except CannotHold as failed:
                    log.report_on_page(NOT_PRINTED, failed.message, None, page, app.config.language)


def _body(app: Sphinx, kind: str, report: Report, trees: Mapping[str, nodes.Node]) -> str | bytes:
    """Return the content of a file. A Word document has the complete page of the report, if that prints all tables."""
    domain = domain_of(app.env)
    key = report.key(domain.build.library.forms)
    page = domain.placement.canonical_docname(key, "", "")
    printed = domain.placement.tables.get(page, ())
    is_whole = all((key, table) in printed for table in report.forms)
    if kind == DOCX and kind in domain.download_kinds(key) and page in trees and page in domain.pages and is_whole:
        return page_document(app.env, page, trees[page])
    return exports()[kind]([report], domain.build.library.forms)


def copy_pdfs(app: Sphinx, exception: Exception | None) -> None:
    """Copy each PDF next to the pages of its report: it may be newer than they are."""
    pdfs = domain_of(app.env).placement.pdfs
    for folder, key in _offered(app) if pdfs and exception is None else ():
        if key in pdfs:
            _write(app, folder / file_name(key, PDF), pdfs[key].read_bytes())


def describe_files(app: Sphinx, exception: Exception | None) -> None:
    """Write descriptions at the site's root: a data package for all CSV files, a schema for all JSON files."""
    if exception is not None:
        return
    build = domain_of(app.env).build
    if "csv" in build.downloads and (resources := list(_resources(app))):
        package = data_package(resources, build.library.forms, licence=app.config.govreport_license)
        _write(app, Path(app.outdir) / PACKAGE_NAME, dumped(package))
    if "json" in build.downloads:
        _write(app, Path(app.outdir) / SCHEMA_NAME, dumped(records_schema(build.library.forms)))


def report_files(app: Sphinx) -> set[str]:
    """Return the names of all files of reports in the output, written by this build or an earlier one."""
    outdir = Path(app.outdir)
    domain = domain_of(app.env)
    kinds = domain.build.downloads
    offered = _offered(app) if kinds else ()
    files = {folder / file_name(key, kind) for folder, key in offered for kind in domain.download_kinds(key)}
    files |= {outdir / PACKAGE_NAME} if "csv" in kinds and files else set()
    files |= {outdir / SCHEMA_NAME} if "json" in kinds else set()
    return {file.relative_to(outdir).as_posix() for file in files}


def _resources(app: Sphinx) -> Iterator[Resource]:
    """Yield all CSV files of the site, each once."""
    library = domain_of(app.env).build.library
    for target, key in {folder / file_name(key, "csv"): key for folder, key in _offered(app)}.items():
        report = library.report(*key)
        if report and target.is_file():
            yield Resource(target.relative_to(app.outdir).as_posix(), target.read_bytes(), report)


def _offered(app: Sphinx) -> Iterator[tuple[Path, ReportKey]]:
    """Yield the reports with files next to pages, with the folder of the page."""
    domain = domain_of(app.env)
    for page, keys in sorted(domain.placement.downloads.items()):
        folder = _page_folder(app, page)
        yield from ((folder, key) for key in sorted(keys) if key in domain.build.library.entries)


def _page_folder(app: Sphinx, page: str) -> Path:
    return compat.page_file(app.builder, app.config.root_doc if app.builder.name == "singlehtml" else page).parent


def _write(app: Sphinx, target: Path, body: str | bytes) -> None:
    """Write atomically: two processes may write the same file at the same time."""
    write_output(app.builder, target, body.encode() if isinstance(body, str) else body)


class Downloads(GovReportDirective):
    """The links to a report's files, at a position chosen by the author."""

    option_spec = options("year", "agency", KIND_OPTION, "class")

    def run(self) -> list[Node]:
        """Return the position of the links."""
        report = self.report()
        if report is None:
            return []
        attributes = key_attributes(report.key(self.forms))
        return [gov_downloads("", css_classes=self.options.get("class", []), **attributes)]
