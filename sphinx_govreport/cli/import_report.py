"""``sphinx-govreport import``: published documents become year files."""

from __future__ import annotations

import argparse
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from sphinx_govreport.core.clock import this_year
from sphinx_govreport.core.diagnostics import Diagnostic, Severity, in_order, text
from sphinx_govreport.core.files import is_special
from sphinx_govreport.core.forms.form import Form, newest, table_order
from sphinx_govreport.core.library.agencies import Agencies
from sphinx_govreport.core.library.checks import check_library
from sphinx_govreport.core.library.library import Library, shown_path, unreadable
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.year_file import MISSING_FIGURE
from sphinx_govreport.exporters.year_file import year_file_text
from sphinx_govreport.importers.compare import differences
from sphinx_govreport.importers.markdown_page import page_text
from sphinx_govreport.importers.readers import MAX_BYTES, import_plugins
from sphinx_govreport.importers.recognise.report import Imported, Wanted, import_documents

from .arguments import Commands, add_agencies, option, seen, subcommand
from .common import FINDINGS, SOUND, WrongUsage, is_there, load, make_folder, refuse_taken, say_text, tell, write
from .streams import put, shown


def add(commands: Commands) -> None:
    """Declare the subcommand."""
    parser = subcommand(commands, "import", text("make year files of published reports: HTML, Word, Excel, PDF, text …"), _run)
    option(parser, text("published reports"), "files", nargs="+", metavar="FILE")
    option(parser, text("a folder, or a file for one report (default: data)"), "-o", "--output", default="", metavar="DIR")
    option(
        parser, text("whose report it is, where the document does not say"), "--agency", default="", type=seen, metavar="NAME"
    )
    option(parser, text("its year, where the document does not say"), "--year", type=int, default=0, metavar="YEAR")
    option(
        parser,
        text("the form (2021), that of one table (TABLE=2019), or the file of a local form; may be repeated"),
        "--form",
        action="append",
        default=[],
        metavar="FORM",
    )
    add_agencies(parser)
    option(parser, text("an empty cell means 0"), "--blank-as-zero", action="store_true")
    option(parser, text("write nothing; show what differs from a year file"), "--compare", metavar="YEARFILE")
    option(parser, text("write the report's text as a Markdown page, too"), "--page", metavar="FILE")
    option(parser, text("quote figures on the page by roles"), "--roles", action="store_true")


def _run(options: argparse.Namespace) -> int:
    local = [name for name in options.form if os.path.isfile(name)]
    library = load([options.compare] if options.compare else [], local, options.agencies)
    if options.compare and not library.entries:
        tell(library.diagnostics)
        return FINDINGS
    wanted = Wanted(options.agency, options.year, _forms(options.form, local, library), options.blank_as_zero)
    read, problems = _read(options.files, library, wanted)
    if options.compare:
        return _compare(options, read, problems, library)
    findings = list(problems)
    targets = _targets(options, read, library.declared)
    files = {str(target): year_file_text([report], library.forms) for target, report in targets.items()}
    if options.page and targets:
        files |= {options.page: _page(options, read, targets, library)}
    _write_all(files)
    findings += _recheck(targets, local, options.agencies)
    fails = tell(in_order(findings))
    for target in targets:
        put(shown(target))
    return FINDINGS if fails or not targets else SOUND


def _forms(settings: Sequence[str], local: Sequence[str], library: Library) -> dict[str, str]:
    """The forms that the user names, by table. A local form that is given is meant to be used."""
    chosen: dict[str, str] = {}
    for setting in settings:
        if setting in local:
            continue
        table, _, name = setting.rpartition("=")
        form = library.forms.get(name)
        if form is None or (table and table not in form.table_names):
            known = "、".join((*library.forms, *_examples(library.forms)))
            raise WrongUsage(text("There is no form “{name}”; known are {known}, and files.", name=setting, known=known))
        chosen |= dict.fromkeys([table] if table else form.table_names, name)
    return chosen


def _examples(forms: Mapping[str, Form]) -> Iterator[str]:
    """How the form of each table can be named."""
    for table in table_order(forms.values()):
        yield f"{table}={newest(form for form in forms.values() if table in form.table_names).name}"


