"""``sphinx-govreport rollup``: the reports of many agencies added up to that of the agency above them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..core.collection import Collection
from ..core.diagnostics import Diagnostic, Pos, Rule, Severity, text
from ..core.reasons import reason_of
from ..core.rollup import forms_of_most
from ..core.store import Head
from ..exporters import EXPORTS
from .collection import add_workers, collected, progress
from .common import FINDINGS, SOUND, Commands, WrongUsage, add_forms, refuse_taken, seen, tell, write
from .language import said, translate_for
from .streams import is_output, say

ABSENT = Rule("absent-agency")
UNEXPECTED = Rule("unexpected-agency", Severity.WARNING)
FORMATS = ("yaml", "csv", "json", "parquet")


def add(commands: Commands) -> None:
    """Declare the subcommand."""
    parser = commands.add_parser("rollup", help=said(text("add up the reports of many agencies")))
    parser.add_argument("paths", nargs="+", metavar="PATH", help=said(text("year files, folders, globs")))
    parser.add_argument(
        "--agency", required=True, type=seen, metavar="NAME", help=said(text("the agency whose report is the sum"))
    )
    parser.add_argument("--year", type=int, default=0, metavar="YEAR", help=said(text("needed where there are several years")))
    parser.add_argument("--expect", metavar="FILE", help=said(text("the agencies that report, a name in each line")))
    add_forms(parser)
    parser.add_argument("--to", choices=FORMATS, default="yaml", help=said(text("what the sum is written as (default: yaml)")))
    add_workers(parser)
    parser.add_argument("-o", "--output", default="-", metavar="FILE", help=said(text("where to (default: printed)")))
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    with collected(options.paths, options) as collection:
        year = _year(options.year, collection)
        parts = sorted(key for key in collection.numbers if key[1] == year and key[0] != options.agency)
        if not parts:
            tell(collection.problems(), options)
            return FINDINGS
        if not is_output(options.output):
            refuse_taken(Path(options.output))
        heads = [collection.head(key) for key in parts]
        chosen = forms_of_most(head.by_table for head in heads)
        sums = collection.add_up(parts, chosen, progress(text("added up"), options))
        fails = tell(collection.problems(*_absent(options.expect, heads), *sums.findings), options)
        report = sums.report(options.agency, year, collection.forms)
        body = EXPORTS[options.to]([report], collection.forms)
    summary = text("{count} reports were added up.", count=len(parts))
    say(summary.render(translate_for(options)))
    write(options.output, body)
    return FINDINGS if fails else SOUND


def _year(wanted: int, collection: Collection) -> int:
    """The year that was asked for, or else the only one; 0 if there are no reports."""
    years = sorted({year for _agency, year in collection.numbers})
    if not wanted and len(years) > 1:
        raise WrongUsage(text("There are reports for {years}; say which year: --year YEAR.", years="、".join(map(str, years))))
    return wanted or (years[0] if years else 0)


def _absent(expected: str | None, parts: Sequence[Head]) -> list[Diagnostic]:
    """Agencies that should have reported, and those that are not on the list."""
    if not expected:
        return []
    try:
        lines = Path(expected).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        problem = reason_of(error) if isinstance(error, OSError) else text("it is not in UTF-8")
        raise WrongUsage(text("{option}: {problem}.", option=f"--expect {expected}", problem=problem)) from error
    wanted = {line.strip(): number for number, line in enumerate(lines, start=1) if line.strip()}
    there = {head.agency: head.path for head in parts}
    absent = (
        Diagnostic(ABSENT, Pos(expected, number), text("There is no report of {agency}; the sum is without it.", agency=name))
        for name, number in wanted.items()
        if name not in there
    )
    more = (
        Diagnostic(UNEXPECTED, Pos(path), text("{agency} is not on the list, but is in the sum.", agency=name))
        for name, path in there.items()
        if name not in wanted
    )
    return [*absent, *more]
