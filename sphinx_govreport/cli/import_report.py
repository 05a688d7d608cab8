"""``sphinx-govreport import``: converts published documents into year files."""

from __future__ import annotations

import argparse
import os
import time
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from sphinx_govreport.core.characters import one_line, padded, terminal_width, without_breaks
from sphinx_govreport.core.checks.formats import finding_objects, rule_objects
from sphinx_govreport.core.clock import today
from sphinx_govreport.core.diagnostics import Diagnostic, Severity, Text, in_order, listed, ntext, text
from sphinx_govreport.core.forms.form import Form, Keys, newest, table_order
from sphinx_govreport.core.forms.reader import FormFiles, statutory_forms
from sphinx_govreport.core.json import dumped
from sphinx_govreport.core.library.checks import check_library
from sphinx_govreport.core.library.library import DUPLICATE_REPORT, Library
from sphinx_govreport.core.library.paths import YEAR_FILE_SUFFIXES, finds_files, form_paths_of, read_files, shown_path
from sphinx_govreport.core.reports.packed import unpack
from sphinx_govreport.core.reports.report import Report, ReportKey
from sphinx_govreport.core.reports.year_file import MISSING_FIGURE
from sphinx_govreport.core.tables.table import corrections_of
from sphinx_govreport.core.versions import __version__
from sphinx_govreport.exporters.year_file import year_file_text
from sphinx_govreport.importers.archive import DocumentRead, documents_in, opened, read_all
from sphinx_govreport.importers.compare import differences
from sphinx_govreport.importers.document import place
from sphinx_govreport.importers.markdown_page import page_text
from sphinx_govreport.importers.readers import import_plugins
from sphinx_govreport.importers.recognise.report import Imported, Wanted, import_documents
from sphinx_govreport.importers.rules import EXISTING_FILE, SKIPPED_FILE

from .arguments import add_agencies, add_jobs, add_keys, add_year, option, seen
from .common import (
    FINDINGS,
    SOUND,
    WrongUsage,
    file_name,
    forms_only,
    is_taken,
    is_there,
    load,
    local_runner,
    progress,
    refuse_taken,
    refuse_unused,
    said,
    say_text,
    spoken_keys,
    tell,
    translation,
    write,
    write_all,
)
from .streams import is_output, put, shown

NAME = "import"
HELP = text("convert published reports (HTML, Word, Excel, PDF, text) to year files")
EXAMPLE = "report-2023.docx --page reports/2023.md"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    option(parser, text("published reports, or folders of reports"), "files", nargs="+", metavar="PATH")
    where = text("output folder, or file for a single report (default: data)")
    option(parser, where, "-o", "--output", default="", metavar="DIR")
    option(parser, text("agency, if the document does not state it"), "--agency", type=seen, metavar="NAME")
    add_year(parser, text("year, if the document does not state it"))
    about = text("form (2021), form of one table (TABLE=2019), or local form (a file, folder or glob); may be repeated")
    option(parser, about, "--form", action="append", default=[], metavar="FORM")
    add_agencies(parser)
    add_keys(parser, text("language of the keys (default: that of an existing file, or your language)"))
    option(parser, text("read empty cells as 0"), "--blank-as-zero", action="store_true")
    option(parser, text("write nothing; list the differences from a year file"), "--compare", metavar="YEARFILE")
    option(parser, text("also write the text of the report as a Markdown page"), "--page", metavar="FILE")
    option(parser, text("quote the figures on that page with roles"), "--roles", action="store_true")
    option(parser, text("output format (default: text)"), "--format", choices=("text", "json"), default="text")
    add_jobs(parser)


def run(options: argparse.Namespace) -> int:
    """Convert documents to year files."""
    _refuse_senseless(options)
    names = statutory_forms()  # a folder may have one of them
    local = [one for one in options.form if os.path.isfile(one) or (one not in names and finds_files(Path.cwd(), one))]
    library = load([options.compare], local, options.agencies) if options.compare else forms_only(local, options.agencies)
    if library is None:
        return FINDINGS
    if options.compare and not any(library.report(*key) for key in library.entries):
        tell(library.diagnostics)
        return FINDINGS
    remarks = frozenset(_remarks(library))
    wanted = Wanted(options.agency or "", options.year, _forms(options.form, local, library), options.blank_as_zero, remarks)
    is_single = len(options.files) == 1 and not os.path.isdir(options.files[0])
    if is_single and options.format != "json":
        return _run_one(options, local, wanted, library)
    return _run_many(options, local, wanted, library)


