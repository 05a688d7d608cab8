"""The rules of sites, and findings as Sphinx warnings."""

from __future__ import annotations

from collections.abc import Iterable

from sphinx.application import Sphinx
from sphinx.util import logging

from sphinx_govreport.core.characters import visible
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Severity, Text, explained_rule, translator
from sphinx_govreport.core.examples import Example

PROBLEM = "govreport-problem"  #: the event of a finding about settings, packages or fields of pages

_logger = logging.getLogger(__name__)


def site_rule(
    name: str,
    chinese: str,
    meaning: Text,
    reason: Text,
    advice: Text,
    *,
    page: str = "",
    files: tuple[tuple[str, str], ...] = (),
    wrong: str = "",
    right: str = "",
    severity: Severity = Severity.ERROR,
) -> Rule:
    """Return a rule of sites; ``page`` or ``files`` are built with Sphinx as its example."""
    example = Example(files or ((f"{name}.md", page),), is_site=True)
    return explained_rule(name, chinese, meaning, reason, advice, example, severity, wrong, right)


def report(diagnostics: Iterable[Diagnostic], language: str | None) -> None:
    """Log findings in data files, in the site's language."""
    for one in diagnostics:
        # a string with a colon: Sphinx treats anything else as the name of a page
        report_on_page(one.rule, one.message, one.hint, str(one.pos), language)


def report_problem(app: Sphinx, found: Diagnostic, location: str = "") -> None:
    """Log a finding about settings, packages or fields of pages, and store it with the results of the build."""
    report_on_page(found.rule, found.message, found.hint, location or str(found.pos), app.config.language)
    app.emit(PROBLEM, found)


def report_on_page(rule: Rule, message: Text, hint: Text | None, location: str, language: str | None) -> None:
    """Log a finding on a page, at its line. Hints are only shown by the command and in the check table."""
    if rule.severity is not Severity.HINT:
        log = _logger.error if rule.severity is Severity.ERROR else _logger.warning
        shown = Diagnostic(rule, Pos(location), message, hint).render(translator(language))
        log("%s", shown, type="govreport", subtype=rule.name, location=visible(location))
