"""``sphinx-govreport rollup``: the reports of many agencies added up to that of the agency above them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..core.diagnostics import Diagnostic, Pos, Rule, Severity, in_order, text
from ..core.model import Report
from ..core.rollup import roll_up
from ..exporters.year_file import year_file_text
from .common import FINDINGS, SOUND, Commands, WrongUsage, add_forms, has_errors, is_there, load, tell, translate_for, write

ABSENT = Rule("absent-agency")
UNEXPECTED = Rule("unexpected-agency", Severity.WARNING)


def add(commands: Commands) -> None:
    """Declare the subcommand."""
    parser = commands.add_parser("rollup", help="add up the reports of many agencies")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="year files, folders, globs")
    parser.add_argument("--agency", required=True, metavar="NAME", help="the agency whose report is the sum")
    parser.add_argument("--year", type=int, default=0, metavar="YEAR", help="needed where there are several years")
    parser.add_argument("--expect", metavar="FILE", help="the agencies that report, a name in each line")
    add_forms(parser)
    parser.add_argument("-o", "--output", default="-", metavar="FILE", help="where to (default: printed)")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    library = load(options.paths, options.form)
    years = sorted({year for _agency, year in library.entries})
    if not options.year and len(years) > 1:
        raise WrongUsage(text("There are reports for {years}; say which year: --year YEAR.", years="、".join(map(str, years))))
    year = options.year or (years[0] if years else 0)
    keys = sorted(key for key in library.entries if key[1] == year and key[0] != options.agency)
    parts = [report for key in keys if (report := library.report(*key))]
    if not parts:
        tell(library.diagnostics, options)
        return FINDINGS
    if options.output != "-" and Path(options.output).exists():
        raise is_there(options.output)
    rolled = roll_up(options.agency, year, parts, library.forms)
    findings = in_order((*library.diagnostics, *_absent(options.expect, parts), *rolled.findings))
    tell(findings, options)
    summary = text("{count} reports were added up.", count=len(parts))
    print(summary.render(translate_for(options)), file=sys.stderr)
    write(options.output, year_file_text([rolled.report], library.forms))
    return FINDINGS if has_errors(findings) else SOUND


def _absent(expected: str | None, parts: list[Report]) -> list[Diagnostic]:
    """Agencies that should have reported, and those that are not on the list."""
    if not expected:
        return []
    try:
        lines = Path(expected).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        raise WrongUsage(text("{option}: {problem}.", option=f"--expect {expected}", problem=str(error))) from error
    wanted = {line.strip(): number for number, line in enumerate(lines, start=1) if line.strip()}
    there = {report.agency: report for report in parts}
    absent = (
        Diagnostic(ABSENT, Pos(expected, number), text("There is no report of {agency}; the sum is without it.", agency=name))
        for name, number in wanted.items()
        if name not in there
    )
    more = (
        Diagnostic(UNEXPECTED, Pos(report.path), text("{agency} is not on the list, but is in the sum.", agency=name))
        for name, report in there.items()
        if name not in wanted
    )
    return [*absent, *more]