def _refuse_senseless(options: argparse.Namespace) -> None:
    """Refuse options that do not go together."""
    if is_output(options.output) or is_output(options.page or ""):
        raise WrongUsage(text("Imported reports are checked in their files; specify a file or folder, not standard output."))
    if options.roles and not options.page:
        raise WrongUsage(text("--roles is only for --page."))
    if options.compare:
        refuse_unused("--compare", output=options.output, keys=options.keys, page=options.page, format=options.format == "json")


def _run_one(options: argparse.Namespace, local: Sequence[str], wanted: Wanted, library: Library) -> int:
    """Import a document, or compare it with its year file."""
    name, data = opened(Path(options.files[0]), options.files[0])
    if isinstance(data, Diagnostic):
        read = [Imported(None, None, {}, (data,))]
    else:
        read = import_documents(name, data, library.forms, wanted)
    findings = [*import_plugins().problems, *(found for one in read for found in one.findings)]
    if options.compare:
        return _compare(options, read, findings, library)
    targets = _targets(options, read, local, library)
    files = {str(target): year_file_text([report], library.forms) for target, report in targets.items()}
    if options.page and targets:
        files |= {options.page: _page(options, read, targets, library)}
    write_all(files)
    findings += _recheck(targets, local, options.agencies)
    fails = tell(in_order(findings))
    for target in targets:
        put(shown(target))
    return FINDINGS if fails or not targets else SOUND


def _forms(settings: Sequence[str], local: Sequence[str], library: Library) -> dict[str, str]:
    """Return the forms that the user specifies, by table. Local forms given as files need no entry."""
    chosen: dict[str, str] = {}
    for setting in (one for one in settings if one not in local):
        table, _, name = setting.rpartition("=")
        form = library.forms.get(name)
        if form is None or (table and table not in form.table_names):
            known = listed((*library.forms, *_examples(library.forms)))
            raise WrongUsage(text("There is no form “{name}”; use {known}, or a file.", name=setting, known=known))
        chosen |= dict.fromkeys([table] if table else form.table_names, name)
    return chosen


def _examples(forms: Mapping[str, Form]) -> Iterator[str]:
    """Yield an example of how to specify the form of each table."""
    for table in table_order(forms.values()):
        yield f"{table}={newest(form for form in forms.values() if table in form.table_names).name}"


def _remarks(library: Library) -> Iterator[str]:
    """Yield the explanations and corrections of a year file, as they are printed."""
    for report in filter(None, (library.report(*key) for key in library.entries)):
        yield from (without_breaks(reason.text) for reason in report.explanations.values())
        yield from (without_breaks(one) for table in report.forms for one in corrections_of(report, library.forms, table))


def _targets(
    options: argparse.Namespace, read: Sequence[Imported], local: Sequence[str], library: Library
) -> dict[Path, Report]:
    """Return the reports of a document, by the file to write."""
    reports = [one.report for one in read if one.report]
    keys = [library.declared.key_now(one.key(library.forms)) for one in reports]
    targets: dict[Path, Report] = {}
    for report, key, target in zip(reports, keys, _paths(options, keys), strict=True):
        written, may_write = _to_write(options, target, report, key, local, library)
        if _comparable(target) in map(_comparable, targets):
            raise WrongUsage(_another(report.agency, report.year, options.files[0]))
        if not may_write:
            message = text(
                "“{name}” already exists; list the differences with --compare {name}, or specify another file with -o.",
                name=target,
            )
            raise WrongUsage(message)
        targets[target] = written
    return targets


def _another(agency: str, year: int, path: str) -> Text:
    return text("There is another report of {agency} for {year}: {path}.", agency=agency, year=year, path=path)


def _to_write(
    options: argparse.Namespace, target: Path, report: Report, key: ReportKey, local: Sequence[str], library: Library
) -> tuple[Report, bool]:
    """Return the report in the language of its keys, and whether the file may be written: nobody's work is overwritten."""
    begun = _begun(options, target, key, local)
    report = replace(report, keys=options.keys or begun or spoken_keys())
    return report, bool(begun) or not is_taken(target, year_file_text([report], library.forms))


def _begun(options: argparse.Namespace, target: Path, key: ReportKey, local: Sequence[str]) -> Keys | None:
    """Return the language of the keys of an unfinished year file of the same report, which will be filled in."""
    if not os.path.isfile(target):
        return None
    library = load([str(target)], local, options.agencies)
    entry, report = library.entries.get(key), library.report(*key)
    return report.keys if entry and report and entry.is_begun and len(library.entries) == 1 else None


