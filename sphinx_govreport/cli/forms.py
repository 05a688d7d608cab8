"""``sphinx-govreport forms``: lists the forms and says why a local form cannot be used."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from sphinx_govreport.core.characters import one_line, padded, terminal_width
from sphinx_govreport.core.checks.formats import finding_objects
from sphinx_govreport.core.diagnostics import Diagnostic, Severity, Text, in_order, text
from sphinx_govreport.core.forms.form import Form, filled
from sphinx_govreport.core.json import dumped
from sphinx_govreport.core.library.known_forms import KnownForms, known_forms
from sphinx_govreport.core.library.paths import form_paths_of, read_files, shown_path
from sphinx_govreport.core.versions import __version__

from .arguments import add_forms, option
from .common import FINDINGS, SOUND, said, tell, translation, write
from .streams import put

NAME = "forms"
HELP = text("list the forms and their tables, and explain why a local form cannot be used")
EXAMPLE = "forms/own.yaml"

_GAP = 2  # spaces between columns


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    option(parser, text("local forms: files, folders or globs"), "files", nargs="*", metavar="FILE")
    add_forms(parser)
    option(parser, text("output format (default: text)"), "--format", choices=("text", "json"), default="text")


def run(options: argparse.Namespace) -> int:
    """List the statutory forms and local ones."""
    here = Path.cwd()
    problems: list[Diagnostic] = []
    paths = form_paths_of(here, [*options.files, *options.form], problems)
    known = known_forms(tuple(read_files(here, paths, problems)))
    findings = in_order((*problems, *known.diagnostics))
    usable = {*known.files.values()}
    unusable = [path for path in (shown_path(path, here) for path in paths) if path not in usable]
    if options.format == "json":
        write("-", _json(known, unusable, findings))
    else:
        put("\n".join(_lines(known, unusable)))
        tell(findings)
    return SOUND if all(found.rule.severity is Severity.HINT for found in findings) else FINDINGS


def _json(known: KnownForms, unusable: Sequence[str], findings: Sequence[Diagnostic]) -> str:
    forms = [
        {
            "name": form.name,
            "kind": form.kind,
            "title": form.title,
            "english": form.english,
            "from": form.first_year or None,
            "to": form.last_year,
            "notice": form.notice,
            "date": form.date,
            "file": known.files.get(form.name),
            "tables": [{"name": one.name, "label": one.label, "english": one.english, "unit": one.unit} for one in form.tables],
        }
        for form in known.forms.values()
    ]
    told = finding_objects(findings, translation())
    return dumped({"version": __version__, "forms": forms, "unusable": unusable, "findings": told})


def _lines(known: KnownForms, unusable: Sequence[str]) -> Iterator[str]:
    for number, form in enumerate(known.forms.values()):
        yield from [""] if number else []
        yield one_line(f"{form.name}  {form.title}")
        facts = list(_facts(form, known.files.get(form.name, "")))
        width = max(terminal_width(about) for about, _line in facts)
        yield from (f"  {padded(about, width + _GAP)}{line}".rstrip() for about, line in facts)
    for path in unusable:
        yield from ("", said(text("{path}: cannot be used", path=one_line(path))))


def _facts(form: Form, file: str) -> Iterator[tuple[str, str]]:
    """Yield the lines about a form, each with its subject."""
    names = max(terminal_width(table.name) for table in form.tables)
    tables = [padded(table.name, names + _GAP) + filled(table).label for table in form.tables]
    facts: tuple[tuple[Text, Sequence[str]], ...] = (
        (text("Kind"), [form.kind]),
        (text("Years"), [said(_years(form))]),
        (text("Notice"), [said(text("{notice} ({date})", notice=form.notice, date=form.date)) if form.date else form.notice]),
        (text("Tables"), tables),
        (text("File"), [file or said(text("part of sphinx_govreport"))]),
    )
    for about, lines in facts:
        yield from ((said(about) if not number else "", one_line(line)) for number, line in enumerate(lines))


def _years(form: Form) -> Text:
    if not form.first_year:
        return text("until {last}", last=form.last_year) if form.last_year else text("all years")
    if form.last_year is None:
        return text("since {first}", first=form.first_year)
    if form.last_year == form.first_year:
        return text("{year}", year=form.first_year)
    return text("{first}–{last}", first=form.first_year, last=form.last_year)
