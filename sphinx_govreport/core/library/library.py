"""All reports of a site: found, read once, and kept by content."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from sphinx_govreport.core.characters import skeleton
from sphinx_govreport.core.checks.registry import rule_names
from sphinx_govreport.core.checks.years import year_of_name
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Severity, explained_rule, in_order, text
from sphinx_govreport.core.examples import Example
from sphinx_govreport.core.forms.form import Form, split_names, table_spellings
from sphinx_govreport.core.forms.reader import main_kind
from sphinx_govreport.core.reports.packed import pack, unpack
from sphinx_govreport.core.reports.report import Report, ReportKey
from sphinx_govreport.core.reports.series import sets_of
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.yaml.source import digest_of, read_source

from .agencies import NOTHING_DECLARED, Agencies, Declaration, file_of, read_agencies
from .cache import Cache
from .known_forms import cached_forms
from .paths import form_paths_of, paths_of, read_bytes, read_files

DUPLICATE_REPORT = explained_rule(
    "duplicate-report",
    "年报重复",
    text("Two files contain the report of the same agency and kind for the same year."),
    text("It is not clear which one is correct, so neither is printed, exported or added up."),
    text("Delete one of the two, or correct agency and year in it."),
    example=Example(run="cp data/2024.yaml data/2024-new.yaml\nsphinx-govreport check data"),
)

ALIKE_AGENCIES = explained_rule(
    "alike-agencies",
    "机关名称相近",
    text("The agency names of two reports differ only in 政府, spaces, brackets, width or how a character is encoded."),
    text("Readers cannot tell them apart; if they are one agency, its years are not compared with each other."),
    text("Write the name of an agency the same way in all its files."),
    example=Example(change=("data/2024.yaml", "agency: 宿迁市", "agency: 宿迁 市")),
    severity=Severity.WARNING,
)


_GOVERNMENT = re.compile("(?:人民)?政府$")


class Entry(NamedTuple):
    """A year file that was read. Its report is unpacked only when it is used."""

    key: ReportKey  #: the agency as named in the file, in a library its current name; the year is 0 without a usable report
    digest: str
    path: str  #: of the file, as shown to the user
    diagnostics: tuple[Diagnostic, ...]
    forms: dict[str, str] = {}  #: each table's form by name  # noqa: RUF012  (a NamedTuple's default is never changed)
    packed: bytes = b""  #: the report
    corrected: str = ""  #: the date of its newest correction, ``YYYY-MM-DD``
    is_begun: bool = False  #: whether nothing is filled in yet
    published_by: str = ""  #: in a library, the agency as named in the file
    rival: str = ""  #: path of another file with the same report


class FileInfo(NamedTuple):
    """The facts of a year file that are known without opening its report."""

    path: str  #: as shown to the user
    key: ReportKey  #: the agency as named in the file, in a collection its current name; the year is 0 without a report
    forms: dict[str, str]  #: each table's form by name
    diagnostics: int  #: number of problems in reading it
    has_errors: bool  #: whether one of them is an error
    published_by: str = ""  #: in a collection, the agency as named in the file
    rival: str = ""  #: path of another file with the same report


F = TypeVar("F", Entry, FileInfo)


@dataclass(frozen=True)
class Library:
    """The reports of a site by agency, year and kind, and all problems of their files."""

    forms: dict[str, Form]  #: by name: the statutory forms and local ones
    entries: dict[ReportKey, Entry]  #: by key: all reports, and the first of those with the same key
    diagnostics: tuple[Diagnostic, ...]  #: the problems of all files, by file and line
    declared: Agencies = NOTHING_DECLARED  #: former names and levels of agencies
    unusable: frozenset[int] = frozenset()  #: the years in the names of files without a usable report; 0: a name has no year

    def report(self, agency: str, year: int, kind: str = "") -> Report | None:
        """Return an agency's report for a year; None if no file has it, or two. Former names of the agency are valid too.

        Without a kind, the agency's only kind of report is used, or else that of the statutory forms.
        """
        key = ReportKey(self.declared.now(agency), year, kind or self.kind_of(agency))
        return self.opened(key) if key in self.entries and not self.entries[key].rival else None

    def has_failed(self, key: ReportKey) -> bool:
        """Return whether ``diagnostics`` say why there is no such report: two files have it, or a file of its year has none."""
        entry = self.entries.get(key)
        return bool(entry.rival) if entry else not self.unusable.isdisjoint((0, key.year))

    @cached_property
    def opened(self) -> Callable[[ReportKey], Report]:
        """The reports of the entries by key, cached because a page requests its report several times."""

        def opened(key: ReportKey) -> Report:
            return unpack(self.entries[key].packed, self.forms).of(key.agency)

        return lru_cache(maxsize=4)(opened)

    def digest(self, key: ReportKey) -> str:
        """Return the fingerprint of a report's content; empty if there is no report, or if two files have it."""
        entry = self.entries.get(key)
        return entry.digest if entry and not entry.rival else ""

    @cached_property
    def same_as_digest(self) -> str:
        """The fingerprint of all ``same-as`` statements: the comparison of two reports may depend on a third form."""
        said = [(form.name, form.edition, form.same_as) for form in self.forms.values() if form.same_as]
        return digest_of(repr(said).encode())[:8]

    def published_by(self, key: ReportKey) -> str:
        """Return the agency as named in a report."""
        entry = self.entries.get(key)
        return entry.published_by if entry else key.agency

    @cached_property
    def agencies(self) -> tuple[str, ...]:
        """All agencies, sorted by name."""
        return tuple(self._kinds)

    def years(self, agency: str, kind: str = "") -> tuple[int, ...]:
        """Return the years of an agency's reports of a kind, oldest first, without those in which nothing is filled in yet."""
        keys = self._kinds.get(self.declared.now(agency), {}).get(kind or self.kind_of(agency), ())
        return tuple(key.year for key in keys if not self.entries[key].is_begun)

    def kinds(self, agency: str) -> tuple[str, ...]:
        """Return the kinds of an agency's reports, that of the statutory forms first."""
        return tuple(self._kinds.get(self.declared.now(agency), ()))

    @cached_property
    def _kinds(self) -> dict[str, dict[str, list[ReportKey]]]:
        """The reports by agency and kind, sorted by name, oldest first."""
        found: dict[str, dict[str, list[ReportKey]]] = {}
        for key in sorted(self.entries, key=lambda key: (key.agency, key.other_kind, key.year)):
            found.setdefault(key.agency, {}).setdefault(key.kind, []).append(key)
        return found

    def kind_of(self, agency: str, wanted: str = "", year: int = 0, names: Sequence[str] = ()) -> str:
        """Return the kind of a report: the ``wanted`` one, else the only one of the agency, else the main one.

        If ``names`` of tables or sets are not in this report (without a year: in any report of its kind), but in the reports of
        exactly one other kind, return that kind.
        """
        agency = self.declared.now(agency)
        kinds = self._kinds.get(agency, {})
        kind = wanted or default_kind(kinds)
        if names and kinds.keys() - {kind} and not self._knows(agency, kind, year, names):
            others = [other for other in kinds if other != kind and self._knows(agency, other, year, names)]
            return others[0] if len(others) == 1 else kind
        return kind

    def _knows(self, agency: str, kind: str, year: int, names: Sequence[str]) -> bool:
        """Return whether an agency's report of a kind has all of these tables or sets."""
        known: set[str] = set()
        for key in self._kinds.get(agency, {}).get(kind, ()):
            if year not in (0, key.year):
                continue
            tables = {table: self.forms[form].table(table) for table, form in self.entries[key].forms.items()}
            known.update(table_spellings(tables.values()), sets_of(tables))
        return all(name in known for written in names for name in split_names(written, known))