def _paths(options: argparse.Namespace, keys: Sequence[ReportKey]) -> list[Path]:
    """Return the file of each report: its name has the year, the agency if there are several, and the kind."""
    if options.output.endswith(YEAR_FILE_SUFFIXES):
        if len(keys) > 1:
            raise WrongUsage(text("There are {count} reports; specify a folder: -o DIR.", count=len(keys)))
        return [Path(options.output) for _key in keys]
    has_agencies = len({key.agency for key in keys}) > 1
    return [Path(options.output or "data", file_name(key, with_agency=has_agencies)) for key in keys]


def _comparable(path: Path) -> str:
    """Return a file name such that names that some file systems treat as equal compare equal."""
    return unicodedata.normalize("NFKC", str(path)).casefold()


def _recheck(targets: Mapping[Path, Report], local: Sequence[str], agencies: str) -> Iterator[Diagnostic]:
    """Yield the findings in the files that were written, checked with other years; missing figures are already reported."""
    if not targets:
        return
    library = load(sorted({str(target.parent) for target in targets}), local, agencies)
    names = {shown_path(Path.cwd() / target, Path.cwd()) for target in targets}
    of_files = (found for one in check_library(library, {}, today=today()).values() for found in one.findings)
    for finding in (*library.diagnostics, *of_files):
        if finding.pos.path in names and finding.rule != MISSING_FIGURE and finding.rule.severity is not Severity.HINT:
            yield finding


def _compare(options: argparse.Namespace, read: Sequence[Imported], problems: Sequence[Diagnostic], library: Library) -> int:
    if len(library.entries) > 1:
        raise WrongUsage(text("Only one document can be compared, with one year file."))
    report = library.report(*next(iter(library.entries)))
    assert report
    kind = report.key(library.forms).kind
    reports = [one for one in read if one.report]
    alike = [one for one in reports if one.report and one.report.key(library.forms).kind == kind]
    published = next(iter((*alike, *reports)), None)
    found = list(differences(published, report, library.forms, library.declared)) if published else []
    fails = tell(in_order((*library.diagnostics, *problems, *found)))
    if published:
        say_text(ntext("{count} difference.", "{count} differences.", count=len(found)))
    else:
        say_text(text("The document could not be read, so nothing was compared."))
    return FINDINGS if fails or found or not published else SOUND


def _page(options: argparse.Namespace, read: Sequence[Imported], targets: Mapping[Path, Report], library: Library) -> str:
    readable = [one for one in read if one.report and one.document]
    if not readable:
        raise WrongUsage(text("A page needs exactly one readable document."))
    if any(os.path.realpath(target) == os.path.realpath(options.page) for target in targets):
        raise is_there(options.page)
    body = page_text(readable[0], library.forms, with_roles=options.roles)
    refuse_taken(Path(options.page), body)
    return body


# -- many documents --------------------------------------------------------------------------------------------------

_MANY = 40  # number of documents from which starting further processes saves more time than it costs
_SHOWN = 10  # number of documents from which progress is shown


class _Result(NamedTuple):
    """The result of importing a document."""

    read: DocumentRead
    target: Path | None  #: the year file that was written
    findings: tuple[Diagnostic, ...]  #: in the document and in the year file


def _run_many(options: argparse.Namespace, local: Sequence[str], wanted: Wanted, library: Library) -> int:
    """Import all documents that can be read, and report the result for each."""
    if options.compare:
        raise WrongUsage(text("Only one document can be compared, with one year file."))
    if options.page:
        raise WrongUsage(text("A page needs exactly one readable document."))
    start = time.monotonic()
    root = Path.cwd()
    beside = list(import_plugins().problems)
    paths = documents_in(root, options.files, beside)
    read = _read_many(paths, tuple(read_files(root, form_paths_of(root, local, []), [])), wanted, options.jobs)
    targets, refused = _targets_of_many(options, read, local, library)
    reports = dict(targets.values())
    write_all({str(target): year_file_text([report], library.forms) for target, report in reports.items()})
    checked: dict[str, list[Diagnostic]] = {}
    for found in _recheck(reports, local, options.agencies):
        checked.setdefault(found.pos.path, []).append(found)
    results = []
    for number, one in enumerate(read):
        target = targets[number][0] if number in targets else None
        of_file = checked.get(shown_path(root / target, root), []) if target else []
        results.append(_Result(one, target, in_order((*one.findings, *refused.get(number, ()), *of_file))))
    findings = [*in_order(beside), *(found for result in results for found in result.findings)]
    if options.format == "json":
        write("-", _as_json(results, beside, findings))
    else:
        tell(findings)
        put(_as_table(results), end="")
    _say_counts(results, len(paths), sum(found.rule is SKIPPED_FILE for found in beside), time.monotonic() - start)
    has_errors = any(found.rule.severity is Severity.ERROR for found in findings)
    return FINDINGS if has_errors or not all(result.target for result in results) or not results else SOUND


