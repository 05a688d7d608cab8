"""The output folder: our files from earlier builds are removed, and the files of the site are recorded for a pack.

Sphinx writes new files and keeps the old ones, so that the page of a withdrawn report, and the files next to it, would stay
published. This extension removes only files that it wrote. For all others, the record of each build tells
``sphinx-govreport pack`` which files belong to the current site.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util import logging

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Severity, in_order, text, translator
from sphinx_govreport.core.files import relative
from sphinx_govreport.core.library.summary import SUMMARY_NAME, summary_text
from sphinx_govreport.core.versions import __version__
from sphinx_govreport.packs.record import (
    RECORD_NAME,
    FileMark,
    OutputRecord,
    marks_of,
    noted,
    read_record,
    record_text,
    remove_own,
)

from .compat import files_of_sphinx, is_site, page_suffix
from .directives.downloads import report_files
from .domain.domain import GovDomain, domain_of
from .files import removing, write_output

_logger = logging.getLogger(__name__)
_TEXTS = (".html", ".xml", ".css", ".js", ".json", ".svg", ".txt")  # files that may refer to other files


class Output:
    """The output folder of one build: its state before, and the record written after."""

    def __init__(self) -> None:
        self._former = OutputRecord()
        self._before: dict[str, FileMark] = {}
        self._of_reports: set[str] = set()
        self._of_sphinx: set[str] = set()
        self.problems: list[Diagnostic] = []  #: neither in year files nor found when pages are read
        self._is_whole = False  # whether the previous build ended: a killed build has changed files without recording them

    def look(self, app: Sphinx) -> None:
        """Store the state before anything is written; the output cannot be packed until the build has ended."""
        if site := _site(app):
            summary = Path(site.outdir, SUMMARY_NAME)
            self._is_whole = summary.exists()
            with removing(site):
                summary.unlink(missing_ok=True)
            self._former = read_record(Path(site.outdir)) or OutputRecord()
            self._before = marks_of(Path(site.outdir))

    def tidy(self, app: Sphinx, exception: Exception | None) -> None:
        """Remove files about reports that an earlier build wrote and this one would not."""
        site = _site(app)
        if site and exception is None:
            self._of_reports, self._of_sphinx = report_files(app), {*files_of_sphinx(site)}
            remove_former(site, self._former, self._of_reports | self._of_sphinx)

    def note(self, app: Sphinx, exception: Exception | None) -> None:
        """Record the files of the site: those of its pages and settings, and other files that were written."""
        site = _site(app)
        if not site or exception is not None:
            return
        there = marks_of(Path(site.outdir))
        untouched = {name for name, mark in there.items() if self._before.get(name) == mark}
        own = there.keys() & self._of_reports
        state = (there.keys() & self._of_sphinx) - own
        written = (there.keys() - untouched) | self._former.other
        known = {name: digest for name, digest in self._former.own.items() if name in untouched and self._is_whole}
        other = (there.keys() & written) - own - state
        gone = {name for name in there.keys() - own - state - other if name.endswith(page_suffix(site))}
        if gone:
            doubtful = {name for name in other & untouched if not name.startswith("_static/")}
            other -= _only_shown_by(Path(site.outdir), gone, own | state | other, doubtful)
        note_output(site, OutputRecord(noted(Path(site.outdir), own, known), frozenset(state), frozenset(other)))

    def write_summary(self, app: Sphinx, exception: Exception | None) -> None:
        """Write a summary of the reports and checks of a complete site."""
        if not is_site(app.builder) or exception is not None:
            return
        domain = domain_of(app.env)
        findings = in_order(_relative(found, Path(app.confdir)) for found in (*self.problems, *_findings(domain)))
        body = summary_text(domain.build.library, domain.build.checked, findings, translator(app.config.language), __version__)
        write_output(app.builder, Path(app.outdir, SUMMARY_NAME), body.encode())


def _only_shown_by(folder: Path, gone: set[str], site: set[str], doubtful: set[str]) -> set[str]:
    """Return the files, such as pictures made by extensions, that only removed pages mention."""
    found = _mentioned(folder, gone, doubtful)
    return found - _mentioned(folder, {name for name in site if name.endswith(_TEXTS)}, found)


def _mentioned(folder: Path, pages: set[str], names: set[str]) -> set[str]:
    """Return the files whose names, plain or URL-encoded, occur in any of the pages."""
    plain = {name: os.fsencode(posixpath.basename(name)) for name in names}
    signs = {name: (written, quote(written).encode()) for name, written in plain.items()}
    found: set[str] = set()
    for page in pages:
        with suppress(OSError):
            body = (folder / page).read_bytes()
            found |= {name for name in signs.keys() - found if any(sign in body for sign in signs[name])}
    return found


def replace_output(builder: Builder, names: Collection[str]) -> None:
    """Record the files of a builder that writes all of them in each build, and remove those of earlier builds."""
    folder = Path(builder.outdir)
    remove_former(builder, read_record(folder) or OutputRecord(), names)
    note_output(builder, OutputRecord(noted(folder, names, {})))


def remove_former(builder: Builder, former: OutputRecord, names: Collection[str]) -> None:
    """Remove the files of an earlier build, except those with these names."""
    with removing(builder):
        remove_own(Path(builder.outdir), {name: digest for name, digest in former.own.items() if name not in names})


def note_output(builder: Builder, record: OutputRecord) -> None:
    """Write the record of a build."""
    write_output(builder, Path(builder.outdir, RECORD_NAME), record_text(record).encode())


def _site(app: Sphinx) -> StandaloneHTMLBuilder | None:
    """Return the builder if it writes a site."""
    builder = app.builder
    return builder if isinstance(builder, StandaloneHTMLBuilder) and is_site(builder) else None


def point_to_explanations(app: Sphinx, exception: Exception | None) -> None:
    """Print the command that explains the findings; this is not a warning."""
    found = _findings(domain_of(app.env))
    translate = translator(app.config.language)
    told = (one.rule for one in found if one.rule.severity is not Severity.HINT and one.rule.explanation)
    rules = sorted({rule.label.render(translate) for rule in told})
    if rules:
        _logger.info(text("For explanations, run: sphinx-govreport explain {rules}", rules=" ".join(rules)).render(translate))


def _findings(domain: GovDomain) -> Iterator[Diagnostic]:
    of_reports = (one.findings for one in domain.build.checked.values())
    of_pages = (part[docname] for part in (domain.findings, domain.faulty) for docname in sorted(part))
    for found in (*of_reports, *of_pages):
        yield from found
    yield from (*domain.build.library.diagnostics, *domain.placement.findings)


def _relative(found: Diagnostic, folder: Path) -> Diagnostic:
    """Return a finding with paths relative to ``folder``, so that it does not depend on where the site was built."""
    return replace(found, pos=_pos(found.pos, folder), places=tuple(_pos(place, folder) for place in found.places))


def _pos(pos: Pos, folder: Path) -> Pos:
    return pos._replace(path=relative(pos.path, folder)) if Path(pos.path).is_absolute() else pos