def default_kind(kinds: Collection[str]) -> str:
    """Return the default kind of report: the only one, else the main one."""
    return next(iter(kinds)) if len(kinds) == 1 else main_kind()


def load_library(
    root: Path,
    data: Sequence[str],
    forms: Sequence[str],
    cache: Cache[Entry],
    kept_forms: Cache[bytes] | None = None,
    agencies: Declaration = "",
) -> Library:
    """Read the year files in ``data``, and the local forms: files, folders and globs, relative to ``root``."""
    diagnostics: list[Diagnostic] = []
    form_paths = form_paths_of(root, forms, diagnostics)
    known = cached_forms(tuple(read_files(root, form_paths, diagnostics)), kept_forms)
    diagnostics.extend(known.diagnostics)
    declared = declared_agencies(root, agencies, known.forms, diagnostics)
    paths = paths_of(root, data, (*form_paths, *(root / name for name in file_of(agencies))), diagnostics)
    entries = []
    for shown, content in read_files(root, paths, diagnostics):
        key = f"{known.digest}:{shown}:{digest_of(content)}"
        entry = cache.get(key, partial(read_entry, shown, content, known.forms))
        diagnostics.extend(entry.diagnostics)
        entries.append(entry._replace(key=declared.key_now(entry.key), published_by=entry.key.agency))
    cache.save()
    unusable = frozenset(year_of_name(entry.path) for entry in entries if not entry.key.year)
    return Library(known.forms, index_reports(entries, diagnostics), in_order(diagnostics), declared, unusable)


