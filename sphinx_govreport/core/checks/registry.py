"""All rules by name: ours and those of plug-ins. To add a family of rules, write a module and add it to :data:`FAMILIES`.

Sources: the balance is printed in the header of table 三 of both notices (国办公开办函〔2019〕60号, 〔2021〕30号); the totals
follow from the word 总计; the rules across years follow from what the figures count. The names are also the Sphinx warning
subtypes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sphinx_govreport.core.diagnostics import MessageError, Rule, Severity, listed, text
from sphinx_govreport.core.plugins import Plugins, plugins
from sphinx_govreport.core.yaml.source import INVISIBLE

from . import blanks, corrections, jumps, parts, prose, publication, sections, sums, years
from .values import RuleFamily

#: rules of figures, in the order of display
FAMILIES = (
    years.FAMILY,
    sums.WITHIN_A_YEAR,
    blanks.FAMILY,
    sums.ACROSS_YEARS,
    jumps.FAMILY,
    parts.FAMILY,
    corrections.FAMILY,
)
CHECKS = tuple(rule for family in FAMILIES for rule in family.rules)

#: rules of the page on which a report is printed
PAGE_CHECKS = (
    sections.SECTION_MISSING, sections.SECTION_ORDER, sections.SECTION_EMPTY, sections.PROBLEMS_EMPTY, sections.FEE_STATEMENT,
    prose.PROSE_FIGURE, prose.PROSE_SHARE, prose.PROSE_YEAR,
    sections.FEE_PROCEDURE, publication.LIKENESS, publication.DEADLINE, publication.UNKNOWN_LEVEL,
)  # fmt: skip


@cache
def rule_plugins() -> Plugins[RuleFamily]:
    """Return our families and those of plug-ins."""
    known = _spellings((*CHECKS, *PAGE_CHECKS, INVISIBLE))
    return plugins("sphinx_govreport.rules", RuleFamily, lambda family: _spellings(family.rules), known)


def plugin_rules() -> tuple[Rule, ...]:
    """Return the rules of plug-ins."""
    return tuple(rule for family in rule_plugins().others for rule in family.rules)


@cache
def figure_rules() -> dict[str, Rule]:
    """Return all rules of figures by name, in the order of display."""
    return {rule.name: rule for rule in (*CHECKS, *plugin_rules())}


def check_rules() -> dict[str, Rule]:
    """Return by name all rules whose severity a site may choose."""
    return {rule.name: rule for rule in (*CHECKS, *PAGE_CHECKS, *plugin_rules())}


@cache
def rule_names() -> dict[str, str]:
    """Return the names of the rules of figures and pages by their spellings: the names themselves and the Chinese ones."""
    return _spellings((*check_rules().values(), INVISIBLE))


def _spellings(rules: Sequence[Rule]) -> dict[str, str]:
    by_chinese = {rule.chinese: rule.name for rule in rules if rule.chinese}
    return by_chinese | {rule.name: rule.name for rule in rules}


def names_for_forms() -> dict[str, bool]:
    """Return the names of all checks, and whether forms may use them for their sums."""
    usable = {rule.name for family in (sums.WITHIN_A_YEAR, sums.ACROSS_YEARS) for rule in family.rules}
    return {name: name in usable for name in rule_names()}


class SeverityError(MessageError, ValueError):
    """There is no such rule or severity."""


def severity_of(rule: str, written: object) -> tuple[str, Severity | None]:
    """Return a rule's name and severity as a site writes them; the severity is None for “off”.

    Raises :class:`SeverityError` for an unknown rule or severity.
    """
    name = rule_names().get(rule)
    if not name:
        known = listed(one.label for one in check_rules().values())
        raise SeverityError(text("there is no check “{name}”; use one of: {names}", name=rule, names=known))
    if written == "off":
        return name, None
    levels = [level.value for level in Severity]
    if written not in levels:
        names = listed((*levels, "off"))
        raise SeverityError(text("unknown severity “{level}”; use one of: {names}", level=written, names=names))
    return name, Severity(written)
