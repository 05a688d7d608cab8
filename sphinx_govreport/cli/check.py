"""``sphinx-govreport check``: every figure and page, without a site."""

from __future__ import annotations

import argparse
import glob
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from .. import __version__
from ..core.checks import check_library, check_page, check_pages
from ..core.checks.rules import Levels, level_of
from ..core.diagnostics import Diagnostic, Severity, in_order, text
from ..core.formats import FORMATS
from ..core.library import Library, unreadable
from .common import FINDINGS, SOUND, Commands, WrongUsage, add_forms, load, translate_for

PAGE_SUFFIXES = (".md", ".rst")


def add(commands: Commands) -> None:
    """Declare the subcommand."""
    check = commands.add_parser("check", help="read year files, check every figure and say what is wrong")
    check.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="year files, folders, globs (default: data), and pages (.md, .rst)",
    )
    add_forms(check)
    check.add_argument("--format", choices=FORMATS, default="text", help="how findings are printed (default: text)")
    check.add_argument("--strict", action="store_true", help="warnings fail too")
    check.add_argument(
        "--severity", action="append", default=[], metavar="RULE=LEVEL", help="error, warning, hint or off; may be repeated"
    )
    check.add_argument(
        "--parts", action="append", default=[], metavar="AGENCY=PART,PART", help="agencies that must add up; may be repeated"
    )
    check.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    """Check year files and pages."""
    levels = _levels(options.severity)
    paths = options.paths or ["data" if Path("data").is_dir() else "."]
    for path in paths:
        if not any(mark in path for mark in "*?[") and not Path(path).exists():
            raise WrongUsage(text("There is no file or folder “{path}”.", path=path))
    named = [path for path in paths if Path(path).suffix in PAGE_SUFFIXES]
    pages = [file for path in named for file in sorted(glob.glob(path, recursive=True)) if Path(file).is_file()]
    data = [path for path in paths if path not in named] or ["data"]
    library = load(data, options.form)
    checked = check_library(library, levels, _below(options.parts))
    of_files = (found for one in checked.values() for found in one.findings)
    findings = in_order((*library.diagnostics, *of_files, *_page_findings(pages, library, levels)))
    translate = translate_for(options)
    sys.stdout.write(FORMATS[options.format](findings, translate, __version__))
    counts = {severity: sum(found.rule.severity is severity for found in findings) for severity in Severity}
    summary = text(
        "{reports} reports checked: {errors} errors, {warnings} warnings, {hints} hints.",
        reports=len(library.entries),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        hints=counts[Severity.HINT],
    )
    if findings and options.format == "text":
        rules = " ".join(sorted({found.rule.name for found in findings}))
        print(text("What they mean: sphinx-govreport explain {rules}", rules=rules).render(translate), file=sys.stderr)
    print(summary.render(translate), file=sys.stderr)
    return _exit_code(findings, strict=options.strict)


def _below(settings: Sequence[str]) -> dict[str, list[str]]:
    """The agencies below an agency, by its name."""
    pairs = (setting.partition("=") for setting in settings)
    return {agency.strip(): [name.strip() for name in names.split(",") if name.strip()] for agency, _, names in pairs}


def _levels(settings: Sequence[str]) -> Levels:
    levels = {}
    for setting in settings:
        rule, _, level = setting.partition("=")
        try:
            levels[rule] = level_of(rule, level)
        except ValueError as error:
            raise WrongUsage(text("{option}: {problem}.", option=f"--severity {setting}", problem=str(error))) from error
    return levels


def _page_findings(pages: Sequence[str], library: Library, levels: Levels) -> Iterator[Diagnostic]:
    """What is wrong with the pages that print a report."""
    if not pages:
        return
    from ..ext.page_files import read_page  # docutils is imported only if there is a page

    only = library.agencies[0] if len(library.agencies) == 1 else ""
    seen = []
    for name in pages:
        try:
            page = read_page(Path(name), name)
        except OSError as error:
            yield unreadable(name, error)
            continue
        report = library.report(page.agency or only, page.year) if page else None
        if page and report:
            seen.append(page._replace(agency=report.agency))
            yield from check_page(page, report, library.forms, levels)
    yield from check_pages(seen, levels)


def _exit_code(findings: Sequence[Diagnostic], *, strict: bool) -> int:
    failing = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    return FINDINGS if any(found.rule.severity in failing for found in findings) else SOUND
