"""``sphinx-govreport check``: every figure and page, without a site."""

from __future__ import annotations

import argparse
import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from sphinx_govreport.core.batch.collection import Collection, PathOutcome
from sphinx_govreport.core.checks.formats import BY_LINE, FORMATS, Format, as_junit
from sphinx_govreport.core.checks.page import check_front_matter
from sphinx_govreport.core.checks.registry import SeverityError, rule_plugins, severity_of
from sphinx_govreport.core.checks.run import check_page, check_pages
from sphinx_govreport.core.checks.values import SeverityOverrides
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Severity, ntext, text
from sphinx_govreport.core.library.paths import NO_FILES, unreadable
from sphinx_govreport.core.versions import __version__
from sphinx_govreport.core.yaml.source import wrong_encoding

from .arguments import add_agencies, add_forms, add_parts, add_workers, option
from .common import (
    FINDINGS,
    PAGE_SUFFIXES,
    SOUND,
    WRONG_USAGE,
    WrongUsage,
    collected,
    opened,
    progress,
    said,
    say_text,
    translation,
)
from .published import changes_since
from .streams import is_output, put

NAME = "check"
HELP = text("check every figure of year files, and the pages of reports")
EXAMPLE = "data reports/*.md"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    where = text("year files, folders or globs (default: data), and pages (.md, .rst)")
    option(parser, where, "paths", nargs="*", metavar="PATH")
    add_forms(parser)
    add_agencies(parser)
    option(parser, text("output format (default: text)"), "--format", choices=FORMATS, default="text")
    option(parser, text("exit with 1 on warnings as well"), "--strict", action="store_true")
    about = text("severity of a rule: error, warning, hint or off; may be repeated")
    option(parser, about, "--severity", action="append", default=[], metavar="RULE=LEVEL")
    add_parts(parser, text("check that AGENCY equals the sum of its PARTs; may be repeated"))
    help_against = text(
        "compare with the published state (a git commit, a tag or a pack) and report changes without a correction"
    )
    option(parser, help_against, "--against", metavar="REF")
    add_workers(parser)
    option(parser, text("output file (default: standard output)"), "-o", "--output", default="-", metavar="FILE")


def run(options: argparse.Namespace) -> int:
    """Check year files and pages."""
    levels = _severity_overrides(options.severity)
    paths = options.paths or ["data" if Path("data").is_dir() else "."]
    for path in paths:
        if not any(mark in path for mark in "*?[") and not os.path.exists(path):
            raise WrongUsage(text("There is no file or folder “{path}”.", path=path))
    named = {path: _files(path) for path in paths if Path(path).suffix in PAGE_SUFFIXES}
    pages = [file for files in named.values() for file in files]
    empty = [path for path in named if not named[path]]
    none = [Diagnostic(NO_FILES, Pos(path), text("There are no pages in “{name}”.", name=path)) for path in empty]
    data = [path for path in paths if path not in named] or ["data"]
    with collected(data, options) as collection:
        outcomes: list[PathOutcome] = []
        sound: list[str] = []
        beside = (*rule_plugins().problems, *none, *_page_findings(pages, collection, levels, sound))
        if options.against:
            beside += tuple(changes_since(options.against, data, collection, options.form))
        parts = collection.declared.below(options.parts)
        for agency in sorted(parts.keys() - {*collection.agencies}):  # such as a misspelt name: the check would pass silently
            say_text(text("There is no report of {agency}; it was not compared with its parts.", agency=agency))
        wanted = outcomes if options.format == "junit" else None  # the other formats list findings only
        findings = collection.check(levels, parts, beside, progress(text("checked")), wanted)
        found = _write(findings, options, partial(as_junit, outcomes=outcomes, sound_pages=sound))
        reports, is_empty = len(collection.reports), not collection.files
    return _sum_up(found, reports, options, is_empty=is_empty)