def _read(files: Sequence[str], library: Library, wanted: Wanted) -> tuple[list[Imported], list[Diagnostic]]:
    read: list[Imported] = []
    findings = list(import_plugins().problems)
    for name in files:
        try:
            with Path(name).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            findings.append(unreadable(name, error))
            continue
        imported = import_documents(name, data, library.forms, wanted)
        read += imported
        findings += (finding for one in imported for finding in one.findings)
    return read, findings


def _targets(options: argparse.Namespace, read: Sequence[Imported], declared: Agencies) -> dict[Path, Report]:
    """Where each report is written: named by its year, by agency and year if there are several agencies."""
    reports = [one.report for one in read if one.report]
    is_file = options.output.endswith((".yaml", ".yml"))
    if is_file and len(reports) > 1:
        raise WrongUsage(text("There are {count} reports; name a folder: -o DIR.", count=len(reports)))
    folder = Path(options.output or "data")
    several = len({declared.now(report.agency) for report in reports}) > 1
    targets: dict[Path, Report] = {}
    names: set[str] = set()
    for report in reports:
        target = (
            folder if is_file else folder / (f"{_safe(report.agency)}-{report.year}.yaml" if several else f"{report.year}.yaml")
        )
        name = unicodedata.normalize("NFKC", str(target)).casefold()  # by which some disks know a file
        if name in names:
            raise WrongUsage(
                text(
                    "Two documents are the report of {agency} for {year}; import one of them.",
                    agency=report.agency,
                    year=report.year,
                )
            )
        if os.path.exists(target) and not is_special(target):
            raise WrongUsage(
                text("“{name}” is there already; see what differs: --compare {name}, or name another: -o.", name=target)
            )
        names.add(name)
        targets[target] = report
    return targets


def _safe(agency: str) -> str:
    """An agency's name as part of a file's: no document names a folder to write to."""
    return re.sub(r"[^\w·（）-]", "_", agency).strip("_.-")[:60] or "report"


def _recheck(targets: Mapping[Path, Report], local: Sequence[str], agencies: str) -> Iterator[Diagnostic]:
    """What the checks say of the files that were written, beside the other years; what is missing was said before."""
    if not targets:
        return
    folders = sorted({str(target.parent) for target in targets})
    library = load(folders, local, agencies)
    names = {shown_path(Path.cwd() / target, Path.cwd()) for target in targets}
    of_files = (found for one in check_library(library, {}, this_year=this_year()).values() for found in one.findings)
    for finding in (*library.diagnostics, *of_files):
        if finding.pos.path in names and finding.rule != MISSING_FIGURE and finding.rule.severity is not Severity.HINT:
            yield finding


def _compare(
    options: argparse.Namespace,
    read: Sequence[Imported],
    problems: Sequence[Diagnostic],
    library: Library,
) -> int:
    if len(options.files) > 1 or len(library.entries) > 1:
        raise WrongUsage(text("Only one document can be compared, with one year file."))
    report = library.report(*next(iter(library.entries)))
    assert report
    published = next((one for one in read if one.report), None)
    found = list(differences(published, report, library.forms, library.declared)) if published else []
    fails = tell(in_order((*library.diagnostics, *problems, *found)))
    count = text("{count} differences.", count=len(found))
    say_text(count)
    return FINDINGS if fails or found or not published else SOUND


def _write_all(files: Mapping[str, str]) -> None:
    """Write all files, in folders that are made for them, or none."""
    made: list[Path] = []
    try:
        for name, body in files.items():
            target = Path(name)
            if name != "-":
                made += reversed([folder for folder in target.parents if not os.path.exists(folder)])
                make_folder(target.parent)
                made += [] if os.path.exists(target) else [target]
            write(name, body)
    except BaseException:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
        raise


def _page(options: argparse.Namespace, read: Sequence[Imported], targets: Mapping[Path, Report], library: Library) -> str:
    readable = [one for one in read if one.report and one.document]
    if len(readable) != 1:
        raise WrongUsage(text("A page is made of one document that can be read."))
    refuse_taken(Path(options.page))
    if any(os.path.realpath(target) == os.path.realpath(options.page) for target in targets):
        raise is_there(options.page)
    return page_text(readable[0], library.forms, with_roles=options.roles)
