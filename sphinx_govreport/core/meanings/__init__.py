"""All rules explained: what each finding means, why it matters, what to do. Imported only where somebody asks."""

from __future__ import annotations

from collections.abc import Mapping

from sphinx_govreport.core.diagnostics import Text, text

from . import checks, documents, packs, pages, sites, sums, year_files
from .meaning import Meaning

__all__ = ["GROUPS", "MEANINGS", "Meaning"]

#: the rules by what is at work when they are met, with a heading
GROUPS: tuple[tuple[Text, tuple[Meaning, ...]], ...] = (
    (text("Year files and forms"), year_files.MEANINGS),
    (text("Figures"), checks.MEANINGS),
    (text("Pages of reports"), pages.MEANINGS),
    (text("Building a site"), sites.MEANINGS),
    (text("Adding up reports"), sums.MEANINGS),
    (text("Importing documents"), documents.MEANINGS),
    (text("Packs"), packs.MEANINGS),
)

#: the same by the rule's name
MEANINGS: Mapping[str, Meaning] = {meaning.rule: meaning for _heading, group in GROUPS for meaning in group}
