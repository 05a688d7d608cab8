"""The command ``sphinx-govreport``: the core without a site."""

from __future__ import annotations

import argparse
import locale
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from . import __version__
from .core.diagnostics import Severity, text, translator
from .core.library import Cache, load_library

SOUND, FINDINGS = 0, 1  # argparse itself exits with 2 for wrong usage


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns the exit code: 0 sound, 1 findings, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    translate = translator(options.language or _language())
    library = load_library(Path.cwd(), options.paths, options.form, Cache(None, __version__))
    for diagnostic in library.diagnostics:
        print(f"{diagnostic.pos}: {diagnostic.render(translate)} [{diagnostic.rule.name}]")
    errors = sum(d.rule.severity is Severity.ERROR for d in library.diagnostics)
    summary = text(
        "{reports} reports read: {errors} errors, {warnings} warnings.",
        reports=len(library.entries),
        errors=errors,
        warnings=len(library.diagnostics) - errors,
    )
    print(summary.render(translate), file=sys.stderr)
    return FINDINGS if errors else SOUND


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sphinx-govreport", description="Annual reports on open government information.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument("--language", metavar="CODE", help="language of the messages: zh_CN or en (default: the terminal's)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="read year files and say what is wrong with them")
    check.add_argument("paths", nargs="+", metavar="PATH", help="year files, folders or globs")
    check.add_argument("--form", action="append", default=[], metavar="FILE", help="a local form; may be repeated")
    return parser


def _language() -> str:
    variables = ("LC_ALL", "LC_MESSAGES", "LANG")
    return next((os.environ[name] for name in variables if os.environ.get(name)), "") or locale.getlocale()[0] or ""
