"""The command ``sphinx-govreport``: the core without a site."""

from __future__ import annotations

import argparse
import glob
import json
import locale
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from . import __version__
from .core.checks import check_library, check_page, check_pages
from .core.checks.rules import Levels, level_of
from .core.diagnostics import Diagnostic, Severity, in_order, text, translator
from .core.formats import FORMATS
from .core.library import Cache, Library, load_library, unreadable
from .core.schema import schema_of
from .exporters import EXPORTS
from .exporters.next_year import next_year_text

SOUND, FINDINGS = 0, 1  # argparse itself exits with 2 for wrong usage
PAGE_SUFFIXES = (".md", ".rst")
_MANY_FILES = 100  # from here on, progress is shown


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns the exit code: 0 sound, 1 findings, 2 wrong usage."""
    parser = _parser()
    options = parser.parse_args(arguments)
    command: Callable[[argparse.ArgumentParser, argparse.Namespace], int] = options.run
    return command(parser, options)


def _check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    """Check year files and pages."""
    levels = _levels(parser, options.severity)
    paths = options.paths or ["data" if Path("data").is_dir() else "."]
    for path in paths:
        if not any(mark in path for mark in "*?[") and not Path(path).exists():
            parser.error(f"there is no file or folder “{path}”")
    named = [path for path in paths if Path(path).suffix in PAGE_SUFFIXES]
    pages = [file for path in named for file in sorted(glob.glob(path, recursive=True)) if Path(file).is_file()]
    data = [path for path in paths if path not in named] or ["data"]
    library = load_library(Path.cwd(), data, options.form, Cache(None, __version__), _progress)
    checked = check_library(library, levels)
    of_files = (found for one in checked.values() for found in one.findings)
    findings = in_order((*library.diagnostics, *of_files, *_page_findings(pages, library, levels)))
    translate = translator(options.language or _language())
    sys.stdout.write(FORMATS[options.format](findings, translate, __version__))
    counts = {severity: sum(found.rule.severity is severity for found in findings) for severity in Severity}
    summary = text(
        "{reports} reports checked: {errors} errors, {warnings} warnings, {hints} hints.",
        reports=len(library.entries),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        hints=counts[Severity.HINT],
    )
    print(summary.render(translate), file=sys.stderr)
    return _exit_code(findings, strict=options.strict)


def _schema(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    """Write the JSON Schema of year files."""
    library = load_library(Path.cwd(), [], options.form, Cache(None, __version__))
    if library.diagnostics:
        translate = translator(options.language or _language())
        sys.stderr.write(FORMATS["text"](library.diagnostics, translate, __version__))
        return FINDINGS
    body = json.dumps(schema_of(library.forms), ensure_ascii=False, indent=1) + "\n"
    return _write(parser, options.output, body)


def _export(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    """Write reports as open data, or as a tidy year file. Nothing is written of files that cannot be read whole."""
    library = load_library(Path.cwd(), options.paths, options.form, Cache(None, __version__), _progress)
    errors = [found for found in library.diagnostics if found.rule.severity is Severity.ERROR]
    sys.stderr.write(FORMATS["text"](library.diagnostics, translator(options.language or _language()), __version__))
    if errors or not library.entries:
        return FINDINGS
    reports = [report for key in sorted(library.entries) if (report := library.report(*key))]
    try:
        body = EXPORTS[options.to](reports, library.forms)
    except ValueError as error:
        parser.error(f"--to {options.to}: {error}")
    return _write(parser, options.output, body)


def _new(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    """Begin next year's file."""
    library = load_library(Path.cwd(), [options.last], options.form, Cache(None, __version__))
    sys.stderr.write(FORMATS["text"](library.diagnostics, translator(options.language or _language()), __version__))
    if len(library.entries) > 1:
        parser.error(f"--from {options.last}: there are several reports; name one file")
    last = library.report(*next(iter(library.entries), ("", 0)))
    if last is None or any(found.rule.severity is Severity.ERROR for found in library.diagnostics):
        return FINDINGS
    target = Path(options.output) if options.output else Path(options.last).with_name(f"{options.year}.yaml")
    if target.exists():
        parser.error(f"“{target}” is there already; name another with --output")
    try:
        body = next_year_text(last, options.year, library.forms)
    except ValueError as error:
        parser.error(str(error))
    code = _write(parser, str(target), body)
    print(target)
    return code