def _read_many(paths: Sequence[Path], local: FormFiles, wanted: Wanted, jobs: int | None) -> list[DocumentRead]:
    show = progress(text("read"), _SHOWN)
    read: list[DocumentRead] = []
    with closing(local_runner(jobs, len(paths), _MANY)) as runner:
        for done, one in enumerate(read_all(Path.cwd(), paths, tuple(local), wanted, runner), start=1):
            read += one
            show(done, len(paths))
    return read


def _targets_of_many(
    options: argparse.Namespace, read: Sequence[DocumentRead], local: Sequence[str], library: Library
) -> tuple[dict[int, tuple[Path, Report]], dict[int, list[Diagnostic]]]:
    """Return the file of each report, by its number, and why others are not written. Reports without figures are skipped."""
    first: dict[ReportKey, int] = {}
    refused: dict[int, list[Diagnostic]] = {}
    for number, one in enumerate(read):
        if not one.packed or not one.read:
            continue
        key = library.declared.key_now(ReportKey(one.agency, one.year, one.kind))
        if key in first:
            message = _another(one.agency, one.year, read[first[key]].path)
            hint = text("This one was not written. Check which one is correct.")
            refused[number] = [Diagnostic(DUPLICATE_REPORT, place(one.path), message, hint)]
        else:
            first[key] = number
    targets: dict[int, tuple[Path, Report]] = {}
    taken: set[str] = set()
    for (key, number), target in zip(first.items(), _paths(options, list(first)), strict=True):
        report, may_write = _to_write(options, target, unpack(read[number].packed, library.forms), key, local, library)
        if _comparable(target) in taken or not may_write:
            message = text("“{name}” already exists and was not overwritten.", name=target)
            hint = text("List the differences with --compare {name}, or specify another folder with -o.", name=target)
            refused[number] = [Diagnostic(EXISTING_FILE, place(read[number].path), message, hint)]
        else:
            taken.add(_comparable(target))
            targets[number] = target, report
    return targets, refused


def _as_table(results: Iterable[_Result]) -> str:
    """Return a line for each report, in columns."""
    heads = (text("file"), text("agency"), text("year"), text("form"), text("figures"), text("findings"), text("year file"))
    lines = [[head.render(translation()) for head in heads]]
    for one, target, findings in results:
        rules = Counter(said(found.rule.label) for found in findings)
        named = ", ".join(f"{rule} ({count})" if count > 1 else rule for rule, count in rules.items())
        figures = f"{one.read}/{one.figures}" if one.figures else ""
        cells = (one.path, one.agency, str(one.year or ""), ", ".join(one.forms), figures, named, str(target or ""))
        lines.append([one_line(cell) or "—" for cell in cells])
    widths = [max(map(terminal_width, column)) for column in zip(*lines, strict=True)]
    rows = ("  ".join(padded(cell, width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return "".join(f"{line.rstrip()}\n" for line in rows)


def _as_json(results: Iterable[_Result], beside: Sequence[Diagnostic], findings: Sequence[Diagnostic]) -> str:
    """Return the same as data. Findings that belong to no document are listed separately."""
    translate = translation()
    documents = [
        {
            "path": one.path,
            "agency": one.agency or None,
            "year": one.year or None,
            "forms": list(one.forms),
            "figures": {"read": one.read, "all": one.figures},
            "year_file": str(target) if target else None,
            "findings": finding_objects(own, translate),
        }
        for one, target, own in results
    ]
    return dumped(
        {
            "version": __version__,
            "documents": documents,
            "findings": finding_objects(in_order(beside), translate),
            "rules": rule_objects(findings, translate),
        }
    )


def _say_counts(results: Collection[_Result], documents: int, skipped: int, seconds: float) -> None:
    rules = " ".join(sorted({said(found.rule.label) for result in results for found in result.findings}))
    if rules:
        say_text(text("For explanations, run: sphinx-govreport explain {rules}", rules=rules))
    written = sum(result.target is not None for result in results)
    summary = text(
        "{documents}: {written} written, {left} not written; {skipped} skipped.",
        documents=ntext("{count} document", "{count} documents", count=documents),
        written=ntext("{count} year file", "{count} year files", count=written),
        left=ntext("{count} report", "{count} reports", count=len(results) - written),
        skipped=ntext("{count} other file", "{count} other files", count=skipped),
    )
    say_text(summary)
    rate = text(
        "{seconds} s, {rate} documents a second.", seconds=f"{seconds:.1f}", rate=f"{documents / max(seconds, 0.001):.1f}"
    )
    say_text(rate)
