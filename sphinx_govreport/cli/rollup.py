"""``sphinx-govreport rollup``: the reports of many agencies added up to that of the agency above them."""

from __future__ import annotations

import argparse
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from sphinx_govreport.core.batch.collection import Collection
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Severity, explained_rule, first_of, listed, ntext, text
from sphinx_govreport.core.examples import Example, year_file
from sphinx_govreport.core.library.agencies import Agencies
from sphinx_govreport.core.library.library import FileInfo
from sphinx_govreport.core.reports.report import ReportKey
from sphinx_govreport.core.reports.rollup import COUNTED_TWICE, NOT_ADDED, Sorted, forms_of_most, is_same, sort_out, suspects
from sphinx_govreport.exporters import EXPORTS

from .arguments import add_agencies, add_forms, add_parts, add_workers, add_year, option, seen
from .common import FINDINGS, SOUND, WrongUsage, collected, progress, refuse_taken, say_text, tell, text_of, write
from .streams import is_output

ABSENT = explained_rule(
    "absent-agency",
    "机关未报",
    text("An agency on the list has no report."),
    text("The sum does not include it."),
    text("Ask for its report, or correct its name in the list or in its file."),
    example=Example(
        (("agencies.txt", "东区\n西区\n"), ("data/east.yaml", year_file("东区", upheld="3"))),
        run="sphinx-govreport rollup data --agency 某市 --expect agencies.txt",
    ),
)
UNEXPECTED = explained_rule(
    "unexpected-agency",
    "名单外机关",
    text("The sum includes a report of an agency that is not on the list."),
    text("It may be counted twice: under its old and its new name."),
    text("Correct the name, or add it to the list."),
    example=Example(
        (("agencies.txt", "西区\n"), ("data/east.yaml", year_file("东区"))),
        run="sphinx-govreport rollup data --agency 某市 --expect agencies.txt",
    ),
    severity=Severity.WARNING,
)
FORMATS = ("yaml", "csv", "json", "parquet")

NAME = "rollup"
HELP = text("add up the reports of many agencies")
EXAMPLE = "data --agency 某市 --year 2024 -o data/2024.yaml"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    option(parser, text("year files, folders or globs"), "paths", nargs="+", metavar="PATH")
    option(parser, text("agency whose report is the sum"), "--agency", required=True, type=seen, metavar="NAME")
    add_year(parser, text("year; required if there are reports for several years"))
    option(parser, text("kind of report, if there are several"), "--report-kind", dest="kind", default="", metavar="KIND")
    option(parser, text("file with the agencies that must report, one name per line"), "--expect", metavar="FILE")
    add_parts(parser, text("AGENCY is the sum of its PARTs; may be repeated"))
    add_forms(parser)
    add_agencies(parser)
    option(parser, text("output format (default: yaml)"), "--to", choices=FORMATS, default="yaml")
    add_workers(parser)
    option(parser, text("output file (default: standard output)"), "-o", "--output", default="-", metavar="FILE")


def run(options: argparse.Namespace) -> int:
    """Add up reports."""
    target = None if is_output(options.output) else Path(options.output)
    with collected(options.paths, options, target) as collection:
        declared = collection.declared
        kind = options.kind or collection.kind_of()
        kinds = dict.fromkeys(key.kind for key in collection.reports)
        if kinds and kind not in kinds:
            message = text("There is no report of the kind “{kind}”; available kinds: {kinds}.", kind=kind, kinds=listed(kinds))
            raise WrongUsage(message)
        years = sorted({key.year for key in collection.reports if key.kind == kind})
        if not options.year and len(years) > 1:
            listed_years = listed(map(str, years))
            raise WrongUsage(text("There are reports for {years}; specify the year: --year YEAR.", years=listed_years))
        year = options.year or (years[0] if years else 0)
        whole = ReportKey(declared.now(options.agency), year, kind)
        wanted = _listed(options.expect, declared)
        there = sorted(key.agency for key in collection.reports if key._replace(agency=whole.agency) == whole and key != whole)
        found = sort_out(there, declared.below(options.parts))
        parts = [whole._replace(agency=agency) for agency in found.parts]
        problems = list(_of_sums(whole, found, collection))
        if not parts or found.torn or collection.have_rivals(parts):
            tell(collection.problems(*problems))
            if year and not there and not problems:
                say_text(text("There is no report for the year {year}.", year=year))
            return _nothing()
        heads = [collection.reports[key] for key in parts]
        chosen = forms_of_most(head.forms for head in heads)
        sums, weights = collection.weigh(parts, chosen, progress(text("added up")))
        twice = list(_twice(weights, chosen, collection, wanted or ()))
        fails = tell(collection.problems(*problems, *_absent(options.expect, wanted, heads), *twice, *sums.findings))
        if twice:
            return _nothing()
        first = collection.report(*parts[0])
        report = replace(sums.report(options.agency, year, collection.forms), keys=first.keys if first else "en")
        body = EXPORTS[options.to]([report], collection.forms)
    if target:
        refuse_taken(target, body)
    say_text(ntext("Added up {count} report.", "Added up {count} reports.", count=len(parts)))
    if not (target and target.is_file()):  # the same sum may be there already, under several names
        write(options.output, body)
    return FINDINGS if fails else SOUND


