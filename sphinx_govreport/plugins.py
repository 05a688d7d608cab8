"""The interface for packages that add rules, importers or exporters by entry points."""

from __future__ import annotations

from sphinx_govreport.core.checks.values import Outcome, RuleFamily, Subject, Verdict, effective_rule, explain_hint
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, RuleExplanation, Severity, bilingual
from sphinx_govreport.exporters import Export
from sphinx_govreport.importers.document import Box, Document, Paragraph, Refused, grid_of, numbered
from sphinx_govreport.importers.readers import Importer

__all__ = [
    "Box",
    "Diagnostic",
    "Document",
    "Export",
    "Importer",
    "Outcome",
    "Paragraph",
    "Pos",
    "Refused",
    "Rule",
    "RuleExplanation",
    "RuleFamily",
    "Severity",
    "Subject",
    "Verdict",
    "bilingual",
    "effective_rule",
    "explain_hint",
    "grid_of",
    "numbered",
]