def declared_agencies(root: Path, written: Declaration, forms: dict[str, Form], diagnostics: list[Diagnostic]) -> Agencies:
    """Read the declaration of agencies, in ``conf.py`` or in a file."""
    names = file_of(written)
    data = read_bytes(root / names[0], names[0], diagnostics) if names else None
    agencies, problems = read_agencies(data, written, forms.values())
    diagnostics.extend(problems)
    return agencies


def index_reports(files: Iterable[F], diagnostics: list[Diagnostic]) -> dict[ReportKey, F]:
    """Return the files of all reports: if a report has several, the first, with the path of a rival."""
    found: dict[ReportKey, F] = {}
    for file in files:
        agency, year, kind = file.key
        if year and (first := found.setdefault(file.key, file)) is not file:
            about = {"agency": agency, "year": year, "path": first.path}
            message = text("There is another report of {agency} for {year}: {path}.", **about)
            if file.key.other_kind:
                message = text("There is another {kind} of {agency} for {year}: {path}.", kind=kind, **about)
            hint = text("Delete one of the two, or correct agency and year.")
            if file.forms.keys() != first.forms.keys():
                hint = text(
                    "Delete one, or correct agency and year. If they are two kinds of report, a form must specify its “kind”."
                )
            if file.published_by != first.published_by:  # at least one of them is a former name
                hint = text(
                    "If two agencies were merged into {agency}, declare only the one that it continues as its former name; "
                    "otherwise delete one of the two.",
                    agency=agency,
                )
            named = year_of_name(file.path)
            if named not in (0, year):  # a copy of last year's file
                hint = text("The file name says {named}, but the year in the file is {year}.", named=named, year=year)
            diagnostics.append(Diagnostic(DUPLICATE_REPORT, Pos(file.path), message, hint))
            found[file.key] = first._replace(rival=file.path)
    diagnostics.extend(_alike_agencies(found.values()))
    return found


def _alike_agencies(files: Iterable[F]) -> Iterator[Diagnostic]:
    """Report agencies that are probably one, each at the file of its first report."""
    alike: dict[str, str] = {}  # the first agency of those that look the same
    same: dict[str, str] = {}  # the first agency of those that differ in 政府 only
    years: dict[str, dict[int, str]] = {}  # by agency: the file of each year
    for file in sorted(files, key=lambda file: file.key):
        years.setdefault(file.key.agency, {}).setdefault(file.key.year, file.path)
    for agency, paths in years.items():
        other, shorter = alike.setdefault(skeleton(agency), agency), same.setdefault(_GOVERNMENT.sub("", agency), agency)
        pos = Pos(next(iter(paths.values())))
        if agency != other:
            message = text("“{agency}” and “{other}” are hard to tell apart.", agency=agency, other=other)
            hint = text("If they are the same agency, write its name the same way everywhere, spaces and brackets included.")
            yield Diagnostic(ALIKE_AGENCIES, pos, message, hint)
        elif agency != shorter and years[shorter].keys().isdisjoint(paths):
            message = text(
                "“{agency}” and “{other}” may be one agency: no year has a report of both.", agency=agency, other=shorter
            )
            hint = text("Write its name the same way in all years, or declare the former name in govreport_agencies.")
            yield Diagnostic(ALIKE_AGENCIES, pos, message, hint)


def read_entry(shown: str, data: bytes, forms: dict[str, Form]) -> Entry:
    """Return the entry of a file with these bytes."""
    report, diagnostics = read_report(read_source(shown, data), forms, rule_names())
    if report is None:
        return Entry(ReportKey("", 0, ""), "", shown, diagnostics)
    return Entry(
        report.key(forms),
        report.digest,
        shown,
        diagnostics,
        report.forms,
        pack(report),
        report.corrected,
        report.is_begun(forms),
    )