def _nothing() -> int:
    say_text(text("Nothing was written."))
    return FINDINGS


def _of_sums(whole: ReportKey, found: Sorted, collection: Collection) -> Iterator[Diagnostic]:
    """Yield a finding for each report that is itself a sum: of all others, of some, or of some that do not all exist."""

    def place(agency: str) -> Pos:
        return Pos(collection.reports[whole._replace(agency=agency)].path)

    if whole in collection.reports:
        message = text("{agency} is the sum of the others; its own report is not added.", agency=whole.agency)
        yield Diagnostic(NOT_ADDED, place(whole.agency), message)
    for name, parts in found.made_of.items():
        message = text("{agency} is made up of {names}; only their reports are added.", agency=name, names=first_of(parts))
        yield Diagnostic(NOT_ADDED, place(name), message)
    for name, parts in found.torn.items():  # they can neither be left out nor added
        message = text(
            "{agency} already includes {names}, but not all of its parts have a report.", agency=name, names=first_of(parts)
        )
        hint = text("Add the reports of all parts, or only that of {agency}.", agency=name)
        yield Diagnostic(COUNTED_TWICE, place(name), message, hint)


def _twice(
    weights: Mapping[ReportKey, Decimal], chosen: Mapping[str, str], collection: Collection, listed: Container[str]
) -> Iterator[Diagnostic]:
    """Yield a finding for each report whose figures are all sums of others, unless the list of agencies includes it."""
    paths = {key: collection.reports[key].path for key in weights}
    for key, others in suspects(weights, paths):
        if key.agency not in listed and is_same(
            collection.add_up([key], chosen), collection.add_up(others, chosen), collection.forms
        ):
            message = text(
                "Every figure of {agency} is the sum of those of {names}; adding it would count them twice.",
                agency=key.agency,
                names=first_of([other.agency for other in others]),
            )
            hint = text("Leave the file out; if {agency} is not their sum, add it to the list of --expect.", agency=key.agency)
            yield Diagnostic(COUNTED_TWICE, Pos(paths[key]), message, hint)


def _listed(expected: str | None, declared: Agencies) -> dict[str, int] | None:
    """Return the line of each agency that should report, by its current name; None without a list."""
    if not expected:
        return None
    lines = text_of(expected).splitlines()
    return {declared.now(line.strip()): number for number, line in enumerate(lines, start=1) if line.strip()}


def _absent(expected: str, wanted: Mapping[str, int] | None, parts: Sequence[FileInfo]) -> Iterator[Diagnostic]:
    """Yield a finding for each agency whose report is missing, and for each that is not on the list."""
    if wanted is None:
        return
    there = {head.key.agency: head.path for head in parts}
    for name, number in wanted.items():
        if name not in there:
            message = text("There is no report of {agency}; the sum does not include it.", agency=name)
            yield Diagnostic(ABSENT, Pos(expected, number), message)
    for name, path in there.items():
        if name not in wanted:
            yield Diagnostic(UNEXPECTED, Pos(path), text("{agency} is not on the list, but is in the sum.", agency=name))
