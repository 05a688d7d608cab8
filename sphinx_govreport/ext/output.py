"""What is in the output of a build: what earlier builds left of ours is removed, and what a pack may have is noted.

Sphinx writes what is new and leaves the rest, so that the page of a report that was withdrawn, and the files beside it, would
be published on. What this extension wrote it removes itself. What else is left is not ours to remove: the note of each build
tells ``sphinx-govreport pack`` which files the site has as it is now.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.errors import SphinxError
from sphinx.util import isurl as is_url
from sphinx.util import logging
from sphinx.util.matching import DOTFILES, Matcher

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Severity, in_order, text, translator
from sphinx_govreport.core.files import reason_of
from sphinx_govreport.core.library.summary import SUMMARY_NAME, summary_text
from sphinx_govreport.core.versions import __version__
from sphinx_govreport.packs.record import RECORD_NAME, Record, marks_of, noted, read_record, record_text, remove_own

from .domain.domain import GovDomain, domain_of
from .domain.outdated import write_output
from .downloads.files import is_site, report_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.builders import Builder

    from sphinx_govreport.packs.record import Mark


_TEXTS = (".html", ".xml", ".css", ".js", ".json", ".svg", ".txt")  # what may name other files
EARLY, LAST = 100, 10_000  #: before what else is done at a moment, and behind it


class Output:
    """The output folder of one build: as it was found, and as it is left."""

    def __init__(self) -> None:
        self._former = Record()
        self._before: dict[str, Mark] = {}
        self._is_whole = False  # whether the build before has ended: one that was killed has changed files and noted nothing

    def look(self, app: Sphinx) -> None:
        """See what is there before anything is written. Until the build has ended, its output is not to be packed."""
        if site := _site(app):
            summary = Path(site.outdir, SUMMARY_NAME)
            self._is_whole = summary.exists()
            with _removing(site):
                summary.unlink(missing_ok=True)
            self._former = read_record(Path(site.outdir)) or Record()
            self._before = marks_of(Path(site.outdir))

    def tidy(self, app: Sphinx, exception: Exception | None) -> None:
        """Remove what an earlier build wrote of reports and this one would not."""
        site = _site(app)
        if site and exception is None:
            remove_former(site, self._former, {*report_files(app), *_written_by_sphinx(site)})

    def note(self, app: Sphinx, exception: Exception | None) -> None:
        """Note which files the site has now: what its pages and settings make, and what was written beside."""
        site = _site(app)
        if not site or exception is not None:
            return
        there = marks_of(Path(site.outdir))
        untouched = {name for name, mark in there.items() if self._before.get(name) == mark}
        own = there.keys() & {*report_files(app)}
        state = (there.keys() & {*_written_by_sphinx(site)}) - own
        written = (there.keys() - untouched) | self._former.other
        known = {name: digest for name, digest in self._former.own.items() if name in untouched and self._is_whole}
        other = (there.keys() & written) - own - state
        gone = {name for name in there.keys() - own - state - other if name.endswith(site.out_suffix)}
        if gone:
            doubtful = {name for name in other & untouched if not name.startswith("_static/")}
            other -= _only_shown_by(Path(site.outdir), gone, own | state | other, doubtful)
        note_output(site, Record(noted(Path(site.outdir), own, known), frozenset(state), frozenset(other)))


def _only_shown_by(folder: Path, gone: set[str], site: set[str], doubtful: set[str]) -> set[str]:
    """Those files, such as pictures that extensions made, that are named by pages that are gone, and by nothing of the site."""
    found = _mentioned(folder, gone, doubtful)
    return found - _mentioned(folder, {name for name in site if name.endswith(_TEXTS)}, found)


def _mentioned(folder: Path, pages: set[str], names: set[str]) -> set[str]:
    """Those of the files whose names stand in any of the pages."""
    signs = {name: _written(posixpath.basename(name)) for name in names}
    found: set[str] = set()
    for page in pages:
        with suppress(OSError):
            body = (folder / page).read_bytes()
            found |= {name for name in signs.keys() - found if any(sign in body for sign in signs[name])}
    return found


def _written(name: str) -> tuple[bytes, bytes]:
    """How the name of a file is written in a page."""
    return os.fsencode(name), quote(os.fsencode(name)).encode()


def settle(builder: Builder, names: Collection[str]) -> None:
    """The same for a builder that writes all its files anew, each time: these are all."""
    folder = Path(builder.outdir)
    remove_former(builder, read_record(folder) or Record(), names)
    note_output(builder, Record(noted(folder, names, {})))


def remove_former(builder: Builder, former: Record, names: Collection[str]) -> None:
    """Remove what an earlier build wrote, but files of these names."""
    with _removing(builder):
        remove_own(Path(builder.outdir), {name: digest for name, digest in former.own.items() if name not in names})


def note_output(builder: Builder, record: Record) -> None:
    """Write the note of a build."""
    write_output(builder, Path(builder.outdir, RECORD_NAME), record_text(record).encode())


@contextmanager
def _removing(builder: Builder) -> Iterator[None]:
    """End the build with a sentence if something cannot be removed: it would be published on."""
    try:
        yield
    except OSError as error:
        message = text("“{name}” cannot be removed: {reason}.", name=error.filename, reason=reason_of(error))
        raise SphinxError(message.render(translator(builder.config.language))) from error


def _site(app: Sphinx) -> StandaloneHTMLBuilder | None:
    """The builder, if it writes a site."""
    builder = app.builder
    return builder if isinstance(builder, StandaloneHTMLBuilder) and is_site(builder) else None


def _written_by_sphinx(builder: StandaloneHTMLBuilder) -> Iterator[str]:
    """The files that Sphinx itself writes for the pages and settings as they are now, or some that it could write."""
    outdir = f"{Path(builder.outdir).as_posix()}/"
    for name in _page_names(builder):
        yield Path(builder.get_outfilename(name)).as_posix().removeprefix(outdir)
    yield from _beside_pages(builder)
    yield from _assets(builder)


def _page_names(builder: StandaloneHTMLBuilder) -> Iterator[str]:
    yield from [builder.config.root_doc] if builder.name == "singlehtml" else builder.env.all_docs
    yield from builder.config.html_additional_pages
    yield from (name for name, *_rest in builder.domain_indices)
    if builder.use_index:
        yield "genindex"
    if builder.search:
        yield "search"


def _beside_pages(builder: StandaloneHTMLBuilder) -> Iterator[str]:
    """Sources of pages, their pictures and the files that they offer."""
    env, more = builder.env, builder.config.html_sourcelink_suffix
    if builder.copysource and builder.config.html_copy_source:
        for docname in env.all_docs:
            suffix = Path(env.doc2path(docname)).suffix
            yield f"_sources/{docname}{suffix}{more if suffix != more else ''}"
    yield from (posixpath.join(builder.imagedir, name) for _docnames, name in env.images.values())
    yield from (posixpath.join("_downloads", name) for _docnames, name in env.dlfiles.values())


def _assets(builder: StandaloneHTMLBuilder) -> Iterator[str]:
    """What is copied as it is: of the theme, and of the folders that ``conf.py`` and extensions name."""
    config, confdir = builder.config, Path(builder.confdir)
    excluded = config.exclude_patterns
    for folder in builder.theme.get_theme_dirs() if builder.theme else ():
        yield from _copied(Path(folder, "static"), "_static", DOTFILES)
    for name in config.html_static_path:
        yield from _copied(confdir / name, "_static", Matcher([*excluded, "**/.*"]))
    yield "_static/translations.js"
    if builder.indexer and hasattr(builder.indexer, "get_js_stemmer_rawcodes"):  # what searches the site
        yield from (f"_static/{Path(file).name}" for file in builder.indexer.get_js_stemmer_rawcodes())
    for name in (config.html_logo, config.html_favicon):
        if name and not is_url(name):
            yield f"_static/{Path(name).name}"
    for name in config.html_extra_path:
        yield from _copied(confdir / name, "", Matcher(excluded))


def _copied(source: Path, target: str, is_excluded: Callable[[str], bool]) -> Iterator[str]:
    """Where Sphinx copies a file, or the files of a folder. Templates it fills in; there are none in ``html_extra_path``."""
    base = _filled_in if target else str
    if source.is_file():
        yield posixpath.join(target, base(source.name))
    for root, folders, files in os.walk(source, followlinks=True):
        below = Path(root).relative_to(source).as_posix()
        folders[:] = [name for name in folders if not is_excluded(posixpath.join(below, name))]
        names = (name for name in files if not is_excluded(posixpath.join(below, name)))
        yield from (posixpath.normpath(posixpath.join(target, below, base(name))) for name in names)


def _filled_in(name: str) -> str:
    """What a file is called when Sphinx has filled in what is a template."""
    return name[:-2] if name.lower().endswith("_t") else name.removesuffix(".jinja")


_logger = logging.getLogger(__name__)


def write_summary(app: Sphinx, exception: Exception | None) -> None:
    """Say what this build was made of; a build that broke off has nothing to say. E-books and fragments are no site."""
    if not is_site(app.builder) or exception is not None:
        return
    domain = domain_of(app.env)
    findings = in_order(_relative(found, Path(app.confdir)) for found in _findings(domain))
    body = summary_text(domain.library, domain.checked, findings, translator(app.config.language), __version__)
    write_output(app.builder, Path(app.outdir, SUMMARY_NAME), body.encode())


def point_to_explanations(app: Sphinx, exception: Exception | None) -> None:
    """Say how to learn more of what data and pages were warned of; not a warning itself."""
    found = _findings(domain_of(app.env))
    rules = sorted({one.rule.name for one in found if one.rule.severity is not Severity.HINT})
    if rules:
        message = text("What they mean: sphinx-govreport explain {rules}", rules=" ".join(rules))
        _logger.info(message.render(translator(app.config.language)))


def _findings(domain: GovDomain) -> Iterator[Diagnostic]:
    yield from domain.library.diagnostics
    for one in domain.checked.values():
        yield from one.findings
    for found in domain.found.values():
        yield from found
    yield from domain.alike


def _relative(found: Diagnostic, folder: Path) -> Diagnostic:
    """The same finding wherever the site was built: pages are known by their whole path."""
    return replace(found, pos=_pos(found.pos, folder), places=tuple(_pos(place, folder) for place in found.places))


def _pos(pos: Pos, folder: Path) -> Pos:
    if not Path(pos.path).is_absolute():
        return pos
    return pos._replace(path=Path(os.path.relpath(pos.path, folder)).as_posix())
