"""Diagnostics as Sphinx warnings."""

from __future__ import annotations

from collections.abc import Iterable

from sphinx.util import logging

from sphinx_govreport.core.characters import one_line, visible
from sphinx_govreport.core.diagnostics import Diagnostic, Rule, Severity, Text, translator

_logger = logging.getLogger(__name__)


def report(diagnostics: Iterable[Diagnostic], language: str | None) -> None:
    """Log findings in data files, in the site's language."""
    translate = translator(language)
    for diagnostic in diagnostics:
        # a string with a colon: Sphinx takes anything else for the name of a page
        _log(diagnostic.rule, diagnostic.render(translate), str(diagnostic.pos))


def report_on_page(rule: Rule, message: Text, hint: Text | None, location: str, language: str | None) -> None:
    """Log a finding on a page, at its line."""
    translate = translator(language)
    _log(rule, one_line(" ".join(part.render(translate) for part in (message, hint) if part)), location)


def _log(rule: Rule, message: str, location: str) -> None:
    if rule.severity is Severity.HINT:  # for the command and the check table
        return
    log = _logger.error if rule.severity is Severity.ERROR else _logger.warning
    log("%s", message, type="govreport", subtype=rule.name, location=visible(location))