def _sum_up(found: Mapping[Rule, int], reports: int, options: argparse.Namespace, *, is_empty: bool) -> int:
    """Say how many findings of each severity there are, and return the exit code."""
    counts: Counter[Severity] = Counter()
    for rule, times in found.items():
        counts[rule.severity] += times
    summary = text(
        "Checked {reports}: {errors}, {warnings}, {hints}.",
        reports=ntext("{count} report", "{count} reports", count=reports),
        errors=ntext("{count} error", "{count} errors", count=counts[Severity.ERROR]),
        warnings=ntext("{count} warning", "{count} warnings", count=counts[Severity.WARNING]),
        hints=ntext("{count} hint", "{count} hints", count=counts[Severity.HINT]),
    )
    rules = " ".join(sorted({said(rule.label) for rule in found if rule.explanation}))  # a rule of a form only has a title
    if rules and options.format == "text":
        say_text(text("For explanations, run: sphinx-govreport explain {rules}", rules=rules))
    say_text(summary)
    fails = counts[Severity.ERROR] or (options.strict and counts[Severity.WARNING])
    if is_empty and not counts[Severity.ERROR]:
        say_text(text("Nothing was checked: no year file was found."))
        return WRONG_USAGE
    return FINDINGS if fails else SOUND


def _files(name: str) -> list[str]:
    """Return the files that a name or a pattern means. A name that exists may contain brackets."""
    return sorted(filter(os.path.isfile, [name] if os.path.exists(name) else glob.glob(name, recursive=True)))


def _write(findings: Iterable[Diagnostic], options: argparse.Namespace, junit: Format) -> Counter[Rule]:
    """Write findings, one by one if the format has a line for each; return the number of findings of each rule."""
    counts: Counter[Rule] = Counter()
    form = junit if options.format == "junit" else FORMATS[options.format]
    is_for_people = options.format == "text" and is_output(options.output)  # in the encoding of their terminal
    with nullcontext() if is_for_people else opened(options.output) as file:
        for some in ([found] for found in findings) if options.format in BY_LINE else (list(findings),):
            counts.update(found.rule for found in some)
            written = form(some, translation(), __version__)
            put(written, end="") if file is None else file.write(written.encode())
    return counts


def _severity_overrides(settings: Sequence[str]) -> SeverityOverrides:
    levels: dict[str, Severity | None] = {}
    for setting in settings:
        rule, _, level = setting.partition("=")
        try:
            levels.update([severity_of(rule, level)])
        except SeverityError as error:
            raise WrongUsage(text("{option}: {problem}.", option=f"--severity {setting}", problem=error.message)) from error
    return levels


def _page_findings(
    pages: Sequence[str], collection: Collection, levels: SeverityOverrides, sound: list[str]
) -> Iterator[Diagnostic]:
    """Yield the findings of pages that print a report; add pages without findings to ``sound``."""
    if not pages:
        return
    from sphinx_govreport.ext.standalone import read_page  # docutils is imported only if there is a page

    only = collection.agencies[0] if len(collection.agencies) == 1 else ""
    seen = []
    for name in pages:
        try:
            page, of_markup = read_page(Path(name), name)
            content = Path(name).read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            yield unreadable(name, error) if isinstance(error, OSError) else wrong_encoding(name, error.object, error)
            continue
        of_source = (*check_front_matter(name, content), *of_markup)
        report = collection.report(page.agency or only, page.year, page.kind) if page else None
        if page and report:
            seen.append(page._replace(agency=report.agency, kind=report.form(collection.forms).kind))
            found = check_page(page, report, collection.forms, levels, collection.declared.level(report.agency))
            if not found and not of_source:
                sound.append(name)
            yield from found
        elif page or (("gov-disclosure-table" in content or "govreport-year" in content) and not of_source):
            say_text(text("{path}: this page was not checked, because its report was not read.", path=name))
        yield from of_source
    yield from check_pages(seen, levels)
