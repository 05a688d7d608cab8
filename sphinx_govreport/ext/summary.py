"""How the checks went: left in the output of an HTML build for ``sphinx-govreport pack``, and where findings are explained."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging

from .. import __version__
from ..core.checks.summary import SUMMARY_NAME, summary_text
from ..core.diagnostics import Diagnostic, Pos, Severity, in_order, text, translator
from .domain import GovDomain, domain_of
from .downloads import is_site
from .output import LAST
from .written import write_output

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_logger = logging.getLogger(__name__)


def write_summary(app: Sphinx, exception: Exception | None) -> None:
    """Say what this build was made of; a build that broke off has nothing to say. E-books and fragments are no site."""
    if not is_site(app.builder) or exception is not None:
        return
    domain = domain_of(app.env)
    findings = in_order(_relative(found, Path(app.confdir)) for found in _findings(domain))
    body = summary_text(domain.library, domain.checked, findings, translator(app.config.language), __version__)
    write_output(app.builder, Path(app.outdir, SUMMARY_NAME), body.encode())


def point_to_explanations(app: Sphinx, exception: Exception | None) -> None:
    """Say how to learn more of what data and pages were warned of; not a warning itself."""
    found = _findings(domain_of(app.env))
    rules = sorted({one.rule.name for one in found if one.rule.severity is not Severity.HINT})
    if rules:
        message = text("What they mean: sphinx-govreport explain {rules}", rules=" ".join(rules))
        _logger.info(message.render(translator(app.config.language)))


def _findings(domain: GovDomain) -> Iterator[Diagnostic]:
    yield from domain.library.diagnostics
    for one in domain.checked.values():
        yield from one.findings
    for found in domain.found.values():
        yield from found
    yield from domain.alike


def _relative(found: Diagnostic, folder: Path) -> Diagnostic:
    """The same finding wherever the site was built: pages are known by their whole path."""
    return replace(found, pos=_pos(found.pos, folder), places=tuple(_pos(place, folder) for place in found.places))


def _pos(pos: Pos, folder: Path) -> Pos:
    if not Path(pos.path).is_absolute():
        return pos
    return pos._replace(path=Path(os.path.relpath(pos.path, folder)).as_posix())


def setup(app: Sphinx) -> None:
    """Do both when all is written; only a site whose files are noted says that it can be packed."""
    app.connect("build-finished", write_summary, priority=LAST + 1)
    app.connect("build-finished", point_to_explanations)