def _write(parser: argparse.ArgumentParser, output: str, body: str) -> int:
    """Write to a file, or print for ``-``."""
    if output == "-":
        sys.stdout.write(body)
        return SOUND
    try:
        Path(output).write_text(body, "utf-8", newline="")
    except OSError as error:
        parser.error(f"“{output}” cannot be written: {error.strerror}")
    return SOUND


def _levels(parser: argparse.ArgumentParser, settings: Sequence[str]) -> Levels:
    levels = {}
    for setting in settings:
        rule, _, level = setting.partition("=")
        try:
            levels[rule] = level_of(rule, level)
        except ValueError as error:
            parser.error(f"--severity {setting}: {error}")
    return levels


def _page_findings(pages: Sequence[str], library: Library, levels: Levels) -> Iterator[Diagnostic]:
    """What is wrong with the pages that print a report."""
    if not pages:
        return
    from .ext.page_files import read_page  # docutils is imported only if there is a page

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


def _progress(read: int, files: int) -> None:
    """A counter in one line of the terminal."""
    if files >= _MANY_FILES and sys.stderr.isatty():
        end = "\n" if read == files else ""
        print(f"\r{read}/{files}", end=end, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sphinx-govreport", description="Annual reports on open government information.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument("--language", metavar="CODE", help="language of the messages: zh_CN or en (default: the terminal's)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="read year files, check every figure and say what is wrong")
    check.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="year files, folders, globs (default: data), and pages (.md, .rst)",
    )
    check.add_argument("--form", action="append", default=[], metavar="FILE", help="a local form; may be repeated")
    check.add_argument("--format", choices=FORMATS, default="text", help="how findings are printed (default: text)")
    check.add_argument("--strict", action="store_true", help="warnings fail too")
    check.add_argument(
        "--severity", action="append", default=[], metavar="RULE=LEVEL", help="error, warning, hint or off; may be repeated"
    )
    check.set_defaults(run=_check)
    schema = commands.add_parser("schema", help="write a JSON Schema of year files, for editors")
    schema.add_argument("--form", action="append", default=[], metavar="FILE", help="a local form; may be repeated")
    schema.add_argument(
        "--output", default="govreport-year.schema.json", metavar="FILE", help="where to (default: %(default)s); - prints it"
    )
    schema.set_defaults(run=_schema)
    export = commands.add_parser("export", help="write reports as open data, or as a tidy year file")
    export.add_argument("paths", nargs="+", metavar="PATH", help="year files, folders, globs")
    export.add_argument("--to", choices=EXPORTS, required=True, help="csv and json have a record for each figure")
    export.add_argument("--form", action="append", default=[], metavar="FILE", help="a local form; may be repeated")
    export.add_argument("--output", default="-", metavar="FILE", help="where to (default: printed)")
    export.set_defaults(run=_export)
    new = commands.add_parser("new", help="begin next year's file from last year's")
    new.add_argument("year", type=int, metavar="YEAR", help="the year of the new report")
    new.add_argument("--from", dest="last", required=True, metavar="FILE", help="last year's file")
    new.add_argument("--form", action="append", default=[], metavar="FILE", help="a local form; may be repeated")
    new.add_argument("--output", metavar="FILE", help="where to (default: YEAR.yaml beside last year's file)")
    new.set_defaults(run=_new)
    return parser


def _language() -> str:
    variables = ("LC_ALL", "LC_MESSAGES", "LANG")
    return next((os.environ[name] for name in variables if os.environ.get(name)), "") or locale.getlocale()[0] or ""
