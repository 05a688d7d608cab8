"""What the extension says: diagnostics as Sphinx warnings; errors of the file system end the build with a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sphinx.builders import Builder
from sphinx.errors import SphinxError
from sphinx.util import logging

from sphinx_govreport.core.characters import visible
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, RuleExplanation, Severity, Text, text, translator
from sphinx_govreport.core.examples import Example
from sphinx_govreport.core.files import atomic_write, reason_of

_logger = logging.getLogger(__name__)


def site_rule(
    name: str,
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
    return Rule(name, severity, explanation=RuleExplanation(meaning, reason, advice, wrong, right, example))


def report(diagnostics: Iterable[Diagnostic], language: str | None) -> None:
    """Log findings in data files, in the site's language."""
    for one in diagnostics:
        # a string with a colon: Sphinx takes anything else for the name of a page
        report_on_page(one.rule, one.message, one.hint, str(one.pos), language)


def report_on_page(rule: Rule, message: Text, hint: Text | None, location: str, language: str | None) -> None:
    """Log a finding on a page, at its line. Hints are for the command and the check table."""
    if rule.severity is not Severity.HINT:
        log = _logger.error if rule.severity is Severity.ERROR else _logger.warning
        shown = Diagnostic(rule, Pos(location), message, hint).render(translator(language))
        log("%s", shown, type="govreport", subtype=rule.name, location=visible(location))


def write_output(builder: Builder, target: Path, data: bytes) -> None:
    """Write a file of the output in one step. Raises ``SphinxError`` if it cannot be written."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(target, data, Path(builder.doctreedir))
    except OSError as error:
        message = text("“{name}” cannot be written: {reason}.", name=target, reason=error.strerror or str(error))
        raise SphinxError(message.render(translator(builder.config.language))) from error


@contextmanager
def removing(builder: Builder) -> Iterator[None]:
    """Raise ``SphinxError`` if something cannot be removed: it would be published."""
    try:
        yield
    except OSError as error:
        message = text("“{name}” cannot be removed: {reason}.", name=error.filename, reason=reason_of(error))
        raise SphinxError(message.render(translator(builder.config.language))) from error
